"""Lists: the members of a class with what is worth a column, from `queries/lists/<class>.rq`.

Such a file gives `?member` and columns, one row per fact; here the facts of one thing are put together. A heading may
say what the values below it are codes of (`codes: country`), so that a page can spell them out.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import pyoxigraph as ox

from kg.classes import class_named, file_of
from kg.queries import Question, read
from kg.store import Store
from kg.terms import ROOT, Term

FOLDER = ROOT / "queries" / "lists"
MEMBER = "member"

Cells = tuple[tuple[Term, ...], ...]
"""The values of one thing, sorted, column by column."""


@dataclass(frozen=True)
class Listing:
    """What a file says of things, by their IRIs; `question` is the file, None where no file is about the class."""

    question: Question | None
    columns: tuple[str, ...]
    cells: Mapping[str, Cells]

    def of(self, iri: str) -> Cells:
        """The values of a thing, column by column; no values where the file has none."""
        return self.cells.get(iri) or ((),) * len(self.columns)


def listing(store: Store, cls: str, folder: Path = FOLDER) -> Listing:
    """The columns for a class, or for the nearest class above it that a file is about; UnknownNameError."""
    file = file_of(store, class_named(cls), folder)
    if file is None:
        return Listing(None, (), {})
    question = read(file)
    answer = store.query(question.text, name=question.name)
    columns = tuple(name for name in answer.columns if name != MEMBER)
    found: dict[str, list[set[Term]]] = {}
    for row in answer.rows:
        member = row[MEMBER]
        if isinstance(member, ox.NamedNode):
            cells = found.setdefault(member.value, [set() for _ in columns])
            for cell, name in zip(cells, columns, strict=True):
                if (term := row[name]) is not None:
                    cell.add(term)
    return Listing(question, columns, {iri: _ordered(cells) for iri, cells in found.items()})


def _ordered(cells: Sequence[set[Term]]) -> Cells:
    return tuple(tuple(sorted(cell, key=str)) for cell in cells)
