"""Sankey diagrams: things in columns, and bands between them as wide as what flows; laid out here, without script."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

WIDTH = 1000
_BOX, _GAP = 12, 22
"""Width of a thing and least distance between two of them, in units."""
_WIDEST, _HIGHEST = 60, 420
"""How wide one band, and how high the things of a column together, may be, in units."""
_PASSES = 6


@dataclass(frozen=True)
class Box:
    """A thing: its place and size, and whether it stands in the last column, where its name comes before it."""

    thing: str
    x: float
    y: float
    height: float
    last: bool


@dataclass(frozen=True)
class Band:
    """What flows from one thing to another: the middle line of the band as an SVG path, and its width."""

    ends: tuple[str, str]
    path: str
    width: float
    amount: float


@dataclass(frozen=True)
class Flows:
    """A diagram `WIDTH` wide and so high; measures are in the units of its viewBox."""

    height: float
    boxes: tuple[Box, ...]
    bands: tuple[Band, ...]


def flows(amounts: Mapping[tuple[str, str], float]) -> Flows:
    """The diagram of amounts above 0 by (from, to); what flows back to an earlier thing is left out.

    A thing stands one column after the last of those it comes from, and in the last where nothing flows on. Within a
    column things are ordered by where their neighbours stand, which keeps bands from crossing.
    Method: Sugiyama, Tagawa and Toda, 1981, without its last phase.
    """
    forward = _without_cycles(amounts)
    columns = _columns(forward)
    fullest = max((sum(_through(thing, forward) for thing in column) for column in columns), default=1)
    scale = min(_WIDEST / max(forward.values(), default=1), _HIGHEST / fullest)
    sizes = {thing: max(2.0, scale * _through(thing, forward)) for column in columns for thing in column}
    ordered = _ordered(columns, forward)
    height = max(sum(sizes[thing] + _GAP for thing in column) for column in ordered) + _GAP if ordered else _GAP
    boxes = tuple(box for n, column in enumerate(ordered) for box in _stack(column, n, len(ordered), sizes, height))
    return Flows(height, boxes, tuple(_bands(boxes, forward, scale)))


def _without_cycles(amounts: Mapping[tuple[str, str], float]) -> dict[tuple[str, str], float]:
    kept: dict[tuple[str, str], float] = {}
    after: dict[str, set[str]] = {}
    for (one, other), amount in amounts.items():
        if amount > 0 and not _reaches(other, one, after):
            kept[one, other] = amount
            after.setdefault(one, set()).add(other)
    return kept


def _reaches(start: str, goal: str, after: Mapping[str, set[str]]) -> bool:
    seen, waiting = {start}, [start]
    while waiting:
        thing = waiting.pop()
        if thing == goal:
            return True
        new = after.get(thing, set()) - seen
        seen |= new
        waiting += new
    return False


def _columns(amounts: Mapping[tuple[str, str], float]) -> list[list[str]]:
    things = list(dict.fromkeys(thing for pair in amounts for thing in pair))
    place = dict.fromkeys(things, 0)
    for _ in things:
        for one, other in amounts:
            place[other] = max(place[other], place[one] + 1)
    last = max(place.values(), default=-1)
    sources = {one for one, _ in amounts}
    where = {thing: place[thing] if thing in sources else last for thing in things}
    return [[thing for thing in things if where[thing] == n] for n in range(last + 1)]


def _through(thing: str, amounts: Mapping[tuple[str, str], float]) -> float:
    """What flows into a thing or out of it, whichever is more."""
    sides = (sum(amount for pair, amount in amounts.items() if pair[side] == thing) for side in (0, 1))
    return max(sides)


def _ordered(columns: Sequence[Sequence[str]], amounts: Mapping[tuple[str, str], float]) -> list[list[str]]:
    near: dict[str, dict[str, float]] = {}
    for (one, other), amount in amounts.items():
        near.setdefault(one, {})[other] = amount
        near.setdefault(other, {})[one] = amount
    ordered = [list(column) for column in columns]
    for _ in range(_PASSES):
        for n, column in enumerate(ordered):
            place = {
                thing: i / len(other) for m, other in enumerate(ordered) if m != n for i, thing in enumerate(other)
            }
            ordered[n] = sorted(column, key=lambda thing, place=place: _middle(near[thing], place))  # type: ignore[misc]
    return ordered


def _middle(weights: Mapping[str, float], place: Mapping[str, float]) -> float:
    known = {thing: weight for thing, weight in weights.items() if thing in place}
    return sum(place[thing] * weight for thing, weight in known.items()) / (sum(known.values()) or 1)


def _stack(column: Sequence[str], n: int, columns: int, sizes: Mapping[str, float], height: float) -> list[Box]:
    """The things of a column from top to bottom, spread over the height."""
    free = height - sum(sizes[thing] for thing in column)
    x = (WIDTH - _BOX) * n / max(1, columns - 1)
    y, boxes = 0.0, []
    for thing in column:
        y += free / (len(column) + 1)
        boxes.append(Box(thing, round(x, 1), round(y, 1), round(sizes[thing], 1), n == columns - 1 and n > 0))
        y += sizes[thing]
    return boxes


def _bands(boxes: Sequence[Box], amounts: Mapping[tuple[str, str], float], scale: float) -> list[Band]:
    known = {box.thing: box for box in boxes}
    starts = _edges(amounts, known, 0, scale)
    ends = _edges(amounts, known, 1, scale)
    bands = []
    for pair, amount in amounts.items():
        x, to = known[pair[0]].x + _BOX, known[pair[1]].x
        bend = (to - x) / 2
        y, down = starts[pair], ends[pair]
        path = f"M{x:.1f} {y:.1f}C{x + bend:.1f} {y:.1f} {to - bend:.1f} {down:.1f} {to:.1f} {down:.1f}"
        bands.append(Band(pair, path, max(1.0, round(scale * amount, 1)), amount))
    return bands


def _edges(
    amounts: Mapping[tuple[str, str], float], boxes: Mapping[str, Box], side: int, scale: float
) -> dict[tuple[str, str], float]:
    """Where the middle of each band meets the thing at one of its ends: those that go higher stand higher."""
    meets: dict[tuple[str, str], float] = {}
    for thing, box in boxes.items():
        at = box.y
        for pair in sorted((pair for pair in amounts if pair[side] == thing), key=lambda pair: boxes[pair[1 - side]].y):
            meets[pair] = at + scale * amounts[pair] / 2
            at += scale * amounts[pair]
    return meets
