"""Evidence: what the verdicts are made of, read and refused when it is not of today.

By parts, a file each in study/evidence/ of the folder of the data: each cell of wiring and trainer,
what has no cells ("shared"), and networks that learnt other pictures ("others"). What gathers it is
tools/data/gather_evidence.py.
"""

from pathlib import Path
from types import SimpleNamespace

from .controls import cells_there, control_networks
from .peacock_study import PICTURES, TRAITS, Drawing, groups_there, open_networks, open_study
from .profiles import GEOMETRY_VERSION
from .profiles import VERSION as PROFILES
from .results import digest, open_json
from .studies import network_digest, read_study
from .trainings import BACKPROP, LM, Training

COMMAND = "python tools/data/gather_evidence.py"
EVOLVED = "python tools/data/compare_evolved.py FOLDER_OF_GENOMES"
EMERGENCE = "python tools/data/measure_emergence.py"
VERSION = 3  # to be raised whenever numbers that tools/data/measuring gathers change
CONTROL_TRAITS = {
    name: TRAITS[name] for name in ("accuracy", "maps", "ranges", "geometry", "ensembles", "bases")
}
EMERGENCE_VERSION = 1  # the same for tools/data/measuring/emergence.py
EMERGENCE_FILE = "study/emergence.json"  # in the folder of the data
HISTORIES = [  # of how networks of the study learnt
    Training(wiring, method, "0.001", seed)
    for wiring in ("narrow", "wide")
    for method in (LM, BACKPROP)
    for seed in range(8)
]
SHARED, OTHERS = "shared", "others"
OTHER_GROUPS = {picture: f"{picture}-narrow-{LM}-0.001" for picture in PICTURES}


def parts_there(data: str | Path) -> list[str]:
    """Return the names of the parts whose networks are there.

    Examples
    --------
    >>> parts_there(samples.path())[-2:]
    ['shared', 'others']
    """
    others = [OTHERS] if set(OTHER_GROUPS.values()) <= {*groups_there(data)} else []
    return [*cells_there(data), SHARED, *others]


def made_from(part: str, data: str | Path) -> dict:
    """Return what a part of the evidence depends on: it is stale when any of this changes.

    Examples
    --------
    >>> list(made_from("shared", samples.path()))
    ['version', 'drawing', 'searches']
    """
    made = {"version": VERSION, "drawing": Drawing.open(data).digest}
    if part == SHARED:
        searched = sorted((Path(data) / "ensembles").glob("*.npz"))
        return made | {"searches": digest(path.read_bytes() for path in searched)}
    groups = OTHER_GROUPS.values() if part == OTHERS else [part]
    networks = open_networks(data, groups).values()
    return made | {"networks": digest(network_digest(one).encode() for one in networks)}


def evidence_path(part: str, data: str | Path) -> Path:
    """Return where a part of the evidence is stored.

    Examples
    --------
    >>> evidence_path("shared", samples.path()).name
    'shared.json'
    """
    return Path(data) / "study" / "evidence" / f"{part}.json"


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
    """Return a part of the evidence, by experiment; StaleResultsError if it is not of today.

    Examples
    --------
    >>> open_gathered("shared", samples.path())["drawing"].elements
    43
    """
    today = made_from(part, data)
    return open_json(
        evidence_path(part, data), "evidence", today, COMMAND, lambda of: SimpleNamespace(**of)
    )


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

    From the folder of the data; `emergence` and `orders` of tools/data/measuring/emergence.py say
    what is in them. Cells without histories are not there. If the file is missing, damaged or not
    of today's histories and code, a StaleResultsError names the command that rebuilds it.
    """
    path, today = Path(data) / EMERGENCE_FILE, emergence_made_from(data)
    return open_json(path, "cells", today, EMERGENCE, list)


def emergence_made_from(data: str | Path) -> dict:
    """Return what these measurements depend on: they are stale when any of this changes.

    Examples
    --------
    >>> emergence_made_from(samples.path())["version"]
    1
    """
    histories = digest(history_path(one, data).read_bytes() for one in HISTORIES)
    return {"version": EMERGENCE_VERSION, "histories": histories}


def history_path(training: Training, data: str | Path) -> Path:
    """Return where a history is stored.

    Examples
    --------
    >>> history_path(HISTORIES[0], samples.path()).name
    'narrow-levenberg-marquardt-0.001-seed0.npz'
    """
    return Path(data) / "histories" / f"{training.name}.npz"
