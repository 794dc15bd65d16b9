"""When components came to be, by kind, and the share of geometry while the error falls."""

import matplotlib.pyplot as plt
import numpy as np

from .panels import key, sheet
from .rows import dot_rows
from .style import BLUE, COLOURS, GREEN, INK, OCHRE, RUST

KINDS = {"whole": BLUE, "part": GREEN, "colour": OCHRE, "geometry": RUST}
EDGES = np.geomspace(0.04, 0.9, 15)  # of errors, within which shares are pooled


def appearance_by_kind(history: dict) -> dict[str, float]:
    """Return the median error at which components of each kind appeared, by kind.

    Of one history, as `open_emergence` of `study` has it. "whole" is the half of the components
    that is spread wider, "part" the other half; "geometry" those that have more of geometry than
    of colour. NaN where there are none.

    Examples
    --------
    >>> history = {"rmse": [0.5, 0.3, 0.1], "appeared": [1, 2, -1, 2], "spread": [4, 2, 9, 1]}
    >>> history |= {"geometry": [0, 0, 0, 0.9], "colour": [0.5, 0.5, 0.5, 0]}
    >>> {kind: round(float(error), 2) for kind, error in appearance_by_kind(history).items()}
    {'whole': 0.2, 'part': 0.1, 'colour': 0.2, 'geometry': 0.1}
    """
    appeared = np.asarray(history["appeared"])
    there = appeared >= 0
    error = np.asarray(history["rmse"])[appeared[there]]
    spread = np.asarray(history["spread"], float)[there]
    geometric = (np.asarray(history["geometry"]) > np.asarray(history["colour"]))[there]
    wide = spread >= np.median(spread) if len(spread) else spread > 0
    chosen = {"whole": wide, "part": ~wide, "colour": ~geometric, "geometry": geometric}
    return {k: float(np.median(error[of])) if of.any() else np.nan for k, of in chosen.items()}


def emergence_by_kind(cells: dict[str, list[dict]]) -> plt.Figure:
    """Draw when components appeared, by cell and kind, and how shares of geometry fell.

    At the left, a dot for each network: the error at which half of its components of a kind were
    there, a bar at the median; time runs to the right. Beside it, shares of geometry over the
    error, of all synapses and of synapses 0 to 5: thin, each history; thick, medians of cells.

    Parameters
    ----------
    cells
        By name, four at most, histories as `open_emergence` of `study` has them.

    Examples
    --------
    >>> history = {"rmse": [0.5, 0.3, 0.1], "appeared": [1, 2, 2], "spread": [3, 2, 1]}
    >>> history |= {"geometry": [0, 0, 0.9], "colour": [0.5, 0.5, 0]}
    >>> shares = {"share": [0.8, 0.4, 0.2], "first": [0.9, 0.9, 0.8]}
    >>> figure = emergence_by_kind({"narrow": [history | shares]})
    >>> [ax.get_xlabel() for ax in figure.axes]
    ['RMSE when half of them are there', 'RMSE', 'RMSE']
    """
    n_rows = 5 * len(cells) - 1
    figure, axes = sheet(1, 3, (2.6, max(0.19 * n_rows, 1.6)), (0.75, 0), (2.3, 0.15, 0.5, 0.3))
    left, *right = axes[0]
    rows, groups, colours = [], [], []
    for number, histories in enumerate(cells.values()):
        told = [appearance_by_kind(one) for one in histories]
        for place, (kind, colour) in enumerate(KINDS.items()):
            rows.append(5 * number + place)
            groups.append(np.array([one[kind] for one in told]))
            colours.append(colour)
    known = [row[np.isfinite(row)] for row in groups]
    dot_rows(left, dict(enumerate(known)), colours, colours, rows, markersize=5)
    left.set_yticks(rows, [*KINDS] * len(cells), color=INK, fontsize=9)
    for number, name in enumerate(cells):
        place = {"transform": left.get_yaxis_transform(), "ha": "right", "va": "center"}
        label = name.removesuffix("-0.001").replace("levenberg-marquardt", "LM")
        left.text(-0.36, 5 * number + 1.5, label.replace("-", "\n", 1), fontsize=10, **place)
    left.set(xlabel="RMSE when half of them are there", xscale="log")
    left.invert_xaxis()
    for ax, what, title in zip(right, ("share", "first"), ("all", "0 to 5"), strict=True):
        for histories, colour in zip(cells.values(), COLOURS, strict=False):
            for one in histories:
                ax.plot(one["rmse"], one[what], color=colour, linewidth=0.6, alpha=0.25)
            ax.plot(*_pooled(histories, what), color=colour, linewidth=2)
        ax.set(xlabel="RMSE", xscale="log", ylim=(0, 1), title=f"geometry, synapses: {title}")
        ax.invert_xaxis()
    key(right[0], [n.removesuffix("-0.001").replace("levenberg-marquardt", "LM") for n in cells],
        0.45, 0.08)  # fmt: skip
    for ax in axes[0]:
        ax.set_xticks([0.5, 0.2, 0.1, 0.05], ["0.5", "0.2", "0.1", "0.05"])
        ax.xaxis.set_minor_formatter("")
    shown = np.concatenate(known)
    if len(shown):
        left.set_xlim(1.15 * shown.max(), shown.min() / 1.15)
    return figure


def _pooled(histories, what):
    """Return errors and medians of shares, of all records of some histories, pooled by error."""
    error = np.concatenate([one["rmse"] for one in histories])
    share = np.concatenate([one[what] for one in histories])
    where, found = np.digitize(error, EDGES), []
    for place in np.unique(where):
        within = where == place
        found.append((np.median(error[within]), np.median(share[within])))
    return np.transpose(sorted(found))
