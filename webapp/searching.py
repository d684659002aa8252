"""Finding things by name: the page of results, and the same for machines and for boxes that complete what is typed."""

from collections import Counter
from dataclasses import dataclass

from flask import Blueprint, Response, g, request

import kg
from webapp import kinds, links
from webapp.paging import Pages, page_number
from webapp.reading import Reader, Shown
from webapp.replies import show, table

views = Blueprint("searching", __name__)

HITS_PER_PAGE = 20
MOST_HITS = 200
LATER = 1.5
"""What a record or a term loses against a thing, in the score of its name: less than an exact name gains."""
COLUMNS = ("iri", "label", "name", "language", "score", "kind", "what", "short", "page")


@dataclass(frozen=True)
class Found:
    """A thing found: its name, the name that matched where that is another, its colour and its classes."""

    hit: kg.Hit
    kind: str
    name: Shown
    classes: tuple[tuple[str, str], ...]

    @property
    def also(self) -> str:
        return "" if self.hit.name == self.name.text else self.hit.name


@dataclass(frozen=True)
class Facet:
    """A kind of things among the results, and how many of them there are."""

    kind: str
    text: str
    number: int
    href: str
    current: bool


@views.route("/search", defaults={"extension": ""})
@views.route("/search.<any(json,csv):extension>")
def search(extension: str) -> Response:
    text = request.args.get("q", "").strip()
    reader = Reader(g.store, g.language)
    most = _limit()
    hits = _hits(reader, text, most)
    chosen = _kind()
    shown = [hit for hit, kind in hits if chosen in ("", kind)][:most]
    if extension:
        return table(COLUMNS, [_row(reader, hit) for hit in shown], extension, {"q": text, "total": len(shown)})
    pages = Pages(page_number(), len(shown), HITS_PER_PAGE)
    return show(
        "search.html",
        text=text,
        found=[_found(reader, hit) for hit in pages.part(shown)],
        kind=chosen,
        facets=_facets(text, [kind for _, kind in hits], chosen),
        pages=pages,
        addresses=pages.addresses(lambda number: links.search(text, number, kind=chosen)),
        most=MOST_HITS,
        cut=len(hits) == MOST_HITS,
        likely=not any(_has_words(hit.name, text) for hit, _ in hits),
    )


def _hits(reader: Reader, text: str, most: int) -> list[tuple[kg.Hit, str]]:
    """What is found, each with its kind: things before the records about them and the terms of the ontology."""
    if not text:
        return []
    some = most if most == MOST_HITS else 4 * most
    hits = [(hit, reader.kind(hit.iri)) for hit in kg.search(g.store, text, some, g.language)]
    return sorted(hits, key=lambda one: -(one[0].score - LATER * (one[1] == kinds.OTHER)))


def _found(reader: Reader, hit: kg.Hit) -> Found:
    classes = tuple((reader.plain(iri), links.members(iri)) for iri in reader.stated_classes(hit.iri))
    return Found(hit, reader.kind(hit.iri), reader.name(hit.iri), classes)


def _row(reader: Reader, hit: kg.Hit) -> tuple[object, ...]:
    what = ", ".join(reader.plain(iri) for iri in reader.stated_classes(hit.iri)[:1])
    short = kg.shorten(hit.iri)
    known = (hit.iri, hit.label, hit.name, hit.language, hit.score)
    return (*known, reader.kind(hit.iri), what, hit.iri if short.startswith("<") else short, links.of(hit.iri))


def _facets(text: str, found: list[str], chosen: str) -> list[Facet]:
    """The kinds among the results, and all of them; none where there is but one."""
    counts = Counter(found)
    if len(counts) < 2:
        return []
    return [
        Facet(kind, word, counts[kind], links.search(text, kind="" if kind == chosen else kind), kind == chosen)
        for kind, word in kinds.words().items()
        if counts[kind]
    ]


def _has_words(name: str, text: str) -> bool:
    """True if each word of the text begins a word of the name: it was found as it was typed."""
    words = kg.fold(name).split()
    return all(any(word.startswith(wanted) for word in words) for wanted in kg.fold(text).split())


def _kind() -> str:
    kind = request.args.get("kind", "")
    if kind and kind not in kinds.KINDS:
        raise kg.ParameterError(f'kind="{kind}" is not one of {", ".join(kinds.KINDS)}')
    return kind


def _limit() -> int:
    text = request.args.get("limit", str(MOST_HITS))
    if not text.isascii() or not text.isdigit() or not 0 < int(text[:9]) <= MOST_HITS:
        raise kg.ParameterError(f'limit="{text}" is not a number from 1 to {MOST_HITS}')
    return int(text)
