"""Ensembles that are known, in networks of hundreds of synapses, and how well they are found."""

import numpy as np

from ...ensembles import (
    components,
    f1_score,
    families,
    linear_ranges,
    participation_ensemble,
    sensitivity,
)
from ...planted import quilt
from ...properties import affine_generators, colour_property, geometry_share, painted
from ..birds import FIRST
from ..traits import SIZE
from .register import extremes

JUDGED = range(100, 200)  # seeds; those before were looked at while quilts were designed
ENERGY = 0.95  # of the components that are taken together
DEALS = 5  # of chance
LIGHT = 0.1  # above the ground: where a patch is
SHARE = 0.5  # of geometry, above which a synapse moves the whole picture


def measure_quilts(seeds=JUDGED):
    """How well the patches of random quilts are found again, mean F1 over patches of each."""
    rows = [take_apart(seed) for seed in seeds]
    return {key: [row[key] for row in rows] for key in rows[0]}


def take_apart(seed):
    """Find the patches of one quilt by families of components, and by one told where they are."""
    sewn, rng = quilt(seed), np.random.default_rng(seed)
    known = [np.flatnonzero(sewn.patch_of == patch) for patch in range(len(sewn.patches))]
    found = families(components(sewn.network, size=SIZE, energy=ENERGY))
    told = _participants(sewn)

    def dealt(sets):
        order = rng.permutation(len(sewn.patch_of))
        return [order[members] for members in sets]

    def alike(sets):
        return np.mean([f1_score(*pair) for pair in zip(sets, known, strict=True)])

    return {
        "patches": len(known),
        "synapses": len(sewn.patch_of),
        "families": len(found),
        "f1": matched_f1(found, known),
        "f1_chance": np.mean([matched_f1(dealt(found), known) for _ in range(DEALS)]),
        "told": alike(told),
        "told_chance": np.mean([alike(dealt(told)) for _ in range(DEALS)]),
    }


def _participants(sewn):
    """Return the participants of the brightness of each patch, for one told where it lies."""
    places = [one.paint(SIZE).pixels.max(axis=2) > LIGHT - 1 for one in sewn.patches]
    mix = (1 / 3, 1 / 3, 1 / 3)
    lights = [colour_property(place, mix, f"patch {n}") for n, place in enumerate(places)]
    slopes = painted(sewn.network, lights, SIZE).slopes(sewn.network.weights)[1]
    rows = sensitivity(slopes, linear_ranges(sewn.network, SIZE))
    return [participation_ensemble(row) for row in rows]


def matched_f1(found, known):
    """Return the mean F1 over known sets, of found ones matched one to one; unmatched count 0."""
    from scipy.optimize import linear_sum_assignment  # slow to import

    scores = np.array([[f1_score(one, of) for of in known] for one in found])
    return float(scores[linear_sum_assignment(-scores)].sum() / len(known))


def measure_exact(network, drawing):
    """How well synapses 0 to 5, who govern geometry where the entry is strict, are found."""
    found, rng = components(network, size=SIZE), np.random.default_rng(0)
    span = np.linalg.qr(affine_generators(network, SIZE).reshape(6, -1).T)[0]
    maps = found.maps.reshape(len(found.maps), -1)
    shares = np.sum((maps @ span) ** 2, axis=1) / np.sum(maps**2, axis=1)
    by_component = found.members(int(shares.argmax()))
    by_share = np.flatnonzero(np.nan_to_num(geometry_share(network, SIZE)) > SHARE)
    random = rng.choice(len(network.weights), max(len(by_share), 1), False)
    return {
        "by_share": f1_score(by_share, FIRST),
        "by_share_chance": f1_score(random, FIRST),
        "by_component": f1_score(by_component, FIRST),
        "component_share": shares.max(),
    }


def claim_29_an_algorithm_finds_them(e, met):
    """An algorithm finds the ensembles, and recovers known ones, at full scale (05, 09)."""
    small, chance = e.planted.f1, e.planted.f1_random
    cases, found, quilts = e.searches.cases, e.searches.found, e.quilts
    right = np.mean(np.equal(quilts.families, quilts.patches))
    met["planted ensembles: F1 above 0.9"] = small > 0.9
    met["random sets below 0.7"] = chance < 0.7
    met["found for 3 of 4 properties"] = found > 0.75 * cases
    met["of 460 synapses, without being told how many: F1 of 0.9 or more"] = bool(
        np.median(quilts.f1) >= 0.9
    )
    strict = [e.cells[cell].exact for cell in e.cells if cell.startswith("strict")]
    exact = [np.median(of.by_share) for of in strict]
    by_component = [np.median(of.by_component) for of in strict]
    met["the six that govern geometry, where the entry is strict: F1 of 0.9 or more"] = (
        bool(min(exact) >= 0.9) if exact else None
    )
    return (
        f"F1 {small:.2f}, of networks of 7 synapses; {found} of {cases} found in three wide "
        f"networks; {len(quilts.f1)} quilts of some {np.median(quilts.synapses):.0f} synapses: F1 "
        f"{extremes(quilts.f1)}, their number right in {right:.0%}, told where patches lie "
        f"{np.median(quilts.told):.2f}; of the six by share {_listed(exact)}",
        f"random sets {chance:.2f}; of quilts {np.median(quilts.f1_chance):.2f} and "
        f"{np.median(quilts.told_chance):.2f}; the six by the component of most geometry "
        f"{_listed(by_component)}",
    )


def _listed(numbers):
    return " and ".join(f"{number:.2f}" for number in numbers)
