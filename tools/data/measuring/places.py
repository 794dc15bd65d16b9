"""How many properties mixtures move: the bird's own, the same at random places, and blobs.

All are read by the derivatives that the bird's own have at the start, and of moves to first order:
where a property is taken elsewhere there need be no figure to measure.
"""

import numpy as np

from ensembles_lib.properties import measure_all
from ensembles_lib.study.claims.places import blobs, linear, moved_by_bases
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
    half = usable_ranges(network)
    return {kind: moved_by_bases(network, of, half) for kind, of in kinds.items()}
