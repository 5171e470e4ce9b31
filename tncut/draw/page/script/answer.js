// What is proven about the partition, and what the network is.

function showAnswer(network, cut) {
  const bound = cut.rankBound;
  const lower = rankLower(network, cut);
  const rank = lower ? lower.rank : 1n;
  const isTight = lower !== null && rank === bound;
  $("rank-bound").textContent = showInteger(bound);
  $("rank-bound").dataset.exact = bound;
  $("rank").style.setProperty("--letters", $("rank-bound").textContent.length);
  $("entropy").textContent = `\u2264 ${showUpper(log2(bound))}`;
  $("rank-lower").textContent = `\u2265 ${showInteger(rank)}`;
  $("rank-lower").dataset.exact = rank;
  $("lower-source").textContent = lowerSource(lower);
  $("tight").textContent = isTight ? "\u2713 yes" : "? open";
  $("tight").className = isTight ? "yes" : "open";
  $("reason").textContent = reason(network, lower, isTight);
  $("digits").hidden = bound < 10n ** 15n;
  const digits = bound.toString();
  $("digits").firstElementChild.textContent = `the exact integer, ${digits.length} digits`;
  $("digits").lastElementChild.textContent = digits;
}

function lowerSource(lower) {
  if (lower === null || lower.theorem === "trivial") return "trivial: no tensor but zero has less";
  const dims = lower.theorem === "T2" ? "all dimensions are" : "dimensions are rounded down to";
  return `almost all unshared weights: ${dims} powers of ${lower.base} (theorem ${lower.theorem}, docs/theory.md)`;
}

function reason(network, lower, isTight) {
  if (isTight) return "both ends meet";
  if (lower) return "the dimensions are not all powers of one integer";
  if (!network.hasDuplicates) return "lower ends are proven for free tensors, and these are not";
  return "units are re-used; tncut bound may prove a larger lower end";
}

function describeNetwork(data, network) {
  const sizes = [
    `${data.grid.join(" \u00d7 ")} ${data.sites === 1 ? "site" : "sites"}`,
    ...(data.units === null ? [] : [plural(data.layerUnits.length, "layer"), plural(data.units, "unit")]),
    plural(network.tensors, "tensor"),
  ];
  const question = "How much dependence between two sides of its inputs can this network model?";
  $("about").textContent = `${sizes.join(", ")}. ${question}`;
  const which = network.hasDuplicates ? "minimum cut of the unfolded network" : "minimum cut";
  $("rank-source").textContent = `bound, proven for all weights: ${which}`;
  $("duplicates").hidden = !network.hasDuplicates;
  $("legend").append(...legend(data, network).map(([text, ...looks]) =>
    element("li", {}, ...looks.map((look) => element("span", { class: `mark ${look}` })), text)));
}

// Each entry: a text, and the symbols that it explains.
function legend(data, network) {
  const entries = [
    ["site, on side A and B", "site a", "site b"],
    [data.units === null ? "tensor" : "matrix", "tensor a", "tensor b"],
    ["cut bond, with its dimension", "line cut"],
  ];
  if (data.layout.isCopy.some(Boolean)) entries.push(["copy tensor", "dot"], ["cut copy tensor: pays once", "dot cut"]);
  if (network.hasDuplicates) entries.push(["duplicate of a re-used unit", "tensor a duplicate", "tensor b duplicate"]);
  if (network.siteBond.some((bond) => bond < 0)) entries.push(["site that is not read", "site a unread"]);
  return entries;
}
