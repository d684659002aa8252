"""The first page: what this is, what is in it, a map and a timeline of it, and ways in."""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby

from flask import Blueprint, Response, g

import kg
from webapp import forms, links
from webapp.lanes import picture
from webapp.layers import Layer, layers
from webapp.maps import point, still
from webapp.reading import Reader
from webapp.replies import show

views = Blueprint("home", __name__)

START, HERE = "start", "home"
"""Tags of the questions to start from, and of the layers that the first page shows."""


@dataclass(frozen=True)
class Count:
    """How many things of one class there are, and where they are listed."""

    name: str
    things: int
    href: str


@dataclass(frozen=True)
class Card:
    """The classes of one kind; the first stands for all of them."""

    kind: str
    counts: tuple[Count, ...]


@views.route("/")
def home() -> Response:
    reader = Reader(g.store, g.language)
    on_map, in_time = _layers("maps"), _layers("timelines")
    entries = [entry for layer in on_map for entry in layer.entries(reader)]
    dated = [entry for layer in in_time for entry in layer.entries(reader)]
    questions = reader.kept("questions", lambda: [question for pack in kg.packs() for question in pack.questions])
    return show(
        "home.html",
        cards=_cards(reader),
        still=still(reader, entries),
        nowhere=sum(point(entry) is None for entry in entries),
        places=on_map,
        picture=picture(reader, in_time, dated, named=False),
        undated=sum(entry.span is None for entry in dated),
        starts=[question for question in questions if START in question.tags],
        questions=len(questions),
        built=forms.dated(g.store.manifest["built"][:10], g.language),
    )


def _layers(folder: str) -> list[Layer]:
    return [layer for layer in layers(folder) if HERE in layer.question.tags]


def _cards(reader: Reader) -> tuple[Card, ...]:
    rows = reader.kept(("overview", reader.language), lambda: reader.ask("explorer/overview", lang=reader.language))
    groups = groupby(rows, key=lambda row: row["kind"].value)
    return tuple(Card(kind, tuple(_counts(some))) for kind, some in groups)


def _counts(rows: Iterable[dict[str, kg.Literal]]) -> Iterable[Count]:
    for row in rows:
        yield Count(row["name"].value, int(row["things"].value), links.members(row["class"].value))
