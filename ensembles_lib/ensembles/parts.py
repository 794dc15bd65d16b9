"""Where a pattern lies, and how much of a change falls elsewhere."""

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import ArrayLike

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


def share_outside(change: ArrayLike, part: ArrayLike) -> float:
    """Return the share of a change's energy that falls outside a part; NaN if nothing changes.

    Of a change (H, W, C) and a part (H, W) of bool.

    Examples
    --------
    >>> share_outside(np.full((4, 4, 3), 0.5), np.eye(4) > 0)
    0.75
    """
    change, part = np.asarray(change, float), np.asarray(part)
    if part.dtype != bool or change.ndim != 3 or part.shape != change.shape[:2]:
        raise ValueError(
            f"a change of shape {change.shape} and a part of {part.dtype} {part.shape}: "
            "give (H, W, C), and (H, W) of bool"
        )
    energy = np.sum(change**2, axis=-1)
    return float(energy[~part].sum() / energy.sum()) if energy.any() else float("nan")
