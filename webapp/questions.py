"""The packs of questions, one question with its form and answer, and a query of the reader's own."""

import time
from collections.abc import Callable
from dataclasses import asdict, dataclass

from flask import Blueprint, Response, current_app, g, render_template, request

import kg
from webapp import drawings, links
from webapp.completion import ROLES, offers
from webapp.drawings import Drawing
from webapp.evidence import hides
from webapp.paging import ROWS_PER_PAGE, Link, Pages, page_number, split
from webapp.reading import Reader, Shown, speaking, without_header, without_repeats
from webapp.replies import HTML, PLAIN, QUERY, ROWS, SPREADSHEET, as_json, data, failed, show, wants_page
from webapp.samples import Sample, samples
from webapp.wording import worded
from webapp.workers import Job, Workers

views = Blueprint("questions", __name__)

EXTENSIONS = ("csv", "tsv", "json", "xml", "md", "xlsx")
TEXT = ("rq",)
FORMATS = {"construct": ("ttl", "nt", "rdf", "jsonld"), "select": ("csv", "tsv", "json", "xml"), "ask": ("json", "xml")}
RESERVED = {"lang", "page", "view", "evidence"}


@dataclass(frozen=True)
class Choice:
    """One value that a parameter may take, and what it is called."""

    value: str
    label: str


@dataclass(frozen=True)
class Field:
    """One parameter of a question as a form shows it; `called` is the name of the thing it stands for, if typed."""

    name: str
    value: str
    type: str
    required: bool
    choices: tuple[Choice, ...]
    called: str


@dataclass(frozen=True)
class View:
    """One way to look at an answer."""

    name: str
    href: str
    current: bool


@dataclass(frozen=True)
class Result:
    """A page of an answer: rows of shown values, or a truth value; a picture where one fits."""

    kind: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Shown | None, ...], ...]
    boolean: bool
    pages: Pages
    fitting: tuple[str, ...]
    drawing: Drawing | None
    seconds: float

    @property
    def view(self) -> str:
        return self.drawing.view if self.drawing else "table"

    def views(self, address: Callable[[str], str]) -> list[View]:
        """Links to the table and the pictures that fit, none when only the table does."""
        names = ("table", *self.fitting) if self.fitting else ()
        return [View(name, address(name), name == self.view) for name in names]


@dataclass(frozen=True)
class Answered:
    """An answer with all that a reader may do with it."""

    result: Result
    pages: list[Link]
    views: list[View]
    downloads: dict[str, str]
    samples: list[Sample]
    advice: str
    cite: str


@views.route("/query/")
def packs() -> Response:
    text = request.args.get("query", "")
    try:
        return _page_of_queries(text, own(text) if text.strip() else None)
    except kg.KGError as error:
        if not wants_page():
            raise
        return failed(_page_of_queries(text, None, str(error)), error)


@views.route("/query/answer", defaults={"extension": ""})
@views.route("/query/answer.<any(xlsx):extension>")
def answer(extension: str) -> Response:
    """The answer alone: a part of the page of queries, or a file."""
    text = request.args.get("query", "")
    if extension:
        return _twin(text, extension, "answer")
    answered = own(text)
    return _timed(data(render_template("_answer.html", answered=answered, named=True).encode(), HTML), answered)


@views.route("/query/advice", defaults={"extension": ""})
@views.route("/query/advice.<any(json):extension>")
def advice(extension: str) -> Response:
    """What a query leaves out or repeats, or why it gives nothing."""
    text = request.args.get("query", "")
    found = _pool().advise(Job(g.store.path, text), g.language)
    if extension:
        return data(found.to_json().encode(), PLAIN[extension])
    return show("advice.html", text=text, advice=found)


@views.route("/query/complete")
def complete() -> Response:
    role = request.args.get("as", "any")
    if role not in ROLES:
        raise kg.ParameterError(f'as="{role}" is not one of {", ".join(ROLES)}')
    found = offers(Reader(g.store, g.language), request.args.get("q", "").strip()[:100], role)
    return as_json({"items": [asdict(offer) for offer in found]})


@views.route("/query/<name>/")
def pack(name: str) -> Response:
    found = next((pack for pack in kg.packs() if pack.name == name), None)
    if found is None:
        raise kg.UnknownQueryError(name, [pack.name for pack in kg.packs()])
    return show("pack.html", pack=found)


@views.route("/query/<pack_name>/<slug>")
def question(pack_name: str, slug: str) -> Response:
    slug, extension = split(slug, EXTENSIONS + TEXT)
    of_pack, found = _of_pack(f"{pack_name}/{slug}")
    values, text = _values(found), found.text
    try:
        text = kg.text_of(g.store, found.name, **values)
        if extension in TEXT:
            return data(without_header(text).encode(), QUERY[extension], f"{slug}.{extension}")
        if extension:
            return _twin(text, extension, slug)
        return _page_of_question(of_pack, found, values, text, _asked(found, values, text))
    except kg.KGError as error:
        if extension or not wants_page() or hides(error):
            raise
        return failed(_page_of_question(of_pack, found, values, text, None, str(error)), error)


def _asked(question: kg.Question, values: dict[str, str], text: str) -> Answered:
    """The answer to a question of the packs."""
    return _answered(
        text,
        question,
        lambda number, view: links.question(question.name, values, number, view=view),
        {extension: links.question(question.name, values, extension=extension) for extension in EXTENSIONS},
    )


def _page_of_question(
    pack: kg.Pack,
    question: kg.Question,
    values: dict[str, str],
    text: str,
    answered: Answered | None,
    fault: str = "",
) -> Response:
    page = show(
        "question.html",
        pack=pack,
        question=question,
        fields=_fields(question, values),
        text=without_header(text),
        answered=answered,
        fault=fault,
    )
    return _timed(page, answered)


def _page_of_queries(text: str, answered: Answered | None, fault: str = "") -> Response:
    page = show("query.html", packs=kg.packs(), text=text, answered=answered, fault=fault, prefixes=kg.prefixes())
    return _timed(page, answered)


def own(text: str) -> Answered:
    """The answer to a query of the reader's own."""
    return _answered(text, None, lambda number, view: links.query(text, number, view), {})


def _answered(
    text: str, question: kg.Question | None, address: Callable[[int, str], str], downloads: dict[str, str]
) -> Answered:
    view = request.args.get("view", "") or (question.view if question else "")
    result = _result(text, question, view)
    query = without_header(text) if question else text
    if not question:
        downloads = {name: links.sparql(text, name) for name in FORMATS[result.kind]}
        downloads["xlsx"] = links.answer(text, "xlsx")
    given = request.args.get("view", "")
    return Answered(
        result=result,
        pages=result.pages.addresses(lambda number: address(number, given)),
        views=result.views(lambda name: address(1, name)),
        downloads=downloads,
        samples=samples(result.kind, query, links.absolute(links.sparql())),
        advice=links.advice(query),
        cite=links.cited(query=query, title=worded(question, "summary", g.language) if question else ""),
    )


def _of_pack(name: str) -> tuple[kg.Pack, kg.Question]:
    for pack in kg.packs():
        for question in pack.questions:
            if question.name == name:
                return pack, question
    raise kg.UnknownQueryError(name, [question.name for pack in kg.packs() for question in pack.questions])


def _values(question: kg.Question) -> dict[str, str]:
    """The parameters that the address gives; one called `lang` is the language of the page, as far as it has it."""
    values = {key: value for key, value in request.args.items() if key not in RESERVED and value != ""}
    return values | speaking(question, g.language)


def _fields(question: kg.Question, values: dict[str, str]) -> list[Field]:
    reader = Reader(g.store, g.language)
    return [
        _field(reader, one, values.get(one.name, one.default or ""))
        for one in question.parameters
        if one.name not in RESERVED
    ]


def _field(reader: Reader, parameter: kg.Parameter, value: str) -> Field:
    choices = tuple(Choice(choice, _called(reader, choice, parameter.type)) for choice in parameter.choices)
    called = "" if choices else _called(reader, value, parameter.type)
    return Field(parameter.name, value, parameter.type, parameter.required, choices, called if called != value else "")


def _called(reader: Reader, value: str, type: str) -> str:
    """What a choice is called: the name of the thing that it stands for, else as it is written."""
    iri = kg.expand(value) if type == "iri" else None
    return reader.plain(iri) if iri else value


def _result(text: str, question: kg.Question | None, view: str) -> Result:
    number = page_number()
    first, last = (number - 1) * ROWS_PER_PAGE, number * ROWS_PER_PAGE
    whole = view not in ("", "table")
    start, count = (0, max(last, drawings.MOST_ROWS)) if whole else (first, ROWS_PER_PAGE)
    began = time.perf_counter()
    found = _pool().rows(Job(g.store.path, text), start, count)
    seconds = time.perf_counter() - began
    listed = found.rows[first:last] if whole else found.rows
    reader = Reader(g.store, g.language)
    named = tuple(reader.column(question, name) if question else name for name in found.columns)
    table = drawings.Table(found.columns, named, found.rows, found.total, reader)
    tell = reader.formed if question else reader.value
    cells = [tuple(None if term is None else tell(term) for term in row) for row in listed]
    columns, shown = without_repeats(named, cells)
    return Result(
        kind=found.kind,
        columns=columns,
        rows=shown,
        boolean=found.boolean,
        pages=Pages(number, found.total, ROWS_PER_PAGE),
        fitting=tuple(table.fitting()) if found.kind == "select" else (),
        drawing=table.drawn(view) if whole and found.kind == "select" else None,
        seconds=seconds,
    )


def _twin(text: str, extension: str, name: str) -> Response:
    written = _pool().write(Job(g.store.path, text), extension, "xlsx" if extension == "xlsx" else "ttl")
    media = {**ROWS, **SPREADSHEET, "md": PLAIN["md"], "ttl": "text/turtle"}[written.format]
    return data(written.data, media, f"{name}.{written.format}")


def _timed(response: Response, answered: Answered | None) -> Response:
    """The reply with a header that says how long the query took."""
    if answered is not None:
        response.headers["Server-Timing"] = f"query;dur={answered.result.seconds * 1000:.1f}"
    return response


def _pool() -> Workers:
    pool: Workers = current_app.extensions["workers"]
    return pool
