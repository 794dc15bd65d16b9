"""Answers to a browser are made one at a time, and what takes long is worked out aside.

JupyterLab sends a widget's messages to the main thread of the kernel or to a *subshell*, which is
another thread (ipykernel 7; pull request 17363 of jupyterlab): two sliders could be answered at
the same moment. And a slider sends its next value only when the last one is answered: if an
answer took long, what was done first could arrive last.
"""

import asyncio
import functools
import threading
import traceback

PAUSE = 0.12  # seconds without motion after which the rest follows
LONGEST = 0.5  # seconds after which it follows although the motion goes on
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


class Follower:
    """Does some work at once or, while a browser drags, when there is time for it."""

    def __init__(self, work):
        self._work, self._timer, self._due = in_turn(work), None, 0.0

    @property
    def waits(self):
        """Is there work that was put off?"""
        return self._timer is not None

    def now(self):
        """Do it now, and no more what was put off."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        self._work()

    def soon(self):
        """Do it when this has not been called for `PAUSE`, or at once where no loop runs."""
        try:
            loop = asyncio.get_running_loop()
        except RuntimeError:
            return self.now()
        if self._timer is None:
            self._due = loop.time() + LONGEST
        else:
            self._timer.cancel()
        self._timer = loop.call_at(min(loop.time() + PAUSE, self._due), self.now)


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
