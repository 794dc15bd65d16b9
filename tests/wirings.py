"""Wirings that tests run on: the article's, a layered one, and one with every awkwardness."""

import numpy as np

from ensembles_lib import Network, Property, Wiring, article_wiring, layered_wiring
from ensembles_lib.core.activations import ACTIVATIONS

# Gaps between sources, and outputs that hear each other.
ODD = Wiring(
    [[0, 2], [1, 2], [2, 3], [0, 3, 5], [1, 4, 6], [2, 3, 7], [4, 8]], n_inputs=3, n_outputs=3
)
WIRINGS = {"article": article_wiring(), "layered": layered_wiring((2, 7, 5, 3)), "odd": ODD}
ONE_LAYER = Wiring([[0, 1, 2]] * 3, n_inputs=3, n_outputs=3)
SMALL = Network.random(layered_wiring((2, 5, 4, 3)), seed=1)
DEEP = Network.random(article_wiring(), seed=4)
KINDS = list(ACTIVATIONS)


def linear_property(name, weights):
    """Return a property that reads a weighted sum of all pixels."""
    return Property(name, lambda pixels: (float(np.vdot(weights, pixels)), weights.copy()))


def mixed(colours="signed", seed=0, n_inputs=4, kinds=KINDS):
    """Return a network in which neurons of all kinds hear each other."""
    n_neurons = len(kinds) + 3
    last = [n_neurons - 3, n_neurons - 2, n_neurons - 1]
    sources = [
        [*range(n_inputs), *range(max(n_inputs, n_inputs + j - 4), n_inputs + j)]
        if j not in last
        else [*range(1, n_inputs), *range(n_inputs + 1, n_inputs + n_neurons - 3, 2)]
        for j in range(n_neurons)
    ]
    wiring = Wiring(sources, n_inputs, 3, [*kinds, "sine", "bipolar sigmoid", "tanh"], colours)
    return Network.random(wiring, seed=seed, gain=1.0)
