"""What neurons show of the drawing, and what its own colours would show."""

import numpy as np
from numpy import median

from ensembles_lib.core import Network, rmse
from ensembles_lib.properties import region_correlations, variance_explained
from ensembles_lib.study.claims.pictures import FOLLOWS
from ensembles_lib.study.peacock_study import FINE


def measure_drawing(drawing):
    """Trial 1: a thumbnail of the drawing, and which elements can be told by its own colours.

    The best mixture of red, green and blue for each element, of the drawing itself: a map that
    knows all colours of the picture to the letter.
    """
    thumbnail = rmse(drawing.fine.resized((12, 13)).resized((FINE, FINE)), drawing.fine)
    seen = np.column_stack([np.ones(FINE * FINE), drawing.fine.pixels.reshape(-1, 3)])
    masks = drawing.fine_elements.reshape(-1, 1) == np.arange(len(drawing.names))
    best = seen @ np.linalg.lstsq(seen, masks.astype(float), rcond=None)[0]
    told = [np.corrcoef(mask, map_)[0, 1] for mask, map_ in zip(masks.T, best.T, strict=True)]
    found = [name for name, r in zip(drawing.names, told, strict=True) if r > FOLLOWS]
    return dict(thumbnail=thumbnail, elements=len(drawing.names), told=told, told_names=found)


def measure_maps(network, drawing):
    """Trial 1, for one network: mirrored neurons, elements without a neuron."""
    return _mirrored(network, drawing) | _followed(network, drawing)


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
    names = [drawing.names[k] for k in np.flatnonzero(close > FOLLOWS)]
    followed = dict(followed=len(names), followed_names=names, hidden=len(maps))
    return dict(closest=median(close), closest_turned=median(turned), **followed)
