"""Run the study behind trials 5 to 9: measure what is missing, on networks that are there.

    python tools/data/run_study.py [--jobs 2 | --scheduler tcp://host:8786]

Measures the traits of `measuring.traits` of the networks in data/runs/ and stores one
file per network in data/study/results/; it trains nothing. What is there already, made from the
same networks, picture and versions of the traits, is kept: an interrupted study goes on where it
stopped, and a complete one only says so. With --check some are measured again and compared with
what is stored.
"""

import argparse
import os
import sys
from pathlib import Path

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # one per process; must precede NumPy

from measuring.results import differences
from measuring.studies import study
from measuring.traits import TRAITS
from workers import add_workers, executor

from ensembles_lib.core.network import Network
from ensembles_lib.study.peacock_study import GROUPS, Drawing, measured_traits, open_networks
from ensembles_lib.study.results import read_study

DATA = Path(__file__).resolve().parents[2] / "data"
RESULTS = DATA / "study" / "results"


def networks_there(groups):
    """Return the networks of these groups that are trained, and say which are not."""
    found = {}
    for group in groups:
        for path in GROUPS[group]:
            if (DATA / f"{path}.npz").exists():
                found[Path(path).name] = Network.load(DATA / f"{path}.npz")
            else:
                print(f"{path}: not trained, left out")
    return found


def check(groups, traits, drawing):
    """Measure stored traits again and print where they differ; return how many do."""
    wrong = 0
    for group in groups:
        networks, chosen = open_networks(DATA, [group]), measured_traits(group, traits)
        stored = read_study(networks, chosen, drawing, RESULTS, "python tools/data/run_study.py")
        for name, network in networks.items():
            for trait in chosen:
                found = differences(stored[name][trait], TRAITS[trait].measure(network, drawing))
                wrong += bool(found)
                print(f"{name} {trait}: {'; '.join(found) or 'the same'}", flush=True)
    return wrong


def main():
    """Measure what is missing."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    add_workers(parser)
    parser.add_argument("--groups", nargs="+", choices=GROUPS, default=list(GROUPS))
    parser.add_argument("--traits", nargs="+", choices=TRAITS, default=list(TRAITS))
    parser.add_argument("--check", action="store_true", help="measure again and compare")
    asked = parser.parse_args()
    drawing = Drawing.open(DATA)
    if asked.check:
        sys.exit(check(asked.groups, asked.traits, drawing) > 0)
    without = {}
    with executor(asked) as runs:
        for group in asked.groups:
            networks = networks_there([group])
            chosen = {name: TRAITS[name] for name in measured_traits(group, asked.traits)}
            if networks and chosen:
                without |= study(networks, chosen, drawing, RESULTS, runs)
    for what, reason in without.items():
        print(f"{what}: {reason}")
    print(f"{RESULTS}: complete for the networks that are trained")


if __name__ == "__main__":
    main()
