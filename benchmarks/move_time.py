"""Coordinated moves: how long one takes, and how soon a cached property slider answers.

    python benchmarks/move_time.py [--size 96]

A move is made for every property of the peacock, from nothing: measuring, derivatives by all
weights, steps and corrections. It goes as far as the strongest single synapse would within its
working range, to first order. The slider's answer is timed from an amount to the new picture at
128×128 as PNG bytes, which is what a widget sends.
"""

import argparse
import json
import time
from pathlib import Path

import machine  # isort: skip  (one thread each, before NumPy loads)

import numpy as np

from ensembles_lib import (
    Network,
    coordinated_move,
    painted,
    peacock_properties,
    property_slider,
    working_ranges,
)

DATA = Path(__file__).resolve().parent.parent / "data"
REPEATS = 3
METRICS = ("weights", "picture")


def timed(do, *args, **options):
    """Return what `do` returns, and the seconds it took."""
    began = time.perf_counter()
    done = do(*args, **options)
    return done, time.perf_counter() - began


def answer(network, slider, amount):
    """Return the picture of the slider at an amount, as a widget sends it."""
    return Network(network.wiring, slider.at(amount)).paint(128, dtype=np.float32).to_png()


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--size", type=int, default=96)
    size = parser.parse_args().size
    network = Network.load(DATA / "peacock.npz")
    properties = peacock_properties(DATA / "peacock.png", size=size)
    given = {"half": working_ranges(network, size).usable, "size": size}
    slopes = painted(network, properties, size).slopes(network.weights)[1]
    amounts = np.abs(slopes * given["half"]).max(axis=1)
    seconds, leaks, short = {metric: [] for metric in METRICS}, [], []
    for number, one in enumerate(properties):
        for metric in METRICS:
            call = (network, properties, number, amounts[number])
            runs = [timed(coordinated_move, *call, metric=metric, **given) for _ in range(REPEATS)]
            move = runs[0][0]
            seconds[metric].append(np.median([spent for _, spent in runs]))
            leaks.append(move.leak)
            if not move.arrived:
                short.append(f"{one.name}, {metric}: {move.stopped}")
    made, answers = [], []
    for number in range(0, len(properties), 6):
        ends = -amounts[number], amounts[number]
        slider, spent = timed(property_slider, network, properties, number, *ends, **given)
        made.append(spent)
        for amount in np.linspace(slider.low, slider.high, 60):
            answers.append(1000 * timed(answer, network, slider, amount)[1])
    report = {
        "machine": machine.describe(),
        "seconds a move (median, longest)": {
            metric: [round(float(np.median(s)), 2), round(float(max(s)), 2)]
            for metric, s in seconds.items()
        },
        "leak (median, largest)": [float(f"{x:.1g}") for x in (np.median(leaks), max(leaks))],
        "moves that did not arrive": short,
        "seconds to make a slider (median)": round(float(np.median(made)), 1),
        "its answer, ms (median, 95 %)": np.quantile(answers, [0.5, 0.95]).round(1).tolist(),
    }
    print(json.dumps(report, indent=1))


if __name__ == "__main__":
    main()
