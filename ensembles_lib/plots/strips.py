"""Figures of pictures and maps side by side: strips, grids, regions."""

from textwrap import fill

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.cm import ScalarMappable
from matplotlib.colors import Normalize

from ..core import Network
from ..core.points import Size
from ..ensembles import Components, part_of, spill
from ..properties.regions import at_size
from ..sweeps import Sweep, pulled
from .changes import change_key, change_picture
from .panels import beside, colour_bar, picture_sheet, sheet, show, with_minus
from .style import ACTIVATION, INK, QUIET

# Inches at the right of a strip.
KEY_WIDTH = {None: 0.05, "activation": 0.6, "contrast": 0.6, "change": 1.0, "even change": 1.0}

LUMINANCE = (0.3, 0.59, 0.11)  # of red, green and blue
DARK = -0.6  # mean luminance inside an outline, from -1 to 1, below which it is drawn in white


def film_strip(
    pictures, labels, columns=None, width=9.0, key=None, outline=None, rows=None
) -> plt.Figure:
    """Draw pictures or maps side by side, each with its label above.

    Parameters
    ----------
    pictures, labels
        Of type `Picture`, or arrays in [-1, 1]: (H, W, 3), or (H, W) and shown as activations.
    columns, width
        How many stand in a row, all unless given; inches of the figure.
    key
        The scale at the right of the first row: of "activation", of "contrast", from low to high,
        or of "change" or "even change", maps in the colours of `change_picture`.
    outline
        A (h, w) bool array of any size: a region to outline on all pictures; or one for each.
    rows
        What stands at the left of each row.
    """
    pictures = [np.asarray(picture) for picture in pictures]
    columns = columns or len(pictures)
    margin = (0.5 if rows else 0.05, KEY_WIDTH[key], 0.05, 0.26)
    shape, height = pictures[0].shape, -(-len(pictures) // columns)
    figure, axes = picture_sheet(height, columns, shape, width, (0.08, 0.26), margin)
    outlines = [outline] * len(pictures) if np.ndim(outline) < 3 else outline
    for ax, pixels, label, outline in zip(axes.flat, pictures, labels, outlines, strict=False):
        show(ax, pixels)
        ax.set_title(with_minus(label), pad=4)
        if outline is not None:
            place = {"origin": "upper", "extent": ax.images[0].get_extent()}
            colour = "white" if pixels.ndim == 2 or _is_dark(pixels, outline) else INK
            ax.contour(outline, levels=[0.5], colors=colour, linewidths=0.8, **place)
    for ax in axes.flat[len(pictures) :]:
        ax.axis("off")
    for ax, caption in zip(axes[:, 0], rows or (), strict=False):
        _name_row(ax, caption)
    if key in ("activation", "contrast"):
        scale = ScalarMappable(Normalize(-1, 1), ACTIVATION)
        bar = colour_bar(axes[0, -1], key, ticks=[-1, 0, 1], scale=scale)
        if key == "contrast":
            bar.set(yticks=[-1, 1], yticklabels=["low", "high"], ylabel="")
    elif key:
        change_key(axes[0, -1], even=key == "even change")
    return figure


def _is_dark(pixels, outline):
    """Whether an ink line around the region could not be seen."""
    outline = np.asarray(outline, int)
    inside = at_size(outline, ["outside", "inside"], pixels.shape[:2]) == 1
    return inside.any() and (pixels[inside] @ LUMINANCE).mean() < DARK


def _name_row(ax, caption):
    """Write what a row shows beside its first axes, upwards."""
    place = {"xycoords": "axes fraction", "rotation": 90, "ha": "right"}
    beside(ax, fill(caption, 12), (0, 0.5), (-8, 0), **place)


def ranked_pictures(networks: dict, shares: dict, size: Size = 96) -> plt.Figure:
    """Draw what networks paint, a row for each kind, from the least that falls outside to the most.

    By kind, networks and as many shares, from 0 to 1: each picture has its own above, in per cent.
    Kinds without shares are not drawn.
    """
    pictures, labels = [], []
    for kind, numbers in shares.items():
        for which in np.argsort(numbers, kind="stable"):
            pictures.append(networks[kind][which].paint(size))
            labels.append(f"{100 * numbers[which]:.0f} % outside")
    columns = max(map(len, shares.values()))
    return film_strip(pictures, labels, columns, rows=[*shares])


def pulled_patterns(
    pulls: dict[str, tuple[Network, Components, int]], times: float = 6
) -> plt.Figure:
    """Draw networks' pictures, the same with a pattern pulled, and the changes.

    A row for each network, with the components and the number of the pattern, whose part is
    outlined; it is pulled by so many `times` its working range. Labels say how much of the change
    is outside the part, as `spill` measures it.
    """
    pictures, labels, parts = [], [], []
    for network, found, which in pulls.values():
        size = 2 * np.array(found.maps.shape[1:3])
        start = network.paint(size)
        moved = pulled(network, found.direction(which), times).paint(size)
        change = change_picture(moved.pixels - start.pixels, even=True)
        pictures.extend([start, moved, change])
        outside = f"change: {100 * spill(network, found, which, times):.0f} % outside"
        labels.extend(["at the start", "pulled", outside])
        parts.extend([part_of(found.maps[which])] * 3)
    return film_strip(pictures, labels, 3, key="even change", outline=parts, rows=[*pulls])


def picture_grid(
    grid: Sweep, across: list[str], up: list[str], labels: tuple, side: float = 0.96
) -> plt.Figure:
    """Draw the pictures of `sweep_grid`: the first synapse from left to right, the second up.

    `across` and `up` are written along the columns and rows, and so are the two labels. Each
    picture has a side of so many inches.
    """
    margin = (0.85, 0.1, 0.55, 0.1)
    figure, axes = sheet(len(up), len(across), (side, side), (0.05, 0.05), margin)
    for ax, picture in zip(axes[::-1].T.flat, grid.pictures, strict=True):
        show(ax, picture.pixels, "antialiased")
    for ax, name in zip(axes[-1], across, strict=True):
        ax.set_xlabel(with_minus(name), color=QUIET, labelpad=3)
    for ax, name in zip(axes[::-1, 0], up, strict=True):
        ax.set_ylabel(with_minus(name), color=QUIET, rotation=0, ha="right", va="center")
    width, height = figure.get_size_inches()
    figure.text(0.5 + 0.375 / width, 0.12 / height, labels[0], ha="center")
    figure.text(0.16 / width, 0.5 + 0.22 / height, labels[1], rotation=90, ha="center", va="center")
    return figure
