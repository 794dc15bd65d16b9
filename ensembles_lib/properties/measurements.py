"""Measurements: properties as functions of the weights, with their exact derivatives."""

from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np

from ..core import Network
from ..core.passes import backward, colours_of, forward, weight_matrix
from ..core.points import Size, check_memory, check_size, parts
from .properties import Property, measure_all

BLOCK = 1 << 19  # numbers of a block of signals: about what the cache holds


class Measurement(NamedTuple):
    """Properties as functions of the weights, of whatever can be differentiated by them.

    Attributes
    ----------
    names : tuple of str
    values : callable(weights (S,), which=None) -> (A,) array
        Of the properties numbered `which` only, where given.
    slopes : callable(weights (S,), which=None) -> (A,) array, (A, S) array
        The same, and their derivatives by every weight.

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

    Examples
    --------
    >>> measurement = painted(network, [red], size=8)
    >>> values, by_weight = measurement.slopes(network.weights)
    >>> bool(np.isclose(values[0], red.value(network.paint(8)), atol=1e-4)), by_weight.shape
    (True, (1, 27))
    """
    network.check_paints()
    height, width = check_size(size)
    wiring, properties = network.wiring, list(properties)
    names = tuple(one.name for one in properties)
    if not names or len(set(names)) != len(names):
        raise ValueError(f"properties {list(names)}: give at least one, each name once")
    n_points, rows = height * width, wiring.n_inputs + wiring.n_neurons
    check_memory((rows, n_points), dtype, f"activations at {n_points} points")
    inputs = network.inputs(size, dtype=dtype)

    def run(weights, which):
        matrix = weight_matrix(wiring, np.asarray(weights, dtype))
        sent = forward(wiring, matrix, inputs)
        pixels = np.ascontiguousarray(colours_of(wiring, sent).T, float)
        chosen = properties if which is None else [properties[a] for a in which]
        return matrix, sent, *measure_all(chosen, pixels.reshape(height, width, 3))

    def values(weights, which=None):
        return run(weights, which)[2]

    def slopes(weights, which=None):
        matrix, sent, measured, gradients = run(weights, which)
        seeds = gradients.reshape(len(measured), n_points, 3).swapaxes(1, 2).astype(dtype)
        n_signals = len(seeds) * wiring.n_neurons
        product = np.zeros((n_signals, rows), dtype)
        block = max(64, BLOCK // max(1, n_signals))
        for part in parts(n_points, block):
            signals = backward(wiring, matrix, sent[:, part], seeds[..., part])
            product += signals.reshape(n_signals, -1) @ sent[:, part].T
        product = product.reshape(len(seeds), wiring.n_neurons, rows)
        return measured, product[:, wiring.target, wiring.source].astype(float)

    return Measurement(names, values, slopes)
