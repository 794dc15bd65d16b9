"""What the widgets are made of: pictures, and controls that say why they refuse a value."""

import ipywidgets as widgets

from ..core import Picture

SHOWN = 288  # side of a picture on the screen, in CSS pixels


# Images get no tooltip: ipywidgets 8 looks for a description that images lack, and the browser
# shows an error in place of the picture.
def image_of(picture: Picture) -> widgets.Image:
    """Return an image widget of a picture, enlarged."""
    return widgets.Image(value=picture.to_png(), format="png", width=SHOWN)


def control(kind, description, tooltip, width, **options):
    """Return a control with a name, a tooltip, and a width in CSS pixels."""
    options.setdefault("layout", widgets.Layout(width=f"{width}px"))
    return kind(description=description, tooltip=tooltip, **options)
