"""SHACL over a store, giving one report. The only module that knows rdflib graphs and pySHACL."""

import logging
import re
import warnings
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation, localcontext
from functools import lru_cache, partial
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pyoxigraph as ox
import pyshacl
import rdflib
from pyshacl.constraints.constraint_component import ConstraintComponent
from pyshacl.helper.path_helper import shacl_path_to_sparql_path
from rdflib.namespace import RDF, SH, XSD
from rdflib.plugins.sparql import prepareQuery
from rdflib.plugins.sparql.processor import SPARQLProcessor
from rdflib.plugins.sparql.sparql import Query
from rdflib.query import Processor
from rdflib.term import Identifier, Node

from kg import loading, names, sparql
from kg.errors import KGError
from kg.loading import Progress, silent
from kg.store import Store
from kg.terms import ONTOLOGY, ROOT, readable_tail, shorten
from kg.writing import write_statements

SHAPES = ROOT / "ontology" / "shapes"
SEVERITIES = ("violation", "warning", "info")


@dataclass(frozen=True)
class Result:
    """One fault: the thing it is about, in words (`message`, `message_fr`), where it stands, and how grave it is."""

    severity: str
    message: str
    message_fr: str
    focus: str
    label: str
    path: str
    value: str
    shape: str
    component: str
    graphs: tuple[str, ...]
    files: tuple[str, ...]


@dataclass(frozen=True)
class Report:
    """What validation found; `conforms` is False when a result is at least as grave as `fails_on`."""

    results: tuple[Result, ...]
    fails_on: str
    conforms: bool
    turtle: bytes

    def count(self, severity: str) -> int:
        """How many results of that severity."""
        return sum(result.severity == severity for result in self.results)


def validate(
    store: Store, shapes: Sequence[Path | str] = (), fails_on: str | None = None, progress: Progress = silent
) -> Report:
    """The report of a store against the project's shapes, or against the given shape files or folders.

    `fails_on` is the mildest severity that makes the graph not conform: by default `violation` for the project's own
    shapes, and `info` (any result, as the W3C Recommendation has it) for others. Raises KGError for unusable shapes.
    """
    if fails_on is not None and fails_on not in SEVERITIES:
        raise KGError(f'no severity "{fails_on}": choose {", ".join(SEVERITIES)}')
    limit = fails_on or ("info" if shapes else "violation")
    files = loading.find(shapes or [SHAPES])
    progress("read", 0, 2)
    with _quiet():
        data = _graph(store)
        rules = _graph(loading_shapes(files, store, own=not shapes))
        progress("validate", 1, 2)
        report = _run(data, rules)
        results = tuple(sorted(_results(report, store, _templates(rules)), key=_order))
        conforms = not any(_rank(result.severity) <= _rank(limit) for result in results)
        return Report(results, limit, conforms, _turtle(report, conforms))


def shapes() -> Store:
    """The project's own shapes."""
    return loading_shapes(loading.find([SHAPES]), Store(), own=False)


def loading_shapes(files: Iterable[Path], store: Store, own: bool) -> Store:
    """The shape files in one store; for the project's own shapes the ontology too, which they refer to.

    The ontology is that of the store checked, or where it has none, as it lies in the project.
    """
    shapes = Store()
    for file in files:
        shapes.add(loading.parse(file, ONTOLOGY))
    if own:
        shapes.add(list(store.quads(ONTOLOGY)) or loading.load(ROOT / "ontology").quads(ONTOLOGY))
    return shapes


class CachingProcessor(SPARQLProcessor):
    """rdflib's SPARQL processor, parsing each query text once: pySHACL asks the same text for every focus node.

    It also refuses SERVICE, so that shapes from elsewhere cannot reach the network.
    """

    def query(  # type: ignore[override]  # rdflib's own processor departs from its base in the same way
        self,
        strOrQuery: str | Query,  # noqa: N803
        initBindings: Mapping[str, Identifier] | None = None,  # noqa: N803
        initNs: Mapping[str, Any] | None = None,  # noqa: N803
        base: str | None = None,
        DEBUG: bool = False,  # noqa: N803
    ) -> Mapping[str, Any]:
        """The result of a query, in the form rdflib wants it."""
        if isinstance(strOrQuery, str):
            strOrQuery = _parsed(strOrQuery, tuple(sorted((initNs or {}).items())), base)  # noqa: N806
        return super().query(strOrQuery, initBindings, None, base, DEBUG)


@lru_cache(maxsize=512)
def _parsed(text: str, namespaces: tuple[tuple[str, str], ...], base: str | None) -> Query:
    if "SERVICE" in sparql.keywords(text):
        raise KGError("a shape asks for SERVICE; validation does not reach the network, so remove it")
    return prepareQuery(text, dict(namespaces), base)


rdflib.plugin.register("sparql", Processor, __name__, CachingProcessor.__name__)

_fill_in = ConstraintComponent._format_sparql_based_result_message


def _filled(component: ConstraintComponent, message: str, values: object) -> str:
    """A message with values filled in; pySHACL takes a value for a replacement pattern, where a backslash is a sign."""
    return str(_fill_in(component, message, _doubled(values)))  # type: ignore[no-untyped-call]


def _doubled(values: Any) -> Any:
    if isinstance(values, Mapping):
        return {name: _doubled(value) for name, value in values.items()}
    if isinstance(values, list | tuple):
        return tuple(_doubled(value) for value in values)
    return None if values is None else str(values).replace("\\", r"\\")


ConstraintComponent._format_sparql_based_result_message = _filled  # type: ignore[method-assign]

_NUMBERS: Mapping[rdflib.URIRef, tuple[type, str]] = {
    XSD.integer: (int, r"[+-]?[0-9]+"),
    XSD.decimal: (Decimal, r"[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)"),
    XSD.double: (float, r"[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)([eE][+-]?[0-9]+)?|[+-]?INF|NaN"),
}


def _number(kind: type, form: str, text: str) -> object:
    """The number written; ValueError for what only Python takes for one, as the decimals "NaN", "1_000" and "1e3"."""
    if not re.fullmatch(form, text.strip(" \t\n\r")):
        raise ValueError(text)
    return kind(text)


@contextmanager
def _quiet() -> Iterator[None]:
    """rdflib logs a traceback for every ill-typed literal, and warns when it writes one; the report says it better."""
    logger = logging.getLogger("rdflib.term")
    level = logger.level
    logger.setLevel(logging.CRITICAL)
    try:
        with warnings.catch_warnings():
            warnings.filterwarnings("ignore", "Serializing weird numerical")
            yield
    finally:
        logger.setLevel(level)


with _quiet():
    for _datatype, (_kind, _form) in _NUMBERS.items():
        rdflib.term.bind(_datatype, _kind, partial(_number, _kind, _form))


def _run(data: rdflib.Graph, shapes: rdflib.Graph) -> rdflib.Graph:
    try:
        with localcontext() as numbers:
            numbers.traps[InvalidOperation] = False  # "NaN"^^xsd:double is neither more nor less than any decimal
            _, report, text = pyshacl.validate(data, shacl_graph=shapes, inplace=True, advanced=False, inference="none")
    except KGError:
        raise
    except Exception as error:  # pySHACL raises bare Exceptions, too, for shapes that it cannot use
        raise KGError(f"the shapes cannot be used: {getattr(error, 'message', error)}") from error
    if not isinstance(report, rdflib.Graph):
        raise KGError(f"validation stopped: {text}")
    return report


def _graph(store: Store) -> rdflib.Graph:
    """The merge of the store's graphs as an rdflib graph."""
    graph = rdflib.Graph()
    graph.parse(data=write_statements(store.merged(), "nt"), format="nt")
    return graph


Templates = list[tuple[re.Pattern[str], str]]


def _templates(shapes: rdflib.Graph) -> Templates:
    """Every sh:message as a pattern with its language: pySHACL loses the language where it fills in {?values}."""
    found = []
    for message in set(shapes.objects(None, SH.message)):
        if isinstance(message, rdflib.Literal) and message.language:
            parts = re.split(r"\{[?$]\w+\}", str(message))
            found.append((re.compile(".*".join(map(re.escape, parts)), re.DOTALL), message.language))
    return sorted(found, key=lambda pair: (-len(pair[0].pattern), pair[1]))


def _messages(report: rdflib.Graph, node: Node, templates: Templates) -> dict[str, str]:
    """Language ("" when unknown) -> message of one result."""
    found = {}
    for message in report.objects(node, SH.resultMessage):
        language = getattr(message, "language", None)
        match = next((lang for pattern, lang in templates if pattern.fullmatch(str(message))), "")
        found[language or match] = str(message)
    return found


def _results(report: rdflib.Graph, store: Store, templates: Templates) -> Iterator[Result]:
    index = names.index_of(store)
    for node in report.subjects(RDF.type, SH.ValidationResult):
        if (None, SH.detail, node) in report:
            continue
        one = {key: report.value(node, SH[key]) for key in ("focusNode", "resultPath", "value", "sourceShape")}
        messages = _messages(report, node, templates)
        english = messages.get("en") or messages.get("") or next(iter(sorted(messages.values())), "")
        focus = one["focusNode"]
        graphs = _graphs(store, focus)
        yield Result(
            severity=readable_tail(str(report.value(node, SH.resultSeverity))).lower(),
            message=english,
            message_fr=messages.get("fr", english),
            focus=str(focus),
            label=index.label(str(focus))[0] if isinstance(focus, rdflib.URIRef) else str(focus),
            path=_path(report, one["resultPath"]),
            value=_short(one["value"]),
            shape=_short(one["sourceShape"]),
            component=_short(report.value(node, SH.sourceConstraintComponent)),
            graphs=graphs,
            files=tuple(store.files[graph] for graph in graphs if graph in store.files),
        )


def _graphs(store: Store, focus: object) -> tuple[str, ...]:
    if not isinstance(focus, rdflib.URIRef):
        return ()
    held = store.statements(subject=ox.NamedNode(str(focus))).values()
    return tuple(sorted({graph for graphs in held for graph in graphs if graph}))


def _path(report: rdflib.Graph, path: object) -> str:
    """A path as SPARQL writes it (`^mg:activity / mg:role`), "" for none."""
    if not isinstance(path, rdflib.BNode):
        return _short(path)
    shapes: Any = SimpleNamespace(graph=report, objects=report.objects)
    return re.sub(r"<[^>]*>", lambda iri: shorten(iri[0][1:-1]), shacl_path_to_sparql_path(shapes, path))


def _short(term: object) -> str:
    if term is None:
        return ""
    return shorten(str(term)) if isinstance(term, rdflib.URIRef) else str(term)


def _rank(severity: str) -> int:
    """0 for the gravest; a severity of somebody else's making counts as a violation."""
    return SEVERITIES.index(severity) if severity in SEVERITIES else 0


def _order(result: Result) -> tuple[int, str, str, str, str]:
    return _rank(result.severity), result.message, result.label, result.focus, result.value


def _turtle(report: rdflib.Graph, conforms: bool) -> bytes:
    for node in report.subjects(RDF.type, SH.ValidationReport):
        report.set((node, SH.conforms, rdflib.Literal(conforms)))
    return report.serialize(format="turtle", encoding="utf-8")
