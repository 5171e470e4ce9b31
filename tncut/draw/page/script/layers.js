// A row for each layer, as in the picture: its bond dimension, and the cost of the cut in it.

const MOST = Number.MAX_SAFE_INTEGER;

class Layers {
  // `change(layer, width)`: give all bonds of a layer one dimension; null gives them back their own.
  constructor(data, model, change) {
    Object.assign(this, { model, change });
    const height = (layer) => (layer === LABEL ? Infinity : layer);
    const found = [...new Set(model.layer)].sort((p, q) => (height(p) < height(q) ? 1 : -1));
    this.rows = found.map((layer) => this.row(layer, data));
    $("layer-list").append(...this.rows.map((row) => row.item));
  }

  row(layer, data) {
    const { dims, layer: layers, fixed } = this.model;
    const bonds = layers.flatMap((found, bond) => (found === layer && bond !== fixed ? [bond] : []));
    const most = Math.max(...bonds.map((bond) => dims[bond]), 1);
    const common = { min: 1, "aria-label": `${layerName(this.model, layer)}: dimension` };
    const range = element("input", { ...common, type: "range", max: Math.max(16, Math.min(2 * most, MOST)) });
    const number = element("input", { ...common, type: "number", max: MOST, step: 1, inputmode: "numeric" });
    for (const input of [range, number]) input.addEventListener("input", () => this.enter(layer, input));
    const [bar, cost, own, about] = ["bar", "cost", "own", "about"].map((name) => element("span", { class: name }));
    about.textContent = aboutLayer(layer, data, bonds.length) + aboutUse(data.useful[layer], most);
    const inputs = bonds.length ? [range, number] : [element("span", { class: "own" }, "the output itself: fixed")];
    const name = element("span", {}, element("strong", {}, layerName(this.model, layer)), " ", about, " ", own);
    const parts = [
      element("p", {}, name, cost),
      element("span", { class: "track" }, bar),
      element("div", { class: "inputs" }, ...inputs),
    ];
    const row = { layer, bonds, range, number, bar, cost, own, item: element("li", { "data-layer": layer }, ...parts) };
    number.addEventListener("blur", () => this.showWidth(row));
    return row;
  }

  enter(layer, input) {
    const width = Number(input.value);
    const isGood = Number.isInteger(width) && width >= 1 && width <= MOST;
    input.classList.toggle("wrong", !isGood);
    input.setAttribute("aria-invalid", !isGood);
    if (isGood) this.change(layer, width);
  }

  show(cut) {
    const shares = layerShares(this.model, cut);
    this.dims = cut.dims;
    for (const row of this.rows) {
      this.showWidth(row);
      const share = shares.get(row.layer);
      row.item.classList.toggle("is-cut", Boolean(share));
      row.bar.style.width = `${share ? share.part * 100 : 0}%`;
      row.cost.textContent = share ? costText(share) : "not cut";
    }
  }

  showWidth(row) {
    if (!row.bonds.length) return;
    const dims = row.bonds.map((bond) => this.dims[bond]);
    const most = Math.max(...dims);
    const least = Math.min(...dims);
    row.range.value = most;
    if (document.activeElement !== row.number || Number(row.number.value) !== most) row.number.value = most;
    row.number.classList.remove("wrong");
    row.own.textContent = least < most ? `${least} to ${most}` : "";
  }
}

function layerName(model, layer) {
  return layer === 0 && !model.bondsHaveLayers ? "bonds" : layerText(layer);
}

function aboutLayer(layer, data, count) {
  if (layer === LABEL) return "open output";
  if (layer === SITE) return plural(count, "site");
  if (data.units === null) return plural(count, "bond");
  return plural(data.layerUnits[layer], "unit");
}

// Of the dimension as given, what the layers around cannot use (docs/tailoring.md).
function aboutUse(useful, width) {
  return useful === undefined ? "" : `; ${width - useful} of ${width} wasted`;
}

function costText(share) {
  const parts = [...share.times].sort(([, p], [, q]) => (p.charge < q.charge ? -1 : 1));
  const texts = parts.map(([text, { times }]) => `${times} \u00d7 ${text}`);
  const shown = texts.length > 3 ? [...texts.slice(0, 3), "..."] : texts;
  return `${shown.join(" + ")}: ${showBits(share.bits)}, ${Math.round(share.part * 100)}%`;
}
