"""The pages about the whole: overview, search, lists, sources, the ontology, and what robots and monitors ask for."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask import Blueprint, Response, g, request

import kg
from webapp import links
from webapp.ontology import definition
from webapp.paging import ROWS_PER_PAGE, Pages, page_number, split
from webapp.reading import Reader, Shown
from webapp.replies import as_json, data, show, table

views = Blueprint("pages", __name__)

HITS_PER_PAGE = 20
MOST_HITS = 200
TWINS = ("csv", "json")


@dataclass(frozen=True)
class Class:
    """A class with how many members it has, and the classes below it."""

    iri: str
    name: Shown
    definition: Shown | None
    things: int
    narrower: tuple["Class", ...]


@dataclass(frozen=True)
class SourceLine:
    """A source in the list of sources."""

    name: Shown
    publisher: Shown | None
    kind: Shown | None
    date: str
    statements: int


@views.route("/")
def home() -> Response:
    reader = Reader(g.store, g.language)
    return show("home.html", classes=_class_tree(reader), sources=len(reader.sources()), packs=kg.packs())


@views.route("/search", defaults={"extension": ""})
@views.route("/search.<any(json,csv):extension>")
def search(extension: str) -> Response:
    text = request.args.get("q", "").strip()
    reader = Reader(g.store, g.language)
    hits = kg.search(g.store, text, MOST_HITS, g.language) if text else []
    if extension:
        rows = [(hit.iri, hit.label, hit.name, hit.language, hit.score) for hit in hits]
        return table(("iri", "label", "name", "language", "score"), rows, extension, {"q": text, "total": len(rows)})
    pages = Pages(page_number(), len(hits), HITS_PER_PAGE)
    found = [(hit, reader.name(hit.iri), _kinds(reader, hit.iri)) for hit in pages.part(hits)]
    addresses = pages.addresses(lambda number: links.search(text, number))
    return show("search.html", text=text, found=found, pages=pages, addresses=addresses, most=MOST_HITS)


@views.route("/browse/")
def classes() -> Response:
    return show("browse.html", classes=_class_tree(Reader(g.store, g.language)))


@views.route("/browse/<name>")
def members(name: str) -> Response:
    name, extension = split(name, TWINS)
    iri = links.class_iri(name)
    reader = Reader(g.store, g.language)
    listed = reader.members(iri) if iri else []
    if not iri or not (listed or g.store.statements(subject=kg.NamedNode(iri))):
        raise kg.UnknownNameError(name)
    if extension:
        rows = [(member.iri, member.name.text, member.name.language) for member in listed]
        return table(("iri", "label", "language"), rows, extension, {"class": iri, "total": len(rows)})
    pages = Pages(page_number(), len(listed), ROWS_PER_PAGE)
    with_kinds = [(member, _kinds(reader, member.iri)) for member in pages.part(listed)]
    addresses = pages.addresses(lambda number: links.members(iri, number))
    entry = _class(reader, iri, len(listed), ())
    return show("members.html", entry=entry, listed=with_kinds, pages=pages, addresses=addresses, twins=TWINS)


@views.route("/sources/")
def sources() -> Response:
    reader = Reader(g.store, g.language)
    lines = [_source_line(reader, iri, row) for iri, row in reader.sources().items()]
    lines.sort(key=lambda line: kg.fold(line.name.text))
    pages = Pages(page_number(), len(lines), ROWS_PER_PAGE)
    addresses = pages.addresses(links.sources)
    return show("sources.html", lines=pages.part(lines), pages=pages, addresses=addresses)


@views.route("/healthz")
def health() -> Response:
    response = as_json({"status": "ok", "snapshot": g.store.id, "statements": g.store.manifest["quads"]})
    response.headers["Cache-Control"] = "no-store"
    return response


@views.route("/robots.txt")
def robots() -> Response:
    return data(b"User-agent: *\nDisallow: /sparql\nDisallow: /search\nDisallow: /why\n", "text/plain")


def _class_tree(reader: Reader) -> tuple[Class, ...]:
    def grow() -> tuple[Class, ...]:
        rows = reader.ask("explorer/classes")
        counts = {row["class"].value: int(row["things"].value) for row in rows}  # in the order of the query
        above = {(row["class"].value, row["broader"].value) for row in rows if row["broader"] is not None}

        def branch(iris: Sequence[str]) -> tuple[Class, ...]:
            ordered = [iri for iri in counts if iri in iris]
            return tuple(_class(reader, i, counts[i], branch([n for n, b in above if b == i])) for i in ordered)

        return branch([iri for iri in counts if not any(n == iri and b in counts for n, b in above)])

    return reader.kept(("classes", reader.language), grow)


def _class(reader: Reader, iri: str, things: int, narrower: tuple[Class, ...]) -> Class:
    return Class(iri, reader.name(iri), definition(reader, iri), things, narrower)


def _kinds(reader: Reader, iri: str) -> list[tuple[str, str]]:
    return [(reader.plain(kind), links.members(kind)) for kind in reader.stated_classes(iri)]


def _source_line(reader: Reader, iri: str, row: dict[str, kg.Term]) -> SourceLine:
    known = {key: reader.value(term) for key, term in row.items() if term is not None}
    date = known["date"].text if "date" in known else ""
    return SourceLine(reader.name(iri), known.get("publisher"), known.get("kind"), date, int(known["statements"].text))
