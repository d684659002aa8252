"""Processes that run one task after the other and can be killed at any moment; and the end of them that works.

The engine cannot be interrupted, and a query of a few lines can keep it busy for ever or overflow its stack. So no
query from outside is even looked at in the process of the server.
"""

import ctypes
import os
import pickle
import resource
import select
import signal
import sys
import time
import traceback
from collections import deque
from collections.abc import Callable, Collection
from contextlib import suppress
from functools import partial
from multiprocessing import get_context, parent_process
from multiprocessing.connection import Connection
from pathlib import Path
from threading import Lock, Thread
from typing import Any

import kg
from webapp.jobs import Task, open_snapshot, run
from webapp.limits import BusyError, Limits, QueryTooComplexError, TooMuchError

_NEW_USER, _NEW_NETWORK = 0x10000000, 0x40000000  # CLONE_NEWUSER and CLONE_NEWNET of Linux
_GROWN_PAGES = (256 << 20) // resource.getpagesize()
"""By how much a process may have grown, when it rests, before another takes its place."""
_START_SECONDS = 30
_LOOK_SECONDS = 0.05
"""How often the clocks are looked at while a task runs."""
_ASLEEP = 10
"""So many times its patience may pass while a task works less than that: it waits for a processor, or for a host."""
_GIVING_WAY = 10
"""Niceness of a task that takes long: a tenth of a processor that others want too, all of one that is free."""
_CONTEXT = get_context("forkserver")
_BOOK = Lock()
"""Held to start a process or to look how it ended: Python's own book of processes is not made for threads."""
_PREPARED = [__name__, "kg.cli", "kg.spreadsheets"]
"""Modules that each new process finds loaded: this one, the command, which Python runs again in each, and a writer."""


class Child:
    """A process that runs `work` with its end of a connection, and with what else it is given."""

    def __init__(self, work: Callable[..., None], *given: object) -> None:
        self._connection, other = _CONTEXT.Pipe()
        self._process = _CONTEXT.Process(target=work, args=(other, *given), daemon=True)
        with _BOOK:
            self._process.start()
        other.close()
        self._poll = select.poll()
        self._poll.register(self._connection, select.POLLIN)
        self._ready = False

    def send(self, message: object) -> None:
        """Hand something over; OSError when the process has ended."""
        self._connection.send_bytes(pickle.dumps(message))

    def receive(self) -> bytes:
        """What it sends, as soon as it does; EOFError or OSError when it has ended."""
        return self._connection.recv_bytes()

    def is_ready(self, seconds: float = 0) -> bool:
        """True as soon as it has started, which it tells by a message; False when it has not after so many seconds."""
        if not self._ready and self.wait(seconds):
            self._ready = bool(self.receive())
        return self._ready

    def fileno(self) -> int:
        """The handle that can be read when there is a reply."""
        return self._connection.fileno()

    def wait(self, seconds: float) -> bool:
        """True as soon as there is a reply, False after so many seconds without."""
        return bool(self._poll.poll(max(0, seconds) * 1000))

    def kill(self) -> None:
        """End it, whatever it does."""
        with _BOOK:
            self._process.kill()

    def join(self) -> None:
        """Wait until it has ended."""
        with _BOOK:
            self._process.join(5)

    def close(self) -> bool:
        """Give back the files that led to it, if it has ended; False as long as it has not."""
        with _BOOK:
            if self._process.exitcode is None:
                return False
            self._process.close()
        self._connection.close()
        return True


class Process(Child):
    """One worker: `begin` a task, `wait` for it, and take the `reply`."""

    def __init__(self, limits: Limits, snapshot: Path | None) -> None:
        super().__init__(_work, limits, snapshot)
        self._megabytes = limits.megabytes
        self._worked = _work_clock(self._process.pid or 0)
        self.tired = False

    def begin(self, task: Task) -> None:
        """Hand over a task, as soon as the process is ready; EOFError or OSError when it has ended or never is."""
        if not self.is_ready(_START_SECONDS):
            raise TimeoutError
        self.send(task)

    def attend(self, patience: Callable[[], float], seconds: float) -> bool:
        """True as soon as there is a reply; False when the task has worked for as long as `patience` says by then.

        Only time on a processor counts, so that no task is called long because the machine is busy; but False also
        after so many `seconds` by the clock, or when it mostly sleeps.
        """
        started, worked = time.monotonic(), self._worked()
        while True:
            passed, patient = time.monotonic() - started, patience()
            left = min(seconds - passed, _ASLEEP * patient - passed, patient - (self._worked() - worked))
            if self.wait(min(left, _LOOK_SECONDS)):
                return True
            if left <= 0:
                return False

    def reply(self) -> tuple[Any, int]:
        """What the task gave, and its length in bytes; raises what the task raised, or the reason why it ended."""
        try:
            message = self.receive()
        except (EOFError, OSError) as error:
            self.tired = True
            raise self._reason() from error
        outcome, self.tired = pickle.loads(message)  # noqa: S301 - written by our own process
        if isinstance(outcome, MemoryError):
            raise self._no_memory() from outcome
        if isinstance(outcome, Exception):
            raise outcome
        return outcome, len(message)

    def yield_to_others(self) -> None:
        """From now on it gets little of a processor that something else wants."""
        with suppress(OSError):
            os.setpriority(os.PRIO_PROCESS, self._process.pid or 0, _GIVING_WAY)

    def _reason(self) -> Exception:
        self.join()
        return QueryTooComplexError() if self._process.exitcode == -signal.SIGSEGV else self._no_memory()

    def _no_memory(self) -> TooMuchError:
        return TooMuchError(f"the query needs more than {self._megabytes} MB of memory; ask for less at once")


class Processes:
    """The workers that are there, and those that do nothing; the caller sees to it that they do not become too many."""

    def __init__(self, limits: Limits) -> None:
        _CONTEXT.set_forkserver_preload(_PREPARED)
        self._limits = limits
        self._changing = Lock()
        self._all: set[Process] = set()
        self._idle: deque[Process] = deque()
        self._killed: list[Process] = []
        self._snapshot: Path | None = None
        self._closed = False

    def begin(self, task: Task) -> Process:
        """A worker that has begun the task: the one that worked last if it does nothing, else a new one."""
        self._snapshot = task.job.snapshot
        for _ in range(len(self._all) + 1):
            process = self._free()
            try:
                process.begin(task)
                return process
            except (EOFError, OSError):
                self._end(process)
        raise BusyError(1)

    def begin_now(self, task: Task) -> Process | None:
        """The same if there is one that does nothing and is ready; None otherwise, at once."""
        try:
            process = self._idle.pop()
        except IndexError:
            return None
        try:
            if process.is_ready():
                process.begin(task)
                return process
        except (EOFError, OSError):
            self._end(process)
            return None
        self._idle.appendleft(process)
        return None

    def finish(self, process: Process) -> tuple[Any, int]:
        """The reply of a worker, which may then do another task unless it is tired."""
        try:
            return process.reply()
        finally:
            if process.tired:
                self.replace(process)
            else:
                self._idle.append(process)

    def replace(self, process: Process) -> None:
        """End a worker; another gets ready meanwhile."""
        self._end(process)
        with suppress(BusyError):
            self._idle.appendleft(self._start())

    def _end(self, process: Process) -> None:
        process.kill()
        with self._changing:
            self._all.discard(process)
            self._killed = [one for one in (*self._killed, process) if not one.close()]

    def fill(self, count: int, snapshot: Path) -> None:
        """Start workers until there are so many, with that snapshot open."""
        self._snapshot = snapshot
        while len(self._all) < count:
            self._idle.appendleft(self._start())

    def close(self) -> None:
        """End all workers, whatever they do; from now on there are none."""
        with self._changing:
            self._closed = True
            for process in self._all:
                process.kill()
            while self._all:
                self._all.pop().join()

    def _free(self) -> Process:
        try:
            return self._idle.pop()
        except IndexError:
            return self._start()

    def _start(self) -> Process:
        with self._changing:
            if self._closed:
                raise BusyError(1)
            process = Process(self._limits, self._snapshot)
            self._all.add(process)
            return process


def _work(connection: Connection, limits: Limits, snapshot: Path | None) -> None:
    """Run the tasks that come, until there are no more."""
    _confine(limits)
    with suppress(kg.KGError):  # the first task will say what is wrong
        if snapshot is not None:
            open_snapshot(snapshot)
    connection.send_bytes(b"ready")
    pages = _page_meter()
    resting = pages()
    while True:
        try:
            task: Task = pickle.loads(connection.recv_bytes())  # noqa: S301 - written by our own process
        except EOFError:
            return
        try:
            message = pickle.dumps((_outcome(task, limits.services), pages() - resting > _GROWN_PAGES))
        except MemoryError as error:
            message = pickle.dumps((error, True))
        del task
        connection.send_bytes(message)


def _outcome(task: Task, services: Collection[str]) -> object:
    try:
        return run(task, services)
    except Exception as error:
        if not isinstance(error, kg.KGError):
            error.add_note("".join(traceback.format_exception(error)))  # the traceback itself cannot be sent
        return error


def _confine(limits: Limits) -> None:
    """Limits of a worker: memory, no core file; no network where the system allows."""
    resource.setrlimit(resource.RLIMIT_DATA, (limits.megabytes << 20, limits.megabytes << 20))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if sys.platform == "linux" and not limits.services:
        ctypes.CDLL(None).unshare(_NEW_USER | _NEW_NETWORK)
    follow_server()


def follow_server() -> None:
    """Have this process end when told so, or with the server however that ends, but not by a key meant for that."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    Thread(target=_follow, daemon=True).start()


def _follow() -> None:
    server = parent_process()
    if server is not None:
        server.join()
    os._exit(1)


def _work_clock(process: int) -> Callable[[], float]:
    """Tells how many seconds a process has spent on processors; the time of day where the system does not tell."""
    clock = ctypes.c_int()
    if sys.platform != "linux" or ctypes.CDLL(None).clock_getcpuclockid(process, ctypes.byref(clock)):
        return time.monotonic
    return partial(_read_clock, clock.value)


def _read_clock(clock: int) -> float:
    try:
        return time.clock_gettime(clock)
    except OSError:  # the process has ended, which its connection tells
        return 0


def _page_meter() -> Callable[[], int]:
    """Tells how many pages of memory this process has in use, where the system does."""
    if sys.platform != "linux":
        return lambda: 0
    told = os.open("/proc/self/statm", os.O_RDONLY)
    return lambda: int(os.pread(told, 100, 0).split()[1])
