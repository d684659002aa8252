"""The way past the rest of the site for plain requests that have been answered before, and for queries.

Routing, the reader's language and the headers of pages take longer than the engine needs for a small query, and a page
that is the same for everyone need not be made twice. Whatever is not plain, and every error, is left to the site.
"""

from collections import OrderedDict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import partial
from threading import Lock
from typing import Any

from werkzeug.http import parse_etags

import kg
from webapp import sparql
from webapp.replies import STEADY
from webapp.workers import Errand, Workers, Written

WSGI = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]
Headers = list[tuple[str, str]]
Key = tuple[str, str, str]
"""Snapshot, query string and Accept of a request for the answer to a query."""

PATH = "/sparql"
PAGES = "/page"
"""The addresses of things' pages, which another site than that of this process may answer."""
CONDITIONS = {"IF_NONE_MATCH", "IF_MODIFIED_SINCE", "RANGE"}
"""A request for the answer to a query with one of these headers is not plain; one for a page may have the first."""
_TELLING = ("HOST", "ACCEPT", "ACCEPT_LANGUAGE", "ACCEPT_ENCODING")
"""The headers of a request that a page depends on."""
_OF_CONTENT = {"content-encoding", "content-language", "content-length", "content-type"}
"""The headers that an answer without content lacks."""
_MOST = 1000
"""So many requests are known again as they are, without being read."""
_LONGEST = 2000
"""Characters of such a request at the most."""


@dataclass(frozen=True)
class Reply:
    """A whole answer, but for its date."""

    status: str
    headers: Headers
    body: bytes


@dataclass(frozen=True)
class _Known:
    """What is known of a request: how it is answered, and the headers of its answer."""

    plan: sparql.Plan
    headers: Headers


@dataclass(frozen=True)
class Promise:
    """An answer that is being worked out: `find` gives it, to be called once."""

    errand: Errand
    find: Callable[[], Reply]


class Shortcut:
    """The site, with a shortcut to the answers of queries and to the pages that are kept.

    `pages` answers for the pages of things: the site itself, unless it is set to something else.
    """

    def __init__(self, site: WSGI, open_store: Callable[[], kg.Snapshot], pool: Workers) -> None:
        self._site = self.pages = site
        self._open_store = open_store
        self._pool = pool
        self._known: OrderedDict[Key, _Known] = OrderedDict()
        self._lock = Lock()

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        """Answer a request."""
        if environ["REQUEST_METHOD"] != "GET" or sparql.FAILED in environ:
            return self._site(environ, start_response)
        path, asked = environ["PATH_INFO"], environ.get("QUERY_STRING", "")
        headers = {name[5:]: value for name, value in environ.items() if name.startswith("HTTP_")}
        base = environ["wsgi.url_scheme"] + environ.get("SCRIPT_NAME", "")
        try:
            found = self.find(path, asked, headers, base)
        except kg.KGError as error:
            environ[sparql.FAILED] = error
            found = None
        if found is None:
            return self._page(environ, start_response, (base, path, asked, *map(headers.get, _TELLING)))
        start_response(found.status, found.headers)
        return (found.body,)

    def find(self, path: str, asked: str, headers: Mapping[str, str], base: str = "http") -> Reply | None:
        """The answer to a GET; None for what is not a plain query or a page kept, a KGError where there is no answer.

        `base` is the scheme of the request, followed by where the site is mounted.
        """
        if path != PATH:
            return self.kept(path, asked, headers, base)
        return self._find(asked, headers.get("ACCEPT", "")) if headers.keys().isdisjoint(CONDITIONS) else None

    def kept(self, path: str, asked: str, headers: Mapping[str, str], base: str = "http") -> Reply | None:
        """The answer to a GET with no body, where it is kept; takes no time."""
        if path == PATH:
            plain = headers.keys().isdisjoint(CONDITIONS)
            return self._kept((self._snapshot(), asked, headers.get("ACCEPT", ""))) if plain else None
        reply: Reply | None = self._pool.answers.find(
            (self._snapshot(), base, path, asked, *map(headers.get, _TELLING))
        )
        if reply is None or headers.keys().isdisjoint(CONDITIONS):
            return reply
        return _unchanged(reply, headers["IF_NONE_MATCH"]) if headers.keys() & CONDITIONS == {"IF_NONE_MATCH"} else None

    def begin(self, path: str, asked: str, headers: Mapping[str, str]) -> Promise | None:
        """The answer to a query, begun; None if it is not plain or cannot begin at once; a KGError if it is wrong."""
        if path != PATH or len(asked) > _LONGEST or not headers.keys().isdisjoint(CONDITIONS):
            return None
        key, plan = self._plan(asked, headers.get("ACCEPT", ""))
        errand = plan.begin(self._pool) if plan else None
        return Promise(errand, partial(self._found, key, plan, errand.answer)) if plan and errand else None

    def _snapshot(self) -> str:
        """The snapshot that answers, "" where there is none: then the site says why."""
        try:
            return self._open_store().id
        except Exception:
            return ""

    def _page(
        self, environ: dict[str, Any], start_response: Callable[..., Any], asked: tuple[str | None, ...]
    ) -> Iterable[bytes]:
        """The answer of the site to what was asked, which is kept where the site says of which snapshot it is."""
        begun: list[tuple[str, Headers]] = []

        def begin(status: str, headers: Headers, *failed: Any) -> Any:
            begun[:] = [(status, headers)]
            return start_response(status, headers, *failed)

        answer = self.pages if environ["PATH_INFO"].startswith(PAGES) else self._site
        body = answer(environ, begin)
        length = sum(len(part or "") for part in asked)
        if STEADY not in environ or begun[0][0] != "200 OK" or length > _LONGEST:
            return body
        reply = Reply("200 OK", [pair for pair in begun[0][1] if pair[0] != "Date"], b"".join(body))
        if close := getattr(body, "close", None):
            close()
        self._pool.answers.keep((environ[STEADY], *asked), reply, len(reply.body) + length + _LONGEST)
        return (reply.body,)

    def _kept(self, key: Key) -> Reply | None:
        known = self._known.get(key)
        written = known.plan.kept(self._pool) if known else None
        return Reply("200 OK", known.headers, written.data) if known and written else None

    def _find(self, asked: str, accept: str) -> Reply | None:
        key, plan = self._plan(asked, accept)
        if found := self._kept(key):
            return found
        return self._found(key, plan, plan.answering(self._pool)) if plan else None

    def _plan(self, asked: str, accept: str) -> tuple[Key, sparql.Plan | None]:
        """What names a request, and how it is answered if it is plain."""
        snapshot = self._open_store()
        key = (snapshot.id, asked, accept)
        values = sparql.parameters(asked.encode("latin-1"))
        if "query" not in values or len(values["query"]) > 1 or values.keys() - sparql.KNOWN:
            return key, None
        request = sparql.asked_by(values)
        if request.prefers_page(accept):
            return key, None
        return key, sparql.plan(request, accept, snapshot)

    def _found(self, key: Key, plan: sparql.Plan, answer: Callable[[], Written]) -> Reply:
        found = sparql.found(plan, answer)
        if plan.job.steady and sum(map(len, key)) <= _LONGEST:
            self._remember(key, _Known(plan, found.headers))
        return Reply("200 OK", found.headers, found.body)

    def _remember(self, key: Key, known: _Known) -> None:
        with self._lock:
            self._known[key] = known
            while len(self._known) > _MOST:
                self._known.popitem(last=False)


def _unchanged(reply: Reply, tags: str) -> Reply:
    """A page, or 304 for a reader who has it: one who gives its tag."""
    tag = next((value for name, value in reply.headers if name == "ETag"), "").removeprefix("W/").strip('"')
    if not tag or not parse_etags(tags).contains_weak(tag):
        return reply
    return Reply("304 NOT MODIFIED", [pair for pair in reply.headers if pair[0].lower() not in _OF_CONTENT], b"")
