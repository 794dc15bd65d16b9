"""Figures that sum a study up: trades, sizes, and what became of every claim."""

import textwrap

import numpy as np

from .style import BLUE, GREEN, INK, OCHRE, QUIET, RUST, sheet

MARKS = {
    "holds": (GREEN, "o"),
    "in part": (OCHRE, "D"),
    "does not hold": (RUST, "X"),
    "cannot be tested here": (QUIET, "s"),
}


def trades(panels, names, pairs=()):
    """Draw several measures of the same groups of networks side by side.

    Parameters
    ----------
    panels : dict of str to (groups, networks) array
        By title. A dot per network, a bar at the median.
    names : sequence of str
        Of the groups, from the top.
    pairs : sequence of (int, int)
        Groups whose networks are joined by lines, seed by seed.

    Returns
    -------
    matplotlib figure

    Examples
    --------
    >>> figure = trades({"RMSE": [[0.07, 0.08], [0.12, 0.14]]}, ["Marquardt", "backprop"], [(0, 1)])
    >>> figure.axes[0].get_title()
    'RMSE'
    """
    figure, axes = sheet(1, len(panels), (1.72, 1.7), (0.16, 0), (1.62, 0.1, 0.34, 0.3))
    rows = np.arange(len(names))
    for ax, (title, numbers) in zip(axes[0], panels.items(), strict=True):
        numbers = np.asarray(numbers, float)
        for pair in map(list, pairs):
            ax.plot(numbers[pair], pair, color=BLUE, linewidth=0.6, alpha=0.35, zorder=1)
        ax.plot(numbers, rows, "o", color=BLUE, alpha=0.55, markersize=4.5, mew=0, zorder=2)
        ax.vlines(np.median(numbers, axis=1), rows - 0.3, rows + 0.3, color=INK, linewidth=2)
        ax.set(title=title, ylim=(len(names) - 0.5, -0.5))
        ax.title.set_fontsize(9)
        ax.locator_params(axis="x", nbins=4)
        ax.set_yticks(rows, names if ax is axes[0, 0] else [""] * len(names), color=INK)
        ax.tick_params(axis="y", length=0)
        ax.spines["left"].set_visible(False)
    return figure


def evolved_and_learnt(pictures, measures):
    """Draw profiles of evolved networks above those of networks that learnt their pictures.

    Parameters
    ----------
    pictures : dict
        From `evidence.open_evolved`.
    measures : dict of str to str
        Titles of panels, by the name of what they show.

    Returns
    -------
    matplotlib figure

    Examples
    --------
    >>> networks = [{"who": who, "mirror": x} for who, x in (("evolved", 0.9), ("ours, 460", 0.6))]
    >>> figure = evolved_and_learnt({"apple": {"networks": networks}}, {"mirror": "alike"})
    >>> [label.get_text() for label in figure.axes[0].get_yticklabels()]
    ['apple, evolved', 'apple, ours']
    """
    rows, names = [], []
    for picture, found in pictures.items():
        for who in dict.fromkeys(one["who"] for one in found["networks"]):
            rows.append([one for one in found["networks"] if one["who"] == who])
            names.append(f"{picture}, {who.split(',')[0]}")
    most = max(map(len, rows))
    # Rows of one length: where there are fewer networks, they are drawn on top of each other.
    panels = {
        title: [[row[k % len(row)][name] for k in range(most)] for row in rows]
        for name, title in measures.items()
    }
    return trades(panels, names)


def by_size(sizes, panels):
    """Draw measures of networks of several sizes, a dot per network, lines through medians.

    Parameters
    ----------
    sizes : sequence of int
        Synapses.
    panels : dict of str to dict of str to sequence of arrays
        By title and line: for each size the numbers of its networks.

    Returns
    -------
    matplotlib figure

    Examples
    --------
    >>> errors = {"trained": [np.array([0.12, 0.13]), np.array([0.07, 0.08])]}
    >>> figure = by_size([150, 460], {"RMSE": errors})
    >>> figure.axes[0].get_xscale()
    'log'
    """
    # Room for names of lines, at the right only if the last panel has some.
    gap, right = 1.55, 1.0 if len(list(panels.values())[-1]) > 1 else 0.25
    width = (9.0 - 0.5 - right - gap * (len(panels) - 1)) / len(panels)
    figure, axes = sheet(1, len(panels), (width, 2.3), (gap, 0), (0.5, right, 0.5, 0.3))
    for ax, (title, lines) in zip(axes[0], panels.items(), strict=True):
        for (name, groups), colour in zip(lines.items(), (BLUE, OCHRE, GREEN, RUST), strict=False):
            for size, numbers in zip(sizes, groups, strict=True):
                at = np.full(len(numbers), size)
                ax.plot(at, numbers, "o", color=colour, alpha=0.6, markersize=5, mew=0)
            middle = [np.median(numbers) for numbers in groups]
            ax.plot(sizes, middle, color=colour, linewidth=1.4)
            if len(lines) > 1:
                ax.annotate(name, (sizes[-1], middle[-1]), (7, 0), textcoords="offset points",
                            color=colour, va="center", fontsize=8.5)  # fmt: skip
        ax.set(xscale="log", title=title, xlabel="synapses")
        ax.set_xticks(sizes, [f"{size:,}" for size in sizes])
        ax.minorticks_off()
    return figure


def verdict_board(table, columns=2, width=9.0):
    """Draw what became of every claim: its number, a mark, and what it says.

    Parameters
    ----------
    table : sequence of Verdict
    columns : int
    width : float
        Of the figure, in inches.

    Returns
    -------
    matplotlib figure

    Examples
    --------
    >>> from ensembles_lib.study.evidence import open_all
    >>> from ensembles_lib.study.verdicts import assess
    >>> figure = verdict_board(assess(open_all("data"))[:4])
    >>> round(float(figure.get_size_inches()[0]), 1)
    9.0
    """
    rows = -(-len(table) // columns)
    pitch, head = 0.4, 0.6
    figure, axes = sheet(1, 1, (width, rows * pitch + head), margin=(0, 0, 0.05, 0))
    ax = axes[0, 0]
    ax.set(xlim=(0, width), ylim=(-rows * pitch, head))
    ax.axis("off")
    kinds = [one.verdict for one in table]
    for at, (kind, (colour, mark)) in zip((0, 0.19, 0.4, 0.69), MARKS.items(), strict=True):
        x = 0.2 + at * width
        ax.plot(x, head - 0.2, mark, color=colour, markersize=9, mew=0)
        ax.text(x + 0.17, head - 0.21, f"{kind}: {kinds.count(kind)}", color=colour, va="center",
                fontsize=11.5, weight="bold")  # fmt: skip
    for place, one in enumerate(table):
        x, y = 0.2 + place // rows * width / columns, -(place % rows) * pitch
        colour, mark = MARKS[one.verdict]
        ax.plot(x, y, mark, color=colour, markersize=8, mew=0)
        ax.text(x + 0.36, y - 0.01, one.number, ha="right", va="center", fontsize=10, color=QUIET)
        text = "\n".join(textwrap.wrap(one.claim, 54))
        ax.text(x + 0.44, y - 0.01, text, va="center", fontsize=9.5, color=INK, linespacing=1.05)
    return figure
