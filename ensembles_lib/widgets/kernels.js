// What computes a network over many points: WebAssembly, or plain JavaScript where there is none.

// From tools/data/fit_tanh.py: where tanh is clipped, then x·P(x²)/Q(x²), P and Q from the highest
// power down. The largest error, in single precision, is below 1e-6.
const TANH = [
  9,
  1.31845524e-08, 2.04721159e-05, 0.00348660154, 0.133732151, 0.999999907,
  7.70281191e-07, 0.000327141585, 0.0258420565, 0.46706512, 1,
];

// From tools/data/write_kernels.py: one neuron over a whole plane, sixteen points at a time.
const KERNEL =
  "AGFzbQEAAAABCgFgBn9/f39/fwACDAEABm1lbW9yeQIAAQMCAQAHCgEGbmV1cm9uAAAK2gcB1wcCAn8SewNA/QwAAAAAAAAAAAAA"
  + "AAAAAAAAIQr9DAAAAAAAAAAAAAAAAAAAAAAhC/0MAAAAAAAAAAAAAAAAAAAAACEM/QwAAAAAAAAAAAAAAAAAAAAAIQ0gACEGA0Ag"
  + "Bv0JAgQhCCAGKAIAIAVqIQcgCCAH/QAEAP3mASAK/eQBIQogCCAH/QAEEP3mASAL/eQBIQsgCCAH/QAEIP3mASAM/eQBIQwgCCAH"
  + "/QAEMP3mASAN/eQBIQ0gBkEIaiIGIAFJDQALIAQEQEEA/QkCACEJIAn94QEgCSAK/eoB/esBIQogCiAK/eYBIQ4gCf3hASAJIAv9"
  + "6gH96wEhCyALIAv95gEhDyAJ/eEBIAkgDP3qAf3rASEMIAwgDP3mASEQIAn94QEgCSAN/eoB/esBIQ0gDSAN/eYBIRFBAP0JAgQh"
  + "CSAJIRIgCSETIAkhFCAJIRVBAP0JAgghCSASIA795gEgCf3kASESIBMgD/3mASAJ/eQBIRMgFCAQ/eYBIAn95AEhFCAVIBH95gEg"
  + "Cf3kASEVQQD9CQIMIQkgEiAO/eYBIAn95AEhEiATIA/95gEgCf3kASETIBQgEP3mASAJ/eQBIRQgFSAR/eYBIAn95AEhFUEA/QkC"
  + "ECEJIBIgDv3mASAJ/eQBIRIgEyAP/eYBIAn95AEhEyAUIBD95gEgCf3kASEUIBUgEf3mASAJ/eQBIRVBAP0JAhQhCSASIA795gEg"
  + "Cf3kASESIBMgD/3mASAJ/eQBIRMgFCAQ/eYBIAn95AEhFCAVIBH95gEgCf3kASEVQQD9CQIYIQkgCSEWIAkhFyAJIRggCSEZQQD9"
  + "CQIcIQkgFiAO/eYBIAn95AEhFiAXIA/95gEgCf3kASEXIBggEP3mASAJ/eQBIRggGSAR/eYBIAn95AEhGUEA/QkCICEJIBYgDv3m"
  + "ASAJ/eQBIRYgFyAP/eYBIAn95AEhFyAYIBD95gEgCf3kASEYIBkgEf3mASAJ/eQBIRlBAP0JAiQhCSAWIA795gEgCf3kASEWIBcg"
  + "D/3mASAJ/eQBIRcgGCAQ/eYBIAn95AEhGCAZIBH95gEgCf3kASEZQQD9CQIoIQkgFiAO/eYBIAn95AEhFiAXIA/95gEgCf3kASEX"
  + "IBggEP3mASAJ/eQBIRggGSAR/eYBIAn95AEhGSAKIBL95gEgFv3nASEKIAsgE/3mASAX/ecBIQsgDCAU/eYBIBj95wEhDCANIBX9"
  + "5gEgGf3nASENCyACIAVqIQcgByAK/QsEACAHIAv9CwQQIAcgDP0LBCAgByAN/QsEMCAFQcAAaiIFIANJDQALCw==";

// What a neuron makes of its net input x, as core/activations.py has it: `of`, its slope given the
// activation `a`, too, and the ends of those that have both.
const logistic = (x) => 1 / (1 + Math.exp(-x));
const gauss = (x) => Math.exp(-x * x);
// Abramowitz & Stegun (1964), 7.1.26: off by 1.5e-7 at most.
const normalShare = (x) => {
  const z = Math.abs(x) * Math.SQRT1_2, t = 1 / (1 + 0.3275911 * z);
  const tail = gauss(z) * t * (0.254829592 + t * (-0.284496736 + t * (1.421413741
    + t * (-1.453152027 + t * 1.061405429)))) / 2;
  return x > 0 ? 1 - tail : tail;
};
const geluInner = (x) => Math.tanh(Math.sqrt(2 / Math.PI) * (x + 0.044715 * x * x * x));
const ACTIVATIONS = {
  tanh: { of: Math.tanh, slope: (x, a) => 1 - a * a, ends: [-1, 1] },
  identity: { of: (x) => x, slope: () => 1 },
  relu: { of: (x) => Math.max(x, 0), slope: (x, a) => (a > 0 ? 1 : 0) },
  "leaky relu": { of: (x) => Math.max(x, 0.01 * x), slope: (x, a) => (a > 0 ? 1 : 0.01) },
  sigmoid: { of: logistic, slope: (x, a) => a * (1 - a), ends: [0, 1] },
  "bipolar sigmoid": { of: (x) => Math.tanh(x / 2), slope: (x, a) => (1 - a * a) / 2,
    ends: [-1, 1] },
  sine: { of: Math.sin, slope: (x) => Math.cos(x), ends: [-1, 1] },
  cosine: { of: Math.cos, slope: (x) => -Math.sin(x), ends: [-1, 1] },
  gaussian: { of: gauss, slope: (x, a) => -2 * x * a, ends: [0, 1] },
  "bipolar gaussian": { of: (x) => 2 * gauss(x) - 1, slope: (x, a) => -2 * x * (a + 1),
    ends: [-1, 1] },
  softplus: { of: (x) => Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x))), slope: logistic },
  swish: { of: (x) => x * logistic(x), slope: (x, a) => a + logistic(x) * (1 - a) },
  gelu: { of: (x) => x * normalShare(x),
    slope: (x) => normalShare(x) + x * Math.exp(-x * x / 2) / Math.sqrt(2 * Math.PI) },
  "gelu tanh": { of: (x) => (x / 2) * (1 + geluInner(x)), slope(x) {
    const t = geluInner(x);
    return (1 + t + x * (1 - t * t) * Math.sqrt(2 / Math.PI) * (1 + 0.134145 * x * x)) / 2;
  } },
};

// A kernel holds one plane of numbers for each input and each neuron, all of whose lengths are
// multiples of 16. `sum` writes a neuron's net input into its plane, from the planes that it hears,
// `compute` its activation, for all points or from one up to another, multiples of 16 (blocks of
// which all planes fit into the cache take half the time). A network without `inputs` hears x, y, 1; without `activations`, tanh.

function firstSynapses(sources) {
  const first = [0];
  for (const heard of sources) first.push(first[first.length - 1] + heard.length);
  return first;
}

function makeKernel(network, points) {
  try {
    return wasmKernel(network, points);
  } catch (error) { // no WebAssembly, no SIMD, or rules of the page against them
    return plainKernel(network, points);
  }
}

// Puts the activation over the net inputs of a plane.
function apply(name, plane, from = 0, to = plane.length) {
  const { of } = ACTIVATIONS[name];
  for (let p = from; p < to; p++) plane[p] = of(plane[p]);
}

// Bytes that are written as letters.
const bytesOf = (letters) => Uint8Array.from(letters, (letter) => letter.charCodeAt(0));

// The kernel, with multiply-adds in one step where the browser has them (relaxed SIMD): a third quicker.
// Multiply, get a local, add (3, 2 and 3 bytes) become get it, multiply-add, and three bytes of nothing.
// Throws where there is no WebAssembly, no SIMD, or a page's rules forbid them. Compiled once for all
// pieces of a page that have the same kernel: those of another version have another.
function compiledKernel() {
  const compiled = (globalThis[Symbol.for("ensemble kernels")] ||= new Map());
  if (!compiled.has(KERNEL)) compiled.set(KERNEL, compileKernel());
  return compiled.get(KERNEL);
}
function compileKernel() {
  const two = atob(KERNEL);
  const one = two.replace(/\xfd\xe6\x01(\x20[^])\xfd\xe4\x01/g, "$1\xfd\x85\x02\x01\x01\x01");
  const [quick, plain] = [one, two].map(bytesOf);
  return new WebAssembly.Module(WebAssembly.validate(quick) ? quick : plain);
}

function wasmKernel({ sources, inputs = 3, activations = [] }, points) {
  const first = firstSynapses(sources);
  const table = 64, begin = table + 64 * Math.ceil((8 * first[sources.length]) / 64);
  const bytes = 64 * Math.ceil(points / 16);
  const stride = bytes + 64; // planes a power of two apart would share their places in the cache
  const count = inputs + sources.length;
  const memory = new WebAssembly.Memory({ initial: Math.ceil((begin + count * stride) / 65536) });
  const { neuron } = new WebAssembly.Instance(compiledKernel(), { "": { memory } }).exports;
  const address = (plane) => begin + plane * stride;
  new Float32Array(memory.buffer).set(TANH);
  const words = new Int32Array(memory.buffer, table);
  const numbers = new Float32Array(memory.buffer, table);
  sources.flat().forEach((plane, k) => { words[2 * k] = address(plane); });
  const planes = Array.from({ length: count },
    (_, plane) => new Float32Array(memory.buffer, address(plane), bytes / 4));
  const run = (n, weights, tanh, from, to) => {
    for (let k = first[n]; k < first[n + 1]; k++) numbers[2 * k + 1] = weights[k];
    neuron(table + 8 * first[n], table + 8 * first[n + 1], address(inputs + n), 4 * to, tanh, 4 * from);
  };
  return {
    name: "wasm",
    planes,
    sum(n, weights) { run(n, weights, 0, 0, bytes / 4); },
    compute(n, weights, from = 0, to = bytes / 4) {
      const name = activations[n] || "tanh";
      run(n, weights, name === "tanh" ? 1 : 0, from, to);
      if (name !== "tanh") apply(name, planes[inputs + n], from, to);
    },
  };
}

function plainKernel({ sources, inputs = 3, activations = [] }, points) {
  const first = firstSynapses(sources);
  const length = 16 * Math.ceil(points / 16);
  const planes = Array.from({ length: inputs + sources.length }, () => new Float32Array(length));
  const sums = new Float64Array(length);
  const [clip, p4, p3, p2, p1, p0, q4, q3, q2, q1, q0] = TANH;
  const add = (n, weights, from, to) => {
    const heard = sources[n];
    sums.fill(0, from, to);
    for (let i = 0; i < heard.length; i += 4) { // four at a time; what is missing weighs nothing
      const weight = (j) => (i + j < heard.length ? weights[first[n] + i + j] : 0);
      const plane = (j) => planes[i + j < heard.length ? heard[i + j] : 0];
      const wa = weight(0), wb = weight(1), wc = weight(2), wd = weight(3);
      const a = plane(0), b = plane(1), c = plane(2), d = plane(3);
      for (let p = from; p < to; p++) sums[p] += wa * a[p] + wb * b[p] + wc * c[p] + wd * d[p];
    }
  };
  return {
    name: "js",
    planes,
    sum(n, weights) { add(n, weights, 0, length); planes[inputs + n].set(sums); },
    compute(n, weights, from = 0, to = length) {
      const name = activations[n] || "tanh", out = planes[inputs + n];
      add(n, weights, from, to);
      if (name !== "tanh") {
        for (let p = from; p < to; p++) out[p] = sums[p];
        apply(name, out, from, to);
        return;
      }
      for (let p = from; p < to; p++) {
        const x = Math.max(-clip, Math.min(clip, sums[p])), s = x * x;
        out[p] = (x * ((((p4 * s + p3) * s + p2) * s + p1) * s + p0))
          / ((((q4 * s + q3) * s + q2) * s + q1) * s + q0);
      }
    },
  };
}
