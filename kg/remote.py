"""SPARQL endpoints elsewhere: the only module that uses the network."""

import re
from ast import literal_eval
from dataclasses import dataclass
from http.client import HTTPException
from urllib.error import HTTPError, URLError

import pyoxigraph as ox
from SPARQLWrapper import CONSTRUCT, INSERT, JSON, POST, POSTDIRECTLY, SELECT, TURTLE, SPARQLWrapper
from SPARQLWrapper.SPARQLExceptions import SPARQLWrapperException

from kg import sparql
from kg.errors import KGError, RemoteError
from kg.store import Answer, Result
from kg.terms import prefixes

_ODD_NAME = re.compile(rb'("bnode"\s*,\s*"value"\s*:\s*")nodeID://')
"""How Virtuoso names a blank node in JSON, which is no legal name of one."""


@dataclass(frozen=True)
class Endpoint:
    """A SPARQL 1.1 endpoint by its address, to be asked as a store is."""

    url: str
    timeout_seconds: int = 60

    def query(self, text: str, *, name: str = "query") -> Answer:
        """The answer in the same form as that of a store; the prefixes of the project need not be declared.

        Raises RemoteError when the endpoint cannot be reached, refuses, or answers something else than results.
        """
        triples = bool(sparql.keywords(text) & {"CONSTRUCT", "DESCRIBE"})
        data = self._fetch(sparql.declare(text, prefixes()), TURTLE if triples else JSON, name)

        def run() -> Result:
            if triples:
                store = ox.Store()
                store.load(data, format=ox.RdfFormat.TURTLE, base_iri=self.url)
                return store.query("CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o }")
            return ox.parse_query_results(_ODD_NAME.sub(rb"\1", data), format=ox.QueryResultsFormat.JSON)

        try:
            answer = Answer(run)
            _ = answer.rows  # what cannot be read shows here, and not to whoever asks for the rows
        except (SyntaxError, ValueError, KGError) as error:
            problem = getattr(error, "problem", error)
            raise RemoteError(f"{name}: {self.url} did not answer with SPARQL results: {problem}") from error
        return answer

    def graphs(self) -> dict[str, int]:
        """IRI of each named graph there -> number of its statements."""
        rows = self.query("SELECT ?g (COUNT(*) AS ?n) WHERE { GRAPH ?g { ?s ?p ?o } } GROUP BY ?g", name="graphs").rows
        counted = {row["g"]: int(getattr(row["n"], "value", 0)) for row in rows}
        return {graph.value: number for graph, number in counted.items() if isinstance(graph, ox.NamedNode)}

    def update(self, text: str, *, name: str = "update") -> None:
        """Have the endpoint carry out a SPARQL 1.1 update; RemoteError when it cannot be reached or refuses."""
        service = self._service(text)
        service.queryType = INSERT
        service.setRequestMethod(POSTDIRECTLY)
        self._answer(service, name)

    def _fetch(self, text: str, format: str, name: str) -> bytes:
        service = self._service(text)
        service.queryType = CONSTRUCT if format == TURTLE else SELECT  # else "add" in a comment makes it an update
        service.setReturnFormat(format)
        service.setOnlyConneg(True)
        return self._answer(service, name)

    def _service(self, text: str) -> SPARQLWrapper:
        service = SPARQLWrapper(self.url, agent="migration-governance")
        service.setQuery(text)
        service.setMethod(POST)
        service.setTimeout(self.timeout_seconds)
        return service

    def _answer(self, service: SPARQLWrapper, name: str) -> bytes:
        try:
            return service.query().response.read()
        except HTTPError as error:
            raise RemoteError(f"{name}: {self.url} refused: HTTP {error.code} {error.reason}") from error
        except (URLError, HTTPException, OSError, ValueError) as error:
            raise RemoteError(f"{self.url} cannot be reached: {getattr(error, 'reason', error)}") from error
        except SPARQLWrapperException as error:
            raise RemoteError(f"{name}: {self.url} refused: {_words(error) or getattr(error, 'msg', error)}") from error


def _words(error: SPARQLWrapperException) -> str:
    """The first line of what the endpoint answered in words, where the error holds an answer that is no page."""
    response = str(error).partition("Response:\n")[2]
    line = literal_eval(response).decode(errors="replace").strip().partition("\n")[0] if response else ""
    return "" if line.startswith(("<", "{")) else line[:300]
