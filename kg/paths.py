"""How two things are connected: paths told as sentences, each with its sources and its time."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise

import pyoxigraph as ox

from kg import inference, names, queries, routes
from kg.entities import annotations
from kg.errors import ParameterError, UnknownNameError
from kg.periods import Span, span
from kg.routes import Link, Route
from kg.store import Row, Store
from kg.terms import Statement, readable_tail

STEPS, MOST_STEPS = 6, 10
PATHS, MOST_PATHS = 5, 20

_PIECES = re.compile(r"(\{subject\}|\{object\})")


@dataclass(frozen=True)
class Said:
    """One link as a sentence with {subject} and {object}: the statement behind it, who states it, amounts if any.

    A statement that no source makes alone was drawn `jointly` from several.
    """

    template: str
    subject: str
    object: str
    statement: tuple[str, str, str]
    sources: tuple[str, ...]
    jointly: tuple[str, ...] = ()
    amounts: tuple[tuple[str, str], ...] = ()

    def pieces(self) -> list[tuple[str, str]]:
        """The sentence as words, each with an empty IRI, and names, each with the IRI of the thing and no words."""
        things = {"{subject}": self.subject, "{object}": self.object}
        parts = [part for part in _PIECES.split(self.template) if part]
        return [("", things[part]) if part in things else (part, "") for part in parts]


@dataclass(frozen=True)
class Step:
    """From one thing to the next: every link between the two, when that was, and what is not yet sure of the next."""

    start: str
    end: str
    said: tuple[Said, ...]
    when: Span | None
    remarks: tuple[str, ...] = ()


@dataclass(frozen=True)
class Path:
    """A way from the first station to the last; `apart` has the pairs of steps that were not at the same time."""

    steps: tuple[Step, ...]
    apart: tuple[tuple[int, int], ...]

    @property
    def stations(self) -> tuple[str, ...]:
        """The things on the way, both ends included."""
        return (self.steps[0].start, *(step.end for step in self.steps))

    @property
    def doubt(self) -> tuple[int, int, int]:
        """How weak it is: remarks on what is not sure, minus sources of the weakest step, minus sources of all."""
        counts = [len({source for said in step.said for source in said.sources}) for step in self.steps]
        return sum(len(step.remarks) for step in self.steps), -min(counts), -sum(counts)


@dataclass(frozen=True)
class Source:
    """A source that a path leans on, with the number that stands behind its sentences."""

    number: int
    iri: str
    title: str
    publisher: str
    url: str


@dataclass(frozen=True)
class Paths:
    """The ways found between two things in at most so many steps, the shortest first, and the sources of all.

    `passed` counts, for each thing between the ends, how many of the paths pass it; `unlinked` holds the ends that
    nothing leads to at all.
    """

    start: str
    end: str
    most_steps: int
    without: tuple[str, ...]
    most_links: int | None
    paths: tuple[Path, ...]
    sources: tuple[Source, ...]
    unlinked: tuple[str, ...]

    @property
    def passed(self) -> dict[str, int]:
        """Thing between the ends -> number of paths that pass it, most first."""
        between = [station for path in self.paths for station in path.stations[1:-1]]
        return {one: between.count(one) for one in sorted(set(between), key=lambda one: (-between.count(one), one))}

    def number(self, source: str) -> int:
        """The number of a source."""
        return next(one.number for one in self.sources if one.iri == source)


def find_paths(
    store: Store,
    start: str,
    end: str,
    language: str = "en",
    *,
    most_steps: int = STEPS,
    most_paths: int = PATHS,
    without: Sequence[str] = (),
    most_links: int | None = None,
) -> Paths:
    """Up to `most_paths` different ways from start to end, each an IRI, a prefixed name or a name in any language.

    Shorter ways come first, then those that pass nothing uncertain, then those through fewer hubs, then those that more
    sources state. Nothing in `without` is passed, and nothing with more than `most_links` neighbours. There is no path
    when start is end, or when nothing joins the two.
    Raises UnknownNameError, AmbiguousNameError, and ParameterError for a limit out of range.
    """
    _check("most_steps", most_steps, 1, MOST_STEPS)
    _check("most_paths", most_paths, 1, MOST_PATHS)
    one, other = _known(store, start), _known(store, end)
    barred = tuple(dict.fromkeys(_known(store, name) for name in without))
    if {one, other} & set(barred):
        raise ParameterError("an end of the path cannot be left out of it")
    links = routes.links_of(store)

    def is_open(station: str) -> bool:
        return station not in barred and (most_links is None or links.degree(station) <= most_links)

    found = routes.find_routes(links, one, other, most_steps, most_paths, is_open)
    teller = _Teller(store, language)
    told = {route: teller.path(links, route) for route in found}
    ordered = sorted(found, key=lambda r: (len(r), told[r].doubt[0], routes.hubs(links, r), told[r].doubt, r))
    paths = tuple(told[route] for route in ordered)
    unlinked = tuple(dict.fromkeys(end for end in (one, other) if end not in links))
    return Paths(one, other, most_steps, barred, most_links, paths, teller.sources(paths), unlinked)


class _Teller:
    """Turns routes into paths; what it has looked up once it keeps."""

    def __init__(self, store: Store, language: str) -> None:
        self.store = store
        self.language = language
        self.index = names.index_of(store)
        self.rules = {rule.graph for rule in inference.rules()}
        self.about: Callable[[str], list[Row]] = cache(lambda iri: self._ask("when", iri))
        self.templates = {
            (_text(row["way"]), getattr(row["sentence"], "language", "")): (
                _text(row["sentence"]),
                _text(row["inverse"]),
            )
            for row in self._ask("sentences")
        }

    def path(self, links: routes.Links, route: Route) -> Path:
        """A route with its sentences, sources and times."""
        steps = tuple(
            self._step(one, other, links.between(one, other), number == 0)
            for number, (one, other) in enumerate(pairwise(route))
        )
        return Path(steps, _apart(steps))

    def sources(self, paths: Sequence[Path]) -> tuple[Source, ...]:
        """Every source of some paths, numbered in the order in which they are first met."""
        said = [said for path in paths for step in path.steps for said in step.said]
        iris = dict.fromkeys(iri for one in said for iri in (*one.sources, *one.jointly))
        return tuple(self._source(number, iri) for number, iri in enumerate(iris, 1))

    def _step(self, start: str, end: str, links: Sequence[Link], first: bool) -> Step:
        said = sorted((self._said(start, link) for link in links), key=lambda one: (-len(one.sources), one.statement))
        remarks = [row["status"] for iri in ((start, end) if first else (end,)) for row in self.about(iri)]
        labels = tuple(self._label(status) for status in remarks if isinstance(status, ox.NamedNode))
        return Step(start, end, _without_doubles(said), self._when(start, end, links), labels)

    def _said(self, start: str, link: Link) -> Said:
        stated = link.through or link.subject, link.property, link.subject if link.through else link.object
        statement = (ox.NamedNode(stated[0]), ox.NamedNode(stated[1]), ox.NamedNode(stated[2]))
        drawn = [iri for note in annotations(self.store, statement) for iri in note.drawn_from]
        amounts = [_amount(row) for row in self.about(link.through) if row["amount"]] if link.through else []
        template = self._template(link.way, link.subject != start)
        sources = self._stated_by(link, statement)
        return Said(template, link.subject, link.object, stated, sources, tuple(drawn), tuple(amounts))

    def _stated_by(self, link: Link, statement: Statement) -> tuple[str, ...]:
        """The graphs of a statement; of a relation, those that name both ends, or all where none does."""
        held = self.store.statements(subject=statement[0])
        naming = set(held.get(statement, ()))
        if link.through:
            other = {graph for (_, _, value), graphs in held.items() if _is(value, link.object) for graph in graphs}
            naming = naming & other or naming | other
        return tuple(sorted(naming - self.rules))

    def _template(self, way: str, inverse: bool) -> str:
        for language in (self.language, "en"):
            if (way, language) in self.templates:
                return self.templates[way, language][inverse]
        label = self._label(way)
        return f"{{object}}: {label}, {{subject}}" if inverse else f"{{subject}}: {label}, {{object}}"

    def _when(self, start: str, end: str, links: Sequence[Link]) -> Span | None:
        """When both ends were; what a relation says of its own time narrows that."""
        ends = _common([self._span(start), self._span(end)])
        relations = [self._span(link.through) for link in links if link.through]
        if not any(relations):
            return ends
        parts = [_common([ends, relation]) for relation in relations]
        known = [part for part in parts if part]
        return Span(min(part.start for part in known), max((part.end for part in known), key=lambda end: end.last))

    def _span(self, iri: str) -> Span | None:
        rows = self.about(iri)
        starts, ends = ([_text(row[column]) for row in rows if row[column]] for column in ("start", "end"))
        found = span(starts, ends, any(row["lasts"] for row in rows))
        return found if found.dated else None

    def _source(self, number: int, iri: str) -> Source:
        rows: list[Row] = self._ask("source", iri) or [{}]
        publisher, url = rows[0].get("publisher"), rows[0].get("url")
        shown = self._label(publisher) if isinstance(publisher, ox.NamedNode) else _text(publisher)
        return Source(number, iri, self.index.label(iri, self.language)[0], shown, _text(url))

    def _label(self, thing: ox.NamedNode | str) -> str:
        return self.index.label(thing if isinstance(thing, str) else thing.value, self.language)[0]

    def _ask(self, question: str, thing: str = "") -> list[Row]:
        asked = queries.get(f"explorer/{question}")
        return self.store.query(queries.fill(asked, {"thing": thing} if thing else {}), name=asked.name).rows


def _known(store: Store, name: str) -> str:
    """The IRI of a thing that the graph speaks of."""
    iri = names.index_of(store).resolve(name)
    if store.mentions(ox.NamedNode(iri)):
        return iri
    near = names.index_of(store).search(readable_tail(iri).replace("-", " "), 5)
    raise UnknownNameError(name, [hit.label for hit in near])


def _check(name: str, value: int, least: int, most: int) -> None:
    if not least <= value <= most:
        raise ParameterError(f"{name} is a whole number from {least} to {most}, not {value}")


def _without_doubles(said: Sequence[Said]) -> tuple[Said, ...]:
    """Sentences that read alike but stand on several relations, once, with the sources of all."""
    together: dict[str, Said] = {}
    for one in said:
        same = together.get(one.template)
        sources = tuple(sorted({*one.sources, *(same.sources if same else ())}))
        jointly = tuple(dict.fromkeys((*(same.jointly if same else ()), *one.jointly)))
        amounts = tuple(dict.fromkeys((*(same.amounts if same else ()), *one.amounts)))
        first = same or one
        together[one.template] = Said(one.template, one.subject, one.object, first.statement, sources, jointly, amounts)
    return tuple(together.values())


def _apart(steps: Sequence[Step]) -> tuple[tuple[int, int], ...]:
    """Pairs of steps, each the next dated one after the other, that have no day in common."""
    dated = [(number, step.when) for number, step in enumerate(steps) if step.when]
    return tuple((one, other) for (one, when), (other, then) in pairwise(dated) if not when.meets(then))


def _common(spans: Sequence[Span | None]) -> Span | None:
    """What two have in common; when they do not meet, the later one, since only then both have been."""
    one, other = spans
    if not one or not other:
        return one or other
    return one.meet(other) if one.meets(other) else max(one, other)


def _amount(row: Row) -> tuple[str, str]:
    return _text(row["amount"]), _text(row["currency"])


def _is(term: object, iri: str) -> bool:
    return isinstance(term, ox.NamedNode) and term.value == iri


def _text(term: object) -> str:
    return str(getattr(term, "value", "" if term is None else term))
