"""Oracles: what is stored, laws of learning written down, effects and drawings that are planted."""

from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
from measuring import borders, comparing, ensembles, pictures, places, synapses
from measuring.gathering import TRAINED
from measuring.results import differences
from measuring.traits import usable_ranges

from ensembles_lib.core import Network, Picture, article_wiring
from ensembles_lib.properties import measure_all
from ensembles_lib.study.claims.places import blobs, gaps, linear, moved_by_bases
from ensembles_lib.study.evidence import gathered
from ensembles_lib.study.peacock_study import SIZE, Drawing, open_networks

DATA = Path(__file__).resolve().parents[2] / "data"
WIDE = "wide-levenberg-marquardt-0.001"


def test_rules_that_do_not_separate_points_learn_by_their_own_law():
    """Hebb's first step from nothing is 8:4:2:1; a mutation never makes more mistakes."""
    wiring = Network.random(comparing.compare_binary(4).network.wiring, seed=0).wiring
    learnt = comparing.learn_to_compare(comparing.hebb, 4, np.zeros((1, 8)), passes=1).weights[0]
    np.testing.assert_allclose(learnt / learnt[3], [8, 4, 2, 1, -8, -4, -2, -1])
    start = np.random.default_rng(3).standard_normal((1, 8))
    wrong = [
        comparing.mistakes(wiring, comparing.learn_to_compare(
            comparing.mutation, 4, start, passes=n).weights[0], 4)
        for n in (0, 5, 50)
    ]  # fmt: skip
    assert wrong[0] >= wrong[1] >= wrong[2] < wrong[0]


def test_the_drawing_is_the_oracle_of_the_measure():
    """In a drawing of two plain colours the measure finds both; a hidden third it cannot."""
    numbers = np.zeros((128, 128), int)
    numbers[:, 64:] = 1
    pixels = np.where(numbers[:, :, None] == 1, 0.5, -0.5) * np.ones(3)
    numbers[:10, :10] = 2  # of the colour of its ground
    picture = Picture(pixels)
    drawing = SimpleNamespace(fine=picture, fine_elements=numbers, names=["a", "b", "c"])
    found = pictures.measure_drawing(drawing)
    assert found["told_names"] == ["a", "b"] and found["told"][2] < 0.2


def test_properties_elsewhere_are_the_same_moved():
    """Oracle: a shifted and turned derivative has the same numbers at other places."""
    rng = np.random.default_rng(0)
    picture = rng.uniform(-1, 1, (SIZE, SIZE, 3))
    spot = linear(np.zeros((SIZE, SIZE, 3)), "spot").measure(picture)[1].copy()
    spot[3:9, 4:6, 1] = 1.0
    reads = linear(spot, "spot")
    assert reads.measure(picture)[0] == pytest.approx(picture[3:9, 4:6, 1].sum())
    moved_ = places.elsewhere([reads], picture, seed=4)[0].measure(picture)[1]
    assert (moved_ != spot).any() and np.sort(moved_.ravel()).tolist() == np.sort(
        spot.ravel()
    ).tolist()
    np.testing.assert_array_equal(places.in_place([reads], picture)[0].measure(picture)[1], spot)
    again = [measure_all(blobs(s), picture)[1] for s in (0, 0, 1)]
    assert (again[0] == again[1]).all() and (again[0] != again[2]).any()


def test_copies_of_a_property_all_move_and_blobs_as_it_was_stored():
    """Oracles: one property is moved as one, three copies of it as three; the evidence."""
    birds = "narrow-levenberg-marquardt-0.001"
    network = Network.load(DATA / "runs" / f"{birds}-seed3.npz")
    half = usable_ranges(network)
    spot = blobs()[0].measure(np.zeros((SIZE, SIZE, 3)))[1]
    copies = [linear(spot, name) for name in "abc"]
    assert moved_by_bases(network, copies[:1], half) == pytest.approx([1] * 4)
    assert moved_by_bases(network, copies, half) == pytest.approx([3] * 4)
    stored = gathered(birds).open(DATA)["places"].blobs[3]
    assert moved_by_bases(network, blobs(), half) == pytest.approx(stored, rel=1e-3)
    gap = gaps(SimpleNamespace(blobs=[[1, 2, 3, 7], [1, 3, 3, 4]]), "blobs")
    assert gap.tolist() == [5, 1]


def test_a_move_that_changes_nothing_misses_nothing_that_could_be_told(monkeypatch):
    """Two synapses without a range: no sum to miss."""
    network = Network.random(article_wiring(), seed=0)
    assert np.isnan(synapses._missed(network, np.zeros(460), 3, 4))
    assert 0 < synapses._missed(network, np.full(460, 0.5), 3, 4) < 2


SHARED = {
    "drawing": lambda: pictures.measure_drawing(Drawing.open(DATA)),
    "comparators": comparing.measure_comparators,
    "planted": ensembles.measure_planted,
    "searches": lambda: ensembles.measure_searches(DATA),
    "lines": borders.measure_lines,
}
EXACT = {"comparators": ("solved", "solved_otherwise"), "lines": ("learnt_movable",)}
OF_A_NETWORK = (
    "maps", "mixtures", "places", "starts", "cancel", "areas", "sweeps", "components", "exact",
    "exact_moves",
)  # fmt: skip


@pytest.mark.parametrize("name", SHARED)
def test_experiments_give_what_is_stored(name):
    """Oracle: the shipped numbers; of the experiments that take seconds."""
    numbers, stored = SHARED[name](), vars(gathered("shared").open(DATA)[name])
    for key in EXACT.get(name, ()):
        assert stored[key] == numbers.pop(key)
    assert differences({key: stored[key] for key in numbers}, numbers) == []


@pytest.mark.parametrize("name", OF_A_NETWORK)
def test_experiments_on_a_network_give_what_is_stored(name):
    trained, stored = open_networks(DATA, [WIDE]), gathered(WIDE).open(DATA)[name]
    numbers = TRAINED[name](next(iter(trained.values())), Drawing.open(DATA))
    of_first = {key: each[0] for key, each in vars(stored).items()}
    assert differences(of_first, numbers) == []
