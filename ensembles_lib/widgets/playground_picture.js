// The picture, and how it has changed since the start.

function makePicture(play) {
  const { network, size } = play, before = copies(network.colours);
  const picture = makePixels(play.title, size), outline = play.data.outline && new Path2D(play.data.outline);
  const context = picture.canvas.getContext("2d");
  context.translate(0.5, 0.5); // lines a pixel wide, through the middle of pixels
  const reading = make("output", { "aria-live": "off" }, "0.000");
  play.parts.push({
    draw() {
      writePicture(network.colours, picture.image.data);
      picture.show();
      for (const [colour, dash] of outline ? [["black", []], ["white", [2, 2]]] : []) { // on any ground
        context.strokeStyle = colour;
        context.setLineDash(dash);
        context.stroke(outline);
      }
    },
    follow() { write(reading, showNumber(rms(network.colours, before, network.points))); },
  });
  // Beside the picture that was taught it is the error that counts.
  const taught = play.data.view === "sliders" && play.data.target;
  return make("figure", { class: "pg-picture" }, picture.canvas,
    taught ? makeCaption(play, "what the network paints") : makeCaption(play, "changed by ", reading, " (RMS)"));
}

// Words below the picture; while the start is held they say so.
function makeCaption(play, ...words) {
  const now = make("span", {}, ...words), before = make("span", {}, "the start");
  play.parts.push({
    draw() {
      now.hidden = play.held;
      before.hidden = !play.held;
    },
  });
  return make("figcaption", {}, now, before);
}

// Signed maps of changes: along the direction of red, green and blue in which they vary most, ochre is
// lighter, blue darker, as in the figures; shades go with the root, so that faint ones are seen, too.
function makeSigned(play) {
  const steps = 4096; // roots of so many shares to each side, found once and not for every point
  let shades = null;
  play.parts.push({
    theme() {
      const hundred = asWords(play.colours.table);
      shades = Uint32Array.from({ length: 2 * steps + 1 }, (_, i) => {
        const share = i / steps - 1;
        return hundred[Math.round(50 + 50 * Math.sign(share) * Math.sqrt(Math.abs(share)))];
      });
    },
  });
  // Write the difference of some planes from others; the strongest shade is for `most` and more; `by`
  // are planes to work in.
  return (words, planes, before, by, most) => {
    const points = words.length;
    planes.forEach((plane, c) => subtract(by[c], plane, before[c], points));
    const [r, g, b] = mainColour(by, points).map((x) => (x * steps) / Math.sqrt(3) / most);
    const [red, green, blue] = by;
    for (let p = 0; p < points; p++) {
      const along = r * red[p] + g * green[p] + b * blue[p];
      words[p] = shades[(along > steps ? 2 * steps : along < -steps ? 0 : along + steps + 0.5) | 0];
    }
  };
}
function subtract(to, some, others, points) {
  for (let p = 0; p < points; p++) to[p] = some[p] - others[p];
}
// Colours of the theme as the 32-bit words of a canvas.
const asWords = (table) => new Uint32Array(table.map((rgb) => {
  const [r, g, b] = rgb.match(/\d+/g).map(Number);
  return (255 << 24 | b << 16 | g << 8 | r) >>> 0;
}));
const copies = (planes) => planes.map((plane) => plane.slice());

function makeSinceStart(play) {
  const { network, size } = play, before = copies(network.colours), by = copies(before);
  const map = makePixels("change of the picture since the start", size), paint = makeSigned(play);
  const unchanged = make("span", { class: "pg-unchanged" }, "Pull, and here you see what changes.");
  play.parts.push({
    follow() {
      paint(map.words, network.colours, before, by, 0.4);
      map.show();
      unchanged.hidden = !same(play.weights, play.start);
    },
  });
  return make("figure", { class: "pg-since" }, map.canvas, unchanged,
    make("figcaption", {}, "changed since the start (\u00b10.4: ochre lighter, blue darker)"));
}

// The direction of red, green and blue along which three planes vary most, to the lighter end: the
// first eigenvector of their second moments, by squaring these until only it is left.
function mainColour(planes, points) {
  const [red, green, blue] = planes;
  let rr = 0, rg = 0, rb = 0, gg = 0, gb = 0, bb = 0; // in one go: it is done for every frame
  for (let p = 0; p < points; p++) {
    const r = red[p], g = green[p], b = blue[p];
    rr += r * r; rg += r * g; rb += r * b; gg += g * g; gb += g * b; bb += b * b;
  }
  let m = [[rr, rg, rb], [rg, gg, gb], [rb, gb, bb]];
  for (let i = 0; i < 30; i++) {
    const most = Math.max(...m.flat().map(Math.abs)) || 1;
    m = m.map((row) => row.map((x) => x / most));
    m = m.map((row) => m.map((_, j) => row.reduce((sum, x, k) => sum + x * m[k][j], 0)));
  }
  const axis = m.reduce((best, row) => (Math.hypot(...row) > Math.hypot(...best) ? row : best));
  const length = Math.hypot(...axis) || 1, up = axis.reduce((a, b) => a + b, 0) < 0 ? -1 : 1;
  return axis.map((x) => (up * x) / length);
}

// A button that shows the start while it is held.
function makeCompare(play) {
  const compare = makeButton("hold to compare", () => {}, { "aria-pressed": "false" });
  const holding = (now) => {
    play.held = now;
    compare.setAttribute("aria-pressed", String(now));
    play.ask();
  };
  const letGo = () => play.held && holding(false);
  compare.addEventListener("pointerdown", (event) => {
    compare.setPointerCapture(event.pointerId);
    holding(true);
  });
  for (const kind of ["pointerup", "pointercancel", "blur"]) compare.addEventListener(kind, letGo);
  compare.addEventListener("keydown", ({ key }) => { if (key === " " || key === "Enter") holding(true); });
  compare.addEventListener("keyup", letGo);
  return compare;
}

// The line of words of the page.
function makeMessage(play) {
  const message = make("p", { class: "pg-message", role: "status" });
  play.say = (...words) => { message.replaceChildren(...words); };
  return message;
}

// The picture that was taught, or another goal: an image, and its planes as soon as it is there.
function makeTarget({ data, size: [height, width] }) {
  const image = make("img", { alt: data.target_caption, src: data.target });
  const read = () => {
    const { canvas } = makePixels("", [height, width]), context = canvas.getContext("2d");
    context.drawImage(image, 0, 0, width, height);
    return planesOf(context.getImageData(0, 0, width, height).data);
  };
  return { image, planes: image.decode().then(read),
    // Another picture in its place, the middle of a file; returns its planes. It stays in the page.
    async replace(file) {
      const bitmap = await createImageBitmap(file), { canvas } = makePixels("", [height, width]);
      const context = canvas.getContext("2d"), scale = Math.max(width / bitmap.width, height / bitmap.height);
      const [w, h] = [bitmap.width * scale, bitmap.height * scale];
      context.fillStyle = "white"; // behind what is transparent
      context.fillRect(0, 0, width, height);
      context.imageSmoothingQuality = "high";
      context.drawImage(bitmap, (width - w) / 2, (height - h) / 2, w, h);
      image.src = canvas.toDataURL();
      image.alt = "your picture";
      await image.decode();
      return read();
    } };
}
