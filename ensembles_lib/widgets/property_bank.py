"""Sliders of properties, with a meter for what leaks into the others."""

import html
from functools import lru_cache, partial

import ipywidgets as widgets
import numpy as np

from ..ensembles.members import participation_ensemble
from ..ensembles.sensitivities import effects_and_scales, leak
from ..ensembles.slider import property_slider
from .told import ToldSlider
from .turns import Aside, take_turns

FAR = 3.0  # how far a slider goes, in scales of its property
WAYS = ("all synapses in concert", "its ensemble, straight on", "its strongest synapse")


class PropertyBank(widgets.VBox):
    """A slider for each property of the picture, and a choice of which synapses do the work.

    A slider's unit is the *scale* of its property: how far it goes, RMS over synapses, when one
    synapse moves by its working range. One slider at a time is off its middle: touching another
    starts a new move from where the network is.

    Parameters
    ----------
    network : Network
        The start, for the ensembles.
    measured : Measurement
    units : sequence of str
        Of the properties.
    half : (S,) array
        Working ranges.
    moved : callable
        Is called with the name of the move and weights (S,).
    told : callable
        Is called with a sentence for the message line.
    """

    def __init__(self, network, measured, units, half, moved, told):
        self._network, self._measured, self._half = network, measured, half
        # Readings ask for the same weights more than once: now and where a move began.
        self._values = lru_cache(4)(lambda raw: measured.or_nan(np.frombuffer(raw)))
        self._units = units
        self._moved, self._told, self._showing = moved, told, False
        self.start_values, by_weight = measured.slopes(network.weights)
        effects, self.scales = effects_and_scales(by_weight, half, measured.names)
        self.ensembles = {
            name: participation_ensemble(row)
            for name, row in zip(measured.names, effects, strict=True)
        }
        self._anchor = self._last = network.weights
        self._active, self._amount, self._path, self._aside = None, 0.0, None, Aside()
        self.way = widgets.Dropdown(
            options=WAYS,
            description="moved by",
            tooltip="which synapses move the property",
            layout=widgets.Layout(width="330px"),
        )
        self.way.observe(lambda _: self._go_another_way(), "value")
        shape = widgets.Layout(width="408px", height="28px", margin="0")
        look = widgets.SliderStyle(description_width="160px")
        self.sliders = {
            name: ToldSlider(
                told,
                min=-FAR,
                max=FAR,
                step=0.05,
                description=name,
                tooltip=f"move {name}, in units of its scale",
                readout_format="+.2f",
                layout=shape,
                style=look,
            )
            for name in measured.names
        }
        for name, slider in self.sliders.items():
            slider.observe(lambda c, name=name: self._slid(name, c["new"]), "value")
        self.meter = widgets.HTML()
        columns = [*self.sliders.values()]
        middle = (len(columns) + 1) // 2
        columns = [widgets.VBox(columns[:middle]), widgets.VBox(columns[middle:])]
        super().__init__([widgets.HBox([self.way, self.meter]), widgets.HBox(columns)])
        self._tell()
        take_turns(self)

    @property
    def reading(self):
        """The words of the leak meter."""
        if self._active is None:
            return "no property is being moved"
        made, which = self._made(), self._measured.number(self._active)
        return f"{self._active} moved by {made[which]:+.2f} scales, leak {leak(made, which):.2f}"

    @property
    def dragged(self):
        """Is a slider being moved by a browser, rather than by Python?"""
        return any(slider.dragged for slider in self.sliders.values())

    def settle(self, weights):
        """Start anew from these weights: all sliders to the middle."""
        self._anchor = self._last = weights
        self._active, self._path = None, None
        self._centre()
        self._tell()

    def move(self, name, amount):
        """Move a property by `amount` scales, as its slider would; errors are told in words."""
        if name not in self.sliders:
            return self._told(f"there is no property {name!r}: there are {', '.join(self.sliders)}")
        if not isinstance(amount, (int, float, np.number)):
            return self._told(f"{name} cannot move by {amount!r}: give a number")
        self.sliders[name].value = float(amount)

    def effects(self, weights):
        """Return how many scales each property is from the start, (A,), measured."""
        return (self._measured.values(weights) - self.start_values) / self.scales

    def read(self, weights):
        """Set the leak meter, and return rows for a table of readings, in words.

        Each is of name, unit, value and how many scales it is from the start.
        """
        self._tell()
        values = self._values(weights.tobytes())
        by = np.round((values - self.start_values) / self.scales, 2) + 0.0  # no -0.00
        return [("", "", "now", "moved")] + [
            (name, unit, f"{value:.3g}", f"{away:+.2f}" if abs(away) < 10 else f"{away:+.0f}")
            for name, unit, value, away in zip(
                self._measured.names, self._units, values, by, strict=True
            )
        ]

    def _go_another_way(self):
        self._told("")  # the other way may have been in the making
        self.settle(self._last)

    def _centre(self, but=None):
        self._showing = True
        for name, slider in self.sliders.items():
            if name != but and slider.value:
                slider.value = 0.0
        self._showing = False

    def _slid(self, name, amount):
        shown = self._amount if name == self._active else 0.0
        if self._showing or abs(amount - shown) < 1e-6:
            return  # a browser sends back what it was given, but for rounding
        self._amount = amount
        if self._active != name:
            self._anchor, self._active, self._path = self._last, name, None
            self._centre(but=name)
        if self._path is not None:
            return self._follow()
        self._told(f"working out how to move {name} …")
        move = name, self.way.value, self._anchor
        key = *move[:2], id(self._anchor)
        self._aside.ask(key, partial(self._worked_out, *move), partial(self._found, move))

    def _found(self, move, path):
        name, way, anchor = move
        if (name, way) != (self._active, self.way.value) or anchor is not self._anchor:
            return  # another move has begun
        if isinstance(path, str):
            return self._told(path)
        self._told("")
        self._path = path
        self._follow()

    def _follow(self):
        """Go along the path as far as the slider of the move asks for."""
        low, high, at = self._path
        name, scale = self._active, self.scales[self._measured.number(self._active)]
        amount, before = self._amount * scale, self._last
        if not low - 0.01 * scale <= amount <= high + 0.01 * scale:
            self._told(
                f"{name} can be moved by {low / scale:+.2f} to {high / scale:+.2f} scales here"
            )
        try:
            self._last = at(np.clip(amount, low, high))
            self._moved(f"{name}, {self.way.value}", self._last)
        except ValueError as error:
            self._last = before
            self._told(str(error))

    def _worked_out(self, name, way, anchor):
        """Return (low, high, at), the range of amounts and what leads to them, or why not."""
        which = self._measured.number(name)
        far = FAR * self.scales[which]
        try:
            if way == WAYS[0]:
                network = type(self._network)(self._network.wiring, anchor)
                path = property_slider(network, self._measured, which, -far, far, half=self._half)
                return path.low, path.high, path.at
            effect = self._measured.slopes(anchor, [which])[1][0] * self._half
        except ValueError as error:
            return str(error)
        chosen = self.ensembles[name] if way == WAYS[1] else [np.abs(effect).argmax()]
        part = np.zeros_like(effect)
        part[chosen] = effect[chosen]
        # Steepest in working ranges, and as long as the linear effect asks for.
        direction = part * self._half / (part @ part)
        return -far, far, lambda amount: anchor + amount * direction

    def _made(self):
        """Return by how many scales the present move has moved each property, (A,), measured."""
        before, after = (self._values(w.tobytes()) for w in (self._anchor, self._last))
        return (after - before) / self.scales

    def _tell(self):
        share = 0.0
        if self._active is not None:
            share = min(leak(self._made(), self._measured.number(self._active)), 2.0)
        self.meter.value = (
            f'<meter aria-label="leak" min="0" max="2" low="0.1" high="1" optimum="0" '
            f'value="{share:.3f}"></meter> {html.escape(self.reading)}'
        )
