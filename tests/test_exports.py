"""Rows and graphs out."""

import csv
import io
import os
from collections.abc import Callable
from pathlib import Path

import openpyxl
import polars
import pyoxigraph as ox
import pytest
from common import Run

import kg

SYNTAXES = {
    "ttl": ox.RdfFormat.TURTLE,
    "nt": ox.RdfFormat.N_TRIPLES,
    "rdf": ox.RdfFormat.RDF_XML,
    "trig": ox.RdfFormat.TRIG,
    "nq": ox.RdfFormat.N_QUADS,
    "jsonld": ox.RdfFormat.JSON_LD,
}
FUZZY = """
city:tunis rdfs:label "Tunis"@en, "تونس"@ar ; schema:name "Tunis"@fr-TN ; mg:country "TN" .
event:e schema:startDate "2016"^^xsd:gYear ; schema:endDate "--11-03"^^xsd:gMonthDay ;
  mg:edtfDate "2022-21~"^^edtf:EDTF ; mg:amount 12345678901234567890.123456789012345678901 ;
  mg:opens "2016-05-23T10:00:00"^^xsd:dateTime ; mg:reportedFact "a \\"quoted\\" <b> & line\\nbreak"@en .
"""


@pytest.fixture
def store(graph: Callable[..., kg.Store]) -> kg.Store:
    return graph(alpha=FUZZY, beta='city:tunis mg:country "TN" ; mg:population 2 .')


def digest(data: bytes, syntax: str) -> set[str]:
    dataset = ox.Dataset(ox.Quad(t.subject, t.predicate, t.object) for t in ox.parse(data, format=SYNTAXES[syntax]))
    dataset.canonicalize(ox.CanonicalizationAlgorithm.RDFC_1_0)
    return set(map(str, dataset))


@pytest.mark.parametrize("syntax", SYNTAXES)
def test_every_syntax_carries_every_statement_unchanged(store: kg.Store, syntax: str) -> None:
    assert digest(kg.export(store, syntax), syntax) == digest(kg.export(store, "nt"), "nt")


@pytest.mark.parametrize("syntax", ["trig", "nq", "jsonld"])
def test_syntaxes_with_graphs_keep_the_sources_apart(store: kg.Store, syntax: str) -> None:
    names = {str(quad.graph_name) for quad in ox.parse(kg.export(store, syntax), format=SYNTAXES[syntax])}
    assert names == {f"<{kg.BASE}source/alpha>", f"<{kg.BASE}source/beta>"}


@pytest.mark.parametrize("syntax", SYNTAXES)
def test_the_same_graph_gives_the_same_bytes(store: kg.Store, tmp_path: Path, syntax: str) -> None:
    again = tmp_path / "again"
    again.mkdir()
    for name in ("alpha", "beta"):
        (again / f"{name}.nq").write_bytes(kg.export(store, "nq", source=name))
    assert kg.export(kg.load(again), syntax) == kg.export(store, syntax)


def test_a_part_is_what_is_about_a_thing_or_from_a_source(store: kg.Store) -> None:
    assert kg.export(store, "nt", about="event:e").count(b"\n") == 6
    assert kg.export(store, "nt", source="beta").count(b"\n") == 2


def test_an_unknown_syntax_thing_or_source_is_one_sentence(store: kg.Store) -> None:
    with pytest.raises(kg.FormatError, match='no RDF syntax "docx"'):
        kg.export(store, "docx")
    with pytest.raises(kg.UnknownNameError):
        kg.export(store, about="Atlantis")
    with pytest.raises(kg.UnknownNameError):
        kg.export(store, source="atlantis")


def test_a_markdown_table_escapes_its_bars(graph: Callable[..., kg.Store]) -> None:
    store = graph(alpha='city:tunis rdfs:label "a|b" .')
    answer = kg.query(store, "SELECT ?city ?name { ?city rdfs:label ?name }")
    assert kg.write_answer(answer, "md") == b"| city | name |\n| --- | --- |\n| city:tunis | a\\|b |\n"


def test_a_table_fits_its_width_and_counts_its_rows(store: kg.Store) -> None:
    text = kg.write_answer(kg.query(store, "SELECT * { ?s ?p ?o }"), "table", 60).decode()
    assert max(map(len, text.splitlines())) <= 60
    assert text.endswith("11 rows\n")


def test_a_table_spares_iris_beside_names_and_empty_columns_and_says_so(store: kg.Store) -> None:
    query = (
        "SELECT ?city ?name ?none ?country { ?city rdfs:label ?name ; mg:country ?country FILTER (LANG(?name) = 'en') }"
    )
    text = kg.write_answer(kg.query(store, query), "table", 80).decode()
    assert text.splitlines()[0].split() == ["name", "┃", "country"]
    assert text.endswith("1 row; not shown: city, none (--format csv has them)\n")


def test_square_brackets_are_text_and_not_markup(graph: Callable[..., kg.Store]) -> None:
    store = graph(alpha=r'city:tunis rdfs:label "\\[bold]x[/bold] 12:warning:30" .')
    assert rb"\[bold]x[/bold] 12:warning:30" in kg.write_answer(
        kg.query(store, "SELECT ?n { ?s rdfs:label ?n }"), "table", 60
    )


def test_a_difference_is_what_was_added_and_removed(graph: Callable[..., kg.Store]) -> None:
    old, new = graph(alpha="city:a mg:population 1 ."), graph(alpha="city:a mg:population 2 .")
    found = kg.diff(old, new)
    assert [(quad.object.value) for quad in found.added] == ["2"]
    assert [(quad.object.value) for quad in found.removed] == ["1"]


def test_blank_nodes_alone_make_no_difference(graph: Callable[..., kg.Store]) -> None:
    found = kg.diff(graph(alpha="_:a mg:population 1 ."), graph(alpha="_:b mg:population 1 ."))
    assert (found.added, found.removed) == ((), ())


def test_a_file_is_written_whole_or_not_at_all(tmp_path: Path) -> None:
    with pytest.raises(kg.FileError, match="cannot be written"):
        kg.write_file(tmp_path / "missing" / "a.ttl", b"x")
    kg.write_file(tmp_path / "a.ttl", b"x")
    assert [path.name for path in tmp_path.iterdir()] == ["a.ttl"]


def test_statements_are_a_table_with_labels_and_who_says_so(graph: Callable[..., kg.Store]) -> None:
    store = graph(
        alpha='city:tunis rdfs:label "Tunis"@en ; mg:country "TN" . source:beta dcterms:title "Bulletin"@en .',
        beta="city:tunis mg:country 'TN' ; mg:theme theme:x .",
    )
    rows = list(csv.DictReader(io.StringIO(kg.export_table(store, "csv").decode())))
    assert len(rows) == 5
    tunis = kg.BASE + "id/city/tunis"
    country = [row for row in rows if row["property"] == kg.ONTOLOGY + "#country"]
    assert [(row["subject"], row["object"], row["source_label"]) for row in country] == [
        (tunis, "TN", "alpha"),
        (tunis, "TN", "Bulletin"),
    ]
    (theme,) = (row for row in rows if row["property"] == kg.ONTOLOGY + "#theme")
    assert (theme["object_label"], theme["datatype"], theme["language"]) == ("x", "", "")
    (label,) = (row for row in rows if row["property_label"] == "label")
    assert (label["object"], label["object_label"], label["language"]) == ("Tunis", "Tunis", "en")


def test_a_part_of_the_graph_is_a_table_too(store: kg.Store) -> None:
    assert kg.export_table(store, "csv", about="event:e").count(b"\r\n") == 7
    assert kg.export_table(store, "csv", source="beta").count(b"\r\n") == 3
    book = openpyxl.load_workbook(io.BytesIO(kg.export_table(store, "xlsx", source="beta")))
    assert (book.sheetnames, book.active.max_row) == (["statements"], 3)


def test_the_whole_graph_as_a_workbook_has_a_sheet_for_each_class_with_a_list(small: kg.Snapshot) -> None:
    book = openpyxl.load_workbook(io.BytesIO(kg.export_table(small, "xlsx")))
    assert {"actor", "city", "event", "funding", "participation", "source"} <= set(book.sheetnames)
    rows = list(book["city"].iter_rows(values_only=True))
    assert rows[0] == ("iri", "label", "country", "population", "phase", "government")
    assert rows[1] == (
        kg.BASE + "id/city/north-haven", "North Haven", "FR", 12000, None, "Municipality of North Haven",
    )  # fmt: skip
    (funding,) = list(book["funding"].iter_rows(values_only=True))[1:]
    assert funding[2:6] == ("Sea Fund", "Open Harbours", 1500000.5, "EUR")


def test_parquet_keeps_numbers_and_says_the_same_as_csv(small: kg.Snapshot) -> None:
    table = kg.things_table(small, "City", language="fr")
    frame = polars.read_parquet(io.BytesIO(kg.write_table(table, "parquet")))
    assert frame.schema["population"] == polars.Int64
    assert frame["label"].to_list() == ["Port-Nord", "South Haven"]
    rows = list(csv.DictReader(io.StringIO(kg.write_table(table, "csv").decode())))
    assert [row["label"] for row in rows] == frame["label"].to_list()


def test_several_values_of_a_cell_are_joined_and_what_is_not_known_is_empty(small: kg.Snapshot) -> None:
    table = kg.things_table(small, "Project")
    (row,) = table.rows
    assert dict(zip(table.columns, row, strict=True))["end"] == "2020; 2021-06-30"
    assert dict(zip(table.columns, row, strict=True))["city"] is None


def test_the_same_graph_gives_the_same_tables(small: kg.Snapshot) -> None:
    for name in kg.TABLE_FORMATS:
        assert kg.export_table(small, name) == kg.export_table(small, name)


def test_an_unknown_format_of_table_is_one_sentence(store: kg.Store) -> None:
    with pytest.raises(kg.FormatError, match='no table is written as "docx": choose csv, parquet, xlsx'):
        kg.export_table(store, "docx")


def test_a_folder_takes_the_statements_and_a_table_for_each_class(run: Run, small: kg.Snapshot, tmp_path: Path) -> None:
    home = small.path.parent.parent
    done = run("export", "--format", "csv", "--out", tmp_path / "tables", home=home)
    assert (done.returncode, done.stdout) == (0, "")
    names = {file.name for file in (tmp_path / "tables").iterdir()}
    assert {"statements.csv", "city.csv", "event.csv"} <= names
    refused = run("export", "--format", "csv", "--out", tmp_path / "tables", "--source", "small", home=home)
    assert refused.returncode == 2
    assert "a folder takes the whole graph" in refused.stderr


def test_what_one_source_says_about_a_thing_is_a_part(graph: Callable[..., kg.Store]) -> None:
    two = graph(alpha="city:a mg:population 1 .", beta="city:a mg:population 2 . city:b mg:population 3 .")
    assert kg.export(two, "nt", about="city:a", source="beta").count(b"\n") == 1
    with pytest.raises(kg.UnknownNameError):
        kg.export(two, "nt", about="city:a", source="gamma")


def test_a_written_file_can_be_read_by_others_and_a_link_to_it_stays_one(tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to("out")
    kg.write_file(tmp_path / "link", b"x")
    (tmp_path / "plain").touch()
    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / "out").stat().st_mode == (tmp_path / "plain").stat().st_mode


def test_what_is_no_file_is_written_to_and_not_replaced(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    reader = os.open(tmp_path / "pipe", os.O_RDONLY | os.O_NONBLOCK)
    kg.write_file(tmp_path / "pipe", b"x")
    assert os.read(reader, 9) == b"x"
    os.close(reader)
