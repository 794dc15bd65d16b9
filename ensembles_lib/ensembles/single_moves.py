"""A move that holds nothing still: by one synapse alone."""

from typing import NamedTuple

import numpy as np

from ..core import Network
from .sensitivities import leak
from .start import check_amount, start_of


class SingleMove(NamedTuple):
    """The best of the synapses that moved a property by a given amount alone.

    The synapse, -1 if none of those tried could; its step, in working ranges; and the leak of what
    it really does, infinite if none could.
    """

    synapse: int
    step: float
    leak: float


def best_single_move(
    network: Network, properties, which, amount, *, tries=12, furthest=1.0, **options
) -> SingleMove:
    """Return the single synapse that moves a property by an amount with the smallest leak.

    The control of every coordinated move. Synapses are ranked to first order; the best few that
    should reach the amount are really moved there, by the secant method.

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
