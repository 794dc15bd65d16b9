"""Coordinated moves: one property by a chosen amount, while all others stand still."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from ..core.network import Network
from ..core.points import Size
from ..properties.properties import check_independent
from .sensitivities import leak
from .start import Start, State, check_amount, start_of
from .steps import MAX_CONDITION, picture_metric, smallest_step

SETTLED = 1e-3  # of the whole move: what may be missing or leaked at any step
SHORTEST = 1 / 256  # of the whole move: below this step the walk stops


class Move(NamedTuple):
    """What became of a coordinated move.

    Attributes
    ----------
    network : Network
        As far as the move got.
    got : float
        Amount in units of the property.
    effects, leak : (A,) array, float
        What all properties really did, standardised; infinite if the property did not move.
    stopped : str
        "arrived", or the reason why it stopped before.
    amounts, path : (T,), (T, S) arrays
        What the property had done at every step of the way, from 0, and the weights there.
    """

    network: Network
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
    network: Network,
    properties,
    which: str | int,
    amount: float,
    *,
    half: np.ndarray | None = None,
    low: np.ndarray | None = None,
    high: np.ndarray | None = None,
    size: Size = 96,
    metric: str = "weights",
    synapses: Sequence[int] | None = None,
    steps: int = 4,
    tolerance: float = SETTLED,
) -> Move:
    """Move one property by a chosen amount while all others of the set stand still.

    Each step is predicted by z = M⁻¹G(GᵀM⁻¹G)⁻¹ r, the smallest change of weights in working
    ranges that does to first order what is missing (r), tried on the network itself, and
    corrected until it does it really; then the derivatives are taken anew. A predictor–corrector
    method (Allgower & Georg 1990, *Numerical Continuation Methods*, chapter 2). If the amount is
    out of reach, the move says how far it got, the others in their place all the same.

    Parameters
    ----------
    properties : sequence of Property, or Measurement
        The one to move, and those to hold. A Measurement has its own size of the picture.
    amount
        In units of the property.
    half : (S,) array, optional
        Working ranges R_k; linear ones unless given. A synapse with an unbounded one stays.
    low, high : (S,) arrays, optional
        How far each weight may go down and up; R_k unless given.
    metric : "weights" or "picture"
        What is to be smallest: the motion of weights, or the change of the picture (see
        `picture_metric`).
    synapses
        Those that may move; all unless given.
    steps
        At least so many; where corrections do not settle, they are halved.
    tolerance
        What may be missing or leaked at any step, as a share of the whole move.

    Raises
    ------
    ValueError
        If a property is constant or depends on the others (which are named), there are fewer
        synapses than properties, or a number makes no sense.

    Examples
    --------
    >>> everywhere, mixes = np.ones((8, 8), bool), {"red": (1, 0, 0), "green": (0, 1, 0)}
    >>> two = [colour_property(everywhere, mix, name) for name, mix in mixes.items()]
    >>> move = coordinated_move(network, two, "red", 0.5, size=8)
    >>> before, after = network.paint(8), move.network.paint(8)
    >>> [round(one.value(after) - one.value(before), 2) + 0.0 for one in two]
    [0.5, 0.0]
    """
    if steps != int(steps) or steps < 1:
        raise ValueError(f"steps {steps!r}: give a whole number from 1 up")
    if not 0 < tolerance <= 0.01:
        raise ValueError(f"tolerance {tolerance!r}: give a number above 0, up to 0.01")
    amount = check_amount(amount)
    reach = {"half": half, "low": low, "high": high, "synapses": synapses}
    walk = Walk.of(network, properties, which, size, metric, tolerance, **reach)
    return walk.to(amount, steps)


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
                "give more synapses, or a control ensemble"
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
        moved, spoilt = Network(start.network.wiring, path[-1]), leak(state.done, which)
        return Move(
            moved, amounts[-1], state.done, spoilt if length else 0.0, stopped,
            np.array(amounts), np.array(path),
        )  # fmt: skip

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
