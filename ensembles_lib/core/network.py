"""A network is a wiring and one flat vector of weights: paint, save, load."""

import json
import numbers
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import ArrayLike, DTypeLike

from .._files import read_arrays, reading, write_arrays
from .exports import export
from .layers import layers_of_wiring, wiring_of_layers
from .passes import CHUNK, forward, respond, weight_matrix
from .picture import Picture
from .points import Size, check_memory, check_size, coordinates, parts, pixels_of
from .wiring import Wiring

FILE_FORMAT = "ensembles_lib network 1"


class Network:
    """A wiring with weights. Never changed in place: every edit is a new network.

    Parameters
    ----------
    weights : (S,) array_like
        In the order of the synapse numbers. ValueError if there are more or fewer than synapses,
        or one is not finite.
    provenance
        How the weights came to be; saved with them.

    Examples
    --------
    >>> Network.random(article_wiring(), seed=1)
    Network(37 neurons, 460 synapses, rms weight 0.38)
    >>> network.with_weight(0, 2.0).paint(64).pixels.shape
    (64, 64, 3)
    """

    def __init__(self, wiring: Wiring, weights: ArrayLike, provenance: Mapping | None = None):
        weights = np.array(weights)
        if weights.dtype.kind not in "fiub" or weights.shape != (wiring.n_synapses,):
            raise ValueError(
                f"weights of shape {weights.shape} and type {weights.dtype}: "
                f"this wiring needs {wiring.n_synapses} real numbers"
            )
        weights = weights.astype(float)
        if not np.isfinite(weights).all():
            synapse = int(np.flatnonzero(~np.isfinite(weights))[0])
            raise ValueError(f"weight {synapse} is {weights[synapse]}: weights must be finite")
        weights.setflags(write=False)
        self.wiring, self.weights = wiring, weights
        self.provenance = dict(provenance or {})

    @classmethod
    def random(cls, wiring: Wiring, seed: int = 0, gain: float = 1.5) -> "Network":
        """Return a network with normal random weights of deviation gain/√fan-in.

        The variance that keeps activations alive over many neurons (Glorot & Bengio 2010);
        the gain is a little above 1 so that the first picture has shapes in it.
        """
        fan_in = np.diff(wiring.first)[wiring.target]
        noise = np.random.default_rng(seed).standard_normal(wiring.n_synapses)
        return cls(wiring, gain * noise / np.sqrt(fan_in), {"start": f"random, seed {seed}"})

    @classmethod
    def from_layers(
        cls,
        layers: Iterable | Mapping,
        activation: str | Sequence | None = "tanh",
        colours: str = "signed",
        transposed: bool = False,
    ) -> "Network":
        """Return the network of fully connected layers, as other libraries train them.

        The bias of each neuron becomes a synapse that listens to the constant 1, the last
        input: a layer that hears x and y makes a network with the inputs x, y and 1. They are those
        of `coordinates`; what was trained on other places is folded into the first layer, and so
        are the ω of a SIREN and Fourier features: `ensembles_lib.core.layers` has the recipes.
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
        wiring, weights, count = wiring_of_layers(layers, activation, colours, transposed)
        return cls(wiring, weights, {"start": f"{count} layers"})

    def to_layers(self) -> tuple[list, list]:
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
        return layers_of_wiring(self.wiring, self.weights)

    def to_state_dict(self) -> dict[str, np.ndarray]:
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

        Weights of 0 stand where there is no synapse: whoever trains on decides whether they stay.
        In layers that hear only the one before, `torch.nn.Linear` and `torch.nn.Tanh` in turn will
        do; `from_layers` takes the dictionary back.

        Examples
        --------
        >>> {name: array.shape for name, array in network.to_state_dict().items()}
        {'0.weight': (4, 2), '0.bias': (4,), '1.weight': (3, 4), '1.bias': (3,)}
        """
        state = {}
        for number, (matrix, bias) in enumerate(self.to_layers()[0]):
            state[f"{number}.weight"] = matrix
            if bias is not None:
                state[f"{number}.bias"] = bias
        return state

    def export(self, path: str | Path) -> None:
        """Write the network for other programs: as .json, or as code that paints, .py or .js.

        Whole or not at all; OSError if that fails. The JSON lists the neurons, each with its
        activation, the numbers of its sources (inputs first, then neurons) and its weights: so
        synapses keep their order. The code needs nothing but NumPy, or nothing at all, and has
        a function ``paint(height, width)`` that gives bytes of red, green and blue. To come back,
        use `save` or `to_layers`. ValueError if the network does not paint, or the ending is
        another.

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
        self.check_paints()
        export(self.wiring, self.weights, path)

    def with_weight(self, synapse: int, value: float) -> "Network":
        """Return a copy in which `synapse` has the weight `value`."""
        if not isinstance(value, numbers.Real):
            raise ValueError(f"weight {value!r} for synapse {synapse}: give a number")
        weights = self.weights.copy()
        weights[self.wiring.check_synapse(synapse)] = value
        return Network(self.wiring, weights)

    def respond(self, inputs: ArrayLike) -> np.ndarray:
        """Return the outputs (n_outputs, P) for inputs (n_inputs, P) of any kind.

        As they are, whatever colours they stand for. ValueError if there are more or fewer
        inputs than the wiring has, or one is not finite.
        """
        inputs, n_inputs = np.asarray(inputs, float), self.wiring.n_inputs
        if inputs.ndim != 2 or len(inputs) != n_inputs:
            raise ValueError(f"inputs of shape {inputs.shape}: give ({n_inputs}, points)")
        if not np.isfinite(inputs).all():
            raise ValueError("inputs hold values that are not finite")
        return respond(self.wiring, self.weights, inputs, raw=True)

    def paint(self, size: Size, extent: float = 1.0, dtype: DTypeLike = float) -> Picture:
        """Return the picture that the outputs make of x, y and 1 (or x, y, d and 1).

        Of [-extent, extent]²; 1 is the trained picture. The precision float32 is about 3 times
        faster, and off by 1e-6.
        """
        self.check_paints()
        inputs = self.inputs(size, extent, dtype)
        return Picture(pixels_of(respond(self.wiring, self.weights.astype(dtype), inputs), size))

    def inputs(self, size: Size, extent: float = 1.0, dtype: DTypeLike = float) -> np.ndarray:
        """Return what a picture gives to the inputs, x, y, 1 or x, y, d, 1: see `coordinates`.

        ValueError if the network has neither 3 nor 4 inputs.
        """
        return coordinates(size, extent, dtype, self.wiring.n_inputs)

    def activations(self, size: Size) -> np.ndarray:
        """Return the activation maps of all neurons, (neurons, H, W); in [-1, 1] for tanh."""
        _, sent = self.sent(size)
        return sent[self.wiring.n_inputs :]

    def sent(self, size: Size, dtype: DTypeLike = float) -> tuple[np.ndarray, np.ndarray]:
        """Return the weight matrix, and what inputs and neurons send, (n_inputs + N, H, W)."""
        inputs = self.inputs(size, dtype=dtype)
        height, width = check_size(size)
        shape = (self.wiring.n_inputs + self.wiring.n_neurons, height, width)
        check_memory(shape, dtype, f"activations at {height}×{width}")
        matrix = weight_matrix(self.wiring, self.weights.astype(dtype))
        sent = np.empty(shape, dtype)
        by_point = sent.reshape(len(sent), -1)
        for part in parts(height * width, CHUNK):
            forward(self.wiring, matrix, inputs[:, part], out=by_point[:, part])
        return matrix, sent

    def check_paints(self) -> None:
        """Raise a ValueError unless the network maps x, y, 1 (or x, y, d, 1) to a colour."""
        if self.wiring.n_inputs not in (3, 4) or self.wiring.n_outputs != 3:
            raise ValueError(
                f"this network has {self.wiring.n_inputs} inputs and {self.wiring.n_outputs} "
                "outputs: to paint it needs x, y, 1 (or x, y, d, 1) and 3 of a colour"
            )

    def save(self, path: str | Path) -> None:
        """Write the network to one .npz file, whole or not at all; OSError if that fails."""
        arrays = {"weights": self.weights, **self.wiring.to_arrays()}
        arrays["provenance"] = np.array(json.dumps(self.provenance, sort_keys=True))
        write_arrays(path, FILE_FORMAT, arrays)

    @classmethod
    def load(cls, path: str | Path) -> "Network":
        """Read a network that `save` wrote; FileFormatError if it is not one, or was changed."""
        with reading(path, "a saved network"):
            arrays = read_arrays(path, FILE_FORMAT)
            provenance = json.loads(str(arrays["provenance"]))
            return cls(Wiring.from_arrays(arrays), arrays["weights"], provenance)

    def __eq__(self, other):
        same = isinstance(other, Network) and self.wiring == other.wiring
        return same and np.array_equal(self.weights, other.weights)

    def __repr__(self):
        size = f"{self.wiring.n_neurons} neurons, {self.wiring.n_synapses} synapses"
        return f"Network({size}, rms weight {np.sqrt(np.mean(self.weights**2)):.2f})"
