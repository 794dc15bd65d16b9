"""Trainings: every network of the study is made from its name, once, and kept."""

from collections.abc import Collection, Iterator
from concurrent.futures import Executor
from pathlib import Path

import numpy as np

from ensembles_lib._files import first_difference
from ensembles_lib.core import (
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
from ensembles_lib.study.peacock_study import (
    BACKPROP,
    CELLS,
    DOSED,
    LM,
    METHODS,
    TRAININGS,
    Training,
    open_networks,
)
from ensembles_lib.study.results import digest

from .results import VERSIONS
from .studies import finished

TRAINERS = {  # about equally long
    LM: (train_levenberg_marquardt, {"iterations": 400}),
    BACKPROP: (train_backprop, {"epochs": 1500, "learning_rate": 0.01}),
}
PICTURES = {"peacock": "peacock.png", "lighthouse": "own/lighthouse.png"}
SILENCE = 1e6  # times the energy that synapses of a quiet network's second entry cost


def size(training: Training) -> int:
    """Return the pixels of the picture's side: large networks take too long at 128."""
    return 64 if "synapses" in training.wiring else 128


def start(training: Training) -> Network:
    """Return the network before it has learnt anything."""
    if training.wiring.endswith(" synapses"):
        count = training.wiring.removesuffix(" synapses")
        wiring = scaled_wiring(int(count) if count.isdecimal() else count)
    elif training.wiring == "quiet":
        wiring = article_wiring("narrow")
    else:
        entry = training.wiring
        wiring = article_wiring(int(entry) if entry.isdecimal() else entry)
    network = Network.random(wiring, seed=training.seed)
    silent = second_entry(wiring) if training.wiring == "quiet" else []
    weights = network.weights.copy()
    weights[silent] = 0
    return Network(wiring, weights, network.provenance)


def restrictions(training: Training) -> float | np.ndarray:
    """Return the energy restriction, of every synapse by itself in a quiet network."""
    restriction = float(training.restriction)
    if training.wiring != "quiet":
        return restriction
    wiring = article_wiring("narrow")
    each = np.full(wiring.n_synapses, restriction)
    each[second_entry(wiring)] *= SILENCE
    return each


def recipe(training: Training, data: str | Path) -> dict:
    """Return what the network depends on: it is trained anew when any of this changes.

    ValueError if there is no such method or picture.
    """
    whole = open_picture(training.picture, 256, data)
    about = {
        **_trainer(training.method)[1],
        "method": training.method,
        "energy_restriction": float(training.restriction),
        **({"second_entry": "silent"} if training.wiring == "quiet" else {}),
        "seed": training.seed,
        "picture": digest([whole.to_bytes()]),
    }
    return about | ({} if training.target is None else {"target": training.target})


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
    picture = open_picture(training.picture, size(training), data)
    trainer, length = _trainer(training.method)
    network, history = trainer(
        start(training),
        picture,
        **length,
        energy_restriction=restrictions(training),
        seed=training.seed,
        target=training.target,
        progress=False,
    )
    provenance = {
        **network.provenance,
        **recipe(training, data),
        "rmse": round(rmse(network.paint(size(training)), picture), 5),
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
    return first_difference(made, recipe(training, data)) is None


def equal_trainings(data: str | Path) -> list[Training]:
    """Return trainings that stop at one error, so that groups can be compared at it.

    It is the largest of the median errors of all doses and of all cells, whose trainings must be
    done. StaleResultsError if one is not.

    Examples
    --------
    >>> equal_trainings(samples.path())[0].name
    'strict-levenberg-marquardt-0.001-equal-seed0'
    """
    groups = dict.fromkeys([*DOSED, *CELLS])
    networks = [open_networks(data, [group]).values() for group in groups]
    medians = [np.median([one.provenance["rmse"] for one in of]) for of in networks]
    chosen = [one for one in TRAININGS if one.group in groups]
    return [one._replace(target=round(float(max(medians)), 5)) for one in chosen]
