"""Queries from outside, each in a process that can be killed: at its deadline, or when it wants too much memory.

The engine cannot be interrupted, and a query of a few lines can keep it busy for ever or overflow its stack. So no
query from outside is even looked at in the process of the server.
"""

import ctypes
import os
import resource
import signal
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import lru_cache
from multiprocessing import get_context, parent_process
from pathlib import Path
from threading import BoundedSemaphore, Thread
from typing import TypeVar

from pebble import ProcessExpired, ProcessPool

import kg

Outcome = TypeVar("Outcome")

_NEW_USER, _NEW_NETWORK = 0x10000000, 0x40000000  # CLONE_NEWUSER and CLONE_NEWNET of Linux
_DEEPEST = 1000
"""How many brackets may be open at once; the engine's parser needs some kilobytes of stack for each."""


class QueryTimeoutError(kg.KGError):
    """A query was stopped at its deadline."""

    def __init__(self, seconds: float) -> None:
        self.limit_seconds = seconds
        self.hint = "ask for less: name the class or property, join on a shared variable, add LIMIT, or load an export"
        super().__init__(f"the query was stopped after {seconds:g} s, the longest that this service lets one run")


class QueryTooComplexError(kg.KGError):
    """A query is nested so deeply, or is so long a chain, that it cannot be read."""

    def __init__(self) -> None:
        super().__init__("the query is nested too deeply to be read; split it, or write long lists as VALUES")


class TooMuchError(kg.KGError):
    """A query wants more memory, or gives a longer answer, than this service has for one."""


class NotAcceptableError(kg.KGError):
    """None of the media types asked for fits; `available` lists those that do."""

    def __init__(self, available: Sequence[str]) -> None:
        self.available = list(dict.fromkeys(available))
        super().__init__(f"no media type in the Accept header fits; available: {', '.join(self.available)}")


class BusyError(kg.KGError):
    """Too many queries run at once."""

    def __init__(self, seconds: float) -> None:
        self.retry_after_seconds = max(1, round(seconds))
        super().__init__(f"too many queries are running; try again in {self.retry_after_seconds} s")


def _setting(name: str, default: int) -> Callable[[], int]:
    return lambda: int(os.environ.get(name, default))


@dataclass(frozen=True)
class Limits:
    """What one query from outside may use; each is a setting of the environment."""

    seconds: float = field(default_factory=_setting("KG_QUERY_SECONDS", 30))
    megabytes: int = field(default_factory=_setting("KG_QUERY_MEGABYTES", 2048))
    answer_megabytes: int = field(default_factory=_setting("KG_ANSWER_MEGABYTES", 64))
    at_once: int = field(default_factory=_setting("KG_QUERIES_AT_ONCE", max(2, min(4, os.cpu_count() or 2))))
    waiting: int = field(default_factory=_setting("KG_QUERIES_WAITING", 8))
    wait_seconds: float = field(default_factory=_setting("KG_QUERY_WAIT_SECONDS", 5))


@dataclass(frozen=True)
class Job:
    """A query, the snapshot it is for, and the dataset that the protocol names, if any."""

    snapshot: Path
    text: str
    default_graphs: tuple[str, ...] | None = None
    named_graphs: tuple[str, ...] | None = None


@dataclass(frozen=True)
class Written:
    """An answer as bytes in a format, and the form of the query (select, ask, construct)."""

    kind: str
    format: str
    data: bytes


@dataclass(frozen=True)
class Rows:
    """Some rows of an answer, out of `total`; triples and a truth value come as rows too."""

    kind: str
    columns: tuple[str, ...]
    rows: tuple[tuple[kg.Term | None, ...], ...]
    total: int
    boolean: bool = False


class Workers:
    """A pool of processes; started at the first query, closed at the end of the program or by `close`."""

    def __init__(self, limits: Limits) -> None:
        self.limits = limits
        context = get_context("forkserver")
        context.set_forkserver_preload([__name__])
        self._pool = ProcessPool(limits.at_once, initializer=_confine, initargs=(limits.megabytes,), context=context)
        self._running = BoundedSemaphore(limits.at_once)
        self._inside = BoundedSemaphore(limits.at_once + limits.waiting)

    def write(self, job: Job, rows_format: str | None, triples_format: str | None) -> Written:
        """The whole answer in the format for its form; a KGError when there is none for it, or no answer."""
        return self._run(_write, job, rows_format, triples_format, self.limits.answer_megabytes << 20)

    def rows(self, job: Job, start: int, count: int) -> Rows:
        """`count` rows of the answer from the row numbered `start`."""
        return self._run(_rows, job, start, count)

    def close(self) -> None:
        """Stop the processes, whatever they do."""
        self._pool.stop()  # type: ignore[no-untyped-call]
        self._pool.join()

    def _run(self, work: Callable[..., Outcome], *arguments: object) -> Outcome:
        _refuse_depth(arguments[0].text)  # type: ignore[attr-defined]
        with self._place():
            try:
                return self._pool.schedule(work, args=arguments, timeout=self.limits.seconds).result()
            except TimeoutError as error:
                raise QueryTimeoutError(self.limits.seconds) from error
            except ProcessExpired as error:
                if error.exitcode == -signal.SIGSEGV:
                    raise QueryTooComplexError from error
                raise self._no_memory() from error
            except MemoryError as error:
                raise self._no_memory() from error

    def _no_memory(self) -> TooMuchError:
        return TooMuchError(f"the query needs more than {self.limits.megabytes} MB of memory; ask for less at once")

    @contextmanager
    def _place(self) -> Iterator[None]:
        """A place among those that may run, waiting for one a little; BusyError when there is none."""
        if not self._inside.acquire(blocking=False):
            raise BusyError(self.limits.wait_seconds)
        try:
            if not self._running.acquire(timeout=self.limits.wait_seconds):
                raise BusyError(self.limits.wait_seconds)
            try:
                yield
            finally:
                self._running.release()
        finally:
            self._inside.release()


def _refuse_depth(text: str) -> None:
    depth = 0
    for character in text:
        if character in "{([":
            depth += 1
            if depth > _DEEPEST:
                raise QueryTooComplexError
        elif character in "})]":
            depth -= 1


def _confine(megabytes: int) -> None:
    """Limits of a worker: memory, no core file, death when told or left alone; no network where the system allows."""
    resource.setrlimit(resource.RLIMIT_DATA, (megabytes << 20, megabytes << 20))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    if sys.platform == "linux":
        ctypes.CDLL(None).unshare(_NEW_USER | _NEW_NETWORK)
    Thread(target=_follow, daemon=True).start()


def _follow() -> None:
    """End with the server, however that ended."""
    server = parent_process()
    if server is not None:
        server.join()
    os._exit(1)


@lru_cache(maxsize=1)
def _open(snapshot: Path) -> kg.Snapshot:
    return kg.open_snapshot(snapshot.parent.parent, snapshot.name)


def _answer(job: Job) -> kg.Answer:
    if "SERVICE" in kg.keywords(job.text):
        raise kg.QueryRefusedError("SERVICE is refused: this endpoint asks no other host; ask it from your own engine")
    return _open(job.snapshot).query(job.text, default_graphs=job.default_graphs, named_graphs=job.named_graphs)


def _write(job: Job, rows_format: str | None, triples_format: str | None, most_bytes: int) -> Written:
    answer = _answer(job)
    syntax = triples_format if answer.kind == "construct" else rows_format
    if syntax is None:
        raise NotAcceptableError([])
    data = kg.write_answer(answer, syntax)
    if len(data) > most_bytes:
        raise TooMuchError(f"the answer is longer than {most_bytes >> 20} MB; add LIMIT, or load an export")
    return Written(answer.kind, syntax, data)


def _rows(job: Job, start: int, count: int) -> Rows:
    answer = _answer(job)
    if answer.kind == "ask":
        return Rows("ask", (), (), 0, answer.boolean)
    if answer.kind == "construct":
        return Rows("construct", ("s", "p", "o"), tuple(answer.triples[start : start + count]), len(answer.triples))
    some = tuple(tuple(row[column] for column in answer.columns) for row in answer.rows[start : start + count])
    return Rows("select", tuple(answer.columns), some, len(answer.rows))
