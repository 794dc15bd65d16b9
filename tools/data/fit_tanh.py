"""Fit the rational approximation of tanh that `ensembles_lib/widgets/kernels.js` computes with.

python tools/data/fit_tanh.py
"""

import numpy as np

CLIP = 9.0  # beyond it tanh is ±1 to 3e-8


def fit_tanh(clip=CLIP, points=2000, rounds=60):
    """Return tanh(x) ≈ x·P(x²)/Q(x²) on [-clip, clip], P and Q of degree 4.

    A linear least squares problem once multiplied by the denominator (Sanathanan & Koerner
    1963), with weights that grow where the error is large until the largest error is as small as
    can be (Lawson 1961).

    Returns
    -------
    (5,) arrays, two
        The coefficients of P and of Q in ascending order; that of Q begins with 1.
    """
    x = clip * np.sin(np.pi / 2 * (np.arange(points) + 0.5) / points)  # dense at the end
    t, s = np.tanh(x), (x / clip) ** 2
    above = x[:, None] / clip * s[:, None] ** np.arange(5)
    below = s[:, None] ** np.arange(1, 5)
    equations = np.hstack([above, -t[:, None] * below])
    denominator, weight, lowest = np.ones(points), np.ones(points), np.inf
    for _ in range(rounds):
        scale = np.sqrt(weight) / denominator
        solution = np.linalg.lstsq(equations * scale[:, None], t * scale)[0]
        denominator = 1 + below @ solution[5:]
        error = np.abs(above @ solution[:5] / denominator - t)
        if error.max() < lowest:
            lowest, best = error.max(), solution
        weight *= error / error.max() + 1e-3
        weight /= weight.sum()
    p = best[:5] / clip ** (2 * np.arange(5) + 1)
    return p, np.array([1, *(best[5:] / clip ** (2 * np.arange(1, 5)))])


def main():
    """Print the line for kernels.js: the clip, then P and Q from the highest power down."""
    p, q = fit_tanh()
    numbers = ", ".join(f"{value:.9g}" for value in (CLIP, *p[::-1], *q[::-1]))
    print(f"const TANH = [{numbers}];")


if __name__ == "__main__":
    main()
