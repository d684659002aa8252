"""Small questions from several clients at once: how many a server answers per second."""

import socket
import time
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count

ACCEPT = "application/sparql-results+json"


@dataclass(frozen=True)
class Lookups:
    """The paths to ask of a port, in turn; `fresh` ones carry a `mark` with what no request before had."""

    port: int
    paths: tuple[str, ...]
    fresh: bool = False
    accept: str = ACCEPT
    mark: str = "%0A%23"

    def run(self, number: int, clients: int, start: float, seconds: float) -> list[float]:
        """Ask from the time `start` on for so long; the seconds that each whole answer took that came in time.

        A client of the standard library would need more of the machine than the servers do; this one sends bytes that
        were made before and reads no more of the answer than its length.
        """
        requests = self._requests(number, clients)
        with socket.create_connection(("127.0.0.1", self.port), timeout=30) as connection:
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            time.sleep(max(0.0, start - time.time()))
            answered, before = list[float](), time.perf_counter()
            end = before + seconds
            while True:
                connection.sendall(next(requests))
                receive(connection)
                now = time.perf_counter()
                if now > end:
                    return answered
                answered.append(now - before)
                before = now

    def _requests(self, number: int, clients: int) -> Iterator[bytes]:
        head = f" HTTP/1.1\r\nHost: 127.0.0.1:{self.port}\r\nAccept: {self.accept}\r\n\r\n"
        ready = [f"GET {path}" for path in self.paths]
        for turn in count(number * len(ready) // clients):
            unlike = f"{self.mark}{number}x{time.monotonic_ns()}" if self.fresh else ""
            request, more, rest = ready[turn % len(ready)].partition("&")
            yield f"{request}{unlike}{more}{rest}{head}".encode()


def receive(connection: socket.socket) -> None:
    """Take one answer of HTTP 1.1; ConnectionError unless it is a 200."""
    data = bytearray(_more(connection))
    while (end := data.find(b"\r\n\r\n")) < 0:
        data += _more(connection)
    head = bytes(data[:end]).lower()
    if not head.startswith(b"http/1.1 200"):
        raise ConnectionError(head[:80].decode(errors="replace"))
    _, told, length = head.partition(b"content-length:")
    if told:
        whole = end + 4 + int(length.split()[0])
        while len(data) < whole:
            data += _more(connection)
    while not (told or data.endswith(b"0\r\n\r\n")):
        data += _more(connection)


def _more(connection: socket.socket) -> bytes:
    data = connection.recv(1 << 20)
    if not data:
        raise ConnectionError("the server closed the connection")
    return data
