"""Train networks of the study once more, and keep 40 records of how each of them learnt.

    python tools/data/record_histories.py [--jobs 2 | --scheduler tcp://host:8786]

Narrow and wide, by both trainers, with energy restriction 0.001, seeds 0 to 7. Writes one file per
network to data/histories/; what is there is kept: an interrupted run goes on where it stopped.
"""

import argparse
import os
from pathlib import Path

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # one per process; must precede NumPy

import numpy as np
from measuring.studies import finished
from measuring.trainings import learn
from workers import add_workers, executor

from ensembles_lib import History
from ensembles_lib.study.evidence import HISTORIES

DATA = Path(__file__).resolve().parents[2] / "data"


def thinned(history, count=40):
    """Return at most `count` records, dense at the start: learning slows down.

    The first and the last are kept; weights are in single precision. ValueError if fewer than two
    are asked for.
    """
    if count < 2:
        raise ValueError(f"count {count!r}: give 2 records or more, the first and the last")
    n_records = len(history.step)
    # The first numbers of a geometric row are alike when rounded: ask for more until enough differ.
    for asked in range(count, 100 * count):
        row = np.unique(np.rint(np.geomspace(1, n_records, asked)).astype(int)) - 1
        if len(row) > count:
            break
        kept = row
        if len(row) in (count, n_records):
            break
    columns = vars(history) | {"weights": history.weights.astype(np.float32)}
    return History(**{
        name: column if name == "stopped" else column[kept] for name, column in columns.items()
    })  # fmt: skip


def record(training):
    """Return the records of a training that are kept."""
    return thinned(learn(training, DATA)[1])


def main():
    """Train what is missing."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    add_workers(parser)
    asked = parser.parse_args()
    folder = DATA / "histories"
    folder.mkdir(exist_ok=True)
    missing = [one for one in HISTORIES if not (folder / f"{one.name}.npz").exists()]
    with executor(asked) as workers:
        for one, history in finished({one: (record, one) for one in missing}, workers):
            history.save(folder / f"{one.name}.npz")
            print(f"{one.name}: {history}", flush=True)


if __name__ == "__main__":
    main()
