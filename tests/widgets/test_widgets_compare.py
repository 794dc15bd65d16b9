"""Oracle: counting over the planted network, and the pixels of the picture that is sent."""

import io

import numpy as np
import pytest
from PIL import Image

from ensembles_lib.planted import compare_binary, compare_binary_two_neurons
from ensembles_lib.widgets import CompareSliders


@pytest.fixture
def sliders():
    return CompareSliders(compare_binary(4))


def pixels(sliders):
    return np.asarray(Image.open(io.BytesIO(sliders.image.value)).convert("RGB")).astype(int)


def test_start_is_right_everywhere(sliders):
    assert sliders.reading == sliders.label.value == "0 of 256 pairs wrong"
    assert len(sliders.sliders) == 8 and not sliders.wrong.any()


def test_picture_is_brown_above_the_diagonal_and_blue_below(sliders):
    shown = pixels(sliders)
    assert shown.shape == (288, 288, 3)
    top_left, bottom_right = shown[20, 20], shown[-20, -20]
    assert top_left[0] > top_left[2] and bottom_right[2] > bottom_right[0]


def test_a_slider_moved_by_hand_redraws(sliders):
    before = pixels(sliders)
    sliders.sliders[0].value = 1.25
    # Oracle: with 8 worth 10, count pairs by hand.
    a, b = np.divmod(np.arange(256), 16)
    wrong = np.sign(a + 2 * (a >= 8) - b) != np.sign(a - b)
    assert sliders.label.value == f"{wrong.sum()} of 256 pairs wrong"
    assert np.array_equal(sliders.wrong.ravel(), wrong)
    assert (before != pixels(sliders)).any()


def test_wrong_pairs_carry_a_dot_in_their_cell(sliders):
    sliders.move(0, 1.25)
    dark = (pixels(sliders)[9::18, 9::18].max(axis=-1) < 60)[::-1]  # middles of cells, a upwards
    assert np.array_equal(dark, sliders.wrong)


def test_scaling_one_number_turns_answers_and_both_none(sliders):
    sliders.scales["a"].value = 1.25
    a, b = np.divmod(np.arange(256), 16)
    assert sliders.wrong.sum() == np.sum(np.sign(5 * a - 4 * b) != np.sign(a - b))
    sliders.scales["b"].value = 1.25
    assert sliders.reading == "0 of 256 pairs wrong"
    np.testing.assert_allclose(sliders.weights, 1.25 * compare_binary(4).network.weights)


@pytest.mark.parametrize("bits", range(1, 7))
def test_a_scaled_ensemble_is_never_clamped(bits):
    sliders = CompareSliders(compare_binary(bits))
    for factor in (0.5, 1.5):
        sliders.scales["a"].value = factor
        expected = factor * compare_binary(bits).network.weights[:bits]
        np.testing.assert_allclose(sliders.weights[:bits], expected)


@pytest.mark.parametrize(
    "do, says",
    [
        (lambda s: s.move(0, 7), "synapse 0 can be 0.5 to 1.5, not 7"),
        (lambda s: s.move(8, 0.1), "no synapse 8: give 0 to 7"),
        (lambda s: s.move(0, np.nan), "cannot be nan: give a number"),
        (lambda s: s.move(0, "big"), "cannot be 'big'"),
    ],
)
def test_what_cannot_be_done_is_said_in_place_and_moves_nothing(sliders, do, says):
    before = sliders.weights
    do(sliders)
    assert says in sliders.reading and sliders.label.value == sliders.reading
    assert np.array_equal(sliders.weights, before)
    sliders.move(1, 0.5)
    assert says not in sliders.reading


def test_reset_goes_back_to_the_start(sliders):
    sliders.scales["b"].value = 0.7
    sliders.move(2, 0.6)
    sliders.reset.click()
    assert np.array_equal(sliders.weights, compare_binary(4).network.weights)
    assert [s.value for s in sliders.scales.values()] == [1.0, 1.0]
    assert sliders.label.value == "0 of 256 pairs wrong"


def test_every_control_has_a_name(sliders):
    controls = [*sliders.sliders, *sliders.scales.values(), sliders.reset]
    names = [control.description for control in controls]
    assert len(set(names)) == len(names) and all(names)
    assert all(control.tooltip for control in controls)


def test_other_networks_are_refused():
    for planted in (compare_binary(7), compare_binary_two_neurons(3)):
        with pytest.raises(ValueError, match="up to 6 bits"):
            CompareSliders(planted)


def test_repr_has_no_address(sliders):
    assert repr(sliders) == "CompareSliders(4 bits, 0 pairs wrong)"
    assert repr(CompareSliders(compare_binary(1))).startswith("CompareSliders(1 bits")


def test_scaled_ensembles_stay_on_the_steps_of_their_sliders(sliders):
    # Off the steps, a browser would round them and send other weights back.
    for factor in (0.5, 0.87, 1.01, 1.25):
        sliders.scales["a"].value = factor
        sliders.scales["b"].value = factor
        for slider in sliders.sliders:
            steps = (slider.value - slider.min) / slider.step
            assert steps == pytest.approx(round(steps), abs=1e-9)
