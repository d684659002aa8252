"""A remote SPARQL endpoint, played by a small server on this machine."""

from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from urllib.parse import parse_qs

import pytest
from listening import listening

import kg

JSON = b'{"head":{"vars":["n"]},"results":{"bindings":[{"n":{"type":"literal","value":"Tunis","xml:lang":"fr"}}]}}'
LITERAL = b'"type":"literal","value":"Tunis","xml:lang":"fr"'
ODD = b'"type": "bnode", "value": "nodeID://b1"'
ILL = b'"type": "uri", "value": "not an iri"'


class Endpoint(BaseHTTPRequestHandler):
    """Answers a SELECT with one row and a CONSTRUCT with one triple; says what is wrong with anything else."""

    def do_POST(self) -> None:
        form = parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode())
        query = form["query"][0]
        if "WRONG" in query:
            return self.answer(400, "text/plain", b"no")
        if "BROKEN" in query:
            return self.answer(200, "application/sparql-results+json", b"<html>")
        if "ODD" in query:
            return self.answer(200, "application/sparql-results+json", JSON.replace(LITERAL, ODD))
        if "ILL" in query:
            return self.answer(200, "application/sparql-results+json", JSON.replace(LITERAL, ILL))
        if "CUT" in query:
            return self.answer(200, "application/sparql-results+json", JSON, lacks=9)
        if "CONSTRUCT" in query:
            return self.answer(200, "text/turtle", b"<http://a> <http://b> <http://c> .")
        return self.answer(200, "application/sparql-results+json", JSON)

    def answer(self, status: int, media: str, body: bytes, lacks: int = 0) -> None:
        self.send_response(status)
        self.send_header("Content-Type", media)
        self.send_header("Content-Length", str(len(body) + lacks))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Keep the output of the tests clean."""


@pytest.fixture(scope="module")
def endpoint() -> Iterator[str]:
    server = HTTPServer(("127.0.0.1", 0), Endpoint)
    with listening(server) as address:
        yield address


def test_rows_come_in_the_same_form_as_from_a_store(endpoint: str) -> None:
    answer = kg.query(kg.Endpoint(endpoint), "SELECT ?n { ?s ?p ?n }")
    assert [(row["n"].value, row["n"].language) for row in answer.rows] == [("Tunis", "fr")]
    assert answer.write("csv") == b"n\r\nTunis\r\n"


def test_blank_nodes_as_virtuoso_names_them_are_blank_nodes(endpoint: str) -> None:
    assert [row["n"] for row in kg.query(kg.Endpoint(endpoint), "SELECT ?n { ODD }").rows] == [kg.BlankNode("b1")]


def test_no_word_of_a_comment_makes_a_query_an_update(endpoint: str) -> None:
    text = "#+ summary: All amounts.\n#+ caveats: Never add these.\nPREFIX a: <http://a#>\n\nSELECT ?n { ?s a:p ?n }"
    assert len(kg.query(kg.Endpoint(endpoint), text).rows) == 1


def test_triples_come_in_the_same_form_as_from_a_store(endpoint: str) -> None:
    answer = kg.query(kg.Endpoint(endpoint), "CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o }")
    assert [" ".join(map(str, triple)) for triple in answer.triples] == ["<http://a> <http://b> <http://c>"]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("SELECT * { WRONG }", "refused: no$"),
        ("SELECT * { BROKEN }", "SPARQL results"),
        ("SELECT * { CUT }", "cannot be reached"),
    ],
)
def test_an_endpoint_that_refuses_or_answers_nonsense_is_one_sentence(endpoint: str, text: str, says: str) -> None:
    with pytest.raises(kg.RemoteError, match=says):
        kg.query(kg.Endpoint(endpoint), text)


@pytest.mark.parametrize("url", ["http://127.0.0.1:9/sparql", "no address"])
def test_an_endpoint_that_is_not_there_is_one_sentence(url: str) -> None:
    with pytest.raises(kg.RemoteError, match="cannot be reached"):
        kg.query(kg.Endpoint(url), "SELECT * { ?s ?p ?o }")


def test_a_row_that_cannot_be_read_is_a_fault_of_the_endpoint_and_not_of_the_query(endpoint: str) -> None:
    with pytest.raises(kg.RemoteError, match="did not answer with SPARQL results: Invalid uri value"):
        kg.query(kg.Endpoint(endpoint), "SELECT ?n { ILL }")
