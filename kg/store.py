"""The graph: a set of named graphs, and the engine that answers queries over them. The only module that runs SPARQL."""

import re
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path
from typing import Any

import pyoxigraph as ox

from kg import markup, sparql
from kg.errors import FormatError, QueryFailedError, QueryRefusedError, QuerySyntaxError, SnapshotError
from kg.terms import Statement, Subject, Term, prefixes
from kg.writing import by_text, write_statements

Row = Mapping[str, Term | None]
Result = ox.QuerySolutions | ox.QueryTriples | ox.QueryBoolean

RESULT_FORMATS = {
    "json": ox.QueryResultsFormat.JSON,
    "xml": ox.QueryResultsFormat.XML,
    "csv": ox.QueryResultsFormat.CSV,
    "tsv": ox.QueryResultsFormat.TSV,
}

_UPDATES = {"INSERT", "DELETE", "LOAD", "CLEAR", "CREATE", "DROP", "COPY", "MOVE", "ADD"}
_FORMS = {"SELECT", "CONSTRUCT", "ASK", "DESCRIBE"}
_POSITION = re.compile(r"error at (\d+):(\d+): (.*)", re.DOTALL)


class Answer:
    """What a query gave: `kind` is select (rows), construct (triples, also of DESCRIBE) or ask (a truth value)."""

    def __init__(self, run: Callable[[], Result]) -> None:
        self._run = run
        first = run()
        self._first: Result | None = first
        self.columns: list[str] = []
        self.kind = "construct"
        if isinstance(first, ox.QueryBoolean):
            self.kind = "ask"
        elif isinstance(first, ox.QuerySolutions):
            self.kind = "select"
            self.columns = [variable.value for variable in first.variables]

    @cached_property
    def rows(self) -> list[Row]:
        """One mapping from column to term (None where unbound) per solution, in the order of the query."""
        result = self._result()
        if not isinstance(result, ox.QuerySolutions):
            return []
        with _evaluating():
            return [dict(zip(self.columns, solution, strict=True)) for solution in result]

    @cached_property
    def triples(self) -> list[Statement]:
        """The triples, each once, sorted by their text; empty for SELECT and ASK."""
        result = self._result()
        if not isinstance(result, ox.QueryTriples):
            return []
        with _evaluating():
            return sorted({(t.subject, t.predicate, t.object) for t in result}, key=by_text)

    @cached_property
    def boolean(self) -> bool:
        """The answer of an ASK; False for the other forms."""
        result = self._result()
        return isinstance(result, ox.QueryBoolean) and bool(result)

    def write(self, format: str) -> bytes:
        """The answer in a W3C result format (json, xml, csv, tsv) or, for triples, an RDF syntax (ttl, nt, rdf …).

        Columns keep the order of the SELECT. Raises FormatError when the format does not fit the form of the query.
        """
        if self.kind == "construct":
            return write_statements(self.triples, format)
        if format not in RESULT_FORMATS:
            raise FormatError(f'rows cannot be written as "{format}": choose {", ".join(RESULT_FORMATS)}')
        if self.kind == "ask" and format in ("csv", "tsv"):
            return b"true\n" if self.boolean else b"false\n"
        result = self._result()
        if isinstance(result, ox.QueryTriples):
            return b""
        with _evaluating():
            data = result.serialize(format=RESULT_FORMATS[format]) or b""
        return markup.well_formed(data, "json, csv, tsv") if format == "xml" else data

    def _result(self) -> Result:
        first, self._first = self._first, None
        return self._run() if first is None else first


class Store:
    """Named graphs in memory or on disk, and their merge as the default graph.

    The merge is kept as a graph of its own, because it is a set: a statement that two sources make is one statement
    there, while an engine that only looks into both graphs would find it twice and count it twice.
    `files` says which file a graph came from, where that is known.
    """

    def __init__(self, engine: ox.Store | None = None, files: Mapping[str, str] | None = None) -> None:
        self._engine = engine if engine is not None else ox.Store()
        self.files = dict(files or {})
        self.index_file: Path | None = None

    def query(
        self,
        text: str,
        *,
        default_graphs: Sequence[str] | None = None,
        named_graphs: Sequence[str] | None = None,
        services: Collection[str] | None = None,
        name: str = "query",
    ) -> Answer:
        """The answer to a SPARQL 1.1 query; the prefixes of the project need not be declared.

        The default graph is the merge of all graphs, or of those in FROM; `default_graphs` and `named_graphs` (IRIs),
        when either is given, replace the dataset of the query. SERVICE may ask any host, or only the `services` (IRIs)
        if they are given. The columns of `SELECT *` come in the order in which the query first uses them. Raises
        QuerySyntaxError with line and column, QueryRefusedError for an update or a SERVICE that may not be asked.
        """
        if services is not None:
            _refuse_services(text, services)
        if sparql.has_keyword(text, *_UPDATES) and not sparql.has_keyword(text, *_FORMS):
            raise QueryRefusedError(
                "this is a SPARQL update; the graph is read-only, change the files it is built from"
            )
        engine, dataset = self._dataset(text, default_graphs, named_graphs)
        known = sparql.prefixes_used(text, prefixes())

        def run(query: str = text) -> Result:
            with _evaluating(text, name):
                return engine.query(query, prefixes=known, **dataset)

        answer = Answer(run)
        if answer.kind == "select" and (ordered := sparql.name_columns(text, answer.columns)):
            return Answer(lambda: run(ordered))
        return answer

    def statements(
        self, subject: Subject | None = None, predicate: ox.NamedNode | None = None, object: Term | None = None
    ) -> dict[Statement, list[str]]:
        """Statement -> sorted IRIs of the graphs that hold it, for every statement that fits the pattern."""
        found: dict[Statement, list[str]] = {}
        for quad in self._engine.quads_for_pattern(subject, predicate, object, None):
            if not isinstance(quad.graph_name, ox.DefaultGraph):
                found.setdefault((quad.subject, quad.predicate, quad.object), []).append(quad.graph_name.value)
        return {statement: sorted(found[statement]) for statement in sorted(found, key=by_text)}

    def quads(self, graph: str | None = None, subject: Subject | None = None) -> Iterator[ox.Quad]:
        """Every quad of the named graphs, or of one of them or about one subject, in the order of the engine."""
        name = None if graph is None else ox.NamedNode(graph)
        for quad in self._engine.quads_for_pattern(subject, None, None, name):
            if not isinstance(quad.graph_name, ox.DefaultGraph):
                yield quad

    def merged(self) -> Iterator[Statement]:
        """Every statement once, whatever the number of graphs that hold it, in the order of the engine."""
        for quad in self._engine.quads_for_pattern(None, None, None, ox.DefaultGraph()):
            yield quad.subject, quad.predicate, quad.object

    def holds(self, statement: Statement) -> bool:
        """True if any graph holds the statement."""
        return ox.Quad(*statement) in self._engine

    def has(
        self,
        subject: Subject | None = None,
        predicate: ox.NamedNode | None = None,
        object: Term | None = None,
        graph: ox.NamedNode | None = None,
    ) -> bool:
        """True if any statement fits the pattern; looks at one."""
        return any(True for _ in self._engine.quads_for_pattern(subject, predicate, object, graph))

    def mentions(self, thing: ox.NamedNode) -> bool:
        """True if a statement begins or ends with the thing, or stands in a graph of that name."""
        return self.has(subject=thing) or self.has(object=thing) or self.has(graph=thing)

    def graphs(self) -> list[str]:
        """IRIs of the named graphs, sorted."""
        return sorted(name.value for name in self._engine.named_graphs())

    def counts(self) -> Counter[str]:
        """How many statements each named graph holds, by its IRI."""
        names = (quad.graph_name for quad in self.quads())
        return Counter(name.value for name in names if not isinstance(name, ox.DefaultGraph))

    def add(self, quads: Iterable[ox.Quad]) -> None:
        """Put quads of named graphs into the store; those already there change nothing."""
        new = list(quads)
        self._engine.extend(new)
        self._engine.extend(ox.Quad(quad.subject, quad.predicate, quad.object) for quad in new)

    def save(self, folder: Path) -> None:
        """Write everything into a new on-disk store; raises SnapshotError when the disk refuses."""
        try:
            disk = ox.Store(str(folder))
            disk.bulk_extend(self._engine)
            disk.optimize()
            disk.flush()
        except OSError as error:
            raise SnapshotError(f"{folder}: cannot write the store: {error}") from error

    def __bool__(self) -> bool:
        """True, also when empty, and without counting."""
        return True

    def __len__(self) -> int:
        """How many quads the named graphs hold together; looks at each."""
        return sum(1 for _ in self.quads())

    def _dataset(
        self, text: str, default_graphs: Sequence[str] | None, named_graphs: Sequence[str] | None
    ) -> tuple[ox.Store, dict[str, Any]]:
        given = default_graphs is not None or named_graphs is not None
        if not given and not sparql.has_keyword(text, "FROM"):
            return self._engine, {}
        defaults, named = (default_graphs, named_graphs) if given else sparql.dataset(text, prefixes())
        try:
            dataset: dict[str, Any] = {
                "default_graph": [ox.NamedNode(iri) for iri in defaults or ()],
                "named_graphs": [ox.NamedNode(iri) for iri in named or ()],
            }
        except ValueError as error:
            raise QuerySyntaxError(f"a graph of the dataset is not an absolute IRI: {error}") from error
        if len(dataset["default_graph"]) < 2:
            return self._engine, dataset
        return self._merge(dataset["default_graph"], dataset["named_graphs"]), {
            **dataset,
            "default_graph": [ox.DefaultGraph()],
        }

    def _merge(self, defaults: Sequence[ox.NamedNode], named: Sequence[ox.NamedNode]) -> ox.Store:
        """A store in memory whose default graph is the merge of some graphs, each statement once."""
        merged = ox.Store()
        for graph in defaults:
            quads = self._engine.quads_for_pattern(None, None, None, graph)
            merged.extend(ox.Quad(quad.subject, quad.predicate, quad.object) for quad in quads)
        for graph in named:
            merged.extend(self._engine.quads_for_pattern(None, None, None, graph))
        return merged


def open_folder(folder: Path, files: Mapping[str, str]) -> ox.Store:
    """The on-disk engine in `folder`, read-only, so that many processes may hold it; SnapshotError if it is damaged."""
    try:
        return ox.Store.read_only(str(folder))
    except OSError as error:
        raise SnapshotError(f"{folder}: cannot open the store: {error}; run `kg build` again") from error


def _refuse_services(text: str, allowed: Collection[str]) -> None:
    if all(target in allowed for target in sparql.service_targets(text)):
        return
    if not allowed:
        raise QueryRefusedError("SERVICE is refused: no other host is asked from here; ask it from your own engine")
    known = ", ".join(f"<{iri}>" for iri in sorted(allowed))
    raise QueryRefusedError(f"SERVICE is refused here unless it asks, by an IRI written out in full, one of {known}")


@contextmanager
def _evaluating(text: str = "", name: str = "query") -> Iterator[None]:
    try:
        yield
    except SyntaxError as error:
        raise _syntax_error(str(error), text, name) from error
    except (OSError, ValueError, RuntimeError) as error:
        raise QueryFailedError(f"the query could not be evaluated: {error}") from error


def _syntax_error(problem: str, text: str, name: str) -> QuerySyntaxError:
    match = _POSITION.match(problem)
    if not match:
        return QuerySyntaxError(problem, name=name)
    lines = text.splitlines() or [""]
    line, column = int(match[1]), int(match[2])
    if line > len(lines):
        line, column = len(lines), len(lines[-1]) + 1
    return QuerySyntaxError(match[3].strip(), line, column, lines[line - 1], name)
