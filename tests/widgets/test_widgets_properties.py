"""Oracle for the property sliders: the properties of what is shown, measured anew."""

import io

import ipywidgets
import numpy as np
import pytest
from PIL import Image

from ensembles_lib import Network, Property, article_wiring, colour_property, painted
from ensembles_lib.ensembles.moves import PropertySlider
from ensembles_lib.ensembles.sensitivities import effects_and_scales, leak, linear_ranges
from ensembles_lib.widgets import PropertySliders
from ensembles_lib.widgets.properties import round_below

SIZE = 16
NETWORK = Network.random(article_wiring("wide"), seed=3)
LEFT = np.arange(SIZE) < SIZE // 2
PROPERTIES = [
    colour_property(np.tile(LEFT, (SIZE, 1)), (1, 0.5, 0.2), "red left"),
    colour_property(np.tile(~LEFT, (SIZE, 1)), (0.3, 1, 0.4), "green right"),
    colour_property(np.tile(LEFT[:, None], (1, SIZE)), (0.2, 0.5, 1), "blue above"),
]
MEASURED = painted(NETWORK, PROPERTIES, SIZE)
START, SLOPES = MEASURED.slopes(NETWORK.weights)
SCALES = effects_and_scales(SLOPES, linear_ranges(NETWORK, SIZE))[1]


@pytest.fixture
def sliders():
    return PropertySliders(NETWORK, PROPERTIES, size=SIZE, shown=24)


def everything(widget):
    """The widget and all that is inside it."""
    inside = [child for part in getattr(widget, "children", ()) for child in everything(part)]
    return [widget, *inside]


def moved(sliders):
    """How far the properties of the network that is shown are from the start."""
    return MEASURED.values(sliders.network.weights) - START


def pixels(image):
    return np.asarray(Image.open(io.BytesIO(image.value)).convert("RGB")).astype(int)


def test_at_the_start_nothing_has_moved(sliders):
    assert sliders.network == NETWORK and sliders.reading.startswith("as trained")
    assert all(slider.value == 0 for slider in sliders.sliders.values())
    np.testing.assert_array_equal(
        pixels(sliders.image), Image.open(io.BytesIO(NETWORK.paint(24).to_png()))
    )


@pytest.mark.parametrize("share", [-0.8, 0.5])
def test_a_slider_moves_its_property_alone(sliders, share):
    slider = sliders.sliders["green right"]
    slider.value = round(share * 50) * slider.step
    assert moved(sliders)[1] == pytest.approx(slider.value, rel=0.02)
    assert leak(moved(sliders) / SCALES, 1) < 0.02
    assert f"green right moved by {slider.value:+.2g} grey levels in concert" in sliders.reading
    shown = Image.open(io.BytesIO(sliders.network.paint(24).to_png()))
    assert np.abs(pixels(sliders.image) - np.asarray(shown)).max() <= 1


def test_the_way_there_does_not_matter(sliders):
    for name, share in (("red left", 0.4), ("blue above", -0.6), ("red left", -0.2)):
        sliders.sliders[name].value = round(share * 50) * sliders.sliders[name].step
    assert sliders.sliders["blue above"].value == 0
    direct = PropertySliders(NETWORK, PROPERTIES, size=SIZE, shown=24)
    direct.sliders["red left"].value = sliders.sliders["red left"].value
    assert sliders.network == direct.network and sliders.reading == direct.reading


def test_a_single_synapse_moves_others_too(sliders):
    sliders.way.value = sliders.WAYS[1]
    slider = sliders.sliders["red left"]
    slider.value = 10 * slider.step
    changed = np.flatnonzero(sliders.network.weights != NETWORK.weights)
    assert len(changed) == 1 and f"by synapse {changed[0]}, " in sliders.reading
    real = leak(moved(sliders) / SCALES, 0)
    assert f"leak {real:.2f}" in sliders.reading and real > 0.05
    assert f"{real:.2f}" in sliders.meter.value and "most of it" in sliders.reading
    sliders.way.value = sliders.WAYS[0]
    assert leak(moved(sliders) / SCALES, 0) < 0.02 and "most of it" not in sliders.reading


def test_reset(sliders):
    sliders.sliders["red left"].value = 3 * sliders.sliders["red left"].step
    sliders.reset.click()
    assert sliders.network == NETWORK and sliders.sliders["red left"].value == 0
    assert sliders.reading == "as trained; change of the picture 0.000"


def test_a_late_echo_of_a_slider_that_was_put_back_is_no_move(sliders):
    first, second = sliders.sliders["red left"], sliders.sliders["green right"]
    first.value, second.value = 5 * first.step, 5 * second.step
    shown = sliders.network
    first.value = 1e-17  # as a browser sends back 0
    assert sliders.network == shown and second.value == 5 * second.step


def test_beyond_the_slider_is_told_and_nothing_moves(sliders):
    slider = sliders.sliders["red left"]
    slider.value = 4 * slider.step
    before = sliders.network
    slider.value = 1e6
    assert "red left cannot be 1e+06" in sliders.reading and slider.value == 4 * slider.step
    assert sliders.network == before


def test_what_is_out_of_reach_is_told(monkeypatch):
    low = linear_ranges(NETWORK, SIZE)
    of_sliders = "ensembles_lib.widgets.properties.linear_ranges"
    monkeypatch.setattr(of_sliders, lambda *_: 0.1 * low)
    sliders = PropertySliders(NETWORK, PROPERTIES, size=SIZE, shown=24)
    slider = sliders.sliders["red left"]
    slider.max *= 400  # thousands of scales: more than all synapses together have
    slider.value = slider.max
    assert "no further than" in sliders.reading and "working range" in sliders.reading
    assert 0 < moved(sliders)[0] < 0.9 * slider.max
    assert leak(moved(sliders) / SCALES, 0) < 0.02


def test_a_picture_that_cannot_be_measured_is_told():
    def fragile(picture):
        if abs(picture.mean() - NETWORK.paint(4).pixels.mean()) >= 1e-3:
            raise ValueError("nothing to measure")
        gradient = np.zeros_like(picture)
        gradient[0, 0, 0] = 1
        return picture[0, 0, 0], gradient

    properties = [
        Property("fragile", fragile),
        colour_property(np.full((4, 4), True), (1, 1, 1), "brightness"),
    ]
    sliders = PropertySliders(NETWORK, properties, size=4, shown=8)
    sliders.way.value = sliders.WAYS[1]
    sliders.sliders["brightness"].value = sliders.sliders["brightness"].max
    assert "can no longer be measured" in sliders.reading


def test_values_lie_on_the_steps_and_the_widget_is_narrow(sliders):
    for slider in sliders.sliders.values():
        assert slider.max / slider.step == pytest.approx(50) and slider.min == -slider.max
        assert slider.tooltip and slider.description
    widths = [w.layout.width for w in everything(sliders) if w.layout.width]
    assert all(int(width.removesuffix("px")) <= 420 for width in widths)
    assert not [w for w in everything(sliders) if isinstance(w, ipywidgets.Output)]
    assert len({slider.layout.model_id for slider in sliders.sliders.values()}) == 1
    assert repr(sliders) == "PropertySliders(3 properties)"


def test_round_below():
    values = [round_below(v) for v in (1, 0.0149, 3.57, 29.9, 5e-4, 99)]
    assert values == [1, 0.01, 3, 20, 5e-4, 50]


def test_a_slider_that_is_put_back_is_back_at_the_start_to_the_bit(sliders):
    """Also where no way is known there: nothing is worked out for no move."""
    slider = sliders.sliders["green right"]
    slider.value = 10 * slider.step
    assert sliders.network != NETWORK
    sliders._paths.clear()
    slider.value = 0
    assert sliders.network == NETWORK and sliders.reading.startswith("as trained")


def test_the_end_of_a_way_is_told_on_its_own_side(sliders):
    """Oracle: a way that is short below and long above."""
    name, slider = "red left", sliders.sliders["red left"]
    low, high = -3.5 * slider.step, 20.5 * slider.step
    knots = []

    def between(amount):
        knots.append(amount)
        return NETWORK.weights + 1e-3 * amount

    way = PropertySlider(name, low, high, ("too dark", "too light"), between)
    sliders._paths[name, sliders.way.value] = way
    asked = (slider.min, low), (-5 * slider.step, low), (slider.max, high)
    for value, end in asked:
        why = "too dark" if end < 0 else "too light"
        slider.value = value
        assert f"{name} moves no further than {end:+.2g}: {why}" in sliders.reading
        assert knots[-1] == pytest.approx(end)
    slider.value = 5 * slider.step
    assert "no further" not in sliders.reading and knots[-1] == pytest.approx(slider.value)
