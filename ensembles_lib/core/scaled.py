"""Wirings in the style of the article's, for other numbers of synapses than its 460."""

import numpy as np

from .wiring import ARTICLE_FAN_IN, cascade_wiring

LARGEST = 20_000  # synapses: the normal equations of more would not fit in memory


def scaled_wiring(n_synapses):
    """Return a wiring in the article's style of about so many synapses.

    Neurons and fan-in both grow with the square root of the number of synapses. What a neuron
    hears beside the inputs follows the article's list, read at the same relative position among
    the hidden neurons and multiplied by the factor that comes nearest to the number asked for.
    As long as a neuron reaches no output, one neuron fewer. At 460 it is the article's own wiring.

    Parameters
    ----------
    n_synapses : int

    Returns
    -------
    Wiring

    Raises
    ------
    ValueError
        If it is no whole number, too few for a network in this style, or more than 20,000.

    Examples
    --------
    >>> wiring = scaled_wiring(150)
    >>> wiring.n_neurons, wiring.n_synapses
    (20, 149)
    """
    whole = isinstance(n_synapses, int | np.integer) and not isinstance(n_synapses, bool)
    if not whole or not 1 <= n_synapses <= LARGEST:
        raise ValueError(
            f"{n_synapses!r} synapses: give a whole number up to {LARGEST:,}, such as 460"
        )
    growth = np.sqrt(n_synapses / sum(ARTICLE_FAN_IN))
    heard = np.array(ARTICLE_FAN_IN) - 3  # beside x, y and 1
    hidden, outputs = heard[:-3], heard[-3:]
    for n_hidden in range(round(len(heard) * growth) - 3, 0, -1):
        place = (np.arange(n_hidden) + 0.5) / n_hidden * len(hidden) - 0.5
        profile = np.append(np.interp(place, np.arange(len(hidden)), hidden), outputs)
        room = np.minimum(np.arange(n_hidden + 3), n_hidden)
        lists = 3 + np.minimum(np.rint(np.outer(np.linspace(0, 2, 2001) * growth, profile)), room)
        fan_in = lists[np.abs(lists.sum(axis=1) - n_synapses).argmin()].astype(int).tolist()
        wiring = cascade_wiring(fan_in)
        alive = np.unique(np.concatenate([wiring.feeding(output) for output in wiring.outputs]))
        if len(alive) == wiring.n_synapses:
            return wiring
    raise ValueError(f"{n_synapses} synapses are too few for a network in the article's style")
