"""What the widgets are made of."""

import ipywidgets as widgets

SHOWN = 288  # side of a picture on the screen, in CSS pixels


# Images get no tooltip: ipywidgets 8 looks for a description that images lack, and the browser
# shows an error in place of the picture.
def image_of(picture):
    """Return an image widget of a picture, enlarged.

    Parameters
    ----------
    picture : Picture

    Returns
    -------
    ipywidgets.Image

    Examples
    --------
    >>> image_of(Picture(np.zeros((4, 4, 3)))).format
    'png'
    """
    return widgets.Image(value=picture.to_png(), format="png", width=SHOWN)


def slider_around(value, reach, step, description, tooltip):
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
