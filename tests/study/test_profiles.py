"""Profiles of networks, and what is stored of evolved ones."""

from collections import Counter
from pathlib import Path

import numpy as np
import pytest

from ensembles_lib import Network, Wiring, article_wiring, colour_property
from ensembles_lib.study.evidence import open_evolved
from ensembles_lib.study.profiles import profile, scaled_to, start_as_steep

DATA = Path(__file__).resolve().parents[2] / "data"
SIZE = 16


def halves():
    left = np.broadcast_to(np.arange(SIZE) < SIZE // 2, (SIZE, SIZE))
    return [
        colour_property(mask, mix, f"{side} {name}")
        for mask, side in ((left, "left"), (~left, "right"))
        for name, mix in (("red", [1, 0, 0]), ("green", [0, 1, 0]))
    ]


def painter(*weights, colours="signed"):
    """Return three neurons, each of one input and the constant."""
    wiring = Wiring([[0, 2], [1, 2], [2]], 3, 3, "tanh", colours)
    return Network(wiring, weights)


def test_three_neurons_by_hand():
    """Oracle: symmetry. One neuron each of x, y and nothing, all of them with the constant.

    The weight of x (0) moves red to opposite sides left and right, its constant (1) alike; the
    weight of y (2) moves no average, its constant (3) moves green alike; blue (4) is not measured.
    """
    network = painter(0.5, 0.0, 0.5, 0.0, 0.0)
    found = profile(network, halves(), SIZE)
    assert found["moved"] == pytest.approx(2 / 4, abs=0.02)  # both halves of one colour
    assert found["mirror"] == pytest.approx(1)  # of 0, 1 and 3
    assert found["held_by"] == pytest.approx(np.mean([2, 1, 2, 1]) / 3)
    assert found["linear"] > 0.99
    red = profile(network, halves()[::2], SIZE)
    assert red["moved"] == pytest.approx(1, abs=0.02)
    assert red["mirror"] == pytest.approx(0.5, abs=0.02)  # of 0 and 1


def test_shares_are_shares():
    found = profile(Network.random(article_wiring(), seed=2), halves(), SIZE)
    shares = [found[name] for name in found if name != "range"]
    assert all(0 < share <= 1 for share in shares) and found["range"] > 0


def test_an_even_picture_of_even_neurons_changes_evenly():
    """Oracle: a network that hears only y and the constant cannot tell left from right."""
    wiring = Wiring([[1, 2], [1, 2, 3], [1, 2, 4]], 3, 3)
    found = profile(Network.random(wiring, seed=1), halves(), SIZE)
    assert found["mirror"] == pytest.approx(1)


def test_a_scaled_network_has_that_root_mean_square():
    network = painter(0.5, 0.1, -0.5, 0.3, 0.2)
    scaled = scaled_to(network, 3.0)
    assert np.sqrt(np.mean(scaled.weights**2)) == pytest.approx(3)
    np.testing.assert_allclose(scaled.weights / scaled.weights[0], network.weights / 0.5)


def test_the_stored_geometry_is_whole():
    """Three pictures; four groups of three seeds each, no error above what its end allows."""
    for picture in open_evolved(DATA).values():
        first, *learnt = picture["geometry"]
        full = picture["geometry_at_the_end"]
        assert first["who"] == "evolved"
        assert Counter(row["who"] for row in learnt) == Counter(row["who"] for row in full)
        assert sorted(Counter(row["who"] for row in learnt).values()) == [3] * 4
        for early, late in zip(learnt, full, strict=True):
            assert (early["who"], early["seed"]) == (late["who"], late["seed"])
            assert early["rmse"] <= max(picture["target"], late["rmse"]) + 1e-4
        rows = [first, *learnt, *full]
        assert all(0 <= row["above_half"] <= 1 for row in rows)


def test_the_stored_profiles_are_of_the_library_as_it_is():
    """Each picture: one evolved network first, then at least six that learnt it."""
    for picture in open_evolved(DATA).values():
        who = [one["who"] for one in picture["networks"]]
        assert who[0] == "evolved" and len(who) >= 7 and "evolved" not in who[1:]


def test_a_random_network_as_steep_is_the_start_of_its_seed_or_of_another():
    """Oracle: the draw of that seed, times the ratio of the root mean squares."""
    trained = Network.random(painter(1, 1, 1, 1, 1).wiring, seed=1)
    trained = Network(trained.wiring, 2 * trained.weights, {"seed": 1})
    rms = np.sqrt(np.mean(trained.weights**2))
    for seed, given in [(1, {}), (5, {"seed": 5}), (0, {"seed": 0})]:
        drawn = Network.random(trained.wiring, seed=seed).weights
        expected = drawn * rms / np.sqrt(np.mean(drawn**2))
        np.testing.assert_allclose(start_as_steep(trained, **given).weights, expected, rtol=1e-12)
