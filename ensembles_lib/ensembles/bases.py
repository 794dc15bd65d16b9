"""Bases compared: along which directions of the weights do properties move one by one?

Prediction, written down before the result: single synapses ≈ mixtures inside one neuron, and
both move fewer properties than mixtures of as many synapses from anywhere ≈ directions over all.
"""

import numpy as np

from ..core.derivatives import jacobian
from ..core.network import Network
from ..core.wiring import Wiring
from ..properties.measurements import painted
from ..sweeps.ranges import EPSILON, working_ranges
from .equal_moves import effects_of_moves, equal_change_lengths, linear_changes
from .members import participation_ensemble
from .sensitivities import effects_and_scales, units
from .spectrum import stiffness
from .untangling import disentanglement, importances, properties_moved

MEASURES = ("moved", "moved_weighted", "disentanglement")
VARIANTS = ("", "_linear", "_pooled")
NEAR = 2  # neurons before and after that count as neighbours
SINGLES = 500  # single synapses that are compared; if there are more, as many are drawn


def random_bases(
    wiring: Wiring, unit: np.ndarray, draws: int = 10, count: int = 24, seed: int = 0
) -> dict[str, np.ndarray]:
    """Draw directions (draws, count, S) of four kinds; synapses count by working ranges in all.

    In each, normal numbers, of length 1 in all, times R_k. *Within a neuron*: over all synapses of
    one neuron, which is drawn by its number of synapses. *Near* and *anywhere*: over as many
    synapses, drawn from neurons up to two before and after it, and from the whole network.
    *Global*: over all.

    Parameters
    ----------
    unit : (S,) array
        Working ranges; synapses with 0 are left out.

    Examples
    --------
    >>> wiring = layered_wiring((2, 4, 3))
    >>> drawn = random_bases(wiring, np.ones(wiring.n_synapses), draws=2, count=5)
    >>> list(drawn), drawn["global"].shape
    (['within a neuron', 'near neurons', 'anywhere', 'global'], (2, 5, 27))
    >>> [len(set(wiring.target[move != 0])) for move in drawn["within a neuron"][0]]
    [1, 1, 1, 1, 1]
    """
    unit, rng = units(unit), np.random.default_rng(seed)
    able, target = np.flatnonzero(unit), wiring.target
    kinds = ("within a neuron", "near neurons", "anywhere", "global")
    drawn = {kind: np.zeros((draws, count, len(unit))) for kind in kinds}
    for place in np.ndindex(draws, count):
        neuron = target[rng.choice(able)]
        own = able[target[able] == neuron]
        near = able[np.abs(target[able] - neuron) <= NEAR]
        sets = (own, rng.choice(near, len(own), False), rng.choice(able, len(own), False), able)
        for kind, synapses in zip(kinds, sets, strict=True):
            drawn[kind][place][synapses] = rng.standard_normal(len(synapses))
    return {kind: _unit_length(z) * unit for kind, z in drawn.items()}


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
        members = participation_ensemble(row)
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
    return {kind: _unit_length(z) * unit for kind, z in bases.items() if len(z)}


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
    the properties are measured there. Effects are standardised by one scale per property, common
    to all bases: the RMS over single synapses of R_k ∂A/∂w_k (as sensitivities are), or, as a
    check that this does not favour synapses, the RMS of the finite effects of all random
    directions together (`_pooled`).

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
        ``bases`` (B,), ``properties`` (A,), ``random`` (B,) which of the bases are drawn, and of
        shape (B, draws) for each variant ("", finite; ``_linear``, to first order, directions
        scaled by their linear change; ``_pooled``, finite):
        ``moved``, ``moved_weighted`` (see `properties_moved`) and ``disentanglement``. Where
        nothing is drawn all draws are equal. Also (B, draws) ``stretch``, the median of the real
        over the linear length, and ``left_out``, the share of moves that could not be made or
        measured; ``scales`` and ``pooled_scales`` (A,).

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
    for name, number in (("draws", draws), ("count", count)):
        if not (isinstance(number, int | np.integer) and number >= 1):
            raise ValueError(f"{name} {number!r}: give a whole number from 1 up")
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


def _unit_length(z):
    return z / np.linalg.norm(z, axis=-1, keepdims=True)
