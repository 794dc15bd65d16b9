"""Traits: what the study of the peacock measures of each network.

On pictures of 64×64, so that networks of all sizes can be compared in hours; accuracy and
activation maps at 128×128. Every trait takes a network and the `Drawing` that it was taught. Its
version, by which stored numbers are found to be stale, stands in `study.peacock_study.TRAITS`.
"""

from functools import lru_cache

import numpy as np

from ensembles_lib.core import Network, rmse
from ensembles_lib.ensembles import (
    coordinated_move,
    hidden_synapses,
    participants,
    robustness,
    selectivity,
    stiff_overlaps,
)
from ensembles_lib.ensembles.sensitivities import effects_and_scales
from ensembles_lib.ensembles.start import as_planned
from ensembles_lib.properties import geometry_share, painted, variance_explained
from ensembles_lib.study.peacock_study import FINE, SIZE
from ensembles_lib.study.peacock_study import TRAITS as VERSIONS
from ensembles_lib.sweeps import atlas, working_ranges
from ensembles_lib.sweeps.sweeps import paint_moves

from .bases import compare_bases
from .birds import far_moves
from .studies import Trait

STIFF = (1, 2, 5, 10, 20, 50, 100, 200)  # eigenvectors whose span is looked at
DRAWS = 20  # of a jitter
LARGE = 2000  # synapses beyond which the eigenvectors of a network are no basis to compare


def accuracy(network, drawing):
    """Return the errors at 128×128 and at 64×64, and how large the weights are."""
    fine = network.paint(FINE)
    return {
        "synapses": network.wiring.n_synapses,
        "neurons": network.wiring.n_neurons,
        "rmse": rmse(fine, drawing.fine),
        "psnr": psnr(fine, drawing.fine),
        "rmse_64": rmse(network.paint(SIZE), drawing.small),
        "rms_weight": _rms(network.weights),
        "largest_weight": float(np.abs(network.weights).max()),
    }


def psnr(a, b):
    """Return the peak signal-to-noise ratio of two pictures in decibels; infinite if equal."""
    error = rmse(a, b)
    return float(20 * np.log10(2 / error)) if error else float("inf")


def jitter(network, drawing):
    """Return how much the picture changes when all weights are jittered: (shares, `DRAWS`).

    By a normal number times a share of each weight's own size, or of the rms weight.
    """
    noise = np.random.default_rng(0).standard_normal((DRAWS, network.wiring.n_synapses))
    still, shares = network.paint(SIZE).pixels, (0.001, 0.01, 0.05)
    changes = {}
    for kind, unit in (("own", np.abs(network.weights)), ("rms", _rms(network.weights))):
        moved = [[paint_moves(network, [s * unit * n], SIZE)[0] for n in noise] for s in shares]
        changes[kind] = np.sqrt(np.mean((np.array(moved) - still) ** 2, axis=(2, 3, 4)))
    return {"shares": list(shares), **changes}


def maps(network, drawing):
    """Return how meaningful hidden neurons' maps are: variance explained by the bird's parts.

    And by the parts of the drawing turned by 90, 180 and 270 degrees, the control.
    """
    parts, hidden = drawing.parts(), network.activations(FINE)[: network.wiring.outputs.start]
    turned = [variance_explained(hidden, np.rot90(parts, k)) for k in (1, 2, 3)]
    return {"explained": variance_explained(hidden, parts), "turned": np.array(turned)}


def ranges(network, drawing):
    """Return working ranges, spread and linearity of all synapses, from the atlas."""
    swept = atlas(network, SIZE, progress=False)
    half = swept.ranges.usable
    bounded, levels = half[half > 0], (0.05, 0.25, 0.5, 0.75, 0.95)
    per_own = bounded / np.abs(network.weights[half > 0])
    return {
        "half": half,
        "spread": swept.spread,
        "linearity": swept.linearity,
        "unbounded": int(np.sum(~np.isfinite(swept.ranges.half))),
        "median": float(np.median(bounded)),
        "median_per_rms": float(np.median(bounded) / _rms(network.weights)),
        "median_per_own": float(np.median(per_own)),
        "quantiles": np.quantile(bounded, levels),
        "quantiles_per_own": np.quantile(per_own, levels),
    }


def ensembles(network, drawing):
    """Return how many synapses and neurons hold each property, and how many each synapse moves.

    Participation ensembles of 90 %, over all and over hidden synapses. For every neuron also in
    how many of them it is, and the share of geometry, against colour, in what its synapses move.
    """
    measured, _, effects, _ = effects_of(network, drawing)
    target, neurons = network.wiring.target, np.arange(network.wiring.n_neurons)
    report = {"properties": list(measured.names), "moved": selectivity(effects)}
    for kind, among in (("all", None), ("hidden", hidden_synapses(network.wiring))):
        members = [participants(row, among=among) for row in effects]
        inside = np.array([np.isin(neurons, target[synapses]) for synapses in members])
        report[f"{kind}_synapses"] = np.array([len(synapses) for synapses in members])
        report[f"{kind}_neurons"] = inside.sum(axis=1)
        report[f"{kind}_of_neuron"] = inside.sum(axis=0)
    colour = np.array(["balance" in name or name == "brightness" for name in measured.names])
    power = np.array([np.bincount(target, weights=row**2) for row in effects])
    geometry, colours = power[~colour].mean(axis=0), power[colour].mean(axis=0)
    return report | {"geometry": geometry / np.maximum(geometry + colours, 1e-30)}


def moves(network, drawing):
    """Return how robust ensembles are: each property moved alone, then in jittered surroundings.

    By half of what the strongest synapse does in its working range. All weights are jittered, by
    shares of their working ranges or of the rms weight; a gain is steady from 0.8 to 1.25.
    """
    measured, half, effects, scales = effects_of(network, drawing)
    rms_weight = np.full(len(half), _rms(network.weights))
    ways = {"by_range": (half, (0.1, 0.2)), "by_weight": (rms_weight, (0.01, 0.03))}
    steady = {way: np.full((len(scales), 2), np.nan) for way in ways}
    stopped, every = [], range(len(half))
    leaks = np.full((len(scales), 3), np.nan)
    for a, amount in enumerate(0.5 * np.abs(effects).max(axis=1) * scales):
        move = coordinated_move(network, measured, a, amount, half=half)
        stopped.append(move.stopped)
        if not move.arrived:
            continue
        change = move.network.weights - network.weights
        for way, (unit, shares) in ways.items():
            tried = robustness(
                network, measured, a, change, shares, half=unit, jittered=every, draws=10
            )
            gains = tried.gains[1:]
            steady[way][a] = np.mean(as_planned(gains), axis=1)
            if way == "by_range":
                leaks[a] = np.median(tried.leaks, axis=1)
    return {
        "stopped": stopped,
        "leaks": leaks,
        **{way: list(shares) for way, (_, shares) in ways.items()},
        **{f"steady_{way}": share for way, share in steady.items()},
    }


def spectrum(network, drawing):
    """Return the stiff and sloppy spectrum, and how much of the properties' gradients is stiff.

    `decades` are the logarithms of the eigenvalues, NaN where they are but rounding.
    """
    overlaps = stiff_overlaps(network, drawing.properties(), SIZE, usable_ranges(network))
    values = overlaps["values"]
    spans = [n for n in STIFF if n <= len(values)]
    inside = ("gradients", "moves", "elsewhere", "noise")
    return {
        **{name: overlaps[name] for name in overlaps if name.startswith("nearest_")},
        **{name: overlaps[name][:, np.array(spans) - 1] for name in inside},
        "spans": spans,
        "decades": np.log10(np.where(values > 1e-28 * values.max(), values, np.nan)),
        "participation": overlaps["participation"],
    }


def bases(network, drawing):
    """Return how many properties the directions of each basis move: see `compare_bases`.

    Of networks too large for all their eigenvectors, these are left out.
    """
    ways = {"half": usable_ranges(network), "eigenvectors": network.wiring.n_synapses <= LARGE}
    scores = compare_bases(network, drawing.properties(), SIZE, **ways)
    return {k: v.tolist() if v.dtype.kind in "Ub" else v for k, v in scores.items()}


def geometry(network, drawing):
    """Return what synapses do to the picture as a whole.

    ``share`` of affine moves in what each does, and ``turn_and_lean`` of these two alone; and what
    became of synapses 0 to 5, moved down and up by 10 working ranges: see `far_moves`.
    """
    return {
        "share": geometry_share(network, FINE),
        "turn_and_lean": geometry_share(network, FINE, within=("turn", "lean")),
        **far_moves(network, SIZE, FINE),
    }


def effects_of(network, drawing):
    """Return the measurement of all properties, working ranges, standardised effects, scales."""
    measured, half = painted(network, drawing.properties(), SIZE), usable_ranges(network)
    slopes = measured.slopes(network.weights)[1]
    return measured, half, *effects_and_scales(slopes, half, measured.names)


def usable_ranges(network):
    """Return the working ranges of all synapses, found once for all traits of a network."""
    return _usable_ranges(network.wiring, network.weights.tobytes())


@lru_cache(maxsize=64)
def _usable_ranges(wiring, weights):
    half = working_ranges(Network(wiring, np.frombuffer(weights)), SIZE).usable
    half.setflags(write=False)
    return half


def _rms(values):
    return float(np.sqrt(np.mean(np.square(values))))


MEASURED = (accuracy, jitter, maps, ranges, geometry, ensembles, spectrum, bases, moves)
TRAITS = {one.__name__: Trait(one, VERSIONS[one.__name__]) for one in MEASURED}
