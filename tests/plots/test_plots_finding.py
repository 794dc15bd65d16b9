"""Oracle: what the axes hold, read back from matplotlib."""

import numpy as np
import pytest
from matplotlib.colors import to_rgba
from matplotlib.patches import Rectangle

from ensembles_lib import Network, Wiring, article_wiring, plots


def framed(ax):
    """Lower left corners of the squares with an ochre frame."""
    squares = [patch for patch in ax.patches if isinstance(patch, Rectangle)]
    ochre = to_rgba(plots.OCHRE)
    return sorted(square.get_xy() for square in squares if square.get_edgecolor() == ochre)


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


def test_the_outline_can_be_seen_on_activations_and_labels_have_a_real_minus():
    maps, mask = np.zeros((2, 8, 8)), np.arange(64).reshape(8, 8) < 32
    figure = plots.film_strip([maps[0], np.zeros((8, 8, 3))], ["-1 R", "eye-2"], outline=mask)
    assert [ax.get_title() for ax in figure.axes] == ["−1 R", "eye-2"]
    colours = [ax.collections[0].get_edgecolor()[0] for ax in figure.axes]
    assert colours[0].tolist() == [1, 1, 1, 1] and colours[1].tolist() == list(to_rgba(plots.INK))


def test_each_synapse_stands_in_the_column_of_its_neuron():
    wiring = Wiring([[0, 1], [0, 1, 2], [3]], n_inputs=2, n_outputs=1)
    values = np.array([0.1, 0.2, 0.3, 0.4, 0.5, 0.6])
    ax = plots.synapse_columns(values, wiring, [1, 4], "strength")
    cells = np.ma.filled(ax.images[0].get_array().astype(float), np.nan)
    expected = [[0.1, 0.3, 0.6], [0.2, 0.4, np.nan], [np.nan, 0.5, np.nan]]
    np.testing.assert_allclose(cells, expected)
    np.testing.assert_allclose(framed(ax), [(-0.42, 0.58), (0.58, 1.58)])
    assert ax.images[0].get_clim() == (0, 0.6)


def test_all_synapses_of_the_article_have_a_square():
    ax = plots.synapse_columns(np.ones(460), article_wiring(), range(460), "strength")
    assert (
        len(framed(ax)) == 460 and np.isfinite(ax.images[0].get_array().astype(float)).sum() == 460
    )


def test_shares_are_shown_by_their_root_and_the_largest_is_framed():
    shares = np.array([[0.0, 0.25, 0.75], [0.64, 0.36, 0]])
    ax = plots.neuron_shares(shares, ["a", "b"])
    np.testing.assert_allclose(ax.images[0].get_array(), np.sqrt(shares))
    assert framed(ax) == [(-0.5, 0.5), (1.5, -0.5)]
    assert [label.get_text() for label in ax.get_yticklabels()] == ["a", "b"]
    bar = ax.figure.axes[-1]
    marks = {
        label.get_text(): tick
        for label, tick in zip(bar.get_yticklabels(), bar.get_yticks(), strict=True)
    }
    assert marks["0.2"] == pytest.approx(np.sqrt(0.2))
