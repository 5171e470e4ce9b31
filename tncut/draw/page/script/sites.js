// The sites as a grid of switches: a round one lies on side A, a square one on side B.

const TALL = 330; // pixels that the grid may take
const SMALL = 12; // pixels below which a cell is hard to hit

class SiteGrid {
  constructor(home, data, state, paint) {
    Object.assign(this, { home, state, paint });
    this.count = state.sideA.length;
    this.label = this.count > data.sites ? data.sites : -1;
    this.onGrid = data.grid.length > 1;
    this.columns = data.grid[data.grid.length - 1];
    this.sites = data.sites;
    this.svg = shape("svg", { role: "group", "aria-label": "Sites: which of them lie on side A" });
    home.append(this.svg);
    this.shown = new Int8Array(this.count).fill(-1);
    this.cells = Array.from({ length: this.count }, (_, site) => this.cell(site));
    this.focused = 0;
    this.cells[0].group.setAttribute("tabindex", 0);
    this.svg.addEventListener("keydown", (event) => this.key(event));
    this.svg.addEventListener("focusin", (event) => this.focus(this.cells.findIndex((c) => c.group === event.target)));
    this.painter = new Painter(this.svg, (x, y) => this.locate(x, y), state, paint);
    this.place();
  }

  cell(site) {
    const group = shape("g", { role: "checkbox", tabindex: -1 }, this.svg);
    const box = shape("rect", {}, group);
    const text = shape("text", {}, group);
    text.textContent = site === this.label ? "y" : site;
    return { group, box, text };
  }

  // The columns of the grid; on a line of sites as few as keep it from growing tall, and as many as fit.
  place() {
    const room = this.home.clientWidth;
    const sizeOf = (columns) => clamp(Math.floor(room / columns), 6, 34);
    const heightOf = (columns) => Math.ceil(this.sites / columns) * sizeOf(columns);
    if (!this.onGrid) {
      this.columns = 8;
      const isTight = (columns) => heightOf(columns) <= TALL && sizeOf(columns) < 34;
      while (this.columns < this.sites && !isTight(this.columns)) this.columns *= 2;
      this.columns = Math.min(this.columns, this.sites, Math.max(8, 8 * Math.floor(room / SMALL / 8)));
    }
    const rows = Math.ceil(this.sites / this.columns);
    this.size = Math.min(sizeOf(this.columns), Math.max(SMALL, Math.floor(TALL / rows)));
    const font = Math.min(12, 0.42 * this.size, (1.15 * this.size) / String(this.sites - 1).length);
    this.cells.forEach((cell, site) => {
      const [x, y] = this.at(site);
      const inset = this.size > 14 ? 2 : 1;
      const width = this.size - 2 * inset;
      set(cell.box, { x: x + inset, y: y + inset, width, height: width });
      set(cell.text, { x: x + this.size / 2, y: y + this.size / 2, "font-size": font });
      cell.text.style.display = font < 7.5 ? "none" : "";
      cell.width = width;
    });
    const [, bottom] = this.at(this.count - 1);
    set(this.svg, { width: this.columns * this.size, height: bottom + this.size });
    this.shown.fill(-1);
    this.show();
  }

  // The label stands in a row of its own, below the sites.
  at(site) {
    const row = Math.floor(site / this.columns);
    if (site === this.label) return [0, Math.ceil(this.sites / this.columns) * this.size + 6];
    return [(site % this.columns) * this.size, row * this.size];
  }

  locate(clientX, clientY) {
    const box = this.svg.getBoundingClientRect();
    const [x, y] = [clientX - box.left, clientY - box.top];
    if (x < 0 || x >= this.columns * this.size || y < 0) return -1;
    const low = Math.ceil(this.sites / this.columns) * this.size;
    if (y >= low) return this.label >= 0 && x < this.size && y >= low + 6 && y < low + 6 + this.size ? this.label : -1;
    const site = Math.floor(y / this.size) * this.columns + Math.floor(x / this.size);
    return site < this.sites ? site : -1;
  }

  show() {
    this.cells.forEach((cell, site) => {
      const onA = Number(this.state.sideA[site]);
      if (this.shown[site] === onA) return;
      this.shown[site] = onA;
      const name = site === this.label ? "label y" : `site ${site}`;
      set(cell.group, { class: onA ? "a" : "b", "aria-checked": Boolean(onA), "aria-label": `${name} on side A` });
      cell.box.setAttribute("rx", onA ? cell.width / 2 : 1.5);
    });
  }

  focus(site) {
    if (site < 0) return;
    this.cells[this.focused].group.setAttribute("tabindex", -1);
    this.cells[site].group.setAttribute("tabindex", 0);
    this.focused = site;
  }

  key(event) {
    const site = this.focused;
    const last = this.count - 1;
    if (event.key === " " || event.key === "Enter") this.paint([site], !this.state.sideA[site]);
    else {
      const to = {
        ArrowRight: site + 1,
        ArrowLeft: site - 1,
        ArrowDown: site === this.label ? site : Math.min(site + this.columns, last),
        ArrowUp: site === this.label ? this.sites - 1 : site - this.columns,
        Home: 0,
        End: last,
      }[event.key];
      if (to === undefined || event.ctrlKey || event.altKey || event.metaKey) return;
      if (to >= 0 && to <= last) {
        if (event.shiftKey && Boolean(this.state.sideA[to]) !== Boolean(this.state.sideA[site])) {
          this.paint([to], Boolean(this.state.sideA[site]));
        }
        this.cells[to].group.focus();
      }
    }
    event.preventDefault();
  }
}
