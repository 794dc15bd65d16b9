"""Oracles: mean colours and places computed here, beside what matplotlib holds."""

import numpy as np
import pytest
from matplotlib.colors import to_rgba

from ensembles_lib import Network, Picture, article_wiring, plots
from ensembles_lib.ensembles import components, spill
from ensembles_lib.sweeps import pulled

NAMES = ["ground", "ring", "spot"]


def ring():
    """A noisy picture with a ring, whose middle is ground, and a dark spot in the corner."""
    y, x = np.indices((30, 40))
    away = np.hypot(x - 15, y - 15)
    numbers = np.where((away > 7) & (away < 12), 1, 0)
    numbers[2:7, 34:39] = 2
    noise = np.random.default_rng(0).uniform(-0.1, 0.1, (30, 40, 3))
    colours = np.array([[0.6, 0.5, 0.2], [0.8, -0.5, -0.5], [-0.9, -0.9, -0.8]])
    return Picture(colours[numbers] + noise), numbers


def test_the_panels_show_the_picture_and_the_mean_colour_of_every_region():
    picture, numbers = ring()
    left, right = plots.region_map(picture, (numbers, NAMES)).axes
    np.testing.assert_allclose(left.images[0].get_array(), (picture.pixels + 1) / 2)
    flat = right.images[0].get_array()
    for region in range(3):
        mean = (picture.pixels[numbers == region].mean(axis=0) + 1) / 2
        np.testing.assert_allclose(
            flat[numbers == region], np.tile(mean, ((numbers == region).sum(), 1))
        )


def test_every_number_stands_inside_its_region_in_an_ink_that_shows():
    picture, numbers = ring()
    ax = plots.region_map(picture, (numbers, NAMES)).axes[1]
    marks = {t.get_text(): t for t in ax.texts if t.get_transform() == ax.transData}
    assert set(marks) == {"0", "1", "2"}
    for text, mark in marks.items():
        x, y = mark.get_position()
        around = numbers[y - 1 : y + 2, x - 1 : x + 2]
        assert (around == int(text)).all(), f"{text} stands on a border or outside"
    assert marks["2"].get_color() == "white" and marks["0"].get_color() == plots.style.INK


def test_the_list_has_a_line_for_every_region_from_the_top_and_apart():
    picture, numbers = ring()
    numbers = np.where(numbers == 1, 3, numbers)  # repainted: number 1 is gone
    figure = plots.region_map(picture, (numbers, ["ground", "gone", "spot", "ring"]))
    ax = figure.axes[1]
    lines = [t for t in ax.texts if t.get_transform() == ax.transAxes]
    assert [t.get_text() for t in lines] == ["0  ground", "2  spot", "3  ring"]
    figure.canvas.draw()
    boxes = [t.get_window_extent() for t in lines]
    assert all(above.y0 > below.y1 for above, below in zip(boxes, boxes[1:], strict=False))
    assert min(box.x0 for box in boxes) > ax.get_window_extent().x1


def test_regions_that_do_not_fit_are_refused():
    picture, numbers = ring()
    with pytest.raises(ValueError, match=r"\(30, 30\), a picture of \(30, 40\)"):
        plots.region_map(picture, (numbers[:, :30], NAMES))
    for wrong in (numbers + 1, numbers - 1):
        with pytest.raises(ValueError, match="below 3, one per name"):
            plots.region_map(picture, (wrong, NAMES))


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
    assert [ax.get_title() for ax in figure.axes] == ["20 %", "50 %", "90 %"]
    for ax, which in zip(figure.axes, (1, 2, 0), strict=True):
        painted = (networks[which].paint(8).pixels + 1) / 2
        np.testing.assert_allclose(ax.images[0].get_array(), painted)


def test_a_pulled_pattern_is_shown_with_its_part_and_what_falls_outside():
    network = Network.random(article_wiring(), seed=1)
    found = components(network, count=3, size=8)
    figure = plots.pulled_pattern(network, found, 1, times=2)
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
