"""Ensembles: the fewest synapses by which a property can be moved, and it alone."""

from typing import NamedTuple

import numpy as np

from ..core import Network
from .sensitivities import leak
from .start import AS_PLANNED, Start, as_planned, bounded_misfits, check_amount, start_of

LARGEST = 40  # size at which the search gives up

EXACTLY = 10.0  # weight of the intended effect against the others, while synapses are chosen
CALM, STEADY = 0.1, 1.0  # weight of its deviation in jittered environments; once only that fails
RIDGE = 1e-6  # of the squared scale: keeps synapses that act alike from fighting each other
PARTS = (0.25, 0.5, 0.75, 1.0)  # of the amount, one after the other
ROUNDS = 8  # of Gauss–Newton per set
SHARE = 0.9  # of the environments, in which a move must do as planned
MISSED = 0.02  # of the amount: what the real move may fall short of or exceed


class Ensemble(NamedTuple):
    """A set of synapses that moves a property, and what is known of it."""

    synapses: np.ndarray  # (n,) in the order in which they were found
    change: np.ndarray  # (S,) by how much the weights move, 0 elsewhere
    got: float  # what the move really does: amount in units of the property
    leak: float
    gains: np.ndarray  # over the amount asked for, in environments that the search has not seen
    stopped: str  # "found", or why there is none: then the rest describes the best attempt

    @property
    def found(self):
        """Whether the set does all that is asked of it."""
        return self.stopped == "found"


def ensemble(
    network: Network, properties, which, amount, *, jitter=0.05, environments=20, seed=0, **options
) -> Ensemble:
    """Return a small set of synapses that moves one property and hardly any other.

    Chosen one by one, each time the one with which the set does best (forward selection: Chen,
    Billings & Luo 1989, *Int. J. Control* 50, 1873); then those that can be spared are taken out
    again. Every set is tried on the network itself, where at most 0.1 may leak, and in
    environments in which all other weights are jittered: in nine of ten the gain must lie from 0.8
    to 1.25. Greedy: it finds small sets, of 40 synapses at most, in most cases the smallest.

    Parameters
    ----------
    properties, which, amount, **options
        As in `coordinated_move`: half, size and synapses, those to choose from.
    jitter
        Each other weight is moved by a normal number times this times R_k.
    environments, seed
        That the search tries sets in; twice as many others, unseen, decide.

    Examples
    --------
    >>> ensemble(network, [red], "red", 0.01, size=8, environments=5).synapses
    array([12])
    """
    if not check_amount(amount):
        raise ValueError("amount 0: every set of synapses does that, give another")
    if not (jitter >= 0 and environments >= 1):
        raise ValueError(f"jitter {jitter}, environments {environments}: give at least 0 and 1")
    start = start_of(network, properties, which, **options)
    measured, unit, which = start.measured, start.unit, start.which
    noise = np.random.default_rng(seed).standard_normal((3 * environments, len(unit)))
    noise, unseen = np.split(noise * jitter * unit, [environments])
    elsewhere = [measured.slopes_or_nan(network.weights + n, [which])[1][0] for n in noise]
    astray = np.array(elsewhere) * unit / start.scale - start.effects[which]
    astray, offset = np.nan_to_num(astray), np.zeros(environments)
    trial = Trial(start, float(amount), noise, unseen, astray, offset)
    return trial.search(min(LARGEST, np.count_nonzero(start.above > start.below)))


class Trial(NamedTuple):
    """What sets of synapses are chosen from and tried on.

    The environments are the network plus `noise`, later plus `unseen`. In one of the former the
    intended effect of steps z differs from that in the network itself by `offset + astray @ z`.
    The gain must be steady in a `share` of them.
    """

    start: Start
    amount: float
    noise: np.ndarray
    unseen: np.ndarray
    astray: np.ndarray
    offset: np.ndarray
    max_leak: float = 0.1
    share: float = SHARE
    steadily: float = CALM

    def search(self, largest):
        """Return the Ensemble of the first set that is steady in unseen environments, too.

        Sets are chosen by the environments that the search sees, and do a little worse in others:
        it asks for more than will be asked of them, and for all if that was not enough.
        """
        for share in ((1 + self.share) / 2, 1.0):
            control, good = self._search(largest, share)
            if control.found or not good:
                break
        return control

    def _search(self, largest, share):
        """Grow a set until it does what is asked, prune it; return its Ensemble and if it does.

        The amount is raised in steps: what is far from the truth to first order never leads.
        """
        chosen, state, good = [], self.start.at(np.zeros(len(self.start.unit))), False
        for part in PARTS:
            nearer = self._replace(amount=part * self.amount, share=share if part == 1 else 0.0)
            good = False
            if chosen:
                state, good = nearer._improve(chosen, state)
            while len(chosen) < largest and not good:
                if chosen and nearer._exact(state):  # all that is missing is steadiness
                    nearer = nearer._look_around(chosen, state)
                chosen = [*chosen, nearer._best_addition(chosen, state)]
                state, good = nearer._improve(chosen, state)
        while good and len(chosen) > 1:
            for k in sorted(chosen, key=lambda k: abs(state.z[k])):
                fewer = [other for other in chosen if other != k]
                without, holds = nearer._improve(fewer, state)
                if holds:
                    chosen, state = fewer, without
                    break
            else:
                break
        return self._report(chosen, state, good), good

    def _system(self, state):
        """Return the quadratic form and the pull, (S, S) and (S,), of the linearised misfit."""
        share = self.steadily / len(self.noise) ** 0.5
        own = np.arange(len(state.done)) == self.start.which
        weight, goal = np.where(own, EXACTLY, 1.0), own * (self.amount / self.start.scale)
        effects, astray = state.effects * weight[:, None], self.astray * share
        gram = effects.T @ effects + astray.T @ astray
        gram[np.diag_indices(len(gram))] += RIDGE * np.mean(np.diag(gram))
        pull = effects.T @ (weight * (goal - state.done) + effects @ state.z)
        return gram, pull - astray.T @ self.offset * share

    def _misfit(self, z, done):
        start, which = self.start, self.start.which
        own, others = done[which] - self.amount / start.scale, np.delete(done, which)
        astray = self.steadily**2 * np.mean((self.offset + self.astray @ z) ** 2)
        return EXACTLY**2 * own**2 + others @ others + astray

    def _best_addition(self, chosen, state):
        below, above = self.start.below, self.start.above
        rest = np.setdiff1d(np.flatnonzero(above > below), chosen)
        sets = np.column_stack([np.tile(chosen, (len(rest), 1)), rest]).astype(int)
        return int(rest[bounded_misfits(*self._system(state), sets, below, above).argmin()])

    def _improve(self, chosen, state):
        """Return where Levenberg–Marquardt steps within bounds lead, and whether a set holds there.

        What is not in the set goes back to where it was.
        """
        from scipy.optimize import lsq_linear  # slow to import

        start, damping = self.start, 1e-3
        bounds = start.below[chosen], start.above[chosen]
        last = np.inf if np.delete(state.z, chosen).any() else self._misfit(state.z, state.done)
        for _ in range(ROUNDS):
            if np.isfinite(last) and self._holds(chosen, state):
                return state, True
            gram, pull = (x[np.ix_(*[chosen] * x.ndim)] for x in self._system(state))
            while damping < 1e3:
                extra = damping * np.diag(gram).mean()
                root = np.linalg.cholesky(gram + extra * np.eye(len(chosen)))
                wanted = np.linalg.solve(root, pull + extra * state.z[chosen])
                z = np.zeros(len(state.z))
                z[chosen] = lsq_linear(root.T, wanted, bounds, method="bvls").x
                misfit = self._misfit(z, start.done(start.measured.or_nan(start.weights(z))))
                if misfit < last:
                    break
                damping *= 10
            else:
                break
            state, slow, last = start.at(z), misfit > 0.9 * last, misfit
            damping /= 10
            if slow:
                break
        return state, self._holds(chosen, state)

    def _look_around(self, chosen, state):
        """Return the trial with its environments linearised at a state, not at the start."""
        start, which, differ, astray = self.start, self.start.which, [], []
        for there in self._jittered(chosen, self.noise):
            before = start.measured.or_nan(there, [which])
            after, by_weight = start.measured.slopes_or_nan(there + start.unit * state.z, [which])
            differ.append((after - before)[0] / start.scale - state.done[which])
            astray.append(by_weight[0] * (start.unit / start.scale) - state.effects[which])
        # Where it cannot be measured there is nothing to follow; the trial counts it as failed.
        differ, astray = np.nan_to_num(differ), np.nan_to_num(astray)
        return self._replace(astray=astray, offset=differ - astray @ state.z, steadily=STEADY)

    def _jittered(self, chosen, noise):
        """Return the weights (n, S) of environments in which those of a set are left alone."""
        kept = np.isin(np.arange(noise.shape[1]), chosen)
        return self.start.network.weights + np.where(kept, 0.0, noise)

    def _gains(self, chosen, z, noise):
        """Return the real gains in environments in which all other weights are jittered."""
        measure, move, which = self.start.measured.or_nan, self.start.unit * z, [self.start.which]
        weights = self._jittered(chosen, noise)
        moved = [measure(there + move, which)[0] - measure(there, which)[0] for there in weights]
        return np.array(moved) / self.amount

    def _exact(self, state):
        got = state.done[self.start.which] * self.start.scale / self.amount
        return leak(state.done, self.start.which) <= self.max_leak and abs(got - 1) <= MISSED

    def _holds(self, chosen, state):
        if not (self._exact(state) and self.share):
            return self._exact(state)
        gains = self._gains(chosen, state.z, self.noise)
        return np.mean(as_planned(gains)) >= self.share

    def _report(self, chosen, state, good):
        start, which = self.start, self.start.which
        got, spoilt = float(state.done[which] * start.scale), leak(state.done, which)
        gains, stopped = self._gains(chosen, state.z, self.unseen), "found"
        steady = np.mean(as_planned(gains))
        if not good or steady < self.share:
            why = "steady too rarely" if good else f"not found with up to {len(chosen)} synapses"
            stopped = (
                f"{why}: the last set got {got:.3g} of {self.amount:.3g} with a leak of "
                f"{spoilt:.2g}, and a gain within {AS_PLANNED[0]:g} to {AS_PLANNED[1]:g} in "
                f"{steady:.0%} of unseen environments"
            )
        chosen = np.array(chosen, int)
        return Ensemble(chosen, start.unit * state.z, got, spoilt, gains, stopped)
