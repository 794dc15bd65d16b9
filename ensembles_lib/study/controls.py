"""Controls: networks that have learnt nothing, of the same wirings and as steep as trained ones."""

from contextlib import suppress
from pathlib import Path

import numpy as np

from ..core import Network, article_wiring
from ..properties import measure_all
from .peacock_study import CELLS, SIZE, WIRINGS, Drawing, groups_there, open_networks
from .profiles import scaled_to

CONTROLS, SEEDS = 4, range(100)  # untrained networks in a group, of the first of these seeds


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
    groups = {f"untrained-{wiring}": (wiring, None) for wiring in WIRINGS}
    for cell in cells_there(data):
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


def cells_there(data: str | Path) -> list[str]:
    """Return the cells (of `CELLS`) whose networks are all in the folder of the data."""
    there = groups_there(data)
    return [cell for cell in CELLS if cell in there]
