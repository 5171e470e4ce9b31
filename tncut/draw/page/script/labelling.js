// Labellings of a circuit and what they cost, as labelling.py has them (docs/symmetric-cut.md). Units are in the order
// of their levels. Uses and reads are factors: a read has one site for its child, and needs no label.
// Version 0 of a unit is for its uses on side A, version 1 for those on side B; in labellings 1 stands for side A.

const [A, B] = [0, 1];
const VERSIONS = [A, B];

// Two arrays of bytes: for side A and side B, or for the versions of them.
function pair(length) {
  return VERSIONS.map(() => new Uint8Array(length));
}

// The circuit with its dimensions and the sides of its terminals, and what each vertex depends on.
class Task {
  constructor(circuit, dims, sideA) {
    Object.assign(this, { circuit, sideA });
    const { sites, units, inhomogeneous, labels } = circuit;
    this.siteDims = dims.slice(0, sites);
    this.channels = dims.slice(sites, sites + units);
    this.unitDims = this.channels.map((dim, unit) => dim + inhomogeneous[unit]); // a copy may be absent from a sum
    this.labels = labels ? dims[sites + units] : 1;
    this.siteBits = this.siteDims.map(Math.log2);
    this.unitBits = this.unitDims.map(Math.log2);
    this.labelOnA = sideA[sideA.length - 1];
    this.outputIsFree = !labels || circuit.rootMap;
    this.depends = pair(sites + units);
    this.readsOther = pair(units);
    this.canBePure = pair(circuit.uses);
    this.somePure = pair(units);
    this.look();
  }

  look() {
    const { circuit, depends, readsOther, canBePure, somePure } = this;
    const { sites, units } = circuit;
    for (let site = 0; site < sites; site += 1) depends[this.sideA[site] ? A : B][site] = 1;
    for (let unit = 0; unit < units; unit += 1) {
      for (const site of circuit.readsOf(unit)) {
        const side = this.sideA[site] ? A : B;
        depends[side][sites + unit] = 1;
        readsOther[1 - side][unit] = 1;
        somePure[side][unit] = 1;
      }
      for (let use = circuit.useStart[unit]; use < circuit.useStart[unit + 1]; use += 1) {
        for (const side of VERSIONS) {
          canBePure[side][use] = 1;
          for (const child of circuit.children(use)) {
            depends[side][sites + unit] |= depends[side][child];
            canBePure[side][use] &= Number(this.dependsOnly(side, child));
          }
          somePure[side][unit] |= canBePure[side][use];
        }
      }
    }
  }

  dependsOnly(side, vertex) {
    return this.depends[side][vertex] && !this.depends[1 - side][vertex];
  }
}

function oneSided(task, output) {
  const uses = VERSIONS.map(() => new Uint8Array(task.circuit.uses).fill(output));
  return { uses, crossed: pair(task.circuit.units), output };
}

// What makes up the cost of a labelling; `exact`: numbers of copies are big integers.
class Charges {
  constructor(task, labelling, exact = false) {
    Object.assign(this, { task, labelling, exact });
    const { units } = task.circuit;
    this.zero = exact ? 0n : 0;
    this.crossed = pair(units);
    this.mixed = pair(units);
    this.findCrossed();
    this.countCopies();
    this.findMixed();
    this.chargeSites();
    this.label = Boolean(task.circuit.labels && task.circuit.rootMap && labelling.output !== task.labelOnA);
  }

  isAcross(version, use) {
    return this.labelling.uses[version][use] === (version === A ? 0 : 1);
  }

  findCrossed() {
    const { circuit, readsOther } = this.task;
    for (const version of VERSIONS) {
      const crossed = this.crossed[version];
      for (let unit = 0; unit < circuit.units; unit += 1) {
        crossed[unit] = this.labelling.crossed[version][unit] & readsOther[version][unit];
      }
      for (let use = 0; use < circuit.uses; use += 1) {
        if (this.isAcross(version, use)) crossed[circuit.useUnit[use]] = 1;
      }
    }
  }

  // The copies of each vertex that are read on side A, and on side B; those of sites in sums only.
  countCopies() {
    const { circuit } = this.task;
    const { exact, zero, labelling } = this;
    const vertices = circuit.sites + circuit.units;
    const found = VERSIONS.map(() => (exact ? new Array(vertices).fill(0n) : new Float64Array(vertices)));
    found[labelling.output ? A : B][vertices - 1] = exact ? 1n : 1;
    for (let use = circuit.uses - 1; use >= 0; use -= 1) {
      const unit = circuit.sites + circuit.useUnit[use];
      for (const version of VERSIONS) {
        if (found[version][unit] === zero) continue;
        const count = exact ? BigInt(circuit.useCount[use]) : circuit.useCount[use];
        const side = labelling.uses[version][use] ? A : B;
        for (const child of circuit.children(use)) found[side][child] += found[version][unit] * count;
      }
    }
    this.found = found;
  }

  copies(version, unit) {
    return this.found[version][this.task.circuit.sites + unit];
  }

  isCharged(version, unit) {
    return this.crossed[version][unit] && this.copies(version, unit) > this.zero;
  }

  // A factor is pure if all that it reads is computed on its own side alone.
  findMixed() {
    const { task, mixed } = this;
    const { circuit } = task;
    const pure = pair(circuit.sites + circuit.units);
    for (const side of VERSIONS) {
      for (let site = 0; site < circuit.sites; site += 1) pure[side][site] = task.depends[side][site];
      for (let unit = 0; unit < circuit.units; unit += 1) {
        let all = !this.crossed[side][unit] && !task.readsOther[side][unit];
        for (let use = circuit.useStart[unit]; use < circuit.useStart[unit + 1]; use += 1) {
          const isPure = circuit.children(use).every((child) => pure[side][child]);
          all &&= isPure;
          if (!isPure && this.isAcross(1 - side, use)) mixed[1 - side][unit] = 1;
        }
        pure[side][circuit.sites + unit] = all ? 1 : 0;
      }
    }
  }

  chargeSites() {
    const { circuit, sideA } = this.task;
    this.sites = Uint8Array.from({ length: circuit.sites }, (_, site) =>
      this.found[sideA[site] ? B : A][site] > this.zero ? 1 : 0);
    for (let read = 0; read < circuit.readSite.length; read += 1) {
      const [site, unit] = [circuit.readSite[read], circuit.readUnit[read]];
      const version = sideA[site] ? B : A;
      if (!this.crossed[version][unit] && this.copies(version, unit) > this.zero) this.sites[site] = 1;
    }
  }

  unitCost(version, unit) {
    const [copies, bits] = [this.copies(version, unit), this.task.unitBits[unit]];
    return this.mixed[version][unit] ? copies * bits : log2Symmetric(this.task.unitDims[unit], copies);
  }

  // log2 of the cost, in floats.
  get bits() {
    const { task } = this;
    let total = this.label ? Math.log2(task.labels) : 0;
    for (let site = 0; site < this.sites.length; site += 1) if (this.sites[site]) total += task.siteBits[site];
    for (const version of VERSIONS) {
      for (let unit = 0; unit < task.circuit.units; unit += 1) {
        if (this.isCharged(version, unit)) total += this.unitCost(version, unit);
      }
    }
    return total;
  }

  // All charges above 1, exact: the vertex, its dimension and copies, whether these are equal, and the charge.
  get list() {
    if (!this.exact) return new Charges(this.task, this.labelling, true).list;
    const { task } = this;
    const { sites, units } = task.circuit;
    const found = [];
    const add = (vertex, dim, copies, symmetric) => {
      const charge = symmetric ? choose(BigInt(dim) + copies - 1n, copies) : BigInt(dim) ** copies;
      if (charge > 1n) found.push({ vertex, dim, copies, symmetric, charge });
    };
    for (let site = 0; site < sites; site += 1) if (this.sites[site]) add(site, task.siteDims[site], 1n, true);
    if (this.label) add(sites + units, task.labels, 1n, true);
    for (const version of VERSIONS) {
      for (let unit = 0; unit < units; unit += 1) {
        if (!this.isCharged(version, unit)) continue;
        add(sites + unit, task.unitDims[unit], this.copies(version, unit), !this.mixed[version][unit]);
      }
    }
    return found;
  }
}

function choose(n, k) {
  const fewer = k < n - k ? k : n - k;
  let found = 1n;
  for (let i = 1n; i <= fewer; i += 1n) found = (found * (n - fewer + i)) / i;
  return found;
}

const FEW = 1000; // factors of a binomial coefficient that are multiplied one by one

// log2 C(r + n - 1, n), in floats.
function log2Symmetric(r, n) {
  const fewer = Math.min(n, r - 1);
  if (fewer > FEW) return (logFactorial(r + n - 1) - logFactorial(n) - logFactorial(r - 1)) / Math.LN2;
  let bits = 0;
  for (let i = 1; i <= fewer; i += 1) bits += Math.log2((r + n - 1 - fewer + i) / i);
  return bits;
}

// Stirling's series, for large numbers.
function logFactorial(n) {
  return (n + 0.5) * Math.log(n) - n + 0.5 * Math.log(2 * Math.PI) + 1 / (12 * n) - 1 / (360 * n ** 3);
}
