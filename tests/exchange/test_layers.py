"""Networks that other libraries trained, layer by layer."""

import inspect
import textwrap

import numpy as np
import pytest
from fuzzing import examples, networks
from hypothesis import given
from hypothesis import strategies as st

from ensembles_lib import Network, atlas, jacobian, layered_wiring, samples
from ensembles_lib.core.activations import ACTIVATIONS

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
    assert "complete" in repr(atlas(network, size=8, steps=3, progress=False))


@pytest.mark.parametrize(
    "layers, activation, says",
    [
        ([], "tanh", "no layers"),
        (
            [(np.ones((3, 2)), np.ones(2))],
            "tanh",
            r"layer 0 .*and b of shape \(2,\): b must have \(3,\); is W transposed",
        ),
        ([(np.ones(3), np.ones(3))], "tanh", r"layer 0 has W of shape \(3,\)"),
        (
            [(np.ones((4, 2)), None), (np.ones((4, 3)), None)],
            "tanh",
            r"layer 1 has W of shape \(4, 3\), .*4 neurons; is W of layer 1 transposed\? .*W.T$",
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


def turned(layers):
    return [(matrix.T, bias) for matrix, bias in layers]


BARE = [matrix for matrix, _ in LAYERS]
STATE = {
    f"net.{2 * k}.{part}": array
    for k, layer in enumerate(LAYERS)
    for part, array in zip(("weight", "bias"), layer, strict=True)
}
FLAX = {
    "params": {f"Dense_{k}": {"bias": b, "kernel": W.T} for k, (W, b) in enumerate(LAYERS)},
}
WITH_BIAS = {  # the same network in all the ways in which it may be given
    "lists": [list(layer) for layer in LAYERS],
    "numbers": [(W.tolist(), b.tolist()) for W, b in LAYERS],
    "lists of numbers": [[W.tolist(), b.tolist()] for W, b in LAYERS],
    "an iterator": iter(LAYERS),
    "in turn": [array for layer in LAYERS for array in layer],
    "a state": STATE,
    "numbers behind": {f"{n}{k}": a for n, p in (("b", 1), ("W", 0)) for k, a in
                       enumerate(layer[p] for layer in LAYERS)},
    "dictionaries": [{"w": W, "b": b} for W, b in LAYERS],
    "own names": {f"{n}/{p}": a for n, layer in zip(("in", "core", "a"), LAYERS, strict=True)
                  for p, a in zip(("weight", "bias"), layer, strict=True)},
}  # fmt: skip


@pytest.mark.parametrize("given", WITH_BIAS.values(), ids=WITH_BIAS)
def test_layers_come_in_many_forms(given):
    """Oracle: the network of pairs, of the same wiring and weights."""
    assert Network.from_layers(given) == Network.from_layers(LAYERS)


@pytest.mark.parametrize(
    "given",
    [
        turned(LAYERS),
        FLAX,
        {f"{name}/kernel:0" if part else f"{name}/bias:0": layer[0].T if part else layer[1]
         for name, layer in zip(("dense", "dense_1", "dense_2"), LAYERS, strict=True)
         for part in (1, 0)},
    ],
    ids=["pairs", "flax", "keras"],
)  # fmt: skip
def test_transposed_layers_are_turned(given):
    assert Network.from_layers(given, transposed=True) == Network.from_layers(LAYERS)


def test_bare_matrices_have_no_bias():
    wanted = Network.from_layers([(matrix, None) for matrix in BARE])
    assert Network.from_layers(BARE) == wanted
    assert Network.from_layers([matrix.tolist() for matrix in BARE]) == wanted
    assert Network.from_layers([(matrix,) for matrix in BARE]) == wanted
    assert Network.from_layers({f"{k}.weight": W for k, W in enumerate(BARE)}) == wanted


def test_numbers_of_names_count_up_and_names_stand_as_they_are():
    """Oracle: by hand; JAX sorts names by letters, in which 10 comes before 2."""
    chain = [np.full((1, 1), k + 1.0) for k in range(12)]
    by_letters = {f"Dense_{k}": {"w": chain[k]} for k in sorted(range(12), key=str)}
    assert Network.from_layers(by_letters).weights.tolist() == list(range(1, 13))
    named = {"second.weight": chain[1], "first.weight": chain[0]}
    assert Network.from_layers(named).weights.tolist() == [2, 1]


def test_none_is_linear():
    """Oracle: matrix products."""
    linear = Network.from_layers(LAYERS, None)
    assert set(linear.wiring.activations) == {"identity"}
    last = Network.from_layers(LAYERS, ["tanh", "relu", None])
    assert last == Network.from_layers(LAYERS, ["tanh", "relu", "identity"])


class Attached:
    """Something like a tensor that must be detached before it is an array."""

    def __array__(self, *_, **__):
        raise RuntimeError("use detach() first")


TURN = "transposed\\? All layers fit the other way round: "


@pytest.mark.parametrize(
    "given, transposed, says",
    [
        (turned(LAYERS), False, f"layer 0 .*{TURN}say transposed=True, as scikit"),
        ([W.T for W in BARE], False, f"layer 1 .*{TURN}say transposed=True"),
        (LAYERS, True, f"layer 0 .*{TURN}leave transposed=True out"),
        ([*LAYERS[:2], *turned(LAYERS[2:])], False, r"W of layer 2 transposed\? .*give W.T$"),
        ([(np.ones((4, 2)), None), (np.ones((7, 5)), None)], False, "has 4 neurons$"),
        ({"net.0.weight": BARE[0].T, "net.0.bias": LAYERS[0][1]}, False, "layer 'net.0'.*" + TURN),
        (FLAX, False, "'params.Dense_0.kernel': kernels are .*say transposed=True"),
        ({**STATE, "norm.running_mean": np.ones(3)}, False, "'norm.running_mean' is no weight or"),
        ({"net.0.bias": np.ones(3)}, False, "layer 'net.0' has a bias, but no weight"),
        ({"0.weight": BARE[0], "0.w": BARE[0]}, False, "'0.w' is the second W of its layer"),
        ({"0.weight": BARE[0], "0.bias": None}, False, "'0.bias' is of type object: give an arr"),
        ([(BARE[0], np.ones(7), 3)], False, r"layer 0 has 3 parts: give \(W, b\)"),
        ([()], False, r"layer 0 has 0 parts: give \(W, b\)"),
        ([(BARE[0] * 1j, None)], False, "layer 0: W is of type complex128: give an array of real"),
        ([("abc", None)], False, "layer 0: W is of type <U3: give an array"),
        ([([[1, 2], [3]], None)], False, "layer 0: W is no array"),
        ([(Attached(), None)], False, r"layer 0: W is no array: use detach\(\) first"),
        ([np.ones(3)], False, r"layer 0 has W of shape \(3,\): give \(neurons, heard\)"),
        ([np.ones(3)], True, r"layer 0 has W of shape \(3,\): give \(heard, neurons\)"),
        ([BARE[0], LAYERS[0][1], LAYERS[0][1]], False, r"layer 1 has W of shape \(7,\)"),
        ([np.ones((0, 2))], False, r"layer 0 has W of shape \(0, 2\)"),
        (5, False, r"layers of type int: give a list of \(W, b\)"),
        ({}, False, "no layers"),
    ],
)
def test_what_is_wrong_with_layers_is_said(given, transposed, says):
    with pytest.raises(ValueError, match=says):
        Network.from_layers(given, transposed=transposed)


FUNCTIONS = {
    "tanh": "tanh", "relu": "relu", "sigmoid": "sigmoid", "leaky relu": "leaky_relu",
    "softplus": "softplus", "swish": "silu", "gelu": "gelu",
}  # fmt: skip


@pytest.mark.parametrize("name", [*FUNCTIONS, "gelu tanh"])
def test_activations_are_those_of_pytorch(name):
    """Oracle: PyTorch's functions and their gradients, in float64."""
    functional = pytest.importorskip("torch.nn.functional")
    import torch

    given = torch.linspace(-6, 6, 50, dtype=torch.float64, requires_grad=True)
    how = {"approximate": "tanh"} if name == "gelu tanh" else {}
    answers = getattr(functional, FUNCTIONS.get(name, "gelu"))(given, **how)
    answers.sum().backward()
    points = given.detach().numpy()[None]
    network = Network.from_layers([np.ones((1, 1))], name)
    found = network.respond(np.vstack([points, np.ones((1, 50))]))
    np.testing.assert_allclose(found[0], answers.detach().numpy(), atol=1e-12)
    kind = ACTIVATIONS[name]
    np.testing.assert_allclose(kind.slope(points, found)[0], given.grad.numpy(), atol=1e-12)


@pytest.mark.parametrize("name", [*FUNCTIONS, "gelu tanh"])
def test_activations_are_those_of_jax(name):
    """Oracle: JAX's functions, in float32."""
    jax = pytest.importorskip("jax")
    points = np.linspace(-6, 6, 50, dtype=np.float32)
    if name.startswith("gelu"):
        answers = jax.nn.gelu(points, approximate=name != "gelu")
    else:
        answers = getattr(jax.nn, FUNCTIONS[name])(points)
    found = np.empty_like(points)
    ACTIVATIONS[name].apply(points, out=found)
    np.testing.assert_allclose(found, answers, atol=1e-6)


def test_a_network_of_flax():
    """Oracle: Flax' own outputs."""
    linen = pytest.importorskip("flax.linen")
    import jax

    module = linen.Sequential(
        [linen.Dense(9), linen.gelu, linen.Dense(8), linen.silu, linen.Dense(3)]
    )
    points = POINTS.astype(np.float32)
    parameters = module.init(jax.random.key(0), points)
    kinds = ["gelu tanh", "swish", None]
    network = Network.from_layers(parameters, kinds, transposed=True)
    answers = network.respond(with_constant(POINTS)).T
    np.testing.assert_allclose(answers, module.apply(parameters, points), atol=2e-6)


def test_the_state_of_a_module_of_pytorch():
    """Oracle: PyTorch's own outputs; there and back."""
    torch = pytest.importorskip("torch")
    torch.manual_seed(0)
    parts = [torch.nn.Linear(2, 16), torch.nn.GELU(), torch.nn.Linear(16, 16, bias=False)]
    module = torch.nn.Sequential(*parts, torch.nn.LeakyReLU(), torch.nn.Linear(16, 3)).double()
    network = Network.from_layers(module.state_dict(), ["gelu", "leaky relu", None])
    wanted = module(torch.from_numpy(POINTS)).detach().numpy().T
    np.testing.assert_allclose(network.respond(with_constant(POINTS)), wanted, atol=1e-12)


def painter_of_the_docstring():
    """Return the module that the docstring of `to_state_dict` shows."""
    torch = pytest.importorskip("torch")
    text = inspect.getdoc(Network.to_state_dict)
    code = text[text.index("class Painter") : text.index("Weights of 0 stand")]
    names = {"torch": torch}
    exec(textwrap.dedent(" " * 4 + code), names)
    return torch, names["Painter"]


@pytest.mark.parametrize("entry", ["narrow", "strict", "wide"])
def test_a_painted_network_in_pytorch(entry):
    """Oracle: the picture, painted by PyTorch with the module that the docstring shows."""
    torch, painter = painter_of_the_docstring()
    network = samples.peacock_network(entry)
    points = torch.from_numpy(network.inputs(32)[:2].T.copy())
    painted = painter(network.to_state_dict())(points).detach().numpy()
    np.testing.assert_allclose(painted.reshape(32, 32, 3), network.paint(32).pixels, atol=1e-12)


def layer_by_layer(network, inputs):
    """Return what the layers of a network answer, by the rule of the docstring."""
    layers, names = network.to_layers()
    sent = inputs[:-1]
    for (matrix, bias), kinds in zip(layers, names, strict=True):
        heard = sent[len(sent) - matrix.shape[1] :]
        net_inputs = matrix @ heard + (0 if bias is None else bias[:, None])
        kinds = [kinds] * len(matrix) if isinstance(kinds, str) else kinds
        for row, kind in zip(net_inputs, kinds, strict=True):
            ACTIVATIONS[kind].apply(row.copy(), out=row)
        sent = np.concatenate([sent, net_inputs])
    return sent[-network.wiring.n_outputs :]


@examples(60)
@given(networks())
def test_any_wiring_comes_as_layers(network):
    """Oracle: the network's own answers."""
    inputs = np.random.default_rng(0).uniform(-1, 1, (network.wiring.n_inputs, 6))
    inputs[-1] = 1
    np.testing.assert_allclose(layer_by_layer(network, inputs), network.respond(inputs), atol=1e-11)


@examples(40)
@given(st.lists(st.integers(1, 6), min_size=2, max_size=5), st.data())
def test_layers_go_out_and_come_back(sizes, data):
    rng, layers, kinds = np.random.default_rng(len(sizes)), [], []
    for heard, count in zip(sizes, sizes[1:], strict=False):
        bias = rng.normal(size=count) if data.draw(st.booleans()) else None
        layers.append((rng.normal(size=(count, heard)), bias))
        kinds.append(
            data.draw(st.sampled_from(["tanh", "swish", ["relu"] * (count - 1) + ["sine"]]))
        )
    network = Network.from_layers(layers, kinds)
    out, names = network.to_layers()
    assert Network.from_layers(out, names) == network
    assert Network.from_layers(network.to_state_dict(), names) == network


def test_a_network_of_scikit_learn():
    """Oracle: scikit-learn's own predictions."""
    neural_network = pytest.importorskip("sklearn.neural_network")
    targets = np.sin(POINTS @ [[1.0, 2, 0.5], [0.3, -1, 2]])
    model = neural_network.MLPRegressor(
        hidden_layer_sizes=(9, 8), activation="logistic", max_iter=300, random_state=0
    )
    model.fit(POINTS, targets)
    layers = zip(model.coefs_, model.intercepts_, strict=True)
    network = Network.from_layers(layers, ["sigmoid", "sigmoid", None], transposed=True)
    answers = network.respond(with_constant(POINTS)).T
    np.testing.assert_allclose(answers, model.predict(POINTS), atol=1e-6)
