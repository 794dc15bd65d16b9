"""Oracles: closed forms, loops over pixels, planted patterns."""

import json

import numpy as np
import pytest

from ensembles_lib import Picture
from ensembles_lib.study.claims.components import bits, excess, matches, measure_names, parts_of


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


def test_maps_match_whatever_their_order_sign_and_offset():
    maps = np.random.default_rng(0).standard_normal((5, 8, 8, 3))
    again = 3 - 2 * maps[[3, 0, 4, 1, 2]]
    others = np.random.default_rng(1).standard_normal((5, 8, 8, 3))
    same, far, far_again = matches([maps, again, others])
    assert same == pytest.approx(1) and far == pytest.approx(far_again) and far < 0.3
    # Sets of different sizes: either way counts half.
    (half,) = matches([maps, maps[:1]])
    best = [np.abs(np.corrcoef(maps[0].ravel(), one.ravel())[0, 1]) for one in maps]
    assert half == pytest.approx((1 + np.mean(best)) / 2)


def test_names_are_counted_where_maps_and_strips_are_of_one_component(tmp_path):
    told = {"maps": [{"component": c} for c in (2, 0, 1)], "said_to_mean": [1, 2, 0]}
    right = told | {"strips": [{"component": c} for c in (1, 2, 0)]}
    wrong = told | {"strips": [{"component": c} for c in (2, 0, 1)]}
    (tmp_path / "study").mkdir()
    path = tmp_path / "study" / "names.json"
    path.write_text(
        json.dumps({"cell": "a", "trained": right, "scaled": wrong, "mixtures": told | right})
    )
    found = measure_names(tmp_path)
    assert found["trained"] == {"count": 3, "matched": 3}
    assert found["scaled"] == {"count": 3, "matched": 0}
    assert found["mixtures"] == {"count": 3, "matched": 3}
