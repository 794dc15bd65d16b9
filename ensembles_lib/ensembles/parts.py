"""Where a pattern lies, and how much of a change falls elsewhere."""

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import ArrayLike

from .members import participants


def part_of(pattern: ArrayLike, share: float = 0.9, around: int = 2) -> np.ndarray:
    """Return the part of the picture in which a pattern lies, (H, W) bool.

    The fewest points that hold a share of its energy, and so many points around each of them, since
    the rim of a pattern is where a move of visible size goes first.

    Parameters
    ----------
    pattern : (H, W, C) array
        Such as one of `Components.maps`.
    around
        Of each point's column and row, to either side: 2 makes a point a square of 5 by 5.

    Raises
    ------
    ValueError
        If the pattern has another shape, is 0 all over or is not finite, the share is not above 0
        and up to 1, or `around` is below 0.

    Examples
    --------
    >>> from ensembles_lib.ensembles import part_of
    >>> pattern = np.zeros((8, 8, 3))
    >>> pattern[3, 3] = 0.2
    >>> int(part_of(pattern).sum()), int(part_of(pattern, around=0).sum())
    (25, 1)
    """
    pattern = np.asarray(pattern, float)
    if pattern.ndim != 3:
        raise ValueError(f"pattern of shape {pattern.shape}: give (H, W, C)")
    if not around >= 0:
        raise ValueError(f"around {around!r}: give a whole number from 0 up")
    strength = np.linalg.norm(pattern, axis=-1)
    part = np.zeros(strength.size, bool)
    part[participants(strength.ravel(), share)] = True
    padded = np.pad(part.reshape(strength.shape), around)
    return sliding_window_view(padded, (2 * around + 1,) * 2).any(axis=(2, 3))


def share_outside(change: ArrayLike, part: ArrayLike) -> float:
    """Return the share of a change's energy that falls outside a part; NaN if nothing changes.

    Parameters
    ----------
    change : (H, W, C) array
    part : (H, W) bool array

    Examples
    --------
    >>> from ensembles_lib.ensembles import share_outside
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
