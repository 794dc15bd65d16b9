"""Oracles: networks and maps with a planted answer, closed forms, pictures really painted."""

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
    linear_changes,
    properties_moved,
)
from scipy.stats import beta, binom, ortho_group

from ensembles_lib import Network, Wiring, article_wiring, jacobian, layered_wiring, working_ranges
from ensembles_lib.core.points import coordinates
from ensembles_lib.ensembles import (
    equal_change_lengths,
    mixed_maps,
    random_bases,
    random_mixture,
)
from ensembles_lib.ensembles.sensitivities import linear_ranges
from ensembles_lib.ensembles.spectrum import (
    overlap,
    random_overlap,
    stiff_overlaps,
    stiffness,
)
from ensembles_lib.properties.properties import Property
from ensembles_lib.study.claims.register import paired_comparison
from ensembles_lib.sweeps.ranges import EPSILON
from ensembles_lib.sweeps.sweeps import paint_moves

SIZE = 12
ONE_LAYER = Wiring([[0, 1, 2]] * 3, n_inputs=3, n_outputs=3)
PLANTED = Network(ONE_LAYER, np.full(9, 1e-3))  # so small that tanh is a straight line
SMALL = Network.random(layered_wiring((2, 5, 4, 3)), seed=1)
DEEP = Network.random(article_wiring(), seed=4)


def linear_property(name, weights):
    return Property(name, lambda pixels: (float(np.vdot(weights, pixels)), weights.copy()))


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
    for module in ("measuring.bases", "ensembles_lib.ensembles.equal_moves"):
        monkeypatch.setattr(f"{module}.EPSILON", 2e-3)
    report = compare_bases(SMALL, any_properties(), SIZE, draws=1, count=6)
    usual = report["bases"] != "all eigenvectors"  # the sloppiest are linear nowhere
    for name in MEASURES:
        finite, linear = report[name][usual], report[f"{name}_linear"][usual]
        np.testing.assert_allclose(finite, linear, rtol=0.03, atol=0.01)
    assert report["stretch"][usual] == pytest.approx(1, abs=0.02)


def test_random_bases_have_the_supports_and_the_lengths_they_promise():
    unit = np.random.default_rng(0).uniform(0.1, 3, 460)
    unit[[0, 1, 200]] = 0  # without a working range: never moved
    wiring = article_wiring()
    found = random_bases(wiring, unit, draws=3, count=40, seed=1)
    sizes = {}
    for kind, directions in found.items():
        assert directions.shape == (3, 40, 460)
        assert not directions[..., unit == 0].any()
        z = directions[..., unit > 0] / unit[unit > 0]
        np.testing.assert_allclose(np.linalg.norm(z, axis=-1), 1)
        sizes[kind] = np.count_nonzero(z, axis=-1)
    np.testing.assert_array_equal(sizes["within a neuron"], sizes["anywhere"])
    np.testing.assert_array_equal(sizes["within a neuron"], sizes["near neurons"])
    assert (sizes["global"] == 457).all()
    for place in np.ndindex(3, 40):
        reached = {k: np.unique(wiring.target[np.flatnonzero(d[place])]) for k, d in found.items()}
        neuron = reached["within a neuron"]
        assert len(neuron) == 1
        own = [k for k in wiring.synapses_of(neuron[0]) if unit[k]]
        assert sizes["within a neuron"][place] == len(own)
        assert np.abs(reached["near neurons"] - neuron[0]).max() <= 2
    # Where a mixture is anywhere, the neurons are not its own.
    assert np.mean([np.ptp(np.flatnonzero(d)) > 100 for d in found["anywhere"][0]]) > 0.9
    # Synapses count alike: in working ranges, mixtures have no preferred synapse.
    power = np.mean((found["global"][..., unit > 0] / unit[unit > 0]) ** 2, axis=(0, 1))
    assert power.max() < 2.5 * power.mean()


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


def test_every_move_really_changes_the_picture_by_as_much_and_no_shorter_one_does():
    rng, unit = np.random.default_rng(2), linear_ranges(DEEP, 16)
    stiff = stiffness(jacobian(DEEP, 16), unit)[1][[0, 5, 300, 459]] * unit
    directions = np.concatenate([rng.standard_normal((4, 460)), stiff, 100 * np.eye(460)[[0, 418]]])
    lengths = equal_change_lengths(DEEP, directions, 16)
    still = DEEP.paint(16).pixels
    for direction, pair in zip(directions, lengths, strict=True):
        for sign, length in zip((1, -1), pair, strict=True):
            scan = sign * length * np.linspace(0, 1, 60)[:, None] * direction
            change = np.sqrt(np.mean((paint_moves(DEEP, scan, 16) - still) ** 2, axis=(1, 2, 3)))
            assert change[-1] == pytest.approx(EPSILON, rel=3e-4)
            assert (change[:-1] < EPSILON).all()


def test_lengths_along_single_synapses_are_their_working_ranges():
    ranges, lengths = working_ranges(SMALL, 16), equal_change_lengths(SMALL, np.eye(54), 16)
    np.testing.assert_allclose(lengths, np.stack([ranges.high, ranges.low], axis=1), rtol=2e-3)


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


def test_paired_comparison_in_closed_form(monkeypatch):
    rng = np.random.default_rng(0)
    a = rng.uniform(size=8)
    shift = np.array([0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8])
    found = paired_comparison(a + shift, a)
    assert found.difference == pytest.approx(0.45)
    assert found.p == pytest.approx(2 / 2**8)
    assert shift.min() <= found.low < 0.45 < found.high <= shift.max()
    other = paired_comparison(a, a + shift)
    assert (other.difference, other.p) == (-found.difference, found.p)
    assert (other.low, other.high) == pytest.approx((-found.high, -found.low), abs=0.03)
    # 3 of 4, a pair without difference left out: p = 2 (1 + 4) / 16.
    ties = paired_comparison([1.0, 2, 3, 0, 5], [0.0, 0, 0, 1, 5])
    assert ties.p == pytest.approx(10 / 16)
    assert paired_comparison([1.0, 1], [1.0, 1])[-1] == 1
    widths = []
    for level in (0.99, 0.95, 0.5):
        monkeypatch.setattr("ensembles_lib.study.claims.register.LEVEL", level)
        compared = paired_comparison(a + shift, a)
        widths.append(compared.high - compared.low)
    assert widths[0] > widths[1] > widths[2] > 0


def test_the_bootstrap_interval_covers_the_true_median_about_as_often_as_it_says(monkeypatch):
    for name, value in (("LEVEL", 0.9), ("RESAMPLES", 400)):
        monkeypatch.setattr(f"ensembles_lib.study.claims.register.{name}", value)
    rng = np.random.default_rng(0)
    hits = []
    for _ in range(300):
        found = paired_comparison(rng.normal(0.3, 1, 15), np.zeros(15))
        hits.append(found.low <= 0.3 <= found.high)
    assert 0.8 < np.mean(hits) < 0.99


def test_stiffness_against_the_product_written_out():
    half = np.random.default_rng(0).uniform(0.5, 2, 54)
    written = jacobian(SMALL, 16).reshape(-1, 54) * half / EPSILON
    values, vectors = np.linalg.eigh(written.T @ written / len(written))
    found, own = stiffness(jacobian(SMALL, 16), half)
    assert found == pytest.approx(values[::-1], rel=1e-6, abs=1e-12 * values[-1])
    for i in (0, 1, 5, 20):
        assert abs(own[i] @ vectors[:, -1 - i]) == pytest.approx(1, abs=1e-6)
    moves = np.random.default_rng(1).standard_normal((3, 54))
    expected = EPSILON * np.sqrt(np.mean((moves @ written.T) ** 2, axis=1))
    assert linear_changes(SMALL, moves * half, 16) == pytest.approx(expected)
    # Along an eigenvector, sloppy ones too, it is the root of its value.
    along = linear_changes(SMALL, own * half, (16, 16)) / EPSILON
    assert along == pytest.approx(np.sqrt(found), rel=1e-6)


def test_with_fewer_numbers_than_synapses_the_rest_of_the_spectrum_is_zero():
    derivative, half = jacobian(SMALL, (1, 2)), np.ones(54)
    written = derivative.reshape(6, 54) / EPSILON
    values, vectors = stiffness(derivative, half)
    expected = np.linalg.eigvalsh(written @ written.T / 6)[::-1]
    assert values[:6] == pytest.approx(expected) and values[6:].tolist() == [0.0] * 48
    assert vectors.shape == (54, 54)


def test_a_spectrum_of_twenty_decades_is_seen_to_its_end():
    half = np.array([1, 1, 1, 1, 1, 1, 1, 1, 1e-10])
    values, vectors = stiffness(jacobian(Network(ONE_LAYER, np.zeros(9)), 16), half)
    assert values[-1] / values[2] == pytest.approx(1e-20, rel=1e-6)
    assert abs(vectors[-1]) == pytest.approx(np.eye(9)[-1])


def test_overlap_and_its_random_control():
    vectors = ortho_group.rvs(20, random_state=0)
    inside = np.array([2.0, -1, 3]) @ vectors[[1, 4, 6]]
    found = overlap(vectors, [inside])[0]
    assert found[[0, 1, 3, 4, 6]] == pytest.approx(np.array([0, 4, 4, 5, 14]) / 14, abs=1e-12)
    assert (np.diff(found) >= -1e-15).all() and found[-1] == pytest.approx(1)
    drawn = [overlap(ortho_group.rvs(20, random_state=s), [inside])[0] for s in range(400)]
    expected = random_overlap(20, (0.1, 0.5, 0.9))
    quantiles = np.quantile(drawn, (0.1, 0.5, 0.9), axis=0).T
    np.testing.assert_allclose(quantiles, expected, atol=0.05)


def test_stiff_overlaps_of_noise_follow_the_spectrum():
    properties = any_properties(4, 16)
    report = stiff_overlaps(SMALL, properties, 16, draws=600)
    shares = np.cumsum(report["values"]) / report["values"].sum()
    # In expectation, numerator and denominator apart: noise takes directions by their values.
    assert report["noise"].mean(axis=0)[4] == pytest.approx(shares[4], abs=0.05)
    assert report["gradients"].shape == report["moves"].shape == (4, 54)
    assert report["elsewhere"].shape == (4, 54)
    # Over all directions everything is inside, and a direction alone never holds more than all.
    for key in ("gradients", "moves", "elsewhere", "noise"):
        assert report[key][:, -1] == pytest.approx(1, abs=1e-5)
    for key in ("gradient", "move", "elsewhere", "noise"):
        nearest = report[f"nearest_{key}"]
        assert nearest.min() > 0 and nearest.max() <= 1 + 1e-6
    # A property whose gradient is the first eigenvector's picture lies in it altogether.
    half = working_ranges(SMALL, 16).usable
    first = stiffness(jacobian(SMALL, 16), half)[1][0] * half
    by_pixel = (jacobian(SMALL, 16).reshape(-1, 54) @ first).reshape(16, 16, 3)
    stiff = linear_property("stiff", by_pixel)
    again = stiff_overlaps(SMALL, [stiff, *properties[:2]], 16, half=half)
    vectors = stiffness(jacobian(SMALL, 16), half)[1]
    involved = [1 / sum(part**4 for part in vector) for vector in vectors]
    assert again["participation"] == pytest.approx(involved, rel=1e-6)
    assert again["gradients"][0, 0] == pytest.approx(1, abs=1e-4)
    assert again["nearest_gradient"][0] == pytest.approx(1, abs=1e-4)


PAIR = any_properties(2)


@pytest.mark.parametrize(
    ("call", "error", "says"),
    [
        (lambda: compare_bases(SMALL, PAIR[:1], SIZE), ValueError, "at least 2"),
        (lambda: compare_bases(SMALL, PAIR, SIZE, half=np.ones(3)), ValueError, "3"),
        (lambda: equal_change_lengths(SMALL, np.ones((2, 3))), ValueError, r"give \(n, 54\)"),
        (lambda: equal_change_lengths(SMALL, np.ones((1, 54, 54))), ValueError, r"give \(n, 54\)"),
        (lambda: equal_change_lengths(SMALL, np.zeros((2, 54))), ValueError, "direction 0 is zero"),
        (lambda: importances(np.zeros((2, 2, 3))), ValueError, "no direction moves"),
        (lambda: importances(np.full((2, 2, 3), np.nan)), ValueError, "no direction moves"),
        (lambda: paired_comparison([1.0], [1.0, 2]), ValueError, "of both"),
        (lambda: paired_comparison([], []), ValueError, "of both"),
        (lambda: paired_comparison([1.0, np.nan], [1.0, 2]), ValueError, "pair 1 is not finite"),
        (lambda: stiff_overlaps(SMALL, PAIR, SIZE, np.ones(3)), ValueError, "3 working ranges"),
        (lambda: mixed_maps(np.ones((1, 4, 4))), ValueError, "at least 2 neurons"),
    ],
)
def test_what_makes_no_sense_is_said(call, error, says):
    with pytest.raises(error, match=says):
        call()


@pytest.mark.parametrize("count", [1, 459, 461])
def test_directions_for_another_number_of_synapses_are_refused(count):
    """Oracle: the article's wiring has 460."""
    with pytest.raises(ValueError, match=r"give \(n, 460\)"):
        equal_change_lengths(Network.random(article_wiring()), np.ones((2, count)), size=8)


def test_the_interval_of_paired_differences_is_that_of_bootstrapped_medians():
    """Oracle: the median of 43 draws is at most the k-th of 43 numbers with the chance that 22 or
    more draws are: 2.1 % for k = 15, more than 2.5 % for 16; and the same from the top.
    """
    chances = binom.sf(21, 43, np.arange(44) / 43)
    low = int(np.searchsorted(chances, 0.025))
    numbers = np.random.default_rng(1).permutation(np.arange(1.0, 44))
    found = paired_comparison(numbers, np.zeros(43))
    assert (found.low, found.high) == (low, 44 - low)


def test_the_quantiles_of_an_overlap_are_named_in_no_other_order():
    """Oracle: SciPy's Beta distribution; by default the middle and 5 % to each side."""
    found = random_overlap(7)
    for n in range(1, 7):
        np.testing.assert_allclose(
            found[n - 1], beta(n / 2, (7 - n) / 2).ppf([0.05, 0.5, 0.95]), atol=1e-9
        )


def test_maps_of_another_shape_are_not_mixed():
    for shape in ((5, 6), (2, 4, 5, 6), (1, 5, 6)):
        with pytest.raises(ValueError, match="give \\(N, H, W\\) of at least 2 neurons"):
            mixed_maps(np.ones(shape))


def test_a_random_mixture_is_of_the_synapses_asked_for_and_drawn_anew_by_each_seed():
    mixtures = np.array([random_mixture(200, range(50), seed=seed) for seed in range(400)])
    assert not mixtures[:, 50:].any() and mixtures[:, :50].all()
    assert mixtures[:, :50].mean() == pytest.approx(0, abs=0.03)
    assert mixtures[:, :50].std() == pytest.approx(1, abs=0.03)
    some = np.array([random_mixture(20, count=5, seed=seed) != 0 for seed in range(400)])
    assert (some.sum(axis=1) == 5).all()
    assert some.mean(axis=0) == pytest.approx(np.full(20, 0.25), abs=0.1)
