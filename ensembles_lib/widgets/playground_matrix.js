// All synapses as a matrix: one canvas of cells, one of labels and marks, and a handle on the
// chosen cell, which takes mouse, finger and keys.

function makeMatrix(play) {
  const { start, source, target, sources, first, nNeurons, neuronName, sourceName } = play;
  const cells = make("canvas", { "aria-hidden": "true", class: "pg-cells" });
  const marks = make("canvas", { "aria-hidden": "true", class: "pg-marks" });
  const help = make("p", { id: `${play.prefix}-help`, class: "pg-help" },
    "Drag a cell up or down; double-click resets it. Keys: arrows walk, Page Up and Down move the "
    + "weight, + and \u2212 less far, with Shift a tenth; Delete resets, Enter types a number.");
  const handle = make("div", { class: "pg-handle", role: "slider", tabindex: 0,
    "aria-describedby": help.id, "aria-orientation": "vertical" });
  const bands = [make("div", { class: "pg-band" }), make("div", { class: "pg-band" })];
  const board = make("div", { class: "pg-board" }, ...bands, cells, marks, handle);
  const key = make("div", { class: "pg-key", role: "img" });
  const largest = Math.max(...start.map(Math.abs)) || 1;
  const sorted = Array.from(start, Math.abs).sort((a, b) => a - b);
  const limit = sorted[Math.floor(0.9 * (sorted.length - 1))] || largest;
  const lowest = showNumber(-limit, 1), highest = showNumber(limit, 1);
  key.setAttribute("aria-label",
    `colours of weights, from ${lowest} (blue) over 0 to ${highest} (ochre)`);
  const hint = make("p", { class: "pg-hint" });
  const matrix = make("section", { class: "pg-matrix", "aria-label": "all synapses" },
    make("div", { class: "pg-line" }, make("h2", {}, "Every synapse: rows hear, columns are heard"),
      make("div", { class: "pg-keyline" }, make("span", {}, `\u2264 ${lowest}`), key,
        make("span", {}, `\u2265 ${highest}`))),
    make("div", { class: "pg-scroll" }, board), hint, help);

  const columns = sources.reduce((most, heard) => Math.max(most, ...heard), 0) + 1;
  let cell = { w: 20, h: 14, left: 26, top: 18 }, drawn = [];
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
      const shade = Math.round(50 + 50 * Math.max(-1, Math.min(1, play.weights[k] / limit)));
      if (drawn[k] === shade) continue;
      drawn[k] = shade;
      context.fillStyle = play.colours.table[shade];
      context.fillRect(cell.left + source[k] * cell.w + 0.5, cell.top + target[k] * cell.h + 0.5,
        cell.w - 1, cell.h - 1);
    }
  };
  const drawMarks = () => {
    const context = marks.getContext("2d"), row = play.looked === null ? target[play.chosen] : play.looked;
    const column = play.looked === null ? source[play.chosen] : play.looked + play.inputs;
    const w = cell.left + columns * cell.w, h = cell.top + nNeurons * cell.h;
    context.clearRect(0, 0, w, h);
    bands[0].style.cssText = `top: ${cell.top + row * cell.h}px; height: ${cell.h}px; width: ${w}px`;
    bands[1].style.cssText = `left: ${cell.left + column * cell.w}px; width: ${
      column < columns ? cell.w : 0}px; height: ${h}px`;
    context.font = "10px system-ui, sans-serif";
    context.textBaseline = "middle";
    context.textAlign = "right";
    for (let n = 0; n < nNeurons; n++) {
      context.fillStyle = n === row ? play.colours.ink : play.colours.quiet;
      context.fillText(neuronName(n), cell.left - 6, cell.top + (n + 0.5) * cell.h);
    }
    context.textAlign = "center";
    for (let s = 0; s < columns; s++) {
      context.fillStyle = s === column ? play.colours.ink : play.colours.quiet;
      context.fillText(sourceName(s), cell.left + (s + 0.5) * cell.w, 9);
    }
    context.strokeStyle = play.colours.accent;
    context.lineWidth = 1.5;
    for (const k of play.marked === null ? [] : play.ensembles[play.marked].members) {
      context.strokeRect(cell.left + source[k] * cell.w + 1, cell.top + target[k] * cell.h + 1,
        cell.w - 2, cell.h - 2);
    }
    context.fillStyle = play.colours.ink;
    play.frozen.forEach((is, k) => { // a dot: this weight is frozen
      if (!is) return;
      context.beginPath();
      context.arc(cell.left + (source[k] + 0.5) * cell.w, cell.top + (target[k] + 0.5) * cell.h, 2.2, 0, 7);
      context.fill();
    });
  };
  const placeHandle = () => {
    handle.style.left = `${cell.left + source[play.chosen] * cell.w}px`;
    handle.style.top = `${cell.top + target[play.chosen] * cell.h}px`;
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

  play.parts.push({
    draw() {
      drawCells();
      const k = play.chosen, [low, high] = play.ends(k);
      const value = showNumber(play.weights[k], play.digits(k));
      handle.setAttribute("aria-valuemin", low.toFixed(3));
      handle.setAttribute("aria-valuemax", high.toFixed(3));
      handle.setAttribute("aria-valuenow", play.weights[k].toFixed(6));
      handle.setAttribute("aria-valuetext", value);
      const shown = play.hovered === null ? k : play.hovered;
      hint.textContent = `synapse ${shown}: ${sourceName(source[shown])} \u2192 neuron ${
        neuronName(target[shown])}, weight ${showNumber(play.weights[shown], play.digits(shown))}`;
    },
    mark: drawMarks,
    choose(k) {
      handle.setAttribute("aria-label",
        `synapse ${k}, from ${play.spoken(source[k])} to ${play.spoken(target[k] + play.inputs)}`);
      placeHandle();
    },
    theme() {
      const shades = play.colours.table.filter((_, i) => i % 10 === 0);
      key.style.background = `linear-gradient(90deg, ${shades.join(",")})`;
      drawn = [];
    },
    close() { seen.disconnect(); },
  });
  takeHands(play, board, handle, cellAt);
  onWheel(play, handle);
  const seen = new ResizeObserver(fit);
  seen.observe(board.parentNode);
  return matrix;
}
