"""Train the networks that the notebooks use, from scratch.

    python tools/data/train_peacock.py [--jobs 2]

Trains the article's wiring on data/peacock.png at 128 x 128 pixels from 8 random starts, by both
trainers, each with and without energy restriction, and writes one file per run to data/runs/.
Of the runs by Levenberg-Marquardt with energy restriction the one with the lowest error becomes
data/peacock.npz, and the way it learnt data/peacock_history.npz. Runs that are
already there, made from the same picture, are kept: an interrupted study goes on where it stopped.
"""

import argparse
import hashlib
import os
import platform
import shutil
from concurrent.futures import ProcessPoolExecutor, as_completed
from pathlib import Path

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # one run per process; must precede NumPy

import numpy as np
import scipy

from ensembles_lib import (
    History,
    Network,
    Picture,
    article_wiring,
    rmse,
    train_backprop,
    train_levenberg_marquardt,
)
from ensembles_lib._files import replacing

DATA = Path(__file__).resolve().parents[2] / "data"
SIZE, SEEDS, RESTRICTIONS = 128, range(8), (1e-3, 0.0)
METHODS = {  # about equally long
    "levenberg-marquardt": (train_levenberg_marquardt, {"iterations": 400}),
    "backprop": (train_backprop, {"epochs": 1500, "learning_rate": 0.01}),
}


def path_of(method, restriction, seed):
    """Where a run is stored."""
    return DATA / "runs" / f"{method}-{restriction:g}-seed{seed}.npz"


def picture_digest():
    """SHA-256 of the picture's pixels: says whether a run belongs to this picture."""
    return hashlib.sha256(Picture.open(DATA / "peacock.png").to_bytes()).hexdigest()[:16]


def learn(method, restriction, seed):
    """Train one network; return it, its history and the picture."""
    picture = Picture.open(DATA / "peacock.png", SIZE)
    trainer, length = METHODS[method]
    start = Network.random(article_wiring(), seed=seed)
    options = {"seed": seed, "energy_restriction": restriction, "progress": False}
    return *trainer(start, picture, **options, **length), picture


def train(method, restriction, seed):
    """Train one network and store it with what it took."""
    network, history, picture = learn(method, restriction, seed)
    provenance = {
        **network.provenance,
        **METHODS[method][1],
        "method": method,
        "seed": seed,
        "picture": picture_digest(),
        "rmse": round(rmse(network.paint(SIZE), picture), 5),
        "rms_weight": round(float(np.sqrt(np.mean(network.weights**2))), 4),
        "seconds": round(float(history.seconds[-1]), 1),
        "stopped": history.stopped,
        "versions": {
            "python": platform.python_version(),
            "numpy": np.__version__,
            "scipy": scipy.__version__,
        },
    }
    Network(network.wiring, network.weights, provenance).save(path_of(method, restriction, seed))
    return provenance


def is_done(run):
    """Is this run stored, and made from the picture of today?"""
    path = path_of(*run)
    return path.exists() and Network.load(path).provenance["picture"] == picture_digest()


def main():
    """Train what is missing and choose the network to ship."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--jobs", type=int, default=os.cpu_count(), help="runs at a time")
    jobs = parser.parse_args().jobs
    (DATA / "runs").mkdir(exist_ok=True)
    runs = [(m, r, s) for m in METHODS for r in RESTRICTIONS for s in SEEDS]
    missing = [run for run in runs if not is_done(run)]
    with ProcessPoolExecutor(jobs) as pool:
        for job in as_completed([pool.submit(train, *run) for run in missing]):
            p = job.result()
            print(
                f"{p['method']:20} restriction {p['energy_restriction']:<6g} seed {p['seed']}: "
                f"RMSE {p['rmse']:.4f}, rms weight {p['rms_weight']:.2f}, {p['seconds']:.0f} s",
                flush=True,
            )
    restricted = [("levenberg-marquardt", RESTRICTIONS[0], seed) for seed in SEEDS]
    best = min(restricted, key=lambda run: Network.load(path_of(*run)).provenance["rmse"])
    with replacing(DATA / "peacock.npz") as temporary:
        shutil.copyfile(path_of(*best), temporary)
    # Trained once more for its history: the same steps on the same machine.
    columns = vars(learn(*best)[1])
    stopped = columns.pop("stopped")
    # About 60 of the records, dense at the start: learning slows down.
    kept = np.unique(np.rint(np.geomspace(1, len(columns["step"]), 60)).astype(int)) - 1
    thinned = History(**{name: column[kept] for name, column in columns.items()}, stopped=stopped)
    thinned.save(DATA / "peacock_history.npz")
    print(f"{path_of(*best).name} is data/peacock.npz")


if __name__ == "__main__":
    main()
