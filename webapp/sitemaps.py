"""The pages of the site for search engines, after the protocol of sitemaps."""

from collections.abc import Iterator, Sequence
from xml.sax.saxutils import escape

from flask import Blueprint, Response, g

import kg
from webapp import links
from webapp.reading import Reader
from webapp.replies import data

views = Blueprint("sitemaps", __name__)

MOST_PLACES = 50_000
"""Addresses in one file, as the protocol allows."""


@views.route("/sitemap.xml", defaults={"number": 0})
@views.route("/sitemap-<int:number>.xml")
def sitemap(number: int) -> Response:
    """Every page worth finding; in several files, with an index of them, where there are many."""
    general, things = list(_pages()), _things()
    parts = -(-(len(general) + len(things)) // MOST_PLACES)
    if number > parts:
        raise kg.UnknownNameError(f"sitemap-{number}")
    if parts > 1 and number == 0:
        return _xml("sitemapindex", "sitemap", [links.sitemap(part) for part in range(1, parts + 1)])
    first = (max(number, 1) - 1) * MOST_PLACES
    begin, end = (max(0, place - len(general)) for place in (first, first + MOST_PLACES))
    return _xml("urlset", "url", [*general[first : first + MOST_PLACES], *map(links.of, things[begin:end])])


def _pages() -> Iterator[str]:
    """The pages that are not about one thing."""
    yield from (links.home(), links.browse(), links.sources(), links.ontology(), links.packs(), links.downloads())
    yield from (links.gaps(), links.contribute(), links.compare())
    for pack in kg.packs():
        yield links.pack(pack.name)
        yield from (links.question(question.name) for question in pack.questions)


def _things() -> Sequence[str]:
    reader = Reader(g.whole, g.language)
    return reader.kept("pages", lambda: [row["thing"].value for row in reader.ask("dataset/pages")])


def _xml(root: str, element: str, addresses: Sequence[str]) -> Response:
    """A sitemap, each entry with the day of the snapshot."""
    day = g.whole.manifest["built"][:10]
    entries = "".join(
        f"<{element}><loc>{escape(links.absolute(one))}</loc><lastmod>{day}</lastmod></{element}>\n"
        for one in addresses
    )
    space = "http://www.sitemaps.org/schemas/sitemap/0.9"
    text = f'<?xml version="1.0" encoding="UTF-8"?>\n<{root} xmlns="{space}">\n{entries}</{root}>\n'
    return data(text.encode(), "application/xml")
