// What is proven about the partition, and what the network is.

function showAnswer(cut) {
  const { rankBound: bound, lower } = cut;
  const isTight = lower.rank === bound;
  $("rank-bound").textContent = showInteger(bound);
  $("rank-bound").dataset.exact = bound;
  $("rank").style.setProperty("--letters", $("rank-bound").textContent.length);
  $("rank-source").textContent = `bound, proven for all weights: ${cut.source}`;
  $("entropy").textContent = `\u2264 ${showUpper(log2(bound))}`;
  $("rank-lower").textContent = `\u2265 ${showInteger(lower.rank)}`;
  $("rank-lower").dataset.exact = lower.rank;
  $("lower-source").textContent = lower.source;
  $("tight").textContent = isTight ? "\u2713 yes" : "? open";
  $("tight").className = isTight ? "yes" : "open";
  $("reason").textContent = isTight ? "both ends meet" : lower.reason;
  const drawn = cut.charges.reduce((product, { charge }) => product * charge, 1n);
  $("drawn").hidden = drawn === bound;
  $("drawn").textContent = `The picture shows the symmetric cut, which proves ${showInteger(drawn)}.`;
  $("one-side").hidden = !isOneSided(cut);
  $("digits").hidden = bound < 10n ** 15n;
  const digits = bound.toString();
  $("digits").firstElementChild.textContent = `the exact integer, ${digits.length} digits`;
  $("digits").lastElementChild.textContent = digits;
}

// Whether only sites are cut, so that all else has one colour.
function isOneSided({ charges, looks }) {
  return charges.length > 0 && new Set(looks.tensors).size === 1;
}

function describeNetwork(data, model) {
  const sizes = [
    `${data.grid.join(" \u00d7 ")} ${data.sites === 1 ? "site" : "sites"}`,
    ...(data.units === null ? [] : [plural(data.layerUnits.length, "layer"), plural(data.units, "unit")]),
    plural(model.tensors, model.siteBond ? "tensor" : "matrix", model.siteBond ? "tensors" : "matrices"),
  ];
  const question = "How much dependence between two sides of its inputs can this network model?";
  $("about").textContent = `${sizes.join(", ")}. ${question}`;
  $("show-title").textContent = model.siteBond ? "Tensor network and its minimum cut" : "Circuit and its symmetric cut";
  $("copies").hidden = Boolean(model.siteBond);
  $("legend").append(...model.legend.map(([text, ...looks]) =>
    element("li", {}, ...looks.map((look) => element("span", { class: `mark ${look}` })), text)));
}
