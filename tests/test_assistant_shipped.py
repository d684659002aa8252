"""The query assistant over what is shipped: ten planted faults, every question of the packs, the command."""

import re
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from common import Run
from findings import number, only, rewritten

import kg
from kg.assistant.probes import write
from kg.assistant.reading import read

# Ten faults in queries over the shipped graph: the query, where it is named and as what, what the sentence says, and an
# independent query for the number of rows that the rewrite gives.
FAULTS = {
    "rows lost for want of a value": (
        "SELECT ?event ?end WHERE { ?event a mg:Event ; schema:endDate ?end }",
        ("warnings", "row-loss", "schema:endDate"),
        "SELECT (COUNT(*) AS ?n) { ?event a mg:Event OPTIONAL { ?event schema:endDate ?end } }",
    ),
    "rows repeated by something that is not shown": (
        "SELECT ?event WHERE { ?event a mg:Event ; schema:startDate ?date }",
        ("warnings", "fan-out", "schema:startDate"),
        "SELECT (COUNT(DISTINCT ?event) AS ?n) { ?event a mg:Event ; schema:startDate ?date }",
    ),
    "a label in every language": (
        "SELECT ?event ?name WHERE { ?event a mg:Event ; rdfs:label ?name }",
        ("warnings", "language", 'choose one: "en"'),
        'SELECT (COUNT(*) AS ?n) { ?event a mg:Event ; rdfs:label ?name FILTER (LANG(?name) = "en") }',
    ),
    "a count of rows instead of things": (
        "SELECT ?city (COUNT(?event) AS ?n) WHERE { ?event mg:inCity ?city ; rdfs:label ?name } GROUP BY ?city",
        ("warnings", "count", "COUNT(DISTINCT ?event)"),
        "SELECT (COUNT(DISTINCT ?city) AS ?n) { ?event mg:inCity ?city ; rdfs:label ?name }",
    ),
    "a property that does not exist": (
        "SELECT ?event ?end WHERE { ?event a mg:Event . OPTIONAL { ?event schema:dateEnd ?end } }",
        ("warnings", "unknown-predicate", "schema:endDate"),
        "SELECT (COUNT(*) AS ?n) { ?event a mg:Event OPTIONAL { ?event schema:endDate ?end } }",
    ),
    "a misspelt variable": (
        "SELECT ?event ?city WHERE { ?event a mg:Event ; mg:inCity ?ctiy }",
        ("warnings", "never-bound", "?ctiy"),
        "SELECT (COUNT(*) AS ?n) { ?event a mg:Event ; mg:inCity ?city }",
    ),
    "the wrong direction": (
        "SELECT ?city ?event WHERE { ?city a mg:City ; mg:inCity ?event . ?event a mg:Event }",
        ("empty", "direction", "mg:inCity"),
        "SELECT (COUNT(*) AS ?n) { ?event a mg:Event ; mg:inCity ?city . ?city a mg:City }",
    ),
    "a text without its language": (
        'SELECT ?city WHERE { ?city a mg:City ; rdfs:label "Tunis" }',
        ("empty", "language-tag", '"Tunis"@en'),
        'SELECT (COUNT(*) AS ?n) { ?city a mg:City ; rdfs:label "Tunis"@en }',
    ),
    "a number compared with dates": (
        "SELECT ?event ?date WHERE { ?event a mg:Event ; schema:startDate ?date . FILTER (?date > 2018) }",
        ("empty", "datatype", "xsd:date"),
        'SELECT (COUNT(*) AS ?n) { ?event a mg:Event ; schema:startDate ?date . FILTER (STR(?date) > "2018") }',
    ),
    "a misspelt name of a thing": (
        "SELECT ?event WHERE { ?event a mg:Event ; mg:inCity city:tuniss }",
        ("empty", "typo", "city:tunis"),
        "SELECT (COUNT(*) AS ?n) { ?event a mg:Event ; mg:inCity city:tunis }",
    ),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_ten_planted_faults_are_named_and_put_right(shipped: kg.Snapshot, fault: str) -> None:
    query, (where, kind, says), expected = FAULTS[fault]
    found = only(getattr(kg.advise(shipped, query), where), kind)
    assert says in found.sentence
    assert len(rewritten(shipped, found)) == number(shipped, expected) > 0


QUESTIONS = [question for pack in kg.packs() if pack.name != "federated" for question in pack.questions]


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda question: question.name)
def test_every_question_gets_advice(
    shipped: kg.Snapshot, question: kg.Question, record_property: Callable[[str, object], None]
) -> None:
    text = kg.text_of(shipped, question.name)
    begun = time.monotonic()
    found = kg.advise(shipped, text)
    record_property("seconds", round(time.monotonic() - begun, 3))
    assert found.empty == () or not shipped.query(text).rows
    for one in (*found.warnings, *found.empty):
        if one.rewrite:
            assert len(shipped.query(one.rewrite).rows) == one.rows or one.rows is None


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda question: question.name)
def test_the_parts_of_a_question_together_ask_the_same(shipped: kg.Snapshot, question: kg.Question) -> None:
    text = kg.text_of(shipped, question.name)
    query = read(text)
    again = text[: query.where.start] + write(query.where) + text[query.where.end :]
    assert shipped.query(again).write("csv") == shipped.query(text).write("csv")


def test_the_command_explains_a_query(run: Run, shipped_home: Path, tmp_path: Path) -> None:
    file = tmp_path / "ends.rq"
    file.write_text("SELECT ?event ?end WHERE {\n  ?event a mg:Event ;\n    schema:endDate ?end\n}\n")
    result = run("query", file, "--explain", home=shipped_home)
    assert (result.returncode, result.stderr) == (0, "")
    assert re.search(r"^line 3: \d+ of \d+ mg:Event \(\?event\) have no schema:endDate", result.stdout, re.MULTILINE)
    assert "      OPTIONAL { ?event schema:endDate ?end }" in result.stdout
    assert "ligne 3 :" in run("query", file, "--explain", "--lang", "fr", home=shipped_home).stdout.replace("3:", "3 :")


def test_the_command_says_so_when_there_is_nothing_to_say(run: Run, shipped_home: Path) -> None:
    result = run("query", "-", "--explain", home=shipped_home, input="SELECT ?s WHERE { ?s a mg:Event }")
    assert (result.returncode, result.stdout) == (0, "nothing to report\n")


def test_the_command_does_not_explain_the_answer_of_an_endpoint(run: Run, tmp_path: Path) -> None:
    result = run("query", "-", "--explain", "--endpoint", "http://127.0.0.1:9/", input="ASK {}")
    assert (result.returncode, result.stdout) == (2, "")
    assert "--endpoint" in result.stderr
