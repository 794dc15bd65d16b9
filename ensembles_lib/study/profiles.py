"""Profiles: a few numbers that tell how a network paints, whoever made it."""

import numpy as np

from ..core import Network
from ..core.points import Size
from ..ensembles import participants, selectivity, sensitivity
from ..properties import painted
from ..sweeps import atlas

VERSION = 1  # to be raised whenever what `profile` measures changes
GEOMETRY_VERSION = 1  # the same for geometry_profile of tools/data/measuring/profiles.py
STEPS = 11  # weights that each synapse takes
DRAWS = 200  # random directions
NONE = 1e-5  # a standardised effect that is but rounding in float32
SEEN = 1e-12  # ΔI² below which a change map is empty


def profile(network: Network, properties: list, size: Size = 64) -> dict:
    """Return what the measures of this library say of a network, in numbers without unit.

    All are medians over the synapses that move anything, in their working ranges. ValueError if a
    property cannot be measured on what the network paints, or if it paints nothing.

    Returns
    -------
    dict of str to float
        ``moved``: properties that a synapse moves, as a share of all (see `selectivity`).
        ``moved_by_random``: the same for random directions in units of the working ranges.
        ``held_by``: synapses that hold 90 % of a property, as a share; mean over properties.
        ``spread``: share of the picture that a synapse moves.
        ``mirror``: share of a synapse's signed change map that is alike left and right.
        ``linear``: share of its change that is proportional to the move.
        ``range``: half its working range over its weight's size.

    Examples
    --------
    >>> left = np.arange(16) < 8
    >>> halves = [np.broadcast_to(side, (16, 16)) for side in (left, ~left)]
    >>> reds = [colour_property(m, [1, 0, 0], n) for m, n in zip(halves, "lr")]
    >>> sorted(profile(Network.random(article_wiring(), seed=1), reds, size=16))
    ['held_by', 'linear', 'mirror', 'moved', 'moved_by_random', 'range', 'spread']
    """
    measured = painted(network, properties, size)
    swept = atlas(network, size, STEPS, progress=False)
    half = swept.ranges.usable
    effects = sensitivity(measured.slopes(network.weights)[1], half, measured.names)
    live = (half > 0) & (np.abs(effects).max(axis=0) > NONE)
    live &= swept.energy.sum(axis=(1, 2)) > SEEN
    random = effects @ np.random.default_rng(0).standard_normal((effects.shape[1], DRAWS))
    signed = swept.signed[live].astype(float)
    even = (signed + signed[..., ::-1]) / 2
    alike = (even**2).sum(axis=(1, 2, 3)) / (signed**2).sum(axis=(1, 2, 3))
    held = [len(participants(row)) for row in effects]
    sizes = np.maximum(np.abs(network.weights[live]), 1e-6)
    return {
        "moved": float(np.median(selectivity(effects)[live]) / len(effects)),
        "moved_by_random": float(np.median(selectivity(random)) / len(effects)),
        "held_by": float(np.mean(held) / np.count_nonzero(live)),
        "spread": float(np.median(swept.spread[live])),
        "mirror": float(np.median(alike)),
        "linear": float(np.median(swept.linearity[live])),
        "range": float(np.median(half[live] / sizes)),
    }


def scaled_to(network: Network, rms: float) -> Network:
    """Return a network whose weights have this root mean square: a control as steep as another.

    Examples
    --------
    >>> scaled_to(network, 2.5)
    Network(7 neurons, 27 synapses, rms weight 2.50)
    """
    weights = network.weights * (rms / np.sqrt(np.mean(network.weights**2)))
    return Network(network.wiring, weights, network.provenance)


def start_as_steep(network: Network, seed: int | None = None) -> Network:
    """Return the start that a network was trained from, with weights as large as its own.

    Or, with a `seed`, another random one of the same wiring.

    Its provenance tells the ``seed`` of the start, as that of the networks in data/runs/ does.

    Examples
    --------
    >>> trained = Network(network.wiring, 2 * network.weights, {"seed": 1})
    >>> start_as_steep(trained) == Network(trained.wiring, trained.weights)
    True
    """
    seed = network.provenance["seed"] if seed is None else seed
    start = Network.random(network.wiring, seed=seed)
    return scaled_to(start, np.sqrt(np.mean(network.weights**2)))
