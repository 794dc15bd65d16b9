"""Figures: film strips, activation sheets, wiring and training, all in one look.

Functions that draw one panel take ``ax=None`` and return the axes; those that draw a sheet of
panels make their own figure and return it. Panels are placed in inches, never fitted around
their labels: fonts differ between versions of matplotlib, and pictures should not move with them.
"""

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.colors import LinearSegmentedColormap
from matplotlib.ticker import MaxNLocator, NullFormatter, ScalarFormatter

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


def sheet(rows, columns, panel, gap=(0.08, 0.08), margin=(0.05, 0.05, 0.05, 0.05)):
    """Return a figure and a (rows, columns) array of axes, laid out in inches.

    Parameters
    ----------
    rows, columns : int
    panel : (width, height)
    gap : (horizontal, vertical)
        Between panels; room for titles and labels.
    margin : (left, right, bottom, top)
    """
    left, right, bottom, top = margin
    width = left + columns * panel[0] + (columns - 1) * gap[0] + right
    height = bottom + rows * panel[1] + (rows - 1) * gap[1] + top
    figure = plt.figure(figsize=(width, height))
    axes = np.empty((rows, columns), object)
    for row, column in np.ndindex(rows, columns):
        x = left + column * (panel[0] + gap[0])
        y = height - top - (row + 1) * panel[1] - row * gap[1]
        box = (x / width, y / height, panel[0] / width, panel[1] / height)
        axes[row, column] = figure.add_axes(box)
    return figure, axes


def _panel(width, height, margin):
    """Return the axes of a figure with one panel, laid out in inches."""
    return sheet(1, 1, (width, height), margin=margin)[1][0, 0]


def film_strip(pictures, labels=None, columns=None, width=9.0, right=0.05):
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
    right : float
        Room at the right, in inches.
    """
    pictures = [p.pixels if isinstance(p, Picture) else np.asarray(p) for p in pictures]
    columns = columns or len(pictures)
    height, across = pictures[0].shape[:2]
    side = (width - 0.05 - right - 0.08 * (columns - 1)) / columns
    room = 0.08 if labels is None else 0.26
    figure, axes = sheet(
        -(-len(pictures) // columns),
        columns,
        (side, side * height / across),
        (0.08, room),
        (0.05, right, 0.05, room),
    )
    for number, ax in enumerate(axes.flat):
        ax.axis("off")
        if number < len(pictures):
            _show(ax, pictures[number])
            if labels is not None:
                ax.set_title(labels[number], pad=4)
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
    figure = film_strip(maps, labels, columns, right=0.6)
    for neuron in mark:
        figure.axes[neuron].title.set(fontweight="bold", color=RUST)
    _colour_bar(figure.axes[columns - 1], "activation", ticks=[-1, 0, 1])
    return figure


def _colour_bar(ax, label, gap=0.1, width=0.12, height=None, ticks=None):
    """Put a colour bar to the right of axes, `gap` inches away."""
    figure, box = ax.figure, ax.get_position()
    across, up = figure.get_size_inches()
    height = height / up if height else box.height
    place = (box.x1 + gap / across, box.y1 - height, width / across, height)
    bar = figure.colorbar(ax.images[0], cax=figure.add_axes(place), ticks=ticks)
    bar.outline.set_visible(False)
    bar.ax.tick_params(length=0, labelsize=8)
    bar.set_label(label, labelpad=0)


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
    ax = ax or _panel(7.4, 6.8, (0.55, 0.75, 0.1, 0.5))
    matrix = np.full(wiring.listens.shape, np.nan)
    matrix[wiring.target, wiring.source] = network.weights
    limit = np.quantile(np.abs(network.weights), 0.98)
    ax.imshow(matrix, cmap=SIGNED, vmin=-limit, vmax=limit, aspect="equal")
    n_in, n = wiring.n_inputs, wiring.n_neurons
    names = ["x", "y", "1"] if n_in == 3 else [f"in {i}" for i in range(n_in)]
    heard = np.flatnonzero(wiring.listens.any(axis=0)).max() + 1
    ax.set(xlim=(-0.7, heard + 3.8), ylim=(n - 0.3, -0.7), ylabel="neuron")
    ax.set_xticks(range(heard), names + list(range(heard - n_in)), fontsize=7)
    ax.set_yticks(range(n), range(n), fontsize=7)
    ax.tick_params(length=0, top=True, labeltop=True, bottom=False, labelbottom=False)
    for name in ax.get_xticklabels()[:n_in]:  # the constant 1 is not neuron 1
        name.set(fontweight="bold", color=INK)
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
        frame = {"fill": False, "edgecolor": RUST, "linewidth": 1.6}
        for first, last in _runs(wiring.sources_of(neuron)):
            ax.add_patch(plt.Rectangle((first - 0.5, neuron - 0.5), last - first + 1, 1, **frame))
        for first, last in _runs(np.flatnonzero(wiring.listens[:, column])):
            ax.add_patch(plt.Rectangle((column - 0.5, first - 0.5), 1, last - first + 1, **frame))
    _colour_bar(ax, "weight", height=2.0)
    return ax


def _runs(numbers):
    """Return first and last of each run of consecutive numbers."""
    runs = np.split(numbers, np.flatnonzero(np.diff(numbers) > 1) + 1)
    return [(run[0], run[-1]) for run in runs if len(run)]


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
    ax = ax or _panel(5.2, 2.8, (0.7, 1.8, 0.5, 0.15))
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
    ax = ax or _panel(4.6, 0.42 * len(groups), (2.4, 0.3, 0.5, 0.1))
    for row, (colour, values) in enumerate(zip(COLOURS, groups.values(), strict=False)):
        ax.plot(values, np.full(len(values), row), "o", color=colour, alpha=0.6, markersize=6)
        ax.plot([np.median(values)] * 2, [row - 0.3, row + 0.3], color=colour, linewidth=2)
    ax.set_yticks(range(len(groups)), list(groups))
    ax.set(ylim=(len(groups) - 0.4, -0.6), xlabel=xlabel)
    ax.xaxis.set_major_locator(MaxNLocator(6))
    ax.tick_params(axis="y", length=0)
    ax.spines["left"].set_visible(False)
    return ax


def by_neuron(series, ylabel, ax=None):
    """Draw numbers per neuron, a dot each; several series on top of each other.

    Parameters
    ----------
    series : dict of str to (N,) array
        The first is drawn in colour, the others in grey: they are its controls.
    ylabel : str
    ax : matplotlib axes, optional

    Returns
    -------
    matplotlib axes
    """
    ax = ax or _panel(7.2, 2.4, (0.6, 1.4, 0.5, 0.15))
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
    ax.set(xlabel="neuron", ylabel=ylabel, xlim=(-0.8, n - 0.2), ylim=(0, None))
    ax.set_xticks(range(0, n, 3))
    return ax
