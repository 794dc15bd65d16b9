"""Part two, first half: comparators, networks whose ensembles are known."""

from numpy import median

from .register import extremes, values


def claim_6_one_neuron_compares_two_numbers(e, met):
    """One neuron compares two real numbers by two synapses of opposite sign (2)."""
    right, by_chance = e.comparators.analog_right, e.comparators.analog_any
    met["all pairs right"] = right > 0.999
    met["any weights do not"] = by_chance < 0.6
    opposite = e.comparators.analog_opposite
    return f"{right:.0%} right", f"any weights {by_chance:.0%}, opposite signs {opposite:.0%}"


def claim_7_one_neuron_compares_bits(e, met):
    """One neuron compares 4-bit numbers by 8:4:2:1; not every algorithm copes with that (2)."""
    c = e.comparators
    solved, others = min(c.solved["4 bits"]), c.solved_otherwise
    worst = min(solved, *others.values())
    met["no pair wrong at 8:4:2:1"] = c.wrong == 0
    # That the rules which were tried all cope does not show that every rule does.
    at_6 = min(c.solved["6 bits"])
    met[
        f"that an algorithm fails, from most of 8 starts: at 4 bits the worst that we tried solves "
        f"it from {worst}, at 6 bits from {at_6}"
    ] = True if worst < 4 else None
    told = ", ".join(f"{name} {starts}" for name, starts in others.items())
    return (
        f"{c.wrong} pairs wrong; starts of 8 solved: five rules made to separate points "
        f"{solved} or more, others: {told}; at 6 bits {at_6} or more",
        f"1:1:1:1 {c.wrong_alike} wrong, 1:2:4:8 {c.wrong_turned}",
    )


def claim_8_it_holds_two_ensembles(e, met):
    """That neuron holds two ensembles of synapses; splitting it only complicates (2)."""
    c, odd = e.comparators, max(e.comparators.planted_unexplained)
    changed = min(c.planted_changed) > 0
    met["each ensemble rescales its number and does nothing else"] = changed and odd == 0
    met["no other four synapses do"] = c.others_clean == 0 and c.others_unexplained > 0
    met["split in two it is more fragile"] = c.noise_two > c.noise_one
    return (
        f"{odd} answers unexplained; noise spoils {c.noise_one:.1f} pairs, split {c.noise_two:.1f}",
        f"68 other foursomes leave {c.others_unexplained:.0f} unexplained",
    )


def claim_9_ensembles_span_neurons(e, met):
    """An ensemble can span several neurons (2, 3, 5)."""
    c, neurons = e.comparators, values(e, "ensembles", "hidden_neurons")
    met["built: two neurons cancel"] = c.span_wrong[0] == 0 and c.span_wrong[1] > 0
    met["learnt: all synapses of a number are a unit"] = c.span_learnt < c.span_random
    met["peacock: most properties span hidden neurons"] = median(neurons) > 1
    return (
        f"comparator, all synapses of a number grown: {c.span_learnt:.0f} answers unexplained; "
        f"peacock: a property spans {extremes(neurons, '.0f')} hidden neurons",
        f"comparator: as many drawn at random {c.span_random:.0f}, which is no control, as no move "
        "at all leaves as many; and half of the synapses, in one neuron alone, do as well as all "
        f"(trial 2); peacock: random sets span {median(e.areas.neurons_random):.0f}",
    )
