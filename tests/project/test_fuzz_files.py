"""Damaged, foreign and hostile files: what is read is valid, or refused with an error of ours.

Oracle: what a damaged file gives must be usable in all its parts, or refused by a ValueError that
names the file; any other exception, any pickle opened, any memory claimed, fails.
"""

import io
import json
import random
import tracemalloc
import zipfile
from pathlib import Path

import numpy as np
import pytest
from fuzzing import FACTOR, SEED, damaged
from PIL import Image

import ensembles_lib.study.evidence as evidence
from ensembles_lib import (
    Atlas,
    History,
    Network,
    Picture,
    Wiring,
    atlas,
    layered_wiring,
    open_regions,
)
from ensembles_lib._files import write_arrays
from ensembles_lib.core.network import FILE_FORMAT as NETWORK_FORMAT
from ensembles_lib.study.results import FILE_FORMAT as STUDY_FORMAT
from ensembles_lib.study.results import store, stored
from ensembles_lib.sweeps.atlases import FILE_FORMAT as ATLAS_FORMAT
from ensembles_lib.widgets.edits import Edits

NETWORK = Network.random(layered_wiring((2, 4, 3)), seed=1)
ODD = Network(Wiring([[0, 1], [0, 2, 3]], 3, 1, ["sine", "relu"]), [1, 2, 3, 4, 5.5])


def history():
    rows = np.arange(3.0)
    return History(np.arange(3), rows + 1, rows, rows, np.ones((3, 4)), "steps")


def edits():
    log = Edits(NETWORK)
    log.apply("synapse 3", {3: 0.25})
    log.apply("a name of my own", {k: 0.5 * k for k in range(6)})
    return log


# Of every kind of file: how one is written, how it is read, and whether what was read is usable.


def use_network(network):
    assert np.isfinite(network.weights).all() and repr(network)
    network.respond(np.full((network.wiring.n_inputs, 2), 0.5))
    json.dumps(network.provenance)


def use_atlas(found):
    assert repr(found) and found.change.shape == found.values.shape
    n_synapses = found.network.wiring.n_synapses
    assert found.spread.shape == found.linearity.shape == (n_synapses,)
    assert found.ranges.low.shape == (n_synapses,) and found.is_complete in (True, False)
    found.signed_map(n_synapses - 1)
    if found.error is not None:
        assert found.rmse.shape == found.change.shape


def use_history(found):
    assert repr(found)


def use_result(found):
    values, about, damage = found
    assert isinstance(damage, str) and not (damage and (values or about))
    for trait in values:
        assert isinstance(values[trait], dict) and isinstance(about.get(trait, {}), dict)


def use_picture(found):
    assert np.abs(found.pixels).max() <= 1 and repr(found)


def use_regions(found):
    numbers, names = found
    assert numbers.ndim == 2 and all(isinstance(names[n], str) for n in np.unique(numbers))


def use_evidence(found):
    assert isinstance(found, dict)


def write_result(path):
    store(path, "size", {"count": 3, "maps": np.ones((2, 3)), "word": "b"}, {"version": 1})


KINDS = {
    "network.npz": (NETWORK.save, Network.load, use_network),
    "odd.npz": (ODD.save, Network.load, use_network),
    "atlas.npz": (atlas(NETWORK, size=4, steps=3, progress=False).save, Atlas.load, use_atlas),
    "history.npz": (history().save, History.load, use_history),
    "result.npz": (write_result, stored, use_result),
    "edits.json": (edits().save, lambda path: Edits.load(path, NETWORK), repr),
}


def outcome(read, use, path):
    """Return True if a file is read and of use, False if it is refused by an error of ours.

    All of ours are ValueErrors that name the file.
    """
    try:
        found = read(path)
    except ValueError as error:
        assert str(path.parent) in str(error), f"{error!r} does not name the file"
        return False
    use(found)
    return True


@pytest.mark.parametrize("name", KINDS)
def test_random_damage(name, tmp_path):
    write, read, use = KINDS[name]
    path, rng = tmp_path / name, np.random.default_rng(SEED)
    write(path)
    content, refused = path.read_bytes(), 0
    assert outcome(read, use, path)
    for _ in range(300 * FACTOR):
        path.write_bytes(damaged(content, rng))
        refused += not outcome(read, use, path)
    assert refused > 0 or name == "result.npz"  # which tells its damage instead


FORMATS = [
    ("PNG", "RGB", {}),
    ("PNG", "P", {}),
    ("PNG", "I;16", {}),
    ("JPEG", "RGB", {}),
    ("JPEG", "RGB", {"progressive": True}),
    ("GIF", "P", {}),
    ("BMP", "RGB", {}),
    ("TIFF", "RGB", {}),
    ("TIFF", "RGB", {"compression": "tiff_lzw"}),
    ("TIFF", "F", {}),
    ("WEBP", "RGB", {}),
    ("WEBP", "RGB", {"lossless": True}),
    ("TGA", "RGBA", {}),
    ("PPM", "L", {}),
]


@pytest.mark.filterwarnings("ignore")  # Pillow warns of odd metadata and large images
@pytest.mark.parametrize("kind, mode, options", FORMATS)
def test_damaged_images(kind, mode, options, tmp_path, capfd):
    rng, path = np.random.default_rng(SEED), tmp_path / "image"
    noise = rng.integers(0, 256, (9, 12, 3), np.uint8)
    image = Image.fromarray(noise)
    grey = {"I;16": np.uint16, "F": np.float32}.get(mode)
    image = Image.fromarray(noise[..., 0].astype(grey)) if grey else image.convert(mode)
    buffer = io.BytesIO()
    image.save(buffer, kind, **options)
    content = buffer.getvalue()
    path.write_bytes(content)
    assert outcome(Picture.open, use_picture, path)
    for _ in range(60 * FACTOR):
        path.write_bytes(damaged(content, rng))
        outcome(lambda path: Picture.open(path, size=5), use_picture, path)


WEIRD = (None, True, -1, 0, 3.5, 10**400, 10**12, "", "x" * 50, "O", [], {}, [[1]], {"a": 1})


def mutated(value, rng):
    """Return a JSON value in which one node is something else, missing, or there twice."""
    if isinstance(value, dict) and value and rng.random() < 0.85:
        key = rng.choice(list(value))
        if rng.random() < 0.1:
            return {k: v for k, v in value.items() if k != key}
        return {**value, key: mutated(value[key], rng)}
    if isinstance(value, list) and value and rng.random() < 0.85:
        place = rng.randrange(len(value))
        kept = value[:place] + value[place + 1 :]
        chance = rng.random()
        middle = [] if chance < 0.1 else [mutated(value[place], rng)]
        return kept[:place] + middle * (2 if chance > 0.9 else 1) + kept[place:]
    return rng.choice(WEIRD)


def json_texts(value, count):
    """Yield texts that are a mutation of a value, or no JSON at all."""
    rng = random.Random(SEED)
    whole = json.dumps(value)
    yield from ("", "NaN", "nul", "[" * 100_000, '{"a":' * 100_000, "\ufeff" + whole, whole + whole)
    yield whole.replace("1", "NaN", 1)
    yield whole.replace("1", "-Infinity", 1)
    yield whole.replace("1", "1e999", 1)
    yield whole.replace("1", "1" * 5000, 1)
    for depth in range(50, 1000, 50):
        yield whole.replace("1", "[" * depth + "]" * depth, 1)
        yield whole.replace(json.dumps("a name of my own"), "[" * depth + "]" * depth, 1)
    for _ in range(count):
        yield json.dumps(mutated(value, rng))


def test_mutated_logs_of_edits(tmp_path):
    path, refused = tmp_path / "edits.json", 0
    for text in json_texts(json.loads(edits().to_json()), 400 * FACTOR):
        path.write_text(text, encoding="utf-8")
        refused += not outcome(lambda path: Edits.load(path, NETWORK), repr, path)
    assert refused > 100
    path.write_bytes(b"\xff\xfe{}")
    assert not outcome(lambda path: Edits.load(path, NETWORK), repr, path)


def test_mutated_evidence(tmp_path, monkeypatch):
    monkeypatch.setattr(evidence, "made_from", lambda part, data: {"version": 1})
    numbers = {"touched": [1, 2.5], "protects": [1, 2.5], "random_gain": 0.5}
    value = {"provenance": {"version": 1}, "evidence": {"lines": numbers}}
    path, refused = tmp_path / "study" / "evidence" / "shared.json", 0
    path.parent.mkdir(parents=True)
    for text in json_texts(value, 300 * FACTOR):
        path.write_text(text, encoding="utf-8")
        refused += not outcome(
            lambda _: evidence.open_gathered("shared", tmp_path), use_evidence, path
        )
    assert refused > 30


def test_regions_damaged_and_mutated(tmp_path):
    numbers = np.random.default_rng(0).integers(0, 3, (6, 5)).astype(np.uint8)
    path, names = tmp_path / "regions.png", tmp_path / "regions.json"
    Image.fromarray(numbers).save(path)
    whole, rng, refused = path.read_bytes(), np.random.default_rng(SEED), 0

    def read(path):
        return open_regions(path, size=4)

    names.write_text('["sky", "wing", "tail"]')
    for _ in range(200 * FACTOR):
        path.write_bytes(damaged(whole, rng))
        refused += not outcome(read, use_regions, path)
    path.write_bytes(whole)
    for text in json_texts(["sky", "wing", "tail 1"], 100 * FACTOR):
        names.write_text(text, encoding="utf-8")
        refused += not outcome(read, use_regions, path)
    names.write_bytes(b"\xff\xfe")
    refused += not outcome(read, use_regions, path)
    assert refused > 100


# Files that were made to do harm: the digest is right, the content is not.


def fields_of(path):
    with np.load(path, allow_pickle=False) as file:
        return {name: file[name] for name in file.files if name not in ("format", "digest")}


def forged(fields, rng):
    """Return the fields with one of them wrong: missing, of another type, shape or content."""
    fields, name = dict(fields), rng.choice(sorted(fields))
    array, way = fields[name], rng.randrange(9)
    if array.dtype.kind == "U":
        if array.ndim == 0:
            fields[name] = np.array(json.dumps(mutated(json.loads(str(array)), rng)))
        else:
            fields[name] = np.where(np.arange(len(array)) == way % len(array), "odd", array)
        return fields
    if array.dtype == np.uint8 and way < 7:
        text = json.dumps(mutated(json.loads(array.tobytes()), rng))
        fields[name] = np.frombuffer(text.encode(), np.uint8)
    elif way == 0:
        del fields[name]
    elif way == 1:
        fields[name] = array[:-1]
    elif way == 2:
        fields[name] = array[None]
    elif way == 3:
        fields[name] = array.astype(rng.choice(["c16", "U7", "M8[s]", "?", "i1", "S3"]))
    elif way == 4:
        fields[name] = np.array(rng.choice([0, -1, 10**9, np.nan, "text"]))
    elif way == 5:
        fields[name] = np.zeros((0, 3))
    elif way == 6 and array.dtype.kind == "f":
        fields[name] = np.full_like(array, rng.choice([np.nan, np.inf, 1e308]))
    elif way == 7:
        fields[name] = array - array.dtype.type(7)
    else:
        fields[name] = np.concatenate([array, array])
    return fields


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize(
    "name, form",
    [
        ("network.npz", NETWORK_FORMAT),
        ("odd.npz", NETWORK_FORMAT),
        ("atlas.npz", ATLAS_FORMAT),
        ("result.npz", STUDY_FORMAT),
    ],
)
def test_forged_fields_with_a_right_digest(name, form, tmp_path):
    write, read, use = KINDS[name]
    path, rng, refused = tmp_path / name, random.Random(SEED), 0
    write(path)
    fields = fields_of(path)
    for _ in range(250 * FACTOR):
        write_arrays(path, form, forged(fields, rng))
        refused += not outcome(read, use, path)
    assert refused > 50 or name == "result.npz"


class Harmful:
    """Opened as a pickle, it makes a file."""

    def __init__(self, path):
        self.path = path

    def __reduce__(self):
        return Path.touch, (self.path,)


@pytest.mark.parametrize("name", [name for name in KINDS if name.endswith(".npz")])
def test_a_pickle_is_never_opened(name, tmp_path):
    write, read, use = KINDS[name]
    path, opened = tmp_path / name, tmp_path / "opened"
    write(path)
    with np.load(path) as file:
        fields = {key: file[key] for key in file.files}
    bad = np.array([Harmful(opened)], object)
    contents = [{**fields, key: bad} for key in fields] + [{**fields, "more": bad}]
    for content in contents:
        np.savez(path, **content)
        assert not outcome(read, use, path) or "more" in content or name == "result.npz"
    np.save(tmp_path / "bare.npy", bad)
    (tmp_path / "bare.npy").rename(path)
    assert not outcome(read, use, path) or name == "result.npz"
    bad.dump(path)
    assert not outcome(read, use, path) or name == "result.npz"
    assert not opened.exists()
    np.load(path, allow_pickle=True)  # the trap works
    assert opened.exists()


def announcing(header, content=b""):
    """Return a .npy file of some bytes whose header announces another shape or type."""
    text = header.encode() + b"\n"
    return b"\x93NUMPY\x01\x00" + len(text).to_bytes(2, "little") + text + content


HEADERS = [
    "{'descr': '<f8', 'fortran_order': False, 'shape': (1000000000000,), }",
    "{'descr': '<f8', 'fortran_order': False, 'shape': (1000000000,), }",
    "{'descr': '<f8', 'fortran_order': False, 'shape': (30000, 30000), }",
    "{'descr': '<U900000000', 'fortran_order': False, 'shape': (), }",
    "{'descr': '|V2000000000', 'fortran_order': False, 'shape': (), }",
    "{'descr': '<f8', 'fortran_order': False, 'shape': (-1,), }",
    "{'descr': '<f8', 'fortran_order': False, 'shape': (99999999999999999999999,), }",
    "{'descr': '<f8', 'fortran_order': False, 'shape': (" + "1, " * 99 + "), }",
    "{'descr': [('a', '<f8')] , 'fortran_order': 3, 'shape': 'x', }",
    "{" * 300,
    "__import__('os').abort()",
]


@pytest.mark.parametrize("name", [name for name in KINDS if name.endswith(".npz")])
@pytest.mark.parametrize("header", HEADERS)
def test_what_a_header_announces_is_not_believed(name, header, tmp_path):
    write, read, use = KINDS[name]
    path = tmp_path / name
    write(path)
    with zipfile.ZipFile(path) as archive:
        members = {entry.filename: archive.read(entry) for entry in archive.infolist()}
    for member in members:
        with zipfile.ZipFile(path, "w") as archive:
            for key, content in members.items():
                archive.writestr(key, announcing(header, b"12345678") if key == member else content)
        tracemalloc.start()
        try:
            assert not outcome(read, use, path) or name == "result.npz"
            assert tracemalloc.get_traced_memory()[1] < 1 << 26
        finally:
            tracemalloc.stop()


@pytest.mark.parametrize("name", [name for name in KINDS if name.endswith(".npz")])
def test_foreign_and_odd_archives(name, tmp_path):
    write, read, use = KINDS[name]
    path, told = tmp_path / name, name == "result.npz"
    write(path)
    with zipfile.ZipFile(path) as archive:
        members = {entry.filename: archive.read(entry) for entry in archive.infolist()}

    def packed(members, **options):
        with zipfile.ZipFile(path, "w", **options) as archive:
            for key, content in members.items():
                archive.writestr(key, content)
        return outcome(read, use, path)

    assert packed(members)  # as it was
    for method in (zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA):
        packed(members, compression=method)
    assert not packed({}) or told
    assert not packed({"../../a.txt": b"", "xl/workbook.xml": b"<x/>"}) or told
    for key in members:
        assert not packed({**members, key: b""}) or told
        assert not packed({**members, key: b"no numpy"}) or told
        packed({**members, key[:-4]: b"a second member of that name"})
    packed({**members, "readme.txt": b"hello"})
    packed({**members, "folder/": b""})
