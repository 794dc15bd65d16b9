"""Where a pattern lies, and how much of its change falls elsewhere."""

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import ArrayLike

from ..core import Network
from ..sweeps import pulled
from .independent_components import Components
from .members import participants

AROUND = 2  # points to either side: the rim of a part is where a visible move goes first


def part_of(pattern: ArrayLike) -> np.ndarray:
    """Return the part of the picture in which a pattern lies, (H, W) bool.

    The fewest points that hold 90 % of its energy, and a square of 5 by 5 around each of them. Of
    a pattern (H, W, C), such as one of `Components.maps`; ValueError if it has another shape, is 0
    all over or is not finite.

    Examples
    --------
    >>> pattern = np.zeros((8, 8, 3))
    >>> pattern[3, 3] = 0.2
    >>> int(part_of(pattern).sum())
    25
    """
    pattern = np.asarray(pattern, float)
    if pattern.ndim != 3:
        raise ValueError(f"pattern of shape {pattern.shape}: give (H, W, C)")
    strength = np.linalg.norm(pattern, axis=-1)
    part = np.zeros(strength.size, bool)
    part[participants(strength.ravel())] = True
    padded = np.pad(part.reshape(strength.shape), AROUND)
    return sliding_window_view(padded, (2 * AROUND + 1,) * 2).any(axis=(2, 3))


def spill(network: Network, found: Components, which: int, times: float = 6) -> float:
    """Return how much of a pattern's change falls outside its part when the pattern is pulled.

    The weights go along the pattern by so many working ranges of the whole set (see `pulled`). Of
    the squared change of the picture, at the size of the maps, this is the share outside
    `part_of` the pattern, 0 to 1; NaN if nothing changes. IndexError if there is no such pattern.

    Examples
    --------
    >>> from ensembles_lib.ensembles import components
    >>> found = components(network, count=4, size=16)
    >>> 0 < spill(network, found, 0) < 1
    True
    """
    pattern, size = found.maps[which], found.maps.shape[1:3]
    moved = pulled(network, found.direction(which), times, size)
    energy = np.sum((moved.paint(size).pixels - network.paint(size).pixels) ** 2, axis=-1)
    return float(energy[~part_of(pattern)].sum() / energy.sum()) if energy.any() else float("nan")
