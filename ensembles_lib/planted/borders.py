"""Borders on a line: where an output switches, what holds each border, networks that learn them.

For networks that hear x and the constant 1 and answer with one number, the signal, on the line
from -1 to 1. A border is a place where the signal crosses 0. Borders are counted from the left:
border 1 is the first. (Synapses and neurons keep the numbers of the wiring, from 0.)
"""

from collections.abc import Sequence

import numpy as np
from scipy.optimize import least_squares

from ..core import Network
from ..core.passes import forward, output_signals, respond, weight_matrix
from ..sweeps.ranges import EPSILON

SCAN = 1001  # points: borders closer than two of its steps are taken for none
POINTS = 200  # of the line, for learning and for working ranges
LEARNT_SIGNAL = 0.9  # what is taught between borders: tanh never gets to 1
ENERGY_RESTRICTION = 1e-3  # weight of the mean squared weight beside the mean squared error


def on_line(x):
    """Return the inputs x and 1 for places on a line, (2, P)."""
    return np.stack([x, np.ones_like(x, float)])


def line(points: int) -> np.ndarray:
    """Return the inputs x and 1 for evenly spaced points from -1 to 1, (2, P).

    Examples
    --------
    >>> line(3).tolist()
    [[-1.0, 0.0, 1.0], [1.0, 1.0, 1.0]]
    """
    return on_line(np.linspace(-1, 1, points))


def _check_line(network):
    """Return the wiring of a network from x and 1 to one output, or raise a ValueError."""
    wiring = network.wiring
    if (wiring.n_inputs, wiring.n_outputs) != (2, 1):
        raise ValueError(
            f"this network has {wiring.n_inputs} inputs and {wiring.n_outputs} outputs: borders "
            "on a line need the inputs x and 1, and one output"
        )
    return wiring


def find_borders(network: Network) -> np.ndarray:
    """Return the places where the signal crosses 0, ascending, (B,).

    Correct to about 1e-12. Two borders less than 0.002 apart may be missed; a place that the
    signal touches without crossing is none. ValueError unless inputs are x and 1, with one output.

    Examples
    --------
    >>> find_borders(Network(Wiring([[0, 1]], 2, 1), [4.0, -1.0]))
    array([0.25])
    """
    wiring, scan = _check_line(network), line(SCAN)
    on = respond(wiring, network.weights, scan)[0] > 0
    crossed = np.flatnonzero(on[1:] != on[:-1])
    left, width = scan[0, crossed], 2 / (SCAN - 1)
    for _ in range(12):  # 16**12 parts of a step: as exact as numbers are
        width /= 16
        x = left + width * np.arange(1, 16)[:, None]
        signal = respond(wiring, network.weights, on_line(x.ravel()))[0].reshape(x.shape)
        before = np.logical_and.accumulate((signal > 0) == on[crossed])
        left = left + width * before.sum(axis=0)
    return left + width / 2


def signal_at(network, x):
    """Return the signal at places x, its slope along x, and its derivatives by the weights."""
    wiring = network.wiring
    matrix = weight_matrix(wiring, network.weights)
    sent = forward(wiring, matrix, on_line(x))
    by_neuron = output_signals(wiring, matrix, sent)[0]
    # x reaches the signal through its own synapses only: the chain rule over them.
    slope = matrix[:, 0] @ by_neuron
    return sent[-1], slope, by_neuron[wiring.target] * sent[wiring.source]


def border_sensitivities(network: Network, borders: np.ndarray) -> np.ndarray:
    """Return how far each border moves per unit of each weight, exactly, (B, S).

    At a border I(x, w) is constant, so dx/dw = -(∂I/∂w) / (∂I/∂x): the implicit function theorem
    (Krantz & Parks 2013, *The Implicit Function Theorem*, chapter 1). ValueError where there is
    no border.

    Examples
    --------
    >>> border_sensitivities(Network(Wiring([[0, 1]], 2, 1), [4.0, -1.0]), [0.25])
    array([[-0.0625, -0.25  ]])
    """
    borders = np.asarray(borders, float)
    signal, slope, by_weight = signal_at(network, borders)
    off = ~(np.abs(signal) < 1e-6)
    if off.any():
        there = ", ".join(f"{x:.4g}" for x in find_borders(network)) or "no place"
        raise ValueError(f"there is no border at {borders[off][0]:.6g}: they are at {there}")
    return -(by_weight / slope).T


def signal_ranges(network: Network) -> np.ndarray:
    """Return by how much each weight may move until the signal has changed by 0.05, (S,), linearly.

    Root mean square over the line. A weight without effect gets infinity.

    Examples
    --------
    >>> signal_ranges(Network(Wiring([[0, 1]], 2, 1), [4.0, -1.0])).round(3)
    array([0.427, 0.123])
    """
    _check_line(network)
    _, _, by_weight = signal_at(network, line(POINTS + 1)[0])
    with np.errstate(divide="ignore"):
        return EPSILON / np.sqrt(np.mean(by_weight**2, axis=1))


def neuron_shares(network: Network, borders: np.ndarray) -> np.ndarray:
    """Return how much each neuron's own synapses have in the motion of each border, (B, N).

    Shares of the squared effects within a working range; each row adds up to 1.

    Examples
    --------
    >>> from ensembles_lib.planted import two_regions
    >>> regions = two_regions().network
    >>> neuron_shares(regions, find_borders(regions))[0].round(2)
    array([0.73, 0.1 , 0.  , 0.17])
    """
    effects = border_sensitivities(network, borders) * signal_ranges(network)
    of_neurons = effects**2 @ np.eye(network.wiring.n_neurons)[network.wiring.target]
    return of_neurons / of_neurons.sum(axis=1, keepdims=True)


def borders_with_own_neuron(network: Network) -> tuple[int, ...]:
    """Return the borders whose strongest hidden neuron is the strongest of no other border.

    Strongest is the one of the largest share, see `neuron_shares`.

    Examples
    --------
    >>> from ensembles_lib.planted import four_neurons
    >>> borders_with_own_neuron(four_neurons().network)
    (1, 3)
    """
    shares = neuron_shares(network, find_borders(network))
    shares[:, network.wiring.outputs] = 0
    strongest = shares.argmax(axis=1).tolist()
    return tuple(n for n, neuron in enumerate(strongest, 1) if strongest.count(neuron) == 1)


def learn_borders(network: Network, borders: Sequence[float]) -> Network:
    """Teach a network to switch between off and on at the given borders, and return it.

    The signal is taught to be -0.9 before the first border, and to change its sign at each. Least
    squares by a trust-region method (Branch, Coleman & Li 1999, SIAM J. Sci. Comput. 21, 1), whose
    short first steps matter: undamped ones throw the weights so far that rounding decides where
    they land.

    Examples
    --------
    >>> start = Network.random(cascade_wiring([2, 2, 4], n_inputs=2, n_outputs=1), seed=2)
    >>> find_borders(learn_borders(start, [-0.4, 0.5])).round(1)
    array([-0.4,  0.5])
    """
    wiring, n = _check_line(network), network.wiring.n_synapses
    x = (np.arange(POINTS) + 0.5) * 2 / POINTS - 1  # the middles of equal stretches
    target = LEARNT_SIGNAL * (2.0 * (np.searchsorted(borders, x) % 2) - 1)
    pull = np.sqrt(ENERGY_RESTRICTION * POINTS / n)

    def errors(weights):
        signal = respond(wiring, weights, on_line(x))[0]
        return np.concatenate([signal - target, pull * weights])

    def slopes(weights):
        by_weight = signal_at(Network(wiring, weights), x)[2]
        return np.concatenate([by_weight.T, pull * np.eye(n)])

    exact = {"xtol": 1e-12, "ftol": 1e-12, "gtol": 1e-12}
    fit = least_squares(errors, network.weights, slopes, max_nfev=5000, **exact)
    return Network(wiring, fit.x)
