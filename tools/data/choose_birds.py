"""Choose the networks that ship: of many taught alike, by a rule that was fixed beforehand.

    python tools/data/choose_birds.py [--jobs 2 | --scheduler tcp://host:8786]

Trains narrow, quiet and strict networks (see train_networks.py: what is in data/runs/ is kept),
moves the first six synapses of each, and stores what that does in data/study/birds.json. The rule
is that of `ensembles_lib.study.birds`, and is printed. The chosen quiet network becomes
data/peacock.npz, its way of learning data/peacock_history.npz, the strict one
data/peacock_strict.npz; narrow ones say how often a bird is pure where the second entry is free.
"""

import argparse
import json
import os
import shutil
from pathlib import Path

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # one per process; must precede NumPy

import numpy as np
from workers import add_workers, executor

from ensembles_lib import History, Network
from ensembles_lib._files import replacing, write_json
from ensembles_lib.study.birds import (
    LARGEST_ERROR,
    PURE,
    RULE,
    choose,
    far_moves,
    purity,
    shows_the_pair,
)
from ensembles_lib.study.studies import network_digest
from ensembles_lib.study.trainings import Training, learn, train_missing

DATA = Path(__file__).resolve().parents[2] / "data"
TABLE = DATA / "study" / "birds.json"
SEEDS = {"quiet": range(8), "strict": range(8), "narrow": range(19)}
SHIPPED = {"quiet": "peacock", "strict": "peacock_strict"}


def path_of(training):
    """Where a network is stored."""
    return DATA / "runs" / f"{training.name}.npz"


def measure(network):
    """Return a row of the table: the error, and what moves of the first six synapses do."""
    moves = {name: np.round(found, 5).tolist() for name, found in far_moves(network).items()}
    return {"rmse": network.provenance["rmse"], "digest": network_digest(network), **moves}


def rows_of(wiring, table, workers):
    """Train and measure what is missing; return the rows, in order of seeds."""
    trainings = [Training(wiring, seed=seed) for seed in SEEDS[wiring]]
    for name, network in train_missing(trainings, DATA, workers):
        print(f"{name}: RMSE {network.provenance['rmse']:.4f}", flush=True)
    networks = [Network.load(path_of(one)) for one in trainings]
    known = {row["digest"]: row for row in table.get(wiring, {}).get("rows", [])}
    missing = [one for one in networks if network_digest(one) not in known]
    found = map(measure, missing) if workers is None else workers.map(measure, missing)
    for row in found:
        known[row["digest"]] = row
    return [known[network_digest(one)] for one in networks]


def tell(wiring, rows, chosen):
    """Print which network was chosen, and how many of its kind show what it shows."""
    good = [purity(row) for row in rows if row["rmse"] <= LARGEST_ERROR]
    pairs = sum(map(shows_the_pair, rows))
    pure = sum(np.array(good) >= PURE)
    print(
        f"{wiring}: {len(good)} of {len(rows)} with a small error, {pure} of those explained to "
        f"{PURE} or more, {pairs} with the pair; chosen seed {chosen}, RMSE "
        f"{rows[chosen]['rmse']:.4f}, explained {purity(rows[chosen]):.3f}"
    )


def ship(wiring, seed):
    """Copy the chosen network to where samples are; train the quiet one again for its history."""
    chosen, name = Training(wiring, seed=seed), SHIPPED[wiring]
    with replacing(DATA / f"{name}.npz") as temporary:
        shutil.copyfile(path_of(chosen), temporary)
    if wiring == "quiet":
        columns = vars(learn(chosen, DATA)[1])
        stopped = columns.pop("stopped")
        # About 60 of the records, dense at the start: learning slows down.
        kept = np.unique(np.rint(np.geomspace(1, len(columns["step"]), 60)).astype(int)) - 1
        thinned = {name: column[kept] for name, column in columns.items()}
        History(**thinned, stopped=stopped).save(DATA / f"{name}_history.npz")


def main():
    """Measure what is missing, and choose."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    add_workers(parser)
    asked = parser.parse_args()
    print(f"The rule: {RULE}.")
    table = json.loads(TABLE.read_text(encoding="utf-8")) if TABLE.exists() else {}
    with executor(asked) as workers:
        for wiring in SEEDS:
            rows = rows_of(wiring, table, workers)
            chosen = choose([row["rmse"] for row in rows], rows)
            table[wiring] = {"rule": RULE, "chosen": chosen, "rows": rows}
            write_json(TABLE, table)
            tell(wiring, rows, chosen)
            if wiring in SHIPPED:
                ship(wiring, chosen)


if __name__ == "__main__":
    main()
