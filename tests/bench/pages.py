"""Pages of things, asked for once and again: ours, and those of two other systems over the same statements."""

import http.client
import shutil
import sqlite3
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from string import Template
from urllib.parse import quote

import pyoxigraph as ox
from bench.datasets import PLACE, Dataset
from bench.lookups import Lookups
from bench.servers import HERE, KGServe, Server

import kg

THINGS = 200
HTML = "text/html"


class Pages(Server):
    """A server that has a page for each thing."""

    def page(self, iri: str) -> str:
        """The path and query string of the page of a thing."""
        raise NotImplementedError

    def things(self, fresh: bool = True) -> Lookups:
        """What asks for the pages of many things, each time with a parameter that makes it new, or as they are."""
        asked = tuple(self.page(iri) for iri in things(self.dataset))
        return Lookups(self.port, asked, fresh=fresh, accept=HTML, mark="&_fresh=")

    def _answers(self) -> bool:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        try:
            connection.request("GET", self.page(things(self.dataset)[0]), headers={"Accept": HTML})
            return connection.getresponse().status == 200
        except (OSError, http.client.HTTPException):
            return False
        finally:
            connection.close()


class KGPages(Pages, KGServe):
    """Ours."""

    def page(self, iri: str) -> str:
        return f"/page/{quote(iri.removeprefix(kg.BASE + 'id/'))}?"


class Trifid(Pages):
    """Trifid over the merge of all graphs, which it holds in the same engine, compiled to WebAssembly."""

    name = "Trifid"
    folder = PLACE / "trifid"
    node = shutil.which("node")

    def command(self) -> Sequence[object]:
        settings = Template((HERE / "trifid" / "config.yaml").read_text(encoding="utf-8"))
        file = self.folder / "config.yaml"
        file.write_text(settings.substitute(port=self.port, base=kg.BASE, file=self.dataset.merge), encoding="utf-8")
        return [self.node, self.folder / "node_modules" / "trifid" / "server.js", "-c", file]

    def page(self, iri: str) -> str:
        return f"/{quote(iri.removeprefix(kg.BASE))}?"


class Datasette(Pages):
    """Datasette over the same statements as one table of SQLite, indexed by what they are about."""

    name = "Datasette"
    program = PLACE / "datasette" / "bin" / "datasette"

    def command(self) -> Sequence[object]:
        file = self.dataset.folder / "graph.db"
        write_table(self.dataset.merge, file)
        return [self.program, "serve", "--immutable", file, "--host", "127.0.0.1", "--port", self.port]

    def page(self, iri: str) -> str:
        return f"/graph/statements?subject={quote(iri, safe='')}"


def installed(dataset: Dataset) -> list[Pages]:
    """Our server, and the others as far as they are installed."""
    others: list[type[Pages]] = []
    if Trifid.node and (Trifid.folder / "node_modules" / "trifid").is_dir():
        others.append(Trifid)
    if Datasette.program.exists():
        others.append(Datasette)
    return [KGPages(dataset), *(other(dataset) for other in others)]


def things(dataset: Dataset) -> list[str]:
    """The things whose pages are asked for, of all kinds."""
    snapshot = kg.open_snapshot(dataset.home)
    rows = kg.query(snapshot, (HERE / "things.rq").read_text(encoding="utf-8")).rows
    found = [row["thing"].value for row in rows]
    return [iri for iri in found if iri.startswith(kg.BASE + "id/")][:THINGS]


def write_table(statements: Path, file: Path) -> None:
    """Statements in N-Triples as a table of their three terms."""
    file.unlink(missing_ok=True)
    connection = sqlite3.connect(file)
    connection.execute("CREATE TABLE statements (subject TEXT, predicate TEXT, object TEXT)")
    rows = ((t.subject.value, t.predicate.value, getattr(t.object, "value", "")) for t in ox.parse(path=statements))
    connection.executemany("INSERT INTO statements VALUES (?, ?, ?)", rows)
    connection.execute("CREATE INDEX about ON statements (subject)")
    connection.commit()
    connection.close()


if __name__ == "__main__":
    from bench.measuring import paced

    one = Dataset(Path(sys.argv[1]))
    for server in installed(one):
        server.start()
        for clients, fresh in ((1, True), (4, True), (4, False)):
            paced(server.things(fresh), clients, 1)
            how = "first time" if fresh else "repeated"
            sys.stdout.write(f"{server.name}, {how}, {clients} at once: {paced(server.things(fresh), clients, 4)}\n")
        server.close()
        time.sleep(1)
