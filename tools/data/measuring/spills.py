"""Spills: what is measured of the patterns of one network."""

import numpy as np

from ensembles_lib.core import Network
from ensembles_lib.ensembles import components, part_of, spill


def measured_spill(network: Network, count: int | None) -> dict:
    """Return what `open_spill` tells of one network.

    Parameters
    ----------
    network
        Any network that paints something.
    count
        How many patterns are looked for; None: as many as hold 80 % of the change.

    Examples
    --------
    >>> measured_spill(samples.peacock_network(), count=2)["patterns"]
    2
    """
    found = components(network, count=count)
    numbers = range(len(found.maps))
    members = [found.members(number) for number in numbers]
    each = {
        "outside": [spill(network, found, number) for number in numbers],
        "part": [part_of(pattern).mean() for pattern in found.maps],
        "synapses": [len(one) for one in members],
        "neurons": [len(np.unique(network.wiring.target[one])) for one in members],
    }
    told = {"patterns": len(found.maps), "energy": float(found.energy.sum())}
    return told | {name: float(np.median(values)) for name, values in each.items()}
