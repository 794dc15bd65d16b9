"""Oracles: finite differences of painted properties, the Jacobian written out, closed forms."""

from typing import NamedTuple

import numpy as np
import pytest

from ensembles_lib import Network, article_wiring, jacobian, layered_wiring
from ensembles_lib.ensembles import (
    leak,
    linear_ranges,
    selectivity,
    sensitivity,
    units,
)
from ensembles_lib.properties.measurements import Measurement, painted

SIZE = (9, 12)
NETWORK = Network.random(article_wiring(), seed=3)
SMALL = Network.random(layered_wiring((2, 5, 3)), seed=1)


class Made(NamedTuple):
    """A property, as far as measurements care."""

    name: str
    measure: object


def bent(name, seed):
    """A property that is not linear in the pixels."""
    mask = np.random.default_rng(seed).standard_normal((*SIZE, 3))

    def measure(pixels):
        value = np.mean(mask * pixels**2) + np.mean(pixels * mask[::-1])
        return value, (2 * mask * pixels + mask[::-1]) / mask.size

    return Made(name, measure)


PROPERTIES = [bent(name, seed) for seed, name in enumerate(("tilt", "width", "green"))]


def test_gradients_against_finite_differences_of_painted_properties():
    measured = painted(NETWORK, PROPERTIES, SIZE, np.float64)
    values, by_weight = measured.slopes(NETWORK.weights)
    for a, one in enumerate(PROPERTIES):
        assert values[a] == pytest.approx(one.measure(NETWORK.paint(SIZE).pixels)[0], abs=1e-14)
    for k in (0, 2, 40, 211, 418, 459):
        step = np.zeros(460)
        step[k] = 1e-4
        up, down = (measured.values(NETWORK.weights + sign * step) for sign in (1, -1))
        assert by_weight[:, k] == pytest.approx((up - down) / 2e-4, rel=1e-5, abs=1e-9)


def test_gradients_against_the_jacobian_written_out():
    _, by_weight = painted(SMALL, PROPERTIES, SIZE).slopes(SMALL.weights)
    pixels = SMALL.paint(SIZE).pixels
    by_pixel = np.array([one.measure(pixels)[1] for one in PROPERTIES])
    expected = np.einsum("ahwc,hwcs->as", by_pixel, jacobian(SMALL, SIZE))
    assert by_weight == pytest.approx(expected, rel=1e-3, abs=1e-5 * np.abs(expected).max())


def test_some_properties_are_rows_of_all_in_any_number_of_blocks(monkeypatch):
    measured = painted(SMALL, PROPERTIES, SIZE, np.float64)
    values, by_weight = measured.slopes(SMALL.weights)
    some_values, some = measured.slopes(SMALL.weights, [2, 0])
    assert np.array_equal(some_values, values[[2, 0]])
    assert some == pytest.approx(by_weight[[2, 0]], rel=1e-12)
    assert measured.values(SMALL.weights, [1]) == pytest.approx(values[[1]], rel=1e-14)
    monkeypatch.setattr("ensembles_lib.properties.measurements.BLOCK", 1)
    assert measured.slopes(SMALL.weights)[1] == pytest.approx(by_weight, rel=1e-12)


def test_single_precision_is_a_thousand_times_finer_than_a_leak_that_matters():
    _, exact = painted(NETWORK, PROPERTIES, SIZE, np.float64).slopes(NETWORK.weights)
    _, quick = painted(NETWORK, PROPERTIES, SIZE).slopes(NETWORK.weights)
    error = np.linalg.norm(quick - exact, axis=1) / np.linalg.norm(exact, axis=1)
    assert 0 < error.max() < 1e-5


def test_linear_ranges_against_the_jacobian_written_out():
    written = jacobian(NETWORK, SIZE)
    expected = 0.05 / np.sqrt(np.mean(written**2, axis=(0, 1, 2)))
    assert linear_ranges(NETWORK, SIZE) == pytest.approx(expected, rel=1e-4)


def test_sensitivity_in_closed_form_and_its_invariances():
    rng = np.random.default_rng(0)
    by_weight, half = rng.standard_normal((3, 8)), rng.uniform(0.1, 2, 8)
    expected = by_weight * half
    expected /= np.sqrt(np.mean(expected**2, axis=1, keepdims=True))
    found = sensitivity(by_weight, half)
    assert found == pytest.approx(expected)
    assert np.mean(found**2, axis=1) == pytest.approx(1)
    # A property in other units; weights in other units, whose ranges grow as derivatives shrink.
    assert sensitivity(by_weight * [[2], [3], [1e-9]], half) == pytest.approx(found)
    unit = rng.uniform(0.1, 9, 8)
    assert sensitivity(by_weight / unit, half * unit) == pytest.approx(found)
    assert sensitivity(by_weight, 7 * half) == pytest.approx(found)


def test_a_synapse_without_bounded_range_counts_for_nothing():
    by_weight, half = np.array([[1.0, 2.0, 0.0]]), np.array([1.0, 1.0, np.inf])
    assert units(half).tolist() == [1, 1, 0]
    assert sensitivity(by_weight, half)[0] == pytest.approx(np.array([1, 2, 0]) / np.sqrt(2.5))


def test_selectivity_in_closed_form():
    # Equal shares of n properties are n properties.
    for n in range(1, 5):
        one = np.zeros((4, 1))
        one[:n] = (-1.0) ** np.arange(n)[:, None]
        assert selectivity(one) == pytest.approx([n])
    shares = np.array([0.5, 0.25, 0.25])
    assert selectivity(np.sqrt(shares)[:, None]) == pytest.approx([2**1.5])
    assert np.isnan(selectivity(np.zeros((3, 1)))).all()


def test_leak_in_closed_form():
    moves = np.array([[3.0, 0, 1], [-4, 1, 0], [2, 0, 0]])
    assert leak(moves, 2)[:1] == pytest.approx([2.5]) and np.isinf(leak(moves, 2)[1:]).all()
    assert leak(moves[:, 0] * -5, 2) == pytest.approx(2.5)


def test_impossible_properties_are_named():
    flat = np.ones((2, 3))
    with pytest.raises(ValueError, match="'dead' is constant"):
        sensitivity([[1, 2, 3], [0, 0, 0]], np.ones(3), ["alive", "dead"])
    with pytest.raises(ValueError, match="'b' has derivatives that are not finite"):
        sensitivity([[1, 2, 3], [0, np.nan, 0]], np.ones(3), ["a", "b"])
    with pytest.raises(ValueError, match="4 working ranges"):
        sensitivity(flat, np.ones(4))
    for half, says in ((-np.ones(3), "from 0 up"), (np.full(3, np.inf), "no synapse")):
        with pytest.raises(ValueError, match=says):
            sensitivity(flat, half)
    with pytest.raises(ValueError, match="no property 'tail'.*'tilt', 'width', 'green'"):
        painted(NETWORK, PROPERTIES, SIZE).number("tail")
    with pytest.raises(ValueError, match="no property 3"):
        painted(NETWORK, PROPERTIES, SIZE).number(3)
    with pytest.raises(ValueError, match="at least one, each name once"):
        painted(NETWORK, PROPERTIES[:1] * 2, SIZE)
    with pytest.raises(ValueError, match="at least one, each name once"):
        painted(NETWORK, [], SIZE)
    with pytest.raises(ValueError, match="needs x, y, 1"):
        painted(Network.random(layered_wiring((1, 1))), PROPERTIES, SIZE)


def test_what_cannot_be_measured_is_nan_in_the_shape_asked_for():
    """Oracle: the shapes of the docstring, of all properties and of some."""

    def fails(weights, which=None):
        raise ValueError("nothing to measure")

    measured = Measurement(("a", "b", "c"), fails, fails)
    for which, count in ((None, 3), ([1], 1), ([2, 0], 2)):
        values, by_weight = measured.slopes_or_nan(np.zeros(5), which)
        assert values.shape == measured.or_nan(np.zeros(5), which).shape == (count,)
        assert by_weight.shape == (count, 5)
        assert np.isnan(values).all() and np.isnan(by_weight).all()


def test_effects_and_ranges_are_of_the_same_picture_unless_told_otherwise():
    """Oracle: the size that a property is shown, and ranges of a picture of that size."""
    seen = []

    def measure(pixels):
        seen.append(pixels.shape)
        return pixels.mean(), np.full(pixels.shape, 1 / pixels.size)

    painted(SMALL, [Made("mean", measure)]).values(SMALL.weights)
    assert seen == [(96, 96, 3)]
    assert (linear_ranges(SMALL) == linear_ranges(SMALL, 96)).all()
