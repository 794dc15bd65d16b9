// Sliders with typed numbers for a set of synapses: of a row, a column, an ensemble, or a list.

const LISTED = 60; // sliders at a time

function makeListBox(play) {
  const { sources, source, target, first, start, inputs, ensembles, neuronName, sourceName } = play;
  const sets = [
    { name: () => `who neuron ${neuronName(target[play.chosen])} hears (its row)`,
      of: () => sources[target[play.chosen]].map((_, i) => first[target[play.chosen]] + i) },
    { name: () => `who hears ${play.spoken(source[play.chosen])} (its column)`,
      of: () => sources.flatMap((heard, n) => {
        const at = heard.indexOf(source[play.chosen]);
        return at < 0 ? [] : [first[n] + at];
      }) },
    ...ensembles.map(({ name, members }) => ({ name: () => name, of: () => members })),
    { name: () => `the list (${play.listed.length})`, of: () => play.listed,
      none: "Nothing is on the list: \u201c+ list\u201d above puts the chosen synapse there, or Ctrl and a click on "
        + "a cell." },
  ];
  const options = sets.map(() => make("option"));
  const choice = make("select", { id: `${play.prefix}-set`, "aria-label": "synapses with a slider each",
    change: () => build() }, ...options);
  const body = make("div", { class: "pg-list" }), words = make("p", { class: "pg-help" });
  const clear = makeButton("clear list", () => play.list(play.listed.slice()), { hidden: true });
  const details = make("details", { class: "pg-box pg-sets", toggle: () => build() },
    make("summary", {}, "Sliders for a set of synapses"),
    make("div", { class: "pg-line" }, choice, clear), words, body);
  details.querySelector("summary").dataset.lmSuppressShortcuts = "true";

  const makeRow = (k) => {
    const name = `synapse ${k}, ${play.spoken(source[k])} to ${play.spoken(target[k] + inputs)}`;
    const input = make("input", { type: "range", step: "any", "aria-label": name,
      input: () => { play.stop(); play.moveTo(k, Number(input.value)); }, change: play.rest,
      focus: () => play.choose(k) });
    const typed = makeTyped(play, { "aria-label": `weight of ${name}`, focus: () => play.choose(k) },
      (value) => { play.stop(); play.moveTo(k, value); play.rest(); });
    const reset = makeButton("\u21ba", () => { play.stop(); play.moveTo(k, start[k]); play.rest(); },
      { "aria-label": `reset ${name}`, title: "reset" });
    const node = make("div", { class: "pg-row" },
      make("span", { class: "pg-name" }, make("b", {}, String(k)),
        ` ${sourceName(source[k])} \u2192 ${neuronName(target[k])}`), input, typed, reset);
    return { k, node, input, typed, shown: NaN };
  };
  let rows = [], last = "";
  const build = () => {
    options.forEach((option, i) => { option.textContent = sets[i].name(); });
    if (!details.open) return;
    const set = sets[choice.selectedIndex], all = set.of(), some = all.slice(0, LISTED);
    clear.hidden = !(set.none && all.length);
    words.textContent = all.length > LISTED
      ? `The first ${LISTED} of ${all.length}: choose a neuron, or put others on the list.`
      : all.length ? "" : set.none || "There are none.";
    if (some.join() === last && rows.length) return;
    last = some.join();
    rows = some.map(makeRow);
    body.replaceChildren(...rows.map(({ node }) => node));
    draw();
  };
  const draw = () => {
    if (!details.open) return;
    for (const row of rows) {
      const { k, input, typed } = row, weight = play.weights[k];
      if (row.shown === weight) { if (!typed.editing) typed.show(row.text); continue; }
      row.shown = weight;
      row.text = showNumber(weight, play.digits(k));
      setRange(input, play.ends(k), weight, row.text);
      typed.show(row.text);
    }
  };
  // A row that is used stays: choosing its synapse must not put another set in its place.
  play.parts.push({ draw, list: build, choose: () => { if (!body.contains(document.activeElement)) build(); } });
  return details;
}
