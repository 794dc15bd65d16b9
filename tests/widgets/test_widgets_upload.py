"""Oracle: the middle square as Pillow crops it."""

import base64
import io
import json
import re
from datetime import datetime

import numpy as np
import pytest
from ipywidgets import embed
from PIL import Image

from ensembles_lib import (
    Network,
    Picture,
    scaled_wiring,
    train_backprop,
    train_levenberg_marquardt,
    widgets,
)
from ensembles_lib.widgets import upload

PIXELS = np.random.default_rng(0).integers(0, 256, (20, 50, 3), np.uint8)


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
    with Image.open(io.BytesIO(one.image.png)) as shown:
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
    assert "<img src=x>" in one.message and "<img" not in one._line.value


def test_training_is_offered_for_an_uploaded_picture_and_ends_in_a_playground(monkeypatch):
    """Oracle: the trainer called by itself."""
    one, paintings = button(), set()
    assert one.stays.layout.display == "none" and one.playground is None
    uploaded(one, "wide.png", png(PIXELS))
    assert one.stays.layout.display == "" and not one.stays.value
    one.synapses.value, one.iterations = 150, 6
    monkeypatch.setattr(upload, "EVERY", 0)
    one.painting.observe(lambda change: paintings.add(bytes(change["new"])), "value")
    seen = []
    one._line.observe(lambda change: seen.append(change["new"]), "value")
    one.train()
    start = Network.random(scaled_wiring(150), seed=0)
    network, history = train_levenberg_marquardt(start, one.picture, 6, progress=False)
    assert one.network == one.playground.network == network
    assert one.children[-1] is one.playground and len(paintings) > 3
    assert one.message == f"trained after 6 steps: RMSE {history.rmse.min():.3f}"
    said = [words for words in seen if "step 3 of 6: RMSE" in words]
    assert f"{history.rmse[3]:.3f}, about " in said[0] and "s left" in said[0]
    one.take("other.png", png(PIXELS[::-1]))
    assert one.painting.layout.display == "none"  # it shows the picture before
    one.train()
    assert one.children.count(one.playground) == 1 and len(one.children) == 6


def test_the_picture_given_can_be_trained_on_and_is_shown_where_there_is_no_widget():
    """Its playground knows it, and goes on learning; an uploaded one is shown if it may stay."""
    one = button()
    one.synapses.value, one.iterations = 150, 2
    one.train()
    assert json.loads(one.playground._data)["target"]
    still = one._repr_mimebundle_()["image/png"]
    with Image.open(io.BytesIO(still)) as image:
        assert image.size == (40, 40) and set(np.unique(image)) <= {127, 128}
    for stays in (False, True):
        uploaded(one, "wide.png", png(PIXELS))
        one.stays.value = stays
        assert ("image/png" in one._repr_mimebundle_()) == stays
    uploaded(one, "again.png", png(PIXELS))
    assert one.stays.value  # what was ticked stays ticked


def test_a_large_network_learns_a_small_copy(monkeypatch):
    """Oracle: the trainer called by itself."""
    monkeypatch.setattr(upload, "LARGE", 100)
    monkeypatch.setattr(upload, "SMALL", 16)
    one = button()
    one.take("noise.png", png(PIXELS))
    one.synapses.value, one.iterations = 150, 2
    one.train()
    start, small = Network.random(scaled_wiring(150), seed=0), one.picture.resized(16)
    network, _ = train_levenberg_marquardt(start, small, 2, progress=False)
    assert one.network == network


def test_a_training_can_be_stopped_and_keeps_its_best():
    one = button()
    one.synapses.value, one.iterations = 150, 10_000
    one.start.click()
    assert one.start.disabled and one.button.disabled and not one.stop.disabled
    while one.progress.value < 3:
        assert one._worker.is_alive()
    one.stop.click()
    one._worker.join(timeout=60)
    assert re.fullmatch(r"stopped after \d+ steps: RMSE 0\.\d{3}", one.message)
    assert one.playground.network == one.network and one.stop.disabled and not one.start.disabled


def test_a_training_that_diverges_says_so_and_keeps_its_best(monkeypatch):
    def diverge(start, picture, iterations, progress, callback):
        options = {"learning_rate": 1e37, "progress": progress, "callback": callback}
        return train_backprop(start, picture, iterations, **options)

    monkeypatch.setattr(upload, "train_levenberg_marquardt", diverge)
    one = button()
    one.train()
    assert "diverged after step" in one.message and one.playground.network == one.network


@pytest.mark.parametrize("stays", [False, True])
def test_an_uploaded_picture_is_in_no_saved_state_unless_it_may_stay(stays):
    """Oracle: its bytes, as sent and as shown, looked for in the state of every widget."""
    one, sent = button(), png(PIXELS)
    one.synapses.value, one.iterations = 150, 1
    uploaded(one, "me.png", sent)
    one.stays.value = stays
    one.train()
    state = str(widgets_of_all().values())
    traces = [sent, one.image.png, one.picture.to_png()]
    found = [base64.b64encode(trace).decode() in state for trace in traces]
    assert found == [False, stays, stays]
    assert one.button.value == () and (one.playground.network == one.network)


def widgets_of_all():
    """Return what a notebook would save of all widgets, by model."""
    return embed.dependency_state(list(embed_all()), drop_defaults=False)


def embed_all():
    from ipywidgets.widgets import widget

    return widget._instances.values()


def test_views_that_come_later_are_shown_the_picture(monkeypatch):
    one, sent = button(), []
    uploaded(one, "wide.png", png(PIXELS))
    monkeypatch.setattr(one.image, "send", lambda words, buffers: sent.append(buffers))
    one.image._handle_custom_msg("a view is there", [])
    assert sent == [[one.picture.to_png()]]
