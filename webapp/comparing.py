"""Two or three things side by side: what they share and what only one has, aspect by aspect.

An aspect is a file in `queries/compare/`: the values (?value) that a thing of any class has of it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any

from flask import Blueprint, Response, g, request
from flask_babel import gettext, ngettext

import kg
from webapp import links
from webapp.evidence import hides
from webapp.paging import ROWS_PER_PAGE, Pages, page_number
from webapp.reading import Reader, Shown, without_header
from webapp.replies import failed, show, table, wants_page
from webapp.wording import worded

views = Blueprint("comparing", __name__)

ASPECTS = kg.ROOT / "queries" / "compare"
EXAMPLES = ASPECTS / "examples" / "pairs.rq"
FIELDS = ("a", "b", "c")
SHORT_LIST = 12
"""How many values of one aspect are shown before the page points to the rest."""


@dataclass(frozen=True)
class Thing:
    """One of the things compared."""

    iri: str
    name: Shown
    kind: str
    spelling: str


@dataclass(frozen=True)
class Field:
    """A field of the form: what was written in it, what is wrong with that, and what may have been meant."""

    name: str
    value: str
    problem: str = ""
    choices: tuple[tuple[Shown, str], ...] = ()


@dataclass(frozen=True)
class Line:
    """One value, and which of the things have it, in their order."""

    iri: str
    value: Shown
    kind: str
    held: tuple[bool, ...]

    @property
    def shared(self) -> bool:
        return all(self.held)


@dataclass(frozen=True)
class Aspect:
    """What the things have of one aspect, shared values first, with the queries that found them."""

    slug: str
    title: str
    column: str
    description: str
    lines: tuple[Line, ...]
    said: tuple[str, ...]
    queries: tuple[tuple[Shown, str], ...]

    @property
    def shared(self) -> int:
        return sum(line.shared for line in self.lines)

    @property
    def alone(self) -> list[int]:
        """How many values each of the things has alone."""
        return [sum(line.held[n] and sum(line.held) == 1 for line in self.lines) for n in range(len(self.queries))]


@views.route("/compare", defaults={"extension": ""})
@views.route("/compare.<any(csv,json):extension>")
def compare(extension: str) -> Response:
    """What two or three things (`a`, `b`, `c`) share and what only one of them has, aspect by aspect."""
    reader = Reader(g.store, g.language)
    fields, things, error = _read(reader)
    if error is not None:
        if extension or not wants_page() or hides(error):
            raise error
        return failed(_page(reader, fields, things, []), error)
    if extension and len(things) < 2:
        raise kg.ParameterError("name two or three things to compare: a=…&b=…")
    aspects = [_aspect(reader, kg.read_question(file), things) for file in sorted(ASPECTS.glob("*.rq"))]
    if extension:
        return _twin(things, aspects, extension)
    return _page(reader, fields, things, aspects if len(things) > 1 else [])


def _page(reader: Reader, fields: Sequence[Field], things: Sequence[Thing], aspects: Sequence[Aspect]) -> Response:
    asked = request.args.get("aspect", "")
    one = next((aspect for aspect in aspects if aspect.slug == asked), None)
    if asked and aspects and one is None:
        raise kg.UnknownNameError(asked, [aspect.slug for aspect in aspects])
    iris = [thing.iri for thing in things]
    pages = Pages(page_number(), len(one.lines), ROWS_PER_PAGE) if one else None
    return show(
        "compare.html",
        fields=fields,
        things=things,
        aspects=[one] if one else [aspect for aspect in aspects if aspect.lines],
        empty=[] if one else [aspect.title for aspect in aspects if not aspect.lines],
        iris=iris,
        pages=pages,
        addresses=pages.addresses(lambda number: links.compare(*iris, aspect=asked, page=number)) if pages else [],
        short=SHORT_LIST,
        pairs=list(combinations(things, 2)),
        examples=_examples(reader),
    )


def _read(reader: Reader) -> tuple[list[Field], list[Thing], kg.KGError | None]:
    """The form as it was filled in, the things that it names, and the first thing that is wrong with it."""
    fields, things, first = [], [], None
    for name in FIELDS:
        text = request.args.get(name, "").strip()
        try:
            thing = _thing(reader, text) if text else None
        except kg.KGError as error:
            fields.append(_doubtful(reader, name, text, error))
            first = first or error
            continue
        fields.append(Field(name, thing.spelling if thing else ""))
        if thing and thing not in things:
            things.append(thing)
    return fields, things, first


def _thing(reader: Reader, text: str) -> Thing:
    iri = reader.index.resolve(text)
    node = kg.NamedNode(iri)
    if not reader.store.statements(subject=node) and not reader.store.statements(object=node):
        raise kg.UnknownNameError(text)
    name = reader.name(iri)
    try:
        spelling = name.text if reader.index.resolve(name.text) == iri else kg.shorten(iri)
    except kg.KGError:
        spelling = kg.shorten(iri)
    return Thing(iri, name, reader.kind(iri), spelling)


def _doubtful(reader: Reader, name: str, text: str, error: kg.KGError) -> Field:
    """A field whose text is no thing, or several, with the nearest things as links to the same comparison."""
    hits = kg.search(reader.store, text, 6, reader.language)
    given: dict[str, Any] = {field: request.args.get(field, "") for field in FIELDS}
    choices = tuple((reader.name(hit.iri), links.compare(**{**given, name: kg.shorten(hit.iri)})) for hit in hits)
    if isinstance(error, kg.AmbiguousNameError):
        return Field(name, text, gettext("Several things are called that; choose one:"), choices)
    nearest = (" " + gettext("Nearest:")) if hits else ""
    return Field(name, text, gettext("Nothing is called that.") + nearest, choices)


def _aspect(reader: Reader, question: kg.Question, things: Sequence[Thing]) -> Aspect:
    texts = [kg.fill(question, {"thing": thing.iri}) for thing in things]
    held = [{row["value"].value for row in reader.store.query(text, name=question.name).rows} for text in texts]  # type: ignore[union-attr]
    lines = [
        Line(iri, reader.name(iri), reader.kind(iri), tuple(iri in values for values in held))
        for iri in set().union(*held) - {thing.iri for thing in things}
    ]
    lines.sort(key=lambda line: (-sum(line.held), [not one for one in line.held], kg.fold(line.value.text), line.iri))
    return Aspect(
        question.path.stem,
        worded(question, "summary", reader.language),
        reader.column(question, "value"),
        worded(question, "description", reader.language),
        tuple(lines),
        tuple(_said(things, lines)),
        tuple((thing.name, links.query(without_header(text))) for thing, text in zip(things, texts, strict=True)),
    )


def _said(things: Sequence[Thing], lines: Sequence[Line]) -> list[str]:
    """How many values all share, how many two of three, and how many only one has."""
    shared = sum(all(line.held) for line in lines)
    said = [ngettext("%(num)d shared", "%(num)d shared", shared)]
    some = sum(1 < sum(line.held) < len(things) for line in lines)
    if some:
        said.append(ngettext("%(num)d shared by two", "%(num)d shared by two", some))
    for place, thing in enumerate(things):
        alone = sum(line.held[place] and sum(line.held) == 1 for line in lines)
        said.append(ngettext("%(num)d only %(name)s", "%(num)d only %(name)s", alone, name=thing.name.text))
    return said


def _examples(reader: Reader) -> list[tuple[list[Shown], str]]:
    """Comparisons to begin with: the names, and the address."""
    rows = reader.kept("comparisons", lambda: reader.store.query(kg.read_question(EXAMPLES).text).rows)
    found = []
    for row in rows:
        iris = [row[name].value for name in FIELDS if row[name] is not None]  # type: ignore[union-attr]
        found.append(([reader.name(iri) for iri in iris], links.compare(*iris)))
    return found


def _twin(things: Sequence[Thing], aspects: Sequence[Aspect], extension: str) -> Response:
    fields = FIELDS[: len(things)]
    rows = [
        (aspect.title, line.iri, line.value.text, *("yes" if held else "no" for held in line.held))
        for aspect in aspects
        for line in aspect.lines
    ]
    about = {field: {"iri": thing.iri, "name": thing.name.text} for field, thing in zip(fields, things, strict=True)}
    if extension == "json":
        return table(("aspect", "iri", "name", *fields), rows, extension, {**about, "total": len(rows)})
    return table(("aspect", "iri", "name", *(thing.name.text for thing in things)), rows, extension, {})
