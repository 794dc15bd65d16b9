"""Part three, second half: ensembles of the peacock, and what can be done with them."""

import numpy as np

from ...ensembles.untangling import paired_comparison
from .register import MAIN, claim, extremes, less, values


@claim(20, "Two synapses both enlarge the area under a wing, and together spare its length", "05")
def _(e):
    found, tried = e["areas"], e["cancel"]
    met = {
        "some cancel to a tenth on the real picture": np.median(tried["least_left_over"]) < 0.1,
        "there are more such pairs than by chance": less(found["pairs_dealt"], found["pairs"]),
        "more of them cancel to a tenth than of pairs dealt at random": less(
            tried["cancel_dealt"], tried["cancel"]
        ),
    }
    return (
        met,
        f"{extremes(found['pairs'], '.0f')} pairs; of the 60 most opposed "
        f"{extremes(tried['cancel'], '.0%')} cancel to a tenth, the best to "
        f"{extremes(tried['least_left_over'], '.1%')}, the median to "
        f"{np.median(tried['left_over']):.0%}",
        f"dealt at random {np.median(found['pairs_dealt']):.0f} pairs; "
        f"{extremes(tried['cancel_dealt'], '.0%')} cancel "
        f"(p = {paired_comparison(tried['cancel'], tried['cancel_dealt']).p:.2g}), the median to "
        f"{np.median(tried['left_over_dealt']):.0%}",
    )


@claim(
    21, "The neuron that holds a property need not show it: maps hide what synapses do", "05, 06"
)
def _(e):
    tells = np.mean(e["areas"]["map_tells"])
    return (
        {"the best map is the holder's in under a quarter": tells < 0.25},
        f"the best-matching neuron is the one that holds most in {tells:.0%} of 14 properties",
        f"by chance {1 / 34:.0%}; rank correlation {np.median(e['areas']['map_rank']):.2f}",
    )


@claim(22, "Some 46 synapses in 7 neurons or more shape that area; all others leave it alone", "05")
def _(e):
    found, u = e["areas"], e["areas_untrained"]
    ratio, other = (np.divide(g["pulled_members"], g["pulled_others"]) for g in (found, u))
    met = {
        "a typical member pulls five times what another does": np.median(ratio) > 5,
        "the set is of that size, 23 to 92": 23 <= np.median(found["synapses"]) <= 92,
        "nine in ten others move it by less than 5 %": np.median(found["pulled_others_90"]) < 0.05,
    }
    return (
        met,
        f"{extremes(found['synapses'], '.0f')} synapses in {extremes(found['neurons'], '.0f')} "
        f"neurons; members pull {np.median(ratio):.0f} times as much",
        f"untrained {np.median(u['synapses']):.0f} synapses, {np.median(other):.1f} times",
    )


@claim(23, "The same holds for other areas, colours and shapes", "05")
def _(e):
    sizes, control = (values(e, "ensembles", "all_synapses", g) for g in (MAIN, "untrained"))
    fewer = np.sum(np.median(sizes, axis=0) < np.median(control, axis=0))
    met = {
        "most properties need fewer synapses than untrained": fewer > 9,
        "and several neurons": values(e, "ensembles", "all_neurons").min() > 1,
        "two properties share fewer synapses than random sets": less(
            e["areas"]["shared"], e["areas"]["shared_random"]
        ),
    }
    shared = [np.median(e["areas"][key]) for key in ("shared", "shared_random")]
    return (
        met,
        f"{extremes(sizes, '.0f')} synapses; fewer than untrained for {fewer} of 18",
        f"untrained {extremes(control, '.0f')}; two share {shared[0]:.2f}, random sets "
        f"{shared[1]:.2f}",
    )


@claim(25, "Most neurons take part in several ensembles", "05, 06")
def _(e):
    many, found = values(e, "ensembles", "all_of_neuron"), e["areas"]
    share = np.mean(many >= 2, axis=1)
    return (
        {"in every network most do": share.min() > 0.5},
        f"{np.median(share):.0%} of neurons in 2 or more; median {np.median(many):.0f} of 18; "
        f"an ensemble spans {np.median(values(e, 'ensembles', 'all_neurons')):.0f} neurons",
        f"random sets {np.median(found['of_neuron_random']):.0f} of 18, spanning "
        f"{np.median(found['neurons_random']):.0f}; untrained "
        f"{np.median(values(e, 'ensembles', 'all_of_neuron', 'untrained')):.0f}",
    )


@claim(29, "An algorithm finds the ensembles, and recovers known ones", "05")
def _(e):
    found, sets = e["planted"], e["searches"]
    met = {
        "planted ensembles: F1 above 0.9": found["f1"] > 0.9,
        "random sets below 0.7": found["f1_random"] < 0.7,
        "found for 3 of 4 properties": sets["found"] > 0.75 * sets["cases"],
    }
    return (
        met,
        f"F1 {found['f1']:.2f}; {sets['found']} of {sets['cases']} found on the peacock",
        f"random sets {found['f1_random']:.2f}",
    )


@claim(30, "A property can be moved by a chosen amount while the others stand still", "05, 07")
def _(e):
    found, leaks = e["searches"], values(e, "moves", "leaks")[:, :, 0]
    kept = leaks[np.isfinite(leaks)]
    arrived, middle = kept.size / leaks.size, np.median(kept) if kept.size else np.inf
    met = {"nine in ten moves arrive": arrived > 0.9, "leak below 0.1": middle < 0.1}
    return (
        met,
        f"{arrived:.0%} of {leaks.size} moves arrive, half as far as the strongest synapse goes; "
        f"leak {middle:.1g}, small by construction",
        f"best single synapse {found['single_leak']:.2f}; to the eye other things change, too",
    )
