"""Names in a query that the graph does not know, and what they were probably meant to be."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from weakref import WeakKeyDictionary

from rapidfuzz import fuzz
from rapidfuzz.distance import OSA

from kg import sparql
from kg.assistant import edits
from kg.assistant.advice import finding, short
from kg.assistant.desk import Check, Desk, Proposal
from kg.assistant.parts import TYPE, Group, Query, Term, Triple, names_in, triples
from kg.assistant.words import words
from kg.store import Store
from kg.terms import prefixes, readable_tail

LIKENESS = 75
"""Least likeness (0 to 100) of two names at which one is offered for the other; chosen so that a slip in a word of
four letters passes and two words that share a stem do not."""

_LABELS = "http://www.w3.org/2000/01/rdf-schema#label"
_AROUND = re.compile(r"^(has|is) | of$")
_CAMEL = re.compile(r"[A-Z]?[a-z]+|[A-Z]+|\d+")


@dataclass(frozen=True)
class Vocabulary:
    """The properties and classes that the statements of a store use, each with its names, folded."""

    predicates: dict[str, tuple[str, ...]]
    classes: dict[str, tuple[str, ...]]


_vocabularies: WeakKeyDictionary[Store, tuple[int, Vocabulary]] = WeakKeyDictionary()


def vocabulary(desk: Desk) -> Vocabulary:
    """The vocabulary of the store, collected when first asked for and kept until its number of graphs changes."""
    store = desk.probes.store.store
    size = len(store.graphs())
    if store not in _vocabularies or _vocabularies[store][0] != size:
        return desk.probes.store.run(partial(_collect, store, size))
    return _vocabularies[store][1]


def _collect(store: Store, size: int) -> Vocabulary:
    found = Vocabulary(
        _named(store, "SELECT DISTINCT ?term WHERE { ?s ?term ?o }"),
        _named(store, "SELECT DISTINCT ?term WHERE { ?s a ?term }"),
    )
    _vocabularies[store] = size, found
    return found


def _named(store: Store, text: str) -> dict[str, tuple[str, ...]]:
    labels = f"SELECT ?term ?label WHERE {{ {{ {text} }} OPTIONAL {{ ?term <{_LABELS}> ?label }} }}"
    found: dict[str, set[str]] = {}
    for row in store.query(labels, name="probe").rows:
        iri, label = getattr(row["term"], "value", ""), getattr(row["label"], "value", "")
        found.setdefault(iri, {_folded(readable_tail(iri))}).update({_folded(label)} if label else ())
    return {iri: tuple(sorted(names)) for iri, names in sorted(found.items())}


def nearest(iri: str, known: dict[str, tuple[str, ...]]) -> str | None:
    """The known IRI most like another by local name or label; the likest namespace wins a tie; None if none is near."""
    wanted, space = _folded(readable_tail(iri)), iri.removesuffix(readable_tail(iri))
    scored = {other: likeness(wanted, names) for other, names in known.items()}
    near = [other for other, score in scored.items() if score == max(scored.values()) and score >= LIKENESS]
    return max(near, key=lambda other: fuzz.ratio(space, other.removesuffix(readable_tail(other))), default=None)


def likeness(wanted: str, names: Iterable[str]) -> float:
    """How like a folded name is to the likest of some others, 0 to 100, whatever the order of their words."""
    return max((max(fuzz.ratio(wanted, name), fuzz.token_sort_ratio(wanted, name)) for name in names), default=0.0)


def _folded(name: str) -> str:
    """The words of a name, small, without the verb that some put before the noun and the preposition after it."""
    return _AROUND.sub("", " ".join(_CAMEL.findall(name)).lower()) or name.lower()


def expand(term: Term, query: Query) -> str:
    """The full IRI of an IRI or a prefixed name of the query."""
    if term.text == "a":
        return TYPE
    if term.text.startswith("<"):
        return term.text[1:-1]
    prefix, _, local = term.text.partition(":")
    space = query.prefixes[prefix][0] if prefix in query.prefixes else prefixes().get(prefix, "")
    return space + local.replace("\\", "")


def checks(desk: Desk) -> Iterator[Check]:
    """Everything there is to check about the names in a query."""
    yield "properties, classes and graphs", 1, partial(unknown_terms, desk)
    yield "variables", 1, partial(variables, desk)


def unknown_terms(desk: Desk) -> Iterator[Proposal]:
    """Properties and classes that no statement uses, and graphs that are not there, wherever named; each once."""
    query, wrong = desk.query, unknown(desk)
    prefix = _wrong_prefix(desk, wrong)
    if prefix:
        yield prefix
        return
    for kind, term, near in wrong:
        hint = _hint(short(near, query.prefixes) if near else None)
        found = finding(kind, query.line(term.start), (term.text,), name=term.text, near=hint)
        yield desk.proposal(found, respelt(query, term, near) if near else None)


def unknown(desk: Desk) -> list[tuple[str, Term, str | None]]:
    """The properties and classes that no statement uses, the graphs not there: kind, place, IRI probably meant."""
    return _unknown(desk, _graphs(desk.query)) or _unknown(desk, _terms(desk.query.where))


def _unknown(desk: Desk, terms: Iterable[tuple[str, Term]]) -> list[tuple[str, Term, str | None]]:
    found: dict[str, tuple[str, Term, str | None]] = {}
    for kind, term in terms:
        iri = expand(term, desk.query)
        if iri not in found and not known(desk, kind, iri):
            near = nearest(iri, _candidates(desk, kind))
            found[iri] = kind, term, near if near != iri else None
    return list(found.values())


def known(desk: Desk, kind: str, iri: str) -> bool:
    """True if a statement of the queried graphs uses the property or class; for a graph, if there is one."""
    if kind == "unknown-graph":
        return iri in desk.probes.store.store.graphs()
    pattern = f"?s <{iri}> ?o" if kind == "unknown-predicate" else f"?s a <{iri}>"
    return desk.probes.ask(f"{{ {pattern} }}") or desk.probes.ask(f"{{ GRAPH ?g {{ {pattern} }} }}")


def _candidates(desk: Desk, kind: str) -> dict[str, tuple[str, ...]]:
    """The names of a kind that there are."""
    if kind == "unknown-graph":
        return {iri: (_folded(readable_tail(iri)),) for iri in desk.probes.store.store.graphs()}
    used = vocabulary(desk)
    return used.predicates if kind == "unknown-predicate" else used.classes


def respelt(query: Query, term: Term, iri: str) -> list[edits.Edit]:
    """The edits that put another IRI wherever the term stands."""
    name = short(iri, query.prefixes)
    return [(w.start, w.end, name) for w in words(query.text) if w.text == term.text and w.start >= query.start]


def _wrong_prefix(desk: Desk, wrong: list[tuple[str, Term, str | None]]) -> Proposal | None:
    """The finding that a prefix is declared with another namespace than that of the graph, for all unknown terms."""
    query = desk.query
    spaces: Counter[tuple[str, str]] = Counter()
    for _, term, near in wrong:
        prefix, colon, local = term.text.partition(":")
        if colon and prefix in query.prefixes and near and near.endswith(local) and local:
            spaces[prefix, near.removesuffix(local)] += 1
    if not spaces or spaces.total() != len(wrong):
        return None
    prefix, right = max(spaces, key=lambda key: (spaces[key], key))
    space, start, end = query.prefixes[prefix]
    if len({name for name, _ in spaces}) > 1 or right == space:
        return None
    found = finding(
        "unknown-prefix", query.line(start), (query.text[start:end],), name=f"{prefix}:", wrong=space, right=right
    )
    return desk.proposal(found, [(start, end, f"<{right}>")])


def _graphs(query: Query) -> Iterator[tuple[str, Term]]:
    """The graphs that FROM and FROM NAMED name."""
    at = query.text.find(query.dataset)
    named = (word for word in words(query.dataset) if word.kind in ("iri", "name"))
    yield from (("unknown-graph", Term("iri", word.text, at + word.start, at + word.end)) for word in named)


def _terms(group: Group) -> Iterator[tuple[str, Term]]:
    """The properties, classes and graphs that a group names, those in EXISTS, MINUS and inner SELECTs included."""
    for part in group.parts:
        if part.kind == "graph":
            yield from (("unknown-graph", term) for term in part.terms if term.kind == "iri")
        if isinstance(part, Triple):
            yield from (("unknown-predicate", term) for term in part.verb.iris)
            if part.verb.types and part.object.kind == "iri":
                yield "unknown-class", part.object
        if part.kind != "service":
            inner = [*part.groups, *([part.select.where] if part.select else [])]
            for one in inner:
                yield from _terms(one)


def variables(desk: Desk) -> Iterator[Proposal]:
    """Columns that nothing fills, and variables used once whose name is almost that of another."""
    query = desk.query
    uses = [token for token in sparql.tokens(query.text) if token.kind == "variable"]
    counted = Counter(token.text[1:] for token in uses)
    subjects = Counter((str(triple.subject.variable), triple.subject.start) for triple in triples(query.where))
    counted.update({name: times - 1 for (name, _), times in subjects.items()})
    given = names_in(query.where) | _named_by_tail(query)
    shown = {column.name for column in query.columns}
    said = set(re.findall(r"\bAS\s+[?$](\w+)", query.text, re.IGNORECASE))  # made, not matched
    for column in query.columns if query.form == "SELECT" else ():
        if column.name in given:
            continue
        near = _close(column.name, given - shown) or _close(column.name, given)
        found = finding(
            "never-bound",
            query.line(column.start),
            (f"?{column.name}",),
            name=f"?{column.name}",
            near=_hint(near and f"?{near}"),
        )
        said |= {column.name, near or ""}
        wrong, right = (near, column.name) if near and counted[near] == 1 else (column.name, near)
        yield desk.proposal(found, _renamed(query, str(wrong), str(right)) if near else None)
    for token in uses:
        name = token.text[1:]
        near = _close(name, counted.keys() - said - {name}) if counted[name] == 1 and name not in said | shown else None
        if near:
            said |= {name, near}
            wrong, right, start = name, near, token.start
            if counted[near] == 1:
                wrong, right = near, name
                start = next(token.start for token in uses if token.text[1:] == near)
            found = finding("variable", query.line(start), (f"?{wrong}",), name=f"?{wrong}", near=f"?{right}")
            yield desk.proposal(found, _renamed(query, wrong, right))


def _hint(near: str | None) -> tuple[str, str]:
    return (f"; did you mean {near}?", f" ; vouliez-vous dire {near} ?") if near else (".", ".")


def _named_by_tail(query: Query) -> frozenset[str]:
    """Variables that GROUP BY (… AS ?x), VALUES at the end, or an expression of SELECT names."""
    tail = sparql.variables(query.modifier("VALUES"))
    renamed = re.findall(r"\bAS\s+[?$](\w+)", query.modifier("GROUP"), re.IGNORECASE)
    return frozenset([*tail, *renamed, *(column.name for column in query.columns if column.expression)])


def _close(name: str, others: Iterable[str]) -> str | None:
    """The other name at edit distance 1, a transposition included, unless they differ by a digit or are very short."""
    near = sorted(o for o in others if len(name) > 2 and len(o) > 2 and OSA.distance(name, o, score_cutoff=1) == 1)
    near = [other for other in near if re.sub(r"\d", "", other) != re.sub(r"\d", "", name)]
    return near[0] if near else None


def _renamed(query: Query, old: str, new: str) -> list[edits.Edit]:
    return [
        (token.start + 1, token.start + len(token.text), new)
        for token in sparql.tokens(query.text)
        if token.kind == "variable" and token.text[1:] == old
    ]
