"""Nothing typed, uploaded or loaded is shown as HTML: names with markup in them, everywhere.

Oracle: the standard library's HTML parser; no element and no attribute comes from a name, and the
name can be read in full.
"""

import html
import re
import zipfile
from html.parser import HTMLParser
from pathlib import Path

import ipywidgets
import numpy as np
import pytest

from ensembles_lib import Network, article_wiring, open_genome, samples, widgets
from ensembles_lib.study.verdicts import Verdict, VerdictTable
from ensembles_lib.widgets import PictureUpload, playground_html

SIZE = 16
NETWORK = Network.random(article_wiring("strict"), seed=3)
MARK = "<u id=x>'\"&amp;<img src=y onerror=hurt()><script>hurt()</script>"


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


def test_what_is_uploaded():
    upload = PictureUpload(NETWORK.paint(SIZE), size=SIZE)
    upload.take(MARK, b"no picture")
    assert MARK in check_widget(upload)


@pytest.mark.parametrize("file", Path(widgets.__file__).parent.glob("*.js"), ids=lambda f: f.name)
def test_scripts_have_no_way_to_read_markup(file):
    """A page gets names as data."""
    writing = r"innerHTML|outerHTML|insertAdjacent|document\.write|createContextualFragment"
    assert not re.search(writing, file.read_text(encoding="utf-8"))


def test_pages_of_their_own():
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
