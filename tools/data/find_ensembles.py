"""Find what moves each property of the peacock, and it alone, in several networks.

    python tools/data/find_ensembles.py [name ...]        (default: all three networks)

For each network one file in data/ensembles/: for all properties a coordinated move, the best
single synapse and a control ensemble, and what becomes of the three when all other weights are
jittered. A network that is already there, searched in the same way, is kept.
"""

import json
import os
import sys
import time
from pathlib import Path

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # one search per process; must precede NumPy

import numpy as np

from ensembles_lib import Network, working_ranges
from ensembles_lib._files import read_arrays, reading, write_arrays
from ensembles_lib.ensembles import (
    best_single_move,
    coordinated_move,
    ensemble,
    hidden_synapses,
    robustness,
)
from ensembles_lib.ensembles.sensitivities import effects_and_scales
from ensembles_lib.properties.measurements import painted
from ensembles_lib.properties.peacock import peacock_properties
from ensembles_lib.study.evidence import SEARCHED as NETWORKS

DATA = Path(__file__).resolve().parents[2] / "data"
FOLDER, FORMAT = DATA / "ensembles", "ensembles of the peacock 1"
IN_HIDDEN = "seed 1"  # where control ensembles without output synapses are searched as well
SIZE, FURTHEST = 64, 3.0  # a single synapse may go three times as far as its working range
ETAS, DRAWS = (0.02, 0.05, 0.1, 0.2, 0.4), 12
KINDS = ("in concert", "control ensemble", "single synapse")


def open_network(name):
    """Return a network by its name in `NETWORKS`."""
    return Network.load(DATA / NETWORKS[name])


def recipe(name, network):
    """Return what makes a file: the search is done again where this differs."""
    return {
        "network": name,
        "weights_sum": round(float(network.weights.sum()), 9),
        "size": SIZE,
        "furthest": FURTHEST,
        "etas": ETAS,
        "draws": DRAWS,
    }


def search(name):
    """Search one network and return the arrays of its file."""
    network, properties = open_network(name), peacock_properties(DATA / "peacock.png", size=SIZE)
    measured, half = painted(network, properties, SIZE), working_ranges(network, SIZE).usable
    effects, scales = effects_and_scales(measured.slopes(network.weights)[1], half)
    hidden = hidden_synapses(network.wiring) if name == IN_HIDDEN else None
    found = {"properties": np.array(measured.names), "scales": scales, "half": half}
    rows = [
        search_property(network, measured, which, half, row * scales[which], hidden)
        for which, row in enumerate(effects)
    ]
    return found | {key: np.array([row[key] for row in rows]) for key in rows[0]}


def search_property(network, measured, which, half, effect, hidden):
    """Return what moves one property as far as the strongest synapse does, as a dictionary."""
    amount, start = np.abs(effect).max(), time.perf_counter()
    concert = {
        metric: coordinated_move(
            network, measured, which, amount, half=half, size=SIZE, metric=metric
        )
        for metric in ("weights", "picture")
    }
    single = best_single_move(network, measured, which, amount, half=half, furthest=FURTHEST)
    control = ensemble(network, measured, which, amount, half=half)
    alone = np.zeros_like(half)
    if single.synapse >= 0:
        alone[single.synapse] = single.step * half[single.synapse]
    frozen = concert["picture"].network.weights - network.weights
    curves = [
        jittered(network, measured, which, change, half)
        for change in (frozen, control.change, alone)
    ]
    print(
        f"{measured.names[which]:20} {len(control.synapses):2} synapses, {control.stopped}; "
        f"single {single.leak:.2f}; {time.perf_counter() - start:.0f} s",
        flush=True,
    )
    found = {
        "amount": amount,
        "concert_got": [concert[metric].got / amount for metric in concert],
        "concert_leak": [concert[metric].leak for metric in concert],
        "single_synapse": single.synapse,
        "single_step": single.step,
        "single_leak": single.leak,
        "control_change": control.change,
        "control_leak": control.leak,
        "control_stopped": control.stopped,
        "gains": [gains for gains, _ in curves],
        "leaks": [leaks for _, leaks in curves],
    }
    if hidden is None:
        return found
    amount = np.abs(effect[hidden]).max()
    inside = ensemble(network, measured, which, amount, half=half, synapses=hidden)
    return found | {
        "amount_hidden": amount,
        "hidden_change": inside.change,
        "hidden_leak": inside.leak,
        "hidden_stopped": inside.stopped,
    }


def jittered(network, measured, which, change, half):
    """Return gains and leaks (E, draws) of a fixed change; NaN and inf where there is none."""
    if not change.any():
        shape = (len(ETAS) + 1, DRAWS)
        return np.full(shape, np.nan), np.full(shape, np.inf)
    curve = robustness(
        network, measured, which, change, ETAS, half=half, draws=DRAWS, jittered=range(len(half))
    )
    return curve.gains, curve.leaks


def is_done(path, made):
    """Is this file there, and made as it would be today?"""
    if not path.exists():
        return False
    with reading(path, "a file of ensembles"):
        stored = json.loads(str(read_arrays(path, FORMAT)["provenance"]))
    return all(stored.get(key) == value for key, value in made.items())


if __name__ == "__main__":
    FOLDER.mkdir(exist_ok=True)
    for name in sys.argv[1:] or NETWORKS:
        path = FOLDER / f"{name.replace(' ', '-')}.npz"
        made = json.loads(json.dumps(recipe(name, open_network(name))))
        if is_done(path, made):
            print(f"{name}: kept")
            continue
        print(f"{name}:")
        start = time.perf_counter()
        arrays = search(name)
        made |= {
            "made_by": "tools/data/find_ensembles.py",
            "numpy": np.__version__,
            "seconds": round(time.perf_counter() - start, 1),
        }
        write_arrays(path, FORMAT, {**arrays, "provenance": np.array(json.dumps(made))})
