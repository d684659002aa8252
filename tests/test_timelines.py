"""Dates as exact as sources give them, and the timeline that shows what is uncertain about them."""

import csv
import io
import re
from pathlib import Path

import pytest
from common import Make, Visit
from flask.testing import FlaskClient
from pages import BROWSER

import kg

FILES = sorted((kg.ROOT / "queries" / "timelines").glob("*.rq"))

FEAST = """
source:{name} a mg:Source ; dcterms:title "{name}"@en .
event:market a mg:Event ; rdfs:label "Market"@en ; schema:startDate {start} ; mg:kind eventkind:workshop .
"""
UNDATED = 'event:someday a mg:Event ; rdfs:label "Some day"@en ; mg:dateAsStated "one fine day" .'
SPRING = """
event:spring a mg:Event ; rdfs:label "Spring fair"@en ; mg:dateAsStated "end of spring 2022" ;
  mg:edtfDate "2022-21~"^^edtf:EDTF ; mg:earliestDate "2022-03-20"^^xsd:date ; mg:latestDate "2022-06-21"^^xsd:date .
"""


@pytest.fixture(scope="module")
def reader(snapshot: Make, visit: Visit) -> FlaskClient:
    """The explorer over two sources that date a market differently, a spring fair, and an event without a date."""
    alpha = FEAST.format(name="alpha", start='"2019-06-25"^^xsd:date') + UNDATED
    beta = FEAST.format(name="beta", start='"2020"^^xsd:gYear') + SPRING
    return visit(snapshot(alpha=alpha, beta=beta))


def row_of(page: str, name: str) -> str:
    """The line of the table about a thing."""
    return next(row for row in re.findall(r"<tr.*?</tr>", page, re.S) if f">{name}</a>" in row)


def mark_of(page: str, name: str) -> str:
    """The mark of the picture that stands for a thing."""
    return next(mark for mark in re.findall(r"<a .*?</a>", page, re.S) if f'aria-label="{name}, ' in mark)


def test_the_picture_looks_as_uncertain_as_the_dates_are(reader: FlaskClient, client: FlaskClient) -> None:
    page = reader.get("/timeline").text
    assert 'class="differ"' in mark_of(page, "Market")
    assert 'class="both"' in mark_of(page, "Spring fair")
    assert 'class="sure"' in mark_of(client.get("/timeline").text, "Workshop on the quay")


def test_the_table_has_both_values_where_sources_differ(reader: FlaskClient) -> None:
    row = row_of(reader.get("/timeline").text, "Market")
    assert "25 June 2019 / 2020" in row
    assert "sources differ" in row


def test_a_date_in_words_is_told_in_the_form_of_the_reader(reader: FlaskClient) -> None:
    row = row_of(reader.get("/timeline?lang=fr").text, "Spring fair")
    assert "printemps 2022" in row
    assert "<q" in row
    assert "end of spring 2022" in row


def test_what_has_no_date_is_counted_and_listed(reader: FlaskClient) -> None:
    page = reader.get("/timeline").text
    assert '<a href="#undated">1 without a date</a>' in page
    assert "Some day" in page[page.index('id="undated"') :]
    chosen = reader.get("/timeline?from=2019").text
    assert "1 without a date is left out, because years were chosen" in chosen
    assert "Some day" not in chosen


def test_years_kinds_and_layers_narrow_the_timeline(reader: FlaskClient) -> None:
    names = {
        address: {row["name"] for row in csv.DictReader(io.StringIO(reader.get(f"/timeline.csv?{address}").text))}
        for address in ("", "from=2022", "to=2020", "kind=eventkind:workshop", "layer=publications")
    }
    assert names == {
        "": {"Market", "Spring fair", "Some day"},
        "from=2022": {"Spring fair"},
        "to=2020": {"Market"},
        "kind=eventkind:workshop": {"Market"},
        "layer=publications": set(),
    }


def test_the_file_gives_the_bounds_of_what_is_uncertain(reader: FlaskClient) -> None:
    items = {item["name"]: item for item in reader.get("/timeline.json").json["items"]}
    assert (items["Market"]["earliest"], items["Market"]["latest"]) == ("2019-06-25", "2020-12-31")
    assert items["Market"]["start"] == "2019-06-25; 2020"
    assert items["Spring fair"]["edtf"] == "2022-21~"


@pytest.mark.parametrize("wrong", ["from=soon", "from=2020&to=2010", "layer=stones", "kind=no+kind"])
def test_a_timeline_of_what_makes_no_sense_is_refused_in_one_sentence(client: FlaskClient, wrong: str) -> None:
    answer = client.get(f"/timeline?{wrong}")
    assert answer.status_code == 400
    assert answer.json["detail"]


def test_a_timeline_of_nothing_says_so(client: FlaskClient) -> None:
    page = client.get("/timeline?from=1000&to=1001").text
    assert "Nothing passes these filters" in page
    assert "<svg" not in page[page.index("<main") :]


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_a_layer_of_the_timeline_tells_what_its_columns_are(file: Path, small: kg.Snapshot) -> None:
    question = kg.read_question(file)
    answer = small.query(question.text)
    assert set(question.columns) == set(answer.columns)
    assert {"thing", "start"} <= set(answer.columns)


def test_everything_with_a_year_in_the_shipped_graph_is_drawn(shipped_client: FlaskClient) -> None:
    items = shipped_client.get("/timeline.json").json["items"]
    page = shipped_client.get("/timeline").text
    dated = [item for item in items if item["earliest"]]
    assert len(dated) > 100
    assert len(re.findall(r'<a href="[^"]*" aria-label', page)) == len(dated)
    assert all(item["earliest"] for item in items if re.search(r"(?<!\d)\d{4}", item["start"]))


def test_what_begins_on_the_last_day_there_is_can_be_drawn(snapshot: Make, visit: Visit) -> None:
    never = 'source:a a mg:Source . phase:p a mg:Phase ; rdfs:label "P"@en ; schema:startDate "9999"^^xsd:gYear .'
    assert '<td class="when">9999' in visit(snapshot(a=never)).get("/timeline?layer=phases", headers=BROWSER).text
