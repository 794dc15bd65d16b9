"""The Levenberg–Marquardt method: the fastest way to teach networks of a few thousand synapses."""

from collections.abc import Callable

import numpy as np
from numpy.typing import ArrayLike
from scipy.linalg import cho_factor, cho_solve

from .network import Network
from .passes import CHUNK, forward, loss_gradient, normal_equations, respond, weight_matrix
from .picture import Picture
from .points import parts
from .training import History, check_positive, train

ROUGH = 0.1  # RMSE above which a part of the pixels tells enough about the rest


def train_levenberg_marquardt(
    network: Network,
    picture: Picture,
    iterations: int = 100,
    energy_restriction: ArrayLike = 1e-3,
    seed: int = 0,
    seconds: float | None = None,
    target: float | None = None,
    progress: bool = True,
    callback: Callable[[Network, float], None] | None = None,
) -> tuple[Network, History]:
    """Train by the Levenberg–Marquardt method with energy restriction.

    Marquardt's damping by the diagonal (1963, SIAM J. Appl. Math. 11, 431) with a floor, and
    geodesic acceleration (Transtrum & Sethna 2012, arXiv 1201.5885, section 2). JᵀJ is gathered in
    float32 and solved in float64. As long as the picture is rough, a random quarter of its pixels
    is enough.

    What is given and returned is that of `train_backprop`; the seed is that of the choice of
    pixels. ValueError also if the network paints in colours other than "signed".

    Examples
    --------
    >>> picture = network.with_weight(20, 1.5).paint(16)
    >>> trained, history = train_levenberg_marquardt(network, picture, 20, progress=False)
    >>> rmse(trained.paint(16), picture) < 0.1 * rmse(network.paint(16), picture)
    True
    """
    check_positive(iterations=iterations)
    if network.wiring.colours != "signed":
        # The second derivatives of its steps are those of the outputs.
        raise ValueError(
            f"this network paints in colours {network.wiring.colours!r}: Levenberg–Marquardt "
            "needs 'signed' ones, train_backprop takes any"
        )

    def steps(inputs, targets):
        wiring, weights, n_points = network.wiring, network.weights, inputs.shape[1]
        shuffled = np.random.default_rng(seed).permutation(n_points)
        for share in (4, 1):
            points = np.sort(shuffled[: n_points // share])
            # Fewer than ten errors per weight would be fitted by heart.
            if share > 1 and len(points) * len(targets) < 10 * len(weights):
                continue
            slow, last = 0, np.inf
            shown = inputs[:, points], targets[:, points]
            better = _marquardt_steps(wiring, weights, *shown, energy_restriction)
            for weights, loss in better:
                yield weights
                slow = slow + 1 if loss > 0.997 * last else 0
                last = loss
                if share > 1 and (slow == 3 or loss < ROUGH**2):
                    break

    return train(
        steps, network, picture, iterations, energy_restriction, seconds, target, progress, callback
    )


def _marquardt_steps(wiring, weights, inputs, targets, energy_restriction):
    """Yield ever better weights and their loss; end where no step is an improvement."""
    restriction = np.asarray(energy_restriction, float) / len(weights)
    diagonal = np.diag_indices(len(weights))

    def errors_and_loss(weights):
        errors = respond(wiring, weights.astype(np.float32), inputs) - targets
        error = float(np.vdot(errors, errors)) / errors.size
        return errors, error + float(weights @ (restriction * weights))

    damping, (errors, loss) = 1e-2, errors_and_loss(weights)
    while True:
        gram, slope, _ = normal_equations(wiring, weights.astype(np.float32), inputs, targets)
        if not np.isfinite(gram).all():
            raise FloatingPointError
        slope += restriction * weights
        scale = gram[diagonal]
        gram[diagonal] += restriction
        scale = np.maximum(scale, 1e-2 * scale.max())
        for _ in range(40):
            damped = gram.copy()
            damped[diagonal] += damping * scale
            try:
                factor = cho_factor(damped, lower=True, overwrite_a=True, check_finite=False)
            except np.linalg.LinAlgError:
                damping *= 4
                continue
            step = -cho_solve(factor, slope, check_finite=False)
            bend = _bend(wiring, weights, step, inputs, errors + targets, factor)
            length = np.sqrt(scale)
            if 2 * np.linalg.norm(length * bend) <= 0.75 * np.linalg.norm(length * step):
                new = weights + step + bend / 2
                new_errors, new_loss = errors_and_loss(new)
                if new_loss < loss:
                    break
            damping *= 2.5
        else:
            return
        damping = max(damping / 3, 1e-9)
        weights, errors, loss = new, new_errors, new_loss
        yield weights, loss


def _bend(wiring, weights, step, inputs, outputs, factor):
    """Return the geodesic acceleration that belongs to a step."""
    single = weights.astype(np.float32)
    matrix, direction = (weight_matrix(wiring, w) for w in (single, step.astype(np.float32)))
    curving = curvature(wiring, matrix, direction, inputs)
    # The gradient of the squared distance to outputs - curving is 2 Jᵀ curving.
    _, slope = loss_gradient(wiring, single, inputs, outputs - curving)
    return -cho_solve(factor, slope.astype(float) / 2, check_finite=False)


def curvature(wiring, matrix, direction, inputs):
    """Return the second derivative of the outputs along a direction of the weights.

    Of the outputs themselves, not of the colours that they are read as. Second-order
    Taylor propagation (Griewank & Walther 2008, *Evaluating Derivatives*, chapter 13): free of
    the cancellation that differences suffer in float32.

    The weights and the direction (N, n_inputs + N) are from `weight_matrix`, inputs (n_inputs, P).
    """
    n_inputs, n_outputs = wiring.n_inputs, wiring.n_outputs
    hidden, along = matrix[:, n_inputs:], direction[:, n_inputs:]
    result = np.empty((n_outputs, inputs.shape[1]), matrix.dtype)
    for part in parts(inputs.shape[1], CHUNK):
        whole = forward(wiring, matrix, inputs[:, part])
        activations = whole[n_inputs:]
        first = direction[:, :n_inputs] @ inputs[:, part]
        second = np.zeros_like(first)
        for stage, runs, _, kinds in wiring.stages:
            for run in runs:
                first[stage] += along[stage, run] @ activations[run]
                first[stage] += hidden[stage, run] @ first[run]
                second[stage] += 2 * (along[stage, run] @ first[run])
                second[stage] += hidden[stage, run] @ second[run]
            for kind, neurons in kinds:
                sent = activations[neurons]
                heard = matrix[neurons] @ whole if kind.hears else None
                slope = kind.slope(heard, sent)
                second[neurons] *= slope
                second[neurons] += kind.bend(heard, sent) * first[neurons] ** 2
                first[neurons] *= slope
        result[:, part] = second[-n_outputs:]
    return result
