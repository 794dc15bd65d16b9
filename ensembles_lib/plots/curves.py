"""Figures of numbers that go up and down: along neurons, ranks, sizes, errors, jitter."""

from collections.abc import Sequence

import matplotlib.pyplot as plt
import numpy as np
from scipy.ndimage import median_filter

from ..ensembles.spectrum import random_overlap
from .panels import key, sheet
from .style import BLUE, DASHED, GREEN, QUIET, RUST, colours_of

EDGES = np.geomspace(0.04, 0.9, 15)  # of errors, within which shares of geometry are pooled


def medians(
    x: Sequence,
    panels: dict[str, dict[str, Sequence]],
    xlabel: str,
    log: Sequence[str] = (),
    band: bool = False,
) -> plt.Figure:
    """Draw lines through medians, one for each group, in a panel for each measure.

    Parameters
    ----------
    x
        (X,) numbers, ascending.
    panels
        By measure and group, for each x a number or several: a dot each. Groups are the same in
        all panels, and at most five.
    log
        Which axes are logarithmic, by their labels.
    band
        A band from quartile to quartile stands for the dots.
    """
    names, many = [*panels.values()][0], len(x) > 12
    columns = 1 if many else min(len(panels), 2)
    size = 5.6 if columns == 1 else 2.95, 1.7 if many else 2.4
    margin = (0.85, 0.3 + 0.085 * max(map(len, names)), 0.5, 0.15)
    figure, axes = sheet(-(-len(panels) // columns), columns, size, (0.85, 0.6), margin)
    for ax, (measure, groups) in zip(axes.flat, panels.items(), strict=True):
        for numbers, colour in colours_of(groups.values()):
            if band:  # not interpolated: between two infinite leaks there is nothing in the middle
                ends = [np.quantile(some, [0.25, 0.75], method="nearest") for some in numbers]
                low, high = np.clip(np.transpose(ends), None, 1e3)
                ax.fill_between(x, low, high, color=colour, alpha=0.16, linewidth=0)
            else:
                places = np.repeat(x, [np.size(some) for some in numbers])
                dot = {"color": colour, "alpha": 0.5, "ms": 3.5 if many else 5, "mew": 0}
                ax.plot(places, np.hstack(numbers), "o", **dot)
            ax.plot(x, [np.median(some) for some in numbers], color=colour, linewidth=1.4)
        ax.set(xlabel=xlabel, ylabel=measure)
        if xlabel in log:
            ax.set_xscale("log")
        if not many:
            ticks = x[:: 1 + len(x) // 7]
            ax.set_xticks(ticks, [f"{number:,g}" for number in ticks])
            ax.xaxis.set_minor_formatter("")
        if measure in log:
            ax.set_yscale("log")
            ax.yaxis.set_major_formatter("{x:g}")
            ax.yaxis.set_minor_formatter("")
    key(axes[0, -1], names, 1.04, 0.24 / size[1])
    return figure


def stiff_and_sloppy(report: dict, control: dict) -> plt.Figure:
    """Draw eigenvalues of R JᵀJ R / ε², how many synapses are involved, and stiff overlaps.

    Both reports are from `stiff_overlaps`; the control is dashed. Overlaps are medians over
    properties; in the grey band lie 90 % of random subspaces.
    """
    figure, axes = sheet(1, 3, (2.55, 2.4), (0.68, 0), (0.7, 0.15, 0.5, 0.3))
    spectrum, involved, inside = axes[0]
    n = len(report["values"])
    rank = np.arange(1, n + 1)
    lines = {"color": BLUE, "linewidth": 1.7}, DASHED | {"linewidth": 1.2, "linestyle": (0, (4, 2))}
    for measured, line in zip((report, control), lines, strict=True):
        spectrum.plot(rank, measured["values"], **line)
        involved.plot(rank, median_filter(measured["participation"], 9, mode="nearest"), **line)
    spectrum.text(0.05, 0.05, "dashed: untrained", transform=spectrum.transAxes, color=QUIET)
    along = {"xlim": (1, n), "xlabel": "eigenvector", "xticks": [1, 100, 200, 300, 400]}
    spectrum.set(yscale="log", title="stiffness", **along)
    involved.set(ylim=(0, None), title="synapses involved", **along)
    low, middle, high = random_overlap(n).T
    inside.fill_between(rank, low, high, color=QUIET, alpha=0.25, linewidth=0)
    inside.plot(rank, middle, color=QUIET, linewidth=1)
    at = {"va": "center", "transform": inside.transAxes, "fontsize": 9}
    inside.text(0.98, 0.06, "random", color=QUIET, ha="right", **at)
    parts = {"noise": QUIET, "elsewhere": GREEN, "gradients": BLUE, "moves": RUST}
    for row, (part, colour) in enumerate(parts.items()):
        line = (0, (1, 1)) if part == "noise" else "-"
        name = "lone moves" if part == "moves" else part
        inside.plot(rank, np.median(report[part], axis=0), color=colour, lw=1.6, ls=line)
        inside.text(0.04, 0.95 - 0.085 * row, name, color=colour, **at)
    inside.set(xscale="log", xlim=(1, n), ylim=(0, 1.02), xlabel="n")
    inside.set(title="share in the stiffest n", xticks=[1, 10, 100])
    inside.xaxis.set_major_formatter("{x:g}")
    return figure


def geometry_shares(cells: dict[str, list[dict]]) -> plt.Figure:
    """Draw how shares of geometry go while the error falls, from left to right.

    Of all synapses, and of synapses 0 to 5: thin, each history; thick, medians of cells. Cells hold
    by name histories as `open_emergence` of `study` has them.
    """
    figure, axes = sheet(1, 2, (3.4, 2.6), (0.55, 0), (0.6, 1.7, 0.5, 0.3))
    for ax, what, title in zip(axes[0], ("share", "first"), ("all", "0 to 5"), strict=True):
        for histories, colour in colours_of(cells.values()):
            for one in histories:
                ax.plot(one["rmse"], one[what], color=colour, linewidth=0.6, alpha=0.25)
            ax.plot(*_pooled(histories, what), color=colour, linewidth=2)
        ax.set(xscale="log", ylim=(0, 1), title=f"share of geometry, synapses: {title}")
        ax.set_xlabel("RMSE, falling to the right")
        ax.invert_xaxis()
        ax.set_xticks([0.5, 0.2, 0.1, 0.05], ["0.5", "0.2", "0.1", "0.05"])
        ax.xaxis.set_minor_formatter("")
    key(axes[0, 1], cells, 1.04, 0.08)
    return figure


def _pooled(histories, what):
    """Return errors and medians of shares, of all records of some histories, pooled by error."""
    from scipy.stats import binned_statistic  # slow to import

    error = np.concatenate([one["rmse"] for one in histories])
    share = np.concatenate([one[what] for one in histories])
    found = binned_statistic(error, [error, share], "median", [0, *EDGES, np.max(error) + 1])[0]
    return found[:, np.isfinite(found[0])]
