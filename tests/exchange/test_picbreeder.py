"""Genomes of our own making, read as networks; and what is no genome."""

import colorsys
import math
import random
import zipfile

import numpy as np
import pytest

import ensembles_lib.exchange.picbreeder as picbreeder
from ensembles_lib import FileFormatError, atlas, open_genome

NODES = [  # label, branch, number, activation
    ("bias", 1, 0, "identity"),
    ("d", 1, 1, "identity"),
    ("x", 1, 2, "identity"),
    ("y", 1, 3, "identity"),
    ("hue", 1, 4, "sin"),
    ("saturation", 1, 5, "sigmoid"),
    ("brightness", 1, 6, "gaussian"),
    (None, 2, 4, "cos"),  # the same number on another branch is another node
    (None, 2, 8, "gaussian"),
    (None, 2, 9, "tanh"),  # no output depends on this one
]
LINKS = [  # source, target, weight
    ((1, 2), (2, 4), 2.5),
    ((1, 3), (2, 4), -0.7),
    ((1, 1), (2, 8), 1.9),
    ((2, 4), (2, 8), 0.6),
    ((1, 0), (1, 4), 0.3),
    ((2, 8), (1, 4), 0.5),
    ((1, 6), (1, 5), 1.2),  # an output that listens to another
    ((1, 0), (1, 5), 0.8),
    ((2, 4), (1, 6), 0.9),
    ((1, 3), (1, 6), 0.4),
    ((1, 2), (2, 9), 1.0),
]


def xml(nodes=NODES, links=LINKS, before="", after=""):
    """Return a genome as text."""
    parts = ['<?xml version="1.0"?>', before, '<data><genome age="3"><nodes>']
    for label, branch, number, activation in nodes:
        kind = f'label="{label}" type="in"' if label else 'type="hidden"'
        parts.append(f'<node {kind}><marking branch="{branch}" id="{number}"/>')
        parts.append(f"<activation>{activation}(x)</activation></node>")
    parts.append("</nodes><links>")
    for (branch, number), (to_branch, to), weight in links:
        parts.append(f'<link><marking branch="9" id="9"/><source branch="{branch}" id="{number}"/>')
        parts.append(f'<target branch="{to_branch}" id="{to}"/><weight>{weight}</weight></link>')
    return "".join([*parts, "</links></genome></data>", after])


def zipped(path, *texts):
    with zipfile.ZipFile(path, "w") as archive:
        for number, text in enumerate(texts):
            archive.writestr(f"genome{number}", text)
    return path


def colour_at(x, down, nodes=NODES, links=LINKS):
    """Return red, green, blue at a point, node by node as the genome says; y grows downwards."""
    formulas = {
        "identity": lambda v: v,
        "sin": math.sin,
        "cos": math.cos,
        "tanh": math.tanh,
        "gaussian": lambda v: 2 * math.exp(-v * v) - 1,
        "sigmoid": lambda v: 2 / (1 + math.exp(-v)) - 1,
        "ugaussian": lambda v: math.exp(-v * v),
        "usigmoid": lambda v: 1 / (1 + math.exp(-v)),
    }
    known = {"x": x, "y": down, "d": 1.4 * math.hypot(x, down), "bias": 1.0}

    def value(key):
        label, _, _, activation = next(n for n in nodes if n[1:3] == key)
        if label in known:
            return known[label]
        return formulas[activation](sum(w * value(s) for s, t, w in links if t == key))

    hue, saturation, brightness = (
        next((value(n[1:3]) for n in nodes if n[0] in names), 0.0)
        for names in (("hue",), ("saturation",), ("brightness", "ink"))
    )
    rgb = colorsys.hsv_to_rgb(hue % 1, min(max(saturation, 0), 1), min(abs(brightness), 1))
    return [2 * one - 1 for one in rgb]


def check_picture(network, **genome):
    pixels = network.paint((5, 8)).pixels
    for row in range(5):
        for column in range(8):
            x, down = (column + 0.5) / 4 - 1, (row + 0.5) / 2.5 - 1
            np.testing.assert_allclose(
                pixels[row, column], colour_at(x, down, **genome), atol=1e-12
            )


def test_a_genome_paints_what_its_nodes_compute(tmp_path):
    """Oracle: every point computed node by node with the math module and colorsys."""
    network = open_genome(zipped(tmp_path / "genome.zip", xml()))
    check_picture(network)
    assert np.ptp(network.paint(16).pixels, axis=(0, 1)).min() > 0.1  # not a flat picture
    names = network.provenance["nodes"]
    assert "2_9" not in names and names[-1] == "copy of_brightness"
    # Two hidden, the three outputs, and a copy of the one that another listens to.
    assert (network.wiring.n_neurons, network.wiring.n_synapses) == (6, 11)


def test_plain_xml_and_any_order_of_the_nodes_will_do(tmp_path):
    mixed = random.Random(1).sample(NODES, len(NODES))
    (tmp_path / "genome.xml").write_text(xml(mixed))
    check_picture(open_genome(tmp_path / "genome.xml"))


def test_functions_that_go_from_0_to_1(tmp_path):
    """Oracle: every point computed node by node; the editor CPPN-X offers these, too."""
    nodes = [(*n[:3], "usigmoid" if n[:3] == ("saturation", 1, 5) else n[3]) for n in NODES]
    nodes = [(*n[:3], "ugaussian" if n[:3] == (None, 2, 8) else n[3]) for n in nodes]
    (tmp_path / "upper.xml").write_text(xml(nodes))
    check_picture(open_genome(tmp_path / "upper.xml"), nodes=nodes)


def test_a_grey_genome_has_no_colour(tmp_path):
    nodes = [n for n in NODES if n[0] not in ("hue", "saturation")]
    nodes = [("ink", *n[1:]) if n[0] == "brightness" else n for n in nodes]
    links = [link for link in LINKS if link[1] not in ((1, 4), (1, 5))]
    (tmp_path / "grey.xml").write_text(xml(nodes, links))
    network = open_genome(tmp_path / "grey.xml")
    check_picture(network, nodes=nodes, links=links)
    pixels = network.paint(8).pixels
    assert (pixels == pixels[..., :1]).all()
    hue = network.wiring.outputs[0]  # a synapse of the bias, which can be moved
    assert network.wiring.sources_of(hue).tolist() == [3]
    assert network.weights[network.wiring.synapses_of(hue)[0]] == 0


@pytest.mark.parametrize("output", [(1, 4), (1, 5), (1, 6)])
def test_what_only_one_output_depends_on_is_painted(tmp_path, output):
    """Oracle: every point computed node by node, with a node for one output alone."""
    nodes = [*NODES, (None, 3, 1, "sin")]
    links = [*LINKS, ((1, 2), (3, 1), 1.3), ((1, 3), (3, 1), 0.6), ((3, 1), output, 0.7)]
    (tmp_path / "apart.xml").write_text(xml(nodes, links))
    network = open_genome(tmp_path / "apart.xml")
    check_picture(network, nodes=nodes, links=links)
    assert "3_1" in network.provenance["nodes"]


def test_the_numbers_of_neurons_follow_the_outputs(tmp_path):
    """Oracle: by hand: what hue needs comes first, then what saturation, then what brightness does.

    Numbers of synapses are what is cited: another order would be another numbering.
    """
    needs = [((3, 1), (1, 4)), ((3, 2), (1, 5)), ((3, 3), (1, 6)), ((3, 4), (3, 2))]
    nodes = [*NODES[:7], *((None, 3, number, "sin") for number in (4, 3, 2, 1))]
    links = [(source, target, 0.5) for source, target in needs]
    links += [((1, 2), (3, number), 1.0) for number in (1, 3, 4)]
    (tmp_path / "ordered.xml").write_text(xml(nodes, links))
    named = open_genome(tmp_path / "ordered.xml").provenance["nodes"]
    assert named == ["3_1", "3_4", "3_2", "3_3", "1_4", "1_5", "1_6"]


def test_a_loop_is_named_and_nothing_beside_it(tmp_path):
    """Oracle: a planted loop of three; its first node also listens to one outside, first."""
    nodes = [*NODES[:7], *((None, 3, number, "sin") for number in range(1, 6))]
    links = [((3, 4), (1, 4), 1.0), ((3, 5), (3, 1), 1.0), ((1, 2), (3, 5), 1.0)]
    links += [((3, 1), (3, 4), 1.0), ((3, 2), (3, 1), 1.0), ((3, 3), (3, 2), 1.0)]
    (tmp_path / "loop.xml").write_text(xml(nodes, [*links, ((3, 1), (3, 3), 1.0)]))
    with pytest.raises(FileFormatError, match="in a loop: 3_1 to 3_2 to 3_3 and back$"):
        open_genome(tmp_path / "loop.xml")


@pytest.mark.parametrize("packed", [False, True])
def test_how_large_a_genome_may_be(tmp_path, monkeypatch, packed):
    """Oracle: a limit of exactly its bytes, and of one byte less."""
    path, text = tmp_path / "large", xml()
    if packed:
        zipped(path, text)
    else:
        path.write_text(text)
    monkeypatch.setattr(picbreeder, "MAX_BYTES", len(text))
    assert open_genome(path).wiring.n_outputs == 3
    monkeypatch.setattr(picbreeder, "MAX_BYTES", len(text) - 1)
    with pytest.raises(FileFormatError, match=f"large .*more than {len(text) - 1:,} bytes"):
        open_genome(path)


def test_links_between_the_same_nodes_add_up(tmp_path):
    links = [*LINKS, ((1, 2), (2, 4), -1.1)]
    (tmp_path / "twice.xml").write_text(xml(links=links))
    check_picture(open_genome(tmp_path / "twice.xml"), links=links)


def test_the_pipeline_runs_on_a_genome(tmp_path):
    network = open_genome(zipped(tmp_path / "genome.zip", xml()))
    found = atlas(network, size=16, steps=5, progress=False)
    assert "complete" in repr(found)
    ends = found.change[np.isfinite(found.ranges.half)][:, [0, -1]]
    np.testing.assert_allclose(ends, 0.05, atol=2e-3)


LOOP = [*LINKS, ((2, 8), (2, 4), 1.0)]


@pytest.mark.parametrize(
    "text, says",
    [
        (xml()[:-40], "not a genome in XML"),
        ("", "not a genome in XML"),
        ("<data/>", "no element <genome>"),
        (xml(nodes=NODES[1:]), "no node labelled bias"),
        (xml([n for n in NODES if n[0] != "brightness"]), "no node labelled brightness"),
        (xml([*NODES, (None, 3, 3, "step")]), r"activation function 'step\(x\)': known are ident"),
        (xml(links=[*LINKS, ((7, 7), (2, 4), 1.0)]), "link from 7_7 to 2_4 cannot be"),
        (
            xml().replace("<node type", '<node bias="0.5" type'),
            "has the bias 0.5, which no program",
        ),
        (xml().replace('<source branch="1" id="2"/>', ""), r"lacks a number \(id\)"),
        (xml().replace('<marking branch="2" id="9"/>', '<marking branch="2"/>'), "lacks a number"),
        (xml(links=[*LINKS, ((2, 4), (1, 2), 1.0)]), "link from 2_4 to 1_2 cannot be"),
        (xml(links=[*LINKS, ((1, 2), (2, 4), "nan")]), "weight 'nan'"),
        (xml(links=[*LINKS, ((1, 2), (2, 4), "")]), "weight"),
        (xml(links=LOOP), "in a loop: 2_4 to 2_8 and back|in a loop: 2_8 to 2_4 and back"),
        (xml(before='<!DOCTYPE d [<!ENTITY a "b">]>'), "declares entities"),
    ],
)
def test_what_is_no_genome_is_said(tmp_path, text, says):
    path = tmp_path / "wrong.xml"
    path.write_text(text)
    with pytest.raises(FileFormatError, match=says) as caught:
        open_genome(path)
    assert "wrong.xml" in str(caught.value)


HEADER = '<?xml version="1.0" encoding="{}"?>\n'
BODY = xml().removeprefix('<?xml version="1.0"?>')


def noted(text):
    """Return a genome with a note."""
    return BODY.replace('<genome age="3">', f"<genome><text>{text}</text>")


@pytest.mark.parametrize(
    "data",
    [
        xml(before='<editor version="1.2"/>').encode(),
        xml(after="<history><step/></history>").encode(),
        xml(before="<editor/>" + HEADER.format("UTF-8")).encode(),
        b"\r\n  " + xml().encode(),
        xml().encode("utf-8-sig"),
        (HEADER.format("utf-16") + BODY).encode("utf-16"),
        "\ufeff".encode("utf-16-be") + (HEADER.format("utf-16") + BODY).encode("utf-16-be"),
        (HEADER.format("utf-16") + BODY).encode(),  # what it says of itself is not so
        ("\n" + HEADER.format("iso-8859-1") + noted("é")).encode("latin-1"),
        noted("beak & tail &#38; &lt;claw&gt; &amp;").encode(),
        "".join(xml().split("<data>")).replace("</data>", "").encode(),  # <genome> alone
        xml().replace("<data>", '<data xmlns="https://picbreeder.example/genome">').encode(),
        xml()
        .replace("<", "<g:")
        .replace("<g:/", "</g:")
        .replace("<g:?", "<?")
        .replace("<g:data>", '<g:data xmlns:g="bred">')
        .encode(),
        xml().encode() + b"\0" * 9,
        xml().replace('label="x"', 'label="X"').replace('"hue"', '"Hue"').encode(),
        xml().replace("<node type", '<node affinity="grey" bias="0.0" label="" type').encode(),
        xml(before="<!-- bred & kept -->").replace("(x)<", "<").encode(),
    ],
)
@pytest.mark.parametrize("packed", [False, True])
def test_what_programs_write_beside_xml_is_read(tmp_path, data, packed):
    """Oracle: the picture of the plain file, node by node."""
    path = tmp_path / "genome"
    if packed:
        with zipfile.ZipFile(path, "w") as archive:
            archive.writestr("a", data)
    else:
        path.write_bytes(data)
    check_picture(open_genome(path))


LITTER = ("__MACOSX/._a", "__MACOSX/bred/Icon", "._a", ".DS_Store", "bred/.DS_Store", "Thumbs.db")


@pytest.mark.parametrize("name", ["a", "bred/a", "bred/over/genome.xml", ".../a"])
def test_what_file_managers_put_into_archives_is_passed_over(tmp_path, name):
    with zipfile.ZipFile(tmp_path / "genome.zip", "w") as archive:
        archive.writestr("bred/", "")
        for other in LITTER[:3]:
            archive.writestr(other, b"\0\5\x16\7")
        archive.writestr(name, xml())
        for other in (*LITTER[3:], "bred/desktop.ini"):
            archive.writestr(other, b"\0")
    check_picture(open_genome(tmp_path / "genome.zip"))


def test_the_xml_in_an_archive_is_the_genome(tmp_path):
    with zipfile.ZipFile(tmp_path / "genome.zip", "w") as archive:
        archive.writestr("bred/picture.png", b"\x89PNG")
        archive.writestr("bred/Genome.XML", xml())
        archive.writestr("README", "a genome")
    check_picture(open_genome(tmp_path / "genome.zip"))
    with zipfile.ZipFile(tmp_path / "litter.zip", "w") as archive:
        archive.writestr("__MACOSX/._a", xml())
    with pytest.raises(FileFormatError, match="litter.zip .*holds 0 files, not 1"):
        open_genome(tmp_path / "litter.zip")


ENTITIES = '<!DOCTYPE d [<!ENTITY a "b">]>'


@pytest.mark.parametrize(
    "data, says",
    [
        ((HEADER.format("utf-16") + ENTITIES + BODY).encode("utf-16"), "declares entities"),
        (xml(before="<editor/>" + ENTITIES).encode(), "declares entities"),
        (xml(before='<!DOCTYPE d SYSTEM "d.dtd">').encode(), "declares entities"),
        (xml(before="<editor/>", after=BODY).encode(), "it has 2 elements <genome>, not 1"),
        (xml().replace("cos(x)", "step(x)").encode(), r"function 'step\(x\)': known are .*cos"),
        (HEADER.format("klingon").encode() + BODY.encode(), "encoding"),
        (noted("é").encode("latin-1"), "not well-formed"),
        (noted("a < b").encode(), "not well-formed"),
        (noted("&nbsp;&a;").encode(), None),
        (b"<?xml " * (1 << 18) + b">", "unclosed token"),
    ],
)
def test_what_is_read_leniently_stays_safe(tmp_path, data, says):
    """Names of entities are text; what cannot be known (encodings, one of two genomes) is asked."""
    path = tmp_path / "genome.xml"
    path.write_bytes(data)
    if says is None:
        check_picture(open_genome(path))
    else:
        with pytest.raises(FileFormatError, match=f"genome.xml .*{says}"):
            open_genome(path)


def test_archives_of_several_files_and_bombs_are_refused(tmp_path):
    with pytest.raises(FileFormatError, match="holds 2 files"):
        open_genome(zipped(tmp_path / "two.zip", xml(), xml()))
    with zipfile.ZipFile(tmp_path / "bomb.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a", b" " * (1 << 25))
    with pytest.raises(FileFormatError, match="more than 16,777,216 bytes"):
        open_genome(tmp_path / "bomb.zip")
    with pytest.raises(FileNotFoundError):
        open_genome(tmp_path / "nothing.zip")


def test_damaged_genomes_give_a_network_or_a_clear_error(tmp_path):
    """Bytes changed at random, in the text and in the archive: nothing else may happen."""
    rng, path = random.Random(0), tmp_path / "damaged"
    whole = {"xml": xml().encode(), "zip": zipped(tmp_path / "g.zip", xml()).read_bytes()}
    read = 0
    for data in whole.values():
        for number in range(150):
            damaged = bytearray(data)
            damaged[rng.randrange(len(damaged))] = rng.randrange(256)
            if number % 3 == 0:
                del damaged[rng.randrange(len(damaged)) :]
            path.write_bytes(damaged)
            try:
                read += bool(np.isfinite(open_genome(path).weights).all())
            except FileFormatError as error:
                assert "damaged" in str(error)
    assert 2 < read < 290  # some damage is harmless, most is not
