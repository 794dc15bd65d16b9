"""Oracle: what the library paints for the weights of a path, added to those of others.

Small views of a playground in a headless Chromium with the network off; without one, skipped.
"""

import re

import numpy as np
import pytest
from browser import changed, settled
from PIL import Image
from playgrounds import path
from test_kernels import check_pixels, picture
from test_playground import MARKUP, history

from ensembles_lib import Network, Picture, rmse, samples
from ensembles_lib.widgets.playground import playground_html
from ensembles_lib.widgets.playground_data import playground_data


@pytest.fixture(scope="module")
def peacock():
    return samples.peacock_network()


def shown(page, width=1280):
    """Nothing overflows, every control keeps its keys and has a name."""
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    nameless = page.locator(".ensemble-playground").evaluate("""root => [...root.querySelectorAll(
        'button, input, [tabindex], canvas, img')].filter(node =>
        !node.matches('canvas, img') && !node.dataset.lmSuppressShortcuts
        || !(node.ariaLabel || node.alt || node.labels?.length || node.ariaHidden
        || node.textContent.trim())).map(node => node.outerHTML)""")
    assert nameless == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 640, 1280])
def test_sliders_add_up_and_nothing_else_is_shown(opened, peacock, width, scheme):
    """One synapse by its weight and an ensemble by its amount, at once; reset and compare."""
    amounts, weights = path(peacock, [3, 70, 80], [0.1, -0.2, 0.3])
    tilt = np.array([0, 1.0]), np.array([peacock.weights, peacock.with_weight(0, -0.5).weights])
    some = {MARKUP: (amounts, weights), "synapse 0: tilt": tilt}
    live = playground_html(peacock, ensembles=some, view="sliders", size=64)
    view = {"viewport": {"width": width, "height": 844}, "color_scheme": scheme}
    page = opened(live, **view)
    shown(page, width)
    root = page.locator(".ensemble-playground")
    assert page.locator(".pg-matrix, .pg-map, .pg-tools, h2, details").count() == 0
    words = page.locator(".pg-path label").all_inner_texts()
    assert words == [f"{MARKUP} 3 synapses", "synapse 0: tilt weight"]
    start = picture(root)
    check_pixels(start, peacock, 64)
    slider, other = page.get_by_role("slider").all()
    slider.press("End")
    typed = page.get_by_label("synapse 0: tilt, number")
    assert float(typed.input_value().replace("−", "-")) == pytest.approx(
        peacock.weights[0], abs=0.01
    )
    typed.fill("0,25")
    typed.press("Enter")
    both = Network(peacock.wiring, weights[-1]).with_weight(0, 0.25)
    check_pixels(picture(root), both, 64)
    assert float(other.input_value()) == 0.25
    other.press("Home")  # where its path ends
    both = both.with_weight(0, min(peacock.weights[0], -0.5))
    check_pixels(picture(root), both, 64)
    compare = page.get_by_role("button", name="hold to compare")
    compare.focus()
    page.keyboard.down(" ")
    np.testing.assert_array_equal(picture(root), start)
    page.keyboard.up(" ")
    check_pixels(picture(root), both, 64)
    page.get_by_label(f"{MARKUP}, number").fill("3")
    page.keyboard.press("Enter")
    assert "goes from −1.00 to 2.00" in page.locator(".pg-message").inner_text()
    page.get_by_role("button", name="reset").click()
    np.testing.assert_array_equal(picture(root), start)
    assert slider.input_value() == "0"
    run = page.get_by_role("button", name="sweep synapse 0")
    run.click()  # to and fro, and back to where it began
    changed(lambda: picture(root).tobytes(), start.tobytes())
    run.click()
    np.testing.assert_array_equal(picture(root), start)


def test_a_target_is_called_by_its_caption(opened, peacock):
    """What is to be reached by hand was never taught: picture and words say so."""
    some = {"a": path(peacock, [0], [0.1])}
    named = {"size": 32, "target_caption": "the <goal>"}
    page = opened(playground_html(peacock, samples.peacock(32), some, view="sliders", **named))
    assert page.get_by_role("img", name="the <goal>", exact=True).is_visible()
    page.get_by_text(re.compile(r"^the <goal>; error [\d.]+ \(RMS\)$")).wait_for()
    page = opened(playground_html(peacock, samples.peacock(32), **named))
    assert page.locator(".pg-heal img").get_attribute("alt") == "the <goal>"
    for wrong in ("", "  ", 3, None):
        with pytest.raises(ValueError, match="target_caption .*give some words"):
            playground_html(peacock, samples.peacock(32), target_caption=wrong)


def test_a_history_is_played_once_and_stays_at_its_end(opened, peacock):
    """Its knots are at equal distances, whatever the steps; between them along straight lines."""
    steps, weights = history(peacock, 6)
    target = samples.peacock(32)
    live = playground_html(peacock, target, {"step": (steps, weights)}, view="sliders", size=64)
    page = opened(live)
    shown(page)
    root, slider, typed = (
        page.locator(".ensemble-playground"),
        page.get_by_role("slider"),
        page.get_by_label("step, number"),
    )
    assert page.get_by_role("img", name="the picture that was taught").is_visible()
    assert page.locator(".pg-path label").inner_text() == "step"
    start = picture(root)
    for at, number in ((1, steps[1]), (2.5, (steps[2] + steps[3]) / 2)):
        slider.fill(str(at))
        assert float(typed.input_value()) == round(number)
        half = weights[int(at)] if at == 1 else (weights[2] + weights[3]) / 2
        check_pixels(picture(root), Network(peacock.wiring, half), 64)
    typed.fill(str(int(steps[4])))
    typed.press("Enter")
    there = Network(peacock.wiring, weights[4])
    check_pixels(picture(root), there, 64)
    told = page.get_by_text(re.compile("taught; error")).inner_text()
    taught = Picture.open(target, 64)  # as `playground_data` makes it
    assert float(re.search(r"[\d.]+", told)[0]) == pytest.approx(
        rmse(there.paint(64), taught), abs=0.002
    )
    run = page.get_by_role("button", name="sweep step")
    run.click()
    changed(lambda: picture(root).tobytes(), picture(root).tobytes())
    page.wait_for_function("document.querySelector('.pg-play').textContent == '▶'", timeout=20_000)
    assert slider.input_value() == "6"
    check_pixels(picture(root), Network(peacock.wiring, weights[6]), 64)
    run.click()  # from the start again
    changed(lambda: float(slider.input_value()) < 3, False)
    run.click()
    here = settled(slider.input_value)
    assert 0 < float(here) < 6
    slider.press("Home")
    np.testing.assert_array_equal(picture(root), start)


def lightness(network, synapse, half, size):
    """NumPy's signed change: along its first principal colour, to the lighter end; its root."""
    before = network.paint(size).pixels
    moved = network.with_weight(synapse, network.weights[synapse] + half / 2)
    by = (moved.paint(size).pixels - before).reshape(-1, 3)
    axis = np.linalg.svd(by, full_matrices=False)[2][0]
    along = (by @ axis * np.sign(axis.sum())).reshape(before.shape[:2])
    return np.sign(along) * np.sqrt(np.minimum(1, np.abs(along) / np.sqrt(3) / 0.06))


def blue_to_ochre(canvas, box=None):
    """Of each pixel red less blue, which rises from blue over the middle to ochre."""
    rgba = canvas.evaluate(
        """(canvas, box) => {
        const [x, y, w, h] = box || [0, 0, canvas.width, canvas.height];
        return [h, w, ...canvas.getContext('2d').getImageData(x, y, w, h).data]; }""",
        box,
    )
    pixels = np.reshape(rgba[2:], (*rgba[:2], 4)).astype(int)
    return pixels[..., 0] - pixels[..., 2]


def alike(some, others):
    return np.corrcoef(some.ravel(), others.ravel())[0, 1]


def test_each_cell_of_the_atlas_shows_what_its_synapse_moves(opened, peacock):
    """As NumPy has it, in the large map and in the cell; anew when the hand has moved others."""
    reach = playground_data(peacock)["reach"]
    path_of = path(peacock, [0, 1, 430], [0.2, 0.1, 0.5])
    page = opened(playground_html(peacock, ensembles={"some": path_of}, view="atlas"))
    shown(page)
    cells, handle = page.locator(".pg-cells"), page.locator(".pg-handle")
    handle.press("ArrowRight")
    for key, synapse in (("ArrowRight", 2), ("ArrowDown", 5), ("End", 5), ("ArrowLeft", 4)):
        handle.press(key)
        name = f"synapse {synapse}, from"
        assert handle.get_attribute("aria-label").startswith(name)
        large = page.get_by_label(f"change map of synapse {synapse}", exact=True)
        settled(lambda large=large: blue_to_ochre(large).tobytes())
        assert alike(blue_to_ochre(large), lightness(peacock, synapse, reach[synapse], 96)) > 0.9
        settled(lambda: cells.evaluate("canvas => canvas.toDataURL()"))
        place = handle.evaluate("h => [h.offsetLeft, h.offsetTop, h.offsetWidth, h.offsetHeight]")
        cell = blue_to_ochre(cells, place)[1:-1, 1:-1]
        assert min(cell.shape) >= 18
        # Its own map, resampled in another way than the browser's, and for comparison another's.
        own, other = (
            np.array(Image.fromarray(map.astype("f4")).resize(cell.shape[::-1]))
            for map in (lightness(peacock, k, reach[k], 32) for k in (synapse, synapse + 6))
        )
        assert alike(cell, own) > max(0.7, alike(cell, other) + 0.2)
    assert page.locator(".pg-hint").inner_text().startswith("synapse 4: y → neuron 1, weight ")
    slider = page.locator(".pg-path [type=range]")
    slider.press("End")
    now = changed(lambda: blue_to_ochre(cells, place)[1:-1, 1:-1].tobytes(), cell.tobytes())
    page.get_by_role("button", name="reset").click()
    changed(lambda: blue_to_ochre(cells, place)[1:-1, 1:-1].tobytes(), now)
    assert changed(lambda: (blue_to_ochre(cells, place)[1:-1, 1:-1] == cell).all(), False)


@pytest.mark.parametrize("width", [390, 640, 1280])
def test_the_network_alone_has_weights_and_maps_and_no_tools(opened, peacock, width):
    """A key moves the chosen cell as the library would; nothing saves, sweeps or lists."""
    live = playground_html(peacock, view="network", size=64)
    page = opened(live, viewport={"width": width, "height": 844})
    shown(page, width)
    names = [one.inner_text().strip() for one in page.locator("button:not(.pg-map)").all()]
    assert names == ["↶ undo", "↷ redo", "reset all", "hold to compare", "reset"]
    assert page.locator("select, details, [type=checkbox]").count() == 0
    assert page.locator(".pg-map").count() == 37 and page.locator("[type=range]").count() == 1
    root, handle = page.locator(".ensemble-playground"), page.locator(".pg-handle")
    for _ in "xy":
        handle.press("ArrowRight")
    assert handle.get_attribute("aria-label") == "synapse 2, from the constant to neuron 0"
    assert page.locator(".pg-where").inner_text() == "constant → neuron 0"
    start = picture(root)
    handle.press("PageUp")
    changed(lambda: picture(root).tobytes(), start.tobytes())
    reach = playground_data(peacock, size=64)["reach"][2]
    check_pixels(picture(root), peacock.with_weight(2, peacock.weights[2] + 0.5 * reach), 64)
    page.get_by_role("button", name="reset all").click()
    assert changed(lambda: (picture(root) == start).all(), False)


def test_the_network_alone_learns_where_there_is_a_target(opened, peacock):
    """Its error is that of NumPy's painting, and healing lowers it."""
    page = opened(playground_html(peacock, samples.peacock(48), view="network", size=48))
    shown(page)
    error = page.locator(".pg-heal output")
    first = float(settled(error.inner_text))
    assert first == pytest.approx(rmse(peacock.paint(48), samples.peacock(48)), abs=0.002)
    page.get_by_role("button", name="break").click()
    assert float(changed(error.inner_text, f"{first:.3f}")) > first


def test_a_click_plays_a_synapse_and_another_stops_it(opened, peacock):
    """To and fro by three working ranges, and back to where it was; also by keys."""
    reach = playground_data(peacock)["reach"]
    page = opened(playground_html(peacock, view="atlas", size=64))
    root, handle, hint = (
        page.locator(s) for s in (".ensemble-playground", ".pg-handle", ".pg-hint")
    )
    start = picture(root)
    box = handle.bounding_box()  # synapse 0; 1 and 2 are beside it
    place = box["x"] + 1.5 * box["width"], box["y"] + 0.5 * box["height"]
    page.mouse.move(*place)
    assert changed(hint.inner_text, "").startswith("synapse ")
    for box in (band.bounding_box() for band in page.locator(".pg-band").all()):
        # Who hears and who is heard by this synapse, not what its neuron hears elsewhere.
        assert all(box[a] < at < box[a] + box[side] for a, at, side in zip(
            "xy", place, ("width", "height"), strict=True))  # fmt: skip
    page.mouse.click(*place)
    assert handle.get_attribute("aria-pressed") == "true"
    assert handle.get_attribute("aria-label") == "synapse 1, from input y to neuron 0"
    weights = page.evaluate("""async () => {
        const seen = [], until = performance.now() + 4500;
        while (performance.now() < until) {
            await new Promise(requestAnimationFrame);
            seen.push(document.querySelector('.pg-hint').textContent); }
        return seen; }""")
    seen = [float(words.partition("weight ")[2].partition(",")[0].replace("−", "-"))
            for words in weights if words.startswith("synapse 1:")]  # fmt: skip
    away = (np.array(seen) - peacock.weights[1]) / reach[1]
    assert away.min() == pytest.approx(-3, abs=0.3) and away.max() == pytest.approx(3, abs=0.3)
    assert (picture(root) != start).any()
    page.mouse.click(*place)
    assert handle.get_attribute("aria-pressed") == "false"
    np.testing.assert_array_equal(picture(root), start)
    for stop in ("Enter", "Escape", "ArrowRight"):
        handle.press("Enter")
        changed(lambda: picture(root).tobytes(), start.tobytes())
        handle.press(stop)
        np.testing.assert_array_equal(picture(root), start)
    assert not page.evaluate("location.hash")


@pytest.mark.parametrize("width", [390, 700, 900, 1280, 1900])
def test_the_atlas_fits_every_screen(opened, peacock, width):
    """The picture in sight, cells no smaller than a finger or a pointer needs; members marked."""
    touch = {"has_touch": True, "is_mobile": True} if width == 390 else {}
    view = {"viewport": {"width": width, "height": 844}, "color_scheme": "dark"}
    some = {"some": path(peacock, [3, 70, 80], [0.1, -0.2, 0.3])}
    page = opened(playground_html(peacock, ensembles=some, view="atlas"), **view, **touch)
    shown(page, width)
    root, handle = page.locator(".ensemble-playground"), page.locator(".pg-handle")
    start, marks = picture(root), page.locator(".pg-marks")
    cell = handle.bounding_box()
    assert cell["width"] >= (28 if touch else 20)
    box = page.locator(".pg-picture canvas").bounding_box()
    assert box["width"] > 190 and box["x"] >= 0 and box["x"] + box["width"] <= width
    plain = marks.evaluate("canvas => canvas.toDataURL()")
    page.locator(".pg-path [type=range]").focus()
    assert marks.evaluate("canvas => canvas.toDataURL()") != plain
    handle.scroll_into_view_if_needed()
    page.locator(".pg-board").evaluate("board => board.scrollIntoView({ block: 'center' })")
    where = {
        "x": handle.evaluate("h => h.offsetLeft") + 1.5 * cell["width"],
        "y": page.locator(".pg-board").evaluate("b => b.offsetHeight") - 0.5 * cell["height"],
    }
    last = page.locator(".pg-board")
    where["x"] = (
        last.evaluate("b => b.querySelector('.pg-handle').offsetLeft") + 2.5 * cell["width"]
    )
    (last.tap if touch else last.click)(position=where, force=True)
    # Blue hears the constant 1 as the first of its 22.
    assert handle.get_attribute("aria-label") == "synapse 438, from the constant to neuron B"
    changed(lambda: picture(root).tobytes(), start.tobytes())


def test_what_a_path_holds_still_follows_its_slider(opened, peacock):
    """Readings between knots along straight lines, from the start on; of a single synapse, too."""
    amounts, weights = path(peacock, [3, 70, 80], [0.1, -0.2, 0.3])
    area, length, tilt = [8, 10, 16], [5.0, 5.0, 4.5], [-0.5, 0, 1]
    down = np.array([0, 1.0]), np.array([peacock.weights, peacock.with_weight(0, -0.5).weights])
    readings = {"area (%)": area, "length (%)": length, "tilt (°)": tilt}
    some = {
        "area": (amounts, weights, readings | {"all others (steps)": [2, 0, 6.5]}),
        "synapse 0": (*down, {MARKUP: [0, 1.25]}),
    }
    page = opened(playground_html(peacock, ensembles=some, view="sliders", size=64))
    shown(page)
    slider, other = page.get_by_role("slider").all()

    def seen(which):
        rows = page.get_by_role("group", name=which).locator(".pg-reading").all()
        return [" ".join(row.inner_text().split()) for row in rows]

    assert seen("along area") == ["area 0.0 %", "length 0.0 %", "tilt 0.0°", "all others 0.0 steps"]
    slider.fill("1")
    settled(lambda: seen("along area"))
    words = ["area +3.0 %", "length −0.3 %", "tilt +0.5°", "all others 3.3 steps"]
    assert seen("along area") == words  # a distance has no sign
    bars = page.locator(".pg-bar i")
    assert bars.count() == 2  # one alone in its unit has none
    widths = [bar.evaluate("i => parseFloat(i.style.width)") for bar in bars.all()]
    np.testing.assert_allclose(widths, [50 * 3 / 6, 50 * 0.25 / 6], atol=1e-4)  # as they are kept
    assert page.locator(".pg-readings small:visible").all_inner_texts() == [
        "of this slider alone: other weights are moved, too"
    ]  # of the other one
    slider.fill("0")
    far = min(-0.5, peacock.weights[0])
    other.press("Home" if far == -0.5 else "End")
    settled(lambda: seen("along synapse 0"))
    assert seen("along synapse 0") == [f"{MARKUP} +1.3"]
    other.fill(str((peacock.weights[0] - 0.5) / 2))
    settled(lambda: seen("along synapse 0"))
    assert seen("along synapse 0") == [f"{MARKUP} +0.6"]
