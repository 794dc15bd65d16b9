"""Least squares over affine maps of a picture: the descent that `affine_fits` takes."""

from collections.abc import Callable
from functools import partial
from typing import NamedTuple

import numpy as np

from ..core import coordinates
from .geometry import place_slopes

STEPS = 60  # of one descent, at most
SOFTEST = 1e-6  # curvature, over that of a fit without errors, that steps are made for
LONGEST = 0.1  # change of any number in one step: a twentieth of the side
AREAS = 0.05, 20.0  # smallest and largest of a picture, over that of the other
# Fall of the squared error, over that without a move, that counts as none.
NOTHING = {np.dtype(np.float32): 3e-5, np.dtype(float): 1e-13}
MOST = 50  # points each way that are compared, however little they are blurred
BEYOND = 1.25  # how far a blurred start is seen, where the picture ends at 1


# Ways to move: from some numbers to the map (2, 3) from places of the moved picture to those of the
# start, and its derivatives by the numbers (n, 2, 3).
def anywhere(numbers):
    """Return the map that six numbers add to the identity."""
    return np.eye(2, 3) + numbers.reshape(2, 3), np.eye(6).reshape(6, 2, 3)


def shifts(numbers):
    """Return the map of a shift alone."""
    return np.column_stack([np.eye(2), numbers]), np.eye(6).reshape(6, 2, 3)[[2, 5]]


def turns(numbers):
    """Return the map of a turn alone, about the middle, by one number of radians."""
    cosine, sine = np.cos(numbers[0]), np.sin(numbers[0])
    back = np.array([[cosine, sine, 0], [-sine, cosine, 0]])
    return back, np.array([[[-sine, cosine, 0], [-cosine, -sine, 0]]])


class AffineProblem(NamedTuple):
    """A start, asked at moved places, against the colours that it has to come near to."""

    look: (
        Callable  # from places (2, P) to colours (3, P), and their derivatives by x and y (2, 3, P)
    )
    target: np.ndarray  # (3, P)
    places: np.ndarray
    close: float  # a descent has arrived if the error would fall by less than this share of it
    unmoved: float  # squared error without a move

    def linearised(self, back, by_numbers):
        """Return the errors e (3·P,) under a map, and their derivatives J by its numbers."""
        known = np.vstack([self.places, np.ones_like(self.places[:1])])
        colours, slopes = self.look(back.astype(known.dtype) @ known)
        by_place = by_numbers.astype(known.dtype) @ known  # (n, 2, P)
        by_map = slopes[0] * by_place[:, :1] + slopes[1] * by_place[:, 1:]
        return (colours - self.target).ravel(), by_map.reshape(len(by_numbers), -1)


def sharp(start, target, close, unmoved):
    """Return the problem of the pictures as they are, for a target (3, H, W) and its precision."""

    def look(places):
        colours, slopes = place_slopes(start, places)
        slopes *= np.abs(colours) < 1  # what is clipped does not move
        return colours.clip(-1, 1), slopes

    places = start.inputs(target.shape[1:], dtype=target.dtype)[:2]
    return AffineProblem(look, target.reshape(3, -1), places, close, unmoved)


def blurred(start, target, width, close):
    """Return the problem of both pictures seen through a Gaussian of a width in coordinates.

    Borders in learnt pictures are sharper than a pixel: seen as they are, they tell of nothing
    beyond a step of their own width.
    """
    count = min(int(np.ceil(2 / width)), MOST)
    places = coordinates(count, dtype=np.float32)[:2]
    seen = _smooth(target, width, count)
    # Near the edge the target's blur lacks what lies beyond it.
    inside = np.abs(places).max(axis=0) < 1 - 2 * width
    wide = int(np.ceil(2 * BEYOND / width))
    picture = start.paint(2 * wide, BEYOND, np.float32).pixels.transpose(2, 0, 1)
    colours = _smooth(picture, width / BEYOND, wide)
    step = 2 * BEYOND / wide
    by_y, by_x = np.gradient(colours, step, axis=(1, 2))
    table = np.concatenate([colours, by_x, -by_y]).reshape(9, -1).T.copy()
    look = partial(_looked_up, table, wide)
    places, seen = places[:, inside], seen.reshape(3, -1)[:, inside]
    return AffineProblem(look, seen, places, close, float(np.sum((look(places)[0] - seen) ** 2)))


def _smooth(picture, width, count):
    """Return a picture (3, H, W) blurred, at so many points each way."""
    for side in picture.shape[1:]:
        at = ((np.arange(n) + 0.5) * (2 / n) for n in (count, side))
        kernel = np.exp(-0.5 * (np.subtract.outer(*at) / width) ** 2)
        kernel /= kernel.sum(axis=1, keepdims=True)
        picture = (kernel.astype(np.float32) @ picture.astype(np.float32)).swapaxes(1, 2)
    return picture


def _looked_up(table, count, places):
    """Return colours and slopes at places, between the points of a table (count², 9)."""
    x, y = (places[0] / BEYOND + 1) * count / 2 - 0.5, (1 - places[1] / BEYOND) * count / 2 - 0.5
    x, y = x.clip(0, count - 1.001), y.clip(0, count - 1.001)
    column, row = x.astype(int), y.astype(int)
    x, y, first = (x - column)[:, None], (y - row)[:, None], row * count + column
    upper = table[first] * (1 - x) + table[first + 1] * x
    lower = table[first + count] * (1 - x) + table[first + count + 1] * x
    found = (upper * (1 - y) + lower * y).T.reshape(3, 3, -1)
    return found[0], found[1:]


def descend(problems, way, numbers):
    """Return the numbers, the squared error and whether it arrived, of the last of some problems.

    Each problem is a start for the next.
    """
    for problem in problems:
        numbers, error, arrived = _descend(problem, way, numbers)
    return numbers, error, arrived


def _descend(problem, way, numbers):
    """Do as `descend`, for one problem.

    Levenberg–Marquardt with the curvature that J alone does not know, of large errors, learnt
    from the steps (Dennis, Gay & Welsch 1981, *ACM Trans. Math. Softw.* 7, 348): where an affine
    map explains little, Gauss–Newton would creep.
    """
    errors, by = problem.linearised(*way(numbers))
    error, gram, slope = _products(errors, by)
    bend, damping = np.zeros_like(gram), 1e-3
    nothing = NOTHING[problem.places.dtype] * problem.unmoved
    for _ in range(STEPS):
        step, fall = _step(gram + bend, np.diag(gram), slope, damping)
        if not fall > problem.close * error + nothing:
            return numbers, error, True
        back, by_numbers = way(numbers + step)
        tried = np.inf
        if AREAS[0] < np.linalg.det(back[:, :2]) < AREAS[1]:
            errors, new_by = problem.linearised(back, by_numbers)
            tried, new_gram, new_slope = _products(errors, new_by)
        if not tried < error:
            # Near the end the precision of colours may hide what is still to be had.
            if fall < problem.close * problem.unmoved:
                return numbers, error, True
            damping = max(10 * damping, 1e-3)
            continue
        missed = new_slope - (by @ errors).astype(float)
        bend = _learn(bend, step, new_slope - slope, missed)
        numbers, damping = numbers + step, damping / 10
        by, error, gram, slope = new_by, tried, new_gram, new_slope
    return numbers, error, False


def _products(errors, by):
    """Return eᵀe, JᵀJ and Jᵀe in double precision."""
    return float(errors @ errors), (by @ by.T).astype(float), (by @ errors).astype(float)


def _step(curvature, scale, slope, damping):
    """Return the damped Newton step, and by how much the squared error should fall."""
    scale = np.sqrt(scale + 1e-9 * scale.sum() + 1e-300)
    values, vectors = np.linalg.eigh(curvature / np.outer(scale, scale))
    damped = np.maximum(np.abs(values), SOFTEST) + damping
    step = -(vectors @ ((vectors.T @ (slope / scale)) / damped)) / scale
    step *= min(1.0, LONGEST / max(np.abs(step).max(), 1e-300))
    return step, float(-step @ (2 * slope + curvature @ step))


def _learn(bend, step, change, missed):
    """Return the errors' part of the curvature, corrected by what a step showed of it."""
    along, known = step @ change, step @ bend @ step
    if not abs(along) > 0:
        return bend
    if known:
        bend = bend * min(1.0, abs(step @ missed / known))
    rest = missed - bend @ step
    outer = np.outer(rest, change)
    return bend + (outer + outer.T) / along - (rest @ step) * np.outer(change, change) / along**2
