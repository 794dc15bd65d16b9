"""Derivatives of what a network paints by its weights: gradient, and the Jacobian in factors."""

import numpy as np
from numpy.typing import DTypeLike

from .network import Network
from .passes import CHUNK, loss_gradient, output_signals, write_jacobian
from .picture import Picture
from .points import Size, check_memory, check_size, parts


def gradient(network: Network, picture: Picture) -> np.ndarray:
    """Return the exact derivative of the mean squared error by every weight, (S,).

    The error is that of `network.paint(picture.size)` against `picture`, over all pixels and
    channels: the square of `rmse`.

    Examples
    --------
    >>> slopes = gradient(network, network.with_weight(0, 2.0).paint(8))
    >>> slopes.shape, float(np.abs(gradient(network, network.paint(8))).max())
    ((27,), 0.0)
    """
    network.check_paints()
    picture = Picture.open(picture)
    targets = picture.pixels.reshape(-1, 3).T
    inputs = network.inputs(picture.size)
    return loss_gradient(network.wiring, network.weights, inputs, targets)[1]


def jacobian_factors(
    network: Network, size: Size, dtype: DTypeLike = float
) -> tuple[np.ndarray, np.ndarray]:
    """Return the two factors of the Jacobian, which is never larger than it needs to be.

    Signals (n_outputs, N, H, W) and what is sent, (n_inputs + N, H, W), by the inputs and all
    neurons. The derivative of colour c at a point by the weight of synapse k is
    ``signals[c, target_k] * sent[source_k]`` there: the back-propagated signal of k's target
    neuron times what k's source sends.

    Examples
    --------
    >>> signals, sent = jacobian_factors(network, 8)
    >>> target, source = network.wiring.target[5], network.wiring.source[5]
    >>> bool(np.allclose(signals[0, target] * sent[source], jacobian(network, 8)[..., 0, 5]))
    True
    """
    height, width = check_size(size)
    wiring = network.wiring
    shape = (wiring.n_outputs, wiring.n_neurons, height, width)
    check_memory(shape, dtype, f"the signals at {height}×{width}")
    matrix, sent = network.sent(size, dtype)
    flat, signals = sent.reshape(len(sent), -1), np.empty(shape, dtype)
    by_point = signals.reshape(*shape[:2], -1)
    for part in parts(height * width, CHUNK):
        output_signals(wiring, matrix, flat[:, part], out=by_point[..., part])
    return signals, sent


def jacobian(network: Network, size: Size, dtype: DTypeLike = float) -> np.ndarray:
    """Return the exact derivative of every pixel by every weight, (H, W, n_outputs, S).

    Written out it takes 480 times the memory of the picture; most work needs only
    `jacobian_factors`. ValueError if it would not fit in memory.

    Examples
    --------
    >>> derivative = jacobian(network, 8)
    >>> nudged = network.with_weight(5, network.weights[5] + 1e-6).paint(8).pixels
    >>> slope = (nudged - network.paint(8).pixels) / 1e-6
    >>> derivative.shape, bool(np.abs(slope - derivative[..., 5]).max() < 1e-5)
    ((8, 8, 3, 27), True)
    """
    height, width = check_size(size)
    shape = (network.wiring.n_synapses, network.wiring.n_outputs, height, width)
    check_memory(shape, dtype, f"the Jacobian at {height}×{width}")
    signals, sent = jacobian_factors(network, size, dtype)
    out = write_jacobian(network.wiring, signals, sent, np.empty(shape, dtype))
    # Synapses lead in memory, so that each row is written in one go.
    return out.transpose(2, 3, 1, 0)
