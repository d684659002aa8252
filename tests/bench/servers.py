"""The engines that answer over HTTP on this machine: started here, on ports of their own, and stopped at the end."""

import http.client
import json
import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Sequence
from contextlib import closing
from itertools import count
from pathlib import Path
from string import Template
from urllib.parse import urlencode

from bench.answers import rows_of_json
from bench.datasets import Dataset
from bench.engines import Asked, FailedError, TooSlowError, held_bytes, used_seconds
from bench.lookups import receive

HERE = Path(__file__).parent
JSON = "application/sparql-results+json"
START_SECONDS = 300
MERGE = "urn:merge"
"""Where Virtuoso holds the merge of all graphs: its own default graph repeats what two graphs say."""


class Server:
    """A process that answers at /sparql of a port of this machine."""

    name = ""
    parameters: tuple[tuple[str, str], ...] = ()

    def __init__(self, dataset: Dataset) -> None:
        self.dataset = dataset
        self.port = free_port()
        self._process: subprocess.Popen[bytes] | None = None

    def command(self) -> Sequence[object]:
        raise NotImplementedError

    def start(self) -> float:
        """Start it, wait until it answers, and return the seconds that took."""
        started = time.perf_counter()
        with (self.dataset.folder / f"{type(self).__name__}.log").open("wb") as log:
            command = list(map(str, self.command()))
            self._process = subprocess.Popen(command, stdout=log, stderr=log, cwd=self.dataset.folder)
        while not self._answers():
            if self._process.poll() is not None or time.perf_counter() - started > START_SECONDS:
                raise FailedError(f"{self.name} does not start; see {log.name}")
            time.sleep(0.05)
        self.load()
        return time.perf_counter() - started

    def load(self) -> None:
        """What is to be done once it answers."""

    @property
    def pid(self) -> int:
        """The process that was started; 0 before."""
        return self._process.pid if self._process else 0

    def memory(self) -> int:
        return held_bytes(self.pid) if self.pid else 0

    def work_seconds(self) -> float:
        """The processor time it has used so far."""
        return used_seconds(self.pid) if self.pid else 0

    def close(self) -> None:
        if self._process is None:
            return
        self._process.terminate()
        try:
            self._process.wait(20)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()

    def path(self, text: str) -> str:
        """The path and query string that ask for the answer to a query."""
        return "/sparql?" + urlencode([("query", text), *self.parameters])

    def _answers(self) -> bool:
        try:
            with closing(Client(self)) as client:
                client.ask("ASK { ?s ?p ?o }", 5, wanted=True)
        except (OSError, FailedError, TooSlowError, http.client.HTTPException):
            return False
        return True


class Client:
    """Asks a server over a connection that stays open; with `fresh`, no query is ever the same text twice.

    Answers whose rows are wanted are read by the standard library; those that are only timed, as bytes: to read them
    takes the library longer than the servers need for many of them.
    """

    def __init__(self, server: Server, name: str = "", fresh: bool = False) -> None:
        self.server = server
        self.name = name or server.name
        self.fresh = fresh
        self._number = count()
        self._reading: http.client.HTTPConnection | None = None
        self._timing: socket.socket | None = None

    def memory(self) -> int:
        return self.server.memory()

    def close(self) -> None:
        for connection in (self._reading, self._timing):
            if connection:
                connection.close()
        self._reading = self._timing = None

    def ask(self, text: str, limit_seconds: float, wanted: bool = False) -> Asked:
        if self.fresh:
            text += f"\n# {time.time_ns()} {next(self._number)}"
        path, ask = self.server.path(text), self._read if wanted else self._time
        for last in (False, True):
            try:
                return ask(path, limit_seconds)
            except TimeoutError as error:
                self.close()
                raise TooSlowError(f"more than {limit_seconds:g} s") from error
            except ConnectionError as error:  # the server may have closed the idle connection
                self.close()
                if last:
                    raise FailedError(str(error)) from error
        raise AssertionError

    def _read(self, path: str, limit_seconds: float) -> Asked:
        if self._reading is None:
            self._reading = http.client.HTTPConnection("127.0.0.1", self.server.port, timeout=limit_seconds)
        started = time.perf_counter()
        self._reading.request("GET", path, headers={"Accept": JSON})
        response = self._reading.getresponse()
        body = response.read()
        seconds = time.perf_counter() - started
        if response.status == 504:
            raise TooSlowError(f"more than {limit_seconds:g} s")
        if response.status != 200:
            raise FailedError(f"HTTP {response.status}: {body[:200].decode(errors='replace')}")
        return Asked(seconds, rows_of_json(json.loads(body)))

    def _time(self, path: str, limit_seconds: float) -> Asked:
        if self._timing is None:
            self._timing = socket.create_connection(("127.0.0.1", self.server.port), limit_seconds)
            self._timing.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        request = f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{self.server.port}\r\nAccept: {JSON}\r\n\r\n".encode()
        started = time.perf_counter()
        self._timing.sendall(request)
        receive(self._timing)
        return Asked(time.perf_counter() - started)


class KGServe(Server):
    name = "kg serve"

    def command(self) -> Sequence[object]:
        serve = [sys.executable, "-m", "kg.cli", "serve", "--port", self.port, "--home", self.dataset.home]
        return ["env", "KG_PREPARE=0", *serve]  # nothing but the answers is measured


class RdflibEndpoint(Server):
    name = "rdflib-endpoint"

    def command(self) -> Sequence[object]:
        return [
            "env",
            f"PYTHONPATH={HERE.parent}",
            sys.executable,
            "-m",
            "bench.endpoint",
            self.dataset.both,
            self.port,
        ]


class Virtuoso(Server):
    """Virtuoso 7 with a database of its own, the memory its manual advises for 4 GB, and no limit on rows."""

    name = "Virtuoso"
    parameters = (("default-graph-uri", MERGE),)
    program = shutil.which("virtuoso-t")
    console = shutil.which("isql-vt")

    def __init__(self, dataset: Dataset) -> None:
        super().__init__(dataset)
        self.console_port = free_port()
        self.folder = dataset.folder / "virtuoso"

    def command(self) -> Sequence[object]:
        shutil.rmtree(self.folder, ignore_errors=True)
        self.folder.mkdir(parents=True)
        settings = Template((HERE / "virtuoso.ini").read_text(encoding="utf-8"))
        ports = {"port": self.port, "console_port": self.console_port}
        text = settings.substitute(ports, folder=self.folder, data=self.dataset.folder, cores=os.cpu_count())
        (self.folder / "virtuoso.ini").write_text(text, encoding="utf-8")
        return [self.program, "+foreground", "+configfile", self.folder / "virtuoso.ini"]

    def load(self) -> None:
        """The named graphs and their merge, with its bulk loader."""
        place = self.dataset.folder
        steps = [
            f"ld_dir('{place}', '{self.dataset.named.name}', 'urn:unused')",
            f"ld_dir('{place}', '{self.dataset.merge.name}', '{MERGE}')",
            "rdf_loader_run()",
            "checkpoint",
        ]
        command = [self.console, f"{self.console_port}", "dba", "dba", "exec=" + "; ".join(steps)]
        done = subprocess.run(list(map(str, command)), capture_output=True, text=True, timeout=1800)
        if done.returncode or "Error" in done.stderr:
            raise FailedError(f"Virtuoso does not load: {done.stderr or done.stdout}")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
