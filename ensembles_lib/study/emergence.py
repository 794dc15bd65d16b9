"""Emergence: when the components that a trained network ends with came to be, and of what kind.

Of histories of training. A component of the end *appears* at the first record from which on some
component of the network there has the same map, at every later record, too. What was expected is
in data/study/PREDICTIONS.md.
"""

import numpy as np
from scipy.stats import rankdata

from ..core import History, Network, Picture, Wiring
from ..core.points import Size
from ..ensembles import Components, components, linear_ranges
from ..properties import affine_generators, geometry_share

SIZE = 64
SAME = 0.7  # correlation of maps from which on two components are the same
RESTARTS = 3  # of the search at each record; at the end it is that of `components`
SHUFFLES = 200  # orders of the records, as a control
FIRST = range(6)  # synapses 0 to 5, by which coordinates enter where the entry is narrow
NEVER = -1


def likeness(found: Components, reference: Components) -> tuple[np.ndarray, np.ndarray]:
    """Return how alike the maps and the loadings of components are, two arrays (found, reference).

    Sizes of correlations of maps, and of cosines of loadings, in units of the working ranges.

    Examples
    --------
    >>> found = components(network, count=4, size=16)
    >>> maps, loadings = likeness(found, found)
    >>> maps.diagonal().round(6).tolist()
    [1.0, 1.0, 1.0, 1.0]
    """
    maps = [_normed(_centred(of.maps)) for of in (found, reference)]
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
    one rule everywhere (an offset of each channel, and each channel added to each).
    ``spread`` is the part of the picture's area that holds the map, (Σ E)² / (P Σ E²) with E the
    energy of each of P pixels: 1 for a map that is as strong everywhere.

    Examples
    --------
    >>> from ensembles_lib.properties import affine_generators
    >>> told = kinds(network, affine_generators(network, 16))
    >>> bool(np.allclose(told["geometry"], 1))
    True
    """
    flat = maps.reshape(len(maps), -1)
    energy = np.sum(maps**2, axis=-1).reshape(len(maps), -1)
    size = maps.shape[1:3]
    return {
        "geometry": _held(flat, affine_generators(network, size).reshape(6, -1)),
        "colour": _held(flat, recolourings(network.paint(size)).reshape(12, -1)),
        "spread": energy.sum(axis=1) ** 2 / (energy.shape[1] * np.sum(energy**2, axis=1)),
    }


def recolourings(picture: Picture) -> np.ndarray:
    """Return the twelve ways to recolour a picture as a whole, to first order, (12, H, W, 3).

    An offset of each channel, then each channel added to the first, the second and the third.

    Examples
    --------
    >>> recolourings(Picture(np.full((2, 2, 3), 0.5)))[:, 0, 0, 0].tolist()
    [1.0, 0.0, 0.0, 0.5, 0.5, 0.5, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0]
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

    Examples
    --------
    >>> picture = network.with_weight(20, 1.5).paint(16)
    >>> _, history = train_backprop(network, picture, 3, progress=False)
    >>> told = emergence(network.wiring, history, size=16, count=4)
    >>> told["maps_alike"].shape, told["spread"].shape, told["share"].shape
    ((4, 4), (4,), (4,))
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


def _centred(maps):
    flat = maps.reshape(len(maps), -1)
    return flat - flat.mean(axis=1, keepdims=True)


def _normed(rows):
    return rows / np.linalg.norm(rows, axis=1, keepdims=True)


def _held(flat, basis):
    """Return the shares of energy of rows that lie within the span of a basis."""
    within = np.linalg.svd(basis, full_matrices=False)
    seen = within[2][within[1] > 1e-5 * within[1][0]]
    return np.sum((flat @ seen.T) ** 2, axis=1) / np.sum(flat**2, axis=1)


def orders(told: dict, by: str = "maps_alike", seed: int = 0) -> dict[str, float]:
    """Return in which order the components of `emergence` appeared, as rank correlations.

    Returns
    -------
    dict of str to float
        ``whole``: of appearance and spread, negative where the whole comes before the part;
        ``geometry``: of appearance and geometry less colour, negative where geometry comes first;
        ``geometry_at_one_spread``: the same with spread held fixed. And the means of the first two
        over shuffled time, ``whole_shuffled`` and ``geometry_shuffled``. NaN for fewer than three
        components.

    Examples
    --------
    >>> alike = np.tri(5)  # the first component is there from the start, the second from then on
    >>> kind = {"geometry": np.zeros(5), "colour": np.arange(5), "spread": np.arange(5, 0, -1)}
    >>> told = orders({"maps_alike": alike} | kind)
    >>> told["whole"], told["geometry"], told["whole"] < told["whole_shuffled"] < 0
    (-1.0, -1.0, True)
    """
    alike = np.asarray(told[by])
    kept = appearances(alike) != NEVER
    spread = np.asarray(told["spread"])[kept]
    tilt = (np.asarray(told["geometry"]) - np.asarray(told["colour"]))[kept]
    names = "whole", "geometry", "geometry_at_one_spread", "whole_shuffled", "geometry_shuffled"
    if np.count_nonzero(kept) < 3:
        return dict.fromkeys(names, np.nan)
    alike, rng, drawn = alike[:, kept], np.random.default_rng(seed), []
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
