"""Components of the default network: ours against scikit-learn's FastICA, on one core.

    python benchmarks/components_time.py [--size 64]

The same Jacobian, as many components, the same contrast and tolerance. scikit-learn is handed the
matrix and climbs once; ours makes the Jacobian and climbs from ten random rotations. "As often"
has scikit-learn climb as often, on what it has whitened once by its own means each time.
"""

import argparse
import json
import resource
import warnings

import machine  # isort: skip  (one thread each, before NumPy loads)

import numpy as np

from ensembles_lib import jacobian, samples
from ensembles_lib.ensembles import components, linear_ranges
from ensembles_lib.ensembles.independent_components import RESTARTS

try:
    from sklearn.decomposition import FastICA
except ImportError:
    FastICA = None
REPEATS = 5


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--size", type=int, default=64)
    size = parser.parse_args().size
    network = samples.peacock_network()
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    found = components(network, size=size)
    grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    count = len(found.maps)
    candidates = {
        "ours, with the Jacobian": lambda: components(network, size=size),
        "ours, two climbs": lambda: components(network, size=size, restarts=2),
        "the Jacobian, written out": lambda: jacobian(network, size, np.float32),
    }
    if FastICA:
        warnings.filterwarnings("ignore", module="sklearn")
        matrix = jacobian(network, size, np.float32).reshape(-1, network.wiring.n_synapses)
        matrix = matrix * linear_ranges(network, size).astype(np.float32)

        def theirs(solver, climbs=1):
            for seed in range(climbs):
                FastICA(
                    count, whiten="unit-variance", whiten_solver=solver, random_state=seed
                ).fit_transform(matrix)

        candidates |= {
            "scikit-learn, one climb (SVD)": lambda: theirs("svd"),
            "scikit-learn, one climb (eigh)": lambda: theirs("eigh"),
            "scikit-learn (eigh), as often": lambda: theirs("eigh", RESTARTS),
        }
    times = machine.interleaved(candidates, REPEATS)
    ours = times["ours, with the Jacobian"][1]
    report = {
        "machine": machine.describe(),
        "components": count,
        "size": size,
        "s": {name: round(median, 3) for name, (_, median, _) in times.items()},
        "over ours": {name: round(median / ours, 2) for name, (_, median, _) in times.items()},
        "memory that the first call added, MB": round(grown / 1024, 1),
    }
    print(json.dumps(report, indent=1, ensure_ascii=False))


if __name__ == "__main__":
    main()
