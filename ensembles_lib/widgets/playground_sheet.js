// Where each synapse has a cell, rows hear and columns are heard: one canvas of cells, one of labels and
// marks, and a handle on the chosen cell, which takes the keys. Of a large network those around one
// neuron.

const MOST = 1500; // cells that a hand can still hit

// `sizes(room, columns)` gives width and height of a cell; `paint(context, k, place)` draws one that is
// stale, by what `stale(k)` gives, if that has changed; `dims`: what is not marked fades.
function makeSheet(play, { handle, sizes, stale, paint, dims = false }) {
  const { start, source, target, sources, inputs, first, nNeurons, neuronName, sourceName } = play;
  const large = start.length > MOST;
  const cells = make("canvas", { "aria-hidden": "true", class: "pg-cells" });
  const marks = make("canvas", { "aria-hidden": "true", class: "pg-marks" });
  const bands = [make("div", { class: "pg-band" }), make("div", { class: "pg-band" })];
  const board = make("div", { class: "pg-board" }, ...bands, cells, marks, handle);
  const scroll = make("div", { class: "pg-scroll" }, board);
  const part = make("p", { class: "pg-part", hidden: !large });

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
    const room = scroll.clientWidth;
    if (!room || !play.colours) return;
    cell.left = 12 + 7 * Math.max(2, String(nNeurons).length);
    [cell.w, cell.h] = sizes(Math.floor((room - cell.left - 2) / columns.length));
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
    const context = cells.getContext("2d");
    for (const k of shown) {
      const now = stale(k);
      if (drawn[k] === now) continue;
      drawn[k] = now;
      paint(context, k, [left(k), top(k), cell.w, cell.h], now);
    }
  };
  const drawMarks = () => {
    const context = marks.getContext("2d"), { ink, quiet, accent, paper } = play.colours;
    // Those of the cell under the pointer, or of a neuron that is looked at, or of the chosen cell.
    const k = play.hovered === null && play.looked === null ? play.chosen : play.hovered;
    const row = k === null ? play.looked : target[k], column = k === null ? play.looked + inputs : source[k];
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
    const members = play.members().filter(shows);
    if (dims && members.length) {
      context.fillStyle = paper;
      context.globalAlpha = 0.8;
      context.fillRect(cell.left, cell.top, w, h);
      context.globalAlpha = 1;
      for (const k of members) context.clearRect(left(k), top(k), cell.w, cell.h);
    }
    for (const k of members) context.strokeRect(left(k) + 1, top(k) + 1, cell.w - 2, cell.h - 2);
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
    draw: drawCells,
    mark: drawMarks,
    choose(k, centred) {
      if (large && (!shows(k) || (centred && centre !== target[k]))) layOut(target[k]);
      label(handle, `synapse ${k}, from ${play.spoken(source[k])} to ${play.spoken(target[k] + inputs)}`);
      placeHandle();
    },
    theme() { drawn = []; },
    close() { seen.disconnect(); },
  });
  layOut(target[play.chosen]);
  const seen = new ResizeObserver(fit);
  seen.observe(scroll);
  return { board, part, scroll, cellAt, shown: () => shown };
}

// Where an arrow leads from the chosen cell: along its row, or to the next row that hears the same.
function walk(play, key) {
  const { start, source, target, sources, first, nNeurons } = play, k = play.chosen;
  const steps = { ArrowLeft: -1, ArrowRight: 1 }[key], rows = { ArrowUp: -1, ArrowDown: 1 }[key];
  if (key === "Home") return first[target[k]];
  if (key === "End") return first[target[k] + 1] - 1;
  if (steps) return Math.max(0, Math.min(start.length - 1, k + steps));
  if (!rows) return null;
  let n = target[k] + rows;
  for (; n >= 0 && n < nNeurons; n += rows) { // the next row that hears the same column
    const at = sources[n].indexOf(source[k]);
    if (at >= 0) return first[n] + at;
  }
  n = Math.max(0, Math.min(nNeurons - 1, target[k] + rows));
  return first[n] + sources[n].reduce((best, s, i) => (
    Math.abs(s - source[k]) < Math.abs(sources[n][best] - source[k]) ? i : best), 0);
}

// Where a synapse leads, in words.
const wordsOf = (play, k) => `synapse ${k}: ${play.sourceWords(play.source[k])} \u2192 ${
  play.target[k] < play.nNeurons - 3 ? "neuron" : "output"} ${play.neuronName(play.target[k])}`;
