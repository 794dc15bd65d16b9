"""Part one: what the network learns, and what its neurons show."""

import numpy as np
from numpy import median

from ...core import Network, rmse
from ...properties import region_correlations, variance_explained
from ..peacock_study import RECIPES
from ..traits import FINE
from .register import LATE, MAIN, MEANINGFUL, extremes, values


def measure_pictures(networks, drawing):
    """Notebook 01: controls of accuracy, mirrored neurons, elements without a neuron."""
    thumbnail = rmse(drawing.fine.resized((12, 13)).resized((FINE, FINE)), drawing.fine)
    rows = [_mirrored(network, drawing) | _followed(network, drawing) for network in networks]
    of_each = {name: [row[name] for row in rows] for name in rows[0]}
    return dict(thumbnail=thumbnail, elements=len(drawing.names), **of_each)


def _mirrored(network, drawing):
    """Turn the neuron that matches the parts best inside out: what changes?"""
    wiring, maps, parts = network.wiring, network.activations(FINE), drawing.parts()
    best = int(variance_explained(maps[: wiring.outputs.start], parts).argmax())
    weights = network.weights.copy()
    weights[wiring.target == best] *= -1
    weights[wiring.source == wiring.n_inputs + best] *= -1
    twin = Network(wiring, weights)
    tops = [np.argsort(one.flat)[-1000:] for one in (maps[best], twin.activations(FINE)[best])]
    loudest, loudest_of_twin = (np.bincount(parts.flat[top]).argmax() for top in tops)
    differs = rmse(twin.paint(FINE), network.paint(FINE))
    return dict(twin_differs=differs, loudest_moves=bool(loudest != loudest_of_twin))


def _followed(network, drawing):
    """Correlate the elements of the drawing with the neurons that follow them most closely."""
    maps = network.activations(FINE)[: network.wiring.outputs.start]
    both = drawing.fine_elements, np.rot90(drawing.fine_elements)
    close, turned = (np.abs(region_correlations(maps, one)).max(axis=0) for one in both)
    names = [drawing.names[k] for k in np.flatnonzero(close > 0.8)]
    followed = dict(followed=len(names), followed_names=names, hidden=len(maps))
    return dict(closest=median(close), closest_turned=median(turned), **followed)


def claim_1_it_paints(e, met):
    """37 neurons and 460 synapses, given (x, y), learn to paint a recognisable peacock (01)."""
    error, thumbnail = values(e, "accuracy", "rmse"), e.pictures.thumbnail
    untrained = median(values(e, "accuracy", "rmse", "untrained"))
    met["every seed beats a thumbnail of as many numbers"] = error.max() < thumbnail
    effect = f"RMSE {extremes(error, '.3f')}"
    return effect, f"thumbnail {thumbnail:.3f}, untrained {untrained:.2f}"


def claim_2_backprop_suffices(e, met):
    """Mini-batch backprop with energy restriction suffices; better methods hardly help (01, 06)."""
    error, best = (values(e, "accuracy", "rmse", group) for group in (RECIPES[2], MAIN))
    gain = 1 - median(best) / median(error)
    met["backprop beats the thumbnail from every seed"] = error.max() < e.pictures.thumbnail
    met["the other trainer is less than 10 % better"] = gain < 0.1
    effect = f"Levenberg–Marquardt's error is {gain:.0%} lower"
    return effect, f"same seeds: {extremes(error, '.3f')} and {extremes(best, '.3f')}"


def claim_3_some_late_neurons_look_meaningful(e, met):
    """Some late neurons look like parts of the picture, others like a cacophony (01)."""
    meaningful = np.sum(values(e, "maps", "explained")[:, -LATE:] > MEANINGFUL, axis=1)
    turned = values(e, "maps", "turned") > MEANINGFUL
    untrained = values(e, "maps", "explained", "untrained") > MEANINGFUL
    met["each network has a meaningful late neuron"] = meaningful.min() > 0
    met["and one that is not"] = meaningful.max() < LATE
    met["a turned drawing makes fewer than 1 in 20 meaningful"] = turned.mean() < 0.05
    return (
        f"meaningful {extremes(meaningful, '.0f')} of {LATE} late neurons",
        f"by the drawing turned {turned.sum()} of {turned.size} hidden ones, untrained "
        f"{untrained.sum()} of {untrained.size}",
    )


def claim_4_what_excites_tells_little(e, met):
    """What excites a neuron most is a poor guide to its meaning (01)."""
    elsewhere, differs = e.pictures.loudest_moves, max(e.pictures.twin_differs)
    met["a neuron turned inside out paints the same"] = differs < 1e-9
    met["and is loudest in another part"] = sum(elsewhere) > len(elsewhere) / 2
    effect = f"loudest elsewhere in {sum(elsewhere)} of {len(elsewhere)} networks"
    return effect, f"pictures differ by {differs:.1g}"


def claim_5_more_elements_than_neurons(e, met):
    """The picture has more elements than the network has neurons to give them (01)."""
    pictures, hidden = e.pictures, max(e.pictures.hidden)
    met["more elements than neurons"] = pictures.elements > hidden
    met["few have a neuron of their own"] = max(pictures.followed) < 0.25 * pictures.elements
    names = sorted({name for names in pictures.followed_names for name in names})
    closest, turned = median(pictures.closest), median(pictures.closest_turned)
    return (
        f"{pictures.elements} shapes, {hidden} hidden neurons; "
        f"{extremes(pictures.followed, '.0f')} followed: {', '.join(names)}",
        f"correlation {closest:.2f}, turned drawing {turned:.2f}",
    )
