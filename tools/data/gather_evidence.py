"""Gather what the verdicts of notebook 06 need and no stored study holds.

    python tools/data/gather_evidence.py

Measures untrained networks as the study measures trained ones (data/study/untrained/), repeats the
experiments of notebooks 01 to 05, over all eight seeds where these show one, and stores their
numbers in data/verdicts.json. Run it after run_study.py and find_ensembles.py beside it.
"""

import os
from pathlib import Path

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # must precede NumPy

from ensembles_lib.study.evidence import gather_evidence

if __name__ == "__main__":
    gather_evidence(Path(__file__).resolve().parents[2] / "data")
