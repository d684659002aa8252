"""One thing picked out of a network: all that it is tied to, through what, and according to whom."""

from collections.abc import Collection
from dataclasses import dataclass

import kg
from webapp import links
from webapp.networks.asking import Asked
from webapp.networks.seen import HIDDEN, Seen
from webapp.networks.words import lasted, state_name
from webapp.reading import Reader, Shown

Evidence = kg.networks.Evidence
Tie = kg.networks.Tie

MOST_LINES = 100
"""Ties of one thing that are told one by one."""


@dataclass(frozen=True)
class Reason:
    """One thing that ties two others: in which roles, when, and who says so."""

    through: Shown
    roles: str
    when: str
    sources: tuple[Shown, ...]
    alone: bool


@dataclass(frozen=True)
class Line:
    """A tie of the thing picked, to another that may not be shown yet."""

    other: Shown
    kind: str
    tie: Tie
    reasons: tuple[Reason, ...]
    state: str
    state_name: str
    shown: bool


@dataclass(frozen=True)
class Picked:
    """A thing with its ties, the strongest first, and the addresses that show more or less around it."""

    iri: str
    name: Shown
    kind: str
    lines: tuple[Line, ...]
    total: int
    hidden: int
    expand: str
    around: str
    close: str


def picked(seen: Seen, asked: Asked, shown: Collection[str]) -> Picked:
    """The thing that an address picks out, with its ties; `shown` are the things in the picture."""
    iri, reader = asked.node, seen.reader
    node = seen.network.nodes.get(iri)
    ties = sorted(seen.network.ties_of.get(iri, ()), key=lambda tie: (-tie.weight, tie.one, tie.other))
    ties = [tie for tie in ties if seen.when.of(tie.evidence) not in HIDDEN]
    others = {tie.other if tie.one == iri else tie.one for tie in ties}
    around = [*map(kg.shorten, asked.wanted.around), kg.shorten(iri)]
    return Picked(
        iri,
        reader.name(iri),
        node.kind if node else "other",
        tuple(_line(seen, iri, tie, shown) for tie in ties[:MOST_LINES]),
        len(others),
        len(others - set(shown)),
        links.network(seen.changed(around=list(dict.fromkeys(around)))),
        "" if asked.wanted.around == (iri,) else links.network(seen.changed(around=kg.shorten(iri))),
        links.network(seen.changed(node=None)),
    )


def _line(seen: Seen, iri: str, tie: Tie, shown: Collection[str]) -> Line:
    other = tie.other if tie.one == iri else tie.one
    kind = seen.network.nodes[other].kind
    reasons = tuple(_reason(seen.reader, piece) for piece in tie.evidence)
    state = seen.when.of(tie.evidence)
    said = state_name(state) if state else ""
    return Line(seen.reader.name(other), kind, tie, reasons, state, said, other in shown)


def _reason(reader: Reader, piece: Evidence) -> Reason:
    return Reason(
        reader.name(piece.through),
        ", ".join(sorted(reader.plain(role) for role in piece.roles)),
        lasted(piece.span, reader.language),
        tuple(reader.name(source) for source in sorted(piece.sources)),
        piece.alone,
    )
