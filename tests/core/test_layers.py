"""Networks that other libraries trained, layer by layer."""

import numpy as np
import pytest

from ensembles_lib import Network, atlas, jacobian, layered_wiring

RNG = np.random.default_rng(0)
SIZES = (2, 7, 5, 3)
LAYERS = [
    (RNG.standard_normal((m, n)), RNG.standard_normal(m))
    for n, m in zip(SIZES[:-1], SIZES[1:], strict=True)
]
POINTS = RNG.uniform(-2, 2, (50, 2))


def with_constant(points):
    return np.vstack([points.T, np.ones(len(points))])


def test_layers_answer_as_matrix_products_do():
    """Oracle: W·a + b, layer by layer, with a function per layer and per neuron."""
    kinds = ["relu", ["tanh", "sine", "gaussian", "identity", "cosine"], "sigmoid"]
    network = Network.from_layers(LAYERS, kinds)
    a = np.maximum(LAYERS[0][0] @ POINTS.T + LAYERS[0][1][:, None], 0)
    a = LAYERS[1][0] @ a + LAYERS[1][1][:, None]
    a = np.stack([np.tanh(a[0]), np.sin(a[1]), np.exp(-(a[2] ** 2)), a[3], np.cos(a[4])])
    wanted = 1 / (1 + np.exp(-(LAYERS[2][0] @ a + LAYERS[2][1][:, None])))
    np.testing.assert_allclose(network.respond(with_constant(POINTS)), wanted, atol=1e-12)


def test_the_wiring_is_the_layered_one():
    assert Network.from_layers(LAYERS).wiring == layered_wiring(SIZES)


def test_layers_may_lack_a_bias():
    (first, _), (second, bias) = LAYERS[0], LAYERS[1]
    network = Network.from_layers([(first, None), (second, bias)], ["tanh", "identity"])
    wanted = second @ np.tanh(first @ POINTS.T) + bias[:, None]
    np.testing.assert_allclose(network.respond(with_constant(POINTS)), wanted, atol=1e-12)
    assert network.wiring.n_synapses == 14 + 35 + 5


def test_the_pipeline_runs_on_layers():
    network = Network.from_layers(LAYERS, ["relu", "tanh", "sigmoid"], colours="unit")
    assert jacobian(network, 6).shape == (6, 6, 3, network.wiring.n_synapses)
    assert atlas(network, size=8, steps=3, progress=False).is_complete


@pytest.mark.parametrize(
    "layers, activation, says",
    [
        ([], "tanh", "no layers"),
        ([(np.ones((3, 2)), np.ones(2))], "tanh", r"layer 0 has b of shape \(2,\): give \(3,\)"),
        ([(np.ones(3), np.ones(3))], "tanh", r"layer 0 has W of shape \(3,\)"),
        (
            [(np.ones((4, 2)), None), (np.ones((4, 3)), None)],
            "tanh",
            r"layer 1 has W of shape \(4, 3\): it hears 4.*transposed",
        ),
        ([(np.ones((4, 2)), None)], ["tanh", "relu"], "2 activations for 1 layers"),
        ([(np.ones((4, 2)), None)], "softmax", "activation 'softmax': there are"),
        ([(np.full((1, 2), np.nan), None)], "tanh", "weight 0 is nan"),
    ],
)
def test_layers_that_do_not_fit(layers, activation, says):
    with pytest.raises(ValueError, match=says):
        Network.from_layers(layers, activation)


def test_a_network_of_pytorch():
    """Oracle: PyTorch's own outputs, in float64."""
    torch = pytest.importorskip("torch")
    torch.manual_seed(0)
    module = torch.nn.Sequential(
        *(torch.nn.Linear(2, 16), torch.nn.ReLU(), torch.nn.Linear(16, 16, bias=False)),
        *(torch.nn.Tanh(), torch.nn.Linear(16, 3), torch.nn.Sigmoid()),
    ).double()
    linear = [part for part in module if isinstance(part, torch.nn.Linear)]
    layers = [
        (part.weight.detach().numpy(), None if part.bias is None else part.bias.detach().numpy())
        for part in linear
    ]
    network = Network.from_layers(layers, ["relu", "tanh", "sigmoid"], colours="unit")
    wanted = module(torch.from_numpy(POINTS)).detach().numpy().T
    np.testing.assert_allclose(network.respond(with_constant(POINTS)), wanted, atol=1e-6)


def test_a_network_of_scikit_learn():
    """Oracle: scikit-learn's own predictions."""
    neural_network = pytest.importorskip("sklearn.neural_network")
    targets = np.sin(POINTS @ [[1.0, 2, 0.5], [0.3, -1, 2]])
    model = neural_network.MLPRegressor(
        hidden_layer_sizes=(9, 8), activation="logistic", max_iter=300, random_state=0
    )
    model.fit(POINTS, targets)
    layers = [(w.T, b) for w, b in zip(model.coefs_, model.intercepts_, strict=True)]
    network = Network.from_layers(layers, ["sigmoid", "sigmoid", "identity"])
    answers = network.respond(with_constant(POINTS)).T
    np.testing.assert_allclose(answers, model.predict(POINTS), atol=1e-6)
