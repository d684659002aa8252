"""The tests of the W3C suites, read from their manifests."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pyoxigraph as ox

SUITES = Path(__file__).resolve().parents[2] / ".cache" / "w3c"

MF = "http://www.w3.org/2001/sw/DataAccess/tests/test-manifest#"
DAWGT = "http://www.w3.org/2001/sw/DataAccess/tests/test-dawg#"
QT = "http://www.w3.org/2001/sw/DataAccess/tests/test-query#"
SH = "http://www.w3.org/ns/shacl#"
SHT = "http://www.w3.org/ns/shacl-test#"
RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"


MISSING = None if SUITES.is_dir() else "the W3C suites are missing: run `python tests/w3c/fetch.py` (`make test` does)"


def path_of(node: ox.NamedNode) -> Path:
    """The file that a `file:` IRI stands for."""
    return Path(unquote(urlsplit(node.value).path))


def tail(name: str) -> str:
    """The last part of an IRI or short name."""
    return re.split("[/#:]", name.strip("<>"))[-1]


class Manifest:
    """One manifest file as a graph that can be walked."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.store = ox.Store()
        self.store.load(path=path, format=ox.RdfFormat.TURTLE, base_iri=path.as_uri())

    def values(self, subject: object, predicate: str) -> list:
        """All objects, in no particular order."""
        return [quad.object for quad in self.store.quads_for_pattern(subject, ox.NamedNode(predicate), None)]

    def value(self, subject: object, predicate: str) -> ox.NamedNode | ox.Literal | ox.BlankNode | None:
        """The one object, None when there is none."""
        found = self.values(subject, predicate)
        assert len(found) <= 1, f"{self.path}: {subject} has {len(found)} values of {predicate}"
        return found[0] if found else None

    def items(self, subject: object) -> Iterator[ox.NamedNode]:
        """The members of an RDF list, or the thing itself where there is no list."""
        if not self.values(subject, RDF + "first"):
            if subject != ox.NamedNode(RDF + "nil"):
                yield subject
            return
        while subject != ox.NamedNode(RDF + "nil"):
            yield self.value(subject, RDF + "first")
            subject = self.value(subject, RDF + "rest")

    def entries(self) -> Iterator[tuple["Manifest", ox.NamedNode]]:
        """Every test of this manifest and of those it includes, in their order, with the manifest it stands in."""
        for quad in self.store.quads_for_pattern(None, ox.NamedNode(MF + "include"), None):
            for included in self.items(quad.object):
                yield from Manifest(path_of(included)).entries()
        for quad in self.store.quads_for_pattern(None, ox.NamedNode(MF + "entries"), None):
            for entry in self.items(quad.object):
                yield self, entry


@dataclass(frozen=True)
class QueryTest:
    """A test of a query: `kind` is its class in the manifest, `graphs` pairs the IRI of a named graph with its file.

    With `lax` it does not matter how often a row occurs.
    """

    name: str
    kind: str
    query: Path
    data: tuple[Path, ...]
    graphs: tuple[tuple[str, Path], ...]
    result: Path | None
    lax: bool


def query_tests(*manifests: str) -> list[QueryTest]:
    """The query tests that the manifests list; tests of another kind (updates, protocol) are not among them."""
    entries = [entry for manifest in manifests for entry in Manifest(SUITES / manifest).entries()]
    return [test for test in (read_query_test(*entry) for entry in entries) if test is not None]


def read_query_test(manifest: Manifest, entry: ox.NamedNode) -> QueryTest | None:
    """One entry; None when it is not a test of a query, or was withdrawn."""
    action = manifest.value(entry, MF + "action")
    query = action if isinstance(action, ox.NamedNode) else manifest.value(action, QT + "query")
    withdrawn = manifest.value(entry, DAWGT + "approval") == ox.NamedNode(DAWGT + "Withdrawn")
    if withdrawn or query is None or query.value.endswith(".ru"):
        return None
    result = manifest.value(entry, MF + "result")
    return QueryTest(
        name=f"{manifest.path.parent.relative_to(SUITES)}/{tail(entry.value)}",
        kind=tail(manifest.value(entry, RDF + "type").value),
        query=path_of(query),
        data=tuple(path_of(data) for data in manifest.values(action, QT + "data")),
        graphs=tuple((graph.value, path_of(graph)) for graph in manifest.values(action, QT + "graphData")),
        result=path_of(result) if result else None,
        lax=manifest.value(entry, MF + "resultCardinality") == ox.NamedNode(MF + "LaxCardinality"),
    )


@dataclass(frozen=True)
class ShapeTest:
    """A test of shapes: `conforms` is None where the shapes are to be refused; `results` are those of the manifest."""

    name: str
    data: Path
    shapes: Path
    conforms: bool | None
    results: tuple[tuple[str, str, str], ...]


def shape_tests(*manifests: str) -> list[ShapeTest]:
    """The validation tests that the manifests list."""
    entries = [entry for manifest in manifests for entry in Manifest(SUITES / manifest).entries()]
    return [read_shape_test(*entry) for entry in entries]


def read_shape_test(manifest: Manifest, entry: ox.NamedNode) -> ShapeTest:
    """One entry; a result is its severity in small letters, its component, and its focus where that has a name."""
    action, result = manifest.value(entry, MF + "action"), manifest.value(entry, MF + "result")
    conforms = manifest.value(result, SH + "conforms")

    def text(node: object, name: str) -> str:
        term = manifest.value(node, SH + name)
        return "" if isinstance(term, ox.BlankNode) else term.value

    found = [
        (
            tail(text(node, "resultSeverity")).lower(),
            tail(text(node, "sourceConstraintComponent")),
            text(node, "focusNode"),
        )
        for node in manifest.values(result, SH + "result")
    ]
    return ShapeTest(
        name=f"{manifest.path.relative_to(SUITES).with_suffix('')}",
        data=path_of(manifest.value(action, SHT + "dataGraph")),
        shapes=path_of(manifest.value(action, SHT + "shapesGraph")),
        conforms=None if conforms is None else conforms.value == "true",
        results=tuple(sorted(found)),
    )
