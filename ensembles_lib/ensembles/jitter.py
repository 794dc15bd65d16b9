"""Robustness: what one fixed move does after the rest of the network has changed a little."""

from typing import NamedTuple

import numpy as np

from ..properties.measurements import as_measurement
from .sensitivities import effects_and_scales, leak, linear_ranges, units
from .steps import check_amount


class Robustness(NamedTuple):
    """Gain and leak of a fixed move against the size of the jitter around it.

    Attributes
    ----------
    etas : (E,) array
        Sizes of the jitter, in working ranges, ascending from 0.
    gains : (E, draws) array
        Real effect over that in the network as it is; NaN where it could not be measured.
    leaks : (E, draws) array
        Infinite where it could not be measured.

    Examples
    --------
    >>> gains = np.array([[1.0, 1.0], [0.9, 1.2]])
    >>> Robustness(np.array([0.0, 0.1]), gains, np.array([[0.1, 0.1], [0.1, 0.3]]))
    Robustness(etas=array([0. , 0.1]), gains=array([[1. , 1. ],
           [0.9, 1.2]]), leaks=array([[0.1, 0.1],
           [0.1, 0.3]]))
    """

    etas: np.ndarray
    gains: np.ndarray
    leaks: np.ndarray

    def eta_where_leak_is(self, level):
        """Return the size of jitter at which the median leak reaches a level; inf if nowhere.

        Interpolated between the sizes that were tried.
        """
        median = np.median(self.leaks, axis=1)
        beyond = np.flatnonzero(median >= level)
        if not len(beyond):
            return np.inf
        i = beyond[0]
        if i == 0 or not np.isfinite(median[i]):
            return float(self.etas[i])
        part = (level - median[i - 1]) / (median[i] - median[i - 1])
        return float(self.etas[i - 1] + part * (self.etas[i] - self.etas[i - 1]))

    @property
    def eta_half(self):
        """Size of jitter at which the leak has doubled; infinite if it was not reached.

        A move whose leak is next to nothing doubles it at next to no jitter: compare moves of
        very different leaks by `eta_where_leak_is` one level.
        """
        return self.eta_where_leak_is(2 * self.leaks[0, 0])


def robustness(
    network,
    properties,
    which,
    change,
    etas=(0.02, 0.05, 0.1, 0.2, 0.4),
    *,
    half=None,
    jittered=None,
    draws=20,
    size=96,
    seed=0,
):
    """Return gain and leak of one fixed change of weights in jittered surroundings.

    Parameters
    ----------
    network : Network
    properties : sequence of Property, or Measurement
    which : str or int
        The property that is meant to move.
    change : (S,) array
        Added to the weights as it is, without any correction.
    etas : sequence of float
        Each jittered weight is moved by η times R_k times a normal number; the same numbers at
        every η. Size 0, the network as it is, is always added.
    half : (S,) array, optional
        Working ranges R_k; linear ones unless given. An unbounded one is not jittered.
    jittered : sequence of int, optional
        Unless given, the synapses that the change leaves alone; all, if it leaves none alone.
    draws : int
    size : int or (height, width)
    seed : int

    Returns
    -------
    Robustness

    Raises
    ------
    ValueError
        If the change moves nothing, or a number makes no sense.
    IndexError
        If a synapse does not exist.

    Examples
    --------
    >>> red = colour_property(np.ones((8, 8), bool), (1, 0, 0), "red")
    >>> change = np.zeros(network.wiring.n_synapses)
    >>> change[12] = 0.1
    >>> found = robustness(network, [red], "red", change, etas=[0.1], draws=3, size=8)
    >>> found.gains.shape, found.gains[0].round(6)
    ((2, 3), array([1., 1., 1.]))
    """
    measured = as_measurement(network, properties, size)
    which, wiring = measured.number(which), network.wiring
    change = np.asarray(change, float)
    if change.shape != (wiring.n_synapses,) or not np.isfinite(change).all() or not change.any():
        raise ValueError(
            f"a change of shape {change.shape}: give ({wiring.n_synapses},) finite numbers, "
            "not all 0"
        )
    etas = np.unique([0.0, *(check_amount(eta) for eta in etas)])
    if etas[0] < 0 or draws < 1:
        raise ValueError(f"etas {etas} and {draws} draws: give sizes from 0 and at least 1 draw")
    half = linear_ranges(network, size) if half is None else half
    unit = units(half)
    _, scales = effects_and_scales(measured.slopes(network.weights)[1], half, measured.names)
    if jittered is None:
        jittered = np.flatnonzero(change == 0) if (change == 0).any() else range(len(change))
    others = np.zeros(len(change), bool)
    others[[wiring.check_synapse(k) for k in jittered]] = True
    noise = np.random.default_rng(seed).standard_normal((draws, len(change))) * unit * others

    def effects(start):
        return (measured.or_nan(start + change) - measured.or_nan(start)) / scales

    still = effects(network.weights)
    if not abs(still[which]) > 0:
        raise ValueError(f"the change does not move {measured.names[which]!r}: nothing to compare")
    found = [
        [effects(network.weights + eta * draw) if eta else still for draw in noise] for eta in etas
    ]
    found = np.moveaxis(np.array(found), -1, 0)
    leaks = leak(found, which)
    return Robustness(etas, found[which] / still[which], np.where(np.isnan(leaks), np.inf, leaks))
