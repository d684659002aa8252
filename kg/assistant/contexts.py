"""What the rest of a query says around one triple pattern.

Seen from the variable that the rows are about, a pattern leads from a near variable to a far one; what hangs from the
far one alone is beyond it. Without the pattern and all beyond it, there is left the context in which it loses rows.
"""

import re
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass

from kg.assistant.parts import Group, Part, Query, Triple, bindable, bound, names_in, triples
from kg.assistant.probes import write

_LANGUAGE_TEST = re.compile(r"\bLANG\s*\(", re.IGNORECASE)


@dataclass(frozen=True, eq=False)
class Place:
    """A triple pattern and the groups it stands in, outermost first; `doors` lead from each group to the next."""

    triple: Triple
    query: Query
    groups: tuple[Group, ...]
    doors: tuple[Part, ...] = ()

    @property
    def inner(self) -> bool:
        """True in a SELECT inside the query."""
        return self.query.start > len(self.query.prologue)

    @property
    def optional(self) -> bool:
        """True inside an OPTIONAL."""
        return any(door.kind == "optional" for door in self.doors)

    @property
    def others(self) -> list[Part]:
        """The parts beside the pattern and around it."""
        apart = {self.triple, *self.doors}
        return [part for group in self.groups for part in group.parts if part not in apart]

    def ties(self, part: Part) -> frozenset[str]:
        """The variables that a part surely holds together, the name of a GRAPH around it included."""
        names = bound(part)
        for n, door in enumerate(self.doors):
            if door.kind == "graph" and names and any(part in group.parts for group in self.groups[n + 1 :]):
                names |= {term.variable for term in door.terms if term.variable}
        return names


@dataclass(frozen=True, eq=False)
class Context:
    """The surroundings of a pattern: `near` is where it hangs, `far` where it leads (None if it closes a circle).

    `close` are the parts that hold near, `beyond` those that hang from far alone, `hidden` their variables.
    """

    place: Place
    near: str
    far: str | None
    close: frozenset[Part]
    beyond: tuple[Part, ...]
    hidden: frozenset[str]

    @property
    def inverse(self) -> bool:
        """True if near is the object of the pattern."""
        return self.near != self.place.triple.subject.variable

    @property
    def shows_nothing_else(self) -> bool:
        """True if the query asks for what hangs from the pattern and for nothing else, each once."""
        query = self.place.query
        names = frozenset().union(*(column.names for column in query.columns))
        return query.distinct and bool(names) and names <= self.hidden

    @property
    def things(self) -> str:
        """The near things for reading: their variable, with their class if the query states one."""
        name = "[ ]" if self.near.startswith("blank_") else f"?{self.near}"
        classes = (
            part for part in self.place.others if isinstance(part, Triple) and part.subject.variable == self.near
        )
        said = (one.object.text for one in classes if one.object.kind == "iri" and one.verb.types)
        return next((f"{kind} ({name})" for kind in said), name)

    @property
    def language_filters(self) -> list[Part]:
        """The filters that only ask for the language of something hidden."""
        filters = (part for part in self.place.others if part.kind == "filter" and part.names & self.hidden)
        return [part for part in filters if _LANGUAGE_TEST.search(part.text)]

    @property
    def language_tests(self) -> list[Part]:
        """Those that ask for the language of far."""
        return [part for part in self.language_filters if part.names & self.hidden == {self.far}]

    @property
    def far_filters(self) -> list[Part]:
        """The filters on the value of far, or on what is beyond, that do not only ask for its language."""
        tests = self.language_filters
        filters = (part for part in self.place.others if part.kind == "filter" and part not in tests)
        return [part for part in filters if part.names & self.hidden]

    def without(self) -> str:
        """The context without the pattern."""
        return self._write(self._kept(()), ())

    def within(self, more: Iterable[Part] = ()) -> str:
        """The context with the pattern and some more parts."""
        return self._write(self._kept(more), (self.place.triple,))

    def rescued(self, more: Iterable[Part] = ()) -> str:
        """The near things of the context that the pattern, or another branch of a UNION around it, gives."""
        apart = {branch for branch in self._branches() if not self._rescues(branch)}
        sides = self.without(), self._write(self._kept(more), (self.place.triple,), apart)
        return " ".join(["{", *(f"{{ SELECT DISTINCT ?{self.near} WHERE {side} }}" for side in sides), "}"])

    @property
    def shared(self) -> bool:
        """True if another branch of a UNION may give the near thing too."""
        return any(self._rescues(branch) for branch in self._branches())

    def _branches(self) -> set[Group]:
        """The other branches of the UNIONs around the pattern."""
        return {group for door in self.place.doors for group in door.groups if group not in self.place.groups}

    def _rescues(self, branch: Group) -> bool:
        """True if the branch may give the near thing too: it names it, or something outside the UNION does."""
        depth = next(n for n, door in enumerate(self.place.doors) if branch in door.groups)
        outer = {part for group in self.place.groups[: depth + 1] for part in group.parts}
        return self.near in names_in(branch) or any(self.near in bound(part) for part in self.close & outer)

    def _write(self, kept: Collection[Part], also: Collection[Part], branches: Collection[Group] | None = None) -> str:
        whole = [part for group in self.place.groups for part in group.parts]
        drop: set[object] = {part for part in whole if part not in kept and part not in also}
        drop -= set(self.place.doors)
        drop |= self._branches() if branches is None else set(branches)
        return write(self.place.groups[0], drop, [door for door in self.place.doors if door.kind == "optional"])

    def _kept(self, more: Iterable[Part]) -> set[Part]:
        """The close parts, `more`, the filters and MINUS about them, and what OPTIONAL and BIND these need."""
        others = self.place.others
        kept = {*self.close, *more}
        known = frozenset().union(*(bound(part) for part in kept))
        soft = [p for p in others if p.kind in ("optional", "bind") and not (p.names | bindable(p)) & self.hidden]
        foreign = frozenset().union(*(names_in(g) for g in self.place.groups)) - known
        foreign -= frozenset().union(*(bindable(part) for part in soft))
        for part in others:
            inside = frozenset().union(*(names_in(group) for group in part.groups))
            if (part.kind == "filter" and not (part.names & foreign or inside & self.hidden)) or (
                part.kind == "minus" and part.names & known and not part.names & self.hidden
            ):
                kept.add(part)
        while more_soft := [part for part in soft if part not in kept and _needed(part, kept, known)]:
            kept.update(more_soft)
        return kept


def _needed(part: Part, kept: Iterable[Part], known: frozenset[str]) -> bool:
    used = frozenset().union(*(other.names for other in kept))
    return bool((bindable(part) - known) & used)


def places(query: Query) -> Iterator[Place]:
    """Every triple pattern that makes rows or, in an OPTIONAL, widens them, those of inner SELECTs included."""
    yield from _places(query, (query.where,), ())


def _places(query: Query, groups: tuple[Group, ...], doors: tuple[Part, ...]) -> Iterator[Place]:
    for part in groups[-1].parts:
        if isinstance(part, Triple):
            yield Place(part, query, groups, doors)
        elif part.select:
            yield from _places(part.select, (part.select.where,), ())
        elif part.kind in ("optional", "graph", "union"):
            for group in part.groups:
                yield from _places(query, (*groups, group), (*doors, part))


def context(place: Place) -> Context | None:
    """The surroundings of a pattern; None for a pattern that joins nothing to a variable of the rest."""
    triple = place.triple
    ends = [term.variable for term in (triple.subject, triple.object)]
    ties = [(part, place.ties(part)) for part in place.others]
    own = frozenset(name for name in ends if name)
    for root in _roots(place, own, ties):
        known, close = _reach(frozenset({root}), ties)
        near = next((name for name in ends if name in known and any(name in bound(part) for part in close)), None)
        if near is None or (near != ends[0] and not _typed(near, close)):
            continue
        far = next((name for name in ends if name and name not in known), None)
        graphs = frozenset(t.variable for d in place.doors if d.kind == "graph" for t in d.terms if t.variable)
        hidden, beyond = _reach((own | graphs) - known, [(p, names) for p, names in ties if p not in close])
        return Context(place, near, far, frozenset(close), tuple(p for p in place.others if p in beyond), hidden)
    return None


def _typed(name: str, parts: Iterable[Part]) -> bool:
    """True if a pattern with a constant says what kind of thing a variable stands for."""
    own = (part for part in parts if isinstance(part, Triple) and part.subject.variable == name)
    return any(triple.object.kind in ("iri", "literal") for triple in own)


Ties = list[tuple[Part, frozenset[str]]]


def _roots(place: Place, own: frozenset[str], ties: Ties) -> Iterator[str]:
    """The variables the rows may be about, likeliest first, of those that are tied to the pattern."""
    query = place.query
    shown = [name for column in query.columns for name in ([column.name] if not column.expression else [])]
    subjects = [part.subject.variable for part in triples(query.where) if part.subject.variable]
    tied, _ = _reach(own, ties)
    grouped = [name for name in shown if name in query.grouped]
    for name in dict.fromkeys([*grouped, *shown, *sorted(query.grouped), *subjects]):
        if name in tied:
            yield name


def _reach(names: frozenset[str], ties: Ties) -> tuple[frozenset[str], set[Part]]:
    """The variables tied to some variables through parts, and these parts; a BIND leads to its target only."""
    reached: set[Part] = set()
    while True:
        new = {p for p, tied in ties if p not in reached and (p.names if p.kind == "bind" else tied) & names}
        if not new:
            return names, reached
        reached |= new
        names = names.union(*(tied for part, tied in ties if part in new))
