// The network of the page, its minimum cut, and what is proven from below.

const SITE = -1;
const LABEL = -2;

class Network {
  constructor(data) {
    Object.assign(this, data.network);
    this.bonds = this.layer.length;
    this.terminals = this.siteBond.length;
    this.holders = this.layer.map((_, bond) => this.holder.slice(this.start[bond], this.start[bond + 1]));
    this.bondsOf = Array.from({ length: this.tensors }, () => []);
    this.holders.forEach((holders, bond) => holders.forEach((tensor) => this.bondsOf[tensor].push(bond)));
    this.siteOf = new Int32Array(this.bonds).fill(-1);
    this.siteBond.forEach((bond, site) => {
      if (bond >= 0) this.siteOf[bond] = site;
    });
    this.rooted = rooted(this);
    this.graph = this.rooted ? null : new FlowGraph(this);
    this.hasDuplicates = this.copy.some((copy) => copy > 0);
  }

  // x3: site 3; y: the label; u1[4]: the vector at position 4 of layer 1; u1[4]#2: its second duplicate.
  name(bond) {
    if (this.names) return this.names[bond];
    const position = this.position[bond];
    if (this.layer[bond] === LABEL) return "y";
    if (this.layer[bond] === SITE) return `x${position}`;
    return `u${this.layer[bond]}[${position}]${this.copy[bond] ? `#${this.copy[bond]}` : ""}`;
  }

  layerName(layer) {
    return layer === 0 && !this.bondsHaveLayers ? "bonds" : layerText(layer);
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
}

function cutSides(network, capacities, sideA) {
  const read = [...sideA].filter((_, site) => network.siteBond[site] >= 0);
  if (read.every(Boolean) || !read.some(Boolean)) return new Uint8Array(network.tensors).fill(read.some(Boolean));
  return network.rooted ? treeSides(network, capacities, sideA) : flowSides(network, capacities, sideA);
}

// A minimum cut: the smallest product of bond dimensions that separates the sites of A from those of B.
function minimumCut(network, dims, sideA) {
  const capacities = Capacities.of(dims);
  const sides = cutSides(network, capacities, sideA);
  const bonds = network.cutBonds(sideA, sides);
  return { dims, sideA, sides, bonds, exact: capacities, rankBound: product(bonds.map((bond) => dims[bond])) };
}

// The rank that almost all unshared weights reach, by theorem T2 or T3 (docs/theory.md); null if tensors are not free.
function rankLower(network, cut) {
  if (cut.rankBound === 1n) return { rank: 1n, theorem: "trivial" };
  if (!network.free) return null;
  if (cut.exact.exact) return { rank: cut.rankBound, theorem: "T2", base: cut.exact.generators[0] };
  const value = (base, bonds) => bonds.reduce((sum, bond) => sum + floorLog(cut.dims[bond], base), 0);
  // This cut, rounded down to powers of a base, is one of the cuts: that base proves no larger rank.
  const caps = basesOf(cut.exact.distinct).map((base) => [base, BigInt(base) ** BigInt(value(base, cut.bonds))]);
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

// The bases that matter: as p grows, floor(log_p d) drops only beyond the integer roots of d.
function basesOf(dims) {
  const roots = new Set();
  for (const dim of dims) {
    for (let k = 1; 2 ** k <= dim; k += 1) {
      let root = Math.round(dim ** (1 / k));
      while (BigInt(root) ** BigInt(k) > BigInt(dim)) root -= 1;
      while (BigInt(root + 1) ** BigInt(k) <= BigInt(dim)) root += 1;
      roots.add(root);
    }
  }
  return [...roots];
}

// The cost of the cut in each layer: how often each dimension is cut, and the bits.
function layerShares(network, cut) {
  const shares = new Map();
  let total = 0;
  for (const bond of cut.bonds) {
    const layer = network.layer[bond];
    if (!shares.has(layer)) shares.set(layer, { times: new Map(), bits: 0 });
    const share = shares.get(layer);
    share.times.set(cut.dims[bond], (share.times.get(cut.dims[bond]) || 0) + 1);
    share.bits += Math.log2(cut.dims[bond]);
    total += Math.log2(cut.dims[bond]);
  }
  for (const share of shares.values()) share.part = share.bits / (total || 1);
  return shares;
}
