"""A snapshot into a remote SPARQL engine, graph by graph, by SPARQL 1.1 updates."""

from collections.abc import Iterator, Sequence

import pyoxigraph as ox

from kg.errors import RemoteError
from kg.loading import Progress, silent
from kg.remote import Endpoint
from kg.snapshot import Snapshot
from kg.terms import BASE, Statement

AT_ONCE = 1000
"""Statements in one update; engines refuse long ones."""


def publish(
    snapshot: Snapshot, update: Endpoint, query: Endpoint, merge: bool = False, progress: Progress = silent
) -> int:
    """Make a remote engine hold what the snapshot holds; gives the number of statements written.

    Each named graph is replaced; graphs of the project that the snapshot has no more are dropped, other graphs stay.
    `merge` also replaces the default graph by the merge of all graphs, for engines whose default graph is not that by
    itself; the engine does that, so that blank nodes stay what they are. At the end the graphs are counted there. An
    engine that stops half way is left half written: publish again.
    Raises RemoteError when it refuses, or holds something else in the end.
    """
    graphs = snapshot.graphs()
    for graph in sorted(set(query.graphs()) - set(graphs)):
        if graph.startswith(BASE):
            update.update(f"DROP SILENT GRAPH <{graph}>")
    if merge:
        update.update("DROP SILENT DEFAULT")
    written = 0
    for number, graph in enumerate(graphs):
        progress("publish", number, len(graphs))
        quads = snapshot.quads(graph)
        written += _replace(update, f"GRAPH <{graph}>", ((q.subject, q.predicate, q.object) for q in quads))
        if merge:
            update.update(f"ADD GRAPH <{graph}> TO DEFAULT")
    _check(snapshot, query)
    return written


def _replace(update: Endpoint, target: str, statements: Iterator[Statement]) -> int:
    """Replace the statements of one graph; gives their number."""
    written, before, after = 0, f"DROP SILENT {target} ;\nINSERT", " WHERE {}"  # some take no blank node in INSERT DATA
    for part in _parts(statements):
        lines = "".join(f"{subject} {predicate} {value} .\n" for subject, predicate, value in part)
        update.update(f"{before} {{\n{target} {{\n{lines}}}\n}}{after}")
        written += len(part)
        before, after = "INSERT DATA", ""
    return written


def _parts(statements: Iterator[Statement]) -> Iterator[Sequence[Statement]]:
    """Statements in parts of AT_ONCE; those with blank nodes all in the first, as their names hold in one update."""
    first: list[Statement] = []
    rest: list[Statement] = []
    for statement in statements:
        (first if any(isinstance(term, ox.BlankNode) for term in statement) else rest).append(statement)
    begin = max(0, AT_ONCE - len(first))
    yield [*first, *rest[:begin]]
    for start in range(begin, len(rest), AT_ONCE):
        yield rest[start : start + AT_ONCE]


def _check(snapshot: Snapshot, query: Endpoint) -> None:
    there = query.graphs()
    for graph, number in snapshot.manifest["graphs"].items():
        if there.get(graph, 0) != number:
            raise RemoteError(f"{query.url} holds {there.get(graph, 0)} of the {number} statements of <{graph}>")
