// Elements of the page. Words of others (names, titles, files) are set as text only.

// An element with attributes, listeners (functions) and children; texts become text nodes.
function make(tag, given = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(given)) {
    if (typeof value === "function") node.addEventListener(name, value);
    else if (value === true) node.setAttribute(name, "");
    else if (value !== false && value !== undefined) node.setAttribute(name, value);
  }
  // JupyterLab would take the keys: `x` cuts the cell.
  if (/^(button|input|select)$/.test(tag) || "tabindex" in given) {
    node.dataset.lmSuppressShortcuts = "true";
  }
  node.append(...children.filter((child) => child !== null && child !== undefined));
  return node;
}

// Set what is new, and nothing else: the page is laid out again for each text that is set.
function write(node, text) {
  if (node.textContent !== text) node.textContent = text;
}
function label(node, text, name = "aria-label") {
  if (node.getAttribute(name) !== text) node.setAttribute(name, text);
}

// A slider's ends, place and words; the ends first, which the place has to lie between.
function setRange(input, [low, high], value, words) {
  label(input, String(low), "min");
  label(input, String(high), "max");
  if (input.value !== String(value)) input.value = value;
  label(input, words, "aria-valuetext");
}

function makeButton(text, action, more = {}) {
  return make("button", { type: "button", click: action, ...more }, text);
}

// A canvas that is written pixel by pixel: as bytes of `image`, or as 32-bit `words`.
function makePixels(label, [height, width]) {
  const canvas = make("canvas", { role: "img", "aria-label": label });
  [canvas.height, canvas.width] = [height, width];
  const context = canvas.getContext("2d"), image = context.createImageData(width, height);
  return { canvas, image, words: new Uint32Array(image.data.buffer),
    show() { context.putImageData(image, 0, 0); } };
}

// The colours of the theme, grey while the root is in no page; `table` has 101 from low over middle to high, `deepening` as many from
// middle to deep.
function themeColours(root) {
  const style = getComputedStyle(root), of = (name) => style.getPropertyValue(name).trim() || "#888888";
  const parse = (hex) => [1, 3, 5].map((i) => parseInt(hex.slice(i, i + 2), 16));
  const [low, mid, high, deep, accent, most] = ["--low", "--mid", "--high", "--deep", "--accent", "--ink"]
    .map((name) => parse(of(name)));
  const blend = (from, to, share) => `rgb(${from.map((m, c) => Math.round(m + share * (to[c] - m))).join(",")})`;
  const hundred = (colour) => Array.from({ length: 101 }, (_, i) => colour(i / 100));
  return {
    table: hundred((at) => blend(mid, at < 0.5 ? low : high, Math.abs(2 * at - 1) ** 0.7)),
    amounts: hundred((at) => blend(mid, most, at)), // without a sign: no colour of the signed ones
    deepening: hundred((at) => (at < 0.5 ? blend(mid, accent, 2 * at) : blend(accent, deep, 2 * at - 1))),
    ink: of("--ink"), quiet: of("--quiet"), accent: of("--accent"), line: of("--line"), paper: of("--paper"),
  };
}
