"""Part two: comparators and borders, networks whose ensembles are known."""

import numpy as np

from .register import claim, extremes, values


@claim(6, "One neuron compares two real numbers by two synapses of opposite sign", "02")
def _(e):
    found = e["comparators"]
    met = {
        "all pairs right": found["analog_right"] > 0.999,
        "any weights do not": found["analog_any"] < 0.6,
    }
    return (
        met,
        f"{found['analog_right']:.0%} right",
        f"any weights {found['analog_any']:.0%}, opposite signs {found['analog_opposite']:.0%}",
    )


@claim(7, "One neuron compares 4-bit numbers by 8:4:2:1; not every algorithm finds it", "02")
def _(e):
    found = e["comparators"]
    solved = found["solved"]
    met = {
        "no pair wrong at 8:4:2:1": found["wrong"] == 0,
        "a rule fails from most starts": min(solved["4 bits"]) < 4,
    }
    return (
        met,
        f"{found['wrong']} pairs wrong; worst rule solves {min(solved['4 bits'])} of 8 starts, "
        f"at 6 bits {min(solved['6 bits'])}",
        f"1:1:1:1 {found['wrong_alike']} wrong, 1:2:4:8 {found['wrong_turned']}",
    )


@claim(8, "That neuron holds two ensembles of synapses; splitting it only complicates", "02")
def _(e):
    found = e["comparators"]
    met = {
        "each ensemble rescales its number and does nothing else": max(found["planted_unexplained"])
        == 0
        < min(found["planted_changed"]),
        "no other four synapses do": found["others_clean"] == 0 < found["others_unexplained"],
        "split in two it is more fragile": found["noise_two"] > found["noise_one"],
    }
    return (
        met,
        f"{max(found['planted_unexplained'])} answers unexplained; noise spoils "
        f"{found['noise_one']:.1f} pairs, split {found['noise_two']:.1f}",
        f"68 other foursomes leave {found['others_unexplained']:.0f} unexplained",
    )


@claim(9, "An ensemble can span several neurons", "02, 03, 05")
def _(e):
    found = e["comparators"]
    neurons = values(e, "ensembles", "hidden_neurons")
    met = {
        "built: two neurons cancel": found["span_wrong"][0] == 0 < found["span_wrong"][1],
        "learnt: all synapses of a number are a unit": found["span_learnt"] < found["span_random"],
        "peacock: most properties span hidden neurons": np.median(neurons) > 1,
    }
    return (
        met,
        f"peacock: {extremes(neurons, '.0f')} hidden neurons a property",
        f"comparator: {found['span_learnt']:.0f} answers unexplained, random sets "
        f"{found['span_random']:.0f}",
    )


@claim(10, "Synapses that move borders unequally together control the gap between them", "03")
def _(e):
    able, parallel = (np.array(e["lines"][key]) for key in ("pairs_able", "pairs_parallel"))
    met = {
        "pairs of unequal synapses widen the gap": able[~parallel].mean() > 0.9,
        "pairs of equal ones do not": able[parallel].mean() < 0.1,
    }
    return (
        met,
        f"{able[~parallel].sum()} of {np.sum(~parallel)} unequal pairs",
        f"{able[parallel].sum()} of {parallel.sum()} equal pairs",
    )


@claim(
    11, "Of four borders the outer two depend on one neuron each, the inner need a concert", "03"
)
def _(e):
    found = e["lines"]
    like = sum(one == [1, 4] for one in found["learnt_movable"])
    n = len(found["learnt_movable"])
    met = {
        "built: single synapses move 1 and 4, and not 2 and 3": found["built_movable"] == [1, 4],
        "built: one neuron holds 85 % of each outer border": min(found["built_shares"]) > 0.85,
        "most networks that learn show the same": like > n / 2,
    }
    shares = " and ".join(f"{one:.0%}" for one in found["built_shares"])
    return met, f"built: {shares} in one neuron", f"learnt: pattern in {like} of {n}"


@claim(
    12, "Every synapse touches the whole signal; weak ones spoil others before they help", "03, 05"
)
def _(e):
    found = e["lines"]
    real, dealt = found["protects"]
    met = {
        "each touches half of the signal": min(found["touched"]) > 0.5,
        "weak ones spoil more": real < -0.5,
        "clearly more than if dealt at random": real < dealt - 0.1,
    }
    return (
        met,
        f"touched {extremes(found['touched'], '.0%')}; rank correlation {real:.2f}",
        f"dealt at random {dealt:.2f}",
    )


@claim(
    13, "An ensemble works only in its environment, and hardly feels small changes of it", "03, 05"
)
def _(e):
    found, (steady, _, single) = e["lines"], e["searches"]["steady"]
    doubles, there = e["searches"]["leak_doubles"], found["elsewhere_gain"]
    met = {
        "at 5 % jitter it moves as planned": 0.8 < found["ensemble_gain"] < 1.25
        and found["ensemble_leak"] < 0.1,
        "peacock, at 0.05 ranges: moves in concert steady in 3 of 4 draws": steady > 0.75,
        "peacock: the leak has not doubled at 0.05": max(doubles[:2]) > 0.05,
        "not in another network": not all(0.8 < g < 1.25 for g in there),
    }
    return (
        met,
        f"gain {found['ensemble_gain']:.2f}, leak {found['ensemble_leak']:.2f}, but above 0.1 in "
        f"{found['ensemble_spoilt'][1]:.0%} of draws; peacock steady in "
        f"{steady:.0%}, the leak of a control ensemble doubles at {doubles[1]:.2f}",
        f"random move: gain {found['random_gain']:.2f}, leak {found['random_leak']:.2f}; other "
        f"networks: gain {there[0]:.2f} to {there[1]:.2f}; peacock, single synapse steady in "
        f"{single:.0%}",
    )
