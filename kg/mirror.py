"""A mirror: what a remote SPARQL engine holds, as a snapshot on this machine.

Engines cut long answers without a word (Virtuoso after 10,000 rows), so everything is counted there first. Statements
come in pages without an order, which engines may refuse or take long for: as many different ones as were counted are
all of them. Those with blank nodes come in one answer, because the names of blank nodes mean nothing beyond it.
"""

import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

import pyoxigraph as ox

from kg.errors import RemoteError
from kg.loading import Progress, silent
from kg.remote import Endpoint
from kg.snapshot import Snapshot, home_folder, keep
from kg.store import Row, Store

PAGE = 10_000
"""Most rows asked for at once; an engine may give fewer."""
NAMED = "GRAPH ?g { ?s ?p ?o }"
APART = "?s ?p ?o FILTER NOT EXISTS { GRAPH ?any { ?s ?p ?o } }"
"""What only the default graph holds; nothing where that is the merge of the named ones."""
BLANK = "isBLANK(?s) || isBLANK(?o)"


@dataclass(frozen=True)
class Part:
    """What one graph of the mirror is to hold: its IRI, the pattern that finds it there, its number of statements."""

    graph: str
    pattern: str
    number: int


def mirror(endpoint: Endpoint, home: Path | str | None = None, progress: Progress = silent) -> Snapshot:
    """A snapshot of all that an endpoint holds, made the current one of a folder of its own inside `home`.

    Graphs keep their names; what stands in the default graph alone gets a graph named after the endpoint. Nothing is
    derived anew. The manifest says of what it is a `mirror_of`, without the parameters of that address.
    Raises RemoteError, and leaves the mirror taken before, when the endpoint cannot be reached, holds nothing, or does
    not give all that it has.
    """
    started = time.monotonic()
    address = endpoint.url.partition("?")[0]
    parts = _parts(endpoint, address)
    total = sum(part.number for part in parts)
    store = Store()
    store.add(_with_blank_nodes(endpoint, parts, address))
    done, held = len(store), store.counts()
    for part in parts:
        for quads in _pages(endpoint, part, part.number - held[part.graph]):
            store.add(quads)
            done += len(quads)
            progress("fetch", done, total)
    _check(endpoint, parts, store.counts())
    folder = home_folder(home) / "mirrors" / sha256(endpoint.url.encode()).hexdigest()[:16]
    return keep(store, folder, started, progress, mirror_of=address)


def _parts(endpoint: Endpoint, address: str) -> list[Part]:
    named, apart, graphs = _count(endpoint, NAMED), _count(endpoint, APART), endpoint.graphs()
    if not named + apart:
        raise RemoteError(f"{endpoint.url} holds no statements")
    if sum(graphs.values()) != named:
        raise RemoteError(
            f"{endpoint.url} names the graphs of {sum(graphs.values())} of its {named} statements: "
            "it cuts long answers, or has graphs without an IRI"
        )
    parts = [Part(graph, f"GRAPH <{graph}> {{ ?s ?p ?o }}", number) for graph, number in sorted(graphs.items())]
    return [*parts, Part(address, APART, apart)] if apart else parts


def _with_blank_nodes(endpoint: Endpoint, parts: list[Part], address: str) -> list[ox.Quad]:
    """The statements with blank nodes, of all graphs at once, as a blank node may stand in several."""
    places = [NAMED, *(part.pattern for part in parts if part.pattern == APART)]
    pattern = f"{' UNION '.join(f'{{ {place} }}' for place in places)} FILTER ({BLANK})"
    number = _count(endpoint, pattern)
    quads = _quads(endpoint, f"SELECT ?g ?s ?p ?o WHERE {{ {pattern} }}", address) if number else []
    if len(quads) != number:
        raise RemoteError(
            f"{endpoint.url} gave {len(quads)} of its {number} statements with blank nodes, "
            "which have to come in one answer"
        )
    return quads


def _pages(endpoint: Endpoint, part: Part, number: int) -> Iterator[list[ox.Quad]]:
    """The statements of one graph without blank nodes, of which there are `number`."""
    offset = 0
    while offset < number:
        text = f"SELECT ?s ?p ?o WHERE {{ {part.pattern} FILTER (!({BLANK})) }} LIMIT {PAGE} OFFSET {offset}"
        if not (quads := _quads(endpoint, text, part.graph)):
            return
        yield quads
        offset += len(quads)


def _check(endpoint: Endpoint, parts: list[Part], held: Mapping[str, int]) -> None:
    for part in parts:
        if held[part.graph] != part.number:
            raise RemoteError(
                f"{endpoint.url} gave {held[part.graph]} of the {part.number} statements of <{part.graph}>"
            )


def _quads(endpoint: Endpoint, text: str, graph: str) -> list[ox.Quad]:
    """The statements a query gives, in the graph it gives or else in this one."""
    rows: list[Any] = _rows(endpoint, text)
    return [ox.Quad(row["s"], row["p"], row["o"], row.get("g") or ox.NamedNode(graph)) for row in rows]


def _count(endpoint: Endpoint, pattern: str) -> int:
    rows = _rows(endpoint, f"SELECT (COUNT(*) AS ?n) WHERE {{ {pattern} }}")
    try:
        return int(getattr(rows[0]["n"], "value", ""))
    except (LookupError, ValueError) as error:
        raise RemoteError(f"{endpoint.url} does not count: it is no SPARQL 1.1 endpoint") from error


def _rows(endpoint: Endpoint, text: str) -> list[Row]:
    return endpoint.query(text, name="mirror").rows
