"""Queries from outside, in two lanes, so that those that take long do not hold up those that do not.

Every query begins in the quick lane. One that works there for long goes on in the slow lane, with a low priority; when
all places there are taken it is stopped, waits for one, and is run again from its start. So a flood of endless queries
fills the slow lane only, and only a slow query is ever asked to come back later. A query whose client has hung up is
stopped.
"""

import math
import time
from collections import deque
from collections.abc import Callable
from contextvars import ContextVar
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from threading import Event, Lock
from typing import Any

import kg
from webapp.answers import Answers
from webapp.jobs import Advise, Fingerprint, Job, Page, Rows, Task, Verify, Write, Written, refuse_depth
from webapp.limits import BusyError, GoneError, Limits, NotAcceptableError, QueryTimeoutError, TooMuchError
from webapp.processes import Process, Processes

_LEAST_SECONDS = 0.05
"""What a query may work in the quick lane however many others wait for its place."""
_ENTRY_BYTES = 2000
"""What it takes to keep an answer, beside the answer and its query."""
_PAGES = 8
"""Requests that are served beside as many queries as there may be."""
_SPARE = 2
"""Processes beyond those that run, which are ready when others have to be replaced."""
_SOON_SECONDS = 0.02
"""How long a query may take before a thread waits for it."""
_LISTEN_SECONDS = 0.25
"""How often it is looked whether the client of a slow query is still there."""

gone: ContextVar[Callable[[], bool]] = ContextVar("gone", default=lambda: False)
"""Tells whether the client of this thread's request has hung up; set by the server."""


class Workers:
    """Runs queries within their limits; starts processes as they are needed, ends them by `close`."""

    def __init__(self, limits: Limits) -> None:
        self.limits = limits
        self.answers = Answers(limits)
        self._processes = Processes(limits)
        self._quick = Lane(limits.quick_at_once)
        self._slow = Lane(limits.at_once, limits.waiting)

    @property
    def threads(self) -> int:
        """Threads that the server needs so that none of them waits for queries alone."""
        slow = self.limits.at_once + 2 * self.limits.waiting + 1  # those that run, that wait, that wait for the same
        return slow + 4 * self.limits.quick_at_once + _PAGES

    def write(
        self, job: Job, rows_format: str | None, triples_format: str | None, seconds: float | None = None
    ) -> Written:
        """The whole answer in the format for its form; a KGError when there is none for it, or no answer.

        `seconds` may ask for less time than the limits give, not for more.
        """
        answer: Written = self._once(self._writing(job, rows_format, triples_format), seconds)
        return answer

    def kept(self, job: Job, rows_format: str | None, triples_format: str | None) -> Written | None:
        """The same if it has been worked out before and is still there; takes no time."""
        found: Written | None = self.answers.find(self._writing(job, rows_format, triples_format))
        return found

    def begin(
        self, job: Job, rows_format: str | None, triples_format: str | None, seconds: float | None = None
    ) -> "Errand | None":
        """The same as `write`, begun; None, at once, when there is no place for it now or it is there already."""
        task, limit = self._writing(job, rows_format, triples_format), self._limit(job, seconds)
        if not job.steady or not self._quick.enter(0):
            return None
        if (mine := self.answers.claim(task)) is not None:
            if process := self._processes.begin_now(task):
                began = time.monotonic()
                ending = partial(self._go_on, task, limit, process, began)
                return Errand(process, began, partial(self.answers.lead, task, _key_bytes(task), mine, ending))
            self.answers.leave(task, mine)
        self._quick.leave()
        return None

    def rows(self, job: Job, start: int, count: int, seconds: float | None = None) -> Rows:
        """`count` rows of the answer from the row numbered `start`."""
        rows: Rows = self._once(Page(job, start, count), seconds)
        return rows

    def advise(self, job: Job, language: str, seconds: float | None = None) -> kg.Advice:
        """What the query silently does to its answer, and why the answer is empty if it is."""
        advice: kg.Advice = self._once(Advise(job, language), seconds)
        return advice

    def fingerprint(self, job: Job) -> str:
        """What names the whole answer to a query, to cite it."""
        name: str = self._once(Fingerprint(job), None)
        return name

    def verify(self, job: Job, link: str) -> kg.Verdict:
        """Whether the answer that a link cites is still given; `job` is the query of the link."""
        verdict: kg.Verdict = self._once(Verify(job, link), None)
        return verdict

    def warm(self, snapshot: Path) -> None:
        """Start the processes now, with the snapshot open; some more than can run, so that one is always ready."""
        self._processes.fill(self.limits.quick_at_once + self.limits.at_once + _SPARE, snapshot)

    def close(self) -> None:
        """Stop the processes, whatever they do; those who wait are told to come back."""
        self._processes.close()
        self._quick.open()
        self._slow.open()

    def _writing(self, job: Job, rows_format: str | None, triples_format: str | None) -> Write:
        return Write(job, rows_format, triples_format, self.limits.answer_megabytes << 20)

    def _once(self, task: Task, seconds: float | None) -> Any:
        limit = self._limit(task.job, seconds)
        if not task.job.steady:
            return self._run(task, limit)[0]
        return self.answers.once(task, _key_bytes(task), lambda: self._run(task, limit), limit)

    def _limit(self, job: Job, seconds: float | None) -> float:
        """How many seconds a query may run; QueryTooComplexError for one that may not."""
        refuse_depth(job.text)
        return min(seconds or self.limits.seconds, self.limits.seconds)

    def _run(self, task: Task, limit: float) -> tuple[Any, int]:
        """What the task gives, and its length in bytes."""
        self._enter(self._quick, max(self.limits.wait_seconds, self.limits.seconds))
        try:
            process = self._processes.begin(task)
        except BaseException:
            self._quick.leave()
            raise
        return self._go_on(task, limit, process, time.monotonic())

    def _go_on(self, task: Task, limit: float, process: Process, started: float) -> tuple[Any, int]:
        """The same for a task that has begun in the quick lane."""
        try:
            if process.attend(self._patience, started + limit - time.monotonic()):
                return self._processes.finish(process)
            stopped = _reason_to_stop(started, limit)
            moved = stopped is None and self._slow.enter(0)
            if not moved:
                self._processes.replace(process)
        finally:
            self._quick.leave()
        if stopped is not None:
            raise stopped
        if moved:
            return self._run_slowly(process, started, limit)
        self._enter(self._slow, self.limits.wait_seconds)
        return self._run_slowly(self._processes.begin(task), time.monotonic(), limit)

    def _patience(self) -> float:
        """How long a query may work in the quick lane: the less the more others wait; not at all for nobody."""
        if gone.get()():
            return 0
        return max(_LEAST_SECONDS, self.limits.quick_seconds / (1 + self._quick.waiting))

    def _run_slowly(self, process: Process, started: float, limit: float) -> tuple[Any, int]:
        try:
            process.yield_to_others()
            while not process.wait(min(_LISTEN_SECONDS, started + limit - time.monotonic())):
                if stopped := _reason_to_stop(started, limit):
                    raise stopped
            return process.reply()
        finally:
            self._processes.replace(process)
            self._slow.leave()

    def _enter(self, lane: "Lane", seconds: float) -> None:
        if not lane.enter(seconds):
            raise BusyError(self.limits.wait_seconds)


def _key_bytes(task: Task) -> int:
    return 4 * len(task.job.text) + _ENTRY_BYTES


def _reason_to_stop(started: float, limit: float) -> kg.KGError | None:
    """Why a query that began then may not go on, if there is a reason."""
    if gone.get()():
        return GoneError()
    elapsed = time.monotonic() - started
    return QueryTimeoutError(limit, elapsed) if elapsed >= limit else None


@dataclass(frozen=True)
class Errand:
    """A query that runs while no thread waits for it."""

    process: Process
    began: float
    _ending: Callable[[], Any]

    def fileno(self) -> int:
        """The handle that can be read as soon as the answer is there."""
        return self.process.fileno()

    @property
    def is_long(self) -> bool:
        """True when it has run for so long that a thread had better wait for it."""
        return time.monotonic() - self.began > _SOON_SECONDS

    def answer(self) -> Written:
        """The answer, as soon as it is there, or a KGError; to be called once, whatever happens."""
        written: Written = self._ending()
        return written


class Lane:
    """Places, and a line of those who wait for one; who came first is served first."""

    def __init__(self, places: int, longest: float = math.inf) -> None:
        self._free: float = places
        self._longest = longest
        self._line: deque[Event] = deque()
        self._lock = Lock()

    @property
    def waiting(self) -> int:
        """How many wait for a place."""
        return len(self._line)

    def enter(self, seconds: float) -> bool:
        """Take a place, waiting so long for one; False if there is none, or too many wait already."""
        with self._lock:
            if self._free and not self._line:
                self._free -= 1
                return True
            if not seconds or len(self._line) >= self._longest:
                return False
            turn = Event()
            self._line.append(turn)
        if turn.wait(seconds):
            return True
        with self._lock:
            if not turn.is_set():
                self._line.remove(turn)
            return turn.is_set()

    def leave(self) -> None:
        """Give the place to the first in the line."""
        with self._lock:
            if self._line:
                self._line.popleft().set()
            else:
                self._free += 1

    def open(self) -> None:
        """Let everyone through, from now on."""
        with self._lock:
            self._free = math.inf
            while self._line:
                self._line.popleft().set()


__all__ = [
    "BusyError",
    "Errand",
    "Job",
    "Limits",
    "NotAcceptableError",
    "QueryTimeoutError",
    "Rows",
    "TooMuchError",
    "Workers",
    "Written",
    "gone",
]
