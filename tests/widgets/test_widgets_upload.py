"""Oracle: the middle square as Pillow crops it."""

import io
from datetime import datetime

import numpy as np
from PIL import Image

from ensembles_lib import Picture, widgets
from ensembles_lib.widgets import upload


def png(pixels):
    buffer = io.BytesIO()
    Image.fromarray(pixels).save(buffer, "png")
    return buffer.getvalue()


def button():
    return widgets.PictureUpload(Picture(np.zeros((20, 20, 3))), size=20)


def uploaded(one, name, content):
    """What the browser sends when a file was chosen."""
    one.button.value = (
        {
            "name": name,
            "content": memoryview(content),
            "type": "",
            "size": 1,
            "last_modified": datetime.now(),
        },
    )


def test_an_uploaded_file_becomes_the_picture_and_is_shown():
    pixels = np.random.default_rng(0).integers(0, 256, (20, 50, 3), np.uint8)
    one = button()
    uploaded(one, "wide.png", png(pixels))
    np.testing.assert_array_equal(one.picture.to_bytes(), pixels[:, 15:35])
    with Image.open(io.BytesIO(bytes(one.image.value))) as shown:
        np.testing.assert_array_equal(np.asarray(shown), pixels[:, 15:35])
    assert one.message == "wide.png: middle square, 20×20" and one.message in repr(one)


def test_what_is_no_picture_is_said_in_place_and_the_picture_stays(monkeypatch):
    one = button()
    uploaded(one, "text.png", b"no image <b>")
    assert "text.png: it is not an image" in one.message
    one.take("thin.png", png(np.zeros((3, 90, 3), np.uint8)))
    assert "3 pixels are too few" in one.message
    noise = np.random.default_rng(1).integers(0, 256, (64, 64, 3), np.uint8)
    one.take("cut.png", png(noise)[:5000])
    assert one.message.startswith("cut.png: it cannot be read as an image")
    monkeypatch.setattr(upload, "MAX_BYTES", 10)
    one.take("large.png", png(np.zeros((64, 64, 3), np.uint8)))
    assert "more than" in one.message and "path" in one.message
    assert not one.picture.pixels.any()


def test_names_are_escaped():
    one = button()
    one.take("<img src=x>", b"")
    assert "<img src=x>" in one.message and "<img" not in one.children[2].value
