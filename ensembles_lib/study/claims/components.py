"""Ensembles nobody named: what components of networks are, and what of that is learnt."""

import json
from pathlib import Path

import numpy as np
from numpy import median

from ...core import Picture
from ...ensembles import components, equal_change_lengths, leak, membership, participants
from ...ensembles.equal_moves import effects_of_moves
from ...ensembles.sensitivities import effects_and_scales, linear_ranges
from ...properties import painted, suggest_regions
from ..emergence import standardised
from ..profiles import dealt_within_neurons, start_as_steep
from ..trainings import LM
from ..traits import SIZE
from .places import blobs, elsewhere
from .register import below, extremes, less

REGIONS = 24  # at most, of a picture
PLACEMENTS = 40  # of a map, at random
MIXTURES = 3  # rotations
RECURRING = 0.5  # of the restarts
IS_ONE = 0.5  # of a property's squared effects, from which on it is one component
OTHERS_LIKE = f"narrow-{LM}-0.001"  # the cell that networks of other pictures are to be held to
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


def parts_of(picture: Picture) -> np.ndarray:
    """Return the parts of a picture as numbers (H, W): regions, each its interior and its rim.

    Examples
    --------
    >>> halves = np.broadcast_to(np.where(np.arange(8) < 4, -1.0, 1.0)[:, None], (8, 8, 3))
    >>> np.bincount(parts_of(Picture(halves)).ravel()).tolist()
    [24, 8, 24, 8]
    """
    regions = suggest_regions(picture, REGIONS)[0]
    padded, rim = np.pad(regions, 1, mode="edge"), np.zeros(regions.shape, bool)
    height, width = regions.shape
    for y, x in np.ndindex(3, 3):
        rim |= padded[y : y + height, x : x + width] != regions
    return np.unique(2 * regions + rim, return_inverse=True)[1].reshape(regions.shape)


def bits(maps, parts):
    """Return how much more than its area a part tells of where maps' energy lies, (C,), in bits.

    The divergence of Kullback & Leibler (1951, *Ann. Math. Stat.* 22, 79) of energy from area.
    """
    energy = np.sum(maps**2, axis=-1).reshape(len(maps), -1)
    of_parts = np.array([np.bincount(parts.ravel(), row) for row in energy])
    shares = of_parts / of_parts.sum(axis=1, keepdims=True)
    area = np.bincount(parts.ravel()) / parts.size
    logs = np.log2(shares / area, out=np.zeros_like(shares), where=shares > 0)
    return np.sum(shares * logs, axis=1)


def excess(maps: np.ndarray, parts: np.ndarray) -> np.ndarray:
    """Return the bits of maps (C, H, W, 3) less their mean over placements at random, (C,).

    Examples
    --------
    >>> parts = np.repeat([0, 1], 32).reshape(8, 8)
    >>> maps = np.stack([parts == 1, np.ones((8, 8))])[..., None] * np.ones(3)
    >>> (excess(maps, parts) > 0.1).tolist()  # one is all in a part, one is everywhere
    [True, False]
    """
    rng, elsewhere = np.random.default_rng(0), np.zeros(len(maps))
    for _ in range(PLACEMENTS):
        turned = np.rot90(maps, rng.integers(4), (1, 2))
        elsewhere += bits(np.roll(turned, rng.integers(len(parts), size=2), (1, 2)), parts)
    return bits(maps, parts) - elsewhere / PLACEMENTS


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


def claim_36_ensembles_nobody_named(e, met):
    """An algorithm that knows no property finds ensembles that can be named, learnt ones (6)."""
    c = e.components
    better = less(c.excess_scaled, c.excess_trained)
    sizes, neurons = np.array(c.synapses_trained), np.array(c.neurons_trained)
    met["restarts find nine tenths of them again"] = median(c.recurring_trained) >= 0.9
    met["they follow the taught parts more than mixtures do"] = below(
        c.excess_mixtures, c.excess_trained
    )
    met["and more than networks as steep follow what they paint (test)"] = better
    met["each moves alone better than mixtures"] = below(c.leak_trained, c.leak_mixtures)
    met["and better than in networks as steep"] = below(c.leak_trained, c.leak_scaled)
    met["of the article's size, 23 to 92 synapses in 7 neurons or more"] = bool(
        23 <= median(sizes) <= 92 and median(neurons) >= 7
    )
    named = e.names if e.names.cell == e.cell else None
    met["readers name half of them alike, twice"] = (
        None if named is None else named.trained["matched"] >= named.trained["count"] / 2
    )
    met["and more of them than of mixtures, which move the same bird"] = (
        None if named is None else named.trained["matched"] > named.mixtures["matched"]
    )
    effect = (
        f"{extremes(c.count_trained, '.0f')} components, {extremes(sizes, '.0f')} synapses in "
        f"{extremes(neurons, '.0f')} neurons; {extremes(c.excess_trained)} bits about parts; leak "
        f"{extremes(c.leak_trained)}; matched across seeds {median(e.matches.trained):.2f}; of 18 "
        f"properties {median(c.one_component):.0f} are one component (placed elsewhere "
        f"{median(c.one_elsewhere):.0f}), {median(c.unseen):.0f} components are seen by none"
    )
    control = (
        f"as steep: {median(c.synapses_scaled):.0f} in {median(c.neurons_scaled):.0f}, "
        f"{extremes(c.excess_scaled)} bits, leak {median(c.leak_scaled):.2f}, matched "
        f"{median(e.matches.scaled):.2f}; shuffled {median(c.synapses_shuffled):.0f} in "
        f"{median(c.neurons_shuffled):.0f}, {median(c.excess_shuffled):.2f} bits, leak "
        f"{median(c.leak_shuffled):.2f}; mixtures {median(c.synapses_mixtures):.0f} in "
        f"{median(c.neurons_mixtures):.0f}, {median(c.excess_mixtures):.2f} bits, leak "
        f"{median(c.leak_mixtures):.2f}; single synapses leak {median(c.leak_single):.2f}; spots "
        f"{median(c.excess_blobs):.2f} bits"
    )
    if named is not None:
        effect += "; named alike {matched} of {count}".format(**named.trained)
        control += "".join(
            f"; {kind} named alike {vars(named)[of]['matched']} of {vars(named)[of]['count']}"
            for kind, of in (("as steep", "scaled"), ("mixtures", "mixtures"))
        )
    for picture, o in e.others.items() if e.cell == OTHERS_LIKE else ():
        effect += f"; of the {picture} {extremes(o.excess_trained)} bits"
        control += (
            f"; of the {picture}: mixtures {extremes(o.excess_mixtures)} bits, as steep "
            f"{extremes(o.excess_scaled)}"
        )
    return effect, control
