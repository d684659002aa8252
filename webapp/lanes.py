"""A timeline as numbers to draw: one lane per layer, what is uncertain in looks of its own, names where there is room.

Everything is in units of a picture 1000 wide, so that the server draws it and no script is needed.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

import kg
from webapp.layers import Entry, Layer, Span, when
from webapp.reading import Reader, Shown

Period = kg.periods.Period

WIDTH = 1000.0
MOST_MARKS = 300
"""Marks in one lane; more could not be told apart."""
MOST_NAMED = 120
"""A lane with more marks has no names in it, but each mark has its own."""
LETTER = 5.7
"""How wide a letter of a name is, about."""
LONGEST = 34
"""Letters of a name that are written beside its mark."""
ROW, HEAD, LEAST = 17.0, 26.0, 6.0
AXIS = 22.0
FADING = timedelta(days=300)
"""How long the end of a thing is drawn fading when nobody says when it was."""


@dataclass(frozen=True)
class Part:
    """A piece of a mark: `sure`, beginning (`in`), ending (`out`) or both (`both`) softly, or disputed (`differ`)."""

    look: str
    x: float
    width: float


@dataclass(frozen=True)
class Mark:
    """One thing in a lane."""

    name: Shown
    when: str
    parts: tuple[Part, ...]
    row: int
    label: str
    label_x: float


@dataclass(frozen=True)
class Lane:
    """One layer: what is drawn, how far down it begins, and how many more there are."""

    layer: str
    title: str
    kind: str
    y: float
    height: float
    marks: tuple[Mark, ...]
    left_out: int


@dataclass(frozen=True)
class Picture:
    """All lanes, with the years below them."""

    lanes: tuple[Lane, ...]
    ticks: tuple[tuple[str, float], ...]
    height: float
    years: tuple[int, int]

    @property
    def drawn(self) -> int:
        return sum(len(lane.marks) for lane in self.lanes)


@dataclass(frozen=True)
class Scale:
    """Years across the picture."""

    low: int
    high: int

    def x(self, day: date) -> float:
        return round((kg.periods.year_of(day) - self.low) * WIDTH / (self.high - self.low), 1)

    def ticks(self) -> tuple[tuple[str, float], ...]:
        """Where years begin: each, or every second, fifth … where they are many."""
        step = next((n for n in (1, 2, 5, 10, 20, 50, 100, 1000) if (self.high - self.low) / n <= 20), 1000)
        years = range(-(-self.low // step) * step, self.high, step)
        return tuple((str(year), self.x(date(max(year, 1), 1, 1))) for year in years)


def picture(reader: Reader, layers: Sequence[Layer], entries: Iterable[Entry], named: bool = True) -> Picture | None:
    """The things that have a date, which come by time, None when none has; with their names beside them, or without."""
    dated = [entry for entry in entries if entry.span]
    if not dated:
        return None
    spans = [entry.span for entry in dated if entry.span]
    scale = Scale(min(span.first.year for span in spans), max(span.last.year for span in spans) + 1)
    lanes: list[Lane] = []
    for layer in layers:
        own = [entry for entry in dated if entry.layer.name == layer.name]
        if own:
            y = lanes[-1].y + lanes[-1].height if lanes else AXIS
            lanes.append(_lane(reader, layer, own, scale, y, named and len(own) <= MOST_NAMED))
    height = lanes[-1].y + lanes[-1].height
    return Picture(tuple(lanes), scale.ticks(), height, (scale.low, scale.high - 1))


def _lane(reader: Reader, layer: Layer, entries: Sequence[Entry], scale: Scale, y: float, named: bool) -> Lane:
    marks = _packed([_mark(reader, entry, scale, named) for entry in entries[:MOST_MARKS]])
    height = HEAD + ROW * (1 + max(mark.row for mark in marks))
    title = layer.title(reader)
    return Lane(layer.name, title, layer.kind, y, height, marks, max(0, len(entries) - MOST_MARKS))


def _mark(reader: Reader, entry: Entry, scale: Scale, named: bool) -> Mark:
    parts, name = _parts(_span(entry), scale), reader.name(entry.thing)
    label = _cut(name.text) if named else ""
    right = max(part.x + part.width for part in parts)
    left = min(part.x for part in parts)
    room = right + 4 + LETTER * len(label) <= WIDTH
    return Mark(
        name, when(entry, reader.language), parts, 0, label, right + 4 if room else left - 4 - LETTER * len(label)
    )


def _packed(marks: Sequence[Mark]) -> tuple[Mark, ...]:
    """Each mark on the first row in which it covers no other."""
    ends: list[float] = []
    placed = []
    for mark in marks:
        left = min([*(part.x for part in mark.parts), mark.label_x])
        right = max([*(part.x + part.width for part in mark.parts), mark.label_x + LETTER * len(mark.label)])
        row = next((number for number, end in enumerate(ends) if end <= left), len(ends))
        ends[row:] = [right + 5, *ends[row + 1 :]]
        placed.append(replace(mark, row=row))
    return tuple(placed)


def _parts(span: Span, scale: Scale) -> tuple[Part, ...]:
    """The pieces of a mark, which is never too small to be seen."""
    if span.open:
        begun = [_part("in", span.start, scale)] if span.start.first < span.start.last else []
        return (*begun, _part("open", Period(span.start.last, _after(span.start.last, FADING)), scale))
    whole = Period(span.first, span.last)
    if span.sure is None:
        return (_part("differ" if span.disputed else "both", whole, scale),)
    if scale.x(span.last) - scale.x(span.first) < LEAST:
        look = "differ" if span.disputed else "both" if span.fuzzy else "sure"
        return (_part(look, whole, scale),)
    before, after = Period(span.first, span.sure.first), Period(span.sure.last, span.last)
    pieces = [("differ" if span.disputed else "in", before), ("sure", span.sure)]
    pieces.append(("differ" if span.disputed else "out", after))
    return tuple(_part(look, piece, scale) for look, piece in pieces if look == "sure" or piece.first < piece.last)


def _part(look: str, days: Period, scale: Scale) -> Part:
    left, right = scale.x(days.first), min(scale.x(_after(days.last)), WIDTH)
    width = max(round(right - left, 1), 0.5 if look in ("in", "out") else LEAST)
    return Part(look, min(left, WIDTH - width), width)


def _after(day: date, time: timedelta = timedelta(days=1)) -> date:
    return day + min(time, date.max - day)


def _span(entry: Entry) -> Span:
    assert entry.span  # noqa: S101  # only dated things are drawn
    return entry.span


def _cut(text: str) -> str:
    return text if len(text) <= LONGEST else text[: LONGEST - 1].rstrip() + "…"
