"""Oracle: what the axes hold, read back from matplotlib."""

import numpy as np
import pytest
from matplotlib.colors import to_rgba
from matplotlib.patches import Rectangle

from ensembles_lib import Wiring, article_wiring, plots


def framed(ax):
    """Lower left corners of the squares with an ochre frame."""
    squares = [patch for patch in ax.patches if isinstance(patch, Rectangle)]
    ochre = to_rgba(plots.OCHRE)
    return sorted(square.get_xy() for square in squares if square.get_edgecolor() == ochre)


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


def test_every_neuron_may_have_its_number():
    ax = plots.synapse_columns(np.ones(460), article_wiring(), [], "strength", every=1)
    assert [label.get_text() for label in ax.get_xticklabels()] == [str(j) for j in range(37)]


def test_shares_are_shown_by_their_root_and_the_largest_is_framed():
    shares = np.array([[0.0, 0.25, 0.75], [0.64, 0.36, 0]])
    ax = plots.share_matrix(shares, ["a", "b"], ["x", "y", "z"], "neuron")
    np.testing.assert_allclose(ax.images[0].get_array(), np.sqrt(shares))
    assert framed(ax) == [(-0.5, 0.5), (1.5, -0.5)]
    assert [label.get_text() for label in ax.get_yticklabels()] == ["a", "b"]
    assert [label.get_text() for label in ax.get_xticklabels()] == ["x", "y", "z"]
    assert ax.get_xlabel() == "neuron" and ax.images[0].get_clim() == (0, 1)
    bar = ax.figure.axes[-1]
    marks = {
        label.get_text(): tick
        for label, tick in zip(bar.get_yticklabels(), bar.get_yticks(), strict=True)
    }
    assert marks["0.2"] == pytest.approx(np.sqrt(0.2))


def test_a_border_map_has_a_square_and_a_number_for_each_pair_that_counts():
    values, wiring = (
        np.array([[1.0, -0.5, 0.01, 0], [0, 0.25, -1, 0]]),
        Wiring([[0, 1], [1, 2]], 2, 1),
    )
    ax = plots.border_map(values, wiring, label="motion")
    np.testing.assert_array_equal(ax.images[0].get_array(), values)
    assert ax.images[0].get_clim() == (-1, 1)
    assert [label.get_text() for label in ax.get_yticklabels()] == ["border 1", "border 2"]
    numbers = {text.get_position(): text.get_text() for text in ax.texts if text.get_size() == 8}
    assert numbers == {(0, 0): "1", (1, 0): "−0.5", (1, 1): "0.25", (2, 1): "−1"}
    above = [text.get_text() for text in ax.texts if text.get_size() != 8]
    assert above == ["x", "1", "1", "from 0", "neuron 0", "output"]
