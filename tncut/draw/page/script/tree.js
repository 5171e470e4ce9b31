// The minimum cut of a network without cycles, by a dynamic program that compares exactly.
//
// One tensor of each connected part is its root. For a tensor v let d(v) be the smallest cut of all that lies below v
// with v on side B, less the smallest with v on side A. A bond of capacity w adds min(p, w) - min(q, w) to the
// difference of the tensor above it, where p (q) is the cost of putting all tensors right below it on side B (A).

// The tensors from the roots down, and the bond above each; null if the network has a cycle.
function rooted(network) {
  const order = [];
  const parentBond = new Int32Array(network.tensors).fill(-1);
  const seenBond = new Uint8Array(network.bonds);
  const seen = new Uint8Array(network.tensors);
  for (let root = 0; root < network.tensors; root += 1) {
    if (seen[root]) continue;
    seen[root] = 1;
    order.push(root);
    for (let next = order.length - 1; next < order.length; next += 1) {
      const tensor = order[next];
      for (const bond of network.bondsOf[tensor]) {
        if (bond === parentBond[tensor]) continue;
        if (seenBond[bond]) return null;
        seenBond[bond] = 1;
        for (const holder of network.holders[bond]) {
          if (holder === tensor) continue;
          if (seen[holder]) return null;
          seen[holder] = 1;
          parentBond[holder] = bond;
          order.push(holder);
        }
      }
    }
  }
  return { order, parentBond };
}

// Side of each tensor (1: A) in a minimum cut.
function treeSides(network, capacities, sideA) {
  const { order, parentBond } = network.rooted;
  const K = capacities.size;
  const d = new Float64Array(network.tensors * K);
  const sign = new Int8Array(network.tensors);
  const joinA = new Uint8Array(network.bonds);
  const joinB = new Uint8Array(network.bonds);
  const lossA = new Float64Array(K);
  const lossB = new Float64Array(K);
  const over = new Float64Array(K);
  const exceeds = (loss, bond) => {
    for (let k = 0; k < K; k += 1) over[k] = loss[k] - capacities.exponents[bond * K + k];
    return capacities.sign(over, 0) > 0;
  };
  for (let place = order.length - 1; place >= 0; place -= 1) {
    const tensor = order[place];
    for (const bond of network.bondsOf[tensor]) {
      if (bond === parentBond[tensor]) continue;
      lossA.fill(0);
      lossB.fill(0);
      for (const holder of network.holders[bond]) {
        if (holder === tensor || !sign[holder]) continue;
        for (let k = 0; k < K; k += 1) {
          if (sign[holder] > 0) lossB[k] += d[holder * K + k];
          else lossA[k] -= d[holder * K + k];
        }
      }
      const site = network.siteOf[bond];
      joinB[bond] = !(site >= 0 && sideA[site]) && !exceeds(lossB, bond);
      joinA[bond] = !(site >= 0 && !sideA[site]) && !exceeds(lossA, bond);
      for (let k = 0; k < K; k += 1) {
        const capacity = capacities.exponents[bond * K + k];
        d[tensor * K + k] += (joinB[bond] ? lossB[k] : capacity) - (joinA[bond] ? lossA[k] : capacity);
      }
    }
    sign[tensor] = capacities.sign(d, tensor * K);
  }
  const sides = new Uint8Array(network.tensors);
  for (const tensor of order) {
    if (parentBond[tensor] < 0) sides[tensor] = sign[tensor] >= 0;
    for (const bond of network.bondsOf[tensor]) {
      if (bond === parentBond[tensor]) continue;
      const joins = sides[tensor] ? joinA[bond] : joinB[bond];
      for (const holder of network.holders[bond]) {
        if (holder === tensor) continue;
        sides[holder] = joins || !sign[holder] ? sides[tensor] : sign[holder] > 0;
      }
    }
  }
  return sides;
}
