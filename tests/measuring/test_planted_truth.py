"""Oracles: closed forms, draws without end, synapses moved one by one, planted components."""

import numpy as np
import pytest
from measuring import planted_truth
from measuring.planted_truth import (
    SIZE,
    measure_exact_moves,
    measure_small_sets,
)

from ensembles_lib import Network, article_wiring, layered_wiring
from ensembles_lib.ensembles import Components, f1_score, linear_ranges
from ensembles_lib.ensembles.smallest_ensembles import Ensemble
from ensembles_lib.planted import exact_moves, sew
from ensembles_lib.properties import GENERATORS, affine_generators

SMALL = Network.random(layered_wiring((2, 4, 3)), seed=1)


@pytest.mark.parametrize(("entry", "moves"), [("strict", 6), ("narrow", 4), ("wide", 6)])
def test_neither_components_nor_participants_are_what_is_planted(entry, moves):
    found = measure_exact_moves(Network.random(article_wiring(entry), seed=1), None)
    assert found["moves"] == moves
    assert found["by_component"] < 0.5 and found["by_participants"] < 0.5
    assert found["smallest_length"] < 1 and 0 < found["smallest_geometry"] < 1


def test_with_full_rank_what_is_planted_is_the_only_set_that_moves_the_whole_exactly():
    found = measure_exact_moves(SMALL, None)
    assert found["rank"] == 27 and found["moves"] == 6
    assert found["by_least_squares"] == pytest.approx(1)


def test_participants_are_those_of_synapses_moved_one_by_one():
    """Change maps by central differences, readings by least squares, one synapse at a time."""
    unit, moves = linear_ranges(SMALL, SIZE), exact_moves(SMALL)
    generators = affine_generators(SMALL, SIZE).reshape(6, -1)
    readings = np.empty((6, len(unit)))
    for k, weight in enumerate(SMALL.weights):
        up, down = (SMALL.with_weight(k, weight + s * unit[k] * 1e-4).paint(SIZE) for s in (1, -1))
        change = (up.pixels - down.pixels).ravel() / 2e-4
        readings[:, k] = np.linalg.lstsq(generators.T, change, rcond=None)[0]
    scores, chances = [], []
    for name, amounts in moves.items():
        squares = readings[GENERATORS.index(name)] ** 2
        held, order = 0, list(np.argsort(-squares))
        chosen = []
        while held < 0.9 * squares.sum():
            chosen.append(order.pop(0))
            held += squares[chosen[-1]]
        planted = np.flatnonzero(amounts)
        scores.append(f1_score(chosen, planted))
        draws = [np.random.default_rng(n).choice(27, len(chosen), False) for n in range(2000)]
        chances.append(np.mean([f1_score(one, planted) for one in draws]))
    found = measure_exact_moves(SMALL, None)
    assert found["by_participants"] == pytest.approx(np.mean(scores))
    assert found["by_participants_chance"] == pytest.approx(np.mean(chances), abs=0.01)


def test_where_a_neuron_sleeps_other_sets_do_the_same():
    """A neuron that nobody hears: its four synapses change nothing."""
    unheard = SMALL.weights.copy()
    unheard[(SMALL.wiring.source == 5) & (SMALL.wiring.target > 3)] = 0
    sleeping = measure_exact_moves(Network(SMALL.wiring, unheard), None)
    assert measure_exact_moves(SMALL, None)["rank"] == 27 and sleeping["rank"] == 24


def test_the_smallest_step_reads_as_the_exact_one_does_and_is_no_longer():
    """Of outputs that hear x, y and 1, and nothing else."""
    alone = Network.random(layered_wiring((2, 3)), seed=2)
    found = measure_exact_moves(alone, None)
    assert found["smallest_length"] <= 1 + 1e-9
    assert found["by_least_squares"] == pytest.approx(1)


def test_components_of_one_patch_each_are_told_as_such(monkeypatch):
    """Two patches, three components: one of each whole patch, and one of half of each."""
    halves = [Network.random(layered_wiring((2, 4, 3)), seed) for seed in (1, 2)]
    sewn = sew(halves, np.random.default_rng(0))
    known = [np.flatnonzero(sewn.patch_of == patch) for patch in (0, 1)]
    loadings = np.zeros((63, 3))
    for patch, own in enumerate(known):
        loadings[own, patch] = 1
        loadings[own[:15], 2] = 1
    nothing = np.zeros(3)
    planted = Components(np.zeros((3, 1, 1, 3)), loadings, nothing, nothing, np.ones(63))
    monkeypatch.setattr(planted_truth, "components", lambda *args, **ways: planted)
    found = planted_truth._single_components(sewn, known, np.random.default_rng(0))
    members = [planted.members(which) for which in range(3)]
    # The fewest that hold 90 % of 30 equal ones: 27 of the patch, and 27 of the halves.
    assert [len(one) for one in members] == [27, 27, 27]
    assert found["component_own"] == 1
    assert found["component_f1"] == pytest.approx(2 * 27 / 57)
    assert found["component_own_chance"] < 0.75 and found["component_f1_chance"] < 0.75


def test_sets_that_were_not_found_are_counted_and_left_out(monkeypatch):
    """Two quilts of two patches each; of the second one nothing is found of its first patch."""
    halves = [Network.random(layered_wiring((2, 4, 3)), seed) for seed in (1, 2)]
    controls = {
        seed: [{"control_found": seed == 0 or patch, "control_size": 10 * seed + patch}
               for patch in (0, 1)]
        for seed in (0, 1)
    }  # fmt: skip
    asked = iter(controls.values())
    monkeypatch.setattr(
        planted_truth, "quilt", lambda seed: sew(halves, np.random.default_rng(seed))
    )
    monkeypatch.setattr(planted_truth, "_controls", lambda sewn, known: next(asked))
    monkeypatch.setattr(
        planted_truth, "_single_components", lambda sewn, known, rng: {"component_own": len(known)}
    )
    assert measure_small_sets([0, 1]) == {
        "controls_asked": 4,
        "controls_found": 3,
        "control_size": [0, 1, 11],
        "component_own": [2, 2],
    }
    assert set(planted_truth.SEWN_SMALL) <= set(planted_truth.JUDGED)


def test_which_controls_are_own_is_told_by_the_patch(monkeypatch):
    """The control ensemble is given: two of its synapses are of one patch, one of the other."""
    halves = [Network.random(layered_wiring((2, 4, 3)), seed) for seed in (1, 2)]
    sewn = sew(halves, np.random.default_rng(0))
    known = [np.flatnonzero(sewn.patch_of == patch) for patch in (0, 1)]
    given = np.array([*known[0][:2], known[1][0]])
    control = Ensemble(given, np.zeros(63), 1.0, 0.0, np.ones(40), "found")
    monkeypatch.setattr(planted_truth, "ensemble", lambda *args, **ways: control)
    one, other = planted_truth._controls(sewn, known)
    assert one["control_own"] == pytest.approx(2 / 3)
    assert other["control_own"] == pytest.approx(1 / 3)
    assert one["control_f1"] == pytest.approx(4 / 33)
    assert one["control_own_chance"] == pytest.approx(30 / 63)
    # A set of 3 holds 3 · 30 / 63 of the patch by chance.
    assert one["control_f1_chance"] == pytest.approx(2 * (90 / 63) / 33)
