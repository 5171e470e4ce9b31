// Dragging over sites: the first one changes its side, all others take the same one.

class Painter {
  // `locate(x, y)`: the site at a place of the window, or -1; `paint(sites, side)`: put them there.
  constructor(area, locate, state, paint) {
    Object.assign(this, { locate, state, paint, side: null, last: null });
    area.addEventListener("pointerdown", (event) => this.begin(event, area));
    area.addEventListener("pointermove", (event) => this.move(event));
    for (const end of ["pointerup", "pointercancel"]) area.addEventListener(end, () => this.end());
  }

  begin(event, area) {
    const site = this.locate(event.clientX, event.clientY);
    if (site < 0 || event.button !== 0) return;
    this.side = !this.state.sideA[site];
    this.last = event;
    area.setPointerCapture(event.pointerId);
    this.paint([site], this.side);
  }

  // All sites on the way, however fast the pointer was.
  move(event) {
    if (this.side === null) return;
    const [dx, dy] = [event.clientX - this.last.clientX, event.clientY - this.last.clientY];
    const steps = Math.ceil(Math.hypot(dx, dy) / 3);
    const sites = new Set();
    for (let step = 1; step <= steps; step += 1) {
      sites.add(this.locate(this.last.clientX + (dx * step) / steps, this.last.clientY + (dy * step) / steps));
    }
    sites.delete(-1);
    this.last = event;
    const changed = [...sites].filter((site) => Boolean(this.state.sideA[site]) !== this.side);
    if (changed.length) this.paint(changed, this.side);
  }

  end() {
    this.side = null;
  }
}
