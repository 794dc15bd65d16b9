"""From the hand to the screen: the playground in headless Chromium.

    python benchmarks/playground_latency.py [--events 400] [--seconds 3] [--pages 2]

The page itself takes the time, from the time stamp of an input event to the end of the animation
frame that painted it: a message posted in the frame, after the playground's own callback, arrives
when the frame is done. All activation maps, the matrix and the change map are live: the picture and
the matrix in that frame, the maps right after it, shown with the next one, so the time until they
are shown is taken, too. Beside it, in
the same page, are three range inputs without a network: one sets a label, one fills a bare canvas
that lies on the big picture and is as large, one such canvases on all pictures and maps. The
blocks alternate. Of each row the work of the frame is taken, too, from its first callback to its
end, without the waiting for it.

Then the slider is moved at every frame, and frames are counted; and the network heals, and its
steps are counted. In a page from disk, and in JupyterLab with 300 ms between page and kernel.
"""

import argparse
import json
import os
import sys
import tempfile
from pathlib import Path

import machine  # isort: skip  (one thread each, before NumPy loads)

import numpy as np

from ensembles_lib import samples
from ensembles_lib.widgets.playground import playground_html

# Kernel and browser share all cores, as on a reader's machine.
if hasattr(os, "sched_setaffinity"):
    os.sched_setaffinity(0, range(machine.CORES))
ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "tests"))

from browser import DELAY, NO_DELAY, Lab, chromium_program, run_all, running_lab  # noqa: E402

BLOCKS = 4
LATE = 300  # ms that a message to the kernel takes
CELL = """
from ensembles_lib import samples
from ensembles_lib.widgets import Playground
Playground(samples.peacock_network(), samples.peacock(128))"""
PREPARE = """() => {
    const box = document.createElement('p'), label = document.createElement('output');
    const bare = (id, moved) => {
        const input = document.createElement('input');
        [input.type, input.id] = ['range', id];
        input.addEventListener('input', () => moved(Number(input.value)));
        box.append(input);
        return input;
    };
    bare('label', (value) => { label.textContent = value; });
    box.append(label);
    document.querySelector('.ensemble-playground').prepend(box);
    document.querySelector('.pg-sets').open = true;
    // Of so many pixels, as large and in the same place, but hidden unless their turn has come.
    const pictures = (id, selector) => {
        const all = [...document.querySelectorAll(selector)].map((under) => {
            const canvas = document.createElement('canvas');
            [canvas.width, canvas.height] = [under.width, under.height];
            canvas.hidden = true;
            document.body.append(canvas);
            const context = canvas.getContext('2d');
            const image = context.createImageData(canvas.width, canvas.height);
            return { under, canvas, context, image, words: new Uint32Array(image.data.buffer) };
        });
        let waiting = false, latest = 0;
        const draw = () => {
            waiting = false;
            for (const { context, image, words } of all) {
                words.fill(0xff000000 + Math.round(2.55 * latest) * 0x10101);
                context.putImageData(image, 0, 0);
            }
        };
        const input = bare(id, (value) => {
            latest = value;
            if (!waiting) requestAnimationFrame(draw);
            waiting = true;
        });
        input.shown = (on) => {
            for (const { under, canvas } of all) {
                const { left, top, width, height } = under.getBoundingClientRect();
                canvas.hidden = !on;
                canvas.style.cssText = on ? `position: absolute; z-index: 9;
                    left: ${left + scrollX}px; top: ${top + scrollY}px;
                    width: ${width}px; height: ${height}px` : '';
            }
        };
    };
    pictures('picture', '.pg-picture canvas');
    pictures('pictures', '.pg-picture canvas, .pg-lenses canvas, .pg-map canvas');
}"""
LATENCY = """async ([selector, events]) => {
    const input = document.querySelector(selector), times = [];
    const low = Number(input.min || 0), high = Number(input.max || 100);
    if (input.shown) input.shown(true);
    for (let i = 0; i < 5 + events; i++) {
        // Anywhere within a frame, as hands do.
        await new Promise(go => setTimeout(go, 20 + 16.7 * Math.random()));
        input.value = low + (high - low) * (0.5 + 0.4 * Math.sin(i / 9));
        const event = new Event('input', { bubbles: true });
        let begun = 0;
        requestAnimationFrame(() => { begun = performance.now(); });
        input.dispatchEvent(event);
        const time = await new Promise(done => requestAnimationFrame(() => {
            const channel = new MessageChannel();
            channel.port1.onmessage = () => {
                const now = performance.now();
                done([now - event.timeStamp, now - begun]);
            };
            channel.port2.postMessage(0);
        }));
        if (i >= 5) times.push(time); // the first lay out the page anew
    }
    if (input.shown) input.shown(false);
    return times;
}"""
ALL_SHOWN = """async ([selector, events]) => {
    const input = document.querySelector(selector), root = document.querySelector('[data-kernel]');
    const low = Number(input.min), high = Number(input.max), times = [];
    for (let i = 0; i < events; i++) {
        await new Promise(go => setTimeout(go, 40 + 16.7 * Math.random()));
        input.value = low + (high - low) * (0.5 + 0.4 * Math.sin(i / 9));
        const event = new Event('input', { bubbles: true });
        const followed = new Promise(go => {
            const watcher = new MutationObserver(() => { watcher.disconnect(); go(); });
            watcher.observe(root, { attributeFilter: ['data-following'] });
        });
        input.dispatchEvent(event);
        await followed;
        times.push(await new Promise(done => requestAnimationFrame(() => {
            const channel = new MessageChannel();
            channel.port1.onmessage = () => done(performance.now() - event.timeStamp);
            channel.port2.postMessage(0);
        })));
    }
    return times;
}"""
FRAMES = """async ([selector, seconds]) => {
    const input = document.querySelector(selector), root = document.querySelector('[data-kernel]');
    const low = Number(input.min), high = Number(input.max), drawn = [], start = performance.now();
    let pictures = 0, last = root.dataset.milliseconds;
    const watcher = new MutationObserver(() => {
        pictures++;
        drawn.push(Number(root.dataset.milliseconds) + Number(root.dataset.following));
    });
    watcher.observe(root, { attributeFilter: ['data-milliseconds'] });
    for (let i = 0; performance.now() - start < 1000 * seconds; i++) {
        input.value = low + (high - low) * (0.5 + 0.4 * Math.sin(i / 15));
        input.dispatchEvent(new Event('input', { bubbles: true }));
        await new Promise(requestAnimationFrame);
    }
    watcher.disconnect();
    drawn.sort((a, b) => a - b);
    return { pictures: pictures / seconds, script: drawn[Math.floor(drawn.length / 2)] };
}"""
HEAL = """async seconds => {
    const button = (name) => [...document.querySelectorAll('.pg-heal button')].find(
        (one) => one.textContent.includes(name));
    const root = document.querySelector('[data-kernel]');
    button('break').click();
    button('heal').click();
    await new Promise(go => setTimeout(go, 500));
    const before = Number(root.dataset.steps), start = performance.now();
    await new Promise(go => setTimeout(go, 1000 * seconds));
    const steps = (1000 * (Number(root.dataset.steps) - before)) / (performance.now() - start);
    button('stop').click();
    return steps;
}"""
SLIDER = '[aria-label="weight of the chosen synapse"]'


CONTROLS = {
    "playground": SLIDER,
    "label": "#label",
    "bare picture": "#picture",
    "40 bare pictures": "#pictures",
}


def latencies(page, events):
    """Return {what: {measure: (median, 95 %)}} of the playground and of its controls, in ms."""
    page.evaluate(PREPARE)
    found = {what: [] for what in CONTROLS}
    for block in range(BLOCKS + 1):  # the first warms up
        for what, selector in CONTROLS.items():
            times = page.evaluate(LATENCY, [selector, -(-events // BLOCKS)])
            found[what] += times if block else []
    return {what: _summary(np.array(times)) for what, times in found.items()}


def _summary(times):
    return dict(zip(("event to end of frame", "frame"), _halves(times), strict=True))


def _halves(times):
    return np.round(np.quantile(times, [0.5, 0.95], axis=0), 1).T.tolist()


def from_disk(chromium, folder, size, synapse, options, before=""):
    """Return all that is measured of a page without a kernel."""
    live = playground_html(samples.peacock_network(), samples.peacock(128), size=size)
    live.save(Path(folder) / "page.html")
    page = chromium.new_page(viewport={"width": 1280, "height": 960})
    page.add_init_script(before)
    page.goto((Path(folder) / "page.html").as_uri())
    page.get_by_label("synapse", exact=True).fill(str(synapse))
    page.get_by_role("button", name="heal", exact=True).and_(page.locator(":enabled")).wait_for()
    result = {
        "kernel": page.locator("[data-kernel]").get_attribute("data-kernel"),
        "ms (median, 95 %)": latencies(page, options.events),
        "ms until all maps are shown (median, 95 %)": _halves(
            page.evaluate(ALL_SHOWN, [SLIDER, options.events])
        ),
        **dict(
            zip(
                ("pictures per second", "script a picture, ms, median"),
                (round(v, 1) for v in page.evaluate(FRAMES, [SLIDER, options.seconds]).values()),
                strict=True,
            )
        ),
        "heal steps per second": round(page.evaluate(HEAL, options.seconds)),
    }
    page.close()
    return result


def in_lab(chromium, options):
    """Return the latencies in JupyterLab, near the kernel and far from it."""
    results = {}
    with (
        tempfile.TemporaryDirectory() as folder,
        running_lab(Path(folder), NO_DELAY) as (address, where),
    ):
        lab = Lab(chromium, address, where)
        with lab.opened(lab.write("latency.ipynb", CELL)) as page:
            run_all(page)
            page.locator(SLIDER).wait_for()
            results["JupyterLab, kernel near"] = latencies(page, options.events)
            page.evaluate(DELAY, LATE)
            results[f"JupyterLab, kernel {LATE} ms away"] = latencies(page, options.events)
    return results


def main():
    """Print results as JSON."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--events", type=int, default=400)
    parser.add_argument("--seconds", type=float, default=3)
    parser.add_argument("--pages", type=int, help="only the first so many, and not JupyterLab")
    options = parser.parse_args()
    from playwright.sync_api import sync_playwright

    facts, results = machine.describe() | {"cores used": machine.CORES}, {}
    facts["load"] = os.getloadavg()[0]
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        chromium = playwright.chromium.launch(
            executable_path=chromium_program(), args=["--no-sandbox", "--disable-dev-shm-usage"]
        )
        facts["chromium"] = chromium.version
        pages = {
            "128, the first synapse, which reaches every neuron": (128, 0),
            "128, a synapse of an output": (128, 418),
            "256, the first synapse": (256, 0),
            "128, the first synapse, plain JavaScript": (128, 0, "delete WebAssembly.Module"),
        }
        for what, arguments in list(pages.items())[: options.pages]:
            size, synapse, *before = arguments
            results[what] = from_disk(chromium, folder, size, synapse, options, *before)
            print(what, json.dumps(results[what]), file=sys.stderr, flush=True)
        if options.pages is None:
            results |= in_lab(chromium, options)
        chromium.close()
    facts["load after"] = os.getloadavg()[0]
    print(json.dumps({"machine": facts, "results": results}, indent=1))


if __name__ == "__main__":
    main()
