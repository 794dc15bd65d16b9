"""Figures of evolved networks beside those that learnt their pictures.

Pictures are as `study.evidence.open_evolved` gives them.
"""

from collections import defaultdict

import matplotlib.pyplot as plt
import numpy as np

from .panels import sheet
from .rows import dots_and_controls, name_rows
from .style import BLUE, OCHRE, QUIET

WAYS = (  # to come by a network: evolved, and two to learn it
    {"marker": "D", "color": OCHRE, "markersize": 8},
    {"marker": "o", "color": BLUE, "markersize": 6, "alpha": 0.7},
    {"marker": "o", "color": QUIET, "markersize": 6, "alpha": 0.7},
)


def evolved_and_learnt(pictures: dict[str, dict], measures: dict[str, str]) -> plt.Figure:
    """Draw profiles of evolved networks beside those of networks that learnt their pictures.

    Measures are titles of panels, two in a row, by the name of what they show. A picture is a row:
    its evolved network, and below it a line of dots for each way of learning.

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
        name_rows(
            ax, [*pictures] if ax in axes[:, 0] else [""] * len(pictures), range(len(pictures))
        )
        ax.set_ylim(len(pictures) - 0.2, -0.4)
        ax.set_title(title, fontsize=10)
        ax.locator_params(axis="x", nbins=5)
    for ax in axes.flat[len(measures) :]:
        ax.remove()
    place = {"loc": "lower left", "bbox_to_anchor": (0, 1 + 0.3 / panel[1])}
    axes[0, 0].legend(ncols=3, frameon=False, borderpad=0, handletextpad=0.2, **place)
    return figure


def whole_movers(pictures: dict[str, dict]) -> plt.Axes:
    """Draw how many synapses mostly move the whole picture, above networks of random weights.

    Examples
    --------
    >>> rows = [{"above_half": share, "untrained": {"above_half": 0.5}} for share in (0.05, 0.3)]
    >>> ax = whole_movers({"apple": {"geometry": rows}})
    >>> [label.get_text() for label in ax.get_yticklabels()[::2]]
    ['apple, evolved', 'apple, 1 that learnt it']
    """
    groups, controls = {}, {}
    for picture, measured in pictures.items():
        for name, networks in _evolved_and_others(picture, measured["geometry"]):
            groups[name] = [100 * one["above_half"] for one in networks]
            untrained = [np.atleast_1d(one["untrained"]["above_half"]) for one in networks]
            controls[name] = 100 * np.concatenate(untrained)
    what = "synapses that mostly move the whole picture, %"
    return dots_and_controls(groups, controls, "random weights", what, "a network")


def left_like_right(pictures: dict[str, dict]) -> plt.Axes:
    """Draw how alike synapses move left and right, above how alike the picture itself is.

    Examples
    --------
    >>> networks = [{"mirror": share} for share in (0.9, 0.6)]
    >>> ax = left_like_right({"apple": {"networks": networks, "mirror_of_picture": 0.99}})
    >>> [label.get_text() for label in ax.get_yticklabels()[:2]]
    ['apple, evolved', 'the picture itself']
    """
    groups, controls = {}, {}
    for picture, measured in pictures.items():
        for name, networks in _evolved_and_others(picture, measured["networks"]):
            groups[name] = [100 * one["mirror"] for one in networks]
            controls[name] = [100 * measured["mirror_of_picture"]]
    what = "of what a synapse changes, alike left and right, %"
    return dots_and_controls(groups, controls, "the picture itself", what, "a network")


def _evolved_and_others(picture, networks):
    """Return names of rows and their networks: the evolved one stands first."""
    others = f"{picture}, {len(networks) - 1} that learnt it"
    return [(f"{picture}, evolved", networks[:1]), (others, networks[1:])]
