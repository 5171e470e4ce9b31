// A circuit that re-uses units or adds vectors: what it is, its symmetric cut, and what is proven from below. What can
// be pointed at are its sites, its units and its label.

class Model {
  constructor(data) {
    Object.assign(this, data.model);
    this.layout = data.layout;
    this.lines = data.layout.lines;
    this.uses = this.useUnit.length;
    this.factors = this.uses + this.readUnit.length;
    this.useStart = startsOf(this.useUnit, this.units);
    this.readStart = startsOf(this.readUnit, this.units);
    this.unitStart = startsOf(this.pairUnit, this.units);
    this.childrenOf = this.useUnit.map((_, use) => this.child.slice(this.pairStart[use], this.pairStart[use + 1]));
    this.sitesOf = range(0, this.units).map((unit) =>
      this.readSite.slice(this.readStart[unit], this.readStart[unit + 1]));
    this.isRead = new Uint8Array(this.sites);
    for (const child of this.pairChild) if (child < this.sites) this.isRead[child] = 1;
    this.factorLists = range(0, this.units).map((unit) => this.listFactors(unit));
    this.hasSums = this.factorLists.some((factors) => factors.some((factor) => factor.length > 1));
    this.fields = this.hasSums ? this.findFields() : null;
  }

  children(use) {
    return this.childrenOf[use];
  }

  readsOf(unit) {
    return this.sitesOf[unit];
  }

  factorsOf(unit) {
    return this.factorLists[unit];
  }

  pairsOf(unit) {
    return range(this.unitStart[unit], this.unitStart[unit + 1]);
  }

  // The factors of a unit, each the pairs that it adds.
  listFactors(unit) {
    const factors = [];
    for (const term of this.pairsOf(unit)) {
      if (this.added[term]) factors[factors.length - 1].push(term);
      else factors.push([term]);
    }
    return factors;
  }

  // The sites that each unit depends on.
  findFields() {
    const fields = [];
    for (let unit = 0; unit < this.units; unit += 1) {
      const field = new Uint8Array(this.sites);
      for (const term of this.pairsOf(unit)) {
        const child = this.pairChild[term];
        if (child < this.sites) field[child] = 1;
        else fields[child - this.sites].forEach((has, site) => { if (has) field[site] = 1; });
      }
      fields.push(field);
    }
    return fields;
  }

  name(vertex) {
    return vectorName(this.layer[vertex], this.position[vertex]);
  }

  // All upper ends, the simplest first; the smallest of them is the bound. The picture shows the symmetric cut.
  cut(dims, sideA) {
    const task = new Task(this, dims, sideA);
    const found = symmetricCut(task);
    const pairing = this.pairChild.length > this.mostPairs || found.cost === 1n ? null : bestPairing(task);
    // Nothing costs less than what a pairing proves.
    if (!pairing || pairing.rank < found.cost) moveSites(task, found);
    const upper = [["all sites of one side", allSites(task)], ["symmetric cut", found.cost]];
    if (this.hasSums) upper.push(["ranks added at sums", addedRanks(task)]);
    const [source, rankBound] = upper.reduce((best, one) => (one[1] < best[1] ? one : best));
    const lower = rankBound === 1n ? TRIVIAL : this.lower(pairing);
    return { task, dims, sideA, charges: found.charges.list, found, rankBound, source, lower, pairing };
  }

  lower(pairing) {
    const why = this.hasSums ? "vectors are added" : "units are re-used";
    const reason = `${why}; tncut bound may prove a larger lower end`;
    if (!pairing || !pairing.pairs) return { rank: 1n, source: TRIVIAL.source, reason };
    const pairs = `${plural(pairing.pairs, "pair")} of digits in base ${pairing.base} meet below the output`;
    return { rank: pairing.rank, source: `almost all unshared weights: ${pairs} (theorem T4, docs/theory.md)`, reason };
  }

  // The side of each matrix and line in the versions that are used, 3 for both; and what is charged.
  looks({ task, found, charges: charged }) {
    const { labelling, charges } = found;
    const matrices = this.pairUse.map((use, term) => {
      const unit = this.pairUnit[term];
      const sides = VERSIONS.filter((version) => charges.copies(version, unit) > 0).map((version) => {
        if (use >= 0) return labelling.uses[version][use];
        return charges.crossed[version][unit] ? task.sideA[this.pairChild[term]] : 1 - version;
      });
      return sides.every((side) => side === sides[0]) ? sides[0] : 3;
    });
    const lines = [...matrices, labelling.output];
    const cut = new Uint8Array(this.layer.length);
    for (const { vertex } of charged) cut[vertex] = 1;
    return { tensors: lines.slice(0, this.tensors), lines: lines.slice(0, this.lines.length), cut };
  }

  describe(vertex, { charges }) {
    const own = charges.filter((charge) => charge.vertex === vertex);
    const lines = own.map((one) => `charged: ${chargeText(one)} (${showBits(log2(one.charge))})`);
    const unit = vertex - this.sites;
    const isUnit = unit >= 0 && unit < this.units;
    const copies = isUnit ? [`${plural(this.copies[unit], "copy", "copies")} when unfolded`] : [];
    return [...copies, ...(lines.length ? lines : ["not charged"])];
  }

  unread(terminal) {
    return terminal < this.sites && !this.isRead[terminal];
  }

  get legend() {
    const entries = [
      ["site, on side A and B", "site a", "site b"],
      ["matrix", "tensor a", "tensor b"],
      ["matrix on both sides", "tensor both"],
      ["unit: the product", "dot"],
      ["charged, with its charge", "dot cut"],
    ];
    if (this.hasSums) entries.push(["sum of what is joined", "plus"]);
    if (!this.isRead.every(Boolean)) entries.push(["site that is not read", "site a unread"]);
    return entries;
  }
}

// The dimensions of all sites of one side that are read, the smaller product.
function allSites(task) {
  const dims = (side) => product([
    ...task.siteDims.filter((_, site) => Boolean(task.sideA[site]) === side && task.circuit.isRead[site]),
    ...(task.circuit.labels && Boolean(task.labelOnA) === side ? [task.labels] : []),
  ]);
  return least(dims(true), dims(false));
}

// Where each row of a sorted list begins, and where the last one ends.
function startsOf(rows, count) {
  const start = new Int32Array(count + 1);
  for (const row of rows) start[row + 1] += 1;
  for (let row = 0; row < count; row += 1) start[row + 1] += start[row];
  return start;
}
