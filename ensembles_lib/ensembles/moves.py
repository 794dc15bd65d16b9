"""Coordinated moves: one property by a chosen amount, while all others stand still.

A slider is such a move made once, then followed to any amount at once. The control is a move that
holds nothing still: by one synapse alone.
"""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from ..core import Network
from ..properties.properties import check_independent
from .sensitivities import leak
from .start import (
    MAX_CONDITION,
    Start,
    State,
    check_amount,
    picture_metric,
    smallest_step,
    start_of,
)

SETTLED = 1e-3  # of the whole move: what may be missing or leaked at any step
STEPS = 4  # of a move, at least; where corrections do not settle, they are halved
SHORTEST = 1 / 256  # of the whole move: below this step the walk stops
FINE = 2e-4  # SETTLED of a slider: small amounts beside 0 must not leak either


class Move(NamedTuple):
    """What became of a coordinated move."""

    network: Network  # as far as the move got
    got: float  # amount in units of the property
    leak: float  # of what all properties really did; infinite if the property did not move
    stopped: str  # "arrived", or the reason why it stopped before
    amounts: np.ndarray  # (T,) what the property had done at every step of the way, from 0
    path: np.ndarray  # (T, S) weights there

    @property
    def arrived(self):
        """Whether the whole amount was reached with all others in their place."""
        return self.stopped == "arrived"


def coordinated_move(network: Network, properties, which, amount, **options) -> Move:
    """Move one property by a chosen amount while all others of the set stand still.

    Each step is predicted by z = M⁻¹G(GᵀM⁻¹G)⁻¹ r, the smallest change of weights in working
    ranges that does to first order what is missing (r), tried on the network itself, and
    corrected until it does it really; then the derivatives are taken anew. A predictor–corrector
    method (Allgower & Georg 1990, *Numerical Continuation Methods*, chapter 2). If the amount is
    out of reach, the move says how far it got, the others in their place all the same. ValueError
    if a property is constant or depends on the others, or there are too few synapses.

    Parameters
    ----------
    properties : sequence of Property, or Measurement
        Those to move and to hold. A Measurement has its own size of the picture.
    which, amount : str or int, float
        The one to move, and how far, in its own units.
    **options
        `size` of the picture, 96 unless given; `half` (S,), working ranges R_k, linear ones unless
        given: a synapse with an unbounded one stays, no other leaves its own; `synapses` that may
        move, all unless given; `metric`, "weights" unless given, or "picture": what is to be
        smallest, the motion of weights or the change of the picture.

    Examples
    --------
    >>> everywhere, mixes = np.ones((8, 8), bool), {"red": (1, 0, 0), "green": (0, 1, 0)}
    >>> two = [colour_property(everywhere, mix, name) for name, mix in mixes.items()]
    >>> move = coordinated_move(network, two, "red", 0.5, size=8)
    >>> before, after = network.paint(8), move.network.paint(8)
    >>> [round(one.value(after) - one.value(before), 2) + 0.0 for one in two]
    [0.5, 0.0]
    """
    amount = check_amount(amount)
    return Walk.of(network, properties, which, **options).to(amount, STEPS)


class Walk(NamedTuple):
    """Where a walk starts, and what it is measured by."""

    start: Start
    metric: np.ndarray | None
    tolerance: float

    @classmethod
    def of(cls, network, properties, which, size=96, metric="weights", tolerance=SETTLED, **reach):
        """Return a walk, or raise a ValueError if these synapses cannot hold these properties."""
        start = start_of(network, properties, which, size, **reach)
        n_free, names = np.count_nonzero(start.above > start.below), start.measured.names
        if n_free < len(names):
            raise ValueError(
                f"{n_free} synapses that may move cannot hold {len(names)} properties: "
                "give more synapses"
            )
        check_independent(names, start.effects, MAX_CONDITION)
        if metric not in ("weights", "picture"):
            raise ValueError(f"metric {metric!r}: give 'weights' or 'picture'")
        gram = picture_metric(network, start.unit, size) if metric == "picture" else None
        return cls(start, gram, tolerance)

    def to(self, amount, steps):
        """Walk until `amount` or as far as it goes, and return the Move."""
        start, which, scale = self.start, self.start.which, self.start.scale
        goal = amount / scale * np.eye(len(start.scales))[which]
        length, gone, stride, stopped = abs(goal[which]), 0.0, 1 / steps, "arrived"
        state = State(np.zeros(len(start.unit)), np.zeros_like(goal), start.effects)
        path, amounts = [start.network.weights], [0.0]
        while gone < 1 and length:
            share = min(1.0, gone + stride)
            share = 1.0 if 1 - share < 1e-9 else share
            reached, reason = self._step(state, share * goal, length)
            if reached:
                z, done = reached
                path.append(start.weights(z))
                amounts.append(done[which] * scale)
                gone, stride = share, min(2 * stride, 1 / steps)
                state = State(z, done, start.at(z).effects if gone < 1 else state.effects)
            elif stride <= SHORTEST:
                stopped = reason
                break
            else:
                stride = max(stride / 2, SHORTEST)
        moved = Network(start.network.wiring, path[-1])
        spoilt = leak(state.done, which) if length else 0.0
        return Move(moved, amounts[-1], spoilt, stopped, np.array(amounts), np.array(path))

    def _step(self, state, goal, length):
        """Return (z, done) at the goal and no reason, or None and the reason."""
        start, last, (z, done, effects) = self.start, np.inf, state
        for _ in range(8):
            room = start.below - z, start.above - z
            try:
                dz, met = smallest_step(effects, goal - done, *room, self.metric)
            except np.linalg.LinAlgError:
                return None, "to first order the properties can no longer be told apart there"
            if not met:
                return None, self._why(z + dz)
            z = np.clip(z + dz, start.below, start.above)
            try:
                done = start.done(start.measured.values(start.weights(z)))
            except ValueError as error:
                return None, f"beyond it a property cannot be measured: {error}"
            missing = np.linalg.norm(goal - done)
            if missing <= self.tolerance * length:
                return (z, done), None
            if not missing < 0.7 * last:
                break
            last = missing
        return None, "the corrections do not settle: the property saturates or bends too much"

    def _why(self, z):
        low, high = self.start.below, self.start.above
        movable = high > low
        at_end = movable & ((z <= low + 1e-9) | (z >= high - 1e-9))
        count, of = np.count_nonzero(at_end), np.count_nonzero(movable)
        if not count:
            return f"these {of} synapses cannot move it and hold the others"
        return f"{count} of {of} synapses would stand at the end of their working range"


class PropertySlider(NamedTuple):
    """Weights for every amount of one property; made by `property_slider`."""

    name: str
    low: float
    high: float
    why: tuple  # what ends the range at `low` and `high`: "arrived" where it is as asked for
    between: Callable  # from an amount within the range to weights

    def at(self, amount):
        """Return the weights (S,) at which the property has moved by `amount`.

        Monotone cubics between knots (Fritsch & Carlson 1980, *SIAM J. Numer. Anal.* 17, 238)
        never leave the weights of the knots beside them, and so no working range.
        """
        if not self.low <= amount <= self.high:
            side = self.why[int(amount > 0)]
            reason = "" if side == "arrived" else f" ({side})"
            raise ValueError(
                f"{self.name!r} moved by {amount!r}: the slider goes from {self.low:.4g} to "
                f"{self.high:.4g}{reason}"
            )
        return self.between(amount)

    def path(self, steps: int = 4) -> tuple[np.ndarray, np.ndarray]:
        """Return amounts (T,), so many steps from 0 to either end, and the weights there (T, S)."""
        ends = (np.linspace(self.low, 0, steps + 1), np.linspace(0, self.high, steps + 1))
        amounts = np.unique(ends)
        return amounts, np.array([self.at(amount) for amount in amounts])


def property_slider(network, properties, which, low, high, knots=16, **options) -> PropertySlider:
    """Return a slider that moves one property from `low` to `high`, the others standing still.

    Shorter than asked for where that is out of reach: its `why` says so.

    Parameters
    ----------
    network, properties, which, **options
        As in `coordinated_move`.
    low, high
        Amounts, from below to above 0; one of them may be 0.
    knots
        Steps of a coordinated move on each side of 0, at least.

    Examples
    --------
    >>> slider = property_slider(network, [red], "red", -5, 5, knots=2, size=8)
    >>> reached = [Network(network.wiring, slider.at(amount)).paint(8) for amount in (0, 5)]
    >>> round(red.value(reached[1]) - red.value(reached[0]), 1)
    5.0
    """
    from scipy.interpolate import PchipInterpolator  # slow to import

    low, high = check_amount(low), check_amount(high)
    if not low <= 0 <= high or low == high:
        raise ValueError(f"a slider from {low} to {high}: its range must hold 0, and more")
    walk = Walk.of(network, properties, which, tolerance=FINE, **options)
    down, up = (walk.to(end, knots) for end in (low, high))
    amounts = np.concatenate([down.amounts[:0:-1], up.amounts])
    path = np.concatenate([down.path[:0:-1], up.path])
    name = walk.start.measured.names[walk.start.which]
    if len(amounts) < 2:
        raise ValueError(f"{name!r} cannot be moved: {down.stopped}; {up.stopped}")
    why, between = (down.stopped, up.stopped), PchipInterpolator(amounts, path)
    return PropertySlider(name, float(amounts[0]), float(amounts[-1]), why, between)


class SingleMove(NamedTuple):
    """The best of the synapses that moved a property by a given amount alone."""

    synapse: int  # -1 if none of those tried could
    step: float  # in working ranges
    leak: float  # of what it really does; infinite if none could


def best_single_move(
    network: Network, properties, which, amount, *, tries=12, furthest=1.0, **options
) -> SingleMove:
    """Return the single synapse that moves a property by an amount with the smallest leak.

    Synapses are ranked to first order; the best few that should reach the amount are really moved
    there, by the secant method.

    Parameters
    ----------
    properties, which, amount, **options
        As in `coordinated_move`: half, size and synapses.
    tries, furthest
        How many are really moved; how far a synapse may go, in working ranges.

    Examples
    --------
    >>> best_single_move(network, [red], "red", 0.5, size=8).leak
    0.0
    """
    amount, start = check_amount(amount), start_of(network, properties, which, **options)
    which, own = start.which, start.effects[start.which]
    linear, goal = leak(start.effects, which), amount / start.scale
    # To first order some just miss what they do reach: they get a chance, too.
    able = (start.above > 0) & (np.abs(own) * furthest * 1.5 >= abs(goal))
    order = np.argsort(np.where(able, linear, np.inf), kind="stable")[: min(tries, able.sum())]
    best = SingleMove(-1, np.nan, np.inf)
    for k in order:
        z, last, missed, step = np.zeros(len(own)), 0.0, -goal, goal / own[k]
        for _ in range(8):
            z[k] = step = float(np.clip(step, -furthest, furthest))
            done = start.done(start.measured.or_nan(start.weights(z)))
            miss = done[which] - goal
            if not abs(miss) > 1e-3 * abs(goal) or miss == missed:
                break
            last, missed, step = step, miss, step - miss * (step - last) / (miss - missed)
        if abs(miss) <= 1e-2 * abs(goal) and leak(done, which) < best.leak:
            best = SingleMove(int(k), step, leak(done, which))
    return best
