"""Properties suggested for the regions of a picture, as many as are independent."""

from collections.abc import Sequence
from itertools import product

import numpy as np

from ..core import Network
from ..core.points import Size, check_size
from ..properties import Property, colour_property, gram_condition, painted, region_property
from ..properties.regions import Regions, at_size
from ..properties.soft_figures import core
from ..sweeps.ranges import linear_ranges
from .sensitivities import units

LIMIT = 100  # condition number; moves refuse 1000, and it grows on the way
MIXES = {"brightness": (1 / 3, 1 / 3, 1 / 3), "warmth": (0.5, 0, -0.5)}


def suggest_properties(
    network: Network, regions: Regions, size: Size = 64, limit: float = LIMIT
) -> list[Property]:
    """Return properties of named regions: area, brightness, warmth and place, if independent.

    The areas of all regions come first, then their colours, then their places. Each is kept if
    it can be measured on what the network paints, and if with it the condition number of the
    Gram matrix of the effects of one linear working range stays within the limit. Named by region
    and reading, such as "red, left: area"; warmth is red above blue. Regions are of any size;
    `size` is that of the paintings that are measured. ValueError if nothing of the regions can be
    measured, or no weight moves it.

    Examples
    --------
    >>> network = Network.random(article_wiring(), seed=1)
    >>> halves = np.repeat([[0, 1]], 8, axis=0).repeat(4, axis=1), ["left", "right"]
    >>> suggested = suggest_properties(network, halves, size=32)
    >>> [one.name for one in suggested if one.name.endswith("area")]
    ['left: area']
    """
    measurable = list(_candidates(regions, size, network.paint(size).pixels))
    if not measurable:
        raise ValueError("none of the regions can be measured on what the network paints")
    kept, rows, half = [], [], linear_ranges(network, size)
    slopes = painted(network, measurable, size).slopes(network.weights)[1]
    if np.isfinite(half).any() and slopes.any():
        for one, row in zip(measurable, slopes * units(half), strict=True):
            if gram_condition([*rows, row]) <= limit:
                kept.append(one)
                rows.append(row)
    if not kept:
        raise ValueError(
            f"no weight moves {measurable[0].name!r}, or anything else of the regions: what the "
            "network paints is stuck, as black or white is when every neuron is at its end; "
            "train it anew from another seed, or give a picture of more than one colour"
        )
    return kept


def named_properties(regions: Regions, wanted: Sequence[str], size: Size = 64) -> list[Property]:
    """Return properties by the names of `suggest_properties`, whether or not independent."""
    by_name = {one.name: one for one in _candidates(regions, size)}
    missing = [name for name in wanted if name not in by_name]
    if missing:
        raise ValueError(f"the regions have no {missing[0]!r}: they have {', '.join(by_name)}")
    return [by_name[name] for name in wanted]


def _candidates(regions, size, pixels=None):
    """Yield the properties of all regions that can be measured, the more telling kinds first."""
    numbers, names = at_size(*regions, check_size(size)), regions[1]
    masks = {}
    for region, name in enumerate(names):  # regions of one name are one
        masks[name] = masks.get(name, False) | (numbers == region)
    masks = {name: mask for name, mask in masks.items() if mask.any()}
    for what, (name, mask) in product(("area", *MIXES, "x", "y"), masks.items()):
        title = f"{name}: {what}"
        try:
            if what in MIXES:
                one = colour_property(core(mask), MIXES[what], title)
            else:
                one = region_property(mask, what, name=title)
            if pixels is not None:
                one.measure(pixels)
        except ValueError:  # too thin, or the whole picture, or no border is painted there
            continue
        yield one
