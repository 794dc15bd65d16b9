"""Figures with a row for each group of numbers: dots and their median, or bars."""

from collections.abc import Sequence
from itertools import cycle

import matplotlib.pyplot as plt
import numpy as np

from .panels import beside, sheet
from .style import BLUE, INK, QUIET


def dot_rows(ax, names, groups, colours=(BLUE,), bar=None, rows=None, **style):
    """Draw a named row of dots for each group, a bar at its median; colours are taken in turn.

    Infinite values count for the median alone.
    """
    rows = np.arange(len(names)) if rows is None else rows
    style = {"mew": 0, "zorder": 2, "markersize": 5} | style
    for row, values, colour in zip(rows, groups, cycle(colours), strict=False):
        known = np.asarray(values)[np.isfinite(values)]
        alpha = min(0.55, max(0.1, 20 / max(1, len(known))))
        ax.plot(known, np.full(len(known), row), "o", color=colour, alpha=alpha, **style)
        if len(values) > 1:
            ends = {"color": bar or colour, "linewidth": 2, "zorder": 3}
            ax.vlines(np.median(values), row - 0.3, row + 0.3, **ends)
    name_rows(ax, names, rows)


def name_rows(ax, names, rows):
    """Let rows have names, the first on top, in place of an axis at the left."""
    ax.set_yticks(rows, names, color=INK)
    ax.set_ylim(rows[-1] + 0.6, -0.6)
    ax.tick_params(axis="y", length=0)
    ax.spines["left"].set_visible(False)


def dots(
    panels: dict[str, Sequence],
    names: list[str],
    colours: Sequence[str] = (BLUE,),
    joined: Sequence[tuple] = (),
    log: Sequence[str] = (),
) -> plt.Figure:
    """Draw groups of numbers as rows of dots with a bar at their median, a panel per measure.

    Parameters
    ----------
    panels
        By measure, for each group its numbers. Infinite ones are counted at the right.
    names, colours
        Of the groups; colours are taken in turn. If there are several, a group of the first stands
        close above those of the others, such as its control.
    joined
        Pairs of groups by their places in the list: lines join their networks.
    log
        Measures on a logarithmic axis.
    """
    rows = np.arange(len(names)) * 1.0
    if len(colours) > 1:
        rows += 0.4 * (np.arange(len(names)) // len(colours))
    left = 0.2 + 0.08 * max(map(len, names))
    size = min(4.6, (8.6 - left) / len(panels) - 0.25), 0.24 * (rows[-1] + 1.2)
    figure, axes = sheet(1, len(panels), size, (0.25, 0), (left, 0.55, 0.5, 0.1))
    for ax, (measure, groups) in zip(axes[0], panels.items(), strict=True):
        for pair in joined:
            ends = [groups[group] for group in pair]
            ax.plot(ends, rows[[*pair]], color=BLUE, linewidth=0.6, alpha=0.35, zorder=1)
        dot_rows(ax, names, groups, colours, INK, rows)
        for row, values in zip(rows, groups, strict=True):
            if failed := np.isinf(values).sum():
                count = f"{failed} × ∞" if len(values) > 1 else "∞"
                place = {"xycoords": ax.get_yaxis_transform(), "fontsize": 9}
                beside(ax, count, (1, row), (2, 0), color=QUIET, **place)
        ax.set_xlabel(measure)
        if measure in log:
            ax.set_xscale("log")
            ax.xaxis.set_major_formatter("{x:g}")
            ax.xaxis.set_minor_formatter("")
        else:
            ax.locator_params(axis="x", nbins=max(3, round(1.6 * size[0])), steps=[1, 2, 5, 10])
        if ax is not axes[0, 0]:
            ax.set_yticklabels([])
    return figure


def joined_dots(
    panels: dict[str, np.ndarray], names: list[str], xlabel: str, ticks: list, dot: str = "one"
) -> plt.Figure:
    """Draw the same groups of several kinds of networks side by side, on one axis with these ticks.

    Panels hold by title a row for each network, with a number for each group of the names: a line
    joins those of a network. The axis goes from the first tick to the last; at its end the middle
    one of each group is written. All panels but the first are controls, in grey. `dot` says what a
    dot is.
    """
    size = min(3.1, 6.8 / len(panels)), 0.55 * len(names)
    margin = (1.7, 0.15, 0.5 + 0.18 * xlabel.count("\n"), 0.62)
    figure, axes = sheet(1, len(panels), size, (0.3, 0), margin)
    for k, (ax, (title, networks)) in enumerate(zip(axes[0], panels.items(), strict=True)):
        colour = QUIET if k else BLUE
        numbers = np.transpose(networks)
        ax.plot(numbers, range(len(names)), color=colour, linewidth=0.7, alpha=0.5, zorder=1)
        shown = [""] * len(names) if k else names
        dot_rows(ax, shown, numbers, (colour,))
        for row, middle in enumerate(np.median(numbers, axis=1)):
            ax.text(ticks[-1], row, f"{middle:.1f}", ha="right", va="center", color=INK)
        ax.set(title=title, xlabel=xlabel, xlim=(ticks[0], ticks[-1]), xticks=ticks)
    mark = {"color": INK, "marker": "o", "markersize": 5, "mew": 0, "linewidth": 0.7}
    middle = {"color": INK, "linestyle": "", "marker": "|", "markersize": 10, "mew": 2}
    marks = [plt.Line2D([], [], **look) for look in (mark, middle)]
    style = {"ncols": 2, "frameon": False, "borderpad": 0, "handletextpad": 0.4}
    figure.legend(marks, [dot, "the middle one"], loc="upper center", **style)
    return figure


def share_bars(shares: dict[str, np.ndarray], names: list[str]) -> plt.Figure:
    """Draw side by side how each of some moves is shared out among properties, in per cent.

    `shares` has for each move (A,) numbers that add up to 1.
    """
    rows = np.arange(len(names))
    size = 2.2, 0.21 * len(names)
    figure, axes = sheet(1, len(shares), size, (0.25, 0), (1.75, 0.2, 0.5, 0.35))
    end = 105 * np.max([*shares.values()])
    for ax, (title, share) in zip(axes[0], shares.items(), strict=True):
        ax.barh(rows, 100 * np.asarray(share), color=BLUE, height=0.7)
        ax.set(title=title, xlim=(0, end), xlabel="% of what moves")
        name_rows(ax, names if ax is axes[0, 0] else [""] * len(names), rows)
    return figure
