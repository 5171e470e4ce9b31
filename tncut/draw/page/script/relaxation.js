// Labellings of low cost by one max-flow, as relaxation.py has them. The flow only searches: labelling.js computes what
// a labelling costs.

const FLOW_BITS = 50; // no flow exceeds 2^50, so that its sums are exact

class Relaxation {
  constructor(task) {
    const { circuit } = task;
    const { sites, units, uses } = circuit;
    Object.assign(this, { task, circuit, graph: new Graph() });
    this.most = task.siteBits.reduce((sum, bits) => sum + bits, Math.log2(task.labels)) + 1;
    this.scale = 2 ** (FLOW_BITS - Math.ceil(Math.log2(2 * this.most)));
    const make = (count) => Int32Array.from({ length: count }, () => this.graph.node());
    this.output = this.graph.node();
    this.site = make(sites);
    const forA = make(uses);
    const forB = forA.map((node, use) => (circuit.lone[circuit.useUnit[use]] ? node : this.graph.node()));
    this.use = [forA, forB];
    this.crossed = [make(units), make(units)];
    this.capacities = [];
    this.listUses();
    this.addSites();
    const label = circuit.rootMap ? Math.log2(task.labels) : Infinity;
    if (circuit.labels) this.add(task.labelOnA ? A : B, this.graph.source, this.output, label);
    for (const side of VERSIONS) this.addCrossings(side);
    for (const side of VERSIONS) this.addCharges(side);
    this.graph.close();
  }

  // An arc for factors on side A; for those on side B everything is reversed.
  add(side, tail, head, bits) {
    if (bits <= 0) return;
    if (side) this.graph.add(...[head, tail].map((node) => (node === this.graph.source ? this.graph.sink : node)));
    else this.graph.add(tail, head);
    this.capacities.push(Math.round(Math.min(bits, this.most) * this.scale));
  }

  dependsOn(side, unit) {
    return this.task.depends[side][this.circuit.sites + unit];
  }

  // The uses in this version of a unit need labels: it can be crossed.
  isOpen(version, unit) {
    return this.circuit.lone[unit] || this.dependsOn(1 - version, unit);
  }

  // Of each unit its uses, [node, copies], and the fewest copies that one has.
  listUses() {
    const { circuit } = this;
    this.usesOf = Array.from({ length: circuit.units }, () => []);
    this.fewest = new Float64Array(circuit.units).fill(Infinity);
    for (let use = 0; use < circuit.uses; use += 1) {
      const unit = circuit.useUnit[use];
      const copies = circuit.copies[unit] * circuit.useCount[use];
      for (const child of circuit.children(use)) {
        if (child < circuit.sites) continue;
        const place = child - circuit.sites;
        this.fewest[place] = Math.min(this.fewest[place], copies);
        for (const version of circuit.lone[unit] ? [A] : VERSIONS) {
          if (this.isOpen(version, unit)) this.usesOf[place].push([this.use[version][use], copies]);
        }
      }
    }
    this.usesOf[circuit.units - 1].push([this.output, 1]);
    this.fewest[circuit.units - 1] = 1;
  }

  addSites() {
    const { circuit, task } = this;
    for (let site = 0; site < circuit.sites; site += 1) {
      if (circuit.isRead[site]) this.add(this.sideOf(site), this.graph.source, this.site[site], task.siteBits[site]);
    }
    for (let use = 0; use < circuit.uses; use += 1) {
      for (const site of circuit.children(use)) {
        if (site >= circuit.sites) continue;
        for (const version of VERSIONS) {
          if (!this.isOpen(version, circuit.useUnit[use])) continue;
          this.add(this.sideOf(site), this.site[site], this.use[version][use], task.siteBits[site]);
        }
      }
    }
  }

  sideOf(site) {
    return this.task.sideA[site] ? A : B;
  }

  // The versions for the other side are crossed as soon as one of their factors lies on this side.
  addCrossings(side) {
    const { circuit, task } = this;
    for (let use = 0; use < circuit.uses; use += 1) {
      const unit = circuit.useUnit[use];
      if (this.dependsOn(side, unit)) this.add(side, this.use[1 - side][use], this.crossed[side][unit], Infinity);
    }
    for (let read = 0; read < circuit.readSite.length; read += 1) {
      const [site, unit] = [circuit.readSite[read], circuit.readUnit[read]];
      if (this.sideOf(site) === side) this.add(side, this.site[site], this.crossed[side][unit], task.siteBits[site]);
    }
  }

  // Charge the versions for the other side where they are crossed.
  addCharges(side) {
    const { circuit, task, crossed, fewest } = this;
    for (let unit = 0; unit < circuit.units; unit += 1) {
      const isMixed = this.dependsOn(A, unit) && this.dependsOn(B, unit);
      const somePure = task.somePure[side][unit];
      const hasUses = circuit.useStart[unit] < circuit.useStart[unit + 1];
      const [node, copies] = [crossed[side][unit], circuit.copies[unit]];
      const all = log2Symmetric(task.unitDims[unit], copies);
      if ((isMixed && somePure) || (this.dependsOn(side, unit) && !isMixed)) {
        const first = log2Symmetric(task.unitDims[unit], fewest[unit]) / fewest[unit];
        const slope = copies > fewest[unit] ? (all - first * fewest[unit]) / (copies - fewest[unit]) : first;
        this.addTerm(side, unit, node, first - slope, fewest[unit]);
        if (circuit.readOnce[unit]) this.charge(side, unit, node, slope); // copies that count once need no cap
        else this.addTerm(side, unit, node, slope, copies);
      }
      if (isMixed && !somePure && hasUses) this.charge(side, unit, node, task.unitBits[unit]);
      if (isMixed && somePure && hasUses) this.addSurplus(side, unit, task.unitBits[unit] - all / copies);
    }
  }

  addTerm(side, unit, node, slope, cap) {
    if (slope <= 0) return;
    const term = this.graph.node();
    this.add(side, node, term, slope * cap);
    this.charge(side, unit, term, slope);
  }

  // If a factor that is not pure lies on this side the charge is a power.
  addSurplus(side, unit, slope) {
    const { circuit } = this;
    const impure = this.graph.node();
    for (let use = circuit.useStart[unit]; use < circuit.useStart[unit + 1]; use += 1) {
      if (!this.task.canBePure[side][use]) this.add(side, this.use[1 - side][use], impure, Infinity);
    }
    this.charge(side, unit, impure, slope);
  }

  charge(side, unit, node, slope) {
    for (const [use, copies] of this.usesOf[unit]) this.add(side, node, use, slope * copies);
  }

  // The labellings of the smallest and of the largest minimum cut.
  labellings() {
    const left = new Float64Array(2 * this.capacities.length);
    this.capacities.forEach((capacity, arc) => {
      left[2 * arc] = capacity;
    });
    const flow = new MaxFlow(this.graph, ONE, left);
    return [flow.sourceSide(), flow.largestSide()].map((sides) => this.labelling(sides));
  }

  labelling(sides) {
    const { circuit, task } = this;
    const uses = VERSIONS.map((version) => this.use[version].map((node) => sides[node]));
    for (let use = 0; use < circuit.uses; use += 1) {
      const vertex = circuit.sites + circuit.useUnit[use];
      if (task.dependsOnly(A, vertex)) uses[A][use] = 1;
      if (task.dependsOnly(B, vertex)) uses[B][use] = 0;
    }
    const crossed = [this.crossed[B].map((node) => 1 - sides[node]), this.crossed[A].map((node) => sides[node])];
    return { uses, crossed, output: task.outputIsFree ? sides[this.output] : task.labelOnA };
  }
}
