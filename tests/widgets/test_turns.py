"""Messages of a browser, handled by several threads as JupyterLab's subshells do.

Oracle: events that hold a thread until another has had its chance.
"""

import threading

import ipywidgets
import numpy as np
import pytest
from ipywidgets import Widget

from ensembles_lib import Picture, widgets
from ensembles_lib.widgets.turns import in_turn

WAIT = 20.0  # seconds after which a thread counts as stuck


def together(*calls):
    """Make calls at the same time, each in a thread of its own."""
    threads = [threading.Thread(target=call) for call in calls]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(WAIT)
        assert not thread.is_alive()


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
        in_turn(lambda: 1 / 0)()
    together(in_turn(lambda: None))  # would wait for ever


def test_turns_are_nested():
    assert in_turn(lambda: in_turn(lambda: "inside")())() == "inside"


def test_every_control_takes_turns():
    made = []
    Widget.on_widget_constructed(made.append)
    try:
        widgets.PictureUpload(Picture(np.zeros((12, 12, 3))), size=12)
    finally:
        Widget.on_widget_constructed(None)
    shown = (ipywidgets.HTML, ipywidgets.Label, ipywidgets.Image)
    controls = [w for w in made if w.has_trait("value") or isinstance(w, ipywidgets.Button)]
    controls = [w for w in controls if not isinstance(w, shown)]
    assert len(controls) >= 5
    alone = [repr(w)[:80] for w in controls if not hasattr(w.comm.handle_msg, "__wrapped__")]
    assert not alone
