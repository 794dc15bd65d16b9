"""The shipped files are what data/README.md says, and their tools still make them."""

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from ensembles_lib import (
    History,
    Network,
    Picture,
    article_wiring,
    open_regions,
    rmse,
    train_levenberg_marquardt,
)

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


def test_the_shipped_network_paints_it(peacock):
    network = Network.load(DATA / "peacock.npz")
    assert network.wiring == article_wiring()
    assert rmse(network.paint(128), peacock) <= 0.06
    assert np.sqrt(np.mean(network.weights**2)) <= 2
    history = History.load(DATA / "peacock_history.npz")
    # The lowest error may fall between two of the records that were kept.
    assert history.rmse.min() == pytest.approx(network.provenance["rmse"], abs=1e-4)


def test_the_shipped_network_is_the_best_of_the_restricted_runs():
    shipped = Network.load(DATA / "peacock.npz").provenance
    assert (shipped["method"], shipped["energy_restriction"]) == ("levenberg-marquardt", 0.001)
    errors = [
        Network.load(path).provenance["rmse"]
        for path in RUNS
        if path.name.startswith("levenberg-marquardt-0.001-")
    ]
    assert len(errors) == 8 and shipped["rmse"] == min(errors)


@pytest.mark.parametrize("path", RUNS, ids=lambda path: path.stem)
def test_every_run_is_what_its_provenance_says(path, peacock):
    network = Network.load(path)
    said = network.provenance
    assert rmse(network.paint(128), peacock) == pytest.approx(said["rmse"], abs=1e-5)
    assert path.stem == f"{said['method']}-{said['energy_restriction']:g}-seed{said['seed']}"
    assert said["picture"] == Network.load(RUNS[0]).provenance["picture"]


def test_all_32_runs_are_there():
    assert len(RUNS) == 32


def test_training_from_scratch_reaches_the_bound(peacock):
    small = Picture.open(DATA / "peacock.png", size=96)
    start = Network.random(article_wiring(), seed=1)
    trained, _ = train_levenberg_marquardt(start, small, iterations=80, progress=False)
    assert rmse(trained.paint(128), peacock) < 0.1
