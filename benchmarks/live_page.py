"""Frames per second of a picture that is live in a page, without a kernel, in headless Chromium.

    python benchmarks/live_page.py [--seconds 3]

`live_html` of the peacock's network is opened from disk. At every animation frame a slider gets
another value; counted are the pictures that the page draws, and timed is one drawing. Once with
the WebAssembly kernel, once with the JavaScript that stands in where there is none.
"""

import argparse
import json
import sys
import tempfile
from pathlib import Path

import machine  # isort: skip  (one thread each, before NumPy loads)

from ensembles_lib import Network
from ensembles_lib.widgets.live_page import live_html

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "tests"))

from browser import chromium_program  # noqa: E402

WITHOUT = "delete WebAssembly.Module"
MOVE = """async seconds => {
    const root = document.querySelector('[data-kernel]'), slider = root.querySelector('input');
    const low = Number(slider.min), high = Number(slider.max), drawn = [];
    const put = CanvasRenderingContext2D.prototype.putImageData;
    let frame = 0;
    CanvasRenderingContext2D.prototype.putImageData = function (...all) {
        put.apply(this, all);
        drawn.push(performance.now() - frame);  // since the callbacks of this frame began
    };
    const start = performance.now();
    let steps = 0;
    while (performance.now() - start < 1000 * seconds) {
        slider.value = low + (high - low) * (0.5 + 0.4 * Math.sin(steps++ / 15));
        requestAnimationFrame(() => { frame = performance.now(); });
        slider.dispatchEvent(new Event('input', {bubbles: true}));
        await new Promise(requestAnimationFrame);
    }
    drawn.sort((a, b) => a - b);
    return {
        kernel: root.dataset.kernel,
        'pictures per second': Math.round(drawn.length / seconds),
        'ms a picture, median': +drawn[Math.floor(drawn.length / 2)].toFixed(1),
        'ms a picture, 95 %': +drawn[Math.floor(0.95 * drawn.length)].toFixed(1),
    };
}"""


def main():
    """Print results as JSON."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seconds", type=float, default=3)
    options = parser.parse_args()
    from playwright.sync_api import sync_playwright

    page_of = live_html(Network.load(ROOT / "data" / "peacock_wide.npz"), [0, 1, 418])
    program = chromium_program()
    results = []
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        path = Path(folder) / "live.html"
        path.write_text(f"<!DOCTYPE html><meta charset='utf-8'>{page_of.html}", encoding="utf-8")
        chromium = playwright.chromium.launch(executable_path=program, args=["--no-sandbox"])
        for before in ("", WITHOUT):
            page = chromium.new_page()
            page.add_init_script(before)
            page.goto(path.as_uri())
            page.locator("[data-kernel]").wait_for()
            results.append(page.evaluate(MOVE, options.seconds))
            page.close()
        facts = machine.describe() | {"chromium": chromium.version}
        chromium.close()
    print(json.dumps({"machine": facts, "results": results}, indent=1))


if __name__ == "__main__":
    main()
