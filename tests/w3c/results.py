"""Answers to queries in one comparable form, whoever gave them: the engine, our package, or a result file of W3C."""

import csv
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from io import StringIO
from pathlib import Path

import pyoxigraph as ox

RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
RS = "http://www.w3.org/2001/sw/DataAccess/tests/result-set#"
FORMATS = {
    ".srx": ox.QueryResultsFormat.XML,
    ".srj": ox.QueryResultsFormat.JSON,
    ".tsv": ox.QueryResultsFormat.TSV,
}

Term = ox.NamedNode | ox.BlankNode | ox.Literal
Row = Mapping[str, Term]


@dataclass(frozen=True)
class Outcome:
    """What a query gave: the truth of an ASK, the triples of a CONSTRUCT, or rows without their unbound variables."""

    boolean: bool | None = None
    triples: frozenset[ox.Triple] | None = None
    rows: tuple[Row, ...] | None = None
    columns: frozenset[str] = frozenset()

    def same(self, other: "Outcome", *, ordered: bool = False, lax: bool = False) -> bool:
        """Equal but for names of blank nodes, spelling of numbers and dates, and order of rows unless `ordered`.

        With `lax`, which the suite asks for where a query says REDUCED, it does not count how often a row occurs.
        """
        if (self.boolean, self.columns) != (other.boolean, other.columns):
            return False
        if (self.rows is None) != (other.rows is None):
            return False
        return self.canonical(ordered, lax) == other.canonical(ordered, lax)

    def canonical(self, ordered: bool, lax: bool) -> frozenset[ox.Quad]:
        """The triples, or the rows as triples, with canonical names for blank nodes."""
        triples = self.triples or () if self.rows is None else rows_as_triples(self.rows, ordered, lax)
        dataset = ox.Dataset(ox.Quad(t.subject, t.predicate, by_value(t.object)) for t in triples)
        dataset.canonicalize(ox.CanonicalizationAlgorithm.UNSTABLE)
        return frozenset(dataset)


def rows_as_triples(rows: Iterable[Row], ordered: bool, lax: bool) -> Iterable[ox.Triple]:
    """Each different row as a node with its bindings, how often it occurs, and, if asked, at which places."""
    seen: dict[frozenset, list[int]] = {}
    for place, row in enumerate(rows):
        seen.setdefault(frozenset((column, by_value(term)) for column, term in row.items()), []).append(place)
    for row, places in seen.items():
        node = ox.BlankNode()
        yield ox.Triple(node, ox.NamedNode(RS + "count"), ox.Literal(1 if lax else len(places)))
        for column, term in row:
            yield ox.Triple(node, ox.NamedNode(f"urn:column:{column}"), term)
        for place in places if ordered else ():
            yield ox.Triple(node, ox.NamedNode(RS + "index"), ox.Literal(place))


@cache
def by_value(term: Term) -> Term:
    """The term as a store gives it back: a store keeps the value of a number or date, not how it was spelled."""
    if not isinstance(term, ox.Literal):
        return term
    store = ox.Store()
    store.add(ox.Quad(ox.BlankNode(), ox.NamedNode(RDF + "value"), term))
    return next(iter(store)).object


def of_engine(result: ox.QuerySolutions | ox.QueryTriples | ox.QueryBoolean) -> Outcome:
    """What pyoxigraph gave, or what it read from a result file."""
    if isinstance(result, ox.QueryBoolean):
        return Outcome(boolean=bool(result))
    if isinstance(result, ox.QueryTriples):
        return Outcome(triples=frozenset(result))
    columns = [variable.value for variable in result.variables]
    rows = [bound(zip(columns, solution, strict=True)) for solution in result]
    return Outcome(rows=tuple(rows), columns=frozenset(columns))


def bound(row: Iterable[tuple[str, Term | None]]) -> Row:
    """The row without its unbound variables."""
    return {column: term for column, term in row if term is not None}


def read(path: Path) -> tuple[Outcome, bool]:
    """The answer a result file asks for, and whether the order of its rows counts. CSV is compared as text instead."""
    if path.suffix in FORMATS:
        return of_engine(ox.parse_query_results(path=path, format=FORMATS[path.suffix])), False
    quads = ox.Dataset(ox.parse(path=path, base_iri=path.as_uri()))
    if not list(quads.quads_for_object(ox.NamedNode(RS + "ResultSet"))):
        return Outcome(triples=frozenset(quad.triple for quad in quads)), False
    return read_result_set(quads)


def read_result_set(quads: ox.Dataset) -> tuple[Outcome, bool]:
    """A result set written as RDF: rs:boolean, or rs:solution with rs:binding and perhaps rs:index."""

    def values(subject: Term, name: str) -> list[Term]:
        return [quad.object for quad in quads.quads_for_subject(subject) if quad.predicate.value == RS + name]

    (root,) = [quad.subject for quad in quads.quads_for_object(ox.NamedNode(RS + "ResultSet"))]
    if truth := values(root, "boolean"):
        return Outcome(boolean=truth[0].value == "true"), False
    solutions = [(values(node, "index"), node) for node in values(root, "solution")]
    ordered = any(index for index, _ in solutions)
    if ordered:
        solutions.sort(key=lambda pair: int(pair[0][0].value))
    rows = [
        {values(b, "variable")[0].value: values(b, "value")[0] for b in values(node, "binding")}
        for _, node in solutions
    ]
    columns = frozenset(name.value for name in values(root, "resultVariable"))
    return Outcome(rows=tuple(rows), columns=columns), ordered


def read_csv(data: bytes) -> tuple[set[str], Counter[frozenset]]:
    """A CSV result as its columns and its rows in any order; all blank nodes look alike in it."""
    head, *lines = csv.reader(StringIO(data.decode(), newline=""))
    plain = [["_:" if value.startswith("_:") else value for value in line] for line in lines]
    return set(head), Counter(frozenset(zip(head, line, strict=True)) for line in plain)
