"""Oracles: the picture painted at moved places, the Jacobian, affine generators, a loop."""

import numpy as np
import pytest

from ensembles_lib import Network, Wiring, article_wiring, layered_wiring
from ensembles_lib.planted import exact_moves
from ensembles_lib.properties import (
    GENERATORS,
    affine_generators,
    geometry_share,
    paint_moved,
)


def drawn(entry, seed=1):
    return Network.random(article_wiring(entry), seed=seed)


# What a place (x, y) gains, per unit: shift x, shift y, turn, lean, width, height.
MOTIONS = {
    "shift x": [[0, 0, 1], [0, 0, 0]],
    "shift y": [[0, 0, 0], [0, 0, 1]],
    "turn": [[0, -1, 0], [1, 0, 0]],
    "lean": [[0, 1, 0], [0, 0, 0]],
    "width": [[1, 0, 0], [0, 0, 0]],
    "height": [[0, 0, 0], [0, 1, 0]],
}


@pytest.mark.parametrize("entry", ["strict", "narrow", 8, "wide"])
def test_however_far_they_go_the_picture_is_painted_at_moved_places(entry):
    """Weights less a part of a motion's look at places that went the way back: its inverse moved.

    A turn, which no straight way of the weights makes, turns and grows.
    """
    network = drawn(entry)
    for name, amounts in exact_moves(network).items():
        back = np.eye(2, 3) - 0.3 * np.array(MOTIONS[name])
        affine = np.linalg.inv(np.vstack([back, [0, 0, 1]]))[:2]
        moved = Network(network.wiring, network.weights + 0.3 * amounts).paint(32).pixels
        assert np.allclose(moved, paint_moved(network, affine, 32).pixels, atol=1e-12)
        assert not np.allclose(moved, network.paint(32).pixels, atol=0.01)


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
    silent = network.weights.copy()
    silent[[28, 37]] = 0  # nothing is asked of neurons that make no use of x and y
    assert list(exact_moves(Network(wiring, silent))) == list(GENERATORS)


def test_a_neuron_without_the_constant_cannot_be_shifted():
    wiring = Wiring([[0, 1], [2, 3], [2, 3], [2, 3]], 3, 3)
    network = Network(wiring, np.arange(1.0, 9.0))
    assert list(exact_moves(network)) == ["turn", "lean", "width", "height"]
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
    with pytest.raises(ValueError, match="neuron 0 hears the distance"):
        exact_moves(network)
    deaf = network.with_weight(2, 0.0)
    assert list(exact_moves(deaf)) == list(GENERATORS)


def test_what_cannot_be_moved_is_refused():
    flat = Network.random(layered_wiring((2, 3, 2)), seed=1)
    with pytest.raises(ValueError, match="2 outputs"):
        exact_moves(flat)
