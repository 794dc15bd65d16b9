"""Single moves: what one synapse spoils if it has to move a property by itself."""

from typing import NamedTuple

import numpy as np

from ..properties.measurements import as_measurement
from .sensitivities import effects_and_scales, leak, linear_ranges
from .steps import check_amount, reach


class SingleMove(NamedTuple):
    """The best of the synapses that moved a property by a given amount alone.

    Attributes
    ----------
    synapse : int
        -1 if none of those tried could.
    step : float
        In working ranges.
    effects : (A,) array
        What it really does, standardised.
    leak : float
        Of these effects; infinite if no synapse could.
    linear_leaks : (S,) array
        Of every synapse, to first order: the same for every amount.
    """

    synapse: int
    step: float
    effects: np.ndarray
    leak: float
    linear_leaks: np.ndarray


def best_single_move(
    network,
    properties,
    which,
    amount,
    *,
    half=None,
    among=None,
    size=96,
    tries=12,
    furthest=1.0,
):
    """Return the single synapse that moves a property by an amount with the smallest leak.

    The control of every coordinated move. Synapses are ranked to first order; the best few that
    should reach the amount are really moved there, by the secant method.

    Parameters
    ----------
    network, properties, which, amount, half, size
        As in `coordinated_move`.
    among : sequence of int, optional
        Synapses to choose from; all unless given.
    tries : int
        How many are really moved.
    furthest : float
        How far a synapse may go, in working ranges.

    Returns
    -------
    SingleMove

    Examples
    --------
    >>> everywhere = np.ones((8, 8), bool)
    >>> red, green = (
    ...     colour_property(everywhere, mix, name)
    ...     for mix, name in (((1, 0, 0), "red"), ((0, 1, 0), "green"))
    ... )
    >>> found = best_single_move(network, [red, green], "red", 0.5, size=8)
    >>> found.synapse in network.wiring.synapses_of(4)  # those of the red output spare green
    True
    """
    measured = as_measurement(network, properties, size)
    which, amount = measured.number(which), check_amount(amount)
    half = linear_ranges(network, size) if half is None else half
    unit, _, above = reach(network.wiring, half, None, None, among)
    start, by_weight = measured.slopes(network.weights)
    effects, scales = effects_and_scales(by_weight, half, measured.names)
    linear, goal = leak(effects, which), amount / scales[which]
    # To first order some just miss what they do reach: they get a chance, too.
    able = (above > 0) & (np.abs(effects[which]) * furthest * 1.5 >= abs(goal))
    order = np.argsort(np.where(able, linear, np.inf), kind="stable")[: min(tries, able.sum())]

    def effects_of(k, step):
        weights = network.weights.copy()
        weights[k] += step * unit[k]
        return (measured.or_nan(weights) - start) / scales

    best = SingleMove(-1, np.nan, np.full(len(scales), np.nan), np.inf, linear)
    for k in order:
        last, missed, step = 0.0, -goal, goal / effects[which, k]
        for _ in range(8):
            done = effects_of(k, np.clip(step, -furthest, furthest))
            step = float(np.clip(step, -furthest, furthest))
            miss = done[which] - goal
            if not abs(miss) > 1e-3 * abs(goal) or miss == missed:
                break
            last, missed, step = step, miss, step - miss * (step - last) / (miss - missed)
        if abs(miss) <= 1e-2 * abs(goal) and leak(done, which) < best.leak:
            best = SingleMove(int(k), step, done, leak(done, which), linear)
    return best
