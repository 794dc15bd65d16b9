"""Components: ensembles of synapses that nobody named, from the Jacobian alone.

Spatial independent component analysis (McKeown et al. 1998, *Human Brain Mapping* 6, 160, who took
pictures of brains apart by it): what all synapses do to the picture, each within its working range,
is written as few maps that are as independent as can be, and each map is held by the synapses that
make it. No property is asked for.
"""

import numbers
from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
from numpy.typing import DTypeLike

from ..core import Network
from ..core.passes import TILE, forward, output_signals, weight_matrix, write_jacobian
from ..core.points import Size, check_memory, check_size, parts
from ..properties import Property
from ..sweeps.ranges import EPSILON, linear_ranges
from .members import participants
from .sensitivities import units

ENERGY = 0.8  # of all changes: what the components hold together, unless said
RESTARTS = 10
RECURS = 0.9  # correlation of maps from which on a component counts as found again
ITERATIONS, TOLERANCE = 200, 1e-4  # of one restart
RANK = 1e-6  # of the energy: directions that hold less are rounding


class Components(NamedTuple):
    """Maps that the synapses' changes are made of, the one of most energy first.

    The change that synapse k makes when it goes one working range is, nearly, the sum of the maps
    times the k-th row of the loadings.

    Attributes
    ----------
    maps : (C, H, W, 3) array
        Changes of the picture, each of RMS `EPSILON` about its mean; their skewness is positive.
    loadings : (S, C) array
        How much of each map is in a synapse's change; the squares add up to the share of the change
        that all maps explain.
    energy : (C,) array
        Share of the energy of all changes, about their means.
    stability : (C,) array
        Share of the other restarts in which the component recurs; NaN where nothing was searched.
    unit : (S,) array
        Working ranges; 0 for dead synapses, which change nothing wherever they go.

    Examples
    --------
    >>> found = components(network, count=4, size=16)
    >>> found
    Components(4 of 27 synapses, 73% of the energy, stability at least 1.00)
    """

    maps: np.ndarray
    loadings: np.ndarray
    energy: np.ndarray
    stability: np.ndarray
    unit: np.ndarray

    def __repr__(self):
        dead = np.flatnonzero(self.unit == 0)
        of = f"{len(self.unit)} synapses" + (f" ({len(dead)} dead)" if len(dead) else "")
        return (
            f"Components({len(self.maps)} of {of}, {self.energy.sum():.0%} of the energy, "
            f"stability at least {self.stability.min():.2f})"
        )

    def members(self, which: int) -> np.ndarray:
        """Return the fewest synapses that hold 90 % of a component, from the strongest on."""
        return participants(self.loadings[:, which])

    def direction(self, which: int) -> np.ndarray:
        """Return how the weights (S,) move together along a component, as `working_range` takes it.

        Each synapse goes as many of its working ranges as it has of the component.
        """
        return self.unit * self.loadings[:, which]

    def properties(self) -> list[Property]:
        """Return how much of each map a picture holds, as properties to measure and to move.

        When the picture changes by a map, its reading grows by 1, and no other one does. So
        `coordinated_move` moves a component alone; give it ``size=found.maps.shape[1:3]``.

        Examples
        --------
        >>> found = components(network, count=4, size=16)
        >>> move = coordinated_move(network, found.properties(), "component 0", 0.5, size=16)
        >>> move.stopped, round(float(move.got), 3), move.leak < 0.01
        ('arrived', 0.5, True)
        """
        flat = self.maps.reshape(len(self.maps), -1)
        duals = np.linalg.pinv(flat).T.reshape(self.maps.shape)

        def reading(dual):
            return lambda pixels: (float(np.vdot(dual, pixels)), dual.copy())

        return [Property(f"component {n}", reading(dual)) for n, dual in enumerate(duals)]

    def rotated(self, seed: int = 0) -> "Components":
        """Return as many mixtures of the same maps, by a random rotation: a control.

        They span the same changes, and each is made by the same synapses together.

        Examples
        --------
        >>> found = components(network, count=4, size=16)
        >>> [len(one.members(3)) for one in (found, found.rotated())]
        [6, 14]
        """
        turn = np.linalg.qr(np.random.default_rng(seed).standard_normal((len(self.maps),) * 2))[0]
        loadings = self.loadings @ turn.T
        total = np.sum(self.loadings**2) / self.energy.sum()
        maps = np.tensordot(turn, self.maps, 1)
        energy = np.sum(loadings**2, axis=0) / total
        return Components(maps, loadings, energy, np.full(len(maps), np.nan), self.unit)


def components(
    network: Network,
    count: int | None = None,
    size: Size = 64,
    half: np.ndarray | None = None,
    restarts: int = RESTARTS,
    seed: int = 0,
    energy: float = ENERGY,
) -> Components:
    """Return the independent components of what all synapses do to the picture.

    The Jacobian, each column times the synapse's working range, is reduced to its strongest
    principal directions, and those are rotated until the maps are as far from normally distributed
    as can be: FastICA, symmetric, with the contrast log cosh (Hyvärinen 1999, *IEEE Transactions
    on Neural Networks* 10, 626), from many random rotations, of which the best is taken.
    ValueError if the count or the energy is out of range, or no synapse changes the picture.

    Parameters
    ----------
    count
        How many; unless given, the fewest directions that hold the `energy`.
    half : (S,) array, optional
        Working ranges; linear ones unless given.
    restarts, seed
        How many random rotations, at least 2, and their seed.
    energy
        Share of that of all changes, above 0 and below 1.

    Examples
    --------
    >>> found = components(samples.peacock_network(), size=16)
    >>> found.maps.shape, found.loadings.shape
    ((12, 16, 16, 3), (460, 12))
    """
    network.check_paints()
    height, width = check_size(size)
    if not (isinstance(restarts, numbers.Integral) and restarts >= 2):
        raise ValueError(f"restarts {restarts!r}: give a whole number from 2 up")
    if not 0 < energy < 1:
        raise ValueError(f"energy {energy!r}: give a share above 0 and below 1")
    unit = units(linear_ranges(network, size) if half is None else half)
    if unit.shape != network.weights.shape:
        raise ValueError(f"{len(unit)} working ranges of {len(network.weights)} synapses")
    strengths, directions, mean = _principal(network, unit, size)
    rank = int(np.count_nonzero(strengths > RANK * strengths.sum()))
    if not rank:
        raise ValueError("no synapse changes one place more than another: nothing to take apart")
    share = np.cumsum(strengths) / strengths.sum()
    if count is None:
        count = min(int(np.searchsorted(share, energy)) + 1, rank)
    if not (isinstance(count, numbers.Integral) and 1 <= count <= rank):
        raise ValueError(f"count {count!r}: give 1 to {rank}, the changes have no more directions")
    strengths, directions = strengths[:count], directions[:, :count]
    whiten = directions / np.sqrt(strengths)
    white = _projected(network, unit, size, whiten) - (mean @ whiten).astype(np.float32)[:, None]
    turns, contrasts = zip(*_climbs(white, restarts, seed), strict=True)
    best = int(np.argmax(contrasts))
    again = [np.abs(turns[best] @ turn.T).max(axis=1) for turn in turns]
    stability = np.mean(np.delete(again, best, axis=0) >= RECURS, axis=0)
    maps, loadings = turns[best] @ white, directions * np.sqrt(strengths) @ turns[best].T / EPSILON
    sign = np.where(np.mean(maps**3, axis=1) < 0, -1.0, 1.0)
    held = np.sum(loadings**2, axis=0)
    order = np.argsort(-held)
    maps += (turns[best] @ (mean @ whiten))[:, None]
    maps = (sign * EPSILON)[:, None] * maps
    maps = np.moveaxis(maps.reshape(count, 3, height, width), 1, -1)
    held *= share[count - 1] / held.sum()
    return Components(maps[order], (loadings * sign)[:, order], held[order], stability[order], unit)


def _changes(network, unit, size) -> Iterator[np.ndarray]:
    """Yield the changes by one working range of every synapse, (S, 3, points), for some points."""
    for tile in jacobian_tiles(network, size, np.float32):
        tile *= unit.astype(np.float32)[:, None, None]
        yield tile


def jacobian_tiles(network: Network, size: Size, dtype: DTypeLike = float) -> Iterator[np.ndarray]:
    """Yield the `jacobian` (S, n_outputs, points) for some points after the other.

    Examples
    --------
    >>> tiles = list(jacobian_tiles(network, 64))
    >>> len(tiles), np.concatenate(tiles, axis=2).shape
    (4, (27, 3, 4096))
    """
    wiring, inputs = network.wiring, network.inputs(size, dtype=dtype)
    matrix = weight_matrix(wiring, network.weights.astype(dtype))
    for part in parts(inputs.shape[1], TILE):
        sent = forward(wiring, matrix, inputs[:, part])
        tile = np.empty((wiring.n_synapses, wiring.n_outputs, sent.shape[1]), dtype)
        yield write_jacobian(wiring, output_signals(wiring, matrix, sent), sent, tile)


def _principal(network, unit, size):
    """Return energies and directions of the changes about their means, and the means (S,)."""
    gram, total, count = np.zeros((len(unit),) * 2), np.zeros(len(unit)), 0
    for tile in _changes(network, unit, size):
        flat = tile.reshape(len(unit), -1)
        gram += flat @ flat.T
        total += flat.sum(axis=1, dtype=float)
        count += flat.shape[1]
    mean = total / count
    energies, directions = np.linalg.eigh(gram / count - np.outer(mean, mean))
    return np.maximum(energies[::-1], 0), directions[:, ::-1], mean


def _projected(network, unit, size, directions):
    """Return the changes' projections on directions (S, C), one row each: (C, 3 × points)."""
    (height, width), count = check_size(size), directions.shape[1]
    check_memory((count, 3, height, width), np.float32, f"{count} maps at {height}×{width}")
    onto = np.ascontiguousarray(directions.T, np.float32)
    found = [
        (onto @ tile.reshape(len(tile), -1)).reshape(count, 3, -1)
        for tile in _changes(network, unit, size)
    ]
    return np.concatenate(found, axis=2).reshape(count, -1)


def _climbs(white, restarts, seed) -> Iterator[tuple[np.ndarray, float]]:
    """Yield rotations (C, C) that make white rows (C, n) independent, and how far from normal."""
    rng, n = np.random.default_rng(seed), white.shape[1]
    scratch = np.empty_like(white)
    for _ in range(restarts):
        turn = _nearest_rotation(rng.standard_normal((len(white),) * 2))
        for _ in range(ITERATIONS):
            np.matmul(turn.astype(white.dtype), white, out=scratch)
            np.tanh(scratch, out=scratch)
            slopes = 1 - np.einsum("cn,cn->c", scratch, scratch) / n
            new = _nearest_rotation(scratch @ white.T / n - slopes[:, None] * turn)
            settled = np.abs(np.abs(np.sum(new * turn, axis=1)) - 1).max() < TOLERANCE
            turn = new
            if settled:
                break
        yield turn, _far_from_normal(turn.astype(white.dtype) @ white)


def _nearest_rotation(matrix):
    left, _, right = np.linalg.svd(matrix)
    return left @ right


NORMAL = 0.374567  # the mean of log cosh of a normal number, by quadrature


def _far_from_normal(maps):
    """Return the sum of the maps' negentropies, up to a factor: Hyvärinen's approximation."""
    size = np.abs(maps)
    means = np.mean(size + np.log1p(np.exp(-2 * size)), axis=1, dtype=float) - np.log(2)
    return float(np.sum((means - NORMAL) ** 2))
