"""The experiments of notebooks 02 and 03 on networks built by hand, as numbers for the verdicts."""

from itertools import combinations

import numpy as np
from scipy.stats import spearmanr

from ensembles_lib import Network, Wiring, participation_ensemble, sensitivity
from ensembles_lib.ensembles.ensembles import f1_score
from ensembles_lib.planted import (
    compare_binary,
    compare_binary_two_neurons,
    gap_between_borders,
    two_regions,
)
from ensembles_lib.planted.border_trials import frozen_move, learn_borders
from ensembles_lib.planted.borders import (
    best_single_synapse,
    border_sensitivities,
    find_borders,
    line,
    move_border,
    move_borders,
    neuron_shares,
    signal_ranges,
)
from ensembles_lib.planted.rules import (
    RULES,
    answers,
    learn_to_compare,
    marquardt,
    mistakes,
    unexplained,
)


def comparators():
    """Notebook 02: analog and binary comparison, planted ensembles, learning rules."""
    side, rng = np.linspace(-1, 1, 61), np.random.default_rng(0)
    points = np.stack([side.repeat(61), np.tile(side, 61)])
    drawn = rng.standard_normal((1000, 2))
    truth = np.sign(points[0] - points[1])
    right = np.mean(np.sign(np.vstack([(2, -2), drawn]) @ points) == truth, axis=1)
    opposite = right[1:][(drawn[:, 0] > 0) & (drawn[:, 1] < 0)]
    network, _ = compare_binary(4)
    wiring, weights = network.wiring, network.weights
    turned = weights.reshape(2, 4)[:, ::-1].ravel()
    alike = np.repeat([0.5, -0.5], 4)
    chosen = np.array([list(f"{n:08b}") for n in range(256)]).astype(int)
    chosen = chosen[chosen.sum(axis=1) == 4]
    planted = np.isin(chosen[:, :4].sum(axis=1), (0, 4))
    said = answers(wiring, weights * np.where(chosen, 1.25, 1), 4)
    odd, changed = unexplained(said, 4), (said != answers(wiring, weights, 4)).sum(axis=1)
    split = compare_binary_two_neurons(4).network
    noise = 1 + 0.05 * np.random.default_rng(0).standard_normal((1000, 10))
    learnt = {
        (rule, bits): learn_to_compare(RULES[rule], bits) for rule in RULES for bits in (4, 6)
    }
    return {
        "analog_right": right[0],
        "analog_opposite": opposite.mean(),
        "analog_any": right[1:].mean(),
        "wrong": wrong_pairs(network, weights),
        "wrong_alike": wrong_pairs(network, alike),
        "wrong_turned": wrong_pairs(network, turned),
        "solved": {
            f"{bits} bits": [int(np.isfinite(learnt[r, bits].solved_at).sum()) for r in RULES]
            for bits in (4, 6)
        },
        "planted_unexplained": odd[planted],
        "planted_changed": changed[planted],
        "others_unexplained": np.median(odd[~planted]),
        "others_clean": np.sum((odd[~planted] == 0) & (changed[~planted] > 0)),
        "noise_one": mistakes(wiring, weights * noise[:, :8], 4).mean(),
        "noise_two": mistakes(split.wiring, split.weights * noise, 4).mean(),
        "answers_differ": np.sum(
            answers(wiring, weights, 4) != answers(split.wiring, split.weights, 4)
        ),
    } | spanning(split)


def wrong_pairs(network, weights):
    """Count the wrong ones of the pairs of different numbers."""
    return int(mistakes(network.wiring, np.asarray(weights, float), 4))


def spanning(split):
    """Notebook 02: do ensembles of more than one neuron act as units, built and learnt?"""
    weighed = []
    for partner in (8, 9):
        move = np.where(np.arange(10) < 4, 0.8, np.where(np.arange(10) == partner, 1.25, 1))
        weighed.append(wrong_pairs(split, split.weights * move))
    free = Wiring([range(8), range(8), [8, 9]], n_inputs=8, n_outputs=1)
    grown = learn_to_compare(marquardt, 4, wiring=free).weights
    rng, moves = np.random.default_rng(0), np.ones((51, 1, 18))
    chosen = [[0, 1, 2, 3, 8, 9, 10, 11]] + [rng.permutation(16)[:8] for _ in range(50)]
    moves[np.arange(51)[:, None], 0, chosen] = 1.25
    odd = unexplained(answers(free, grown * moves, 4), 4)
    return {
        "span_wrong": weighed,
        "span_learnt": np.median(odd[0]),
        "span_random": np.median(odd[1:]),
    }


def lines():
    """Notebook 03: gaps, four borders built and learnt, weak synapses, surroundings."""
    gap = gap_between_borders().network
    pairs = list(combinations(range(7), 2))
    able = [move_borders(gap, [-0.1, 0.1], synapses=p)[1].arrived for p in pairs]
    left, right = border_sensitivities(gap, find_borders(gap)) * signal_ranges(gap)
    parallel = [
        abs(left[a] * right[b] - left[b] * right[a])
        < 1e-3 * np.hypot(left[a], right[a]) * np.hypot(left[b], right[b])
        for a, b in pairs
    ]
    built = two_regions().network
    four, half = find_borders(built), signal_ranges(built)
    starts = [Network.random(built.wiring, seed=seed) for seed in range(16)]
    learnt = [learn_borders(start, four) for start in starts]
    shares = np.array([neuron_shares(n, find_borders(n))[[0, 3], :3].max(axis=1) for n in learnt])
    own = neuron_shares(built, four)
    x = line(2001)
    changes = [
        built.with_weight(k, built.weights[k] + half[k]).respond(x) - built.respond(x)
        for k in range(11)
    ]
    links = [strength_protects(n, border) for n in learnt for border in (1, 2, 3, 4)]
    return {
        "pairs_able": able,
        "pairs_parallel": parallel,
        "built_shares": [own[0, 0], own[3, 2]],
        "learnt_shares": shares.T,
        "built_movable": movable(built),
        "learnt_movable": [movable(network) for network in learnt],
        "touched": [np.mean(np.abs(c) > 0.01 * np.abs(c).max()) for c in changes],
        "protects": np.median(links, axis=0),
    } | surroundings(built, learnt, four, half)


def movable(network):
    """Return the borders that some synapse moves alone, with a leak of at most 0.1."""
    leaks = [best_single_synapse(network, border, 0.05).leaks.min() for border in (1, 2, 3, 4)]
    return [border for border, one in enumerate(leaks, 1) if one <= 0.1]


def strength_protects(network, border):
    """Correlate a synapse's strength with what it spoils: real, and dealt out at random."""
    rng = np.random.default_rng(0)
    moves = np.abs(border_sensitivities(network, find_borders(network)) * network.weights)
    own, others = moves[border - 1], np.linalg.norm(np.delete(moves, border - 1, axis=0), axis=0)
    deals = [others, *(rng.permutation(others) for _ in range(100))]
    rank = [spearmanr(own, deal**2 / (own**2 + deal**2))[0] for deal in deals]
    return rank[0], np.median(rank[1:])


def surroundings(built, learnt, four, half):
    """Move border 2 by a fixed change while all other weights are jittered by 5 %, or by 3 %."""
    concert, _ = move_border(built, 2, 0.05)
    part = ((concert.weights - built.weights) / half) ** 2
    strongest = np.argsort(-part)
    count = 1 + np.searchsorted(np.cumsum(part[strongest]), 0.9 * part.sum())
    chosen = sorted(strongest[:count].tolist())
    fixed = move_border(built, 2, 0.05, synapses=chosen)[0].weights - built.weights
    noise = half * (fixed != 0) * np.random.default_rng(0).standard_normal((200, 11))
    noise *= np.linalg.norm(fixed / half) / np.linalg.norm(noise / half, axis=1, keepdims=True)
    others = np.delete(range(11), chosen)
    found = {}
    for name, move in {"ensemble": fixed, "random": noise}.items():
        gain, spoilt = frozen_move(built, move, 2, 0.05, 0.05, others)
        found |= {f"{name}_gain": np.nanmedian(gain), f"{name}_leak": np.median(spoilt)}
    found["ensemble_spoilt"] = [
        np.mean(~(frozen_move(built, fixed, 2, 0.05, eta, others)[1] <= 0.1))
        for eta in (0.03, 0.05)
    ]
    there = [frozen_move(network, fixed, 2, 0.05, 0, draws=1)[0][0] for network in learnt]
    return found | {"elsewhere_gain": [min(there), max(there)]}


def planted():
    """Notebook 05: ensembles of a hundred networks built by hand, found in the same way."""
    scores = []
    for draw in map(np.random.default_rng, range(100)):
        left, width = draw.uniform([-0.8, 0.3], [0.2, 0.6])
        built = gap_between_borders(left, left + width, draw.uniform(6, 20), draw.uniform(2, 6))
        weights = built.network.weights * draw.normal(1, 0.05, 7)
        network = Network(built.network.wiring, weights)
        rows = sensitivity(
            border_sensitivities(network, find_borders(network)), signal_ranges(network)
        )
        for row, known in zip(rows, list(built.ensembles.values())[:2], strict=True):
            found = participation_ensemble(row)
            chance = draw.choice(7, len(found), replace=False)
            scores.append([f1_score(found, known), f1_score(chance, known)])
    return dict(zip(("f1", "f1_random"), np.mean(scores, axis=0), strict=True))
