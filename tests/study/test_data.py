"""The shipped files are what data/README.md says, and their tools still make them."""

import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from choose_birds import RULE, choose, purity, shows_the_pair
from measuring.birds import far_moves
from measuring.trainings import is_trained, open_picture, size, start

from ensembles_lib import (
    History,
    Network,
    Picture,
    article_wiring,
    open_regions,
    rmse,
    samples,
    train_levenberg_marquardt,
)
from ensembles_lib.study.peacock_study import MAIN, METHODS, TRAININGS, Training
from ensembles_lib.study.results import network_digest

ROOT = Path(__file__).resolve().parents[2]
DATA = ROOT / "data"
RUNS = sorted((DATA / "runs").glob("*.npz"))


@pytest.fixture(scope="module")
def peacock():
    return Picture.open(DATA / "peacock.png", size=128)


def test_the_picture_is_the_drawing(tmp_path):
    # Drawn in a copy of the folders, so that nothing here is overwritten.
    tool = tmp_path / "tools" / "data" / "draw_peacock.py"
    tool.parent.mkdir(parents=True)
    tool.write_bytes((ROOT / "tools" / "data" / "draw_peacock.py").read_bytes())
    subprocess.run([sys.executable, str(tool)], check=True)
    drawn = Picture.open(tmp_path / "data" / "peacock.png")
    # Other releases of Pillow may put an edge a little elsewhere.
    assert drawn.size == (256, 256) and rmse(drawn, Picture.open(DATA / "peacock.png")) < 0.01
    fresh = open_regions(tmp_path / "data" / "peacock_elements.png")
    stored = open_regions(DATA / "peacock_elements.png")
    assert fresh[1] == stored[1] and np.mean(fresh[0] != stored[0]) < 0.01


@pytest.mark.parametrize("entry", samples.NETWORKS)
def test_the_shipped_networks_paint_it(entry, peacock):
    network = samples.peacock_network(entry)
    assert network.wiring == article_wiring(entry)
    assert rmse(network.paint(128), peacock) <= 0.06
    assert np.sqrt(np.mean(network.weights**2)) <= 2


@pytest.mark.parametrize("entry", ["broad", "", "8", 8, None, ["wide"]])
def test_other_networks_of_the_peacock_do_not_ship(entry):
    with pytest.raises(ValueError, match="networks for narrow, strict, wide") as no:
        samples.peacock_network(entry)
    assert repr(entry) in str(no.value)


@pytest.mark.parametrize("path", sorted(DATA.glob("*_history.npz")), ids=lambda path: path.stem)
def test_histories_are_those_of_the_networks(path):
    network = Network.load(path.with_name(path.name.replace("_history", "")))
    history = History.load(path)
    # The lowest error may fall between two of the records that were kept.
    assert history.rmse.min() == pytest.approx(network.provenance["rmse"], abs=1e-4)


@pytest.mark.parametrize("entry", ["narrow", "strict", "wide"])
def test_the_shipped_networks_are_restricted_runs_by_levenberg_marquardt(entry):
    shipped = samples.peacock_network(entry)
    made = shipped.provenance
    assert (made["method"], made["energy_restriction"]) == ("levenberg-marquardt", 0.001)
    group = {"narrow": "quiet"}.get(entry, entry)  # of the narrow ones a quiet one ships
    run = DATA / "runs" / f"{group}-levenberg-marquardt-0.001-seed{made['seed']}.npz"
    assert Network.load(run) == shipped


def test_the_shipped_networks_are_those_that_the_rule_chooses():
    """Oracle: the rule, from the stored table; and the table's own networks."""
    table = json.loads((DATA / "study" / "birds.json").read_text(encoding="utf-8"))
    for group, entry in (("quiet", "narrow"), ("strict", "strict")):
        rows = table[group]["rows"]
        chosen = rows[choose([row["rmse"] for row in rows], rows)]
        assert chosen["digest"] == network_digest(samples.peacock_network(entry))
        assert table[group]["rule"] == RULE


def test_far_moves_of_the_shipped_bird_are_those_of_the_table():
    """Oracle: measured again; what README tells of synapses 0 and 1."""
    table = json.loads((DATA / "study" / "birds.json").read_text(encoding="utf-8"))
    row, again = (
        table["quiet"]["rows"][table["quiet"]["chosen"]],
        far_moves(samples.peacock_network()),
    )
    for name, numbers in again.items():
        if name not in ("turned", "shifted"):  # of a far shear both are near nothing
            assert np.allclose(numbers, row[name], rtol=0.01, atol=0.05), name
    assert shows_the_pair(again) and purity(again) > 0.99


def test_the_wide_network_is_the_best_of_eight():
    runs = [Network.load(path) for path in RUNS if path.stem.startswith(f"{MAIN}-seed")]
    assert len(runs) == 8
    assert samples.peacock_network("wide") == min(runs, key=lambda run: run.provenance["rmse"])


def training_of(path):
    """Return what made a network of the study, by the name of its file."""
    name, said = path.stem.replace("-equal-", "-"), Network.load(path).provenance
    known = {one.name: one for one in TRAININGS}
    if path.stem in known:
        return known[path.stem]
    beyond = Training(name.split("-")[0], seed=said["seed"])  # seeds that the study leaves out
    training = known.get(name, beyond)
    if "-equal-" in path.stem:
        training = training._replace(target=said["target"])
    return training


@pytest.mark.parametrize("path", RUNS, ids=lambda path: path.stem)
def test_every_run_is_what_its_name_and_its_provenance_say(path):
    network, training = Network.load(path), training_of(path)
    assert training.name == path.stem and network.wiring == start(training).wiring
    assert is_trained(training, DATA)
    side, said = size(training), network.provenance
    picture = open_picture(training.picture, side, DATA)
    # A decoder of photographs may differ by a level here and there.
    off = 2e-3 if training.picture == "portrait" else 1e-5
    assert rmse(network.paint(side), picture) == pytest.approx(said["rmse"], abs=off)


def test_all_32_wide_runs_are_there():
    groups = [
        f"wide-{method}-{restriction}" for method in METHODS for restriction in ("0.001", "0")
    ]
    expected = {f"{group}-seed{seed}" for group in groups for seed in range(8)}
    assert {path.stem for path in RUNS if path.stem.startswith("wide-")} >= expected


def test_training_from_scratch_reaches_the_bound(peacock):
    small = Picture.open(DATA / "peacock.png", size=96)
    start = Network.random(article_wiring(), seed=1)
    trained, _ = train_levenberg_marquardt(start, small, iterations=80, progress=False)
    assert rmse(trained.paint(128), peacock) < 0.1
