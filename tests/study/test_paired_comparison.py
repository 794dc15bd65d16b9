"""Oracles: closed forms, the binomial distribution, coverage over many draws."""

import numpy as np
import pytest
from scipy.stats import binom

from ensembles_lib.study.claims.register import paired_comparison


def test_paired_comparison_in_closed_form(monkeypatch):
    rng = np.random.default_rng(0)
    a = rng.uniform(size=8)
    shift = np.array([0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8])
    found = paired_comparison(a + shift, a)
    assert found.difference == pytest.approx(0.45)
    assert found.p == pytest.approx(2 / 2**8)
    assert shift.min() <= found.low < 0.45 < found.high <= shift.max()
    other = paired_comparison(a, a + shift)
    assert (other.difference, other.p) == (-found.difference, found.p)
    assert (other.low, other.high) == pytest.approx((-found.high, -found.low), abs=0.03)
    # 3 of 4, a pair without difference left out: p = 2 (1 + 4) / 16.
    ties = paired_comparison([1.0, 2, 3, 0, 5], [0.0, 0, 0, 1, 5])
    assert ties.p == pytest.approx(10 / 16)
    assert paired_comparison([1.0, 1], [1.0, 1])[-1] == 1
    widths = []
    for level in (0.99, 0.95, 0.5):
        monkeypatch.setattr("ensembles_lib.study.claims.register.LEVEL", level)
        compared = paired_comparison(a + shift, a)
        widths.append(compared.high - compared.low)
    assert widths[0] > widths[1] > widths[2] > 0


def test_the_bootstrap_interval_covers_the_true_median_about_as_often_as_it_says(monkeypatch):
    for name, value in (("LEVEL", 0.9), ("RESAMPLES", 400)):
        monkeypatch.setattr(f"ensembles_lib.study.claims.register.{name}", value)
    rng = np.random.default_rng(0)
    hits = []
    for _ in range(300):
        found = paired_comparison(rng.normal(0.3, 1, 15), np.zeros(15))
        hits.append(found.low <= 0.3 <= found.high)
    assert 0.8 < np.mean(hits) < 0.99


def test_the_interval_of_paired_differences_is_that_of_bootstrapped_medians():
    """Oracle: the median of 43 draws is at most the k-th of 43 numbers with the chance that 22 or
    more draws are: 2.1 % for k = 15, more than 2.5 % for 16; and the same from the top.
    """
    chances = binom.sf(21, 43, np.arange(44) / 43)
    low = int(np.searchsorted(chances, 0.025))
    numbers = np.random.default_rng(1).permutation(np.arange(1.0, 44))
    found = paired_comparison(numbers, np.zeros(43))
    assert (found.low, found.high) == (low, 44 - low)


@pytest.mark.parametrize(
    ("call", "error", "says"),
    [
        (lambda: paired_comparison([1.0], [1.0, 2]), ValueError, "of both"),
        (lambda: paired_comparison([], []), ValueError, "of both"),
        (lambda: paired_comparison([1.0, np.nan], [1.0, 2]), ValueError, "pair 1 is not finite"),
    ],
)
def test_what_makes_no_sense_is_said(call, error, says):
    with pytest.raises(error, match=says):
        call()
