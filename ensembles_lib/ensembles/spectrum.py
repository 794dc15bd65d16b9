"""The stiffness spectrum: which directions of the weights change the picture, and which hardly."""

import numpy as np
from scipy.linalg import qr, svd

from ..core import Network, jacobian
from ..core.points import check_size
from ..properties import painted
from ..sweeps import working_ranges
from ..sweeps.ranges import EPSILON
from .sensitivities import effects_and_scales, units


def stiffness(derivative: np.ndarray, unit: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return eigenvalues (S,) and eigenvectors (S, S), in rows, of R JᵀJ R in units of ε².

    J is the `jacobian`, R the working ranges `unit` (S,). Stiff directions first, sloppy ones last
    (Brown & Sethna 2003, *Phys. Rev. E* 68, 021904). By the singular values of J R: those of the
    product itself would be lost below 1e-16 of the largest.

    Examples
    --------
    >>> [one.shape for one in stiffness(jacobian(network, 8), np.ones(27))]
    [(27,), (27, 27)]
    """
    scaled = derivative.reshape(-1, len(unit)) * unit
    scaled /= EPSILON * np.sqrt(len(scaled))
    triangle = qr(scaled, mode="r", overwrite_a=True, check_finite=False)[0][: len(unit)]
    _, values, vectors = svd(triangle)
    return np.append(values, np.zeros(len(unit) - len(values))) ** 2, vectors


def overlap(vectors, directions):
    """Return the shares (m, S) of directions (m, S) in the span of the first n orthonormal rows."""
    squares = (directions @ vectors.T) ** 2
    return np.cumsum(squares, axis=1) / squares.sum(axis=1, keepdims=True)


def random_overlap(n_dimensions, share=(0.05, 0.5, 0.95)):
    """Return quantiles of the overlap of a direction with random subspaces, (n_dimensions, q).

    With one of n of S dimensions it has the distribution Beta(n/2, (S - n)/2).
    """
    from scipy.special import betaincinv  # slow to import

    n = np.arange(1, n_dimensions)[:, None]
    quantiles = betaincinv(n / 2, (n_dimensions - n) / 2, share)
    return np.vstack([quantiles, np.ones(quantiles.shape[1])])


def stiff_overlaps(network: Network, properties, size=64, half=None, draws=10) -> dict:
    """Return how much of what moves the properties lies in the stiff subspace, with controls.

    The derivative of *any* function of the picture leans to stiff directions. So beside the
    properties' gradients stand those of white noise, and of the properties themselves taken
    elsewhere: their derivatives by the pixels, shifted round the picture at random.

    Parameters
    ----------
    properties : sequence of Property
    half : (S,) array, optional
        Working ranges R_k; the real ones unless given.
    size, draws
        Of the picture, and of the noise.

    Returns
    -------
    dict of arrays
        ``values`` and ``participation`` (S,): how many synapses each eigenvector involves,
        1 / Σ v⁴ (Bell & Dean 1970); overlaps with the first n eigenvectors (m, S): ``gradients``
        and ``moves`` (the smallest that move one property alone) of the A properties, ``elsewhere``
        (A) and ``noise`` (draws); ``nearest_gradient`` and so on, the largest cosine with any one
        eigenvector.

    Examples
    --------
    >>> report = stiff_overlaps(network, [red], size=8, draws=2)
    >>> report["gradients"].shape, report["noise"].shape
    ((1, 27), (2, 27))
    """
    size, properties, rng = check_size(size), list(properties), np.random.default_rng(0)
    unit = units(working_ranges(network, size).usable if half is None else half)
    measured = painted(network, properties, size)
    effects, _ = effects_and_scales(measured.slopes(network.weights)[1], unit, measured.names)
    by_weight = jacobian(network, size).reshape(-1, len(unit))
    values, vectors = stiffness(by_weight, unit)
    pixels, shifts = network.paint(size).pixels, rng.integers(size, size=(len(properties), 2))
    shifted = [
        np.roll(one.measure(pixels)[1], shift, axis=(0, 1)).ravel() @ by_weight
        for one, shift in zip(properties, shifts, strict=True)
    ]
    groups = {
        "gradients": effects,
        "moves": np.linalg.pinv(effects).T,
        "elsewhere": np.array(shifted) * unit,
        "noise": rng.standard_normal((draws, len(by_weight))) @ by_weight * unit,
    }
    involved = 1 / np.sum(vectors**4, axis=1)
    report = {"values": values, "participation": involved.astype(np.float32)}
    for name, directions in groups.items():
        report[name] = overlap(vectors, directions).astype(np.float32)
        steps = np.diff(report[name], axis=1, prepend=0.0)
        report[f"nearest_{name.removesuffix('s')}"] = np.sqrt(steps.max(axis=1))
    return report
