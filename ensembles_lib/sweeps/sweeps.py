"""Weight sweeps: pictures while one synapse, several together, or two of them are moved."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from ..core import Network, Picture
from ..core.passes import respond
from ..core.points import Size, check_memory, check_size, pixels_of
from .ranges import as_direction


@dataclass(frozen=True)
class Sweep:
    """Pictures along a sweep.

    Attributes
    ----------
    pixels, still : (n, H, W, C) and (H, W, C) arrays
        What the outputs paint, and what those of `start` do.
    change : (n,) array
        RMS of pixels − still, over pixels and outputs.

    Examples
    --------
    >>> swept = sweep(network, 0, [-1.0, 0.0, 1.0], size=16)
    >>> swept
    Sweep(3 pictures 16×16, change up to 0.189)
    >>> swept.pixels.shape, swept.pictures[0].size
    ((3, 16, 16, 3), (16, 16))
    """

    start: Network
    pixels: np.ndarray
    still: np.ndarray
    change: np.ndarray

    @property
    def pictures(self) -> list[Picture]:
        """The sweep as pictures; ValueError if the network does not paint."""
        self.start.check_paints()
        return [Picture(pixels) for pixels in self.pixels]

    def __repr__(self):
        count, height, width, _ = self.pixels.shape
        return f"Sweep({count} pictures {height}×{width}, change up to {self.change.max():.3f})"


def sweep(
    network: Network, moved: int | dict | ArrayLike, values: ArrayLike, size: Size = 128
) -> Sweep:
    """Paint the picture while a synapse takes other weights, or several move together.

    Parameters
    ----------
    moved
        A synapse or a direction, as for `working_range`.
    values
        Weights that the synapse takes in turn. For a direction: multiples of it, which are
        added to the weights, so that 0 is the network itself. ValueError if one is not finite,
        or the pictures would not fit in memory.

    Examples
    --------
    >>> sweep(network, {0: 1.0, 20: -0.5}, [0.0, 2.0], size=16)
    Sweep(2 pictures 16×16, change up to 0.115)
    """
    return _sweep(network, _moves(network, moved, values), size)


def sweep_grid(network: Network, moved: Sequence, values: Sequence, size: Size = 64) -> Sweep:
    """Paint the pictures of a grid: two synapses, or two directions, moved independently.

    What is moved, the values and the errors are two of those of `sweep`. The second moves
    fastest.

    Examples
    --------
    >>> sweep_grid(network, (0, 20), ([-1, 1], [-1, 0, 1]), size=16)
    Sweep(6 pictures 16×16, change up to 0.281)
    """
    if len(moved) != 2 or len(values) != 2:
        raise ValueError(f"{len(moved)} moved with {len(values)} lists of values: give two of each")
    first, second = (_moves(network, *axis) for axis in zip(moved, values, strict=True))
    moves = first[:, None] + second
    return _sweep(network, moves.reshape(-1, network.wiring.n_synapses), size)


def paint_moves(network: Network, moves: np.ndarray, size: Size) -> np.ndarray:
    """Return the pixels (n, H, W, C) of a network moved in n ways (n, S).

    Examples
    --------
    >>> paint_moves(network, np.eye(27)[:2], 8).shape
    (2, 8, 8, 3)
    """
    height, width = check_size(size)
    shape = (len(moves), network.wiring.n_outputs, height, width)
    check_memory(shape, float, f"{len(moves)} pictures of {height}×{width}")
    outputs = respond(network.wiring, network.weights + moves, network.inputs(size))
    return pixels_of(outputs, size)


def spread(change_map: ArrayLike) -> float | np.ndarray:
    """Return the share of the picture that moves, from 1/P for a single point to 1 for all.

    (Σ e)² / (P Σ e²) over the P points, with e the squared change summed over the outputs: the
    inverse participation ratio (Bell & Dean 1970) as a share. 0 where nothing changes. Of maps
    (..., H, W, C), all at once.

    Examples
    --------
    >>> spread([[[1.0], [1.0], [0.0], [0.0]]])
    0.5
    """
    return spread_of_energy(np.sum(np.square(change_map, dtype=float), axis=-1))


def spread_of_energy(energy: np.ndarray) -> float | np.ndarray:
    """Return the spread of squared changes (..., H, W), as `spread` does of the changes."""
    total, squares = energy.sum(axis=(-1, -2)), np.square(energy).sum(axis=(-1, -2))
    with np.errstate(invalid="ignore"):
        share = total**2 / (energy.shape[-1] * energy.shape[-2] * squares)
    share = np.where(squares > 0, share, 0.0)
    return float(share) if share.ndim == 0 else share


def _moves(network, moved, values):
    """Return what is added to the weights (n, S) for each value of a synapse or a direction."""
    values, direction = np.asarray(values), as_direction(network.wiring, moved)
    if values.dtype.kind not in "fiub" or values.ndim != 1 or not len(values):
        raise ValueError(f"values {values!r}: give a list of one or more numbers")
    if not np.isfinite(values).all():
        raise ValueError(f"values hold {values[~np.isfinite(values)][0]}: they must be finite")
    if np.ndim(moved) == 0 and not isinstance(moved, dict):
        values = values - network.weights[moved]
    return values[:, None] * direction


def _sweep(network, moves, size):
    pixels = paint_moves(network, moves, size)
    (still,) = paint_moves(network, np.zeros_like(moves[:1]), size)
    change = np.array([np.sqrt(np.mean((moved - still) ** 2)) for moved in pixels])
    return Sweep(network, pixels, still, change)
