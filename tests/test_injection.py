"""What a graph that means harm can do to a reader: nothing, on any page, in any of its files."""

import csv
import html
import io
import json
import re
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from urllib.parse import quote, urlsplit

import hostile
import openpyxl
import pytest
from flask import Flask
from flask.testing import FlaskClient
from hostile import IRIS, LABELS
from pages import BROWSER, Page
from werkzeug.test import TestResponse

import webapp

RUN = re.compile(r"^[\s\x00-\x20]*(javascript|vbscript|data):", re.IGNORECASE)
TURNS = re.compile("[\u202a-\u202e\u2066-\u2069]")
LEADS = ("href", "src", "action", "formaction", "srcset", "poster", "{http://www.w3.org/1999/xlink}href")
THINGS = ("city/", "city/odd-", "venue/", "actor/", "project/", "event/", "event/odd-", "exhibition/", "publication/")
TIES = ("participation/a-", "funding/", "disagreement/", "claim/", "statement/", "vocab/evil/")
LISTS = (
    *("City", "Event", "Organisation", "Source", "Disagreement", "Claim", "Participation", "Funding", "skos:Concept"),
    *("Publication", "Exhibition", "Evil-script"),
)
NETWORKS = ("co-participation", "actors-and-activities", "funding", "event-attendance")
NETWORK_PAGES = tuple(f"/network?name={name}" for name in NETWORKS)
FIXED = (
    *("/", "/browse/", "/map", "/map?layer=journeys", "/timeline", "/timeline?layer=events", "/network", "/path"),
    *("/compare", "/sources/", "/disagreements", "/gaps", "/contribute", "/downloads", "/ontology", "/query/"),
    *(
        "/query/cities/",
        "/query/sources/reading-notes",
        "/query/funding/amounts",
        "/dataset",
        "/sources/hostile",
        "/sources/hostile?page=2",
    ),
)
TWINS = (
    *("/map.csv", "/map.json", "/map.geojson", "/timeline.csv", "/timeline.json", "/sources.csv", "/sources.json"),
    *("/disagreements.csv", "/disagreements.json", "/gaps.csv", "/gaps.json", "/names.sssom.tsv", "/openapi.json"),
    *("/void.ttl", "/dcat.jsonld", "/dcat.rdf", "/linkset.json", "/sitemap.xml", "/contribute.md", "/ontology.ttl"),
    *("/compare.json?a=city:script&b=city:image", "/compare.csv?a=city:script&b=city:image", "/ontology.rdf"),
    *("/path.json?from=actor:script&to=actor:image", "/path.md?from=actor:script&to=actor:image", "/robots.txt"),
    *("/path.txt?from=actor:script&to=actor:image", "/healthz", "/sparql", "/.well-known/void", "/void", "/dcat"),
    *("/downloads/graph.trig", "/downloads/graph.jsonld", "/downloads/shapes.ttl", "/sitemap-1.xml"),
    *("/query/complete?q=alert", "/query/complete?q=Evil&as=class", "/query/cities/hosts.rq"),
    *(f"/query/cities/in-city.{extension}" for extension in ("json", "xml", "csv", "tsv", "md")),
    *(
        f"/browse/{name}.{form}"
        for name in ("City", "Event", "Organisation")
        for form in ("csv", "json", "xlsx", "ttl")
    ),
    *(
        f"/network.{form}?name={name}"
        for name in NETWORKS
        for form in ("graphml", "gexf", "csv", "nodes.csv", "json", "xlsx", "svg", "drawing.json")
    ),
)
EVERYTHING = "SELECT ?s ?o { GRAPH ?g { ?s ?p ?o FILTER(ISLITERAL(?o)) } FILTER(STRENDS(STR(?g), 'source/hostile')) }"


ABOUT = (
    *("/sources/{}", "/why?s=city:{}&p=mg:country", "/why?s=city:{}&p=rdfs:label", "/why?s=source:{}&p=schema:url"),
    *("/page/actor/{}?by=owl:sameAs", "/contribute?about=city:{}", "/compare?a=city:{}&b=city:script&c=actor:image"),
    *("/path?from=actor:{}&to=city:emoji", "/network?name=co-participation&node=actor:{}", "/browse/Evil-{}"),
    *("/network?name=actors-and-activities&around=actor:{}", "/disagreements?about=project:{}", "/names/actor/{}"),
    *(f"/page/{kind}{{}}" for kind in (*THINGS, *TIES)),
)
"""Pages about one thing of the graph, to be filled with the name of each."""
ASKED = (
    *("/search?q={}", "/search?q=alert&kind={}", "/browse/City?q={}", "/browse/Event?country={}", "/browse/{}"),
    *("/browse/Event?sort={}", "/page/city/{}", "/sources/{}", "/names/{}", "/why?s={}", "/gaps?class={}", "/{}"),
    *("/path?from={}&to=Tunis&without={}", "/compare?a={}&b=city:script", "/map?from={}", "/map?layer={}", "/?page={}"),
    *("/timeline?kind={}", "/sources/?kind={}&sort=title", "/disagreements?about={}", "/network?name={}", "/?lang={}"),
    *("/network?name=co-participation&on={}", "/query/cities/in-city?city={}", "/query/{}/", "/query/?query={}"),
    *("/answer?query={}&title={}", "/?evidence={}", "/cite/{}.bib", "/data/{}.ttl", "/id/{}", "/downloads/{}"),
    *("/search.json?q={}", "/map.geojson?from={}", "/network.svg?name={}", "/sparql?query={}", "/static/{}"),
)
"""Addresses with a part that whoever made the link chose."""
EVERYTHING = (
    "SELECT ?s ?o { GRAPH <https://w3id.org/migration-governance/source/hostile> { ?s ?p ?o FILTER(ISLITERAL(?o)) } }"
)
ANSWERS = tuple(
    f"/{where}?query={quote(EVERYTHING)}{more}"
    for where in ("query/", "query/answer", "query/advice", "answer")
    for more in ("", "&view=network", "&view=bar", "&title=%3Cb%3E")
)


WRITTEN = tuple(text for text in (*LABELS.values(), *IRIS) if len(text) < 1000)
"""What stands in a part of an address that a reader, or whoever made the link, wrote."""


@pytest.fixture(scope="module")
def explorer(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """The explorer over a graph that means harm."""
    snapshot = hostile.build(tmp_path_factory.mktemp("hostile"))
    app = webapp.create_app(lambda: snapshot)
    yield app
    app.extensions["workers"].close()


@pytest.fixture
def reader(explorer: Flask) -> FlaskClient:
    """A reader of it."""
    return explorer.test_client()


def faults(answer: TestResponse) -> list[str]:
    """What in an answer could run, mislead, or not be read at all; nothing in one that is sound."""
    found = list(_in_headers(answer))
    kind = answer.mimetype
    if kind == "text/html":
        found += _in_page(answer.text)
    elif kind.endswith("json"):
        json.loads(answer.text)
    elif kind.endswith("xml"):
        found += _in_xml(answer.text)
    elif kind == "text/csv":
        found += _in_rows(answer.text)
    elif kind.endswith("spreadsheetml.sheet"):
        found += _in_workbook(answer.data)
    return found


def _in_headers(answer: TestResponse) -> Iterator[str]:
    if "Set-Cookie" in answer.headers or any(ord(c) < 32 for name, value in answer.headers for c in name + value):
        yield f"headers were split: {answer.headers}"
    if answer.headers["X-Content-Type-Options"] != "nosniff" or "Content-Security-Policy" not in answer.headers:
        yield "a browser may guess what it is"
    if RUN.match(answer.headers.get("Location", "")):
        yield f"leads to {answer.headers['Location']}"


def _in_page(text: str) -> Iterator[str]:
    page = Page(text)
    for tag, attributes in page.elements:
        yield from _in_element(tag, attributes)
    for block in re.findall(r"<script[^>]*ld\+json[^>]*>(.*?)</script>", text, re.DOTALL):
        json.loads(block)
    if hostile.SOLVED in text:
        yield "a template in a name was filled in"
    if TURNS.search(html.unescape(re.sub(r'\bvalue="[^"]*"|<textarea.*?</textarea>', "", text, flags=re.DOTALL))):
        yield "a text turns what follows it"
    if re.search(r"<(svg/onload|img src=x)|<b>\]\]", text):
        yield "a tag out of the graph"


def _in_element(tag: str, attributes: dict[str, str | None]) -> Iterator[str]:
    if tag in ("iframe", "object", "embed", "base", "style", "frame", "math"):
        yield f"<{tag}>"
    if tag == "meta" and "http-equiv" in attributes:
        yield "a page that leads away by itself"
    elif tag == "script" and attributes.get("type") != "application/ld+json":
        yield from [] if str(attributes.get("src")).startswith("/static/") else [f"a script: {attributes}"]
    for name, value in attributes.items():
        if name.startswith("on") or name in ("style", "srcdoc", "autofocus"):
            yield f"<{tag} {name}>"
        if name in LEADS and RUN.match(value or ""):
            yield f"<{tag} {name}={value}>"
        if name.startswith("data-") and (value or "").startswith(("{", "[")):
            json.loads(value or "")


def _in_xml(text: str) -> Iterator[str]:
    for element in ET.fromstring(text.encode()).iter():  # noqa: S314 - made by ourselves
        if element.tag in ("{http://www.w3.org/2000/svg}script", "{http://www.w3.org/2000/svg}foreignObject"):
            yield element.tag
        if element.tag.startswith("{http://www.w3.org/2000/svg}"):
            for name, value in element.attrib.items():
                if name.startswith("on") or (name in LEADS and RUN.match(value)):
                    yield f"<{element.tag} {name}={value}>"


def _in_rows(text: str) -> Iterator[str]:
    rows = list(csv.reader(io.StringIO(text, newline="")))
    if len({len(row) for row in rows}) > 1:
        yield "rows of different lengths"


def _in_workbook(content: bytes) -> Iterator[str]:
    for sheet in openpyxl.load_workbook(io.BytesIO(content)):
        for row in sheet.iter_rows():
            for cell in row:
                if cell.data_type == "f" or cell.hyperlink:
                    yield f"a formula: {cell.value}"


@pytest.mark.parametrize("address", [*FIXED, *(f"/browse/{name}" for name in LISTS), *NETWORK_PAGES, *ANSWERS])
def test_nothing_in_the_graph_runs_on_a_page(reader: FlaskClient, address: str) -> None:
    answer = reader.get(address, headers=BROWSER, follow_redirects=True)
    assert (answer.status_code, faults(answer)) == (200, [])


@pytest.mark.parametrize("language", ["en", "ar"])
@pytest.mark.parametrize("template", ABOUT)
def test_nothing_a_thing_is_called_runs_on_its_pages(reader: FlaskClient, template: str, language: str) -> None:
    for key in LABELS:
        answer = reader.get(template.replace("{}", key), headers={**BROWSER, "Accept-Language": language})
        assert (answer.status_code, faults(answer)) == (200, []), key


@pytest.mark.parametrize("address", TWINS)
def test_every_file_can_be_read_whatever_the_graph_says(reader: FlaskClient, address: str) -> None:
    with reader.get(address) as answer:
        assert (answer.status_code in (200, 303), faults(answer)) == (True, [])


@pytest.mark.parametrize("accept", ["text/html", "application/json"])
@pytest.mark.parametrize("template", ASKED)
def test_nothing_in_an_address_runs_or_splits_a_header(reader: FlaskClient, template: str, accept: str) -> None:
    for text in WRITTEN:
        answer = reader.get(template.replace("{}", quote(text)), headers={"Accept": accept})
        assert answer.status_code < 500, text
        assert faults(answer) == [], text


def test_no_kind_of_address_is_left_out(explorer: Flask) -> None:
    tried = {template.replace("{}", "script") for template in ABOUT} | {
        *FIXED,
        *TWINS,
        *ANSWERS,
        "/network",
        "/browse/City",
    }
    tried |= {template.replace("{}", "x") for template in ASKED}
    addresses = explorer.url_map.bind("localhost")
    answering = {addresses.match(urlsplit(address).path)[0] for address in tried}
    ours = {"vendor.part", "sparql.preflight"}  # files of others as they are, and an empty answer
    assert {rule.endpoint for rule in explorer.url_map.iter_rules()} - answering == ours


def test_a_spreadsheet_takes_no_text_for_a_formula_and_csv_is_what_the_graph_says(reader: FlaskClient) -> None:
    """CSV is for programs and gives back what went in; the file for spreadsheets is xlsx, where a text is a text."""
    said = {LABELS[key] for key in ("formula", "plus", "minus", "at")}
    rows = csv.DictReader(io.StringIO(reader.get("/browse/City.csv").text, newline=""))
    assert said <= {row["label"] for row in rows}
    sheet = openpyxl.load_workbook(io.BytesIO(reader.get("/browse/City.xlsx").data)).active
    kinds = {cell.value: cell.data_type for row in sheet.iter_rows() for cell in row}
    assert {kinds[text] for text in said} == {"s"}


def test_a_name_cannot_add_a_field_to_a_citation(reader: FlaskClient) -> None:
    lines = reader.get("/cite/actor/lines.ris").text.splitlines()
    assert [line[:2] for line in lines] == ["TY", "AU", "TI", "PY", "ET", "N1", "UR", "ER"]
    entry = reader.get("/cite/actor/braces.bib").text
    assert entry.count("{") == entry.count("}")
    assert re.findall(r"^  (\w+) = ", entry, re.MULTILINE) == [
        *("author", "title", "year", "version", "howpublished", "note", "url")
    ]
