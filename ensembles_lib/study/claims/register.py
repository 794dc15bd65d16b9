"""What the rules of the claims share: groups of networks, thresholds, comparisons, texts."""

from collections import namedtuple
from types import SimpleNamespace

import numpy as np
from numpy.typing import ArrayLike

CONTROLS = "untrained", "scaled"  # groups: see `values`
SURE = 0.01  # of a sign test: all of eight networks must agree
LATE = 12  # hidden neurons that count as late
MEANINGFUL = 0.5  # variance of a map that the bird's parts explain
SLIGHT = 0.5  # properties moved: differences below it count as none
LEVEL, RESAMPLES = 0.95, 10_000  # of the bootstrap interval


def values(evidence: SimpleNamespace, trait: str, key: str, group: str | None = None) -> np.ndarray:
    """Return what was measured of each network of a group, in order of seeds: (networks, …).

    Of the evidence of a cell (see `of_cell` of `study.verdicts`); of its own networks unless a
    group is given.

    Examples
    --------
    >>> networks = [{"accuracy": {"rmse": 0.05}}, {"accuracy": {"rmse": 0.07}}]
    >>> values(SimpleNamespace(study={"these": networks}), "accuracy", "rmse", "these")
    array([0.05, 0.07])
    """
    return np.array([traits[trait][key] for traits in evidence.study[group or evidence.cell]])


def moved(evidence: SimpleNamespace, basis: str, group: str | None = None) -> np.ndarray:
    """Return how many properties a basis moves in each network, medians over draws.

    Bases are named as in tools/data/measuring/bases.py, groups given as for `values`.

    Examples
    --------
    >>> of = {"bases": ["global"], "moved": [[9.0, 9.5, 11.0]]}
    >>> moved(SimpleNamespace(study={"these": [{"bases": of}]}), "global", "these")
    array([9.5])
    """
    scored = [traits["bases"] for traits in evidence.study[group or evidence.cell]]
    return np.median([bases["moved"][bases["bases"].index(basis)] for bases in scored], axis=1)


def extremes(numbers: ArrayLike, form: str = ".2f") -> str:
    """Return median and extremes as text.

    Examples
    --------
    >>> extremes([3, 1, 2], ".0f")
    '2 (1 to 3)'
    """
    numbers = np.asarray(numbers, float)
    low, middle, high = (f"{x:{form}}" for x in np.nanquantile(numbers, [0, 0.5, 1]))
    return f"{middle} ({low} to {high})"


Paired = namedtuple("Paired", "difference low high p")


def paired_comparison(a: np.ndarray, b: np.ndarray) -> Paired:
    """Compare two groups of numbers (n,) measured on the same networks.

    The median of a - b and its percentile bootstrap interval (Efron & Tibshirani 1993, chapter 13);
    p of the two-sided sign test (Arbuthnott 1710; pairs without a difference are left out).
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


def compared(a: ArrayLike, b: ArrayLike) -> str:
    """Return the median of a - b, its bootstrap interval and p of the sign test as text.

    Examples
    --------
    >>> compared([4, 5, 6, 7, 8, 9], [1, 1, 1, 1, 1, 1])
    '+5.50 [+3.50, +7.50], p = 0.031'
    """
    pairs = paired_comparison(a, b)
    return f"{pairs.difference:+.2f} [{pairs.low:+.2f}, {pairs.high:+.2f}], p = {pairs.p:.2g}"


def alike(a, b, margin):
    """Does the bootstrap interval of a - b lie within the margin?"""
    # That no difference was found shows little with eight networks; a small one must be shown.
    pairs = paired_comparison(a, b)
    return -margin < pairs.low and pairs.high < margin


def less(a, b):
    """Is a smaller than b in a sign test? A rule asks this once at most."""
    pairs = paired_comparison(a, b)
    return pairs.p < SURE and pairs.difference < 0


def below(a, b):
    """Is the median of a smaller than that of b?"""
    return bool(np.median(a) < np.median(b))


def most(conditions):
    """Is it so in more than half of the networks?"""
    return bool(np.mean(conditions) > 0.5)


def steady(evidence: SimpleNamespace, group: str | None = None) -> np.ndarray:
    """Return in what share of draws a move stays as planned, weights jittered by 1 % of the rms.

    Of each network (n,), as for `values`. A move that never arrived is not steady.

    Examples
    --------
    >>> of = {"steady_by_weight": [[1.0], [0.5], [np.nan]]}  # of three moves, at one jitter
    >>> steady(SimpleNamespace(study={"these": [{"moves": of}]}), "these")
    array([0.5])
    """
    share = values(evidence, "moves", "steady_by_weight", group)[:, :, 0]
    return np.nan_to_num(share).mean(axis=1)
