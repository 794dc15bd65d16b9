"""Birds: of many networks taught alike, which show the article's first demonstration.

In the article synapse 0 tilts the bird and its neighbour changes its width. Here the first six
synapses, those of the two neurons through which coordinates enter, are moved far, and what an
affine map of the whole picture explains of each move is measured. The rule by which the network
that ships is chosen was fixed before any was trained: see data/study/PREDICTIONS.md.
"""

from collections.abc import Mapping, Sequence

import numpy as np

from ..core import Network
from ..properties import affine_fit
from ..sweeps import working_range

FIRST = range(6)  # synapses of neurons 0 and 1 where no other neuron hears both coordinates
FAR = 10  # working ranges
FITTED = ("tilt", "lean", "width", "height", "shift_x", "shift_y", "explained", "turned", "shifted")
LARGEST_ERROR = 0.055  # RMSE at 128×128
TURNED, WIDENED = 5.0, 5.0  # degrees and % at 10 R, from which a bird is turned or widened
PURE = 0.8  # explained, median over the six
RULE = (
    f"among those with RMSE up to {LARGEST_ERROR} in which synapse 0 turns or leans the bird by "
    f"{TURNED:g}° or more and synapse 1 changes its width or height by {WIDENED:g} % or more at "
    f"{FAR} R, the one with the largest median over synapses 0 to 5 of what an affine fit "
    f"explains, both signs averaged; if that is below {PURE}, the largest without the condition on "
    "0 and 1; of equals the one with the smallest error"
)


def far_moves(network: Network, ranges_at: int = 64, size: int = 128) -> dict[str, np.ndarray]:
    """Return what moving each of the first six synapses by ±10 R does to the whole picture.

    By name of `FITTED`, the fields of `affine_fit`, an array (6, 2): synapses, down and up; and
    ``half`` (6,), their working ranges, measured at another size than the fits.

    Examples
    --------
    >>> strict = Network.random(article_wiring("strict"), seed=1)
    >>> far_moves(strict, 16, 16)["explained"].shape
    (6, 2)
    """
    half = np.array([working_range(network, k, ranges_at).usable for k in FIRST], float)
    found = {name: np.empty((len(FIRST), 2)) for name in FITTED}
    for k, reach in zip(FIRST, half, strict=True):
        for side, times in enumerate((-FAR, FAR)):
            fit = affine_fit(
                network, network.with_weight(k, network.weights[k] + times * reach), size
            )
            for name in FITTED:
                found[name][k, side] = getattr(fit, name)
    return found | {"half": half}


def purity(moves: Mapping) -> float:
    """Return the median over the six of what an affine map explains, both signs averaged.

    NaN if one of them moves nothing.

    Examples
    --------
    >>> purity({"explained": [[1.0, 0.8], [0.5, 0.5], [0.2, 0.0]]})
    0.5
    """
    return float(np.median(np.mean(moves["explained"], axis=1)))


def shows_the_pair(moves: Mapping) -> bool:
    """Does synapse 0 turn or lean the bird, and synapse 1 change its width or height?

    Examples
    --------
    >>> still = np.zeros((6, 2))
    >>> shows_the_pair(dict(tilt=still + 6, lean=still, width=still, height=still - 7))
    True
    """
    tilt, lean, width, height = (
        np.abs(moves[name]).mean(axis=1) for name in ("tilt", "lean", "width", "height")
    )
    return bool(max(tilt[0], lean[0]) >= TURNED and max(width[1], height[1]) >= WIDENED)


def choose(errors: Sequence[float], moves: Sequence[Mapping]) -> int:
    """Return the number of the network that `RULE` chooses.

    Of what `far_moves` returned of each, and their errors. A network of which nothing can be told,
    because one of its six synapses moves nothing, comes last. ValueError if no error is small
    enough, or there are not as many errors as moves.

    Examples
    --------
    >>> pure, still = {"explained": np.full((6, 2), 0.9)}, np.zeros((6, 2))
    >>> moves = [pure | dict(tilt=still, lean=still, width=still, height=still)] * 3
    >>> choose([0.06, 0.05, 0.04], moves)
    2
    """
    if not len(errors) == len(moves) > 0:
        raise ValueError(f"{len(errors)} errors, {len(moves)} moves: give both of each network")
    good = [n for n, error in enumerate(errors) if error <= LARGEST_ERROR]
    if not good:
        raise ValueError(f"the smallest error is {min(errors):.3f}: none is below {LARGEST_ERROR}")

    def best(numbers):
        # Rounded: that one pure bird is purer than another by a rounding error says nothing.
        pure = {n: float(np.nan_to_num(purity(moves[n]), nan=-1)) for n in numbers}
        return max(numbers, key=lambda n: (round(pure[n], 3), -errors[n]))

    pairs = [n for n in good if shows_the_pair(moves[n])]
    if pairs and purity(moves[best(pairs)]) >= PURE:
        return best(pairs)
    return best(good)
