"""What the shapes expect and the graph lacks; apart from it, what was looked for and not found; and how to add it.

Each file under `queries/gaps/searched/` is a table of what was looked for in vain.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from flask import Blueprint, Response, current_app, g, request

import kg
from webapp import links
from webapp.gapfacets import NONE, Sorting, facet, key, message, severities, sort
from webapp.limits import BusyError
from webapp.paging import Pages, page_number
from webapp.reading import Reader, Shown, speaking, without_header
from webapp.replies import PLAIN, data, show, table
from webapp.wording import worded

views = Blueprint("gaps", __name__)

SEARCHED = kg.ROOT / "queries" / "gaps" / "searched"
GUIDE = kg.ROOT / "CONTRIBUTING.md"
GAPS_PER_PAGE = 50
MOST_ROWS = 10


class UnfinishedError(BusyError):
    """The report of the shapes is still being worked out."""

    def __init__(self) -> None:
        super().__init__(10)
        self.args = ("the graph is still being checked against its shapes; try again in 10 s",)


@dataclass(frozen=True)
class Gap:
    """Something a thing lacks: what to do, in the reader's language, how much it matters, and where to mend it."""

    iri: str
    thing: Shown
    kind: str
    severity: str
    message: str
    property: Shown | None
    value: str
    rule: str
    files: tuple[str, ...]
    mend: str


@dataclass(frozen=True)
class Searched:
    """What was looked for and not found: some rows, how many there are, and the query behind them."""

    title: str
    description: str
    caveats: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Shown | None, ...], ...]
    total: int
    query: str


def gaps_of(reader: Reader, iri: str) -> list[Gap] | None:
    """What the shapes miss in a thing, the gravest first; None as long as the snapshot has not been checked.

    The report is of all that the snapshot holds, also where the reader sees less of it.
    """
    found = _by_thing(Reader(g.whole, reader.language))
    return None if found is None else [_gap(reader, result) for result in found.get(iri, ())]


@views.route("/gaps", defaults={"extension": ""})
@views.route("/gaps.<any(csv,json):extension>")
def gaps(extension: str) -> Response:
    """What the graph lacks, by severity, rule, class, country, year and language of the sources."""
    reader = Reader(g.whole, g.language)
    if (by_thing := _by_thing(reader)) is None and not current_app.config["PREPARES"]:
        kg.report_of(g.whole)
        by_thing = _by_thing(reader)
    if by_thing is None:
        if extension:
            raise UnfinishedError
        return show("gaps.html", unfinished=True, searched=_searched())
    results = [result for some in by_thing.values() for result in some]
    sorting = sort(reader, by_thing)
    chosen = {name: request.args[name] for name in sorting if request.args.get(name)}
    left = [one for one in results if all(value in sorting[name][key(one)] for name, value in chosen.items())]
    left.sort(key=lambda one: (kg.SEVERITIES.index(one.severity), kg.fold(one.label), one.message))
    if extension:
        return _twin(reader, left, sorting, chosen, extension)
    pages = Pages(page_number(), len(left), GAPS_PER_PAGE)
    return show(
        "gaps.html",
        facets=[facet(reader, name, results, sorting, chosen) for name in sorting],
        chosen=chosen,
        without=_without,
        weights=severities(),
        total=len(results),
        things=len(by_thing),
        severities=Counter(result.severity for result in results),
        listed=[_gap(reader, result) for result in pages.part(left)],
        pages=pages,
        addresses=pages.addresses(lambda number: links.gaps(chosen, number)),
        searched=_searched(),
    )


@views.route("/contribute")
def contribute() -> Response:
    """How to add a source or mend a gap, and which files speak of one thing."""
    reader = Reader(g.whole, g.language)
    given = request.args.get("about", "")
    iri = kg.index_of(g.whole).resolve(given) if given else ""
    held = g.whole.statements(subject=kg.NamedNode(iri)) if iri else {}
    if iri and not held:
        raise kg.UnknownNameError(given)
    graphs = sorted({graph for found in held.values() for graph in found} & g.whole.files.keys())
    example = GUIDE.read_text(encoding="utf-8").partition("```turtle\n")[2].partition("```")[0]
    return show(
        "contribute.html",
        iri=iri,
        short=kg.shorten(iri),
        weights=severities(),
        thing=reader.heading(iri) if iri else None,
        found=gaps_of(reader, iri) if iri else [],
        files=[(g.whole.files[graph], reader.name(graph)) for graph in graphs],
        example="\n".join(line.removeprefix("   ") for line in example.rstrip().splitlines()),
    )


@views.route("/contribute.md")
def guide() -> Response:
    """The whole guide for those who add to the graph."""
    return data(GUIDE.read_bytes(), PLAIN["md"])


def _by_thing(reader: Reader) -> dict[str, list[kg.Result]] | None:
    """What the report says of each thing; None where there is no report yet."""
    held: list[dict[str, list[kg.Result]]] = reader.kept("report by thing", list)
    if not held:
        report = kg.find_report(reader.store)
        if report is None:
            return None
        by_thing: dict[str, list[kg.Result]] = {}
        for result in report.results:
            by_thing.setdefault(result.focus, []).append(result)
        held.append(by_thing)
    return held[0]


def _gap(reader: Reader, result: kg.Result) -> Gap:
    path = kg.expand(result.path) if ":" in result.path else None
    return Gap(
        result.focus,
        reader.name(result.focus),
        reader.kind(result.focus),
        result.severity,
        message(result, reader.language),
        reader.name(path) if path else None,
        result.value,
        result.shape,
        result.files,
        links.contribute(result.focus),
    )


def _without(chosen: Mapping[str, str], name: str) -> dict[str, str]:
    return {other: value for other, value in chosen.items() if other != name}


def _searched() -> list[Searched]:
    """What was looked for and not found, as far as the reader sees the graph."""
    reader = Reader(g.store, g.language)
    return reader.kept(("searched", reader.view), lambda: _tables(reader))


def _tables(reader: Reader) -> list[Searched]:
    found = [_table(reader, kg.read_question(file)) for file in sorted(SEARCHED.glob("*.rq"))]
    return [one for one in found if one.total]


def _table(reader: Reader, question: kg.Question) -> Searched:
    text = kg.fill(question, speaking(question, reader.language))
    answer = reader.store.query(text, name=question.name)
    rows = tuple(tuple(reader.cell(row[column]) for column in answer.columns) for row in answer.rows[:MOST_ROWS])
    return Searched(
        worded(question, "summary", reader.language),
        worded(question, "description", reader.language),
        worded(question, "caveats", reader.language),
        tuple(reader.column(question, name) for name in answer.columns),
        rows,
        len(answer.rows),
        links.query(without_header(text)),
    )


def _twin(
    reader: Reader, left: Sequence[kg.Result], sorting: Sorting, chosen: Mapping[str, str], extension: str
) -> Response:
    names = [name for name in sorting if name not in ("severity", "rule")]
    columns = ("iri", "name", "severity", "message", "property", "value", "shape", *names, "files")
    rows = []
    for one in left:
        values = [" ".join(value for value in sorting[name][key(one)] if value != NONE) for name in names]
        said = (one.focus, reader.plain(one.focus), one.severity, message(one, reader.language))
        rows.append((*said, one.path, one.value, one.shape, *values, " ".join(one.files)))
    return table(columns, rows, extension, {"snapshot": g.whole.id, "chosen": chosen, "total": len(rows)})
