"""Recipes for wirings: cascades, the article's, others in its style, and layers."""

import operator
from collections.abc import Sequence

import numpy as np

from .wiring import Wiring

# Fan-in of every neuron. The article gives 37 neurons, 460 synapses and the owners of some
# synapse numbers, but not the list itself: this one is a reconstruction that meets all of them.
ARTICLE_FAN_IN = (
    *(3, 3, 3, 3, 4, 5, 7, 9, 11, 11, 11, 12, 10, 12, 12, 12, 12, 13, 13, 13),
    *(15,) * 9,
    *(16,) * 5,
    *(22,) * 3,
)
LARGEST = 20_000  # synapses: the normal equations of more would not fit in memory


def cascade_wiring(fan_in: Sequence[int], n_inputs: int = 3, n_outputs: int = 3) -> Wiring:
    """Return a wiring in which neurons listen to all inputs and their nearest predecessors.

    Of the fan-in of each neuron, what exceeds `n_inputs` goes to the hidden neurons just before
    it; outputs do not listen to each other. ValueError if a neuron has fewer synapses than
    inputs, or more than there is to listen to.

    Examples
    --------
    >>> cascade_wiring([3, 4, 5, 5, 5]).sources_of(1).tolist()
    [0, 1, 2, 3]
    """
    sources, n_hidden = [], len(fan_in) - n_outputs
    for neuron, count in enumerate(fan_in):
        stop = n_inputs + min(neuron, n_hidden)
        if not n_inputs <= count <= stop:
            raise ValueError(
                f"neuron {neuron} cannot have {count} synapses: it listens to {n_inputs} inputs "
                f"and may listen to {stop - n_inputs} neurons before it"
            )
        sources.append([*range(n_inputs), *range(stop - (count - n_inputs), stop)])
    return Wiring(sources, n_inputs, n_outputs)


def article_wiring() -> Wiring:
    """Return the article's wiring: x, y, 1 in, 37 neurons, 460 synapses, R, G, B out.

    Source: the synapse numbers quoted in *The synapse ensemble is a structural unit of the
    neural network* (2015); the list of fan-ins is our reconstruction from them.

    Examples
    --------
    >>> article_wiring()
    Wiring(3 inputs, 37 neurons, 460 synapses, 3 outputs)
    """
    return cascade_wiring(ARTICLE_FAN_IN)


def scaled_wiring(n_synapses: int) -> Wiring:
    """Return a wiring in the article's style of about so many synapses.

    Neurons and fan-in both grow with the square root of the number of synapses. What a neuron
    hears beside the inputs follows the article's list, read at the same relative position among
    the hidden neurons and multiplied by the factor that comes nearest to the number asked for.
    As long as a neuron reaches no output, one neuron fewer. At 460 it is the article's own wiring;
    ValueError if there are too few for a network in this style, or more than 20,000.

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


def layered_wiring(sizes: Sequence[int]) -> Wiring:
    """Return a wiring of fully connected layers, each of which also listens to the constant 1.

    The sizes are those of the inputs without the constant, which becomes the last input, and of
    the layers, the last being the outputs. ValueError if one is below 1 or there is only one.

    Examples
    --------
    >>> layered_wiring((2, 16, 16, 3)).n_synapses  # 16·3 + 16·17 + 3·17
    371
    """
    sizes = [operator.index(size) for size in sizes]
    if len(sizes) < 2 or min(sizes) < 1:
        raise ValueError(f"sizes {sizes}: give inputs and at least one layer, each 1 or more")
    n_inputs = sizes[0] + 1
    sources, heard, stop = [], [*range(n_inputs)], n_inputs
    for size in sizes[1:]:
        sources += [heard] * size
        heard, stop = [n_inputs - 1, *range(stop, stop + size)], stop + size
    return Wiring(sources, n_inputs, sizes[-1])
