"""What is said of a thing, sorted for reading: under headings, property by property, with who says so and who does not.

Which property stands under which heading, and which has but one value, is said in `queries/explorer/headings.rq`.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import kg
from webapp import links
from webapp.reading import Backing, Reader, Shown
from webapp.wording import translated

SHORT_LIST = 6
"""How many values of one property are shown before the page points to the rest."""

MANY = 300
"""Values of one property that are put in order; of more, the first are shown as they come."""

Notes = Mapping[object, "Note"]
"""What is recorded about statements, by property and value."""

_SUBJECT = "http://www.w3.org/1999/02/22-rdf-syntax-ns#subject"
_NARROWS = "http://www.w3.org/2000/01/rdf-schema#subPropertyOf"
_LAST = 10_000


@dataclass(frozen=True)
class Note:
    """What is recorded about a statement: the sources it was drawn from, its certainty, the reason."""

    drawn_from: tuple[Backing, ...]
    certainty: tuple[Shown, ...]
    reason: Shown | None


@dataclass(frozen=True)
class Other:
    """Another value of a property that has but one, and who gives it."""

    value: Shown
    backings: tuple[Backing, ...]


@dataclass(frozen=True)
class Line:
    """A statement: its value (or the thing that points here), what stands behind it, who says otherwise, and why."""

    value: Shown
    backings: tuple[Backing, ...]
    notes: tuple[Note, ...]
    others: tuple[Other, ...]
    why: str


@dataclass(frozen=True)
class Group:
    """The statements of one property: some of them, how many there are, where all are, and why they are there."""

    name: Shown
    lines: tuple[Line, ...]
    total: int
    more: str
    why: str


@dataclass(frozen=True)
class Heading:
    """The groups that are read together; the late ones below the tables."""

    title: str
    groups: tuple[Group, ...]
    late: bool


@dataclass(frozen=True)
class Place:
    """Where a property is read: its rank, the titles of its heading, and whether a thing has but one value of it."""

    rank: int
    heading: str
    titles: tuple[kg.Term, ...]
    late: bool
    single: bool


@dataclass(frozen=True)
class Thing:
    """A thing whose facts are read, and the address of a page of its own for the values of one property."""

    reader: Reader
    iri: str
    address: links.Address
    notes: Notes

    def headings(self, facts: Iterable[kg.Fact]) -> tuple[list[Heading], list[Group]]:
        """The facts under their headings; apart from them, what only follows by rule and says nothing new there."""
        facts = list(facts)
        stated = {fact.statement[2] for fact in facts if not self._only_derived(fact)}
        read: dict[str, list[Group]] = {}
        derived: list[Group] = []
        places = placement(self.reader)
        for predicate, some in sorted(_by_property(facts).items(), key=lambda pair: _order(places, pair[0])):
            place = places.get(predicate)
            told = [
                fact for fact in some if not self._only_derived(fact) or (place and fact.statement[2] not in stated)
            ]
            if told:
                read.setdefault(place.heading if place else "", []).append(self.group(predicate, told))
            else:
                derived.append(self.group(predicate, some))
        known = {place.heading: place for place in places.values()}
        return [self._heading(known.get(key), some) for key, some in read.items()], derived

    def group(self, predicate: str, facts: Sequence[kg.Fact]) -> Group:
        """The statements of one property, the first few of them as lines."""
        few = self.lines(facts, SHORT_LIST)
        more = self.address(kg.shorten(predicate), 1) if len(facts) > SHORT_LIST else ""
        return Group(self.reader.name(predicate), tuple(few), len(facts), more, links.why_of(self.iri, predicate))

    def lines(self, facts: Sequence[kg.Fact], most: int | None = None) -> list[Line]:
        """Statements of one property as lines: those in the reader's language first, then by the alphabet.

        Of values that exclude each other, what most sources say comes first. Where only some of very many are wanted,
        they are the first as they come: to name all would take longer than the rest of the page.
        """
        if most and len(facts) > MANY:
            facts = facts[:most]
        predicate = facts[0].statement[1].value
        place, template = placement(self.reader).get(predicate), link_templates(self.reader).get(predicate)
        rivals = [fact for fact in facts if not self._only_derived(fact)] if place and place.single else []
        read = [(self.reader.linked(fact.statement[2], template), fact) for fact in facts]
        if len(read) > 1:
            read.sort(key=lambda pair: _order_of(pair[0], len(pair[1].graphs) if rivals else 0))
        return [self._line(value, fact, rivals) for value, fact in read[:most]]

    def _only_derived(self, fact: kg.Fact) -> bool:
        """True if no source makes the statement and it only follows by rule."""
        return set(fact.graphs) <= self.reader.rules().keys()

    def _line(self, value: Shown, fact: kg.Fact, rivals: Sequence[kg.Fact]) -> Line:
        _, predicate, held = fact.statement
        others = [other for other in rivals if not _agree(held, other.statement[2])]
        return Line(
            value,
            tuple(map(self.reader.backing, fact.graphs)),
            tuple(note for note in [self.notes.get((predicate, held))] if note),
            tuple(Other(self.reader.told(o.statement[2]), tuple(map(self.reader.backing, o.graphs))) for o in others),
            links.why(fact.statement),
        )

    def _heading(self, place: Place | None, groups: Sequence[Group]) -> Heading:
        title = self.reader.best(place.titles) if place else None
        text = title.text if title else ""
        said = translated(text, self.reader.language) if title and title.mark else text
        return Heading(said, tuple(groups), place is None or place.late)


def incoming_line(reader: Reader, fact: kg.Fact) -> Line:
    """A statement that points to the thing, as a line about what points."""
    return Line(
        reader.told(fact.statement[0]), tuple(map(reader.backing, fact.graphs)), (), (), links.why(fact.statement)
    )


def placement(reader: Reader) -> dict[str, Place]:
    """Where each property is read (explorer/headings)."""

    def find() -> dict[str, Place]:
        rows: dict[str, list[dict[str, Any]]] = {}
        for row in reader.ask("explorer/headings"):
            rows.setdefault(row["property"].value, []).append(row)
        listed = {iri: _place(rank, some) for rank, (iri, some) in enumerate(rows.items())}
        wider = reader.store.statements(predicate=kg.NamedNode(_NARROWS))
        pairs = ((str(getattr(one, "value", one)), getattr(above, "value", "")) for one, _, above in wider)
        return {narrower: listed[above] for narrower, above in pairs if above in listed} | listed

    return reader.kept("headings", find)


def link_templates(reader: Reader) -> dict[str, str]:
    """The address at which an identifier is looked up, with {value} for it, by property (explorer/addresses)."""
    return reader.kept(
        "addresses",
        lambda: {row["property"].value: row["template"].value for row in reader.ask("explorer/addresses")},
    )


def notes(reader: Reader, iri: str) -> dict[object, Note]:
    """What is recorded about the statements made of a thing, by property and value."""
    rows: dict[object, list[dict[str, Any]]] = {}
    if not reader.store.has(predicate=kg.NamedNode(_SUBJECT), object=kg.NamedNode(iri)):
        return {}
    for row in reader.ask("explorer/annotations", thing=iri):
        rows.setdefault((row["predicate"], row["object"]), []).append(row)
    return {key: _note(reader, some) for key, some in rows.items()}


def _note(reader: Reader, rows: Sequence[dict[str, Any]]) -> Note:
    every = {
        key: list(dict.fromkeys(value for row in rows if (value := row[key]) is not None))
        for key in ("source", "certainty", "reason")
    }
    drawn_from = tuple(reader.backing(source.value) for source in every["source"] if isinstance(source, kg.NamedNode))
    return Note(drawn_from, tuple(map(reader.told, every["certainty"])), reader.best(every["reason"]))


def _place(rank: int, rows: Sequence[dict[str, Any]]) -> Place:
    first = {key: str(getattr(value, "value", "")) for key, value in rows[0].items()}
    titles = tuple(row["title"] for row in rows if row["title"] is not None)
    return Place(rank, first["heading"], titles, first["late"] == "true", first["single"] == "true")


def _by_property(facts: Iterable[kg.Fact]) -> dict[str, list[kg.Fact]]:
    found: dict[str, list[kg.Fact]] = {}
    for fact in facts:
        found.setdefault(fact.statement[1].value, []).append(fact)
    return found


def _order(places: Mapping[str, Place], predicate: str) -> tuple[int, str]:
    place = places.get(predicate)
    return (place.rank if place else _LAST, predicate)


def _order_of(value: Shown, sources: int) -> tuple[bool, int, str, str]:
    return (bool(value.mark), -sources, value.moment, kg.fold(value.text))


def _agree(one: kg.Term, other: kg.Term) -> bool:
    """True for the same value, and for dates of which one is the less exact form of the other: 2021 and 2021-11-03."""
    short, long = sorted((str(getattr(term, "value", term)).lstrip("-") for term in (one, other)), key=len)
    return short == long or (getattr(one, "datatype", None) != getattr(other, "datatype", None) and short in long)
