// An ensemble as one slider: a path of weights, whose members move together.

// A number that can be typed, and nothing else: what is no number is said.
function makeTyped(play, given, take) {
  const input = make("input", { type: "text", inputmode: "decimal", autocomplete: "off", ...given,
    input: () => { input.editing = true; }, change: () => { if (input.editing) read(); },
    // Also where the same number is typed that is shown, which is rounded.
    keydown: ({ key }) => { if (key === "Enter" && input.editing) read(); },
    blur: () => { input.editing = false; play.ask(); } });
  const read = () => {
    const value = parseNumber(input.value);
    input.editing = false;
    if (Number.isNaN(value)) {
      play.say(`\u201c${input.value.slice(0, 40)}\u201d is no number: type one such as \u22120.5.`);
    } else {
      play.say("");
      take(value);
    }
    play.ask();
  };
  // While a number is typed, it is not written over.
  input.show = (text) => { if (!input.editing && input.value !== text) input.value = text; };
  return input;
}

function makeEnsemblesBox(play) {
  const { ensembles, start, prefix } = play;
  const playing = (e) => play.playing && play.playing.e === e;
  const markAs = (e) => { play.marked = e; play.mark(); };
  const paths = ensembles.map((path, e) => {
    const input = make("input", { type: "range", id: `${prefix}-ensemble-${e}`, step: "any",
      input: () => { play.stop(); play.slide(e, Number(input.value)); }, change: play.rest,
      focus: () => markAs(e), blur: () => markAs(null), pointerenter: () => markAs(e),
      pointerleave: () => { if (document.activeElement !== input) markAs(null); } });
    const { numbers, places, synapse } = path, digits = Math.ceil(2 - Math.log10(numbers.at(-1) - numbers[0]));
    const words = (number) => showNumber(number, Math.max(0, Math.min(6, digits)));
    const typed = makeTyped(play, { "aria-label": `${path.name}, number` }, (number) => {
      if (synapse === null && (number < numbers[0] || number > numbers.at(-1))) {
        return play.say(`\u201c${path.name}\u201d goes from ${words(numbers[0])} to ${words(numbers.at(-1))}.`);
      }
      play.stop();
      play.slide(e, synapse === null ? between(numbers, places, number) : number);
      return play.rest();
    });
    // What the slider shows at its place.
    const shown = (place) => words(synapse === null ? between(places, numbers, place) : place);
    const run = makeButton("\u25b6", () => (playing(e) ? play.stop() : play.sweep(e, play.speed)),
      { "aria-label": `sweep ${path.name}`, class: "pg-play" });
    const readings = path.readings.length ? makeReadings(play, path) : null;
    const { length } = path.members, some = length > 1 && length < start.length;
    const node = make("div", { class: "pg-path" },
      make("label", { for: input.id }, path.name, some ? make("small", {}, ` ${length} synapses`) : null,
        synapse === null ? null : make("small", {}, " weight")), typed, input, run,
      readings && readings.node);
    return { node, input, typed, run, shown, readings };
  });
  if (!paths.length) return null;
  play.parts.push({
    draw() {
      paths.forEach(({ input, typed, shown, readings }, e) => {
        const amount = play.amountOf(e), text = shown(amount);
        typed.show(text);
        setRange(input, play.endsOf(e), amount, text);
        if (readings) readings.show(amount);
      });
    },
    time() {
      paths.forEach(({ run }, e) => {
        write(run, playing(e) ? "\u25a0" : "\u25b6");
      });
    },
  });
  return make("section", { class: "pg-paths", "aria-label": "ensembles" }, ...paths.map(({ node }) => node));
}
