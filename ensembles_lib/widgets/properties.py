"""Sliders that move one property of the picture, in concert or by a single synapse."""

import html
from functools import partial

import ipywidgets as widgets
import numpy as np

from ..core import Network
from ..core.points import Size
from ..ensembles import best_single_move, linear_ranges
from .controls import ChangedPicture, ToldSlider, control, on_move, show
from .moving import PropertyMoves, with_unit
from .turns import Aside, take_turns

FAR, TICKS = 15.0, 50  # where a slider ends, in scales, and its steps to either side
FURTHEST = 3.0  # working ranges that a single synapse may go to move a property by the scale
ARRIVED = 1.01  # a way ends within its tolerance of what was asked for


class PropertySliders(widgets.VBox):
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

    def __init__(self, network: Network, properties, size: Size = 64, shown: Size = 128):
        network.check_paints()
        self._start, self._last, self._size = network, network.weights, size
        self._note, self._active, self._amount = "", None, 0.0
        self._paths, self._aside = {}, Aside()
        self._half = linear_ranges(network, size)
        # In double precision: a long way takes the same turns on every processor.
        self._moves = PropertyMoves(network, properties, size, self._half, float, "picture")
        self.pictures, self.meter = ChangedPicture(network, shown), widgets.HTML()
        self.image, self.map = self.pictures.children
        self.way = control(
            widgets.Dropdown, "moved by", "which synapses move the property", 330, options=self.WAYS
        )
        on_move(self.way, lambda _: self._go_another_way())
        shape = widgets.Layout(width="408px", height="28px", margin="0")
        look = widgets.SliderStyle(description_width="160px")
        self.sliders = {}
        for name, unit, scale in zip(
            self._moves.names, self._moves.units, self._moves.scales, strict=True
        ):
            far = round_below(FAR * scale)
            self.sliders[name] = ToldSlider(
                self._refuse, min=-far, max=far, step=far / TICKS, readout_format="+.2g",
                description=name, tooltip=f"move {name}, in {unit or 'its own unit'}",
                layout=shape, style=look,
            )  # fmt: skip
            on_move(self.sliders[name], partial(self._slid, name))
        self.reset = widgets.Button(description="reset", tooltip="back to the trained network")
        self.reset.on_click(lambda _: self._begin(None))
        columns = widgets.GridBox(
            list(self.sliders.values()),
            layout=widgets.Layout(grid_template_columns="repeat(2, max-content)"),
        )
        chooser = widgets.HBox([self.way, self.reset])
        super().__init__([self.pictures, chooser, self.meter, columns])
        self._tell()
        take_turns(self)

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
            which, share = self._moves.number(self._active), self._leak()
            moved = f"{self._active} moved by {self._amount_of(which, made)} {self._how()}"
            words += [moved, f"leak {share:.2f}"]
            if share >= 0.05:
                others = np.abs(made)
                others[which] = 0
                worst = int(others.argmax())
                name = self._moves.names[worst]
                words.append(f"most of it {name}, {self._amount_of(worst, made)}")
        return "; ".join([*words, f"change of the picture {self.pictures.change:.3f}"])

    def _made(self):
        return self._moves.made(self._start.weights, self._last)

    def _leak(self):
        if self._active is None:
            return 0.0
        return self._moves.leak(self._active, self._start.weights, self._last)

    def _how(self):
        if self.way.value == self.WAYS[0]:
            return "in concert"
        by = self._last - self._start.weights
        synapse = np.flatnonzero(by)[0]
        return f"by synapse {synapse}, {by[synapse] / self._half[synapse]:+.1f} working ranges"

    def _amount_of(self, which, made):
        """Return how far a property has moved, in words."""
        return with_unit(made[which] * self._moves.scales[which], self._moves.units[which])

    def _begin(self, name):
        """Begin to move a property from the start, or none."""
        self._note, self._active, self._last = "", name, self._start.weights
        for other, slider in self.sliders.items():
            if other != name:
                show(slider, 0.0)
        self._paint()

    def _go_another_way(self):
        self._begin(self._active)
        if self._active:
            self._go()

    def _slid(self, name, amount):
        if name != self._active:
            self._begin(name)
        self._amount = amount
        self._go()

    def _go(self):
        """Follow the way of the property that is being moved, as soon as it is worked out."""
        name, key = self._active, (self._active, self.way.value)
        if abs(self._amount) < self.sliders[name].step / 1000:
            self._arrive(self._start.weights)
        elif key in self._paths:
            self._follow(self._paths[key])
        else:
            self._refuse(f"working out how to move {name} …")
            self._aside.ask(key, partial(self._worked_out, *key), partial(self._found, key))

    def _found(self, key, path):
        self._paths[key] = path
        if key == (self._active, self.way.value):
            self._go()

    def _follow(self, path):
        """Go along the path as far as the slider asks for; a sentence says why there is none."""
        if isinstance(path, str):
            return self._refuse(path)
        amount, words = self._amount, ""
        if not path.low * ARRIVED <= amount <= path.high * ARRIVED:
            up = amount > 0
            end = path.high if up else path.low
            words = f"{self._active} moves no further than {end:+.2g}: {path.why[up]}"
        self._arrive(path.at(float(np.clip(amount, path.low, path.high))), words)

    def _arrive(self, weights, words=""):
        self._note, self._last = words, weights
        self._paint()

    def _worked_out(self, name, way):
        """Return the way of a property by its amount, or why there is none."""
        start, scale = self._start.weights, self._moves.scales[self._moves.number(name)]
        far = self.sliders[name].max / scale
        try:
            if way == self.WAYS[0]:
                return self._moves.concert(name, start, far)
            return self._moves.straight(name, start, far, partial(self._best, name, scale))
        except ValueError as error:
            return str(error)

    def _best(self, name, scale, effect):
        best = best_single_move(
            self._start, self._moves.measured, name, scale,
            half=self._half, size=self._size, furthest=FURTHEST,
        )  # fmt: skip
        return [best.synapse if best.synapse >= 0 else int(np.abs(effect).argmax())]

    def _paint(self):
        self.pictures.show(self.network)
        self._tell()

    def _refuse(self, words):
        self._note = words
        self._tell()

    def _tell(self):
        self.meter.value = (
            '<meter aria-label="leak" min="0" max="2" low="0.1" high="1" optimum="0" '
            f'value="{min(self._leak(), 2.0):.3f}"></meter> {html.escape(self.reading)}'
        )

    def __repr__(self):
        return f"PropertySliders({len(self.sliders)} properties)"


def round_below(value):
    """Return the largest of 1, 2, 3 or 5 times a power of ten that is not above a value."""
    power = 10.0 ** np.floor(np.log10(value))
    factor = max(f for f in (1, 2, 3, 5) if f * power <= value * (1 + 1e-9))
    return float(f"{factor * power:.6g}")
