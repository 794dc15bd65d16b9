"""Markup in names, labels, logs, file names and titles, in JupyterLab and in pages of their own.

Oracle: the browser. Markup that is taken as such calls `hurt`, makes an element that can be found,
or both; a control beside it shows that it would. The names stand there to be read.
"""

import json

import nbformat
import numpy as np
import pytest
from browser import ARTEFACTS, changed, run_all, show_cell
from nbconvert import HTMLExporter

from ensembles_lib import Network, article_wiring
from ensembles_lib.widgets import playground_html

MARK = (
    "</option></script></style>'\"><img class=evil src=x onerror=\"hurt('error')\">"
    "<svg class=evil onload=\"hurt('svg')\"></svg><script class=evil>hurt('script')</script>"
    "<a class=evil href=\"javascript:hurt('link')\">&lt;b class=evil&gt;name</a>${hurt('text')}"
)
HURT = (
    "window.hurts = []; window.hurt = (how) => { window.hurts.push(how); document.title = how; };"
)
# What markup has left in the page or in a frame of it; the elements of our names have this class.
FOUND = """() => [...(window.hurts ?? []),
    ...[...document.querySelectorAll('.evil')].map((element) => element.outerHTML)]"""

MAKE = f"""
import numpy as np

from ensembles_lib import *
from ensembles_lib.study.verdicts import Verdict, VerdictTable
from ensembles_lib.widgets import *

mark, size = {MARK!r}, 16
network = Network.random(article_wiring("strict"), seed=3)
network.provenance["picture"] = mark
amounts = np.array([-1.0, 0, 1])
moved = network.weights + np.outer(amounts, np.full(len(network.weights), 0.01))
paths = {{mark: (amounts, moved)}}
shades, presets = {{mark: np.abs(network.weights) / 9}}, {{mark: 1.1 * network.weights}}
given = network, network.paint(size), paths, size, mark, shades, presets
"""
CELLS = {
    "playground": "Playground(*given)",
    "page": "playground_html(*given)",
    "upload": "PictureUpload(network.paint(size), size=size)",
    "verdicts": 'VerdictTable([Verdict(1, mark, "holds", mark, mark, mark, {mark: False}, mark)])',
    "network": "print(network, network.provenance); network",
    "errors": """
for what in (lambda: open_regions(mark), lambda: Picture.open(mark), lambda: Network.load(mark)):
    try:
        what()
    except (OSError, ValueError) as error:
        print(error)""",
}


def found(page):
    """Whatever markup did in the page, once what loads has loaded."""
    page.wait_for_timeout(100)
    return [one for frame in page.frames for one in frame.evaluate(FOUND)]


def go_through(root):
    """Choose from the menus, to the names at their ends, too."""
    for menu in root.locator("select:visible").all():
        count = menu.locator("option").count()
        for number in {*range(min(count, 8)), count - 1}:
            menu.select_option(index=number)


def check_control(page):
    """The same text, taken as HTML, does what is looked for."""
    page.evaluate("text => { document.body.insertAdjacentHTML('beforeend', text); }", MARK)
    page.wait_for_function("window.hurts.includes('error')")
    assert len(found(page)) > 3 and page.title() == "error"


@pytest.fixture(scope="module")
def marked(lab):
    path = lab.write("marked.ipynb", MAKE, *CELLS.values())
    with lab.context() as context:
        context.add_init_script(HURT)
        page = lab.tab(context, path)
        run_all(page)
        yield page, lab.folder / "lab" / path


def cell_of(page, name):
    return show_cell(page, 1 + list(CELLS).index(name))


def test_nothing_is_run_or_shown_as_markup(marked):
    """Each piece is scrolled to, its panels opened, its menus gone through; then saved."""
    page, path = marked
    title = page.title()
    for name in ("playground", "page"):
        cell = cell_of(page, name)
        for button in cell.locator("button[aria-expanded]").all():
            button.click()
            assert found(page) == []
        go_through(cell)
        for slider in cell.locator("input[type=range]:visible, .noUi-handle:visible").all()[:12]:
            slider.press("ArrowRight")
        assert found(page) == [], name
        assert "onerror" in cell.locator(":scope").inner_text() or name == "page", name
        page.screenshot(path=ARTEFACTS / f"markup_{name}.png")
    for number in range(1 + len(CELLS)):
        page.evaluate(
            "i => jupyterapp.shell.currentWidget.content.scrollToItem(i, 'start')", number
        )
        assert found(page) == []
    assert page.title() == title and not page.errors
    page.evaluate("() => jupyterapp.commands.execute('docmanager:save')")


def test_names_of_files_are_text(marked):
    """What is wrong with an upload is said in place."""
    page, _ = marked
    cell = cell_of(page, "upload")
    name = MARK.replace("/", "∕")[:150] + ".png"
    with page.expect_file_chooser() as chooser:
        cell.get_by_role("button", name="choose a picture").click()
    chooser.value.set_files(files=[{"name": name, "mimeType": "image/png", "buffer": b"none"}])
    status = cell.locator("[role=status]")
    changed(lambda: "onerror" in status.inner_text(), False)
    assert found(page) == []


def test_the_saved_notebook_opened_again_and_as_html(marked, chromium, tmp_path):
    page, path = marked
    page.evaluate("() => jupyterapp.commands.execute('docmanager:save')")
    page.reload()
    page.wait_for_function("window.jupyterapp?.shell.currentWidget?.content?.widgets?.length > 5")
    for number in range(1 + len(CELLS)):
        page.evaluate(
            "i => jupyterapp.shell.currentWidget.content.scrollToItem(i, 'start')", number
        )
        assert found(page) == []
    text = HTMLExporter().from_notebook_node(nbformat.read(path, 4))[0]
    (tmp_path / "page.html").write_text(text, encoding="utf-8")
    other = chromium.new_context(offline=True)
    other.add_init_script(HURT)
    still = other.new_page()
    still.goto((tmp_path / "page.html").as_uri())
    assert "onerror" in still.locator("body").inner_text() and found(still) == []
    other.close()
    check_control(page)


def pages():
    network, size = Network.random(article_wiring("strict"), seed=3), 16
    amounts = np.array([-1.0, 0, 1])
    moved = network.weights + np.outer(amounts, np.full(len(network.weights), 0.01))
    shades, presets = {MARK: np.abs(network.weights) / 9}, {MARK: 1.1 * network.weights}
    yield playground_html(
        network, network.paint(size), {MARK: (amounts, moved)}, size, MARK, shades, presets
    )


@pytest.mark.parametrize("live", [*pages()], ids=["playground"])
def test_pages_of_their_own(live, chromium, tmp_path):
    """Also with markup in the address, which the playground reads."""
    live.save(tmp_path / "page.html")
    context = chromium.new_context(offline=True)
    context.add_init_script(HURT)
    page = context.new_page()
    for address in ("", f"#{MARK}", f"#v1.{MARK}", f"?{MARK}"):
        page.goto((tmp_path / "page.html").as_uri() + address)
        assert found(page) == [] and page.title() == MARK
        for button in page.locator("button[aria-expanded]").all():
            button.click()
        go_through(page)
        assert found(page) == [] and page.title() == MARK
    chooser = page.locator(
        "input[type=file][accept*=json]"
    )  # of a log, which the page itself reads
    if chooser.count():
        log = json.dumps({"edits": [{"name": MARK}], MARK: MARK}).encode()
        for content in (log, MARK.encode()):
            file = {"name": "log.json", "mimeType": "application/json", "buffer": content}
            chooser.set_input_files(files=[file])
            assert found(page) == []
    check_control(page)
    context.close()
