"""Trainings: every network of the study is made from its name, once, and kept."""

from collections.abc import Collection, Iterator
from concurrent.futures import Executor
from pathlib import Path
from typing import NamedTuple

import numpy as np

from .._files import first_difference
from ..core import (
    History,
    Network,
    Picture,
    Wiring,
    article_wiring,
    open_square,
    rmse,
    scaled_wiring,
    train_backprop,
    train_levenberg_marquardt,
)
from .results import VERSIONS, digest
from .studies import finished

LM, BACKPROP = METHODS = "levenberg-marquardt", "backprop"
TRAINERS = {  # about equally long
    LM: (train_levenberg_marquardt, {"iterations": 400}),
    BACKPROP: (train_backprop, {"epochs": 1500, "learning_rate": 0.01}),
}
PICTURES = {"peacock": "peacock.png", "lighthouse": "own/lighthouse.png"}
REACH = 0.12  # RMSE at which networks of all sizes are stopped
SILENCE = 1e6  # times the energy that synapses of a quiet network's second entry cost


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
        "peacock", "lighthouse" or "portrait".
    target : float, optional
        RMSE at which to stop; all steps unless given.

    Examples
    --------
    >>> Training("narrow", "backprop", "0", 3).name
    'narrow-backprop-0-seed3'
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

    @property
    def size(self):
        """Pixels of the picture's side: large networks take too long at 128."""
        return 64 if "synapses" in self.wiring else 128

    def start(self) -> Network:
        """Return the network before it has learnt anything."""
        if self.wiring.endswith(" synapses"):
            count = self.wiring.removesuffix(" synapses")
            wiring = scaled_wiring(int(count) if count.isdecimal() else count)
        elif self.wiring == "quiet":
            wiring = article_wiring("narrow")
        else:
            wiring = article_wiring(int(self.wiring) if self.wiring.isdecimal() else self.wiring)
        network = Network.random(wiring, seed=self.seed)
        silent = second_entry(wiring) if self.wiring == "quiet" else []
        weights = network.weights.copy()
        weights[silent] = 0
        return Network(wiring, weights, network.provenance)

    def restrictions(self) -> float | np.ndarray:
        """Return the energy restriction, of every synapse by itself in a quiet network."""
        restriction = float(self.restriction)
        if self.wiring != "quiet":
            return restriction
        wiring = article_wiring("narrow")
        each = np.full(wiring.n_synapses, restriction)
        each[second_entry(wiring)] *= SILENCE
        return each

    def recipe(self, data: str | Path) -> dict:
        """Return what the network depends on: it is trained anew when any of this changes.

        ValueError if there is no such method or picture.
        """
        whole = open_picture(self.picture, 256, data)
        about = {
            **_trainer(self.method)[1],
            "method": self.method,
            "energy_restriction": float(self.restriction),
            **({"second_entry": "silent"} if self.wiring == "quiet" else {}),
            "seed": self.seed,
            "picture": digest([whole.to_bytes()]),
        }
        return about | ({} if self.target is None else {"target": self.target})


def second_entry(wiring: Wiring) -> list[int]:
    """Return the synapses by which coordinates enter behind the first two neurons.

    Examples
    --------
    >>> second_entry(article_wiring("narrow"))
    [28, 37]
    """
    return [int(k) for k in np.flatnonzero((wiring.source < 2) & (wiring.target > 1))]


def open_picture(name: str, size: int, data: str | Path) -> Picture:
    """Return a picture that networks of the study learn; the portrait comes with matplotlib.

    ValueError if it is none of these.
    """
    if name == "portrait":
        from matplotlib.cbook import get_sample_data

        return open_square(get_sample_data("grace_hopper.jpg", asfileobj=False), size)
    if name not in PICTURES:
        raise ValueError(f"picture {name!r}: there are {', '.join(PICTURES)}, portrait")
    return Picture.open(Path(data) / PICTURES[name], size)


def _trainer(method):
    """Return a way of training and its length, or raise a ValueError."""
    if method not in TRAINERS:
        raise ValueError(f"method {method!r}: there are {', '.join(METHODS)}")
    return TRAINERS[method]


def learn(training: Training, data: str | Path) -> tuple[Network, History]:
    """Train; return the network, with its recipe and what it took as provenance, and the history.

    Examples
    --------
    >>> learn(Training("narrow"), samples.path())  # half a minute  # doctest: +SKIP
    """
    picture = open_picture(training.picture, training.size, data)
    trainer, length = _trainer(training.method)
    network, history = trainer(
        training.start(),
        picture,
        **length,
        energy_restriction=training.restrictions(),
        seed=training.seed,
        target=training.target,
        progress=False,
    )
    provenance = {
        **network.provenance,
        **training.recipe(data),
        "rmse": round(rmse(network.paint(training.size), picture), 5),
        "rms_weight": round(float(np.sqrt(np.mean(network.weights**2))), 4),
        "seconds": round(float(history.seconds[-1]), 1),
        "stopped": history.stopped,
        "versions": VERSIONS,
    }
    return Network(network.wiring, network.weights, provenance), history


def train_missing(
    trainings: Collection[Training], data: str | Path, executor: Executor | None = None
) -> Iterator[tuple[str, Network]]:
    """Train what is not there, or not from this recipe, and yield each name with its network.

    One file per network in runs/ of the folder of the data, which the caller's process writes
    alone: an interrupted study goes on where it stopped. The executor is that of `study`.

    Examples
    --------
    >>> for name, network in train_missing([Training("narrow")], samples.path()): print(name)
    """
    folder = Path(data) / "runs"
    folder.mkdir(parents=True, exist_ok=True)
    missing = [one for one in trainings if not is_trained(one, data)]
    calls = {one: (learn, one, str(data)) for one in missing}
    for training, (network, _) in finished(calls, executor):
        network.save(folder / f"{training.name}.npz")
        yield training.name, network


def is_trained(training: Training, data: str | Path) -> bool:
    """Is the network there, made by today's recipe?"""
    path = Path(data) / "runs" / f"{training.name}.npz"
    if not path.exists():
        return False
    made = Network.load(path).provenance
    return first_difference(made, training.recipe(data)) is None
