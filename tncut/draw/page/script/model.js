// What both kinds of models share. A model has `layer`, `position` and `dims` of all that can be pointed at, `cut(dims,
// sideA)`, and what a picture of it looks like.

const SITE = -1;
const LABEL = -2;
const TRIVIAL = { rank: 1n, source: "trivial: no tensor but zero has less", reason: "" };

function range(first, last) {
  return Array.from({ length: last - first }, (_, place) => first + place);
}

// x3: site 3; y: the label; u1[4]: the vector at position 4 of layer 1.
function vectorName(layer, position) {
  if (layer === LABEL) return "y";
  return layer === SITE ? `x${position}` : `u${layer}[${position}]`;
}

// The charge; before it how it follows from several copies.
function chargeText({ dim, copies, symmetric, charge }) {
  if (copies === 1n) return showInteger(charge);
  const [times, most] = [copies, BigInt(dim) + copies - 1n].map(showInteger);
  const power = symmetric ? `C(${most}, ${times})` : `${dim}^${times}`;
  return `${power} = ${showInteger(charge)}`;
}

// The cost of the cut in each layer: how often each charge occurs, and the bits.
function layerShares(model, cut) {
  const shares = new Map();
  let total = 0;
  for (const one of cut.charges) {
    const layer = model.layer[one.vertex];
    if (!shares.has(layer)) shares.set(layer, { times: new Map(), bits: 0 });
    const share = shares.get(layer);
    const text = chargeText(one);
    const known = share.times.get(text);
    share.times.set(text, { charge: one.charge, times: (known ? known.times : 0) + 1 });
    share.bits += log2(one.charge);
    total += log2(one.charge);
  }
  for (const share of shares.values()) share.part = share.bits / (total || 1);
  return shares;
}
