"""A network of any wiring in JAX: several ways to compute it, and back-propagation by hand."""

import jax
import jax.numpy as jnp
import numpy as np

# On one core a second thread for dispatching only costs time.
jax.config.update("jax_cpu_enable_async_dispatch", False)


def forwards(wiring):
    """Return {name: f(weights, inputs (n_inputs, P)) -> outputs (n_outputs, P)}."""
    n_inputs, n_outputs = wiring.n_inputs, wiring.n_outputs
    first = wiring.first.tolist()
    heard = [wiring.sources_of(neuron).tolist() for neuron in range(wiring.n_neurons)]

    def multiply_add(weights, inputs):
        rows = list(inputs)
        for start, sources in zip(first, heard, strict=False):
            terms = [weights[start + k] * rows[source] for k, source in enumerate(sources)]
            rows.append(jnp.tanh(sum(terms)))
        return jnp.stack(rows[-n_outputs:])

    def stack(weights, inputs):
        return jnp.stack(send(wiring, weights, inputs)[-n_outputs:])

    def per_point(weights, inputs):
        return jax.vmap(stack, (None, 1), 1)(weights, inputs)

    def dense(weights, inputs):
        matrix = jnp.zeros(wiring.listens.shape, weights.dtype)
        matrix = matrix.at[wiring.target, wiring.source].set(weights)
        silent = jnp.zeros((wiring.n_neurons, inputs.shape[1]), inputs.dtype)

        def fire(neuron, sent):
            activation = jnp.tanh(matrix[neuron] @ sent)
            return jax.lax.dynamic_update_index_in_dim(sent, activation, n_inputs + neuron, 0)

        sent = jnp.concatenate([inputs, silent])
        return jax.lax.fori_loop(0, wiring.n_neurons, fire, sent)[-n_outputs:]

    def dense_chunks(weights, inputs):
        chunks = inputs.reshape(n_inputs, -1, 1024).transpose(1, 0, 2)
        outputs = jax.lax.map(lambda chunk: dense(weights, chunk), chunks)
        return outputs.transpose(1, 0, 2).reshape(n_outputs, -1)

    return {
        "multiply-adds, neuron by neuron": multiply_add,
        "stack and matmul": stack,
        "vmap per point": per_point,
        "dense matrix, loop": dense,
        "dense matrix, 1024 points at a time": dense_chunks,
    }


def send(wiring, weights, inputs):
    """Return the list of what every source sends: one neuron, one dot product."""
    sent = list(inputs)
    for neuron in range(wiring.n_neurons):
        owned = wiring.synapses_of(neuron)
        listened = jnp.stack([sent[source] for source in wiring.sources_of(neuron)])
        sent.append(jnp.tanh(weights[owned.start : owned.stop] @ listened))
    return sent


def signals_of(wiring, weights, sent, seeds):
    """Return the list of back-propagated signals of all neurons, each of the shape of a seed."""
    signals = [None] * wiring.n_neurons
    for neuron in reversed(range(wiring.n_neurons)):
        fed = np.flatnonzero(wiring.source == wiring.n_inputs + neuron)
        parts = [seeds[neuron - wiring.outputs.start]] if neuron in wiring.outputs else []
        if len(fed):
            listening = jnp.stack([signals[listener] for listener in wiring.target[fed]])
            parts.append(jnp.tensordot(weights[fed], listening, 1))
        activation = sent[wiring.n_inputs + neuron]
        signals[neuron] = sum(parts) * (1 - activation * activation)
    return signals


def factors(wiring, weights, inputs):
    """Return the factors of the Jacobian, signals (N, n_outputs, P) and sent (sources, P)."""
    sent = send(wiring, weights, inputs)
    shape = (wiring.n_outputs, wiring.n_outputs, inputs.shape[1])
    seeds = jnp.broadcast_to(jnp.eye(wiring.n_outputs, dtype=inputs.dtype)[..., None], shape)
    return jnp.stack(signals_of(wiring, weights, sent, seeds)), jnp.stack(sent)


def written_out(wiring, weights, inputs):
    """Return the Jacobian (S, n_outputs, P), multiplied out from its factors."""
    signals, sent = factors(wiring, weights, inputs)
    return signals[wiring.target] * sent[wiring.source][:, None]


def gradients(wiring, restriction):
    """Return {name: f(weights, inputs, targets) -> gradient} of the loss with restriction."""

    def by(forward):
        def loss(weights, inputs, targets):
            errors = forward(weights, inputs) - targets
            return jnp.mean(errors * errors) + restriction * jnp.mean(weights * weights)

        return loss

    def by_hand(weights, inputs, targets):
        sent = send(wiring, weights, inputs)
        seeds = jnp.stack(sent[-wiring.n_outputs :]) - targets
        signals = jnp.stack(signals_of(wiring, weights, sent, seeds))
        product = (signals @ jnp.stack(sent).T)[wiring.target, wiring.source]
        return 2 / targets.size * product + 2 * restriction / len(weights) * weights

    ways = forwards(wiring)
    # The derivative of the multiply-adds takes over a minute to compile.
    names = ("stack and matmul", "vmap per point", "dense matrix, loop")
    automatic = {f"autodiff, {name}": jax.grad(by(ways[name])) for name in names}
    return {**automatic, "by hand": by_hand}, by(ways["stack and matmul"])
