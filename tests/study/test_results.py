"""Stored results: one check for all files of measurements, which names what rebuilds them."""

import json
from pathlib import Path

import pytest

from ensembles_lib.study.evidence import EMERGENCE, EVOLVED, STEEP_MOVES, gathered
from ensembles_lib.study.results import StaleResultsError, Stored
from ensembles_lib.study.spills import SPILL

ROOT = Path(__file__).resolve().parents[2]
BIRDS = Stored("birds.json", "kinds", lambda data: {"version": 2, "of": "a"}, "make birds", list)
WHOLE = {"provenance": {"version": 2, "of": "a", "seconds": 3}, "kinds": {"wren": [1]}}


def test_what_is_of_today_is_read(tmp_path):
    """By name, each as asked; what it was made from stands apart or beside."""
    path = tmp_path / BIRDS.file
    path.write_text(json.dumps(WHOLE))
    assert BIRDS.open(tmp_path) == {"wren": [1]}
    path.write_text(json.dumps(WHOLE["provenance"] | {"kinds": {"wren": {"a": 1}}}))
    assert BIRDS.open(tmp_path) == {"wren": ["a"]}
    assert BIRDS._replace(each=dict).open(tmp_path) == {"wren": {"a": 1}}


@pytest.mark.parametrize(
    "text, says",
    [
        (None, "is missing"),
        ("", "is damaged"),
        ("{", "is damaged"),
        ("[]", "is damaged"),
        ("null", "is damaged"),
        ("[" * 10**5, "is damaged"),
        (json.dumps({"provenance": {"version": 2, "of": "a"}}), "is damaged: 'kinds'"),
        (json.dumps(WHOLE | {"kinds": {"wren": 1}}), "is damaged"),
        (json.dumps(WHOLE | {"provenance": {}}), "has version None, today's is 2"),
        (json.dumps(WHOLE | {"provenance": {"version": 2, "of": "b"}}), "has of b, today's is a"),
    ],
)
def test_what_is_not_names_the_command(tmp_path, text, says):
    if text is not None:
        (tmp_path / BIRDS.file).write_text(text)
    with pytest.raises(StaleResultsError, match=f"(?s)birds.json {says}.*run: make birds$"):
        BIRDS.open(tmp_path)


@pytest.mark.parametrize("stored", [EVOLVED, EMERGENCE, STEEP_MOVES, SPILL, gathered("shared")])
def test_the_files_that_ship_are_of_today(stored):
    """And were there another version, the error would name a command that there is."""
    assert stored.open(ROOT / "data")
    _, tool, *_ = stored.command.split()
    assert (ROOT / tool).is_file()
    newer = stored._replace(made_from=lambda data: stored.made_from(data) | {"version": 99})
    with pytest.raises(StaleResultsError, match=f"(?s)has version .*{tool}"):
        newer.open(ROOT / "data")
