"""Oracles: maps that are regions, noise, scores of the same maps one by one."""

import numpy as np
import pytest
from measuring.neurons import compare_mixtures, map_scores
from wirings import DEEP

from ensembles_lib import layered_wiring
from ensembles_lib.ensembles import late_neurons, mixed_maps


def test_maps_that_are_regions_score_highest_and_mixtures_of_them_do_not():
    numbers = np.repeat(np.arange(4), 16).reshape(8, 8)
    masks = 2.0 * (numbers == np.arange(4)[:, None, None]) - 1
    scores = map_scores(masks, numbers)
    for name in ("correlation", "explained"):
        assert scores[name] == pytest.approx(1)
    mixed, directions = mixed_maps(masks, 50, seed=1)
    np.testing.assert_allclose(np.linalg.norm(directions, axis=1), 1)
    np.testing.assert_allclose(mixed[3], np.einsum("n,nhw->hw", directions[3], masks))
    scores = map_scores(mixed, numbers)
    assert scores["correlation"].max() < 0.999 and np.median(scores["correlation"]) < 0.9
    assert scores["explained"] == pytest.approx(1)  # constant on every region
    noise = map_scores(np.random.default_rng(0).standard_normal((20, 8, 8)), numbers)
    assert noise["correlation"].max() < 0.6


def test_the_sign_of_a_map_does_not_count():
    numbers = np.array([[0] * 10 + [1, 2] * 5])
    one = np.where(numbers == 0, 1.0, -1.0)
    assert map_scores([one, -one], numbers)["correlation"] == pytest.approx([1, 1])


def test_mixtures_are_compared_with_the_late_neurons():
    numbers = np.repeat(np.arange(3), 48).reshape(12, 12)
    report = compare_mixtures(DEEP, numbers, draws=3, seed=5)
    assert late_neurons(DEEP.wiring).tolist() == list(range(26, 34))
    assert late_neurons(layered_wiring((2, 4, 3))).tolist() == [0, 1, 2, 3]
    maps = DEEP.activations(12)
    for name, values in map_scores(maps[26:34], numbers).items():
        np.testing.assert_array_equal(report[name], values)
        assert report[f"{name}_mixed"].shape == report[f"{name}_far"].shape == (3, 8)
    for kind, sources, seed in (("mixed", maps[26:34], [5, 0]), ("far", maps[:34], [5, 1])):
        scores = map_scores(mixed_maps(sources, 24, seed)[0], numbers)
        np.testing.assert_array_equal(report[f"explained_{kind}"].ravel(), scores["explained"])
    for name, values in compare_mixtures(DEEP, numbers, draws=3, seed=5).items():
        np.testing.assert_array_equal(report[name], values)
    other = compare_mixtures(DEEP, numbers, draws=3, seed=6)
    assert (other["correlation_mixed"] != report["correlation_mixed"]).all()


def test_maps_and_regions_of_other_shapes_are_refused():
    with pytest.raises(ValueError, match="shape"):
        map_scores(np.ones((2, 3, 3)), np.zeros((4, 4), int))
