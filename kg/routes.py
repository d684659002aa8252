"""Which things are linked with which, by the queries under `queries/paths/`, and the shortest ways between two."""

from collections import Counter
from collections.abc import Callable, Collection
from heapq import heappop, heappush
from itertools import pairwise
from math import log1p
from pathlib import Path
from typing import NamedTuple
from weakref import WeakKeyDictionary

import pyoxigraph as ox

from kg import queries
from kg.store import Row, Store

FOLDER = queries.FOLDER / "paths"

DETOUR = 2
"""How many steps longer than the shortest route another one may be."""

REPEAT = 0.6
"""What it costs, in steps, to pass again where a route passed before, once for the station and once for the link."""

Route = tuple[str, ...]
"""The IRIs of the stations, from one end to the other."""


class Link(NamedTuple):
    """One statement, or one relation, that joins two things: how it reads (`way`), what states it, the node between."""

    subject: str
    object: str
    way: str
    property: str
    through: str


class Links:
    """The things of a store that routes pass, each with its neighbours and the links to them."""

    def __init__(self, store: Store, folder: Path = FOLDER) -> None:
        self._around: dict[str, dict[str, list[Link]]] = {}
        known: dict[str, str] = {}
        for question in link_questions(folder):
            for row in store.query(question.text, name=question.name).rows:
                self._add(Link(*(known.setdefault(text, text) for text in _texts(row))))
        self._most = max((len(others) for others in self._around.values()), default=0)

    def __contains__(self, station: str) -> bool:
        return station in self._around

    def degree(self, station: str) -> int:
        """How many things a thing is linked with."""
        return len(self._around.get(station, ()))

    def around(self, station: str) -> Collection[str]:
        """The neighbours of a thing."""
        return self._around.get(station, {})

    def between(self, one: str, other: str) -> list[Link]:
        """The links of two neighbours, sorted."""
        return sorted(self._around[one][other])

    def crowding(self, station: str) -> float:
        """How much of a hub a thing is: from 0 to 1, by the logarithm of its neighbours."""
        return log1p(self.degree(station)) / log1p(self._most)

    def _add(self, link: Link) -> None:
        if link.subject == link.object:
            return
        shared = self._around.setdefault(link.subject, {}).setdefault(link.object, [])
        self._around.setdefault(link.object, {})[link.subject] = shared
        if link not in shared:
            shared.append(link)


def link_questions(folder: Path = FOLDER) -> list[queries.Question]:
    """The queries that give the links, by file name; a new kind of link is a new file."""
    return [queries.read(file) for file in sorted(folder.glob("*.rq"))]


_kept: WeakKeyDictionary[Store, Links] = WeakKeyDictionary()


def links_of(store: Store) -> Links:
    """The links of a store, found at the first call and kept with it."""
    if store not in _kept:
        _kept[store] = Links(store)
    return _kept[store]


def find_routes(
    links: Links, start: str, end: str, most_steps: int, most: int, open_to: Callable[[str], bool]
) -> list[Route]:
    """Up to `most` routes from start to end, the shortest first, then those through fewer hubs; each another way.

    Only stations that are `open_to` passing are passed. Where a route has passed, the next one passes only if every
    other way is much longer; a route that is another one with a detour is left out.
    """
    remaining = _distances(links, start, end, most_steps, open_to)
    if start == end or start not in remaining:
        return []
    longest = min(most_steps, remaining[start] + DETOUR)
    passed: Counter[str | tuple[str, ...]] = Counter()
    found: list[Route] = []
    for _ in range(3 * most):
        route = _best(links, start, end, remaining, longest, passed)
        if route is None or len(found) == most:
            break
        if not any(set(other) <= set(route) for other in found):
            found.append(route)
        passed.update([*route[1:-1], *_pairs(route)])
    return sorted(found, key=lambda route: (len(route), hubs(links, route), route))


def hubs(links: Links, route: Route) -> float:
    """How much a route passes through hubs: the sum over its stations between the ends, to one decimal."""
    return round(sum(links.crowding(station) for station in route[1:-1]), 1)


def _distances(links: Links, start: str, end: str, most_steps: int, open_to: Callable[[str], bool]) -> dict[str, int]:
    """Steps to the end from each station that may lie on a route; DETOUR beyond the start at the most."""
    steps, limit, edge = {end: 0}, most_steps, [end]
    distance = 0
    while edge and distance < limit:
        distance += 1
        found = dict.fromkeys(other for station in edge for other in links.around(station) if other not in steps)
        reached = [other for other in found if other == start or open_to(other)]
        steps.update(dict.fromkeys(reached, distance))
        if start in found:
            limit = min(limit, distance + DETOUR)
        edge = [other for other in reached if other != start]
    return steps


def _best(
    links: Links, start: str, end: str, remaining: dict[str, int], longest: int, passed: Counter[str | tuple[str, ...]]
) -> Route | None:
    """The cheapest route: a step costs 1, hubs less than 1 in all, passing again REPEAT. Method: A* (Hart, 1968)."""
    heap: list[tuple[float, float, Route]] = [(remaining[start], 0.0, (start,))]
    settled: set[tuple[str, int]] = set()
    while heap:
        _, cost, route = heappop(heap)
        here = route[-1]
        if here == end:
            return route
        if (here, len(route)) in settled:
            continue
        settled.add((here, len(route)))
        for other in links.around(here):
            if other in route or len(route) + remaining.get(other, longest) > longest:
                continue
            toll = 1 + REPEAT * (passed[other] + passed[_pair(here, other)])
            toll += 0 if other == end else links.crowding(other) / (longest + 1)
            heappush(heap, (cost + toll + remaining[other], cost + toll, (*route, other)))
    return None


def _pairs(route: Route) -> list[tuple[str, ...]]:
    return [_pair(one, other) for one, other in pairwise(route)]


def _pair(one: str, other: str) -> tuple[str, ...]:
    return (one, other) if one < other else (other, one)


def _texts(row: Row) -> list[str]:
    return [term.value if isinstance(term := row.get(column), ox.NamedNode) else "" for column in Link._fields]
