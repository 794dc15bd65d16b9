"""Bases compared: along which directions of the weights do properties move one by one?

Prediction, written down before the result: single synapses ≈ mixtures inside one neuron, and
both move fewer properties than mixtures of as many synapses from anywhere ≈ directions over all.
"""

import numpy as np

from ..properties.measurements import painted
from ..sweeps.ranges import EPSILON, working_ranges
from .ensembles import participation_ensemble
from .equal_moves import (
    check_directions,
    effects_of_moves,
    equal_change_lengths,
    linear_changes,
)
from .sensitivities import effects_and_scales, units
from .spectrum import stiffness
from .untangling import disentanglement, importances, properties_moved

MEASURES = ("moved", "moved_weighted", "disentanglement")
VARIANTS = ("", "_linear", "_pooled")
NEAR = 2  # neurons before and after that count as neighbours


def random_bases(wiring, unit, draws=10, count=24, seed=0):
    """Draw directions of four kinds, all alike in that synapses count by working ranges.

    In each, normal numbers times R_k. *Within a neuron*: over all synapses of one neuron, which
    is drawn by its number of synapses. *Near* and *anywhere*: over as many synapses, drawn from
    neurons up to two before and after it, and from the whole network. *Global*: over all.

    Parameters
    ----------
    wiring : Wiring
    unit : (S,) array
        Working ranges; synapses with 0 are left out.
    draws, count : int
        Bases, and directions of each.
    seed : int

    Returns
    -------
    dict of str to (draws, count, S) array
        Of length 1 in working ranges, times R_k.

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
    found = {kind: np.zeros((draws, count, len(unit))) for kind in kinds}
    for place in np.ndindex(draws, count):
        neuron = target[rng.choice(able)]
        own = able[target[able] == neuron]
        near = able[np.abs(target[able] - neuron) <= NEAR]
        sets = (own, rng.choice(near, len(own), False), rng.choice(able, len(own), False), able)
        for kind, synapses in zip(kinds, sets, strict=True):
            found[kind][place][synapses] = rng.standard_normal(len(synapses))
    return {kind: _unit_length(z) * unit for kind, z in found.items()}


def fixed_bases(network, unit, effects, vectors=None, count=24, singles=500, seed=0):
    """Return the directions that no mixture is drawn for.

    Single synapses; the gain of each neuron (all its weights grow by the same factor); its
    offset (the weight of the constant); the stiffest eigenvectors, and as many at equal distances
    over the whole spectrum; and two sets made from the properties' own gradients, which score
    perfectly by construction as long as moves are small: for each property the smallest change of
    weights that moves it alone, over all synapses and within its participation ensemble.

    Parameters
    ----------
    network : Network
    unit : (S,) array
    effects : (A, S) array
        Sensitivities of the properties, in working ranges.
    vectors : (S, S) array, optional
        Eigenvectors in rows, the stiffest first (see `stiffness`).
    count : int
        Of eigenvectors.
    singles : int
        If there are more synapses than this, as many are drawn by `seed`.

    Returns
    -------
    dict of str to (n, S) array
        Of length 1 in working ranges, times R_k.
    """
    wiring, unit = network.wiring, units(unit)
    able = np.flatnonzero(unit)
    picked = able
    if len(able) > singles:
        picked = np.sort(np.random.default_rng(seed).choice(able, singles, replace=False))
    owned = wiring.target == np.arange(wiring.n_neurons)[:, None]
    gain = owned * np.divide(network.weights, unit, out=np.zeros(len(unit)), where=unit > 0)
    constant = able[wiring.source[able] == wiring.n_inputs - 1]
    alone, within = np.linalg.pinv(effects).T, np.zeros_like(effects)
    for a, row in enumerate(effects):
        members = participation_ensemble(row)
        within[a, members] = np.linalg.pinv(effects[:, members])[:, a]
    found = {
        "single synapses": _one_each(picked, len(unit)),
        "gain of a neuron": gain[gain.any(axis=1)],
        "offset of a neuron": _one_each(constant, len(unit)),
        "coordinated": alone,
        "participation ensembles": within,
    }
    if vectors is not None:
        some = np.unique(np.linspace(0, len(able) - 1, count).round().astype(int))
        found |= {"stiff eigenvectors": vectors[:count], "all eigenvectors": vectors[some]}
    return {kind: _unit_length(z) * unit for kind, z in found.items() if len(z)}


def compare_bases(
    network,
    properties,
    size=64,
    draws=10,
    seed=0,
    *,
    count=24,
    change=EPSILON,
    half=None,
    singles=500,
    eigenvectors=True,
    more=None,
):
    """Return how many properties the directions of each basis move, at equal picture change.

    Every direction is followed both ways until the picture has really changed by `change`, and
    the properties are measured there. Effects are standardised by one scale per property, common
    to all bases: the RMS over single synapses of R_k ∂A/∂w_k (as sensitivities are), or, as a
    check that this does not favour synapses, the RMS of the finite effects of all random
    directions together (`_pooled`).

    Parameters
    ----------
    network : Network
    properties : sequence of Property
    size : int or (height, width)
    draws, seed : int
        Random bases of each kind.
    count : int
        Directions of each of them, and eigenvectors.
    change : float
        RMS over pixels and channels.
    half : (S,) array, optional
        Working ranges R_k; the real ones unless given.
    singles : int
        Of single synapses, at most; all of them if there are not more.
    eigenvectors : bool
        Compare eigenvectors too; beyond a thousand synapses they take most of the time.
    more : dict of str to (n, S) array, optional
        Further sets of directions of the weights, such as moves of control ensembles.

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

    Raises
    ------
    ValueError
        If there are fewer than 2 properties, one cannot be measured or is moved by no synapse,
        or a number makes no sense.
    """
    properties = list(properties)
    if len(properties) < 2:
        raise ValueError(f"{len(properties)} properties: entanglement needs at least 2")
    for name, number in (("draws", draws), ("count", count)):
        if not (isinstance(number, int | np.integer) and number >= 1):
            raise ValueError(f"{name} {number!r}: give a whole number from 1 up")
    more = {kind: check_directions(network, z) for kind, z in (more or {}).items()}
    measured = painted(network, properties, size, np.float64)
    _, by_weight = measured.slopes(network.weights)
    half = working_ranges(network, size, change).usable if half is None else half
    unit = units(half)
    effects, scales = effects_and_scales(by_weight, unit, measured.names)
    vectors = stiffness(network, unit, size).vectors if eigenvectors else None
    sets = fixed_bases(network, unit, effects, vectors, count, singles, seed) | more
    sets = {kind: directions[None] for kind, directions in sets.items()}
    drawn = random_bases(network.wiring, unit, draws, count, seed)
    found = {}
    for kind, directions in (sets | drawn).items():
        flat = directions.reshape(-1, directions.shape[-1])
        lengths = equal_change_lengths(network, flat, size, change)
        finite = effects_of_moves(network, properties, flat, lengths, size)
        linear = change / np.maximum(linear_changes(network, flat, size), np.finfo(float).tiny)
        found[kind] = (
            finite.reshape(*directions.shape[:2], 2, -1),
            (linear[:, None] * (flat @ by_weight.T)).reshape(*directions.shape[:2], 1, -1),
            (lengths / linear[:, None]).reshape(*directions.shape[:2], 2),
        )
    pooled = np.concatenate([found[kind][0].reshape(-1, len(properties)) for kind in drawn])
    pooled = np.sqrt(np.nanmean(pooled**2, axis=0))
    return _report(found, drawn, measured.names, scales, pooled, draws)


def _report(found, drawn, names, scales, pooled, draws):
    shape = (len(found), draws)
    report = {
        "bases": np.array(list(found)),
        "properties": np.array(names),
        "random": np.array([kind in drawn for kind in found]),
        "scales": scales,
        "pooled_scales": pooled,
        "stretch": np.empty(shape),
        "left_out": np.empty(shape),
    }
    report |= {name + variant: np.empty(shape) for name in MEASURES for variant in VARIANTS}
    for b, (finite, linear, stretch) in enumerate(found.values()):
        for draw in range(draws):
            i = min(draw, len(finite) - 1)
            reached = np.isfinite(stretch[i])
            report["stretch"][b, draw] = np.median(stretch[i][reached])
            report["left_out"][b, draw] = np.mean(~np.isfinite(finite[i]).all(axis=-1))
            by_variant = (finite[i] / scales, linear[i] / scales, finite[i] / pooled)
            for variant, standardised in zip(VARIANTS, by_variant, strict=True):
                important = importances(standardised)
                values = (*properties_moved(important), disentanglement(important))
                for name, value in zip(MEASURES, values, strict=True):
                    report[name + variant][b, draw] = value
    return report


def _one_each(synapses, n_synapses):
    z = np.zeros((len(synapses), n_synapses))
    z[np.arange(len(synapses)), synapses] = 1.0
    return z


def _unit_length(z):
    return z / np.linalg.norm(z, axis=-1, keepdims=True)
