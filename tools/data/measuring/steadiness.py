"""Moves in the worst surroundings of a size, beside random ones."""

import numpy as np
from numpy import median

from ensembles_lib.core import Network, rmse
from ensembles_lib.ensembles import coordinated_move, robustness, worst_jitter
from ensembles_lib.ensembles.start import as_planned
from ensembles_lib.study.peacock_study import SIZE

from .traits import effects_of

ETA = 0.05  # working ranges: where claim 13 is judged
PARTS = 0.02, 0.1, 1.0  # of that, the sizes at which the worst is looked for
DRAWS = 20
EVERY = 3  # of the 18 properties, every third is moved
LEAK_STEPS = 4  # of ascent, where a step takes the derivatives of all properties
UNMEASURED = 1e6  # harm where a property cannot be measured any more: JSON knows no infinity


def measure_worst(network, drawing):
    """How far do random jitters of all weights spoil moves in concert, and how far the worst ones?

    Moves as in the trait `moves`. One that does not arrive is not as planned, and is left out of
    all else. Worse jitters may have been missed, at the whole size above all.
    """
    measured, half, effects, scales = effects_of(network, drawing)
    chosen, rows = range(0, len(scales), EVERY), []
    for a in chosen:
        amount = 0.5 * np.abs(effects[a]).max() * scales[a]
        move = coordinated_move(network, measured, a, amount, half=half)
        if move.arrived:
            change = move.network.weights - network.weights
            rows.append(_worst_of(network, measured, a, change, half))
    if not rows:
        return dict.fromkeys(NUMBERS, np.nan) | dict.fromkeys(SHARES, 0.0)
    found = {name: [row[name] for row in rows] for name in rows[0]}
    shares = {name: np.sum(found[name], axis=0) / len(chosen) for name in SHARES}
    return shares | {name: median(found[name], axis=0) for name in NUMBERS}


SHARES = "random_as_planned", "worst_as_planned", "worst_of_a_tenth_as_planned"
NUMBERS = (
    "random_off", "worst_off", "worst_of_a_tenth_off", "random_leak", "worst_leak",
    "worst_of_a_tenth_leak", "times_gain", "times_leak", "kept_up_to", "random_picture",
    "worst_picture",
)  # fmt: skip


def _worst_of(network, measured, which, change, half):
    """Return what jitters do to one move."""
    everywhere = {"half": half, "jittered": range(len(half))}
    random = robustness(network, measured, which, change, [ETA], draws=DRAWS, **everywhere)
    ways = everywhere | {"draws": DRAWS}
    least, tenth, full = (
        worst_jitter(network, measured, which, change, part * ETA, **ways) for part in PARTS
    )
    ways |= {"spoils": "leak", "steps": LEAK_STEPS}
    leaky = [
        worst_jitter(network, measured, which, change, part * ETA, **ways).leak for part in PARTS
    ]
    off = np.array([_off(one.gain) for one in (least, tenth, full)])
    leaky = np.minimum(leaky, UNMEASURED)
    random_off = median(_off(random.gains[1]))
    random_leak = min(median(random.leaks[1]), UNMEASURED)
    draws = np.random.default_rng(0).standard_normal((5, len(half))) * ETA
    return {
        "random_as_planned": np.mean(as_planned(random.gains[1])),
        "worst_as_planned": float(as_planned(full.gain)),
        "worst_of_a_tenth_as_planned": float(as_planned(tenth.gain)),
        "random_off": random_off,
        "worst_off": off[2],
        "worst_of_a_tenth_off": off[1],
        "random_leak": random_leak,
        "worst_leak": leaky[2],
        "worst_of_a_tenth_leak": leaky[1],
        "times_gain": 1 / part_with(random_off, off),
        "times_leak": 1 / part_with(random_leak, leaky),
        "kept_up_to": ETA * part_with(0.2, off),
        "random_picture": median([_changed(network, half, draw) for draw in draws]),
        "worst_picture": _changed(network, half, full.jitter),
    }


def _off(gains):
    """Return how far gains are from 1."""
    return np.nan_to_num(np.abs(np.asarray(gains) - 1), nan=UNMEASURED)


def _changed(network, half, jitter):
    """Return the RMS change of the picture."""
    unit = np.where(np.isfinite(half), half, 0.0)
    jittered = Network(network.wiring, network.weights + unit * jitter)
    return rmse(jittered.paint(SIZE), network.paint(SIZE))


def part_with(harm: float, harms) -> float:
    """Return the part of the size at which the worst jitter does this harm; of `PARTS`, `harms`.

    Interpolated on logarithmic scales, where harm that is a power of the size is a straight line.
    Below the smallest part harm is taken to be proportional, as it is to first order; at most 1.

    Examples
    --------
    >>> [round(part_with(harm, [0.02, 0.1, 1.0]), 6) for harm in (0.001, 0.05, 3)]
    [0.001, 0.05, 1.0]
    """
    harms = np.maximum.accumulate(harms)
    if harm < harms[0]:
        return float(PARTS[0] * harm / harms[0])
    return float(np.exp(np.interp(np.log(harm), np.log(harms), np.log(PARTS))))
