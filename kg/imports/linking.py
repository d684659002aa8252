"""What records speak of, and which thing of the graph each of these is.

A thing is known by its identifier, else by its name among the things of its sort; what is not known gets an IRI made
from its name. What may be several things is none: the record that says it cannot be used.
"""

import hashlib
import re
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from kg.errors import AmbiguousNameError, KGError, UnknownNameError
from kg.names import Index, fold
from kg.store import Row
from kg.terms import expand, shorten

LONGEST = 80
"""Most characters of a name that go into an IRI."""


@dataclass(frozen=True)
class Mention:
    """One thing that a record speaks of: as what, under which name or identifier, and where a new one is minted."""

    record: str
    link: str
    sort: str
    name: str
    identifier: str
    mint: str

    @property
    def key(self) -> tuple[str, str, str]:
        """What is the same for all mentions of one new thing."""
        return self.mint, *(("#", self.identifier) if self.identifier else ("", fold(self.name) or self.name))


def mentions(rows: Iterable[Row]) -> list[Mention]:
    """The mentions in the rows of a query with ?record ?as ?sort ?name ?identifier ?mint."""
    columns = ("record", "as", "sort", "name", "identifier", "mint")
    return sorted({Mention(*(_text(row, column) for column in columns)) for row in rows}, key=repr)


class Linker:
    """Finds the thing that a mention means, among those of the graph and those that the same file brings."""

    def __init__(self, index: Index, candidates: Iterable[Row], said: Iterable[Mention]) -> None:
        self._index = index
        self._sorts: dict[str, set[str]] = defaultdict(set)
        self._identified: dict[tuple[str, str], set[str]] = defaultdict(set)
        for row in candidates:
            sort, thing = _text(row, "sort"), _text(row, "thing")
            self._sorts[sort].add(thing)
            if identifier := _text(row, "identifier"):
                self._identified[sort, identifier].add(thing)
        self.minted: set[str] = set()
        self._clashes: set[str] = set()
        self._named: dict[tuple[str, str], set[str]] = defaultdict(set)
        said = list(said)
        self._learn(said)
        self._mint([m for m in said if m.mint and not self._known(m) and not expand(m.name)])

    def find(self, mention: Mention) -> str:
        """The IRI of what is meant; KGError, with the candidates or the nearest, when that is not sure."""
        found = sorted(self._known(mention) or self._new(mention))
        if len(found) == 1 and found[0] not in self._clashes:
            return found[0]
        text = mention.name or mention.identifier
        if len(found) == 1:
            there = f"{shorten(found[0])} ({self._index.label(found[0])[0]})"
            raise KGError(
                f'"{text}" would get the address of {there}, which has other names: if it is the same, say so'
            )
        if found:
            raise AmbiguousNameError(text, [f"{shorten(iri)} ({self._index.label(iri)[0]})" for iri in found])
        near = [hit for hit in self._index.search(text, 50) if hit.iri in self._sorts[mention.sort]]
        raise UnknownNameError(text, [f"{hit.label} ({shorten(hit.iri)})" for hit in near[:3]])

    def _known(self, mention: Mention) -> set[str]:
        """The things of the graph that a mention may mean, by identifier, by IRI, or by name, labels before others."""
        if found := self._identified.get((mention.sort, mention.identifier), set()):
            return found
        if iri := expand(mention.name):
            return {iri} & self._sorts[mention.sort]
        if not mention.name:
            return set()
        called = (self._sorts[mention.sort].intersection(found) for found in self._index.called(mention.name))
        return next(filter(None, called), set())

    def _new(self, mention: Mention) -> set[str]:
        """The things that this file brings and a mention may mean."""
        return self._named[mention.sort, mention.identifier or fold(mention.name)]

    def _learn(self, said: Iterable[Mention]) -> None:
        """An identifier beside the name of a known thing is an identifier of that thing in all of the file."""
        learnt = [(mention, found) for mention in said if mention.identifier and (found := self._known(mention))]
        for mention, found in learnt:
            self._identified[mention.sort, mention.identifier] |= found

    def _mint(self, unknown: list[Mention]) -> None:
        """An IRI for each thing that is new; those with the same name but other identifiers are told apart by these."""
        identified = {(mention.mint, fold(mention.name)) for mention in unknown if mention.identifier}
        new: dict[tuple[str, str, str], list[Mention]] = defaultdict(list)
        for mention in unknown:
            if mention.identifier or (mention.mint, fold(mention.name)) not in identified:
                new[mention.key].append(mention)
        slugs = {key: key[0] + slug(min(m.name for m in group) or key[2]) for key, group in new.items()}
        times = Counter(slugs.values())
        for key, group in new.items():
            iri = (
                slugs[key] if times[slugs[key]] == 1 else f"{slugs[key]}--{slug(key[2]) if key[1] else digest(key[2])}"
            )
            (self._clashes if self._index.classes(iri) else self.minted).add(iri)
            for mention in group:
                for text in filter(None, (mention.identifier, fold(mention.name))):
                    self._named[mention.sort, text].add(iri)


def slug(name: str) -> str:
    """A name as the end of an IRI: plain lower-case letters, digits and hyphens; one in other letters as its digest."""
    plain = re.sub(r"[^a-z0-9]+", "-", fold(name)).strip("-")
    return plain[:LONGEST].rstrip("-") if len(plain) * 2 >= len(fold(name)) > 0 else f"x-{digest(name)}"


def digest(text: str) -> str:
    """A text as twelve letters and digits."""
    return hashlib.sha256(text.encode()).hexdigest()[:12]


def _text(row: Row, column: str) -> str:
    return getattr(row.get(column), "value", "")
