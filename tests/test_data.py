"""What the project ships: it parses, conforms, names its sources, and loses nothing of what was collected."""

from collections import Counter

import pyoxigraph as ox
import pytest

import kg
from kg import loading

FILES = loading.find([kg.ROOT / "data"])


def column(snapshot: kg.Snapshot, text: str) -> list[str]:
    return [getattr(next(iter(row.values())), "value", "") for row in kg.query(snapshot, text).rows]


def number(snapshot: kg.Snapshot, text: str) -> int:
    (count,) = column(snapshot, text)
    return int(count)


def test_every_file_describes_its_own_source_and_has_no_blank_node(shipped: kg.Snapshot) -> None:
    needed = {"rdf:type", "dcterms:title", "dcterms:license", "mg:sourceKind"}
    for file in FILES:
        source = kg.BASE + "source/" + file.stem
        quads = list(shipped.quads(source))
        said = {kg.shorten(quad.predicate.value) for quad in quads if quad.subject == ox.NamedNode(source)}
        assert needed <= said, file
        assert not [quad for quad in quads if isinstance(quad.subject, ox.BlankNode)], file


def test_every_graph_comes_from_a_file_or_a_rule(shipped: kg.Snapshot) -> None:
    known = {kg.BASE + "source/" + file.stem for file in FILES} | {kg.ONTOLOGY} | {rule.graph for rule in kg.rules()}
    assert set(shipped.graphs()) <= known


def test_every_licence_is_an_iri(shipped: kg.Snapshot) -> None:
    assert column(shipped, "SELECT ?s { ?s dcterms:license ?l FILTER (!isIRI(?l)) }") == []


def test_the_shipped_graph_conforms(shipped: kg.Snapshot) -> None:
    report = kg.validate(shipped)
    assert [f"{r.label}: {r.message}" for r in report.results if r.severity == "violation"] == []
    assert report.conforms


def test_nothing_is_said_of_natural_persons(shipped: kg.Snapshot) -> None:
    people = "foaf:Person, schema:Person, prov:Person"
    assert column(shipped, f"SELECT ?s {{ ?s a ?c FILTER (?c IN ({people})) }}") == []


def test_every_thing_is_attested_by_a_source_and_has_a_label(shipped: kg.Snapshot) -> None:
    thing = f'?s a ?class . FILTER (STRSTARTS(STR(?s), "{kg.BASE}id/"))'
    assert column(shipped, f"SELECT DISTINCT ?s {{ {thing} FILTER NOT EXISTS {{ ?s mg:attestedBy ?g }} }}") == []
    labelled = "FILTER NOT EXISTS { ?s rdfs:label ?l } FILTER NOT EXISTS { ?s a rdf:Statement }"
    unlabelled = (
        f"{labelled} FILTER NOT EXISTS {{ ?s a mg:IdentityDecision }} FILTER NOT EXISTS {{ ?s a mg:ReadingNote }}"
    )
    assert column(shipped, f"SELECT DISTINCT ?s {{ {thing} {unlabelled} }}") == []


def test_a_thing_has_one_label_per_language(shipped: kg.Snapshot) -> None:
    several = "SELECT ?s { ?s rdfs:label ?l } GROUP BY ?s (LANG(?l)) HAVING (COUNT(?l) > 1)"
    assert column(shipped, several) == []


def test_a_remark_about_a_statement_stands_beside_that_statement(shipped: kg.Snapshot) -> None:
    query = """SELECT ?node { GRAPH ?g { ?node rdf:subject ?s ; rdf:predicate ?p ; rdf:object ?o }
               FILTER NOT EXISTS { GRAPH ?g { ?s ?p ?o } } }"""
    assert column(shipped, query) == []


def test_every_compiled_statement_names_the_sources_it_was_drawn_from(shipped: kg.Snapshot) -> None:
    query = """SELECT ?s ?p ?o { GRAPH source:compilation { ?s ?p ?o }
      FILTER (?s != source:compilation && ?p != rdf:type)
      FILTER NOT EXISTS { ?s a rdf:Statement }
      FILTER NOT EXISTS { ?node rdf:subject ?s ; rdf:predicate ?p ; rdf:object ?o ; prov:wasDerivedFrom ?source } }"""
    assert kg.query(shipped, query).rows == []


def test_a_source_that_was_not_read_states_nothing(shipped: kg.Snapshot) -> None:
    query = """SELECT DISTINCT ?g { ?g mg:readAs readas:not-read . GRAPH ?g { ?s ?p ?o } FILTER (?s != ?g) }"""
    assert column(shipped, query) == []


def test_the_article_gives_no_year_and_the_inferred_one_has_its_reason(shipped: kg.Snapshot) -> None:
    stated = "SELECT ?d { GRAPH source:ssd-ressources { event:ev-2021-11-paris-lab schema:startDate ?d } }"
    assert column(shipped, stated) == ["--11-02"]
    inferred = """SELECT DISTINCT ?d { ?n rdf:subject event:ev-2021-11-paris-lab ; rdf:predicate schema:startDate ;
                  rdf:object ?d ; mg:certainty certainty:inferred ; mg:reason ?why }"""
    assert column(shipped, inferred) == ["2021-11-02"]


COUNTED = {
    # of the web sources, of those added later, of the article, and the World Urban Forum
    "mg:Event": 49 + 7 + 3 + 1,
    "mg:Exhibition": 48 + 1,
    "mg:Publication": 44 + 3 + 3,
    # collected with the facts, and found between registers when identifiers were checked
    "mg:Disagreement": 28 + 6,
    "mg:Call": 3 + 5,
}


@pytest.mark.parametrize(("kind", "count"), COUNTED.items())
def test_nothing_that_was_collected_is_lost(shipped: kg.Snapshot, kind: str, count: int) -> None:
    assert number(shipped, f"SELECT (COUNT(DISTINCT ?s) AS ?n) {{ ?s a {kind} }}") == count


def test_every_collection_holds_its_sources() -> None:
    found = Counter(file.parent.name for file in FILES)
    assert (found["mc2cm"], found["additions"], found["compiled"]) == (146, 120, 1)
