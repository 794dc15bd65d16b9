"""Oracles: pictures made of flat shapes, whose regions are known, and the drawings' elements."""

import numpy as np
import pytest
from PIL import Image
from scipy.ndimage import label

from ensembles_lib import Picture, merge_regions, open_regions, samples, suggest_regions
from ensembles_lib.properties.suggestions import agreement, lab


def mosaic(seed, noise=0.0, size=48):
    """Return a picture of 6 flat cells around random points, and the cell of each pixel."""
    rng = np.random.default_rng(seed)
    points, colours = rng.uniform(0, size, (6, 2)), rng.uniform(-0.9, 0.9, (6, 3))
    places = np.indices((size, size)).transpose(1, 2, 0)
    cells = ((places[:, :, None] - points) ** 2).sum(axis=3).argmin(axis=2)
    pixels = colours[cells] + noise * rng.standard_normal((size, size, 3))
    return Picture(pixels.clip(-1, 1)), cells


def test_flat_shapes_come_back_exactly_and_with_names():
    pixels = np.full((60, 80, 3), [-0.6, -0.4, 0.3])  # dark blue
    pixels[5:20, 5:25] = [0.9, -0.8, -0.8]  # red
    pixels[30:55, 50:75] = [0.95, 0.95, 0.95]  # white
    truth = np.zeros((60, 80), int)
    truth[5:20, 5:25], truth[30:55, 50:75] = 2, 1
    numbers, names = suggest_regions(Picture(pixels), 8)
    np.testing.assert_array_equal(numbers, truth)
    assert names == ["dark blue, middle", "white, lower right", "red, upper left"]


def test_equal_shapes_have_a_name_each():
    pixels = np.full((40, 40, 3), -1.0)
    pixels[2:12, 14:16] = pixels[2:12, 19:21] = pixels[2:12, 24:26] = 1.0
    names = ["black, middle", "white, top", "white, top 2", "white, top 3"]
    assert suggest_regions(Picture(pixels))[1] == names


@pytest.mark.parametrize(("noise", "least"), [(0.0, 0.99), (0.1, 0.9)])
def test_mosaics_come_back(noise, least):
    """The median of 8 random mosaics; cells that differ less than the noise are lost."""
    agreements = []
    for seed in range(8):
        picture, cells = mosaic(seed, noise)
        agreements.append(agreement(suggest_regions(picture, len(np.unique(cells)))[0], cells))
    assert np.median(agreements) > least


@pytest.mark.parametrize(("name", "least"), [("peacock", 0.85), ("own/lighthouse", 0.6)])
def test_drawings_agree_with_their_elements_far_better_than_a_grid(name, least):
    picture = Picture.open(samples.path(f"{name}.png"), 128)
    elements, names = open_regions(samples.path(f"{name}_elements.png"), 128)
    rows, columns = np.indices((128, 128))
    grid = rows // 64 * 4 + columns // 32
    suggested = suggest_regions(picture, 8)[0]
    assert agreement(suggested, elements) > least > 0.2 > agreement(grid, elements)
    parts, _ = merge_regions(elements, names, lambda one: one.split("/")[0])
    assert agreement(suggested, parts) > agreement(grid, parts) + 0.3


def test_a_gradient_stays_whole():
    pixels = np.full((40, 40, 3), np.linspace(-0.9, 0.9, 40)[:, None, None])
    pixels[10:20, 10:20] = [0.9, -0.9, -0.9]
    numbers, _ = suggest_regions(Picture(pixels), 2)
    assert (numbers == 1).sum() == 100 and (numbers[10:20, 10:20] == 1).all()


def test_regions_are_connected_numbered_by_size_and_repeatable():
    picture = mosaic(1, 0.4)[0]
    numbers, names = suggest_regions(picture, 12)
    sizes = np.bincount(numbers.ravel())
    assert (np.diff(sizes) <= 0).all() and len(sizes) == len(names) == len(set(names)) <= 12
    assert all(label(numbers == region)[1] == 1 for region in range(len(names)))
    np.testing.assert_array_equal(numbers, suggest_regions(picture, 12)[0])


@pytest.mark.parametrize("shape", [(1, 1), (2, 300), (300, 2), (30, 30)])
def test_a_plain_picture_is_one_region(shape):
    numbers, names = suggest_regions(Picture(np.full((*shape, 3), 0.2)))
    assert numbers.shape == shape and not numbers.any() and names == ["grey, middle"]


def test_specks_take_no_regions_place_however_bright():
    """Three stripes of like greys and specks under 0.4 % of the picture, six times as far apart."""
    levels = np.repeat([[0, 1, 2]], 40, axis=0).repeat([14, 14, 12], axis=1)
    pixels = np.stack([levels * 0.2 - 0.3] * 3, axis=2)
    for row, column in ((5, 5), (20, 20), (30, 34), (33, 7)):
        pixels[row, column] = 1, -1, -1
    for count in (3, 8):
        np.testing.assert_array_equal(suggest_regions(Picture(pixels), count)[0], levels)


def test_equal_regions_are_numbered_as_they_appear():
    for turn in range(4):
        grey = np.rot90(np.repeat([[-0.5, 0.5]], 8, axis=0).repeat(4, axis=1), turn)
        halves = np.stack([grey] * 3, axis=2)
        numbers, _ = suggest_regions(Picture(halves))
        assert numbers[0, 0] == 0 and numbers[-1, -1] == 1


@pytest.mark.parametrize(
    ("rgb", "name"),
    [
        ((255, 0, 0), "red"),
        ((139, 0, 0), "dark red"),
        ((144, 238, 144), "light green"),
        ((0, 100, 0), "dark green"),
        ((139, 69, 19), "brown"),
        ((255, 165, 0), "orange"),
        ((70, 130, 180), "blue"),
        ((255, 192, 203), "pink"),
        ((0, 0, 40), "black"),  # too dark to tell its hue
        ((35, 30, 42), "black"),  # nor is this seen as violet
        ((0, 0, 128), "dark blue"),
        ((75, 0, 130), "dark violet"),
        ((0, 0, 0), "black"),
        ((128, 128, 128), "grey"),
        ((211, 211, 211), "light grey"),
        ((250, 250, 245), "white"),
    ],
)
def test_colours_of_the_web_have_their_names(rgb, name):
    picture = Picture(np.tile(np.array(rgb) / 127.5 - 1, (4, 4, 1)))
    assert suggest_regions(picture)[1] == [f"{name}, middle"]


def test_large_pictures_are_segmented_small_and_given_back_large():
    truth = np.repeat([[0, 1]], 256, axis=0).repeat([160, 96], axis=1)
    numbers, names = suggest_regions(Picture(np.stack([1.0 - 2 * truth] * 3, axis=2)))
    np.testing.assert_array_equal(numbers, truth)
    assert names == ["white, left", "black, right"]


def test_noise_and_images_of_other_kinds(tmp_path):
    noise = np.random.default_rng(0).uniform(-1, 1, (40, 40, 3))
    numbers, names = suggest_regions(Picture(noise), 5)
    assert 1 <= len(names) <= 5 and numbers.max() + 1 == len(names)
    half = np.zeros((20, 30), np.uint8)
    half[:, 15:] = 255
    Image.fromarray(half).save(tmp_path / "grey.png")
    clear = np.dstack([np.zeros((20, 30, 3), np.uint8), 255 - half])
    Image.fromarray(clear).save(tmp_path / "clear.png")  # transparency is white
    for name in ("grey.png", "clear.png"):
        names = suggest_regions(Picture.open(tmp_path / name))[1]
        assert sorted(one.split(",")[0] for one in names) == ["black", "white"]


def test_wrong_arguments_are_named():
    with pytest.raises(ValueError, match="give .height, width, 3."):
        suggest_regions(np.zeros((4, 4)))
    for count in (0, 256, 2.5, "8"):
        with pytest.raises(ValueError, match="whole number from 1 to 255"):
            suggest_regions(Picture(np.zeros((4, 4, 3))), count)


def test_lab_of_known_colours():
    """Published CIELAB values of the sRGB primaries under D65 (Lindbloom), to 0.1."""
    known = {(1, 1, 1): (100, 0, 0), (-1, -1, -1): (0, 0, 0), (1, -1, -1): (53.24, 80.09, 67.20)}
    known |= {(-1, 1, -1): (87.73, -86.18, 83.18), (-1, -1, 1): (32.30, 79.19, -107.86)}
    for rgb, expected in known.items():
        assert lab(np.array(rgb)) == pytest.approx(expected, abs=0.1)


def test_agreement_counts_pairs_of_pixels():
    """Oracle: the definition, pair by pair, and its mean over shuffled pictures, which is 0."""
    rng = np.random.default_rng(0)
    one, other = rng.integers(0, 3, (2, 4, 6))
    flat = np.array([one.ravel(), other.ravel()])
    first, second = np.triu_indices(24, 1)
    same = flat[:, first] == flat[:, second]
    both, chance = np.mean(same[0] & same[1]), same[0].mean() * same[1].mean()
    expected = (both - chance) / (same.mean() - chance)
    assert agreement(one, other) == pytest.approx(expected)
    assert agreement(one, (one + 1) % 3) == pytest.approx(1)
    shuffled = [agreement(one, rng.permuted(other.ravel()).reshape(4, 6)) for _ in range(2000)]
    assert abs(np.mean(shuffled)) < 4 * np.std(shuffled) / np.sqrt(2000)
    with pytest.raises(ValueError, match="differ"):
        agreement(one, other[:2])


def test_dark_greys_lie_on_the_straight_part_of_cielab():
    """Oracle: CIE 15: L* = (29/3)³ Y up to Y = (6/29)³, with no step where the parts meet."""
    edge = (6 / 29) ** 3
    luminance = np.array([0, 0.001, 0.4 * edge, 0.6 * edge, 0.95 * edge, edge, 1.05 * edge])
    signal = np.where(
        luminance > 0.0031308, 1.055 * luminance ** (1 / 2.4) - 0.055, 12.92 * luminance
    )
    lightness = lab(np.repeat(2 * signal[:, None] - 1, 3, axis=1))
    wanted = np.where(luminance > edge, 116 * np.cbrt(luminance) - 16, (29 / 3) ** 3 * luminance)
    np.testing.assert_allclose(lightness[:, 0], wanted, atol=2e-3)
    np.testing.assert_allclose(lightness[:, 1:], 0, atol=1e-9)
