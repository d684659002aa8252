"""Rules, and the reasons for what they derive."""

from collections.abc import Callable
from pathlib import Path

import pyoxigraph as ox
import pytest

import kg
from kg import inference

HEADER = """#+ summary: {0}
#+ summary_fr: {0}
#+ description: {0}
#+ description_fr: {0}
#+ tags: [rule]
"""
SUBCLASS = "CONSTRUCT { ?x a ?wide } WHERE { ?x a ?narrow . ?narrow rdfs:subClassOf ?wide }"
TOGETHER = """CONSTRUCT { ?a mg:workedWith ?b } WHERE {
  ?one mg:actor ?a ; mg:activity ?event . ?two mg:actor ?b ; mg:activity ?event . FILTER (?a != ?b) }"""
ATTESTED = "CONSTRUCT { ?x mg:attestedBy ?g } WHERE { GRAPH ?g { ?x a ?c } ?g a mg:Source }"

DATA = """
mg:Tram rdfs:subClassOf mg:Vehicle . mg:Vehicle rdfs:subClassOf mg:Thing .
id:t a mg:Tram . source:alpha a mg:Source .
id:p mg:actor id:a ; mg:activity id:e . id:q mg:actor id:b ; mg:activity id:e .
""".replace("id:", "actor:")


@pytest.fixture
def rules(tmp_path: Path) -> list[inference.Rule]:
    """Three rules: superclasses, who met whom, and which source speaks of a thing."""
    folder = tmp_path / "rules"
    folder.mkdir()
    for name, text in {"subclass": SUBCLASS, "together": TOGETHER, "attested": ATTESTED}.items():
        (folder / f"{name}.rq").write_text(HEADER.format(name) + text)
    return inference.rules(folder)


def facts(store: kg.Store, rule: str) -> set[str]:
    return {" ".join(map(kg.show, (q.subject, q.predicate, q.object))) for q in store.quads(inference.RULES + rule)}


def test_rules_run_until_nothing_new_follows(graph: Callable[..., kg.Store], rules: list[inference.Rule]) -> None:
    store = graph(alpha=DATA)
    before = len(store)
    added = kg.infer(store, rules)
    assert len(store) - before == added
    assert facts(store, "subclass") >= {"actor:t rdf:type mg:Vehicle", "actor:t rdf:type mg:Thing"}
    assert facts(store, "together") == {"actor:a mg:workedWith actor:b", "actor:b mg:workedWith actor:a"}
    assert kg.infer(store, rules) == 0


def test_what_is_stated_is_not_derived_again(graph: Callable[..., kg.Store], rules: list[inference.Rule]) -> None:
    store = graph(alpha=DATA, beta="actor:t a mg:Vehicle .")
    kg.infer(store, rules)
    assert "actor:t rdf:type mg:Vehicle" not in facts(store, "subclass")


def explain(store: kg.Store, rules: list[inference.Rule], rule: str, *statement: str) -> list[str]:
    one = next(r for r in rules if r.name == rule)
    subject, predicate, value = (ox.NamedNode(kg.expand(text) or "") for text in statement)
    ways = inference.derivations(store, one, (subject, predicate, value))
    return [" ".join(map(kg.show, premise.statement)) for way in ways for premise in way.premises]


def test_a_derived_statement_is_explained_by_the_statements_used(
    graph: Callable[..., kg.Store], rules: list[inference.Rule]
) -> None:
    store = graph(alpha=DATA)
    kg.infer(store, rules)
    assert explain(store, rules, "subclass", "actor:t", "rdf:type", "mg:Vehicle") == [
        "actor:t rdf:type mg:Tram",
        "mg:Tram rdfs:subClassOf mg:Vehicle",
    ]
    assert explain(store, rules, "together", "actor:a", "mg:workedWith", "actor:b") == [
        "actor:p mg:activity actor:e",
        "actor:p mg:actor actor:a",
        "actor:q mg:activity actor:e",
        "actor:q mg:actor actor:b",
    ]
    assert explain(store, rules, "attested", "actor:t", "mg:attestedBy", "source:alpha") == [
        "actor:t rdf:type mg:Tram",
        "source:alpha rdf:type mg:Source",
    ]


def test_what_a_rule_does_not_give_has_no_explanation(
    graph: Callable[..., kg.Store], rules: list[inference.Rule]
) -> None:
    store = graph(alpha=DATA)
    assert explain(store, rules, "together", "actor:a", "mg:workedWith", "actor:t") == []


def test_a_rule_must_be_a_construct(tmp_path: Path) -> None:
    (tmp_path / "wrong.rq").write_text(HEADER.format("x") + "SELECT * { ?s ?p ?o }")
    with pytest.raises(kg.HeaderError, match="must be a CONSTRUCT"):
        inference.rules(tmp_path)
