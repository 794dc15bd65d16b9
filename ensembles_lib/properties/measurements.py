"""Measurements: properties as functions of the weights, with their exact derivatives.

What discovers ensembles and what moves properties needs nothing but this: it works alike for
networks that paint, networks that answer given inputs, and anything else that can be
differentiated by its weights.
"""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from ..core.passes import backward, colours_of, forward, weight_matrix
from ..core.points import check_memory, check_size

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
    >>> red = colour_property(np.ones((8, 8), bool), (1, 0, 0), "red")
    >>> measurement = painted(network, [red], size=8)
    >>> values, by_weight = measurement.slopes(network.weights)
    >>> measurement.names, values.shape, by_weight.shape
    (('red',), (1,), (1, 27))
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
        """Return the number of a property, given by name or number.

        Raises
        ------
        ValueError
            If there is no such property.
        """
        if isinstance(name, str) and name in self.names:
            return self.names.index(name)
        whole = isinstance(name, int | np.integer) and not isinstance(name, bool)
        if whole and 0 <= name < len(self.names):
            return int(name)
        known = ", ".join(repr(n) for n in self.names)
        raise ValueError(f"there is no property {name!r}: there are {known}")


def answered(wiring, inputs, names, measure, dtype=np.float64):
    """Return a measurement of what networks answer to given inputs.

    Parameters
    ----------
    wiring : Wiring
    inputs : (n_inputs, P) array
    names : sequence of str
        Of the A properties.
    measure : callable
        Takes the outputs as colours, (n_outputs, P) in float64, and the numbers of the properties
        wanted or None for all; returns values (A,) and derivatives by the colours
        (A, n_outputs, P).
    dtype : float32 or float64
        Precision of the passes through the network.

    Returns
    -------
    Measurement

    Examples
    --------
    >>> from ensembles_lib.planted.comparators import compare_analog
    >>> network, pairs = compare_analog().network, np.array([[0.3], [0.2]])
    >>> def answer(outputs, which):
    ...     return outputs[:, 0], np.ones((1, 1, 1))
    >>> measurement = answered(network.wiring, pairs, ["answer"], answer)
    >>> values, by_weight = measurement.slopes(network.weights)
    >>> values.round(3), by_weight.round(3)
    (array([0.197]), array([[0.288, 0.192]]))
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
        return matrix, forward(wiring, matrix, inputs)

    def values(weights, which=None):
        _, sent = run(weights)
        return np.asarray(measure(colours_of(wiring, sent).astype(float), which)[0], float)

    def slopes(weights, which=None):
        matrix, sent = run(weights)
        found, seeds = measure(colours_of(wiring, sent).astype(float), which)
        seeds = np.asarray(seeds, dtype)
        n_properties = len(seeds)
        product = np.zeros((n_properties * wiring.n_neurons, rows), dtype)
        block = max(64, BLOCK // max(1, n_properties * wiring.n_neurons))
        for start in range(0, n_points, block):
            part = slice(start, start + block)
            signals = backward(wiring, matrix, sent[:, part], seeds[..., part])
            product += signals.reshape(len(product), -1) @ sent[:, part].T
        product = product.reshape(n_properties, wiring.n_neurons, rows)
        return np.asarray(found, float), product[:, wiring.target, wiring.source].astype(float)

    return Measurement(names, values, slopes)


def painted(network, properties, size=96, dtype=np.float32):
    """Return a measurement of what networks of this wiring paint.

    Painted in float32 unless told otherwise, but measured in float64: effects are then right to
    about 1e-5 of a working range's, a thousand times below the leaks that matter.

    Parameters
    ----------
    network : Network
        Only its wiring counts.
    properties : sequence of Property
        Each with a `name`, and `measure(pixels (H, W, 3)) -> value, gradient (H, W, 3)`.
    size : int or (height, width)
    dtype : float32 or float64

    Returns
    -------
    Measurement

    Raises
    ------
    ValueError
        If the network does not paint, there is no property, or two have the same name.

    Examples
    --------
    >>> red = colour_property(np.ones((8, 8), bool), (1, 0, 0), "red")
    >>> measurement = painted(network, [red], size=8)
    >>> direct = red.measure(network.paint(8).pixels)[0]
    >>> bool(np.isclose(measurement.values(network.weights)[0], direct, atol=1e-4))
    True
    """
    network.check_paints()
    height, width = check_size(size)
    properties = list(properties)

    def measure(outputs, which):
        pixels = np.ascontiguousarray(outputs.T).reshape(height, width, 3)
        chosen = properties if which is None else [properties[a] for a in which]
        measured = [one.measure(pixels) for one in chosen]
        slopes = np.stack([gradient for _, gradient in measured])
        return [value for value, _ in measured], slopes.reshape(len(chosen), -1, 3).swapaxes(1, 2)

    names = [one.name for one in properties]
    inputs = network.inputs(size, dtype=dtype)
    return answered(network.wiring, inputs, names, measure, dtype)


def as_measurement(network, properties, size):
    """Return `properties` as a measurement: as it is, or of what the network paints."""
    if isinstance(properties, Measurement):
        return properties
    return painted(network, properties, size)
