// The atlas: each cell shows what its synapse moves, and a click plays it.

// Pixels of a small map and of the large one, the change of the strongest shade; milliseconds until the
// hand rests, and for painting small maps, a frame.
const ATLAS = { side: 32, lens: 96, most: 0.06, rest: 250, slice: 8 };

VIEWS.atlas = (play) => {
  const { data, size, start } = play, longer = Math.max(...size);
  const shapeOf = (side) => size.map((one) => Math.max(1, Math.round((one * Math.min(side, longer)) / longer)));
  const paint = makeSigned(play);
  play.far = 3;

  // What half a working range of a synapse moves, from where all are now, at some size.
  const makeMaps = (shape) => {
    const small = makeNetwork(data, shape), before = copies(small.colours), by = copies(before);
    return { shape,
      from(weights) {
        small.update(weights);
        small.colours.forEach((plane, c) => before[c].set(plane));
      },
      of(k, weights, words) {
        const moved = Float64Array.from(weights);
        moved[k] += 0.5 * play.unit(k);
        small.update(moved);
        paint(words, small.colours, before, by, ATLAS.most);
      } };
  };

  const tiles = makeMaps(shapeOf(ATLAS.side)), [high, wide] = tiles.shape;
  const tile = makePixels("", tiles.shape);
  const painted = []; // of each synapse which atlas its small map belongs to
  let made = 0, madeOf = null, soon = null, until = 0;
  const remake = () => {
    madeOf = play.weights.slice();
    tiles.from(madeOf);
    made += 1;
  };
  // A synapse's hand rests: the atlas is made anew.
  const remakeSoon = () => {
    clearTimeout(soon);
    if (!same(madeOf, play.weights) && !play.playing) {
      soon = setTimeout(() => { if (!play.playing) { remake(); play.ask(); } }, ATLAS.rest);
    }
  };

  play.parts.push({ draw() { until = performance.now() + ATLAS.slice; } });
  const handle = make("div", { class: "pg-handle", role: "button", tabindex: 0, "aria-pressed": "false" });
  const sheet = makeSheet(play, { handle, dims: true,
    sizes(room) {
      const width = Math.min(40, Math.max(matchMedia("(pointer: coarse)").matches ? 28 : 20, room));
      return [width, Math.max(12, Math.round((width * high) / wide))];
    },
    stale: (k) => (performance.now() < until ? made : painted[k]),
    paint(context, k, [x, y, w, h]) {
      painted[k] = made;
      tiles.of(k, madeOf, tile.words);
      tile.show();
      context.imageSmoothingQuality = "high";
      context.drawImage(tile.canvas, x + 0.5, y + 0.5, w - 1, h - 1);
    } });

  const lens = makeMaps(shapeOf(ATLAS.lens)), large = makePixels("", lens.shape);
  const words = make("figcaption", { class: "pg-hint" });
  const figure = makePicture(play), toggle = () => (play.playing ? play.stop() : play.sweep(null, play.speed));
  const far = make("select", { "aria-label": "how far a click plays a synapse", change: () => {
    play.stop();
    play.far = Number(far.value);
  } }, ...[1, 3, 10].map((one) => make("option", { value: one, selected: one === play.far },
    `\u00b1${one} working range${one > 1 ? "s" : ""}`)));
  play.parts.push({
    draw() {
      const k = play.hovered === null ? play.chosen : play.hovered, now = play.held ? start : play.weights;
      lens.from(now);
      lens.of(k, now, large.words);
      large.show();
      label(large.canvas, `change map of synapse ${k}`);
      const plays = play.playing && play.playing.e === null && k === play.chosen;
      write(words, `${wordsOf(play, k)}, weight ${showNumber(now[k], play.digits(k))}${plays ? ", playing" : ""}`);
      remakeSoon();
      if (sheet.shown().some((one) => painted[one] !== made)) play.ask();
    },
    time() { label(handle, String(Boolean(play.playing && play.playing.e === null)), "aria-pressed"); },
    theme() { made += 1; },
    close() { clearTimeout(soon); },
  });
  remake();

  handle.addEventListener("keydown", (event) => {
    const to = walk(play, event.key);
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (to !== null) {
      play.hovered = null;
      play.choose(to);
      handle.scrollIntoView({ block: "nearest", inline: "nearest" });
    } else if (event.key === "Enter" || event.key === " ") toggle();
    else if (event.key === "Escape") play.stop();
    else return;
    event.preventDefault();
  });
  sheet.board.addEventListener("click", (event) => {
    const k = sheet.cellAt(event);
    if (k === null) return;
    handle.focus({ preventScroll: true });
    if (k === play.chosen && play.playing) return play.stop();
    play.stop();
    play.choose(k);
    return toggle();
  });
  const point = (k) => {
    if (k === play.hovered) return;
    play.hovered = k;
    play.looked = k === null ? null : play.target[k];
    play.mark();
    play.ask();
  };
  sheet.board.addEventListener("pointermove", (event) => (
    event.pointerType === "touch" ? null : point(sheet.cellAt(event))));
  sheet.board.addEventListener("pointerleave", () => point(null));

  const says = make("p", { class: "pg-help" }, "Each cell shows what half a working range of its synapse changes "
    + "in the picture: ochre gets lighter, blue darker. A click plays it, to and fro by ", far,
  ", another stops it. Keys: arrows walk, Enter plays.");
  return [make("div", { class: "pg-body pg-map-of-all" },
    make("div", { class: "pg-left" },
      make("div", { class: "pg-views" }, figure, make("figure", {}, large.canvas, words)),
      makeUnder(play)),
    make("section", { class: "pg-right", "aria-label": "all synapses" },
      make("h2", {}, "What every synapse moves: rows hear, columns are heard"), says,
      sheet.part, sheet.scroll))];
};
