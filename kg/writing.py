"""Statements and quads as bytes, in the syntaxes of RDF and in canonical form."""

import io
import tempfile
from bisect import bisect_left
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pyoxigraph as ox

from kg import markup
from kg.errors import FormatError
from kg.terms import Statement, prefixes

TRIPLE_FORMATS = {
    "ttl": ox.RdfFormat.TURTLE,
    "nt": ox.RdfFormat.N_TRIPLES,
    "rdf": ox.RdfFormat.RDF_XML,
}
QUAD_FORMATS = {"trig": ox.RdfFormat.TRIG, "nq": ox.RdfFormat.N_QUADS, "jsonld": ox.RdfFormat.JSON_LD}
_NOT_XML = "ttl, nt, jsonld, trig, nq"


def write_statements(statements: Iterable[Statement], format: str) -> bytes:
    """Statements, sorted, in an RDF syntax (ttl, nt, rdf, jsonld, trig, nq), with those prefixes that they use."""
    return write_quads((ox.Quad(*statement) for statement in statements), format)


def write_quads(quads: Iterable[ox.Quad], format: str) -> bytes:
    """Quads, sorted, in an RDF syntax; a syntax without graphs gives each triple once. Raises FormatError."""
    ordered = sorted(quads, key=lambda q: (str(q.graph_name), *map(str, (q.subject, q.predicate, q.object))))
    if format in QUAD_FORMATS:
        return ox.serialize(ordered, format=QUAD_FORMATS[format], prefixes=_prefixes_of(ordered)) or b""
    if format not in TRIPLE_FORMATS:
        raise FormatError(f'no RDF syntax "{format}": choose {", ".join([*TRIPLE_FORMATS, *QUAD_FORMATS])}')
    unique = sorted({(q.subject, q.predicate, q.object) for q in ordered}, key=by_text)
    try:
        triples = [ox.Triple(*statement) for statement in unique]
        data = ox.serialize(triples, format=TRIPLE_FORMATS[format], prefixes=_prefixes_of(ordered)) or b""
    except ValueError as error:
        raise FormatError(f"this graph cannot be written as {format}: {error}") from error
    return markup.well_formed(data, _NOT_XML) if format == "rdf" else data


def _prefixes_of(quads: Iterable[ox.Quad]) -> dict[str, str]:
    """The prefixes of the project that stand for the beginning of an IRI in some quads."""
    iris = sorted({iri for quad in quads for term in quad for iri in _iris(term)})
    first = {prefix: bisect_left(iris, space) for prefix, space in prefixes().items()}
    return {p: space for p, space in prefixes().items() if "".join(iris[first[p] : first[p] + 1]).startswith(space)}


def _iris(term: object) -> Iterator[str]:
    if isinstance(term, ox.NamedNode):
        yield term.value
    elif isinstance(term, ox.Literal):
        yield term.datatype.value
    elif isinstance(term, ox.Triple):
        for part in term:
            yield from _iris(part)


def write_dump(quads: Iterable[ox.Quad], merged: Iterable[Statement], format: str, file: Path) -> None:
    """Quads in an RDF syntax into a file, without holding them in memory, in the order in which they come.

    A syntax without graphs gets their merge. Raises FormatError for what that syntax cannot write.
    """
    try:
        if format in QUAD_FORMATS:
            ox.serialize(quads, str(file), format=QUAD_FORMATS[format], prefixes=prefixes())
            return
        triples = (ox.Triple(*statement) for statement in merged)
        if format == "rdf":
            with markup.Writer(io.FileIO(file, "w")) as out:
                ox.serialize(markup.writable(triples, _NOT_XML), out, format=ox.RdfFormat.RDF_XML, prefixes=prefixes())
        else:
            ox.serialize(triples, str(file), format=TRIPLE_FORMATS[format], prefixes=prefixes())
    except ValueError as error:
        raise FormatError(f"this graph cannot be written as {format}: {error}") from error


def canonical(quads: Iterable[ox.Quad]) -> bytes:
    """The dataset as canonical N-Quads, sorted: the same bytes for isomorphic datasets. Method: W3C RDFC-1.0 (2024)."""
    dataset = ox.Dataset(quads)
    dataset.canonicalize(ox.CanonicalizationAlgorithm.RDFC_1_0)
    return b"".join(sorted(f"{quad} .\n".encode() for quad in dataset))


def by_text(statement: Statement) -> tuple[str, ...]:
    """Sort key of a statement: its three terms as N-Triples write them."""
    return tuple(map(str, statement))


@contextmanager
def whole(file: Path) -> Iterator[Path]:
    """Where to write so that the file is there whole or not at all; OSError when there is no writing there."""
    with tempfile.TemporaryDirectory(dir=file.parent, prefix=".writing-") as place:
        yield Path(place) / file.name
        (Path(place) / file.name).replace(file)
