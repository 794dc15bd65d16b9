"""The notebooks' widgets in a real browser, as a reader meets them.

Oracles: pixels read back from the page, the accessibility tree, and what the page and the
kernel complain of.
"""

import base64
import subprocess
import sys

import nbformat
import numpy as np
import pytest
from browser import (
    ARTEFACTS,
    COMPLAINTS,
    DELAY,
    KERNEL_READY,
    NO_DELAY,
    ROOT,
    WINDOW,
    changed,
    missing,
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
from test_playground_tools import has_no_barrier

from ensembles_lib import samples
from ensembles_lib.widgets import Playground

PLAYGROUND = ["""\
import ipywidgets
from ensembles_lib import samples
from ensembles_lib.widgets import Playground
playground = Playground(samples.peacock_network(), samples.peacock(64), size=64)
playground""", """\
told = ipywidgets.Label()
playground.observe(lambda c: setattr(told, "value", repr(float(c["new"][0]))), "weights")
told"""]  # fmt: skip
SLIDER = '[aria-label="weight of the chosen synapse"]'
# What was painted of a slider's move two frames after it, while the kernel has heard nothing.
AT_ONCE = """async ([selector, part]) => {
    const input = document.querySelector(selector);
    const canvas = document.querySelector(".pg-picture canvas");
    const before = canvas.toDataURL();
    input.value = Number(input.min) + part * (input.max - input.min);
    input.dispatchEvent(new Event("input", { bubbles: true }));
    for (let i = 0; i < 2; i++) await new Promise(requestAnimationFrame);
    return canvas.toDataURL() !== before;
}"""


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
def alive(lab):
    """A page with a playground, and the cell that shows it."""
    with lab.opened(lab.write("playground.ipynb", *PLAYGROUND)) as page:
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
            > w.clientWidth + 1 && /box|html|label/.test(w.className));
        return [...out, ...scrolls].map(w => w.className + ': ' + w.innerText.slice(0, 60));
    }""")


@pytest.mark.parametrize("name", NOTEBOOKS)
def test_sliders_of_a_notebook(running, name):
    """Runs all cells; a slider of every live piece moves its picture; nothing overflows."""
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
    assert tried and not page.errors


@pytest.mark.parametrize("theme", ["Light", "Dark"])
@pytest.mark.parametrize("width", [1280, 1024, 640])
def test_the_playground_fits(alive, theme, width):
    """Nothing is cropped and nothing but the matrix scrolls; the theme reaches the maps."""
    page, cell = alive
    page.set_viewport_size(WINDOW | {"width": width})
    page.evaluate(f"jupyterapp.commands.execute('apputils:change-theme',"
                  f"{{theme: 'JupyterLab {theme}'}})")  # fmt: skip
    light = str(theme == "Light").lower()
    page.wait_for_function(f"document.body.dataset.jpThemeLight === '{light}'")
    saving = cell.get_by_role("button", name="save and share")
    if saving.get_attribute("aria-expanded") != "true":
        saving.click()
    settled(lambda: cell.bounding_box())
    page.screenshot(path=ARTEFACTS / f"playground_{width}_{theme}.png")
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
    assert cell.locator(".pg-picture canvas").bounding_box()["width"] >= 200
    has_no_barrier(page, "'.ensemble-playground'")
    shades = cell.get_by_label("change map of synapse").evaluate(
        "c => [...c.getContext('2d').getImageData(0, 0, c.width, c.height).data]"
    )
    assert (np.median(np.reshape(shades, (-1, 4))[:, :3]) > 128) == (theme == "Light")


def test_a_kernel_far_away_holds_nothing_up(alive):
    """300 ms to it: the picture follows the hand at once, and the kernel hears where it rests."""
    page, cell = alive
    page.set_viewport_size(WINDOW)
    page.evaluate(DELAY, 300)
    cell.get_by_label("synapse", exact=True).fill("0")
    told = page.locator(".jupyter-widgets.widget-label").last
    before = told.inner_text()
    for part in (0.2, 0.4, 0.8):
        assert page.evaluate(AT_ONCE, [SLIDER, part])
    assert told.inner_text() == before
    cell.locator(SLIDER).press("End")
    changed(told.inner_text, before)
    assert float(settled(told.inner_text)) == pytest.approx(
        float(cell.locator(SLIDER).input_value()), abs=1e-9
    )


WIDE = """
import numpy as np

from ensembles_lib import Picture, samples
from ensembles_lib.widgets import Playground

Playground(samples.peacock_network(), Picture(np.full((32, 96, 3), 0.25)))
"""


def test_a_wide_picture_keeps_its_shape(lab):
    """At every width of the page, as it is painted and as it was taught."""
    with lab.opened(lab.write("wide.ipynb", WIDE)) as page:
        run_all(page)
        cell = show_cell(page, 0)
        for width in (640, 1024, 1280):
            page.set_viewport_size({"width": width, "height": 960})
            settled(lambda: cell.bounding_box())
            for shown in (".pg-picture canvas", ".pg-heal img"):
                box = cell.locator(shown).first.bounding_box()
                assert box["width"] / box["height"] == pytest.approx(3, abs=0.05), shown
        assert not page.errors


def test_a_saved_playground_shows_its_picture_before_it_is_run(lab):
    """In JupyterLab as one gets the page, and in HTML that nbconvert makes of it."""
    playground = Playground(samples.peacock_network(), samples.peacock(64), size=64)
    bundle, _ = playground._repr_mimebundle_()
    bundle["image/png"] = base64.b64encode(bundle["image/png"]).decode()
    output = nbformat.v4.new_output("execute_result", bundle, execution_count=1)
    cell = nbformat.v4.new_code_cell("playground", outputs=[output], execution_count=1)
    name = lab.write("stored.ipynb", "playground")
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
from ensembles_lib.widgets import PictureUpload, Playground

network, peacock = samples.peacock_network(), samples.peacock(64)
Playground(network, peacock, size=64)""", "Playground(network, size=48)",
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
        path = lab.write("tabs.ipynb", *PLAYGROUND)
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
