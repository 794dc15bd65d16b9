"""The board of verdicts: what became of every claim."""

import textwrap

import matplotlib.pyplot as plt

from .panels import panel
from .style import GREEN, INK, OCHRE, QUIET, RUST

MARKS = {
    "holds": (GREEN, "o"),
    "in part": (OCHRE, "D"),
    "does not hold": (RUST, "X"),
    "cannot be tested here": (QUIET, "s"),
}


def verdict_board(table: list) -> plt.Figure:
    """Draw what became of every claim, as `assess` of `study.verdicts` judges it.

    Examples
    --------
    >>> from ensembles_lib.study.verdicts import Verdict
    >>> figure = verdict_board([Verdict(1, "Claims.", "holds", "", "", "", {})])
    >>> [text.get_text() for text in figure.axes[0].texts][-2:]
    ['1', 'Claims.']
    """
    columns, width, pitch, head = 2, 9.0, 0.4, 0.6
    rows = -(-len(table) // columns)
    ax = panel(width, rows * pitch + head, (0, 0, 0.05, 0))
    ax.set(xlim=(0, width), ylim=(-rows * pitch, head))
    ax.axis("off")
    verdicts = [row.verdict for row in table]
    for x, (verdict, (colour, mark)) in zip((0.2, 1.91, 3.8, 6.41), MARKS.items(), strict=True):
        words = f"{verdict}: {verdicts.count(verdict)}"
        ax.plot(x, head - 0.2, mark, color=colour, markersize=9, mew=0)
        ax.text(x + 0.17, head - 0.21, words, color=colour, va="center", size=11.5, weight="bold")
    for place, row in enumerate(table):
        x, y = 0.2 + place // rows * width / columns, -(place % rows) * pitch
        colour, mark = MARKS[row.verdict]
        ax.plot(x, y, mark, color=colour, markersize=8, mew=0)
        ax.text(x + 0.36, y - 0.01, row.number, ha="right", va="center", fontsize=10, color=QUIET)
        claim = "\n".join(textwrap.wrap(row.claim, 54))
        ax.text(x + 0.44, y - 0.01, claim, va="center", fontsize=9.5, color=INK, linespacing=1.05)
    return ax.figure
