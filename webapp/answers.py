"""Answers that are kept to be given again, and answers that several readers wait for at once."""

import copy
import time
from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from threading import BoundedSemaphore, Event, Lock
from typing import Any

from webapp.limits import BusyError, GoneError, Limits, QueryTimeoutError

_SHARE = 4
"""An answer longer than one part in so many of all that may be kept is not kept."""


@dataclass
class Run:
    """An answer being worked out."""

    done: Event = field(default_factory=Event)
    outcome: Any = None
    error: Exception | None = None


class Answers:
    """Outcomes by key, those used last, up to so many bytes; a snapshot never changes, so they never grow stale.

    One reader runs what is not there; others who ask for the same meanwhile wait for that run, at most so many of them
    once it has turned out to be slow.
    """

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._most_bytes = limits.kept_megabytes << 20
        self._bytes = 0
        self._kept: OrderedDict[Hashable, tuple[Any, int]] = OrderedDict()
        self._running: dict[Hashable, Run] = {}
        self._lock = Lock()
        self._followers = BoundedSemaphore(limits.waiting + 1)

    def find(self, key: Hashable) -> Any:
        """The outcome kept for `key`, None when there is none."""
        with self._lock:
            if key not in self._kept:
                return None
            self._kept.move_to_end(key)
            return self._kept[key][0]

    def once(self, key: Hashable, key_bytes: int, run: Callable[[], tuple[Any, int]], seconds: float) -> Any:
        """The outcome kept for `key`, else that of `run` (with its length in bytes), which is then kept.

        What the key takes counts too: a long query may have a short answer. Raises what `run` raises;
        QueryTimeoutError after so many seconds of waiting for another reader's run.
        """
        deadline = time.monotonic() + seconds
        while True:
            with self._lock:
                if key in self._kept:
                    self._kept.move_to_end(key)
                    return self._kept[key][0]
                other = self._running.get(key)
                if other is None:
                    mine = self._running[key] = Run()
            if other is None:
                return self.lead(key, key_bytes, mine, run)
            self._follow(other, seconds, deadline)
            if other.error is None:
                return other.outcome
            had_less_time = isinstance(other.error, QueryTimeoutError) and other.error.limit_seconds < seconds
            if not had_less_time and not isinstance(other.error, GoneError):
                raise copy.copy(other.error)

    def claim(self, key: Hashable) -> Run | None:
        """The run of what is neither there nor run by another reader; who has it is to `lead` or `leave` it."""
        with self._lock:
            if key in self._kept or key in self._running:
                return None
            mine = self._running[key] = Run()
            return mine

    def lead(self, key: Hashable, key_bytes: int, mine: Run, run: Callable[[], tuple[Any, int]]) -> Any:
        """The outcome of `run`, which is then kept and given to those who wait for it."""
        try:
            mine.outcome, length = run()
            self.keep(key, mine.outcome, key_bytes + length)
            return mine.outcome
        except Exception as error:
            mine.error = error
            raise
        finally:
            self._end(key, mine)

    def leave(self, key: Hashable, mine: Run) -> None:
        """Give up what was claimed; one of those who wait for it claims it then."""
        mine.error = GoneError()
        self._end(key, mine)

    def _end(self, key: Hashable, mine: Run) -> None:
        with self._lock:
            del self._running[key]
        mine.done.set()

    def _follow(self, other: Run, seconds: float, deadline: float) -> None:
        if other.done.wait(self._limits.quick_seconds):
            return
        if not self._followers.acquire(blocking=False):
            raise BusyError(self._limits.wait_seconds)
        try:
            if not other.done.wait(max(0, deadline - time.monotonic())):
                raise QueryTimeoutError(seconds, seconds)
        finally:
            self._followers.release()

    def keep(self, key: Hashable, outcome: Any, length: int) -> None:
        """Keep an outcome that takes so many bytes with its key, unless it is too long; others make room for it."""
        if length * _SHARE > self._most_bytes:
            return
        with self._lock:
            self._bytes += length - self._kept.pop(key, (None, 0))[1]
            self._kept[key] = outcome, length
            while self._bytes > self._most_bytes:
                self._bytes -= self._kept.popitem(last=False)[1][1]
