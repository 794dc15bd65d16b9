"""A network is a wiring and one flat vector of weights: paint, save, load."""

import json
import numbers
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import ClassVar

import numpy as np
from numpy.typing import ArrayLike, DTypeLike

from .._files import read_arrays, reading, write_arrays
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

    # From and to other tools: `ensembles_lib.exchange` gives these methods.
    from_layers: ClassVar[Callable[..., "Network"]]
    to_layers: Callable[[], tuple[list, list]]
    to_state_dict: Callable[[], dict[str, np.ndarray]]
    export: Callable[[str | Path], None]

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
