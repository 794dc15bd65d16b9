"""One look for all figures: colours, sheets of panels laid out in inches, film strips."""

import re

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.colors import LinearSegmentedColormap

from ..core.picture import Picture

INK, QUIET, FAINT = "#26323a", "#7a868c", "#e6e4dc"
BLUE, OCHRE, GREEN, RUST = "#2859ac", "#c07f2e", "#2f8573", "#ab4f33"
COLOURS = (BLUE, OCHRE, GREEN, RUST)
# Blue to ochre over paper white: for what has a sign. Distinct to every kind of colour vision.
SIGNED = LinearSegmentedColormap.from_list("signed", ["#123c7c", BLUE, "#f7f5ef", OCHRE, "#7a4508"])
ACTIVATION = "cividis"


def set_style():
    """Set matplotlib up for the notebooks; call it once, at the top.

    Examples
    --------
    >>> with plt.rc_context():  # undone at the end
    ...     set_style()
    ...     plt.rcParams["axes.spines.top"]
    False
    """
    plt.rcParams.update(
        {
            "axes.edgecolor": QUIET,
            "axes.labelcolor": INK,
            "axes.prop_cycle": plt.cycler(color=COLOURS),
            "axes.spines.right": False,
            "axes.spines.top": False,
            "axes.titlecolor": INK,
            "axes.titlesize": 10,
            "figure.dpi": 100,
            "font.size": 10,
            "text.color": INK,
            "xtick.color": QUIET,
            "ytick.color": QUIET,
        }
    )
    try:
        from matplotlib_inline.config import InlineBackend
    except ImportError:  # outside of Jupyter there is nothing to set
        return
    # Without this the size of a stored figure would follow the width of its text.
    InlineBackend.instance().print_figure_kwargs = {"bbox_inches": None}


def sheet(rows, columns, panel, gap=(0.08, 0.08), margin=(0.05, 0.05, 0.05, 0.05)):
    """Return a figure and a (rows, columns) array of axes, laid out in inches.

    Parameters
    ----------
    rows, columns : int
    panel : (width, height)
    gap : (horizontal, vertical)
        Between panels; room for titles and labels.
    margin : (left, right, bottom, top)

    Returns
    -------
    matplotlib figure, (rows, columns) array of axes

    Examples
    --------
    >>> figure, axes = sheet(1, 2, (2.0, 1.0), gap=(0.5, 0.0), margin=(0.25, 0.25, 0.0, 0.0))
    >>> axes.shape, figure.get_size_inches().round(3).tolist()
    ((1, 2), [5.0, 1.0])
    """
    # Whole pixels, at the 100 per inch of the notebooks: versions of matplotlib round fractions
    # of pixels in different ways, and then all of a picture shifts.
    panel, gap, margin = (np.round(lengths, 2) for lengths in (panel, gap, margin))
    left, right, bottom, top = margin
    width = left + columns * panel[0] + (columns - 1) * gap[0] + right + 1e-6  # not a pixel less
    height = bottom + rows * panel[1] + (rows - 1) * gap[1] + top + 1e-6
    figure = plt.figure(figsize=(width, height))
    axes = np.empty((rows, columns), object)
    for row, column in np.ndindex(rows, columns):
        x = left + column * (panel[0] + gap[0])
        y = height - top - (row + 1) * panel[1] - row * gap[1]
        # A hair inside the pixels' edges, since rounding errors would fall on either side.
        hair = 2e-4
        across, up = (panel - 2 * hair) / (width, height)
        box = ((x + hair) / width, (y + hair) / height, across, up)
        axes[row, column] = figure.add_axes(box)
    return figure, axes


def panel(width, height, margin):
    """Return the axes of a figure with one panel, laid out in inches."""
    return sheet(1, 1, (width, height), margin=margin)[1][0, 0]


def colour_bar(ax, label, gap=0.1, width=0.12, height=None, ticks=None, extend="neither", pad=0):
    """Put a colour bar to the right of axes, `gap` inches away, its label `pad` points from it."""
    figure, box = ax.figure, ax.get_position()
    across, up = figure.get_size_inches()
    height = height / up if height else box.height
    place = (box.x1 + gap / across, box.y1 - height, width / across, height)
    bar = figure.colorbar(ax.images[0], cax=figure.add_axes(place), ticks=ticks, extend=extend)
    bar.outline.set_visible(False)
    bar.ax.tick_params(length=0, labelsize=10)
    bar.set_label(label, labelpad=pad)


def _number(value, digits=6):
    """Return a number as a label, with a real minus."""
    return f"{value:.{digits}g}".replace("-", "−")


def with_minus(label):
    """Return a label in which numbers below 0 have a real minus, not a hyphen.

    Parameters
    ----------
    label : str

    Returns
    -------
    str

    Examples
    --------
    >>> with_minus("synapse 3-4: -1.92")
    'synapse 3-4: −1.92'
    """
    return re.sub(r"(?<!\w)-(?=\d)", "−", label)


def film_strip(pictures, labels=None, columns=None, width=9.0, right=0.05):
    """Draw pictures or maps side by side, each with its label above.

    Parameters
    ----------
    pictures : sequence of Picture or (H, W) or (H, W, 3) arrays in [-1, 1]
        Flat arrays are shown as activations.
    labels : sequence of str, optional
    columns : int, optional
        Pictures per row; all in one row unless given.
    width : float
        Of the figure, in inches.
    right : float
        Room at the right, in inches.

    Returns
    -------
    matplotlib figure

    Examples
    --------
    >>> figure = film_strip([np.zeros((8, 8, 3)), np.ones((8, 8, 3))], ["grey", "white"])
    >>> [ax.get_title() for ax in figure.axes]
    ['grey', 'white']
    """
    pictures = [p.pixels if isinstance(p, Picture) else np.asarray(p) for p in pictures]
    columns = columns or len(pictures)
    height, across = pictures[0].shape[:2]
    side = (width - 0.05 - right - 0.08 * (columns - 1)) / columns
    room = 0.08 if labels is None else 0.26
    figure, axes = sheet(
        -(-len(pictures) // columns),
        columns,
        (side, side * height / across),
        (0.08, room),
        (0.05, right, 0.05, room),
    )
    for number, ax in enumerate(axes.flat):
        ax.axis("off")
        if number < len(pictures):
            _show(ax, pictures[number])
            if labels is not None:
                ax.set_title(with_minus(labels[number]), pad=4)
    return figure


def _show(ax, pixels):
    if pixels.ndim == 3:
        ax.imshow((pixels + 1) / 2, interpolation="nearest")
    else:
        ax.imshow(pixels, cmap=ACTIVATION, vmin=-1, vmax=1, interpolation="nearest")
