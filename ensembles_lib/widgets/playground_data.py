"""What the playground's script is given: a network and what belongs to it, as JSON, checked."""

import base64
import hashlib
import re
import struct

import numpy as np

from ..core import Network, Picture
from ..core.points import check_memory, check_size
from ..ensembles import linear_ranges
from ..properties import geometry_share
from ..sweeps import working_ranges

MAX_SYNAPSES = 1 << 16  # an address has 16 bits for the number of a synapse
MEASURED = 20_000  # synapses: with more, shares of geometry would take too long
VIEWS = ("whole", "network", "sliders", "atlas")
SEARCHED = 600  # synapses: with more, the search for working ranges would take too long
DEAD = 5e4  # a working range of a synapse that as good as nothing hears
TAUGHT = "the picture that was taught"


def playground_data(
    network, target=None, ensembles=None, size=128, title=None, shades=None, presets=None,
    view="whole", outline=None, target_caption=TAUGHT,
):  # fmt: skip
    """Return what the script is given, or raise a ValueError that says what is wrong."""
    if not isinstance(network, Network):
        raise ValueError(f"{network!r}: give a Network")
    network.check_paints()
    wiring, target = network.wiring, None if target is None else Picture.open(target, size)
    size = check_size(size) if target is None else target.size
    if wiring.n_synapses > MAX_SYNAPSES:
        raise ValueError(f"{wiring.n_synapses} synapses: a playground has {MAX_SYNAPSES} at most")
    planes = (wiring.n_inputs + wiring.n_neurons, *size)
    check_memory(planes, np.float32, f"a playground of {size[0]}×{size[1]}")
    if view not in VIEWS:
        raise ValueError(f"view {view!r}: give one of {', '.join(map(repr, VIEWS))}")
    if view == "sliders" and not ensembles:
        raise ValueError("view 'sliders' has a slider for each ensemble: give ensembles")
    if title is None:
        title = f"Painting by a network of {wiring.n_synapses} synapses"
    if not isinstance(title, str) or not title.strip():
        raise ValueError(f"title {title!r}: give some words")
    if not isinstance(target_caption, str) or not target_caption.strip():
        raise ValueError(f"target_caption {target_caption!r}: give some words")
    return {
        "view": view,
        "title": title,
        "size": size,
        "inputs": wiring.n_inputs,
        "sources": [wiring.sources_of(neuron).tolist() for neuron in range(wiring.n_neurons)],
        "activations": [] if set(wiring.activations) == {"tanh"} else wiring.activations,
        "colours": wiring.colours,
        "start": base64.b64encode(network.weights.astype("<f8").tobytes()).decode(),
        "digests": _digests(network),
        # Few digits, so that the page does not change with the processor; ±1 for a dead synapse.
        "reach": [
            float(f"{half:.2g}") if 0 < half < DEAD else 0.2 for half in _ranges(network, size)
        ],
        "ensembles": [_sparse(network, *pair) for pair in (ensembles or {}).items()],
        "shades": [
            *(_geometry(network) if view == "whole" else []),
            *(_shade(network, *pair) for pair in (shades or {}).items()),
        ],
        "presets": [_preset(network, *pair) for pair in (presets or {}).items()],
        "outline": "" if outline is None else _outline(outline, size),
        "target": None if target is None else _png(target),
        "target_caption": target_caption,
    }


def _digests(network):
    """Return what a log or an address must agree with, as {word: digest}."""
    wiring = network.wiring
    parts = [wiring.n_inputs, wiring.n_outputs, wiring.source.tolist(), wiring.first.tolist()]
    if set(wiring.activations) != {"tanh"} or wiring.colours != "signed":
        parts += [wiring.activations, wiring.colours]
    raw = {
        "wiring": " ".join(map(str, parts)).encode(),
        "weights": network.weights.astype("<f8").tobytes(),
    }
    return {word: hashlib.sha256(one).hexdigest()[:16] for word, one in raw.items()}


def _ranges(network, size):
    """Return the working ranges (S,) on small pictures; of large networks the linear estimate."""
    if network.wiring.n_synapses > SEARCHED:
        return linear_ranges(network, min(32, max(size)))  # larger ones have specks that mislead it
    return working_ranges(network, min(64, max(size))).usable


def _png(picture):
    return f"data:image/png;base64,{base64.b64encode(picture.to_png()).decode()}"


def _outline(mask, size):
    """Return the edges of a mask as the text of an SVG path, in pixels: lines across, then down."""
    mask = np.asarray(mask)
    if mask.dtype != bool or mask.shape != size or not 0 < mask.sum() < mask.size:
        raise ValueError(
            f"outline of {mask.dtype} and shape {mask.shape}: give bools of shape {size}, some of "
            "them true"
        )
    padded, lines = np.pad(mask, 1), []
    for edges, way in ((np.diff(padded, axis=0), "h"), (np.diff(padded, axis=1).T, "v")):
        ends = np.diff(np.pad(edges.astype(int), ((0, 0), (1, 1))), axis=1)
        runs = zip(np.argwhere(ends == 1), np.argwhere(ends == -1), strict=True)
        for (line, start), (_, stop) in runs:
            x, y = (start - 1, line) if way == "h" else (line, start - 1)
            lines.append(f"M{x} {y}{way}{stop - start}")
    return "".join(lines)


def _geometry(network):
    """Return the shares of geometry of all synapses, as a list of one shade, or of none."""
    if network.wiring.n_synapses > MEASURED:
        return []
    try:
        shares = geometry_share(network, 64)
    except ValueError:  # a constant picture, which nothing moves
        return []
    return [{"name": "geometry", "values": _few_digits(shares)}]


def _few_digits(values):
    """Return values as hundredths, which few letters write; None for NaN."""
    return [None if np.isnan(value) else round(100 * value) for value in values.tolist()]


def _shade(network, name, values):
    """Return one colouring of the cells, as the script reads it."""
    shape = network.weights.shape
    try:
        values = np.asarray(values, float)
    except (TypeError, ValueError):
        raise ValueError(f"shade {name!r}: give an array of shape {shape}") from None
    if values.shape != shape:
        raise ValueError(f"shade {name!r} has shape {values.shape}: give {shape}")
    with np.errstate(invalid="ignore"):
        if np.isinf(values).any() or (np.abs(values) > 1).any():
            raise ValueError(f"shade {name!r}: values go from 0 to 1, or from -1 to 1 if signed")
    return {"name": str(name), "values": _few_digits(values)}


def _preset(network, name, weights):
    """Return weights as the script reads them: those that differ, bit for bit, in base 64."""
    try:
        weights = Network(network.wiring, weights).weights
    except (TypeError, ValueError) as error:
        raise ValueError(f"preset {name!r}: {error}") from None
    moved = np.flatnonzero(weights != network.weights)
    packed = b"".join(struct.pack("<Hd", k, weights[k]) for k in moved)
    return {"name": str(name), "moved": base64.urlsafe_b64encode(packed).decode().rstrip("=")}


def _sparse(network, name, path):
    """Return an ensemble as the script reads it: of the path only the weights that move.

    How far they are moved is packed as 32-bit numbers. What moves one synapse, one way, is a slider
    of its weight.
    """
    try:
        amounts, weights = (np.asarray(part, float) for part in path[:2])
        readings = dict(path[2]) if len(path) == 3 else {}
    except (TypeError, ValueError):
        words = "give (amounts, weights) or (amounts, weights, readings)"
        raise ValueError(f"ensemble {name!r}: {words}") from None
    start = network.weights
    if amounts.ndim != 1 or len(amounts) < 2 or weights.shape != (len(amounts), len(start)):
        raise ValueError(
            f"ensemble {name!r} has amounts of shape {amounts.shape} and weights of shape "
            f"{weights.shape}: give (T,) and (T, {len(start)}), T from 2 up"
        )
    if not (np.isfinite(amounts).all() and np.isfinite(weights).all()):
        raise ValueError(f"ensemble {name!r}: amounts and weights must be finite")
    if not (np.diff(amounts) > 0).all() or not (
        0 in amounts and (weights[amounts == 0] == start).all()
    ):
        raise ValueError(
            f"ensemble {name!r}: amounts must ascend, with 0 where the weights are the network's"
        )
    members = np.flatnonzero((weights != start).any(axis=0))
    if not len(members):
        raise ValueError(f"ensemble {name!r} moves no weight")
    moves, home, synapse = weights[:, members] - start[members], 0.0, None
    readings = [_reading(name, *pair, amounts) for pair in readings.items()]
    if len(members) == 1 and len(set(np.sign(np.diff(moves[:, 0])))) == 1:
        synapse, order = int(members[0]), np.argsort(moves[:, 0])
        amounts, home, moves = weights[order, synapse], float(start[synapse]), moves[order]
        readings = [one | {"values": [one["values"][t] for t in order]} for one in readings]
    return {
        "name": str(name),
        "home": home,
        "synapse": synapse,
        "numbers": amounts.tolist(),
        "members": members.tolist(),
        "moves": base64.b64encode(moves.astype("<f4").tobytes()).decode(),
        "readings": readings,
    }


def _reading(ensemble, name, values, amounts):
    """Return how a property changes along a path as the script reads it, its unit apart."""
    values = np.asarray(values, float)
    if values.shape != amounts.shape or not np.isfinite(values).all():
        raise ValueError(
            f"ensemble {ensemble!r}, reading {name!r}: give {len(amounts)} finite numbers, one for "
            "each amount"
        )
    name, unit = re.fullmatch(r"(.*?)(?: \(([^()]*)\))?", str(name), re.DOTALL).groups()
    changes = values - values[amounts == 0]
    return {"name": name, "unit": unit or "", "values": [float(f"{one:.3g}") for one in changes]}
