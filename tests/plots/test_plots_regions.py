"""Oracles: mean colours and places computed here, beside what matplotlib holds."""

import numpy as np
import pytest
from matplotlib.colors import to_rgba

from ensembles_lib import Network, article_wiring, plots
from ensembles_lib.ensembles import components, spill
from ensembles_lib.sweeps import pulled


def test_the_outline_lies_around_the_region_on_every_picture():
    pictures = [Network.random(article_wiring(), seed=s).paint(12) for s in range(3)]
    mask = np.zeros((6, 6), bool)
    mask[1:3, 3:6] = True  # rows 1 and 2 from above, columns 3 to 5, each of two pixels
    figure = plots.film_strip(pictures, ["a", "b", "c"], columns=2, outline=mask)
    shown = [ax for ax in figure.axes if ax.images]
    assert [ax.get_title() for ax in shown] == ["a", "b", "c"]
    for ax in shown:
        points = np.concatenate([path.vertices for path in ax.collections[0].get_paths()])
        left, top = points.min(axis=0)
        # Pixel 0 begins at -0.5; a contour runs half way between centres, cut at the last one.
        assert (left, top) == pytest.approx((5.5, 1.5)) and points[:, 1].max() == pytest.approx(5.5)


def test_each_picture_may_have_an_outline_of_its_own_and_each_row_a_name():
    corners = np.zeros((2, 6, 6), bool)
    corners[0, 1:3, 1:3] = corners[1, 3:5, 3:5] = True
    figure = plots.film_strip([np.zeros((6, 6, 3))] * 2, "ab", 1, outline=corners, rows=["p", "q"])
    for ax, least, name in zip(figure.axes, (0.5, 2.5), "pq", strict=True):
        points = np.concatenate([path.vertices for path in ax.collections[0].get_paths()])
        assert points.min(axis=0) == pytest.approx((least, least))
        assert [text.get_text() for text in ax.texts] == [name]


def test_pictures_are_ranked_by_their_shares_and_labelled_with_them():
    networks = [Network.random(article_wiring(), seed=s) for s in range(3)]
    figure = plots.ranked_pictures({"a": networks, "b": []}, {"a": [0.9, 0.204, 0.5]}, size=8)
    percents = [20, 50, 90]
    assert [ax.get_title() for ax in figure.axes] == [f"{n} % outside" for n in percents]
    for ax, which in zip(figure.axes, (1, 2, 0), strict=True):
        painted = (networks[which].paint(8).pixels + 1) / 2
        np.testing.assert_allclose(ax.images[0].get_array(), painted)


def test_a_pulled_pattern_is_shown_with_its_part_and_what_falls_outside():
    network = Network.random(article_wiring(), seed=1)
    found = components(network, count=3, size=8)
    figure = plots.pulled_patterns({"a network": (network, found, 1)}, times=2)
    start, moved, change = figure.axes[:3]
    np.testing.assert_allclose(start.images[0].get_array(), (network.paint(16).pixels + 1) / 2)
    after = pulled(network, found.direction(1), 2).paint(16)
    np.testing.assert_allclose(moved.images[0].get_array(), (after.pixels + 1) / 2)
    assert change.get_title() == f"change: {100 * spill(network, found, 1, 2):.0f} % outside"
    assert all(len(ax.collections) == 1 for ax in (start, moved, change))


def test_the_outline_can_be_seen_on_activations_and_labels_have_a_real_minus():
    maps, mask = np.zeros((2, 8, 8)), np.arange(64).reshape(8, 8) < 32
    figure = plots.film_strip([maps[0], np.zeros((8, 8, 3))], ["-1 R", "eye-2"], outline=mask)
    assert [ax.get_title() for ax in figure.axes] == ["−1 R", "eye-2"]
    colours = [ax.collections[0].get_edgecolor()[0] for ax in figure.axes]
    assert colours[0].tolist() == [1, 1, 1, 1] and colours[1].tolist() == list(to_rgba(plots.INK))
