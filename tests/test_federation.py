"""SERVICE asks the endpoints on the list and no other host, however a query is written."""

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import suppress
from itertools import product
from urllib.parse import urlencode

import pyoxigraph as ox
import pytest
from flask.testing import FlaskClient

import kg
import webapp
from kg.sparql import service_targets

FEDERATED = [question for pack in kg.packs() if pack.name == "federated" for question in pack.questions]

# What may stand before SERVICE in a group, how SERVICE may be written, and what may stand before its braces.
BEFORE = [
    "",
    "?s ?p ?o ",
    "?s ?p ?o.",
    "?s ?p true",
    "?s ?p 1.0e5",
    "?s ?p a:.",
    "?s ?p a:b.",
    "?s ?p a:b\\# ",
    "?s ?p a:b\\' ",
    '?s ?p a:b\\" ',
    "?s ?p 'x'@en.",
    '?s ?p """"x""".',
    "FILTER(1<2)",
    "FILTER(1<a:b)",
    "FILTER(?s<?p||1<2)",
    "OPTIONAL{?s ?p 1}",
    "# \\u000A",
    "# '\n",
    "?s ?p '\\\\'. ",
    "?s ?p <a:b#>. ",
    "BIND(1 AS ?x)",
]
WRITTEN = [
    "SERVICE",
    "service",
    "SeRvIcE SILENT",
    "SERVICESILENT",
    "\\u0053ERVICE",
    "SERVICE#>\n",
    "SERVICE SILENT#'\n",
]
TARGETS = ["<{0}>", " <{0}>", ":x", "a:x", " a:x", "?s", "\t:"]


@pytest.fixture
def calls() -> Iterator[tuple[str, Callable[[], int]]]:
    """The address of a host on this machine, and how often it has been called."""
    heard: list[int] = []
    with socket.create_server(("127.0.0.1", 0), backlog=100) as host:
        host.settimeout(0.1)
        over = threading.Event()

        def listen() -> None:
            while not over.is_set():
                try:
                    connection, _ = host.accept()
                except TimeoutError:
                    continue
                with connection:
                    heard.append(1)
                    connection.recv(10_000)
                    connection.sendall(b"HTTP/1.1 500 No\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")

        thread = threading.Thread(target=listen)
        thread.start()
        yield f"http://127.0.0.1:{host.getsockname()[1]}/", lambda: len(heard)
        over.set()
        thread.join()


def test_the_engine_asks_nobody_in_a_query_that_is_let_through(calls: tuple[str, Callable[[], int]]) -> None:
    address, heard = calls
    node = ox.NamedNode(address)
    engine = ox.Store()
    engine.add(ox.Quad(node, node, ox.Literal("1", datatype=ox.NamedNode("http://www.w3.org/2001/XMLSchema#integer"))))
    asked = 0
    for before, written, target in product(BEFORE, WRITTEN, TARGETS):
        query = f"PREFIX : <{address}> PREFIX a: <{address}>\n"
        query += f"SELECT * {{ {before}{written}{target.format(address)}{{ ?a ?b ?c }} # '\"\n }}"
        count = heard()
        with suppress(OSError, RuntimeError, SyntaxError, ValueError):
            list(engine.query(query))
        asks = heard() > count
        asked += asks
        assert not (asks and service_targets(query) == []), query
        plain = [] if "\\u" in query else [iri for iri in service_targets(query) if iri is not None]
        assert set(plain) <= {address}
    assert asked > 100, "the queries of this test do ask somebody"


@pytest.mark.parametrize(
    "query",
    [
        "SELECT ?service { ?service a sd:Service ; sd:endpoint ?SERVICE }",
        'SELECT * { ?s rdfs:label "a SERVICE <a:b> { }" } # SERVICE <a:b> { }',
        "PREFIX sd: <http://www.w3.org/ns/sparql-service-description#> ASK { ?s sd:defaultServiceThing 'x' }",
        "ASK { <https://example.org/service> a ?x . ?x <https://example.org/a#SERVICE> 1 }",
        "ASK { ?s ex:my-service ?o , ex:a.service , ex:SERVICE }",
    ],
)
def test_a_word_that_is_no_keyword_is_let_through(query: str) -> None:
    assert service_targets(query) == []


def test_only_an_iri_that_is_written_out_counts_as_a_target() -> None:
    assert service_targets("ASK { SERVICE <a:b> { } service silent<a:c>{ } }") == ["a:b", "a:c"]
    for target in ("?x", "$x", "a:b", ":b", "<a:b> ?x", "<a:b>"):
        assert service_targets(f"ASK {{ SERVICE {target} }}") == [None]
    assert None in service_targets("ASK { SERVICE <a:b> { ?s ?p '\\u0041' } }")


@pytest.fixture(scope="module")
def federated(shipped: kg.Snapshot, elsewhere: str) -> Iterator[FlaskClient]:
    """A reader of an explorer that may ask the other endpoint."""
    app = webapp.create_app(lambda: shipped, webapp.Limits(services=(elsewhere,), seconds=10))
    yield app.test_client()
    app.extensions["workers"].close()


@pytest.mark.parametrize("question", FEDERATED, ids=lambda question: question.name)
def test_a_question_to_another_endpoint_is_answered_where_that_is_on_the_list(
    federated: FlaskClient, shipped: kg.Snapshot, elsewhere: str, question: kg.Question
) -> None:
    text = kg.text_of(shipped, question.name, wikidata=elsewhere)
    answer = federated.get("/sparql", query_string={"query": text}, headers={"Accept": "text/csv"})
    assert answer.status_code == 200
    assert answer.data == kg.query(shipped, question.name, wikidata=elsewhere).write("csv")
    assert "ETag" not in answer.headers, "the other endpoint may give another answer tomorrow"
    address = f"/query/{question.name}"
    assert federated.get(f"{address}?{urlencode({'wikidata': elsewhere})}").status_code == 200
    assert federated.get(address).status_code == 403, "Wikidata itself is not on the list"


@pytest.mark.parametrize(
    "pattern",
    [
        "SERVICE <https://example.org/sparql> { ?s ?p ?o }",
        "SERVICE <{0}/> { ?s ?p ?o }",
        "SERVICE <{0}?x> { ?s ?p ?o }",
        "BIND (<{0}> AS ?x) SERVICE ?x { ?s ?p ?o }",
        "SERVICE <{0}> { SERVICE <http://169.254.169.254/> { ?s ?p ?o } }",
        "SERVICE <{0}> { ?s ?p ?o } SERVICE:x { ?s ?p ?o }",
        "SERVICE <{0}> { ?s ?p '\\u0041' }",
        "FILTER(1<2)SERVICE#>\n<http://127.0.0.1:9/>{ ?s ?p ?o }",
    ],
)
def test_who_is_not_on_the_list_is_not_asked(federated: FlaskClient, elsewhere: str, pattern: str) -> None:
    query = f"PREFIX : <http://127.0.0.1:9/> SELECT * {{ {pattern.replace('{0}', elsewhere)} }}"
    answer = federated.get("/sparql", query_string={"query": query})
    assert (answer.status_code, answer.mimetype) == (403, "application/problem+json")
    assert f"SERVICE is refused here unless it asks, by an IRI written out in full, one of <{elsewhere}>" in answer.text


def test_an_endpoint_that_does_not_answer_is_said_to_be_at_fault(shipped: kg.Snapshot) -> None:
    nobody = "http://127.0.0.1:9/"
    app = webapp.create_app(lambda: shipped, webapp.Limits(services=(nobody,), seconds=10))
    query = f"SELECT * {{ SERVICE <{nobody}> {{ ?s ?p ?o }} }}"
    answer = app.test_client().get("/sparql", query_string={"query": query})
    silent = app.test_client().get("/sparql", query_string={"query": query.replace("SERVICE", "SERVICE SILENT")})
    app.extensions["workers"].close()
    assert answer.status_code == 502
    assert silent.status_code == 200
