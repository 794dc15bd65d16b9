"""Train the same picture on networks of other sizes than the article's.

    nice python tools/data/train_sizes.py

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

from ensembles_lib import (
    Network,
    Picture,
    cascade_wiring,
    rmse,
    scaled_wiring,
    train_levenberg_marquardt,
)
from ensembles_lib.study.peacock_study import SYNAPSES

FOLDER = DATA / "study" / "sizes"
SEEDS = range(3)
SIZE, ITERATIONS, RESTRICTION = 64, 60, 1e-3


def fan_in_like_article(n_synapses):
    """Return the fan-ins of the article's style of wiring for about so many synapses."""
    return np.diff(scaled_wiring(n_synapses).first).tolist()


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
