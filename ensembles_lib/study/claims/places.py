"""Properties that mean nothing, as a control: those of the bird at random places, and blobs."""

from types import SimpleNamespace

import numpy as np

from ...core import Network
from ...ensembles import random_bases, selectivity, units
from ...ensembles.sensitivities import effects_and_scales
from ...properties import Property, painted
from ..peacock_study import SIZE

BASES = ("single synapses", "within a neuron", "near neurons", "anywhere")
PLACES = "in_place", "elsewhere", "blobs"  # of properties: the bird's own, and two controls
BLOBS = 18  # as many as the bird has properties
WIDTHS = 0.03, 0.12  # of the side: deviations of blobs, least and largest


def linear(gradient: np.ndarray, name: str) -> Property:
    """Return a property that reads a picture by this derivative (H, W, 3), wherever it is.

    Examples
    --------
    >>> linear(np.ones((2, 2, 3)), "total").measure(np.full((2, 2, 3), 0.5))[0]
    6.0
    """
    return Property(name, lambda pixels: (float(np.vdot(gradient, pixels)), gradient))


def blobs(seed: int = 0) -> list[Property]:
    """Return properties that read round spots of random places, sizes and mixtures of colours.

    Of pictures of 64×64.

    Examples
    --------
    >>> len(blobs())
    18
    """
    rng, spots = np.random.default_rng(seed), []
    y, x = np.indices((SIZE, SIZE)) / SIZE
    for n in range(BLOBS):
        (a, b), width = rng.random(2), rng.uniform(*WIDTHS)
        spot = np.exp(-((x - a) ** 2 + (y - b) ** 2) / (2 * width**2))
        spots.append(linear(spot[:, :, None] * rng.standard_normal(3), f"{n}"))
    return spots


def moved_by_bases(network: Network, properties: list[Property], half: np.ndarray) -> list[float]:
    """Return how many of some properties tiny moves along each of `BASES` move, in the middle.

    A number each: of single synapses the median, of mixtures that of 240 random ones. Of working
    ranges (S,) and properties of pictures of 64×64.

    Examples
    --------
    >>> bird = samples.peacock_network()
    >>> np.round(moved_by_bases(bird, blobs(), working_ranges(bird, 64).usable), 1).tolist()
    [3.6, 3.9, 4.9, 9.7]
    """
    by_synapse = painted(network, properties, SIZE).slopes(network.weights)[1]
    effects, unit = effects_and_scales(by_synapse, half)[0], units(half)
    drawn = random_bases(network.wiring, half)
    steps = [np.eye(len(unit))[None, unit > 0]]  # draws of directions, in working ranges
    steps += [drawn[basis] / np.maximum(unit, 1e-30) for basis in BASES[1:]]
    scores = [[np.nanmedian(selectivity(effects @ draw.T)) for draw in draws] for draws in steps]
    return [float(np.median(of_draws)) for of_draws in scores]


def gaps(places: SimpleNamespace, kind: str) -> np.ndarray:
    """Return how many properties more mixtures from anywhere move than those within a neuron.

    Of what was measured of the places of several networks (see `open_all` of `study.evidence`); of
    a kind, one of `PLACES`.

    Examples
    --------
    >>> gaps(SimpleNamespace(blobs=[[1, 2, 3, 7], [1, 3, 3, 4]]), "blobs").tolist()
    [5, 1]
    """
    _, within, _, anywhere = np.transpose(vars(places)[kind])
    return anywhere - within
