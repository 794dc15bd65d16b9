"""Histories: how networks of the study learnt, and what was measured of how they came to be."""

from pathlib import Path

from ..core import History, article_wiring
from .emergence import appearances, emergence, orders
from .results import digest, store_json
from .trainings import BACKPROP, LM, Training

VERSION = 1  # to be raised whenever the numbers that are measured change
HISTORIES = [
    Training(wiring, method, "0.001", seed)
    for wiring in ("narrow", "wide")
    for method in (LM, BACKPROP)
    for seed in range(8)
]


def measure_emergence(training: Training, data: str | Path) -> dict:
    """Return what is stored of one history: see `emergence` and `orders`.

    ``appeared`` and ``appeared_by_loadings`` are numbers of records, -1 for never.

    Parameters
    ----------
    training
        One of `HISTORIES`.
    data
        The folder of the data.

    Examples
    --------
    >>> told = measure_emergence(HISTORIES[0], samples.path())  # ten seconds  # doctest: +SKIP
    """
    history = History.load(history_path(training, data))
    told = emergence(article_wiring(training.wiring), history)
    found = {"seed": training.seed, "orders": orders(told)}
    found["orders_by_loadings"] = orders(told, "loadings_alike")
    found["appeared"] = appearances(told.pop("maps_alike"))
    found["appeared_by_loadings"] = appearances(told.pop("loadings_alike"))
    return found | told


def store_emergence(data: str | Path, found: dict[Training, dict]) -> None:
    """Write what was measured of all histories to study/emergence.json, numbers to four digits.

    Parameters
    ----------
    data
        The folder of the data.
    found
        Of all `HISTORIES`, what `measure_emergence` returns.

    Examples
    --------
    >>> store_emergence(samples.path(), found)  # doctest: +SKIP
    """
    cells = {}
    for one in HISTORIES:
        cells.setdefault(one.group, []).append(found[one])
    store_json(emergence_path(data), {"provenance": emergence_made_from(data), "cells": cells}, 4)


def emergence_made_from(data: str | Path) -> dict:
    """Return what the measurements depend on: they are stale when any of this changes."""
    histories = digest(history_path(one, data).read_bytes() for one in HISTORIES)
    return {"version": VERSION, "histories": histories}


def history_path(training: Training, data: str | Path) -> Path:
    """Return where a history is stored."""
    return Path(data) / "histories" / f"{training.name}.npz"


def emergence_path(data: str | Path) -> Path:
    """Return where the measurements are stored."""
    return Path(data) / "study" / "emergence.json"
