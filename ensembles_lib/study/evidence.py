"""Evidence: what the verdicts are made of, gathered by experiments and stored by the study."""

import hashlib
import json
import platform
import time
from pathlib import Path
from types import SimpleNamespace

import numpy as np
from tqdm.auto import tqdm

from .._files import first_difference, write_json
from ..core import Network, article_wiring
from .claims import borders, comparing, ensembles, neurons, pictures, synapses
from .peacock_study import GROUPS, MAIN, Drawing, open_networks, open_study
from .profiles import VERSION as PROFILES
from .results import StaleResultsError
from .studies import network_digest, read_study, study
from .traits import TRAITS

COMMAND = "python tools/data/gather_evidence.py"
EVOLVED = "python tools/data/compare_evolved.py FOLDER_OF_GENOMES"
VERSION = 2  # to be raised whenever the numbers that are gathered change
CONTROL_TRAITS = {name: TRAITS[name] for name in TRAITS if name != "moves"}


def untrained_networks():
    """Return networks of the article's wiring that have learnt nothing, the control, by name."""
    wiring = article_wiring("wide")
    return {f"untrained-{seed}": Network.random(wiring, seed=seed) for seed in range(4)}


def gather_evidence(data: str | Path) -> None:
    """Measure untrained networks as the study does, repeat the experiments, store all numbers.

    The experiments are those of notebooks 01 to 05, over all eight seeds where these show one.
    Their numbers go to verdicts.json in the folder of the data, untrained networks to
    study/untrained. FileNotFoundError if the searches of find_ensembles.py are not there.

    Examples
    --------
    >>> gather_evidence("data")  # some minutes  # doctest: +SKIP
    """
    start, drawing, controls = time.perf_counter(), Drawing.open(data), untrained_networks()
    study(controls, CONTROL_TRAITS, drawing, Path(data) / "study" / "untrained")
    trained, untrained = open_networks(data, [MAIN]).values(), controls.values()

    def of_each(measure, networks):
        rows = [measure(one, drawing) for one in tqdm(networks, desc=measure.__name__)]
        return {name: [row[name] for row in rows] for name in rows[0]}

    gathered = {
        "pictures": pictures.measure_pictures(trained, drawing),
        "comparators": comparing.measure_comparators(),
        "lines": borders.measure_lines(),
        "planted": ensembles.measure_planted(),
        "searches": ensembles.measure_searches(data),
        "cancel": of_each(ensembles.measure_cancelling, trained),
        "sweeps": of_each(synapses.measure_sweeps, trained),
        "sweeps_untrained": of_each(synapses.measure_sweeps, untrained),
        "areas": of_each(ensembles.measure_areas, trained),
        "areas_untrained": of_each(ensembles.measure_areas, untrained),
        "mixtures": of_each(neurons.measure_mixtures, trained),
    }
    provenance = made_from(data) | {
        "made_by": "tools/data/gather_evidence.py",
        "seconds": round(time.perf_counter() - start, 1),
        "python": platform.python_version(),
        "numpy": np.__version__,
    }
    store_evidence(data, {"provenance": provenance, "evidence": gathered})


def made_from(data):
    """Return what gathered evidence depends on: it is stale when any of this changes."""
    networks, searched = hashlib.sha256(), hashlib.sha256()
    for network in open_networks(data, [MAIN]).values():
        networks.update(network_digest(network).encode())
    for path in sorted((Path(data) / "ensembles").glob("*.npz")):
        searched.update(path.read_bytes())
    return {
        "version": VERSION,
        "drawing": Drawing.open(data).digest,
        "networks": networks.hexdigest()[:16],
        "searches": searched.hexdigest()[:16],
    }


def store_evidence(data, content):
    """Write gathered evidence with its provenance to verdicts.json, numbers to five digits."""
    exact = json.dumps(content, default=lambda array: array.tolist())
    rounded = json.loads(exact, parse_float=lambda digits: float(f"{float(digits):.5g}"))
    write_json(Path(data) / "verdicts.json", rounded, indent=1)


def open_all(data: str | Path) -> SimpleNamespace:
    """Return all that the verdicts rest on, from the folder of the data.

    That is: what was gathered, by experiment; ``study``: by group, a list of the traits of its
    networks, and under "untrained" of the control; ``evolved``: see `open_evolved`. Sizes that
    were never trained are left out. If anything is missing or stale, a StaleResultsError names
    the command that rebuilds it.

    Examples
    --------
    >>> evidence = open_all("data")
    >>> len(evidence.study["untrained"]), evidence.lines.built_movable
    (4, [1, 4])
    """
    there = [g for g in GROUPS if all((Path(data) / f"{p}.npz").exists() for p in GROUPS[g])]
    results, folder = open_study(data, there), Path(data) / "study" / "untrained"
    controls, drawing = untrained_networks(), Drawing.open(data)
    results["untrained"] = read_study(controls, CONTROL_TRAITS, drawing, folder, COMMAND)
    traits = {group: list(networks.values()) for group, networks in results.items()}
    return SimpleNamespace(study=traits, evolved=open_evolved(data), **open_gathered(data))


def open_gathered(data):
    """Return the gathered evidence, by experiment; StaleResultsError if it is not of today."""

    def parts(stored):
        gathered = {name: SimpleNamespace(**of) for name, of in dict(stored["evidence"]).items()}
        return gathered, dict(stored["provenance"])

    return _opened(Path(data) / "verdicts.json", parts, made_from(data), COMMAND)


def open_evolved(data: str | Path) -> dict[str, dict]:
    """Return what was measured of evolved networks, and of those that learnt their pictures.

    From the folder of the data, by picture: ``networks``, a list of profiles with ``who``,
    ``seed``, ``synapses`` and ``rmse``, the evolved network first; ``properties`` and
    ``mirror_of_picture``. If the file is missing, damaged or measured by older code, a
    StaleResultsError names the command that rebuilds it.

    Examples
    --------
    >>> {picture["networks"][0]["who"] for picture in open_evolved("data").values()}
    {'evolved'}
    """
    path = Path(data) / "study" / "evolved.json"
    return _opened(path, lambda of: (dict(of["pictures"]), of), {"version": PROFILES}, EVOLVED)


def _opened(path, parts, today, command):
    """Return what a JSON file holds, if what it says it was made with is of today."""
    try:
        held, made = parts(json.loads(path.read_text(encoding="utf-8")))
        differs = first_difference(made, today)
        problem = "has {} {}, today's is {}".format(*differs) if differs else ""
    except FileNotFoundError:
        problem = "is missing"
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        problem = f"is damaged: {error}"
    if problem:
        raise StaleResultsError(f"{path} {problem}\nTo rebuild it run: {command}")
    return held
