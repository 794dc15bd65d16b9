"""Oracles: maps made of the regions themselves, and NumPy's own correlation."""

import json

import numpy as np
import pytest
from PIL import Image

from ensembles_lib import merge_regions, open_regions, variance_explained
from ensembles_lib.properties import region_correlations
from ensembles_lib.properties.regions import at_size

NUMBERS = np.array([[0, 0, 1, 1], [0, 0, 1, 1], [2, 2, 2, 2]])


def test_a_map_that_is_flat_on_regions_is_all_explained():
    flat = np.array([3.0, -1.0, 0.5])[NUMBERS]
    assert variance_explained([flat, np.ones((3, 4))], NUMBERS).tolist() == pytest.approx([1, 0])


def test_variance_inside_regions_is_not_explained():
    inside = np.tile([1.0, -1.0], (3, 2))  # mean 0 on every region
    assert variance_explained([inside], NUMBERS)[0] == pytest.approx(0, abs=1e-15)


def test_variance_adds_up_between_and_within():
    noise = np.random.default_rng(0).standard_normal((1, 3, 4))
    within = sum(
        ((noise[0][r == NUMBERS] - noise[0][r == NUMBERS].mean()) ** 2).sum() for r in range(3)
    )
    assert variance_explained(noise, NUMBERS)[0] == pytest.approx(1 - within / (12 * noise.var()))


def test_correlations_equal_numpy():
    maps = np.random.default_rng(0).standard_normal((5, 3, 4))
    ours = region_correlations(maps, NUMBERS)
    for neuron in range(5):
        for region in range(3):
            expected = np.corrcoef(maps[neuron].ravel(), (region == NUMBERS).ravel())[0, 1]
            assert ours[neuron, region] == pytest.approx(expected)
    assert region_correlations(np.ones((1, 3, 4)), NUMBERS).tolist() == [[0, 0, 0]]


def test_merging():
    numbers, names = merge_regions(NUMBERS, ["sky", "wing/1", "wing/2"], lambda n: n.split("/")[0])
    assert names == ["sky", "wing"] and numbers.tolist() == (NUMBERS > 0).astype(int).tolist()


def save(folder, numbers, names):
    Image.fromarray(np.asarray(numbers, np.uint8)).save(folder / "regions.png")
    (folder / "regions.json").write_text(json.dumps(names))
    return folder / "regions.png"


def test_open_takes_the_number_at_each_pixel_centre(tmp_path):
    numbers = np.arange(16).reshape(4, 4)
    path = save(tmp_path, numbers, [str(n) for n in range(16)])
    opened, names = open_regions(path)
    np.testing.assert_array_equal(opened, numbers)
    assert names[5] == "5"
    np.testing.assert_array_equal(open_regions(path, 8)[0], numbers.repeat(2, 0).repeat(2, 1))
    np.testing.assert_array_equal(open_regions(path, 2)[0], numbers[1::2, 1::2])


def test_regions_at_another_size_are_those_at_the_middle_of_each_pixel():
    numbers, names = np.arange(16).reshape(4, 4), [str(n) for n in range(16)]
    np.testing.assert_array_equal(at_size(numbers, names, (2, 2)), numbers[1::2, 1::2])
    np.testing.assert_array_equal(at_size(numbers, names, (8, 4)), numbers.repeat(2, axis=0))
    for wrong in (numbers - 1, numbers + 1, numbers + 7):
        with pytest.raises(ValueError, match="give 0 to below 16, one per name"):
            at_size(wrong, names, (2, 2))
    for wrong in (numbers / 1, numbers[0], numbers[:0]):
        with pytest.raises(ValueError, match=r"give \(H, W\) of int"):
            at_size(wrong, names, (2, 2))


def test_bad_files_and_shapes(tmp_path):
    with pytest.raises(ValueError, match="below 2"):
        open_regions(save(tmp_path, NUMBERS, ["a", "b"]))
    with pytest.raises(FileNotFoundError):
        open_regions(tmp_path / "nowhere.png")
    with pytest.raises(ValueError, match=r"\(N, 3, 4\)"):
        variance_explained(np.zeros((2, 4, 3)), NUMBERS)
