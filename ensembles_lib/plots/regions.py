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

    Raises
    ------
    ValueError
        If the regions are of another size than the picture, or have fewer names than numbers.

    Examples
    --------
    >>> pixels = np.full((24, 32, 3), 1.0)
    >>> pixels[4:16, 4:16] = 0.9, -0.8, -0.8
    >>> figure = region_map(Picture(pixels), suggest_regions(Picture(pixels)))
    >>> [text.get_text() for text in figure.axes[1].texts]
    ['0', '0  white, middle', '1', '1  red, left']
    """
    numbers, names = np.asarray(regions[0]), regions[1]
    if numbers.shape != picture.size:
        raise ValueError(
            f"regions of shape {numbers.shape}, a picture of {picture.size}: give one size"
        )
    if not 0 <= numbers.min() <= numbers.max() < len(names):
        raise ValueError(
            f"region numbers from {numbers.min()} to {numbers.max()}: give them from 0, "
            f"below {len(names)}, one per name"
        )
    shown = np.unique(numbers)  # of repainted regions some may be gone
    flat = np.zeros((len(names), 3))
    flat[shown] = [picture.pixels[numbers == region].mean(axis=0) for region in shown]
    height = width * picture.size[0] / picture.size[1]
    figure, axes = sheet(1, 2, (width, height), margin=(0.05, 2.4, 0.05, 0.05))
    for ax, pixels in zip(axes[0], (picture.pixels, flat[numbers]), strict=True):
        ax.imshow((pixels + 1) / 2, interpolation="nearest")
        ax.axis("off")
    for line, region in enumerate(shown):
        # Where the region is thickest, its number is surely inside.
        depth = distance_transform_edt(np.pad(numbers == region, 1))[1:-1, 1:-1]
        y, x = np.unravel_index(depth.argmax(), depth.shape)
        ink = INK if flat[region].mean() > -0.1 else "white"
        axes[0, 1].text(x, y, str(region), ha="center", va="center", color=ink, fontsize=9)
        place = 0.95 - line * 0.9 / max(8, len(shown) - 1)
        axes[0, 1].text(1.05, place, f"{region}  {names[region]}", va="center", fontsize=9,
                        transform=axes[0, 1].transAxes)  # fmt: skip
    return figure
