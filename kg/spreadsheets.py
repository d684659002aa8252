"""Answers as spreadsheets (.xlsx): numbers and dates as such, and everything else as the text it is.

A CSV file loses accents, leading zeros and the difference between a number and a code in most spreadsheet programs.
"""

import zipfile
from collections.abc import Mapping, Sequence
from contextlib import closing
from datetime import date, datetime
from io import BytesIO
from math import inf, isfinite
from pathlib import Path

from openpyxl import Workbook, load_workbook
from openpyxl.cell import Cell, WriteOnlyCell
from openpyxl.styles import Font
from openpyxl.worksheet._write_only import WriteOnlyWorksheet

from kg.errors import FileError, FormatError
from kg.markup import legal
from kg.store import Answer
from kg.terms import Term, Value, value

Sheet = tuple[list[str], list[list[Value | None]]]
"""The columns and the rows of a table."""

MOST_ROWS = 2**20 - 1
MOST_TEXT = 32767
_EXACT = 10**15
_MADE = datetime(1980, 1, 1)  # the file format knows no zone, and the same answer gives the same bytes


def to_spreadsheet(answer: Answer) -> bytes:
    """An answer as a workbook of one sheet with its columns in the first row; triples have s, p, o.

    Raises FormatError for more rows, or a longer text, than a spreadsheet holds.
    """
    return write_sheets({"answer": _table(answer)})


def write_sheets(sheets: Mapping[str, Sheet]) -> bytes:
    """Tables by name as a workbook, each with its columns in the first row; FormatError as above."""
    book = Workbook(write_only=True)
    book.properties.created = _MADE
    for name, (columns, rows) in sheets.items():
        _check_size(rows)
        sheet = book.create_sheet(name)
        sheet.freeze_panes = "A2"
        sheet.append([_cell(sheet, column, bold=True) for column in columns])
        for row in rows:
            sheet.append([_cell(sheet, item) for item in row])
    out = BytesIO()
    book.save(out)
    return _without_time(out.getvalue())


def read_rows(path: Path) -> list[list[str]]:
    """The rows of the first sheet of a workbook as texts, days as YYYY-MM-DD; FileError if it cannot be read."""
    try:
        with closing(load_workbook(path, read_only=True, data_only=True)) as book:
            return [[_text(item) for item in row] for row in book.worksheets[0].iter_rows(values_only=True)]
    except OSError as error:
        raise FileError(path, f"cannot be read: {error.strerror or error}") from error
    except Exception as error:  # openpyxl raises whatever it stumbles over
        raise FileError(path, "is not a workbook (.xlsx)") from error


def _text(item: object) -> str:
    """What stands in a cell as one would write it: no time with a day, no point behind a whole number."""
    if isinstance(item, datetime):
        return item.date().isoformat()
    if isinstance(item, float) and item.is_integer():
        return str(int(item))
    return "" if item is None else str(item)


def _check_size(rows: Sequence[Sequence[Value | None]]) -> None:
    if len(rows) > MOST_ROWS:
        raise FormatError(f"a spreadsheet holds {MOST_ROWS:,} rows, and these are {len(rows):,}; take csv")
    if any(isinstance(item, str) and len(item) > MOST_TEXT for row in rows for item in row):
        raise FormatError(f"a cell of a spreadsheet holds {MOST_TEXT:,} characters; take csv")


def _table(answer: Answer) -> Sheet:
    if answer.kind == "ask":
        return ["answer"], [[answer.boolean]]
    if answer.kind == "construct":
        return ["s", "p", "o"], [[value(term) for term in triple] for triple in answer.triples]
    return answer.columns, [[_value(row[column]) for column in answer.columns] for row in answer.rows]


def _value(term: Term | None) -> Value | None:
    return None if term is None else value(term)


def _cell(sheet: WriteOnlyWorksheet, item: Value | None, bold: bool = False) -> Cell:
    """A cell; a text that begins with "=" stays a text, and so does a number too long to be kept exactly."""
    if isinstance(item, int) and abs(item) >= _EXACT:
        item = str(item)
    if isinstance(item, datetime) or (isinstance(item, date) and item.year < 1900):
        item = item.isoformat()  # a spreadsheet knows no time zone, and no day before 1900
    if isinstance(item, float) and not isfinite(item):
        item = {inf: "INF", -inf: "-INF"}.get(item, "NaN")  # nor a number without bounds
    if isinstance(item, str):
        item = legal(item)
    cell: Cell = WriteOnlyCell(sheet, value=item)  # type: ignore[arg-type]  # the stubs know no date alone
    if isinstance(item, str):
        cell.data_type = "s"
    if bold:
        cell.font = Font(bold=True)
    return cell


def _without_time(book: bytes) -> bytes:
    """The same workbook without the moment of writing, so that the same answer gives the same bytes."""
    out = BytesIO()
    with zipfile.ZipFile(BytesIO(book)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in sorted(old.namelist()):
            content = old.read(name)
            if name == "docProps/core.xml":
                start, _, rest = content.partition(b"<dcterms:modified")
                content = start + b"<dcterms:modified" + _before(rest)
            new.writestr(zipfile.ZipInfo(name), content, zipfile.ZIP_DEFLATED)
    return out.getvalue()


def _before(rest: bytes) -> bytes:
    """What follows the name of the element that tells the time, with the time of `_MADE`."""
    head, _, tail = rest.partition(b">")
    return head + b">" + _MADE.isoformat().encode() + b"Z" + tail[tail.index(b"<") :]
