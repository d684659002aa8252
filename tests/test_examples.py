"""The packs in the form in which editors read example queries."""

import pyoxigraph as ox
import pytest

import kg

QUESTIONS = [question for pack in kg.packs() for question in pack.questions]
EXAMPLES = ox.Store()
EXAMPLES.load(kg.write_statements(kg.examples(QUESTIONS), "ttl"), format=ox.RdfFormat.TURTLE)


def asked(text: str) -> list[list[str]]:
    return [[term.value for term in row] for row in EXAMPLES.query(text, prefixes=kg.prefixes())]


def test_every_question_is_an_example_in_two_languages() -> None:
    rows = asked("SELECT ?e (LANG(?c) AS ?l) { ?e a sh:SPARQLExecutable ; rdfs:comment ?c ; schema:target ?t }")
    assert len(rows) == 2 * len(QUESTIONS)


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda question: question.name)
def test_an_example_is_the_question_with_its_defaults(question: kg.Question) -> None:
    (found,) = asked(
        f"SELECT ?q {{ ?e sh:select|sh:ask|sh:construct ?q FILTER (STRENDS(STR(?e), '/{question.name}')) }}"
    )
    assert found == [kg.fill(question, {})]


def test_editors_find_prefixes_examples_and_their_text(shipped: kg.Snapshot) -> None:
    assert asked(
        "SELECT ?e ?q { ?e a sh:SPARQLSelectExecutable ; sh:select ?q ; rdfs:comment ?c FILTER (LANG(?c) = 'en') }"
    )
    rows = kg.query(shipped, "SELECT ?prefix ?space { ?node sh:prefix ?prefix ; sh:namespace ?space }").rows
    assert {row["prefix"].value for row in rows} == set(kg.prefixes())
