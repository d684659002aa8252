"""The map: what has a position in the layers under `queries/maps/`, and a list of what has none.

The server draws it, so that it can be seen without script; in a browser with script `map.js` puts one in its place that
can be moved, from the same places.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from flask import Blueprint, Response, g
from flask_babel import format_decimal, gettext, ngettext

from webapp import links
from webapp.atlas import Frame, countries
from webapp.layers import Choice, Entry, Layer, Told, choice, days, layers, named, plainly, told, when
from webapp.offers import filters
from webapp.paging import ROWS_PER_PAGE, Pages, page_number
from webapp.reading import Reader, Shown
from webapp.replies import as_json, show, table

views = Blueprint("maps", __name__)

FOLDER = "maps"
TWINS = ("csv", "json", "geojson")
COLUMNS = ("thing", "name", "layer", "kind", "start", "end", "earliest", "latest", "at", "lat", "long")
ENDS = ("through", "to", "toLat", "toLong")
MOST_PLACES = 2000
"""Places that are drawn; the table has all."""
MEDITERRANEAN = Frame(-12.5, 26.5, 41.5, 54.5, 800)
"""The part of the world in which most places of this graph lie; what lies elsewhere is named beside the picture."""

Point = tuple[float, float]
"""Latitude and longitude in degrees."""


@dataclass(frozen=True)
class Dot:
    """A place in the server's picture: where, how large, of which colour, what is there."""

    x: float
    y: float
    radius: float
    kind: str
    name: str
    href: str


@dataclass(frozen=True)
class Still:
    """The server's picture: the borders, the dots on them, lines between them, and what lies outside."""

    frame: Frame
    land: str
    dots: tuple[Dot, ...]
    lines: tuple[tuple[float, float, float, float], ...]
    outside: tuple[str, ...]


@dataclass(frozen=True)
class Row:
    """A line of the table."""

    told: Told
    at: tuple[Shown, ...]
    position: str
    to: tuple[Shown, ...]
    through: tuple[Shown, ...]


@views.route("/map", defaults={"extension": ""})
@views.route("/map.<any(csv,json,geojson):extension>")
def places(extension: str) -> Response:
    reader = Reader(g.store, g.language)
    chosen = choice(layers(FOLDER))
    entries = [entry for layer in chosen.layers for entry in layer.entries(reader) if chosen.lets(entry)]
    if extension == "geojson":
        return as_json(_collection(reader, entries), "application/geo+json")
    if extension:
        lines = [_line(reader, entry) for entry in entries]
        return table((*COLUMNS, *ENDS), lines, extension, {"total": len(lines)})
    return _page(reader, chosen, entries)


def _page(reader: Reader, chosen: Choice, entries: Sequence[Entry]) -> Response:
    placed, nowhere = [e for e in entries if point(e)], [e for e in entries if not point(e)]
    ordered = [*placed, *nowhere]
    pages = Pages(page_number(), len(ordered), ROWS_PER_PAGE)
    drawn = placed[:MOST_PLACES]
    return show(
        "map.html",
        still=still(reader, drawn),
        data=_data(reader, drawn),
        summary=_summary(reader, chosen, placed),
        left_out=len(placed) - len(drawn),
        nowhere=[(reader.name(entry.thing), named(reader, entry, "at")) for entry in nowhere],
        choice=chosen,
        filters=filters(reader, chosen),
        rows=[_row(reader, entry) for entry in pages.part(ordered)],
        lines=any(_is_line(entry.layer) for entry in entries),
        pages=pages,
        addresses=pages.addresses(lambda number: links.on_map(chosen.address, number)),
        twins={extension: links.on_map(chosen.address, extension=extension) for extension in TWINS},
    )


def point(entry: Entry, latitude: str = "lat", longitude: str = "long") -> Point | None:
    """Where an entry is, None without a position that makes sense. A line needs both ends."""
    try:
        at = float(entry.first(latitude)), float(entry.first(longitude))
    except ValueError:
        return None
    if not (-90 <= at[0] <= 90 and -180 <= at[1] <= 180):
        return None
    return at if latitude != "lat" or not _is_line(entry.layer) or _other_end(entry) else None


def still(reader: Reader, entries: Iterable[Entry], frame: Frame = MEDITERRANEAN) -> Still:
    """The picture that the server draws: one dot for all that is in one place, the fullest below."""
    dots, lines, outside = [], [], []
    for at, things in by_place(entry for entry in entries if not _is_line(entry.layer)).items():
        if frame.holds(at[1], at[0]):
            dots.append(_dot(reader, frame, at, things))
        else:
            outside.append(_name(reader, things[0]))
    for one, other in _pairs(entry for entry in entries if _is_line(entry.layer)):
        lines.append((*frame.place(one[1], one[0]), *frame.place(other[1], other[0])))
    dots.sort(key=lambda dot: (-dot.radius, dot.name))
    return Still(frame, countries(frame), tuple(dots), tuple(lines), tuple(sorted(set(outside), key=str.casefold)))


def by_place(entries: Iterable[Entry]) -> dict[Point, list[Entry]]:
    """What is at each place."""
    found: dict[Point, list[Entry]] = {}
    for entry in entries:
        if at := point(entry):
            found.setdefault(at, []).append(entry)
    return found


def _dot(reader: Reader, frame: Frame, at: Point, things: Sequence[Entry]) -> Dot:
    names = [reader.plain(entry.thing) for entry in things]
    text = (
        names[0] if len(names) == 1 else gettext("%(name)s and %(number)d more", name=names[0], number=len(names) - 1)
    )
    radius = round(min(5.5 + 1.3 * (len(things) - 1) ** 0.5, 14), 1)
    where = things[0].first("at") or things[0].thing
    return Dot(*frame.place(at[1], at[0]), radius, things[0].layer.kind, text, links.of(where))


def _data(reader: Reader, entries: Iterable[Entry]) -> Mapping[str, object]:
    """What `map.js` draws."""
    every = list(entries)
    spots = by_place(entry for entry in every if not _is_line(entry.layer))
    things = {at: [_thing(reader, entry) for entry in some] for at, some in spots.items()}
    pairs = _pairs(entry for entry in every if _is_line(entry.layer))
    return {
        "places": [{"at": at, "name": _name(reader, spots[at][0]), "things": some} for at, some in things.items()],
        "lines": [{"ends": ends, **_through(reader, some)} for ends, some in pairs.items()],
    }


def _name(reader: Reader, entry: Entry) -> str:
    """What a place is called: as the city that lends its position, or as what stands there itself."""
    return reader.plain(entry.first("at") or entry.thing)


def _thing(reader: Reader, entry: Entry) -> dict[str, str]:
    shown = reader.name(entry.thing)
    about = {"text": shown.text, "href": shown.href, "kind": entry.layer.kind}
    return about | ({"when": said} if (said := when(entry, reader.language)) else {})


def _through(reader: Reader, entries: Sequence[Entry]) -> dict[str, object]:
    """What a line between two places stands for."""
    ends = f"{reader.plain(entries[0].thing)} – {reader.plain(entries[0].first('to'))}"  # noqa: RUF001
    events = list(dict.fromkeys(entry.first("through") for entry in entries))
    return {"text": ends, "things": [{"text": reader.plain(iri), "href": links.of(iri)} for iri in events if iri]}


def _pairs(entries: Iterable[Entry]) -> dict[tuple[Point, Point], list[Entry]]:
    """The lines by where they begin and end, the same there and back."""
    found: dict[tuple[Point, Point], list[Entry]] = {}
    for entry in entries:
        one, other = point(entry), _other_end(entry)
        if one and other:
            found.setdefault((min(one, other), max(one, other)), []).append(entry)
    return found


def _other_end(entry: Entry) -> Point | None:
    return point(entry, "toLat", "toLong")


def _is_line(layer: Layer) -> bool:
    return "to" in layer.columns


def _summary(reader: Reader, chosen: Choice, placed: Sequence[Entry]) -> str:
    count = len(by_place(entry for entry in placed if not _is_line(entry.layer)))
    words = [layer.title(reader).lower() for layer in chosen.layers]
    number = ngettext("%(num)d place", "%(num)d places", count)
    return str(gettext("%(layers)s: %(places)s", layers=", ".join(words).capitalize(), places=number))


def _row(reader: Reader, entry: Entry) -> Row:
    at = point(entry)
    return Row(
        told(reader, entry),
        named(reader, entry, "at"),
        " · ".join(format_decimal(round(degrees, 3)) for degrees in at) if at else "",
        named(reader, entry, "to"),
        named(reader, entry, "through"),
    )


def _line(reader: Reader, entry: Entry) -> tuple[str, ...]:
    values = [entry.first(column) for column in ("at", "lat", "long", *ENDS)]
    known = (entry.thing, reader.plain(entry.thing), entry.layer.name, plainly(reader, entry, "kind"))
    dates = ["; ".join(entry.values.get(column, ())) for column in ("start", "end")]
    return (*known, *dates, *days(entry), *values)


def _collection(reader: Reader, entries: Iterable[Entry]) -> dict[str, object]:
    """GeoJSON (RFC 7946): longitude first, and no geometry for what has no position."""
    features = []
    for entry in entries:
        about = dict(zip((*COLUMNS, *ENDS), _line(reader, entry), strict=True))
        shown = {key: value for key, value in about.items() if value and key not in ("lat", "long", "toLat", "toLong")}
        features.append({"type": "Feature", "geometry": _geometry(entry), "properties": shown})
    return {"type": "FeatureCollection", "features": features}


def _geometry(entry: Entry) -> dict[str, object] | None:
    at, to = point(entry), _other_end(entry)
    if at is None:
        return None
    if to is not None:
        return {"type": "LineString", "coordinates": [[at[1], at[0]], [to[1], to[0]]]}
    return {"type": "Point", "coordinates": [at[1], at[0]]}
