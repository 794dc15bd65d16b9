"""Motions of a slider: where one ends, and work that is put off until it pauses."""

import asyncio
import time

from .turns import in_turn

PAUSE = 0.12  # seconds without motion after which the rest follows
LONGEST = 0.5  # seconds after which it follows although the motion goes on
APART = 1.0  # seconds without motion after which the next one counts as another edit


class Motion:
    """Tells where a motion ends and another begins."""

    def __init__(self):
        self._last = None

    def goes_on(self):
        """Return whether this was called before, less than `APART` ago."""
        before, self._last = self._last, time.monotonic()
        return before is not None and self._last - before < APART


class Follower:
    """Does some work at once or, while a browser drags, when there is time for it.

    Parameters
    ----------
    work : callable
        Takes nothing; what it shows is the state of then, however often it was put off.
    """

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
