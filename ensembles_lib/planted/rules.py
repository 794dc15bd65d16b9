"""Five learning rules for small networks with a target of -1, 0 or 1 for every point.

Made to teach comparators, and to judge what they answer. Each rule starts from a batch of weight
vectors and counts passes: how often it went through all points until, for the first time, every
point whose target isn't 0 was answered with the right sign.
"""

from typing import NamedTuple

import numpy as np
from scipy.optimize import minimize

from ..core.network import Network
from ..core.passes import loss_gradient, normal_equations, respond
from .comparators import all_pairs, compare_binary

BLOCK = 256  # points that the perceptron looks at together; its result doesn't depend on it


class Learning(NamedTuple):
    """What a rule made of each start."""

    weights: np.ndarray  # (starts, S), at the end
    solved_at: np.ndarray  # (starts,), in passes; infinite where it never solved all points


def gradient_descent(wiring, starts, inputs, targets, passes=200, rate=0.3):
    """Learn by plain gradient descent on the mean squared error, all points at once.

    Parameters
    ----------
    wiring : Wiring
    starts : (starts, S) array
    inputs : (n_inputs, P) array
    targets : (n_outputs, P) array of -1, 0 and 1
    passes : int
        A step is one pass.
    rate : float

    Returns
    -------
    Learning

    Examples
    --------
    >>> from ensembles_lib.planted.comparators import all_pairs, compare_binary
    >>> inputs, a, b = all_pairs(4)
    >>> wiring, targets = compare_binary(4).network.wiring, np.sign(a - b)[None]
    >>> learnt = gradient_descent(wiring, np.zeros((1, 8)), inputs, targets, passes=1)
    >>> (learnt.weights[0] / learnt.weights[0, 3]).round(6).tolist()
    [8.0, 4.0, 2.0, 1.0, -8.0, -4.0, -2.0, -1.0]
    """
    return _descend(wiring, starts, inputs, targets, passes, lambda _, slope: rate * slope)


def adam(wiring, starts, inputs, targets, passes=200, rate=0.3):
    """Learn by Adam (Kingma & Ba 2015, arXiv 1412.6980, algorithm 1), all points at once.

    Parameters and result as in `gradient_descent`.
    """
    mean, square = np.zeros_like(starts, float), np.zeros_like(starts, float)

    def move(number, slope):
        mean[:] += 0.1 * (slope - mean)
        square[:] += 0.001 * (slope * slope - square)
        unbiased = np.sqrt(square / (1 - 0.999**number)) + 1e-8
        return rate / (1 - 0.9**number) * mean / unbiased

    return _descend(wiring, starts, inputs, targets, passes, move)


def _descend(wiring, starts, inputs, targets, passes, move):
    weights = _check(wiring, starts, inputs, targets)
    solved_at = np.full(len(weights), np.inf)
    for number in range(passes + 1):
        if number:
            weights -= move(number, loss_gradient(wiring, weights, inputs, targets)[1])
        solved = _solved(respond(wiring, weights, inputs), targets)
        solved_at[solved & np.isinf(solved_at)] = number
    return Learning(weights, solved_at)


def marquardt(wiring, starts, inputs, targets, passes=25):
    """Learn by the method of Levenberg and Marquardt (1963, SIAM J. Appl. Math. 11, 431).

    The plain method in full precision; `train_levenberg_marquardt` is its refined sister for
    pictures. Parameters and result as in `gradient_descent`. A pass is a trial step, taken or not.

    Parameters
    ----------
    wiring : Wiring
    starts : (n, S) array
        Weights to start from.
    inputs : (n_inputs, P) array
    targets : (n_outputs, P) array
    passes : int

    Returns
    -------
    Learning

    Examples
    --------
    >>> inputs, a, b = all_pairs(3)
    >>> wiring, targets = compare_binary(3).network.wiring, np.sign(a - b)[None]
    >>> starts = np.random.default_rng(0).normal(size=(2, wiring.n_synapses))
    >>> learnt = marquardt(wiring, starts, inputs, targets)
    >>> mistakes(wiring, learnt.weights, 3)
    array([0, 0])
    """
    weights = _check(wiring, starts, inputs, targets)
    solved_at = np.full(len(weights), np.inf)
    for start in range(len(weights)):
        best, damping = weights[start], 1e-2
        gram, slope, loss = normal_equations(wiring, best, inputs, targets)
        if _solved(respond(wiring, best, inputs), targets):
            solved_at[start] = 0
        for number in range(1, passes + 1):
            # The floor keeps the step finite where a weight has no effect left.
            scale = np.maximum(gram.diagonal(), 1e-2 * gram.diagonal().max() + 1e-30)
            trial = best - np.linalg.solve(gram + damping * np.diag(scale), slope)
            found = normal_equations(wiring, trial, inputs, targets)
            if not found[2] < loss:
                damping *= 3
                continue
            best, (gram, slope, loss), damping = trial, found, max(damping / 3, 1e-9)
            if np.isinf(solved_at[start]) and _solved(respond(wiring, best, inputs), targets):
                solved_at[start] = number
        weights[start] = best
    return Learning(weights, solved_at)


def perceptron(wiring, starts, inputs, targets, passes=1000, seed=0):
    """Learn by the rule of the perceptron (Rosenblatt 1958): add or subtract what was got wrong.

    Points come one by one, in a new random order in each pass. Points with target 0 are left
    out. Parameters and result as in `gradient_descent`; for one neuron only.

    Parameters
    ----------
    seed : int
        Of the orders.
    """
    weights, signed = _one_neuron(wiring, starts, inputs, targets)
    solved_at = np.full(len(weights), np.inf)
    for start, found in enumerate(weights):
        rng = np.random.default_rng(seed)
        for number in range(passes + 1):
            if (signed @ found > 0).all():
                solved_at[start] = number
                break
            if number < passes:
                _perceptron_pass(found, signed[rng.permutation(len(signed))])
    return Learning(weights, solved_at)


def _perceptron_pass(weights, signed):
    """Go once through points times target, changing `weights` in place."""
    first = 0
    while first < len(signed):
        wrong = signed[first : first + BLOCK] @ weights <= 0
        found = int(wrong.argmax())
        if wrong[found]:
            weights += signed[first + found]
            first += found + 1
        else:
            first += BLOCK


def logistic(wiring, starts, inputs, targets, passes=100):
    """Learn by logistic regression, with SciPy's L-BFGS-B.

    Points with target 0 are left out. Parameters and result as in `gradient_descent`; for one
    neuron only. A pass is an accepted step.
    """
    weights, signed = _one_neuron(wiring, starts, inputs, targets)
    solved_at = np.full(len(weights), np.inf)

    def loss(trial):
        margin = signed @ trial
        small = np.exp(-np.abs(margin))
        pull = np.where(margin > 0, small, 1) / (1 + small)
        return np.mean(np.log1p(small) + np.maximum(-margin, 0)), -(pull @ signed) / len(signed)

    for start in range(len(weights)):
        trail = [weights[start].copy()]
        found = minimize(
            loss,
            weights[start],
            jac=True,
            method="L-BFGS-B",
            callback=lambda trial, trail=trail: trail.append(trial.copy()),
            options={"maxiter": passes},
        )
        weights[start] = found.x
        solved = np.flatnonzero([(signed @ trial > 0).all() for trial in trail])
        if len(solved):
            solved_at[start] = solved[0]
    return Learning(weights, solved_at)


RULES = {
    "gradient descent": gradient_descent,
    "Adam": adam,
    "perceptron": perceptron,
    "logistic regression": logistic,
    "Levenberg–Marquardt": marquardt,
}


def learn_to_compare(rule, bits, starts=8, wiring=None, **options):
    """Teach a network to compare two numbers, from several random starts.

    Parameters
    ----------
    rule : callable
        One of `RULES`.
    bits : int
        Of each number; all pairs are points, with the sign of a - b as target.
    starts : int or (starts, S) array
        Their number, or the weights themselves. Random ones are normal with deviation
        1/√fan-in, from seeds 0, 1, 2…
    wiring : Wiring, optional
        One neuron unless given.
    options
        For the rule.

    Returns
    -------
    Learning

    Examples
    --------
    >>> bool(np.isfinite(learn_to_compare(marquardt, bits=2, starts=3).solved_at).all())
    True
    """
    inputs, a, b = all_pairs(bits)
    wiring = compare_binary(bits).network.wiring if wiring is None else wiring
    if np.ndim(starts) == 0:
        starts = [Network.random(wiring, seed, gain=1.0).weights for seed in range(starts)]
    return rule(wiring, np.array(starts), inputs, np.sign(a - b)[None].astype(float), **options)


def answers(wiring, weights, bits):
    """Return what a comparator says of all pairs: 1 for a > b, -1 for a < b, 0 for equal.

    An output within 1e-9 of 0 says equal. Pairs as in `all_pairs`.

    Parameters
    ----------
    wiring : Wiring
    weights : (..., S) array
        Leading axes are a batch of networks.
    bits : int

    Returns
    -------
    (..., 4**bits) int array

    Examples
    --------
    >>> network = compare_binary(1).network
    >>> answers(network.wiring, network.weights, 1).tolist()
    [0, -1, 1, 0]
    """
    outputs = respond(wiring, np.asarray(weights, float), all_pairs(bits)[0])[..., 0, :]
    return np.sign(outputs.round(9)).astype(int)


def mistakes(wiring, weights, bits):
    """Count the pairs of *different* numbers that are answered wrongly, for a batch of networks.

    Equal numbers are left out: no learnt network says exactly 0.

    Parameters
    ----------
    wiring : Wiring
        With 2·bits inputs and one output.
    weights : (..., S) array
    bits : int
        Of each number.

    Returns
    -------
    (...) int array

    Examples
    --------
    >>> planted = compare_binary(3)
    >>> wiring, weights = planted.network.wiring, planted.network.weights
    >>> mistakes(wiring, np.array([weights, -weights]), 3)  # of 56 pairs
    array([ 0, 56])
    """
    _, a, b = all_pairs(bits)
    return ((answers(wiring, weights, bits) != np.sign(a - b)) & (a != b)).sum(axis=-1)


def squared_error(wiring, weights, bits):
    """Return the mean squared error against the sign of a - b, for a batch of networks."""
    inputs, a, b = all_pairs(bits)
    outputs = respond(wiring, np.asarray(weights, float), inputs)[..., 0, :]
    return np.mean((outputs - np.sign(a - b)) ** 2, axis=-1)


def unexplained(said, bits):
    """Count the answers that are no comparison of a with any multiple of b.

    Where only the scale of a number has changed, the answers are still sign(ratio·a - b) for
    some ratio, and nothing is left unexplained.

    Parameters
    ----------
    said : (..., 4**bits) array
        From `answers`.
    bits : int

    Returns
    -------
    (...) int array
        The fewest answers that differ, over ratios from 1/4 to 4.

    Examples
    --------
    >>> network, ensembles = compare_binary(4, ratio=1.3)
    >>> int(unexplained(answers(network.wiring, network.weights, 4), 4))
    0
    """
    _, a, b = all_pairs(bits)
    # Between two neighbouring fractions b/a all ratios answer alike: one of each is enough.
    with np.errstate(divide="ignore", invalid="ignore"):
        turns = np.unique((b / a)[a > 0])
    turns = turns[(turns >= 0.25) & (turns <= 4)]
    ratios = np.sort([*turns, *(turns[1:] + turns[:-1]) / 2])
    fewest = np.full(np.shape(said)[:-1], a.size)
    for ratio in ratios:
        differ = said != np.sign((ratio * a - b).round(9))
        fewest = np.minimum(fewest, differ.sum(axis=-1))
    return fewest


def _solved(outputs, targets):
    """Tell for each network of a batch whether all points have the right sign."""
    return ((np.sign(outputs) == np.sign(targets)) | (targets == 0)).all(axis=(-1, -2))


def _one_neuron(wiring, starts, inputs, targets):
    """Return a copy of the starts, and the points times their target, without targets of 0."""
    weights = _check(wiring, starts, inputs, targets)
    if wiring.n_neurons != 1 or wiring.n_synapses != wiring.n_inputs:
        raise ValueError(f"{wiring}: this rule is for one neuron that listens to all inputs")
    told = targets[0] != 0
    return weights, np.ascontiguousarray((inputs[:, told] * targets[0, told]).T)


def _check(wiring, starts, inputs, targets):
    weights = np.array(starts, float)
    if weights.ndim != 2 or weights.shape[1] != wiring.n_synapses:
        raise ValueError(f"starts of shape {weights.shape}: give (starts, {wiring.n_synapses})")
    if len(inputs) != wiring.n_inputs or np.shape(targets) != (wiring.n_outputs, inputs.shape[1]):
        raise ValueError(
            f"inputs {np.shape(inputs)} and targets {np.shape(targets)}: this wiring needs "
            f"({wiring.n_inputs}, points) and ({wiring.n_outputs}, points)"
        )
    return weights
