// The picture that stays live in a page without a kernel; live_page.py puts it into the page,
// after the kernels of kernels.js.

// A painter computes again the neurons that a change of weights reaches, and no others.
function makePainter({ size: [height, width], sources, weights: start }) {
  let kernel;
  try {
    kernel = wasmKernel({ sources }, height * width);
  } catch (error) {
    kernel = plainKernel({ sources }, height * width);
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
