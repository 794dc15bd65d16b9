"""Ensembles of the peacock, what they leave alone, and those of networks built by hand."""

import json
from pathlib import Path

import numpy as np
from numpy import median
from scipy.stats import spearmanr

from ensembles_lib.core import Network
from ensembles_lib.ensembles import (
    Robustness,
    compensating_pairs,
    f1_score,
    membership,
    overlaps,
    participants,
    sensitivity,
)
from ensembles_lib.ensembles.sensitivities import effects_and_scales
from ensembles_lib.ensembles.start import as_planned
from ensembles_lib.planted import (
    border_sensitivities,
    find_borders,
    gap_between_borders,
    signal_ranges,
)
from ensembles_lib.properties import measure_all, painted
from ensembles_lib.study.claims.ensembles import N_HIDDEN
from ensembles_lib.study.peacock_study import SIZE

from .places import elsewhere
from .traits import effects_of

AREA, LENGTH = "area under near wing", "near wing length"
N_GEOMETRY = 14  # properties that are no colour of the whole picture
NEURON_6 = range(21, 28)  # its synapses, which the article names
ALL = 10**5  # pairs: more than there are
DEALINGS = 5  # of effects at random, among which pairs are looked for as well


def measure_areas(network, drawing):
    """Trial 5, for one network: the area under the near wing, pairs, maps, overlaps."""
    measured, half, effects, _ = effects_of(network, drawing)
    wiring, weights = network.wiring, network.weights
    area, length = measured.number(AREA), measured.number(LENGTH)
    members = [participants(row) for row in effects]
    rng, others = np.random.default_rng(0), np.setdiff1d(range(len(half)), members[area])
    start = measured.values(weights, [area])[0]

    def pulled(synapses):
        chosen = rng.choice(synapses, min(30, len(synapses)), False)
        ends = [weights + five * np.diag(half)[chosen] for five in (-5, 5)]
        pulls = [[measured.or_nan(end, [area])[0] / start - 1 for end in side] for side in ends]
        return np.abs(pulls).max(axis=0)

    of_members, of_others = pulled(members[area]), pulled(others)
    dealings = [_dealt_out(effects, length, rng) for _ in range(10)]
    found, *others = (
        compensating_pairs(rows, area, length, count=ALL) for rows in (effects, *dealings)
    )
    pairs, dealt = len(found.leaks), [len(opposed.leaks) for opposed in others]
    random = [rng.choice(len(half), len(synapses), False) for synapses in members]
    real, chance = (membership(dict(enumerate(sets)), wiring) for sets in (members, random))
    pairs_of_sets = np.triu_indices(len(effects), 1)
    shifted = elsewhere([drawing.properties()[area]] * 10, network.paint(SIZE))
    slopes = painted(network, shifted, SIZE).slopes(weights)[1]
    rows = effects_and_scales(slopes, half)[0]
    of_shifted = [len(participants(row)) for row in rows]
    held, match = _held_and_shown(network, drawing, effects)
    return dict(
        synapses=len(members[area]),
        synapses_elsewhere=median(of_shifted),
        neurons=len(np.unique(wiring.target[members[area]])),
        pulled_members=np.nanmedian(of_members),
        pulled_others=np.nanmedian(of_others),
        pulled_others_90=np.nanquantile(of_others, 0.9),
        pairs=pairs,
        pairs_of_neuron_6=np.sum(np.isin(found.synapses, NEURON_6).all(axis=1)),
        pairs_dealt=median(dealt),
        shared=median(overlaps(real.synapses)[pairs_of_sets]),
        shared_random=median(overlaps(chance.synapses)[pairs_of_sets]),
        of_neuron_random=median(chance.neurons.sum(axis=0)),
        neurons_random=median(chance.neurons.sum(axis=1)),
        map_tells=np.mean(held.argmax(axis=1) == match.argmax(axis=1)),
        map_rank=median([spearmanr(*pair)[0] for pair in zip(held, match, strict=True)]),
    )


def _held_and_shown(network, drawing, effects):
    """Return how much of each geometric property a neuron holds, and how well its map matches."""
    power = [np.bincount(network.wiring.target, row**2)[:N_HIDDEN] for row in effects[:N_GEOMETRY]]
    by_pixel = measure_all(drawing.properties(), network.paint(SIZE))[1][:N_GEOMETRY]
    windows = np.abs(by_pixel).sum(axis=3).reshape(N_GEOMETRY, -1)
    maps = network.activations(SIZE)[:N_HIDDEN].reshape(N_HIDDEN, -1)
    return np.array(power), np.abs(np.corrcoef(windows, maps)[:N_GEOMETRY, N_GEOMETRY:])


def _dealt_out(effects, row, rng):
    """Return the effects with those of one property dealt out to the synapses at random."""
    mixed = effects.copy()
    mixed[row] = rng.permutation(effects[row])
    return mixed


def measure_cancelling(network, drawing):
    """Trial 5: of the most opposed pairs, how many cancel on the real picture?

    And how many of those found after the effects on length were dealt out at random. What is left
    over of the larger effect on length counts as 1 where no pair is opposed.
    """
    measured, half, effects, _ = effects_of(network, drawing)
    area, length = measured.number(AREA), measured.number(LENGTH)
    start = measured.values(network.weights, [area, length])

    def left_over(effects):
        """Return what is left of each pair that is opposed, and the number of pairs tried."""
        pairs = compensating_pairs(effects, area, length, count=ALL)
        sides, left = np.abs(effects[length][pairs.synapses] * pairs.steps).min(axis=1), []
        # Many pairs share their weaker half. Rounding must not say which of them are tried.
        for n in np.argsort(-sides.round(5), kind="stable")[:60]:
            moves = np.zeros((3, len(half)))  # one, the other, both
            for row, k, step in zip((0, 1), pairs.synapses[n], pairs.steps[n], strict=True):
                moves[[row, 2], k] = step * half[k]
            ends = [measured.or_nan(network.weights + move, [area, length]) for move in moves]
            areas, (one, other, both) = np.transpose(ends / start - 1)
            if (areas > 0).all() and one * other < 0:
                left.append(abs(both) / max(abs(one), abs(other)))
        return np.array(left), min(60, len(sides))

    rng, (left, tried) = np.random.default_rng(0), left_over(effects)
    mixed = [left_over(_dealt_out(effects, length, rng)) for _ in range(DEALINGS)]
    chance, tried_by_chance = np.concatenate([left for left, _ in mixed]), sum(n for _, n in mixed)
    return dict(
        cancel=np.sum(left < 0.1) / max(tried, 1),
        cancel_dealt=np.sum(chance < 0.1) / max(tried_by_chance, 1),
        left_over=median(left) if left.size else 1.0,
        left_over_dealt=median(chance) if chance.size else 1.0,
        least_left_over=left.min(initial=1.0),
        least_left_over_dealt=median([some.min(initial=1.0) for some, _ in mixed]),
    )


def measure_searches(data):
    """Trial 5: control ensembles and coordinated moves, from tools/data/find_ensembles.py."""
    paths = sorted((Path(data) / "ensembles").glob("*.npz"))
    if not paths:
        raise FileNotFoundError("no searches: run python tools/data/find_ensembles.py first")
    stored = [np.load(path, allow_pickle=False) for path in paths]
    stopped, change, single_leak, gains, leaks = (
        np.concatenate([file[name] for file in stored])
        for name in ("control_stopped", "control_change", "single_leak", "gains", "leaks")
    )
    is_found, moderate = stopped == "found", gains[:, :, 2]
    # From which jitter on the leak has doubled, at most the largest: medians over cases, by kind.
    etas = np.array([0, *json.loads(str(stored[0]["provenance"]))["etas"]])
    doubles = [
        median([Robustness(etas, *case).eta_half for case in zip(*kind, strict=True)])
        for kind in zip(gains.swapaxes(0, 1), leaks.swapaxes(0, 1), strict=True)
    ]
    return dict(
        cases=len(is_found),
        found=int(is_found.sum()),
        sizes=(change[is_found] != 0).sum(axis=1),
        single_leak=median(single_leak),
        steady=np.mean(as_planned(moderate), axis=(0, 2)),
        leak_doubles=np.minimum(doubles, etas[-1]),
    )


def measure_planted():
    """Trial 5: ensembles of a hundred networks built by hand, found in the same way."""
    scores = []
    for draw in map(np.random.default_rng, range(100)):
        left, width = draw.uniform([-0.8, 0.3], [0.2, 0.6])
        built = gap_between_borders(left, left + width, draw.uniform(6, 20), draw.uniform(2, 6))
        weights = built.network.weights * draw.normal(1, 0.05, 7)
        network = Network(built.network.wiring, weights)
        slopes = border_sensitivities(network, find_borders(network))
        rows = sensitivity(slopes, signal_ranges(network))
        for row, known in zip(rows, list(built.ensembles.values())[:2], strict=True):
            members = participants(row)
            chance = draw.choice(7, len(members), replace=False)
            scores.append([f1_score(members, known), f1_score(chance, known)])
    return dict(zip(("f1", "f1_random"), np.mean(scores, axis=0), strict=True))
