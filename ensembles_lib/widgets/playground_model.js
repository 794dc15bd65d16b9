// What the playground computes, without a page, by the kernels of kernels.js.

// How a value is coloured: stops from low to high, as red, green, blue.
const CIVIDIS = ["00224e", "1a386f", "434e6c", "61656f", "7d7c78", "9b9476", "bcae6c", "dec958",
  "fee838"];

// A table of 256 colours as the 32-bit words of a canvas (their bytes are R, G, B, A).
function colourTable(stops) {
  const bytes = new Uint8ClampedArray(4 * 256);
  const parsed = stops.map((hex) => [0, 2, 4].map((i) => parseInt(hex.slice(i, i + 2), 16)));
  for (let i = 0; i < 256; i++) {
    const at = (i / 255) * (stops.length - 1), low = Math.min(stops.length - 2, Math.floor(at));
    for (let c = 0; c < 3; c++) {
      bytes[4 * i + c] = parsed[low][c] + (at - low) * (parsed[low + 1][c] - parsed[low][c]);
    }
    bytes[4 * i + 3] = 255;
  }
  return new Uint32Array(bytes.buffer);
}

const BLOCK = 4096; // points at a time: their planes stay in the cache

// The network over all points of a picture, or over some rows of it at a time: it computes again
// the neurons that a change of weights reaches, and no others. A plane is stale until its neuron
// was computed for the newest weights.
function makeNetwork(network, [height, width], rows = height) {
  const { sources, inputs = 3 } = network, points = rows * width;
  const { planes, compute, name } = makeKernel(network, points);
  const last = new Float64Array(sources.flat().length).fill(NaN);
  const fresh = planes.map(() => false), neurons = planes.slice(inputs), outputs = neurons.slice(-3);
  const kind = network.colours || "signed", { length } = planes[0];
  const colours = kind === "signed" ? outputs : outputs.map((plane) => new Float32Array(plane.length));
  const self = {
    kernel: name, points, neurons,
    colours, // red, green, blue from -1 to 1, and beyond where outputs are
    // The centres of the pixels, y upwards, from row `top` on; or of some pixels of a larger picture.
    place(top, some = null, [h, w] = [height, width]) {
      for (let p = 0; p < points; p++) {
        placePoint(planes, inputs, p, some ? some[p] : p + top * width, h, w);
      }
      last.fill(NaN);
    },
    // Returns for each neuron whether its plane has changed.
    update(weights) {
      let k = 0;
      sources.forEach((heard, n) => {
        let stale = false;
        for (const plane of heard) {
          stale = stale || fresh[plane] || weights[k] !== last[k];
          last[k] = weights[k];
          k += 1;
        }
        fresh[inputs + n] = stale;
      });
      for (let from = 0; from < length; from += BLOCK) {
        const to = Math.min(length, from + BLOCK);
        for (let n = 0; n < sources.length; n++) if (fresh[inputs + n]) compute(n, weights, from, to);
      }
      if (kind !== "signed" && fresh.slice(-3).some(Boolean)) readColours(kind, outputs, colours);
      return fresh.slice(inputs);
    },
  };
  self.place(0);
  return self;
}

const PER_DISTANCE = 1.4; // as in core/points.py

// Write what a pixel of a picture gives to the inputs x, y, 1 or x, y, d, 1 at place p of planes.
function placePoint(planes, inputs, p, pixel, height, width) {
  const x = (((pixel % width) + 0.5) / width) * 2 - 1;
  const y = 1 - ((Math.floor(pixel / width) + 0.5) / height) * 2;
  planes[0][p] = x;
  planes[1][p] = y;
  if (inputs === 4) planes[2][p] = PER_DISTANCE * Math.hypot(x, y);
  planes[inputs - 1][p] = 1;
}

// How outputs are read as colours, as in core/colours.py.
const HUES = [5, 3, 1]; // where red, green and blue stand on the hexagon of hues
const unit = (value) => Math.max(0, Math.min(1, value));
const turned = (hue, place) => (((place + 6 * hue) % 6) + 6) % 6;
const lacks = (turn) => unit(Math.min(turn, 4 - turn)); // of a colour, at full saturation

function readColours(kind, outputs, colours) {
  const [hues, saturations, values] = outputs;
  colours.forEach((plane, c) => {
    for (let p = 0; p < plane.length; p++) {
      plane[p] = kind === "unit" ? 2 * unit(outputs[c][p]) - 1
        : 2 * unit(Math.abs(values[p])) * (1 - unit(saturations[p]) * lacks(turned(hues[p], HUES[c]))) - 1;
    }
  });
}

// Derivatives by the outputs at a point, given those by red, green and blue; 0 where clipped.
function pullBack(kind, outputs, seeds) {
  if (kind === "unit") return seeds.map((seed, c) => (outputs[c] > 0 && outputs[c] < 1 ? 2 * seed : 0));
  const [hue, saturation, value] = outputs, by = [0, 0, 0];
  const s = unit(saturation), v = unit(Math.abs(value));
  seeds.forEach((seed, c) => {
    const turn = turned(hue, HUES[c]), wave = Math.min(turn, 4 - turn), depth = unit(wave);
    if (wave > 0 && wave < 1) by[0] -= seed * 2 * v * s * (turn < 2 ? 6 : -6);
    if (saturation > 0 && saturation < 1) by[1] -= seed * 2 * v * depth;
    if (Math.abs(value) < 1) by[2] += seed * 2 * (1 - s * depth) * Math.sign(value);
  });
  return by;
}

// Write three planes into RGBA bytes, which round and clip by themselves.
function writePicture([red, green, blue], rgba) {
  for (let p = 0, at = 0; at < rgba.length; p++, at += 4) {
    rgba[at] = (red[p] + 1) * 127.5;
    rgba[at + 1] = (green[p] + 1) * 127.5;
    rgba[at + 2] = (blue[p] + 1) * 127.5;
    rgba[at + 3] = 255;
  }
}

// The picture of some weights at any size, as RGBA bytes: painted by strips of so many rows, since
// all planes of a large one would not fit into the memory.
function paintLarge(network, weights, [height, width], rows = Math.max(1, Math.floor(65536 / width))) {
  const rgba = new Uint8ClampedArray(4 * height * width), strip = Math.min(rows, height);
  const painter = makeNetwork(network, [height, width], strip);
  for (let top = 0; top < height; top += strip) {
    painter.place(top);
    painter.update(weights);
    writePicture(painter.colours, rgba.subarray(4 * top * width, 4 * (top + strip) * width));
  }
  return rgba;
}

// Root mean square difference of two lists of planes, over the first so many points.
function rms(some, others, points) {
  let sum = 0; // no closure: it would put a number on the heap for each point
  for (let c = 0; c < some.length; c++) {
    const a = some[c], b = others[c];
    for (let p = 0; p < points; p++) sum += (a[p] - b[p]) * (a[p] - b[p]);
  }
  return Math.sqrt(sum / (some.length * points));
}

// The three planes of a picture given as RGBA bytes, from -1 to 1.
function planesOf(rgba) {
  return [0, 1, 2].map((c) => Float32Array.from(
    { length: rgba.length / 4 }, (_, p) => rgba[4 * p + c] / 127.5 - 1));
}

// Training goes on: mini-batches of points drawn without repeats, backprop, and Adam's steps
// (Kingma & Ba 2015, arXiv 1412.6980, algorithm 1).
function makeTrainer(network, target, batch = 256, random = Math.random) {
  const { sources, size: [height, width], inputs = 3, activations = [] } = network;
  const points = height * width, first = firstSynapses(sources), kind = network.colours || "signed";
  batch = Math.min(batch, points);
  const { planes, compute, sum } = makeKernel(network, batch);
  const signals = sources.map(() => new Float32Array(batch)), total = first[sources.length];
  // Net inputs are kept where the slope is not told by the activation alone.
  const netInputs = sources.map((_, n) => (
    (activations[n] || "tanh") === "tanh" ? null : new Float32Array(batch)));
  const slope = new Float64Array(total), mean = new Float64Array(total);
  const square = new Float64Array(total), delta = new Float32Array(batch);
  const order = Uint32Array.from({ length: points }, (_, p) => p);
  const outputs = planes.slice(-3), colours = kind === "signed" ? outputs
    : outputs.map((plane) => new Float32Array(plane.length));
  let next = points, number = 0;

  // The derivative of the mean squared error over some points, by every weight; kept until the
  // next call.
  const gradient = (weights, chosen) => {
    const n = chosen.length;
    for (let i = 0; i < n; i++) placePoint(planes, inputs, i, chosen[i], height, width);
    sources.forEach((_, neuron) => {
      if (netInputs[neuron]) {
        const plane = planes[inputs + neuron];
        sum(neuron, weights);
        netInputs[neuron].set(plane.subarray(0, batch));
        apply(activations[neuron], plane);
      } else compute(neuron, weights);
    });
    for (const signal of signals) signal.fill(0);
    const seeds = signals.slice(-3);
    if (kind !== "signed") readColours(kind, outputs, colours);
    target.forEach((plane, c) => {
      for (let i = 0; i < n; i++) seeds[c][i] = (2 * (colours[c][i] - plane[chosen[i]])) / (3 * n);
    });
    if (kind !== "signed") {
      for (let i = 0; i < n; i++) {
        pullBack(kind, outputs.map((plane) => plane[i]), seeds.map((seed) => seed[i]))
          .forEach((by, c) => { seeds[c][i] = by; });
      }
    }
    for (let neuron = sources.length - 1; neuron >= 0; neuron--) {
      const sent = planes[inputs + neuron], signal = signals[neuron], heard = sources[neuron];
      if (netInputs[neuron]) {
        const by = ACTIVATIONS[activations[neuron]].slope, net = netInputs[neuron];
        for (let i = 0; i < n; i++) delta[i] = signal[i] * by(net[i], sent[i]);
      } else for (let i = 0; i < n; i++) delta[i] = signal[i] * (1 - sent[i] * sent[i]);
      for (let j = 0, k = first[neuron]; j < heard.length; j++, k++) {
        const plane = planes[heard[j]];
        let a = 0, b = 0, c = 0, d = 0, i = 0; // four sums, that do not wait for each other
        for (; i + 3 < n; i += 4) {
          a += delta[i] * plane[i]; b += delta[i + 1] * plane[i + 1];
          c += delta[i + 2] * plane[i + 2]; d += delta[i + 3] * plane[i + 3];
        }
        for (; i < n; i++) a += delta[i] * plane[i];
        slope[k] = a + b + c + d;
        if (heard[j] < inputs) continue;
        const back = signals[heard[j] - inputs], weight = weights[k];
        for (let p = 0; p < n; p++) back[p] += weight * delta[p];
      }
    }
    return slope;
  };

  return {
    gradient,
    // One step, in place; frozen weights stay. `rate` is the largest move of a weight, about.
    step(weights, rate, frozen) {
      if (next + batch > points) {
        for (let p = points - 1; p > 0; p--) { // Fisher and Yates
          const other = Math.floor(random() * (p + 1)), kept = order[p];
          order[p] = order[other];
          order[other] = kept;
        }
        next = 0;
      }
      gradient(weights, order.subarray(next, next + batch));
      next += batch;
      number += 1;
      const unbias = rate / (1 - 0.9 ** number), unbiasSquare = 1 - 0.999 ** number;
      for (let k = 0; k < total; k++) {
        mean[k] += 0.1 * (slope[k] - mean[k]);
        square[k] += 0.001 * (slope[k] * slope[k] - square[k]);
        if (frozen[k]) continue;
        weights[k] -= (unbias * mean[k]) / (Math.sqrt(square[k] / unbiasSquare) + 1e-8);
      }
    },
  };
}

// The weights that a page is given, exactly: 64-bit numbers in base 64.
const startOf = (data) => new Float64Array(bytesOf(atob(data.start)).buffer);

// A path as the page is given it: how far each member is moved at each knot is packed, knot by knot,
// as 32-bit numbers. The places of its slider are its numbers; of a path that goes one way from the
// start, such as a training, whose steps crowd there, they are the knots, at equal distances.
function unpackPath(path) {
  const { numbers, members, home, synapse } = path;
  const packed = new Float32Array(bytesOf(atob(path.moves)).buffer);
  const once = synapse === null && numbers[0] === home;
  return { ...path, once, places: once ? numbers.map((_, t) => t) : numbers,
    moves: members.map((_, m) => numbers.map((_, t) => packed[t * members.length + m])) };
}

// From one list of knots to another along straight lines, and not beyond the ends.
function between(knots, values, place) {
  const last = knots.length - 1;
  let i = 1;
  while (i < last && knots[i] < place) i++;
  const share = Math.min(1, Math.max(0, (place - knots[i - 1]) / (knots[i] - knots[i - 1])));
  return share === 1 ? values[i] : values[i - 1] + share * (values[i] - values[i - 1]);
}

// Moves of an ensemble add to what the hand did: `before` plus the path's way from one place to
// the other. What comes back to its start, but for rounding, is at the start again.
function moveAlong({ places, moves, members }, before, from, to, start) {
  const weights = Float64Array.from(before);
  members.forEach((k, m) => {
    const moved = before[k] + between(places, moves[m], to) - between(places, moves[m], from);
    weights[k] = Math.abs(moved - start[k]) < 1e-12 * (1 + Math.abs(start[k])) ? start[k] : moved;
  });
  return weights;
}

// Steps that can be taken back. Each entry is a whole state, never changed.
function makeHistory(first, most = 200) {
  let states = [first], at = 0;
  return {
    get state() { return states[at]; },
    get canUndo() { return at > 0; },
    get canRedo() { return at < states.length - 1; },
    add(state) {
      states = [...states.slice(Math.max(0, at + 2 - most), at + 1), state];
      at = states.length - 1;
    },
    undo() { at = Math.max(0, at - 1); return states[at]; },
    redo() { at = Math.min(states.length - 1, at + 1); return states[at]; },
    // The state before or after this one, if `is` knows it: then it is gone to.
    seek(is) {
      const to = [at - 1, at + 1].find((i) => states[i] && is(states[i]));
      return to === undefined ? null : states[at = to];
    },
  };
}

function changedSynapses(start, weights) {
  return Array.from(start.keys()).filter((k) => weights[k] !== start[k]);
}

// Changed weights as text for an address: which network it belongs to, then for each synapse its
// number (16 bits) and weight (64 bits), in base 64 with the letters that addresses allow.
function encodeState({ digests, start }, weights) {
  const changed = changedSynapses(start, weights), view = new DataView(new ArrayBuffer(10 * changed.length));
  changed.forEach((k, i) => {
    view.setUint16(10 * i, k, true);
    view.setFloat64(10 * i + 2, weights[k], true);
  });
  const bytes = Array.from(new Uint8Array(view.buffer), (byte) => String.fromCharCode(byte)).join("");
  const text = btoa(bytes).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
  return `${digests.wiring}${digests.weights}.${text}`;
}

// The weights of such a text; an Error says in words why there are none.
function decodeState({ digests, start }, text) {
  const parts = /^([0-9a-f]{32})\.([\w-]*)$/.exec(text);
  if (!parts) throw new Error("The address holds no weights that can be read.");
  if (parts[1] !== digests.wiring + digests.weights) {
    throw new Error("The address was made for another network: its weights would mean nothing here.");
  }
  return unpackMoved(start, parts[2]);
}

// Weights with those replaced that such a text packs.
function unpackMoved(start, text) {
  let bytes;
  try {
    bytes = bytesOf(atob(text.replace(/-/g, "+").replace(/_/g, "/")));
  } catch (error) {
    throw new Error("The address is damaged: its weights cannot be read.");
  }
  if (bytes.length % 10) throw new Error("The address is cut short: its weights are not whole.");
  const view = new DataView(bytes.buffer), moved = [];
  for (let at = 0; at < bytes.length; at += 10) {
    moved.push([view.getUint16(at, true), view.getFloat64(at + 2, true)]);
  }
  return withMoved(start, moved, "The address");
}

// A copy of weights with some replaced, all checked first.
function withMoved(weights, moved, where) {
  const result = Float64Array.from(weights);
  for (const [k, weight] of moved) {
    if (!(Number.isInteger(k) && k >= 0 && k < weights.length)) {
      throw new Error(`${where} names synapse ${k}: there are 0 to ${weights.length - 1}.`);
    }
    if (!(typeof weight === "number" && Number.isFinite(weight))) {
      throw new Error(`${where} gives synapse ${k} a weight that is no finite number.`);
    }
    result[k] = weight;
  }
  return result;
}

// A log of edits, in the form that version 0.1 began with.
const LOG_FORMAT = "ensembles_lib edits 1";

function encodeLog({ digests, start }, weights) {
  const moved = Object.fromEntries(changedSynapses(start, weights).map((k) => [k, weights[k]]));
  const edits = Object.keys(moved).length ? [{ name: "playground", weights: moved }] : [];
  return JSON.stringify({ format: LOG_FORMAT, ...digests, edits }, null, 1);
}

function decodeLog({ digests, start }, text) {
  let log;
  try {
    log = JSON.parse(text);
  } catch (error) {
    throw new Error("The file is no JSON: choose one that a playground saved.");
  }
  if (log === null || typeof log !== "object" || log.format !== LOG_FORMAT) {
    throw new Error("The file is no log of edits: choose one that a playground saved.");
  }
  if (log.wiring !== digests.wiring || log.weights !== digests.weights) {
    throw new Error("The file was made for another network: its weights would mean nothing here.");
  }
  let weights = Float64Array.from(start);
  if (!Array.isArray(log.edits)) throw new Error("The file is incomplete: it has no list of edits.");
  for (const edit of log.edits) {
    if (edit === null || typeof edit !== "object" || edit.weights === null
        || typeof edit.weights !== "object") {
      throw new Error("The file is incomplete: an edit has no weights.");
    }
    const moved = Object.entries(edit.weights);
    weights = withMoved(weights, moved.map(([k, w]) => [/^\d+$/.test(k) ? Number(k) : k, w]), "The file");
  }
  return weights;
}

function toPython({ start }, weights) {
  const changed = changedSynapses(start, weights);
  if (!changed.length) return "# nothing was changed";
  return "from ensembles_lib import Network\n\n"
    + "weights = network.weights.copy()  # network: as the playground was given it\n"
    + `weights[[${changed.join(", ")}]] = [${changed.map((k) => weights[k]).join(", ")}]\n`
    + "network = Network(network.wiring, weights)";
}

// What was typed as a number, however it is written; NaN if it is none.
function parseNumber(text) {
  const plain = text.trim().replace(/\u2212/g, "-").replace(",", ".");
  return /^[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?$/i.test(plain) && Number.isFinite(Number(plain))
    ? Number(plain) : NaN;
}

function showNumber(value, digits = 3) {
  const shown = value.toFixed(digits);
  return (Number(shown) === 0 ? shown.replace("-", "") : shown).replace("-", "\u2212");
}
