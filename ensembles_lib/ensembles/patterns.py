"""Patterns: where one lies, how much of its change falls elsewhere, and which ones belong together.

A pattern is the map of a component.
"""

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
    a pattern (H, W, C), such as one of `Components.maps`, that is finite and not 0 all over.

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
    `part_of` the pattern, 0 to 1; NaN if nothing changes.

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


def families(found: Components) -> list[np.ndarray]:
    """Return sets of synapses that are to each other what they are not to the rest.

    Two components belong together as far as the same synapses make them. Starting from each alone,
    the two families are joined that raise the modularity most, and the grouping of the highest
    modularity is taken (Clauset, Newman & Moore 2004, *Phys. Rev. E* 70, 066111). A synapse belongs
    to the family that makes most of its change; dead ones belong to none. The largest family comes
    first. Give as many components as hold nearly all of the energy, or weak families are missed.

    Examples
    --------
    >>> from ensembles_lib.ensembles import components
    >>> from ensembles_lib.planted import sew
    >>> halves = [Network.random(layered_wiring((2, 4, 3)), seed) for seed in (1, 2)]
    >>> both = sew(halves, np.random.default_rng(0)).network
    >>> sets = families(components(both, size=16, energy=0.95))
    >>> sum(map(len, sets)) == both.wiring.n_synapses
    True
    """
    squares = found.loadings**2
    total = squares.sum(axis=1, keepdims=True)
    shares = np.divide(squares, total, out=np.zeros_like(squares), where=total > 0)
    groups = _modular(shares.T @ shares)
    held = np.array([shares[:, group].sum(axis=1) for group in groups])
    family = np.where(total[:, 0] > 0, held.argmax(axis=0), -1)
    sets = [np.flatnonzero(family == number) for number in range(len(groups))]
    return sorted((one for one in sets if len(one)), key=len, reverse=True)


def _modular(weights):
    """Return groups of the nodes of a graph with these weights (n, n), by greedy joining."""
    linked, groups = weights / weights.sum(), [[node] for node in range(len(weights))]
    modularity = best = np.trace(linked) - np.sum(linked.sum(axis=1) ** 2)
    chosen = [*groups]
    while len(groups) > 1:
        ends = linked.sum(axis=1)
        gain = 2 * (linked - np.outer(ends, ends))
        gain[np.tril_indices(len(gain))] = -np.inf
        kept, gone = np.unravel_index(gain.argmax(), gain.shape)
        modularity += gain[kept, gone]
        groups[kept] = groups[kept] + groups.pop(gone)
        linked[kept] += linked[gone]
        linked[:, kept] += linked[:, gone]
        linked = np.delete(np.delete(linked, gone, axis=0), gone, axis=1)
        if modularity > best:
            best, chosen = modularity, [*groups]
    return chosen


def spills(network: Network, found: Components, times: float = 6) -> np.ndarray:
    """Return the `spill` of every pattern, (C,).

    Examples
    --------
    >>> from ensembles_lib.ensembles import components
    >>> found = components(network, count=4, size=16)
    >>> spills(network, found).shape
    (4,)
    """
    return np.array([spill(network, found, which, times) for which in range(len(found.maps))])


def typical(shares: ArrayLike) -> int:
    """Return which of the shares is the middle one, the lower if there are two.

    Examples
    --------
    >>> typical([0.5, 0.1, 0.2])
    2
    """
    shares = np.asarray(shares, float)
    return int(np.argsort(shares, kind="stable")[(len(shares) - 1) // 2])
