// Bond dimensions as capacities that add where dimensions multiply, and compare exactly.
//
// Every dimension is a product of powers of a few generators, pairwise coprime integers above 1. A product of
// dimensions is then a vector of exponents, and it is 1 only if all of them are zero. Floating-point logarithms
// decide which of two products is larger where they surely can; big integers decide the rest.

function gcd(a, b) {
  while (b) [a, b] = [b, a % b];
  return a;
}

function coprimeBase(numbers) {
  const base = [];
  const todo = numbers.filter((n) => n > 1);
  while (todo.length) {
    const number = todo.pop();
    const place = base.findIndex((other) => gcd(number, other) > 1);
    if (place < 0) {
      base.push(number);
      continue;
    }
    const [other] = base.splice(place, 1);
    const common = gcd(number, other);
    todo.push(...new Set([number / common, other / common, common].filter((n) => n > 1)));
  }
  return base.sort((a, b) => a - b);
}

function exponent(number, generator) {
  let power = 0;
  for (; number % generator === 0; number /= generator) power += 1;
  return power;
}

function floorLog(number, base) {
  let power = 0;
  for (let value = BigInt(base); value <= BigInt(number); value *= BigInt(base)) power += 1;
  return power;
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

class Capacities {
  // `dims`: the dimension of each bond. Bond b has the exponents table[row[b]], one for each generator.
  constructor(dims, generators, exponentsOf) {
    this.distinct = [...new Set(dims)];
    this.generators = generators;
    this.size = Math.max(generators.length, 1);
    this.logs = generators.length ? generators.map(Math.log2) : [1];
    const rows = new Map(this.distinct.map((dim) => [dim, generators.length ? exponentsOf(dim) : [0]]));
    this.exponents = new Float64Array(dims.length * this.size);
    dims.forEach((dim, bond) => this.exponents.set(rows.get(dim), bond * this.size));
  }

  static of(dims) {
    const generators = coprimeBase([...new Set(dims)]);
    return new Capacities(dims, generators, (dim) => generators.map((g) => exponent(dim, g)));
  }

  // Every dimension rounded down to a power of one base.
  static roundedDown(dims, base) {
    return new Capacities(dims, [base], (dim) => [floorLog(dim, base)]);
  }

  // Whether all dimensions are powers of one integer.
  get exact() {
    return this.generators.length <= 1;
  }

  // The sign of sum_k values[at + k] log generators[k].
  sign(values, at) {
    if (this.size === 1) return Math.sign(values[at]);
    let total = 0;
    let weight = 0;
    for (let k = 0; k < this.size; k += 1) {
      const term = values[at + k] * this.logs[k];
      total += term;
      weight += Math.abs(term);
    }
    const error = weight * (this.size + 4) * 2 ** -52;
    if (Math.abs(total) > error) return Math.sign(total);
    return weight === 0 ? 0 : this.integerSign(values, at);
  }

  integerSign(values, at) {
    let above = 1n;
    let below = 1n;
    this.generators.forEach((generator, k) => {
      const power = values[at + k];
      if (power > 0) above *= BigInt(generator) ** BigInt(power);
      if (power < 0) below *= BigInt(generator) ** BigInt(-power);
    });
    return above > below ? 1 : above < below ? -1 : 0;
  }
}

function product(dims) {
  const times = new Map();
  for (const dim of dims) times.set(dim, (times.get(dim) || 0) + 1);
  let result = 1n;
  for (const [dim, count] of times) result *= BigInt(dim) ** BigInt(count);
  return result;
}

function log2(integer) {
  const digits = integer.toString(2).length;
  const shift = Math.max(digits - 60, 0);
  return Math.log2(Number(integer >> BigInt(shift))) + shift;
}
