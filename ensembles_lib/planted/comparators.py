"""Networks built by hand, whose ensembles of synapses are known: the article's part two.

Comparators of two numbers, and networks on a line whose output switches on and off at borders.
"""

from typing import NamedTuple

import numpy as np

from ..core import Network, Wiring
from ..core.points import check_memory
from .borders import border_sensitivities, on_line, signal_ranges

# Share of the strongest effect on a border from which a synapse is of its ensemble: one that moves
# two borders alike has 1/√2 of the effect of one that moves a single border, and is of both.
STRONG = 0.65


class Planted(NamedTuple):
    """A network built by hand, and the synapses that hold each of its properties.

    Attributes
    ----------
    ensembles
        By the name of the property.

    Examples
    --------
    >>> compare_binary(4).ensembles
    {'a': (0, 1, 2, 3), 'b': (4, 5, 6, 7)}
    """

    network: Network
    ensembles: dict[str, tuple[int, ...]]


def compare_binary(bits: int = 4) -> Planted:
    """Return one neuron that compares two binary numbers of 1 to 16 bits.

    Inputs: the bits (0 or 1) of a, most significant first, then those of b. The output is
    positive where a > b, negative where a < b, and exactly 0 where they are equal.

    Examples
    --------
    >>> compare_binary(3).network.weights.tolist()
    [1.0, 0.5, 0.25, -1.0, -0.5, -0.25]
    """
    powers = 0.5 ** np.arange(_check_bits(bits))
    wiring = Wiring([range(2 * bits)], n_inputs=2 * bits, n_outputs=1)
    network = Network(wiring, [*powers, *-powers])
    return Planted(network, {"a": (*range(bits),), "b": (*range(bits, 2 * bits),)})


def compare_binary_two_neurons(bits: int = 4) -> Planted:
    """Return a comparator that decodes each number in a neuron of its own, then compares these.

    Two hidden neurons stay so close to 0 that tanh is nearly a straight line there; the output
    weighs them against each other. Inputs, answers and errors are those of `compare_binary`; each
    ensemble spans two neurons.

    Examples
    --------
    >>> compare_binary_two_neurons(3).ensembles
    {'a': (0, 1, 2, 6), 'b': (3, 4, 5, 7)}
    """
    powers = 0.5 ** np.arange(3, _check_bits(bits) + 3)
    a, b = range(bits), range(bits, 2 * bits)
    wiring = Wiring([a, b, [2 * bits, 2 * bits + 1]], n_inputs=2 * bits, n_outputs=1)
    network = Network(wiring, [*powers, *powers, 8, -8])
    return Planted(network, {"a": (*a, 2 * bits), "b": (*b, 2 * bits + 1)})


def all_pairs(bits: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return the inputs for all pairs of numbers of 1 to 16 bits, and the two numbers of each pair.

    Inputs are 0 or 1, (2·bits, 4**bits); the numbers a and b are ints, (4**bits,), of which b runs
    fastest: reshaped to (2**bits, 2**bits), rows are a and columns b.

    Examples
    --------
    >>> all_pairs(1)[0].tolist()
    [[0.0, 0.0, 1.0, 1.0], [0.0, 1.0, 0.0, 1.0]]
    """
    _check_bits(bits)
    check_memory((2 * bits, 4**bits), float, f"all pairs of {bits}-bit numbers")
    a, b = np.divmod(np.arange(4**bits), 2**bits)
    places = np.arange(bits)[::-1, None]
    return np.concatenate([a >> places & 1, b >> places & 1]).astype(float), a, b


def what_numbers_add(weights: np.ndarray, bits: int) -> np.ndarray:
    """Return what each number a, and each b, adds to the sum of a one-neuron comparator.

    Weights are (..., 2·bits), in the order of `compare_binary`; the result is (..., 2, 2**bits):
    what 0, 1, 2, … add as a, and what they add as b.

    Examples
    --------
    >>> what_numbers_add([2, 1, -2, -1], bits=2).tolist()
    [[0.0, 1.0, 2.0, 3.0], [0.0, -1.0, -2.0, -3.0]]
    """
    weights = np.asarray(weights, float)
    number = all_pairs(bits)[0][bits:, : 2**bits]  # the bits of 0, 1, 2, …
    return weights.reshape(*weights.shape[:-1], 2, bits) @ number


def gap_between_borders(
    left: float = -0.4, right: float = 0.4, sharpness: float = 10.0, gain: float = 4.0
) -> Planted:
    """Return a network on a line whose output is positive between two borders only.

    Hidden neuron 0 rises at the left border, hidden neuron 1 falls at the right one; the output
    sums them and takes away just so much that it is 0 at both. Its ensembles are those of the two
    borders (see `border_ensembles`), and of the gap: all that move one of them. Borders lie in
    (-1, 1), 0.05 apart at least; the sharpness is the slope of the hidden neurons' net input, the
    gain their weight in the output.

    Examples
    --------
    >>> gap_between_borders().ensembles["left border"]
    (0, 1, 4, 6)
    """
    if not (left > -1 and left + 0.05 <= right < 1):
        raise ValueError(
            f"borders {[left, right]}: they must ascend within (-1, 1), 0.05 apart at least"
        )
    s, gain = _above_0(sharpness, "sharpness"), _above_0(gain, "gain")
    level = np.tanh(s * (right - left))
    network = Network(
        Wiring([[0, 1], [0, 1], [1, 2, 3]], n_inputs=2, n_outputs=1),
        [s, -s * left, -s, s * right, -gain * level, gain, gain],
    )
    one, other = border_ensembles(network, [left, right]).values()
    both = tuple(sorted({*one, *other}))
    return Planted(network, {"left border": one, "right border": other, "gap": both})


def four_neurons() -> Planted:
    """Return the article's network of 4 neurons with two regions, built to the letter of its text.

    Neuron 0 switches the output on at border 1; neuron 1 rises slowly and switches it off at border
    2; neuron 2 switches it on at border 3; and neuron 1, whose synapse is the strongest, off again
    at border 4, as it comes to its maximum. The text gives no numbers: borders are at -0.7, -0.3,
    0.1 and 0.5, and the output's weights follow from them. Ensembles are "border 1" to "border 4".

    Examples
    --------
    >>> four_neurons().network.respond(on_line([-0.9, -0.5, -0.1, 0.3, 0.9])).round().tolist()
    [[-1.0, 1.0, -1.0, 1.0, -1.0]]
    """
    borders, slow, steep, greatest = (-0.7, -0.3, 0.1, 0.5), 1.5, 30.0, 4.0
    half = greatest * np.tanh(slow * 0.4)  # what neuron 1 is short of, and in excess of, at 2 and 4
    wiring = Wiring([[0, 1], [0, 1], [0, 1], [1, 2, 3, 4]], n_inputs=2, n_outputs=1)
    # At border 1 the output is at 0 before neuron 0 is half way up: neuron 1 is still low there.
    rise = 1 - (greatest * np.tanh(slow * 0.8) - half) / 2
    hidden = [steep, steep * 0.7 + np.arctanh(rise), slow, -slow * 0.1, steep, -steep * 0.1]
    network = Network(wiring, [*hidden, -2.0, 2.0, -greatest, half])
    return Planted(network, border_ensembles(network, borders))


def two_regions() -> Planted:
    """Return a network on a line whose output is positive in two separate regions.

    From -0.75 to -0.25 and from 0.25 to 0.75. The output listens to x, 1 and three neurons: neuron
    0 rises sharply at border 1, neuron 1 is broad and pulls the output down around border 2,
    neuron 2 makes it fall sharply at border 4; x itself lifts it again at border 3. Shapes are
    chosen; the output's weights follow from four linear equations. Ensembles as `four_neurons`.

    Examples
    --------
    >>> two_regions().network.respond(on_line([-0.9, -0.5, 0, 0.5, 0.9])).round().tolist()
    [[-1.0, 1.0, -1.0, 1.0, -1.0]]
    """
    borders = np.array([-0.75, -0.25, 0.25, 0.75])
    hidden = np.array([[20, 15], [2, 0.7], [20, -15.55]])  # slope and bias of each neuron
    # Weights for which the sum of what the output hears is 0 at all four borders.
    heard = np.concatenate([on_line(borders), np.tanh(hidden @ on_line(borders))])
    listening = np.linalg.svd(heard.T)[2][-1]
    listening *= 12 * np.sign(listening[2]) / np.abs(listening).max()
    wiring = Wiring([[0, 1], [0, 1], [0, 1], range(5)], n_inputs=2, n_outputs=1)
    network = Network(wiring, [*hidden.ravel(), *listening])
    return Planted(network, border_ensembles(network, borders))


def border_ensembles(network, borders):
    """Return for each border of a network on a line the synapses that hold it, by "border 1" …

    They move it, within their working ranges, at least 0.65 times as far as the strongest can.
    """
    effects = np.abs(border_sensitivities(network, borders) * signal_ranges(network))
    strong = effects >= STRONG * effects.max(axis=1, keepdims=True)
    return {f"border {n}": (*np.flatnonzero(row).tolist(),) for n, row in enumerate(strong, 1)}


def _above_0(number, name):
    if not (np.isscalar(number) and np.isreal(number) and np.isfinite(number) and number > 0):
        raise ValueError(f"{name} {number!r}: give a number above 0")
    return float(number)


def _check_bits(bits):
    if not (isinstance(bits, int | np.integer) and 1 <= bits <= 16):
        raise ValueError(f"bits {bits!r}: give a whole number from 1 to 16")
    return bits
