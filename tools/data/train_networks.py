"""Train the networks of the study, from scratch.

    python tools/data/train_networks.py [--jobs 2 | --scheduler tcp://host:8786] [--groups …]

Writes one file per network to data/runs/, in the order of the study; those that stop at one error
come last, since the error follows from the others. What is there already, from the same picture
and recipe, is kept: an interrupted run goes on where it stopped.
"""

import argparse
import os
from pathlib import Path

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # one per process; must precede NumPy

from measuring.trainings import equal_trainings, train_missing
from workers import add_workers, executor

from ensembles_lib.study.peacock_study import TRAININGS

DATA = Path(__file__).resolve().parents[2] / "data"


def train(trainings, workers):
    """Train what is missing and say how it went."""
    for name, network in train_missing(trainings, DATA, workers):
        p = network.provenance
        print(f"{name}: RMSE {p['rmse']:.4f}, rms weight {p['rms_weight']:.2f}, "
              f"{p['steps']} steps, {p['seconds']:.0f} s, {p['stopped']}", flush=True)  # fmt: skip


def main():
    """Train what is missing."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    groups = list(dict.fromkeys(one.group for one in TRAININGS))
    parser.add_argument("--groups", nargs="+", choices=groups, help="those alone")
    add_workers(parser)
    asked = parser.parse_args()
    with executor(asked) as workers:
        if asked.groups:
            train([one for one in TRAININGS if one.group in asked.groups], workers)
        else:
            train(TRAININGS, workers)
            train(equal_trainings(DATA), workers)


if __name__ == "__main__":
    main()
