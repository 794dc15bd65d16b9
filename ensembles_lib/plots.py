"""Figures: film strips, activation sheets, wiring and training, all in one look.

Functions that draw one panel take ``ax=None`` and return the axes; those that draw a sheet of
panels make their own figure and return it.
"""

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.colors import LinearSegmentedColormap
from matplotlib.ticker import NullFormatter, ScalarFormatter

from .picture import Picture

INK, QUIET, FAINT = "#26323a", "#7a868c", "#e6e4dc"
BLUE, OCHRE, GREEN, RUST = "#2859ac", "#c07f2e", "#2f8573", "#ab4f33"
COLOURS = (BLUE, OCHRE, GREEN, RUST)
# Blue to ochre over paper white: for what has a sign. Distinct to every kind of colour vision.
SIGNED = LinearSegmentedColormap.from_list("signed", ["#123c7c", BLUE, "#f7f5ef", OCHRE, "#7a4508"])
ACTIVATION = "cividis"


def set_style():
    """Set matplotlib up for the notebooks; call it once, at the top."""
    plt.rcParams.update(
        {
            "axes.edgecolor": QUIET,
            "axes.labelcolor": INK,
            "axes.prop_cycle": plt.cycler(color=COLOURS),
            "axes.spines.right": False,
            "axes.spines.top": False,
            "axes.titlecolor": INK,
            "axes.titlesize": 10,
            "figure.constrained_layout.use": True,
            "figure.dpi": 100,
            "font.size": 10,
            "text.color": INK,
            "xtick.color": QUIET,
            "ytick.color": QUIET,
        }
    )
    try:
        from matplotlib_inline.config import InlineBackend
    except ImportError:  # outside of Jupyter there is nothing to set
        return
    # Without this the size of a stored figure would follow the width of its text.
    InlineBackend.instance().print_figure_kwargs = {"bbox_inches": None}


def film_strip(pictures, labels=None, columns=None, width=9.0):
    """Draw pictures or maps side by side, each with its label above.

    Parameters
    ----------
    pictures : sequence of Picture or (H, W) or (H, W, 3) arrays in [-1, 1]
        Flat arrays are shown as activations.
    labels : sequence of str, optional
    columns : int, optional
        Pictures per row; all in one row unless given.
    width : float
        Of the figure, in inches.
    """
    pictures = [p.pixels if isinstance(p, Picture) else np.asarray(p) for p in pictures]
    columns = columns or len(pictures)
    rows = -(-len(pictures) // columns)
    height, across = pictures[0].shape[:2]
    label_room = 0.28 if labels is not None else 0.08
    figure, axes = plt.subplots(
        rows,
        columns,
        figsize=(width, rows * (width / columns * height / across + label_room)),
        squeeze=False,
    )
    for ax in axes.flat:
        ax.axis("off")
    for number, (ax, pixels) in enumerate(zip(axes.flat, pictures, strict=False)):
        _show(ax, pixels)
        if labels is not None:
            ax.set_title(labels[number], pad=3)
    return figure


def _show(ax, pixels):
    if pixels.ndim == 3:
        ax.imshow((pixels + 1) / 2, interpolation="nearest")
    else:
        ax.imshow(pixels, cmap=ACTIVATION, vmin=-1, vmax=1, interpolation="nearest")


def activation_sheet(network, size=64, columns=10, mark=()):
    """Draw the activation maps of all neurons, numbered, on one scale from -1 to 1.

    Parameters
    ----------
    network : Network
    size : int or (height, width)
    columns : int
    mark : collection of int
        Neurons whose number is printed in bold.
    """
    maps = network.activations(size)
    outputs = list(network.wiring.outputs)
    colours = dict(zip(outputs, ("red", "green", "blue"), strict=False))
    labels = [f"{j} {colours[j]}" if j in colours else str(j) for j in range(len(maps))]
    figure = film_strip(maps, labels, columns)
    for neuron in mark:
        figure.axes[neuron].title.set(fontweight="bold", color=RUST)
    panels = figure.axes[: len(maps)]
    bar = figure.colorbar(
        panels[0].images[0], ax=figure.axes, shrink=0.4, aspect=18, pad=0.01, ticks=[-1, 0, 1]
    )
    bar.outline.set_visible(False)
    bar.set_label("activation")
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
    """
    wiring = network.wiring
    ax = ax or plt.subplots(figsize=(8.4, 7.6))[1]
    matrix = np.full(wiring.listens.shape, np.nan)
    matrix[wiring.target, wiring.source] = network.weights
    limit = np.quantile(np.abs(network.weights), 0.98)
    image = ax.imshow(matrix, cmap=SIGNED, vmin=-limit, vmax=limit, aspect="equal")
    n_in, n = wiring.n_inputs, wiring.n_neurons
    names = ["x", "y", "1"] if n_in == 3 else [f"in {i}" for i in range(n_in)]
    heard = np.flatnonzero(wiring.listens.any(axis=0)).max() + 1
    ax.set(xlim=(-0.7, heard + 3.8), ylim=(n - 0.3, -0.7), ylabel="neuron")
    ax.set_xticks(range(heard), names + list(range(heard - n_in)), fontsize=7)
    ax.set_yticks(range(n), range(n), fontsize=7)
    ax.tick_params(length=0, top=True, labeltop=True, bottom=False, labelbottom=False)
    ax.set_xlabel("listens to")
    ax.xaxis.set_label_position("top")
    ax.spines[:].set_visible(False)
    for j in range(n):
        owned = wiring.synapses_of(j)
        last = wiring.sources_of(j)[-1]
        ax.text(last + 0.8, j, f"{owned[0]}–{owned[-1]}", va="center", fontsize=6.5, color=QUIET)
    if neuron is not None:
        neuron = wiring.check_neuron(neuron)
        column = n_in + neuron
        hears, heard_by = wiring.sources_of(neuron), np.flatnonzero(wiring.listens[:, column])
        frame = {"fill": False, "edgecolor": RUST, "linewidth": 1.6}
        ax.add_patch(plt.Rectangle((-0.5, neuron - 0.5), hears[-1] + 1, 1, **frame))
        if len(heard_by):
            top, bottom = heard_by[0] - 0.5, heard_by[-1] + 0.5
            ax.add_patch(plt.Rectangle((column - 0.5, top), 1, bottom - top, **frame))
    bar = ax.figure.colorbar(image, ax=ax, shrink=0.3, aspect=14, pad=0.01, anchor=(0, 0.95))
    bar.outline.set_visible(False)
    bar.set_label("weight")
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
    """
    ax = ax or plt.subplots(figsize=(7, 3.4))[1]
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
    """
    ax = ax or plt.subplots(figsize=(7, 0.5 + 0.42 * len(groups)))[1]
    for row, (colour, values) in enumerate(zip(COLOURS, groups.values(), strict=False)):
        ax.plot(values, np.full(len(values), row), "o", color=colour, alpha=0.6, markersize=6)
        ax.plot([np.median(values)] * 2, [row - 0.3, row + 0.3], color=colour, linewidth=2)
    ax.set_yticks(range(len(groups)), list(groups))
    ax.set(ylim=(len(groups) - 0.4, -0.6), xlabel=xlabel)
    ax.tick_params(axis="y", length=0)
    ax.spines["left"].set_visible(False)
    return ax
