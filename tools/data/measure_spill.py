"""Measure how much of a pattern's change falls outside its part, in birds and in random networks.

    python tools/data/measure_spill.py [--jobs 2 | --scheduler tcp://host:8786]

Writes data/study/spill.json, which page 05 shows: a dict for each network, see `open_spill` of
ensembles_lib/study/spills.py. What was expected is in data/study/PREDICTIONS.md. Five seconds a
network.
"""

import argparse
import os
from pathlib import Path

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # one per process; must precede NumPy

from measuring.results import store_json
from measuring.spills import measured_spill
from measuring.studies import finished
from workers import add_workers, executor

from ensembles_lib.study.spills import COUNTS, SPILL, spill_networks

DATA = Path(__file__).resolve().parents[2] / "data"


def main():
    """Measure all networks and write what was found."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    add_workers(parser)
    networks = spill_networks(DATA)
    calls = {
        (kind, n): (measured_spill, network, COUNTS[kind])
        for kind, of in networks.items()
        for n, network in enumerate(of)
    }
    with executor(parser.parse_args()) as workers:
        found = dict(finished(calls, workers))
    kinds = {kind: [found[kind, n] for n in range(len(of))] for kind, of in networks.items()}
    store_json(DATA / SPILL.file, {"provenance": SPILL.made_from(DATA), "kinds": kinds}, 4)


if __name__ == "__main__":
    main()
