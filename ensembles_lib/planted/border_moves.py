"""Moves of borders: one border alone, by all synapses in concert or by a single one.

The walk is one of its own: unlike `ensembles.coordinated_move` it moves several borders at once
and leaves others free, lets one synapse hold two borders where it can, knows no end of a working
range, and stops before a border vanishes or appears.
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from ..core import Network
from ..ensembles import leak, units
from ..ensembles.members import check_synapses
from .borders import border_sensitivities, find_borders, signal_ranges

STRIDE = 0.05  # longest motion of a border in one step
SHORTEST = 1e-3  # of the longest step: below this the walk stops
EXACT = 1e-11  # a border this close to where it should be has arrived
LEAP = 0.1  # no border may move further in one step: it might be taken for its neighbour
BOLDEST = 4.0  # working ranges that one synapse may cross in one step


class Move(NamedTuple):
    """What became of a move."""

    got: np.ndarray  # (B,), how far each border has moved
    stopped: str  # "arrived", or the reason why it stopped before

    @property
    def arrived(self):
        """Has all that was asked for been reached?"""
        return self.stopped == "arrived"

    def leak(self, border):
        """Return the root sum of squares of all other motions over that of `border`."""
        return leak(self.got, check_border(border, self.got) - 1)


class Alone(NamedTuple):
    """What each synapse does if it has to move a border by itself."""

    best: int  # the one of the smallest leak; -1 if none can move it that far
    leaks: np.ndarray  # (S,), infinite for those that cannot
    networks: list  # as far as they got


class _Stop(Exception):
    """Why a step cannot be taken."""


def move_borders(
    network: Network, by: np.ndarray, synapses: Sequence[int] | None = None
) -> tuple[Network, Move]:
    """Return a network with borders moved by chosen amounts, as far as they go, and the report.

    Of all changes that do it, the smallest, with every synapse counted in working ranges. In short
    steps: each is predicted by the exact sensitivities, and corrected until the borders are where
    they should be; if a border would vanish or appear, it is halved, and in the end the walk stops.
    `by` (B,) is the motion of each border: 0 holds it in its place, NaN leaves it free. All
    synapses may change unless some are given.

    Examples
    --------
    >>> from ensembles_lib.planted import two_regions
    >>> moved, report = move_borders(two_regions().network, [0.05, 0, 0, -0.05])
    >>> report.stopped, find_borders(moved).round(4) + 0.0
    ('arrived', array([-0.7 , -0.25,  0.25,  0.7 ]))
    """
    start, by = find_borders(network), np.asarray(by, float)
    if by.shape != start.shape or np.isinf(by).any():
        raise ValueError(f"motions {by}: give {len(start)} finite numbers (NaN: free)")
    free = check_synapses(synapses, network.wiring.n_synapses)
    far = np.nanmax(np.abs(by), initial=0.0)
    stride = longest = min(1.0, STRIDE / max(far, 1e-300))
    here, places, gone = network, start, 0.0 if far else 1.0
    while gone < 1:
        share = min(1.0, gone + stride)
        try:
            here, places = _step(here, places, start + share * by, free)
        except _Stop as stop:
            if stride < SHORTEST * longest:
                return here, Move(places - start, str(stop))
            stride /= 2
        else:
            gone, stride = share, min(2 * stride, longest)
    return here, Move(places - start, "arrived")


def _step(network, places, goal, free):
    """Return a network whose borders are at the goal where it is not NaN, and all its borders.

    By Newton's method: each correction is the smallest one.
    """
    steered, unit = ~np.isnan(goal), np.zeros(network.wiring.n_synapses)
    unit[free] = units(signal_ranges(network))[free]
    here, now = network, places
    for _ in range(8):
        missing = (goal - now)[steered]
        if np.abs(missing).max() < EXACT:
            return here, now
        effects = border_sensitivities(here, now)[steered] * unit
        z = np.linalg.lstsq(effects, missing, rcond=1e-9)[0]
        if np.abs(effects @ z - missing).max() > 1e-6 * np.abs(missing).max():
            raise _Stop("these synapses cannot move the borders that way")
        if np.abs(z).max() > BOLDEST:
            raise _Stop("it is out of reach: the weights would have to leap")
        here = Network(here.wiring, here.weights + unit * z)
        now = find_borders(here)
        if len(now) != len(places):
            raise _Stop(_event(places, now))
        if np.abs(now - places).max() > LEAP:
            raise _Stop("a border would leap")
    raise _Stop("the corrections do not settle")


def _event(before, after):
    """Say which borders a step would make vanish or appear."""
    if len(after) > len(before):
        new = max(after, key=lambda x: np.abs(before - x).min(initial=np.inf))
        return f"a new border would appear near {new:.2f}"
    if (len(before) - len(after)) % 2:
        return f"border {1 if -before[0] > before[-1] else len(before)} would leave the line"
    first = int(np.diff(before).argmin()) + 1
    middle = before[first - 1 : first + 1].mean()
    return f"borders {first} and {first + 1} would meet near {middle:.2f}"


def move_border(
    network: Network, border: int, by: float, synapses: Sequence[int] | None = None
) -> tuple[Network, Move]:
    """Move one border by a chosen amount while all others stand still; see `move_borders`.

    Examples
    --------
    >>> from ensembles_lib.planted import two_regions
    >>> moved, report = move_border(two_regions().network, border=1, by=0.1)
    >>> report.stopped, report.got.round(4) + 0.0
    ('arrived', array([0.1, 0. , 0. , 0. ]))
    """
    return move_borders(network, _only(network, border, by, 0.0), synapses)


def best_single_synapse(network: Network, border: int, by: float) -> Alone:
    """Return what each synapse spoils if it moves a border by itself, and which spoils least.

    Examples
    --------
    >>> from ensembles_lib.planted import two_regions
    >>> alone = best_single_synapse(two_regions().network, border=1, by=0.05)
    >>> alone.best, int(np.isfinite(alone.leaks).sum())
    (0, 7)
    """
    by = _only(network, border, by, np.nan)
    tried = [move_borders(network, by, [synapse]) for synapse in range(network.wiring.n_synapses)]
    leaks = np.array([move.leak(border) if move.arrived else np.inf for _, move in tried])
    best = int(leaks.argmin()) if np.isfinite(leaks).any() else -1
    return Alone(best, leaks, [moved for moved, _ in tried])


def frozen_move(
    network: Network,
    change: np.ndarray,
    border: int,
    amount: float,
    eta: float,
    synapses: Sequence[int] | None = None,
    draws: int = 200,
) -> tuple[np.ndarray, np.ndarray]:
    """Return gain and leak of one fixed change of weights in many jittered networks, (draws,) each.

    NaN and infinite where the jitter or the move changed the number of borders.

    Parameters
    ----------
    change : (S,) array, or (draws, S) for one of its own per draw
        Added to the weights as it is.
    border
        The one that is meant to move, by `amount`: a gain of 1.
    eta
        Each weight is multiplied by 1 + eta times a normal number.
    synapses
        Those that are jittered; all unless given.

    Examples
    --------
    >>> step = Network(Wiring([[0, 1]], 2, 1), [4.0, -1.0])
    >>> gain, leak = frozen_move(step, [0.0, -0.4], border=1, amount=0.1, eta=0.0, draws=1)
    >>> gain.round(6), leak
    (array([1.]), array([0.]))
    """
    wiring, rng, count = network.wiring, np.random.default_rng(0), network.wiring.n_synapses
    jittered = check_synapses(synapses, count)
    places = find_borders(network)
    row, motions = check_border(border, places) - 1, np.full((len(places), draws), np.nan)
    for draw, step in enumerate(np.broadcast_to(change, (draws, count))):
        weights = network.weights.copy()
        weights[jittered] *= 1 + eta * rng.standard_normal(len(jittered))
        before, after = (find_borders(Network(wiring, w)) for w in (weights, weights + step))
        if len(before) == len(after) == len(places):
            motions[:, draw] = after - before
    return motions[row] / amount, leak(motions, row)


def check_border(border, places):
    """Return the number of a border, or raise an IndexError that says which exist."""
    if isinstance(border, bool) or border not in range(1, len(places) + 1):
        there = f"borders 1 to {len(places)}" if len(places) else "none"
        raise IndexError(f"border {border} does not exist: there are {there}")
    return border


def _only(network, border, by, others):
    """Return the motions of all borders: `by` of one, `others` of the rest."""
    motions = np.full(len(find_borders(network)), others)
    motions[check_border(border, motions) - 1] = by
    if not np.isfinite(by):
        raise ValueError(f"a border cannot move by {by}: give a finite number")
    return motions
