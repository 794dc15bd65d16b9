"""Figures of evolved networks beside those that learnt their pictures.

Pictures are as `study.evidence.open_evolved` gives them.
"""

from collections import defaultdict

import matplotlib.pyplot as plt
import numpy as np

from .panels import panel, sheet
from .rows import name_rows
from .style import BLUE, DASHED, INK, OCHRE, QUIET

WAYS = (  # to come by a network: evolved, and two to learn it
    {"marker": "D", "color": OCHRE, "markersize": 8},
    {"marker": "o", "color": BLUE, "markersize": 6, "alpha": 0.7},
    {"marker": "o", "color": QUIET, "markersize": 6, "alpha": 0.7},
)
MARKS = {  # what stands in the row of a picture: how far below its middle, and how it looks
    "bred": (-0.12, {"marker": "D", "color": OCHRE, "markersize": 8, "zorder": 3}),
    "taught its picture, other wirings": (-0.12, {"marker": "o", "color": BLUE, "alpha": 0.55}),
    "random weights, the bred wiring": (0.12, {"marker": "D", "color": QUIET, "mfc": "none"}),
    "random, picked for a symmetric picture": (0.36, {"marker": "^", "color": INK, "mfc": "none"}),
}


def evolved_and_learnt(pictures: dict[str, dict], measures: dict[str, str]) -> plt.Figure:
    """Draw profiles of evolved networks beside those of networks that learnt their pictures.

    Measures are titles of panels, two in a row, by what they show. A picture is a row: its evolved
    network, and below it a line of dots for each way of learning.

    Examples
    --------
    >>> networks = [{"who": who, "mirror": x} for who, x in (("evolved", 0.9), ("ours, 460", 0.6))]
    >>> figure = evolved_and_learnt({"apple": {"networks": networks}}, {"mirror": "alike"})
    >>> [text.get_text() for text in figure.axes[0].get_legend().get_texts()]
    ['evolved', 'ours']
    """
    count = -(-len(measures) // 2)
    panel = 2.4, 0.6 * len(pictures)
    figure, axes = sheet(count, 2, panel, (0.3, 0.75), (0.95, 0.2, 0.3, 0.7))
    for ax, (measure, title) in zip(axes.flat, measures.items(), strict=False):
        for row, picture in enumerate(pictures.values()):
            groups = defaultdict(list)
            for network in picture["networks"]:
                groups[network["who"].split(",")[0]].append(network[measure])
            for line, ((who, values), style) in enumerate(zip(groups.items(), WAYS, strict=False)):
                places = np.full(len(values), row + 0.25 * line)
                ax.plot(values, places, label="" if row else who, linestyle="", mew=0, **style)
        names = [*pictures] if ax in axes[:, 0] else [""] * len(pictures)
        name_rows(ax, names, range(len(pictures)))
        ax.set(ylim=(len(pictures) - 0.2, -0.4), title=title)
        ax.locator_params(axis="x", nbins=5)
    place = {"loc": "lower left", "bbox_to_anchor": (0, 1 + 0.3 / panel[1])}
    axes[0, 0].legend(ncols=3, frameon=False, borderpad=0, handletextpad=0.2, **place)
    return figure


def left_like_right(pictures: dict[str, dict]) -> plt.Axes:
    """Draw how symmetric left and right are in what the middle synapse of each network changes.

    A picture is a row: its evolved network, those that learnt it, and, where ``mirror_untrained``
    is there, random weights in the evolved wiring, and those of them whose picture is as
    symmetric as the evolved one's. Dashed is a half, the share of chance.

    Examples
    --------
    >>> networks = [{"mirror": share} for share in (0.9, 0.6)]
    >>> ax = left_like_right({"apple": {"networks": networks}})
    >>> [text.get_text() for text in ax.get_legend().get_texts()]
    ['bred', 'taught its picture, other wirings', 'left and right unrelated']
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
