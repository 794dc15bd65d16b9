"""Train the same picture on networks of other sizes than the article's.

    nice python tools/train_sizes.py

Wirings in the article's style of about 150, 460, 1,500 and 5,000 synapses learn
data/peacock.png from 3 random starts each, all with the same pixels, steps and energy
restriction, by Levenberg–Marquardt; one file per run in data/study/sizes/. Runs that are already
there, made from the same picture in the same way, are kept: an interrupted training goes on with
the run it was in.
"""

import json
import os

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # one run per process; must precede NumPy

import numpy as np
from train_peacock import DATA, picture_digest

from ensembles_lib import Network, Picture, cascade_wiring, rmse, train_levenberg_marquardt
from ensembles_lib.peacock_study import SYNAPSES
from ensembles_lib.wiring import ARTICLE_FAN_IN

FOLDER = DATA / "study" / "sizes"
SEEDS = range(3)
SIZE, ITERATIONS, RESTRICTION = 64, 60, 1e-3


def fan_in_like_article(n_synapses):
    """Return a list of fan-ins in the article's style for about so many synapses.

    Neurons and fan-in both grow with the square root of the number of synapses. What a neuron
    hears beside the inputs follows the article's list, read at the same relative position among
    the hidden neurons and multiplied by the factor that comes nearest to the number asked for.
    As long as a neuron reaches no output, one neuron fewer. At 460 it is the article's own list.
    """
    growth = np.sqrt(n_synapses / sum(ARTICLE_FAN_IN))
    heard = np.array(ARTICLE_FAN_IN) - 3  # beside x, y and 1
    hidden, outputs = heard[:-3], heard[-3:]
    for n_hidden in range(round(len(heard) * growth) - 3, 0, -1):
        place = (np.arange(n_hidden) + 0.5) / n_hidden * len(hidden) - 0.5
        profile = np.append(np.interp(place, np.arange(len(hidden)), hidden), outputs)
        room = np.minimum(np.arange(n_hidden + 3), n_hidden)
        lists = 3 + np.minimum(np.rint(np.outer(np.linspace(0, 2, 2001) * growth, profile)), room)
        fan_in = lists[np.abs(lists.sum(axis=1) - n_synapses).argmin()].astype(int).tolist()
        wiring = cascade_wiring(fan_in)
        alive = np.unique(np.concatenate([wiring.feeding(output) for output in wiring.outputs]))
        if len(alive) == wiring.n_synapses:
            return fan_in
    raise ValueError(f"{n_synapses} synapses are too few for a network in the article's style")


def recipe(n_synapses, seed):
    """Return what makes a run: it is done again where this differs."""
    return {
        "method": "levenberg-marquardt",
        "fan_in": fan_in_like_article(n_synapses),
        "seed": seed,
        "picture": picture_digest(),
        "iterations": ITERATIONS,
        "energy_restriction": RESTRICTION,
        "trained_at": [SIZE, SIZE],
    }


def path_of(n_synapses, seed):
    """Where a run is stored."""
    return FOLDER / f"{n_synapses}-seed{seed}.npz"


def is_done(n_synapses, seed):
    """Is this run stored, and made as it would be today?"""
    path = path_of(n_synapses, seed)
    if not path.exists():
        return False
    made = Network.load(path).provenance
    return all(made.get(name) == value for name, value in recipe(n_synapses, seed).items())


def train(n_synapses, seed):
    """Train one network and store it with what it took."""
    made = recipe(n_synapses, seed)
    picture = Picture.open(DATA / "peacock.png", SIZE)
    start = Network.random(cascade_wiring(made["fan_in"]), seed=seed)
    network, history = train_levenberg_marquardt(
        start, picture, ITERATIONS, RESTRICTION, seed=seed, progress=False
    )
    provenance = {
        **network.provenance,
        **made,
        "rmse": round(rmse(network.paint(SIZE), picture), 5),
        "rms_weight": round(float(np.sqrt(np.mean(network.weights**2))), 4),
        "seconds": round(float(history.seconds[-1]), 1),
        "stopped": history.stopped,
    }
    Network(network.wiring, network.weights, provenance).save(path_of(n_synapses, seed))
    return provenance


def main():
    """Train what is missing, small networks first."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    for n_synapses in SYNAPSES:
        for seed in SEEDS:
            if not is_done(n_synapses, seed):
                p = train(n_synapses, seed)
                keep = ("seed", "rmse", "rms_weight", "steps", "seconds", "stopped")
                print(n_synapses, json.dumps({name: p[name] for name in keep}), flush=True)


if __name__ == "__main__":
    main()
