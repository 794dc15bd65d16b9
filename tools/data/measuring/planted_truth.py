"""Ensembles that are known, in networks of hundreds of synapses, and how well they are found."""

import numpy as np

from ensembles_lib.core import jacobian
from ensembles_lib.ensembles import (
    components,
    ensemble,
    f1_score,
    families,
    linear_ranges,
    participants,
    sensitivity,
)
from ensembles_lib.ensembles.sensitivities import effects_and_scales
from ensembles_lib.planted import exact_moves, quilt
from ensembles_lib.properties import (
    GENERATORS,
    affine_generators,
    colour_property,
    geometry_share,
    painted,
)
from ensembles_lib.study.claims.wirings import FIRST
from ensembles_lib.study.peacock_study import SIZE

from .emergence import share_within

JUDGED = range(100, 200)  # seeds; those before were looked at while quilts were designed
ENERGY = 0.95  # of the components that are taken together
SEWN_SMALL = JUDGED[:10]  # of which small sets are searched, too
DEALS = 5  # of chance
ALL_BUT = 1e-6  # of the squares of an exact move: less is rounding
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
        return _dealt(sets, len(sewn.patch_of), rng)

    return {
        "patches": len(known),
        "synapses": len(sewn.patch_of),
        "families": len(found),
        "f1": matched_f1(found, known),
        "f1_chance": np.mean([matched_f1(dealt(found), known) for _ in range(DEALS)]),
        "told": _alike(told, known),
        "told_chance": np.mean([_alike(dealt(told), known) for _ in range(DEALS)]),
    }


def _dealt(sets, count, rng):
    """Return sets of so many synapses with these dealt out anew, the same for all sets."""
    order = rng.permutation(count)
    return [order[members] for members in sets]


def _alike(sets, known):
    """Return the mean F1 of sets and what is known of each."""
    return np.mean([f1_score(*pair) for pair in zip(sets, known, strict=True)])


def _lights(sewn):
    """Return the measurement of each patch's brightness, for one told where it lies."""
    places = [one.paint(SIZE).pixels.max(axis=2) > LIGHT - 1 for one in sewn.patches]
    mix = (1 / 3, 1 / 3, 1 / 3)
    lights = [colour_property(place, mix, f"patch {n}") for n, place in enumerate(places)]
    return painted(sewn.network, lights, SIZE)


def _participants(sewn):
    """Return the participants of the brightness of each patch, for one told where it lies."""
    slopes = _lights(sewn).slopes(sewn.network.weights)[1]
    rows = sensitivity(slopes, linear_ranges(sewn.network, SIZE))
    return [participants(row) for row in rows]


def measure_small_sets(seeds=SEWN_SMALL):
    """Are the synapses of small sets those of one patch? Of control ensembles, and of components.

    What begins with "control" is of each set found, the rest of each quilt.
    """
    of_controls, of_components = [], []
    for seed in seeds:
        sewn, rng = quilt(seed), np.random.default_rng(seed)
        known = [np.flatnonzero(sewn.patch_of == patch) for patch in range(len(sewn.patches))]
        of_controls += _controls(sewn, known)
        of_components.append(_single_components(sewn, known, rng))
    found = [row for row in of_controls if row["control_found"]]
    return {
        "controls_asked": len(of_controls),
        "controls_found": len(found),
        **{key: [row[key] for row in found] for key in of_controls[0] if key != "control_found"},
        **{key: [row[key] for row in of_components] for key in of_components[0]},
    }


def _controls(sewn, known):
    """Return how much of the control ensemble of each patch's brightness is its own."""
    network, lights, rows = sewn.network, _lights(sewn), []
    half = linear_ranges(network, SIZE)
    effects, scales = effects_and_scales(lights.slopes(network.weights)[1], half)
    for patch, amount in enumerate(0.5 * np.abs(effects).max(axis=1) * scales):
        control = ensemble(network, lights, patch, amount, half=half, size=SIZE)
        rows.append({
            "control_found": control.found,
            "control_size": len(control.synapses),
            "control_own": np.isin(control.synapses, known[patch]).mean(),
            "control_own_chance": len(known[patch]) / len(half),
            "control_f1": f1_score(control.synapses, known[patch]),
            "control_f1_chance": _by_chance([control.synapses], [known[patch]], len(half)),
        })  # fmt: skip
    return rows


def _single_components(sewn, known, rng):
    """Return how much of a component is of one patch, and how like a patch its best one is."""
    found = components(sewn.network, size=SIZE, energy=ENERGY)
    members = [found.members(which) for which in range(len(found.maps))]

    def within_best(sets):
        return np.median([max(np.isin(one, of).mean() for of in known) for one in sets])

    def best_of(sets):
        return np.mean([max(f1_score(one, of) for one in sets) for of in known])

    dealings = [_dealt(members, len(sewn.patch_of), rng) for _ in range(DEALS)]
    return {
        "component_own": within_best(members),
        "component_own_chance": np.mean([within_best(sets) for sets in dealings]),
        "component_f1": best_of(members),
        "component_f1_chance": np.mean([best_of(sets) for sets in dealings]),
    }


def matched_f1(found, known):
    """Return the mean F1 over known sets, of found ones matched one to one; unmatched count 0."""
    from scipy.optimize import linear_sum_assignment  # slow to import

    scores = np.array([[f1_score(one, of) for of in known] for one in found])
    return float(scores[linear_sum_assignment(-scores)].sum() / len(known))


def measure_exact(network, drawing):
    """How well synapses 0 to 5, who govern geometry where the entry is strict, are found."""
    found, rng = components(network, size=SIZE), np.random.default_rng(0)
    shares = share_within(affine_generators(network, SIZE), found.maps)
    by_component = found.members(int(shares.argmax()))
    by_share = np.flatnonzero(np.nan_to_num(geometry_share(network, SIZE)) > SHARE)
    random = rng.choice(len(network.weights), max(len(by_share), 1), False)
    return {
        "by_share": f1_score(by_share, FIRST),
        "by_share_chance": f1_score(random, FIRST),
        "by_component": f1_score(by_component, FIRST),
        "component_share": shares.max(),
    }


def measure_exact_moves(network, drawing):
    """Are the synapses found that move the whole picture exactly? Told which move is meant.

    F1 with what is planted, means over the moves that the wiring can make: of the component that
    looks most like the move, of the move's participants, and of what changes the picture as nearly
    like it as can be. Where the rank of the Jacobian is less than the number of synapses, the
    latter is not the only one that does so.
    """
    found, planted = components(network, size=SIZE), {}
    unit, moves = found.unit, affine_generators(network, SIZE)
    generators = moves.reshape(6, -1)
    for name, amounts in exact_moves(network).items():
        planted[GENERATORS.index(name)] = amounts
    known = [np.flatnonzero(amounts) for amounts in planted.values()]
    changes = unit * jacobian(network, SIZE).reshape(-1, len(unit))
    nearest, _, rank, _ = np.linalg.lstsq(changes, generators.T, rcond=None)
    readings = np.linalg.pinv(generators.T) @ changes
    smallest = np.linalg.pinv(readings)
    purest = [int(share_within(moves[[move]], found.maps).argmax()) for move in planted]
    ways = {
        "component": [found.members(which) for which in purest],
        "participants": [participants(readings[move]) for move in planted],
        "least_squares": [participants(nearest[:, move], 1 - ALL_BUT) for move in planted],
    }
    exact = [np.linalg.norm(_over(amounts, unit)) for amounts in planted.values()]
    shorter = np.linalg.norm(smallest[:, list(planted)], axis=0) / exact
    moved = (changes @ smallest[:, list(planted)]).T.reshape(-1, SIZE, SIZE, 3)
    by_way = {f"by_{way}": _alike(sets, known) for way, sets in ways.items()}
    chance = {f"by_{way}_chance": _by_chance(sets, known, len(unit)) for way, sets in ways.items()}
    return {
        "moves": len(known),
        "rank": int(rank),
        **by_way,
        **chance,
        "smallest_length": np.median(shorter),
        "smallest_geometry": np.median(share_within(moves, moved)),
    }


def _by_chance(sets, known, count):
    """Return the mean F1 that sets as large have if drawn at random: hypergeometric, exact."""
    return np.mean([
        2 * len(one) * len(of) / count / (len(one) + len(of))
        for one, of in zip(sets, known, strict=True)
    ])  # fmt: skip


def _over(amounts, unit):
    """Return amounts in working ranges, 0 where there is none."""
    return np.divide(amounts, unit, out=np.zeros(len(unit)), where=unit > 0)
