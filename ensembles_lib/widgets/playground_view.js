// What the network paints: the picture, the maps of all neurons, two of them large.

// Pixels of the longer side: of a small map, of the change map, of the map that is shown large.
const TILE = 48, CHANGE = 64, GLASS = 128;

function makeView(play) {
  const { data, network, sources, size, start, target, nNeurons, neuronName } = play;
  const [height, width] = size;
  const cividis = colourTable(CIVIDIS);
  let strength = null; // the colours of the change map, which go with the theme
  // Smaller pictures take every so many pixels of the large one: nearest neighbours.
  const reduced = (side) => {
    const shrink = Math.min(1, side / Math.max(height, width));
    const [h, w] = size.map((one) => Math.max(1, Math.round(one * shrink)));
    const places = Int32Array.from({ length: h * w }, (_, p) => {
      const y = Math.floor(((Math.floor(p / w) + 0.5) * height) / h);
      return y * width + Math.floor((((p % w) + 0.5) * width) / w);
    });
    return { shape: [h, w], places };
  };
  const tile = reduced(TILE), middle = reduced(CHANGE), wide = reduced(GLASS);
  const glass = makePixels("", wide.shape);

  // A map's colours go from end to end of what the neuron can be, or was at the start.
  const scales = network.neurons.map((plane, n) => {
    const { ends } = ACTIVATIONS[data.activations[n] || "tanh"];
    if (ends) return ends;
    const some = plane.subarray(0, network.points);
    const low = some.reduce((a, b) => Math.min(a, b)), high = some.reduce((a, b) => Math.max(a, b));
    return high > low ? [low, high] : [low - 1, low + 1];
  });
  const colour = (words, plane, n, places) => {
    const [low, high] = scales[n], by = 255 / (high - low);
    for (let p = 0; p < words.length; p++) {
      const at = (plane[places[p]] - low) * by + 0.5;
      words[p] = cividis[at < 0 ? 0 : at > 255 ? 255 : at | 0];
    }
  };

  const figure = makePicture(play);
  const change = makeNetwork(play.data, middle.shape), changeMap = makePixels("", middle.shape);
  change.place(0, middle.places, size);
  const amount = new Float32Array(change.points);
  const glassText = make("figcaption", {}), changeText = make("figcaption", {});
  const lenses = make("div", { class: "pg-lenses" },
    make("figure", {}, glass.canvas, glassText),
    make("figure", {}, changeMap.canvas, changeText));

  const maps = sources.map((_, n) => {
    const map = makePixels("", tile.shape);
    map.canvas.removeAttribute("role");
    map.canvas.removeAttribute("aria-label");
    map.canvas.setAttribute("aria-hidden", "true");
    const node = makeButton("", () => { play.look(n); play.choose(play.first[n], true); }, { class: "pg-map",
      "aria-label": `neuron ${neuronName(n)}`, focus: () => play.look(n), pointerenter: () => play.look(n),
      pointerleave: () => play.look(null), blur: () => play.look(null) });
    node.append(map.canvas, make("span", {}, neuronName(n)));
    return { ...map, node };
  });
  const grid = make("div", { class: "pg-maps", role: "group", "aria-label": "activation maps" },
    ...maps.map(({ node }) => node));

  // What half a working range of the chosen synapse moves, from where it is now.
  const drawChange = () => {
    const k = play.hovered === null ? play.chosen : play.hovered;
    const moved = (play.held ? start : play.weights).slice(), { points, colours } = change;
    moved[k] += 0.5 * play.unit(k);
    change.update(moved);
    let most = 1e-6;
    for (let p = 0; p < points; p++) {
      let sum = 0;
      for (let c = 0; c < 3; c++) {
        const off = colours[c][p] - network.colours[c][middle.places[p]];
        sum += off * off;
      }
      amount[p] = Math.sqrt(sum / 3);
      if (amount[p] > most) most = amount[p];
    }
    for (let p = 0; p < points; p++) changeMap.words[p] = strength[100 * Math.sqrt(amount[p] / most) | 0];
    changeMap.show();
    write(changeText, `what synapse ${k} moves (at most ${most.toFixed(2)})`);
    label(changeMap.canvas, `change map of synapse ${k}`);
  };

  play.parts.push({
    theme() { strength = asWords(play.colours.amounts); },
    follow(unseen) {
      maps.forEach(({ words, show }, n) => {
        if (!unseen[n]) return;
        colour(words, network.neurons[n], n, tile.places);
        show();
      });
      const n = play.looked === null ? target[play.chosen] : play.looked;
      colour(glass.words, network.neurons[n], n, wide.places);
      glass.show();
      const [low, high] = scales[n].map((end) => showNumber(end, Number.isInteger(end) ? 0 : 2));
      write(glassText, `${n < nNeurons - 3 ? "neuron" : "output"} ${neuronName(n)}${
        data.activations.length ? ` (${data.activations[n]})` : ""}, ${low} to ${high}`);
      label(glass.canvas, `activation map of neuron ${neuronName(n)}`);
      drawChange();
    },
    mark() {
      const n = play.looked === null ? target[play.chosen] : play.looked;
      maps.forEach(({ node }, other) => node.classList.toggle("pg-on", other === n));
    },
  });
  return { figure, lenses, grid };
}
