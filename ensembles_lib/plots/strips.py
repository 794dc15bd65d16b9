"""Figures of pictures and maps side by side: strips, grids, regions."""

from textwrap import fill

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.cm import ScalarMappable
from matplotlib.colors import Normalize
from matplotlib.patheffects import withStroke
from numpy.typing import ArrayLike
from scipy.ndimage import distance_transform_edt

from ..core import Network, Picture
from ..core.points import Size
from ..ensembles import Components, part_of, spill
from ..properties.regions import Regions, at_size
from ..sweeps import Sweep, pulled
from .changes import change_key, change_picture
from .panels import beside, colour_bar, picture_sheet, sheet, show, with_minus
from .style import ACTIVATION, INK, QUIET

# Inches at the right of a strip.
KEY_WIDTH = {None: 0.05, "activation": 0.6, "contrast": 0.6, "change": 1.0, "even change": 1.0}


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

    Examples
    --------
    >>> figure = film_strip([np.zeros((8, 8, 3)), np.ones((8, 8, 3))], ["grey", "white"])
    >>> [ax.get_title() for ax in figure.axes]
    ['grey', 'white']
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
            colour = "white" if pixels.ndim == 2 else INK
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


def _name_row(ax, caption):
    """Write what a row shows beside its first axes, upwards."""
    place = {"xycoords": "axes fraction", "rotation": 90, "ha": "right"}
    beside(ax, fill(caption, 12), (0, 0.5), (-8, 0), **place)


def ranked_pictures(networks: dict, shares: dict, size: Size = 96) -> plt.Figure:
    """Draw what networks paint, a row for each kind, from the smallest of their shares to the most.

    By kind, networks and as many shares, from 0 to 1: each picture has its own above, in per cent.
    Kinds without shares are not drawn.

    Examples
    --------
    >>> figure = ranked_pictures({"taught": [network] * 2}, {"taught": [0.7, 0.3]}, size=8)
    >>> [ax.get_title() for ax in figure.axes]
    ['30 %', '70 %']
    """
    pictures, labels = [], []
    for kind, numbers in shares.items():
        for which in np.argsort(numbers, kind="stable"):
            pictures.append(networks[kind][which].paint(size))
            labels.append(f"{100 * numbers[which]:.0f} %")
    columns = max(map(len, shares.values()))
    return film_strip(pictures, labels, columns, rows=[*shares])


def pulled_pattern(network: Network, found: Components, which: int, times: float = 6) -> plt.Figure:
    """Draw a network's picture, the same with a pattern pulled so many working ranges, the change.

    The part of the pattern is outlined. Labels say how many synapses are members of the pattern, in
    how many neurons, and how much of the change is outside the part, as `spill` measures it.

    Examples
    --------
    >>> from ensembles_lib.ensembles import components
    >>> figure = pulled_pattern(network, components(network, count=4, size=16), 0)
    >>> [ax.get_title() for ax in figure.axes[:3]]
    ['at the start', 'pulled: 13 synapses in 5 neurons', 'change: 10 % outside']
    """
    size = 2 * np.array(found.maps.shape[1:3])
    start = network.paint(size)
    moved = pulled(network, found.direction(which), times).paint(size)
    pictures = [start, moved, change_picture(moved.pixels - start.pixels, even=True)]
    outside = f"change: {100 * spill(network, found, which, times):.0f} % outside"
    members, part = found.members(which), part_of(found.maps[which])
    neurons = len(np.unique(network.wiring.target[members]))
    labels = ["at the start", f"pulled: {len(members)} synapses in {neurons} neurons", outside]
    return film_strip(pictures, labels, outline=part, key="even change")


def ringed(picture: Picture, maps: ArrayLike) -> plt.Axes:
    """Draw a picture and, for each map (n, H, W), a ring where it is half as strong as at its peak.

    They are numbered from 1.

    Examples
    --------
    >>> [text.get_text() for text in ringed(np.zeros((8, 8, 3)), [np.eye(8)]).texts]
    ['1']
    """
    figure = film_strip([picture], [""], width=2.9)
    ax = figure.axes[0]
    for number, strength in enumerate(np.asarray(maps, float), start=1):
        peak = np.unravel_index(strength.argmax(), strength.shape)
        place = {"origin": "upper", "extent": ax.images[0].get_extent()}
        ax.contour(strength, levels=[strength[peak] / 2], colors=INK, linewidths=1, **place)
        label = ax.text(*peak[::-1], str(number), ha="center", va="center", fontsize=9)
        label.set_path_effects([withStroke(linewidth=2, foreground="white", alpha=0.8)])
    return ax


def neurons_and_mixtures(natural: np.ndarray, mixed: np.ndarray, labels: tuple) -> plt.Figure:
    """Draw maps of single neurons above maps of their mixtures, each divided by its largest.

    Both are (n, H, W), and labels two lists.

    Examples
    --------
    >>> maps = network.activations(8)[:2]
    >>> figure = neurons_and_mixtures(maps, maps[::-1], (["0", "1"], ["a", "b"]))
    >>> [ax.get_title() for ax in figure.axes[:4]]
    ['0', '1', 'a', 'b']
    """
    if len(natural) != len(mixed):
        raise ValueError(f"{len(natural)} neurons and {len(mixed)} mixtures: give as many")
    n, *shape = np.shape(natural)
    figure, axes = picture_sheet(2, n, shape, 9.0, (0.08, 0.3), (0.5, 0.65, 0.08, 0.28))
    maps, names = [*natural, *mixed], [*labels[0], *labels[1]]
    for ax, activation, name in zip(axes.flat, maps, names, strict=True):
        show(ax, activation / max(np.abs(activation).max(), 1e-12))
        ax.set_title(name, pad=4, fontsize=8)
    for ax, caption in zip(axes[:, 0], ("neurons", "random mixtures"), strict=True):
        _name_row(ax, caption)
    height = figure.get_size_inches()[1] - 0.36
    colour_bar(axes[0, -1], "activation over its largest", height, ticks=[-1, 0, 1])
    return figure


def picture_grid(
    grid: Sweep, across: list[str], up: list[str], labels: tuple, side: float = 0.96
) -> plt.Figure:
    """Draw the pictures of `sweep_grid`: the first synapse from left to right, the second up.

    `across` and `up` are written along the columns and rows, and so are the two labels. Each
    picture has a side of so many inches.

    Examples
    --------
    >>> grid = sweep_grid(network, (0, 18), ([-1, 1], [-1, 1]), size=16)
    >>> len(picture_grid(grid, ["-1", "+1"], ["-1", "+1"], ("synapse 0", "synapse 18")).axes)
    4
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


def region_map(picture: Picture, regions: Regions) -> plt.Figure:
    """Draw a picture beside its regions, each in its mean colour, numbered, with a list of names.

    A ValueError says if regions are of another size than the picture.

    Examples
    --------
    >>> picture = network.paint(8)
    >>> figure = region_map(picture, (np.eye(8, dtype=int), ["ground", "diagonal"]))
    >>> [text.get_text() for text in figure.axes[1].texts]
    ['0', '0  ground', '1', '1  diagonal']
    """
    picture, (numbers, names) = Picture.open(picture), regions
    if numbers.shape != picture.size:
        sizes = f"regions of shape {numbers.shape}, a picture of {picture.size}"
        raise ValueError(f"{sizes}: give one size")
    numbers, flat = at_size(numbers, names, picture.size), np.zeros_like(picture.pixels)
    margin = (0.05, 2.4, 0.05, 0.05)
    figure, [(left, right)] = picture_sheet(1, 2, picture.size, 7.73, (0.08, 0), margin)
    shown = np.unique(numbers)  # of repainted regions some may be gone
    for line, region in enumerate(shown):
        inside = numbers == region
        flat[inside] = colour = picture.pixels[inside].mean(axis=0)
        # Where the region is thickest, its number is surely inside.
        depth = distance_transform_edt(np.pad(inside, 1))[1:-1, 1:-1]
        y, x = np.unravel_index(depth.argmax(), depth.shape)
        ink = INK if colour.mean() > -0.1 else "white"
        right.text(x, y, str(region), ha="center", va="center", color=ink, fontsize=9)
        place = {"y": 0.95 - line * 0.9 / max(8, len(shown) - 1), "transform": right.transAxes}
        right.text(1.05, s=f"{region}  {names[region]}", va="center", fontsize=9, **place)
    show(left, picture.pixels)
    show(right, flat)
    return figure
