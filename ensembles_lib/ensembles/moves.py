"""Coordinated moves: one property by a chosen amount, while all others stand still."""

from typing import NamedTuple

import numpy as np

from ..core.network import Network
from ..properties.measurements import as_measurement
from ..properties.properties import check_independent
from .sensitivities import effects_and_scales, leak, linear_ranges
from .steps import MAX_CONDITION, check_amount, picture_metric, reach, smallest_step

SETTLED = 1e-3  # of the whole move: what may be missing or leaked at any step
SHORTEST = 1 / 256  # of the whole move: below this step the walk stops


class Move(NamedTuple):
    """What became of a coordinated move.

    Attributes
    ----------
    network : Network
        As far as the move got.
    asked, got : float
        Amount in units of the property.
    effects : (A,) array
        What all properties really did, standardised.
    leak : float
        Of these effects; infinite if the property has not moved at all.
    stopped : str
        "arrived", or the reason why it stopped before.
    amounts : (T,) array
        What the property had done at every step of the way, from 0.
    path : (T, S) array
        The weights there.
    """

    network: Network
    asked: float
    got: float
    effects: np.ndarray
    leak: float
    stopped: str
    amounts: np.ndarray
    path: np.ndarray

    @property
    def arrived(self):
        """Whether the whole amount was reached with all others in their place."""
        return self.stopped == "arrived"


def coordinated_move(
    network,
    properties,
    which,
    amount,
    *,
    half=None,
    low=None,
    high=None,
    size=96,
    metric="weights",
    synapses=None,
    steps=4,
    tolerance=SETTLED,
):
    """Move one property by a chosen amount while all others of the set stand still.

    Each step is predicted by z = M⁻¹G(GᵀM⁻¹G)⁻¹ r, the smallest change of weights in working
    ranges that does to first order what is missing (r), tried on the network itself, and
    corrected until it does it really; then the derivatives are taken anew. A predictor–corrector
    method (Allgower & Georg 1990, *Numerical Continuation Methods*, chapter 2).

    Parameters
    ----------
    network : Network
    properties : sequence of Property, or Measurement
        The one to move, and those to hold.
    which : str or int
    amount : float
        In units of the property.
    half : (S,) array, optional
        Working ranges R_k; linear ones unless given. A synapse with an unbounded one stays.
    low, high : (S,) arrays, optional
        How far each weight may go down and up; R_k unless given.
    size : int or (height, width)
        Of the picture; a Measurement has its own.
    metric : "weights" or "picture"
        What is to be smallest: the motion of weights, or the change of the picture (see
        `picture_metric`).
    synapses : sequence of int, optional
        Those that may move; all unless given.
    steps : int
        At least so many; where corrections do not settle, steps are halved.
    tolerance : float
        What may be missing or leaked at any step, as a share of the whole move.

    Returns
    -------
    Move
        If `stopped` is not "arrived", the amount was out of reach: `got` says how far it got,
        the others in their place all the same.

    Raises
    ------
    ValueError
        If there is no such property, a number makes no sense, a property is constant or
        depends on the others (which are named), or there are fewer synapses than properties.
    IndexError
        If a synapse does not exist.

    Examples
    --------
    >>> everywhere = np.ones((8, 8), bool)
    >>> red, green = (
    ...     colour_property(everywhere, mix, name)
    ...     for mix, name in (((1, 0, 0), "red"), ((0, 1, 0), "green"))
    ... )
    >>> move = coordinated_move(network, [red, green], "red", 0.5, size=8)
    >>> before, after = network.paint(8).pixels, move.network.paint(8).pixels
    >>> [round(one.measure(after)[0] - one.measure(before)[0], 2) + 0.0 for one in (red, green)]
    [0.5, 0.0]
    """
    measured = as_measurement(network, properties, size)
    which, amount = measured.number(which), check_amount(amount)
    if steps != int(steps) or steps < 1:
        raise ValueError(f"steps {steps!r}: give a whole number from 1 up")
    if not 0 < tolerance <= 0.01:
        raise ValueError(f"tolerance {tolerance!r}: give a number above 0, up to 0.01")
    half = linear_ranges(network, size) if half is None else half
    unit, below, above = reach(network.wiring, half, low, high, synapses)
    start, by_weight = measured.slopes(network.weights)
    _, scales = effects_and_scales(by_weight, half, measured.names)
    n_free = np.count_nonzero(above > below)
    if n_free < len(scales):
        raise ValueError(
            f"{n_free} synapses that may move cannot hold {len(scales)} properties: "
            "give more synapses, or a control ensemble"
        )
    check_independent(measured.names, by_weight * unit, MAX_CONDITION)
    if metric not in ("weights", "picture"):
        raise ValueError(f"metric {metric!r}: give 'weights' or 'picture'")
    gram = picture_metric(network, unit, size) if metric == "picture" else None
    walk = _Walk(network.weights, unit, below, above, measured, start, scales, gram, tolerance)
    return walk.to(network, which, amount, by_weight, steps)


class _Walk(NamedTuple):
    """Where a walk starts, what it may use, and what it is measured by."""

    weights: np.ndarray
    unit: np.ndarray
    below: np.ndarray
    above: np.ndarray
    measured: tuple
    start: np.ndarray
    scales: np.ndarray
    metric: np.ndarray | None
    tolerance: float

    def to(self, network, which, amount, by_weight, steps):
        """Walk until `amount` or as far as it goes, and return the Move."""
        goal = np.zeros(len(self.scales))
        goal[which] = amount / self.scales[which]
        size, gone, stride = abs(goal[which]), 0.0, 1 / steps
        z, done, stopped = np.zeros(len(self.unit)), np.zeros_like(goal), "arrived"
        path, amounts = [self.weights], [0.0]
        while gone < 1 and size:
            share = min(1.0, gone + stride)
            share = 1.0 if 1 - share < 1e-9 else share
            effects = by_weight * self.unit / self.scales[:, None]
            found, reason = self._step(z, done, effects, share * goal, size)
            if reason is None:
                (z, done), gone = found, share
                path.append(self.weights + self.unit * z)
                amounts.append(done[which] * self.scales[which])
                stride = min(2 * stride, 1 / steps)
                if gone < 1:
                    by_weight = self.measured.slopes(path[-1])[1]
            elif stride <= SHORTEST:
                stopped = reason
                break
            else:
                stride = max(stride / 2, SHORTEST)
        weights, got = path[-1], amounts[-1]
        spoilt = leak(done, which) if size else 0.0
        moved = Network(network.wiring, weights)
        return Move(moved, amount, got, done, spoilt, stopped, np.array(amounts), np.array(path))

    def _step(self, z, done, effects, goal, size):
        """Return (z, effects) at the goal and None, or None and the reason."""
        last = np.inf
        for _ in range(8):
            try:
                dz, met = smallest_step(
                    effects, goal - done, self.below - z, self.above - z, self.metric
                )
            except np.linalg.LinAlgError:
                return None, "to first order the properties can no longer be told apart there"
            if not met:
                return None, self._why(z + dz)
            z = np.clip(z + dz, self.below, self.above)
            try:
                values = self.measured.values(self.weights + self.unit * z)
            except ValueError as error:
                return None, f"beyond it a property cannot be measured: {error}"
            done = (values - self.start) / self.scales
            missing = np.linalg.norm(goal - done)
            if missing <= self.tolerance * size:
                return (z, done), None
            if not missing < 0.7 * last:
                break
            last = missing
        return None, "the corrections do not settle: the property saturates or bends too much"

    def _why(self, z):
        movable = self.above > self.below
        at_end = movable & ((z <= self.below + 1e-9) | (z >= self.above - 1e-9))
        count, of = np.count_nonzero(at_end), np.count_nonzero(movable)
        if not count:
            return f"these {of} synapses cannot move it and hold the others"
        return f"{count} of {of} synapses would stand at the end of their working range"
