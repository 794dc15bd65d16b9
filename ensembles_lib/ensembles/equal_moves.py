"""Moves of equal picture change: how far to go along directions, and what properties then do."""

import numpy as np

from ..core.passes import TILE, forward, output_signals, respond, weight_matrix, write_jacobian
from ..core.points import check_size, pixels_of
from ..sweeps.crossings import SCAN, first_crossings
from ..sweeps.ranges import EPSILON

PROBE = 1e-2  # of a direction: far above what float32 rounds off, and nearly linear
GROUP = 16  # pictures painted at once: their activations share the cache


def equal_change_lengths(network, directions, size=64, change=EPSILON):
    """Return how far to go along directions until the picture has changed by `change`.

    Found on the real, nonlinear picture, in both signs, as working ranges are; painted in
    float32, so that the change is right to about 1e-5.

    Parameters
    ----------
    network : Network
    directions : (n, S) array
    size : int or (height, width)
    change : float
        RMS over pixels and channels.

    Returns
    -------
    (n, 2) array
        Multiples of each direction, along it and against it; both 0 or more. Infinite where the
        picture never changes as much.

    Raises
    ------
    ValueError
        If a direction is zero, not finite or of another length than the weights.

    Examples
    --------
    >>> directions = np.eye(network.wiring.n_synapses)[:2]  # synapses 0 and 1
    >>> lengths = equal_change_lengths(network, directions, size=16)
    >>> lengths.shape, bool((lengths > 0).all())
    ((2, 2), True)
    """
    directions, size = check_directions(network, directions), check_size(size)
    if not (np.ndim(change) == 0 and 0 < change < np.inf):
        raise ValueError(f"change {change!r}: give a number above 0, such as {EPSILON}")
    wiring = network.wiring
    still, inputs = {}, {}

    def change_at(size, searches, moves):
        if size not in still:
            inputs[size] = network.inputs(size, dtype=np.float32)
            still[size] = respond(wiring, network.weights.astype(np.float32), inputs[size])
        which, flat = np.repeat(searches // 2, moves.shape[1]), moves.ravel()
        found = np.empty(len(flat))
        for start in range(0, len(flat), GROUP):
            part = slice(start, start + GROUP)
            weights = network.weights + flat[part, None] * directions[which[part]]
            outputs = respond(wiring, weights.astype(np.float32), inputs[size])
            outputs -= still[size]
            outputs = outputs.reshape(len(outputs), -1)
            found[part] = np.sqrt(np.einsum("np,np->n", outputs, outputs) / outputs.shape[1])
        return found.reshape(moves.shape)

    # A small picture will do for the estimates from which the searches start.
    searches, small = np.arange(2 * len(directions)), tuple(min(side, SCAN) for side in size)
    sign = np.tile([1.0, -1.0], len(directions))
    probed = change_at(small, searches, PROBE * sign[:, None])[:, 0]
    linear = PROBE * change / np.maximum(probed, 1e-9)
    return first_crossings(change_at, sign, linear, size, change).reshape(-1, 2)


def linear_changes(network, directions, size=64):
    """Return the RMS change of the picture along directions to first order, (n,).

    By the Jacobian itself, a tile at a time: JᵀJ would be all rounding along sloppy directions.

    Parameters
    ----------
    network : Network
    directions : (n, S) array
    size : int or (height, width)
    """
    directions, inputs = check_directions(network, directions), network.inputs(size)
    wiring, squares = network.wiring, np.zeros(len(directions))
    matrix = weight_matrix(wiring, network.weights)
    for start in range(0, inputs.shape[1], TILE):
        sent = forward(wiring, matrix, inputs[:, start : start + TILE])
        signals = output_signals(wiring, matrix, sent)
        tile = np.empty((wiring.n_synapses, wiring.n_outputs, sent.shape[1]))
        tile = write_jacobian(wiring, signals, sent, tile).reshape(wiring.n_synapses, -1)
        squares += np.sum((directions @ tile) ** 2, axis=1)
    return np.sqrt(squares / (wiring.n_outputs * inputs.shape[1]))


def effects_of_moves(network, properties, directions, lengths, size=64):
    """Return what properties really do when the weights are moved along directions.

    Parameters
    ----------
    network : Network
    properties : sequence of Property
    directions : (n, S) array
    lengths : (n, 2) array
        From `equal_change_lengths`.
    size : int or (height, width)

    Returns
    -------
    (n, 2, A) array
        Differences in units of the properties; NaN for moves that are infinite, or after which
        a property cannot be measured.

    Raises
    ------
    ValueError
        If a shape is wrong, or a property cannot be measured before anything was moved.
    """
    network.check_paints()
    directions, lengths = check_directions(network, directions), np.asarray(lengths, float)
    if lengths.shape != (len(directions), 2):
        raise ValueError(f"lengths of shape {lengths.shape}: give ({len(directions)}, 2)")
    inputs, wiring = network.inputs(size, dtype=np.float32), network.wiring

    def paint(weights):
        outputs = respond(wiring, weights.astype(np.float32), inputs)
        return pixels_of(outputs, size).astype(float)

    before = np.empty(len(properties))
    for a, one in enumerate(properties):
        try:
            before[a] = one.measure(paint(network.weights))[0]
        except ValueError as error:
            raise ValueError(
                f"property {one.name!r} cannot be measured on the picture as it is: {error}"
            ) from error
    moves = lengths * [1.0, -1.0]
    found = np.full((moves.size, len(properties)), np.nan)
    able = np.flatnonzero(np.isfinite(moves.ravel()))
    for start in range(0, len(able), GROUP):
        part = able[start : start + GROUP]
        steps = moves.ravel()[part, None] * directions[part // 2]
        for place, pixels in zip(part, paint(network.weights + steps), strict=True):
            found[place] = _values(properties, pixels) - before
    return found.reshape(*moves.shape, -1)


def _values(properties, pixels):
    """Return the values (A,); NaN for all if one cannot be measured: a move counts or not."""
    try:
        return np.array([one.measure(pixels)[0] for one in properties])
    except ValueError:
        return np.full(len(properties), np.nan)


def check_directions(network, directions):
    """Return directions (n, S) as floats, or raise a ValueError that says what is wrong."""
    directions = np.atleast_2d(np.asarray(directions, float))
    if directions.ndim != 2 or directions.shape[1] != network.wiring.n_synapses:
        raise ValueError(
            f"directions of shape {directions.shape}: give (n, {network.wiring.n_synapses})"
        )
    wrong = ~np.isfinite(directions).all(axis=1) | ~directions.any(axis=1)
    if wrong.any():
        raise ValueError(f"direction {int(wrong.argmax())} is zero or not finite")
    return directions
