"""Panels laid out in inches, and what is written and shown in them."""

import re

import matplotlib.pyplot as plt
import numpy as np

from .style import ACTIVATION


def sheet(rows, columns, panel, gap, margin):
    """Return a figure and a (rows, columns) array of axes, laid out in inches.

    A panel is (width, height). The gap (horizontal, vertical) between panels and the margin (left,
    right, bottom, top) have room for titles and labels.
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


def picture_sheet(rows, columns, shape, width, gap, margin):
    """Return a figure of that width and axes for pictures of that shape, as `sheet` does."""
    side = (width - margin[0] - margin[1] - gap[0] * (columns - 1)) / columns
    return sheet(rows, columns, (side, side * shape[0] / shape[1]), gap, margin)


def panel(width, height, margin):
    """Return the axes of a figure with one panel, laid out in inches."""
    return sheet(1, 1, (width, height), (0, 0), margin)[1][0, 0]


def colour_bar(ax, label, height=None, ticks=None, extend="neither", pad=0):
    """Put a colour bar to the right of axes, its label `pad` points from it; return its axes."""
    figure, box = ax.figure, ax.get_position()
    across, up = figure.get_size_inches()
    height = height / up if height else box.height
    place = (box.x1 + 0.1 / across, box.y1 - height, 0.12 / across, height)
    bar = figure.colorbar(ax.images[0], cax=figure.add_axes(place), ticks=ticks, extend=extend)
    bar.outline.set_visible(False)
    bar.ax.tick_params(length=0, labelsize=10)
    bar.set_label(label, labelpad=pad)
    return bar.ax


def without_frame(ax):
    """Leave out the lines around axes and the ticks on them."""
    ax.tick_params(length=0)
    ax.spines[:].set_visible(False)


def beside(ax, text, point, away=(6, 0), **style):
    """Write a text beside a point, `away` points from it."""
    style = {"textcoords": "offset points", "va": "center"} | style
    ax.annotate(text, point, xytext=away, **style)


def key(ax, names, colours, x, pitch):
    """Write names in their colours below each other, from the top, at a share of the width."""
    for row, (name, colour) in enumerate(zip(names, colours, strict=False)):
        ax.text(x, 1 - pitch * row, name, color=colour, va="top", transform=ax.transAxes)


def with_minus(label: str) -> str:
    """Return a label in which numbers below 0 have a real minus, not a hyphen.

    Examples
    --------
    >>> with_minus("synapse 3-4: -1.92")
    'synapse 3-4: −1.92'
    """
    return re.sub(r"(?<!\w)-(?=\d)", "−", label)


def show(ax, pixels, interpolation="nearest"):
    """Show pixels in [-1, 1] without ticks: (H, W, 3) as a picture, (H, W) as activations."""
    if pixels.ndim == 3:
        ax.imshow((pixels + 1) / 2, interpolation=interpolation)
    else:
        ax.imshow(pixels, cmap=ACTIVATION, vmin=-1, vmax=1, interpolation=interpolation)
    ax.set(xticks=[], yticks=[])
    ax.spines[:].set_visible(False)
