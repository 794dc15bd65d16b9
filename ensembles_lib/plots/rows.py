"""Figures with a row for each group of numbers: dots or spans, and their median."""

from itertools import cycle

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.patheffects import withStroke
from matplotlib.ticker import MultipleLocator

from .panels import beside, panel, sheet
from .style import BLUE, COLOURS, DASHED, INK, OCHRE, QUIET, RUST

Groups = dict[str, list[float]]
DOT = {"linestyle": "", "marker": "o", "markersize": 5, "mew": 0}
# Bases in two blocks: those of the prediction, and those that there was none for.
PREDICTED = ("single synapses", "within a neuron", "near neurons", "anywhere", "global")
BESIDE = ("gain of a neuron", "offset of a neuron", "stiff eigenvectors", "all eigenvectors")


def dot_rows(ax, names, groups, dots=(BLUE,), bars=(INK,), rows=None, **style):
    """Draw a named row of dots for each group, a bar at its median.

    Colours of dots and bars are taken in turn. Infinite values count for the median alone.
    """
    rows = np.arange(len(names)) if rows is None else rows
    style = {"alpha": 0.55, "mew": 0, "zorder": 2} | style
    for row, values, dot, bar in zip(rows, groups, cycle(dots), cycle(bars), strict=False):
        known = np.asarray(values)[np.isfinite(values)]
        ax.plot(known, np.full(len(known), row), "o", color=dot, **style)
        ax.vlines(np.median(values), row - 0.3, row + 0.3, color=bar, linewidth=2, zorder=3)
    name_rows(ax, names, rows)


def name_rows(ax, names, rows):
    """Let rows have names, the first on top, in place of an axis at the left."""
    ax.set_yticks(rows, names, color=INK)
    ax.set_ylim(rows[-1] + 0.6, -0.6)
    ax.tick_params(axis="y", length=0)
    ax.spines["left"].set_visible(False)


def dots(groups: Groups, xlabel: str) -> plt.Axes:
    """Draw each group of numbers as a row of dots with a bar at their median.

    Examples
    --------
    >>> ax = dots({"backprop": [0.12, 0.14], "Levenberg–Marquardt": [0.07, 0.08]}, "RMSE")
    >>> [label.get_text() for label in ax.get_yticklabels()]
    ['backprop', 'Levenberg–Marquardt']
    """
    ax = panel(4.6, 0.42 * len(groups), (3.2, 0.3, 0.5, 0.1))
    dot_rows(ax, groups, groups.values(), COLOURS, COLOURS, alpha=0.6, markersize=6, mew=1)
    ax.tick_params(axis="y", labelcolor=QUIET)
    ax.set_xlabel(xlabel)
    ax.locator_params(axis="x", nbins=6, steps=[1, 2, 5, 10])
    return ax


def dots_and_controls(
    groups: Groups, controls: Groups, control: str, xlabel: str, dot: str = ""
) -> plt.Axes:
    """Draw each group as a row of dots, and below it its control in grey, with bars at medians.

    `control` says what they are. If it is said what a `dot` is, there is a key above.

    Examples
    --------
    >>> ax = dots_and_controls({"narrow": [1.2, 1.4]}, {"narrow": [1.0, 3.0]}, "as steep", "bits")
    >>> [label.get_text() for label in ax.get_yticklabels()]
    ['narrow', 'as steep']
    """
    ax = panel(4.6, 0.5 * len(groups), (3.2, 0.3, 0.5, 0.4 if dot else 0.1))
    pairs = [both for name in groups for both in (groups[name], controls[name])]
    names = [row for name in groups for row in (name, control)]
    places = np.ravel([(n, n + 0.4) for n in range(len(groups))])
    ax.axvline(0, **DASHED)
    dot_rows(ax, names, pairs, (BLUE, QUIET), (BLUE, QUIET), places, markersize=5)
    for label in ax.get_yticklabels()[1::2]:
        label.set(color=QUIET, fontsize=8)
    ax.set_xlabel(xlabel)
    ax.locator_params(axis="x", nbins=6, steps=[1, 2, 5, 10])
    if dot:
        place = {"loc": "lower left", "bbox_to_anchor": (0, 1), "handletextpad": 0.2}
        _key_of_dots(ax, plt.Line2D([], [], color=BLUE, alpha=0.55, **DOT), dot, **place)
    return ax


def _key_of_dots(of, mark, name, **place):
    """Give a figure or axes a key: what a dot is, drawn as a mark, and the bar at the median."""
    middle = plt.Line2D([], [], color=mark.get_color(), linestyle="", marker="|", ms=10, mew=2)
    style = {"ncols": 2, "frameon": False, "borderpad": 0} | place
    of.legend([mark, middle], [name, "the middle one"], **style)


def joined_dots(
    panels: dict[str, np.ndarray], names: list[str], xlabel: str, start: float = 0, dot: str = "one"
) -> plt.Figure:
    """Draw the same groups of several kinds of networks side by side, on one axis from `start`.

    Panels hold by title a row for each network, with a number for each group of the names: a line
    joins those of a network. The middle one of each group is written above its bar. All panels but
    the first are controls, in grey. `dot` says what a dot is.

    Examples
    --------
    >>> figure = joined_dots({"birds": [[5, 9], [6, 8]]}, ["near", "far"], "moved", 1, "one bird")
    >>> [line.get_xdata().tolist() for line in figure.axes[0].lines[:2]]
    [[5, 9], [6, 8]]
    >>> [text.get_text() for text in figure.axes[0].texts]
    ['5.5', '8.5']
    """
    size = min(3.1, 6.8 / len(panels)), 0.55 * len(names)
    margin = (1.7, 0.15, 0.5 + 0.18 * xlabel.count("\n"), 0.62)
    figure, axes = sheet(1, len(panels), size, (0.3, 0), margin)
    end = max(np.max(networks) for networks in panels.values())
    for k, (ax, (title, networks)) in enumerate(zip(axes[0], panels.items(), strict=True)):
        colour = QUIET if k else BLUE
        numbers = np.transpose(networks)
        ax.plot(numbers, range(len(names)), color=colour, linewidth=0.7, alpha=0.5, zorder=1)
        shown = [""] * len(names) if k else names
        dot_rows(ax, shown, numbers, (colour,), (colour,), markersize=5)
        for row, middle in enumerate(np.median(numbers, axis=1)):
            above = {"ha": "center", "va": "bottom", "fontsize": 8, "color": INK}
            number = ax.text(middle, row - 0.31, f"{middle:.1f}", **above)
            number.set_path_effects([withStroke(linewidth=3, foreground="white")])
        ax.set(title=title, xlabel=xlabel, xlim=(start, end + 0.05 * (end - start)))
        ax.xaxis.set_major_locator(MultipleLocator(2, offset=start))
    mark = plt.Line2D([], [], color=INK, **DOT | {"linestyle": "-", "linewidth": 0.7})
    _key_of_dots(figure, mark, dot, loc="upper center", handletextpad=0.4)
    return figure


def leak_dots(groups: Groups) -> plt.Axes:
    """Draw the leaks of many moves on a logarithmic axis, a row of dots for each kind of move.

    Infinite ones, moves that fail, are counted at the right. Dashed is a leak of 0.1.

    Examples
    --------
    >>> ax = leak_dots({"in concert": np.array([0.01, 0.02]), "alone": np.array([2.0, np.inf])})
    >>> [text.get_text() for text in ax.texts]
    ['0.1', '1 cannot']
    """
    ax = panel(5.6, 0.42 * len(groups), (1.9, 1.1, 0.5, 0.3))
    known = np.concatenate([values[np.isfinite(values)] for values in groups.values()])
    low, high = 0.7 * known.min(), 1.5 * known.max()
    colours = (BLUE, OCHRE, INK, INK, QUIET)  # the last of five is a control
    dot_rows(ax, groups, groups.values(), colours, colours, alpha=0.5, markersize=6)
    ax.axvline(0.1, **DASHED)
    above = {"xycoords": ax.get_xaxis_transform(), "ha": "center", "va": "baseline"}
    beside(ax, "0.1", (0.1, 1), (0, 3), color=QUIET, **above)
    for row, values in enumerate(groups.values()):
        if failed := np.isinf(values).sum():
            beside(ax, f"{failed} cannot", (high, row), color=QUIET, annotation_clip=False)
    ax.set(xscale="log", xlim=(low, high), xlabel="leak")
    ax.xaxis.set_major_formatter("{x:g}")
    ax.xaxis.set_minor_formatter("")
    return ax


def spans(groups: Groups, xlabel: str) -> plt.Axes:
    """Draw each group of numbers as a line: its median, middle half and middle four fifths.

    Groups whose name begins with "untrained" are drawn in grey.

    Examples
    --------
    >>> ax = spans({"hidden": np.arange(9.0), "outputs": np.arange(5.0)}, "working range")
    >>> [label.get_text() for label in ax.get_yticklabels()]
    ['hidden', 'outputs']
    """
    ax = panel(5.2, 0.3 * len(groups), (2.6, 0.3, 0.5, 0.1))
    looks = {"linewidth": 1.2}, {"linewidth": 6, "alpha": 0.45}, DOT | {"markersize": 7}
    for row, (name, values) in enumerate(groups.items()):
        low, lower, middle, upper, high = np.quantile(values, [0.1, 0.25, 0.5, 0.75, 0.9])
        colour = QUIET if name.startswith("untrained") else BLUE
        for ends, look in zip(([low, high], [lower, upper], [middle]), looks, strict=True):
            ax.plot(ends, [row] * len(ends), color=colour, **look)
    name_rows(ax, groups, range(len(groups)))
    ax.set_xlabel(xlabel)
    return ax


def trades(panels: dict[str, list], names: list[str], pairs: list[tuple]) -> plt.Figure:
    """Draw several measures of the same groups of networks side by side.

    Panels hold by title the numbers of each group, one for each network. Lines join the networks of
    pairs of groups, seed by seed.

    Examples
    --------
    >>> figure = trades({"RMSE": [[0.07, 0.08], [0.12, 0.14]]}, ["Marquardt", "backprop"], [(0, 1)])
    >>> figure.axes[0].get_title()
    'RMSE'
    """
    figure, axes = sheet(1, len(panels), (1.72, 1.7), (0.16, 0), (1.62, 0.1, 0.34, 0.3))
    for ax, (title, numbers) in zip(axes[0], panels.items(), strict=True):
        for pair in pairs:
            joined = [numbers[group] for group in pair]
            ax.plot(joined, pair, color=BLUE, linewidth=0.6, alpha=0.35, zorder=1)
        dot_rows(ax, names, numbers, markersize=4.5)
        ax.set_ylim(len(names) - 0.5, -0.5)
        ax.set_title(title, fontsize=9)
        ax.locator_params(axis="x", nbins=4)
        ax.label_outer()
    return figure


def bases_compared(reports: list[dict], controls: list[dict]) -> plt.Axes:
    """Draw how many properties a step along each basis moves, a dot per network.

    Reports are the trait "bases" of the study, one for each network; medians over draws are shown.
    Lines join the bases of the prediction. Controls, of untrained networks, are open grey circles.

    Examples
    --------
    >>> report = {"bases": [*PREDICTED, *BESIDE], "moved": np.arange(9.0)[:, None]}
    >>> bases_compared([report], [report]).texts[0].get_text()
    'learnt nothing'
    """
    bases, n = (*PREDICTED, *BESIDE), len(PREDICTED)
    rows = np.arange(len(bases)) + 0.5 * (np.arange(len(bases)) >= n)

    def scores(report):
        return [np.median(report["moved"][report["bases"].index(name)]) for name in bases]

    ax = panel(5.0, 0.38 * (rows[-1] + 1.2), (1.8, 0.25, 0.52, 0.1))
    trained, blank = (np.array([*map(scores, some)]) for some in (reports, controls))
    ax.plot(trained[:, :n].T, rows[:n], color=BLUE, linewidth=0.7, alpha=0.35, zorder=1)
    dot_rows(ax, bases, trained.T, rows=rows, markersize=5)
    ax.plot(blank.T, rows, "o", color=QUIET, mfc="none", markersize=5.5, zorder=1)
    point = (blank[:, 0].mean(), 0)
    beside(ax, "learnt nothing", point, (0, 7), color=QUIET, ha="center", va="baseline", fontsize=8)
    ax.set(ylim=(rows[-1] + 0.6, -0.75), xlabel="effective number of properties moved")
    ax.locator_params(axis="x", nbins=6, steps=[1, 2, 5, 10])
    return ax


def stacked_dots(numbers: np.ndarray, marked: np.ndarray, xlabel: str, names: tuple) -> plt.Axes:
    """Draw a dot per number, equal ones on top of each other, some of them marked.

    Marked ones, by a (n,) bool array, stand at the bottom of their stack in another colour. Names
    are of the marked and of the others.

    Examples
    --------
    >>> ax = stacked_dots(np.array([3, 3, 4]), np.array([True, False, False]), "n", ("a", "b"))
    >>> [line.get_ydata().tolist() for line in ax.lines]
    [[0], [1, 0]]
    """
    order = np.argsort(~marked, kind="stable")
    numbers, marked = numbers[order], marked[order]
    height = np.array([np.sum(numbers[:k] == number) for k, number in enumerate(numbers)])
    ax = panel(5.6, 0.13 * (height.max() + 2), (0.4, 0.3, 0.5, 0.1))
    for drawn, colour in ((marked, RUST), (~marked, QUIET)):
        ax.plot(numbers[drawn], height[drawn], "o", color=colour, ms=7.5, mew=0)
    ax.set(xlim=(-0.6, numbers.max() + 0.6), ylim=(-0.7, height.max() + 1.3))
    ax.set(xlabel=xlabel, yticks=[])
    first, peak = numbers[marked].min(), np.bincount(numbers).argmax()
    ax.text(first + 0.4, height[marked].mean(), names[0], color=RUST, va="center")
    ax.text(peak + 0.45, height.max(), names[1], color=QUIET, va="center")
    ax.locator_params(axis="x", integer=True)
    ax.spines["left"].set_visible(False)
    return ax


def share_bars(shares: dict[str, np.ndarray], names: list[str]) -> plt.Figure:
    """Draw side by side how each of some moves is shared out among properties, in per cent.

    `shares` has for each move (A,) numbers that add up to 1.

    Examples
    --------
    >>> figure = share_bars({"one": [0.9, 0.1], "many": [0.5, 0.5]}, ["tilt", "width"])
    >>> [ax.get_title() for ax in figure.axes]
    ['one', 'many']
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
