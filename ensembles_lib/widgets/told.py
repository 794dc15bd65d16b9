"""Controls that tell when they are given a value beyond their ends, or none at all."""

import ipywidgets as widgets
from traitlets import validate


class Told:
    """Makes a number that lies beyond its ends be refused in words; mix it into a widget."""

    ENDS = "the slider runs from {:g} to {:g}"

    dragged = False  # while the answer to a browser is made

    def __init__(self, refused, **options):
        self._refused = refused
        super().__init__(**options)

    # ipywidgets calls it with what a browser has sent.
    def set_state(self, sync_data):
        """Take a value from a browser; meanwhile `dragged` is true."""
        self.dragged = True
        try:
            super().set_state(sync_data)
        finally:
            self.dragged = False

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
    """A slider of real numbers; `refused` is called with a sentence, and the value stays."""


class ToldSteps(Told, widgets.IntSlider):
    """A slider of whole numbers; `refused` is called with a sentence, and the value stays."""
