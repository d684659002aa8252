"""A file of records as plain statements: what stands in it, under the names that the file itself uses.

Each element of an XML file, or row of a sheet, is a node with its `is:tag`, `is:line` and `is:number` (its place in the
file). Attributes and cells are `at:<name>`, the text is `is:text`, the language (given or inherited) `is:lang`, and
`x:<tag>` leads from an element to those inside it.
"""

import csv
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from io import StringIO
from pathlib import Path
from urllib.parse import quote
from xml.parsers import expat

import pyoxigraph as ox

from kg import spreadsheets
from kg.errors import FileError

SPACE = "urn:import:"
GRAPH = ox.NamedNode(SPACE + "records")
_LANGUAGE = re.compile(r"[a-z]{2,3}(-[a-z0-9]{2,8})*")
_INTEGER = ox.NamedNode("http://www.w3.org/2001/XMLSchema#integer")


@dataclass
class Element:
    """One element or row: its number in the file, its tag, its line, and what it holds."""

    number: int
    tag: str
    line: int
    attributes: Mapping[str, str]
    parent: "Element | None" = None
    language: str = ""
    text: list[str] = field(default_factory=list)

    @property
    def node(self) -> ox.NamedNode:
        """The node that stands for it."""
        return ox.NamedNode(f"{SPACE}element/{self.number}")

    def quads(self) -> Iterator[ox.Quad]:
        """What it says, as statements; blanks are single and none stand at the ends."""
        said = {"is:tag": self.tag, "is:text": _plain("".join(self.text)), "is:lang": self.language}
        said |= {f"at:{name}": _plain(value) for name, value in self.attributes.items()}
        for name, value in said.items():
            if value:
                yield ox.Quad(self.node, term(name), ox.Literal(value), GRAPH)
        for name, count in {"is:line": self.line, "is:number": self.number}.items():
            yield ox.Quad(self.node, term(name), ox.Literal(str(count), datatype=_INTEGER), GRAPH)
        if self.parent:
            yield ox.Quad(self.parent.node, term(f"x:{self.tag}"), self.node, GRAPH)


def term(name: str) -> ox.NamedNode:
    """The IRI of `x:name`, `at:name` or `is:name`."""
    prefix, _, local = name.partition(":")
    return ox.NamedNode(f"{SPACE}{prefix}:{quote(local, safe=':')}")


def read_xml(path: Path) -> list[Element]:
    """The elements of an XML file in their order; FileError with the line for what is not XML or declares entities."""
    reader = _Reader(path)
    try:
        reader.parser.Parse(path.read_bytes(), True)
    except expat.ExpatError as error:
        problem = f"is not XML: {expat.errors.messages[error.code]}"
        raise FileError(f"{path}:{error.lineno}:{error.offset + 1}", problem) from error
    except OSError as error:
        raise FileError(path, f"cannot be read: {error.strerror}") from error
    return reader.elements


class _Reader:
    """What the parser calls while it goes through a file."""

    def __init__(self, path: Path) -> None:
        self.elements: list[Element] = []
        self.path, self.open = path, list[Element]()
        self.parser = expat.ParserCreate()
        self.parser.StartDoctypeDeclHandler = self._refuse
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = lambda _: self.open.pop()
        self.parser.CharacterDataHandler = lambda text: self.open[-1].text.append(text)

    def _refuse(self, *_: object) -> None:
        raise FileError(f"{self.path}:{self.parser.CurrentLineNumber}", "declares a DOCTYPE, which may hold entities")

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        parent = self.open[-1] if self.open else None
        language = attributes.get("xml:lang", "").lower()
        if not _LANGUAGE.fullmatch(language):
            language = parent.language if parent else ""
        line = self.parser.CurrentLineNumber
        element = Element(len(self.elements) + 1, tag, line, attributes, parent, language)
        self.elements.append(element)
        self.open.append(element)


def read_sheet(path: Path) -> tuple[list[str], list[Element]]:
    """The columns and the rows of a CSV or XLSX file, empty rows left out; FileError for what cannot be read."""
    rows = list(enumerate(spreadsheets.read_rows(path), start=1)) if path.suffix.lower() == ".xlsx" else _read_csv(path)
    filled = [(line, row) for line, row in rows if any(map(str.strip, row))]
    if not filled:
        raise FileError(path, "there is no row in it")
    columns = [_plain(cell).lower() for cell in filled[0][1]]
    if twice := sorted({column for column in columns if column and columns.count(column) > 1}):
        raise FileError(f"{path}:{filled[0][0]}", f"there are two columns {twice[0]}")
    cells = [(line, {c: cell for c, cell in zip(columns, row, strict=False) if c}) for line, row in filled[1:]]
    return [column for column in columns if column], [Element(line, "row", line, said) for line, said in cells]


def _read_csv(path: Path) -> list[tuple[int, list[str]]]:
    """Line and cells of the rows of a CSV file, which the comma, semicolon or tab in its first line parts."""
    try:
        text = path.read_text(encoding="utf-8-sig")
        first = text.partition("\n")[0]
        reader = csv.reader(StringIO(text, newline=""), delimiter=max(",;\t", key=first.count), strict=True)
        return [(reader.line_num, row) for row in reader]
    except UnicodeDecodeError as error:
        raise FileError(path, "is not UTF-8; save it as CSV UTF-8, or as .xlsx") from error
    except csv.Error as error:
        raise FileError(path, f"is not CSV: {error}") from error
    except OSError as error:
        raise FileError(path, f"cannot be read: {error.strerror}") from error


def _plain(text: str) -> str:
    return " ".join(text.split())
