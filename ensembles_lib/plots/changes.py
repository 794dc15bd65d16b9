"""How a picture changes: the colours of signed change maps, strips of them, change by weight."""

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.colors import FuncNorm

from ..core.picture import Picture
from ..sweeps.ranges import WorkingRange
from ..sweeps.sweeps import Sweep
from .panels import beside, colour_bar, panel, picture_sheet, show, with_minus
from .style import BLUE, DASHED, FAINT, INK, OCHRE, QUIET, SIGNED

LIMIT = 0.4  # change at the ends of the colour scale


def main_colour(change: np.ndarray) -> np.ndarray:
    """Return the part of signed changes (..., H, W, C) that lies along their main colour.

    Each change map has one direction in red, green and blue along which it changes most, the
    first eigenvector of their second moments, taken towards the lighter end. The result
    (..., H, W) is scaled so that the same change in all outputs stays what it is.
    """
    change = np.asarray(change, float)
    moments = np.einsum("...hwc,...hwd->...cd", change, change)
    axis = np.linalg.eigh(moments)[1][..., -1]
    axis = axis * np.where(axis.sum(axis=-1, keepdims=True) < 0, -1.0, 1.0)
    return np.einsum("...hwc,...c->...hw", change, axis) / np.sqrt(change.shape[-1])


def tone(change: np.ndarray) -> np.ndarray:
    """Return places on the colour map, 0 to 1; by their root, faint changes show beside strong."""
    return (_root(np.clip(change / LIMIT, -1, 1)) + 1) / 2


def _root(share):
    return np.sign(share) * np.sqrt(np.abs(share))


def change_picture(change: np.ndarray) -> Picture:
    """Return a signed change map (H, W, C) as a `Picture`: ochre is lighter, blue darker.

    Examples
    --------
    >>> change_picture(np.full((2, 2, 3), -0.4)).pixels[0, 0].round(2)
    array([-0.86, -0.53, -0.03])
    """
    return Picture(2 * SIGNED(tone(main_colour(change)))[..., :3] - 1)


def change_strip(sweep: Sweep, labels: list[str]) -> plt.Figure:
    """Draw the pictures of a sweep above their signed change maps, on one scale.

    Examples
    --------
    >>> figure = change_strip(sweep(network, 0, [-1, 1], size=16), ["-1", "+1"])
    >>> [ax.get_title() for ax in figure.axes[:2]]
    ['−1', '+1']
    """
    gap, margin = (0.08, 0.08), (0.05, 0.85, 0.12, 0.26)
    _, axes = picture_sheet(2, len(sweep), sweep.size, 9.0, gap, margin)
    norm = FuncNorm((_root, lambda share: share * np.abs(share)), -LIMIT, LIMIT)
    maps = main_colour(sweep.change_maps)
    for column, picture in enumerate(sweep.pictures):
        above, below = axes[:, column]
        show(above, picture.pixels, "antialiased")
        above.set_title(with_minus(labels[column]), pad=4)
        show(below, maps[column], "antialiased", cmap=SIGNED, norm=norm)
    colour_bar(axes[1, -1], "change", ticks=[-LIMIT, -LIMIT / 4, 0, LIMIT / 4, LIMIT], pad=3)
    return below.figure


def change_curve(
    weights: np.ndarray, change: np.ndarray, weight: float, reach: WorkingRange
) -> plt.Axes:
    """Draw the change of the picture against a weight, with the working range shaded.

    `weights` and `change` are (n,) arrays, `weight` is the present one and `reach` its working
    range, whose linear estimate is drawn as a dashed line.

    Examples
    --------
    >>> weights, change = np.linspace(-1, 1, 5), np.array([0.3, 0.1, 0, 0.1, 0.2])
    >>> change_curve(weights, change, 0.0, working_range(network, 0, size=16)).get_xlabel()
    'weight'
    """
    ax = panel(6.0, 2.6, (0.75, 0.9, 0.5, 0.15))
    top, end = 1.08 * np.max(change), weights[-1]
    ax.axvspan(weight - reach.low, weight + reach.high, color=FAINT, linewidth=0)
    slope = reach.epsilon / reach.linear
    straight = np.minimum(np.abs(weights - weight) * slope, 2 * top)
    ax.plot(weights, straight, **DASHED | {"color": OCHRE, "linewidth": 1.4})
    ax.plot(weights, change, color=BLUE, linewidth=2)
    ax.axhline(reach.epsilon, color=QUIET, linewidth=0.8, zorder=1)
    ax.plot(weight, 0, "o", color=INK, markersize=6, clip_on=False)
    ax.set(xlim=(weights[0], end), ylim=(0, top), xlabel="weight", ylabel="change")
    beside(ax, "painted", (end, change[-1]), color=BLUE)
    beside(ax, f"{reach.epsilon:g}", (end, reach.epsilon), color=QUIET)
    beside(ax, "linear estimate", (weight + 0.93 * top / slope, 0.93 * top), color=OCHRE)
    beside(ax, "working range", (weight + reach.high, 0.06 * top), color=QUIET)
    return ax
