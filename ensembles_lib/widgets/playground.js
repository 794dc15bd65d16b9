// The whole network in one view. Words of others (names, titles, files) are set as text only.

const RANGES = 5; // a slider's reach to both sides, in linear working ranges
const HEAL = { rate: 0.01, fastest: 0.004, warm: 100, milliseconds: 9 };
const TILE = 64; // pixels of a small map's longer side

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

let numberOfPlaygrounds = 0; // labels need names of their own, also where one is shown twice

// Build the playground in `root`; `told` hears of the weights when the hand rests.
function openPlayground(root, data, { told = () => {}, inAddress = false } = {}) {
  const { sources, size, reach, title } = data, [height, width] = size;
  const start = Float64Array.from(data.start), first = firstSynapses(sources);
  const given = { digests: data.digests, start }, ensembles = data.ensembles;
  const target = Int32Array.from(sources.flatMap((heard, n) => heard.map(() => n)));
  const source = sources.flat(), nNeurons = sources.length;
  const network = makeNetwork(sources, size), prefix = `playground-${++numberOfPlaygrounds}`;
  const neuronName = (n) => ("RGB"[n - nNeurons + 3] || String(n));
  const sourceName = (s) => (s < 3 ? ["x", "y", "1"][s] : neuronName(s - 3));
  const spoken = (s) => (s < 3 ? `input ${"xy1"[s]}` : `neuron ${neuronName(s - 3)}`);
  const calm = matchMedia("(prefers-reduced-motion: reduce)");
  const away = []; // what is to be undone when the playground goes
  const listen = (on, kind, what) => {
    on.addEventListener(kind, what);
    away.push(() => on.removeEventListener(kind, what));
  };

  let weights = start.slice(), amounts = ensembles.map(({ home }) => home);
  let chosen = 0, looked = null; // looked: a neuron whose map is shown large, or null
  let held = false, playing = null, healing = null;
  const frozen = new Uint8Array(start.length);
  const history = makeHistory({ weights: weights.slice(), amounts: amounts.slice() });
  network.update(start);
  const before = network.outputs.map((plane) => plane.slice());

  // What is seen

  const pixels = (label, h = height, w = width) => {
    const canvas = make("canvas", { role: "img", "aria-label": label });
    [canvas.height, canvas.width] = [h, w];
    const context = canvas.getContext("2d"), image = context.createImageData(w, h);
    return { canvas, image, words: new Uint32Array(image.data.buffer),
      show() { context.putImageData(image, 0, 0); } };
  };
  const cividis = colourTable(CIVIDIS), strength = colourTable(PAPER_TO_BLUE);
  const picture = pixels(title), glass = pixels("");
  const shrink = Math.min(1, TILE / Math.max(height, width));
  const tileHeight = Math.max(1, Math.round(height * shrink));
  const tileWidth = Math.max(1, Math.round(width * shrink));
  const places = Int32Array.from({ length: tileHeight * tileWidth }, (_, p) => {
    const y = Math.floor(((Math.floor(p / tileWidth) + 0.5) * height) / tileHeight);
    return y * width + Math.floor((((p % tileWidth) + 0.5) * width) / tileWidth);
  });
  const change = makeNetwork(sources, [tileHeight, tileWidth]); // for change maps, which are small
  const changeMap = pixels("", tileHeight, tileWidth);
  const changeBefore = change.outputs.map((plane) => new Float32Array(plane.length));

  const button = (text, action, more = {}) => make("button",
    { type: "button", click: action, ...more }, text);
  const undoButton = button("\u21b6 undo", () => goTo(history.undo()));
  const redoButton = button("\u21b7 redo", () => goTo(history.redo()));
  const compare = button("hold to compare", () => {}, { "aria-pressed": "false" });
  const holding = (now) => {
    held = now;
    compare.setAttribute("aria-pressed", String(now));
    ask();
  };
  compare.addEventListener("pointerdown", (event) => {
    compare.setPointerCapture(event.pointerId);
    holding(true);
  });
  for (const kind of ["pointerup", "pointercancel", "blur"]) {
    compare.addEventListener(kind, () => held && holding(false));
  }
  compare.addEventListener("keydown", ({ key }) => { if (key === " " || key === "Enter") holding(true); });
  compare.addEventListener("keyup", () => held && holding(false));
  const file = make("input", { type: "file", accept: ".json,application/json", hidden: true,
    "aria-label": "a saved log of edits", change: () => loadFile() });
  const message = make("p", { class: "pg-message", role: "status" });
  const say = (text) => { message.textContent = text; };
  const toolbar = make("div", { class: "pg-tools", role: "toolbar", "aria-label": "the whole network" },
    undoButton, redoButton, button("reset all", () => {
      stopAll();
      setAll(start.slice(), ensembles.map(({ home }) => home));
    }), compare, make("span", { class: "pg-gap" }),
    button("PNG", savePng, { "aria-label": "save the picture as PNG" }),
    button("JSON", () => download(new Blob([encodeLog(given, weights)], { type: "application/json" }),
      "edits.json"), { "aria-label": "save what was changed as JSON" }),
    button("load", () => file.click(), { "aria-label": "load a JSON file" }), file,
    button("copy Python", () => copy(toPython(given, weights), "Python")),
    inAddress ? button("copy link", () => copy(location.href, "The link")) : null);

  const reading = make("output", { "aria-live": "off" }, "0.000");
  const figure = make("figure", { class: "pg-picture" }, picture.canvas,
    make("figcaption", {}, "changed by ", reading, " (RMS)"));
  const glassText = make("figcaption", {}), changeText = make("figcaption", {});
  const lenses = make("div", { class: "pg-lenses" },
    make("figure", {}, glass.canvas, glassText),
    make("figure", {}, changeMap.canvas, changeText));

  // The chosen synapse

  const wheres = make("span", { class: "pg-where" });
  const which = make("input", { type: "number", id: `${prefix}-which`, min: 0, max: start.length - 1,
    step: 1, input: () => which.value !== "" && choose(Number(which.value)) });
  const typed = make("input", { type: "text", inputmode: "decimal", autocomplete: "off",
    id: `${prefix}-weight`, change: () => typeWeight() });
  const slider = make("input", { type: "range", step: "any", "aria-label": "weight of the chosen synapse",
    input: () => { stopAll(); moveTo(chosen, Number(slider.value)); }, change: () => rest() });
  const freeze = make("input", { type: "checkbox", change: () => {
    frozen[chosen] = freeze.checked ? 1 : 0;
    drawMarks();
    showHealing();
  } });
  const speed = make("input", { type: "range", min: 0.2, max: 3, step: "any", value: 1,
    "aria-label": "speed of the sweep" });
  const play = button("\u25b6 sweep", () => (playing ? stopAll() : startPlaying()), { class: "pg-play" });
  const synapseBox = make("section", { class: "pg-box", "aria-label": "the chosen synapse" },
    make("div", { class: "pg-line" }, make("label", { for: which.id }, "synapse"), which, wheres),
    make("div", { class: "pg-line" }, make("label", { for: typed.id }, "weight"), typed,
      button("reset", () => { stopAll(); moveTo(chosen, start[chosen]); rest(); },
        { "aria-label": "reset this synapse" }),
      data.target ? make("label", { class: "pg-check" }, freeze, "freeze") : null),
    slider,
    make("div", { class: "pg-line" }, play, make("label", { class: "pg-speed" }, "speed ", speed)));

  const paths = ensembles.map((path, e) => {
    const last = path.amounts.length - 1, shown = make("output", { "aria-live": "off" });
    const input = make("input", { type: "range", id: `${prefix}-ensemble-${e}`, step: "any",
      min: path.amounts[0], max: path.amounts[last], value: path.home,
      input: () => { stopAll(); slide(e, Number(input.value)); }, change: () => rest(),
      focus: () => { marked = e; drawMarks(); }, blur: () => { marked = null; drawMarks(); },
      pointerenter: () => { marked = e; drawMarks(); },
      pointerleave: () => { if (document.activeElement !== input) { marked = null; drawMarks(); } } });
    const run = button("\u25b6", () => (playing ? stopAll() : startPlaying(e)),
      { "aria-label": `sweep ${path.name}`, class: "pg-play" });
    const node = make("div", { class: "pg-path" },
      make("label", { for: input.id }, path.name,
        make("small", {}, ` ${path.members.length} synapses`)), shown, input, run);
    return { node, input, shown, run };
  });
  let marked = null; // the ensemble whose members are marked
  const pathsBox = ensembles.length
    ? make("section", { class: "pg-box", "aria-label": "ensembles" },
      make("h2", {}, "An ensemble is one slider"), ...paths.map(({ node }) => node)) : null;

  // Healing

  const line = make("canvas", { role: "img", "aria-label": "error while healing" });
  [line.width, line.height] = [320, 72];
  const error = make("output", { "aria-live": "off" }), frozenText = make("span", { class: "pg-frozen" });
  const heal = button("heal", () => (healing ? stopAll() : startHealing()), { class: "pg-play", disabled: true });
  const errors = [];
  let aim = null, trainer = null;
  const aimImage = data.target
    ? make("img", { alt: "the picture that was taught", src: `data:image/png;base64,${data.target}` }) : null;
  const healBox = data.target
    ? make("section", { class: "pg-box", "aria-label": "heal" },
      make("h2", {}, "Break it, and let it learn again"),
      make("div", { class: "pg-heal" }, aimImage,
        make("div", {}, make("div", { class: "pg-line" }, button("break", breakIt), heal),
          make("p", {}, "error (RMSE) ", error), frozenText), line)) : null;
  const stillHere = () => root.isConnected;

  // All neurons

  const maps = sources.map((_, n) => {
    const map = pixels("", tileHeight, tileWidth);
    map.canvas.removeAttribute("role");
    map.canvas.removeAttribute("aria-label");
    map.canvas.setAttribute("aria-hidden", "true");
    const node = button("", () => { look(n); choose(first[n]); }, { class: "pg-map",
      "aria-label": `neuron ${neuronName(n)}`, focus: () => look(n), pointerenter: () => look(n),
      pointerleave: () => look(null), blur: () => look(null) });
    node.append(map.canvas, make("span", {}, neuronName(n)));
    return { ...map, node };
  });
  const grid = make("div", { class: "pg-maps", role: "group", "aria-label": "activation maps" },
    ...maps.map(({ node }) => node));

  // All synapses: one canvas of cells, one of labels and marks, and a handle on the chosen cell.

  const cells = make("canvas", { "aria-hidden": "true", class: "pg-cells" });
  const marks = make("canvas", { "aria-hidden": "true", class: "pg-marks" });
  const help = make("p", { id: `${prefix}-help`, class: "pg-help" },
    "Drag a cell up or down; double-click resets it. Keys: arrows walk, Page Up and Down move the "
    + "weight, + and \u2212 less far, with Shift a tenth; Delete resets, Enter types a number.");
  const handle = make("div", { class: "pg-handle", role: "slider", tabindex: 0,
    "aria-describedby": help.id, "aria-orientation": "vertical" });
  const bands = [make("div", { class: "pg-band" }), make("div", { class: "pg-band" })];
  const board = make("div", { class: "pg-board" }, ...bands, cells, marks, handle);
  const key = make("div", { class: "pg-key", role: "img" });
  const keyText = [0, 1, 2].map(() => make("span"));
  const largest = Math.max(...start.map(Math.abs)) || 1;
  const sorted = Array.from(start, Math.abs).sort((a, b) => a - b);
  const limit = sorted[Math.floor(0.9 * (sorted.length - 1))] || largest;
  keyText[0].textContent = `\u2264 ${showNumber(-limit, 1)}`;
  keyText[1].textContent = "0";
  keyText[2].textContent = `\u2265 ${showNumber(limit, 1)}`;
  key.setAttribute("aria-label", `colours of weights, from ${showNumber(-limit, 1)} (blue) over 0 to ${
    showNumber(limit, 1)} (ochre)`);
  const hint = make("p", { class: "pg-hint" });
  const matrix = make("section", { class: "pg-matrix", "aria-label": "all synapses" },
    make("div", { class: "pg-line" }, make("h2", {}, "Every synapse: rows hear, columns are heard"),
      make("div", { class: "pg-keyline" }, keyText[0], key, keyText[2])),
    make("div", { class: "pg-scroll" }, board), hint, help);

  const columns = sources.reduce((most, heard) => Math.max(most, ...heard), 0) + 1;
  let cell = { w: 20, h: 14, left: 26, top: 18 }, colours = null, drawn = [];
  const themeColours = () => {
    const style = getComputedStyle(root), of = (name) => style.getPropertyValue(name).trim();
    const parse = (hex) => [1, 3, 5].map((i) => parseInt(hex.slice(i, i + 2), 16));
    const [low, mid, high] = ["--low", "--mid", "--high"].map((name) => parse(of(name)));
    const mix = (end, share) => mid.map((m, c) => Math.round(m + share * (end[c] - m)));
    const table = Array.from({ length: 101 }, (_, i) => {
      const at = (i - 50) / 50;
      return `rgb(${mix(at < 0 ? low : high, Math.abs(at) ** 0.7).join(",")})`;
    });
    colours = { table, ink: of("--ink"), quiet: of("--quiet"), accent: of("--accent") };
    key.style.background = `linear-gradient(90deg, ${table.filter((_, i) => i % 10 === 0).join(",")})`;
  };
  const fit = () => {
    const room = board.parentNode.clientWidth;
    if (!room) return;
    const least = matchMedia("(pointer: coarse)").matches ? 20 : 13;
    cell.w = Math.max(least, Math.floor((room - cell.left - 2) / columns));
    cell.h = Math.min(20, Math.max(least === 20 ? 20 : 12, Math.round(0.68 * cell.w)));
    const w = cell.left + columns * cell.w, h = cell.top + nNeurons * cell.h;
    const sharp = Math.min(3, window.devicePixelRatio || 1);
    for (const canvas of [cells, marks]) {
      canvas.width = Math.round(w * sharp);
      canvas.height = Math.round(h * sharp);
      canvas.style.width = `${w}px`;
      canvas.style.height = `${h}px`;
      canvas.getContext("2d").setTransform(sharp, 0, 0, sharp, 0, 0);
    }
    board.style.width = `${w}px`;
    board.style.height = `${h}px`;
    drawn = [];
    drawMarks();
    drawCells();
    placeHandle();
  };
  const drawCells = () => {
    const context = cells.getContext("2d");
    for (let k = 0; k < start.length; k++) {
      const shade = Math.round(50 + 50 * Math.max(-1, Math.min(1, weights[k] / limit)));
      if (drawn[k] === shade) continue;
      drawn[k] = shade;
      context.fillStyle = colours.table[shade];
      context.fillRect(cell.left + source[k] * cell.w + 0.5, cell.top + target[k] * cell.h + 0.5,
        cell.w - 1, cell.h - 1);
    }
  };
  function drawMarks() {
    const context = marks.getContext("2d"), row = looked === null ? target[chosen] : looked;
    const column = looked === null ? source[chosen] : looked + 3;
    const w = cell.left + columns * cell.w, h = cell.top + nNeurons * cell.h;
    context.clearRect(0, 0, w, h);
    bands[0].style.cssText = `top: ${cell.top + row * cell.h}px; height: ${cell.h}px; width: ${w}px`;
    bands[1].style.cssText = `left: ${cell.left + column * cell.w}px; width: ${
      column < columns ? cell.w : 0}px; height: ${h}px`;
    context.font = "10px system-ui, sans-serif";
    context.textBaseline = "middle";
    context.textAlign = "right";
    for (let n = 0; n < nNeurons; n++) {
      context.fillStyle = n === row ? colours.ink : colours.quiet;
      context.fillText(neuronName(n), cell.left - 6, cell.top + (n + 0.5) * cell.h);
    }
    context.textAlign = "center";
    for (let s = 0; s < columns; s++) {
      context.fillStyle = s === column ? colours.ink : colours.quiet;
      context.fillText(sourceName(s), cell.left + (s + 0.5) * cell.w, 9);
    }
    context.strokeStyle = colours.accent;
    context.lineWidth = 1.5;
    const members = marked === null ? [] : ensembles[marked].members;
    for (const k of members) {
      context.strokeRect(cell.left + source[k] * cell.w + 1, cell.top + target[k] * cell.h + 1,
        cell.w - 2, cell.h - 2);
    }
    context.fillStyle = colours.ink;
    frozen.forEach((is, k) => { // a dot: this weight is frozen
      if (!is) return;
      context.beginPath();
      context.arc(cell.left + (source[k] + 0.5) * cell.w, cell.top + (target[k] + 0.5) * cell.h, 2.2, 0, 7);
      context.fill();
    });
    for (const { node } of maps) node.classList.remove("pg-on");
    maps[row].node.classList.add("pg-on");
  }
  const placeHandle = () => {
    handle.style.left = `${cell.left + source[chosen] * cell.w}px`;
    handle.style.top = `${cell.top + target[chosen] * cell.h}px`;
    handle.style.width = `${cell.w}px`;
    handle.style.height = `${cell.h}px`;
  };
  const cellAt = (event) => {
    const box = board.getBoundingClientRect();
    const s = Math.floor((event.clientX - box.left - cell.left) / cell.w);
    const n = Math.floor((event.clientY - box.top - cell.top) / cell.h);
    const at = n >= 0 && n < nNeurons ? sources[n].indexOf(s) : -1;
    return at < 0 ? null : first[n] + at;
  };

  // Choosing and looking

  const unit = (k) => reach[k]; // a linear working range
  const ends = (k) => [Math.min(start[k] - RANGES * unit(k), weights[k]),
    Math.max(start[k] + RANGES * unit(k), weights[k])];
  const digits = (k) => Math.min(6, Math.max(2, Math.ceil(2 - Math.log10(unit(k)))));
  function choose(k) {
    if (!(Number.isInteger(k) && k >= 0 && k < start.length)) {
      return say(`There is no synapse ${which.value}: there are 0 to ${start.length - 1}.`);
    }
    if (playing && k !== chosen) stopAll();
    chosen = k;
    if (document.activeElement !== which) which.value = k;
    wheres.textContent = `${sourceName(source[k])} \u2192 neuron ${neuronName(target[k])}`;
    freeze.checked = frozen[k] === 1;
    handle.setAttribute("aria-label",
      `synapse ${k}, from ${spoken(source[k])} to ${spoken(target[k] + 3)}`);
    placeHandle();
    drawMarks();
    ask();
  }
  function look(n) {
    if (looked === n) return;
    looked = n;
    drawMarks();
    ask();
  }
  const showChosen = () => {
    const value = showNumber(weights[chosen], digits(chosen)), [low, high] = ends(chosen);
    if (document.activeElement !== typed || !editing) typed.value = value;
    slider.min = low;
    slider.max = high;
    slider.value = weights[chosen];
    slider.setAttribute("aria-valuetext", value);
    handle.setAttribute("aria-valuemin", low.toFixed(3));
    handle.setAttribute("aria-valuemax", high.toFixed(3));
    handle.setAttribute("aria-valuenow", weights[chosen].toFixed(6));
    handle.setAttribute("aria-valuetext", value);
  };
  let editing = false; // while a number is typed, it is not written over
  typed.addEventListener("input", () => { editing = true; });
  typed.addEventListener("blur", () => { editing = false; showChosen(); });
  function typeWeight() {
    const value = parseNumber(typed.value);
    editing = false;
    if (Number.isNaN(value)) say(`\u201c${typed.value.slice(0, 40)}\u201d is no number: type one such as \u22120.5.`);
    else {
      stopAll();
      say("");
      moveTo(chosen, value);
      rest();
    }
    showChosen();
  }

  // Moving weights

  function moveTo(k, value) {
    weights[k] = value;
    ask();
  }
  function slide(e, amount) {
    weights = moveAlong(ensembles[e], weights, amounts[e], amount, start);
    amounts[e] = amount;
    ask();
  }
  const same = (a, b) => a.every((value, i) => value === b[i]);
  // The hand rests: what was done is a step to take back, and others are told.
  function rest() {
    const now = history.state;
    if (same(now.weights, weights) && same(now.amounts, amounts)) return;
    history.add({ weights: weights.slice(), amounts: amounts.slice() });
    tell();
  }
  const tell = () => {
    showButtons();
    told(weights);
    if (inAddress) {
      const at = same(weights, start) ? location.pathname + location.search : `#${encodeState(given, weights)}`;
      try { window.history.replaceState(null, "", at); } catch (error) { /* some places forbid it */ }
    }
  };
  const showButtons = () => {
    undoButton.disabled = !history.canUndo;
    redoButton.disabled = !history.canRedo;
  };
  function goTo(state) {
    stopAll();
    weights = state.weights.slice();
    amounts = state.amounts.slice();
    tell();
    ask();
  }
  function setAll(all, moved = amounts) {
    weights = Float64Array.from(all);
    amounts = moved.slice();
    say("");
    rest();
    ask();
  }

  // Time

  function startPlaying(e = null) {
    stopAll();
    const kept = { weights: weights.slice(), amounts: amounts.slice() }, k = chosen;
    const [low, high] = e === null ? ends(k) : [Number(paths[e].input.min), Number(paths[e].input.max)];
    const at = e === null ? weights[k] : amounts[e];
    let phase = Math.acos(Math.max(-1, Math.min(1, 1 - (2 * (at - low)) / (high - low)))), last = null;
    playing = { kept, e };
    const tick = (now) => {
      if (!playing || playing.kept !== kept || !stillHere()) return;
      const passed = last === null ? 0 : Math.min(now - last, 100);
      // Who asks for no motion sees a few still pictures, one after the other.
      if (!calm.matches || last === null || now - last >= 900) {
        phase += calm.matches && last !== null ? Math.PI / 4 : (passed / 1000) * 1.6 * Number(speed.value);
        const value = low + ((1 - Math.cos(phase)) / 2) * (high - low);
        last = now;
        if (e === null) moveTo(k, value); else slide(e, value);
      }
      requestAnimationFrame(tick);
    };
    showPlaying();
    requestAnimationFrame(tick);
  }
  const showPlaying = () => {
    play.textContent = playing && playing.e === null ? "\u25a0 stop" : "\u25b6 sweep";
    paths.forEach(({ run }, e) => { run.textContent = playing && playing.e === e ? "\u25a0" : "\u25b6"; });
    heal.textContent = healing ? "\u25a0 stop" : "heal";
  };
  // A sweep ends where it began; what was healed stays.
  function stopAll() {
    if (playing) {
      weights = playing.kept.weights;
      amounts = playing.kept.amounts;
      playing = null;
      ask();
    }
    if (healing) {
      healing = null;
      rest();
    }
    showPlaying();
  }
  function startHealing() {
    stopAll();
    trainer = makeTrainer({ sources, size }, aim);
    weights = weights.slice();
    const run = { steps: 0 };
    let misfit = rms(network.outputs, aim, network.points);
    healing = run;
    const tick = () => {
      if (healing !== run || !stillHere()) return;
      const begun = performance.now();
      do { // steps get shorter as the error falls, and the first ones are short
        const rate = Math.min(HEAL.fastest, HEAL.rate * misfit * misfit);
        trainer.step(weights, rate * Math.min(1, ++run.steps / HEAL.warm), frozen);
      } while (performance.now() - begun < HEAL.milliseconds);
      root.dataset.steps = run.steps;
      draw();
      misfit = rms(network.outputs, aim, network.points);
      requestAnimationFrame(tick);
    };
    errors.length = 0;
    showPlaying();
    requestAnimationFrame(tick);
  }
  // Every weight by a random share of half its working range: the bird is torn, not gone.
  function breakIt() {
    stopAll();
    const some = () => Math.random() + Math.random() + Math.random() - 1.5;
    setAll(weights.map((weight, k) => (frozen[k] ? weight : weight + 0.5 * unit(k) * some())));
  }
  function showHealing() {
    if (!aim) return;
    const misfit = rms(network.outputs, aim, network.points), count = frozen.reduce((a, b) => a + b, 0);
    error.textContent = showNumber(misfit);
    frozenText.textContent = count ? `${count} frozen` : "";
    if (healing) errors.push(misfit);
    if (errors.length > 640) for (let i = 1; i < errors.length; i++) errors.splice(i, 1); // every other
    const context = line.getContext("2d"), top = Math.max(...errors, 0.05) * 1.1;
    const y = (e) => line.height - 4 - ((line.height - 8) * e) / top;
    context.clearRect(0, 0, line.width, line.height);
    context.strokeStyle = colours.quiet;
    context.lineWidth = 1;
    context.beginPath();
    context.moveTo(0, y(0));
    context.lineTo(line.width, y(0));
    context.stroke();
    context.strokeStyle = colours.accent;
    context.lineWidth = 2;
    context.beginPath();
    errors.forEach((e, i) => context.lineTo((i / Math.max(160, errors.length)) * line.width, y(e)));
    context.stroke();
  }

  // Files

  function download(blob, name) {
    const link = make("a", { href: URL.createObjectURL(blob), download: name });
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 10000);
  }
  function savePng() {
    const large = 512 / Math.max(height, width);
    const shape = large > 1 ? [Math.round(height * large), Math.round(width * large)] : size;
    const canvas = pixels("", ...shape), painter = makeNetwork(sources, shape);
    painter.update(weights);
    writePicture(painter.outputs, canvas.image.data);
    canvas.show();
    canvas.canvas.toBlob((blob) => download(blob, "painting.png"), "image/png");
  }
  async function copy(text, what) {
    try {
      await navigator.clipboard.writeText(text);
      say(`${what} is copied.`);
    } catch (error) { // pages from disk may not: then it is there to be copied by hand
      const area = make("textarea", { readonly: true, "aria-label": `${what}, to copy`, rows: 4 });
      area.dataset.lmSuppressShortcuts = "true";
      area.value = text;
      message.replaceChildren("Copy it from here: ", area);
      area.select();
    }
  }
  async function loadFile() {
    const [chosenFile] = file.files;
    file.value = "";
    if (!chosenFile) return;
    try {
      if (chosenFile.size > 1 << 24) throw new Error("The file is larger than 16 MiB: no log of edits.");
      const all = decodeLog(given, await chosenFile.text());
      stopAll();
      setAll(all);
      say(`Loaded: ${changedSynapses(start, all).length} synapses differ from the start.`);
    } catch (error) {
      say(error.message);
    }
  }

  // Painting: at most one picture a frame, of the latest state

  let waiting = false, firstTime = true;
  function ask() {
    if (waiting) return;
    waiting = true;
    requestAnimationFrame(() => { waiting = false; draw(); });
  }
  function draw() {
    const begun = performance.now();
    const fresh = network.update(held ? start : weights);
    writePicture(network.outputs, picture.image.data);
    picture.show();
    maps.forEach(({ words, show }, n) => {
      if (!fresh[n] && !firstTime) return;
      const plane = network.neurons[n];
      for (let p = 0; p < words.length; p++) words[p] = cividis[((plane[places[p]] + 1) * 127.5 + 0.5) | 0];
      show();
    });
    firstTime = false;
    const n = looked === null ? target[chosen] : looked, plane = network.neurons[n];
    for (let p = 0; p < glass.words.length; p++) glass.words[p] = cividis[((plane[p] + 1) * 127.5 + 0.5) | 0];
    glass.show();
    glassText.textContent = n < nNeurons - 3 ? `neuron ${neuronName(n)}, \u22121 to 1` : `output ${neuronName(n)}, \u22121 to 1`;
    glass.canvas.setAttribute("aria-label", `activation map of neuron ${neuronName(n)}`);
    drawChange();
    drawCells();
    showChosen();
    paths.forEach(({ input, shown }, e) => {
      input.value = amounts[e];
      shown.textContent = showNumber(amounts[e]);
      input.setAttribute("aria-valuetext", shown.textContent);
    });
    reading.textContent = showNumber(rms(network.outputs, before, network.points));
    showHealing();
    root.dataset.milliseconds = (performance.now() - begun).toFixed(2);
  }
  // What half a working range of the chosen synapse moves, from where it is now.
  let hovered = null;
  function drawChange() {
    const k = hovered === null ? chosen : hovered, now = held ? start : weights, points = change.points;
    change.update(now);
    change.outputs.forEach((plane, c) => changeBefore[c].set(plane));
    const moved = now.slice();
    moved[k] += 0.5 * unit(k);
    change.update(moved);
    let most = 1e-6;
    const amount = new Float32Array(points);
    for (let p = 0; p < points; p++) {
      let sum = 0;
      for (let c = 0; c < 3; c++) sum += (change.outputs[c][p] - changeBefore[c][p]) ** 2;
      amount[p] = Math.sqrt(sum / 3);
      if (amount[p] > most) most = amount[p];
    }
    for (let p = 0; p < points; p++) changeMap.words[p] = strength[(255 * amount[p]) / most | 0];
    changeMap.show();
    changeText.textContent = `what synapse ${k} moves (dark: ${most.toFixed(2)})`;
    changeMap.canvas.setAttribute("aria-label", `change map of synapse ${k}`);
    hint.textContent = `synapse ${k}: ${sourceName(source[k])} \u2192 neuron ${neuronName(target[k])}, weight ${
      showNumber(weights[k], digits(k))}`;
  }

  // Hands

  const wheelMoves = (event) => {
    if (document.activeElement !== event.currentTarget) return;
    event.preventDefault();
    stopAll();
    moveTo(chosen, weights[chosen] - Math.sign(event.deltaY || event.deltaX) * unit(chosen) * (event.shiftKey ? 0.005 : 0.05));
    restSoon();
  };
  let soon = null;
  const restSoon = () => { clearTimeout(soon); soon = setTimeout(rest, 300); };
  away.push(() => clearTimeout(soon));
  for (const control of [handle, slider]) control.addEventListener("wheel", wheelMoves, { passive: false });

  let drag = null, draggedFar = false;
  const dragStart = (event, k) => {
    stopAll();
    choose(k);
    handle.focus({ preventScroll: true });
    drag = { k, id: event.pointerId, y: event.clientY, from: event.clientY };
    board.setPointerCapture(event.pointerId);
    event.preventDefault();
  };
  board.addEventListener("pointerdown", (event) => {
    if (event.button) return;
    draggedFar = false;
    const k = event.target === handle ? chosen : cellAt(event);
    // A finger on other cells may want to scroll: it chooses, and drags the chosen cell only.
    if (k !== null && (event.pointerType !== "touch" || event.target === handle)) dragStart(event, k);
  });
  board.addEventListener("click", (event) => {
    const k = draggedFar ? null : cellAt(event); // the way of a drag ends over another cell
    if (k !== null) choose(k);
  });
  board.addEventListener("pointermove", (event) => {
    if (drag && event.pointerId === drag.id) {
      const step = (drag.y - event.clientY) * unit(drag.k) * (event.shiftKey ? 0.004 : 0.04);
      drag.y = event.clientY;
      draggedFar = draggedFar || Math.abs(drag.y - drag.from) > 3;
      moveTo(drag.k, weights[drag.k] + step);
      return;
    }
    const k = event.pointerType === "touch" ? null : cellAt(event);
    if (k === hovered) return;
    hovered = k;
    looked = k === null ? null : target[k];
    drawMarks();
    ask();
  });
  board.addEventListener("pointerleave", () => {
    if (drag) return;
    hovered = null;
    look(null);
    ask();
  });
  for (const kind of ["pointerup", "pointercancel"]) {
    board.addEventListener(kind, () => { if (drag) { drag = null; rest(); } });
  }
  board.addEventListener("dblclick", (event) => {
    const k = event.target === handle ? chosen : cellAt(event);
    if (k === null) return;
    moveTo(k, start[k]);
    rest();
  });
  const walk = (rows, steps) => {
    if (steps) return Math.max(0, Math.min(start.length - 1, chosen + steps));
    let n = target[chosen] + rows;
    for (; n >= 0 && n < nNeurons; n += rows) { // the next row that hears the same column
      const at = sources[n].indexOf(source[chosen]);
      if (at >= 0) return first[n] + at;
    }
    n = Math.max(0, Math.min(nNeurons - 1, target[chosen] + rows));
    return first[n] + sources[n].reduce((best, s, i) => (
      Math.abs(s - source[chosen]) < Math.abs(sources[n][best] - source[chosen]) ? i : best), 0);
  };
  handle.addEventListener("keydown", (event) => {
    const fine = event.shiftKey ? 0.1 : 1, step = {
      PageUp: 0.5, PageDown: -0.5, "+": 0.1, "=": 0.1, "-": -0.1, "\u2212": -0.1, _: -0.1,
    }[event.key];
    const to = { ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0] }[event.key];
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (step) {
      stopAll();
      moveTo(chosen, weights[chosen] + step * (event.key === "+" ? 1 : fine) * unit(chosen));
      restSoon();
    } else if (to) {
      hovered = null;
      choose(walk(...to));
      handle.scrollIntoView({ block: "nearest", inline: "nearest" });
    } else if (event.key === "Home") choose(first[target[chosen]]);
    else if (event.key === "End") choose(first[target[chosen] + 1] - 1);
    else if (event.key === "Delete" || event.key === "Backspace") {
      moveTo(chosen, start[chosen]);
      rest();
    } else if (event.key === "Enter") { typed.focus(); typed.select(); }
    else return;
    event.preventDefault();
  });
  root.addEventListener("keydown", (event) => {
    if (!(event.ctrlKey || event.metaKey) || event.altKey || event.target === typed) return;
    const letter = event.key.toLowerCase();
    const back = letter === "z" && !event.shiftKey, again = letter === "y" || (letter === "z" && event.shiftKey);
    if (!back && !again) return;
    event.preventDefault();
    event.stopPropagation();
    clearTimeout(soon);
    if (!healing && !playing) rest();
    goTo(back ? history.undo() : history.redo());
  });

  // All together

  if (inAddress) root.setAttribute("role", "main"); // of a page of its own
  const view = make("div", { class: "pg" }, inAddress ? make("h1", {}, title) : null, toolbar, message,
    make("div", { class: "pg-body" },
      make("div", { class: "pg-left" }, figure,
        make("div", { class: "pg-side" }, synapseBox, lenses, pathsBox, healBox)),
      make("div", { class: "pg-right" }, grid, matrix)));
  root.append(view);
  const themed = () => { themeColours(); drawn = []; drawMarks(); ask(); };
  themeColours();
  listen(matchMedia("(prefers-color-scheme: dark)"), "change", themed);
  const lab = new MutationObserver(themed); // JupyterLab says its theme on the body
  lab.observe(document.body, { attributes: true, attributeFilter: ["data-jp-theme-light"] });
  const seen = new ResizeObserver(fit);
  seen.observe(board.parentNode);
  away.push(() => { lab.disconnect(); seen.disconnect(); playing = healing = null; });
  if (inAddress && location.hash.length > 1) {
    try {
      weights = decodeState(given, location.hash.slice(1));
      history.add({ weights: weights.slice(), amounts: amounts.slice() });
    } catch (error) {
      say(error.message);
    }
  }
  fit();
  choose(0);
  showButtons();
  draw();
  if (aimImage) {
    aimImage.decode().then(() => {
      const drawnAim = pixels("");
      const context = drawnAim.canvas.getContext("2d");
      context.drawImage(aimImage, 0, 0, width, height);
      aim = planesOf(context.getImageData(0, 0, width, height).data);
      heal.disabled = false;
      ask();
    }, () => say("The picture that was taught cannot be shown here, so nothing can be healed."));
  }
  root.dataset.kernel = network.kernel;
  return {
    // Weights from elsewhere; what is there already is no step.
    receive(all) {
      if (same(weights, all)) return;
      stopAll();
      weights = Float64Array.from(all);
      history.add({ weights: weights.slice(), amounts: amounts.slice() });
      showButtons();
      ask();
    },
    close() { away.forEach((undo) => undo()); view.remove(); },
  };
}

// In a page: look for what is not alive yet; some places run the scripts of an output elsewhere.
function openAllPlaygrounds(name) {
  const script = document.currentScript, around = script && script.closest(`.${name}`);
  for (const root of new Set([around, ...document.querySelectorAll(`.${name}`)])) {
    if (!root || root.dataset.kernel) continue;
    const data = JSON.parse(root.querySelector('script[type="application/json"]').textContent);
    openPlayground(root, data, { inAddress: document.body.matches(".playground-page") });
    for (const still of root.querySelectorAll(".pg-still")) still.remove();
  }
}

// With a kernel: what anywidget calls. Weights travel as 64-bit numbers, so nothing is rounded.
function render({ model, el }) {
  const numbers = (view) => new Float64Array(view.buffer.slice(view.byteOffset, view.byteOffset + view.byteLength));
  el.classList.add("ensemble-playground");
  const playground = openPlayground(el, JSON.parse(model.get("_data")), {
    told(weights) {
      model.set("weights", new DataView(Float64Array.from(weights).buffer));
      model.save_changes();
    },
  });
  const receive = () => playground.receive(numbers(model.get("weights")));
  receive();
  model.on("change:weights", receive);
  return () => { model.off("change:weights", receive); playground.close(); };
}
