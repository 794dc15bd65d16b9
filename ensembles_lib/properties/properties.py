"""Properties: scalar measurements of a picture, with their exact derivatives by every pixel."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from ..core import Picture
from .soft_figures import READINGS, SoftFigure, check_mask, check_pixels

GREY = 127.5  # grey levels in one unit of the [-1, 1] scale
GAPS = 3  # pixels: wider ones a window keeps


@dataclass(frozen=True)
class Property:
    """A scalar function of a picture, such as the tilt of a body.

    Attributes
    ----------
    name, unit : str
    measure : function
        From pixels (H, W, 3), floats in [-1, 1], to the value and its derivative by every
        pixel, (H, W, 3).

    Examples
    --------
    >>> red = Property("red", lambda pixels: (pixels[..., 0].mean(), None))
    >>> float(red.value(np.full((2, 2, 3), 0.25)))
    0.25
    """

    name: str
    measure: Callable
    unit: str = ""

    def value(self, picture: Picture | np.ndarray) -> float:
        """Return the value alone, of a picture or its pixels."""
        return self.measure(getattr(picture, "pixels", picture))[0]


def measure_all(
    properties: Sequence[Property], picture: Picture | np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Return the values (A,) and the gradients (A, H, W, 3) of several properties.

    Examples
    --------
    >>> values, gradients = measure_all([red], network.paint(8))
    >>> values.shape, gradients.shape
    ((1,), (1, 8, 8, 3))
    """
    pixels = np.asarray(getattr(picture, "pixels", picture), float)
    values, gradients = np.empty(len(properties)), np.empty((len(properties), *pixels.shape))
    for a, one in enumerate(properties):
        values[a], gradients[a] = one.measure(pixels)
    return values, gradients


def window_of(one: Property, picture: Picture) -> np.ndarray:
    """Return where the colours of a picture count for a property, (H, W) bool, holes filled.

    Examples
    --------
    >>> left = np.arange(64).reshape(8, 8) % 8 < 4
    >>> window = window_of(colour_property(left, (1, 0, 0), ""), network.paint(8))
    >>> window.sum(axis=0).tolist()
    [8, 8, 8, 8, 0, 0, 0, 0]
    """
    from scipy.ndimage import binary_closing, binary_fill_holes  # slow to import

    counts = np.abs(one.measure(picture.pixels)[1]).sum(axis=2) > 0
    joined = binary_closing(np.pad(counts, GAPS, mode="edge"), iterations=GAPS)
    return binary_fill_holes(joined[GAPS:-GAPS, GAPS:-GAPS])


def weighed_as(one: Property, picture: Picture) -> Property:
    """Return a reading that weighs every pixel as a property does on this picture.

    Elsewhere it is no area or tilt, only a sum of colours: a number that can be read off any
    picture.

    Examples
    --------
    >>> red = colour_property(np.ones((8, 8), bool), (1, 0, 0), "red")
    >>> reading = weighed_as(red, network.paint(8))
    >>> other = np.full((8, 8, 3), 0.2)
    >>> round(reading.value(other), 2) == round(red.value(other), 2)
    True
    """
    weights = one.measure(picture.pixels)[1]

    def measure(pixels):
        return float(np.vdot(weights, pixels)), weights.copy()

    return Property(one.name, measure, one.unit)


def painted_out(picture: Picture, part: np.ndarray, figure: np.ndarray) -> Picture:
    """Return a picture in which a part has gone: it takes the colours of the nearest ground.

    The part and the figure are (H, W) bool, and ground is what is outside of the figure.

    Examples
    --------
    >>> left = np.arange(64).reshape(8, 8) % 8 < 4
    >>> pixels = np.where(left[..., None], 1.0, -1.0).repeat(3, axis=2)
    >>> painted_out(Picture(pixels), left, left) == Picture(-np.ones((8, 8, 3)))
    True
    """
    from scipy.ndimage import distance_transform_edt  # slow to import

    if np.all(figure):
        raise ValueError("the figure fills the picture: there is no ground to take colours from")
    nearest = distance_transform_edt(figure, return_distances=False, return_indices=True)
    return Picture(np.where(part[..., None], picture.pixels[tuple(nearest)], picture.pixels))


def gram_condition(gradients: np.ndarray) -> float:
    """Return the condition number of the Gram matrix of gradients scaled to unit length.

    Gradients (A, ...) may be by pixels or by weights; one that is zero makes it infinite.

    Examples
    --------
    >>> round(gram_condition([[1, 0], [0, 3]]), 6), gram_condition([[1, 0], [0, 0]])
    (1.0, inf)
    """
    return _gram(gradients)[0]


def check_independent(names, gradients, limit):
    """Raise a ValueError that names the properties which depend on each other.

    The largest condition number of their Gram matrix that is accepted is `limit`.
    """
    condition, weakest = _gram(gradients)
    if not condition < limit:
        order = np.argsort(-np.abs(weakest))
        mix = weakest / weakest[order[0]]
        group = [a for a in order if abs(mix[a]) > 0.1]
        terms = " ".join(f"{'+' if mix[a] > 0 else '-'} {names[a]}" for a in group)
        raise ValueError(
            f"these properties depend on each other: {terms.removeprefix('+ ')} is nearly constant "
            f"(condition number {condition:.2g}, limit {limit:g}): leave one of them out"
        )


def _gram(gradients):
    """Return the Gram matrix's condition number and weakest direction."""
    flat = np.asarray(gradients, float)
    flat = flat.reshape(len(flat), -1)
    if not np.isfinite(flat).all():
        raise ValueError("gradients hold values that are not finite")
    lengths = np.linalg.norm(flat, axis=1)
    flat = flat / np.where(lengths > 0, lengths, 1)[:, None]
    eigenvalues, vectors = np.linalg.eigh(flat @ flat.T)
    smallest, largest = eigenvalues[[0, -1]]
    return float(largest / smallest) if smallest > 0 else np.inf, vectors[:, 0]


def region_property(
    mask: np.ndarray,
    what: str = "area",
    ignore: np.ndarray | None = None,
    about: np.ndarray | None = None,
    name: str | None = None,
) -> Property:
    """Return a property of the figure that lies where a mask was painted.

    Each pixel of the mask and around it counts by how much it looks like the figure, smoothly from
    0 for the ground a little outside to 1 (deep inside whatever it looks like), and the figure's
    moments are the reading (*side* is the longer side of the picture):

    ========  ========================================================  ===================
    what      reading                                                   unit
    ========  ========================================================  ===================
    area      of the figure                                             fraction of picture
    x, y      its centroid, from the left and from below                fraction of side
    length    longer axis of the ellipse with the same second moments   fraction of side
    spread    its shorter axis                                          fraction of side
    tilt      direction of the longer axis, anticlockwise from the x    degrees
    opening   angle of the fan, seen from the middle of `about`         degrees
    ========  ========================================================  ===================

    Parameters
    ----------
    mask : (H, W) bool array
        The figure, as it was drawn or painted over; ValueError if it is empty or leaves no ground.
    ignore : (H, W) bool array
        Places that are neither figure nor ground, such as neighbours of the figure's colour.
    about : (H, W) bool array
        The part that a fan opens from, for the opening.

    Examples
    --------
    >>> x, y, _ = coordinates(32).reshape(3, 32, 32)
    >>> place = region_property(np.hypot(x, y) < 0.5, "x")
    >>> disc = np.tanh(9 * (0.4 - np.hypot(x - 0.1, y)))  # painted a little to the right
    >>> round(place.value(disc[..., None] * np.ones(3)), 2)
    0.55
    """
    name = name or f"{what} of a region"
    if not (isinstance(what, str) and what in READINGS):
        raise ValueError(f"{what!r}: a region has {', '.join(READINGS)}")
    if what == "opening" and about is None:
        raise ValueError(f"{name}: the opening of a fan needs `about`, the part it opens from")
    figure = SoftFigure(mask, ignore, about, name)
    read, unit = READINGS[what]

    def measure(pixels):
        pixels = check_pixels(pixels, figure.shape, name)
        membership, back = figure.look(pixels)
        value, by_member = read(membership, figure)
        gradient = np.zeros(pixels.shape)
        gradient.reshape(-1, 3)[figure.window] = back(by_member)
        return float(value), gradient

    return Property(name, measure, unit)


def colour_property(mask: np.ndarray, mix: Sequence[float], name: str) -> Property:
    """Return a mixture of the channels, averaged over a mask (H, W), in grey levels.

    Parameters
    ----------
    mix : (red, green, blue)
        (1, 1, 1) / 3 is brightness, (-0.5, 1, -0.5) the green balance.

    Examples
    --------
    >>> green = colour_property(np.ones((4, 4), bool), (-0.5, 1, -0.5), "green balance")
    >>> green.value(np.full((4, 4, 3), [-1.0, 0.5, -1.0]))
    191.25
    """
    mask, mix = check_mask(mask, name), np.asarray(mix, float)
    if mix.shape != (3,) or not np.isfinite(mix).all():
        raise ValueError(f"{name}: mixture {mix}: give three finite numbers")
    weights = GREY * mask[:, :, None] / mask.sum() * mix

    def measure(pixels):
        pixels = check_pixels(pixels, mask.shape, name)
        return float(np.vdot(weights, pixels)), weights.copy()

    return Property(name, measure, "grey levels")
