"""How many properties mixtures move: the bird's own, the same at random places, and blobs.

All are read by the derivatives that the bird's own have at the start, and of moves to first order:
where a property is taken elsewhere there need be no figure to measure.
"""

import numpy as np
from numpy import median

from ensembles_lib.ensembles import random_bases
from ensembles_lib.ensembles.bases import importances, properties_moved
from ensembles_lib.ensembles.sensitivities import effects_and_scales
from ensembles_lib.properties import measure_all, painted
from ensembles_lib.study.claims.places import BASES, blobs, linear
from ensembles_lib.study.peacock_study import SIZE

from .traits import usable_ranges


def in_place(properties, picture):
    """Return properties as they read small changes of this picture."""
    return [linear(g, f"{n}") for n, g in enumerate(measure_all(properties, picture)[1])]


def elsewhere(properties, picture, seed=0):
    """Return them shifted round the picture and turned by quarters, each at random."""
    rng, moved = np.random.default_rng(seed), []
    for n, gradient in enumerate(measure_all(properties, picture)[1]):
        turned = np.rot90(gradient, rng.integers(4))
        moved.append(linear(np.roll(turned, rng.integers(SIZE, size=2), (0, 1)), f"{n}"))
    return moved


def measure_places(network, drawing):
    """How many properties the directions of `BASES` move: the bird's own, elsewhere, and blobs."""
    properties, picture = drawing.properties(), network.paint(SIZE)
    kinds = {
        "in_place": in_place(properties, picture),
        "elsewhere": elsewhere(properties, picture),
        "blobs": blobs(),
    }
    return {kind: _moved(network, kind_of) for kind, kind_of in kinds.items()}


def _moved(network, properties):
    """Return how many properties the directions of each basis move, medians over draws."""
    half, measured = usable_ranges(network), painted(network, properties, SIZE)
    effects, _ = effects_and_scales(measured.slopes(network.weights)[1], half)
    drawn = random_bases(network.wiring, half)
    scores = [median(_scores(effects.T[half > 0]))]
    for basis in BASES[1:]:
        scores.append(
            median([_scores(z @ (effects / np.maximum(half, 1e-30)).T) for z in drawn[basis]])
        )
    return scores


def _scores(effects):
    """Return how many properties directions move, of standardised effects (n, A)."""
    return properties_moved(importances(effects[:, None]))[0]
