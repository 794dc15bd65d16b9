"""Oracles: points counted one by one, the definition of a share."""

import numpy as np
import pytest

from ensembles_lib.ensembles import part_of, share_outside


@pytest.mark.parametrize("seed", range(6))
def test_part_against_counting_points(seed):
    pattern = np.random.default_rng(seed).standard_normal((7, 9, 3)) ** 3
    energy = {(y, x): float(np.sum(pattern[y, x] ** 2)) for y in range(7) for x in range(9)}
    total, held, chosen = sum(energy.values()), 0.0, []
    for place in sorted(energy, key=energy.get, reverse=True):
        if held >= 0.9 * total:
            break
        held += energy[place]
        chosen.append(place)
    part = part_of(pattern)
    for y, x in energy:
        near = any(max(abs(y - v), abs(x - u)) <= 2 for v, u in chosen)
        assert part[y, x] == near


def test_part_does_not_reach_around_the_picture():
    pattern = np.zeros((8, 8, 3))
    pattern[0, 0] = 1
    assert {tuple(place) for place in np.argwhere(part_of(pattern)).tolist()} == {
        (y, x) for y in range(3) for x in range(3)
    }


@pytest.mark.parametrize("seed", range(4))
def test_share_outside_against_a_loop(seed):
    rng = np.random.default_rng(seed)
    change, part = rng.standard_normal((5, 6, 3)), rng.random((5, 6)) < 0.4
    outside = total = 0.0
    for y in range(5):
        for x in range(6):
            for channel in range(3):
                total += change[y, x, channel] ** 2
                outside += 0.0 if part[y, x] else change[y, x, channel] ** 2
    assert share_outside(change, part) == pytest.approx(outside / total)


def test_share_outside_at_the_ends():
    change = np.ones((4, 4, 3))
    assert share_outside(change, np.ones((4, 4), bool)) == 0
    assert share_outside(change, np.zeros((4, 4), bool)) == 1
    assert np.isnan(share_outside(0 * change, np.ones((4, 4), bool)))


def test_wrong_shapes_are_refused_in_words():
    with pytest.raises(ValueError, match="give \\(H, W, C\\)"):
        part_of(np.ones((4, 4)))
    with pytest.raises(ValueError, match="takes part"):
        part_of(np.zeros((4, 4, 3)))
    with pytest.raises(ValueError, match="of bool"):
        share_outside(np.ones((4, 4, 3)), np.ones((4, 4)))
    with pytest.raises(ValueError, match="of bool"):
        share_outside(np.ones((4, 4, 3)), np.ones((3, 4), bool))
