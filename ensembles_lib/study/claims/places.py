"""Properties that mean nothing: those of the bird at random places, and random blobs.

All are read by the derivatives that the bird's own have at the start, and of moves to first order:
where a property is taken elsewhere there need be no figure to measure.
"""

import numpy as np
from numpy import median

from ...ensembles import random_bases
from ...ensembles.bases import importances, properties_moved
from ...ensembles.sensitivities import effects_and_scales
from ...properties import Property, measure_all, painted
from ..traits import SIZE, usable_ranges

BASES = ("single synapses", "within a neuron", "near neurons", "anywhere")
BLOBS = 18  # as many as the bird has properties
WIDTHS = 0.03, 0.12  # of the side: deviations of blobs, least and largest


def linear(gradient, name):
    """Return a property that reads a picture by this derivative (H, W, 3), wherever it is."""
    return Property(name, lambda pixels: (float(np.vdot(gradient, pixels)), gradient))


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


def blobs(seed: int = 0) -> list[Property]:
    """Return properties that read round spots of random places, sizes and mixtures of colours.

    Of pictures of 64×64.

    Examples
    --------
    >>> spots = blobs()
    >>> len(spots), spots[0].measure(np.zeros((64, 64, 3)))[1].shape
    (18, (64, 64, 3))
    """
    rng, spots = np.random.default_rng(seed), []
    y, x = np.indices((SIZE, SIZE)) / SIZE
    for n in range(BLOBS):
        (a, b), width = rng.random(2), rng.uniform(*WIDTHS)
        spot = np.exp(-((x - a) ** 2 + (y - b) ** 2) / (2 * width**2))
        spots.append(linear(spot[:, :, None] * rng.standard_normal(3), f"{n}"))
    return spots


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


def gaps(places, kind: str) -> np.ndarray:
    """Return how many properties more mixtures from anywhere move than those within a neuron.

    Parameters
    ----------
    places : SimpleNamespace
        What `measure_places` gave for several networks, as `open_all` of `study.evidence` has it.
    kind
        "in_place", "elsewhere" or "blobs".

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> gaps(SimpleNamespace(blobs=[[1, 2, 3, 7], [1, 3, 3, 4]]), "blobs").tolist()
    [5, 1]
    """
    rows = np.array(vars(places)[kind])
    return rows[:, BASES.index("anywhere")] - rows[:, BASES.index("within a neuron")]
