"""Pictures of networks: what a script draws from, and the same as SVG, for pages without script and to take along."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from math import sqrt
from pathlib import Path
from xml.etree import ElementTree as Xml

import kg
from webapp.networks.words import state_name
from webapp.reading import Reader
from webapp.wording import worded

Network = kg.networks.Network
When = kg.networks.When
Place = tuple[float, float]

MOST_DRAWN = 3000
"""Things in a picture."""
MOST_LINES = 6000
"""Ties in a picture, the strongest; more could neither be told apart nor moved smoothly."""
MOST_NAMED = 60
"""Things in a picture of the server that have their names beside them, the largest first, as far as there is room."""
LONGEST_NAME = 30
LETTERS = 64
"""A picture is so many times as wide as its letters are high, which can be read where it fills half a page."""
SMALLEST, LARGEST = 10.0, 46.0
COMMUNITIES = (
    "accent",
    "warm",
    "visited",
    "kind-city",
    "kind-project",
    "kind-publication",
    "kind-exhibition",
    "kind-actor",
)
"""The colours that the largest communities have; the others are all of one."""
_MARGIN = 90.0
_FAINT, _DASHES = {"later", "absent"}, {"perhaps": "6 4", "uncertain": "6 4", "undated": "2 4", "between": "9 3 2 3"}
_STRESSED = {"joined": "accent", "only": "accent", "left": "warm", "between": "visited"}
_STYLE = Path(__file__).parents[1] / "static" / "style.css"
_COLOUR = re.compile(r"--([a-z-]+):\s*(#[0-9a-f]{6})")


@dataclass(frozen=True)
class Drawing:
    """A network with the place of each thing, its size and its colour."""

    reader: Reader
    network: Network
    when: When
    places: Mapping[str, Place]
    size: str
    colour: str
    hidden: Mapping[str, int]

    def data(self) -> dict[str, object]:
        """Things and ties for the script; a tie names its ends by number."""
        numbers = {iri: number for number, iri in enumerate(self.shown)}
        things = [
            {
                "id": iri,
                "short": kg.shorten(iri),
                "text": self.reader.plain(iri),
                "href": self.reader.name(iri).href,
                "colour": self._colour(iri),
                "kind": self.network.nodes[iri].kind,
                "x": self.places[iri][0],
                "y": self.places[iri][1],
                "size": self._size(iri),
                "ties": self.measures[iri].degree,
                "more": self.hidden.get(iri, 0),
                "state": self.when.of(self.network.nodes[iri].evidence),
            }
            for iri in self.shown
        ]
        ties = [(numbers[tie.one], numbers[tie.other], tie.weight, self.when.of(tie.evidence)) for tie in self._ties]
        return {"directed": self.network.of.directed, "things": things, "ties": ties}

    def svg(self, dark: bool) -> bytes:
        """The picture with its colours in it: those of the pages, light or dark."""
        colours = palette(dark)
        left, top, width, height = self._frame
        root = Xml.Element(
            "svg",
            {
                "xmlns": "http://www.w3.org/2000/svg",
                "viewBox": f"{left} {top} {width} {height}",
                "width": str(round(width)),
                "height": str(round(height)),
                "font-family": "system-ui, sans-serif",
            },
        )
        question = self.network.of.question
        Xml.SubElement(root, "title").text = worded(question, "summary", self.reader.language)
        Xml.SubElement(root, "desc").text = self._method()
        paper = {"x": str(left), "y": str(top), "width": str(width), "height": str(height), "fill": colours["paper"]}
        Xml.SubElement(root, "rect", paper)
        self._lines(Xml.SubElement(root, "g"), colours)
        self._marks(Xml.SubElement(root, "g"), colours)
        self._labels(Xml.SubElement(root, "g", {"text-anchor": "middle", "font-size": str(self._letters)}), colours)
        return kg.write_xml(root)

    @cached_property
    def measures(self) -> Mapping[str, kg.networks.Measure]:
        return kg.networks.measure(self.network)

    @cached_property
    def shown(self) -> Sequence[str]:
        """The things that are there and have a place, in the order of their IRIs."""
        placed = (iri for iri in self.network.nodes if iri in self.places)
        return [iri for iri in placed if self.when.of(self.network.nodes[iri].evidence) != "absent"]

    @cached_property
    def _ties(self) -> list[kg.networks.Tie]:
        there = set(self.shown)
        ties = (tie for tie in self.network.ties if tie.one in there and tie.other in there)
        found = [tie for tie in ties if self.when.of(tie.evidence) != "absent"]
        return sorted(found, key=lambda tie: (-tie.weight, tie.one, tie.other))[:MOST_LINES]

    def _value(self, iri: str) -> float:
        measure = self.measures[iri]
        return float((measure.betweenness or 0) if self.size == "betweenness" else measure.degree)

    @cached_property
    def _most(self) -> float:
        return max((self._value(iri) for iri in self.network.nodes), default=1) or 1

    def _size(self, iri: str) -> float:
        """The width of a mark; its area grows with what it shows."""
        return round(SMALLEST + (LARGEST - SMALLEST) * sqrt(self._value(iri) / self._most), 1)

    def _colour(self, iri: str) -> str:
        """The name of the colour of a thing."""
        if self.colour == "kind":
            return f"kind-{self.network.nodes[iri].kind}"
        number = self.measures[iri].community
        return COMMUNITIES[number - 1] if 0 < number <= len(COMMUNITIES) else "dim"

    @cached_property
    def _frame(self) -> tuple[float, float, float, float]:
        xs, ys = zip(*(self.places[iri] for iri in self.shown), strict=True) if self.shown else ((0.0,), (0.0,))
        left, top = min(xs) - _MARGIN, min(ys) - _MARGIN / 2
        return left, top, round(max(xs) - left + _MARGIN, 1), round(max(ys) - top + _MARGIN / 2, 1)

    def _lines(self, group: Xml.Element, colours: Mapping[str, str]) -> None:
        for tie in self._ties:
            (x1, y1), (x2, y2) = self.places[tie.one], self.places[tie.other]
            state = self.when.of(tie.evidence)
            ends = {"x1": str(x1), "y1": str(y1), "x2": str(x2), "y2": str(y2)}
            width = min(1 + 0.6 * (tie.weight - 1), 8)
            Xml.SubElement(group, "line", {**ends, "stroke-width": str(round(width, 1)), **_stroke(state, colours)})

    def _marks(self, group: Xml.Element, colours: Mapping[str, str]) -> None:
        for iri in self.shown:
            x, y = self.places[iri]
            state = self.when.of(self.network.nodes[iri].evidence)
            mark = {"cx": str(x), "cy": str(y), "r": str(self._size(iri) / 2), "fill": colours[self._colour(iri)]}
            if state in _STRESSED or state in _DASHES:
                mark |= {"stroke-width": "4", **_stroke(state, colours), "opacity": "1"}
            if state in _DASHES:
                mark["fill-opacity"] = "0.35"
            if state in _FAINT:
                mark["opacity"] = "0.2"
            said = f"{self.reader.plain(iri)}{f' ({state_name(state)})' if state else ''}"
            Xml.SubElement(Xml.SubElement(group, "circle", mark), "title").text = said

    @cached_property
    def _letters(self) -> float:
        """The height of the letters."""
        return max(15.0, round(self._frame[2] / LETTERS, 1))

    def _labels(self, group: Xml.Element, colours: Mapping[str, str]) -> None:
        ranked = sorted(self.shown, key=lambda iri: (-self._value(iri), iri))[:MOST_NAMED]
        look = {"fill": colours["ink"], "stroke": colours["paper"], "stroke-width": "4", "paint-order": "stroke"}
        taken: list[tuple[float, float, float]] = []
        for iri in ranked:
            name = self.reader.plain(iri)
            text = name if len(name) < LONGEST_NAME else f"{name[: LONGEST_NAME - 2]}…"
            x, y = self.places[iri]
            place = x, round(y + self._size(iri) / 2 + self._letters, 1), 0.28 * self._letters * len(text)
            if any(self._cover(place, other) for other in taken):
                continue
            taken.append(place)
            Xml.SubElement(group, "text", {"x": str(x), "y": str(place[1]), **look}).text = text

    def _cover(self, one: tuple[float, float, float], other: tuple[float, float, float]) -> bool:
        """True if two names, each by its middle, its line and half its width, stand on one another."""
        return abs(one[0] - other[0]) < one[2] + other[2] and abs(one[1] - other[1]) < self._letters

    def _method(self) -> str:
        question, language = self.network.of.question, self.reader.language
        texts = (worded(question, "description", language), worded(question, "caveats", language))
        return f"{' '.join(filter(None, texts))} queries/{question.name}.rq, {self.network.of.snapshot}"


@lru_cache(maxsize=2)
def palette(dark: bool) -> Mapping[str, str]:
    """The colours of the pages by name, out of their style sheet: it gives first the light ones, then the dark."""
    light_text, _, dark_text = _STYLE.read_text(encoding="utf-8").partition("@media (prefers-color-scheme: dark)")
    light = dict(_COLOUR.findall(light_text))
    return light | dict(_COLOUR.findall(dark_text.partition("* {")[0])) if dark else light


def _stroke(state: str, colours: Mapping[str, str]) -> dict[str, str]:
    """How the line of a state is drawn."""
    look = {"stroke": colours[_STRESSED.get(state, "dim")], "opacity": "0.12" if state in _FAINT else "0.55"}
    return look | ({"stroke-dasharray": _DASHES[state]} if state in _DASHES else {})
