"""Messages of a browser, handled by several threads as JupyterLab's subshells do.

Oracles: what the same moves give when Python makes them one after another, and events that hold
a thread until another has had its chance.
"""

import sys
import threading
import time

import ipywidgets
import numpy as np
import pytest
from ipywidgets import Widget

from ensembles_lib import Network, Picture, article_wiring, widgets
from ensembles_lib.properties.properties import colour_property
from ensembles_lib.widgets import moving
from ensembles_lib.widgets.edits import Edits
from ensembles_lib.widgets.turns import Aside, answering, in_turn

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


def until(see):
    """Wait until something has come about in another thread."""
    deadline = time.monotonic() + WAIT
    while not see():
        assert time.monotonic() < deadline
        time.sleep(0.001)


def finish(aside):
    """Wait until nothing is left to be worked out."""
    until(lambda: aside._thread is None)


def ask(aside, *wish):
    """Ask for something as the answer to a browser does."""
    in_turn(aside.ask, answers=True)(*wish)


def new_sliders():
    return widgets.PropertySliders(NETWORK, PROPERTIES, size=SIZE, shown=SIZE)


def new_editor():
    return widgets.WeightEditor(NETWORK, GREY, PROPERTIES, REGIONS, size=SIZE, property_size=SIZE)


@pytest.fixture
def sliders():
    return new_sliders()


@pytest.fixture
def held(monkeypatch):
    """Ways of properties are worked out only when their `go` is set; `begun` tells of which."""
    begun, search = [], moving.property_slider
    go = {one.name: threading.Event() for one in PROPERTIES}

    def held_search(network, measured, which, *arguments, **options):
        name = measured.names[measured.number(which)]
        begun.append(name)
        assert go[name].wait(WAIT)
        return search(network, measured, which, *arguments, **options)

    monkeypatch.setattr(moving, "property_slider", held_search)
    yield begun, go
    for event in go.values():
        event.set()


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
    new_sliders()
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
    assert len(controls) > 10
    alone = [repr(w)[:80] for w in controls if not hasattr(w.comm.handle_msg, "__wrapped__")]
    assert not alone


def test_a_message_is_answered_in_turn_and_python_is_not(sliders):
    seen = []
    slider = sliders.sliders["red left"]
    slider.observe(lambda _: seen.append(answering()), "value")
    slider.value = slider.max
    send(slider, value=slider.min)
    assert seen == [False, True] and not answering()


def test_aside_does_the_first_and_the_last():
    aside, begun, go, done = Aside(), [], threading.Event(), []

    def work(number):
        begun.append(number)
        assert go.wait(WAIT)
        return number

    ask(aside, 0, lambda: work(0), done.append)
    until(lambda: begun)
    for number in (1, 2, 3):
        ask(aside, number, lambda n=number: work(n), done.append)
    go.set()
    finish(aside)
    assert begun == done == [0, 3]


def test_aside_does_not_begin_again_what_it_is_at():
    aside, begun, go, count = Aside(), threading.Event(), threading.Event(), []

    def work():
        count.append(1)
        begun.set()
        return go.wait(WAIT)

    ask(aside, "a", work, lambda _: None)
    assert begun.wait(WAIT)
    ask(aside, "b", lambda: count.append(100), lambda _: None)
    ask(aside, "a", work, lambda _: None)  # and "b" is no longer asked for
    go.set()
    finish(aside)
    assert count == [1]
    ask(aside, "a", work, lambda _: None)
    finish(aside)
    assert count == [1, 1]


def test_what_was_worked_out_is_taken_in_turn():
    aside, begun, go, order = Aside(), threading.Event(), threading.Event(), []

    def work():
        begun.set()
        return go.wait(WAIT)

    def answer():
        go.set()
        time.sleep(0.05)
        order.append("answer")

    ask(aside, "a", work, lambda _: order.append("found"))
    assert begun.wait(WAIT)
    in_turn(answer)()
    finish(aside)
    assert order == ["answer", "found"]


def test_an_error_aside_is_printed_and_the_next_wish_done(capsys):
    aside, done = Aside(), []
    ask(aside, "a", lambda: 1 / 0, done.append)
    finish(aside)
    ask(aside, "b", lambda: "b", done.append)
    finish(aside)
    assert done == ["b"] and "ZeroDivisionError" in capsys.readouterr().err


def test_the_slider_touched_last_wins_while_another_is_worked_out(sliders, held):
    begun, go = held
    red, green = sliders.sliders["red left"], sliders.sliders["green right"]
    send(red, value=red.max)
    until(lambda: begun)
    send(red, value=red.min)
    assert sliders.reading.startswith("working out how to move red left")
    assert sliders.network == NETWORK
    send(green, value=green.max / 2)
    assert (red.value, green.value) == (0, green.max / 2)
    go["red left"].set()
    until(lambda: begun == ["red left", "green right"])
    assert sliders.reading.startswith("working out how to move green right")
    go["green right"].set()
    finish(sliders._aside)
    expected = new_sliders()
    expected.sliders["green right"].value = green.max / 2
    assert sliders.network == expected.network != NETWORK
    assert sliders.reading == expected.reading and "working" not in sliders.reading
    assert sliders.image.value == expected.image.value
    assert begun == ["red left", "green right", "green right"]  # the last by `expected`


def test_a_way_that_is_known_is_followed_at_once(sliders, held):
    begun, go = held
    go["blue above"].set()
    blue = sliders.sliders["blue above"]
    blue.value = blue.max
    expected = sliders.network
    blue.value = 0.0
    go["blue above"].clear()
    send(blue, value=blue.max)
    assert sliders.network == expected and begun == ["blue above"]


def test_the_other_way_is_worked_out_aside_as_well(sliders):
    red = sliders.sliders["red left"]
    red.value = red.max / 2
    send(sliders.way, index=1)
    finish(sliders._aside)
    assert "by synapse" in sliders.reading
    assert np.count_nonzero(sliders.network.weights != NETWORK.weights) == 1


def test_messages_of_many_threads_leave_one_property_moved(sliders):
    """What is shown belongs to the one slider that is off its middle, whichever came last."""
    controls = list(sliders.sliders.values())
    for slider in controls:
        slider.value = slider.max
    sliders.reset.click()

    def press(slider):
        for share in np.linspace(-1, 1, 25):
            send(slider, value=float(share * slider.max))

    interval = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    try:
        together(*(lambda s=slider: press(s) for slider in controls))
    finally:
        sys.setswitchinterval(interval)
    (name,) = [name for name, slider in sliders.sliders.items() if slider.value]
    assert sliders.reading.startswith(f"{name} moved by")
    shown, pictured = sliders.network, sliders.image.value
    expected = new_sliders()
    expected.sliders[name].value = sliders.sliders[name].value
    assert shown == expected.network and pictured == expected.image.value


def test_another_way_ends_the_word_that_one_is_being_worked_out(sliders, held):
    red = sliders.sliders["red left"]
    sliders.way.index = 1
    red.value = red.max / 2
    expected = sliders.reading
    red.value, sliders.way.index = 0.0, 0
    send(red, value=red.max / 2)
    assert "working out" in sliders.reading
    send(sliders.way, index=1)
    assert sliders.reading == expected


def test_what_was_worked_out_for_another_property_is_dropped(sliders, held):
    begun, go = held
    red, green = sliders.sliders["red left"], sliders.sliders["green right"]
    send(red, value=red.max)
    until(lambda: begun)
    sliders.way.index = 1
    green.value = green.max / 2
    after = sliders.network
    go["red left"].set()
    finish(sliders._aside)
    assert sliders.network == after != NETWORK and red.value == 0


def test_why_a_property_cannot_be_moved_is_said_from_aside_too(sliders, monkeypatch):
    def refuse(*_, **__):
        raise ValueError("it is nowhere to be seen")

    monkeypatch.setattr(moving, "property_slider", refuse)
    red = sliders.sliders["red left"]
    send(red, value=red.max)
    finish(sliders._aside)
    assert "it is nowhere to be seen" in sliders.reading and sliders.network == NETWORK


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
