"""A real Jupyter server and a real browser for the tests.

The server works on a copy of the notebooks, with settings of its own, on 127.0.0.1 with a token.
Screenshots of the last run are kept in tests/artefacts.
"""

import contextlib
import os
import secrets
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

import nbformat
import pytest

ROOT = Path(__file__).resolve().parent.parent
ARTEFACTS = Path(__file__).resolve().parent / "artefacts"
WINDOW = {"width": 1280, "height": 960}
NO_DELAY = "ensembles_lib.no_delay.NoDelay"
KERNELSPEC = {"name": "python3", "display_name": "Python 3 (ipykernel)", "language": "python"}
CHROMIUM = ("chromium", "chromium-browser", "google-chrome")
KERNEL_READY = """() => {
    const session = window.jupyterapp?.shell.currentWidget?.sessionContext;
    const kernel = session?.isReady && session.session?.kernel;
    return kernel && kernel.status == 'idle' && kernel.connectionStatus == 'connected';
}"""
ALL_RUN = """() => jupyterapp.shell.currentWidget.content.widgets
    .filter(cell => cell.model.type == 'code')
    .every(cell => Number.isInteger(parseInt(cell.prompt)))"""
# Messages to the kernel take so many milliseconds, as over a long way.
DELAY = """ms => {
    const send = WebSocket.prototype.send;
    WebSocket.prototype.send = function (data) { setTimeout(() => send.call(this, data), ms); };
}"""
# Cells with an error, or a widget that could not be shown.
COMPLAINTS = """() => {
    const cells = jupyterapp.shell.currentWidget.content.widgets;
    const found = [];
    for (const [number, cell] of cells.entries()) {
        if (cell.model.type != 'code') continue;
        const outputs = cell.model.outputs.toJSON();
        for (const out of outputs)
            if (out.output_type == 'error') found.push(`cell ${number + 1}: ${out.evalue}`);
        if (/Error displaying widget|model not found/i.test(cell.node.textContent))
            found.push(`cell ${number + 1}: a widget is not shown`);
    }
    return found;
}"""


def chromium_program():
    """Return the path of Chromium, None where there is none."""
    return next(filter(None, map(shutil.which, CHROMIUM)), None)


def missing(what):
    """Skip the test, or fail it where continuous integration promises a browser."""
    if os.environ.get("CI"):
        pytest.fail(f"{what}: a browser must be there where CI is set", pytrace=False)
    pytest.skip(f"{what}: `apt install chromium` and `pip install -e .[test]` bring it")


@pytest.fixture(scope="session")
def chromium():
    """A headless Chromium, shared by all tests; skipped where there is none."""
    try:
        from playwright.sync_api import sync_playwright
    except ImportError:
        missing("no playwright in this environment")
    program = chromium_program()
    if program is None:
        missing("no Chromium on this machine")
    ARTEFACTS.mkdir(exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=program,
            args=["--no-sandbox", "--disable-dev-shm-usage", "--disable-background-networking"],
            ignore_default_args=["--hide-scrollbars"],  # readers see them
        )
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def lab(chromium, tmp_path_factory):
    """A JupyterLab server, as `make lab` starts it, and pages opened on it."""
    with running_lab(tmp_path_factory.mktemp("jupyter"), NO_DELAY) as (url, folder):
        yield Lab(chromium, url, folder)


@contextlib.contextmanager
def running_lab(folder, connection=None):
    """Run a JupyterLab server on a copy of the notebooks; gives (address, folder)."""
    (folder / "lab" / "data").parent.mkdir()
    (folder / "lab" / "data").symlink_to(ROOT / "data")
    ignored = shutil.ignore_patterns(".*")
    shutil.copytree(ROOT / "notebooks", folder / "lab" / "notebooks", ignore=ignored)
    quiet = folder / "settings" / "@jupyterlab" / "apputils-extension"
    quiet.mkdir(parents=True)
    (quiet / "notification.jupyterlab-settings").write_text('{"fetchNews": "false"}')
    own = {"CONFIG": "c", "DATA": "d", "RUNTIME": "r"}
    own = {f"JUPYTER_{name}_DIR": str(folder / sub) for name, sub in own.items()}
    own["JUPYTER_CONFIG_PATH"] = str(ROOT / "tools" / "jupyter")  # as `make lab` has it
    own["JUPYTERLAB_SETTINGS_DIR"] = str(folder / "settings")
    own["JUPYTERLAB_WORKSPACES_DIR"] = str(folder / "workspaces")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    token = secrets.token_hex(16)
    options = [f"--ServerApp.token={token}", f"--ServerApp.port={port}", "--ServerApp.ip=127.0.0.1"]
    options += ["--no-browser", "--allow-root", "--LabApp.news_url=None"]
    options += ["--LabApp.expose_app_in_browser=True", "--ServerApp.port_retries=0"]
    if connection:
        options.append(f"--ServerApp.kernel_websocket_connection_class={connection}")
    with (folder / "server.log").open("w") as log:
        server = subprocess.Popen(
            [sys.executable, "-m", "jupyterlab", *options],
            cwd=folder / "lab",
            env={**os.environ, **own, "OPENBLAS_NUM_THREADS": "1"},
            stdout=log,
            stderr=subprocess.STDOUT,
        )
        try:
            url = f"http://127.0.0.1:{port}"
            deadline = time.monotonic() + 60
            while not _answers(f"{url}/api/status?token={token}"):
                if server.poll() is not None or time.monotonic() > deadline:
                    pytest.fail("no server:\n" + (folder / "server.log").read_text()[-2000:])
                time.sleep(0.2)
            yield (url, token), folder
        finally:
            server.terminate()
            server.wait(20)


def _answers(url):
    try:
        with urllib.request.urlopen(url, timeout=2) as response:
            return response.status == 200
    except (urllib.error.URLError, OSError):
        return False


class Lab:
    """Opens pages of a JupyterLab server."""

    def __init__(self, chromium, address, folder):
        self.chromium, (self.url, self.token), self.folder = chromium, address, folder

    @contextlib.contextmanager
    def opened(self, notebook, window=WINDOW):
        """Open a notebook in a browser of its own; what its console complains of is an error."""
        with self.context(window) as context:
            yield self.tab(context, notebook)

    @contextlib.contextmanager
    def context(self, window=WINDOW):
        """A browser with its own cookies and storage."""
        context = self.chromium.new_context(viewport=window)
        try:
            yield context
        finally:
            context.close()

    def tab(self, context, notebook):
        """Open a notebook in a new tab of a browser, and wait until its kernel is ready."""
        page = context.new_page()
        page.errors = []
        page.on("pageerror", lambda error: page.errors.append(str(error)))
        page.on("console", lambda m: m.type == "error" and page.errors.append(m.text))
        name = secrets.token_hex(4)  # a workspace of its own: tabs do not restore each other's
        page.goto(f"{self.url}/lab/workspaces/{name}/tree/{notebook}?token={self.token}")
        page.wait_for_function(KERNEL_READY, timeout=60_000)
        return page

    def write(self, name, *cells):
        """Write a notebook of code cells beside the others; returns its path."""
        nb = nbformat.v4.new_notebook(metadata={"kernelspec": KERNELSPEC})
        nb.cells = [nbformat.v4.new_code_cell(cell) for cell in cells]
        nbformat.write(nb, self.folder / "lab" / "notebooks" / name)
        return f"notebooks/{name}"


def start_all(page):
    """Start running all cells of the page's notebook."""
    # The braces matter: evaluate would wait for a promise that it is given.
    page.evaluate("() => { jupyterapp.commands.execute('notebook:run-all-cells'); }")


def run_all(page, seconds=150):
    """Run all cells of the page's notebook; complaints are an error."""
    start_all(page)
    wait_for_all(page, seconds)


def wait_for_all(page, seconds=150):
    """Wait until all cells have run; complaints are an error."""
    page.wait_for_function(ALL_RUN, timeout=1000 * seconds)
    complaints = page.evaluate(COMPLAINTS) + page.errors
    assert not complaints, "\n".join(complaints)


def show_cell(page, index):
    """Scroll to a cell (counted from 0), and return its element once its widget is drawn."""
    page.evaluate(
        """async index => {
            const notebook = jupyterapp.shell.currentWidget.content;
            notebook.activeCellIndex = index;
            await notebook.scrollToItem(index, 'start');
        }""",
        index,
    )
    page.evaluate("i => jupyterapp.shell.currentWidget.content.widgets[i].node.id = `c${i}`", index)
    cell = page.locator(f"#c{index}")
    cell.locator(
        ".jupyter-widgets, .ensemble-playground .pg, .ensemble-small > div:not(.sm-still)"
    ).first.wait_for()
    return cell


def widget_cells(page):
    """Indices of the cells that hold a picture with sliders, or a live piece as HTML."""
    return page.evaluate("""() => jupyterapp.shell.currentWidget.content.widgets.flatMap(
        (cell, i) => cell.model.type == 'code' && cell.model.outputs.toJSON().some(out =>
            /^<div class="ensemble-(playground|small)/.test(out.data?.['text/html'] ?? '')
            || 'application/vnd.jupyter.widget-view+json' in (out.data ?? {})
            && !/^\\s*\\d+%|it\\/s/.test(out.data['text/plain'] ?? '')) ? [i] : [])""")


def pixels(image):
    """The picture seen at an <img>, as a string that is equal for equal pixels."""
    return image.evaluate("""async img => {
        // A picture that is replaced while it is decoded cannot be: then look at the next one.
        for (let tries = 50; ; tries--) {
            try { await img.decode(); break; }
            catch (error) { if (!tries) throw error; }
            await new Promise(requestAnimationFrame);
        }
        const canvas = document.createElement('canvas');
        canvas.width = img.naturalWidth; canvas.height = img.naturalHeight;
        canvas.getContext('2d').drawImage(img, 0, 0);
        return canvas.toDataURL();
    }""")


def changed(see, before, seconds=30):
    """Poll until `see()` differs from `before`; return the new value, or fail."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        with contextlib.suppress(Exception):  # a picture may be swapped while it is read
            if (now := see()) != before:
                return now
        time.sleep(0.02)
    pytest.fail(f"nothing changed within {seconds} seconds")


def settled(see, seconds=0.3):
    """Poll until `see()` has been the same for a while; return it."""
    last, since = see(), time.monotonic()
    while time.monotonic() - since < seconds:
        time.sleep(0.03)
        if (now := see()) != last:
            last, since = now, time.monotonic()
    return last
