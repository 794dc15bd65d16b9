"""Histories: what is measured of how networks of the study came to be."""

from pathlib import Path

from ensembles_lib.core import History, article_wiring
from ensembles_lib.study.evidence import EMERGENCE, HISTORIES
from ensembles_lib.study.peacock_study import Training

from .emergence import appearances, emergence, orders
from .results import store_json


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
    history = History.load(Path(data) / "histories" / f"{training.name}.npz")
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
    content = {"provenance": EMERGENCE.made_from(data), "cells": cells}
    store_json(Path(data) / EMERGENCE.file, content, 4)
