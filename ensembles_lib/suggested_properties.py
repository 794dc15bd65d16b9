"""Properties suggested for the regions of a picture, as many as are independent."""

import numpy as np

from .measurements import painted
from .picture import check_size
from .properties import colour_property, gram_condition, region_property
from .sensitivities import linear_ranges, units
from .soft_figures import core

LIMIT = 100  # condition number; moves refuse 1000, and it grows on the way
BRIGHTNESS, WARMTH = (1 / 3, 1 / 3, 1 / 3), (0.5, 0, -0.5)


def suggest_properties(network, regions, size=64, half=None, limit=LIMIT):
    """Return properties of named regions: area, brightness, warmth and place, if independent.

    The areas of all regions come first, then their colours, then their places. Each is kept if
    it can be measured on what the network paints, and if with it the condition number of the
    Gram matrix of the effects of one working range stays within the limit: of two areas that
    share their only border, the second is left out.

    Parameters
    ----------
    network : Network
    regions : (numbers, names)
        From `suggest_regions` or `open_regions`, of any size.
    size : int or (height, width)
        Of the paintings that are measured.
    half : (S,) array, optional
        Working ranges R_k; linear ones unless given.
    limit : float

    Returns
    -------
    list of Property
        Named by region and reading, such as "red, left: area". Warmth is red above blue.

    Raises
    ------
    ValueError
        If numbers and names do not fit each other, or nothing can be measured.
    """
    size = check_size(size)
    numbers, names = at_size(*regions, size), regions[1]
    unit = units(linear_ranges(network, size) if half is None else half)
    pixels = network.paint(size).pixels
    measurable = [one for one in _candidates(numbers, names) if _can_measure(one, pixels)]
    kept, rows = [], []
    if measurable:
        slopes = painted(network, measurable, size).slopes(network.weights)[1] * unit
        for one, row in zip(measurable, slopes, strict=True):
            if gram_condition([*rows, row]) <= limit:
                kept.append(one)
                rows.append(row)
    if not kept:
        raise ValueError("none of the regions can be measured on what the network paints")
    return kept


def at_size(numbers, names, size):
    """Return region numbers at another size, each from the middle of the new pixel."""
    numbers = np.asarray(numbers)
    if numbers.ndim != 2 or numbers.dtype.kind not in "iu" or not numbers.size:
        raise ValueError(f"regions of shape {numbers.shape}, {numbers.dtype}: give (H, W) of int")
    if numbers.min() < 0 or numbers.max() >= len(names):
        raise ValueError(
            f"region numbers from {numbers.min()} to {numbers.max()}: give them from 0, "
            f"below {len(names)}, one per name"
        )
    centres = [
        ((np.arange(side) + 0.5) * own / side).astype(int)
        for side, own in zip(size, numbers.shape, strict=True)
    ]
    return numbers[np.ix_(*centres)]


def _can_measure(one, pixels):
    try:
        one.measure(pixels)
    except ValueError:  # the network does not paint a border there
        return False
    return True


def _candidates(numbers, names):
    """Yield the properties of all regions, the more telling kinds first."""
    masks = {name: numbers == region for region, name in enumerate(names)}
    masks = {name: mask for name, mask in masks.items() if mask.any()}
    for what in ("area", "brightness", "warmth", "x", "y"):
        for name, mask in masks.items():
            title = f"{name}: {what}"
            if what in ("brightness", "warmth"):
                mix = BRIGHTNESS if what == "brightness" else WARMTH
                yield colour_property(core(mask), mix, title)
                continue
            try:
                yield region_property(mask, what, name=title)
            except ValueError:  # too thin, or the whole picture
                continue
