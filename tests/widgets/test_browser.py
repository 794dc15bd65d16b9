"""The notebooks' widgets in a real browser, as a reader meets them.

Oracles: pixels read back from the page, the accessibility tree, and what the page and the
kernel complain of.
"""

import base64
import re
import subprocess
import sys

import nbformat
import numpy as np
import pytest
from browser import (
    ARTEFACTS,
    COMPLAINTS,
    KERNEL_READY,
    NO_DELAY,
    ROOT,
    WINDOW,
    changed,
    missing,
    pixels,
    run_all,
    settled,
    show_cell,
    start_all,
    wait_for_all,
    widget_cells,
)
from nbconvert import HTMLExporter
from notebook_rules import pages
from test_kernels import picture

from ensembles_lib import samples
from ensembles_lib.widgets import WeightEditor

EDITOR = """
from ensembles_lib import *
from ensembles_lib.properties.properties import region_property
from ensembles_lib.widgets import WeightEditor

network = Network.load("../data/peacock_wide.npz")
regions = open_regions("../data/peacock_elements.png", 128)
numbers, names = open_regions("../data/peacock_elements.png", 96)
body, train = ([n.startswith(part) for n in names] for part in ("body/neck", "train/"))
properties = [region_property(np.array(mask)[numbers], what, name=name)
              for mask, what, name in ((body, "area", "body area"), (train, "y", "train height"))]
picture = Picture.open("../data/peacock.png", 128)
editor = WeightEditor(network, picture, properties, regions)
editor
""".replace("from ensembles_lib import *", "import numpy as np\n\nfrom ensembles_lib import *")


def live(path):
    """Does a notebook make widgets?"""
    cells = nbformat.read(path, 4).cells
    return any("widgets." in cell.source for cell in cells if cell.cell_type == "code")


STATE = "root => root.innerHTML + [...root.querySelectorAll('input')].map(input => input.value)"
NOTEBOOKS = [
    str(path.relative_to(ROOT / "notebooks")) for path in pages(ROOT / "notebooks") if live(path)
]


@pytest.fixture(scope="module")
def running(lab):
    """Gives the page of a notebook; the next notebook already runs while this one is tested."""
    pages, stack = {}, []

    def page_of(name):
        for one in NOTEBOOKS[NOTEBOOKS.index(name) :][:2]:
            if one not in pages:
                stack.append(lab.opened(f"notebooks/{one}"))
                pages[one] = stack[-1].__enter__()
                start_all(pages[one])
        return pages[name]

    yield page_of
    for opened in stack:
        opened.__exit__(None, None, None)


@pytest.fixture(scope="module")
def editor(lab):
    """A page with the weight editor, and the cell that shows it."""
    with lab.opened(lab.write("editor.ipynb", EDITOR)) as page:
        run_all(page)
        yield page, show_cell(page, 0)
        assert not page.errors


def overflow(cell):
    """Widgets that stick out of the output that they are in, as words."""
    return cell.evaluate("""cell => {
        const area = cell.querySelector('.jp-OutputArea-output').getBoundingClientRect();
        const all = [...cell.querySelectorAll('.jp-OutputArea .jupyter-widgets')];
        const out = all.filter(w => w.offsetParent && w.getBoundingClientRect().right
            > Math.min(area.right, window.innerWidth) + 1);
        const scrolls = all.filter(w => w.offsetParent && w.clientWidth && w.scrollWidth
            > w.clientWidth + 1 && /box|html|label/.test(w.className)
            && !w.closest('.widget-slider'));  // a handle at its end hangs over by design
        return [...out, ...scrolls].map(w => w.className + ': ' + w.innerText.slice(0, 60));
    }""")


def words(cell):
    """All text that the widgets of a cell show."""
    return cell.evaluate("""cell => [...cell.querySelectorAll(
        '.jp-OutputArea .widget-label, .jp-OutputArea .widget-html-content')]
        .filter(e => e.offsetParent).map(e => e.innerText).join('|')""")


def pictures(cell):
    """The pictures of a cell, as one string."""
    images = cell.locator("img.widget-image")
    return "".join(pixels(images.nth(i)) for i in range(images.count()))


def sees(cell):
    """What a reader sees of a cell's widgets: pictures and text."""
    return pictures(cell), words(cell)


def drag(page, handle, by, cell):
    """Drag a slider's handle by some pixels; picture and reading follow, half-way and at last."""
    handle.scroll_into_view_if_needed()
    before = settled(lambda: sees(cell))
    box = handle.bounding_box()
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + by / 2, y, steps=4)
    changed(lambda: differ(sees(cell), before), False)
    during = settled(lambda: sees(cell))
    page.mouse.move(x + by, y, steps=4)
    page.mouse.up()
    changed(lambda: differ(sees(cell), before, during), False)


def differ(now, *others):
    """Do both the pictures and the words differ from those of the others?"""
    return all(a != b for other in others for a, b in zip(now, other, strict=True))


def room(handle):
    """Pixels that a handle can be dragged: to the side that has more room."""
    track = handle.locator("xpath=ancestor::*[contains(@class,'noUi-target')]").bounding_box()
    middle = track["x"] + track["width"] / 2
    return 40 if handle.bounding_box()["x"] < middle else -40


def at(handle, end):
    """Is a slider at one of its ends?"""
    now, limit = (float(handle.get_attribute(name)) for name in ("aria-valuenow", end))
    return now == pytest.approx(limit, abs=0.051)


@pytest.mark.parametrize("name", NOTEBOOKS)
def test_sliders_of_a_notebook(running, name):
    """Runs all cells; mouse, keyboard and both ends of every slider; nothing overflows."""
    page, tried = running(name), 0
    page.bring_to_front()
    wait_for_all(page)
    for index in widget_cells(page):
        cell = show_cell(page, index)
        shot = f"{name[:2]}_cell{index + 1}"
        page.screenshot(path=ARTEFACTS / f"{shot}.png")
        if cell.locator(".ensemble-small").count():
            tried += 1
            small = cell.locator(".ensemble-small")
            seen = small.evaluate(STATE)
            small.locator("[role=slider], input[type=range]").first.press("ArrowRight")
            changed(lambda small=small: small.evaluate(STATE), seen)
            continue
        if cell.locator(".ensemble-playground").count():
            tried += 1
            root = cell.locator(".ensemble-playground")
            seen = picture(root).tobytes()
            handle = root.locator(".pg-handle")
            if not handle.count():  # a view with nothing but sliders
                handle = root.locator("input[type=range]").first
            # In an atlas a synapse is played, elsewhere it is moved.
            handle.press("Enter" if root.locator(".pg-map-of-all").count() else "PageUp")
            changed(lambda root=root: picture(root).tobytes(), seen)
            continue
        assert not overflow(cell)
        handles = cell.locator(".widget-slider .noUi-handle:visible")
        if not handles.count():
            continue
        tried += 1
        drag(page, handles.nth(0), room(handles.nth(0)), cell)
        page.screenshot(path=ARTEFACTS / f"{shot}_dragged.png")
        before = settled(lambda cell=cell: sees(cell))
        last = handles.nth(handles.count() - 1)
        last.press("ArrowRight" if room(last) > 0 else "ArrowLeft")
        changed(lambda cell=cell: sees(cell), before)
        settled(lambda cell=cell: sees(cell))
        for number in range(handles.count()):
            for key, end in (("Home", "aria-valuemin"), ("End", "aria-valuemax")):
                handle = handles.nth(number)
                handle.press(key)
                changed(lambda h=handle, e=end: at(h, e), False)
                settled(lambda cell=cell: words(cell))
                assert at(handle, end), f"slider {number} went back"
        settled(lambda cell=cell: sees(cell))
        assert not overflow(cell)
        page.screenshot(path=ARTEFACTS / f"{shot}_ends.png")
    assert tried and not page.errors


def button(cell, name):
    return cell.get_by_role("button", name=name, exact=True)


def message(cell):
    return cell.locator(".pg-message").inner_text()


def says(cell, words):
    """Wait until the message line says something."""
    changed(lambda: words in message(cell), False)


def edits(page):
    """The kernel's log, as the panel of files shows it."""
    return page.locator(".pg-bench section[aria-label=files] .pg-hint").text_content()


def open_panel(cell, name):
    tab = button(cell, name)
    if tab.get_attribute("aria-expanded") != "true":
        tab.click()


def reset(cell):
    """Back to the start, in page and kernel."""
    button(cell, "reset all").click()
    cell.page.wait_for_function(
        "document.querySelector('.pg-picture output').textContent === '0.000'"
    )


@pytest.mark.parametrize("width", [1280, 1024, 640])
def test_the_editor_fits(lab, editor, width):
    """Nothing is cropped and nothing but the matrix scrolls, whichever panel is open."""
    page, cell = editor
    page.set_viewport_size({"width": width, "height": 960})
    try:
        for panel in ("region", "properties", "files"):
            open_panel(cell, panel)
            settled(lambda: cell.bounding_box())
            page.screenshot(path=ARTEFACTS / f"editor_{panel}_{width}.png")
            wrong = cell.locator(".ensemble-playground").evaluate("""root => {
                const area = root.closest('.jp-OutputArea-output');
                const all = [area, root, ...root.querySelectorAll('*')];
                const scrolls = all.filter(e => !e.matches('.pg-scroll, input, option')
                    && e.clientWidth && e.scrollWidth > e.clientWidth + 1
                    && getComputedStyle(e).overflowX != 'visible');
                const right = Math.min(area.getBoundingClientRect().right, window.innerWidth) + 1;
                const out = all.filter(e => e.offsetParent && !e.closest('.pg-scroll')
                    && e.getBoundingClientRect().right > right);
                return [...scrolls, ...out].map(e => e.outerHTML.slice(0, 90));
            }""")
            assert not wrong
        picture, brush = (cell.locator(f".pg-picture canvas{k}").bounding_box()
                          for k in (":not(.pg-brush)", ".pg-brush"))  # fmt: skip
        assert picture == brush and picture["width"] >= 200
    finally:
        page.set_viewport_size(WINDOW)


def test_all_controls_of_the_editor_have_names_and_keep_their_keys(editor):
    """Oracle: the accessibility tree; the notebook's cells, after keys that JupyterLab has."""
    page, cell = editor
    count = "jupyterapp.shell.currentWidget.content.widgets.map(w => w.model.type).join()"
    before = page.evaluate(count)
    for panel in ("region", "properties", "files"):
        open_panel(cell, panel)
        tree = cell.locator(".ensemble-playground").aria_snapshot()
        kinds = "slider|button|combobox|textbox|img|meter"
        nameless = re.findall(rf"^\s*- '?(?:{kinds})(?! \")\b.*$", tree, re.MULTILINE)
        assert not nameless, tree
        controls = cell.locator(
            ".pg-bench section:visible :is(input[type=range], select), .pg-handle"
        )
        for number in range(min(4, controls.count())):
            controls.nth(number).focus()
            for key in ("x", "m", "a", "b", "d", "d"):
                page.keyboard.press(key)
    assert page.evaluate(count) == before == "code"


def test_a_region_is_painted(editor):
    """It is outlined, lists its synapses in matrix and sliders alike, and moves no weight."""
    page, cell = editor
    reset(cell)
    open_panel(cell, "files")
    log = edits(page)
    box = cell.locator(".pg-brush").bounding_box()
    x, y = box["x"] + 0.35 * box["width"], box["y"] + 0.45 * box["height"]
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + 40, y + 40, steps=8)
    page.mouse.up()
    says(cell, "moved most by synapses")
    page.screenshot(path=ARTEFACTS / "editor_painted.png")
    listed = message(cell).split("synapses ")[1].split(", ")
    rows = cell.locator(".pg-row b")
    assert rows.all_inner_texts() == listed and len(listed) == 12
    outline = """() => { const brush = document.querySelector('.pg-brush');
        const data = brush.getContext('2d').getImageData(0, 0, 128, 128).data;
        const edge = data.filter((v, i) => i % 4 == 3 && v).length;
        return [getComputedStyle(brush).opacity, edge]; }"""
    opacity, edge = page.evaluate(outline)
    assert opacity == "1" and 30 < edge < 400
    assert edits(page) == log
    # A slider of the list moves its weight; another panel takes outline and marks away.
    cell.locator(".pg-row input[type=range]").first.press("ArrowRight")
    changed(lambda: f"synapse {listed[0]}" in edits(page), False)
    open_panel(cell, "properties")
    assert page.evaluate(outline)[0] == "0"
    open_panel(cell, "region")
    cell.get_by_label("part", exact=True).select_option("head")
    says(cell, "moved most by synapses")
    changed(lambda: rows.all_inner_texts() != listed, False)
    assert rows.all_inner_texts() == message(cell).split("synapses ")[1].split(", ")
    reset(cell)


def test_a_property_goes_along_its_way(editor):
    """The page follows before the kernel measures; both ends are reached; undo takes it back."""
    page, cell = editor
    reset(cell)
    open_panel(cell, "properties")
    root, slider = cell.locator(".ensemble-playground"), cell.get_by_label("body area", exact=False)
    slider, before = slider.first, picture(root).tobytes()
    row = cell.locator(".pg-property").first
    assert "of picture" in row.inner_text() and "+0.00" in row.inner_text()
    slider.press("ArrowRight")
    changed(lambda: picture(root).tobytes(), before)
    says(cell, "")
    for key, by in (("End", "+3.00"), ("Home", "\u22123.00")):
        slider.press(key)
        changed(lambda by=by: by in row.inner_text(), False)
        told = cell.locator("section[aria-label=properties] .pg-hint").inner_text()
        assert told.startswith(f"body area moved by {by} scales, leak 0.0")
        assert float(slider.input_value()) == float(by.replace("\u2212", "-")) and not message(cell)
    assert not re.search(r"-\d", root.inner_text())  # one kind of minus
    cell.get_by_label("moved by").select_option("its strongest synapse")
    assert float(slider.input_value()) == 0
    button(cell, "\u21b6 undo").click()
    changed(lambda: "\u22123.00" in row.inner_text(), True)
    reset(cell)
    np.testing.assert_array_equal(picture(root).tobytes(), before)


def test_edits_while_the_kernel_is_busy_are_logged_by_their_names(editor):
    """A property, then a weight, then the property again, of none of which the kernel hears yet."""
    page, cell = editor
    reset(cell)
    open_panel(cell, "properties")
    slider, weight = (
        cell.get_by_label("body area", exact=False).first,
        cell.get_by_label("weight", exact=True),
    )
    cell.get_by_label("moved by").select_option("all synapses in concert")
    cell.get_by_label("synapse", exact=True).fill("28")
    slider.press("End")
    changed(lambda: "+3.00" in cell.locator(".pg-property").first.inner_text(), False)
    known = int(edits(page).split()[0])
    page.evaluate("""() => { jupyterapp.shell.currentWidget.sessionContext.session.kernel
        .requestExecute({ code: "import time; time.sleep(4)" }); }""")
    slider.press("Home")
    weight.fill("0.5")
    weight.press("Enter")
    slider.press("ArrowRight")
    changed(lambda: edits(page).startswith(f"{known + 3} edits"), False)
    body = "body area, all synapses in concert"
    assert edits(page).endswith(f"{body}; synapse 28; {body}"), edits(page)
    reset(cell)


def test_numbers_are_taken_as_they_are_typed_or_refused_in_words(editor):
    page, cell = editor
    reset(cell)
    cell.get_by_label("synapse", exact=True).fill("28")
    weight = cell.get_by_label("weight", exact=True)
    start = weight.input_value()
    open_panel(cell, "files")
    for typed in (" 0,5 ", "0.5"):
        weight.fill(typed)
        page.keyboard.press("Enter")
        changed(lambda: float(weight.input_value()) == 0.5, False)
    changed(lambda: edits(page).endswith("synapse 28"), False)
    weight.fill("nan")
    page.keyboard.press("Enter")
    assert "is no number" in message(cell)
    changed(lambda: weight.input_value().startswith("0.5"), False)
    reset(cell)
    changed(lambda: weight.input_value() == start, False)
    compare = button(cell, "hold to compare")
    compare.focus()
    page.keyboard.down(" ")
    changed(lambda: cell.locator(".pg-picture figcaption").inner_text() == "the start", False)
    assert compare.get_attribute("aria-pressed") == "true"
    page.keyboard.up(" ")
    changed(lambda: compare.get_attribute("aria-pressed"), "true")


def test_files_are_asked_for_before_they_are_written_over(editor, lab):
    page, cell = editor
    reset(cell)
    open_panel(cell, "files")
    cell.get_by_label("name", exact=True).fill("kept")
    button(cell, "save weights").click()
    says(cell, "saved as kept.npz")
    kept = (lab.folder / "lab" / "notebooks" / "kept.npz").read_bytes()
    cell.locator(".pg-handle").press("PageUp")
    button(cell, "save weights").click()
    says(cell, "kept.npz is there already")
    assert (lab.folder / "lab" / "notebooks" / "kept.npz").read_bytes() == kept
    button(cell, "write over it").click()
    says(cell, "over the file that was there")
    assert (lab.folder / "lab" / "notebooks" / "kept.npz").read_bytes() != kept
    reset(cell)
    button(cell, "load weights").click()
    says(cell, "loaded kept.npz: 1 weight moved from the start")
    with page.expect_download() as saved:
        button(cell, "download log").click()
    assert saved.value.suggested_filename == "kept.json"
    reset(cell)


WIDE = """
import numpy as np

from ensembles_lib import *
from ensembles_lib.widgets import WeightEditor

network = Network.load("../data/peacock_wide.npz")
everywhere, mixes = np.ones((32, 96), bool), {"red": (1, 0, 0), "green": (0, 1, 0)}
properties = [colour_property(everywhere, mix, name) for name, mix in mixes.items()]
picture = Picture(np.full((32, 96, 3), 0.25))
editor = WeightEditor(network, picture, properties, size=96, property_size=(32, 96))
editor.half *= 1e-3  # hardly any room: no end of a slider can be reached
editor
"""


def test_a_wide_picture_and_an_end_that_is_not_reached(lab):
    """The picture keeps its shape at every width; a slider stands where its property is."""
    with lab.opened(lab.write("wide.ipynb", WIDE)) as page:
        run_all(page)
        cell = show_cell(page, 0)
        for width in (640, 1024, 1280):
            page.set_viewport_size({"width": width, "height": 960})
            settled(lambda: cell.bounding_box())
            for canvas in (":not(.pg-brush)", ".pg-brush"):
                box = cell.locator(f".pg-picture canvas{canvas}").bounding_box()
                assert box["width"] / box["height"] == pytest.approx(3, abs=0.05)
        open_panel(cell, "properties")
        slider = cell.locator(".pg-property input").first
        slider.press("Home")
        says(cell, "red moves no further than \u2212")
        assert "working range" in message(cell)
        assert -2.9 < float(slider.input_value()) < 0
        assert not page.errors


def test_a_saved_workbench_shows_its_picture_before_it_is_run(lab):
    """In JupyterLab as one gets the page, and in HTML that nbconvert makes of it."""
    bench = WeightEditor(samples.peacock_network(), samples.peacock(64), size=64)
    bundle, _ = bench._repr_mimebundle_()
    bundle["image/png"] = base64.b64encode(bundle["image/png"]).decode()
    output = nbformat.v4.new_output("execute_result", bundle, execution_count=1)
    cell = nbformat.v4.new_code_cell("bench", outputs=[output], execution_count=1)
    name = lab.write("stored.ipynb", "bench")
    stored = nbformat.read(lab.folder / "lab" / name, 4)
    stored.cells = [cell]
    exported, _ = HTMLExporter().from_notebook_node(stored)
    assert bundle["image/png"] in "".join(exported.split())
    nbformat.write(stored, lab.folder / "lab" / name)
    with lab.opened(name) as page:
        node = "jupyterapp.shell.currentWidget.content.widgets[0].node"
        page.wait_for_function(f"{node}.querySelector('.jp-OutputArea-output img')?.complete")
        assert "model not found" not in page.evaluate(f"{node}.textContent")


SAVED = ["""
from ensembles_lib import samples
from ensembles_lib.widgets import Playground, WeightEditor
from ensembles_lib.widgets.upload import PictureUpload

network, peacock = samples.peacock_network(), samples.peacock(64)
Playground(network, peacock, size=64)""", "WeightEditor(network, peacock, size=64)",
         "PictureUpload(peacock, size=64)"]  # fmt: skip


def reopen(page, times=5):
    """Load the page again, and once more where the front end gave up on a widget too soon.

    The front end (jupyterlab-manager 5.0) looks for the saved model of an output for two seconds
    and then says "model not found" for good. A slow machine may need longer to read what was
    saved, and a reader reloads the page. What is lost from the file is lost each time.
    """
    for _ in range(times):
        page.errors.clear()
        page.reload()
        page.wait_for_function(KERNEL_READY)
        page.wait_for_function(f"""() => ({COMPLAINTS})().length
            || document.querySelectorAll('.jp-Notebook .pg-handle').length == 2""")
        page.wait_for_timeout(2500)  # the two seconds, and some
        if not page.evaluate(COMPLAINTS):
            return
    pytest.fail("\n".join(page.evaluate(COMPLAINTS)))


def test_a_saved_page_is_alive_without_its_kernel(lab):
    """As `make lab` saves it: the picture as it was left, and it follows the hand.

    Oracle: the pixels at the time of saving.
    """
    with lab.opened(lab.write("saved.ipynb", *SAVED)) as page:
        run_all(page)
        left = []
        for index in (0, 1):
            cell = show_cell(page, index)
            seen = picture(cell).tobytes()
            cell.locator(".pg-handle").press("PageUp")
            left.append(changed(lambda cell=cell: picture(cell).tobytes(), seen))
        page.wait_for_timeout(500)  # the hand rests
        page.evaluate("() => jupyterapp.commands.execute('docmanager:save')")
        page.evaluate("() => jupyterapp.shell.currentWidget.sessionContext.shutdown()")
        reopen(page)  # with a kernel that knows of nothing
        for index, seen in enumerate(left):
            cell = show_cell(page, index)
            cell.locator(".pg-handle").wait_for()
            changed(lambda cell=cell, seen=seen: picture(cell).tobytes() == seen, False)
            cell.locator(".pg-handle").press("PageUp")
            changed(lambda cell=cell: picture(cell).tobytes(), seen)
        cell = show_cell(page, 2)
        cell.get_by_role("button", name="train").wait_for()
        assert not cell.get_by_alt_text("the picture that was chosen").is_visible()
        assert "model not found" not in page.locator(".jp-Notebook").inner_text()
        assert not page.errors


def test_two_tabs_and_a_restart(lab):
    """What one tab does the other shows; after a restart all cells run and are live again."""
    with lab.context() as context:
        path = lab.write("tabs.ipynb", EDITOR)
        first = lab.tab(context, path)
        run_all(first)
        here = show_cell(first, 0).locator(".ensemble-playground")
        first.evaluate("() => jupyterapp.commands.execute('docmanager:save')")
        second = lab.tab(context, path)
        there = show_cell(second, 0).locator(".ensemble-playground")
        there.locator(".pg-handle").wait_for()
        before = picture(here).tobytes()
        assert picture(there).tobytes() == before
        there.locator(".pg-handle").press("PageUp")
        moved = changed(lambda: picture(there).tobytes(), before)
        first.bring_to_front()
        changed(lambda: picture(here).tobytes() == moved, False)
        second.close()
        first.evaluate("() => jupyterapp.shell.currentWidget.sessionContext.restartKernel()")
        first.wait_for_function(KERNEL_READY)
        run_all(first)
        here = show_cell(first, 0).locator(".ensemble-playground")
        changed(lambda: picture(here).tobytes() == before, False)
        here.locator(".pg-handle").press("PageUp")
        changed(lambda: picture(here).tobytes(), before)
        assert not first.errors


def test_a_missing_browser_is_an_error_where_it_is_promised(monkeypatch):
    monkeypatch.delenv("CI", raising=False)
    with pytest.raises(pytest.skip.Exception, match="apt install chromium"):
        missing("no Chromium")
    monkeypatch.setenv("CI", "true")
    with pytest.raises(pytest.fail.Exception, match="no Chromium"):
        missing("no Chromium")


def test_the_servers_messages_go_out_at_once(lab):
    """The setting of `make lab` is a class that a server takes, and this server runs with it."""
    code = (
        "from jupyter_server.serverapp import ServerApp\n"
        f"app = ServerApp(kernel_websocket_connection_class='{NO_DELAY}')\n"
        "print(app.kernel_websocket_connection_class.__mro__[1].__name__)"
    )
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert said.stdout.strip() == "ZMQChannelsWebsocketConnection"
