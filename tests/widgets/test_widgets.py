"""Oracle: what the library paints for the same network."""

import io

import ipywidgets
import numpy as np
import pytest
from PIL import Image

from ensembles_lib import Network, Picture, article_wiring, train_backprop, widgets
from ensembles_lib.properties.properties import colour_property


@pytest.fixture(scope="module")
def trained():
    picture = Picture(np.full((8, 8, 3), 0.5))
    return picture, *train_backprop(
        Network.random(article_wiring(), seed=1), picture, epochs=6, progress=False
    )


def shown(image):
    with Image.open(io.BytesIO(bytes(image.value))) as picture:
        return np.asarray(picture)


def test_training_view_follows_the_training(trained):
    picture, network, _ = trained
    view = widgets.TrainingView(picture, size=16)
    assert view.label.value == "not trained yet"
    view(network, 0.25)
    np.testing.assert_array_equal(shown(view.image), network.paint(16, dtype="float32").to_bytes())
    assert view.label.value == "step 0: RMSE 0.250"


def test_training_view_paints_at_most_fifteen_times_a_second(trained, monkeypatch):
    picture, network, _ = trained
    view, frames = widgets.TrainingView(picture, size=16), []
    view.image.observe(frames.append, "value")
    for step in range(100):  # a hundred steps in one second by this clock
        monkeypatch.setattr("time.monotonic", lambda step=step: 1000 + step / 100)
        view(network.with_weight(0, step / 10), 0.1)
    assert 13 <= len(frames) <= 15


def test_training_view_works_as_a_callback(trained):
    picture, network, _ = trained
    view = widgets.TrainingView(picture)
    train_backprop(network, picture, epochs=3, progress=False, callback=view)
    assert view.label.value.startswith("step")


def inside(widget):
    """A widget and all that it holds."""
    yield widget
    for child in getattr(widget, "children", ()):
        yield from inside(child)


def test_no_image_has_a_tooltip(trained):
    # In a browser ipywidgets 8 raises on it, and the picture is gone; a kernel does not notice.
    picture, network, _ = trained
    properties = [colour_property(np.ones((8, 8), bool), (1, 0, 0), "red")]
    for widget in (
        widgets.TrainingView(picture, size=16),
        widgets.PropertySliders(network, properties, size=8, shown=16),
    ):
        images = [part for part in inside(widget) if isinstance(part, ipywidgets.Image)]
        assert images and all(image.tooltip is None for image in images)
