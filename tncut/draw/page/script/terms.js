// Which term of each sum a pairing uses, as terms.py has it: candidates, as weights of the terms.

const TREE_LIMIT = 300000; // pairs times the states that each may have

// The best terms if no vertex were read twice, and the terms that a flow uses most.
function candidateTerms(digits) {
  const { a, b } = digits.flow(null);
  const flow = a.map((carried, term) => carried + b[term]);
  const most = Math.max(...digits.site, ...digits.unit);
  return a.length * (most + 1) ** 2 <= TREE_LIMIT ? [termsOfTrees(digits), flow] : [flow];
}

// Choices below a unit: the pairs met, the digits of A and of B left to carry on, the choice for each factor.
function termsOfTrees(digits) {
  const { circuit, sideA, labelOnA } = digits.task;
  const options = digits.site.map((held, site) =>
    [{ met: 0, a: sideA[site] ? held : 0, b: sideA[site] ? 0 : held, below: [] }]);
  for (let unit = 0; unit < circuit.units; unit += 1) {
    const room = digits.unit[unit];
    let found = [{ met: 0, a: 0, b: 0, below: [] }];
    for (const factor of circuit.factorsOf(unit)) {
      const below = factor.flatMap((term) => options[circuit.pairChild[term]].map((option) => [term, option]));
      found = unbeaten(found.flatMap((one) => below.map(([term, option]) => ({
        met: one.met + option.met,
        a: Math.min(room, one.a + option.a),
        b: Math.min(room, one.b + option.b),
        below: [...one.below, [term, option]],
      }))));
    }
    options.push(unbeaten(found.map((one) => {
      const now = Math.min(one.a, one.b);
      return { ...one, met: one.met + now, a: one.a - now, b: one.b - now };
    })));
  }
  const value = (one) => one.met + Math.min(labelOnA ? one.b : one.a, digits.labels);
  const last = options[options.length - 1];
  const weight = new Array(circuit.pairChild.length).fill(0);
  const waiting = [last.reduce((best, one) => (value(one) > value(best) ? one : best))];
  while (waiting.length) {
    for (const [term, option] of waiting.pop().below) {
      weight[term] += 1;
      waiting.push(option);
    }
  }
  return weight;
}

function unbeaten(options) {
  const beats = (one, other) => one.met >= other.met + Math.max(0, other.a - one.a) + Math.max(0, other.b - one.b);
  let kept = [];
  for (const option of options) {
    if (!kept.some((other) => beats(other, option))) kept = [...kept.filter((other) => !beats(option, other)), option];
  }
  return kept;
}
