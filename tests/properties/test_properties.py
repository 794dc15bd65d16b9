"""Oracles: central differences, shapes drawn with a known answer, weights actually moved."""

import re
from functools import partial

import numpy as np
import pytest
from scipy.linalg import block_diag
from scipy.ndimage import affine_transform

from ensembles_lib import (
    Network,
    Picture,
    colour_property,
    jacobian,
    layered_wiring,
    open_regions,
    peacock_properties,
    region_property,
    samples,
)
from ensembles_lib.properties import (
    Property,
    gram_condition,
    measure_all,
    painted,
    painted_out,
    weighed_as,
    window_of,
)
from ensembles_lib.properties.properties import check_independent
from ensembles_lib.properties.soft_figures import READINGS, SoftFigure

SIZE = 64
NETWORK, DRAWING = samples.peacock_network("wide"), samples.peacock(SIZE)
PEACOCK = peacock_properties(samples.path("peacock.png"), size=SIZE)
ELEMENTS = samples.path("peacock_elements.png")
PAINTED = NETWORK.paint(SIZE)
OF_THE_PEACOCK = pytest.mark.parametrize("one", PEACOCK, ids=lambda one: one.name)
rng = np.random.default_rng


def shape(inside, noise=0.02, size=96, seed=0):
    """Pixels of a blue shape on a warm ground; `inside(x, y)` is a distance in sides, + inside."""
    rows, columns = np.indices((size, size))
    x, y = (columns + 0.5) / size, 1 - (rows + 0.5) / size
    cover = np.clip(inside(x, y) * size + 0.5, 0, 1)[..., None]
    pixels = cover * [-0.6, -0.2, 0.5] + (1 - cover) * [0.8, 0.6, 0.3]
    return pixels + noise * rng(seed).standard_normal(pixels.shape), cover[..., 0] > 0.5


def ellipse(degrees=0.0, long=0.3, short=0.12, x0=0.5, y0=0.5):
    """An ellipse of these half axes; its distance is right to first order near the border."""
    c, s = np.cos(np.radians(degrees)), np.sin(np.radians(degrees))

    def inside(x, y):
        u, v = ((x - x0) * c + (y - y0) * s), (-(x - x0) * s + (y - y0) * c)
        q = np.hypot(u / long, v / short)
        return (1 - q) * q / np.hypot(u / long**2, v / short**2).clip(1e-9)

    return inside


def sector(degrees):
    """A fan that opens upwards from the middle, between two radii."""

    def inside(x, y):
        r, angle = np.hypot(x - 0.5, y - 0.3), np.arctan2(x - 0.5, y - 0.3)
        side = r * (np.radians(degrees) / 2 - np.abs(angle))
        return np.minimum(side, np.minimum(r - 0.15, 0.5 - r))

    return inside


def example_kinds():
    pixels, mask = shape(ellipse(20))
    about = np.zeros_like(mask)
    about[80:90, 10:20] = True
    kinds = [region_property(mask, what, about=about) for what in READINGS]
    return [*kinds, colour_property(about, (0.2, -1, 0.7), "a colour")], pixels


def assert_gradient(one, pixels, seed):
    """The gradient along random directions, by central differences."""
    gradient, step = one.measure(pixels)[1], 1e-5
    assert gradient.shape == pixels.shape
    for direction in rng(seed).standard_normal((3, *pixels.shape)):
        there, back = (one.value(pixels + t * direction) for t in (step, -step))
        exact, scale = np.vdot(gradient, direction), np.linalg.norm(gradient)
        assert (there - back) / (2 * step) == pytest.approx(exact, abs=1e-6 * scale), one.name


@pytest.mark.parametrize("kind", range(8))
def test_gradient_of_each_kind(kind):
    properties, pixels = example_kinds()
    assert_gradient(properties[kind], pixels, kind)


@OF_THE_PEACOCK
def test_gradient_of_the_peacock(one):
    noisy = DRAWING.pixels + 0.1 * rng(1).standard_normal(DRAWING.pixels.shape)
    for seed, pixels in enumerate([PAINTED.pixels, DRAWING.pixels, noisy]):
        assert_gradient(one, pixels, seed)


def test_gradient_pixel_by_pixel_near_the_border():
    properties, pixels = example_kinds()
    for one in properties:
        gradient = one.measure(pixels)[1]
        for place in np.argsort(-np.abs(gradient).ravel())[[0, 5, 50]]:
            step = np.zeros(pixels.size)
            step[place] = 1e-5
            there, back = (one.value(pixels + t * step.reshape(pixels.shape)) for t in (1, -1))
            slope = (there - back) / 2e-5
            assert slope == pytest.approx(gradient.ravel()[place], rel=1e-5)


@pytest.mark.parametrize("start", [0, 87, -60])
def test_an_ellipse_turned_by_5_degrees_reads_5_degrees_more(start):
    before, mask = shape(ellipse(start))
    tilt = region_property(mask, "tilt")
    assert tilt.value(before) == pytest.approx(start, abs=0.5)
    turned = tilt.value(shape(ellipse(start + 5), seed=1)[0]) - tilt.value(before)
    assert turned == pytest.approx(5, abs=0.5)


def test_axes_and_area_of_an_ellipse():
    before, mask = shape(ellipse(30))
    for what, true in (("length", 0.6), ("spread", 0.24), ("area", np.pi * 0.3 * 0.12)):
        assert region_property(mask, what).value(before) == pytest.approx(true, rel=0.02)
    longer, wider = shape(ellipse(30, long=0.32))[0], shape(ellipse(30, short=0.13))[0]
    length, spread = region_property(mask, "length"), region_property(mask, "spread")
    assert length.value(longer) - length.value(before) == pytest.approx(0.04, rel=0.15)
    assert spread.value(wider) - spread.value(before) == pytest.approx(0.02, rel=0.15)
    assert abs(length.value(wider) - length.value(before)) < 0.004
    assert abs(spread.value(longer) - spread.value(before)) < 0.002


def test_a_disc_of_a_tenth_more_area_reads_a_tenth_more():
    before, mask = shape(ellipse(long=0.25, short=0.25))
    larger = shape(ellipse(long=0.25 * 1.1**0.5, short=0.25 * 1.1**0.5))[0]
    area = region_property(mask)
    assert area.value(larger) / area.value(before) == pytest.approx(1.1, abs=0.01)


@pytest.mark.parametrize(("what", "by"), [("x", (0.02, 0)), ("y", (0, 0.02))])
def test_a_translation_moves_the_centroid_by_as_much(what, by):
    before, mask = shape(ellipse(15))
    moved = shape(ellipse(15, x0=0.5 + by[0], y0=0.5 + by[1]))[0]
    one = region_property(mask, what)
    assert one.value(before) == pytest.approx(0.5, abs=0.002)
    assert one.value(moved) - one.value(before) == pytest.approx(0.02, abs=0.001)
    other = region_property(mask, "y" if what == "x" else "x")
    assert other.value(moved) == pytest.approx(other.value(before), abs=0.001)


def test_a_fan_that_opens_by_8_degrees_reads_8_degrees_more():
    before, mask = shape(sector(80))
    about = np.zeros_like(mask)
    about[66:69, 47:49] = True  # its centre lies at (0.5, 0.3), up to 0.2 pixels
    opening = region_property(mask, "opening", about=about)
    assert opening.value(before) == pytest.approx(80, rel=0.05)
    opened = opening.value(shape(sector(88))[0]) - opening.value(before)
    assert opened == pytest.approx(8, abs=0.8)


@pytest.mark.parametrize("size", [(20, 30), (44, 32)])
def test_zones_of_a_figure_by_brute_force(size):
    """Oracle: distances between all pairs of pixels, and the zones as they are described."""
    height, width = size
    rows, columns = np.indices(size)
    mask = np.hypot(rows - 0.5 * height, (columns - 0.4 * width) * 0.9) < 0.3 * height
    ignore = np.abs(columns - 0.8 * width) < 1
    figure, side = SoftFigure(mask, ignore), max(size)
    ignore &= ~mask
    places = np.stack([rows.ravel(), columns.ravel()], axis=1)
    apart = np.hypot(*(places[:, None] - places).transpose(2, 0, 1))

    def distance(to):
        return apart[:, to.ravel()].min(axis=1).reshape(size)

    away, depth = distance(mask), distance(~(mask | ignore)) * mask
    window = mask | (away <= max(0.06 * side, 2)) & ~ignore
    window &= mask | (distance(ignore) > 0.025 * side)
    deep = depth > max(0.06 * side, 2)
    inner = (depth > min(0.025 * side, 0.6 * depth.max())) & ~deep
    outer = window & (away > 0.025 * side)
    assert figure.window.tolist() == np.flatnonzero(window).tolist()
    for zone, true in ((figure.deep, deep), (figure.inner, inner), (figure.outer, outer)):
        assert true.any() and figure.window[zone].tolist() == np.flatnonzero(true).tolist()
    np.testing.assert_allclose(figure.x, ((columns + 0.5) / side)[window])
    np.testing.assert_allclose(figure.y, ((height - rows - 0.5) / side)[window])
    assert figure.drawn.tolist() == mask[window].tolist()


def test_an_opening_about_a_point_inside_the_figure():
    """Oracle: the sum over the ring by a loop; a pixel at the point itself is half a pixel away."""
    mask = shape(sector(80))[1]
    about = np.zeros_like(mask)
    row, column = np.argwhere(mask)[40]
    about[row, column] = True
    figure = SoftFigure(mask, about=about)
    radii = np.hypot(*(np.indices((96, 96)) - [[[row]], [[column]]])).clip(0.5) / 96
    middle, width = radii[mask].mean(), radii[mask].std() / 2
    bell = np.exp(-(((radii - middle) / width) ** 2) / 2) / (width * (2 * np.pi) ** 0.5)
    ring = np.degrees(bell / radii) / 96**2
    np.testing.assert_allclose(figure.ring, ring.ravel()[figure.window])


def recolourings(pixels):
    yield pixels + [0.05, 0, 0]
    yield pixels * [1, 1.1, 1]
    yield pixels * [0.95, 1, 1.05] - [0, 0.05, 0]
    for seed in range(4):
        yield pixels @ (np.eye(3) + 0.05 * rng(seed).standard_normal((3, 3)))


def geometric_moves(pixels):
    """The picture moved by a pixel in each direction, enlarged by 3 %, turned by 3°."""
    middle = (np.array(pixels.shape[:2]) - 1) / 2
    c, s = np.cos(np.radians(3)), np.sin(np.radians(3))
    turned, still = np.array([[c, s], [-s, c]]), np.eye(2)
    moves = [(still, by) for by in ([0, 1], [0, -1], [1, 0], [-1, 0])]
    for matrix, by in (*moves, (still / 1.03, 0), (turned, 0)):
        offset = [*(middle - matrix @ middle + by), 0]
        yield affine_transform(pixels, block_diag(matrix, 1), offset, order=1, mode="nearest")


def largest_change(one, pixels, others):
    return max(abs(one.value(other) - one.value(pixels)) for other in others)


@pytest.mark.parametrize("picture", [DRAWING, PAINTED], ids=["drawing", "painting"])
@OF_THE_PEACOCK
def test_geometry_and_colour_are_kept_apart(one, picture):
    """Visible recolourings against a pixel's motion, 3 % of growth and 3° of turn."""
    pixels = picture.pixels
    recoloured = largest_change(one, pixels, recolourings(pixels))
    moved = largest_change(one, pixels, geometric_moves(pixels))
    if one.unit == "grey levels":
        share = 0.6 if one.name == "brightness" else 0.35  # a larger bird does darken the picture
        assert moved < share * recoloured
    else:
        assert recoloured < 0.02 * moved


def test_colours_are_in_grey_levels():
    *balances, brightness = (one for one in PEACOCK if one.unit == "grey levels")
    brighter = PAINTED.pixels + 10 / 127.5
    for one, channel in zip(balances, np.eye(3), strict=True):
        more = PAINTED.pixels + 10 / 127.5 * channel
        assert one.value(more) - one.value(PAINTED) == pytest.approx(10)
        assert one.value(brighter) == pytest.approx(one.value(PAINTED))
    assert brightness.value(brighter) - brightness.value(PAINTED) == pytest.approx(10)


@pytest.mark.parametrize("size", [64, 96])
def test_the_set_is_independent(size):
    """By pixels and by weights, on the drawing and on what the network paints."""
    properties = peacock_properties(samples.path("peacock.png"), size=size)
    by_weights = jacobian(NETWORK, size).reshape(-1, NETWORK.wiring.n_synapses)
    for picture in (samples.peacock(size), NETWORK.paint(size)):
        gradients = measure_all(properties, picture)[1].reshape(len(properties), -1)
        for each in (gradients, gradients @ by_weights):
            assert gram_condition(each) < 1e3
            check_independent([one.name for one in properties], each, 1e3)


def test_gram_condition_of_two_directions():
    """Unit vectors at an angle φ have the eigenvalues 1 ± cos φ, whatever their lengths."""
    angle = 0.3
    pair = np.array([[5.0, 0.0], [0.1 * np.cos(angle), 0.1 * np.sin(angle)]])
    expected = (1 + np.cos(angle)) / (1 - np.cos(angle))
    assert gram_condition(pair) == pytest.approx(expected)
    assert gram_condition([[1.0, 0], [0, 0]]) == np.inf


def test_dependent_properties_are_named():
    left, right, other = rng(0).standard_normal((3, 8, 8, 3))
    names = ["tilt", "left wing area", "wings area", "right wing area"]
    wing = "(left|right) wing area"
    with pytest.raises(ValueError, match=f": wings area - {wing} - {wing} is nearly constant"):
        check_independent(names, [other, left, left + right, right], 1e3)
    with pytest.raises(ValueError, match=": right wing area is nearly constant"):
        check_independent(names, [other, left, left + right, 0 * right], 1e3)
    check_independent(names[:3], [other, left, right], 1e3)


@pytest.mark.parametrize("size", [32, 96, 128, 256, (64, 96)])
def test_the_set_reads_the_same_at_other_sizes(size):
    drawing = samples.peacock(size)
    properties = peacock_properties(drawing, open_regions(ELEMENTS, size))
    assert [one.name for one in properties] == [one.name for one in PEACOCK]
    values, gradients = measure_all(properties, NETWORK.paint(size))
    assert gradients.shape == (len(values), *drawing.size, 3)
    on_drawing = measure_all(properties, drawing)[0]
    assert values == pytest.approx(on_drawing, rel=0.08)
    if np.ndim(size) == 0 and size > 32:
        # The notch under the near wing is two pixels deep at 64×64: hence the absolute part.
        here = measure_all(PEACOCK, DRAWING)[0]
        assert (np.abs(on_drawing - here) < 0.08 * np.abs(here) + 0.0025).all()


@pytest.mark.parametrize("seed", range(6))
def test_smooth_along_random_weights(seed):
    """No jumps within a change of 0.05, and the gradient tells the way for one of 0.01.

    In units of what a random direction of that size does to the property on the average; the
    worst is the body's length, .37 off a straight line.
    """
    by_weights = jacobian(NETWORK, SIZE).reshape(-1, NETWORK.wiring.n_synapses)
    unit = 1 / np.sqrt((by_weights**2).mean(axis=0))
    direction = unit * rng(seed).standard_normal(len(unit))
    direction *= 0.05 / np.sqrt(np.mean((by_weights @ direction) ** 2))
    values, gradients = measure_all(PEACOCK, PAINTED)
    effects = gradients.reshape(len(values), -1) @ by_weights
    # What a random direction of this size does to a property, on the average.
    typical = np.linalg.norm(effects * unit, axis=1) * np.linalg.norm(direction / unit)
    typical /= np.sqrt(len(unit))
    steps = NETWORK.weights + np.linspace(-1, 1, 81)[:, None] * direction
    pictures = [Network(NETWORK.wiring, weights).paint(SIZE) for weights in steps]
    along = np.array([measure_all(PEACOCK, picture)[0] for picture in pictures])
    assert (np.abs(np.diff(along, axis=0)).max(axis=0) < 0.25 * typical).all()
    near = along[48] - values
    assert (np.abs(near - 0.2 * effects @ direction) < 0.4 * 0.2 * typical).all()


def test_measure_all_stacks_and_takes_pictures():
    values, gradients = measure_all(PEACOCK, PAINTED)
    for a, one in enumerate(PEACOCK):
        value, gradient = one.measure(PAINTED.pixels)
        assert values[a] == value == one.value(PAINTED) == one.value(PAINTED.pixels)
        np.testing.assert_array_equal(gradients[a], gradient)


BLOCK, AROUND = np.zeros((2, 96, 96), bool)
BLOCK[40:44, 40:44], BLOCK[80, 80], AROUND[30:54, 30:54] = True, True, True
DISC = shape(ellipse(long=0.25, short=0.25))[1]


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: region_property(np.zeros((8, 8), bool), name="wing"), "wing: the region is empty"),
        (lambda: region_property(np.ones((8, 8), bool)), "leaves no ground"),
        (lambda: region_property(DISC, ignore=~DISC), "leaves no ground"),
        (lambda: region_property(BLOCK, "x", AROUND, name="far"), "far: no part of the region"),
        (lambda: region_property(DISC[0]), r"mask of shape \(96,\)"),
        (lambda: region_property(DISC * 0.5), "type float64"),
        (lambda: region_property(DISC, ignore=DISC[:5]), r"\(96, 96\) and \(5, 96\)"),
        (lambda: region_property(DISC, "size"), "'size': a region has area, x, y, length"),
        (lambda: region_property(DISC, DISC), "a region has area, x, y, length"),
        (lambda: region_property(DISC, "opening"), "needs `about`"),
        (lambda: colour_property(DISC & False, (1, 0, 0), "red"), "red: the region is empty"),
        (lambda: colour_property(DISC, (1, 0), "red"), "three finite numbers"),
        (lambda: peacock_properties(DRAWING), "open_regions"),
        (lambda: peacock_properties(DRAWING, (np.zeros((9, 9)), [])), r"\(9, 9\)"),
    ],
)
def test_bad_regions(make, message):
    with pytest.raises(ValueError, match=message):
        make()


@pytest.mark.parametrize("make", [region_property, partial(colour_property, mix=(1, 0, 0))])
def test_bad_pixels(make):
    one = make(DISC, name="mine")
    bad = shape(ellipse(long=0.25, short=0.25))[0]
    bad[3, 4, 1] = np.nan
    with pytest.raises(ValueError, match=r"mine: pixel \(3, 4, 1\) is nan"):
        one.measure(bad)
    for wrong in ((96, 96), (48, 96, 3)):
        message = f"mine: pixels of shape {wrong}: it measures (96, 96, 3)"
        with pytest.raises(ValueError, match=re.escape(message)):
            one.measure(np.zeros(wrong))


def test_nothing_to_measure():
    grey = np.full((96, 96, 3), 0.3)
    with pytest.raises(ValueError, match="disc: figure and ground have the same colour"):
        region_property(DISC, name="disc").measure(grey)
    with pytest.raises(ValueError, match="region is empty"):
        numbers, names = open_regions(ELEMENTS, SIZE)
        peacock_properties(DRAWING, (numbers, [name.replace("train", "tail") for name in names]))


def test_properties_that_the_drawing_itself_does_not_show_are_refused():
    plain = Picture(np.zeros((SIZE, SIZE, 3)))
    with pytest.raises(ValueError, match="there is nothing to measure"):
        peacock_properties(plain, open_regions(ELEMENTS, SIZE))


def test_regions_of_another_picture_are_refused_in_words():
    nothing = np.zeros((SIZE, SIZE), int), ["sky"]
    with pytest.raises(ValueError, match="are not there, or too small at this size"):
        peacock_properties(DRAWING, nothing)


def test_more_points_than_memory_are_refused_before_the_work(monkeypatch):
    """Oracle: the limit, set to what 10 points take and no more."""
    network = Network.random(layered_wiring((2, 4, 3)), seed=1)
    monkeypatch.setattr("ensembles_lib.core.points.MAX_BYTES", 4 * 10 * (3 + 7))
    total = Property("total", lambda pixels: (pixels.sum(), np.ones_like(pixels)))
    painted(network, [total], (2, 5)).slopes(network.weights)
    with pytest.raises(ValueError, match="activations at 11 points would take"):
        painted(network, [total], (1, 11))


def test_a_window_is_where_a_change_of_colour_changes_the_reading():
    """Oracle: the mask of a colour; of a ring also what it encloses, but not what lies far off."""
    y, x = np.indices((32, 32)) - 16
    ring = (np.hypot(x, y) > 6) & (np.hypot(x, y) < 10)
    ring[:2, :2] = True
    window = window_of(colour_property(ring, (0, 1, 0), "green"), Picture(np.zeros((32, 32, 3))))
    np.testing.assert_array_equal(window, ring | (np.hypot(x, y) < 10))


def test_what_is_painted_out_takes_the_colour_of_the_nearest_ground():
    """Oracle: by hand, a strip of two grounds; what is not of the part stays, figure or not."""
    pixels = np.array([0.1, 0.5, 0.6, 0.7, 0.9])[None, :, None].repeat(3, axis=2)
    figure = np.array([[False, True, True, True, False]])
    part = np.array([[False, True, False, True, False]])
    gone = painted_out(Picture(pixels), part, figure)
    np.testing.assert_allclose(gone.pixels[0, :, 0], [0.1, 0.1, 0.6, 0.9, 0.9], atol=1e-7)
    with pytest.raises(ValueError, match="no ground"):
        painted_out(Picture(pixels), part, np.ones_like(figure))


def test_what_is_weighed_as_a_property_has_its_slope_at_the_picture_and_is_linear():
    one = region_property(np.arange(256).reshape(16, 16) % 16 < 8, "area", name="left")
    picture = Network.random(layered_wiring((2, 4, 3)), seed=1).paint(16)
    reading, weights = weighed_as(one, picture), one.measure(picture.pixels)[1]
    rng = np.random.default_rng(0)
    for pixels in rng.uniform(-1, 1, (3, 16, 16, 3)):
        value, slope = reading.measure(pixels)
        assert value == pytest.approx((weights * pixels).sum())
        np.testing.assert_array_equal(slope, weights)
