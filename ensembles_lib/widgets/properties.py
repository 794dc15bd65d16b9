"""Sliders that move one property of the picture, in concert or by a single synapse."""

import ipywidgets as widgets
import numpy as np

from ..core import Network
from ..core.points import Size
from ..ensembles import best_single_move, linear_ranges
from .controls import ChangedPicture
from .property_bank import PropertyBank
from .turns import take_turns

FURTHEST = 3.0  # working ranges that a single synapse may go to move a property by the scale


class PropertySliders(PropertyBank):
    """A slider for each property of the picture, and a meter for what leaks into the others.

    In the units of the properties. One property is moved at a time, always from the network that
    was given: touching another slider puts the first one back. The way of a property is worked
    out at the first touch and followed from then on, so that later moves are immediate.

    Parameters
    ----------
    properties : sequence of Property
    size
        Of the pictures that they measure; `shown` is that of the picture on the screen.

    Examples
    --------
    >>> red = colour_property(np.ones((8, 8), bool), (1, 0, 0), "red")
    >>> sliders = PropertySliders(network, [red], size=8, shown=16)
    >>> sliders.reading
    'as trained; change of the picture 0.000'
    """

    WAYS = ("all synapses in concert", "best single synapse")
    FAR, TICKS, FORMAT = 15.0, 50, "+.2g"
    METRIC = "picture"

    def __init__(self, network: Network, properties, size: Size = 64, shown: Size = 128):
        network.check_paints()
        self._start, self._note = network, ""
        self.pictures = ChangedPicture(network, shown)
        self.image, self.map = self.pictures.children
        half = linear_ranges(network, size)
        # In double precision: a long way takes the same turns on every processor.
        super().__init__(network, properties, size, np.float64, half, self._paint, self._refuse)
        self.reset = widgets.Button(description="reset", tooltip="back to the trained network")
        self.reset.on_click(lambda _: self._begin(None))
        chooser = widgets.HBox([self.way, self.reset])
        self.children = [self.pictures, chooser, self.meter, self._columns]
        take_turns(self.reset)

    @property
    def network(self):
        """The network as it is shown."""
        return Network(self._start.wiring, self._last)

    @property
    def reading(self):
        """The words below the pictures."""
        words, made = [self._note] if self._note else [], self._made()
        if np.array_equal(self._last, self._start.weights):
            words.append("as trained")
        elif np.isnan(made).any():
            words.append(f"{self._how()}: the picture can no longer be measured")
        else:
            which, share = self._measured.number(self._active), self._leak()
            moved = f"{self._active} moved by {self._amount_of(which, made)} {self._how()}"
            words += [moved, f"leak {share:.2f}"]
            if share >= 0.05:
                others = np.abs(made)
                others[which] = 0
                worst = int(others.argmax())
                name = self._measured.names[worst]
                words.append(f"most of it {name}, {self._amount_of(worst, made)}")
        return "; ".join([*words, f"change of the picture {self.pictures.change:.3f}"])

    def _how(self):
        if self.way.value == self.WAYS[0]:
            return "in concert"
        by = self._last - self._start.weights
        synapse = np.flatnonzero(by)[0]
        return f"by synapse {synapse}, {by[synapse] / self._half[synapse]:+.1f} working ranges"

    def _amount_of(self, which, made):
        """Return how far a property has moved, in words."""
        moved, unit = made[which] * self.scales[which], self._units[self._measured.names[which]]
        number = f"{moved:+.2g}" if abs(moved) < 99.5 else f"{moved:+.0f}"
        return number + unit if unit == "°" else f"{number} {unit}".strip()

    def _unit(self, name, scale):
        return round_below(self.FAR * scale), 1.0, self._units[name] or "its own unit"

    def _begin(self, name):
        self._note = ""
        self.settle(self._start.weights, name)
        self._paint()

    def _go_another_way(self):
        self._begin(self._active)
        if self._active:
            self._go()

    def _chosen(self, way, name, effect):
        best = best_single_move(
            self._start, self._measured, name, self.scales[self._measured.number(name)],
            half=self._half, size=self._size, furthest=FURTHEST,
        )  # fmt: skip
        return [best.synapse if best.synapse >= 0 else int(np.abs(effect).argmax())]

    def _paint(self, *_):
        self.pictures.show(self.network)
        self._tell()

    def _refuse(self, words):
        self._note = words
        self._tell()

    def __repr__(self):
        return f"PropertySliders({len(self.sliders)} properties)"


def round_below(value):
    """Return the largest of 1, 2, 3 or 5 times a power of ten that is not above a value."""
    power = 10.0 ** np.floor(np.log10(value))
    factor = max(f for f in (1, 2, 3, 5) if f * power <= value * (1 + 1e-9))
    return float(f"{factor * power:.6g}")
