"""Oracles: closed forms for one neuron, a dense scan, the Jacobian written out."""

import numpy as np
import pytest
from wirings import WIRINGS

from ensembles_lib import Network, Wiring, jacobian, sweep, working_range, working_ranges
from ensembles_lib.sweeps import path_to_change, pulled, pulled_each, straight_path
from ensembles_lib.sweeps.ranges import changes, linear_ranges

EPSILON = 0.05


def constant_neuron(weight):
    """One neuron that hears the constant 1 only: its picture is tanh(weight) everywhere."""
    return Network(Wiring([[2]], n_inputs=3, n_outputs=1), [weight])


@pytest.fixture
def network():
    return Network.random(WIRINGS["article"], seed=4)


@pytest.mark.parametrize("weight", [0.0, 0.4, -1.1])
def test_closed_form_of_one_neuron(weight):
    found = working_range(constant_neuron(weight), 0, size=4)
    level = np.tanh(weight)
    assert found.high == pytest.approx(np.arctanh(level + EPSILON) - weight, rel=2e-4)
    assert found.low == pytest.approx(weight - np.arctanh(level - EPSILON), rel=2e-4)
    assert found.linear == pytest.approx(EPSILON / (1 - level**2), rel=1e-6)
    assert found.half == found.usable == (found.low + found.high) / 2


def test_a_saturated_neuron_is_unbounded_on_the_saturated_side():
    found = working_range(constant_neuron(2.5), 0, size=4)  # 1 - tanh(2.5) = 0.013
    assert found.high == np.inf and found.half == np.inf
    assert found.low == pytest.approx(2.5 - np.arctanh(np.tanh(2.5) - EPSILON), rel=2e-4)
    assert found.usable == found.low
    assert "unbounded up" in repr(found)


def test_a_dead_synapse_is_unbounded_on_both_sides():
    network = Network(Wiring([[0, 2], [1, 2]], n_inputs=3, n_outputs=1), [1.0, 0.5, 0.7, -0.2])
    dead = 0  # nobody listens to neuron 0
    found = working_range(network, dead, size=8)
    assert found.low == found.high == found.linear == np.inf and found.usable == 0
    assert working_ranges(network, 8).usable[dead] == 0


@pytest.mark.parametrize("synapse", [0, 1, 150, 418])
def test_no_shorter_move_changes_as_much(network, synapse):
    found = working_range(network, synapse, size=24)
    start = network.weights[synapse]
    for sign, end in ((-1, found.low), (1, found.high)):
        scan = sweep(network, synapse, start + sign * end * np.linspace(0, 1, 400), 24).change
        assert scan[-1] == pytest.approx(EPSILON, rel=2e-4)
        assert (scan[:-1] < EPSILON).all()


def test_all_at_once_is_one_by_one(network):
    together = working_ranges(network, 24)
    for synapse in range(0, 460, 23):
        alone = working_range(network, synapse, 24)
        assert together.low[synapse] == pytest.approx(alone.low, rel=1e-3)
        assert together.high[synapse] == pytest.approx(alone.high, rel=1e-3)
        assert together.linear[synapse] == pytest.approx(alone.linear, rel=1e-4)


def test_a_direction_of_one_synapse_is_that_synapse(network):
    step = np.zeros(460)
    step[7] = 2.0
    alone = working_range(network, 7, 16)
    for moved in (step, {7: 2.0}):
        twice = working_range(network, moved, 16)
        assert 2 * twice.high == pytest.approx(alone.high, rel=2e-4)
        assert 2 * twice.linear == pytest.approx(alone.linear, rel=1e-6)


def test_a_direction_opposed_swaps_its_sides(network):
    direction = np.random.default_rng(1).normal(size=460)
    there, back = working_range(network, direction, 16), working_range(network, -direction, 16)
    assert there.low == pytest.approx(back.high, rel=1e-9)
    change = sweep(network, direction, [there.high], 16).change[0]
    assert change == pytest.approx(EPSILON, rel=2e-4)


def test_the_linear_estimate_is_that_of_the_jacobian(network):
    columns = jacobian(network, 12).reshape(-1, 460)
    rms = np.sqrt(np.mean(columns**2, axis=0))
    np.testing.assert_allclose(linear_ranges(network, 12, 0.3), 0.3 / rms, rtol=1e-4)
    direction = np.random.default_rng(1).normal(size=460)
    expected = EPSILON / np.sqrt(np.mean((columns @ direction) ** 2))
    assert working_range(network, direction, 12).linear == pytest.approx(expected, rel=1e-9)


def test_a_small_epsilon_is_linear(network):
    found = working_ranges(network, 16, epsilon=1e-3)
    usual = np.isfinite(found.half)
    np.testing.assert_allclose(found.half[usual] / found.linear[usual], 1, rtol=0.05)


def test_a_change_that_rises_and_falls_ends_at_its_first_crossing():
    # tanh(w x) squeezed through a second neuron: the picture is even in w around 0.
    wiring = Wiring([[0], [0], [3, 4]], n_inputs=3, n_outputs=1)
    network = Network(wiring, [0.0, 1.0, 0.5, 0.5])
    found = working_range(network, {0: 1.0, 1: -1.0}, 16)
    scan = sweep(network, {0: 1.0, 1: -1.0}, np.linspace(0, found.high, 200), 16).change
    assert (scan[:-1] < EPSILON).all() and scan[-1] == pytest.approx(EPSILON, rel=2e-4)


def test_changes_are_those_of_a_sweep(network):
    values = network.weights[[3, 418], None] + [[-0.2, 0.1], [0.0, 0.3]]
    found = changes(network, np.array([3, 418]), values, (7, 9))
    for synapse, takes, row in zip((3, 418), values, found, strict=True):
        np.testing.assert_allclose(row, sweep(network, synapse, takes, (7, 9)).change, atol=1e-6)


@pytest.mark.parametrize(
    ("moved", "error", "says"),
    [
        (460, IndexError, "synapse 460 does not exist: there are synapses 0 to 459"),
        (1.5, IndexError, "give a whole number"),
        ({3: 0.0}, ValueError, "moves no synapse"),
        ({3: np.nan}, ValueError, "moves synapse 3 by nan"),
        ({460: 1.0}, IndexError, "460"),
        (np.ones(3), ValueError, r"shape \(3,\)"),
    ],
)
def test_what_cannot_be_moved_is_said(network, moved, error, says):
    with pytest.raises(error, match=says):
        working_range(network, moved, 8)


@pytest.mark.parametrize("epsilon", [0, -1, np.nan, np.inf, [0.1]])
def test_a_wrong_epsilon_is_said(network, epsilon):
    with pytest.raises(ValueError, match="above 0"):
        working_range(network, 0, 8, epsilon)
    with pytest.raises(ValueError, match="above 0"):
        working_ranges(network, 8, epsilon)


def test_it_shows_itself(network):
    assert repr(working_ranges(network, 8)).startswith("WorkingRange(460 synapses, median")


def test_a_straight_path_is_so_many_working_ranges(network):
    half = working_range(network, {3: 1.0, 40: -2.0}, size=16).usable
    amounts, weights = straight_path(network, {3: 1.0, 40: -2.0}, times=4, size=16)
    assert amounts.tolist() == [-4, 0, 4]
    assert (weights[1] == network.weights).all()
    moved = weights - network.weights
    assert np.flatnonzero(moved.any(axis=0)).tolist() == [3, 40]
    assert moved[:, 3] == pytest.approx([-4 * half, 0, 4 * half])
    assert moved[:, 40] == pytest.approx([8 * half, 0, -8 * half])


def test_a_dead_synapse_has_no_path():
    dead = Network(Wiring([[0, 2], [1, 2]], n_inputs=3, n_outputs=1), [1.0, 0.5, 0.7, -0.2])
    with pytest.raises(ValueError, match="hardly feels"):
        straight_path(dead, 0, size=8)


def test_a_pulled_network_stands_at_the_end_of_the_path(network):
    moved = {3: 1.0, 40: -2.0}
    down, rest, up = straight_path(network, moved, times=4, size=16)[1]
    for times, weights in ((-4, down), (0, rest), (4, up)):
        np.testing.assert_allclose(pulled(network, moved, times, 16).weights, weights, rtol=1e-12)


def test_a_straight_path_has_equal_steps_to_either_side(network):
    ends = straight_path(network, 3, times=4, size=16)[1]
    amounts, weights = straight_path(network, 3, times=4, size=16, steps=2)
    assert amounts.tolist() == [-4, -2, 0, 2, 4]
    np.testing.assert_array_equal(weights[::2], ends)
    np.testing.assert_allclose(weights[1], (ends[0] + ends[1]) / 2)


def test_pulled_each_moves_synapse_by_its_own_ranges(network):
    half = np.linspace(0.1, 0.5, 460)
    moved = pulled_each(network, {3: 2.0, 40: -0.5}, half).weights - network.weights
    assert moved[[3, 40]] == pytest.approx([2 * half[3], -0.5 * half[40]])
    assert np.count_nonzero(moved) == 2
    with pytest.raises(IndexError, match="460"):
        pulled_each(network, {460: 1.0}, half)


def test_a_path_to_a_change_ends_where_the_picture_has_so_changed(network):
    moved = {3: 1.0, 40: -2.0}
    amounts, weights = path_to_change(network, moved, 0.1, size=16)
    assert amounts[0] < amounts[1] == 0 < amounts[2]
    changed = sweep(network, moved, amounts, 16)
    np.testing.assert_allclose(changed.change, [0.1, 0, 0.1], rtol=1e-3, atol=1e-12)
    both = np.zeros(460)
    both[[3, 40]] = 1.0, -2.0
    np.testing.assert_allclose(weights - network.weights, np.outer(amounts, both), atol=1e-12)
    with pytest.raises(ValueError, match="never changes by 9"):
        path_to_change(network, moved, 9.0, size=16)
