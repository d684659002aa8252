"""Small questions to the graph about parts of a query, within a time budget; the query itself is never changed here."""

import time
from collections.abc import Callable, Collection
from math import prod
from queue import Empty, Queue
from threading import Thread
from typing import TypeVar

import pyoxigraph as ox

from kg.assistant.islands import Island, islands, torn_inside
from kg.assistant.parts import Group, Part, Query, Triple
from kg.errors import KGError
from kg.store import Row, Store

Rows = TypeVar("Rows")

LIMIT = 100_000
"""Most rows that one probe looks at; what would take more is not checked."""

SHARE = 0.25
"""Largest part of the budget that one probe may take."""

MOST_LEFT_BEHIND = 2
"""Probes that may still be running, unheeded, when no more are begun."""


class LateError(Exception):
    """The time budget is spent, or a probe would look at too many rows."""


class TimedStore:
    """A store that is asked within a time budget, each question once.

    The engine cannot be stopped, so a question runs in a thread of its own and is left behind when its time is up;
    after a few of those nothing more is asked.
    """

    def __init__(self, store: Store, seconds: float) -> None:
        self.store = store
        self.end = time.monotonic() + seconds
        self.share = seconds * SHARE
        self.left_behind = 0
        self._known: dict[str, list[Row]] = {}

    def rows(self, text: str) -> list[Row]:
        """The rows of a query; LateError when there is no time for them."""
        if text not in self._known:
            self._known[text] = self.run(lambda: self.store.query(text, name="probe").rows)
        return self._known[text]

    def run(self, ask: Callable[[], Rows]) -> Rows:
        """What a function gives that asks the store; LateError when there is no time for it."""
        seconds = min(self.end - time.monotonic(), self.share)
        if seconds <= 0 or self.left_behind >= MOST_LEFT_BEHIND:
            raise LateError
        given: Queue[Rows | KGError] = Queue()
        Thread(target=_give, args=(ask, given), daemon=True).start()
        try:
            found = given.get(timeout=seconds)
        except Empty:
            self.left_behind += 1
            raise LateError from None
        if isinstance(found, KGError):
            raise found
        return found


def _give(ask: Callable[[], Rows], given: "Queue[Rows | KGError]") -> None:
    try:
        given.put(ask())
    except KGError as error:
        given.put(error)


class Probes:
    """Probes over one store with the prefixes and dataset of one query."""

    def __init__(self, store: TimedStore, query: Query) -> None:
        self.store, self.query = store, query

    def of(self, query: Query) -> "Probes":
        """Probes for another query, such as a SELECT inside this one."""
        return self if query is self.query else Probes(self.store, query)

    def rows(self, what: str, body: str, after: str = "") -> list[Row]:
        """The rows of `SELECT what { body } after`."""
        values = self.query.modifier("VALUES")
        inside = f"{{ {body}\n{values} }}" if values else body
        return self.store.rows(f"{self.query.prologue}\nSELECT {what} {self.query.dataset}\nWHERE {inside}\n{after}")

    def ask(self, body: str) -> bool:
        """True if the group has a solution."""
        return bool(self.rows("(1 AS ?one_)", body, "LIMIT 1"))

    def gives_rows(self, gone: Collection[Part] = ()) -> bool:
        """True if the WHERE of the query has a solution without some parts; each of its pieces is asked by itself."""
        if torn_inside(self.query.where, gone):
            raise LateError
        return all(self.ask(self.piece(island.parts, gone)) for island in islands(self.query.where, gone))

    def piece(self, parts: Collection[Part], gone: Collection[Part] = ()) -> str:
        """Some parts of WHERE as a group, without those inside them that are gone."""
        return write(self.query.where, [*gone, *(part for part in self.query.where.parts if part not in parts)])

    def check_size(self) -> None:
        """LateError for a product of pieces that is too large to be counted."""
        pieces = [island for island in islands(self.query.where) if island.names]
        if len(pieces) > 1 and prod(self.size(island) for island in pieces) >= LIMIT:
            raise LateError

    def size(self, island: Island) -> int:
        """How many solutions a piece has, as far as its own variables tell them apart."""
        return self.count(island.names, self.piece(island.parts))

    def numbers(self, what: str, variables: Collection[str], body: str) -> list[float]:
        """Numbers over the different values of some variables in a group; LateError where there are too many."""
        names = " ".join(f"?{name}" for name in sorted(variables))
        inner = f"{{ SELECT DISTINCT {names} WHERE {body} LIMIT {LIMIT} }}"
        row = self.rows(f"{what} (COUNT(*) AS ?checked_)", inner)[0]
        if number(row["checked_"]) >= LIMIT:
            raise LateError
        return [number(term) for term in row.values()]

    def count(self, variables: Collection[str], body: str) -> int:
        """How many different values, or combinations of values, some variables have in a group."""
        return int(self.numbers("", variables, body)[0])

    def answers(self) -> int:
        """How many rows the query gives, or solutions its WHERE has when it is no SELECT; LateError above the limit."""
        self.check_size()
        query = self.query
        inner = f"SELECT * WHERE {write(query.where)} {query.modifier('VALUES')}"
        if query.form == "SELECT":
            start, end = query.tail.get("ORDER", (query.end, query.end))  # the order changes no number and costs time
            head = query.text[query.start : start].replace(query.dataset or " ", " ", 1)
            inner = head + query.text[end : query.end]
        count = f"{query.prologue}\nSELECT (COUNT(*) AS ?rows_) {query.dataset}\nWHERE"
        rows = self.store.rows(f"{count} {{ SELECT * WHERE {{ {{ {inner}\n}} }} LIMIT {LIMIT} }}")
        found = int(number(rows[0]["rows_"]))
        if found >= LIMIT:
            raise LateError
        return found


def number(term: object) -> float:
    """The number in a literal; 0 where there is none."""
    return float(term.value) if isinstance(term, ox.Literal) and term.value else 0.0


def write(group: Group, drop: Collection[object] = (), force: Collection[Part] = ()) -> str:
    """A group as SPARQL without the parts and groups in `drop`; an OPTIONAL in `force` is written as mandatory."""
    return "{ " + "\n".join(filter(None, (_write(part, drop, force) for part in group.parts))) + " }"


def _write(part: Part, drop: Collection[object], force: Collection[Part]) -> str:
    if part in drop:
        return ""
    if isinstance(part, Triple):
        return f"{part.subject.text} {part.verb.text} {part.object.text} ."
    groups = [write(group, drop, force) for group in part.groups if group not in drop]
    if part.kind in ("union", "optional", "graph"):
        filled = [group for group in groups if group != "{  }"]
        if part in force:
            return groups[0][2:-2]
        opening = {"optional": "OPTIONAL ", "graph": "GRAPH "}.get(part.kind, "")
        name = "".join(f"{term.text} " for term in part.terms)
        return f"{opening}{name}{' UNION '.join(filled)}" if filled else ""
    if part.select:
        query = part.select
        head, tail = query.text[query.start : query.where.start], query.text[query.where.end : query.end]
        return f"{{ {head} {write(query.where, drop, force)} {tail}\n}}"
    return f"{part.text}\n"
