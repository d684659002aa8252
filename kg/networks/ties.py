"""Networks: things, the ties between them, and what makes each tie; all of one, or narrowed."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import combinations

from kg.errors import NetworkTooLargeError
from kg.lenses import independent
from kg.names import Index
from kg.periods import ABSENT, NO_DATES, UNDATED, Period, Span
from kg.queries import Question

MOST_PAIRS = 200_000
"""Pairs of things that are looked at; more would be a minute's work and a picture of nothing."""


@dataclass(frozen=True)
class Evidence:
    """One thing through which others are tied, or in which one appears; the roles in it, who says so, and when.

    `alone` is False where the sources say so only together, none of them by itself.
    """

    through: str
    roles: frozenset[str] = frozenset()
    themes: frozenset[str] = frozenset()
    sources: frozenset[str] = frozenset()
    alone: bool = True
    span: Span = NO_DATES


@dataclass(frozen=True)
class Node:
    """A thing of a network, and all in which it appears."""

    iri: str
    label: str
    kind: str
    evidence: tuple[Evidence, ...]


@dataclass(frozen=True)
class Tie:
    """Two things and what ties them; an arrow from `one` to `other` where direction counts.

    `backing` counts the independent sources that say so by themselves: none, where sources do so only together or
    only a compilation or a curator does.
    """

    one: str
    other: str
    evidence: tuple[Evidence, ...]
    backing: int

    @property
    def weight(self) -> int:
        """How many things tie them."""
        return len(self.evidence)


@dataclass(frozen=True)
class Wanted:
    """What a network is narrowed to; nothing at all unless said.

    Evidence in one of these roles and on one of these themes that may fall into these years, ties that weigh and are
    backed so much at least, things around these.
    """

    roles: tuple[str, ...] = ()
    themes: tuple[str, ...] = ()
    years: Period | None = None
    weight: int = 1
    backing: int = 0
    around: tuple[str, ...] = ()

    def takes(self, evidence: Evidence) -> bool:
        """True if the evidence has a role, a theme and a time that are wanted."""
        return (
            (not self.roles or not evidence.roles.isdisjoint(self.roles))
            and (not self.themes or not evidence.themes.isdisjoint(self.themes))
            and (self.years is None or evidence.span.within(self.years) not in (ABSENT, UNDATED))
        )


@dataclass(frozen=True, eq=False)
class Network:
    """Things by IRI and the ties between them, both in the order of their IRIs."""

    of: "Ties"
    wanted: Wanted
    language: str
    nodes: Mapping[str, Node]
    ties: tuple[Tie, ...]

    @cached_property
    def undated(self) -> int:
        """How many pieces of evidence are left out because years are wanted, and they have no date."""
        if self.wanted.years is None:
            return 0
        rest = Wanted(self.wanted.roles, self.wanted.themes)
        return sum(rest.takes(record.evidence) and not record.evidence.span.dated for record in self.of.records)

    def label(self, iri: str) -> str:
        """What anything is called in the language of the network."""
        return self.of.index.label(iri, self.language)[0]

    @cached_property
    def ties_of(self) -> Mapping[str, tuple[Tie, ...]]:
        """The ties of each thing."""
        found: dict[str, list[Tie]] = {iri: [] for iri in self.nodes}
        for tie in self.ties:
            for iri in dict.fromkeys((tie.one, tie.other)):
                found[iri].append(tie)
        return {iri: tuple(ties) for iri, ties in found.items()}


@dataclass(frozen=True)
class Record:
    """A row: the member, or the two ends of an arrow, and the evidence for it."""

    ends: tuple[str, ...]
    evidence: Evidence


@dataclass(frozen=True, eq=False)
class Ties:
    """All that a file of `queries/networks/` says over one store."""

    question: Question
    snapshot: str
    directed: bool
    records: tuple[Record, ...]
    origins: Mapping[str, frozenset[str]] = field(repr=False)
    index: Index = field(repr=False)
    kinds: Mapping[str, str] = field(repr=False)

    def network(self, wanted: Wanted | None = None, language: str = "en") -> Network:
        """The network, narrowed; things without a tie are in it as long as no tie has to weigh anything.

        Around some things are all that are tied to them, and the ties among those. Raises NetworkTooLargeError.
        """
        wanted = wanted or Wanted()
        taken = [record for record in self.records if wanted.takes(record.evidence)]
        kept = self._around(taken, wanted) if wanted.around else None
        ties = self._ties(taken, wanted, kept)
        nodes = self._nodes(taken, wanted, kept, ties, language)
        return Network(self, wanted, language, nodes, ties)

    def _around(self, records: Sequence[Record], wanted: Wanted) -> set[str]:
        centres = set(wanted.around)
        through = {record.evidence.through for record in records if not centres.isdisjoint(record.ends)}
        near = [record for record in records if record.evidence.through in through]
        pairs = (tie for tie in self._pairs(near, centres) if _counts(tie, wanted))
        return centres | {iri for tie in pairs for iri in (tie.one, tie.other)}

    def _ties(self, records: Sequence[Record], wanted: Wanted, kept: set[str] | None) -> tuple[Tie, ...]:
        near = records if kept is None else [one for one in records if kept.issuperset(one.ends)]
        found = (tie for tie in self._pairs(near) if _counts(tie, wanted))
        return tuple(sorted(found, key=lambda tie: (tie.one, tie.other)))

    def _pairs(self, records: Sequence[Record], centres: set[str] | None = None) -> Iterator[Tie]:
        """Every tie, or those of the centres, with its evidence in the order of what ties."""
        pairs: dict[tuple[str, str], list[Evidence]] = defaultdict(list)
        for pair, evidence in self._arrows(records) if self.directed else self._shared(records, centres):
            if centres is None or not centres.isdisjoint(pair):
                pairs[pair].append(evidence)
                if len(pairs) > MOST_PAIRS:
                    raise NetworkTooLargeError(self.question.name, MOST_PAIRS)
        for (one, other), found in pairs.items():
            ordered = tuple(sorted(found, key=lambda piece: piece.through))
            sources = {source for piece in found if piece.alone for source in piece.sources}
            yield Tie(one, other, ordered, independent(sources, self.origins))

    def _arrows(self, records: Sequence[Record]) -> Iterator[tuple[tuple[str, str], Evidence]]:
        for record in records:
            yield (record.ends[0], record.ends[1]), record.evidence

    def _shared(
        self, records: Sequence[Record], centres: set[str] | None
    ) -> Iterator[tuple[tuple[str, str], Evidence]]:
        members: dict[str, list[Record]] = defaultdict(list)
        for record in records:
            members[record.evidence.through].append(record)
        for together in members.values():
            for one, other in combinations(sorted(together, key=lambda record: record.ends), 2):
                if centres is None or one.ends[0] in centres or other.ends[0] in centres:
                    yield (one.ends[0], other.ends[0]), _joint(one.evidence, other.evidence)

    def _nodes(
        self,
        records: Sequence[Record],
        wanted: Wanted,
        kept: set[str] | None,
        ties: Sequence[Tie],
        language: str,
    ) -> dict[str, Node]:
        found: dict[str, list[Evidence]] = defaultdict(list)
        for record in records:
            for iri in record.ends:
                found[iri].append(record.evidence)
        alone = wanted.weight == 1 and wanted.backing == 0
        tied = {iri for tie in ties for iri in (tie.one, tie.other)}
        shown = [iri for iri in sorted(found) if (alone or iri in tied or iri in wanted.around)]
        return {iri: self._node(iri, found[iri], language) for iri in shown if kept is None or iri in kept}

    def _node(self, iri: str, evidence: Iterable[Evidence], language: str) -> Node:
        classes = set(self.index.classes(iri))
        kind = next((kind for one, kind in self.kinds.items() if one in classes), "other")
        ordered = tuple(sorted(evidence, key=lambda piece: piece.through))
        return Node(iri, self.index.label(iri, language)[0], kind, ordered)


def _joint(one: Evidence, other: Evidence) -> Evidence:
    """What ties two members of the same thing."""
    common = one.sources & other.sources
    return Evidence(
        one.through,
        one.roles | other.roles,
        one.themes | other.themes,
        common or one.sources | other.sources,
        bool(common) and one.alone and other.alone,
        one.span.meet(other.span),
    )


def _counts(tie: Tie, wanted: Wanted) -> bool:
    return tie.weight >= wanted.weight and tie.backing >= wanted.backing
