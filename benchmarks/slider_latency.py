"""From a slider's event to new pixels on the screen: the weight editor in headless Chromium.

    python benchmarks/slider_latency.py [--events 200] [--memory 10000]

The page itself takes the time: from a key pressed on a slider to the animation frame that shows
the new picture. Then the slider is moved at every frame for three seconds, and the pictures
counted, also those that come after it was let go. Both kinds of server are measured in turn: as it
is, and as `make lab` starts it.

What the editor cannot go below is measured in the same page: a slider that sets a label, and one
that sets one picture, made beforehand. The blocks of the three alternate.
"""

import argparse
import json
import os
import sys
import tempfile
import time
from pathlib import Path

import machine  # isort: skip  (one thread each, before NumPy loads)

import numpy as np

# The server, the kernel and the browser share all cores, as on a reader's machine.
if hasattr(os, "sched_setaffinity"):
    os.sched_setaffinity(0, range(machine.CORES))
ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "tests"))

from browser import NO_DELAY, Lab, chromium_program, run_all, running_lab, show_cell  # noqa: E402

BLOCKS = 4  # of events, with those of the floors in between
CELL = """
import time

from ensembles_lib import *
from ensembles_lib.widgets import WeightEditor

network = Network.load("../data/peacock.npz")
picture = Picture.open("../data/peacock.png", 128)
at96 = open_regions("../data/peacock_elements.png", 96)
properties = peacock_properties(picture.resized(96), at96) if WITH_PROPERTIES else None
editor = WeightEditor(network, picture, properties)
editor.show_neuron(6)
spent = []
slid = editor.bank._moved
def timed(synapse, weight):
    began = time.perf_counter()
    slid(synapse, weight)
    spent.append(1000 * (time.perf_counter() - began))
editor.bank._moved = timed
followed = []
follow = editor._follower._work
def timed_follow():
    began = time.perf_counter()
    follow()
    followed.append(1000 * (time.perf_counter() - began))
editor._follower._work = timed_follow
"""
READ = """
import json
print(json.dumps([spent, followed]))
"""
LABEL = """
import ipywidgets
to_label, label = ipywidgets.IntSlider(0, -100, 100), ipywidgets.Label("0")
to_label.observe(lambda change: label.set_trait("value", str(change["new"])), "value")
ipywidgets.VBox([to_label, label]).add_class("floor")
"""
IMAGE = """
pair = [network.with_weight(34, w).paint(128).to_png() for w in (0.0, 0.5)]
to_image, image = ipywidgets.IntSlider(0, -100, 100), ipywidgets.Image(value=pair[0], width=364)
to_image.observe(lambda change: image.set_trait("value", pair[change["new"] % 2]), "value")
ipywidgets.VBox([to_image, image]).add_class("floor")
"""
FLOOR = """async ([index, events, selector]) => {
    const cell = document.querySelector(`#c${index}`);
    const handle = cell.querySelector('.noUi-handle');
    const target = cell.querySelector(selector);
    const watched = {attributeFilter: ['src'], childList: true, characterData: true, subtree: true};
    const shown = [];
    const press = key => handle.dispatchEvent(new KeyboardEvent('keydown', {key, bubbles: true}));
    handle.focus();
    press('Home');
    await new Promise(resolve => setTimeout(resolve, 1000));
    for (let i = 0; i < events; i++) {
        const arrival = new Promise((resolve, reject) => {
            const watcher = new MutationObserver(() => { watcher.disconnect(); resolve(); });
            watcher.observe(target, watched);
            setTimeout(reject, 20000, Error('no answer'));
        });
        const began = performance.now();
        press(i % 100 < 50 ? 'ArrowRight' : 'ArrowLeft');
        await arrival;
        if (target.decode) await target.decode();
        await new Promise(requestAnimationFrame);
        shown.push(performance.now() - began);
    }
    return shown;
}"""
# Arrow keys are events of their own: each gives one value, sent at once, and one picture. The
# clock starts at the key, at the beginning of a frame, and stops in the frame that shows the
# picture. What is drawn while a slider is dragged passes through a hidden element; it is empty
# when the slider has come to rest.
WATCH = """async ([index, events]) => {
    const cell = document.querySelector(`#c${index}`);
    const passing = cell.querySelector('.painted-canvas-passing .widget-html-content');
    const handle = cell.querySelectorAll('.noUi-handle')[1];
    const frame = () => new Promise(requestAnimationFrame);
    const shown = [];
    let pictures = 0, arrived = () => {};
    const rest = ms => new Promise(resolve => setTimeout(resolve, ms));
    const watcher = new MutationObserver(() => {
        if (!passing.textContent) return;
        pictures++;
        arrived();
    });
    watcher.observe(passing, {childList: true});
    const press = key => handle.dispatchEvent(new KeyboardEvent('keydown', {key, bubbles: true}));
    handle.focus();
    press('Home');
    await rest(1000);
    for (let i = 0; i < events; i++) {
        let timer;
        const arrival = new Promise((resolve, reject) => {
            arrived = resolve;
            timer = setTimeout(reject, 20000, Error('no picture'));
        });
        const key = i % 100 < 50 ? 'ArrowRight' : 'ArrowLeft';
        const began = performance.now();
        press(key);
        await arrival;
        await frame();
        shown.push(performance.now() - began);
        clearTimeout(timer);
    }
    press('Home');
    await rest(1000);
    // A drag: a new value at every frame, however fast the pictures come.
    pictures = 0;
    const start = performance.now();
    let values = 0;
    while (performance.now() - start < 3000) {
        const key = values++ % 100 < 50 ? 'ArrowRight' : 'ArrowLeft';
        press(key);
        await frame();
    }
    const during = pictures, released = performance.now();
    let last = released, count = pictures;
    while (performance.now() - last < 500) {
        await frame();
        if (pictures !== count) { count = pictures; last = performance.now(); }
    }
    watcher.disconnect();
    return {shown, values, fps: during / 3, late: pictures - during, tail: last - released};
}"""

COUNT = """index => {
    const passing = document.querySelector(
        `#c${index} .painted-canvas-passing .widget-html-content`);
    window.drawn = 0;
    new MutationObserver(() => { if (passing.textContent) window.drawn++; })
        .observe(passing, {childList: true});
}"""


def ask(page, index, code):
    """Run code in the kernel of the page's notebook, and return what it prints."""
    page.evaluate(
        """([index, code]) => {
            const notebook = jupyterapp.shell.currentWidget.content;
            notebook.widgets[index].model.sharedModel.setSource(code);
            notebook.activeCellIndex = index;
            jupyterapp.commands.execute('notebook:run-cell');
        }""",
        [index, code],
    )
    text = """index => jupyterapp.shell.currentWidget.content.widgets[index].model.outputs
        .toJSON().filter(o => o.name == 'stdout').map(o => o.text).join('')"""
    deadline = time.monotonic() + 120
    while time.monotonic() < deadline:
        time.sleep(0.2)
        said = page.evaluate(text, index)
        said = "".join(said) if isinstance(said, list) else said
        if said.endswith("\n"):
            page.evaluate(
                "i => jupyterapp.shell.currentWidget.content.widgets[i].model.outputs.clear()",
                index,
            )
            return json.loads(said)
    raise TimeoutError("the kernel does not answer")


def quantiles(values):
    """Return the median and the 95th percentile, rounded."""
    return [round(float(q), 1) for q in np.quantile(values, [0.5, 0.95])]


def measure(chromium, connection, with_properties, events, memory):
    """Run the editor on one kind of server; returns a dict of results."""
    with (
        tempfile.TemporaryDirectory() as folder,
        running_lab(Path(folder), connection) as (address, where),
    ):
        lab = Lab(chromium, address, where)
        cell = CELL.replace("WITH_PROPERTIES", str(with_properties))
        with lab.opened(lab.write("latency.ipynb", cell, "editor", "0", LABEL, IMAGE)) as page:
            run_all(page)
            floors = {
                "label": (3, ".floor > .widget-label", []),
                "picture": (4, ".floor > img", []),
            }
            seen, spent, followed = [], [], []
            for block in range(BLOCKS + 1):  # the first warms up
                for index, selector, found in floors.values():
                    show_cell(page, index)
                    answers = page.evaluate(FLOOR, [index, events // BLOCKS, selector])
                    found += answers if block else []
                show_cell(page, 1)
                seen.append(page.evaluate(WATCH, [1, events // BLOCKS]))
                if not block:
                    warm, followed_warm = ask(page, 2, READ)
            spent, followed = ask(page, 2, READ)
            seen, spent, followed = seen[1:], spent[len(warm) :], followed[len(followed_warm) :]
            result = {
                "event to screen, ms (median, 95 %)": quantiles(
                    sum((s["shown"] for s in seen), [])
                ),
                "kernel's share, ms (median, 95 %)": quantiles(spent),
                "kernel, what follows in pauses, ms (median, 95 %)": quantiles(followed),
                "pictures per second while dragged": round(np.mean([s["fps"] for s in seen]), 1),
                "pictures after release, at most": max(s["late"] for s in seen),
                "ms until the last of them, at most": round(max(s["tail"] for s in seen)),
            }
            for what, (_, _, found) in floors.items():
                result[f"slider to {what} alone, ms (median, 95 %)"] = quantiles(found)
            if memory:
                result["memory"] = grow(chromium, page, memory)
            return result


def grow(chromium, page, events):
    """Return memory of kernel, page and browser after shares of so many pictures, in MB.

    A slider is dragged with the mouse: of the keys, JupyterLab itself keeps each until the next
    shortcut. The page's heap and nodes are counted after a garbage collection; the renderer as
    the system counts it, which includes decoded pictures that the browser keeps as long as there
    is room, and what the debugger that looks at it notes of each.
    """
    record = {}
    session, browser = page.context.new_cdp_session(page), chromium.new_browser_cdp_session()
    session.send("Performance.enable")
    # Nothing is asked of the kernel meanwhile: each run of a cell leaves some nodes in JupyterLab.
    kernel = ask(page, 2, "import os\nprint(os.getpid())")
    handle = show_cell(page, 1).locator(".noUi-handle").nth(1)
    page.evaluate(COUNT, 1)
    done = 0
    for count in (events // 10, 4 * events // 10, 7 * events // 10, events):
        while done < count:
            drag(handle, page.mouse)
            done = page.evaluate("drawn")
        page.wait_for_timeout(1000)
        session.send("HeapProfiler.collectGarbage")
        metrics = {m["name"]: m["value"] for m in session.send("Performance.getMetrics")["metrics"]}
        processes = browser.send("SystemInfo.getProcessInfo")["processInfo"]
        renderers = [resident(one["id"]) for one in processes if one["type"] == "renderer"]
        record[f"after {done} pictures"] = {
            "kernel": round(resident(kernel) / 1e6, 1),
            "page's heap": round(metrics["JSHeapUsedSize"] / 1e6, 1),
            "page's nodes": int(metrics["Nodes"]),
            "largest renderer": round(max(renderers) / 1e6),
        }
        print(json.dumps(record), file=sys.stderr, flush=True)
    return record


def drag(handle, mouse):
    """Drag a slider's handle to and fro for some seconds, as fast as the page takes it."""
    handle.scroll_into_view_if_needed()
    box = handle.bounding_box()
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    mouse.move(x, y)
    mouse.down()
    for step in range(400):
        mouse.move(x + 40 * np.sin(step / 12), y)
    mouse.move(x, y)
    mouse.up()


def resident(process):
    """Return the resident memory of a process in bytes; 0 where the system does not tell."""
    try:
        return int(Path(f"/proc/{process}/statm").read_text().split()[1]) * os.sysconf(
            "SC_PAGE_SIZE"
        )
    except OSError:
        return 0


def main():
    """Print results as JSON."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--events", type=int, default=200)
    parser.add_argument("--memory", type=int, default=0, help="pictures of the memory test")
    options = parser.parse_args()
    from playwright.sync_api import sync_playwright

    facts, results = machine.describe() | {"cores used": machine.CORES}, {}
    facts["load"] = os.getloadavg()[0]
    program = chromium_program()
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(
            executable_path=program, args=["--no-sandbox", "--disable-dev-shm-usage"]
        )
        facts["chromium"] = chromium.version
        for name, connection in {"as it is": None, "as make lab starts it": NO_DELAY}.items():
            for with_properties in (False, True):
                what = f"server {name}, {18 if with_properties else 0} properties"
                memory = options.memory if connection and not with_properties else 0
                results[what] = measure(
                    chromium, connection, with_properties, options.events, memory
                )
                print(what, json.dumps(results[what]), file=sys.stderr, flush=True)
        chromium.close()
    print(json.dumps({"machine": facts, "results": results}, indent=1))


if __name__ == "__main__":
    main()
