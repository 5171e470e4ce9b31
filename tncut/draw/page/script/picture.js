// The network or circuit as the literature draws it: sites at the bottom, a row for each layer, the output at the top.
// Sites and matrices are round on side A and square on side B, copy tensors are dots; cut bonds are dashed, and what is
// charged has a ring.

const SLOT = 2.5; // pixels from leaf to leaf, at least, before it is zoomed
const MANY = 1500; // lines, beyond which they are drawn faint
const LOOKS = ["b", "a", "cut", "both"];

class Picture {
  constructor(model, state, paint) {
    const { layout } = model;
    Object.assign(this, { model, layout, state, slot: null });
    this.scroller = $("scroller");
    this.svg = shape("svg", { role: "group", "aria-label": "The network: arrow keys move over its bonds" });
    this.scroller.append(this.svg);
    const layer = (name) => shape("g", { class: name }, this.svg);
    const each = (list, count, make) => Array.from({ length: list.length / count }, make);
    this.lines = model.lines.map(() => shape("path", {}));
    this.hits = this.lines.map(() => shape("path", {}));
    this.sums = each(layout.sums, 2, () => shape("path", {}));
    this.tensors = each(layout.tensors, 2, () => shape("rect", {}));
    this.dots = layout.isCopy.map((isCopy) => (isCopy ? shape("circle", {}) : null));
    this.terminals = each(layout.terminals, 2, () => shape("rect", {}));
    this.handles = layout.isCopy.map(() => shape("circle", { tabindex: -1, role: "img" }));
    layer(this.lines.length > MANY ? "lines many" : "lines").append(...this.lines);
    layer("hits").append(...this.hits);
    layer("dots").append(...this.dots.filter(Boolean));
    layer("sums").append(...this.sums);
    layer("tensors").append(...this.tensors);
    layer("terminals").append(...this.terminals);
    this.texts = layer("texts");
    layer("handles").append(...this.handles);
    this.band = shape("rect", { class: "band" }, this.svg);
    this.ends = [...layout.tensors, ...layout.terminals];
    this.shown = { ends: new Int8Array(this.ends.length / 2), lines: new Int8Array(this.lines.length) };
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

  // Pixels from leaf to leaf: as wide as the card, unless that is too narrow to see, or another width was chosen.
  get fitting() {
    return Math.max(this.scroller.clientWidth - 24, 200) / this.layout.width;
  }

  zoom(factor) {
    this.slot = factor ? clamp(this.slot * factor, this.fitting, Math.max(90, this.fitting)) : this.fitting;
    this.chosen = this.slot;
  }

  // Sizes in pixels at which no symbols overlap.
  measure() {
    const { width, height } = this.layout;
    const room = this.fitting * width;
    this.slot = Math.max(this.chosen ?? Math.max(this.fitting, SLOT), this.fitting);
    const fit = Math.min(clamp(0.6 * room, 240, 520) / height, 110);
    this.row = Math.max(fit, Math.min((fit * this.slot) / Math.max(this.fitting, SLOT), 60));
    this.left = Math.max((room - this.slot * width) / 2, 0) + 12;
    this.top = 14;
    this.gap = this.slot * this.layout.gap;
    this.site = Math.min(0.7 * this.gap, 0.45 * this.row, 20);
  }

  px(x) {
    return Math.round((this.left + x * this.slot) * 100) / 100;
  }

  py(y) {
    return Math.round((this.top + (this.layout.height - y) * this.row) * 100) / 100;
  }

  place() {
    this.measure();
    const { layout, ends } = this;
    const tensor = (end) => Math.min(0.66 * this.slot * layout.tensorRoom[end], layout.row * this.row, 13);
    this.sizes = Float64Array.from(this.shown.ends, (_, end) => (end < this.tensors.length ? tensor(end) : this.site));
    this.model.lines.forEach((points, line) => {
      let path = `M${this.px(points[0])} ${this.py(points[1])}`;
      for (let at = 2; at < points.length; at += 2) path += `L${this.px(points[at])} ${this.py(points[at + 1])}`;
      const width = clamp(0.13 * this.slot * layout.bondRoom[layout.lineBond[line]], 0.5, 1.8);
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
    this.placeSums();
    const width = Math.max(this.left + this.slot * layout.width + 12, this.scroller.clientWidth);
    const height = this.py(0) + this.site / 2 + 20;
    set(this.svg, { width: Math.floor(width), height: Math.ceil(height) });
    const inLine = !layout.placed || layout.terminals.every((y, at) => at % 2 === 0 || y === 0);
    set(this.band, { x: 0, y: this.py(0) - this.site / 2 - 4, width, height: inLine ? this.site + 24 : 0 });
    this.shown.ends.fill(-1);
    this.shown.lines.fill(-1);
    this.numberSites();
    this.nameRows();
  }

  // A plus where vectors are added.
  placeSums() {
    const arm = Math.min(0.12 * this.slot, 0.06 * this.row, 5);
    this.sums.forEach((sum, number) => {
      const [x, y] = [this.px(this.layout.sums[2 * number]), this.py(this.layout.sums[2 * number + 1])];
      sum.setAttribute("d", `M${x - arm} ${y}H${x + arm}M${x} ${y - arm}V${y + arm}`);
    });
  }

  dot(bond) {
    return Math.min(0.2 * this.slot * this.layout.bondRoom[bond], 0.07 * this.row, 3.5);
  }

  numberSites() {
    if (this.numbers) this.numbers.remove();
    this.numbers = shape("g", { class: "numbers" }, this.svg);
    const { terminals, placed, inOrder } = this.layout;
    let step = 1;
    while (step * this.gap < 7 * String(terminals.length / 2).length + 4) step *= 2;
    for (let site = 0; inOrder && 2 * site < terminals.length; site += step) {
      if (terminals[2 * site + 1] > 0 && !placed) continue;
      const y = terminals[2 * site + 1];
      const bond = placed ? this.model.siteBond[site] : -1;
      const up = bond >= 0 && y > this.y(bond);
      const at = { x: this.px(terminals[2 * site]), y: this.py(y) + (up ? -this.site / 2 - 4 : this.site / 2 + 13) };
      shape("text", at, this.numbers).textContent = site;
    }
    this.svg.append(this.band);
  }

  // The name of each row, and the dimension now of those that are one layer.
  nameRows() {
    const rows = this.layout.rows.filter(([, layer, y], place, all) =>
      layer !== null || !place || (y - all[place - 1][2]) * this.row >= (all[place - 1][1] === null ? 13 : 24));
    $("rows").replaceChildren(...rows.map(([name, layer, y], place) => {
      const hasRoom = layer !== null && (!place || (y - rows[place - 1][2]) * this.row >= 30);
      const width = hasRoom ? [element("small", { "data-layer": layer })] : [];
      return element("p", { style: `top:${this.py(y)}px` }, name, ...width);
    }));
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
    const { looks } = cut;
    const symbols = [...this.tensors, ...this.terminals];
    const { siteBond, layer } = this.model;
    [...looks.tensors, ...cut.sideA].forEach((look, end) => {
      const terminal = end - this.tensors.length;
      const vertex = terminal < this.model.sites ? terminal : layer.length - 1;
      const charged = terminal >= 0 && !siteBond && looks.cut[vertex];
      const code = Number(look) + (charged ? 4 : 0);
      if (this.shown.ends[end] === code) return;
      this.shown.ends[end] = code;
      const unread = terminal >= 0 && this.model.unread(terminal) ? " unread" : "";
      const kind = `${LOOKS[look]}${unread}${charged ? " charged" : ""}`;
      set(symbols[end], { class: kind, rx: Number(look) === 1 ? this.sizes[end] / 2 : 0 });
    });
    looks.lines.forEach((look, line) => {
      if (this.shown.lines[line] === look) return;
      this.shown.lines[line] = look;
      this.lines[line].setAttribute("class", LOOKS[look]);
    });
    this.dots.forEach((dot, bond) => {
      if (dot && dot.classList.contains("cut") !== Boolean(looks.cut[bond])) dot.classList.toggle("cut");
    });
    this.writeCharges(cut);
    for (const small of document.querySelectorAll("#rows small")) this.writeWidth(small, cut.dims);
  }

  // Beside what is cut or charged, where there is room.
  writeCharges(cut) {
    const texts = new Map();
    for (const one of cut.charges) {
      const before = texts.has(one.vertex) ? `${texts.get(one.vertex)}, ` : "";
      texts.set(one.vertex, before + chargeText(one));
    }
    this.texts.replaceChildren();
    if (this.row < 24) return;
    for (const [bond, text] of texts) {
      const aside = this.dots[bond] ? this.dot(bond) : this.model.siteBond ? 0 : this.site / 2;
      if (this.slot * this.layout.bondRoom[bond] - 2 * aside - 4 < 7 * text.length) continue;
      const at = { x: this.px(this.x(bond)) + aside + 5, y: this.py(this.y(bond)) - 3 };
      shape("text", at, this.texts).textContent = text;
    }
  }

  writeWidth(small, dims) {
    const layer = Number(small.dataset.layer);
    const found = dims.filter((_, bond) => this.model.layer[bond] === layer);
    const [low, high] = [Math.min(...found), Math.max(...found)];
    small.textContent = `dim. ${low === high ? low : `${low}-${high}`}`;
  }

  // What a bond or a vector is, and what it costs.
  describe(bond) {
    const { model, cut } = this;
    const [layer, position] = [model.layer[bond], model.position[bond]];
    const place = layer === SITE ? `site ${position}` : `layer ${layer}, position ${position}`;
    const where = layer === LABEL ? "the label" : place;
    return [`${model.name(bond)}, dimension ${cut.dims[bond]}`, where, ...model.describe(bond, cut)];
  }
}
