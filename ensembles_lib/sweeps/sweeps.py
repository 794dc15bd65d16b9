"""Weight sweeps: pictures while one synapse, several together, or two of them are moved."""

from dataclasses import dataclass

import numpy as np

from ..core.network import Network
from ..core.passes import respond
from ..core.picture import Picture
from ..core.points import check_memory, check_size, pixels_of
from .ranges import as_direction


@dataclass(frozen=True)
class Sweep:
    """Pictures along a sweep.

    Attributes
    ----------
    start : Network
    moves : (n, S) array
        What was added to the weights for each picture.
    pixels : (n, H, W, C) array
        What the outputs paint; C is 3 for a network that paints pictures.
    change : (n,) array
        RMS of pixels − those of `start`, over pixels and outputs.

    Examples
    --------
    >>> swept = sweep(Network.random(article_wiring()), 0, [-1.0, 0.0, 1.0], size=16)
    >>> swept
    Sweep(3 pictures 16×16, change up to 0.042)
    >>> swept.pixels.shape
    (3, 16, 16, 3)
    """

    start: Network
    moves: np.ndarray
    pixels: np.ndarray
    change: np.ndarray

    @property
    def pictures(self):
        """The sweep as a list of `Picture`; ValueError if the network does not paint."""
        self.start.check_paints()
        return [Picture(pixels) for pixels in self.pixels]

    @property
    def change_maps(self):
        """(n, H, W, C) signed change of every pixel against `start`."""
        return self.pixels - paint_moves(self.start, np.zeros_like(self.moves[:1]), self.size)

    @property
    def size(self):
        """(height, width) in pixels."""
        return self.pixels.shape[1:3]

    def __len__(self):
        return len(self.pixels)

    def __repr__(self):
        height, width = self.size
        return f"Sweep({len(self)} pictures {height}×{width}, change up to {self.change.max():.3f})"


def sweep(network, moved, values, size=128):
    """Paint the picture while a synapse takes other weights, or several move together.

    Parameters
    ----------
    network : Network
        Of any wiring with inputs x, y, 1 and any number of outputs.
    moved : int, dict or (S,) array
        A synapse; or a direction, as a dict of synapses or one number for each.
    values : (n,) array_like
        Weights that the synapse takes in turn. For a direction: multiples of it, which are
        added to the weights, so that 0 is the network itself.
    size : int or (height, width)

    Returns
    -------
    Sweep

    Raises
    ------
    IndexError
        If there is no such synapse.
    ValueError
        If values are missing or not finite, or the pictures would not fit in memory.

    Examples
    --------
    >>> network = Network.random(article_wiring())
    >>> sweep(network, 0, [network.weights[0], 2.0], size=16)
    Sweep(2 pictures 16×16, change up to 0.071)
    """
    return _sweep(network, _moves(network, moved, values), size)


def sweep_grid(network, moved, values, size=64):
    """Paint the pictures of a grid: two synapses, or two directions, moved independently.

    Parameters
    ----------
    network : Network
    moved : pair
        Each as `sweep` takes it.
    values : pair of (n,) and (m,) array_like
        Each as `sweep` takes it.
    size : int or (height, width)

    Returns
    -------
    Sweep
        Of n·m pictures: the second moves fastest.

    Raises
    ------
    IndexError, ValueError
        As `sweep`; also unless there are two of each.

    Examples
    --------
    >>> sweep_grid(Network.random(article_wiring()), (0, 418), ([-1, 1], [-1, 0, 1]), size=16)
    Sweep(6 pictures 16×16, change up to 0.517)
    """
    if len(moved) != 2 or len(values) != 2:
        raise ValueError(f"{len(moved)} moved with {len(values)} lists of values: give two of each")
    first, second = (_moves(network, *one) for one in zip(moved, values, strict=True))
    moves = first[:, None] + second
    return _sweep(network, moves.reshape(-1, network.wiring.n_synapses), size)


def paint_moves(network, moves, size):
    """Return the pixels (n, H, W, C) of a network moved in n ways (n, S).

    Raises
    ------
    ValueError
        If they would not fit in memory.
    """
    height, width = check_size(size)
    shape = (len(moves), network.wiring.n_outputs, height * width)
    check_memory(shape, float, f"{len(moves)} pictures of {height}×{width}")
    outputs = respond(network.wiring, network.weights + moves, network.inputs(size))
    return pixels_of(outputs, size)


def spread(change_map):
    """Return the share of the picture that moves, from 1/P for a single point to 1 for all.

    (Σ e)² / (P Σ e²) over the P points, with e the squared change summed over the outputs: the
    inverse participation ratio (Bell & Dean 1970) as a share. 0 where nothing changes.

    Parameters
    ----------
    change_map : (..., H, W, C) array

    Returns
    -------
    float or (...) array

    Examples
    --------
    >>> spread([[[1.0], [1.0], [0.0], [0.0]]])
    0.5
    """
    energy = np.sum(np.square(change_map, dtype=float), axis=-1)
    return spread_of_energy(energy)


def spread_of_energy(energy):
    """Return the spread of squared changes (..., H, W), as `spread` does of the changes."""
    total, squares = energy.sum(axis=(-1, -2)), np.square(energy).sum(axis=(-1, -2))
    with np.errstate(invalid="ignore"):
        share = total**2 / (energy.shape[-1] * energy.shape[-2] * squares)
    share = np.where(squares > 0, share, 0.0)
    return float(share) if share.ndim == 0 else share


def _moves(network, moved, values):
    """Return what is added to the weights (n, S) for each value of a synapse or a direction."""
    values, direction = _check_values(values), as_direction(network.wiring, moved)
    if np.ndim(moved) == 0 and not isinstance(moved, dict):
        values = values - network.weights[moved]
    return values[:, None] * direction


def _sweep(network, moves, size):
    pixels = paint_moves(network, moves, size)
    still = paint_moves(network, np.zeros_like(moves[:1]), size)
    change = np.array([np.sqrt(np.mean((moved - still[0]) ** 2)) for moved in pixels])
    return Sweep(network, moves, pixels, change)


def _check_values(values):
    values = np.asarray(values)
    if values.dtype.kind not in "fiub" or values.ndim != 1 or not len(values):
        raise ValueError(f"values {values!r}: give a list of one or more numbers")
    if not np.isfinite(values).all():
        raise ValueError(f"values hold {values[~np.isfinite(values)][0]}: they must be finite")
    return values.astype(float)
