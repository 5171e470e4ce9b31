// Bonds explain themselves, under the pointer and under the keyboard's focus.

class BondTips {
  constructor(picture) {
    this.picture = picture;
    this.tip = $("tip");
    const { svg } = picture;
    picture.handles.forEach((handle, bond) => {
      handle.bond = bond;
    });
    picture.hits.forEach((hit, line) => {
      hit.bond = picture.layout.lineBond[line];
    });
    svg.addEventListener("pointerover", (event) => {
      if (event.target.bond !== undefined) this.show(event.target.bond, event.clientX, event.clientY);
    });
    svg.addEventListener("pointerout", () => this.hide());
    svg.addEventListener("focusin", (event) => this.focus(event.target));
    svg.addEventListener("focusout", () => this.hide());
    svg.addEventListener("keydown", (event) => this.key(event));
    document.addEventListener("keydown", (event) => {
      if (event.key === "Escape") this.hide();
    });
    picture.scroller.addEventListener("scroll", () => this.hide());
  }

  show(bond, x, y) {
    const lines = this.picture.describe(bond);
    this.tip.replaceChildren(...lines.map((line, place) => element(place ? "p" : "strong", {}, line)));
    this.tip.hidden = false;
    const box = this.tip.getBoundingClientRect();
    this.tip.style.left = `${clamp(x + 14, 4, window.innerWidth - box.width - 4)}px`;
    this.tip.style.top = `${y + 18 + box.height > window.innerHeight ? y - box.height - 12 : y + 18}px`;
    this.mark(bond);
  }

  hide() {
    this.tip.hidden = true;
    this.mark(-1);
  }

  // All lines of the bond stand out.
  mark(bond) {
    const { lines } = this.picture;
    if (this.marked >= 0) this.eachLine(this.marked, (line) => lines[line].classList.remove("marked"));
    if (bond >= 0) this.eachLine(bond, (line) => lines[line].classList.add("marked"));
    this.marked = bond;
  }

  eachLine(bond, act) {
    this.picture.layout.lineBond.forEach((other, line) => {
      if (other === bond) act(line);
    });
  }

  focus(handle) {
    if (handle.bond === undefined) return;
    const { handles } = this.picture;
    handles[this.picture.focused].setAttribute("tabindex", -1);
    this.picture.focused = handle.bond;
    set(handle, { tabindex: 0, "aria-label": this.picture.describe(handle.bond).join("; ") });
    const box = handle.getBoundingClientRect();
    this.show(handle.bond, box.right, box.bottom);
  }

  key(event) {
    const { picture } = this;
    const { order, focused } = picture;
    const place = order.indexOf(focused);
    const to = {
      ArrowLeft: () => order[place - 1],
      ArrowRight: () => order[place + 1],
      ArrowUp: () => this.nearest(focused, 1),
      ArrowDown: () => this.nearest(focused, -1),
      Home: () => order[0],
      End: () => order[order.length - 1],
    }[event.key];
    if (!to || event.ctrlKey || event.altKey || event.metaKey) return;
    event.preventDefault();
    const bond = to();
    if (bond !== undefined) picture.handles[bond].focus();
  }

  // The bond straight above or below: the next row, the least aside.
  nearest(from, direction) {
    const { picture } = this;
    const rows = [...new Set(picture.order.map((bond) => picture.y(bond)))].sort((p, q) => direction * (p - q));
    const next = rows.find((y) => direction * (y - picture.y(from)) > 0);
    const row = picture.order.filter((bond) => picture.y(bond) === next);
    row.sort((p, q) => Math.abs(picture.x(p) - picture.x(from)) - Math.abs(picture.x(q) - picture.x(from)));
    return row[0];
  }
}
