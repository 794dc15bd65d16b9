"""Part four: neurons or synapses, and what else tells networks apart."""

import numpy as np
from numpy import median
from scipy.stats import spearmanr

from ..peacock_study import REACH, SIZED
from .places import PLACES, gaps
from .register import (
    CONTROLS,
    LATE,
    MEANINGFUL,
    SLIGHT,
    SURE,
    alike,
    below,
    compared,
    extremes,
    less,
    moved,
    steady,
    values,
)

SINGLE = ("moved", "held_by", "spread", "linear", "range")  # as in the notebooks before
MEASURES = (*SINGLE, "moved_by_random", "mirror")


def claim_24_units_exist(e, met):
    """Units of meaning exist: ensembles of synapses of different sizes, not neurons (7)."""
    names = ("single synapses", "within a neuron", "near neurons", "anywhere", "gain of a neuron")
    single, within, near, far, gain = (moved(e, basis) for basis in names)
    gap = median(far - within)
    untrained, scaled = (
        median(moved(e, "anywhere", g) - moved(e, "within a neuron", g)) for g in CONTROLS
    )
    own, shifted, blobs = (median(gaps(e.places, kind)) for kind in PLACES)
    inside, inside_scaled = (
        median(moved(e, "participation ensembles", group)) for group in (None, "scaled")
    )
    sizes = values(e, "ensembles", "all_synapses")
    met["synapses move fewer properties than distant mixtures (test)"] = less(single, far)
    met["the gap is wider than in untrained networks as steep"] = gap > scaled
    met["and than for the same at random places, and for blobs"] = own > max(shifted, blobs)
    met["synapses move fewer than the gains of neurons"] = below(single, gain)
    met["participants of one property move fewer than two"] = inside < 2
    met["sets differ twofold in size"] = median(sizes.max(axis=1) / sizes.min(axis=1)) > 2
    met["neighbouring neurons can be mixed: they are no borders"] = below(near - within, SLIGHT)
    c = e.components
    return (
        f"of 18 properties a synapse moves {median(single):.1f}, a mixture inside its neuron "
        f"{median(within):.1f}, of near neurons {median(near):.1f}, of distant ones "
        f"{median(far):.1f}, a whole neuron {median(gain):.1f}, participants {inside:.1f}; "
        f"{extremes(sizes, '.0f')} synapses; components {extremes(c.synapses_trained, '.0f')}",
        f"distant minus within a neuron {gap:.1f}, untrained {untrained:.1f}, with weights as "
        f"large {scaled:.1f}; read linearly {own:.1f}, at random places {shifted:.1f}, blobs "
        f"{blobs:.1f}; participants untrained, as large {inside_scaled:.1f}; components of "
        f"networks as steep {extremes(c.synapses_scaled, '.0f')} synapses",
    )


def claim_26_close_mixtures_are_like_neurons(e, met):
    """A neuron and a mixture of close ones are alike; in weights, only far mixing harms (7)."""
    maps = e.mixtures
    own, mixed, of_all = maps.correlation, maps.correlation_mixed, maps.correlation_far
    names = ("single synapses", "within a neuron", "near neurons", "anywhere")
    single, within, near, far = (moved(e, basis) for basis in names)
    here, shifted, blobs = (median(gaps(e.places, kind)) for kind in PLACES)
    met["maps of neurons and mixtures differ by less than 0.1 (interval)"] = alike(own, mixed, 0.1)
    met["mixtures inside a neuron move no more than a synapse"] = below(within - single, SLIGHT)
    met["nor do mixtures of near neurons"] = below(near - within, SLIGHT)
    met["mixtures from anywhere do"] = below(SLIGHT, far - single)
    met["more of what is meant than of random places and blobs"] = here > max(shifted, blobs)
    return (
        f"correlation with a part, neurons less mixtures {compared(own, mixed)}; properties, "
        f"within a neuron less single {compared(within, single)}; near neurons less within "
        f"{compared(near, within)}; anywhere less single {compared(far, single)}",
        f"anywhere less within, read linearly {here:.1f}, at random places {shifted:.1f}, blobs "
        f"{blobs:.1f}; maps, neurons less mixtures of all hidden {compared(own, of_all)}",
    )


def claim_27_scarcity_separates(e, met):
    """The less there is to spare, the more a network separates properties (7)."""
    if e.cell != "narrow-levenberg-marquardt-0.001":
        return "other sizes are trained narrow, by Levenberg–Marquardt alone", "none"
    there = {n: g for n, g in SIZED.items() if g in e.study}
    arrived = {n: values(e, "accuracy", "rmse_64", g) <= REACH + 1e-3 for n, g in there.items()}
    sizes = [n for n, those in arrived.items() if those.any()]
    if len(sizes) < 3:
        return f"{len(sizes)} sizes are trained to RMSE {REACH}: at least 3 are needed", "none"
    single, random = (
        [moved(e, basis, there[n])[arrived[n]] for n in sizes]
        for basis in ("single synapses", "global")
    )
    shares = [np.mean(values(e, "geometry", "share", there[n]) > 0.5, axis=1) for n in sizes]
    gaps_ = [far - near for far, near in zip(random, single, strict=True)]
    logs = np.repeat(np.log(sizes), [len(scores) for scores in single])
    rise, fall = (spearmanr(logs, np.concatenate(scores)) for scores in (single, gaps_))
    met["a synapse moves more properties in larger networks (test)"] = (
        rise[0] > 0 and rise[1] < SURE
    )
    met["the gap to random directions closes"] = fall[0] < 0
    middles, gap = ([f"{median(scores):.1f}" for scores in rows] for rows in (single, gaps_))
    by_size = ", ".join(f"{n}: {middle}" for n, middle in zip(sizes, middles, strict=True))
    pure = ", ".join(f"{median(share):.1%}" for share in shares)
    late = ", ".join(f"{n}: {np.sum(~those)}" for n, those in arrived.items() if not those.all())
    return (
        f"all stopped at RMSE {REACH}; properties a synapse moves, {by_size}; rank correlation "
        f"{rise[0]:+.2f}, p = {rise[1]:.2g}; synapses that move the whole picture {pure}",
        f"gap to random directions {', '.join(gap)}; {fall[0]:+.2f}, p = {fall[1]:.2g}; did not "
        f"arrive: {late or 'none'}",
    )


def claim_28_meaningful_neurons_hold_geometry(e, met):
    """Which late neurons look meaningful is partly luck: those that gather geometry do (7)."""

    def ranks(group=None):
        maps = values(e, "maps", "explained", group)
        held = values(e, "ensembles", "geometry", group)
        late = slice(maps.shape[1] - LATE, maps.shape[1])
        return [spearmanr(a[late], b[late])[0] for a, b in zip(maps, held, strict=True)]

    meaningful = values(e, "maps", "explained")[:, -LATE:] > MEANINGFUL
    same = np.mean([np.mean(a == b) for k, a in enumerate(meaningful) for b in meaningful[:k]])
    rank, share, by_neuron = ranks(), meaningful.mean(), meaningful.mean(axis=0)
    chance = share**2 + (1 - share) ** 2
    met["neurons' numbers hardly tell"] = same - chance < 0.2
    met["those with geometry are the meaningful ones (test)"] = less(np.zeros(len(rank)), rank)
    return (
        f"two seeds agree on {same:.0%} of late neurons; rank correlation with geometry "
        f"{extremes(rank)}",
        f"agreement by chance {chance:.0%}; a late neuron is meaningful in {by_neuron.min():.0%} "
        f"to {by_neuron.max():.0%} of seeds; rank correlation untrained, with weights as large, "
        f"{extremes(ranks('scaled'))}",
    )


def claim_31_restriction_widens_ranges(e, met):
    """Energy restriction widens working ranges and makes ensembles robust, at no cost (7)."""
    free = f"{e.cell.removesuffix('0.001')}0"
    if free not in e.study:
        return "networks without restriction are not trained in this cell", "none"
    error, error_free = (values(e, "accuracy", "rmse", g) for g in (None, free))
    wide, narrow = (values(e, "ranges", "median_per_own", g) for g in (None, free))
    firm, loose = steady(e), steady(e, free)
    met["error at most 5 % larger"] = median(error / error_free) <= 1.05
    met["the median range is wider, however little, in units of the weight"] = below(narrow, wide)
    met["moves steadier (test)"] = less(loose, firm)
    return (
        f"error {median(error / error_free):.2f} times as large; ranges "
        f"{median(wide / narrow):.2f} times as wide ({np.sum(wide > narrow)} of {len(wide)}); "
        f"moves steady in {median(firm):.0%} against {median(loose):.0%} "
        f"({np.sum(firm > loose)} of {len(firm)})",
        "the same eight seeds without restriction",
    )


def claim_32_stiff_directions_are_ensembles(e, met):
    """The stiff directions of the network are its ensembles (7)."""
    nearest = median(median(values(e, "spectrum", "nearest_gradient"), axis=1))
    gradients, elsewhere, noise, lone = (
        median(values(e, "spectrum", name)[:, :, 4], axis=1)
        for name in ("gradients", "elsewhere", "noise", "moves")
    )
    met["each gradient is one stiff direction (cosine above 0.9)"] = nearest > 0.9
    met["gradients are stiffer than those of noise (test)"] = less(noise, gradients)
    met["what moves one property alone is stiff"] = median(lone) > 0.5
    return (
        f"in the stiffest 20: gradients {median(gradients):.2f}, lone moves {median(lone):.2f}; "
        f"nearest cosine {nearest:.2f}",
        f"noise {median(noise):.2f}, elsewhere {median(elsewhere):.2f}, random {20 / 460:.2f}",
    )


def claim_33_measures_tell_networks_apart(e, met):
    """The same measures tell networks that others trained or evolved apart (8)."""
    pictures = [picture["networks"] for picture in e.evolved.values()]
    sides = {n: [_side(n, [first], rest) for first, *rest in pictures] for n in MEASURES}
    told = [n for n in MEASURES if abs(sum(sides[n])) == len(pictures)]
    trainers = [_by_trainer(learnt) for _, *learnt in pictures]
    two = [n for n in MEASURES if all(_side(n, *groups) for groups in trainers)]
    whole, effect = _whole_pictures(e.evolved)
    met["geometry: more synapses of the evolved move the whole picture than of any learnt"] = whole
    met["a measure of single synapses sets the evolved apart"] = bool(set(told) & {*SINGLE})
    met["the likeness of left and right does"] = "mirror" in told
    met["two ways of training are told apart"] = bool(two)
    pairs = ", ".join(
        f"{first['mirror']:.2f} against {np.mean([one['mirror'] for one in learnt]):.2f}"
        for first, *learnt in pictures
    )
    drawn = _drawn_as_alike(e.evolved)
    n_apart = 2 * len(MEASURES) / min(map(len, pictures)) ** len(pictures)
    return (
        f"{len(pictures)} pictures; {effect}; left like right: {pairs}; apart on "
        f"all: {', '.join(told) or 'none'}; trainers apart by {', '.join(two) or 'none'}",
        f"by chance {n_apart:.2f} of the other measures would be apart; {drawn}",
    )


def _whole_pictures(evolved):
    """Do evolved networks have more synapses that mostly move the whole picture, on each?

    Of those with a share of geometry above one half: part of all, against the most learnt.
    """
    rows = [[one["above_half"] for one in picture["geometry"]] for picture in evolved.values()]
    parts = [(first, max(learnt)) for first, *learnt in rows]
    told = ", ".join(f"{first:.1%} against {other:.1%}" for first, other in parts)
    is_so = all(first > other for first, other in parts)
    return is_so, f"synapses that move the whole picture, evolved against the most learnt: {told}"


def _drawn_as_alike(evolved):
    """Say how many random networks whose picture is as alike are so left and right, too."""
    counted = []
    for name, picture in evolved.items():
        drawn = picture["mirror_untrained"]["as_symmetric"]
        as_much = sum(one >= picture["networks"][0]["mirror"] for one in drawn)
        counted.append(f"{name} {as_much} of {len(drawn)}")
    return (
        "left like right as much as the evolved are, of random weights in its wiring whose picture "
        "is as alike: " + ", ".join(counted)
    )


def _by_trainer(profiles):
    """Return the profiles of networks that the first trainer trained, and those of others."""
    first = [profile for profile in profiles if profile["who"] == profiles[0]["who"]]
    return first, [profile for profile in profiles if profile not in first]


def _side(name, ones, others):
    """Return where profiles lie beyond all others in one measure: -1 (below), 0 or 1."""
    a, b = ([profile[name] for profile in group] for group in (ones, others))
    return int(min(a) > max(b, default=np.inf)) - int(max(a) < min(b, default=-np.inf))
