"""Histories: how networks of the study learnt, and what was measured of how they came to be."""

import hashlib
import json
from pathlib import Path

import numpy as np

from .._files import write_json
from ..core import History, Network, article_wiring
from ..core.points import Size
from ..ensembles import components
from ..properties import geometry_share
from .emergence import NEVER, appearances, components_of, emergence, kinds, likeness, orders
from .trainings import BACKPROP, LM, Training

VERSION = 1  # to be raised whenever the numbers that are measured change
HISTORIES = [
    Training(wiring, method, "0.001", seed)
    for wiring in ("narrow", "wide")
    for method in (LM, BACKPROP)
    for seed in range(8)
]


def open_histories(data: str | Path) -> dict[Training, History]:
    """Return the stored histories, from the folder of the data; FileNotFoundError without one.

    Examples
    --------
    >>> len(open_histories(samples.path()))
    32
    """
    return {one: History.load(history_path(one, data)) for one in HISTORIES}


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
    exact = json.dumps(cells, default=lambda array: array.tolist())
    rounded = json.loads(exact, parse_float=lambda digits: float(f"{float(digits):.4g}"))
    write_json(emergence_path(data), {"provenance": emergence_made_from(data), "cells": rounded})


def emergence_made_from(data: str | Path) -> dict:
    """Return what the measurements depend on: they are stale when any of this changes.

    Examples
    --------
    >>> list(emergence_made_from(samples.path()))
    ['version', 'histories']
    """
    read = hashlib.sha256()
    for one in HISTORIES:
        read.update(history_path(one, data).read_bytes())
    return {"version": VERSION, "histories": read.hexdigest()[:16]}


def history_path(training: Training, data: str | Path) -> Path:
    """Return where a history is stored."""
    return Path(data) / "histories" / f"{training.name}.npz"


def emergence_path(data: str | Path) -> Path:
    """Return where the measurements are stored."""
    return Path(data) / "study" / "emergence.json"


def emergence_frames(
    training: Training, data: str | Path, shown: int = 6, painted: Size = 128, size: Size = 64
) -> dict:
    """Return what a movie of a stored history shows, as `emergence_movie` of `widgets` takes it.

    At each record, the painting and, for some components of the end, the component there that is
    most like it, with its sign. Those are chosen that appear first, last, and in between, in equal
    steps of their order.

    Examples
    --------
    >>> from ensembles_lib.widgets import emergence_movie
    >>> run = emergence_frames(HISTORIES[0], samples.path())  # some seconds  # doctest: +SKIP
    >>> emergence_movie({"narrow": run})  # doctest: +SKIP
    LiveHTML(movie of 40 records: narrow)
    """
    history, wiring = History.load(history_path(training, data)), article_wiring(training.wiring)
    networks = [Network(wiring, weights) for weights in history.weights.astype(float)]
    end = components(networks[-1], size=size)
    found = [components_of(network, len(end.maps), size) for network in networks]
    alike = np.array([likeness(one, end)[0].max(axis=0) for one in found])
    when = appearances(alike)
    there = np.flatnonzero(when != NEVER)
    order = there[np.argsort(when[there], kind="stable")]
    chosen = order[np.unique(np.linspace(0, len(order) - 1, shown).round().astype(int))]
    maps = [[_most_like(one, end, which) for which in chosen] for one in found]
    of = kinds(networks[-1], end.maps)
    return {
        "pictures": np.array([network.paint(painted).pixels for network in networks]),
        "maps": np.array(maps),
        "told": [_words(*(of[what][k] for what in ("geometry", "colour", "spread")))
                 for k in chosen],
        "appeared": when[chosen],
        "step": history.step,
        "rmse": history.rmse,
        "share": np.array([np.nanmean(geometry_share(network, size)) for network in networks]),
    }  # fmt: skip


def _most_like(found, end, which):
    """Return the map that is most like one of the end, with the same sign."""
    centred = end.maps[which] - end.maps[which].mean()
    best = found.maps[likeness(found, end)[0][:, which].argmax()]
    return best * (1 if np.vdot(best, centred) >= 0 else -1)


def _words(geometry, colour, spread):
    """Return what is said of a component: the larger of two shares, and on how much it is."""
    kind = ("geometry", geometry) if geometry > colour else ("colour", colour)
    area = f"{spread:.0%}" if spread >= 0.005 else "<1%"
    return "{}\u00a0{:.0%}, area\u00a0{}".format(*kind, area)  # breaks between these alone
