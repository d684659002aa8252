"""A long trial, `cd tests && ../.venv/bin/python -m bench.soak --minutes 60`: abuse, and what a server holds under it.

Endless and greedy queries, nonsense, long bodies, big answers, clients that hang up, and small queries and pages
between them, from eight clients at once, all different. One line each half minute: megabytes of the server alone and of
it with its workers (what they share counted once), processes, zombies, open files, and the statuses since the line
before.
"""

import argparse
import http.client
import os
import random
import socket
import sys
import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from urllib.parse import quote

import psutil
from bench import datasets
from bench.datasets import Dataset
from bench.servers import KGServe

import kg

CLIENTS = 8
LINE_SECONDS = 30
LIMITS = {"KG_QUERY_SECONDS": "2", "KG_QUERY_WAIT_SECONDS": "1"}
DIRECT = "application/sparql-query"
ENDLESS = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"
GREEDY = "SELECT * { ?a ?b ?c . ?d ?e ?f } ORDER BY ?c ?f"


class Abuser:
    """Sends one request after the other, each of a kind and with a number of its own."""

    def __init__(self, port: int, seed: int) -> None:
        self.port = port
        self._random = random.Random(seed)  # noqa: S311 - to repeat, not to hide
        self._kinds: list[Callable[[int], str]] = [
            lambda n: self._ask(f"{ENDLESS} # {n}", "&timeout=0.2"),
            lambda n: self._ask(f"{GREEDY} LIMIT {10**9 + n}", "&timeout=1"),
            lambda n: self._ask(f"SELECT * {{ ?s ?p ?o }} LIMIT {5000 + n % 40_000}"),
            lambda n: self._ask(f"SELECT {n} {{"),
            lambda n: self._send("POST", "/sparql", f"ASK {{}} # {n}".encode() + b"x" * 900_000),
            lambda n: self._send("POST", "/sparql", b"SELECT * " + b"{" * (900 + n % 200)),
            lambda n: self._hang_up(f"{ENDLESS} # {n}"),
            lambda n: self._send("GET", f"/page/city/tunis?x={n}"),
            *[lambda n: self._ask(f"SELECT ?p ?o {{ city:tunis ?p ?o }} # {n}")] * 4,
        ]

    def run(self, until: float) -> Counter[str]:
        """Abuse until then; the statuses."""
        found = Counter[str]()
        while time.monotonic() < until:
            found[self._random.choice(self._kinds)(self._random.randrange(10**9))] += 1
        return found

    def _ask(self, query: str, more: str = "") -> str:
        return self._send("GET", f"/sparql?query={quote(query)}{more}")

    def _send(self, method: str, address: str, body: bytes | None = None) -> str:
        with closing(http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)) as connection:
            try:
                connection.request(method, address, body, {"Content-Type": DIRECT} if body else {})
                answer = connection.getresponse()
                answer.read()
            except OSError as error:
                return type(error).__name__
        return str(answer.status)

    def _hang_up(self, query: str) -> str:
        with socket.create_connection(("127.0.0.1", self.port), timeout=60) as client:
            client.sendall(f"GET /sparql?query={quote(query)} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode())
        return "hung up"


def line(server: psutil.Process, seconds: float, statuses: Counter[str]) -> str:
    """What the server and its workers hold now."""
    below = server.children(recursive=True)
    zombies = sum(_state(process) == psutil.STATUS_ZOMBIE for process in below)
    held = sum(_held(process) for process in (server, *below))
    told = ", ".join(f"{status}: {count}" for status, count in sorted(statuses.items()))
    return (
        f"{seconds / 60:6.1f} min  server {server.memory_info().rss >> 20:4} MB  all {held >> 20:5} MB  "
        f"{1 + len(below):3} processes  {zombies} zombies  {server.num_fds():4} files  {told}"
    )


def _held(process: psutil.Process) -> int:
    try:
        return int(process.memory_full_info().pss)
    except psutil.Error:
        return 0


def _state(process: psutil.Process) -> str:
    try:
        return process.status()
    except psutil.Error:  # it has ended meanwhile
        return ""


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench.soak", description=__doc__)
    parser.add_argument("--minutes", type=float, default=10)
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    dataset = Dataset(datasets.PLACE / "soak")
    kg.build(home=dataset.home)
    os.environ |= LIMITS
    server = KGServe(dataset)
    server.start()
    process = psutil.Process(server.pid)
    started = time.monotonic()
    end = started + arguments.minutes * 60
    abusers = [Abuser(server.port, arguments.seed + number) for number in range(CLIENTS)]
    try:
        sys.stdout.write(line(process, 0, Counter()) + "\n")
        while (now := time.monotonic()) < end:
            with ThreadPoolExecutor(CLIENTS) as pool:
                until = min(end, now + LINE_SECONDS)
                statuses = sum(pool.map(Abuser.run, abusers, [until] * CLIENTS), Counter[str]())
            sys.stdout.write(line(process, time.monotonic() - started, statuses) + "\n")
            sys.stdout.flush()
        time.sleep(5)
        sys.stdout.write(line(process, time.monotonic() - started, Counter()) + "\n")
    finally:
        server.close()


if __name__ == "__main__":
    main()
