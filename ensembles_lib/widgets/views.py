"""The upper row of the editor: the picture, maps beside it, and readings."""

import html

import ipywidgets as widgets
import numpy as np
from matplotlib import colormaps

from ..core import Picture, rmse
from ..core.passes import colours_of
from ..core.points import fit, pixels_of
from ..plots import ACTIVATION, change_picture
from .canvas import Canvas, captioned

WIDE, SMALL = 364, 128  # longer sides of the picture and the maps on the screen, in CSS pixels
TABLE = "font-size:11px;line-height:17px;width:100%;border-spacing:0;white-space:nowrap"
LONGEST = 20  # letters of a name; longer ones lose their middle, and keep it in the title
NAME = "max-width:112px;overflow:hidden"


class Views(widgets.HBox):
    """The picture of a network large, four maps, and a table of readings.

    All of `size` (height, width), compared with the network `start` and a target, if there is
    one; `painted` as in `Canvas`.
    """

    def __init__(self, start, size, target, painted):
        self._size, self._target = size, target
        self.run(start)
        self._before = self.pixels, self._maps
        self.canvas = Canvas("the picture: click or paint a region", painted, fit(WIDE, size))
        # Their height is set, too, or the browser would lay the page out with each new picture.
        height, width = fit(SMALL, size)
        self.change, self.target, self.map, self.map_change = (
            widgets.Image(format="png", width=width, height=height) for _ in range(4)
        )
        self.target.value = (self.picture() if target is None else target).to_png()
        name = "start" if target is None else "target"
        self._captions = [captioned(self.map, ""), captioned(self.map_change, "")]
        upper = [captioned(self.change, "change, ±0.4"), captioned(self.target, name)]
        maps = widgets.VBox([widgets.HBox(upper), widgets.HBox(self._captions)])
        self.table = widgets.HTML(layout=widgets.Layout(width="206px", max_height="415px"))
        super().__init__([self.canvas, maps, self.table])

    def run(self, network):
        """Paint a network: from now on the views are of it."""
        wiring = network.wiring
        _, sent = network.sent(self._size, dtype=np.float32)
        self._maps = sent[wiring.n_inputs :]
        colours = colours_of(wiring, sent.reshape(len(sent), -1))
        self.pixels = pixels_of(colours, self._size)

    @property
    def reading(self):
        """The numbers of the whole picture, in words."""
        words = f"picture changed by {self._away(self._before[0])}"
        return words if self._target is None else f"RMSE {self._away(self._target)}; {words}"

    def _away(self, other):
        return f"{rmse(self.pixels, other):.3f}"

    def picture(self, outline=None, before=False):
        """Return the picture, or that of the start; the edge of a region is drawn into it."""
        pixels = self._before[0] if before else self.pixels
        if outline is not None:
            pixels = pixels.copy()
            # Black and white in turn: seen on any ground.
            checks = np.indices(outline.shape).sum(axis=0) // 2 % 2
            edge = edge_of(outline)
            pixels[edge] = 2.0 * checks[edge, None] - 1
        return Picture(pixels)

    def show_maps(self, neuron):
        """Show the activation map of a neuron and its change."""
        level, by = self._maps[neuron], self._maps[neuron] - self._before[1][neuron]
        colours = colormaps[ACTIVATION]((level.clip(-1, 1) + 1) / 2)[..., :3]
        self.map.value = Picture(2 * colours - 1).to_png()
        self.map_change.value = change_picture(by[..., None]).to_png()
        for box, words in zip(self._captions, ("neuron {}", "its change, ±0.4"), strict=True):
            box.children[0].value = words.format(neuron)

    def show_readings(self, rows):
        """Show the change map; and rows of name, unit, value and change, all of them words."""
        self.change.value = change_picture(self.pixels - self._before[0]).to_png()
        rows = [("picture changed", "RMS", self._away(self._before[0]), ""), *rows]
        if self._target is not None:
            rows.insert(0, ("RMSE", "to the target", self._away(self._target), ""))
        cells = "".join(
            f'<tr><td style="{NAME}" title="{html.escape(f"{name}: {unit}")}">'
            f"{html.escape(shortened(name))}</td>"
            f"<td style='text-align:right'>{value}</td><td style='text-align:right'>{by}</td></tr>"
            for name, unit, value, by in rows
        )
        self.table.value = f"<table style='{TABLE}'>{cells}</table>"


def shortened(name):
    """Return a name without its middle where it is too long: 'dark blue…brightness'."""
    half = LONGEST // 2
    return name if len(name) <= LONGEST else f"{name[: half - 1]}…{name[-half:]}"


def edge_of(mask):
    """Return the pixels of a mask that touch pixels outside of it, or the border of the picture."""
    padded = np.pad(mask, 1)
    inner = padded[:-2, 1:-1] & padded[2:, 1:-1] & padded[1:-1, :-2] & padded[1:-1, 2:]
    return mask & ~inner
