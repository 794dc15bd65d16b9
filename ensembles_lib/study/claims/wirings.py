"""Beyond the article: what decides who governs the geometry of the whole picture."""

from types import SimpleNamespace

import numpy as np
from numpy import median

from ..peacock_study import BACKPROP, CELLS, DOSED, LM, PICTURES
from .register import extremes, less, values

FIRST = range(6)  # synapses of neurons 0 and 1 where no other neuron hears both coordinates
NARROW, NARROW_BACKPROP = f"narrow-{LM}-0.001", f"narrow-{BACKPROP}-0.001"
WIDE = f"wide-{LM}-0.001"


def entry_shares(evidence: SimpleNamespace, group: str | None) -> np.ndarray:
    """Return the mean share of geometry of synapses 0 to 5, of each network of a group.

    Of groups as for `register.values`.

    Examples
    --------
    >>> networks = [{"geometry": {"share": [1, 1, 1, 0, 0, 0, 0.5]}}]
    >>> entry_shares(SimpleNamespace(study={"these": networks}), "these")
    array([0.5])
    """
    return values(evidence, "geometry", "share", group)[:, FIRST].mean(axis=1)


def _falls(evidence, suffix):
    """Do medians of the share fall from each dose to the next, and narrow's exceed wide's?"""
    shares = [entry_shares(evidence, group + suffix) for group in DOSED]
    narrow, wide = (entry_shares(evidence, group + suffix) for group in (NARROW, WIDE))
    medians = [median(share) for share in shares]
    return bool((np.diff(medians) < 0).all()), narrow, wide, medians


def _there(evidence, groups):
    return all(group in evidence.study for group in groups)


def claim_34_the_wiring_decides(e, met):
    """Where coordinates enter through fewer neurons, more synapses move the whole picture (4)."""
    equal = [f"{group}-equal" for group in (*DOSED, WIDE)]
    effect = "not all doses are trained"
    falls = above = None
    if _there(e, (*DOSED, WIDE)):
        falls, narrow, wide, medians = _falls(e, "")
        above = less(wide, narrow)
        effect = "share of geometry by dose " + ", ".join(f"{m:.2f}" for m in medians)
        effect += f", wide {median(wide):.2f}; narrow above wide in {np.sum(narrow > wide)} of 8"
    met["from each dose to the next the share falls"] = falls
    met["narrow is above wide in every seed (test)"] = above
    at_one_error = None
    if _there(e, equal):
        monotone, narrow, wide, medians = _falls(e, "-equal")
        at_one_error = bool(monotone and (narrow > wide).all())
        effect += "; at one error " + ", ".join(f"{m:.2f}" for m in medians)
        effect += f", wide {median(wide):.2f} ({np.sum(narrow > wide)} of 8)"
    met["both where all stop at one error"] = at_one_error
    strict = [cell for cell in CELLS if cell.startswith("strict") and cell in e.study]
    least = [entry_shares(e, cell).min() for cell in strict]
    explained = [values(e, "geometry", "explained", cell).mean(axis=2).min() for cell in strict]
    met["exactly, where two neurons are the only entry"] = (
        bool(min(least) >= 0.999 and min(explained) >= 0.99) if strict else None
    )
    control, taken = "wide networks are not measured", None
    if WIDE in e.cells:
        start, wide = np.array(e.cells[WIDE].starts.share), entry_shares(e, WIDE)
        taken = bool((wide < start).all())
        control = f"wide starts with weights as large {extremes(start)}, trained {extremes(wide)}"
    met["wide: training takes it, below the own start as steep in every seed"] = taken
    others = [f"{picture}-{NARROW}" for picture in PICTURES]
    if _there(e, others):
        told = [f"{g.split('-')[0]} {extremes(entry_shares(e, g))}" for g in others]
        control += "; narrow, other pictures: " + ", ".join(told)
    return effect, control


def claim_35_the_trainer_decides(e, met):
    """Backprop keeps more of that than Levenberg–Marquardt, at a price in accuracy (4)."""
    if not _there(e, (NARROW, NARROW_BACKPROP)):
        return "narrow networks are not trained by both", "none"
    slow, fast = entry_shares(e, NARROW_BACKPROP), entry_shares(e, NARROW)
    error_slow, error_fast = (
        values(e, "accuracy", "rmse", group) for group in (NARROW_BACKPROP, NARROW)
    )
    met["narrow: its share is larger in 7 of 8 seeds"] = bool(np.sum(slow > fast) >= 7)
    effect = f"share {extremes(slow)} against {extremes(fast)} ({np.sum(slow > fast)} of 8)"
    stopped = [f"{group}-equal" for group in (NARROW_BACKPROP, NARROW)]
    larger = None
    if _there(e, stopped):
        at_one_error = [median(entry_shares(e, group)) for group in stopped]
        larger = bool(at_one_error[0] > at_one_error[1])
        effect += "; at one error {:.2f} against {:.2f}".format(*at_one_error)
    met["so is its median where both stop at one error"] = larger
    met["at a price: its error is larger in every seed"] = bool((error_slow > error_fast).all())
    return effect, f"error {extremes(error_slow, '.3f')} against {extremes(error_fast, '.3f')}"


def claim_37_an_order_of_emergence(e, met):
    """Ensembles emerge in an order: geometry before colour, the whole before parts (6)."""
    histories = e.emergence.get(e.cell)
    if not histories:
        return "there are no histories of this cell", "none"

    def column(name, by="orders"):
        return np.array([of[by][name] for of in histories], float)

    whole, shuffled = column("whole"), column("whole_shuffled")
    first, first_shuffled = median(column("geometry")), median(column("geometry_shuffled"))
    met["whole before part, more so than in shuffled time, in every seed (test)"] = less(
        whole, np.minimum(shuffled, 0)
    )
    met["geometry before colour, more so than in shuffled time"] = bool(
        first < min(first_shuffled, 0)
    )
    by_loadings = median(column("whole", "orders_by_loadings"))
    met["whole before part by loadings, too"] = bool(by_loadings < 0)
    agree = np.sum(whole < np.minimum(shuffled, 0))
    effect = f"rank of appearance with spread {extremes(whole)} ({agree} of {len(whole)} seeds)"
    effect += f", with geometry less colour {extremes(column('geometry'))}"
    effect += f"; by loadings with spread {by_loadings:.2f}"
    return effect, f"in shuffled time {extremes(shuffled)} and {first_shuffled:.2f}"
