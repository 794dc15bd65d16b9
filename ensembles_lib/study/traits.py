"""Traits: what the study of the peacock measures of each network.

On pictures of 64×64, so that networks of all sizes can be compared in hours; accuracy and
activation maps at 128×128. Every trait takes a network and the `Drawing` that it was taught.
"""

from functools import lru_cache

import numpy as np

from ..core.network import Network
from ..core.picture import psnr, rmse
from ..ensembles.bases import compare_bases
from ..ensembles.ensembles import hidden_synapses, participation_ensemble
from ..ensembles.jitter import robustness
from ..ensembles.moves import coordinated_move
from ..ensembles.sensitivities import effects_and_scales, selectivity
from ..ensembles.spectrum import stiff_overlaps
from ..properties.measurements import painted
from ..properties.regions import merge_regions, variance_explained
from ..sweeps.ranges import working_ranges
from ..sweeps.surveys import atlas
from ..sweeps.sweeps import paint_moves
from .studies import Trait

SIZE, FINE = 64, 128
STIFF = (1, 2, 5, 10, 20, 50, 100, 200)  # eigenvectors whose span is looked at
DRAWS = 20  # of a jitter
LARGE = 2000  # synapses beyond which the eigenvectors of a network are no basis to compare


def accuracy(network, drawing):
    """Return the errors at 128×128 and at 64×64, and how large the weights are."""
    fine, size = network.paint(FINE), {"synapses": network.wiring.n_synapses}
    return size | {
        "neurons": network.wiring.n_neurons,
        "rmse": rmse(fine, drawing.fine),
        "psnr": psnr(fine, drawing.fine),
        "rmse_64": rmse(network.paint(SIZE), drawing.small),
        "rms_weight": _rms(network.weights),
        "largest_weight": float(np.abs(network.weights).max()),
    }


def jitter(network, drawing):
    """Return how much the picture changes when all weights are jittered: (shares, `DRAWS`).

    By a normal number times a share of each weight's own size, or of the rms weight.
    """
    noise = np.random.default_rng(0).standard_normal((DRAWS, network.wiring.n_synapses))
    still, shares = network.paint(SIZE).pixels, (0.001, 0.01, 0.05)
    found = {"shares": list(shares)}
    for kind, unit in (("own", np.abs(network.weights)), ("rms", _rms(network.weights))):
        moved = [[paint_moves(network, [s * unit * n], SIZE)[0] for n in noise] for s in shares]
        found[kind] = np.sqrt(np.mean((np.array(moved) - still) ** 2, axis=(2, 3, 4)))
    return found


def maps(network, drawing):
    """Return how meaningful hidden neurons' maps are: variance explained by the bird's parts.

    And by the parts of the drawing turned by 90, 180 and 270 degrees, the control.
    """
    parts, names = merge_regions(
        drawing.fine_elements, drawing.names, lambda name: name.split("/")[0]
    )
    hidden = network.activations(FINE)[: network.wiring.outputs.start]
    turned = [variance_explained(hidden, np.rot90(parts, k)) for k in (1, 2, 3)]
    return {"explained": variance_explained(hidden, parts), "turned": np.array(turned)}


def ranges(network, drawing):
    """Return working ranges, spread and linearity of all synapses, from the atlas."""
    found = atlas(network, SIZE, progress=False)
    half, weights = found.ranges.usable, np.abs(network.weights)
    bounded = half > 0
    levels = (0.05, 0.25, 0.5, 0.75, 0.95)
    return {
        "half": half,
        "spread": found.spread,
        "linearity": found.linearity,
        "unbounded": int(np.sum(~np.isfinite(found.ranges.half))),
        "median": float(np.median(half[bounded])),
        "median_per_rms": float(np.median(half[bounded]) / _rms(network.weights)),
        "median_per_own": float(np.median((half / weights)[bounded])),
        "quantiles": np.quantile(half[bounded], levels),
        "quantiles_per_own": np.quantile((half / weights)[bounded], levels),
    }


def ensembles(network, drawing):
    """Return how many synapses and neurons hold each property, and how many each synapse moves.

    Participation ensembles of 90 %, over all and over hidden synapses. For every neuron also in
    how many of them it is, and the share of geometry, against colour, in what its synapses move.
    """
    measured, half = painted(network, drawing.properties(), SIZE), _half(network)
    effects, _ = _effects(network, measured, half)
    target, hidden = network.wiring.target, hidden_synapses(network.wiring)
    found = {"properties": list(measured.names)}
    for kind, among in (("all", None), ("hidden", hidden)):
        members = [participation_ensemble(row, among=among) for row in effects]
        found[f"{kind}_synapses"] = np.array([len(one) for one in members])
        found[f"{kind}_neurons"] = np.array([len(set(target[one])) for one in members])
        inside = [np.isin(np.arange(network.wiring.n_neurons), target[one]) for one in members]
        found[f"{kind}_of_neuron"] = np.sum(inside, axis=0)
    colour = np.array(["balance" in name or name == "brightness" for name in measured.names])
    power = np.array([np.bincount(target, weights=row**2) for row in effects])
    geometry, colours = power[~colour].mean(axis=0), power[colour].mean(axis=0)
    found["moved"] = selectivity(effects)
    return found | {"geometry": geometry / np.maximum(geometry + colours, 1e-30)}


def moves(network, drawing):
    """Return how robust ensembles are: each property moved alone, then in jittered surroundings.

    By half of what the strongest synapse does in its working range. All weights are jittered, by
    shares of their working ranges or of the rms weight; a gain is steady from 0.8 to 1.25.
    """
    measured, half = painted(network, drawing.properties(), SIZE), _half(network)
    effects, scales = _effects(network, measured, half)
    rms_weight = np.full(len(half), _rms(network.weights))
    ways = {"by_range": (half, (0.1, 0.2)), "by_weight": (rms_weight, (0.01, 0.03))}
    found = {way: list(shares) for way, (_, shares) in ways.items()} | {"stopped": []}
    steady = {way: np.full((len(scales), 2), np.nan) for way in ways}
    leaks = np.full((len(scales), 3), np.nan)
    for a, scale in enumerate(scales):
        amount = 0.5 * np.abs(effects[a]).max() * scale
        move = coordinated_move(network, measured, a, amount, half=half)
        found["stopped"].append(move.stopped)
        if not move.arrived:
            continue
        change, every = move.network.weights - network.weights, range(len(network.weights))
        for way, (unit, shares) in ways.items():
            tried = robustness(
                network, measured, a, change, shares, half=unit, jittered=every, draws=10
            )
            gains = tried.gains[1:]
            steady[way][a] = np.mean((gains >= 0.8) & (gains <= 1.25), axis=1)
            if way == "by_range":
                leaks[a] = np.median(tried.leaks, axis=1)
    return found | {"leaks": leaks} | {f"steady_{way}": share for way, share in steady.items()}


def spectrum(network, drawing):
    """Return the stiff and sloppy spectrum, and how much of the properties' gradients is stiff.

    `decades` are the logarithms of the eigenvalues, NaN where they are but rounding.
    """
    found = stiff_overlaps(network, drawing.properties(), SIZE, _half(network))
    values = found["values"]
    spans = [n for n in STIFF if n <= len(values)]
    report = {name: found[name] for name in found if name.startswith("nearest_")}
    for name in ("gradients", "moves", "elsewhere", "noise"):
        report[name] = found[name][:, np.array(spans) - 1]
    real = np.where(values > 1e-28 * values.max(), values, np.nan)
    return report | {
        "spans": spans,
        "decades": np.log10(real),
        "participation": found["participation"],
    }


def bases(network, drawing):
    """Return how many properties the directions of each basis move: see `compare_bases`.

    Of networks too large for all their eigenvectors, these are left out.
    """
    eigenvectors = network.wiring.n_synapses <= LARGE
    found = compare_bases(
        network, drawing.properties(), SIZE, half=_half(network), eigenvectors=eigenvectors
    )
    return {k: v.tolist() if v.dtype.kind in "Ub" else v for k, v in found.items()}


def _half(network):
    """Return the working ranges of all synapses, found once for all traits of a network."""
    return _half_of(network.wiring, network.weights.tobytes())


@lru_cache(maxsize=64)
def _half_of(wiring, weights):
    half = working_ranges(Network(wiring, np.frombuffer(weights)), SIZE).usable
    half.setflags(write=False)
    return half


def _effects(network, measured, half):
    return effects_and_scales(measured.slopes(network.weights)[1], half, measured.names)


def _rms(values):
    return float(np.sqrt(np.mean(np.square(values))))


TRAITS = {
    "accuracy": Trait(accuracy),
    "jitter": Trait(jitter),
    "maps": Trait(maps),
    "ranges": Trait(ranges),
    "ensembles": Trait(ensembles),
    "spectrum": Trait(spectrum, version=2),
    "bases": Trait(bases),
    "moves": Trait(moves),
}
