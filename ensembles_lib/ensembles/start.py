"""Where a move starts, how far each synapse may go from there, and the smallest steps that do."""

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike
from scipy.linalg import cho_factor, cho_solve

from ..core import Network
from ..core.passes import normal_equations
from ..properties import Measurement, painted
from ..sweeps.ranges import EPSILON, linear_ranges
from .members import check_synapses
from .sensitivities import effects_and_scales, units

RIDGE = 1e-2  # of the picture metric; see `picture_metric`
SWEEPS = 4  # of coordinate descent
AS_PLANNED = 0.8, 1.25  # gains of a move, from and to, that count as planned
MAX_CONDITION = 1e6  # of the Gram matrix of the effects; pixels and weights are not alike


class State(NamedTuple):
    """Steps (S,) in working ranges, what they really do (A,), and the effects there (A, S)."""

    z: np.ndarray
    done: np.ndarray
    effects: np.ndarray


class Start(NamedTuple):
    """A network before a move of the property `which`; made by `start_of`."""

    network: Network
    measured: Measurement
    which: int
    values: np.ndarray  # of the properties, (A,)
    scales: np.ndarray
    effects: np.ndarray  # of one working range, standardised by the scales, (A, S)
    unit: np.ndarray  # working ranges (S,), 0 where there is none
    below: np.ndarray  # how far each synapse may go down, and up, in these units
    above: np.ndarray

    @property
    def scale(self):
        """The scale of the property that is to move."""
        return self.scales[self.which]

    def weights(self, z):
        """Return the weights after steps (S,) in working ranges."""
        return self.network.weights + self.unit * z

    def done(self, values):
        """Return by how much values (A,) differ from those at the start, standardised."""
        return (values - self.values) / self.scales

    def at(self, z):
        """Return the `State` after steps (S,), or raise a ValueError if it cannot be measured."""
        values, by_weight = self.measured.slopes(self.weights(z))
        return State(z, self.done(values), by_weight * self.unit / self.scales[:, None])


def start_of(network, properties, which, size=96, half=None, synapses=None):
    """Return the start of a move, or raise an error; what is given is as in `coordinated_move`."""
    is_measured, count = isinstance(properties, Measurement), network.wiring.n_synapses
    measured = properties if is_measured else painted(network, properties, size)
    unit = units(linear_ranges(network, size) if half is None else half)
    if unit.shape != (count,):
        raise ValueError(f"working ranges of shape {unit.shape}: give ({count},) numbers from 0 up")
    free = (unit > 0) & np.isin(np.arange(count), check_synapses(synapses, count))
    values, by_weight = measured.slopes(network.weights)
    effects, scales = effects_and_scales(by_weight, unit, measured.names)
    below, above = np.where(free, -1.0, 0.0), np.where(free, 1.0, 0.0)
    which = measured.number(which)
    return Start(network, measured, which, values, scales, effects, unit, below, above)


def as_planned(gains: ArrayLike) -> np.ndarray:
    """Return whether moves do what they were made for; NaN, which cannot be measured, does not.

    Examples
    --------
    >>> as_planned([0.9, 1.3, np.nan]).tolist()
    [True, False, False]
    """
    gains = np.asarray(gains)
    return (gains >= AS_PLANNED[0]) & (gains <= AS_PLANNED[1])


def check_amount(amount):
    """Return a finite amount as a float, or raise a ValueError."""
    if not (np.isscalar(amount) and np.isreal(amount) and np.isfinite(amount)):
        raise ValueError(f"amount {amount!r}: give a finite number")
    return float(amount)


def picture_metric(network, unit, size):
    """Return R JᵀJ R over ε², plus a ridge on the diagonal, (S, S); units R (S,).

    Without the ridge, directions that hardly change the picture would be moved without bounds.
    """
    network.check_paints()
    single = network.weights.astype(np.float32)
    inputs = network.inputs(size, dtype=np.float32)
    nothing = np.zeros((network.wiring.n_outputs, inputs.shape[1]), np.float32)
    gram = normal_equations(network.wiring, single, inputs, nothing)[0]
    gram *= np.outer(unit, unit) / EPSILON**2
    gram[np.diag_indices(len(gram))] += RIDGE
    return gram


def smallest_step(effects, wanted, below, above, metric=None):
    """Return the smallest step z with effects @ z = wanted and below ≤ z ≤ above, and if it is.

    Synapses that would leave their range are set to its end, one round after the other, and the
    rest make up for them: always within bounds, and the smallest step wherever no bound bites.
    Bounds are (S,), both 0 for synapses that may not move; the metric (S, S) is the identity unless
    given.
    """
    step, free = np.zeros(effects.shape[1]), above > below
    for _ in range(100):
        if np.count_nonzero(free) < len(effects):
            break
        rest = wanted - effects[:, ~free] @ step[~free]
        own = effects[:, free]
        lifted, pull = own.T, np.zeros(own.shape[1])
        if metric is not None:
            factor = cho_factor(metric[np.ix_(free, free)])
            lifted = cho_solve(factor, own.T)
            if step[~free].any():
                pull = -cho_solve(factor, metric[np.ix_(free, ~free)] @ step[~free])
        gram = own @ lifted
        size = np.sqrt(np.diag(gram))
        if not size.all() or np.linalg.cond(gram / np.outer(size, size)) > 10 * MAX_CONDITION:
            break
        push = np.linalg.solve(gram, rest - own @ pull)
        new = lifted @ push + pull
        inside = np.clip(new, below[free], above[free])
        step[free] = inside
        if (inside == new).all():
            return step, True
        free[np.flatnonzero(free)[inside != new]] = False
    return step, False


def bounded_misfits(gram, pull, sets, below, above):
    """Return the least zᵀHz/2 - pᵀz within bounds for each of many sets (C, n), nearly.

    Variables that leave their bounds are set to them and the rest is solved again: exact where no
    bound bites. Cyclic coordinate descent (Friedman et al. 2007, *Ann. Appl. Stat.* 1, 302)
    then frees those that were set too early. H is `gram` (S, S), p `pull` (S,).
    """
    h, p, n = gram[sets[:, :, None], sets[:, None, :]], pull[sets], sets.shape[1]
    low, high = below[sets], above[sets]
    z, free = np.zeros(sets.shape), np.ones(sets.shape, bool)
    for _ in range(n + 1):
        rest = p - np.matmul(h, np.where(free, 0.0, z)[..., None])[..., 0]
        kept = np.where(free[:, :, None] & free[:, None, :], h, 0.0)
        kept[:, range(n), range(n)] += ~free
        z = np.linalg.solve(kept, np.where(free, rest, z)[..., None])[..., 0]
        out = free & ((z < low) | (z > high))
        z = np.clip(z, low, high)
        if not out.any():
            break
        free &= ~out
    slope = np.matmul(h, z[..., None])[..., 0] - p
    for _ in range(SWEEPS if not free.all() else 0):
        for i in range(n):
            to = np.clip(z[:, i] - slope[:, i] / h[:, i, i], low[:, i], high[:, i])
            slope += h[:, :, i] * (to - z[:, i])[:, None]
            z[:, i] = to
    return (z * (slope - p)).sum(axis=1) / 2
