"""Oracles: the same steps called one by one, and files changed on purpose."""

import io
import json
import re
import shutil
from dataclasses import replace

import numpy as np
import pytest
from PIL import Image

import ensembles_lib.study.own_picture as own_picture
from ensembles_lib import (
    Network,
    OwnPicture,
    Picture,
    PictureError,
    article_wiring,
    atlas,
    cascade_wiring,
    layered_wiring,
    painted,
    participants,
    rmse,
    samples,
    scaled_wiring,
    sensitivity,
    suggest_properties,
    suggest_regions,
    train_levenberg_marquardt,
)
from ensembles_lib.core import Diverged
from ensembles_lib.ensembles import linear_ranges
from ensembles_lib.ensembles.suggested_properties import named_properties
from ensembles_lib.properties import gram_condition, save_regions
from ensembles_lib.properties.regions import at_size

SMALL = {"n_synapses": 150, "iterations": 12, "size": 32, "measured_at": 24, "progress": False}


def contents(folder):
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def stop_at_fifth(calls):
    """Press the stop button at the fifth step; errors are noted in `calls`."""

    def stop(network, error):
        calls.append(error)
        if len(calls) == 5:
            raise KeyboardInterrupt

    return stop


def drawn(shade=0.9):
    pixels = np.full((32, 32, 3), [-0.6, -0.4, 0.3])
    pixels[6:18, 4:16], pixels[16:28, 20:30] = [shade, -0.7, -0.7], [0.7, 0.7, 0.2]
    return Picture(pixels)


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    own = OwnPicture(drawn(), tmp_path_factory.mktemp("own"), **SMALL)
    own.forecast([150])
    own.network(), own.regions(), own.atlas(), own.ensembles()
    return own


@pytest.fixture
def copy(made, tmp_path):
    shutil.copytree(made.folder, tmp_path / "copy")
    return tmp_path / "copy"


def test_every_step_is_made_once_and_then_taken_up(made, copy, monkeypatch):
    stored = contents(copy)
    names = ("forecasts.json", "network.npz", "regions.png", "atlas.npz", "ensembles.json")
    assert set(stored) == {*names, "regions.json"}
    for worker in ("forecast", "suggest_regions", "train_levenberg_marquardt"):
        monkeypatch.setattr(own_picture, worker, None)  # calling it would fail
    again = OwnPicture(drawn(), copy, **SMALL)
    assert again.forecast([150]) == made.forecast([150])
    assert again.network() == made.network()
    np.testing.assert_array_equal(again.regions()[0], made.regions()[0])
    assert again.regions()[1] == made.regions()[1]
    assert np.array_equal(again.atlas().squares, made.atlas().squares)
    assert again.ensembles() == made.ensembles() and contents(copy) == stored


def test_steps_do_what_the_library_does(made):
    np.testing.assert_array_equal(made.regions()[0], suggest_regions(drawn(), 8)[0])
    about = made.network().provenance
    assert about["rmse"] == round(rmse(made.network().paint(32), drawn()), 5) < 0.4
    assert about["iterations"] == 12 and about["stopped"] == "steps"
    properties = made.properties()
    slopes = painted(made.network(), properties, 24).slopes(made.network().weights)[1]
    rows = sensitivity(slopes, made.atlas().ranges.usable)
    expected = [participants(row).tolist() for row in rows]
    assert list(made.ensembles().values()) == expected
    assert list(made.ensembles()) == [one.name for one in properties]


def test_a_shorter_training_goes_on(copy):
    longer = OwnPicture(drawn(), copy, **{**SMALL, "iterations": 20})
    before = Network.load(copy / "network.npz").provenance["rmse"]
    about = longer.network().provenance
    assert about["iterations"] == 20
    assert about["rmse"] < before and Network.load(copy / "network.npz") == longer.network()


def test_an_interrupted_training_is_kept_and_goes_on(tmp_path):
    calls = []
    own = OwnPicture(drawn(), tmp_path, **SMALL)
    first = own.network(stop_at_fifth(calls))
    assert own.became == {"network": "interrupted"}
    assert first.provenance["stopped"] == "interrupted" and first.provenance["iterations"] == 4
    assert first.provenance["rmse"] == pytest.approx(min(calls), abs=1e-4)
    again = OwnPicture(drawn(), tmp_path, **SMALL | {"iterations": 8})
    for each, steps in ((again, 8), (own, 12)):
        assert each.network().provenance["iterations"] == steps
        assert each.became == {"network": "trained on"}
        each.network()  # what this object made stays made
        assert each.became == {"network": "trained on"}
    later = OwnPicture(drawn(), tmp_path, **SMALL)
    later.regions(), later.atlas()
    assert later.became == {"network": "taken up", "regions": "made", "atlas": "made"}
    own.iterations = 14
    own.network(), own.atlas()
    assert own.became == {"network": "trained on", "atlas": "made anew"}


def test_a_killed_training_has_saved_its_best(tmp_path, monkeypatch):
    monkeypatch.setattr(own_picture, "SAVE_EVERY", 0.0)

    errors = []

    def die(network, error):
        errors.append(error)
        if len(errors) == 5:
            raise MemoryError

    own = OwnPicture(drawn(), tmp_path, **SMALL)
    with pytest.raises(MemoryError):
        own.network(die)
    assert own.became == {}
    about = Network.load(tmp_path / "network.npz").provenance
    assert about["stopped"] == "unfinished"
    assert about["rmse"] == pytest.approx(min(errors), abs=1e-4) and about["rmse"] < errors[0] - 0.1


def test_files_of_another_picture_or_other_settings_are_refused_and_stay(copy):
    stored = contents(copy)
    other = OwnPicture(drawn(0.8), copy, **SMALL)
    for step in (other.network, other.regions, lambda: other.forecast([150])):
        with pytest.raises(ValueError, match="another picture: give another folder, or remove it"):
            step()
    with pytest.raises(ValueError, match="seed 0, not 1"):
        OwnPicture(drawn(), copy, **SMALL, seed=1).network()
    with pytest.raises(ValueError, match="147 synapses"):
        OwnPicture(drawn(), copy, **{**SMALL, "n_synapses": 200}).network()
    with pytest.raises(ValueError, match="count 8, not 5"):
        OwnPicture(drawn(), copy, **SMALL, count=5).regions()
    with pytest.raises(ValueError, match=r"sizes \[150\], not \[60\]"):
        OwnPicture(drawn(), copy, **SMALL).forecast([60])
    assert stored == contents(copy)


@pytest.mark.parametrize("fan_in", [None, (3, 4, 5, 6, 7, *[8] * 12, 9, 9, 9)])
def test_a_folder_keeps_the_wiring_that_it_has(made, copy, fan_in):
    """Version 0.1 made networks in which every neuron hears x and y: they are taken up as they
    are, and trained on; those of quite another size are refused, as are other starts."""
    wiring = article_wiring("wide") if fan_in is None else cascade_wiring(fan_in)
    other = {**SMALL, "n_synapses": 460 if fan_in is None else 150}
    asked = scaled_wiring(other["n_synapses"])
    assert wiring != asked and abs(wiring.n_synapses - asked.n_synapses) <= 4
    about = made.network().provenance
    Network.random(wiring, seed=3).save(copy / "network.npz")
    with pytest.raises(ValueError, match="another picture"):
        OwnPicture(drawn(), copy, **other).network()
    kept = Network(wiring, Network.random(wiring, seed=3).weights, about)
    kept.save(copy / "network.npz")
    own = OwnPicture(drawn(), copy, **other)
    assert own.network() == kept
    with pytest.raises(ValueError, match="seed 0, not 1"):
        OwnPicture(drawn(), copy, **other, seed=1).network()
    longer = OwnPicture(drawn(), copy, **{**other, "iterations": 13})
    assert longer.network().wiring == wiring and longer.network() != kept


@pytest.mark.parametrize(
    ("stored", "asked", "fits"),
    [
        (layered_wiring((2, 8, 11, 3)), 159, True),  # 159 and 155
        (layered_wiring((2, 8, 11, 3)), 150, False),  # 159 and 147
        (layered_wiring((3, 8, 11, 3)), 167, False),  # 4 inputs
        (layered_wiring((2, 8, 11, 4)), 171, False),  # 4 outputs
    ],
)
def test_which_sizes_are_one(stored, asked, fits):
    assert own_picture._as_large(stored, scaled_wiring(asked)) == fits


def test_what_a_longer_training_outdates_is_made_anew_and_the_rest_is_kept(copy):
    """Oracle: the same steps in a new folder with the longer training from the start."""
    mine = np.repeat([[0, 1]], 32, 0).repeat(16, 1)
    save_regions(copy / "regions.png", (mine, ["mine", "yours"]))  # the reader's, with no origin
    Image.open(copy / "regions.png").convert("RGB").save(copy / "regions.png")
    kept = {name: (copy / name).read_bytes() for name in ("regions.png", "forecasts.json")}
    for steps in (OwnPicture(drawn(), copy, **{**SMALL, "iterations": 20}),):
        steps.forecast([150])
        found = steps.properties(), steps.atlas(), steps.ensembles(), steps.regions()
    assert found[1].network == steps.network() == Network.load(copy / "network.npz")
    properties = suggest_properties(steps.network(), (mine, ["mine", "yours"]), 24)
    slopes = painted(steps.network(), properties, 24).slopes(steps.network().weights)[1]
    fresh = atlas(steps.network(), 24, 11, steps.picture, progress=False)
    rows = sensitivity(slopes, fresh.ranges.usable)
    assert np.array_equal(found[1].squares, fresh.squares)
    assert found[2] == {
        one.name: participants(row).tolist() for one, row in zip(properties, rows, strict=True)
    }
    assert kept == {name: (copy / name).read_bytes() for name in kept}
    again, stored = OwnPicture(drawn(), copy, **{**SMALL, "iterations": 20}), contents(copy)
    assert again.ensembles() == found[2] and again.atlas() is not None
    assert contents(copy) == stored


def test_the_same_object_goes_on_after_the_stop_button(tmp_path):
    """Oracle: another object that goes on in the same folder."""
    own = OwnPicture(drawn(), tmp_path / "one", **SMALL)
    assert own.network(stop_at_fifth([])).provenance["iterations"] == 4
    shutil.copytree(tmp_path / "one", tmp_path / "two")
    on = own.network()
    assert on.provenance["iterations"] == 12
    assert on == OwnPicture(drawn(), tmp_path / "two", **SMALL).network() == own.network()


def test_a_training_that_diverges_keeps_its_best_and_says_so(tmp_path, monkeypatch):
    """Oracle: the error of each step, as the trainer tells it."""
    errors = []

    def diverging(start, picture, steps, callback, **options):
        from ensembles_lib import train_backprop

        def both(network, error):
            callback(network, error)
            errors.append(error)

        how = options | {"learning_rate": 1e37, "callback": both}
        return train_backprop(start, picture, steps, **how)

    monkeypatch.setattr(own_picture, "train_levenberg_marquardt", diverging)
    own = OwnPicture(drawn(), tmp_path, **SMALL)
    with pytest.raises(Diverged, match="diverged after step"):
        own.network()
    kept = Network.load(tmp_path / "network.npz")
    assert kept.provenance["stopped"] == "diverged"
    assert rmse(kept.paint(32), own.picture) == pytest.approx(min(errors), abs=1e-4)
    assert kept.provenance["iterations"] < 12


def test_a_picture_keeps_its_shape_through_every_step(tmp_path):
    wide = Picture(drawn().pixels[8:24])
    how = {**SMALL, "iterations": 6}
    own = OwnPicture(wide, tmp_path, **how)
    assert own.picture.size == own.regions()[0].shape == (16, 32)
    assert own.atlas().size == (12, 24) and own.atlas().energy.shape[1:] == (12, 24)
    assert own.forecast([150])[0].expected > 0
    assert list(own.ensembles()) == [one.name for one in own.properties()]
    pixels = own.network().paint((12, 24)).pixels
    assert np.isfinite([one.value(pixels) for one in own.properties()]).all()
    again, stored = OwnPicture(wide, tmp_path, **how), contents(tmp_path)
    assert again.ensembles() == own.ensembles() and contents(tmp_path) == stored


LITTLE = {
    "black": np.full((20, 20, 3), -1.0),
    "white": np.full((20, 20, 3), 1.0),
    "grey": np.full((20, 20, 3), 0.1),
    "a line": np.random.default_rng(0).uniform(-1, 1, (1, 40, 3)),
    "a column": np.random.default_rng(1).uniform(-1, 1, (40, 1, 3)),
    "a plain line": np.full((1, 40, 3), -0.3),
    "two pixels": np.array([[[1.0, 1, 1], [-1, -1, -1]]]),
    "one pixel": np.array([[[0.2, 0.4, 0.6]]]),
}


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("which", LITTLE)
def test_pictures_of_one_colour_or_few_pixels_go_through_every_step(which, tmp_path):
    """Oracles: the error of the best single colour, and the number of colours in the picture."""
    how = {**SMALL, "n_synapses": 60, "iterations": 30}
    own = OwnPicture(Picture(LITTLE[which]), tmp_path, **how)
    (told,) = own.forecast([60])
    pixels = own.picture.pixels.astype(float)
    plain = np.sqrt(((pixels - pixels.mean(axis=(0, 1))) ** 2).mean())
    assert told.plain == pytest.approx(plain, abs=1e-6)
    assert rmse(own.network().paint(own.picture.size), own.picture) <= plain + 0.01
    numbers, names = own.regions()
    assert numbers.shape == own.picture.size and len(names) == numbers.max() + 1
    assert (len(names) == 1) == (len(np.unique(LITTLE[which].reshape(-1, 3), axis=0)) == 1)
    kinds = [one.name.split(": ")[1] for one in own.properties()]
    assert len(names) > 1 or {*kinds} == {"brightness", "warmth"}
    assert kinds and all(own.ensembles().values()) and np.isfinite(own.atlas().squares).all()
    again, stored = OwnPicture(Picture(LITTLE[which]), tmp_path, **how), contents(tmp_path)
    assert again.ensembles() == own.ensembles() and contents(tmp_path) == stored


def test_a_network_that_is_stuck_has_no_properties_and_that_is_said(made, copy):
    """Weights a million times as large: every neuron is at its end, and no weight moves it."""
    Network(made.network().wiring, 1e6 * made.network().weights, made.network().provenance).save(
        copy / "network.npz"
    )
    own = OwnPicture(drawn(), copy, **SMALL)
    for step in (own.properties, own.ensembles):
        with pytest.raises(ValueError, match="no weight moves '.*: brightness', or anything else"):
            step()
    assert np.isfinite(own.atlas().squares).all() and len(own.regions()[1]) > 1


def test_kept_ensembles_say_which_properties_there_are(copy, monkeypatch):
    """A property independent by a hair may be so on one processor only: the list is kept."""
    path = copy / "ensembles.json"
    held = json.loads(path.read_text())
    kept = dict(reversed(list(held["found"].items())[1:]))
    path.write_text(json.dumps({**held, "found": kept}))
    monkeypatch.setattr(own_picture, "suggest_properties", None)  # calling it would fail
    own = OwnPicture(drawn(), copy, **SMALL)
    assert [one.name for one in own.properties()] == list(own.ensembles()) == list(kept)


def test_rebuilt_properties_measure_the_same(made, copy):
    pixels = made.network().paint(24).pixels
    again = OwnPicture(drawn(), copy, **SMALL).properties()
    first = suggest_properties(made.network(), made.regions(), 24)
    assert [one.value(pixels) for one in again] == [one.value(pixels) for one in first]


def test_ensembles_of_other_sizes_are_refused(copy):
    with pytest.raises(ValueError, match=r"ensembles.json was made with measured_at 24, not 20"):
        OwnPicture(drawn(), copy, **SMALL | {"measured_at": 20}).properties()


def test_ensembles_of_regions_that_were_repainted_since_are_made_anew(made, copy):
    before = made.ensembles()
    numbers, names = OwnPicture(drawn(), copy, **SMALL).regions()
    for repainted, called in ((numbers[::-1], names), (numbers, names[::-1])):
        Image.fromarray(repainted.astype(np.uint8)).save(copy / "regions.png")
        (copy / "regions.json").write_text(json.dumps(called))
        own, stored = OwnPicture(drawn(), copy, **SMALL), contents(copy)
        assert [one.name for one in own.properties()] == list(own.ensembles())
        changed = {name for name, held in contents(copy).items() if held != stored[name]}
        assert changed == {"ensembles.json"} and own.ensembles() != before


def test_a_training_that_converged_is_not_gone_on_with(tmp_path, monkeypatch):
    def converge(start, picture, iterations, **options):
        network, history = train_levenberg_marquardt(start, picture, 2, **options)
        return network, replace(history, stopped="converged")

    monkeypatch.setattr(own_picture, "train_levenberg_marquardt", converge)
    about = OwnPicture(drawn(), tmp_path, **SMALL).network().provenance
    assert (about["stopped"], about["iterations"]) == ("converged", 12)
    monkeypatch.setattr(own_picture, "train_levenberg_marquardt", None)  # is not called
    assert OwnPicture(drawn(), tmp_path, **SMALL).network().provenance == about


def test_a_failed_training_is_not_taken_for_a_network(tmp_path):
    def fail(network, error):
        raise ZeroDivisionError

    own = OwnPicture(drawn(), tmp_path, **SMALL)
    with pytest.raises(ZeroDivisionError):
        own.network(fail)
    assert own.network().provenance["iterations"] == 12


def test_damaged_files_are_named(copy):
    (copy / "forecasts.json").write_text("{")
    with pytest.raises(ValueError, match="forecasts.json is damaged"):
        OwnPicture(drawn(), copy, **SMALL).forecast([150])
    held = json.loads((copy / "ensembles.json").read_text())
    (copy / "ensembles.json").write_text(json.dumps(held | {"found": {}}))
    with pytest.raises(ValueError, match="ensembles.json is damaged"):
        OwnPicture(drawn(), copy, **SMALL).properties()


def test_a_decoder_may_differ_by_a_level(copy):
    levels = drawn().to_bytes().astype(int) + 1
    almost = Picture(levels.clip(0, 255) / 127.5 - 1)
    assert OwnPicture(almost, copy, **SMALL).network() is not None


def test_repainted_regions_are_taken_as_they_are(copy):
    mine = np.zeros((64, 64), np.uint8)
    mine[:, 32:] = 1
    Image.fromarray(mine).save(copy / "regions.png")
    (copy / "regions.json").write_text(json.dumps(["mine", "yours"]))
    numbers, names = OwnPicture(drawn(), copy, **SMALL).regions()
    assert names == ["mine", "yours"] and numbers.shape == (32, 32)
    np.testing.assert_array_equal(numbers, np.repeat([[0, 1]], 32, 0).repeat(16, 1))


def test_the_middle_square_is_taken_from_any_source(tmp_path):
    pixels = np.zeros((20, 60, 3), np.uint8)
    pixels[:, 20:40, 0], pixels[:, 40:, 1] = 255, 255
    path, buffer = tmp_path / "wide.png", io.BytesIO()
    Image.fromarray(pixels).save(path)
    Image.fromarray(pixels).save(buffer, "png")
    for source in (path, str(path), buffer, buffer.getvalue()):
        square = own_picture.open_square(source, 20)
        np.testing.assert_array_equal(square.to_bytes(), pixels[:, 20:40])
    Image.fromarray(pixels.swapaxes(0, 1)).save(path)
    assert own_picture.open_square(path, 20).to_bytes()[..., 0].min() == 255


def test_images_that_cannot_be_used(tmp_path):
    (tmp_path / "no.png").write_bytes(b"no image")
    Image.new("RGB", (300, 2)).save(tmp_path / "thin.png")
    with pytest.raises(FileNotFoundError):
        OwnPicture(tmp_path / "nowhere.png", tmp_path / "own")
    with pytest.raises(PictureError, match="not an image"):
        OwnPicture(tmp_path / "no.png", tmp_path / "own")
    with pytest.raises(PictureError, match="2 pixels are too few"):
        OwnPicture(tmp_path / "thin.png", tmp_path / "own")
    assert not (tmp_path / "own").exists()


def test_suggested_properties_are_independent_and_can_be_measured(made):
    network, regions = made.network(), made.regions()
    properties = suggest_properties(network, regions, 24)
    slopes = painted(network, properties, 24).slopes(network.weights)[1]
    effects = slopes * linear_ranges(network, 24)
    assert gram_condition(effects) <= 100
    assert {one.name.split(": ")[0] for one in properties} <= set(regions[1])
    assert len({one.name for one in properties}) == len(properties) >= 6


def test_a_repeated_region_adds_no_property(made):
    """Two regions that together are all there is have one border: one area says it."""
    halves = np.zeros((24, 24), int)
    halves[at_size(*made.regions(), (24, 24)) == 1] = 1
    properties = suggest_properties(made.network(), (halves, ["one", "two"]), 24)
    assert sum(one.name.endswith("area") for one in properties) == 1


def test_properties_by_name():
    numbers = np.repeat([[0, 1, 2]], 24, axis=0).repeat(8, axis=1)
    wanted = ["b: x", "a: brightness", "b: area"]
    found = named_properties((numbers, ["a", "b", "a"]), wanted, 48)
    assert [one.name for one in found] == wanted
    stripes = np.repeat([[-0.5, 0.5, 0.1]], 48, axis=0).repeat(16, axis=1)
    # Regions of one name are one: the mean of the outer stripes, -0.2, in grey levels.
    pixels = np.stack([stripes] * 3, axis=2)
    assert found[1].value(pixels) == pytest.approx(-0.2 * 127.5)
    # A third of the picture in the middle, but for the soft border.
    assert found[0].value(pixels) == pytest.approx(0.5, abs=0.02)
    assert found[2].value(pixels) == pytest.approx(1 / 3, abs=0.02)
    with pytest.raises(ValueError, match="the regions have no 'c: area': they have a: area"):
        named_properties((numbers, ["a", "b", "a"]), ["c: area"])


def test_colours_are_those_well_inside():
    """The border of a region is painted in between, and moves: it has no part in the colour."""
    numbers = np.zeros((64, 64), int)
    numbers[16:48, 16:48] = 1
    (one,) = named_properties((numbers, ["ground", "square"]), ["square: brightness"], 64)
    pixels = np.full((64, 64, 3), 0.5)
    pixels[16:48, 16:48] = -1.0
    pixels[17:47, 17:47] = 0.2
    assert one.value(pixels) == pytest.approx(0.2 * 127.5)


def test_what_is_not_painted_is_not_suggested():
    """A network whose weights are all 0 paints one grey: colours can be measured, no border."""
    network = Network(scaled_wiring(60), np.zeros(scaled_wiring(60).n_synapses))
    halves = np.repeat([[0, 1]], 16, axis=0).repeat(8, axis=1)
    found = suggest_properties(network, (halves, ["left", "right"]), 16, limit=np.inf)
    kinds = {one.name.split(": ")[1] for one in found}
    assert kinds and kinds <= {"brightness", "warmth"}


def test_warmth_is_red_above_blue():
    (warmth,) = named_properties((np.zeros((4, 4), int), ["all"]), ["all: warmth"], 16)
    assert warmth.value(np.tile([0.4, 0.9, -0.2], (16, 16, 1))) == pytest.approx(0.3 * 127.5)


def test_regions_without_a_name_are_refused(made):
    with pytest.raises(ValueError, match="below 1, one per name"):
        suggest_properties(made.network(), (np.ones((8, 8), int), ["only"]))


@pytest.mark.parametrize(
    "wrong", [{"iterations": -1}, {"iterations": 1.5}, {"count": "a"}, {"count": 256}]
)
def test_wrong_numbers_are_refused_before_any_work(tmp_path, wrong):
    with pytest.raises(ValueError, match=re.escape(repr(next(iter(wrong.values()))))):
        own_picture.OwnPicture(samples.peacock(16), tmp_path / "folder", **wrong)
    assert not (tmp_path / "folder").exists()
