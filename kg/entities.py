"""Everything about one thing, and who says so: descriptions, and the reasons behind a statement."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice

import pyoxigraph as ox

from kg import inference, names
from kg.errors import KGError, UnknownNameError
from kg.inference import RULES, Derivation, Fact
from kg.store import Store
from kg.terms import Statement, Term, expand, shorten

_RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
_DERIVED_FROM = "http://www.w3.org/ns/prov#wasDerivedFrom"


@dataclass(frozen=True)
class Description:
    """A thing with its label and its language, its classes, what is said of it, and what points to it."""

    iri: str
    label: str
    language: str
    classes: tuple[str, ...]
    facts: tuple[Fact, ...]
    incoming: tuple[Fact, ...]


@dataclass(frozen=True)
class Annotation:
    """What the graph records about a statement itself (rdf:Statement): the sources it was drawn from, and remarks."""

    drawn_from: tuple[str, ...]
    remarks: tuple[tuple[str, Term], ...]


@dataclass(frozen=True)
class Reason:
    """Why a statement stands in the graph: the sources that state it, annotations, and the rules that derive it."""

    statement: Statement
    sources: tuple[str, ...]
    annotations: tuple[Annotation, ...]
    derivations: tuple[Derivation, ...]
    others: tuple[Fact, ...]
    """Other values that the same subject has for the same property, with their graphs."""


def describe(store: Store, name: str, language: str = "en") -> Description:
    """Everything about one thing, found by IRI, prefixed name or any of its names.

    Raises UnknownNameError or AmbiguousNameError with the nearest names.
    """
    index = names.index_of(store)
    iri = index.resolve(name)
    node = ox.NamedNode(iri)
    facts = store.statements(subject=node)
    incoming = store.statements(object=node)
    if not facts and not incoming:
        raise UnknownNameError(name, [hit.label for hit in index.search(name, limit=5)])
    label, tongue = index.label(iri, language)
    return Description(iri, label, tongue, index.classes(iri), _facts(facts), _facts(incoming))


def why(
    store: Store, subject: str, predicate: str | None = None, object: str | None = None, most: int | None = None
) -> list[Reason]:
    """A reason for each statement that fits; names may be IRIs, short names or labels, the object also a plain value.

    `most` is how many are told, and how many other values with each. Raises KGError when there is no such statement.
    """
    index = names.index_of(store)
    about = ox.NamedNode(index.resolve(subject))
    relation = ox.NamedNode(index.resolve(predicate)) if predicate else None
    found = store.statements(subject=about, predicate=relation)
    wanted = {s: graphs for s, graphs in found.items() if object is None or _is(store, s[2], object)}
    if not wanted:
        asked = " ".join(part for part in (subject, predicate, object) if part)
        raise KGError(f"the graph does not state: {asked}" + _values(found, relation))
    rules = {rule.graph: rule for rule in inference.rules()}
    return [_reason(store, s, graphs, found, rules, most) for s, graphs in islice(wanted.items(), most)]


def _reason(
    store: Store,
    statement: Statement,
    graphs: Sequence[str],
    found: dict[Statement, list[str]],
    rules: dict[str, inference.Rule],
    most: int | None,
) -> Reason:
    derived = [d for graph in graphs if graph in rules for d in inference.derivations(store, rules[graph], statement)]
    others = ((s, g) for s, g in found.items() if s[1] == statement[1] and s != statement)
    return Reason(
        statement=statement,
        sources=tuple(graph for graph in graphs if not graph.startswith(RULES)),
        annotations=tuple(annotations(store, statement)),
        derivations=tuple(derived),
        others=_facts(dict(islice(others, most))),
    )


def annotations(store: Store, statement: Statement) -> list[Annotation]:
    """What is recorded about a statement itself, by nodes of type rdf:Statement."""
    parts = [ox.NamedNode(_RDF + name) for name in ("subject", "predicate", "object")]
    nodes = {s for s, _, _ in store.statements(predicate=parts[2], object=statement[2])}
    found = []
    for node in sorted(nodes, key=str):
        if not all(store.holds((node, part, term)) for part, term in zip(parts, statement, strict=True)):
            continue
        said = [(p.value, o) for _, p, o in store.statements(subject=node)]
        drawn = tuple(o.value for p, o in said if p == _DERIVED_FROM and isinstance(o, ox.NamedNode))
        found.append(Annotation(drawn, tuple((p, o) for p, o in said if p != _DERIVED_FROM and not p.startswith(_RDF))))
    return found


def _facts(statements: dict[Statement, list[str]]) -> tuple[Fact, ...]:
    return tuple(Fact(statement, tuple(graphs)) for statement, graphs in statements.items())


def _is(store: Store, term: Term, text: str) -> bool:
    if not isinstance(term, ox.NamedNode):
        return isinstance(term, ox.Literal) and term.value == text
    return term.value == expand(text) or names.fold(text) in {
        names.fold(name) for name in names.index_of(store).names(term.value)
    }


def _values(found: dict[Statement, list[str]], relation: ox.NamedNode | None) -> str:
    if relation is None or not found:
        return ""
    shown = [shorten(o.value) if isinstance(o, ox.NamedNode) else str(o) for _, _, o in found]
    return "; it states " + ", ".join(shown[:5])
