"""Oracles: pictures moved by known maps, and the strict entry's closed form."""

import numpy as np
import pytest

from ensembles_lib import (
    Network,
    Picture,
    affine_fit,
    article_wiring,
    layered_wiring,
    open_genome,
    samples,
)
from ensembles_lib.properties import affine_descent, paint_moved, turn_arrows
from ensembles_lib.properties.affine_fits import read_map, undo

rng = np.random.default_rng
STRICT = Network.random(article_wiring("strict"), seed=3)
NETWORKS = {
    "narrow": Network.random(article_wiring(), seed=2),
    "trained narrow": samples.peacock_network("narrow"),
    "trained wide": samples.peacock_network("wide"),
    "evolved": open_genome(samples.path("own/genome.zip")),
    "unit": Network.from_layers(
        [(3 * rng(0).normal(size=(9, 2)), rng(1).normal(size=9)), (rng(2).normal(size=(3, 9)),)],
        ["tanh", "sigmoid"],
        "unit",
    ),
    "clipped": Network.from_layers(
        [(2 * rng(3).normal(size=(7, 2)), None), (rng(4).normal(size=(3, 7)),)],
        ["sine", "identity"],
    ),
}


def map_of(tilt=0.0, lean=0.0, width=0.0, height=0.0, shift_x=0.0, shift_y=0.0):
    """The map of what a fit says: degrees, and percent; a shift by 100 % is one of 2 units."""
    angle, upright = np.radians(tilt), 1 + height / 100
    turn = [[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]]
    grown = [[1 + width / 100, upright * np.tan(np.radians(lean))], [0, upright]]
    return np.column_stack([np.matmul(turn, grown), [shift_x / 50, shift_y / 50]])


def random_numbers(seed):
    return rng(seed).uniform(-1, 1, 6) * [12, 10, 20, 20, 5, 5]


@pytest.mark.parametrize("seed", range(5))
def test_a_map_is_read_as_it_was_made(seed):
    numbers = random_numbers(seed)
    assert read_map(map_of(*numbers)) == pytest.approx(numbers, abs=1e-9)


@pytest.mark.parametrize("seed", range(3))
def test_plain_words_are_told_by_where_the_ends_of_lines_go(seed):
    """Of a level and an upright line of length 1 (half the side) from the picture's middle."""
    affine = rng(seed).uniform(-0.15, 0.15, (2, 3)) + np.eye(2, 3)
    start = NETWORKS["trained narrow"]
    fit = affine_fit(start, paint_moved(start, affine, 48))
    middle, right, above = (affine @ place for place in ((0, 0, 1), (1, 0, 1), (0, 1, 1)))
    expected = {
        "slope": right[1] - middle[1],
        "lean": above[0] - middle[0],
        "width": right[0] - middle[0] - 1,
        "height": above[1] - middle[1] - 1,
        "right": middle[0],
        "up": middle[1],
    }
    assert fit.plain == pytest.approx({name: 100 * by for name, by in expected.items()}, abs=0.1)


@pytest.mark.parametrize(
    ("affine", "words"),
    [
        ([[1.1, 0.06, 0], [0, 1, 0]], "leans, widens"),
        ([[1, 0, -0.06], [0.06, 0.9, 0.06]], "slopes, grows shorter, goes left, goes up"),
        ([[1.03, 0, 0], [0, 1, 0]], "moves little"),
    ],
)
def test_ways_worth_a_word_are_told(affine, words):
    start = NETWORKS["trained narrow"]
    fit = affine_fit(start, paint_moved(start, affine, 48))
    assert fit.words == words and fit._replace(explained=0.8).words == "bent"


def test_signs_are_those_that_are_told():
    """Anticlockwise, to the right, larger, to the right, upwards: by where single places go."""
    right, up, middle = (1, 0, 1), (0, 1, 1), (0, 0, 1)
    assert (map_of(tilt=5) @ right)[1] > 0 and (map_of(lean=5) @ up)[0] > 0
    assert (map_of(width=5) @ right)[0] > 1 and (map_of(height=5) @ up)[1] > 1
    assert map_of(shift_x=5) @ middle == pytest.approx([0.1, 0])
    assert map_of(shift_y=5) @ middle == pytest.approx([0, 0.1])


@pytest.mark.parametrize("network", NETWORKS.values(), ids=NETWORKS)
def test_pictures_are_moved_as_arrays_are(network):
    """A turn by a quarter, a mirror and a zoom, as NumPy and a larger extent have them."""
    picture = network.paint(20).pixels
    turned = paint_moved(network, map_of(tilt=90), 20).pixels
    np.testing.assert_allclose(turned, np.rot90(picture), atol=1e-9)  # rot90 is anticlockwise
    mirrored = paint_moved(network, [[-1, 0, 0], [0, 1, 0]], 20).pixels
    np.testing.assert_allclose(mirrored, picture[:, ::-1], atol=1e-9)
    halved = paint_moved(network, map_of(width=-50, height=-50), 20).pixels
    np.testing.assert_allclose(halved, network.paint(20, extent=2).pixels, atol=1e-9)
    shifted = paint_moved(network, map_of(shift_x=10, shift_y=5), 20).pixels
    np.testing.assert_allclose(shifted[:-1, 2:], picture[1:, :-2], atol=1e-9)  # 2 right, 1 up


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize("network", NETWORKS.values(), ids=NETWORKS)
def test_a_known_move_is_found(network, seed):
    numbers = random_numbers(seed)
    fit = affine_fit(network, paint_moved(network, map_of(*numbers), 96))
    assert fit.converged and fit.explained > 1 - 1e-9
    np.testing.assert_allclose(fit[:6], numbers, rtol=0, atol=1e-3)
    np.testing.assert_allclose(fit.map, map_of(*numbers), rtol=0, atol=1e-5)


@pytest.mark.parametrize("scale", [0.1, 0.01])
def test_small_moves_are_found(scale):
    numbers = scale * random_numbers(0)
    fit = affine_fit(
        NETWORKS["trained narrow"], paint_moved(NETWORKS["trained narrow"], map_of(*numbers))
    )
    assert fit[:6] == pytest.approx(numbers, abs=0.002 * scale + 2e-4) and fit.explained > 0.9999


@pytest.mark.parametrize("entry", ["narrow", "wide", 5])
def test_a_shift_is_what_the_constant_tells_the_neurons_that_hear_x(entry):
    """Whoever hears x hears x + d as well by the weight w_1 + w_x d of the constant."""
    start, d = Network.random(article_wiring(entry), seed=1), 0.3
    wiring, weights = start.wiring, start.weights.copy()
    for neuron in range(wiring.n_neurons):
        sources = wiring.sources_of(neuron).tolist()
        if 0 in sources:
            first = wiring.first[neuron]
            weights[first + sources.index(2)] += d * start.weights[first + sources.index(0)]
    told = Network(wiring, weights)
    shifted = paint_moved(start, [[1, 0, -d], [0, 1, 0]], 24)
    np.testing.assert_allclose(told.paint(24).pixels, shifted.pixels, atol=1e-13)
    fit = affine_fit(start, told, 64)
    assert fit[:6] == pytest.approx([0, 0, 0, 0, -50 * d, 0], abs=0.01)
    assert fit.explained > 0.99999 and fit.shifted > 0.99


@pytest.mark.parametrize("synapse", range(6))
@pytest.mark.parametrize("step", [-0.2, 0.15])
def test_in_the_strict_entry_a_synapse_moves_the_picture_and_nothing_else(synapse, step):
    """The theorem: W'q + b' = W u + b says which place u of the start is seen at q."""
    moved = STRICT.with_weight(synapse, STRICT.weights[synapse] + step)
    old, new = (one.weights[:6].reshape(2, 3) for one in (STRICT, moved))
    to_start = np.linalg.solve(old[:, :2], np.column_stack([new[:, :2], new[:, 2] - old[:, 2]]))
    wanted = undo(to_start)
    seen = paint_moved(STRICT, wanted, 32).pixels
    np.testing.assert_allclose(seen, moved.paint(32).pixels, rtol=0, atol=1e-13)
    fit = affine_fit(STRICT, moved)
    assert fit.converged and fit.explained > 0.9999
    np.testing.assert_allclose(fit.map, wanted, atol=1e-3)
    assert fit[:6] == pytest.approx(read_map(wanted), abs=0.05)


def moved_and_mixed(seed):
    """Pixels that a map explains in part: of a narrow network, moved, and of another one."""
    moved = paint_moved(NETWORKS["narrow"], map_of(*random_numbers(seed)), 64).pixels
    return 0.8 * moved + 0.2 * NETWORKS["evolved"].paint(64).pixels


def test_the_share_explained_is_that_of_the_picture_it_says():
    start = NETWORKS["narrow"]
    before, after = start.paint(64).pixels, moved_and_mixed(2)
    fit = affine_fit(start, after)
    fitted = paint_moved(start, fit.map, 64).pixels
    wanted = 1 - np.sum((after - fitted) ** 2) / np.sum((after - before) ** 2)
    assert fit.explained == pytest.approx(wanted, abs=1e-4) and 0.05 < wanted < 0.999
    # No near map is much better.
    for nudge in 0.004 * rng(0).uniform(-1, 1, (30, 2, 3)):
        other = paint_moved(start, np.array(fit.map) + nudge, 64).pixels
        assert np.sum((after - other) ** 2) > np.sum((after - fitted) ** 2) * 0.9999


@pytest.mark.parametrize("synapse", range(60, 460, 40))
def test_no_fit_is_worse_than_no_move(synapse):
    start = NETWORKS["trained wide"]
    moved = start.with_weight(synapse, start.weights[synapse] + 0.02)
    fit = affine_fit(start, moved, 48)
    before, after = start.paint(48).pixels, moved.paint(48).pixels
    fitted = paint_moved(start, fit.map, 48).pixels
    wanted = 1 - np.sum((after - fitted) ** 2) / np.sum((after - before) ** 2)
    assert fit.explained == pytest.approx(wanted, abs=2e-3) and fit.explained >= 0
    assert fit.turned >= 0 and fit.shifted >= 0


def test_a_turn_and_a_shift_are_told_apart():
    start = NETWORKS["narrow"]
    turn = affine_fit(start, paint_moved(start, map_of(tilt=6)))
    shift = affine_fit(start, paint_moved(start, map_of(shift_x=4, shift_y=-2)))
    assert turn.turned > 0.995 and turn.shifted < 0.9
    assert shift.shifted > 0.995 and shift.turned < 0.9
    assert 0 <= turn.shifted <= turn.explained and 0 <= shift.turned <= shift.explained


def test_a_change_of_colours_is_not_explained():
    start = NETWORKS["trained wide"]
    fit = affine_fit(start, Picture(-start.paint(64).pixels))
    assert 0 <= fit.explained < 0.9 and fit.turned <= fit.explained
    assert all(np.isfinite(fit[:9]))


def test_moved_may_be_a_network_a_picture_or_pixels():
    start, numbers = NETWORKS["narrow"], random_numbers(3)
    picture = paint_moved(start, map_of(*numbers), (60, 80))
    fit = affine_fit(start, picture)
    assert fit == affine_fit(start, picture.pixels) == affine_fit(start, picture, (60, 80))
    assert fit[:6] == pytest.approx(numbers, abs=0.01)
    other = start.with_weight(0, start.weights[0] + 0.1)
    fits = affine_fit(start, other), affine_fit(start, other.paint(128))
    assert fits[0][:7] == pytest.approx(fits[1][:7], abs=1e-3)


def test_no_move_has_nothing_to_explain():
    start = NETWORKS["evolved"]
    for moved in (start, start.paint(128)):
        fit = affine_fit(start, moved)
        assert fit[:6] == (0,) * 6 and fit.converged and np.isnan(fit[6:9]).all()
        np.testing.assert_array_equal(fit.map, np.eye(2, 3))


def test_a_fit_that_is_stopped_says_how_far_it_got(monkeypatch):
    start, moved = NETWORKS["narrow"], moved_and_mixed(2)
    far = affine_fit(start, moved)
    monkeypatch.setattr(affine_descent, "STEPS", 1)
    near = affine_fit(start, moved)
    assert far.converged and not near.converged
    assert 0 <= near.explained < far.explained - 1e-4
    fitted = paint_moved(start, near.map, 64).pixels - moved
    change = start.paint(64).pixels - moved
    assert near.explained == pytest.approx(1 - np.sum(fitted**2) / np.sum(change**2), abs=1e-5)


def test_a_picture_without_anything_in_it_is_no_trap():
    fit = affine_fit(NETWORKS["narrow"], np.full((32, 32, 3), 0.2))
    assert np.isfinite(fit[:9]).all() and fit.explained <= 1


def test_bad_input_is_refused():
    start = NETWORKS["narrow"]
    not_painting = Network.random(layered_wiring((2, 4, 2)))
    for pair in ((not_painting, start), (start, not_painting)):
        with pytest.raises(ValueError, match="3 inputs and 2 outputs: to paint it needs"):
            affine_fit(*pair)
    with pytest.raises(ValueError, match="start's picture is constant: nothing is seen"):
        affine_fit(Network(start.wiring, np.zeros(460)), start)
    with pytest.raises(ValueError, match=r"has the size \(32, 32\), not 64"):
        affine_fit(start, start.paint(32), 64)
    with pytest.raises(ValueError, match="pixel values from"):
        affine_fit(start, np.full((8, 8, 3), 3.0))
    for moved in (start.paint((40, 7)), start):
        with pytest.raises(ValueError, match=r"7 are too small: give 8 pixels or more each way"):
            affine_fit(start, moved, (40, 7))
    with pytest.raises(ValueError, match="start is of type Picture: give the Network"):
        affine_fit(start.paint(32), start)
    with pytest.raises(ValueError, match=r"map of shape \(2, 2\): give 2×3 finite numbers"):
        paint_moved(start, np.eye(2))
    with pytest.raises(ValueError, match="cannot be undone: it has no area"):
        paint_moved(start, [[1, 1, 0], [2, 2, 0]])
    with pytest.raises(ValueError, match="give 2×3 finite numbers"):
        undo([[np.nan, 0, 0], [0, 1, 0]])
    for far in ([[1e200, 0, 0], [0, 1e200, 0]], [[1, 0, 1e308], [0, 1, 0]]):
        with pytest.raises(ValueError, match=r"give 2×3 finite numbers below 1e\+30"):
            paint_moved(start, far)
    with pytest.raises(ValueError, match="cannot be undone: its numbers are too far off"):
        undo([[1e-200, 0, 0], [0, 1e-200, 0]])
    with pytest.raises(ValueError, match="cannot be undone: it has no area"):
        undo([[1, 1, 0], [1, 1 + 1e-15, 0]])
    for nothing in ("ab", None, [[1, 0, 0], [0, 1]], [[1j, 0, 0], [0, 1, 0]]):
        with pytest.raises(ValueError, match="give 2×3 finite numbers"):
            undo(nothing)


def test_a_map_far_off_is_asked_in_single_precision_too():
    network = NETWORKS["trained narrow"]
    far = paint_moved(network, [[1e-29, 0, 0], [0, 1e-29, 0]], 4, np.float32)
    assert np.isfinite(far.pixels).all()


@pytest.mark.parametrize("size", [(8, 40), (40, 8), (32, 96)])
def test_pictures_that_are_not_square_are_seen_as_squares(size):
    """Oracle: the map; coordinates go from -1 to 1 both ways, whatever the pixels."""
    numbers = random_numbers(0)
    fit = affine_fit(NETWORKS["narrow"], paint_moved(NETWORKS["narrow"], map_of(*numbers), size))
    assert fit[:6] == pytest.approx(numbers, abs=1e-3) and fit.explained > 1 - 1e-9


@pytest.mark.parametrize("beyond", [(-9, 0.3), (9, 0.3), (0.3, -9), (0.3, 9), (-9, 9), (9, -9)])
def test_what_lies_beyond_a_table_is_what_stands_at_its_edge(beyond):
    """Oracle: the same place, moved to the edge of what the table has."""
    count = 8
    table = np.random.default_rng(0).normal(size=(count * count, 9)).astype(np.float32)
    edge = affine_descent.BEYOND * (1 - 1 / count)  # the middle of the outermost points
    inside = np.clip(np.array(beyond), -edge, edge)
    found = affine_descent._looked_up(table, count, np.array(beyond, float)[:, None])
    wanted = affine_descent._looked_up(table, count, inside[:, None])
    for one, other in zip(found, wanted, strict=True):
        np.testing.assert_allclose(one, other, atol=1e-2)


@pytest.mark.parametrize("wiring", ["strict", "wide"])
@pytest.mark.parametrize("degrees", [-10, 90])
def test_turned_arrows_turn_the_picture(wiring, degrees):
    """Oracle: the same picture, asked at the places that come to lie on the pixels."""
    network = samples.peacock_network(wiring)
    wanted = paint_moved(network, map_of(tilt=degrees), 32).pixels
    assert np.allclose(turn_arrows(network, degrees).paint(32).pixels, wanted)


def test_what_hears_x_alone_is_not_turned():
    """Of the narrow wiring: neuron 7 hears x, neuron 8 y; 0 and 1 hear both."""
    network = samples.peacock_network()
    differ = turn_arrows(network, 30).weights != network.weights
    assert np.flatnonzero(differ).tolist() == [0, 1, 3, 4]
