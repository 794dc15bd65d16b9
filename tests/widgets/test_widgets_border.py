"""Oracle for the border sliders: `move_borders` itself, and the borders found in what is shown."""

import io

import ipywidgets
import numpy as np
import pytest
from PIL import Image

from ensembles_lib import Network, Wiring
from ensembles_lib.planted import find_borders, gap_between_borders, move_borders, two_regions
from ensembles_lib.widgets import BorderSliders

NETWORK = two_regions().network
PLACES = find_borders(NETWORK)


@pytest.fixture
def sliders():
    return BorderSliders(NETWORK)


def everything(widget):
    """The widget and all that is inside it."""
    inside = [child for part in getattr(widget, "children", ()) for child in everything(part)]
    return [widget, *inside]


def pixels(sliders):
    return np.asarray(Image.open(io.BytesIO(sliders.image.value)).convert("RGB")).astype(int)


def test_at_the_start_nothing_has_moved(sliders):
    assert sliders.network == NETWORK
    assert sliders.reading == "all borders in their places"
    assert [slider.value for slider in sliders.borders] == pytest.approx(PLACES)


def test_a_slider_moves_its_border_alone(sliders):
    for number, to in ((2, -0.1), (3, 0.4), (1, -0.6)):
        sliders.borders[number - 1].value = to
        targets = [slider.value for slider in sliders.borders]
        assert find_borders(sliders.network) == pytest.approx(targets, abs=1e-9)
    expected, _ = move_borders(NETWORK, [s.value for s in sliders.borders] - PLACES)
    assert np.abs(sliders.network.weights - expected.weights).max() < 1e-9
    assert "border 2 moved by +0.150" in sliders.reading


def test_the_way_there_does_not_matter(sliders):
    for place in (0.1, -0.5, 0.0, -0.1):
        sliders.borders[1].value = place
    direct = BorderSliders(NETWORK)
    direct.borders[1].value = -0.1
    assert sliders.network == direct.network and sliders.reading == direct.reading


def test_out_of_reach_is_said_and_the_rest_goes_on(sliders):
    sliders.borders[1].value = 0.5
    assert "stopped on the way: borders 2 and 3 would meet" in sliders.reading
    assert len(find_borders(sliders.network)) == 4
    sliders.borders[1].value = -0.2
    assert "stopped" not in sliders.reading
    assert find_borders(sliders.network)[1] == pytest.approx(-0.2, abs=1e-9)


@pytest.mark.parametrize("value", [3.0, -1.5, np.nan, np.inf])
def test_a_value_off_the_slider_is_refused_in_words(sliders, value):
    sliders.borders[1].value = -0.2
    sliders.borders[1].value = value
    assert f"border 2 cannot be {value:g}" in sliders.reading
    assert sliders.borders[1].value == -0.2
    sliders.borders[1].value = -0.15
    assert "cannot" not in sliders.reading


def test_pulling_a_synapse_changes_that_weight_only(sliders):
    sliders.synapse.value, sliders.pull.value = 3, -0.5
    changed = np.flatnonzero(sliders.network.weights != NETWORK.weights)
    assert changed.tolist() == [3] and "synapse 3 pulled by" in sliders.reading
    moved = find_borders(sliders.network) - PLACES
    assert f"border 2 moved by {moved[1]:+.3f}" in sliders.reading
    sliders.synapse.value = 2
    assert np.flatnonzero(sliders.network.weights != NETWORK.weights).tolist() == [2]


def test_vanished_borders_are_said(sliders):
    sliders.synapse.value, sliders.pull.value = 2, -1.0
    assert len(find_borders(sliders.network)) == 2
    assert "2 borders where there were 4" in sliders.reading
    sliders.pull.value = 0.0
    assert sliders.reading == "all borders in their places"


def test_reset_brings_everything_back(sliders):
    start = sliders.image.value
    sliders.borders[2].value, sliders.pull.value = 0.4, 0.3
    assert sliders.image.value != start
    sliders.reset.click()
    assert sliders.network == NETWORK and sliders.image.value == start
    assert sliders.reading == "all borders in their places"
    sliders.borders[1].value = -0.2  # and the sliders still work
    assert find_borders(sliders.network)[1] == pytest.approx(-0.2, abs=1e-9)


def test_the_strip_shows_on_and_off_where_the_signal_is(sliders):
    sliders.borders[1].value = -0.1
    shown = pixels(sliders)
    assert shown.shape == (190, 640, 3)
    strip = shown[-12]  # red is high where on, low where off
    places = (np.arange(640) + 0.5) / 320 - 1
    signal = sliders.network.respond(np.array([places, np.ones(640)]))[0]
    clear = np.abs(places[:, None] - find_borders(sliders.network)).min(axis=1) > 0.01
    assert ((strip[:, 0] > 100) == (signal > 0))[clear].all()


def test_names_for_everyone_and_no_output_areas(sliders):
    for part in everything(sliders):
        assert not isinstance(part, ipywidgets.Output)
        if isinstance(part, ipywidgets.FloatSlider | ipywidgets.Button | ipywidgets.Dropdown):
            assert part.tooltip and part.description
    assert len({slider.description for slider in sliders.borders}) == 4


def test_other_networks():
    two = BorderSliders(gap_between_borders().network)
    assert len(two.borders) == 2 and "7 synapses" in repr(two)
    with pytest.raises(ValueError, match="no borders on the line"):
        BorderSliders(Network(Wiring([[0, 1]], 2, 1), [1.0, 3.0]))
