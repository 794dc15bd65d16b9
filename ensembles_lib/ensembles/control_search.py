"""The search for a control ensemble: sets of synapses grown, tried and pruned."""

from typing import NamedTuple

import numpy as np
from scipy.optimize import lsq_linear

from ..core.network import Network
from ..properties.measurements import Measurement
from .sensitivities import leak
from .steps import bounded_misfits

EXACTLY = 10.0  # weight of the intended effect against the others, while synapses are chosen
CALM, STEADY = 0.1, 1.0  # weight of its deviation in jittered environments; once only that fails
RIDGE = 1e-6  # of the squared scale: keeps synapses that act alike from fighting each other
STEPS = (0.25, 0.5, 0.75, 1.0)  # of the amount
ROUNDS = 8  # of Gauss–Newton per set
MISSED = 0.02  # of the amount: what the real move may fall short of or exceed


class Control(NamedTuple):
    """A set of synapses that moves a property, and what is known of it.

    Attributes
    ----------
    synapses : (n,) int array
        In the order in which they were found.
    change : (S,) array
        The move itself, 0 elsewhere.
    network : Network
        Moved.
    effects : (A,) array
        What the move really does, standardised.
    got, leak : float
        Amount in units of the property, and the leak of `effects`.
    gains : (2·environments,) array
        Amount over the amount asked for, in jittered environments that the search has not seen.
    stopped : str
        "found", or the reason why there is none: then the rest describes the best attempt.
    """

    synapses: np.ndarray
    change: np.ndarray
    network: Network
    effects: np.ndarray
    got: float
    leak: float
    gains: np.ndarray
    stopped: str

    @property
    def found(self):
        """Whether the set does all that is asked of it."""
        return self.stopped == "found"


class Trial(NamedTuple):
    """What sets of synapses are chosen from and tried on."""

    network: Network
    measured: Measurement
    which: int
    amount: float
    unit: np.ndarray
    below: np.ndarray
    above: np.ndarray
    start: np.ndarray
    scales: np.ndarray
    noise: np.ndarray
    unseen: np.ndarray
    astray: np.ndarray
    offset: np.ndarray
    max_leak: float
    gain: tuple
    steadily: float = CALM

    def search(self, largest):
        """Return the Control of the first set that is steady in unseen environments, too.

        Sets are chosen by the environments that the search sees, and do a little worse in others:
        it asks for more than will be asked of them, and for all if that was not enough.
        """
        asked = self.gain[2]
        for share in ((1 + asked) / 2, 1.0) if asked else (0.0,):
            control, good = self._search(largest, share)
            if control.found or not good:
                break
        return control

    def _search(self, largest, share):
        """Grow a set until it does what is asked, prune it; return its Control and if it does.

        The amount is raised in steps: what is far from the truth to first order never leads.
        """
        chosen, state, good = [], self._at(np.zeros(len(self.unit))), False
        for part in STEPS:
            gain = (*self.gain[:2], share if part == 1 else 0.0)
            nearer = self._replace(amount=part * self.amount, gain=gain)
            good = False
            if chosen:
                state, good = nearer._improve(chosen, state)
            while len(chosen) < largest and not good:
                if chosen and nearer._exact(state):  # all that is missing is steadiness
                    nearer = nearer._look_around(chosen, state)
                chosen = [*chosen, nearer._best_addition(chosen, state)]
                state, good = nearer._improve(chosen, state)
        pruning = good
        while pruning:
            pruning = False
            for k in sorted(chosen, key=lambda k: abs(state.z[k])):
                fewer = [other for other in chosen if other != k]
                without, holds = nearer._improve(fewer, state) if fewer else (state, False)
                if holds:
                    chosen, state, pruning = fewer, without, True
                    break
        return self._report(chosen, state, good), good

    def _at(self, z):
        values, by_weight = self.measured.slopes(self.network.weights + self.unit * z)
        return _State(
            z, (values - self.start) / self.scales, by_weight * self.unit / self.scales[:, None]
        )

    def _system(self, state):
        """Return the quadratic form and the pull, (S, S) and (S,), of the linearised misfit."""
        weight = np.ones(len(self.scales))
        weight[self.which] = EXACTLY
        goal = np.zeros(len(self.scales))
        goal[self.which] = self.amount / self.scales[self.which]
        effects = state.effects * weight[:, None]
        astray = self.astray * (self.steadily / len(self.noise) ** 0.5)
        gram = effects.T @ effects + astray.T @ astray
        gram[np.diag_indices(len(gram))] += RIDGE * np.mean(np.diag(gram))
        pull = effects.T @ (weight * (goal - state.done) + effects @ state.z)
        return gram, pull - astray.T @ self.offset * (self.steadily / len(self.noise) ** 0.5)

    def _misfit(self, z, done):
        goal = self.amount / self.scales[self.which]
        own, others = done[self.which] - goal, np.delete(done, self.which)
        astray = self.steadily**2 * np.mean((self.offset + self.astray @ z) ** 2)
        return EXACTLY**2 * own**2 + others @ others + astray

    def _best_addition(self, chosen, state):
        rest = np.setdiff1d(np.flatnonzero(self.above > self.below), chosen)
        sets = np.column_stack([np.tile(chosen, (len(rest), 1)), rest]).astype(int)
        gram, pull = self._system(state)
        return int(rest[bounded_misfits(gram, pull, sets, self.below, self.above).argmin()])

    def _improve(self, chosen, state):
        """Return where damped Gauss–Newton steps lead with a set, and whether it holds there.

        Levenberg–Marquardt (Marquardt 1963, SIAM J. Appl. Math. 11, 431) with bounds, which every
        step keeps. What is not in the set goes back to where it was.
        """
        allowed = np.isin(np.arange(len(self.unit)), chosen)
        bounds = self.below[chosen], self.above[chosen]
        last = np.inf if state.z[~allowed].any() else self._misfit(state.z, state.done)
        damping = 1e-3
        for _ in range(ROUNDS):
            if np.isfinite(last) and self._holds(chosen, state):
                return state, True
            gram, pull = (x[np.ix_(*[chosen] * x.ndim)] for x in self._system(state))
            while damping < 1e3:
                extra = damping * np.diag(gram).mean()
                root = np.linalg.cholesky(gram + extra * np.eye(len(chosen)))
                wanted = np.linalg.solve(root, pull + extra * state.z[chosen])
                z = np.zeros(len(self.unit))
                z[chosen] = lsq_linear(root.T, wanted, bounds, method="bvls").x
                values = self.measured.or_nan(self.network.weights + self.unit * z)
                misfit = self._misfit(z, (values - self.start) / self.scales)
                if misfit < last:
                    break
                damping *= 10
            else:
                break
            state, slow, last = self._at(z), misfit > 0.9 * last, misfit
            damping /= 10
            if slow:
                break
        return state, self._holds(chosen, state)

    def _look_around(self, chosen, state):
        """Return the trial with its environments linearised at a state, not at the start.

        `offset + astray @ z` is by how much the intended effect differs from that in the network
        as it is.
        """
        noise = self.noise.copy()
        noise[:, chosen] = 0
        here, which, unit = self.network.weights, [self.which], self.unit / self.scales[self.which]
        differ, astray = [], []
        for there in here + noise:
            before = self.measured.or_nan(there, which)[0]
            after, by_weight = self.measured.slopes_or_nan(there + self.unit * state.z, which)
            differ.append((after[0] - before) / self.scales[self.which] - state.done[self.which])
            astray.append(by_weight[0] * unit - state.effects[self.which])
        # Where it cannot be measured there is nothing to follow; the trial counts it as failed.
        differ, astray = np.nan_to_num(differ), np.nan_to_num(astray)
        offset = differ - astray @ state.z
        return self._replace(astray=astray, offset=offset, steadily=STEADY)

    def _exact(self, state):
        got = state.done[self.which] * self.scales[self.which] / self.amount
        return leak(state.done, self.which) <= self.max_leak and abs(got - 1) <= MISSED

    def _holds(self, chosen, state):
        share = self.gain[2]
        return self._exact(state) and (
            not share or self._steady(self._gains(chosen, state.z, self.noise)) >= share
        )

    def _steady(self, gains):
        return np.mean((gains >= self.gain[0]) & (gains <= self.gain[1]))

    def _gains(self, chosen, z, noise):
        """Return the real gains in environments in which all other weights are jittered."""
        gains, noise = [], noise.copy()
        noise[:, chosen] = 0
        for there in self.network.weights + noise:
            before = self.measured.or_nan(there, [self.which])[0]
            after = self.measured.or_nan(there + self.unit * z, [self.which])[0]
            gains.append((after - before) / self.amount)
        return np.array(gains)

    def _report(self, chosen, state, good):
        got = float(state.done[self.which] * self.scales[self.which])
        spoilt, gains = leak(state.done, self.which), self._gains(chosen, state.z, self.unseen)
        steady, stopped = self._steady(gains), "found"
        if not good or steady < self.gain[2]:
            why = "steady too rarely" if good else f"not found with up to {len(chosen)} synapses"
            stopped = (
                f"{why}: the last set got {got:.3g} of {self.amount:.3g} with a leak of "
                f"{spoilt:.2g}, and a gain within {self.gain[0]:g} to {self.gain[1]:g} in "
                f"{steady:.0%} of unseen environments"
            )
        change = self.unit * state.z
        network = Network(self.network.wiring, self.network.weights + change)
        chosen = np.array(chosen, int)
        return Control(chosen, change, network, state.done, got, spoilt, gains, stopped)


class _State(NamedTuple):
    """Steps in working ranges, what they really do, and the derivatives there."""

    z: np.ndarray
    done: np.ndarray
    effects: np.ndarray
