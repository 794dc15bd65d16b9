"""Painting and the Jacobian of all pixels by all weights: ours, JAX and PyTorch, on one core."""

import argparse
import itertools
import json
from pathlib import Path

import machine  # isort: skip  (one thread each, before the libraries load)

import numpy as np

from ensembles_lib import Network, Picture, article_wiring
from ensembles_lib.core.derivatives import jacobian, jacobian_factors
from ensembles_lib.core.passes import respond
from ensembles_lib.core.points import coordinates

try:
    import jax
    import jax_network
except ImportError:
    jax = None
try:
    import torch
except ImportError:
    torch = None


def ours_painting(network, size, inputs):
    """Return {name: callable} of ours: the outputs alone, and the whole way to a Picture."""
    weights = network.weights.astype(np.float32)

    def picture():
        outputs = respond(network.wiring, weights, inputs)
        return Picture(np.ascontiguousarray(outputs.T).reshape(size, size, 3))

    return {
        "ours": lambda: respond(network.wiring, weights, inputs),
        "ours, with its Picture": picture,
        "ours, paint() with all checks": lambda: network.paint(size, dtype=np.float32),
    }


def jax_painting(network, inputs):
    """Return {name: callable} of the jitted formulations in JAX."""
    weights, inputs = jax.numpy.asarray(network.weights, "float32"), jax.numpy.asarray(inputs)

    def call(way):
        jitted = jax.jit(way)
        return lambda: jitted(weights, inputs).block_until_ready()

    ways = jax_network.forwards(network.wiring)
    return {f"JAX, {name}": call(way) for name, way in ways.items()}


def torch_painting(network, inputs, compiled):
    """Return {name: callable} in PyTorch: eager, and compiled if asked for."""
    wiring = network.wiring
    weights = torch.tensor(network.weights, dtype=torch.float32)
    inputs = torch.from_numpy(inputs)
    matrix = torch.zeros(wiring.listens.shape)
    matrix[torch.from_numpy(wiring.listens)] = weights  # synapses ascend by target, then source
    n_inputs = wiring.n_inputs

    def eager(chunk):
        def call():
            outputs = torch.empty(wiring.n_outputs, inputs.shape[1])
            for part, out in zip(inputs.split(chunk, 1), outputs.split(chunk, 1), strict=True):
                sent = torch.empty(len(matrix[0]), part.shape[1])
                sent[:n_inputs] = part
                net_inputs = sent[n_inputs:]
                torch.mm(matrix[:, :n_inputs], part, out=net_inputs)
                for stage, runs, *_ in wiring.stages:
                    net_input = net_inputs[stage]
                    for run in runs:
                        heard = slice(run.start + n_inputs, run.stop + n_inputs)
                        net_input.addmm_(matrix[stage, heard], sent[heard])
                    net_input.tanh_()
                out.copy_(net_inputs[wiring.outputs.start :])
            return outputs

        return torch.inference_mode()(call)

    chunks = {"all points at once": inputs.shape[1], "8192 points at a time": 8192}
    calls = {f"PyTorch eager, {name}": eager(chunk) for name, chunk in chunks.items()}
    if compiled:
        one_by_one = torch.compile(torch_multiply_add(wiring), dynamic=False)
        calls["PyTorch compiled"] = torch.inference_mode()(lambda: one_by_one(weights, inputs))
    return calls


def torch_multiply_add(wiring):
    """Return f(weights, inputs) -> outputs in PyTorch, multiply-adds neuron by neuron."""
    first = wiring.first.tolist()
    heard = [wiring.sources_of(neuron).tolist() for neuron in range(wiring.n_neurons)]

    def forward(weights, inputs):
        rows = list(inputs)
        for start, sources in zip(first, heard, strict=False):
            net_input = weights[start] * rows[sources[0]]
            for k, source in enumerate(sources[1:], start + 1):
                net_input = net_input + weights[k] * rows[source]
            rows.append(torch.tanh(net_input))
        return torch.stack(rows[-wiring.n_outputs :])

    return forward


def ours_jacobian(network, size):
    """Return {name: (callable, result -> array (S, n_outputs, P))} of ours."""
    wiring = network.wiring

    def multiplied(result):
        signals, sent = (factor.reshape(*factor.shape[:-2], -1) for factor in result)
        return signals[:, wiring.target].swapaxes(0, 1) * sent[wiring.source][:, None]

    def flat(result):
        return result.transpose(3, 2, 0, 1).reshape(wiring.n_synapses, wiring.n_outputs, -1)

    return {
        "ours, factors": (lambda: jacobian_factors(network, size, np.float32), multiplied),
        "ours, written out": (lambda: jacobian(network, size, np.float32), flat),
    }


def jax_jacobian(network, inputs):
    """Return {name: (callable, result -> array (S, n_outputs, P))} in JAX."""
    wiring = network.wiring
    weights, inputs = jax.numpy.asarray(network.weights, "float32"), jax.numpy.asarray(inputs)
    forward = jax_network.forwards(wiring)["stack and matmul"]

    def one(point):
        return jax.jacrev(lambda w: forward(w, point[:, None])[:, 0])(weights)

    def along(tangent):
        return jax.jvp(lambda w: forward(w, inputs), (weights,), (tangent,))[1]

    # Blocks, because all at once the intermediate results would fill gigabytes.
    in_blocks = jax.jit(lambda inputs: jax.lax.map(one, inputs.T, batch_size=1024))
    basis = jax.numpy.eye(wiring.n_synapses)
    forward_mode = jax.jit(lambda basis: jax.lax.map(along, basis, batch_size=23))

    def call(function):
        return lambda: jax.block_until_ready(function(inputs))

    def multiplied(result):
        signals, sent = map(np.asarray, result)
        return signals[wiring.target] * sent[wiring.source][:, None]

    def points_last(result):
        return np.asarray(result).transpose(2, 1, 0)

    at_once = jax.jit(jax.vmap(one, 1))
    factors = jax.jit(lambda x: jax_network.factors(wiring, weights, x))
    written = jax.jit(lambda x: jax_network.written_out(wiring, weights, x))
    return {
        "JAX by hand, factors": (call(factors), multiplied),
        "JAX by hand, written out": (call(written), np.asarray),
        "JAX vmap of jacrev": (call(at_once), points_last),
        "JAX vmap of jacrev, 1024 points at a time": (call(in_blocks), points_last),
        "JAX jacfwd, 23 weights at a time": (
            lambda: forward_mode(basis).block_until_ready(),
            np.asarray,
        ),
    }


def torch_jacobian(network, inputs):
    """Return {name: (callable, result -> array (S, n_outputs, P))} with torch.func."""
    wiring = network.wiring
    weights, inputs = torch.tensor(network.weights, dtype=torch.float32), torch.from_numpy(inputs)
    # What a neuron hears lies side by side but for the entry and the bias: slices, not copies.
    heard = []
    for neuron, start in zip(range(wiring.n_neurons), wiring.first.tolist(), strict=False):
        sources = wiring.sources_of(neuron)
        cuts = [0, *(np.flatnonzero(np.diff(sources) > 1) + 1).tolist(), len(sources)]
        heard.append(
            [
                (slice(start + a, start + b), slice(int(sources[a]), int(sources[b - 1]) + 1))
                for a, b in itertools.pairwise(cuts)
            ]
        )

    def one(weights, point):
        sent = point
        for runs in heard:
            net_input = sum(weights[owned] @ sent[sources] for owned, sources in runs)
            sent = torch.cat([sent, torch.tanh(net_input)[None]])
        return sent[-wiring.n_outputs :]

    mapped = torch.func.vmap(torch.func.jacrev(one), in_dims=(None, 1), chunk_size=1024)
    call = torch.no_grad()(lambda: mapped(weights, inputs))
    return {"torch.func vmap of jacrev": (call, lambda result: result.numpy().transpose(2, 1, 0))}


def print_table(title, times, errors, baseline):
    """Print medians in ms with quartiles, the ratio to `baseline`, and errors."""
    print(f"\n{title}\n{'':44}{'median':>10}{'quartiles':>20}{'ratio':>8}{'error':>10}")
    for name, (low, median, high) in times.items():
        quartiles = f"{low * 1e3:.3f} to {high * 1e3:.3f}"
        ratio = median / times[baseline][1]
        print(f"{name:44}{median * 1e3:10.3f}{quartiles:>20}{ratio:8.2f}{errors[name]:10.1e}")


def compare_painting(network, size, repeats, compiled):
    """Time all ways to paint at `size`, print and return the table."""
    inputs = coordinates(size, dtype=np.float32)
    exact = network.respond(coordinates(size))
    calls = ours_painting(network, size, inputs)
    if jax:
        calls |= jax_painting(network, inputs)
    if torch:
        calls |= torch_painting(network, inputs, compiled)
    errors = {}
    for name, call in calls.items():
        result = call()
        if isinstance(result, Picture):
            result = result.pixels.reshape(-1, 3).T
        errors[name] = float(np.abs(np.asarray(result) - exact).max())
        assert errors[name] < 1e-5, (name, errors[name])
    times = machine.interleaved(calls, repeats)
    print_table(f"Painting {size}×{size}, float32 (ms)", times, errors, "ours")
    return {"times": times, "errors": errors}


def compare_jacobian(network, size, repeats):
    """Time all ways to the Jacobian at `size`, print and return the table."""
    inputs = coordinates(size, dtype=np.float32)
    wiring = network.wiring
    exact = jacobian(network, size).transpose(3, 2, 0, 1)
    exact = exact.reshape(wiring.n_synapses, wiring.n_outputs, -1)
    ways = ours_jacobian(network, size)
    if jax:
        ways |= jax_jacobian(network, inputs)
    if torch:
        ways |= torch_jacobian(network, inputs)
    errors = {}
    for name, (call, arrange) in ways.items():
        errors[name] = float(np.abs(arrange(call()) - exact).max())
        assert errors[name] < 1e-4 * np.abs(exact).max(), (name, errors[name])
    times = machine.interleaved({name: call for name, (call, _) in ways.items()}, repeats)
    title = f"Jacobian of {size}×{size} pixels by {wiring.n_synapses} weights, float32 (ms)"
    print_table(title, times, errors, "ours, written out")
    print(f"Largest entry of the Jacobian: {np.abs(exact).max():.3g}")
    return {"times": times, "errors": errors}


def main():
    """Run all comparisons."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", type=int, nargs="+", default=[64, 128, 256])
    parser.add_argument("--jacobian-size", type=int, default=128)
    parser.add_argument("--repeats", type=int, default=30)
    parser.add_argument(
        "--compile",
        action="store_true",
        help="torch.compile too (needs a C++ compiler and minutes)",
    )
    parser.add_argument("--output", type=Path, help="write the numbers to this JSON file")
    options = parser.parse_args()
    facts = machine.describe()
    print("\n".join(f"{name}: {fact}" for name, fact in facts.items()))
    for name, module in (("JAX", jax), ("PyTorch", torch)):
        if module is None:
            print(f"{name} is not installed: its rows are left out.")
    if torch:
        torch.set_num_threads(1)
    network = Network.random(article_wiring(), seed=1)
    tables = {
        f"painting {size}": compare_painting(network, size, options.repeats, options.compile)
        for size in options.sizes
    }
    size = options.jacobian_size
    tables[f"jacobian {size}"] = compare_jacobian(network, size, max(3, options.repeats // 3))
    print("\nError: largest difference from float64. Compilation is not in the times.")
    if options.output:
        options.output.write_text(json.dumps({"machine": facts, **tables}, indent=1))


if __name__ == "__main__":
    main()
