"""What the hand finds around the picture: colours of cells, lists, files, other networks.

Oracles: what NumPy paints and the library measures, Pillow's reading of files, axe-core's rules.
"""

import importlib.util
from pathlib import Path

import numpy as np
import pytest
from browser import changed, run_all, settled
from PIL import Image
from playgrounds import chosen, path, weights_of
from test_kernels import check_pixels, picture

from ensembles_lib import Network, Wiring, layered_wiring, samples
from ensembles_lib.properties import geometry_share
from ensembles_lib.widgets.playground import playground_html
from ensembles_lib.widgets.playground_data import playground_data

ROOT = ".ensemble-playground"
PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}


@pytest.fixture(scope="module")
def peacock():
    return samples.peacock_network()


@pytest.fixture(scope="module")
def reach(peacock):
    """The unit of moves, for each synapse."""
    return playground_data(peacock)["reach"]


def drawn(page):
    """Wait until what was asked for is drawn."""
    page.evaluate(
        "() => new Promise((go) => requestAnimationFrame(() => requestAnimationFrame(go)))"
    )


def cut_names(page):
    """Names of listed synapses that do not fit, and by how much their list is too wide."""
    return page.locator(".pg-list").evaluate("""list => [
        [...list.querySelectorAll('.pg-name')].filter(e => e.scrollWidth > e.clientWidth).length,
        list.scrollWidth - list.clientWidth]""")


# Hands


def test_the_wheel_moves_a_focused_weight_and_shift_is_finer(opened, peacock, reach):
    """A notch is 1/20 of a working range, 1/200 with Shift; a pixel of a drag 1/25, or 1/250."""
    page = opened(playground_html(peacock))
    handle = page.locator(".pg-handle")
    handle.scroll_into_view_if_needed()
    start = peacock.weights[0]
    handle.hover()
    page.mouse.wheel(0, -100)  # without focus it is the page that scrolls
    drawn(page)
    assert weights_of(page, peacock)[0] == start
    handle.focus()
    handle.scroll_into_view_if_needed()
    handle.hover()
    top = page.evaluate("window.scrollY")

    def told(action):
        before = page.evaluate("location.hash")
        action()
        page.wait_for_function("before => location.hash !== before", arg=before)
        return weights_of(page, peacock)[0]

    now = told(lambda: page.mouse.wheel(0, -100))
    assert now - start == pytest.approx(0.05 * reach[0])
    page.keyboard.down("Shift")
    finer = told(lambda: page.mouse.wheel(0, 100))
    assert finer - now == pytest.approx(-0.005 * reach[0])
    assert page.evaluate("window.scrollY") == top
    page.keyboard.up("Shift")
    box = handle.bounding_box()
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2

    def drag():
        page.mouse.move(x, y)
        page.mouse.down()
        page.mouse.move(x, y - 25)
        page.mouse.up()

    far = told(drag)
    assert far - finer == pytest.approx(reach[0])
    page.keyboard.down("Shift")
    assert told(drag) - far == pytest.approx(0.1 * reach[0])


def test_a_finger_drags_the_chosen_cell_and_the_page_stays(opened, peacock, reach):
    page = opened(playground_html(peacock), **PHONE)
    page.locator(".pg-handle").scroll_into_view_if_needed()
    page.wait_for_timeout(50)
    top = page.evaluate("window.scrollY")
    box = page.locator(".pg-handle").bounding_box()
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    session = page.context.new_cdp_session(page)
    touches = [
        ("touchStart", y),
        *(("touchMove", y - step) for step in (5, 10, 20)),
        ("touchEnd", y),
    ]
    for kind, at in touches:
        points = [] if kind == "touchEnd" else [{"x": x, "y": at}]
        session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})
    page.wait_for_function("location.hash.length > 1")
    moved = weights_of(page, peacock)
    assert moved[0] - peacock.weights[0] == pytest.approx(0.8 * reach[0], rel=0.1)
    assert page.evaluate("window.scrollY") == top
    check_pixels(picture(page.locator(ROOT)), Network(peacock.wiring, moved), 128)


def test_a_finger_reaches_single_cells_by_a_list(opened, peacock):
    """At 390 px: a row's sliders, large enough to hit, one typed, one put at its end."""
    page = opened(playground_html(peacock), **PHONE)
    page.get_by_label("synapse", exact=True).fill("450")
    page.get_by_text("Sliders for a set of synapses").tap()
    row = peacock.wiring.synapses_of(peacock.wiring.neuron_of(450))
    names = page.locator(".pg-row b").all_inner_texts()
    assert names == [str(k) for k in row] and cut_names(page) == [0, 0]
    slider = page.get_by_role("slider", name=f"synapse {row[1]}, ").last
    box = slider.bounding_box()
    assert box["height"] >= 30 and box["width"] >= 60
    typed = page.get_by_label(f"weight of synapse {row[0]}, ")
    typed.fill("\u22120,25")
    typed.press("Enter")
    slider.scroll_into_view_if_needed()
    slider.tap(position={"x": 2, "y": box["height"] / 2})
    drawn(page)
    moved = weights_of(page, peacock)
    assert np.flatnonzero(moved != peacock.weights).tolist() == [row[0], row[1]]
    assert moved[row[0]] == -0.25 and moved[row[1]] < peacock.weights[row[1]]
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


def test_lists_of_sliders_are_what_the_wiring_says(opened, peacock):
    """A column, an ensemble, and what a click with Ctrl put on the list, in that order."""
    some = {"some": path(peacock, [3, 70, 80], [0.1, -0.2, 0.3])}
    page = opened(playground_html(peacock, ensembles=some))
    page.get_by_label("synapse", exact=True).fill("418")
    page.get_by_text("Sliders for a set of synapses").click()
    choose = page.get_by_label("synapses with a slider each")
    listed = page.locator(".pg-row b").all_inner_texts
    choose.select_option(index=1)
    source = peacock.wiring.source
    assert listed() == [str(k) for k in np.flatnonzero(source == source[418])]
    for width in (800, 1024, 1280, 1420):
        page.set_viewport_size({"width": width, "height": 900})
        assert cut_names(page) == [0, 0], width
        assert page.locator(".pg-side").evaluate("e => e.scrollWidth <= e.clientWidth"), width
    choose.select_option(label="some")
    assert listed() == ["3", "70", "80"]
    # The slider of the ensemble moves those of its members.
    page.locator(".pg-path [type=range]").press("End")
    drawn(page)
    shown = page.get_by_label("weight of synapse 70, ").input_value()
    assert float(shown.replace("−", "-")) == pytest.approx(peacock.weights[70] - 0.6, abs=1e-3)
    choose.select_option(index=3)
    assert "Nothing is on the list" in page.locator(".pg-sets").inner_text()
    page.get_by_role("button", name="+ list").click()
    cell = page.evaluate("""() => { const c = document.querySelector('.pg-handle');
        return [c.offsetLeft, c.offsetTop, c.offsetWidth, c.offsetHeight]; }""")
    board, where = page.locator(".pg-board"), {"x": cell[0] - 0.5 * cell[2], "y": cell[1] + 4}
    board.click(position=where, modifiers=["Control"], force=True)
    assert listed() == ["418", "417"]
    assert page.get_by_label("synapse", exact=True).input_value() == "418"
    board.click(position=where, modifiers=["Control"], force=True)
    assert listed() == ["418"]
    page.get_by_role("button", name="clear list").click()
    assert listed() == []


def test_who_asks_for_no_motion_sees_still_pictures(opened, peacock):
    """Pictures of two seconds of a sweep, by a clock that the test turns."""
    seen = {}
    for motion in ("reduce", "no-preference"):
        page = opened(playground_html(peacock, size=32), reduced_motion=motion)
        page.clock.install()
        page.get_by_role("button", name="sweep").first.click()
        page.evaluate("""() => { window.shown = new Set();
            const put = CanvasRenderingContext2D.prototype.putImageData;
            CanvasRenderingContext2D.prototype.putImageData = function (image, ...at) {
                if (this.canvas.closest('.pg-picture')) window.shown.add(image.data.join());
                put.call(this, image, ...at); }; }""")
        page.clock.run_for(2000)
        seen[motion] = page.evaluate("window.shown.size")
    assert seen["reduce"] <= 3 < 60 < seen["no-preference"]  # one each 0.9 seconds


# Colours of cells


def shade(page, name):
    page.get_by_label("cells show").select_option(label=name)
    drawn(page)


def colour_of(page, peacock, k):
    """The colour in the middle of a cell, as red, green, blue and opacity."""
    where = [int(peacock.wiring.source[k]), int(peacock.wiring.target[k])]
    return page.evaluate(
        """([column, row]) => {
        const canvas = document.querySelector('.pg-cells');
        const handle = document.querySelector('.pg-handle');
        const w = handle.offsetWidth, h = handle.offsetHeight; // on synapse 0: column 0, row 0
        const x = handle.offsetLeft + (column + 0.5) * w, y = handle.offsetTop + (row + 0.5) * h;
        return [...canvas.getContext('2d').getImageData(x, y, 1, 1).data]; }""",
        where,
    )


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_cells_show_what_they_are_told_to(opened, peacock, scheme):
    """Ends of each scale have the theme's own colours; each has a key and a sentence."""
    handed = np.linspace(-1, 1, 460)
    handed[100] = np.nan
    live = playground_html(peacock, shades={"<b>handed in</b>": handed})
    page = opened(live, color_scheme=scheme)
    theme = page.locator(ROOT).evaluate("""root => Object.fromEntries(
        ['low', 'mid', 'high', 'deep'].map((name) => [name, [1, 3, 5].map((i) => parseInt(
        getComputedStyle(root).getPropertyValue('--' + name).trim().slice(i, i + 2), 16))]))""")
    shares, half = geometry_share(peacock, 64), np.array(playground_data(peacock)["reach"])
    ends = {
        "weight": {"low": np.argmin(peacock.weights), "high": np.argmax(peacock.weights)},
        "working range": {"mid": np.argmin(half), "deep": np.argmax(half)},
        "geometry share": {"mid": np.nanargmin(shares)},
        "<b>handed in</b>": {"low": 0, "high": 459},
        "moved so far": {"mid": 5},
    }
    keys = set()
    for name, cells in ends.items():
        shade(page, name)
        for colour, k in cells.items():
            off = np.subtract(colour_of(page, peacock, int(k))[:3], theme[colour])
            assert np.abs(off).max() <= 6, (name, colour, k)
        keys.add(page.locator(".pg-key").get_attribute("aria-label"))
        assert f"colours of {name}" in page.locator(".pg-key").get_attribute("aria-label")
        assert page.locator(".pg-matrix .pg-help").first.inner_text().endswith(".")
    assert len(keys) == 5 and page.locator(".pg b", has_text="handed").count() == 0
    shade(page, "<b>handed in</b>")
    assert colour_of(page, peacock, 100)[3] == 0  # nothing is known of it: an empty frame
    shade(page, "geometry share")
    page.locator(".pg-handle").focus()
    said = page.locator(".pg-hint").inner_text()
    assert f"geometry share {shares[0]:.2f}" in said
    shade(page, "moved so far")
    page.locator(".pg-handle").press("PageUp")
    for _ in range(4):
        page.locator(".pg-handle").press("PageUp")
    drawn(page)
    assert np.abs(np.subtract(colour_of(page, peacock, 0)[:3], theme["high"])).max() <= 6


# All weights at once, files


def test_presets_are_exact_and_random_weights_can_be_taken_back(opened, peacock):
    weights = peacock.weights.copy()
    weights[[0, 459]] = 1 / 3, 5e-324
    page = opened(playground_html(peacock, presets={"<i>mine</i>": weights}))
    page.get_by_label("presets").select_option(label="<i>mine</i>")
    np.testing.assert_array_equal(weights_of(page, peacock).view("u8"), weights.view("u8"))
    page.get_by_role("button", name="randomise").click()
    random = weights_of(page, peacock)
    assert (random != weights).all()
    fan_in = np.diff(peacock.wiring.first)[peacock.wiring.target]
    assert np.sqrt(np.mean(random**2 * fan_in)) == pytest.approx(1.5, rel=0.25)  # 7 deviations
    check_pixels(picture(page.locator(ROOT)), Network(peacock.wiring, random), 128)
    page.get_by_role("button", name="undo").click()
    np.testing.assert_array_equal(weights_of(page, peacock), weights)


def saved(page, name, where):
    with page.expect_download() as download:
        page.get_by_role("button", name=name).click()
    download.value.save_as(where)
    return where


def test_saved_pictures_and_sweeps_are_what_numpy_paints(opened, peacock, reach, tmp_path):
    """PNG at a size that was typed; the frames of one period, of a synapse and of an ensemble."""
    some = {"some": path(peacock, [3, 70], [0.1, -0.2])}
    page = opened(playground_html(peacock, ensembles=some, size=(64, 48)))
    page.get_by_label("synapse", exact=True).fill("418")
    page.get_by_role("button", name="save and share").click()
    side = page.get_by_label("picture, longer side")
    side.fill("9999")
    page.get_by_role("button", name="save the picture as PNG").click()
    page.get_by_text("A longer side of 9999 pixels: give a whole number from 16 to 4096").wait_for()
    side.fill("300")
    with Image.open(saved(page, "save the picture as PNG", tmp_path / "a.png")) as image:
        check_pixels(np.asarray(image.convert("RGB")), peacock, (300, 225))
    side.fill("64")
    amounts, weights = some["some"]
    at, unit = peacock.weights[418], reach[418]
    ways = {0: (at - 5 * unit, at + 5 * unit, at), 1: (-1, 2, 0)}
    for number, (low, high, start) in ways.items():
        page.get_by_label("what the animation sweeps").select_option(index=number)
        with Image.open(saved(page, "save a sweep", tmp_path / "a.webp")) as image:
            assert (image.format, image.n_frames, image.info["loop"]) == ("WEBP", 48, 0)
            first = np.arccos(1 - 2 * (start - low) / (high - low))
            for frame in (0, 7, 30, 47):
                phase = first + 2 * np.pi * frame / 48
                place = low + (1 - np.cos(phase)) / 2 * (high - low)
                along = [np.interp(place, amounts, w) for w in weights.T]
                there = along if number else peacock.with_weight(418, place).weights
                image.seek(frame)
                rgb = np.asarray(image.convert("RGB"))
                check_pixels(rgb, Network(peacock.wiring, there), (64, 48))
    assert page.evaluate("location.hash") == ""  # nothing was changed by it


def test_a_browser_that_cannot_write_webp_says_so(opened, peacock):
    page = opened(playground_html(peacock, size=16))
    page.evaluate("""() => { const write = HTMLCanvasElement.prototype.toBlob;
        HTMLCanvasElement.prototype.toBlob = function (done) {
            write.call(this, done, 'image/png'); }; }""")
    page.get_by_role("button", name="save and share").click()
    page.get_by_role("button", name="save a sweep").click()
    page.get_by_text("This browser cannot write WebP").wait_for()


def test_what_is_copied_is_python_that_runs(opened, peacock):
    """From the clipboard; where there is none, from a field."""
    weights = peacock.weights.copy()
    weights[7] = 1 / 3
    live = playground_html(peacock, presets={"mine": weights}, size=16)
    for allowed in (True, False):
        page = opened(live, permissions=["clipboard-read", "clipboard-write"] if allowed else [])
        if not allowed:
            page.evaluate("Object.defineProperty(navigator, 'clipboard', { value: undefined })")
        page.get_by_label("presets").select_option(label="mine")
        page.get_by_role("button", name="save and share").click()
        page.get_by_role("button", name="copy Python").click()
        if allowed:
            page.get_by_text("Python is copied.").wait_for()
            text = page.evaluate("navigator.clipboard.readText()")
        else:
            text = page.get_by_label("Python, to copy").input_value()
        names = {"network": peacock}
        exec(text, names)
        np.testing.assert_array_equal(names["network"].weights, weights)


# Other networks


def test_a_large_network_shows_a_neighbourhood_in_words(opened):
    """More than 1,500 synapses: those of a neuron, and of the neurons that hear it."""
    network = Network.random(layered_wiring((2, 36, 36, 3)), seed=2)
    page = opened(playground_html(network, size=48))
    said = page.locator(".pg-part")
    assert "1551 synapses" in said.inner_text() and "around neuron 0" in said.inner_text()
    page.get_by_role("button", name="neuron 40", exact=True).click()
    assert "neuron 40, which hears 37 sources and is heard by 3 neurons" in said.inner_text()
    handle = page.locator(".pg-handle")
    handle.press("PageUp")
    handle.press("PageUp")
    page.wait_for_function("location.hash.length > 1")
    moved = weights_of(page, network)
    first = network.wiring.synapses_of(40)[0]
    assert np.flatnonzero(moved != network.weights).tolist() == [first]
    check_pixels(picture(page.locator(ROOT)), Network(network.wiring, moved), 48)


def test_other_inputs_activations_and_colours_are_shown(opened):
    """An evolved network's kind: x, y, d, 1 and hue, saturation, value."""
    wiring = Wiring(
        [[0, 1, 2, 3], [0, 3, 4], [1, 4, 5], [2, 5, 6], [3, 6, 7]], 4, 3,
        ["sine", "gaussian", "identity", "sigmoid", "bipolar sigmoid"], "hsv",
    )  # fmt: skip
    network = Network.random(wiring, seed=4, gain=3)
    page = opened(playground_html(network, samples.peacock(80), size=80))
    check_pixels(picture(page.locator(ROOT)), network, 80)
    maps = page.locator(".pg-map span").all_inner_texts()
    assert maps == ["0", "1", "H", "S", "V"]
    page.get_by_role("button", name="neuron 1", exact=True).focus()
    drawn(page)
    assert "neuron 1 (gaussian), 0 to 1" in page.locator(".pg-lenses").inner_text()
    page.get_by_role("button", name="neuron H", exact=True).click()
    assert page.locator(".pg-where").inner_text() == "y → neuron H"
    error = page.locator(".pg-heal output")
    before = float(settled(error.inner_text))
    page.get_by_role("button", name="heal", exact=True).click()
    page.wait_for_function(
        "most => Number(document.querySelector('.pg-heal output').textContent) < most",
        arg=0.98 * before,
    )


def test_sliders_go_as_far_as_is_asked_for(opened, peacock, reach):
    page = opened(playground_html(peacock))
    slider = page.get_by_label("weight of the chosen synapse", exact=True)
    for far in (5, 20, 80):
        page.get_by_label("how far sliders go").select_option(str(far))
        drawn(page)
        ends = [float(slider.get_attribute(end)) for end in ("min", "max")]
        np.testing.assert_allclose(ends, peacock.weights[0] + far * reach[0] * np.array([-1, 1]))


def test_a_picture_of_ones_own_is_taught_in_the_page(opened, peacock, tmp_path):
    """Its middle, on white; the error is that of NumPy's painting; what is no picture is said."""
    image = Image.new("RGBA", (96, 48), (200, 30, 40, 255))
    image.paste((20, 60, 180, 255), (0, 0, 48, 48))
    image.paste((0, 0, 0, 0), (30, 0, 66, 12))
    image.save(tmp_path / "mine.png")
    (tmp_path / "<b>no.png").write_text("no picture")
    taught = np.ones((48, 48, 3)) * np.array([200, 30, 40]) / 127.5 - 1
    taught[:, :24] = np.array([20, 60, 180]) / 127.5 - 1
    taught[:12, 6:42] = 1
    page = opened(playground_html(peacock, samples.peacock(48), size=48))
    chooser, error = page.get_by_label("a picture of your own"), page.locator(".pg-heal output")
    before = float(settled(error.inner_text))
    chooser.set_input_files(tmp_path / "<b>no.png")
    message = changed(page.locator(".pg-message").inner_text, "")
    assert message.startswith("“<b>no.png” is no picture") and float(error.inner_text()) == before
    chooser.set_input_files(tmp_path / "mine.png")
    first = float(changed(error.inner_text, f"{before:.3f}"))
    off = np.sqrt(np.mean((peacock.paint(48).pixels - taught) ** 2))
    assert first == pytest.approx(off, abs=0.002)
    page.get_by_role("button", name="learn", exact=True).click()
    page.wait_for_function(
        "most => Number(document.querySelector('.pg-heal output').textContent) < most",
        arg=0.3 * first,
    )
    page.locator(".pg-heal").get_by_role("button", name="stop").click()
    healed = Network(peacock.wiring, weights_of(page, peacock))
    off = np.sqrt(np.mean((healed.paint(48).pixels - taught) ** 2))
    assert float(settled(error.inner_text)) == pytest.approx(off, abs=0.002)


def test_an_outline_is_drawn_along_the_edge_of_a_region(opened, peacock):
    """Lines along a rectangle's four edges; nowhere else is the painting touched."""
    mask = np.zeros((64, 64), bool)
    mask[20:30, 40:60] = True
    ways = {"a": path(peacock, [0], [0.1])}
    assert playground_data(peacock, ensembles=ways, size=64, outline=mask)["outline"] == (
        "M40 20h20M40 30h20M40 20v10M60 20v10"
    )
    for wrong in (mask.astype(int), mask[:32], ~(mask | True), mask | True):
        with pytest.raises(ValueError, match=r"outline of .*give bools of shape \(64, 64\)"):
            playground_data(peacock, size=64, outline=wrong)
    page = opened(playground_html(peacock, ensembles=ways, size=64, view="sliders", outline=mask))
    shown = np.asarray(picture(page.locator(ROOT)), int)[..., :3]
    off = np.abs(shown - peacock.paint(64).to_bytes()).max(axis=2) > 1
    edge = np.zeros_like(mask)
    edge[20:31, 40:61] = True
    edge[21:30, 41:60] = False
    assert off[edge].mean() > 0.9 and not off[~edge].any()


# Rules of the house: access, and nothing left behind


def axe():
    found = importlib.util.find_spec("axe_playwright_python")
    if found is None:
        pytest.skip("no axe-core here: `pip install axe-playwright-python` brings it")
    return (Path(found.origin).parent / "axe.min.js").read_text(encoding="utf-8")


def has_no_barrier(page, where="document"):
    """Fail where axe-core, by its own rules of all its tags, finds anything."""
    page.evaluate(axe())
    found = page.evaluate(f"axe.run({where})")
    broken = [
        f"{rule['id']}: {node['html'][:200]} {node['failureSummary']}"
        for rule in found["violations"]
        for node in rule["nodes"]
    ]
    assert not broken, "\n".join(broken)
    assert len(found["passes"]) > 20


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1280])
def test_axe_finds_no_barrier(opened, peacock, width, scheme):
    """With all panels open."""
    some = {"some": path(peacock, [3, 70], [0.1, -0.2])}
    live = playground_html(
        peacock, samples.peacock(32), some, 32, "A bird", presets={"p": peacock.weights + 1}
    )
    page = opened(live, viewport={"width": width, "height": 900}, color_scheme=scheme)
    page.get_by_role("button", name="save and share").click()
    page.get_by_text("Sliders for a set of synapses").click()
    has_no_barrier(page)


def test_ten_thousand_events_leave_the_page_as_it_was(opened, peacock):
    """Elements, listeners, and the heap after its garbage was collected; picture and weights."""
    page = opened(playground_html(peacock, samples.peacock(32), size=32))
    session = page.context.new_cdp_session(page)
    session.send("Performance.enable")
    page.get_by_text("Sliders for a set of synapses").click()
    move = """async ([events]) => {
        const slider = document.querySelector('[aria-label="weight of the chosen synapse"]');
        for (let i = 0; i < events; i++) {
            slider.value = Number(slider.min) + (slider.max - slider.min) * ((i % 97) / 97);
            slider.dispatchEvent(new Event('input', { bubbles: true }));
            if (i % 10 === 0) slider.dispatchEvent(new Event('change', { bubbles: true }));
            if (i % 20 === 0) await new Promise(requestAnimationFrame);
        }
        for (const button of document.querySelectorAll('button')) {
            if (button.textContent === 'reset all') button.click();
        }
    }"""

    def counted(events):
        page.evaluate(move, [events])
        drawn(page)
        session.send("HeapProfiler.collectGarbage")
        metrics = session.send("Performance.getMetrics")["metrics"]
        return {one["name"]: one["value"] for one in metrics}

    before = picture(page.locator(ROOT))
    warm = counted(2500)  # as many as fill the steps that can be taken back
    after = counted(10_000)
    assert after["Nodes"] <= warm["Nodes"] + 20
    assert after["JSEventListeners"] <= warm["JSEventListeners"]
    assert after["JSHeapUsedSize"] <= warm["JSHeapUsedSize"] + 500_000
    np.testing.assert_array_equal(picture(page.locator(ROOT)), before)
    assert page.evaluate("location.hash") == ""


CELL = """\
from ensembles_lib import samples
from ensembles_lib.widgets import Playground
Playground(samples.peacock_network(), samples.peacock(32), size=32)"""


def test_no_key_on_any_control_touches_the_notebook(lab):
    """x cuts, m makes Markdown, a inserts, d d deletes a cell, where they are not kept off."""
    with lab.opened(lab.write("keys.ipynb", CELL, "1 + 1")) as page:
        run_all(page)
        root = page.locator(ROOT)
        root.wait_for()
        root.get_by_role("button", name="save and share").click()
        root.get_by_text("Sliders for a set of synapses").click()
        cells = """() => jupyterapp.shell.currentWidget.content.widgets.map(
            (cell) => cell.model.type + cell.model.sharedModel.source.length)"""
        before = page.evaluate(cells)
        shown = root.locator(
            "button:visible:not(:disabled), input:visible, select:visible, summary, [tabindex='0']"
        )
        kinds, tried = set(), 0
        for control in shown.all():
            kind = control.evaluate("node => node.tagName + (node.type || '') + node.className")
            if kind in kinds:  # one of each kind
                continue
            kinds.add(kind)
            control.focus()
            for key in ("x", "m", "a", "b", "d", "d"):
                page.keyboard.press(key)
            tried += 1
            assert page.evaluate(cells) == before, kind
        assert tried >= 9
        assert changed(lambda: root.locator(".pg-cells").count(), 0) == 1
        assert not page.errors


def test_the_chosen_weight_is_shown_where_it_was_typed(opened, peacock):
    """The same number typed again, and refused text: the field always says what is."""
    page = opened(playground_html(peacock, size=16))
    field = page.get_by_label("weight", exact=True)
    for text, shows in (("0.5", 0.5), ("0.5", 0.5), ("x", 0.5), ("", 0.5), (" 1e0 ", 1.0)):
        field.fill(text)
        field.press("Enter")
        drawn(page)
        assert chosen(page) == shows, text
