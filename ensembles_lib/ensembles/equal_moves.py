"""Moves of equal picture change: how far to go along directions."""

import numpy as np

from ..core import Network
from ..core.passes import respond
from ..core.points import Size, check_size
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
        which, lengths = np.repeat(searches // 2, moves.shape[1]), moves.reshape(-1, 1)
        changes = np.empty(len(lengths))
        for start in range(0, len(lengths), GROUP):
            part = slice(start, start + GROUP)
            weights = network.weights + lengths[part] * directions[which[part]]
            outputs = respond(network.wiring, weights.astype(np.float32), inputs)
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
