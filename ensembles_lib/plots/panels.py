"""Panels laid out in inches, and what is written and shown in them."""

import re

import matplotlib.pyplot as plt
import numpy as np

from .style import ACTIVATION, colours_of


def sheet(rows, columns, panel, gap, margin):
    """Return a figure and a (rows, columns) array of axes, laid out in inches.

    A panel is (width, height). The gap (horizontal, vertical) between panels and the margin (left,
    right, bottom, top) have room for titles and labels.
    """
    # Whole pixels, at the 100 per inch of the notebooks: versions of matplotlib round fractions
    # of pixels in different ways, and then all of a picture shifts.
    panel, gap, margin = (np.round(lengths, 2) for lengths in (panel, gap, margin))
    number = np.array([columns, rows])
    size = number * panel + (number - 1) * gap + margin.reshape(2, 2).sum(axis=1)
    size += 1e-6  # not a pixel less
    # A hair inside the pixels' edges, since rounding errors would fall on either side.
    hair = 2e-4
    left, right, bottom, top = (margin + hair) / size.repeat(2)
    wide, high = (gap + 2 * hair) / (panel - 2 * hair)
    place = {"left": left, "right": 1 - right, "bottom": bottom, "top": 1 - top}
    place |= {"wspace": wide, "hspace": high}
    figure = plt.figure(figsize=size)
    return figure, figure.subplots(rows, columns, squeeze=False, gridspec_kw=place)


def picture_sheet(rows, columns, shape, width, gap, margin):
    """Return a figure of that width and axes for pictures of that shape, as `sheet` does."""
    side = (width - margin[0] - margin[1] - gap[0] * (columns - 1)) / columns
    return sheet(rows, columns, (side, side * shape[0] / shape[1]), gap, margin)


def panel(width, height, margin):
    """Return the axes of a figure with one panel, laid out in inches."""
    return sheet(1, 1, (width, height), (0, 0), margin)[1][0, 0]


def colour_bar(ax, label, height=None, ticks=None, extend="neither", pad=0, scale=None):
    """Put a colour bar to the right of axes, its label `pad` points from it; return its axes.

    It is of the image in the axes, unless another `scale` is given.
    """
    figure, box = ax.figure, ax.get_position()
    across, up = figure.get_size_inches()
    height = height / up if height else box.height
    place = (box.x1 + 0.1 / across, box.y1 - height, 0.12 / across, height)
    scale, place = scale or ax.images[0], figure.add_axes(place)
    bar = figure.colorbar(scale, cax=place, ticks=ticks, extend=extend)
    bar.outline.set_visible(False)
    bar.ax.tick_params(length=0, labelsize=10)
    bar.set_label(label, labelpad=pad)
    return bar.ax


def beside(ax, text, point, away=(6, 0), **style):
    """Write a text beside a point, `away` points from it."""
    style = {"textcoords": "offset points", "va": "center"} | style
    ax.annotate(text, point, xytext=away, **style)


def key(ax, names, x, pitch):
    """Write names in their colours below each other, from the top, at a share of the width."""
    for row, (name, colour) in enumerate(colours_of(names)):
        ax.text(x, 1 - pitch * row, name, color=colour, va="top", transform=ax.transAxes)


def with_minus(label: str) -> str:
    """Return a label in which numbers below 0 have a real minus, not a hyphen."""
    return re.sub(r"(?<!\w)-(?=\d)", "−", label)


def show(ax, pixels, interpolation="nearest", **colours):
    """Show pixels in [-1, 1] without ticks: (H, W, 3) as a picture, (H, W) as activations."""
    shown = (pixels + 1) / 2 if pixels.ndim == 3 else pixels
    colours = colours or {"cmap": ACTIVATION, "vmin": -1, "vmax": 1}
    ax.imshow(shown, interpolation=interpolation, **colours)
    ax.set(xticks=[], yticks=[], frame_on=False)
