"""Profiles, continued: how much synapses move the whole picture, and a control."""

import numpy as np

from ensembles_lib.core import Network
from ensembles_lib.core.points import Size
from ensembles_lib.properties import geometry_share
from ensembles_lib.study.claims.wirings import FIRST


def geometry_profile(network: Network, size: Size = 128) -> dict:
    """Return how often and how much synapses do nothing but move the whole picture.

    By `geometry_share`, with its errors; a synapse that changes nothing has no share.

    Returns
    -------
    dict of str to float
        ``above_half``: synapses with a share above one half, as a part of all synapses.
        ``first_six``: mean share of synapses 0 to 5.

    Examples
    --------
    >>> found = geometry_profile(Network.random(article_wiring("strict"), seed=1), 32)
    >>> round(found["first_six"], 6)
    1.0
    """
    shares = geometry_share(network, size)
    return {
        "above_half": float(np.mean(np.nan_to_num(shares) > 0.5)),
        "first_six": float(np.nanmean(shares[FIRST])),
    }


def dealt_within_neurons(network: Network) -> Network:
    """Return a network in which each neuron's weights are dealt out anew among its synapses.

    A control: every neuron is as steep as it was, but what was learnt is gone.

    Examples
    --------
    >>> dealt = dealt_within_neurons(network)
    >>> own = network.wiring.synapses_of(4)
    >>> sorted(dealt.weights[own]) == sorted(network.weights[own])
    True
    """
    rng, weights = np.random.default_rng(0), network.weights.copy()
    for neuron in range(network.wiring.n_neurons):
        own = network.wiring.synapses_of(neuron)
        weights[own] = rng.permutation(weights[own])
    return Network(network.wiring, weights, network.provenance)
