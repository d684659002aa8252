"""The SPARQL 1.1 Protocol, its query half, and nothing else: read-only, over the snapshot of the request."""

import hashlib
import math
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import parse_qs

from flask import Blueprint, Response, current_app, g, redirect, request

import kg
from webapp import links
from webapp.replies import HTML, RDF, ROWS, chosen, data
from webapp.workers import Job, NotAcceptableError, Workers

views = Blueprint("sparql", __name__)

FORM, DIRECT, UPDATE = "application/x-www-form-urlencoded", "application/sparql-query", "application/sparql-update"
ROWS_OFFERED = {ROWS["json"]: "json", "application/json": "json", ROWS["xml"]: "xml", "application/xml": "xml"} | {
    ROWS["csv"]: "csv",
    ROWS["tsv"]: "tsv",
}
RDF_OFFERED = {media: name for name, media in RDF.items()}


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


@views.route("/sparql", methods=["GET", "POST"], provide_automatic_options=False)
def endpoint() -> Response:
    asked = read()
    if not asked.format and request.method != "POST" and _prefers_page():
        return redirect(links.query(asked.query or ""), 303)  # type: ignore[return-value]
    return _shared(describe_service() if asked.query is None else answer(asked))


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
    values = _parameters(request.query_string)
    if request.method == "POST":
        if request.mimetype == UPDATE:
            raise ProtocolError(403, "this endpoint is read-only: updates are refused")
        if request.mimetype == DIRECT:
            if "query" in values:
                raise ProtocolError(400, "give the query in the body or in the address, not in both")
            values["query"] = [_text(request.get_data())]
        elif request.mimetype == FORM:
            values = _parameters(request.get_data())
        else:
            raise ProtocolError(415, f"POST a query as {DIRECT}, or as {FORM} with query=…")
    if "update" in values:
        raise ProtocolError(403, "this endpoint is read-only: updates are refused")
    if len(values.get("query", [])) > 1:
        raise ProtocolError(400, "give one query, not several")
    if request.method == "POST" and "query" not in values:
        raise ProtocolError(400, "there is no query in the form")
    given = bool(values.keys() & {"default-graph-uri", "named-graph-uri"})
    return Asked(
        query=values["query"][0] if "query" in values else None,
        default_graphs=tuple(values.get("default-graph-uri", ())) if given else None,
        named_graphs=tuple(values.get("named-graph-uri", ())) if given else None,
        format=values.get("format", [""])[0],
        seconds=_seconds(values.get("timeout", [""])[0]),
    )


def answer(asked: Asked) -> Response:
    """The answer to a query, in the best format for its form that the reader takes."""
    rows, triples = _media(ROWS_OFFERED, asked.format), _media(RDF_OFFERED, asked.format)
    if rows is None and triples is None:
        raise NotAcceptableError([*ROWS_OFFERED, *RDF_OFFERED])
    job = Job(g.store.path, asked.query or "", asked.default_graphs, asked.named_graphs)
    tag = hashlib.sha256(
        repr((g.store.id, kg.__version__, asked.query, job.default_graphs, job.named_graphs, rows, triples)).encode()
    ).hexdigest()[:32]
    if job.steady and request.method != "POST" and request.if_none_match.is_strong(tag):
        return _tagged(Response(status=304), tag)
    pool: Workers = current_app.extensions["workers"]
    try:
        written = pool.write(job, ROWS_OFFERED.get(rows or ""), RDF_OFFERED.get(triples or ""), asked.seconds)
    except NotAcceptableError as error:
        raise NotAcceptableError(list(ROWS_OFFERED if rows is None else RDF_OFFERED)) from error
    media = (triples if written.kind == "construct" else rows) or ""
    response = data(written.data, media, f"answer.{written.format}")
    if not job.steady:
        response.headers["Cache-Control"] = "no-store"
        return response
    return _tagged(response, tag)


def describe_service() -> Response:
    """The service about itself, in RDF, with the true counts of the snapshot."""
    media = chosen(list(RDF_OFFERED))
    about = kg.query(g.store, "explorer/service-description", endpoint=request.base_url)
    return data(about.write(RDF_OFFERED[media]), media)


def _media(offers: Mapping[str, str], format: str) -> str | None:
    """The media type to answer with: the one of `?format=` (a name or a media type), else the best of Accept."""
    if format:
        return next((media for media, name in offers.items() if format in (name, media)), None)
    try:
        return chosen(list(offers))
    except NotAcceptableError:
        return None


def _prefers_page() -> bool:
    best = request.accept_mimetypes.best_match([*ROWS_OFFERED, *RDF_OFFERED, HTML])
    return best == HTML


def _parameters(raw: bytes) -> dict[str, list[str]]:
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


def _tagged(response: Response, tag: str) -> Response:
    response.set_etag(tag)
    response.headers["Cache-Control"] = "no-cache"
    return response


def _shared(response: Response) -> Response:
    response.vary.add("Accept")
    response.headers["Access-Control-Allow-Origin"] = "*"
    response.headers["Access-Control-Expose-Headers"] = "Link, ETag, Retry-After"
    return response
