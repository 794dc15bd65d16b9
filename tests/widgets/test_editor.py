"""Oracles for the editor: the library's own painting, measurements and coordinated moves; and
for the log of edits: replaying it by hand, and `exec` for the Python that it writes.

What a page asks and says is sent as the page does; `test_browser.py` has a page do it."""

import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ensembles_lib import (
    Network,
    Picture,
    Wiring,
    article_wiring,
    layered_wiring,
    open_genome,
    rmse,
    samples,
)
from ensembles_lib.ensembles import leak, linear_ranges, moved_by_region
from ensembles_lib.properties.measurements import painted
from ensembles_lib.properties.properties import Property
from ensembles_lib.widgets import WeightEditor
from ensembles_lib.widgets.editor import WAYS
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


def page_does(editor, weights, doing=""):
    """Tell a kernel of the weights in a page, as it does when the hand rests."""
    state = {"weights": None, "_doing": doing}
    data = {"method": "update", "state": state, "buffer_paths": [["weights"]]}
    raw = memoryview(np.asarray(weights, "<f8").tobytes())
    editor.comm.handle_msg({"content": {"data": data}, "buffers": [raw]})


@pytest.fixture
def ask(editor, monkeypatch):
    """Asks as a page does; gives what the page is answered, (content, buffers) each."""
    answers = []
    monkeypatch.setattr(
        editor, "send", lambda content, buffers=(): answers.append((content, buffers))
    )

    def ask(question, *more, weights=None):
        answers.clear()
        data = {"method": "custom", "content": question}
        weights = editor.weights if weights is None else weights
        buffers = [memoryview(one) for one in (weights.astype("<f8").tobytes(), *more)]
        editor.comm.handle_msg({"content": {"data": data}, "buffers": buffers})
        return list(answers)

    return ask


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


def test_weights_of_a_page_are_a_step_back_or_on_or_an_edit():
    """Oracle: the same steps by `undo`, `redo` and `apply`."""
    edits, states = Edits(NETWORK), [NETWORK.weights]
    for step in ({5: 1.0}, {5: 2.0, 6: 3.0}, {7: 0.5}):
        new = states[-1].copy()
        new[list(step)] = list(step.values())
        states.append(new)
        assert edits.follow(new) == ""
    assert [edit.name for edit in edits.done] == ["synapse 5", "2 synapses", "synapse 7"]
    assert edits.follow(states[2]) == "took back: synapse 7" and len(edits) == 2
    assert edits.follow(states[1]) == "took back: 2 synapses" and len(edits.undone) == 2
    assert edits.follow(states[2]) == "did again: 2 synapses"
    assert edits.follow(states[0], "tilt") == "" and edits.done[-1].name == "reset"
    assert edits.undone == [] and edits.follow(states[3], "tilt") == ""
    assert edits.done[-1].name == "tilt"
    with pytest.raises(ValueError, match="finite"):
        edits.follow(np.full(460, np.nan))
    np.testing.assert_array_equal(edits.weights, states[3])


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


@pytest.mark.parametrize(
    "weights, says",
    [
        ({460: 1.0}, "460"),
        ({0: np.nan}, "finite"),
        ({0: "1"}, "give a number"),
    ],
)
def test_what_cannot_be_applied_changes_nothing(weights, says):
    edits = Edits(NETWORK)
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
    with pytest.raises(EditsFileError, match=says):
        editor.load(tmp_path / "log.json")
    assert editor.edits is before and len(before) == 1


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
    if entry != "wide":
        with pytest.raises(ValueError) as refused:
            editor.load(tmp_path / "weights.npz")
        assert f'another wiring: {name}; here is article_wiring("wide")' in str(refused.value)
    else:
        editor.load(tmp_path / "weights.npz")
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


# Regions.


def test_regions_by_name_and_mask_agree(editor):
    """Oracle: the ranking by the library, for the mask made by hand."""
    editor.show_region("wing")
    assert (
        editor.movers == moved_by_region(NETWORK, REGIONS[0] > 0, editor.half).movers[:12].tolist()
    )
    assert f"moved most by synapses {editor.movers[0]}, {editor.movers[1]}" in editor.reading
    editor.show_region(REGIONS[0] == 1)
    one = editor.movers
    editor.show_region("wing/a")
    assert editor.movers == one and editor.edits.changed.size == 0
    np.testing.assert_array_equal(
        np.frombuffer(editor._told["mask"], np.uint8).reshape(SIZE, SIZE), REGIONS[0] == 1
    )


@pytest.mark.parametrize(
    "region, says",
    [
        ("tail", "no region 'tail'"),
        (np.zeros((SIZE, SIZE), bool), "empty"),
        (np.ones((SIZE, SIZE), bool), "whole picture"),
        (np.zeros((SIZE, SIZE)), "bool"),
        (np.zeros((3, 3), bool), r"\(3, 3\)"),
    ],
)
def test_senseless_regions_are_refused_in_words(editor, region, says):
    editor.show_region("sky")
    before = editor.movers
    with pytest.raises(ValueError, match=says):
        editor.show_region(region)
    assert editor.movers == before and editor._told["name"] == "sky"


def test_a_region_painted_in_a_page(editor, ask):
    """Oracle: the same region, given from Python; what cannot be is said to the page."""
    mask = REGIONS[0] == 2
    assert ask({"ask": "region", "name": ""}, mask.astype(np.uint8).tobytes()) == []
    painted_there = editor.movers
    editor.show_region("wing/b")
    assert editor.movers == painted_there
    question = {"ask": "region", "name": ""}
    ((answer, _),) = ask(question, bytes(SIZE * SIZE))
    assert answer["refused"] == question and "empty" in answer["why"]
    ((answer, _),) = ask(question, bytes(7))
    assert answer["refused"] == question


# The editor.


def test_edits_told_while_the_kernel_is_busy_keep_their_names(editor, ask, monkeypatch):
    """Each comes by itself and in order; of weights that are synchronised only the last does."""
    sent = []
    monkeypatch.setattr(editor, "send_state", lambda key=None: sent.append(key))
    rng, all_of_them = np.random.default_rng(0), []
    for doing in ("red, all synapses in concert", "", "green, all synapses in concert"):
        weights = (all_of_them or [NETWORK.weights])[-1].copy()
        weights[slice(None) if doing else 3] += rng.normal(0, 0.01)
        all_of_them.append(weights)
        assert ask({"ask": "edit", "doing": doing}, weights=weights) == []
    page_does(editor, all_of_them[-1])
    assert [edit.name for edit in editor.edits.done] == [
        "red, all synapses in concert", "synapse 3", "green, all synapses in concert",
    ]  # fmt: skip
    for edit, weights in zip(editor.edits.done, all_of_them, strict=True):
        np.testing.assert_array_equal(edit.weights, weights)
    np.testing.assert_array_equal(editor.weights, all_of_them[-1])
    assert "weights" not in str(sent)  # no echo: the hand may have moved on
    ask({"ask": "edit", "doing": ""}, weights=all_of_them[1])
    assert len(editor.edits) == 2 and "took back: green" in editor.reading


def test_at_the_start_it_shows_the_network(editor):
    assert editor.network == NETWORK
    shown = NETWORK.paint(SIZE, dtype="float32")
    np.testing.assert_array_equal(editor.picture.pixels, shown.pixels)
    error = rmse(shown, PICTURE)
    assert editor.reading == f"RMSE {error:.3f}; picture changed by 0.000; 0 weights moved"


def test_python_and_page_move_the_same_weights(editor):
    editor.move(5, 0.25)
    np.testing.assert_array_equal(editor.weights, NETWORK.with_weight(5, 0.25).weights)
    assert editor.get_state("weights")["weights"] == editor.edits.weights.tobytes()
    moved = NETWORK.with_weight(5, 0.25).with_weight(400, -0.1)
    page_does(editor, moved.weights)
    assert editor.network == moved and [e.name for e in editor.edits.done] == [
        "synapse 5",
        "synapse 400",
    ]
    change = rmse(moved.paint(SIZE), NETWORK.paint(SIZE))
    assert f"changed by {change:.3f}; 2 weights moved" in editor.reading
    page_does(editor, NETWORK.with_weight(5, 0.25).weights)
    assert editor.reading.startswith("took back: synapse 400") and len(editor.edits) == 1
    editor.redo()
    assert editor.network == moved and editor.reading.startswith("did again: synapse 400")
    editor.reset()
    assert editor.network == NETWORK and editor.reading.startswith("back at the start")
    editor.undo()
    np.testing.assert_array_equal(editor.weights, moved.weights)


def test_a_page_is_not_told_what_it_said(editor, monkeypatch):
    """The hand may have moved on: weights that come back would take it back."""
    sent = []
    monkeypatch.setattr(editor, "send_state", lambda key=None: sent.append(key))
    page_does(editor, NETWORK.with_weight(5, 0.25).weights)
    names = {name for key in sent for name in ([key] if isinstance(key, str) else key)}
    assert "_told" in names and "weights" not in names


@pytest.mark.parametrize("weight, says", [(np.nan, "finite"), ("x", "give a number")])
def test_senseless_weights_are_refused_in_words(editor, weight, says):
    with pytest.raises(ValueError, match=says):
        editor.move(28, weight)
    with pytest.raises(IndexError, match="460"):
        editor.move(460, 0.0)
    assert editor.network == NETWORK and len(editor.edits) == 0


def test_a_linked_slider_is_an_edit(editor):
    editor.synapse(7).value = 0.5
    assert editor.edits.done[-1].name == "synapse 7" and editor.edits.weights[7] == 0.5
    editor.undo()
    assert editor.synapse(7).value == NETWORK.weights[7]


def test_a_property_moves_alone_and_the_reading_says_so(editor):
    """Oracle: the property and the others, measured on what is painted."""
    measured = painted(NETWORK, PROPERTIES, 16)
    start, scales = measured.values(NETWORK.weights), editor.properties.scales
    editor.move_property("green", 0.8)
    by = (measured.values(editor.edits.weights) - start) / scales
    assert by[1] == pytest.approx(0.8, abs=0.02)
    assert np.abs(by[[0, 2]]).max() < 0.02
    assert editor.moved.startswith("green moved by +0.80 scales, leak 0.0")
    assert editor._told["readings"][1] == [f"{measured.values(editor.weights)[1]:.3g}", "+0.80"]
    editor.move_property("red", -0.5)
    by = (measured.values(editor.edits.weights) - start) / scales
    assert by == pytest.approx([-0.5, 0.8, 0], abs=0.04)
    assert editor.moved.startswith("red moved by -0.50")
    editor.undo()
    assert editor.moved.startswith("green moved by +0.80")
    editor.undo()
    assert editor.moved == "no property is being moved" and editor.network == NETWORK


@pytest.mark.parametrize("way", WAYS[1:])
def test_part_of_the_synapses_moves_a_property_with_a_leak(editor, way):
    properties = editor.properties
    editor.move_property("green", 0.2, way)
    among = properties.ensembles["green"].tolist()
    assert set(editor.edits.changed) <= set(among)
    assert way == WAYS[1] or len(editor.edits.changed) == 1
    by = properties.effects(editor.edits.weights)
    assert by[1] == pytest.approx(0.2, abs=0.06)
    share = np.hypot(by[0], by[2]) / abs(by[1])
    assert f"leak {share:.2f}" in editor.moved and leak(by, 1) == pytest.approx(share)
    assert way == WAYS[2] or share > 0.1


def test_moves_of_one_property_are_told_together(editor):
    """Oracle: the whole way, as its effects from where it began."""
    editor.move(3, 0.1)
    before = editor.properties.effects(editor.weights)
    editor.move_property("green", 0.3)
    editor.move_property("green", 0.4)
    made = editor.properties.effects(editor.weights) - before
    assert f"green moved by {made[1]:+.2f} scales" in editor.moved
    assert made[1] == pytest.approx(0.7, abs=0.02)


def test_what_cannot_be_moved_is_refused_in_words(editor):
    with pytest.raises(ValueError, match="no property 'tilt': there are 'red'"):
        editor.move_property("tilt", 1.0)
    with pytest.raises(ValueError, match="moved by 'hand': give one of 'all synapses"):
        editor.move_property("red", 1.0, "hand")
    with pytest.raises(ValueError, match="amount 'far': give a finite"):
        editor.move_property("red", "far")
    with pytest.raises(ValueError, match="no properties were given"):
        WeightEditor(NETWORK, size=SIZE).move_property("red", 1.0)
    assert len(editor.edits) == 0


def test_beyond_its_end_a_property_stays_there_and_says_why(editor):
    """Oracle: its end, as the library finds it with so little room."""
    editor.half[:] *= 1e-3
    editor.move_property("green", 3.0)
    assert editor.reading.startswith("green moves no further than +")
    assert "working range" in editor.reading
    assert 0 < editor.properties.effects(editor.weights)[1] < 2.9


def test_a_page_is_given_the_way_of_a_property(editor, ask):
    """Oracle: the way that Python takes, at its knots; 0 is where the page is, exactly."""
    here = NETWORK.with_weight(3, 0.125).weights
    question = {"ask": "way", "name": "green", "way": WAYS[0], "turn": 7}
    ((answer, (raw,)),) = ask(question, weights=here)
    path = np.frombuffer(raw, "<f8").reshape(-1, 460)
    amounts = answer["amounts"]
    assert answer["turn"] == 7 and amounts == sorted(amounts) and len(amounts) == len(path) >= 33
    np.testing.assert_array_equal(path[amounts.index(0)], here)
    assert (amounts[0], amounts[-1]) == pytest.approx((-3, 3), abs=0.01) and answer["ends"] == [
        "",
        "",
    ]
    assert [edit.name for edit in editor.edits.done] == ["synapse 3"]
    editor.move_property("green", amounts[-3])
    np.testing.assert_allclose(path[-3], editor.weights, atol=1e-9)
    # On the straight lines between the knots the others stand still, too.
    middle = editor.properties.made(here, (path[-3] + path[-2]) / 2)
    assert np.abs(middle[[0, 2]]).max() < 0.02
    page_does(editor, path[-2], f"green, {WAYS[0]}")
    assert editor.edits.done[-1].name == f"green, {WAYS[0]}"


@pytest.mark.parametrize("wrong", [{"name": "tilt"}, {"way": "hand"}])
def test_a_page_that_asks_for_what_is_not_there_is_told(editor, ask, wrong):
    question = {"ask": "way", "name": "green", "way": WAYS[0], "turn": 7} | wrong
    ((answer, _),) = ask(question)
    assert answer["refused"] == question and answer["why"]


def test_a_property_that_cannot_be_measured_stops_no_weight():
    def measure(pixels):
        if pixels.mean() > threshold:
            raise ValueError("nothing to measure")
        return float(pixels.mean()), np.full(pixels.shape, 1 / pixels.size)

    threshold = np.inf
    editor = WeightEditor(NETWORK, None, [Property("mean", measure)], size=SIZE, property_size=16)
    threshold = -2.0
    editor.move(0, 0.5)
    assert editor.edits.weights[0] == 0.5 and editor._told["readings"] == [["nan", "+nan"]]


def test_sets_of_synapses_given_and_found(editor):
    own = WeightEditor(NETWORK, None, PROPERTIES, ensembles={"mine": np.array([5, 400, 7])},
                       size=SIZE, property_size=16)  # fmt: skip
    sets = json.loads(own._bench)["sets"]
    assert sets["mine"] == [5, 400, 7] and list(sets) == ["mine", "red", "green", "blue"]
    assert sets["blue"] == editor.properties.ensembles["blue"].tolist()


# Files.


def test_files_of_all_kinds(editor, tmp_path):
    editor.move(3, float(NETWORK.weights[3]) + 0.3)
    editor.move(40, float(NETWORK.weights[40]) + 0.1)
    for ending in ("json", "npz", "png"):
        editor.save(tmp_path / f"mine.{ending}")
        assert editor.reading.startswith(f"saved as {tmp_path}/mine.{ending};")
    state = editor.network
    saved = Picture.open(tmp_path / "mine.png")
    np.testing.assert_array_equal(saved.to_bytes(), state.paint(SIZE, dtype="float32").to_bytes())
    assert Network.load(tmp_path / "mine.npz") == state
    for ending, says in {"json": "2 edits played again", "npz": "2 weights moved"}.items():
        fresh = WeightEditor(NETWORK, PICTURE, size=SIZE)
        fresh.load(tmp_path / f"mine.{ending}")
        assert fresh.network == state and f"mine.{ending}: {says}" in fresh.reading
        fresh.undo()
        assert fresh.edits.changed.tolist() == ([3] if ending == "json" else [])
    editor.save(tmp_path / "mine.json")
    assert "over the file that was there" in editor.reading


def test_files_that_cannot_be_are_refused(editor, tmp_path):
    editor.move(3, float(NETWORK.weights[3]) + 0.3)
    state = editor.network
    Network.random(layered_wiring((2, 4, 3))).save(tmp_path / "other.npz")
    (tmp_path / "broken.npz").write_bytes(b"PK\x03\x04 nothing")
    for name, says in {
        "other.npz": "another wiring",
        "broken.npz": "is truncated",
        "picture.png": "give a log",
    }.items():
        with pytest.raises(ValueError, match=says):
            editor.load(tmp_path / name)
    with pytest.raises(ValueError, match="a name that ends in .json, .npz, .png"):
        editor.save(tmp_path / "name")
    with pytest.raises(FileNotFoundError, match="there is no file"):
        editor.load(tmp_path / "missing.json")
    with pytest.raises(FileNotFoundError, match="missing"):
        editor.save(tmp_path / "missing" / "name.npz")
    assert editor.network == state


def test_a_page_writes_over_a_file_only_when_it_says_so(editor, ask, tmp_path):
    name, state = str(tmp_path / "mine"), editor.network
    question = {
        "ask": "file",
        "action": "save",
        "kind": "weights",
        "name": f" {name} ",
        "over": False,
    }
    assert ask(question) == [] and "saved as" in editor.reading
    editor.move(3, 0.25)
    ((answer, _),) = ask(question)
    assert answer["exists"] == f"{name}.npz" and Network.load(f"{name}.npz") == state
    assert ask(question | {"over": True}) == [] and "over the file" in editor.reading
    assert Network.load(f"{name}.npz") == editor.network
    editor.reset()
    assert (
        ask(question | {"action": "load"}) == []
        and "1 weight moved from the start" in editor.reading
    )
    ((answer, _),) = ask(question | {"name": " "})
    assert "give the file a name" in answer["why"]
    ((answer, _),) = ask(question | {"action": "load", "name": "nowhere"})
    assert "there is no file nowhere.npz" in answer["why"]


@pytest.mark.parametrize("kind, ending", [("log", "json"), ("weights", "npz")])
def test_a_download_is_the_file_that_is_saved(editor, ask, tmp_path, kind, ending):
    editor.move(3, 0.25)
    question = {"ask": "file", "action": "download", "kind": kind, "name": "x", "over": False}
    ((answer, (raw,)),) = ask(question)
    assert answer["file"] == f"x.{ending}" and "saved" not in editor.reading
    (tmp_path / answer["file"]).write_bytes(raw)
    fresh = WeightEditor(NETWORK, size=SIZE)
    fresh.load(tmp_path / answer["file"])
    assert fresh.network == editor.network


@pytest.mark.parametrize(
    "name, content, says",
    [
        ("mine.npz", None, "loaded mine.npz: 2 weights moved from the start"),
        ("short.npz", 2000, "short.npz is truncated or not a saved network"),
        ("pickled.npz", {"weights": np.array([{}])}, "pickled.npz is not a saved network"),
        ("foreign.npz", {"weights": np.zeros(3)}, "foreign.npz is not a saved network"),
        ("bird.png", 100, "bird.png: give a log (.json) or weights (.npz)"),
        ("../up.npz", None, "loaded up.npz"),
        ("..", None, "a directory: '..'"),
    ],
)
def test_a_page_sends_weights_as_a_file(editor, ask, tmp_path, name, content, says):
    """What is no saved network of this wiring is refused by its name, and nothing is lost."""
    theirs = NETWORK.with_weight(3, 0.25).with_weight(40, -0.5)
    theirs.save(tmp_path / "theirs.npz")
    if isinstance(content, dict):
        np.savez(tmp_path / "theirs.npz", **content)
        content = None
    raw = (tmp_path / "theirs.npz").read_bytes()[:content]
    editor.move(5, 0.125)
    before, folder = editor.weights.copy(), set(Path().iterdir())
    answers = ask({"ask": "file", "action": "upload", "name": name}, raw)
    told = answers[0][0]["why"] if answers else editor.reading
    assert says in told and "tmp" not in told
    if says.startswith("loaded"):
        assert not answers
        np.testing.assert_array_equal(editor.weights, theirs.weights)
        editor.undo()
    np.testing.assert_array_equal(editor.weights, before)
    assert set(Path().iterdir()) == folder


# What it is given.


def test_networks_of_others_can_be_edited(tmp_path):
    """Oracle: painting the edited network anew; four inputs, colours by hue, other neurons."""
    genome = open_genome(samples.path("own/genome.zip"))
    editor = WeightEditor(genome, size=24)
    editor.move(0, genome.weights[0] + 0.5)
    np.testing.assert_allclose(editor.picture.pixels, editor.network.paint(24).pixels, atol=1e-5)
    assert rmse(editor.picture, genome.paint(24)) > 0.01
    editor.save(tmp_path / "log.json")
    sources = [genome.wiring.sources_of(n) for n in range(genome.wiring.n_neurons)]
    other = WeightEditor(Network(Wiring(sources, 4, 3), genome.weights), size=24)
    with pytest.raises(EditsFileError, match="another network: its wiring differs"):
        other.load(tmp_path / "log.json")


@pytest.mark.parametrize("size", [48, (16, 48)])
def test_a_picture_that_is_not_square_keeps_its_shape(size):
    wide = Picture(np.full((32, 96, 3), 0.25))
    editor = WeightEditor(NETWORK, wide, size=size)
    shown = NETWORK.paint((16, 48), dtype="float32")
    np.testing.assert_array_equal(editor.picture.pixels, shown.pixels)
    assert f"RMSE {rmse(shown, wide.resized((16, 48))):.3f}" in editor.reading
    assert json.loads(editor._data)["size"] == [16, 48]
    editor.show_region(np.arange(768).reshape(16, 48) < 100)
    assert len(editor._told["mask"]) == 768


def test_networks_and_regions_that_do_not_fit_are_refused():
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
    reach = json.loads(editor._bench)["reach"]
    assert reach[0] == 1.0 and max(reach) <= 2.0 and min(reach) > 0


def test_repr_is_short_and_stable(editor):
    expected = "WeightEditor(Network(37 neurons, 460 synapses, rms weight 0.46), 0 weights moved)"
    assert repr(editor) == expected.replace("0.46", f"{np.sqrt(np.mean(NETWORK.weights**2)):.2f}")
