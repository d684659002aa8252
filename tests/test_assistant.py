"""The query assistant: what it finds, what it leaves alone, and that its rewrites do what they promise."""

import json
import time
from collections.abc import Callable
from subprocess import CompletedProcess

import pytest
from findings import only, rewritten

import kg

Graph = Callable[..., kg.Store]
Run = Callable[..., CompletedProcess[str]]

PREFIXES = "PREFIX ex: <https://example.org/>\n"
LIGHTS = """
@prefix ex: <https://example.org/> .
ex:north a ex:Light ; ex:height 30 ; schema:name "North"@en, "Nord"@fr ; ex:keptBy ex:ann, ex:bob ; ex:on ex:coast ;
    ex:paint "red", "white" ; ex:built "1901"^^xsd:gYear ; ex:cost 100 ; rdfs:label "North light"@en .
ex:south a ex:Light ; ex:height 40 ; schema:name "South"@en, "Sud"@fr ; ex:keptBy ex:ann ; ex:on ex:coast ;
    ex:paint "red" ; ex:built "1920"^^xsd:gYear ; ex:cost 200 ; rdfs:label "South light"@en .
ex:east a ex:Light ; ex:height 50 ; schema:name "East"@en ; ex:on ex:coast ; ex:paint "blue" ; ex:opened 1950 .
ex:west a ex:Light ; schema:name "West"@en ; ex:on ex:coast ; ex:paint "blue" .
ex:coast a ex:Coast ; schema:name "Old coast"@en .
ex:isle a ex:Coast ; schema:name "Far isle"@en .
ex:ann a ex:Keeper ; ex:born "1870-05-01"^^xsd:date ; ex:knows ex:bob .
ex:bob a ex:Keeper .
"""


@pytest.fixture
def lights(graph: Graph) -> kg.Store:
    return graph(lights=LIGHTS)


def advice(store: kg.Store, query: str) -> kg.Advice:
    return kg.advise(store, PREFIXES + query)


CLEAN = [
    "SELECT ?light ?on WHERE { ?light a ex:Light ; ex:on ?on }",
    'SELECT ?light ?name WHERE { ?light a ex:Light ; schema:name ?name FILTER (LANG(?name) = "en") }',
    "SELECT ?light ?height WHERE { ?light a ex:Light OPTIONAL { ?light ex:height ?height } }",
    "SELECT ?light WHERE { ?light a ex:Light ; ex:on ex:coast }",
    "SELECT ?light ?keeper WHERE { ?light ex:keptBy ?keeper }",
    "SELECT (COUNT(DISTINCT ?light) AS ?lights) WHERE { ?light a ex:Light ; ex:on ?coast }",
    "SELECT ?class (COUNT(*) AS ?things) WHERE { ?thing a ?class } GROUP BY ?class",
    "SELECT DISTINCT ?height WHERE { ?light a ex:Light ; ex:height ?height }",
    "SELECT * WHERE { ?s ?p ?o }",
    "SELECT ?light WHERE { { ?light a ex:Light ; ex:height ?h } UNION { ?light a ex:Light FILTER NOT EXISTS "
    "{ ?light ex:height ?any } } }",
    "SELECT ?light WHERE { ?light a ex:Light FILTER NOT EXISTS { ?light ex:height ?height } }",
    "SELECT ?light WHERE { ?light a ex:Light MINUS { ?light ex:height ?height } }",
    "SELECT ?light (GROUP_CONCAT(?name) AS ?names) WHERE { ?light a ex:Light ; schema:name ?name } GROUP BY ?light",
    "SELECT ?light ?name (LANG(?name) AS ?language) WHERE { ?light a ex:Light ; schema:name ?name }",
    "SELECT DISTINCT ?light WHERE { ?light a ex:Light ; schema:name ?name }",
    "SELECT ?light ?g WHERE { GRAPH ?g { ?light a ex:Light ; ex:on ?coast } }",
    "SELECT ?light ?n WHERE { ?light a ex:Light { SELECT (COUNT(?l) AS ?n) WHERE { ?l a ex:Light } } }",
    "SELECT ?a ?b WHERE { ?a a ex:Light . ?b a ex:Light . FILTER (?a != ?b) }",
    "ASK { ?light a ex:Light }",
    "CONSTRUCT { ?light a ex:Thing } WHERE { ?light a ex:Light }",
    "DESCRIBE ex:north",
]


@pytest.mark.parametrize("query", CLEAN)
def test_a_clean_query_gets_no_advice(lights: kg.Store, query: str) -> None:
    assert advice(lights, query) == kg.Advice()


# Queries over the lights, the finding expected of each, words of its sentence, and the number of rows put right.
WARNINGS = [
    ("SELECT ?l ?h WHERE { ?l a ex:Light ; ex:height ?h }", "row-loss", "1 of 4 ex:Light (?l) have no ex:height", 4),
    (
        "SELECT ?l ?b WHERE { ?l a ex:Light ; ex:height ?h ; ex:built ?b FILTER (?h > 0) }",
        "row-loss",
        "1 of 3 ex:Light (?l) have no ex:built",
        3,
    ),
    (
        'SELECT ?l ?n WHERE { ?l a ex:Light . ?l schema:name ?n . FILTER (LANG(?n) = "fr") }',
        "row-loss",
        "2 of 4 ex:Light (?l) have no schema:name in that language",
        4,
    ),
    (
        "SELECT ?l ?b WHERE { ?l a ex:Light ; ex:built ?b . FILTER (STR(?b) > '1910') }",
        "row-loss",
        "2 of 4 ex:Light (?l) have no ex:built",
        3,
    ),
    (
        "SELECT ?l ?k ?b WHERE { ?l ex:keptBy ?k . ?k ex:born ?b }",
        "row-loss",
        "1 of 2 ?k have no ex:born",
        3,
    ),
    (
        "SELECT ?l ?k WHERE { ?l a ex:Light . { ?l ex:keptBy ?k . ?k a ex:Keeper } }",
        "row-loss",
        "2 of 4 ex:Light (?l) have no ex:keptBy",
        None,
    ),
    (
        "SELECT ?l ?k WHERE { ?l a ex:Light ; ex:keptBy ?k . ?k a ex:Keeper . OPTIONAL { ?k ex:born ?b } }",
        "row-loss",
        "2 of 4 ex:Light (?l) have no ex:keptBy",
        5,
    ),
    (
        "SELECT ?c ?l WHERE { ?c a ex:Coast . ?l ex:on ?c }",
        "row-loss",
        "1 of 2 ex:Coast (?c) are the ex:on of nothing",
        5,
    ),
    (
        "SELECT ?l ?b WHERE { ?l a ex:Light ; ex:keptBy/ex:born ?b }",
        "row-loss",
        "2 of 4 ex:Light (?l) have no ex:keptBy/ex:born",
        4,
    ),
    (
        "SELECT ?l ?h ?g WHERE { ?l a ex:Light . GRAPH ?g { ?l ex:height ?h } }",
        "row-loss",
        "1 of 4 ex:Light (?l) have no ex:height",
        4,
    ),
    (
        "SELECT ?l ?x WHERE { ?l a ex:Light { ?l ex:opened ?x } UNION { ?l ex:built ?x } }",
        "row-loss",
        "1 of 4 ex:Light (?l) match no branch of the UNION",
        None,
    ),
    (
        "SELECT ?l ?p WHERE { ?l a ex:Light ; ex:paint ?p ; ex:on ?c }",
        "fan-out",
        "Each of the ex:Light (?l) gives 1.2 rows on average because of ex:paint",
        4,
    ),
    (
        "SELECT ?l WHERE { ?l a ex:Light ; schema:name ?n }",
        "fan-out",
        "Only 4 of 6 rows are different: schema:name",
        4,
    ),
    (
        "SELECT ?l ?n WHERE { ?l a ex:Light OPTIONAL { ?l schema:name ?n } }",
        "language",
        'so each of the ex:Light (?l) gives 1.5 rows on average; choose one: "en" is there for 4 of 4',
        4,
    ),
    (
        "SELECT (COUNT(?l) AS ?n) WHERE { ?l a ex:Light ; schema:name ?name }",
        "count",
        "COUNT(?l) counts 6, but there are 4 different ?l",
        1,
    ),
    (
        "SELECT ?c (COUNT(*) AS ?n) WHERE { ?l a ex:Light ; ex:on ?c ; schema:name ?x } GROUP BY ?c",
        "count",
        "more than once in 1 of 1 groups: 6 in all instead of 4",
        1,
    ),
    (
        "SELECT (SUM(?cost) AS ?sum) WHERE { ?l ex:cost ?cost ; schema:name ?name }",
        "sum",
        "4 values instead of 2",
        None,
    ),
    (
        "SELECT ?l ?k WHERE { ?l a ex:Light . ?k a ex:Keeper }",
        "product",
        "each of 4 is combined with each of 2",
        None,
    ),
    ("SELECT ?l WHERE { ?l a ex:Light MINUS { ?l ex:hieght ?h } }", "unknown-predicate", "did you mean ex:height?", 1),
    ("SELECT ?l WHERE { ?l ex:on ?c FILTER NOT EXISTS { ?c a ex:Cost } }", "unknown-class", "mean ex:Coast?", 0),
    (
        "SELECT ?light ?name WHERE { ?light a ex:Light ; ex:on ?coast . ?caost schema:name ?name }",
        "variable",
        "?caost is used only once; did you mean ?coast?",
        4,
    ),
    ("SELECT ?light ?height WHERE { ?light a ex:Light }", "never-bound", "no pattern gives it a value.", None),
]


@pytest.mark.parametrize(("query", "kind", "says", "rows"), WARNINGS)
def test_a_warning_has_numbers_and_a_rewrite_that_works(
    lights: kg.Store, query: str, kind: str, says: str, rows: int | None
) -> None:
    (found,) = [one for one in advice(lights, query).warnings if one.kind == kind and says in one.sentence]
    assert found.line == 2
    if rows is None:
        assert found.rewrite is None
    else:
        assert len(rewritten(lights, found)) == rows


CAUSES = [
    ("SELECT ?l WHERE { ?l a ex:Light ; ex:height 99 }", "no-data", "ex:height 99 matches nothing in the whole", 4),
    ("SELECT ?l WHERE { ?l a ex:Light, ex:Coast }", "no-data", "matches 2 times by itself, but never together", 4),
    (
        "SELECT ?l WHERE { ?l a ex:Light ; ex:height ?h FILTER (?h > 99) FILTER (?h < 10) }",
        "no-data",
        "together leave nothing",
        3,
    ),
    ("SELECT ?l WHERE { ?l a ex:Light MINUS { ?l schema:name ?n } }", "no-data", "MINUS", 4),
    ("SELECT ?l WHERE { ?l a ex:Light ; ex:nope 5 ; ex:never 6 ; ex:nil 7 }", "no-data", "at least three", None),
    ("SELECT ?k WHERE { ?k a ex:Keeper ; ex:keptBy ?l }", "direction", "ex:keptBy ?l asks in the wrong direction", 3),
    ("SELECT ?k WHERE { ?k ^ex:knows ex:bob }", "direction", "^ex:knows", 1),
    ('SELECT ?l WHERE { ?l schema:name "Nord"@en }', "language-tag", '"Nord"@fr', 1),
    ('SELECT ?l WHERE { ?l schema:name ?n FILTER (?n = "Nord") }', "language-tag", '"Nord"@fr', 1),
    ('SELECT ?l WHERE { ?l schema:name ?n FILTER (LANG(?n) = "de") }', "language-tag", '"en", "fr"', 6),
    ('SELECT ?l WHERE { ?l ex:opened "1950" }', "datatype", 'asks for "1950"; the graph has 1950', 1),
    ("SELECT ?l WHERE { ?l ex:built 1901 }", "datatype", '"1901"^^xsd:gYear', 1),
    ("SELECT ?l WHERE { ?l ex:built ?b FILTER (?b >= 1910) }", "datatype", "1910 (xsd:integer)", 1),
    ('SELECT ?l WHERE { ?l ex:opened ?b FILTER (?b = "1950") }', "datatype", "1950", 1),
    ("SELECT ?l WHERE { ?l a ex:Lihgt }", "typo", "ex:Light", 4),
    ("SELECT ?l WHERE { ?l a ex:Light ; ex:heigth ?h }", "typo", "ex:height", 3),
    ("SELECT ?l WHERE { ?l ex:heigth ?h ; ex:pant ?p }", "typo", "ex:height, ex:paint", 4),
    ("SELECT ?l WHERE { ?l ex:heigth ?h ; ex:pant ?p ; ex:bilt ?b }", "typo", "ex:height, ex:paint, ex:built", 3),
    ("SELECT ?l WHERE { ?l ex:on ex:caost }", "typo", "ex:coast", 4),
    ("SELECT ?l WHERE { VALUES ?c { ex:caost ex:coats } ?l ex:on ?c }", "typo", "ex:coast, ex:coast gives 8 rows", 8),
    ('SELECT ?l WHERE { VALUES (?n) { ("Nort"@en) } ?l schema:name ?n }', "typo", '"North"@en', 1),
    ("SELECT ?l WHERE { BIND (ex:caost AS ?c) ?l ex:on ?c }", "typo", "ex:coast", 4),
    ("SELECT ?l WHERE { BIND (ex:nowhere AS ?c) ?l ex:on ?c }", "no-data", "BIND (ex:nowhere AS ?c)", 4),
    ("SELECT ?l WHERE { ?l ex:hasHeight ?h }", "typo", "ex:height", 3),
    ("SELECT ?l WHERE { GRAPH source:lihgts { ?l a ex:Light } }", "typo", "source:lights gives 4 rows", 4),
    ("SELECT ?l FROM source:lihgts WHERE { ?l a ex:Light }", "typo", "source:lights gives 4 rows", 4),
    ('SELECT ?l WHERE { ?l ex:paint "Blue" }', "typo", '"blue"', 2),
    ('SELECT ?l WHERE { ?l rdfs:label ?n FILTER (CONTAINS(?n, "LIGHT")) }', "typo", '"light"', 2),
    ("SELECT ?l WHERE { { ?l ex:hight ?h } UNION { ?l ex:biult ?h } }", "typo", "ex:height", 5),
    ("SELECT ?l WHERE { { SELECT ?l WHERE { ?l ex:hight ?h } } }", "typo", "ex:height", 3),
    ("SELECT ?c (COUNT(*) AS ?n) WHERE { ?l ex:on ?c } GROUP BY ?c HAVING (?n > 9)", "modifier", "HAVING (?n > 9)", 1),
    ("SELECT ?l WHERE { ?l a ex:Light } OFFSET 10", "modifier", "OFFSET 10", 4),
    ("ASK { ?k a ex:Keeper ; ex:keptBy ?l }", "direction", "3 rows", None),
]


@pytest.mark.parametrize(("query", "kind", "says", "rows"), CAUSES)
def test_an_empty_answer_is_explained(lights: kg.Store, query: str, kind: str, says: str, rows: int | None) -> None:
    found = [one for one in advice(lights, query).empty if says in one.sentence]
    assert [one.kind for one in found] == [kind]
    if rows is not None:
        assert len(rewritten(lights, found[0])) == rows


def test_an_answer_with_rows_has_no_causes(lights: kg.Store) -> None:
    assert advice(lights, "SELECT ?l WHERE { ?l a ex:Light }").empty == ()


def test_a_rewrite_keeps_comments_and_layout(lights: kg.Store) -> None:
    query = """SELECT ?light ?height ?name WHERE {
  ?light a ex:Light ;          # every light
         ex:height ?height ;   # metres
         schema:name ?name .   # in English
  FILTER (LANG(?name) = "en")  # not in French
}
ORDER BY ?light  # the end
"""
    found = only(advice(lights, query).warnings, "row-loss")
    assert found.line == 4
    assert (
        found.rewrite
        == PREFIXES
        + """SELECT ?light ?height ?name WHERE {
  ?light a ex:Light ;          # every light
         # metres
         schema:name ?name .   # in English
  OPTIONAL { ?light ex:height ?height }
  FILTER (LANG(?name) = "en")  # not in French
}
ORDER BY ?light  # the end
"""
    )


def test_a_graph_that_is_not_there_is_named_and_nothing_else(lights: kg.Store) -> None:
    found = advice(lights, "SELECT ?l FROM NAMED source:none WHERE { GRAPH ?g { ?l a ex:Light } }")
    assert [one.sentence for one in found.warnings] == ["No graph is called source:none."]


def test_a_text_is_put_right_in_the_language_that_was_asked_for(graph: Graph) -> None:
    store = graph(names='[] rdfs:label "Casablanca"@de, "Casablanca"@en, "Casablanca"@fr .')
    (found,) = kg.advise(store, 'SELECT ?c WHERE { ?c rdfs:label "Casblanca"@fr }').empty
    assert '"Casablanca"@fr' in str(found.rewrite)


def test_a_wrong_namespace_is_put_right_where_it_is_declared(lights: kg.Store) -> None:
    query = "PREFIX s: <http://schema.org/>\nSELECT ?l WHERE { ?l s:name ?n }"
    found = only(advice(lights, query).warnings, "unknown-prefix")
    assert "PREFIX s: <https://schema.org/>" in str(found.rewrite)
    assert len(rewritten(lights, found)) == 8


def test_the_language_of_the_reader_is_chosen_where_it_is_there(lights: kg.Store) -> None:
    query = PREFIXES + "SELECT ?l ?n WHERE { ?l a ex:Light ; schema:name ?n }"
    found = only(kg.advise(lights, query, "fr").warnings, "language")
    assert 'LANG(?n) = "fr"' in str(found.rewrite)
    assert "existe en 2 langues (en, fr), chacun des ex:Light (?l) donne donc 1,5 lignes" in found.said("fr")


def test_numbers_are_those_of_the_dataset_that_the_query_names(graph: Graph) -> None:
    text = "@prefix ex: <https://example.org/> . ex:a a ex:Light ; ex:height 1 ."
    store = graph(one=text, two="@prefix ex: <https://example.org/> . ex:b a ex:Light .")
    graphs = store.graphs()
    query = "SELECT ?l ?h FROM <{}> WHERE {{ ?l a ex:Light ; ex:height ?h }}"
    assert only(advice(store, query.format(">\nFROM <".join(graphs))).warnings, "row-loss")
    assert [advice(store, query.format(one)).warnings for one in graphs].count(()) == 1


def test_advice_can_be_handed_to_a_browser(lights: kg.Store) -> None:
    sent = json.loads(advice(lights, "SELECT ?l WHERE { ?l ex:height ?h ; ex:built ?b }").to_json())
    assert sent.keys() == {"warnings", "empty", "unchecked"}
    assert {"kind", "sentence", "sentence_fr", "line", "patterns", "rewrite", "rows"} == sent["warnings"][0].keys()


def test_a_query_that_is_not_legal_is_an_error(lights: kg.Store) -> None:
    with pytest.raises(kg.QuerySyntaxError):
        kg.advise(lights, "SELECT ?x WHERE { ?x ")


def test_nothing_is_asked_of_another_endpoint(lights: kg.Store) -> None:
    found = advice(lights, "SELECT * WHERE { SERVICE <http://127.0.0.1:9/> { ?s ?p ?o } }")
    assert "SERVICE" in only(found.unchecked, "not-checked").sentence


class Slow(kg.Store):
    """A store whose every answer takes longer than there is time for."""

    def query(self, text: str, **options: object) -> kg.Answer:  # type: ignore[override]
        if options.get("name") == "probe":
            time.sleep(0.4)
        return super().query(text)


def test_what_there_is_no_time_for_is_said() -> None:
    begun = time.monotonic()
    found = kg.advise(Slow(), "SELECT ?s WHERE { ?s a ?class ; ?p ?o }", budget_seconds=0.2)
    assert time.monotonic() - begun < 5
    assert found.warnings == found.empty == ()
    assert "emptiness" in only(found.unchecked, "not-checked").sentence
