"""Fully connected layers, as other libraries hold them: read from arrays, and written as arrays.

A layer is W of shape (neurons, heard) and b of shape (neurons,), or None. Any place that a network
was trained at by another convention is an affine function of ours, u = A·(x, y) + c, and an affine
function in front of a layer is a layer: W·A and W·c + b. So nothing but the first layer has to be
changed. Two recipes:

**SIREN** (Sitzmann et al. 2020, *NeurIPS*): layers of sin(ω·(W·u + b)), with ω = 30 as a rule, and
a linear one. Their places are row and column of a grid from -1 to 1, ends included: u =
(-y·H/(H - 1), x·W/(W - 1)) for our x and y, which go to the right and upwards between the edges of
a picture of H rows and W columns.

>>> rng, height, width, omega = np.random.default_rng(0), 12, 9, 30
>>> W = [rng.uniform(-0.5, 0.5, (8, 2)), rng.uniform(-0.1, 0.1, (8, 8)), rng.normal(0, 0.2, (3, 8))]
>>> b = [rng.uniform(-0.1, 0.1, 8), rng.uniform(-0.1, 0.1, 8), np.zeros(3)]
>>> A = np.array([[0, -height / (height - 1)], [width / (width - 1), 0]])
>>> layers = [(omega * W[0] @ A, omega * b[0]), (omega * W[1], omega * b[1]), (W[2], b[2])]
>>> network = Network.from_layers(layers, ["sine", "sine", None])

What the paper's program computes is what is painted:

>>> ends = np.linspace(-1, 1, height), np.linspace(-1, 1, width)
>>> u = np.stack(np.meshgrid(*ends, indexing="ij"), -1)
>>> sent = np.sin(omega * (np.sin(omega * (u @ W[0].T + b[0])) @ W[1].T + b[1]))
>>> picture = Picture(np.clip(sent @ W[2].T + b[2], -1, 1))
>>> rmse(network.paint((height, width)), picture) < 1e-12
True

**Fourier features** (Tancik et al. 2020, *NeurIPS*): cosines and sines of 2π·B·u, then layers of
relu and a sigmoid. Their u are column and row as parts of the width and height, the last one left
out: u = ((x + 1)/2 - 1/(2W), (1 - y)/2 - 1/(2H)). The features are a layer, too, of weights that
were not trained.

>>> B = rng.normal(0, 2, (6, 2))
>>> W = [rng.normal(0, 0.4, (10, 12)), rng.normal(0, 0.4, (3, 10))]
>>> b = [rng.normal(0, 0.1, 10), rng.normal(0, 0.1, 3)]
>>> turns = 2 * np.pi * np.concatenate([B, B])
>>> A, c = np.array([[0.5, 0], [0, -0.5]]), np.array([0.5 - 0.5 / width, 0.5 - 0.5 / height])
>>> layers = [(turns @ A, turns @ c), (W[0], b[0]), (W[1], b[1])]
>>> kinds = [["cosine"] * 6 + ["sine"] * 6, "relu", "sigmoid"]
>>> network = Network.from_layers(layers, kinds, colours="unit")

>>> u = np.stack(np.meshgrid(np.arange(width) / width, np.arange(height) / height), -1)
>>> features = np.concatenate([np.cos(2 * np.pi * u @ B.T), np.sin(2 * np.pi * u @ B.T)], -1)
>>> outputs = 1 / (1 + np.exp(-(np.maximum(features @ W[0].T + b[0], 0) @ W[1].T + b[1])))
>>> rmse(network.paint((height, width)), Picture(2 * outputs - 1)) < 1e-12
True
"""

from collections.abc import Iterable, Mapping, Sequence

import numpy as np

from ..core import Network, Wiring
from ..core.activations import check_activations
from ..core.passes import weight_matrix
from .arrays import read_layers


def from_layers(
    layers: Iterable | Mapping,
    activation: str | Sequence | None = "tanh",
    colours: str = "signed",
    transposed: bool = False,
) -> Network:
    """Return the network of fully connected layers, as other libraries train them.

    The bias of each neuron becomes a synapse that listens to the constant 1, the last input: a
    layer that hears x and y, those of `coordinates`, makes a network with the inputs x, y and 1.
    For what was trained on other places, and SIREN, `ensembles_lib.exchange.layers` has recipes.
    ValueError if layers do not fit, which says whether they are transposed, or cannot be read.

    Parameters
    ----------
    layers
        A list of (W, b), of which b may be None, or of bare arrays: W, W, … or W, b, W, b, ….
        Or a dictionary of arrays by name, as PyTorch's ``state_dict()``; also nested, as Flax
        has them, or an open .npz file. W has the shape (neurons, heard), b (neurons,).
    activation
        Of all layers, or one per layer: a name, None for a linear layer, or a name per neuron.
        The names are those of `activations.ACTIVATIONS`.
    colours
        How the outputs are read as colours; see `colours.check_colours`.
    transposed
        Are the W of shape (heard, neurons)? So they are in scikit-learn (``coefs_``), Keras and
        Flax (kernels).

    Examples
    --------
    >>> layers = [(np.ones((16, 2)), np.zeros(16)), (np.ones((3, 16)), np.zeros(3))]
    >>> Network.from_layers(layers, ["relu", "sigmoid"], colours="unit").wiring
    Wiring(3 inputs, 19 neurons, 99 synapses, 3 outputs, relu+sigmoid, colours unit)
    >>> state = {"net.0.weight": np.ones((8, 2)), "net.2.weight": np.ones((3, 8))}
    >>> Network.from_layers(state, ["gelu", None]).wiring
    Wiring(3 inputs, 11 neurons, 40 synapses, 3 outputs, gelu+identity)
    """
    layers = [layer[1:] for layer in read_layers(layers, transposed)]
    single = activation is None or isinstance(activation, str)
    kinds = [activation] * len(layers) if single else list(activation)
    if len(kinds) != len(layers):
        raise ValueError(
            f"{len(kinds)} activations for {len(layers)} layers: give one each, None if linear"
        )
    constant = layers[0][0].shape[1]
    heard, stop = np.arange(constant), constant + 1
    sources, weights, activations = [], [], []
    for (matrix, bias), kind in zip(layers, kinds, strict=True):
        n_neurons, listened = len(matrix), heard
        if bias is not None:
            place = int(np.searchsorted(heard, constant))
            listened = np.insert(heard, place, constant)
            matrix = np.insert(matrix, place, bias, axis=1)
        sources += [listened.tolist()] * n_neurons
        weights.append(matrix.ravel())
        activations += check_activations("identity" if kind is None else kind, n_neurons)
        heard, stop = np.arange(stop, stop + n_neurons), stop + n_neurons
    wiring = Wiring(sources, constant + 1, len(heard), activations, colours)
    return Network(wiring, np.concatenate(weights), {"start": f"{len(layers)} layers"})


def to_layers(network: Network) -> tuple[list, list]:
    """Return the network as layers, [(W, b), …], and the activation of each.

    The way back from `from_layers`; b is None where nobody listens to the last input, which is
    taken for the constant 1. Any other wiring comes as layers, too: each hears the last
    ``W.shape[1]`` of all that was sent before it, inputs and neurons, with weights of 0 where
    there is no synapse. In layers that hear only the one before, that is the one before.

    Examples
    --------
    >>> network = samples.peacock_network()
    >>> layers, activations = network.to_layers()
    >>> sent = coordinates(32)[:2]
    >>> for (W, b), name in zip(layers, activations):
    ...     sent = np.concatenate([sent, np.tanh(W @ sent[-W.shape[1]:] + b[:, None])])
    >>> bool(np.allclose(sent[-3:].T.reshape(32, 32, 3), network.paint(32).pixels))
    True
    """
    wiring = network.wiring
    constant = wiring.n_inputs - 1
    matrix = weight_matrix(wiring, network.weights)
    listens, layers, activations = wiring.listens, [], []
    for stage, _, _, kinds in wiring.stages:
        before = np.delete(np.arange(wiring.n_inputs + stage.start), constant)
        heard = np.flatnonzero(listens[stage, before].any(axis=0))
        # A layer that hears the constant alone is given one more, with weights of 0.
        first = heard[0] if len(heard) else max(0, len(before) - 1)
        bias = matrix[stage, constant] if listens[stage, constant].any() else None
        layers.append((matrix[stage, before[first:]], bias))
        names = wiring.activations[stage]
        activations.append(names[0] if len(kinds) == 1 else list(names))
    return layers, activations


def to_state_dict(network: Network) -> dict[str, np.ndarray]:
    """Return the layers of `to_layers` by the names that PyTorch would give them.

    "0.weight", "0.bias", "1.weight" and so on, for a ``torch.nn.ModuleList`` of
    ``torch.nn.Linear`` layers, in which a network of any wiring can be trained on (the float32
    of most modules moves colours by 1e-4, with the 37 neurons of the article in a row)::

        class Painter(torch.nn.Module):
            def __init__(self, state):
                super().__init__()
                weights = [w for name, w in state.items() if name.endswith("weight")]
                self.layers = torch.nn.ModuleList(
                    torch.nn.Linear(*w.shape[::-1], f"{k}.bias" in state, dtype=torch.float64)
                    for k, w in enumerate(weights)
                )
                state = {name: torch.tensor(array) for name, array in state.items()}
                self.layers.load_state_dict(state)

            def forward(self, sent):  # (points, 2): x and y
                for layer in self.layers:
                    heard = sent[:, -layer.in_features :]
                    sent = torch.cat([sent, torch.tanh(layer(heard))], dim=1)
                return sent[:, -3:]

    Weights of 0 stand where there is no synapse. In layers that hear only the one before,
    `torch.nn.Linear` and `torch.nn.Tanh` in turn will do; `from_layers` takes the dictionary back.

    Examples
    --------
    >>> {name: array.shape for name, array in network.to_state_dict().items()}
    {'0.weight': (4, 2), '0.bias': (4,), '1.weight': (3, 4), '1.bias': (3,)}
    """
    state = {}
    for number, (matrix, bias) in enumerate(to_layers(network)[0]):
        state[f"{number}.weight"] = matrix
        if bias is not None:
            state[f"{number}.bias"] = bias
    return state
