"""The passes through a network: activations forwards, derivatives backwards.

Everything here works on arrays, for one vector of weights or a batch of them, in the precision
of the weights (complex too, for complex-step derivatives). Python loops over the neurons, never
over points or synapses.
"""

import numpy as np

from .activations import runs_of_equals
from .colours import pull_back, to_rgb
from .points import check_memory

CHUNK = 8192  # points worked on at a time: their activations stay in the cache
TILE = 1024  # points of a Jacobian tile: large enough for BLAS, small enough for the cache


def weight_matrix(wiring, weights):
    """Return weights (..., S) as a matrix (..., neurons, inputs + neurons), 0 where unwired."""
    matrix = np.zeros((*weights.shape[:-1], *wiring.listens.shape), weights.dtype)
    matrix[..., wiring.target, wiring.source] = weights
    return matrix


def forward(wiring, matrix, inputs, out=None):
    """Return what every source sends: the inputs, then the activations of all neurons.

    Parameters
    ----------
    matrix : (..., N, n_inputs + N) array
        From `weight_matrix`; leading axes are a batch of networks.
    inputs : (n_inputs, P) array
    out : array like the result, optional
        Write here instead of into new memory.

    Returns
    -------
    (..., n_inputs + N, P) array of the dtype of `matrix`
    """
    n_inputs = wiring.n_inputs
    shape = (*matrix.shape[:-2], matrix.shape[-1], inputs.shape[1])
    sent = np.empty(shape, matrix.dtype) if out is None else out
    sent[..., :n_inputs, :] = inputs
    activations = sent[..., n_inputs:, :]
    # The share of the inputs is one large product; then the neurons follow in their order.
    np.matmul(matrix[..., :n_inputs], inputs.astype(matrix.dtype, copy=False), out=activations)
    hidden = matrix[..., n_inputs:]
    for stage, runs, _, kinds in wiring.stages:
        net_input = activations[..., stage, :]
        for run in runs:
            net_input += np.matmul(hidden[..., stage, run], activations[..., run, :])
        for kind, neurons in kinds:
            kind.apply(activations[..., neurons, :])
    return sent


def colours_of(wiring, sent):
    """Return the outputs, read as colours: (..., n_outputs, P) red, green, blue in [-1, 1].

    They are views of `sent` where the wiring takes outputs as they are ("signed").
    """
    outputs = sent[..., -wiring.n_outputs :, :]
    if wiring.colours == "signed":
        return outputs
    return np.moveaxis(to_rgb(wiring.colours, np.moveaxis(outputs, -2, 0)), 0, -2)


def slopes(wiring, matrix, sent):
    """Return the derivatives of all activations by their net inputs, (..., N, P)."""
    activations = sent[..., wiring.n_inputs :, :]
    out = np.empty_like(activations)
    for kind, neurons in runs_of_equals(wiring.activations):
        net_input = matrix[..., neurons, :] @ sent if kind.hears else None
        out[..., neurons, :] = kind.slope(net_input, activations[..., neurons, :])
    return out


def backward(wiring, matrix, sent, seeds, out=None):
    """Return the derivatives of C scalars of the outputs by every neuron's net input.

    Back-propagation (Rumelhart, Hinton & Williams 1986), C derivatives at once.

    Parameters
    ----------
    matrix, sent
        As given to and returned by `forward`.
    seeds : (..., C, n_outputs, P or 1) array
        Derivatives by the colours that the outputs are read as.
    out : array like the result, optional
        Write here instead of into new memory.

    Returns
    -------
    (..., C, N, P) array: the signals. ∂/∂w_k is the signal of k's target neuron times what
    k's source sends.
    """
    if wiring.colours != "signed":
        outputs = np.moveaxis(sent[..., None, -wiring.n_outputs :, :], -2, 0)
        seeds = pull_back(wiring.colours, outputs, np.moveaxis(seeds, -2, 0))
        seeds = np.moveaxis(seeds, 0, -2)
    back = np.swapaxes(matrix[..., wiring.n_inputs :], -1, -2)[..., None, :, :]
    slope = slopes(wiring, matrix, sent)
    shape = (*sent.shape[:-2], seeds.shape[-3], wiring.n_neurons, sent.shape[-1])
    signals = np.empty(shape, sent.dtype) if out is None else out
    first_output = wiring.outputs.start
    for stage, _, listeners, _ in reversed(wiring.stages):
        signal = signals[..., stage, :]
        np.matmul(back[..., stage, listeners], signals[..., listeners, :], out=signal)
        if stage.stop > first_output:
            start = max(stage.start, first_output)
            signals[..., start : stage.stop, :] += seeds[
                ..., start - first_output : stage.stop - first_output, :
            ]
        signal *= slope[..., None, stage, :]
    return signals


def respond(wiring, weights, inputs, raw=False):
    """Return the outputs of one network, or of a batch of them, for given inputs.

    As colours, unless `raw`: see `colours_of`.

    Parameters
    ----------
    wiring : Wiring
    weights : (..., S) array of float32, float64 or complex
        Sets the precision; leading axes are a batch of networks.
    inputs : (n_inputs, P) array

    Returns
    -------
    (..., n_outputs, P) array
    """
    matrix = weight_matrix(wiring, weights)
    shape = (*weights.shape[:-1], wiring.n_outputs, inputs.shape[1])
    check_memory(shape, weights.dtype, f"outputs of shape {shape}")
    outputs = np.empty(shape, weights.dtype)
    # A batch shares the cache: the more networks, the fewer points at a time.
    chunk = max(256, CHUNK // max(1, int(np.prod(weights.shape[:-1]))))
    for start in range(0, inputs.shape[1], chunk):
        part = slice(start, start + chunk)
        sent = forward(wiring, matrix, inputs[:, part])
        found = sent[..., -wiring.n_outputs :, :] if raw else colours_of(wiring, sent)
        outputs[..., part] = found
    return outputs


def loss_gradient(wiring, weights, inputs, targets):
    """Return the mean squared error of the outputs and its exact gradient by the weights.

    Parameters
    ----------
    weights : (..., S) array
    inputs : (n_inputs, P) array
    targets : (n_outputs, P) array

    Returns
    -------
    (...) array, (..., S) array
        The mean runs over outputs and points.
    """
    matrix = weight_matrix(wiring, weights)
    loss = np.zeros(weights.shape[:-1], weights.dtype)
    product = np.zeros(matrix.shape, weights.dtype)
    for start in range(0, inputs.shape[1], CHUNK):
        part = slice(start, start + CHUNK)
        sent = forward(wiring, matrix, inputs[:, part])
        error = colours_of(wiring, sent) - targets[:, part]
        loss += np.sum(error * error, axis=(-1, -2))
        signals = backward(wiring, matrix, sent, error[..., None, :, :])[..., 0, :, :]
        product += signals @ np.swapaxes(sent, -1, -2)
    return loss / targets.size, product[..., wiring.target, wiring.source] * (2 / targets.size)


def output_signals(wiring, matrix, sent, out=None):
    """Return ∂output/∂net input for every output and neuron, (..., n_outputs, N, P)."""
    seeds = np.eye(wiring.n_outputs, dtype=sent.dtype)[..., None]
    return backward(wiring, matrix, sent, seeds, out)


def write_jacobian(wiring, signals, sent, out):
    """Write ∂output/∂weight, (S, n_outputs, P), into `out`: each row a product of two factors."""
    for neuron in range(wiring.n_neurons):
        owned = wiring.synapses_of(neuron)
        signal = signals[:, neuron]
        for synapse in owned:
            np.multiply(signal, sent[wiring.source[synapse]], out=out[synapse])
    return out


def curvature(wiring, matrix, direction, inputs):
    """Return the second derivative of the outputs along a direction of the weights.

    Of the outputs themselves, not of the colours that they are read as.

    Second-order Taylor propagation (Griewank & Walther 2008, *Evaluating Derivatives*, chapter
    13): free of the cancellation that differences suffer in float32.

    Parameters
    ----------
    matrix, direction : (N, n_inputs + N) arrays
        Weights and the direction of the move, from `weight_matrix`.
    inputs : (n_inputs, P) array

    Returns
    -------
    (n_outputs, P) array
    """
    n_inputs, n_outputs = wiring.n_inputs, wiring.n_outputs
    hidden, along = matrix[:, n_inputs:], direction[:, n_inputs:]
    result = np.empty((n_outputs, inputs.shape[1]), matrix.dtype)
    for start in range(0, inputs.shape[1], CHUNK):
        part = slice(start, start + CHUNK)
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


def normal_equations(wiring, weights, inputs, targets):
    """Return JᵀJ, Jᵀe and the mean square of the errors e, all per output and point.

    J is the Jacobian of the outputs by the weights. It is never held as a whole: tiles of it
    are multiplied out from their two factors and folded in by a symmetric product. Synapses
    that do not reach an output are left out of its tile.

    Parameters
    ----------
    weights : (S,) array
        Its dtype is that of the tiles; float32 costs half the time.
    inputs : (n_inputs, P) array
    targets : (n_outputs, P) array

    Returns
    -------
    (S, S) float64 array, (S,) float64 array, float
    """
    matrix = weight_matrix(wiring, weights)
    feeding = [wiring.feeding(output) for output in wiring.outputs]
    if wiring.colours == "hsv":  # there every output bears on every colour
        feeding = [np.unique(np.concatenate(feeding))] * len(feeding)
    grams = [np.zeros((len(synapses),) * 2, weights.dtype) for synapses in feeding]
    product, mean_square = np.zeros(len(weights)), 0.0
    for start in range(0, inputs.shape[1], TILE):
        part = slice(start, start + TILE)
        sent = forward(wiring, matrix, inputs[:, part])
        signals = output_signals(wiring, matrix, sent)
        errors = colours_of(wiring, sent) - targets[:, part]
        mean_square += float(np.vdot(errors, errors))
        for signal, error, synapses, gram in zip(signals, errors, feeding, grams, strict=True):
            tile = signal[wiring.target[synapses]]
            tile *= sent[wiring.source[synapses]]
            gram += tile @ tile.T
            product[synapses] += tile @ error
    gram = np.zeros((len(weights),) * 2)
    for synapses, of_output in zip(feeding, grams, strict=True):
        gram[np.ix_(synapses, synapses)] += of_output
    return gram / targets.size, product / targets.size, mean_square / targets.size
