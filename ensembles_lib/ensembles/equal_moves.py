"""Moves of equal picture change: how far to go along directions, and what properties then do."""

from contextlib import suppress

import numpy as np

from ..core.network import Network
from ..core.passes import jacobian_tiles, respond
from ..core.points import Size, check_size, pixels_of
from ..sweeps.crossings import SCAN, first_crossings
from ..sweeps.ranges import EPSILON

PROBE = 1e-2  # of a direction: far above what float32 rounds off, and nearly linear
GROUP = 16  # pictures painted at once: their activations share the cache


def equal_change_lengths(network: Network, directions: np.ndarray, size: Size = 64) -> np.ndarray:
    """Return how far to go along directions until the picture has changed by ε, (n, 2).

    Multiples of each direction (n, S), along it and against it; both 0 or more, and infinite
    where the picture never changes as much. Found on the real, nonlinear picture, as working
    ranges are; painted in float32, so that the change is right to about 1e-5.

    Examples
    --------
    >>> directions = np.eye(network.wiring.n_synapses)[:2]  # synapses 0 and 1
    >>> lengths = equal_change_lengths(network, directions, size=16)
    >>> lengths.shape, bool((lengths > 0).all())
    ((2, 2), True)
    """
    directions = np.atleast_2d(np.asarray(directions, float))
    if directions.ndim != 2 or directions.shape[1] != network.wiring.n_synapses:
        raise ValueError(
            f"directions of shape {directions.shape}: give (n, {network.wiring.n_synapses})"
        )
    wrong = ~np.isfinite(directions).all(axis=1) | ~directions.any(axis=1)
    if wrong.any():
        raise ValueError(f"direction {int(wrong.argmax())} is zero or not finite")
    size, before = check_size(size), {}

    def change_at(size, searches, moves):
        if size not in before:
            inputs = network.inputs(size, dtype=np.float32)
            weights = network.weights.astype(np.float32)
            before[size] = inputs, respond(network.wiring, weights, inputs)
        inputs, still = before[size]
        which, lengths = np.repeat(searches // 2, moves.shape[1]), moves.ravel()
        changes = np.empty(len(lengths))
        for part, outputs in _moved(network, directions, which, lengths, inputs):
            outputs -= still
            outputs = outputs.reshape(len(outputs), -1)
            changes[part] = np.sqrt(np.einsum("np,np->n", outputs, outputs) / outputs.shape[1])
        return changes.reshape(moves.shape)

    # A small picture will do for the estimates from which the searches start.
    searches, small = np.arange(2 * len(directions)), tuple(min(side, SCAN) for side in size)
    sign = np.tile([1.0, -1.0], len(directions))
    probed = change_at(small, searches, PROBE * sign[:, None])[:, 0]
    linear = PROBE * EPSILON / np.maximum(probed, 1e-9)
    return first_crossings(change_at, sign, linear, size, EPSILON).reshape(-1, 2)


def linear_changes(network, directions, size):
    """Return the RMS change of the picture along directions (n, S) to first order, (n,).

    By the Jacobian itself, a tile at a time: JᵀJ would be all rounding along sloppy directions.
    """
    wiring, inputs, squares = network.wiring, network.inputs(size), np.zeros(len(directions))
    for tile in jacobian_tiles(wiring, network.weights, inputs):
        squares += np.sum((directions @ tile.reshape(len(tile), -1)) ** 2, axis=1)
    return np.sqrt(squares / (wiring.n_outputs * inputs.shape[1]))


def effects_of_moves(
    network: Network, properties: list, directions: np.ndarray, lengths: np.ndarray, size: Size
) -> np.ndarray:
    """Return what properties really do after moves along directions (n, S), (n, 2, A).

    By the lengths (n, 2) of `equal_change_lengths`. NaN for moves that are infinite, or after
    which a property cannot be measured.

    Examples
    --------
    >>> to_red = np.eye(27)[[12]]  # a synapse of the first output, both ways
    >>> effects_of_moves(network, [red], to_red, np.array([[0.5, 0.5]]), 8).shape
    (1, 2, 1)
    """
    inputs = network.inputs(size, dtype=np.float32)

    def values(pixels):
        return np.array([one.value(pixels.astype(float)) for one in properties])

    still = respond(network.wiring, network.weights.astype(np.float32), inputs)
    before, moves = values(pixels_of(still, size)), (lengths * [1.0, -1.0]).ravel()
    effects = np.full((len(moves), len(properties)), np.nan)
    able = np.flatnonzero(np.isfinite(moves))
    for part, outputs in _moved(network, directions, able // 2, moves[able], inputs):
        for place, pixels in zip(able[part], pixels_of(outputs, size), strict=True):
            with suppress(ValueError):  # a move counts for all properties or for none
                effects[place] = values(pixels) - before
    return effects.reshape(*lengths.shape, -1)


def _moved(network, directions, which, lengths, inputs):
    """Yield slices of moves, by lengths along directions[which], and what is painted then."""
    for start in range(0, len(which), GROUP):
        part = slice(start, start + GROUP)
        weights = network.weights + lengths[part, None] * directions[which[part]]
        yield part, respond(network.wiring, weights.astype(np.float32), inputs)
