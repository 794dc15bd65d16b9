"""Sliders of properties, with a meter for what leaks into the others."""

import html
from functools import lru_cache, partial

import ipywidgets as widgets
import numpy as np

from ..core import Network
from ..ensembles import leak, participation_ensemble, property_slider
from ..ensembles.moves import PropertySlider
from ..ensembles.sensitivities import effects_and_scales
from ..properties import painted
from .controls import ToldSlider, control, on_move, show, two_columns
from .turns import Aside, take_turns

ARRIVED = 1.01  # a way ends within its tolerance of what was asked for


class PropertyBank(widgets.VBox):
    """A slider for each property of the picture, and a choice of which synapses do the work.

    A slider's unit is the *scale* of its property: how far it goes, RMS over synapses, when one
    synapse moves by its working range. One slider at a time is off its middle: touching another
    starts a new move from where the network is. The way of a move is worked out at the first
    touch and followed from then on. `half` are working ranges (S,); `moved(name, weights)` is
    called, and `say(words)` for the message line.
    """

    WAYS = ("all synapses in concert", "its ensemble, straight on", "its strongest synapse")
    FAR, TICKS, FORMAT = 3.0, 60, "+.2f"  # where a slider ends, and its steps to either side
    METRIC = "weights"

    def __init__(self, network, properties, size, dtype, half, moved, say):
        self._measured = measured = painted(network, properties, size, dtype)
        self._wiring, self._half, self._size = network.wiring, half, size
        self._moved, self._say = moved, say
        # Readings ask for the same weights more than once: now and where a move began.
        self._values = lru_cache(4)(lambda raw: measured.or_nan(np.frombuffer(raw)))
        self._units = {one.name: one.unit for one in properties}
        self.start_values, by_weight = measured.slopes(network.weights)
        effects, self.scales = effects_and_scales(by_weight, half, measured.names)
        self.ensembles = {
            name: participation_ensemble(row)
            for name, row in zip(measured.names, effects, strict=True)
        }
        self._anchor = self._last = network.weights
        self._active, self._amount, self._paths, self._aside = None, 0.0, {}, Aside()
        self.way = control(
            widgets.Dropdown, "moved by", "which synapses move the property", 330, options=self.WAYS
        )
        on_move(self.way, lambda _: self._go_another_way())
        shape = widgets.Layout(width="408px", height="28px", margin="0")
        look = widgets.SliderStyle(description_width="160px")
        self.sliders, self._per = {}, {}
        for name, scale in zip(measured.names, self.scales, strict=True):
            far, self._per[name], unit = self._unit(name, float(scale))
            self.sliders[name] = ToldSlider(
                say, min=-far, max=far, step=far / self.TICKS, readout_format=self.FORMAT,
                description=name, tooltip=f"move {name}, in {unit}", layout=shape, style=look,
            )  # fmt: skip
            on_move(self.sliders[name], partial(self._slid, name))
        self.meter = widgets.HTML()
        self._columns = two_columns(self.sliders.values())
        super().__init__([widgets.HBox([self.way, self.meter]), self._columns])
        self._tell()
        take_turns(self)

    def _unit(self, name, scale):
        """Return where the slider of a property ends, what its unit is, and in words."""
        return self.FAR, scale, "units of its scale"

    @property
    def reading(self):
        """The words of the leak meter."""
        if self._active is None:
            return "no property is being moved"
        made = self._made()[self._measured.number(self._active)]
        return f"{self._active} moved by {made:+.2f} scales, leak {self._leak():.2f}"

    def settle(self, weights, name=None):
        """Start anew from these weights: all sliders to the middle but that of a property."""
        if weights is not self._anchor:
            self._paths = {}
        self._anchor = self._last = weights
        self._active = name
        for other, slider in self.sliders.items():
            if other != name:
                show(slider, 0.0)
        self._tell()

    def move(self, name, amount):
        """Move a property by `amount` scales, as its slider would; errors are told in words."""
        if name not in self.sliders:
            return self._say(f"there is no property {name!r}: there are {', '.join(self.sliders)}")
        if not isinstance(amount, (int, float, np.number)):
            return self._say(f"{name} cannot move by {amount!r}: give a number")
        self.sliders[name].value = float(amount)

    def effects(self, weights):
        """Return how many scales each property is from the start, (A,), measured."""
        return (self._measured.values(weights) - self.start_values) / self.scales

    def read(self, weights):
        """Set the leak meter; return rows of name, unit, value and scales from the start."""
        self._tell()
        values = self._values(weights.tobytes())
        by = np.round((values - self.start_values) / self.scales, 2) + 0.0  # no -0.00
        return [("", "", "now", "moved")] + [
            (name, unit, f"{value:.3g}", f"{away:+.2f}" if abs(away) < 10 else f"{away:+.0f}")
            for (name, unit), value, away in zip(self._units.items(), values, by, strict=True)
        ]

    def _begin(self, name):
        """Begin to move a property, or none."""
        self.settle(self._last, name)

    def _go_another_way(self):
        self._say("")  # the other way may have been in the making
        self._begin(None)

    def _slid(self, name, amount):
        if name != self._active:
            self._begin(name)
        self._amount = amount
        self._go()

    def _go(self):
        """Follow the way of the property that is being moved, as soon as it is worked out."""
        name, key, paths = self._active, (self._active, self.way.value), self._paths
        if abs(self._amount) < self.sliders[name].step / 1000:
            self._arrive(self._anchor)
        elif key in paths:
            self._follow(paths[key])
        else:
            self._say(f"working out how to move {name} …")
            work = partial(self._worked_out, *key, self._anchor)
            self._aside.ask((*key, id(paths)), work, partial(self._found, key, paths))

    def _found(self, key, paths, path):
        paths[key] = path
        if key == (self._active, self.way.value) and paths is self._paths:
            self._go()

    def _follow(self, path):
        """Go along the path as far as the slider asks for; a sentence says why there is none."""
        if isinstance(path, str):
            return self._say(path)
        scale = self._per[self._active]
        amount, words = self._amount * scale, ""
        if not path.low * ARRIVED <= amount <= path.high * ARRIVED:
            up = amount > 0
            end = (path.high if up else path.low) / scale
            words = f"{self._active} moves no further than {end:+.2g}: {path.why[up]}"
        self._arrive(path.at(float(np.clip(amount, path.low, path.high))), words)

    def _arrive(self, weights, words=""):
        self._say(words)
        before, self._last = self._last, weights
        try:
            self._moved(f"{self._active}, {self.way.value}", weights)
        except ValueError as error:
            self._last = before
            self._say(str(error))

    def _worked_out(self, name, way, anchor):
        """Return the way of a property by its amount, or why there is none."""
        which = self._measured.number(name)
        far = self.sliders[name].max * self._per[name]
        try:
            if way == self.WAYS[0]:
                network = Network(self._wiring, anchor)
                return property_slider(
                    network, self._measured, which, -far, far,
                    half=self._half, size=self._size, metric=self.METRIC,
                )  # fmt: skip
            effect = self._measured.slopes(anchor, [which])[1][0] * self._half
            chosen = self._chosen(way, name, effect)
        except ValueError as error:
            return str(error)
        part = np.zeros_like(effect)
        part[chosen] = effect[chosen]
        # Steepest in working ranges, and as long as the linear effect asks for.
        direction = part * self._half / (part @ part)
        why = ("arrived", "arrived")
        return PropertySlider(name, -far, far, why, lambda amount: anchor + amount * direction)

    def _chosen(self, way, name, effect):
        """Return the synapses that go straight on, given the effect (S,) of each."""
        return self.ensembles[name] if way == self.WAYS[1] else [np.abs(effect).argmax()]

    def _made(self):
        """Return by how many scales the present move has moved each property, (A,), measured."""
        before, after = (self._values(w.tobytes()) for w in (self._anchor, self._last))
        return (after - before) / self.scales

    def _leak(self):
        """Return the leak of the present move, 0 where there is none to be told."""
        if self._active is None:
            return 0.0
        made = self._made()
        share = leak(made, self._measured.number(self._active)) if made.any() else 0.0
        return 0.0 if np.isnan(share) else share

    def _tell(self):
        self.meter.value = (
            '<meter aria-label="leak" min="0" max="2" low="0.1" high="1" optimum="0" '
            f'value="{min(self._leak(), 2.0):.3f}"></meter> {html.escape(self.reading)}'
        )
