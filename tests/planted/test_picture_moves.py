"""Oracles: the picture painted at moved places, the Jacobian, affine generators, a loop."""

import numpy as np
import pytest

from ensembles_lib import Network, Wiring, article_wiring, layered_wiring
from ensembles_lib.planted import exact_moves, move_picture
from ensembles_lib.properties import (
    GENERATORS,
    affine_generators,
    geometry_share,
    paint_moved,
)

STRETCHED = [[1.3, 0, 0.2], [0, 0.7, -0.1]]
ANYHOW = [[0.9, -0.5, 0.2], [0.4, 1.1, -0.3]]


def drawn(entry, seed=1):
    return Network.random(article_wiring(entry), seed=seed)


@pytest.mark.parametrize(
    ("entry", "affine"),
    [("strict", ANYHOW), ("wide", ANYHOW), ("narrow", STRETCHED), (8, ANYHOW)],
)
def test_moved_weights_paint_the_picture_at_moved_places(entry, affine):
    network = drawn(entry)
    moved = move_picture(network, affine)
    assert np.allclose(moved.paint(32).pixels, paint_moved(network, affine, 32).pixels, atol=1e-12)
    assert not np.allclose(moved.paint(32).pixels, network.paint(32).pixels, atol=0.1)
    assert network == drawn(entry)


@pytest.mark.parametrize("entry", ["strict", "narrow", "wide"])
def test_to_first_order_they_are_the_generators(entry):
    """J times the amounts: by central differences, for each move by itself."""
    network, generators = drawn(entry), affine_generators(drawn(entry), 16)
    moves = exact_moves(network)
    for name, amounts in moves.items():
        up, down = (
            Network(network.wiring, network.weights + step * amounts).paint(16).pixels
            for step in (1e-5, -1e-5)
        )
        known = generators[GENERATORS.index(name)]
        assert np.allclose((up - down) / 2e-5, known, atol=1e-6 * np.abs(known).max())
    assert list(moves) == [n for n in GENERATORS if n in moves]


@pytest.mark.parametrize(
    ("name", "affine"),
    [
        ("shift x", lambda t: [[1, 0, t], [0, 1, 0]]),
        ("shift y", lambda t: [[1, 0, 0], [0, 1, t]]),
        ("turn", lambda t: [[np.cos(t), -np.sin(t), 0], [np.sin(t), np.cos(t), 0]]),
        ("lean", lambda t: [[1, t, 0], [0, 1, 0]]),
        ("width", lambda t: [[1 + t, 0, 0], [0, 1, 0]]),
        ("height", lambda t: [[1, 0, 0], [0, 1 + t, 0]]),
    ],
)
def test_amounts_are_the_slopes_of_what_moves_the_picture(name, affine):
    """And each set is that of the synapses that a finite move changes."""
    network = drawn("strict")
    amounts = exact_moves(network)[name]
    up, down = (move_picture(network, affine(t)).weights for t in (1e-6, -1e-6))
    assert np.allclose((up - down) / 2e-6, amounts, atol=1e-8)
    changed = move_picture(network, affine(0.3)).weights != network.weights
    assert np.array_equal(changed, amounts != 0)


def test_where_the_entry_is_strict_they_are_the_six_degrees_of_freedom():
    sets = {name: np.flatnonzero(of).tolist() for name, of in exact_moves(drawn("strict")).items()}
    assert sets == {
        "shift x": [2, 5],
        "shift y": [2, 5],
        "turn": [0, 1, 3, 4],
        "lean": [1, 4],
        "width": [0, 3],
        "height": [1, 4],
    }
    assert (geometry_share(drawn("strict"), 16, range(6)) > 1 - 1e-9).all()


def test_where_a_neuron_hears_x_alone_four_remain():
    """Neuron 7 hears x and not y, neuron 8 the reverse: no turn, no lean."""
    network, wiring = drawn("narrow"), article_wiring("narrow")
    ones = [int(wiring.first[n] + np.argmax(wiring.sources_of(n) == 2)) for n in (7, 8)]
    sets = {name: np.flatnonzero(of).tolist() for name, of in exact_moves(network).items()}
    assert sets == {
        "shift x": [2, 5, ones[0]],
        "shift y": [2, 5, ones[1]],
        "width": [0, 3, 28],
        "height": [1, 4, 37],
    }
    with pytest.raises(ValueError, match="neuron 7 does not hear y: .*weight of"):
        move_picture(network, ANYHOW)
    silent = network.weights.copy()
    silent[[28, 37]] = 0  # nothing is asked of neurons that make no use of x and y
    assert list(exact_moves(Network(wiring, silent))) == list(GENERATORS)


def test_a_neuron_without_the_constant_cannot_be_shifted():
    wiring = Wiring([[0, 1], [2, 3], [2, 3], [2, 3]], 3, 3)
    network = Network(wiring, np.arange(1.0, 9.0))
    assert list(exact_moves(network)) == ["turn", "lean", "width", "height"]
    with pytest.raises(ValueError, match="neuron 0 does not hear 1"):
        move_picture(network, STRETCHED)
    ignores = Wiring([[0, 1, 2], [3, 4], [3, 4], [3, 4]], 4, 3)  # hears the distance, at weight 0
    network = Network(ignores, [1, 1, 0, *range(6)])
    assert "shift x" not in exact_moves(network) and "turn" in exact_moves(network)


def test_where_the_entry_is_wide_all_neurons_take_part():
    moves = exact_moves(drawn("wide"))
    sizes = {name: np.count_nonzero(of) for name, of in moves.items()}
    assert sizes == dict(zip(GENERATORS, (37, 37, 74, 37, 37, 37), strict=True))


def test_networks_that_hear_the_distance_are_refused_unless_they_ignore_it():
    wiring = Wiring([[0, 1, 2, 3], [3, 4], [3, 4], [3, 4]], 4, 3)
    network = Network(wiring, np.arange(1.0, 11.0))
    for of in (exact_moves, lambda one: move_picture(one, STRETCHED)):
        with pytest.raises(ValueError, match="neuron 0 hears the distance"):
            of(network)
    deaf = network.with_weight(2, 0.0)
    moved = move_picture(deaf, ANYHOW).paint(16).pixels
    assert np.allclose(moved, paint_moved(deaf, ANYHOW, 16).pixels, atol=1e-12)
    assert list(exact_moves(deaf)) == list(GENERATORS)


def test_what_cannot_be_moved_is_refused():
    flat = Network.random(layered_wiring((2, 3, 2)), seed=1)
    with pytest.raises(ValueError, match="2 outputs"):
        exact_moves(flat)
    with pytest.raises(ValueError, match="cannot be undone"):
        move_picture(drawn("strict"), [[1, 0, 0], [0, 0, 0]])
