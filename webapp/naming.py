"""Who calls this thing what: its names, kinds, roles and identifiers, source by source; and the same as SSSOM."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, Response, g

import kg
from webapp import links
from webapp.paging import ROWS_PER_PAGE, Pages, page_number, split
from webapp.reading import Backing, Reader, Shown, without_header
from webapp.replies import data, show, table

views = Blueprint("naming", __name__)

TWINS = ("csv", "json", "sssom.tsv")
TSV = "text/tab-separated-values"
QUESTION = "provenance/called"

Row = dict[str, Any]
Cell = tuple[tuple[Shown, Shown | None, bool], ...]
"""The values that a source gives for a field: each with its property if that has to be said, and if others differ."""


@dataclass(frozen=True)
class Said:
    """One value that a source gives, under a field of the table.

    Of a single property a thing has one value, if sources agree; a named one says which property it is.
    """

    field: str
    single: bool
    named: bool
    source: str
    property: str
    value: kg.Term


@dataclass(frozen=True)
class Field:
    """A column of the table: how many different values there are in it, and whether sources contradict each other."""

    name: str
    title: str
    values: int
    differs: bool


@dataclass(frozen=True)
class Line:
    """What one source says, field by field."""

    source: Backing
    cells: tuple[Cell, ...]


@views.route("/names.sssom.tsv")
def mappings() -> Response:
    return data(kg.sssom(g.store, g.store.id), TSV, "names.sssom.tsv")


@views.route("/names/<path:path>")
def names(path: str) -> Response:
    path, extension = split(path, TWINS) if not path.endswith(".sssom.tsv") else (path[:-10], "sssom.tsv")
    reader = Reader(g.store, g.language)
    iri, said = _found(reader, path)
    if extension == "sssom.tsv":
        return data(kg.sssom(g.store, g.store.id, iri), TSV, f"{kg.readable_tail(iri)}.sssom.tsv")
    if extension:
        rows = [(one.source, one.field, one.property, _text(one.value), _tongue(one.value)) for one in said]
        columns = ("source", "field", "property", "value", "language")
        return table(columns, rows, extension, {"about": iri, "total": len(rows)})
    fields = _fields(reader, said)
    lines = _lines(reader, said, fields)
    pages = Pages(page_number(), len(lines), ROWS_PER_PAGE)
    return show(
        "names.html",
        iri=iri,
        thing=reader.name(iri),
        kind=reader.kind(iri),
        fields=fields,
        lines=pages.part(lines),
        pages=pages,
        addresses=pages.addresses(lambda number: links.names(iri, page=number)),
        twins={extension: links.names(iri, extension) for extension in TWINS},
        query=links.query(without_header(kg.text_of(g.store, QUESTION, thing=iri))),
    )


def _found(reader: Reader, path: str) -> tuple[str, list[Said]]:
    """The thing that an address stands for, and what sources call it; UnknownNameError where none calls it anything."""
    for iri in filter(kg.expand, links.candidates(path)):
        if said := [_said(row) for row in reader.ask(QUESTION, thing=iri)]:
            return iri, said
    hits = kg.search(g.store, kg.readable_tail(path).replace("-", " "), 3, g.language)
    raise kg.UnknownNameError(path, [hit.label for hit in hits])


def _said(row: Row) -> Said:
    single, named = (row[key] is not None and row[key].value == "true" for key in ("single", "named"))
    return Said(row["field"].value, single, named, row["source"].value, row["property"].value, row["value"])


def _fields(reader: Reader, said: Sequence[Said]) -> list[Field]:
    question = kg.question(QUESTION)
    contested = _contested(said)
    fields = []
    for name in dict.fromkeys(one.field for one in said):
        held = [one for one in said if one.field == name]
        differs = any((one.field, one.property) in contested for one in held)
        fields.append(Field(name, reader.column(question, name), len({one.value for one in held}), differs))
    return fields


def _contested(said: Sequence[Said]) -> set[tuple[str, str]]:
    """The fields and properties that can have one value only and have several."""
    values: dict[tuple[str, str], set[kg.Term]] = {}
    for one in said:
        if one.single:
            values.setdefault((one.field, one.property), set()).add(one.value)
    return {key for key, held in values.items() if len(held) > 1}


def _lines(reader: Reader, said: Sequence[Said], fields: Sequence[Field]) -> list[Line]:
    """A line per source, those that say most first."""
    contested = _contested(said)
    by_source: dict[str, list[Said]] = {}
    for one in said:
        by_source.setdefault(one.source, []).append(one)

    def cell(source: str, field: Field) -> Cell:
        held = [one for one in by_source[source] if one.field == field.name]
        return tuple((reader.value(one.value), _property(reader, one), _key(one) in contested) for one in held)

    lines = [Line(reader.backing(source), tuple(cell(source, field) for field in fields)) for source in by_source]
    return sorted(lines, key=lambda line: (-sum(map(bool, line.cells)), kg.fold(line.source.name.text)))


def _property(reader: Reader, one: Said) -> Shown | None:
    return reader.name(one.property) if one.named else None


def _key(one: Said) -> tuple[str, str]:
    return one.field, one.property


def _text(term: kg.Term) -> str:
    return str(getattr(term, "value", term))


def _tongue(term: kg.Term) -> str:
    return getattr(term, "language", None) or ""
