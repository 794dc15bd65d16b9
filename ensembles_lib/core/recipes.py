"""Recipes for wirings: cascades, the article's, others in its style, and layers."""

import operator
from collections.abc import Sequence

import numpy as np

from .wiring import Wiring

# The article gives 37 neurons, 460 synapses and the owners of some synapse numbers, but not how
# many synapses each neuron has: these lists are reconstructions, by the way that coordinates enter.
_LATE = *(15,) * 9, *(16,) * 5, *(22,) * 3
ARTICLE_FAN_IN = {
    "narrow": (*(3, 3, 3, 4, 4, 4, 7, 9, 10, 10), 11, *(12,) * 6, *(13,) * 3, *_LATE),
    "strict": (*(3, 3, 3, 4, 4, 4, 7, 8, 9, 10, 11, 12, 13, 13, 12, 12, 12), *(13,) * 3, *_LATE),
    "wide": (*(3, 3, 3, 3, 4, 5, 7, 9, 11, 11, 11, 12, 10), *(12,) * 4, *(13,) * 3, *_LATE),
}
X, Y, ONE = 0, 1, 2  # the inputs of a network that paints
N_HIDDEN = 34
SECOND = {7: (X, ONE), 8: (Y, ONE)}  # neurons of the narrow entry that hear a coordinate once more
FEWEST = 5  # hidden neurons of a wiring in the article's style
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
    return _cascade(fan_in, [range(n_inputs)] * len(fan_in), n_inputs, n_outputs)


def _cascade(fan_in, inputs, n_inputs=3, n_outputs=3):
    """Return a cascade in which each neuron listens to inputs of its own choice, in order."""
    sources, n_hidden = [], len(fan_in) - n_outputs
    if n_hidden < 0:
        raise ValueError(f"{len(fan_in)} fan-ins for {n_outputs} outputs: give one per neuron")
    for neuron, (count, heard) in enumerate(zip(fan_in, inputs, strict=True)):
        stop, before = n_inputs + min(neuron, n_hidden), count - len(heard)
        if not 0 <= before <= stop - n_inputs:
            raise ValueError(
                f"neuron {neuron} cannot have {count} synapses: it listens to {len(heard)} inputs "
                f"and may listen to {stop - n_inputs} neurons before it"
            )
        sources.append([*heard, *range(stop - before, stop)])
    return Wiring(sources, n_inputs, n_outputs)


def article_wiring(entry: str | int = "narrow") -> Wiring:
    """Return the article's wiring: x, y, 1 in, 37 neurons, 460 synapses, R, G, B out.

    Every neuron listens to the constant 1 and to its nearest predecessors. The article gives
    synapse numbers and their owners, not the list of fan-ins, nor who hears the coordinates:
    these are reconstructions, and `entry` says which.

    Source: *The synapse ensemble is a structural unit of the neural network* (2015).

    Parameters
    ----------
    entry
        Where x and y enter. "narrow": neurons 0 and 1 hear both, neuron 7 hears x once more
        and neuron 8 y; all quoted numbers are met. "strict": neurons 0 and 1 alone, so that
        their six weights are the six degrees of freedom of an affine map of the picture;
        synapses 45 and 46 then belong to neuron 9, not to the quoted 8. "wide": every neuron,
        the outputs as well; all quoted numbers are met. A number from 2 to 34: so many hidden
        neurons, the first ones (2 is "strict"; 34 is not "wide"). ValueError if it is another.

    Examples
    --------
    >>> article_wiring()
    Wiring(3 inputs, 37 neurons, 460 synapses, 3 outputs)
    >>> [int(sum(article_wiring(entry).source < 2)) for entry in ("strict", "narrow", 8, "wide")]
    [4, 6, 16, 74]
    """
    named = isinstance(entry, str)
    if named and entry == "narrow":
        inputs = [(X, Y, ONE)] * 2 + [SECOND.get(neuron, (ONE,)) for neuron in range(2, 37)]
        return _cascade(ARTICLE_FAN_IN["narrow"], inputs)
    if named and entry == "wide":
        return cascade_wiring(ARTICLE_FAN_IN["wide"])
    count = 2 if named and entry == "strict" else entry
    whole = isinstance(count, int | np.integer) and not isinstance(count, bool)
    if not whole or not 2 <= count <= N_HIDDEN:
        raise ValueError(
            f'entry {entry!r}: give "narrow", "strict", "wide", or in how many hidden neurons '
            f"x and y enter, 2 to {N_HIDDEN}"
        )
    inputs = [(X, Y, ONE)] * count + [(ONE,)] * (N_HIDDEN + 3 - count)
    wiring = _cascade(ARTICLE_FAN_IN["strict"], inputs)
    # Where many neurons hear coordinates, that list leaves some of the first unheard.
    leading = np.unique(np.concatenate([wiring.feeding(output) for output in wiring.outputs]))
    all_lead = len(leading) == wiring.n_synapses
    return wiring if all_lead else _cascade(ARTICLE_FAN_IN["wide"], inputs)


def scaled_wiring(n_synapses: int) -> Wiring:
    """Return a wiring in the article's style of about so many synapses, with the narrow entry.

    Neurons and fan-in both grow with the square root of the number of synapses. How many
    neurons a neuron hears follows the article's list, read at the same relative position among
    the hidden neurons and multiplied by the factor that comes nearest to the number asked for;
    beside them it hears the constant 1. x and y enter through the first two neurons, and once
    more each at two neurons at the same relative position as in the article's wiring. At 460 it
    is the article's own wiring; ValueError if there are too few for a network in this style, of 8
    neurons at least, or more than 20,000.

    Examples
    --------
    >>> wiring = scaled_wiring(150)
    >>> wiring.n_neurons, wiring.n_synapses
    (21, 147)
    """
    whole = isinstance(n_synapses, int | np.integer) and not isinstance(n_synapses, bool)
    if not whole or not 1 <= n_synapses <= LARGEST:
        raise ValueError(
            f"{n_synapses!r} synapses: give a whole number up to {LARGEST:,}, such as 460"
        )
    article = article_wiring()
    growth = np.sqrt(n_synapses / article.n_synapses)
    neurons = np.bincount(article.target[article.source >= 3], minlength=article.n_neurons)
    hidden, outputs = neurons[:-3], neurons[-3:]
    hidden[:3] = hidden[3]  # what the first would hear if there were as many before them
    n_hidden = round(article.n_neurons * growth) - 3
    if n_hidden < FEWEST:
        least = article.n_synapses * ((FEWEST + 2.5) / article.n_neurons) ** 2
        raise ValueError(
            f"{n_synapses} synapses are too few for a network in the article's style: "
            f"give {int(np.ceil(least))} or more"
        )
    again = max(2, round(min(SECOND) * n_hidden / N_HIDDEN))
    inputs = [(X, Y, ONE)] * 2 + [(ONE,)] * (n_hidden + 1)
    inputs[again : again + 2] = SECOND.values()
    place = (np.arange(n_hidden) + 0.5) / n_hidden * N_HIDDEN - 0.5
    profile = np.append(np.interp(place, np.arange(N_HIDDEN), hidden), outputs)
    room = np.minimum(np.arange(n_hidden + 3), n_hidden)
    room[1] = 0  # the first two hear coordinates alone
    lists = np.rint(np.outer(np.linspace(0, 2, 2001) * growth, profile))
    # Who hears but one neuron would hear of one direction in the picture only. And as each hears
    # the two before it, every neuron reaches an output.
    lists = np.minimum(np.maximum(lists, 2), room) + [len(heard) for heard in inputs]
    fan_in = lists[np.abs(lists.sum(axis=1) - n_synapses).argmin()].astype(int).tolist()
    return _cascade(fan_in, inputs)


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
