"""The parts of a SPARQL query and where each stands in its text, so that a probe or a rewrite touches nothing else."""

from collections.abc import Iterator
from dataclasses import dataclass

TYPE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"


@dataclass(frozen=True, eq=False)
class Term:
    """A variable, iri, literal, blank (node) or collection, as a probe writes it, and where it stands in the query."""

    kind: str
    text: str
    start: int
    end: int

    @property
    def variable(self) -> str | None:
        """The variable that a probe sees here, without its mark."""
        return self.text[1:] if self.kind in ("variable", "blank") else None


@dataclass(frozen=True, eq=False)
class Verb:
    """What stands between subject and object: a property, a variable or a path, with the IRIs it names."""

    text: str
    start: int
    end: int
    iris: tuple[Term, ...]
    variable: str | None

    @property
    def types(self) -> bool:
        """True if what follows is a class."""
        return self.text in ("a", "rdf:type", f"<{TYPE}>")

    @property
    def simple(self) -> bool:
        """True for a single property."""
        return len(self.iris) == 1 and self.text == self.iris[0].text


@dataclass(frozen=True, eq=False)
class Bundle:
    """A verb with its objects, from verb to last object, and where the `;` before it stands."""

    start: int
    end: int
    semicolon: int
    objects: tuple[Term, ...]


@dataclass(frozen=True, eq=False)
class Block:
    """Everything said of one subject in one go, up to and with its dot."""

    start: int
    end: int
    bundles: tuple[Bundle, ...]


@dataclass(frozen=True, eq=False, kw_only=True)
class Part:
    """One part of a group.

    `kind` is triple, filter, bind, values, optional, minus, graph, service, union (also of one group) or select; `text`
    is its source; `names` are the variables it mentions, outside EXISTS; `inner` is where what a FILTER asks begins.
    """

    kind: str
    text: str
    start: int
    end: int
    names: frozenset[str] = frozenset()
    groups: tuple["Group", ...] = ()
    terms: tuple[Term, ...] = ()
    target: str | None = None
    inner: int = 0
    select: "Query | None" = None


@dataclass(frozen=True, eq=False, kw_only=True)
class Triple(Part):
    """A triple pattern; `bundle` is None when it stands inside brackets."""

    subject: Term
    verb: Verb
    object: Term
    block: Block
    bundle: Bundle | None


@dataclass(frozen=True, eq=False)
class Group:
    """What stands between two braces."""

    start: int
    end: int
    parts: tuple[Part, ...]


@dataclass(frozen=True, eq=False)
class Aggregate:
    """A call such as COUNT(DISTINCT ?x): its function, its variable (`*` or None for an expression), its place."""

    function: str
    distinct: bool
    variable: str | None
    start: int
    end: int
    argument: int


@dataclass(frozen=True, eq=False)
class Column:
    """One thing that SELECT shows: its name, the variables it is made from, whether it is an expression."""

    name: str
    names: frozenset[str]
    expression: bool
    start: int
    end: int


@dataclass(frozen=True, eq=False)
class Query:
    """A query, or a SELECT inside one.

    `start` is where its form stands, `head_end` where SELECT (DISTINCT) ends; `tail` maps GROUP, HAVING, ORDER, LIMIT,
    OFFSET, VALUES to start and end. `dataset` (FROM), `prologue` and `prefixes` are those of the whole text.
    """

    text: str
    form: str
    start: int
    end: int
    head_end: int
    distinct: bool
    star: bool
    columns: tuple[Column, ...]
    grouped: frozenset[str]
    ordered: frozenset[str]
    aggregates: tuple[Aggregate, ...]
    dataset: str
    where: Group
    tail: dict[str, tuple[int, int]]
    prefixes: dict[str, tuple[str, int, int]]
    prologue: str

    def line(self, start: int) -> int:
        """Number of the line, from 1."""
        return self.text.count("\n", 0, start) + 1

    def modifier(self, name: str) -> str:
        """The text of GROUP BY, HAVING … or nothing."""
        start, end = self.tail.get(name, (0, 0))
        return self.text[start:end]


def triples(group: Group) -> Iterator[Triple]:
    """The triple patterns of a group and of all groups in it."""
    for part in group.parts:
        if isinstance(part, Triple):
            yield part
        for inner in (*part.groups, *([part.select.where] if part.select else [])):
            yield from triples(inner)


def names_in(group: Group) -> frozenset[str]:
    """The variables that a group may bind."""
    return frozenset().union(*(bindable(part) for part in group.parts))


def bindable(part: Part) -> frozenset[str]:
    """The variables that a part may bind."""
    if part.kind in ("filter", "minus"):
        return frozenset()
    return frozenset({part.target}) if part.target else part.names


def bound(part: Part) -> frozenset[str]:
    """The variables that a part is sure to bind."""
    if part.kind in ("filter", "minus", "optional", "service"):
        return frozenset()
    if part.kind == "union":
        return frozenset.intersection(*(_bound_in(group) for group in part.groups))
    if part.kind == "graph":
        return _bound_in(part.groups[0]) | {t.variable for t in part.terms if t.variable}
    return bindable(part)


def _bound_in(group: Group) -> frozenset[str]:
    return frozenset().union(*(bound(part) for part in group.parts))
