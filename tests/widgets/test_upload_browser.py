"""A picture of one's own in JupyterLab: chosen, trained on, played with, and not saved.

Oracle: what the page shows, and the notebook's file after saving with the widgets' state.
"""

import base64
import io
import json

import numpy as np
import pytest
from browser import ARTEFACTS, pixels, run_all, show_cell
from PIL import Image

PAGE = """
from ensembles_lib import *
from ensembles_lib.widgets import PictureUpload

upload = PictureUpload(samples.peacock(32), size=32)
upload.iterations = {iterations}
upload
"""


@pytest.fixture
def saving(lab):
    """Let JupyterLab save the state of widgets, which it does only if told."""
    settings = lab.folder / "settings" / "@jupyter-widgets" / "jupyterlab-manager"
    settings.mkdir(parents=True)
    file = settings / "plugin.jupyterlab-settings"
    file.write_text('{"saveState": true}')
    yield
    file.unlink()
    settings.rmdir()


def photograph():
    noise = np.random.default_rng(0).integers(0, 256, (32, 48, 3), np.uint8)
    buffer = io.BytesIO()
    Image.fromarray(noise).save(buffer, "png")
    return buffer.getvalue(), noise[:, 8:40]


def press(cell, name):
    cell.get_by_role("button", name=name, exact=True).click()


def say(cell, words):
    cell.locator("[role=status]", has_text=words).wait_for(timeout=60_000)


@pytest.mark.parametrize("stays", [False, True])
def test_one_click_leads_from_a_photograph_to_its_playground(lab, saving, stays):
    content, square = photograph()
    name = lab.write(f"upload-{stays}.ipynb", PAGE.format(iterations=4000))
    with lab.opened(name) as page:
        run_all(page)
        cell = show_cell(page, 0)
        may_stay = cell.get_by_label("the picture may stay in this notebook")
        assert cell.get_by_role("button", name="train", exact=True).is_visible()
        assert not may_stay.is_visible()  # nothing of the reader's own is there yet
        file = {"name": "me & you.png", "mimeType": "image/png", "buffer": content}
        with page.expect_file_chooser() as chooser:
            cell.get_by_role("button", name="choose a picture").click()
        chooser.value.set_files(files=[file])
        say(cell, "me & you.png: middle square, 32×32")
        shown = cell.get_by_alt_text("the picture that was chosen")
        data = base64.b64decode(pixels(shown).split(",")[1])
        with Image.open(io.BytesIO(data)) as image:
            np.testing.assert_array_equal(np.asarray(image.convert("RGB")), square)
        if stays:
            may_stay.check()
        cell.get_by_label("synapses").select_option("150")
        press(cell, "train")
        say(cell, "about")  # so many seconds left
        assert cell.locator(".widget-hprogress").is_visible()
        press(cell, "stop")
        say(cell, "stopped after")
        cell.locator(".ensemble-playground canvas").first.wait_for()
        page.screenshot(path=ARTEFACTS / f"upload-{stays}.png")
        assert page.errors == []
        page.evaluate("() => jupyterapp.commands.execute('docmanager:save')")
        page.wait_for_function("() => !jupyterapp.shell.currentWidget.context.model.dirty")
        saved = (lab.folder / "lab" / name).read_text(encoding="utf-8")
        state = json.loads(saved)["metadata"]["widgets"]
    assert "PlaygroundModel" in str(state) or "playground" in str(state)
    found = {
        base64.b64encode(one).decode() in saved.replace("\\n", "")
        for one in (content, png_of(square))
    }
    assert found == ({False, True} if stays else {False})


def png_of(square):
    from ensembles_lib import Picture

    return Picture(square).to_png()
