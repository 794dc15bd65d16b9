"""Messages of a browser, handled by several threads as JupyterLab's subshells do.

Oracles: what the same moves give when Python makes them one after another, and events that hold
a thread until another has had its chance.
"""

import threading

import ipywidgets
import numpy as np
import pytest
from ipywidgets import Widget

from ensembles_lib import Network, Picture, article_wiring, widgets
from ensembles_lib.properties.properties import colour_property
from ensembles_lib.widgets.edits import Edits
from ensembles_lib.widgets.turns import answering, in_turn

SIZE = 12
NETWORK = Network.random(article_wiring("wide"), seed=3)
LEFT = np.tile(np.arange(SIZE) < SIZE // 2, (SIZE, 1))
PROPERTIES = [
    colour_property(LEFT, (1, 0.5, 0.2), "red left"),
    colour_property(~LEFT, (0.3, 1, 0.4), "green right"),
    colour_property(LEFT.T, (0.2, 0.5, 1), "blue above"),
]
WAIT = 20.0  # seconds after which a thread counts as stuck
GREY = Picture(np.zeros((SIZE, SIZE, 3)))
REGIONS = (LEFT.astype(int), ["left/all", "right/all"])


def send(widget, **state):
    """Let a widget have a message of a browser, in this thread."""
    data = {"method": "update", "state": state, "buffer_paths": []}
    widget.comm.handle_msg({"content": {"data": data}, "buffers": []})


def together(*calls):
    """Make calls at the same time, each in a thread of its own."""
    threads = [threading.Thread(target=call) for call in calls]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(WAIT)
        assert not thread.is_alive()


def new_editor():
    return widgets.WeightEditor(NETWORK, GREY, PROPERTIES, REGIONS, size=SIZE, property_size=SIZE)


def test_what_is_in_turn_never_overlaps():
    inside, release, order = threading.Event(), threading.Event(), []

    def first():
        inside.set()
        assert release.wait(WAIT)
        order.append("first")

    def second():
        assert inside.wait(WAIT)
        threading.Timer(0.05, release.set).start()
        in_turn(lambda: order.append("second"))()

    together(in_turn(first), second)
    assert order == ["first", "second"]


def test_an_error_ends_the_turn():
    with pytest.raises(ZeroDivisionError):
        in_turn(lambda: 1 / 0, answers=True)()
    assert not answering()
    together(in_turn(lambda: None))  # would wait for ever


def test_turns_are_nested():
    nested = in_turn(lambda: (in_turn(answering)(), in_turn(answering, answers=True)()))
    assert nested() == (False, True)
    assert in_turn(nested, answers=True)() == (True, True)


def all_widgets():
    """One of each kind of live widget, made anew."""
    new_editor()
    widgets.PictureUpload(GREY, size=SIZE)


def test_every_control_takes_turns():
    made = []
    Widget.on_widget_constructed(made.append)
    try:
        all_widgets()
    finally:
        Widget.on_widget_constructed(None)
    shown = (ipywidgets.HTML, ipywidgets.Label, ipywidgets.Image)
    controls = [w for w in made if w.has_trait("value") or isinstance(w, ipywidgets.Button)]
    controls = [w for w in controls if not isinstance(w, shown)]
    assert len(controls) > 5
    alone = [repr(w)[:80] for w in controls if not hasattr(w.comm.handle_msg, "__wrapped__")]
    assert not alone


def test_a_page_and_a_linked_slider_leave_one_log():
    """Oracle: the log's own replay ends at the weights of the page, whoever came last."""
    editor = new_editor()
    moved = [NETWORK.with_weight(k, 0.5).weights for k in range(20)]

    def page():
        for weights in moved:
            raw = memoryview(weights.tobytes())
            data = {"method": "update", "state": {"weights": None}, "buffer_paths": [["weights"]]}
            editor.comm.handle_msg({"content": {"data": data}, "buffers": [raw]})

    together(page, page)
    again = Edits.from_json(editor.edits.to_json(), NETWORK)
    np.testing.assert_array_equal(again.weights, editor.weights)
    np.testing.assert_array_equal(editor.edits.weights, editor.weights)
