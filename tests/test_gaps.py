"""What the shapes expect and the graph lacks, what was looked for and not found, and how to add it."""

import csv
import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from common import Make
from flask import Flask
from flask.testing import FlaskClient
from pages import BROWSER

import kg
import webapp
from webapp.gaps import SEARCHED, gaps_of
from webapp.reading import Reader

NOTES = """
city:port a mg:City ; rdfs:label "Port"@en ; skos:editorialNote "year not stated" .
city:quay a mg:City ; rdfs:label "Quay"@en ; skos:editorialNote "a stone quay" .
"""


@pytest.fixture(scope="module")
def checked(app: Flask, small: kg.Snapshot) -> FlaskClient:
    """A reader of the little graph, which has been checked."""
    kg.report_of(small)
    return app.test_client()


@pytest.fixture(scope="module")
def unchecked(snapshot: Make) -> FlaskClient:
    """A reader of two towns that have not been checked, which is being done elsewhere."""
    towns = snapshot(notes=NOTES)
    return webapp.create_app(lambda: towns, prepares=True).test_client()


def things(client: FlaskClient, address: str) -> list[str]:
    answer: dict[str, Any] = client.get(address).get_json()
    assert answer["total"] == len(answer["items"])
    return [item["name"] for item in answer["items"]]


def test_all_gaps_are_listed_the_gravest_first(checked: FlaskClient) -> None:
    listed = things(checked, "/gaps.json")
    assert listed == [*["Harbour bulletin"] * 2, "Open Harbours", "Sea Fund", "South Haven", "Workshop on the quay"]
    page = checked.get("/gaps", headers=BROWSER).text
    assert "6 gaps in 5 things" in " ".join(page.split())


@pytest.mark.parametrize(
    ("choice", "left"),
    [
        ("country=TN", ["South Haven"]),
        ("country=FR", ["Workshop on the quay"]),
        ("year=2016", ["Open Harbours"]),
        ("class=Event", ["Workshop on the quay"]),
        ("severity=violation", ["Harbour bulletin", "Harbour bulletin"]),
        ("rule=mg:EntityShape-labelFrench", ["Sea Fund", "South Haven"]),
        ("rule=mg:EntityShape-labelFrench&country=TN", ["South Haven"]),
        ("country=FR&class=City", []),
        ("country=XX", []),
    ],
)
def test_gaps_are_sorted_by_what_the_graph_says_of_the_thing(
    checked: FlaskClient, choice: str, left: list[str]
) -> None:
    assert things(checked, f"/gaps.json?{choice}") == left


def test_what_has_no_value_of_a_facet_is_not_hidden(checked: FlaskClient) -> None:
    assert things(checked, "/gaps.json?language=-") == things(checked, "/gaps.json")
    assert len(things(checked, "/gaps.json?country=-")) == 4


def test_every_count_leads_to_as_many_gaps(checked: FlaskClient) -> None:
    text = checked.get("/gaps", headers=BROWSER).text
    table = text.partition("<caption>Kind</caption>")[2].partition("</table>")[0]
    address = table.partition('<th scope="row">Event</th>')[2].partition('href="')[2].partition('"')[0]
    assert address == "/gaps?class=Event"
    assert "1 in all" in checked.get(address, headers=BROWSER).text


def test_messages_are_in_the_language_of_the_reader(checked: FlaskClient) -> None:
    rows = list(csv.DictReader(io.StringIO(checked.get("/gaps.csv?country=TN&lang=fr").text)))
    assert [(row["message"], row["property"], row["country"]) for row in rows] == [
        ("Ajouter un libellé français quand on en connaît un.", "rdfs:label", "TN")
    ]


def test_as_long_as_nothing_was_checked_the_page_says_so(unchecked: FlaskClient) -> None:
    page = unchecked.get("/gaps", headers=BROWSER)
    assert page.status_code == 200
    assert "is being checked against its shapes" in page.text
    twin = unchecked.get("/gaps.json")
    assert (twin.status_code, twin.headers["Retry-After"]) == (503, "10")


def test_what_was_looked_for_and_not_found_stands_apart(unchecked: FlaskClient) -> None:
    searched = unchecked.get("/gaps", headers=BROWSER).text.partition('id="searched"')[2]
    assert "year not stated" in searched
    assert "a stone quay" not in searched


def test_a_lens_on_the_evidence_hides_no_gap(checked: FlaskClient) -> None:
    assert len(things(checked, "/gaps.json?evidence=stated")) == 6


def test_the_page_of_a_thing_can_ask_for_its_gaps(app: Flask, checked: FlaskClient, small: kg.Snapshot) -> None:
    with app.test_request_context("/"):
        app.preprocess_request()
        found = gaps_of(Reader(small, "fr"), kg.BASE + "id/event/quay-workshop")
        assert gaps_of(Reader(small, "fr"), kg.BASE + "id/city/north-haven") == []
    assert found is not None
    assert [(gap.severity, gap.message.partition(" ")[0], gap.files) for gap in found] == [
        ("info", "Ajouter", ("tests/cases/small.ttl",))
    ]


def test_how_to_mend_a_gap_names_the_files_and_what_to_do(checked: FlaskClient) -> None:
    page = checked.get("/contribute?about=event:quay-workshop", headers=BROWSER).text
    assert "<code>tests/cases/small.ttl</code>" in page
    assert "# Add the kind of event (mg:kind)." in page
    assert checked.get("/contribute?about=nowhere-at-all").status_code == 404


def test_the_guide_for_contributors_is_there_as_it_lies(client: FlaskClient) -> None:
    guide = (kg.ROOT / "CONTRIBUTING.md").read_bytes()
    assert client.get("/contribute.md").data == guide
    assert "source:harbour-gazette-2019" in client.get("/contribute", headers=BROWSER).text


@pytest.mark.parametrize("file", sorted(SEARCHED.glob("*.rq")), ids=lambda file: file.stem)
def test_each_table_of_what_was_not_found_has_rows_and_named_columns(shipped: kg.Snapshot, file: Path) -> None:
    question = kg.read_question(file)
    answer = shipped.query(kg.fill(question, {}), name=question.name)
    assert answer.rows
    assert list(question.columns) == answer.columns


def test_notes_are_found_by_what_they_say(graph: Callable[..., kg.Store]) -> None:
    store = graph(
        alpha="""
        reading:a a mg:ReadingNote ; mg:about city:port ; skos:editorialNote "Host not named as such"@en .
        reading:b a mg:ReadingNote ; mg:about city:port ; skos:editorialNote "the year is not in the text read" .
        reading:c a mg:ReadingNote ; mg:about city:port ; skos:editorialNote "Opened by the mayor" .
        """
    )
    question = kg.read_question(SEARCHED / "1-not-in-the-text.rq")
    rows = store.query(question.text).rows
    assert [row["note"].value for row in rows] == ["Host not named as such", "the year is not in the text read"]  # type: ignore[union-attr]
