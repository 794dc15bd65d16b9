"""Ensembles nobody named: what components of networks are, and what of that is learnt."""

import numpy as np
from numpy import median
from numpy.lib.stride_tricks import sliding_window_view

from ...core import Picture
from ...properties import suggest_regions
from ..peacock_study import LM
from .register import below, extremes, less

REGIONS = 24  # at most, of a picture
PLACEMENTS = 40  # of a map, at random
OTHERS_LIKE = f"narrow-{LM}-0.001"  # the cell that networks of other pictures are to be held to


def parts_of(picture: Picture) -> np.ndarray:
    """Return the parts of a picture as numbers (H, W): regions, each its interior and its rim.

    Examples
    --------
    >>> halves = np.broadcast_to(np.where(np.arange(8) < 4, -1.0, 1.0)[:, None], (8, 8, 3))
    >>> np.bincount(parts_of(Picture(halves)).ravel()).tolist()
    [24, 8, 24, 8]
    """
    regions = suggest_regions(picture, REGIONS)[0]
    around = sliding_window_view(np.pad(regions, 1, mode="edge"), (3, 3))
    rim = (around != regions[:, :, None, None]).any(axis=(2, 3))
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
    half = more = None
    names = e.names if e.names.cell == e.cell else None
    if names:
        half = names.trained["matched"] >= names.trained["count"] / 2
        more = names.trained["matched"] > names.mixtures["matched"]
    met["readers name half of them alike, twice"] = half
    met["and more of them than of mixtures, which move the same bird"] = more
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
    if names:
        told = "named alike {matched} of {count}".format
        effect += f"; {told(**names.trained)}"
        control += f"; as steep {told(**names.scaled)}; mixtures {told(**names.mixtures)}"
    for picture, o in e.others.items() if e.cell == OTHERS_LIKE else ():
        effect += f"; of the {picture} {extremes(o.excess_trained)} bits"
        control += (
            f"; of the {picture}: mixtures {extremes(o.excess_mixtures)} bits, as steep "
            f"{extremes(o.excess_scaled)}"
        )
    return effect, control
