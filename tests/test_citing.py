"""Answers to cite on the web: the way to the link, its page, and its entries for bibliographies."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import parse_qs, quote, urlsplit

import pytest
from common import PREFIXES
from flask.testing import FlaskClient
from pages import BROWSER

import kg
import webapp

QUERY = "SELECT ?city ?country { ?city mg:country ?country } ORDER BY ?city"


@pytest.fixture
def rebuild(tmp_path: Path) -> Callable[[str], kg.Snapshot]:
    def build(text: str) -> kg.Snapshot:
        (tmp_path / "alpha.ttl").write_text(PREFIXES + text)
        return kg.build(only=[tmp_path / "alpha.ttl"], home=tmp_path / "home")

    return build


@pytest.fixture
def reader(rebuild: Callable[[str], kg.Snapshot], tmp_path: Path) -> Iterator[FlaskClient]:
    rebuild('city:tunis mg:country "TN" . city:rabat mg:country "MA" .')
    limits = webapp.Limits(at_once=1, quick_at_once=1, services=("http://127.0.0.1:9/",))
    app = webapp.create_app(webapp.current_store(tmp_path / "home"), limits)
    yield app.test_client()
    app.extensions["workers"].close()


def cited(reader: FlaskClient, query: str = QUERY) -> str:
    answer = reader.get(f"/answer?query={quote(query)}&title=Cities")
    assert answer.status_code == 303
    return str(answer.location)


def test_a_query_leads_to_a_link_that_the_command_line_verifies_too(reader: FlaskClient, tmp_path: Path) -> None:
    link = cited(reader)
    given = parse_qs(urlsplit(link).query)
    assert given["query"] == [QUERY]
    assert given["title"] == ["Cities"]
    assert kg.verify("http://localhost" + link, tmp_path / "home").same


def test_the_page_says_same_and_shows_the_rows_as_long_as_they_are(
    reader: FlaskClient, rebuild: Callable[[str], kg.Snapshot]
) -> None:
    link = cited(reader)
    rebuild('city:tunis mg:country "TN" ; mg:population 7 . city:rabat mg:country "MA" .')
    page = reader.get(link, headers=BROWSER).text
    assert "<strong>Same.</strong>" in page
    assert "rabat" in page


def test_the_page_names_the_rows_that_came_and_went(reader: FlaskClient, rebuild: Callable[[str], kg.Snapshot]) -> None:
    link = cited(reader)
    rebuild('city:tunis mg:country "TN" . city:sfax mg:country "TN" .')
    page = reader.get(link, headers=BROWSER).text
    assert "1 rows came, 1 went" in page
    assert page.index("Rows that came") < page.index("city/sfax") < page.index("Rows that went")


def test_an_answer_seen_through_a_lens_is_cited_and_verified_through_it(reader: FlaskClient, tmp_path: Path) -> None:
    link = str(reader.get(f"/answer?query={quote(QUERY)}&evidence=official").location)
    assert parse_qs(urlsplit(link).query)["snapshot"][0].endswith("+official")
    without = link.replace("&evidence=official", "")
    assert reader.get(without).location == link
    page = reader.get(without, headers=BROWSER, follow_redirects=True).text
    assert "<strong>Same.</strong>" in page
    assert "rabat" not in page
    assert kg.verify("http://localhost" + without, tmp_path / "home").same


@pytest.mark.parametrize("more", ["", "&lang=fr", "&evidence=official"])
def test_the_link_in_a_bibliography_leads_to_the_answer(reader: FlaskClient, tmp_path: Path, more: str) -> None:
    link = str(reader.get(f"/answer?query={quote(QUERY)}{more}").location)
    (entry,) = json.loads(reader.get(link.replace("/answer?", "/answer.json?")).text)
    assert kg.verify(entry["URL"], tmp_path / "home").same
    assert reader.get(entry["URL"], headers=BROWSER, follow_redirects=True).status_code == 200


def test_a_snapshot_that_is_not_kept_is_said_to_be_unknown(reader: FlaskClient) -> None:
    given = parse_qs(urlsplit(cited(reader)).query)
    link = f"/answer?snapshot=0123456789abcdef&result=0&query={quote(given['query'][0])}"
    assert "is not kept here" in reader.get(link, headers=BROWSER).text
    assert reader.get(link.replace("/answer?", "/answer.bib?")).status_code == 404


def test_entries_for_bibliographies_name_snapshot_result_and_link(reader: FlaskClient) -> None:
    link = cited(reader)
    given = parse_qs(urlsplit(link).query)
    entries = {one: reader.get(link.replace("/answer?", f"/answer.{one}?")) for one in ("bib", "ris", "json")}
    assert {one: answer.status_code for one, answer in entries.items()} == {"bib": 200, "ris": 200, "json": 200}
    for answer in entries.values():
        assert f"snapshot {given['snapshot'][0]}, result {given['result'][0]}" in answer.text
    assert json.loads(entries["json"].text)[0]["title"].startswith("Cities. ")


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("SELECT nothing", 400),
        ("INSERT DATA { <x:a> <x:b> 1 }", 403),
        ("SELECT * { SERVICE <http://x/> { ?a ?b ?c } }", 403),
    ],
)
def test_what_cannot_run_says_why(reader: FlaskClient, query: str, status: int) -> None:
    assert reader.get(f"/answer?query={quote(query)}").status_code == status
    page = reader.get(f"/answer?snapshot=1&result=1&query={quote(query)}", headers=BROWSER)
    assert page.status_code == status
    assert "The cited query cannot be run" in page.text


def test_an_address_that_cites_nothing_is_told_so(reader: FlaskClient) -> None:
    answer = reader.get("/answer")
    assert answer.status_code == 400
    assert "not a link to an answer" in answer.text
