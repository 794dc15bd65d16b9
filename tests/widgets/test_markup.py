"""Nothing typed, uploaded or loaded is shown as HTML: names with markup in them, everywhere.

Oracle: the standard library's HTML parser; no element and no attribute comes from a name, and the
name can be read in full.
"""

import html
import json
import re
import zipfile
from html.parser import HTMLParser

import ipywidgets
import numpy as np
import pytest
from PIL import Image

from ensembles_lib import (
    Network,
    article_wiring,
    colour_property,
    open_genome,
    open_regions,
    samples,
)
from ensembles_lib.study.verdict_tables import Verdict, VerdictTable
from ensembles_lib.widgets import (
    PictureUpload,
    WeightEditor,
    playground_html,
)
from ensembles_lib.widgets.edits import Edits

SIZE = 16
NETWORK = Network.random(article_wiring("strict"), seed=3)
MARK = "<u id=x>'\"&amp;<img src=y onerror=hurt()><script>hurt()</script>"
LEFT = np.tile(np.arange(SIZE) < SIZE // 2, (SIZE, 1))
PROPERTIES = [
    colour_property(LEFT, (1, 0.5, 0.2), MARK),
    colour_property(~LEFT, (0.3, 1, 0.4), f"second {MARK}"),
]


class Elements(HTMLParser):
    """What a text is made of, as a browser reads it."""

    def __init__(self, text):
        super().__init__()
        self.found, self.attributes, self.text = set(), [], ""
        self.feed(text)
        self.close()

    def handle_starttag(self, tag, attributes):
        self.found.add(tag)
        self.attributes += [name for name, _ in attributes]
        self.text += "".join(value or "" for name, value in attributes if name == "title")

    def handle_data(self, data):
        self.text += data


def everything(widget):
    inside = [child for part in getattr(widget, "children", ()) for child in everything(part)]
    return [widget, *inside]


def check_widget(root):
    """Check all HTML in a widget, and return what can be read in it."""
    read = []
    for widget in everything(root):
        assert not getattr(widget, "description_allow_html", False)
        if isinstance(widget, ipywidgets.HTML | ipywidgets.HTMLMath):
            found = Elements(widget.value)
            assert not found.found & {"u", "img", "script"}, widget.value
            assert "onerror" not in found.attributes
            read.append(found.text)
    return "\n".join(read)


@pytest.fixture
def labelled(tmp_path):
    """Regions whose names have markup in them, from a file."""
    numbers = np.array([[0, 1]] * 2, np.uint8).repeat(8, 0).repeat(8, 1)
    Image.fromarray(numbers).save(tmp_path / "regions.png")
    (tmp_path / "regions.json").write_text(json.dumps([MARK, f"sea {MARK}"]), encoding="utf-8")
    return open_regions(tmp_path / "regions.png", SIZE)


@pytest.fixture
def editor(labelled):
    return WeightEditor(
        NETWORK, NETWORK.paint(SIZE), PROPERTIES, labelled, ensembles={MARK: [0, 1]}, size=SIZE,
        property_size=SIZE,
    )  # fmt: skip


def test_the_workbench(editor, tmp_path):
    """A page gets names as data, and its script has no way to read markup in them."""
    given = json.loads(editor._bench)
    assert MARK in given["sets"] and MARK in given["regions"]
    assert MARK in [name for name, _ in given["properties"]]
    log = Edits(NETWORK)
    log.apply(MARK, {0: NETWORK.weights[0] + 0.01})
    log.save(tmp_path / "log.json")
    editor.load(tmp_path / "log.json")
    assert editor._told["edits"]["last"] == [MARK]
    writing = r"innerHTML|outerHTML|insertAdjacent|document\.write|createContextualFragment"
    assert not re.search(writing, editor._esm)


def test_other_widgets(tmp_path):
    upload = PictureUpload(NETWORK.paint(SIZE), size=SIZE)
    upload.take(MARK, b"no picture")
    assert MARK in check_widget(upload)


def test_pages_of_their_own(labelled):
    """Titles and names of ensembles; what JavaScript is given cannot end its script."""
    amounts = np.array([-1.0, 0, 1])
    moved = NETWORK.weights + np.outer(amounts, np.ones(NETWORK.wiring.n_synapses) * 0.01)
    pages = [
        playground_html(NETWORK, NETWORK.paint(SIZE), {MARK: (amounts, moved)}, SIZE, title=MARK),
    ]
    for page in pages:
        for text in (page.html, page._repr_html_()):
            found = Elements(text)
            assert "u" not in found.found and "onerror" not in found.attributes
            assert "<u id" not in text and "<script>hurt" not in text
        assert html.escape(MARK) in page.html


def test_genomes_bring_no_markup_along(tmp_path):
    """A genome's names stay in the provenance; no page and no widget shows them."""
    path = tmp_path / f"{MARK.replace('/', '')}.xml"
    with zipfile.ZipFile(samples.path("own/genome.zip")) as archive:
        text = archive.read(archive.namelist()[0]).decode()
    named = MARK.replace("<", "(").replace('"', "")
    path.write_text(text.replace('branch="1"', f'branch="{named}"'), encoding="utf-8")
    network = open_genome(path)
    assert network.provenance["nodes"][-1].startswith("(u id=x")
    assert network.provenance["genome"] == path.name and "hurt" not in repr(network)
    assert "hurt" not in playground_html(network, size=SIZE).html


def test_tables_of_verdicts():
    """Claims, effects, controls and cells come from files."""
    rows = [
        Verdict(1, MARK, "holds", MARK, MARK, MARK, {MARK: False}, cell) for cell in (MARK, "b")
    ]
    for table in (VerdictTable(rows), VerdictTable(rows[:1])):
        found = Elements(table._repr_html_())
        assert not found.found & {"u", "img", "script"} and MARK in found.text
        assert "onerror" not in found.attributes
