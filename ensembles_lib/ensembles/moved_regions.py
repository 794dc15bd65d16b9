"""Regions of the picture: which synapses move one, and which bend the rest."""

from typing import NamedTuple

import numpy as np

from ..core.derivatives import jacobian_factors
from ..core.network import Network
from .sensitivities import linear_ranges, units


class RegionMoves(NamedTuple):
    """How far each synapse moves a region and the rest, and who does so and who never does.

    Attributes
    ----------
    inside, outside : (S,) arrays
        RMS change of pixels and channels within one working range, linearly.
    movers, sparing : (S,) int arrays
        Synapses from the one that moves the region most, and from the one that bends the rest most
        for what it does to the region: by outside² / inside, which a weak synapse cannot win.
    """

    inside: np.ndarray
    outside: np.ndarray
    movers: np.ndarray
    sparing: np.ndarray


def moved_by_region(
    network: Network, mask: np.ndarray, half: np.ndarray | None = None
) -> RegionMoves:
    """Return which synapses move a region of the picture, and which never do.

    Parameters
    ----------
    mask : (H, W) bool array
        The region, some of the picture but not all; it is painted at this size.
    half : (S,) array, optional
        Working ranges; linear ones unless given.

    Examples
    --------
    >>> mask = np.arange(256).reshape(16, 16) < 64  # the upper quarter
    >>> moves = moved_by_region(Network.random(article_wiring()), mask)
    >>> moves.inside.shape, moves.movers[:3]
    ((460,), array([195, 205, 194]))
    """
    mask = np.asarray(mask)
    if mask.ndim != 2 or mask.dtype != bool:
        raise ValueError(f"a mask of shape {mask.shape}, {mask.dtype}: give (H, W) of bool")
    if mask.all() or not mask.any():
        kind = "covers the whole picture" if mask.any() else "is empty"
        raise ValueError(f"the region {kind}: paint some of it, and leave some of it")
    unit = units(linear_ranges(network, mask.shape) if half is None else half)
    wiring = network.wiring
    signals, sent = (x.reshape(*x.shape[:-2], -1) for x in jacobian_factors(network, mask.shape))
    # Of a product of two factors, the square is the product of their squares.
    power, heard = np.einsum("cjp,cjp->jp", signals, signals), sent * sent
    rms = []  # of the picture's derivative by each weight, inside and outside
    for part in (mask.ravel(), ~mask.ravel()):
        squares = power[:, part] @ heard[:, part].T
        squares = squares[wiring.target, wiring.source] / (part.sum() * wiring.n_outputs)
        rms.append(np.sqrt(squares))
    inside, outside = np.array(rms) * unit
    spares = outside**2 / np.maximum(inside, 1e-12)
    return RegionMoves(inside, outside, np.argsort(-inside), np.argsort(-spares))
