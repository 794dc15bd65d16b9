"""Oracles: networks painted one by one, closed forms of the spread."""

import numpy as np
import pytest
from wirings import WIRINGS

from ensembles_lib import Network, Wiring, rmse, spread, sweep, sweep_grid


@pytest.fixture
def network():
    return Network.random(WIRINGS["article"], seed=4)


def test_each_picture_is_that_of_the_network_with_the_weight(network):
    found = sweep(network, 5, [-1.0, 0.2, 3.0], (9, 7))
    for value, picture, change in zip((-1.0, 0.2, 3.0), found.pictures, found.change, strict=True):
        alone = network.with_weight(5, value).paint((9, 7))
        np.testing.assert_allclose(picture.pixels, alone.pixels, atol=1e-14)
        assert change == pytest.approx(rmse(alone, network.paint((9, 7))), abs=1e-14)


def test_at_the_present_weight_it_is_the_picture_itself(network):
    found = sweep(network, 5, [network.weights[5]], 8)
    assert found.change[0] == 0
    np.testing.assert_array_equal(found.pixels[0], network.paint(8).pixels)
    np.testing.assert_array_equal(found.still, found.pixels[0])


def test_along_a_direction(network):
    direction = np.random.default_rng(0).normal(size=460)
    found = sweep(network, direction, [-0.1, 0, 0.1], 8)
    there = Network(network.wiring, network.weights + 0.1 * direction).paint(8)
    np.testing.assert_allclose(found.pixels[2], there.pixels, atol=1e-14)
    np.testing.assert_array_equal(found.still, network.paint(8).pixels)
    assert found.change[1] == 0


def test_several_synapses_named(network):
    found = sweep(network, {0: 1.0, 418: -2.0}, [0.3], 8)
    both = network.with_weight(0, network.weights[0] + 0.3)
    both = both.with_weight(418, network.weights[418] - 0.6).paint(8)
    np.testing.assert_allclose(found.pixels[0], both.pixels, atol=1e-14)


def test_a_grid_moves_both(network):
    found = sweep_grid(network, (0, {418: 1.0}), ([0.5, 0.7], [-0.1, 0.0, 0.1]), 8)
    assert found.pixels.shape == (6, 8, 8, 3)
    both = network.with_weight(0, 0.7).with_weight(418, network.weights[418] - 0.1).paint(8)
    np.testing.assert_allclose(found.pixels[3], both.pixels, atol=1e-14)


def test_any_number_of_outputs():
    network = Network.random(Wiring([[0, 1, 2], [0, 3], [1, 3], [2, 4, 5]], 3, 2), seed=1)
    found = sweep(network, 0, [1.0], 4)
    assert found.pixels.shape == (1, 4, 4, 2)
    with pytest.raises(ValueError, match="2 outputs"):
        _ = found.pictures


@pytest.mark.parametrize("outputs", ["relu", "identity"])
def test_colours_beyond_the_screen_are_clipped_as_in_painting(outputs):
    layers = [(np.full((4, 2), 3.0), None), (np.linspace(-2, 2, 12).reshape(3, 4), None)]
    network = Network.from_layers(layers, ["tanh", outputs])
    assert np.abs(network.respond(network.inputs(8))).max() > 1
    (picture,) = sweep(network, 0, [5.0], 8).pictures
    np.testing.assert_array_equal(picture.pixels, network.with_weight(0, 5.0).paint(8).pixels)
    two = Network.from_layers([layers[0], (layers[1][0][:2], None)], ["tanh", outputs])
    assert np.abs(sweep(two, 0, [5.0], 8).pixels).max() > 1  # these are no colours


def test_the_spread_of_known_maps():
    assert spread(np.ones((4, 5, 3))) == pytest.approx(1)
    one = np.zeros((4, 5, 3))
    one[2, 2, 1] = -7
    assert spread(one) == pytest.approx(1 / 20)
    half = np.zeros((4, 5, 3))
    half[:2] = [0.3, -0.4, 0]
    assert spread(half) == pytest.approx(0.5)
    np.testing.assert_allclose(spread([half, one, 0 * one]), [0.5, 0.05, 0])


@pytest.mark.parametrize(
    ("values", "says"),
    [
        ([], "one or more numbers"),
        (0.5, "one or more numbers"),
        ([[0.5]], "one or more numbers"),
        (["a"], "one or more numbers"),
        ([0.5, np.nan], "nan"),
        ([np.inf], "inf"),
    ],
)
def test_wrong_values_are_said(network, values, says):
    with pytest.raises(ValueError, match=says):
        sweep(network, 0, values, 8)
    with pytest.raises(ValueError, match=says):
        sweep_grid(network, (0, 1), ([0.0], values), 8)


def test_what_would_not_fit_is_said_with_its_size(network):
    with pytest.raises(ValueError, match=r"10000 pictures of 1000×1000 would take 223.5 GiB"):
        sweep(network, 0, np.zeros(10_000), 1000)


def test_wrong_sizes_and_synapses_are_said(network):
    with pytest.raises(ValueError, match="size 0"):
        sweep(network, 0, [0.0], 0)
    with pytest.raises(IndexError, match="synapse -1 does not exist"):
        sweep(network, -1, [0.0], 8)
    with pytest.raises(ValueError, match="two of each"):
        sweep_grid(network, (0, 1, 2), ([0.0], [0.0]), 8)
