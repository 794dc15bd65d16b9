"""Part four: neurons or synapses, and what else tells networks apart."""

import numpy as np
from numpy import median
from scipy.stats import spearmanr

from ...ensembles.mixtures import compare_mixtures
from ..peacock_study import RECIPES, SYNAPSES
from .register import LATE, MEANINGFUL, SURE, alike, compared, extremes, less, moved, steady, values

SINGLE = ("moved", "held_by", "spread", "linear", "range")  # as in the notebooks before
MEASURES = (*SINGLE, "moved_by_random", "mirror")


def measure_mixtures(network, drawing):
    """Score late neurons and mixtures of them: medians."""
    scores = compare_mixtures(network, drawing.parts())
    kinds = ("", "_mixed", "_far")
    names = [score + kind for score in ("correlation", "explained") for kind in kinds]
    return {name: median(scores[name]) for name in names}


def claim_24_units_exist(e, met):
    """Units of meaning exist: ensembles of synapses of different sizes, not neurons (06)."""
    names = ("single synapses", "within a neuron", "near neurons", "anywhere", "gain of a neuron")
    single, within, near, far, gain = (moved(e, basis) for basis in names)
    far_untrained, within_untrained = (moved(e, basis, "untrained") for basis in names[3:0:-2])
    gap, gap_untrained = median(far - within), median(far_untrained - within_untrained)
    found, cases, sizes = e.searches.found, e.searches.cases, e.searches.sizes
    met["synapses move fewer properties than distant mixtures"] = less(single, far)
    met["training widens that gap"] = gap > gap_untrained
    met["synapses move fewer than the gains of neurons"] = less(single, gain)
    met["sets found move one property alone in 3 of 4 cases"] = found > 0.75 * cases
    met["their sizes differ twofold"] = max(sizes) > 2 * min(sizes)
    met["neighbouring neurons can be mixed: they are no borders"] = not less(within, near)
    return (
        f"of 18 properties a synapse moves {median(single):.1f}, a mixture inside its neuron "
        f"{median(within):.1f}, of near neurons {median(near):.1f}, of distant ones "
        f"{median(far):.1f}, a whole neuron {median(gain):.1f}; {found} of {cases} sets found, of "
        f"{extremes(sizes, '.0f')}",
        f"distant minus within a neuron {gap:.1f}, untrained {gap_untrained:.1f}",
    )


def claim_26_close_mixtures_are_like_neurons(e, met):
    """A neuron and a mixture of close ones are alike; in weights, only far mixing harms (06)."""
    maps = e.mixtures
    own, mixed, of_all = maps.correlation, maps.correlation_mixed, maps.correlation_far
    names = ("single synapses", "within a neuron", "near neurons", "anywhere")
    single, within, near, far = (moved(e, basis) for basis in names)
    close = alike(within, single, 0.5)
    met["maps of neurons and mixtures differ by less than 0.1"] = alike(own, mixed, 0.1)
    met["synapses and mixtures inside a neuron by less than 0.5 properties"] = close
    met["mixtures of near neurons move no more"] = not less(within, near)
    met["mixtures from anywhere do"] = less(single, far)
    return (
        f"correlation with a part, neurons less mixtures {compared(own, mixed)}; properties, "
        f"within a neuron less single {compared(within, single)}; near neurons less within "
        f"{compared(near, within)}",
        f"anywhere less single {compared(far, single)}; maps, neurons less mixtures of all hidden "
        f"{compared(own, of_all)}",
    )


def claim_27_scarcity_separates(e, met):
    """The less there is to spare, the more a network separates properties (06)."""
    sizes = [n for n in SYNAPSES if f"{n} synapses" in e.study]
    if len(sizes) < 3:
        return f"only {len(sizes)} sizes are trained", "none"
    single = [moved(e, "single synapses", f"{n} synapses") for n in sizes]
    random = [moved(e, "global", f"{n} synapses") for n in sizes]
    gaps = [far - near for far, near in zip(random, single, strict=True)]
    logs = np.repeat(np.log(sizes), [len(scores) for scores in single])
    rise, fall = (spearmanr(logs, np.concatenate(scores)) for scores in (single, gaps))
    met["a synapse moves more properties in larger networks"] = rise[0] > 0 and rise[1] < SURE
    met["the gap to random directions closes"] = fall[0] < 0 and fall[1] < SURE
    middles, gap = ([f"{median(scores):.1f}" for scores in rows] for rows in (single, gaps))
    by_size = ", ".join(f"{n}: {middle}" for n, middle in zip(sizes, middles, strict=True))
    return (
        f"properties a synapse moves, {by_size}; rank correlation {rise[0]:+.2f}, "
        f"p = {rise[1]:.2g}",
        f"gap to random directions {', '.join(gap)}; {fall[0]:+.2f}, p = {fall[1]:.2g}",
    )


def claim_28_meaningful_neurons_hold_geometry(e, met):
    """Which late neurons look meaningful is partly luck: those that gather geometry do (06)."""
    explained, geometry = values(e, "maps", "explained"), values(e, "ensembles", "geometry")
    late = slice(explained.shape[1] - LATE, explained.shape[1])
    meaningful = explained[:, late] > MEANINGFUL
    same = np.mean([np.mean(a == b) for k, a in enumerate(meaningful) for b in meaningful[:k]])
    rank = [spearmanr(a[late], b[late])[0] for a, b in zip(explained, geometry, strict=True)]
    share, by_neuron = meaningful.mean(), meaningful.mean(axis=0)
    chance = share**2 + (1 - share) ** 2
    met["neurons' numbers hardly tell"] = same - chance < 0.2
    met["those with geometry are the meaningful ones"] = less(np.zeros(len(rank)), rank)
    return (
        f"two seeds agree on {same:.0%} of late neurons; rank correlation with geometry "
        f"{extremes(rank)}",
        f"agreement by chance {chance:.0%}; a late neuron is meaningful in {by_neuron.min():.0%} "
        f"to {by_neuron.max():.0%} of seeds",
    )


def claim_31_restriction_widens_ranges(e, met):
    """Energy restriction widens working ranges and makes ensembles robust, at no cost (06)."""
    effects = []
    trainers = {"Levenberg–Marquardt": RECIPES[:2], "backprop": RECIPES[2:]}
    for name, groups in trainers.items():
        error, error_free = (values(e, "accuracy", "rmse", group) for group in groups)
        wide, free = (values(e, "ranges", "median_per_own", group) for group in groups)
        firm, loose = (steady(e, group) for group in groups)
        met[f"{name}: error at most 5 % larger"] = median(error / error_free) <= 1.05
        met[f"{name}: ranges wider, in units of the weight"] = less(free, wide)
        met[f"{name}: moves steadier"] = less(loose, firm)
        effects.append(
            f"{name}: ranges {median(wide / free):.2f} times as wide ({np.sum(wide > free)} of 8), "
            f"steady {median(firm):.0%} against {median(loose):.0%} ({np.sum(firm > loose)} of 8)"
        )
    return "; ".join(effects), "the same eight seeds without restriction"


def claim_32_stiff_directions_are_ensembles(e, met):
    """The stiff directions of the network are its ensembles (06)."""
    nearest = median(median(values(e, "spectrum", "nearest_gradient"), axis=1))
    gradients, elsewhere, noise, lone = (
        median(values(e, "spectrum", name)[:, :, 4], axis=1)
        for name in ("gradients", "elsewhere", "noise", "moves")
    )
    met["each gradient is one stiff direction (cosine above 0.9)"] = nearest > 0.9
    met["gradients are stiffer than those of noise"] = less(noise, gradients)
    met["what moves one property alone is stiff"] = median(lone) > 0.5
    return (
        f"in the stiffest 20: gradients {median(gradients):.2f}, lone moves {median(lone):.2f}; "
        f"nearest cosine {nearest:.2f}",
        f"noise {median(noise):.2f}, elsewhere {median(elsewhere):.2f}, random {20 / 460:.2f}",
    )


def claim_33_measures_tell_networks_apart(e, met):
    """The same measures tell networks that others trained or evolved apart (08)."""
    pictures = [picture["networks"] for picture in e.evolved.values()]
    sides = {n: [_side(n, [first], rest) for first, *rest in pictures] for n in MEASURES}
    told = [n for n in MEASURES if abs(sum(sides[n])) == len(pictures)]
    trainers = [_by_trainer(learnt) for _, *learnt in pictures]
    two = [n for n in MEASURES if all(_side(n, *groups) for groups in trainers)]
    met["a measure of single synapses sets the evolved apart"] = bool(set(told) & {*SINGLE})
    met["the likeness of left and right does"] = "mirror" in told
    met["two ways of training are told apart"] = bool(two)
    pairs = ", ".join(
        f"{first['mirror']:.2f} against {np.mean([one['mirror'] for one in learnt]):.2f}"
        for first, *learnt in pictures
    )
    n_apart = 2 * len(MEASURES) / min(map(len, pictures)) ** len(pictures)
    return (
        f"{len(pictures)} pictures; evolved against learnt, left like right: {pairs}; apart on "
        f"all: {', '.join(told) or 'none'}; trainers apart by {', '.join(two) or 'none'}",
        f"by chance {n_apart:.2f} measures would be apart",
    )


def _by_trainer(profiles):
    """Return the profiles of networks that the first trainer trained, and those of others."""
    first = [profile for profile in profiles if profile["who"] == profiles[0]["who"]]
    return first, [profile for profile in profiles if profile not in first]


def _side(name, ones, others):
    """Return where profiles lie beyond all others in one measure: -1 (below), 0 or 1."""
    a, b = ([profile[name] for profile in group] for group in (ones, others))
    return int(min(a) > max(b, default=np.inf)) - int(max(a) < min(b, default=-np.inf))
