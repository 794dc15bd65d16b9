"""Figures: film strips, activation sheets, wiring and training, all in one look.

Functions that draw one panel take ``ax=None`` and return the axes; those that draw a sheet of
panels make their own figure and return it. Panels are placed in inches, never fitted around
their labels: fonts differ between versions of matplotlib, and pictures should not move with them.
"""

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.colors import LinearSegmentedColormap
from matplotlib.ticker import FuncFormatter, MaxNLocator, NullFormatter, ScalarFormatter

from .borders import find_borders
from .comparators import all_pairs
from .passes import respond
from .picture import Picture
from .rules import answers
from .wiring import runs_of

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
    # Whole pixels, at the 100 per inch of the notebooks: versions of matplotlib round fractions
    # of pixels in different ways, and then all of a picture shifts.
    panel, gap, margin = (np.round(lengths, 2) for lengths in (panel, gap, margin))
    left, right, bottom, top = margin
    width = left + columns * panel[0] + (columns - 1) * gap[0] + right + 1e-6  # not a pixel less
    height = bottom + rows * panel[1] + (rows - 1) * gap[1] + top + 1e-6
    figure = plt.figure(figsize=(width, height))
    axes = np.empty((rows, columns), object)
    for row, column in np.ndindex(rows, columns):
        x = left + column * (panel[0] + gap[0])
        y = height - top - (row + 1) * panel[1] - row * gap[1]
        # A hair inside the pixels' edges, since rounding errors would fall on either side.
        hair = 2e-4
        across, up = (panel - 2 * hair) / (width, height)
        box = ((x + hair) / width, (y + hair) / height, across, up)
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
        for run in runs_of(wiring.sources_of(neuron)):
            place, width = (run.start - 0.5, neuron - 0.5), run.stop - run.start
            ax.add_patch(plt.Rectangle(place, width, 1, **frame))
        for run in runs_of(np.flatnonzero(wiring.listens[:, column])):
            place, height = (column - 0.5, run.start - 0.5), run.stop - run.start
            ax.add_patch(plt.Rectangle(place, 1, height, **frame))
    _colour_bar(ax, "weight", height=2.0)
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
    ax.xaxis.set_major_locator(MaxNLocator(6, steps=[1, 2, 5, 10]))
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


def answer_maps(maps, labels, wrong=None, extent=None, width=9.0):
    """Draw what comparators say of all pairs: b to the right, a upwards, one scale from -1 to 1.

    Parameters
    ----------
    maps : sequence of (n, n) arrays
        Outputs; rows are a, columns b, both ascending.
    labels : sequence of str
    wrong : sequence of (n, n) bool arrays, optional
        Cells to mark with a dot.
    extent : (lowest, highest), optional
        Of both numbers; 0 to n - 1 unless given.
    width : float
        Of the figure, in inches.
    """
    left, right, gap = 0.45, 0.75, 0.15
    side = (width - left - right - gap * (len(maps) - 1)) / len(maps)
    figure, axes = sheet(1, len(maps), (side, side), (gap, 0), (left, right, 0.45, 0.3))
    last = len(maps[0]) - 1
    low, high = extent or (0, last)
    half = (high - low) / last / 2
    box = (low - half, high + half) * 2
    for number, (ax, shown) in enumerate(zip(axes.flat, maps, strict=True)):
        style = {"cmap": SIGNED, "vmin": -1, "vmax": 1, "interpolation": "nearest"}
        ax.imshow(shown, origin="lower", extent=box, **style)
        if wrong is not None:
            a, b = np.nonzero(wrong[number])
            size = 180 * side / (last + 1) / 2
            ax.scatter(low + 2 * half * b, low + 2 * half * a, (size / 3) ** 2, color=INK, lw=0)
        ends = [low, high]
        ax.set(xticks=ends, yticks=ends if number == 0 else [], title=labels[number])
        for tick, side_of in zip(ax.get_xticklabels(), ("left", "right"), strict=True):
            tick.set_horizontalalignment(side_of)
        ax.set_xlabel("b", labelpad=-8)
        ax.tick_params(length=0)
        ax.spines[:].set_visible(False)
    axes[0, 0].set_ylabel("a", labelpad=-6, rotation=0, va="center")
    _colour_bar(axes[0, -1], "output", ticks=[-1, 0, 1])
    return figure


def comparison_strip(wiring, weights, bits, names, width=9.0):
    """Draw the outputs of several comparators for all pairs; wrong answers are dotted and counted.

    Parameters
    ----------
    wiring : Wiring
    weights : (n, S) array
        A row per network.
    bits : int
        Of each number.
    names : sequence of str
    width : float
        Of the figure, in inches.
    """
    inputs, a, b = all_pairs(bits)
    weights, side = np.asarray(weights, float), (-1, 2**bits, 2**bits)
    wrong = (answers(wiring, weights, bits) != np.sign(a - b)).reshape(side)
    labels = [f"{name}: {w.sum()} wrong" for name, w in zip(names, wrong, strict=True)]
    maps = respond(wiring, weights, inputs).reshape(side)
    return answer_maps(maps, labels, wrong, width=width)


def passes_to_solve(learnt, ax=None):
    """Draw how many passes each learning rule needed, from each start, by the number of bits.

    Parameters
    ----------
    learnt : dict of (rule, bits) to (starts,) array
        Passes; infinite where a start was never solved, drawn as a cross above the others.
    ax : matplotlib axes, optional

    Returns
    -------
    matplotlib axes
    """
    ax = ax or _panel(5.4, 3.2, (0.75, 1.75, 0.5, 0.15))
    rules = list(dict.fromkeys(rule for rule, _ in learnt))
    widths = sorted({bits for _, bits in learnt})
    top = 3 * max(p[np.isfinite(p)].max(initial=1) for p in learnt.values())
    ends = {}
    for rank, rule in enumerate(rules):
        colour, shift = (*COLOURS, INK)[rank], 0.13 * (rank - (len(rules) - 1) / 2)
        middles = []
        for place, bits in enumerate(widths):
            found = learnt[rule, bits][np.isfinite(learnt[rule, bits])].clip(min=0.5)
            x = place + shift
            ax.plot(np.full(len(found), x), found, "o", color=colour, alpha=0.4, ms=4, mew=0)
            if len(found) < len(learnt[rule, bits]):
                ax.plot(x, top, "x", color=colour, ms=6, mew=1.8)
            middles.append((x, min(top, np.median(learnt[rule, bits].clip(min=0.5)))))
        ax.plot(*np.transpose(middles), color=colour, linewidth=1.6)
        ends[rule] = (middles[-1][1], rank, colour)
    # Labels at the ends of their lines, from above downwards, never closer than a line of text.
    lowest = np.inf
    for rule, (end, _, colour) in sorted(ends.items(), key=lambda item: (-item[1][0], item[1][1])):
        lowest = min(end, lowest / 1.7)
        place = (len(widths) - 0.5, lowest)
        ax.annotate(rule, place, color=colour, va="center", annotation_clip=False)
    ax.set(yscale="log", ylabel="passes until solved", xlabel="bits of each number")
    ax.set_xticks(range(len(widths)), widths)
    ax.set_yticks([0.5, 1, 10, 100, top], ["0", "1", "10", "100", "never"])
    ax.yaxis.set_minor_formatter(NullFormatter())
    ax.tick_params(which="minor", length=0)
    ax.yaxis.set_label_coords(-0.09, 0.45)
    ax.set(xlim=(-0.45, len(widths) - 0.55), ylim=(0.4, top * 1.4))
    return ax


def stacked_dots(numbers, marked, xlabel, names, ax=None):
    """Draw a dot per number, equal ones on top of each other, some of them marked.

    Parameters
    ----------
    numbers : (n,) int array
    marked : (n,) bool array
        Drawn at the bottom of their stack, in another colour.
    xlabel : str
    names : (name of the marked, name of the others)
    ax : matplotlib axes, optional

    Returns
    -------
    matplotlib axes
    """
    order = np.argsort(~np.asarray(marked), kind="stable")
    numbers, marked = np.asarray(numbers)[order], np.asarray(marked)[order]
    height = np.array([np.sum(numbers[:k] == number) for k, number in enumerate(numbers)])
    ax = ax or _panel(5.6, 0.13 * (height.max() + 2), (0.4, 0.3, 0.5, 0.1))
    for these, colour in ((marked, RUST), (~marked, QUIET)):
        ax.plot(numbers[these], height[these], "o", color=colour, ms=7.5, mew=0)
    last = numbers.max()
    ax.set(xlim=(-0.6, last + 0.6), ylim=(-0.7, height.max() + 1.3), xlabel=xlabel, yticks=[])
    first = numbers[marked].min()
    ax.text(first + 0.4, height[marked].mean(), names[0], color=RUST, va="center")
    peak = np.bincount(numbers).argmax()
    ax.text(peak + 0.45, height.max(), names[1], color=QUIET, va="center")
    ax.xaxis.set_major_locator(MaxNLocator(integer=True))
    ax.spines["left"].set_visible(False)
    return ax


def error_and_mistakes(passes, error, wrong):
    """Draw, one above the other, the mean squared error and the wrong pairs against passes."""
    figure, axes = sheet(2, 1, (5.6, 1.25), (0, 0.2), (0.75, 0.3, 0.5, 0.15))
    for ax, values, name, colour in (
        (axes[0, 0], error, "squared error", BLUE),
        (axes[1, 0], wrong, "wrong pairs", RUST),
    ):
        ax.plot(passes, values, "o-", color=colour, linewidth=1.6, ms=5)
        ax.set(xscale="log", ylabel=name, ylim=(0, 1.15 * max(values)))
        ax.set_xticks(passes, passes if ax is axes[1, 0] else [])
        ax.xaxis.set_minor_formatter(NullFormatter())
        ax.tick_params(which="minor", length=0)
        ax.yaxis.set_label_coords(-0.09, 0.5)
    axes[1, 0].set_xlabel("passes over all pairs")
    return figure


def signals(networks, before=None, width=7.6, height=1.15):
    """Draw the signals of networks on a line, one below the other, with their borders numbered.

    Parameters
    ----------
    networks : dict of str to Network
        With inputs x and 1 and one output.
    before : Network, optional
        Its signal and its borders are drawn faintly behind every panel.
    width, height : float
        Of a panel, in inches.

    Returns
    -------
    matplotlib figure
    """
    figure, axes = sheet(len(networks), 1, (width, height), (0, 0.42), (0.4, 0.3, 0.5, 0.3))
    x = np.linspace(-1, 1, 601)
    inputs = np.array([x, np.ones_like(x)])
    for ax, (name, network) in zip(axes[:, 0], networks.items(), strict=True):
        signal = network.respond(inputs)[0]
        ax.fill_between(x, 0, signal, where=signal > 0, color=OCHRE, alpha=0.35, linewidth=0)
        ax.fill_between(x, 0, signal, where=signal < 0, color=BLUE, alpha=0.16, linewidth=0)
        if before is not None:
            ax.plot(x, before.respond(inputs)[0], color=QUIET, linewidth=1, linestyle=(0, (4, 3)))
            for place in find_borders(before):
                ax.plot([place] * 2, [-1.1, 1.1], color=QUIET, linewidth=0.8, linestyle=(0, (1, 2)))
        ax.plot(x, signal, color=INK, linewidth=1.6)
        ax.axhline(0, color=QUIET, linewidth=0.6, zorder=0)
        for number, place in enumerate(find_borders(network), 1):
            ax.plot(place, 0, "o", color="white", markeredgecolor=INK, markersize=11, clip_on=False)
            ax.text(place, -0.02, number, ha="center", va="center_baseline", fontsize=8)
        ax.set(xlim=(-1, 1), ylim=(-1.15, 1.15), yticks=[-1, 0, 1])
        ax.set_xticks(np.linspace(-1, 1, 9), map(_number, np.linspace(-1, 1, 9)))
        ax.set_title(name, loc="left", pad=3)
        ax.tick_params(length=0, labelbottom=ax is axes[-1, 0])
        ax.spines[["bottom", "left"]].set_visible(False)
    axes[-1, 0].set_xlabel("x", labelpad=2)
    return figure


def _number(value, digits=6):
    """Return a number as a label, with a real minus."""
    return f"{value:.{digits}g}".replace("-", "−")


def border_map(values, wiring, rows=None, label="", ax=None):
    """Draw how far each synapse moves each border: a square per pair, with its number.

    Above the columns stand what each synapse carries and the neuron that it leads to.

    Parameters
    ----------
    values : (B, S) array
    wiring : Wiring
    rows : sequence of str, optional
    label : str
        Of the colour scale.
    ax : matplotlib axes, optional

    Returns
    -------
    matplotlib axes
    """
    values = np.asarray(values)
    n_rows, n_synapses = values.shape
    cell = 0.56
    ax = ax or _panel(cell * n_synapses, 0.46 * n_rows, (0.95, 0.95, 0.5, 0.62))
    limit = np.abs(values).max()
    ax.imshow(values, cmap=SIGNED, vmin=-limit, vmax=limit, aspect="auto")
    for (row, synapse), value in np.ndenumerate(values):
        if abs(value) >= 0.05 * limit:
            colour = "white" if abs(value) > 0.45 * limit else INK
            ax.text(synapse, row, _number(value, 2), ha="center", va="center", color=colour, size=8)
    ax.set_yticks(range(n_rows), rows or [f"border {row + 1}" for row in range(n_rows)])
    ax.set_xticks(range(n_synapses), range(n_synapses))
    ax.set_xlabel("synapse", labelpad=2)
    names = ["x", "1", *(f"from {j}" for j in range(wiring.n_neurons))]
    for synapse, source in enumerate(wiring.source):
        ax.text(synapse, -0.62, names[source], ha="center", va="bottom", fontsize=7.5, color=QUIET)
    for neuron in range(wiring.n_neurons):
        owned = wiring.synapses_of(neuron)
        name = "output" if neuron in wiring.outputs else f"neuron {neuron}"
        middle, ends = (owned[0] + owned[-1]) / 2, (owned[0] - 0.4, owned[-1] + 0.4)
        top = -0.62 - 0.24 / 0.46
        ax.plot(ends, [top] * 2, color=QUIET, linewidth=1, clip_on=False)
        ax.text(middle, top - 0.08, name, ha="center", va="bottom", fontsize=9)
        if neuron:
            ax.axvline(owned[0] - 0.5, color="white", linewidth=3)
    ax.set(xlim=(-0.5, n_synapses - 0.5), ylim=(n_rows - 0.5, -0.5))
    ax.tick_params(length=0, colors=INK)
    ax.spines[:].set_visible(False)
    _colour_bar(ax, label, ticks=[-limit, 0, limit])
    ax.figure.axes[-1].set_yticklabels([_number(t, 2) for t in (-limit, 0, limit)])
    return ax


def strength_and_leak(strength, leak, xlabel, ax=None):
    """Draw for each synapse how strong it is and what it spoils, numbered, on logarithmic axes.

    Synapses with an infinite leak, those that cannot do it at all, stand in a row at the top.

    Parameters
    ----------
    strength, leak : (S,) arrays
    xlabel : str
    ax : matplotlib axes, optional

    Returns
    -------
    matplotlib axes
    """
    ax = ax or _panel(5.4, 2.9, (0.75, 1.5, 0.55, 0.15))
    finite = np.isfinite(leak)
    ceiling = 4 * leak[finite].max()
    floor = 0.3 * strength[finite].min()
    x, y = np.maximum(strength, floor), np.where(finite, leak, ceiling)
    beyond = np.flatnonzero(~finite & (strength <= floor))
    x[beyond] = floor * 1.45 ** np.arange(len(beyond))
    ax.set(xscale="log", yscale="log", xlim=(0.7 * floor, 2 * x.max()))
    ax.set(ylim=(0.6 * leak.min(), 1.8 * ceiling), xlabel=xlabel, ylabel="leak")
    ax.axhspan(ceiling / 1.8, ceiling * 1.8, color=FAINT, linewidth=0)
    ax.axhline(1, color=QUIET, linewidth=0.8, linestyle=(0, (4, 3)))
    for synapse in range(len(x)):
        colour = RUST if y[synapse] >= 1 else BLUE
        ax.plot(x[synapse], y[synapse], "o", color="white", markeredgecolor=colour, markersize=14)
        ax.text(x[synapse], y[synapse], synapse, ha="center", va="center_baseline", fontsize=8)
    edge = {"xycoords": ("axes fraction", "data"), "textcoords": "offset points", "va": "center"}
    ax.annotate("cannot", (1, ceiling), xytext=(6, 0), color=RUST, **edge)
    ax.annotate("the others move\nas far as it does", (1, 1), xytext=(6, 0), color=QUIET, **edge)
    decades = np.outer(10.0 ** np.arange(-6, 4), [1, 3]).ravel()
    for axis, (low, high) in ((ax.xaxis, ax.get_xlim()), (ax.yaxis, ax.get_ylim())):
        axis.set_ticks([t for t in decades if low <= t <= high])
        axis.set_major_formatter(FuncFormatter(lambda value, _: _number(value)))
        axis.set_minor_formatter(NullFormatter())
    return ax


def bands(x, panels, xlabel="", limits=None):
    """Draw medians with their quartiles as bands over a logarithmic axis, a panel per measure.

    Parameters
    ----------
    x : (n,) array
    panels : dict of str to dict of str to (n, 3) array
        For each measure and group: lower quartile, median, upper quartile. A band ends where
        one of its edges is not finite, a line where the median is not.
    xlabel : str
    limits : dict of str to (low, high), optional
        Of the measures.

    Returns
    -------
    matplotlib figure
    """
    figure, axes = sheet(1, len(panels), (3.7, 2.4), (0.75, 0), (0.7, 0.2, 0.5, 0.15))
    for ax, (measure, groups) in zip(axes[0], panels.items(), strict=True):
        for colour, (name, quartiles) in zip(COLOURS, groups.items(), strict=False):
            low, middle, high = np.where(np.isfinite(quartiles), quartiles, np.nan).T
            ax.fill_between(x, low, high, color=colour, alpha=0.18, linewidth=0)
            ax.plot(x, middle, color=colour, linewidth=2)
            place = {"xytext": (5, 4), "textcoords": "offset points", "va": "bottom"}
            ax.annotate(name, (x[0], middle[0]), color=colour, **place)
        ax.set(xscale="log", xlabel=xlabel, ylabel=measure, xlim=(x[0], x[-1]))
        ax.set_ylim((limits or {}).get(measure))
        ticks = [t for t in (0.5, 1, 2, 5, 10, 20, 50) if x[0] <= t * 1.001 and t <= x[-1] * 1.001]
        ax.set_xticks(ticks, [f"{t:g}" for t in ticks])
        ax.xaxis.set_minor_formatter(NullFormatter())
    return figure
