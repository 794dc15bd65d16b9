"""The workbench in JupyterLab: rules of access, fingers, the dark theme, a kernel far away, files.

Oracles: axe-core's rules, what NumPy paints and the kernel answers.
"""

import numpy as np
import pytest
from browser import ARTEFACTS, DELAY, changed, run_all, settled, show_cell
from test_browser import EDITOR, button, edits, message, open_panel, reset, says
from test_kernels import check_pixels, picture
from test_playground_tools import has_no_barrier

from ensembles_lib import Network, article_wiring

ROOM = {"width": 1280, "height": 960}
SLIDER = "weight of the chosen synapse"
# What was painted of a slider's move two frames after it, while the kernel has heard nothing.
AT_ONCE = """async ([selector, value]) => {
    const input = document.querySelector(selector);
    const canvas = document.querySelector(".pg-picture canvas");
    const before = canvas.toDataURL();
    input.value = value;
    input.dispatchEvent(new Event("input", { bubbles: true }));
    for (let i = 0; i < 2; i++) await new Promise(requestAnimationFrame);
    return canvas.toDataURL() !== before;
}"""


@pytest.fixture(scope="module")
def bench(lab):
    """A page with a workbench, on a screen that feels fingers, and the cell that shows it."""
    context = lab.chromium.new_context(viewport=ROOM, has_touch=True)
    page = lab.tab(context, lab.write("workbench.ipynb", EDITOR))
    run_all(page)
    yield page, show_cell(page, 0)
    assert not page.errors
    context.close()


def finger(page, way):
    """A finger goes along a way, [(x, y), …]."""
    session = page.context.new_cdp_session(page)
    for number, (x, y) in enumerate(way):
        kind = "touchMove" if number else "touchStart"
        session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": [{"x": x, "y": y}]})
    session.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})


@pytest.mark.parametrize("width", [1280, 640])
@pytest.mark.parametrize("theme", ["Light", "Dark"])
def test_axe_finds_no_barrier_in_the_workbench(bench, theme, width):
    """In every panel; and the theme reaches the maps."""
    page, cell = bench
    page.set_viewport_size(ROOM | {"width": width})
    page.evaluate(f"jupyterapp.commands.execute('apputils:change-theme',"
                  f"{{theme: 'JupyterLab {theme}'}})")  # fmt: skip
    light = str(theme == "Light").lower()
    page.wait_for_function(f"document.body.dataset.jpThemeLight === '{light}'")
    for panel in ("region", "properties", "files"):
        open_panel(cell, panel)
        page.screenshot(path=ARTEFACTS / f"workbench_{panel}_{width}_{theme}.png")
        has_no_barrier(page, "'.ensemble-playground'")
    shades = cell.get_by_label("change map of synapse").evaluate(
        "c => [...c.getContext('2d').getImageData(0, 0, c.width, c.height).data]"
    )
    assert (np.median(np.reshape(shades, (-1, 4))[:, :3]) > 128) == (theme == "Light")


def test_a_finger_moves_a_weight_and_paints_a_region(bench):
    page, cell = bench
    page.set_viewport_size(ROOM)
    reset(cell)
    slider = cell.get_by_label(SLIDER)
    slider.scroll_into_view_if_needed()
    box, before = slider.bounding_box(), float(slider.input_value())
    middle, seen = box["y"] + box["height"] / 2, picture(cell).tobytes()
    finger(page, [(box["x"] + part * box["width"], middle) for part in (0.5, 0.6, 0.7, 0.8)])
    changed(lambda: picture(cell).tobytes(), seen)
    assert float(slider.input_value()) > before
    open_panel(cell, "files")
    changed(lambda: edits(page).startswith("no edits"), True)
    open_panel(cell, "region")
    brush = cell.locator(".pg-brush")
    brush.scroll_into_view_if_needed()
    scrolled = "document.querySelector('.jp-WindowedPanel-outer').scrollTop"
    box, top = brush.bounding_box(), page.evaluate(scrolled)
    finger(page, [(box["x"] + at * box["width"], box["y"] + at * box["height"])
                  for at in (0.3, 0.4, 0.5)])  # fmt: skip
    says(cell, "moved most by synapses")
    listed = message(cell).split("synapses ")[1].split(", ")
    changed(lambda: cell.locator(".pg-row b").all_inner_texts() == listed, False)
    assert page.evaluate(scrolled) == top  # the page stays under the finger
    reset(cell)


def test_weights_are_opened_from_the_browser(bench, lab, tmp_path):
    """By the library's own reader: what is no saved network of this wiring changes nothing."""
    page, cell = bench
    reset(cell)
    network = Network.load(lab.folder / "lab" / "data" / "peacock_wide.npz")
    moved = network.with_weight(3, network.weights[3] + 0.5)
    moved.save(tmp_path / "mine.npz")
    Network.random(article_wiring("strict"), seed=0).save(tmp_path / "other.npz")
    np.savez(tmp_path / "pickled.npz", weights=np.array([{}]))
    open_panel(cell, "files")

    def give(name):
        with page.expect_file_chooser() as chosen:
            button(cell, "upload weights").click()
        chosen.value.set_files(tmp_path / name)

    cell.locator(".pg-handle").press("PageUp")
    seen = settled(lambda: picture(cell).tobytes())
    for name, says_why in (
        ("other.npz", "other.npz has another wiring"),
        ("pickled.npz", "pickled.npz is not a saved network"),
    ):
        give(name)
        says(cell, says_why)
        assert picture(cell).tobytes() == seen
    give("mine.npz")
    says(cell, "loaded mine.npz: 1 weight moved from the start")
    changed(lambda: picture(cell).tobytes(), seen)
    settled(lambda: picture(cell).tobytes())
    check_pixels(picture(cell), moved, 128)
    assert edits(page).endswith("weights of mine.npz")
    button(cell, "↶ undo").click()
    changed(lambda: picture(cell).tobytes() == seen, False)
    reset(cell)


def test_a_kernel_far_away_holds_nothing_up(bench):
    """300 ms to it: the picture follows the hand at once, and the log has all edits, in order."""
    page, cell = bench
    reset(cell)
    cell.get_by_label("synapse", exact=True).fill("0")
    page.evaluate(DELAY, 300)
    open_panel(cell, "properties")
    selector, slider = f'[aria-label="{SLIDER}"]', cell.get_by_label(SLIDER)
    low, high = (float(slider.get_attribute(end)) for end in ("min", "max"))
    for part in (0.2, 0.4, 0.8):
        assert page.evaluate(AT_ONCE, [selector, low + part * (high - low)])
    slider.press("End")
    body = cell.get_by_label("body area", exact=False).first
    body.press("ArrowRight")
    says(cell, "working out how to move body area")
    says(cell, "")
    changed(lambda: "moved by +0.05 scales, leak 0.0" in cell.inner_text(), False)
    assert page.evaluate(AT_ONCE, [".pg-property input", 1])  # its way is known now
    body.press("Home")
    told = cell.locator("section[aria-label=properties] .pg-hint")
    changed(lambda: "moved by −" in told.inner_text(), False)
    body = "body area, all synapses in concert"
    assert edits(page).endswith(f"synapse 0; {body}; {body}")
    reset(cell)
