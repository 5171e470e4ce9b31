// An upper end for circuits with sums, as additive.py has it: products multiply ranks, sums add them. Of each vertex
// the rank with its channel on side A, and on side B.

function addedRanks(task) {
  const { circuit, sideA } = task;
  const { sites } = circuit;
  const fields = circuit.fields;
  const ranks = [];
  for (let site = 0; site < sites; site += 1) {
    const dim = BigInt(task.siteDims[site]);
    ranks.push(sideA[site] ? [1n, dim] : [dim, 1n]);
  }
  for (let unit = 0; unit < circuit.units; unit += 1) {
    const channels = BigInt(task.channels[unit]);
    const inField = (side) =>
      product(task.siteDims.filter((_, site) => fields[unit][site] && Boolean(sideA[site]) === side));
    const dims = [inField(true), inField(false)];
    let [single, onA, onB] = [channels, 1n, 1n];
    for (const factor of circuit.factorsOf(unit)) {
      const below = factor.map((term) => ranks[circuit.pairChild[term]]);
      const sum = (value) => below.reduce((total, [a, b]) => total + value(a, b), 0n);
      single *= sum((a, b) => least(a, b));
      onA *= sum((a, b) => least(a, channels * b));
      onB *= sum((a, b) => least(b, channels * a));
    }
    ranks.push([least(onA, single, dims[1], channels * dims[0]), least(onB, single, dims[0], channels * dims[1])]);
  }
  const [onA, onB] = ranks[ranks.length - 1];
  if (!circuit.labels) return least(onA, onB);
  const [kept, moves] = task.labelOnA ? [onA, onB] : [onB, onA];
  return least(kept, BigInt(task.labels) * moves);
}

function least(...values) {
  return values.reduce((found, value) => (value < found ? value : found));
}
