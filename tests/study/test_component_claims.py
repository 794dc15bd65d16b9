"""Oracles: closed forms, loops over pixels, planted patterns."""

import numpy as np
import pytest

from ensembles_lib import Picture
from ensembles_lib.study.claims.components import bits, excess, parts_of


def halves():
    """Return a picture of two plain halves, left and right, 16×16."""
    pixels = np.full((16, 16, 3), -0.9)
    pixels[:, 8:] = 0.9, 0.2, -0.9
    return Picture(pixels)


def test_parts_are_regions_with_and_without_their_rims():
    parts = parts_of(halves())
    assert parts.max() == 3  # two interiors, two rims
    rims = [np.flatnonzero((parts == number).any(axis=0)) for number in range(4)]
    assert sorted(map(list, rims)) == sorted([[*range(7)], [7], [8], [*range(9, 16)]])


def test_bits_are_the_divergence_from_area():
    """A map within a quarter of the picture says two bits, an even one none."""
    parts = np.repeat(np.arange(4), 4)[:, None] * np.ones((1, 16), int)
    maps = np.zeros((3, 16, 16, 3))
    maps[0, :4] = 1
    maps[1] = 1
    maps[2, :8] = [2, 0, 0]  # two parts alike
    assert bits(maps, parts) == pytest.approx([2, 0, 1])
    by_loop = [
        sum(
            e * np.log2(e / 0.25)
            for e in [np.sum(one[parts == p] ** 2) / np.sum(one**2) for p in range(4)]
            if e
        )
        for one in maps
    ]
    assert bits(maps, parts) == pytest.approx(by_loop)


def test_only_patterns_in_their_place_have_an_excess():
    rng, parts = np.random.default_rng(0), parts_of(halves())
    inside = (parts == parts[3, 3])[..., None] * rng.standard_normal((1, 16, 16, 3))
    anywhere = rng.standard_normal((20, 16, 16, 3))
    assert excess(inside, parts)[0] > 0.3
    assert abs(np.mean(excess(anywhere, parts))) < 0.02
