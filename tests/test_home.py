"""The first page and the search: what is in the graph, ways in, and finding a thing while one types."""

import re

import pytest
from flask.testing import FlaskClient

import kg


def test_the_first_page_counts_the_kinds_and_leads_to_their_lists(client: FlaskClient) -> None:
    page = client.get("/").text
    tile = re.search(r'<li class="kind-city">(.*?)</li>', page, re.S)
    assert tile
    assert re.search(r'href="/browse/City"><span class="number">2</span> <span class="dot">Cities<', tile[1])
    assert 'href="/browse/Event"><span class="number">1</span>' in page


def test_the_first_page_has_a_map_of_the_cities_that_needs_no_script(client: FlaskClient) -> None:
    page = client.get("/").text
    picture = page[page.index('<svg class="still"') : page.index("</svg>", page.index('<svg class="still"'))]
    assert re.findall(r'<a href="([^"]+)" class="kind-city" aria-label="([^"]+)">', picture) == [
        ("/page/city/north-haven", "North Haven")
    ]
    assert '<path class="land" d="M' in picture
    assert "1 has no known position" in page


def test_the_first_page_has_a_timeline_of_the_events(client: FlaskClient) -> None:
    page = client.get("/?lang=fr").text
    assert 'href="/page/event/quay-workshop?lang=fr" aria-label="Atelier sur le quai, 4 mai 2017"' in page


def test_the_first_page_starts_with_four_questions_that_have_answers(shipped: kg.Snapshot) -> None:
    starts = [question for pack in kg.packs() for question in pack.questions if "start" in question.tags]
    assert len(starts) == 4
    assert len({question.name.split("/")[0] for question in starts}) == 4
    assert all(kg.query(shipped, question.name).rows for question in starts)


def test_every_class_of_the_first_page_has_a_list(client: FlaskClient) -> None:
    page = client.get("/").text
    tiles = page[page.index('<ul class="tiles">') : page.index("All kinds of things")]
    lists = re.findall(r'href="(/browse/[^"]+)"', tiles)
    assert len(lists) > 4
    assert {address: client.get(address).status_code for address in lists} == dict.fromkeys(lists, 200)


@pytest.mark.parametrize(
    ("typed", "found"),
    [("nor", "North Haven"), ("port-n", "North Haven"), ("الميناء", "South Haven"), ("hl", "Harbour League")],
)
def test_a_beginning_in_any_language_or_an_acronym_finds_the_thing(client: FlaskClient, typed: str, found: str) -> None:
    items = client.get("/search.json", query_string={"q": typed, "limit": 3}).json["items"]
    assert items[0]["label"] == found


def test_a_suggestion_says_what_it_is_and_where_it_leads(client: FlaskClient) -> None:
    item = client.get("/search.json?q=port-nord&limit=1&lang=fr").json["items"][0]
    assert {key: item[key] for key in ("label", "kind", "what", "short", "page")} == {
        "label": "Port-Nord",
        "kind": "city",
        "what": "Ville",
        "short": "city:north-haven",
        "page": "/page/city/north-haven?lang=fr",
    }


def test_the_name_that_matched_is_told_beside_the_label(client: FlaskClient) -> None:
    item = client.get("/search.json?q=port-nord&limit=1").json["items"][0]
    assert (item["label"], item["name"], item["language"]) == ("North Haven", "Port-Nord", "fr")
    assert re.search(r'found as <span lang="fr" dir="auto">Port-Nord</span>', client.get("/search?q=port-nord").text)


def test_results_are_counted_by_kind_and_can_be_narrowed_to_one(client: FlaskClient) -> None:
    page = client.get("/search?q=haven").text
    assert 'href="/search?q=haven&amp;kind=city"><span class="dot">Places</span> <span class="count">2</span>' in page
    items = client.get("/search.json?q=haven&kind=city").json["items"]
    assert {item["short"] for item in items} == {"city:north-haven", "city:south-haven"}


def test_things_come_before_the_records_about_them(client: FlaskClient) -> None:
    kinds = [item["kind"] for item in client.get("/search.json?q=haven").json["items"]]
    assert kinds.index("city") < kinds.index("actor")
    assert "other" not in kinds[: kinds.index("actor")]


@pytest.mark.parametrize("wrong", ["limit=0", "limit=many", "kind=stone", "page=0"])
def test_a_search_that_makes_no_sense_is_refused_in_one_sentence(client: FlaskClient, wrong: str) -> None:
    answer = client.get(f"/search?q=haven&{wrong}")
    assert answer.status_code == 400
    assert wrong.split("=")[0] in answer.json["detail"]


def test_a_misspelt_name_is_found_and_the_page_says_that_it_guessed(client: FlaskClient) -> None:
    page = client.get("/search?q=norht+haven").text
    assert "North Haven" in page
    assert "these are the nearest ones" in page
    assert "these are the nearest ones" not in client.get("/search?q=north+haven").text


def test_past_its_last_page_a_search_leads_back_to_its_first(client: FlaskClient) -> None:
    page = client.get("/search?q=haven&page=9").text
    assert '<a href="/search?q=haven">First page</a>' in page
    assert "Nothing has a name like that" not in page


def test_a_search_without_result_says_what_else_to_try(client: FlaskClient) -> None:
    page = client.get("/search?q=xyzzy").text
    assert "Nothing has a name like that" in page
    assert 'href="/browse/"' in page


def test_the_search_box_knows_where_to_ask_in_the_language_of_the_page(client: FlaskClient) -> None:
    page = client.get("/?lang=fr").text
    assert 'data-suggest="/search.json?lang=fr"' in page
    assert "script-src 'self'" in client.get("/").headers["Content-Security-Policy"]
