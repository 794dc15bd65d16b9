"""Poses: where a picture lies as a whole, found anew in each, with exact derivatives by pixel."""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from scipy.linalg import cho_factor, cho_solve

from ..core.derivatives import place_slopes
from ..core.network import Network
from ..core.points import Size, check_size
from .geometry import GENERATORS, generators_of
from .properties import check_independent
from .soft_figures import check_pixels

UNMOVED = np.concatenate([np.eye(2, 3).ravel(), np.eye(3, 4).ravel()])  # places, colours
SQUARES = 16  # each way, at least: errors are added up over them
STEPS = 40  # of a descent, at most
NEAR, FOUND = 1e-3, 1e-7  # half sides: steps of the map below which it is nearly found, and found
SECOND = 1e-6  # half sides: steps of the differences for second derivatives by place
AREAS = 0.05, 20.0  # of the start over that of the moved picture, within which a map is looked for
DAMPING = 1e-3
KNOWN = 0.5  # of the picture's variance, explained by the start: below it is not the same picture
FAINT = 1e-3  # RMS of colours, or of their change with a move, that counts as none
RIDGE = 1e-10  # of the mean curvature: a grey start is recoloured alike by many maps of colours
MAX_CONDITION = 1e4  # of the Gram matrix of the six ways to move, recolouring taken out


class Pose(NamedTuple):
    """Where a picture lies, against that of a start.

    Attributes
    ----------
    back : (2, 3) array
        From places of the picture to those of the start: ``back @ (x, y, 1)``.
    by_picture : (6, 3, P) array
        The derivatives of `back`, row by row, by the picture's colours.
    left : (3, P) array
        What is left of the picture when the moved start is subtracted, not recoloured.
    generators : (6, 3, P) array
        The derivatives of the moved start by `back`.
    """

    back: np.ndarray
    by_picture: np.ndarray
    left: np.ndarray
    generators: np.ndarray


def pose_finder(network: Network, size: Size) -> Callable:
    """Return a function from pixels (H, W, 3) to their `Pose`, against the picture of a network.

    The pose is the affine map of places which, together with an affine map of colours, brings the
    start's picture nearest to the pixels, the network being asked at the places where it is
    needed. Colours take part so that recolouring the whole does not move it. Squared are the
    errors added up over squares, a sixteenth of the side: of single pixels, sharp edges make a
    landscape of many small hollows. The descent begins at no move, and finds moves by ±12°, ±20 %
    and ±5 % of the side; of several places that would do, it is the near one.

    By the theorem of implicit functions the derivatives are H⁻¹JᵀW, with J those of the fitted
    picture, W the sums over squares and H the second derivatives of half the squared error.

    Raises
    ------
    ValueError
        If the network does not paint, or its picture shows too little of being moved (it is
        constant, say, or striped); on finding, if pixels have another shape, are not finite or
        constant, or the picture is not found again.

    Examples
    --------
    >>> find = pose_finder(network, 16)
    >>> find(network.paint(16).pixels).back.round(6).tolist()
    [[1.0, 0.0, 0.0], [0.0, 1.0, 0.0]]
    """
    network.check_paints()
    height, width = check_size(size)
    places = network.inputs(size)[[0, 1, -1]]
    start = _Fit(network, places, np.zeros((3, width * height)), _Squares((height, width)))
    _check_seen(start.at(UNMOVED, bend=False), places)

    def find(pixels):
        return _find(network, places, check_pixels(pixels, (height, width), "pose"))

    return find


def _find(network, places, pixels):
    """Return the pose of pixels, or raise a ValueError."""
    if not pixels.std(axis=(0, 1)).max() > FAINT:
        raise ValueError("the picture is constant: nothing is seen of where it lies")
    target = pixels.reshape(-1, 3).T
    fit = _Fit(network, places, target, _Squares(pixels.shape[:2]))
    state = fit.descend(fit.descend(UNMOVED, NEAR).z, FOUND, bend=True)
    spread = fit.squares.add(target - target.mean(axis=1, keepdims=True))
    explained = 1 - state.error / np.vdot(spread, spread)
    if not (state.found and explained > KNOWN):
        way = "" if state.found else f", and the fit still moves after {STEPS} steps"
        raise ValueError(
            "the start is not found again in this picture: moved and recoloured, it explains "
            f"{explained:.2f} of the picture's variance{way}"
        )
    back, weighted = state.z[:6].reshape(2, 3), fit.squares.spread(state.columns)
    by_picture = np.linalg.solve(state.curvature, weighted.reshape(18, -1))[:6]
    generators = _by_map(state.slopes, places)
    return Pose(back, by_picture.reshape(generators.shape), target - state.colours, generators)


def _check_seen(state, places):
    """Raise a ValueError unless the six ways to move can be told apart, and from recolouring."""
    moves = generators_of(state.slopes, places[:2]).reshape(6, -1)
    recolourings = state.columns[6:].reshape(12, -1)
    seen = moves - (np.linalg.lstsq(recolourings.T, moves.T, rcond=None)[0].T @ recolourings)
    seen[np.sqrt(np.mean(seen**2, axis=1)) < FAINT] = 0
    try:
        check_independent(GENERATORS, seen, MAX_CONDITION)
    except ValueError as error:
        raise ValueError(f"the start's picture does not show how it is moved: {error}") from None


def _by_map(slopes, places):
    """Return derivatives (6, 3, P) by a map of places, of those by the places (2, 3, P)."""
    return (slopes[:, None] * places[:, None]).reshape(6, *slopes.shape[1:])


class _State(NamedTuple):
    """A fit at 18 numbers: what it looks like, and how its squared error bends there."""

    z: np.ndarray  # six of the map of places, twelve of that of colours
    colours: np.ndarray  # of the moved start, not recoloured, (3, P)
    slopes: np.ndarray  # their derivatives by place, (2, 3, P)
    columns: np.ndarray  # derivatives of the fitted picture, (18, 3, P)
    slope: np.ndarray  # half the derivative of the error, (18,)
    curvature: np.ndarray  # half its second derivative, (18, 18); without that of columns or all
    scale: np.ndarray  # the diagonal without, (18,)
    error: float
    found: bool = False

    def step(self, damping=0.0):
        """Return a step down (18,), or None where the error is no bowl even when so damped."""
        try:
            factor = cho_factor(self.curvature + damping * np.diag(self.scale))
        except np.linalg.LinAlgError:
            return None
        return -cho_solve(factor, self.slope)


class _Squares:
    """Squares of a picture, over which numbers are added up."""

    def __init__(self, shape):
        self.shape, self.sides = shape, [max(1, length // SQUARES) for length in shape]

    def add(self, each):
        """Return numbers (..., P) added up over squares, (..., Q)."""
        each = each.reshape(*each.shape[:-1], *self.shape)
        for axis, side in zip((-2, -1), self.sides, strict=True):
            each = np.add.reduceat(each, np.arange(0, each.shape[axis], side), axis)
        return each.reshape(*each.shape[:-2], -1)

    def spread(self, each):
        """Return the same for every pixel, (..., P): the sum over its square."""
        rows, columns = (-(-n // side) for n, side in zip(self.shape, self.sides, strict=True))
        each = self.add(each).reshape(*each.shape[:-1], rows, columns)
        each = each.repeat(self.sides[0], -2).repeat(self.sides[1], -1)
        each = each[..., : self.shape[0], : self.shape[1]]
        return each.reshape(*each.shape[:-2], -1)


class _Fit:
    """A start's picture, moved and recoloured, against other colours (3, P) at places (3, P)."""

    def __init__(self, network, places, target, squares):
        self.network, self.places, self.target, self.squares = network, places, target, squares

    def at(self, z, bend):
        """Return the state at some numbers, with the curvature of the columns or without."""
        back, mix = z[:6].reshape(2, 3), z[6:].reshape(3, 4)
        colours, slopes = place_slopes(self.network, back @ self.places)
        errors = mix[:, :3] @ colours + mix[:, 3:] - self.target
        columns = np.zeros((18, *colours.shape))
        columns[:6] = _by_map(mix[:, :3] @ slopes, self.places)
        for channel, own in enumerate(columns[6:].reshape(3, 4, *colours.shape)):
            own[:3, channel], own[3, channel] = colours, 1
        added, flat = self.squares.add(errors), self.squares.add(columns).reshape(18, -1)
        curvature = flat @ flat.T
        curvature[range(6, 18), range(6, 18)] += RIDGE * np.trace(curvature)
        scale = curvature.diagonal().copy()
        if bend:
            curvature += self._bending(back, mix, self.squares.spread(errors), slopes)
        slope, error = flat @ added.ravel(), float(np.vdot(added, added))
        return _State(z, colours, slopes, columns, slope, curvature, scale, error)

    def _bending(self, back, mix, errors, slopes):
        """Return the second derivatives of the fitted picture, weighted by errors, (18, 18)."""
        there, pulled = back @ self.places, mix[:, :3].T @ errors
        second = np.empty((2, 2, there.shape[1]))
        for way, step in zip(second, SECOND * np.eye(2)[..., None], strict=True):
            after, before = (place_slopes(self.network, there + s)[1] for s in (step, -step))
            way[:] = np.einsum("acp,cp->ap", (after - before) / (2 * SECOND), pulled)
        bent = np.zeros((18, 18))
        twice = np.einsum("abp,ip,jp->aibj", second, self.places, self.places)
        bent[:6, :6] = twice.reshape(6, 6)
        across = np.einsum("adp,ip,cp->aicd", slopes, self.places, errors).reshape(6, 3, 3)
        bent[:6, 6:].reshape(6, 3, 4)[..., :3] = across
        bent[6:].reshape(3, 4, 18)[:, :3, :6] = across.transpose(1, 2, 0)
        return bent

    def descend(self, z, enough, bend=False):
        """Return the state at the least squared error, found or not.

        The method of Levenberg and Marquardt; Newton's where all of the curvature is taken.
        """
        state, damping = self.at(z, bend), 0.0 if bend else DAMPING
        for _ in range(STEPS):
            straight, step = state.step(), state.step(damping)
            if straight is not None and np.abs(straight[:6]).max() < enough:
                # By Newton's step the distance is squared; what is that near bends alike.
                there = self.at(state.z + straight, bend=False)
                return there._replace(curvature=state.curvature, found=True)
            moved = None if step is None else self._inside(state.z + step, bend)
            if moved and moved.error < state.error:
                state, damping = moved, damping / 10
            else:
                damping = max(10 * damping, DAMPING)
        return state

    def _inside(self, z, bend):
        """Return the state at numbers, or None where the picture would be blown up or lost."""
        area = np.linalg.det(z[:6].reshape(2, 3)[:, :2])
        return self.at(z, bend) if AREAS[0] < area < AREAS[1] else None
