"""Properties of parts that do not mistake a move of the whole picture for one of every part."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import NamedTuple

import numpy as np

from ..core.derivatives import place_slopes
from ..core.network import Network
from ..core.points import Size, check_size
from .affine_fits import read_map, undo
from .poses import pose_finder
from .properties import Property

WHOLE = {  # readings of where a picture lies as a whole, in the order of `read_map`
    "picture tilt": "°",
    "picture lean": "°",
    "picture width": "%",
    "picture height": "%",
    "picture shift x": "% of side",
    "picture shift y": "% of side",
}
STEP = 1e-5  # of the map's numbers: its readings are differentiated by differences


class Rest(NamedTuple):
    """A picture moved back to where the start lies.

    Attributes
    ----------
    pixels : (H, W, 3) array
    readings, by_picture : (6,), (6, 3, P) arrays
        Of the whole, see `WHOLE`, and their derivatives by the picture's colours.
    pull_back : function
        From derivatives by `pixels` (H, W, 3) to those by the picture's pixels.
    """

    pixels: np.ndarray
    readings: np.ndarray
    by_picture: np.ndarray
    pull_back: Callable


def properties_at_rest(
    network: Network, properties: Sequence[Property], size: Size = 96
) -> list[Property]:
    """Return six properties of the whole picture, and those of parts with the whole at rest.

    Where the picture lies as a whole is found anew in each picture, against the one that `network`
    paints: its tilt, lean, width, height and shifts, read as `affine_fit` does but so that
    recolouring the whole does not move it (see `pose_finder`). The picture is then moved back, and
    the other properties are measured on that, each under its name with "at rest" added: a bird
    that leans as a whole has not bent its body. If T is the whole's move, I₀ the start and I the
    picture, at rest it is I₀ + (I - I₀∘T⁻¹)∘T: a mere move of the whole gives I₀ exactly, no move
    gives I, and only what differs from the moved start is interpolated (by cubic convolution, Keys
    1981, *IEEE Trans. Acoust. Speech Signal Process.* 29, 1153); where that was beyond the edge,
    nothing differs. The gradients are the exact ones of these values, the fit's share included: at
    the start, those of the old properties less what the fitted move does to them.

    Parameters
    ----------
    network
        The start, against which the whole is found. Networks that are measured may be others.
    properties
        Of parts, such as those of `peacock_properties`; for pictures of this size.

    Raises
    ------
    ValueError
        If the network does not paint, its picture shows too little of being moved, or two
        properties have one name; on measuring, if a picture is constant or of another size, or
        the start is not found again in it.

    Examples
    --------
    >>> from ensembles_lib.properties import paint_moved, properties_at_rest
    >>> upper = colour_property(np.arange(256).reshape(16, 16) < 128, (1, 0, 0), "upper red")
    >>> properties = properties_at_rest(network, [upper], size=16)
    >>> moved = paint_moved(network, [[1, 0, 0.1], [0, 1, 0]], 16)
    >>> {one.name: round(one.value(moved), 2) + 0.0 for one in properties[-3:]}
    {'picture shift x': 5.0, 'picture shift y': 0.0, 'upper red at rest': -60.19}
    >>> round(upper.value(network.paint(16)), 2), round(upper.value(moved), 2)
    (-60.19, -60.71)
    """
    names = [one.name for one in properties]
    if len(set(names)) != len(names):
        raise ValueError(f"properties {names}: each name once")
    shape, find = check_size(size), pose_finder(network, size)
    places = network.inputs(shape)[[0, 1, -1]]
    start = place_slopes(network, places[:2])[0].T.reshape(*shape, 3)  # colours are not clipped
    last = []

    def rest_of(pixels):
        # All properties of a set are asked about one picture, which is then looked at once.
        if not (last and np.array_equal(last[0], pixels)):
            last[:] = np.array(pixels), _rest(find(pixels), start, places)
        return last[1]

    whole = [
        Property(name, partial(_measure_whole, rest_of, number), unit)
        for number, (name, unit) in enumerate(WHOLE.items())
    ]
    parts = [
        Property(f"{one.name} at rest", partial(_measure_part, rest_of, one), one.unit)
        for one in properties
    ]
    return whole + parts


def _measure_whole(rest_of, number, pixels):
    rest = rest_of(pixels)
    return float(rest.readings[number]), rest.by_picture[number].T.reshape(rest.pixels.shape)


def _measure_part(rest_of, one, pixels):
    rest = rest_of(pixels)
    value, gradient = one.measure(rest.pixels)
    return value, rest.pull_back(gradient)


def _rest(pose, start, places):
    """Return a picture at rest, given its pose, the start's pixels (H, W, 3) and places (3, P)."""
    shape, affine = start.shape, undo(pose.back)
    there = affine @ places
    weights, by_x, by_y = _interpolation(there, shape[:2])
    left = pose.left.T
    pixels = start + (weights @ left).reshape(shape)
    by_place = np.stack([by_x @ left, by_y @ left])  # (2, P, 3)
    arrived = np.vstack([there, places[2:]])

    def pull_back(gradient):
        gradient = gradient.reshape(-1, 3)
        by_left = weights.T @ gradient
        # Where the picture is looked at, and what is left of it, both depend on the pose.
        looked = affine[:, :2].T @ np.einsum("apc,pc->ap", by_place, gradient)
        by_back = -(looked @ arrived.T).ravel() - np.einsum("ncp,pc->n", pose.generators, by_left)
        return (by_left + np.einsum("n,ncp->pc", by_back, pose.by_picture)).reshape(shape)

    by_back = _differences(lambda back: read_map(undo(back)), pose.back)
    by_picture = np.einsum("an,ncp->acp", by_back, pose.by_picture)
    return Rest(pixels, np.array(read_map(affine)), by_picture, pull_back)


def _differences(read, back):
    """Return the derivatives (A, 6) of readings by the numbers of a map (2, 3)."""
    steps = STEP * np.eye(6).reshape(6, 2, 3)
    pairs = [np.subtract(read(back + step), read(back - step)) for step in steps]
    return np.transpose(pairs) / (2 * STEP)


def _interpolation(there, shape):
    """Return the matrix (P, P) that interpolates pixels at places (2, P), and two derivatives.

    The derivatives are those of the matrix by the places' x and y.
    """
    from scipy.sparse import csr_array  # slow to import

    (height, width), n_points = shape, there.shape[1]
    column, row = (there[0] + 1) / 2 * width - 0.5, (1 - there[1]) / 2 * height - 0.5
    columns, *across = _cubic(column, width)
    rows, *down = _cubic(row, height)
    pixels = (width * rows[:, None] + columns).reshape(16, n_points)
    starts = np.arange(0, 16 * n_points + 1, 16)

    def matrix(by_row, by_column, scale):
        weights = scale * (by_row[:, None] * by_column).reshape(16, n_points)
        return csr_array((weights.T.ravel(), pixels.T.ravel(), starts), (n_points, height * width))

    return (
        matrix(down[0], across[0], 1.0),
        matrix(down[0], across[1], width / 2),
        matrix(down[1], across[0], -height / 2),
    )


def _cubic(place, length):
    """Return the four neighbours of places in a row (4, P), their weights, and the derivatives.

    Keys's cubic convolution, once differentiable; neighbours beyond the row have no weight.
    """
    before = np.floor(place)
    t = place - before
    weights = -t * (1 - t) ** 2, t * t * (3 * t - 5) + 2, t * (1 + t * (4 - 3 * t)), t * t * (t - 1)
    slopes = (1 - t) * (3 * t - 1), t * (9 * t - 10), 1 + t * (8 - 9 * t), t * (3 * t - 2)
    neighbours = before.astype(int) + np.arange(-1, 3)[:, None]
    inside = (neighbours >= 0) & (neighbours < length)
    halves = [0.5 * inside * np.stack(each) for each in (weights, slopes)]
    return neighbours.clip(0, length - 1), *halves
