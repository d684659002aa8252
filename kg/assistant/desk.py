"""A query under examination, and what is found out about it."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import partial

from kg.assistant import edits
from kg.assistant.advice import Finding
from kg.assistant.edits import Edit
from kg.assistant.parts import Query
from kg.assistant.probes import LateError, Probes
from kg.assistant.reading import read
from kg.errors import KGError


@dataclass(frozen=True)
class Proposal:
    """Something found, and how to find its rewrite when there is time."""

    found: Finding
    mend: Callable[[], Finding] | None = None


Check = tuple[str, int, Callable[[], Iterator[Proposal]]]
"""What is checked, on which line, and how."""


@dataclass(frozen=True)
class Desk:
    """A query under examination: its parts, the probes for it, and the language of the reader."""

    query: Query
    probes: Probes
    language: str

    def proposal(self, found: Finding, changes: list[Edit] | None) -> Proposal:
        """The finding, with the rewrite that the edits make still to be tried."""
        return Proposal(found, partial(self.with_rewrite, found, changes) if changes else None)

    def with_rewrite(self, found: Finding, changes: list[Edit] | None) -> Finding:
        """The finding with the rewrite that the edits make and its number of rows, if the engine accepts it."""
        if changes is None:
            return found
        text = edits.apply(self.query.text, changes)
        try:
            rows = self.probes.of(read(text)).answers()
        except KGError:
            return found
        except LateError:
            return replace(found, rewrite=text)
        return replace(found, rewrite=text, rows=rows)
