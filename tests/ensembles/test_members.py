"""Oracles: exhaustive search over small sets, planted truth, arithmetic by loops."""

from itertools import combinations

import numpy as np
import pytest
from scipy.optimize import lsq_linear

from ensembles_lib import Network, Wiring, article_wiring, rmse, samples
from ensembles_lib.core.passes import forward, output_signals, weight_matrix, write_jacobian
from ensembles_lib.ensembles.members import (
    compensating_pairs,
    f1_score,
    hidden_synapses,
    membership,
    overlaps,
    participants,
    towards,
)
from ensembles_lib.ensembles.sensitivities import leak, sensitivity
from ensembles_lib.ensembles.smallest_ensembles import ensemble
from ensembles_lib.planted import (
    Planted,
    all_pairs,
    border_sensitivities,
    compare_binary,
    compare_binary_two_neurons,
    find_borders,
    gap_between_borders,
    signal_ranges,
    two_regions,
)
from ensembles_lib.properties.measurements import Measurement


@pytest.mark.parametrize("seed", range(12))
@pytest.mark.parametrize("share", [0.3, 0.9, 1.0])
def test_participation_against_exhaustive_search(seed, share):
    rng = np.random.default_rng(seed)
    row = rng.standard_normal(rng.integers(1, 10)) ** 3
    found = participants(row, share)
    needed = share * np.sum(row**2) * (1 - 1e-12)
    for n in range(1, len(row) + 1):
        held = [sum(row[list(s)] ** 2) for s in combinations(range(len(row)), n)]
        if max(held) >= needed:
            break
    assert len(found) == n and sum(row[found] ** 2) == pytest.approx(max(held))
    assert (np.diff(np.abs(row[found])) <= 0).all()
    assert np.array_equal(participants(-7 * row, share), found)


def test_participation_among_some_synapses():
    row = np.array([9.0, 1, 2, 0, 0.1])
    assert participants(row, among=[1, 2, 3]).tolist() == [2, 1]
    assert participants(np.ones(4), 0.5).tolist() == [0, 1]
    for options, says in (({"share": 0}, "share 0"), ({"share": 1.1}, "share 1.1")):
        with pytest.raises(ValueError, match=says):
            participants(row, **options)
    with pytest.raises(ValueError, match="none of these synapses"):
        participants(row, among=[3])
    with pytest.raises(ValueError, match="finite"):
        participants([1, np.nan])
    for among, says in (
        ([5], "0 to 4"),
        ([-1], "-1 does not"),
        ([], "at least one"),
        ([0.5], "0.5"),
    ):
        with pytest.raises(IndexError, match=says):
            participants(row, among=among)


def test_membership_and_overlaps_against_sets():
    wiring, rng = article_wiring(), np.random.default_rng(0)
    sets = {
        name: rng.choice(460, n, replace=False) for name, n in zip("abc", (3, 40, 200), strict=True)
    }
    found = membership(sets, wiring)
    neurons = {name: {wiring.neuron_of(k) for k in held} for name, held in sets.items()}
    for row, name in enumerate(sets):
        assert set(np.flatnonzero(found.synapses[row])) == set(sets[name].tolist())
        assert set(np.flatnonzero(found.neurons[row])) == neurons[name]
    for members, held in ((found.synapses, sets), (found.neurons, neurons)):
        held = [set(map(int, one)) for one in held.values()]
        expected = [[len(a & b) / len(a | b) for b in held] for a in held]
        assert overlaps(members) == pytest.approx(np.array(expected))
    assert overlaps(np.zeros((2, 3), bool)).tolist() == [[0, 0], [0, 0]]
    for numbers in ([[0, 1], [1, 2]], np.zeros(3, bool)):  # numbers of synapses are no membership
        with pytest.raises(ValueError, match="give `membership"):
            overlaps(numbers)
    with pytest.raises(ValueError, match="no ensembles"):
        membership({}, wiring)
    with pytest.raises(IndexError, match="synapse 460 does not exist"):
        membership({"a": [460]}, wiring)


def test_hidden_synapses_lead_to_no_output():
    wiring = article_wiring()
    hidden = hidden_synapses(wiring).tolist()
    assert hidden == [k for k in range(460) if wiring.neuron_of(k) not in (34, 35, 36)]


def test_f1_by_counting():
    assert f1_score([1, 2], [1, 2]) == 1 and f1_score([1], [2]) == 0
    precision, recall = 2 / 3, 2 / 4
    assert f1_score([1, 2, 3], [2, 3, 4, 5]) == pytest.approx(
        2 * precision * recall / (precision + recall)
    )


@pytest.mark.parametrize("seed", range(3))
def test_pairs_against_a_loop_over_all_pairs(seed):
    moves = np.random.default_rng(seed).standard_normal((4, 12)) / 0.3
    pairs = compensating_pairs(moves, 1, 3, count=1000)
    expected, gains = {}, []
    for i, j in combinations(range(12), 2):
        signs = np.sign(moves[1, [i, j]])
        first, second = moves[:, i] * signs[0], moves[:, j] * signs[1]
        if first[3] * second[3] >= 0 or min(first[1], second[1]) < 1:
            continue
        z = np.array([abs(second[3]), abs(first[3])])
        z /= z.max()
        together = z[0] * first + z[1] * second
        if min(z[0] * first[1], z[1] * second[1]) >= 0.25 * together[1]:
            assert together[3] == pytest.approx(0, abs=1e-12)
            alone = min(leak(first, 1), leak(second, 1))
            expected[i, j] = (z * signs, leak(together, 1), alone / leak(together, 1))
    assert {tuple(pair) for pair in pairs.synapses.tolist()} == set(expected) != set()
    for n, pair in enumerate(map(tuple, pairs.synapses.tolist())):
        steps, spoilt, gain = expected[pair]
        gains.append(gain)
        assert pairs.steps[n] == pytest.approx(steps)
        assert pairs.leaks[n] == pytest.approx(spoilt)
        assert moves[:, pair] @ pairs.steps[n] == pytest.approx(
            moves[:, pair[0]] * steps[0] + moves[:, pair[1]] * steps[1]
        )
    assert (np.diff(gains) <= 1e-12).all()


def test_a_planted_pair_is_found_first():
    moves = np.random.default_rng(0).standard_normal((5, 200))
    moves[:, 23], moves[:, 24] = [1, 2, 0.01, 0, 0], [-1.5, 3, 0, -0.02, 0]
    pairs = compensating_pairs(moves, 0, 1, count=3)
    assert pairs.synapses[0].tolist() == [23, 24] and len(pairs.leaks) == 3
    assert moves[1, [23, 24]] @ pairs.steps[0] == pytest.approx(0)


def test_impossible_pairs():
    moves = np.ones((2, 3))
    for enlarge, spare, says in ((0, 0, "cannot move and be spared"), (0, 2, "property 2")):
        with pytest.raises(ValueError, match=says):
            compensating_pairs(moves, enlarge, spare)
    assert len(compensating_pairs(moves, 0, 1).leaks) == 0  # nothing compensates here


# Planted truth: what discovery sees is a network with jittered weights, never its ensembles.


def answers(network, inputs):
    """The outputs for given inputs, and their derivatives by the weights."""
    wiring, matrix = network.wiring, weight_matrix(network.wiring, network.weights)
    sent = forward(wiring, matrix, inputs)
    out = np.empty((wiring.n_synapses, wiring.n_outputs, inputs.shape[1]))
    written = write_jacobian(wiring, output_signals(wiring, matrix, sent), sent, out)
    return sent[-wiring.n_outputs :], written


def ranges(network, inputs):
    """Linear working ranges of the answers to given inputs."""
    return 0.05 / np.sqrt(np.mean(answers(network, inputs)[1] ** 2, axis=(1, 2)))


def swings(network, inputs, a, b):
    """Properties of a comparator: by how much all of a, or of b, can swing what it decides on."""
    ends = [np.where(x == x.max(), 1 / np.sum(x == x.max()), 0) for x in (a, b, -a, -b)]
    swing = np.array([ends[0] - ends[2], ends[1] - ends[3]])

    def slopes(weights, which=None):
        outputs, by_weight = answers(Network(network.wiring, weights), inputs)
        values = swing @ np.arctanh(outputs[0])
        by_weight = (swing / (1 - outputs[0] ** 2)) @ by_weight[:, 0].T
        return (values, by_weight) if which is None else (values[which], by_weight[which])

    return Measurement(("a", "b"), lambda weights, which=None: slopes(weights, which)[0], slopes)


def jittered(network, rng, size):
    noise = 1 + size * rng.standard_normal(len(network.weights))
    return Network(network.wiring, network.weights * noise)


def comparator(kind, rng):
    """Return names, sensitivities and the known ensembles of a random comparator."""
    if kind == "analog":
        network = Network(Wiring([[0, 1]], 2, 1), rng.uniform(0.5, 3) * np.array([1, -1]))
        planted = Planted(network, {"a": (0,), "b": (1,)})
        a, b = (x.ravel() for x in np.meshgrid(*[np.linspace(-0.9, 0.9, 9)] * 2, indexing="ij"))
        inputs = np.stack([a, b])
    else:
        bits = int(rng.integers(2, 7))
        inputs, a, b = all_pairs(bits)
        if kind == "binary":
            gain = rng.uniform(0.3, 1) * np.repeat([1, rng.uniform(0.5, 2)], bits)
            planted = compare_binary(bits)
        else:
            gain = np.repeat(rng.uniform(0.4, 2), 2 * bits + 2)
            planted = compare_binary_two_neurons(bits)
            gain[-2:] = rng.uniform(0.3, 1) / gain[-2:]
        weights = gain * planted.network.weights
        planted = planted._replace(network=Network(planted.network.wiring, weights))
    network = jittered(planted.network, rng, 0.1)
    _, by_weight = swings(network, inputs, a, b).slopes(network.weights)
    return ["a", "b"], sensitivity(by_weight, ranges(network, inputs)), planted.ensembles


def bordered(kind, rng):
    """Return names, sensitivities and the known ensembles of a random network with borders."""
    if kind == "gap":
        left = rng.uniform(-0.8, 0.2)
        right = left + rng.uniform(0.3, 0.6)
        planted = gap_between_borders(left, right, rng.uniform(6, 20), rng.uniform(2, 6))
        names = ["left border", "right border"]
    else:
        planted = two_regions()
        names = [f"border {b}" for b in range(1, 5)]
    network = planted.network
    for _ in range(100):  # until jitter neither adds a border nor takes one away
        network = jittered(planted.network, rng, 0.05)
        borders = find_borders(network)
        if len(borders) == len(names):
            break
    by_weight = border_sensitivities(network, borders)
    return names, sensitivity(by_weight, signal_ranges(network)), planted.ensembles


def scores(make, kind, instances=100):
    """Return F1 of the participation ensembles, and of random sets of equal size, by name."""
    found = {}
    for instance in range(instances):
        rng = np.random.default_rng([instance, 2015])
        names, moves, known = make(kind, rng)
        for name, row in zip(names, moves, strict=True):
            holders = participants(row)
            chance = rng.choice(len(row), len(holders), replace=False)
            pair = f1_score(holders, known[name]), f1_score(chance, known[name])
            found.setdefault(name, []).append(pair)
    return {name: np.mean(pairs, axis=0) for name, pairs in found.items()}


@pytest.mark.parametrize(
    "make, kind",
    [
        (comparator, "analog"),
        (comparator, "binary"),
        (comparator, "two neurons"),
        (bordered, "gap"),
    ],
)
def test_discovery_recovers_planted_ensembles(make, kind):
    for by_discovery, by_chance in scores(make, kind).values():
        assert by_discovery >= 0.95 and by_chance < 0.65


def test_discovery_in_two_regions_finds_more_than_the_strong_synapses():
    """The known ensembles there are cut at 0.65 of the strongest effect, which is a convention.

    At 90 % of the squared effect discovery adds synapses of half the strength: its sets hold the
    known ones, nearly, and are larger. Hence no 0.95 here.
    """
    found = scores(bordered, "regions")
    for by_discovery, by_chance in found.values():
        assert by_discovery > by_chance + 0.3
    assert np.mean([pair[0] for pair in found.values()]) > 0.8
    names, moves, known = bordered("regions", np.random.default_rng(0))
    for name, row in zip(names, moves, strict=True):
        assert len(set(known[name]) - set(participants(row).tolist())) <= 1


# Control ensembles, on properties that are linear or nearly so.

NINE = Network(Wiring([range(9)], 9, 1), np.zeros(9))


def formula(matrix, bend=0.0):
    def values(weights, which=None):
        found = matrix @ weights
        found = found + bend * found**2
        return found if which is None else found[which]

    def slopes(weights, which=None):
        by_weight = matrix * (1 + 2 * bend * (matrix @ weights))[:, None]
        return values(weights, which), by_weight if which is None else by_weight[which]

    return Measurement(tuple("abcdef"[: len(matrix)]), values, slopes)


def smallest_by_brute_force(matrix, which, amount, max_leak=0.1):
    """Return the size of the smallest set that moves a linear property within bounds of 1."""
    effects = matrix / np.sqrt(np.mean(matrix**2, axis=1, keepdims=True))
    goal = amount / np.sqrt(np.mean(matrix[which] ** 2))
    weight = np.where(np.arange(len(matrix)) == which, 300.0, 1)[:, None]
    wanted = np.where(np.arange(len(matrix)) == which, 300.0 * goal, 0)
    for n in range(1, 10):
        for chosen in map(list, combinations(range(9), n)):
            z = lsq_linear((effects * weight)[:, chosen], wanted, (-1, 1), method="bvls").x
            done = effects[:, chosen] @ z
            if leak(done, which) <= max_leak and abs(done[which] / goal - 1) < 0.02:
                return n
    return None


def test_ensembles_against_exhaustive_search():
    # Greedy: the smallest set in most cases, up to two synapses more in the others.
    rng, exact, tried = np.random.default_rng(7), 0, 0
    for _ in range(20):
        matrix = rng.standard_normal((4, 9))
        amount = 0.7 * np.abs(matrix[0]).max()
        smallest = smallest_by_brute_force(matrix, 0, amount)
        found = ensemble(NINE, formula(matrix), "a", amount, half=np.ones(9))
        assert found.found == (smallest is not None)
        if found.found:
            tried += 1
            exact += len(found.synapses) == smallest
            assert smallest <= len(found.synapses) <= smallest + 2
            assert found.gains == pytest.approx(1, abs=0.03)  # linear: no environment matters
    assert tried == 20 and exact >= 0.6 * tried


@pytest.mark.parametrize("bend", [0.0, 0.1])
def test_what_a_ensemble_says_is_so(bend):
    matrix = np.random.default_rng(3).standard_normal((4, 9))
    half, measured = np.linspace(0.5, 2, 9), formula(matrix / np.linspace(0.5, 2, 9), bend)
    found = ensemble(NINE, measured, "b", -0.8, half=half, jitter=0.02)
    assert found.found and found.leak <= 0.1 and found.got == pytest.approx(-0.8, rel=0.021)
    assert sorted(np.flatnonzero(found.change)) == sorted(found.synapses)
    assert (np.abs(found.change) <= half + 1e-12).all()
    moved = measured.values(found.change) - measured.values(np.zeros(9))
    scales = np.sqrt(np.mean(matrix**2, axis=1))
    assert leak(moved / scales, 1) == pytest.approx(found.leak)
    assert len(found.gains) == 40 and (np.ptp(found.gains) > 1e-3) == (bend > 0)
    again = ensemble(NINE, measured, "b", -0.8, half=half, jitter=0.02)
    assert np.array_equal(again.synapses, found.synapses)


def test_control_among_some_and_within_given_ranges():
    matrix = np.random.default_rng(3).standard_normal((2, 9))
    among, half = [0, 2, 4, 6, 8], np.full(9, 0.3)
    found = ensemble(NINE, formula(matrix), 0, 0.2, half=half, synapses=among)
    assert found.found and set(found.synapses.tolist()) <= set(among)
    assert found.change.max() <= 0.3 + 1e-12


def test_an_unsteady_set_is_none():
    # Synapse 0 moves the property, but by how much hangs on synapse 1; synapse 2 is steady, weaker.
    def values(weights, which=None):
        found = np.array([weights[0] * (1 + 9 * weights[1]) + 0.5 * weights[2], weights[3]])
        return found if which is None else found[which]

    def slopes(weights, which=None):
        by_weight = np.array([[1 + 9 * weights[1], 9 * weights[0], 0.5, 0], [0, 0, 0, 1.0]])
        return values(weights, which), by_weight if which is None else by_weight[which]

    measured = Measurement(("a", "b"), values, slopes)
    network, half = Network(Wiring([range(4)], 4, 1), np.zeros(4)), np.ones(4)
    calm = ensemble(network, measured, "a", 0.4, half=half, jitter=0.0)
    assert calm.found and calm.synapses.tolist() == [0]
    rough = ensemble(network, measured, "a", 0.4, half=half, jitter=0.2)
    assert rough.found and 2 in rough.synapses
    none = ensemble(network, measured, "a", 0.4, half=half, jitter=0.2, synapses=[0])
    assert not none.found and "of unseen environments" in none.stopped
    inside = np.mean((none.gains >= 0.8) & (none.gains <= 1.25))
    assert f"{inside:.0%}" in none.stopped and inside < 0.9


def test_environments_that_cannot_be_measured_count_as_failed():
    matrix = np.random.default_rng(3).standard_normal((2, 9))
    plain = formula(matrix)

    def limited(function):
        def measure(weights, which=None):
            if np.abs(matrix[1] @ weights) > 0.4:  # some jitter leads there, the move does not
                raise ValueError("nothing left to measure")
            return function(weights, which)

        return measure

    measured = Measurement(plain.names, limited(plain.values), limited(plain.slopes))
    found = ensemble(NINE, measured, "a", 0.3, half=np.ones(9), jitter=0.15)
    assert np.isnan(found.gains).any() and np.nanmax(np.abs(found.gains - 1)) < 0.05
    inside = np.mean((found.gains >= 0.8) & (found.gains <= 1.25))
    assert found.found == (inside >= 0.9) and (found.found or f"{inside:.0%}" in found.stopped)


def test_control_out_of_reach_says_how_far_it_got():
    matrix = np.random.default_rng(3).standard_normal((4, 9))
    found = ensemble(NINE, formula(matrix), "a", 1e3, half=np.ones(9))
    assert not found.found and "not found with up to 9 synapses" in found.stopped
    assert f"got {found.got:.3g} of 1e+03" in found.stopped
    assert (np.abs(found.change) <= 1 + 1e-12).all()


@pytest.mark.parametrize(
    "options, error, says",
    [
        ({"amount": 0}, ValueError, "amount 0"),
        ({"amount": np.inf}, ValueError, "finite"),
        ({"which": "z"}, ValueError, "no property 'z'"),
        ({"jitter": -1}, ValueError, "jitter -1"),
        ({"environments": 0}, ValueError, "environments 0"),
        ({"synapses": [9]}, IndexError, "synapse 9 does not exist"),
        ({"half": np.ones(8)}, ValueError, "8 working ranges|working ranges of shape"),
    ],
)
def test_impossible_control(options, error, says):
    matrix = np.random.default_rng(3).standard_normal((3, 9))
    given = {"which": "a", "amount": 0.5, "half": np.ones(9), **options}
    with pytest.raises(error, match=says):
        ensemble(NINE, formula(matrix), **given)


def test_two_empty_sets_agree():
    """Oracle: the bounds of the F1 score; nothing found where there is nothing is right."""
    assert f1_score([], []) == 1 and f1_score([1], []) == f1_score([], [1]) == 0


def test_few_synapses_reach_a_goal_that_few_made():
    """Oracle: the two synapses that were moved, an early one and a late, and by how much."""
    network = samples.peacock_network()
    goal = network.with_weight(3, network.weights[3] + 0.02)
    goal = goal.with_weight(418, network.weights[418] - 0.2).paint(48)
    found, chosen = towards(network, goal, 2, size=48)
    assert sorted(chosen) == [3, 418]
    moved = found.weights - network.weights
    np.testing.assert_allclose(moved[[3, 418]], [0.02, -0.2], atol=1e-4)
    assert np.count_nonzero(moved) == 2


def test_each_further_synapse_helps():
    """Of nested sets, and no synapse twice; one that moves nothing is never first."""
    network = samples.peacock_network()
    goal, errors = samples.peacock(32), []
    for count in (1, 2, 4):
        found, chosen = towards(network, goal, count, size=32)
        assert len(set(chosen)) == count
        errors.append(rmse(found.paint(32), goal))
    assert rmse(network.paint(32), goal) > errors[0] > errors[1] > errors[2]


def test_only_synapses_that_may_be_taken_are_moved():
    """Those given, though another made the goal; an error where there are not so many."""
    network = samples.peacock_network()
    goal = network.with_weight(3, network.weights[3] + 0.02).paint(48)
    found, chosen = towards(network, goal, 2, [418, 420], size=48)
    assert sorted(chosen) == [418, 420]
    assert np.flatnonzero(found.weights != network.weights).tolist() == [418, 420]
    with pytest.raises(ValueError, match="give 1 to 2"):
        towards(network, goal, 3, [418, 420], size=48)


@pytest.mark.parametrize("count", [0, 461])
def test_so_many_synapses_there_must_be(count):
    with pytest.raises(ValueError, match="give 1 to 460"):
        towards(samples.peacock_network(), samples.peacock(16), count)
