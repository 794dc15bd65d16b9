"""Ensembles that are known, in networks of hundreds of synapses, and how well they are found."""

import numpy as np

from .register import extremes


def claim_29_an_algorithm_finds_them(e, met):
    """An algorithm finds the ensembles, and recovers known ones, at full scale (5, 6)."""
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
    moves = [cell.exact_moves for cell in e.cells.values()]
    squares, purest = (
        np.concatenate([vars(of)[f"by_{way}"] for of in moves])
        for way in ("least_squares", "component")
    )
    met["told which move of the whole picture is meant: 0.9 or more in every network"] = bool(
        squares.min() >= 0.9
    )
    sets = e.small_sets
    return (
        f"F1 {small:.2f}, of networks of 7 synapses; {found} of {cases} found in three wide "
        f"networks; {len(quilts.f1)} quilts of some {np.median(quilts.synapses):.0f} synapses: F1 "
        f"{extremes(quilts.f1)}, their number right in {right:.0%}, told where patches lie "
        f"{np.median(quilts.told):.2f}; of their small sets {sets.controls_found} of "
        f"{sets.controls_asked} found, {np.mean(sets.control_own):.0%} of whose synapses are the "
        f"patch's own; of the six by share {_listed(exact)}; of exact moves by least squares 0.9 "
        f"or more in {np.sum(squares >= 0.9)} of {len(squares)} networks",
        f"random sets {chance:.2f}; of quilts {np.median(quilts.f1_chance):.2f} and "
        f"{np.median(quilts.told_chance):.2f}, own by chance "
        f"{np.mean(sets.control_own_chance):.0%}; the six by the component of most geometry "
        f"{_listed(by_component)}; exact moves by components {np.median(purest):.2f}",
    )


def _listed(numbers):
    return " and ".join(f"{number:.2f}" for number in numbers)
