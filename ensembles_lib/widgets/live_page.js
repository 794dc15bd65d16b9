// The picture that stays live in a page without a kernel; live_page.py puts it into the page.

// From tools/fit_tanh.py: where tanh is clipped, then x·P(x²)/Q(x²), P and Q from the highest
// power down. The largest error, in single precision, is below 1e-6.
const TANH = [
  9,
  1.31845524e-08, 2.04721159e-05, 0.00348660154, 0.133732151, 0.999999907,
  7.70281191e-07, 0.000327141585, 0.0258420565, 0.46706512, 1,
];

// live_page.wat, assembled: one neuron over a whole plane, sixteen points at a time.
const KERNEL =
  "AGFzbQEAAAABCAFgBH9/f38AAgwBAAZtZW1vcnkCAAEDAgEABwoBBm5ldXJvbgAACpQDAZEDAgR/B3sDQP0MAAAAAAAA"
  + "AAAAAAAAAAAAACELIAshDCALIQ0gCyEOIAAhBQNAIAX9CQIEIQggBSgCACAEaiEGIAsgCCAG/QAEAP3mAf3kASELIAwg"
  + "CCAG/QAEEP3mAf3kASEMIA0gCCAG/QAEIP3mAf3kASENIA4gCCAG/QAEMP3mAf3kASEOIAVBCGoiBSABSQ0ACyACIARq"
  + "IQYgBiAL/QsEACAGIAz9CwQQIAYgDf0LBCAgBiAO/QsEMCAGQcAAaiEHA0BBAP0JAgAhCiAK/eEBIAogBv0ABAD96gH9"
  + "6wEhCSAJIAn95gEhCiAGIAlBAP0JAhQgCkEA/QkCECAKQQD9CQIMIApBAP0JAgggCkEA/QkCBP3mAf3kAf3mAf3kAf3m"
  + "Af3kAf3mAf3kAf3mAUEA/QkCKCAKQQD9CQIkIApBAP0JAiAgCkEA/QkCHCAKQQD9CQIY/eYB/eQB/eYB/eQB/eYB/eQB"
  + "/eYB/eQB/ecB/QsEACAGQRBqIgYgB0kNAAsgBEHAAGoiBCADSQ0ACws=";

// A kernel holds one plane of numbers for each input and each neuron, all of whose lengths are
// multiples of 16, and computes the plane of one neuron from those that it listens to.

function firstSynapses(sources) {
  const first = [0];
  for (const heard of sources) first.push(first[first.length - 1] + heard.length);
  return first;
}

function wasmKernel(sources, points) {
  const first = firstSynapses(sources);
  const table = 64, begin = table + 64 * Math.ceil((8 * first[sources.length]) / 64);
  const bytes = 64 * Math.ceil(points / 16);
  const stride = bytes + 64; // planes a power of two apart would share their places in the cache
  const count = 3 + sources.length;
  const memory = new WebAssembly.Memory({ initial: Math.ceil((begin + count * stride) / 65536) });
  // Throws where there is no WebAssembly, no SIMD, or a page's rules forbid them.
  const module = new WebAssembly.Module(Uint8Array.from(atob(KERNEL), (c) => c.charCodeAt(0)));
  const { neuron } = new WebAssembly.Instance(module, { "": { memory } }).exports;
  const address = (plane) => begin + plane * stride;
  new Float32Array(memory.buffer).set(TANH);
  const words = new Int32Array(memory.buffer, table);
  const numbers = new Float32Array(memory.buffer, table);
  sources.flat().forEach((plane, k) => { words[2 * k] = address(plane); });
  const planes = Array.from({ length: count },
    (_, plane) => new Float32Array(memory.buffer, address(plane), bytes / 4));
  return {
    name: "wasm",
    planes,
    compute(n, weights) {
      for (let k = first[n]; k < first[n + 1]; k++) numbers[2 * k + 1] = weights[k];
      neuron(table + 8 * first[n], table + 8 * first[n + 1], address(3 + n), bytes);
    },
  };
}

function plainKernel(sources, points) {
  const first = firstSynapses(sources);
  const length = 16 * Math.ceil(points / 16);
  const planes = Array.from({ length: 3 + sources.length }, () => new Float32Array(length));
  const sum = new Float64Array(length);
  const [clip, p4, p3, p2, p1, p0, q4, q3, q2, q1, q0] = TANH;
  return {
    name: "js",
    planes,
    compute(n, weights) {
      const heard = sources[n], out = planes[3 + n];
      sum.fill(0);
      for (let i = 0; i < heard.length; i += 4) { // four at a time; what is missing weighs nothing
        const weight = (j) => (i + j < heard.length ? weights[first[n] + i + j] : 0);
        const plane = (j) => planes[i + j < heard.length ? heard[i + j] : 0];
        const wa = weight(0), wb = weight(1), wc = weight(2), wd = weight(3);
        const a = plane(0), b = plane(1), c = plane(2), d = plane(3);
        for (let p = 0; p < length; p++) sum[p] += wa * a[p] + wb * b[p] + wc * c[p] + wd * d[p];
      }
      for (let p = 0; p < length; p++) {
        const x = Math.max(-clip, Math.min(clip, sum[p])), s = x * x;
        out[p] = (x * ((((p4 * s + p3) * s + p2) * s + p1) * s + p0))
          / ((((q4 * s + q3) * s + q2) * s + q1) * s + q0);
      }
    },
  };
}

// A painter computes again the neurons that a change of weights reaches, and no others.
function makePainter({ size: [height, width], sources, weights: start }) {
  let kernel;
  try {
    kernel = wasmKernel(sources, height * width);
  } catch (error) {
    kernel = plainKernel(sources, height * width);
  }
  const { planes, compute, name } = kernel;
  for (let p = 0; p < height * width; p++) { // the centres of the pixels, y upwards
    planes[0][p] = (((p % width) + 0.5) / width) * 2 - 1;
    planes[1][p] = 1 - ((Math.floor(p / width) + 0.5) / height) * 2;
    planes[2][p] = 1;
  }
  const outputs = planes.slice(-3), last = new Array(start.length), fresh = planes.map(() => false);
  const update = (weights) => {
    let k = 0;
    sources.forEach((heard, n) => {
      let stale = false;
      for (const plane of heard) {
        stale = stale || fresh[plane] || weights[k] !== last[k];
        last[k] = weights[k];
        k += 1;
      }
      fresh[3 + n] = stale;
      if (stale) compute(n, weights);
    });
  };
  update(start);
  const before = outputs.map((plane) => plane.slice());
  return {
    kernel: name,
    // Write the picture for these weights into RGBA bytes, which round and clip by themselves.
    paint(weights, rgba) {
      update(weights);
      const [red, green, blue] = outputs;
      for (let p = 0, at = 0; p < height * width; p++, at += 4) {
        rgba[at] = (red[p] + 1) * 127.5;
        rgba[at + 1] = (green[p] + 1) * 127.5;
        rgba[at + 2] = (blue[p] + 1) * 127.5;
        rgba[at + 3] = 255;
      }
    },
    // How far the picture is from that of the start: root mean square over points and colours.
    change() {
      let sum = 0;
      outputs.forEach((plane, c) => {
        for (let p = 0; p < height * width; p++) sum += (plane[p] - before[c][p]) ** 2;
      });
      return Math.sqrt(sum / (3 * height * width));
    },
  };
}

// Put the picture in place of the still image, and tie the sliders to it.
function bringToLife(root) {
  const data = JSON.parse(root.querySelector('script[type="application/json"]').textContent);
  const painter = makePainter(data);
  const still = root.querySelector("img"), canvas = document.createElement("canvas");
  [canvas.height, canvas.width] = data.size;
  canvas.setAttribute("role", "img");
  canvas.setAttribute("aria-label", still.alt);
  const context = canvas.getContext("2d");
  const image = context.createImageData(canvas.width, canvas.height);
  const reading = root.querySelector(".live-change");
  const text = (value, digits) => {
    const shown = value.toFixed(digits);
    return (Number(shown) === 0 ? shown.replace("-", "") : shown).replace("-", "\u2212");
  };

  const sliders = data.synapses.map((synapse, i) => {
    const [input, shown, label] = ["input", "output", "label"]
      .map((tag) => root.querySelectorAll(`.live-move ${tag}`)[i]);
    // The same picture may be on a page twice; a label must still name its own slider.
    for (let copy = 2; document.getElementById(input.id) !== input && copy < 1000; copy++) {
      input.id = label.htmlFor = `${label.htmlFor.split("_")[0]}_${copy}`;
    }
    shown.htmlFor = input.id;
    input.value = input.defaultValue; // some browsers keep what stood there before a reload
    const home = input.value, step = Number(input.step);
    const digits = Math.min(6, Math.max(0, Math.ceil(-Math.log10(step))));
    return {
      input,
      // The start need not lie on a step: where the slider began, the weight is that of the start.
      value: () => (input.value === home ? data.weights[synapse] : Number(input.value)),
      show(value) {
        shown.textContent = text(value, digits);
        input.setAttribute("aria-valuetext", shown.textContent);
      },
      reset() { input.value = home; },
    };
  });

  const draw = () => {
    const weights = data.weights.slice();
    data.synapses.forEach((synapse, i) => {
      weights[synapse] = sliders[i].value();
      sliders[i].show(weights[synapse]);
    });
    painter.paint(weights, image.data);
    context.putImageData(image, 0, 0);
    reading.textContent = text(painter.change(), 3);
  };
  let waiting = false; // at most one picture a frame, of the latest state: nothing queues up
  const ask = () => {
    if (waiting) return;
    waiting = true;
    requestAnimationFrame(() => { waiting = false; draw(); });
  };

  const button = root.querySelector("button");
  button.addEventListener("click", () => { sliders.forEach((slider) => slider.reset()); ask(); });
  for (const { input } of sliders) {
    input.addEventListener("input", ask);
    input.disabled = false;
  }
  button.disabled = false;
  draw();
  still.replaceWith(canvas);
  root.querySelector(".live-note").hidden = true;
  root.dataset.kernel = painter.kernel;
}

// Some places run the scripts of an output elsewhere: look for what is not alive yet.
function bringAllToLife(name) {
  const script = document.currentScript, around = script && script.closest(`.${name}`);
  for (const root of new Set([around, ...document.querySelectorAll(`.${name}`)])) {
    if (root && !root.dataset.kernel) bringToLife(root);
  }
}
