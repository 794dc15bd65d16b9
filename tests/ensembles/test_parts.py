"""Oracles: points counted one by one, the definition of a share as a loop."""

import numpy as np
import pytest

from ensembles_lib import Network, layered_wiring
from ensembles_lib.ensembles import components, part_of, spill, spills, typical
from ensembles_lib.sweeps import pulled

NETWORK = Network.random(layered_wiring((2, 4, 3)), seed=1)


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


@pytest.mark.parametrize("seed", range(3))
def test_spill_against_a_loop(seed):
    found = components(NETWORK, count=3, size=12, seed=seed)
    pulled_to = pulled(NETWORK, found.direction(seed), 4, 12).paint(12).pixels
    start, part = NETWORK.paint(12).pixels, part_of(found.maps[seed])
    outside = total = 0.0
    for y in range(12):
        for x in range(12):
            for channel in range(3):
                squared = (pulled_to[y, x, channel] - start[y, x, channel]) ** 2
                total += squared
                outside += 0.0 if part[y, x] else squared
    assert 0 < outside < total
    assert spill(NETWORK, found, seed, times=4) == pytest.approx(outside / total)


def test_spills_are_those_of_all_patterns_and_the_typical_one_is_in_the_middle():
    found = components(NETWORK, count=3, size=12)
    shares = spills(NETWORK, found, times=4)
    assert shares.tolist() == [spill(NETWORK, found, which, times=4) for which in range(3)]
    assert shares[typical(shares)] == np.median(shares)
    assert typical([4.0, 1.0, 3.0, 2.0]) == 3


def test_spill_at_the_ends():
    found = components(NETWORK, count=2, size=12)
    everywhere = found._replace(maps=np.ones_like(found.maps))
    assert spill(NETWORK, everywhere, 0) == 0
    assert np.isnan(spill(NETWORK, found, 0, times=0))
    with pytest.raises(IndexError):
        spill(NETWORK, found, 2)


def test_wrong_shapes_are_refused_in_words():
    with pytest.raises(ValueError, match="give \\(H, W, C\\)"):
        part_of(np.ones((4, 4)))
    with pytest.raises(ValueError, match="takes part"):
        part_of(np.zeros((4, 4, 3)))
