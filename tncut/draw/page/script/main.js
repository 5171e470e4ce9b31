// The page: one state (which sites lie on side A, which layers have a width of their own), and all that shows it.

const SLOW = 120; // milliseconds, beyond which a cut waits for the hand to rest

class Page {
  constructor(data) {
    this.data = data;
    this.model = new Model(data);
    this.state = { sideA: Uint8Array.from(data.start.sides), widths: new Map() };
    const paint = (sites, side) => this.paint(sites, side);
    this.grid = new SiteGrid($("sites"), data, this.state, paint);
    this.picture = new Picture(this.model, this.state, paint);
    this.tips = new BondTips(this.picture);
    this.layers = new Layers(data, this.model, (layer, width) => this.setWidth(layer, width));
    describeNetwork(data, this.model);
    this.addButtons();
    this.listen();
    this.picture.place();
    this.restore();
  }

  // Every bond's dimension: its layer's width if that was chosen, else its own.
  dims(widths) {
    const { dims, layer, fixed } = this.model;
    return dims.map((dim, bond) => (bond !== fixed && widths.get(layer[bond])) || dim);
  }

  paint(sites, side) {
    for (const site of sites) this.state.sideA[site] = Number(side);
    this.update();
  }

  choose(sideA) {
    this.state.sideA.set(sideA);
    this.update();
  }

  setWidth(layer, width) {
    this.state.widths.set(layer, width);
    this.update();
  }

  // From the state to all that is seen. A cut that takes long waits until the hand rests for a moment.
  update() {
    this.grid.show();
    this.nameChoice();
    $("reset").disabled = !this.state.widths.size;
    clearTimeout(this.saving);
    this.saving = setTimeout(() => this.save(), 250);
    clearTimeout(this.solving);
    const isSlow = this.took > SLOW;
    document.body.classList.toggle("busy", isSlow);
    if (isSlow) this.solving = setTimeout(() => this.solve(), 30);
    else this.solve();
  }

  solve() {
    const begin = performance.now();
    const cut = this.model.cut(this.dims(this.state.widths), this.state.sideA);
    this.took = performance.now() - begin;
    cut.looks = this.model.looks(cut);
    this.picture.show(cut);
    this.layers.show(cut);
    showAnswer(cut);
    document.body.classList.remove("busy");
  }

  nameChoice() {
    const { data, state } = this;
    const sides = state.sideA.join("");
    let name = "";
    for (const button of $("families").children) {
      const isChosen = button.dataset.sides === sides;
      if (button.dataset.sides) button.setAttribute("aria-pressed", isChosen);
      if (isChosen) name = button.textContent;
    }
    const onA = state.sideA.reduce((sum, side) => sum + side, 0);
    const counts = `: ${onA} on side A, ${state.sideA.length - onA} on side B`;
    const list = name || !onA ? [] : [". Side A: ", element("code", {}, siteList(state.sideA, data.sites))];
    $("chosen").replaceChildren(element("strong", {}, name || "your partition"), counts, ...list);
  }

  addButtons() {
    for (const { name, sides } of this.data.families) {
      $("families").append(element("button", { type: "button", "data-sides": sides }, name));
    }
    for (const name of ["random half", "swap sides", "clear"]) {
      $("families").append(element("button", { type: "button" }, name));
    }
  }

  listen() {
    $("families").addEventListener("click", (event) => this.press(event.target));
    $("reset").addEventListener("click", () => {
      this.state.widths.clear();
      this.update();
    });
    for (const [id, factor] of [["zoom-in", 1.5], ["zoom-out", 1 / 1.5], ["zoom-fit", 0]]) {
      $(id).addEventListener("click", () => this.zoom(factor));
    }
    $("copy-link").addEventListener("click", () => this.copyLink());
    $("theme").addEventListener("click", () => this.turnTheme());
    window.addEventListener("hashchange", () => this.restore());
    window.addEventListener("resize", () => this.place());
    window.addEventListener("beforeprint", () => this.setPaper(true));
    window.addEventListener("afterprint", () => this.setPaper(false));
  }

  press(button) {
    const { sideA } = this.state;
    if (button.dataset.sides) this.choose(Uint8Array.from(button.dataset.sides));
    else if (button.textContent === "clear") this.choose(new Uint8Array(sideA.length));
    else if (button.textContent === "swap sides") this.choose(sideA.map((side) => 1 - side));
    else if (button.textContent === "random half") this.choose(randomHalf(sideA.length, this.data.sites));
  }

  // What is drawn changes its size, not its cut.
  zoom(factor) {
    this.picture.zoom(factor);
    this.redraw();
  }

  // On paper all that scrolls has to fit.
  setPaper(isPaper) {
    document.body.classList.toggle("paper", isPaper);
    if (isPaper) this.picture.zoom(0);
    else this.picture.chosen = undefined;
    this.place();
  }

  redraw() {
    this.picture.place();
    this.picture.show(this.picture.cut);
  }

  place() {
    this.grid.place();
    this.redraw();
  }

  save() {
    clearTimeout(this.saving);
    const hash = toHash(this.state, this.data);
    try {
      if (hash !== window.location.hash) window.history.replaceState(null, "", hash);
    } catch {
      // A page inside another one may not own its address; then the link is only on the button.
    }
    return window.location.href.replace(/#.*/, "") + hash;
  }

  restore() {
    try {
      const found = fromHash(window.location.hash, this.data, this.layers.rows.map((row) => row.layer));
      this.state.sideA.set(found.sideA ?? Uint8Array.from(this.data.start.sides));
      this.state.widths = found.widths ?? new Map();
    } catch (error) {
      notify(`${error.message}; the link is not followed`);
    }
    this.update();
  }

  async copyLink() {
    const link = this.save();
    try {
      await navigator.clipboard.writeText(link);
      notify("The link is copied: it restores this partition and these dimensions.");
    } catch {
      notify("The address of this page is the link: it restores this partition and these dimensions.");
    }
  }

  turnTheme() {
    const themes = ["auto", "light", "dark"];
    const theme = themes[(themes.indexOf(document.documentElement.dataset.theme || "auto") + 1) % 3];
    document.documentElement.dataset.theme = theme;
    $("theme").textContent = `Theme: ${theme}`;
  }
}

function randomHalf(terminals, sites) {
  const sideA = new Uint8Array(terminals);
  const order = Array.from({ length: sites }, (_, site) => [Math.random(), site]).sort(([p], [q]) => p - q);
  for (const [, site] of order.slice(0, Math.floor(sites / 2))) sideA[site] = 1;
  return sideA;
}

const page = new Page(JSON.parse($("data").textContent));

// What a program may ask of the page: the bounds of a partition ("0110...") and widths ([[layer, width], ...]).
window.tncut = {
  answer(sides, widths = []) {
    const cut = page.model.cut(page.dims(new Map(widths)), Uint8Array.from(sides));
    const { pairing, source } = cut;
    const [rankBound, rankLower] = [String(cut.rankBound), String(cut.lower.rank)];
    const charged = cut.charges.map(({ vertex, charge }) => [vertex, String(charge)]);
    return { rankBound, rankLower, source, charged, pairing: pairing ? { ...pairing, rank: undefined } : null };
  },
};
