"""Oracles: networks with a planted answer, closed forms, pictures really painted."""

import numpy as np
import pytest
from measuring.bases import (
    MEASURES,
    VARIANTS,
    compare_bases,
    disentanglement,
    effects_of_moves,
    fixed_bases,
    importances,
    properties_moved,
)
from wirings import DEEP, ONE_LAYER, SMALL, linear_property

from ensembles_lib import Network
from ensembles_lib.core.points import coordinates
from ensembles_lib.ensembles import equal_change_lengths
from ensembles_lib.properties.properties import Property

SIZE = 12
PLANTED = Network(ONE_LAYER, np.full(9, 1e-3))  # so small that tanh is a straight line


def one_per_synapse():
    """For each of the 9 weights of PLANTED, what moves with it and with no other."""
    signals = coordinates(SIZE).T.reshape(SIZE, SIZE, 3)  # x, y and 1 are orthogonal
    return [
        linear_property(f"synapse {3 * c + s}", signals[:, :, s, None] * np.eye(3)[c])
        for c in range(3)
        for s in range(3)
    ]


def any_properties(n=5, size=SIZE, seed=0):
    noise = np.random.default_rng(seed).standard_normal((n, size, size, 3))
    return [linear_property(f"property {a}", one) for a, one in enumerate(noise)]


def of(report, basis, name):
    return report[name][list(report["bases"]).index(basis)]


def shares_of_normal_numbers(n):
    """Median effective number of n properties of which each moves by a normal number."""
    q = np.random.default_rng(0).standard_normal((4000, n)) ** 2
    q /= q.sum(axis=1, keepdims=True)
    return np.median(np.exp(-np.sum(q * np.log(q), axis=1)))


@pytest.fixture(scope="module")
def planted():
    return compare_bases(PLANTED, one_per_synapse(), SIZE, draws=3, count=300)


@pytest.mark.parametrize("variant", VARIANTS)
def test_properties_planted_one_per_synapse_are_found_by_single_synapses_alone(planted, variant):
    for kind in ("single synapses", "offset of a neuron", "coordinated"):
        assert of(planted, kind, "moved" + variant) == pytest.approx(1, abs=1e-3), kind
        assert of(planted, kind, "moved_weighted" + variant) == pytest.approx(1, abs=1e-3), kind
        assert of(planted, kind, "disentanglement" + variant) == pytest.approx(1, abs=2e-3), kind
    # Mixtures of n synapses are normal numbers in n properties.
    for kind, n in (("within a neuron", 3), ("anywhere", 3), ("global", 9)):
        expected = shares_of_normal_numbers(n)
        assert of(planted, kind, "moved" + variant).mean() == pytest.approx(expected, rel=0.06)
        assert (of(planted, kind, "disentanglement" + variant) < 0.8).all()
    assert (of(planted, "global", "disentanglement" + variant) < 0.25).all()


def test_properties_planted_one_per_neuron_are_found_by_mixtures_inside_neurons():
    noise = np.random.default_rng(1).standard_normal((3, SIZE, SIZE, 1))
    properties = [linear_property(f"neuron {c}", noise[c] * np.eye(3)[c]) for c in range(3)]
    report = compare_bases(PLANTED, properties, SIZE, draws=2, count=100)
    for kind in ("single synapses", "gain of a neuron", "within a neuron"):
        assert of(report, kind, "moved") == pytest.approx(1, abs=1e-3), kind
        assert of(report, kind, "disentanglement") == pytest.approx(1, abs=1e-3), kind
    for kind in ("near neurons", "anywhere", "global"):
        assert (of(report, kind, "moved") > 1.3).all(), kind
        assert (of(report, kind, "disentanglement") < 0.7).all(), kind
    assert report["stretch"] == pytest.approx(1, abs=0.01)
    assert not report["left_out"].any()


def test_the_order_and_the_units_of_properties_do_not_matter():
    properties = any_properties()
    scaled = [
        Property(one.name, lambda pixels, f=one.measure, s=s: tuple(s * x for x in f(pixels)))
        for one, s in zip(properties, (1e3, 1, 0.1, 7, -2), strict=True)
    ]
    before = compare_bases(SMALL, properties, SIZE, draws=2, count=5)
    for after in (
        compare_bases(SMALL, properties[::-1], SIZE, draws=2, count=5),
        compare_bases(SMALL, scaled, SIZE, draws=2, count=5),
    ):
        for name in MEASURES:
            for variant in VARIANTS:
                key = name + variant
                np.testing.assert_allclose(after[key], before[key], rtol=1e-5)


def test_seeds_reproduce_and_draw_only_what_is_random():
    first, again, other = (
        compare_bases(SMALL, any_properties(), SIZE, draws=2, seed=seed, count=4)
        for seed in (3, 3, 4)
    )
    for key, values in first.items():
        np.testing.assert_array_equal(values, again[key])
    random = first["random"]
    assert first["bases"][random].tolist() == [
        "within a neuron",
        "near neurons",
        "anywhere",
        "global",
    ]
    assert (first["moved"][random] != other["moved"][random]).all()
    np.testing.assert_array_equal(first["moved"][~random], other["moved"][~random])
    assert (first["moved"][~random, 0] == first["moved"][~random, 1]).all()
    assert (first["moved"][random, 0] != first["moved"][random, 1]).all()


def test_small_moves_are_linear(monkeypatch):
    for module in ("measuring.bases", "ensembles_lib.ensembles.mixtures"):
        monkeypatch.setattr(f"{module}.EPSILON", 2e-3)
    report = compare_bases(SMALL, any_properties(), SIZE, draws=1, count=6)
    usual = report["bases"] != "all eigenvectors"  # the sloppiest are linear nowhere
    for name in MEASURES:
        finite, linear = report[name][usual], report[f"{name}_linear"][usual]
        np.testing.assert_allclose(finite, linear, rtol=0.03, atol=0.01)
    assert report["stretch"][usual] == pytest.approx(1, abs=0.02)


def test_fixed_bases_are_what_they_are_called(monkeypatch):
    rng = np.random.default_rng(0)
    wiring, unit = DEEP.wiring, rng.uniform(0.1, 3, 460)
    effects = rng.standard_normal((4, 460)) * rng.uniform(0, 1, 460) ** 4
    vectors = np.linalg.qr(rng.standard_normal((460, 460)))[0]
    found = fixed_bases(DEEP, unit, effects, vectors, count=10)
    np.testing.assert_allclose(found["single synapses"], np.diag(unit))
    gain = found["gain of a neuron"]
    assert len(gain) == 37
    for neuron, direction in enumerate(gain):
        owned = wiring.synapses_of(neuron)
        assert not np.delete(direction, owned).any()
        ratio = direction[owned] / DEEP.weights[owned]
        assert ratio == pytest.approx(ratio[0]) and ratio[0] > 0
    offset = found["offset of a neuron"]
    assert (np.count_nonzero(offset, axis=1) == 1).all()
    assert (wiring.source[offset.argmax(axis=1)] == 2).all() and len(offset) == 37
    np.testing.assert_allclose(found["stiff eigenvectors"], vectors[:10] * unit)
    np.testing.assert_allclose(found["all eigenvectors"][[0, -1]], vectors[[0, -1]] * unit)
    for kind in ("coordinated", "participation ensembles"):
        moved = effects @ (found[kind] / unit).T
        assert moved == pytest.approx(np.diag(np.diag(moved)), abs=1e-9)
        assert (np.diag(moved) > 0).all()
    monkeypatch.setattr("measuring.bases.SINGLES", 20)
    fewer = fixed_bases(DEEP, unit, effects, seed=3)
    assert "stiff eigenvectors" not in fewer and len(fewer["offset of a neuron"]) == 37
    picked = np.flatnonzero(fewer["single synapses"].any(axis=0))
    np.testing.assert_array_equal(fewer["single synapses"], np.diag(unit)[picked])
    assert len(picked) == 20
    n_moved = np.count_nonzero(found["participation ensembles"], axis=1)
    assert (n_moved < 300).all() and (np.count_nonzero(found["coordinated"], axis=1) == 460).all()


def test_effects_are_those_of_the_pictures_painted():
    properties = any_properties(3)
    directions = np.random.default_rng(0).standard_normal((3, 54))
    lengths = np.array([[0.1, 0.2], [0.3, np.inf], [0.0, 0.4]])
    found = effects_of_moves(SMALL, properties, directions, lengths, SIZE)
    before = SMALL.paint(SIZE).pixels
    for i, side in np.ndindex(3, 2):
        if np.isinf(lengths[i, side]):
            assert np.isnan(found[i, side]).all()
            continue
        moved = SMALL.weights + (1, -1)[side] * lengths[i, side] * directions[i]
        after = Network(SMALL.wiring, moved).paint(SIZE).pixels
        expected = [one.value(after) - one.value(before) for one in properties]
        assert found[i, side] == pytest.approx(expected, rel=1e-9, abs=1e-12)


def test_a_move_that_cannot_be_made_or_measured_is_left_out_alone():
    # Neuron 0 is saturated: further up, red never changes by as much.
    network = Network(ONE_LAYER, [0, 0, 3.0, 0, 0, 0, 0, 0, 0])
    lengths = equal_change_lengths(network, np.eye(9), SIZE)
    assert np.isinf(lengths[2, 0]) and np.isfinite(np.delete(lengths.ravel(), 4)).all()

    def breaks(pixels):
        if pixels[..., 1].mean() > 0.02:
            raise ValueError("too green")
        return float(pixels[..., 2].mean()), np.zeros(pixels.shape) + [0, 0, 1 / SIZE**2]

    properties = [Property("breaks", breaks), *any_properties(2)]
    effects = effects_of_moves(network, properties, np.eye(9), lengths, SIZE)
    assert np.argwhere(np.isnan(effects[..., 0])).tolist() == [[2, 0], [5, 0]]
    important = importances(effects)
    assert important[2] == pytest.approx(np.abs(effects[2, 1]))
    assert important[3] == pytest.approx(np.sqrt(np.mean(effects[3] ** 2, axis=0)))
    report = compare_bases(network, properties, SIZE, draws=1, count=3)
    assert of(report, "single synapses", "left_out") == pytest.approx(2 / 18)
    assert np.isfinite(of(report, "single synapses", "moved")).all()
    effects[4] = np.nan
    assert len(importances(effects)) == 8


def test_properties_moved_in_closed_form():
    assert properties_moved(np.array([[3.0, 0, 0], [0, 2, 0]])) == pytest.approx((1, 1))
    assert properties_moved(np.array([[1.0, 1, 1, 0]])) == pytest.approx((3, 3))
    # 1, 1 and 2 properties; the third has 8 of 10 squares: exp(0.8 ln 2).
    three = np.array([[1.0, 0], [0, 1], [2, 2]])
    assert properties_moved(three) == pytest.approx((1, 2**0.8))
    assert properties_moved(np.vstack([three, [0.0, 0]])) == pytest.approx((1, 2**0.8))


def test_disentanglement_in_closed_form():
    assert disentanglement(np.eye(4)) == pytest.approx(1)
    assert disentanglement(np.ones((3, 5))) == pytest.approx(0, abs=1e-12)
    # Two equal shares of four: 1 - ln 2 / ln 4. The weight goes by magnitude, 2 against 6.
    two = np.array([[1.0, 1, 0, 0], [0, 0, 6, 0]])
    assert disentanglement(two[:1]) == pytest.approx(0.5)
    assert disentanglement(two) == pytest.approx((2 * 0.5 + 6) / 8)
    important = np.random.default_rng(0).uniform(size=(6, 5))
    shuffled = important[[3, 1, 0, 5, 4, 2]][:, [4, 0, 3, 1, 2]]
    assert disentanglement(shuffled) == pytest.approx(disentanglement(important))
    assert properties_moved(shuffled) == pytest.approx(properties_moved(important))


PAIR = any_properties(2)


@pytest.mark.parametrize(
    ("call", "error", "says"),
    [
        (lambda: compare_bases(SMALL, PAIR[:1], SIZE), ValueError, "at least 2"),
        (lambda: compare_bases(SMALL, PAIR, SIZE, half=np.ones(3)), ValueError, "3"),
        (lambda: importances(np.zeros((2, 2, 3))), ValueError, "no direction moves"),
        (lambda: importances(np.full((2, 2, 3), np.nan)), ValueError, "no direction moves"),
    ],
)
def test_what_makes_no_sense_is_said(call, error, says):
    with pytest.raises(error, match=says):
        call()
