"""The upper row of the editor: the picture, maps beside it, and readings."""

import html

import ipywidgets as widgets

from .canvas import Canvas, captioned

WIDE, SMALL = 364, 128  # sides of the picture and of the maps on the screen, in CSS pixels
TABLE = "font-size:11px;line-height:17px;width:100%;border-spacing:0;white-space:nowrap"


class ViewsRow(widgets.HBox):
    """The picture large, four maps, and a table of readings.

    Parameters
    ----------
    target : Picture
        What stands in the place of the target.
    name : str
        Its caption.
    painted : callable
        As in `Canvas`.
    """

    def __init__(self, target, name, painted):
        self.canvas = Canvas("the picture: click or paint a region", painted, WIDE)
        self.change, self.target, self.map, self.map_change = (
            widgets.Image(format="png", width=SMALL) for _ in range(4)
        )
        self.target.value = target.to_png()
        self._captions = [captioned(self.map, ""), captioned(self.map_change, "")]
        upper = [captioned(self.change, "change, ±0.4"), captioned(self.target, name)]
        maps = widgets.VBox([widgets.HBox(upper), widgets.HBox(self._captions)])
        self.table = widgets.HTML(layout=widgets.Layout(width="206px"))
        super().__init__([self.canvas, maps, self.table])

    def show_picture(self, png, change):
        """Show the picture and its change map, both PNG."""
        self.canvas.image.value, self.change.value = png, change

    def show_map(self, neuron, png, change):
        """Show the activation map of a neuron and its change."""
        self.map.value, self.map_change.value = png, change
        for box, words in zip(self._captions, ("neuron {}", "its change, ±0.4"), strict=True):
            box.children[0].value = words.format(neuron)

    def show_table(self, rows):
        """Show rows of name, unit, value and change, all of them words."""
        cells = "".join(
            f'<tr><td title="{html.escape(unit)}">{html.escape(name)}</td>'
            f"<td style='text-align:right'>{value}</td><td style='text-align:right'>{by}</td></tr>"
            for name, unit, value, by in rows
        )
        self.table.value = f"<table style='{TABLE}'>{cells}</table>"
