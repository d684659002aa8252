"""Tables and pictures on the page of a thing: each query under `queries/panels/<class>/` is one, for every member.

Those under `resource/` are for everything (rdfs:Resource). They stand in the order of their file names, and `view` in
the header of a query says how its answer is drawn: a timeline or a map beside the table, or the thing and its ties.
"""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace

import kg
from webapp import forms, links, marking
from webapp.drawings import Drawing, Table
from webapp.reading import Reader, Shown, without_header, without_repeats
from webapp.ties import Star, star, ties_of
from webapp.values import text_of
from webapp.wording import worded

FOLDER = kg.ROOT / "queries" / "panels"
THING = "_thing_iri"
"""The variable of a panel's query that stands for the thing."""
RESOURCE = "http://www.w3.org/2000/01/rdf-schema#Resource"
MOST_ROWS = 25
MOST_DRAWN = 40

Row = Sequence[kg.Term | None]

_DATES = {"start", "end", "date", "since", "first", "last"}
_AMOUNT, _CURRENCY, _SOURCES, _RECORD = "amount", "currency", "sources", "record"
_STATEMENT = ("subject", "property", "object")
"""The columns for the statement that a row rests on; an end that is not among them is the thing of the page."""


@dataclass(frozen=True)
class Panel:
    """A table: what it shows and what to mind, some of its rows, how many there are, the query behind it; a picture."""

    title: str
    caveats: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Shown | None, ...], ...]
    total: int
    query: str
    drawing: Drawing | None = None
    star: Star | None = None
    anchor: str = ""


def panels(reader: Reader, iri: str, classes: Iterable[str]) -> list[Panel]:
    """The panels for a thing of some classes, by file name; one without rows is left out."""
    asked = [
        question for question, needs in _questions(reader, (*classes, RESOURCE)) if kg.meets(reader.store, iri, needs)
    ]
    found = [_panel(reader, iri, question) for question in asked]
    return [panel for panel in found if panel is not None]


def _questions(reader: Reader, classes: tuple[str, ...]) -> list[tuple[kg.Question, list[kg.Need]]]:
    """The question of each panel, and what has to be said of a thing for it to have rows."""

    def find() -> list[tuple[kg.Question, list[kg.Need]]]:
        files = {file for name in classes for file in (FOLDER / _folder(name)).glob("*.rq")}
        read = [kg.read_question(file) for file in sorted(files, key=lambda file: (file.name, file))]
        asked = [replace(question, text=without_header(question.text)) for question in read]
        return [(question, kg.needs_of(question.text, THING)) for question in asked]

    return reader.kept(("panels", classes), find)


def _folder(iri: str) -> str:
    """The folder for a class: `local-government` for `…#LocalGovernment`."""
    return re.sub(r"(?<=[a-z])(?=[A-Z])", "-", kg.readable_tail(iri)).lower()


def _panel(reader: Reader, iri: str, question: kg.Question) -> Panel | None:
    text = kg.fill(question, {"thing": iri})
    answer = reader.store.query(text, name=question.name)
    rows = [tuple(row[column] for column in answer.columns) for row in answer.rows]
    if not rows:
        return None
    named = [reader.column(question, name) for name in answer.columns]
    columns, cells = without_repeats(*_told(reader, iri, answer.columns, named, rows[:MOST_ROWS]))
    return Panel(
        worded(question, "summary", reader.language),
        worded(question, "caveats", reader.language),
        columns,
        cells,
        len(rows),
        links.query(text),
        _drawing(reader, question.view, answer.columns, named, rows),
        star(reader, iri, ties_of(rows)) if question.view == "network" else None,
        question.name.replace("/", "-"),
    )


def _drawing(
    reader: Reader, view: str, columns: Sequence[str], named: Sequence[str], rows: Sequence[Row]
) -> Drawing | None:
    if view not in ("timeline", "map"):
        return None
    return Table(columns, named, rows[:MOST_DRAWN], len(rows), reader).drawn(view)


def _told(
    reader: Reader, iri: str, columns: Sequence[str], named: Sequence[str], rows: Sequence[Row]
) -> tuple[list[str], list[tuple[Shown | None, ...]]]:
    """The table in the reader's form; an amount and its currency are one column, so are sources and their record."""
    tell = [_teller(reader, name) for name in columns]
    folded: set[str] = set()
    if _AMOUNT in columns and _CURRENCY in columns:
        tell[columns.index(_AMOUNT)] = _money(reader, columns.index(_CURRENCY))
        folded = {_CURRENCY}
    if _SOURCES in columns:
        tell[columns.index(_SOURCES)] = _evidence(iri, columns)
        folded |= {_RECORD, *_STATEMENT}
    told = [place for place, name in enumerate(columns) if name not in folded]
    kept = [place for place in told if any(_says(row[place]) for row in rows)]
    return [named[place] for place in kept], [tuple(tell[place](row, place) for place in kept) for row in rows]


def _says(term: kg.Term | None) -> bool:
    return term is not None and str(getattr(term, "value", term)) != ""


Teller = Callable[[Row, int], Shown | None]


def _teller(reader: Reader, column: str) -> Teller:
    def tell(row: Row, place: int) -> Shown | None:
        term = row[place]
        if term is None:
            return None
        dated = forms.dated(term.value, reader.language) if column in _DATES and isinstance(term, kg.Literal) else None
        return Shown(dated.text, moment=dated.moment, unbroken=True) if dated else reader.told(term)

    return tell


def _money(reader: Reader, currency: int) -> Teller:
    def tell(row: Row, place: int) -> Shown | None:
        term, unit = row[place], row[currency]
        if not isinstance(term, kg.Literal) or not isinstance(unit, kg.Literal):
            return None if term is None else reader.told(term)
        return Shown(forms.amount(term.value, unit.value, reader.language), number=True, unbroken=True)

    return tell


def _evidence(iri: str, columns: Sequence[str]) -> Teller:
    """How many sources there are, leading to the record that says which, or to why the row's statement is there."""
    places = [(name, columns.index(name)) for name in (_RECORD, *_STATEMENT) if name in columns]

    def tell(row: Row, place: int) -> Shown | None:
        about = {name: text_of(row[at]) for name, at in places if row[at] is not None}
        record, subject, predicate, value = (about.get(name, "") for name in (_RECORD, *_STATEMENT))
        address = links.of(record) if record else links.why_of(subject or iri, predicate, value or iri)
        return Shown(marking.sources(int(text_of(row[place]))), address)

    return tell
