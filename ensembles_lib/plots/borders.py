"""Figures of signals on a line, their borders, and what moves them."""

import matplotlib.pyplot as plt
import numpy as np

from ..core import Network, Wiring
from ..core.passes import forward, weight_matrix
from ..planted import find_borders, signal_ranges
from .panels import beside, colour_bar, panel, sheet, with_minus
from .style import BLUE, DASHED, FAINT, INK, OCHRE, QUIET, SIGNED, colours_of

LIT = 0.25  # of the longest bar: from here on a weight is said to light up


def signals(networks: dict[str, Network], before: Network | None = None) -> plt.Figure:
    """Draw the signals of networks on a line, one below the other, with their borders numbered.

    Networks have inputs x and 1 and one output. The signal and the borders of the one `before`
    are drawn faintly behind every panel.

    Examples
    --------
    >>> from ensembles_lib.planted import two_regions
    >>> figure = signals({"two regions": two_regions().network})
    >>> [text.get_text() for text in figure.axes[0].texts]
    ['1', '2', '3', '4']
    """
    figure, axes = sheet(len(networks), 1, (6.1, 1.15), (0, 0.42), (0.6, 0.3, 0.5, 0.3))
    for ax, (name, network) in zip(axes[:, 0], networks.items(), strict=True):
        _signal(ax, name, network, before)
    return figure


def _signal(ax, name, network, before):
    """Draw one signal, its borders numbered, over the one before."""
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
        _disc(ax, place, 0, number, INK, 0.02, markersize=13, clip_on=False)
    ax.set(xlim=(-1, 1), ylim=(-1.15, 1.15), ylabel="signal", frame_on=False)
    ax.set(xticks=np.linspace(-1, 1, 5), yticks=[-1, 0, 1])
    ax.xaxis.set_major_formatter("{x:g}")
    ax.tick_params(length=0)
    ax.set_title(name, loc="left", pad=3)
    ax.set_xlabel("x", labelpad=2)
    ax.label_outer()


def neurons_and_signal(network: Network) -> plt.Figure:
    """Draw what each hidden neuron says along a line, and below it the signal with its borders.

    Beside each neuron's name stands the weight with which the output hears it. The network has
    inputs x and 1 and one hidden layer of at most five neurons.

    Examples
    --------
    >>> from ensembles_lib.planted import four_neurons
    >>> figure = neurons_and_signal(four_neurons().network)
    >>> [text.get_text() for text in figure.axes[0].texts]
    ['neuron 0, × 2', 'neuron 1, × −4', 'neuron 2, × 2.15']
    """
    figure, axes = sheet(2, 1, (5.5, 1.3), (0, 0.42), (0.6, 1.5, 0.5, 0.3))
    (top, bottom), x = axes[:, 0], np.linspace(-1, 1, 601)
    matrix = weight_matrix(network.wiring, network.weights)
    said = forward(network.wiring, matrix, np.array([x, np.ones_like(x)]))[2:-1]
    names = [f"neuron {j}, × {with_minus(f'{w:.3g}')}" for j, w in enumerate(matrix[-1, 2:-1])]
    for row, (curve, (name, colour)) in enumerate(zip(said, colours_of(names), strict=True)):
        top.plot(x, curve, color=colour, linewidth=1.8)
        top.text(1.02, 0.9 - 0.2 * row, name, color=colour, va="top", transform=top.transAxes)
    for place in find_borders(network):
        top.axvline(place, **DASHED | {"linestyle": (0, (1, 2))})
    top.set(xlim=(-1, 1), ylim=(-1.15, 1.15), yticks=[-1, 0, 1], ylabel="says", frame_on=False)
    top.set_title("hidden neurons", loc="left", pad=3)
    top.set_xticks([])
    top.tick_params(length=0)
    _signal(bottom, "signal", network, None)
    return figure


def signals_and_weights(networks: dict[str, Network], before: Network) -> plt.Figure:
    """Draw signals as `signals` does, and beside each how much its weights differ from `before`.

    A bar for each synapse, in working ranges (see `signal_ranges`), upwards in ochre where the
    weight has grown, downwards in blue where it has shrunk; synapses stand by neuron. Each row has
    a scale of its own, with its longest bar as the end. Bars of less than a quarter of it are
    pale; above stands how many are not, and how long the longest is.

    Examples
    --------
    >>> from ensembles_lib.planted import four_neurons
    >>> built = four_neurons().network
    >>> figure = signals_and_weights({"synapse 8": built.with_weight(8, -4.1)}, built)
    >>> bars = figure.axes[0].child_axes[0].patches
    >>> [round(float(bar.get_height()), 1) for bar in bars if bar.get_height()]
    [-0.7]
    >>> figure.axes[0].child_axes[0].get_title(loc="left")
    '1 lit, longest bar: 0.7 ranges'
    """
    figure, axes = sheet(len(networks), 1, (3.4, 1.2), (0, 0.45), (0.6, 3.3, 0.5, 0.7))
    wiring, ranges = before.wiring, signal_ranges(before)
    moved = [(network.weights - before.weights) / ranges for network in networks.values()]
    # Synapses in their order, with a gap between neurons.
    places = np.arange(wiring.n_synapses) + 0.8 * wiring.target
    for ax, (name, network), change in zip(axes[:, 0], networks.items(), moved, strict=True):
        _signal(ax, name, network, before)
        longest = max(np.abs(change).max(), 1e-9)
        lit, limit = np.abs(change) >= LIT * longest, 1.1 * longest
        side = ax.inset_axes([1.22, 0, 0.74, 1])
        side.axhline(0, color=QUIET, linewidth=0.6)
        colours = [OCHRE if part > 0 else BLUE for part in change]
        side.bar(places, change, 0.8, color=list(zip(colours, np.where(lit, 1, 0.4), strict=True)))
        side.set(ylim=(-limit, limit), xlim=(-0.7, places[-1] + 0.7), frame_on=False)
        side.set_xticks(places, [])
        ends = longest * np.array([-1, 0, 1])
        side.set_yticks(ends, [with_minus(f"{end:.1f}") if end else "0" for end in ends])
        side.set_ylabel("change", labelpad=0)
        side.set_title(f"{lit.sum()} lit, longest bar: {longest:.1f} ranges", loc="left", pad=3)
        side.tick_params(length=0, labelsize=9)
    side.set_xticks(places, range(wiring.n_synapses))
    side.set_xlabel("synapse", labelpad=2)
    top = axes[0, 0].child_axes[0]
    top.text(-0.7, 1.49, "neuron", transform=top.get_xaxis_transform())
    for neuron in range(wiring.n_neurons):
        middle = places[wiring.synapses_of(neuron)].mean()
        name = "output" if neuron in wiring.outputs else f"{neuron}"
        style = {"ha": "center", "va": "bottom", "transform": top.get_xaxis_transform()}
        top.text(middle, 1.27, name, **style)
    return figure


def line_network(network: Network) -> plt.Axes:
    """Draw a network on a line with one hidden layer: its neurons, and its synapses numbered.

    The constant is drawn as a small 1 beside each neuron that hears it.

    Examples
    --------
    >>> from ensembles_lib.planted import four_neurons
    >>> ax = line_network(four_neurons().network)
    >>> [text.get_text() for text in ax.texts][-5:]
    ['x', 'neuron 0', 'neuron 1', 'neuron 2', 'output']
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
        _disc(ax, *(start + end) / 2, synapse, QUIET, 0.02, markersize=14)
        if source == 1:
            style = {"ha": "center", "va": "center", "backgroundcolor": "white"}
            ax.text(*below, "1", **style)
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

    Examples
    --------
    >>> ax = border_map(np.eye(2, 18), network.wiring, label="motion")
    >>> [name.get_text() for name in ax.get_yticklabels()]
    ['border 1', 'border 2']
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


def strength_and_leak(strength: np.ndarray, leak: np.ndarray, border: int) -> plt.Axes:
    """Draw for each synapse how strongly it moves a border and what it spoils, numbered.

    Both axes are logarithmic. Synapses with an infinite leak, those that cannot do it at all,
    stand in a row at the top; those without strength, less than a millionth of the largest, in a
    strip of their own at the left. Both are (S,) arrays.

    Examples
    --------
    >>> ax = strength_and_leak(np.array([1, 0.1, 0]), np.array([0.2, 1, np.inf]), border=2)
    >>> [label.get_text() for label in ax.get_xticklabels()]
    ['0', '0.1', '0.2', '0.5', '1']
    """
    ax = panel(5.6, 2.9, (0.75, 1.7, 0.55, 0.15))
    some, finite = strength > 1e-6 * np.max(strength), np.isfinite(leak)
    none = np.flatnonzero(~some)
    floor, ceiling = 0.6 * leak.min(), 4 * leak[finite].max()
    low, high = 0.7 * strength[some].min(), 1.6 * strength.max()
    # The strip of those without strength takes a fifth of the width, left of a gap in the axis.
    edge = low * (low / high) ** 0.28 if len(none) else low

    def in_strip(share):
        return edge * (low / edge) ** share

    x, y = np.array(strength, float), np.where(finite, leak, ceiling)
    x[none] = in_strip(0.8 * (np.arange(len(none)) + 0.5) / len(none))
    ax.set(xscale="log", yscale="log", xlim=(edge, high), ylim=(floor, 1.8 * ceiling))
    ax.set(xlabel=f"motion of border {border} per 1 % of weight", ylabel="leak")
    ax.axhspan(ceiling / 1.8, ceiling * 1.8, color=FAINT, linewidth=0)
    ax.axhline(1, **DASHED)
    for synapse in range(len(x)):
        _disc(ax, x[synapse], y[synapse], synapse, BLUE, markersize=14)
    at_right = {"xycoords": ax.get_yaxis_transform()}
    beside(ax, f"cannot move\nborder {border}", (1, ceiling), color=INK, **at_right)
    alike = f"the others move\nas far as border {border}"
    beside(ax, alike, (1, 1), color=QUIET, **at_right)
    decades = np.outer(10.0 ** np.arange(-6, 4), [1, 2, 5]).ravel()
    ticks = {t: f"{t:g}" for t in decades if low <= t <= high}
    if len(none):
        ticks = {in_strip(0.4): "0"} | ticks
        gap = in_strip(np.array([0.82, 0.98]))
        ax.axvspan(*gap, color="white", linewidth=0, zorder=1.5)
        style = {"color": "white", "linewidth": 4, "clip_on": False, "zorder": 5}
        ax.plot(gap, [0, 0], transform=ax.get_xaxis_transform(), **style)
    ax.set_xticks([*ticks], [*ticks.values()])
    ax.set_yticks([t for t in decades if floor <= t < ceiling / 1.8])
    ax.yaxis.set_major_formatter("{x:g}")
    ax.minorticks_off()
    return ax


def _disc(ax, x, y, number, colour, lower=0.0, **style):
    """Draw a number, a little lower if need be, on a white disc with an edge of that colour."""
    ax.plot(x, y, "o", color="white", markeredgecolor=colour, **style)
    ax.text(x, y - lower, number, ha="center", va="center_baseline", fontsize=9)
