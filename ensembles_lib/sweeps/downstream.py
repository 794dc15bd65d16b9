"""What a change of one neuron does to the outputs: only what lies downstream is computed again.

All synapses of a neuron act through its activation alone. So one pass over the unmoved network
serves every value of every synapse, and a moved synapse costs one activation per neuron that it
reaches. The work is done in tiles of points that stay in the cache.
"""

import numpy as np
from scipy.linalg import get_blas_funcs

from ..core.activations import ACTIVATIONS, runs_of_equals
from ..core.colours import to_rgb
from ..core.passes import colours_of, forward, weight_matrix
from ..core.points import parts
from ..core.wiring import unheard_groups

BLOCK = 1 << 22  # numbers that a block of points may return
ROW = 14700  # values × points of one synapse worked on at a time: some 59 kB a neuron
# Neurons whose net inputs are begun by one product, three times as fast as one neuron at a time:
# so small a product, of at most 1e6 multiply-adds, BLAS makes without packing the matrices first.
GROUP = 4


class _Reach:
    """A neuron, those downstream of it, and how a change in the first arrives at the others.

    Neurons have rows in the order of `changed`. `products` make up the net inputs of all but the
    first, in their order: (rows, whether they begin with it, the earlier rows that they hear and
    the weights of these, or None twice, activation functions that can be applied then).
    """

    def __init__(self, wiring, matrix, neuron):
        self.changed = np.concatenate([[neuron], wiring.downstream_of(neuron)])
        self.kind = ACTIVATIONS[wiring.activations[neuron]]
        self.outputs = self.changed[self.changed >= wiring.outputs.start] - wiring.outputs.start
        hidden = matrix[:, wiring.n_inputs :]
        self.weights = np.ascontiguousarray(hidden[np.ix_(self.changed, self.changed)])
        self.products = []
        for start, stop in _groups(self.weights != 0):
            self.products.append((slice(start, stop), True, *self._heard(start, stop, 0), ()))
            for first, last in unheard_groups(self.weights[start:stop, start:stop] != 0):
                rows = slice(start + first, start + last)
                kinds = runs_of_equals([wiring.activations[n] for n in self.changed[rows]])
                heard = self._heard(rows.start, rows.stop, start)
                self.products.append((rows, False, *heard, kinds))

    def _heard(self, start, stop, first):
        """Return what rows start to stop hear of those from `first` to them, and the weights."""
        weights = self.weights[start:stop, first:start]
        heard = np.flatnonzero(weights.any(axis=0))
        if not len(heard):
            return None, None
        start, stop = heard[0], heard[-1] + 1
        own = np.ascontiguousarray(weights[:, start:stop])
        return slice(first + start, first + stop), own


def _groups(hears):
    """Yield the (start, stop) of rows 1 and on that are begun together.

    As many as GROUP, or more of which none hears another, (R, R) bool.
    """
    start = 1
    for first, stop in unheard_groups(hears[1:, 1:]):
        if 1 + stop - start > GROUP and 1 + first > start:
            yield start, 1 + first
            start = 1 + first
    if len(hears) > 1:
        yield start, len(hears)


class Tile:
    """The unmoved network at some points, from which single synapses are moved.

    The work is in the dtype of the weights; `reaches` has a _Reach for every neuron.
    """

    def __init__(self, wiring, weights, inputs, reaches):
        self.wiring, self.weights, self.reaches = wiring, weights, reaches
        matrix = weight_matrix(wiring, weights)
        self.sent = forward(wiring, matrix, inputs)
        self.activations = self.sent[wiring.n_inputs :]
        self.net_inputs = matrix @ self.sent
        self.outputs = colours_of(wiring, self.sent)
        self._gemm = get_blas_funcs("gemm", dtype=weights.dtype)
        self._room = np.empty(0, weights.dtype)

    def changes(self, synapses, values):
        """Yield, for one of n synapses after the other, what its values (n, V) do to the outputs.

        That is its place among them, the outputs (m,) that it reaches, and their changes
        (m, V, P), as colours: an array that is used again for the next synapse. Fastest in
        ascending order.
        """
        n_values, n_points = values.shape[1], self.sent.shape[1]
        most = max(len(reach.changed) for reach in self.reaches)
        if len(self._room) < most * n_values * n_points:
            self._room = np.empty(most * n_values * n_points, self.weights.dtype)
        neuron = None
        for index, synapse in enumerate(synapses):
            if neuron != self.wiring.target[synapse]:
                neuron = self.wiring.target[synapse]
                reach = self.reaches[neuron]
                # What the unchanged sources send to each changed neuron.
                own = self.activations[reach.changed]
                steady = self.net_inputs[reach.changed] - reach.weights @ own
                used = len(reach.changed) * n_values * n_points
                rows = self._room[:used].reshape(len(reach.changed), n_values, n_points)
                plan = _plan(reach, rows, steady)
                reached = rows[len(rows) - len(reach.outputs) :]
                as_they_are = self.wiring.colours == "signed"
                which = reach.outputs if as_they_are else np.arange(self.wiring.n_outputs)
                outputs = self.outputs[which][:, None]
            steps = (values[index] - self.weights[synapse]).astype(self.weights.dtype)
            moved = rows[0]
            np.multiply(steps[:, None], self.sent[self.wiring.source[synapse]], out=moved)
            moved += self.net_inputs[neuron]
            reach.kind.apply(moved, out=moved)
            self._follow(plan)
            changed = reached if as_they_are else self._colours(reach.outputs, reached)
            changed -= outputs
            yield index, which, changed

    def _colours(self, reached, rows):
        """Return the colours (3, V, P) that the outputs are read as, with some of them moved."""
        outputs = np.empty((3, *rows.shape[1:]), rows.dtype)
        outputs[...] = self.activations[-3:, None]
        outputs[reached] = rows
        return to_rgb(self.wiring.colours, outputs)

    def _follow(self, plan):
        """Fill in the activations downstream of the first row."""
        for net_inputs, base, product, kinds in plan:
            if base is not None:
                net_inputs[...] = base
            if product is not None:
                sources, weights, sums = product
                self._gemm(1, sources, weights, beta=1, c=sums, overwrite_c=True)
            for apply, own in kinds:
                apply(own, out=own)


def _plan(reach, rows, steady):
    """Lay out the work downstream of the first row: made once for all synapses of a neuron."""
    flat, plan = rows.reshape(len(rows), -1), []
    for own, begin, heard, weights, kinds in reach.products:
        base = steady[own, None] if begin else None
        # Transposed, as BLAS holds matrices by columns: only so it adds to what is there.
        product = None if weights is None else (flat[heard].T, weights.T, flat[own].T)
        applied = [(kind.apply, rows[own][neurons]) for kind, neurons in kinds]
        plan.append((rows[own], base, product, applied))
    return plan


def tiles(wiring, weights, inputs, n_values):
    """Yield (part, tile) for all points, in order: `part` is the slice of points of `tile`.

    Of so many values per synapse that will be asked for: the more, the fewer points to a tile.
    """
    matrix = weight_matrix(wiring, weights)
    reaches = [_Reach(wiring, matrix, neuron) for neuron in range(wiring.n_neurons)]
    for part in parts(inputs.shape[1], tile_length(n_values)):
        yield part, Tile(wiring, weights, inputs[:, part], reaches)


def blocks(n_points, n_values, n_rows, start=0):
    """Return slices of the points from `start` on, for work that returns so many rows of numbers.

    Whole tiles: enough for laying out the work not to count, few enough to wait in memory.
    """
    tile = tile_length(n_values)
    length = tile * max(1, min(BLOCK // n_rows, 2048) // tile)
    return list(parts(n_points, length, start))


def tile_length(n_values):
    """Return how many points make a tile: the more values, the fewer."""
    return int(np.clip(ROW // n_values, 64, 4096))
