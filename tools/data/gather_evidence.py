"""Gather what the table of all claims needs and no stored study holds.

    python tools/data/gather_evidence.py [--jobs 2 | --scheduler tcp://host:8786]

Measures untrained networks as the study measures trained ones (data/study/untrained/), repeats the
experiments of the notebooks over all networks of each cell of wiring and trainer, and stores their
numbers in data/study/evidence/, one file a cell. What is there already and of today is kept. Run it
after run_study.py and find_ensembles.py beside it.
"""

import argparse
import os
from pathlib import Path

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # one per process; must precede NumPy

from measuring.gathering import gather_evidence
from workers import add_workers, executor

if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    add_workers(parser)
    with executor(parser.parse_args()) as workers:
        gather_evidence(Path(__file__).resolve().parents[2] / "data", workers)
