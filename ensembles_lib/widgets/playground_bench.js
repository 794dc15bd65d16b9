// The workbench: a playground with the kernel's answers beside it. Regions painted on the picture,
// a slider for each property, the log of edits, and files on the kernel's machine.

function renderBench({ model, el }) {
  const bench = JSON.parse(model.get("_bench")), { movers } = model.get("_told");
  const region = movers.slice(); // its synapses, changed in place
  const sets = [{ name: () => "who moves the region", of: () => region },
    ...Object.entries(bench.sets).map(([name, of]) => ({ name: () => name, of: () => of }))];
  // Each edit is told by itself: of weights alone a busy kernel hears only the last.
  const telling = Object.create(model, { set: { value(name, value) {
    if (name === "weights") model.send({ ask: "edit", doing: model.get("_doing") }, undefined, [value.buffer.slice(0)]);
    model.set(name, value);
  } } });
  return render({ model: telling, el }, { reach: bench.reach, sets,
    panels: (play, figure, lenses, list) => {
      lenses.append(makeSinceStart(play));
      return makeBench(play, figure, model, { ...bench, region, list });
    } });
}

function makeBench(play, figure, model, bench) {
  const answers = []; // of the kernel: each panel takes what it knows
  // Custom messages may overtake the weights, so these travel with the question.
  const ask = (question, ...buffers) => model.send(question, undefined,
    [Float64Array.from(play.history.state.weights).buffer, ...buffers]);
  const heard = (answer, buffers) => answers.forEach((take) => take(answer, buffers));
  model.on("msg:custom", heard);
  let fromKernel = false;
  const { say } = play;
  play.say = (text) => { fromKernel = false; say(text); };

  const panels = {
    region: makeRegionPanel(play, figure, bench, ask, () => open("region")),
    properties: bench.properties.length
      ? makePropertyPanel(play, bench, ask, answers) : null,
    files: makeFilesPanel(play, ask, answers),
  };
  const names = Object.keys(panels).filter((name) => panels[name]);
  const tabs = names.map((name) => makeButton(name, () => open(chosen === name ? null : name),
    { "aria-expanded": "false", "aria-controls": `${play.prefix}-${name}` }));
  let chosen = null;
  const open = (panel) => {
    chosen = panel;
    names.forEach((name, i) => {
      panels[name].node.hidden = name !== panel;
      tabs[i].setAttribute("aria-expanded", String(name === panel));
    });
    figure.classList.toggle("pg-paints", panel === "region"); // the outline is seen with its sliders
    play.framed = panel === "region" ? bench.region : null;
    play.mark();
  };
  names.forEach((name) => { panels[name].node.id = `${play.prefix}-${name}`; });
  open(null);

  answers.push(({ refused, why }) => refused && play.say(why));
  const show = () => {
    const told = model.get("_told");
    if (told.note || fromKernel) say(told.note);
    fromKernel = Boolean(told.note);
    names.forEach((name) => panels[name].told && panels[name].told(told));
  };
  show();
  model.on("change:_told", show);
  play.parts.push({ close() { model.off("change:_told", show); model.off("msg:custom", heard); } });
  return make("div", { class: "pg-bench" },
    make("div", { class: "pg-line", role: "group", "aria-label": "panels" }, ...tabs),
    ...names.map((name) => panels[name].node), bench.list);
}

// A labelled control in a line; of a menu, the text of the label would be that of all its options.
function labelled(text, control) {
  control.setAttribute("aria-label", text);
  return make("label", { class: "pg-labelled" }, `${text} `, control);
}
const minus = (text) => text.replace(/-(?=[\d.])/g, "\u2212");

// Regions: painted on the picture, by a round window, or by name. The page paints and outlines, the
// kernel says who moves the region.
function makeRegionPanel(play, figure, { regions: names, region }, ask, open) {
  const [height, width] = play.size, longer = Math.max(height, width);
  const overlay = make("canvas", { class: "pg-brush", "aria-hidden": "true" });
  [overlay.height, overlay.width] = [height, width];
  figure.querySelector("canvas").after(overlay);
  let mask = new Uint8Array(height * width), last = null;

  const draw = () => {
    const context = overlay.getContext("2d"), image = context.createImageData(width, height);
    const words = new Uint32Array(image.data.buffer);
    const inside = (r, c) => r >= 0 && c >= 0 && r < height && c < width && mask[r * width + c];
    mask.forEach((is, p) => {
      const r = Math.floor(p / width), c = p % width;
      if (!is || (inside(r - 1, c) && inside(r + 1, c) && inside(r, c - 1) && inside(r, c + 1))) return;
      // Black and white in turn: seen on any ground.
      words[p] = ((r + c) >> 1) % 2 ? 0xffffffff : 0xff000000;
    });
    context.putImageData(image, 0, 0);
  };
  // All pixels whose centre lies within the brush on its way, in pixels, from place to place.
  const brush = ([x0, y0], [x1, y1]) => {
    const reach = Number(radius.value) * longer / 2, along = [x1 - x0, y1 - y0];
    const square = along[0] ** 2 + along[1] ** 2;
    for (let r = 0; r < height; r++) {
      for (let c = 0; c < width; c++) {
        const dx = c + 0.5 - x0, dy = r + 0.5 - y0;
        const share = square && Math.max(0, Math.min(1, (dx * along[0] + dy * along[1]) / square));
        const off = (dx - share * along[0]) ** 2 + (dy - share * along[1]) ** 2;
        if (off <= reach ** 2) mask[r * width + c] = 1;
      }
    }
    draw();
  };
  const choose = () => ask({ ask: "region", name: "" }, mask.slice().buffer);

  const menu = make("select", { change: () => menu.value && ask({ ask: "region", name: menu.value }) },
    make("option", { value: "" }, "\u2013"), ...names.map((name) => make("option", {}, name)));
  const range = (given) => make("input", { type: "range", ...given, change: () => choose(),
    input: () => {
      menu.value = "";
      mask.fill(0);
      const at = [(Number(x.value) + 1) * width / 2, (1 - Number(y.value)) * height / 2];
      brush(at, at);
    } });
  const x = range({ min: -1, max: 1, step: 0.02, value: 0 });
  const y = range({ min: -1, max: 1, step: 0.02, value: 0 });
  const radius = range({ min: 0.02, max: 0.6, step: 0.02, value: 0.1 });

  // Where a pointer is, in pixels of the picture, which may be smaller than its box.
  const place = (event) => {
    const box = overlay.getBoundingClientRect(), scale = Math.min(box.width / width, box.height / height);
    return [(event.clientX - box.left - box.width / 2) / scale + width / 2,
      (event.clientY - box.top - box.height / 2) / scale + height / 2];
  };
  overlay.addEventListener("pointerdown", (event) => {
    // A finger scrolls the page unless this panel is open.
    if (event.button || (event.pointerType === "touch" && !figure.matches(".pg-paints"))) return;
    event.preventDefault();
    overlay.setPointerCapture(event.pointerId);
    open();
    menu.value = "";
    mask.fill(0);
    last = place(event);
    brush(last, last);
  });
  overlay.addEventListener("pointermove", (event) => {
    if (!last) return;
    const now = place(event);
    brush(last, now);
    last = now;
  });
  for (const kind of ["pointerup", "pointercancel"]) {
    overlay.addEventListener(kind, () => {
      if (!last) return;
      x.value = (2 * last[0]) / width - 1;
      y.value = 1 - (2 * last[1]) / height;
      last = null;
      choose();
    });
  }
  const node = make("section", { class: "pg-box", "aria-label": "region" },
    make("p", { class: "pg-help" }, "Who moves this part? Paint on the picture, or choose here: framed in "
      + "the matrix are the synapses that move it most, and each has a slider."),
    names.length ? make("div", { class: "pg-line" }, labelled("part", menu)) : null,
    make("div", { class: "pg-line" }, labelled("x", x), labelled("y", y), labelled("size", radius)));
  return {
    node,
    told({ name, mask: bytes, movers }) {
      if (bytes && !last) {
        mask = new Uint8Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength));
        menu.value = name;
        draw();
      }
      if (same(movers, region)) return;
      region.splice(0, region.length, ...movers);
      play.showSet(3 + play.ensembles.length);
      play.mark();
    },
  };
}

// Properties: what they read, and a slider for each. The kernel works out the way of a property at
// the first touch; the page follows the hand along it.
function makePropertyPanel(play, { properties, ways, far, sets }, ask, answers) {
  const others = properties.length === 2 ? "" : ` ${properties.length - 1}`;
  const holds = [`holds the other${others} still`, "holds nothing still", "holds nothing still"];
  const way = make("select", { change: () => end() },
    ...ways.map((text, i) => make("option", { value: text }, `${text}: ${holds[i]}`)));
  const moved = make("p", { class: "pg-hint", role: "status" });
  let going = null, turn = 0; // the property that is on its way

  const rows = properties.map(([name, unit], i) => {
    const id = `${play.prefix}-property-${i}`, now = make("output", { "aria-live": "off" });
    const by = make("output", { "aria-live": "off" });
    const slider = make("input", { type: "range", id, min: -far, max: far, step: far / 60, value: 0,
      input: () => go(i), change: () => rest(i),
      focus: () => { play.framed = sets[name]; play.mark(); } });
    const node = make("div", { class: "pg-property" },
      make("label", { for: id }, name, make("small", {}, ` ${sets[name].length} synapses`)), now, by, slider);
    return { node, slider, now, by, name, unit };
  });
  const end = () => {
    going = null;
    for (const { slider } of rows) put(slider, 0);
  };
  const put = (slider, amount) => {
    slider.value = amount;
    slider.setAttribute("aria-valuetext", `${showNumber(Number(amount), 2)} scales`);
  };
  const go = (i) => {
    const { name, slider } = rows[i];
    play.stop();
    if (!going || going.i !== i || !same(play.weights, going.last)) {
      play.rest();
      const anchor = play.weights.slice();
      going = { i, name, way: way.value, anchor, last: anchor, path: null, turn: ++turn, rests: false };
      for (const row of rows) if (row.slider !== slider) put(row.slider, 0);
      play.say(`working out how to move ${name} \u2026`);
      ask({ ask: "way", name, way: going.way, turn });
    }
    going.rests = false;
    put(slider, slider.value);
    if (going.path) follow();
  };
  const follow = () => {
    const { path, ends } = going, { slider } = rows[going.i], wanted = Number(slider.value);
    const amount = Math.max(path.amounts[0], Math.min(path.amounts.at(-1), wanted));
    const short = Math.abs(amount - wanted) > 0.01 * Math.abs(wanted);
    play.say(short ? minus(ends[Number(wanted > 0)]) : "");
    if (short) put(slider, amount); // no slider stands where nothing is
    play.weights = amount === 0 ? going.anchor.slice()
      : play.start.map((_, k) => between(path.amounts, path.along[k], amount));
    going.last = play.weights.slice();
    play.ask();
  };
  const rest = (i) => {
    if (!going || going.i !== i) return;
    going.rests = true;
    if (!going.path) return;
    play.doing = `${going.name}, ${going.way}`;
    play.rest();
    play.doing = "";
  };
  answers.push((answer, buffers) => {
    if (!going || answer.turn !== going.turn) {
      if (answer.refused && answer.refused.turn === (going && going.turn)) end();
      return;
    }
    const all = new Float64Array(buffers[0].buffer.slice(buffers[0].byteOffset,
      buffers[0].byteOffset + buffers[0].byteLength));
    const count = play.start.length;
    going.path = { amounts: answer.amounts,
      along: Array.from(play.start, (_, k) => answer.amounts.map((__, t) => all[t * count + k])) };
    going.ends = answer.ends;
    const { i, rests } = going;
    follow();
    if (rests) rest(i);
  });
  play.parts.push({
    draw() { if (going && !play.held && !play.playing && !same(play.weights, going.last)) end(); },
  });
  const node = make("section", { class: "pg-box", "aria-label": "properties" },
    make("div", { class: "pg-line" }, labelled("moved by", way)), moved,
    make("p", { class: "pg-help" }, "Beside each its reading, and how far it is from the start, in scales: one "
      + "is how far synapses move it, RMS, within their working ranges."),
    make("div", { class: "pg-properties" }, ...rows.map(({ node: row }) => row)));
  return {
    node,
    told({ readings, moved: words }) {
      moved.textContent = minus(words);
      rows.forEach(({ now, by, unit }, i) => {
        const [value, away] = readings[i];
        now.textContent = minus(unit === "\u00b0" ? value + unit : `${value} ${unit}`);
        by.textContent = minus(away);
      });
    },
  };
}

// The log of edits, and files where the kernel runs, or brought here.
function makeFilesPanel(play, ask, answers) {
  const name = make("input", { type: "text", autocomplete: "off", value: "edited" });
  const log = make("p", { class: "pg-hint" });
  let refused = null; // a file that would be written over
  const over = makeButton("write over it", () => { ask({ ...refused, over: true }); forget(); });
  const forget = () => { refused = null; over.hidden = true; };
  forget();
  name.addEventListener("input", forget);
  const file = make("input", { type: "file", accept: ".npz", hidden: true, "aria-label": "saved weights",
    change: () => upload(file.files[0]) });
  const upload = async (chosen) => {
    file.value = "";
    if (!chosen) return;
    if (chosen.size > 1 << 24) play.say(`${chosen.name} is larger than 16 MiB: no weights`);
    else ask({ ask: "file", action: "upload", name: chosen.name }, await chosen.arrayBuffer());
  };
  const row = (kind, ...actions) => make("div", { class: "pg-line" }, make("span", { class: "pg-kind" }, kind),
    ...actions.map((action) => makeButton(action, () => {
      forget();
      play.stop();
      play.rest();
      if (action === "upload") file.click();
      else ask({ ask: "file", action, kind, name: name.value, over: false });
    }, { "aria-label": `${action} ${kind}` })));
  answers.push((answer, buffers) => {
    if (answer.file) download(new Blob([buffers[0]]), answer.file);
    if (!answer.exists) return;
    refused = { ask: "file", action: "save", kind: answer.kind, name: answer.name };
    over.hidden = false;
    play.say(`${answer.exists} is there already: write over it, or give another name.`);
    over.focus();
  });
  const node = make("section", { class: "pg-box", "aria-label": "files" },
    log, make("div", { class: "pg-line" }, labelled("name", name), over),
    row("log", "save", "load", "download"), row("weights", "save", "load", "download", "upload"),
    row("picture", "save"), file,
    make("p", { class: "pg-help" }, "Save and load are where the kernel runs; download brings the file here, "
      + "upload takes one from here."));
  return {
    node,
    told({ edits: { count, last } }) {
      log.textContent = count ? `${count} edit${count > 1 ? "s" : ""}: ${count > 3 ? "\u2026 " : ""}${last.join("; ")}`
        : "no edits yet";
    },
  };
}
