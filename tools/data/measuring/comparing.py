"""Comparators, networks whose ensembles are known, and rules that learn to compare."""

import numpy as np
from numpy import median

from ensembles_lib.core import Network, Wiring
from ensembles_lib.planted import (
    RULES,
    answers,
    compare_binary,
    compare_binary_two_neurons,
    learn_to_compare,
    marquardt,
    mistakes,
    unexplained,
)

TRIALS = 1000  # passes of the rules below


def hebb(weights, wiring, inputs, targets):
    """Walk by Hebb's rule (1949): what fires together is joined, whatever is right or wrong."""
    while True:
        yield weights
        weights = weights + targets[0] @ inputs.T / inputs.shape[1]


def mutation(weights, wiring, inputs, targets):
    """Walk by chance: one weight is changed at random, and back if there are more mistakes."""
    rng, told = np.random.default_rng(0), targets[0] != 0

    def wrong(trial):
        return np.sum(Network(wiring, trial).respond(inputs)[0, told] * targets[0, told] <= 0)

    fewest = wrong(weights)
    while True:
        yield weights
        trial = weights.copy()
        trial[rng.integers(len(trial))] += rng.standard_normal() / np.sqrt(len(trial))
        count = wrong(trial)
        if count <= fewest:
            weights, fewest = trial, count


# Rules that do not look for a plane which separates the points, as all of `RULES` do.
OTHERS = {"Hebb": hebb, "mutation": mutation}


def measure_comparators():
    """Trial 2: analog and binary comparison, planted ensembles, learning rules."""
    built, split = compare_binary(4).network, compare_binary_two_neurons(4).network
    wiring, weights = built.wiring, built.weights
    noise = 1 + 0.05 * np.random.default_rng(0).standard_normal((1000, 10))
    return dict(
        **_analog(),
        **_foursomes(built),
        **_spanning(split),
        wrong=int(mistakes(wiring, weights, 4)),
        wrong_alike=int(mistakes(wiring, np.repeat([0.5, -0.5], 4), 4)),
        wrong_turned=int(mistakes(wiring, weights.reshape(2, 4)[:, ::-1].ravel(), 4)),
        solved={f"{bits} bits": _solved(bits) for bits in (4, 6)},
        solved_otherwise={name: _starts_solved(rule, 4, TRIALS) for name, rule in OTHERS.items()},
        noise_one=mistakes(wiring, weights * noise[:, :8], 4).mean(),
        noise_two=mistakes(split.wiring, split.weights * noise, 4).mean(),
    )


def _analog():
    """Return how often 2 and -2, any two weights, and any of opposite signs compare rightly."""
    side = np.linspace(-1, 1, 61)
    points = np.stack([side.repeat(61), np.tile(side, 61)])
    drawn = np.random.default_rng(0).standard_normal((1000, 2))
    signs = np.sign(np.vstack([(2, -2), drawn]) @ points)
    right, *of_drawn = np.mean(signs == np.sign(points[0] - points[1]), axis=1)
    opposite = (drawn[:, 0] > 0) & (drawn[:, 1] < 0)
    fairly = np.array(of_drawn)[opposite].mean()
    return dict(analog_right=right, analog_any=np.mean(of_drawn), analog_opposite=fairly)


def _solved(bits):
    """Return from how many of 8 starts each rule learns to compare."""
    return [_starts_solved(rule, bits) for rule in RULES.values()]


def _starts_solved(rule, bits, passes=None):
    return int(np.isfinite(learn_to_compare(rule, bits, passes=passes).solved_at).sum())


def _foursomes(built):
    """Strengthen the four synapses of one number, and any other four: what do answers become?"""
    chosen = np.array([list(f"{n:08b}") for n in range(256)]).astype(int)
    chosen = chosen[chosen.sum(axis=1) == 4]
    planted = np.isin(chosen[:, :4].sum(axis=1), (0, 4))
    said = answers(built.wiring, built.weights * np.where(chosen, 1.25, 1), 4)
    odd = unexplained(said, 4)
    changed = (said != answers(built.wiring, built.weights, 4)).sum(axis=1)
    clean = np.sum((odd[~planted] == 0) & (changed[~planted] > 0))
    others = dict(others_unexplained=median(odd[~planted]), others_clean=clean)
    return dict(planted_unexplained=odd[planted], planted_changed=changed[planted], **others)


def _spanning(split):
    """Do ensembles of more than one neuron act as units, built and learnt?"""
    moves = [[0.8] * 4 + [1.0] * 4 + partners for partners in ([1.25, 1.0], [1.0, 1.25])]
    wrong = [int(mistakes(split.wiring, split.weights * move, 4)) for move in moves]
    free = Wiring([range(8), range(8), [8, 9]], n_inputs=8, n_outputs=1)
    learnt = learn_to_compare(marquardt, 4, wiring=free).weights
    rng, moves = np.random.default_rng(0), np.ones((51, 1, 18))
    chosen = [[0, 1, 2, 3, 8, 9, 10, 11]] + [rng.permutation(16)[:8] for _ in range(50)]
    moves[np.arange(51)[:, None], 0, chosen] = 1.25
    odd = unexplained(answers(free, learnt * moves, 4), 4)
    return dict(span_wrong=wrong, span_learnt=median(odd[0]), span_random=median(odd[1:]))
