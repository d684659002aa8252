"""A remote engine, played by a store on this machine that takes updates."""

import json
import re
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs

import pyoxigraph as ox

UPDATE = "application/sparql-update"
BLANK_DATA = re.compile(r"INSERT DATA(.|\n)*^\S+ \S+ _:|INSERT DATA(.|\n)*^_:", re.MULTILINE)
"""What Virtuoso refuses, and so does this engine."""


class Engine(ThreadingHTTPServer):
    """An engine over HTTP; `loses` names a graph whose statements it throws away, `cut` what it gives of some rows."""

    loses = ""
    cut: Callable[[str, list[Any]], list[Any]] = staticmethod(lambda query, rows: rows)

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.store = ox.Store()
        self.url = f"http://127.0.0.1:{self.server_port}/"

    def quads(self) -> set[ox.Quad]:
        return {quad for quad in self.store if not isinstance(quad.graph_name, ox.DefaultGraph)}


class Handler(BaseHTTPRequestHandler):
    """Updates by their media type, queries by a form."""

    server: Engine

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        if self.headers["Content-Type"].startswith(UPDATE):
            if BLANK_DATA.search(body):
                return self.answer("text/plain", b"a blank node is not allowed in a constant clause", 400)
            if not (self.server.loses and self.server.loses in body):
                self.server.store.update(body)
            return self.answer("text/plain", b"")
        query = parse_qs(body)["query"][0]
        result: Any = self.server.store.query(query)
        told = json.loads(result.serialize(format=ox.QueryResultsFormat.JSON))
        told["results"]["bindings"] = self.server.cut(query, told["results"]["bindings"])
        return self.answer("application/sparql-results+json", json.dumps(told).encode())

    def answer(self, media: str, body: bytes, status: int = 200) -> None:
        self.send_response(status)
        self.send_header("Content-Type", media)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Keep the output of the tests clean."""
