"""How a picture is turned: squares that go with it, and the weights that do it, as arrows."""

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.patheffects import withStroke
from numpy.typing import ArrayLike

from ..core import Network, Picture
from .strips import film_strip
from .style import INK


def moved_squares(pictures: dict[str, Picture], maps: dict[str, ArrayLike]) -> plt.Figure:
    """Draw pictures side by side, on each a square as it was, dashed, and where a map brings it.

    Maps are (2, 3), such as `AffineFit.map`, by the labels of their pictures; not all have one.
    """
    figure = film_strip(list(pictures.values()), list(pictures))
    square = np.array([[-0.6, 0.6, 0.6, -0.6, -0.6], [-0.6, -0.6, 0.6, 0.6, -0.6], [1, 1, 1, 1, 1]])
    for ax, (name, picture) in zip(figure.axes, pictures.items(), strict=True):
        middle = (np.array(picture.size)[::-1, None] - 1) / 2
        down = np.array([[1], [-1]])
        ax.plot(*(middle * (1 + down * square[:2])), color=INK, linewidth=1.2, linestyle="--")
        if name in maps:
            ax.plot(*(middle * (1 + down * (maps[name] @ square))), color=INK, linewidth=2)
    return figure


def turned_arrows(before: Network, after: Network, neurons: list[int]) -> plt.Figure:
    """Draw the maps of some neurons before and after, with their weights for x and y as arrows.

    An arrow points to where the neuron says more, and is as long as the two weights are large. On
    the map after, the arrow before is dashed. The neurons hear both x and y.
    """
    maps, labels, arrows, size = [], [], [], 64
    for neuron in neurons:
        x, y = before.wiring.synapses_of(neuron)[:2]
        for network, word in ((before, ""), (after, ", turned")):
            maps.append(network.activations(size)[neuron])
            labels.append(f"neuron {neuron}{word}")
            arrows.append(network.weights[[x, y]] * [1, -1])  # rows of pixels go down
    figure = film_strip(maps, labels, key="activation")
    longest = max(np.linalg.norm(arrow) for arrow in arrows)
    edge = [withStroke(linewidth=4, foreground=INK)]
    for n, ax in enumerate(figure.axes[: len(maps)]):
        for arrow, line in ((arrows[n // 2 * 2], "--"), (arrows[n], "-"))[1 - n % 2 :]:
            tail = np.full(2, (size - 1) / 2)
            head = tail + 0.44 * size * arrow / longest
            look = {"arrowstyle": "->", "lw": 2 if line == "-" else 1.2, "linestyle": line}
            look |= {"color": "white", "shrinkA": 0, "shrinkB": 0, "path_effects": edge}
            ax.annotate("", head, tail, arrowprops=look)
    return figure
