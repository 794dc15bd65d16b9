"""Pairs of synapses that move one property and cancel each other's effect on another."""

from typing import NamedTuple

import numpy as np

from .sensitivities import leak

LEAST = 0.25  # share of A's motion of either: a pair in which one does all the work is none
# Sensitivity of A to either, 1 being the RMS over synapses: among synapses that hardly move A the
# leaks, and so the gains, are large without meaning.
STRENGTH = 1.0


class Pairs(NamedTuple):
    """Pairs of synapses that compensate each other, the best first; columns of length n.

    Attributes
    ----------
    synapses : (n, 2) int array
    steps : (n, 2) array
        How far each goes, in working ranges, the larger one to its end; A grows.
    moved, leaks : (n,) arrays
        What that does to A, standardised, to first order; the leak of the pair.
    gain : (n,) array
        Leak of the better one of the two by itself over that of the pair.
    """

    synapses: np.ndarray
    steps: np.ndarray
    moved: np.ndarray
    leaks: np.ndarray
    gain: np.ndarray


def compensating_pairs(
    sensitivities: np.ndarray, enlarge: int, spare: int, count: int = 20
) -> Pairs:
    """Search all pairs for two synapses that both move A, and cancel each other's effect on B.

    To first order: each synapse is turned so that it enlarges A; of those pairs that then act
    oppositely on B, the two steps are chosen so that B stands still exactly. Ranked by how much
    smaller the leak of the pair is than that of the better one of the two.

    Parameters
    ----------
    sensitivities : (A, S) array
    enlarge, spare, count
        The numbers of the properties A and B; how many pairs to return, at most.

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
    turn = np.where(moves[enlarge] < 0, -1.0, 1.0)
    moves = moves * turn
    own, other = moves[enlarge], moves[spare]
    first, second = np.triu_indices(moves.shape[1], 1)
    fit = (other[first] * other[second] < 0) & (np.minimum(own[first], own[second]) >= STRENGTH)
    pairs = np.stack([first[fit], second[fit]], axis=1)
    steps = np.abs(other[pairs[:, ::-1]])
    steps /= steps.max(axis=1, keepdims=True)
    parts = steps * own[pairs]
    moved = parts.sum(axis=1)
    # |z1 s1 + z2 s2|² by the Gram matrix: no array of pairs times properties.
    first, second = pairs.T
    gram = moves.T @ moves
    squares = steps[:, 0] ** 2 * gram[first, first] + steps[:, 1] ** 2 * gram[second, second]
    squares += 2 * steps.prod(axis=1) * gram[first, second]
    leaks = np.sqrt(np.maximum(squares - moved**2, 1e-24 * squares)) / moved
    alone = leak(moves, enlarge)[pairs].min(axis=1)
    gain = np.where(parts.min(axis=1) >= LEAST * moved, alone / leaks, 0.0)
    best = np.argsort(-gain, kind="stable")[:count]
    best = best[gain[best] > 0]
    chosen = pairs[best]
    return Pairs(chosen, steps[best] * turn[chosen], moved[best], leaks[best], gain[best])
