"""Oracles: pictures moved by known maps, central differences, the network asked where it moved."""

import numpy as np
import pytest
from scipy.ndimage import gaussian_filter, map_coordinates

from ensembles_lib import (
    Network,
    Wiring,
    article_wiring,
    colour_property,
    coordinated_move,
    coordinates,
    layered_wiring,
    peacock_properties,
    rmse,
    samples,
)
from ensembles_lib.ensembles.sensitivities import effects_and_scales, linear_ranges
from ensembles_lib.properties import (
    WHOLE,
    Property,
    affine_generators,
    gram_condition,
    measure_all,
    paint_moved,
    painted,
    properties_at_rest,
)
from ensembles_lib.properties import poses as poses_module
from ensembles_lib.properties.affine_fits import undo
from ensembles_lib.properties.at_rest import _cubic
from ensembles_lib.properties.poses import pose_finder
from ensembles_lib.study.picbreeder import open_genome

SIZE, FINE = 64, 96  # at 64 interpolation is felt where edges are left over
PARTS = peacock_properties(samples.path("peacock.png"), size=SIZE)
FINE_PARTS = peacock_properties(samples.path("peacock.png"), size=FINE)
NETWORKS = {entry: samples.peacock_network(entry) for entry in ("narrow", "strict", "wide")}
AT_REST = {entry: properties_at_rest(one, PARTS, SIZE) for entry, one in NETWORKS.items()}
NAMES = [one.name for one in AT_REST["wide"]]
OF_NETWORKS = pytest.mark.parametrize("entry", NETWORKS)
rng = np.random.default_rng


def whole_map(tilt, lean, width, height, shift_x, shift_y):
    """The map (2, 3) with these readings, by its definition."""
    (c, s), high = (f(np.radians(tilt)) for f in (np.cos, np.sin)), 1 + height / 100
    stretch = [[1 + width / 100, high * np.tan(np.radians(lean))], [0, high]]
    return np.column_stack([[[c, -s], [s, c]] @ np.array(stretch), [shift_x / 50, shift_y / 50]])


def jittered(network, amount, seed=0):
    """A network whose picture differs from that of another by about so much (RMS)."""
    noise = rng(seed).standard_normal(network.wiring.n_synapses) * linear_ranges(network, 32)
    noise[~np.isfinite(noise)] = 0
    low, high = 0.0, 1.0
    for _ in range(20):
        middle = (low + high) / 2
        other = Network(network.wiring, network.weights + middle * noise)
        far = rmse(other.paint(32), network.paint(32)) > amount
        low, high = (low, middle) if far else (middle, high)
    return other


def drawing(affine):
    """The drawing, moved by a map and averaged over the pixels."""
    picture, places = samples.peacock(256).pixels, undo(affine) @ coordinates(4 * FINE)
    rows, columns = (1 - places[1]) * 128 - 0.5, (places[0] + 1) * 128 - 0.5
    channels = [
        map_coordinates(channel, [rows, columns], order=1, mode="nearest")
        for channel in picture.transpose(2, 0, 1)
    ]
    return np.mean(np.reshape(channels, (3, FINE, 4, FINE, 4)), axis=(2, 4)).transpose(1, 2, 0)


def scales_of(network, properties, size):
    """The RMS over synapses of R ∂A/∂w."""
    by_weight = painted(network, properties, size).slopes(network.weights)[1]
    return effects_and_scales(by_weight, linear_ranges(network, size))[1]


@pytest.mark.parametrize(
    "what, entry",
    [("painted", "narrow"), ("painted", "strict"), ("painted", "wide"), ("drawing", "strict")],
)
def test_a_picture_moved_as_a_whole_moves_one_property(what, entry):
    """Oracle: known maps, of what jittered networks paint and of the drawing itself.

    Against the drawing the other two networks pass but for one of six moves each: with the narrow
    one a tilt moves another property by .104 of it, with the wide one a height of -5 % is read as
    -4.1 %. The start of a pose is what a network paints, and the drawing is not that.
    """
    network = NETWORKS[entry]
    properties = properties_at_rest(network, FINE_PARTS, FINE)
    scales, other = scales_of(network, properties, FINE), jittered(network, 0.05)
    picture = drawing if what == "drawing" else lambda affine: paint_moved(other, affine, FINE)
    before = measure_all(properties, picture(np.eye(2, 3)))[0]
    for number, readings in enumerate(np.diag([5, -5, 5, -5, 3, -3])):
        done = measure_all(properties, picture(whole_map(*readings)))[0] - before
        asked = readings[number]
        assert done[number] == pytest.approx(asked, abs=abs(asked) / 10), NAMES[number]
        effects = done / scales
        others = np.abs(np.delete(effects, number) / effects[number])
        assert others.max() < 0.1, (NAMES[number], np.delete(NAMES, number)[np.argmax(others)])


@pytest.mark.parametrize("size", [(24, 24), (20, 31)])
@pytest.mark.parametrize(
    "network",
    [
        Network.random(article_wiring(), seed=1),
        Network.random(layered_wiring((2, 8, 3)), seed=4),
        open_genome(samples.path("own/genome.zip")),
    ],
    ids=["article", "layered", "evolved"],
)
def test_the_start_moved_as_a_whole_is_read_exactly_and_rests(network, size):
    mask = np.indices(size).sum(axis=0) < 20
    part = colour_property(mask, (1, 0, 0), "red corner")
    properties = properties_at_rest(network, [part], size)
    assert [one.name for one in properties] == [*WHOLE, "red corner at rest"]
    assert [one.unit for one in properties] == [*WHOLE.values(), "grey levels"]
    for seed in range(4):
        readings = rng(seed).uniform(-1, 1, 6) * [6, 5, 10, 10, 3, 3]
        values = measure_all(properties, paint_moved(network, whole_map(*readings), size))[0]
        np.testing.assert_allclose(values[:6], readings, atol=2e-5)
        assert values[6] == pytest.approx(part.value(network.paint(size)), abs=1e-4)


def test_large_moves_are_found():
    for seed in range(4):
        readings = rng(seed).choice([-1, 1], 6) * [10, 8, 18, 18, 4, 4]
        for entry, network in NETWORKS.items():
            moved = paint_moved(network, whole_map(*readings), SIZE)
            values = [one.value(moved) for one in AT_REST[entry][:6]]
            np.testing.assert_allclose(values, readings, atol=1e-4)


@OF_NETWORKS
def test_gradients_are_exact_where_much_was_moved_and_much_is_left_over(entry):
    moved = paint_moved(jittered(NETWORKS[entry], 0.04), whole_map(3, 2, -4, 5, 1, -2), SIZE)
    pixels = moved.pixels @ np.diag([0.9, 1.05, 1]) + 0.02
    values, gradients = measure_all(AT_REST[entry], pixels)
    assert np.abs(values[:6]).min() > 0.5
    lengths = np.linalg.norm(gradients.reshape(len(NAMES), -1), axis=1)
    for seed in range(2):
        way = gaussian_filter(rng(seed).standard_normal(pixels.shape), (1, 1, 0))
        way *= 1e-5 / np.sqrt(np.mean(way**2))
        after, before = (measure_all(AT_REST[entry], pixels + s * way)[0] for s in (1, -1))
        expected = np.einsum("ahwc,hwc->a", gradients, way)
        errors = np.abs((after - before) / 2 - expected) / (lengths * np.linalg.norm(way))
        # Second derivatives by place are differences: 2e-7 is what is seen of them here, 1e-6 where
        # their step is ten times as long.
        assert errors.max() < 5e-7


@OF_NETWORKS
def test_at_the_start_the_fitted_move_is_taken_out_of_the_gradients(entry):
    start = NETWORKS[entry].paint(SIZE)
    values, gradients = measure_all(AT_REST[entry], start)
    old_values, old = measure_all(PARTS, start)
    np.testing.assert_allclose(values[:6], 0, atol=1e-9)
    np.testing.assert_allclose(values[6:], old_values, rtol=1e-9)
    # Six moves and twelve recolourings are fitted over squares of 4×4; moves alone are taken out.
    moves = affine_generators(NETWORKS[entry], SIZE).reshape(6, -1)
    colours = np.concatenate([start.pixels, np.ones((SIZE, SIZE, 1))], axis=2)
    recolourings = np.einsum("hwk,cd->ckhwd", colours, np.eye(3)).reshape(12, -1)
    fitted = np.concatenate([moves, recolourings])
    tiles = np.kron(np.eye(SIZE // 4), np.ones((4, 4)))
    added = np.einsum("gh,vw,nhwc->ngvc", tiles, tiles, fitted.reshape(18, SIZE, SIZE, 3))
    added = added.reshape(18, -1)
    inverse = np.linalg.solve(fitted @ added.T, added)[:6]
    old = old.reshape(len(old), -1)
    expected = old - (old @ moves.T) @ inverse
    scale = np.abs(expected).max(axis=1, keepdims=True)
    np.testing.assert_allclose(
        gradients[6:].reshape(expected.shape) / scale, expected / scale, atol=1e-6
    )
    turn, lean, width, height, x, y = gradients[:6].reshape(6, -1)
    units = np.array([50, 50, *np.degrees([1, 1]), 100, 100])[:, None]
    np.testing.assert_allclose([x, y, turn, lean, width, height], inverse * units, atol=1e-5)
    assert gram_condition(gradients) < 1e3


@OF_NETWORKS
def test_recolouring_the_whole_moves_no_geometry(entry):
    start = NETWORKS[entry].paint(SIZE).pixels
    recoloured = start @ [[0.8, 0.1, 0], [0, 0.9, -0.05], [0.1, 0, 0.85]] + [0.05, -0.02, 0.03]
    done = measure_all(AT_REST[entry], recoloured)[0] - measure_all(AT_REST[entry], start)[0]
    assert np.abs(done[:6]).max() < 1e-6
    effects = dict(zip(NAMES, done / scales_of(NETWORKS[entry], AT_REST[entry], SIZE), strict=True))
    colours = [effects.pop(f"{name} at rest") for name in ("red balance", "green balance")]
    assert np.abs(colours).min() > 0.5  # colours are to be seen
    for name in ("blue balance", "brightness"):
        effects.pop(f"{name} at rest")
    assert np.abs(list(effects.values())).max() < 0.15, effects


def test_at_rest_is_what_the_network_paints_where_it_moved():
    start = Network.random(article_wiring(), seed=1)  # smooth, so that interpolation is good
    other, affine, seen = jittered(start, 0.05), whole_map(4, -3, 5, 3, 2, 1), []
    keep = Property("seen", lambda pixels: (seen.append(pixels) or 0.0, np.zeros(pixels.shape)))
    moved = paint_moved(other, affine, SIZE)
    properties_at_rest(start, [keep], SIZE)[-1].value(moved)
    back = pose_finder(start, SIZE)(moved.pixels).back
    exact = paint_moved(other, back @ _square(affine), SIZE).pixels
    inner = np.s_[8:-8, 8:-8]  # beyond the edge of the picture nothing is known
    off = rmse(seen[-1][inner], exact[inner])
    assert off < 1e-3 * rmse(exact[inner], start.paint(SIZE).pixels[inner])


def _square(affine):
    return np.vstack([affine, [0, 0, 1]])


def test_cubic_convolution_is_exact_for_parabolas_and_smooth():
    places = np.linspace(1, 6, 41)
    neighbours, weights, slopes = _cubic(places, 8)
    np.testing.assert_allclose(np.sum(weights * neighbours**2, axis=0), places**2, atol=1e-12)
    np.testing.assert_allclose(np.sum(slopes * neighbours**2, axis=0), 2 * places, atol=1e-12)
    # Beyond the row there is nothing, and it is reached without a jump.
    edge = [np.sum(_cubic(np.array([at]), 3)[1]) for at in (-2.0, -1e-9, 2 + 1e-9, 4.0)]
    np.testing.assert_allclose(edge, [0, 1, 1, 0], atol=1e-6)


def test_a_coordinated_move_tilts_the_whole_and_bends_no_part():
    network, properties = NETWORKS["strict"], AT_REST["strict"][:7]
    move = coordinated_move(network, properties, "picture tilt", 0.2, size=SIZE)
    assert move.arrived
    moved = move.network.paint(SIZE)
    done = measure_all(properties, moved)[0] - measure_all(properties, network.paint(SIZE))[0]
    done /= scales_of(network, properties, SIZE)
    assert np.abs(done[1:]).max() < 0.01 * done[0]


def test_slopes_by_the_weights_are_those_of_the_values():
    network, weights = NETWORKS["narrow"], NETWORKS["narrow"].weights
    measurement = painted(network, AT_REST["narrow"], SIZE, dtype=float)
    way = rng(0).standard_normal(len(weights)) * linear_ranges(network, SIZE) * 1e-4
    there = jittered(network, 0.02).weights
    slope = measurement.slopes(there)[1] @ way
    difference = (measurement.values(there + way) - measurement.values(there - way)) / 2
    np.testing.assert_allclose(difference, slope, atol=1e-3 * np.abs(slope).max())


def test_what_was_measured_before_does_not_matter():
    first, second = (
        paint_moved(NETWORKS["wide"], whole_map(t, 0, 0, 0, 0, 0), SIZE) for t in (1, 2)
    )
    alone = [AT_REST["wide"][0].value(one) for one in (first, second)]
    pixels = first.pixels.copy()
    values = [AT_REST["wide"][0].value(pixels)]
    pixels[:] = second.pixels  # in place: the same array is another picture
    values.append(AT_REST["wide"][0].value(pixels))
    assert values == alone
    assert alone == pytest.approx([1, 2], abs=1e-5)


def test_a_picture_is_looked_at_once(monkeypatch):
    looks, find = [], poses_module._find
    monkeypatch.setattr(poses_module, "_find", lambda *args: looks.append(1) or find(*args))
    properties = properties_at_rest(NETWORKS["wide"], PARTS, SIZE)
    measure_all(properties, NETWORKS["wide"].paint(SIZE))
    assert len(looks) == 1


def test_bad_input(monkeypatch):
    network, part = NETWORKS["wide"], PARTS[:1]
    one = AT_REST["wide"][0]
    with pytest.raises(ValueError, match=r"pixels of shape \(32, 32, 3\): it measures \(64, 64, 3"):
        one.measure(np.zeros((32, 32, 3)))
    with pytest.raises(ValueError, match="must be finite"):
        one.measure(np.full((SIZE, SIZE, 3), np.nan))
    with pytest.raises(ValueError, match="the picture is constant: nothing is seen"):
        one.measure(np.full((SIZE, SIZE, 3), 0.3))
    with pytest.raises(ValueError, match="not found again in this picture: moved and recoloured"):
        one.measure(rng(0).uniform(-1, 1, (SIZE, SIZE, 3)))
    with pytest.raises(ValueError, match="each name once"):
        properties_at_rest(network, part + part, SIZE)
    with pytest.raises(ValueError, match="2 outputs: to paint it needs"):
        properties_at_rest(Network.random(layered_wiring((2, 3, 2))), part, SIZE)
    still = Network(network.wiring, 0 * network.weights)
    with pytest.raises(ValueError, match="does not show how it is moved: nothing moves shift x"):
        properties_at_rest(still, part, SIZE)
    striped = Network.random(Wiring([[0, 2], [2, 3], [2, 3], [2, 3]], 3, 3), seed=1)
    with pytest.raises(ValueError, match="does not show how it is moved: nothing moves .*shift y"):
        properties_at_rest(striped, part, SIZE)
    monkeypatch.setattr(poses_module, "STEPS", 1)
    with pytest.raises(ValueError, match="and the fit still moves after 1 steps"):
        one.measure(paint_moved(network, whole_map(9, 9, 9, 9, 3, 3), SIZE).pixels)
