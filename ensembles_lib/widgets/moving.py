"""Ways to move a property of the picture, and what comes of a move."""

from functools import lru_cache

import numpy as np

from ..core import Network
from ..ensembles import leak, participants, property_slider
from ..ensembles.moves import PropertySlider
from ..ensembles.sensitivities import effects_and_scales
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
    ensembles : dict of str to int array
        For each property the synapses that hold 90 % of it, its participants.

    Examples
    --------
    >>> red = colour_property(np.ones((8, 8), bool), (1, 0, 0), "red")
    >>> moves = PropertyMoves(network, [red], 8, np.full(27, 0.1))
    >>> there = moves.concert("red", network.weights, 1.0).at(0.5 * moves.scales[0])
    >>> moves.told("red", network.weights, there)
    'red moved by +0.50 scales, leak 0.00'
    """

    def __init__(self, network, properties, size, half):
        self.measured = measured = painted(network, properties, size)
        self._network, self._half = network, half
        self._options = {"half": half, "size": size}
        # Readings ask for the same weights more than once: now and where a move began.
        self._values = lru_cache(4)(lambda raw: measured.or_nan(np.frombuffer(raw)))
        self.names, self.units = measured.names, tuple(one.unit for one in properties)
        self.number = measured.number
        self._start, by_weight = measured.slopes(network.weights)
        self.sensitivities, self.scales = effects_and_scales(by_weight, half, measured.names)
        rows = zip(measured.names, self.sensitivities, strict=True)
        self.ensembles = {name: participants(row) for name, row in rows}

    def values(self, weights):
        """Return the properties (A,), in their units; NaN where one cannot be measured."""
        return self._values(weights.tobytes())

    def effects(self, weights):
        """Return how many scales each property is from the start, (A,), measured."""
        return (self.values(weights) - self._start) / self.scales

    def readings(self, weights):
        """Return what is shown of each property: its value, and its scales from the start.

        As text; what is less than a thousandth of a scale from 0 is 0.
        """
        values = np.round(self.values(weights) / self.scales, 3) * self.scales + 0.0  # no -0.00
        effects = np.round(self.effects(weights), 2) + 0.0
        return [[f"{value:.3g}", f"{by:+.2f}"] for value, by in zip(values, effects, strict=True)]

    def made(self, before, after):
        """Return by how many scales each property moved from weights to weights, (A,)."""
        return (self.values(after) - self.values(before)) / self.scales

    def leak(self, name, before, after):
        """Return how far all others moved, over how far this one did; 0 if nothing moved.

        Infinite where a property cannot be measured.
        """
        made = self.made(before, after)
        return leak(made, self.number(name)) if made.any() else 0.0

    def in_concert(self, name, percent, synapses=None, watched=(), knots=2):
        """Return a way of a property, all others held still, as a slider of a playground takes it.

        In per cent of the property's start, so many to both sides: amounts (T,), weights (T, S),
        and how the property and those `watched` go along (see `along`). Of `synapses` that may
        move, all unless given.
        """
        which = self.number(name)
        far = abs(self._start[which]) * percent / 100
        around = self._network.weights, far / self.scales[which]
        amounts, weights = self.concert(name, *around, synapses=synapses, knots=knots).path()
        beside = self.along(weights, [name, *watched], percent=True)
        return percent * amounts / far, weights, beside

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
            shown[caption] = moved.paint(self._options["size"]).pixels
        return shown

    def told(self, name, before, after):
        """Say in words what a move did to the property and to all others."""
        made = self.made(before, after)[self.number(name)]
        return f"{name} moved by {made:+.2f} scales, leak {self.leak(name, before, after):.2f}"

    def concert(self, name, anchor, far, **options):
        """Return the way of a property from weights, `far` scales to both sides; others stay.

        With `synapses` that may move and `knots`, as in `property_slider`.
        """
        which, network = self.number(name), Network(self._network.wiring, anchor)
        far = far * self.scales[which]
        return property_slider(network, self.measured, which, -far, far, **self._options, **options)

    def straight(self, name, anchor, far, choose):
        """Return the way of synapses `choose(effects (S,))`, steepest in working ranges.

        As long as the linear effect asks for; others move as they may.
        """
        which = self.number(name)
        far = far * self.scales[which]
        effect = self.measured.slopes(anchor, [which])[1][0] * self._half
        chosen, part = choose(effect), np.zeros_like(effect)
        part[chosen] = effect[chosen]
        direction = part * self._half / (part @ part)

        def between(amount):
            return anchor + amount * direction

        return PropertySlider(name, -far, far, ("arrived", "arrived"), between)


def end_of(name, path, up, scale):
    """Say where a way ends and why; nothing where it goes as far as was asked for."""
    why, end = path.why[up], (path.high if up else path.low) / scale
    return "" if why == "arrived" else f"{name} moves no further than {end:+.2g} scales: {why}"


def strongest(effect):
    """Choose the one synapse with the largest effect of (S,)."""
    return [int(np.abs(effect).argmax())]
