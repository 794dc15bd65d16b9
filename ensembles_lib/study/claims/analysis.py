"""Part four: neurons or synapses, and what else tells networks apart."""

import numpy as np
from scipy.stats import spearmanr

from ..peacock_study import SYNAPSES
from ..profiles import outside
from .register import (
    BACKPROP,
    BACKPROP_WITHOUT,
    LATE,
    MAIN,
    MEANINGFUL,
    SURE,
    WITHOUT,
    alike,
    claim,
    compared,
    extremes,
    less,
    moved,
    steady,
    values,
)


@claim(24, "Units of meaning exist: ensembles of synapses of different sizes, not neurons", "06")
def _(e):
    names = ("single synapses", "within a neuron", "near neurons", "anywhere", "gain of a neuron")
    single, within, near, far, gain = (moved(e, basis) for basis in names)
    learnt = np.median(far - within)
    control = moved(e, "anywhere", "untrained") - moved(e, "within a neuron", "untrained")
    found = e["searches"]
    met = {
        "synapses move fewer properties than distant mixtures": less(single, far),
        "training widens that gap": learnt > np.median(control),
        "synapses move fewer than the gains of neurons": less(single, gain),
        "sets found move one property alone in 3 of 4 cases": found["found"]
        > 0.75 * found["cases"],
        "their sizes differ twofold": max(found["sizes"]) > 2 * min(found["sizes"]),
        "neighbouring neurons can be mixed: they are no borders": not less(within, near),
    }
    return (
        met,
        f"of 18 properties a synapse moves {np.median(single):.1f}, a mixture inside its neuron "
        f"{np.median(within):.1f}, of near neurons {np.median(near):.1f}, of distant ones "
        f"{np.median(far):.1f}, a whole neuron {np.median(gain):.1f}; "
        f"{found['found']} of {found['cases']} sets found, of {extremes(found['sizes'], '.0f')}",
        f"distant minus within a neuron {learnt:.1f}, untrained {np.median(control):.1f}",
    )


@claim(
    26, "A neuron and a mixture of close ones are alike; in weights, only far mixing harms", "06"
)
def _(e):
    found = e["mixtures"]
    maps = found["correlation"], found["correlation_mixed"]
    names = ("single synapses", "within a neuron", "near neurons", "anywhere")
    single, within, near, far = (moved(e, basis) for basis in names)
    met = {
        "maps of neurons and mixtures differ by less than 0.1": alike(*maps, 0.1),
        "synapses and mixtures inside a neuron by less than 0.5 properties": alike(
            within, single, 0.5
        ),
        "mixtures of near neurons move no more": not less(within, near),
        "mixtures from anywhere do": less(single, far),
    }
    return (
        met,
        f"correlation with a part, neurons less mixtures {compared(*maps)}; properties, within a "
        f"neuron less single {compared(within, single)}; near neurons less within "
        f"{compared(near, within)}",
        f"anywhere less single {compared(far, single)}; maps, neurons less mixtures of all hidden "
        f"{compared(found['correlation'], found['correlation_far'])}",
    )


@claim(27, "The less there is to spare, the more a network separates properties", "06")
def _(e):
    sizes = [n for n in SYNAPSES if f"{n} synapses" in e["study"]]
    if len(sizes) < 3:
        return {}, f"only {len(sizes)} sizes are trained", "none"
    groups = [moved(e, "single synapses", f"{n} synapses") for n in sizes]
    gaps = [moved(e, "global", f"{n} synapses") - one for n, one in zip(sizes, groups, strict=True)]
    steps = np.repeat(np.log(sizes), [len(one) for one in groups])
    rise, fall = spearmanr(steps, np.concatenate(groups)), spearmanr(steps, np.concatenate(gaps))
    met = {
        "a synapse moves more properties in larger networks": rise[0] > 0 and rise[1] < SURE,
        "the gap to random directions closes": fall[0] < 0 and fall[1] < SURE,
    }
    listed = ", ".join(f"{n}: {np.median(one):.1f}" for n, one in zip(sizes, groups, strict=True))
    gap = ", ".join(f"{np.median(one):.1f}" for one in gaps)
    return (
        met,
        f"properties a synapse moves, {listed}; rank correlation {rise[0]:+.2f}, p = {rise[1]:.2g}",
        f"gap to random directions {gap}; {fall[0]:+.2f}, p = {fall[1]:.2g}",
    )


@claim(28, "Which late neurons look meaningful is partly luck: those that gather geometry do", "06")
def _(e):
    explained, shape = values(e, "maps", "explained"), values(e, "ensembles", "geometry")
    hidden = explained.shape[1]
    late = slice(hidden - LATE, hidden)
    who = explained[:, late] > MEANINGFUL
    same = np.array([np.mean(who[a] == who[b]) for a in range(len(who)) for b in range(a)])
    rank = [spearmanr(a[late], b[late])[0] for a, b in zip(explained, shape, strict=True)]
    p = who.mean(axis=0)
    chance = np.mean(who.mean() ** 2 + (1 - who.mean()) ** 2)
    met = {
        "neurons' numbers hardly tell": same.mean() - chance < 0.2,
        "those with geometry are the meaningful ones": less(np.zeros(len(rank)), rank),
    }
    return (
        met,
        f"two seeds agree on {same.mean():.0%} of late neurons; rank correlation with geometry "
        f"{extremes(rank)}",
        f"agreement by chance {chance:.0%}; a late neuron is meaningful in {p.min():.0%} to "
        f"{p.max():.0%} of seeds",
    )


@claim(31, "Energy restriction widens working ranges and makes ensembles robust, at no cost", "06")
def _(e):
    met, texts = {}, []
    trainers = {"Levenberg–Marquardt": (MAIN, WITHOUT), "backprop": (BACKPROP, BACKPROP_WITHOUT)}
    for name, groups in trainers.items():
        error = [values(e, "accuracy", "rmse", g) for g in groups]
        wide = [values(e, "ranges", "median_per_own", g) for g in groups]
        firm = [steady(e, g) for g in groups]
        wider, firmer = (np.sum(a > b) for a, b in (wide, firm))
        met[f"{name}: error at most 5 % larger"] = np.median(error[0] / error[1]) <= 1.05
        met[f"{name}: ranges wider, in units of the weight"] = less(wide[1], wide[0])
        met[f"{name}: moves steadier"] = less(firm[1], firm[0])
        texts.append(
            f"{name}: ranges {np.median(wide[0] / wide[1]):.2f} times as wide ({wider} of 8), "
            f"steady {np.median(firm[0]):.0%} against {np.median(firm[1]):.0%} ({firmer} of 8)"
        )
    return met, "; ".join(texts), "the same eight seeds without restriction"


@claim(32, "The stiff directions of the network are its ensembles", "06")
def _(e):
    near = np.median(values(e, "spectrum", "nearest_gradient"), axis=1)
    inside = {
        k: np.median(values(e, "spectrum", k)[:, :, 4], axis=1)
        for k in ("gradients", "elsewhere", "noise", "moves")
    }
    met = {
        "each gradient is one stiff direction (cosine above 0.9)": np.median(near) > 0.9,
        "gradients are stiffer than those of noise": less(inside["noise"], inside["gradients"]),
        "what moves one property alone is stiff": np.median(inside["moves"]) > 0.5,
    }
    m = {k: np.median(v) for k, v in inside.items()}
    return (
        met,
        f"in the stiffest 20: gradients {m['gradients']:.2f}, lone moves {m['moves']:.2f}; "
        f"nearest cosine {np.median(near):.2f}",
        f"noise {m['noise']:.2f}, elsewhere {m['elsewhere']:.2f}, random {20 / 460:.2f}",
    )


@claim(33, "The same measures tell networks that others trained or evolved apart", "08")
def _(e):
    pictures = e["evolved"].values()
    apart, trainers = [], []
    for picture in pictures:
        evolved, *learnt = ({n: one[n] for n in MEASURES} for one in picture["networks"])
        apart.append(outside(evolved, learnt))
        by = {}
        for one, numbers in zip(picture["networks"][1:], learnt, strict=True):
            by.setdefault(one["who"], []).append(numbers)
        trainers.append([by[who] for who in sorted(by)])
    # On all pictures, and to the same side of all networks that learnt them.
    told = [n for n in MEASURES if abs(sum(one[n] for one in apart)) == len(apart)]
    two = [n for n in MEASURES if all(parted(n, *kinds[:2]) for kinds in trainers if kinds[1:])]
    met = {
        "a measure of single synapses sets the evolved apart": bool(set(told) & {*SINGLE}),
        "the likeness of left and right does": "mirror" in told,
        "two ways of training are told apart": all(kinds[1:] for kinds in trainers) and bool(two),
    }
    means = [
        f"{np.mean([one['mirror'] for one in picture['networks'][k]]):.2f}"
        for picture in e["evolved"].values()
        for k in (slice(0, 1), slice(1, None))
    ]
    pairs = ", ".join(" against ".join(means[k : k + 2]) for k in range(0, len(means), 2))
    n_learnt = min(len(picture["networks"]) for picture in pictures) - 1
    return (
        met,
        f"{len(apart)} pictures; evolved against learnt, left like right: {pairs}; apart on "
        f"all: {', '.join(told) or 'none'}; trainers apart by {', '.join(two) or 'none'}",
        f"by chance {2 * len(MEASURES) / (n_learnt + 1) ** len(apart):.2f} measures would be apart",
    )


SINGLE = ("moved", "held_by", "spread", "linear", "range")  # as in the notebooks before
MEASURES = (*SINGLE, "moved_by_random", "mirror")


def parted(name, ones, others):
    """Are all of these profiles above or all below those, in one measure?"""
    a, b = ([one[name] for one in group] for group in (ones, others))
    return min(a) > max(b) or max(a) < min(b)
