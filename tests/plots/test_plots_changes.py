"""Oracle: what the axes and images hold, read back; colours by hand for changes that are known."""

import numpy as np
import pytest

from ensembles_lib import Network, Picture, article_wiring, atlas, layered_wiring, plots, sweep_grid
from ensembles_lib.plots.changes import LIMIT, PALE, main_colour, tone

NETWORK = Network.random(article_wiring(), seed=1)
WEIGHT = NETWORK.weights[0]


@pytest.fixture(scope="module")
def everything():
    return atlas(NETWORK, size=16, steps=3, progress=False)


def test_main_colour_finds_the_one_direction_in_which_everything_changes():
    amount = np.random.default_rng(0).standard_normal((2, 5, 7))
    for colour in ([1, 0, 0], [0.6, -0.2, 0.1], [1, 1, 1]):
        colour = np.array(colour) / np.linalg.norm(colour)
        for sign in (1, -1):  # the lighter end is up, whichever way the change goes
            found = main_colour(sign * amount[..., None] * colour)
            np.testing.assert_allclose(found, sign * amount / np.sqrt(3), atol=1e-12)


def test_main_colour_keeps_most_of_any_change_and_adds_nothing():
    change = np.random.default_rng(0).standard_normal((4, 9, 9, 3)) * [3, 1, 0.2]
    kept = np.mean(main_colour(change) ** 2, axis=(1, 2)) / np.mean(change**2, axis=(1, 2, 3))
    assert (kept <= 1 + 1e-12).all() and (kept > 1 / 3).all()
    np.testing.assert_array_equal(main_colour(np.zeros((3, 3, 3))), 0)


def test_tone_is_the_square_root_to_both_sides_and_ends_at_the_limit():
    np.testing.assert_allclose(tone(np.array([-9, -LIMIT, -LIMIT / 4, 0])), [0, 0, 0.25, 0.5])
    np.testing.assert_allclose(tone(np.array([LIMIT / 4, LIMIT, 9])), [0.75, 1, 1])


def test_change_picture_is_paper_where_nothing_changes_blue_darker_ochre_lighter():
    change = np.zeros((1, 3, 3))
    change[0, 0], change[0, 2] = -0.2, 0.1
    darker, same, lighter = plots.change_picture(change).pixels[0]
    np.testing.assert_allclose(same, 2 * np.array(plots.SIGNED(0.5)[:3]) - 1)
    assert darker[2] > darker[0] and lighter[0] > lighter[2]


def test_over_a_white_picture_a_change_keeps_its_colour_and_over_black_it_is_darker():
    """Oracle: light times 1 over white, times one less PALE over black; a map pixel is 3 wide."""
    change = np.zeros((2, 2, 3))
    change[0, 1] = 0.3
    halves = np.repeat([[-1.0, 1.0]], 6, axis=0).repeat(3, axis=1)[..., None].repeat(3, axis=2)
    shown = (plots.change_over(Picture(halves), change).pixels + 1) / 2
    bare = (plots.change_picture(change, even=True).pixels + 1) / 2
    np.testing.assert_allclose(shown[:3, 3:], np.broadcast_to(bare[0, 1], (3, 3, 3)))
    np.testing.assert_allclose(shown[3:, 3:], np.broadcast_to(bare[1, 1], (3, 3, 3)))
    np.testing.assert_allclose(shown[:, :3], np.broadcast_to((1 - PALE) * bare[0, 0], (6, 3, 3)))


def test_rows_of_maps_are_of_their_neurons_from_the_first_synapse_to_the_last(everything):
    figure = plots.map_rows(everything, {"first two": [0, 1], "outputs": range(34, 37)}, 3)
    shown = [ax for ax in figure.axes if ax.get_title()]
    titles = [ax.get_title() for ax in shown]
    assert titles[:3] == ["0, neuron 0", "2, neuron 0", "5, neuron 1"]
    assert (titles[3], titles[5]) == ("394, neuron 34", "459, neuron 36")
    for ax in shown:
        synapse = int(ax.get_title().split(",")[0])
        drawn = (plots.change_picture(everything.signed_map(synapse)).pixels + 1) / 2
        np.testing.assert_allclose(ax.images[0].get_array(), drawn)
    assert [text.get_text() for ax in shown for text in ax.texts] == ["first two", "outputs"]


@pytest.mark.parametrize(("key", "even"), [("change", False), ("even change", True)])
def test_the_key_of_changes_has_the_colours_of_change_pictures(key, even):
    figure = plots.film_strip([np.zeros((2, 2, 3))] * 2, ["a", "b"], key=key)
    *_, bar = figure.axes
    colours = bar.collections[-1]
    for label, place in zip(bar.get_yticklabels(), bar.get_yticks(), strict=True):
        change = float(label.get_text().replace("−", "-"))
        shown = plots.change_picture(np.full((1, 1, 3), change), even).pixels[0, 0]
        in_key = 2 * np.array(colours.to_rgba(place)[:3]) - 1
        np.testing.assert_allclose(shown, in_key, atol=0.01)  # one of the map's 256 levels


def test_picture_grid_puts_the_first_to_the_right_and_the_second_up():
    grid = sweep_grid(NETWORK, (0, 418), ([-1, 0, 1], [2, 3]), size=6)
    figure = plots.picture_grid(grid, ["a", "b", "c"], ["low", "high"], ("x", "y"))
    by_place = {}
    for ax in figure.axes:
        x, y = ax.get_position().p0.round(3)
        by_place[x, y] = ax.images[0].get_array()
    places = sorted(by_place)  # left to right, and in each column from below
    for number, place in enumerate(places):
        np.testing.assert_allclose(by_place[place], (grid.pixels[number] + 1) / 2)
    assert len(places) == 6
    names = {ax.get_xlabel() for ax in figure.axes} | {ax.get_ylabel() for ax in figure.axes}
    assert names == {"", "a", "b", "c", "low", "high"}
    assert {"x", "y"} == {text.get_text() for text in figure.texts}


def sheet_as_array(one, cell=16):
    return np.asarray(plots.atlas_sheet(one, cell).convert("RGB")).astype(int)


def test_atlas_sheet_shows_every_synapse_in_its_row_and_column(everything):
    sheet, cell = sheet_as_array(everything), 16
    pitch, left, first = cell + 3, 5 * cell // 2, 3 * cell // 2
    for synapse in (0, 1, 5, 40, 300, 394, 415, 459):
        row = NETWORK.wiring.neuron_of(synapse)
        column = synapse - NETWORK.wiring.synapses_of(row)[0]
        y, x = first + row * pitch, left + column * pitch
        shown = sheet[y : y + cell, x : x + cell]
        wanted = 255 * plots.SIGNED(tone(main_colour(everything.signed_map(synapse))))[..., :3]
        # The lower half is free of the number; the palette is a little coarser than the scale.
        off = np.abs(shown - wanted)[cell // 2 :]
        assert np.median(off) < 5 and off.max() < 60, synapse
    corner = sheet[first : first + cell, left + 3 * pitch :]  # neuron 0 has three synapses
    assert (corner[:, : 2 * pitch] == corner[0, 0]).all()


def test_atlas_sheet_has_room_for_any_wiring_and_few_colours():
    wiring = layered_wiring((2, 4, 3))
    small = atlas(Network.random(wiring, seed=2), size=16, steps=3, progress=False)
    image = plots.atlas_sheet(small, cell=16)
    assert image.mode == "P" and len(image.getcolors(257)) <= 256
    assert image.height > wiring.n_neurons * 16 and image.width > 9 * 16  # room for the scale
    twice = plots.atlas_sheet(small, cell=32)
    assert twice.width > 1.8 * image.width
    np.testing.assert_array_equal(sheet_as_array(small), sheet_as_array(small))
