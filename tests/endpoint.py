"""What tests ask the endpoint, how they send it, and what they get."""

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

import kg

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


def send(client: FlaskClient, how: str, values: dict[str, object], accept: str | None) -> TestResponse:
    if how == "get":
        return get(client, accept=accept, **values)
    if how == "direct":
        return post(client, accept=accept, **values)
    return client.post("/sparql", data=values, headers={"Accept": accept} if accept else {})
