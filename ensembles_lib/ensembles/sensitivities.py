"""Sensitivities: how strongly each synapse moves each property.

In units of working ranges throughout: raw weights of different synapses cannot be compared.
"""

import numpy as np


def units(half: np.ndarray) -> np.ndarray:
    """Return working ranges (S,) with 0 for synapses whose range is unbounded.

    Such a synapse (dead or saturated) changes the picture by less than ε wherever it goes: it
    counts for nothing and is never moved.

    Examples
    --------
    >>> units(np.array([0.3, np.inf])).tolist()
    [0.3, 0.0]
    """
    half = np.asarray(half, float)
    if half.ndim != 1 or not (half >= 0).all():
        raise ValueError(f"working ranges of shape {half.shape}: give (S,) numbers from 0 up")
    unit = np.where(np.isfinite(half), half, 0.0)
    if not unit.any():
        raise ValueError("no synapse has a bounded working range: nothing can be compared")
    return unit


def effects_and_scales(
    by_weight: np.ndarray, half: np.ndarray, names: tuple[str, ...] | None = None
) -> tuple[np.ndarray, np.ndarray]:
    """Return effects of one working range (A, S), standardised, and the scales (A,).

    From the derivatives (A, S) of a `Measurement` and working ranges R_k (S,). The scale of a
    property, by which effects are divided, is the RMS over synapses (those of `units`) of
    R_k ∂A/∂w_k. The names of the properties are for errors.

    Examples
    --------
    >>> effects, scales = effects_and_scales(np.array([[3.0, 4.0]]), np.array([1.0, 2.0]))
    >>> effects.round(3).tolist(), scales.round(3).tolist()
    ([[0.497, 1.324]], [6.042])
    """
    by_weight, unit = np.atleast_2d(np.asarray(by_weight, float)), units(half)
    if by_weight.ndim != 2 or by_weight.shape[1] != len(unit):
        raise ValueError(
            f"derivatives of shape {by_weight.shape} and {len(unit)} working ranges: "
            f"give (A, {len(unit)})"
        )
    effects = by_weight * unit
    scales = np.sqrt(np.mean(effects[:, unit > 0] ** 2, axis=1))
    names = map(str, range(len(scales))) if names is None else names
    for name, row, scale in zip(names, by_weight, scales, strict=True):
        if not np.isfinite(row).all():
            raise ValueError(f"property {name!r} has derivatives that are not finite")
        if not scale > 0:
            raise ValueError(f"property {name!r} is constant: no synapse moves it")
    return effects / scales[:, None], scales


def sensitivity(
    by_weight: np.ndarray, half: np.ndarray, names: tuple[str, ...] | None = None
) -> np.ndarray:
    """Return the sensitivity of every property to every synapse, (A, S).

    S_kA = R_k ∂A/∂w_k, divided by its RMS over synapses; see `effects_and_scales`.

    Examples
    --------
    >>> sensitivity(np.array([[3.0, 4.0]]), np.array([1.0, 2.0])).round(3).tolist()
    [[0.497, 1.324]]
    """
    return effects_and_scales(by_weight, half, names)[0]


def selectivity(sensitivities: np.ndarray) -> np.ndarray:
    """Return how many properties each synapse moves by sensitivities (A, S), (S,): from 1 to A.

    The exponential of the entropy of the shares q_A = S_kA² / Σ_B S_kB² (Hill 1973, *Ecology*
    54, 427: the number of species of order 1). NaN for a synapse that moves none.

    Examples
    --------
    >>> selectivity(np.array([[3.0, 1.0], [0.0, -1.0]])).round(6).tolist()
    [1.0, 2.0]
    """
    squares = np.asarray(sensitivities, float) ** 2
    with np.errstate(invalid="ignore", divide="ignore"):
        shares = squares / squares.sum(axis=0)
        terms = np.where(shares > 0, shares * np.log(shares), 0 * shares)
    return np.exp(-terms.sum(axis=0))


def leak(effects: np.ndarray, intended: int) -> np.ndarray | float:
    """Return the root sum of squares of all other effects over the intended one.

    Of standardised effects (A, ...); infinite where the intended property does not move.

    Examples
    --------
    >>> leak(np.array([2.0, 0.3, -0.4]), 0)
    0.25
    """
    effects = np.asarray(effects, float)
    others = np.linalg.norm(np.delete(effects, intended, axis=0), axis=0)
    own = np.abs(effects[intended])
    with np.errstate(divide="ignore", invalid="ignore"):
        leaks = np.where(own > 0, others / own, np.inf)
    return float(leaks) if leaks.ndim == 0 else leaks
