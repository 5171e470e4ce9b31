// Elements, and integers as text.

const SVG = "http://www.w3.org/2000/svg";

function $(id) {
  return document.getElementById(id);
}

function element(tag, attributes = {}, ...children) {
  const made = document.createElement(tag);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.append(...children);
  return made;
}

function shape(tag, attributes = {}, parent = null) {
  const made = document.createElementNS(SVG, tag);
  set(made, attributes);
  if (parent) parent.append(made);
  return made;
}

function set(node, attributes) {
  for (const [key, value] of Object.entries(attributes)) node.setAttribute(key, value);
}

function clamp(value, low, high) {
  return Math.max(low, Math.min(value, high));
}

function plural(count, word, several = `${word}s`) {
  return `${count} ${count === 1 ? word : several}`;
}

// An exact integer if it can be read, else its power of two, exact or rounded.
function showInteger(value) {
  if (value < 10n ** 15n) return grouped(value);
  const bits = value.toString(2);
  const power = bits.length - 1;
  return /^10*$/.test(bits) ? `2^${power}` : `about 2^${log2(value).toFixed(2)}`;
}

function grouped(value) {
  return value.toString().replace(/\B(?=(\d{3})+$)/g, "\u202f");
}

function showBits(bits) {
  return `${Number(bits.toPrecision(6))} bit${bits === 1 ? "" : "s"}`;
}

// An upper end, rounded up: what is shown is a bound too.
function showUpper(bits) {
  const shown = Number(bits.toPrecision(6));
  const step = 10 ** (Math.floor(Math.log10(bits)) - 5);
  return showBits(shown < bits ? shown + step : shown);
}

function notify(text) {
  const notice = $("notice");
  notice.textContent = text;
  notice.hidden = false;
  clearTimeout(notify.timer);
  notify.timer = setTimeout(() => {
    notice.hidden = true;
  }, 6000);
}
