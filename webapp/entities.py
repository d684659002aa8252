"""One thing: its IRI, which leads to its page or its data, and its page."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from flask import Blueprint, Response, g, redirect, request

import kg
from webapp import links
from webapp.paging import ROWS_PER_PAGE, Link, Pages, page_number, split
from webapp.panels import panels
from webapp.reading import Backing, Reader, Shown, without_header
from webapp.replies import HTML, RDF, chosen, data, show

views = Blueprint("entities", __name__)

SHORT_LIST = 12
"""How many values of one property are shown before the page points to the rest."""

_RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
_TYPE = _RDF + "type"
_RDFS = "http://www.w3.org/2000/01/rdf-schema#"
_SKOS = "http://www.w3.org/2004/02/skos/core#"
_FIRST = [
    *(_RDFS + "label", _SKOS + "prefLabel", "https://schema.org/name", "https://schema.org/alternateName"),
    *(_SKOS + "altLabel", "http://purl.org/dc/terms/title", _SKOS + "definition", _RDFS + "comment"),
]
"""Names and definitions come before other properties, which follow in the order of the alphabet."""


@dataclass(frozen=True)
class Line:
    """One statement as a line: its value (or the thing that points here), what stands behind it, and why."""

    value: Shown
    backings: tuple[Backing, ...]
    notes: tuple["Note", ...]
    why: str


@dataclass(frozen=True)
class Note:
    """What is recorded about a statement: the sources it was drawn from, its certainty, the reason."""

    drawn_from: tuple[Shown, ...]
    certainty: tuple[Shown, ...]
    reason: Shown | None


@dataclass(frozen=True)
class Group:
    """The statements of one property: some of them, how many there are, and where the rest is."""

    name: Shown
    lines: tuple[Line, ...]
    total: int
    more: str


@views.route("/id/<path:path>")
def thing(path: str) -> Response:
    return _follow(_known([kg.BASE + "id/" + name for name in links.spellings(path)], path))


@views.route("/<path:path>")
def other(path: str) -> Response:
    """Any other IRI of the graph's own namespace: a source, a concept, a rule."""
    return _follow(_known([kg.BASE + name for name in links.spellings(path)], path))


@views.route("/page/<path:path>")
def page(path: str) -> Response:
    iri = _known(links.candidates(path), path)
    return _rule(iri) or _entity(iri, lambda by, number: links.page(iri, by, number))


@views.route("/sources/<path:slug>")
def source(slug: str) -> Response:
    iri = _known([links.SOURCE + name for name in links.spellings(slug)], slug)
    return _entity(iri, lambda by, number: links.source(iri, by, number))


@views.route("/data/<path:path>")
def document(path: str) -> Response:
    path, extension = split(path, list(RDF))
    if not extension:
        raise kg.FormatError(f"the address of data ends in one of: {', '.join('.' + name for name in RDF)}")
    iri = _known(links.candidates(path), path)
    whole = iri in g.store.graphs()
    content = kg.export(g.store, extension, **{"source" if whole else "about": iri})
    response = data(content, RDF[extension], f"{kg.readable_tail(iri)}.{extension}")
    response.headers["Link"] = f'<{links.absolute(links.of(iri))}>; rel="describedby"; type="text/html"'
    return response


def _follow(iri: str) -> Response:
    """303 from a thing to what can be read about it."""
    media = chosen([HTML, *RDF.values()])
    extension = next((name for name, other in RDF.items() if other == media), "")
    response = redirect(links.data(iri, extension) if extension else links.of(iri), 303)
    response.vary.add("Accept")
    return response  # type: ignore[return-value]


def _known(iris: Sequence[str], path: str) -> str:
    for iri in iris:
        if kg.expand(iri) and kg.query(g.store, "explorer/known", thing=iri).boolean:
            return iri
    hits = kg.search(g.store, kg.readable_tail(path).replace("-", " "), 3, g.language)
    raise kg.UnknownNameError(path, [hit.label for hit in hits])


def _entity(iri: str, address: links.Address) -> Response:
    reader = Reader(g.store, g.language)
    about = kg.describe(g.store, iri, g.language)
    by, number = request.args.get("by", ""), page_number()
    notes = _notes(reader, iri)
    facts = [fact for fact in about.facts if fact.statement[1].value != _TYPE]
    incoming = [fact for fact in about.incoming if not fact.statement[1].value.startswith(_RDF)]
    if by:
        return _one_group(reader, iri, by, number, facts, incoming, notes, address)
    stated, derived = _parted(reader, facts)
    stated_in, derived_in = _parted(reader, incoming)
    return show(
        "entity.html",
        iri=iri,
        heading=reader.heading(iri),
        classes=_classes(reader, about),
        facts=_groups(reader, stated, notes, address, ""),
        derived=_groups(reader, derived, notes, address, ""),
        incoming=_groups(reader, stated_in, {}, address, "^"),
        derived_incoming=_groups(reader, derived_in, {}, address, "^"),
        panels=panels(reader, iri, about.classes),
        source=reader.sources().get(iri),
        extensions=list(RDF),
    )


def _one_group(
    reader: Reader,
    iri: str,
    by: str,
    number: int,
    facts: Sequence[kg.Fact],
    incoming: Sequence[kg.Fact],
    notes: dict[object, Note],
    address: links.Address,
) -> Response:
    """All statements of one property, in pages."""
    inverse = by.startswith("^")
    predicate = kg.expand(by.lstrip("^"))
    chosen_facts = [fact for fact in (incoming if inverse else facts) if fact.statement[1].value == predicate]
    if predicate is None or not chosen_facts:
        raise kg.UnknownNameError(by)
    pages = Pages(number, len(chosen_facts), ROWS_PER_PAGE)
    lines = _lines(reader, chosen_facts, {} if inverse else notes, inverse)
    links_to: list[Link] = pages.addresses(lambda n: address(by, n))
    group = Group(reader.name(predicate), tuple(pages.part(lines)), len(lines), "")
    return show(
        "group.html", iri=iri, thing=reader.name(iri), group=group, inverse=inverse, pages=pages, addresses=links_to
    )


def _groups(
    reader: Reader, facts: Sequence[kg.Fact], notes: dict[object, Note], address: links.Address, sign: str
) -> list[Group]:
    by_property: dict[str, list[kg.Fact]] = {}
    for fact in facts:
        by_property.setdefault(fact.statement[1].value, []).append(fact)
    groups = []
    for predicate, some in by_property.items():
        lines = _lines(reader, some, notes, bool(sign))
        more = address(sign + kg.shorten(predicate), 1) if len(lines) > SHORT_LIST else ""
        groups.append((predicate, Group(reader.name(predicate), tuple(lines[:SHORT_LIST]), len(lines), more)))
    return [group for _, group in sorted(groups, key=_order)]


def _order(pair: tuple[str, Group]) -> tuple[int, str]:
    predicate, group = pair
    return (_FIRST.index(predicate) if predicate in _FIRST else len(_FIRST), kg.fold(group.name.text))


def _lines(reader: Reader, facts: Iterable[kg.Fact], notes: dict[object, Note], inverse: bool) -> list[Line]:
    lines = []
    for fact in facts:
        subject, predicate, held = fact.statement
        value = reader.value(subject if inverse else held)
        backings = tuple(reader.backing(graph) for graph in fact.graphs)
        noted = tuple(n for n in [notes.get((predicate, held))] if n)
        lines.append(Line(value, backings, noted, links.why(fact.statement)))
    return sorted(lines, key=lambda line: (bool(line.value.mark), kg.fold(line.value.text)))


def _parted(reader: Reader, facts: Iterable[kg.Fact]) -> tuple[list[kg.Fact], list[kg.Fact]]:
    """Facts that a source states, and facts that only follow by rule."""
    stated: list[kg.Fact] = []
    derived: list[kg.Fact] = []
    for fact in facts:
        (derived if set(fact.graphs) <= reader.rules().keys() else stated).append(fact)
    return stated, derived


def _classes(reader: Reader, about: kg.Description) -> list[tuple[Shown, str, bool]]:
    """Each class: its name, the list of its members, and whether a source says so; those stated first."""
    stated = reader.stated_classes(about.iri)
    ordered = [*stated, *(iri for iri in about.classes if iri not in stated)]
    return [(reader.name(iri), links.members(iri), iri in stated) for iri in ordered]


def _notes(reader: Reader, iri: str) -> dict[object, Note]:
    """What is recorded about the statements made of a thing, by property and value."""
    rows: dict[object, list[dict[str, kg.Term]]] = {}
    for row in reader.ask("explorer/annotations", thing=iri):
        rows.setdefault((row["predicate"], row["object"]), []).append(row)
    return {key: _note(reader, some) for key, some in rows.items()}


def _note(reader: Reader, rows: Sequence[dict[str, kg.Term]]) -> Note:
    every = {
        key: dict.fromkeys(row[key] for row in rows if row[key] is not None)
        for key in ("source", "certainty", "reason")
    }
    drawn_from, certainty = (tuple(reader.value(term) for term in every[key]) for key in ("source", "certainty"))
    return Note(drawn_from, certainty, reader.best(list(every["reason"])))


def _rule(iri: str) -> Response | None:
    """The page of a rule, which is a graph and a query rather than a thing in the graph."""
    reader = Reader(g.store, g.language)
    rule = reader.rules().get(iri)
    if rule is None:
        return None
    return show(
        "rule.html",
        rule=rule,
        text=without_header(rule.text),
        name=reader.backing(iri).name,
        total=g.store.manifest["graphs"].get(iri, 0),
        extensions=list(RDF),
    )
