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
ROW = 17472  # values × points of one synapse worked on at a time: some 68 kB a neuron


class _Reach:
    """A neuron, those downstream of it, and how a change in the first arrives at the others.

    Neurons have rows in the order of `changed`; `stages` are groups of rows that do not listen
    to each other, each with the rows that it hears, the weights of these and its activation
    functions.
    """

    def __init__(self, wiring, matrix, neuron):
        self.changed = np.concatenate([[neuron], wiring.downstream_of(neuron)])
        self.kind = ACTIVATIONS[wiring.activations[neuron]]
        self.outputs = self.changed[self.changed >= wiring.outputs.start] - wiring.outputs.start
        hidden = matrix[:, wiring.n_inputs :]
        self.weights = np.ascontiguousarray(hidden[np.ix_(self.changed, self.changed)])
        self.stages = []
        for start, stop in unheard_groups(self.weights[1:, 1:] != 0):
            rows = slice(1 + start, 1 + stop)
            heard = np.flatnonzero(self.weights[rows].any(axis=0))
            heard = slice(heard[0], heard[-1] + 1) if len(heard) else slice(0, 1)
            block = np.ascontiguousarray(self.weights[rows, heard])
            kinds = runs_of_equals([wiring.activations[n] for n in self.changed[rows]])
            self.stages.append((rows, heard, block, kinds))


class Tile:
    """The unmoved network at some points, from which single synapses are moved.

    The dtype of the weights (S,) is that of the work; `reaches` has a _Reach for every neuron.
    """

    def __init__(self, wiring, weights, inputs, reaches):
        self.wiring, self.weights, self.reaches = wiring, weights, reaches
        matrix = weight_matrix(wiring, weights)
        self.sent = forward(wiring, matrix, inputs)
        self.activations = self.sent[wiring.n_inputs :]
        self.net_inputs = matrix @ self.sent
        self.outputs = colours_of(wiring, self.sent)
        self._gemv = get_blas_funcs("gemv", dtype=weights.dtype)
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
        for stage, base, single, product, kinds in plan:
            if product is None:
                stage[...] = base
                for sources, weights, row in single:
                    self._gemv(1, sources, weights, beta=1, y=row, overwrite_y=True)
            else:
                np.matmul(*product)
                stage += base
            for apply, net_inputs in kinds:
                apply(net_inputs, out=net_inputs)


def _plan(reach, rows, steady):
    """Lay out the work downstream of the first row: made once for all synapses of a neuron.

    Three rows or more that do not listen to each other are one matrix product; one or two BLAS
    adds quickest to what is there, one by one.
    """
    flat, plan = rows.reshape(len(rows), -1), []
    for own, heard, block, kinds in reach.stages:
        single, product = [], None
        if len(block) < 3:
            single = [(flat[heard].T, *pair) for pair in zip(block, flat[own], strict=True)]
        else:
            product = (block, flat[heard], flat[own])
        applied = [(kind.apply, rows[own][neurons]) for kind, neurons in kinds]
        plan.append((rows[own], steady[own, None], single, product, applied))
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

    Whole tiles: enough for laying out the work not to count, few enough to be shared out evenly
    and for the results to wait in memory.
    """
    tile = tile_length(n_values)
    length = tile * max(1, min(BLOCK // n_rows, 2048) // tile)
    return list(parts(n_points, length, start))


def tile_length(n_values):
    """Return how many points make a tile: the more values, the fewer."""
    return int(np.clip(ROW // n_values, 64, 4096))
