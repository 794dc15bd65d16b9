"""The passes through a network: activations forwards, derivatives backwards.

Everything here works on a `Wiring` and arrays, for one vector of weights or a batch of them, in the
precision of the weights (complex too, for complex-step derivatives). Python loops over the neurons,
never over points or synapses. In the shapes, N are neurons, P points, S synapses.
"""

import os
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context

import numpy as np

from .activations import runs_of_equals
from .colours import pull_back, to_rgb
from .points import check_memory, parts

CHUNK = 8192  # points worked on at a time: their activations stay in the cache
TILE = 1024  # points of a Jacobian tile: large enough for BLAS, small enough for the cache
SHARES = 4  # of the points, for as many threads at most


def weight_matrix(wiring, weights):
    """Return weights (..., S) as a matrix (..., neurons, inputs + neurons), 0 where unwired."""
    matrix = np.zeros((*weights.shape[:-1], *wiring.listens.shape), weights.dtype)
    matrix[..., wiring.target, wiring.source] = weights
    return matrix


def forward(wiring, matrix, inputs, out=None):
    """Return what every source sends: the inputs, then the activations of all neurons.

    (..., n_inputs + N, P), for inputs (n_inputs, P); leading axes of the matrix are a batch of
    networks. Written into `out` if there is one.
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
            own = activations[..., neurons, :]
            kind.apply(own, out=own)
    return sent


def colours_of(wiring, sent):
    """Return the outputs, read as colours: (..., n_outputs, P) red, green, blue in [-1, 1].

    They are views of `sent` where the wiring takes outputs as they are ("signed").
    """
    outputs = sent[..., -wiring.n_outputs :, :]
    if wiring.colours == "signed":
        return outputs
    return np.moveaxis(to_rgb(wiring.colours, np.moveaxis(outputs, -2, 0)), 0, -2)


def backward(wiring, matrix, sent, seeds, out=None):
    """Return the derivatives of C scalars by every neuron's net input, the signals (..., C, N, P).

    Back-propagation (Rumelhart, Hinton & Williams 1986), C derivatives at once: ∂/∂w_k is the
    signal of k's target neuron times what k's source sends. The seeds are the derivatives of the
    scalars by the colours, (..., C, n_outputs, P or 1). Written into `out` if there is one.
    """
    if wiring.colours != "signed":
        outputs = np.moveaxis(sent[..., None, -wiring.n_outputs :, :], -2, 0)
        seeds = pull_back(wiring.colours, outputs, np.moveaxis(seeds, -2, 0))
        seeds = np.moveaxis(seeds, 0, -2)
    back = np.swapaxes(matrix[..., wiring.n_inputs :], -1, -2)[..., None, :, :]
    activations = sent[..., wiring.n_inputs :, :]
    slopes = np.empty_like(activations)  # of all activations by their net inputs, (..., N, P)
    for kind, neurons in runs_of_equals(wiring.activations):
        net_input = matrix[..., neurons, :] @ sent if kind.hears else None
        slopes[..., neurons, :] = kind.slope(net_input, activations[..., neurons, :])
    shape = (*sent.shape[:-2], seeds.shape[-3], wiring.n_neurons, sent.shape[-1])
    signals = np.empty(shape, sent.dtype) if out is None else out
    first_output = wiring.outputs.start
    for stage, _, listeners, _ in reversed(wiring.stages):
        signal = signals[..., stage, :]
        np.matmul(back[..., stage, listeners], signals[..., listeners, :], out=signal)
        if stage.stop > first_output:
            start = max(stage.start, first_output)
            own = seeds[..., start - first_output : stage.stop - first_output, :]
            signals[..., start : stage.stop, :] += own
        signal *= slopes[..., None, stage, :]
    return signals


def output_signals(wiring, matrix, sent, out=None):
    """Return ∂colour/∂net input for every output and neuron, (..., n_outputs, N, P)."""
    seeds = np.eye(wiring.n_outputs, dtype=sent.dtype)[..., None]
    return backward(wiring, matrix, sent, seeds, out)


def write_jacobian(wiring, signals, sent, out):
    """Write ∂colour/∂weight, (S, n_outputs, P), into `out`: each row a product of two factors."""
    for synapse, (target, source) in enumerate(zip(wiring.target, wiring.source, strict=True)):
        np.multiply(signals[:, target], sent[source], out=out[synapse])
    return out


def respond(wiring, weights, inputs, raw=False):
    """Return the outputs of one network, or of a batch of them, (..., n_outputs, P).

    As colours, unless `raw`: see `colours_of`. The weights (..., S) set the precision.
    """
    matrix = weight_matrix(wiring, weights)
    shape = (*weights.shape[:-1], wiring.n_outputs, inputs.shape[1])
    check_memory(shape, weights.dtype, f"outputs of shape {shape}")
    outputs = np.empty(shape, weights.dtype)
    # A batch shares the cache: the more networks, the fewer points at a time.
    chunk = max(256, CHUNK // max(1, int(np.prod(weights.shape[:-1]))))
    for part in parts(inputs.shape[1], chunk):
        sent = forward(wiring, matrix, inputs[:, part])
        own = sent[..., -wiring.n_outputs :, :] if raw else colours_of(wiring, sent)
        outputs[..., part] = own
    return outputs


def loss_gradient(wiring, weights, inputs, targets):
    """Return the mean squared error of the colours and its exact gradient by the weights.

    Of weights (..., S), for inputs (n_inputs, P) and targets (n_outputs, P): (...) and (..., S).
    The mean runs over outputs and points.
    """
    matrix = weight_matrix(wiring, weights)
    loss = np.zeros(weights.shape[:-1], weights.dtype)
    product = np.zeros(matrix.shape, weights.dtype)
    for part in parts(inputs.shape[1], CHUNK):
        sent = forward(wiring, matrix, inputs[:, part])
        error = colours_of(wiring, sent) - targets[:, part]
        loss += np.sum(error * error, axis=(-1, -2))
        signals = backward(wiring, matrix, sent, error[..., None, :, :])[..., 0, :, :]
        product += signals @ np.swapaxes(sent, -1, -2)
    return loss / targets.size, product[..., wiring.target, wiring.source] * (2 / targets.size)


def normal_equations(wiring, weights, inputs, targets):
    """Return JᵀJ (S, S), Jᵀe (S,) and the mean square of the errors e, per output and point.

    J is the Jacobian of the colours by the weights (S,), for inputs (n_inputs, P) and targets
    (n_outputs, P). It is never held as a whole: tiles of it, in the dtype of the weights, are
    multiplied out from their two factors and folded in by a symmetric product. Synapses that do
    not reach an output are left out of its tile.

    The points are shared out to threads, into as many shares on every machine, so that the sums are
    rounded alike on all.
    """
    matrix = weight_matrix(wiring, weights)
    feeding = [wiring.feeding(output) for output in wiring.outputs]
    if wiring.colours == "hsv":  # there every output bears on every colour
        feeding = [np.unique(np.concatenate(feeding))] * len(feeding)

    def summed(share):
        grams = [np.zeros((len(synapses),) * 2, weights.dtype) for synapses in feeding]
        product, squares = np.zeros(len(weights)), 0.0
        for part in parts(share.stop, TILE, share.start):
            sent = forward(wiring, matrix, inputs[:, part])
            signals = output_signals(wiring, matrix, sent)
            errors = colours_of(wiring, sent) - targets[:, part]
            squares += float(np.vdot(errors, errors))
            for signal, error, synapses, gram in zip(signals, errors, feeding, grams, strict=True):
                tile = signal[wiring.target[synapses]]
                tile *= sent[wiring.source[synapses]]
                gram += tile @ tile.T
                product[synapses] += tile @ error
        return grams, product, squares

    n_points = inputs.shape[1]
    shares = list(parts(n_points, max(TILE, -(-n_points // SHARES))))
    with ThreadPoolExecutor(min(len(shares), os.cpu_count())) as pool:
        # Each in a copy of this context, in which NumPy keeps which warnings it gives.
        sums = [pool.submit(copy_context().run, summed, share) for share in shares]
    all_grams, products, squares = zip(*(done.result() for done in sums), strict=True)
    gram = np.zeros((len(weights),) * 2)
    for synapses, of_shares in zip(feeding, zip(*all_grams, strict=True), strict=True):
        gram[np.ix_(synapses, synapses)] += sum(of_shares)
    return gram / targets.size, sum(products) / targets.size, sum(squares) / targets.size
