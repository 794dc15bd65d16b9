"""Oracle for the synapse sweeper: the network painted anew, and the working ranges it was given."""

import io

import ipywidgets
import numpy as np
import pytest
from PIL import Image

from ensembles_lib import Network, Picture, article_wiring, layered_wiring, rmse, working_ranges
from ensembles_lib.plots import change_picture
from ensembles_lib.sweeps.ranges import WorkingRange
from ensembles_lib.widgets import SynapseSweeper

NETWORK = Network.random(article_wiring("wide"), seed=1)
RANGES = working_ranges(NETWORK, 16)
TARGET = Picture(np.zeros((32, 32, 3)))


@pytest.fixture
def sweeper():
    return SynapseSweeper(NETWORK, RANGES, TARGET, size=16)


def pixels(image):
    return np.asarray(Image.open(io.BytesIO(image.value)).convert("RGB")).astype(int)


def weight(sweeper):
    """The weight of the synapse that is chosen, as it is shown."""
    return sweeper.network.weights[sweeper.synapse.value]


def everything(widget):
    """The widget and all that is inside it."""
    inside = [child for part in getattr(widget, "children", ()) for child in everything(part)]
    return [widget, *inside]


def test_at_the_start_nothing_has_moved(sweeper):
    assert sweeper.network == NETWORK
    assert "synapse 0, from x to neuron 0; at its own weight; change 0.000" in sweeper.reading
    assert weight(sweeper) == NETWORK.weights[0]
    assert f"RMSE {rmse(NETWORK.paint(16), TARGET.resized(16)):.3f}" in sweeper.reading
    assert len(np.unique(pixels(sweeper.map).reshape(-1, 3), axis=0)) == 1  # paper all over


def test_the_slider_moves_that_synapse_alone_and_shows_what_it_does(sweeper):
    for synapse, step in ((0, 0.3), (418, -0.5), (459, 1.0)):
        sweeper.synapse.value = synapse
        sweeper.move(NETWORK.weights[synapse] + step * RANGES.high[synapse])
        value = weight(sweeper)
        moved = NETWORK.with_weight(synapse, value)
        assert sweeper.network == moved
        assert np.abs(pixels(sweeper.image) - moved.paint(16).to_bytes()).max() <= 1
        change = moved.paint(16).pixels - NETWORK.paint(16).pixels
        shown = change_picture(change).to_bytes()
        assert np.abs(pixels(sweeper.map) - shown).max() <= 4
        assert f"change {np.sqrt(np.mean(change**2)):.3f}" in sweeper.reading
        assert f"RMSE {rmse(moved.paint(16), TARGET.resized(16)):.3f}" in sweeper.reading


def test_the_share_of_the_range_is_that_of_the_side(sweeper):
    for side, sign in ((RANGES.high, 1), (RANGES.low, -1)):
        sweeper.move(NETWORK.weights[0] + sign * 0.4 * side[0])
        share = sign * (weight(sweeper) - NETWORK.weights[0]) / side[0]
        assert share == pytest.approx(0.4, abs=0.005)
        assert f"{share:.0%} of its working range to this side" in sweeper.reading
    sweeper.move(NETWORK.weights[0] + 1.25 * RANGES.high[0])
    share = (weight(sweeper) - NETWORK.weights[0]) / RANGES.high[0]
    assert f"beyond its working range: {share:.2f} times as far" in sweeper.reading


def test_the_slider_reaches_as_far_as_was_chosen(sweeper):
    for synapse in (0, 7, 418):
        sweeper.synapse.value = synapse
        for reach in sweeper.REACHES:
            sweeper.reach.value = reach
            assert sweeper.network == NETWORK
            longer = max(RANGES.low[synapse], RANGES.high[synapse])
            for steps in (-200, 200):
                sweeper.slider.value = steps
                away = weight(sweeper) - NETWORK.weights[synapse]
                assert away == pytest.approx(steps / 200 * reach * longer)


def test_a_value_between_the_steps_goes_to_the_nearest(sweeper):
    sweeper.reach.value = 30.0
    step, own = sweeper.far / 200, NETWORK.weights[0]
    for asked in (own + 0.123, own - 0.0987):
        sweeper.move(asked)
        assert abs(weight(sweeper) - asked) <= step / 2
        assert sweeper.network == NETWORK.with_weight(0, own + sweeper.slider.value * step)


def test_an_ulp_that_a_browser_adds_is_no_move(sweeper):
    sweeper.move(np.nextafter(NETWORK.weights[0], 9))
    assert sweeper.network == NETWORK and "at its own weight" in sweeper.reading


@pytest.mark.parametrize("value", [50.0, -50.0, np.nan, np.inf])
def test_a_weight_off_the_slider_is_refused_in_words(sweeper, value):
    sweeper.move(NETWORK.weights[0] + 0.5 * RANGES.high[0])
    before = weight(sweeper)
    sweeper.move(value)
    assert f"weight cannot be {value:g}: it goes from" in sweeper.reading
    assert weight(sweeper) == before and "50% of its" in sweeper.reading
    sweeper.move(NETWORK.weights[0])
    assert "cannot" not in sweeper.reading


@pytest.mark.parametrize("number", [460, -1])
def test_an_unknown_synapse_is_refused_in_words(sweeper, number):
    sweeper.synapse.value = 5
    sweeper.synapse.value = number
    assert f"synapse cannot be {number}: it goes from 0 to 459" in sweeper.reading
    assert sweeper.synapse.value == 5


def test_choosing_another_synapse_puts_the_first_back(sweeper):
    sweeper.move(NETWORK.weights[0] + RANGES.high[0])
    sweeper.synapse.value = 418
    assert sweeper.network == NETWORK
    assert "synapse 418, from the constant 1 to neuron 35; at its own weight" in sweeper.reading
    sweeper.synapse.value = 459
    assert "from neuron 33 to neuron 36" in sweeper.reading


def test_reset_brings_the_weight_back_and_the_slider_still_works(sweeper):
    start = sweeper.image.value
    sweeper.move(NETWORK.weights[0] + RANGES.high[0])
    assert sweeper.image.value != start
    sweeper.reset.click()
    assert sweeper.network == NETWORK and sweeper.image.value == start
    sweeper.move(NETWORK.weights[0] - RANGES.low[0])
    assert sweeper.network != NETWORK


def test_unbounded_and_dead_synapses(sweeper):
    low, high = RANGES.low.copy(), RANGES.high.copy()
    high[3], low[4], high[4] = np.inf, np.inf, np.inf
    sweeper = SynapseSweeper(NETWORK, WorkingRange(low, high, RANGES.linear, 0.05), size=16)
    sweeper.synapse.value = 3
    assert sweeper.far == pytest.approx(1.5 * low[3])
    sweeper.move(NETWORK.weights[3] + low[3])
    assert "unbounded to this side" in sweeper.reading and "RMSE" not in sweeper.reading
    sweeper.synapse.value = 4  # nothing to measure by: one unit of weight
    assert sweeper.far == pytest.approx(1.5)


def test_the_sliders_own_range_never_changes_and_its_echo_is_no_move(sweeper):
    """A browser that is given another range sends values back: it must never be given one."""
    ranges = []
    sweeper.slider.observe(lambda change: ranges.append(change), ["min", "max", "step"])
    for synapse, reach in ((418, 30.0), (7, 1.5), (459, 5.0)):
        sweeper.synapse.value, sweeper.reach.value = synapse, reach
        assert sweeper.slider.value == 0
        sweeper.move(NETWORK.weights[synapse] + 0.4 * RANGES.high[synapse])
        moved, steps = sweeper.network, sweeper.slider.value
        assert moved != NETWORK and steps == pytest.approx(
            (weight(sweeper) - NETWORK.weights[synapse]) / (sweeper.far / 200)
        )
        sweeper.slider.set_state({"value": steps})
        assert sweeper.network == moved
    assert not ranges


def test_the_browser_moves_the_weight_by_steps(sweeper):
    for synapse, steps in ((0, 60), (418, -200), (418, 200), (418, 0)):
        sweeper.synapse.value = synapse
        sweeper.slider.set_state({"value": steps})
        expected = NETWORK.weights[synapse] + steps / 200 * sweeper.far
        assert weight(sweeper) == pytest.approx(expected)
        assert sweeper.network == NETWORK.with_weight(synapse, weight(sweeper))
        assert f"{weight(sweeper):+.4f}" in [
            part.value for part in everything(sweeper) if isinstance(part, ipywidgets.Label)
        ]


def test_names_for_everyone_and_no_output_areas(sweeper):
    controls = (ipywidgets.FloatSlider, ipywidgets.Button, ipywidgets.Dropdown)
    controls += (ipywidgets.BoundedIntText,)
    for part in everything(sweeper):
        assert not isinstance(part, ipywidgets.Output)
        if isinstance(part, controls):
            assert part.tooltip and part.description
        if isinstance(part, ipywidgets.Image):
            assert not part.tooltip  # JupyterLab would show an error in its place
    assert repr(sweeper) == "SynapseSweeper(460 synapses)"


def test_what_cannot_be_swept_is_refused():
    grey = Network.random(layered_wiring((2, 4, 1)), seed=1)
    with pytest.raises(ValueError, match="outputs"):
        SynapseSweeper(grey)
    with pytest.raises(ValueError, match="ranges of 460 synapses for a network of"):
        SynapseSweeper(Network.random(layered_wiring((2, 4, 3)), seed=1), RANGES)


def test_ranges_are_found_unless_given():
    sweeper = SynapseSweeper(Network.random(layered_wiring((2, 4, 3)), seed=1), size=16)
    assert "from x to neuron 0" in sweeper.reading
