"""Where sources disagree: what readers found, and what can be computed, claim by claim with the sources of each."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, Response, g, request

import kg
from webapp import links
from webapp.paging import Pages, page_number
from webapp.reading import Backing, Reader, Shown, speaking, without_header
from webapp.replies import show, table

views = Blueprint("disagreements", __name__)

PER_PAGE = 20
FOREMOST = 8
"""How many of the things that sources disagree about are offered at once."""
MOST_LETTERS = 60
"""Characters of the name of such a thing."""

Row = dict[str, Any]
COLUMNS = ("disagreement", "about", "aboutLabel", "property", "claim", "position", "source", "remark")


@dataclass(frozen=True)
class Position:
    """What is held, by which sources; `claim` is the IRI of the claim where it has one."""

    text: kg.Term
    claim: str
    sources: tuple[str, ...]


@dataclass(frozen=True)
class Disagreement:
    """A point on which sources differ; one found by computing has a `field` and no `iri` of its own."""

    iri: str
    field: str
    about: tuple[str, ...]
    notes: tuple[kg.Term, ...]
    positions: tuple[Position, ...]

    @property
    def sources(self) -> set[str]:
        """Every source that holds one of the positions."""
        return {source for position in self.positions for source in position.sources}


@dataclass(frozen=True)
class Held:
    """A position as a reader sees it."""

    text: Shown
    claim: str
    backings: tuple[Backing, ...]


@dataclass(frozen=True)
class Item:
    """A disagreement as a reader sees it."""

    name: Shown
    about: tuple[tuple[str, Shown], ...]
    field: Shown | None
    note: Shown | None
    positions: tuple[Held, ...]
    why: str


@dataclass(frozen=True)
class Choice:
    """A thing that sources disagree about, and on how many points."""

    name: str
    kind: str
    count: int
    href: str
    chosen: bool


@views.route("/disagreements", defaults={"extension": ""})
@views.route("/disagreements.<any(csv,json):extension>")
def listing(extension: str) -> Response:
    reader = Reader(g.whole, g.language)
    every = disagreements(reader)
    about = _about(every)
    found = [one for one in every if not about or about in one.about]
    short = kg.shorten(about) if about else ""
    if extension:
        return table(COLUMNS, list(_rows(reader, found)), extension, {"about": about, "total": len(found)})
    pages = Pages(page_number(), len(found), PER_PAGE)
    choices = _choices(reader, every, about)
    foremost = [choice for n, choice in enumerate(choices) if n < FOREMOST or choice.chosen]
    return show(
        "disagreements.html",
        items=[item(reader, one) for one in pages.part(found)],
        choices=foremost,
        more=[choice for choice in choices if choice not in foremost],
        total=len(every),
        about=reader.name(about) if about else None,
        pages=pages,
        addresses=pages.addresses(lambda number: links.disagreements(short, number)),
        twins={extension: links.disagreements(short, extension=extension) for extension in ("csv", "json")},
        queries=[_query("provenance/disagreements"), _query("sources/differing-values")],
    )


def disagreements(reader: Reader) -> list[Disagreement]:
    """All of them, those found by reading first."""
    return reader.kept("disagreements", lambda: [*_found_by_reading(reader), *_computed(reader)])


def item(reader: Reader, one: Disagreement) -> Item:
    """A disagreement in the language of the reader."""
    about = tuple((reader.kind(iri), reader.name(iri)) for iri in one.about)
    positions = tuple(_held(reader, position) for position in one.positions)
    named = reader.name(one.iri) if one.iri else reader.name(one.about[0])
    field = reader.name(one.field) if one.field else None
    why = links.why_of(one.about[0], one.field) if one.field else ""
    return Item(named, about, field, reader.best(one.notes), positions, why)


def _held(reader: Reader, position: Position) -> Held:
    claim = links.of(position.claim) if position.claim else ""
    return Held(reader.told(position.text), claim, tuple(map(reader.backing, position.sources)))


def _found_by_reading(reader: Reader) -> list[Disagreement]:
    rows: dict[str, list[Row]] = {}
    for row in reader.ask("provenance/disagreements"):
        rows.setdefault(row["disagreement"].value, []).append(row)
    return [_told(iri, some) for iri, some in rows.items()]


def _told(iri: str, rows: list[Row]) -> Disagreement:
    held: dict[tuple[str, kg.Term], dict[str, None]] = {}
    for row in rows:
        held.setdefault((row["claim"].value, row["position"]), {})[row["source"].value] = None
    positions = [Position(text, claim, tuple(sources)) for (claim, text), sources in held.items()]
    about = dict.fromkeys(row["about"].value for row in rows if row["about"] is not None)
    notes = dict.fromkeys(row["note"] for row in rows if row["note"] is not None)
    return Disagreement(iri, "", tuple(about), tuple(notes), tuple(positions))


def _computed(reader: Reader) -> list[Disagreement]:
    """Those that show by comparing the values of what can have only one."""
    outside = {row["source"].value for row in reader.ask("provenance/witnesses")}
    values: dict[tuple[str, str], dict[kg.Term, None]] = {}
    for row in reader.ask("sources/differing-values"):
        values.setdefault((row["thing"].value, row["property"].value), {})[row["value"]] = None
    found = []
    for (thing, field), terms in values.items():
        held = reader.store.statements(subject=kg.NamedNode(thing), predicate=kg.NamedNode(field))
        graphs = {statement[2]: [one for one in sources if one in outside] for statement, sources in held.items()}
        positions = tuple(Position(term, "", tuple(graphs[term])) for term in terms)
        found.append(Disagreement("", field, (thing,), (), positions))
    return found


def _about(every: Iterable[Disagreement]) -> str:
    """The thing that the address asks about, or nothing."""
    name = request.args.get("about", "")
    iri = kg.expand(name) or ""
    if name and not any(iri in one.about for one in every):
        raise kg.UnknownNameError(name)
    return iri


def _choices(reader: Reader, every: Iterable[Disagreement], chosen: str) -> list[Choice]:
    """Every thing that sources disagree about, those with most points first."""
    counts: dict[str, int] = {}
    for one in every:
        for iri in one.about:
            counts[iri] = counts.get(iri, 0) + 1
    choices = [
        Choice(
            reader.plain(iri, MOST_LETTERS),
            reader.kind(iri),
            count,
            links.disagreements(kg.shorten(iri)),
            iri == chosen,
        )
        for iri, count in counts.items()
    ]
    return sorted(choices, key=lambda choice: (-choice.count, kg.fold(choice.name)))


def _rows(reader: Reader, found: Iterable[Disagreement]) -> Iterable[tuple[str, ...]]:
    """One line per position and source."""
    for one in found:
        about, note = " ".join(one.about), reader.best(one.notes)
        label = "; ".join(reader.plain(iri) for iri in one.about)
        for position in one.positions:
            text = str(getattr(position.text, "value", position.text))
            for source in position.sources:
                yield one.iri, about, label, one.field, position.claim, text, source, note.text if note else ""


def _query(name: str) -> str:
    question = kg.read_question(kg.ROOT / "queries" / f"{name}.rq")
    return links.query(without_header(kg.fill(question, speaking(question, g.language))))
