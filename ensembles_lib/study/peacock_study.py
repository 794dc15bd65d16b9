"""The study of the peacock: which networks, and where their results are."""

import hashlib
from pathlib import Path
from typing import NamedTuple

import numpy as np

from ..core.network import Network
from ..core.picture import Picture
from ..properties.peacock import peacock_properties
from ..properties.regions import open_regions
from .results import StaleResultsError, read_study
from .traits import FINE, SIZE, TRAITS

SYNAPSES = (150, 460, 1500, 5000)
RECIPES = [f"{m}-{r}" for m in ("levenberg-marquardt", "backprop") for r in ("0.001", "0")]
GROUPS = {  # files, without their ending, in the folder of the data
    **{recipe: [f"runs/{recipe}-seed{s}" for s in range(8)] for recipe in RECIPES},
    **{f"{n} synapses": [f"study/sizes/{n}-seed{s}" for s in range(3)] for n in SYNAPSES},
}
# Of the largest, whose traits take hours, only what is compared between sizes.
MEASURED = dict.fromkeys(GROUPS, tuple(TRAITS)) | {"5000 synapses": ("accuracy", "bases")}


class Drawing(NamedTuple):
    """What the networks were taught, and the elements that it consists of.

    Attributes
    ----------
    fine, small : Picture
        At 128×128 and at 64×64.
    fine_elements, small_elements : (H, W) int arrays
    names : list of str
        Of the elements.
    digest : str
        Of all of these.

    Examples
    --------
    >>> drawing = Drawing.open("data")
    >>> drawing.fine.size, drawing.small.size, len(drawing.names)
    ((128, 128), (64, 64), 43)
    """

    fine: Picture
    small: Picture
    fine_elements: np.ndarray
    small_elements: np.ndarray
    names: list
    digest: str

    @classmethod
    def open(cls, data):
        """Open the drawing in the folder of the data."""
        path, regions = Path(data) / "peacock.png", Path(data) / "peacock_elements.png"
        pictures = [Picture.open(path, size) for size in (FINE, SIZE)]
        (fine, names), (small, _) = (open_regions(regions, size) for size in (FINE, SIZE))
        content = [one.to_bytes() for one in pictures] + [fine.astype("u1"), small.astype("u1")]
        content = [one.tobytes() for one in content] + ["|".join(names).encode()]
        digest = hashlib.sha256(b"".join(content)).hexdigest()[:16]
        return cls(*pictures, fine, small, names, digest)

    def properties(self):
        """Return the properties of the peacock at 64×64."""
        return peacock_properties(self.small, (self.small_elements, self.names))


def open_networks(data, groups=GROUPS):
    """Return the networks of some groups by the names of their files.

    Parameters
    ----------
    data : path
        The folder of the data.
    groups : collection of str
        Of the keys of `GROUPS`; all unless given.

    Raises
    ------
    StaleResultsError
        If some are not there; it says which, and what trains them.

    Examples
    --------
    >>> networks = open_networks("data", [RECIPES[0]])
    >>> len(networks), next(iter(networks.values()))
    (8, Network(37 neurons, 460 synapses, rms weight 1.17))
    """
    paths = {Path(p).name: Path(data) / f"{p}.npz" for g in groups for p in GROUPS[g]}
    missing = [name for name, path in paths.items() if not path.exists()]
    if missing:
        raise StaleResultsError(
            f"{data}: networks {', '.join(missing)} are missing. To train them run: "
            "python tools/data/train_peacock.py; python tools/data/train_sizes.py"
        )
    return {name: Network.load(path) for name, path in paths.items()}


def open_study(data, groups=GROUPS, traits=TRAITS):
    """Return the stored results of some groups and traits, if they are of today.

    Parameters
    ----------
    data : path
        The folder of the data.
    groups : sequence of str
        Of `GROUPS`.
    traits : sequence of str
        Of `TRAITS`.

    Returns
    -------
    dict of str to dict of str to dict of str to dict
        By group, network, trait and what it measured.

    Raises
    ------
    StaleResultsError
        If anything is missing or stale; it says which, and what rebuilds it.
    """
    networks, drawing, found = open_networks(data, groups), Drawing.open(data), {}
    folder = Path(data) / "study" / "results"
    for group in groups:
        own = {Path(p).name: networks[Path(p).name] for p in GROUPS[group]}
        chosen = measured_traits(group, traits)
        found[group] = read_study(own, chosen, drawing, folder, "python tools/data/run_study.py")
    return found


def measured_traits(group, traits=TRAITS):
    """Return those of the traits that are measured of a group, with how they are measured.

    Parameters
    ----------
    group : str
        Of `GROUPS`.
    traits : sequence of str
        Of `TRAITS`.

    Returns
    -------
    dict
        As `TRAITS`, but for what is left out.

    Examples
    --------
    >>> list(measured_traits("5000 synapses", ["accuracy", "bases", "spectrum"]))
    ['accuracy', 'bases']
    """
    return {name: TRAITS[name] for name in traits if name in MEASURED[group]}
