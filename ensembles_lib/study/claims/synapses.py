"""Part three, first half: single synapses of the peacock."""

import numpy as np

from .register import claim, compared, extremes, less, moved


@claim(14, "Synapse 0 alone tilts the bird, and does nothing else", "04")
def _(e):
    found = e["sweeps"]
    met = {
        "it tilts most in most networks": np.median(found["tilt_rank_0"]) == 1,
        "some synapse does nothing but tilt": np.median(found["tilt_pure_best"]) > 0.9,
        "five synapses or fewer hold 90 %": np.median(found["tilt_synapses"]) <= 5,
    }
    return (
        met,
        f"rank {extremes(found['tilt_rank_0'], '.0f')}; purest synapse "
        f"{np.median(found['tilt_pure_best']):.0%} tilt",
        f"{extremes(found['tilt_synapses'], '.0f')} synapses hold 90 %, untrained "
        f"{np.median(e['sweeps_untrained']['tilt_synapses']):.0f}",
    )


@claim(15, "Under a huge move other properties change; the real working range is smaller", "04")
def _(e):
    (near, far), (step_near, step_far), (blank_near, blank_far) = (
        [np.array(group[f"moved_{m}R{unit}"]) for m in (1, 29)]
        for group, unit in (
            (e["sweeps"], ""),
            (e["sweeps"], "_of_one_step"),
            (e["sweeps_untrained"], ""),
        )
    )
    met = {
        "29 ranges move three times as many": np.median(far) >= 3 * np.median(near),
        "so they do if what counts is the typical effect of 1 R": np.median(step_far)
        >= 3 * np.median(step_near),
        "in every network more": less(near, far),
    }
    return (
        met,
        f"by more than a typical swing over 2 R: {np.median(near):.0f} of 18 properties at 1 R, "
        f"{np.median(far):.0f} at 29 R; than the typical effect of 1 R: "
        f"{np.median(step_near):.0f} and {np.median(step_far):.0f}",
        f"untrained {np.median(blank_near):.0f} and {np.median(blank_far):.0f}",
    )


@claim(16, "The neighbour of a synapse moves another property, against what the map suggests", "04")
def _(e):
    found = e["sweeps"]
    both = sum(found["neighbours_0_1_differ"])
    met = {
        "0 and 1 differ in most networks": both > len(found["neighbours_0_1_differ"]) / 2,
        "so do most neighbours": np.median(found["neighbours_differ"]) > 0.5,
    }
    return (
        met,
        f"0 and 1 in {both} of {len(found['neighbours_0_1_differ'])} networks; "
        f"{np.median(found['neighbours_differ']):.0%} of neighbours",
        f"different neurons {np.median(found['strangers_differ']):.0%}; untrained neighbours "
        f"{np.median(e['sweeps_untrained']['neighbours_differ']):.0%}",
    )


@claim(17, "Close synapses often move what looks like one property, but not in general", "04")
def _(e):
    found = e["sweeps"]
    near, far = found["alike_same_neuron"], found["alike_different"]
    met = {
        "change maps are more alike within neurons": less(far, near),
        "a quarter of neighbours differ": np.median(found["neighbours_differ"]) > 0.25,
    }
    u = e["sweeps_untrained"]
    return (
        met,
        f"likeness {np.median(near):.2f}, between neurons {np.median(far):.2f}",
        f"untrained {np.median(u['alike_same_neuron']):.2f} and "
        f"{np.median(u['alike_different']):.2f}",
    )


@claim(18, "Synapse 418 belongs to the ensemble of the green balance", "04")
def _(e):
    found, u = e["sweeps"], e["sweeps_untrained"]
    inside, blank = (np.less_equal(g["green_rank_418"], g["green_synapses"]) for g in (found, u))
    chance = np.median(found["green_synapses"]) / 460
    return (
        {"it does in most networks": inside.mean() > 0.5},
        f"in {inside.sum()} of {len(inside)} networks; rank "
        f"{extremes(found['green_rank_418'], '.0f')}",
        f"a random synapse in {chance:.0%}; untrained in {blank.sum()} of {len(blank)}, but of "
        f"{np.median(u['green_synapses']):.0f} synapses, here of "
        f"{np.median(found['green_synapses']):.0f}",
    )


@claim(19, "0 and 418 together move two properties side by side; mixing helps only close by", "04")
def _(e):
    found = e["sweeps"]
    one, kin = found["missed_0_418"], found["missed_same_neuron"]
    single, within = moved(e, "single synapses"), moved(e, "within a neuron")
    met = {
        "the sum of both misses at most 15 %": np.median(one) <= 0.15,
        "less than within neurons": less(one, kin),
        "mixing inside a neuron helps: it moves fewer properties than a synapse": less(
            within, single
        ),
    }
    return (
        met,
        f"the sum misses {np.median(one):.0%}; properties, within a neuron less a single synapse "
        f"{compared(within, single)}",
        f"418 with other hidden synapses {np.median(found['missed_418_hidden']):.0%}, 0 with them "
        f"{np.median(found['missed_0_hidden']):.0%}; pairs within a neuron {np.median(kin):.0%}, "
        f"of different ones {np.median(found['missed_different']):.0%}",
    )
