"""The timeline: what is dated in the layers under `queries/timelines/`, drawn lane by lane; what is not is counted."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask import Blueprint, Response, g
from flask_babel import gettext

from webapp import links
from webapp.lanes import picture
from webapp.layers import Choice, Entry, Told, by_time, choice, days, layers, named, plainly, told
from webapp.offers import filters
from webapp.paging import ROWS_PER_PAGE, Pages, page_number
from webapp.reading import Reader, Shown
from webapp.replies import show, table

views = Blueprint("timelines", __name__)

FOLDER = "timelines"
TWINS = ("csv", "json")
COLUMNS = ("thing", "name", "layer", "kind", "phase", "start", "end", "earliest", "latest", "edtf", "words")


@dataclass(frozen=True)
class Row:
    """A line of the table: the thing, what it is, when it was, and what is uncertain about that."""

    told: Told
    phases: tuple[Shown, ...]
    words: str
    remark: str
    fuzzy: bool


@views.route("/timeline", defaults={"extension": ""})
@views.route("/timeline.<any(csv,json):extension>")
def timeline(extension: str) -> Response:
    reader = Reader(g.store, g.language)
    chosen = choice(layers(FOLDER))
    every = [entry for layer in chosen.layers for entry in layer.entries(reader)]
    entries = sorted(filter(chosen.lets, every), key=by_time)
    if extension:
        return table(COLUMNS, [_line(reader, entry) for entry in entries], extension, {"total": len(entries)})
    pages = Pages(page_number(), len(entries), ROWS_PER_PAGE)
    return show(
        "timeline.html",
        picture=picture(reader, chosen.layers, entries),
        choice=chosen,
        filters=filters(reader, chosen),
        rows=[_row(reader, entry) for entry in pages.part(entries)],
        undated=[reader.name(entry.thing) for entry in entries if entry.span is None],
        left_out=_undated(every, chosen),
        pages=pages,
        addresses=pages.addresses(lambda number: links.timeline(chosen.address, number)),
        twins={extension: links.timeline(chosen.address, extension=extension) for extension in TWINS},
    )


def _undated(entries: Sequence[Entry], chosen: Choice) -> int:
    """How many things a choice of years leaves out only because nobody dates them."""
    if chosen.years == (None, None):
        return 0
    anytime = Choice(chosen.layers, chosen.known, chosen.kind, chosen.phase)
    return sum(entry.span is None and anytime.lets(entry) for entry in entries)


def _row(reader: Reader, entry: Entry) -> Row:
    return Row(
        told(reader, entry),
        named(reader, entry, "phase"),
        "; ".join(entry.values.get("words", ())),
        _remark(entry),
        entry.span is not None and entry.span.fuzzy,
    )


def _remark(entry: Entry) -> str:
    """What is uncertain about a date, in words."""
    if entry.span is None:
        return str(gettext("no date with a year"))
    if entry.span.disputed:
        return str(gettext("sources differ"))
    if entry.span.open:
        return str(gettext("no end is given"))
    return str(gettext("not known to the day")) if entry.span.fuzzy else ""


def _line(reader: Reader, entry: Entry) -> tuple[str, ...]:
    held = {column: "; ".join(entry.values.get(column, ())) for column in ("start", "end", "edtf", "words")}
    kind, phase = (plainly(reader, entry, column) for column in ("kind", "phase"))
    known = (entry.thing, reader.plain(entry.thing), entry.layer.name, kind, phase)
    return (*known, held["start"], held["end"], *days(entry), held["edtf"], held["words"])
