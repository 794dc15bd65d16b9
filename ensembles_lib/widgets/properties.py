"""Sliders that move one property of the picture, in concert or by a single synapse."""

import html
from functools import partial

import ipywidgets as widgets
import numpy as np

from ..core.network import Network
from ..ensembles.sensitivities import effects_and_scales, leak, linear_ranges
from ..ensembles.single_moves import best_single_move
from ..ensembles.slider import property_slider
from ..plots import change_picture
from ..properties.measurements import painted
from .parts import image_of
from .told import ToldSlider
from .turns import Aside, take_turns

FAR = 15.0  # how far a slider goes, about, in scales of its property
TICKS = 50  # of a slider, from its middle to either end
FURTHEST = 3.0  # working ranges that a single synapse may go to move a property by the scale
ARRIVED = 1.01  # a way ends within its tolerance of what was asked for
WAYS = ("all synapses in concert", "best single synapse")


class PropertySliders(widgets.VBox):
    """A slider for each property of the picture, and a meter for what leaks into the others.

    One property is moved at a time, always from the network that was given: touching another
    slider puts the first one back. The way of a property is worked out at the first touch and
    followed from then on, so that later moves are immediate.

    Parameters
    ----------
    network : Network
        One that paints.
    properties : sequence of Property
    size : int or (height, width)
        Of the pictures that they measure.
    half : (S,) array, optional
        Working ranges R_k; linear ones unless given.
    metric : "picture" or "weights"
        What a move in concert keeps smallest, as in `coordinated_move`.
    shown : int
        Size of the picture that is shown.

    Examples
    --------
    >>> red = colour_property(np.ones((8, 8), bool), (1, 0, 0), "red")
    >>> sliders = PropertySliders(network, [red], size=8, shown=16)
    >>> sliders.reading
    'as trained; change of the picture 0.000'
    """

    def __init__(self, network, properties, size=64, half=None, metric="picture", shown=128):
        network.check_paints()
        self.network = self._start = network
        self._half = linear_ranges(network, size) if half is None else half
        # In double precision: a long way takes the same turns on every processor.
        self._measured, self._metric = painted(network, properties, size, np.float64), metric
        self._size, self._shown = size, shown
        self._units = {one.name: one.unit for one in properties}
        self._values, by_weight = self._measured.slopes(network.weights)
        self._effects, self._scales = effects_and_scales(
            by_weight, self._half, self._measured.names
        )
        self._still = network.paint(shown, dtype=np.float32)
        self._paths, self._active, self._note, self._setting = {}, None, "", False
        self._aside = Aside()
        shape = widgets.Layout(width="410px", height="28px", margin="0")
        look = widgets.SliderStyle(description_width="150px")
        self.sliders = {
            name: self._slider(name, round_below(FAR * scale), shape, look)
            for name, scale in zip(self._measured.names, self._scales, strict=True)
        }
        self.way = widgets.Dropdown(
            options=WAYS,
            description="moved by",
            tooltip="which synapses move the property",
            layout=widgets.Layout(width="320px"),
        )
        self.reset = widgets.Button(description="reset", tooltip="back to the trained network")
        self.image, self.map = image_of(self._still), image_of(self._still)
        self.meter, self.label = widgets.HTML(), widgets.HTML()
        self.way.observe(lambda _: self._activate(self._active), "value")
        self.reset.on_click(lambda _: self._activate(None))
        self._move()
        columns = list(self.sliders.values())
        middle = (len(columns) + 1) // 2
        columns = [widgets.VBox(columns[:middle]), widgets.VBox(columns[middle:])]
        super().__init__(
            [
                widgets.HBox([self.image, self.map]),
                widgets.HBox([self.way, self.reset, self.meter]),
                self.label,
                widgets.HBox(columns),
            ]
        )
        take_turns(self)

    def _slider(self, name, reach, shape, look):
        slider = ToldSlider(
            self._refuse,
            min=-reach,
            max=reach,
            step=reach / TICKS,
            description=name,
            tooltip=f"move {name}, in {self._units[name] or 'its own unit'}",
            readout_format="+.2g",
            layout=shape,
            style=look,
        )
        slider.observe(lambda change: self._slid(name, change["new"]), "value")
        return slider

    @property
    def reading(self):
        """The words below the pictures."""
        return html.unescape(self.label.value)

    def _slid(self, name, amount):
        # A browser sends back what it was given through its own arithmetic, and late.
        tiny = abs(amount) < self.sliders[name].step / 1000
        if self._setting or (tiny and name != self._active):
            return
        self._activate(name)

    def _activate(self, name):
        """Move one property, or none, with all other sliders in their middle."""
        self._setting, self._active, self._note = True, name, ""
        for other, slider in self.sliders.items():
            if other != name and slider.value:
                slider.value = 0.0
        self._setting = False
        self._move()

    def _refuse(self, words):
        self._note = words
        self._tell()

    def _move(self):
        """Follow the way of the property that is being moved, as soon as it is worked out."""
        name = self._active
        amount = self.sliders[name].value if name else 0.0
        if not name or abs(amount) < self.sliders[name].step / 1000:
            return self._show(self._start.weights, "")
        key = name, self.way.value
        if key in self._paths:
            low, high, at, words = self._paths[key]
            return self._show(at(float(np.clip(amount, low, high))), words(amount))
        self._note = f"working out how to move {name} …"
        self._show(self._start.weights, "")
        self._aside.ask(key, partial(self._path, *key), partial(self._found, key))

    def _show(self, weights, words):
        """Show the network with these weights; words say by which way they were reached, if any."""
        self.network, self._words = Network(self._start.wiring, weights), words
        picture = self.network.paint(self._shown, dtype=np.float32)
        change = picture.pixels - self._still.pixels
        self._change = float(np.sqrt(np.mean(change.astype(float) ** 2)))
        self.image.value, self.map.value = picture.to_png(), change_picture(change).to_png()
        if words:
            self._done = (self._measured.or_nan(weights) - self._values) / self._scales
        self._tell()

    def _found(self, key, path):
        self._paths[key] = path
        if key == (self._active, self.way.value):
            self._note = ""
            self._move()

    def _path(self, name, way):
        """Return (low, high, at, words): from where to where, weights and words by the amount."""
        try:
            return self._concert(name) if way == WAYS[0] else self._single(name)
        except ValueError as error:
            why = str(error)
            return 0.0, 0.0, lambda _: self._start.weights, lambda _: why

    def _concert(self, name):
        reach = self.sliders[name].max
        path = property_slider(
            self._start, self._measured, name, -reach, reach,
            half=self._half, size=self._size, metric=self._metric,
        )  # fmt: skip

        def words(amount):
            if path.low * ARRIVED <= amount <= path.high * ARRIVED:
                return "in concert"
            end, why = (path.high, path.why[1]) if amount > 0 else (path.low, path.why[0])
            return f"in concert, no further than {end:+.2g}: {why}"

        return path.low, path.high, path.at, words

    def _single(self, name):
        which, reach = self._measured.number(name), self.sliders[name].max
        best = best_single_move(
            self._start, self._measured, name, self._scales[which],
            half=self._half, size=self._size, furthest=FURTHEST,
        )  # fmt: skip
        own = self._effects[which]
        synapse = best.synapse if best.synapse >= 0 else int(np.abs(own).argmax())
        per_unit = 1 / (own[synapse] * self._scales[which])  # working ranges
        direction = np.zeros(len(own))
        direction[synapse] = per_unit * self._half[synapse]

        def words(amount):
            return f"by synapse {synapse}, {amount * per_unit:+.1f} working ranges"

        return -reach, reach, lambda amount: self._start.weights + amount * direction, words

    def _tell(self):
        words, share = [self._note] if self._note else [], 0.0
        if not self._words:
            words.append("as trained")
        elif np.isnan(self._done).any():
            words.append(f"{self._words}: the picture can no longer be measured")
        else:
            which = self._measured.number(self._active)
            share = leak(self._done, which) if self._done[which] else 0.0
            words += [
                f"{self._active} moved by {self._amount(which)} {self._words}",
                f"leak {share:.2f}",
            ]
            if share >= 0.05:
                others = np.abs(self._done)
                others[which] = 0
                worst = int(others.argmax())
                words.append(f"most of it {self._measured.names[worst]}, {self._amount(worst)}")
        words.append(f"change of the picture {self._change:.3f}")
        self.label.value = html.escape("; ".join(words), quote=False)
        self.meter.value = (
            'leak <meter aria-label="leak" min="0" max="2" low="0.1" high="1" optimum="0" '
            f'value="{min(share, 2.0):.2f}"></meter> {share:.2f}'
        )

    def _amount(self, which):
        """Return how far a property has moved, in words."""
        moved = self._done[which] * self._scales[which]
        unit = self._units[self._measured.names[which]]
        number = f"{moved:+.2g}" if abs(moved) < 99.5 else f"{moved:+.0f}"
        return number + unit if unit == "°" else f"{number} {unit}".strip()

    def __repr__(self):
        return f"PropertySliders({len(self.sliders)} properties)"


def round_below(value):
    """Return the largest of 1, 2, 3 or 5 times a power of ten that is not above a value."""
    power = 10.0 ** np.floor(np.log10(value))
    factor = max(f for f in (1, 2, 3, 5) if f * power <= value * (1 + 1e-9))
    return float(f"{factor * power:.6g}")
