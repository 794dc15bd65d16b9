"""Emergence: when the components that a trained network ends with came to be, and of what kind.

Of histories of training. A component of the end *appears* at the first record from which on some
component of the network there has the same map, at every later record, too. What was expected is
in data/study/PREDICTIONS.md.
"""

import numpy as np
from scipy.stats import rankdata

from ensembles_lib.core import History, Network, Picture, Wiring
from ensembles_lib.core.points import Size
from ensembles_lib.ensembles import Components, components, linear_ranges
from ensembles_lib.properties import affine_generators, geometry_share
from ensembles_lib.study.claims.wirings import FIRST
from ensembles_lib.sweeps import spread

SIZE = 64
SAME = 0.7  # correlation of maps from which on two components are the same
RESTARTS = 3  # of the search at each record; at the end it is that of `components`
SHUFFLES = 200  # orders of the records, as a control
NEVER = -1


def likeness(found: Components, reference: Components) -> tuple[np.ndarray, np.ndarray]:
    """Return how alike the maps and the loadings of components are, two arrays (found, reference).

    Sizes of correlations of maps, and of cosines of loadings, in units of the working ranges.
    """
    maps = [standardised(of.maps) for of in (found, reference)]
    loadings = [_normed(of.loadings.T) for of in (found, reference)]
    return np.abs(maps[0] @ maps[1].T), np.abs(loadings[0] @ loadings[1].T)


def appearances(alike: np.ndarray, same: float = SAME) -> np.ndarray:
    """Return the first record from which on each component is there and stays, (C,); -1 for never.

    Parameters
    ----------
    alike : (T, C) array
        How much the most similar component of each record is like each of the end.
    same
        From which likeness on they are the same.

    Examples
    --------
    >>> appearances(np.array([[0.9, 0.1, 0.9], [0.2, 0.8, 0.9], [0.8, 0.9, 0.1]])).tolist()
    [2, 1, -1]
    """
    there = np.asarray(alike) >= same
    stays = np.logical_and.accumulate(there[::-1])[::-1]
    return np.where(stays[-1], stays.argmax(axis=0), NEVER)


def kinds(network: Network, maps: np.ndarray) -> dict[str, np.ndarray]:
    """Return of what kind maps (C, H, W, 3) of changes of the painted picture are, arrays (C,).

    ``geometry`` and ``colour`` are the shares of a map's energy within the span of the six moves of
    the whole picture (`affine_generators`), and within that of the twelve ways to recolour it by
    one rule everywhere (an offset of each channel, and each channel added to each). ``spread`` is
    the part of the picture's area that holds the map (see `sweeps.spread`).
    """
    size = maps.shape[1:3]
    return {
        "geometry": share_within(affine_generators(network, size), maps),
        "colour": share_within(recolourings(network.paint(size)), maps),
        "spread": spread(maps),
    }


def share_within(ways: np.ndarray, changes: np.ndarray) -> np.ndarray:
    """Return how much of the energy of changes (C, …) lies within the span of ways (n, …), (C,)."""
    _, sizes, rows = np.linalg.svd(ways.reshape(len(ways), -1), full_matrices=False)
    flat, seen = changes.reshape(len(changes), -1), rows[sizes > 1e-5 * sizes[0]]
    return np.sum((flat @ seen.T) ** 2, axis=1) / np.sum(flat**2, axis=1)


def recolourings(picture: Picture) -> np.ndarray:
    """Return the twelve ways to recolour a picture as a whole, to first order, (12, H, W, 3).

    An offset of each channel, then each channel added to the first, the second and the third.
    """
    pixels = picture.pixels
    sources = [*np.moveaxis(pixels, -1, 0)]
    changes = np.zeros((12, *pixels.shape))
    for channel in range(3):
        changes[channel, ..., channel] = 1
        for n, source in enumerate(sources):
            changes[3 + 3 * channel + n, ..., channel] = source
    return changes


def emergence(wiring: Wiring, history: History, size: Size = SIZE, count: int | None = None):
    """Return how the components of a history's end came to be, as a dict of arrays.

    Parameters
    ----------
    wiring, history
        Of T records; the last is the end.
    count
        Of the components at the end, C, and looked for at every record (or as many as there are
        directions): those of `components` unless given.

    Returns
    -------
    dict of str to array
        ``maps_alike``, ``loadings_alike``: (T, C), the likeness of the most similar component;
        ``geometry``, ``colour``, ``spread``, ``energy``: (C,), see `kinds`, of the components of
        the end; ``step``, ``rmse``, ``share`` (of geometry, mean of all living synapses, so that
        of the range-scaled Jacobian) and ``first`` (mean of synapses 0 to 5): (T,).
    """
    networks = [Network(wiring, weights) for weights in history.weights.astype(float)]
    end = components(networks[-1], count, size)
    told = {"maps_alike": [], "loadings_alike": [], "share": [], "first": []}
    for network in networks:
        # Another seed than that of the end: what no second search finds again is not there.
        found = components_of(network, len(end.maps), size)
        maps, loadings = likeness(found, end)
        told["maps_alike"].append(maps.max(axis=0))
        told["loadings_alike"].append(loadings.max(axis=0))
        shares = geometry_share(network, size)
        told["share"].append(np.nanmean(shares))
        told["first"].append(np.nanmean(shares[FIRST]))
    told = {name: np.array(rows) for name, rows in told.items()}
    told |= kinds(networks[-1], end.maps) | {"energy": end.energy}
    return told | {"step": history.step, "rmse": history.rmse}


def components_of(network: Network, count: int, size: Size) -> Components:
    """Return components of one record: as many as asked for, or as there are directions."""
    half = linear_ranges(network, size)
    while True:
        try:
            return components(network, count, size, half, RESTARTS, seed=1)
        except ValueError:  # near the start a picture changes in few ways
            if count <= 1:
                raise
            count -= 1


def standardised(maps):
    """Return maps (C, …) as rows about their means, of length 1."""
    flat = maps.reshape(len(maps), -1)
    return _normed(flat - flat.mean(axis=1, keepdims=True))


def _normed(rows):
    return rows / np.linalg.norm(rows, axis=1, keepdims=True)


def orders(told: dict, by: str = "maps_alike") -> dict[str, float]:
    """Return in which order the components of `emergence` appeared, as rank correlations.

    Returns
    -------
    dict of str to float
        ``whole``: of appearance and spread, negative where the whole comes before the part;
        ``geometry``: of appearance and geometry less colour, negative where geometry comes first;
        ``geometry_at_one_spread``: the same with spread held fixed. And the means of the first two
        over shuffled time, ``whole_shuffled`` and ``geometry_shuffled``. NaN for fewer than three
        components.
    """
    alike = np.asarray(told[by])
    kept = appearances(alike) != NEVER
    spread = np.asarray(told["spread"])[kept]
    tilt = (np.asarray(told["geometry"]) - np.asarray(told["colour"]))[kept]
    names = "whole", "geometry", "geometry_at_one_spread", "whole_shuffled", "geometry_shuffled"
    if np.count_nonzero(kept) < 3:
        return dict.fromkeys(names, np.nan)
    alike, rng, drawn = alike[:, kept], np.random.default_rng(0), []
    when = appearances(alike)
    whole, geometry, both = _rank(when, spread), _rank(when, tilt), _rank(spread, tilt)
    for _ in range(SHUFFLES):
        order = [*rng.permutation(len(alike) - 1), len(alike) - 1]
        shuffled = appearances(alike[order])
        drawn.append((_rank(shuffled, spread), _rank(shuffled, tilt)))
    rest = np.sqrt((1 - whole**2) * (1 - both**2))
    partial = (geometry - whole * both) / rest if rest > 0 else np.nan
    values = whole, geometry, partial, *np.mean(drawn, axis=0)
    return {name: float(value) for name, value in zip(names, values, strict=True)}


def _rank(a, b):
    """Return Spearman's rank correlation; 0 where either is the same everywhere."""
    a, b = rankdata(a), rankdata(b)
    a, b = a - a.mean(), b - b.mean()
    norm = np.sqrt(np.sum(a**2) * np.sum(b**2))
    return np.sum(a * b) / norm if norm > 0 else 0.0
