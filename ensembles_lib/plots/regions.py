"""Suggested regions, drawn over their picture with their names."""

import numpy as np
from scipy.ndimage import distance_transform_edt

from .style import INK, sheet


def region_map(picture, regions, width=2.6):
    """Draw a picture beside its regions, each in its mean colour, numbered, with a list of names.

    Parameters
    ----------
    picture : Picture
    regions : (numbers, names)
        At the size of the picture.
    width : float
        Of a panel, in inches.

    Returns
    -------
    matplotlib figure
    """
    numbers, names = np.asarray(regions[0]), regions[1]
    if numbers.shape != picture.size:
        raise ValueError(f"regions of shape {numbers.shape}, a picture of {picture.size}")
    flat = np.array([picture.pixels[numbers == r].mean(axis=0) for r in range(numbers.max() + 1)])
    height = width * picture.size[0] / picture.size[1]
    figure, axes = sheet(1, 2, (width, height), margin=(0.05, 2.4, 0.05, 0.05))
    for ax, pixels in zip(axes[0], (picture.pixels, flat[numbers]), strict=True):
        ax.imshow((pixels + 1) / 2, interpolation="nearest")
        ax.axis("off")
    for region, colour in enumerate(flat):
        # Where the region is thickest, its number is surely inside.
        depth = distance_transform_edt(np.pad(numbers == region, 1))[1:-1, 1:-1]
        y, x = np.unravel_index(depth.argmax(), depth.shape)
        ink = INK if colour.mean() > -0.1 else "white"
        axes[0, 1].text(x, y, str(region), ha="center", va="center", color=ink, fontsize=9)
        place = 0.95 - region * 0.9 / max(8, len(flat) - 1)
        axes[0, 1].text(1.05, place, f"{region}  {names[region]}", va="center", fontsize=9,
                        transform=axes[0, 1].transAxes)  # fmt: skip
    return figure
