"""The endpoint holds to the SPARQL 1.1 Protocol: the tests of the W3C about queries, by their names, and more."""

from urllib.parse import quote, urlencode

import pytest
from endpoint import (
    ASK,
    CONSTRUCT,
    CSV,
    DIRECT,
    FORM,
    JSON,
    SELECT,
    SMALL,
    SUBCLASS,
    TSV,
    XML,
    get,
    is_problem,
    post,
    send,
)
from flask.testing import FlaskClient
from w3c.manifests import MISSING, SUITES, Manifest, tail

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
