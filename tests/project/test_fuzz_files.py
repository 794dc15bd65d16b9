"""Damaged, foreign and hostile files: what is read is valid, or refused with an error of ours.

Oracle: what a damaged file gives must be usable in all its parts, or refused by a ValueError that
names the file; any other exception, any pickle opened, any memory claimed, fails.
"""

import base64
import io
import json
import random
import shutil
import struct
import subprocess
import tracemalloc
import zipfile
from pathlib import Path

import numpy as np
import pytest
from fuzzing import FACTOR, SEED, damaged, tell
from measuring.results import store
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
    open_genome,
    open_regions,
    samples,
)
from ensembles_lib._files import write_arrays
from ensembles_lib.core.network import FILE_FORMAT as NETWORK_FORMAT
from ensembles_lib.properties.regions import save_regions
from ensembles_lib.study.results import FILE_FORMAT as STUDY_FORMAT
from ensembles_lib.study.results import stored
from ensembles_lib.sweeps.atlases import FILE_FORMAT as ATLAS_FORMAT
from ensembles_lib.widgets.playground import playground_data, script

NETWORK = Network.random(layered_wiring((2, 4, 3)), seed=1)
ODD = Network(Wiring([[0, 1], [0, 2, 3]], 3, 1, ["sine", "relu"]), [1, 2, 3, 4, 5.5])


def history():
    rows = np.arange(3.0)
    return History(np.arange(3), rows + 1, rows, rows, np.ones((3, 4)), "steps")


# Of every kind of file: how one is written, how it is read, and whether what was read is usable.


def use_network(network):
    assert np.isfinite(network.weights).all() and repr(network)
    network.respond(np.full((network.wiring.n_inputs, 2), 0.5))
    json.dumps(network.provenance)


def use_atlas(found):
    assert repr(found) and found.change.shape == found.values.shape
    n_synapses = found.network.wiring.n_synapses
    assert found.spread.shape == found.linearity.shape == (n_synapses,)
    assert found.ranges.low.shape == (n_synapses,) and repr(found)
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


def evolved():
    """Return a genome as neat-python exports it; an output is heard, and each function is there."""
    names = ("tanh", "sigmoid", "softplus", "gauss", "sin", "relu")
    nodes = [
        {"id": k, "type": "output" if k < 3 else "hidden", "bias": 0.1 * k, "response": 1.5,
         "activation": {"name": name, "custom": False},
         "aggregation": {"name": "sum", "custom": False}}
        for k, name in enumerate(names)
    ]  # fmt: skip
    pairs = [(-1, 3), (-2, 4), (-1, 5), (3, 5), (4, 0), (5, 1), (3, 2), (1, 2), (-2, 1)]
    links = [{"from": a, "to": b, "weight": 0.5 + b / 4, "enabled": True} for a, b in pairs]
    about = {"input_keys": [-1, -2], "output_keys": [0, 1, 2]}
    head = {"format_version": "1.0", "network_type": "feedforward", "metadata": {}}
    return {**head, "topology": about, "nodes": nodes, "connections": links}


def write_genome(path):
    path.write_text(json.dumps(evolved()), encoding="utf-8")


def unpack_genome(path):
    with zipfile.ZipFile(samples.path("own/genome.zip")) as archive:
        path.write_bytes(archive.read(archive.namelist()[0]))


def pack_genome(path):
    shutil.copyfile(samples.path("own/genome.zip"), path)


KINDS = {
    "genome.xml": (unpack_genome, open_genome, use_network),
    "genome.zip": (pack_genome, open_genome, use_network),
    "genome.json": (write_genome, open_genome, use_network),
    "network.npz": (NETWORK.save, Network.load, use_network),
    "odd.npz": (ODD.save, Network.load, use_network),
    "atlas.npz": (atlas(NETWORK, size=4, steps=3, progress=False).save, Atlas.load, use_atlas),
    "history.npz": (history().save, History.load, use_history),
    "result.npz": (write_result, stored, use_result),
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
    tell(f"{name}, damaged", 300 * FACTOR, refused)
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
    refused = 0
    for _ in range(60 * FACTOR):
        path.write_bytes(damaged(content, rng))
        refused += not outcome(lambda path: Picture.open(path, size=5), use_picture, path)
    tell(f"picture, {kind} {mode} {options or ''}, damaged", 60 * FACTOR, refused)


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


def test_mutated_json(tmp_path):
    write, read, use = KINDS["genome.json"]
    path, refused = tmp_path / "genome.json", 0
    write(path)
    texts = [*json_texts(json.loads(path.read_text(encoding="utf-8")), 400 * FACTOR)]
    for text in texts:
        path.write_text(text, encoding="utf-8")
        refused += not outcome(read, use, path)
    tell("genome.json, mutated", len(texts), refused)
    assert refused > 100
    path.write_bytes(b"\xff\xfe{}")
    assert not outcome(read, use, path)


XML = ("", "<a/>", "&lt;", "]]>", "nan", "1e999", "-0", "x" * 500, "\0", "é", "<genome>", "\u2028")


def xml_mutated(text, rng):
    """Return XML in which one element or text is something else, missing, or somewhere else too."""
    marks = [place for place, letter in enumerate(text) if letter in '<>"']
    first = rng.randrange(len(marks) - 1)
    last = rng.randrange(first + 1, len(marks)) if rng.random() < 0.3 else first + 1
    a, b = marks[first], marks[last]
    way = rng.randrange(4)
    if way == 0:
        return text[:a] + text[b:]
    if way == 1:
        return text[:b] + text[a:]
    if way == 2:
        place = rng.choice(marks)
        return text[:place] + text[a:b] + text[place:]
    return text[: a + 1] + rng.choice(XML) + text[b:]


def test_mutated_xml(tmp_path):
    path, rng, refused = tmp_path / "genome.xml", random.Random(SEED), 0
    unpack_genome(path)
    whole = path.read_text(encoding="utf-8")
    for _ in range(300 * FACTOR):
        path.write_text(xml_mutated(whole, rng), encoding="utf-8")
        refused += not outcome(open_genome, use_network, path)
    tell("genome.xml, mutated", 300 * FACTOR, refused)
    assert 20 * FACTOR < refused < 299 * FACTOR


LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
ODD = ("%", "=", ".", "<img src=x onerror=alert(1)>", "__proto__", "\0", "💥", "a" * 5000, "#", " ")


def addresses(data, count):
    """Yield texts of an address, most of them broken somewhere."""
    rng = random.Random(SEED)
    head = data["digests"]["wiring"] + data["digests"]["weights"] + "."
    for number in range(count):
        moved = b"".join(
            struct.pack("<Hd", rng.choice([rng.randrange(27), 65535, 27]) if number % 4 == 0
                        else rng.randrange(27), rng.choice([rng.gauss(0, 9), 5e-324, 1e308])
                        if number % 5 else struct.unpack("<d", rng.randbytes(8))[0])
            for _ in range(rng.randrange(5))
        )  # fmt: skip
        text = head + base64.urlsafe_b64encode(moved).decode().rstrip("=")
        a, b = sorted(rng.randrange(len(text) + 1) for _ in range(2))
        way = rng.randrange(6)
        if way == 0:
            text = text[:a] + text[b:]
        elif way == 1:
            text = text[:a] + rng.choice(ODD) + text[a:]
        elif way == 2:
            text = text[:33] + "".join(rng.choice(LETTERS) for _ in range(rng.randrange(80)))
        elif way == 3:
            text = text[:a] + rng.choice(LETTERS) + text[a + 1 :]
        yield text


IN_PAGE = """
const given = JSON.parse(require("fs").readFileSync(0, "utf8"));
const before = JSON.stringify(given.data.start);
const found = given.texts.map((text) => {
  try {
    const weights = READ(given.data, text);
    return weights instanceof Float64Array && weights.length === given.data.start.length
      && weights.every(Number.isFinite) ? 1 : "weights that are none";
  } catch (error) {
    return error instanceof Error && error.constructor === Error
      && /^(The address|The file)[^<>]*[.]$/.test(error.message) ? 0 : String(error.stack);
  }
});
if (JSON.stringify(given.data.start) !== before) found.push("the start was changed");
console.log(JSON.stringify(found));
"""


@pytest.mark.skipif(not shutil.which("node"), reason="node is not installed")
@pytest.mark.parametrize("reader", ["decodeState", "decodeLog"])
def test_states_in_addresses_and_logs_in_pages_mutated(reader):
    """Oracle: finite weights, one for each synapse, or an Error in words without markup."""
    data = playground_data(NETWORK, size=8) | {"start": NETWORK.weights.tolist()}
    if reader == "decodeState":
        texts = [*addresses(data, 300 * FACTOR)]
    else:
        log = {"format": "ensembles_lib edits 1", **data["digests"]}
        log["edits"] = [
            {"name": "synapse 3", "weights": {"3": 0.25}},
            {"name": "a name of my own", "weights": {str(k): 0.5 * k for k in range(6)}},
        ]
        texts = [*json_texts(log, 300 * FACTOR)]
    code = script() + IN_PAGE.replace("READ", reader)
    sent = json.dumps({"data": data, "texts": texts})
    done = subprocess.run(["node", "-e", code], input=sent, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    assert set(found) <= {0, 1}, next(one for one in found if one not in (0, 1))
    tell(f"{reader} in the page, mutated", len(texts), found.count(0))
    assert found.count(0) > 50 and found.count(1) > 20


def test_mutated_evidence(tmp_path, monkeypatch):
    monkeypatch.setattr(evidence, "_made_from", lambda part, data: {"version": 1})
    numbers = {"touched": [1, 2.5], "protects": [1, 2.5], "random_gain": 0.5}
    value = {"provenance": {"version": 1}, "evidence": {"lines": numbers}}
    path, refused = tmp_path / "study" / "evidence" / "shared.json", 0
    opening = evidence.gathered("shared").open
    path.parent.mkdir(parents=True)
    for text in json_texts(value, 300 * FACTOR):
        path.write_text(text, encoding="utf-8")
        refused += not outcome(lambda _: opening(tmp_path), use_evidence, path)
    assert refused > 30


def test_regions_damaged_and_mutated(tmp_path):
    numbers = np.random.default_rng(0).integers(0, 3, (6, 5)).astype(np.uint8)
    path, names = tmp_path / "regions.png", tmp_path / "regions.json"
    save_regions(path, (numbers, ["sky", "wing", "tail"]))
    coloured, saved = path.read_bytes(), json.loads(names.read_text())
    Image.fromarray(numbers).save(path)
    whole, rng, refused = path.read_bytes(), np.random.default_rng(SEED), 0

    def read(path):
        return open_regions(path, size=4)

    names.write_text('["sky", "wing", "tail"]')
    for number in range(200 * FACTOR):
        path.write_bytes(damaged((whole, coloured)[number % 2], rng))
        refused += not outcome(read, use_regions, path)
    path.write_bytes(whole)
    texts = [*json_texts(["sky", "wing", "tail 1"], 100 * FACTOR)]
    texts += json_texts(saved, 100 * FACTOR)
    for number, text in enumerate(texts):
        path.write_bytes((whole, coloured)[number % 2])
        names.write_text(text, encoding="utf-8")
        refused += not outcome(read, use_regions, path)
    tell("regions, damaged and mutated", 200 * FACTOR + len(texts), refused)
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
    tell(f"{name}, forged", 250 * FACTOR, refused)
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
