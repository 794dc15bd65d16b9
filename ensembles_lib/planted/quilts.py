"""Quilts: networks of hundreds of synapses whose ensembles are known, as they were sewn together.

Several small networks each learn to paint a patch of their own. Joined in one wiring, what they
paint adds up to one picture, in which patches overlap; their neurons are shuffled, so that the
numbers of the synapses tell nothing of who paints what.
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from ..core import (
    Network,
    Picture,
    Wiring,
    cascade_wiring,
    coordinates,
    train_levenberg_marquardt,
)

SIDE, ITERATIONS = 48, 100  # of the pictures that patches learn, and how long
RESTRICTION = 1e-4  # of energy: a ground of exactly -1 takes large weights
STARTS, WELL = 6, 0.03  # of a patch, at most; RMSE that is good enough
APART = 0.7  # of the sum of two radii: centres of patches lie at least so far from each other
PATCHES = 4, 8  # in a quilt: fewest and most
SYNAPSES = 460  # of a quilt, about
FEWEST, MOST = 30, 120  # synapses of a patch
NEAR = 5  # predecessors that a neuron of a patch hears
LIGHTEST = 1.2  # of a patch, above the ground
ONE = 2  # the constant among the inputs
NONE = -1  # the patch of a synapse that belongs to none


class Quilt(NamedTuple):
    """A network, and which patch each of its synapses paints.

    Attributes
    ----------
    patch_of : (S,) int array
        -1 for the three synapses that set the ground.
    patches : list of Network
        Each alone.

    Examples
    --------
    >>> halves = [Network.random(layered_wiring((2, 4, 3)), seed) for seed in (1, 2)]
    >>> sewn = sew(halves, np.random.default_rng(0))
    >>> [int(np.sum(sewn.patch_of == patch)) for patch in (-1, 0, 1)]
    [3, 30, 30]
    """

    network: Network
    patch_of: np.ndarray
    patches: list


def quilt(seed: int) -> Quilt:
    """Return a random quilt of 4 to 8 patches, of some 460 synapses in all.

    Examples
    --------
    >>> sewn = quilt(0)  # a second
    >>> sewn.network, len(sewn.patches)
    (Network(72 neurons, 451 synapses, rms weight 1.30), 8)
    """
    rng = np.random.default_rng(seed)
    count = int(rng.integers(PATCHES[0], PATCHES[1] + 1))
    sizes = np.clip(SYNAPSES / count * rng.uniform(0.6, 1.4, count), FEWEST, MOST)
    windows = _windows(count, rng)
    return sew([_learn_patch(*of, rng) for of in zip(sizes, windows, strict=True)], rng)


def sew(patches: Sequence[Network], rng: np.random.Generator) -> Quilt:
    """Join networks in one wiring, in a random order in which each neuron hears only earlier ones.

    New outputs add up what the patches paint, from -1 on, the ground of them all.

    Examples
    --------
    >>> halves = [Network.random(layered_wiring((2, 4, 3)), seed) for seed in (1, 2)]
    >>> both = sew(halves, np.random.default_rng(0)).network.paint(8).pixels
    >>> summed = sum(one.paint(8).pixels + 1 for one in halves) - 1
    >>> bool(np.allclose(both, np.clip(summed, -1, 1)))
    True
    """
    for number, one in enumerate(patches):
        if (one.wiring.n_inputs, one.wiring.n_outputs) != (ONE + 1, 3):
            raise ValueError(f"patch {number} is {one.wiring}: give 3 inputs and 3 outputs")
    sizes = [one.wiring.n_neurons for one in patches]
    owners = rng.permutation(np.repeat(np.arange(len(patches)), sizes))
    count = len(owners)
    rows, kinds, ends = [None] * count, ["identity"] * (count + 3), []
    for number, one in enumerate(patches):
        place = np.flatnonzero(owners == number)
        moved = np.concatenate([np.arange(ONE + 1), ONE + 1 + place])
        for neuron, new in enumerate(place):
            own = one.wiring.synapses_of(neuron)
            rows[new] = moved[one.wiring.source[own]], one.weights[own], [number] * len(own)
            kinds[new] = one.wiring.activations[neuron]
        ends.append(moved[-3:])
    for colour in range(3):
        # The constant undoes the grounds of all patches but one; it belongs to none of them.
        heard = np.array([ONE, *(end[colour] for end in ends)])
        order = np.argsort(heard)
        weights = np.array([len(patches) - 1.0, *np.ones(len(patches))])
        rows.append((heard[order], weights[order], np.array([NONE, *range(len(patches))])[order]))
    sources, weights, patch_of = zip(*rows, strict=True)
    wiring = Wiring([list(heard) for heard in sources], ONE + 1, 3, kinds)
    return Quilt(Network(wiring, np.concatenate(weights)), np.concatenate(patch_of), list(patches))


def _patch_wiring(size):
    """Return the wiring of a patch of nearly so many synapses."""
    fan_ins = [3 + min(neuron, NEAR) for neuron in range(MOST)]
    last = 3 + NEAR
    for hidden in range(2, MOST):
        if sum(fan_ins[:hidden]) + 3 * last >= size - NEAR:
            break
    return cascade_wiring([*fan_ins[:hidden], *[3 + min(hidden, NEAR)] * 3])


def _windows(count, rng):
    """Return random places and radii of round patches that overlap, but not much."""
    while True:
        radii = np.sqrt(4 / (np.pi * count)) * rng.uniform(0.7, 1.1, count)
        places = rng.uniform(-0.85, 0.85, (count, 2))
        away = np.linalg.norm(places[:, None] - places, axis=-1)
        near = away < APART * (radii[:, None] + radii)
        if np.count_nonzero(near) == count:  # each is near itself
            return [(*place, radius) for place, radius in zip(places, radii, strict=True)]


def _learn_patch(size, window, rng):
    """Return a network that has learnt two colours in a round window, on a ground of -1."""
    wiring, (a, b, radius), angle = _patch_wiring(size), window, rng.uniform(0, np.pi)
    x, y, _ = coordinates(SIDE).reshape(3, SIDE, SIDE)
    inside = (1 - np.tanh(12 * (np.hypot(x - a, y - b) - radius))) / 2
    along = np.cos(angle) * (x - a) + np.sin(angle) * (y - b)
    side = (1 + np.tanh(rng.uniform(3, 12) * along)) / 2
    colour, other = rng.uniform(0, LIGHTEST, (2, 3))
    light = side[..., None] * colour + (1 - side[..., None]) * other
    picture, learnt = Picture(inside[..., None] * light - 1), []
    for _ in range(STARTS):
        start = Network.random(wiring, seed=int(rng.integers(2**31)))
        one, _ = train_levenberg_marquardt(start, picture, ITERATIONS, RESTRICTION, progress=False)
        learnt.append(one)
        if one.provenance["rmse"] <= WELL:
            break
    return min(learnt, key=lambda network: network.provenance["rmse"])
