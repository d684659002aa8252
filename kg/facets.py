"""Facets: the members of a class sorted by what files say of them, with live counts and the SPARQL behind a choice.

`queries/facets/<class>/NN-<name>.rq` gives `?member ?value` for every member of that class and of the classes below;
the number gives the facet its place, the summary its name. A member without any value has the value NOT_KNOWN.
"""

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from functools import cached_property, reduce
from itertools import chain
from pathlib import Path
from threading import Lock
from typing import Any
from weakref import WeakKeyDictionary

import pyoxigraph as ox

from kg import sparql
from kg.classes import bare_name, class_named, files_of
from kg.errors import ParameterError
from kg.queries import Question, read
from kg.store import Store
from kg.terms import ROOT, Term, prefixes, shorten

FOLDER = ROOT / "queries" / "facets"
NOT_KNOWN = "-"
"""The value of whatever has none, so that nothing disappears when one chooses."""

Chosen = Mapping[str, Collection[str]]
"""Facet -> values: any of them, and every facet must be met."""


@dataclass(frozen=True)
class Facet:
    """One way to sort the members of a class: what each is held to be, and the terms behind each value.

    A value is written as an address has it: a prefixed name for an IRI, the text of a literal.
    """

    name: str
    question: Question
    terms: Mapping[str, tuple[Term, ...]]
    held: Sequence[tuple[str, ...]]

    @cached_property
    def counts(self) -> Mapping[str, int]:
        """How many of all members have each value, the commonest first."""
        counted = Counter(chain.from_iterable(self.held))
        return dict(sorted(counted.items(), key=lambda item: (-item[1], item[0])))

    @property
    def sorts(self) -> bool:
        """False where all members have the same one value, or none is known of any."""
        return len(self.counts) > 1

    @cached_property
    def several(self) -> bool:
        """True where a member has more than one value."""
        return any(len(values) > 1 for values in self.held)

    def holders(self, values: Collection[str], every: bool) -> set[int]:
        """The numbers of the members that have any of the values, or every one."""
        wanted = frozenset(values)
        fits: Callable[[tuple[str, ...]], bool] = wanted.issubset if every else lambda own: not wanted.isdisjoint(own)
        return {number for number, own in enumerate(self.held) if fits(own)}


@dataclass(frozen=True)
class Choice:
    """The members that meet a choice, in the order of their IRIs, and what another choice would give.

    `counts` has, for each facet, how many members have each value among those that meet the choice in the other facets
    (and in this one too where every value is asked for). `without` has, for each facet chosen from, how many there
    were if that choice were taken back; under "" where the members were chosen from a part of all.
    """

    members: tuple[str, ...]
    counts: Mapping[str, Mapping[str, int]]
    without: Mapping[str, int]


@dataclass(frozen=True)
class Members:
    """The members of a class, in the order of their IRIs, and the facets by which they can be chosen."""

    cls: str
    iris: tuple[str, ...]
    facets: Mapping[str, Facet]
    _numbers: Mapping[str, int] = field(repr=False)

    def choose(self, chosen: Chosen, every: Collection[str] = (), among: Iterable[str] | None = None) -> Choice:
        """The members that have any of the values chosen in each facet, or every one in the facets named in `every`.

        `among` leaves only some members to choose from. Raises ParameterError for an unknown facet or value.
        """
        self.check(chosen, every)
        parts = {name: self.facets[name].holders(values, name in every) for name, values in chosen.items() if values}
        if among is not None:
            parts[""] = {self._numbers[iri] for iri in among if iri in self._numbers}
        whole = set(range(len(self.iris)))
        others = {name: _common(whole, [part for key, part in parts.items() if key != name]) for name in parts}
        met = _common(whole, list(parts.values()))
        counts: dict[str, Mapping[str, int]] = {}
        for name, facet in self.facets.items():
            base = others[name] if name in others and name not in every else met
            counts[name] = facet.counts if len(base) == len(whole) else _counted(facet, base)
        members = tuple(self.iris[number] for number in sorted(met)) if parts else self.iris
        return Choice(members, counts, {name: len(numbers) for name, numbers in others.items()})

    def check(self, chosen: Chosen, every: Collection[str] = ()) -> None:
        """Raises ParameterError, with what there is, for a facet or a value that is not there."""
        cls = shorten(self.cls)
        for facet in [*chosen, *every]:
            if facet not in self.facets:
                known = ", ".join(self.facets) or "none"
                raise ParameterError(f'the members of {cls} have no facet "{facet}" (there are: {known})')
        for facet, values in chosen.items():
            for value in values:
                if value != NOT_KNOWN and value not in self.facets[facet].terms:
                    counts = self.facets[facet].counts
                    near = ", ".join(dict.fromkeys([*get_close_matches(value, counts), *counts][:6]))
                    raise ParameterError(f'no member of {cls} has {facet}="{value}" (nearest and commonest: {near})')

    def query(self, chosen: Chosen, every: Collection[str] = (), among: Iterable[str] | None = None) -> str:
        """SPARQL that gives the same members as `choose`, in the same order, made of the files of the facets.

        What SPARQL cannot find, such as a likeness of names, is handed to it in `among`.
        """
        self.check(chosen, every)
        spaces: dict[str, str] = {}
        lines = [f"?member a <{self.cls}> ."]
        for name, values in chosen.items():
            if values:
                spaces |= _prologue(self.facets[name].question.text)
                lines += _conditions(self.facets[name], values, name in every, self.cls)
        if among is not None:
            lines.append("VALUES ?member { " + " ".join(f"<{iri}>" for iri in sorted(set(among))) + " }")
        declared = "".join(f"PREFIX {prefix}: <{space}>\n" for prefix, space in sorted(spaces.items()))
        body = "\n".join("  " + line for line in "\n".join(lines).splitlines())
        return f"{declared}SELECT DISTINCT ?member WHERE {{\n{body}\n}}\nORDER BY ?member\n"


def members(store: Store, cls: str, folder: Path = FOLDER) -> Members:
    """The members of a class (IRI, prefixed name, or bare name of one of ours) with the facets that files give it.

    What files say is asked once and kept with the store. Raises UnknownNameError for what is not the name of a class.
    """
    iri = class_named(cls)
    found: Members = _kept(store, ("members", iri, folder), lambda: _members(store, iri, folder))
    return found


def _members(store: Store, cls: str, folder: Path) -> Members:
    rows = store.query(f"SELECT DISTINCT ?member WHERE {{ ?member a <{cls}> }}").rows
    iris = tuple(sorted(row["member"].value for row in rows if isinstance(row["member"], ox.NamedNode)))
    facets = [_facet(store, file, iris) for file in files_of(store, cls, folder)]
    return Members(cls, iris, {facet.name: facet for facet in facets}, {iri: number for number, iri in enumerate(iris)})


def _facet(store: Store, file: Path, iris: Sequence[str]) -> Facet:
    question = read(file)
    held, terms = _kept(store, file, lambda: _pairs(store, question))
    none = (NOT_KNOWN,)
    return Facet(bare_name(file), question, terms, [held.get(iri, none) for iri in iris])


def _pairs(store: Store, question: Question) -> tuple[dict[str, tuple[str, ...]], dict[str, tuple[Term, ...]]]:
    """IRI of a member -> its values, sorted; value -> the terms written so."""
    held: dict[str, set[str]] = {}
    terms: dict[str, set[Term]] = {}
    names: dict[Any, str] = {}
    for row in store.query(question.text, name=question.name).rows:
        member, term = row["member"], row["value"]
        if isinstance(member, ox.NamedNode) and term is not None:
            if term not in names:
                names[term] = _written(term)
                terms.setdefault(names[term], set()).add(term)
            held.setdefault(member.value, set()).add(names[term])
    ordered = {value: tuple(sorted(some, key=str)) for value, some in terms.items()}
    return {iri: tuple(sorted(values)) for iri, values in held.items()}, ordered


def _written(term: Term) -> str:
    if isinstance(term, ox.NamedNode):
        return shorten(term.value)
    return term.value if isinstance(term, ox.Literal) else str(term)


def _common(whole: set[int], parts: Sequence[set[int]]) -> set[int]:
    return reduce(lambda one, other: one & other, sorted(parts, key=len), whole) if parts else whole


def _counted(facet: Facet, numbers: Iterable[int]) -> Mapping[str, int]:
    return Counter(chain.from_iterable(map(facet.held.__getitem__, numbers)))


def _conditions(facet: Facet, values: Collection[str], every: bool, cls: str) -> list[str]:
    """The patterns that leave only the members with any of the values, or with every one."""
    comment = f"# {facet.question.summary}: {'every one of these' if every else 'any of these'}"
    if every:
        return [comment, *(_having(facet, [value], cls) for value in sorted(values))]
    return [comment, _having(facet, sorted(values), cls)]


def _having(facet: Facet, values: Sequence[str], cls: str) -> str:
    """A pattern for the members that have one of the values at least."""
    select = _body(facet.question.text)
    known = [str(term) for value in values if value != NOT_KNOWN for term in facet.terms[value]]
    parts = []
    if known:
        parts.append(
            f"SELECT DISTINCT ?member WHERE {{\n{_indented(select)}\n  VALUES ?value {{ {' '.join(known)} }}\n}}"
        )
    if NOT_KNOWN in values:
        parts.append(f"?member a <{cls}> .\nMINUS {{ {select} }}")
    return "\nUNION\n".join(f"{{\n  {part.replace(chr(10), chr(10) + '  ')}\n}}" for part in parts)


def _indented(select: str) -> str:
    return "  { " + select.replace("\n", "\n    ") + " }"


def _body(text: str) -> str:
    """A query from its SELECT on, as a subquery has it."""
    start = next(token.start for token in sparql.tokens(text) if token.text.upper() == "SELECT")
    return text[start:].strip()


def _prologue(text: str) -> dict[str, str]:
    """The prefixes that a query uses, with what the project means by them."""
    used = {token.text.partition(":")[0] for token in sparql.tokens(text) if token.kind == "name"}
    return {prefix: space for prefix, space in prefixes().items() if prefix in used}


_shelves: WeakKeyDictionary[Store, dict[Any, Any]] = WeakKeyDictionary()
_lock = Lock()


def _kept(store: Store, key: Any, make: Callable[[], Any]) -> Any:
    """What `make` gives, kept for as long as the store is there."""
    with _lock:
        shelf = _shelves.setdefault(store, {})
    if key not in shelf:
        shelf[key] = make()
    return shelf[key]
