"""Networks as pages: what an address asks for, and the answer as a page, a picture or a file."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from functools import lru_cache

from flask import Blueprint, Response, g, request

import kg
from webapp import links
from webapp.networks import drawings, picks, seen, tables
from webapp.networks.asking import Asked, asked_for, changed
from webapp.paging import ROWS_PER_PAGE, Pages, page_number
from webapp.reading import Reader
from webapp.replies import PLAIN, SPREADSHEET, as_json, data, failed, show, wants_page

views = Blueprint("networks", __name__)

Network = kg.networks.Network
Ties = kg.networks.Ties
Wanted = kg.networks.Wanted

MEDIA = {
    "graphml": "application/graphml+xml",
    "gexf": "application/gexf+xml",
    "csv": PLAIN["csv"],
    "nodes.csv": PLAIN["csv"],
    "json": PLAIN["json"],
    "xlsx": SPREADSHEET["xlsx"],
    "svg": "image/svg+xml",
}
DRAWING = "drawing.json"


@views.route("/network", defaults={"extension": ""})
@views.route(f"/network.<any({','.join([*MEDIA, DRAWING])}):extension>")
def network(extension: str) -> Response:
    if not request.args.get("name"):
        return show("networks.html", networks=kg.networks.known())
    asked = asked_for(Reader(g.store, g.language))
    if extension:
        return _file(asked, extension)
    try:
        return _page(asked, _network(asked))
    except kg.NetworkTooLargeError as error:
        if not wants_page():
            raise
        return failed(_page(asked, None, str(error)), error)


def _page(asked: Asked, found: Network | None, fault: str = "") -> Response:
    reader = Reader(g.store, g.language)
    ties = _ties(asked.name)
    values: dict[str, object] = {
        "asked": asked,
        "question": ties.question,
        "networks": kg.networks.known(),
        "form": seen.form(reader, ties, asked),
        "fault": fault,
        "years": _span_of(ties),
        "query": kg.text_of(g.store, ties.question.name),
    }
    if found:
        view = seen.Seen(reader, found, asked.when, changed)
        values |= {"seen": view, "picked": _picked(reader, asked), **_listed(view, asked, _hidden(asked, found))}
        alone = changed(**dict.fromkeys(("node", "list", "sort", "kind", "state")))
        values |= {"files": {one: links.network(alone, one) for one in MEDIA}}
        values |= {"drawing": links.network(alone, DRAWING), "most": drawings.MOST_DRAWN}
        values |= {"most_lines": drawings.MOST_LINES}
    return show("network.html", **values)


def _listed(view: seen.Seen, asked: Asked, hidden: Mapping[str, int]) -> dict[str, object]:
    """The part of the list that is asked for."""
    in_ties = asked.listed == "ties"
    table = tables.table_of_ties(view, asked) if in_ties else tables.table_of_things(view, asked, hidden)
    pages = Pages(page_number(), len(table.keys), ROWS_PER_PAGE)
    addresses = pages.addresses(lambda number: links.network(changed(page=number if number > 1 else None)))
    return {"table": table, "rows": table.rows(pages.part(table.keys)), "pages": pages, "addresses": addresses}


def _picked(reader: Reader, asked: Asked) -> picks.Picked | None:
    """A thing that was chosen, and all that it is tied to, whether shown or not."""
    if not asked.node:
        return None
    near = _made(_ties(asked.name), replace(asked.wanted, around=(asked.node,)), g.language)
    shown = _network(asked).nodes
    return picks.picked(seen.Seen(reader, near, asked.when, changed), asked, shown)


def _hidden(asked: Asked, found: Network) -> dict[str, int]:
    """How many more things each thing is tied to than are shown around those asked for."""
    if not asked.wanted.around:
        return {}
    try:
        whole = kg.networks.measure(_made(_ties(asked.name), asked.whole, g.language))
    except kg.NetworkTooLargeError:
        return {}
    here = kg.networks.measure(found)
    more = {iri: whole[iri].degree - one.degree for iri, one in here.items() if iri in whole}
    return {iri: number for iri, number in more.items() if number}


def _file(asked: Asked, extension: str) -> Response:
    found = _network(asked)
    if extension == DRAWING:
        return as_json(_drawn(asked, found).data())
    if extension == "svg":
        dark = request.args.get("scheme") == "dark"
        return data(_drawn(asked, found).svg(dark), MEDIA["svg"], f"{asked.name}.svg")
    return data(kg.networks.write_network(found, extension, asked.when), MEDIA[extension], f"{asked.name}.{extension}")


def _drawn(asked: Asked, found: Network) -> drawings.Drawing:
    """The picture; things stand where they stand in the whole network, as long as that can be drawn."""
    try:
        places = kg.networks.place(_made(_ties(asked.name), asked.whole, g.language))
    except kg.NetworkTooLargeError:
        places = {}
    reader = Reader(g.store, g.language)
    return drawings.Drawing(
        reader, found, asked.when, places or kg.networks.place(found), asked.size, asked.colour, _hidden(asked, found)
    )


def _ties(name: str) -> Ties:
    return Reader(g.store, g.language).kept(("network", name), lambda: kg.networks.read(g.store, name))


def _network(asked: Asked) -> Network:
    return _made(_ties(asked.name), asked.wanted, g.language)


@lru_cache(maxsize=32)
def _made(ties: Ties, wanted: Wanted, language: str) -> Network:
    return ties.network(wanted, language)


def _span_of(ties: Ties) -> tuple[int, int]:
    """The first and the last year of anything dated, for sliders."""

    def find() -> tuple[int, int]:
        spans = [record.evidence.span for record in ties.records if record.evidence.span.dated]
        ends = [day for span in spans for day in (span.start.first, span.start.last, span.end.first, span.end.last)]
        years = [day.year for day in ends if date.min < day < date.max]
        return (min(years), max(years)) if years else (2000, 2000)

    return Reader(g.store, g.language).kept(("network years", ties.question.name), find)
