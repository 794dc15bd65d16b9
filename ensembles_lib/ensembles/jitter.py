"""Robustness: what one fixed move does after the rest of the network has changed a little.

At random, and at worst. To first order the worst jitter of n weights does √n times what random ones
of its size do to a gain (Fawzi, Moosavi-Dezfooli & Frossard 2016, *NIPS* 29, of classifiers).
"""

from functools import partial
from typing import NamedTuple

import numpy as np

from ..core import Network
from .members import check_synapses
from .sensitivities import leak
from .start import Start, check_amount, start_of

STARTS = 3  # of the jitters tried, from the worst on, how many are climbed from
LEAST_TURN = 1e-3  # of a jitter, as an angle: smaller turns are not worth a step


class Robustness(NamedTuple):
    """Gain and leak of a fixed move against the size of the jitter around it.

    Attributes
    ----------
    etas : (E,) array
        In working ranges, ascending from 0.
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
    >>> change = 0.1 * np.eye(network.wiring.n_synapses)[12]
    >>> jitter = robustness(network, [red], "red", change, etas=[0.1], draws=3, size=8)
    >>> jitter.gains.shape, jitter.gains[0].round(6)
    ((2, 3), array([1., 1., 1.]))
    """
    etas = np.unique([0.0, *(check_amount(eta) for eta in etas)])
    if etas[0] < 0 or draws < 1:
        raise ValueError(f"etas {etas} and {draws} draws: give sizes from 0 and at least 1 draw")
    frozen = _frozen(network, properties, which, change, jittered, options)
    which, still = frozen.start.which, frozen.still
    moved = [[frozen.done(eta * draw) for draw in frozen.draws(draws, seed)] for eta in etas[1:]]
    done = np.moveaxis(np.array([[still] * draws, *moved]), -1, 0)
    leaks = leak(done, which)
    return Robustness(etas, done[which] / still[which], np.where(np.isnan(leaks), np.inf, leaks))


class Frozen(NamedTuple):
    """A fixed change (S,), the synapses jittered around it (S,), and what it does as they are."""

    start: Start
    change: np.ndarray
    jittered: np.ndarray
    still: np.ndarray

    def draws(self, count, seed):
        """Return random jitters of size 1, (count, S), in working ranges."""
        shape = count, len(self.change)
        return np.random.default_rng(seed).standard_normal(shape) * self.jittered

    def ends(self, jitter):
        """Return the weights without the change and with it."""
        weights = self.start.weights(jitter)
        return weights, weights + self.change

    def done(self, jitter, rows=None):
        """Return what the change does to properties (all, or `rows`), standardised, or NaN."""
        before, after = (self.start.measured.or_nan(end, rows) for end in self.ends(jitter))
        return (after - before) / self.start.scales[slice(None) if rows is None else rows]

    def slopes(self, jitter, rows):
        """Return the same, and its derivatives by the jitter."""
        (before, low), (after, high) = (
            self.start.measured.slopes_or_nan(weights, rows) for weights in self.ends(jitter)
        )
        scales, unit = self.start.scales[rows], self.start.unit * self.jittered
        return (after - before) / scales, (high - low) * unit / scales[:, None]


def _frozen(network, properties, which, change, jittered, options):
    """Return a fixed change in its surroundings, or raise a ValueError."""
    n_synapses, change = network.wiring.n_synapses, np.asarray(change, float)
    if change.shape != (n_synapses,) or not np.isfinite(change).all() or not change.any():
        raise ValueError(
            f"a change of shape {change.shape}: give ({n_synapses},) finite numbers, not all 0"
        )
    start = start_of(network, properties, which, **options)
    if jittered is None and not change.all():
        jittered = np.flatnonzero(change == 0)
    others = np.isin(np.arange(n_synapses), check_synapses(jittered, n_synapses))
    frozen = Frozen(start, change, others & (start.unit > 0), np.zeros(0))
    frozen = frozen._replace(still=frozen.done(np.zeros(n_synapses)))
    if not abs(frozen.still[start.which]) > 0:
        name = start.measured.names[start.which]
        raise ValueError(f"the change does not move {name!r}: nothing to compare")
    return frozen


class WorstJitter(NamedTuple):
    """A jitter (S,), in working ranges, and the gain and the leak of the move in it."""

    jitter: np.ndarray
    gain: float
    leak: float


def worst_jitter(
    network: Network,
    properties,
    which,
    change,
    eta,
    *,
    spoils="gain",
    jittered=None,
    draws=20,
    steps=20,
    seed=0,
    **options,
) -> WorstJitter:
    """Return the jitter of one size that spoils a fixed change of weights most, as it was found.

    By gradient ascent over all jitters whose root mean square over the n jittered synapses is η
    working ranges (norm η √n): from random ones of that very size and from the worst to first
    order, along great circles (Absil, Mahony & Sepulchre 2008, *Optimization Algorithms on Matrix
    Manifolds*). Worse ones may be missed, but what is returned, ``jitter`` (S,) with the ``gain``
    and the ``leak`` of the move in it, is never milder than any of the random ones. One in which a
    property cannot be measured is the worst of all: there they are NaN and infinite.

    Parameters
    ----------
    network, properties, which, change, jittered, **options
        As in `robustness`.
    eta : float
        Above 0.
    spoils : "gain" or "leak"
        What is to be driven away: the gain from 1, or the leak from 0, which has no bound where
        jitter of this size can keep the property from moving at all.
    draws, seed, steps
        Of random jitters, with the numbers of `robustness`; of each ascent, at most.

    Examples
    --------
    >>> change = 0.1 * np.eye(network.wiring.n_synapses)[12]
    >>> bool(worst_jitter(network, [red], "red", change, 0.1, size=8).gain < 1)
    True
    """
    if not check_amount(eta) > 0 or draws < 1 or steps < 1:
        raise ValueError(
            f"eta {eta}, {draws} draws, {steps} steps: give a size above 0, and at least 1 of each"
        )
    if spoils not in ("gain", "leak"):
        raise ValueError(f"spoils {spoils!r}: give 'gain' or 'leak'")
    frozen = _frozen(network, properties, which, change, jittered, options)
    which, still, n_jittered = frozen.start.which, frozen.still, frozen.jittered.sum()
    if not n_jittered:
        raise ValueError("no synapse with a working range is left to jitter")
    if spoils == "leak" and len(still) == 1:
        raise ValueError("nothing can leak: give more than one property, or spoil the gain")
    # The gain takes one property, which costs a small part of what all take.
    gain, every = spoils == "gain", np.arange(len(still))
    rows, others = ([which], [0]) if gain else (every, every != which)
    rise = partial(_off, still[which]) if gain else partial(_leaking, which)

    def harm(jitter):
        done, by_jitter = frozen.slopes(jitter, rows)
        much, by_done = rise(done)
        return much, by_done @ by_jitter

    tried = [*frozen.draws(draws, seed)]
    spoilt = frozen.slopes(np.zeros(len(frozen.change)), rows)[1][others]
    if spoilt.any():  # the worst to first order, which may point either way
        first = np.linalg.svd(spoilt, full_matrices=False)[2][0]
        tried += [first, -first]
    tried = [eta * np.sqrt(n_jittered) / np.linalg.norm(one) * one for one in tried]
    tried.sort(key=lambda one: -rise(frozen.done(one, rows))[0])
    worst = max((_climb(harm, one, steps) for one in tried[:STARTS]), key=lambda one: one[1])[0]
    done = frozen.done(worst)
    return WorstJitter(worst, done[which] / still[which], leak(done, which))


def _off(still, done):
    """Return how far the gain is off, and its derivative by what is done (1,)."""
    off = done[0] / still - 1
    return np.inf if np.isnan(off) else abs(off), np.sign(off) / still * np.ones(1)


def _leaking(which, done):
    """Return the leak, and its derivative by what is done (A,)."""
    much, own = leak(done, which), done[which]
    others = np.where(np.arange(len(done)) == which, 0.0, done)
    size = np.linalg.norm(others)
    if not (np.isfinite(much) and size):
        return much, np.zeros(len(done))
    by_done = others / (size * abs(own))
    by_done[which] = -much / own
    return much, by_done


def _climb(harm, jitter, steps):
    """Return a jitter of the same norm that does more harm, if the gradient leads to one, and that.

    Towards the gradient, or part of the way where that does less harm.
    """
    radius, share, (much, slope) = np.linalg.norm(jitter), 1.0, harm(jitter)
    for _ in range(steps):
        along = jitter / radius
        across = slope - (slope @ along) * along
        length = np.linalg.norm(across)
        angle = np.arctan2(length, slope @ along)
        if not angle * share > LEAST_TURN or not length:
            break
        turn = share * angle
        to = radius * (np.cos(turn) * along + np.sin(turn) * across / length)
        found = harm(to)
        if found[0] > much:
            jitter, (much, slope), share = to, found, min(1.0, 2 * share)
        else:
            share /= 2
    return jitter, much
