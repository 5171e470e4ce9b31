// The state of the page as text in its address: #p=0-3,8&w=s:4,1:16

// Side A by its sites, runs shortened, the label y: the form that the command line reads.
function siteList(sideA, sites) {
  const runs = [];
  for (let site = 0; site < sites; site += 1) {
    if (!sideA[site]) continue;
    const first = site;
    while (site + 1 < sites && sideA[site + 1]) site += 1;
    runs.push(first === site ? `${first}` : `${first}-${site}`);
  }
  if (sideA.length > sites && sideA[sites]) runs.push("y");
  return runs.join(",");
}

function readSiteList(text, sites, terminals) {
  const sideA = new Uint8Array(terminals);
  for (const item of text.split(",").filter(Boolean)) {
    const found = /^(\d{1,9})(?:-(\d{1,9}))?$/.exec(item);
    if (item === "y" && terminals > sites) sideA[sites] = 1;
    else if (!found) throw new Error(`the link names ${item}, which is no site`);
    else {
      const last = Number(found[2] ?? found[1]);
      if (last >= sites) throw new Error(`the link names site ${last}; the sites are 0 to ${sites - 1}`);
      sideA.fill(1, Number(found[1]), last + 1);
    }
  }
  return sideA;
}

function toHash(state, data) {
  const family = data.families.find((one) => one.sides === [...state.sideA].join(""));
  const widths = [...state.widths].sort(([p], [q]) => p - q).map(([layer, width]) => `${layerCode(layer)}:${width}`);
  const parts = [`p=${family ? family.name : siteList(state.sideA, data.sites)}`];
  return `#${[...parts, ...(widths.length ? [`w=${widths.join(",")}`] : [])].join("&")}`;
}

// What a link says; an Error that says what is wrong with it.
function fromHash(hash, data, layers) {
  const state = {};
  for (const part of decodeURIComponent(hash.slice(1)).split("&").filter(Boolean)) {
    if (part.startsWith("p=")) {
      const family = data.families.find((one) => one.name === part.slice(2));
      const terminals = data.start.sides.length;
      state.sideA = family ? Uint8Array.from(family.sides) : readSiteList(part.slice(2), data.sites, terminals);
    } else if (part.startsWith("w=")) {
      state.widths = new Map(part.slice(2).split(",").map((item) => readWidth(item, layers)));
    } else throw new Error(`the link says ${part}, which this page does not know`);
  }
  return state;
}

function readWidth(item, layers) {
  const [code, text] = item.split(":");
  const layer = layers.find((one) => layerCode(one) === code);
  const width = /^\d{1,16}$/.test(text) ? Number(text) : 0;
  if (layer === undefined) throw new Error(`the link gives a dimension to ${code}, which is no layer`);
  if (width < 1 || width > MOST) throw new Error(`the link gives ${layerText(layer)} the dimension ${text}`);
  return [layer, width];
}

function layerText(layer) {
  return layer === SITE ? "sites" : layer === LABEL ? "label" : `layer ${layer}`;
}

function layerCode(layer) {
  return layer === SITE ? "s" : layer === LABEL ? "y" : String(layer);
}
