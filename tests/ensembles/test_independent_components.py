"""Oracles: scikit-learn's FastICA, sources that are known, the Jacobian written out, loops."""

import numpy as np
import pytest

from ensembles_lib import (
    Network,
    Wiring,
    coordinated_move,
    jacobian,
    layered_wiring,
    samples,
)
from ensembles_lib.ensembles import components, independent_components, linear_ranges
from ensembles_lib.ensembles.independent_components import (
    _climbs,
    _far_from_normal,
    _nearest_rotation,
)
from ensembles_lib.ensembles.patterns import _modular

SIZE = 32


@pytest.fixture(scope="module")
def network():
    return samples.peacock_network()


@pytest.fixture(scope="module")
def found(network):
    return components(network, size=SIZE)


def written_out(network, size=SIZE):
    """Return the Jacobian in working ranges, (values, S): pixels × channels are the samples."""
    half = linear_ranges(network, size)
    return jacobian(network, size).reshape(-1, len(half)) * np.where(np.isfinite(half), half, 0)


def correlations(a, b):
    """Return the absolute correlations of maps (n, values) of two sets."""
    return np.abs(np.corrcoef(a, b)[: len(a), len(a) :])


def white_mixture(sources, seed=0):
    """Return sources (C, n) rotated at random, white, and the rotation."""
    sources = sources - sources.mean(axis=1, keepdims=True)
    values, vectors = np.linalg.eigh(np.cov(sources, bias=True))
    white = (vectors / np.sqrt(values)).T @ sources
    return white.astype(np.float32), sources


# ---- Known sources.


@pytest.mark.parametrize("seed", range(5))
def test_a_sparse_mixture_is_taken_apart(seed):
    rng = np.random.default_rng(seed)
    sources = rng.laplace(size=(6, 20_000)) * (rng.random((6, 20_000)) < 0.3)
    white, sources = white_mixture(rng.standard_normal((6, 6)) @ sources)[0], sources
    turns = [turn for turn, _ in _climbs(white, 3, seed)]
    for turn in turns:
        match = correlations(turn @ white, sources)
        assert (match.max(axis=0) > 0.99).all()
        assert sorted(match.argmax(axis=1)) == list(range(6))  # each found once
        assert np.allclose(turn @ turn.T, np.eye(6))


def test_exactly_planted_parts_are_found():
    """Three networks of one neuron each, far apart in the picture, beside each other in one."""
    # Each hidden neuron is a step at another place; outputs hear one of them each.
    wiring = Wiring([[0, 2], [0, 2], [0, 2], [3], [4], [5]], n_inputs=3, n_outputs=3)
    weights = np.array([30.0, 15, 30, 0, 30, -15, 1, 1, 1])
    network = Network(wiring, weights)
    found = components(network, count=3, size=48)
    # A step's two weights and its output's bear on one channel: disjoint triples of synapses.
    triples = [{0, 1, 6}, {2, 3, 7}, {4, 5, 8}]
    assert sorted(map(sorted, triples)) == sorted(
        sorted(found.members(c)) for c in range(3)
    ) or all(
        set(found.members(c)) <= triple
        for c in range(3)
        for triple in triples
        if found.members(c)[0] in triple
    )
    channels = [np.sum(found.maps[c] ** 2, axis=(0, 1)).argmax() for c in range(3)]
    assert sorted(channels) == [0, 1, 2]


# ---- Against scikit-learn.


def test_maps_are_those_of_scikit_learn(network):
    decomposition = pytest.importorskip("sklearn.decomposition")
    by_hand, count = written_out(network), 8
    found = components(network, count, SIZE, restarts=20)
    best = None
    for seed in range(20):  # it climbs once from where its seed says; the highest one is compared
        ica = decomposition.FastICA(
            count, whiten="unit-variance", fun="logcosh", tol=1e-4, random_state=seed
        )
        theirs = ica.fit_transform(by_hand).T
        contrast = _far_from_normal(theirs / theirs.std(axis=1, keepdims=True))
        if best is None or contrast > best[0]:
            best = contrast, theirs
    maps = found.maps.reshape(count, -1)
    assert (correlations(maps, best[1]).max(axis=1) > 0.98).all()
    ours = _far_from_normal((maps - maps.mean(1, keepdims=True)) / maps.std(1, keepdims=True))
    assert ours > 0.999 * best[0]


# ---- What the numbers mean, by the Jacobian written out.


def test_maps_and_loadings_make_the_jacobian(network, found):
    by_hand = written_out(network)
    centred = by_hand - by_hand.mean(axis=0)
    maps = found.maps.reshape(len(found.maps), -1).T
    about = maps - maps.mean(axis=0)
    assert np.allclose(np.sqrt(np.mean(about**2, axis=0)), 0.05, rtol=1e-4)
    assert np.allclose(np.corrcoef(about.T), np.eye(len(maps.T)), atol=2e-3)
    # Loadings are the least-squares coefficients of the columns.
    assert np.allclose(np.linalg.lstsq(about, centred, rcond=None)[0].T, found.loadings, atol=2e-3)
    left = centred - about @ found.loadings.T
    assert 1 - np.sum(left**2) / np.sum(centred**2) == pytest.approx(found.energy.sum(), abs=1e-4)
    alone = np.sum(found.loadings**2, axis=0) * 0.05**2 * len(centred) / np.sum(centred**2)
    assert np.allclose(alone, found.energy, rtol=1e-3)
    # As many as the strongest directions that hold four fifths, and no more.
    strengths = np.linalg.svd(centred, compute_uv=False) ** 2
    held = np.cumsum(strengths) / strengths.sum()
    assert (
        held[len(maps.T) - 2]
        < 0.8
        <= held[len(maps.T) - 1]
        == pytest.approx(found.energy.sum(), abs=1e-4)
    )
    assert (np.diff(found.energy) <= 0).all()
    assert (np.mean(about**3, axis=0) >= 0).all()


def test_a_direction_changes_what_ranges_times_loadings_do(network, found):
    slopes = jacobian(network, SIZE).reshape(-1, len(found.unit))
    for which in range(len(found.maps)):
        expected = written_out(network) @ found.loadings[:, which]
        np.testing.assert_allclose(slopes @ found.direction(which), expected, atol=1e-6)


def test_the_means_of_the_maps_are_kept(network, found):
    """The same combination of the columns that makes the maps about their means."""
    by_hand, count = written_out(network), len(found.maps)
    centred = by_hand - by_hand.mean(axis=0)
    strongest = np.linalg.svd(centred, full_matrices=False)[2][:count].T
    maps = found.maps.reshape(count, -1).T
    about = maps - maps.mean(axis=0)
    mix = np.linalg.lstsq(centred @ strongest, about, rcond=None)[0]
    means = maps.mean(axis=0)
    assert np.allclose(by_hand.mean(axis=0) @ strongest @ mix, means, atol=1e-6)
    assert np.abs(means).max() > 1e-3  # or this shows nothing


def test_stability_counts_the_restarts(network, monkeypatch):
    """The rotations that the climbs returned, counted by a loop."""
    seen = []

    def recorded(white, restarts, seed):
        for turn, contrast in _climbs(white, restarts, seed):
            seen.append((turn, contrast))
            yield turn, contrast

    monkeypatch.setattr(independent_components, "_climbs", recorded)
    found = components(network, 10, SIZE, restarts=6)
    best = max(range(6), key=lambda n: seen[n][1])
    counted = [
        np.mean(
            [max(abs(row @ other) for other in seen[n][0]) >= 0.9 for n in range(6) if n != best]
        )
        for row in seen[best][0]
    ]
    assert sorted(found.stability) == sorted(counted)
    assert len(set(found.stability)) > 1  # or this shows nothing


def test_a_higher_contrast_is_never_left_for_a_lower_one(network):
    few, many = (components(network, 10, SIZE, restarts=n) for n in (2, 12))

    def contrast(found):
        maps = found.maps.reshape(10, -1)
        return _far_from_normal((maps - maps.mean(1, keepdims=True)) / maps.std(1, keepdims=True))

    assert contrast(many) >= contrast(few) - 1e-6


def test_the_contrast_is_zero_for_normal_numbers():
    normal = np.random.default_rng(0).standard_normal((2, 400_000))
    assert _far_from_normal(normal) < 1e-5
    assert _far_from_normal(normal**3 / np.sqrt(15)) > 1e-2
    size = np.abs(normal[0])
    assert _far_from_normal(normal[:1]) == pytest.approx(
        (np.mean(np.log(np.cosh(size))) - 0.374567) ** 2, abs=1e-9
    )


def test_equal_calls_give_equal_components(network, found):
    again = components(network, size=SIZE)
    assert all(np.array_equal(a, b) for a, b in zip(found, again, strict=True))


# ---- Moves and mixtures.


def test_readings_tell_how_much_of_each_map_was_added(network, found):
    still = network.paint(SIZE).pixels
    amounts = np.linspace(-0.2, 0.2, len(found.maps))
    moved = still + np.tensordot(amounts, found.maps, 1)
    for one, amount in zip(found.properties(), amounts, strict=True):
        assert one.value(moved) - one.value(still) == pytest.approx(amount, abs=1e-6)
        value, slope = one.measure(still)
        nudged = still.copy()
        nudged[3, 4, 1] += 1.0
        assert one.value(nudged) - value == pytest.approx(slope[3, 4, 1], abs=1e-9)


def test_a_component_is_moved_alone(network, found):
    which = len(found.maps) // 2
    move = coordinated_move(network, found.properties(), which, 0.5, size=SIZE, half=found.unit)
    assert move.arrived
    change = move.network.paint(SIZE).pixels - network.paint(SIZE).pixels
    read = np.array([np.vdot(p.measure(change)[1], change) for p in found.properties()])
    assert read[which] == pytest.approx(0.5, rel=5e-3)
    assert np.linalg.norm(np.delete(read, which)) < 0.01


def test_mixtures_span_the_same_and_are_no_longer_sparse(found):
    mixed = found.rotated(3)
    maps, turned = (one.maps.reshape(len(one.maps), -1) for one in (found, mixed))
    assert np.allclose(maps.T @ found.loadings.T, turned.T @ mixed.loadings.T, atol=1e-6)
    assert mixed.energy.sum() == pytest.approx(found.energy.sum())
    sizes = [np.median([len(one.members(c)) for c in range(len(maps))]) for one in (found, mixed)]
    assert sizes[0] < 0.75 * sizes[1]
    assert np.isnan(mixed.stability).all()
    assert not np.array_equal(found.rotated(4).loadings, mixed.loadings)


@pytest.mark.parametrize("seed", range(4))
def test_the_nearest_rotation_is_one(seed):
    matrix = np.random.default_rng(seed).standard_normal((5, 5))
    near = _nearest_rotation(matrix)
    assert np.allclose(near @ near.T, np.eye(5))
    others = [np.linalg.qr(np.random.default_rng(n).standard_normal((5, 5)))[0] for n in range(50)]
    assert all(np.linalg.norm(matrix - near) <= np.linalg.norm(matrix - one) for one in others)


# ---- What cannot be.


def test_dead_synapses_are_told_and_hold_nothing():
    network = Network.random(layered_wiring((2, 4, 3)), seed=1)
    weights = network.weights.copy()
    wiring = network.wiring
    cut = np.flatnonzero(wiring.source == 3)  # what hidden neuron 0 sends
    weights[cut] = 0
    dead = Network(wiring, weights)
    found = components(dead, size=16)
    unheard = np.array(wiring.synapses_of(0))
    assert (found.unit[unheard] == 0).all()
    assert not found.loadings[unheard].any()
    assert f"27 synapses ({len(unheard)} dead)" in repr(found)
    assert np.isfinite(found.maps).all() and np.isfinite(found.loadings).all()


def test_a_network_that_nothing_changes_is_refused():
    saturated = Network(layered_wiring((2, 4, 3)), np.full(27, 1e9))
    with pytest.raises(ValueError, match="no synapse"):
        components(saturated, size=16)


@pytest.mark.parametrize("count", [0, -1, 28, 2.5, "many", True + 99])
def test_counts_out_of_range_are_refused(count):
    network = Network.random(layered_wiring((2, 4, 3)), seed=1)
    with pytest.raises(ValueError, match=r"count .*: give 1 to \d+"):
        components(network, count, 16)


def test_other_bad_input_is_refused():
    network = Network.random(layered_wiring((2, 4, 3)), seed=1)
    for restarts in (1, 0, 2.5):
        with pytest.raises(ValueError, match="restarts"):
            components(network, size=16, restarts=restarts)
    with pytest.raises(ValueError, match="working ranges"):
        components(network, size=16, half=np.ones(5))
    with pytest.raises(ValueError, match="paint"):
        components(Network.random(layered_wiring((1, 4, 3)), seed=1), size=16)


def modularity(weights, groups):
    """Newman & Girvan 2004: links within groups, beside those of chance."""
    linked = weights / weights.sum()
    inside = sum(linked[np.ix_(group, group)].sum() for group in groups)
    return inside - sum(linked[group].sum() ** 2 for group in groups)


def partitions(nodes):
    """Yield all ways to put nodes into groups."""
    if not nodes:
        yield []
        return
    for rest in partitions(nodes[1:]):
        yield [[nodes[0]], *rest]
        for k, group in enumerate(rest):
            yield [*rest[:k], [nodes[0], *group], *rest[k + 1 :]]


@pytest.mark.parametrize(
    "joined", [[[0], [1], [2], [3], [4]], [[0, 1, 2], [3, 4]], [[0, 4], [1, 2, 3]]]
)
def test_groups_are_those_of_highest_modularity(joined):
    """Oracle: all 52 partitions of five nodes, of planted groups."""
    weights = np.eye(5) + 0.02 * np.random.default_rng(0).random((5, 5))
    weights = weights + weights.T
    for group in joined:
        weights[np.ix_(group, group)] += 3
    best = max(partitions([*range(5)]), key=lambda groups: modularity(weights, groups))
    found = _modular(weights)
    assert sorted(map(sorted, found)) == sorted(map(sorted, best)) == joined
