"""Control ensembles: the fewest synapses by which a property can be moved, and it alone."""

import numpy as np

from ..properties.measurements import as_measurement
from .control_search import Trial
from .ensembles import check_synapses
from .sensitivities import effects_and_scales, linear_ranges
from .steps import check_amount, reach


def control_ensemble(
    network,
    properties,
    which,
    amount,
    *,
    half=None,
    low=None,
    high=None,
    size=96,
    among=None,
    max_leak=0.1,
    gain=(0.8, 1.25),
    share=0.9,
    jitter=0.05,
    environments=20,
    largest=40,
    seed=0,
):
    """Return a small set of synapses that moves one property and hardly any other.

    Chosen one by one, each time the one with which the set does best (forward selection: Chen,
    Billings & Luo 1989, *Int. J. Control* 50, 1873) in the network and in its jittered
    environments; then those that can be spared are taken out again. Every set is tried on the
    network itself, and in environments in which all other weights are jittered. Greedy: it finds
    small sets, in most cases the smallest (the tests compare them with exhaustive search).

    Parameters
    ----------
    network, properties, which, amount, half, low, high, size
        As in `coordinated_move`.
    among : sequence of int, optional
        Synapses to choose from, such as `hidden_synapses`; all unless given.
    max_leak : float
    gain : (float, float)
        Where the gain must lie in a `share` of the environments.
    share : float
    jitter : float
        In working ranges: each other weight is moved by a normal number times this times R_k.
        With 460 synapses, 0.05 changes the whole picture about as much as one synapse does at
        the end of its working range.
    environments : int
        That the search tries sets in; twice as many others, unseen, decide.
    largest : int
        Size at which the search gives up.
    seed : int
        Of the environments.

    Returns
    -------
    Control

    Raises
    ------
    ValueError, IndexError
        As in `coordinated_move`; also if a number makes no sense.

    Examples
    --------
    >>> network = Network.random(layered_wiring((2, 3, 3)), seed=1)
    >>> everywhere = np.ones((8, 8), bool)
    >>> red, green = (
    ...     colour_property(everywhere, mix, name)
    ...     for mix, name in (((1, 0, 0), "red"), ((0, 1, 0), "green"))
    ... )
    >>> found = control_ensemble(network, [red, green], "red", 0.01, size=8, environments=5)
    >>> found.synapses, bool(found.leak <= 0.1)
    (array([9]), True)
    """
    measured = as_measurement(network, properties, size)
    which, amount = measured.number(which), check_amount(amount)
    if not amount:
        raise ValueError("amount 0: every set of synapses does that, give another")
    if not (jitter >= 0 and environments >= 1 and max_leak > 0 and 0 <= share <= 1):
        raise ValueError(
            f"jitter {jitter}, environments {environments}, max_leak {max_leak}, share {share}: "
            "give a jitter from 0, at least 1 environment, a leak above 0, a share up to 1"
        )
    half = linear_ranges(network, size) if half is None else half
    among = range(network.wiring.n_synapses) if among is None else among
    among = check_synapses(among, network.wiring.n_synapses)
    unit, below, above = reach(network.wiring, half, low, high, among)
    start, by_weight = measured.slopes(network.weights)
    effects, scales = effects_and_scales(by_weight, half, measured.names)
    noise = np.random.default_rng(seed).standard_normal((3 * environments, len(unit)))
    noise, unseen = np.split(noise * jitter * unit, [environments])
    elsewhere = [measured.slopes_or_nan(network.weights + n, [which])[1][0] for n in noise]
    astray = np.nan_to_num(np.array(elsewhere) * unit / scales[which] - effects[which])
    trial = Trial(
        network, measured, which, amount, unit, below, above, start, scales, noise, unseen,
        astray, np.zeros(environments), max_leak, (*gain, share),
    )  # fmt: skip
    return trial.search(min(largest, np.count_nonzero(above > below)))
