"""Bases compared: along which directions of the weights do properties move one by one?

Expected, and written in the same commit as this code: single synapses ≈ mixtures inside one
neuron, and both move fewer properties than mixtures of as many from anywhere ≈ directions over all.
"""

from contextlib import suppress

import numpy as np

from ensembles_lib.core import Network, jacobian
from ensembles_lib.core.points import Size
from ensembles_lib.ensembles import equal_change_lengths, participants, random_bases, selectivity
from ensembles_lib.ensembles.independent_components import jacobian_tiles
from ensembles_lib.ensembles.sensitivities import effects_and_scales, units
from ensembles_lib.ensembles.spectrum import stiffness
from ensembles_lib.properties import painted
from ensembles_lib.sweeps import working_ranges
from ensembles_lib.sweeps.ranges import EPSILON
from ensembles_lib.sweeps.sweeps import paint_moves

MEASURES = ("moved", "moved_weighted", "disentanglement")
VARIANTS = ("", "_linear", "_pooled")
SINGLES = 500  # single synapses that are compared; if there are more, as many are drawn


def fixed_bases(network, unit, effects, vectors=None, count=24, seed=0):
    """Return the directions that no mixture is drawn for, dict of str to (n, S) array.

    Single synapses; the gain of each neuron (all its weights grow by the same factor); its
    offset (the weight of the constant); the stiffest of the eigenvectors in the rows of `vectors`,
    and as many at equal distances over the whole spectrum; and two sets made from the properties'
    own gradients, which score perfectly by construction as long as moves are small: for each
    property the smallest change of weights that moves it alone, over all synapses and within its
    participation ensemble. Of length 1 in working ranges, times R_k.
    """
    wiring, every = network.wiring, np.arange(len(unit))
    able = picked = np.flatnonzero(unit)
    if len(able) > SINGLES:
        picked = np.sort(np.random.default_rng(seed).choice(able, SINGLES, replace=False))
    owned = wiring.target == np.arange(wiring.n_neurons)[:, None]
    gain = owned * np.divide(network.weights, unit, out=np.zeros(len(unit)), where=unit > 0)
    constant = able[wiring.source[able] == wiring.n_inputs - 1]
    within = np.zeros_like(effects)
    for a, row in enumerate(effects):
        members = participants(row)
        within[a, members] = np.linalg.pinv(effects[:, members])[:, a]
    bases = {
        "single synapses": (picked[:, None] == every).astype(float),
        "gain of a neuron": gain[gain.any(axis=1)],
        "offset of a neuron": (constant[:, None] == every).astype(float),
        "coordinated": np.linalg.pinv(effects).T,
        "participation ensembles": within,
    }
    if vectors is not None:
        some = np.unique(np.linspace(0, len(able) - 1, count).round().astype(int))
        bases |= {"stiff eigenvectors": vectors[:count], "all eigenvectors": vectors[some]}
    lengths = {kind: np.linalg.norm(z, axis=-1, keepdims=True) for kind, z in bases.items()}
    return {kind: z / lengths[kind] * unit for kind, z in bases.items() if len(z)}


def compare_bases(
    network: Network,
    properties,
    size=64,
    draws=10,
    seed=0,
    *,
    count=24,
    half=None,
    eigenvectors=True,
) -> dict[str, np.ndarray]:
    """Return how many properties the directions of each basis move, at equal picture change.

    Every direction is followed both ways until the picture has really changed by `EPSILON`, and
    the properties are measured there. Effects are standardised by one scale per property: that of
    sensitivities, or, as a check that this does not favour synapses, the RMS of the finite effects
    of all random directions together (`_pooled`).

    Parameters
    ----------
    properties : sequence of Property, at least 2
    size : int or (height, width)
    draws, seed, count
        Random bases of each kind; directions of each of them, and eigenvectors.
    half : (S,) array, optional
        Working ranges R_k; the real ones unless given.
    eigenvectors
        Compare eigenvectors too; beyond a thousand synapses they take most of the time.

    Returns
    -------
    dict of arrays
        ``bases`` (B,), ``properties``, ``scales``, ``pooled_scales`` (A,), ``random`` (B,) which
        bases are drawn, and (B, draws), all draws equal where nothing is drawn: ``moved``,
        ``moved_weighted`` (see `properties_moved`) and ``disentanglement``, of finite moves and
        with ``_linear`` to first order, or ``_pooled``; ``stretch``, the median of the real over
        the linear length; ``left_out``, the share of moves that could not be made or measured.

    Examples
    --------
    >>> mixes, whole = {"red": (1, 0, 0), "green": (0, 1, 0)}, np.ones((8, 8), bool)
    >>> two = [colour_property(whole, mix, name) for name, mix in mixes.items()]
    >>> report = compare_bases(network, two, 8, draws=2, count=3)
    >>> report["moved"].shape, report["bases"][report["random"]].tolist()[:2]
    ((11, 2), ['within a neuron', 'near neurons'])
    """
    properties = list(properties)
    if len(properties) < 2:
        raise ValueError(f"{len(properties)} properties: entanglement needs at least 2")
    measured = painted(network, properties, size, np.float64)
    _, by_weight = measured.slopes(network.weights)
    unit = units(working_ranges(network, size).usable if half is None else half)
    effects, scales = effects_and_scales(by_weight, unit, measured.names)
    vectors = stiffness(jacobian(network, size), unit)[1] if eigenvectors else None
    fixed = fixed_bases(network, unit, effects, vectors, count, seed)
    drawn = random_bases(network.wiring, unit, draws, count, seed)
    done = {}
    for kind, directions in ({kind: z[None] for kind, z in fixed.items()} | drawn).items():
        flat, shape = directions.reshape(-1, len(unit)), directions.shape[:2]
        lengths = equal_change_lengths(network, flat, size)
        finite = effects_of_moves(network, properties, flat, lengths, size)
        linear = EPSILON / np.maximum(linear_changes(network, flat, size), np.finfo(float).tiny)
        done[kind] = (
            finite.reshape(*shape, 2, -1),
            (linear[:, None] * (flat @ by_weight.T)).reshape(*shape, 1, -1),
            (lengths / linear[:, None]).reshape(*shape, 2),
        )
    pooled = np.concatenate([done[kind][0].reshape(-1, len(properties)) for kind in drawn])
    pooled = np.sqrt(np.nanmean(pooled**2, axis=0))
    rows = []
    for finite, linear, stretch in done.values():
        variants = zip(finite / scales, linear / scales, finite / pooled, stretch, strict=True)
        scores = [_scores(*draw) for draw in variants]
        rows.append(scores * (draws // len(scores)))
    keys = ("stretch", "left_out", *(name + variant for name in MEASURES for variant in VARIANTS))
    return {
        "bases": np.array(list(done)),
        "properties": np.array(measured.names),
        "random": np.array([kind in drawn for kind in done]),
        "scales": scales,
        "pooled_scales": pooled,
    } | {key: np.array([[score[key] for score in row] for row in rows]) for key in keys}


def linear_changes(network: Network, directions: np.ndarray, size: Size) -> np.ndarray:
    """Return the RMS change of the picture along directions (n, S) to first order, (n,).

    By the Jacobian itself, a tile at a time: JᵀJ would be all rounding along sloppy directions.

    Examples
    --------
    >>> linear_changes(network, np.eye(27)[[0]], size=16).round(3)  # ε over its linear range
    array([0.139])
    """
    squares, n_numbers = np.zeros(len(directions)), 0
    for tile in jacobian_tiles(network, size):
        squares += np.sum((directions @ tile.reshape(len(tile), -1)) ** 2, axis=1)
        n_numbers += tile[0].size
    return np.sqrt(squares / n_numbers)


def _scores(finite, linear, pooled, stretch):
    """Return what one basis scores in one draw, a dict of floats."""
    score = {
        "stretch": np.median(stretch[np.isfinite(stretch)]),
        "left_out": np.mean(~np.isfinite(finite).all(axis=-1)),
    }
    for variant, effects in zip(VARIANTS, (finite, linear, pooled), strict=True):
        important = importances(effects)
        values = (*properties_moved(important), disentanglement(important))
        score |= {name + variant: value for name, value in zip(MEASURES, values, strict=True)}
    return score


def importances(effects: np.ndarray) -> np.ndarray:
    """Return how much directions move properties, either way: RMS of both signs, (n, A).

    Of standardised effects (n, 2, A). NaN for a move that could not be made, when the other sign
    counts alone; directions without any are left out.

    Examples
    --------
    >>> importances(np.array([[[3.0, 0.0], [-3.0, 1.0]]])).round(2).tolist()
    [[3.0, 0.71]]
    """
    made = np.isfinite(effects).all(axis=2)
    squares = np.where(made[..., None], effects, 0.0) ** 2
    kept = made.any(axis=1)
    if not squares[kept].any():
        raise ValueError("no direction moves any property: nothing can be compared")
    return np.sqrt(squares[kept].sum(axis=1) / made[kept].sum(axis=1)[:, None])


def properties_moved(important: np.ndarray) -> tuple[float, float]:
    """Return the effective number of properties that a direction of (n, A) moves, in two ways.

    By the shares of its squared effects, as `selectivity`: the median over directions; and the
    exponential of the mean entropy, each direction weighted by its sum of squares.

    Examples
    --------
    >>> [round(number, 6) for number in properties_moved(np.ones((3, 2)))]
    [2.0, 2.0]
    """
    numbers = selectivity(important.T)
    weights = np.sum(important**2, axis=1)
    moving = weights > 0
    mean = np.average(np.log(numbers[moving]), weights=weights[moving])
    return float(np.median(numbers[moving])), float(np.exp(mean))


def disentanglement(important):
    """Return the disentanglement D of `importances`, up to 1 if each direction moves one property.

    Eastwood & Williams 2018 (*A framework for the quantitative evaluation of disentangled
    representations*, ICLR), by magnitudes, not squares: the mean of 1 minus the entropy, to the
    base of the number of properties, of each direction's shares, weighted by its importances.
    """
    total = important.sum(axis=1)
    important, total = important[total > 0], total[total > 0]
    shares = important / total[:, None]
    logs = np.log(np.where(shares > 0, shares, 1.0))
    entropy = -(shares * logs).sum(axis=1) / np.log(shares.shape[1])
    return float(np.average(1 - entropy, weights=total))


def effects_of_moves(
    network: Network, properties: list, directions: np.ndarray, lengths: np.ndarray, size: Size
) -> np.ndarray:
    """Return what properties really do after moves along directions (n, S), (n, 2, A).

    By the lengths (n, 2) of `equal_change_lengths`. NaN for moves that are infinite, or after
    which a property cannot be measured.

    Examples
    --------
    >>> to_red = np.eye(27)[[12]]  # a synapse of the first output, both ways
    >>> effects_of_moves(network, [red], to_red, np.array([[0.5, 0.5]]), 8).shape
    (1, 2, 1)
    """

    def values(pixels):
        return np.array([one.value(pixels) for one in properties])

    effects = np.full((*lengths.shape, len(properties)), np.nan)
    before = values(network.paint(size).pixels)
    for place in np.argwhere(np.isfinite(lengths)):
        move = (1, -1)[place[1]] * lengths[*place] * directions[place[0]]
        pixels = paint_moves(network, move[None], size)[0]
        with suppress(ValueError):  # a move counts for all properties or for none
            effects[*place] = values(pixels) - before
    return effects
