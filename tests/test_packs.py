"""The query packs: each question answers what was worked out without it, in both languages, and is drawn as it says."""

import re
from collections import Counter
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml

import kg

ANSWERS = Path(__file__).parent / "answers"
ONTOLOGY = "https://w3id.org/migration-governance/ontology"
QUESTIONS = {question.name: question for pack in kg.packs() for question in pack.questions}
EXPECTED = {
    f"{file.stem}/{slug}": answer
    for file in sorted(ANSWERS.glob("*.yaml"))
    for slug, answer in yaml.safe_load(file.read_text(encoding="utf-8")).items()
}
NEEDED = {
    "table": (),
    "bar": ("name|year|publisher|language",),
    "map": ("name", "lat", "long"),
    "timeline": ("name", "start"),
    "network": ("from", "to"),
    "sankey": ("from", "to", "weight"),
}
PARTS = ("summary", "description", "caveats")
# Terms that the data use and no question names, each with the reason.
UNASKED = {
    "Activity": "what events, actions, phases and the others have in common; the questions name those",
    "governedBy": "the other direction of governs",
    "hasPhase": "the other direction of phaseOf",
    "inverseSentence": "how a path reads, not what is in it",
    "sentence": "how a path reads, not what is in it",
}

Ask = Callable[..., kg.Answer]

each_question = pytest.mark.parametrize("name", sorted(QUESTIONS))


def cell(term: kg.Term | None) -> str | None:
    """A term as the answers write it: an IRI by its prefixed name, a literal by its value."""
    if isinstance(term, kg.NamedNode):
        return kg.shorten(term.value).strip("<>")
    return None if term is None else term.value


@pytest.fixture
def ask(shipped: kg.Snapshot, elsewhere: str) -> Ask:
    """Asks a question of the shipped data; one that also asks another endpoint gets the one on this machine."""

    def asked(name: str, **parameters: object) -> kg.Answer:
        federated = any(parameter.name == "wikidata" for parameter in QUESTIONS[name].parameters)
        return kg.query(shipped, name, **({"wikidata": elsewhere} if federated else {}), **parameters)

    return asked


def has(row: Mapping[str, str | None], part: Mapping[str, Any]) -> bool:
    return all(row[column] == str(value) for column, value in part.items())


def test_every_question_has_an_expected_answer_and_every_answer_a_question() -> None:
    assert sorted(EXPECTED) == sorted(QUESTIONS)


def test_there_are_twelve_packs_of_at_least_five_questions() -> None:
    packs = kg.packs()
    assert len(packs) >= 12
    assert [pack.name for pack in packs if len(pack.questions) < 5] == []


def test_no_two_questions_have_the_same_name_or_ask_the_same() -> None:
    said = [(name.split("/")[1], one.summary, one.summary_fr) for name, one in QUESTIONS.items()]
    assert [text for column in zip(*said, strict=True) for text, times in Counter(column).items() if times > 1] == []


def test_a_question_refers_only_to_questions_that_exist() -> None:
    packs = "|".join(pack.name for pack in kg.packs())
    texts = " ".join(one.said(part, tongue) for one in QUESTIONS.values() for part in PARTS for tongue in ("en", "fr"))
    assert set(re.findall(rf"\b(?:{packs})/[a-z-]+", texts)) <= set(QUESTIONS)


@each_question
def test_a_question_answers_what_was_worked_out_by_hand(ask: Ask, name: str) -> None:
    for expected in (EXPECTED[name], *EXPECTED[name].get("also", [])):
        answer = ask(name, **expected.get("params", {}))
        rows = [{key: cell(term) for key, term in row.items()} for row in answer.rows]
        assert len(rows) == expected["rows"]
        assert [part for part in expected.get("contains", []) if not any(has(row, part) for row in rows)] == []
        assert [part for part in expected.get("excludes", []) if any(has(row, part) for row in rows)] == []
        assert expected["worked_out"].strip()


@each_question
def test_the_columns_declared_are_the_columns_returned(ask: Ask, name: str) -> None:
    question = QUESTIONS[name]
    assert ask(name).columns == list(question.columns)
    assert [column for column, texts in question.columns.items() if set(texts) != {"en", "fr"}] == []


@each_question
def test_a_question_is_said_in_both_languages(name: str) -> None:
    question = QUESTIONS[name]
    assert question.summary != question.summary_fr
    assert question.description != question.description_fr
    assert bool(question.caveats) == bool(question.caveats_fr)
    assert question.tags


@each_question
def test_an_answer_can_be_drawn_as_the_header_says(name: str) -> None:
    question = QUESTIONS[name]
    for column in NEEDED[question.view]:
        assert set(column.split("|")) & set(question.columns), f"a {question.view} needs {column}"


@pytest.mark.parametrize("name", sorted(name for name, one in QUESTIONS.items() if one.view in {"bar", "sankey"}))
def test_what_is_drawn_by_size_has_a_number(ask: Ask, name: str) -> None:
    row = ask(name).rows[0]
    kinds = {kg.shorten(term.datatype.value) for term in row.values() if isinstance(term, kg.Literal)}
    assert kinds & {"xsd:integer", "xsd:decimal"}


@each_question
def test_every_required_parameter_has_a_default(name: str) -> None:
    assert [one.name for one in QUESTIONS[name].parameters if one.required and one.default is None] == []


@each_question
def test_a_french_reader_gets_as_many_rows(ask: Ask, name: str) -> None:
    if any(parameter.name == "lang" for parameter in QUESTIONS[name].parameters):
        assert len(ask(name, lang="fr").rows) == EXPECTED[name]["rows"]


@each_question
def test_a_file_is_legal_as_it_lies_there(graph: Callable[..., kg.Store], name: str) -> None:
    assert kg.query(graph(nothing=""), QUESTIONS[name].text).kind == "select"


@each_question
def test_the_rows_are_ordered_to_the_last_tie(name: str) -> None:
    assert re.search(r"^ORDER BY \S", QUESTIONS[name].text, re.MULTILINE)


def test_every_term_that_the_data_use_is_asked_for_by_some_question(shipped: kg.Snapshot) -> None:
    used = kg.query(
        shipped,
        f"""SELECT DISTINCT ?term WHERE {{
              {{ ?thing a ?term }} UNION {{ ?thing ?term ?value }}
              ?term <http://www.w3.org/2000/01/rdf-schema#isDefinedBy> <{ONTOLOGY}> .
              FILTER NOT EXISTS {{
                ?term <http://www.w3.org/2000/01/rdf-schema#subPropertyOf> <{ONTOLOGY}#externalIdentifier>
              }}
            }}""",
    )
    terms = {row["term"].value.removeprefix(ONTOLOGY + "#") for row in used.rows if row["term"]}
    asked = set(re.findall(r"\bmg:(\w+)", " ".join(question.text for question in QUESTIONS.values())))
    assert sorted(terms - asked) == sorted(UNASKED)
