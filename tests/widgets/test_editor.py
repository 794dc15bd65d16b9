"""Oracles for the editor: the library's own painting, measurements and coordinated moves; and
for the log of edits: replaying it by hand, and `exec` for the Python that it writes."""

import asyncio
import base64
import io
import json
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import ipywidgets
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from ensembles_lib import (
    Network,
    Picture,
    Wiring,
    article_wiring,
    layered_wiring,
    open_genome,
    plots,
    rmse,
    samples,
)
from ensembles_lib.ensembles import linear_ranges, moved_by_region
from ensembles_lib.properties.measurements import painted
from ensembles_lib.properties.properties import Property
from ensembles_lib.widgets import WeightEditor, turns
from ensembles_lib.widgets.bank import MOST, STEPS
from ensembles_lib.widgets.canvas import brush_mask, parse_points
from ensembles_lib.widgets.edits import Edits, EditsFileError

NETWORK = Network.random(article_wiring("wide"), seed=3)
SIZE = 24
PICTURE = Picture(np.full((SIZE, SIZE, 3), 0.25))


def mean_of(channel, name):
    """The mean of a channel, as a property."""
    slope = np.zeros((16, 16, 3))
    slope[..., channel] = 1 / 256
    return Property(name, lambda pixels: (float(pixels[..., channel].mean()), slope), "grey")


PROPERTIES = [mean_of(0, "red"), mean_of(1, "green"), mean_of(2, "blue")]
REGIONS = (np.arange(SIZE * SIZE).reshape(SIZE, SIZE) // 200, ["sky/all", "wing/a", "wing/b"])


@pytest.fixture
def editor():
    return WeightEditor(NETWORK, PICTURE, PROPERTIES, REGIONS, size=SIZE, property_size=16)


def pixels(image):
    return np.asarray(Image.open(io.BytesIO(image.value)).convert("RGB"))


def everything(widget):
    inside = [child for part in getattr(widget, "children", ()) for child in everything(part)]
    return [widget, *inside]


# The log of edits, without widgets.


@settings(max_examples=50, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 459), st.floats(-5, 5), st.booleans()), max_size=12))
def test_undo_and_redo_walk_through_all_states(steps):
    edits, states = Edits(NETWORK), [NETWORK.weights]
    for synapse, weight, _ in steps:
        count = len(edits)
        edits.apply(f"synapse {synapse}", {synapse: weight})
        if len(edits) > count:
            states.append(edits.weights)
    for state in reversed(states[:-1]):
        assert edits.undo()
        np.testing.assert_array_equal(edits.weights, state)
    assert edits.undo() is None and edits.network == NETWORK
    for state in states[1:]:
        assert edits.redo()
        np.testing.assert_array_equal(edits.weights, state)
    assert edits.redo() is None
    again = Edits.from_json(edits.to_json(), NETWORK)
    assert again.network == edits.network and again.to_json() == edits.to_json()


def test_colours_beyond_the_screen_are_clipped_as_in_painting():
    layers = [(np.full((4, 2), 3.0), None), (np.linspace(-2, 2, 12).reshape(3, 4), None)]
    network = Network.from_layers(layers, ["tanh", "identity"])
    assert np.abs(network.respond(network.inputs(8))).max() > 1
    editor = WeightEditor(network, size=8)
    np.testing.assert_allclose(editor.picture.pixels, network.paint(8).pixels, atol=1e-6)


def test_a_drag_is_one_edit():
    edits = Edits(NETWORK)
    for weight in (0.1, 0.2, 0.3):
        edits.apply("synapse 5", {5: weight}, merge=True)
    edits.apply("synapse 6", {6: 1.0}, merge=True)
    edits.apply("synapse 6", {6: 2.0})
    assert [edit.name for edit in edits.done] == ["synapse 5", "synapse 6", "synapse 6"]
    edits.undo(), edits.undo()
    assert edits.weights[6] == NETWORK.weights[6] and edits.weights[5] == 0.3
    edits.undo()
    assert edits.weights[5] == NETWORK.weights[5]
    edits.redo()
    edits.apply("synapse 7", {7: 0.0})
    assert edits.redo() is None  # a new edit ends what could be redone


def test_merged_edits_of_different_synapses_go_back_together():
    edits = Edits(NETWORK)
    edits.apply("move", NETWORK.with_weight(3, 9.0).weights, merge=True)
    edits.apply("move", NETWORK.with_weight(4, 9.0).weights, merge=True)
    edits.apply("move", {5: 9.0}, merge=True)
    assert len(edits) == 1 and edits.changed.tolist() == [4, 5]
    edits.undo()
    assert edits.network == NETWORK
    edits.redo()
    assert edits.network == NETWORK.with_weight(4, 9.0).with_weight(5, 9.0)


def test_the_farthest_weights_themselves_are_allowed():
    farthest = np.random.default_rng(0).uniform(0.01, 9, 460)
    edits = Edits(NETWORK, farthest)
    for sign in (-1, 1):  # the difference from the start may round to more than was added
        ends = NETWORK.weights + sign * farthest
        edits.apply("ends", dict(enumerate(ends.tolist())))
        np.testing.assert_array_equal(edits.weights, ends)


def test_reset_can_be_undone():
    edits = Edits(NETWORK)
    edits.apply("synapse 5", {5: 1.0})
    edits.reset()
    assert edits.network == NETWORK and len(edits) == 2
    edits.undo()
    assert edits.weights[5] == 1.0


def test_the_network_given_and_weights_handed_out_stay():
    edits = Edits(NETWORK)
    before = edits.weights
    edits.apply("synapse 5", {5: 1.0})
    edits.undo()
    with pytest.raises(ValueError, match="read-only"):
        edits.weights[0] = 1.0
    np.testing.assert_array_equal(before, NETWORK.weights)


def test_python_makes_the_same_network():
    edits = Edits(NETWORK)
    edits.apply("two", {5: 1 / 3, 400: -0.1})
    names = {"network": NETWORK}
    exec(edits.to_python(), names)
    assert names["network"] == edits.network
    assert Edits(NETWORK).to_python().startswith("#")


@pytest.mark.parametrize(
    "weights, says",
    [
        ({460: 1.0}, "460"),
        ({0: np.nan}, "finite"),
        ({0: "1"}, "give a number"),
        ({0: 99.0}, "goes from"),
    ],
)
def test_what_cannot_be_applied_changes_nothing(weights, says):
    edits = Edits(NETWORK, farthest=np.full(460, 3.0))
    edits.apply("first", {1: 0.5})
    with pytest.raises((ValueError, IndexError), match=says):
        edits.apply("second", weights)
    assert len(edits) == 1 and edits.changed.tolist() == [1]


def broken_logs():
    """Texts that are no usable log, with a word of the reason."""
    edits = Edits(NETWORK)
    edits.apply("synapse 5", {5: 1.0})
    good = json.loads(edits.to_json())

    def with_edit(edit):
        return json.dumps({**good, "edits": [edit]})

    other = Edits(Network.random(layered_wiring((2, 4, 3))))
    return {
        "cut": (edits.to_json()[:-9], "broken JSON"),
        "empty": ("", "broken JSON"),
        "list": ("[]", "format"),
        "deep": ("[" * 100_000, "broken JSON"),
        "other format": ('{"format": "x"}', "format"),
        "other wiring": (other.to_json(), "wiring"),
        "other weights": (Edits(NETWORK.with_weight(0, 0)).to_json(), "weights"),
        "nan": (with_edit({"name": "a", "weights": {"5": float("nan")}}), "NaN"),
        "no number": (with_edit({"name": "a", "weights": {"5": "x"}}), "not a number"),
        "true": (with_edit({"name": "a", "weights": {"5": True}}), "not a number"),
        "huge": (with_edit({"name": "a", "weights": {"5": 10**400}}), "edit 0"),
        "no synapse": (with_edit({"name": "a", "weights": {"460": 1.0}}), "460"),
        "negative": (with_edit({"name": "a", "weights": {"-1": 1.0}}), "'-1'"),
        "no weights": (with_edit({"name": "a"}), "incomplete"),
        "no edits": (json.dumps({k: good[k] for k in good if k != "edits"}), "incomplete"),
        "edits a number": (json.dumps({**good, "edits": 3}), "incomplete"),
    }


@pytest.mark.parametrize("name", broken_logs())
def test_broken_logs_are_refused(name, tmp_path, editor):
    text, says = broken_logs()[name]
    with pytest.raises(EditsFileError, match=says):
        Edits.from_json(text, NETWORK)
    editor.move(1, float(NETWORK.weights[1]) + 0.01)
    before = editor.edits
    (tmp_path / "log.json").write_text(text)
    editor.files.do("load log", str(tmp_path / "log"))
    assert says in editor.reading and editor.edits is before and len(before) == 1


# A log of version 0.1, whose peacock is now the wide one, to the letter.
FIRST_LOG = """{
 "format": "ensembles_lib edits 1",
 "wiring": "5c4f43d8ef060a75",
 "weights": "3854292a70bcef29",
 "edits": [
  {
   "name": "synapse 0",
   "weights": {
    "0": 2.9
   }
  }
 ]
}"""


def test_a_log_of_the_first_version_says_which_network_it_was_made_for():
    """Oracle: written down; it opens with that network, and is refused in words with any other."""
    wide, narrow = samples.peacock_network("wide"), samples.peacock_network()
    again = Edits.from_json(FIRST_LOG, wide)
    assert again.network == wide.with_weight(0, 2.9) and again.to_json() == FIRST_LOG
    with pytest.raises(EditsFileError) as refused:
        Edits.from_json(FIRST_LOG, narrow)
    digest = json.loads(Edits(narrow).to_json())["weights"]
    assert str(refused.value) == (
        "the log was made for another network: its wiring differs; made for "
        'samples.peacock_network("wide"), here is article_wiring("narrow") with weights ' + digest
    )
    other = Network(wide.wiring, wide.weights / 2)
    with pytest.raises(EditsFileError, match="its weights differ; made for samples.*here is artic"):
        Edits.from_json(FIRST_LOG, other)


def test_logs_of_networks_nobody_knows_are_told_by_their_digests():
    layered = Network.random(layered_wiring((2, 4, 3)), seed=1)
    text = Edits(layered).to_json()
    made = json.loads(text)
    with pytest.raises(EditsFileError) as refused:
        Edits.from_json(text, NETWORK)
    assert f"made for wiring {made['wiring']} with weights {made['weights']}," in str(refused.value)
    for strange in ({}, {"wiring": ["a"] * 99, "weights": {"b": "c" * 99}}):
        with pytest.raises(EditsFileError, match="its wiring differs") as refused:
            Edits.from_json(json.dumps({"format": made["format"], **strange}), NETWORK)
        assert len(str(refused.value)) < 200


@pytest.mark.parametrize("entry", ["narrow", "strict", "wide"])
def test_the_articles_wirings_are_told_by_name(entry, tmp_path, editor):
    """Of logs and of weights: two wirings of 460 synapses look the same in numbers."""
    name, network = f'article_wiring("{entry}")', Network.random(article_wiring(entry), seed=9)
    with pytest.raises(EditsFileError, match="another network") as refused:
        Edits.from_json(Edits(network).to_json(), NETWORK)
    assert f"made for {name} with weights " in str(refused.value)
    network.save(tmp_path / "weights.npz")
    editor.files.do("load weights", str(tmp_path / "weights"))
    if entry != "wide":
        assert f'another wiring: {name}; here is article_wiring("wide")' in editor.reading
    else:
        np.testing.assert_array_equal(editor.edits.weights, network.weights)


def test_logs_from_elsewhere_are_refused(tmp_path):
    path = tmp_path / "log.json"
    path.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(EditsFileError, match="not text"):
        Edits.load(path, NETWORK)
    with path.open("wb") as file:
        file.truncate(1 << 25)
    with pytest.raises(EditsFileError, match="larger than"):
        Edits.load(path, NETWORK)


# Regions painted by the mouse.


def test_brush_covers_what_lies_within_its_radius():
    """Oracle: the distance of every pixel to a dense sampling of the stroke."""
    points = np.array([[-0.5, -0.5], [0.5, 0.0], [0.5, 0.8]])
    mask = brush_mask(points, 0.2, (30, 20))
    y, x = np.mgrid[0:30, 0:20]
    place = np.stack([(x + 0.5) / 20 * 2 - 1, 1 - (y + 0.5) / 30 * 2], axis=-1)
    stroke = np.concatenate(
        [np.linspace(a, b, 500) for a, b in zip(points[:-1], points[1:], strict=True)]
    )
    distance = np.linalg.norm(place[:, :, None] - stroke, axis=-1).min(axis=-1)
    clear = np.abs(distance - 0.2) > 1e-3
    np.testing.assert_array_equal(mask[clear], distance[clear] < 0.2)


@pytest.mark.parametrize("text", ["", "x y", "1", "1 2 3", "nan 0", "0 0;", "1 2;3"])
def test_senseless_strokes_are_no_points(text):
    assert parse_points(text).shape == (0, 2)


def test_a_stroke_chooses_the_synapses_that_move_it(editor):
    editor.row.canvas.stroke.value = "0.1 0.2;0.3 0.2"
    editor.row.canvas.stroke.value = "0.1 0.2;0.3 0.2 end"
    mask = brush_mask(np.array([[0.1, 0.2], [0.3, 0.2]]), editor.region.radius.value, SIZE)
    expected = moved_by_region(NETWORK, mask, editor.half).movers[:12].tolist()
    assert editor.bank.synapses == expected
    assert f"moved most by synapses {expected[0]}, {expected[1]}" in editor.reading
    assert editor.bar.panel.value == "region"
    assert (pixels(editor.row.canvas.image) != NETWORK.paint(SIZE).to_bytes()).any()  # outlined


def test_regions_by_name_mask_and_window_agree(editor):
    editor.show_region("wing")
    expected = moved_by_region(NETWORK, REGIONS[0] > 0, editor.half).movers[:12].tolist()
    assert editor.bank.synapses == expected
    editor.show_region(REGIONS[0] == 1)
    one = editor.bank.synapses
    editor.show_region("wing/a")
    assert editor.bank.synapses == one != expected
    editor.region.x.value = 0.5
    window = brush_mask(np.array([[0.5, 0.0]]), 0.1, SIZE)
    best = moved_by_region(NETWORK, window, editor.half).movers[:12].tolist()
    assert editor.bank.synapses == best and editor.region.element.value == "–"


@pytest.mark.parametrize(
    "region, says",
    [
        ("tail", "no region 'tail'"),
        (np.zeros((SIZE, SIZE), bool), "empty"),
        (np.ones((SIZE, SIZE), bool), "whole picture"),
        (np.zeros((3, 3)), "bool"),
    ],
)
def test_senseless_regions_are_refused_in_words(editor, region, says):
    before = editor.bank.synapses
    editor.show_region(region)
    assert says in editor.reading and editor.bank.synapses == before


def test_a_regions_echo_is_no_choice(editor):
    editor.row.canvas.stroke.value = "0.1 0.2;0.3 0.2 end"
    chosen, region = editor.bank.synapses, editor.region
    for slider in (region.x, region.y):
        slider.value = slider.value + 1e-12
    assert region.element.value == "–" and editor.bank.synapses == chosen
    mask = brush_mask(np.array([[0.1, 0.2], [0.3, 0.2]]), 0.1, SIZE)
    np.testing.assert_array_equal(editor.region.mask, mask)


def test_a_property_sliders_echo_is_no_move(editor):
    editor.move_property("green", 0.8)
    count, state = len(editor.edits), editor.network
    editor.properties.sliders["green"].value += 1e-12
    editor.properties.sliders["red"].value = 1e-12
    assert len(editor.edits) == count and editor.network == state
    assert "green moved by +0.80" in editor.properties.reading


# The editor.


def test_at_the_start_it_shows_the_network(editor):
    assert editor.network == NETWORK
    shown = NETWORK.paint(SIZE, dtype="float32")
    np.testing.assert_array_equal(pixels(editor.row.canvas.image), shown.to_bytes())
    error = rmse(shown, PICTURE)
    assert editor.reading == f"RMSE {error:.3f}; picture changed by 0.000; 0 weights moved"
    assert len(np.unique(pixels(editor.row.change).reshape(-1, 3), axis=0)) == 1


def test_a_slider_moves_its_weight_and_the_picture(editor):
    editor.show_neuron(6)
    synapse = editor.bank.synapses[2]
    editor.bank.sliders[synapse].value = 40
    expected = NETWORK.weights[synapse] + 0.4 * 3 * editor.half[synapse]
    assert editor.edits.weights[synapse] == pytest.approx(expected, rel=1e-2)
    assert editor.edits.changed.tolist() == [synapse]
    painted_now = editor.network.paint(SIZE, dtype="float32")
    np.testing.assert_array_equal(pixels(editor.row.canvas.image), painted_now.to_bytes())
    change = rmse(painted_now, NETWORK.paint(SIZE))
    assert f"changed by {change:.3f}; 1 weight moved" in editor.reading
    editor.bank.sliders[synapse].value = 0
    assert editor.network == NETWORK  # exactly


def test_the_browsers_echo_is_no_edit(editor):
    """A weight between two steps is shown at the nearest; sent back, it changes nothing."""
    editor.show_neuron(6)
    synapse = editor.bank.synapses[0]
    exact = NETWORK.weights[synapse] + 0.1234567 * editor.half[synapse]
    editor.move(synapse, exact)
    slider = editor.bank.sliders[synapse]
    browser_sends(slider, slider.value)
    assert editor.edits.weights[synapse] == exact and len(editor.edits) == 1


def test_showing_other_synapses_is_no_edit(editor):
    editor.show_neuron(36)
    for slider in editor.bank.sliders.values():
        slider.value = 100
    state = editor.network
    for neuron in (0, 36, 12, 35):
        editor.show_neuron(neuron)
        owned = editor.network.wiring.synapses_of(neuron)
        assert list(editor.bank.sliders) == list(owned)[:MOST]
        for synapse, slider in editor.bank.sliders.items():
            assert slider.description.startswith(f"{synapse}: ")
            assert slider.value == (100 if neuron == 36 else 0)
    editor.choose.reach.value = 10.0
    editor.show_neuron(36)
    assert set(slider.value for slider in editor.bank.sliders.values()) == {30}
    assert editor.network == state


def test_the_constant_and_neuron_1_have_names_of_their_own(editor):
    wiring = NETWORK.wiring
    for source, named in ((2, "const"), (4, "1")):  # inputs are x, y and the constant
        synapse = int(np.flatnonzero(wiring.source == source)[0])
        editor.show_synapse(synapse)
        expected = f"{synapse}: {named} → {wiring.neuron_of(synapse)}"
        assert editor.bank.sliders[synapse].description == expected


def test_synapses_by_number_and_exact_weights(editor):
    editor.choose.synapse.value = "28"
    neuron = NETWORK.wiring.neuron_of(28)
    assert editor.choose.neuron.value == neuron and 28 in editor.bank.sliders
    assert float(editor.choose.weight.value) == pytest.approx(NETWORK.weights[28], rel=1e-5)
    exact = float(NETWORK.weights[28] + editor.half[28] / 3)
    editor.choose.weight.value = repr(exact)
    assert editor.network == NETWORK.with_weight(28, exact)
    assert editor.bank.sliders[28].value > 0


@pytest.mark.parametrize(
    "typed, says", [("nan", "finite"), ("x", "not a number"), ("1e6", "goes from"), ("", "'' is")]
)
def test_senseless_weights_are_refused_in_words(editor, typed, says):
    editor.choose.synapse.value = "28"
    editor.choose.weight.value = typed
    assert says in editor.reading and editor.network == NETWORK
    editor.move(28, float(NETWORK.weights[28]) + 0.01)
    assert says not in editor.reading  # an edit clears what was said


def test_senseless_choices_are_refused_in_words(editor):
    for text in ("460", "-1", "two", "²"):
        editor.choose.synapse.value = text
        assert "does not exist" in editor.reading
    editor.show_neuron(37)
    assert "neuron 37 does not exist" in editor.reading
    editor.show_ensemble("tilt")
    assert "no ensemble 'tilt': there are red, green, blue" in editor.reading
    editor.move_property("tilt", 1.0)
    assert "no property 'tilt'" in editor.reading
    editor.bank.sliders[editor.bank.synapses[0]].value = STEPS + 1
    assert "cannot be 101" in editor.reading
    editor.properties.sliders["red"].value = 99
    assert "red cannot be 99" in editor.reading
    assert editor.network == NETWORK and editor.properties.sliders["red"].value == 0


def test_undo_redo_and_reset_show_what_they_did(editor):
    start = editor.row.canvas.image.value
    editor.move(3, float(NETWORK.weights[3]) + 0.3)
    moved = editor.row.canvas.image.value
    assert moved != start
    editor.bar.buttons["undo"].click()
    assert editor.row.canvas.image.value == start and "took back: synapse 3" in editor.reading
    editor.bar.buttons["undo"].click()
    assert "nothing to take back" in editor.reading
    editor.bar.buttons["redo"].click()
    assert editor.row.canvas.image.value == moved
    editor.bar.buttons["reset"].click()
    assert editor.network == NETWORK and editor.row.canvas.image.value == start
    editor.undo()
    assert editor.row.canvas.image.value == moved
    editor.bar.before.value = True  # a look at the start is no edit
    assert editor.row.canvas.image.value == start
    editor.bar.before.value = False
    assert editor.row.canvas.image.value == moved and len(editor.edits) == 1


def test_maps_are_those_of_the_chosen_neuron(editor):
    """Oracle: the activations, through the palettes of the figures."""
    editor.show_neuron(10)
    start = editor.row.map.value
    editor.move(NETWORK.wiring.synapses_of(9)[0], 1.0)
    heard = 9 + 3 in NETWORK.wiring.sources_of(10)
    assert heard and editor.row.map.value != start
    editor.reset()
    editor.move(NETWORK.wiring.synapses_of(11)[0], 0.5)
    assert editor.row.map.value == start  # neuron 10 does not hear neuron 11
    level = (NETWORK.activations(SIZE)[10] + 1) / 2
    grey = pixels(editor.row.map).astype(float).sum(axis=2)  # grows with the level
    assert np.corrcoef(grey.ravel(), level.ravel())[0, 1] > 0.99


def test_change_map_is_that_of_the_figures(editor):
    strong = int(np.argmin(editor.half))
    editor.move(strong, float(NETWORK.weights[strong] + editor.half[strong]))
    change = editor.network.paint(SIZE).pixels - NETWORK.paint(SIZE).pixels
    expected = plots.change_picture(change).to_bytes().astype(int)
    assert np.abs(pixels(editor.row.change) - expected).max() <= 3
    assert np.ptp(expected) > 50


def test_a_property_moves_alone_and_the_meter_says_so(editor):
    """Oracle: the property and the others, measured on what is painted."""
    measured = painted(NETWORK, PROPERTIES, 16)
    start, scales = measured.values(NETWORK.weights), editor.properties.scales
    editor.move_property("green", 0.8)
    by = (measured.values(editor.edits.weights) - start) / scales
    assert by[1] == pytest.approx(0.8, abs=0.02)
    assert np.abs(by[[0, 2]]).max() < 0.02
    assert "green moved by +0.80 scales, leak 0.0" in editor.properties.reading
    editor.properties.sliders["green"].value = 0.0
    assert np.abs(editor.edits.weights - NETWORK.weights).max() < 1e-12


def test_another_property_goes_on_from_there(editor):
    measured = painted(NETWORK, PROPERTIES, 16)
    start, scales = measured.values(NETWORK.weights), editor.properties.scales
    editor.move_property("green", 0.8)
    editor.move_property("red", -0.5)
    by = (measured.values(editor.edits.weights) - start) / scales
    assert by == pytest.approx([-0.5, 0.8, 0], abs=0.04)
    assert editor.properties.sliders["green"].value == 0
    assert [edit.name.split(",")[0] for edit in editor.edits.done] == ["green", "red"]
    editor.undo()
    by = (measured.values(editor.edits.weights) - start) / scales
    assert by == pytest.approx([0, 0.8, 0], abs=0.02)
    assert {s.value for s in editor.properties.sliders.values()} == {0}


@pytest.mark.parametrize("way", [1, 2])
def test_part_of_the_synapses_moves_a_property_with_a_leak(editor, way):
    properties = editor.properties
    properties.way.value = properties.way.options[way]
    editor.move_property("green", 0.2)
    among = editor.ensembles["green"] if way == 1 else editor.edits.changed
    assert set(editor.edits.changed) <= set(among.tolist())
    assert way == 1 or len(editor.edits.changed) == 1
    by = properties._measured.values(editor.edits.weights) - properties.start_values
    by /= properties.scales
    assert by[1] == pytest.approx(0.2, abs=0.06)
    leak = np.hypot(by[0], by[2]) / abs(by[1])
    assert f"leak {leak:.2f}" in properties.reading
    assert way == 2 or leak > 0.1


def test_ensembles_given_and_found(editor):
    editor.show_ensemble("blue")
    assert editor.bank.synapses == editor.ensembles["blue"][:MOST].tolist()
    own = WeightEditor(NETWORK, ensembles={"mine": [5, 400, 7]}, size=SIZE)
    own.choose.ensemble.value = "mine"
    assert own.bank.synapses == [5, 400, 7]


def test_files_of_all_kinds(editor, tmp_path):
    name = str(tmp_path / "mine")
    editor.move(3, float(NETWORK.weights[3]) + 0.3)
    editor.move(40, float(NETWORK.weights[40]) + 0.1)
    for what in ("save log", "save weights", "save picture"):
        editor.files.do(what, name)
        assert "saved as" in editor.reading
    state = editor.network
    saved = Picture.open(name + ".png")
    np.testing.assert_array_equal(saved.to_bytes(), state.paint(SIZE, dtype="float32").to_bytes())
    assert Network.load(name + ".npz") == state
    for what in ("load log", "load weights"):
        fresh = WeightEditor(NETWORK, PICTURE, size=SIZE)
        fresh.files.do(what, name)
        assert fresh.network == state
        fresh.undo()
        assert fresh.edits.changed.tolist() == ([3] if what == "load log" else [])


@pytest.mark.parametrize("what", ["load log", "load weights", "save weights"])
def test_files_that_cannot_be_are_said(editor, tmp_path, what):
    editor.move(3, float(NETWORK.weights[3]) + 0.3)
    state = editor.network
    editor.files.do(what, str(tmp_path / "missing" / "name"))
    assert "missing" in editor.reading and editor.network == state
    editor.files.do(what, " ")
    assert "give the file a name" in editor.reading


def test_weights_from_another_wiring_are_refused(editor, tmp_path):
    Network.random(layered_wiring((2, 4, 3))).save(tmp_path / "other.npz")
    (tmp_path / "broken.npz").write_bytes(b"PK\x03\x04 nothing")
    Network(NETWORK.wiring, NETWORK.weights + 1e6).save(tmp_path / "far.npz")
    for name, says in {
        "other": "another wiring",
        "broken": "is truncated",
        "far": "cannot be",
    }.items():
        editor.files.do("load weights", str(tmp_path / name))
        assert says in editor.reading and editor.network == NETWORK


def test_python_of_the_editor(editor):
    editor.move(3, float(NETWORK.weights[3]) + 0.3)
    editor.bar.panel.value = "files"
    names = {"network": NETWORK}
    exec(editor.files.python.value, names)
    assert names["network"] == editor.network
    assert "1 edit" in editor.files.last.value


# A drag in the browser: the picture at once, the rest in a pause.


def shown(editor):
    """All that an editor shows, as what it sends to a browser."""
    row = editor.row
    images = [image.value for image in (row.canvas.image, row.change, row.map, row.map_change)]
    labels = [part.value for part in everything(editor) if isinstance(part, ipywidgets.Label)]
    return images, row.table.value, editor.properties.meter.value, labels, editor.reading


def in_a_loop(coroutine):
    """Run it in a thread of its own: the browser's tests leave a loop running in this one."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(asyncio.run, coroutine).result()


def browser_sends(slider, value):
    data = {"method": "update", "state": {"value": value}, "buffer_paths": []}
    slider.comm.handle_msg({"content": {"data": data}, "buffers": []})


async def paused(editor):
    for _ in range(1000):
        if not editor._follower.waits:
            return
        await asyncio.sleep(0.01)
    raise TimeoutError("the rest never follows")


def passing(canvas):
    """The pixels that a browser is sent to draw, (H, W, 3)."""
    width, coded = canvas.passing.value.split(" ")
    return np.frombuffer(base64.b64decode(coded), np.uint8).reshape(-1, int(width), 3)


@pytest.mark.parametrize("draws", [True, False])
@pytest.mark.parametrize("what", ["weight", "property"])
def test_a_drag_paints_at_once_and_the_last_state_follows(editor, what, draws):
    """Oracle: an editor that is moved from Python, without any loop."""
    canvas = editor.row.canvas
    if draws:
        canvas.stroke.value = "draws"
    other = WeightEditor(NETWORK, PICTURE, PROPERTIES, REGIONS, size=SIZE, property_size=16)
    pair = []
    for one in (editor, other):
        one.show_neuron(6)
        weight = one.bank.sliders[one.bank.synapses[2]]
        pair.append(weight if what == "weight" else one.properties.sliders["green"])
    values = (10, 40, -30) if what == "weight" else (0.2, 0.6, -0.4)
    for slider in pair:
        slider.value = -values[0]  # the way of a property is worked out at the first touch

    async def drag():
        before = shown(editor)
        for value in values:
            browser_sends(pair[0], value)
            painted_now = editor.network.paint(SIZE, dtype="float32").to_bytes()
            sent = passing(canvas) if draws else pixels(canvas.image)
            np.testing.assert_array_equal(sent, painted_now)
            rest = slice(0 if draws else 1, None)
            assert shown(editor)[0][rest] == before[0][rest] and shown(editor)[1] == before[1]
        assert editor._follower.waits
        await paused(editor)
        assert canvas.passing.value == ""

    in_a_loop(drag())
    for value in values:
        pair[1].value = value
    assert shown(editor) == shown(other) and "changed by 0.000" not in editor.reading
    assert len(editor.edits) == 1


def test_a_long_drag_is_followed_now_and_then(editor, monkeypatch):
    monkeypatch.setattr(turns, "PAUSE", 1e6)
    monkeypatch.setattr(turns, "LONGEST", 0.05)
    editor.show_neuron(6)
    slider = editor.bank.sliders[editor.bank.synapses[2]]

    async def drag():
        tables = set()
        for count in range(1, 60):
            browser_sends(slider, count)
            await asyncio.sleep(0.01)
            tables.add(editor.row.table.value)
        return tables

    assert 3 <= len(in_a_loop(drag())) < 59


def test_what_python_moves_is_shown_at_once_even_in_a_drag(editor):
    """A cell runs in the kernel's loop, too; what a drag put off must not come after it."""
    editor.show_neuron(6)
    synapse = editor.bank.synapses[2]
    calls = []

    async def cell():
        browser_sends(editor.bank.sliders[synapse], 40)
        editor.move(synapse, float(NETWORK.weights[synapse]))
        assert not editor._follower.waits
        other = WeightEditor(NETWORK, PICTURE, PROPERTIES, REGIONS, size=SIZE, property_size=16)
        other.show_neuron(6)
        assert shown(editor) == shown(other)
        editor.row.table.observe(calls.append, "value")
        await asyncio.sleep(2 * turns.PAUSE)
        editor.bank.sliders[synapse].value = 20
        assert not editor._follower.waits and len(calls) == 1
        editor.move_property("green", 0.1)
        browser_sends(editor.properties.sliders["green"], 0.6)
        assert "green moved by +0.60 scales" in editor.properties.reading  # read: never stale
        editor.undo()
        assert editor.properties.reading == "no property is being moved"
        assert not editor._follower.waits

    in_a_loop(cell())


def test_a_property_that_cannot_be_measured_stops_no_slider():
    def measure(pixels):
        if pixels.mean() > threshold:
            raise ValueError("nothing to measure")
        return float(pixels.mean()), np.full(pixels.shape, 1 / pixels.size)

    threshold = np.inf
    editor = WeightEditor(NETWORK, None, [Property("mean", measure)], size=SIZE, property_size=16)
    threshold = -2.0
    editor.move(0, 0.5)
    assert editor.edits.weights[0] == 0.5 and ">nan<" in editor.row.table.value


def test_a_picture_that_is_not_square_keeps_its_shape():
    wide = Picture(np.full((32, 96, 3), 0.25))
    editor = WeightEditor(NETWORK, wide, size=48)
    shown = NETWORK.paint((16, 48), dtype="float32")
    image = editor.row.canvas.image
    np.testing.assert_array_equal(pixels(image), shown.to_bytes())
    assert f"RMSE {rmse(shown, wide.resized(48)):.3f}" in editor.reading
    assert int(image.width) / int(image.height) == pytest.approx(3, abs=0.02)
    editor.row.canvas.stroke.value = "0.1 0.2;0.3 0.2 end"
    assert editor.region.mask.shape == (16, 48) == pixels(editor.row.map).shape[:2]


def test_other_networks():
    plain = WeightEditor(Network.random(layered_wiring((2, 8, 3))), size=SIZE)
    assert "properties" not in plain.bar.panel.options
    plain.move_property("red", 1.0)
    assert "no properties were given" in plain.reading
    assert plain.reading.endswith("0 weights moved") and "RMSE" not in plain.reading
    with pytest.raises(ValueError, match="to paint it needs"):
        WeightEditor(Network.random(layered_wiring((2, 4, 1))))
    with pytest.raises(ValueError, match="regions of shape"):
        WeightEditor(NETWORK, regions=REGIONS)


def test_a_dead_synapse_has_a_slider_that_ends():
    weights = np.zeros(460)
    weights[:300] = NETWORK.weights[:300]
    dead = Network(article_wiring(), weights)
    assert np.isinf(linear_ranges(dead, 16)).any()
    editor = WeightEditor(dead, size=SIZE, property_size=16)
    editor.show_neuron(0)
    editor.bank.sliders[0].value = 100
    assert editor.edits.weights[0] == pytest.approx(weights[0] + 3.0, abs=0.05)


def test_names_for_everyone_no_output_areas_and_few_sliders(editor):
    for name in editor.bar.panel.options:
        editor.bar.panel.value = name
        parts = everything(editor)
        assert (
            sum(isinstance(p, ipywidgets.FloatSlider | ipywidgets.IntSlider) for p in parts) <= 50
        )
        for part in parts:
            assert not isinstance(part, ipywidgets.Output)
            kinds = ipywidgets.FloatSlider | ipywidgets.IntSlider | ipywidgets.Button
            if isinstance(part, kinds | ipywidgets.Dropdown | ipywidgets.Textarea):
                assert part.tooltip and part.description
            if isinstance(part, ipywidgets.Image):
                assert part.tooltip is None  # the browser would show an error instead


def test_repr_is_short_and_stable(editor):
    expected = "WeightEditor(Network(37 neurons, 460 synapses, rms weight 0.46), 0 weights moved)"
    assert repr(editor) == expected.replace("0.46", f"{np.sqrt(np.mean(NETWORK.weights**2)):.2f}")


def test_ten_thousand_moves_of_a_slider_are_one_edit(editor, monkeypatch):
    monkeypatch.setattr("time.monotonic", lambda: 5.0)
    slider = next(iter(editor.bank.sliders.values()))
    for count in range(500):
        slider.value = count % 99 + 1
    assert len(editor.edits) == 1 and len(editor.edits.changed) == 1


def test_networks_of_others_can_be_edited(tmp_path):
    """Oracle: painting the edited network anew; four inputs, colours by hue, other neurons."""
    genome = open_genome(Path(__file__).resolve().parents[2] / "data" / "own" / "genome.zip")
    editor = WeightEditor(genome, size=24)
    heard = {k: one.description for k, one in editor.bank.sliders.items()}
    named = dict(enumerate(("x", "y", "d", "const")))
    assert heard == {k: f"{k}: {named[genome.wiring.source[k]]} → 0" for k in heard}
    editor.move(0, genome.weights[0] + 0.5)
    np.testing.assert_allclose(editor.picture.pixels, editor.network.paint(24).pixels, atol=1e-5)
    assert rmse(editor.picture, genome.paint(24)) > 0.01
    editor.files.do("save log", str(tmp_path / "log"))
    sources = [genome.wiring.sources_of(n) for n in range(genome.wiring.n_neurons)]
    other = Network(Wiring(sources, 4, 3), genome.weights)
    fresh = WeightEditor(other, size=24)
    fresh.files.do("load log", str(tmp_path / "log"))
    assert "another network: its wiring differs" in fresh.reading
