"""The SPARQL 1.1 Protocol, its query half, and nothing else: read-only, over the snapshot of the request."""

import hashlib
import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from urllib.parse import parse_qs

from flask import Blueprint, Response, current_app, g, request

import kg
from webapp import links
from webapp.replies import HEADERS, HTML, RDF, ROWS, best_of, chosen, content_type, data, led_on
from webapp.workers import Errand, Job, NotAcceptableError, Workers, Written

views = Blueprint("sparql", __name__)

FORM, DIRECT, UPDATE = "application/x-www-form-urlencoded", "application/sparql-query", "application/sparql-update"
ROWS_OFFERED = {ROWS["json"]: "json", "application/json": "json", ROWS["xml"]: "xml", "application/xml": "xml"} | {
    ROWS["csv"]: "csv",
    ROWS["tsv"]: "tsv",
}
RDF_OFFERED = {media: name for name, media in RDF.items()}
OTHER_NAMES = {
    "json": "jsonld",  # for triples, where rows come as JSON
    "json-ld": "jsonld",
    "n-quads": "nq",
    "n-triples": "nt",
    "n3": "ttl",
    "nquads": "nq",
    "ntriples": "nt",
    "rdf+xml": "rdf",
    "rdfxml": "rdf",
    "srj": "json",
    "srx": "xml",
    "turtle": "ttl",
    "xml": "rdf",
}
"""What clients call the formats in `?format=`, beside our own names and the media types."""
SHARED = {
    "Vary": "Accept, Accept-Encoding",
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Expose-Headers": "Link, ETag, Retry-After",
}
"""Headers of all answers: other sites may ask, and each reader may get another format."""
FAILED = "kg.failed"
"""Where in the environment of a request the error stands that its query has already led to."""
KNOWN = {"query", "default-graph-uri", "named-graph-uri", "format", "timeout"}
"""The parameters of a request that are about its query."""


class ProtocolError(kg.KGError):
    """A request that is not one of the SPARQL Protocol; `status` says how."""

    def __init__(self, status: int, problem: str) -> None:
        self.status = status
        super().__init__(problem)


@dataclass(frozen=True)
class Asked:
    """What a request asks: a query and its dataset, both None when it asks for the service itself."""

    query: str | None
    default_graphs: tuple[str, ...] | None
    named_graphs: tuple[str, ...] | None
    format: str
    seconds: float | None

    def prefers_page(self, accept: str) -> bool:
        """True if the reader would rather have a page than an answer."""
        if self.format:
            return self.format in ("html", HTML)
        return bool(accept.strip()) and best_of(accept, (*ROWS_OFFERED, *RDF_OFFERED, HTML)) == HTML


@dataclass(frozen=True)
class Found:
    """An answer and the headers that go with it."""

    body: bytes
    headers: list[tuple[str, str]]


@dataclass(frozen=True)
class Plan:
    """How a query is answered: what is run, the media types for rows and for triples, and the tag of the answer.

    `negotiated` says that Accept chose the types, not the address.
    """

    job: Job
    rows: str | None
    triples: str | None
    tag: str
    seconds: float | None
    negotiated: bool

    @property
    def rows_format(self) -> str | None:
        """The name of the format for rows."""
        return ROWS_OFFERED.get(self.rows or "")

    @property
    def triples_format(self) -> str | None:
        """The name of the syntax for triples."""
        return RDF_OFFERED.get(self.triples or "")

    def answering(self, pool: Workers) -> Callable[[], Written]:
        """What gives the answer."""
        return partial(pool.write, self.job, self.rows_format, self.triples_format, self.seconds)

    def begin(self, pool: Workers) -> Errand | None:
        """The answer, begun; None if that is not possible at once."""
        return pool.begin(self.job, self.rows_format, self.triples_format, self.seconds)

    def kept(self, pool: Workers) -> Written | None:
        """The answer if it is there already."""
        return pool.kept(self.job, self.rows_format, self.triples_format)

    def headers(self, written: Written) -> list[tuple[str, str]]:
        """The headers of the answer."""
        media = (self.triples if written.kind == "construct" else self.rows) or ""
        told = [
            ("Content-Type", content_type(media)),
            ("Content-Length", str(len(written.data))),
            ("Content-Disposition", f'inline; filename="answer.{written.format}"'),
            *SHARED.items(),
            *HEADERS.items(),
        ]
        if not self.job.steady:
            return [*told, ("Cache-Control", "no-store")]
        return [*told, ("Cache-Control", "no-cache"), ("ETag", f'"{self.tag}"')]


@views.route("/sparql", methods=["GET", "POST"], provide_automatic_options=False)
def endpoint() -> Response:
    if (known := request.environ.get(FAILED)) is not None:
        raise known
    asked, accept = read(), request.headers.get("Accept", "")
    if request.method != "POST" and asked.prefers_page(accept):
        return led_on(links.query(asked.query or ""), 303)
    return _shared(describe_service()) if asked.query is None else answer(plan(asked, accept, g.store))


def answer(plan: Plan) -> Response:
    """The answer to a query, or 304 where the reader has it."""
    if plan.job.steady and request.method != "POST" and request.if_none_match.is_strong(plan.tag):
        response = Response(status=304, headers=SHARED | {"Cache-Control": "no-cache"})
        response.set_etag(plan.tag)
        return response
    found = carry_out(plan, current_app.extensions["workers"])
    return Response(found.body, headers=found.headers)


@views.route("/sparql", methods=["OPTIONS"])
def preflight() -> Response:
    response = Response(status=204)
    response.headers["Allow"] = "GET, HEAD, POST, OPTIONS"
    response.headers["Access-Control-Allow-Methods"] = "GET, HEAD, POST, OPTIONS"
    response.headers["Access-Control-Allow-Headers"] = "Accept, Content-Type, If-None-Match"
    response.headers["Access-Control-Max-Age"] = "86400"
    return _shared(response)


def read() -> Asked:
    """The request as the protocol reads it; ProtocolError for what is not legal."""
    values = parameters(request.query_string)
    if request.method == "POST":
        if request.mimetype == UPDATE:
            raise ProtocolError(403, "this endpoint is read-only: updates are refused")
        if request.mimetype == DIRECT:
            if "query" in values:
                raise ProtocolError(400, "give the query in the body or in the address, not in both")
            values["query"] = [_text(request.get_data())]
        elif request.mimetype == FORM:
            values = parameters(request.get_data())
        else:
            raise ProtocolError(415, f"POST a query as {DIRECT}, or as {FORM} with query=…")
    if "update" in values:
        raise ProtocolError(403, "this endpoint is read-only: updates are refused")
    if len(values.get("query", [])) > 1:
        raise ProtocolError(400, "give one query, not several")
    if request.method == "POST" and "query" not in values:
        raise ProtocolError(400, "there is no query in the form")
    return asked_by(values)


def asked_by(values: Mapping[str, list[str]]) -> Asked:
    """What the parameters of a request ask."""
    given = bool(values.keys() & {"default-graph-uri", "named-graph-uri"})
    return Asked(
        query=values["query"][0] if "query" in values else None,
        default_graphs=tuple(values.get("default-graph-uri", ())) if given else None,
        named_graphs=tuple(values.get("named-graph-uri", ())) if given else None,
        format=values.get("format", [""])[0],
        seconds=_seconds(values.get("timeout", [""])[0]),
    )


def plan(asked: Asked, accept: str, snapshot: kg.Snapshot) -> Plan:
    """How to answer a query: in the best format for its form that the reader takes; NotAcceptableError for none."""
    rows, triples = _media(ROWS_OFFERED, asked.format, accept), _media(RDF_OFFERED, asked.format, accept)
    if rows is None and triples is None:
        raise NotAcceptableError([*ROWS_OFFERED, *RDF_OFFERED])
    job = Job(snapshot.path, asked.query or "", asked.default_graphs, asked.named_graphs)
    given = (snapshot.id, kg.__version__, asked.query, job.default_graphs, job.named_graphs, rows, triples)
    return Plan(
        job, rows, triples, hashlib.sha256(repr(given).encode()).hexdigest()[:32], asked.seconds, not asked.format
    )


def carry_out(plan: Plan, pool: Workers) -> Found:
    """The answer to the query, from a worker or from those that are kept."""
    return found(plan, plan.answering(pool))


def found(plan: Plan, answer: Callable[[], Written]) -> Found:
    """An answer with its headers; the error says what is offered when the query has no answer of the kind asked for."""
    try:
        written = answer()
    except NotAcceptableError as error:
        raise NotAcceptableError(list(ROWS_OFFERED if plan.rows is None else RDF_OFFERED)) from error
    except kg.FormatError as error:
        raise ProtocolError(406 if plan.negotiated else 400, str(error)) from error
    return Found(written.data, plan.headers(written))


def describe_service() -> Response:
    """The service about itself, in RDF, with the true counts of the snapshot."""
    media = chosen(list(RDF_OFFERED))
    about = kg.query(g.store, "explorer/service-description", endpoint=request.base_url)
    return data(about.write(RDF_OFFERED[media]), media)


def _media(offers: Mapping[str, str], format: str, accept: str) -> str | None:
    """The media type to answer with: the one of `?format=` (a name or a media type), else the best of Accept."""
    if not format:
        return best_of(accept, tuple(offers))
    wanted = format.lower().replace(" ", "+")  # a plus that was not escaped
    names = {wanted, OTHER_NAMES.get(wanted)}
    return next((media for media, name in offers.items() if media == wanted or name in names), None)


def parameters(raw: bytes) -> dict[str, list[str]]:
    """The parameters of an address or a form, each with its values in order."""
    try:
        return parse_qs(raw.decode("ascii"), keep_blank_values=True, errors="strict", max_num_fields=1000)
    except (UnicodeDecodeError, ValueError) as error:
        raise ProtocolError(400, "the parameters are not percent-encoded UTF-8") from error


def _seconds(given: str) -> float | None:
    """How long the query may run, where the request says so."""
    try:
        seconds = float(given) if given else None
    except ValueError:
        seconds = 0
    if seconds is not None and not 0 < seconds < math.inf:
        raise ProtocolError(400, "timeout is a number of seconds above 0; it may ask for less than the limit here")
    return seconds


def _text(body: bytes) -> str:
    charset = request.mimetype_params.get("charset", "utf-8").lower()
    if charset not in ("utf-8", "utf8"):
        raise ProtocolError(415, f"a query is UTF-8, not {charset}")
    try:
        return body.decode("utf-8")
    except UnicodeDecodeError as error:
        raise ProtocolError(400, "the query is not UTF-8") from error


def _shared(response: Response) -> Response:
    for name, value in SHARED.items():
        response.headers[name] = value
    return response
