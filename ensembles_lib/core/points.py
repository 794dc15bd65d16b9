"""The points of a picture: its size, the inputs that they give, the pixels that outputs make."""

import math
import numbers
import operator
from collections.abc import Iterator

import numpy as np
from numpy.typing import DTypeLike

MAX_BYTES = 4 << 30  # of one result; more is refused before any work starts
PER_DISTANCE = 1.4  # how much of its third input, d, a network of 4 gets at distance 1
Size = int | tuple[int, int]  # in pixels: the side of a square, or (height, width)


def check_size(size: Size) -> tuple[int, int]:
    """Return `size` as (height, width), or raise a ValueError; one number means a square."""
    try:
        sides = [operator.index(side) for side in (size if np.ndim(size) else (size, size))]
    except TypeError:
        sides = []
    if len(sides) != 2 or min(sides) < 1:
        raise ValueError(f"size {size!r}: give one whole number from 1 up, or (height, width)")
    return tuple(sides)


def fit(size: Size, to: tuple[int, int]) -> tuple[int, int]:
    """Return `size` as (height, width); one number is the longer side at the shape of `to`."""
    if np.ndim(size) == 0:
        longer = check_size(size)[0]
        size = [max(1, round(side * longer / max(to))) for side in to]
    size = check_size(size)
    check_memory((*size, 3), float, f"a picture of {size[0]}×{size[1]}")
    return size


def check_memory(shape: tuple[int, ...], dtype: DTypeLike, what: str) -> None:
    """Raise a ValueError if an array of `shape` would take more than `MAX_BYTES`."""
    n_bytes = math.prod(map(int, shape)) * np.dtype(dtype).itemsize
    if n_bytes > MAX_BYTES:
        raise ValueError(
            f"{what} would take {n_bytes / 2**30:,.1f} GiB, more than "
            f"{MAX_BYTES >> 30} GiB: choose a smaller size"
        )


def parts(n_points: int, length: int, start: int = 0) -> Iterator[slice]:
    """Yield slices of so many points, from `start` on; the last is of what is left."""
    for first in range(start, n_points, length):
        yield slice(first, min(first + length, n_points))


def coordinates(
    size: Size, extent: float = 1.0, dtype: DTypeLike = float, n_inputs: int = 3
) -> np.ndarray:
    """Return the inputs x, y, 1 of every point of a picture, or x, y, d, 1.

    (n_inputs, H·W), in float32 or float64. Points are the centres of the pixels: x grows to the
    right and y upwards, and the picture spans [-extent, extent] in both, whatever its size and
    shape; 1 is the picture that a network was trained on. Of 4 inputs the third is d =
    1.4·√(x² + y²), the distance from the middle as Picbreeder measures it (Secretan et al. 2011,
    *Evol. Comput.* 19, 373).

    Examples
    --------
    >>> coordinates(2).tolist()
    [[-0.5, 0.5, -0.5, 0.5], [0.5, 0.5, -0.5, -0.5], [1.0, 1.0, 1.0, 1.0]]
    """
    height, width = check_size(size)
    if n_inputs not in (3, 4):
        raise ValueError(
            f"{n_inputs!r} inputs: a picture gives 3 (x, y, 1) or 4 (x, y, d, 1); use respond"
        )
    if np.dtype(dtype) not in (np.float32, np.float64):
        raise ValueError(f"dtype {dtype}: give float32 or float64")
    check_memory((n_inputs, height, width), dtype, f"coordinates of {height}×{width} points")
    if not (isinstance(extent, numbers.Real) and np.isfinite(extent) and extent > 0):
        raise ValueError(f"extent {extent!r}: give a finite number above 0")
    x = ((np.arange(width) + 0.5) / width * 2 - 1) * extent
    y = (1 - (np.arange(height) + 0.5) / height * 2) * extent
    places = np.stack([np.tile(x, height), y.repeat(width)])
    return inputs_at(places, n_inputs).astype(dtype, copy=False)


def inputs_at(places: np.ndarray, n_inputs: int = 3) -> np.ndarray:
    """Return the inputs x, y, 1 (or x, y, d, 1) of any places (2, P), as `coordinates` has them.

    (n_inputs, P), in the precision of the places.
    """
    inputs = np.ones((n_inputs, places.shape[1]), places.dtype)
    inputs[:2] = places
    if n_inputs == 4:
        inputs[2] = PER_DISTANCE * np.hypot(*places)
    return inputs


def pixels_of(outputs: np.ndarray, size: Size) -> np.ndarray:
    """Return outputs (..., n_outputs, P) as pixels (..., H, W, n_outputs).

    Three outputs are a colour, clipped to [-1, 1]: where they are no tanh, they may lie beyond
    what a screen can show.
    """
    height, width = check_size(size)
    pixels = np.moveaxis(outputs, -2, -1)
    if pixels.shape[-1] == 3:
        pixels = np.clip(pixels, -1, 1)
    return pixels.reshape(*outputs.shape[:-2], height, width, -1)
