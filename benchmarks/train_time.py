"""Seconds until a picture is learnt: ours against JAX, SciPy and scikit-learn, on one core.

All start from the same random weights and minimise the same loss, the mean squared error plus
1e-3 times the mean squared weight. Only scikit-learn differs: it has layers, linear outputs,
its own start, and restricts no biases. The clock of the others stands still while they
compile and while their error is measured; ours includes the measuring. Learning rates stay
as they are, except where a row says that they fall, and in ours.
"""

import argparse
import contextlib
import json
import time
import warnings
from pathlib import Path

import machine  # isort: skip  (one thread each, before the libraries load)

import numpy as np
from scipy.optimize import minimize

from ensembles_lib import Network, Picture, article_wiring
from ensembles_lib.core.levenberg_marquardt import train_levenberg_marquardt
from ensembles_lib.core.passes import loss_gradient, respond
from ensembles_lib.core.points import coordinates
from ensembles_lib.core.training import train_backprop

try:
    import jax
    import jax.numpy as jnp
    import jax_network
    import optax
except ImportError:
    jax = None
try:
    from sklearn.neural_network import MLPRegressor
except ImportError:
    MLPRegressor = None

PICTURE = Path(__file__).parents[1] / "data" / "peacock.png"
THRESHOLDS = (0.15, 0.12, 0.10, 0.09, 0.08, 0.07, 0.06)
RESTRICTION = 1e-3
BATCH = 256
BLOCK = 100  # steps of full-batch Adam per call
RATES = (1e-3, 3e-3, 1e-2, 3e-2)
LAYERS = (14, 13, 13)  # of scikit-learn: 2·14+14 + 14·13+13 + 13·13+13 + 13·3+3 = 461 numbers


class TimeIsUpError(Exception):
    """Ends a method from within `Clock.record`."""


class Clock:
    """Measures errors of newer and newer weights, standing still meanwhile."""

    def __init__(self, error_of, limit):
        self.error_of, self.limit, self.seconds, self.errors = error_of, limit, [], []
        self.elapsed, self.since = 0.0, time.perf_counter()

    def record(self, weights):
        """Stop the clock, measure the error of `weights`, go on."""
        self.elapsed += time.perf_counter() - self.since
        self.seconds.append(self.elapsed)
        self.errors.append(self.error_of(weights))
        if self.elapsed >= self.limit:
            raise TimeIsUpError
        self.since = time.perf_counter()


class Task:
    """The picture to learn, as every method wants it."""

    def __init__(self, size):
        self.wiring = article_wiring()
        self.picture = Picture.open(PICTURE, size)
        self.inputs = coordinates(self.picture.size, dtype=np.float32)
        pixels = self.picture.pixels.reshape(-1, 3).T
        self.targets = np.ascontiguousarray(pixels, dtype=np.float32)

    def error_of(self, weights):
        """Return the RMSE over all pixels and channels."""
        return self.error_between(respond(self.wiring, np.asarray(weights), self.inputs))

    def error_between(self, outputs):
        """Return the RMSE of outputs (3, P)."""
        return float(np.sqrt(np.mean((outputs - self.targets) ** 2, dtype=float)))

    def loss_gradient(self, weights):
        """Return our loss and gradient with the restriction, computed in float32."""
        weights = np.asarray(weights, np.float32)
        loss, slope = loss_gradient(self.wiring, weights, self.inputs, self.targets)
        loss = loss + RESTRICTION * np.mean(weights * weights)
        return float(loss), slope + (2 * RESTRICTION / len(weights)) * weights

    def run(self, method, seed, limit):
        """Return (seconds, errors) of a method from the random start of `seed`."""
        clock = Clock(getattr(method, "error_of", self.error_of), limit)
        start = Network.random(self.wiring, seed).weights.astype(np.float32)
        with contextlib.suppress(TimeIsUpError):
            method(clock.record, start, seed)
        return np.array(clock.seconds), np.array(clock.errors)


# ---- Methods: make(task, ...) compiles, and returns method(record, start, seed).


def scipy_lbfgs(task):
    """SciPy's L-BFGS-B on our gradient."""

    def function(weights):
        loss, slope = task.loss_gradient(weights)
        return loss, slope.astype(float)

    def method(record, start, seed):
        weights, loss = start.astype(float), np.inf
        options = {"maxiter": 10**9, "maxfun": 10**9, "ftol": 0, "gtol": 0}
        # Where rounding ends a line search, a fresh start of the memory often goes on.
        while True:
            result = minimize(
                function, weights, jac=True, method="L-BFGS-B", options=options, callback=record
            )
            if not result.fun < loss:
                return
            weights, loss = result.x, result.fun

    return method


def fastest(functions, *arguments):
    """Return the name and the jitted function that is quickest on these arguments."""
    jitted = {name: jax.jit(function) for name, function in functions.items()}
    calls = {
        name: lambda function=function: jax.block_until_ready(function(*arguments))
        for name, function in jitted.items()
    }
    times = machine.interleaved(calls, 5)
    name = min(times, key=lambda name: times[name][1])
    return name, functions[name]


def jax_gradients(task):
    """Return the loss and all gradients in JAX, checked against ours."""
    gradients, loss = jax_network.gradients(task.wiring, RESTRICTION)
    start = Network.random(task.wiring, 0).weights.astype(np.float32)
    our_loss, ours = task.loss_gradient(start)
    arguments = start, task.inputs, task.targets
    assert abs(float(jax.jit(loss)(*arguments)) - our_loss) < 1e-5 * our_loss
    for name, gradient in gradients.items():
        theirs = np.asarray(jax.jit(gradient)(*arguments))
        assert np.abs(theirs - ours).max() < 1e-4 * np.abs(ours).max(), name
    return loss, gradients


def jax_adam_minibatch(task, gradient, rate):
    """Mini-batch Adam in JAX: one scan per epoch over shuffled batches."""
    adam, n_points = optax.adam(rate), task.inputs.shape[1]
    inputs, targets = jnp.asarray(task.inputs), jnp.asarray(task.targets)

    @jax.jit
    def epoch(weights, state, key):
        order = jax.random.permutation(key, n_points)[: n_points // BATCH * BATCH]
        x, t = (a[:, order].reshape(3, -1, BATCH).swapaxes(0, 1) for a in (inputs, targets))

        def step(carry, batch):
            weights, state = carry
            change, state = adam.update(gradient(weights, *batch), state)
            return (weights + change, state), None

        return jax.lax.scan(step, (weights, state), (x, t))[0]

    return _jax_method(adam, epoch, keyed=True, task=task)


def jax_adam_full(task, gradient, rate):
    """Full-batch Adam in JAX: blocks of steps on all pixels, as in the FER study."""
    adam = optax.adam(rate)
    inputs, targets = jnp.asarray(task.inputs), jnp.asarray(task.targets)

    @jax.jit
    def block(weights, state):
        def step(carry, _):
            weights, state = carry
            change, state = adam.update(gradient(weights, inputs, targets), state)
            return (weights + change, state), None

        return jax.lax.scan(step, (weights, state), length=BLOCK)[0]

    return _jax_method(adam, block, keyed=False, task=task)


def jax_lbfgs(task, loss, gradient):
    """L-BFGS of Optax, with its own line search, on the quickest gradient."""
    lbfgs = optax.lbfgs()
    inputs, targets = jnp.asarray(task.inputs), jnp.asarray(task.targets)

    @jax.custom_vjp
    def value(weights):
        return loss(weights, inputs, targets)

    value.defvjp(
        lambda weights: (value(weights), gradient(weights, inputs, targets)),
        lambda slope, scale: (scale * slope,),
    )
    value_and_slope = optax.value_and_grad_from_state(value)

    @jax.jit
    def step(weights, state):
        at, slope = value_and_slope(weights, state=state)
        change, state = lbfgs.update(slope, state, weights, value=at, grad=slope, value_fn=value)
        return weights + change, state

    return _jax_method(lbfgs, step, keyed=False, task=task)


def _jax_method(optimiser, advance, keyed, task):
    """Return the method that repeats the jitted `advance`, compiled on the shapes of a task."""

    def method(record, start, seed):
        weights, key = jnp.asarray(start), jax.random.key(seed)
        state = optimiser.init(weights)
        while True:
            if keyed:
                key, own = jax.random.split(key)
                weights, state = advance(weights, state, own)
            else:
                weights, state = advance(weights, state)
            record(weights.block_until_ready())

    calls = []

    def warm_up(weights):
        # The second call may compile again, for a state that has other types than the first.
        calls.append(weights)
        if len(calls) == 3:
            raise TimeIsUpError

    with contextlib.suppress(TimeIsUpError):
        method(warm_up, Network.random(task.wiring, 0).weights.astype(np.float32), 0)
    compiled = advance._cache_size()

    def checked(record, start, seed):
        try:
            method(record, start, seed)
        finally:
            assert advance._cache_size() == compiled, "compiled while the clock was running"

    return checked


def sklearn_adam(task, rate):
    """MLPRegressor of scikit-learn: Adam, one `partial_fit` per epoch."""
    x = np.ascontiguousarray(task.inputs[:2].T)
    y = np.ascontiguousarray(task.targets.T)
    # It halves the squared error, adds the outputs up, and divides alpha by the batch size.
    alpha = BATCH * 3 * RESTRICTION / task.wiring.n_synapses

    def method(record, start, seed):
        network = MLPRegressor(
            hidden_layer_sizes=LAYERS, activation="tanh", solver="adam", alpha=alpha,
            batch_size=BATCH, learning_rate_init=rate, random_state=seed,
        )  # fmt: skip
        while True:
            record(network.partial_fit(x, y))

    method.error_of = lambda network: task.error_between(network.predict(x).T)
    return method


# ---- The comparison.


def ours(train, **options):
    """Return a runner of one of our trainings: (task, seed, limit) -> (seconds, errors)."""

    def run(task, seed, limit):
        network = Network.random(task.wiring, seed)
        _, history = train(
            network, task.picture, energy_restriction=RESTRICTION, seconds=limit, seed=seed,
            progress=False, **options,
        )  # fmt: skip
        return history.seconds, history.rmse

    return run


def backprop_in_time(task, seed, limit):
    """Our backprop with as many epochs as the time allows, for its rate falls to the end."""
    start = Network.random(task.wiring, seed)
    _, pace = train_backprop(start, task.picture, epochs=20, seed=seed, progress=False)
    epochs = max(1, int(limit / (pace.seconds[-1] - pace.seconds[0]) * 20))
    return ours(train_backprop, epochs=epochs)(task, seed, limit)


def seconds_to(seconds, errors, threshold):
    """Return the first of `seconds` whose error is at most `threshold`; infinite if none is."""
    reached = np.flatnonzero(np.asarray(errors) <= threshold)
    return float(seconds[reached[0]]) if len(reached) else float("inf")


def search_rate(task, make, seed, limit):
    """Return the method of the lowest error at the limit, and its learning rate."""
    methods = {rate: make(rate) for rate in RATES}
    lowest = {rate: min(task.run(methods[rate], seed, limit)[1]) for rate in RATES}
    best = min(lowest, key=lowest.get)
    return methods[best], best


def runners(task, search_seed, search_seconds):
    """Return {name: (task, seed, limit) -> (seconds, errors)}, compiled, rates searched."""
    rows = {
        "ours, Levenberg–Marquardt": ours(train_levenberg_marquardt, iterations=10**9),
        "ours, backprop, 200 epochs": ours(train_backprop, epochs=200),
        "ours, backprop, rate falling to the limit": backprop_in_time,
    }

    def add(name, method):
        rows[name] = lambda task, seed, limit: task.run(method, seed, limit)

    def add_searched(name, make):
        method, rate = search_rate(task, make, search_seed, search_seconds)
        add(f"{name}, rate {rate:g}", method)

    add("SciPy L-BFGS-B on our gradient", scipy_lbfgs(task))
    if jax:
        loss, gradients = jax_gradients(task)
        start = Network.random(task.wiring, search_seed).weights.astype(np.float32)
        by_hand = {"by hand": gradients.pop("by hand")}
        batch = task.inputs[:, :BATCH], task.targets[:, :BATCH]
        automatic, gradient = fastest(gradients, start, *batch)
        print(f"JAX, the fastest gradient of {BATCH} pixels without hand work: {automatic}")
        for label, chosen in (("autodiff", gradient), ("by hand", by_hand["by hand"])):
            add_searched(
                f"JAX Adam, batch {BATCH}, {label}",
                lambda rate, chosen=chosen: jax_adam_minibatch(task, chosen, rate),
            )
        falling = optax.cosine_decay_schedule(1e-2, 200 * (task.inputs.shape[1] // BATCH))
        name, gradient = fastest({automatic: gradient, **by_hand}, start, *batch)
        add(
            f"JAX Adam, batch {BATCH}, our 200-epoch schedule",
            jax_adam_minibatch(task, gradient, falling),
        )
        name, gradient = fastest({**gradients, **by_hand}, start, task.inputs, task.targets)
        print(f"JAX, the fastest gradient of all pixels: {name}")
        add_searched("JAX Adam, full batch", lambda rate: jax_adam_full(task, gradient, rate))
        add("JAX L-BFGS (Optax)", jax_lbfgs(task, loss, gradient))
    if MLPRegressor:
        add_searched(f"scikit-learn Adam, layers {LAYERS}", lambda rate: sklearn_adam(task, rate))
    return rows


def print_table(results):
    """Print, for every threshold and method, the median over seeds and each seed's seconds."""
    baseline = next(iter(results))
    for threshold in THRESHOLDS:
        print(f"\nSeconds to RMSE {threshold:.2f}\n{'':48}{'median':>8}{'ratio':>8}  seeds")
        medians = {}
        for name, runs in results.items():
            each = [seconds_to(*run, threshold) for run in runs.values()]
            medians[name] = float(np.median(each))
            ratio = medians[name] / medians[baseline] if np.isfinite(medians[name]) else np.inf
            shown = " ".join(_shown(seconds) for seconds in each)
            print(f"{name:48}{_shown(medians[name])}{_shown(ratio)}  {shown}")
    print(f"\nLowest RMSE within the limit\n{'':48}{'median':>8}          seeds")
    for name, runs in results.items():
        lowest = [min(errors) for _, errors in runs.values()]
        shown = " ".join(f"{error:8.4f}" for error in lowest)
        print(f"{name:48}{np.median(lowest):8.4f}{'':8}  {shown}")


def _shown(number):
    return f"{number:8.2f}" if np.isfinite(number) else f"{'never':>8}"


def main():
    """Run the comparison."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seconds", type=float, default=120, help="limit of every training")
    parser.add_argument("--seeds", type=int, nargs="+", default=[1, 2, 3])
    parser.add_argument("--size", type=int, default=96)
    parser.add_argument("--search-seed", type=int, default=1000)
    parser.add_argument(
        "--search-seconds", type=float, help="per learning rate (default: a third of the limit)"
    )
    parser.add_argument("--output", type=Path, help="write the numbers to this JSON file")
    options = parser.parse_args()
    if options.search_seed in options.seeds:
        parser.error("the seed of the search must not be one of the timed seeds")
    # Each call of partial_fit is one epoch: that it hasn't converged is no news.
    warnings.filterwarnings("ignore", module="sklearn")
    facts = machine.describe()
    print("\n".join(f"{name}: {fact}" for name, fact in facts.items()))
    print(__doc__.split("\n\n")[1])
    for name, module in (("JAX with Optax", jax), ("scikit-learn", MLPRegressor)):
        if module is None:
            print(f"{name} is not installed: its rows are left out.")
    task = Task(options.size)
    search_seconds = options.search_seconds or options.seconds / 3
    print(f"Learning rates of the others: the best of {RATES} after {search_seconds:g} s.")
    rows = runners(task, options.search_seed, search_seconds)
    results = {name: {} for name in rows}
    for seed in options.seeds:
        for name, run in rows.items():
            results[name][seed] = run(task, seed, options.seconds)
            lowest = min(results[name][seed][1])
            print(f"seed {seed}: {name}: {lowest:.4f}", flush=True)
    print_table(results)
    if options.output:
        raw = {
            name: {seed: [list(map(float, column)) for column in run] for seed, run in runs.items()}
            for name, runs in results.items()
        }
        options.output.write_text(json.dumps({"machine": facts, "seconds, rmse": raw}))


if __name__ == "__main__":
    main()
