"""Figures of evolved networks beside those that learnt their pictures.

Pictures are as `study.evidence.open_evolved` gives them.
"""

import matplotlib.pyplot as plt
import numpy as np

from .panels import panel
from .rows import name_rows
from .style import BLUE, DASHED, INK, OCHRE, QUIET

MARKS = {  # what stands in the row of a picture: how far below its middle, and how it looks
    "bred": (-0.12, {"marker": "D", "color": OCHRE, "markersize": 8, "zorder": 3}),
    "taught its picture, other wirings": (-0.12, {"marker": "o", "color": BLUE, "alpha": 0.55}),
    "random weights, the bred wiring": (0.12, {"marker": "D", "color": QUIET, "mfc": "none"}),
    "random, picked for a symmetric picture": (0.36, {"marker": "^", "color": INK, "mfc": "none"}),
}


def left_like_right(pictures: dict[str, dict]) -> plt.Axes:
    """Draw how symmetric left and right are in what the middle synapse of each network changes.

    A picture is a row: its evolved network, those that learnt it, and, where ``mirror_untrained``
    is there, random weights in the evolved wiring, and those of them whose picture is as
    symmetric as the evolved one's. Dashed is a half, the share of chance.
    """
    ax = panel(5.6, 0.8 * len(pictures), (0.9, 0.3, 0.5, 0.95))
    name_rows(ax, list(pictures), range(len(pictures)))
    ax.set_ylim(len(pictures) - 0.45, -0.4)
    ax.set_xlabel("symmetric share of what a synapse changes, %")
    for row, measured in enumerate(pictures.values()):
        shares = [one["mirror"] for one in measured["networks"]]
        random = measured.get("mirror_untrained", {})
        drawn = shares[:1], shares[1:], random.get("any", []), random.get("as_symmetric", [])
        for (label, (below, look)), values in zip(MARKS.items(), drawn, strict=True):
            if len(values):
                places, style = np.full(len(values), row + below), {"markersize": 6.5} | look
                label = "" if row else label
                ax.plot(100 * np.array(values), places, linestyle="", label=label, **style)
    ax.axvline(50, label="left and right unrelated", **DASHED)
    style = {"ncols": 2, "frameon": False, "borderpad": 0, "handletextpad": 0.3, "fontsize": 9}
    ax.legend(loc="lower left", bbox_to_anchor=(-0.12, 1.04), **style)
    return ax
