"""Oracle: what the library paints for the same weights, and tanh itself.

The scripts of the page run in Node and in a headless Chromium, both with the WebAssembly kernel
and with the plain one. Where one of these programs is missing its tests are skipped.
"""

import base64
import io
import json
import re
import shutil
import subprocess
from pathlib import Path

import nbformat
import numpy as np
import pytest
from browser import run_all
from fit_tanh import fit_tanh
from nbconvert import HTMLExporter
from PIL import Image

from ensembles_lib import Network, article_wiring, cascade_wiring, layered_wiring
from ensembles_lib.widgets.live_page import KERNELS, live_html, script

DATA = Path(__file__).resolve().parents[2] / "data"
PLAIN = "globalThis.WebAssembly = undefined;"  # as in a browser that has no such thing
PAINT = """
const all = JSON.parse(require("fs").readFileSync(0, "utf8"));
console.log(JSON.stringify(all.map(({ data, weights }) => {
  const painter = makePainter(data), rgba = new Uint8ClampedArray(4 * data.size[0] * data.size[1]);
  const bytes = () => Buffer.from(rgba).toString("base64");
  painter.paint(weights, rgba);
  const moved = { picture: bytes(), change: painter.change(), kernel: painter.kernel };
  painter.paint(data.weights, rgba);
  return { ...moved, start: bytes(), back: painter.change() };
})));
"""

kernels = pytest.mark.parametrize("kernel", ["wasm", "js"])


@pytest.fixture(scope="module")
def peacock():
    return Network.load(DATA / "peacock_wide.npz")


def inside(live):
    """The numbers that a page holds."""
    return json.loads(re.search(r'application/json">(.*?)</script>', live.html)[1])


def check_pixels(shown, network, size):
    """At most one level off, and that in at most one pixel of a thousand."""
    shown = np.asarray(shown, int)[..., :3]
    off = np.abs(shown - network.paint(size).to_bytes())
    share = np.mean(off.max(axis=2) > 0)
    assert off.max() <= 1 and share <= 1e-3, f"off by {off.max()}, {share:.2%} of the pixels"


# The kernels


def test_the_assembled_kernel_is_its_source(tmp_path):
    """Assembled anew by WABT, byte for byte."""
    source, result = KERNELS.with_suffix(".wat"), tmp_path / "kernel.wasm"
    program = shutil.which("wat2wasm")
    if program is None and shutil.which("npm") is None:
        pytest.skip("no wat2wasm and no npm to bring it")
    quick = ["--yes", "--fetch-retries=0", "--fetch-timeout=20000"]
    command = [program] if program else ["npm", "exec", *quick, "--package=wabt", "--", "wat2wasm"]
    done = subprocess.run(
        [*command, str(source), f"--output={result}"], cwd=tmp_path, capture_output=True, text=True
    )
    if program is None and "npm error" in done.stderr:
        pytest.skip("npm cannot bring wabt here: " + done.stderr.splitlines()[-1])
    assert done.returncode == 0, done.stderr
    constant = re.search(r"KERNEL =(.*?);", KERNELS.read_text(encoding="utf-8"), re.DOTALL)[1]
    stored = base64.b64decode("".join(re.findall(r'"(.*?)"', constant)))
    assert stored == result.read_bytes() and len(stored) < 1000


def rational(clip, above, below, x):
    """x·P(x²)/Q(x²) in the precision of x; coefficients from the highest power down."""
    x = x.clip(-clip, clip)
    s = x * x
    return x * np.polyval(above.astype(x.dtype), s) / np.polyval(below.astype(x.dtype), s)


def test_tanh_is_fitted_by_us():
    """The coefficients of the script are those of the tool; the error in float32 is < 1e-6."""
    constant = re.search(r"TANH = \[(.*?)\]", KERNELS.read_text(encoding="utf-8"), re.DOTALL)[1]
    clip, *numbers = (float(number) for number in re.findall(r"[\d.e-]+", constant))
    above, below = np.array(numbers[:5]), np.array(numbers[5:])
    x = np.linspace(-12, 12, 1_000_001)
    single = rational(np.float32(clip), above, below, x.astype(np.float32))
    assert np.abs(single - np.tanh(x.astype(np.float32).astype(float))).max() < 1e-6
    p, q = fit_tanh()
    fitted = rational(clip, p[::-1], q[::-1], x)
    assert np.abs(fitted - np.tanh(x)).max() < 5e-8
    assert np.abs(fitted - rational(clip, above, below, x)).max() < 5e-9


@pytest.fixture(scope="module")
def cases(peacock):
    """Networks of many kinds, each with a copy of moved weights and a size."""
    networks = [Network.random(article_wiring(), seed=seed) for seed in range(6)]
    networks += [Network.random(layered_wiring((2, 16, 16, 3)), seed=7, gain=2.5)]
    networks += [Network.random(cascade_wiring([3, 4, 3, 5, 4]), seed=8)]
    runs = [path for path in sorted(DATA.glob("runs/wide-*.npz")) if "-equal-" not in path.name]
    networks += [peacock, *map(Network.load, runs[::5])]
    found, sizes, rng = [], [128, (37, 53), (1, 5), 64], np.random.default_rng(0)
    for number, network in enumerate(networks):
        weights = network.weights.copy()
        some = rng.choice(len(weights), number + 1, replace=False)
        weights[some] += 0.3 * rng.standard_normal(len(some))
        found.append((network, Network(network.wiring, weights), sizes[number % 4]))
    return found


@kernels
def test_node_paints_what_numpy_paints(cases, kernel):
    """Pictures and changes, after a move and back at the start."""
    if shutil.which("node") is None:
        pytest.skip("no node on this machine")
    given = []
    for start, moved, size in cases:
        data = inside(live_html(start, [0], size=size))
        # Other weights stay to the last digit, so that only what hears the moved ones is computed.
        same = moved.weights == start.weights
        weights = np.where(same, data["weights"], moved.weights)
        given.append({"data": data, "weights": weights.tolist()})
    code = (PLAIN if kernel == "js" else "") + script() + PAINT
    done = subprocess.run(
        ["node", "-e", code], input=json.dumps(given), capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    for (start, moved, size), got in zip(cases, json.loads(done.stdout), strict=True):
        assert got["kernel"] == kernel
        first, after = start.paint(size).pixels, moved.paint(size).pixels
        for network, picture in ((moved, got["picture"]), (start, got["start"])):
            rgba = np.frombuffer(base64.b64decode(picture), np.uint8).reshape(*first.shape[:2], 4)
            check_pixels(rgba, network, size)
            assert (rgba[..., 3] == 255).all()
        assert got["change"] == pytest.approx(np.sqrt(np.mean((after - first) ** 2)), abs=2e-5)
        assert got["back"] == 0


# The piece of HTML


def test_equal_arguments_give_equal_html(peacock):
    """As the comparison of stored outputs needs; another network gets another id."""
    first, again = (live_html(peacock, [0, 418]) for _ in range(2))
    assert first.html == again.html == first._repr_html_()
    other = live_html(peacock.with_weight(3, 0.5), [0, 418])
    ids = [re.search(r"live-[0-9a-f]{12}", live.html)[0] for live in (first, other)]
    assert ids[0] != ids[1]


def test_it_is_small_and_needs_nothing_else(peacock):
    """Under 60 kB, and no address of anything."""
    live = live_html(peacock, range(24), size=256)
    assert len(live.html.encode()) < 60_000
    assert not re.search(r"https?:|src=\"(?!data:)|href|@import|url\(", live.html)


def test_the_still_picture_is_the_painting(peacock):
    """In 256 colours, so not exact; of at most 128 pixels, in the shape of the picture."""
    for size, still_size in ((128, (128, 128)), ((200, 300), (85, 128)), ((5, 3), (5, 3))):
        live = live_html(peacock, [0], size=size)
        still = re.search(r"data:image/png;base64,([^\"]+)", live.html)[1]
        with Image.open(io.BytesIO(base64.b64decode(still))) as image:
            image.verify()
        with Image.open(io.BytesIO(base64.b64decode(still))) as image:
            shown = np.asarray(image.convert("RGB"), int)
        painted = peacock.paint(still_size).to_bytes()
        assert shown.shape == painted.shape and np.abs(shown - painted).mean() < 4


def test_words_cannot_break_out_of_the_page(peacock):
    """A title is data, whatever it holds."""
    live = live_html(peacock, [0], title='</script><u a="&')
    assert "<u" not in live.html.split("<script>")[0] and live.html.count("</script>") == 2


def ends(live):
    """The lower and upper end of the first slider, and its step."""
    track = re.search(r'<input type="range".*? min="(.*?)" max="(.*?)" step="(.*?)"', live.html)
    return [float(number) for number in track.groups()]


def test_the_range_follows_the_derivative(peacock):
    """A hundredth of it changes the picture by a hundredth of 0.25; a dead synapse gets ±1.

    Two hundred steps fill it without a rest.
    """
    for synapse in (0, 100, 418):
        low, high, step = ends(live_html(peacock, [synapse]))
        start = peacock.weights[synapse]
        assert low + high == pytest.approx(2 * start, rel=1e-4)
        assert step * 200 == pytest.approx(high - low, rel=1e-12)
        near = peacock.with_weight(synapse, start + (high - start) / 100)
        change = np.sqrt(np.mean((near.paint(128).pixels - peacock.paint(128).pixels) ** 2))
        assert change == pytest.approx(0.0025, rel=0.1)
    weights = peacock.weights.copy()
    weights[[k for k in range(460) if article_wiring().source[k] == 3]] = 0  # none hears neuron 0
    dead = ends(live_html(Network(article_wiring(), weights), [0]))
    assert dead[:2] == pytest.approx((weights[0] - 1, weights[0] + 1), abs=1e-4)


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({"synapses": []}, "at least one"),
        ({"synapses": 3}, "give a list"),
        ({"synapses": [460]}, "synapses 0 to 459"),
        ({"synapses": [-1]}, "synapses 0 to 459"),
        ({"synapses": [1.5]}, "whole number"),
        ({"synapses": [4, 4]}, "twice"),
        ({"title": ""}, "some words"),
        ({"size": 0}, "size 0"),
        ({"size": 100_000}, "choose a smaller size"),
        ({"network": None}, "give a Network"),
        ({"network": Network.random(layered_wiring((1, 4, 3)))}, "2 inputs"),
        ({"network": Network.random(layered_wiring((2, 4, 1)))}, "1 outputs"),
    ],
    ids=str,
)
def test_bad_input_is_said_before_any_work(peacock, given, says):
    with pytest.raises(ValueError, match=re.escape(says)):
        live_html(**{"network": peacock, "synapses": [0]} | given)


def test_a_page_is_saved_whole_or_not_at_all(peacock, tmp_path):
    """The page holds the piece; a failed save leaves nothing behind."""
    live = live_html(peacock, [0], title="A & B")
    live.save(tmp_path / "page.html")
    page = (tmp_path / "page.html").read_text(encoding="utf-8")
    assert live.html in page and "<title>A &amp; B</title>" in page
    with pytest.raises(FileNotFoundError):
        live.save(tmp_path / "nowhere" / "page.html")
    assert [path.name for path in tmp_path.iterdir()] == ["page.html"]


# In the browser, opened from disk, with the network off


@pytest.fixture
def opened(chromium, tmp_path):
    """Opens pieces on one page, without network; what the page complains of is an error."""
    contexts, errors = [], []

    def opened(*lives, kernel="wasm", width=900, **options):
        context = chromium.new_context(
            offline=True, viewport={"width": width, "height": 800}, **options
        )
        contexts.append(context)
        if kernel == "js":
            context.add_init_script(PLAIN)
        page = context.new_page()
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.on("console", lambda message: message.type == "error" and errors.append(message.text))
        lives[0].save(tmp_path / "page.html")
        text = (tmp_path / "page.html").read_text(encoding="utf-8")
        more = "\n".join(live.html for live in lives[1:])
        (tmp_path / "page.html").write_text(text.replace("</body>", more + "</body>"), "utf-8")
        page.goto((tmp_path / "page.html").as_uri())
        return page

    yield opened
    for context in contexts:
        context.close()
    assert not errors, "\n".join(errors)


def picture(root):
    """The pixels of a canvas, after the next frame is drawn."""
    root.page.evaluate("() => new Promise(done => requestAnimationFrame(() => setTimeout(done)))")
    png = root.evaluate("root => root.querySelector('canvas').toDataURL('image/png')")
    with Image.open(io.BytesIO(base64.b64decode(png.split(",")[1]))) as image:
        return np.asarray(image)


@kernels
def test_the_browser_paints_what_numpy_paints(opened, peacock, kernel):
    """At the ends of the sliders, one after the other."""
    for network in (peacock, Network.random(article_wiring(), seed=11)):
        page = opened(live_html(network, [418, 100, 0]), kernel=kernel)
        root = page.locator(".ensemble-live")
        assert root.get_attribute("data-kernel") == kernel
        check_pixels(picture(root), network, 128)
        moved, before = network, picture(root)
        for synapse, key in ((418, "End"), (100, "End"), (0, "Home")):
            slider = root.get_by_role("slider", name=f"synapse {synapse}", exact=True)
            slider.press(key)
            moved = moved.with_weight(synapse, float(slider.input_value()))
            check_pixels(picture(root), moved, 128)
        change = np.sqrt(np.mean((moved.paint(128).pixels - network.paint(128).pixels) ** 2))
        assert float(root.locator(".live-change").inner_text()) == pytest.approx(change, abs=6e-4)
        root.get_by_role("button", name="reset").click()
        np.testing.assert_array_equal(picture(root), before)
        assert root.locator(".live-change").inner_text() == "0.000"


def test_mouse_and_keyboard_move_the_picture(opened, peacock):
    """A drag is seen before the mouse is let go; each key moves by a step; names are there."""
    start = peacock.weights[0]
    page = opened(live_html(peacock, [0, 1]))
    root, slider = page.locator(".ensemble-live"), page.get_by_role("slider", name="synapse 0")
    assert page.get_by_role("img").get_attribute("aria-label") == root.get_attribute("aria-label")
    seen, box = [picture(root)], slider.bounding_box()
    y = box["y"] + box["height"] / 2
    page.mouse.move(box["x"] + box["width"] / 2, y)
    page.mouse.down()
    for share in (0.6, 0.7, 0.8):
        page.mouse.move(box["x"] + share * box["width"], y)
        seen.append(picture(root))
    page.mouse.up()
    assert all((a != b).any() for a, b in zip(seen, seen[1:], strict=False))
    slider.press("Home")
    low, step = (float(slider.get_attribute(name)) for name in ("min", "step"))
    slider.press("ArrowRight")
    picture(root)
    assert float(slider.input_value()) == pytest.approx(low + step)
    assert slider.get_attribute("aria-valuetext") == root.locator("output").first.inner_text()
    root.get_by_role("button").press("Enter")
    np.testing.assert_array_equal(picture(root), seen[0])
    shown = root.locator("output").first.inner_text()
    assert float(shown.replace("−", "-")) == pytest.approx(start, abs=5e-4)


def test_pictures_on_one_page_do_not_clash(opened, peacock):
    """Two different ones and one of them twice: each label names its own slider and moves it."""
    one, other = live_html(peacock, [0]), live_html(peacock.with_weight(5, 0.1), [0])
    page = opened(one, other, one)
    roots = page.locator(".ensemble-live").all()
    ids = page.locator("input").evaluate_all("all => all.map(input => input.id)")
    assert len(roots) == len(set(ids)) == 3
    before = [picture(root) for root in roots]
    roots[2].get_by_label("synapse 0").press("PageUp")
    after = [picture(root) for root in roots]
    assert [bool((a != b).any()) for a, b in zip(before, after, strict=True)] == [0, 0, 1]


def test_it_fits_a_phone(opened, peacock):
    """At 360 pixels nothing overflows, and the sliders are below the picture."""
    page = opened(live_html(peacock, [0, 1]), width=360)
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    canvas, slider = (page.locator(tag).first.bounding_box() for tag in ("canvas", "input"))
    assert slider["y"] > canvas["y"] + canvas["height"]


def test_without_scripts_the_still_picture_stays(opened, peacock):
    """With a note, and sliders that do not pretend to work."""
    page = opened(live_html(peacock, [0]), java_script_enabled=False)
    assert page.locator("img").is_visible() and page.locator(".live-note").is_visible()
    assert page.get_by_role("slider").is_disabled() and page.get_by_role("button").is_disabled()


# Where readers of notebooks meet it

CELL = """\
from ensembles_lib import (Network)
from ensembles_lib.widgets.live_page import live_html
live_html(Network.load("../data/peacock_wide.npz"), [0, 418])"""


def test_it_is_alive_in_jupyterlab(lab):
    """Keys pressed on a slider move it by steps, and do nothing to the notebook."""
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(CELL)])
    notebook.metadata.kernelspec = {"name": "python3", "display_name": "Python 3"}
    nbformat.write(notebook, lab.folder / "lab" / "notebooks" / "live.ipynb")
    with lab.opened("notebooks/live.ipynb") as page:
        run_all(page)
        root, slider = page.locator(".ensemble-live"), page.get_by_role("slider", name="synapse 0")
        cells = "jupyterapp.shell.currentWidget.content.widgets.length"
        seen, before = picture(root), page.evaluate(cells)
        slider.click()
        clicked, step = float(slider.input_value()), float(slider.get_attribute("step"))
        for key in ("ArrowRight", "ArrowUp", "ArrowRight", "b", "a"):
            page.keyboard.press(key)
        assert float(slider.input_value()) == pytest.approx(clicked + 3 * step)
        assert (picture(root) != seen).any() and page.evaluate(cells) == before
        root.get_by_role("button", name="reset").click()
        np.testing.assert_array_equal(picture(root), seen)
        assert not page.errors


def test_it_is_alive_in_exported_html(chromium, peacock, tmp_path):
    """As nbconvert exports it by default, opened from disk without network."""
    html = {"text/html": live_html(peacock, [0])._repr_html_()}
    output = nbformat.v4.new_output("execute_result", html, execution_count=1)
    cells = [nbformat.v4.new_code_cell("live", outputs=[output])]
    page, _ = HTMLExporter().from_notebook_node(nbformat.v4.new_notebook(cells=cells))
    (tmp_path / "page.html").write_text(page, encoding="utf-8")
    context = chromium.new_context(offline=True)
    page = context.new_page()
    # What the export itself asks of the network does not come.
    page.goto((tmp_path / "page.html").as_uri(), wait_until="domcontentloaded")
    root = page.locator(".ensemble-live")
    before = picture(root)
    root.get_by_role("slider").press("PageUp")
    assert (picture(root) != before).any()
    context.close()
