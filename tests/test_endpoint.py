"""The endpoint holds to the SPARQL 1.1 Protocol, refuses what it must, and survives what it is sent."""

import csv
import io
import os
import re
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import quote, urlencode

import pytest
from flask import Flask
from flask.testing import FlaskClient
from processes import family, soon
from w3c.manifests import MISSING, SUITES, Manifest, tail
from werkzeug.test import TestResponse

import kg
import webapp
from webapp.answers import Answers
from webapp.limits import GoneError, SettingError
from webapp.workers import BusyError, Job, Lane, Limits, QueryTimeoutError, Rows, TooMuchError, Workers, gone

ASK, SELECT, CONSTRUCT = (
    "ASK {}",
    "SELECT ?s { ?s a mg:City } ORDER BY ?s",
    "CONSTRUCT { ?s a mg:City } { ?s a mg:City }",
)
ENDLESS = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"
JSON, XML = "application/sparql-results+json", "application/sparql-results+xml"
CSV, TSV = "text/csv", "text/tab-separated-values"
FORM, DIRECT, UPDATE = "application/x-www-form-urlencoded", "application/sparql-query", "application/sparql-update"
SMALL, SUBCLASS = kg.BASE + "source/small", kg.BASE + "rule/subclass"


def get(client: FlaskClient, query: str, accept: str | None = None, **more: object) -> TestResponse:
    return client.get("/sparql", query_string={"query": query, **more}, headers={"Accept": accept} if accept else {})


def post(client: FlaskClient, query: str, accept: str | None = None, **more: object) -> TestResponse:
    headers = {"Accept": accept} if accept else {}
    return client.post("/sparql", query_string=more, data=query.encode(), content_type=DIRECT, headers=headers)


def is_problem(answer: TestResponse, status: int) -> bool:
    return (answer.status_code, answer.mimetype, answer.json["status"]) == (status, "application/problem+json", status)


# The protocol: the tests of the W3C that are about queries, by their names

STATED, DERIVED = "ASK { city:north-haven a mg:City }", "ASK { city:north-haven a mg:Place }"
BOTH = "ASK { city:north-haven a mg:City . GRAPH ?g { city:north-haven a mg:Place } }"
IN_GRAPHS = "ASK { GRAPH ?g { city:north-haven a mg:City } GRAPH ?h { city:north-haven a mg:Place } }"
DEFAULTS, NAMED = {"default-graph-uri": [SMALL, SUBCLASS]}, {"named-graph-uri": [SMALL, SUBCLASS]}
MERGED = "ASK { city:north-haven a mg:City , mg:Place }"

ANSWERED: dict[str, tuple[str, dict[str, object], str | None, tuple[str, ...]]] = {
    # name: how it is sent, what, Accept, and the media types of which the answer has one
    "query_get": ("get", {"query": ASK}, None, (JSON, XML)),
    "query_post_form": ("form", {"query": ASK}, None, (JSON, XML)),
    "query_post_direct": ("direct", {"query": ASK}, None, (JSON, XML)),
    "query_dataset_default_graph": ("get", {"query": STATED, "default-graph-uri": SMALL}, None, (JSON, XML)),
    "query_dataset_default_graphs_get": ("get", {"query": MERGED, **DEFAULTS}, None, (JSON, XML)),
    "query_dataset_default_graphs_post": ("direct", {"query": MERGED, **DEFAULTS}, None, (JSON, XML)),
    "query_dataset_named_graphs_get": ("get", {"query": IN_GRAPHS, **NAMED}, None, (JSON, XML)),
    "query_dataset_named_graphs_post": ("direct", {"query": IN_GRAPHS, **NAMED}, None, (JSON, XML)),
    "query_dataset_full": (
        "form",
        {"query": BOTH, "default-graph-uri": SMALL, "named-graph-uri": SUBCLASS},
        None,
        (JSON, XML),
    ),
    "query_multiple_dataset": (
        "form",
        {"query": STATED.replace("ASK", f"ASK FROM <{SUBCLASS}>"), "default-graph-uri": SMALL},
        None,
        (JSON, XML),
    ),
    "query_content_type_select": ("get", {"query": SELECT}, None, (XML, JSON, CSV, TSV)),
    "query_content_type_ask": ("get", {"query": ASK}, f"{XML}, {JSON};q=0.5", (XML, JSON)),
    "query_content_type_describe": ("get", {"query": "DESCRIBE city:north-haven"}, None, ("text/turtle",)),
    "query_content_type_construct": ("get", {"query": CONSTRUCT}, "application/rdf+xml", ("application/rdf+xml",)),
}
REFUSED: dict[str, dict[str, object]] = {
    # name: the request
    "bad_query_method": {"method": "PUT", "query_string": {"query": ASK}},
    "bad_multiple_queries": {"query_string": f"query={quote(ASK)}&query={quote(SELECT)}"},
    "bad_query_wrong_media_type": {"method": "POST", "data": ASK, "content_type": "text/plain"},
    "bad_query_missing_form_type": {"method": "POST", "data": urlencode({"query": ASK}).encode()},
    "bad_query_missing_direct_type": {"method": "POST", "data": ASK.encode()},
    "bad_query_non_utf8": {
        "method": "POST",
        "data": ASK.encode("utf-16"),
        "content_type": f"{DIRECT}; charset=UTF-16",
    },
    "bad_query_syntax": {"query_string": {"query": "ASK {"}},
    "bad_update_get": {"query_string": {"update": "CLEAR ALL"}},
}


def send(client: FlaskClient, how: str, values: dict[str, object], accept: str | None) -> TestResponse:
    if how == "get":
        return get(client, accept=accept, **values)
    if how == "direct":
        return post(client, accept=accept, **values)
    return client.post("/sparql", data=values, headers={"Accept": accept} if accept else {})


@pytest.mark.parametrize("name", ANSWERED)
def test_w3c_protocol_of_queries_that_are_answered(client: FlaskClient, name: str) -> None:
    how, values, accept, media = ANSWERED[name]
    answer = send(client, how, values, accept)
    assert answer.status_code == 200
    assert answer.mimetype in media
    if answer.mimetype == JSON and "boolean" in answer.json:
        assert answer.json["boolean"] is True


@pytest.mark.parametrize("name", REFUSED)
def test_w3c_protocol_of_queries_that_are_refused(client: FlaskClient, name: str) -> None:
    answer = client.open("/sparql", **{"method": "GET", **REFUSED[name]})
    assert 400 <= answer.status_code < 500
    assert is_problem(answer, answer.status_code)


@pytest.mark.parametrize("name", [name for name in ANSWERED if "dataset" in name])
def test_the_answer_is_another_without_the_dataset_of_the_protocol(client: FlaskClient, name: str) -> None:
    how, values, accept, _ = ANSWERED[name]
    other = {key: "https://example.org/none" if key.endswith("-uri") else value for key, value in values.items()}
    assert send(client, how, other, accept).json["boolean"] is False


def test_no_w3c_test_of_the_protocol_of_queries_is_left_out() -> None:
    assert MISSING is None
    entries = Manifest(SUITES / "sparql11/protocol/manifest.ttl").entries()
    names = {tail(entry.value) for _, entry in entries}
    assert {name for name in names if "query" in name or "queries" in name} <= ANSWERED.keys() | REFUSED.keys()


def test_a_direct_query_may_name_its_character_set(client: FlaskClient) -> None:
    assert client.post("/sparql", data=ASK, content_type=f"{DIRECT}; charset=UTF-8").json["boolean"] is True


@pytest.mark.parametrize("ask", [get, post])
def test_the_default_graph_of_the_protocol(client: FlaskClient, ask: object) -> None:
    stated = "ASK { city:north-haven a mg:City }"
    derived = "ASK { city:north-haven a mg:Place }"
    found = {
        graphs: tuple(
            ask(client, query, **{"default-graph-uri": list(graphs)}).json["boolean"] for query in (stated, derived)
        )
        for graphs in [(SMALL,), (SUBCLASS,), (SMALL, SUBCLASS), ("https://example.org/none",)]
    }
    assert list(found.values()) == [(True, False), (False, True), (True, True), (False, False)]


@pytest.mark.parametrize("ask", [get, post])
def test_the_named_graphs_of_the_protocol(client: FlaskClient, ask: object) -> None:
    query = "SELECT DISTINCT ?g { GRAPH ?g { ?s ?p ?o } } ORDER BY ?g"
    rows = ask(client, query, **{"named-graph-uri": [SMALL, SUBCLASS]}).json["results"]["bindings"]
    assert [row["g"]["value"] for row in rows] == [SUBCLASS, SMALL]
    assert ask(client, "ASK { ?s ?p ?o }", **{"named-graph-uri": [SMALL]}).json["boolean"] is False


def test_the_whole_dataset_in_a_form(client: FlaskClient) -> None:
    query = "ASK { ?city a mg:City . GRAPH ?g { ?city a mg:Place } }"
    form = {"query": query, "default-graph-uri": [SMALL], "named-graph-uri": [SUBCLASS]}
    assert client.post("/sparql", data=form).json["boolean"] is True
    form["named-graph-uri"] = [SMALL]
    assert client.post("/sparql", data=form).json["boolean"] is False


def test_the_dataset_of_the_protocol_beats_that_of_the_query(client: FlaskClient) -> None:
    query = f"ASK FROM <{SUBCLASS}> {{ ?s a mg:City }}"
    assert get(client, query).json["boolean"] is False
    assert get(client, query, **{"default-graph-uri": SMALL}).json["boolean"] is True


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH"])
def test_other_methods_are_not_allowed(client: FlaskClient, method: str) -> None:
    answer = client.open("/sparql", method=method, query_string={"query": ASK})
    assert answer.status_code == 405
    assert {"GET", "POST"} <= set(answer.headers["Allow"].split(", "))


def test_several_queries_are_refused(client: FlaskClient) -> None:
    assert is_problem(client.get(f"/sparql?query={quote(ASK)}&query={quote(ASK)}"), 400)
    assert is_problem(client.post("/sparql", data={"query": [ASK, ASK]}), 400)
    assert is_problem(client.post(f"/sparql?query={quote(ASK)}", data=ASK, content_type=DIRECT), 400)


def test_a_body_of_another_or_no_kind_is_refused(client: FlaskClient) -> None:
    assert is_problem(client.post("/sparql", data=ASK, content_type="text/plain"), 415)
    assert is_problem(client.post("/sparql", data=ASK.encode()), 415)
    assert is_problem(client.post("/sparql", data=urlencode({"query": ASK}).encode()), 415)
    assert is_problem(client.post("/sparql", data={"other": "1"}), 400)


def test_a_query_that_is_not_utf8_is_refused(client: FlaskClient) -> None:
    assert is_problem(client.post("/sparql", data=ASK.encode("utf-16"), content_type=DIRECT), 400)
    assert is_problem(client.post("/sparql", data=ASK, content_type=f"{DIRECT}; charset=UTF-16"), 415)
    assert is_problem(client.get("/sparql?query=ASK%20%7B%20%22%FF%22%20%7D"), 400)


def test_a_form_is_decoded_once(client: FlaskClient) -> None:
    for written, meant in {"a+b%20c": "a b c", "a%2Bb": "a+b", "%2525": "%25", "%C3%A9%F0%9F%98%80": "é😀"}.items():
        body = f"query=SELECT+(%22{written}%22+AS+%3Fx)+%7B%7D"
        for answer in (client.post("/sparql", data=body, content_type=FORM), client.get(f"/sparql?{body}")):
            assert answer.json["results"]["bindings"][0]["x"]["value"] == meant


def test_a_fault_in_a_query_is_placed(client: FlaskClient) -> None:
    answer = get(client, "SELECT * {\n  ?s % }")
    assert is_problem(answer, 400)
    assert answer.json["line"] == 2
    assert answer.json["column"] >= 6  # the engine points at or behind the fault


def test_text_comes_through_as_it_was_sent(client: FlaskClient) -> None:
    text = "a+b c%20d é 😀 &=#"
    query = f'SELECT ("{text}" AS ?x) {{}}'
    answers = [get(client, query), post(client, query), client.post("/sparql", data={"query": query})]
    assert [answer.json["results"]["bindings"][0]["x"]["value"] for answer in answers] == [text] * 3
    assert (
        client.get("/sparql?query=SELECT+(%22a+b%20c%2Bd%22+AS+%3Fx)+%7B%7D").json["results"]["bindings"][0]["x"][
            "value"
        ]
        == "a b c+d"
    )


# Formats


@pytest.mark.parametrize("query", [ASK, SELECT])
@pytest.mark.parametrize(
    ("accept", "media"),
    [
        (None, JSON),
        ("*/*", JSON),
        (JSON, JSON),
        ("application/json", "application/json"),
        (XML, XML),
        ("application/xml", "application/xml"),
        (CSV, CSV),
        (TSV, TSV),
        (f"{XML};q=0.5, {CSV};q=0.9", CSV),
        (f"{JSON};q=0, */*;q=0.1", "application/json"),
        ("text/turtle, */*;q=0.1", JSON),
    ],
)
def test_rows_come_in_the_best_format_accepted(client: FlaskClient, query: str, accept: str | None, media: str) -> None:
    answer = get(client, query, accept)
    assert (answer.status_code, answer.mimetype) == (200, media)
    assert "Accept" in answer.headers["Vary"]


@pytest.mark.parametrize("query", [CONSTRUCT, "DESCRIBE city:north-haven"])
@pytest.mark.parametrize(
    ("accept", "media"),
    [
        (None, "text/turtle"),
        ("*/*", "text/turtle"),
        ("text/turtle", "text/turtle"),
        ("application/n-triples", "application/n-triples"),
        ("application/rdf+xml", "application/rdf+xml"),
        ("application/ld+json", "application/ld+json"),
        ("application/trig", "application/trig"),
        ("application/n-quads", "application/n-quads"),
        ("text/turtle;q=0.2, application/ld+json", "application/ld+json"),
    ],
)
def test_triples_come_in_the_best_syntax_accepted(
    client: FlaskClient, query: str, accept: str | None, media: str
) -> None:
    answer = get(client, query, accept)
    assert (answer.status_code, answer.mimetype) == (200, media)


@pytest.mark.parametrize(
    ("query", "accept"), [(SELECT, "text/turtle"), (CONSTRUCT, CSV), (SELECT, "image/png"), (CONSTRUCT, "image/png")]
)
def test_when_nothing_fits_the_formats_are_listed(client: FlaskClient, query: str, accept: str) -> None:
    answer = get(client, query, accept)
    assert is_problem(answer, 406)
    assert ("text/turtle" in answer.json["available"]) == (query == CONSTRUCT or accept == "image/png")


def test_a_format_in_the_address_beats_accept(client: FlaskClient) -> None:
    assert get(client, SELECT, XML, format="csv").mimetype == CSV
    assert get(client, CONSTRUCT, XML, format="nt").mimetype == "application/n-triples"
    assert get(client, SELECT, format="docx").status_code == 406


@pytest.mark.parametrize(
    ("query", "format", "media"),
    [
        (SELECT, "JSON", JSON),
        (SELECT, "xml", XML),
        (SELECT, "sparql-results+json", None),
        (SELECT, "turtle", None),
        (CONSTRUCT, "turtle", "text/turtle"),
        (CONSTRUCT, "n3", "text/turtle"),
        (CONSTRUCT, "TTL", "text/turtle"),
        (CONSTRUCT, "rdf", "application/rdf+xml"),
        (CONSTRUCT, "rdf+xml", "application/rdf+xml"),
        (CONSTRUCT, "rdf xml", "application/rdf+xml"),
        (CONSTRUCT, "xml", "application/rdf+xml"),
        (CONSTRUCT, "json-ld", "application/ld+json"),
        (CONSTRUCT, "json", "application/ld+json"),
        (CONSTRUCT, "ntriples", "application/n-triples"),
        (CONSTRUCT, "csv", None),
    ],
)
def test_formats_have_the_names_that_clients_use(
    client: FlaskClient, query: str, format: str, media: str | None
) -> None:
    answer = get(client, query, "*/*", format=format)
    assert (answer.status_code, answer.mimetype) == ((200, media) if media else (406, "application/problem+json"))


def test_columns_keep_the_order_of_the_query(client: FlaskClient) -> None:
    query = "SELECT ?z ?a ?m { BIND (1 AS ?a) BIND ('x,\"y' AS ?m) }"
    rows = list(csv.reader(io.StringIO(get(client, query, CSV).text)))
    assert rows == [["z", "a", "m"], ["", "1", 'x,"y']]
    assert get(client, query, TSV).text.splitlines() == ["?z\t?a\t?m", '\t1\t"x,\\"y"']
    assert get(client, query).json["head"]["vars"] == ["z", "a", "m"]
    assert get(client, "SELECT * { BIND (1 AS ?z) BIND (2 AS ?a) }").json["head"]["vars"] == ["z", "a"]


def test_a_browser_is_shown_the_page_for_queries(client: FlaskClient) -> None:
    browser = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
    assert client.get("/sparql", headers={"Accept": browser}).headers["Location"] == "/query/"
    answer = get(client, ASK, browser)
    assert (answer.status_code, answer.headers["Location"]) == (303, "/query/?query=ASK+%7B%7D")


# The service about itself, caching, other sites


def test_without_a_query_the_service_describes_itself_with_true_counts(client: FlaskClient, small: kg.Snapshot) -> None:
    answer = client.get("/sparql", headers={"Accept": "application/n-triples"})
    assert answer.mimetype == "application/n-triples"
    sd, void = "http://www.w3.org/ns/sparql-service-description#", "http://rdfs.org/ns/void#"
    counts = {
        small.query(f"SELECT (COUNT(*) AS ?n) {{ GRAPH <{graph}> {{ ?s ?p ?o }} }}").rows[0]["n"].value
        for graph in small.graphs()
    }
    lines = answer.text.splitlines()
    stated = {line.split('"')[1] for line in lines if f"<{void}triples>" in line}
    union = str(sum(1 for _ in small.merged()))
    assert stated == counts | {union}
    assert sum(f"<{sd}name>" in line for line in lines) == len(small.graphs())
    assert any(line.startswith(f"<http://localhost/sparql> <{sd}endpoint> <http://localhost/sparql>") for line in lines)
    assert client.get("/sparql").mimetype == "text/turtle"


@pytest.mark.parametrize("query", [ASK, SELECT, CONSTRUCT])
def test_head_answers_like_get_without_the_body(client: FlaskClient, query: str) -> None:
    whole, answer = get(client, query), client.head("/sparql", query_string={"query": query})
    assert (answer.status_code, answer.data) == (200, b"")
    named = ("Content-Type", "Content-Length", "ETag", "Vary", "Cache-Control", "Access-Control-Allow-Origin")
    assert [answer.headers[name] for name in named] == [whole.headers[name] for name in named]
    assert int(answer.headers["Content-Length"]) == len(whole.data)
    tag = {"If-None-Match": whole.headers["ETag"]}
    assert client.head("/sparql", query_string={"query": query}, headers=tag).status_code == 304
    assert is_problem(get(client, "ASK {"), 400)
    assert client.head("/sparql", query_string={"query": "ASK {"}).status_code == 400


def test_other_sites_may_ask(client: FlaskClient) -> None:
    preflight = client.options(
        "/sparql", headers={"Origin": "https://example.org", "Access-Control-Request-Method": "POST"}
    )
    assert preflight.status_code == 204
    assert "POST" in preflight.headers["Access-Control-Allow-Methods"]
    assert {"Accept", "Content-Type"} <= set(preflight.headers["Access-Control-Allow-Headers"].split(", "))
    for answer in (preflight, get(client, ASK), get(client, "nonsense"), client.get("/sparql"), client.put("/sparql")):
        assert answer.headers["Access-Control-Allow-Origin"] == "*"


def test_an_answer_is_sent_again_only_if_it_changed(client: FlaskClient) -> None:
    first = get(client, SELECT)
    tag = first.headers["ETag"]
    assert not tag.startswith("W/")
    for headers in ({"If-None-Match": tag}, {"If-None-Match": f'"x", {tag}'}, {"If-None-Match": "*"}):
        again = client.get("/sparql", query_string={"query": SELECT}, headers=headers)
        assert (again.status_code, again.data) == (304, b"")
    others = [get(client, SELECT, XML), get(client, ASK), get(client, SELECT, **{"default-graph-uri": SMALL})]
    assert len({tag, *(other.headers["ETag"] for other in others)}) == 4
    assert get(client, SELECT, timeout="0.9").headers["ETag"] == tag
    nonsense = client.get("/sparql", query_string={"query": "ASK {"}, headers={"If-None-Match": "*"})
    assert nonsense.status_code == 400


@pytest.mark.parametrize("function", ["RAND()", "NOW()", "UUID()", "STRUUID()", "BNODE()", "\\u0052AND()"])
def test_what_differs_each_time_has_no_tag(client: FlaskClient, function: str) -> None:
    answer = get(client, f"SELECT ({function} AS ?x) {{}}")
    assert "ETag" not in answer.headers


# What is refused


@pytest.mark.parametrize(
    "update",
    ["INSERT DATA { <a:a> <a:b> <a:c> }", "LOAD <http://127.0.0.1/>", "CLEAR ALL", "DELETE WHERE { ?s ?p ?o }"],
)
def test_updates_are_refused(client: FlaskClient, update: str, small: kg.Snapshot) -> None:
    before = len(small)
    answers = [
        client.post("/sparql", data=update, content_type=UPDATE),
        client.post("/sparql", data={"update": update}),
        client.get("/sparql", query_string={"update": update}),
        get(client, update),
        post(client, update),
    ]
    assert [answer.status_code for answer in answers] == [403] * 5
    assert len(small) == before


@pytest.mark.parametrize(
    "pattern",
    [
        "SERVICE <http://127.0.0.1:9/> { ?s ?p ?o }",
        "service silent <http://127.0.0.1:9/> { ?s ?p ?o }",
        "\\u0053ERVICE <http://127.0.0.1:9/> { ?s ?p ?o }",
        '# \\u000A"""\n SERVICE <http://127.0.0.1:9/> { ?s ?p ?o } # """\n',
        "BIND (<http://127.0.0.1:9/> AS ?x) SERVICE ?x { ?s ?p ?o }",
        "{ SELECT * { SERVICE <http://169.254.169.254/> { ?s ?p ?o } } }",
    ],
)
def test_other_hosts_are_not_asked(client: FlaskClient, pattern: str) -> None:
    for answer in (
        get(client, f"SELECT * {{ {pattern} }}"),
        client.get("/query/", query_string={"query": f"SELECT * {{ {pattern} }}"}),
    ):
        assert is_problem(answer, 403)
        assert "SERVICE is refused" in answer.json["detail"]


def test_from_reads_no_file_and_no_host(client: FlaskClient) -> None:
    for graph in ("http://127.0.0.1:9/", "file:///etc/passwd"):
        assert get(client, f"ASK FROM <{graph}> {{ ?s ?p ?o }}").json["boolean"] is False


def test_a_request_that_is_too_long_is_refused(client: FlaskClient) -> None:
    assert is_problem(post(client, "ASK {}" + " " * 1_000_000), 413)


@pytest.mark.parametrize(
    "query",
    [
        "SELECT * " + "{" * 100_000 + "}" * 100_000,
        "ASK { FILTER (" + "(" * 100_000 + "1" + ")" * 100_000 + ") }",
        "ASK { FILTER (" + "!" * 100_000 + "true) }",
        "ASK { FILTER (" + "1+" * 100_000 + "1) }",
        "ASK { ?s " + "a/" * 100_000 + "a ?o }",
    ],
    ids=["braces", "brackets", "nots", "sum", "path"],
)
def test_a_query_that_is_nested_too_deeply_is_refused(client: FlaskClient, query: str) -> None:
    answer = post(client, query)
    assert answer.status_code in (400, 504)
    assert get(client, ASK).status_code == 200


# What editors of queries ask of an endpoint when they open it

EDITORS = {
    "prefixes": """PREFIX sh: <http://www.w3.org/ns/shacl#>
      SELECT DISTINCT ?prefix ?namespace
      WHERE { [] sh:namespace ?namespace ; sh:prefix ?prefix}
      ORDER BY ?prefix""",
    "parts": """PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
      PREFIX sd:<http://www.w3.org/ns/sparql-service-description#>
      PREFIX void:<http://rdfs.org/ns/void#>
      PREFIX void-ext:<http://ldf.fi/void-ext#>
      SELECT DISTINCT ?graph ?graphLabel ?subjectClass ?prop ?objectClass ?objectDatatype
        ?triples ?subjectClassLabel ?objectClassLabel ?propLabel ?propComment
      WHERE {
        {
          OPTIONAL { ?graph sd:graph ?desc . OPTIONAL { ?graph rdfs:label ?graphLabel } ?desc void:classPartition ?cp }
          ?cp void:class ?subjectClass ; void:propertyPartition ?pp .
          OPTIONAL { ?subjectClass rdfs:label ?subjectClassLabel }
          ?pp void:property ?prop .
          OPTIONAL { ?pp void:triples ?triples }
          OPTIONAL { ?prop rdfs:label ?propLabel }
          OPTIONAL { ?prop rdfs:comment ?propComment }
          OPTIONAL {
            { ?pp void:classPartition [ void:class ?objectClass ] .
              OPTIONAL { ?objectClass rdfs:label ?objectClassLabel } }
            UNION { ?pp void-ext:datatypePartition [ void-ext:datatype ?objectDatatype ] }
          }
        } UNION {
          ?linkset void:subjectsTarget [ void:class ?subjectClass ] ; void:linkPredicate ?prop ;
            void:objectsTarget [ void:class ?objectClass ] .
        }
      } ORDER BY ?subjectClass ?objectClass ?objectDatatype ?graph ?triples""",
    "examples": """PREFIX sh: <http://www.w3.org/ns/shacl#>
      PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
      SELECT DISTINCT ?sq ?comment ?query
      WHERE {
        ?sq a sh:SPARQLExecutable ; rdfs:comment ?comment ; sh:select|sh:ask|sh:construct|sh:describe ?query .
      } ORDER BY ?sq""",
}


@pytest.fixture(scope="module")
def told(small: kg.Snapshot) -> Callable[[str], list[dict[str, str]]]:
    """The rows that an editor gets: variable -> value."""
    kg.description(small)

    def ask(name: str) -> list[dict[str, str]]:
        app = webapp.create_app(lambda: small, Limits(seconds=30))
        answer = get(app.test_client(), EDITORS[name], JSON, ac=1)
        app.extensions["workers"].close()
        assert (answer.status_code, answer.headers["Access-Control-Allow-Origin"]) == (200, "*")
        return [{key: cell["value"] for key, cell in row.items()} for row in answer.json["results"]["bindings"]]

    return ask


def test_an_editor_learns_the_prefixes(told: Callable[[str], list[dict[str, str]]]) -> None:
    assert {row["prefix"]: row["namespace"] for row in told("prefixes")} == kg.prefixes()


def test_an_editor_learns_the_classes_their_properties_and_what_these_lead_to(
    told: Callable[[str], list[dict[str, str]]],
) -> None:
    rows = [row for row in told("parts") if row["subjectClass"] == f"{kg.ONTOLOGY}#City"]
    label = next(row for row in rows if row["prop"].endswith("rdf-schema#label"))
    assert label["objectDatatype"].endswith("langString")
    assert label["subjectClassLabel"] == "City"
    kinds = {row.get("objectClass") for row in rows if row["prop"].endswith("#type")}
    assert "http://www.w3.org/2002/07/owl#Class" in kinds


def test_an_editor_learns_the_examples(told: Callable[[str], list[dict[str, str]]]) -> None:
    rows = told("examples")
    names = {question.name for pack in kg.packs() for question in pack.questions}
    assert {row["sq"].partition("/sparql-examples/")[2] for row in rows} == names
    assert all("SELECT" in row["query"] or "CONSTRUCT" in row["query"] for row in rows)


def test_the_description_does_not_count_as_data(client: FlaskClient, small: kg.Snapshot) -> None:
    kg.description(small)
    rows = get(client, "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }").json["results"]["bindings"]
    assert int(rows[0]["n"]["value"]) == sum(1 for _ in small.merged())
    assert not [graph for graph in small.graphs() if graph.endswith("/dataset")]


# Limits


def test_a_query_is_stopped_at_its_deadline_and_the_next_is_answered(client: FlaskClient) -> None:
    get(client, ASK)
    answer = get(client, ENDLESS)
    assert is_problem(answer, 504)
    assert answer.json["limit_seconds"] == 1
    assert 0.9 <= answer.json["elapsed_seconds"] < 20
    assert "LIMIT" in answer.json["hint"]
    assert get(client, ASK).status_code == 200
    assert soon(lambda: "Z" not in family().values())


@pytest.mark.parametrize("way", ["get", "form", "direct"])
def test_a_request_may_ask_for_less_time(client: FlaskClient, way: str) -> None:
    answer = send(client, way, {"query": f"{ENDLESS} #{way}", "timeout": "0.1"}, None)
    assert is_problem(answer, 504)
    assert answer.json["limit_seconds"] == 0.1


def test_a_request_may_not_ask_for_more_time(client: FlaskClient) -> None:
    answer = get(client, ENDLESS, timeout="3000")
    assert is_problem(answer, 504)
    assert answer.json["limit_seconds"] == 1


@pytest.mark.parametrize("timeout", ["0", "-1", "soon", "nan", "inf", "1e999"])
def test_a_time_that_makes_no_sense_is_refused(client: FlaskClient, timeout: str) -> None:
    assert is_problem(get(client, ASK, timeout=timeout), 400)


def test_pages_are_served_while_queries_run(app: Flask) -> None:
    begun, ended = threading.Event(), list[TestResponse]()

    def ask() -> None:
        begun.set()
        ended.append(get(app.test_client(), ENDLESS))

    assert app.test_client().get("/page/city/north-haven").status_code == 200
    thread = threading.Thread(target=ask)
    thread.start()
    begun.wait()
    assert app.test_client().get("/page/city/north-haven").status_code == 200
    assert not ended
    thread.join()


@pytest.fixture
def workers(small: kg.Snapshot) -> Iterator[Callable[..., Workers]]:
    """Makes workers with the limits given, closed at the end."""
    made: list[Workers] = []

    def make(**limits: object) -> Workers:
        made.append(Workers(Limits(**{"quick_seconds": 0.1, **limits})))
        made[-1].warm(small.path)
        return made[-1]

    yield make
    for one in made:
        one.close()


def endless(small: kg.Snapshot, number: int = 0) -> Job:
    return Job(small.path, f"{ENDLESS} #{number}")


def outcomes(runs: list[Callable[[], object]]) -> list[object]:
    """What each gave or raised, run at once."""
    found: list[object] = [None] * len(runs)

    def keep(place: int) -> None:
        try:
            found[place] = runs[place]()
        except kg.KGError as error:
            found[place] = error

    threads = [threading.Thread(target=keep, args=(place,)) for place in range(len(runs))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return found


def test_small_queries_are_answered_while_more_endless_ones_come_than_can_run(
    small: kg.Snapshot, workers: Callable[..., Workers]
) -> None:
    pool = workers(seconds=6, at_once=1, quick_at_once=2, waiting=2, wait_seconds=1)
    found: list[object] = []
    flood = [lambda n=n: pool.write(endless(small, n), "json", None) for n in range(10)]
    thread = threading.Thread(target=lambda: found.extend(outcomes(flood)))
    thread.start()
    for number in range(30):
        assert pool.rows(Job(small.path, f"{ASK} #{number}"), 0, 1).boolean
    assert not found, "the endless ones have not ended"
    thread.join()
    assert {type(one) for one in found} == {QueryTimeoutError, BusyError}


def test_a_small_query_is_small_however_busy_the_machine(small: kg.Snapshot, workers: Callable[..., Workers]) -> None:
    pool = workers(seconds=30, quick_seconds=0.2, at_once=1, quick_at_once=1, waiting=0)
    busy = [subprocess.Popen([sys.executable, "-c", "while True: pass"]) for _ in range(3 * (os.cpu_count() or 1))]
    thread = threading.Thread(target=outcomes, args=([lambda: pool.write(endless(small), "csv", None, seconds=3)],))
    thread.start()
    found = outcomes([lambda n=n: pool.rows(Job(small.path, f"{SELECT} #{n}"), 0, 1) for n in range(20)])
    thread.join()
    for one in busy:
        one.kill()
        one.wait()
    assert {type(one) for one in found} == {Rows}


def test_a_query_whose_client_has_hung_up_is_stopped(small: kg.Snapshot, workers: Callable[..., Workers]) -> None:
    pool, hung_up = workers(seconds=60), threading.Event()

    def ask() -> object:
        gone.set(hung_up.is_set)
        return pool.write(endless(small), "json", None)

    found = outcomes([ask, lambda: time.sleep(0.5) or hung_up.set()])
    assert isinstance(found[0], GoneError)


def test_others_who_wait_for_the_answer_get_it_when_the_first_hangs_up() -> None:
    answers, begun = Answers(Limits()), threading.Event()

    def hangs_up() -> tuple[str, int]:
        begun.set()
        time.sleep(0.2)
        raise GoneError

    follow = lambda: (begun.wait(), answers.once("key", 1, lambda: ("mine", 4), 5))[1]  # noqa: E731
    first, second = outcomes([lambda: answers.once("key", 1, hangs_up, 5), follow])
    assert (type(first), second) == (GoneError, "mine")


def test_a_query_that_waited_for_a_place_is_run_from_its_start(
    small: kg.Snapshot, workers: Callable[..., Workers]
) -> None:
    pool = workers(seconds=120, quick_seconds=0.05, at_once=1, waiting=1, wait_seconds=60)
    many = "{ SELECT * { ?a ?b ?c } LIMIT 1000 } { SELECT * { ?d ?e ?f } LIMIT 1000 }"
    slow = f"SELECT (COUNT(*) AS ?n) {{ {many} FILTER (STRLEN(STR(?c)) + STRLEN(STR(?f)) >= 0) }}"
    first, second = outcomes(
        [
            lambda: pool.write(endless(small), "csv", None, seconds=1),
            lambda: time.sleep(0.3) or pool.write(Job(small.path, slow), "csv", None),
        ]
    )
    assert isinstance(first, QueryTimeoutError)
    assert second.data == b"n\r\n1000000\r\n"


def test_more_slow_queries_than_can_wait_are_asked_to_come_back(small: kg.Snapshot) -> None:
    limits = Limits(seconds=4, quick_seconds=0.05, at_once=1, waiting=0, wait_seconds=1.5)
    app = webapp.create_app(lambda: small, limits)
    get(app.test_client(), ASK)
    answers = outcomes([lambda n=n: get(app.test_client(), f"{ENDLESS} #{n}") for n in range(3)])
    app.extensions["workers"].close()
    assert sorted(answer.status_code for answer in answers) == [503, 503, 504]
    busy = next(answer for answer in answers if answer.status_code == 503)
    assert is_problem(busy, 503)
    assert int(busy.headers["Retry-After"]) == 2


def test_places_are_given_in_the_order_of_the_line() -> None:
    lane, came = Lane(1, longest=2), list[int]()
    assert lane.enter(0)
    threads = []
    for number in range(2):
        threads.append(threading.Thread(target=lambda n=number: came.append(n) if lane.enter(5) else None))
        threads[-1].start()
        assert soon(lambda n=number: lane.waiting == n + 1)
    assert not lane.enter(5), "the line is full"
    lane.leave()
    assert soon(lambda: came == [0])
    assert not lane.enter(0), "those who wait come first"
    lane.leave()
    for thread in threads:
        thread.join()
    assert came == [0, 1]
    lane.leave()
    assert lane.enter(0)


def test_processes_do_not_become_more_and_none_is_left(small: kg.Snapshot, workers: Callable[..., Workers]) -> None:
    before = family().keys()
    pool = workers(seconds=0.3, at_once=1, quick_at_once=1, waiting=2, wait_seconds=0.2)
    for turn in range(3):
        outcomes([lambda n=n: pool.write(endless(small, n), "json", None) for n in range(turn * 4, turn * 4 + 4)])
    assert soon(lambda: len(family().keys() - before) <= 3 + 2), "three workers, and what starts them"
    pool.close()
    assert soon(lambda: len(family().keys() - before) <= 2)
    with pytest.raises(BusyError):
        pool.rows(Job(small.path, "ASK { }"), 0, 1)


# Answers that are kept


def test_an_answer_is_given_again_without_a_worker(small: kg.Snapshot, workers: Callable[..., Workers]) -> None:
    pool = workers()
    first = pool.write(Job(small.path, SELECT), "csv", None)
    changing = pool.write(Job(small.path, "SELECT (RAND() AS ?x) {}"), "csv", None)
    assert pool.write(Job(small.path, "SELECT (RAND() AS ?x) {}"), "csv", None) != changing
    pool.close()
    assert pool.write(Job(small.path, SELECT), "csv", None) is first
    with pytest.raises(BusyError):
        pool.write(Job(small.path, SELECT), "tsv", None)
    with pytest.raises(BusyError):
        pool.write(Job(small.path, SELECT, (SMALL,)), "csv", None)


@pytest.mark.parametrize(
    ("query", "steady"),
    [
        ("ASK { ?s ?p 'known brand' }", True),
        ("ASK { ?now ?uuid sd:Service } # rand()", True),
        ("SELECT (NOW() AS ?x) {}", False),
        ("SELECT (struuid() AS ?x) {}", False),
        ("ASK { SERVICE <a:b> { } }", False),
        ("ASK { FILTER (\\u0052AND() > 0) }", False),
        ("ASK { FILTER (ex:b\\# < RAND()) }", False),
    ],
)
def test_what_may_change_is_not_kept(query: str, steady: bool) -> None:
    assert Job(Path(), query).steady is steady


def test_answers_are_kept_up_to_so_many_bytes_those_used_last() -> None:
    answers, runs = Answers(Limits(kept_megabytes=1)), list[str]()

    def run(key: str, length: int = 250_000) -> object:
        def work() -> tuple[str, int]:
            runs.append(key)
            return key, length

        return answers.once(key, 100, work, 1)

    for key in "abcdabcd":
        assert run(key) == key
    assert runs == list("abcd")
    run("a"), run("e"), run("a"), run("b")
    assert runs == list("abcdeb"), "b had not been used for the longest time"
    run("long", 500_000), run("long", 500_000)
    assert runs[-2:] == ["long", "long"]
    run("a")
    assert runs[-1] == "long", "what is too long to keep drives nothing out"
    for _ in range(2):
        answers.once("key", 300_000, lambda: (runs.append("key"), 1), 1)
    assert runs[-2:] == ["key", "key"], "a long query with a short answer is long too"


def test_readers_who_ask_the_same_at_once_wait_for_one_run() -> None:
    answers, runs = Answers(Limits(waiting=8)), []

    def work() -> tuple[str, int]:
        runs.append(1)
        time.sleep(0.3)
        return "found", 5

    assert outcomes([lambda: answers.once("key", 1, work, 5)] * 6) == ["found"] * 6
    assert len(runs) == 1


def test_readers_who_wait_for_a_slow_run_keep_their_own_deadlines() -> None:
    answers, begun = Answers(Limits(waiting=1, quick_seconds=0.1)), threading.Event()

    def slow() -> tuple[str, int]:
        begun.set()
        time.sleep(0.8)
        raise QueryTimeoutError(0.8, 0.8)

    def follow(seconds: float) -> Callable[[], object]:
        return lambda: (begun.wait(), answers.once("key", 1, lambda: ("mine", 4), seconds))[1]

    found = outcomes([lambda: answers.once("key", 1, slow, 0.8), follow(0.3), follow(5)])
    assert isinstance(found[0], QueryTimeoutError)
    assert isinstance(found[1], QueryTimeoutError)
    assert found[1].limit_seconds == 0.3
    assert found[2] == "mine", "who has more time tries again"


# What a query may use


def test_a_query_that_wants_too_much_memory_is_stopped(small: kg.Snapshot, workers: Callable[..., Workers]) -> None:
    pool = workers(seconds=60, megabytes=600)
    greedy = Job(small.path, "SELECT * { ?a ?b ?c . ?d ?e ?f } ORDER BY ?c ?f")
    with pytest.raises(TooMuchError, match="needs more than 600 MB of memory"):
        pool.write(greedy, "json", None)
    assert pool.rows(Job(small.path, ASK), 0, 1).boolean


def test_an_answer_that_is_too_long_is_refused_and_not_cut(client: FlaskClient) -> None:
    answer = get(client, "SELECT * { ?a ?b ?c . ?d ?e ?f } LIMIT 5000")
    assert is_problem(answer, 422)
    assert "longer than 1 MB" in answer.json["detail"]


def test_limits_are_settings_of_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KG_QUERY_SECONDS", "7.5")
    monkeypatch.setenv("KG_SERVICE_ALLOWED", "https://example.org/sparql, https://example.org/other,")
    assert Limits().seconds == 7.5
    assert Limits().services == ("https://example.org/sparql", "https://example.org/other")
    monkeypatch.delenv("KG_QUERY_SECONDS")
    monkeypatch.delenv("KG_SERVICE_ALLOWED")
    assert (Limits().seconds, Limits().megabytes, Limits().services) == (30, 1024, ())


@pytest.mark.parametrize("value", ["soon", "-1", "nan", "inf", "0"])
def test_a_setting_that_makes_no_sense_is_refused(monkeypatch: pytest.MonkeyPatch, value: str) -> None:
    monkeypatch.setenv("KG_QUERY_SECONDS", value)
    with pytest.raises(SettingError, match=r"KG_QUERY_SECONDS is a number from 0\.01, not"):
        Limits()


def test_every_setting_is_documented_with_its_default() -> None:
    rows = re.findall(r"^\| (KG_\w+) \| (2 to 4|none|[\d.]+)", webapp.limits.__doc__, re.MULTILINE)
    source = Path(webapp.limits.__file__).read_text(encoding="utf-8")
    assert [name for name, _ in rows] == re.findall(r'"(KG_\w+)"', source)
    for name, default in rows:
        assert default in ("none", "2 to 4") or f'"{name}", {default}' in source


def test_an_error_keeps_its_words_and_values_between_processes(small: kg.Snapshot, app: Flask) -> None:
    with pytest.raises(kg.QuerySyntaxError, match="at line 1, column") as caught:
        app.extensions["workers"].rows(Job(small.path, "SELECT * {"), 0, 1)
    assert caught.value.line == 1
    assert str(BusyError(2)).endswith("try again in 2 s")


@pytest.mark.parametrize(
    "query", ["CLEAR ALL", "SELECT ?s { ?s ?p }", "SELECT * { SERVICE <http://127.0.0.1:9/> { ?s ?p ?o } }"]
)
def test_an_error_tells_nothing_of_our_code(client: FlaskClient, query: str) -> None:
    answer = get(client, query)
    assert answer.status_code in (400, 403)
    assert not answer.json.keys() & {"traceback", "path", "name"}
    assert "Traceback" not in answer.text
    assert ".py" not in answer.text
