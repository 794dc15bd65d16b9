"""How claims are judged: the register of rules, and what rules are written with.

A rule takes the evidence (see `open_all`) and returns the conditions that the claim comes down to,
each with whether it is met, the size of the effect, and the control, in words and numbers.
"""

import numpy as np

from ...ensembles.untangling import paired_comparison
from ..evidence import MAIN

WITHOUT = "levenberg-marquardt-0"
BACKPROP, BACKPROP_WITHOUT = "backprop-0.001", "backprop-0"
SURE = 0.05  # of a sign test
LATE = 12  # hidden neurons that count as late
MEANINGFUL = 0.5  # variance of a map that the bird's parts explain
CLAIMS = {}


def claim(number, text, shown):
    """Register the rule of a claim."""

    def register(rule):
        CLAIMS[number] = (text, shown, rule)
        return rule

    return register


def values(evidence, trait, key, group=MAIN):
    """Return what was measured of each network of a group, in order of seeds: (networks, …)."""
    networks = evidence["controls"] if group == "untrained" else evidence["study"][group]
    return np.array([one[trait][key] for one in networks])


def moved(evidence, basis, group=MAIN, measure="moved"):
    """Return what a basis scores in each network, medians over draws."""
    networks = evidence["controls"] if group == "untrained" else evidence["study"][group]
    rows = [one["bases"][measure][one["bases"]["bases"].index(basis)] for one in networks]
    return np.median(rows, axis=1)


def extremes(numbers, form=".2f"):
    """Return median and extremes as text."""
    numbers = np.asarray(numbers, float)
    low, middle, high = (f"{x:{form}}" for x in np.nanquantile(numbers, [0, 0.5, 1]))
    return f"{middle} ({low} to {high})"


def compared(a, b):
    """Return the median of a - b, its bootstrap interval and p of the sign test as text."""
    found = paired_comparison(a, b)
    return f"{found.difference:+.2f} [{found.low:+.2f}, {found.high:+.2f}], p = {found.p:.2g}"


def alike(a, b, margin):
    """Does the bootstrap interval of a - b lie within the margin?

    That no difference was found shows little with eight networks; a small one must be shown.
    """
    found = paired_comparison(a, b)
    return -margin < found.low and found.high < margin


def less(a, b):
    """Is a smaller than b in a sign test?"""
    found = paired_comparison(a, b)
    return found.p < SURE and found.difference < 0


def steady(evidence, group):
    """Return in what share of draws a move stays as planned, weights jittered by 1 % of the rms.

    A move that never arrived is not steady.
    """
    share = values(evidence, "moves", "steady_by_weight", group)[:, :, 0]
    return np.nan_to_num(share).mean(axis=1)
