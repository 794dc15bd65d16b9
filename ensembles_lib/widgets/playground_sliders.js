// The chosen synapse as a number and a slider, with room for more, from `makeSynapseTools`.

function makeSynapseBox(play, { beside = [], below = null } = {}) {
  const { start, source, target, prefix, neuronName, sourceWords } = play;
  const wheres = make("span", { class: "pg-where" });
  const which = make("input", { type: "number", id: `${prefix}-which`, min: 0, max: start.length - 1,
    step: 1, input: () => which.value !== "" && chooseTyped(Number(which.value)) });
  const chooseTyped = (k) => {
    if (Number.isInteger(k) && k >= 0 && k < start.length) play.choose(k);
    else play.say(`There is no synapse ${which.value}: there are 0 to ${start.length - 1}.`);
  };
  const typed = makeTyped(play, { id: `${prefix}-weight` }, (value) => {
    play.stop();
    play.moveTo(play.chosen, value);
    play.rest();
  });
  const slider = make("input", { type: "range", step: "any", "aria-label": "weight of the chosen synapse",
    input: () => { play.stop(); play.moveTo(play.chosen, Number(slider.value)); }, change: play.rest });
  onWheel(play, slider);

  play.typeWeight = () => { typed.focus(); typed.select(); };

  const show = () => {
    const k = play.chosen, value = showNumber(play.weights[k], play.digits(k));
    typed.show(value);
    setRange(slider, play.ends(k), play.weights[k], value);
  };
  play.parts.push({
    draw: show,
    choose(k) {
      if (document.activeElement !== which) which.value = k;
      wheres.textContent = `${sourceWords(source[k])} \u2192 neuron ${neuronName(target[k])}`;
    },
  });
  return make("section", { class: "pg-box", "aria-label": "the chosen synapse" },
    make("div", { class: "pg-line" }, make("label", { for: which.id }, "synapse"), which, wheres),
    make("div", { class: "pg-line" }, make("label", { for: typed.id }, "weight"), typed,
      makeButton("reset", () => { play.stop(); play.moveTo(play.chosen, start[play.chosen]); play.rest(); },
        { "aria-label": "reset this synapse" }), ...beside),
    slider, below);
}

// What else is done with the chosen synapse: listed, frozen while others learn, swept to and fro.
function makeSynapseTools(play) {
  const { frozen } = play;
  const freeze = make("input", { type: "checkbox", change: () => {
    frozen[play.chosen] = freeze.checked ? 1 : 0;
    play.mark();
    play.ask();
  } });
  const listed = makeButton("+ list", () => play.list([play.chosen]),
    { "aria-pressed": "false", title: "put it on the list, which has a slider for each" });
  const speed = make("input", { type: "range", min: 0.2, max: 3, step: "any", value: 1,
    "aria-label": "speed of the sweep" });
  const sweep = makeButton("\u25b6 sweep",
    () => (play.playing ? play.stop() : play.sweep(null, play.speed)), { class: "pg-play" });
  play.speed = () => Number(speed.value);
  const far = make("select", { "aria-label": "how far sliders go, in working ranges",
    change: () => { play.far = Number(far.value); play.ask(); } },
    ...[5, 20, 80].map((one) => make("option", { value: one }, `\u00b1${one} ranges`)));
  const showListed = () => {
    const is = play.listed.includes(play.chosen);
    write(listed, is ? "\u2212 list" : "+ list");
    listed.setAttribute("aria-pressed", String(is));
  };
  play.parts.push({
    choose(k) {
      freeze.checked = frozen[k] === 1;
      showListed();
    },
    list: showListed,
    time() {
      write(sweep, play.playing && play.playing.e === null ? "\u25a0 stop" : "\u25b6 sweep");
    },
  });
  const held = play.data.target ? make("label", { class: "pg-check" }, freeze, "freeze") : null;
  return { beside: [listed, held], below: make("div", { class: "pg-line" }, sweep,
    make("label", { class: "pg-speed" }, "speed ", speed), far) };
}

// The wheel moves the weight finely, where the control has the focus: elsewhere it scrolls the page.
function onWheel(play, control) {
  control.addEventListener("wheel", (event) => {
    if (document.activeElement !== event.currentTarget) return;
    event.preventDefault();
    play.stop();
    const k = play.chosen, notch = Math.sign(event.deltaY || event.deltaX);
    play.moveTo(k, play.weights[k] - notch * play.unit(k) * (event.shiftKey ? 0.005 : 0.05));
    play.restSoon();
  }, { passive: false });
}
