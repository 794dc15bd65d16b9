"""What pages without a kernel of Python are made of: their own kernels, still pictures, files.

Oracle: the assembler's output, tanh itself, and what the library paints.
"""

import base64
import io
import re
from pathlib import Path

import nbformat
import numpy as np
import pytest
import write_kernels
from fit_tanh import fit_tanh
from nbconvert import HTMLExporter
from PIL import Image

from ensembles_lib import Network
from ensembles_lib.widgets import playground
from ensembles_lib.widgets.playground import playground_html

KERNELS = Path(playground.__file__).with_name("kernels.js")
DATA = Path(__file__).resolve().parents[2] / "data"
PLAIN = "globalThis.WebAssembly = undefined;"  # as in a browser that has no such thing
kernels = pytest.mark.parametrize("kernel", ["wasm", "js"])


@pytest.fixture(scope="module")
def peacock():
    return Network.load(DATA / "peacock_wide.npz")


def check_pixels(shown, network, size):
    """At most one level off, and that in at most one pixel of a thousand."""
    shown = np.asarray(shown, int)[..., :3]
    off = np.abs(shown - network.paint(size).to_bytes())
    share = np.mean(off.max(axis=2) > 0)
    assert off.max() <= 1 and share <= 1e-3, f"off by {off.max()}, {share:.2%} of the pixels"


# The kernels


def test_the_assembled_kernel_is_what_its_tool_writes():
    """Assembled anew by WABT, byte for byte."""
    constant = re.search(r"KERNEL =(.*?);", KERNELS.read_text(encoding="utf-8"), re.DOTALL)[1]
    stored = base64.b64decode("".join(re.findall(r'"(.*?)"', constant)))
    try:
        assembled = write_kernels.assemble()
    except RuntimeError as missing:
        if "npm" not in str(missing):
            raise
        pytest.skip(f"WABT cannot be had here: {missing}")
    assert stored == assembled and len(stored) < 1100


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


# The piece of HTML


def test_the_still_picture_is_the_painting(peacock):
    """In 256 colours, so not exact; of at most 128 pixels, in the shape of the picture."""
    for size, still_size in ((128, (128, 128)), ((200, 300), (85, 128)), ((5, 3), (5, 3))):
        live = playground_html(peacock, size=size)
        still = re.search(r"data:image/png;base64,([^\"]+)", live.html)[1]
        with Image.open(io.BytesIO(base64.b64decode(still))) as image:
            image.verify()
        with Image.open(io.BytesIO(base64.b64decode(still))) as image:
            shown = np.asarray(image.convert("RGB"), int)
        painted = peacock.paint(still_size).to_bytes()
        assert shown.shape == painted.shape and np.abs(shown - painted).mean() < 4


def test_a_page_is_saved_whole_or_not_at_all(peacock, tmp_path):
    """The page holds the piece; a failed save leaves nothing behind."""
    live = playground_html(peacock, title="A & B")
    live.save(tmp_path / "page.html")
    page = (tmp_path / "page.html").read_text(encoding="utf-8")
    assert live.html in page and "<title>A &amp; B</title>" in page
    with pytest.raises(FileNotFoundError):
        live.save(tmp_path / "nowhere" / "page.html")
    assert [path.name for path in tmp_path.iterdir()] == ["page.html"]


def picture(root):
    """The pixels of a canvas, after the next frame is drawn."""
    root.page.evaluate("() => new Promise(done => requestAnimationFrame(() => setTimeout(done)))")
    png = root.evaluate("root => root.querySelector('canvas').toDataURL('image/png')")
    with Image.open(io.BytesIO(base64.b64decode(png.split(",")[1]))) as image:
        return np.asarray(image)


def test_it_is_alive_in_exported_html(chromium, peacock, tmp_path):
    """As nbconvert exports it by default, opened from disk without network."""
    html = {"text/html": playground_html(peacock)._repr_html_()}
    output = nbformat.v4.new_output("execute_result", html, execution_count=1)
    cells = [nbformat.v4.new_code_cell("live", outputs=[output])]
    page, _ = HTMLExporter().from_notebook_node(nbformat.v4.new_notebook(cells=cells))
    (tmp_path / "page.html").write_text(page, encoding="utf-8")
    context = chromium.new_context(offline=True)
    page = context.new_page()
    # What the export itself asks of the network does not come.
    page.goto((tmp_path / "page.html").as_uri(), wait_until="domcontentloaded")
    root = page.locator(".ensemble-playground")
    before = picture(root)
    root.locator(".pg-handle").press("PageUp")
    assert (picture(root) != before).any()
    context.close()
