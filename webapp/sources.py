"""The sources: a list to filter, and the page of each with what it says, what only it says, and what it contradicts."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from babel import Locale, UnknownLocaleError
from flask import Blueprint, Response, g, request
from flask_babel import gettext

import kg
from webapp import links
from webapp.disagreements import Item, disagreements, item
from webapp.paging import ROWS_PER_PAGE, Pages, page_number
from webapp.reading import Backing, Reader, Shown, speaking, without_header
from webapp.replies import RDF, show, table

views = Blueprint("sources", __name__)

Row = dict[str, Any]
THINGS_PER_PAGE = 25
SHOWN_OTHERS = 4
COLUMNS = ("source", "title", "publisher", "kind", "date", "languages", "read", "statements", "alone")

_TYPE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"


@dataclass(frozen=True)
class Source:
    """A source in the list: the terms known of it, how much it says, and how much of that nobody else says."""

    iri: str
    title: str
    publisher: kg.Term | None
    kind: kg.Term | None
    date: kg.Term | None
    languages: tuple[str, ...]
    read: kg.Term | None
    statements: int
    alone: int

    def values(self, facet: str) -> tuple[str, ...]:
        """What the source has under a facet, as the address writes it."""
        if facet == "language":
            return self.languages
        return (_written(held),) if (held := getattr(self, facet)) is not None else ()


@dataclass(frozen=True)
class Option:
    """A value to filter by, with how many sources it leaves."""

    value: str
    text: str
    count: int
    chosen: bool


@dataclass(frozen=True)
class Facet:
    """What sources can be filtered by."""

    name: str
    title: str
    options: tuple[Option, ...]


@dataclass(frozen=True)
class Said:
    """One statement of a source: property, value, how many others say the same, some of them, and why it is here."""

    property: Shown
    value: Shown
    count: int
    others: tuple[Backing, ...]
    why: str


@dataclass(frozen=True)
class Topic:
    """A thing that a source speaks of, and what it says of it."""

    name: Shown
    kind: str
    said: tuple[Said, ...]


SORTS: dict[str, Callable[[Source], Any]] = {
    "title": lambda source: (kg.fold(source.title), source.iri),
    "statements": lambda source: (-source.statements, source.iri),
    "alone": lambda source: (-source.alone, source.iri),
    "date": lambda source: ("" if source.date is None else _written(source.date), source.iri),
}


@views.route("/sources/", defaults={"extension": ""})
@views.route("/sources.<any(csv,json):extension>")
def listing(extension: str) -> Response:
    reader = Reader(g.store, g.language)
    every = listed(reader)
    asked = {name: request.args.get(name, "") for name in _titles()}
    found = sorted(_filtered(every, asked), key=SORTS[_sort()])
    if extension:
        return table(COLUMNS, [_row(source) for source in found], extension, {**asked, "total": len(found)})
    pages = Pages(page_number(), len(found), ROWS_PER_PAGE)
    given = {key: value for key, value in {**asked, "sort": request.args.get("sort", "")}.items() if value}
    return show(
        "sources.html",
        lines=[(source, *_shown(reader, source)) for source in pages.part(found)],
        facets=[_facet(reader, name, every, asked) for name in asked],
        sorts=_sorts(),
        pages=pages,
        addresses=pages.addresses(lambda number: links.sources(number, filters=given)),
        twins={extension: links.sources(extension=extension, filters=given) for extension in ("csv", "json")},
        filtered=len(found) < len(every),
        query=links.query(without_header(kg.question("provenance/sources").text)),
    )


@views.route("/sources/<path:slug>")
def source(slug: str) -> Response:
    reader = Reader(g.store, g.language)
    known = {one.iri: one for one in listed(reader)}
    iri = next((links.SOURCE + name for name in links.spellings(slug) if links.SOURCE + name in known), "")
    if not iri:
        hits = kg.search(g.store, kg.readable_tail(slug).replace("-", " "), 3, g.language)
        raise kg.UnknownNameError(slug, [hit.label for hit in hits])
    held = by_thing(reader, iri)
    pages = Pages(page_number(), len(held), THINGS_PER_PAGE)
    return show(
        "source.html",
        iri=iri,
        heading=reader.heading(iri),
        source=known[iri],
        things=len(held),
        described=_described(reader, iri),
        topics=[_topic(reader, iri, thing) for thing in pages.part(held)],
        disagreements=_contradictions(iri),
        pages=pages,
        addresses=pages.addresses(lambda number: links.source(iri, number=number)),
        query=_query(iri),
        extensions=list(RDF),
    )


def listed(reader: Reader) -> list[Source]:
    """Every source of the snapshot."""

    def find() -> list[Source]:
        described = {row["source"].value: _source(reader, row) for row in reader.ask("provenance/sources")}
        graphs = [iri for iri in reader.store.graphs() if iri.startswith(links.SOURCE) and iri not in described]
        return [*described.values(), *(_undescribed(reader, iri) for iri in graphs)]

    return reader.kept(("sources listed", reader.view), find)


def by_thing(reader: Reader, iri: str) -> list[kg.NamedNode]:
    """The things that a source speaks of, by their names."""

    def find() -> list[kg.NamedNode]:
        things = {quad.subject for quad in reader.store.quads(iri) if isinstance(quad.subject, kg.NamedNode)}
        return sorted(things - {kg.NamedNode(iri)}, key=lambda t: (kg.fold(reader.plain(t.value)), t.value))

    return reader.kept(("said by", iri, reader.language), find)


def _source(reader: Reader, row: Row) -> Source:
    iri = row["source"].value
    return Source(
        iri,
        reader.plain(iri),
        row["publisher"],
        row["kind"],
        row["date"],
        tuple(row["languages"].value.split()) if row["languages"] is not None else (),
        row["read"],
        int(row["statements"].value),
        int(row["alone"].value),
    )


def _undescribed(reader: Reader, iri: str) -> Source:
    """A source of which nothing is said: the file of somebody who wants to look at it."""
    held = [(quad.subject, quad.predicate, quad.object) for quad in reader.store.quads(iri)]
    alone = sum(len(reader.store.statements(*statement)[statement]) == 1 for statement in held)
    return Source(iri, reader.plain(iri), None, None, None, (), None, len(held), alone)


def _titles() -> dict[str, str]:
    return {
        "kind": gettext("Kind"),
        "publisher": gettext("Publisher"),
        "language": gettext("Language"),
        "read": gettext("How it was read"),
    }


def _sort() -> str:
    name = request.args.get("sort", "") or "title"
    if name not in SORTS:
        raise kg.ParameterError(f'sort="{name}" is not one of {", ".join(SORTS)}')
    return name


def _sorts() -> list[Option]:
    texts = {
        "title": gettext("by title"),
        "statements": gettext("by what it says"),
        "alone": gettext("by what only it says"),
        "date": gettext("by date"),
    }
    return [Option(name, text, 0, name == _sort()) for name, text in texts.items()]


def _filtered(every: Sequence[Source], asked: dict[str, str]) -> list[Source]:
    return [one for one in every if all(not value or value in one.values(name) for name, value in asked.items())]


def _facet(reader: Reader, name: str, every: Sequence[Source], asked: dict[str, str]) -> Facet:
    """The values that sources have which pass the other filters, and the one that is chosen."""
    counts = Counter(value for one in _filtered(every, {**asked, name: ""}) for value in one.values(name))
    texts: dict[str, str] = {}
    for one in every:
        for value in one.values(name):
            if value not in texts and (counts[value] or value == asked[name]):
                texts[value] = _tongue(value) if name == "language" else _plain(reader, getattr(one, name))
    options = [Option(value, text, counts[value], value == asked[name]) for value, text in texts.items()]
    return Facet(name, _titles()[name], tuple(sorted(options, key=lambda option: kg.fold(option.text))))


def _plain(reader: Reader, term: kg.Term) -> str:
    return reader.plain(term.value) if isinstance(term, kg.NamedNode) else _written(term)


def _written(term: kg.Term) -> str:
    return kg.shorten(term.value) if isinstance(term, kg.NamedNode) else str(getattr(term, "value", term))


def _tongue(code: str) -> str:
    try:
        return Locale.parse(code, sep="-").get_display_name(g.language) or code
    except (ValueError, UnknownLocaleError):
        return code


def _shown(reader: Reader, one: Source) -> tuple[Shown | None, ...]:
    cells = (one.publisher, one.kind, one.date, one.read)
    return reader.name(one.iri), *(None if term is None else reader.told(term) for term in cells)


def _row(one: Source) -> tuple[object, ...]:
    known = ["" if term is None else _written(term) for term in (one.publisher, one.kind, one.date, one.read)]
    publisher, kind, date, read = known
    return (one.iri, one.title, publisher, kind, date, " ".join(one.languages), read, one.statements, one.alone)


def _described(reader: Reader, iri: str) -> list[tuple[Shown, list[Shown]]]:
    """What the source is, property by property."""
    found: dict[str, list[Shown]] = {}
    for row in reader.ask("provenance/described", source=iri):
        found.setdefault(row["property"].value, []).append(_readable(reader, row["value"]))
    return [(reader.name(name), values) for name, values in found.items()]


def _readable(reader: Reader, term: kg.Term) -> Shown:
    code = isinstance(term, kg.Literal) and len(term.value) == 2
    return Shown(_tongue(_written(term))) if code else reader.told(term)


def _topic(reader: Reader, source: str, thing: kg.NamedNode) -> Topic:
    """What a source says of a thing: its class first, then by the names of the properties."""
    quads = reader.store.quads(source, thing)
    said = [_said(reader, source, (quad.subject, quad.predicate, quad.object)) for quad in quads]
    first = reader.name(_TYPE).text
    said.sort(key=lambda one: (one.property.text != first, kg.fold(one.property.text), one.value.text))
    return Topic(reader.name(thing.value), reader.kind(thing.value), tuple(said))


def _said(reader: Reader, source: str, statement: kg.Statement) -> Said:
    graphs = reader.store.statements(*statement)[statement]
    others = [graph for graph in graphs if graph != source and graph in witnesses(reader)]
    name, value = reader.name(statement[1].value), reader.told(statement[2])
    shown = tuple(reader.backing(graph) for graph in others[:SHOWN_OTHERS])
    return Said(name, value, len(others), shown, links.why(statement))


def witnesses(reader: Reader) -> set[str]:
    """The sources that can say the same as another: all but what the curators made."""
    return reader.kept("witnesses", lambda: {row["source"].value for row in reader.ask("provenance/others")})


def _contradictions(iri: str) -> list[Item]:
    reader = Reader(g.whole, g.language)
    return [item(reader, one) for one in disagreements(reader) if iri in one.sources]


def _query(iri: str) -> str:
    """The query behind what a source says, in the reader's language."""
    name = "sources/what-it-says"
    words = speaking(kg.question(name), g.language)
    return links.query(without_header(kg.text_of(g.store, name, source=iri, **words)))
