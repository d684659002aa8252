"""Countries as lines to draw behind places: Natural Earth's shapes, read from TopoJSON, as the path of an SVG.

The shapes are the part `countries.json` that maps in the browser use too, so that both show the same borders.
"""

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from math import asinh, degrees, radians, tan
from typing import Any

from webapp import vendor

SHAPES = vendor.FOLDER / vendor.PARTS["countries.json"]

Point = tuple[float, float]


@dataclass(frozen=True)
class Frame:
    """A part of the world, in degrees, and how many units wide its picture is (Mercator's projection)."""

    west: float
    south: float
    east: float
    north: float
    width: int

    @property
    def scale(self) -> float:
        return self.width / (self.east - self.west)

    @property
    def height(self) -> int:
        return round((_mercator(self.north) - _mercator(self.south)) * self.scale)

    def place(self, longitude: float, latitude: float) -> Point:
        """Where a place is in the picture, in units from its upper left corner."""
        x = (longitude - self.west) * self.scale
        y = (_mercator(self.north) - _mercator(latitude)) * self.scale
        return round(x, 1), round(y, 1)

    def holds(self, longitude: float, latitude: float) -> bool:
        """True if a place is in the picture."""
        return self.west <= longitude <= self.east and self.south <= latitude <= self.north


@lru_cache(maxsize=4)
def countries(frame: Frame) -> str:
    """The countries in a frame as one SVG path; "" where `make setup` has not brought their shapes."""
    if not SHAPES.is_file():
        return ""
    world = json.loads(SHAPES.read_bytes())
    arcs = [list(_unpacked(arc, world["transform"])) for arc in world["arcs"]]
    drawn = (_drawn(frame, _joined(arcs, ring)) for ring in _rings(world["objects"]["countries"]["geometries"]))
    return "".join(drawn)


def _unpacked(arc: Sequence[Sequence[int]], transform: dict[str, Any]) -> Iterator[Point]:
    """The points of an arc in degrees: TopoJSON gives each as steps from the one before."""
    (across, up), (west, south) = transform["scale"], transform["translate"]
    x = y = 0
    for right, upwards in arc:
        x, y = x + right, y + upwards
        yield x * across + west, y * up + south


def _rings(geometries: Iterable[dict[str, Any]]) -> Iterator[Sequence[int]]:
    for geometry in geometries:
        parts = geometry.get("arcs", [])
        for part in [parts] if geometry["type"] == "Polygon" else parts:
            yield from part


def _joined(arcs: Sequence[Sequence[Point]], ring: Iterable[int]) -> list[Point]:
    """A ring from its arcs; `~n` is arc n backwards, and each arc begins where the one before ends."""
    points: list[Point] = []
    for number in ring:
        arc = arcs[number] if number >= 0 else arcs[~number][::-1]
        points += arc[1:] if points else arc
    return points


def _drawn(frame: Frame, ring: Sequence[Point]) -> str:
    """A ring in whole units, cut to a little more than the frame; "" for one too small to be seen or outside."""
    longitudes, latitudes = [x for x, _ in ring], [y for _, y in ring]
    if max(longitudes) - min(longitudes) > 180:  # around the back of the world
        return ""
    if min(longitudes) > frame.east or max(longitudes) < frame.west:
        return ""
    if min(latitudes) > frame.north or max(latitudes) < frame.south:
        return ""
    whole = [(round(x), round(y)) for x, y in (frame.place(*_within(point)) for point in ring)]
    points = _thinned([_cut(frame, point) for point in whole])
    if len(points) < 4:
        return ""
    (x, y), steps = points[0], pairwise(points)
    return f"M{x} {y}l" + " ".join(f"{c - a} {d - b}" for (a, b), (c, d) in steps) + "z"


def _thinned(points: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """Points without those that repeat the one before or lie on the way along an edge."""
    kept: list[tuple[int, int]] = []
    for point in points:
        if kept and point == kept[-1]:
            continue
        if len(kept) > 1 and (kept[-2][0] == kept[-1][0] == point[0] or kept[-2][1] == kept[-1][1] == point[1]):
            kept.pop()
        kept.append(point)
    return kept


def _cut(frame: Frame, point: tuple[int, int]) -> tuple[int, int]:
    """A point outside the picture moved to just beyond its edge, so that what lies far away takes no room."""
    x, y = point
    return min(max(x, -9), frame.width + 9), min(max(y, -9), frame.height + 9)


def _within(point: Point) -> Point:
    return point[0], min(max(point[1], -80.0), 80.0)


def _mercator(latitude: float) -> float:
    return degrees(asinh(tan(radians(latitude))))
