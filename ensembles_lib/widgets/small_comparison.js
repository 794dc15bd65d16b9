// One neuron that compares two numbers: the map of all pairs, and a slider for each synapse.

function openComparison(root) {
  const { start, bits, stops } = JSON.parse(root.dataset.given);
  const n = 2 ** bits, unit = Math.min(...start.map(Math.abs)), names = ["a", "b"];
  const own = [...start], times = [1, 1];
  const weight = (k) => times[Math.floor(k / bits)] * own[k];
  // What a number adds to the sum, by the weights of its bits.
  const adds = (which, number, of) => {
    let sum = 0;
    for (let k = 0; k < bits; k++) if (number >> (bits - 1 - k) & 1) sum += of(which * bits + k);
    return sum;
  };

  // The map: a upwards, b to the right; what each number adds stands as a bar beside it.
  const cell = Math.floor(288 / n), side = n * cell, bar = 62, left = 24 + bar, scale = 2;
  const canvas = make("canvas", { role: "img", width: scale * (left + 6 + side), height: scale * (side + 6 + left) });
  const context = canvas.getContext("2d"), caption = make("figcaption");
  context.scale(scale, scale);
  const longest = 1.5 * Math.max(...names.map((_, which) => Math.abs(adds(which, n - 1, (k) => start[k]))));
  let wrong = 0;
  function drawBars(which) {
    for (let number = 0; number < n; number++) {
      const long = (of) => Math.min(1, Math.abs(adds(which, number, of)) / longest) * bar;
      const [now, before] = [long(weight), long((k) => start[k])];
      const at = which ? left + 6 + number * cell : side - (number + 1) * cell;
      const box = (from, size) => (which
        ? [at + 1, side + 6 + from, cell - 2, size] : [left - from - size, at + 1, size, cell - 2]);
      context.fillStyle = signedColour(stops, adds(which, number, weight) < 0 ? -0.5 : 0.5);
      context.fillRect(...box(0, now));
      context.fillStyle = "#26323a";
      if (number) context.fillRect(...box(before - 1, 1.5));
    }
  }
  function drawMap() {
    context.clearRect(0, 0, canvas.width, canvas.height);
    wrong = 0;
    for (let a = 0; a < n; a++) {
      for (let b = 0; b < n; b++) {
        const sum = adds(0, a, weight) + adds(1, b, weight);
        const [x, y] = [left + 6 + b * cell, side - (a + 1) * cell];
        context.fillStyle = signedColour(stops, Math.tanh(sum));
        context.fillRect(x, y, cell, cell);
        if ((Math.abs(sum) < SAME ? 0 : Math.sign(sum)) === Math.sign(a - b)) continue;
        wrong++;
        context.fillStyle = Math.abs(Math.tanh(sum)) > 0.5 ? "white" : "#26323a"; // as in the figures
        context.beginPath();
        context.arc(x + cell / 2, y + cell / 2, cell / 6, 0, 7);
        context.fill();
      }
    }
    names.forEach((_, which) => drawBars(which));
    context.fillStyle = "#26323a";
    context.font = "13px system-ui, sans-serif";
    context.textAlign = "center";
    context.textBaseline = "middle";
    context.fillText("a", 10, side / 2);
    context.fillText("b", left + 6 + side / 2, side + left - 4);
    [0, n - 1].forEach((number) => {
      context.fillText(number, 12, side - (number + 0.5) * cell);
      context.fillText(number, left + 6 + (number + 0.5) * cell, side + left - 4);
    });
  }
  const hint = "Ochre: a is larger, blue: b is larger; a dot is a wrong answer. The bars say how much "
    + "each number counts, the thin marks how much it did at first. Point at a pair to read it.";
  canvas.addEventListener("pointermove", (event) => {
    const box = canvas.getBoundingClientRect(), shown = (left + 6 + side) / box.width;
    const b = Math.floor(((event.clientX - box.left) * shown - left - 6) / cell);
    const a = n - 1 - Math.floor((event.clientY - box.top) * shown / cell);
    if (a < 0 || b < 0 || a >= n || b >= n) { caption.textContent = hint; return; }
    const [one, other] = [adds(0, a, weight) / unit, adds(1, b, weight) / unit], sum = one + other;
    const says = Math.abs(sum * unit) < SAME ? "they are equal" : `${sum > 0 ? "a" : "b"} is larger`;
    caption.textContent = `a is ${a} and adds ${inWords(one)}; b is ${b} and adds ${inWords(other)}. `
      + `The sum is ${inWords(sum)}: ${says}.`;
  });
  canvas.addEventListener("pointerleave", () => { caption.textContent = hint; });
  caption.textContent = hint;

  // A number whose bits do not count 8 : 4 : 2 : 1 any more is none.
  function reading(which) {
    const counts = Array.from({ length: bits }, (_, k) => weight(which * bits + k) / start[which * bits + k]);
    const [low, high] = [Math.min(...counts), Math.max(...counts)];
    if (high - low < 0.005 * Math.abs(high)) return `${names[which]} counts ${Math.abs(high - 1) < 0.005 ? "once" : `${inWords(high)} times`}`;
    const each = counts.map((_, k) => inWords(weight(which * bits + k) / unit));
    return `the weights of ${names[which]} are ${each.join(", ")}`;
  }

  const rows = [], words = make("p", { class: "sm-words", role: "status" });
  const prefix = `sm-${Math.random().toString(36).slice(2, 8)}`;
  function addRow(title, label, ends, step, read, move, more = "") {
    const id = `${prefix}-${rows.length}`, number = make("input", { type: "number", step, "aria-label": label,
      // Not only at a change: JupyterLab keeps the Enter key to itself.
      input: () => { if (Number.isFinite(number.valueAsNumber)) { move(number.valueAsNumber); draw(); } },
      blur: () => draw() });
    const slider = make("input", { type: "range", id, min: ends[0], max: ends[1], step: "any",
      autocomplete: "off", input: () => { move(Math.round(slider.value / step) * step); draw(slider); },
      // The arrow keys go by steps that one sees; "any" would go by a hundredth of the way.
      keydown: (event) => {
        const by = { ArrowRight: 1, ArrowUp: 1, ArrowLeft: -1, ArrowDown: -1 }[event.key];
        if (!by) return;
        event.preventDefault();
        move(Math.max(ends[0], Math.min(ends[1], read() + by * step)));
        draw();
      } });
    rows.push((held) => {
      if (slider !== held) slider.value = read();
      if (document.activeElement !== number) number.value = Number(read().toFixed(3));
      slider.setAttribute("aria-valuetext", inWords(read()));
    });
    return make("div", { class: `sm-row ${more}` }, make("label", { for: id }, title), number, slider);
  }
  const columns = names.map((name, which) => make("div", { class: `sm-${name}` },
    addRow(`all of ${name} ×`, `factor of all of ${name}`,
      [0, 2], 0.05, () => times[which], (value) => { times[which] = value; }, "sm-all"),
    ...Array.from({ length: bits }, (_, j) => {
      const k = which * bits + j;
      return addRow(`bit of ${name} worth ${2 ** (bits - 1 - j)}`, `weight of the bit of ${name} worth ${2 ** (bits - 1 - j)}`,
        [-n, n], 0.1, () => weight(k) / unit,
        (value) => { if (times[which]) own[k] = value * unit / times[which]; });
    })));

  function draw(held) {
    drawMap();
    rows.forEach((show) => show(held));
    const said = `${wrong} of ${n * n} pairs wrong`;
    canvas.setAttribute("aria-label", `map of all pairs of two numbers: ${said}`);
    words.textContent = `${said}; ${reading(0)}, ${reading(1)}.`;
  }
  const set = (values) => { times.fill(1); values.forEach((value, k) => { own[k] = value; }); draw(); };
  showLive(root, make("div", {}, make("div", { class: "sm-pairs" }, make("figure", {}, canvas, caption),
    make("div", {}, make("div", { class: "sm-numbers" }, ...columns),
      make("div", { class: "sm-line" }, makeButton("reset", () => set(start)),
        makeButton("random weights", () => set(start.map(() => 2 * Math.random() - 1)))), words))));
  draw();
}
