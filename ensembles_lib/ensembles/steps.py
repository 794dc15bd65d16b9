"""Steps: the smallest change of weights that does what is wanted, within working ranges."""

import numpy as np
from scipy.linalg import cho_factor, cho_solve

from ..core.passes import normal_equations
from ..sweeps.ranges import EPSILON

RIDGE = 1e-2  # of the picture metric; see `picture_metric`
SWEEPS = 4  # of coordinate descent
MAX_CONDITION = 1e6  # of the Gram matrix of the effects; pixels and weights are not alike


def picture_metric(network, unit, size):
    """Return R JᵀJ R over ε², plus a ridge on the diagonal, (S, S); units R (S,).

    In linear working ranges the diagonal is 1: moving one synapse to its end costs 1, and the
    ridge adds a hundredth of it. Without one, directions that hardly change the picture would
    be moved without bounds; they span ten decades.
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

    Of effects (A, S), what is wanted (A,), and bounds (S,), equal for synapses that may not move;
    smallest in a metric (S, S), the identity unless given.
    """
    step, free = np.zeros(effects.shape[1]), above > below
    step[~free] = np.clip(0, below, above)[~free]
    for _ in range(100):
        if np.count_nonzero(free) < len(effects):
            break
        rest = wanted - effects[:, ~free] @ step[~free]
        own, pull = effects[:, free], 0.0
        lifted = own.T
        if metric is not None:
            factor = cho_factor(metric[np.ix_(free, free)])
            lifted = cho_solve(factor, own.T)
            if step[~free].any():
                pull = -cho_solve(factor, metric[np.ix_(free, ~free)] @ step[~free])
        gram = own @ lifted
        size = np.sqrt(np.diag(gram))
        if not size.all() or np.linalg.cond(gram / np.outer(size, size)) > 10 * MAX_CONDITION:
            break
        push = np.linalg.solve(gram, rest - (own @ pull if np.ndim(pull) else 0.0))
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
