"""Evidence: what the verdicts are made of, gathered by experiments and stored by the study.

By parts, a file each in study/evidence/ of the folder of the data: each cell of wiring and trainer,
what has no cells ("shared"), and networks that learnt other pictures ("others").
"""

import time
from functools import partial
from pathlib import Path
from types import SimpleNamespace

from tqdm.auto import tqdm

from .claims import (
    borders,
    comparing,
    components,
    ensembles,
    neurons,
    pictures,
    places,
    planted_truth,
    steadiness,
    synapses,
    wirings,
)
from .controls import cells_there, control_networks
from .histories import emergence_made_from, emergence_path
from .peacock_study import GROUPS, PICTURES, Drawing, groups_there, open_networks, open_study
from .profiles import GEOMETRY_VERSION
from .profiles import VERSION as PROFILES
from .results import VERSIONS, StaleResultsError, digest, open_json, store_json
from .studies import finished, network_digest, read_study, study
from .trainings import LM, open_picture
from .traits import SIZE, TRAITS

COMMAND = "python tools/data/gather_evidence.py"
EVOLVED = "python tools/data/compare_evolved.py FOLDER_OF_GENOMES"
EMERGENCE = "python tools/data/measure_emergence.py"
VERSION = 3  # to be raised whenever the numbers that are gathered change
CONTROL_TRAITS = {
    name: TRAITS[name] for name in ("accuracy", "maps", "ranges", "geometry", "ensembles", "bases")
}
SHARED, OTHERS = "shared", "others"
OTHER_GROUPS = {picture: f"{picture}-narrow-{LM}-0.001" for picture in PICTURES}
TRAINED = {  # of each trained network of a cell
    "maps": pictures.measure_maps,
    "cancel": ensembles.measure_cancelling,
    "sweeps": synapses.measure_sweeps,
    "areas": ensembles.measure_areas,
    "mixtures": neurons.measure_mixtures,
    "places": places.measure_places,
    "starts": wirings.measure_starts,
    "components": components.measure_components,
    "exact": planted_truth.measure_exact,
    "exact_moves": planted_truth.measure_exact_moves,
    "worst": steadiness.measure_worst,
}
UNTRAINED = "sweeps", "areas"


def parts_there(data):
    """Return the names of the parts whose networks are there."""
    others = [OTHERS] if set(OTHER_GROUPS.values()) <= {*groups_there(data)} else []
    return [*cells_there(data), SHARED, *others]


def gather_evidence(data: str | Path, executor=None) -> None:
    """Measure untrained networks as the study does, repeat the experiments, store all numbers.

    The experiments are those of trials 1 to 7, over all networks of each cell. What is there
    and of today is kept, experiment by experiment; a run that is interrupted goes on with the part
    where it stopped.
    FileNotFoundError if the searches of find_ensembles.py are not there.

    Parameters
    ----------
    data
        The folder of the data.
    executor : Executor, optional
        What runs the measurements: that of `study`.

    Examples
    --------
    >>> gather_evidence(samples.path())  # some minutes a cell  # doctest: +SKIP
    """
    controls, drawing = control_networks(data), Drawing.open(data)
    every = {name: one for networks in controls.values() for name, one in networks.items()}
    study(every, CONTROL_TRAITS, drawing, Path(data) / "study" / "untrained", executor)
    there = {part: _there(part, data) for part in parts_there(data)}
    missing = {
        part: held for part, held in there.items() if set(_experiments(part, data)) - {*held}
    }
    with tqdm(total=len(missing), desc="gathering") as bar:
        calls = {part: (gather, part, str(data), list(held)) for part, held in missing.items()}
        for part, (gathered, seconds) in finished(calls, executor):
            provenance = made_from(part, data) | {
                "made_by": "tools/data/gather_evidence.py",
                "seconds": round(seconds, 1),
                "python": VERSIONS["python"],
                "numpy": VERSIONS["numpy"],
            }
            whole = {name: vars(of) for name, of in missing[part].items()} | gathered
            ordered = {name: whole[name] for name in _experiments(part, data)}
            store_evidence(data, part, {"provenance": provenance, "evidence": ordered})
            bar.update()


def gather(part, data, but=()):
    """Return the numbers of a part's experiments but some, and the seconds of processor time."""
    start = time.process_time()
    missing = {name: do for name, do in _experiments(part, data).items() if name not in but}
    return {name: do() for name, do in missing.items()}, time.process_time() - start


def _experiments(part, data):
    """Return the experiments of a part by name, each a function that carries it out."""
    if part == SHARED:
        return {
            "drawing": lambda: pictures.measure_drawing(Drawing.open(data)),
            "comparators": comparing.measure_comparators,
            "lines": borders.measure_lines,
            "planted": ensembles.measure_planted,
            "searches": lambda: ensembles.measure_searches(data),
            "quilts": planted_truth.measure_quilts,
            "small_sets": planted_truth.measure_small_sets,
            "names": lambda: components.measure_names(data),
        }
    if part == OTHERS:
        taught = {p: components.parts_of(open_picture(p, SIZE, data)) for p in PICTURES}
        measure = components.measure_parts
        return {p: partial(_of_each, measure, OTHER_GROUPS[p], data, taught[p]) for p in PICTURES}
    drawing = Drawing.open(data)
    groups = {"_untrained": f"untrained-{part.split('-')[0]}", "_scaled": f"scaled-{part}"}
    doing = {name: partial(_of_each, of, part, data, drawing) for name, of in TRAINED.items()}
    for kind, group in groups.items():
        doing |= {n + kind: partial(_of_each, TRAINED[n], group, data, drawing) for n in UNTRAINED}
    return doing | {
        "matches": lambda: components.measure_matches(open_networks(data, [part]), drawing)
    }


def _of_each(measure, group, data, context):
    """Return what is measured of each network of a group, lists by name."""
    networks = open_networks(data, [group]) if group in GROUPS else control_networks(data)[group]
    rows = [measure(network, context) for network in networks.values()]
    return {name: [row[name] for row in rows] for name in rows[0]}


def made_from(part: str, data: str | Path) -> dict:
    """Return what a part of the evidence depends on: it is stale when any of this changes."""
    made = {"version": VERSION, "drawing": Drawing.open(data).digest}
    if part == SHARED:
        searched = sorted((Path(data) / "ensembles").glob("*.npz"))
        return made | {"searches": digest(path.read_bytes() for path in searched)}
    groups = OTHER_GROUPS.values() if part == OTHERS else [part]
    networks = open_networks(data, groups).values()
    return made | {"networks": digest(network_digest(one).encode() for one in networks)}


def _path(part, data):
    return Path(data) / "study" / "evidence" / f"{part}.json"


def store_evidence(data, part, content):
    """Write a part of the evidence with its provenance to its file, numbers to five digits."""
    store_json(_path(part, data), content, 5, indent=1)


def open_all(data: str | Path) -> SimpleNamespace:
    """Return all that the verdicts rest on, from the folder of the data.

    That is: ``study``, by group, a list of the traits of its networks, and those of the controls
    (see `control_networks`); ``cells``, what was gathered of each cell, by experiment; what has
    no cells, by experiment; ``others``, by picture; ``evolved``: see `open_evolved`;
    ``emergence``: see `open_emergence`. Networks that were never trained are left out. If
    anything is missing or stale, a StaleResultsError names the command that rebuilds it.

    Examples
    --------
    >>> evidence = open_all(samples.path())
    >>> len(evidence.study["untrained-wide"]), evidence.lines.built_movable
    (4, [1, 4])
    """
    results, drawing = open_study(data, groups_there(data)), Drawing.open(data)
    folder = Path(data) / "study" / "untrained"
    for group, networks in control_networks(data).items():
        results[group] = read_study(networks, CONTROL_TRAITS, drawing, folder, COMMAND)
    traits = {group: list(networks.values()) for group, networks in results.items()}
    parts = {part: open_gathered(part, data) for part in parts_there(data)}
    shared, others = parts.pop(SHARED), parts.pop(OTHERS, {})
    cells = {cell: SimpleNamespace(**gathered) for cell, gathered in parts.items()}
    beside = {"evolved": open_evolved(data), "emergence": open_emergence(data)}
    return SimpleNamespace(study=traits, cells=cells, others=others, **beside, **shared)


def open_gathered(part: str, data: str | Path) -> dict[str, SimpleNamespace]:
    """Return a part of the evidence, by experiment; StaleResultsError if it is not of today."""
    today = made_from(part, data)
    return open_json(
        _path(part, data), "evidence", today, COMMAND, lambda of: SimpleNamespace(**of)
    )


def _there(part, data):
    """Return what is stored of a part and of today, by experiment."""
    try:
        return open_gathered(part, data)
    except StaleResultsError:
        return {}


def open_evolved(data: str | Path) -> dict[str, dict]:
    """Return what was measured of evolved networks, and of those that learnt their pictures.

    From the folder of the data, by picture: ``networks``, a list of profiles with ``who``,
    ``seed``, ``synapses`` and ``rmse``, the evolved network first; ``properties`` and
    ``mirror_of_picture``; ``geometry``, rows of the evolved network and of others, which were
    stopped at one error (tools/data/compare_evolved.py says what is in a row). If the file is
    missing, damaged or measured by older code, a StaleResultsError names the command that
    rebuilds it.

    Examples
    --------
    >>> {picture["networks"][0]["who"] for picture in open_evolved(samples.path()).values()}
    {'evolved'}
    """
    path = Path(data) / "study" / "evolved.json"
    today = {"version": PROFILES, "geometry_version": GEOMETRY_VERSION}
    return open_json(path, "pictures", today, EVOLVED)


def open_emergence(data: str | Path) -> dict[str, list[dict]]:
    """Return what was measured of how networks came to be: by cell, a dict for each history.

    From the folder of the data; `emergence` and `orders` of `study.emergence` say what is in them.
    Cells without histories are not there. If the file is missing, damaged or not of today's
    histories and code, a StaleResultsError names the command that rebuilds it.
    """
    return open_json(emergence_path(data), "cells", emergence_made_from(data), EMERGENCE, list)
