"""Oracles: the library's own pieces, network by network; what makes the stored numbers stale."""

import shutil
from pathlib import Path

import numpy as np
import pytest
from measuring.spills import measured_spill

from ensembles_lib import Network, layered_wiring, samples
from ensembles_lib.ensembles import components, part_of, spill
from ensembles_lib.study.results import StaleResultsError
from ensembles_lib.study.spills import COUNTS, SEEDS, SPILL, open_spill, spill_networks

DATA = samples.path()


@pytest.fixture
def copied(tmp_path):
    """Return a folder of data with all that spills are made from."""
    shutil.copytree(DATA / "runs", tmp_path / "runs")
    (tmp_path / "study").mkdir()
    for name in ("peacock.npz", SPILL.file):
        shutil.copy(DATA / name, tmp_path / name)
    return tmp_path


def test_what_is_measured_of_a_network():
    network = Network.random(layered_wiring((2, 4, 3)), seed=1)
    told = measured_spill(network, count=3)
    found = components(network, count=3)
    assert told["patterns"] == 3 and told["energy"] == pytest.approx(found.energy.sum())
    assert told["outside"] == np.median([spill(network, found, n) for n in range(3)])
    assert told["part"] == np.median([part_of(pattern).sum() / 64**2 for pattern in found.maps])
    sets = [{*found.members(n).tolist()} for n in range(3)]
    assert told["synapses"] == sorted(map(len, sets))[1]
    leads = [len({int(network.wiring.target[k]) for k in one}) for one in sets]
    assert told["neurons"] == sorted(leads)[1]


def test_random_networks_are_as_steep_as_the_bird():
    bird, kinds = samples.peacock_network(), spill_networks(DATA)
    size = np.linalg.norm(bird.weights)
    for seed, network in zip(SEEDS, kinds["random"], strict=True):
        drawn = Network.random(bird.wiring, seed=seed).weights
        assert np.dot(drawn, network.weights) == pytest.approx(np.linalg.norm(drawn) * size)
        assert np.linalg.norm(network.weights) == pytest.approx(size)


def test_the_stored_measurements_are_of_these_networks():
    stored, networks = open_spill(DATA), spill_networks(DATA)
    assert [*stored] == [*networks] == [*COUNTS]
    for kind, told in stored.items():
        assert len(told) == len(SEEDS)
        assert COUNTS[kind] is None or {one["patterns"] for one in told} == {COUNTS[kind]}
    # One network of the 32 measured again.
    again = measured_spill(networks["random, few patterns"][4], None)
    assert stored["random, few patterns"][4] == pytest.approx(again, rel=1e-3)


def test_measurements_of_other_networks_are_refused(copied):
    runs = Path(copied, "runs")
    one, other = (runs / f"narrow-backprop-0.001-seed{n}.npz" for n in (0, 1))
    shutil.copy(one, other)
    with pytest.raises(StaleResultsError, match="has networks"):
        open_spill(copied)
