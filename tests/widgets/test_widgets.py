"""Oracle: what the library paints for the same network."""

import io

import ipywidgets
import numpy as np
import pytest
from PIL import Image

import ensembles_lib.planted.comparators as comparators
from ensembles_lib import History, Network, Picture, article_wiring, train_backprop, widgets


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


def test_history_player_shows_the_chosen_step(trained):
    _, _, history = trained
    player = widgets.HistoryPlayer(article_wiring(), history, size=16)
    for step in (0, 3, 6):
        player.slider.value = step
        network = Network(article_wiring(), history.weights[step])
        expected = network.paint(16, dtype="float32").to_bytes()
        np.testing.assert_array_equal(shown(player.image), expected)
        assert player.label.value == player.reading
        assert player.reading == f"step {step}: RMSE {history.rmse[step]:.3f}"
    player.slider.value = 0
    player.reset.click()
    assert player.slider.value == 6


def test_history_player_names_true_steps_of_a_thinned_history(trained):
    columns = {**vars(trained[2])}
    stopped = columns.pop("stopped")
    thinned = History(**{name: of[[0, 2, 6]] for name, of in columns.items()}, stopped=stopped)
    player = widgets.HistoryPlayer(article_wiring(), thinned, size=16)
    player.slider.value = 0
    assert player.reading.startswith("step 0:")
    player.slider.value = player.slider.max
    assert player.reading.startswith("step 6:")


def test_every_control_has_a_name_and_a_tooltip(trained):
    player = widgets.HistoryPlayer(article_wiring(), trained[2], size=16)
    for control in (player.slider, player.reset):
        assert control.description and control.tooltip


def inside(widget):
    """A widget and all that it holds."""
    yield widget
    for child in getattr(widget, "children", ()):
        yield from inside(child)


def test_no_image_has_a_tooltip(trained):
    # In a browser ipywidgets 8 raises on it, and the picture is gone; a kernel does not notice.
    picture, _, history = trained
    planted = comparators.two_regions()
    for widget in (
        widgets.TrainingView(picture, size=16),
        widgets.HistoryPlayer(article_wiring(), history, size=16),
        widgets.CompareSliders(comparators.compare_binary(4)),
        widgets.BorderSliders(planted.network),
    ):
        images = [part for part in inside(widget) if isinstance(part, ipywidgets.Image)]
        assert images and all(image.tooltip is None for image in images)
