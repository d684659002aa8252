"""Pictures of an answer: which ones its columns allow, and what each shows, in numbers and in words.

Columns follow the packs: a thing, its name, then facts. Bars and timelines are drawn here, so that they need no script;
maps and networks are drawn in the browser from `data`.
"""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

from flask_babel import format_decimal, gettext, ngettext

import kg
from webapp import forms
from webapp.flows import Flows, flows
from webapp.reading import Reader, Shown
from webapp.values import is_amount, is_dated, is_number, is_thing, text_of, years_of

MOST_ROWS = 2000
"""Rows of an answer that are looked at for a picture."""
MOST_MARKS = {"bar": 60, "timeline": 200, "map": MOST_ROWS, "network": 600, "sankey": 150}
"""Rows that are drawn; more could not be told apart."""

Row = Sequence[kg.Term | None]

_LATITUDE, _LONGITUDE = ("lat", "latitude"), ("long", "longitude", "lng", "lon")
_STARTS, _ENDS = ("start", "date", "since", "first", "from", "year", "startdate"), ("end", "last", "until", "enddate")
_FROM, _TO = ("from", "source", "subject"), ("to", "target", "object")
_NO_MEASURES = {*_LATITUDE, *_LONGITUDE, *_STARTS, *_ENDS}


@dataclass(frozen=True)
class Mark:
    """A line of a drawing: what it stands for, its figures as text, where it begins and how long it is, in percent."""

    things: tuple[Shown, ...]
    text: str
    start: float
    length: float


@dataclass(frozen=True)
class Drawing:
    """A picture: what is seen on it, what is not, and its marks or the data that a script draws."""

    view: str
    summary: str
    note: str
    marks: tuple[Mark, ...] = ()
    ticks: tuple[tuple[str, float], ...] = ()
    data: Mapping[str, object] = field(default_factory=dict)
    flows: Flows | None = None
    things: Mapping[str, tuple[Shown, str]] = field(default_factory=dict)
    """Name and kind of each thing that flows join."""


@dataclass(frozen=True)
class Table:
    """An answer, or the first rows of one: its variables, what they are called, and for whom it is drawn."""

    columns: Sequence[str]
    headings: Sequence[str]
    rows: Sequence[Row]
    total: int
    reader: Reader

    def fitting(self) -> list[str]:
        """The pictures that the columns allow."""
        return [view for view, (fits, _) in _VIEWS.items() if self.rows and fits(self)]

    def drawn(self, view: str) -> Drawing | None:
        """The picture of that kind, None where the columns do not allow it."""
        if view not in self.fitting():
            return None
        drawing = _VIEWS[view][1](replace(self, rows=self.rows[: MOST_MARKS[view]]))
        return drawing if drawing.marks or drawing.data or drawing.flows else None

    @cached_property
    def names(self) -> set[int]:
        """The columns that name the things in the column before."""
        ending = [place for place, column in enumerate(self.columns) if place and column.lower().endswith("name")]
        return {place for place in ending if self.holds(place - 1, is_thing)}

    def place(self, names: Sequence[str], fits: Callable[[kg.Term], bool]) -> int | None:
        """The first column with one of these names, the likeliest name first, whose values fit."""
        low = [column.lower() for column in self.columns]
        places = (low.index(name) for name in names if name in low)
        return next((place for place in places if self.holds(place, fits)), None)

    def holds(self, place: int, fits: Callable[[kg.Term], bool]) -> bool:
        """True if a column has values, and all of them fit."""
        values = [row[place] for row in self.rows if row[place] is not None]
        return bool(values) and all(fits(value) for value in values if value is not None)

    def things_of(self, row: Row, before: int | None = None) -> tuple[Shown, ...]:
        """The things and words of a row, up to a column; a thing is called by the name in the column after it."""
        shown: list[Shown] = []
        last = len(row) if before is None else before
        for place in range(last):
            term = row[place]
            if term is None or place in self.names or is_number(term):
                continue
            named = self.reader.value(term)
            if place + 1 in self.names and isinstance(name := row[place + 1], kg.Literal):
                named = replace(self.reader.value(name), href=named.href, outside=named.outside)
            shown.append(named)
        return tuple(shown)

    def measure(self) -> int | None:
        """The first column of numbers that count or measure something."""
        places = range(len(self.columns))
        wanted = (place for place in places if self.columns[place].lower() not in _NO_MEASURES)
        return next((place for place in wanted if self.holds(place, is_amount)), None)

    def position(self) -> tuple[int, int] | None:
        """The columns of latitude and longitude."""
        latitude, longitude = self.place(_LATITUDE, is_number), self.place(_LONGITUDE, is_number)
        return None if latitude is None or longitude is None else (latitude, longitude)

    def ends(self) -> tuple[int, int] | None:
        """The columns of the things that a row joins."""
        named = self.place(_FROM, is_thing), self.place(_TO, is_thing)
        if named[0] is not None and named[1] is not None:
            return named[0], named[1]
        things = [place for place in range(len(self.columns)) if self.holds(place, is_thing)]
        return (things[0], things[1]) if len(things) > 1 else None

    def begin(self) -> int | None:
        """The column of dates at which things begin."""
        return self.place(_STARTS, is_dated)


def _bar(table: Table) -> Drawing:
    place = table.measure() or 0
    amounts = [(row, float(text_of(row[place]))) for row in table.rows if row[place] is not None]
    most = max((amount for _, amount in amounts), default=0) or 1
    marks = tuple(
        Mark(table.things_of(row, place), format_decimal(text_of(row[place])), 0, round(100 * amount / most, 2))
        for row, amount in amounts
    )
    largest, smallest = (choose(marks, key=lambda mark: mark.length) for choose in (max, min))
    summary = gettext(
        "%(measure)s: from %(least)s (%(smallest)s) to %(most)s (%(largest)s).",
        measure=table.headings[place],
        least=smallest.text,
        smallest=_said(smallest.things),
        most=largest.text,
        largest=_said(largest.things),
    )
    return Drawing("bar", summary, _note(table, len(marks)), marks)


def _timeline(table: Table) -> Drawing:
    first, last = table.begin() or 0, table.place(_ENDS, is_dated)
    spans: Counter[tuple[float, float, str, tuple[Shown, ...]]] = Counter()
    for row in table.rows:
        begin = years_of(row[first])
        end = years_of(row[last]) if last is not None else None
        if begin:
            days = text_of(row[first]), text_of(row[last if last is not None and end else first])
            text = forms.between(*days, table.reader.language)
            spans[begin[0], max((end or begin)[1], begin[1]), text, table.things_of(row, first)] += 1
    if not spans:
        return Drawing("timeline", "", "")
    low, high = int(min(span[0] for span in spans)), int(max(span[1] for span in spans) - 0.001) + 1
    share = 100 / (high - low)
    marks = tuple(
        Mark(things, text, round((begin - low) * share, 2), max(0.4, round((end - begin) * share, 2)))
        for begin, end, text, things in sorted(spans, key=lambda span: span[:2])
    )
    step = next(step for step in (1, 2, 5, 10, 20, 50, 100, 1000) if (high - low) / step <= 8)
    ticks = tuple((str(year), round((year - low) * share, 2)) for year in range(-(-low // step) * step, high, step))
    summary = ngettext(
        "%(num)d thing, from %(first)s to %(last)s.",
        "%(num)d things, from %(first)s to %(last)s.",
        len({mark.things[:1] or mark for mark in marks}),
        first=low,
        last=high - 1,
    )
    return Drawing("timeline", summary, _note(table, spans.total()), marks, ticks)


def _map(table: Table) -> Drawing:
    latitude, longitude = table.position() or (0, 0)
    measure = table.measure()
    places: dict[tuple[float, float], list[dict[str, object]]] = {}
    for row in table.rows:
        if row[latitude] is not None and row[longitude] is not None:
            point = float(text_of(row[latitude])), float(text_of(row[longitude]))
            things = table.things_of(row, min(latitude, longitude)) or (Shown(", ".join(map(str, point))),)
            amount = "" if measure is None else text_of(row[measure])
            thing = next((term.value for term in row if isinstance(term, kg.NamedNode)), "")
            shown = _link(things[0]) | _coloured(table.reader, thing)
            places.setdefault(point, []).append({**shown, "amount": amount})
    summary = ngettext("A map with %(num)d place: ", "A map with %(num)d places: ", len(places)) + _some(
        [str(things[0]["text"]) for things in places.values()]
    )
    data = {"places": [{"at": point, "things": things} for point, things in places.items()]} if places else {}
    if measure is not None and data:
        data["measure"] = table.headings[measure]  # type: ignore[assignment]
    return Drawing("map", summary, _note(table, sum(map(len, places.values()))), data=data)


def _network(table: Table) -> Drawing:
    first, second = table.ends() or (0, 0)
    measure = table.measure()
    named: dict[str, Shown] = {}
    ties: dict[tuple[str, str], float] = {}
    for row in table.rows:
        pair = row[first], row[second]
        if all(isinstance(term, kg.NamedNode) for term in pair):
            one, other = map(text_of, pair)
            for iri in (one, other):
                named.setdefault(iri, table.reader.name(iri))
            amount = 1.0 if measure is None or row[measure] is None else float(text_of(row[measure]))
            ties[one, other] = ties.get((one, other), 0) + amount
    numbers = {iri: number for number, iri in enumerate(named)}
    degree = Counter(one for one, _ in dict.fromkeys((*ties, *((other, one) for one, other in ties))))
    data = {
        "things": [
            {**_link(shown), **_coloured(table.reader, iri), "ties": degree[iri]} for iri, shown in named.items()
        ],
        "ties": [(numbers[one], numbers[other], amount) for (one, other), amount in ties.items()],
    }
    central = [f"{named[iri].text} ({count})" for iri, count in degree.most_common(3)]
    summary = gettext(
        "A network of %(things)d things with %(ties)d links between them; most linked: %(central)s.",
        things=len(named),
        ties=len(ties),
        central=", ".join(central),
    )
    return Drawing("network", summary, _note(table, len(table.rows)), data=data if ties else {})


def _sankey(table: Table) -> Drawing:
    first, second = table.ends() or (0, 0)
    measure = table.measure() or 0
    amounts: dict[tuple[str, str], float] = {}
    for row in table.rows:
        if all(isinstance(row[place], kg.NamedNode) for place in (first, second)) and row[measure] is not None:
            pair = text_of(row[first]), text_of(row[second])
            amounts[pair] = amounts.get(pair, 0) + float(text_of(row[measure]))
    drawn = flows(amounts)
    reader = table.reader
    things = {box.thing: (reader.name(box.thing), reader.kind(box.thing)) for box in drawn.boxes}
    widest = sorted(drawn.bands, key=lambda band: -band.amount)[:3]
    said = [f"{things[one][0].text} → {things[other][0].text}" for one, other in (band.ends for band in widest)]
    summary = gettext(
        "%(measure)s, as the width of %(bands)d bands between %(things)d things; widest: %(widest)s.",
        measure=table.headings[measure],
        bands=len(drawn.bands),
        things=len(things),
        widest="; ".join(said),
    )
    flown = drawn if drawn.bands else None
    return Drawing("sankey", summary, _note(table, len(drawn.bands)), flows=flown, things=things)


_VIEWS: dict[str, tuple[Callable[[Table], bool], Callable[[Table], Drawing]]] = {
    "bar": (lambda table: table.measure() is not None and len(table.columns) > 1, _bar),
    "map": (lambda table: table.position() is not None, _map),
    "timeline": (lambda table: table.begin() is not None, _timeline),
    "network": (lambda table: table.ends() is not None, _network),
    "sankey": (lambda table: table.ends() is not None and table.measure() is not None, _sankey),
}


def _link(shown: Shown) -> dict[str, object]:
    return {"text": shown.text, "href": shown.href}


def _coloured(reader: Reader, iri: str) -> dict[str, object]:
    """The colour of a thing of the graph, that of its kind; nothing for any other."""
    return {"colour": f"kind-{reader.kind(iri)}"} if iri.startswith(kg.BASE) else {}


def _said(things: Sequence[Shown]) -> str:
    return " · ".join(thing.text for thing in things) or "-"


def _some(names: Sequence[str]) -> str:
    return ", ".join(names[:5]) + (" …" if len(names) > 5 else ".")


def _note(table: Table, drawn: int) -> str:
    """What of the answer is not in the picture."""
    if drawn >= table.total:
        return ""
    return str(gettext("%(drawn)d of %(total)d rows are drawn; the table has all.", drawn=drawn, total=table.total))
