"""Oracles: moves really painted, supports and lengths as promised, the article's 460 synapses."""

import numpy as np
import pytest
from wirings import DEEP, SMALL

from ensembles_lib import Network, article_wiring, jacobian, working_ranges
from ensembles_lib.ensembles import (
    equal_change_lengths,
    late_and_mixed,
    linear_ranges,
    mixed_maps,
    random_bases,
    random_mixture,
)
from ensembles_lib.ensembles.spectrum import stiffness
from ensembles_lib.sweeps.ranges import EPSILON
from ensembles_lib.sweeps.sweeps import paint_moves

SIZE = 12


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


def test_a_random_mixture_is_of_the_synapses_asked_for_and_drawn_anew_by_each_seed():
    mixtures = np.array([random_mixture(200, range(50), seed=seed) for seed in range(400)])
    assert not mixtures[:, 50:].any() and mixtures[:, :50].all()
    assert mixtures[:, :50].mean() == pytest.approx(0, abs=0.03)
    assert mixtures[:, :50].std() == pytest.approx(1, abs=0.03)
    some = np.array([random_mixture(20, count=5, seed=seed) != 0 for seed in range(400)])
    assert (some.sum(axis=1) == 5).all()
    assert some.mean(axis=0) == pytest.approx(np.full(20, 0.25), abs=0.1)


def test_maps_of_another_shape_are_not_mixed():
    for shape in ((5, 6), (2, 4, 5, 6), (1, 5, 6)):
        with pytest.raises(ValueError, match="give \\(N, H, W\\) of at least 2 neurons"):
            mixed_maps(np.ones(shape))


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


@pytest.mark.parametrize("count", [1, 459, 461])
def test_directions_for_another_number_of_synapses_are_refused(count):
    """Oracle: the article's wiring has 460."""
    with pytest.raises(ValueError, match=r"give \(n, 460\)"):
        equal_change_lengths(Network.random(article_wiring()), np.ones((2, count)), size=8)


@pytest.mark.parametrize(
    ("call", "error", "says"),
    [
        (lambda: equal_change_lengths(SMALL, np.ones((2, 3))), ValueError, r"give \(n, 54\)"),
        (lambda: equal_change_lengths(SMALL, np.ones((1, 54, 54))), ValueError, r"give \(n, 54\)"),
        (lambda: equal_change_lengths(SMALL, np.zeros((2, 54))), ValueError, "direction 0 is zero"),
        (lambda: mixed_maps(np.ones((1, 4, 4))), ValueError, "at least 2 neurons"),
    ],
)
def test_what_makes_no_sense_is_said(call, error, says):
    with pytest.raises(error, match=says):
        call()


def test_late_maps_and_mixtures_are_on_one_contrast():
    """Oracle: neurons 31 to 33 up to a shift and a scale; mixtures lie within their span."""
    maps = late_and_mixed(DEEP, count=3, size=SIZE).reshape(6, -1)
    late = DEEP.activations(SIZE)[31:34].reshape(3, -1)
    np.testing.assert_allclose(np.corrcoef(maps[:3], late)[[0, 1, 2], [3, 4, 5]], 1, atol=1e-5)
    left = np.linalg.lstsq(maps[:3].T, maps[3:].T, rcond=None)[1]
    np.testing.assert_allclose(left, 0, atol=1e-6)
    np.testing.assert_allclose(maps.std(axis=1), 2 / 3, atol=1e-5)
