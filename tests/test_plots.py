"""Oracle: what the axes hold, read back from matplotlib."""

import matplotlib

matplotlib.use("Agg")

import matplotlib.pyplot as plt
import numpy as np
import pytest

from ensembles_lib import History, Network, article_wiring, layered_wiring, plots


@pytest.fixture(autouse=True)
def close_figures():
    yield
    plt.close("all")


def test_panels_lie_where_they_were_asked_for_in_inches():
    figure, axes = plots.sheet(2, 3, (1.5, 1.0), gap=(0.2, 0.3), margin=(0.5, 0.1, 0.4, 0.25))
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


def test_activation_sheet_has_a_map_per_neuron_on_one_scale():
    network = Network.random(article_wiring(), seed=1)
    figure = plots.activation_sheet(network, size=8, mark=[3])
    panels = figure.axes[:37]
    assert [ax.get_title().split()[0] for ax in panels] == [str(j) for j in range(37)]
    assert {ax.images[0].get_clim() for ax in panels} == {(-1, 1)}
    np.testing.assert_array_equal(panels[5].images[0].get_array(), network.activations(8)[5])


@pytest.mark.parametrize("wiring", [article_wiring(), layered_wiring((2, 4, 3))])
def test_wiring_diagram_has_a_square_per_synapse(wiring):
    network = Network.random(wiring, seed=1)
    ax = plots.wiring_diagram(network, neuron=1)
    matrix = np.ma.filled(ax.images[0].get_array(), np.nan)
    assert np.isfinite(matrix).sum() == wiring.n_synapses
    assert matrix[wiring.target[5], wiring.source[5]] == network.weights[5]
    with pytest.raises(IndexError, match="neuron 99"):
        plots.wiring_diagram(network, neuron=99)


def test_curves_dots_and_series_draw_into_given_axes():
    ax = plt.subplots()[1]
    history = History(np.arange(3), np.array([1, 0.5, 0.2]), *[np.zeros(3)] * 3, "steps")
    assert plots.training_curves({"one": history}, ax=ax) is ax
    np.testing.assert_array_equal(ax.lines[0].get_ydata(), history.rmse)
    ax = plots.dots({"a": [1, 2, 9]})
    assert ax.lines[1].get_xdata()[0] == 2  # the bar stands at the median
    ax = plots.by_neuron({"mine": np.arange(4.0), "control": np.ones(4)}, "share")
    np.testing.assert_array_equal(ax.lines[0].get_ydata(), np.arange(4))


def test_the_signed_map_is_light_in_the_middle_and_its_ends_differ_for_every_eye():
    # Luminance alone cannot tell the ends apart; blue against red-green does, in all three
    # common forms of colour blindness (they leave the blue-yellow axis or the lightness).
    low, middle, high = (np.array(plots.SIGNED(x)[:3]) for x in (0.15, 0.5, 0.85))
    assert middle.min() > 0.9
    assert low[2] - low[:2].mean() > 0.2 and high[:2].mean() - high[2] > 0.2


def test_set_style_leaves_layout_to_the_sheet():
    plots.set_style()
    assert not plt.rcParams["figure.constrained_layout.use"]
    matplotlib.rcdefaults()
