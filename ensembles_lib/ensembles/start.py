"""Where a move starts: what is measured there, and how far each synapse may go."""

from typing import NamedTuple

import numpy as np

from ..core.network import Network
from ..properties.measurements import Measurement, as_measurement
from .members import check_synapses
from .sensitivities import effects_and_scales, linear_ranges, units


class State(NamedTuple):
    """Steps (S,) in working ranges, what they really do (A,), and the effects there (A, S)."""

    z: np.ndarray
    done: np.ndarray
    effects: np.ndarray


class Start(NamedTuple):
    """A network before a move; made by `start_of`.

    Attributes
    ----------
    which : int
        The property that is to move.
    values, scales : (A,) arrays
        Of the properties; effects are standardised by the scales.
    effects : (A, S) array
        Of one working range, to first order.
    unit, below, above : (S,) arrays
        Working ranges, 0 where there is none; how far each synapse may go in these units, 0
        where it may not.
    """

    network: Network
    measured: Measurement
    which: int
    values: np.ndarray
    scales: np.ndarray
    effects: np.ndarray
    unit: np.ndarray
    below: np.ndarray
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


def start_of(
    network, properties, which, size=96, half=None, low=None, high=None, synapses=None
) -> Start:
    """Return the start of a move, or raise an error; what is given is as in `coordinated_move`."""
    measured, count = as_measurement(network, properties, size), network.wiring.n_synapses
    unit = units(linear_ranges(network, size) if half is None else half)
    low, high = (unit if side is None else np.asarray(side, float) for side in (low, high))
    for side in (unit, low, high):
        if side.shape != (count,) or not (side >= 0).all():
            raise ValueError(
                f"working ranges of shape {side.shape}: give ({count},) numbers from 0 up"
            )
    free = (unit > 0) & np.isin(np.arange(count), check_synapses(synapses, count))
    values, by_weight = measured.slopes(network.weights)
    effects, scales = effects_and_scales(by_weight, unit, measured.names)
    safe = np.where(free, unit, 1.0)
    below, above = np.where(free, -low / safe, 0.0), np.where(free, high / safe, 0.0)
    which = measured.number(which)
    return Start(network, measured, which, values, scales, effects, unit, below, above)


def check_amount(amount):
    """Return a finite amount as a float, or raise a ValueError."""
    if not (np.isscalar(amount) and np.isreal(amount) and np.isfinite(amount)):
        raise ValueError(f"amount {amount!r}: give a finite number")
    return float(amount)
