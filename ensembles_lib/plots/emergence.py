"""How the share of geometry falls while networks learn."""

import matplotlib.pyplot as plt
import numpy as np

from .panels import key, sheet
from .style import COLOURS

EDGES = np.geomspace(0.04, 0.9, 15)  # of errors, within which shares are pooled


def geometry_shares(cells: dict[str, list[dict]]) -> plt.Figure:
    """Draw how shares of geometry go while the error falls, from left to right.

    Of all synapses, and of synapses 0 to 5: thin, each history; thick, medians of cells.

    Parameters
    ----------
    cells
        By name, four at most, histories as `open_emergence` of `study` has them: ``rmse``,
        ``share`` and ``first``, a number for each record.

    Examples
    --------
    >>> history = {"rmse": [0.5, 0.3, 0.1], "share": [0.8, 0.4, 0.2], "first": [0.9, 0.9, 0.8]}
    >>> [ax.get_xlabel() for ax in geometry_shares({"narrow": [history]}).axes]
    ['RMSE, falling to the right', 'RMSE, falling to the right']
    """
    figure, axes = sheet(1, 2, (3.4, 2.6), (0.55, 0), (0.6, 1.7, 0.5, 0.3))
    for ax, what, title in zip(axes[0], ("share", "first"), ("all", "0 to 5"), strict=True):
        for histories, colour in zip(cells.values(), COLOURS, strict=False):
            for one in histories:
                ax.plot(one["rmse"], one[what], color=colour, linewidth=0.6, alpha=0.25)
            ax.plot(*_pooled(histories, what), color=colour, linewidth=2)
        ax.set(xscale="log", ylim=(0, 1), title=f"share of geometry, synapses: {title}")
        ax.set_xlabel("RMSE, falling to the right")
        ax.invert_xaxis()
        ax.set_xticks([0.5, 0.2, 0.1, 0.05], ["0.5", "0.2", "0.1", "0.05"])
        ax.xaxis.set_minor_formatter("")
    key(axes[0, 1], cells, 1.04, 0.08)
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
