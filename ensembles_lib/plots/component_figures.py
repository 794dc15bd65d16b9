"""What components are of, and quilts taken apart."""

from collections.abc import Sequence

import matplotlib.pyplot as plt
import numpy as np

from .panels import colour_bar, sheet, show
from .style import INK

FAMILIES = "tab20"  # colours of sets


def share_matrix(shares: np.ndarray, rows: Sequence[str], columns: Sequence[str]) -> plt.Axes:
    """Draw how much of each row is in each column, 0 to 1, as a matrix of greys.

    A dot marks one half and more.

    Examples
    --------
    >>> share_matrix(np.eye(2), ["tilt", "width"], ["0", "1"]).get_xlabel()
    'component'
    """
    wide, high = 0.24 * len(columns), 0.24 * len(rows)
    _, axes = sheet(1, 1, (wide, high), (0, 0), (2.2, 0.9, 0.5, 0.1))
    ax = axes[0, 0]
    ax.imshow(shares, cmap="Greys", vmin=0, vmax=1, aspect="auto")
    high_rows, high_columns = np.nonzero(np.asarray(shares) >= 0.5)
    ax.plot(high_columns, high_rows, "o", color="white", markersize=4)
    ax.set_xticks(range(len(columns)), columns, fontsize=8)
    ax.set_yticks(range(len(rows)), rows, fontsize=9)
    ax.tick_params(length=0, colors=INK)
    for side in ax.spines.values():
        side.set_visible(False)
    ax.set_xlabel("component")
    colour_bar(ax, "share; dot: half or more", ticks=[0, 0.5, 1])
    return ax


def quilt_sheet(
    pictures: Sequence[np.ndarray], labels: Sequence[str], known: np.ndarray, found: np.ndarray
) -> plt.Figure:
    """Draw a quilt and its patches, and below them whose each synapse is: planted, and found.

    Of pictures the quilt is the first. Sets of synapses are numbers (S,), -1 of those that belong
    to none, and are drawn in the order of the `known` ones.

    Examples
    --------
    >>> grey = np.zeros((4, 4, 3))
    >>> figure = quilt_sheet([grey, grey], ["quilt", "0"], np.array([0, 1]), np.array([0, 1]))
    >>> len(figure.axes)
    4
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
        ax.imshow(
            np.where(sets < 0, np.nan, sets)[None, order], cmap=FAMILIES, vmin=0, vmax=19,
            aspect="auto", interpolation="nearest",
        )  # fmt: skip
        ax.set(xticks=[], yticks=[], frame_on=False)
        ax.text(-0.01, 0.5, name, ha="right", va="center", transform=ax.transAxes, fontsize=10)
    return figure
