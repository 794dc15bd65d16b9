"""Geometry of the whole picture: shares of all synapses, and affine fits of single moves.

    python benchmarks/geometry_time.py [--size 128]

Beside them, in turn: the picture and the Jacobian, in its factors and written out, in float32; and
the shares from a Jacobian written out in float64, a basis of the generators, and a projection.
The moves are those of synapses 0 to 5 by ten working ranges, both ways, in the narrow and in the
strict network, and a picture moved by a known map.
"""

import argparse
import json
import time
from pathlib import Path

import machine  # isort: skip  (one thread each, before NumPy loads)

import numpy as np

from ensembles_lib import Network, affine_fit, jacobian, working_range
from ensembles_lib.core import jacobian_factors
from ensembles_lib.properties import affine_generators, geometry_share, paint_moved

DATA = Path(__file__).resolve().parent.parent / "data"
REPEATS = 7
KNOWN = [[1.1, 0.02, 0.05], [0.1, 0.95, -0.03]]


def written_out(network, size):
    """Return the shares as the definition has them: the Jacobian, and a basis of generators."""
    by_weight = jacobian(network, size).reshape(-1, network.wiring.n_synapses)
    basis = np.linalg.qr(affine_generators(network, size).reshape(6, -1).T)[0]
    return np.sum((basis.T @ by_weight) ** 2, axis=0) / np.sum(by_weight**2, axis=0)


def moves(network):
    """Return the network with one of synapses 0 to 5 moved, by ten working ranges."""
    halves = [10 * working_range(network, k, 64).usable for k in range(6)]
    return [
        network.with_weight(k, network.weights[k] + sign * halves[k])
        for k in range(6)
        for sign in (-1, 1)
    ]


def milliseconds(candidates):
    """Return the medians over interleaved rounds, {name: ms of this process}.

    All candidates run on one thread, so that the processor's time tells what they take even where
    others keep the machine busy.
    """
    spent = {name: [] for name in candidates}
    for _ in range(REPEATS):
        for name, do in candidates.items():
            began = time.process_time()
            do()
            spent[name].append(1000 * (time.process_time() - began))
    return {name: float(np.median(times)) for name, times in spent.items()}


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--size", type=int, default=128)
    size = parser.parse_args().size
    narrow, strict = (Network.load(DATA / f"{name}.npz") for name in ("peacock", "peacock_strict"))
    moved = {"narrow": (narrow, moves(narrow)), "strict": (strict, moves(strict))}
    known = paint_moved(narrow, KNOWN, size)
    candidates = {
        "picture": lambda: narrow.paint(size, dtype=np.float32),
        "Jacobian, factors": lambda: jacobian_factors(narrow, size, np.float32),
        "Jacobian, written out": lambda: jacobian(narrow, size, np.float32),
        "shares, written out": lambda: written_out(narrow, size),
        "shares": lambda: geometry_share(narrow, size),
        "fit of a known map": lambda: affine_fit(narrow, known),
    }
    for name, (start, ends) in moved.items():
        for number, end in enumerate(ends):
            candidates[f"fit, {name} {number}"] = lambda a=start, b=end: affine_fit(a, b, size)
    spent = milliseconds(candidates)
    for name in moved:
        fits = [spent.pop(f"fit, {name} {number}") for number in range(12)]
        spent[f"fits of moves, {name}, median"] = float(np.median(fits))
        spent[f"fits of moves, {name}, longest"] = max(fits)
    written = spent["Jacobian, written out"]
    error = np.abs(geometry_share(narrow, size) - written_out(narrow, size)).max()
    report = {
        "machine": machine.describe(),
        "ms": {name: round(ms, 1) for name, ms in spent.items()},
        "over the Jacobian, written out": {n: round(ms / written, 2) for n, ms in spent.items()},
        "largest difference of shares": float(f"{error:.1g}"),
    }
    print(json.dumps(report, indent=1, ensure_ascii=False))


if __name__ == "__main__":
    main()
