"""The graph as tables: one row per statement, or one row per thing with the columns of its class."""

import csv
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from io import StringIO
from pathlib import Path

import pyoxigraph as ox

from kg import facets, lists, names
from kg.classes import slug
from kg.errors import FormatError
from kg.frames import write_parquet
from kg.store import Store
from kg.terms import ONTOLOGY, Term, Value, value

FORMATS = ("csv", "parquet", "xlsx")
STATEMENTS = "statements"
BETWEEN = "; "
"""What stands between several values in one cell."""

_TYPE = ox.NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type")
_COLUMNS = ("subject", "subject_label", "property", "property_label", "object", "object_label")
_ABOUT = ("datatype", "language", "source", "source_label")


@dataclass(frozen=True)
class Table:
    """Named columns, and rows of plain values."""

    columns: tuple[str, ...]
    rows: tuple[tuple[Value | None, ...], ...]


def statements_table(store: Store, quads: Iterable[ox.Quad], language: str = "en") -> Table:
    """One row per statement and graph, sorted: IRIs with their labels, literals as written, and who says so.

    A statement that two sources make has two rows; `source` is the graph, that of a rule for what follows by rule.
    """
    label = _labels(store, language)
    ordered = sorted(quads, key=lambda q: (*map(str, (q.subject, q.predicate, q.object)), str(q.graph_name)))
    return Table((*_COLUMNS, *_ABOUT), tuple(_statement(quad, label) for quad in ordered))


def things_table(store: Store, cls: str, iris: Sequence[str] | None = None, language: str = "en") -> Table:
    """One row per member of a class (or per given IRI): IRI, label, and the columns of queries/lists for the class.

    A single number or day stays one; several values of a cell are joined by BETWEEN, things by their labels.
    """
    known = lists.listing(store, cls)
    label = _labels(store, language)
    chosen = facets.members(store, cls).iris if iris is None else iris
    rows = ((iri, label(iri), *(_cell(cell, label) for cell in known.of(iri))) for iri in chosen)
    return Table(("iri", "label", *known.columns), tuple(rows))


def things_tables(store: Store, language: str = "en") -> dict[str, Table]:
    """A table for each file of queries/lists with members in the store, by the name of the file, sorted."""
    classes = {o.value for _, _, o in store.statements(predicate=_TYPE) if isinstance(o, ox.NamedNode)}
    named: dict[str, str] = {}
    for cls in sorted(classes, key=lambda iri: (not iri.startswith(ONTOLOGY), iri)):
        named.setdefault(slug(cls), cls)
    files = sorted(file.stem for file in lists.FOLDER.glob("*.rq"))
    return {name: things_table(store, named[name], language=language) for name in files if name in named}


def write_table(table: Table, format: str) -> bytes:
    """A table as csv, parquet or xlsx; FormatError for another format, or for more than a spreadsheet holds."""
    if format == "csv":
        out = StringIO()
        csv.writer(out, lineterminator="\r\n").writerows([table.columns, *table.rows])
        return out.getvalue().encode()
    if format == "parquet":
        return write_parquet(table.columns, table.rows)
    if format == "xlsx":
        return write_workbook({STATEMENTS if "subject" in table.columns else "list": table})
    raise FormatError(f'no table is written as "{format}": choose {", ".join(FORMATS)}')


def write_workbook(tables: Mapping[str, Table]) -> bytes:
    """Tables by name as the sheets of one workbook."""
    from kg.spreadsheets import write_sheets  # takes as long to import as the rest of kg, and is seldom needed

    return write_sheets({name: (list(t.columns), [list(row) for row in t.rows]) for name, t in tables.items()})


def write_folder(store: Store, format: str, language: str = "en") -> dict[Path, bytes]:
    """The whole graph as files by name: statements, and one for each class that has a list."""
    tables = {STATEMENTS: statements_table(store, store.quads(), language), **things_tables(store, language)}
    return {Path(f"{name}.{format}"): write_table(table, format) for name, table in tables.items()}


def _labels(store: Store, language: str) -> Callable[[str], str]:
    index = names.index_of(store)
    return cache(lambda iri: index.label(iri, language)[0])


def _statement(quad: ox.Quad, label: Callable[[str], str]) -> tuple[Value | None, ...]:
    subject, held, graph = _text(quad.subject), quad.object, _text(quad.graph_name)
    literal = held if isinstance(held, ox.Literal) else None
    return (
        *(subject, label(subject), quad.predicate.value, label(quad.predicate.value)),
        *(_text(held), literal.value if literal else label(_text(held))),
        *(literal.datatype.value if literal else None, literal.language if literal else None),
        *(graph, label(graph)),
    )


def _text(term: object) -> str:
    return str(getattr(term, "value", term))


def _cell(terms: Sequence[Term], label: Callable[[str], str]) -> Value | None:
    said = [label(term.value) if isinstance(term, ox.NamedNode) else value(term) for term in terms]
    return said[0] if len(said) == 1 else BETWEEN.join(dict.fromkeys(map(str, said))) or None
