"""The packs of questions, one question with its form and answer, and a query of the reader's own."""

from collections.abc import Callable
from dataclasses import dataclass

from flask import Blueprint, Response, current_app, g, request

import kg
from webapp import links
from webapp.paging import ROWS_PER_PAGE, Link, Pages, page_number, split
from webapp.reading import Reader, Shown, without_header, without_repeats
from webapp.replies import PLAIN, ROWS, data, show
from webapp.workers import Job, Workers

views = Blueprint("questions", __name__)

EXTENSIONS = ("csv", "tsv", "json", "xml", "md")
RESERVED = {"lang", "page"}


@dataclass(frozen=True)
class Field:
    """One parameter of a question as a form shows it."""

    name: str
    value: str
    type: str
    required: bool
    choices: tuple[str, ...]


@dataclass(frozen=True)
class Result:
    """A page of an answer: rows of shown values, or a truth value."""

    kind: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Shown | None, ...], ...]
    boolean: bool
    pages: Pages


@views.route("/query/")
def packs() -> Response:
    text = request.args.get("query", "")
    result = _result(text) if text.strip() else None
    pages = _addresses(result, lambda number: links.query(text, number))
    return show("query.html", packs=kg.packs(), text=text, result=result, pages=pages, prefixes=kg.prefixes())


@views.route("/query/<name>/")
def pack(name: str) -> Response:
    found = next((pack for pack in kg.packs() if pack.name == name), None)
    if found is None:
        raise kg.UnknownQueryError(name, [pack.name for pack in kg.packs()])
    return show("pack.html", pack=found)


@views.route("/query/<pack_name>/<slug>")
def question(pack_name: str, slug: str) -> Response:
    slug, extension = split(slug, EXTENSIONS)
    found = _of_pack(f"{pack_name}/{slug}")
    values = _values(found)
    text = kg.text_of(g.store, found.name, **values)
    if extension:
        return _twin(text, extension, slug)
    result = _result(text, found)
    return show(
        "question.html",
        question=found,
        fields=_fields(found, values),
        values=values,
        text=without_header(text),
        result=result,
        extensions=EXTENSIONS,
        pages=_addresses(result, lambda number: links.question(found.name, values, number)),
    )


def _of_pack(name: str) -> kg.Question:
    for pack in kg.packs():
        for question in pack.questions:
            if question.name == name:
                return question
    raise kg.UnknownQueryError(name, [question.name for pack in kg.packs() for question in pack.questions])


def _values(question: kg.Question) -> dict[str, str]:
    """The parameters that the address gives; one called `lang` is the language of the page."""
    values = {key: value for key, value in request.args.items() if key not in RESERVED and value != ""}
    if any(parameter.name == "lang" for parameter in question.parameters):
        values["lang"] = g.language
    return values


def _fields(question: kg.Question, values: dict[str, str]) -> list[Field]:
    return [
        Field(one.name, values.get(one.name, one.default or ""), one.type, one.required, one.choices)
        for one in question.parameters
        if one.name not in RESERVED
    ]


def _result(text: str, question: kg.Question | None = None) -> Result:
    number = page_number()
    rows = _pool().rows(Job(g.store.path, text), (number - 1) * ROWS_PER_PAGE, ROWS_PER_PAGE)
    reader = Reader(g.store, g.language)
    columns = tuple(reader.column(question, name) if question else name for name in rows.columns)
    columns, shown = without_repeats(columns, [tuple(map(reader.cell, row)) for row in rows.rows])
    return Result(rows.kind, columns, shown, rows.boolean, Pages(number, rows.total, ROWS_PER_PAGE))


def _twin(text: str, extension: str, name: str) -> Response:
    written = _pool().write(Job(g.store.path, text), extension, "ttl")
    media = {**ROWS, "md": PLAIN["md"], "ttl": "text/turtle"}[written.format]
    return data(written.data, media, f"{name}.{written.format}")


def _addresses(result: Result | None, address: Callable[[int], str]) -> list[Link]:
    return [] if result is None else result.pages.addresses(address)


def _pool() -> Workers:
    pool: Workers = current_app.extensions["workers"]
    return pool
