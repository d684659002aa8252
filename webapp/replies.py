"""One answer as a page, rows or RDF; an error likewise. Media types, headers and statuses are decided here only."""

import csv
import io
import json
import re
from collections.abc import Mapping, Sequence
from functools import lru_cache
from urllib.parse import quote

from flask import Flask, Response, current_app, g, redirect, render_template, request
from flask_babel import gettext
from werkzeug.datastructures import MIMEAccept
from werkzeug.exceptions import HTTPException
from werkzeug.http import parse_accept_header

import kg
from webapp import workers
from webapp.sentences import said

RDF = {
    "ttl": "text/turtle",
    "nt": "application/n-triples",
    "rdf": "application/rdf+xml",
    "jsonld": "application/ld+json",
    "trig": "application/trig",
    "nq": "application/n-quads",
}
ROWS = {
    "json": "application/sparql-results+json",
    "xml": "application/sparql-results+xml",
    "csv": "text/csv",
    "tsv": "text/tab-separated-values",
}
PLAIN = {"md": "text/markdown", "json": "application/json", "csv": "text/csv"}
SPREADSHEET = {"xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"}
QUERY = {"rq": "application/sparql-query"}
HTML = "text/html"
STEADY = "kg.steady"
"""Where in the environment of a request the snapshot stands whose answer may be kept."""
PROBLEM = "application/problem+json"

STATUS: tuple[tuple[type[kg.KGError], int], ...] = (
    (kg.UnknownNameError, 404),
    (kg.UnknownQueryError, 404),
    (kg.QueryRefusedError, 403),
    (workers.NotAcceptableError, 406),
    (workers.QueryTimeoutError, 504),
    (workers.BusyError, 503),
    (workers.TooMuchError, 422),
    (kg.NetworkTooLargeError, 422),
    (kg.SnapshotError, 503),
    (kg.RemoteError, 502),
    (kg.KGError, 400),
)
"""Status of each error; the first line that fits counts. What makes no sense (a parameter, format, query) is 400."""

_SENTENCES = {
    404: "there is nothing at this address",
    405: "this address answers to GET only, and the endpoint to GET and POST",
    413: "a request may be at most 1 MB long",
}
_TURNS = "".join(map(chr, (*range(0x202A, 0x202F), *range(0x2066, 0x206A))))
"""The signs that set the direction of the text after them; a page isolates names by its elements instead."""
_LONG = 500
"""Characters of a header that is not worth keeping what it says."""
_PRIVATE = {"name", "path", "problem", "status", "traceback"}
_POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
HEADERS = {
    "Content-Security-Policy": _POLICY,
    "Referrer-Policy": "strict-origin-when-cross-origin",
    "X-Content-Type-Options": "nosniff",
}


def use_replies(app: Flask) -> None:
    """Errors as sentences, and the headers that every answer has."""
    app.register_error_handler(kg.KGError, known_error)
    app.register_error_handler(HTTPException, _http_error)
    app.register_error_handler(Exception, _our_error)
    app.after_request(_finish)


def led_on(address: str, status: int = 302) -> Response:
    """An answer that leads on to another address."""
    return current_app.make_response(redirect(address, status))


def show(template: str, **values: object) -> Response:
    """A page, which may run the scripts of this host, and they may ask this host."""
    response = Response(_upright(render_template(template, **values)), mimetype=HTML)
    response.headers["Content-Security-Policy"] = f"{_POLICY}; script-src 'self'; connect-src 'self'"
    response.vary.add("Accept")
    return response


def steady(response: Response) -> Response:
    """An answer that stays the same as long as the snapshot does, so that it may be kept and given again."""
    request.environ[STEADY] = g.whole.id
    return response


def _upright(page: str) -> str:
    """A page without the signs that turn the direction of what follows, except in what a form sends back."""
    if not any(sign in page for sign in _TURNS):
        return page
    kept = r'(\bvalue="[^"]*"|<textarea.*?</textarea>)'
    return re.sub(f"{kept}|[{_TURNS}]", lambda found: found[1] or "", page, flags=re.DOTALL)


def data(content: bytes, media: str, filename: str = "") -> Response:
    """Something for machines; with a name, something to keep."""
    response = Response(content, content_type=content_type(media))
    if filename:
        name = f'filename="{filename}"' if filename.isascii() else f"filename*=UTF-8''{quote(filename)}"
        response.headers["Content-Disposition"] = f"inline; {name}"
    return response


def content_type(media: str) -> str:
    """A media type with its character set where it has one."""
    text = media.startswith("text/") or media in ("application/n-triples", "application/n-quads", "application/trig")
    return f"{media}; charset=utf-8" if text else media


def table(
    columns: Sequence[str], rows: Sequence[Sequence[object]], extension: str, about: Mapping[str, object]
) -> Response:
    """A list as CSV (one line per row), or as JSON with what it is `about`."""
    if extension == "csv":
        out = io.StringIO()
        csv.writer(out, lineterminator="\r\n").writerows([columns, *rows])
        return data(out.getvalue().encode(), PLAIN["csv"])
    return as_json({**about, "items": [dict(zip(columns, row, strict=True)) for row in rows]})


def as_json(values: Mapping[str, object], media: str = "application/json") -> Response:
    """A JSON object."""
    return data((json.dumps(values, ensure_ascii=False, indent=1) + "\n").encode(), media)


def chosen(offers: Sequence[str]) -> str:
    """The media type among `offers` that the reader likes best, the first of those liked alike; NotAcceptableError."""
    best = best_of(request.headers.get("Accept", ""), tuple(offers))
    if best is None:
        raise workers.NotAcceptableError(offers)
    return best


def best_of(accept: str, offers: tuple[str, ...]) -> str | None:
    """The media type among `offers` that an Accept header likes best, the first of those liked alike; None for none."""
    if not accept.strip():
        return offers[0]
    return (_best_of if len(accept) < _LONG else _best_of.__wrapped__)(accept, offers)


@lru_cache(maxsize=1000)
def _best_of(accept: str, offers: tuple[str, ...]) -> str | None:
    ranges = parse_accept_header(accept, MIMEAccept)
    bare = [(media.partition(";")[0].strip(), quality) for media, quality in ranges]  # no charset, no profile
    return MIMEAccept(bare).best_match(offers)


def wants_page() -> bool:
    """True when the reader is a browser: it names text/html itself."""
    return any(media == HTML for media, quality in request.accept_mimetypes if quality > 0)


def status_of(error: kg.KGError) -> int:
    """The status of an error: its own, or that of its kind."""
    return getattr(error, "status", None) or next(status for kind, status in STATUS if isinstance(error, kind))


def problem(status: int, sentence: str, **more: object) -> Response:
    """An error as a page for a browser, else as RFC 9457 has it; the sentence, given in English, says what to do."""
    title = _titles().get(status, gettext("This did not work"))
    told = said(sentence, g.get("language", "en"))
    if wants_page() and request.path != "/sparql":
        response = show("error.html", status=status, title=title, sentence=sentence, more=more)
    else:
        if "hint" in more:
            more["hint"] = said(str(more["hint"]), told.language).text
        body = {"type": "about:blank", "title": title, "status": status, "detail": told.text, **more}
        response = as_json(body, PROBLEM)
        response.headers["Content-Language"] = told.language
        response.vary.add("Accept-Language")
    response.status_code = status
    return response


def failed(response: Response, error: kg.KGError) -> Response:
    """A reply with the status of an error, and when to come back if that is known."""
    response.status_code = status_of(error)
    if isinstance(error, workers.BusyError):
        response.headers["Retry-After"] = str(error.retry_after_seconds)
    return response


def known_error(error: kg.KGError) -> Response:
    """The reply to a reader who can put it right: the sentence of the error, with its status and values."""
    more = {key: value for key, value in vars(error).items() if key not in _PRIVATE and _is_plain(value)}
    return failed(problem(status_of(error), str(error), **more), error)


def _http_error(error: HTTPException) -> Response:
    if error.code is None or error.code < 400:
        return current_app.make_response(error.get_response())
    response = problem(error.code, _SENTENCES.get(error.code) or error.description or error.name)
    for name, value in error.get_headers():
        if name not in ("Content-Type", "Content-Length"):
            response.headers[name] = value
    return response


def _our_error(error: Exception) -> Response:
    current_app.logger.error("%s %s", request.method, request.full_path, exc_info=error)
    return problem(500, "Something went wrong on our side; it has been written down.")


def _is_plain(value: object) -> bool:
    return isinstance(value, str | int | float) or (isinstance(value, list) and all(isinstance(v, str) for v in value))


def _titles() -> dict[int, str]:
    return {
        400: gettext("The request makes no sense"),
        403: gettext("Refused"),
        404: gettext("Not found"),
        405: gettext("Not done here"),
        406: gettext("No such format"),
        413: gettext("Too long"),
        415: gettext("Unknown kind of content"),
        422: gettext("Too much"),
        500: gettext("Our mistake"),
        503: gettext("Busy"),
        504: gettext("Out of time"),
    }


def _finish(response: Response) -> Response:
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    if response.mimetype != HTML:
        response.headers.setdefault("Access-Control-Allow-Origin", "*")
    if response.status_code == 200 and request.method in ("GET", "HEAD") and not response.is_streamed:
        response.headers.setdefault("Cache-Control", "no-cache")
        if response.headers["Cache-Control"] != "no-store":
            response.add_etag()
            response.make_conditional(request)
    return response
