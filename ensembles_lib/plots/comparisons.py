"""Figures of comparators: their answers for all pairs, and how they were learnt."""

from collections.abc import Sequence

import matplotlib.pyplot as plt
import numpy as np

from ..core import Wiring
from ..core.passes import respond
from ..planted import all_pairs, answers, what_numbers_add
from .panels import colour_bar, picture_sheet, with_minus
from .style import BLUE, INK, OCHRE, QUIET, SIGNED

Maps = Sequence[np.ndarray]  # (n, n) each


def answer_maps(
    maps: Maps,
    labels: list[str],
    wrong: Maps = (),
    extent: tuple = (),
    width: float = 9.0,
    columns: int | None = None,
) -> plt.Figure:
    """Draw what comparators say of all pairs: b to the right, a upwards, one scale from -1 to 1.

    Maps are (n, n) outputs, rows a and columns b, both ascending over `extent`, from 0 to n - 1
    unless given. Cells that are `wrong`, (n, n) bool arrays, get a dot. The width is in inches; all
    stand in one row unless there are so many columns, which the maps fill.
    """
    columns = columns or len(maps)
    title = 0.3 + 0.16 * max(label.count("\n") for label in labels)
    margin, shape = (0.45, 0.75, 0.45, title), maps[0].shape
    rows = len(maps) // columns
    figure, axes = picture_sheet(rows, columns, shape, width, (0.15, title + 0.1), margin)
    n = len(maps[0])
    low, high = extent or (0, n - 1)
    cell = (high - low) / (n - 1)
    box = (low - cell / 2, high + cell / 2) * 2
    style = {"cmap": SIGNED, "vmin": -1, "vmax": 1, "interpolation": "nearest"}
    for number, (ax, outputs) in enumerate(zip(axes.flat, maps, strict=True)):
        ax.imshow(outputs, origin="lower", extent=box, **style)
        if len(wrong):
            _dots(ax, outputs, wrong[number], 30 * width / n, low, cell)
        ends, first, last = [low, high], number == 0, number >= (rows - 1) * columns
        ax.set(xticks=ends if last else [], yticks=ends if first else [], frame_on=False)
        ax.set_title(with_minus(labels[number]))
        for tick, alignment in zip(ax.get_xticklabels(), ("left", "right"), strict=last):
            tick.set_horizontalalignment(alignment)
        ax.tick_params(length=0)
        ax.set_xlabel("b" if last else "", labelpad=-8)
    axes[0, 0].set_ylabel("a", labelpad=-6, rotation=0, va="center")
    colour_bar(axes[0, -1], "output", ticks=[-1, 0, 1])
    return figure


def _dots(ax, outputs, wrong, size, low=0.0, cell=1.0):
    """Put a dot on each wrong cell, light on dark colours; `size` is for axes as wide as all."""
    a, b = np.nonzero(wrong)
    colours = np.where(np.abs(outputs[wrong]) > 0.5, "white", INK)
    size *= ax.get_position().width  # in points
    ax.scatter(low + cell * b, low + cell * a, size**2, color=colours, lw=0)


def comparison_strip(
    wiring: Wiring,
    weights: np.ndarray,
    bits: int,
    names: list[str],
    width: float = 9.0,
    columns: int | None = None,
    equal: bool = True,
) -> plt.Figure:
    """Draw the outputs of several comparators for all pairs; wrong answers are dotted and counted.

    Weights are (n, S), a row per network; each number has so many bits. Unless `equal`, pairs of
    equal numbers do not count. They stand in columns as in `answer_maps`.
    """
    said, wrong, labels = _compared(wiring, weights, bits, names, equal)
    return answer_maps(said, labels, wrong, width=width, columns=columns)


def _compared(wiring, weights, bits, names, equal=True):
    """Return outputs for all pairs, which answers are wrong, (n, 2**bits, 2**bits), and labels."""
    (inputs, a, b), shape = all_pairs(bits), (-1, 2**bits, 2**bits)
    wrong = (answers(wiring, weights, bits) != np.sign(a - b)) & (equal | (a != b))
    wrong = wrong.reshape(shape)
    labels = [f"{name}\n{w.sum()} wrong" for name, w in zip(names, wrong, strict=True)]
    return respond(wiring, np.asarray(weights, float), inputs).reshape(shape), wrong, labels


def two_numbers(
    wiring: Wiring,
    weights: np.ndarray,
    bits: int,
    names: list[str],
    before: np.ndarray | None = None,
    width: float = 9.0,
) -> plt.Figure:
    """Draw maps of one-neuron comparators as `comparison_strip` does, and what each number adds.

    Beside a map stands a bar for each number a, and below it one for each b: as long as what its
    bits add to the sum, ochre if that speaks for a, blue if for b. A faint line with its number is
    their scale. Thin marks are the bars of the weights `before`: (S,), or a
    row per network.
    """
    weights, n = np.asarray(weights, float), 2**bits
    said, wrong, labels = _compared(wiring, weights, bits, names)
    adds, marks = what_numbers_add(weights, bits), [(None, None)] * len(weights)
    longest = np.abs(adds).max()
    if before is not None:
        marks = np.abs(what_numbers_add(np.broadcast_to(before, weights.shape), bits))
        longest = max(longest, marks.max())
    # Beside each map a bar may be four tenths as long; the rest is for labels and the scale.
    side = (width - 1.5 - 0.12 * (len(weights) - 1)) / (1.4 * len(weights))
    bar = 0.4 * side
    margin = (bar + 0.65, 0.85, bar + 0.35, 0.6)
    figure, axes = picture_sheet(1, len(weights), (1, 1), width, (bar + 0.12, 0), margin)
    style = {"cmap": SIGNED, "vmin": -1, "vmax": 1, "interpolation": "nearest"}
    for which, ax in enumerate(axes.flat):
        ax.imshow(said[which], origin="lower", **style)
        _dots(ax, said[which], wrong[which], 25 * width / n)
        ax.set(xticks=[], yticks=[], frame_on=False, title=with_minus(labels[which]))
        beside, below = ax.inset_axes([-0.4, 0, 0.38, 1]), ax.inset_axes([0, -0.4, 1, 0.38])
        _bars(beside, adds[which, 0], marks[which][0], longest)
        _bars(below, adds[which, 1], marks[which][1], longest, upright=True)
        below.set_xticks([0, n - 1], [0, n - 1])
        below.set_xlabel("b", labelpad=-10)
    first = axes[0, 0].child_axes[0]
    first.set_yticks([0, n - 1], [0, n - 1])
    first.set_ylabel("a", labelpad=-8, rotation=0, va="center")
    name = {"ha": "center", "va": "top", "fontsize": 9, "color": QUIET, "linespacing": 1.0}
    first.text(0.35, -0.13, "added to\nthe sum", transform=first.transAxes, **name)
    colour_bar(axes[0, -1], "output", ticks=[-1, 0, 1])
    return figure


def _bars(ax, adds, known, longest, upright=False):
    """Draw what each number adds to the sum, away from the map, and marks where it was `known`."""
    places = np.arange(len(adds))
    decade = 10.0 ** np.floor(np.log10(longest))
    length = max(step * decade for step in (1, 2, 5) if step * decade <= longest)
    bar, line, mark = (
        (ax.bar, ax.axhline, ax.hlines) if upright else (ax.barh, ax.axvline, ax.vlines)
    )
    along, across = "yx" if upright else "xy"
    bar(places, np.abs(adds), 0.84, color=[OCHRE if value > 0 else BLUE for value in adds])
    line(length, color=QUIET, linewidth=0.6, zorder=0)
    ax.set(**{f"{along}lim": (1.05 * longest, 0), f"{across}lim": (-0.5, len(adds) - 0.5)})
    ax.set(
        **{f"{along}ticks": [length], f"{along}ticklabels": [f"{length:g}"], f"{across}ticks": []}
    )
    if known is not None:
        mark(known[1:], places[1:] - 0.42, places[1:] + 0.42, color=INK, lw=1)
    ax.set_frame_on(False)
    ax.tick_params(length=0, labelsize=9, pad=2)
