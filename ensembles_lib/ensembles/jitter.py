"""Robustness: what one fixed move does after the rest of the network has changed a little."""

from typing import NamedTuple

import numpy as np

from ..core.network import Network
from .members import check_synapses
from .sensitivities import leak
from .start import check_amount, start_of


class Robustness(NamedTuple):
    """Gain and leak of a fixed move against the size of the jitter around it.

    Attributes
    ----------
    etas : (E,) array
        Sizes of the jitter, in working ranges, ascending from 0.
    gains, leaks : (E, draws) arrays
        Real effect over that in the network as it is, and what leaked; NaN and infinite where it
        could not be measured.

    Examples
    --------
    >>> gains, leaks = np.ones((2, 2)), np.array([[0.1, 0.1], [0.2, 0.4]])
    >>> round(Robustness(np.array([0.0, 0.1]), gains, leaks).eta_half, 6)
    0.05
    """

    etas: np.ndarray
    gains: np.ndarray
    leaks: np.ndarray

    @property
    def eta_half(self):
        """Size of jitter, interpolated, at which the median leak has doubled, or infinity."""
        median, level = np.median(self.leaks, axis=1), 2 * self.leaks[0, 0]
        beyond = np.flatnonzero(median >= level)
        if not len(beyond):
            return np.inf
        i = beyond[0]
        if i == 0 or not np.isfinite(median[i]):
            return float(self.etas[i])
        part = (level - median[i - 1]) / (median[i] - median[i - 1])
        return float(self.etas[i - 1] + part * (self.etas[i] - self.etas[i - 1]))


def robustness(
    network: Network, properties, which, change, etas, *, jittered=None, draws=20, seed=0, **options
) -> Robustness:
    """Return gain and leak of one fixed change of weights in jittered surroundings.

    Parameters
    ----------
    properties, which, **options
        As in `coordinated_move`: size, and half, of which an unbounded one is not jittered.
    change : (S,) array
        Not all 0; added to the weights as it is, without any correction.
    etas : sequence of float
        Each jittered weight moves by η R_k times a normal number, the same at every η; 0 is added.
    jittered : sequence of int, optional
        Unless given, the synapses that the change leaves alone; all, if it leaves none alone.
    draws, seed
        Of the normal numbers.

    Examples
    --------
    >>> red = colour_property(np.ones((8, 8), bool), (1, 0, 0), "red")
    >>> change = 0.1 * np.eye(network.wiring.n_synapses)[12]
    >>> jitter = robustness(network, [red], "red", change, etas=[0.1], draws=3, size=8)
    >>> jitter.gains.shape, jitter.gains[0].round(6)
    ((2, 3), array([1., 1., 1.]))
    """
    n_synapses, change = network.wiring.n_synapses, np.asarray(change, float)
    if change.shape != (n_synapses,) or not np.isfinite(change).all() or not change.any():
        raise ValueError(
            f"a change of shape {change.shape}: give ({n_synapses},) finite numbers, not all 0"
        )
    etas = np.unique([0.0, *(check_amount(eta) for eta in etas)])
    if etas[0] < 0 or draws < 1:
        raise ValueError(f"etas {etas} and {draws} draws: give sizes from 0 and at least 1 draw")
    start = start_of(network, properties, which, **options)
    which, measured = start.which, start.measured
    if jittered is None and not change.all():
        jittered = np.flatnonzero(change == 0)
    others = np.isin(np.arange(n_synapses), check_synapses(jittered, n_synapses))
    noise = np.random.default_rng(seed).standard_normal((draws, n_synapses)) * start.unit * others

    def effects(weights):
        return (measured.or_nan(weights + change) - measured.or_nan(weights)) / start.scales

    still = effects(network.weights)
    if not abs(still[which]) > 0:
        raise ValueError(f"the change does not move {measured.names[which]!r}: nothing to compare")
    moved = [[effects(network.weights + eta * draw) for draw in noise] for eta in etas[1:]]
    done = np.moveaxis(np.array([[still] * draws, *moved]), -1, 0)
    leaks = leak(done, which)
    return Robustness(etas, done[which] / still[which], np.where(np.isnan(leaks), np.inf, leaks))
