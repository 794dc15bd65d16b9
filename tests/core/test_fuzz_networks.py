"""Facts that hold for every wiring, network and picture, tried on random ones.

Oracles: neurons computed one by one here, in complex numbers where derivatives are asked for; paths
searched by hand; the whole network computed anew.
"""

import math
import tempfile
from pathlib import Path

import numpy as np
from fuzzing import examples, networks, wirings
from hypothesis import given
from hypothesis import strategies as st
from scipy.special import erf

from ensembles_lib import (
    Network,
    Picture,
    article_wiring,
    cascade_wiring,
    coordinates,
    gradient,
    jacobian,
    layered_wiring,
    rmse,
    scaled_wiring,
    sweep,
)
from ensembles_lib.core.passes import respond
from ensembles_lib.sweeps.downstream import tiles

APPLIED = {
    "tanh": np.tanh,
    "identity": lambda x: x,
    "relu": lambda x: x * (x.real > 0),
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


def by_hand(wiring, weights, inputs):
    """Return what every source sends, (n_inputs + N, P), one neuron after the other."""
    sent = [np.asarray(row) for row in inputs]
    for neuron in range(wiring.n_neurons):
        heard = zip(wiring.sources_of(neuron), wiring.synapses_of(neuron), strict=True)
        net_input = sum(weights[synapse] * sent[source] for source, synapse in heard)
        sent.append(APPLIED[wiring.activations[neuron]](net_input))
    return np.array(sent)


def random_inputs(wiring, n_points=7):
    return np.random.default_rng(1).uniform(-1, 1, (wiring.n_inputs, n_points))


def close(a, b, tolerance=1e-11):
    """Are two arrays the same, measured by the largest number in the second?"""
    a, b = np.asarray(a), np.asarray(b)
    return a.shape == b.shape and np.abs(a - b).max(initial=0) <= tolerance * max(
        1, np.abs(b).max(initial=0)
    )


@examples(100)
@given(wirings())
def test_the_numbering_round_trips(wiring):
    owned = [list(wiring.synapses_of(neuron)) for neuron in range(wiring.n_neurons)]
    assert sum(owned, []) == list(range(wiring.n_synapses))
    for neuron, synapses in enumerate(owned):
        assert [wiring.neuron_of(synapse) for synapse in synapses] == [neuron] * len(synapses)
        assert wiring.sources_of(neuron).tolist() == [wiring.source[k] for k in synapses]
    again = type(wiring)(
        [wiring.sources_of(j).tolist() for j in range(wiring.n_neurons)],
        wiring.n_inputs,
        wiring.n_outputs,
        wiring.activations,
    )
    assert again == wiring and hash(again) == hash(wiring) and repr(again) == repr(wiring)


@examples(100)
@given(wirings())
def test_downstream_and_feeding_are_what_paths_say(wiring):
    hears = [
        {int(s) - wiring.n_inputs for s in wiring.sources_of(j) if s >= wiring.n_inputs}
        for j in range(wiring.n_neurons)
    ]

    def upstream(neuron):
        return hears[neuron].union(*(upstream(source) for source in hears[neuron]))

    above = [upstream(j) if j < 10 else None for j in range(wiring.n_neurons)]
    for neuron, found in enumerate(above):
        if found is None:  # the paths double with every neuron: reuse what is known
            above[neuron] = hears[neuron].union(*(above[source] for source in hears[neuron]))
    for j in range(wiring.n_neurons):
        below = [i for i in range(wiring.n_neurons) if j in above[i]]
        assert wiring.downstream_of(j).tolist() == below
        bears = [k for i in sorted(above[j] | {j}) for k in wiring.synapses_of(i)]
        assert wiring.feeding(j).tolist() == bears


@examples(60)
@given(networks())
def test_outputs_are_those_of_neurons_computed_one_by_one(network):
    wiring, inputs = network.wiring, random_inputs(network.wiring)
    expected = by_hand(wiring, network.weights, inputs)[-wiring.n_outputs :]
    assert close(network.respond(inputs), expected)


@examples(40)
@given(networks(), st.integers(1, 4))
def test_a_batch_is_a_loop(network, n):
    inputs = random_inputs(network.wiring)
    weights = network.weights + np.random.default_rng(0).normal(size=(n, 2, network.weights.size))
    batch = respond(network.wiring, weights, inputs)
    for i in range(n):
        for j in range(2):
            assert close(batch[i, j], respond(network.wiring, weights[i, j], inputs))


@examples(40)
@given(networks(n_inputs=3, n_outputs=3, tanh=True), st.data())
def test_a_sweep_at_the_present_value_is_the_picture(network, data):
    synapse = data.draw(st.integers(0, network.wiring.n_synapses - 1))
    here = float(network.weights[synapse])
    swept = sweep(network, synapse, [here - 1, here, here + 0.25], size=(3, 4))
    assert close(swept.pixels[1], network.paint((3, 4)).pixels, 1e-13)
    assert close(swept.pixels[2], network.with_weight(synapse, here + 0.25).paint((3, 4)).pixels)
    assert swept.change[1] <= 1e-13
    assert math.isclose(swept.change[2], rmse(swept.pixels[2], swept.pixels[1]), abs_tol=1e-12)


@examples(40)
@given(st.sampled_from([3, 4]).flatmap(lambda n: networks(n_inputs=n)))
def test_the_jacobian_is_the_complex_step(network):
    wiring, size, step = network.wiring, (2, 3), 1e-30
    inputs = coordinates(size, n_inputs=wiring.n_inputs)
    expected = np.empty((*size, wiring.n_outputs, wiring.n_synapses))
    for synapse in range(wiring.n_synapses):
        weights = network.weights.astype(complex)
        weights[synapse] += 1j * step
        moved = by_hand(wiring, weights, inputs.astype(complex))[-wiring.n_outputs :]
        expected[..., synapse] = moved.T.reshape(*size, -1).imag / step
    assert close(jacobian(network, size), expected, 1e-10)


@examples(30)
@given(networks(n_inputs=3, n_outputs=3, tanh=True), st.integers(0, 2**32 - 1))
def test_the_gradient_is_the_complex_step(network, seed):
    wiring, size, step = network.wiring, (2, 3), 1e-30
    picture = Picture(np.random.default_rng(seed).uniform(-1, 1, (*size, 3)))
    expected = np.empty(wiring.n_synapses)
    for synapse in range(wiring.n_synapses):
        weights = network.weights.astype(complex)
        weights[synapse] += 1j * step
        painted = by_hand(wiring, weights, coordinates(size).astype(complex))[-3:]
        error = painted.T.reshape(*size, 3) - picture.pixels
        expected[synapse] = np.mean(error**2).imag / step
    assert close(gradient(network, picture), expected)


@examples(40)
@given(networks(), st.integers(1, 3))
def test_changes_downstream_are_those_of_the_whole_network(network, n_values):
    wiring, inputs = network.wiring, random_inputs(network.wiring)
    noise = np.random.default_rng(2).normal(size=(wiring.n_synapses, n_values))
    values, before = network.weights[:, None] + noise, network.respond(inputs)
    found = np.zeros((*values.shape, wiring.n_outputs, inputs.shape[1]))
    for part, tile in tiles(wiring, network.weights, inputs, n_values):
        for k, outputs, changed in tile.changes(np.arange(len(values)), values):
            found[k][:, outputs, part] = changed.swapaxes(0, 1)
    for synapse in range(wiring.n_synapses):
        for n, value in enumerate(values[synapse]):
            moved = network.with_weight(synapse, value).respond(inputs)
            assert close(found[synapse, n] + before, moved, 1e-10)


@examples(25)
@given(networks(), st.dictionaries(st.text(max_size=9), st.integers() | st.text(max_size=9)))
def test_a_saved_network_is_the_same_when_loaded(network, provenance):
    network = Network(network.wiring, network.weights, provenance)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "network.npz"
        network.save(path)
        loaded = Network.load(path)
    assert loaded == network and loaded.provenance == provenance
    inputs = random_inputs(network.wiring)
    np.testing.assert_array_equal(loaded.respond(inputs), network.respond(inputs))


@examples(100)
@given(st.lists(st.integers(0, 9), min_size=1, max_size=9), st.integers(1, 4), st.integers(1, 3))
def test_cascades_hear_all_inputs_and_their_nearest_or_are_refused(fan_in, n_inputs, n_outputs):
    n_hidden = len(fan_in) - n_outputs
    room = [n_inputs + min(j, max(n_hidden, 0)) for j in range(len(fan_in))]
    possible = n_hidden >= 0 and all(n_inputs <= f <= r for f, r in zip(fan_in, room, strict=True))
    try:
        wiring = cascade_wiring(fan_in, n_inputs, n_outputs)
    except ValueError:
        assert not possible
        return
    assert possible and wiring.n_synapses == sum(fan_in)
    for neuron, (count, stop) in enumerate(zip(fan_in, room, strict=True)):
        nearest = list(range(stop))[n_inputs:][::-1][: count - n_inputs][::-1]
        assert wiring.sources_of(neuron).tolist() == [*range(n_inputs), *nearest]


@examples(50)
@given(st.lists(st.integers(1, 6), min_size=2, max_size=5))
def test_layers_are_matrix_products(sizes):
    network = Network.random(layered_wiring(sizes), seed=5)
    signal = random_inputs(network.wiring)
    signal[-1], inputs, start = 1, None, 0
    inputs = signal.copy()
    here = signal[:-1]
    for layer, (wide, high) in enumerate(zip(sizes, sizes[1:], strict=False)):
        block = network.weights[start : start + high * (wide + 1)].reshape(high, wide + 1)
        one_last = np.concatenate([here, np.ones((1, here.shape[1]))])
        one_first = np.concatenate([np.ones((1, here.shape[1])), here])
        here = np.tanh(block @ (one_last if layer == 0 else one_first))
        start += block.size
    assert start == network.wiring.n_synapses and close(network.respond(inputs), here)


@st.composite
def pictures(draw):
    height, width = draw(st.integers(1, 9)), draw(st.integers(1, 9))
    seed, whole = draw(st.integers(0, 2**32 - 1)), draw(st.booleans())
    rng = np.random.default_rng(seed)
    if whole:
        return Picture(rng.integers(0, 256, (height, width, 3)) / 127.5 - 1)
    return Picture(rng.uniform(-1, 1, (height, width, 3)))


@examples(60)
@given(pictures(), st.sampled_from([".png", ".bmp", ".tif"]))
def test_a_saved_picture_is_the_same_to_a_level(picture, ending):
    with tempfile.TemporaryDirectory() as folder:
        picture.save(Path(folder) / f"a{ending}")
        opened = Picture.open(Path(folder) / f"a{ending}")
    np.testing.assert_array_equal(opened.to_bytes(), picture.to_bytes())
    assert np.abs(opened.pixels - picture.pixels).max() <= 0.5 / 127.5 + 1e-12
    assert repr(opened).split()[-1] == repr(picture).split()[-1]


@examples(60)
@given(pictures(), st.integers(1, 12), st.integers(1, 12))
def test_a_resized_picture_keeps_its_range_and_its_own_size(picture, height, width):
    resized = picture.resized((height, width))
    assert resized.size == (height, width)
    np.testing.assert_allclose(picture.resized(picture.size).pixels, picture.pixels, atol=1e-6)
    if height <= picture.size[0] and width <= picture.size[1]:  # averages lie between
        low, high = picture.pixels.min(axis=(0, 1)), picture.pixels.max(axis=(0, 1))
        assert (resized.pixels >= low - 1e-6).all() and (resized.pixels <= high + 1e-6).all()


@examples(40)
@given(st.integers(0, 2**32 - 1))
def test_rmse_is_a_distance(seed):
    a, b, c = np.random.default_rng(seed).uniform(-1, 1, (3, 4, 5, 3))
    assert rmse(a, a) == 0 and math.isclose(rmse(a, b), rmse(b, a))
    assert 0 < rmse(a, c) <= rmse(a, b) + rmse(b, c)


@st.composite
def entered(draw):
    """A network in the article's style: of any entry of coordinates, or of any size."""
    entry = st.sampled_from(["narrow", "strict", "wide"]) | st.integers(2, 34)
    wiring = draw(entry.map(article_wiring) | st.integers(25, 900).map(scaled_wiring))
    return Network.random(wiring, draw(st.integers(0, 2**32 - 1)), draw(st.floats(0.1, 4)))


@examples(60)
@given(entered())
def test_wirings_of_every_entry_are_alive_and_hear_what_they_should(network):
    wiring = network.wiring
    hears = [set(wiring.sources_of(neuron).tolist()) for neuron in range(wiring.n_neurons)]
    useful = set(wiring.outputs)
    for neuron in reversed(range(wiring.n_neurons)):  # paths searched by hand
        if neuron in useful:
            useful |= {source - 3 for source in hears[neuron] if source >= 3}
    assert useful == set(range(wiring.n_neurons))
    assert all(2 in own for own in hears) and {0, 1} <= hears[0] and {0, 1} <= hears[1]
    outputs = {output + 3 for output in wiring.outputs}
    for neuron, own in enumerate(hears):
        before = sorted(source for source in own if source >= 3)
        stop = 3 + min(neuron, wiring.outputs.start)
        assert before == list(range(stop - len(before), stop))  # the nearest, none left out
        assert not own & outputs


@examples(20)
@given(entered(), st.data())
def test_derivatives_in_the_style_of_the_article_are_complex_steps(network, data):
    wiring, size, step = network.wiring, (2, 2), 1e-30
    inputs, found = coordinates(size).astype(complex), jacobian(network, size)
    for _ in range(5):
        synapse = data.draw(st.integers(0, wiring.n_synapses - 1))
        weights = network.weights.astype(complex)
        weights[synapse] += 1j * step
        moved = by_hand(wiring, weights, inputs)[-3:].T.reshape(*size, 3).imag / step
        assert close(found[..., synapse], moved, 1e-10)
        value = float(network.weights[synapse]) + 0.3
        there = sweep(network, synapse, [value], size).pixels[0]
        assert close(there, network.with_weight(synapse, value).paint(size).pixels)


@examples(20)
@given(entered())
def test_networks_in_the_style_of_the_article_go_out_and_come_back(network):
    with tempfile.TemporaryDirectory() as folder:
        network.save(Path(folder) / "network.npz")
        assert Network.load(Path(folder) / "network.npz") == network
        network.export(Path(folder) / "painter.py")
        names = {}
        exec((Path(folder) / "painter.py").read_text(encoding="utf-8"), names)
    painted = names["paint"](3, 4).astype(int)
    assert np.abs(painted - network.paint((3, 4)).to_bytes()).max() <= 1
