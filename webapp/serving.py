"""The web server: waitress, with limits of our own for readers that are slow on purpose.

Requests are answered by threads, but the thread that reads the requests sends a page or the answer to a query itself
where it is kept whole or comes from a worker soon: to wake another thread takes longer than most queries do.
"""

import ctypes
import gc
import signal
import sys
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from typing import Any

import waitress
from flask import Flask
from waitress.channel import ClientDisconnected, HTTPChannel
from waitress.parser import HTTPRequestParser
from waitress.server import BaseWSGIServer
from waitress.task import ThreadedTaskDispatcher, WSGITask
from waitress.utilities import build_http_date

import kg
from webapp.shortcuts import Promise, Reply, Shortcut
from webapp.sparql import FAILED
from webapp.workers import Workers, gone

ANSWER_SECONDS = 600
"""An answer has been taken whole after so long; 64 MB at 1 Mbit/s take 540 s."""
MOST_CONNECTIONS = 400
"""Each takes one file handle, two more while a long answer waits on the disk; the usual 1024 are not exceeded."""
AT_ONCE_BYTES = 1 << 20
"""A longer answer is left to a thread, so that no other reader waits meanwhile."""
_NEW_OBJECTS = 10_000
"""A page leaves behind a few thousand objects; it is not worth looking for circles among fewer."""
LOOK_SECONDS = 0.1
"""So often, at the least, is looked whether a query takes long, or a client."""
_MALLOC = ((-8, 2), (-3, 1 << 18), (-1, 1 << 20))
"""M_ARENA_MAX, M_MMAP_THRESHOLD and M_TRIM_THRESHOLD of glibc: two heaps, and what is longer than 256 KB in none."""


class AddressError(kg.KGError):
    """The server cannot listen where it was told to."""

    def __init__(self, host: str, port: int, problem: Exception) -> None:
        said = getattr(problem, "strerror", None) or "no such address on this machine"
        super().__init__(f"cannot listen at {host}:{port} ({said}); choose another --host or --port")


class Request(HTTPRequestParser):  # type: ignore[misc]
    """A request, and the error that its query has led to already, if any."""

    failed: kg.KGError | None = None


class Task(WSGITask):  # type: ignore[misc]
    """A request on its way through the site, which is told what its query has led to already."""

    def get_environment(self) -> dict[str, Any]:
        """The environment of the request."""
        environ: dict[str, Any] = super().get_environment()
        return environ | {FAILED: self.request.failed} if self.request.failed else environ


class Channel(HTTPChannel):  # type: ignore[misc]
    """A connection that is closed when a request or an answer takes too long, even if it moves a little."""

    parser_class = Request
    task_class = Task

    def __init__(self, *arguments: Any, request_seconds: float, shortcut: Shortcut, **named: Any) -> None:
        self.request_seconds = request_seconds
        self.shortcut = shortcut
        self.began = self.answered = time.monotonic()
        super().__init__(*arguments, **named)

    def received(self, data: bytes) -> bool:
        """Take in a part of a request."""
        if self.request is None:
            self.began = time.monotonic()
        return bool(super().received(data))

    def answer_at_once(self) -> bool:
        """Send the answer to the request that has just come if it is kept, or begin its query; False if neither."""
        if self.total_outbufs_len or len(self.requests) > 1 or not self._is_plain():
            return False
        request = self.requests[0]
        try:
            found = self.shortcut.kept(request.path, request.query, request.headers)
            promise = None if found else self.shortcut.begin(request.path, request.query, request.headers)
        except kg.KGError:
            return False  # the site will say what is wrong
        if promise:
            self._map[promise.errand.fileno()] = Waiting(self, promise, self._map)
            return True
        if not found or len(found.body) > AT_ONCE_BYTES:
            return False
        self.requests.clear()
        self._send(request, found)
        return True

    def service(self) -> None:
        """Answer a request."""
        gone.set(self.check_client_disconnected)
        if self.requests[0].failed or not (self._is_plain() and self._serve_plainly()):
            super().service()
        self.answered = time.monotonic()

    def take(self, promise: Promise) -> None:
        """Answer the request with what was promised."""
        if not self._deliver(promise.find):
            self.server.task_dispatcher.hand_over(self)

    def _serve_plainly(self) -> bool:
        """Answer a request for a query or a page that is kept without the ways of WSGI; False if they are needed."""
        request = self.requests[0]
        return self._deliver(partial(self.shortcut.find, request.path, request.query, request.headers))

    def _deliver(self, find: Callable[[], Reply | None]) -> bool:
        try:
            found = find()
            if found is None:
                return False
            self._send(self.requests[0], found)
        except kg.KGError as error:
            self.requests[0].failed = error
            return False
        except ClientDisconnected:
            pass
        with self.requests_lock:
            self.requests.pop(0)
            if self.connected and self.requests:
                self.server.add_task(self)
        if self.total_outbufs_len:
            self.server.pull_trigger()
        return True

    def _is_plain(self) -> bool:
        """True if the next request is a GET on a connection that stays."""
        request = self.requests[0]
        stays = request.headers.get("CONNECTION", "keep-alive").lower() == "keep-alive"
        return bool(request.version == "1.1" and request.command == "GET" and stays and not request.error)

    def _send(self, request: HTTPRequestParser, found: Reply) -> None:
        now = time.time()
        head = "".join(f"{name}: {value}\r\n" for name, value in (*found.headers, ("Date", build_http_date(now))))
        request.close()
        self.write_soon(f"HTTP/1.1 {found.status}\r\n{head}".encode("latin-1") + b"\r\n" + found.body)
        self.current_outbuf_count = (
            self.adj.outbuf_high_watermark
        )  # as waitress does: the next answer gets a new buffer
        self.answered, self.last_activity = time.monotonic(), now

    def readable(self) -> bool:
        """Asked by the server each time it waits for something to happen: the moment to look at the clock."""
        now = time.monotonic()
        sends = self.request is not None and now - self.began > self.request_seconds
        takes = self.total_outbufs_len and not self.requests and now - self.answered > ANSWER_SECONDS
        if sends or takes:
            self.will_close = True
        return bool(super().readable())


class Waiting:
    """Stands among the connections of the server for a request whose query runs in a worker."""

    def __init__(self, channel: Channel, promise: Promise, sockets: dict[int, Any]) -> None:
        self._channel = channel
        self._promise = promise
        self._sockets = sockets
        self._handle = promise.errand.fileno()

    def readable(self) -> bool:
        """Asked each time the server waits: the moment to leave a query that takes long to a thread.

        It is a new thread: those that there are may all wait for the place that the query holds.
        """
        if self._promise.errand.is_long:
            self.close()
            threading.Thread(target=self._wait, daemon=True).start()
            return False
        return True

    def writable(self) -> bool:
        """Nothing is written to a worker that works."""
        return False

    def handle_read_event(self) -> None:
        """The worker has answered, or has ended."""
        if self._sockets.get(self._handle) is self:
            self.close()
            self._channel.take(self._promise)

    handle_expt_event = handle_close = handle_read_event

    def close(self) -> None:
        """Stand there no longer."""
        del self._sockets[self._handle]

    def _wait(self) -> None:
        gone.set(self._channel.check_client_disconnected)
        self._channel.take(self._promise)


class Dispatcher(ThreadedTaskDispatcher):  # type: ignore[misc]
    """Hands requests to threads, unless they can be answered at once."""

    def __init__(self, threads: int) -> None:
        super().__init__()
        self._reader = threading.current_thread()
        self.set_thread_count(threads)

    def add_task(self, task: Channel) -> None:
        """Take on the first request of a connection."""
        if threading.current_thread() is not self._reader or not task.answer_at_once():
            self.hand_over(task)

    def hand_over(self, task: Channel) -> None:
        """Have one of the threads serve it."""
        super().add_task(task)


def return_memory() -> None:
    """See to it that the memory of long answers goes back to the system when they are gone (glibc only).

    Else each thread has a heap of its own, which keeps whatever size it once had.
    """
    with suppress(AttributeError, OSError):
        adjust = ctypes.CDLL(None).mallopt
        for what, value in _MALLOC:
            adjust(what, value)


def run(app: Flask, host: str, port: int) -> None:
    """Serve until told to stop (SIGINT, SIGTERM), then leave no process behind; AddressError when it cannot listen."""
    workers: Workers = app.extensions["workers"]

    def stop(*_: object) -> None:
        # so that no thread waits for an answer any more; not here, where this thread may hold what it takes
        threading.Thread(target=workers.close).start()
        sys.exit()

    return_memory()
    gc.freeze()  # what is here now stays: not to be looked through again and again
    gc.set_threshold(_NEW_OBJECTS)
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, stop)
    try:
        try:
            server = _server(app, workers, host, port)
        except (OSError, ValueError) as error:
            raise AddressError(host, port, error) from error
        server.run()
    finally:
        workers.close()


def _server(app: Flask, workers: Workers, host: str, port: int) -> Any:
    sockets: dict[int, object] = {}
    server = waitress.create_server(
        app,
        map=sockets,
        _dispatcher=Dispatcher(workers.threads),
        host=host,
        port=port,
        ident="",
        clear_untrusted_proxy_headers=True,
        channel_request_lookahead=1,  # so that it is heard when a client hangs up before it has its answer
        connection_limit=MOST_CONNECTIONS,
        backlog=1024,  # the others wait in the system, unheard
        asyncore_use_poll=True,  # select() cannot look at more than 1024 handles
        channel_timeout=60,  # a connection that is silent so long is closed; twice the deadline of a query
        cleanup_interval=5,
        max_request_body_size=16 << 20,  # refused by the headers alone; a shorter one that is too long is told so by us
        outbuf_high_watermark=workers.limits.answer_megabytes + 1 << 20,  # no thread waits for a slow reader
    )
    server.adj.asyncore_loop_timeout = LOOK_SECONDS  # given as an argument, it would be rounded to 0
    for one in list(sockets.values()):
        if isinstance(one, BaseWSGIServer):
            one.channel_class = partial(
                Channel, request_seconds=workers.limits.request_seconds, shortcut=app.extensions["shortcut"]
            )
    return server
