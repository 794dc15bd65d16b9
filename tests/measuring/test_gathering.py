"""Oracles: numbers written down, provenance turned stale, experiments that are counted."""

import numpy as np
import pytest
from measuring import gathering
from measuring.gathering import store_evidence

from ensembles_lib.study.evidence import gathered


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """A folder whose evidence is of today, as far as the stored digests are concerned."""
    today = {"version": 1, "drawing": "a", "networks": "b"}
    made_from = "ensembles_lib.study.evidence._made_from"
    monkeypatch.setattr(made_from, lambda part, data: dict(today))
    lists, others = {"a": np.array([1 / 3, 2]), "b": {"c": 1e-9}}, {"n": np.int64(3), "t": "text"}
    numbers = {"lists": lists, "others": others}
    store_evidence(tmp_path, "shared", {"provenance": today, "evidence": numbers})
    return tmp_path


def test_evidence_is_read_back(folder):
    """Numbers to five digits, arrays as lists."""
    lists, others = gathered("shared").open(folder).values()
    assert vars(lists) == {"a": [0.33333, 2.0], "b": {"c": 1e-9}}
    assert vars(others) == {"n": 3, "t": "text"}


def test_parts_that_are_of_today_are_kept(folder, monkeypatch):
    """Oracle: which parts were gathered, counted; an interrupted run loses none that is done."""
    made = []

    def gather(part, data, but):
        made.append(part)
        if part == "broken":
            raise KeyboardInterrupt
        return {"numbers": {"n": 1}}, 0.5

    monkeypatch.setattr(gathering, "gather", gather)
    held = list(gathered("shared").open(folder))
    names = {"shared": held}
    monkeypatch.setattr(
        gathering, "_experiments", lambda part, data: dict.fromkeys(names.get(part, ["numbers"]))
    )
    monkeypatch.setattr(gathering, "control_networks", lambda data: {})
    monkeypatch.setattr(gathering, "study", lambda *_: {})
    monkeypatch.setattr(gathering.Drawing, "open", classmethod(lambda cls, data: None))
    monkeypatch.setattr(gathering, "parts_there", lambda data: ["shared", "a", "broken", "b"])
    with pytest.raises(KeyboardInterrupt):
        gathering.gather_evidence(folder)
    assert made == ["a", "broken"] and gathered("a").open(folder)["numbers"].n == 1
    monkeypatch.setattr(gathering, "parts_there", lambda data: ["shared", "a", "b"])
    gathering.gather_evidence(folder)
    assert made == ["a", "broken", "b"]
    gathering.gather_evidence(folder)
    assert made == ["a", "broken", "b"]
    # An experiment that is new is done, and what was there stays.
    names["shared"] = ["numbers", *held]
    gathering.gather_evidence(folder)
    assert made == ["a", "broken", "b", "shared"]
    assert list(gathered("shared").open(folder)) == names["shared"]


def test_only_what_is_missing_is_measured(monkeypatch):
    """Oracle: the experiments that were carried out, counted."""
    done = []
    doing = {name: lambda name=name: done.append(name) or {"n": name} for name in "abc"}
    monkeypatch.setattr(gathering, "_experiments", lambda part, data: doing)
    gathered, seconds = gathering.gather("shared", "data", ["b"])
    assert done == ["a", "c"] and list(gathered) == ["a", "c"] and seconds >= 0
