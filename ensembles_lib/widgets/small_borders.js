// A signal on a line: its borders are dragged, by the weights that may move, with a bar for each.

const STRIDE = 0.04; // longest motion of a border in one step
const ALMOST = 1e-4; // a border this close to where it should be has arrived
const BOLDEST = 4; // working ranges that one synapse may cross in one step
const DAMPING = 1e-4; // keeps weights from going far for little
const LONGEST = 10; // working ranges at which a bar fills its box: one scale for all moves

function makeLine(sources) {
  const signal = (weights, x) => netInput(sources, weights, [x, 1]);
  // The places where the signal crosses 0, ascending.
  function bordersOf(weights) {
    const found = [], points = 240;
    let before = signal(weights, -1) > 0;
    for (let i = 1; i <= points; i++) {
      const on = signal(weights, 2 * i / points - 1) > 0;
      if (on !== before) {
        let [low, high] = [2 * (i - 1) / points - 1, 2 * i / points - 1];
        for (let halving = 0; halving < 30; halving++) {
          const middle = (low + high) / 2;
          if (signal(weights, middle) > 0 === before) low = middle; else high = middle;
        }
        found.push((low + high) / 2);
      }
      before = on;
    }
    return found;
  }
  // How far a border moves per unit of each weight: the change of the signal there over its slope.
  function slopesAt(weights, x) {
    const h = 1e-5, along = (signal(weights, x + h) - signal(weights, x - h)) / (2 * h);
    return weights.map((w, k) => {
      const trial = [...weights];
      trial[k] = w + h;
      const up = signal(trial, x);
      trial[k] = w - h;
      return -(up - signal(trial, x)) / (2 * h) / along;
    });
  }
  return { signal, bordersOf, slopesAt };
}

// Solve the symmetric equations matrix · z = right (Gauss; the matrix has no zero on its diagonal).
function solve(matrix, right) {
  const n = right.length, rows = matrix.map((row, i) => [...row, right[i]]);
  for (let i = 0; i < n; i++) {
    for (let j = i + 1; j < n; j++) {
      const by = rows[j][i] / rows[i][i];
      for (let k = i; k <= n; k++) rows[j][k] -= by * rows[i][k];
    }
  }
  const z = new Array(n).fill(0);
  for (let i = n - 1; i >= 0; i--) {
    let rest = rows[i][n];
    for (let k = i + 1; k < n; k++) rest -= rows[i][k] * z[k];
    z[i] = rest / rows[i][i];
  }
  return z;
}

// Weights with the borders at their goals, as far as those that are free can do it: the asked ones
// surely, the others as well as may be. Returns weights, their borders, and why it stopped, if so.
function walk(line, start, ranges, free, goals, asked) {
  let here = [...start], places = line.bordersOf(start);
  const from = [...places], heavy = from.map((_, b) => (asked.has(b) ? 1e6 : 1));
  const far = Math.max(...goals.map((goal, b) => Math.abs(goal - from[b])));
  if (far < 1e-9) return { weights: here, places, stopped: "" };
  const step = (share) => {
    let [weights, now] = [here, places];
    for (let round = 0; round < 12; round++) {
      const missing = goals.map((goal, b) => from[b] + share * (goal - from[b]) - now[b]);
      const rows = now.map((x) => line.slopesAt(weights, x).map((slope, k) => slope * ranges[k]));
      const matrix = free.map((k, i) => free.map((l, j) => rows.reduce(
        (sum, row, b) => sum + heavy[b] * row[k] * row[l], i === j ? DAMPING : 0)));
      const right = free.map((k) => rows.reduce((sum, row, b) => sum + heavy[b] * row[k] * missing[b], 0));
      const z = solve(matrix, right);
      if (Math.max(...z.map(Math.abs)) > BOLDEST) return "these weights would have to leap";
      weights = [...weights];
      free.forEach((k, i) => { weights[k] += ranges[k] * z[i]; });
      now = line.bordersOf(weights);
      if (now.length < from.length) return "two borders would meet";
      if (now.length > from.length) return "a new border would appear";
      const settled = Math.max(...z.map(Math.abs)) < 1e-4;
      const arrived = now.every((x, b) => !asked.has(b)
        || Math.abs(from[b] + share * (goals[b] - from[b]) - x) < ALMOST);
      if (settled && arrived) break;
      if (settled || round === 11) {
        if (arrived) break;
        return "these weights cannot do it";
      }
    }
    [here, places] = [weights, now];
    return "";
  };
  let gone = 0, stride = Math.min(1, STRIDE / far), stopped = "";
  const least = stride / 50;
  while (gone < 1) {
    const share = Math.min(1, gone + stride);
    const problem = step(share);
    if (!problem) { gone = share; continue; }
    stopped = problem;
    if (stride < least) break;
    stride /= 2;
  }
  return { weights: here, places, stopped: gone < 1 ? stopped : "" };
}

function drawing(tag, given, ...children) {
  const node = document.createElementNS("http://www.w3.org/2000/svg", tag);
  for (const [name, value] of Object.entries(given)) node.setAttribute(name, value);
  node.append(...children);
  return node;
}

function openBorders(root) {
  const { sources, start, ranges } = JSON.parse(root.dataset.given);
  const line = makeLine(sources), home = line.bordersOf(start), all = start.map((_, k) => k);
  const free = new Set(all), asked = new Map();
  let now = { weights: start, places: home, stopped: "" };

  const wide = 860, high = 220, middle = 100, tall = 84;
  const across = (x) => (x + 1) / 2 * wide, xs = Array.from({ length: 431 }, (_, i) => i / 215 - 1);
  const heights = (weights) => xs.map((x) => middle - tall * Math.tanh(line.signal(weights, x)));
  const path = (rows) => `M${rows.map((y, i) => `${across(xs[i]).toFixed(1)} ${y.toFixed(1)}`).join("L")}`;
  const area = (rows, side) => `M0 ${middle}L${rows.map((y, i) => `${across(xs[i]).toFixed(1)} `
    + `${(side > 0 ? Math.min(y, middle) : Math.max(y, middle)).toFixed(1)}`).join("L")}L${wide} ${middle}Z`;
  const [on, off, curve] = [{ fill: "#edd7ba" }, { fill: "#dfe5f2" },
    { fill: "none", stroke: "#26323a", "stroke-width": 2.5 }].map((given) => drawing("path", given));
  const svg = drawing("svg", { viewBox: `-16 0 ${wide + 32} ${high}`, role: "group", "aria-label": "the signal over x" },
    on, off, drawing("path", { d: `M0 ${middle}H${wide}`, stroke: "#7a868c" }),
    drawing("path", { d: path(heights(start)), fill: "none", stroke: "#7a868c", "stroke-dasharray": "6 4" }), curve,
    ...[-1, -0.5, 0, 0.5, 1].map((x) => drawing("text", { class: "sm-tick", x: across(x), y: high - 8 }, inWords(x))));

  const letter = (b) => String.fromCharCode(65 + b);
  const handles = home.map((_, b) => {
    const handle = drawing("g", { class: "sm-border", tabindex: 0, role: "slider", "aria-label": `border ${letter(b)}`,
      "aria-valuemin": -1, "aria-valuemax": 1, "data-lm-suppress-shortcuts": "true" },
      drawing("circle", { r: 24, style: "fill: transparent; stroke: none" }), drawing("circle", { r: 13 }),
      drawing("text", { y: 5 }, letter(b)));
    let waits = false;
    const putSoon = (x) => {
      asked.set(b, Math.max(-0.98, Math.min(0.98, x)));
      if (waits) return;
      waits = true;
      requestAnimationFrame(() => { waits = false; solveAndShow(); });
    };
    const put = (x) => { asked.set(b, Math.max(-0.98, Math.min(0.98, x))); solveAndShow(); };
    const place = (event) => {
      const box = svg.getBoundingClientRect();
      return ((event.clientX - box.left) / box.width * (wide + 32) - 16) / wide * 2 - 1;
    };
    let grip = null;
    handle.addEventListener("pointerdown", (event) => {
      handle.setPointerCapture(event.pointerId);
      grip = now.places[b] - place(event);
      event.preventDefault();
      handle.focus();
    });
    handle.addEventListener("pointermove", (event) => { if (grip !== null) putSoon(place(event) + grip); });
    const release = () => {
      if (grip !== null && asked.has(b)) solveAndShow();
      if (grip !== null && asked.has(b)) asked.set(b, now.places[b]); // what was out of reach is not asked again
      grip = null;
    };
    handle.addEventListener("pointerup", release);
    handle.addEventListener("pointercancel", release);
    handle.addEventListener("keydown", (event) => {
      const by = { ArrowRight: 1, ArrowUp: 1, ArrowLeft: -1, ArrowDown: -1 }[event.key];
      if (!by) return;
      event.preventDefault();
      put(now.places[b] + by * 0.02);
      asked.set(b, now.places[b]);
    });
    svg.append(handle);
    return handle;
  });

  const hears = (k, neuron) => {
    const source = sources[neuron][k];
    return source < 2 ? ["x", "the constant"][source] : `neuron ${source - 2}`;
  };
  const cells = [];
  const groups = sources.map((from, neuron) => {
    const name = neuron < sources.length - 1 ? `neuron ${neuron}` : "output";
    return make("fieldset", {}, make("legend", {}, name), ...from.map((_, i) => {
      const k = cells.length, bar = drawing("rect", { x: 8, width: 24, fill: "#26323a" });
      const value = make("span"), change = make("small"), cell = make("button", { type: "button", class: "sm-weight",
        "aria-pressed": "true", click: () => { if (!free.delete(k)) free.add(k); solveAndShow(); } },
        make("b", {}, String(k)), hears(i, neuron).replace("the ", ""),
        drawing("svg", { viewBox: "0 -50 40 100", preserveAspectRatio: "none", "aria-hidden": "true", style: "height: 100px" },
          drawing("path", { d: "M0 0H40", stroke: "#7a868c", "vector-effect": "non-scaling-stroke" }), bar), value,
        make("br"), change);
      cells.push({ cell, bar, value, change, says: `synapse ${k}, from ${hears(i, neuron)} to ${name}` });
      return cell;
    }));
  });
  const words = make("p", { class: "sm-words", role: "status" });
  const freeOnly = (which) => { free.clear(); which.forEach((k) => free.add(k)); solveAndShow(); };

  function solveAndShow() {
    const goals = home.map((x, b) => asked.get(b) ?? x);
    const may = all.filter((k) => free.has(k));
    const moved = goals.some((goal, b) => Math.abs(goal - home[b]) > 1e-9);
    now = moved && !may.length ? { weights: start, places: home, stopped: "no weight may move" }
      : walk(line, start, ranges, may, goals, new Set(asked.keys()));
    show();
  }

  function show() {
    const rows = heights(now.weights);
    on.setAttribute("d", area(rows, 1));
    off.setAttribute("d", area(rows, -1));
    curve.setAttribute("d", path(rows));
    handles.forEach((handle, b) => {
      handle.setAttribute("transform", `translate(${across(now.places[b]).toFixed(1)} ${middle})`);
      handle.setAttribute("aria-valuenow", now.places[b].toFixed(3));
      handle.classList.toggle("sm-asked", asked.has(b));
    });
    const changes = now.weights.map((w, k) => (w - start[k]) / ranges[k]);
    cells.forEach(({ cell, bar, value, change, says }, k) => {
      const size = 46 * Math.min(1, Math.abs(changes[k]) / LONGEST);
      const by = Math.abs(changes[k]) < 0.05 ? "" : withSign(changes[k], 1);
      change.textContent = by || "0";
      bar.setAttribute("y", changes[k] > 0 ? -size : 0);
      bar.setAttribute("height", size);
      value.textContent = inWords(now.weights[k]);
      cell.setAttribute("aria-pressed", String(free.has(k)));
      cell.setAttribute("aria-label", `${says}, weight ${inWords(now.weights[k])}, `
        + `${by && `changed by ${by} working ranges, `}${free.has(k) ? "may move" : "held"}`);
    });
    const motions = now.places.map((x, b) => x - home[b]);
    const told = [...asked.keys()].map((b) => `border ${letter(b)} moved by ${withSign(motions[b])}`);
    const dragged = motions.flatMap((by, b) => (!asked.has(b) && Math.abs(by) >= 0.005
      ? [`border ${letter(b)} was dragged along by ${withSign(by)}`] : []));
    words.textContent = !told.length ? "All borders are in their places."
      : `${[...told, ...(dragged.length ? dragged : ["the others stand still"])].join("; ")}`
        + `${now.stopped ? `. Stopped there: ${now.stopped}` : ""}.`;
  }

  showLive(root, make("div", {},
    make("p", { class: "sm-hint" }, "Drag a border, or choose it and press the arrow keys. Each box is a weight, below "
      + "the neuron that it leads to. Press it to hold it, and again to let it move. It shows the synapse's number, what "
      + `it carries, a bar for its change (full at ${LONGEST} working ranges), its value, and the change as a number.`),
    svg, make("div", { class: "sm-weights" }, ...groups), words,
    make("div", { class: "sm-line" }, makeButton("put borders back", () => { asked.clear(); solveAndShow(); }),
      makeButton("all may move", () => freeOnly(all)), makeButton("hold all", () => freeOnly([])))));
  show();
}
