"""The whole atlas without ensembles_lib's sweeps: a plain oracle, JAX and PyTorch.

Every rival is a function of a `Problem` and options that returns a callable, which does the work
and returns the `Sums` of the problem's synapses.
Re-painting starts every picture from the inputs; incremental versions start from cached
activations and compute only what lies downstream of the synapse's target neuron. All work in
float32 on tiles of points and reduce on the fly: no more than V tiles of pictures are ever held.
"""

import math
from typing import NamedTuple

import numpy as np

from ensembles_lib.core.passes import forward, respond, weight_matrix
from ensembles_lib.core.wiring import runs_of

try:
    import jax
    import jax.numpy as jnp
    import jax_network
except ImportError:
    jax = None
try:
    import torch
except ImportError:
    torch = None


class Sums(NamedTuple):
    """What the sweeps of S synapses over V values come down to; C outputs, P points."""

    change: np.ndarray  # (S, V)
    rmse: np.ndarray  # (S, V)
    absolute: np.ndarray  # (S, P)
    signed: np.ndarray  # (S, C, P)


def fit_weights(weights, values):
    """Return (S, V) weights whose product with the changes is their fitted slope per half range."""
    half = np.ptp(values, axis=1, keepdims=True) / 2
    moves = (values - weights[:, None]) / np.where(half > 0, half, 1)
    norm = np.sum(moves * moves, axis=1, keepdims=True)
    return moves / np.where(norm > 0, norm, 1)


def oracle(network, values, inputs, target):
    """Return the `Sums` in float64, one picture after the other: slow and plain."""
    weights, base = network.weights, network.respond(inputs)
    change, rmse, absolute, signed = [], [], [], []
    for synapse, along in enumerate(fit_weights(weights, values)):
        changes = []
        for value in values[synapse]:
            moved = weights.copy()
            moved[synapse] = value
            changes.append(respond(network.wiring, moved, inputs) - base)
        changes = np.array(changes)
        change.append([np.sqrt(np.mean(d**2)) for d in changes])
        rmse.append([np.sqrt(np.mean((base + d - target) ** 2)) for d in changes])
        absolute.append(np.sqrt(np.mean(changes**2, axis=(0, 1))))
        signed.append(sum(k * d for k, d in zip(along, changes, strict=True)))
    return Sums(*map(np.array, (change, rmse, absolute, signed)))


class Problem:
    """The arrays that every rival starts from, in float32; none of it is in the times."""

    def __init__(self, network, values, inputs, target, synapses=None, tile=1024):
        self.wiring, n_synapses = network.wiring, len(values)
        self.synapses = np.arange(n_synapses) if synapses is None else np.asarray(synapses)
        exact = network.weights
        self.weights = exact.astype(np.float32)
        self.moves = (values - exact[:, None]).astype(np.float32)
        self.values = values.astype(np.float32)
        self.fit = fit_weights(exact, values).astype(np.float32)
        self.inputs, self.target = inputs.astype(np.float32), target.astype(np.float32)
        self.matrix = weight_matrix(self.wiring, self.weights)
        self.sent = forward(self.wiring, self.matrix, self.inputs)
        self.base = self.sent[-self.wiring.n_outputs :]
        self.errors = self.base - self.target
        self.tile = math.gcd(tile, inputs.shape[1])

    def tiled(self, rows):
        """Return rows (K, P) as (tiles, K, tile)."""
        return np.ascontiguousarray(rows.reshape(len(rows), -1, self.tile).swapaxes(0, 1))

    def finish(self, squares, products, square_maps, signed):
        """Return the `Sums` of sums over points: Σ ΔI², Σ ΔI e, and per point Σ ΔI², fit·ΔI."""
        count, n_values = self.base.size, self.values.shape[1]
        squares, products = (np.asarray(sums, float) for sums in (squares, products))
        own = np.vdot(self.errors.astype(float), self.errors)
        absolute = np.sqrt(np.asarray(square_maps) / np.float32(n_values * len(self.base)))
        rmse = np.sqrt((own + 2 * products + squares) / count)
        return Sums(np.sqrt(squares / count), rmse, absolute, np.asarray(signed))

    def changed_by(self, neuron):
        """Return the neuron and all downstream of it, and their place in that order."""
        changed = [neuron, *self.wiring.downstream_of(neuron).tolist()]
        return changed, {number: place for place, number in enumerate(changed)}

    def neurons(self):
        """Yield (neuron, its synapses that are asked for) where there are any."""
        for neuron in range(self.wiring.n_neurons):
            owned = self.synapses[self.wiring.target[self.synapses] == neuron]
            if len(owned):
                yield neuron, owned


def _jax_sums(changes, errors, along):
    """Return the sums of one synapse and tile; changes (C, V, T), as products with vectors."""
    n_values, tile = changes.shape[1:]
    squares = changes * changes
    return (
        sum(square @ jnp.ones(tile, square.dtype) for square in squares),
        sum(change @ error for change, error in zip(changes, errors, strict=True)),
        sum(jnp.ones(n_values, square.dtype) @ square for square in squares),
        jnp.stack([along @ change for change in changes]),
    )


def _jax_joined(sums):
    """Return what `lax.map` stacked over tiles as sums and maps over all points."""
    squares, products, square_maps, signed = sums  # the first axis of each is the tile
    square_maps = square_maps.transpose(1, 0, 2).reshape(square_maps.shape[1], -1)
    signed = signed.transpose(1, 2, 0, 3).reshape(*signed.shape[1:3], -1)
    return squares.sum(0), products.sum(0), square_maps, signed


def jax_repainting(problem, way="stack and matmul", batched=False):
    """Return a callable that paints every picture anew, by a way of `jax_network.forwards`.

    `batched` paints all values of a synapse by `vmap`, else one after the other by `lax.map`;
    synapses and tiles follow each other by `lax.map`.
    """
    paint = jax_network.forwards(problem.wiring)[way]

    def tile_sums(weights, synapses, inputs, base, errors):
        def one_synapse(synapse):
            number, values, along = synapse

            def at(value):
                return paint(weights.at[number].set(value), inputs)

            painted = jax.vmap(at)(values) if batched else jax.lax.map(at, values)
            return _jax_sums((painted - base).swapaxes(0, 1), errors, along)

        return jax.lax.map(one_synapse, synapses)

    def all_sums(weights, synapses, tiles):
        sums = jax.lax.map(lambda tile: tile_sums(weights, synapses, *tile), tiles)
        return _jax_joined(sums)

    chosen = problem.synapses
    synapses = (jnp.asarray(chosen), problem.values[chosen], problem.fit[chosen])
    tiles = tuple(problem.tiled(rows) for rows in (problem.inputs, problem.base, problem.errors))
    arguments = jax.device_put((problem.weights, synapses, tiles))
    jitted = jax.jit(all_sums)

    def call():
        return problem.finish(*jax.block_until_ready(jitted(*arguments)))

    return call


def jax_incremental(problem, product="multiply-adds"):
    """Return a callable: one jitted function per neuron, for all its synapses and values.

    `product` is how a neuron gathers what it hears: "multiply-adds", which XLA fuses with the
    tanh that follows, or "stack", one matrix product of stacked rows.
    """
    calls = []
    tiles = jax.device_put((problem.tiled(problem.sent), problem.tiled(problem.errors)))
    weights = jax.device_put(problem.weights)
    for neuron, owned in problem.neurons():
        jitted = jax.jit(_jax_of_neuron(problem, neuron, problem.wiring.source[owned], product))
        synapses = jax.device_put((problem.moves[owned], problem.fit[owned]))
        calls.append((jitted, synapses))

    def call():
        parts = [jax.block_until_ready(jitted(weights, *own, *tiles)) for jitted, own in calls]
        joined = [np.concatenate(sums) for sums in zip(*parts, strict=True)]
        return problem.finish(*joined)

    return call


def _jax_of_neuron(problem, neuron, sources, product):
    """Return f(weights, moves, fit, sent, errors) -> sums of synapses that lead to `neuron`."""
    wiring, n_inputs = problem.wiring, problem.wiring.n_inputs
    changed, place = problem.changed_by(neuron)

    def gather(weights, listener, rows):
        """Sum what `listener` hears of neurons that change."""
        heard = wiring.sources_of(listener)
        pairs = [(k, place[s - n_inputs]) for k, s in enumerate(heard) if s - n_inputs in place]
        first = int(wiring.first[listener])
        if product == "stack":
            used = weights[first + np.array([k for k, _ in pairs])]
            return used @ jnp.stack([rows[where] for _, where in pairs])
        return sum(weights[first + k] * rows[where] for k, where in pairs)

    def of_tile(weights, moves, fit, sent, errors):
        tile = sent.shape[1]
        steady = []  # what each changed neuron hears of those that do not change
        for listener in changed:
            heard = wiring.sources_of(listener)
            kept = np.flatnonzero([s - n_inputs not in place for s in heard])
            steady.append(weights[int(wiring.first[listener]) + kept] @ sent[heard[kept]])

        def one_synapse(synapse):
            moves, along, source = synapse
            net_input = steady[0] + moves[:, None] * source
            rows = [jnp.tanh(net_input).reshape(-1)]  # long rows of values × points
            for listener, rest in zip(changed[1:], steady[1:], strict=True):
                net_input = gather(weights, listener, rows).reshape(-1, tile) + rest
                rows.append(jnp.tanh(net_input).reshape(-1))
            still = jnp.zeros((len(moves), tile), sent.dtype)
            changes = [
                rows[place[output]].reshape(-1, tile) - sent[n_inputs + output]
                if output in place
                else still
                for output in wiring.outputs
            ]
            return _jax_sums(jnp.stack(changes), errors, along)

        return jax.lax.map(one_synapse, (moves, fit, sent[sources]))

    def of_all(weights, moves, fit, sent, errors):
        tiles = (sent, errors)
        sums = jax.lax.map(lambda tile: of_tile(weights, moves, fit, *tile), tiles)
        return _jax_joined(sums)

    return of_all


def torch_sweeps(problem, incremental, tanh="by exp"):
    """Return a callable in eager PyTorch, everything in place.

    One matrix product per stage serves all values of a synapse, since only one weight differs.
    `incremental` leaves out all neurons that do not change. `tanh` is "built in", or "by exp":
    rows then hold r = 1 / (1 + exp(2 x)) instead of tanh x = 1 - 2 r, and the weights are
    scaled to match, which leaves exp, add and reciprocal.
    """
    by_exp = tanh == "by exp"
    n_values, tile = problem.values.shape[1], problem.tile
    n_inputs, n_outputs = problem.wiring.n_inputs, problem.wiring.n_outputs
    rows = torch.empty(problem.wiring.n_neurons, n_values * tile)
    differences = torch.empty(n_outputs, n_values, tile)
    squared = torch.empty_like(differences)
    ones = torch.ones(n_values)
    plans = [
        (owned, *_torch_plan(problem, neuron, incremental, by_exp))
        for neuron, owned in problem.neurons()
    ]
    weights_in = torch.from_numpy(problem.matrix[:, :n_inputs] * (2 if by_exp else 1))
    moves = torch.from_numpy(problem.moves * (2 if by_exp else 1))[:, :, None]
    fit = torch.from_numpy(problem.fit)
    all_sent, all_errors = torch.from_numpy(problem.sent), torch.from_numpy(problem.errors)
    place_of = {int(synapse): place for place, synapse in enumerate(problem.synapses)}
    n_synapses, n_points = len(problem.synapses), problem.sent.shape[1]

    def fire(row):
        if by_exp:
            row.exp_().add_(1).reciprocal_()
        else:
            row.tanh_()

    def sweep(synapse, sent, base, plan):
        """Fill the rows of all neurons that change, and `differences`."""
        stages, place = plan
        source = sent[int(problem.wiring.source[synapse])]
        for stage, steady, products, holds in stages:
            out = rows[stage]
            as_values = out.view(len(out), n_values, tile)
            if products:
                weights, heard = products[0]
                torch.mm(weights, rows[heard], out=out)
                for weights, heard in products[1:]:
                    out.addmm_(weights, rows[heard])
                as_values.add_(steady[:, None])
            else:
                as_values.copy_(steady[:, None].expand_as(as_values))
            if holds is not None:
                as_values[holds].addcmul_(moves[synapse], source)
            fire(out)
        for output, number in enumerate(problem.wiring.outputs):
            if number not in place:
                continue
            row = rows[place[number]].view(n_values, tile)
            if by_exp:
                torch.add(1 - base[output], row, alpha=-2, out=differences[output])
            else:
                torch.sub(row, base[output], out=differences[output])

    def call():
        squares, products = torch.zeros(n_synapses, n_values), torch.zeros(n_synapses, n_values)
        square_maps = torch.empty(n_synapses, n_points)
        signed = torch.empty(n_synapses, n_outputs, n_points)
        for start in range(0, n_points, tile):
            part = slice(start, start + tile)
            sent, errors = all_sent[:, part].contiguous(), all_errors[:, part].contiguous()
            base, share = sent[-n_outputs:], weights_in @ sent[:n_inputs]
            for owned, stages, place in plans:
                ready = [
                    (stage, steady(sent, share), products, holds)
                    for stage, steady, products, holds in stages
                ]
                differences.zero_()
                for synapse in owned.tolist():
                    sweep(synapse, sent, base, (ready, place))
                    where = place_of[synapse]
                    torch.mul(differences, differences, out=squared)
                    squares[where] += squared.sum(dim=(0, 2))
                    products[where] += torch.bmm(differences, errors[:, :, None]).sum((0, 2))
                    square_maps[where, part] = torch.mv(
                        squared.view(n_outputs * n_values, tile).T, ones.repeat(n_outputs)
                    )
                    signed[where, :, part] = torch.matmul(fit[synapse], differences)
        return problem.finish(*(t.numpy() for t in (squares, products, square_maps, signed)))

    return torch.inference_mode()(call)


def _torch_plan(problem, neuron, incremental, by_exp):
    """Return the stages of neurons that are computed, and each neuron's row.

    A stage is (slice of rows, f(sent, share of the inputs) -> the steady part of the net input,
    [(weights, slice of rows heard)], the row within the stage that the synapse leads to or None).
    """
    wiring, n_inputs = problem.wiring, problem.wiring.n_inputs
    if incremental:
        computed, place = problem.changed_by(neuron)
    else:
        computed = list(range(wiring.n_neurons))
        place = {number: number for number in computed}
    hidden, stages = problem.matrix[:, n_inputs:], []
    changes = np.zeros(wiring.n_neurons, bool)
    changes[computed] = True
    double = 2 if by_exp else 1

    for stage, *_ in wiring.stages:
        numbers = [n for n in range(stage.start, stage.stop) if n in place]
        if not numbers:
            continue
        own = slice(place[numbers[0]], place[numbers[-1]] + 1)
        weights = hidden[numbers]
        offset = np.zeros((len(numbers), 1), np.float32)
        if by_exp:
            offset = 2 * (weights[:, changes]).sum(1, keepdims=True)
        heard = np.flatnonzero(weights.any(axis=0) & changes)
        products = [
            (
                torch.from_numpy(np.ascontiguousarray(weights[:, run]) * (-4 if by_exp else 1)),
                slice(place[run.start], place[run.stop - 1] + 1),
            )
            for run in runs_of(heard)
        ]
        kept = torch.from_numpy(np.where(changes, 0, weights) * double)
        chosen, offset = torch.tensor(numbers), torch.from_numpy(offset)

        def steady(sent, share, kept=kept, chosen=chosen, offset=offset):
            return torch.addmm(share[chosen] + offset, kept, sent[n_inputs:])

        holds = numbers.index(neuron) if neuron in numbers else None
        stages.append((own, steady, products, holds))
    return stages, place
