"""The affine map that comes nearest to what a move of the weights did to the whole picture."""

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, DTypeLike

from ..core import Network, Picture
from ..core.passes import respond
from ..core.points import Size, check_size, inputs_at, pixels_of
from .affine_descent import anywhere, blurred, descend, sharp, shifts, turns

SIZE = 128  # of the pictures compared, unless one is given
WIDTHS = 0.12, 0.04, 0.025  # of the blurs that pictures are seen through first, in coordinates
CLOSE = 1e-3, 3e-4  # share of the squared error, blurred and sharp, below which no step is taken
POOR = 0.3  # share of the squared error left, above which another start is tried
POLISHED = 1e-3  # share of the squared error left, below which the end is in double precision
FARTHEST = 1e30  # number in a map; colours are asked at such places in float32 as well
UNMOVED = 1e-9  # RMS of a change that counts as none
SMALLEST = 8  # pixels each way of the pictures compared; fewer tell hardly anything of a map
SINGULAR = 1e12  # condition number from which on a map cannot be undone
ROUGH = 32  # pixels each way, at which a constant picture is told
FAINTEST = 1e-6  # deviation of a channel; a picture of less is a constant one
TOLD = 0.9  # of a change: if a map explains less, its ways are not told in words
WORTH_A_WORD = 5.0  # % of half the picture's side
WORDS = {  # for more and for less of each way
    "slope": ("slopes", "slopes"),
    "lean": ("leans", "leans"),
    "width": ("widens", "narrows"),
    "height": ("grows taller", "grows shorter"),
    "right": ("goes right", "goes left"),
    "up": ("goes up", "goes down"),
}


class AffineFit(NamedTuple):
    """The affine map of the whole picture that brings a start nearest to a moved one.

    From the start to the moved picture, about the picture's middle, y up: first width, lean and
    height, as [[width, lean], [0, height]], then the turn, then the shift.

    Attributes
    ----------
    tilt, lean
        In degrees: the turn, anticlockwise, and how far to the right leans before it what was
        upright.
    width, height, shift_x, shift_y
        How much larger, in %; to the right and upwards, in % of the picture's side.
    explained, turned, shifted
        1 - ‖moved - fitted‖² / ‖moved - start‖², over pixels and channels, of the map, of the best
        turn about the middle alone, and of the best shift alone. NaN if nothing moved.
    converged
        False if the descent was stopped before it arrived: the map is then the best that it saw.
    map
        What `paint_moved` takes.

    Examples
    --------
    >>> fit = affine_fit(network, paint_moved(network, [[1, 0, 0.1], [0, 1, 0]], 32))
    >>> f"{fit.shift_x:.2f} % to the right, explained {fit.explained:.3f}"
    '5.00 % to the right, explained 1.000'
    """

    tilt: float
    lean: float
    width: float
    height: float
    shift_x: float
    shift_y: float
    explained: float
    turned: float
    shifted: float
    converged: bool
    map: tuple

    @property
    def plain(self) -> dict[str, float]:
        """How far the map moves the picture along its own lines, in % of half its side.

        ``slope`` is how far a level line rises to the right, ``lean`` how far an upright one goes
        to the right on its way up, ``width`` and ``height`` how much longer the two are, ``right``
        and ``up`` the shift: the entries of the map as they stand. Unlike `tilt` and `lean`, a
        shear in which upright lines stay upright has one of them.

        Examples
        --------
        >>> moved = paint_moved(network, [[1, 0, 0], [-0.1, 1, 0]], 32)
        >>> {name: round(by, 1) + 0.0 for name, by in affine_fit(network, moved).plain.items()}
        {'slope': -10.0, 'lean': 0.0, 'width': 0.0, 'height': 0.0, 'right': 0.0, 'up': 0.0}
        """
        (a, b, x), (c, d, y) = self.map
        moves = {"slope": c, "lean": b, "width": a - 1, "height": d - 1, "right": x, "up": y}
        return {name: 100 * by for name, by in moves.items()}

    @property
    def words(self) -> str:
        """What the map does, in words: each way of `plain` that is 5 % or more, in its order.

        "bent" if the map explains less than 0.9 of the change, and "moves little" if there is no
        such way.

        Examples
        --------
        >>> affine_fit(network, paint_moved(network, [[0.9, 0, 0], [-0.1, 1, 0]], 32)).words
        'slopes, narrows'
        """
        if not self.explained >= TOLD:
            return "bent"
        said = [WORDS[way][by < 0] for way, by in self.plain.items() if abs(by) >= WORTH_A_WORD]
        return ", ".join(said) or "moves little"


def paint_moved(
    network: Network, affine: ArrayLike, size: Size = SIZE, dtype: DTypeLike = float
) -> Picture:
    """Return the network's picture, moved as a whole by an affine map that can be undone.

    Exact: nothing is resampled, the network is asked at the places that come to lie on the pixels.

    Parameters
    ----------
    affine : (2, 3) array_like
        Where a place (x, y) goes, in coordinates from -1 to 1, y up: ``affine @ (x, y, 1)``.

    Examples
    --------
    >>> from ensembles_lib.properties import paint_moved
    >>> upside_down = paint_moved(network, [[-1, 0, 0], [0, -1, 0]], 8)
    >>> bool(np.allclose(upside_down.pixels, network.paint(8).pixels[::-1, ::-1]))
    True
    """
    network.check_paints()
    undone = undo(affine).astype(dtype)
    places = undone @ network.inputs(size, dtype=dtype)[[0, 1, -1]]
    inputs = inputs_at(places, network.wiring.n_inputs)
    return Picture(pixels_of(respond(network.wiring, network.weights.astype(dtype), inputs), size))


def turn_arrows(network: Network, degrees: float) -> Network:
    """Return the network with the weights of its neurons for x and y turned, like arrows.

    Degrees count anticlockwise. Neurons that hear only one of the two keep their weights. If none
    does, the picture turns by so much, exactly.

    Examples
    --------
    >>> from ensembles_lib.properties import paint_moved, turn_arrows
    >>> upside_down = paint_moved(network, [[-1, 0, 0], [0, -1, 0]], 8).pixels
    >>> bool(np.allclose(turn_arrows(network, 180).paint(8).pixels, upside_down))
    True
    """
    wiring, weights, angle = network.wiring, network.weights.copy(), np.deg2rad(degrees)
    turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    for neuron in range(wiring.n_neurons):
        synapses = wiring.synapses_of(neuron)
        arrow = [k for axis in (0, 1) for k in synapses if wiring.source[k] == axis]
        if len(arrow) == 2:
            weights[arrow] = turn @ weights[arrow]
    return Network(wiring, weights)


def undo(affine: ArrayLike) -> np.ndarray:
    """Return the map (2, 3) that undoes another; ValueError if there is none."""
    try:
        given = np.asarray(affine).astype(float, casting="same_kind")
    except (TypeError, ValueError):
        raise ValueError(f"map {affine!r}: give 2×3 finite numbers") from None
    if given.shape != (2, 3):
        raise ValueError(f"map of shape {given.shape}: give 2×3 finite numbers")
    if not np.abs(given).max() < FARTHEST:
        raise ValueError(f"map {given.tolist()}: give 2×3 finite numbers below {FARTHEST:g}")
    if not np.linalg.cond(given[:, :2]) < SINGULAR:
        raise ValueError(f"the map {given.tolist()} cannot be undone: it has no area")
    with np.errstate(all="ignore"):
        back = np.linalg.inv(given[:, :2])
        undone = np.column_stack([back, -back @ given[:, 2]]) + 0.0
    if not np.abs(undone).max() < FARTHEST:
        raise ValueError(f"the map {given.tolist()} cannot be undone: its numbers are too far off")
    return undone


def affine_fit(
    start: Network, moved: Network | Picture | np.ndarray, size: Size | None = None
) -> AffineFit:
    """Return the affine map of the whole picture that comes nearest to a move.

    Least squares over pixels and channels, by Levenberg–Marquardt on the map's six numbers, through
    blurs of 6, 2 and 1.3 % of the side first. A move that an affine map explains to .999 is told in
    double precision; of others what is explained is right to some .005. Mirror images are not
    tried. A turn alone and a shift alone are fitted through the blurs only. What cannot be seen,
    such as a shift along stripes, is left to chance. A picture that is not square is seen as if it
    were stretched to one.

    ValueError if a network does not paint, the start's picture is constant or too small, or `size`
    is not that of the moved picture.

    Parameters
    ----------
    moved
        A network, of any wiring, or a picture or its pixels (H, W, 3).
    size
        Of the pictures compared: 128, or that of `moved` where it is a picture; 8 or more each way.

    Examples
    --------
    >>> fit = affine_fit(network, network.with_weight(0, 2.0), size=32)
    >>> fit.converged, bool(fit.explained <= 1)
    (True, True)
    """
    target = _target(start, moved, size)
    pixels = target.transpose(2, 0, 1)
    if not np.abs(start.paint(ROUGH, dtype=np.float32).pixels.std(axis=(0, 1))).max() > FAINTEST:
        raise ValueError("the start's picture is constant: nothing is seen of moving it")
    unmoved = _error(start, np.eye(2, 3), target)
    if not np.sqrt(unmoved / target.size) > UNMOVED:
        return AffineFit(*(0.0,) * 6, *(np.nan,) * 3, True, ((1.0, 0.0, 0.0), (0.0, 1.0, 0.0)))
    blurs = [blurred(start, pixels, width, CLOSE[0]) for width in WIDTHS]
    zeros = np.zeros(6)
    nearest, error, _ = descend(blurs, anywhere, zeros)
    if error > POOR * blurs[-1].unmoved:  # the widest blur may have led astray
        other, other_error, _ = descend(blurs[-1:], anywhere, zeros)
        nearest = other if other_error < error else nearest
    whole = sharp(start, pixels.astype(np.float32), CLOSE[1], unmoved)
    found, error, arrived = descend([whole], anywhere, nearest)
    if not error < unmoved:  # what is near through blurs need not be
        found, error, arrived = descend([whole], anywhere, zeros)
    if error < POLISHED * unmoved:
        polished = sharp(start, pixels, CLOSE[1], unmoved)
        found, error, arrived = descend([polished], anywhere, found)
    shares = [1 - min(error, unmoved) / unmoved]
    for way, count in ((turns, 1), (shifts, 2)):
        alone = way(descend(blurs, way, zeros[:count])[0])[0]
        error = _error(start, alone, target, np.float32)
        shares.append(1 - min(error, unmoved) / unmoved)
    affine = undo(anywhere(found)[0])
    return AffineFit(*read_map(affine), *shares, arrived, tuple(map(tuple, affine.tolist())))


def read_map(affine):
    """Return tilt, lean, width, height, shift x and shift y of a map (2, 3), as `AffineFit`."""
    (a, b, x), (c, d, y) = affine
    width, angle = np.hypot(a, c), np.arctan2(c, a)
    cosine, sine = np.cos(angle), np.sin(angle)
    lean, height = cosine * b + sine * d, cosine * d - sine * b
    angles = np.degrees([angle, np.arctan2(lean, height)])
    percent = 100 * width - 100, 100 * height - 100, 50 * x, 50 * y
    return *map(float, angles), *map(float, percent)


def _target(start, moved, size):
    """Return the pixels to come near to, (H, W, 3)."""
    if not isinstance(start, Network):
        kind = type(start).__name__
        raise ValueError(f"the start is of type {kind}: give the Network that paints")
    start.check_paints()
    is_network = isinstance(moved, Network)
    picture = moved.paint(size or SIZE) if is_network else Picture.open(moved)
    if size is not None and check_size(size) != picture.size:
        raise ValueError(f"the moved picture has the size {picture.size}, not {size}: give no size")
    if min(picture.size) < SMALLEST:
        size = "{}×{}".format(*picture.size)
        raise ValueError(
            f"pictures of {size} are too small: give {SMALLEST} pixels or more each way"
        )
    return picture.pixels.astype(float)


def _error(start, back, target, dtype=float):
    """Return the squared distance of the start, under a map from moved places, to the target."""
    fitted = paint_moved(start, undo(back), target.shape[:2], dtype)
    return float(np.sum((fitted.pixels - target) ** 2))
