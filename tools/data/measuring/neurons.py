"""Late neurons beside mixtures of neurons: which look more meaningful?"""

import numpy as np
from numpy import median

from ensembles_lib.core import Network
from ensembles_lib.ensembles import late_neurons, mixed_maps
from ensembles_lib.properties import region_correlations, variance_explained


def measure_mixtures(network, drawing):
    """Score late neurons and mixtures of them: medians."""
    scores = compare_mixtures(network, drawing.parts())
    kinds = ("", "_mixed", "_far")
    names = [score + kind for score in ("correlation", "explained") for kind in kinds]
    return {name: median(scores[name]) for name in names}


def map_scores(maps, numbers):
    """Return how meaningful maps (N, H, W) look beside regions (H, W), a dict of (N,) arrays.

    ``correlation``, the largest |correlation| with the mask of one region; ``explained``, the
    share of variance between regions.
    """
    of_region = np.abs(region_correlations(maps, numbers)).max(axis=1)
    return {"correlation": of_region, "explained": variance_explained(maps, numbers)}


def compare_mixtures(network: Network, numbers: np.ndarray, draws=10, seed=0) -> dict:
    """Score late neurons against random mixtures of them, and of all hidden neurons.

    By the numbers (H, W) of regions, at the size that the maps are taken at. Returns, for each
    score of `map_scores`: ``<score>`` (n,) of the neurons, ``<score>_mixed`` (draws, n) of mixtures
    of them, ``<score>_far`` (draws, n) of mixtures of all hidden neurons.
    """
    neurons, maps = late_neurons(network.wiring), network.activations(numbers.shape)
    report = map_scores(maps[neurons], numbers)
    groups = {"mixed": maps[neurons], "far": maps[: network.wiring.outputs.start]}
    for rank, (kind, sources) in enumerate(groups.items()):
        mixed, _ = mixed_maps(sources, draws * len(neurons), [seed, rank])
        for name, values in map_scores(mixed, numbers).items():
            report[f"{name}_{kind}"] = values.reshape(draws, -1)
    return report
