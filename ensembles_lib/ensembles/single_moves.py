"""Moves that hold nothing still: by one synapse alone, or straight along a direction."""

from typing import NamedTuple

import numpy as np

from ..core import Network
from ..properties.measurements import as_measurement
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


def move_along(
    network: Network, properties, which, amount: float, direction: np.ndarray, size=96, furthest=3.0
) -> Network:
    """Return the network moved straight along a direction until a property has gone by an amount.

    Where it first gets there, looked for in quarters of the step that is right to first order.

    Parameters
    ----------
    properties, which, amount, size
        As in `coordinated_move`.
    direction : (S,) array
        Of the weights; its length and sign do not matter.
    furthest
        How far to go, over what the amount takes to first order. ValueError if it is not reached.

    Examples
    --------
    >>> red = colour_property(np.ones((8, 8), bool), (1, 0, 0), "red")
    >>> moved = move_along(network, [red], "red", 0.5, np.ones(27), size=8)
    >>> round(red.value(moved.paint(8)) - red.value(network.paint(8)), 3)
    0.5
    """
    from scipy.optimize import brentq  # slow to import

    amount, measured = check_amount(amount), as_measurement(network, properties, size)
    which = [measured.number(which)]
    values, slopes = measured.slopes(network.weights, which)
    step = amount / (slopes[0] @ direction)

    def missed(times):
        return measured.values(network.weights + times * step * direction, which)[0] - goal

    goal, last = values[0] + amount, 0.0
    for times in np.arange(0.25, furthest + 0.25, 0.25):
        if missed(last) * missed(times) <= 0:
            found = brentq(missed, last, times, xtol=1e-6)
            return Network(network.wiring, network.weights + found * step * direction)
        last = times
    name = measured.names[which[0]]
    raise ValueError(f"along this direction {name} does not move by {amount}")
