"""Figures with a square for every synapse, or for every pair of two kinds."""

from collections.abc import Sequence

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.collections import PolyCollection
from matplotlib.patches import Rectangle

from ..core import Network, Wiring
from ..core.wiring import runs_of
from .panels import colour_bar, panel, show
from .style import FAINT, INK, OCHRE, QUIET, RUST, SIGNED, STRENGTH


def wiring_diagram(network: Network, neuron: int | None = None) -> plt.Axes:
    """Draw who listens to whom: a neuron is a row, a synapse a square, coloured by its weight.

    The row of `neuron` (whom it hears) and its column (who hears it) get a frame.
    """
    wiring = network.wiring
    ax = panel(7.6, 6.9, (0.55, 0.85, 0.1, 0.5))
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
    ax.set(xlim=(-0.7, heard + 3.8), ylim=(n - 0.3, -0.7), ylabel="neuron", frame_on=False)
    ax.set_xticks(range(heard), names + list(range(heard - n_in)), fontsize=8.5)
    ax.set_yticks(range(n), range(n), fontsize=9)
    ax.xaxis.tick_top()
    ax.tick_params(length=0)
    for name in ax.get_xticklabels()[:n_in]:  # the constant 1 is not neuron 1
        name.set(fontweight="bold", color=INK)
    ax.set_xlabel("listens to")
    ax.xaxis.set_label_position("top")
    for j in range(n):
        owned, last = wiring.synapses_of(j), wiring.sources_of(j)[-1]
        ax.text(last + 0.8, j, f"{owned[0]}–{owned[-1]}", va="center", fontsize=9, color=QUIET)
    if neuron is not None:
        neuron = wiring.check_neuron(neuron)
        for run in runs_of(wiring.sources_of(neuron)):
            _frame(ax, (run.start, neuron), (run.stop - run.start, 1), RUST)
        for run in runs_of(np.flatnonzero(wiring.listens[:, n_in + neuron])):
            _frame(ax, (n_in + neuron, run.start), (1, run.stop - run.start), RUST)
    colour_bar(ax, "weight", height=2.0, extend="both")
    return ax


def _frame(ax, first, size, colour):
    """Draw a frame around cells, from the middle of the first one on."""
    corner = (first[0] - 0.5, first[1] - 0.5)
    ax.add_patch(Rectangle(corner, *size, fill=False, edgecolor=colour, linewidth=1.5))


def synapse_columns(
    values: np.ndarray, wiring: Wiring, members: list[int], label: str, every: int = 3
) -> plt.Axes:
    """Draw every synapse as a square in the column of its neuron, darker if it is stronger.

    Values are (S,), from 0 up; members of an ensemble get a frame. The number of `every`
    so-many-th neuron stands below its column.
    """
    ax = panel(7.4, 4.4, (0.6, 0.95, 0.5, 0.15))
    owned = [wiring.synapses_of(j) for j in range(wiring.n_neurons)]
    fan_in = max(map(len, owned))
    cells = np.full((fan_in, wiring.n_neurons), np.nan)
    for neuron, synapses in enumerate(owned):
        cells[: len(synapses), neuron] = values[synapses]
        for row, framed in enumerate(np.isin(synapses, members)):
            frame = {"ec": OCHRE, "lw": 1.4, "zorder": 3} if framed else {"ec": FAINT, "lw": 0.4}
            ax.add_patch(Rectangle((neuron - 0.42, row - 0.42), 0.84, 0.84, fill=False, **frame))
    ax.imshow(cells, cmap=STRENGTH, vmin=0, vmax=np.max(values), aspect="auto")
    ax.set(xlim=(-0.6, wiring.n_neurons - 0.4), ylim=(-0.6, fan_in - 0.4), frame_on=False)
    ax.set(xlabel="neuron", ylabel="synapse of the neuron")
    ax.set(xticks=range(0, wiring.n_neurons, every), yticks=range(0, fan_in, 3))
    ax.tick_params(length=0)
    if every == 1:
        ax.tick_params(axis="x", labelsize=8)
    colour_bar(ax, label, pad=4)
    return ax


def share_matrix(shares: np.ndarray, rows: list[str], columns: Sequence, xlabel: str) -> plt.Axes:
    """Draw how much of each row is in each column, 0 to 1; the largest of a row has a frame.

    Shares are (rows, columns). Colours follow their square root, so that small ones show.
    """
    ax = panel(min(0.24, 6.6 / len(columns)) * len(columns), 0.22 * len(rows), (2.2, 0.9, 0.5, 0.1))
    ax.imshow(np.sqrt(shares), cmap=STRENGTH, vmin=0, vmax=1, aspect="auto")
    for row, column in enumerate(np.argmax(shares, axis=1)):
        _frame(ax, (column, row), (1, 1), OCHRE)
    ax.set_xticks(range(len(columns)), columns, fontsize=8)
    ax.set_yticks(range(len(rows)), rows, fontsize=9)
    ax.tick_params(length=0, colors=INK)
    ax.set(xlabel=xlabel, frame_on=False)
    ticks = np.array([0, 0.05, 0.2, 0.5, 1])
    bar = colour_bar(ax, "share", ticks=np.sqrt(ticks))
    bar.set_yticklabels([f"{tick:g}" for tick in ticks])
    return ax


def quilt_sheet(
    pictures: list[np.ndarray], labels: list[str], known: np.ndarray, found: np.ndarray
) -> plt.Figure:
    """Draw a quilt and its patches, and below them whose each synapse is: planted, and found.

    Of pictures the quilt is the first. Sets of synapses are numbers (S,), -1 for none, drawn in the
    order of the `known` ones.
    """
    columns, side = len(pictures), 8.6 / max(len(pictures), 5)
    gap, strip = 0.1, 0.26
    width, height = columns * (side + gap) + 0.9, side + 2 * strip + 0.85
    figure = plt.figure(figsize=np.round((width, height), 2))

    def placed(left, bottom, wide, high):
        return figure.add_axes((left / width, bottom / height, wide / width, high / height))

    for column, (pixels, label) in enumerate(zip(pictures, labels, strict=True)):
        ax = placed(0.8 + column * (side + gap), 2 * strip + 0.35, side, side)
        show(ax, pixels, "antialiased")
        ax.set_title(label, pad=4, fontsize=10)
    order = np.argsort(known, kind="stable")
    for row, (name, sets) in enumerate((("found", found), ("planted", known))):
        ax = placed(0.8, 0.05 + row * (strip + 0.06), width - 0.9, strip)
        shown = np.where(sets < 0, np.nan, sets)[None, order]
        show(ax, shown, cmap="tab20", vmin=0, vmax=19, aspect="auto")
        ax.text(-0.01, 0.5, name, ha="right", va="center", transform=ax.transAxes, fontsize=10)
    return figure
