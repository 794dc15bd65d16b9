"""What components of networks are, and what of that is learnt."""

import json
from pathlib import Path

import numpy as np
from numpy import median

from ensembles_lib.ensembles import (
    components,
    equal_change_lengths,
    leak,
    linear_ranges,
    membership,
    participants,
)
from ensembles_lib.ensembles.sensitivities import effects_and_scales
from ensembles_lib.properties import painted
from ensembles_lib.study.claims.components import excess, parts_of
from ensembles_lib.study.claims.places import blobs
from ensembles_lib.study.peacock_study import SIZE
from ensembles_lib.study.profiles import start_as_steep

from .bases import effects_of_moves
from .emergence import standardised
from .places import elsewhere
from .profiles import dealt_within_neurons

MIXTURES = 3  # rotations
RECURRING = 0.5  # of the restarts
IS_ONE = 0.5  # of a property's squared effects, from which on it is one component
UNSEEN = 0.1  # of a component's loadings, below which no property sees it


def measure_parts(network, taught):
    """Components beside mixtures, the network's start as steep, and its weights dealt anew.

    `taught` (H, W) are the parts of the picture that it learnt.
    """
    found = components(network, size=SIZE)
    return _beside_controls(network, found, _mixtures(found), taught)


def _beside_controls(network, found, mixed, taught):
    about = _of_kind("trained", network, found, taught)
    each = [_of_kind("mixtures", network, mixture, taught) for mixture in mixed]
    about |= {key: median([one[key] for one in each]) for key in each[0]}
    steep = start_as_steep(network)
    others = {  # the second as many as the trained network has: a look added after the first
        "scaled": (steep, None),
        "equally_many": (steep, len(found.maps)),
        "shuffled": (dealt_within_neurons(network), None),
    }
    for kind, (other, count) in others.items():
        own_parts = parts_of(other.paint(SIZE))
        about |= _of_kind(kind, other, components(other, count, SIZE), own_parts)
    return about


def measure_components(network, drawing):
    """What `measure_parts` does, of the peacock, and which of our properties are components."""
    taught, found = parts_of(drawing.small), components(network, size=SIZE)
    mixed = _mixtures(found)
    spots = np.array([spot.measure(np.zeros((SIZE, SIZE, 3)))[1] for spot in blobs()])
    properties, picture = drawing.properties(), network.paint(SIZE)
    own = _effects(network, properties)
    placed = [_effects(network, elsewhere(properties, picture, seed)) for seed in range(MIXTURES)]
    one, unseen = _seen(found, own)
    chance = np.array([_seen(mixture, own) for mixture in mixed])
    members = {f"{c}": found.members(c) for c in range(len(found.maps))}
    by_neuron = _by_neuron(found, network.wiring)
    return _beside_controls(network, found, mixed, taught) | dict(
        excess_blobs=median(excess(spots, taught)),
        leak_single=median([leak(found.loadings.T, c).min() for c in range(len(found.maps))]),
        one_component=one,
        one_mixture=median(chance[:, 0]),
        one_elsewhere=median([_seen(found, rows)[0] for rows in placed]),
        unseen=unseen,
        unseen_mixtures=median(chance[:, 1]),
        of_neuron=membership(members, network.wiring).neurons.sum(axis=0),
        strongest=median(by_neuron.max(axis=0)),
        strongest_mixtures=median([_by_neuron(m, network.wiring).max(axis=0) for m in mixed]),
    )


def measure_matches(networks, drawing):
    """How well components of networks of a cell match across seeds, and those of scaled starts."""
    trained, scaled = [], []
    for network in networks.values():
        trained.append(components(network, size=SIZE).maps)
        scaled.append(components(start_as_steep(network), size=SIZE).maps)
    return {"trained": matches(trained), "scaled": matches(scaled)}


def measure_names(data):
    """How many of some components were named so alike, twice, that a third reader matched them.

    From study/names.json of the folder of the data, which says who named what, and how.
    """
    told = json.loads((Path(data) / "study" / "names.json").read_text(encoding="utf-8"))
    found = {"cell": told["cell"]}
    for kind in ("trained", "scaled", "mixtures"):
        maps, strips = ([one["component"] for one in told[kind][of]] for of in ("maps", "strips"))
        alike = [strips[place] for place in told[kind]["said_to_mean"]]
        found[kind] = {"count": len(maps), "matched": int(np.sum(np.equal(maps, alike)))}
    return found


def matches(maps):
    """Return the mean best correlation of maps (C, …) of each two networks, either way."""
    flat = [standardised(of) for of in maps]
    pairs = [np.abs(a @ b.T) for n, a in enumerate(flat) for b in flat[:n]]
    return [float((pair.max(axis=0).mean() + pair.max(axis=1).mean()) / 2) for pair in pairs]


def alone(network, found):
    """Return the leak of each component's own move, both ways, at equal change, (C, 2)."""
    directions = np.linalg.pinv(found.loadings.T).T * found.unit
    lengths = equal_change_lengths(network, directions, SIZE)
    effects = effects_of_moves(network, found.properties(), directions, lengths, SIZE)
    return np.array([leak(rows.T, c) for c, rows in enumerate(effects)])


def _mixtures(found):
    return [found.rotated(seed) for seed in range(MIXTURES)]


def _of_kind(kind, network, found, parts):
    """Return what is measured of components whatever they are of, keys ending in the kind."""
    held = _by_neuron(found, network.wiring).T
    count = range(len(found.maps))
    measured = {
        "count": len(found.maps),
        "recurring": np.mean(found.stability >= RECURRING),
        "excess": median(excess(found.maps, parts)),
        "leak": np.nanmedian(alone(network, found)),
        "synapses": median([len(found.members(c)) for c in count]),
        "neurons": median([len(participants(np.sqrt(held[c]))) for c in count]),
    }
    return {f"{key}_{kind}": value for key, value in measured.items()}


def _by_neuron(found, wiring):
    """Return the share of every component that each neuron's synapses hold, (N, C)."""
    held = np.zeros((wiring.n_neurons, len(found.maps)))
    np.add.at(held, wiring.target, found.loadings**2)
    return held / held.sum(axis=0)


def _effects(network, properties):
    """Return the effects of properties in the linear ranges that components have, (A, S)."""
    slopes = painted(network, properties, SIZE).slopes(network.weights)[1]
    return effects_and_scales(slopes, linear_ranges(network, SIZE))[0]


def _seen(found, effects):
    """Return how many properties are one component, and how many components none of them sees."""
    rows = effects / np.linalg.norm(effects, axis=1, keepdims=True)
    columns = found.loadings / np.linalg.norm(found.loadings, axis=0)
    shares = (rows @ columns) ** 2
    within = np.sum((np.linalg.qr(rows.T)[0].T @ columns) ** 2, axis=0)
    return int(np.sum(shares.max(axis=1) >= IS_ONE)), int(np.sum(within < UNSEEN))
