"""Sliders that move one border of a signal."""

import io

import ipywidgets as widgets
import numpy as np
from PIL import Image, ImageDraw, ImageFont

from ..core import Network
from ..planted import border_sensitivities, find_borders, move_borders
from ..plots import BLUE, INK, OCHRE, QUIET
from .controls import ToldSlider, control, on_move, show
from .turns import take_turns

WIDTH, HEIGHT = 640, 190  # of the signal, in pixels
PULL = 0.2  # how far a full pull moves the border that the synapse moves most, about


class BorderSliders(widgets.VBox):
    """The signal of a network on a line, with a slider for each of its borders.

    A border's slider moves that border alone, by the coordinated change of all weights. Below
    them one synapse at a time can be pulled by itself, to compare. The network shown depends on
    the sliders only, not on the way there.

    Parameters
    ----------
    network
        With inputs x and 1 and one output.

    Examples
    --------
    >>> from ensembles_lib.planted import two_regions
    >>> sliders = BorderSliders(two_regions().network)
    >>> sliders.reading
    'all borders in their places'
    """

    def __init__(self, network: Network):
        self._start, self._places, self._note = network, find_borders(network), ""
        if not len(self._places):
            raise ValueError("this network has no borders on the line: there is nothing to slide")
        effects = np.abs(border_sensitivities(network, self._places)).max(axis=0)
        self._pulls = np.divide(PULL, effects, out=np.zeros_like(effects), where=effects > 0)
        self.borders = [
            self._slider(f"border {b}", f"place of border {b}, the others stand still", place)
            for b, place in enumerate(self._places, 1)
        ]
        tip, numbers = "the synapse to pull alone", range(network.wiring.n_synapses)
        self.synapse = control(widgets.Dropdown, "synapse", tip, 300, options=numbers)
        self.pull = self._slider("pull", "pull one synapse alone; 1 is a strong pull", 0.0)
        self.reset = widgets.Button(description="reset", tooltip="all sliders back to the start")
        self.image = widgets.Image(format="png", width=WIDTH)
        self.label = widgets.HTML()  # a Label would cut long lines off
        for mover in (*self.borders, self.synapse, self.pull):
            on_move(mover, self._moved)
        self.reset.on_click(self._back)
        self._moved()
        lower = widgets.HBox([self.synapse, self.pull, self.reset])
        super().__init__([self.image, *self.borders, lower, self.label])
        take_turns(self)

    def _slider(self, name, tooltip, value):
        return control(
            ToldSlider, name, tooltip, WIDTH, refused=self._refuse,
            value=float(value), min=-1.0, max=1.0, step=0.005, readout_format="+.3f",
        )  # fmt: skip

    @property
    def reading(self):
        """The words below the sliders."""
        return self.label.value

    def _refuse(self, words):
        self._note = words
        self._tell()

    def _back(self, _):
        for slider, place in zip((*self.borders, self.pull), (*self._places, 0.0), strict=True):
            show(slider, place)
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


def draw_signal(network, before):
    """Return a PNG of the signal over the line, on and off in colour, its borders numbered.

    The signal of `before` is dashed. Drawn by Pillow in twice the size: matplotlib would take ten
    times as long.
    """
    fine, low, high = 2 * WIDTH, 2 * (HEIGHT - 26), 12
    x = np.linspace(-1, 1, fine // 2)
    inputs = np.array([x, np.ones_like(x)])
    shown, ghost = (net.respond(inputs)[0] for net in (network, before))
    column = np.arange(len(x)) * 2.0
    middle, scale = (low + high) / 2, (low - high) / 2.1
    rows = [middle - scale * signal for signal in (shown, ghost)]
    picture = Image.new("RGB", (fine, 2 * HEIGHT), "white")
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
    picture.resize((WIDTH, HEIGHT), Image.Resampling.BOX).save(buffer, "png", compress_level=1)
    return buffer.getvalue()
