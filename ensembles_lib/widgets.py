"""Live widgets: pictures that are painted anew while something changes."""

import io
import time

import ipywidgets as widgets
import numpy as np
from PIL import Image, ImageDraw, ImageFont
from traitlets import validate

from .borders import border_sensitivities, find_borders, move_borders
from .comparators import all_pairs
from .network import Network
from .passes import respond
from .picture import Picture
from .plots import BLUE, INK, OCHRE, QUIET, SIGNED
from .rules import answers

SHOWN = 288  # side of a picture on the screen, in CSS pixels


# Images get no tooltip: ipywidgets 8 looks for a description that images lack, and the browser
# shows an error in place of the picture.
def image_of(picture):
    """Return an image widget of a picture, enlarged."""
    return widgets.Image(value=picture.to_png(), format="png", width=SHOWN)


class TrainingView(widgets.VBox):
    """The painting of a network while it learns: give it to a trainer as `callback`.

    Parameters
    ----------
    picture : Picture
        What is to be learnt, shown beside the painting.
    size : int
        Of the painting.
    """

    def __init__(self, picture, size=128):
        self._size, self._picture, self._painted, self._count = size, picture, 0.0, 0
        self.image = image_of(picture)
        self.label = widgets.Label("not trained yet")
        pair = widgets.HBox([image_of(picture), self.image])
        super().__init__([pair, self.label])

    def __call__(self, network, rmse):
        """Show a network; paints at most 15 times a second, so that training is not held up."""
        self._count = self._count + 1 if self._painted else 0
        now = time.monotonic()
        if now - self._painted > 1 / 15:
            self._painted = now
            self.image.value = network.paint(self._size, dtype="float32").to_png()
            self.label.value = f"step {self._count}: RMSE {rmse:.3f}"

    def __repr__(self):
        return f"TrainingView(picture of {self._picture.size[0]}×{self._picture.size[1]})"


class HistoryPlayer(widgets.VBox):
    """A slider through the history of a training, with the painting at each record.

    Parameters
    ----------
    wiring : Wiring
    history : History
    size : int
        Of the painting.
    """

    def __init__(self, wiring, history, size=128):
        self._wiring, self._history, self._size = wiring, history, size
        last = len(history.step) - 1
        self.slider = widgets.IntSlider(
            last,
            0,
            last,
            description="record",
            tooltip="record of the training",
        )
        self.reset = widgets.Button(description="to the end", tooltip="show the trained network")
        self.image = image_of(self.network.paint(size))
        self.label = widgets.Label(self.reading)
        self.slider.observe(self._moved, "value")
        self.reset.on_click(lambda _: setattr(self.slider, "value", last))
        super().__init__([self.image, widgets.HBox([self.slider, self.reset]), self.label])

    @property
    def network(self):
        """The network at the chosen step."""
        return Network(self._wiring, self._history.weights[self.slider.value])

    @property
    def reading(self):
        """The words below the picture."""
        at, history = self.slider.value, self._history
        return f"step {history.step[at]}: RMSE {history.rmse[at]:.3f}"

    def _moved(self, _):
        self.image.value = self.network.paint(self._size, dtype="float32").to_png()
        self.label.value = self.reading

    def __repr__(self):
        return f"HistoryPlayer({len(self._history.step)} records)"


class CompareSliders(widgets.VBox):
    """All pairs of numbers as a comparator answers them, with a slider for every synapse.

    Above the eight sliders stand two that scale a whole ensemble: all of a, or all of b.

    Parameters
    ----------
    planted : Planted
        From `compare_binary`, with up to 6 bits.
    """

    def __init__(self, planted):
        self._start, self._ensembles = planted
        self._bits = self._start.wiring.n_inputs // 2
        if self._start.wiring.n_neurons != 1 or self._bits > 6:
            raise ValueError(f"{self._start!r}: give compare_binary(bits) with up to 6 bits")
        _, a, b = all_pairs(self._bits)
        self._truth, self._said, self._moving = np.sign(a - b), "", False
        self.scales = {
            name: _slider(1.0, 0.5, 0.01, f"all of {name} ×", f"scale the whole ensemble of {name}")
            for name in self._ensembles
        }
        # A synapse alone may err by less than the least bit is worth before an answer turns.
        least = float(np.abs(self._start.weights).min())
        places = [(name, self._bits - 1 - k) for name in "ab" for k in range(self._bits)]
        self.sliders = [
            _slider(
                float(weight),
                max(4 * least, abs(weight) / 2),
                abs(float(weight)) / 100,  # so that a scaled ensemble stays on the steps
                f"{name} bit {bit}",
                f"weight of bit {bit} of {name}",
            )
            for weight, (name, bit) in zip(self._start.weights, places, strict=True)
        ]
        for slider in self.sliders:
            slider.observe(lambda _: self._draw(), "value")
        for name, slider in self.scales.items():
            slider.observe(lambda change, name=name: self._scaled(name, change["new"]), "value")
        self.reset = widgets.Button(description="reset", tooltip="back to the weights of the start")
        self.reset.on_click(lambda _: self.back())
        self.image = widgets.Image(format="png", width=SHOWN)
        self.label = widgets.Label()
        half = [
            widgets.VBox([self.scales[name], *(self.sliders[k] for k in synapses)])
            for name, synapses in self._ensembles.items()
        ]
        super().__init__(
            [widgets.HBox([self.image, *half]), widgets.HBox([self.label, self.reset])]
        )
        self._draw()

    @property
    def weights(self):
        """The weights as the sliders stand, (S,)."""
        return np.array([slider.value for slider in self.sliders])

    @property
    def wrong(self):
        """Which answers are wrong, (2**bits, 2**bits) bool; an output of 0 says equal."""
        said = answers(self._start.wiring, self.weights, self._bits)
        return (said != self._truth).reshape(2**self._bits, -1)

    @property
    def reading(self):
        """The words below the picture."""
        return f"{self.wrong.sum()} of {self.wrong.size} pairs wrong{self._said}"

    def move(self, synapse, weight):
        """Give a synapse a weight; what cannot be done is said in the reading."""
        if synapse not in range(len(self.sliders)):
            return self._say(f"there is no synapse {synapse}: give 0 to {len(self.sliders) - 1}")
        return self._set(self.sliders[synapse], weight, f"weight of synapse {synapse}")

    def scale(self, name, factor):
        """Scale the whole ensemble "a" or "b"; what cannot be done is said in the reading."""
        if name not in self.scales:
            return self._say(f"there is no ensemble {name!r}: give 'a' or 'b'")
        return self._set(self.scales[name], factor, f"scale of {name}")

    def back(self):
        """Put all sliders back to the start."""
        self._moving = True
        for slider, weight in zip(self.sliders, self._start.weights, strict=True):
            slider.value = weight
        for slider in self.scales.values():
            slider.value = 1.0
        self._moving = False
        self._draw()

    def _set(self, slider, value, what):
        if not isinstance(value, (int, float, np.number)) or not np.isfinite(value):
            return self._say(f"{what} cannot be {value!r}: give a number")
        if not slider.min <= value <= slider.max:
            return self._say(f"{what} can be {slider.min:g} to {slider.max:g}, not {value:g}")
        slider.value = float(value)
        return self._draw()  # even if nothing moved, to clear what was said before

    def _say(self, problem):
        self._said = f"; not moved: {problem}"
        self.label.value = self.reading

    def _scaled(self, name, factor):
        if self._moving:
            return
        self._moving = True
        for synapse in self._ensembles[name]:
            self.sliders[synapse].value = factor * self._start.weights[synapse]
        self._moving = False
        self._draw()

    def _draw(self):
        if self._moving:
            return
        self._said = ""
        n, cell = 2**self._bits, max(4, SHOWN // 2**self._bits)
        inputs = all_pairs(self._bits)[0]
        outputs = respond(self._start.wiring, self.weights, inputs).reshape(n, n)
        pixels = SIGNED((outputs[::-1] + 1) / 2)[..., :3].repeat(cell, axis=0).repeat(cell, axis=1)
        dotted = np.zeros((n, cell, n, cell), bool)
        dot = slice(cell // 3, cell - cell // 3)
        dotted[:, dot, :, dot] = self.wrong[::-1, None, :, None]
        pixels[dotted.reshape(n * cell, n * cell)] = 0.15
        self.image.value = Picture(2 * pixels - 1).to_png()
        self.label.value = self.reading

    def __repr__(self):
        return f"CompareSliders({self._bits} bits, {self.wrong.sum()} pairs wrong)"


def _slider(value, reach, step, description, tooltip):
    """Return a slider that reaches equally far to both sides of a value.

    A browser rounds what a kernel sets to the steps and sends it back, maybe late: the steps are
    chosen so that the values in use lie on them.
    """
    return widgets.FloatSlider(
        value,
        min=value - reach,
        max=value + reach,
        step=step,
        description=description,
        tooltip=tooltip,
        readout_format=".3f",
        layout=widgets.Layout(width="272px"),
        style={"description_width": "75px"},
    )


class BorderSliders(widgets.VBox):
    """The signal of a network on a line, with a slider for each of its borders.

    A border's slider moves that border alone, by the coordinated change of all weights. Below
    them one synapse at a time can be pulled by itself, to compare. The network shown depends on
    the sliders only, not on the way there.

    Parameters
    ----------
    network : Network
        With inputs x and 1 and one output.
    """

    PULL = 0.2  # how far a full pull moves the border that the synapse moves most, about

    def __init__(self, network):
        self._start, self._places, self._note = network, find_borders(network), ""
        if not len(self._places):
            raise ValueError("this network has no borders on the line: there is nothing to slide")
        effects = np.abs(border_sensitivities(network, self._places)).max(axis=0)
        self._pulls = np.divide(self.PULL, effects, out=np.zeros_like(effects), where=effects > 0)
        self.network, self.report = network, None
        self.borders = [
            self._slider(place, f"border {b}", f"place of border {b}, the others stand still")
            for b, place in enumerate(self._places, 1)
        ]
        numbers = range(network.wiring.n_synapses)
        self.synapse = widgets.Dropdown(
            options=[(str(k), k) for k in numbers],
            description="synapse",
            tooltip="the synapse to pull alone",
        )
        self.pull = self._slider(0.0, "pull", "pull one synapse alone; 1 is a strong pull")
        self.reset = widgets.Button(description="reset", tooltip="all sliders back to the start")
        self.image = widgets.Image(format="png", width=640)
        self.label = widgets.HTML()  # a Label would cut long lines off
        self._everything = [*self.borders, self.synapse, self.pull]
        for control in self._everything:
            control.observe(self._moved, "value")
        self.reset.on_click(self._back)
        self._moved()
        lower = widgets.HBox([self.synapse, self.pull, self.reset])
        super().__init__([self.image, *self.borders, lower, self.label])

    def _slider(self, value, name, tooltip):
        return _ToldSlider(
            self._refuse,
            value=float(value),
            min=-1.0,
            max=1.0,
            step=0.005,
            readout_format="+.3f",
            description=name,
            tooltip=tooltip,
            layout=widgets.Layout(width="640px"),
        )

    @property
    def reading(self):
        """The words below the sliders."""
        return self.label.value

    def _refuse(self, name, value):
        self._note = f"{name} cannot be {value:g}: the slider runs from -1 to 1"
        self._tell()

    def _back(self, _=None):
        start = [*self._places, self.synapse.value, 0.0]
        for control in self._everything:
            control.unobserve(self._moved, "value")
        for control, value in zip(self._everything, start, strict=True):
            control.value = value
        for control in self._everything:
            control.observe(self._moved, "value")
        self._moved()

    def _moved(self, _=None):
        self._note = ""
        targets = np.array([slider.value for slider in self.borders])
        by = np.where(np.abs(targets - self._places) < 1e-9, 0.0, targets - self._places)
        network, self.report = move_borders(self._start, by)
        synapse, pull = self.synapse.value, self.pull.value
        if pull:
            pulled = network.weights[synapse] + pull * self._pulls[synapse]
            network = network.with_weight(synapse, pulled)
        self.network = network
        self.image.value = draw_signal(network, self._start)
        self._tell()

    def _tell(self):
        now = find_borders(self.network)
        words = [self._note] if self._note else []
        if not self.report.arrived:
            words.append(f"stopped on the way: {self.report.stopped}")
        if self.pull.value:
            change = self.pull.value * self._pulls[self.synapse.value]
            words.append(f"synapse {self.synapse.value} pulled by {change:+.3g}")
        if len(now) == len(self._places):
            words.append(_motions(now - self._places))
        else:
            words.append(f"{len(now)} borders where there were {len(self._places)}")
        self.label.value = "; ".join(words)

    def __repr__(self):
        return f"BorderSliders({len(self._places)} borders, {len(self._pulls)} synapses)"


class _ToldSlider(widgets.FloatSlider):
    """A slider that tells when it was given a value beyond its ends, or none at all."""

    def __init__(self, refuse, **options):
        self._refuse = refuse
        super().__init__(**options)

    @validate("value")
    def _validate_value(self, proposal):
        value = proposal["value"]
        if self.min <= value <= self.max:
            return value
        self._refuse(self.description, value)
        return self.value


def _motions(by):
    """Return in words which borders moved, and how far the others did."""
    moved = np.flatnonzero(np.abs(by) >= 0.0025)
    rest = np.abs(np.delete(by, moved)).max(initial=0.0)
    words = [f"border {b + 1} moved by {by[b]:+.3f}" for b in moved]
    if not words:
        return "all borders in their places"
    if len(moved) < len(by):
        words.append(f"the others by at most {rest:.3f}")
    return ", ".join(words)


def draw_signal(network, before, width=640, height=190):
    """Return a PNG of the signal over the line, on and off in colour, its borders numbered.

    The signal of `before` is dashed. Drawn by Pillow in twice the size: matplotlib would take
    ten times as long.
    """
    fine, low, high = 2 * width, 2 * (height - 26), 12
    x = np.linspace(-1, 1, fine // 2)
    inputs = np.array([x, np.ones_like(x)])
    shown, ghost = (net.respond(inputs)[0] for net in (network, before))
    column = np.arange(len(x)) * 2.0
    middle, scale = (low + high) / 2, (low - high) / 2.1
    rows = [middle - scale * signal for signal in (shown, ghost)]
    picture = Image.new("RGB", (fine, 2 * height), "white")
    draw = ImageDraw.Draw(picture)
    on = shown > 0
    for runs in np.split(np.arange(len(x)), np.flatnonzero(on[1:] != on[:-1]) + 1):
        outline = [(column[runs[0]], middle), *zip(column[runs], rows[0][runs], strict=True)]
        colour = "#edd7ba" if on[runs[0]] else "#dfe5f2"
        draw.polygon([*outline, (column[runs[-1]], middle)], fill=colour)
        bar = (column[runs[0]], low + 12, column[runs[-1]] + 2, low + 36)
        draw.rectangle(bar, fill=OCHRE if on[runs[0]] else BLUE)
    for start in range(0, len(x) - 8, 12):
        piece = slice(start, start + 8)
        draw.line([*zip(column[piece], rows[1][piece], strict=True)], fill=QUIET, width=2)
    draw.line((0, middle, fine, middle), fill=QUIET, width=1)
    draw.line([*zip(column, rows[0], strict=True)], fill=INK, width=4, joint="curve")
    font = ImageFont.load_default(22)
    for number, place in enumerate(find_borders(network), 1):
        at = (place + 1) / 2 * (fine - 2)
        disc = (at - 17, middle - 17, at + 17, middle + 17)
        draw.ellipse(disc, fill="white", outline=INK, width=3)
        draw.text((at, middle), str(number), fill=INK, font=font, anchor="mm")
    buffer = io.BytesIO()
    picture.resize((width, height), Image.Resampling.BOX).save(buffer, "png", compress_level=1)
    return buffer.getvalue()
