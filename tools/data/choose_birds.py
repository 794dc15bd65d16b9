"""Choose the networks that ship: of many taught alike, by a rule that was fixed beforehand.

    python tools/data/choose_birds.py [--jobs 2 | --scheduler tcp://host:8786]

Trains narrow, quiet and strict networks (see train_networks.py: what is in data/runs/ is kept),
moves the first six synapses of each, and stores what that does in data/study/birds.json. The rule
is printed; it was fixed before any network was trained (see data/study/PREDICTIONS.md). The chosen
quiet network becomes data/peacock.npz, its way of learning data/peacock_history.npz, the strict one
data/peacock_strict.npz; narrow ones say how often a bird is pure where the second entry is free.
"""

import argparse
import json
import os
import shutil
from pathlib import Path

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # one per process; must precede NumPy

import numpy as np
from measuring.birds import FAR, far_moves
from measuring.trainings import learn, train_missing
from workers import add_workers, executor

from ensembles_lib import History, Network
from ensembles_lib._files import replacing, write_json
from ensembles_lib.study.claims.synapses import PURE, TURNED
from ensembles_lib.study.peacock_study import Training
from ensembles_lib.study.results import network_digest

DATA = Path(__file__).resolve().parents[2] / "data"
TABLE = DATA / "study" / "birds.json"
SEEDS = {"quiet": range(8), "strict": range(8), "narrow": range(19)}
SHIPPED = {"quiet": "peacock", "strict": "peacock_strict"}
LARGEST_ERROR = 0.055  # RMSE at 128×128
WIDENED = 5.0  # % at 10 R, from which a bird is widened
RULE = (
    f"among those with RMSE up to {LARGEST_ERROR} in which synapse 0 turns or leans the bird by "
    f"{TURNED:g}° or more and synapse 1 changes its width or height by {WIDENED:g} % or more at "
    f"{FAR} R, the one with the largest median over synapses 0 to 5 of what an affine fit "
    f"explains, both signs averaged; if that is below {PURE}, the largest without the condition on "
    "0 and 1; of equals the one with the smallest error"
)


def purity(moves):
    """Return the median over the six of what an affine map explains, both signs averaged.

    NaN if one of them moves nothing.
    """
    return float(np.median(np.mean(moves["explained"], axis=1)))


def shows_the_pair(moves):
    """Does synapse 0 turn or lean the bird, and synapse 1 change its width or height?"""
    tilt, lean, width, height = (
        np.abs(moves[name]).mean(axis=1) for name in ("tilt", "lean", "width", "height")
    )
    return bool(max(tilt[0], lean[0]) >= TURNED and max(width[1], height[1]) >= WIDENED)


def choose(errors, moves):
    """Return the number of the network that `RULE` chooses.

    Of what `far_moves` returned of each, and their errors. A network of which nothing can be told,
    because one of its six synapses moves nothing, comes last. ValueError if no error is small
    enough, or there are not as many errors as moves.
    """
    if not len(errors) == len(moves) > 0:
        raise ValueError(f"{len(errors)} errors, {len(moves)} moves: give both of each network")
    good = [n for n, error in enumerate(errors) if error <= LARGEST_ERROR]
    if not good:
        raise ValueError(f"the smallest error is {min(errors):.3f}: none is below {LARGEST_ERROR}")

    def best(numbers):
        # Rounded: that one pure bird is purer than another by a rounding error says nothing.
        pure = {n: float(np.nan_to_num(purity(moves[n]), nan=-1)) for n in numbers}
        return max(numbers, key=lambda n: (round(pure[n], 3), -errors[n]))

    pairs = [n for n in good if shows_the_pair(moves[n])]
    if pairs and purity(moves[best(pairs)]) >= PURE:
        return best(pairs)
    return best(good)


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
