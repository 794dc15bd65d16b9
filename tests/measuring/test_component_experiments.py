"""Oracles: maps in another order, names that are told to be right and wrong."""

import json

import numpy as np
import pytest
from measuring.components import matches, measure_names


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
