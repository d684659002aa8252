"""Layers of things on a map or a timeline: each query under `queries/maps/` or `queries/timelines/` is one.

A row has a thing and, as far as the query gives them, its kind, phase, dates and position; what several rows say of
one thing is kept side by side. The tags of a layer say its colour, that of a kind (explorer/kinds), and whether a page
shows it at first (`shown`).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from pathlib import Path

from flask import request

import kg
from webapp import forms, kinds, links
from webapp.reading import Reader, Shown, without_header
from webapp.values import text_of
from webapp.wording import worded

Span = kg.periods.Span

FOLDER = kg.ROOT / "queries"
SAME = ("thing", "through", "at", "to")
"""Rows that agree in these columns speak of one entry."""


@dataclass(frozen=True)
class Entry:
    """One thing in one place: the values that the query gives, column by column, and when it was."""

    layer: "Layer"
    thing: str
    values: Mapping[str, tuple[str, ...]]
    span: Span | None

    def first(self, column: str) -> str:
        """The first value of a column, "" where there is none."""
        return next(iter(self.values.get(column, ())), "")


@dataclass(frozen=True)
class Layer:
    """One layer: what it is called in an address, and the query behind it."""

    name: str
    question: kg.Question
    columns: frozenset[str]

    @property
    def shown(self) -> bool:
        return "shown" in self.question.tags

    @property
    def kind(self) -> str:
        """The kind whose colour the layer has."""
        return next((tag for tag in self.question.tags if tag in kinds.KINDS), kinds.OTHER)

    @property
    def query(self) -> str:
        """The address of the query behind the layer."""
        return links.query(without_header(self.question.text))

    def title(self, reader: Reader) -> str:
        """What the layer is called on pages."""
        return worded(self.question, "summary", reader.language)

    def entries(self, reader: Reader) -> tuple[Entry, ...]:
        """Everything in the layer by time, what has no date last; kept with the snapshot."""

        def gather() -> tuple[Entry, ...]:
            answer = reader.store.query(self.question.text, name=self.question.name)
            gathered: dict[tuple[str, ...], dict[str, dict[str, None]]] = {}
            for row in answer.rows:
                held = {column: text_of(row[column]) for column in answer.columns if row[column] is not None}
                values = gathered.setdefault(tuple(held.get(column, "") for column in SAME), {})
                for column, text in held.items():
                    values.setdefault(column, {})[text] = None
            found = (_entry(self, {key: tuple(some) for key, some in one.items()}) for one in gathered.values())
            return tuple(sorted(found, key=by_time))

        return reader.kept(("layer", self.question.text), gather)


@dataclass(frozen=True)
class Choice:
    """What a reader wants to see: layers by name, one kind and phase or any, from one year to another."""

    layers: tuple[Layer, ...]
    known: tuple[Layer, ...]
    kind: str = ""
    phase: str = ""
    years: tuple[int | None, int | None] = (None, None)

    def lets(self, entry: Entry) -> bool:
        """True if an entry passes. A layer that has no kinds, phases or dates at all is not asked for any."""
        for column, wanted in (("kind", self.kind), ("phase", self.phase)):
            if wanted and column in entry.layer.columns and wanted not in entry.values.get(column, ()):
                return False
        if self.years == (None, None) or "start" not in entry.layer.columns:
            return True
        return entry.span is not None and entry.span.within(self._period) != kg.periods.ABSENT

    @cached_property
    def _period(self) -> kg.periods.Period:
        first, last = self.years
        return kg.periods.Period(date(first or 1, 1, 1), date(last or 9999, 12, 31))

    @property
    def address(self) -> dict[str, str | list[str]]:
        """The choice as an address gives it."""
        chosen = [layer.name for layer in self.layers]
        usual = [layer.name for layer in self.known if layer.shown]
        first, last = self.years
        given: dict[str, str | list[str]] = {
            "layer": [] if chosen == usual else chosen,
            "kind": self.kind and kg.shorten(self.kind),
            "phase": self.phase and kg.shorten(self.phase),
            "from": "" if first is None else str(first),
            "to": "" if last is None else str(last),
        }
        return {name: value for name, value in given.items() if value}


@dataclass(frozen=True)
class Told:
    """What the table of any page says of an entry: name, title and colour of its layer, kinds, and when it was."""

    name: Shown
    layer: str
    kind: str
    kinds: tuple[Shown, ...]
    when: str


def layers(folder: str) -> tuple[Layer, ...]:
    """The layers of a folder in the order of their file names, which may begin with a number."""
    files = sorted((FOLDER / folder).glob("*.rq"))
    return tuple(_layer(file) for file in files)


def choice(known: Sequence[Layer]) -> Choice:
    """What the address asks for; ParameterError for a layer or year that makes no sense."""
    asked = request.args.getlist("layer")
    names = {layer.name: layer for layer in known}
    for name in asked:
        if name not in names:
            raise kg.ParameterError(f'layer="{name}" is not one of {", ".join(names)}')
    chosen = tuple(layer for layer in known if (layer.name in asked if asked else layer.shown))
    years = _year("from"), _year("to")
    if years[0] is not None and years[1] is not None and years[0] > years[1]:
        raise kg.ParameterError(f"from={years[0]} is later than to={years[1]}")
    return Choice(chosen, tuple(known), _iri("kind"), _iri("phase"), years)


def by_time(entry: Entry) -> tuple[date, date, str]:
    """The key that sorts entries by time, those without a date last."""
    return (entry.span.first, entry.span.last, entry.thing) if entry.span else (date.max, date.max, entry.thing)


def when(entry: Entry, language: str) -> str:
    """From when to when, as a reader writes it: where sources give different dates, each; "" without a date."""
    ends = [_said(entry, column, language) for column in ("start", "end")]
    if not any(ends):
        return _said(entry, "edtf", language) if entry.span else ""
    return _between(*ends)


def told(reader: Reader, entry: Entry) -> Told:
    """What tables say of an entry, in the language of the reader."""
    layer, kinds_of = entry.layer, named(reader, entry, "kind")
    return Told(reader.name(entry.thing), layer.title(reader), layer.kind, kinds_of, when(entry, reader.language))


def named(reader: Reader, entry: Entry, column: str) -> tuple[Shown, ...]:
    """The things in a column."""
    return tuple(reader.name(iri) for iri in entry.values.get(column, ()))


def plainly(reader: Reader, entry: Entry, column: str) -> str:
    """The names of the things in a column, for a file."""
    return "; ".join(reader.plain(iri) for iri in entry.values.get(column, ()))


def days(entry: Entry) -> tuple[str, str]:
    """The first and the last day that the dates allow, for a file; "" where there is none."""
    if entry.span is None:
        return "", ""
    return entry.span.first.isoformat(), "" if entry.span.open else entry.span.last.isoformat()


def _layer(file: Path) -> Layer:
    question = kg.read_question(file)
    _, _, name = file.stem.partition("-")
    return Layer(name if file.stem[:1].isdigit() else file.stem, question, frozenset(question.columns))


def _entry(layer: Layer, values: Mapping[str, tuple[str, ...]]) -> Entry:
    return Entry(layer, values["thing"][0], values, _span(values))


def _span(values: Mapping[str, tuple[str, ...]]) -> Span | None:
    """When it was, a beginning in words between the days that these allow; at its end, when only that is known."""
    starts, worded = values.get("start", ()), zip(values.get("earliest", ()), values.get("latest", ()), strict=False)
    bounds = tuple(f"{first}/{last}" for first, last in worded)[:1]
    found = kg.periods.span(starts + bounds, values.get("end", ()), "lasts" in values)
    if not found.dated:
        return None
    return replace(found, start=found.end) if found.start.first == kg.periods.NEVER else found


def _said(entry: Entry, column: str, language: str) -> str:
    """The dates of a column that say something, as a reader writes them."""
    texts = kg.periods.telling(entry.values.get(column, ()))
    return " / ".join(known.text if (known := forms.dated(text, language)) else text for text in texts)


def _between(start: str, end: str) -> str:
    """Two dates with what they share said once: 2 – 3 November 2021."""  # noqa: RUF002
    if not start or not end or start == end:
        return start or end
    words, last = start.split(" "), end.split(" ")
    if "/" not in start + end:
        while len(words) > 1 and words[-1:] == last[-1:]:
            words, last = words[:-1], last[:-1]
    return f"{' '.join(words)} – {end}"  # noqa: RUF001


def _iri(name: str) -> str:
    text = request.args.get(name, "").strip()
    iri = kg.expand(text) if text else ""
    if iri is None:
        raise kg.ParameterError(f'{name}="{text}" is not an IRI or a prefixed name')
    return iri


def _year(name: str) -> int | None:
    text = request.args.get(name, "").strip()
    if not text:
        return None
    if not text.isascii() or not text.isdigit() or not 0 < int(text[:9]) < 10_000:
        raise kg.ParameterError(f'{name}="{text}" is not a year')
    return int(text)
