"""The way past the rest of the site for plain requests for the answer to a query, of which there are many.

Routing, the reader's language and the headers of pages take longer than the engine needs for a small query. Whatever is
not plain, and every error, is left to the site.
"""

from collections import OrderedDict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from threading import Lock
from typing import Any

import kg
from webapp import sparql
from webapp.workers import Workers

WSGI = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]

PATH = "/sparql"
CONDITIONS = {"IF_NONE_MATCH", "IF_MODIFIED_SINCE", "RANGE"}
"""A request with one of these headers is not plain."""
_MOST = 1000
"""So many requests are known again as they are, without being read."""
_LONGEST = 2000
"""Characters of such a request at the most."""


@dataclass(frozen=True)
class _Known:
    """What is known of a request: how it is answered, and the headers of its answer."""

    plan: sparql.Plan
    headers: list[tuple[str, str]]


class Shortcut:
    """The site, with a shortcut to the answers of queries."""

    def __init__(self, site: WSGI, open_store: Callable[[], kg.Snapshot], pool: Workers) -> None:
        self._site = site
        self._open_store = open_store
        self._pool = pool
        self._known: OrderedDict[tuple[str, str, str], _Known] = OrderedDict()
        self._lock = Lock()

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        """Answer a request."""
        plain = environ["REQUEST_METHOD"] == "GET" and sparql.FAILED not in environ
        headers = {name[5:]: value for name, value in environ.items() if name.startswith("HTTP_")} if plain else {}
        try:
            found = self.find(environ["PATH_INFO"], environ.get("QUERY_STRING", ""), headers) if plain else None
        except kg.KGError as error:
            environ[sparql.FAILED] = error
            found = None
        if found is None:
            return self._site(environ, start_response)
        start_response("200 OK", found.headers)
        return (found.body,)

    def find(self, path: str, asked: str, headers: Mapping[str, str]) -> sparql.Found | None:
        """The answer to a GET; None for what is not a plain query, a KGError where there is no answer."""
        if path != PATH or not headers.keys().isdisjoint(CONDITIONS):
            return None
        return self._find(asked, headers.get("ACCEPT", ""))

    def kept(self, path: str, asked: str, headers: Mapping[str, str]) -> sparql.Found | None:
        """The answer to a GET with no body, where it is kept; takes no time."""
        if path != PATH or not headers.keys().isdisjoint(CONDITIONS):
            return None
        return self._kept((self._open_store().id, asked, headers.get("ACCEPT", "")))

    def _kept(self, key: tuple[str, str, str]) -> sparql.Found | None:
        known = self._known.get(key)
        written = known.plan.kept(self._pool) if known else None
        return sparql.Found(written.data, known.headers) if known and written else None

    def _find(self, asked: str, accept: str) -> sparql.Found | None:
        snapshot = self._open_store()
        key = (snapshot.id, asked, accept)
        if found := self._kept(key):
            return found
        values = sparql.parameters(asked.encode("latin-1"))
        if "query" not in values or len(values["query"]) > 1 or values.keys() - sparql.KNOWN:
            return None
        request = sparql.asked_by(values)
        if not request.format and sparql.prefers_page(accept):
            return None
        plan = sparql.plan(request, accept, snapshot)
        found = sparql.carry_out(plan, self._pool)
        if plan.job.steady and len(asked) + len(accept) <= _LONGEST:
            self._remember(key, _Known(plan, found.headers))
        return found

    def _remember(self, key: tuple[str, str, str], known: _Known) -> None:
        with self._lock:
            self._known[key] = known
            while len(self._known) > _MOST:
                self._known.popitem(last=False)
