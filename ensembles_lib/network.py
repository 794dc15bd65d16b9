"""A network is a wiring and one flat vector of weights: paint, differentiate, save, load."""

import json
import numbers

import numpy as np

from .files import FileFormatError, read_arrays, write_arrays
from .passes import (
    CHUNK,
    forward,
    loss_gradient,
    output_signals,
    respond,
    weight_matrix,
    write_jacobian,
)
from .picture import Picture, check_memory, check_size, coordinates
from .wiring import Wiring

FILE_FORMAT = "ensembles_lib network 1"


class WeightsFileError(FileFormatError):
    """A weights file that cannot be trusted, with the reason."""


class Network:
    """A wiring with weights. Never changed in place: every edit is a new network.

    Parameters
    ----------
    wiring : Wiring
    weights : (S,) array_like of float
        In the order of the synapse numbers.
    provenance : dict, optional
        How the weights came to be; saved with them.

    Raises
    ------
    ValueError
        If there are more or fewer weights than synapses, or one is not finite.

    Examples
    --------
    >>> from ensembles_lib import article_wiring
    >>> network = Network.random(article_wiring(), seed=1)
    >>> network.paint(64).pixels.shape
    (64, 64, 3)
    """

    def __init__(self, wiring, weights, provenance=None):
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
    def random(cls, wiring, seed=0, gain=1.5):
        """Return a network with normal random weights of deviation gain/√fan-in.

        The variance that keeps activations alive over many neurons (Glorot & Bengio 2010);
        the gain is a little above 1 so that the first picture has shapes in it.
        """
        fan_in = np.diff(wiring.first)[wiring.target]
        noise = np.random.default_rng(seed).standard_normal(wiring.n_synapses)
        return cls(wiring, gain * noise / np.sqrt(fan_in), {"start": f"random, seed {seed}"})

    def with_weight(self, synapse, value):
        """Return a copy in which `synapse` has the weight `value`."""
        if not isinstance(value, numbers.Real):
            raise ValueError(f"weight {value!r} for synapse {synapse}: give a number")
        weights = self.weights.copy()
        weights[self.wiring.check_synapse(synapse)] = value
        return Network(self.wiring, weights)

    def respond(self, inputs):
        """Return the outputs (n_outputs, P) for inputs (n_inputs, P) of any kind.

        Raises
        ------
        ValueError
            If there are more or fewer inputs than the wiring has, or one is not finite.
        """
        inputs = np.asarray(inputs, float)
        if inputs.ndim != 2 or len(inputs) != self.wiring.n_inputs:
            raise ValueError(
                f"inputs of shape {inputs.shape}: give ({self.wiring.n_inputs}, points)"
            )
        if not np.isfinite(inputs).all():
            raise ValueError("inputs hold values that are not finite")
        return respond(self.wiring, self.weights, inputs)

    def paint(self, size, extent=1.0, dtype=float):
        """Return the picture that the outputs make of x, y and 1.

        Parameters
        ----------
        size : int or (height, width)
        extent : float
            Paint [-extent, extent]²; 1 is the trained picture.
        dtype : float32 or float64
            Precision of the computation; float32 is about 3 times faster and off by 1e-6.
        """
        height, width = check_size(size)
        self.check_paints()
        outputs = respond(self.wiring, self.weights.astype(dtype), coordinates(size, extent, dtype))
        return Picture(np.ascontiguousarray(outputs.T).reshape(height, width, 3))

    def activations(self, size, extent=1.0, dtype=float):
        """Return the activation maps of all neurons, (neurons, H, W), in [-1, 1]."""
        _, sent = self._sent(size, extent, dtype)
        return sent[self.wiring.n_inputs :]

    def _sent(self, size, extent, dtype):
        height, width = check_size(size)
        if self.wiring.n_inputs != 3:
            raise ValueError(
                f"this network has {self.wiring.n_inputs} inputs, a picture gives it x, y and 1: "
                "use respond(inputs)"
            )
        n_rows = self.wiring.n_inputs + self.wiring.n_neurons
        check_memory((n_rows, height, width), dtype, f"activations at {height}×{width}")
        matrix = weight_matrix(self.wiring, self.weights.astype(dtype))
        inputs = coordinates(size, extent, dtype)
        sent = np.empty((n_rows, height * width), dtype)
        for start in range(0, height * width, CHUNK):
            part = slice(start, start + CHUNK)
            forward(self.wiring, matrix, inputs[:, part], out=sent[:, part])
        return matrix, sent.reshape(n_rows, height, width)

    def check_paints(self):
        """Raise a ValueError unless the network maps x, y, 1 to red, green, blue."""
        if (self.wiring.n_inputs, self.wiring.n_outputs) != (3, 3):
            raise ValueError(
                f"this network has {self.wiring.n_inputs} inputs and {self.wiring.n_outputs} "
                "outputs: to paint it needs x, y, 1 and red, green, blue"
            )

    def save(self, path):
        """Write the network to one .npz file (no pickle), whole or not at all.

        Raises
        ------
        OSError
            If the file cannot be written; what stood there stays.
        """
        arrays = {
            "weights": self.weights,
            "source": self.wiring.source,
            "fan_in": np.diff(self.wiring.first),
            "inputs_outputs": np.array([self.wiring.n_inputs, self.wiring.n_outputs]),
            "provenance": np.array(json.dumps(self.provenance, sort_keys=True)),
        }
        write_arrays(path, FILE_FORMAT, arrays)

    @classmethod
    def load(cls, path):
        """Read a network that `save` wrote.

        Raises
        ------
        FileNotFoundError
            If there is no such file.
        WeightsFileError
            If the file is truncated, from elsewhere, or was changed since it was saved.
        """
        fields = read_arrays(path, FILE_FORMAT, "a saved network", error=WeightsFileError)
        try:
            wiring = Wiring(
                np.split(fields["source"], np.cumsum(fields["fan_in"])[:-1]),
                *fields["inputs_outputs"],
            )
            return cls(wiring, fields["weights"], json.loads(str(fields["provenance"])))
        # The digest holds, but anyone can write one: the cause is kept.
        except Exception as error:
            raise WeightsFileError(f"{path} is not a saved network: {error}") from error

    def __eq__(self, other):
        return (
            isinstance(other, Network)
            and self.wiring == other.wiring
            and np.array_equal(self.weights, other.weights)
        )

    __hash__ = None

    def __repr__(self):
        wiring, energy = self.wiring, float(np.sqrt(np.mean(self.weights**2)))
        return (
            f"Network({wiring.n_neurons} neurons, {wiring.n_synapses} synapses, "
            f"rms weight {energy:.2f})"
        )


def gradient(network, picture):
    """Return the exact derivative of the mean squared error by every weight, (S,).

    The error is that of `network.paint(picture.size)` against `picture`, over all pixels and
    channels: the square of `rmse`.
    """
    network.check_paints()
    targets = picture.pixels.reshape(-1, 3).T
    inputs = coordinates(picture.size)
    return loss_gradient(network.wiring, network.weights, inputs, targets)[1]


def jacobian_factors(network, size, dtype=float):
    """Return the two factors of the Jacobian, which is never larger than it needs to be.

    The derivative of output c at a point by the weight of synapse k is
    ``signals[c, target_k] * sent[source_k]`` there: the back-propagated signal of k's target
    neuron times what k's source sends.

    Parameters
    ----------
    network : Network
    size : int or (height, width)
    dtype : float32 or float64

    Returns
    -------
    signals : (n_outputs, N, H, W) array
    sent : (n_inputs + N, H, W) array
        The inputs x, y, 1 and all activations.
    """
    height, width = check_size(size)
    wiring = network.wiring
    shape = (wiring.n_outputs, wiring.n_neurons, height, width)
    check_memory(shape, dtype, f"the signals at {height}×{width}")
    matrix, sent = network._sent(size, 1.0, dtype)
    flat, signals = sent.reshape(len(sent), -1), np.empty(shape, dtype)
    by_point = signals.reshape(*shape[:2], -1)
    for start in range(0, height * width, CHUNK):
        part = slice(start, start + CHUNK)
        output_signals(wiring, matrix, flat[:, part], out=by_point[..., part])
    return signals, sent


def jacobian(network, size, dtype=float):
    """Return the exact derivative of every pixel by every weight, (H, W, n_outputs, S).

    Written out it takes 480 times the memory of the picture; most work needs only
    `jacobian_factors`.

    Raises
    ------
    ValueError
        If it would not fit in memory.
    """
    height, width = check_size(size)
    shape = (network.wiring.n_synapses, network.wiring.n_outputs, height, width)
    check_memory(shape, dtype, f"the Jacobian at {height}×{width}")
    signals, sent = jacobian_factors(network, size, dtype)
    out = write_jacobian(network.wiring, signals, sent, np.empty(shape, dtype))
    # Synapses lead in memory, so that each row is written in one go.
    return out.transpose(2, 3, 1, 0)
