"""Ensembles: sets of synapses that hold a property, and who is in how many of them."""

from typing import NamedTuple

import numpy as np

from .sensitivities import leak


def participation_ensemble(row, share=0.9, among=None):
    """Return the fewest synapses that hold a share of a property's squared sensitivity.

    Parameters
    ----------
    row : (S,) array
        Sensitivities of one property, of any scale and sign.
    share : float
        Of Σ_k S_k², above 0 and up to 1.
    among : sequence of int, optional
        Synapses to choose from, such as `hidden_synapses`; the share is of theirs.

    Returns
    -------
    (n,) int array
        The strongest first; equally strong ones in the order of their numbers.

    Raises
    ------
    ValueError
        If the sensitivities are not finite or all 0, or the share is out of range.

    Examples
    --------
    >>> participation_ensemble(np.array([0.1, -3.0, 0.0, 2.0])).tolist()
    [1, 3]
    """
    row = np.asarray(row, float)
    if row.ndim != 1 or not np.isfinite(row).all():
        raise ValueError(f"sensitivities of shape {row.shape}: give (S,) finite numbers")
    if not 0 < share <= 1:
        raise ValueError(f"share {share!r}: give a number above 0, up to 1")
    squares = row**2
    if among is not None:
        chosen = check_synapses(among, len(row))
        squares = np.where(np.isin(np.arange(len(row)), chosen), squares, 0.0)
    if not squares.any():
        raise ValueError("none of these synapses moves the property: nothing takes part in it")
    order = np.argsort(-squares, kind="stable")
    held = np.cumsum(squares[order])
    # Rounding must not call for one more: the last synapses add nothing to a sum of 1.
    return order[: np.searchsorted(held, share * held[-1] * (1 - 1e-12)) + 1]


def hidden_synapses(wiring):
    """Return the synapses that do not lead to an output, ascending.

    Parameters
    ----------
    wiring : Wiring

    Examples
    --------
    >>> len(hidden_synapses(article_wiring()))  # of 460
    394
    """
    return np.flatnonzero(wiring.target < wiring.outputs.start)


def check_synapses(synapses, count):
    """Return synapse numbers without repeats, or raise an IndexError that says which exist."""
    found = np.unique(np.asarray(synapses))
    if found.ndim != 1 or not len(found) or found.dtype.kind not in "iu":
        raise IndexError(f"synapses {synapses!r}: give at least one whole number")
    if found[0] < 0 or found[-1] >= count:
        wrong = found[0] if found[0] < 0 else found[-1]
        raise IndexError(f"synapse {wrong} does not exist: there are synapses 0 to {count - 1}")
    return found


class Membership(NamedTuple):
    """Who is in which ensemble.

    Attributes
    ----------
    names : tuple of str
    synapses : (E, S) bool array
    neurons : (E, N) bool array
        Is one of the neuron's own synapses in the ensemble?
    """

    names: tuple
    synapses: np.ndarray
    neurons: np.ndarray


def membership(ensembles, wiring):
    """Return which synapses and which neurons are in which ensembles.

    Parameters
    ----------
    ensembles : dict of str to sequence of int
        Synapses by the name of the property.
    wiring : Wiring

    Returns
    -------
    Membership

    Examples
    --------
    >>> members = membership({"tilt": [0, 1, 9], "width": [9, 10]}, layered_wiring((2, 4, 3)))
    >>> members.synapses.sum(axis=1), members.neurons.sum(axis=1)
    (array([3, 2]), array([2, 1]))
    """
    if not ensembles:
        raise ValueError("no ensembles given: give a dictionary of names and synapses")
    synapses = np.zeros((len(ensembles), wiring.n_synapses), bool)
    neurons = np.zeros((len(ensembles), wiring.n_neurons), bool)
    for of_synapses, of_neurons, held in zip(synapses, neurons, ensembles.values(), strict=True):
        held = check_synapses(held, wiring.n_synapses)
        of_synapses[held] = True
        of_neurons[wiring.target[held]] = True
    return Membership(tuple(ensembles), synapses, neurons)


def overlaps(members):
    """Return how much each two ensembles share, (E, E): what both have over what either has.

    The index of Jaccard (1912, *New Phytologist* 11, 37).

    Parameters
    ----------
    members : (E, n) bool array
        Synapses or neurons of a `Membership`.

    Examples
    --------
    >>> overlaps(np.array([[True, True, False], [False, True, True]])).round(2).tolist()
    [[1.0, 0.33], [0.33, 1.0]]
    """
    members = np.asarray(members, float)
    both, sizes = members @ members.T, members.sum(axis=1)
    either = sizes[:, None] + sizes - both
    return np.divide(both, either, out=np.zeros_like(both), where=either > 0)


def f1_score(found, known):
    """Return the harmonic mean of precision and recall of a set of synapses, 0 to 1.

    Parameters
    ----------
    found, known : collection of int

    Examples
    --------
    >>> f1_score([1, 2, 3], [2, 3, 4, 5])
    0.5714285714285714
    """
    found, known = ({int(k) for k in one} for one in (found, known))
    return 2 * len(found & known) / (len(found) + len(known)) if found or known else 1.0


class Pairs(NamedTuple):
    """Pairs of synapses that compensate each other, the best first; columns of length n.

    Attributes
    ----------
    synapses : (n, 2) int array
    steps : (n, 2) array
        How far each goes, in working ranges, the larger one to its end; A grows.
    moved : (n,) array
        What that does to A, standardised, to first order.
    leaks : (n,) array
        Of the pair, over all properties.
    alone : (n, 2) array
        The leaks of the two by themselves.
    """

    synapses: np.ndarray
    steps: np.ndarray
    moved: np.ndarray
    leaks: np.ndarray
    alone: np.ndarray

    @property
    def gain(self):
        """(n,) array: leak of the better synapse alone over that of the pair."""
        return self.alone.min(axis=1) / self.leaks


def compensating_pairs(
    sensitivities, enlarge, spare, count=20, among=None, least=0.25, strength=1.0
):
    """Search all pairs for two synapses that both move A, and cancel each other's effect on B.

    To first order: each synapse is turned so that it enlarges A; of those pairs that then act
    oppositely on B, the two steps are chosen so that B stands still exactly. Ranked by how much
    smaller the leak of the pair is than that of the better one of the two.

    Parameters
    ----------
    sensitivities : (A, S) array
    enlarge, spare : int
        The properties A and B.
    count : int
        How many pairs to return, at most.
    among : sequence of int, optional
    least : float
        Share of A's motion that each of the two must contribute: a pair in which one does all
        the work is none.
    strength : float
        Least sensitivity of A to each of the two; 1 is the RMS over synapses. Among synapses that
        hardly move A the leaks, and so the gains, are large without meaning.

    Returns
    -------
    Pairs

    Raises
    ------
    ValueError
        If A and B are the same, or do not exist.

    Examples
    --------
    >>> effects = np.array([[1.0, 1.0, 0.9], [1.0, -1.0, 0.0]])  # of three synapses on A and B
    >>> pairs = compensating_pairs(effects, enlarge=0, spare=1, count=1)
    >>> pairs.synapses.tolist(), pairs.moved.round(3).tolist()
    ([[0, 1]], [2.0])
    """
    moves = np.asarray(sensitivities, float)
    for number in (enlarge, spare):
        if not 0 <= number < len(moves):
            raise ValueError(f"property {number} does not exist: there are 0 to {len(moves) - 1}")
    if enlarge == spare:
        raise ValueError(f"property {enlarge} cannot move and be spared at once")
    kept = np.arange(moves.shape[1]) if among is None else check_synapses(among, moves.shape[1])
    turn = np.where(moves[enlarge, kept] < 0, -1.0, 1.0)
    moves = moves[:, kept] * turn
    own, other = moves[enlarge], moves[spare]
    first, second = np.triu_indices(len(kept), 1)
    fit = (other[first] * other[second] < 0) & (np.minimum(own[first], own[second]) >= strength)
    first, second = first[fit], second[fit]
    steps = np.abs(np.stack([other[second], other[first]], axis=1))
    steps /= steps.max(axis=1, keepdims=True)
    parts = steps * np.stack([own[first], own[second]], axis=1)
    moved = parts.sum(axis=1)
    # |z1 s1 + z2 s2|² by the Gram matrix: no array of pairs times properties.
    gram = moves.T @ moves
    squares = steps[:, 0] ** 2 * gram[first, first] + steps[:, 1] ** 2 * gram[second, second]
    squares += 2 * steps.prod(axis=1) * gram[first, second]
    leaks = np.sqrt(np.maximum(squares - moved**2, 1e-24 * squares)) / moved
    single = leak(moves, enlarge)
    alone = np.stack([single[first], single[second]], axis=1)
    gain = np.where(parts.min(axis=1) >= least * moved, alone.min(axis=1) / leaks, 0.0)
    best = np.argsort(-gain, kind="stable")[:count]
    best = best[gain[best] > 0]
    pairs = np.stack([first[best], second[best]], axis=1)
    return Pairs(kept[pairs], (steps[best] * turn[pairs]), moved[best], leaks[best], alone[best])
