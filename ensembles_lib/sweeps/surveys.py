"""Surveys: all synapses swept at once, reduced on the fly to an atlas."""

import time
from concurrent.futures import Executor
from functools import partial
from pathlib import Path

import numpy as np
from tqdm.auto import tqdm

from .._files import first_difference
from ..core import Network, Picture
from ..core.points import Size, check_memory, check_size
from .atlases import Atlas, position_of
from .downstream import blocks, tiles
from .ranges import EPSILON, working_ranges

MAP_SIDE = 128  # change maps of larger pictures are averaged down to at most this
SAVE_EVERY = 30.0  # seconds between saves of an unfinished atlas
_FOLDING = -1  # stands in for `done` while a block is folded in


def atlas(
    network: Network,
    size: Size = 128,
    steps: int = 21,
    target: Picture | None = None,
    path: str | Path | None = None,
    executor: Executor | None = None,
    progress: bool = True,
) -> Atlas:
    """Sweep every synapse over its working range, of any network with inputs x, y, 1 or x, y, d, 1.

    Each synapse takes `steps`, 2 or more, evenly spaced weights from one end of its working
    range to the other. Where a side is unbounded the other's length is taken, and 1 where both
    are. ValueError if an argument is out of its range, or `path` holds something else.

    Parameters
    ----------
    size
        Of the pictures. Change maps of pictures beyond 128 a side are averaged down to that.
    target
        Measure the RMSE against this picture too.
    path
        Save the atlas here; an unfinished one of the same call is taken up again.
    executor
        Shares out the sweeps among its workers; processes gain, threads do not.

    Examples
    --------
    >>> swept = atlas(network, size=16, steps=5, progress=False)
    >>> swept
    Atlas(27 synapses × 5 values at 16×16, complete)
    >>> bool(np.allclose(swept.change[:, [0, -1]].max(axis=1), 0.05, rtol=0.02))
    True
    """
    size = check_size(size)
    if not (isinstance(steps, int | np.integer) and steps >= 2):
        raise ValueError(f"steps {steps!r}: give a whole number from 2 up")
    if target is not None:
        network.check_paints()
        target = Picture.open(target, size)
    digest = "none" if target is None else repr(target)
    if path is not None and Path(path).exists():
        begun = _begun(path, network, size, steps, digest)
    else:
        ranges = working_ranges(network, size)
        begun = empty_atlas(network, size, ranges, _values(network, ranges, steps), digest)
    return fill(begun, target, executor, progress, path)


def _begun(path, network, size, steps, digest):
    """Return the atlas of the same call that `path` holds; ValueError if it holds another."""
    held = Atlas.load(path)
    made = {"size": held.size, "steps": held.values.shape[1]}
    made |= {"epsilon": held.ranges.epsilon, "target": held.target_digest}
    asked = {"size": size, "steps": steps, "epsilon": EPSILON, "target": digest}
    if differs := first_difference(made, asked):
        raise ValueError("{} holds an atlas of {} {}, not {}: remove it".format(path, *differs))
    if held.network != network:
        raise ValueError(f"{path} holds the atlas of another network: remove it")
    return held


def _values(network, ranges, steps):
    """Return evenly spaced weights (S, steps) from end to end of every working range."""
    low, high = ranges.low, ranges.high
    low, high = (np.where(np.isfinite(a), a, b) for a, b in ((low, high), (high, low)))
    low, high = (np.where(np.isfinite(side), side, 1.0) for side in (low, high))
    return network.weights[:, None] + np.linspace(-low, high, steps, axis=1)


def empty_atlas(network, size, ranges, values, digest="none"):
    """Return an atlas of values (S, V) in which nothing has been swept yet."""
    n_synapses, n_outputs = network.wiring.n_synapses, network.wiring.n_outputs
    shape = tuple(-(-side // _factor(size)) for side in size)
    maps = (n_synapses, n_outputs + 1, *shape)
    check_memory(maps, np.float32, f"change maps of {n_synapses} synapses")
    squares, products = np.zeros((2, *values.shape))
    energy = np.zeros((n_synapses, *shape), np.float32)
    signed = np.zeros((n_synapses, n_outputs, *shape), np.float32)
    sums = squares, products, energy, signed
    return Atlas(network, size, ranges, values, *sums, target_digest=digest)


def _factor(size):
    return -(-max(size) // MAP_SIDE)


def fill(begun, target=None, executor=None, progress=False, path=None, dtype=np.float32):
    """Sweep the points of an atlas that are still to do; the target has its size. Return it."""
    network, values, first = begun.network, begun.values, begun.done
    wiring, (n_synapses, n_values) = network.wiring, values.shape
    order, cells, counts = _cells(begun.size)
    inputs = network.inputs(begun.size, dtype=dtype)[:, order]
    targets = None if target is None else target.pixels.reshape(-1, 3).T[:, order].astype(dtype)
    position = position_of(network, values).astype(dtype)
    fit = position / np.maximum(np.sum(position**2, axis=1, keepdims=True), 1e-30)
    n_rows = n_synapses * (wiring.n_outputs + 1)
    parts = blocks(inputs.shape[1], n_values, n_rows, first)
    share_out = map if executor is None else executor.map
    results = share_out(
        partial(_sweep, wiring, network.weights.astype(dtype), values, fit, counts),
        [inputs[:, part] for part in parts],
        [None if targets is None else targets[:, part] for part in parts],
        [cells[part] for part in parts],
    )
    flat_energy = begun.energy.reshape(n_synapses, -1)
    flat_signed = begun.signed.reshape(n_synapses, wiring.n_outputs, -1)
    saved = time.monotonic()
    bar = tqdm(total=inputs.shape[1], initial=first, unit="points", disable=not progress)
    try:
        for part, result in zip(parts, results, strict=True):
            squares, products, error, where, energy, signed = result
            # An interruption while a block is folded in would leave it half counted.
            begun.done = _FOLDING
            begun.squares += squares
            begun.products += products
            if error is not None:
                begun.error = (begun.error or 0.0) + error / begun._n_values
            flat_energy[:, where] += energy
            flat_signed[:, :, where] += signed
            begun.done = part.stop
            bar.update(part.stop - part.start)
            if path is not None and time.monotonic() - saved > SAVE_EVERY:
                begun.save(path)
                saved = time.monotonic()
    finally:
        bar.close()
        if path is not None and begun.done != _FOLDING:
            begun.save(path)
    return begun


def _sweep(wiring, weights, values, fit, counts, inputs, targets, cells):
    """Sweep all synapses at some points; return what the atlas sums up.

    That is squares and products (S, V), the error, and what `_average` returns. `fit` (S, V)
    turns changes into the slope of a line through them, per half range; targets may be None.
    """
    (n_synapses, n_values), n_points, n_outputs = values.shape, inputs.shape[1], wiring.n_outputs
    squares, products = np.zeros(values.shape), np.zeros(values.shape)
    energy = np.empty((n_synapses, n_points), weights.dtype)
    signed = np.zeros((n_synapses, n_outputs, n_points), weights.dtype)
    error, synapses = None if targets is None else 0.0, np.arange(n_synapses)
    for part, tile in tiles(wiring, weights, inputs, n_values):
        n_points = tile.sent.shape[1]
        ones = np.ones(max(n_points, n_outputs * n_values), weights.dtype)
        if targets is not None:
            errors = tile.outputs - targets[:, part]
            error += float(np.vdot(errors, errors))
        for k, outputs, changed in tile.changes(synapses, values):
            signed[k, outputs, part] = fit[k] @ changed
            if targets is not None:
                products[k] += (changed @ errors[outputs, :, None]).sum(axis=0)[:, 0]
            np.multiply(changed, changed, out=changed)
            flat = changed.reshape(-1, n_points)
            np.dot(ones[: len(flat)], flat, out=energy[k, part])
            squares[k] += (flat @ ones[:n_points]).reshape(-1, n_values).sum(axis=0, dtype=float)
    energy /= n_outputs * n_values
    return squares, products, error, *_average(energy, signed, cells, counts)


def _cells(size):
    """Return the points in the order of the maps' cells, their cells, and points per cell."""
    factor = _factor(size)
    row, column = np.divmod(np.arange(size[0] * size[1]), size[1])
    cell = row // factor * (-(-size[1] // factor)) + column // factor
    order = np.argsort(cell, kind="stable")
    return order, cell[order], np.bincount(cell)


def _average(energy, signed, cells, counts):
    """Average consecutive points of the same cell: the cells, and what to add to their maps."""
    starts = np.flatnonzero(np.diff(cells, prepend=-1))
    where = slice(int(cells[0]), int(cells[-1]) + 1)
    if len(starts) == len(cells) and (counts[where] == 1).all():
        return where, energy, signed
    energy = np.add.reduceat(energy, starts, axis=-1)
    signed = np.add.reduceat(signed, starts, axis=-1)
    share = (1 / counts[where]).astype(energy.dtype)
    return where, energy * share, signed * share
