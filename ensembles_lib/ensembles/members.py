"""Sets of synapses: who holds a property, who is in how many, opposed pairs, few for a goal."""

from collections.abc import Collection, Sequence
from typing import NamedTuple

import numpy as np

from ..core import Network, Picture, Wiring, jacobian
from ..core.points import Size
from .sensitivities import leak

LEAST = 0.25  # share of A's motion of either of a pair: in others one does all the work
# Sensitivity of A to either, 1 being the RMS over synapses: among synapses that hardly move A the
# leaks, and so the gains, are large without meaning.
STRENGTH = 1.0


def participants(row: np.ndarray, share=0.9, among=None) -> np.ndarray:
    """Return the fewest synapses that hold a share of a property's squared sensitivity.

    The strongest first; equally strong ones in the order of their numbers.

    Parameters
    ----------
    row
        Sensitivities (S,) of one property, of any scale and sign; not all 0.
    share
        Of Σ_k S_k², above 0 and up to 1.
    among : sequence of int, optional
        Synapses to choose from, such as `hidden_synapses`; the share is of theirs.

    Examples
    --------
    >>> participants(np.array([0.1, -3.0, 0.0, 2.0])).tolist()
    [1, 3]
    """
    row = np.asarray(row, float)
    if row.ndim != 1 or not np.isfinite(row).all():
        raise ValueError(f"sensitivities of shape {row.shape}: give (S,) finite numbers")
    if not 0 < share <= 1:
        raise ValueError(f"share {share!r}: give a number above 0, up to 1")
    squares, chosen = np.zeros(len(row)), check_synapses(among, len(row))
    squares[chosen] = row[chosen] ** 2
    if not squares.any():
        raise ValueError("none of these synapses moves the property: nothing takes part in it")
    order = np.argsort(-squares, kind="stable")
    held = np.cumsum(squares[order])
    # Rounding must not call for one more: the last synapses add nothing to a sum of 1.
    return order[: np.searchsorted(held, share * held[-1] * (1 - 1e-12)) + 1]


def hidden_synapses(wiring: Wiring) -> np.ndarray:
    """Return the synapses that do not lead to an output, ascending.

    Examples
    --------
    >>> len(hidden_synapses(article_wiring()))  # of 460
    394
    """
    return np.flatnonzero(wiring.target < wiring.outputs.start)


def check_synapses(synapses, count):
    """Return synapse numbers without repeats, all for None, or raise an IndexError."""
    numbers = np.arange(count) if synapses is None else np.unique(np.asarray(synapses))
    if numbers.ndim != 1 or not len(numbers) or numbers.dtype.kind not in "iu":
        raise IndexError(f"synapses {synapses!r}: give at least one whole number")
    if numbers[0] < 0 or numbers[-1] >= count:
        wrong = numbers[0] if numbers[0] < 0 else numbers[-1]
        raise IndexError(f"synapse {wrong} does not exist: there are synapses 0 to {count - 1}")
    return numbers


class Membership(NamedTuple):
    """Who is in which ensemble: (E, S) and (E, N) of bool."""

    synapses: np.ndarray
    neurons: np.ndarray


def membership(ensembles: dict[str, Sequence[int]], wiring: Wiring) -> Membership:
    """Return which ``synapses`` (E, S) and ``neurons`` (E, N) are in which ensembles, bool.

    A neuron is in an ensemble if one of its own synapses is.

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
    for row, held in enumerate(ensembles.values()):
        held = check_synapses(held, wiring.n_synapses)
        synapses[row, held] = neurons[row, wiring.target[held]] = True
    return Membership(synapses, neurons)


def overlaps(members: np.ndarray) -> np.ndarray:
    """Return how much each two ensembles share, (E, E): what both have over what either has.

    The index of Jaccard (1912, *New Phytologist* 11, 37), of an array of `membership`.

    Examples
    --------
    >>> overlaps(np.array([[True, True, False], [False, True, True]])).round(2).tolist()
    [[1.0, 0.33], [0.33, 1.0]]
    """
    members = np.asarray(members)
    if members.ndim != 2 or members.dtype != bool:
        raise ValueError(f"{members.dtype} of {members.shape}: give `membership(…).synapses`")
    members = members.astype(float)
    both, sizes = members @ members.T, members.sum(axis=1)
    either = sizes[:, None] + sizes - both
    return np.divide(both, either, out=np.zeros_like(both), where=either > 0)


def f1_score(guessed: Collection[int], known: Collection[int]) -> float:
    """Return the harmonic mean of precision and recall of a set of synapses, 0 to 1.

    Examples
    --------
    >>> f1_score([1, 2, 3], [2, 3, 4, 5])
    0.5714285714285714
    """
    guessed, known = ({int(k) for k in synapses} for synapses in (guessed, known))
    size = len(guessed) + len(known)
    return 2 * len(guessed & known) / size if size else 1.0


class Pairs(NamedTuple):
    """Pairs of synapses that compensate each other, the best first."""

    synapses: np.ndarray  # (n, 2)
    steps: np.ndarray  # (n, 2) in working ranges, the larger one to its end; A grows
    leaks: np.ndarray  # (n,) of the pairs, to first order


def compensating_pairs(sensitivities: np.ndarray, enlarge, spare, count=20) -> Pairs:
    """Search all pairs for two synapses that both move A, and cancel each other's effect on B.

    To first order: each is turned so that it enlarges A; of pairs that then act oppositely on B,
    steps let B stand still. Ranked by how much less they leak than the better one of the two.

    Parameters
    ----------
    sensitivities : (A, S) array
    enlarge, spare, count
        The numbers of the properties A and B; how many pairs to return, at most.

    Examples
    --------
    >>> effects = np.array([[1.0, 1.0, 0.9], [1.0, -1.0, 0.0]])  # of three synapses on A and B
    >>> pairs = compensating_pairs(effects, enlarge=0, spare=1, count=1)
    >>> pairs.synapses.tolist(), pairs.steps.tolist()
    ([[0, 1]], [[1.0, 1.0]])
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
    return Pairs(chosen, steps[best] * turn[chosen], leaks[best])


def towards(
    network: Network, goal: Picture, count: int, synapses=None, size: Size = 64
) -> tuple[Network, list[int]]:
    """Bring the picture nearer to a goal by few synapses; return the network and which they are.

    Orthogonal matching pursuit (Pati, Rezaiifar & Krishnaprasad 1993, 27th Asilomar Conference),
    on the painting itself: the synapse that would help most for a small move is taken, all taken
    so far are set anew by nonlinear least squares, and so on. Greedy: a better set may exist.

    Parameters
    ----------
    synapses : sequence of int, optional
        Those that may be taken; all unless given.

    Examples
    --------
    >>> goal = network.with_weight(20, 1.5).paint(16)
    >>> found, chosen = towards(network, goal, 1, size=16)
    >>> chosen, round(float(found.weights[20]), 3)
    ([20], 1.5)
    """
    from scipy.optimize import least_squares  # slow to import

    n_synapses, wanted = network.wiring.n_synapses, goal.resized(size).pixels
    allowed = check_synapses(synapses, n_synapses)
    if not 1 <= count <= len(allowed):
        raise ValueError(f"count {count}: give 1 to {len(allowed)}, the synapses that may be taken")
    chosen, step = [], np.empty(0)

    def moved(step):
        weights = network.weights.copy()
        weights[chosen] += step
        return Network(network.wiring, weights)

    def misfit(step):
        return (moved(step).paint(size).pixels - wanted).ravel()

    for _ in range(count):
        slopes = jacobian(moved(step), size).reshape(-1, n_synapses)
        squares = np.sum(slopes**2, axis=0)
        gains = np.divide((misfit(step) @ slopes) ** 2, squares, where=squares > 0, out=squares)
        free = np.setdiff1d(allowed, chosen)
        chosen.append(int(free[gains[free].argmax()]))
        step = least_squares(misfit, [*step, 0.0], x_scale="jac", max_nfev=30).x
    return moved(step), chosen
