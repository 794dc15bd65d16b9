"""Properties: scalar measurements of a picture, with their exact derivatives by every pixel.

Geometry is read off a *soft figure*: how much each pixel of a window looks like the figure
rather than its ground. The two colours it is compared with are means over zones of the same
picture, and the direction between them is that of Fisher's linear discriminant (1936), so
recolouring the whole picture, by any affine map of red, green and blue, changes nothing.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from ..core.picture import Picture
from ..core.points import check_size
from .rays import Ray
from .soft_figures import READINGS, SoftFigure, check_mask, check_pixels

GREY = 127.5  # grey levels in one unit of the [-1, 1] scale


@dataclass(frozen=True)
class Property:
    """A scalar function of a picture, such as the tilt of a body.

    Attributes
    ----------
    name : str
    measure : function
        From pixels (H, W, 3), floats in [-1, 1], to the value and its derivative by every
        pixel, (H, W, 3).
    unit : str

    Examples
    --------
    >>> red = Property("red", lambda pixels: (pixels[..., 0].mean(), None))
    >>> float(red.measure(np.full((2, 2, 3), 0.25))[0])
    0.25
    """

    name: str
    measure: Callable
    unit: str = ""

    def value(self, pixels):
        """Return the value alone, of pixels or of a `Picture`."""
        return self.measure(pixels.pixels if isinstance(pixels, Picture) else pixels)[0]


def measure_all(properties, pixels):
    """Return the values (A,) and the gradients (A, H, W, 3) of several properties.

    Parameters
    ----------
    properties : sequence of Property
    pixels : (H, W, 3) array

    Examples
    --------
    >>> whole = np.ones((4, 4), bool)
    >>> mixes = {"red": (1, 0, 0), "grey": (1 / 3, 1 / 3, 1 / 3)}
    >>> two = [colour_property(whole, mix, name) for name, mix in mixes.items()]
    >>> values, gradients = measure_all(two, np.tile([0.5, -0.5, 0.0], (4, 4, 1)))
    >>> values.round(2), gradients.shape
    (array([63.75,  0.  ]), (2, 4, 4, 3))
    """
    pixels = np.asarray(pixels.pixels if isinstance(pixels, Picture) else pixels, float)
    values, gradients = np.empty(len(properties)), np.empty((len(properties), *pixels.shape))
    for a, one in enumerate(properties):
        values[a], gradients[a] = one.measure(pixels)
    return values, gradients


def gram_condition(gradients):
    """Return the condition number of the Gram matrix of gradients scaled to unit length.

    Parameters
    ----------
    gradients : (A, ...) array
        By pixels, by weights, or by anything else. One that is zero makes it infinite.

    Examples
    --------
    >>> round(gram_condition([[1, 0], [0, 3]]), 6), gram_condition([[1, 0], [0, 0]])
    (1.0, inf)
    """
    eigenvalues = _gram(gradients)[0]
    smallest = max(eigenvalues[0], 0.0)
    return float(eigenvalues[-1] / smallest) if smallest else np.inf


def check_independent(properties, gradients, limit=1e3):
    """Raise a ValueError that names the properties which are constant or depend on each other.

    Parameters
    ----------
    properties : sequence of Property or str
    gradients : (A, ...) array
    limit : float
        Largest condition number of the Gram matrix (`gram_condition`) that is accepted.

    Examples
    --------
    >>> check_independent(["left wing", "right wing", "both"], [[1, 0], [0, 1], [1, 1]])
    Traceback (most recent call last):
        ...
    ValueError: these properties depend on each other: ...
    """
    names = [getattr(one, "name", one) for one in properties]
    if len(names) != len(gradients):
        raise ValueError(f"{len(names)} properties and {len(gradients)} gradients: give as many")
    eigenvalues, vectors, lengths = _gram(gradients)
    constant = [name for name, length in zip(names, lengths, strict=True) if not length > 0]
    if constant:
        raise ValueError(f"nothing moves {', '.join(constant)}: the gradient is zero")
    if not eigenvalues[0] * limit > eigenvalues[-1]:
        mix = vectors[:, 0] * np.sign(vectors[np.abs(vectors[:, 0]).argmax(), 0])
        group = [a for a in np.argsort(-np.abs(mix)) if abs(mix[a]) > 0.1 * mix.max()]
        sign = {True: "+", False: "-"}
        terms = " ".join(f"{sign[mix[a] > 0]} {names[a]}" for a in group).removeprefix("+ ")
        raise ValueError(
            f"these properties depend on each other: {terms} is nearly constant (condition "
            f"number {gram_condition(gradients):.2g}, limit {limit:g}): leave one of them out"
        )


def _gram(gradients):
    flat = np.asarray(gradients, float)
    flat = flat.reshape(len(flat), -1)
    if not np.isfinite(flat).all():
        raise ValueError("gradients hold values that are not finite")
    lengths = np.linalg.norm(flat, axis=1)
    flat = flat / np.where(lengths > 0, lengths, 1)[:, None]
    return *np.linalg.eigh(flat @ flat.T), lengths


def region_property(mask, what="area", ignore=None, about=None, name=None):
    """Return a property of the figure that lies where a mask was painted.

    Well inside the mask the picture shows the figure, a little outside of it the ground; in
    between lies the border. Each pixel of the mask and around it counts by how much it looks
    like the figure, smoothly from 0 to 1 (deep inside it counts as 1 whatever it looks like), and
    the figure's moments are the reading:

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

    *Side* is the longer side of the picture.

    Parameters
    ----------
    mask : (H, W) bool array
        The figure, as it was drawn or painted over.
    what : str
    ignore : (H, W) bool array, optional
        Places that are neither figure nor ground, such as neighbours of the figure's colour.
    about : (H, W) bool array, optional
        The part that a fan opens from, for the opening.
    name : str, optional

    Raises
    ------
    ValueError
        If the mask is empty, leaves no ground, or `what` is unknown; on measuring, if pixels
        have another shape or are not finite, or if figure and ground have the same colour.

    Examples
    --------
    >>> x, y, _ = coordinates(32)
    >>> mask = (np.hypot(x, y) < 0.5).reshape(32, 32)
    >>> def disc(at):  # a light disc on black, its centre moved to the right
    ...     return np.tanh(9 * (0.4 - np.hypot(x - at, y))).reshape(32, 32, 1) * np.ones(3)
    >>> place = region_property(mask, "x")
    >>> [round(float(place.measure(disc(at))[0]), 2) for at in (0.0, 0.1)]
    [0.5, 0.55]
    """
    name = name or f"{what} of a region"
    if not (isinstance(what, str) and what in READINGS):
        raise ValueError(f"{what!r}: a region has {', '.join(READINGS)}")
    if what == "opening" and about is None:
        raise ValueError(f"{name}: the opening of a fan needs `about`, the part it opens from")
    for other in (ignore, about):
        if other is not None and np.shape(other) != np.shape(mask):
            raise ValueError(f"{name}: masks of shapes {np.shape(mask)} and {np.shape(other)}")
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


def ray_property(start, end, size, threshold=0.5, name=None):
    """Return the place where a border crosses a ray, counted from its start.

    The signal along the ray runs from 1 to 0: it is the colour there, projected on the difference
    between the mean colours of the first and of the last fifth of the ray. Where it crosses the
    threshold lies the border x*, and dx*/dw = -(∂I/∂w)/(∂I/∂x). The unit is the longer side.

    Parameters
    ----------
    start, end : (x, y)
        Coordinates as the network hears them: -1 to 1, x to the right, y upwards.
    size : int or (height, width)
        Of the pictures to be measured.
    threshold : float
        Between 0 and 1.
    name : str, optional

    Raises
    ------
    ValueError
        If the ray leaves the picture or is shorter than two pixels; on measuring, if its ends
        have the same colour, or it crosses no border or more than one.

    Examples
    --------
    >>> x = coordinates(32)[0].reshape(32, 32, 1)
    >>> disc = np.tanh(8 * (x - 0.2)) * np.ones(3)  # dark to the left of x = 0.2
    >>> border = ray_property((-0.8, 0.0), (0.8, 0.0), size=32)
    >>> round(float(border.measure(disc)[0]), 2)  # half a picture is a distance of 1
    0.5
    """
    ray = Ray(start, end, check_size(size), threshold, name or "border on a ray")
    return Property(ray.name, ray.border, "of side")


def colour_property(mask, mix, name):
    """Return a mixture of the channels, averaged over a mask, in grey levels.

    Parameters
    ----------
    mask : (H, W) bool array
    mix : (red, green, blue)
        (1, 1, 1) / 3 is brightness, (-0.5, 1, -0.5) the green balance.
    name : str

    Raises
    ------
    ValueError
        If the mask is empty or the mixture is not three finite numbers.

    Examples
    --------
    >>> green = colour_property(np.ones((4, 4), bool), (-0.5, 1, -0.5), "green balance")
    >>> value, gradient = green.measure(np.tile([-1.0, 0.5, -1.0], (4, 4, 1)))
    >>> round(value, 2), gradient.shape
    (191.25, (4, 4, 3))
    """
    mask, mix = check_mask(mask, name), np.asarray(mix, float)
    if mix.shape != (3,) or not np.isfinite(mix).all():
        raise ValueError(f"{name}: mixture {mix}: give three finite numbers")
    weights = GREY * mask[:, :, None] / mask.sum() * mix

    def measure(pixels):
        pixels = check_pixels(pixels, mask.shape, name)
        return float(np.vdot(weights, pixels)), weights.copy()

    return Property(name, measure, "grey levels")


def pixel_property(function, gradient=None, name=None, unit=""):
    """Return a property made of any smooth function of the pixels.

    Parameters
    ----------
    function : function
        From pixels (H, W, 3) to a number.
    gradient : function, optional
        From pixels to the derivative (H, W, 3). Without it central differences are taken, which
        call the function twice for each of the 3·H·W numbers: 6,144 calls at 32×32 and 55,296
        at 96×96. They are right to about 1e-9 of the function's size where it is smooth.
    name, unit : str, optional

    Raises
    ------
    ValueError
        On measuring, if the pixels, the value or the gradient are not finite numbers, or of the
        wrong shape.

    Examples
    --------
    >>> contrast = pixel_property(lambda pixels: pixels.std(), name="contrast")
    >>> value, gradient = contrast.measure(np.linspace(-1, 1, 12).reshape(2, 2, 3))
    >>> round(value, 3), gradient.shape
    (0.628, (2, 2, 3))
    """
    name = name or getattr(function, "__name__", "function of pixels")

    def measure(pixels):
        pixels = check_pixels(pixels, None, name)
        value = _number(function, pixels, name)
        derivative = _differences(function, pixels, name) if gradient is None else gradient(pixels)
        derivative = np.asarray(derivative, float)
        if derivative.shape != pixels.shape or not np.isfinite(derivative).all():
            raise ValueError(
                f"{name}: the gradient has shape {derivative.shape} or is not finite: "
                f"give {pixels.shape} finite numbers"
            )
        return value, derivative

    return Property(name, measure, unit)


def _number(function, pixels, name):
    value = np.asarray(function(pixels))
    if value.shape != () or value.dtype.kind not in "fiub" or not np.isfinite(value):
        raise ValueError(f"{name}: the function gave {value}, not one finite number")
    return float(value)


def _differences(function, pixels, name, step=1e-5):
    derivative, moved = np.empty(pixels.size), pixels.copy()
    flat = moved.reshape(-1)
    for i, value in enumerate(pixels.ravel()):
        flat[i] = value + step
        derivative[i] = _number(function, moved, name)
        flat[i] = value - step
        derivative[i] -= _number(function, moved, name)
        flat[i] = value
    return derivative.reshape(pixels.shape) / (2 * step)
