"""Families: components that the same synapses make, taken together."""

import numpy as np

from .independent_components import Components


def families(found: Components) -> list[np.ndarray]:
    """Return sets of synapses that are to each other what they are not to the rest.

    Two components belong together as far as the same synapses make them. Starting from each alone,
    the two families are joined that raise the modularity most, and the grouping of the highest
    modularity is taken (Clauset, Newman & Moore 2004, *Phys. Rev. E* 70, 066111): how many there
    are is not asked. A synapse belongs to the family that makes most of its change; dead ones
    belong to none. The largest family comes first. Give as many components as hold nearly all of
    the energy, or weak families are missed.

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
