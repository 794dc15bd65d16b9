"""The study of the peacock: which networks, and where their results are."""

from collections.abc import Collection
from pathlib import Path
from typing import NamedTuple

import numpy as np

from ..core import Network, Picture
from ..properties import merge_regions, open_regions, peacock_properties
from .results import StaleResultsError, digest, read_study

LM, BACKPROP = METHODS = "levenberg-marquardt", "backprop"
REACH = 0.12  # RMSE at which networks of all sizes are stopped
SIZE, FINE = 64, 128  # pixels of a side at which networks are measured
# What is measured of networks, by version: to be raised whenever its numbers change. How it is
# measured is in tools/data/measuring/traits.py.
TRAITS = {
    "accuracy": 1,
    "jitter": 1,
    "maps": 1,
    "ranges": 1,
    "geometry": 1,
    "ensembles": 1,
    "spectrum": 2,
    "bases": 1,
    "moves": 1,
}
SEEDS = range(8)
SYNAPSES = (150, 460, 1500, 5000)
WIRINGS = ("strict", "narrow", "wide")
# In how many neurons coordinates enter: 2, 2 and two of them once more, 4 and so on.
DOSES = ("strict", "narrow", "4", "8", "16", "34")
CELLS = [f"{w}-{m}-0.001" for w in WIRINGS for m in METHODS]
HEADLINE = "narrow-backprop-0.001"  # the article's own recipe
RECIPES = [f"wide-{m}-{r}" for m in METHODS for r in ("0.001", "0")]
MAIN = RECIPES[0]  # the networks of the notebooks
PICTURES = ("lighthouse", "portrait")  # that other networks learnt, for what is said to be general


class Training(NamedTuple):
    """What is learnt, from which start, how, and until when.

    Attributes
    ----------
    wiring : str
        An entry of `article_wiring`, such as "narrow" or "8"; "quiet", the narrow one whose
        second entry starts from 0 and costs so much energy that it stays there; or "1500
        synapses" of `scaled_wiring`.
    method : str
        One of `METHODS`.
    restriction : str
        Energy restriction.
    seed : int
    picture : str
        "peacock", or one of `PICTURES`.
    target : float, optional
        RMSE at which to stop; all steps unless given.

    Examples
    --------
    >>> Training("8", seed=3, target=0.081234).name
    '8-levenberg-marquardt-0.001-equal-seed3'
    """

    wiring: str
    method: str = LM
    restriction: str = "0.001"
    seed: int = 0
    picture: str = "peacock"
    target: float | None = None

    @property
    def group(self):
        """The name without the seed: what networks are compared by."""
        picture = [] if self.picture == "peacock" else [self.picture]
        equal = [] if self.target is None else ["equal"]
        return "-".join([*picture, self.wiring, self.method, self.restriction, *equal])

    @property
    def name(self):
        """Name of the file, without its ending."""
        return f"{self.group}-seed{self.seed}".replace(" ", "-")


def _trainings():
    """Return the trainings of the study, those that are compared with each other first."""
    every = [(w, m, r) for r in ("0.001", "0") for m in METHODS for w in WIRINGS]
    every += [(dose, LM, "0.001") for dose in DOSES if dose not in WIRINGS]
    every += [("quiet", LM, "0.001")]
    every = [Training(*of, seed) for of in every for seed in SEEDS]
    sizes = [Training(f"{n} synapses", seed=s, target=REACH) for n in SYNAPSES for s in range(3)]
    others = [Training("narrow", seed=s, picture=p) for p in PICTURES for s in range(4)]
    return every + sizes + others


TRAININGS = _trainings()
DOSED = [f"{dose}-{LM}-0.001" for dose in DOSES]
SIZED = {n: f"{n} synapses-{LM}-0.001-equal" for n in SYNAPSES}
GROUPS = {}  # files, without their ending, in the folder of the data
for _one in TRAININGS:
    GROUPS.setdefault(_one.group, []).append(f"runs/{_one.name}")
    if _one.group in (*DOSED, *CELLS):  # the error that they stop at follows from these
        _equal = _one._replace(target=0.0)
        GROUPS.setdefault(_equal.group, []).append(f"runs/{_equal.name}")


# The traits that are measured of each group: all of cells, of others what is used.
MEASURED = dict.fromkeys(GROUPS, ("accuracy", "geometry")) | dict.fromkeys(CELLS, tuple(TRAITS))
MEASURED |= dict.fromkeys(SIZED.values(), ("accuracy", "bases", "geometry"))
for _group in GROUPS:
    if _group.endswith("-0"):
        MEASURED[_group] = ("accuracy", "ranges", "ensembles", "geometry", "moves")
    elif _group.startswith(PICTURES):  # errors are of the peacock: of these they mean nothing
        MEASURED[_group] = ("geometry",)


class Drawing(NamedTuple):
    """What the networks were taught, and the elements that it consists of.

    Attributes
    ----------
    fine, small : Picture
        At 128×128 and at 64×64.
    fine_elements, small_elements : (H, W) int arrays
    names : list of str
    digest : str

    Examples
    --------
    >>> drawing = Drawing.open(samples.path())
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
    def open(cls, data: str | Path) -> "Drawing":
        """Open the drawing in the folder of the data."""
        path, regions = Path(data) / "peacock.png", Path(data) / "peacock_elements.png"
        pictures = [Picture.open(path, size) for size in (FINE, SIZE)]
        (fine, names), (small, _) = (open_regions(regions, size) for size in (FINE, SIZE))
        arrays = [picture.to_bytes() for picture in pictures]
        content = [a.tobytes() for a in (*arrays, fine.astype("u1"), small.astype("u1"))]
        return cls(*pictures, fine, small, names, digest([*content, "|".join(names).encode()]))

    def properties(self) -> list:
        """Return the properties of the peacock at 64×64."""
        return peacock_properties(self.small, (self.small_elements, self.names))

    def parts(self) -> np.ndarray:
        """Return the parts of the bird and of its background at 128×128, numbered."""
        return merge_regions(self.fine_elements, self.names, lambda name: name.split("/")[0])[0]


def open_networks(data: str | Path, groups: Collection[str] = GROUPS) -> dict[str, Network]:
    """Return the networks of some groups (of `GROUPS`) by the names of their files.

    If some are not there in the folder of the data, a StaleResultsError says which, and what
    trains them.

    Examples
    --------
    >>> networks = open_networks(samples.path(), [MAIN])
    >>> len(networks), next(iter(networks.values()))
    (8, Network(37 neurons, 460 synapses, rms weight 1.17))
    """
    paths = {Path(p).name: Path(data) / f"{p}.npz" for g in groups for p in GROUPS[g]}
    missing = [name for name, path in paths.items() if not path.exists()]
    if missing:
        raise StaleResultsError(
            f"{data}: networks {', '.join(missing)} are missing. To train them run: "
            "python tools/data/train_networks.py"
        )
    return {name: Network.load(path) for name, path in paths.items()}


def open_study(data, groups=GROUPS, traits=TRAITS):
    """Return the stored results by group, network, trait and name: see `read_study`."""
    drawing, folder = Drawing.open(data), Path(data) / "study" / "results"
    command, results = "python tools/data/run_study.py", {}
    for group in groups:
        networks, measured = open_networks(data, [group]), measured_traits(group, traits)
        results[group] = read_study(networks, measured, drawing, folder, command)
    return results


def measured_traits(group: str, traits: Collection[str] = TRAITS) -> dict[str, int]:
    """Return those of the traits that are measured of a group, with their versions.

    Examples
    --------
    >>> measured_traits("portrait-narrow-levenberg-marquardt-0.001")
    {'geometry': 1}
    """
    return {name: TRAITS[name] for name in traits if name in MEASURED[group]}


def groups_there(data: str | Path) -> list[str]:
    """Return the groups (of `GROUPS`) whose networks are all in the folder of the data."""
    return [g for g in GROUPS if all((Path(data) / f"{p}.npz").exists() for p in GROUPS[g])]
