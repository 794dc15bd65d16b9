// The bar above the picture: steps back and forth, comparing, files. Below it a line of words.

function makeTools(play) {
  const { start, ensembles, history, given } = play;
  const undo = makeButton("\u21b6 undo", () => play.goTo(history.undo()));
  const redo = makeButton("\u21b7 redo", () => play.goTo(history.redo()));
  const reset = makeButton("reset all", () => {
    play.stop();
    play.setAll(start.slice(), ensembles.map(({ home }) => home));
  });
  const message = make("p", { class: "pg-message", role: "status" });
  play.say = (text) => { message.textContent = text; };

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

  const savePng = () => {
    const large = Math.max(1, 512 / Math.max(...play.size));
    const shape = play.size.map((side) => Math.round(side * large));
    const picture = makePixels("", shape), painter = makeNetwork(play.data, shape);
    painter.update(play.weights);
    writePicture(painter.colours, picture.image.data);
    picture.show();
    picture.canvas.toBlob((blob) => download(blob, "painting.png"), "image/png");
  };
  const copy = async (text, what) => {
    try {
      await navigator.clipboard.writeText(text);
      play.say(`${what} is copied.`);
    } catch (error) { // pages from disk may not: then it is there to be copied by hand
      const area = make("textarea", { readonly: true, "aria-label": `${what}, to copy`, rows: 4 });
      area.dataset.lmSuppressShortcuts = "true";
      area.value = text;
      message.replaceChildren("Copy it from here: ", area);
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

  play.parts.push({
    time() {
      undo.disabled = !history.canUndo;
      redo.disabled = !history.canRedo;
    },
  });
  const bar = make("div", { class: "pg-tools", role: "toolbar", "aria-label": "the whole network" },
    undo, redo, reset, compare, make("span", { class: "pg-gap" }),
    makeButton("PNG", savePng, { "aria-label": "save the picture as PNG" }),
    makeButton("JSON", () => download(new Blob([encodeLog(given, play.weights)],
      { type: "application/json" }), "edits.json"), { "aria-label": "save what was changed as JSON" }),
    makeButton("load", () => file.click(), { "aria-label": "load a JSON file" }), file,
    makeButton("copy Python", () => copy(toPython(given, play.weights), "Python")),
    play.inAddress ? makeButton("copy link", () => copy(location.href, "The link")) : null);
  return { bar, message };
}

function download(blob, name) {
  const link = make("a", { href: URL.createObjectURL(blob), download: name });
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10000);
}
