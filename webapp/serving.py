"""The web server: waitress, with limits of our own for readers that are slow on purpose."""

import signal
import sys
import time
from functools import partial
from typing import Any

import waitress  # type: ignore[import-untyped]
from flask import Flask
from waitress.channel import HTTPChannel  # type: ignore[import-untyped]
from waitress.server import BaseWSGIServer  # type: ignore[import-untyped]

from webapp.workers import Workers

ANSWER_SECONDS = 600
"""An answer has been taken whole after so long; 64 MB at 1 Mbit/s take 540 s."""
MOST_CONNECTIONS = 400
"""Each takes one file handle, two more while a long answer waits on the disk; the usual 1024 are not exceeded."""


class Channel(HTTPChannel):  # type: ignore[misc]
    """A connection that is closed when a request or an answer takes too long, even if it moves a little."""

    def __init__(self, *arguments: Any, request_seconds: float, **named: Any) -> None:
        self.request_seconds = request_seconds
        self.began = self.answered = time.monotonic()
        super().__init__(*arguments, **named)

    def received(self, data: bytes) -> bool:
        """Take in a part of a request."""
        if self.request is None:
            self.began = time.monotonic()
        return bool(super().received(data))

    def service(self) -> None:
        """Answer a request."""
        super().service()
        self.answered = time.monotonic()

    def readable(self) -> bool:
        """Asked by the server each time it waits for something to happen: the moment to look at the clock."""
        now = time.monotonic()
        sends = self.request is not None and now - self.began > self.request_seconds
        takes = self.total_outbufs_len and not self.requests and now - self.answered > ANSWER_SECONDS
        if sends or takes:
            self.will_close = True
        return bool(super().readable())


def run(app: Flask, host: str, port: int) -> None:
    """Serve until told to stop (SIGINT, SIGTERM), then leave no process behind."""
    workers: Workers = app.extensions["workers"]

    def stop(*_: object) -> None:
        workers.close()  # first, so that no thread waits for an answer any more
        sys.exit()

    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, stop)
    try:
        _server(app, workers, host, port).run()
    finally:
        workers.close()


def _server(app: Flask, workers: Workers, host: str, port: int) -> Any:
    sockets: dict[int, object] = {}
    server = waitress.create_server(
        app,
        map=sockets,
        host=host,
        port=port,
        ident="",
        clear_untrusted_proxy_headers=True,
        threads=workers.threads,
        connection_limit=MOST_CONNECTIONS,
        backlog=1024,  # the others wait in the system, unheard
        asyncore_use_poll=True,  # select() cannot look at more than 1024 handles
        channel_timeout=60,  # a connection that is silent so long is closed; twice the deadline of a query
        cleanup_interval=5,
        max_request_body_size=16 << 20,  # refused by the headers alone; a shorter one that is too long is told so by us
        outbuf_high_watermark=workers.limits.answer_megabytes + 1 << 20,  # no thread waits for a slow reader
    )
    for one in list(sockets.values()):
        if isinstance(one, BaseWSGIServer):
            one.channel_class = partial(Channel, request_seconds=workers.limits.request_seconds)
    return server
