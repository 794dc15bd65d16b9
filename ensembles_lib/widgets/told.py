"""Sliders that tell when they are given a value beyond their ends, or none at all."""

import ipywidgets as widgets
from traitlets import validate


class _Told:
    def __init__(self, refused, **options):
        self._refused = refused
        super().__init__(**options)

    # The name is that of the ipywidgets method which would clamp the value in silence.
    @validate("value")
    def _validate_value(self, proposal):
        value = proposal["value"]
        if self.min <= value <= self.max:
            return value
        ends = f"from {self.min:g} to {self.max:g}"
        self._refused(f"{self.description} cannot be {value:g}: the slider runs {ends}")
        return self.value


class ToldSlider(_Told, widgets.FloatSlider):
    """A slider of real numbers; `refused` is called with a sentence, and the value stays."""


class ToldSteps(_Told, widgets.IntSlider):
    """A slider of whole numbers; `refused` is called with a sentence, and the value stays."""
