"""What lies in data/own is what its tools make, and what the library says of it."""

import json
import shutil
import subprocess
import sys
from pathlib import Path

import calibrate_forecasts
import numpy as np
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
    assert [one.name for one in own.properties()] == list(own.ensembles())
    assert len(own.ensembles()) >= 20
    network = own.network()
    # A decoder of photographs may differ by a level here and there.
    error = rmse(network.paint(128), own.picture)
    assert error == pytest.approx(network.provenance["rmse"], abs=2e-3)
    assert before == {path.name: path.read_bytes() for path in (OWN / name).iterdir()}


def table():
    return json.loads((OWN / "forecasts.json").read_text(encoding="utf-8"))


def test_what_is_told_of_forecasts_is_what_was_measured():
    rows = table()["rows"]
    assert table()["made"] == calibrate_forecasts.MADE
    keys = [(row["picture"], row["n_synapses"]) for row in rows]
    asked = calibrate_forecasts.PICTURES
    assert keys == [(name, n) for name in asked for n in calibrate_forecasts.sizes_of(name)]
    assert len(asked) >= 40
    assert len(calibrate_forecasts.reached_over_trial(rows, calibrate_forecasts.FEW)) == 4
    for n, (middle, low, high) in forecasts.REACHED.items():
        times = calibrate_forecasts.reached_over_trial(rows, n)
        np.testing.assert_allclose(
            np.quantile(times, [0.5, 0.1, 0.9]), [middle, low, high], atol=0.005
        )


def test_what_is_reached_is_held_against_the_trial_of_the_same_picture():
    rows = [
        {"picture": p, "n_synapses": n, "reached": p * n, "trial": p / n}
        for p in (1, 2) for n in (150, 460)
    ]  # fmt: skip
    rows += [{"picture": p, "n_synapses": 1500, "reached": 3 * p} for p in (1, 2)]
    assert calibrate_forecasts.reached_over_trial(rows, 150).tolist() == [150**2] * 2
    assert calibrate_forecasts.reached_over_trial(rows, 1500) == pytest.approx([3 * 460] * 2)
