"""Figures of ensembles: who is in them, where they work, what they share."""

import numpy as np
from matplotlib.colors import LinearSegmentedColormap
from matplotlib.patches import Rectangle
from matplotlib.ticker import FuncFormatter, NullFormatter

from .style import (
    BLUE,
    COLOURS,
    FAINT,
    INK,
    OCHRE,
    QUIET,
    _number,
    colour_bar,
    film_strip,
    panel,
    sheet,
)

# From paper to deep blue: for what has no sign.
STRENGTH = LinearSegmentedColormap.from_list("strength", ["#f7f5ef", "#9db4d8", BLUE, "#0d2a58"])


def region_strip(pictures, labels, mask, columns=None, width=9.0):
    """Draw a film strip with the outline of a region on every picture.

    Parameters
    ----------
    pictures : sequence of Picture or (H, W) or (H, W, 3) arrays
        On flat ones, activations, the outline is white.
    labels : sequence of str
    mask : (h, w) bool array
        Of any size; it is stretched over the pictures.
    columns : int, optional
    width : float
        Of the figure, in inches.

    Returns
    -------
    matplotlib figure

    Examples
    --------
    >>> grey, mask = np.zeros((8, 8, 3)), np.arange(64).reshape(8, 8) < 32
    >>> figure = region_strip([grey, grey + 0.5], ["before", "after"], mask)
    >>> [ax.get_title() for ax in figure.axes]
    ['before', 'after']
    """
    figure = film_strip(pictures, labels, columns, width)
    mask = np.asarray(mask, float)
    for ax in figure.axes[: len(pictures)]:
        left, right, bottom, top = ax.images[0].get_extent()
        rows, across = mask.shape
        x = left + (np.arange(across) + 0.5) * (right - left) / across
        y = top + (np.arange(rows) + 0.5) * (bottom - top) / rows
        colour = "white" if ax.images[0].get_array().ndim == 2 else INK
        ax.contour(x, y, mask, levels=[0.5], colors=colour, linewidths=0.8)
    return figure


def synapse_columns(values, wiring, members=(), label="", ax=None):
    """Draw every synapse as a square in the column of its neuron, darker if it is stronger.

    Parameters
    ----------
    values : (S,) array
        Strengths, from 0 up.
    wiring : Wiring
    members : collection of int
        Synapses of an ensemble; they get a frame.
    label : str
        Of the colour scale.
    ax : matplotlib axes, optional

    Returns
    -------
    matplotlib axes

    Examples
    --------
    >>> ax = synapse_columns(np.arange(15.0), layered_wiring((2, 2, 3)), members=[14])
    >>> ax.get_xlabel()
    'neuron'
    """
    ax = ax or panel(7.4, 4.4, (0.6, 0.95, 0.5, 0.15))
    values = np.asarray(values)
    fan_in = max(len(wiring.synapses_of(j)) for j in range(wiring.n_neurons))
    cells, members = np.full((fan_in, wiring.n_neurons), np.nan), set(map(int, members))
    for neuron in range(wiring.n_neurons):
        owned = wiring.synapses_of(neuron)
        cells[: len(owned), neuron] = values[owned]
        for row, synapse in enumerate(owned):
            framed = int(synapse) in members
            frame = {"edgecolor": OCHRE if framed else FAINT, "linewidth": 1.4 if framed else 0.4}
            square = Rectangle((neuron - 0.42, row - 0.42), 0.84, 0.84, fill=False, **frame)
            ax.add_patch(square).set_zorder(3 if framed else 2)
    ax.imshow(cells, cmap=STRENGTH, vmin=0, vmax=np.max(values), aspect="auto")
    ax.set(xlim=(-0.6, wiring.n_neurons - 0.4), ylim=(-0.6, fan_in - 0.4), xlabel="neuron")
    ax.set_ylabel("synapse of the neuron")
    ax.set_xticks(range(0, wiring.n_neurons, 3))
    ax.set_yticks(range(0, fan_in, 3))
    ax.tick_params(length=0)
    ax.spines[:].set_visible(False)
    colour_bar(ax, label, pad=4)
    return ax


def neuron_shares(shares, names, ax=None):
    """Draw which share of each property lies in the synapses of each neuron.

    Parameters
    ----------
    shares : (A, N) array
        Rows that add up to 1.
    names : sequence of str
        Of the properties.
    ax : matplotlib axes, optional

    Returns
    -------
    matplotlib axes

    Examples
    --------
    >>> ax = neuron_shares(np.array([[0.9, 0.1], [0.5, 0.5]]), ["tilt", "width"])
    >>> [label.get_text() for label in ax.get_yticklabels()]
    ['tilt', 'width']
    """
    ax = ax or panel(6.6, 0.2 * len(names), (1.6, 0.95, 0.5, 0.1))
    shares = np.asarray(shares)
    ax.imshow(np.sqrt(shares), cmap=STRENGTH, vmin=0, vmax=1, aspect="auto")
    for row, neuron in zip(range(len(names)), shares.argmax(axis=1), strict=True):
        ax.add_patch(
            Rectangle((neuron - 0.5, row - 0.5), 1, 1, fill=False, edgecolor=OCHRE, linewidth=1.4)
        )
    ax.set_yticks(range(len(names)), names)
    ax.set_xticks(range(0, shares.shape[1], 3))
    ax.set_xlabel("neuron")
    ax.tick_params(length=0, labelsize=8.5, labelcolor=INK)
    ax.spines[:].set_visible(False)
    ticks = np.array([0, 0.05, 0.2, 0.5, 1])
    colour_bar(ax, "share", ticks=np.sqrt(ticks))
    ax.figure.axes[-1].set_yticklabels([_number(tick) for tick in ticks])
    return ax


def leak_dots(groups, ax=None):
    """Draw the leaks of many moves on a logarithmic axis, a row of dots for each kind of move.

    Infinite ones, moves that fail, stand at the right, counted. Dashed is a leak of 0.1, which
    control ensembles were searched for.

    Parameters
    ----------
    groups : dict of str to (n,) array
    ax : matplotlib axes, optional

    Returns
    -------
    matplotlib axes

    Examples
    --------
    >>> ax = leak_dots({"in concert": np.array([0.01, 0.02]), "alone": np.array([2.0, np.inf])})
    >>> ax.get_xscale()
    'log'
    """
    ax = ax or panel(5.6, 0.42 * len(groups), (1.9, 1.1, 0.5, 0.3))
    known = np.concatenate([values[np.isfinite(values)] for values in groups.values()])
    low, high = 0.7 * known.min(), 1.5 * known.max()
    ax.axvline(0.1, color=QUIET, linewidth=0.8, linestyle=(0, (4, 3)))
    above = {"xytext": (0, 3), "textcoords": "offset points", "ha": "center", "color": QUIET}
    ax.annotate("0.1", (0.1, 1), xycoords=("data", "axes fraction"), **above)
    for row, values in enumerate(groups.values()):
        found = values[np.isfinite(values)]
        colour = INK if row >= 2 else (BLUE, OCHRE)[row]
        ax.plot(found, np.full(len(found), row), "o", color=colour, alpha=0.5, markersize=6, mew=0)
        ax.plot([np.median(values)] * 2, [row - 0.3, row + 0.3], color=colour, linewidth=2)
        if len(found) < len(values):
            place = {"xytext": (6, 0), "textcoords": "offset points", "va": "center"}
            text = f"{len(values) - len(found)} cannot"
            ax.annotate(text, (high, row), color=QUIET, annotation_clip=False, **place)
    ax.set_yticks(range(len(groups)), list(groups))
    ax.set(xscale="log", xlim=(low, high), ylim=(len(groups) - 0.4, -0.6), xlabel="leak")
    ax.xaxis.set_major_formatter(FuncFormatter(lambda value, _: _number(value)))
    ax.xaxis.set_minor_formatter(NullFormatter())
    ax.tick_params(axis="y", length=0, labelcolor=INK)
    ax.spines["left"].set_visible(False)
    return ax


def jitter_curves(etas, panels):
    """Draw medians with their quartiles against the size of a jitter, a panel per measure.

    Parameters
    ----------
    etas : (E,) array
        In working ranges, ascending from above 0.
    panels : dict of str to dict of str to (n, E) array
        For each measure and kind of move one curve per move. A leak has a logarithmic axis.

    Returns
    -------
    matplotlib figure

    Examples
    --------
    >>> gains = {"in concert": np.array([[1.0, 0.9], [1.1, 0.8]])}
    >>> figure = jitter_curves([0.05, 0.1], {"gain": gains, "leak": gains})
    >>> [ax.get_yscale() for ax in figure.axes]
    ['linear', 'log']
    """
    figure, axes = sheet(1, len(panels), (2.95, 2.4), (0.75, 0), (0.7, 1.65, 0.5, 0.15))
    for ax, (measure, kinds) in zip(axes[0], panels.items(), strict=True):
        for row, (colour, (kind, curves)) in enumerate(zip(COLOURS, kinds.items(), strict=False)):
            # Not interpolated: between two infinite leaks there is nothing in the middle.
            low, middle, high = np.nanquantile(curves, [0.25, 0.5, 0.75], axis=0, method="nearest")
            high = np.where(np.isfinite(high), high, 1e3)
            ax.fill_between(etas, low, high, color=colour, alpha=0.16, linewidth=0)
            ax.plot(etas, middle, color=colour, linewidth=2, label=kind)
            if ax is axes[0, -1]:
                place = {"xycoords": "axes fraction", "color": colour, "va": "top"}
                ax.annotate(kind, (1.04, 1 - 0.12 * row), annotation_clip=False, **place)
        ax.set(xscale="log", xlim=(etas[0], etas[-1]), ylabel=measure)
        ax.set_xlabel("jitter, working ranges")
        ax.set_xticks(etas, [_number(eta) for eta in etas])
        if measure == "leak":
            ax.set(yscale="log", ylim=(0.03, 5))
            ax.axhline(0.1, color=QUIET, linewidth=0.8, linestyle=(0, (4, 3)))
            ax.yaxis.set_major_formatter(FuncFormatter(lambda value, _: _number(value)))
        ax.xaxis.set_minor_formatter(NullFormatter())
        ax.yaxis.set_minor_formatter(NullFormatter())
        ax.tick_params(axis="x", which="minor", length=0)
    return figure
