"""Oracles: units by hand, a property that cannot be measured, the difference of two pictures."""

import base64
import io

import numpy as np
import pytest
from PIL import Image

from ensembles_lib import Network, layered_wiring, participants
from ensembles_lib.properties.properties import Property
from ensembles_lib.widgets import PropertyMoves
from ensembles_lib.widgets.pages import still_png

NETWORK = Network.random(layered_wiring((2, 4, 3)), seed=1)
HALF = np.full(NETWORK.wiring.n_synapses, 0.1)


def mean_of(channel, name, lowest=-1.0):
    """The mean of a channel; it cannot be measured where the picture is darker than `lowest`."""
    slope = np.zeros((8, 8, 3))
    slope[..., channel] = 1 / 64

    def measure(pixels):
        if pixels.min() < lowest:
            raise ValueError("too dark")
        return float(pixels[..., channel].mean()), slope

    return Property(name, measure, "grey")


def test_who_moves_what_is_as_the_library_says():
    """Oracle: the slopes by hand over their RMS, and its participants."""
    moves = PropertyMoves(NETWORK, [mean_of(k, name) for k, name in enumerate("rgb")], 8, HALF)
    by_range = moves.measured.slopes(NETWORK.weights)[1] * HALF
    np.testing.assert_allclose(moves.scales, np.sqrt(np.mean(by_range**2, axis=1)))
    np.testing.assert_allclose(moves.sensitivities, by_range / moves.scales[:, None])
    assert moves.names == tuple(moves.participants) == ("r", "g", "b")
    assert moves.participants["g"].tolist() == participants(by_range[1]).tolist()


def test_where_a_property_cannot_be_measured_no_leak_is_small():
    dark = NETWORK.paint(8).pixels.min() - 1e-3
    moves = PropertyMoves(NETWORK, [mean_of(0, "red", dark), mean_of(1, "green")], 8, HALF)
    start = NETWORK.weights
    assert moves.leak("red", start, start) == 0.0
    darker = start.copy()
    darker[NETWORK.wiring.target >= NETWORK.wiring.outputs.start] *= 9
    assert np.isnan(moves.values(darker)).all()
    assert moves.leak("red", start, darker) == np.inf


def test_leaks_are_of_all_others_over_the_own():
    moves = PropertyMoves(NETWORK, [mean_of(k, name) for k, name in enumerate("rgb")], 8, HALF)
    after = NETWORK.weights + 0.01 * np.sin(np.arange(len(HALF)))
    colours = [Network(NETWORK.wiring, one).paint(8).pixels.mean(axis=(0, 1))
               for one in (NETWORK.weights, after)]  # fmt: skip
    red, green, blue = np.subtract(*colours) / moves.scales
    assert moves.leak("g", NETWORK.weights, after) == pytest.approx(
        np.hypot(red, blue) / abs(green), rel=1e-3
    )


def test_amounts_are_of_the_start_and_strengths_have_no_sign():
    moves = PropertyMoves(NETWORK, [mean_of(k, name) for k, name in enumerate("rgb")], 8, HALF)
    start = NETWORK.paint(8).pixels[..., 2].mean()
    assert moves.amount("b", 40) == pytest.approx(0.4 * abs(start))
    slopes = moves.measured.slopes(NETWORK.weights)[1][2] * HALF
    expected = np.abs(slopes) / np.sqrt(np.mean(slopes**2))
    np.testing.assert_allclose(moves.strengths("b"), expected)


def test_pictures_of_moves_say_what_was_done():
    """Oracle: per cent and leak by hand; the pixels are those of the moved network."""
    moves = PropertyMoves(NETWORK, [mean_of(k, name) for k, name in enumerate("rgb")], 8, HALF)
    after = NETWORK.weights + 0.05 * np.sin(np.arange(len(HALF)))
    start, there = (NETWORK.paint(8).pixels[..., 1].mean(), moves.values(after)[1])
    [(caption, pixels)] = moves.pictures("g", {"up": after}).items()
    leak = moves.leak("g", NETWORK.weights, after)
    assert caption == f"up: {100 * (there / start - 1):+.0f} %, leak {leak:.2f}"
    np.testing.assert_array_equal(pixels, Network(NETWORK.wiring, after).paint(8).pixels)


def test_a_still_is_the_picture_in_256_colours():
    with Image.open(io.BytesIO(base64.b64decode(still_png(NETWORK.paint(16))))) as image:
        assert image.format == "PNG" and image.mode == "P"
        levels = np.asarray(image.convert("RGB")).astype(int)
    assert np.abs(levels - NETWORK.paint(16).to_bytes()).max() < 30
    assert np.abs(levels - NETWORK.paint(16).to_bytes()).mean() < 3


def test_readings_are_the_values_along_a_path_and_the_leak_of_one():
    moves = PropertyMoves(NETWORK, [mean_of(0, "red"), mean_of(1, "green")], 8, HALF)
    weights = NETWORK.weights + 0.1 * np.arange(3)[:, None]
    found = moves.along(weights, ["green"], leak_of="red")
    assert list(found) == ["green (grey)", "leak"]
    pictures = [Network(NETWORK.wiring, one).paint(8).pixels for one in weights]
    greens = [picture[..., 1].mean() for picture in pictures]
    np.testing.assert_allclose(found["green (grey)"], greens, atol=1e-6)
    assert found["leak"][0] == 0
    assert found["leak"][2] == moves.leak("red", NETWORK.weights, weights[2]) > 0
    shares = moves.along(weights, ["green"], percent=True)
    np.testing.assert_allclose(shares["green (%)"], 100 * np.divide(greens, greens[0]), rtol=1e-4)


def test_a_concert_goes_so_many_per_cent_and_holds_the_others_still():
    moves = PropertyMoves(NETWORK, [mean_of(k, name) for k, name in enumerate("rgb")], 8, HALF)
    playing = np.arange(3, 20)
    amounts, weights, beside = moves.in_concert("g", 2, synapses=playing, watched=["b"], knots=3)
    assert amounts[[0, -1]] == pytest.approx([-2, 2], abs=1e-3) and 0 in amounts
    assert set(np.flatnonzero((weights != NETWORK.weights).any(axis=0))) <= set(playing)
    greens = [Network(NETWORK.wiring, one).paint(8).pixels[..., 1].mean() for one in weights]
    start = NETWORK.paint(8).pixels[..., 1].mean()
    np.testing.assert_allclose(
        np.divide(greens, start), 1 + np.sign(start) * amounts / 100, atol=1e-4
    )
    np.testing.assert_allclose(beside["b (%)"], 100, atol=1e-2)


def test_the_steepest_direction_arrives_by_effects_in_working_ranges():
    """Oracle: each step over its range is proportional to slope times range, by hand."""
    half = HALF * np.linspace(1, 3, len(HALF))
    moves = PropertyMoves(NETWORK, [mean_of(k, name) for k, name in enumerate("rgb")], 8, half)
    weights = moves.steepest("g", percent=3)
    start = moves.values(NETWORK.weights)[1]
    assert moves.values(weights)[1] == pytest.approx(start + 0.03 * abs(start))
    steps = (weights - NETWORK.weights) / half
    effects = moves.measured.slopes(NETWORK.weights)[1][1] * half
    np.testing.assert_allclose(steps / np.abs(steps).max(), effects / np.abs(effects).max())
    with pytest.raises(ValueError, match="'g' is not moved by 90000 % within"):
        moves.steepest("g", percent=90000)
