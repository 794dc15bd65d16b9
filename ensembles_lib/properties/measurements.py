"""Measurements: properties as functions of the weights, with their exact derivatives.

What discovers ensembles and what moves properties needs nothing but this: it works alike for
networks that paint, networks that answer given inputs, and anything else that can be
differentiated by its weights.
"""

from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np

from ..core.network import Network
from ..core.passes import backward, colours_of, forward, weight_matrix
from ..core.points import Size, check_memory, check_size
from ..core.wiring import Wiring
from .properties import Property, measure_all

BLOCK = 1 << 19  # numbers of a block of signals: about what the cache holds


class Measurement(NamedTuple):
    """Properties as functions of the weights.

    Attributes
    ----------
    names : tuple of str
    values : callable(weights (S,), which=None) -> (A,) array
    slopes : callable(weights (S,), which=None) -> (A,) array, (A, S) array
        Values, and their derivatives by every weight; both of the properties numbered `which`
        only, where given.

    Examples
    --------
    >>> measurement = painted(network, [red], size=8)
    >>> measurement.names, measurement.number("red")
    (('red',), 0)
    """

    names: tuple
    values: Callable
    slopes: Callable

    def or_nan(self, weights, which=None):
        """Return the values, or NaN for all if one cannot be measured there."""
        try:
            return self.values(weights, which)
        except ValueError:
            return np.full(len(self.names if which is None else which), np.nan)

    def slopes_or_nan(self, weights, which=None):
        """Return values and slopes, or NaN for all if one cannot be measured there."""
        try:
            return self.slopes(weights, which)
        except ValueError:
            count = len(self.names if which is None else which)
            return np.full(count, np.nan), np.full((count, len(weights)), np.nan)

    def number(self, name):
        """Return the number of a property, given by name or number, or raise a ValueError."""
        if name in self.names:
            return self.names.index(name)
        if name in range(len(self.names)):
            return int(name)
        known = ", ".join(map(repr, self.names))
        raise ValueError(f"there is no property {name!r}: there are {known}")


def answered(
    wiring: Wiring, inputs: np.ndarray, names: Sequence[str], measure: Callable, dtype: type = float
) -> Measurement:
    """Return a measurement of what networks answer to given inputs.

    Parameters
    ----------
    inputs : (n_inputs, P) array
    measure
        Takes the outputs as colours, (n_outputs, P) in float64, and the numbers of the properties
        wanted or None for all; returns their values (A,) and derivatives by the colours
        (A, n_outputs, P).
    dtype : float32 or float64
        Precision of the passes through the network.

    Examples
    --------
    >>> def total(outputs, which):
    ...     return [outputs.sum()], np.ones((1, *outputs.shape))
    >>> measurement = answered(network.wiring, network.inputs(2), ["total"], total)
    >>> measurement.slopes(network.weights)[1].shape
    (1, 27)
    """
    inputs, names = np.asarray(inputs, dtype), tuple(names)
    if inputs.ndim != 2 or len(inputs) != wiring.n_inputs:
        raise ValueError(f"inputs of shape {inputs.shape}: give ({wiring.n_inputs}, points)")
    if not names or len(set(names)) != len(names):
        raise ValueError(f"properties {list(names)}: give at least one, each name once")
    n_points = inputs.shape[1]
    rows = wiring.n_inputs + wiring.n_neurons
    check_memory((rows, n_points), dtype, f"activations at {n_points} points")

    def run(weights):
        matrix = weight_matrix(wiring, np.asarray(weights, dtype))
        sent = forward(wiring, matrix, inputs)
        return matrix, sent, colours_of(wiring, sent).astype(float)

    def values(weights, which=None):
        return np.asarray(measure(run(weights)[2], which)[0], float)

    def slopes(weights, which=None):
        matrix, sent, outputs = run(weights)
        measured, seeds = measure(outputs, which)
        seeds = np.asarray(seeds, dtype)
        n_signals = len(seeds) * wiring.n_neurons
        product = np.zeros((n_signals, rows), dtype)
        block = max(64, BLOCK // max(1, n_signals))
        for start in range(0, n_points, block):
            part = slice(start, start + block)
            signals = backward(wiring, matrix, sent[:, part], seeds[..., part])
            product += signals.reshape(n_signals, -1) @ sent[:, part].T
        product = product.reshape(len(seeds), wiring.n_neurons, rows)
        return np.asarray(measured, float), product[:, wiring.target, wiring.source].astype(float)

    return Measurement(names, values, slopes)


def painted(
    network: Network, properties: Sequence[Property], size: Size = 96, dtype: type = np.float32
) -> Measurement:
    """Return a measurement of what networks of this wiring paint.

    Painted in float32 unless told otherwise, but measured in float64: effects are then right to
    about 1e-5 of a working range's, a thousand times below the leaks that matter.

    Parameters
    ----------
    network
        Only its wiring counts.
    dtype : float32 or float64

    Examples
    --------
    >>> measurement = painted(network, [red], size=8)
    >>> values, by_weight = measurement.slopes(network.weights)
    >>> bool(np.isclose(values[0], red.value(network.paint(8)), atol=1e-4)), by_weight.shape
    (True, (1, 27))
    """
    network.check_paints()
    height, width = check_size(size)
    properties = list(properties)

    def measure(outputs, which):
        pixels = np.ascontiguousarray(outputs.T).reshape(height, width, 3)
        chosen = properties if which is None else [properties[a] for a in which]
        values, gradients = measure_all(chosen, pixels)
        return values, gradients.reshape(len(chosen), -1, 3).swapaxes(1, 2)

    names, inputs = [one.name for one in properties], network.inputs(size, dtype=dtype)
    return answered(network.wiring, inputs, names, measure, dtype)


def as_measurement(network, properties, size):
    """Return `properties` as a measurement: as it is, or of what the network paints."""
    if isinstance(properties, Measurement):
        return properties
    return painted(network, properties, size)
