"""Measure when the components of trained networks came to be, from their stored histories.

    python tools/data/measure_emergence.py [--jobs 2 | --scheduler tcp://host:8786]

Reads data/histories/ (tools/data/record_histories.py) and writes data/study/emergence.json: by cell
of wiring and trainer, a list of networks, seeds 0 to 7. What was expected is in
data/study/PREDICTIONS.md. About ten seconds a network.
"""

import argparse
import os
from pathlib import Path

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # one per process; must precede NumPy

from measuring.histories import measure_emergence, store_emergence
from measuring.studies import finished
from workers import add_workers, executor

from ensembles_lib.study.evidence import HISTORIES

DATA = Path(__file__).resolve().parents[2] / "data"


def main():
    """Measure all histories."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    add_workers(parser)
    asked, found = parser.parse_args(), {}
    with executor(asked) as workers:
        calls = {one: (measure_emergence, one, str(DATA)) for one in HISTORIES}
        for one, told in finished(calls, workers):
            found[one] = told
            print(one.name, told["orders"], flush=True)
    store_emergence(DATA, found)


if __name__ == "__main__":
    main()
