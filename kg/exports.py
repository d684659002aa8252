"""Rows and graphs out: tables for reading and files for taking along."""

from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches
from io import StringIO
from pathlib import Path

import pyoxigraph as ox
from rich.console import Console
from rich.table import Table
from rich.text import Text

from kg import loading, names, tables
from kg.errors import FileError, FormatError, SnapshotError, UnknownNameError
from kg.snapshot import Snapshot, home_folder, open_snapshot, snapshots
from kg.store import RESULT_FORMATS, Answer, Store
from kg.terms import BASE, expand, show
from kg.writing import QUAD_FORMATS, TRIPLE_FORMATS, by_text, whole, write_dump, write_quads


@dataclass(frozen=True)
class Difference:
    """Statements (quads) that are only in the new graph and only in the old one, each sorted."""

    added: tuple[ox.Quad, ...]
    removed: tuple[ox.Quad, ...]


def write_answer(answer: Answer, format: str, width: int | None = None) -> bytes:
    """An answer as `table` (for a terminal of `width` columns), `md`, `xlsx`, a W3C result format, or an RDF syntax."""
    if format == "xlsx":
        from kg.spreadsheets import to_spreadsheet  # takes as long to import as the rest of kg, and is seldom needed

        return to_spreadsheet(answer)
    if format not in ("table", "md"):
        return answer.write(format)
    if answer.kind == "ask":
        return b"yes\n" if answer.boolean else b"no\n"
    if answer.kind == "construct":
        if format == "md":
            raise FormatError('triples cannot be written as "md": choose ttl, nt, rdf, jsonld, trig or nq')
        return answer.write("ttl")
    rows = [[show(row[column]) for column in answer.columns] for row in answer.rows]
    text = _markdown(answer.columns, rows) if format == "md" else table(answer.columns, rows, width)
    return text.encode()


def table(columns: list[str], rows: list[list[str]], width: int | None = None) -> str:
    """Rows as a ruled text table that wraps within `width`, with their number beneath.

    What the eye can spare is left out, and said to be: empty columns, and the IRI of a thing named beside it.
    """
    shown = [n for n, column in enumerate(columns) if not _named(columns, n) and (not rows or any(r[n] for r in rows))]
    grid = Table(show_edge=False, header_style="bold")
    for n in shown:
        grid.add_column(columns[n], overflow="fold")
    for row in rows:
        grid.add_row(*(Text(row[n]) for n in shown))
    out = StringIO()
    console = Console(file=out, width=width or 120, force_terminal=False)
    console.print(grid)
    spared = [column for n, column in enumerate(columns) if n not in shown]
    more = f"; not shown: {', '.join(spared)} (--format csv has them)" if spared else ""
    return out.getvalue() + f"{len(rows)} row{'' if len(rows) == 1 else 's'}{more}\n"


def _named(columns: list[str], number: int) -> bool:
    """True if the next column names the thing in this one: `cityName` beside `city`, or `name` beside the first."""
    beside = columns[number + 1] if number + 1 < len(columns) else ""
    return beside in {columns[number] + "Name", "name" if number == 0 else ""} - {""}


def export(store: Store, format: str = "ttl", about: str | None = None, source: str | None = None) -> bytes:
    """The graph in an RDF syntax (ttl, trig, nt, nq, jsonld, rdf): all of it, what is said about and points to one
    thing, what one source states, or what that states about the thing.

    Raises FormatError for another syntax, UnknownNameError for a thing or source that is not there.
    """
    return write_quads(_part(store, about, source), format)


def export_table(
    store: Store, format: str = "csv", about: str | None = None, source: str | None = None, language: str = "en"
) -> bytes:
    """The graph, or a part of it as `export` has it, as a table with one row per statement: csv, parquet or xlsx.

    The whole graph as xlsx is a workbook instead, with a sheet for each class that has a file in queries/lists and one
    row per thing. Raises FormatError, UnknownNameError, and MissingLibraryError for parquet without polars.
    """
    if format == "xlsx" and about is None and source is None:
        return tables.write_workbook(tables.things_tables(store, language))
    return tables.write_table(tables.statements_table(store, _part(store, about, source), language), format)


def _part(store: Store, about: str | None, source: str | None) -> Iterable[ox.Quad]:
    only = None if source is None else graph_named(store, source)
    if about is None:
        return store.quads(only)
    node = ox.NamedNode(names.index_of(store).resolve(about))
    held = store.statements(subject=node) | store.statements(object=node)
    if not held:
        raise UnknownNameError(about)
    return [ox.Quad(*s, ox.NamedNode(graph)) for s, graphs in held.items() for graph in graphs if only in (None, graph)]


def graph_named(store: Store, source: str) -> str:
    """The graph that a source's slug, short name, IRI or title stands for; UnknownNameError when there is none."""
    known = store.graphs()
    for candidate in (BASE + "source/" + source, expand(source)):
        if candidate in known:
            return str(candidate)
    graph = names.index_of(store).resolve(source)
    if graph not in known:
        raise UnknownNameError(source, get_close_matches(source, [g.removeprefix(BASE + "source/") for g in known]))
    return graph


def dump(snapshot: Snapshot, format: str) -> Path:
    """The file of the whole graph in an RDF syntax, kept in the folder of the snapshot; made when first asked for.

    Raises FormatError for another syntax, SnapshotError when the folder cannot be written to.
    """
    if format not in {**TRIPLE_FORMATS, **QUAD_FORMATS}:
        raise FormatError(f'no RDF syntax "{format}": choose {", ".join([*TRIPLE_FORMATS, *QUAD_FORMATS])}')
    file = snapshot.path / "downloads" / f"graph.{format}"
    if file.exists():
        return file
    try:
        file.parent.mkdir(exist_ok=True)
        with whole(file) as new:
            write_dump(snapshot.quads(), snapshot.merged(), format, new)
    except OSError as error:
        raise SnapshotError(f"{file}: cannot be written: {error.strerror}") from error
    return file


def write_file(path: Path, data: bytes) -> None:
    """A whole file or none: written beside its place, then renamed; FileError when that fails.

    A link stays one to the file, and what is no file, such as a pipe, is written to as it is.
    """
    try:
        if path.exists() and not path.is_file():
            path.write_bytes(data)
            return
        with whole(path.resolve()) as new:
            new.write_bytes(data)
    except OSError as error:
        raise FileError(path, f"cannot be written: {error.strerror}") from error


def diff(old: Store, new: Store) -> Difference:
    """What is only in `new` and only in `old`, as quads; blank nodes are compared by canonical names (RDFC-1.0)."""
    before, after = _canonical(old), _canonical(new)
    return Difference(tuple(sorted(after - before, key=_text)), tuple(sorted(before - after, key=_text)))


def open_any(name: str, home: Path | str | None = None) -> Store:
    """A snapshot by (the beginning of) its id, else the files at that path."""
    if any(path.name.startswith(name) for path in snapshots(home_folder(home))):
        return open_snapshot(home, name)
    return loading.load(name)


def _canonical(store: Store) -> set[ox.Quad]:
    dataset = ox.Dataset(store.quads())
    dataset.canonicalize(ox.CanonicalizationAlgorithm.RDFC_1_0)
    return set(dataset)


def _text(quad: ox.Quad) -> tuple[str, ...]:
    return (*by_text((quad.subject, quad.predicate, quad.object)), str(quad.graph_name))


def _markdown(columns: list[str], rows: list[list[str]]) -> str:
    lines = [columns, ["---"] * len(columns), *rows]
    return "".join("| " + " | ".join(_cell(cell) for cell in line) + " |\n" for line in lines)


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ")


FORMATS = ("table", "md", *RESULT_FORMATS)
