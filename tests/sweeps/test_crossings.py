"""Oracles: changes whose crossings are known in closed form."""

import numpy as np
import pytest

from ensembles_lib.sweeps.crossings import FAR, SCAN, first_crossings


def search(change, linear, level=0.05, size=64):
    """Search up and down in a change that is a function of size, search and signed move."""
    sign = np.tile([-1.0, 1.0], len(linear))

    def change_at(size, searches, moves):
        assert moves.shape[0] == len(searches) and (np.sign(moves) == sign[searches, None]).all()
        return change(size[0], searches[:, None] // 2, moves)

    return first_crossings(change_at, sign, np.repeat(linear, 2), size, level)


def test_powers():
    scales, powers = np.array([0.1, 3.0, 20.0, 0.02]), np.array([1.0, 2.0, 0.5, 1.5])
    found = search(lambda _, k, m: (np.abs(m) / scales[k]) ** powers[k], scales * 0.05)
    np.testing.assert_allclose(found, np.repeat(scales * 0.05 ** (1 / powers), 2), rtol=3e-4)


def test_two_sides():
    found = search(lambda _, k, m: np.where(m > 0, m, -2 * m), np.array([0.04]))
    np.testing.assert_allclose(found, [0.025, 0.05], rtol=2e-4)


def test_the_first_of_several_crossings():
    found = search(lambda _, k, m: np.abs(np.sin(m)) / 10, np.array([0.5]))
    np.testing.assert_allclose(found, np.pi / 6, rtol=2e-4)


def test_a_jump_is_bisected():
    found = search(lambda _, k, m: np.where(np.abs(m) < 0.7, 0.0499, 0.9), np.array([0.6]))
    np.testing.assert_allclose(found, 0.7, rtol=1e-5)


def test_never():
    found = search(lambda _, k, m: 0.0499 * np.tanh(np.abs(m)), np.array([0.05, np.inf]))
    assert np.isinf(found).all()


@pytest.mark.parametrize("factor", [0.7, 0.98, 1.02, 1.5])
def test_the_whole_picture_counts_not_the_small_one(factor):
    def change(size, _, moves):
        return (factor if size == SCAN else 1.0) * np.tanh(np.abs(moves)) * 0.051

    found = search(change, np.array([0.05]))
    np.testing.assert_allclose(found, np.arctanh(0.05 / 0.051), rtol=5e-3)


def test_only_the_small_picture_gets_there():
    def change(size, _, moves):
        return (1.1 if size == SCAN else 0.9) * np.tanh(np.abs(moves)) * 0.05

    assert np.isinf(search(change, np.array([0.05]))).all()


def test_a_bump_is_not_stepped_over():
    def change(_, k, moves):
        far = np.abs(moves)
        return np.where((far > 0.3) & (far < 0.45), 0.06, 0.01 * far)

    found = search(change, np.array([1.0]))  # 0.25, 0.35, … of the linear estimate are looked at
    np.testing.assert_allclose(found, 0.3, rtol=1e-5)


@pytest.mark.parametrize("linear", [0.003, 0.04, 1.0, np.inf])
def test_the_scan_goes_up_in_steps_of_the_root_of_two(linear):
    """Oracle: the moves looked at, from a quarter of the estimate (at most 1) on past `FAR`."""
    seen = []

    def change(size, _, moves):
        if size == SCAN:
            seen.extend(np.abs(moves[0]))
        return 0.0 * moves

    assert np.isinf(search(change, np.array([linear]))).all()
    assert seen[0] == pytest.approx(min(linear, 1.0) / 4)
    np.testing.assert_allclose(np.divide(seen[1:], seen[:-1]), 2**0.5)
    assert seen[-1] * 2**0.5 >= FAR and seen[-9] < FAR


@pytest.mark.parametrize("linear", [0.003, 0.04, 1.0])
def test_a_bump_is_not_stepped_over_from_afar_either(linear):
    """A bump wider than √2 is found wherever the scan starts; its edge is known."""

    def change(_, k, moves):
        far = np.abs(moves)
        return np.where((far > 0.3) & (far < 0.45), 0.06, 0.01 * far)

    np.testing.assert_allclose(search(change, np.array([linear])), 0.3, rtol=1e-5)
