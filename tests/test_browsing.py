"""Lists of things: filters, counts, order, pages, and the same list as a table, RDF and SPARQL."""

import csv
import io
import re
from html import unescape
from urllib.parse import parse_qs, urlsplit

import openpyxl
import pytest
from common import Make, Visit
from flask.testing import FlaskClient
from pages import BROWSER

import kg

BOTH = "/browse/City?phase=phase:phase-1&phase=phase:phase-2"


def labels(client: FlaskClient, address: str) -> list[str]:
    """The names in the JSON twin of a list."""
    path, _, query = address.partition("?")
    return [item["label"] for item in client.get(f"{path}.json?{query}").json["items"]]


def page(client: FlaskClient, address: str) -> str:
    answer = client.get(address, headers=BROWSER)
    assert answer.status_code == 200, address
    return unescape(answer.text)


def link(text: str, words: str) -> str:
    """The address behind some words of a page."""
    found = re.search(rf'<a href="([^"]*)"[^>]*>(?:<span[^>]*>[^<]*</span>)*\s*{re.escape(words)}', text)
    assert found, words
    return found[1]


def test_the_overview_has_every_kind_in_its_colour(client: FlaskClient) -> None:
    text = page(client, "/browse/?lang=en")
    assert re.search(r'href="/browse/City\?lang=en" class="dot kind-city">City</a> <span class="count">2<', text)
    assert re.search(r'class="dot kind-event">Event</a> <span class="count">1<', text)


def test_a_filter_names_its_values_in_the_readers_language_with_counts(client: FlaskClient) -> None:
    english, french = page(client, "/browse/City?lang=en"), page(client, "/browse/City?lang=fr")
    option = r'<input type="checkbox" name="country" value="TN"> <span>{}</span> <span class="count">1</span>'
    assert re.search(option.format("Tunisia"), english)
    assert re.search(option.format("Tunisie"), french)
    assert '<legend class="quiet">Pays</legend>' in french


def test_what_is_not_known_can_be_chosen(client: FlaskClient) -> None:
    assert labels(client, "/browse/City?lang=en&role=-") == []
    assert labels(client, "/browse/City?lang=en&year=2017") == ["North Haven", "South Haven"]
    assert labels(client, "/browse/Actor?lang=en&country=-") == ["Harbour League", "Sea Fund"]


def test_cities_of_both_phases_are_two_ticks_and_one_more_away(shipped_client: FlaskClient) -> None:
    either, both = labels(shipped_client, BOTH), labels(shipped_client, f"{BOTH}&all=phase")
    assert (len(either), len(both)) == (19, 9)
    text = page(shipped_client, f"{BOTH}&all=phase&lang=en")
    assert 'name="all" value="phase" checked' in text
    assert "9 in all" in text


def test_events_with_an_exhibition_or_a_visit_are_found(shipped_client: FlaskClient) -> None:
    address = "/browse/Event?lang=en&visit=mg:Exhibition&visit=eventkind:field-visit&visit=eventkind:city-visit"
    assert "With an exhibition or a visit" in page(shipped_client, "/browse/Event?lang=en")
    found = shipped_client.get(address.replace("Event?", "Event.json?")).json["items"]
    assert {kg.shorten(item["iri"]) for item in found} == {
        "event:10th-world-urban-forum-wuf10",
        "event:ev-2020-01-grenoble",
        "event:ev-2021-11-paris-lab",
        "event:pierre-semard-visit",
    }


def test_what_is_chosen_can_be_taken_back_one_by_one(shipped_client: FlaskClient) -> None:
    text = page(shipped_client, f"{BOTH}&country=MA&all=phase&sort=-population&lang=en")
    chips = re.search(r'<ul class="chips" aria-label="Chosen">(.*?)</ul>', text, re.DOTALL)
    assert chips
    left = [parse_qs(urlsplit(href).query) for href in re.findall(r'href="([^"]*)"', chips[1])]
    assert [sorted([*values.get("phase", []), *values.get("country", [])]) for values in left] == [
        ["MA", "phase:phase-2"],
        ["MA", "phase:phase-1"],
        ["phase:phase-1", "phase:phase-2"],
    ]
    assert all(values["sort"] == ["-population"] and values["all"] == ["phase"] for values in left)


def test_an_empty_list_says_what_to_take_back(shipped_client: FlaskClient) -> None:
    text = page(shipped_client, "/browse/City?lang=en&country=DE&phase=phase:phase-1")
    assert "Nothing has all of this." in text
    without = {
        href: int(count)
        for href, count in re.findall(r'<li><a href="([^"]*)">Without[^<]*</a> <span class="count">(\d+)', text)
    }
    assert len(without) == 2
    assert {href: len(labels(shipped_client, href)) for href in without} == without


def test_names_are_filtered_in_any_language_without_accents(client: FlaskClient) -> None:
    assert labels(client, "/browse/City?lang=en&q=port") == ["North Haven"]
    assert labels(client, "/browse/City?lang=en&q=الميناء") == ["South Haven"]
    assert labels(client, "/browse/City?lang=en&q=zzz") == []


def test_a_list_is_sorted_by_any_column_and_what_has_no_value_comes_last(client: FlaskClient) -> None:
    assert labels(client, "/browse/City?lang=en&sort=-name") == ["South Haven", "North Haven"]
    assert labels(client, "/browse/City?lang=en&sort=population") == ["North Haven", "South Haven"]
    assert labels(client, "/browse/City?lang=en&sort=-population") == ["North Haven", "South Haven"]
    assert labels(client, "/browse/City?lang=en&sort=-country") == ["South Haven", "North Haven"]
    text = page(client, "/browse/City?lang=en&sort=-country")
    assert re.search(r'aria-sort="descending"><a href="/browse/City\?sort=country&lang=en">Country', text)


def test_numbers_are_sorted_as_numbers(shipped_client: FlaskClient) -> None:
    items = shipped_client.get("/browse/City.json?sort=population").json["items"]
    people = [int(item["population"][0]) for item in items if item["population"]]
    assert people == sorted(people)


def test_the_state_of_a_list_stays_on_its_pages(shipped_client: FlaskClient) -> None:
    text = page(shipped_client, "/browse/Actor?lang=en&certainty=certainty:stated&sort=-name&page=2")
    pager = re.search(r'<nav class="pager".*?</nav>', text, re.DOTALL)
    assert pager
    assert "certainty=certainty:stated&sort=-name" in pager[0]
    assert re.search(r"101 to \d+ of \d+", text)


def test_a_filter_of_which_a_lens_leaves_nothing_leads_to_the_list_without_the_lens(
    client: FlaskClient,
) -> None:
    assert link(page(client, "/browse/City?country=TN&evidence=official&lang=en"), "The same page") == (
        "/browse/City?country=TN&lang=en"
    )
    refused = client.get("/browse/City?country=ZZ&evidence=official", headers={"Accept": "text/html"})
    assert refused.status_code == 400


@pytest.mark.parametrize(
    "address",
    [
        *("/browse/Event?sort=-name&lang=en", "/map?from=2017&lang=en", "/timeline?from=2017&lang=en"),
        *("/search?q=haven&lang=en", "/sources/?sort=date&lang=en", "/gaps?lang=en", "/disagreements?lang=en"),
        *("/names/city/north-haven?lang=en", "/page/city/north-haven?by=mg%3Acountry&lang=en"),
        "/network?name=event-attendance&list=ties&lang=en",
    ],
)
def test_past_its_last_page_a_list_leads_back_to_its_first(client: FlaskClient, address: str) -> None:
    past = page(client, f"{address}&page=99")
    assert link(past, "First page") == address
    assert "Nothing passes" not in past


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("/browse/City?country=tn&sort=name", "/browse/City?country=TN&sort=name"),
        ("/browse/City.json?country=tunisia&lang=en", "/browse/City.json?country=TN&lang=en"),
        ("/browse/City?country=FR&country=Tunisie&lang=fr", "/browse/City?country=FR&country=TN&lang=fr"),
        ("/browse/city?country=TN", "/browse/City?country=TN"),
        ("/browse/localgovernment.csv", "/browse/LocalGovernment.csv"),
    ],
)
def test_a_value_or_class_written_another_way_leads_to_the_list_that_was_meant(
    client: FlaskClient, written: str, meant: str
) -> None:
    answer = client.get(written)
    assert (answer.status_code, answer.headers["Location"]) == (302, meant)
    assert client.get(meant).status_code == 200


@pytest.mark.parametrize(
    ("address", "status", "sentence"),
    [
        ("/browse/City?colour=red", 400, 'the members of mg:City have no facet "colour"'),
        ("/browse/City?country=ZZ", 400, 'no member of mg:City has country="ZZ"'),
        ("/browse/City?sort=size", 400, 'sort="size" is not one of name, country, population'),
        ("/browse/City?country=TN&all=colour", 400, 'no facet "colour"'),
        (f"/browse/City?q={'a ' * 200}", 400, "q is longer than 200 characters"),
        ("/browse/Lighthouse", 404, 'nothing in the graph is called "Lighthouse"'),
        ("/browse/Citi", 404, 'nothing in the graph is called "Citi"; nearest: City'),
        ('/browse/a"b', 404, "nothing in the graph is called"),
    ],
)
def test_an_address_that_makes_no_sense_is_one_sentence(
    client: FlaskClient, address: str, status: int, sentence: str
) -> None:
    answer = client.get(address, headers={"Accept": "application/json"})
    assert answer.status_code == status
    assert sentence in answer.json["detail"]


def test_the_twins_hold_exactly_the_list(shipped_client: FlaskClient) -> None:
    query = "country=MA&country=TN&phase=phase:phase-2&sort=-population&lang=en"
    iris = [item["iri"] for item in shipped_client.get(f"/browse/City.json?{query}").json["items"]]
    rows = list(csv.DictReader(io.StringIO(shipped_client.get(f"/browse/City.csv?{query}").text)))
    assert [row["iri"] for row in rows] == iris
    assert {row["country"] for row in rows} == {"MA", "TN"}
    book = openpyxl.load_workbook(io.BytesIO(shipped_client.get(f"/browse/City.xlsx?{query}").data))
    sheet = list(book.active.iter_rows(values_only=True))
    assert [row[0] for row in sheet] == ["iri", *iris]
    assert isinstance(sheet[1][3], int)
    turtle = shipped_client.get(f"/browse/City.ttl?{query}")
    assert turtle.mimetype == "text/turtle"
    assert all(f"{kg.shorten(iri)} " in turtle.text for iri in iris)


@pytest.mark.parametrize(
    "query",
    [
        "",
        "phase=phase:phase-1&phase=phase:phase-2&all=phase",
        "country=MA&country=-&theme=theme:theme-narratives",
        "year=2016&role=role:participant&q=tu",
    ],
)
def test_the_sparql_of_a_list_gives_its_members(shipped_client: FlaskClient, shipped: kg.Snapshot, query: str) -> None:
    address = link(page(shipped_client, f"/browse/City?{query}"), "as SPARQL")
    text = parse_qs(urlsplit(address).query)["query"][0]
    assert text == shipped_client.get(f"/browse/City.rq?{query}").text
    found = {row["member"].value for row in kg.query(shipped, text).rows}
    assert found == {item["iri"] for item in shipped_client.get(f"/browse/City.json?{query}").json["items"]}
    assert shipped_client.get(address, headers=BROWSER).status_code == 200


def test_a_query_too_long_for_an_address_is_a_file(shipped_client: FlaskClient) -> None:
    address = link(page(shipped_client, "/browse/Source?q=a"), "as SPARQL")
    assert urlsplit(address).path == "/browse/Source.rq"
    assert shipped_client.get(address).mimetype == "application/sparql-query"


def test_a_long_filter_unfolds_and_then_is_shown_whole(shipped_client: FlaskClient, shipped: kg.Snapshot) -> None:
    def shown(text: str) -> int:
        return len(re.findall('type="checkbox" name="source"', text))

    total = len(kg.members(shipped, "Actor").facets["source"].counts)
    text = page(shipped_client, "/browse/Actor?lang=en")
    assert shown(text) == 40 < total
    assert shown(page(shipped_client, link(text, f"All {total}").partition("#")[0])) == total


def test_a_facet_that_sorts_nothing_is_not_offered_but_answers(client: FlaskClient) -> None:
    assert 'name="class"' not in page(client, "/browse/City")
    assert len(labels(client, "/browse/City?class=mg:City")) == 2


def test_a_class_without_a_file_of_columns_shows_the_kinds_of_its_members(shipped_client: FlaskClient) -> None:
    assert '<th scope="col">Kind</th>' in page(shipped_client, "/browse/Figure?lang=en")


@pytest.mark.parametrize("language", ["en", "fr"])
def test_every_class_of_the_graph_has_its_list(shipped_client: FlaskClient, language: str) -> None:
    addresses = re.findall(r'href="(/browse/[^"]+)" class="dot', page(shipped_client, f"/browse/?lang={language}"))
    assert len(addresses) > 30
    for address in addresses:
        page(shipped_client, address)


def test_what_only_looks_like_a_number_is_sorted_as_text(snapshot: Make, visit: Visit) -> None:
    said = "source:a a mg:Source . city:a a mg:City ; rdfs:label 'A'@en ; mg:population '1-2'^^xsd:integer . "
    client = visit(snapshot(a=said + "city:b a mg:City ; rdfs:label 'B'@en ; mg:population 7 ."))
    assert labels(client, "/browse/City?sort=population") == ["B", "A"]


@pytest.mark.parametrize("address", ["/sources/?kind=sourcekind:register", "/gaps?country=ZZ"])
def test_filters_that_leave_nothing_say_so(client: FlaskClient, address: str) -> None:
    assert "Nothing passes these filters." in page(client, f"{address}&lang=en")


def test_results_of_one_kind_are_taken_along_alone(client: FlaskClient) -> None:
    found = page(client, "/search?q=haven&kind=city&lang=en")
    assert link(found, ".csv") == "/search.csv?q=haven&kind=city&lang=en"


def test_a_file_says_that_it_depends_on_the_language_of_the_reader(client: FlaskClient) -> None:
    answers = [client.get("/browse/City.csv", headers={"Accept-Language": tongue}) for tongue in ("en", "fr")]
    assert all("Accept-Language" in answer.headers["Vary"] for answer in answers)
    assert answers[0].headers["ETag"] != answers[1].headers["ETag"]
    assert "Accept-Language" not in client.get("/sparql?query=ASK{}").headers["Vary"]
