"""What the widgets are made of: pictures, and controls that say why they refuse a value."""

import ipywidgets as widgets
import numpy as np
from traitlets import validate

from ..core import Picture, rmse
from ..plots import change_picture

SHOWN = 288  # side of a picture on the screen, in CSS pixels


# Images get no tooltip: ipywidgets 8 looks for a description that images lack, and the browser
# shows an error in place of the picture.
def image_of(picture: Picture) -> widgets.Image:
    """Return an image widget of a picture, enlarged."""
    return widgets.Image(value=picture.to_png(), format="png", width=SHOWN)


class ChangedPicture(widgets.HBox):
    """The picture of a network beside the map of its change since the start."""

    def __init__(self, network, size):
        self._size, self._still = size, network.paint(size, dtype=np.float32)
        super().__init__([image_of(self._still), image_of(self._still)])
        self.show(network)

    def show(self, network):
        """Show a network; `painted` is its picture, and `change` the RMS of its change."""
        self.painted = network.paint(self._size, dtype=np.float32)
        self.change = rmse(self.painted, self._still)
        change = change_picture(self.painted.pixels - self._still.pixels)
        for image, picture in zip(self.children, (self.painted, change), strict=True):
            image.value = picture.to_png()


def control(kind, description, tooltip, width, **options):
    """Return a control with a name, a tooltip, and a width in CSS pixels."""
    options.setdefault("layout", widgets.Layout(width=f"{width}px"))
    return kind(description=description, tooltip=tooltip, **options)


def on_move(mover, do):
    """Call `do(value)` when a control is moved, but not for what `show` puts there.

    Nor for its echo: a browser sends back what it was given through its own arithmetic, and late.
    """

    def moved(change):
        value, before, mover.shown = change["new"], mover.shown, change["new"]
        step = getattr(mover, "step", 0)
        if value != before and not (step and abs(value - before) < step / 1000):
            do(value)

    mover.shown = mover.value
    mover.observe(moved, "value")


def show(mover, value):
    """Put a control to a value without doing what it does when it is moved."""
    mover.shown = value
    mover.value = value


class Told:
    """Lets a widget refuse a number beyond its ends by `refused(words)`; mix it in."""

    ENDS = "the slider runs from {:g} to {:g}"

    def __init__(self, refused, **options):
        self._refused = refused
        super().__init__(**options)

    # The name is that of the ipywidgets method which would clamp the value in silence.
    @validate("value")
    def _validate_value(self, proposal):
        value = proposal["value"]
        if self.min <= value <= self.max:
            return value
        ends = self.ENDS.format(self.min, self.max)
        self._refused(f"{self.description} cannot be {value:g}: {ends}")
        return self.value


class ToldSlider(Told, widgets.FloatSlider):
    """A slider of real numbers."""
