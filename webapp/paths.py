"""How two things are connected: the paths between them as sentences, with their sources, their times and ways round."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from flask import Blueprint, Response, g, request
from flask_babel import gettext

import kg
from webapp import forms, links
from webapp.evidence import hides
from webapp.reading import Backing, Reader, Shown, without_header
from webapp.replies import as_json, data, show, status_of
from webapp.wording import worded

views = Blueprint("paths", __name__)

LENGTHS = range(2, 11)
CROWDS = (10, 20, 50, 100, 1000)
"""The offered limits: steps of a path, and links of the things it passes."""

TEXTS = {"txt": ("text", "text/plain"), "md": ("md", "text/markdown")}
NEAR = 8
"""How many things are offered for a name that is unknown or means several."""


@dataclass(frozen=True)
class Asked:
    """What an address asks for, as it was written."""

    start: str
    end: str
    without: tuple[str, ...]
    limits: dict[str, int]

    def address(self, **changed: Any) -> str:
        """The address of the same question with something changed."""
        asked: dict[str, Any] = {"start": self.start, "end": self.end, "without": self.without, **self.limits}
        return links.path(**(asked | changed))


@dataclass(frozen=True)
class Station:
    """A thing on a path, its colour, and the same question without it (nothing for the two ends)."""

    name: Shown
    kind: str
    without: str = ""


@dataclass(frozen=True)
class Mark:
    """The number of a source behind a sentence, or several in a row."""

    first: int
    last: int


@dataclass(frozen=True)
class Sentence:
    """One link in words: names among words, marks of its sources, amounts, and where its reasons stand."""

    pieces: tuple[str | Shown, ...]
    marks: tuple[Mark, ...]
    jointly: tuple[Mark, ...]
    amounts: tuple[str, ...]
    why: str


@dataclass(frozen=True)
class Leg:
    """A step: what joins the two, when, what is not sure; `apart` when it was not at the same time as one before."""

    sentences: tuple[Sentence, ...]
    when: str
    remarks: tuple[str, ...]
    apart: tuple[str, str] | None


@dataclass(frozen=True)
class Way:
    """A path for reading."""

    stations: tuple[Station, ...]
    legs: tuple[Leg, ...]
    text: str


@dataclass(frozen=True)
class Choice:
    """For a name that is not clear: its field, whether it means `several` things, and what may be meant."""

    field: str
    name: str
    several: bool
    offers: tuple[tuple[Shown, str, str], ...]


@views.route("/path", defaults={"extension": ""})
@views.route("/path.<any(json,txt,md):extension>")
def path(extension: str) -> Response:
    asked = _asked()
    if not (asked.start and asked.end):
        if extension:
            raise kg.ParameterError("say which two things: from=…&to=…")
        return _page(asked)
    if extension:
        return _twin(_find(asked), extension)
    try:
        return _page(asked, _find(asked))
    except (kg.AmbiguousNameError, kg.UnknownNameError) as error:
        if hides(error):
            raise
        choice = _choice(asked, error)
        page = _page(asked, choice=choice)
        page.status_code = 300 if choice.offers else status_of(error)  # 300: several things, choose
        return page


def _asked() -> Asked:
    names = dict.fromkeys(name.strip() for name in request.args.getlist("without"))
    limits = {key: _number(key) for key in ("most_steps", "most_links", "most_paths") if request.args.get(key)}
    start, end = (request.args.get(key, "").strip() for key in ("from", "to"))
    return Asked(start, end, tuple(name for name in names if name), limits)


def _number(name: str) -> int:
    try:
        return int(request.args[name])
    except ValueError as error:
        raise kg.ParameterError(f'{name}="{request.args[name]}" is not a whole number') from error


def _find(asked: Asked) -> kg.Paths:
    return kg.find_paths(g.store, asked.start, asked.end, g.language, without=asked.without, **asked.limits)


def _twin(found: kg.Paths, extension: str) -> Response:
    if extension == "json":
        return as_json(kg.Telling(g.store, found, g.language).data())
    form, media = TEXTS[extension]
    return data(kg.write_paths(g.store, found, form, g.language), media)


def _page(asked: Asked, found: kg.Paths | None = None, choice: Choice | None = None) -> Response:
    reader = Reader(g.store, g.language)
    teller = _Teller(reader, asked, found) if found else None
    return show(
        "path.html",
        asked=asked,
        found=found,
        choice=choice,
        teller=teller,
        typed=[_typed(reader, name) for name in (asked.start, asked.end)],
        lengths=LENGTHS,
        crowds=CROWDS,
        steps=asked.limits.get("most_steps", kg.STEPS),
        examples=_examples(reader),
        queries=[(worded(q, "summary", g.language), links.query(without_header(q.text))) for q in kg.link_questions()],
        swapped=asked.address(start=asked.end, end=asked.start),
        twins={extension: asked.address(extension=extension) for extension in ("txt", "md", "json")},
    )


class _Teller:
    """Some paths as the page shows them."""

    def __init__(self, reader: Reader, asked: Asked, found: kg.Paths) -> None:
        self.reader = reader
        self.asked = asked
        self.found = found
        self.telling = kg.Telling(reader.store, found, reader.language)

    @property
    def ends(self) -> tuple[Shown, Shown]:
        """The names of the two things."""
        return self.reader.name(self.found.start), self.reader.name(self.found.end)

    @property
    def ways(self) -> Iterator[Way]:
        """The paths, one after the other."""
        for path in self.found.paths:
            stations = tuple(self.station(iri) for iri in path.stations)
            legs = tuple(self._leg(path, number) for number in range(len(path.steps)))
            yield Way(stations, legs, "\n".join(self.telling.lines(path)))

    @property
    def passed(self) -> list[tuple[Station, int, int]]:
        """Everything between the two: through how many paths it connects them, and how many links it has in all."""
        links_of = kg.links_of(self.reader.store)
        return [(self.station(iri), times, links_of.degree(iri)) for iri, times in self.found.passed.items()]

    @property
    def without(self) -> list[tuple[Shown, str]]:
        """What is left out, each with the address that lets it in again."""
        named = {name: self.reader.index.resolve(name) for name in self.asked.without}
        return [
            (self.reader.name(iri), self.asked.address(without=[name for name, one in named.items() if one != iri]))
            for iri in self.found.without
        ]

    @property
    def sources(self) -> list[tuple[int, Backing]]:
        """The sources with their numbers."""
        return [(source.number, self.reader.backing(source.iri)) for source in self.found.sources]

    @property
    def unlinked(self) -> list[Shown]:
        """The ends to which no link leads."""
        return [self.reader.name(iri) for iri in self.found.unlinked]

    def station(self, iri: str) -> Station:
        """A thing with the way round it."""
        end = iri in (self.found.start, self.found.end)
        address = "" if end else self.asked.address(without=(*self.asked.without, kg.shorten(iri)))
        return Station(self.reader.name(iri), self.reader.kind(iri), address)

    def _leg(self, path: Any, number: int) -> Leg:
        step: kg.Step = path.steps[number]
        pair = next((pair for pair in path.apart if pair[1] == number), None)
        apart = [self._when(span) for span in kg.together(path, pair)] if pair else None
        sentences = tuple(self._sentence(said) for said in step.said)
        return Leg(sentences, self._when(step.when), step.remarks, (apart[0], apart[1]) if apart else None)

    def _sentence(self, said: kg.Said) -> Sentence:
        amounts = tuple(forms.amount(*pair, g.language) if pair[1] else pair[0] for pair in said.amounts)
        return Sentence(
            tuple(self._pieces(said)),
            self._marks(said.sources),
            self._marks(said.jointly),
            amounts,
            links.why_of(*said.statement),
        )

    def _pieces(self, said: kg.Said) -> Iterator[str | Shown]:
        before = ""
        for words, iri in said.pieces():
            if iri:
                name = self.reader.name(iri)
                yield replace(name, text=kg.within_quotes(name.text, before))
            else:
                yield words
            before = words

    def _marks(self, sources: Sequence[str]) -> tuple[Mark, ...]:
        return tuple(Mark(*pair) for pair in kg.ranges([self.found.number(iri) for iri in sources]))

    def _when(self, span: kg.periods.Span | None) -> str:
        if span is None:
            return str(gettext("undated"))
        first, last = span.start.text, span.end.text
        said = forms.between(first or last, last or first, g.language)
        if not last:
            said = gettext("since %(date)s", date=said)
        elif not first:
            said = gettext("until %(end)s", end=said)
        return str(gettext("%(dates)s, sources differ", dates=said) if span.disputed else said)


def _choice(asked: Asked, error: kg.AmbiguousNameError | kg.UnknownNameError) -> Choice:
    """What may be meant by a name: the things of that name, else those with names like it that paths pass."""
    reader, name = Reader(g.store, g.language), error.name
    if isinstance(error, kg.AmbiguousNameError):
        iris = [iri for candidate in error.candidates if (iri := kg.expand(candidate.partition(" (")[0]))]
    else:
        hits = kg.search(g.store, kg.readable_tail(name).replace("-", " "), 5 * NEAR, g.language)
        linked = kg.links_of(g.store)
        iris = [hit.iri for hit in hits if hit.iri in linked][:NEAR]
    field = "start" if name == asked.start else "end" if name == asked.end else "without"
    others = tuple(one for one in asked.without if one != name)
    offers = []
    for iri in iris:
        short = kg.shorten(iri)
        changed = asked.address(**{field: (*others, short) if field == "without" else short})
        offers.append((reader.name(iri), reader.kind(iri), changed))
    return Choice(field, name, isinstance(error, kg.AmbiguousNameError), tuple(offers))


def _typed(reader: Reader, name: str) -> str:
    """A name as a person would write it: the label of an IRI where that leads back to it."""
    iri = kg.expand(name)
    if iri is None:
        return name
    label = reader.plain(iri)
    try:
        return label if reader.index.resolve(label) == iri else name
    except kg.KGError:
        return name


def _examples(reader: Reader) -> list[tuple[Shown, Shown, str]]:
    """Pairs of things to begin with, as far as the graph has them (explorer/connections)."""
    pairs = [(row["from"].value, row["to"].value) for row in reader.ask("explorer/connections")]
    return [
        (reader.name(one), reader.name(other), links.path(kg.shorten(one), kg.shorten(other))) for one, other in pairs
    ]
