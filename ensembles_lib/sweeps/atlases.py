"""The atlas: what every synapse does, all of them swept over their working ranges."""

import json
import math
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from .._files import read_arrays, reading, write_arrays
from ..core import Network, Wiring
from ..core.points import check_memory, check_size
from .ranges import WorkingRange
from .sweeps import spread_of_energy

FILE_FORMAT = "ensembles_lib atlas 2"
_ARRAYS = ("values", "squares", "products", "energy", "signed")
_ENDS = ("low", "high", "linear")


@dataclass(repr=False)
class Atlas:
    """Sweeps of all synapses, reduced to what they change.

    Attributes
    ----------
    values : (S, V) array
        Weights that each synapse took, along its working range.
    squares, products : (S, V) arrays
        Sums over pixels and outputs of ΔI² and of ΔI times the unmoved picture's error.
    energy, signed : (S, h, w) and (S, C, h, w) arrays
        ΔI² per pixel, mean over values and outputs; ΔI per half working range, a fit over the
        values.
    error, done
        The unmoved picture's mean squared error against the target, if there is one; points swept
        so far.

    Examples
    --------
    >>> swept = atlas(network, size=8, steps=3, progress=False)
    >>> swept
    Atlas(27 synapses × 3 values at 8×8, complete)
    >>> swept.change.shape, swept.signed_map(0).shape
    ((27, 3), (8, 8, 3))
    """

    network: Network
    size: tuple[int, int]
    ranges: WorkingRange
    values: np.ndarray
    squares: np.ndarray
    products: np.ndarray
    energy: np.ndarray
    signed: np.ndarray
    error: float | None = None
    done: int = 0
    target_digest: str = "none"

    @property
    def change(self) -> np.ndarray:
        """(S, V) change of the picture at each value: RMS over pixels and outputs."""
        return np.sqrt(self.squares / self._n_values)

    @property
    def rmse(self) -> np.ndarray:
        """(S, V) RMSE against the target at each value; ValueError if there was none."""
        if self.error is None:
            raise ValueError("this atlas was made without a target: give atlas(target=picture)")
        excess = (self.squares + 2 * self.products) / self._n_values
        return np.sqrt(np.maximum(self.error + excess, 0))

    @property
    def spread(self) -> np.ndarray:
        """(S,) share of the picture that each synapse moves: see `sweeps.spread`."""
        return spread_of_energy(self.energy.astype(float))

    @property
    def linearity(self) -> np.ndarray:
        """(S,) share of each synapse's ΔI² that its `signed` map explains; 0 if none changes."""
        position = position_of(self.network, self.values)
        fitted = np.sum(self.signed.astype(float) ** 2, axis=(1, 2, 3)) * np.sum(position**2, 1)
        whole = self.energy.sum(axis=(1, 2), dtype=float) * self.signed.shape[1]
        whole *= self.values.shape[1]
        return np.divide(fitted, whole, out=np.zeros_like(whole), where=whole > 0)

    def signed_map(self, synapse: int) -> np.ndarray:
        """Return (h, w, C): the signed change per pixel for a move of half a working range."""
        return np.moveaxis(self.signed[self.network.wiring.check_synapse(synapse)], 0, 2)

    @property
    def _n_values(self):
        return self.size[0] * self.size[1] * self.network.wiring.n_outputs

    def save(self, path: str | Path) -> None:
        """Write the atlas to one file, whole or not at all; OSError if that fails."""
        about = {"size": self.size, "epsilon": self.ranges.epsilon, "error": self.error}
        about |= {"done": self.done, "target": self.target_digest}
        arrays = {name: getattr(self, name) for name in _ARRAYS}
        arrays |= {name: getattr(self.ranges, name) for name in _ENDS}
        arrays |= {"weights": self.network.weights, **self.network.wiring.to_arrays()}
        write_arrays(path, FILE_FORMAT, {**arrays, "about": np.array(json.dumps(about))})

    @classmethod
    def load(cls, path: str | Path) -> "Atlas":
        """Read an atlas that `save` wrote; FileFormatError if it is not one, or was changed."""
        with reading(path, "a saved atlas"):
            arrays = read_arrays(path, FILE_FORMAT, max_bytes=1 << 33)
            about = json.loads(str(arrays["about"]))
            network = Network(Wiring.from_arrays(arrays), arrays["weights"])
            _check(network, arrays, about)
            ranges = WorkingRange(*(arrays[name] for name in _ENDS), about["epsilon"])
            swept = (arrays[name] for name in _ARRAYS)
            rest = (about[name] for name in ("error", "done", "target"))
            return cls(network, tuple(about["size"]), ranges, *swept, *rest)

    def __repr__(self):
        (n_synapses, n_values), (height, width) = self.values.shape, self.size
        n_points = height * width
        done = "complete" if self.done == n_points else f"{self.done / n_points:.0%} done"
        return f"Atlas({n_synapses} synapses × {n_values} values at {height}×{width}, {done})"


def _check(network, arrays, about):
    """Raise an error unless the arrays of a file have the shapes that an atlas needs."""
    n_synapses, n_outputs = network.wiring.n_synapses, network.wiring.n_outputs
    n_values, (height, width) = arrays["values"].shape[1], arrays["energy"].shape[1:]
    shapes = dict.fromkeys(("values", "squares", "products"), (n_synapses, n_values))
    shapes |= dict.fromkeys(_ENDS, (n_synapses,))
    shapes["energy"] = (n_synapses, height, width)
    shapes["signed"] = (n_synapses, n_outputs, height, width)
    for name, shape in shapes.items():
        if arrays[name].shape != shape or arrays[name].dtype.kind != "f" or 0 in shape:
            raise ValueError(f"{name} is {arrays[name].dtype} of shape {arrays[name].shape}")
    size = check_size(about["size"])
    check_memory((*size, n_outputs), float, "a picture of it")
    n_points = math.prod(size)
    if not (isinstance(about["done"], int) and 0 <= about["done"] <= n_points):
        raise ValueError(f"{about['done']!r} points done of {n_points}")
    for name in ("epsilon", "error"):
        if not (isinstance(about[name], float) or (name, about[name]) == ("error", None)):
            raise ValueError(f"{name} is {about[name]!r}")


def position_of(network, values):
    """Return how far each value is from the weight, in half ranges of the values, (S, V)."""
    moves = values - network.weights[:, None]
    half = np.ptp(values, axis=1, keepdims=True) / 2
    return np.divide(moves, half, out=np.zeros_like(moves), where=half > 0)
