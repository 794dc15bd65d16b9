"""Working ranges: how far a synapse can be moved before the picture changes visibly."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from ..core import Network, jacobian_factors
from ..core.passes import respond
from ..core.points import Size
from .crossings import first_crossings
from .downstream import tiles

EPSILON = 0.05  # the change at which a working range ends, unless said


@dataclass(frozen=True)
class WorkingRange:
    """How far synapses or directions can be moved while the change stays below `epsilon`.

    Attributes
    ----------
    low, high, linear : float or (n,) array
        Longest moves down and up, and the linear estimate of either, epsilon / rms(∂I/∂w); infinite
        where the change never gets that far.

    Examples
    --------
    >>> single = working_range(network, 0, size=16)
    >>> single, round(float(single.half), 4)
    (WorkingRange(0.3478 down, 0.3808 up, linear estimate 0.36), 0.3643)
    """

    low: np.ndarray
    high: np.ndarray
    linear: np.ndarray
    epsilon: float

    @property
    def half(self) -> float | np.ndarray:
        """R, half the width of the range; infinite if a side is unbounded."""
        return (self.low + self.high) / 2

    @property
    def usable(self) -> float | np.ndarray:
        """R, always finite: the shorter side where the other is unbounded, 0 where both are."""
        shorter = np.minimum(self.low, self.high)
        return np.where(np.isfinite(self.half), self.half, np.where(shorter < np.inf, shorter, 0.0))

    def __repr__(self):
        if np.ndim(self.low):
            half = f"median half width {np.median(self.half):.3g}"
            n_open = int(np.sum(~np.isfinite(self.half)))
            return f"WorkingRange({len(self.low)} synapses, {half}, {n_open} unbounded)"
        sides = [f"{x:.4g}" if x < np.inf else "unbounded" for x in (self.low, self.high)]
        return f"WorkingRange({sides[0]} down, {sides[1]} up, linear estimate {self.linear:.4g})"


def working_range(
    network: Network, moved: int | dict | ArrayLike, size: Size = 128, epsilon: float = EPSILON
) -> WorkingRange:
    """Return how far one synapse, or several together, can be moved.

    The largest interval around the present weights in which the change of the picture, RMS over
    pixels and outputs, stays below `epsilon`. Moves are looked at in steps of √2 from a quarter of
    the linear estimate on, so that a change that rises and falls again within less is missed.

    What is `moved`, here and in all that pulls, is a synapse, or a direction (S,) by multiples of
    which the weights move; ``{0: 1, 18: -0.5}`` is one in which all other synapses stand still.
    IndexError if there is no such synapse, ValueError if the direction moves nothing.

    Examples
    --------
    >>> working_range(network, {0: 1, 18: -0.5}, size=16)
    WorkingRange(0.3005 down, 0.2541 up, linear estimate 0.2722)
    """
    wiring = network.wiring
    direction = as_direction(wiring, moved)
    _check_epsilon(epsilon)

    def change_at(size, _, moves):
        weights = network.weights + moves.reshape(-1, 1) * direction
        inputs = network.inputs(size)
        changed = respond(wiring, weights, inputs) - respond(wiring, network.weights, inputs)
        return np.sqrt(np.mean(changed**2, axis=(1, 2))).reshape(moves.shape)

    signals, sent = jacobian_factors(network, size)
    slope = sum(
        direction[k] * signals[:, wiring.target[k]] * sent[wiring.source[k]]
        for k in np.flatnonzero(direction)
    )
    with np.errstate(divide="ignore"):
        linear = epsilon / np.sqrt(np.mean(slope**2))
    low, high = first_crossings(change_at, np.array([-1.0, 1.0]), np.full(2, linear), size, epsilon)
    return WorkingRange(float(low), float(high), float(linear), epsilon)


def working_ranges(network: Network, size: Size = 128, epsilon: float = EPSILON) -> WorkingRange:
    """Return the working ranges of all synapses (S,), as `working_range` does for one.

    In float32: exact to about 1e-6.

    Examples
    --------
    >>> every, single = working_ranges(network, size=16), working_range(network, 5, size=16)
    >>> every.low.shape, bool(np.isclose(every.high[5], single.high, rtol=1e-3))
    ((27,), True)
    """
    _check_epsilon(epsilon)
    wiring = network.wiring
    linear = linear_ranges(network, size, epsilon)
    # Both sides of a synapse are one search each; searches are kept in synapse order.
    synapse = np.repeat(np.arange(wiring.n_synapses), 2)
    sign = np.tile([-1.0, 1.0], wiring.n_synapses)

    def change_at(size, searches, moves):
        values = network.weights[synapse[searches], None] + moves
        return changes(network, synapse[searches], values, size)

    ends = first_crossings(change_at, sign, linear[synapse], size, epsilon)
    return WorkingRange(ends[::2], ends[1::2], linear, epsilon)


def pulled(
    network: Network, moved: int | dict | ArrayLike, times: float, size: Size = 64
) -> Network:
    """Return the network with a synapse moved by so many working ranges: up, or below 0 down.

    Several synapses move together as for `working_range`, which is asked at this size.

    Examples
    --------
    >>> half = working_range(network, 5, size=16).usable
    >>> bool(pulled(network, 5, -2, size=16).weights[5] == network.weights[5] - 2 * half)
    True
    """
    by = times * working_range(network, moved, size).usable
    return Network(network.wiring, network.weights + by * as_direction(network.wiring, moved))


def straight_path(
    network: Network,
    moved: int | dict | ArrayLike,
    times: float = 10.0,
    size: Size = 64,
    steps: int = 1,
) -> tuple[np.ndarray, np.ndarray]:
    """Return a straight way through the weights: so many working ranges down and up.

    As a playground takes it: amounts (T,), in working ranges, and the weights there (T, S), with
    T = 2 steps + 1. The range is that of `working_range` at this size; ValueError if it has none.

    Examples
    --------
    >>> amounts, weights = straight_path(network, 5, size=16)
    >>> amounts.tolist(), bool(weights[2, 5] > network.weights[5])
    ([-10.0, 0.0, 10.0], True)
    """
    half = working_range(network, moved, size).usable
    if half == 0:  # unbounded to both sides
        raise ValueError("the picture hardly feels this move: it has no working range to go by")
    amounts = times * np.arange(-steps, steps + 1) / steps
    return amounts, network.weights + np.outer(amounts * half, as_direction(network.wiring, moved))


def path_to_change(
    network: Network, moved: int | dict | ArrayLike, change: float, size: Size = 64
) -> tuple[np.ndarray, np.ndarray]:
    """Return a straight way through the weights, to both sides until the picture has so changed.

    As `straight_path`, with amounts (3,) that are multiples of what is moved. ValueError if the
    change, RMS, never is so large to one side.

    Examples
    --------
    >>> amounts, weights = path_to_change(network, 5, 0.1, size=16)
    >>> round(float(rmse(Network(network.wiring, weights[2]).paint(16), network.paint(16))), 3)
    0.1
    """
    reach = working_range(network, moved, size, change)
    if not np.isfinite(reach.half):
        raise ValueError(f"to one side the picture never changes by {change}")
    amounts = np.array([-reach.low, 0.0, reach.high])
    return amounts, network.weights + np.outer(amounts, as_direction(network.wiring, moved))


def pulled_each(network: Network, times: dict[int, float], half: ArrayLike) -> Network:
    """Return the network with some synapses pulled, each by so many of its working ranges.

    These are `half` (S,), such as ``working_ranges(network).usable``.

    Examples
    --------
    >>> up = pulled_each(network, {5: 2.0}, np.full(27, 0.1))
    >>> float((up.weights - network.weights).round(6)[5])
    0.2
    """
    return Network(network.wiring, network.weights + half * as_direction(network.wiring, times))


def linear_ranges(network: Network, size: Size = 96, epsilon: float = EPSILON) -> np.ndarray:
    """Return ε over the RMS of the picture's derivative by each weight, (S,): R_k, linearly.

    Infinite where a synapse has no effect. A stand-in for the real ones, `working_ranges`.

    Examples
    --------
    >>> from ensembles_lib.ensembles import linear_ranges
    >>> linear_ranges(network, size=16)[:2].round(3)
    array([0.36 , 0.342])
    """
    factors, wiring = jacobian_factors(network, size, np.float32), network.wiring
    # Of a product of two factors, the square is the product of their squares.
    signals, sent = (factor.reshape(*factor.shape[:-2], -1) ** 2 for factor in factors)
    products = np.einsum("cnp->np", signals) @ sent.T
    n_values = wiring.n_outputs * sent.shape[1]
    rms = np.sqrt(products[wiring.target, wiring.source].astype(float) / n_values)
    with np.errstate(divide="ignore"):
        return epsilon / rms


def changes(network, synapses, values, size):
    """Return the change of the picture, RMS, when synapses (n,) each take other values (n, V)."""
    wiring, inputs = network.wiring, network.inputs(size, dtype=np.float32)
    squares = np.zeros(values.shape)
    for _, tile in tiles(wiring, network.weights.astype(np.float32), inputs, values.shape[1]):
        for index, _, changed in tile.changes(synapses, values):
            np.multiply(changed, changed, out=changed)
            squares[index] += changed.sum(axis=2).sum(axis=0)
    return np.sqrt(squares / (wiring.n_outputs * inputs.shape[1]))


def as_direction(wiring, moved):
    """Return a synapse, a dict of synapses or an array as a direction (S,) of the weights."""
    if np.ndim(moved) == 0 and not isinstance(moved, dict):
        moved = {moved: 1.0}
    if isinstance(moved, dict):
        direction = np.zeros(wiring.n_synapses)
        for synapse, step in moved.items():
            direction[wiring.check_synapse(synapse)] = step
    else:
        direction = np.asarray(moved, float)
        if direction.shape != wiring.source.shape:
            wanted = f"one number per synapse, {wiring.source.shape}"
            raise ValueError(f"direction of shape {direction.shape}: give {wanted}")
    if not np.isfinite(direction).all():
        synapse = int(np.flatnonzero(~np.isfinite(direction))[0])
        raise ValueError(f"the direction moves synapse {synapse} by {direction[synapse]}")
    if not direction.any():
        raise ValueError("the direction moves no synapse: all its numbers are 0")
    return direction


def _check_epsilon(epsilon):
    if not (np.ndim(epsilon) == 0 and 0 < epsilon < np.inf):
        raise ValueError(f"epsilon {epsilon!r}: give a change above 0, such as {EPSILON}")
