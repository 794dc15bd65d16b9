"""Gather what the verdicts of notebook 06 need and no stored study holds.

    python tools/data/gather_evidence.py

Measures untrained networks as the study measures trained ones (data/study/untrained/), repeats the
experiments of notebooks 01 to 05, over all eight seeds where these show one, and stores their
numbers in data/verdicts.json. Run it after run_study.py and find_ensembles.py beside it.
"""

import json
import os
import platform
import time
from pathlib import Path

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # must precede NumPy

import numpy as np
from scipy.stats import spearmanr
from thought_experiments import comparators, lines, planted

from ensembles_lib import (
    Network,
    Picture,
    atlas,
    overlaps,
    participation_ensemble,
    rmse,
    sweep_grid,
    variance_explained,
    working_ranges,
)
from ensembles_lib.ensembles import compensating_pairs, hidden_synapses, membership
from ensembles_lib.ensembles.jitter import Robustness
from ensembles_lib.ensembles.mixtures import compare_mixtures
from ensembles_lib.ensembles.sensitivities import effects_and_scales
from ensembles_lib.properties import measure_all, region_correlations
from ensembles_lib.properties.measurements import painted
from ensembles_lib.properties.regions import merge_regions
from ensembles_lib.study.evidence import (
    CONTROL_TRAITS,
    MAIN,
    made_from,
    store_evidence,
    untrained_networks,
)
from ensembles_lib.study.peacock_study import Drawing, open_networks
from ensembles_lib.study.studies import study
from ensembles_lib.study.traits import TRAITS

DATA = Path(__file__).resolve().parents[2] / "data"
SIZE, FINE = 64, 128


def pictures(networks, drawing):
    """Notebook 01: controls of accuracy, mirrored neurons, elements without a neuron."""
    fine, elements = drawing.fine, drawing.fine_elements
    flat = np.broadcast_to(fine.pixels.mean(axis=(0, 1)), fine.pixels.shape)
    parts, _ = merge_regions(elements, drawing.names, lambda name: name.split("/")[0])
    found = {
        "one_colour": rmse(Picture(flat), fine),
        "thumbnail": rmse(fine.resized((12, 13)).resized((FINE, FINE)), fine),
        "elements": len(drawing.names),
    }
    rows = [
        mirrored(network, parts) | followed(network, elements, drawing.names)
        for network in networks
    ]
    return found | columns(rows)


def mirrored(network, parts):
    """Turn the neuron that matches the parts best inside out: what changes?"""
    wiring, maps = network.wiring, network.activations(FINE)
    best = int(variance_explained(maps[: wiring.outputs.start], parts).argmax())
    weights = network.weights.copy()
    weights[wiring.target == best] *= -1
    weights[wiring.source == wiring.n_inputs + best] *= -1
    twin = Network(wiring, weights)
    loudest = [
        int(np.bincount(parts.flat[np.argsort(one.flat)[-1000:]]).argmax())
        for one in (maps[best], twin.activations(FINE)[best])
    ]
    same = rmse(twin.paint(FINE), network.paint(FINE))
    return {"twin_differs": same, "loudest_moves": loudest[0] != loudest[1]}


def followed(network, elements, names):
    """Correlate the elements of the drawing with the neurons that follow them most closely."""
    maps = network.activations(FINE)[: network.wiring.outputs.start]
    close, turned = (
        np.abs(region_correlations(maps, one)).max(axis=0) for one in (elements, np.rot90(elements))
    )
    medians = {"closest": np.median(close), "closest_turned": np.median(turned)}
    which = [names[k] for k in np.flatnonzero(close > 0.8)]
    return medians | {"followed": len(which), "followed_names": which, "hidden": len(maps)}


def sweeps(network, drawing):
    """Notebook 04, for one network: swings, huge moves, likeness, mixing of two moves."""
    found, properties = atlas(network, SIZE, steps=11, progress=False), drawing.properties()
    measure, half = painted(network, properties, SIZE).or_nan, found.ranges.usable
    n, wiring = len(half), network.wiring
    steps = np.eye(n) * half[:, None]
    still, up = measure(network.weights), np.array([measure(network.weights + s) for s in steps])
    swing = up - [measure(network.weights - s) for s in steps]
    typical, of_one_step = (
        np.sqrt(np.nanmean(effect**2, axis=0)) for effect in (swing, up - still)
    )
    squares = np.nan_to_num(swing / typical) ** 2
    total = squares.sum(axis=1, keepdims=True)  # 0 where nothing can be measured any more
    shares = np.divide(squares, total, out=np.zeros_like(squares), where=total > 0)
    held = np.sort(squares, axis=0)[::-1].cumsum(axis=0) / squares.sum(axis=0)
    sizes = 1 + np.sum(held < 0.9, axis=0)
    rank, green = np.argsort(np.argsort(-squares, axis=0), axis=0), 15
    rng = np.random.default_rng(0)
    sample, moved = rng.choice(n, 40, replace=False), {}
    for m in (1, 10, 29):
        effects = np.abs([measure(network.weights + m * s) - still for s in steps[sample]])
        for unit, size in {"": typical, "_of_one_step": of_one_step}.items():
            moved[f"moved_{m}R{unit}"] = np.median(np.sum(effects > size, axis=1))
    first, second = np.triu_indices(n, 1)
    kin = wiring.target[first] == wiring.target[second]
    close = kin & (second == first + 1)
    strongest = shares.argmax(axis=1)
    differ = strongest[first] != strongest[second]
    maps = found.signed.reshape(n, -1).astype(float)
    alike = np.abs(maps @ maps.T) / np.outer(*2 * [np.linalg.norm(maps, axis=1)])
    alike = alike[first, second]
    pairs = np.stack([first, second], axis=1)
    missed = {
        who: np.median([missing(network, half, *p) for p in rng.choice(pairs[which], 50)])
        for who, which in (("same_neuron", kin), ("different", ~kin))
    }
    hidden = hidden_synapses(wiring)
    drawn = np.random.default_rng(1).choice(hidden[wiring.target[hidden] > 0], 60, replace=False)
    for one in (0, 418):
        missed[f"{one}_hidden"] = np.median([missing(network, half, one, k) for k in drawn])
    return (
        {
            "tilt_rank_0": 1 + rank[0, 0],
            "tilt_pure_0": shares[0, 0],
            "tilt_pure_best": shares[:, 0].max(),
            "tilt_synapses": sizes[0],
            "neighbours_differ": differ[close].mean(),
            "neighbours_0_1_differ": bool(strongest[0] != strongest[1]),
            "strangers_differ": differ[~kin].mean(),
            "alike_same_neuron": np.median(alike[kin]),
            "alike_different": np.median(alike[~kin]),
            "green_rank_418": 1 + rank[418, green],
            "green_synapses": sizes[green],
            "missed_0_418": missing(network, half, 0, 418),
        }
        | moved
        | {f"missed_{who}": value for who, value in missed.items()}
    )


def missing(network, half, one, other):
    """Return by how much the change of two synapses together misses the sum of their changes."""
    ends = [network.weights[k] + np.array([0, half[k]]) for k in (one, other)]
    still, second, first, both = sweep_grid(network, (int(one), int(other)), ends, SIZE).pixels
    return rmse(both - still, first + second - 2 * still) / rmse(first + second, 2 * still)


def areas(network, drawing):
    """Notebook 05, for one network: the area under the near wing, pairs, maps, overlaps."""
    measured = painted(network, drawing.properties(), SIZE)
    half, wiring = working_ranges(network, SIZE).usable, network.wiring
    own, _ = effects_and_scales(measured.slopes(network.weights)[1], half, measured.names)
    area, length = measured.number("area under near wing"), measured.number("near wing length")
    sets = [participation_ensemble(row) for row in own]
    rng, others = np.random.default_rng(0), np.setdiff1d(range(len(half)), sets[area])
    start = measured.values(network.weights, [area])[0]

    def pulled(k):
        ends = [network.weights + s * half[k] * np.eye(len(half))[k] for s in (-5, 5)]
        return max(abs(measured.or_nan(w, [area])[0] / start - 1) for w in ends)

    swings = [
        np.array([pulled(k) for k in rng.choice(p, min(30, len(p)), False)])
        for p in (sets[area], others)
    ]
    pairs, dealt = len(compensating_pairs(own, area, length, count=10**5).leaks), []
    for _ in range(10):
        mixed = dealt_out(own, length, rng)
        dealt.append(len(compensating_pairs(mixed, area, length, count=10**5).leaks))
    random = [rng.choice(len(half), len(one), False) for one in sets]
    real, chance = (membership(dict(enumerate(group)), wiring) for group in (sets, random))
    shared = [overlaps(one.synapses)[np.triu_indices(len(own), 1)] for one in (real, chance)]
    held = np.array([[np.sum(row[wiring.synapses_of(j)] ** 2) for j in range(34)] for row in own])
    by_pixel = measure_all(drawing.properties(), network.paint(SIZE))[1]
    geometry = slice(14)  # the other properties are colours of the whole picture
    windows = np.abs(by_pixel[geometry]).sum(axis=3).reshape(14, -1)
    maps = network.activations(SIZE)[:34].reshape(34, -1)
    match, held = np.abs(np.corrcoef(windows, maps)[:14, 14:]), held[geometry]
    return {
        "synapses": len(sets[area]),
        "neurons": len(np.unique(wiring.target[sets[area]])),
        "pulled_members": np.nanmedian(swings[0]),
        "pulled_others": np.nanmedian(swings[1]),
        "pulled_others_90": np.nanquantile(swings[1], 0.9),
        "pairs": pairs,
        "pairs_dealt": np.median(dealt),
        "shared": np.median(shared[0]),
        "shared_random": np.median(shared[1]),
        "of_neuron": np.median(real.neurons.sum(axis=0)),
        "of_neuron_random": np.median(chance.neurons.sum(axis=0)),
        "neurons_random": np.median(chance.neurons.sum(axis=1)),
        "map_tells": np.mean(held.argmax(axis=1) == match.argmax(axis=1)),
        "map_rank": np.median([spearmanr(*pair)[0] for pair in zip(held, match, strict=True)]),
    }


def dealt_out(effects, row, rng):
    """Return the effects with those of one property dealt out to the synapses at random."""
    mixed = effects.copy()
    mixed[row] = rng.permutation(effects[row])
    return mixed


def pairs_that_cancel(network, drawing, dealings=5):
    """Notebook 05: of the most opposed pairs, how many cancel on the real picture?

    And how many of those found after the effects on length were dealt out at random. What is left
    over of the larger effect on length counts as 1 where no pair is opposed.
    """
    measured, half = painted(network, drawing.properties(), SIZE), working_ranges(network, SIZE)
    half = half.usable
    own, _ = effects_and_scales(measured.slopes(network.weights)[1], half, measured.names)
    area, length = measured.number("area under near wing"), measured.number("near wing length")
    start = measured.values(network.weights, [area, length])

    def left_over(effects):
        pairs = compensating_pairs(effects, area, length, count=10**5)
        sides, left = np.abs(effects[length][pairs.synapses] * pairs.steps).min(axis=1), []
        for n in np.argsort(-sides)[:60]:
            moves = np.zeros((3, len(half)))
            for row, k, step in zip((0, 1), pairs.synapses[n], pairs.steps[n], strict=True):
                moves[[row, 2], k] = step * half[k]
            done = [measured.or_nan(network.weights + m, [area, length]) / start - 1 for m in moves]
            (a, s), (b, t), (c, u) = done
            if a > 0 and b > 0 and c > 0 and s * t < 0:
                left.append(abs(u) / max(abs(s), abs(t)))
        return np.array(left), min(60, len(sides))

    left, tried = left_over(own)
    rng, dealt = np.random.default_rng(0), []
    for _ in range(dealings):
        dealt.append(left_over(dealt_out(own, length, rng)))
    chance, tried_dealt = np.concatenate([one for one, _ in dealt]), sum(n for _, n in dealt)
    return {
        "opposed": len(left) / tried,
        "opposed_dealt": len(chance) / tried_dealt,
        "cancel": np.sum(left < 0.1) / tried,
        "cancel_dealt": np.sum(chance < 0.1) / tried_dealt,
        "left_over": np.median(left) if left.size else 1.0,
        "left_over_dealt": np.median(chance),
        "least_left_over": left.min(initial=1.0),
    }


def searches():
    """Notebook 05: control ensembles and coordinated moves, from tools/data/find_ensembles.py."""
    paths = sorted((DATA / "ensembles").glob("*.npz"))
    if not paths:
        raise SystemExit("data/ensembles is empty: run python tools/data/find_ensembles.py first")
    stored = [np.load(path, allow_pickle=False) for path in paths]
    result = {
        key: np.concatenate([one[key] for one in stored])
        for key in ("concert_got", "concert_leak", "single_leak", "control_stopped",
                    "control_change", "gains", "leaks")
    }  # fmt: skip
    found = result["control_stopped"] == "found"
    gains = result["gains"][:, :, 2]
    # From which jitter on the leak has doubled, at most the largest: medians over cases, by kind.
    etas = np.array([0, *json.loads(str(stored[0]["provenance"]))["etas"]])
    by_kind = zip(result["gains"].swapaxes(0, 1), result["leaks"].swapaxes(0, 1), strict=True)
    doubles = [
        np.median([Robustness(etas, *case).eta_half for case in zip(*kind, strict=True)])
        for kind in by_kind
    ]
    return {
        "networks": len(paths),
        "cases": len(found),
        "found": int(found.sum()),
        "sizes": (result["control_change"][found] != 0).sum(axis=1),
        "arrived": np.mean(result["concert_got"][:, 1] > 0.99),
        "leak": np.median(result["concert_leak"][:, 1]),
        "single_leak": np.median(result["single_leak"]),
        "steady": np.mean((gains >= 0.8) & (gains <= 1.25), axis=(0, 2)),
        "leak_doubles": np.minimum(doubles, etas[-1]),
    }


def mixtures(network, drawing):
    """Score late neurons and mixtures of them: medians."""
    parts, _ = merge_regions(drawing.fine_elements, drawing.names, lambda name: name.split("/")[0])
    found = compare_mixtures(network, parts)
    names = [f"{s}{k}" for s in ("correlation", "explained") for k in ("", "_mixed", "_far")]
    return {name: np.median(found[name]) for name in names}


def columns(rows):
    """Turn a list of dictionaries into a dictionary of lists."""
    return {key: [row[key] for row in rows] for key in rows[0]}


def main():
    """Measure the untrained networks, repeat the experiments, and store all numbers."""
    start, drawing = time.perf_counter(), Drawing.open(DATA)
    trained, controls = list(open_networks(DATA, [MAIN]).values()), untrained_networks()
    chosen = {name: TRAITS[name] for name in CONTROL_TRAITS}
    study(controls, chosen, drawing, DATA / "study" / "untrained")
    evidence = {
        "pictures": pictures(trained, drawing),
        "comparators": comparators(),
        "lines": lines(),
        "planted": planted(),
        "searches": searches(),
    }
    evidence["cancel"] = columns([pairs_that_cancel(network, drawing) for network in trained])
    print(f"cancel: {time.perf_counter() - start:.0f} s", flush=True)
    for name, measure in {"sweeps": sweeps, "areas": areas, "mixtures": mixtures}.items():
        for group, networks in (("", trained), ("_untrained", controls.values())):
            rows = [measure(network, drawing) for network in networks]
            evidence[name + group] = columns(rows)
            print(f"{name}{group}: {time.perf_counter() - start:.0f} s", flush=True)
    provenance = made_from(DATA) | {
        "made_by": "tools/data/gather_evidence.py",
        "seconds": round(time.perf_counter() - start, 1),
        "python": platform.python_version(),
        "numpy": np.__version__,
    }
    store_evidence(DATA, evidence, provenance)


if __name__ == "__main__":
    main()
