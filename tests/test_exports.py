"""Rows and graphs out."""

from collections.abc import Callable
from pathlib import Path

import pyoxigraph as ox
import pytest

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
    store = graph(alpha='city:tunis rdfs:label "[bold]x[/bold]" .')
    assert b"[bold]x[/bold]" in kg.write_answer(kg.query(store, "SELECT ?n { ?s rdfs:label ?n }"), "table", 60)


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
