"""Answers to a browser are made one at a time, and what takes long is worked out aside.

JupyterLab sends a widget's messages to the main thread of the kernel or to a *subshell*, which is
another thread (ipykernel 7; pull request 17363 of jupyterlab): two sliders could be answered at
the same moment. And a slider sends its next value only when the last one is answered: if an
answer took long, what was done first could arrive last.
"""

import functools
import threading
import traceback

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


class Aside:
    """Works things out for browsers in a thread, one at a time, and for others at once.

    Of those that wait, only the last is done.
    """

    def __init__(self):
        self._key, self._wish, self._thread = None, None, None

    def ask(self, key, work, then):
        """Call `then(work())`; where a browser is being answered, not before that is done.

        Then it is done in turn, unless another is asked for before the work begins; what is
        being worked out under the same key is not begun again.
        """
        if not answering():
            return then(work())
        with _turn:
            self._wish = None if key == self._key else (key, work, then)
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, daemon=True)
                self._thread.start()

    def _run(self):
        while wish := self._next():
            work, then = wish
            try:
                result = work()
                in_turn(then)(result)
            except Exception:  # a programming error; what is asked for next still counts
                traceback.print_exc()

    def _next(self):
        with _turn:
            if self._wish is None:
                self._key = self._thread = None
                return None
            self._key, *wish = self._wish
            self._wish = None
            return wish
