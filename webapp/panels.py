"""Tables on the page of a thing: each query under `queries/panels/<class>/` is shown for every member of that class.

Those under `resource/` are shown for everything (rdfs:Resource). Tables stand in the order of their file names.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass

import kg
from webapp import links
from webapp.reading import Reader, Shown, without_header, without_repeats

FOLDER = kg.ROOT / "queries" / "panels"
RESOURCE = "http://www.w3.org/2000/01/rdf-schema#Resource"
MOST_ROWS = 25


@dataclass(frozen=True)
class Panel:
    """A table: what it shows in one sentence, some of its rows, how many there are, and the query behind it."""

    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Shown | None, ...], ...]
    total: int
    query: str


def panels(reader: Reader, iri: str, classes: Iterable[str]) -> list[Panel]:
    """The tables for a thing of some classes, by file name; one without rows is left out."""
    folders = {FOLDER / _folder(name) for name in (*classes, RESOURCE)}
    files = sorted((file for folder in folders for file in folder.glob("*.rq")), key=lambda file: (file.name, file))
    found = [_panel(reader, iri, kg.read_question(file)) for file in files]
    return [panel for panel in found if panel.rows]


def _folder(iri: str) -> str:
    """The folder for a class: `local-government` for `…#LocalGovernment`."""
    return re.sub(r"(?<=[a-z])(?=[A-Z])", "-", kg.readable_tail(iri)).lower()


def _panel(reader: Reader, iri: str, question: kg.Question) -> Panel:
    text = kg.fill(question, {"thing": iri})
    answer = reader.store.query(text, name=question.name)
    cells = [tuple(reader.cell(row[column]) for column in answer.columns) for row in answer.rows[:MOST_ROWS]]
    columns, rows = without_repeats([reader.column(question, name) for name in answer.columns], cells)
    return Panel(
        question.said("summary", reader.language), columns, rows, len(answer.rows), links.query(without_header(text))
    )
