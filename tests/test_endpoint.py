"""What the endpoint answers in which format, what it says of itself, and what it refuses."""

import csv
import io
from collections.abc import Callable

import pytest
from endpoint import (
    ASK,
    CONSTRUCT,
    CSV,
    JSON,
    SELECT,
    SMALL,
    TSV,
    UPDATE,
    XML,
    get,
    is_problem,
    post,
)
from flask.testing import FlaskClient

import kg
import webapp
from webapp.workers import Limits

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
        (f"{XML}; charset=utf-8", XML),
        (f"{CSV};header=absent;q=0.5, {JSON};q=0.4", CSV),
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


@pytest.mark.parametrize("query", ['SELECT ("{}" AS ?x) {{}}', 'CONSTRUCT {{ <x:a> <x:b> "{}" }} {{}}'])
def test_xml_that_no_parser_would_read_is_not_sent(client: FlaskClient, query: str) -> None:
    asked = query.format(r"\u0001")
    negotiated, demanded = get(client, asked, f"{XML}, application/rdf+xml"), get(client, asked, format="xml")
    assert is_problem(negotiated, 406)
    assert is_problem(demanded, 400)
    assert "U+0001" in negotiated.json["detail"] == demanded.json["detail"]


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
    assert client.get("/sparql?query=ASK {}&format=html").headers["Location"] == answer.headers["Location"]


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


@pytest.mark.parametrize(
    "query", ["CLEAR ALL", "SELECT ?s { ?s ?p }", "SELECT * { SERVICE <http://127.0.0.1:9/> { ?s ?p ?o } }"]
)
def test_an_error_tells_nothing_of_our_code(client: FlaskClient, query: str) -> None:
    answer = get(client, query)
    assert answer.status_code in (400, 403)
    assert not answer.json.keys() & {"traceback", "path", "name"}
    assert "Traceback" not in answer.text
    assert ".py" not in answer.text


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
