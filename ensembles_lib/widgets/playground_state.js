// What a playground knows and does, apart from how it looks: its parts (each with any of `draw`,
// `follow`, `mark`, `choose` and `time`) are told when there is something to show.

const SWEEP = 1.6, ONCE = 9; // of a sweep, radians a second; of what is played once, radians in all
// When the browser has nothing more urgent to do, but soon.
const [whenIdle, notIdle] = globalThis.requestIdleCallback
  ? [(go) => requestIdleCallback(go, { timeout: 100 }), (id) => cancelIdleCallback(id)]
  : [(go) => setTimeout(go), (id) => clearTimeout(id)]; // Safari
const VIEWS = {}; // ways to show it all: each fills the root, given the state and more

let numberOfPlaygrounds = 0; // labels need names of their own, also where one is shown twice

// `told` hears of the weights when the hand rests.
function makeState(root, data, { told = () => {}, inAddress = false } = {}) {
  const { sources, inputs, size, reach, title } = data, ensembles = data.ensembles.map(unpackPath);
  const start = startOf(data), first = firstSynapses(sources);
  const nNeurons = sources.length, network = makeNetwork(data, size);
  const target = Int32Array.from(sources.flatMap((heard, n) => heard.map(() => n)));
  const channels = data.colours === "hsv" ? "HSV" : "RGB";
  const inputNames = inputs === 4 ? "xydc" : "xyc"; // the last is the constant 1
  const neuronName = (n) => (channels[n - nNeurons + 3] || String(n));
  const calm = matchMedia("(prefers-reduced-motion: reduce)");
  let soon = null, waiting = false, following = null;
  const unseen = sources.map(() => true); // neurons whose maps are not up to date
  const all = (kind, ...given) => play.parts.forEach((part) => part[kind] && part[kind](...given));

  const play = {
    root, data, sources, inputs, size, reach, ensembles, title, start, first, target, nNeurons, network,
    inAddress, given: { digests: data.digests, start }, source: sources.flat(),
    prefix: `playground-${++numberOfPlaygrounds}`,
    neuronName,
    sourceName: (s) => (s < inputs ? inputNames[s] : neuronName(s - inputs)), // where room is scarce
    sourceWords: (s) => (s === inputs - 1 ? "constant" : play.sourceName(s)),
    spoken: (s) => (s === inputs - 1 ? "the constant" : s < inputs ? `input ${inputNames[s]}`
      : `neuron ${neuronName(s - inputs)}`),
    parts: [],

    weights: start.slice(), amounts: ensembles.map(({ home }) => home),
    frozen: new Uint8Array(start.length),
    chosen: 0,
    looked: null, // a neuron whose map is shown large, or null
    hovered: null, // a synapse under the pointer
    marked: null, // the ensemble whose members are marked
    listed: [], // the synapses that were put on the list, in order
    speed: () => 1, // of a sweep
    far: 5, // a slider's reach to both sides, in working ranges
    // The synapses that are marked: of an ensemble that is looked at, or else on the list.
    members: () => (play.marked === null ? play.listed : ensembles[play.marked].members),
    held: false, // the start is shown, to compare
    playing: null, healing: null,
    history: makeHistory({ weights: start.slice(), amounts: ensembles.map(({ home }) => home) }),

    unit: (k) => reach[k], // a working range
    ends: (k) => [Math.min(start[k] - play.far * reach[k], play.weights[k]),
      Math.max(start[k] + play.far * reach[k], play.weights[k])],
    digits: (k) => Math.min(6, Math.max(2, Math.ceil(2 - Math.log10(reach[k])))),
    here: () => root.isConnected,
    say() {}, // the page's line of words, once there is one

    // At most one picture a frame, of the latest state.
    ask() {
      if (waiting) return;
      waiting = true;
      requestAnimationFrame(() => { waiting = false; play.draw(); });
    },
    // What the hand looks at is painted in its own frame: the picture, the cells, the numbers. What
    // lies around them (maps, changes) is painted right after it and shown with the next one.
    draw() {
      const begun = performance.now();
      network.update(play.held ? start : play.weights).forEach((is, n) => { unseen[n] = unseen[n] || is; });
      all("draw");
      if (following === null) following = whenIdle(play.follow);
      root.dataset.milliseconds = (performance.now() - begun).toFixed(2);
    },
    follow() {
      const begun = performance.now();
      notIdle(following);
      following = null;
      all("follow", unseen);
      unseen.fill(false);
      root.dataset.following = (performance.now() - begun).toFixed(2);
    },
    mark() { all("mark"); },

    // `centred`: its neuron is to be in the middle, where not all can be shown.
    choose(k, centred = false) {
      if (play.playing && k !== play.chosen) play.stop();
      play.chosen = k;
      all("choose", k, centred);
      play.mark();
      play.ask();
    },
    // Put synapses on the list, or take those off that are there.
    list(some) {
      const off = some.every((k) => play.listed.includes(k));
      play.listed = off ? play.listed.filter((k) => !some.includes(k))
        : [...new Set([...play.listed, ...some])];
      all("list");
      play.mark();
      play.ask();
    },
    look(n) {
      if (play.looked === n) return;
      play.looked = n;
      play.mark();
      play.ask();
    },

    moveTo(k, value) {
      play.weights[k] = value;
      play.ask();
    },
    // Of a single synapse its weight is the amount.
    amountOf: (e) => (ensembles[e].synapse === null ? play.amounts[e] : play.weights[ensembles[e].synapse]),
    endsOf(e) {
      const { places } = ensembles[e], now = play.amountOf(e);
      return [Math.min(places[0], now), Math.max(places.at(-1), now)];
    },
    slide(e, amount) {
      play.weights = play.wayOf(e).at(amount);
      play.amounts[e] = amount;
      play.ask();
    },
    // The hand rests: what was done is a step to take back, and others are told.
    rest() {
      const now = play.history.state;
      if (same(now.weights, play.weights) && same(now.amounts, play.amounts)) return;
      play.history.add({ weights: play.weights.slice(), amounts: play.amounts.slice() });
      tell();
    },
    restSoon() { clearTimeout(soon); soon = setTimeout(play.rest, 300); },
    goTo(state) {
      play.stop();
      play.weights = state.weights.slice();
      play.amounts = state.amounts.slice();
      tell();
      play.ask();
    },
    takeBack(again = false) {
      clearTimeout(soon);
      if (!play.healing && !play.playing) play.rest();
      play.goTo(again ? play.history.redo() : play.history.undo());
    },
    setAll(weights, amounts = play.amounts) {
      play.weights = Float64Array.from(weights);
      play.amounts = amounts.slice();
      play.say("");
      play.rest();
      play.ask();
    },
    // Weights from elsewhere: a step, unless they are there already or one step back or on.
    receive(weights) {
      if (same(play.weights, weights)) return;
      play.stop();
      play.weights = Float64Array.from(weights);
      const known = play.history.seek((state) => same(state.weights, weights));
      if (known) play.amounts = known.amounts.slice();
      else if (same(weights, start)) play.amounts = ensembles.map(({ home }) => home);
      if (!known) play.history.add({ weights: play.weights.slice(), amounts: play.amounts.slice() });
      all("time");
      play.ask();
    },

    // The way of a sweep, of the chosen synapse or of an ensemble: its ends, where it is now, and
    // the weights at another place.
    wayOf(e) {
      const path = e === null ? null : ensembles[e], k = path ? path.synapse : play.chosen;
      const now = play.weights.slice(), from = k === null ? play.amounts[e] : now[k];
      const [low, high] = path ? play.endsOf(e) : play.ends(k);
      return { low, high, from, at(place) {
        if (k === null) return moveAlong(path, now, from, place, start);
        const moved = now.slice();
        moved[k] = place;
        return moved;
      } };
    },
    // To and fro, until it is stopped; or once to the end, from which it begins again.
    sweep(e, speed) {
      play.stop();
      const kept = { weights: play.weights.slice(), amounts: play.amounts.slice() };
      const { low, high, from, at } = play.wayOf(e);
      const once = e !== null && ensembles[e].once;
      let phase = once ? ((from - low) / (high - low)) % 1 : phaseAt(from, low, high), last = null;
      play.playing = { kept, e, once };
      const tick = (now) => {
        if (!play.playing || play.playing.kept !== kept || !play.here()) return;
        const passed = last === null ? 0 : Math.min(now - last, 100);
        // Who asks for no motion sees a few still pictures, one after the other.
        if (!calm.matches || last === null || now - last >= 900) {
          const step = calm.matches && last !== null ? Math.PI / 4 : (passed / 1000) * SWEEP * speed();
          phase = once ? Math.min(1, phase + step / ONCE) : phase + step;
          const place = once ? low + phase * (high - low) : placeAt(phase, low, high);
          last = now;
          play.weights = at(place);
          if (e !== null) play.amounts[e] = place;
          play.ask();
        }
        if (once && phase === 1) play.stop();
        requestAnimationFrame(tick);
      };
      all("time");
      requestAnimationFrame(tick);
    },
    // A sweep to and fro ends where it began; what was played once, and what was healed, stays.
    stop() {
      if (play.playing && play.playing.once) {
        play.playing = null;
        play.rest();
      } else if (play.playing) {
        play.weights = play.playing.kept.weights;
        play.amounts = play.playing.kept.amounts;
        play.playing = null;
        play.ask();
      }
      if (play.healing) {
        play.healing = null;
        play.rest();
      }
      all("time");
    },

    // What an address brings, if the page is one of its own.
    openAddress() {
      if (!inAddress || location.hash.length < 2) return;
      try {
        play.weights = decodeState(play.given, location.hash.slice(1));
        play.history.add({ weights: play.weights.slice(), amounts: play.amounts.slice() });
      } catch (error) {
        play.say(error.message);
      }
    },
    close() {
      notIdle(following);
      clearTimeout(soon);
      play.playing = play.healing = null;
      all("close");
    },
  };

  const tell = () => {
    all("time");
    told(play.weights);
    if (!inAddress) return;
    const at = same(play.weights, start) ? location.pathname + location.search
      : `#${encodeState(play.given, play.weights)}`;
    try { window.history.replaceState(null, "", at); } catch (error) { /* some places forbid it */ }
  };
  return play;
}

function same(a, b) {
  return a.length === b.length && a.every((value, i) => value === b[i]);
}

// To and fro between two ends, from a place in between and back to it: where a phase begins there,
// and where it is at a phase.
function phaseAt(at, low, high) {
  return Math.acos(Math.max(-1, Math.min(1, 1 - (2 * (at - low)) / (high - low))));
}
function placeAt(phase, low, high) {
  return low + ((1 - Math.cos(phase)) / 2) * (high - low);
}
