"""The board of verdicts: what became of every claim, in every cell of wiring and trainer."""

import textwrap

import matplotlib.pyplot as plt

from .panels import panel
from .style import GREEN, INK, OCHRE, QUIET, RUST

MARKS = {  # colour, form, whether it is filled
    "holds": (GREEN, "o", True),
    "in part": (OCHRE, "D", True),
    "in part, its test failed": (OCHRE, "D", False),
    "does not hold": (RUST, "X", True),
    "cannot be tested here": (QUIET, "s", True),
}
WIDTH, PITCH, HEAD = 9.2, 0.36, 1.3  # inches: of the board, of a row, of what stands above
FIRST, STEP = 5.65, 0.62  # inches: the first column of marks, from one to the next


def verdict_board(table: tuple) -> plt.Figure:
    """Draw what became of every claim, as `assess` of `study.verdicts` judges it.

    A row a claim, a column a cell of wiring and trainer, with how many conditions are met. A claim
    without cells has one mark, in the middle.
    """
    rows = table.rows()
    ax = panel(WIDTH, len(rows) * PITCH + HEAD, (0, 0, 0.05, 0))
    ax.set(xlim=(0, WIDTH), ylim=(-len(rows) * PITCH, HEAD))
    ax.axis("off")
    corners = [(0.2, 0.18), (2.2, 0.18), (4.2, 0.18), (0.2, 0.48), (2.2, 0.48)]
    for (x, down), (verdict, (colour, *_)) in zip(corners, MARKS.items(), strict=True):
        _mark(ax, x, HEAD - down, verdict, 9)
        ax.text(x + 0.17, HEAD - down, verdict, color=colour, va="center", size=11, weight="bold")
    places = {cell: FIRST + n * STEP for n, cell in enumerate(table.cells)}
    for cell, x in places.items():
        wiring, *method, _ = cell.split("-")
        name = f"{wiring}\n{'LM' if len(method) > 1 else method[0]}"
        ax.text(x, 0.2, name, ha="center", va="bottom", fontsize=8.5, color=INK, linespacing=1.1)
    middle = FIRST + STEP * (max(len(places), 1) - 1) / 2
    for place, (number, claim, by_cell) in enumerate(rows):
        y = -place * PITCH
        ax.text(0.3, y, number, ha="right", va="center", fontsize=9.5, color=QUIET)
        words = "\n".join(textwrap.wrap(claim, 76))
        ax.text(0.4, y, words, va="center", fontsize=8.8, color=INK, linespacing=1.05)
        for cell, one in by_cell.items():
            x = places.get(cell, middle)
            _mark(ax, x - 0.12, y, one.verdict, 7.5)
            met = one.met.replace(" of ", "/")
            ax.text(x, y, met, va="center", fontsize=8, color=QUIET)
    return ax.figure


def _mark(ax, x, y, verdict, size):
    colour, form, filled = MARKS[verdict]
    face, edge = (colour, 0) if filled else ("none", 1.6)
    ax.plot(x, y, form, color=colour, mfc=face, mew=edge, markersize=size if filled else size - 1.5)
