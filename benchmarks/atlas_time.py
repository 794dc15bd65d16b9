"""The whole atlas, every synapse over 21 values: ours against JAX and PyTorch, and its growth."""

import argparse
import json
import multiprocessing
import os
import resource
import subprocess
import sys
import time
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from pathlib import Path

import machine  # isort: skip  (one thread each, before the libraries load)

import atlas_rivals
import numpy as np
from atlas_rivals import Problem, jax, torch

from ensembles_lib import Network, Picture, article_wiring, cascade_wiring
from ensembles_lib.core.derivatives import jacobian_factors
from ensembles_lib.core.points import coordinates
from ensembles_lib.core.recipes import ARTICLE_FAN_IN
from ensembles_lib.sweeps.downstream import tile_length
from ensembles_lib.sweeps.surveys import empty_atlas, fill

DATA = Path(__file__).parents[1] / "data"
N_VALUES = 21
CHANGE = 0.05  # that a synapse's outermost values make, by the linear estimate
FARTHEST = 50.0  # from its weight that a synapse is taken
SAMPLE = 9  # variants of a rival are compared on the synapses of every 9th neuron
KINDS = ("JAX, re-painting", "PyTorch, re-painting", "JAX, incremental", "PyTorch, incremental")


def ours(network, values, size, target, executor=None, dtype=np.float32):
    """Return our atlas."""
    empty = empty_atlas(network, (size, size), None, values)
    return fill(empty, target, executor, dtype=dtype)


def processes(count):
    """Return a pool of processes that are ready, or None for 1: this process alone."""
    if count == 1:
        return None
    # Forking a process in which JAX runs its threads may hang.
    context = multiprocessing.get_context("spawn")
    pool = ProcessPoolExecutor(count, context, initializer=with_all_cores)
    list(pool.map(abs, range(8 * count)))
    return pool


def as_atlas(found):
    """Return ours in the shapes of the rivals."""
    n_synapses, n_outputs = found.signed.shape[:2]
    absolute = np.sqrt(found.energy).reshape(n_synapses, -1)
    signed = found.signed.reshape(n_synapses, n_outputs, -1)
    return atlas_rivals.Sums(found.change, found.rmse, absolute, signed)


def values_of(network, size=64):
    """Return (S, 21) weights around each synapse's own, as far as the linear estimate allows."""
    signals, sent = jacobian_factors(network, size)
    power = np.sum(signals**2, axis=0).reshape(network.wiring.n_neurons, -1)
    squares = power @ (sent.reshape(len(sent), -1) ** 2).T
    squares = squares[network.wiring.target, network.wiring.source]
    rms = np.sqrt(squares / (network.wiring.n_outputs * sent[0].size))
    half = np.minimum(CHANGE / np.maximum(rms, 1e-30), FARTHEST)
    return np.linspace(network.weights - half, network.weights + half, N_VALUES, axis=1)


def variants():
    """Return {kind: {name: Problem -> callable}}; the first of a kind is the one known as best."""
    rivals = {kind: {} for kind in KINDS}

    def add(kind, name, make, tile, **options):
        def of(*problem):
            return make(Problem(*problem, tile=tile), **options)

        rivals[kind][f"{name}, {tile} points"] = of

    if jax:
        plain, loop = "stack and matmul", "dense matrix, loop"
        repaint, incremental = atlas_rivals.jax_repainting, atlas_rivals.jax_incremental
        for tile in (2048, 1024, 4096):
            add(KINDS[0], "one picture at a time", repaint, tile, way=plain)
        for tile in (256, 1024, 16384):
            add(KINDS[0], "vmap over values", repaint, tile, way=plain, batched=True)
        add(KINDS[0], "vmap, dense matrix", repaint, 1024, way=loop, batched=True)
        for tile in (256, 128, 512):
            add(KINDS[2], "multiply-adds", incremental, tile)
        add(KINDS[2], "stack and matmul", incremental, 256, product="stack")
    if torch:
        for kind, downstream in zip(KINDS[1::2], (False, True), strict=True):
            sweeps = atlas_rivals.torch_sweeps
            for tile in (4096, 2048, 1024, 512):
                add(kind, "tanh by exp", sweeps, tile, incremental=downstream)
            add(kind, "tanh", sweeps, 2048, incremental=downstream, tanh="built in")
    return rivals


def check(network, values):
    """Compare everyone on 16×16 points to pictures painted one by one in float64."""
    size, target = 16, Picture.open(DATA / "peacock.png", 16)
    inputs, targets = coordinates(size), target.pixels.reshape(-1, 3).T
    exact = atlas_rivals.oracle(network, values, inputs, targets)
    found = {
        "ours": as_atlas(ours(network, values, size, target)),
        "ours, float64": as_atlas(ours(network, values, size, target, dtype=np.float64)),
    }
    for kind, ways in variants().items():
        if ways:
            name, make = next(iter(ways.items()))
            found[f"{kind}: {name}"] = make(network, values, inputs, targets)()
    print("\nLargest difference from plain NumPy in float64, 16×16")
    print_errors(found, exact)


def print_errors(found, exact):
    """Print the largest difference of each result from `exact`, quantity by quantity."""
    print("| | change | rmse | absolute | signed |\n|---|---|---|---|---|")
    for name, result in found.items():
        differences = [np.abs(a - b).max() for a, b in zip(result, exact, strict=True)]
        # One is off by 1e-4 where rounded weights meet a steep neuron; a mistake is off by 0.1.
        assert max(differences) < 3e-3, (name, differences)
        print(f"| {name} | " + " | ".join(f"{error:.0e}" for error in differences) + " |")


def tune(problem, repeats):
    """Time all variants on a sample of synapses, print them; return {kind: quickest}."""
    network, values, *_ = problem
    target = network.wiring.target
    sample = np.flatnonzero(target % SAMPLE == 0)
    reached = np.array(
        [1 + len(network.wiring.downstream_of(n)) for n in range(network.wiring.n_neurons)]
    )
    share = {
        "re-painting": len(values) / len(sample),
        "incremental": reached[target].sum() / reached[target[sample]].sum(),
    }
    calls, first = {}, {}
    for kind, ways in variants().items():
        for name, make in ways.items():
            calls[kind, name] = call = make(*problem, sample)
            first[kind, name] = seconds_of(call)
    times = machine.interleaved(calls, repeats)
    print(f"\nVariants on {len(sample)} synapses, seconds as if for all {len(values)}")
    print("| | | median | first call (s, sample) |\n|---|---|---|---|")
    best = {}
    for (kind, name), (_, median, _) in times.items():
        print(
            f"| {kind} | {name} | {median * share[kind.split(', ')[1]]:.2f} "
            f"| {first[kind, name]:.1f} |"
        )
        if kind not in best or median < times[kind, best[kind]][1]:
            best[kind] = name
    return best


def compare(network, values, size, repeats, tuned, cores):
    """Time the whole atlas, ours and the best variant of each rival."""
    target = Picture.open(DATA / "peacock.png", size)
    problem = network, values, coordinates(size), target.pixels.reshape(-1, 3).T
    ways = variants()
    best = {kind: next(iter(ways[kind])) for kind in KINDS if ways[kind]}
    if tuned:
        best |= tune(problem, repeats)
    pool = processes(cores)
    calls = {"ours": lambda: ours(network, values, size, target, pool)}
    calls |= {f"{kind}: {name}": ways[kind][name](*problem) for kind, name in best.items()}
    exact = as_atlas(ours(network, values, size, target, dtype=np.float64))
    first, found = {}, {}
    for name, call in calls.items():
        start = time.perf_counter()
        result = call()
        first[name] = time.perf_counter() - start
        found[name] = as_atlas(result) if name == "ours" else result
    times = machine.interleaved(calls, repeats)
    print(
        f"\nThe whole atlas, {len(values)} synapses × {N_VALUES} values at {size}×{size}, "
        f"{cores} core(s)"
    )
    print("| | s | quartiles | ratio | first call less one (compiling) |\n|---|---|---|---|---|")
    for name, (low, median, high) in times.items():
        ratio = median / times["ours"][1]
        print(
            f"| {name} | {median:.2f} | {low:.2f} to {high:.2f} | {ratio:.2f} "
            f"| {first[name] - median:.1f} |"
        )
    print(f"\nLargest difference from ours in float64, {size}×{size}")
    print_errors(found, exact)
    return {name: {"seconds": times[name], "first": first[name]} for name in times}


def floor(network, values, size, seconds):
    """Print what the tanh and the multiply-adds of an atlas alone take at this machine's rates.

    Rates are the best that were measured on a tile of ours: of np.tanh, and of multiply-adds by
    BLAS, for one neuron after the other (gemv) and for all at once (gemm, which no cascade of
    neurons allows: ours does four at a time, in part).
    """
    wiring, points = network.wiring, N_VALUES * tile_length(N_VALUES)
    listens = wiring.listens[:, wiring.n_inputs :]
    tanh = adds = 0
    for neuron, count in zip(*np.unique(wiring.target, return_counts=True), strict=True):
        downstream = wiring.downstream_of(neuron)
        changed = np.concatenate([[neuron], downstream])
        reached = np.sum(changed >= wiring.outputs.start)
        tanh += count * len(changed)
        # Its own weight; what the others hear of it; then, of every output that it reaches, the
        # change map with sign and without, the change and the error.
        adds += count * (1 + listens[np.ix_(downstream, changed)].sum() + 4 * reached)
    sent = np.random.default_rng(0).standard_normal((wiring.n_neurons, points)).astype(np.float32)
    weights, room = np.ones(wiring.n_neurons, np.float32), np.empty_like(sent)
    square = np.ones((wiring.n_neurons,) * 2, np.float32)
    calls = {
        "tanh": (lambda: np.tanh(sent[0], out=room[0]), points),
        "gemv": (lambda: np.dot(weights, sent, out=room[0]), sent.size),
        "gemm": (lambda: np.matmul(square, sent, out=room), sent.size * wiring.n_neurons),
    }
    times = machine.interleaved({name: call for name, (call, _) in calls.items()}, 30)
    each = {name: times[name][0] / count for name, (_, count) in calls.items()}
    total = N_VALUES * size**2
    print(f"\nThe floor: {tanh * total:.2e} tanh and {adds * total:.2e} multiply-adds")
    for name in ("gemv", "gemm"):
        parts = tanh * total * each["tanh"], adds * total * each[name]
        print(
            f"{each['tanh'] * 1e9:.3f} ns a tanh, {each[name] * 1e9:.4f} ns a "
            f"multiply-add by {name}: "
            f"{parts[0]:.2f} + {parts[1]:.2f} = {sum(parts):.2f} s; ours takes "
            f"{seconds / sum(parts):.2f} times that"
        )
    return {"tanh": tanh * total, "adds": adds * total, "seconds each": each}


def precision(network, values, size):
    """Print how far ours in float32 is from float64, and what that costs."""
    target = Picture.open(DATA / "peacock.png", size)
    results, seconds = [], []
    for dtype in (np.float64, np.float32):
        start = time.perf_counter()
        results.append(as_atlas(ours(network, values, size, target, dtype=dtype)))
        seconds.append(time.perf_counter() - start)
    print(
        f"\nOurs in float32 against float64, {size}×{size}: {seconds[1]:.2f} s, {seconds[0]:.2f} s"
    )
    print("| | largest | root mean square | rms of the quantity |\n|---|---|---|---|")
    for name, exact, rounded in zip(atlas_rivals.Sums._fields, *results, strict=True):
        error, whole = rounded - exact, np.sqrt(np.mean(np.square(exact, dtype=float)))
        spread = np.sqrt(np.mean(np.square(error, dtype=float)))
        print(f"| {name} | {np.abs(error).max():.1e} | {spread:.1e} | {whole:.2g} |")
    return {"seconds": seconds}


def compare_executors(network, values, size, repeats):
    """Time ours on one core and on two, by threads and by processes that are ready."""
    target = Picture.open(DATA / "peacock.png", size)
    with_all_cores()
    pools = {"1 process": None, "2 threads": ThreadPoolExecutor(2), "2 processes": processes(2)}
    calls = {
        name: lambda p=pool: ours(network, values, size, target, p) for name, pool in pools.items()
    }
    times = machine.interleaved(calls, repeats)
    with_all_cores(1)
    print(f"\nOurs by its executor, {size}×{size}\n| | s | quartiles | speed-up |")
    print("|---|---|---|---|")
    for name, (low, median, high) in times.items():
        ratio = times["1 process"][1] / median
        print(f"| {name} | {median:.2f} | {low:.2f} to {high:.2f} | {ratio:.2f} |")
    return times


def with_all_cores(count=None):
    """Let this process run on `count` cores, or on all."""
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, range(machine.CORES - (count or machine.CORES), machine.CORES))


def grow(parts, options):
    """Run ours for growing pictures or networks, each in a process of its own; print a table."""
    print(f"\nGrowth with {parts}, one core; values per synapse: {N_VALUES}")
    print("| picture | neurons | synapses | s | ns per activation | peak (MB) | result (MB) |")
    print("|---|---|---|---|---|---|---|")
    rows = []
    cases = [(size, 37) for size in options.sizes]
    if parts == "networks":
        cases = [(options.network_size, count) for count in options.neurons]
    for size, neurons in cases:
        command = [sys.executable, __file__, "--alone", str(size), str(neurons)]
        done = subprocess.run(command, capture_output=True, text=True)
        if done.returncode:
            reason = done.stderr.strip().splitlines()[-1]
            print(f"| {size}×{size} | {neurons} | fails: {reason} | | | | |")
            continue
        row = json.loads(done.stdout)
        rows.append(row)
        print(
            f"| {size}×{size} | {neurons} | {row['synapses']} | {row['seconds']:.2f} "
            f"| {row['per_activation'] * 1e9:.2f} | {row['peak'] / 1e6:.0f} "
            f"| {row['result'] / 1e6:.0f} |"
        )
    return rows


def alone(size, neurons):
    """Print time and peak memory of one atlas in this process, as JSON."""
    network = of_neurons(neurons)
    values = values_of(network, 16)  # few points, so that this is not the peak
    target = Picture.open(DATA / "peacock.png", size)
    ours(network, values, 8, target)  # loads what is loaded on first use
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    start = time.perf_counter()
    found = ours(network, values, size, target)
    seconds = time.perf_counter() - start
    unit = 1 if sys.platform == "darwin" else 1024
    wiring = network.wiring
    reached = [1 + len(wiring.downstream_of(neuron)) for neuron in range(neurons)]
    activations = np.array(reached)[wiring.target].sum() * size**2 * N_VALUES
    arrays = (array for array in vars(found).values() if isinstance(array, np.ndarray))
    facts = {
        "size": size,
        "neurons": neurons,
        "synapses": wiring.n_synapses,
        "seconds": seconds,
        "per_activation": seconds / activations,
        "peak": (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) * unit,
        "result": sum(array.nbytes for array in arrays),
    }
    print(
        json.dumps(
            {name: float(fact) if name != "synapses" else fact for name, fact in facts.items()}
        )
    )


def of_neurons(count):
    """Return the peacock, or a random network that goes on like the article's wiring."""
    if count == 37:
        return Network.load(DATA / "peacock.npz")
    hidden, outputs = ARTICLE_FAN_IN["wide"][:-3], ARTICLE_FAN_IN["wide"][-3:]
    fan_in = (*hidden, *hidden[-1:] * (count - 37), *outputs)
    return Network.random(cascade_wiring(fan_in), seed=1, gain=1.5)


def seconds_of(call):
    """Return the seconds of one call."""
    start = time.perf_counter()
    call()
    return time.perf_counter() - start


def main():
    """Run the parts that are asked for."""
    parts = ("check", "rivals", "precision", "executors", "sizes", "networks")
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--parts", nargs="+", choices=parts, default=parts)
    parser.add_argument("--size", type=int, default=128, help="of the picture")
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--no-tuning", action="store_true", help="take the variants known as best")
    parser.add_argument("--cores", type=int, default=1, help="of everyone in the part rivals")
    parser.add_argument("--sizes", type=int, nargs="+", default=[64, 128, 256, 512, 1024])
    parser.add_argument("--neurons", type=int, nargs="+", default=[37, 75, 150, 300, 600])
    parser.add_argument("--network-size", type=int, default=32, help="picture of part networks")
    parser.add_argument("--output", type=Path, help="write the numbers to this JSON file")
    parser.add_argument("--alone", type=int, nargs=2, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.alone:
        alone(*options.alone)
        return
    if options.cores > 1:
        with_all_cores(options.cores)
        os.environ.pop("XLA_FLAGS")  # JAX reads them, and counts the cores, at its first call
    if torch:
        torch.set_num_threads(options.cores)
    facts = machine.describe() | {"cores used": options.cores}
    print("\n".join(f"{name}: {fact}" for name, fact in facts.items()))
    for name, module in (("JAX", jax), ("PyTorch", torch)):
        if module is None:
            print(f"{name} is not installed: its rows are left out.")
    if options.size > 128:
        parser.error("--size goes up to 128: change maps of larger pictures are averaged by ours")
    network, size, repeats = of_neurons(37), options.size, options.repeats
    assert network.wiring == article_wiring()
    values, tables = values_of(network), {}
    if "check" in options.parts:
        check(network, values)
    if "rivals" in options.parts:
        tuned = not options.no_tuning
        tables["rivals"] = compare(network, values, size, repeats, tuned, options.cores)
        if options.cores == 1:
            ours_took = tables["rivals"]["ours"]["seconds"][1]
            tables["floor"] = floor(network, values, size, ours_took)
    if "precision" in options.parts:
        tables["precision"] = precision(network, values, size)
    if "executors" in options.parts:
        tables["executors"] = compare_executors(network, values, size, repeats)
    for part in ("sizes", "networks"):
        if part in options.parts:
            tables[part] = grow(part, options)
    if options.output:
        options.output.write_text(json.dumps({"machine": facts, **tables}, indent=1))


if __name__ == "__main__":
    main()
