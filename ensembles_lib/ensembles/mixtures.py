"""Mixtures of synapses, how far to go along them for an equal change, and mixtures of neurons.

Is what a single late neuron shows any more meaningful than a mixture? As Szegedy et al. 2013
(*Intriguing properties of neural networks*, arXiv 1312.6199, section 3) asked it, who found the
inputs that excite a unit most, and those that excite a random direction most, equally meaningful.
Inputs are the points of the picture here, all shown at once as a map.
"""

import numpy as np

from ..core import Network, Wiring
from ..core.passes import respond
from ..core.points import Size, check_size
from ..sweeps.crossings import SCAN, first_crossings
from ..sweeps.ranges import EPSILON
from .members import check_synapses
from .sensitivities import units

NEAR = 2  # neurons before and after that count as neighbours
PROBE = 1e-2  # of a direction: far above what float32 rounds off, and nearly linear
GROUP = 16  # pictures painted at once: their activations share the cache


def random_mixture(n_synapses: int, among=None, count=None, seed: int = 0) -> np.ndarray:
    """Return a random mixture of synapses, a direction (S,) with normal numbers.

    Parameters
    ----------
    among : sequence of int, optional
        Synapses to mix, such as those of a neuron; all unless given.
    count
        So many of them, drawn at random; all unless given.

    Examples
    --------
    >>> mixture = random_mixture(460, among=article_wiring().synapses_of(8))
    >>> np.flatnonzero(mixture).tolist()
    [37, 38, 39, 40, 41, 42, 43, 44, 45, 46]
    """
    among, rng = check_synapses(among, n_synapses), np.random.default_rng(seed)
    chosen = among if count is None else rng.permutation(among)[:count]
    mixture = np.zeros(n_synapses)
    mixture[chosen] = rng.standard_normal(len(chosen))
    return mixture


def random_bases(wiring: Wiring, unit, draws=10, count=24, seed=0) -> dict[str, np.ndarray]:
    """Draw directions (draws, count, S) of four kinds; synapses count by working ranges in all.

    In each, normal numbers, of length 1 in all, times R_k: over all synapses of one neuron, drawn
    by its number of synapses; over as many from neurons up to two before and after it; over as many
    of the whole network; over all.

    Parameters
    ----------
    unit : (S,) array
        Working ranges; synapses with 0 are left out.
    draws, count, seed
        Bases of each kind, and directions of each.

    Examples
    --------
    >>> wiring = layered_wiring((2, 4, 3))
    >>> drawn = random_bases(wiring, np.ones(wiring.n_synapses), draws=2, count=5)
    >>> list(drawn), drawn["global"].shape
    (['within a neuron', 'near neurons', 'anywhere', 'global'], (2, 5, 27))
    """
    unit, rng = units(unit), np.random.default_rng(seed)
    able, target = np.flatnonzero(unit), wiring.target
    kinds = ("within a neuron", "near neurons", "anywhere", "global")
    drawn = {kind: np.zeros((draws, count, len(unit))) for kind in kinds}
    for place in np.ndindex(draws, count):
        neuron = target[rng.choice(able)]
        own = able[target[able] == neuron]
        near = able[np.abs(target[able] - neuron) <= NEAR]
        sets = (own, rng.choice(near, len(own), False), rng.choice(able, len(own), False), able)
        for kind, synapses in zip(kinds, sets, strict=True):
            drawn[kind][place][synapses] = rng.standard_normal(len(synapses))
    lengths = {kind: np.linalg.norm(z, axis=-1, keepdims=True) for kind, z in drawn.items()}
    return {kind: z / lengths[kind] * unit for kind, z in drawn.items()}


def equal_change_lengths(network: Network, directions: np.ndarray, size: Size = 64) -> np.ndarray:
    """Return how far to go along directions until the picture has changed by ε, (n, 2).

    Multiples of each direction (n, S), along it and against it; both 0 or more, and infinite
    where the picture never changes as much. Found as working ranges are; painted in float32.

    Examples
    --------
    >>> directions = np.eye(network.wiring.n_synapses)[:2]  # synapses 0 and 1
    >>> lengths = equal_change_lengths(network, directions, size=16)
    >>> lengths.shape, bool((lengths > 0).all())
    ((2, 2), True)
    """
    directions = np.atleast_2d(np.asarray(directions, float))
    if directions.ndim != 2 or directions.shape[1] != network.wiring.n_synapses:
        raise ValueError(
            f"directions of shape {directions.shape}: give (n, {network.wiring.n_synapses})"
        )
    wrong = ~np.isfinite(directions).all(axis=1) | ~directions.any(axis=1)
    if wrong.any():
        raise ValueError(f"direction {int(wrong.argmax())} is zero or not finite")
    size, before = check_size(size), {}

    def change_at(size, searches, moves):
        if size not in before:
            inputs = network.inputs(size, dtype=np.float32)
            weights = network.weights.astype(np.float32)
            before[size] = inputs, respond(network.wiring, weights, inputs)
        inputs, still = before[size]
        which, lengths = np.repeat(searches // 2, moves.shape[1]), moves.reshape(-1, 1)
        changes = np.empty(len(lengths))
        for start in range(0, len(lengths), GROUP):
            part = slice(start, start + GROUP)
            weights = network.weights + lengths[part] * directions[which[part]]
            outputs = respond(network.wiring, weights.astype(np.float32), inputs)
            outputs -= still
            outputs = outputs.reshape(len(outputs), -1)
            changes[part] = np.sqrt(np.einsum("np,np->n", outputs, outputs) / outputs.shape[1])
        return changes.reshape(moves.shape)

    # A small picture will do for the estimates from which the searches start.
    searches, small = np.arange(2 * len(directions)), tuple(min(side, SCAN) for side in size)
    sign = np.tile([1.0, -1.0], len(directions))
    probed = change_at(small, searches, PROBE * sign[:, None])[:, 0]
    linear = PROBE * EPSILON / np.maximum(probed, 1e-9)
    return first_crossings(change_at, sign, linear, size, EPSILON).reshape(-1, 2)


def late_neurons(wiring: Wiring) -> np.ndarray:
    """Return the last eight hidden neurons, ascending, or all that there are.

    Examples
    --------
    >>> late_neurons(article_wiring())
    array([26, 27, 28, 29, 30, 31, 32, 33])
    """
    return np.arange(wiring.outputs.start)[-8:]


def mixed_maps(maps: np.ndarray, count: int = 8, seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    """Return maps (count, H, W) of random directions of activations, ⟨φ, v⟩, and the directions.

    Of the activations (N, H, W) of the neurons to be mixed; directions (count, N) have length 1.

    Examples
    --------
    >>> mixed, directions = mixed_maps(np.ones((4, 5, 6)), count=3)
    >>> mixed.shape, directions.shape
    ((3, 5, 6), (3, 4))
    """
    maps = np.asarray(maps)
    if maps.ndim != 3 or len(maps) < 2:
        raise ValueError(f"maps of shape {maps.shape}: give (N, H, W) of at least 2 neurons")
    directions = np.random.default_rng(seed).standard_normal((count, len(maps)))
    directions /= np.linalg.norm(directions, axis=1, keepdims=True)
    return np.tensordot(directions, maps, 1), directions


def late_and_mixed(network: Network, count: int = 6, size: Size = 96, seed: int = 0) -> np.ndarray:
    """Return maps of the last hidden neurons, and of as many mixtures of them, on one contrast.

    The maps (2 · count, H, W), the neurons' first, have the mean 0 and the deviation 2/3.

    Examples
    --------
    >>> maps = late_and_mixed(network, count=2, size=8)
    >>> maps.shape, [round(float(one.std()), 3) for one in maps]
    ((4, 8, 8), [0.667, 0.667, 0.667, 0.667])
    """
    neurons = network.activations(size)[late_neurons(network.wiring)][-count:]
    maps = np.concatenate([neurons, mixed_maps(neurons, len(neurons), seed)[0]])
    maps = maps - maps.mean(axis=(1, 2), keepdims=True)
    return maps / np.maximum(1.5 * maps.std(axis=(1, 2), keepdims=True), 1e-12)
