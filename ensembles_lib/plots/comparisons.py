"""Figures of comparators: their answers for all pairs, and how they were learnt."""

import numpy as np
from matplotlib.ticker import MaxNLocator, NullFormatter

from ..core.passes import respond
from ..planted.comparators import all_pairs
from ..planted.rules import answers
from .style import BLUE, COLOURS, INK, QUIET, RUST, SIGNED, colour_bar, panel, sheet, with_minus


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

    Returns
    -------
    matplotlib figure

    Examples
    --------
    >>> a, b = np.mgrid[-1:1:5j, -1:1:5j]
    >>> figure = answer_maps([np.tanh(a - b), np.tanh(a + b)], ["difference", "sum"])
    >>> [ax.get_title() for ax in figure.axes[:2]]
    ['difference', 'sum']
    """
    left, right, gap = 0.45, 0.75, 0.15
    side = (width - left - right - gap * (len(maps) - 1)) / len(maps)
    top = 0.3 + 0.16 * max(label.count("\n") for label in labels)
    figure, axes = sheet(1, len(maps), (side, side), (gap, 0), (left, right, 0.45, top))
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
        ax.set(xticks=ends, yticks=ends if number == 0 else [])
        ax.set_title(with_minus(labels[number]))
        for tick, side_of in zip(ax.get_xticklabels(), ("left", "right"), strict=True):
            tick.set_horizontalalignment(side_of)
        ax.set_xlabel("b", labelpad=-8)
        ax.tick_params(length=0)
        ax.spines[:].set_visible(False)
    axes[0, 0].set_ylabel("a", labelpad=-6, rotation=0, va="center")
    colour_bar(axes[0, -1], "output", ticks=[-1, 0, 1])
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

    Returns
    -------
    matplotlib figure

    Examples
    --------
    >>> from ensembles_lib.planted import compare_binary
    >>> network = compare_binary(2).network
    >>> weights = np.array([network.weights, -network.weights])
    >>> figure = comparison_strip(network.wiring, weights, 2, ["right", "upside down"])
    >>> [ax.get_title() for ax in figure.axes[:2]]
    ['right\\n0 wrong', 'upside down\\n12 wrong']
    """
    inputs, a, b = all_pairs(bits)
    weights, side = np.asarray(weights, float), (-1, 2**bits, 2**bits)
    wrong = (answers(wiring, weights, bits) != np.sign(a - b)).reshape(side)
    labels = [f"{name}\n{w.sum()} wrong" for name, w in zip(names, wrong, strict=True)]
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

    Examples
    --------
    >>> learnt = {(rule, 2): np.array([3, 5, np.inf]) for rule in ("gradient descent", "marquardt")}
    >>> passes_to_solve(learnt).get_yscale()
    'log'
    """
    ax = ax or panel(5.4, 3.2, (0.75, 1.75, 0.5, 0.15))
    rules = list(dict.fromkeys(rule for rule, _ in learnt))
    widths = sorted({bits for _, bits in learnt})
    top = 3 * max(p[np.isfinite(p)].max(initial=1) for p in learnt.values())
    ends = {}
    for rank, rule in enumerate(rules):
        colour, shift = (*COLOURS, INK)[rank], 0.06 * (rank - (len(rules) - 1) / 2)
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

    Examples
    --------
    >>> ax = stacked_dots(np.array([3, 3, 4]), np.array([True, False, False]), "n", ("a", "b"))
    >>> ax.get_xlabel()
    'n'
    """
    order = np.argsort(~np.asarray(marked), kind="stable")
    numbers, marked = np.asarray(numbers)[order], np.asarray(marked)[order]
    height = np.array([np.sum(numbers[:k] == number) for k, number in enumerate(numbers)])
    ax = ax or panel(5.6, 0.13 * (height.max() + 2), (0.4, 0.3, 0.5, 0.1))
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
    """Draw, one above the other, the mean squared error and the wrong pairs against passes.

    Parameters
    ----------
    passes : (T,) array
    error : (T,) array
        Mean squared error.
    wrong : (T,) array
        Pairs that are answered wrongly.

    Returns
    -------
    matplotlib figure

    Examples
    --------
    >>> figure = error_and_mistakes([0, 1, 2], [1.0, 0.4, 0.2], [120, 7, 0])
    >>> len(figure.axes)
    2
    """
    figure, axes = sheet(2, 1, (5.6, 1.25), (0, 0.2), (0.75, 0.3, 0.5, 0.15))
    for ax, values, name, colour in (
        (axes[0, 0], error, "squared error", BLUE),
        (axes[1, 0], wrong, "wrong pairs", RUST),
    ):
        ax.plot(passes, values, "o-", color=colour, linewidth=1.6, ms=5, clip_on=False)
        ax.set(xscale="log", ylabel=name, ylim=(0, 1.15 * max(values)))
        ax.set_xticks(passes, passes if ax is axes[1, 0] else [])
        ax.xaxis.set_minor_formatter(NullFormatter())
        ax.tick_params(which="minor", length=0)
        ax.yaxis.set_label_coords(-0.09, 0.5)
    axes[1, 0].set_xlabel("passes over all pairs")
    return figure
