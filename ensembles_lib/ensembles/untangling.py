"""Untangling: how few properties a move touches, of a whole basis, and which of two does better."""

from typing import NamedTuple

import numpy as np

from .sensitivities import selectivity

LEVEL, RESAMPLES = 0.95, 10_000  # of the bootstrap interval


def importances(effects):
    """Return how much directions move properties, either way: RMS of both signs, (n, A).

    Of standardised effects (n, 2, A). NaN for a move that could not be made, when the other sign
    counts alone; directions without any are left out.
    """
    made = np.isfinite(effects).all(axis=2)
    squares = np.where(made[..., None], effects, 0.0) ** 2
    kept = made.any(axis=1)
    if not squares[kept].any():
        raise ValueError("no direction moves any property: nothing can be compared")
    return np.sqrt(squares[kept].sum(axis=1) / made[kept].sum(axis=1)[:, None])


def properties_moved(important):
    """Return the effective number of properties that a direction of (n, A) moves, in two ways.

    exp(-Σ q log q) with the shares q of the squared effects (see `selectivity`): the median over
    directions; and the exponential of the mean entropy, each direction weighted by its share in
    the sum of all squared effects.
    """
    numbers = selectivity(important.T)
    weights = np.sum(important**2, axis=1)
    moving = weights > 0
    mean = np.average(np.log(numbers[moving]), weights=weights[moving])
    return float(np.median(numbers[moving])), float(np.exp(mean))


def disentanglement(important):
    """Return the disentanglement D of `importances`, up to 1 if each direction moves one property.

    Eastwood & Williams 2018 (*A framework for the quantitative evaluation of disentangled
    representations*, ICLR): the mean over directions of 1 - H_i, where H_i is the entropy, to
    the base of the number of properties, of the direction's importances as shares; weighted by
    the direction's share in all importances. These are magnitudes here, not squares.
    """
    total = important.sum(axis=1)
    important, total = important[total > 0], total[total > 0]
    shares = important / total[:, None]
    logs = np.log(np.where(shares > 0, shares, 1.0))
    entropy = -(shares * logs).sum(axis=1) / np.log(shares.shape[1])
    return float(np.average(1 - entropy, weights=total))


class Paired(NamedTuple):
    """How two groups of numbers differ, pair by pair.

    Attributes
    ----------
    difference, low, high : float
        Median of a - b, and its bootstrap interval.
    p : float
        Of the sign test, two-sided.
    """

    difference: float
    low: float
    high: float
    p: float


def paired_comparison(a: np.ndarray, b: np.ndarray) -> Paired:
    """Compare two groups of numbers (n,) measured on the same networks.

    The sign test (Arbuthnott 1710; pairs without a difference are left out) and the median
    difference with its percentile bootstrap (Efron & Tibshirani 1993, chapter 13). With 8
    networks the smallest p there is is 0.008.

    Examples
    --------
    >>> paired_comparison([4, 5, 6, 7, 8, 9], [1, 1, 1, 1, 1, 1])
    Paired(difference=5.5, low=3.5, high=7.5, p=0.03125)
    """
    from scipy.stats import binomtest  # half of the time that importing the library would take

    a, b = np.asarray(a, float), np.asarray(b, float)
    if a.ndim != 1 or a.shape != b.shape or not len(a):
        raise ValueError(f"groups of shapes {a.shape} and {b.shape}: give (n,) of both")
    difference = a - b
    if not np.isfinite(difference).all():
        raise ValueError(f"pair {int((~np.isfinite(difference)).argmax())} is not finite")
    picks = np.random.default_rng(0).integers(len(a), size=(RESAMPLES, len(a)))
    medians = np.median(difference[picks], axis=1)
    low, high = np.quantile(medians, [(1 - LEVEL) / 2, (1 + LEVEL) / 2])
    n_differing = np.count_nonzero(difference)
    p = binomtest(np.sum(difference > 0), n_differing).pvalue if n_differing else 1.0
    return Paired(float(np.median(difference)), float(low), float(high), float(p))
