"""Borders on a line, moved by one synapse or by several in concert."""

from itertools import combinations

import numpy as np
from numpy import median
from scipy.stats import spearmanr

from ensembles_lib import planted
from ensembles_lib.core import Network
from ensembles_lib.ensembles import participants

BORDERS = (1, 2, 3, 4)


def measure_lines():
    """Trial 3: gaps, four borders built and learnt, weak synapses, surroundings."""
    built = planted.two_regions().network
    borders = planted.find_borders(built)
    shares = planted.neuron_shares(built, borders)
    starts = [Network.random(built.wiring, seed=seed) for seed in range(16)]
    learnt = [planted.learn_borders(start, borders) for start in starts]
    links = [_strength_protects(network, border) for network in learnt for border in BORDERS]
    letter = planted.four_neurons().network
    return dict(
        letter_shares=planted.neuron_shares(letter, planted.find_borders(letter)),
        letter_movable=_movable(letter),
        **_pairs_that_widen_a_gap(),
        **_surroundings(built, learnt),
        built_shares=[shares[0, 0], shares[3, 2]],
        built_movable=_movable(built),
        learnt_movable=[_movable(network) for network in learnt],
        touched=_touched(built),
        protects=median(links, axis=0),
    )


def _pairs_that_widen_a_gap():
    """Return which pairs of synapses widen a gap, and which move both borders in one proportion."""
    gap = planted.gap_between_borders().network
    pairs = list(combinations(range(7), 2))
    able = [planted.move_borders(gap, [-0.1, 0.1], synapses=pair)[1].arrived for pair in pairs]
    left, right = _slopes(gap) * planted.signal_ranges(gap)
    size = np.hypot(left, right)
    across = {(a, b): abs(left[a] * right[b] - left[b] * right[a]) for a, b in pairs}
    parallel = [across[a, b] < 1e-3 * size[a] * size[b] for a, b in pairs]
    return dict(pairs_able=able, pairs_parallel=parallel)


def _slopes(network):
    """Return by how much each border moves with each weight."""
    return planted.border_sensitivities(network, planted.find_borders(network))


def _movable(network):
    """Return the borders that some synapse moves alone, with a leak of at most 0.1."""
    least = {b: planted.best_single_synapse(network, b, 0.05).leaks.min() for b in BORDERS}
    return [border for border, leak in least.items() if leak <= 0.1]


def _touched(network):
    """Return on which share of the line each synapse changes the signal, over its range."""
    x, half = planted.line(2001), planted.signal_ranges(network)
    ends = [network.with_weight(k, network.weights[k] + half[k]) for k in range(len(half))]
    changes = [np.abs(end.respond(x) - network.respond(x)) for end in ends]
    return [np.mean(change > 0.01 * change.max()) for change in changes]


def _strength_protects(network, border):
    """Correlate a synapse's strength with what it spoils: real, and dealt out at random."""
    rng = np.random.default_rng(0)
    moves = np.abs(_slopes(network) * network.weights)
    own, others = moves[border - 1], np.linalg.norm(np.delete(moves, border - 1, axis=0), axis=0)
    deals = [others, *(rng.permutation(others) for _ in range(100))]
    rank = [spearmanr(own, deal**2 / (own**2 + deal**2))[0] for deal in deals]
    return rank[0], median(rank[1:])


def _surroundings(built, learnt):
    """Move border 2 by a fixed change while all other weights are jittered by 5 %, or by 3 %."""
    half = planted.signal_ranges(built)
    concert, _ = planted.move_border(built, 2, 0.05)
    chosen = sorted(participants((concert.weights - built.weights) / half))
    fixed = planted.move_border(built, 2, 0.05, synapses=chosen)[0].weights - built.weights
    random = half * (fixed != 0) * np.random.default_rng(0).standard_normal((200, 11))
    random *= np.linalg.norm(fixed / half) / np.linalg.norm(random / half, axis=1, keepdims=True)
    others = np.delete(range(11), chosen)

    gains, leaks = planted.frozen_move(built, fixed, 2, 0.05, 0.05, others)
    _, calmer = planted.frozen_move(built, fixed, 2, 0.05, 0.03, others)
    random_gains, random_leaks = planted.frozen_move(built, random, 2, 0.05, 0.05, others)
    there = [planted.frozen_move(network, fixed, 2, 0.05, 0, draws=1)[0][0] for network in learnt]
    return dict(
        ensemble_gain=np.nanmedian(gains),
        ensemble_leak=median(leaks),
        ensemble_spoilt=[np.mean(~(some <= 0.1)) for some in (calmer, leaks)],
        random_gain=np.nanmedian(random_gains),
        random_leak=median(random_leaks),
        elsewhere_gain=[min(there), max(there)],
    )
