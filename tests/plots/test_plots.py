"""Oracle: what the axes hold, read back from matplotlib."""

import matplotlib.pyplot as plt
import numpy as np
import pytest

from ensembles_lib import Network, Picture, article_wiring, layered_wiring, plots
from ensembles_lib.plots.panels import sheet


def test_panels_lie_where_they_were_asked_for_in_inches():
    figure, axes = sheet(2, 3, (1.5, 1.0), gap=(0.2, 0.3), margin=(0.5, 0.1, 0.4, 0.25))
    assert figure.get_size_inches() == pytest.approx((0.5 + 4.5 + 0.4 + 0.1, 0.4 + 2 + 0.3 + 0.25))
    size = axes[1, 2].get_position().size * figure.get_size_inches()
    assert size == pytest.approx((1.5, 1.0), abs=1e-3)  # a hair inside the pixels
    corner = axes[1, 0].get_position().p0 * figure.get_size_inches()
    assert corner == pytest.approx((0.5, 0.4), abs=1e-3)


def test_film_strip_shows_the_pictures_in_order():
    pictures = [Network.random(article_wiring(), seed=s).paint((4, 6)) for s in range(3)]
    figure = plots.film_strip(pictures, ["a", "b", "c"], columns=2)
    shown = [ax for ax in figure.axes if ax.images]
    assert [ax.get_title() for ax in shown] == ["a", "b", "c"]
    for ax, picture in zip(shown, pictures, strict=True):
        np.testing.assert_allclose(ax.images[0].get_array(), (picture.pixels + 1) / 2)


def test_activations_are_shown_on_one_scale():
    maps = Network.random(article_wiring(), seed=1).activations(8)
    figure = plots.film_strip(maps, [str(j) for j in range(37)], columns=10, key="activation")
    panels = figure.axes[:37]
    assert [ax.get_title() for ax in panels] == [str(j) for j in range(37)]
    assert {ax.images[0].get_clim() for ax in panels} == {(-1, 1)}
    np.testing.assert_array_equal(panels[5].images[0].get_array(), maps[5])
    assert figure.axes[-1].get_ylabel() == "activation"


@pytest.mark.parametrize("wiring", [article_wiring(), layered_wiring((2, 4, 3))])
def test_wiring_diagram_has_a_square_per_synapse(wiring):
    network = Network.random(wiring, seed=1)
    ax = plots.wiring_diagram(network, neuron=1)
    matrix = np.ma.filled(ax.images[0].get_array(), np.nan)
    assert np.isfinite(matrix).sum() == wiring.n_synapses
    assert matrix[wiring.target[5], wiring.source[5]] == network.weights[5]
    [edges] = ax.collections  # a square each, or a weight of 0 would be white on white
    corners = np.array([path.vertices[:4].mean(axis=0) for path in edges.get_paths()])
    np.testing.assert_allclose(corners, np.transpose([wiring.source, wiring.target]))
    with pytest.raises(IndexError, match="neuron 99"):
        plots.wiring_diagram(network, neuron=99)


def test_titles_of_two_lines_get_their_room():
    """One line more of text is 0.16 inches more of figure, and the maps stay as large."""
    maps = [np.eye(4), -np.eye(4)]
    one, two = plots.answer_maps(maps, ["a", "b"]), plots.answer_maps(maps, ["a\n0 wrong", "b"])
    sizes = [figure.get_size_inches() for figure in (one, two)]
    np.testing.assert_allclose(sizes[1] - sizes[0], [0, 0.16], atol=1e-6)
    sides = [
        figure.axes[0].get_position().height * size[1]
        for figure, size in zip((one, two), sizes, strict=True)
    ]
    assert sides[0] == pytest.approx(sides[1], abs=1e-6)


def test_a_clipped_scale_says_so():
    """Weights go beyond the ends of the scale of the wiring, which therefore has pointed ends."""
    ax = plots.wiring_diagram(Network.random(article_wiring(), seed=1))
    matrix, bar = np.ma.compressed(ax.images[0].get_array()), ax.images[0].colorbar
    assert np.nanmax(np.abs(matrix)) > ax.images[0].get_clim()[1]
    assert bar.extend == "both"


def test_the_signed_map_is_light_in_the_middle_and_its_ends_differ_for_every_eye():
    # Luminance alone cannot tell the ends apart; blue against red-green does, in all three
    # common forms of colour blindness (they leave the blue-yellow axis or the lightness).
    low, middle, high = (np.array(plots.SIGNED(x)[:3]) for x in (0.15, 0.5, 0.85))
    assert middle.min() > 0.9
    assert low[2] - low[:2].mean() > 0.2 and high[:2].mean() - high[2] > 0.2


def test_set_style_leaves_layout_to_the_sheet():
    plots.set_style()
    assert not plt.rcParams["figure.constrained_layout.use"]
    plt.rcdefaults()


def test_a_square_goes_where_the_map_brings_it():
    """Corners by hand: a picture of 11 pixels has its middle at 5, and y goes down in it."""
    grey = Picture(np.zeros((11, 11, 3)))
    pictures = {"before": grey, "after": grey}
    figure = plots.moved_squares(pictures, {"after": [[1, 0.5, 0.2], [0, 1, 0]]})
    first, second = figure.axes
    (dashed,) = first.lines
    assert np.allclose(np.transpose(dashed.get_data())[:4], [[2, 8], [8, 8], [8, 2], [2, 2]])
    same, moved = second.lines
    assert np.array_equal(same.get_data(), dashed.get_data())
    corners = np.transpose(moved.get_data())[:4]
    assert np.allclose(corners, [[1.5, 8], [7.5, 8], [10.5, 2], [4.5, 2]])


def test_arrows_are_the_weights_for_x_and_y():
    """Weights by hand: (0, 2), up, becomes (1, 0), to the right and half as long."""
    before = Network.random(article_wiring(), seed=1).with_weight(0, 0.0).with_weight(1, 2.0)
    after = before.with_weight(0, 1.0).with_weight(1, 0.0)
    first, second = plots.turned_arrows(before, after, [0]).axes[:2]
    ends = [[np.subtract(one.xy, one.xyann) for one in ax.texts] for ax in (first, second)]
    up, right = [0, -0.44 * 64], [0.22 * 64, 0]
    assert np.allclose(ends[0], [up])
    assert np.allclose(ends[1], [up, right])
    assert [ax.get_title() for ax in (first, second)] == ["neuron 0", "neuron 0, turned"]


def test_a_strip_outlines_a_region_on_all_pictures_or_one_on_each():
    pictures = [Picture(np.zeros((8, 8, 3)))] * 2
    left = np.arange(64).reshape(8, 8) % 8 < 4
    for outline in (left, [left, left]):
        figure = plots.film_strip(pictures, "ab", outline=outline)
        assert [len(ax.collections) for ax in figure.axes] == [1, 1]
    figure = plots.film_strip(pictures, "ab", outline=[left, left.T])
    rings = [ax.collections[0].get_paths()[0].vertices for ax in figure.axes]
    assert np.allclose(rings[0], [[3.5, y] for y in rings[0][:, 1]])
    assert np.allclose(rings[1], [[x, 3.5] for x in rings[1][:, 0]])
