"""A network for other programs: its neurons as JSON, or code that paints (Python, JavaScript)."""

import json
from pathlib import Path

from .._files import replacing
from ..core import Network

# What each activation function is in Python and in JavaScript.
CODE = {
    "tanh": ("np.tanh(x)", "Math.tanh(x)"),
    "identity": ("x", "x"),
    "relu": ("np.maximum(x, 0)", "Math.max(x, 0)"),
    "sigmoid": ("(1 + np.tanh(x / 2)) / 2", "(1 + Math.tanh(x / 2)) / 2"),
    "sine": ("np.sin(x)", "Math.sin(x)"),
    "cosine": ("np.cos(x)", "Math.cos(x)"),
    "gaussian": ("np.exp(-x * x)", "Math.exp(-x * x)"),
    "bipolar sigmoid": ("np.tanh(x / 2)", "Math.tanh(x / 2)"),
    "bipolar gaussian": ("2 * np.exp(-x * x) - 1", "2 * Math.exp(-x * x) - 1"),
    "leaky relu": ("np.maximum(x, 0.01 * x)", "Math.max(x, 0.01 * x)"),
    "softplus": ("np.logaddexp(0, x)", "Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)))"),
    "swish": ("x * (1 + np.tanh(x / 2)) / 2", "x * (1 + Math.tanh(x / 2)) / 2"),
    "gelu": (
        "x * (1 + np.vectorize(math.erf)(x / 2**0.5)) / 2",
        "x * (1 + erf(x / Math.SQRT2)) / 2",
    ),
    "gelu tanh": (
        "x * (1 + np.tanh((2 / np.pi) ** 0.5 * (x + 0.044715 * x**3))) / 2",
        "x * (1 + Math.tanh(Math.sqrt(2 / Math.PI) * (x + 0.044715 * x ** 3))) / 2",
    ),
}
INPUTS = {3: ["x", "y", "1"], 4: ["x", "y", "d", "1"]}  # d is 1.4·√(x² + y²)

PYTHON = '''"""A network that paints: {summary}. Written by ensembles_lib."""

import math

import numpy as np

FUNCTIONS = {{
{functions}
}}
# Of each neuron: its function, its sources (the inputs {inputs} first, then neurons), its weights.
NEURONS = [
{neurons}
]


def paint(height, width):
    """Return the picture as bytes of red, green and blue, (height, width, 3)."""
    x, y = np.meshgrid(
        (np.arange(width) + 0.5) / width * 2 - 1, 1 - (np.arange(height) + 0.5) / height * 2
    )
    sent = [{given}]
    for name, sources, weights in NEURONS:
        total = sum(weight * sent[source] for source, weight in zip(sources, weights))
        sent.append(FUNCTIONS[name](total))
{colours}
    return np.rint(np.clip(np.stack(rgb, axis=-1), -1, 1) * 127.5 + 127.5).astype(np.uint8)
'''
PYTHON_COLOURS = {
    "signed": "    rgb = sent[-3:]",
    "unit": "    rgb = [2 * np.clip(one, 0, 1) - 1 for one in sent[-3:]]",
    "hsv": """    hue, saturation, value = sent[-3:]
    saturation, value = np.clip(saturation, 0, 1), np.clip(np.abs(value), 0, 1)
    turns = [(place + 6 * hue) % 6 for place in (5, 3, 1)]
    missing = [np.clip(np.minimum(turn, 4 - turn), 0, 1) for turn in turns]
    rgb = [2 * value * (1 - saturation * one) - 1 for one in missing]""",
}

JAVASCRIPT = """// A network that paints: {summary}. Written by ensembles_lib.
{erf}const FUNCTIONS = {{
{functions}
}};
// Of each neuron: its function, its sources (the inputs {inputs} first, then neurons), its weights.
const NEURONS = [
{neurons}
];

// The picture as bytes of red, green, blue and 255: new ImageData(paint(height, width), width)
function paint(height, width) {{
  const bytes = new Uint8ClampedArray(4 * height * width).fill(255);
  for (let row = 0; row < height; row += 1) {{
    for (let column = 0; column < width; column += 1) {{
      const x = (column + 0.5) / width * 2 - 1, y = 1 - (row + 0.5) / height * 2;
      const sent = [{given}];
      for (const [name, sources, weights] of NEURONS) {{
        let total = 0;
        for (let k = 0; k < sources.length; k += 1) total += weights[k] * sent[sources[k]];
        sent.push(FUNCTIONS[name](total));
      }}
{colours}
      rgb.forEach((one, k) => {{ bytes[4 * (row * width + column) + k] = (one + 1) * 127.5; }});
    }}
  }}
  return bytes;
}}
"""
JAVASCRIPT_COLOURS = {
    "signed": "      const rgb = sent.slice(-3);",
    "unit": "      const rgb = sent.slice(-3).map((one) => 2 * one - 1);",
    "hsv": """      const [hue, full, bright] = sent.slice(-3);
      const saturation = Math.min(Math.max(full, 0), 1), value = Math.min(Math.abs(bright), 1);
      const rgb = [5, 3, 1].map((place) => {
        const turn = (((place + 6 * hue) % 6) + 6) % 6;
        const missing = Math.min(Math.max(Math.min(turn, 4 - turn), 0), 1);
        return 2 * value * (1 - saturation * missing) - 1;
      });""",
}
# A series of positive terms (Abramowitz & Stegun 1964, 7.1.6).
ERF = """function erf(x) {
  if (Math.abs(x) > 6) return Math.sign(x);
  let term = x, sum = x;
  for (let n = 1; Math.abs(term) > 1e-17 * Math.abs(sum); n += 1) {
    term *= 2 * x * x / (2 * n + 1);
    sum += term;
  }
  return 2 / Math.sqrt(Math.PI) * Math.exp(-x * x) * sum;
}
"""


GIVEN = {  # what a point gives to the inputs that are no mere x and y
    "d": ("1.4 * np.hypot(x, y)", "1.4 * Math.hypot(x, y)"),
    "1": ("np.ones_like(x)", "1"),
}
LANGUAGES = {  # column of the tables, template, colours, lines for a function and a neuron
    ".py": (0, PYTHON, PYTHON_COLOURS, '    "{}": lambda x: {},', "    {},"),
    ".js": (1, JAVASCRIPT, JAVASCRIPT_COLOURS, '  "{}": (x) => {},', "  {},"),
}


def export(network: Network, path: str | Path) -> None:
    """Write the network for other programs: as .json, or as code that paints, .py or .js.

    Whole or not at all; OSError if that fails. The JSON lists the neurons, each with its
    activation, the numbers of its sources (inputs first, then neurons) and its weights. The code
    needs nothing but NumPy, or nothing at all, and has a function ``paint(height, width)`` that
    gives bytes of red, green and blue. To come back, use `save` or `to_layers`. ValueError if the
    network does not paint, or the ending is another.

    Examples
    --------
    >>> from pathlib import Path
    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     network.export(f"{folder}/painter.py")
    ...     exec(Path(folder, "painter.py").read_text())
    >>> bool((paint(8, 8) == network.paint(8).to_bytes()).all())
    True
    """
    network.check_paints()
    wiring, weights = network.wiring, network.weights
    ending = Path(path).suffix.lower()
    if ending != ".json" and ending not in LANGUAGES:
        raise ValueError(f"cannot export {path}: end its name in .json, {', '.join(LANGUAGES)}")
    neurons = [
        {
            "activation": kind,
            "sources": wiring.sources_of(neuron).tolist(),
            "weights": weights[wiring.synapses_of(neuron)].tolist(),
        }
        for neuron, kind in enumerate(wiring.activations)
    ]
    if ending == ".json":
        head = {"format": "ensembles_lib neurons 1", "inputs": INPUTS[wiring.n_inputs]}
        head |= {"outputs": wiring.n_outputs, "colours": wiring.colours}
        text = json.dumps(head | {"neurons": neurons})
    else:
        text = _code(wiring, neurons, ending)
    with replacing(path) as temporary:
        temporary.write_text(text, encoding="utf-8")


def _code(wiring, neurons, ending):
    column, template, colours, function, line = LANGUAGES[ending]
    names, inputs = dict.fromkeys(wiring.activations), INPUTS[wiring.n_inputs]
    return template.format(
        summary=f"{wiring.n_neurons} neurons, {wiring.n_synapses} synapses",
        inputs=", ".join(inputs),
        functions="\n".join(function.format(name, CODE[name][column]) for name in names),
        neurons="\n".join(line.format(json.dumps([*neuron.values()])) for neuron in neurons),
        given=", ".join(GIVEN.get(name, (name, name))[column] for name in inputs),
        colours=colours[wiring.colours],
        erf=ERF if "gelu" in wiring.activations else "",
    )
