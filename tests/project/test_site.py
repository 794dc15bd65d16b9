"""Oracles: the files that are there, the addresses in the pages, and what a browser shows.

The site is built from the notebooks as they are stored, and from small ones made here.
"""

import base64
import importlib
import re
import shutil
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote

import nbformat
import numpy as np
import pytest
from build_site import ROOMS, ROOT, SiteError, build_site, check_maths
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output
from notebook_rules import pages as notebooks

from ensembles_lib import Network, Picture
from ensembles_lib.widgets import playground_html

NAMES = [
    path.relative_to(ROOT / "notebooks").with_suffix("").as_posix()
    for path in notebooks(ROOT / "notebooks")
]
LOADS = {"script": "src", "img": "src", "link": "href", "iframe": "src", "source": "src"}


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    folder = tmp_path_factory.mktemp("built") / "site"
    build_site(folder)
    return folder


class Page(HTMLParser):
    """Collects what a page loads, where it leads, its ids and its images."""

    def __init__(self, path):
        super().__init__()
        self.loads, self.leads, self.ids, self.images = [], [], [], []
        self.ways = {}
        self.feed(path.read_text(encoding="utf-8"))

    def handle_starttag(self, tag, attributes):
        given = dict(attributes)
        self.ids.append(given.get("id"))
        if tag in LOADS and LOADS[tag] in given:
            self.loads.append(given[LOADS[tag]])
        if tag == "a" and "href" in given:
            self.leads.append(given["href"])
            self.ways[given.get("rel")] = given["href"]
        if tag == "img":
            self.images.append(given)


def pages(site):
    return {path: Page(path) for path in sorted(site.rglob("*.html"))}


def test_every_notebook_has_a_page_and_a_way_to_it(site):
    """All of them on the index, and each leads to the one before and the one after."""
    index = Page(site / "index.html")
    assert [lead for lead in index.leads if lead.removesuffix(".html") in NAMES] == [
        f"{n}.html" for n in NAMES
    ]
    for before, after in zip(NAMES, NAMES[1:], strict=False):
        for rel, here, there in (("next", before, after), ("prev", after, before)):
            page = site / f"{here}.html"
            lead = (page.parent / Page(page).ways[rel]).resolve()
            assert lead == (site / f"{there}.html").resolve()
    for name in NAMES:
        overview = "../" * name.count("/") + "index.html"
        assert overview in Page(site / f"{name}.html").leads
    assert (site / "data" / "banner.png").read_bytes() == (ROOT / "data/banner.png").read_bytes()


def test_nothing_is_loaded_from_elsewhere(site):
    """No page or style names anything outside; links may lead out, nothing comes in."""
    for path, page in pages(site).items():
        for address in page.loads:
            assert re.match(r"data:|(?![a-z]+:|//)", address), f"{path.name} loads {address}"
        text = re.sub(r"<pre>.*?</pre>|<a [^>]*>", "", path.read_text("utf-8"), flags=re.DOTALL)
        for style in re.findall(r"<style>(.*?)</style>", text, re.DOTALL):
            assert not re.search(r"url\((?![\"']?data:)|@import", style)
        # The name of a namespace is no address.
        text = re.sub(r"<style>.*?</style>|xmlns=('[^']*'|\"[^\"]*\")", "", text, flags=re.DOTALL)
        text = re.sub(r"createElementNS\((\"|&quot;)http://www\.w3\.org/2000/svg", "", text)
        assert not re.search(r"https?://|@import|require\.js|mathjax", text, re.IGNORECASE)
    assert not re.search(r"url\(|@import", (site / "site.css").read_text("utf-8"))


def test_every_link_leads_somewhere(site):
    """Files exist, also those of the repository that notebooks point to; so do fragments."""
    for path, page in pages(site).items():
        for address in page.loads + page.leads:
            if re.match(r"[a-z]+:", address):
                continue
            file, _, fragment = address.partition("#")
            target = (path.parent / unquote(file)).resolve() if file else path
            assert target.is_file() and site in target.parents, f"{path.name}: {address}"
            assert not fragment or fragment in Page(target).ids, f"{path.name}: {address}"


def test_the_reference_shows_what_the_library_exports(site):
    """A page for the front door and one for each room, each with all its names."""
    folder = site / "reference"
    for name in ("ensembles_lib", *(f"ensembles_lib.{room}" for room in ROOMS)):
        page = Page(folder / f"{name.replace('.', '/')}.html")
        assert set(importlib.import_module(name).__all__) - {"samples"} <= set(page.ids)
        assert any(lead.endswith("../index.html") for lead in page.leads)
    assert "reference/ensembles_lib.html" in Page(site / "index.html").leads


def test_figures_have_words_and_sizes(site):
    """As many figures as the notebook stores, each with alt text, and room kept for it."""
    assert (site / NAMES[0] / "figure_1.png").is_file()
    for name in NAMES:
        cells = nbformat.read(ROOT / "notebooks" / f"{name}.ipynb", as_version=4).cells
        outputs = [out.get("data", {}) for cell in cells for out in cell.get("outputs", [])]
        stored = sum("image/png" in data and "text/html" not in data for data in outputs)
        images = [i for i in Page(site / f"{name}.html").images if "figure_" in i["src"]]
        assert len(images) == stored
        for image in images:
            assert len(image["alt"]) > 10 and {"width", "height"} <= set(image)


# Small sites, built from notebooks made here


@pytest.fixture
def small(tmp_path):
    """Builds a site of one notebook with the given cells; gives its folder."""

    def small(*cells, question="**Does it?**"):
        root = tmp_path / "repository"
        shutil.copytree(ROOT / "data", root / "data", dirs_exist_ok=True)
        shutil.copy(ROOT / "README.md", root)
        for name in ("LICENSE", "environment.yml"):
            shutil.copy(ROOT / name, root)
        (root / "notebooks").mkdir(exist_ok=True)
        first = [new_markdown_cell(f"# One\n\n{question}"), shown(Picture(np.zeros((2, 2, 3))))]
        nbformat.write(new_notebook(cells=[*first, *cells]), root / "notebooks" / "01_one.ipynb")
        build_site(tmp_path / "site", root)
        return tmp_path / "site"

    return small


def test_a_page_leads_to_its_notebook_and_to_how_it_is_run(small, tmp_path):
    """Oracle: the file of the repository, byte for byte; the first page has the two commands."""
    folder = small()
    page = (folder / "01_one.html").read_text(encoding="utf-8")
    above = re.search(r'<p class="using">(.*?)</p>', page)[1]
    assert re.findall('href="(.*?)"', above) == [
        "01_one.ipynb", "index.html#start", "reference/ensembles_lib.html",
    ]  # fmt: skip
    stored = tmp_path / "repository" / "notebooks" / "01_one.ipynb"
    assert (folder / "01_one.ipynb").read_bytes() == stored.read_bytes()
    first = (folder / "index.html").read_text(encoding="utf-8")
    assert 'id="start"' in first and "make lab" in first
    assert "using" not in first


def shown(one, **data):
    """A code cell with an output as a notebook would store it."""
    data = {"text/plain": one if isinstance(one, str) else repr(one), **data}
    if isinstance(one, Picture):
        data["image/png"] = base64.b64encode(one.to_png()).decode()
    if hasattr(one, "_repr_html_"):
        data["text/html"] = one._repr_html_()
    return new_code_cell("one", outputs=[new_output("execute_result", data, execution_count=1)])


def test_a_widget_becomes_a_note_or_its_html(small):
    """Blank views, the words of objects and progress bars do not get into the pages."""
    view = {"application/vnd.jupyter.widget-view+json": {"model_id": "abc", "version_major": 2}}
    site = small(
        shown("Slider(<3>)", **view),
        shown("there: 100%|####| 60/60 [00:01<00:00, 31.52it/s]", **view),
        shown("both", **view, **{"text/html": "<b>the html</b>"}),
    )
    text = (site / "01_one.html").read_text(encoding="utf-8")
    assert not [word for word in ("Slider", "it/s", "widget-view") if word in text]
    (note,) = re.findall(r'<p class="in-jupyter">.*?</p>', text, re.DOTALL)
    assert "<b>the html</b>" in text and re.findall('href="(.*?)"', note) == ["index.html#start"]


@pytest.mark.parametrize(
    ("cell", "says"),
    [
        (new_markdown_cell("see [this](nowhere.md)"), "nowhere.md"),
        (new_markdown_cell("see [this](../../outside.md)"), "outside.md"),
        (new_markdown_cell("so $E = mc^2$ holds"), "TeX"),
        (
            new_code_cell("1/0", outputs=[new_output("error", ename="E", evalue="", traceback=[])]),
            "",
        ),
    ],
    ids=["no such file", "outside", "maths", "error"],
)
def test_what_cannot_be_shown_is_said(small, tmp_path, cell, says):
    """The place is named, and the site that stood there stays."""
    before = sorted(small().rglob("*"))
    with pytest.raises(SiteError, match=rf"01_one.*{re.escape(says)}"):
        small(cell)
    assert sorted((tmp_path / "site").rglob("*")) == before
    assert sorted(path.name for path in tmp_path.iterdir()) == ["repository", "site"]


def test_what_jupyterlab_folds_away_is_folded(small):
    folded = new_code_cell("import this", metadata={"jupyter": {"source_hidden": True}})
    body = (small(folded, new_code_cell("import that")) / "01_one.html").read_text("utf-8")
    inside, outside = re.split("</details>", body, maxsplit=1)
    assert "this" in inside[inside.index("<details") :] and "that" not in inside
    assert "that" in outside and "<details" not in outside


def test_maths_is_told_from_dollars():
    for text in ("it costs 5 $ or $6", "`$HOME` and `$x$`", "US$ 5 to US$ 6", "```\n$x$\n```"):
        check_maths(text, "here")
    for text in ("$x$", "$$\nx\n$$", "let $w_k$ be", r"\begin{align}"):
        with pytest.raises(SiteError, match="here"):
            check_maths(text, "here")


def test_a_folder_with_other_things_is_left_alone(tmp_path):
    (tmp_path / "letter.txt").write_text("mine")
    with pytest.raises(SiteError, match="other things"):
        build_site(tmp_path)
    assert (tmp_path / "letter.txt").read_text() == "mine"


# In the browser, from disk, with the network off


@pytest.fixture
def visited(chromium):
    """Opens pages at a width; errors, and requests for anything but files, are failures."""
    contexts, complaints = [], []

    def visited(path, width):
        context = chromium.new_context(offline=True, viewport={"width": width, "height": 800})
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("console", lambda m: m.type == "error" and complaints.append(m.text))
        page.on(
            "request",
            lambda r: r.url.startswith(("file:", "data:")) or complaints.append(f"asked {r.url}"),
        )
        page.goto(path.as_uri())
        return page

    yield visited
    for context in contexts:
        context.close()
    assert not complaints, "\n".join(complaints)


def moves(root):
    """Whether the picture changes with a cell, and comes back by the button."""
    see = "root => root.querySelector('canvas').toDataURL()"
    frame = "() => new Promise(done => requestAnimationFrame(() => setTimeout(done)))"
    seen = [root.evaluate(see)]
    root.locator(".pg-handle").press("PageUp")
    root.page.evaluate(frame)
    seen.append(root.evaluate(see))
    root.get_by_role("button", name="reset all").click()
    root.page.evaluate(frame)
    seen.append(root.evaluate(see))
    return seen[0] != seen[1] and seen[0] == seen[2]


@pytest.mark.parametrize("width", [360, 1280])
def test_the_index_is_live(site, visited, width):
    page = visited(site / "index.html", width)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert moves(page.locator(".ensemble-playground"))
    page.screenshot(
        path=Path(__file__).parents[1] / "artefacts" / f"site_{width}.png", full_page=True
    )


@pytest.mark.parametrize("name", NAMES)
def test_notebooks_fit_a_phone(site, visited, name):
    """Nothing is wider than 360 pixels, and every figure is there, scaled to fit."""
    page = visited(site / f"{name}.html", 360)
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    page.evaluate("document.querySelectorAll('img').forEach(img => { img.loading = 'eager'; })")
    page.wait_for_function("[...document.images].every(img => img.complete)")
    assert page.evaluate("[...document.images].every(img => img.naturalWidth > 0)")
    right = "Math.max(...[...document.images].map(img => img.getBoundingClientRect().right))"
    assert page.evaluate(right) <= 360


def test_live_pictures_of_notebooks_stay_live(small, visited):
    network = Network.load(ROOT / "data" / "peacock_wide.npz")
    other = Network(network.wiring, network.weights / 2)
    site = small(shown(playground_html(network)), shown(playground_html(other)))
    page = visited(site / "01_one.html", 800)
    roots = page.locator(".ensemble-playground").all()
    assert len(roots) == 2 and all(moves(root) for root in roots)
