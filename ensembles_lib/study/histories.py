"""Histories: how networks of the study learnt, and what was measured of how they came to be."""

from pathlib import Path

from .results import digest
from .trainings import BACKPROP, LM, Training

VERSION = 1  # to be raised whenever what tools/data/measuring/emergence.py measures changes
HISTORIES = [
    Training(wiring, method, "0.001", seed)
    for wiring in ("narrow", "wide")
    for method in (LM, BACKPROP)
    for seed in range(8)
]


def emergence_made_from(data: str | Path) -> dict:
    """Return what the measurements depend on: they are stale when any of this changes.

    Examples
    --------
    >>> emergence_made_from(samples.path())["version"]
    1
    """
    histories = digest(history_path(one, data).read_bytes() for one in HISTORIES)
    return {"version": VERSION, "histories": histories}


def history_path(training: Training, data: str | Path) -> Path:
    """Return where a history is stored.

    Examples
    --------
    >>> history_path(HISTORIES[0], samples.path()).name
    'narrow-levenberg-marquardt-0.001-seed0.npz'
    """
    return Path(data) / "histories" / f"{training.name}.npz"


def emergence_path(data: str | Path) -> Path:
    """Return where the measurements are stored.

    Examples
    --------
    >>> emergence_path(samples.path()).name
    'emergence.json'
    """
    return Path(data) / "study" / "emergence.json"
