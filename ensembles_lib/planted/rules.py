"""Five learning rules for small networks with a target of -1, 0 or 1 for every point.

Made to teach comparators, and to judge what they answer. Each rule is a walk: it yields a start,
and then the weights after every pass through all points.
"""

from collections.abc import Callable, Iterator
from itertools import islice
from typing import NamedTuple

import numpy as np
from scipy.optimize import minimize
from scipy.special import expit

from ..core import Network, Wiring
from ..core.passes import loss_gradient, normal_equations, respond
from ..core.training import adam_steps
from .comparators import all_pairs, compare_binary

RATE = 0.3  # of gradient descent and Adam
BLOCK = 256  # points that the perceptron looks at together


def gradient_descent(weights: np.ndarray, wiring: Wiring, inputs, targets) -> Iterator[np.ndarray]:
    """Walk by plain gradient descent on the mean squared error, all points at once.

    Parameters
    ----------
    weights, inputs, targets : arrays
        The start (S,), the points (n_inputs, P), and -1, 0 or 1 for each (n_outputs, P).

    Examples
    --------
    >>> learnt = learn_to_compare(gradient_descent, 4, np.zeros((1, 8)), passes=1)
    >>> (learnt.weights[0] / learnt.weights[0, 3]).round(6).tolist()
    [8.0, 4.0, 2.0, 1.0, -8.0, -4.0, -2.0, -1.0]
    """
    while True:
        yield weights
        weights = weights - RATE * loss_gradient(wiring, weights, inputs, targets)[1]


def adam(weights, wiring, inputs, targets):
    """Walk by Adam, all points at once; see `gradient_descent`."""
    step = adam_steps(weights)
    while True:
        yield weights
        weights = weights - step(loss_gradient(wiring, weights, inputs, targets)[1], RATE)


def perceptron(weights, wiring, inputs, targets):
    """Walk by the rule of the perceptron (Rosenblatt 1958): add or subtract what was got wrong.

    For one neuron only. Points come one by one, in a new random order in each pass; those with
    target 0 are left out. Otherwise as `gradient_descent`.
    """
    signed, rng = _signed(wiring, inputs, targets), np.random.default_rng(0)
    while True:
        yield weights
        if (signed @ weights > 0).all():
            return
        points, first = signed[rng.permutation(len(signed))], 0
        while first < len(points):
            wrong = points[first : first + BLOCK] @ weights <= 0
            if wrong.any():
                first += int(wrong.argmax()) + 1
                weights = weights + points[first - 1]
            else:
                first += BLOCK


def logistic(weights, wiring, inputs, targets):
    """Walk by logistic regression, with SciPy's L-BFGS-B; a pass is an accepted step.

    For one neuron only. Points with target 0 are left out. Otherwise as `gradient_descent`.
    """
    signed, trail = _signed(wiring, inputs, targets), [weights]

    def loss(trial):
        margin = signed @ trial
        return np.mean(np.logaddexp(0, -margin)), -(expit(-margin) @ signed) / len(signed)

    def note(accepted):
        trail.append(accepted.copy())

    minimize(loss, weights, jac=True, method="L-BFGS-B", callback=note)
    return iter(trail)


def marquardt(weights: np.ndarray, wiring: Wiring, inputs, targets) -> Iterator[np.ndarray]:
    """Walk by the method of Levenberg and Marquardt (1963, SIAM J. Appl. Math. 11, 431).

    The plain method in full precision; `train_levenberg_marquardt` is its refined sister for
    pictures. A pass is a trial step, taken or not.

    Parameters
    ----------
    weights, inputs, targets
        As in `gradient_descent`.

    Examples
    --------
    >>> wiring = compare_binary(3).network.wiring
    >>> mistakes(wiring, learn_to_compare(marquardt, 3, starts=2).weights, 3)
    array([0, 0])
    """
    damping = 1e-2
    gram, slope, loss = normal_equations(wiring, weights, inputs, targets)
    while True:
        yield weights
        # The floor keeps the step finite where a weight has no effect left.
        scale = np.maximum(gram.diagonal(), 1e-2 * gram.diagonal().max() + 1e-30)
        trial = weights - np.linalg.solve(gram + damping * np.diag(scale), slope)
        there = normal_equations(wiring, trial, inputs, targets)
        if there[2] < loss:
            weights, (gram, slope, loss), damping = trial, there, max(damping / 3, 1e-9)
        else:
            damping *= 3


def _signed(wiring, inputs, targets):
    """Return the points times their target, without targets of 0."""
    if wiring.n_neurons != 1 or wiring.n_synapses != wiring.n_inputs:
        raise ValueError(f"{wiring}: this rule is for one neuron that listens to all inputs")
    told = targets[0] != 0
    return np.ascontiguousarray((inputs[:, told] * targets[0, told]).T)


RULES = {
    "gradient descent": gradient_descent,
    "Adam": adam,
    "perceptron": perceptron,
    "logistic regression": logistic,
    "Levenberg–Marquardt": marquardt,
}
PASSES = {gradient_descent: 200, adam: 200, perceptron: 1000, logistic: 100, marquardt: 25}


class Learning(NamedTuple):
    """What a rule made of each start."""

    weights: np.ndarray  # (starts, S), at the end
    solved_at: np.ndarray  # (starts,), in passes; infinite where it never solved all points


def learn(rule, wiring, starts, inputs, targets, passes=None):
    """Walk by a rule from every start, and note when it first gave all points the right sign.

    But for those with target 0.
    """
    weights, told = np.array(starts, float), targets != 0
    solved_at = np.full(len(weights), np.inf)
    passes = PASSES[rule] if passes is None else passes
    for n, start in enumerate(weights.copy()):
        walk = islice(rule(start, wiring, inputs, targets), passes + 1)
        for number, weights[n] in enumerate(walk):
            if solved_at[n] > number:
                right = respond(wiring, weights[n], inputs) * targets > 0
                solved_at[n] = number if right[told].all() else np.inf
    return Learning(weights, solved_at)


def learn_to_compare(
    rule: Callable, bits: int, starts=8, wiring: Wiring | None = None, passes: int | None = None
) -> Learning:
    """Teach a network to compare two numbers, from several random starts.

    Parameters
    ----------
    rule
        One of `RULES`.
    bits
        Of each number; targets are the signs of a - b.
    starts : int or (starts, S) array
        Their number, or the weights themselves. Random ones are normal with deviation
        1/√fan-in, from seeds 0, 1, 2…
    wiring
        One neuron unless given.
    passes
        How many to walk, unless the usual number of this rule.

    Examples
    --------
    >>> learn_to_compare(marquardt, bits=2, starts=3).solved_at
    array([1., 1., 3.])
    """
    inputs, a, b = all_pairs(bits)
    wiring = compare_binary(bits).network.wiring if wiring is None else wiring
    if np.ndim(starts) == 0:
        starts = [Network.random(wiring, seed, gain=1.0).weights for seed in range(starts)]
    if (wiring.n_inputs, wiring.n_outputs) != (2 * bits, 1):
        raise ValueError(f"{wiring}: {bits}-bit numbers need {2 * bits} inputs and one output")
    if np.ndim(starts) != 2 or np.shape(starts)[1] != wiring.n_synapses:
        raise ValueError(f"starts of shape {np.shape(starts)}: give (starts, {wiring.n_synapses})")
    return learn(rule, wiring, starts, inputs, np.sign(a - b)[None].astype(float), passes)


def answers(wiring: Wiring, weights: np.ndarray, bits: int) -> np.ndarray:
    """Return what a comparator says of all pairs: 1 for a > b, -1 for a < b, 0 for equal.

    An output within 1e-9 of 0 says equal. Weights (..., S) may be a batch of networks: answers are
    (..., 4**bits), in the order of `all_pairs`.

    Examples
    --------
    >>> network = compare_binary(1).network
    >>> answers(network.wiring, network.weights, 1).tolist()
    [0, -1, 1, 0]
    """
    said = respond(wiring, np.asarray(weights, float), all_pairs(bits)[0])[..., 0, :]
    return np.sign(said.round(9)).astype(int)


def mistakes(wiring: Wiring, weights: np.ndarray, bits: int) -> np.ndarray:
    """Count the pairs of *different* numbers that are answered wrongly, (...).

    Equal numbers are left out: no learnt network says exactly 0. Arrays as in `answers`.

    Examples
    --------
    >>> network = compare_binary(3).network
    >>> mistakes(network.wiring, np.array([network.weights, -network.weights]), 3)  # of 56 pairs
    array([ 0, 56])
    """
    _, a, b = all_pairs(bits)
    return ((answers(wiring, weights, bits) != np.sign(a - b)) & (a != b)).sum(axis=-1)


def squared_error(wiring: Wiring, weights: np.ndarray, bits: int) -> np.ndarray:
    """Return the mean squared error against the sign of a - b, (...); arrays as in `answers`.

    Examples
    --------
    >>> network = compare_binary(3).network
    >>> round(float(squared_error(network.wiring, 100 * network.weights, 3)), 6)
    0.0
    """
    inputs, a, b = all_pairs(bits)
    said = respond(wiring, np.asarray(weights, float), inputs)[..., 0, :]
    return np.mean((said - np.sign(a - b)) ** 2, axis=-1)


def unexplained(said: np.ndarray, bits: int, equal: bool = True) -> np.ndarray:
    """Count the answers that are no comparison of a with any multiple of b, (...).

    Where only the scale of a number has changed, the answers are still sign(ratio·a - b) for
    some ratio, and nothing is left unexplained. The fewest over ratios from 1/4 to 4 count. What
    was `said` comes from `answers`. Pairs of equal numbers count unless `equal` is False.

    Examples
    --------
    >>> network = compare_binary(4).network
    >>> int(unexplained(answers(network.wiring, network.weights * np.repeat([1.3, 1], 4), 4), 4))
    0
    """
    _, a, b = all_pairs(bits)
    # Between two neighbouring fractions b/a all ratios answer alike: one of each is enough.
    turns = np.unique(b[a > 0] / a[a > 0])
    turns = turns[(turns >= 0.25) & (turns <= 4)]
    ratios = np.concatenate([turns, (turns[1:] + turns[:-1]) / 2])
    asked = equal | (a != b)
    return np.min(
        [((said != np.sign((ratio * a - b).round(9))) & asked).sum(axis=-1) for ratio in ratios],
        axis=0,
    )
