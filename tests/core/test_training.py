"""Oracles: a target painted by a known network, the written-out Jacobian, the exact minimum."""

import numpy as np
import pytest
import scipy.linalg
import scipy.optimize

import ensembles_lib.core.levenberg_marquardt as levenberg_marquardt
import ensembles_lib.core.passes as passes
import ensembles_lib.core.training as training
from ensembles_lib import (
    FileFormatError,
    History,
    Network,
    Picture,
    article_wiring,
    cascade_wiring,
    coordinates,
    jacobian,
    layered_wiring,
    rmse,
    train_backprop,
    train_levenberg_marquardt,
)
from ensembles_lib.core import Diverged

SMALL = cascade_wiring([3, 4, 5, 6, 6, 6])


def each(most, one):
    """A number for each synapse, which is another for synapse 7."""
    return np.where(np.arange(SMALL.n_synapses) == 7, one, most)


TRAINERS = {"backprop": train_backprop, "levenberg_marquardt": train_levenberg_marquardt}
LENGTH = {"backprop": "epochs", "levenberg_marquardt": "iterations"}


@pytest.fixture(params=TRAINERS)
def name(request):
    return request.param


def train(name, network, picture, steps, **options):
    return TRAINERS[name](network, picture, progress=False, **{LENGTH[name]: steps}, **options)


def test_normal_equations_equal_the_written_out_jacobian():
    for wiring, size in ((article_wiring(), (7, 9)), (layered_wiring((2, 5, 4, 3)), (40, 70))):
        network = Network.random(wiring, seed=1)
        target = np.random.default_rng(2).uniform(-1, 1, (3, size[0] * size[1]))
        gram, slope, mean_square = passes.normal_equations(
            wiring, network.weights, coordinates(size), target
        )
        rows = jacobian(network, size).reshape(-1, wiring.n_synapses)
        errors = network.paint(size).pixels.reshape(-1) - target.T.reshape(-1)
        np.testing.assert_allclose(gram, rows.T @ rows / errors.size, atol=1e-15, rtol=1e-9)
        np.testing.assert_allclose(slope, rows.T @ errors / errors.size, atol=1e-15, rtol=1e-9)
        assert mean_square == pytest.approx(np.mean(errors**2), rel=1e-12)


def test_normal_equations_in_float32_are_close():
    network = Network.random(article_wiring(), seed=1)
    target = np.zeros((3, 32 * 32))
    inputs = coordinates(32)
    exact = passes.normal_equations(network.wiring, network.weights, inputs, target)
    single = passes.normal_equations(
        network.wiring, network.weights.astype(np.float32), inputs, target.astype(np.float32)
    )
    for a, b in zip(single, exact, strict=True):
        assert np.abs(a - b).max() < 1e-5 * np.abs(b).max()


def test_levenberg_marquardt_finds_back_to_the_network_that_painted_the_picture():
    teacher = Network.random(SMALL, seed=8)
    picture = teacher.paint(24)
    noise = 0.1 * np.random.default_rng(0).standard_normal(SMALL.n_synapses)
    start = Network(SMALL, teacher.weights + noise)
    trained, history = train("levenberg_marquardt", start, picture, 100, energy_restriction=0)
    assert history.rmse[0] > 0.02 and rmse(trained.paint(24), picture) < 1e-4


@pytest.mark.parametrize("restriction", [1e-2, np.geomspace(1e-3, 1e-1, SMALL.n_synapses)])
def test_levenberg_marquardt_stands_where_scipy_would_end(restriction):
    # From its result SciPy's L-BFGS finds no way further down: it is a minimum of the loss.
    picture = Network.random(SMALL, seed=8).paint(16)
    trained, _ = train(
        "levenberg_marquardt",
        Network.random(SMALL, seed=3),
        picture,
        300,
        energy_restriction=restriction,
    )
    inputs, targets = coordinates(16), picture.pixels.reshape(-1, 3).T

    def loss(weights):
        value, slope = passes.loss_gradient(SMALL, weights, inputs, targets)
        n = len(weights)
        return value + weights @ (restriction * weights) / n, slope + 2 * restriction * weights / n

    here = loss(trained.weights)[0]
    best = scipy.optimize.minimize(loss, trained.weights, jac=True, method="L-BFGS-B").fun
    assert here - best < 1e-3 * best


def test_backprop_learns(peacock_small):
    start = Network.random(article_wiring("wide"), seed=1)
    trained, history = train("backprop", start, peacock_small, 60)
    flat = rmse(
        peacock_small.pixels, np.broadcast_to(peacock_small.pixels.mean(axis=(0, 1)), (32, 32, 3))
    )
    assert rmse(trained.paint(32), peacock_small) < 0.7 * flat


@pytest.fixture(scope="module")
def peacock_small():
    from pathlib import Path

    return Picture.open(Path(__file__).resolve().parents[2] / "data" / "peacock.png", size=32)


def test_the_best_network_is_returned_with_its_history(name, peacock_small):
    start = Network.random(article_wiring(), seed=1)
    trained, history = train(name, start, peacock_small, 12)
    best = history.rmse.argmin()
    assert rmse(trained.paint(32), peacock_small) == pytest.approx(history.rmse.min(), abs=1e-5)
    np.testing.assert_array_equal(trained.weights, history.weights[best])
    np.testing.assert_allclose(history.energy, (history.weights**2).mean(axis=1))
    assert history.step.tolist() == list(range(13)) and history.stopped == "steps"
    assert (np.diff(history.seconds) >= 0).all()
    assert trained.provenance["steps"] == best and trained.provenance["start"] == "random, seed 1"
    np.testing.assert_array_equal(history.weights[0], start.weights)


def test_the_same_seed_gives_the_same_network(name, peacock_small):
    start = Network.random(article_wiring(), seed=1)
    first, second = (train(name, start, peacock_small, 5, seed=4)[0] for _ in range(2))
    assert first == second


def test_energy_restriction_keeps_weights_small(name, peacock_small):
    start = Network.random(article_wiring(), seed=1)
    free, held = (
        train(name, start, peacock_small, 30, energy_restriction=r)[1].energy[-1] for r in (0, 3)
    )
    assert held < 0.6 * free


def test_synapses_can_be_restricted_one_by_one(name, peacock_small):
    """Oracle: as many equal numbers are that number; synapses that cost much stay small."""
    start = Network.random(article_wiring(), seed=1)
    one, many = (
        train(name, start, peacock_small, 3, energy_restriction=r)[0].weights
        for r in (0.1, np.full(460, 0.1))
    )
    assert np.allclose(one, many, rtol=1e-4, atol=1e-5)
    dear = np.full(460, 1e-3)
    dear[28:37] = 1e3
    held, free = (
        train(name, start, peacock_small, 60, energy_restriction=r)[0] for r in (dear, 1e-3)
    )
    assert np.linalg.norm(held.weights[28:37]) < 0.2 * np.linalg.norm(free.weights[28:37])
    assert held.provenance["energy_restriction"] == dear.tolist()


def test_restrictions_may_be_whole_listed_or_read_only_and_the_largest_does_not_overflow(name):
    """Oracle: the same numbers as floats."""
    start, picture = Network.random(SMALL, seed=1), Picture(np.full((4, 4, 3), 0.5))
    given = np.arange(SMALL.n_synapses)
    given.setflags(write=False)
    ways = given, given.tolist(), given.astype(float)
    whole, listed, floats = (train(name, start, picture, 3, energy_restriction=r)[0] for r in ways)
    assert whole == listed == floats
    with np.errstate(over="raise", invalid="raise"):
        dear, _ = train(name, start, picture, 3, energy_restriction=each(1e12, 1e12))
    assert np.isfinite(dear.weights).all()


def test_interruption_returns_the_best_so_far(name, peacock_small):
    seen = []

    def interrupt(network, error):
        seen.append(error)
        if len(seen) == 6:
            raise KeyboardInterrupt

    start = Network.random(article_wiring(), seed=1)
    trained, history = train(name, start, peacock_small, 100, callback=interrupt)
    assert history.stopped == "interrupted" and len(history.step) == 6
    assert rmse(trained.paint(32), peacock_small) == pytest.approx(min(seen), abs=1e-5)


def test_limits_of_time_and_target(name, peacock_small):
    start = Network.random(article_wiring(), seed=1)
    _, timed = train(name, start, peacock_small, 10_000, seconds=0.2)
    assert timed.stopped == "seconds" and timed.seconds[-2] < 0.2 <= timed.seconds[-1]
    _, aimed = train(name, start, peacock_small, 10_000, target=0.35)
    assert aimed.stopped == "target" and aimed.rmse[-1] <= 0.35 < aimed.rmse[:-1].min()


@pytest.mark.filterwarnings("error")
def test_divergence_is_an_error_in_words_that_has_the_best_so_far(peacock_small):
    start, seen = Network.random(article_wiring(), seed=1), []
    with pytest.raises(
        Diverged, match=r"after step \d+.*best network so far.*learning rate"
    ) as told:
        train(
            "backprop", start, peacock_small, 50, learning_rate=1e38,
            callback=lambda network, error: seen.append((error, network)),
        )  # fmt: skip
    best = min(seen, key=lambda one: one[0])
    assert told.value.network == best[1] and not isinstance(told.value, ValueError)
    assert told.value.history.stopped == "diverged" and len(told.value.history.step) == len(seen)
    assert f"RMSE {best[0]:.3f}" in str(told.value)


@pytest.mark.filterwarnings("error")
def test_slopes_beyond_single_precision_are_divergence_too():
    """Squares of slopes of 1e24 overflow, where the outputs themselves, 0, do not."""
    layers = [(np.zeros((2, 2)), np.zeros(2)), (np.full((3, 2), 1e24), np.zeros(3))]
    start = Network.from_layers(layers, "identity")
    with pytest.raises(Diverged, match="after step 0") as told:
        train("levenberg_marquardt", start, Picture(np.zeros((8, 8, 3))), 5)
    assert told.value.network == start


@pytest.mark.filterwarnings("error")
def test_a_start_that_overflows_is_an_error_in_words(name):
    layers = [(np.full((2, 2), 1e30), np.zeros(2)), (np.full((3, 2), 1e30), np.zeros(3))]
    start = Network.from_layers(layers, "identity")
    with pytest.raises(ValueError, match="overflow float32: start from smaller weights"):
        train(name, start, Picture(np.zeros((8, 8, 3))), 3)


def test_any_aspect_ratio_and_a_tiny_picture(name):
    for shape in ((3, 40, 3), (1, 1, 3)):
        picture = Picture(np.full(shape, 0.5))
        trained, _ = train(name, Network.random(SMALL, seed=1), picture, 300)
        assert rmse(trained.paint(shape[:2]), picture) < 0.1


@pytest.mark.parametrize(
    "options, says",
    [
        ({"energy_restriction": -1}, "energy_restriction -1"),
        ({"energy_restriction": np.nan}, "energy_restriction nan"),
        ({"energy_restriction": "much"}, "energy_restriction 'much'"),
        ({"energy_restriction": [1, 2]}, r"shape \(2,\): give one number, or one for each of"),
        ({"energy_restriction": [[1], [2, 3]]}, "give numbers from 0 up"),
        ({"energy_restriction": each(0.1, -2)}, "energy_restriction -2.0 of synapse 7: give"),
        ({"energy_restriction": each(0.1, np.nan)}, "energy_restriction nan of synapse 7: give"),
        ({"energy_restriction": each(1, 1j)}, "give numbers from 0 up"),
        ({"energy_restriction": each(1, 1)[:, None]}, r"1\): give one number, or one for each"),
        ({"energy_restriction": 1e39}, r"energy_restriction 1e\+39: give numbers .* up to 1e\+12"),
        ({"steps": 0}, "0: give a number above 0"),
        ({"steps": "many"}, "'many': give a number above 0"),
        ({"steps": 2.5}, "whole number"),
    ],
)
def test_bad_numbers(name, options, says):
    arguments = {"steps": 3, **options}
    with pytest.raises(ValueError, match=says):
        train(name, Network.random(SMALL), Picture(np.zeros((4, 4, 3))), **arguments)


def test_bad_pictures_and_networks(name):
    with pytest.raises(ValueError, match=r"shape \(4, 4\): give \(height"):
        train(name, Network.random(SMALL), np.zeros((4, 4)), 3)
    with pytest.raises(ValueError, match="9 inputs"):
        train(name, Network.random(layered_wiring((8, 3))), Picture(np.zeros((4, 4, 3))), 3)
    for bad in ({"batch_size": 0}, {"learning_rate": -0.1}, {"learning_rate": np.inf}):
        with pytest.raises(ValueError, match=next(iter(bad))):
            train_backprop(Network.random(SMALL), Picture(np.zeros((4, 4, 3))), **bad)


def test_history_is_saved_and_others_refused(tmp_path, peacock_small):
    start = Network.random(article_wiring(), seed=1)
    _, history = train("backprop", start, peacock_small, 10)
    history.save(tmp_path / "history.npz")
    loaded = History.load(tmp_path / "history.npz")
    assert repr(loaded) == repr(history)
    for name in ("step", "rmse", "energy", "seconds", "weights"):
        np.testing.assert_array_equal(getattr(loaded, name), getattr(history, name))
    start.save(tmp_path / "network.npz")
    (tmp_path / "text.npz").write_text("history")
    for name, wrong in (("network.npz", "is not"), ("text.npz", "is truncated or not")):
        with pytest.raises(FileFormatError, match=f"{name} {wrong} a saved history"):
            History.load(tmp_path / name)
    with pytest.raises(FileNotFoundError):
        History.load(tmp_path / "nowhere.npz")


def test_the_best_network_is_not_always_the_last(peacock_small):
    start = Network.random(article_wiring(), seed=1)
    trained, history = train("backprop", start, peacock_small, 12, learning_rate=1.0)
    best = int(history.rmse.argmin())
    assert best < 12, "this learning rate should make things worse"
    np.testing.assert_array_equal(trained.weights, history.weights[best])


def test_the_geodesic_acceleration_answers_the_curvature():
    # Its definition: the move that best undoes, to first order, the second derivative of the
    # errors along the step; so the normal equations hold with that derivative on the right.
    network, inputs = Network.random(SMALL, seed=4), coordinates(20)
    weights, n = network.weights, 3 * 400
    step = 0.1 * np.random.default_rng(0).standard_normal(len(weights))
    outputs = network.respond(inputs)
    gram = passes.normal_equations(SMALL, weights, inputs, outputs)[0] + 1e-3 * np.eye(len(weights))
    bend = levenberg_marquardt._bend(
        SMALL,
        weights,
        step,
        inputs.astype(np.float32),
        outputs.astype(np.float32),
        scipy.linalg.cho_factor(gram),
    )
    h = 1e-3
    ahead, behind = (passes.respond(SMALL, weights + s * h * step, inputs) for s in (1, -1))
    curving = ((ahead + behind - 2 * outputs) / h**2).T.reshape(-1)
    right = jacobian(network, 20).reshape(n, -1).T @ curving / n
    np.testing.assert_allclose(gram @ bend, -right, atol=1e-3 * np.abs(right).max())


@pytest.mark.filterwarnings("ignore:overflow", "ignore:invalid")
def test_a_start_that_overflows_is_said_and_is_no_interruption():
    layers = [(np.full((4, 2), 1e30), None), (np.full((3, 4), 1e30), None)]
    start = Network.from_layers(layers, ["relu", "identity"])
    for train in (train_backprop, train_levenberg_marquardt):
        with pytest.raises(ValueError, match="overflow float32: start from smaller weights"):
            train(start, Picture(np.zeros((8, 8, 3))), 2, progress=False)


def test_energy_restriction_is_that_of_ridge_regression():
    """Oracle: the closed form, for a linear network, whose loss is a quadratic function."""
    network = Network.from_layers([(np.zeros((3, 2)), np.zeros(3))], None)
    picture = Picture(np.random.default_rng(0).uniform(-1, 1, (6, 6, 3)))
    inputs, targets, energy = network.inputs(6), picture.pixels.reshape(-1, 3), 0.7
    gram = inputs @ inputs.T / targets.size + energy / 9 * np.eye(3)
    wanted = np.linalg.solve(gram, inputs @ targets / targets.size).T
    last = []
    train_backprop(
        network, picture, 300, batch_size=36, learning_rate=0.05, energy_restriction=energy,
        progress=False, callback=lambda found, _: last.append(found.weights),
    )  # fmt: skip
    np.testing.assert_allclose(last[-1].reshape(3, 3), wanted, atol=2e-3)


def test_every_pixel_is_seen_once_in_an_epoch_in_as_few_batches_as_that_takes(monkeypatch):
    """Oracle: counted by hand; the size of a batch divides the pixels, or does not."""
    seen, real = [], training.loss_gradient

    def counted(wiring, weights, inputs, targets):
        seen.append(inputs.shape[1])
        return real(wiring, weights, inputs, targets)

    monkeypatch.setattr(training, "loss_gradient", counted)
    network = Network.random(layered_wiring((2, 4, 3)), seed=1)
    for size, batches in ((16, [16] * 4), (20, [16] * 4), (64, [64]), (30, [22, 21, 21])):
        seen.clear()
        train_backprop(network, network.paint(8), 1, batch_size=size, progress=False)
        assert seen == batches
