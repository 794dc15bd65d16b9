"""The affine map that comes nearest to what a move of the weights did to the whole picture."""

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, DTypeLike

from ..core.derivatives import place_slopes
from ..core.network import Network
from ..core.passes import respond
from ..core.picture import Picture
from ..core.points import Size, check_size, inputs_at, pixels_of
from .geometry import FAINTEST

SIZE = 128  # of the pictures compared, unless one is given
STEPS = 40  # of a descent, at most
FOUND = 1e-9  # relative fall of the squared error, below which a descent has arrived
SMALLEST_AREA = 0.05  # of the moved picture over the start's, and one over the largest
ROUGH = 1024  # points at which starts are tried and first steps taken
POOR = 0.9  # explained: below it other starts are tried, too
UNMOVED = 1e-9  # RMS of a change that counts as none


class AffineFit(NamedTuple):
    """The affine map of the whole picture that brings a start nearest to a moved one.

    From the start to the moved picture, about the picture's middle, y up: first width, lean and
    height, as [[width, lean], [0, height]], then the turn, then the shift.

    Attributes
    ----------
    tilt : float
        The turn, in degrees; anticlockwise is positive.
    lean : float
        How far what was upright leans before the turn, in degrees; to the right is positive.
    width, height : float
        How much larger, in %.
    shift_x, shift_y : float
        To the right and upwards, in % of the picture's side.
    explained : float
        1 - ‖moved - fitted‖² / ‖moved - start‖², over pixels and channels. NaN if nothing moved.
    turned, shifted : float
        The same of the best turn about the middle alone, and of the best shift alone.
    converged : bool
        False if the descent was stopped before it arrived: the map is then the best that it saw.
    map : (2, 3) tuple
        Where the place (x, y) of the start goes, in coordinates from -1 to 1:
        ``map @ (x, y, 1)``. What `paint_moved` takes.

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


def paint_moved(
    network: Network, affine: ArrayLike, size: Size = SIZE, dtype: DTypeLike = float
) -> Picture:
    """Return the network's picture, moved as a whole by an affine map.

    Exact: nothing is resampled, the network is asked at the places that come to lie on the pixels.
    ValueError if the network does not paint, or the map cannot be undone.

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


def undo(affine: ArrayLike) -> np.ndarray:
    """Return the map (2, 3) that undoes another; ValueError if there is none.

    Examples
    --------
    >>> from ensembles_lib.properties.affine_fits import undo
    >>> undo([[2, 0, 1], [0, 1, 0]]).tolist()
    [[0.5, 0.0, -0.5], [0.0, 1.0, 0.0]]
    """
    affine = np.asarray(affine, float)
    if affine.shape != (2, 3) or not np.isfinite(affine).all():
        raise ValueError(f"map of shape {affine.shape}: give 2×3 finite numbers")
    if not abs(np.linalg.det(affine[:, :2])) > 0:
        raise ValueError(f"the map {affine.tolist()} cannot be undone: it has no area")
    back = np.linalg.inv(affine[:, :2])
    return np.column_stack([back, -back @ affine[:, 2]]) + 0.0


def affine_fit(
    start: Network, moved: Network | Picture | np.ndarray, size: Size | None = None
) -> AffineFit:
    """Return the affine map of the whole picture that comes nearest to a move.

    Least squares over pixels and channels, by Levenberg–Marquardt on the map's six numbers with
    exact derivatives, the start being asked at moved places. First at a part of the pixels, from
    no move at all and, if that explains little, from the best of some hundred maps with tilts to
    ±15°, sizes to ±25 % and shifts to ±10 %; then at all, in double precision. Mirror images are
    not tried.

    Parameters
    ----------
    moved
        A network, of any wiring, or a picture or its pixels (H, W, 3).
    size
        Of the pictures compared: 128, or that of `moved` where it is a picture.

    Raises
    ------
    ValueError
        If a network does not paint, the start's picture is constant, so that nothing can be seen
        of moving it, or `size` is not that of the moved picture.

    Examples
    --------
    >>> fit = affine_fit(network, network.with_weight(0, 2.0), size=32)
    >>> fit.converged, bool(fit.explained <= 1)
    (True, True)
    """
    target, size = _target(start, moved, size)
    problem = _Problem(start, target, start.inputs(size)[:2], size)
    if not np.sqrt(problem.seen) > FAINTEST:
        raise ValueError("the start's picture is constant: nothing is seen of moving it")
    unmoved = problem.error(np.eye(2, 3))
    if not np.sqrt(unmoved / target.size) > UNMOVED:
        return AffineFit(*(0.0,) * 6, *(np.nan,) * 3, True, ((1.0, 0, 0), (0, 1.0, 0)))
    rough = problem.rough(ROUGH)
    best = _descend(rough, _anywhere, np.zeros(6))
    if best[1] > (1 - POOR) * rough.error(np.eye(2, 3)):
        others = [_descend(rough, _anywhere, z) for z in rough.promising(3)]
        best = min([best, *others], key=lambda found: found[1])
    z, error, converged = _descend(problem, _anywhere, best[0])
    if error > unmoved:
        z, error, converged = _descend(problem, _anywhere, np.zeros(6))
    shares = [1 - error / unmoved]
    for ways, count in ((_turns, 1), (_shifts, 2)):
        coarse = _descend(rough, ways, np.zeros(count))
        fine = _descend(problem, ways, coarse[0])
        shares.append(1 - min(fine[1], unmoved) / unmoved)
    affine = undo(_anywhere(z)[0])
    return AffineFit(*read_map(affine), *map(float, shares), converged, _as_tuple(affine))


def read_map(affine: ArrayLike) -> tuple[float, ...]:
    """Return tilt, lean (degrees), width, height, shift x and shift y (%) of a map (2, 3).

    As `AffineFit` has them: the map is turn · [[width, lean], [0, height]], and a shift.

    Examples
    --------
    >>> from ensembles_lib.properties.affine_fits import read_map
    >>> [round(number, 9) + 0 for number in read_map([[0, -1, 0], [1.5, 0, 0.2]])]
    [90.0, 0.0, 50.0, 0.0, 0.0, 10.0]
    """
    (a, b, x), (c, d, y) = np.asarray(affine, float)
    width, angle = np.hypot(a, c), np.arctan2(c, a)
    cosine, sine = np.cos(angle), np.sin(angle)
    lean, height = cosine * b + sine * d, cosine * d - sine * b
    angles = np.degrees([angle, np.arctan2(lean, height)])
    percent = 100 * width - 100, 100 * height - 100, 50 * x, 50 * y
    return *map(float, angles), *map(float, percent)


def _as_tuple(affine):
    return tuple(map(tuple, affine.tolist()))


def _target(start, moved, size):
    """Return the pixels to come near to, (3, P), and their size."""
    start.check_paints()
    if isinstance(moved, Network):
        size = check_size(SIZE if size is None else size)
        moved = moved.paint(size)
    elif not isinstance(moved, Picture):
        moved = Picture(moved)
    if size is not None and check_size(size) != moved.size:
        raise ValueError(f"the moved picture has the size {moved.size}, not {size}: leave size out")
    return moved.pixels.reshape(-1, 3).T.astype(float), moved.size


# Ways to move: from some numbers to the map (2, 3) from places of the moved picture to those of the
# start, and its derivatives by the numbers (n, 2, 3).
def _anywhere(z):
    return np.eye(2, 3) + z.reshape(2, 3), np.eye(6).reshape(6, 2, 3)


def _shifts(z):
    return np.column_stack([np.eye(2), z]), np.eye(6).reshape(6, 2, 3)[[2, 5]]


def _turns(z):
    cosine, sine = np.cos(z[0]), np.sin(z[0])
    back = np.array([[cosine, sine, 0], [-sine, cosine, 0]])
    return back, np.array([[[-sine, cosine, 0], [-cosine, -sine, 0]]])


class _Problem:
    """A start, asked at moved places, against the pixels that it has to come near to."""

    def __init__(self, start, target, places, size):
        self.start, self.target, self.places, self.size = start, target, places, size
        self.known = np.vstack([places, np.ones_like(places[:1])])

    @property
    def seen(self):
        """The mean square of the start's derivatives by x and y."""
        return np.mean(place_slopes(self.start, self.places)[1] ** 2)

    def rough(self, count):
        """Return the same at about so many of the points, every so many-th each way."""
        step = max(1, round(np.sqrt(self.places.shape[1] / count)))
        chosen = np.zeros(self.size, bool)
        chosen[step // 2 :: step, step // 2 :: step] = True
        chosen = chosen.ravel()
        return _Problem(self.start, self.target[:, chosen], self.places[:, chosen], None)

    def colours(self, places):
        inputs = inputs_at(places, self.start.wiring.n_inputs)
        weights = self.start.weights.astype(places.dtype)
        return respond(self.start.wiring, weights, inputs).clip(-1, 1)

    def error(self, back):
        """Return the sum of squared errors under a map from moved places to the start's."""
        errors = self.colours(back @ self.known) - self.target
        return float(np.vdot(errors, errors))

    def linearised(self, back, by_numbers):
        """Return JᵀJ and Jᵀe by the numbers of the map, and the sum of squared errors."""
        colours, slopes = place_slopes(self.start, back @ self.known)
        slopes *= np.abs(colours) < 1  # what is clipped does not move
        errors = colours.clip(-1, 1) - self.target
        by_place = by_numbers @ self.known  # (n, 2, P)
        columns = np.einsum("acp,nap->ncp", slopes, by_place).reshape(len(by_numbers), -1)
        flat = errors.ravel()
        return columns @ columns.T, columns @ flat, float(flat @ flat)

    def promising(self, count):
        """Return the numbers of the nearest of some hundred maps, the best first."""
        rng = np.random.default_rng(0)
        spread = np.array([0.25, 0.2, 0.2, 0.26, 0.25, 0.2])
        tried = rng.uniform(-1, 1, (200, 6)) * spread
        quarter = self.known[:, ::4].astype(np.float32)
        places = np.concatenate(
            list((_anywhere(z)[0] @ quarter).astype(np.float32) for z in tried), axis=1
        )
        colours = self.colours(places).reshape(3, len(tried), -1)
        errors = np.sum((colours - self.target[:, None, ::4]) ** 2, axis=(0, 2))
        return tried[np.argsort(errors)[:count]]


def _descend(problem, ways, z):
    """Return the numbers with the least squared error, that error, and whether it was reached."""
    damping = 1e-3
    back, by_numbers = ways(z)
    gram, slope, error = problem.linearised(back, by_numbers)
    for _ in range(STEPS):
        diagonal = np.diag(gram) + 1e-9 * np.trace(gram) + 1e-300
        step = -np.linalg.solve(gram + damping * np.diag(diagonal), slope)
        expected = -step @ (2 * slope + gram @ step)
        if not expected > FOUND * error:
            return z, error, True
        back, by_numbers = ways(z + step)
        area = np.linalg.det(back[:, :2])
        if SMALLEST_AREA < area < 1 / SMALLEST_AREA:
            tried = problem.error(back)
            if tried < error:
                z, damping = z + step, damping / 10
                gram, slope, error = problem.linearised(back, by_numbers)
                continue
        damping *= 10
        if damping > 1e9:
            return z, error, True
    return z, error, False
