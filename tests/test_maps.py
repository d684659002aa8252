"""The map: places drawn by the server and in files, filters, lines, and what has no position."""

import csv
import io
import json
import re
from html import unescape
from pathlib import Path

import pytest
from common import Make, Visit
from flask.testing import FlaskClient

import kg
from webapp.atlas import Frame, countries

FILES = sorted((kg.ROOT / "queries" / "maps").glob("*.rq"))
MEDITERRANEAN = Frame(-10, 30, 40, 50, 500)


def names(client: FlaskClient, chosen: str) -> list[str]:
    """The names of what a choice of the map shows, from its table."""
    return [row["name"] for row in csv.DictReader(io.StringIO(client.get(f"/map.csv?{chosen}").text))]


def places(page: str) -> list[dict[str, object]]:
    """What the page gives to the script that draws the map."""
    shown = re.search(r'data-shown="([^"]*)"', page)
    assert shown
    return list(json.loads(unescape(shown[1]))["places"])


def test_an_event_stands_at_the_position_of_its_city(client: FlaskClient) -> None:
    page = client.get("/map").text
    (place,) = places(page)
    assert (place["at"], place["name"]) == ([45.5, 4.8], "North Haven")
    assert [(thing["text"], thing["kind"]) for thing in place["things"]] == [
        ("North Haven", "city"),
        ("Workshop on the quay", "event"),
    ]
    table = page[page.index('<table class="places">') :]
    assert "Workshop on the quay" in table
    assert "4 May 2017" in table


def test_the_map_can_be_seen_without_script(client: FlaskClient) -> None:
    page = client.get("/map").text
    assert 'aria-label="North Haven and 1 more"><title>' in page
    assert "Natural Earth" in page


def test_what_has_no_position_is_counted_and_listed(client: FlaskClient) -> None:
    page = client.get("/map").text
    assert '<a href="#nowhere">1 without a position</a>' in page
    assert "South Haven" in page[page.index('id="nowhere"') : page.index('id="table"')]
    assert names(client, "")[-1] != ""
    assert "South Haven" in names(client, "layer=cities")


def test_a_year_narrows_what_is_dated_and_leaves_cities_alone(client: FlaskClient) -> None:
    assert names(client, "from=2018") == ["North Haven", "South Haven"]
    assert names(client, "to=2017") == ["North Haven", "South Haven", "Workshop on the quay"]


def test_a_line_joins_a_city_to_where_it_took_part(graph_client: FlaskClient) -> None:
    features = graph_client.get("/map.geojson?layer=journeys").json["features"]
    assert [(one["geometry"], one["properties"]["name"], one["properties"]["to"]) for one in features] == [
        (
            {"type": "LineString", "coordinates": [[10.0, 36.8], [4.8, 45.7]]},
            "Southport",
            kg.BASE + "id/city/northport",
        )
    ]
    page = graph_client.get("/map?layer=journeys").text
    assert '<line class="journey"' in page


@pytest.fixture(scope="module")
def graph_client(snapshot: Make, visit: Visit) -> FlaskClient:
    """The explorer over two towns of which one took part, by its government, in an event in the other."""
    text = """
    city:northport a mg:City ; rdfs:label "Northport"@en ; wgs84:lat 45.7 ; wgs84:long 4.8 .
    city:southport a mg:City ; rdfs:label "Southport"@en ; wgs84:lat 36.8 ; wgs84:long 10.0 .
    actor:gov a mg:LocalGovernment ; rdfs:label "Southport council"@en ; mg:governs city:southport .
    venue:hall a mg:Venue ; rdfs:label "Town hall"@en ; mg:inCity city:northport .
    venue:pier a mg:Venue ; rdfs:label "Pier"@en ; mg:inCity city:northport ; wgs84:lat 45.6 ; wgs84:long 4.9 .
    event:fair a mg:Event ; rdfs:label "Fair"@en ; mg:inCity city:northport .
    participation:one a mg:Participation ; mg:actor actor:gov ; mg:activity event:fair ; mg:role role:participant .
    """
    return visit(snapshot(towns=text))


def test_a_venue_without_position_stands_at_its_city_and_the_table_says_so(graph_client: FlaskClient) -> None:
    rows = csv.DictReader(io.StringIO(graph_client.get("/map.csv?layer=venues").text))
    assert {row["name"]: (row["lat"], row["at"]) for row in rows} == {
        "Town hall": ("45.7", kg.BASE + "id/city/northport"),
        "Pier": ("45.6", ""),
    }


def test_an_exhibition_that_travels_stands_once_where_a_stop_is_known(snapshot: Make, visit: Visit) -> None:
    text = """
    city:northport a mg:City ; rdfs:label "Northport"@en ; wgs84:lat 45.7 ; wgs84:long 4.8 .
    city:southport a mg:City ; rdfs:label "Southport"@en ; wgs84:lat 36.8 ; wgs84:long 10.0 .
    exhibition:boats a mg:Exhibition ; rdfs:label "Boats"@en ; mg:inCity city:northport , city:southport .
    showing:boats-north a mg:Showing ; rdfs:label "Boats, first stop"@en ;
      mg:showingOf exhibition:boats ; mg:inCity city:northport .
    """
    rows = csv.DictReader(io.StringIO(visit(snapshot(shows=text)).get("/map.csv?layer=exhibitions").text))
    assert [(row["name"], kg.readable_tail(row["at"])) for row in rows] == [
        ("Boats", "southport"),
        ("Boats, first stop", "northport"),
    ]


def test_a_layer_counts_things_however_many_places_they_have(snapshot: Make, visit: Visit) -> None:
    text = """
    city:northport a mg:City ; rdfs:label "Northport"@en ; wgs84:lat 45.7 ; wgs84:long 4.8 .
    city:southport a mg:City ; rdfs:label "Southport"@en ; wgs84:lat 36.8 ; wgs84:long 10.0 .
    action:watch a mg:Action ; rdfs:label "Watch"@en ; mg:inCity city:northport , city:southport .
    """
    page = visit(snapshot(towns=text)).get("/map?lang=en").text
    assert '<span class="dot">Actions</span> <span class="count">1</span>' in page


def test_geojson_has_longitude_first_and_null_for_what_has_no_position(client: FlaskClient) -> None:
    answer = client.get("/map.geojson?layer=cities")
    assert answer.mimetype == "application/geo+json"
    assert [(one["properties"]["name"], one["geometry"]) for one in answer.json["features"]] == [
        ("North Haven", {"type": "Point", "coordinates": [4.8, 45.5]}),
        ("South Haven", None),
    ]


@pytest.mark.parametrize("wrong", ["layer=stones", "from=x", "page=9999999", "kind=no+kind"])
def test_a_map_of_what_makes_no_sense_is_refused_in_one_sentence(client: FlaskClient, wrong: str) -> None:
    assert client.get(f"/map?{wrong}").status_code == 400


def test_a_place_lies_where_mercator_puts_it() -> None:
    assert MEDITERRANEAN.place(-10, 50) == (0.0, 0.0)
    assert MEDITERRANEAN.place(15, 40) == (250.0, 142.0)  # 40° N is 43.711 degrees of Mercator, 50° N is 57.911
    assert MEDITERRANEAN.place(40, 30) == (500.0, 264.3)  # 30° N is 31.473
    assert MEDITERRANEAN.height == 264


def test_countries_are_drawn_within_the_frame() -> None:
    path = countries(MEDITERRANEAN)
    assert path.startswith("M")
    assert path.count("z") > 30
    assert len(path) < 60_000


def test_every_thing_of_the_shipped_graph_is_on_the_map_or_said_not_to_be(shipped_client: FlaskClient) -> None:
    features = shipped_client.get("/map.geojson").json["features"]
    page = shipped_client.get("/map").text
    drawn = sum(len(place["things"]) for place in places(page))  # type: ignore[arg-type]
    missing = re.search(r"(\d+) without a position", page)
    assert missing
    assert drawn + int(missing[1]) == len(features)
    assert drawn == sum(one["geometry"] is not None for one in features)


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_a_layer_of_the_map_tells_what_its_columns_are(file: Path, small: kg.Snapshot) -> None:
    question = kg.read_question(file)
    answer = small.query(question.text)
    assert set(question.columns) == set(answer.columns)
    assert {"thing", "lat", "long"} <= set(answer.columns)
