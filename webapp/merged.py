"""Ids that were merged into others: an address with one of them leads on to the thing that stands."""

from flask import Response, g, request

import kg
from webapp import links
from webapp.reading import Reader
from webapp.replies import led_on


def moved(path: str) -> Response | None:
    """301 to the thing into which the id at the end of a path was merged; None for any other id."""
    rows = Reader(g.store, g.language).ask("explorer/merged", id=path.rpartition("/")[2])
    if len(rows) != 1:
        return None
    thing: str = rows[0]["thing"].value
    before, _, after = request.path.rpartition(path)
    place = thing.removeprefix(kg.BASE) if before == "/" else links.path_of(thing)
    return led_on(links.instead(before + place + after), 301)
