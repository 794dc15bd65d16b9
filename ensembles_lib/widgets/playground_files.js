// What is saved, loaded and sent: a panel that a button opens.

const FRAMES = 48; // of one period of a sweep
const SIDES = [16, 4096]; // of a file, pixels

function makeFiles(play) {
  const { start, ensembles, given, prefix } = play;
  const panel = make("section", { class: "pg-box pg-files", id: `${prefix}-files`, hidden: true,
    "aria-label": "save, load and send" });
  const saving = makeButton("save and share", () => {
    panel.hidden = !panel.hidden;
    saving.setAttribute("aria-expanded", String(!panel.hidden));
  }, { "aria-expanded": "false", "aria-controls": panel.id });

  // Pictures
  const side = make("input", { type: "number", id: `${prefix}-side`, min: SIDES[0], max: SIDES[1], step: 1,
    value: Math.max(512, ...play.size) });
  const shapeOf = (most) => {
    const longer = Number(side.value);
    if (!Number.isInteger(longer) || longer < SIDES[0] || longer > most) {
      throw new Error(`A longer side of ${side.value || "nothing"} pixels: give a whole number from ${
        SIDES[0]} to ${most}.`);
    }
    return play.size.map((one) => Math.max(1, Math.round((one * longer) / Math.max(...play.size))));
  };
  const drawn = (shape, weights) => {
    const picture = makePixels("", shape);
    picture.image.data.set(paintLarge(play.data, weights, shape));
    picture.show();
    return picture.canvas;
  };
  const encoded = (canvas, kind, quality) => new Promise((done) => { canvas.toBlob(done, kind, quality); });
  let busy = false;
  const attempt = (work) => async () => { // one at a time; what goes wrong is said
    if (busy) return;
    busy = true;
    try {
      await work();
    } catch (error) {
      play.say(error.message);
    }
    busy = false;
  };
  const png = makeButton("PNG", attempt(async () => {
    const shape = shapeOf(SIDES[1]), blob = await encoded(drawn(shape, play.weights), "image/png");
    download(blob, "painting.png");
    play.say(`Saved as PNG, ${shape[1]}\u00d7${shape[0]} pixels.`);
  }), { "aria-label": "save the picture as PNG" });
  const of = make("select", { "aria-label": "what the animation sweeps" },
    make("option", {}, "of the chosen synapse"), ...ensembles.map(({ name }) => make("option", {}, `of ${name}`)));
  const webp = makeButton("animation", attempt(async () => {
    play.stop();
    const shape = shapeOf(1024), frames = [];
    const { low, high, from, at } = play.wayOf(of.selectedIndex ? of.selectedIndex - 1 : null);
    const painter = makeNetwork(play.data, shape), picture = makePixels("", shape);
    for (let i = 0; i < FRAMES; i++) {
      painter.update(at(placeAt(phaseAt(from, low, high) + (2 * Math.PI * i) / FRAMES, low, high)));
      writePicture(painter.colours, picture.image.data);
      picture.show();
      const blob = await encoded(picture.canvas, "image/webp", 1); // 1: without loss
      if (!blob || blob.type !== "image/webp") {
        throw new Error("This browser cannot write WebP, so there is no animation here: Chrome, Edge and "
          + "Firefox can.");
      }
      frames.push(new Uint8Array(await blob.arrayBuffer()));
      play.say(`Frame ${i + 1} of ${FRAMES} \u2026`);
    }
    const period = (2 * Math.PI * 1000) / (SWEEP * play.speed());
    download(new Blob([joinWebp(frames, shape, Math.round(period / FRAMES))], { type: "image/webp" }),
      "sweep.webp");
    play.say(`Saved as WebP, ${FRAMES} frames of ${shape[1]}\u00d7${shape[0]} pixels.`);
  }), { "aria-label": "save a sweep as an animated WebP" });

  const copy = async (text, what) => {
    try {
      await navigator.clipboard.writeText(text);
      play.say(`${what} is copied.`);
    } catch (error) { // pages from disk may not: then it is there to be copied by hand
      const area = make("textarea", { readonly: true, "aria-label": `${what}, to copy`, rows: 4 });
      area.dataset.lmSuppressShortcuts = "true";
      area.value = text;
      play.say("Copy it from here: ", area);
      area.select();
    }
  };
  const file = make("input", { type: "file", accept: ".json,application/json", hidden: true,
    "aria-label": "a saved log of edits", change: () => loadFile() });
  const loadFile = async () => {
    const [chosen] = file.files;
    file.value = "";
    if (!chosen) return;
    try {
      if (chosen.size > 1 << 24) throw new Error("The file is larger than 16 MiB: no log of edits.");
      const all = decodeLog(given, await chosen.text());
      play.stop();
      play.setAll(all);
      play.say(`Loaded: ${changedSynapses(start, all).length} synapses differ from the start.`);
    } catch (error) {
      play.say(error.message);
    }
  };

  panel.append(
    make("div", { class: "pg-line" }, make("label", { for: side.id }, "picture, longer side"), side, "pixels",
      png, make("span", { class: "pg-line" }, webp, of)),
    make("div", { class: "pg-line" }, make("span", {}, "what was changed"),
      makeButton("JSON", () => download(new Blob([encodeLog(given, play.weights)],
        { type: "application/json" }), "edits.json"), { "aria-label": "save what was changed as JSON" }),
      makeButton("load", () => file.click(), { "aria-label": "load a JSON file" }), file,
      makeButton("copy Python", () => copy(toPython(given, play.weights), "Python")),
      play.inAddress ? makeButton("copy link", () => copy(location.href, "The link")) : null));
  return { saving, panel };
}

function download(blob, name) {
  const link = make("a", { href: URL.createObjectURL(blob), download: name });
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10000);
}
