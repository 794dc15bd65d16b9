"""Networks with other activation functions, inputs and colours: all passes against oracles."""

import colorsys
import pickle

import numpy as np
import pytest
from scipy.special import erf, expit, log_expit, ndtr
from wirings import KINDS, mixed

from ensembles_lib import (
    Network,
    Picture,
    Wiring,
    atlas,
    jacobian,
    sweep,
    train_backprop,
    train_levenberg_marquardt,
    working_range,
    working_ranges,
)
from ensembles_lib.core.activations import ACTIVATIONS
from ensembles_lib.core.colours import COLOURS, pull_back, to_rgb
from ensembles_lib.core.levenberg_marquardt import curvature
from ensembles_lib.core.passes import (
    loss_gradient,
    normal_equations,
    respond,
    weight_matrix,
)
from ensembles_lib.ensembles.start import picture_metric
from ensembles_lib.properties.measurements import painted
from ensembles_lib.properties.properties import colour_property
from ensembles_lib.sweeps.atlases import Atlas
from ensembles_lib.sweeps.downstream import tiles


def by_hand(network, inputs):
    """Return the raw outputs, neuron by neuron, by the textbook's formulas."""
    formulas = {
        "tanh": np.tanh,
        "identity": lambda x: x,
        "relu": lambda x: np.where(x > 0, x, 0),
        "sigmoid": lambda x: 1 / (1 + np.exp(-x)),
        "sine": np.sin,
        "cosine": np.cos,
        "gaussian": lambda x: np.exp(-(x**2)),
        "bipolar sigmoid": lambda x: 2 / (1 + np.exp(-x)) - 1,
        "bipolar gaussian": lambda x: 2 * np.exp(-(x**2)) - 1,
        "leaky relu": lambda x: np.where(x.real > 0, x, x / 100),
        "softplus": lambda x: np.log(1 + np.exp(x)),
        "swish": lambda x: x / (1 + np.exp(-x)),
        "gelu": lambda x: x * (1 + erf(x / np.sqrt(2))) / 2,
        "gelu tanh": lambda x: x / 2 * (1 + np.tanh(np.sqrt(2 / np.pi) * (x + 0.044715 * x**3))),
    }
    sent, wiring = list(inputs), network.wiring
    for neuron in range(wiring.n_neurons):
        heard = [sent[s] for s in wiring.sources_of(neuron)]
        own = network.weights[wiring.synapses_of(neuron).start : wiring.synapses_of(neuron).stop]
        sent.append(formulas[wiring.activations[neuron]](sum(map(np.multiply, own, heard))))
    return np.stack(sent[-wiring.n_outputs :])


def test_every_activation_is_the_textbooks():
    network = mixed()
    inputs = network.inputs(9)
    np.testing.assert_allclose(network.respond(inputs), by_hand(network, inputs), atol=1e-12)


@pytest.mark.parametrize("name", KINDS)
def test_slope_and_bend_are_the_derivatives(name):
    """Oracle: complex step for the slope, and the complex step of the slope for the bend."""
    kind, step = ACTIVATIONS[name], 1e-30
    x = np.linspace(-3, 3, 40)  # no kink among them

    def f(x):
        x = x.copy()
        kind.apply(x, out=x)
        return x

    bumped = x + 1j * step
    np.testing.assert_allclose(kind.slope(x, f(x)), f(bumped).imag / step, atol=1e-12)
    bend = kind.slope(bumped, f(bumped)).imag / step
    np.testing.assert_allclose(kind.bend(x, f(x)), bend, atol=1e-12)


SPECIAL = {  # by functions of SciPy that were written for large arguments
    "softplus": lambda x: -log_expit(-x),
    "swish": lambda x: x * expit(x),
    "gelu": lambda x: x * ndtr(x),
    "leaky relu": lambda x: np.maximum(x, x / 100),
    "gelu tanh": lambda x: x * expit(2 * np.sqrt(2 / np.pi) * (x + 0.044715 * x**3)),
}


@pytest.mark.parametrize("dtype, tolerance", [(float, 1e-14), (np.float32, 2e-6)])
@pytest.mark.parametrize("name", SPECIAL)
def test_large_net_inputs_and_both_precisions(name, dtype, tolerance):
    """Oracle: SciPy; no overflow on the way, the precision kept, over the net inputs or not."""
    x = np.array([-1e4, -800, -90, -30, -5, -0.1, 0, 0.1, 5, 30, 90, 800, 1e4], dtype)
    kind, out = ACTIVATIONS[name], np.empty_like(x)
    with np.errstate(all="raise", under="ignore"):
        kind.apply(x, out=out)
        slope, bend = kind.slope(x, out), kind.bend(x, out)
    np.testing.assert_allclose(out, SPECIAL[name](x.astype(float)), rtol=tolerance, atol=tolerance)
    assert slope.dtype == bend.dtype == out.dtype == dtype
    np.testing.assert_allclose(slope[-3:], 1, atol=1e-6)
    np.testing.assert_allclose(slope[:3], 0.01 if name == "leaky relu" else 0, atol=1e-6)
    np.testing.assert_allclose(np.r_[bend[:3], bend[-3:]], 0, atol=1e-6)
    kind.apply(x, out=x)
    np.testing.assert_array_equal(x, out)


def test_hue_saturation_brightness_are_those_of_colorsys():
    """Oracle: the standard library, over hues beyond a turn and values that are clipped."""
    h, s, v = np.random.default_rng(0).uniform(-2, 2, (3, 500))
    v[:5], s[5:10] = 0, 0
    found = to_rgb("hsv", np.stack([h, s, v]))
    for k in range(500):
        rgb = colorsys.hsv_to_rgb(h[k] % 1, np.clip(s[k], 0, 1), np.clip(abs(v[k]), 0, 1))
        np.testing.assert_allclose(found[:, k], 2 * np.array(rgb) - 1, atol=1e-12)


@pytest.mark.parametrize("colours", COLOURS)
def test_the_jacobian_is_the_limit_of_a_nudge(colours):
    """Oracle: central differences of the painted picture; kinks make some points differ."""
    network = mixed(colours, seed=3)
    exact, step = jacobian(network, 12), 1e-6
    if colours != "signed":
        assert not np.allclose(exact, jacobian(mixed("signed", seed=3), 12))
    wrong = 0
    for synapse in range(network.wiring.n_synapses):
        w = network.weights[synapse]
        up, down = (network.with_weight(synapse, w + s).paint(12).pixels for s in (step, -step))
        wrong += np.sum(np.abs((up - down) / (2 * step) - exact[..., synapse]) > 1e-6)
    assert wrong <= 0.002 * exact.size
    assert np.abs(exact).max() > 0.1


@pytest.mark.parametrize("colours", COLOURS)
def test_gradient_and_normal_equations_agree_with_the_jacobian(colours):
    network = mixed(colours, seed=3)
    rows = np.moveaxis(jacobian(network, 10), 2, 0).reshape(-1, network.wiring.n_synapses)
    targets = np.random.default_rng(1).uniform(-1, 1, (3, 100))
    errors = respond(network.wiring, network.weights, network.inputs(10)) - targets
    arguments = network.wiring, network.weights, network.inputs(10), targets
    loss, slope = loss_gradient(*arguments)
    assert loss == pytest.approx(np.mean(errors**2))
    np.testing.assert_allclose(slope, 2 * rows.T @ errors.ravel() / errors.size, atol=1e-12)
    gram, product, mean_square = normal_equations(*arguments)
    np.testing.assert_allclose(gram, rows.T @ rows / errors.size, atol=1e-12)
    np.testing.assert_allclose(product, rows.T @ errors.ravel() / errors.size, atol=1e-12)
    assert mean_square == pytest.approx(np.mean(errors**2))


def test_curvature_is_the_second_difference():
    """Oracle: second central differences of the outputs along a direction of the weights."""
    network = mixed(seed=5, kinds=[k for k in KINDS if k != "relu"])
    direction = np.random.default_rng(2).standard_normal(network.wiring.n_synapses)
    inputs, step = network.inputs(8), 1e-4
    moved = [network.weights + k * step * direction for k in (-1, 0, 1)]
    low, middle, high = (respond(network.wiring, w, inputs, raw=True) for w in moved)
    matrices = (weight_matrix(network.wiring, w) for w in (network.weights, direction))
    found = curvature(network.wiring, *matrices, inputs)
    np.testing.assert_allclose(found, (low - 2 * middle + high) / step**2, rtol=1e-3, atol=1e-4)


@pytest.mark.parametrize("colours", COLOURS)
def test_what_lies_downstream_is_what_painting_again_gives(colours):
    """Oracle: one network painted per value, in float64."""
    network = mixed(colours, seed=1)
    wiring, inputs = network.wiring, network.inputs(7)
    values = network.weights[:, None] + np.array([-0.7, 0.0, 0.4])
    synapses, before = np.arange(wiring.n_synapses), network.paint(7).pixels.reshape(-1, 3).T

    for part, tile in tiles(wiring, network.weights, inputs, 3):
        np.testing.assert_allclose(tile.outputs, before[:, part], atol=1e-12)
        for k, outputs, changed in tile.changes(synapses, values):
            for v, value in enumerate(values[k]):
                painted = network.with_weight(k, value).paint(7).pixels.reshape(-1, 3).T
                full = np.zeros_like(painted[:, part])
                full[outputs] = changed[:, v]
                np.testing.assert_allclose(full, (painted - before)[:, part], atol=1e-11)


@pytest.mark.parametrize("colours", COLOURS)
def test_the_pipeline_runs_and_agrees_with_itself(colours):
    """Atlas, ranges and sweeps tell the same: each computes the change in its own way."""
    network = mixed(colours, seed=2)
    found = atlas(network, size=12, steps=5, progress=False)
    ranges = working_ranges(network, size=12)
    np.testing.assert_allclose(found.ranges.half, ranges.half)
    for k in (0, 17, network.wiring.n_synapses - 1):
        one = working_range(network, k, size=12)
        np.testing.assert_allclose((one.low, one.high), (ranges.low[k], ranges.high[k]), rtol=1e-3)
        change = sweep(network, k, found.values[k], size=12).change
        np.testing.assert_allclose(change, found.change[k], atol=1e-5)


def test_properties_have_the_derivative_of_what_is_painted():
    """Oracle: central differences of the measured property."""
    network = mixed("hsv", seed=4)
    mask = np.zeros((10, 10), bool)
    mask[2:6, 3:8] = True
    measured = painted(network, [colour_property(mask, [1, 0.5, -1], "patch")], 10, np.float64)
    exact, step = measured.slopes(network.weights)[1][0], 1e-6
    for k in range(0, network.wiring.n_synapses, 7):
        move = step * (np.arange(network.wiring.n_synapses) == k)
        high, low = (measured.values(network.weights + s * move)[0] for s in (1, -1))
        assert exact[k] == pytest.approx((high - low) / (2 * step), abs=1e-6)


def test_the_picture_metric_is_of_the_colours(monkeypatch):
    """Oracle: the Jacobian written out."""
    monkeypatch.setattr("ensembles_lib.ensembles.start.RIDGE", 0)
    network = mixed("hsv", seed=4)
    rows = jacobian(network, 10).reshape(-1, network.wiring.n_synapses)
    unit = np.linspace(0.5, 2, network.wiring.n_synapses)
    wanted = np.outer(unit, unit) * (rows.T @ rows) / len(rows) / 0.05**2
    np.testing.assert_allclose(
        picture_metric(network, unit, 10), wanted, rtol=1e-3, atol=1e-3 * wanted.max()
    )


def test_training_takes_other_kinds_of_neurons():
    picture = Picture(np.tanh(np.random.default_rng(0).standard_normal((8, 8, 3))))
    for colours, train in (("signed", train_levenberg_marquardt), ("hsv", train_backprop)):
        start = mixed(colours, seed=6)
        network, history = train(start, picture, 20, progress=False)
        assert history.rmse.min() < 0.9 * history.rmse[0]
        assert network.wiring == start.wiring
    with pytest.raises(ValueError, match="'hsv'.*train_backprop"):
        train_levenberg_marquardt(mixed("hsv"), picture)


def test_files_keep_activations_and_colours(tmp_path):
    network = mixed("hsv")
    network.save(tmp_path / "n.npz")
    again = Network.load(tmp_path / "n.npz")
    assert again == network and again.wiring.activations == network.wiring.activations
    assert again != Network(mixed("unit").wiring, network.weights)
    found = atlas(network, size=6, steps=3, progress=False, path=tmp_path / "a.npz")
    assert Atlas.load(tmp_path / "a.npz").network == found.network == network


def test_a_network_goes_to_another_process():
    network = mixed("hsv")
    network.paint(4)  # what the wiring keeps for later goes along
    again = pickle.loads(pickle.dumps(network))
    assert again == network and again.paint(4).pixels.tolist() == network.paint(4).pixels.tolist()


def test_pictures_of_unbounded_outputs_are_clipped():
    wiring = Wiring([[0, 1, 2]] * 3, 3, 3, "identity")
    network = Network(wiring, np.full(9, 3.0))
    assert np.abs(network.respond(network.inputs(4))).max() > 1
    assert np.abs(network.paint(4).pixels).max() == 1


@pytest.mark.parametrize(
    "arguments, says",
    [
        (("maxout",), "activation 'maxout': there are tanh, identity"),
        (("SiLU",), "activation 'SiLU': it is called 'swish' here"),
        ((None,), "activation None: there are tanh"),
        ((7,), "activation 7: there are tanh"),
        ((["tanh"] * 4,), "4 activations for 3 neurons"),
        (("tanh", "cmyk"), "colours 'cmyk': there are signed, unit, hsv"),
    ],
)
def test_unknown_kinds_are_named(arguments, says):
    with pytest.raises(ValueError, match=says):
        Wiring([[0, 1, 2]] * 3, 3, 3, *arguments)


def test_hsv_needs_three_outputs():
    with pytest.raises(ValueError, match="3 outputs, not 2"):
        Wiring([[0]] * 2, 3, 2, colours="hsv")


def test_four_inputs_are_x_y_distance_and_1():
    x, y, d, one = mixed().inputs((2, 4))
    np.testing.assert_allclose(d, 1.4 * np.sqrt(x**2 + y**2))
    assert (one == 1).all() and x[0] < x[1] and y[0] > y[-1]
    five = Network(Wiring([range(5)] * 3, 5, 3), np.zeros(15))
    with pytest.raises(ValueError, match="5 inputs"):
        five.paint(4)


@pytest.mark.parametrize("name", ["unit", "hsv"])
def test_colours_are_pulled_back_within_their_clips_and_beyond(name):
    """Oracle: central differences of `to_rgb`, inside its clips, at them and far beyond."""
    rng, step = np.random.default_rng(1), 1e-6
    outputs, seeds = rng.uniform(-2.5, 2.5, (3, 400)), rng.standard_normal((3, 400))
    found = pull_back(name, outputs, seeds)
    for k in range(3):
        nudge = np.zeros((3, 1))
        nudge[k] = step
        change = to_rgb(name, outputs + nudge) - to_rgb(name, outputs - nudge)
        np.testing.assert_allclose(found[k], (seeds * change).sum(axis=0) / (2 * step), atol=1e-6)
    assert (found == 0).any() and (found != 0).any()
