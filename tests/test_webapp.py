"""The explorer: what each address answers, in both languages, for people and for machines."""

import gzip
import json
import re
import socket
import subprocess
import sys
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from pages import BROWSER, Page, followed

import kg
import webapp
from webapp import replies
from webapp.vendor import PARTS

PAGES = [
    "/",
    "/search?q=haven",
    "/search?q=zzzz",
    "/map",
    "/map?layer=journeys",
    "/timeline",
    "/browse/",
    "/browse/City",
    "/page/city/north-haven",
    "/page/event/quay-workshop",
    "/page/participation/harbours--harbour-league--lead",
    "/page/vocab/theme/theme-housing",
    "/page/rule/subclass",
    "/why?s=city:north-haven&p=mg:country",
    "/why?s=city:north-haven&p=rdf:type&o=mg:Place",
    "/sources/",
    "/sources/small",
    "/ontology",
    "/query/",
    "/query/?query=SELECT+*+{+%3Fcity+a+mg:City+}",
    "/query/?query=SELECT+%3Fcity+(COUNT(*)+AS+%3Fn)+{+%3Fcity+a+mg:City+}+GROUP+BY+%3Fcity&view=bar",
    "/query/advice?query=SELECT+*+{+%3Fcity+a+mg:City+}",
    "/query/cities/",
]
SYNTAXES = {
    "ttl": "text/turtle",
    "nt": "application/n-triples",
    "rdf": "application/rdf+xml",
    "jsonld": "application/ld+json",
    "trig": "application/trig",
    "nq": "application/n-quads",
}


@pytest.mark.parametrize("language", ["en", "fr"])
@pytest.mark.parametrize("address", PAGES)
def test_a_page_stands_in_both_languages_without_script(client: FlaskClient, address: str, language: str) -> None:
    answer = client.get(address, headers={**BROWSER, "Accept-Language": language})
    page = Page(answer.text)
    assert answer.status_code == 200
    assert answer.headers["Content-Language"] == page.all("html")[0]["lang"] == language
    assert {"Accept", "Accept-Language"} <= set(re.split(", *", answer.headers["Vary"]))
    assert not page.all("iframe", "style")
    scripts = [script for script in page.all("script") if script.get("type") != "application/ld+json"]
    assert all(str(script.get("src")).startswith("/static/") for script in scripts)
    assert bool(scripts) <= ("script-src 'self'" in answer.headers["Content-Security-Policy"])
    assert not [
        name for _, attributes in page.elements for name in attributes if name.startswith("on") or name == "style"
    ]


@pytest.mark.parametrize("address", PAGES)
def test_a_page_has_one_title_headings_in_order_and_captions(client: FlaskClient, address: str) -> None:
    page = Page(client.get(address).text)
    levels = [int(tag[1]) for tag, _ in page.elements if re.fullmatch("h[1-6]", tag)]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))
    assert len(page.all("caption")) == len(page.all("table"))
    assert all(attributes.get("scope") for attributes in page.all("th"))
    assert len(page.all("main")) == 1


def test_every_answer_forbids_what_pages_do_not_need(client: FlaskClient) -> None:
    for address in ("/", "/data/city/north-haven.ttl", "/sparql", "/nothing", "/healthz"):
        headers = client.get(address).headers
        assert headers["Content-Security-Policy"].startswith("default-src 'none'; style-src 'self'; img-src 'self'")
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert "Referrer-Policy" in headers


def test_every_link_of_the_site_leads_somewhere(client: FlaskClient) -> None:
    answers = followed(client, ["/", "/page/city/north-haven", "/sources/small", "/query/actors/"])
    elsewhere = {
        address for address in answers if re.match("/query/federated/[^?]", address)
    }  # asks who may not be asked
    assert {answers[address] for address in elsewhere} <= {403}
    assert [one for one in answers.items() if one[0] not in elsewhere and one[1] not in (200, 303)] == []


@pytest.mark.parametrize("address", PAGES)
def test_a_language_chosen_stays_in_the_links_and_only_for_who_chose_it(client: FlaskClient, address: str) -> None:
    chosen = address + ("&" if "?" in address else "?") + "lang=fr"
    addresses = [chosen, address, chosen]
    answers = [client.get(one, headers={**BROWSER, "Accept-Language": "fr"}) for one in addresses]
    french, plain, again = (_pages_linked(answer.text) for answer in answers)
    assert french == again
    assert french
    assert [link for link in french if "lang=fr" not in link] == []
    assert [link for link in plain if "lang=" in link] == []


def _pages_linked(page: str) -> list[str]:
    """The addresses of pages about something to which a page leads, but of those of itself in another language."""
    links = [str(attributes.get("href")) for attributes in Page(page).all("a") if "hreflang" not in attributes]
    return [link for link in links if re.match("/(page|ontology|browse|sources)[^.]*$", link)]


@pytest.mark.parametrize("address", PAGES)
def test_under_a_path_of_another_site_every_address_begins_with_it(client: FlaskClient, address: str) -> None:
    client.get(address)
    answer = client.get(address, environ_overrides={"SCRIPT_NAME": "/graph"})
    addresses = re.findall(r'="(/[^"]*)"', answer.text)
    assert addresses
    assert [other for other in addresses if not other.startswith("/graph/")] == []


@pytest.mark.parametrize("address", ["/browse/city", "/id//city/north-haven", "/id/city/north-haven"])
def test_under_a_path_of_another_site_redirections_stay_below_it(client: FlaskClient, address: str) -> None:
    answer = client.get(address, environ_overrides={"SCRIPT_NAME": "/graph"})
    assert answer.location.startswith("/graph/")


def test_every_iri_of_the_graph_can_be_followed(client: FlaskClient, small: kg.Snapshot) -> None:
    about = {s.value for s, _, _ in small.merged() if isinstance(s, kg.NamedNode) and s.value.startswith(kg.BASE)}
    graph = {quad.subject.value for quad in small.quads(kg.BASE + "source/small")}
    assert graph <= about
    for iri in sorted(graph) + small.graphs():
        path = "/" + iri.removeprefix(kg.BASE).partition("#")[0]
        answer = client.get(path, headers=BROWSER, follow_redirects=True)
        assert answer.status_code == 200, iri
        data = client.get(path, headers={"Accept": "text/turtle"}, follow_redirects=True)
        assert (data.status_code, data.mimetype) == (200, "text/turtle"), iri


def test_the_home_page_counts_what_is_in_the_graph(client: FlaskClient, small: kg.Snapshot) -> None:
    text = client.get("/?lang=en").text
    assert f"{small.manifest['quads']:,}" in text
    assert small.id in text
    assert "https://creativecommons.org/licenses/by/4.0/" in text
    assert re.search(r'href="/browse/City\?lang=en"><span class="number">2</span>', text)


@pytest.mark.parametrize("text", ["الميناء الجنوبي", "south haven", "SOUTH", "Sout Havn"])
def test_a_thing_is_found_by_any_name(client: FlaskClient, text: str) -> None:
    found = client.get("/search.json", query_string={"q": text}).json
    assert found["items"][0]["iri"] == kg.BASE + "id/city/south-haven"


def test_a_search_without_a_hit_says_what_to_do(client: FlaskClient) -> None:
    answer = client.get("/search?q=zzzzzz")
    assert answer.status_code == 200
    assert "Nothing has a name like that" in answer.text


def test_a_list_is_paged_and_says_how_many_there_are(client: FlaskClient) -> None:
    twin = client.get("/browse/skos:Concept.json").json
    total = twin["total"]
    assert total == len(twin["items"]) > 100
    first, last = client.get("/browse/skos:Concept"), client.get(f"/browse/skos:Concept?page={-(-total // 100)}")
    assert f"1 to 100 of {total}" in first.text
    assert f"to {total} of {total}" in last.text
    assert [name.casefold() for name in (item["label"] for item in twin["items"][:3])]
    assert len(client.get("/browse/skos:Concept.csv").text.splitlines()) == total + 1


def test_a_list_is_in_the_order_of_the_readers_alphabet(client: FlaskClient) -> None:
    for language, names in {"en": ["North Haven", "South Haven"], "fr": ["Port-Nord", "South Haven"]}.items():
        items = client.get(f"/browse/City.json?lang={language}").json["items"]
        assert [item["label"] for item in items] == names


@pytest.mark.parametrize("page", ["0", "-1", "x", "1.5", "²", ""])
def test_a_page_that_is_no_number_is_refused(client: FlaskClient, page: str) -> None:
    assert client.get(f"/browse/City?page={page}").status_code == 400


@pytest.mark.parametrize(("extension", "media"), SYNTAXES.items())
def test_a_thing_leads_to_its_data_by_accept(client: FlaskClient, extension: str, media: str) -> None:
    answer = client.get("/id/city/north-haven", headers={"Accept": f"{media}, text/html;q=0.5"})
    assert (answer.status_code, answer.headers["Location"]) == (303, f"/data/city/north-haven.{extension}")
    assert "Accept" in answer.headers["Vary"]
    data = client.get(answer.headers["Location"])
    assert data.mimetype == media
    assert "Port-Nord" in data.text or "Port-Nord" in json.dumps(data.text)


def test_a_thing_leads_people_to_its_page(client: FlaskClient) -> None:
    for headers in (BROWSER, {}, {"Accept": "*/*"}):
        answer = client.get("/id/city/north-haven", headers=headers)
        assert (answer.status_code, answer.headers["Location"]) == (303, "/page/city/north-haven")
    assert client.get("/source/small").headers["Location"] == "/sources/small"


def test_a_thing_in_no_format_asked_for_is_not_acceptable(client: FlaskClient) -> None:
    answer = client.get("/id/city/north-haven", headers={"Accept": "image/png"})
    assert answer.status_code == 406
    assert answer.json["available"] == ["text/html", *SYNTAXES.values()]


def test_what_is_not_there_is_not_found_and_the_nearest_is_named(client: FlaskClient) -> None:
    answer = client.get("/id/city/nort-haven")
    assert (answer.status_code, answer.mimetype) == (404, "application/problem+json")
    assert "North Haven" in answer.json["near"]
    assert client.get("/page/city/nort-haven", headers=BROWSER).mimetype == "text/html"


@pytest.mark.parametrize(
    "address", ["/id/city/%00", "/id/city/a%20b", "/page/%3Cscript%3E", "/data/city/x.png", "/browse/%22"]
)
def test_a_malformed_address_is_a_plain_refusal(client: FlaskClient, address: str) -> None:
    assert client.get(address).status_code in (400, 404)
    assert "<script>" not in client.get(address, headers=BROWSER).text


def test_the_page_of_a_thing_says_who_says_what(client: FlaskClient) -> None:
    text = client.get("/page/event/quay-workshop?lang=en").text
    assert "Talk about &lt;b&gt;housing&lt;/b&gt; &amp; &quot;rooms&quot;." in text
    assert "Harbour bulletin" in text
    assert "Harbour League" in text
    assert "in the city" in text
    assert "/page/city/north-haven?lang=en" in text


def test_a_name_in_another_language_is_marked_with_its_language_and_direction(client: FlaskClient) -> None:
    text = client.get("/page/city/south-haven?lang=fr").text
    assert '<h1 lang="en" dir="ltr">South Haven <span class="tongue">' in text
    assert '<span lang="ar" dir="rtl">الميناء الجنوبي</span>' in text


def test_a_thing_without_a_name_is_told_by_what_it_joins(client: FlaskClient) -> None:
    text = client.get("/page/participation/harbours--harbour-league--lead?lang=en").text
    assert "<h1>Participation: Open Harbours · Harbour League · lead</h1>" in text


def test_long_lists_of_values_have_pages_of_their_own(client: FlaskClient) -> None:
    text = client.get("/page/vocab/theme?lang=en").text
    match = re.search(r'in the list</a> <span class="count">(\d+)</span>.*?href="([^"]+by=%5E[^"]+)"', text, re.DOTALL)
    assert match
    more = client.get(match[2].replace("&amp;", "&"))
    assert f"{match[1]} in all" in more.text


def test_a_derived_statement_names_its_rule_and_what_it_used(client: FlaskClient) -> None:
    text = client.get("/why?s=actor:sea-fund&p=rdf:type&o=mg:Funder&lang=en").text
    assert 'href="/page/rule/funder?lang=en"' in text
    assert "Sea Fund" in text
    assert "Harbour bulletin" in text


def test_why_shows_what_else_is_said_of_the_same(client: FlaskClient) -> None:
    text = client.get("/why?s=project:harbours&p=schema:endDate&o=2020&lang=en").text
    assert "2021-06-30" in text


def test_why_of_nothing_is_a_sentence(client: FlaskClient) -> None:
    answer = client.get("/why?s=project:harbours&p=schema:endDate&o=1999")
    assert answer.status_code == 400
    assert "the graph does not state" in answer.json["detail"]


def test_a_source_says_how_much_it_states_and_gives_all_of_it(client: FlaskClient, small: kg.Snapshot) -> None:
    count = small.manifest["graphs"][kg.BASE + "source/small"]
    described = 6  # of them say what the source is
    assert f"This source makes {count - described} statements" in client.get("/sources/small?lang=en").text
    assert len(client.get("/data/source/small.nt").text.splitlines()) == count


def test_the_ontology_is_documentation_or_rdf(client: FlaskClient) -> None:
    page = client.get("/ontology", headers=BROWSER)
    assert 'id="City"' in page.text
    data = client.get("/ontology", headers={"Accept": "text/turtle"})
    assert (data.mimetype, data.headers["Content-Location"]) == ("text/turtle", "/ontology.ttl")
    assert client.get("/ontology.ttl").data == data.data


def test_the_language_of_the_address_beats_that_of_the_browser_and_stays(client: FlaskClient) -> None:
    french = {"Accept-Language": "fr-CA,fr;q=0.9,en;q=0.1"}
    assert Page(client.get("/", headers=french).text).all("html")[0]["lang"] == "fr"
    page = Page(client.get("/browse/?lang=en", headers=french).text)
    assert page.all("html")[0]["lang"] == "en"
    assert "/browse/City?lang=en" in page.links()
    kept = Page(client.get("/search?q=haven&page=1", headers=french).text)
    assert "/search?q=haven&page=1&lang=en" in kept.links()


def test_parts_of_others_are_served_from_here_and_no_other_file_is(client: FlaskClient) -> None:
    for name in PARTS:
        assert client.get(f"/static/vendor/{name}").status_code == 200, f"{name}: run make setup"
    packed = client.get("/static/vendor/yasqe.js", headers={"Accept-Encoding": "gzip"})
    assert packed.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(packed.data) == client.get("/static/vendor/yasqe.js").data
    for name in ("package.json", "..%2Fpackage.json", "../package.json", "@zazuko/yasqe/package.json"):
        assert client.get(f"/static/vendor/{name}").status_code == 404


def test_our_own_mistake_is_a_sentence_and_is_logged(caplog: pytest.LogCaptureFixture) -> None:
    def broken() -> kg.Snapshot:
        raise RuntimeError("secret detail")

    app = webapp.create_app(broken)
    for headers in (BROWSER, {}):
        answer = app.test_client().get("/", headers=headers)
        assert answer.status_code == 500
        assert "secret" not in answer.text
    assert "secret detail" in caplog.text


def test_a_reader_may_have_it_again_only_if_it_changed(client: FlaskClient) -> None:
    first = client.get("/page/city/north-haven")
    again = client.get("/page/city/north-haven", headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")


def test_a_running_server_moves_to_a_new_snapshot(tmp_path: Path, graph: Callable[..., kg.Store]) -> None:
    text = "@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .\n<https://example.org/a> rdfs:label '%s' .\n"
    file = tmp_path / "one.ttl"
    file.write_text(text % "old")
    first = kg.build(only=(file,), home=tmp_path / "home")
    open_store = webapp.current_store(tmp_path / "home")
    client = webapp.create_app(open_store).test_client()
    assert client.get("/healthz").json["snapshot"] == first.id
    held = open_store()
    file.write_text(text % "new")
    second = kg.build(only=(file,), home=tmp_path / "home")
    assert client.get("/healthz").json["snapshot"] == second.id != first.id
    assert [hit.label for hit in kg.search(held, "old")] == ["old"]


def test_robots_are_told_what_not_to_follow(client: FlaskClient) -> None:
    assert "Disallow: /sparql" in client.get("/robots.txt").text


def test_no_term_of_ours_is_named_in_the_code(app: Flask) -> None:
    folder = Path(webapp.__file__).parent
    files = [*folder.rglob("*.py"), *folder.rglob("*.html")]
    assert [file.name for file in files if re.search(r"\bmg:(?!role\b)\w", file.read_text(encoding="utf-8"))] == []


def test_a_page_is_sent_compressed_to_who_takes_it_and_known_again(client: FlaskClient) -> None:
    plain, packed = client.get("/browse/"), client.get("/browse/", headers={"Accept-Encoding": "gzip"})
    assert (plain.headers.get("Content-Encoding"), packed.headers.get("Content-Encoding")) == (None, "gzip")
    assert gzip.decompress(packed.data) == plain.data
    assert "Accept-Encoding" in packed.headers["Vary"]
    assert plain.headers["ETag"] != packed.headers["ETag"]
    again = client.get("/browse/", headers={"Accept-Encoding": "gzip", "If-None-Match": packed.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")


@pytest.mark.parametrize(("host", "problem"), [("127.0.0.1", "already in use"), ("nowhere.invalid", "no such address")])
def test_a_server_that_cannot_listen_says_where_and_what_to_do(small: kg.Snapshot, host: str, problem: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        serve = [sys.executable, "-m", "kg.cli", "serve", "--host", host, "--port", port]
        home = str(small.path.parent.parent)
        done = subprocess.run([*serve, "--home", home], capture_output=True, text=True, check=False)
    assert done.returncode == 2
    last = done.stderr.splitlines()[-1]
    assert last.startswith(f"kg serve: cannot listen at {host}:{port} (")
    assert problem in last.lower()


def test_a_file_is_named_in_any_script(client: FlaskClient) -> None:
    with client.application.test_request_context():
        named = replies.data(b"", "text/csv", "تونس.csv").headers["Content-Disposition"]
    assert named == "inline; filename*=UTF-8''%D8%AA%D9%88%D9%86%D8%B3.csv"
