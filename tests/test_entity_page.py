"""The page of a thing: what it shows people, what it tells machines, and what hostile data cannot do to it."""

import json
import re
from html import unescape
from pathlib import Path

import pytest
from common import Make, Visit
from flask.testing import FlaskClient
from pages import BROWSER, Page

import kg

LONG = "A very long name " * 590
HOSTILE = f"""
source:hostile a mg:Source ; dcterms:title "<script>alert(0)</script>"@en ; dcterms:issued "2020-05"^^xsd:gYearMonth ;
  mg:publisherAsStated "\\u202Erehsilbup" .
actor:script a mg:Organisation ; rdfs:label "<script>alert(1)</script>"@en ;
  schema:name "</script><script>alert(2)</script>"@en ; schema:url <javascript:alert(3)> ;
  mg:aim "\\" onmouseover=alert(4) x=\\""@en ; mg:isni "0000000106087635" .
actor:turned a mg:Organisation ; rdfs:label "txt.\\u202Egpj\\u2066.exe"@en ; schema:name "منظمة\\u202E abc"@ar .
actor:long a mg:Organisation ; rdfs:label "{LONG.strip()}"@en ; mg:memberOf actor:script .
actor:emoji a mg:Organisation ; rdfs:label "🏙️ 👩🏽‍💻"@en ; mg:memberOf actor:long .
actor:merged a mg:Organisation ; owl:deprecated true ; dcterms:isReplacedBy actor:emoji .
actor:closed a mg:Organisation ; owl:deprecated true .
decision:one a mg:IdentityDecision ; mg:about actor:script ; mg:mergedId "old-script" ; mg:verdict "same" .
decision:two a mg:IdentityDecision ; mg:about actor:script ; mg:mergedId "doubtful" ; mg:verdict "undecided" .
event:vague a mg:Event ; schema:startDate "--11-02"^^xsd:gMonthDay , "2021-11-02"^^xsd:date .
"""


@pytest.fixture(scope="module")
def hostile(snapshot: Make, visit: Visit) -> FlaskClient:
    """A reader of a graph that means harm."""
    return visit(snapshot(hostile=HOSTILE))


def words(html: str) -> str:
    """What a page says, without its markup."""
    return " ".join(unescape(re.sub(r"<(script|style).*?</\1>|<[^>]+>", " ", html, flags=re.DOTALL)).split())


def test_facts_stand_under_headings_in_the_order_of_reading(client: FlaskClient) -> None:
    text = client.get("/page/event/quay-workshop?lang=en").text
    headings = re.findall(r"<h3>(.*?)</h3>", text)
    assert headings == ["What it is", "Where", "When", "What it belongs to", "Names"]
    french = client.get("/page/event/quay-workshop?lang=fr").text
    assert re.findall(r"<h3>(.*?)</h3>", french)[:3] == ["Ce que c’est", "Où", "Quand"]  # noqa: RUF001


@pytest.mark.parametrize(
    ("address", "place"),
    [
        ("/id/actor/old-script", "/id/actor/script"),
        ("/page/actor/old-script?lang=fr", "/page/actor/script?lang=fr"),
        ("/data/actor/old-script.ttl", "/data/actor/script.ttl"),
        ("/cite/actor/old-script.bib", "/cite/actor/script.bib"),
    ],
)
def test_an_id_that_was_merged_leads_to_the_thing_that_stands(hostile: FlaskClient, address: str, place: str) -> None:
    answer = hostile.get(address)
    assert (answer.status_code, answer.location) == (301, place)
    assert hostile.get(place).status_code in (200, 303)
    assert hostile.get(address.replace("old-script", "doubtful")).status_code == 404


def test_dates_and_numbers_stand_in_the_form_of_the_reader_and_of_machines(client: FlaskClient) -> None:
    assert '<time class="unbroken" datetime="2016-03">March 2016</time>' in client.get("/page/project/harbours").text
    assert (
        '<time class="unbroken" datetime="2016-03">mars 2016</time>'
        in client.get("/page/project/harbours?lang=fr").text
    )
    assert "12,000" in client.get("/page/city/north-haven").text
    assert "12\u202f000" in client.get("/page/city/north-haven?lang=fr").text
    assert "12000" in client.get("/data/city/north-haven.nt").text


def test_answers_to_queries_keep_their_values_as_they_are(client: FlaskClient) -> None:
    query = "SELECT ?start ?people { ?a schema:startDate ?start . ?b mg:population ?people }"
    text = client.get("/query/", query_string={"query": query, "view": "table"}).text
    assert "2016-03<" in text
    assert "12000<" in text


def test_a_fact_opens_on_its_source_publisher_and_who_says_otherwise(client: FlaskClient) -> None:
    text = client.get("/page/project/harbours?lang=en").text
    marks = re.findall(r'<details class="evidence disputed">.*?</details>', text, re.DOTALL)
    assert len(marks) == 2
    assert "1 source · 1 other value" in words(marks[0])
    assert "Harbour bulletin ( Harbour League )" in words(marks[0])
    said = {re.search(r"Others say otherwise: (.*?) \(", words(mark))[1] for mark in marks}  # type: ignore[index]
    assert said == {"2020", "30 June 2021"}


def test_a_less_exact_date_is_no_other_value(hostile: FlaskClient) -> None:
    text = hostile.get("/page/event/vague?lang=en").text
    assert "2 November 2021" in text
    assert ">2 November<" in text
    assert "disputed" not in text


def test_each_panel_says_what_a_person_would_and_names_its_query(client: FlaskClient) -> None:
    text = client.get("/page/project/harbours?lang=en").text
    assert "Sea Fund" in words(text)
    assert "€1,500,000.50" in text
    assert "The sums are not to be added up" in text
    queries = re.findall(r'href="(/query/\?[^"]+)">The query behind this table', text)
    assert len(queries) == text.count('class="view"') > 2
    for address in queries:
        assert client.get(unescape(address)).status_code == 200


def test_a_city_shows_its_government_and_what_was_held_there(client: FlaskClient) -> None:
    said = words(client.get("/page/city/north-haven?lang=en").text)
    assert "Who governs it Local government According to Municipality of North Haven 1 source" in said
    assert "Events and exhibitions held there 1 thing, from 2017 to 2017." in said
    assert "4 May 2017" in said
    assert "Events it attended" in said


def test_the_ties_of_a_thing_are_drawn_without_script_and_told_in_a_table(client: FlaskClient) -> None:
    text = client.get("/page/event/quay-workshop?lang=en").text
    figure = re.search(r'<figure class="star">.*?</figure>', text, re.DOTALL)
    assert figure
    ends = re.findall(r'<li class="kind-(\w+)"><span class="end"><a [^>]*>(.*?)</a>', figure[0])
    assert sorted(ends) == [
        ("actor", "Municipality of North Haven"),
        ("city", "North Haven"),
        ("city", "South Haven"),
        ("project", "Open Harbours"),
        ("theme", "Social housing, housing rights and urban planning"),
    ]
    assert figure[0].count("<path ") == 5
    assert "<style" not in figure[0]
    assert "The same as a table" in text


def test_only_the_page_of_something_with_a_position_runs_the_script_that_draws_maps(client: FlaskClient) -> None:
    city, relation = (
        client.get(f"/page/{path}") for path in ("city/north-haven", "participation/harbours--harbour-league--lead")
    )
    assert 'src="/static/drawing.js"' in city.text
    assert "drawing.js" not in relation.text


def test_what_points_to_a_thing_is_counted_and_leads_to_all_of_it(client: FlaskClient) -> None:
    text = client.get("/page/city/north-haven?lang=en").text
    match = re.search(r'>governs</a> <span class="count">1</span>.*?href="([^"]+)">All, with sources', text, re.DOTALL)
    assert match
    more = words(client.get(unescape(match[1])).text)
    assert "as the value of “governs”" in more
    assert "Municipality of North Haven 1 source" in more


def test_classes_of_other_vocabularies_that_follow_stand_among_what_machines_need(client: FlaskClient) -> None:
    text = client.get("/page/city/north-haven?lang=en").text
    head, take = text.partition('<dl class="take">')[::2]
    assert 'hence also <a href="/browse/Place?lang=en">Place</a></span>' in head
    assert "/browse/schema:City" not in head
    assert "/browse/schema:City" in take


def test_what_the_shapes_miss_is_said_where_it_is_missing(client: FlaskClient, small: kg.Snapshot) -> None:
    kg.report_of(small)
    text = client.get("/page/city/south-haven?lang=en").text
    section = re.search(r'<section id="gaps">.*?</section>', text, re.DOTALL)
    assert section
    assert "What is missing Add a label in French when one is known." in words(section[0])
    assert "How to add it" in section[0]
    assert 'id="gaps"' not in client.get("/page/city/north-haven?lang=en").text


def test_the_header_and_the_head_of_a_page_give_the_same_typed_links(client: FlaskClient) -> None:
    answer = client.get("/page/city/north-haven")
    links = re.findall(r'<([^>]+)>; rel="([^"]+)"(?:; type="([^"]+)")?', answer.headers["Link"])
    rels = {"cite-as", "describedby", "type", "license", "author", "collection"}
    head = [
        (tag["href"], tag["rel"], tag.get("type") or "") for tag in Page(answer.text).all("link") if tag["rel"] in rels
    ]
    assert links == head
    assert {rel for _, rel, _ in links} == rels
    assert (kg.BASE + "id/city/north-haven", "cite-as", "") in links
    assert ("http://localhost/data/city/north-haven.ttl", "describedby", "text/turtle") in links
    assert ("https://schema.org/City", "type", "") in links


def test_a_page_says_which_of_its_languages_it_is_in(client: FlaskClient) -> None:
    answer = client.get("/page/city/north-haven", headers={"Accept-Language": "fr"})
    assert answer.headers["Content-Location"] == "/page/city/north-haven?lang=fr"
    assert client.get("/data/city/north-haven.ttl").headers["Content-Location"] == "/data/city/north-haven.ttl"


def test_a_thing_describes_itself_to_search_engines(client: FlaskClient) -> None:
    text = client.get("/page/city/north-haven").text
    block = re.search(r'<script type="application/ld\+json">(.*?)</script>', text, re.DOTALL)
    assert block
    thing = json.loads(block[1])
    assert (thing["@id"], thing["@type"]) == (kg.BASE + "id/city/north-haven", ["City", "Place"])
    assert {"@value": "North Haven", "@language": "en"} in thing["name"]
    assert (thing["latitude"], thing["foundingDate"]) == ("45.5", "1602")


@pytest.mark.parametrize("path", ["id/city/north-haven", "page/city/north-haven"])
def test_a_format_in_the_address_goes_before_that_in_the_header(client: FlaskClient, path: str) -> None:
    answer = client.get(f"/{path}?format=jsonld", headers=BROWSER)
    assert (answer.status_code, answer.headers["Location"]) == (303, "/data/city/north-haven.jsonld")
    assert client.get(f"/{path}?format=docx").status_code == 400


@pytest.mark.parametrize("path", ["/id/city/north-haven/", "/id//city/north-haven", "/page/city//north-haven/"])
def test_slashes_too_many_lead_to_the_right_address(client: FlaskClient, path: str) -> None:
    answer = client.get(f"{path}?lang=fr")
    right = re.sub("//", "/", path).rstrip("/")
    assert (answer.status_code, answer.headers["Location"]) == (308, f"{right}?lang=fr")


@pytest.mark.parametrize("path", ["a%20b", "%3Cb%3E", "x%22y", "x%7Cy", "y" * 3000])
def test_what_no_iri_can_be_is_said_to_be_no_address(client: FlaskClient, path: str) -> None:
    answer = client.get(f"/id/city/{path}")
    assert answer.status_code == 400
    assert "no address of a thing" in answer.json["detail"]


def test_a_thing_that_was_merged_leads_on_and_one_that_was_closed_is_gone(hostile: FlaskClient) -> None:
    merged = hostile.get("/id/actor/merged")
    assert (merged.status_code, merged.headers["Location"]) == (301, "/id/actor/emoji")
    assert hostile.get("/page/actor/merged").headers["Location"] == "/page/actor/emoji"
    closed = hostile.get("/id/actor/closed")
    assert closed.status_code == 410
    assert "retired" in closed.json["detail"]


def test_a_thing_is_cited_as_this_snapshot_has_it(client: FlaskClient, small: kg.Snapshot) -> None:
    bib, ris = (client.get(f"/cite/city/north-haven.{name}") for name in ("bib", "ris"))
    assert bib.text.startswith(f"@misc{{north-haven-{small.id[:8]},")
    assert f"  url = {{{kg.BASE}id/city/north-haven}},\n" in bib.text
    assert f"N1  - snapshot {small.id}\r\n" in ris.text
    (item,) = json.loads(client.get("/cite/city/north-haven.json").text)
    assert item["title"].startswith("North Haven. ")
    assert client.get("/cite/city/north-haven.doc").status_code == 400


def test_an_identifier_leads_to_where_it_is_looked_up(hostile: FlaskClient) -> None:
    text = hostile.get("/page/actor/script").text
    assert (
        '<a href="https://isni.org/isni/0000000106087635" class="outside" rel="external">0000000106087635</a>' in text
    )


@pytest.mark.parametrize(
    "address",
    [
        "/page/actor/script",
        "/page/actor/script?by=schema:name",
        "/page/actor/turned",
        "/page/actor/long",
        "/page/actor/emoji",
        "/sources/hostile",
        "/browse/Organisation",
        "/search?q=script",
        "/search?q=emoji",
        "/why?s=actor:script&p=schema:name",
        "/query/?query=SELECT+*+{+%3Fs+a+mg:Organisation+}&view=network",
    ],
)
def test_nothing_in_the_graph_can_become_markup(hostile: FlaskClient, address: str) -> None:
    text = hostile.get(address, headers=BROWSER).text
    page = Page(text)
    assert "<script>alert" not in text
    assert not [link for link in page.links() if link.lower().startswith("javascript:")]
    assert not [name for _, attributes in page.elements for name in attributes if name.startswith("on")]
    assert not re.search("[\u202a-\u202e\u2066-\u2069]", text)


def test_a_data_block_in_a_page_cannot_be_broken_out_of(hostile: FlaskClient) -> None:
    text = hostile.get("/page/actor/script").text
    block = re.search(r'<script type="application/ld\+json">(.*?)</script>', text, re.DOTALL)
    assert block
    assert "<" not in block[1]
    assert json.loads(block[1])["alternateName"]["@value"] == "</script><script>alert(2)</script>"


def test_a_long_name_is_cut_where_it_stands_and_whole_among_the_names(hostile: FlaskClient) -> None:
    text = hostile.get("/page/actor/long").text
    (title,) = re.findall(r"<h1[^>]*>(.*?)</h1>", text)
    assert len(title) <= 202
    assert title.endswith(" …")
    assert LONG.strip() in text
    assert text.count(LONG.strip()) == 2  # in the list of names, and in what is told to machines
    assert LONG.strip() not in hostile.get("/page/actor/emoji").text


def test_every_member_of_the_little_graph_has_a_page_in_both_languages(client: FlaskClient, small: kg.Snapshot) -> None:
    things = {s.value for s, _, _ in small.statements(predicate=None) if isinstance(s, kg.NamedNode)}
    paths = sorted(iri.removeprefix(kg.BASE + "id/") for iri in things if iri.startswith(kg.BASE + "id/"))
    assert len(paths) > 8
    for path in paths:
        for language in ("en", "fr"):
            assert client.get(f"/page/{path}?lang={language}").status_code == 200, path


def test_every_panel_runs_on_what_it_is_for() -> None:
    files = sorted((Path(kg.ROOT) / "queries" / "panels").glob("*/*.rq"))
    questions = [kg.read_question(file) for file in files]
    assert all([parameter.name for parameter in question.parameters] == ["thing"] for question in questions)
    assert all(column for question in questions for column in question.columns.values())


def test_the_header_of_a_page_takes_any_name_in_an_address(snapshot: Make, visit: Visit) -> None:
    said = f"source:a a mg:Source . <{kg.BASE}id/city/تونس> a mg:City ."
    answer = visit(snapshot(a=said)).get("/page/city/تونس", headers={"Accept": "text/html"})
    assert '/id/city/%D8%AA%D9%88%D9%86%D8%B3>; rel="cite-as"' in answer.headers["Link"]


def test_the_reasons_of_very_many_statements_are_told_of_the_first(snapshot: Make, visit: Visit) -> None:
    names = " , ".join(f'"{number}"' for number in range(25))
    client = visit(snapshot(a=f"source:a a mg:Source . city:a a mg:City ; schema:name {names} ."))
    every = client.get("/why?s=city:a&p=schema:name&lang=en").text
    assert (every.count('<article class="reason">'), every.count("Stated by 1 source")) == (20, 20)
    one = client.get("/why?s=city:a&p=schema:name&o=7&lang=en").text
    assert one.split("Other values")[1].count('<details class="evidence">') == 20
    for page in (every, one):
        assert 'The first 20 are shown. <a href="/page/city/a?by=schema:name&amp;lang=en">' in page
