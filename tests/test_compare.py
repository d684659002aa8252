"""Two or three things side by side."""

from typing import Any

import pytest
from common import Make, Visit
from flask.testing import FlaskClient
from pages import BROWSER

TWINS = """
city:port-east a mg:City ; rdfs:label "Port"@en .
city:port-west a mg:City ; rdfs:label "Port"@en .
city:quay a mg:City ; rdfs:label "Quay"@en .
"""


@pytest.fixture(scope="module")
def namesakes(snapshot: Make, visit: Visit) -> FlaskClient:
    """A reader of three towns, two of which have the same name."""
    return visit(snapshot(towns=TWINS))


def rows(client: FlaskClient, address: str) -> list[tuple[Any, ...]]:
    items = client.get(address).get_json()["items"]
    return [tuple(value for key, value in item.items() if key != "iri") for item in items]


def test_what_both_share_and_what_one_has_alone_aspect_by_aspect(client: FlaskClient) -> None:
    assert rows(client, "/compare.json?a=city:north-haven&b=city:south-haven") == [
        ("Partners", "Municipality of North Haven", "no", "yes"),  # hosted where South Haven took part
        ("Projects and phases", "Open Harbours", "yes", "yes"),  # of the workshop, which both took part in
        ("Events", "Workshop on the quay", "yes", "yes"),
        ("Themes", "Social housing, housing rights and urban planning", "yes", "yes"),
        ("Funders", "Sea Fund", "yes", "yes"),
    ]


def test_what_the_administration_of_a_city_did_counts_for_the_city(client: FlaskClient) -> None:
    found = rows(client, "/compare.json?a=city:north-haven&b=actor:harbour-league")
    assert ("Partners", "South Haven", "yes", "no") in found
    assert ("Projects and phases", "Open Harbours", "yes", "yes") in found
    assert ("Themes", "Social housing, housing rights and urban planning", "yes", "no") in found


def test_names_may_be_given_in_any_language(client: FlaskClient) -> None:
    page = client.get("/compare?a=port-nord&b=South+Haven", headers=BROWSER)
    assert page.status_code == 200
    assert "<h1>North Haven and South Haven</h1>" in page.text


def test_the_counts_are_said_in_words_and_shared_things_come_first(client: FlaskClient) -> None:
    text = client.get("/compare?a=city:north-haven&b=city:south-haven&lang=fr", headers=BROWSER).text
    assert "1 en commun · 0 pour Port-Nord seulement · 0 pour South Haven seulement" in text
    assert text.index("<h1>Port-Nord et South Haven</h1>") < text.index('<tr class="shared">')


def test_three_things_can_be_compared_and_one_of_them_named_twice_counts_once(client: FlaskClient) -> None:
    three = client.get("/compare?a=city:north-haven&b=city:south-haven&c=project:harbours", headers=BROWSER).text
    assert "<h1>North Haven, South Haven and Open Harbours</h1>" in three
    twice = client.get("/compare?a=city:north-haven&b=Port-Nord&c=city:south-haven", headers=BROWSER).text
    assert "<h1>North Haven and South Haven</h1>" in twice


def test_one_thing_alone_asks_for_a_second(client: FlaskClient) -> None:
    assert "Name a second thing to compare North Haven with." in client.get("/compare?a=north+haven").text
    assert client.get("/compare.json?a=city:north-haven").status_code == 400


def test_a_name_that_nothing_has_is_said_beside_its_field(client: FlaskClient) -> None:
    page = client.get("/compare?a=city:north-haven&b=Atlantis", headers=BROWSER)
    assert page.status_code == 404
    assert 'value="Atlantis"' in page.text
    assert 'aria-invalid="true"' in page.text
    assert client.get("/compare?a=city:north-haven&b=Atlantis").mimetype == "application/problem+json"


def test_an_iri_that_is_not_in_the_graph_is_not_compared(client: FlaskClient) -> None:
    assert client.get("/compare?a=city:north-haven&b=city:atlantis", headers=BROWSER).status_code == 404


def test_a_name_that_several_have_gives_the_choice(namesakes: FlaskClient) -> None:
    page = namesakes.get("/compare?a=Quay&b=Port", headers=BROWSER)
    assert page.status_code == 400
    assert "Several things are called that" in page.text
    for slug in ("port-east", "port-west"):
        assert f"/compare?a=Quay&amp;b=city:{slug}" in page.text


def test_one_aspect_can_be_seen_whole(client: FlaskClient) -> None:
    address = "/compare?a=city:north-haven&b=city:south-haven"
    page = client.get(f"{address}&aspect=5-themes", headers=BROWSER).text
    assert '<h2 id="5-themes">Themes</h2>' in page
    assert "3-events" not in page
    assert client.get(f"{address}&aspect=nothing", headers=BROWSER).status_code == 404


def test_each_aspect_shows_the_query_behind_it(client: FlaskClient) -> None:
    text = client.get("/compare?a=city:north-haven&b=city:south-haven", headers=BROWSER).text
    address = text.partition("The queries behind it:")[2].partition('href="')[2].partition('"')[0]
    assert "South Haven" in client.get(address.replace("&amp;", "&"), headers=BROWSER).text
    assert "city%2Fnorth-haven" in address or "city/north-haven" in address


def test_the_twin_for_spreadsheets_names_the_things_in_its_columns(client: FlaskClient) -> None:
    first = client.get("/compare.csv?a=city:north-haven&b=city:south-haven").text.splitlines()[0]
    assert first == "aspect,iri,name,North Haven,South Haven"


def test_only_examples_that_are_in_the_graph_are_offered(client: FlaskClient, shipped_client: FlaskClient) -> None:
    assert "For example" not in client.get("/compare", headers=BROWSER).text
    assert "Phase I and Phase II" in shipped_client.get("/compare", headers=BROWSER).text
