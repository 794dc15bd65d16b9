"""Oracles: products written out, SciPy's Beta distribution, planted answers."""

import numpy as np
import pytest
from measuring.bases import linear_changes
from scipy.stats import beta, ortho_group
from wirings import ONE_LAYER, SMALL, linear_property

from ensembles_lib import Network, jacobian, working_ranges
from ensembles_lib.ensembles.spectrum import overlap, random_overlap, stiff_overlaps, stiffness
from ensembles_lib.sweeps.ranges import EPSILON


def any_properties(n, size=16, seed=0):
    noise = np.random.default_rng(seed).standard_normal((n, size, size, 3))
    return [linear_property(f"property {a}", one) for a, one in enumerate(noise)]


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


def test_the_quantiles_of_an_overlap_are_named_in_no_other_order():
    """Oracle: SciPy's Beta distribution; by default the middle and 5 % to each side."""
    found = random_overlap(7)
    for n in range(1, 7):
        np.testing.assert_allclose(
            found[n - 1], beta(n / 2, (7 - n) / 2).ppf([0.05, 0.5, 0.95]), atol=1e-9
        )


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


PAIR = any_properties(2, 12)


@pytest.mark.parametrize(
    ("call", "error", "says"),
    [
        (lambda: stiff_overlaps(SMALL, PAIR, 12, np.ones(3)), ValueError, "3 working ranges"),
    ],
)
def test_what_makes_no_sense_is_said(call, error, says):
    with pytest.raises(error, match=says):
        call()
