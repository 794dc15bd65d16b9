"""The notebooks' widgets in a real browser, as a reader meets them.

Oracles: pixels read back from the page, the accessibility tree, and what the page and the
kernel complain of.
"""

import re
import subprocess
import sys

import nbformat
import pytest
from browser import (
    ARTEFACTS,
    KERNEL_READY,
    NO_DELAY,
    ROOT,
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
editor.show_neuron(34)
editor
""".replace("from ensembles_lib import *", "import numpy as np\n\nfrom ensembles_lib import *")

SWEEPER = """
from ensembles_lib import *
from ensembles_lib.sweeps.ranges import WorkingRange
from ensembles_lib.ensembles.sensitivities import linear_ranges
from ensembles_lib.widgets import SynapseSweeper

network = Network.load("../data/peacock_wide.npz")
half = linear_ranges(network, 32)
sweeper = SynapseSweeper(network, WorkingRange(half, half, half, 0.05), size=32)
sweeper
"""
SWEPT = """
for synapse, reach in ((418, 30.0), (7, 1.5), (459, 5.0), (34, 30.0)):
    sweeper.synapse.value, sweeper.reach.value = synapse, reach
    sweeper.move(network.weights[synapse] + 0.7 * half[synapse])
"""


def live(path):
    """Does a notebook make widgets?"""
    cells = nbformat.read(path, 4).cells
    return any("widgets." in cell.source for cell in cells if cell.cell_type == "code")


NOTEBOOKS = [path.name for path in sorted((ROOT / "notebooks").glob("*.ipynb")) if live(path)]


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


def test_editor_fits_and_names_all_its_controls(editor):
    page, cell = editor
    for panel in ("region", "properties", "files", "weights"):
        button(cell, panel).click()
        changed(lambda p=panel: "pressed" in button(cell, p).aria_snapshot(), False)
        settled(lambda: sees(cell))
        page.screenshot(path=ARTEFACTS / f"editor_{panel}.png")
        assert not overflow(cell)
        tree = cell.locator(".painted-canvas-root").aria_snapshot()
        kinds = "slider|button|combobox|textbox|img|meter"
        nameless = re.findall(rf"^\s*- '?(?:{kinds})(?! \")\b.*$", tree, re.MULTILINE)
        assert not nameless, tree
        assert 'img "the picture' in tree


def test_editor_with_the_mouse(editor):
    """A slider dragged; a region painted, which lists synapses and moves no weight."""
    page, cell = editor
    button(cell, "weights").click()
    handle = cell.locator(".noUi-handle:visible").nth(3)
    drag(page, handle, 30, cell)
    button(cell, "reset").click()
    changed(lambda: "back at the start" in words(cell), False)
    picture = cell.locator("img.painted-canvas")
    picture.scroll_into_view_if_needed()
    box = picture.bounding_box()
    x, y = box["x"] + 0.35 * box["width"], box["y"] + 0.45 * box["height"]
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + 40, y + 40, steps=8)
    page.mouse.up()
    changed(lambda: "moved most by synapses" in words(cell), False)
    settled(lambda: sees(cell))
    page.screenshot(path=ARTEFACTS / "editor_painted.png")
    assert not overflow(cell)
    listed = words(cell).split("moved most by synapses ")[1].split("|")[0].split(", ")
    shown = cell.locator(".widget-slider:visible .widget-label").all_inner_texts()
    assert [text.split(":")[0] for text in shown if "→" in text] == [x.strip() for x in listed]
    button(cell, "files").click()
    changed(lambda: "nothing was changed" in cell.locator("textarea").last.input_value(), False)


def test_editor_with_the_keyboard_alone(editor):
    """Tab reaches every control; passing by changes nothing; arrows move a weight and undo."""
    page, cell = editor
    button(cell, "weights").click()
    button(cell, "reset").focus()
    before = settled(lambda: sees(cell))
    reached = set()
    for _ in range(60):
        page.keyboard.press("Tab")
        reached.add(page.evaluate("document.activeElement.getAttribute('aria-label')"))
    settled(lambda: sees(cell))
    assert sees(cell)[0] == before[0]
    for handle in cell.locator(".noUi-handle:visible").all():
        assert handle.get_attribute("aria-label") in reached
    handle = cell.locator(".noUi-handle:visible").nth(0)
    handle.focus()
    for _ in range(20):
        page.keyboard.press("ArrowRight")
    moved = changed(lambda: pictures(cell), before[0])
    button(cell, "undo").focus()
    page.keyboard.press("Enter")
    assert changed(lambda: pictures(cell), moved) != moved
    button(cell, "properties").focus()
    page.keyboard.press("Enter")
    cell.get_by_role("slider", name="move body area", exact=False).focus()
    for _ in range(5):
        page.keyboard.press("ArrowRight")
    changed(lambda: "body area moved by +0.2" in words(cell), False, 30)
    page.screenshot(path=ARTEFACTS / "editor_property.png")


def test_typed_nonsense_is_said_in_place(editor):
    page, cell = editor
    button(cell, "weights").click()
    button(cell, "reset").click()
    changed(lambda: "back at the start" in words(cell), False)
    before = settled(lambda: pictures(cell))
    cell.get_by_label("synapse", exact=True).fill("28")
    page.keyboard.press("Enter")
    changed(lambda: "28: x → 7" in words(cell), False)
    weight = cell.get_by_label("weight", exact=True)
    changed(lambda: weight.input_value().startswith("-2.13"), False)  # its own, sent last
    for typed, says in {"nan": "must be finite", "99": "it goes from"}.items():
        weight.fill(typed)
        page.keyboard.press("Enter")
        changed(lambda says=says: says in words(cell), False)
    assert settled(lambda: pictures(cell))[0] == before[0]


def test_the_browser_puts_no_weight_back(lab):
    """Synapse, reach and weight set in one cell stay what they are, however late an echo comes."""
    path = lab.write("sweeper.ipynb", SWEEPER, SWEPT, "sweeper.reading")
    with lab.opened(path) as page:
        run_all(page)
        cell = show_cell(page, 0)
        settled(lambda: sees(cell), 1.0)
        said = words(cell)
        assert "synapse 34" in said and "75% of its working range" in said  # 5 of the steps
        handle = cell.locator(".noUi-handle:visible")
        handle.press("ArrowRight")
        changed(lambda: "90% of its working range" in words(cell), False)


def test_the_last_state_of_a_drag_is_shown(editor):
    """Oracle: the log, played again from the start, which Python does without putting off."""
    page, cell = editor
    button(cell, "weights").click()
    handle = cell.locator(".noUi-handle:visible").nth(3)
    handle.focus()
    before = settled(lambda: sees(cell))
    for key in ["ArrowRight"] * 25 + ["ArrowLeft"] * 10:
        page.keyboard.press(key)
    changed(lambda: sees(cell), before)
    dragged = settled(lambda: sees(cell), 1.0)
    assert dragged[0] != before[0] and dragged[1] != before[1]
    button(cell, "undo").click()
    changed(lambda: "took back" in words(cell), False)
    button(cell, "redo").click()
    changed(lambda: "did again" in words(cell), False)
    again = settled(lambda: sees(cell), 1.0)
    assert again[0] == dragged[0]


def test_a_drag_is_drawn_on_a_canvas_and_rests_as_an_image(editor):
    """Oracle: the pixels of the one are those of the other."""
    page, cell = editor
    button(cell, "weights").click()
    canvas, picture = cell.locator("canvas"), cell.locator("img.painted-canvas")
    handle = cell.locator(".noUi-handle:visible").nth(2)
    settled(lambda: sees(cell))
    assert not canvas.is_visible()
    handle.focus()
    page.keyboard.press("ArrowRight")
    changed(canvas.is_visible, False)
    assert canvas.bounding_box() == picture.bounding_box()
    changed(canvas.is_visible, True)
    assert canvas.evaluate("canvas => canvas.toDataURL()") == pixels(picture)


def test_two_tabs_and_a_restart(lab):
    """What one tab does the other shows; after a restart all cells run and are live again."""
    with lab.context() as context:
        path = lab.write("tabs.ipynb", EDITOR)
        first = lab.tab(context, path)
        run_all(first)
        here = show_cell(first, 0)
        first.evaluate("() => jupyterapp.commands.execute('docmanager:save')")
        second = lab.tab(context, path)
        there = show_cell(second, 0)
        there.locator("img.painted-canvas").wait_for()
        before = settled(lambda: pictures(here))
        assert settled(lambda: pictures(there)) == before
        drag(second, there.locator(".noUi-handle:visible").nth(2), 25, there)
        first.bring_to_front()
        changed(lambda: pictures(here), before)
        assert settled(lambda: pictures(here)) == settled(lambda: pictures(there))
        second.close()
        first.evaluate("() => jupyterapp.shell.currentWidget.sessionContext.restartKernel()")
        first.wait_for_function(KERNEL_READY)
        run_all(first)
        here = show_cell(first, 0)
        changed(lambda: here.locator("img.painted-canvas").count(), 0)
        drag(first, here.locator(".noUi-handle:visible").nth(2), 25, here)
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
