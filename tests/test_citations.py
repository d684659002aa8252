"""Answers to cite, and whether they still hold."""

import json
from pathlib import Path
from urllib.parse import urlsplit

import pytest

import kg

QUERY = "SELECT ?city ?country { ?city mg:country ?country } ORDER BY ?city"
ONE = """@prefix city: <https://w3id.org/migration-governance/id/city/> .
@prefix mg: <https://w3id.org/migration-governance/ontology#> .
city:tunis mg:country "TN" . city:rabat mg:country "MA" .
"""


@pytest.fixture
def files(tmp_path: Path) -> Path:
    (tmp_path / "alpha.ttl").write_text(ONE)
    return tmp_path / "alpha.ttl"


def test_a_link_fixes_snapshot_query_and_result(files: Path, tmp_path: Path) -> None:
    snapshot = kg.build(only=[files], home=tmp_path / "home")
    citation = kg.cite(snapshot, QUERY, "Cities and countries.", "http://127.0.0.1:8000/answer")
    assert kg.read_link(citation.link) == (snapshot.id, citation.result, QUERY)
    assert kg.verify(citation.link, tmp_path / "home").same


def test_the_order_of_the_rows_does_not_matter_but_their_number_does(files: Path, tmp_path: Path) -> None:
    snapshot = kg.build(only=[files], home=tmp_path / "home")
    ascending = kg.fingerprint(snapshot.query(QUERY))
    assert kg.fingerprint(snapshot.query(QUERY.replace("ORDER BY ?city", "ORDER BY DESC(?city)"))) == ascending
    assert kg.fingerprint(snapshot.query(QUERY + " LIMIT 1")) != ascending
    assert kg.fingerprint(snapshot.query(QUERY.replace("?city ?country {", "?country ?city {"))) != ascending


def test_another_snapshot_with_the_same_answer_is_the_same(files: Path, tmp_path: Path) -> None:
    link = kg.cite(kg.build(only=[files], home=tmp_path / "home"), QUERY).link
    files.write_text(ONE + "city:tunis mg:population 1 .")
    kg.build(only=[files], home=tmp_path / "home")
    assert kg.verify(link, tmp_path / "home").same


def test_a_changed_answer_names_the_rows_that_came_and_went(files: Path, tmp_path: Path) -> None:
    link = kg.cite(kg.build(only=[files], home=tmp_path / "home"), QUERY).link
    files.write_text(ONE.replace('city:rabat mg:country "MA"', 'city:sfax mg:country "TN"'))
    kg.build(only=[files], home=tmp_path / "home")
    verdict = kg.verify(link, tmp_path / "home")
    assert not verdict.same
    assert verdict.added == (f'<{kg.BASE}id/city/sfax>\t"TN"',)
    assert verdict.removed == (f'<{kg.BASE}id/city/rabat>\t"MA"',)
    assert "1 added, 1 removed" in verdict.sentence


def test_without_the_cited_snapshot_the_verdict_says_so(files: Path, tmp_path: Path) -> None:
    link = kg.cite(kg.build(only=[files], home=tmp_path / "one"), QUERY).link
    files.write_text(ONE.replace("MA", "DZ"))
    kg.build(only=[files], home=tmp_path / "two")
    assert "not kept here" in kg.verify(link, tmp_path / "two").sentence


def test_what_was_cited_through_a_lens_is_verified_through_it(files: Path, tmp_path: Path) -> None:
    whole = kg.build(only=[files], home=tmp_path / "home")
    citation = kg.cite(kg.through(whole, "official"), "SELECT * { ?city mg:country ?country }")
    assert citation.snapshot == f"{whole.id}+official"
    assert citation.result != kg.cite(whole, citation.query).result  # no source of these statements is official
    assert kg.verify(citation.link, tmp_path / "home").same
    files.write_text(ONE + "city:tunis mg:population 1 .")
    now = kg.build(only=[files], home=tmp_path / "home")
    assert kg.verify(citation.link, tmp_path / "home").now == f"{now.id}+official"


def test_a_query_about_the_dataset_is_cited_as_the_endpoint_answers_it(files: Path, tmp_path: Path) -> None:
    snapshot = kg.build(only=[files], home=tmp_path / "home")
    citation = kg.cite(snapshot, "PREFIX void: <http://rdfs.org/ns/void#> SELECT ?p { ?part void:property ?p }")
    assert citation.result == kg.fingerprint(kg.description(snapshot).query(citation.query))
    assert kg.verify(citation.link, tmp_path / "home").same


def test_a_forged_result_is_noticed(files: Path, tmp_path: Path) -> None:
    citation = kg.cite(kg.build(only=[files], home=tmp_path / "home"), QUERY)
    forged = citation.link.replace(citation.result, "0" * 64)
    assert "not that of the snapshot it names" in kg.verify(forged, tmp_path / "home").sentence


@pytest.mark.parametrize(
    "link", ["https://example.org/", "no link at all", "http://127.0.0.1/answer?snapshot=a&query=b", "http://["]
)
def test_another_link_is_refused(files: Path, tmp_path: Path, link: str) -> None:
    with pytest.raises(kg.KGError, match="not a link to an answer"):
        kg.verify(link, tmp_path / "home")


def test_a_citation_comes_for_bibtex_ris_and_csl(files: Path, tmp_path: Path) -> None:
    citation = kg.cite(kg.build(only=[files], home=tmp_path / "home"), QUERY, "Cities and countries.")
    assert citation.bibtex().startswith("@misc{answer-")
    assert f"url = {{{citation.link}}}" in citation.bibtex()
    assert citation.ris().startswith("TY  - DATA\r\n")
    assert citation.ris().endswith("ER  - \r\n")
    (item,) = json.loads(citation.csl())
    assert item["title"].startswith("Cities and countries. ")
    assert urlsplit(item["URL"]).path.endswith("/answer")
    assert item["issued"]["date-parts"][0][0] >= 2026


def test_a_title_means_in_latex_what_it_says(files: Path, tmp_path: Path) -> None:
    citation = kg.cite(kg.build(only=[files], home=tmp_path / "home"), QUERY, r"R&D, 5 % of #1 {a_b} \c")
    assert r"R\&D, 5 \% of \#1 \textbraceleft a\_b\textbraceright  \textbackslash c" in citation.bibtex()


@pytest.mark.parametrize("query", ["ASK { ?s mg:country 'TN' }", "CONSTRUCT { ?s mg:in ?c } { ?s mg:country ?c }"])
def test_every_form_of_query_can_be_cited(files: Path, tmp_path: Path, query: str) -> None:
    snapshot = kg.build(only=[files], home=tmp_path / "home")
    assert kg.verify(kg.cite(snapshot, query).link, tmp_path / "home").same
