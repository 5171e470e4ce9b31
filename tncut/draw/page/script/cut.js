// The tensor network of the page, its minimum cut, and what is proven from below. What can be pointed at are its bonds.

class Model {
  constructor(data) {
    Object.assign(this, data.model);
    this.bonds = this.layer.length;
    this.layout = data.layout;
    this.holders = this.layer.map((_, bond) => this.holder.slice(this.start[bond], this.start[bond + 1]));
    this.bondsOf = Array.from({ length: this.tensors }, () => []);
    this.holders.forEach((holders, bond) => holders.forEach((tensor) => this.bondsOf[tensor].push(bond)));
    this.siteOf = new Int32Array(this.bonds).fill(-1);
    this.siteBond.forEach((bond, site) => {
      if (bond >= 0) this.siteOf[bond] = site;
    });
    this.rooted = rooted(this);
    this.graph = this.rooted ? null : new NetworkGraph(this);
    this.ends = [...data.layout.tensors, ...data.layout.terminals];
    this.lines = data.layout.lineBond.map((bond, line) => this.lineOf(bond, line));
  }

  name(bond) {
    return this.names ? this.names[bond] : vectorName(this.layer[bond], this.position[bond]);
  }

  // The points that a line passes, in slots and rows.
  lineOf(bond, line) {
    const { layout, ends } = this;
    const end = layout.lineEnd[line];
    const at = (list, number) => [list[2 * number], list[2 * number + 1]];
    const [x, y] = at(ends, end);
    const other = layout.isCopy[bond] ? -1 : this.otherEnd(bond, end);
    const bend = layout.lineBend[line] === y ? [] : [x, layout.lineBend[line]];
    return [x, y, ...bend, ...at(layout.bonds, bond), ...(other < 0 ? [] : at(ends, other))];
  }

  otherEnd(bond, end) {
    const site = this.siteOf[bond];
    const all = site < 0 ? this.holders[bond] : [this.tensors + site, ...this.holders[bond]];
    return all.length === 2 ? all[all[0] === end ? 1 : 0] : -1;
  }

  // The bonds that have holders, or their site, on both sides.
  cutBonds(sideA, sides) {
    const cut = [];
    for (let bond = 0; bond < this.bonds; bond += 1) {
      const [onA, ends] = this.endsOnA(bond, sideA, sides);
      if (onA > 0 && onA < ends) cut.push(bond);
    }
    return cut;
  }

  endsOnA(bond, sideA, sides) {
    const holders = this.holders[bond];
    const site = this.siteOf[bond];
    let onA = site >= 0 ? Number(sideA[site]) : 0;
    for (const tensor of holders) onA += sides[tensor];
    return [onA, holders.length + (site >= 0)];
  }

  // A minimum cut: the smallest product of bond dimensions that separates the sites of A from those of B.
  cut(dims, sideA) {
    const capacities = Capacities.of(dims);
    const sides = cutSides(this, capacities, sideA);
    const bonds = this.cutBonds(sideA, sides);
    const rankBound = product(bonds.map((bond) => dims[bond]));
    const cut = { dims, sideA, sides, bonds, capacities, rankBound, source: "minimum cut" };
    cut.charges = bonds.map((bond) =>
      ({ vertex: bond, dim: dims[bond], copies: 1n, symmetric: true, charge: BigInt(dims[bond]) }));
    return { ...cut, lower: rankBound === 1n ? TRIVIAL : this.lower(cut) };
  }

  lower(cut) {
    const found = rankLower(this, cut);
    if (!found) return { ...TRIVIAL, reason: "lower ends are proven for free tensors, and these are not" };
    const powers = found.theorem === "T2" ? "all dimensions are" : "dimensions are rounded down to";
    const source = `${powers} powers of ${found.base} (theorem ${found.theorem}, docs/theory.md)`;
    const reason = "the dimensions are not all powers of one integer";
    return { rank: found.rank, source: `almost all unshared weights: ${source}`, reason };
  }

  // The side of each tensor and line, 2 for what runs from side to side; and the dots that are cut.
  looks(cut) {
    const side = [...cut.sides, ...cut.sideA];
    const isCut = new Uint8Array(this.bonds);
    for (const bond of cut.bonds) isCut[bond] = 1;
    const centre = this.holders.map((_, bond) => this.centreOnA(bond, cut));
    const lines = this.layout.lineBond.map((bond, line) => {
      const onA = side[this.layout.lineEnd[line]];
      const apart = this.layout.isCopy[bond] ? Boolean(onA) !== centre[bond] : isCut[bond];
      return apart ? 2 : Number(onA);
    });
    return { tensors: cut.sides, lines, cut: isCut };
  }

  // A copy tensor costs its dimension once, so it lies on the side of most of its ends, in a tie of the first.
  centreOnA(bond, { sideA, sides }) {
    const [onA, ends] = this.endsOnA(bond, sideA, sides);
    const site = this.siteOf[bond];
    const first = site >= 0 ? sideA[site] : sides[this.holders[bond][0]];
    return 2 * onA === ends ? Boolean(first) : 2 * onA > ends;
  }

  // What a bond joins, and what it costs.
  describe(bond, cut) {
    const [onA, ends] = this.endsOnA(bond, cut.sideA, cut.sides);
    const pays = `cut: pays ${cut.dims[bond]}${ends > 2 ? " once" : ""} (${showBits(Math.log2(cut.dims[bond]))})`;
    return [
      ends > 2 ? `copy tensor of ${ends} ends: ${onA} on A, ${ends - onA} on B` : `joins ${plural(ends, "end")}`,
      onA > 0 && onA < ends ? pays : `not cut: all on side ${onA ? "A" : "B"}`,
    ];
  }

  unread(site) {
    return this.siteBond[site] < 0;
  }

  get legend() {
    const entries = [
      ["site, on side A and B", "site a", "site b"],
      [this.names ? "tensor" : "matrix", "tensor a", "tensor b"],
      ["cut bond, with its dimension", "line cut"],
    ];
    const copies = [["copy tensor", "dot"], ["cut copy tensor: pays once", "dot cut"]];
    if (this.layout.isCopy.some(Boolean)) entries.push(...copies);
    if (this.siteBond.some((bond) => bond < 0)) entries.push(["site that is not read", "site a unread"]);
    return entries;
  }
}

function cutSides(network, capacities, sideA) {
  const read = [...sideA].filter((_, site) => network.siteBond[site] >= 0);
  if (read.every(Boolean) || !read.some(Boolean)) return new Uint8Array(network.tensors).fill(read.some(Boolean));
  return network.rooted ? treeSides(network, capacities, sideA) : flowSides(network, capacities, sideA);
}

// The rank that almost all unshared weights reach, by theorem T2 or T3 (docs/theory.md); null if tensors are not free.
function rankLower(network, cut) {
  if (!network.free) return null;
  if (cut.capacities.exact) return { rank: cut.rankBound, theorem: "T2", base: cut.capacities.generators[0] };
  const value = (base, bonds) => bonds.reduce((sum, bond) => sum + floorLog(cut.dims[bond], base), 0);
  // This cut, rounded down to powers of a base, is one of the cuts: that base proves no larger rank.
  const caps = basesOf(cut.capacities.distinct).map((base) => [base, BigInt(base) ** BigInt(value(base, cut.bonds))]);
  caps.sort(([p, a], [q, b]) => (a === b ? p - q : a < b ? 1 : -1));
  let best = { rank: 1n, theorem: "T3", base: 2 };
  for (const [base, cap] of caps) {
    if (cap <= best.rank) break;
    const sides = cutSides(network, Capacities.roundedDown(cut.dims, base), cut.sideA);
    const rank = BigInt(base) ** BigInt(value(base, network.cutBonds(cut.sideA, sides)));
    if (rank > best.rank) best = { rank, theorem: "T3", base };
  }
  return best;
}
