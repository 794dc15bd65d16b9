"""Figures of comparators: their answers for all pairs, and how they were learnt."""

from collections.abc import Sequence

import matplotlib.pyplot as plt
import numpy as np

from ..core import Wiring
from ..core.passes import respond
from ..planted import all_pairs, answers, what_numbers_add
from .panels import colour_bar, panel, picture_sheet, sheet, with_minus
from .style import BLUE, INK, OCHRE, QUIET, RUST, SIGNED, colours_of

Maps = Sequence[np.ndarray]  # (n, n) each


def answer_maps(
    maps: Maps,
    labels: list[str],
    wrong: Maps = (),
    extent: tuple = (),
    width: float = 9.0,
    columns: int | None = None,
) -> plt.Figure:
    """Draw what comparators say of all pairs: b to the right, a upwards, one scale from -1 to 1.

    Maps are (n, n) outputs, rows a and columns b, both ascending over `extent`, from 0 to n - 1
    unless given. Cells that are `wrong`, (n, n) bool arrays, get a dot. The width is in inches; all
    stand in one row unless there are so many columns, which the maps fill.

    Examples
    --------
    >>> figure = answer_maps([np.eye(5), -np.eye(5)], ["equal", "different"])
    >>> [ax.get_title() for ax in figure.axes[:2]]
    ['equal', 'different']
    """
    columns = columns or len(maps)
    title = 0.3 + 0.16 * max(label.count("\n") for label in labels)
    margin, shape = (0.45, 0.75, 0.45, title), maps[0].shape
    rows = len(maps) // columns
    figure, axes = picture_sheet(rows, columns, shape, width, (0.15, title + 0.1), margin)
    n = len(maps[0])
    low, high = extent or (0, n - 1)
    cell = (high - low) / (n - 1)
    box = (low - cell / 2, high + cell / 2) * 2
    style = {"cmap": SIGNED, "vmin": -1, "vmax": 1, "interpolation": "nearest"}
    for number, (ax, outputs) in enumerate(zip(axes.flat, maps, strict=True)):
        ax.imshow(outputs, origin="lower", extent=box, **style)
        if len(wrong):
            _dots(ax, outputs, wrong[number], 30 * width / n, low, cell)
        ends, first, last = [low, high], number == 0, number >= (rows - 1) * columns
        ax.set(xticks=ends if last else [], yticks=ends if first else [], frame_on=False)
        ax.set_title(with_minus(labels[number]))
        for tick, alignment in zip(ax.get_xticklabels(), ("left", "right"), strict=last):
            tick.set_horizontalalignment(alignment)
        ax.tick_params(length=0)
        ax.set_xlabel("b" if last else "", labelpad=-8)
    axes[0, 0].set_ylabel("a", labelpad=-6, rotation=0, va="center")
    colour_bar(axes[0, -1], "output", ticks=[-1, 0, 1])
    return figure


def _dots(ax, outputs, wrong, size, low=0.0, cell=1.0):
    """Put a dot on each wrong cell, light on dark colours; `size` is for axes as wide as all."""
    a, b = np.nonzero(wrong)
    colours = np.where(np.abs(outputs[wrong]) > 0.5, "white", INK)
    size *= ax.get_position().width  # in points
    ax.scatter(low + cell * b, low + cell * a, size**2, color=colours, lw=0)


def comparison_strip(
    wiring: Wiring,
    weights: np.ndarray,
    bits: int,
    names: list[str],
    width: float = 9.0,
    columns: int | None = None,
    equal: bool = True,
) -> plt.Figure:
    """Draw the outputs of several comparators for all pairs; wrong answers are dotted and counted.

    Weights are (n, S), a row per network; each number has so many bits. Unless `equal`, pairs of
    equal numbers do not count. They stand in columns as in `answer_maps`.

    Examples
    --------
    >>> wiring = Wiring([[0, 1, 2, 3]], n_inputs=4, n_outputs=1)
    >>> figure = comparison_strip(wiring, [[-2, -1, 2, 1]], 2, ["upside down"])
    >>> figure.axes[0].get_title()
    'upside down\\n12 wrong'
    """
    said, wrong, labels = _compared(wiring, weights, bits, names, equal)
    return answer_maps(said, labels, wrong, width=width, columns=columns)


def _compared(wiring, weights, bits, names, equal=True):
    """Return outputs for all pairs, which answers are wrong, (n, 2**bits, 2**bits), and labels."""
    (inputs, a, b), shape = all_pairs(bits), (-1, 2**bits, 2**bits)
    wrong = (answers(wiring, weights, bits) != np.sign(a - b)) & (equal | (a != b))
    wrong = wrong.reshape(shape)
    labels = [f"{name}\n{w.sum()} wrong" for name, w in zip(names, wrong, strict=True)]
    return respond(wiring, np.asarray(weights, float), inputs).reshape(shape), wrong, labels


def two_numbers(
    wiring: Wiring,
    weights: np.ndarray,
    bits: int,
    names: list[str],
    before: np.ndarray | None = None,
    width: float = 9.0,
) -> plt.Figure:
    """Draw maps of one-neuron comparators as `comparison_strip` does, and what each number adds.

    Beside a map stands a bar for each number a, and below it one for each b: as long as what its
    bits add to the sum, ochre if that speaks for a, blue if for b. A faint line, with its number
    at the first map, is their scale. Thin marks are the bars of the weights `before`: (S,), or a
    row per network.

    Examples
    --------
    >>> wiring = Wiring([[0, 1, 2, 3]], n_inputs=4, n_outputs=1)
    >>> figure = two_numbers(wiring, [[2, 1, -2, -1], [2, 2, -2, -1]], 2, ["right", "bent"])
    >>> [ax.get_title() for ax in figure.axes if ax.get_title()]
    ['right\\n0 wrong', 'bent\\n3 wrong']
    """
    weights, n = np.asarray(weights, float), 2**bits
    said, wrong, labels = _compared(wiring, weights, bits, names)
    adds, marks = what_numbers_add(weights, bits), [(None, None)] * len(weights)
    longest = np.abs(adds).max()
    if before is not None:
        marks = np.abs(what_numbers_add(np.broadcast_to(before, weights.shape), bits))
        longest = max(longest, marks.max())
    # Beside each map a bar may be four tenths as long; the rest is for labels and the scale.
    side = (width - 1.5 - 0.12 * (len(weights) - 1)) / (1.4 * len(weights))
    bar = 0.4 * side
    margin = (bar + 0.65, 0.85, bar + 0.35, 0.6)
    figure, axes = picture_sheet(1, len(weights), (1, 1), width, (bar + 0.12, 0), margin)
    style = {"cmap": SIGNED, "vmin": -1, "vmax": 1, "interpolation": "nearest"}
    for which, ax in enumerate(axes.flat):
        ax.imshow(said[which], origin="lower", **style)
        _dots(ax, said[which], wrong[which], 25 * width / n)
        ax.set(xticks=[], yticks=[], frame_on=False, title=with_minus(labels[which]))
        beside, below = ax.inset_axes([-0.4, 0, 0.38, 1]), ax.inset_axes([0, -0.4, 1, 0.38])
        _bars(beside, adds[which, 0], marks[which][0], longest)
        _bars(below, adds[which, 1], marks[which][1], longest, upright=True)
        below.set_xticks([0, n - 1], [0, n - 1])
        below.set_xlabel("b", labelpad=-10)
        if which:  # the scale has its number once
            beside.set_xticklabels([])
            below.set_yticklabels([])
    first = axes[0, 0].child_axes[0]
    first.set_yticks([0, n - 1], [0, n - 1])
    first.set_ylabel("a", labelpad=-8, rotation=0, va="center")
    name = {"ha": "center", "va": "top", "fontsize": 9, "color": QUIET, "linespacing": 1.0}
    first.text(0.35, -0.13, "added to\nthe sum", transform=first.transAxes, **name)
    colour_bar(axes[0, -1], "output", ticks=[-1, 0, 1])
    return figure


def _bars(ax, adds, known, longest, upright=False):
    """Draw what each number adds to the sum, away from the map, and marks where it was `known`."""
    places = np.arange(len(adds))
    decade = 10.0 ** np.floor(np.log10(longest))
    length = max(step * decade for step in (1, 2, 5) if step * decade <= longest)
    bar, line, mark = (
        (ax.bar, ax.axhline, ax.hlines) if upright else (ax.barh, ax.axvline, ax.vlines)
    )
    along, across = "yx" if upright else "xy"
    bar(places, np.abs(adds), 0.84, color=[OCHRE if value > 0 else BLUE for value in adds])
    line(length, color=QUIET, linewidth=0.6, zorder=0)
    ax.set(**{f"{along}lim": (1.05 * longest, 0), f"{across}lim": (-0.5, len(adds) - 0.5)})
    ax.set(
        **{f"{along}ticks": [length], f"{along}ticklabels": [f"{length:g}"], f"{across}ticks": []}
    )
    if known is not None:
        mark(known[1:], places[1:] - 0.42, places[1:] + 0.42, color=INK, lw=1)
    ax.set_frame_on(False)
    ax.tick_params(length=0, labelsize=9, pad=2)


def passes_to_solve(learnt: dict[tuple[str, int], np.ndarray]) -> plt.Axes:
    """Draw how many passes each learning rule needed, from each start, by the number of bits.

    By rule and bits `learnt` has a (starts,) array of passes; infinite ones are a cross on top.

    Examples
    --------
    >>> passes_to_solve({("marquardt", 2): np.array([3, 5, np.inf])}).get_yscale()
    'log'
    """
    ax = panel(5.4, 3.2, (0.75, 1.75, 0.5, 0.15))
    rules = dict.fromkeys(rule for rule, _ in learnt)
    widths = sorted({bits for _, bits in learnt})
    top = 3 * max(passes[np.isfinite(passes)].max(initial=1) for passes in learnt.values())
    ends = []
    for rank, (rule, colour) in enumerate(colours_of(rules)):
        middle = []
        places = np.arange(len(widths)) + 0.06 * (rank - (len(rules) - 1) / 2)
        for place, bits in zip(places, widths, strict=True):
            passes = learnt[rule, bits].clip(min=0.5)
            ax.plot(np.full_like(passes, place), passes, "o", color=colour, alpha=0.4, ms=4, mew=0)
            if np.isinf(passes).any():
                ax.plot(place, top, "x", color=colour, ms=6, mew=1.8)
            middle.append(min(top, np.median(passes)))
        ax.plot(places, middle, color=colour, linewidth=1.6)
        ends.append((-middle[-1], rank, rule, colour))
    # Labels at the ends of their lines, from above downwards, never closer than a line of text.
    lowest = np.inf
    for end, _, rule, colour in sorted(ends):
        lowest = min(-end, lowest / 1.7)
        ax.text(len(widths) - 0.5, lowest, rule, color=colour, va="center")
    ax.set(yscale="log", ylabel="passes until solved", xlabel="bits of each number")
    ax.set_xticks(range(len(widths)), widths)
    ax.set_yticks([0.5, 1, 10, 100, top], ["0", "1", "10", "100", "never"])
    ax.minorticks_off()
    ax.yaxis.set_label_coords(-0.09, 0.45)
    ax.set(xlim=(-0.45, len(widths) - 0.55), ylim=(0.4, top * 1.4))
    return ax


def error_and_mistakes(passes: list[int], error: list[float], wrong: list[int]) -> plt.Figure:
    """Draw, one above the other, the mean squared error and the wrong pairs against passes.

    Examples
    --------
    >>> figure = error_and_mistakes([1, 3, 10], [1.0, 0.4, 0.2], [120, 7, 0])
    >>> [ax.get_ylabel() for ax in figure.axes]
    ['squared error', 'wrong pairs']
    """
    figure, axes = sheet(2, 1, (5.6, 1.25), (0, 0.2), (0.75, 0.3, 0.5, 0.15))
    panels = (error, "squared error", BLUE), (wrong, "wrong pairs", RUST)
    for ax, (values, name, colour) in zip(axes[:, 0], panels, strict=True):
        ax.plot(passes, values, "o-", color=colour, linewidth=1.6, ms=5, clip_on=False)
        ax.set(xscale="log", xlabel="passes over all pairs", ylabel=name)
        ax.set_ylim(0, 1.15 * max(values))
        ax.set_xticks(passes, passes)
        ax.minorticks_off()
        ax.yaxis.set_label_coords(-0.09, 0.5)
        ax.label_outer()
    return figure
