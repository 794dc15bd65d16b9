// All synapses as a matrix: one canvas of cells, one of labels and marks, and a handle on the
// chosen cell, which takes mouse, finger and keys. Of a large network those around one neuron.

const MOST = 1500; // cells that a hand can still hit

function makeMatrix(play) {
  const { start, source, target, sources, inputs, first, nNeurons, neuronName, sourceName } = play;
  const large = start.length > MOST;
  const cells = make("canvas", { "aria-hidden": "true", class: "pg-cells" });
  const marks = make("canvas", { "aria-hidden": "true", class: "pg-marks" });
  const help = make("p", { id: `${play.prefix}-help`, class: "pg-help" },
    "Drag a cell up or down; double-click resets it; with Ctrl a click puts it on the list. Keys: arrows "
    + "walk, Page Up and Down move the weight, + and \u2212 less far, with Shift a tenth; Delete resets, "
    + "Enter types a number.");
  const handle = make("div", { class: "pg-handle", role: "slider", tabindex: 0,
    "aria-describedby": help.id, "aria-orientation": "vertical" });
  const bands = [make("div", { class: "pg-band" }), make("div", { class: "pg-band" })];
  const board = make("div", { class: "pg-board" }, ...bands, cells, marks, handle);
  const hint = make("p", { class: "pg-hint" }), part = make("p", { class: "pg-part", hidden: !large });
  const menu = makeShadeMenu(play);
  const matrix = make("section", { class: "pg-matrix", "aria-label": "all synapses" },
    make("div", { class: "pg-line" }, make("h2", {}, "Every synapse: rows hear, columns are heard"),
      menu.node),
    menu.says, part, make("div", { class: "pg-scroll" }, board), hint, help);

  // Which neurons have a row, which sources a column, and which synapses a cell.
  let rows = [], columns = [], shown = [], rowOf = new Map(), columnOf = new Map(), centre = null;
  const layOut = (neuron) => {
    centre = neuron;
    if (large) {
      const hearers = sources.flatMap((heard, n) => (heard.includes(neuron + inputs) ? [n] : []));
      rows = [neuron, ...hearers];
      columns = [...sources[neuron], ...(hearers.length ? [neuron + inputs] : [])];
      part.textContent = `This network has ${start.length} synapses, too many to show at once: here are those `
        + `around neuron ${neuronName(neuron)}, which hears ${sources[neuron].length} sources and is heard by `
        + `${hearers.length} neurons. Its map, or a number typed, chooses another.`;
    } else {
      rows = sources.map((_, n) => n);
      columns = Array.from({ length: sources.reduce((most, heard) => Math.max(most, ...heard), 0) + 1 },
        (_, s) => s);
    }
    rowOf = new Map(rows.map((n, at) => [n, at]));
    columnOf = new Map(columns.map((s, at) => [s, at]));
    shown = rows.flatMap((n) => sources[n].flatMap((s, i) => (columnOf.has(s) ? [first[n] + i] : [])));
    fit();
  };

  const cell = { w: 20, h: 14, left: 26, top: 18 };
  let drawn = [];
  const left = (k) => cell.left + columnOf.get(source[k]) * cell.w;
  const top = (k) => cell.top + rowOf.get(target[k]) * cell.h;
  const shows = (k) => rowOf.has(target[k]) && columnOf.has(source[k]);
  const fit = () => {
    const room = board.parentNode.clientWidth;
    if (!room || !play.colours) return;
    const least = matchMedia("(pointer: coarse)").matches ? 20 : 13;
    cell.left = 12 + 7 * Math.max(2, String(nNeurons).length);
    cell.w = Math.min(48, Math.max(least, Math.floor((room - cell.left - 2) / columns.length)));
    cell.h = Math.min(20, Math.max(least === 20 ? 20 : 12, Math.round(0.68 * cell.w)));
    const w = cell.left + columns.length * cell.w, h = cell.top + rows.length * cell.h;
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
    const context = cells.getContext("2d"), { table, deepening, line } = play.colours;
    if (drawn.shade === play.shade && !play.shade.live) return;
    if (drawn.shade !== play.shade) drawn = [];
    drawn.shade = play.shade;
    for (const k of shown) {
      const shade = shadeOf(play.shade, k);
      if (drawn[k] === shade) continue;
      drawn[k] = shade;
      context.clearRect(left(k), top(k), cell.w, cell.h);
      if (shade === null) { // nothing to say: an empty frame
        context.strokeStyle = line;
        context.strokeRect(left(k) + 1, top(k) + 1, cell.w - 2, cell.h - 2);
        continue;
      }
      context.fillStyle = shade < 0 ? deepening[-1 - shade] : table[shade];
      context.fillRect(left(k) + 0.5, top(k) + 0.5, cell.w - 1, cell.h - 1);
    }
  };
  const drawMarks = () => {
    const context = marks.getContext("2d"), { ink, quiet, accent } = play.colours;
    const row = play.looked === null ? target[play.chosen] : play.looked;
    const column = play.looked === null ? source[play.chosen] : play.looked + inputs;
    const w = cell.left + columns.length * cell.w, h = cell.top + rows.length * cell.h;
    context.clearRect(0, 0, w, h);
    bands[0].style.cssText = `top: ${cell.top + rowOf.get(row) * cell.h}px; height: ${cell.h}px; width: ${
      rowOf.has(row) ? w : 0}px`;
    bands[1].style.cssText = `left: ${cell.left + columnOf.get(column) * cell.w}px; width: ${
      columnOf.has(column) ? cell.w : 0}px; height: ${h}px`;
    context.font = "10px system-ui, sans-serif";
    context.textBaseline = "middle";
    context.textAlign = "right";
    rows.forEach((n, at) => {
      context.fillStyle = n === row ? ink : quiet;
      context.fillText(neuronName(n), cell.left - 6, cell.top + (at + 0.5) * cell.h);
    });
    context.textAlign = "center";
    columns.forEach((s, at) => { // where cells are narrow, every other number has room
      const here = columns.indexOf(column), close = cell.w < 15 && s >= 13;
      if (close && at !== here && (at % 2 || Math.abs(at - here) < 2)) return;
      context.fillStyle = s === column ? ink : quiet;
      context.fillText(sourceName(s), cell.left + (at + 0.5) * cell.w, 9);
    });
    context.strokeStyle = accent;
    context.lineWidth = 1.5;
    for (const k of play.members()) {
      if (shows(k)) context.strokeRect(left(k) + 1, top(k) + 1, cell.w - 2, cell.h - 2);
    }
    context.fillStyle = ink;
    play.frozen.forEach((is, k) => { // a dot: this weight is frozen
      if (!is || !shows(k)) return;
      context.beginPath();
      context.arc(left(k) + cell.w / 2, top(k) + cell.h / 2, 2.2, 0, 7);
      context.fill();
    });
  };
  const placeHandle = () => {
    handle.style.cssText = `left: ${left(play.chosen)}px; top: ${top(play.chosen)}px; width: ${
      cell.w}px; height: ${cell.h}px`;
  };
  const cellAt = (event) => {
    const box = board.getBoundingClientRect();
    const s = columns[Math.floor((event.clientX - box.left - cell.left) / cell.w)];
    const n = rows[Math.floor((event.clientY - box.top - cell.top) / cell.h)];
    const at = n === undefined ? -1 : sources[n].indexOf(s);
    return at < 0 ? null : first[n] + at;
  };

  play.parts.push({
    draw() {
      drawCells();
      const k = play.chosen, [low, high] = play.ends(k);
      const value = showNumber(play.weights[k], play.digits(k));
      label(handle, low.toFixed(3), "aria-valuemin");
      label(handle, high.toFixed(3), "aria-valuemax");
      label(handle, play.weights[k].toFixed(6), "aria-valuenow");
      label(handle, value, "aria-valuetext");
      const pointed = play.hovered === null ? k : play.hovered, share = play.shade.of(pointed);
      const also = play.shade.live ? "" : `; ${play.shade.name} ${
        play.shade.name === "working range" ? String(play.reach[pointed])
          : Number.isNaN(share) ? "unknown" : showNumber(share, 2)}`;
      write(hint, `synapse ${pointed}: ${sourceName(source[pointed])} \u2192 neuron ${
        neuronName(target[pointed])}, weight ${showNumber(play.weights[pointed], play.digits(pointed))}${also}`);
    },
    mark: drawMarks,
    choose(k, centred) {
      if (large && (!shows(k) || (centred && centre !== target[k]))) layOut(target[k]);
      handle.setAttribute("aria-label",
        `synapse ${k}, from ${play.spoken(source[k])} to ${play.spoken(target[k] + inputs)}`);
      placeHandle();
    },
    theme() { drawn = []; },
    close() { seen.disconnect(); },
  });
  takeHands(play, board, handle, cellAt);
  onWheel(play, handle);
  layOut(target[play.chosen]);
  const seen = new ResizeObserver(fit);
  seen.observe(board.parentNode);
  return matrix;
}
