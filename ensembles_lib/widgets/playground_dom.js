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

// The colours of the theme, and a table of 101 from low over middle to high.
function themeColours(root) {
  const style = getComputedStyle(root), of = (name) => style.getPropertyValue(name).trim();
  const parse = (hex) => [1, 3, 5].map((i) => parseInt(hex.slice(i, i + 2), 16));
  const [low, mid, high] = ["--low", "--mid", "--high"].map((name) => parse(of(name)));
  const table = Array.from({ length: 101 }, (_, i) => {
    const at = (i - 50) / 50, end = at < 0 ? low : high;
    return `rgb(${mid.map((m, c) => Math.round(m + Math.abs(at) ** 0.7 * (end[c] - m))).join(",")})`;
  });
  return { table, ink: of("--ink"), quiet: of("--quiet"), accent: of("--accent") };
}
