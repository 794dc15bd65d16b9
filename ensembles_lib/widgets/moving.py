"""Ways to move a property of the picture, and what comes of a move."""

import numpy as np

from ..core import Network
from ..ensembles import leak, participants, property_slider
from ..ensembles.sensitivities import effects_and_scales, units
from ..properties import painted


class PropertyMoves:
    """Properties of what a network paints: how each can be moved, and by how much it was.

    A *scale* of a property is how far it goes, RMS over synapses, when one synapse moves by its
    working range. `half` are working ranges (S,); of pictures of `size`.

    Attributes
    ----------
    names, units : tuple of str
    scales : (A,) array
        In the units of the properties.
    sensitivities : (A, S) array
        By how many scales each synapse moves each property, to first order.
    participants : dict of str to int array
        For each property the synapses that hold 90 % of it.

    Examples
    --------
    >>> moves = PropertyMoves(network, [red], 8, np.full(27, 0.1))
    >>> amounts, weights, _ = moves.in_concert("red", percent=5)
    >>> amounts.round(2).tolist(), weights.shape
    ([-5.0, -3.75, -2.5, -1.25, 0.0, 1.25, 2.5, 3.75, 5.0], (9, 27))
    """

    def __init__(self, network, properties, size, half):
        self.measured = measured = painted(network, properties, size)
        self._network, self._half, self._size = network, half, size
        self.names, self.units = measured.names, tuple(one.unit for one in properties)
        self.number = measured.number
        self._start, by_weight = measured.slopes(network.weights)
        self.sensitivities, self.scales = effects_and_scales(by_weight, half, measured.names)
        rows = zip(measured.names, self.sensitivities, strict=True)
        self.participants = {name: participants(row) for name, row in rows}

    def values(self, weights):
        """Return the properties (A,), in their units; NaN where one cannot be measured."""
        return self.measured.or_nan(weights)

    def strengths(self, name):
        """Return by how many scales each synapse moves a property, without its sign, (S,)."""
        return np.abs(self.sensitivities[self.number(name)])

    def amount(self, name, percent):
        """Return so many per cent of what a property is at the start, in its unit."""
        return abs(self._start[self.number(name)]) * percent / 100

    def leak(self, name, before, after):
        """Return how far all others moved, over how far this one did; 0 if nothing moved.

        Infinite where a property cannot be measured.
        """
        made = (self.values(after) - self.values(before)) / self.scales
        return leak(made, self.number(name)) if made.any() else 0.0

    def in_concert(self, name, percent, synapses=None, watched=(), knots=2):
        """Return a way of a property, all others held still, as a slider of a playground takes it.

        In per cent of the property's start, so many to both sides: amounts (T,), weights (T, S),
        and how the property and those `watched` go along (see `along`). Of `synapses` that may
        move, all unless given.
        """
        which = self.number(name)
        far = self.amount(name, percent)
        amounts, weights = property_slider(
            self._network, self.measured, which, -far, far, knots=knots, half=self._half,
            size=self._size, synapses=synapses,
        ).path()  # fmt: skip
        beside = self.along(weights, [name, *watched], percent=True)
        return percent * amounts / far, weights, beside

    def steepest(self, name, percent):
        """Return the weights (S,) where a property has moved straight along its steepest direction.

        By so many per cent of its start, and no other is held still. Each synapse goes in
        proportion to its effect, in working ranges: no other direction of the same length in these
        units moves the property as far, to first order. ValueError if the amount is not reached
        before one of them has gone a whole working range.

        Examples
        --------
        >>> moves = PropertyMoves(network, [red], 8, np.full(27, 0.1))
        >>> weights = moves.steepest("red", percent=5)
        >>> gone = moves.values(weights)[0] - moves.values(network.weights)[0]
        >>> round(float(gone / moves.amount("red", percent=5)), 3)
        1.0
        """
        from scipy.optimize import brentq  # slow to import

        which, start = self.number(name), self._network.weights
        goal = self._start[which] + self.amount(name, percent)
        effects = self.sensitivities[which]
        direction = units(self._half) * effects / np.abs(effects).max()

        def missing(times):
            return self.values(start + times * direction)[which] - goal

        if not missing(1.0) * missing(0.0) < 0:
            raise ValueError(f"{name!r} is not moved by {percent} % within the working ranges")
        return start + brentq(missing, 0.0, 1.0) * direction

    def along(self, weights, names, leak_of=None, percent=False):
        """Return how properties go along weights (T, S), as a slider of a playground shows it.

        For each name, with its unit, values (T,): in per cent of the start's if asked for. And the
        leak from the start of the property `leak_of`.
        """
        values = np.array([self.values(one) for one in weights])
        readings = {}
        for name in names:
            which = self.number(name)
            unit = "%" if percent else self.units[which]
            scale = 100 / self._start[which] if percent else 1.0
            readings[f"{name} ({unit})"] = scale * values[:, which]
        if leak_of is not None:
            made = (values - self._start) / self.scales
            leaks = leak(made.T, self.number(leak_of))
            readings["leak"] = np.where(made.any(axis=1), leaks, 0.0)
        return readings

    def pictures(self, name, ways):
        """Return what ways to move a property paint, pixels by captions that say what they did.

        Ways are weights (S,) by their names; a caption has by how many per cent of its start the
        property has moved, and the leak.
        """
        which, start, shown = self.number(name), self._network.weights, {}
        for way, weights in ways.items():
            percent = 100 * (self.values(weights)[which] / self._start[which] - 1)
            caption = f"{way}: {percent:+.0f} %, leak {self.leak(name, start, weights):.2f}"
            moved = Network(self._network.wiring, weights)
            shown[caption] = moved.paint(self._size).pixels
        return shown
