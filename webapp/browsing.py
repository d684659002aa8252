"""Lists of things: the classes, and the members of one with facets, as a page, a table, RDF or the SPARQL behind it."""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from difflib import get_close_matches
from functools import partial
from typing import Any

from flask import Blueprint, Response, g, request

import kg
from webapp import links
from webapp.filters import Asked, asked, chips, filters, meant, remedies, spelt
from webapp.ontology import definition
from webapp.paging import ROWS_PER_PAGE, Pages, page_number, split
from webapp.reading import Reader, Shown
from webapp.replies import QUERY, RDF, SPREADSHEET, as_json, data, led_on, show

views = Blueprint("browsing", __name__)

TWINS = ("csv", "xlsx", "json", "ttl")
MOST_VALUES = 4
"""Values of one cell that are shown; the page of the thing has all."""
LONGEST_QUERY = 8_000
"""Characters of a query that an address still carries; a longer one is there as a file only."""


@dataclass(frozen=True)
class Class:
    """A class with how many members it has, what colour its members have, and the classes below it."""

    iri: str
    name: Shown
    definition: Shown | None
    things: int
    kind: str
    narrower: tuple["Class", ...]


@dataclass(frozen=True)
class Column:
    """The heading of a column, where it leads, and how the list is sorted by it: ascending, descending or none."""

    title: str
    href: str
    order: str


@dataclass(frozen=True)
class Cell:
    """Some values of a thing in one column, and how many more there are."""

    values: tuple[Shown, ...]
    more: int
    number: bool


@dataclass(frozen=True)
class Row:
    """A thing in a list."""

    name: Shown
    kind: str
    cells: tuple[Cell, ...]


@views.route("/browse/")
def classes() -> Response:
    return show("browse.html", classes=class_tree(Reader(g.store, g.language)))


@views.route("/browse/<path:name>", merge_slashes=False)  # of another vocabulary: a whole IRI
def members(name: str) -> Response:
    name, extension = split(name, (*TWINS, *QUERY))
    reader = Reader(g.store, g.language)
    found = kg.members(g.store, name)
    if not (found.iris or g.store.statements(subject=kg.NamedNode(found.cls))):
        return _class_meant(reader, name, f".{extension}" if extension else "")
    if instead := meant(reader, found):
        return led_on(instead)
    listing = reader.kept(("listing", found.cls), lambda: kg.listing(g.store, found.cls))
    ask = asked(found, listing.columns)
    among = reader.index.named_like(ask.text) if ask.text else None
    choice = found.choose(ask.chosen, ask.every, among)
    if extension == "rq":
        return data(_query(found, ask, choice, among).encode(), QUERY["rq"], f"{name}.rq")
    ordered = _sorted(reader, found.cls, listing, ask.sort, choice.members)
    if extension:
        return _twin(reader, found.cls, listing, ordered, extension, name)
    return _page(reader, found, listing, ask, choice, ordered, _query(found, ask, choice, among))


def _class_meant(reader: Reader, name: str, ending: str) -> Response:
    """On to the list of the class whose name differs in its case only; UnknownNameError with the nearest names."""
    known = [links.class_name(row["class"].value) for row in reader.ask("explorer/classes")]
    like = {other for other in known if other.lower() == name.lower()}
    if len(like) != 1:
        raise kg.UnknownNameError(name, dict.fromkeys(get_close_matches(name, known)))
    return led_on(links.instead(request.path.removesuffix(name + ending) + like.pop() + ending))


def class_tree(reader: Reader) -> tuple[Class, ...]:
    """The classes that have members, those below a class within it, in the order of the query explorer/classes."""

    def grow() -> tuple[Class, ...]:
        rows = reader.ask("explorer/classes") or reader.ask("explorer/classes-elsewhere")
        counts = {row["class"].value: int(row["things"].value) for row in rows}
        above = {(row["class"].value, row["broader"].value) for row in rows if row["broader"] is not None}

        def branch(iris: Sequence[str]) -> tuple[Class, ...]:
            ordered = [iri for iri in counts if iri in iris]
            return tuple(_class(reader, i, counts[i], branch([n for n, b in above if b == i])) for i in ordered)

        return branch([iri for iri in counts if not any(n == iri and b in counts for n, b in above)])

    return reader.kept(("classes", reader.view), grow)


def _class(reader: Reader, iri: str, things: int, narrower: tuple[Class, ...] = ()) -> Class:
    above = kg.lineage(reader.store, iri)
    kind = next((row["kind"].value for row in reader.ask("explorer/kinds") if row["class"].value in above), "other")
    return Class(iri, reader.name(iri), definition(reader, iri), things, kind, narrower)


def _page(
    reader: Reader,
    found: kg.Members,
    listing: kg.Listing,
    ask: Asked,
    choice: kg.Choice,
    ordered: Sequence[str],
    query: str,
) -> Response:
    pages = Pages(page_number(), len(ordered), ROWS_PER_PAGE)
    address = partial(links.members, found.cls, **ask.given())
    return show(
        "members.html",
        entry=reader.kept(("class", found.cls, reader.view), lambda: _class(reader, found.cls, len(found.iris))),
        ask=ask,
        filters=filters(reader, found, ask, choice),
        chips=chips(reader, found, ask),
        remedies=[] if ordered else remedies(reader, found, ask, choice),
        columns=_columns(reader, found.cls, listing, ask),
        rows=[_row(reader, listing, iri) for iri in pages.part(ordered)],
        pages=pages,
        addresses=pages.addresses(lambda number: address(page=number)),
        twins={extension: address(extension=extension) for extension in TWINS},
        query=links.query(query) if len(query) <= LONGEST_QUERY else address(extension="rq"),
    )


def _columns(reader: Reader, cls: str, listing: kg.Listing, ask: Asked) -> list[Column]:
    """The name, then what the file of the class gives; without one, the kind."""
    titles = {"name": ""} | {
        name: reader.column(listing.question, name) for name in listing.columns if listing.question is not None
    }
    by, down = ask.sort.removeprefix("-") or "name", ask.sort.startswith("-")
    made = []
    for name, title in titles.items():
        order = ("descending" if down else "ascending") if name == by else ""
        to = f"-{name}" if order == "ascending" else name
        made.append(Column(title, links.members(cls, **replace(ask, sort="" if to == "name" else to).given()), order))
    return made


def _row(reader: Reader, listing: kg.Listing, iri: str) -> Row:
    if listing.question is None:
        classes = tuple(reader.name(cls) for cls in reader.stated_classes(iri))
        return Row(reader.name(iri), reader.kind(iri), (Cell(classes, 0, False),))
    held = zip(listing.columns, listing.of(iri), strict=True)
    cells = tuple(_cell(reader, terms, _codes(listing.question, column)) for column, terms in held)
    return Row(reader.name(iri), reader.kind(iri), cells)


def _codes(question: kg.Question, column: str) -> str:
    """What the values of a column are codes of, as its heading in the file says."""
    heading = question.columns.get(column)
    return str(heading.get("codes", "")) if isinstance(heading, dict) else ""


def _cell(reader: Reader, terms: Sequence[kg.Term], codes: str) -> Cell:
    shown = tuple(reader.told(term) for term in terms[:MOST_VALUES])
    if codes:
        shown = tuple(replace(value, text=spelt(codes, value.text, reader.language)) for value in shown)
    return Cell(shown, max(0, len(terms) - MOST_VALUES), all(value.number for value in shown) and bool(shown))


def _sorted(reader: Reader, cls: str, listing: kg.Listing, sort: str, chosen: Sequence[str]) -> Sequence[str]:
    """The chosen members in the order asked for."""
    order = reader.kept(("order", cls, sort, reader.language), lambda: _order(reader, cls, listing, sort))
    wanted = set(chosen)
    return [iri for iri in order if iri in wanted]


def _order(reader: Reader, cls: str, listing: kg.Listing, sort: str) -> list[str]:
    """All members by a column (`-` before it: the last first); without a value there they come last, by their names."""
    names = reader.members(cls)
    by, down = sort.removeprefix("-") or "name", sort.startswith("-")
    if by == "name":
        return names[::-1] if down else names
    keys = _keys(reader, listing, listing.columns.index(by))
    with_value = sorted((iri for iri in names if iri in keys), key=lambda iri: keys[iri], reverse=down)
    return with_value + [iri for iri in names if iri not in keys]


def _keys(reader: Reader, listing: kg.Listing, place: int) -> dict[str, tuple[float, str]]:
    """What a thing is sorted by in a column: its first value, numbers before texts."""
    return {
        iri: min(_key(reader, term) for term in cells[place]) for iri, cells in listing.cells.items() if cells[place]
    }


def _key(reader: Reader, term: kg.Term) -> tuple[float, str]:
    if isinstance(term, kg.NamedNode):
        return float("inf"), kg.fold(reader.plain(term.value))
    shown = reader.value(term)
    if shown.number and shown.unbroken:
        with suppress(ValueError):
            return float(shown.text), ""
    return float("inf"), shown.text if shown.unbroken else kg.fold(shown.text)


def _query(found: kg.Members, ask: Asked, choice: kg.Choice, among: set[str] | None) -> str:
    """The SPARQL that gives the members of this list; what only an index of names finds, it has by their IRIs."""
    if among is None:
        return found.query(ask.chosen, ask.every)
    return found.query(ask.chosen, ask.every, choice.members)


def _twin(reader: Reader, cls: str, listing: kg.Listing, iris: Sequence[str], extension: str, name: str) -> Response:
    if extension == "ttl":
        held = [one for iri in iris for one in g.store.statements(subject=kg.NamedNode(iri))]
        return data(kg.write_statements(held, "ttl"), RDF["ttl"], f"{name}.ttl")
    if extension == "json":
        items = [_item(reader, listing, iri) for iri in iris]
        return as_json({"class": cls, "total": len(items), "items": items})
    table = kg.things_table(g.store, cls, iris, reader.language)
    media = {"csv": "text/csv", **SPREADSHEET}[extension]
    return data(kg.write_table(table, extension), media, f"{name}.{extension}")


def _item(reader: Reader, listing: kg.Listing, iri: str) -> Mapping[str, Any]:
    name = reader.name(iri)
    cells = {
        column: [_plain(reader, term) for term in terms]
        for column, terms in zip(listing.columns, listing.of(iri), strict=True)
    }
    return {"iri": iri, "label": name.text, "language": name.language, **cells}


def _plain(reader: Reader, term: kg.Term) -> object:
    if isinstance(term, kg.NamedNode):
        return {"iri": term.value, "label": reader.plain(term.value)}
    return getattr(term, "value", str(term))
