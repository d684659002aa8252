"""A page once made is given again as it was, to those who would get the same, as long as there is room for it."""

import gzip
from collections.abc import Callable, Iterator

import pytest
from common import Make
from flask import Flask, template_rendered
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from webapp import Limits, create_app

PAGE = "/page/city/north-haven"
COAST = """
source:coast a mg:Source ; dcterms:title "The coast"@en .
city:north-haven a mg:City ; rdfs:label "North Haven"@en , "Port-Nord"@fr ; schema:url <https://haven.example/> .
"""
BROWSER = {"Accept": "text/html", "Accept-Language": "en", "Accept-Encoding": "gzip"}

Visitor = Callable[..., FlaskClient]


@pytest.fixture
def made() -> list[str]:
    """The templates of the pages that have been made, not given again."""
    return []


@pytest.fixture
def visitor(snapshot: Make, made: list[str]) -> Iterator[Visitor]:
    """Makes readers of a site that has kept nothing yet."""
    apps: list[Flask] = []
    coast = snapshot(coast=COAST)

    def make(**limits: float) -> FlaskClient:
        apps.append(create_app(lambda: coast, Limits(**limits)))  # type: ignore[arg-type]
        return apps[-1].test_client()

    def note(_: Flask, template: object, **_more: object) -> None:
        made.append(str(getattr(template, "name", "")))

    with template_rendered.connected_to(note):
        yield make
    for app in apps:
        app.extensions["workers"].close()


def said(response: TestResponse) -> tuple[int, list[tuple[str, str]], bytes]:
    """All that an answer says, but for when it was made and packed."""
    zipped = response.headers.get("Content-Encoding") == "gzip" and response.data
    content = gzip.decompress(response.data) if zipped else response.data
    return response.status_code, sorted(pair for pair in response.headers if pair[0] != "Date"), content


@pytest.mark.parametrize("address", [PAGE, f"{PAGE}?by=rdfs:label", f"{PAGE}?lang=fr"])
def test_a_kept_page_is_the_same_as_a_new_one(visitor: Visitor, made: list[str], address: str) -> None:
    client = visitor()
    first, again = client.get(address, headers=BROWSER), client.get(address, headers=BROWSER)
    assert len(made) == 1
    assert first.status_code == 200
    assert said(first) == said(again) == said(visitor().get(address, headers=BROWSER))


def test_whoever_would_get_another_page_gets_it(visitor: Visitor, made: list[str]) -> None:
    client = visitor()
    client.get(PAGE, headers=BROWSER)
    for address, headers in (
        (PAGE, {"Accept-Language": "fr"}),
        (PAGE, {"Accept-Encoding": "identity"}),
        (PAGE, {"Host": "elsewhere.example"}),
        (f"{PAGE}?lang=fr", {}),
        (f"{PAGE}?evidence=stated", {}),
        (f"{PAGE}?other=1", {}),
    ):
        made.clear()
        given = client.get(address, headers=BROWSER | headers)
        assert made, (address, headers)
        assert said(given) == said(visitor().get(address, headers=BROWSER | headers))


def test_a_reader_who_has_a_kept_page_is_told_so_as_for_a_new_one(visitor: Visitor, made: list[str]) -> None:
    client = visitor()
    tag = client.get(PAGE, headers=BROWSER).headers["ETag"]
    kept = client.get(PAGE, headers=BROWSER | {"If-None-Match": tag})
    assert len(made) == 1
    assert kept.status_code == 304
    assert said(kept) == said(visitor().get(PAGE, headers=BROWSER | {"If-None-Match": tag}))
    assert client.get(PAGE, headers=BROWSER | {"If-None-Match": '"another"'}).status_code == 200


def test_the_head_of_a_kept_page_comes_without_it(visitor: Visitor) -> None:
    client = visitor()
    page = client.get(PAGE, headers=BROWSER)
    head = client.head(PAGE, headers=BROWSER)
    assert head.data == b""
    assert head.headers["ETag"] == page.headers["ETag"]


def test_errors_and_redirects_are_not_kept(visitor: Visitor, made: list[str]) -> None:
    client = visitor()
    for _ in range(2):
        assert client.get("/page/city/nowhere", headers=BROWSER).status_code == 404
        assert client.get(f"{PAGE}?format=ttl", headers=BROWSER).status_code == 303
    assert made == ["error.html", "error.html"]


def test_kept_pages_take_no_more_room_than_they_may(visitor: Visitor, made: list[str]) -> None:
    client = visitor(kept_megabytes=1)
    for number in range(200):
        client.get(f"{PAGE}?n={number}", headers=BROWSER | {"Accept-Encoding": "identity"})
    made.clear()
    client.get(f"{PAGE}?n=199", headers=BROWSER | {"Accept-Encoding": "identity"})
    assert made == []
    client.get(f"{PAGE}?n=0", headers=BROWSER | {"Accept-Encoding": "identity"})
    assert made == ["entity.html"]
