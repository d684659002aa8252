"""Queries over named graphs."""

from collections.abc import Callable
from pathlib import Path

import pyoxigraph as ox
import pytest

import kg

Make = Callable[..., kg.Store]


def column(answer: kg.Answer, name: str) -> list[str]:
    return [getattr(row[name], "value", "") for row in answer.rows]


@pytest.fixture
def two(graph: Make) -> kg.Store:
    """Two sources that agree on a name and differ on a population."""
    return graph(
        alpha='city:tunis rdfs:label "Tunis"@en ; mg:population 1 .',
        beta='city:tunis rdfs:label "Tunis"@en ; mg:population 2 .',
    )


def test_a_query_sees_the_union_of_all_graphs_and_each_statement_once(two: kg.Store) -> None:
    assert column(kg.query(two, "SELECT ?label { city:tunis rdfs:label ?label }"), "label") == ["Tunis"]


def test_graph_says_which_source_states_what(two: kg.Store) -> None:
    answer = kg.query(two, "SELECT ?g { GRAPH ?g { city:tunis mg:population 2 } }")
    assert column(answer, "g") == [kg.BASE + "source/beta"]


def test_from_narrows_the_default_graph_to_one_source(two: kg.Store) -> None:
    answer = kg.query(two, "SELECT ?n FROM source:alpha { city:tunis mg:population ?n }")
    assert column(answer, "n") == ["1"]


def test_from_several_sources_merges_them_and_counts_each_statement_once(two: kg.Store) -> None:
    answer = kg.query(two, "SELECT ?l FROM source:alpha FROM source:beta { city:tunis rdfs:label ?l }")
    assert column(answer, "l") == ["Tunis"]
    query = "SELECT ?g FROM source:alpha FROM source:beta FROM NAMED source:beta { GRAPH ?g { ?s mg:population ?n } }"
    assert column(kg.query(two, query), "g") == [kg.BASE + "source/beta"]


def test_a_dataset_given_beside_the_query_beats_its_from(two: kg.Store) -> None:
    query = "SELECT ?n FROM source:alpha { city:tunis mg:population ?n }"
    assert column(two.query(query, default_graphs=[kg.BASE + "source/beta"]), "n") == ["2"]
    assert two.query("SELECT ?n { ?s mg:population ?n }", named_graphs=[kg.BASE + "source/beta"]).rows == []


def test_columns_keep_the_order_of_the_select(two: kg.Store) -> None:
    assert kg.query(two, "SELECT ?z ?a { ?z mg:population ?a }").write("csv").splitlines()[0] == b"z,a"
    assert kg.query(two, "SELECT * { ?z mg:population ?a }").write("tsv").splitlines()[0] == b"?z\t?a"


def test_triples_come_once_and_sorted(two: kg.Store) -> None:
    answer = kg.query(two, "CONSTRUCT { ?s ?p ?o } { ?s ?p ?o }")
    assert answer.kind == "construct"
    assert answer.write("nt") == b"".join(sorted(answer.write("nt").splitlines(keepends=True)))
    assert len(answer.triples) == 3


@pytest.mark.parametrize(
    ("text", "truth"), [("ASK { ?s mg:population 2 }", True), ("ASK { ?s mg:population 3 }", False)]
)
def test_ask_tells_the_truth(two: kg.Store, text: str, truth: bool) -> None:
    assert kg.query(two, text).boolean is truth
    assert kg.query(two, text).write("csv") == (b"true\n" if truth else b"false\n")


def test_an_answer_can_be_read_and_written(two: kg.Store) -> None:
    answer = kg.query(two, "SELECT ?n { ?s mg:population ?n } ORDER BY ?n")
    assert column(answer, "n") == ["1", "2"]
    assert answer.write("csv") == b"n\r\n1\r\n2\r\n"
    assert b'"value":"2"' in answer.write("json")


def test_rows_and_triples_have_formats_of_their_own(two: kg.Store) -> None:
    with pytest.raises(kg.FormatError, match="rows cannot be written"):
        kg.query(two, "SELECT * { ?s ?p ?o }").write("ttl")
    with pytest.raises(kg.FormatError, match="no RDF syntax"):
        kg.query(two, "CONSTRUCT WHERE { ?s ?p ?o }").write("csv")


@pytest.mark.parametrize(
    ("query", "format"), [("SELECT * {{ {} }}", "xml"), ("CONSTRUCT {{ <x:a> <x:b> ?t }} {{ {} }}", "rdf")]
)
def test_xml_is_refused_for_a_sign_that_it_cannot_hold(two: kg.Store, query: str, format: str) -> None:
    def written(sign: str) -> bytes:
        return kg.query(two, query.format(f'BIND ("one{sign}two" AS ?t)')).write(format)

    with pytest.raises(kg.FormatError, match=r"U\+0001, which XML cannot: choose .*json"):
        written(r"\u0001")
    assert b"one&#xD;two" in written(r"\r")


def test_a_dump_in_xml_is_refused_for_a_sign_that_it_cannot_hold(tmp_path: Path) -> None:
    (tmp_path / "alpha.ttl").write_text(r'<x:a> <x:b> "one\u0001two" .')
    snapshot = kg.build(only=[tmp_path / "alpha.ttl"], home=tmp_path / "home")
    with pytest.raises(kg.FormatError, match="which XML cannot"):
        kg.dump(snapshot, "rdf")


def test_a_dump_in_xml_holds_every_text_as_it_is(tmp_path: Path) -> None:
    (tmp_path / "alpha.ttl").write_text(r'<x:a> <x:b> "one\r\ntwo\rthree" .')
    snapshot = kg.build(only=[tmp_path / "alpha.ttl"], home=tmp_path / "home")
    read = {(quad.subject, quad.predicate, quad.object) for quad in ox.parse(path=kg.dump(snapshot, "rdf"))}
    assert (ox.NamedNode("x:a"), ox.NamedNode("x:b"), ox.Literal("one\r\ntwo\rthree")) in read


def test_a_syntax_error_names_line_and_column_and_shows_the_line(two: kg.Store) -> None:
    with pytest.raises(kg.QuerySyntaxError) as caught:
        kg.query(two, "SELECT ?s\nWHERE { ?s ?p }")
    assert (caught.value.line, caught.value.text) == (2, "WHERE { ?s ?p }")
    assert "line 2, column 16" in str(caught.value)


@pytest.mark.parametrize(
    "update", ["INSERT DATA { <a:b> <a:b> <a:b> }", "CLEAR ALL", "LOAD <http://a>", "DELETE WHERE { ?s ?p ?o }"]
)
def test_an_update_is_refused_and_changes_nothing(two: kg.Store, update: str) -> None:
    before = len(two)
    with pytest.raises(kg.QueryRefusedError, match="read-only"):
        kg.query(two, update)
    assert len(two) == before


def test_an_ill_typed_literal_is_kept_as_it_is(graph: Make) -> None:
    store = graph(alpha='city:tunis mg:population "many"^^xsd:integer .')
    assert column(kg.query(store, "SELECT ?n { ?s mg:population ?n }"), "n") == ["many"]


def test_only_the_prefixes_that_are_used_are_declared() -> None:
    city, mg = kg.NamedNode(kg.expand("city:tunis") or ""), kg.prefixes()["mg"]
    count = kg.Literal("1", datatype=kg.NamedNode(kg.expand("xsd:integer") or ""))
    written = kg.write_statements([(city, kg.NamedNode(mg + "country"), count)], "ttl").decode()
    declared = [line.split()[1] for line in written.splitlines() if line.startswith("@prefix")]
    assert sorted(declared) == ["city:", "mg:", "xsd:"]


def test_a_variable_may_be_called_by_any_sign_that_sparql_allows(two: kg.Store) -> None:
    query = "SELECT * { ?nai\u0308f\u00b7\u203f mg:population ?\u20ac }"
    assert kg.query(two, query).columns == ["nai\u0308f\u00b7\u203f", "\u20ac"]


@pytest.mark.parametrize(
    "dataset",
    [
        "PREFIX ns: <http://e/ns#> SELECT * FROM ns:a\\,b",
        "BASE <http://other/> PREFIX ns: <http://e/ns#> SELECT * FROM ns:a\\,b",
        "BASE <http://e/ns> PREFIX : <#> SELECT * FROM :a\\,b",
        "BASE <http://e/> SELECT * FROM <ns#a,b>",
    ],
)
def test_from_names_a_graph_as_the_rest_of_the_query_would(dataset: str) -> None:
    store = kg.Store()
    store.add([ox.Quad(*[ox.NamedNode("http://e/x")] * 3, ox.NamedNode("http://e/ns#a,b"))])
    assert len(kg.query(store, f"{dataset} {{ ?s ?p ?o }}").rows) == 1
