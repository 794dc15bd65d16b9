"""Trials with borders on a line: networks that learn them, moves in changed surroundings."""

import numpy as np
from scipy.optimize import least_squares

from ..core.network import Network
from ..core.passes import respond
from .borders import check_border, check_line, find_borders, line, signal_at


def learn_borders(network, borders, sharpness=0.9, energy_restriction=1e-3, points=200):
    """Teach a network to switch between off and on at the given borders.

    Least squares by a trust-region method (Branch, Coleman & Li 1999, SIAM J. Sci. Comput. 21,
    1) with exact derivatives. Its short first steps matter: undamped ones throw the weights so
    far that rounding decides where they land.

    Parameters
    ----------
    network : Network
        The start; it stays as it is.
    borders : sequence of float
        Ascending. The signal is taught to be -`sharpness` before the first, and to change its
        sign at each.
    sharpness : float
        Below 1.
    energy_restriction : float
        Weight of the mean squared weight beside the mean squared error.
    points : int

    Returns
    -------
    Network

    Examples
    --------
    >>> from ensembles_lib.planted import find_borders
    >>> start = Network.random(cascade_wiring([2, 2, 4], n_inputs=2, n_outputs=1), seed=2)
    >>> learnt = learn_borders(start, [-0.4, 0.5])
    >>> np.round(find_borders(learnt), 1)
    array([-0.4,  0.5])
    """
    check_line(network)
    half, n = 1 / points, network.wiring.n_synapses
    inputs = line(points, (half - 1, 1 - half))  # the middles of equal stretches
    target = sharpness * (2.0 * (np.searchsorted(borders, inputs[0]) % 2) - 1)
    pull = np.sqrt(energy_restriction * points / n)

    def errors(weights):
        signal = respond(network.wiring, weights, inputs)[0]
        return np.concatenate([signal - target, pull * weights])

    def slopes(weights):
        by_weight = signal_at(Network(network.wiring, weights), inputs[0])[2]
        return np.concatenate([by_weight.T, pull * np.eye(n)])

    exact = {"xtol": 1e-12, "ftol": 1e-12, "gtol": 1e-12}
    fit = least_squares(errors, network.weights, slopes, max_nfev=5000, **exact)
    return Network(network.wiring, fit.x)


def frozen_move(network, change, border, amount, eta, synapses=None, draws=200, seed=0):
    """Return gain and leak of one fixed change of weights in many jittered networks.

    Parameters
    ----------
    network : Network
    change : (S,) array, or (draws, S) for one of its own per draw
        Added to the weights as it is, without any correction.
    border : int
        The one that is meant to move, by `amount`: a gain of 1.
    eta : float
        Deviation of the jitter: each weight is multiplied by 1 + eta times a normal number.
    synapses : sequence of int, optional
        Those that are jittered; all unless given.

    Returns
    -------
    gain, leak : (draws,) arrays
        NaN and infinite where the jitter or the move changed the number of borders.

    Examples
    --------
    >>> from ensembles_lib.planted.comparators import two_regions
    >>> network = two_regions().network
    >>> change = np.zeros(network.wiring.n_synapses)
    >>> change[1] = 0.1 * network.weights[0]  # the bias of the neuron that holds border 1
    >>> gain, leak = frozen_move(network, change, border=1, amount=-0.1, eta=0.0, draws=1)
    >>> gain.round(2), leak.round(2)
    (array([0.94]), array([0.]))
    """
    wiring, rng = network.wiring, np.random.default_rng(seed)
    n_borders = len(find_borders(network))
    row = check_border(border, range(n_borders)) - 1
    every = range(wiring.n_synapses) if synapses is None else synapses
    jittered = [wiring.check_synapse(synapse) for synapse in every]
    motions = np.full((draws, n_borders), np.nan)
    for draw, step in enumerate(np.broadcast_to(change, (draws, wiring.n_synapses))):
        weights = network.weights.copy()
        weights[jittered] *= 1 + eta * rng.standard_normal(len(jittered))
        before, after = (find_borders(Network(wiring, w)) for w in (weights, weights + step))
        if len(before) == len(after) == n_borders:
            motions[draw] = after - before
    own = motions[:, row]
    others = np.linalg.norm(np.delete(motions, row, axis=1), axis=1)
    with np.errstate(divide="ignore", invalid="ignore"):
        return own / amount, np.where(np.isnan(own), np.inf, others / np.abs(own))
