"""Part three, first half: single synapses of the peacock."""

import numpy as np
from numpy import median

from ..peacock_study import CELLS
from .register import CONTROLS, SLIGHT, below, compared, extremes, less, most, moved, values

SPARED = 5.0  # % by which nothing else changes
TAKES_PART = 0.5  # share of a change within turn and lean
TURNED = 5.0  # degrees at 10 R, from which a bird is turned
PURE = 0.8  # explained, from which a move is affine
PARTS = ("tilt", "lean", "width", "height", "shift_x", "shift_y")  # of an affine move


def affine_sizes(evidence, group=None):
    """Return how large each affine part of a move by 10 R is, means over both ways.

    Of `PARTS`, for synapses 0 to 5 of each network of a group, (networks, 6, 6). NaN for those of
    a dead neuron, which move nothing.
    """
    fits = [values(evidence, "geometry", part, group) for part in PARTS]
    sizes = np.stack([np.abs(fit).mean(axis=2) for fit in fits], axis=2)
    return np.where(np.isfinite(_explained(evidence, group))[:, :, None], sizes, np.nan)


def _explained(evidence, group=None):
    return values(evidence, "geometry", "explained", group).mean(axis=2)


def _turns(sizes):
    """Does a move turn or lean the bird visibly? Of sizes (…, 6)."""
    return sizes[..., :2].max(axis=-1) >= TURNED


def claim_14_synapse_0_only_tilts(e, met):
    """Synapse 0 alone tilts the bird, and does nothing else (4)."""
    every, explained = affine_sizes(e), _explained(e)[:, 0]
    sizes, some = every[:, 0], _turns(every).any(axis=1)
    turns, pure = _turns(sizes), (explained >= PURE) & (sizes[:, 2:].max(axis=1) < SPARED)
    others = np.sum(values(e, "geometry", "turn_and_lean")[:, 1:] >= TAKES_PART, axis=1)
    met["in most networks synapse 0 turns or leans the bird by 5° at 10 R"] = most(turns)
    met["in most it does nothing else: 80 % explained, all else below 5 %"] = most(turns & pure)
    met["in most at most five others change it by turn and lean alone"] = most(others <= 5)
    control = {g: _turns(affine_sizes(e, g)[:, 0]) for g in CONTROLS}
    return (
        f"it turns or leans the bird in {turns.sum()} of {len(turns)} networks, purely in "
        f"{np.sum(turns & pure)}; explained {extremes(explained)}; others "
        f"{extremes(others, '.0f')}",
        f"some of synapses 0 to 5 turns it in {some.sum()}; untrained, synapse 0 in "
        f"{control['untrained'].sum()} of 4, with weights as large in {control['scaled'].sum()}",
    )


def claim_15_huge_moves_change_more(e, met):
    """Under a huge move other properties change; the real working range is smaller (4)."""
    near, far = np.array([e.sweeps.moved_1R, e.sweeps.moved_29R])
    step_near, step_far = median([e.sweeps.moved_1R_of_one_step, e.sweeps.moved_29R_of_one_step], 1)
    blank = median([e.sweeps_scaled.moved_1R, e.sweeps_scaled.moved_29R], axis=1)
    met["29 ranges move three times as many"] = median(far) >= 3 * median(near)
    met["so they do if what counts is the typical effect of 1 R"] = step_far >= 3 * step_near
    met["in every network more (test)"] = less(near, far)
    return (
        f"by more than a typical swing over 2 R: {median(near):.0f} of 18 properties at 1 R, "
        f"{median(far):.0f} at 29 R; than the typical effect of 1 R: {step_near:.0f} and "
        f"{step_far:.0f}",
        "untrained with weights as large {:.0f} and {:.0f}".format(*blank),
    )


def claim_16_the_neighbour_moves_another_property(e, met):
    """The second synapse of a neuron changes another property than the first (4)."""
    every = np.concatenate([affine_sizes(e, cell) for cell in CELLS if cell in e.study])
    typical = np.nanmedian(every.reshape(-1, len(PARTS)), axis=0)

    def strongest(group=None):
        return np.nan_to_num(affine_sizes(e, group)[:, :2] / typical).argmax(axis=2)

    pair, explained = strongest(), _explained(e)[:, :2].min(axis=1)
    dead = np.isnan(explained)
    differ = (pair[:, 0] != pair[:, 1]) & ~dead
    met["0 and 1 move different affine parts most, in most networks"] = most(differ)
    met["both are affine moves, 80 % explained, in most networks"] = most(explained >= PURE)
    blank = [strongest(group) for group in CONTROLS]
    blank = [int(np.sum(a[:, 0] != a[:, 1])) for a in blank]
    parts = [f"{PARTS[a]}/{PARTS[b]}" for a, b in pair]
    shown = ", ".join("dead" if none else both for none, both in zip(dead, parts, strict=True))
    return (
        f"0 and 1 differ in {differ.sum()} of {len(differ)} networks ({shown}); both are affine "
        f"in {np.sum(explained >= PURE)}, explained {extremes(explained)}",
        f"untrained they differ in {blank[0]} of 4, with weights as large in {blank[1]}; of parts "
        f"drawn at random in {1 - 1 / len(PARTS):.0%}",
    )


def claim_17_close_synapses_are_often_alike(e, met):
    """Close synapses often move what looks like one property, but not in general (4)."""
    near, far, blank = e.sweeps.alike_same_neuron, e.sweeps.alike_different, e.sweeps_scaled
    often = e.sweeps.alike_same_neuron_often
    met["change maps are more alike within neurons (test)"] = less(far, near)
    met["often: one pair of ten within a neuron is 0.8 alike"] = median(often) >= 0.1
    met["in general not: fewer than half are"] = median(often) < 0.5
    return (
        f"likeness {median(near):.2f}, between neurons {median(far):.2f}; 0.8 alike "
        f"{median(often):.0%} of pairs, between neurons "
        f"{median(e.sweeps.alike_different_often):.1%}",
        f"untrained with weights as large {median(blank.alike_same_neuron):.2f} and "
        f"{median(blank.alike_different):.2f}; 0.8 alike "
        f"{median(blank.alike_same_neuron_often):.0%}",
    )


def claim_18_synapse_418_belongs_to_green(e, met):
    """Synapse 418 is part of the ensemble that controls the green balance (4)."""
    groups = e.sweeps, e.sweeps_scaled
    inside, blank = (np.less_equal(g.green_rank_418, g.green_synapses) for g in groups)
    holders, untrained = (median(g.green_synapses) for g in groups)
    own, others = median(e.sweeps.green_holds_green), median(e.sweeps.green_holds_others)
    rank = extremes(e.sweeps.green_rank_418, ".0f")
    met["it does in most networks"] = most(inside)
    met["those that lead to red and blue mostly do not"] = others < 0.5
    return (
        f"in {inside.sum()} of {len(inside)} networks; rank {rank}; so do {own:.0%} of all that "
        f"lead to green, as by our reconstruction 418 does",
        f"of those to red and blue {others:.0%}, of all synapses {holders / 460:.0%}; untrained "
        f"with weights as large in {blank.sum()} of {len(blank)}, of {untrained:.0f} synapses",
    )


def claim_19_two_moves_add_up(e, met):
    """0 and 418 together move two properties side by side; only close ones mix well (4)."""
    pair, kin = e.sweeps.missed_0_418, e.sweeps.missed_same_neuron
    single, within, far = (
        moved(e, basis) for basis in ("single synapses", "within a neuron", "anywhere")
    )
    met["the sum of both misses at most 15 %"] = median(pair) <= 0.15
    met["less than within neurons (test)"] = less(pair, kin)
    met["mixing inside a neuron is harmless, anywhere it is not"] = below(
        within - single, SLIGHT
    ) and below(SLIGHT, far - single)
    return (
        f"the sum misses {median(pair):.0%}; properties, within a neuron less a single synapse "
        f"{compared(within, single)}, anywhere {median(far - single):+.2f}",
        f"418 with other hidden synapses {median(e.sweeps.missed_418_hidden):.0%}, 0 with them "
        f"{median(e.sweeps.missed_0_hidden):.0%}; pairs within a neuron {median(kin):.0%}, "
        f"of different ones {median(e.sweeps.missed_different):.0%}",
    )
