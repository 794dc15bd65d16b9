"""Figures of signals on a line, their borders, and what moves them."""

import numpy as np
from matplotlib.ticker import FuncFormatter, NullFormatter

from ..planted.borders import find_borders
from .style import (
    BLUE,
    COLOURS,
    FAINT,
    INK,
    OCHRE,
    QUIET,
    SIGNED,
    _number,
    colour_bar,
    panel,
    sheet,
)


def signals(networks, before=None, width=7.4, height=1.15):
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

    Examples
    --------
    >>> from ensembles_lib.planted import two_regions
    >>> figure = signals({"two regions": two_regions().network})
    >>> len(figure.axes)
    1
    """
    figure, axes = sheet(len(networks), 1, (width, height), (0, 0.42), (0.6, 0.3, 0.5, 0.3))
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
        ax.set(xlim=(-1, 1), ylim=(-1.15, 1.15), ylabel="signal")
        ax.set_yticks([-1, 0, 1], map(_number, [-1, 0, 1]))
        ax.set_xticks(np.linspace(-1, 1, 9), map(_number, np.linspace(-1, 1, 9)))
        ax.set_title(name, loc="left", pad=3)
        ax.tick_params(length=0, labelbottom=ax is axes[-1, 0])
        ax.spines[["bottom", "left"]].set_visible(False)
    axes[-1, 0].set_xlabel("x", labelpad=2)
    return figure


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

    Examples
    --------
    >>> from ensembles_lib.planted import two_regions
    >>> from ensembles_lib.planted.borders import border_sensitivities, find_borders
    >>> network = two_regions().network
    >>> values = border_sensitivities(network, find_borders(network))
    >>> ax = border_map(values, network.wiring, label="motion")
    >>> len(ax.get_yticks()) == len(values)
    True
    """
    values = np.asarray(values)
    n_rows, n_synapses = values.shape
    cell = 0.56
    ax = ax or panel(cell * n_synapses, 0.46 * n_rows, (0.95, 0.95, 0.5, 0.62))
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
        ax.text(synapse, -0.62, names[source], ha="center", va="bottom", fontsize=9, color=QUIET)
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
    colour_bar(ax, label, ticks=[-limit, 0, limit])
    ax.figure.axes[-1].set_yticklabels([_number(t, 2) for t in (-limit, 0, limit)])
    return ax


def strength_and_leak(strength, leak, border, ax=None):
    """Draw for each synapse how strongly it moves a border and what it spoils, numbered.

    Both axes are logarithmic. Synapses with an infinite leak, those that cannot do it at all,
    stand in a row at the top; those without strength in a strip of their own at the left.

    Parameters
    ----------
    strength, leak : (S,) arrays
        Strength counts as 0 below a millionth of the largest.
    border : int
    ax : matplotlib axes, optional

    Returns
    -------
    matplotlib axes

    Examples
    --------
    >>> ax = strength_and_leak(np.array([1, 0.1, 0]), np.array([0.2, 1, np.inf]), border=2)
    >>> [label.get_text() for label in ax.get_xticklabels()]
    ['0', '0.1', '0.2', '0.5', '1']
    """
    ax = ax or panel(5.6, 2.9, (0.75, 1.7, 0.55, 0.15))
    leak, some = np.asarray(leak), strength > 1e-6 * np.max(strength)
    finite, none = np.isfinite(leak), np.flatnonzero(~some)
    ceiling = 4 * leak[finite].max()
    low, high = 0.7 * strength[some].min(), 1.6 * strength.max()
    # The strip of those without strength takes a fifth of the width, left of a gap in the axis.
    edge = low * (low / high) ** 0.28
    across = (np.arange(len(none)) + 0.5) / max(len(none), 1)
    x, y = np.array(strength, float), np.where(finite, leak, ceiling)
    x[none] = edge * (low / edge) ** (0.8 * across)
    ax.set(xscale="log", yscale="log", xlim=(edge if len(none) else low, high))
    ax.set(ylim=(0.6 * leak.min(), 1.8 * ceiling), ylabel="leak")
    ax.set_xlabel(f"motion of border {border} per 1 % of weight")
    ax.axhspan(ceiling / 1.8, ceiling * 1.8, color=FAINT, linewidth=0)
    ax.axhline(1, color=QUIET, linewidth=0.8, linestyle=(0, (4, 3)))
    for synapse in range(len(x)):
        ax.plot(x[synapse], y[synapse], "o", color="white", markeredgecolor=BLUE, markersize=14)
        ax.text(x[synapse], y[synapse], synapse, ha="center", va="center_baseline", fontsize=8)
    side = {"xycoords": ("axes fraction", "data"), "textcoords": "offset points", "va": "center"}
    ax.annotate(f"cannot move\nborder {border}", (1, ceiling), xytext=(6, 0), color=INK, **side)
    alike = f"the others move\nas far as border {border}"
    ax.annotate(alike, (1, 1), xytext=(6, 0), color=QUIET, **side)
    decades = np.outer(10.0 ** np.arange(-6, 4), [1, 2, 5]).ravel()
    ax.set_yticks([t for t in decades if 0.6 * leak.min() <= t < ceiling / 1.8])
    ax.set_yticks([], minor=True)
    ax.yaxis.set_major_formatter(FuncFormatter(lambda value, _: _number(value)))
    ticks = [t for t in decades if low <= t <= high]
    zero = [edge * (low / edge) ** 0.4] if len(none) else []
    ax.set_xticks(zero + ticks, ["0"] * len(zero) + [_number(t) for t in ticks])
    ax.set_xticks([], minor=True)
    if zero:
        gap = edge * (low / edge) ** np.array([0.82, 0.98])
        ax.axvspan(*gap, color="white", linewidth=0, zorder=1.5)
        style = {"color": "white", "linewidth": 4, "clip_on": False, "zorder": 5}
        ax.plot(gap, [0, 0], transform=ax.get_xaxis_transform(), **style)
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

    Examples
    --------
    >>> quartiles = np.array([[0.9, 1.0, 1.1], [0.7, 1.0, 1.4]])
    >>> figure = bands([0.1, 0.2], {"gain": {"in concert": quartiles}}, xlabel="jitter")
    >>> figure.axes[0].get_xscale()
    'log'
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
