"""Spills: how much of a pattern's change falls outside its part, network by network.

Shown by page 05; what measures it is tools/data/measure_spill.py, which says what was expected.
"""

from pathlib import Path

from ..core import Network
from .peacock_study import METHODS
from .profiles import start_as_steep
from .results import Stored, networks_digest

VERSION = 1  # to be raised whenever what `measured_spill` of that tool measures changes
PATTERNS, SEEDS = 19, range(8)  # as many patterns as hold 80 % of the change in the peacock's bird
COUNTS = {  # of patterns, by kind of network; None: as many as hold 80 % of the change
    "birds": PATTERNS,
    "birds by backprop": PATTERNS,
    "random": PATTERNS,
    "random, few patterns": None,
}


def spill_networks(data: str | Path) -> dict[str, list[Network]]:
    """Return the networks whose spills are measured, eight of each kind of `COUNTS`.

    From the folder of the data: birds in the narrow wiring, and random networks whose weights are
    as large as those of the peacock's network.

    Examples
    --------
    >>> {kind: len(networks) for kind, networks in spill_networks(samples.path()).items()}
    {'birds': 8, 'birds by backprop': 8, 'random': 8, 'random, few patterns': 8}
    """
    data = Path(data)
    birds = [
        [Network.load(data / "runs" / f"narrow-{method}-0.001-seed{n}.npz") for n in SEEDS]
        for method in METHODS
    ]
    bird = Network.load(data / "peacock.npz")
    random = [start_as_steep(bird, seed=n) for n in SEEDS]
    return dict(zip(COUNTS, (*birds, random, random), strict=True))


def _made_from(data):
    networks = [one for kind in spill_networks(data).values() for one in kind]
    return {"version": VERSION, "networks": networks_digest(networks)}


SPILL = Stored("study/spill.json", "kinds", _made_from, "python tools/data/measure_spill.py", list)


def open_spill(data: str | Path) -> dict[str, list[dict]]:
    """Return what was measured of the patterns of each network of `spill_networks`, by kind.

    A network's dict has ``patterns``, their number; ``energy``, the share of all change that they
    hold; and medians over them: ``outside``, see `spill`; ``part``, the share of the picture that
    is `part_of` one; ``synapses``, its members, and ``neurons``, those that they lead to.

    Examples
    --------
    >>> sorted(open_spill(samples.path())["birds"][0])
    ['energy', 'neurons', 'outside', 'part', 'patterns', 'synapses']
    """
    return SPILL.open(data)
