"""Oracles: differences of pictures asked at moved places, a QR of the Jacobian, closed forms."""

import numpy as np
import pytest

from ensembles_lib import (
    Network,
    Wiring,
    article_wiring,
    coordinates,
    jacobian,
    layered_wiring,
    open_genome,
    samples,
)
from ensembles_lib.properties import GENERATORS, affine_generators, geometry_share
from ensembles_lib.properties.geometry import place_slopes

SIZE = 24
rng = np.random.default_rng
NETWORKS = {
    "narrow": Network.random(article_wiring(), seed=2),
    "strict": Network.random(article_wiring("strict"), seed=3),
    "wide": Network.random(article_wiring("wide"), seed=1),
    "evolved": open_genome(samples.path("own/genome.zip")),
    "trained": samples.peacock_network("narrow"),
    "unit": Network.from_layers(
        [
            (rng(0).standard_normal((7, 2)), rng(1).standard_normal(7)),
            (rng(2).normal(size=(3, 7)),),
        ],
        ["sine", "sigmoid"],
        "unit",
    ),
    "not clipped": Network.from_layers(
        [(rng(3).normal(size=(7, 2)), None), (rng(4).normal(size=(3, 7)),)],
        ["cosine", "identity"],
    ),
}
EACH = pytest.mark.parametrize("network", NETWORKS.values(), ids=NETWORKS)


def colours_at(network, x, y):
    """The colours at any places, by the public answer to inputs and nothing else."""
    inputs = [x, y, 1.4 * np.sqrt(x * x + y * y), np.ones_like(x)]
    if network.wiring.n_inputs == 3:
        del inputs[2]
    outputs = network.respond(np.array(inputs))
    if network.wiring.colours == "signed":
        return outputs
    if network.wiring.colours == "unit":
        return 2 * np.clip(outputs, 0, 1) - 1
    hue, saturation, value = outputs[0], outputs[1].clip(0, 1), np.abs(outputs[2]).clip(0, 1)
    turns = (np.array([5, 3, 1])[:, None] + 6 * hue) % 6
    depth = np.clip(np.minimum(turns, 4 - turns), 0, 1)
    return 2 * value * (1 - saturation * depth) - 1


def moved(network, way, amount):
    """The picture, moved: each pixel shows what was at the place that comes to lie on it."""
    x, y = coordinates(SIZE)[:2]
    c, s = np.cos(amount), np.sin(amount)
    places = {
        "shift x": (x - amount, y),
        "shift y": (x, y - amount),
        "turn": (c * x + s * y, c * y - s * x),  # anticlockwise: what was on the right goes up
        "lean": (x - amount * y, y),
        "width": (x / (1 + amount), y),
        "height": (x, y / (1 + amount)),
    }
    return colours_at(network, *places[way]).T.reshape(SIZE, SIZE, 3)


@EACH
@pytest.mark.parametrize("number", range(6), ids=GENERATORS)
def test_generators_are_derivatives_of_the_moved_picture(network, number):
    h = 2e-7
    way = GENERATORS[number]
    wanted = (moved(network, way, h) - moved(network, way, -h)) / (2 * h)
    missed = np.abs(affine_generators(network, SIZE)[number] - wanted).max(axis=2)
    scale = np.abs(wanted).max()
    assert scale > 0.01
    if network.wiring.colours == "hsv":  # whose kinks lie within h of some pixels
        assert np.mean(missed > 1e-6 * scale) < 0.01
    else:
        assert missed.max() < 1e-6 * scale


def test_the_tip_of_the_distance_counts_as_flat():
    """At the very middle, which a picture of an odd size asks: what is heard beside d is left."""
    wiring = Wiring([[0, 2, 3], [1, 2, 3], [2, 3]], 4, 3)
    network = Network(wiring, [0.3, 0.5, 0.1, 0.4, 0.5, 0.2, 0.7, 0.1])
    _, slopes = place_slopes(network, np.zeros((2, 1)))
    rise = 1 - np.tanh([0.1, 0.2, 0.1]) ** 2
    np.testing.assert_allclose(slopes[..., 0], rise * [[0.3, 0, 0], [0, 0.4, 0]], atol=1e-15)


def test_places_are_asked_part_by_part():
    network = NETWORKS["evolved"]
    places = rng(0).uniform(-1, 1, (2, 20_000))
    colours, slopes = place_slopes(network, places)
    np.testing.assert_allclose(colours, colours_at(network, *places), atol=1e-12)
    last, last_slopes = place_slopes(network, places[:, -3:])
    np.testing.assert_allclose(last, colours[:, -3:], atol=1e-12)
    np.testing.assert_allclose(last_slopes, slopes[..., -3:], atol=1e-10)


@EACH
@pytest.mark.parametrize(
    "within", [GENERATORS, ("turn",), ("shift x", "shift y"), ("lean", "height")], ids="+".join
)
def test_shares_are_those_of_the_written_out_jacobian(network, within):
    size = (20, 26)
    by_weight = jacobian(network, size).reshape(-1, network.wiring.n_synapses)
    rows = [GENERATORS.index(name) for name in within]
    basis = np.linalg.qr(affine_generators(network, size)[rows].reshape(len(rows), -1).T)[0]
    energy = np.sum(by_weight**2, axis=0)
    with np.errstate(invalid="ignore"):
        wanted = np.sum((basis.T @ by_weight) ** 2, axis=0) / energy
    got = geometry_share(network, size, within=within)
    np.testing.assert_allclose(got, wanted, atol=1e-9)
    shares = got[np.isfinite(got)]
    assert np.all((shares >= 0) & (shares <= 1))
    # What is symmetric turns and shifts nothing; but every network here has some geometry.
    assert len(within) < 6 or shares.max() > 0.05


def test_many_points_are_the_sum_of_their_parts():
    network = NETWORKS["narrow"]
    whole = geometry_share(network, 128)
    generators = affine_generators(network, 128).reshape(6, -1)
    basis = np.linalg.qr(generators.T)[0]
    for synapse in (0, 100, 459):
        h = 1e-5
        ends = [network.with_weight(synapse, network.weights[synapse] + s * h) for s in (-1, 1)]
        low, high = (one.paint(128).pixels.ravel() for one in ends)
        change = (high - low) / (2 * h)
        assert whole[synapse] == pytest.approx(
            np.sum((basis.T @ change) ** 2) / (change @ change), abs=1e-6
        )


def test_chosen_synapses_come_in_their_order():
    shares = geometry_share(NETWORKS["narrow"], SIZE)
    chosen = geometry_share(NETWORKS["narrow"], SIZE, synapses=[7, 0, 459])
    # Some kernels add up a product of three rows in another order than one of 460.
    np.testing.assert_allclose(chosen, shares[[7, 0, 459]], rtol=1e-14)
    assert geometry_share(NETWORKS["narrow"], SIZE, synapses=[]).shape == (0,)


@pytest.mark.parametrize("seed", range(4))
def test_in_the_strict_entry_six_synapses_do_nothing_but_move_the_picture(seed):
    """The theorem: all that the network knows of a place is W·(x, y) + b of two neurons."""
    network = Network.random(article_wiring("strict"), seed)
    assert geometry_share(network, 64, range(6)) == pytest.approx(np.ones(6), abs=1e-9)
    assert geometry_share(network, 64)[6:].max() < 0.999
    # A constant input shifts what the neuron of the other sees; it can do nothing else.
    offsets = geometry_share(network, 64, [2, 5], within=("shift x", "shift y"))
    assert offsets == pytest.approx(np.ones(2), abs=1e-9)


def test_a_synapse_without_effect_has_no_share():
    weights = NETWORKS["narrow"].weights.copy()
    wiring = article_wiring()
    weights[wiring.source == 3 + 33] = 0  # nobody listens to the last hidden neuron any more
    shares = geometry_share(Network(wiring, weights), SIZE)
    without = np.zeros(460, bool)
    without[wiring.synapses_of(33)] = True
    np.testing.assert_array_equal(np.isnan(shares), without)


def test_stripes_can_be_moved_in_fewer_ways():
    """A picture of x alone: its shifts up and its heights are none, its lean is one of its own."""
    network = Network.from_layers([([[2, 0]], [0.3]), ([[1], [2], [-1]], None)])
    generators = affine_generators(network, SIZE)
    assert not generators[[1, 5]].any()
    x_alone = geometry_share(network, SIZE)
    assert x_alone[0] == pytest.approx(1) and x_alone[2] == pytest.approx(1)
    with pytest.raises(ValueError, match="does not change with shift y, height: there is nothing"):
        geometry_share(network, SIZE, within=("shift y", "height"))


def test_a_constant_picture_is_refused():
    network = Network(layered_wiring((2, 4, 3)), np.zeros(27))
    assert not affine_generators(network, 8).any()
    with pytest.raises(ValueError, match="does not change with shift x, .*, height: there is noth"):
        geometry_share(network)


@pytest.mark.parametrize("ask", [affine_generators, geometry_share])
def test_a_network_that_does_not_paint_is_refused(ask):
    with pytest.raises(ValueError, match="3 inputs and 2 outputs: to paint it needs x, y, 1"):
        ask(Network.random(layered_wiring((2, 4, 2))))


def test_what_cannot_be_asked_is_refused():
    network = NETWORKS["narrow"]
    with pytest.raises(IndexError, match="synapse 460 does not exist"):
        geometry_share(network, 8, [460])
    with pytest.raises(ValueError, match="within \\['tilt'\\]: give some of shift x, shift"):
        geometry_share(network, 8, within=["tilt"])
    with pytest.raises(ValueError, match=r"within \(\): give some"):
        geometry_share(network, 8, within=())
    with pytest.raises(ValueError, match="within 'turn': give some"):
        geometry_share(network, 8, within="turn")
    with pytest.raises(ValueError, match="synapses 5: give a sequence"):
        geometry_share(network, 8, 5)
    with pytest.raises(ValueError, match="size 0"):
        geometry_share(network, 0)
