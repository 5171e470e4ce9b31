// The minimum cut of a network with cycles, by max-flow (Dinitz). A flow only needs sums and comparisons, so
// its values may be products of dimensions, kept as vectors of exponents: nothing is rounded.

const ONE = { size: 1, sign: (values) => Math.sign(values[0]) }; // capacities that are plain numbers

// Nodes, and arcs in pairs (e, e ^ 1), there and back.
class Graph {
  constructor() {
    Object.assign(this, { source: 0, sink: 1, nodes: 2, tails: [], heads: [] });
  }

  node() {
    this.nodes += 1;
    return this.nodes - 1;
  }

  add(tail, head) {
    this.tails.push(tail, head);
    this.heads.push(head, tail);
  }

  // After this no arc is added: they are listed by their tails.
  close() {
    this.start = new Int32Array(this.nodes + 1);
    for (const tail of this.tails) this.start[tail + 1] += 1;
    for (let node = 0; node < this.nodes; node += 1) this.start[node + 1] += this.start[node];
    const free = this.start.slice();
    this.arcs = new Int32Array(this.tails.length);
    this.tails.forEach((tail, arc) => {
      this.arcs[free[tail]] = arc;
      free[tail] += 1;
    });
    this.heads = Int32Array.from(this.heads);
  }
}

// A network for max-flow: a bond costs its dimension once, however its holders are divided.
class NetworkGraph extends Graph {
  constructor(network) {
    super();
    this.bond = [];
    this.kind = []; // of a pair: both ways, forth only, or as the bond's site lies
    this.tensor = Int32Array.from({ length: network.tensors }, () => this.node());
    network.holders.forEach((holders, bond) => {
      const ends = holders.map((tensor) => this.tensor[tensor]);
      if (network.siteOf[bond] >= 0) this.addSite(ends, bond);
      else if (ends.length === 2) this.join(ends[0], ends[1], bond, "both");
      else if (ends.length > 2) this.addCopy(ends, bond);
    });
    this.close();
  }

  join(tail, head, bond, kind) {
    this.add(tail, head);
    this.bond.push(bond);
    this.kind.push(kind);
  }

  addSite(ends, bond) {
    const middle = this.node();
    this.join(this.source, middle, bond, "fromA");
    this.join(middle, this.sink, bond, "toB");
    for (const end of ends) this.join(middle, end, bond, "site");
  }

  addCopy(ends, bond) {
    const [enter, leave] = [this.node(), this.node()];
    this.join(enter, leave, bond, "forth");
    for (const end of ends) {
      this.join(end, enter, bond, "forth");
      this.join(leave, end, bond, "forth");
    }
  }

  // What each arc can carry before any flow.
  residual(network, capacities, sideA) {
    const K = capacities.size;
    const left = new Float64Array(this.tails.length * K);
    this.kind.forEach((kind, pair) => {
      const bond = this.bond[pair];
      const onA = Boolean(sideA[network.siteOf[bond]]);
      const capacity = capacities.exponents.subarray(bond * K, (bond + 1) * K);
      const opens = { both: true, forth: true, fromA: onA, toB: !onA, site: onA };
      if (opens[kind]) left.set(capacity, 2 * pair * K);
      if (kind === "both" || (kind === "site" && !onA)) left.set(capacity, (2 * pair + 1) * K);
    });
    return left;
  }
}

class MaxFlow {
  constructor(graph, capacities, left) {
    Object.assign(this, { graph, capacities, left, K: capacities.size });
    this.level = new Int32Array(graph.nodes);
    this.next = new Int32Array(graph.nodes);
    this.queue = new Int32Array(graph.nodes);
    this.path = new Int32Array(graph.nodes);
    this.difference = new Float64Array(this.K);
    while (this.reachesSink()) this.block();
  }

  isOpen(arc) {
    for (let k = arc * this.K; k < (arc + 1) * this.K; k += 1) if (this.left[k] !== 0) return true;
    return false;
  }

  isSmaller(arc, other) {
    for (let k = 0; k < this.K; k += 1) {
      this.difference[k] = this.left[arc * this.K + k] - this.left[other * this.K + k];
    }
    return this.capacities.sign(this.difference, 0) < 0;
  }

  // How many open arcs each node is away from the source; -1: no path leads there.
  reachesSink() {
    const { graph, level, queue } = this;
    level.fill(-1);
    level[graph.source] = 0;
    queue[0] = graph.source;
    let filled = 1;
    for (let done = 0; done < filled; done += 1) {
      const node = queue[done];
      for (let a = graph.start[node]; a < graph.start[node + 1]; a += 1) {
        const head = graph.heads[graph.arcs[a]];
        if (level[head] < 0 && this.isOpen(graph.arcs[a])) {
          level[head] = level[node] + 1;
          queue[filled] = head;
          filled += 1;
        }
      }
    }
    return level[graph.sink] >= 0;
  }

  // Shortest paths from source to sink, one after another, until each has a closed arc.
  block() {
    const { graph, next, path } = this;
    next.set(graph.start.subarray(0, graph.nodes));
    let length = 0;
    let node = graph.source;
    for (;;) {
      if (node === graph.sink) {
        length = this.push(length);
        node = length ? graph.heads[path[length - 1]] : graph.source;
      } else if (next[node] < graph.start[node + 1]) {
        const arc = graph.arcs[next[node]];
        const head = graph.heads[arc];
        if (this.level[head] === this.level[node] + 1 && this.isOpen(arc)) {
          path[length] = arc;
          length += 1;
          node = head;
        } else next[node] += 1;
      } else if (length) {
        length -= 1;
        node = graph.heads[path[length] ^ 1];
        next[node] += 1;
      } else return;
    }
  }

  // As much as the path can carry; returns how many of its arcs, from the source on, are still open.
  push(length) {
    const { path, left, K } = this;
    let first = 0;
    for (let place = 1; place < length; place += 1) if (this.isSmaller(path[place], path[first])) first = place;
    const amount = left.slice(path[first] * K, (path[first] + 1) * K);
    for (let place = 0; place < length; place += 1) {
      const arc = path[place];
      for (let k = 0; k < K; k += 1) {
        left[arc * K + k] -= amount[k];
        left[(arc ^ 1) * K + k] += amount[k];
      }
    }
    return first;
  }

  // The nodes that the source reaches (1): its side of the smallest minimum cut.
  sourceSide() {
    return Uint8Array.from(this.level, (level) => (level >= 0 ? 1 : 0));
  }

  // The nodes from which no path leads to the sink (1): the source's side of the largest minimum cut.
  largestSide() {
    const { graph, queue } = this;
    const side = new Uint8Array(graph.nodes).fill(1);
    side[graph.sink] = 0;
    queue[0] = graph.sink;
    let filled = 1;
    for (let done = 0; done < filled; done += 1) {
      for (let a = graph.start[queue[done]]; a < graph.start[queue[done] + 1]; a += 1) {
        const arc = graph.arcs[a];
        const head = graph.heads[arc];
        if (side[head] && this.isOpen(arc ^ 1)) {
          side[head] = 0;
          queue[filled] = head;
          filled += 1;
        }
      }
    }
    return side;
  }
}

// Side of each tensor (1: A) in the minimum cut with the smallest side A.
function flowSides(network, capacities, sideA) {
  const side = new MaxFlow(network.graph, capacities, network.graph.residual(network, capacities, sideA)).sourceSide();
  return network.graph.tensor.map((node) => side[node]);
}
