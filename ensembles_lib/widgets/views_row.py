"""The upper row of the editor: the picture, maps beside it, and readings."""

import html

import ipywidgets as widgets

from ..core.picture import Picture, rmse
from .canvas import Canvas, captioned

WIDE, SMALL = 364, 128  # sides of the picture and of the maps on the screen, in CSS pixels
TABLE = "font-size:11px;line-height:17px;width:100%;border-spacing:0;white-space:nowrap"
LONGEST = 20  # letters of a name; longer ones lose their middle, and keep it in the title
NAME = "max-width:112px;overflow:hidden"


class ViewsRow(widgets.HBox):
    """The picture large, four maps, and a table of readings.

    Parameters
    ----------
    views : Views
        What is shown.
    target : Picture or None
        At the size of the views; where there is none, the picture of the start stands there.
    painted : callable
        As in `Canvas`.
    """

    def __init__(self, views, target, painted):
        self._views, self._target = views, target
        self.canvas = Canvas("the picture: click or paint a region", painted, WIDE)
        # Their height is set, too, or the browser would lay the page out with each new picture.
        self.change, self.target, self.map, self.map_change = (
            widgets.Image(format="png", width=SMALL, height=SMALL) for _ in range(4)
        )
        beside = Picture(views.pixels) if target is None else target
        self.target.value = beside.to_png()
        name = "start" if target is None else "target"
        self._captions = [captioned(self.map, ""), captioned(self.map_change, "")]
        upper = [captioned(self.change, "change, ±0.4"), captioned(self.target, name)]
        maps = widgets.VBox([widgets.HBox(upper), widgets.HBox(self._captions)])
        self.table = widgets.HTML(layout=widgets.Layout(width="206px", max_height="415px"))
        super().__init__([self.canvas, maps, self.table])

    @property
    def reading(self):
        """The numbers of the whole picture, in words."""
        words = f"picture changed by {self._views.changed_by:.3f}"
        return words if self._target is None else f"RMSE {self._error:.3f}; {words}"

    @property
    def _error(self):
        return rmse(self._views.pixels, self._target)

    def show_picture(self, outline=None, before=False, passing=False):
        """Show the picture, or that of the start, with the edge of a region."""
        self.canvas.show(self._views.picture(outline, before), passing)

    def show_maps(self, neuron):
        """Show the activation map of a neuron and its change."""
        self.map.value = self._views.activation(neuron)
        self.map_change.value = self._views.activation_change(neuron)
        for box, words in zip(self._captions, ("neuron {}", "its change, ±0.4"), strict=True):
            box.children[0].value = words.format(neuron)

    def show_readings(self, rows):
        """Show the change map; and rows of name, unit, value and change, all of them words."""
        self.change.value = self._views.change()
        rows = [("picture changed", "RMS", f"{self._views.changed_by:.3f}", ""), *rows]
        if self._target is not None:
            rows.insert(0, ("RMSE", "to the target", f"{self._error:.3f}", ""))
        cells = "".join(
            f'<tr><td style="{NAME}" title="{html.escape(f"{name}: {unit}")}">'
            f"{html.escape(shortened(name))}</td>"
            f"<td style='text-align:right'>{value}</td><td style='text-align:right'>{by}</td></tr>"
            for name, unit, value, by in rows
        )
        self.table.value = f"<table style='{TABLE}'>{cells}</table>"


def shortened(name):
    """Return a name without its middle where it is too long for a table.

    Examples
    --------
    >>> shortened("body tilt"), shortened("dark blue, lower right: brightness")
    ('body tilt', 'dark blue…brightness')
    """
    half = LONGEST // 2
    return name if len(name) <= LONGEST else f"{name[: half - 1]}…{name[-half:]}"
