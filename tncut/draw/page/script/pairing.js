// The lower end where units are re-used: pairings (theorem T4, docs/theory.md). Digits of A and of B go up until they
// meet. A joint flow of digits is the most that can be; where some path of it comes down and goes up again, the digits
// of each unit are shared out between up and down, and every flow is a pairing.

const PATIENCE = 3; // rounds of sharing out without a gain

// The pairing with the largest rank that is found, over all bases: { rank, base, pairs, used, a, b, met, atOutput }.
function bestPairing(task) {
  let best = null;
  const bases = basesOf([...new Set([...task.siteDims, ...task.channels, task.labels])].filter((d) => d > 1));
  const most = bases.map((base) => [base, BigInt(base) ** BigInt(new Digits(task, base).most)]);
  most.sort(([p, a], [q, b]) => (a === b ? q - p : a < b ? 1 : -1));
  for (const [base, limit] of most) {
    if (best && limit <= best.rank) continue;
    const flow = pairingOf(new Digits(task, base));
    const rank = BigInt(base) ** BigInt(flow.pairs);
    if (!best || rank > best.rank) best = { ...flow, base, rank };
  }
  return best;
}

function pairingOf(digits) {
  if (!digits.task.circuit.hasSums) return pairingOfTerms(digits);
  const found = candidateTerms(digits).map((weight) => {
    digits.choose(weight);
    return pairingOfTerms(digits);
  });
  return found.reduce((best, one) => (one.pairs > best.pairs ? one : best));
}

function pairingOfTerms(digits) {
  const joint = digits.settled(digits.flow(null));
  if (joint.met.every((pairs) => pairs >= 0)) return joint;
  let best = digits.flow(joint.up.map((up, unit) => clamp(up, 0, digits.unit[unit])));
  for (let round = 0, last = 0; best.pairs < joint.pairs && round - last < PATIENCE; round += 1) {
    const [free, below] = [best.down, best.up].map((taken) => taken.map((some, unit) => digits.unit[unit] - some));
    const wish = digits.flow(free, below);
    if (wish.pairs === best.pairs) break;
    const found = digits.flow(best.up.map((up, unit) => {
      const spare = digits.unit[unit] - up - best.down[unit];
      const [moreUp, moreDown] = [Math.max(wish.up[unit] - up, 0), Math.max(wish.down[unit] - best.down[unit], 0)];
      const total = Math.max(moreUp + moreDown, 1);
      const rounding = [Math.floor(total / 2), total - 1, 0][round % PATIENCE];
      return up + (moreUp + moreDown > spare ? Math.floor((spare * moreUp + rounding) / total) : spare - moreDown);
    }));
    if (found.pairs > best.pairs) last = round + 1;
    if (found.pairs >= best.pairs) best = found;
  }
  return best;
}

// A circuit in digits of one base: how many its sites and units hold, and which pairs can carry any.
class Digits {
  constructor(task, base) {
    const { circuit } = task;
    Object.assign(this, { task, base });
    this.site = task.siteDims.map((dim) => floorLog(dim, base));
    this.unit = task.channels.map((dim) => floorLog(dim, base));
    this.labels = floorLog(task.labels, base);
    this.use(circuit.pairChild.map(() => true));
  }

  // Only these terms of sums: where digits of either side can arrive from below.
  use(used) {
    const { circuit, sideA } = this.task;
    const { sites, units } = circuit;
    this.used = used;
    const reached = new Uint8Array(sites + units);
    reached[sites + units - 1] = 1;
    for (let unit = units - 1; unit >= 0; unit -= 1) {
      if (!reached[sites + unit]) continue;
      for (const term of circuit.pairsOf(unit)) if (used[term]) reached[circuit.pairChild[term]] = 1;
    }
    this.has = VERSIONS.map((side) => {
      const has = new Uint8Array(sites + units);
      for (let site = 0; site < sites; site += 1) {
        has[site] = reached[site] && this.site[site] && (sideA[site] ? A : B) === side ? 1 : 0;
      }
      for (let unit = 0; unit < units; unit += 1) {
        const arrives = circuit.pairsOf(unit).some((term) => used[term] && has[circuit.pairChild[term]]);
        has[sites + unit] = arrives && reached[sites + unit] && this.unit[unit] ? 1 : 0;
      }
      return has;
    });
    const given = this.has.map((has) => this.site.reduce((sum, held, site) => sum + (has[site] ? held : 0), 0));
    given[this.task.labelOnA ? A : B] += this.labels;
    this.most = Math.min(...given);
  }

  // Of each sum the term with the largest weight.
  choose(weight) {
    const { circuit } = this.task;
    const used = circuit.pairChild.map(() => false);
    for (let unit = 0; unit < circuit.units; unit += 1) {
      for (const factor of circuit.factorsOf(unit)) {
        used[factor.reduce((best, term) => (weight[term] > weight[best] ? term : best))] = true;
      }
    }
    this.use(used);
  }

  // The most paths of digits. `up`, `down`: what a unit lets go up (or meet), and come down; null: they share digits.
  flow(up, down = up && up.map((digits, unit) => this.unit[unit] - digits)) {
    const { circuit, labelOnA } = this.task;
    const { sites, units } = circuit;
    const graph = new Graph();
    const left = [];
    const add = (tail, head, capacity) => {
      graph.add(tail, head);
      left.push(capacity, 0);
    };
    const make = (count) => Int32Array.from({ length: count }, () => graph.node());
    const site = make(sites);
    const [enterUp, leaveUp] = [make(units), make(units)];
    const [enterDown, leaveDown] = up ? [make(units), make(units)] : [enterUp, leaveUp];
    const carrying = VERSIONS.map((side) => circuit.pairChild.map((child, term) =>
      this.used[term] && this.has[side][child] && this.has[side][sites + circuit.pairUnit[term]]));
    const arcs = VERSIONS.map(() => new Map());
    circuit.pairChild.forEach((child, term) => {
      const unit = circuit.pairUnit[term];
      const inner = child - sites;
      for (const side of VERSIONS) {
        if (!carrying[side][term]) continue;
        arcs[side].set(term, left.length);
        if (side === A) add(inner < 0 ? site[child] : leaveUp[inner], enterUp[unit], this.most);
        else add(leaveDown[unit], inner < 0 ? site[child] : enterDown[inner], this.most);
      }
    });
    for (let unit = 0; unit < units; unit += 1) {
      const [hasA, hasB] = this.has.map((has) => has[sites + unit]);
      if (!up && (hasA || hasB)) add(enterUp[unit], leaveUp[unit], this.unit[unit]);
      if (up && hasA) {
        add(enterUp[unit], leaveUp[unit], up[unit]);
        add(leaveUp[unit], leaveDown[unit], up[unit]);
      }
      if (up && hasB) add(enterDown[unit], leaveDown[unit], down[unit]);
    }
    for (let at = 0; at < sites; at += 1) {
      if (this.has[A][at]) add(graph.source, site[at], this.site[at]);
      if (this.has[B][at]) add(site[at], graph.sink, this.site[at]);
    }
    if (this.labels && labelOnA) add(graph.source, enterDown[units - 1], this.labels);
    if (this.labels && !labelOnA) add(leaveUp[units - 1], graph.sink, this.labels);
    graph.close();
    const rest = Float64Array.from(left);
    new MaxFlow(graph, ONE, rest);
    return this.carried(...VERSIONS.map((side) => circuit.pairChild.map((_, term) =>
      (arcs[side].has(term) ? rest[arcs[side].get(term) + 1] : 0))));
  }

  // What follows from what each pair of matrix and child carries.
  carried(a, b) {
    const { circuit, labelOnA } = this.task;
    const { sites, units } = circuit;
    const totals = [a, b].map((carried) => {
      const [arrived, gone] = [new Array(units).fill(0), new Array(units).fill(0)];
      carried.forEach((digits, term) => {
        arrived[circuit.pairUnit[term]] += digits;
        if (circuit.pairChild[term] >= sites) gone[circuit.pairChild[term] - sites] += digits;
      });
      return { arrived, gone };
    });
    const root = units - 1;
    const up = totals[A].arrived;
    const atOutput = Math.abs(up[root] - totals[B].arrived[root]);
    const met = up.map((digits, unit) => digits - totals[A].gone[unit]);
    if (!labelOnA) met[root] -= atOutput;
    const down = totals[B].gone;
    if (labelOnA) down[root] += atOutput;
    const pairs = met.reduce((sum, digits) => sum + digits, atOutput);
    return { a, b, up, down, met, atOutput, pairs, used: this.used };
  }

  // What goes up where something else comes down meets below instead.
  settled({ a, b }) {
    const { pairChild, sites } = this.task.circuit;
    const both = a.map((up, term) => (pairChild[term] >= sites ? Math.min(up, b[term]) : 0));
    return this.carried(a.map((up, term) => up - both[term]), b.map((down, term) => down - both[term]));
  }
}
