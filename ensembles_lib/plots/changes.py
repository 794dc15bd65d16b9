"""How a picture changes: the colours of signed change maps, strips of them, change by weight."""

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.cm import ScalarMappable
from matplotlib.colors import Normalize

from ..core import Picture
from .panels import colour_bar, with_minus
from .style import SIGNED

LIMIT = 0.4  # change at the ends of the colour scale
PALE = 0.3  # of what is dark in a picture that is seen through a change map


def main_colour(change: np.ndarray) -> np.ndarray:
    """Return the part of signed changes (..., H, W, C) that lies along their main colour.

    That is the first eigenvector of each map's second moments, taken towards the lighter end. The
    result (..., H, W) is scaled so that the same change in all outputs stays what it is.
    """
    change = np.asarray(change, float)
    moments = np.einsum("...hwc,...hwd->...cd", change, change)
    axis = np.linalg.eigh(moments)[1][..., -1]
    axis = axis * np.where(axis.sum(axis=-1, keepdims=True) < 0, -1.0, 1.0)
    return np.einsum("...hwc,...c->...hw", change, axis) / np.sqrt(change.shape[-1])


def tone(change: np.ndarray, even: bool = False) -> np.ndarray:
    """Return places on the colour map, 0 to 1, by the changes' roots unless `even`."""
    share = np.clip(change / LIMIT, -1, 1)
    return ((share if even else np.sign(share) * np.sqrt(np.abs(share))) + 1) / 2


def change_picture(change: np.ndarray, even: bool = False) -> Picture:
    """Return a signed change map (H, W, C) as a `Picture`: ochre is lighter, blue darker.

    Colours follow the square root of the change, in which faint ones show; or, if `even`, the
    change itself, in which strong ones stand out.

    Examples
    --------
    >>> change_picture(np.full((2, 2, 3), -0.4)).pixels[0, 0].round(2)
    array([-0.86, -0.53, -0.03])
    """
    return Picture(2 * SIGNED(tone(main_colour(change), even))[..., :3] - 1)


def change_over(picture: Picture, change: np.ndarray) -> Picture:
    """Return a signed change map (h, w, C) as `change_picture`, even, over the picture, paled.

    The picture may be some whole number of times as large as the map.

    Examples
    --------
    >>> grey = Picture(np.zeros((4, 4, 3)))
    >>> change_over(grey, np.zeros((2, 2, 3))).pixels[0, 0].round(2)
    array([0.64, 0.63, 0.58])
    """
    colours = (change_picture(change, even=True).pixels + 1) / 2
    times = np.array(picture.size) // np.shape(change)[:2]
    colours = colours.repeat(times[0], axis=0).repeat(times[1], axis=1)
    shade = 1 - PALE * (1 - picture.pixels.mean(axis=2, keepdims=True)) / 2
    return Picture(2 * colours * shade - 1)


def change_key(ax: plt.Axes, even: bool = False) -> None:
    """Put the scale of change pictures, `even` or not, to the right of axes."""
    changes = LIMIT * np.array([-1, -0.5 if even else -0.25, 0, 0.5 if even else 0.25, 1])
    scale = ScalarMappable(Normalize(0, 1), SIGNED)
    ticks = tone(changes, even)
    bar = colour_bar(ax, "darker       lighter", ticks=ticks, pad=4, scale=scale)
    bar.set_yticklabels([with_minus(f"{change:g}") for change in changes])
