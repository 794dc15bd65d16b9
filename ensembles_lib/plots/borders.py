"""Figures of signals on a line, their borders, and what moves them."""

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.ticker import MaxNLocator

from ..core import Network, Wiring
from ..core.passes import forward, weight_matrix
from ..planted import find_borders, signal_ranges
from .panels import colour_bar, panel, sheet, with_minus
from .style import BLUE, DASHED, FAINT, GREEN, INK, OCHRE, QUIET, RUST, SIGNED


def signals(
    networks: dict[str, Network],
    before: Network | None = None,
    letters: bool = False,
    columns: int = 1,
) -> plt.Figure:
    """Draw the signals of networks on a line, with their borders numbered, or with letters.

    Networks have inputs x and 1 and one output. The signal and the borders of the one `before`
    are drawn faintly behind every panel. With letters, it is told above each panel how far each
    border has moved since. Panels fill one column after the other.
    """
    rows, wide = -(-len(networks) // columns), round((8.0 - 0.6 * columns) / columns, 2)
    width = 6.1 if columns == 1 else wide
    figure, axes = sheet(rows, columns, (width, 1.15), (0.35, 0.42), (0.6, 0.3, 0.5, 0.3))
    for ax, (name, network) in zip(axes.T.flat, networks.items(), strict=False):
        _signal(ax, name, network, before, letters)
        if letters and before is not None:
            moved = find_borders(network) - find_borders(before)
            told = "   ".join(f"{chr(65 + b)} {_with_sign(by)}" for b, by in enumerate(moved))
            ax.set_title(told, loc="right", pad=4, fontsize=9, color=QUIET)
    for ax in axes.T.flat[len(networks) :]:
        ax.axis("off")
    return figure


def _with_sign(motion):
    """Return a motion in hundredths with its sign, or 0."""
    return with_minus(f"{motion:+.2f}") if abs(motion) >= 0.005 else "0"


def _signal(ax, name, network, before, letters=False):
    """Draw one signal, its borders numbered or with letters, over the one before."""
    x = np.linspace(-1, 1, 601)
    inputs = np.array([x, np.ones_like(x)])
    signal = network.respond(inputs)[0]
    ax.fill_between(x, 0, signal, where=signal > 0, color=OCHRE, alpha=0.35, linewidth=0)
    ax.fill_between(x, 0, signal, where=signal < 0, color=BLUE, alpha=0.16, linewidth=0)
    if before is not None:
        ax.plot(x, before.respond(inputs)[0], **DASHED | {"linewidth": 1})
        for place in find_borders(before):
            ax.plot([place] * 2, [-1.1, 1.1], **DASHED | {"linestyle": (0, (1, 2))})
    ax.plot(x, signal, color=INK, linewidth=1.6)
    ax.axhline(0, color=QUIET, linewidth=0.6, zorder=0)
    for number, place in enumerate(find_borders(network), 1):
        label = chr(64 + number) if letters else number
        _mark(ax, place, 0, label, INK, 0.02, markersize=13, clip_on=False)
    ax.set(xlim=(-1, 1), ylim=(-1.15, 1.15), ylabel="signal", frame_on=False)
    ax.set(xticks=np.linspace(-1, 1, 5), yticks=[-1, 0, 1])
    ax.xaxis.set_major_formatter("{x:g}")
    ax.tick_params(length=0)
    ax.set_title(name, loc="left", pad=3)
    ax.set_xlabel("x", labelpad=2)
    ax.label_outer()


def neurons_and_signal(networks: dict[str, Network]) -> plt.Figure:
    """Draw what each hidden neuron and the constant add to the output's sum, and below the signal.

    What a neuron adds is its own output times the weight with which the output hears it. Networks,
    of one wiring, stand side by side on one scale. They have inputs x and 1 and one hidden layer of
    at most three neurons; their borders have letters.
    """
    width = 5.5 if len(networks) == 1 else 3.3
    figure, axes = sheet(2, len(networks), (width, 1.3), (0.3, 0.42), (0.6, 1.0, 0.5, 0.3))
    x, highest = np.linspace(-1, 1, 601), 0.0
    inputs = np.array([x, np.ones_like(x)])
    for (top, bottom), (name, network) in zip(axes.T, networks.items(), strict=True):
        matrix = weight_matrix(network.wiring, network.weights)
        # Of all that the output hears, x is not: the neurons first, and the constant last.
        added = matrix[-1, 1:-1, None] * forward(network.wiring, matrix, inputs)[1:-1]
        added = np.roll(added, -1, axis=0)
        highest = max(highest, np.abs(added).max())
        names = [*(f"neuron {j}" for j in range(len(added) - 1)), "constant"]
        colours = [*(GREEN, RUST, INK)[: len(added) - 1], QUIET]  # not those of on and off
        for curve, colour in zip(added, colours, strict=True):
            top.plot(x, curve, color=colour, linewidth=1.8)
        for place in find_borders(network):
            top.axvline(place, **DASHED | {"linestyle": (0, (1, 2))})
        top.set(xlim=(-1, 1), xticks=[], frame_on=False, ylabel="adds to the sum")
        top.axhline(0, color=QUIET, linewidth=0.6, zorder=0)
        top.set_title(name, loc="left", pad=3)
        top.tick_params(length=0)
        _signal(bottom, "", network, None, letters=True)
    for top in axes[0]:
        top.set_ylim(-1.1 * highest, 1.1 * highest)
        top.yaxis.set_major_locator(MaxNLocator(4, integer=True, symmetric=True))
        top.label_outer()
    for row, (name, colour) in enumerate(zip(names, colours, strict=True)):
        place = {"va": "top", "transform": top.transAxes}
        top.text(1.04, 0.95 - 0.2 * row, name, color=colour, **place)
    return figure


def signals_and_weights(networks: dict[str, Network], before: Network) -> plt.Figure:
    """Draw signals as `signals` does, and beside each how much its weights differ from `before`.

    A bar for each synapse, in working ranges (see `signal_ranges`): upwards where the weight has
    grown, downwards where it has shrunk; synapses stand by neuron. All rows have one scale.
    Borders have letters.
    """
    figure, axes = sheet(len(networks), 1, (3.2, 1.1), (0, 0.35), (0.6, 4.2, 0.5, 0.8))
    wiring, ranges = before.wiring, signal_ranges(before)
    moved = [(network.weights - before.weights) / ranges for network in networks.values()]
    limit = 1.05 * np.abs(moved).max()
    # Synapses in their order, with a gap between neurons.
    places = np.arange(wiring.n_synapses) + 0.8 * wiring.target
    for ax, (name, network), change in zip(axes[:, 0], networks.items(), moved, strict=True):
        _signal(ax, name, network, before, letters=True)
        side = ax.inset_axes([1.2, 0, 1.1, 1])
        side.axhline(0, color=QUIET, linewidth=0.6)
        side.bar(places, change, 0.8, color=INK)
        side.set(ylim=(-limit, limit), xlim=(-0.7, places[-1] + 0.7), frame_on=False)
        side.set_xticks(places, [])
        side.yaxis.set_major_locator(MaxNLocator(2, symmetric=True, integer=True))
        side.tick_params(length=0, labelsize=9)
    side.set_xticks(places, range(wiring.n_synapses))
    side.set_xlabel("synapse", labelpad=2)
    top = axes[0, 0].child_axes[0]
    style = {"va": "bottom", "transform": top.get_xaxis_transform()}
    top.text(-0.7, 1.4, "change of each weight, in working ranges", **style)
    for neuron in range(wiring.n_neurons):
        middle = places[wiring.synapses_of(neuron)].mean()
        name = "output" if neuron in wiring.outputs else f"neuron {neuron}"
        top.text(middle, 1.1, name, ha="center", fontsize=9, color=QUIET, **style)
    return figure


def line_network(network: Network) -> plt.Axes:
    """Draw a network on a line with one hidden layer: its neurons, and its synapses numbered.

    Synapses are squares. The constant is written below each neuron that hears it.
    """
    wiring = network.wiring
    hidden = wiring.n_neurons - 1
    middle = -(hidden - 1) / 2
    x = np.array([0.0, middle])
    neurons = np.array([*((1.2, -j) for j in range(hidden)), (2.4, middle)])
    ax = panel(6.7, 0.95 * hidden + 0.1, (0.15, 0.15, 0.1, 0.1))
    for synapse, (source, target) in enumerate(zip(wiring.source, wiring.target, strict=True)):
        end = neurons[target]
        below = end - [0, 0.68]
        start = x if source == 0 else below if source == 1 else neurons[source - 2]
        ax.plot(*np.transpose([start, end]), color=QUIET, linewidth=1.4, zorder=0)
        _mark(ax, *(start + end) / 2, synapse, QUIET, 0.02, marker="s", markersize=13)
        if source == 1:
            style = {"ha": "center", "va": "center", "fontsize": 9, "backgroundcolor": "white"}
            ax.text(*below, "constant", **style)
    box = {"boxstyle": "round,pad=0.5", "facecolor": FAINT, "edgecolor": QUIET}
    names = ["x", *(f"neuron {j}" for j in range(hidden)), "output"]
    for place, name in zip([x, *neurons], names, strict=True):
        ax.text(*place, name, ha="center", va="center", bbox=box)
    ax.set(xlim=(-0.15, 2.65), ylim=(0.15 - hidden, 0.3), xticks=[], yticks=[], frame_on=False)
    return ax


def border_map(
    values: np.ndarray, wiring: Wiring, rows: list[str] | None = None, label: str = ""
) -> plt.Axes:
    """Draw how far each synapse moves each border: a square per pair, with its number.

    Above the columns stand what each synapse carries and the neuron that it leads to. Values are
    (B, S); rows have the borders' numbers unless they are named. The label is the scale's.
    """
    n_rows, n_synapses = values.shape
    ax = panel(0.56 * n_synapses, 0.46 * n_rows, (0.95, 0.95, 0.5, 0.62))
    limit = np.abs(values).max()
    ax.imshow(values, cmap=SIGNED, vmin=-limit, vmax=limit, aspect="auto")
    for (row, synapse), value in np.ndenumerate(values):
        if abs(value) >= 0.05 * limit:
            style = {"color": "white" if abs(value) > 0.45 * limit else INK, "size": 8}
            ax.text(synapse, row, with_minus(f"{value:.2g}"), ha="center", va="center", **style)
    ax.set_yticks(range(n_rows), rows or [f"border {row + 1}" for row in range(n_rows)])
    ax.set_xticks(range(n_synapses))
    ax.set_xlabel("synapse", labelpad=2)
    names = ["x", "1", *(f"from {j}" for j in range(wiring.n_neurons))]
    for synapse, source in enumerate(wiring.source):
        ax.text(synapse, -0.62, names[source], ha="center", va="bottom", fontsize=9, color=QUIET)
    for neuron in range(wiring.n_neurons):
        first, *_, last = wiring.synapses_of(neuron)
        name = "output" if neuron in wiring.outputs else f"neuron {neuron}"
        top = -0.62 - 0.24 / 0.46
        ax.plot([first - 0.4, last + 0.4], [top] * 2, color=QUIET, linewidth=1, clip_on=False)
        ax.text((first + last) / 2, top - 0.08, name, ha="center", va="bottom", fontsize=9)
        ax.axvline(first - 0.5, color="white", linewidth=3 if neuron else 0)
    ax.set(xlim=(-0.5, n_synapses - 0.5), ylim=(n_rows - 0.5, -0.5), frame_on=False)
    ax.tick_params(length=0, colors=INK)
    colour_bar(ax, label, ticks=[-limit, 0, limit]).yaxis.set_major_formatter("{x:.2g}")
    return ax


def _mark(ax, x, y, label, colour, lower=0.0, marker="o", **style):
    """Write a label, a little lower if need be, on a white disc or square with that edge."""
    ax.plot(x, y, marker, color="white", markeredgecolor=colour, **style)
    ax.text(x, y - lower, label, ha="center", va="center_baseline", fontsize=9)
