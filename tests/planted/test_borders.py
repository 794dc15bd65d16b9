"""Oracles: the borders that a network was built for, SciPy's brentq, weights actually moved."""

import numpy as np
import pytest
from scipy.optimize import brentq

from ensembles_lib import Network, Wiring, article_wiring
from ensembles_lib.core.passes import respond
from ensembles_lib.planted import (
    best_single_synapse,
    border_moves,
    border_sensitivities,
    find_borders,
    frozen_move,
    gap_between_borders,
    learn_borders,
    move_border,
    move_borders,
    neuron_shares,
    signal_ranges,
    two_regions,
)
from ensembles_lib.planted.border_moves import _event
from ensembles_lib.planted.borders import signal_at

FREE, FOUR = np.nan, np.array([-0.75, -0.25, 0.25, 0.75])
REGIONS, GAP = two_regions().network, gap_between_borders().network
LEARNT = [learn_borders(Network.random(REGIONS.wiring, seed=s), FOUR) for s in (0, 1, 7)]
BUILT_AND_LEARNT = pytest.mark.parametrize("network", [REGIONS, *LEARNT])


def signal_of(network):
    """The signal as a function of one place."""
    return lambda x: network.respond(np.array([[x], [1.0]]))[0, 0]


def test_borders_are_where_the_networks_were_built_to_have_them():
    assert np.abs(find_borders(REGIONS) - FOUR).max() < 1e-12
    assert np.abs(find_borders(GAP) - [-0.4, 0.4]).max() < 1e-12


@pytest.mark.parametrize("weight, bias", [(-3.0, 0.5), (0.1, 0.09), (50.0, 49.9)])
def test_one_neuron_has_its_border_where_algebra_puts_it(weight, bias):
    neuron = Network(Wiring([[0, 1]], 2, 1), [weight, bias])
    assert find_borders(neuron) == pytest.approx([-bias / weight], abs=1e-13)


@pytest.mark.parametrize("seed", range(20))
def test_borders_of_random_networks_against_brentq(seed):
    wiring = Wiring([[0, 1]] * 4 + [[*range(6)]] * 2 + [[*range(8)]], 2, 1)
    network = Network.random(wiring, seed=seed, gain=6)
    signal, grid = signal_of(network), np.linspace(-1, 1, 4001)
    values = network.respond(np.array([grid, np.ones_like(grid)]))[0]
    crossed = np.flatnonzero(np.sign(values[1:]) != np.sign(values[:-1]))
    expected = [brentq(signal, grid[i], grid[i + 1], xtol=1e-15) for i in crossed]
    assert find_borders(network) == pytest.approx(expected, abs=1e-12)


def test_no_borders_where_the_signal_does_not_cross():
    neuron = Wiring([[0, 1]], 2, 1)
    assert len(find_borders(Network(neuron, [0.0, 0.0]))) == 0  # touches everywhere
    assert len(find_borders(Network(neuron, [1.0, 2.0]))) == 0  # on all along


def test_slope_and_derivatives_against_the_complex_step():
    tiny, x = 1e-30, np.linspace(-1, 1, 9)
    for network in (REGIONS, *LEARNT):
        _, slope, by_weight = signal_at(network, x)
        inputs, weights = np.array([x, np.ones_like(x)]), network.weights.astype(complex)
        along = respond_complex(network, weights, inputs + [[1j * tiny], [0]])
        assert slope == pytest.approx(along.imag / tiny, rel=1e-10, abs=1e-12)
        for k in range(network.wiring.n_synapses):
            nudged = weights.copy()
            nudged[k] += 1j * tiny
            by_k = respond_complex(network, nudged, inputs.astype(complex)).imag / tiny
            assert by_weight[k] == pytest.approx(by_k, rel=1e-10, abs=1e-12)


def respond_complex(network, weights, inputs):
    return respond(network.wiring, weights, inputs)[0]


@BUILT_AND_LEARNT
def test_sensitivities_against_moved_weights(network):
    def central(k, step):
        up, down = (
            find_borders(network.with_weight(k, network.weights[k] + sign * step))
            for sign in (1, -1)
        )
        return (up - down) / (2 * step)

    exact = border_sensitivities(network, find_borders(network))
    for k in range(network.wiring.n_synapses):
        richardson = (4 * central(k, 1e-4) - central(k, 2e-4)) / 3
        assert exact[:, k] == pytest.approx(richardson, rel=1e-7, abs=1e-8)


def test_ranges_are_linear_working_ranges():
    ranges, inputs = signal_ranges(REGIONS), np.array([np.linspace(-1, 1, 201), np.ones(201)])
    for k, reach in enumerate(ranges):
        nudged = REGIONS.with_weight(k, REGIONS.weights[k] + 1e-4 * reach)
        change = np.sqrt(np.mean((nudged.respond(inputs) - REGIONS.respond(inputs)) ** 2))
        assert change == pytest.approx(1e-4 * 0.05, rel=1e-2)


def test_shares_of_neurons_against_a_loop():
    shares = neuron_shares(REGIONS, FOUR)
    effects = (border_sensitivities(REGIONS, FOUR) * signal_ranges(REGIONS)) ** 2
    for b in range(4):
        for j in range(4):
            own = sum(effects[b, k] for k in REGIONS.wiring.synapses_of(j))
            assert shares[b, j] == pytest.approx(own / effects[b].sum())


@BUILT_AND_LEARNT
@pytest.mark.parametrize("border", [1, 2, 3, 4])
@pytest.mark.parametrize("by", [0.1, -0.1])
def test_one_border_moves_and_the_others_stand_still(network, border, by):
    before, weights = find_borders(network), network.weights.copy()
    moved, report = move_border(network, border, by)
    expected = np.zeros(4)
    expected[border - 1] = by
    assert report.arrived and report.stopped == "arrived"
    assert find_borders(moved) - before == pytest.approx(expected, abs=1e-10)
    assert report.got == pytest.approx(expected, abs=1e-10)
    assert report.leak(border) < 1e-9
    assert np.array_equal(network.weights, weights)


def test_a_small_move_is_the_smallest_one():
    # Least motion in working ranges: z = Gᵀ(GGᵀ)⁻¹a, written out.
    ranges = signal_ranges(REGIONS)
    effects = border_sensitivities(REGIONS, find_borders(REGIONS)) * ranges
    for border in (1, 2, 3, 4):
        asked = 1e-6 * np.eye(4)[border - 1]
        expected = ranges * (effects.T @ np.linalg.solve(effects @ effects.T, asked))
        moved, _ = move_border(REGIONS, border, 1e-6)
        difference = (moved.weights - REGIONS.weights - expected) / ranges
        assert np.abs(difference).max() < 1e-3 * np.abs(expected / ranges).max()


@pytest.mark.parametrize(
    "border, by, reason",
    [
        (2, 0.8, "borders 2 and 3 would meet"),
        (3, 0.8, "borders 3 and 4 would meet"),
        (1, -0.5, "border 1 would leave the line"),
        (4, 0.5, "border 4 would leave the line"),
    ],
)
def test_a_move_too_far_stops_before_a_border_vanishes(border, by, reason):
    moved, report = move_border(REGIONS, border, by)
    after = find_borders(moved)
    assert not report.arrived and reason in report.stopped
    assert len(after) == 4
    # It has gone all the way that there is: up to the neighbour, or the end of the line.
    assert abs(report.got[border - 1]) > 0.9 * min(0.5, 0.25 if "leave" in reason else 0.5)
    assert np.abs(np.delete(report.got, border - 1)).max() < 1e-9


@pytest.mark.parametrize("seed", range(12))
def test_never_a_wrong_answer_without_a_word(seed):
    rng = np.random.default_rng(seed)
    network = (REGIONS, *LEARNT)[seed % 4]
    asked = rng.uniform(-0.4, 0.4, 4)
    asked[rng.random(4) < 0.3] = np.nan
    chosen = rng.choice(11, rng.integers(1, 12), replace=False)
    moved, report = move_borders(network, asked, synapses=chosen)
    assert find_borders(moved) - find_borders(network) == pytest.approx(report.got, abs=1e-11)
    untouched = np.delete(range(11), chosen)
    assert np.array_equal(moved.weights[untouched], network.weights[untouched])
    error = np.nanmax(np.abs(report.got - asked), initial=0)
    assert report.arrived == (error < 1e-10)
    steered = ~np.isnan(asked)
    if not report.arrived and steered.any():  # what was got lies on the straight way
        share = report.got[steered] / asked[steered]
        assert np.ptp(share) < 1e-9 and -1e-9 <= share[0] < 1


def test_two_borders_at_once():
    wider, report = move_borders(GAP, [-0.1, 0.2])
    assert find_borders(wider) == pytest.approx([-0.5, 0.6], abs=1e-10)
    assert report.arrived


def test_synapses_that_cannot_say_so():
    # Synapses 0 and 1 both move the left border of the gap, and nothing else.
    moved, report = move_borders(GAP, [-0.1, 0.1], synapses=[0, 1])
    assert "out of reach" in report.stopped
    assert report.got == pytest.approx([0, 0], abs=1e-9)
    assert np.abs(find_borders(moved) - find_borders(GAP)).max() < 1e-9


def test_a_synapse_without_any_effect_says_so():
    # The output gives its hidden neuron no weight.
    network = Network(Wiring([[0, 1], [0, 1, 2]], 2, 1), [1.0, 0.0, 4.0, -1.0, 0.0])
    _, report = move_border(network, 1, 0.05, synapses=[0])
    assert report.stopped == "these synapses cannot move the borders that way"


def test_no_border_leaps(monkeypatch):
    # Synapse 3 moves other borders nine times as far as border 1: the steps get shorter.
    places, step = [find_borders(REGIONS)], border_moves._step

    def noted(*args):
        here, now = step(*args)
        places.append(now)
        return here, now

    monkeypatch.setattr(border_moves, "LEAP", 0.01)
    monkeypatch.setattr(border_moves, "_step", noted)
    _, report = move_borders(REGIONS, [0.03, FREE, FREE, FREE], synapses=[3])
    assert report.arrived and np.abs(report.got).max() > 0.2
    assert np.abs(np.diff(places, axis=0)).max() <= 0.01


def test_no_move_is_no_step():
    moved, report = move_border(REGIONS, 2, 0.0)
    assert moved == REGIONS and report.arrived


def test_a_free_border_may_move_and_a_held_one_may_not():
    _, free = move_borders(REGIONS, [0, 0.1, FREE, 0], synapses=[2, 3, 6])
    assert free.arrived and abs(free.got[2]) > 1e-3
    assert np.abs(free.got[[0, 3]]).max() < 1e-9


def test_single_synapses_against_brentq_on_the_weight():
    alone = best_single_synapse(REGIONS, 2, 0.05)
    for k in (2, 3, 7):

        def missing(weight, k=k):
            return find_borders(REGIONS.with_weight(k, weight))[1] - FOUR[1] - 0.05

        slope = border_sensitivities(REGIONS, FOUR)[1, k]
        near = REGIONS.weights[k] + np.array([0.3, 2.0]) * 0.05 / slope
        weight = brentq(missing, *sorted(near), xtol=1e-14)
        got = find_borders(REGIONS.with_weight(k, weight)) - FOUR
        expected = np.linalg.norm(np.delete(got, 1)) / 0.05
        assert alone.leaks[k] == pytest.approx(expected, rel=1e-6)
        assert alone.networks[k].weights[k] == pytest.approx(weight, abs=1e-8)
    assert alone.best == np.argmin(alone.leaks) == 3


def test_synapses_out_of_reach_are_reported():
    alone = best_single_synapse(REGIONS, 2, 0.05)
    for k in (0, 1, 4, 5):  # those of the sharp neurons at borders 1 and 4
        _, move = move_borders(REGIONS, [FREE, 0.05, FREE, FREE], synapses=[k])
        assert np.isinf(alone.leaks[k]) and not move.arrived
    neuron = Network(Wiring([[0, 1]], 2, 1), [20.0, 0.0])
    nobody = best_single_synapse(neuron, 1, 3.0)
    assert nobody.best == -1 and np.isinf(nobody.leaks).all()


def test_learnt_borders_are_where_they_were_taught():
    start = Network.random(REGIONS.wiring, seed=1)
    assert np.abs(find_borders(learn_borders(start, FOUR)) - FOUR).max() < 0.02
    assert start == Network.random(REGIONS.wiring, seed=1)


def test_learning_does_not_hang_on_the_last_digit():
    for seed in range(4):
        start = Network.random(REGIONS.wiring, seed=seed)
        nudged = Network(start.wiring, start.weights * (1 + 1e-14))
        ends = [learn_borders(network, FOUR).weights for network in (start, nudged)]
        assert np.abs(ends[0] - ends[1]).max() < 1e-5


def test_a_frozen_move_without_jitter_is_the_move_itself():
    moved, _ = move_border(REGIONS, 2, 0.05)
    change = moved.weights - REGIONS.weights
    gain, leak = frozen_move(REGIONS, change, 2, 0.05, 0.0, draws=3)
    assert gain == pytest.approx([1, 1, 1], abs=1e-8)
    assert leak == pytest.approx([0, 0, 0], abs=1e-8)


def test_frozen_moves_against_a_loop():
    moved, _ = move_border(REGIONS, 2, 0.05)
    change = moved.weights - REGIONS.weights
    gain, leak = frozen_move(REGIONS, change, 2, 0.05, 0.1, synapses=[4, 7], draws=30)
    rng = np.random.default_rng(0)
    for draw in range(30):
        weights = REGIONS.weights.copy()
        weights[[4, 7]] *= 1 + 0.1 * rng.standard_normal(2)
        there = find_borders(Network(REGIONS.wiring, weights))
        then = find_borders(Network(REGIONS.wiring, weights + change))
        if len(there) == len(then) == 4:
            got = then - there
            assert gain[draw] == pytest.approx(got[1] / 0.05)
            assert leak[draw] == pytest.approx(np.linalg.norm(got[[0, 2, 3]]) / abs(got[1]))
        else:
            assert np.isnan(gain[draw]) and np.isinf(leak[draw])
    assert 0 < np.isnan(gain).sum() < 30  # both happened


@pytest.mark.parametrize(
    "call, message",
    [
        (lambda: find_borders(Network.random(article_wiring())), "3 inputs and 3 outputs"),
        (lambda: signal_ranges(Network.random(article_wiring())), "3 inputs and 3 outputs"),
        (lambda: learn_borders(Network.random(article_wiring()), FOUR), "3 inputs and 3 outputs"),
        (lambda: border_sensitivities(REGIONS, [0.1]), "no border at 0.1: they are at -0.75"),
        (lambda: border_sensitivities(REGIONS, [np.nan]), "no border at nan"),
        (lambda: move_border(REGIONS, 2, np.nan), "finite"),
        (lambda: move_border(REGIONS, 2, np.inf), "finite"),
        (lambda: move_borders(REGIONS, [0.1, 0.1]), "give 4 finite numbers"),
        (lambda: move_borders(REGIONS, [0, np.inf, 0, 0]), "give 4 finite numbers"),
    ],
)
def test_wrong_values_are_named(call, message):
    with pytest.raises(ValueError, match=message):
        call()


@pytest.mark.parametrize("border", [0, 5, -1, 1.5, "2", True])
def test_a_border_that_is_not_there_is_named(border):
    with pytest.raises(IndexError, match=f"border {border} does not exist: .* borders 1 to 4"):
        move_border(REGIONS, border, 0.1)


def test_a_synapse_that_is_not_there_is_named():
    with pytest.raises(IndexError, match="synapse 11 does not exist"):
        move_border(REGIONS, 2, 0.1, synapses=[3, 11])


@pytest.mark.parametrize("sizes", [(1, 1), (1, 2), (2, 2), (3, 1)])
def test_borders_are_of_a_line_and_one_output(sizes):
    n_inputs, n_outputs = sizes
    network = Network(Wiring([[0]] * n_outputs, n_inputs, n_outputs), np.ones(n_outputs))
    with pytest.raises(ValueError, match=f"has {n_inputs} inputs and {n_outputs} outputs"):
        find_borders(network)


def test_where_two_borders_would_meet_is_between_them():
    """Oracle: by hand."""
    before = np.array([-0.5, 0.1, 0.3, 0.9])
    assert _event(before, before[[0, 3]]) == "borders 2 and 3 would meet near 0.20"
    assert _event(before, np.append(before, 0.7)) == "a new border would appear near 0.70"
    assert _event(before, before[:3]) == "border 4 would leave the line"
