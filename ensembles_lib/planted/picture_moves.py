"""Moves of the whole picture whose synapses and amounts are known in closed form.

A neuron that hears x, y and 1 sees the picture at places that its three weights choose: to shift
the picture by d, take w_x d from w_1; to make it wider, divide w_x; to turn it, turn (w_x, w_y).
Where every neuron that hears a coordinate hears what a move needs, the move is exact however far
it goes, and its ensemble is known, however many synapses the network has.
"""

import numpy as np

from ..core import Network
from ..core.passes import weight_matrix
from ..properties import GENERATORS

X, Y, ONE, STAYS = (1, 0, 0), (0, 1, 0), (0, 0, 1), (0, 0, 0)
# (2, 3) each, in the order of GENERATORS: where a place (x, y, 1) goes, per unit.
MOTIONS = (ONE, STAYS), (STAYS, ONE), ((0, -1, 0), X), (Y, STAYS), (X, STAYS), (STAYS, Y)


def exact_moves(network: Network) -> dict[str, np.ndarray]:
    """Return, by name, how much each weight changes when the whole picture moves, each (S,).

    Per unit of the move, as `affine_generators` counts: shifts by half the side, a turn and a lean
    by one radian, width and height by 100 %. Synapses whose weight changes are the move's ensemble.
    Moves that the wiring cannot make are left out: where a neuron hears x but not y, as two do with
    the narrow entry, the picture can neither turn nor lean. ValueError if the network does not
    paint, or hears the distance from the middle.

    Examples
    --------
    >>> strict = exact_moves(Network.random(article_wiring("strict"), seed=1))
    >>> {name: np.flatnonzero(amounts).tolist() for name, amounts in strict.items()}
    ... # doctest: +NORMALIZE_WHITESPACE
    {'shift x': [2, 5], 'shift y': [2, 5], 'turn': [0, 1, 3, 4], 'lean': [1, 4],
     'width': [0, 3], 'height': [1, 4]}
    >>> list(exact_moves(Network.random(article_wiring("narrow"), seed=1)))
    ['shift x', 'shift y', 'width', 'height']
    """
    network.check_paints()
    wiring = network.wiring
    distance = (wiring.source == 2) & (wiring.n_inputs == 4) & (network.weights != 0)
    if distance.any():
        neuron = wiring.target[distance.argmax()]
        raise ValueError(
            f"neuron {neuron} hears the distance from the middle: moving the picture exactly "
            "needs a network that hears x, y and 1 alone"
        )
    entry, found = [0, 1, wiring.n_inputs - 1], {}
    heard, hears = weight_matrix(wiring, network.weights)[:, :2], wiring.listens[:, entry]
    for name, motion in zip(GENERATORS, MOTIONS, strict=True):
        change = np.zeros(wiring.listens.shape)
        change[:, entry] = -heard @ np.array(motion)
        if not change[:, entry][~hears].any():
            found[name] = change[wiring.target, wiring.source] + 0.0
    return found
