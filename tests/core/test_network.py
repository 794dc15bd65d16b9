"""Oracles: a plain loop over neurons, the complex step, central differences, PyTorch and JAX."""

import numpy as np
import pytest
from wirings import ODD, WIRINGS

import ensembles_lib.core.passes as passes
import ensembles_lib.core.points as points
from ensembles_lib import Network, Picture, coordinates, gradient, jacobian, layered_wiring, rmse
from ensembles_lib.core import jacobian_factors
from ensembles_lib.core.levenberg_marquardt import curvature

RNG = np.random.default_rng(7)
SIZE = (5, 7)


@pytest.fixture(params=WIRINGS)
def network(request):
    return Network.random(WIRINGS[request.param], seed=3)


@pytest.fixture
def target():
    return Picture(np.random.default_rng(5).uniform(-1, 1, (*SIZE, 3)))


def by_the_book(wiring, weights, inputs):
    """One neuron after another, one synapse after another: the definition."""
    sent = [row for row in inputs]
    for neuron in range(wiring.n_neurons):
        net_input = 0
        for synapse in wiring.synapses_of(neuron):
            net_input = net_input + weights[synapse] * sent[wiring.source[synapse]]
        sent.append(np.tanh(net_input))
    return np.array(sent)


def complex_step(function, weights):
    """Derivatives by every weight, exact to rounding (Squire & Trapp 1998)."""
    nudges = 1e-30j * np.eye(len(weights))
    return np.array([function(weights + nudge).imag / 1e-30 for nudge in nudges])


def test_activations_equal_the_definition(network):
    expected = by_the_book(network.wiring, network.weights, coordinates(SIZE))[3:]
    np.testing.assert_allclose(
        network.activations(SIZE).reshape(expected.shape), expected, atol=1e-14
    )


def test_painting_is_the_output_activations(network):
    outputs = network.activations(SIZE)[-3:]
    np.testing.assert_allclose(network.paint(SIZE).pixels, outputs.transpose(1, 2, 0), atol=1e-15)


def test_painting_in_chunks_changes_nothing(network):
    whole = by_the_book(network.wiring, network.weights, coordinates(150))[-3:]
    assert 2 * passes.CHUNK < 150 * 150
    np.testing.assert_allclose(network.paint(150).pixels.reshape(-1, 3).T, whole, atol=1e-14)
    np.testing.assert_allclose(network.activations(150)[-3:].reshape(3, -1), whole, atol=1e-14)


def test_extent_1_and_2_agree_where_they_overlap(network):
    inner, outer = network.paint(8).pixels, network.paint(16, extent=2).pixels
    np.testing.assert_allclose(outer[4:12, 4:12], inner, atol=1e-15)


def test_a_larger_size_paints_the_same_picture():
    network = Network.random(WIRINGS["article"], seed=1)
    fine = network.paint(300).pixels
    # The centre of every third pixel's block is the pixel centre of the coarse picture.
    np.testing.assert_allclose(fine[1::3, 1::3], network.paint(100).pixels, atol=1e-14)


def test_float32_is_close(network):
    single, double = network.paint(64, dtype=np.float32), network.paint(64)
    assert single.pixels.dtype == np.float32
    assert 0 < rmse(single, double) < 1e-6


def test_batch_equals_loop(network):
    wiring, inputs = network.wiring, coordinates(SIZE)
    batch = network.weights + 0.3 * RNG.standard_normal((2, 3, wiring.n_synapses))
    targets = RNG.uniform(-1, 1, (3, 35))
    outputs = passes.respond(wiring, batch, inputs)
    losses, gradients = passes.loss_gradient(wiring, batch, inputs, targets)
    matrix = passes.weight_matrix(wiring, batch)
    signals = passes.output_signals(wiring, matrix, passes.forward(wiring, matrix, inputs))
    for index in np.ndindex(2, 3):
        one = Network(wiring, batch[index])
        np.testing.assert_allclose(outputs[index], one.respond(inputs), atol=1e-14)
        loss, slope = passes.loss_gradient(wiring, one.weights, inputs, targets)
        np.testing.assert_allclose(losses[index], loss, rtol=1e-13)
        np.testing.assert_allclose(gradients[index], slope, atol=1e-14)
        factors = jacobian_factors(one, SIZE)[0].reshape(signals[index].shape)
        np.testing.assert_allclose(signals[index], factors, atol=1e-14)


def test_jacobian_against_complex_step(network):
    inputs = coordinates(SIZE)

    def outputs(weights):
        return passes.respond(network.wiring, weights, inputs).T.reshape(*SIZE, 3)

    exact = complex_step(outputs, network.weights).transpose(1, 2, 3, 0)
    np.testing.assert_allclose(jacobian(network, SIZE), exact, atol=2e-15, rtol=1e-12)


def test_jacobian_is_the_limit_of_a_nudge(network):
    exact, nudge = jacobian(network, SIZE), 1e-5
    for synapse in range(0, network.wiring.n_synapses, 7):
        weight = network.weights[synapse]
        up = network.with_weight(synapse, weight + nudge).paint(SIZE).pixels
        down = network.with_weight(synapse, weight - nudge).paint(SIZE).pixels
        np.testing.assert_allclose((up - down) / (2 * nudge), exact[..., synapse], atol=1e-9)


def test_jacobian_in_chunks_and_in_float32():
    network = Network.random(ODD, seed=2)
    size = (100, 90)
    assert passes.CHUNK < 100 * 90
    whole = jacobian(network, size)
    rows = jacobian(network, size, np.float32)
    assert rows.dtype == np.float32 and np.abs(rows - whole).max() < 1e-5
    inputs = coordinates(size)
    step = passes.respond(ODD, network.weights + 1e-30j * np.eye(len(network.weights))[4], inputs)
    np.testing.assert_allclose(whole[..., 4], step.imag.T.reshape(*size, 3) / 1e-30, atol=1e-14)


def test_factors_multiply_to_the_jacobian(network):
    signals, sent = jacobian_factors(network, SIZE)
    wiring = network.wiring
    product = signals[:, wiring.target] * sent[wiring.source]
    np.testing.assert_array_equal(product.transpose(2, 3, 0, 1), jacobian(network, SIZE))


def test_gradient_against_complex_step_and_differences(network, target):
    inputs, wanted = coordinates(SIZE), target.pixels.reshape(-1, 3).T

    def loss(weights):
        return np.mean((passes.respond(network.wiring, weights, inputs) - wanted) ** 2)

    exact = gradient(network, target)
    np.testing.assert_allclose(exact, complex_step(loss, network.weights), atol=1e-15, rtol=1e-11)
    synapse = int(np.abs(exact).argmax())
    nudge = 1e-6 * np.eye(len(exact))[synapse]
    difference = (loss(network.weights + nudge) - loss(network.weights - nudge)) / 2e-6
    assert difference == pytest.approx(exact[synapse], rel=1e-7)


def test_gradient_against_pytorch(network, target):
    torch = pytest.importorskip("torch", reason="PyTorch is not installed")
    weights = torch.tensor(network.weights, requires_grad=True)
    sent = list(torch.tensor(coordinates(SIZE)))
    for neuron in range(network.wiring.n_neurons):
        owned = network.wiring.synapses_of(neuron)
        heard = torch.stack([sent[s] for s in network.wiring.sources_of(neuron)])
        sent.append(torch.tanh(weights[owned.start : owned.stop] @ heard))
    wanted = torch.tensor(target.pixels.reshape(-1, 3).T.copy())
    ((torch.stack(sent[-3:]) - wanted) ** 2).mean().backward()
    np.testing.assert_allclose(gradient(network, target), weights.grad.numpy(), atol=1e-14)


def test_jacobian_against_jax(network):
    jax = pytest.importorskip("jax", reason="JAX is not installed")
    jax.config.update("jax_enable_x64", True)
    inputs = jax.numpy.array(coordinates(SIZE))

    def outputs(weights):
        sent = list(inputs)
        for neuron in range(network.wiring.n_neurons):
            owned = network.wiring.synapses_of(neuron)
            heard = jax.numpy.stack([sent[s] for s in network.wiring.sources_of(neuron)])
            sent.append(jax.numpy.tanh(weights[owned.start : owned.stop] @ heard))
        return jax.numpy.stack(sent[-3:])

    exact = np.array(jax.jacobian(outputs)(jax.numpy.array(network.weights)))
    exact = exact.transpose(1, 0, 2).reshape(*SIZE, 3, -1)
    np.testing.assert_allclose(jacobian(network, SIZE), exact, atol=1e-13)


def test_with_weight_changes_one_weight_of_a_copy(network):
    changed = network.with_weight(4, 0.25)
    assert changed.weights[4] == 0.25 and network.weights[4] != 0.25
    assert np.flatnonzero(changed.weights != network.weights).tolist() == [4]


def test_weights_cannot_be_changed_in_place(network):
    with pytest.raises(ValueError, match="read-only"):
        network.weights[0] = 1
    given = np.zeros(network.wiring.n_synapses)
    mine = Network(network.wiring, given)
    given[0] = 1
    assert mine.weights[0] == 0


def test_random_is_reproducible_and_seeded():
    wiring = WIRINGS["article"]
    assert Network.random(wiring, seed=4) == Network.random(wiring, seed=4)
    assert Network.random(wiring, seed=4) != Network.random(wiring, seed=5)


@pytest.mark.parametrize(
    "weights, says",
    [
        (np.zeros(459), r"\(459,\).*460"),
        (np.zeros((460, 1)), "460"),
        (np.zeros(460, complex), "complex"),
        (["a"] * 460, "460 real numbers"),
        (np.where(np.arange(460) == 17, np.nan, 0), "weight 17 is nan"),
        (np.where(np.arange(460) == 3, np.inf, 0), "weight 3 is inf"),
    ],
)
def test_bad_weights(weights, says):
    with pytest.raises(ValueError, match=says):
        Network(WIRINGS["article"], weights)


def test_bad_edits_sizes_and_inputs(network):
    with pytest.raises(IndexError, match="synapse 9999 does not exist"):
        network.with_weight(9999, 0)
    with pytest.raises(ValueError, match="weight 0 is nan"):
        network.with_weight(0, np.nan)
    for size in (0, -1, 2.5, (4, 0), (1, 2, 3), "8", None):
        with pytest.raises(ValueError, match="size"):
            network.paint(size)
    with pytest.raises(ValueError, match="GiB"):
        network.paint(200_000)
    with pytest.raises(ValueError, match="Jacobian.*GiB"):
        jacobian(network, 5_000)
    for value in ("a", None, [1, 2]):
        with pytest.raises(ValueError, match="for synapse 3: give a number"):
            network.with_weight(3, value)
    for dtype in (int, "float16", complex):
        with pytest.raises(ValueError, match="float32 or float64"):
            network.paint(4, dtype=dtype)
    for extent in (0, -1, np.nan, np.inf, "wide", None):
        with pytest.raises(ValueError, match="extent"):
            network.paint(4, extent=extent)
    with pytest.raises(ValueError, match=r"\(3, points\)"):
        network.respond(np.zeros((2, 5)))
    with pytest.raises(ValueError, match="finite"):
        network.respond(np.full((3, 2), np.nan))


def test_a_network_of_other_inputs_responds_but_does_not_paint():
    network = Network.random(layered_wiring((8, 1)))
    assert network.respond(np.ones((9, 4))).shape == (1, 4)
    with pytest.raises(ValueError, match="9 inputs"):
        network.paint(8)
    with pytest.raises(ValueError, match="9 inputs"):
        network.activations(8)


def test_curvature_is_the_second_derivative_along_a_direction(network):
    wiring, inputs = network.wiring, coordinates(SIZE)
    direction = np.random.default_rng(1).standard_normal(wiring.n_synapses)
    matrices = (passes.weight_matrix(wiring, w) for w in (network.weights, direction))
    exact = curvature(wiring, *matrices, inputs)

    def slope(at):  # the first derivative, exact by the complex step
        weights = network.weights + (at + 1e-30j) * direction
        return passes.respond(wiring, weights, inputs).imag / 1e-30

    # Richardson's extrapolation of the central difference: error of fourth order.
    coarse, fine = ((slope(h) - slope(-h)) / (2 * h) for h in (2e-3, 1e-3))
    np.testing.assert_allclose(exact, (4 * fine - coarse) / 3, atol=1e-7 * np.abs(exact).max())


def test_curvature_in_chunks_changes_nothing():
    network, inputs = Network.random(ODD, seed=2), coordinates((100, 90))
    matrix = passes.weight_matrix(ODD, network.weights)
    whole = curvature(ODD, matrix, matrix, inputs)
    last = curvature(ODD, matrix, matrix, inputs[:, -7:])
    np.testing.assert_allclose(whole[:, -7:], last, atol=1e-14)


def test_factors_that_fit_nowhere_are_refused_by_name(network):
    """A size at which the activations alone would still fit, but not the signals."""
    wiring, most = network.wiring, points.MAX_BYTES // 8
    side = int(np.sqrt(most / (wiring.n_outputs * wiring.n_neurons))) + 1
    if wiring.n_inputs + wiring.n_neurons < wiring.n_outputs * wiring.n_neurons:
        with pytest.raises(ValueError, match="the signals at"):
            jacobian_factors(network, side)
    with pytest.raises(ValueError, match="the Jacobian at"):
        jacobian(network, int(np.sqrt(most / (wiring.n_outputs * wiring.n_synapses))) + 1)
