"""Answers to a browser are made one at a time.

JupyterLab sends a widget's messages to the main thread of the kernel or to a *subshell*, which is
another thread (ipykernel 7; pull request 17363 of jupyterlab): two sliders could be answered at
the same moment.
"""

import functools
import threading

_turn = threading.RLock()
_own = threading.local()


def take_turns(*roots):
    """Let the messages of a browser to these widgets, and to all inside them, take turns."""
    for widget in roots:
        widget.comm.handle_msg = in_turn(widget.comm.handle_msg, answers=True)
        take_turns(*getattr(widget, "children", ()))


def in_turn(work, answers=False):
    """Return a callable that works when no other does; is it the answer to a browser?

    Examples
    --------
    >>> in_turn(answering, answers=True)(), in_turn(answering)(), answering()
    (True, False, False)
    """

    @functools.wraps(work)
    def waiting(*arguments):
        with _turn:
            before = answering()
            _own.answers = before or answers
            try:
                return work(*arguments)
            finally:
                _own.answers = before

    return waiting


def answering():
    """Return whether this thread is making the answer to a message of a browser."""
    return getattr(_own, "answers", False)
