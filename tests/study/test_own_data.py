"""What lies in data/own is what its tools make, and what the library says of it."""

import json
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import own_pictures
import pytest
from matplotlib.cbook import get_sample_data

import ensembles_lib.study.forecasts as forecasts
from ensembles_lib import OwnPicture, Picture, open_regions, rmse

ROOT = Path(__file__).resolve().parents[2]
OWN = ROOT / "data" / "own"
SOURCES = {
    "lighthouse": lambda: OWN / "lighthouse.png",
    "hopper": lambda: get_sample_data("grace_hopper.jpg", asfileobj=False),
}


def test_the_lighthouse_is_the_drawing(tmp_path):
    # Drawn in a copy of the folders, so that nothing here is overwritten.
    copied = shutil.copytree(ROOT / "tools" / "data", tmp_path / "tools" / "data")
    subprocess.run([sys.executable, str(copied / "draw_lighthouse.py")], check=True)
    drawn = tmp_path / "data" / "own" / "lighthouse.png"
    # Other releases of Pillow may put an edge a little elsewhere.
    assert rmse(Picture.open(drawn), Picture.open(OWN / "lighthouse.png")) < 0.01
    fresh, stored = (
        open_regions(folder / "lighthouse_elements.png") for folder in (drawn.parent, OWN)
    )
    assert fresh[1] == stored[1] and np.mean(fresh[0] != stored[0]) < 0.01


@pytest.mark.parametrize("name", SOURCES)
def test_the_folders_are_taken_up_whole(name):
    """Every step but the atlas, which is not stored, and nothing is written."""
    before = {path.name: path.read_bytes() for path in (OWN / name).iterdir()}
    own = OwnPicture(SOURCES[name](), OWN / name, progress=False)
    own.forecast(), own.regions(), own.ensembles()
    steps = ("forecast", "network", "regions", "ensembles")
    assert own.became == dict.fromkeys(steps, "taken up")
    assert [one.name for one in own.properties()] == list(own.ensembles())
    assert len(own.ensembles()) >= 20
    network = own.network()
    # A decoder of photographs may differ by a level here and there.
    error = rmse(network.paint(128), own.picture)
    assert error == pytest.approx(network.provenance["rmse"], abs=2e-3)
    assert before == {path.name: path.read_bytes() for path in (OWN / name).iterdir()}


def test_what_is_told_of_full_trainings_is_what_was_measured():
    table = json.loads((OWN / "forecasts.json").read_text(encoding="utf-8"))
    assert table["made"] == own_pictures.MADE
    keys = [(row["picture"], row["n_synapses"]) for row in table["rows"]]
    assert keys == [(name, n) for name in own_pictures.PICTURES for n in own_pictures.SIZES]
    times = np.array([row["full"] / row["trial"] for row in table["rows"]])
    expected = np.exp(np.log(times).mean()), times.min(), times.max()
    np.testing.assert_allclose(forecasts.FULL, expected, atol=0.005)


def test_a_calibration_measures_only_what_is_missing(tmp_path, monkeypatch):
    measured = []

    def measure(picture, n_synapses):
        measured.append(n_synapses)
        return {"trial": 0.1, "full": 0.2, "blurred": 0.3}

    def missing():
        raise ImportError("no scikit-learn")

    grey, black = (Picture(np.full((8, 8, 3), shade)) for shade in (0.0, -1.0))
    monkeypatch.setattr(own_pictures, "TABLE", tmp_path / "forecasts.json")
    monkeypatch.setattr(own_pictures, "measure", measure)
    monkeypatch.setattr(own_pictures, "PICTURES", {"a": lambda: grey, "b": lambda: grey})
    own_pictures.calibrate()
    assert measured == [150, 460] * 2
    own_pictures.calibrate()
    assert len(measured) == 4
    # One picture is another now, the other one is not at hand: its rows stay.
    monkeypatch.setattr(own_pictures, "PICTURES", {"a": lambda: black, "b": missing})
    own_pictures.calibrate()
    assert measured == [150, 460] * 3 and len(own_pictures.stored_rows()) == 4
    monkeypatch.setattr(own_pictures, "MADE", {"trial": "otherwise"})
    assert own_pictures.stored_rows() == {}
