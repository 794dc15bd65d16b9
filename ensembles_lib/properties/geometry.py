"""The whole picture's geometry: what moving it looks like, and which synapses do just that."""

from collections.abc import Sequence

import numpy as np

from ..core import Network
from ..core.passes import CHUNK, colours_of, forward, output_signals, weight_matrix
from ..core.points import PER_DISTANCE, Size, check_memory, check_size, inputs_at, parts

# The ways to move a picture, in order; `affine_generators` says by how much.
GENERATORS = ("shift x", "shift y", "turn", "lean", "width", "height")
FAINTEST = 1e-9  # derivative, in units of colour: a picture that changes less is a constant one
DEPENDENT = 1e-10  # of the strongest: energy of a mix of generators that counts as none


def affine_generators(network: Network, size: Size = 128) -> np.ndarray:
    """Return the derivatives of the painted picture by the six ways to move it, (6, H, W, 3).

    In the order of `GENERATORS`: shift x, shift y (by one unit, half the picture's side), turn
    (by one radian, anticlockwise), lean (by one radian, to the right), width, height (by 100 %);
    all about the picture's middle, y up. They are exact; what comes in at the edge is what the
    network paints beyond. Colours are not clipped, as in `jacobian`.

    Examples
    --------
    >>> from ensembles_lib.properties import affine_generators
    >>> shift_x, shift_y, turn, lean, width, height = affine_generators(network, 8)
    >>> x, y, _ = coordinates(8).reshape(3, 8, 8, 1)
    >>> bool(np.allclose(turn, x * shift_y - y * shift_x))
    True
    """
    network.check_paints()
    height, width = check_size(size)
    check_memory((6, height, width, 3), float, f"generators at {height}×{width}")
    places = network.inputs(size)[:2]
    generators = generators_of(place_slopes(network, places)[1], places)
    return generators.reshape(6, 3, height, width).transpose(0, 2, 3, 1)


def generators_of(slopes, places):
    """Return the six generators (6, 3, P) of derivatives by x and y (2, 3, P) at places (2, P)."""
    shift_x, shift_y = -slopes  # what moves to the right shows what was on the left
    x, y = places
    turn = x * shift_y - y * shift_x
    return np.stack([shift_x, shift_y, turn, y * shift_x, x * shift_x, y * shift_y])


def place_slopes(network, places):
    """Return the colours (3, P) at any places (2, P), and their derivatives by x and y (2, 3, P).

    In the precision of the places, and not clipped, as in `jacobian`; where there is a kink (d at
    the middle, clipped hues), the derivative is that of one side, or 0.
    """
    wiring, matrix = network.wiring, weight_matrix(network.wiring, network.weights)
    matrix = matrix.astype(places.dtype)
    colours = np.empty((3, places.shape[1]), places.dtype)
    slopes = np.empty((2, *colours.shape), places.dtype)
    for part in parts(places.shape[1], CHUNK // 2):  # three signals a neuron share the cache
        sent = forward(wiring, matrix, inputs_at(places[:, part], wiring.n_inputs))
        colours[:, part] = colours_of(wiring, sent)
        slopes[..., part] = slopes_of(wiring, matrix, sent, output_signals(wiring, matrix, sent))
    return colours, slopes


def slopes_of(wiring, matrix, sent, signals):
    """Return the derivatives of the colours by x and y, (2, n_outputs, P), from their signals."""
    by_input = np.swapaxes(matrix[:, : wiring.n_inputs].T @ signals, 0, 1)
    slopes = by_input[:2]
    if wiring.n_inputs == 4:
        distance = np.hypot(*sent[:2])
        # At the very middle d has a tip: no direction leads away from it more than another.
        towards = sent[:2] / np.where(distance > 0, distance, 1)
        slopes = slopes + PER_DISTANCE * towards[:, None] * by_input[2]
    return slopes


def geometry_share(
    network: Network,
    size: Size = 128,
    synapses: Sequence[int] | None = None,
    within: Sequence[str] = GENERATORS,
) -> np.ndarray:
    """Return how much of what each synapse does to the picture is a move of the whole, (S,).

    The share of the energy of its signed change, ∂picture/∂weight over all pixels and channels,
    that lies in the span of the generators named `within`; NaN where it changes nothing.

    ValueError if the network does not paint or `within` does not change its picture, IndexError if
    a synapse does not exist.

    Parameters
    ----------
    synapses
        Of these only, in this order; all unless given.
    within
        Of these ways to move alone: ("turn",), say, or ("shift x", "shift y").

    Examples
    --------
    >>> from ensembles_lib.properties import geometry_share
    >>> network = Network.random(article_wiring("strict"), seed=1)
    >>> geometry_share(network, 32, synapses=range(6)).round(6).tolist()
    [1.0, 1.0, 1.0, 1.0, 1.0, 1.0]
    """
    network.check_paints()
    wiring, places = network.wiring, network.inputs(size)
    numbers = range(wiring.n_synapses) if synapses is None else synapses
    if not np.iterable(numbers):
        raise ValueError(f"synapses {synapses!r}: give a sequence of numbers, such as [0, 1]")
    chosen = np.array([wiring.check_synapse(k) for k in numbers], int)
    if not (len(within) and set(within) <= set(GENERATORS)):
        raise ValueError(f"within {within!r}: give some of {', '.join(GENERATORS)}")
    rows = [GENERATORS.index(name) for name in within]
    matrix = weight_matrix(wiring, network.weights)
    gram, energy = np.zeros((6, 6)), np.zeros(matrix.shape)
    mixed = np.zeros((6, *matrix.shape))
    for part in parts(places.shape[1], CHUNK // 4):  # doubles, and three signals a neuron
        sent = forward(wiring, matrix, places[:, part])
        signals = output_signals(wiring, matrix, sent)
        slopes = slopes_of(wiring, matrix, sent, signals)
        generators = generators_of(slopes, sent[:2])
        flat = generators.reshape(6, -1)
        gram += flat @ flat.T
        # The Jacobian is a product of two factors, and so is its square: neither is written out.
        energy += np.einsum("cnp,cnp->np", signals, signals) @ (sent * sent).T
        for a, slope in enumerate(slopes):
            along = np.einsum("cp,cnp->np", slope, signals)
            for b, by in enumerate((None, sent[0], sent[1])):
                mixed[3 * a + b] -= along @ (sent if by is None else sent * by).T
    # By x and y, each times 1, x and y, to the six generators; as in `generators_of`.
    x, x_x, x_y, y, y_x, y_y = mixed[:, wiring.target[chosen], wiring.source[chosen]]
    inner = np.stack([x, y, y_x - x_y, x_y, x_x, y_y])
    return _shares(gram, inner, energy[wiring.target[chosen], wiring.source[chosen]], rows, places)


def _shares(gram, inner, energy, rows, points):
    """Return the shares (M,) of changes, by their energies and their products with generators."""
    gram, inner = gram[np.ix_(rows, rows)], inner[rows]
    if not gram.trace() > FAINTEST**2 * points.size:
        names = ", ".join(GENERATORS[row] for row in rows)
        raise ValueError(f"the picture does not change with {names}: there is nothing to move")
    values, vectors = np.linalg.eigh(gram)
    # A picture of stripes does not change along them: fewer than six moves can be seen.
    seen = values > DEPENDENT * values[-1]
    held = np.sum((vectors[:, seen].T @ inner) ** 2 / values[seen, None], axis=0)
    return np.divide(held, energy, out=np.full(len(energy), np.nan), where=energy > 0).clip(0, 1)
