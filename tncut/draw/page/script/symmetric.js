// The symmetric cut: the cheapest labelling that is found, as search.py has it. All on one side; the labellings of the
// max-flow; and in small circuits sites are added to those that are charged, or taken out, as long as that helps.

const NEAR = 1e-9; // bits; costs that differ by less are compared by integers
const MOVED_WORK = 1000; // sites times factors; up to here single sites are tried

class Found {
  constructor(task, labelling) {
    this.task = task;
    this.take(labelling, new Charges(task, labelling));
  }

  take(labelling, charges) {
    Object.assign(this, { labelling, charges, bits: charges.bits, known: null });
  }

  get cost() {
    this.known ??= costOf(this.charges);
    return this.known;
  }

  // Take this labelling if it costs less; whether it does.
  improve(labelling) {
    const charges = new Charges(this.task, labelling);
    const bits = charges.bits;
    if (bits > this.bits + NEAR || (bits > this.bits - NEAR && costOf(charges) >= this.cost)) return false;
    this.take(labelling, charges);
    return true;
  }
}

function costOf(charges) {
  return charges.list.reduce((cost, { charge }) => cost * charge, 1n);
}

// What all on one side and the max-flow find; `start`, `smallest`: where single sites may be moved from.
function symmetricCut(task) {
  const found = new Found(task, oneSided(task, task.outputIsFree ? 1 : task.labelOnA));
  if (task.outputIsFree) found.improve(oneSided(task, 0));
  found.start = found.labelling;
  const [smallest, largest] = new Relaxation(task).labellings();
  for (const labelling of [smallest, largest]) found.improve(labelling);
  found.smallest = smallest;
  return found;
}

// Better labellings by moving single sites, in small circuits.
function moveSites(task, found) {
  if (task.circuit.sites * task.circuit.factors > MOVED_WORK) return;
  for (const from of [found.start, found.smallest]) found.improve(moved(task, from));
}

// Charge one site more, or one less, as long as that lowers the cost.
function moved(task, labelling) {
  const found = new Found(task, labelling);
  for (let changed = true; changed;) {
    changed = false;
    const { charges } = found;
    for (const linear of [false, true]) {
      const prices = copyPrices(charges, linear);
      let best = { bits: Infinity };
      for (let site = 0; site < task.circuit.sites; site += 1) {
        const charged = charges.sites.slice();
        charged[site] = 1 - charged[site];
        const candidate = cheapestAt(task, charged, prices);
        const { bits } = new Charges(task, candidate);
        if (bits < best.bits) best = { bits, candidate };
      }
      if (best.candidate && found.improve(best.candidate)) changed = true;
    }
  }
  return found.labelling;
}

// What one copy of a version costs: log2 r; or its part of the charge, if it is charged.
function copyPrices(charges, linear) {
  return VERSIONS.map((version) => Float64Array.from(charges.task.unitBits, (bits, unit) =>
    linear && charges.isCharged(version, unit)
      ? charges.unitCost(version, unit) / charges.copies(version, unit) : bits));
}

// The cheapest labelling that charges only these sites, and for each copy its price: a recursion from the sites up.
function cheapestAt(task, charged, prices) {
  const { circuit, sideA } = task;
  const { sites, units } = circuit;
  const value = VERSIONS.map(() => new Float64Array(sites + units));
  const labelling = { uses: pair(circuit.uses), crossed: pair(units) };
  const below = VERSIONS.map(() => new Float64Array(circuit.uses));
  for (let site = 0; site < sites; site += 1) if (!charged[site]) value[sideA[site] ? B : A][site] = Infinity;
  for (let unit = 0; unit < units; unit += 1) {
    const stay = [0, 0];
    const apart = VERSIONS.map((version) => prices[version][unit]);
    for (const site of circuit.readsOf(unit)) if (!charged[site]) stay[sideA[site] ? B : A] = Infinity;
    const [first, last] = [circuit.useStart[unit], circuit.useStart[unit + 1]];
    for (let use = first; use < last; use += 1) {
      for (const side of VERSIONS) {
        for (const child of circuit.children(use)) below[side][use] += value[side][child];
        below[side][use] *= circuit.useCount[use];
        stay[side] += below[side][use];
      }
      for (const side of VERSIONS) apart[side] += Math.min(below[A][use], below[B][use]);
    }
    for (const side of VERSIONS) {
      const isCrossed = apart[side] < stay[side];
      labelling.crossed[side][unit] = isCrossed ? 1 : 0;
      value[side][sites + unit] = Math.min(apart[side], stay[side]);
      for (let use = first; use < last; use += 1) {
        const leaves = isCrossed && below[1 - side][use] < below[side][use];
        labelling.uses[side][use] = leaves === (side === B) ? 1 : 0;
      }
    }
  }
  const [onA, onB] = VERSIONS.map((side) => value[side][sites + units - 1]);
  const label = Math.log2(task.labels);
  const cheaper = onA + (task.labelOnA ? 0 : label) <= onB + (task.labelOnA ? label : 0) ? 1 : 0;
  labelling.output = task.outputIsFree ? cheaper : task.labelOnA;
  return labelling;
}
