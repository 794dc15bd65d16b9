"""Part three, first half: single synapses of the peacock."""

import numpy as np
from numpy import median

from ...core import rmse
from ...ensembles import hidden_synapses, participation_ensemble
from ...properties import painted
from ...sweeps import atlas, sweep_grid
from ..traits import SIZE
from .register import compared, extremes, less, moved

TILT, GREEN = 0, 15  # of the properties


def measure_sweeps(network, drawing):
    """Notebook 04, for one network: swings, huge moves, likeness, mixing of two moves."""
    swept, wiring = atlas(network, SIZE, steps=11, progress=False), network.wiring
    half, n = swept.ranges.usable, wiring.n_synapses
    measure, moves = painted(network, drawing.properties(), SIZE).or_nan, np.diag(half)
    still = measure(network.weights)
    up = np.array([measure(network.weights + move) for move in moves])
    swing = up - [measure(network.weights - move) for move in moves]
    typical = np.sqrt(np.nanmean(swing**2, axis=0))
    of_one_step = np.sqrt(np.nanmean((up - still) ** 2, axis=0))
    effects = np.nan_to_num(swing / typical)
    total = np.sum(effects**2, axis=1, keepdims=True)  # 0 where nothing can be measured any more
    shares = np.divide(effects**2, total, out=np.zeros_like(effects), where=total > 0)
    tilt, green = np.abs(effects[:, [TILT, GREEN]]).T

    rng = np.random.default_rng(0)
    sample = rng.choice(n, 40, replace=False)
    ends = [[network.weights + m * move for move in moves[sample]] for m in (1, 29)]
    near, far = (np.abs([measure(end) - still for end in side]) for side in ends)

    first, second = pairs = np.triu_indices(n, 1)
    kin = wiring.target[first] == wiring.target[second]
    strongest = shares.argmax(axis=1)
    differ = strongest[first] != strongest[second]
    maps = swept.signed.reshape(n, -1).astype(float)
    maps /= np.linalg.norm(maps, axis=1, keepdims=True)
    alike = np.abs(maps @ maps.T)[pairs]

    def missed(some_pairs):
        return median([_missed(network, half, one, other) for one, other in some_pairs])

    among = [rng.choice(np.transpose(pairs)[which], 50) for which in (kin, ~kin)]
    hidden = hidden_synapses(wiring)
    drawn = np.random.default_rng(1).choice(hidden[wiring.target[hidden] > 0], 60, replace=False)
    return dict(
        tilt_rank_0=np.sum(tilt >= tilt[0]),
        tilt_pure_best=shares[:, TILT].max(),
        tilt_synapses=len(participation_ensemble(tilt)),
        green_rank_418=np.sum(green >= green[418]),
        green_synapses=len(participation_ensemble(green)),
        moved_1R=median(np.sum(near > typical, axis=1)),
        moved_29R=median(np.sum(far > typical, axis=1)),
        moved_1R_of_one_step=median(np.sum(near > of_one_step, axis=1)),
        moved_29R_of_one_step=median(np.sum(far > of_one_step, axis=1)),
        neighbours_differ=differ[kin & (second == first + 1)].mean(),
        neighbours_0_1_differ=bool(strongest[0] != strongest[1]),
        strangers_differ=differ[~kin].mean(),
        alike_same_neuron=median(alike[kin]),
        alike_different=median(alike[~kin]),
        missed_same_neuron=missed(among[0]),
        missed_different=missed(among[1]),
        missed_0_hidden=missed((0, k) for k in drawn),
        missed_418_hidden=missed((418, k) for k in drawn),
        missed_0_418=missed([(0, 418)]),
    )


def _missed(network, half, one, other):
    """Return by how much the change of two synapses together misses the sum of their changes."""
    ends = [network.weights[k] + np.array([0, half[k]]) for k in (one, other)]
    still, second, first, both = sweep_grid(network, (int(one), int(other)), ends, SIZE).pixels
    return rmse(both - still, first + second - 2 * still) / rmse(first + second, 2 * still)


def claim_14_synapse_0_only_tilts(e, met):
    """Synapse 0 alone tilts the bird, and does nothing else (04)."""
    rank, pure, holders = e.sweeps.tilt_rank_0, e.sweeps.tilt_pure_best, e.sweeps.tilt_synapses
    met["it tilts most in most networks"] = median(rank) == 1
    met["some synapse does nothing but tilt"] = median(pure) > 0.9
    met["five synapses or fewer hold 90 %"] = median(holders) <= 5
    untrained = median(e.sweeps_untrained.tilt_synapses)
    effect = f"rank {extremes(rank, '.0f')}; purest synapse {median(pure):.0%} tilt"
    return effect, f"{extremes(holders, '.0f')} synapses hold 90 %, untrained {untrained:.0f}"


def claim_15_huge_moves_change_more(e, met):
    """Under a huge move other properties change; the real working range is smaller (04)."""
    near, far = np.array([e.sweeps.moved_1R, e.sweeps.moved_29R])
    step_near, step_far = median([e.sweeps.moved_1R_of_one_step, e.sweeps.moved_29R_of_one_step], 1)
    untrained = median([e.sweeps_untrained.moved_1R, e.sweeps_untrained.moved_29R], axis=1)
    met["29 ranges move three times as many"] = median(far) >= 3 * median(near)
    met["so they do if what counts is the typical effect of 1 R"] = step_far >= 3 * step_near
    met["in every network more"] = less(near, far)
    return (
        f"by more than a typical swing over 2 R: {median(near):.0f} of 18 properties at 1 R, "
        f"{median(far):.0f} at 29 R; than the typical effect of 1 R: {step_near:.0f} and "
        f"{step_far:.0f}",
        "untrained {:.0f} and {:.0f}".format(*untrained),
    )


def claim_16_neighbours_move_other_properties(e, met):
    """The neighbour of a synapse moves another property, against what the map suggests (04)."""
    pair, differ = e.sweeps.neighbours_0_1_differ, median(e.sweeps.neighbours_differ)
    met["0 and 1 differ in most networks"] = sum(pair) > len(pair) / 2
    met["so do most neighbours"] = differ > 0.5
    return (
        f"0 and 1 in {sum(pair)} of {len(pair)} networks; {differ:.0%} of neighbours",
        f"different neurons {median(e.sweeps.strangers_differ):.0%}; untrained neighbours "
        f"{median(e.sweeps_untrained.neighbours_differ):.0%}",
    )


def claim_17_close_synapses_are_often_alike(e, met):
    """Close synapses often move what looks like one property, but not in general (04)."""
    near, far, blank = e.sweeps.alike_same_neuron, e.sweeps.alike_different, e.sweeps_untrained
    met["change maps are more alike within neurons"] = less(far, near)
    met["a quarter of neighbours differ"] = median(e.sweeps.neighbours_differ) > 0.25
    return (
        f"likeness {median(near):.2f}, between neurons {median(far):.2f}",
        f"untrained {median(blank.alike_same_neuron):.2f} and {median(blank.alike_different):.2f}",
    )


def claim_18_synapse_418_belongs_to_green(e, met):
    """Synapse 418 belongs to the ensemble of the green balance (04)."""
    groups = e.sweeps, e.sweeps_untrained
    inside, blank = (np.less_equal(g.green_rank_418, g.green_synapses) for g in groups)
    holders, untrained = (median(g.green_synapses) for g in groups)
    rank = extremes(e.sweeps.green_rank_418, ".0f")
    met["it does in most networks"] = inside.mean() > 0.5
    return (
        f"in {inside.sum()} of {len(inside)} networks; rank {rank}",
        f"a random synapse in {holders / 460:.0%}; untrained in {blank.sum()} of {len(blank)}, "
        f"but of {untrained:.0f} synapses, here of {holders:.0f}",
    )


def claim_19_two_moves_add_up(e, met):
    """0 and 418 together move two properties side by side; mixing helps only close by (04)."""
    pair, kin = e.sweeps.missed_0_418, e.sweeps.missed_same_neuron
    single, within = moved(e, "single synapses"), moved(e, "within a neuron")
    met["the sum of both misses at most 15 %"] = median(pair) <= 0.15
    met["less than within neurons"] = less(pair, kin)
    helps = less(within, single)
    met["mixing inside a neuron helps: it moves fewer properties than a synapse"] = helps
    return (
        f"the sum misses {median(pair):.0%}; properties, within a neuron less a single synapse "
        f"{compared(within, single)}",
        f"418 with other hidden synapses {median(e.sweeps.missed_418_hidden):.0%}, 0 with them "
        f"{median(e.sweeps.missed_0_hidden):.0%}; pairs within a neuron {median(kin):.0%}, "
        f"of different ones {median(e.sweeps.missed_different):.0%}",
    )
