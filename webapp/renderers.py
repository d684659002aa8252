"""Pages made by processes beside the server: on all processors, and without keeping other requests waiting."""

import io
import pickle
import sys
from collections.abc import Callable, Iterable
from contextlib import suppress
from multiprocessing.connection import Connection
from queue import LifoQueue
from typing import Any

from webapp.processes import Child, follow_server
from webapp.shortcuts import WSGI

Made = tuple[str, list[tuple[str, str]], bytes, dict[str, str]]
"""Status, headers and body of an answer, and what the site has noted in the environment of the request."""


class Renderers:
    """A site (WSGI) whose requests are answered by other processes that have it too, each one request at a time.

    `make_site` gives them the site; `site` is the same in this process, for when none of them is ready. Requests have
    no body.
    """

    def __init__(self, count: int, make_site: Callable[[], WSGI], site: WSGI) -> None:
        self._make_site = make_site
        self._site = site
        self._count = count
        self._free: LifoQueue[Renderer] = LifoQueue()
        for _ in range(count):
            self._free.put(Renderer(make_site))

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        """Answer a request."""
        if not self._count:
            return self._site(environ, start_response)
        renderer = self._free.get()
        try:
            made = renderer.make(environ) if renderer.is_ready() else None
        except (EOFError, OSError):
            renderer.end()
            renderer, made = Renderer(self._make_site), None
        finally:
            self._free.put(renderer)
        if made is None:
            return self._site(environ, start_response)
        status, headers, body, noted = made
        environ.update(noted)
        start_response(status, headers)
        return (body,)

    def close(self) -> None:
        """End the processes, each when it has answered."""
        for _ in range(self._count):
            self._free.get().end()
        self._count = 0


class Renderer(Child):
    """A process that answers requests to the site, one after the other."""

    def __init__(self, make_site: Callable[[], WSGI]) -> None:
        super().__init__(_answer, make_site)

    def make(self, environ: dict[str, Any]) -> Made:
        """The answer to a request; EOFError or OSError when the process has ended."""
        self.send({name: value for name, value in environ.items() if isinstance(value, str)})
        made: Made = pickle.loads(self.receive())  # noqa: S301 - written by our own process
        return made

    def end(self) -> None:
        """End it, whatever it does."""
        self.kill()
        self.join()
        self.close()


def _answer(connection: Connection, make_site: Callable[[], WSGI]) -> None:
    """Answer the requests that come, until there are no more."""
    follow_server()
    site = make_site()
    connection.send_bytes(b"ready")
    with suppress(EOFError):
        while True:
            asked = pickle.loads(connection.recv_bytes())  # noqa: S301 - written by our own process
            connection.send_bytes(pickle.dumps(_made(site, asked)))


def _made(site: WSGI, asked: dict[str, str]) -> Made:
    begun: list[tuple[str, list[tuple[str, str]]]] = []
    environ: dict[str, Any] = {**asked, "wsgi.input": io.BytesIO(), "wsgi.errors": sys.stderr}
    body = site(environ, lambda status, headers, *_: begun.append((status, headers)))
    content = b"".join(body)
    return (
        *begun[-1],
        content,
        {name: environ[name] for name in environ.keys() - asked.keys() if name.startswith("kg.")},
    )
