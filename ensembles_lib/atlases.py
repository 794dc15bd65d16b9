"""The atlas: what every synapse does, all of them swept over their working ranges."""

import json
import time
from dataclasses import dataclass

import numpy as np
from tqdm.auto import tqdm

from .downstream import over_tiles
from .files import FileFormatError, read_arrays, write_arrays
from .network import Network
from .picture import Picture, check_memory, check_size, coordinates
from .ranges import EPSILON, WorkingRange, working_ranges
from .sweeps import spread_of_energy
from .wiring import Wiring

FILE_FORMAT = "ensembles_lib atlas 1"
MAP_SIDE = 128  # change maps of larger pictures are averaged down to at most this
SAVE_EVERY = 30.0  # seconds between saves of an unfinished atlas


@dataclass(repr=False)
class Atlas:
    """Sweeps of all synapses, reduced to what they change.

    Attributes
    ----------
    network : Network
    size : (height, width)
        Of the pictures swept.
    ranges : WorkingRange
        Of all synapses.
    values : (S, V) array
        Weights that each synapse took.
    squares, products : (S, V) arrays
        Sums over pixels and outputs of ΔI² and of ΔI times the unmoved picture's error.
    energy : (S, h, w) array
        ΔI² per pixel, mean over values and outputs.
    signed : (S, C, h, w) array
        ΔI per half working range, a least squares fit over the values.
    error : float or None
        The unmoved picture's mean squared error against the target, if one was given.
    done : int
        Points swept so far: all, unless the work was interrupted.
    """

    network: Network
    size: tuple
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
    def change(self):
        """(S, V) change of the picture at each value: RMS over pixels and outputs."""
        return np.sqrt(self.squares / self._n_values)

    @property
    def rmse(self):
        """(S, V) RMSE against the target at each value; ValueError if there was none."""
        if self.error is None:
            raise ValueError("this atlas was made without a target: give atlas(target=picture)")
        excess = (self.squares + 2 * self.products) / self._n_values
        return np.sqrt(np.maximum(self.error + excess, 0))

    @property
    def spread(self):
        """(S,) share of the picture that each synapse moves: see `sweeps.spread`."""
        return spread_of_energy(self.energy.astype(float))

    @property
    def linearity(self):
        """(S,) share of each synapse's ΔI² that its `signed` map explains; 0 if none changes."""
        position = _position(self.network, self.values)
        fitted = np.sum(self.signed.astype(float) ** 2, axis=(1, 2, 3)) * np.sum(position**2, 1)
        whole = self.energy.sum(axis=(1, 2), dtype=float) * self.signed.shape[1]
        whole *= self.values.shape[1]
        return np.divide(fitted, whole, out=np.zeros_like(whole), where=whole > 0)

    def absolute_map(self, synapse):
        """Return (h, w): the absolute change per pixel, RMS over the values and outputs."""
        return np.sqrt(self.energy[self.network.wiring.check_synapse(synapse)])

    def signed_map(self, synapse):
        """Return (h, w, C): the signed change per pixel for a move of half a working range."""
        return np.moveaxis(self.signed[self.network.wiring.check_synapse(synapse)], 0, 2)

    @property
    def _n_values(self):
        return self.size[0] * self.size[1] * self.network.wiring.n_outputs

    @property
    def is_complete(self):
        """Has every point been swept?"""
        return self.done == self.size[0] * self.size[1]

    def save(self, path):
        """Write the atlas to one file, whole or not at all; OSError if that fails."""
        wiring, ranges = self.network.wiring, self.ranges
        about = {
            "size": self.size,
            "epsilon": ranges.epsilon,
            "error": self.error,
            "done": self.done,
            "target": self.target_digest,
            "inputs_outputs": (wiring.n_inputs, wiring.n_outputs),
        }
        arrays = {name: getattr(self, name) for name in _ARRAYS}
        arrays |= {name: getattr(ranges, name) for name in ("low", "high", "linear")}
        arrays |= {"weights": self.network.weights, "source": wiring.source, "first": wiring.first}
        write_arrays(path, FILE_FORMAT, {**arrays, "about": np.array(json.dumps(about))})

    @classmethod
    def load(cls, path):
        """Read an atlas that `save` wrote.

        Raises
        ------
        FileNotFoundError
            If there is no such file.
        FileFormatError
            If the file is truncated, from elsewhere, or was changed since it was saved.
        """
        arrays = read_arrays(path, FILE_FORMAT, "a saved atlas", max_bytes=1 << 33)
        try:
            about = json.loads(str(arrays["about"]))
            sources = np.split(arrays["source"], arrays["first"][1:-1])
            network = Network(Wiring(sources, *about["inputs_outputs"]), arrays["weights"])
            ends = (arrays[name] for name in ("low", "high", "linear"))
            return cls(
                network,
                tuple(about["size"]),
                WorkingRange(*ends, about["epsilon"]),
                **{name: arrays[name] for name in _ARRAYS},
                error=about["error"],
                done=about["done"],
                target_digest=about["target"],
            )
        # The digest holds, but anyone can write one: the cause is kept.
        except Exception as error:
            raise FileFormatError(f"{path} is not a saved atlas: {error}") from error

    def __repr__(self):
        share = self.done / (self.size[0] * self.size[1])
        return (
            f"Atlas({len(self.values)} synapses × {self.values.shape[1]} values at "
            f"{self.size[0]}×{self.size[1]}, {'complete' if share == 1 else f'{share:.0%} done'})"
        )


_FOLDING = -1  # stands in for `done` while a tile is folded in
_ARRAYS = ("values", "squares", "products", "energy", "signed")


def atlas(
    network,
    size=128,
    steps=21,
    target=None,
    epsilon=EPSILON,
    path=None,
    threads=1,
    progress=True,
):
    """Sweep every synapse over its working range.

    Each synapse takes `steps` evenly spaced weights from one end of its working range to the
    other. Where a side is unbounded the other's length is taken, and 1 where both are.

    Parameters
    ----------
    network : Network
        Of any wiring with inputs x, y, 1 and any number of outputs.
    size : int or (height, width)
        Of the pictures. Change maps of pictures beyond 128 a side are averaged down to that.
    steps : int
        Values per synapse, 2 or more.
    target : Picture, optional
        Measure the RMSE against this picture too.
    epsilon : float
        Change at which a working range ends.
    path : path, optional
        Save the atlas here; an unfinished one of the same call is taken up again.
    threads : int
    progress : bool
        Show a progress bar.

    Returns
    -------
    Atlas

    Raises
    ------
    ValueError
        If an argument is out of its range, or `path` holds something else.
    """
    height, width = size = check_size(size)
    if not (isinstance(steps, int | np.integer) and steps >= 2):
        raise ValueError(f"steps {steps!r}: give a whole number from 2 up")
    targets = _targets(network, size, target)
    digest = "none" if target is None else repr(target.resized(size))
    started = None
    if path is not None:
        started = _started(path, network, size, steps, epsilon, digest)
    if started is None:
        ranges = working_ranges(network, size, epsilon, threads)
        values = _values(network, ranges, steps)
        started = _empty(network, size, ranges, values)
        started.target_digest = digest
    return _run(started, targets, threads, progress, path)


def sweep_all(network, values, size=128, target=None, threads=1, dtype=np.float32):
    """Sweep every synapse over given values: the atlas without its working ranges.

    Parameters
    ----------
    values : (S, V) array
        Weights that each synapse takes in turn.
    dtype : float32 or float64
        Precision of the work.

    Returns
    -------
    Atlas
        Its `ranges` are those of the values.
    """
    values = np.asarray(values, float)
    if values.ndim != 2 or len(values) != network.wiring.n_synapses or not values.size:
        raise ValueError(
            f"values of shape {values.shape}: give ({network.wiring.n_synapses}, values)"
        )
    if not np.isfinite(values).all():
        raise ValueError("values hold numbers that are not finite")
    size = check_size(size)
    low, high = network.weights - values.min(axis=1), values.max(axis=1) - network.weights
    ranges = WorkingRange(low, high, np.full(len(low), np.nan), np.nan)
    targets = _targets(network, size, target)
    return _run(_empty(network, size, ranges, values), targets, threads, False, None, dtype)


def _run(found, targets, threads, progress, path, dtype=np.float32):
    """Sweep the points that are still to do, folding one tile after the other into `found`."""
    network, values = found.network, found.values
    wiring, (n_synapses, n_values) = network.wiring, values.shape
    factor = _factor(found.size)
    order, cells, counts = _cells(found.size, factor)
    inputs = coordinates(found.size, dtype=dtype)[:, order]
    if targets is not None:
        targets = targets[:, order].astype(dtype)
    position = _position(network, values).astype(dtype)
    weight = position / np.maximum(np.sum(position**2, axis=1, keepdims=True), 1e-30)
    synapses = np.arange(n_synapses)
    first = found.done

    def work(part, tile):
        n_points = tile.sent.shape[1]
        squares, products = np.zeros(values.shape), np.zeros(values.shape)
        energy = np.empty((n_synapses, n_points), dtype)
        signed = np.zeros((n_synapses, wiring.n_outputs, n_points), dtype)
        ones = np.ones(max(n_points, wiring.n_outputs * n_values), dtype)
        part = slice(part.start + first, part.stop + first)
        errors = None if targets is None else tile.outputs - targets[:, part]
        for k, outputs, changed in tile.changes(synapses, values):
            signed[k, outputs] = weight[k] @ changed
            if errors is not None:
                products[k] = (changed @ errors[outputs, :, None]).sum(axis=0)[:, 0]
            np.multiply(changed, changed, out=changed)
            flat = changed.reshape(-1, n_points)
            np.dot(ones[: len(flat)], flat, out=energy[k])
            squares[k] = (flat @ ones[:n_points]).reshape(-1, n_values).sum(axis=0, dtype=float)
        energy /= wiring.n_outputs * n_values
        error = None if errors is None else float(np.vdot(errors, errors))
        return part, squares, products, error, *_average(energy, signed, cells[part], counts)

    tiles = over_tiles(
        work, wiring, network.weights.astype(dtype), inputs[:, first:], n_values, threads
    )
    flat_energy = found.energy.reshape(n_synapses, -1)
    flat_signed = found.signed.reshape(n_synapses, wiring.n_outputs, -1)
    saved = time.monotonic()
    bar = tqdm(total=inputs.shape[1], initial=first, unit="points", disable=not progress)
    try:
        for part, squares, products, error, where, energy, signed in tiles:
            # An interruption while a tile is folded in would leave it half counted.
            found.done, stop = _FOLDING, part.stop
            found.squares += squares
            found.products += products
            if error is not None:
                found.error = (found.error or 0.0) + error / found._n_values
            flat_energy[:, where] += energy
            flat_signed[:, :, where] += signed
            found.done = stop
            bar.update(stop - part.start)
            if path is not None and time.monotonic() - saved > SAVE_EVERY:
                found.save(path)
                saved = time.monotonic()
    finally:
        bar.close()
        if path is not None and found.done != _FOLDING:
            found.save(path)
    return found


def _started(path, network, size, steps, epsilon, digest):
    """Return the atlas of the same call that `path` holds, or None if there is no such file."""
    try:
        found = Atlas.load(path)
    except FileNotFoundError:
        return None
    made = (found.size, found.values.shape[1], found.ranges.epsilon, found.target_digest)
    for name, there, asked in zip(
        ("size", "steps", "epsilon", "target"), made, (size, steps, epsilon, digest), strict=True
    ):
        if there != asked:
            raise ValueError(f"{path} holds an atlas of {name} {there}, not {asked}: remove it")
    if found.network != network:
        raise ValueError(f"{path} holds the atlas of another network: remove it")
    return found


def _empty(network, size, ranges, values):
    wiring, factor = network.wiring, _factor(size)
    shape = tuple(-(-side // factor) for side in size)
    maps = (wiring.n_synapses, wiring.n_outputs + 1, *shape)
    check_memory(maps, np.float32, f"change maps of {wiring.n_synapses} synapses")
    return Atlas(
        network,
        size,
        ranges,
        values,
        squares=np.zeros(values.shape),
        products=np.zeros(values.shape),
        energy=np.zeros((wiring.n_synapses, *shape), np.float32),
        signed=np.zeros((wiring.n_synapses, wiring.n_outputs, *shape), np.float32),
    )


def _targets(network, size, target):
    """Return the target as (n_outputs, P), or None."""
    if target is None:
        return None
    if not isinstance(target, Picture):
        raise ValueError(f"target of type {type(target).__name__}: give a Picture")
    network.check_paints()
    return target.resized(size).pixels.reshape(-1, 3).T


def _values(network, ranges, steps):
    """Return evenly spaced weights (S, steps) from end to end of every working range."""
    low, high = ranges.low, ranges.high
    low, high = (np.where(np.isfinite(a), a, b) for a, b in ((low, high), (high, low)))
    low, high = (np.where(np.isfinite(side), side, 1.0) for side in (low, high))
    return network.weights[:, None] + np.linspace(-low, high, steps, axis=1)


def _position(network, values):
    """Return how far each value is from the weight, in half ranges of the values, (S, V)."""
    moves = values - network.weights[:, None]
    half = np.ptp(values, axis=1, keepdims=True) / 2
    return np.divide(moves, half, out=np.zeros_like(moves), where=half > 0)


def _factor(size):
    return -(-max(size) // MAP_SIDE)


def _cells(size, factor):
    """Return the points in the order of the maps' cells, their cells, and points per cell."""
    row, column = np.divmod(np.arange(size[0] * size[1]), size[1])
    cell = row // factor * (-(-size[1] // factor)) + column // factor
    order = np.argsort(cell, kind="stable")
    return order, cell[order], np.bincount(cell)


def _average(energy, signed, cells, counts):
    """Average consecutive points of the same cell: the cells, and what to add to their maps."""
    starts = np.flatnonzero(np.diff(cells, prepend=-1))
    where = slice(int(cells[0]), int(cells[-1]) + 1)
    if len(starts) < len(cells):
        energy = np.add.reduceat(energy, starts, axis=-1)
        signed = np.add.reduceat(signed, starts, axis=-1)
    share = (1 / counts[where]).astype(energy.dtype)
    return where, energy * share, signed * share
