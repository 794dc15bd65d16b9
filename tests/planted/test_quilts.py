"""Oracles: the sum of the patches, a loop over neurons, modularity by its definition."""

from itertools import pairwise

import numpy as np
import pytest
from measuring.planted_truth import JUDGED, matched_f1, take_apart

from ensembles_lib import Network, layered_wiring
from ensembles_lib.ensembles import f1_score, families
from ensembles_lib.ensembles.independent_components import Components
from ensembles_lib.ensembles.patterns import _modular
from ensembles_lib.planted import quilt, sew
from ensembles_lib.planted.quilts import _patch_wiring, _windows


@pytest.fixture(scope="module")
def sewn():
    return quilt(1)


def test_a_quilt_paints_the_sum_of_its_patches(sewn):
    outputs = sewn.network.activations(32)[-3:]
    summed = sum(one.activations(32)[-3:] + 1 for one in sewn.patches) - 1
    assert np.allclose(outputs, summed, atol=1e-12)


def test_each_synapse_belongs_to_the_patch_it_bears_on(sewn):
    """Move one weight: only the patch that it is said to belong to may paint otherwise."""
    rng, wiring = np.random.default_rng(0), sewn.network.wiring
    for patch in range(len(sewn.patches)):
        own = np.flatnonzero(sewn.patch_of == patch)
        assert len(own) == sewn.patches[patch].wiring.n_synapses + 3
        sizes = sewn.patches[patch].weights
        # Its weights are those of the patch, and the three that lead to the outputs.
        held = np.sort(np.concatenate([sizes, np.ones(3)]))
        assert np.array_equal(np.sort(sewn.network.weights[own]), held)
        for k in rng.choice(own, 3, False):
            hears = wiring.source[k] - wiring.n_inputs
            if hears >= 0:  # the neuron it hears belongs to the same patch
                assert (sewn.patch_of[wiring.synapses_of(hears)] == patch).all()
    ground = np.flatnonzero(sewn.patch_of == -1)
    assert (wiring.source[ground] == 2).all() and len(ground) == 3


def test_the_order_tells_nothing(sewn):
    """Neighbours are of one patch about as often as any two neurons are."""
    owners = [sewn.patch_of[sewn.network.wiring.synapses_of(n)][0] for n in range(74)]
    alike = np.mean([a == b for a, b in pairwise(owners)])
    any_two = np.mean([a == b for a in owners for b in owners])
    assert alike < any_two + 0.2


@pytest.mark.parametrize("seed", [3, 4])
def test_equal_seeds_give_equal_quilts(seed):
    a, b = quilt(seed), quilt(seed)
    assert np.array_equal(a.network.weights, b.network.weights)
    assert np.array_equal(a.patch_of, b.patch_of)
    assert 4 <= len(a.patches) <= 8
    # What was promised of a patch: 30 to 120 synapses, but for the few that a neuron has.
    assert all(25 <= one.wiring.n_synapses <= 125 for one in a.patches)


@pytest.mark.parametrize("seed", range(10))
@pytest.mark.parametrize("count", [4, 8])
def test_windows_lie_apart_and_within_the_picture(seed, count):
    windows = np.array(_windows(count, np.random.default_rng(seed)))
    for n, (x, y, radius) in enumerate(windows):
        assert max(abs(x), abs(y)) <= 0.85
        for a, b, other in windows[:n]:
            assert np.hypot(x - a, y - b) >= 0.7 * (radius + other)


@pytest.mark.parametrize("size", [30, 57.5, 92, 120])
def test_patches_are_nearly_as_large_as_asked(size):
    assert abs(_patch_wiring(size).n_synapses - size) <= 8


def test_patches_that_do_not_fit_are_refused():
    fits, not_so = (Network.random(layered_wiring((n, 4, 3)), 1) for n in (2, 3))
    with pytest.raises(ValueError, match="patch 1 .*give 3 inputs and 3 outputs"):
        sew([fits, not_so], np.random.default_rng(0))


# ---- Families.


@pytest.mark.parametrize("seed", range(5))
def test_components_that_share_synapses_are_one_family(seed):
    """Three families planted in the loadings: of 2, 3 and 4 components, with a little noise."""
    rng = np.random.default_rng(seed)
    family_of = rng.permutation(np.repeat([0, 1, 2], [30, 50, 40]))
    component_of = rng.permutation(np.repeat([0, 1, 2], [2, 3, 4]))
    own = family_of[:, None] == component_of
    loadings = rng.uniform(0.5, 1, (120, 9)) * np.where(own, 1.0, 0.1)
    nothing = np.zeros(9)
    found = families(Components(np.zeros((9, 1, 1, 3)), loadings, nothing, nothing, np.ones(120)))
    known = [np.flatnonzero(family_of == n) for n in (1, 2, 0)]
    assert len(found) == 3
    assert all(f1_score(*pair) > 0.95 for pair in zip(found, known, strict=True))


def test_greedy_joining_finds_blocks_and_keeps_the_best_modularity():
    rng = np.random.default_rng(0)
    blocks = np.kron(np.eye(4), np.ones((5, 5))) + 0.05 * rng.random((20, 20))
    blocks += blocks.T
    order = rng.permutation(20)
    groups = _modular(blocks[np.ix_(order, order)])
    assert sorted(sorted(order[group] // 5) for group in groups) == [[n] * 5 for n in range(4)]

    def modularity(groups):
        linked = blocks[np.ix_(order, order)] / blocks.sum()
        return sum(linked[np.ix_(g, g)].sum() - linked[g].sum() ** 2 for g in map(np.array, groups))

    for a in range(4):  # joining or splitting makes it worse
        joined = [
            groups[a] + groups[a - 1],
            *(g for n, g in enumerate(groups) if n not in (a, (a - 1) % 4)),
        ]
        split = [groups[a][:2], groups[a][2:], *(g for n, g in enumerate(groups) if n != a)]
        assert modularity(groups) > max(modularity(joined), modularity(split))


def test_dead_synapses_belong_to_no_family():
    loadings = np.array([[1.0, 0], [0, 1], [0, 0], [0.9, 0.1]])
    nothing = np.zeros(2)
    found = Components(np.zeros((2, 1, 1, 3)), loadings, nothing, nothing, np.ones(4))
    assert [one.tolist() for one in families(found)] == [[0, 3], [1]]


# ---- How well they are found.


def test_matching_is_one_to_one():
    known = [np.arange(10), np.arange(10, 20)]
    assert matched_f1([np.arange(20)], known) == pytest.approx(f1_score(range(20), range(10)) / 2)
    assert matched_f1(known[::-1], known) == 1
    assert matched_f1([range(5), range(5, 10), range(10, 20)], known) == pytest.approx(
        (f1_score(range(5), range(10)) + 1) / 2
    )


def test_quilts_that_were_looked_at_are_not_judged():
    assert not set(JUDGED) & set(range(100)) and len(JUDGED) == 100


def test_a_quilt_is_taken_apart():
    row = take_apart(1)
    assert row["f1"] > 2 * row["f1_chance"] and row["told"] > 2 * row["told_chance"]
