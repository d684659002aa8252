"""A small picture of a thing and what it is tied to, drawn here, so that it needs no script."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import zip_longest

import kg
from webapp.reading import Reader, Shown

MOST_ENDS = 24
"""Things around the middle; more could not be told apart."""
MOST_LOOKED_AT = 300
"""Things out of which those are chosen."""


@dataclass(frozen=True)
class End:
    """A thing at the end of a tie: its name, its kind (a colour), and in words how it is tied."""

    name: Shown
    kind: str
    words: str


@dataclass(frozen=True)
class Star:
    """The picture: the thing in the middle, ends on the left and on the right, and how many there are in all."""

    kind: str
    left: tuple[End, ...]
    right: tuple[End, ...]
    total: int

    @property
    def height(self) -> int:
        """Rows of the picture, ten units each."""
        return 10 * max(len(self.left), len(self.right))

    def lines(self, ends: Sequence[End]) -> list[tuple[float, str]]:
        """Where the tie of each end meets its side, from the top, and its kind; ends stand in the middle of it."""
        first = (self.height - 10 * len(ends)) / 2 + 5
        return [(first + 10 * number, end.kind) for number, end in enumerate(ends)]


def star(reader: Reader, iri: str, ties: Iterable[tuple[str, str]]) -> Star:
    """The picture of the ties of a thing, each given as what it leads to and the relation or role that it is."""
    relations: dict[str, list[str]] = {}
    for other, tie in ties:
        relations.setdefault(other, []).append(tie)
    kinds: dict[str, list[str]] = {}
    for other in list(relations)[:MOST_LOOKED_AT]:
        kinds.setdefault(reader.kind(other), []).append(other)
    chosen = _fairly(list(kinds.values()))
    ends = [
        End(reader.name(other), kind, ", ".join(dict.fromkeys(map(reader.plain, relations[other]))))
        for kind, others in kinds.items()
        for other in others
        if other in chosen
    ]
    half = (len(ends) + 1) // 2
    return Star(reader.kind(iri), tuple(ends[:half]), tuple(ends[half:]), len(relations))


def _fairly(groups: Sequence[Sequence[str]]) -> set[str]:
    """As many as there is room for, so that no kind crowds out another."""
    taken = [other for row in zip_longest(*groups) for other in row if other is not None]
    return set(taken[:MOST_ENDS])


def ties_of(rows: Sequence[Sequence[kg.Term | None]]) -> list[tuple[str, str]]:
    """The ties in an answer whose first two columns are the other thing and the relation."""
    return [
        (other.value, tie.value)
        for other, tie in (row[:2] for row in rows)
        if isinstance(other, kg.NamedNode) and isinstance(tie, kg.NamedNode)
    ]
