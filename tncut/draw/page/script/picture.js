// The network as the literature draws it: sites at the bottom, a row for each layer, the output at the top. Sites and
// matrices are round on side A and square on side B, copy tensors are dots, and cut bonds are dashed.

const SLOT = 2.5; // pixels from leaf to leaf, at least, unless zoomed out

class Picture {
  constructor(network, layout, state, paint) {
    Object.assign(this, { network, layout, state, zoom: 1 });
    this.scroller = $("scroller");
    this.svg = shape("svg", { role: "group", "aria-label": "The tensor network: arrow keys move over its bonds" });
    this.scroller.append(this.svg);
    const layer = (name) => shape("g", { class: name }, this.svg);
    this.lines = layout.lineBond.map(() => shape("path", {}));
    this.hits = this.lines.map(() => shape("path", {}));
    this.tensors = Array.from({ length: network.tensors }, () => shape("rect", {}));
    this.dots = Array.from(layout.isCopy, (isCopy) => (isCopy ? shape("circle", {}) : null));
    this.terminals = network.siteBond.map(() => shape("rect", {}));
    this.handles = Array.from(layout.isCopy, () => shape("circle", { tabindex: -1, role: "img" }));
    layer("lines").append(...this.lines);
    layer("hits").append(...this.hits);
    layer("dots").append(...this.dots.filter(Boolean));
    layer("tensors").append(...this.tensors);
    layer("terminals").append(...this.terminals);
    this.texts = layer("texts");
    layer("handles").append(...this.handles);
    this.band = shape("rect", { class: "band" }, this.svg);
    this.shown = { ends: new Int8Array(network.tensors + network.terminals), lines: new Int8Array(this.lines.length) };
    this.order = this.handles.map((_, bond) => bond).sort((p, q) => this.y(q) - this.y(p) || this.x(p) - this.x(q));
    this.handles[this.order[0]].setAttribute("tabindex", 0);
    this.focused = this.order[0];
    this.painter = new Painter(this.band, (x) => this.locate(x), state, paint);
  }

  x(bond) {
    return this.layout.bonds[2 * bond];
  }

  y(bond) {
    return this.layout.bonds[2 * bond + 1];
  }

  // Sizes in pixels at which no symbols overlap.
  measure() {
    const { width, height } = this.layout;
    const room = Math.max(this.scroller.clientWidth - 24, 200);
    this.slot = clamp(Math.max(room / width, SLOT) * this.zoom, room / width, Math.max(90, room / width));
    const fit = Math.min(clamp(0.6 * room, 240, 520) / height, 110);
    this.row = Math.max(fit, Math.min(fit * this.zoom, 60));
    this.left = Math.max((room - this.slot * width) / 2, 0) + 12;
    this.top = 14;
    this.gap = this.slot * this.layout.gap;
    this.site = Math.min(0.7 * this.gap, 0.45 * this.row, 20);
    this.font = 11.5;
  }

  px(x) {
    return Math.round((this.left + x * this.slot) * 100) / 100;
  }

  py(y) {
    return Math.round((this.top + (this.layout.height - y) * this.row) * 100) / 100;
  }

  place() {
    this.measure();
    const { network, layout } = this;
    const ends = [...layout.tensors, ...layout.terminals];
    this.sizes = Float64Array.from(this.shown.ends, (_, end) =>
      end < network.tensors ? Math.min(0.66 * this.slot * layout.tensorRoom[end], 0.28 * this.row, 13) : this.site);
    layout.lineBond.forEach((bond, line) => {
      const end = layout.lineEnd[line];
      const [x, y] = [ends[2 * end], ends[2 * end + 1]];
      const other = layout.isCopy[bond] ? -1 : this.otherEnd(bond, end);
      const last = other < 0 ? "" : `L${this.px(ends[2 * other])} ${this.py(ends[2 * other + 1])}`;
      const bend = layout.lineBend[line] === y ? "" : `V${this.py(layout.lineBend[line])}`;
      const path = `M${this.px(x)} ${this.py(y)}${bend}L${this.px(this.x(bond))} ${this.py(this.y(bond))}${last}`;
      const width = clamp(0.13 * this.slot * layout.bondRoom[bond], 0.5, 1.8);
      set(this.lines[line], { d: path, style: `--w:${width.toFixed(2)}px` });
      this.hits[line].setAttribute("d", path);
    });
    [...this.tensors, ...this.terminals].forEach((symbol, end) => {
      const size = this.sizes[end];
      const [x, y] = [this.px(ends[2 * end]) - size / 2, this.py(ends[2 * end + 1]) - size / 2];
      set(symbol, { x, y, width: size, height: size });
    });
    this.handles.forEach((handle, bond) => {
      const at = { cx: this.px(this.x(bond)), cy: this.py(this.y(bond)) };
      set(handle, { ...at, r: clamp(0.45 * this.slot * layout.bondRoom[bond], 1.5, 8) });
      if (this.dots[bond]) set(this.dots[bond], { ...at, r: this.dot(bond) });
    });
    const width = Math.max(this.left + this.slot * layout.width + 12, this.scroller.clientWidth);
    const height = this.py(0) + this.site / 2 + 20;
    set(this.svg, { width: Math.floor(width), height: Math.ceil(height) });
    const inLine = !this.layout.placed || this.layout.terminals.every((y, at) => at % 2 === 0 || y === 0);
    set(this.band, { x: 0, y: this.py(0) - this.site / 2 - 4, width, height: inLine ? this.site + 24 : 0 });
    this.shown.ends.fill(-1);
    this.shown.lines.fill(-1);
    this.numberSites();
    this.nameRows();
  }

  dot(bond) {
    return Math.min(0.2 * this.slot * this.layout.bondRoom[bond], 0.07 * this.row, 3.5);
  }

  otherEnd(bond, end) {
    const holders = this.network.holders[bond];
    const site = this.network.siteOf[bond];
    const all = site < 0 ? holders : [this.network.tensors + site, ...holders];
    return all.length === 2 ? all[all[0] === end ? 1 : 0] : -1;
  }

  numberSites() {
    if (this.numbers) this.numbers.remove();
    this.numbers = shape("g", { class: "numbers" }, this.svg);
    const { terminals } = this.layout;
    let step = 1;
    while (step * this.gap < 7 * String(terminals.length / 2).length + 4) step *= 2;
    for (let site = 0; 2 * site < terminals.length; site += step) {
      if (terminals[2 * site + 1] > 0 && !this.layout.placed) continue;
      const y = terminals[2 * site + 1];
      const up = this.layout.placed && this.network.siteBond[site] >= 0 && y > this.y(this.network.siteBond[site]);
      const at = { x: this.px(terminals[2 * site]), y: this.py(y) + (up ? -this.site / 2 - 4 : this.site / 2 + 13) };
      shape("text", at, this.numbers).textContent = site;
    }
    this.svg.append(this.band);
  }

  // The name of each row that is one layer, and its dimension now.
  nameRows() {
    const { network, layout } = this;
    const rows = [["sites", SITE, 0], ...this.layerRows()];
    const output = layout.tensors[2 * network.tensors - 1];
    const [, , highest] = rows[rows.length - 1];
    if (!network.names && network.fixed < 0 && (output - highest) * this.row >= 26) rows.push(["output", null, output]);
    $("rows").replaceChildren(...rows.map(([name, layer, y], place) => {
      const hasRoom = !place || (y - rows[place - 1][2]) * this.row >= 30;
      const width = hasRoom && layer !== null ? [element("small", { "data-layer": layer })] : [];
      return element("p", { style: `top:${this.py(y)}px` }, name, ...width);
    }));
  }

  // Only if each row of units is one layer; in a recurrent network a layer reads itself, so it is not.
  layerRows() {
    const { network, layout } = this;
    if (network.names) return [];
    const layersAt = layout.levels.map((y) => [...new Set(network.layer.filter((_, bond) => this.y(bond) === y))]);
    const isNamed = layersAt.every((found) => found.length === 1) && new Set(layersAt.flat()).size === layersAt.length;
    return isNamed ? layout.levels.map((y, level) => [network.layerName(layersAt[level][0]), layersAt[level][0], y]) : [];
  }

  locate(clientX) {
    const x = (clientX - this.svg.getBoundingClientRect().left - this.left) / this.slot;
    const { terminals } = this.layout;
    let best = -1;
    let nearest = this.gap / this.slot;
    for (let site = 0; 2 * site < terminals.length; site += 1) {
      const distance = Math.abs(terminals[2 * site] - x);
      if (distance < nearest && terminals[2 * site + 1] === 0) [best, nearest] = [site, distance];
    }
    return best;
  }

  show(cut) {
    this.cut = cut;
    const side = [...cut.sides, ...cut.sideA];
    const symbols = [...this.tensors, ...this.terminals];
    side.forEach((onA, end) => {
      if (this.shown.ends[end] === Number(onA)) return;
      this.shown.ends[end] = onA;
      const terminal = end - this.network.tensors;
      const unread = terminal >= 0 && this.network.siteBond[terminal] < 0 ? " unread" : "";
      const copy = terminal < 0 && this.network.tensorCopy[end] ? " duplicate" : "";
      set(symbols[end], { class: (onA ? "a" : "b") + unread + copy, rx: onA ? this.sizes[end] / 2 : 0 });
    });
    const isCut = new Uint8Array(this.network.bonds);
    for (const bond of cut.bonds) isCut[bond] = 1;
    const centre = this.handles.map((_, bond) => this.centreOnA(bond, cut));
    this.layout.lineBond.forEach((bond, line) => {
      const onA = side[this.layout.lineEnd[line]];
      const apart = this.layout.isCopy[bond] ? Boolean(onA) !== centre[bond] : isCut[bond];
      const look = apart ? 2 : Number(onA);
      if (this.shown.lines[line] === look) return;
      this.shown.lines[line] = look;
      this.lines[line].setAttribute("class", ["b", "a", "cut"][look]);
    });
    this.dots.forEach((dot, bond) => {
      if (dot && dot.classList.contains("cut") !== Boolean(isCut[bond])) dot.classList.toggle("cut");
    });
    this.writeDims(cut);
    for (const small of document.querySelectorAll("#rows small")) this.writeWidth(small, cut.dims);
  }

  // A copy tensor costs its dimension once, so it lies on the side of most of its ends, in a tie of the first.
  centreOnA(bond, { sideA, sides }) {
    const [onA, ends] = this.network.endsOnA(bond, sideA, sides);
    const site = this.network.siteOf[bond];
    const first = site >= 0 ? sideA[site] : sides[this.network.holders[bond][0]];
    return 2 * onA === ends ? Boolean(first) : 2 * onA > ends;
  }

  writeDims(cut) {
    const texts = [];
    for (const bond of cut.bonds) {
      const room = this.slot * this.layout.bondRoom[bond] - 2 * this.dot(bond) - 4;
      const dim = String(cut.dims[bond]);
      if (room < 7 * dim.length || this.row < 24) continue;
      const text = shape("text", { x: this.px(this.x(bond)) + this.dot(bond) + 5, y: this.py(this.y(bond)) - 3 });
      text.textContent = dim;
      texts.push(text);
    }
    this.texts.replaceChildren(...texts);
  }

  writeWidth(small, dims) {
    const layer = Number(small.dataset.layer);
    const found = dims.filter((_, bond) => this.network.layer[bond] === layer);
    const [low, high] = [Math.min(...found), Math.max(...found)];
    small.textContent = `dim. ${low === high ? low : `${low}-${high}`}`;
  }

  // What a bond is, and what it costs.
  describe(bond) {
    const { network, cut } = this;
    const dim = cut.dims[bond];
    const [onA, ends] = network.endsOnA(bond, cut.sideA, cut.sides);
    const copy = network.copy[bond] ? `, duplicate ${network.copy[bond]}` : "";
    const once = ends > 2 ? " once" : "";
    const isCut = onA > 0 && onA < ends;
    return [
      `${network.name(bond)}, dimension ${dim}`,
      `${this.whatIs(bond)}${copy}`,
      ends > 2 ? `copy tensor of ${ends} ends: ${onA} on A, ${ends - onA} on B` : `joins ${plural(ends, "end")}`,
      isCut ? `cut: pays ${dim}${once} (${showBits(Math.log2(dim))})` : `not cut: all on side ${onA ? "A" : "B"}`,
    ];
  }

  whatIs(bond) {
    const layer = this.network.layer[bond];
    const position = this.network.position[bond];
    if (layer === LABEL) return "the label";
    return layer === SITE ? `site ${position}` : `layer ${layer}, position ${position}`;
  }
}
