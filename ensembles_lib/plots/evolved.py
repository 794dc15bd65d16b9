"""Figures of evolved networks beside those that learnt their pictures.

Pictures are as `study.evidence.open_evolved` gives them.
"""

from collections import defaultdict

import matplotlib.pyplot as plt
import numpy as np

from .rows import dots_and_controls, trades


def evolved_and_learnt(pictures: dict[str, dict], measures: dict[str, str]) -> plt.Figure:
    """Draw profiles of evolved networks above those of networks that learnt their pictures.

    Measures are titles of panels, by the name of what they show.

    Examples
    --------
    >>> networks = [{"who": who, "mirror": x} for who, x in (("evolved", 0.9), ("ours, 460", 0.6))]
    >>> figure = evolved_and_learnt({"apple": {"networks": networks}}, {"mirror": "alike"})
    >>> [label.get_text() for label in figure.axes[0].get_yticklabels()]
    ['apple, evolved', 'apple, ours']
    """
    groups = defaultdict(list)
    for picture, measured in pictures.items():
        for network in measured["networks"]:
            groups[f"{picture}, {network['who'].split(',')[0]}"].append(network)
    panels = {
        title: [[network[measure] for network in group] for group in groups.values()]
        for measure, title in measures.items()
    }
    return trades(panels, list(groups), [])


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
