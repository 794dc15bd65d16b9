"""Part one: what the network learns, and what its neurons show."""

import numpy as np
from numpy import median

from ..peacock_study import METHODS
from .register import CONTROLS, LATE, MEANINGFUL, extremes, most, values

FOLLOWS = 0.8  # correlation with the mask of an element


def claim_1_it_paints(e, met):
    """37 neurons and 460 synapses, given (x, y), learn to paint a recognisable peacock (1)."""
    error, thumbnail = values(e, "accuracy", "rmse"), e.drawing.thumbnail
    untrained, scaled = (median(values(e, "accuracy", "rmse", g)) for g in CONTROLS)
    met["every seed beats a thumbnail of as many numbers"] = error.max() < thumbnail
    effect = f"RMSE {extremes(error, '.3f')}"
    return effect, (
        f"thumbnail {thumbnail:.3f}, untrained {untrained:.2f}, with weights as large {scaled:.2f}"
    )


def claim_2_backprop_suffices(e, met):
    """Mini-batch backprop with energy restriction suffices; better methods hardly help (1, 7)."""
    wiring, *_, restriction = e.cell.split("-")
    best, error = (values(e, "accuracy", "rmse", f"{wiring}-{m}-{restriction}") for m in METHODS)
    gain = 1 - median(best) / median(error)
    met["backprop beats the thumbnail from every seed"] = error.max() < e.drawing.thumbnail
    met["a better method, here one of 1963, is less than 10 % better"] = gain < 0.1
    effect = f"Levenberg–Marquardt's error is {gain:.0%} lower"
    return effect, f"same seeds: {extremes(error, '.3f')} and {extremes(best, '.3f')}"


def claim_3_some_late_neurons_look_meaningful(e, met):
    """Some late neurons show parts of the picture; others gather where colour spots are (1)."""
    meaningful, untrained, scaled = (
        np.sum(values(e, "maps", "explained", g)[:, -LATE:] > MEANINGFUL, axis=1)
        for g in (None, *CONTROLS)
    )
    turned = values(e, "maps", "turned") > MEANINGFUL
    met["each network has a meaningful late neuron"] = meaningful.min() > 0
    met["and a late one that is not"] = meaningful.max() < LATE
    met["a turned drawing makes fewer than 1 in 20 meaningful"] = turned.mean() < 0.05
    met["the median network has more than any untrained one with weights as large"] = (
        median(meaningful) > scaled.max()
    )
    # That a map is not meaningful does not say what it gathers: no measure asks for colour spots.
    met["those that are not gather where colour spots are"] = None
    return (
        f"meaningful {extremes(meaningful, '.0f')} of {LATE} late neurons",
        f"by the drawing turned {turned.sum()} of {turned.size} hidden ones; untrained "
        f"{extremes(untrained, '.0f')} late ones, with weights as large {extremes(scaled, '.0f')}",
    )


def claim_4_what_excites_tells_little(e, met):
    """What excites a neuron most is a poor guide to its meaning (1)."""
    elsewhere, differs = e.maps.loudest_moves, max(e.maps.twin_differs)
    met["a neuron turned inside out paints the same (a theorem: tanh is odd)"] = differs < 1e-9
    met["and is loudest in another part"] = most(elsewhere)
    effect = f"loudest elsewhere in {sum(elsewhere)} of {len(elsewhere)} networks"
    return effect, f"pictures differ by {differs:.1g}"


def claim_5_more_elements_than_neurons(e, met):
    """The picture has more elements than neurons, which cannot describe one each (1)."""
    drawing, maps = e.drawing, e.maps
    told, elements = np.sum(np.array(drawing.told) > FOLLOWS), drawing.elements
    # What the measure misses in the drawing itself it cannot miss in neurons.
    able = told > elements / 2
    few = max(maps.followed) < told / 4
    met["of what the measure finds in the drawing, few elements have a neuron"] = (
        few if able else None
    )
    names = sorted({name for names in maps.followed_names for name in names})
    return (
        f"{elements} elements, {max(maps.hidden)} hidden neurons; "
        f"{extremes(maps.followed, '.0f')} followed: {', '.join(names) or 'none'}",
        f"the measure finds {told} of {elements} in the drawing's own colours: "
        + ("enough to judge by" if able else "it cannot tell what neurons lack"),
    )
