// Small networks built by hand: what both pieces share.

const SAME = 1e-9; // an output this close to 0 says equal

// What an output neuron sums up for inputs: each neuron hears `sources`, inputs first.
function netInput(sources, weights, inputs) {
  const heard = [...inputs];
  let k = 0, sum = 0;
  sources.forEach((from, neuron) => {
    sum = 0;
    for (const j of from) sum += weights[k++] * heard[j];
    if (neuron < sources.length - 1) heard.push(Math.tanh(sum));
  });
  return sum;
}

// A number in words, with a real minus, without zeros at its end.
function inWords(value, digits = 2) {
  return String(Number(value.toFixed(digits))).replace("-", "\u2212");
}

function withSign(value, digits = 2) {
  return `${value < 0 ? "" : "+"}${value.toFixed(digits)}`.replace("-", "\u2212");
}

// A colour of the signed scale, from -1 to 1, over stops at equal distances.
function signedColour(stops, value) {
  const at = (Math.max(-1, Math.min(1, value)) + 1) / 2 * (stops.length - 1);
  const low = Math.min(Math.floor(at), stops.length - 2), share = at - low;
  const mixed = stops[low].map((c, i) => Math.round(c + share * (stops[low + 1][i] - c)));
  return `rgb(${mixed.join(",")})`;
}

function showLive(root, piece) {
  root.querySelector(".sm-still").hidden = true;
  root.append(piece);
  root.dataset.ready = "yes";
}
