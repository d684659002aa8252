"""SPARQL endpoints elsewhere: the only module that uses the network."""

from dataclasses import dataclass
from urllib.error import HTTPError, URLError

import pyoxigraph as ox
from SPARQLWrapper import CONSTRUCT, JSON, POST, SELECT, TURTLE, SPARQLWrapper
from SPARQLWrapper.SPARQLExceptions import SPARQLWrapperException

from kg import sparql
from kg.errors import RemoteError
from kg.store import Answer, Result
from kg.terms import prefixes


@dataclass(frozen=True)
class Endpoint:
    """A SPARQL 1.1 endpoint by its address, to be asked as a store is."""

    url: str
    timeout_seconds: int = 60

    def query(self, text: str, *, name: str = "query") -> Answer:
        """The answer in the same form as that of a store; the prefixes of the project need not be declared.

        Raises RemoteError when the endpoint cannot be reached, refuses, or answers something else than results.
        """
        triples = bool(sparql.keywords(text) & {"CONSTRUCT", "DESCRIBE"} - {"SELECT", "ASK"})
        data = self._fetch(sparql.declare(text, prefixes()), TURTLE if triples else JSON, name)

        def run() -> Result:
            if triples:
                store = ox.Store()
                store.load(data, format=ox.RdfFormat.TURTLE, base_iri=self.url)
                return store.query("CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o }")
            return ox.parse_query_results(data, format=ox.QueryResultsFormat.JSON)

        try:
            return Answer(run)
        except (SyntaxError, ValueError) as error:
            raise RemoteError(f"{name}: {self.url} did not answer with SPARQL results: {error}") from error

    def _fetch(self, text: str, format: str, name: str) -> bytes:
        service = SPARQLWrapper(self.url, agent="migration-governance")
        service.setQuery(text)
        service.queryType = CONSTRUCT if format == TURTLE else SELECT  # else "add" in a comment makes it an update
        service.setMethod(POST)
        service.setReturnFormat(format)
        service.setOnlyConneg(True)
        service.setTimeout(self.timeout_seconds)
        try:
            return service.query().response.read()
        except HTTPError as error:
            raise RemoteError(f"{name}: {self.url} refused: HTTP {error.code} {error.reason}") from error
        except (URLError, OSError, ValueError) as error:
            raise RemoteError(f"{self.url} cannot be reached: {getattr(error, 'reason', error)}") from error
        except SPARQLWrapperException as error:
            raise RemoteError(f"{name}: {self.url} refused: {getattr(error, 'msg', error)}") from error
