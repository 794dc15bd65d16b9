"""Figures of numbers that go up and down: along neurons, ranks, sizes, errors, jitter."""

from collections.abc import Sequence

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.ticker import MaxNLocator
from scipy.ndimage import median_filter

from ..ensembles.spectrum import random_overlap
from ..sweeps import Atlas
from .panels import beside, key, panel, sheet
from .style import BLUE, DASHED, GREEN, QUIET, RUST, colours_of

Panels = dict[str, dict[str, Sequence]]  # by title or measure, then by line or group
EDGES = np.geomspace(0.04, 0.9, 15)  # of errors, within which shares of geometry are pooled


def by_neuron(series: dict[str, list[float]], ylabel: str, limit: float | None = None) -> plt.Axes:
    """Draw a dot per neuron; series after the first are controls, in grey, and a limit is dashed.

    Examples
    --------
    >>> ax = by_neuron({"trained": [0.2, 0.5], "untrained": [0.1, 0.1]}, "share of the picture")
    >>> ax.get_ylabel()
    'share of the picture'
    """
    ax = panel(7.2, 2.4, (0.6, 1.4, 0.5, 0.15))
    for rank, (name, values) in enumerate(series.items()):
        colour, mark = (BLUE, "o") if rank == 0 else (QUIET, "_")
        ax.plot(values, mark, color=colour, markersize=7, zorder=-rank)
        beside(ax, name, (len(values) - 1, values[-1]), (10, 0), color=colour)
        if rank == 0:
            ax.vlines(range(len(values)), 0, values, color=BLUE, linewidth=1, alpha=0.4)
    if limit is not None:
        ax.axhline(limit, **DASHED, zorder=-9)
    ax.set(xlim=(-0.8, len(values) - 0.2), ylim=(0, None), xticks=range(0, len(values), 3))
    ax.set(xlabel="neuron", ylabel=ylabel)
    return ax


def by_depth(atlases: dict[str, Atlas]) -> plt.Figure:
    """Draw what working ranges and change maps are like, neuron by neuron.

    Atlases are of one wiring. Of the first every synapse is a dot; of all the medians are drawn.

    Examples
    --------
    >>> figure = by_depth({"random": atlas(network, size=8, steps=3, progress=False)})
    >>> [ax.get_ylabel() for ax in figure.axes]
    ['range R', 'R / linear', 'spread', 'linearity']
    """
    figure, axes = sheet(4, 1, (6.2, 1.2), (0, 0.18), (0.8, 1.4, 0.5, 0.1))
    for rank, (atlas, colour) in enumerate(colours_of(atlases.values())):
        wiring, ranges = atlas.network.wiring, atlas.ranges
        measures = (ranges.usable, ranges.usable / ranges.linear, atlas.spread, atlas.linearity)
        for ax, values in zip(axes[:, 0], measures, strict=True):
            if rank == 0:
                ax.plot(wiring.target, values, "o", color=colour, alpha=0.35, ms=3.5, mew=0)
            middle = [np.median(values[wiring.synapses_of(j)]) for j in range(wiring.n_neurons)]
            ax.plot(middle, color=colour, linewidth=2 if rank == 0 else 1)
    names = ("range R", "R / linear", "spread", "linearity")
    for ax, name in zip(axes[:, 0], names, strict=True):
        ax.set(xlim=(-0.6, wiring.n_neurons - 0.4), xlabel="neuron", ylabel=name)
        ax.set_xticks(range(0, wiring.n_neurons, 3))
        ax.yaxis.set_label_coords(-0.085, 0.5)
        if name in ("range R", "spread"):
            ax.set_yscale("log")
            ax.yaxis.set_major_formatter("{x:g}")
            ax.minorticks_off()
        else:
            ax.yaxis.set_major_locator(MaxNLocator(4))
        ax.label_outer()
    key(axes[0, 0], atlases, 1.02, 0.2)
    return figure


def by_size(sizes: list[int], panels: Panels) -> plt.Figure:
    """Draw measures of networks of several sizes, a dot per network, lines through medians.

    Panels hold by title and line, for each size in synapses, the numbers of its networks.

    Examples
    --------
    >>> figure = by_size([150, 460], {"RMSE": {"trained": [[0.12, 0.13], [0.07, 0.08]]}})
    >>> figure.axes[0].get_xscale()
    'log'
    """
    # A line without a name needs no room beside the last panel.
    right = 1.55 if any([*panels.values()][-1]) else 0.25
    figure, axes = sheet(1, len(panels), (3.35, 2.3), (1.55, 0), (0.5, right, 0.5, 0.3))
    for ax, (title, lines) in zip(axes[0], panels.items(), strict=True):
        for (name, groups), colour in colours_of(lines.items()):
            places = np.repeat(sizes, [len(numbers) for numbers in groups])
            ax.plot(places, np.concatenate(groups), "o", color=colour, alpha=0.6, ms=5, mew=0)
            middle = [np.median(numbers) for numbers in groups]
            ax.plot(sizes, middle, color=colour, linewidth=1.4)
            beside(ax, name, (sizes[-1], middle[-1]), (7, 0), color=colour, fontsize=8.5)
        ax.set(xscale="log", title=title, xlabel="synapses")
        ax.set_xticks(sizes, [f"{size:,}" for size in sizes])
        ax.minorticks_off()
    return figure


def bands(x: np.ndarray, panels: Panels, xlabel: str, limits: dict[str, tuple]) -> plt.Figure:
    """Draw medians with their quartiles as bands over a logarithmic axis, a panel per measure.

    Panels hold (n, 3) arrays by measure and group: lower quartile, median, upper quartile. Limits
    are those of the measures.

    Examples
    --------
    >>> panels = {"gain": {"in concert": np.array([[0.9, 1.0, 1.1], [0.7, 1.0, 1.4]])}}
    >>> bands([0.1, 0.2], panels, "jitter", {"gain": (0, 2)}).axes[0].get_xscale()
    'log'
    """
    figure, axes = sheet(1, len(panels), (3.7, 2.4), (0.75, 0), (0.7, 0.2, 0.5, 0.15))
    for ax, (measure, groups) in zip(axes[0], panels.items(), strict=True):
        curves = {name: np.transpose(quartiles) for name, quartiles in groups.items()}
        _bands(ax, x, curves, xlabel, [t for t in (0.5, 1, 2, 5, 10) if x[0] <= t <= x[-1]], 0.18)
        for (name, (_, middle, _)), colour in colours_of(curves.items()):
            beside(ax, name, (x[0], middle[0]), (5, 4), color=colour, va="bottom")
        ax.set(ylabel=measure, ylim=limits[measure])
    return figure


def jitter_curves(etas: np.ndarray, panels: Panels) -> plt.Figure:
    """Draw medians with their quartiles against the size of a jitter, a panel per measure.

    Jitter is in working ranges, ascending from above 0. Panels hold (n, E) arrays by measure and
    kind of move, a curve per move. A leak has a logarithmic axis.

    Examples
    --------
    >>> gains = {"in concert": np.array([[1.0, 0.9], [1.1, 0.8]])}
    >>> jitter_curves([0.05, 0.1], {"gain": gains}).axes[0].get_ylabel()
    'gain'
    """
    figure, axes = sheet(1, len(panels), (2.95, 2.4), (0.75, 0), (0.7, 1.65, 0.5, 0.15))
    for ax, (measure, kinds) in zip(axes[0], panels.items(), strict=True):
        # Not interpolated: between two infinite leaks there is nothing in the middle.
        nearest = {"q": [0.25, 0.5, 0.75], "axis": 0, "method": "nearest"}
        curves = {kind: np.nanquantile(moves, **nearest) for kind, moves in kinds.items()}
        _bands(ax, etas, curves, "jitter, working ranges", etas, 0.16)
        ax.set_xticks([], minor=True)
        ax.set_ylabel(measure)
        if measure == "leak":
            ax.set(yscale="log", ylim=(0.03, 5))
            ax.axhline(0.1, **DASHED)
            ax.yaxis.set_major_formatter("{x:g}")
            ax.yaxis.set_minor_formatter("")
    key(axes[0, -1], kinds, 1.04, 0.12)
    return figure


def _bands(ax, x, curves, xlabel, ticks, alpha):
    """Draw (lower quartile, median, upper quartile) of each group over a logarithmic axis."""
    for (low, middle, high), colour in colours_of(curves.values()):
        ax.fill_between(x, low, np.minimum(high, 1e3), color=colour, alpha=alpha, linewidth=0)
        ax.plot(x, middle, color=colour, linewidth=2)
    ax.set(xscale="log", xlim=(x[0], x[-1]), xlabel=xlabel)
    ax.set_xticks(ticks, [f"{t:g}" for t in ticks])
    ax.xaxis.set_minor_formatter("")


def stiff_and_sloppy(report: dict, control: dict) -> plt.Figure:
    """Draw eigenvalues of R JᵀJ R / ε², how many synapses are involved, and stiff overlaps.

    Both reports are from `stiff_overlaps`; the control is dashed. Overlaps are medians over
    properties; in the grey band lie 90 % of random subspaces.

    Examples
    --------
    >>> from ensembles_lib.ensembles.spectrum import stiff_overlaps
    >>> red = colour_property(np.ones((8, 8), bool), (1, 0, 0), "red")
    >>> report = stiff_overlaps(network, [red], size=8, draws=2)
    >>> [ax.get_title() for ax in stiff_and_sloppy(report, report).axes]
    ['stiffness', 'synapses involved', 'share in the stiffest n']
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

    Examples
    --------
    >>> history = {"rmse": [0.5, 0.3, 0.1], "share": [0.8, 0.4, 0.2], "first": [0.9, 0.9, 0.8]}
    >>> [ax.get_xlabel() for ax in geometry_shares({"narrow": [history]}).axes]
    ['RMSE, falling to the right', 'RMSE, falling to the right']
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
