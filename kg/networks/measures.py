"""Numbers and places for the things of a network, the same at every call. The computing is igraph's."""

import random
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from math import ceil, cos, dist, sin, sqrt
from typing import TYPE_CHECKING

from kg.errors import MissingLibraryError
from kg.networks.ties import Network

if TYPE_CHECKING:
    import igraph

MOST_PLACED = 3000
MOST_STEPS = 50_000_000
"""Things times ties up to which betweenness is computed: a few seconds."""

Place = tuple[float, float]
_chance = threading.Lock()
_SEED = 4
_FEW = 400
"""Things up to which the slower layout is worth its time."""
_ROOM, _WIDE = 52.0, 130.0
"""The least distance between two things: where there are many, and where there is room for every name."""
_NAMED = 60
_GAP = 120.0


@dataclass(frozen=True)
class Measure:
    """How a thing stands in its network; `betweenness` is None where the network is too large to compute it.

    `degree` counts the things it is tied to, `strength` adds the weights of its ties. Betweenness is the number of
    pairs of others on whose shortest ways it lies, a pair with several ways counting in parts; every tie is one step,
    whatever its direction. Communities are numbered from 1, the largest first; a thing without a tie is in none: 0.
    Methods: Brandes 2001; Blondel, Guillaume, Lambiotte and Lefebvre 2008 (multilevel modularity, weighted).
    """

    degree: int
    strength: int
    betweenness: float | None
    community: int


@lru_cache(maxsize=32)
def measure(network: Network) -> Mapping[str, Measure]:
    """The measures of every thing, in the order of the network."""
    graph, names = _graph(network)
    steps = len(names) * graph.ecount()
    between = graph.betweenness(directed=False) if steps <= MOST_STEPS else [None] * len(names)
    groups = _communities(graph)
    strengths = graph.strength(weights="weight")
    return {
        iri: Measure(degree, round(strength), None if share is None else round(share, 1), group)
        for iri, degree, strength, share, group in zip(names, graph.degree(), strengths, between, groups, strict=True)
    }


@lru_cache(maxsize=32)
def place(network: Network) -> Mapping[str, Place]:
    """Where to draw each thing; nothing when there are more than MOST_PLACED.

    Parts that are not tied to each other lie side by side, the largest first, and things without ties in rows beneath.
    Methods: Kamada and Kawai 1989, and for large parts Fruchterman and Reingold 1991, both from a circle in the order
    of the IRIs and with chance fixed; then things too near each other are pushed apart.
    """
    if len(network.nodes) > MOST_PLACED:
        return {}
    graph, names = _graph(network)
    parts = sorted(graph.connected_components(), key=lambda part: (-len(part), part))
    room = _WIDE if len(names) < _NAMED else _ROOM
    boxes = [(part, _inside(graph.induced_subgraph(part), room)) for part in parts if len(part) > 1]
    alone = [part[0] for part in parts if len(part) == 1]
    places = dict(_packed([*boxes, (alone, _rows(len(alone)))] if alone else boxes))
    return {names[number]: places[number] for number in sorted(places)}


def _graph(network: Network) -> "tuple[igraph.Graph, list[str]]":
    """The network without direction, parallel arrows joined into one tie."""
    try:
        import igraph
    except ModuleNotFoundError as error:
        raise MissingLibraryError("igraph") from error
    numbers = {iri: number for number, iri in enumerate(network.nodes)}
    weights: dict[tuple[int, int], int] = {}
    for tie in network.ties:
        one, other = sorted((numbers[tie.one], numbers[tie.other]))
        if one != other:
            weights[one, other] = weights.get((one, other), 0) + tie.weight
    graph = igraph.Graph(len(numbers), list(weights))
    graph.es["weight"] = list(weights.values())
    return graph, list(numbers)


@contextmanager
def _same_chance() -> Iterator[None]:
    """The same network gets the same communities and places each time; igraph draws from one generator for all."""
    import igraph

    with _chance:
        igraph.set_random_number_generator(random.Random(_SEED))  # noqa: S311 - to repeat, not to hide
        yield


def _communities(graph: "igraph.Graph") -> list[int]:
    with _same_chance():
        found = graph.community_multilevel(weights="weight")
    ranked = sorted((group for group in found if len(group) > 1), key=lambda group: (-len(group), group))
    number_of = {member: number for number, group in enumerate(ranked, start=1) for member in group}
    return [number_of.get(member, 0) for member in range(graph.vcount())]


def _inside(graph: "igraph.Graph", room: float) -> list[Place]:
    """Places within a connected part, from 0, none too near another."""
    wide = sqrt(graph.vcount())
    circle = [(wide * x, wide * y) for x, y in graph.layout_circle()]
    if graph.vcount() <= _FEW:
        layout = graph.layout_kamada_kawai(seed=circle)
    else:
        with _same_chance():
            layout = graph.layout_fruchterman_reingold(seed=circle, niter=400)
    xs, ys = zip(*layout, strict=True)
    across = max(max(xs) - min(xs), max(ys) - min(ys)) or 1
    scale = room * 1.5 * sqrt(len(xs)) / across
    points = _apart([(x * scale, y * scale) for x, y in layout], room)
    left, top = min(x for x, _ in points), min(y for _, y in points)
    return [(x - left, y - top) for x, y in points]


def _apart(points: list[Place], room: float) -> list[Place]:
    """The same places, those nearer to each other than so much pushed apart, round by round."""
    for _ in range(40):
        moved = False
        for one, other in _near(points, room):
            (x1, y1), (x2, y2) = points[one], points[other]
            distance = dist(points[one], points[other])
            if distance >= room:
                continue
            moved = True
            across, up = ((x2 - x1) / distance, (y2 - y1) / distance) if distance else (cos(one), sin(one))
            step = (room - distance) / 2
            points[one] = x1 - across * step, y1 - up * step
            points[other] = x2 + across * step, y2 + up * step
        if not moved:
            break
    return points


def _near(points: Sequence[Place], room: float) -> list[tuple[int, int]]:
    """Pairs that may be nearer to each other than so much: those in one square of that size, or in adjacent ones."""
    squares: dict[tuple[int, int], list[int]] = {}
    for number, (x, y) in enumerate(points):
        squares.setdefault((int(x // room), int(y // room)), []).append(number)
    beside = ((0, 0), (1, 0), (0, 1), (1, 1), (1, -1))
    return [
        (one, other)
        for (x, y), here in squares.items()
        for right, down in beside
        for one in here
        for other in squares.get((x + right, y + down), ())
        if one < other or (right, down) != (0, 0)
    ]


def _rows(count: int) -> list[Place]:
    """Places for things without ties."""
    wide = max(1, ceil(sqrt(count * 3)))
    return [(110.0 * (number % wide), 60.0 * (number // wide)) for number in range(count)]


def _packed(boxes: "Sequence[tuple[Sequence[int], list[Place]]]") -> list[tuple[int, Place]]:
    """The places of all parts: the first as it is, the others on shelves to the right of it, about as high."""
    placed: list[tuple[int, Place]] = []
    sizes = [(max(x for x, _ in box) + _GAP, max(y for _, y in box) + _GAP) for _, box in boxes]
    begin, high = sizes[0] if sizes else (0.0, 1.0)
    rest = sum(width * height for width, height in sizes[1:])
    wide = max([1.3 * rest / high, *(width for width, _ in sizes[1:])])
    left = top = shelf = 0.0
    for number, ((members, box), (width, height)) in enumerate(zip(boxes, sizes, strict=True)):
        if left > begin and left + width > begin + wide:
            left, top, shelf = begin, top + shelf, 0.0
        placed += [
            (member, (round(left + x, 1), round(top + y, 1))) for member, (x, y) in zip(members, box, strict=True)
        ]
        left, shelf = left + width, max(shelf, height) if number else 0.0
    return placed
