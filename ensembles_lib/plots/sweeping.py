"""Figures of weight sweeps: pictures and change maps, how far and how strongly."""

import numpy as np
from matplotlib.colors import FuncNorm
from matplotlib.ticker import FuncFormatter, MaxNLocator, NullFormatter

from ..core.picture import Picture
from .style import (
    BLUE,
    COLOURS,
    FAINT,
    INK,
    OCHRE,
    QUIET,
    RUST,
    SIGNED,
    _number,
    colour_bar,
    panel,
    sheet,
    with_minus,
)

LIMIT = 0.4  # change at the ends of the colour scale


def main_colour(change):
    """Return the part of signed changes that lies along their main colour, (..., H, W).

    Each change map has one direction in red, green and blue along which it changes most, the
    first eigenvector of their second moments, taken towards the lighter end. The result is
    scaled so that the same change in all outputs stays what it is.

    Parameters
    ----------
    change : (..., H, W, C) array
    """
    change = np.asarray(change, float)
    moments = np.einsum("...hwc,...hwd->...cd", change, change)
    axis = np.linalg.eigh(moments)[1][..., -1]
    axis = axis * np.where(axis.sum(axis=-1, keepdims=True) < 0, -1.0, 1.0)
    return np.einsum("...hwc,...c->...hw", change, axis) / np.sqrt(change.shape[-1])


def change_picture(change, limit=LIMIT):
    """Return a signed change map (H, W, C) as a `Picture`: ochre is lighter, blue darker.

    Colours follow the square root of the change, so that faint changes can be seen beside
    strong ones.

    Parameters
    ----------
    change : (H, W, C) array
        Signed, in units of the [-1, 1] scale.
    limit : float
        Change that gets the full colour.

    Examples
    --------
    >>> change_picture(np.full((2, 2, 3), -0.4)).pixels[0, 0].round(2)
    array([-0.86, -0.53, -0.03])
    """
    return Picture(2 * SIGNED(tone(main_colour(change), limit))[..., :3] - 1)


def change_strip(sweep, labels, width=9.0):
    """Draw the pictures of a sweep above their signed change maps, on one scale.

    Parameters
    ----------
    sweep : Sweep
        Of a network that paints.
    labels : sequence of str
    width : float
        Of the figure, in inches.

    Returns
    -------
    matplotlib figure

    Examples
    --------
    >>> swept = sweep(Network.random(article_wiring()), 0, [-1, 1], size=16)
    >>> figure = change_strip(swept, ["-1", "+1"])
    >>> [ax.get_title() for ax in figure.axes[:2]]
    ['−1', '+1']
    """
    n, (height, across) = len(sweep), sweep.size
    side = (width - 0.9 - 0.08 * (n - 1)) / n
    shape = (side, side * height / across)
    figure, axes = sheet(2, n, shape, (0.08, 0.08), (0.05, 0.85, 0.12, 0.26))
    maps = main_colour(sweep.change_maps)
    for column, picture in enumerate(sweep.pictures):
        _show(axes[0, column], picture)
        axes[0, column].set_title(with_minus(labels[column]), pad=4)
        axes[1, column].imshow(maps[column], cmap=SIGNED, norm=_norm(), interpolation="antialiased")
    for ax in axes.flat:
        ax.axis("off")
    colour_bar(axes[1, -1], "change", ticks=[-LIMIT, -LIMIT / 4, 0, LIMIT / 4, LIMIT], pad=3)
    return figure


def change_curve(weights, change, weight, found, ax=None):
    """Draw the change of the picture against a weight, with the working range shaded.

    Parameters
    ----------
    weights, change : (n,) arrays
    weight : float
        The present one.
    found : WorkingRange
        Its linear estimate is drawn as a dashed line.
    ax : matplotlib axes, optional

    Returns
    -------
    matplotlib axes

    Examples
    --------
    >>> network, weights = Network.random(article_wiring()), np.linspace(-1, 1, 5)
    >>> found = working_range(network, 0, size=16)
    >>> swept = sweep(network, 0, weights, size=16)
    >>> ax = change_curve(weights, swept.change, network.weights[0], found)
    >>> ax.get_xlabel()
    'weight'
    """
    ax = ax or panel(6.0, 2.6, (0.75, 0.9, 0.5, 0.15))
    top = 1.08 * np.max(change)
    ax.axvspan(weight - found.low, weight + found.high, color=FAINT, linewidth=0)
    slope = found.epsilon / found.linear
    straight = np.minimum(np.abs(weights - weight) * slope, 2 * top)
    ax.plot(weights, straight, color=OCHRE, linewidth=1.4, linestyle=(0, (4, 3)))
    ax.plot(weights, change, color=BLUE, linewidth=2)
    ax.axhline(found.epsilon, color=QUIET, linewidth=0.8, zorder=1)
    ax.plot(weight, 0, "o", color=INK, markersize=6, clip_on=False)
    ax.set(xlim=(weights[0], weights[-1]), ylim=(0, top), xlabel="weight", ylabel="change")
    side = {"xytext": (6, 0), "textcoords": "offset points", "va": "center"}
    ax.annotate("painted", (weights[-1], change[-1]), color=BLUE, **side)
    ax.annotate(_number(found.epsilon), (weights[-1], found.epsilon), color=QUIET, **side)
    ax.annotate("linear estimate", (weight + 0.93 * top / slope, 0.93 * top), color=OCHRE, **side)
    ax.annotate("working range", (weight + found.high, 0.06 * top), color=QUIET, **side)
    return ax


def ranking(values, marked=(), ylabel="", control=None, ax=None):
    """Draw numbers of all synapses from the largest to the smallest, some with their number.

    Parameters
    ----------
    values : (S,) array
    marked : collection of int
        Synapses to label.
    ylabel : str
    control : (name, (n,) array), optional
        Numbers of something else, drawn in grey, stretched to the same width.
    ax : matplotlib axes, optional

    Returns
    -------
    matplotlib axes

    Examples
    --------
    >>> ax = ranking(np.array([0.1, 0.7, 0.3]), marked=[1], ylabel="sensitivity")
    >>> ax.get_ylabel()
    'sensitivity'
    """
    ax = ax or panel(6.6, 2.6, (0.7, 1.6, 0.5, 0.15))
    values = np.asarray(values)
    order = np.argsort(-values, kind="stable")
    ax.fill_between(np.arange(len(values)) + 1, values[order], color=BLUE, alpha=0.25, linewidth=0)
    ax.plot(np.arange(len(values)) + 1, values[order], color=BLUE, linewidth=1.6)
    if control is not None:
        name, others = control
        place = np.linspace(1, len(values), len(others))
        others = np.sort(others)[::-1]
        ax.plot(place, others, color=QUIET, linewidth=1.4, linestyle=(0, (4, 3)))
        at = {"xytext": (6, 0), "textcoords": "offset points", "va": "center", "color": QUIET}
        ax.annotate(name, (place[-1], others[-1]), **at)
    for synapse in marked:
        rank = int(np.flatnonzero(order == synapse)[0]) + 1
        ax.plot(rank, values[synapse], "o", color=RUST, markersize=6)
        at = {"xytext": (5, 5), "textcoords": "offset points", "color": RUST}
        ax.annotate(f"{synapse}", (rank, values[synapse]), **at)
    ax.set(xlim=(0, len(values) + 1), ylim=(0, None), xlabel="rank", ylabel=ylabel)
    return ax


def spans(groups, xlabel="", ax=None):
    """Draw each group of numbers as a line: its median, middle half and middle four fifths.

    Parameters
    ----------
    groups : dict of str to (n,) array
    xlabel : str
    ax : matplotlib axes, optional

    Returns
    -------
    matplotlib axes

    Examples
    --------
    >>> ax = spans({"hidden": np.arange(9.0), "outputs": np.arange(5.0)}, xlabel="working range")
    >>> [label.get_text() for label in ax.get_yticklabels()]
    ['hidden', 'outputs']
    """
    ax = ax or panel(5.2, 0.3 * len(groups), (2.6, 0.3, 0.5, 0.1))
    for row, (name, values) in enumerate(groups.items()):
        low, lower, middle, upper, high = np.quantile(values, [0.1, 0.25, 0.5, 0.75, 0.9])
        colour = QUIET if name.startswith(("untrained", "random")) else BLUE
        ax.plot([low, high], [row, row], color=colour, linewidth=1.2)
        ax.plot([lower, upper], [row, row], color=colour, linewidth=6, alpha=0.45)
        ax.plot(middle, row, "o", color=colour, markersize=7)
    ax.set_yticks(range(len(groups)), list(groups))
    ax.set(ylim=(len(groups) - 0.4, -0.6), xlabel=xlabel)
    ax.tick_params(axis="y", length=0, labelcolor=INK)
    ax.spines["left"].set_visible(False)
    return ax


def by_depth(atlases, width=8.4):
    """Draw what working ranges and change maps are like, neuron by neuron.

    Parameters
    ----------
    atlases : dict of str to Atlas
        Of one wiring. Of the first every synapse is a dot; of the others the medians are drawn.
    width : float
        Of the figure, in inches.

    Returns
    -------
    matplotlib figure

    Examples
    --------
    >>> figure = by_depth({"random": atlas(network, size=8, steps=3, progress=False)})
    >>> figure.axes[-1].get_xlabel()
    'neuron'
    """
    measures = {
        "range R": lambda a: a.ranges.usable,
        "R / linear": lambda a: a.ranges.usable / a.ranges.linear,
        "spread": lambda a: a.spread,
        "linearity": lambda a: a.linearity,
    }
    figure, axes = sheet(4, 1, (width - 2.2, 1.2), (0, 0.18), (0.8, 1.4, 0.5, 0.1))
    for ax, (name, measure) in zip(axes[:, 0], measures.items(), strict=True):
        ends = []
        for rank, (which, one) in enumerate(atlases.items()):
            wiring, values = one.network.wiring, measure(one)
            neurons = range(wiring.n_neurons)
            middle = [np.median(values[wiring.synapses_of(j)]) for j in neurons]
            colour = (BLUE, *COLOURS[1:], INK)[rank]
            if rank == 0:
                ax.plot(wiring.target, values, "o", color=colour, alpha=0.35, ms=3.5, mew=0)
            ax.plot(neurons, middle, color=colour, linewidth=2 if rank == 0 else 1)
            ends.append((which, colour))
        ax.set(xlim=(-0.6, wiring.n_neurons - 0.4), ylabel=name)
        ax.yaxis.set_label_coords(-0.085, 0.5)
        ax.yaxis.set_major_locator(MaxNLocator(4))
        if name in ("range R", "spread"):
            ax.set_yscale("log")
            ax.yaxis.set_major_formatter(FuncFormatter(lambda value, _: _number(value)))
            ax.yaxis.set_minor_formatter(NullFormatter())
            ax.tick_params(axis="y", which="minor", length=0)
        ax.set_xticks(range(0, wiring.n_neurons, 3))
        ax.tick_params(axis="x", labelbottom=ax is axes[-1, 0])
    for row, (which, colour) in enumerate(ends):
        place = {"xycoords": "axes fraction", "color": colour, "va": "top"}
        axes[0, 0].annotate(which, (1.02, 1 - 0.2 * row), annotation_clip=False, **place)
    axes[-1, 0].set_xlabel("neuron")
    return figure


def picture_grid(grid, across, up, labels, side=0.96):
    """Draw the pictures of `sweep_grid`: the first synapse from left to right, the second up.

    Parameters
    ----------
    grid : Sweep
    across, up : sequences of str
        What stands below the columns and beside the rows.
    labels : (below, beside)
        Names of what moves.
    side : float
        Of a picture, in inches.

    Returns
    -------
    matplotlib figure

    Examples
    --------
    >>> grid = sweep_grid(Network.random(article_wiring()), (0, 418), ([-1, 1], [-1, 1]), size=16)
    >>> figure = picture_grid(grid, ["-1", "+1"], ["-1", "+1"], ("synapse 0", "synapse 418"))
    >>> len(figure.axes)
    4
    """
    shape = (len(across), len(up))
    figure, axes = sheet(*shape[::-1], (side, side), (0.05, 0.05), (0.85, 0.1, 0.55, 0.1))
    for number, picture in enumerate(grid.pictures):
        column, row = divmod(number, shape[1])
        ax = axes[shape[1] - 1 - row, column]
        _show(ax, picture)
        ax.set(xticks=[], yticks=[])
        ax.spines[:].set_visible(False)
        if row == 0:
            ax.set_xlabel(with_minus(across[column]), color=QUIET, labelpad=3)
        if column == 0:
            side = {"rotation": 0, "ha": "right", "va": "center", "labelpad": 4}
            ax.set_ylabel(with_minus(up[row]), color=QUIET, **side)
    width, height = figure.get_size_inches()
    figure.text((0.85 + width - 0.1) / 2 / width, 0.12 / height, labels[0], ha="center")
    figure.text(0.16 / width, 0.5 + 0.22 / height, labels[1], rotation=90, ha="center", va="center")
    return figure


def _show(ax, picture):
    ax.imshow((picture.pixels + 1) / 2, interpolation="antialiased")


def tone(change, limit=LIMIT):
    """Return where changes lie on the colour map, from 0 to 1, by their square root."""
    return (_root(np.clip(change / limit, -1, 1)) + 1) / 2


def _root(share):
    return np.sign(share) * np.sqrt(np.abs(share))


def _norm():
    functions = (lambda v: _root(np.asarray(v)), lambda v: np.sign(v) * np.asarray(v) ** 2)
    return FuncNorm(functions, -LIMIT, LIMIT)
