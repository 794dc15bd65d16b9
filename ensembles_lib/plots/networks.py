"""Figures of networks and their training: wiring, activation maps, errors."""

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.collections import PolyCollection
from matplotlib.ticker import MaxNLocator, NullFormatter, ScalarFormatter

from ..core.wiring import runs_of
from .style import (
    BLUE,
    COLOURS,
    INK,
    QUIET,
    RUST,
    SIGNED,
    colour_bar,
    film_strip,
    panel,
)


def activation_sheet(network, size=64, columns=10, mark=()):
    """Draw the activation maps of all neurons, numbered, on one scale from -1 to 1.

    Parameters
    ----------
    network : Network
    size : int or (height, width)
    columns : int
    mark : collection of int
        Neurons whose number is printed in bold.

    Returns
    -------
    matplotlib figure

    Examples
    --------
    >>> figure = activation_sheet(Network.random(layered_wiring((2, 4, 3))), size=8, columns=4)
    >>> figure.axes[0].get_title()
    '0'
    """
    maps = network.activations(size)
    outputs = list(network.wiring.outputs)
    colours = dict(zip(outputs, ("red", "green", "blue"), strict=False))
    labels = [f"{j} {colours[j]}" if j in colours else str(j) for j in range(len(maps))]
    figure = film_strip(maps, labels, columns, right=0.6)
    for neuron in mark:
        figure.axes[neuron].title.set(fontweight="bold", color=RUST)
    colour_bar(figure.axes[columns - 1], "activation", ticks=[-1, 0, 1])
    return figure


def wiring_diagram(network, neuron=None, ax=None):
    """Draw who listens to whom, a square per synapse, coloured by its weight.

    Row: a neuron, with the numbers of its synapses at the right. Column: what it listens to.

    Parameters
    ----------
    network : Network
    neuron : int, optional
        Frame the row of this neuron (whom it hears) and its column (who hears it).
    ax : matplotlib axes, optional

    Returns
    -------
    matplotlib axes

    Examples
    --------
    >>> ax = wiring_diagram(Network.random(layered_wiring((2, 4, 3))), neuron=4)
    >>> ax.get_ylabel()
    'neuron'
    """
    wiring = network.wiring
    ax = ax or panel(7.6, 6.9, (0.55, 0.85, 0.1, 0.5))
    matrix = np.full(wiring.listens.shape, np.nan)
    matrix[wiring.target, wiring.source] = network.weights
    limit = np.quantile(np.abs(network.weights), 0.98)
    ax.imshow(matrix, cmap=SIGNED, vmin=-limit, vmax=limit, aspect="equal")
    corners = np.array([(-0.5, -0.5), (0.5, -0.5), (0.5, 0.5), (-0.5, 0.5)])
    squares = np.stack([wiring.source, wiring.target], axis=1)[:, None] + corners
    # A weight near 0 is as white as the paper: without its edge it would not be there.
    ax.add_collection(PolyCollection(squares, facecolor="none", edgecolor=QUIET, linewidth=0.3))
    n_in, n = wiring.n_inputs, wiring.n_neurons
    names = ["x", "y", "1"] if n_in == 3 else [f"in {i}" for i in range(n_in)]
    heard = np.flatnonzero(wiring.listens.any(axis=0)).max() + 1
    ax.set(xlim=(-0.7, heard + 3.8), ylim=(n - 0.3, -0.7), ylabel="neuron")
    ax.set_xticks(range(heard), names + list(range(heard - n_in)), fontsize=8.5)
    ax.set_yticks(range(n), range(n), fontsize=9)
    ax.tick_params(length=0, top=True, labeltop=True, bottom=False, labelbottom=False)
    for name in ax.get_xticklabels()[:n_in]:  # the constant 1 is not neuron 1
        name.set(fontweight="bold", color=INK)
    ax.set_xlabel("listens to")
    ax.xaxis.set_label_position("top")
    ax.spines[:].set_visible(False)
    for j in range(n):
        owned = wiring.synapses_of(j)
        last = wiring.sources_of(j)[-1]
        ax.text(last + 0.8, j, f"{owned[0]}–{owned[-1]}", va="center", fontsize=9, color=QUIET)
    if neuron is not None:
        neuron = wiring.check_neuron(neuron)
        column = n_in + neuron
        frame = {"fill": False, "edgecolor": RUST, "linewidth": 1.6}
        for run in runs_of(wiring.sources_of(neuron)):
            place, width = (run.start - 0.5, neuron - 0.5), run.stop - run.start
            ax.add_patch(plt.Rectangle(place, width, 1, **frame))
        for run in runs_of(np.flatnonzero(wiring.listens[:, column])):
            place, height = (column - 0.5, run.start - 0.5), run.stop - run.start
            ax.add_patch(plt.Rectangle(place, 1, height, **frame))
    colour_bar(ax, "weight", height=2.0, extend="both")
    return ax


def training_curves(histories, by="step", ax=None):
    """Draw the error against steps or seconds of several trainings, labelled at their ends.

    Parameters
    ----------
    histories : dict of str to History
    by : "step" or "seconds"
    ax : matplotlib axes, optional

    Returns
    -------
    matplotlib axes

    Examples
    --------
    >>> from ensembles_lib.core.training import History
    >>> row = np.array([1.0, 2.0, 3.0])
    >>> history = History(np.arange(3), 1 / row, row, row, row[:, None], "steps")
    >>> ax = training_curves({"a network": history})
    >>> ax.lines[0].get_ydata().round(2)
    array([1.  , 0.5 , 0.33])
    """
    ax = ax or panel(5.2, 2.8, (0.7, 1.8, 0.5, 0.15))
    for colour, (name, history) in zip(COLOURS, histories.items(), strict=False):
        x = getattr(history, by)
        ax.plot(x, history.rmse, color=colour, linewidth=1.8)
        ax.annotate(
            name,
            (x[-1], history.rmse[-1]),
            xytext=(6, 0),
            textcoords="offset points",
            color=colour,
            va="center",
        )
    ax.set(yscale="log", xlabel={"step": "step", "seconds": "seconds"}[by], ylabel="RMSE")
    ax.yaxis.set_major_formatter(ScalarFormatter())
    ax.yaxis.set_minor_formatter(NullFormatter())
    ax.set_yticks([t for t in (0.05, 0.1, 0.2, 0.5, 1) if np.prod(np.array(ax.get_ylim()) - t) < 0])
    ax.margins(x=0.02)
    return ax


def dots(groups, ax=None, xlabel=""):
    """Draw each group of numbers as a row of dots with a bar at their median.

    Parameters
    ----------
    groups : dict of str to sequence of float
    ax : matplotlib axes, optional
    xlabel : str

    Returns
    -------
    matplotlib axes

    Examples
    --------
    >>> ax = dots({"backprop": [0.12, 0.14], "Levenberg–Marquardt": [0.07, 0.08]}, xlabel="RMSE")
    >>> [label.get_text() for label in ax.get_yticklabels()]
    ['backprop', 'Levenberg–Marquardt']
    """
    ax = ax or panel(4.6, 0.42 * len(groups), (3.2, 0.3, 0.5, 0.1))
    for row, (colour, values) in enumerate(zip(COLOURS, groups.values(), strict=False)):
        ax.plot(values, np.full(len(values), row), "o", color=colour, alpha=0.6, markersize=6)
        ax.plot([np.median(values)] * 2, [row - 0.3, row + 0.3], color=colour, linewidth=2)
    ax.set_yticks(range(len(groups)), list(groups))
    ax.set(ylim=(len(groups) - 0.4, -0.6), xlabel=xlabel)
    ax.xaxis.set_major_locator(MaxNLocator(6, steps=[1, 2, 5, 10]))
    ax.tick_params(axis="y", length=0)
    ax.spines["left"].set_visible(False)
    return ax


def by_neuron(series, ylabel, limit=None, ax=None):
    """Draw numbers per neuron, a dot each; several series on top of each other.

    Parameters
    ----------
    series : dict of str to (N,) array
        The first is drawn in colour, the others in grey: they are its controls.
    ylabel : str
    limit : float, optional
        Where to draw a dashed line across.
    ax : matplotlib axes, optional

    Returns
    -------
    matplotlib axes

    Examples
    --------
    >>> ax = by_neuron({"trained": [0.2, 0.5], "untrained": [0.1, 0.1]}, "share of the picture")
    >>> ax.get_ylabel()
    'share of the picture'
    """
    ax = ax or panel(7.2, 2.4, (0.6, 1.4, 0.5, 0.15))
    for rank, (name, values) in enumerate(series.items()):
        colour, mark = (BLUE, "o") if rank == 0 else (QUIET, "_")
        ax.plot(values, mark, color=colour, markersize=7, zorder=-rank)
        ax.annotate(
            name,
            (len(values) - 1, values[-1]),
            xytext=(10, 0),
            textcoords="offset points",
            color=colour,
            va="center",
        )
    n = len(next(iter(series.values())))
    ax.vlines(range(n), 0, next(iter(series.values())), color=BLUE, linewidth=1, alpha=0.4)
    if limit is not None:
        ax.axhline(limit, color=QUIET, linewidth=0.8, linestyle=(0, (4, 3)), zorder=-9)
    ax.set(xlabel="neuron", ylabel=ylabel, xlim=(-0.8, n - 0.2), ylim=(0, None))
    ax.set_xticks(range(0, n, 3))
    return ax
