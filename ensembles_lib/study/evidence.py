"""Evidence: what the verdicts are made of, read and refused when it is not of today.

What is gathered lies in study/evidence/ of the folder of the data, a file a part: each cell of
wiring and trainer, what has no cells ("shared"), and networks that learnt other pictures
("others"). What gathers it is tools/data/gather_evidence.py.
"""

from contextlib import suppress
from functools import partial
from pathlib import Path
from types import SimpleNamespace

import numpy as np

from ..core import Network, article_wiring
from ..properties import measure_all
from .peacock_study import (
    BACKPROP,
    CELLS,
    LM,
    PICTURES,
    SIZE,
    TRAITS,
    WIRINGS,
    Drawing,
    Training,
    groups_there,
    open_networks,
    open_study,
)
from .profiles import GEOMETRY_VERSION, scaled_to
from .profiles import VERSION as PROFILES
from .results import Stored, digest, networks_digest, read_study

COMMAND = "python tools/data/gather_evidence.py"
VERSION = 3  # to be raised whenever numbers that tools/data/measuring gathers change
CONTROL_TRAITS = {
    name: TRAITS[name] for name in ("accuracy", "maps", "ranges", "geometry", "ensembles", "bases")
}
CONTROLS, SEEDS = 4, range(100)  # untrained networks in a group, of the first of these seeds
HISTORIES = [  # of how networks of the study learnt
    Training(wiring, method, "0.001", seed)
    for wiring in ("narrow", "wide")
    for method in (LM, BACKPROP)
    for seed in range(8)
]
SHARED, OTHERS = "shared", "others"
OTHER_GROUPS = {picture: f"{picture}-narrow-{LM}-0.001" for picture in PICTURES}
SEARCHED = {  # networks in the folder of the data, in which small sets were searched
    "seed 1": "peacock_wide.npz",
    "seed 0": f"runs/wide-{LM}-0.001-seed0.npz",
    "seed 4": f"runs/wide-{LM}-0.001-seed4.npz",
}


def _histories(data):
    """Return what measurements of how networks came to be are made from."""
    files = [Path(data) / "histories" / f"{one.name}.npz" for one in HISTORIES]
    # The version is to be raised whenever numbers of tools/data/measuring/emergence.py change.
    return {"version": 1, "histories": digest(file.read_bytes() for file in files)}


def _steep_moves(data):
    """Return what the moves in networks as steep are made from."""
    networks = [Network.load(Path(data) / file) for file in SEARCHED.values()]
    made = {"drawing": Drawing.open(data).digest, "networks": networks_digest(networks)}
    return {"version": 1} | made  # to be raised whenever numbers of the tool change


# By picture, profiles and geometry; tools/data/compare_evolved.py says what is in a row.
EVOLVED = Stored(
    "study/evolved.json",
    "pictures",
    lambda data: {"version": PROFILES, "geometry_version": GEOMETRY_VERSION},
    "python tools/data/compare_evolved.py FOLDER_OF_GENOMES",
)
# By cell, a dict for each history; `emergence` and `orders` of tools/data/measuring/emergence.py
# say what is in them. Cells without histories are not there.
EMERGENCE = Stored(
    "study/emergence.json", "cells", _histories, "python tools/data/measure_emergence.py", list
)
# By network of `SEARCHED`, the leaks of the bird's properties, each moved in concert in the start
# as steep; None where a move does not arrive.
STEEP_MOVES = Stored(
    "study/steep_moves.json", "networks", _steep_moves, "python tools/data/measure_steep_moves.py",
    list,
)  # fmt: skip


def gathered(part: str) -> Stored:
    """Return where a part of the evidence is stored: a namespace for each experiment.

    Examples
    --------
    >>> gathered("shared").open(samples.path())["drawing"].elements
    43
    """
    file = f"study/evidence/{part}.json"
    return Stored(file, "evidence", partial(_made_from, part), COMMAND, _namespace)


def _namespace(found):
    return SimpleNamespace(**found)


def _made_from(part, data):
    """Return what a part of the evidence depends on."""
    made = {"version": VERSION, "drawing": Drawing.open(data).digest}
    if part == SHARED:
        searched = sorted((Path(data) / "ensembles").glob("*.npz"))
        return made | {"searches": digest(path.read_bytes() for path in searched)}
    groups = OTHER_GROUPS.values() if part == OTHERS else [part]
    return made | {"networks": networks_digest(open_networks(data, groups).values())}


def parts_there(data: str | Path) -> list[str]:
    """Return the names of the parts whose networks are there.

    Examples
    --------
    >>> parts_there(samples.path())[-2:]
    ['shared', 'others']
    """
    others = [OTHERS] if {*OTHER_GROUPS.values()} <= {*groups_there(data)} else []
    return [*_cells_there(data), SHARED, *others]


def _cells_there(data):
    there = groups_there(data)
    return [cell for cell in CELLS if cell in there]


def open_all(data: str | Path) -> SimpleNamespace:
    """Return all that the verdicts rest on, from the folder of the data.

    That is: ``study``, by group, a list of the traits of its networks, and those of the controls
    (see `control_networks`); ``cells``, what was gathered of each cell, by experiment; what has
    no cells, by experiment; ``others``, by picture; ``evolved``: see `open_evolved`;
    ``emergence`` and ``steep_moves``. Networks that were never trained are left out. If
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
    parts = {part: gathered(part).open(data) for part in parts_there(data)}
    shared, others = parts.pop(SHARED), parts.pop(OTHERS, {})
    beside = {"evolved": EVOLVED, "emergence": EMERGENCE, "steep_moves": STEEP_MOVES}
    return SimpleNamespace(
        study=traits,
        cells={cell: _namespace(of) for cell, of in parts.items()},
        others=others,
        **{name: of.open(data) for name, of in beside.items()},
        **shared,
    )


def open_evolved(data: str | Path) -> dict[str, dict]:
    """Return what was measured of evolved networks, and of those that learnt their pictures.

    From the folder of the data, by picture: ``networks``, a list of profiles with ``who``,
    ``seed``, ``synapses`` and ``rmse``, the evolved network first; ``properties`` and
    ``mirror_of_picture``; ``geometry``, rows of the evolved network and of others, which were
    stopped at one error (tools/data/compare_evolved.py says what is in a row).

    Examples
    --------
    >>> {picture["networks"][0]["who"] for picture in open_evolved(samples.path()).values()}
    {'evolved'}
    """
    return EVOLVED.open(data)


def control_networks(data: str | Path) -> dict[str, dict[str, Network]]:
    """Return networks that have learnt nothing, the controls, by group and name.

    "untrained-narrow" and so on: starts of each wiring. "scaled-" and the name of a cell: the
    same with weights multiplied, so that their root mean square is the median of that cell's
    networks; of cells whose networks are all there. In both the first four starts on which all
    properties can be measured: a picture without contrast has no figures.

    Examples
    --------
    >>> list(control_networks(samples.path())["untrained-wide"])[0]  # doctest: +ELLIPSIS
    'untrained-wide-...'
    """
    groups, there = (
        {f"untrained-{wiring}": (wiring, None) for wiring in WIRINGS},
        groups_there(data),
    )
    for cell in (cell for cell in CELLS if cell in there):
        trained = open_networks(data, [cell]).values()
        rms = np.median([np.sqrt(np.mean(network.weights**2)) for network in trained])
        groups[f"scaled-{cell}"] = (cell.split("-")[0], rms)
    properties = Drawing.open(data).properties()
    return {group: _starts(group, *of, properties) for group, of in groups.items()}


def _starts(group, wiring, rms_weight, properties):
    """Return the first starts of a wiring on which all properties can be measured, by name."""
    found = {}
    for seed in SEEDS:
        network = Network.random(article_wiring(wiring), seed=seed)
        network = network if rms_weight is None else scaled_to(network, rms_weight)
        with suppress(ValueError):
            measure_all(properties, network.paint(SIZE))
            found[f"{group}-{seed}"] = network
        if len(found) == CONTROLS:
            break
    return found
