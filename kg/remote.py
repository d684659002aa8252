"""SPARQL endpoints elsewhere: the only module that uses the network."""

from urllib.error import HTTPError, URLError

import pyoxigraph as ox
from SPARQLWrapper import JSON, POST, TURTLE, SPARQLWrapper
from SPARQLWrapper.SPARQLExceptions import SPARQLWrapperException

from kg import sparql
from kg.errors import RemoteError
from kg.store import Answer, Result


def query(endpoint: str, text: str, timeout_seconds: int = 60) -> Answer:
    """The answer of a remote SPARQL 1.1 endpoint, in the same form as that of a store.

    Raises RemoteError when the endpoint cannot be reached, refuses, or answers something else than results.
    """
    triples = bool(sparql.keywords(text) & {"CONSTRUCT", "DESCRIBE"} - {"SELECT", "ASK"})
    data = _fetch(endpoint, text, TURTLE if triples else JSON, timeout_seconds)

    def run() -> Result:
        if triples:
            store = ox.Store()
            store.load(data, format=ox.RdfFormat.TURTLE, base_iri=endpoint)
            return store.query("CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o }")
        return ox.parse_query_results(data, format=ox.QueryResultsFormat.JSON)

    try:
        return Answer(run)
    except (SyntaxError, ValueError) as error:
        raise RemoteError(f"{endpoint} did not answer with SPARQL results: {error}") from error


def _fetch(endpoint: str, text: str, format: str, timeout_seconds: int) -> bytes:
    service = SPARQLWrapper(endpoint, agent="migration-governance")
    service.setQuery(text)
    service.setMethod(POST)
    service.setReturnFormat(format)
    service.setTimeout(timeout_seconds)
    try:
        return service.query().response.read()
    except HTTPError as error:
        raise RemoteError(f"{endpoint} refused the query: HTTP {error.code} {error.reason}") from error
    except (URLError, OSError, ValueError) as error:
        raise RemoteError(f"{endpoint} cannot be reached: {getattr(error, 'reason', error)}") from error
    except SPARQLWrapperException as error:
        raise RemoteError(f"{endpoint} refused the query: {getattr(error, 'msg', error)}") from error
