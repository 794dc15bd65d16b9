"""Answers to a browser are made one at a time.

JupyterLab sends a widget's messages to the main thread of the kernel or to a *subshell*, which is
another thread (ipykernel 7; pull request 17363 of jupyterlab): two controls could be answered at
the same moment.
"""

import functools
import threading

_turn = threading.RLock()


def take_turns(widget):
    """Let the messages of a browser to this widget, and to all inside it, take turns."""
    widget.comm.handle_msg = in_turn(widget.comm.handle_msg)
    for inside in getattr(widget, "children", ()):
        take_turns(inside)


def in_turn(work):
    """Return a callable that works when no other does."""

    @functools.wraps(work)
    def waiting(*arguments):
        with _turn:
            return work(*arguments)

    return waiting
