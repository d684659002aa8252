"""Answers as spreadsheets."""

import io
import re
import zipfile
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import openpyxl
import pytest

import kg
from kg.spreadsheets import read_rows

VALUES = """
SELECT * { VALUES (?city ?people ?day ?year ?code ?word) {
  (city:tunis 638845 "2020-05-23"^^xsd:date "1848"^^xsd:gYear 12345678901234567890 "=1+1")
  (UNDEF 1.5 "1850-01-01"^^xsd:date UNDEF "007" "تونس"@ar)
} }
"""


@pytest.fixture
def store(graph: Callable[..., kg.Store]) -> kg.Store:
    return graph(alpha="city:tunis mg:population 638845 .")


def rows(data: bytes) -> list[tuple[object, ...]]:
    return list(openpyxl.load_workbook(io.BytesIO(data)).active.iter_rows(values_only=True))


def test_numbers_and_days_are_such_and_all_else_is_text(store: kg.Store) -> None:
    assert rows(kg.write_answer(kg.query(store, VALUES), "xlsx")) == [
        ("city", "people", "day", "year", "code", "word"),
        (kg.BASE + "id/city/tunis", 638845, datetime(2020, 5, 23), "1848", "12345678901234567890", "=1+1"),
        (None, 1.5, "1850-01-01", None, "007", "تونس"),
    ]


def test_a_truth_value_and_triples_are_tables_too(store: kg.Store) -> None:
    assert rows(kg.write_answer(kg.query(store, "ASK { ?s ?p ?o }"), "xlsx")) == [("answer",), (True,)]
    triples = kg.query(store, "CONSTRUCT { ?s ?p ?o } { ?s ?p ?o }")
    assert rows(kg.write_answer(triples, "xlsx"))[1] == (kg.BASE + "id/city/tunis", kg.expand("mg:population"), 638845)


def test_the_same_answer_gives_the_same_bytes(store: kg.Store) -> None:
    first = kg.write_answer(kg.query(store, VALUES), "xlsx")
    with zipfile.ZipFile(io.BytesIO(first)) as book:
        assert {entry.date_time[0] for entry in book.infolist()} == {1980}
        assert re.findall(r"\d{4}-\d\d-\d\dT", book.read("docProps/core.xml").decode()) == ["1980-01-01T"] * 2


def test_a_text_that_no_cell_holds_is_refused_and_not_cut(store: kg.Store) -> None:
    answer = kg.query(store, f'SELECT ("{"x" * 40000}" AS ?long) {{}}')
    with pytest.raises(kg.FormatError, match="take csv"):
        kg.write_answer(answer, "xlsx")


def test_numbers_without_bounds_and_signs_that_xml_cannot_hold_leave_a_sound_workbook(store: kg.Store) -> None:
    odd = r'SELECT ("INF"^^xsd:double AS ?i) ("-INF"^^xsd:float AS ?m) ("NaN"^^xsd:double AS ?n) ("a\uFFFE" AS ?t) {}'
    assert rows(kg.write_answer(kg.query(store, odd), "xlsx"))[1] == ("INF", "-INF", "NaN", "a\ufffd")


@pytest.mark.parametrize("content", [b"<worksheet><sheetData", None])
def test_a_damaged_workbook_is_one_sentence(store: kg.Store, tmp_path: Path, content: bytes | None) -> None:
    book = bytearray(kg.write_answer(kg.query(store, VALUES), "xlsx"))
    (tmp_path / "book.xlsx").write_bytes(book)
    with zipfile.ZipFile(tmp_path / "book.xlsx") as old:
        sheet = old.getinfo("xl/worksheets/sheet1.xml")
        parts = {name: old.read(name) for name in old.namelist()}
    if content is None:
        book[sheet.header_offset + 60 : sheet.header_offset + 90] = bytes(30)
        (tmp_path / "book.xlsx").write_bytes(book)
    else:
        with zipfile.ZipFile(tmp_path / "book.xlsx", "w") as new:
            for name, part in {**parts, sheet.filename: content}.items():
                new.writestr(name, part)
    with pytest.raises(kg.FileError, match="is not a workbook"):
        read_rows(tmp_path / "book.xlsx")
