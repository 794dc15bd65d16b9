"""Surveys: all synapses swept at once, reduced on the fly to an atlas."""

import time
from functools import partial

import numpy as np
from tqdm.auto import tqdm

from .._files import first_difference
from ..core.picture import Picture
from ..core.points import check_memory, check_size
from .atlases import Atlas, position_of
from .downstream import blocks, mapper, tiles
from .ranges import EPSILON, WorkingRange, working_ranges

MAP_SIDE = 128  # change maps of larger pictures are averaged down to at most this
SAVE_EVERY = 30.0  # seconds between saves of an unfinished atlas
_FOLDING = -1  # stands in for `done` while a block is folded in


def atlas(
    network,
    size=128,
    steps=21,
    target=None,
    epsilon=EPSILON,
    path=None,
    executor=None,
    progress=True,
):
    """Sweep every synapse over its working range.

    Each synapse takes `steps` evenly spaced weights from one end of its working range to the
    other. Where a side is unbounded the other's length is taken, and 1 where both are.

    Parameters
    ----------
    network : Network
        Of any wiring with inputs x, y, 1 (or x, y, d, 1) and any number of outputs.
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
    executor : concurrent.futures.Executor, optional
        Shares out the points among its workers; processes gain, threads do not.
    progress : bool
        Show a progress bar.

    Returns
    -------
    Atlas

    Raises
    ------
    ValueError
        If an argument is out of its range, or `path` holds something else.

    Examples
    --------
    >>> swept = atlas(network, size=16, steps=5, progress=False)
    >>> swept
    Atlas(27 synapses × 5 values at 16×16, complete)
    >>> bool(np.allclose(swept.change[:, [0, -1]].max(axis=1), 0.05, rtol=0.02))
    True
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
        ranges = working_ranges(network, size, epsilon, executor)
        values = _values(network, ranges, steps)
        started = _empty(network, size, ranges, values)
        started.target_digest = digest
    return _run(started, targets, executor, progress, path)


def sweep_all(network, values, size=128, target=None, executor=None, dtype=np.float32):
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

    Examples
    --------
    >>> values = network.weights[:, None] + [-0.1, 0.0, 0.1]
    >>> sweep_all(network, values, size=8).change[0].round(4)
    array([0.014 , 0.    , 0.0137])
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
    return _run(_empty(network, size, ranges, values), targets, executor, False, None, dtype)


def _run(found, targets, executor, progress, path, dtype=np.float32):
    """Sweep the points that are still to do, folding one block after the other into `found`."""
    network, values = found.network, found.values
    wiring, (n_synapses, n_values) = network.wiring, values.shape
    n_rows = n_synapses * (wiring.n_outputs + 1)
    factor = _factor(found.size)
    order, cells, counts = _cells(found.size, factor)
    inputs = network.inputs(found.size, dtype=dtype)[:, order]
    if targets is not None:
        targets = targets[:, order].astype(dtype)
    position = position_of(network, values).astype(dtype)
    fit = position / np.maximum(np.sum(position**2, axis=1, keepdims=True), 1e-30)
    first = found.done
    parts = [
        slice(block.start + first, block.stop + first)
        for block in blocks(inputs.shape[1] - first, n_values, n_rows)
    ]
    results = mapper(executor)(
        partial(_sweep, wiring, network.weights.astype(dtype), values, fit, counts),
        [inputs[:, part] for part in parts],
        [None if targets is None else targets[:, part] for part in parts],
        [cells[part] for part in parts],
    )
    flat_energy = found.energy.reshape(n_synapses, -1)
    flat_signed = found.signed.reshape(n_synapses, wiring.n_outputs, -1)
    saved = time.monotonic()
    bar = tqdm(total=inputs.shape[1], initial=first, unit="points", disable=not progress)
    try:
        for part, result in zip(parts, results, strict=True):
            squares, products, error, where, energy, signed = result
            # An interruption while a block is folded in would leave it half counted.
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


def _sweep(wiring, weights, values, fit, counts, inputs, targets, cells):
    """Sweep all synapses at some points; return what the atlas sums up.

    Parameters
    ----------
    fit : (S, V) array
        Turns changes into the slope of a line through them, per half range.
    inputs, targets, cells
        Of these points; targets may be None.

    Returns
    -------
    squares, products : (S, V) arrays
    error : float or None
    where, energy, signed
        From `_average`.
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


def _started(path, network, size, steps, epsilon, digest):
    """Return the atlas of the same call that `path` holds, or None if there is no such file."""
    try:
        kept = Atlas.load(path)
    except FileNotFoundError:
        return None
    made = {"size": kept.size, "steps": kept.values.shape[1]}
    made |= {"epsilon": kept.ranges.epsilon, "target": kept.target_digest}
    asked = {"size": size, "steps": steps, "epsilon": epsilon, "target": digest}
    if differs := first_difference(made, asked):
        raise ValueError("{} holds an atlas of {} {}, not {}: remove it".format(path, *differs))
    if kept.network != network:
        raise ValueError(f"{path} holds the atlas of another network: remove it")
    return kept


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
    if len(starts) == len(cells) and (counts[where] == 1).all():
        return where, energy, signed
    energy = np.add.reduceat(energy, starts, axis=-1)
    signed = np.add.reduceat(signed, starts, axis=-1)
    share = (1 / counts[where]).astype(energy.dtype)
    return where, energy * share, signed * share


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


def _factor(size):
    return -(-max(size) // MAP_SIDE)
