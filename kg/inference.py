"""Rules run until nothing new follows, and the reasons for what they derived.

A rule is a CONSTRUCT in `ontology/rules/<rule>.rq`; what it derives stands in the graph `…/rule/<rule>`. Its WHERE
holds only triple patterns, GRAPH blocks, BIND and FILTER, so that each derived statement can be traced back to the
statements that matched them.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import pyoxigraph as ox
import rdflib
from rdflib.plugins.sparql import prepareQuery
from rdflib.plugins.sparql.parserutils import CompValue
from rdflib.term import Node, URIRef, Variable

from kg import sparql
from kg.errors import HeaderError
from kg.loading import Progress, silent
from kg.queries import Headed, read
from kg.store import Store
from kg.terms import BASE, ROOT, Statement, Term, prefixes
from kg.writing import by_text

FOLDER = ROOT / "ontology" / "rules"
RULES = BASE + "rule/"


@dataclass(frozen=True)
class Rule(Headed):
    """One rule: its name, what it says in English and French, and its CONSTRUCT query."""

    name: str
    summary: str
    summary_fr: str
    text: str

    @property
    def graph(self) -> str:
        """IRI of the graph for what the rule derives."""
        return RULES + self.name


@dataclass(frozen=True)
class Fact:
    """One statement, with the graphs that hold it (sources, or `…/rule/<rule>`)."""

    statement: Statement
    graphs: tuple[str, ...]


@dataclass(frozen=True)
class Derivation:
    """One way in which a rule gives a statement: the statements it used, and where they stand."""

    rule: Rule
    premises: tuple[Fact, ...]


def rules(folder: Path = FOLDER) -> list[Rule]:
    """The rules of a folder, sorted by name; HeaderError for a file that is not a described CONSTRUCT."""
    found = []
    for file in sorted(folder.glob("*.rq")):
        question = read(file, needed=("summary", "summary_fr", "description"))
        if "CONSTRUCT" not in sparql.keywords(question.text):
            raise HeaderError(file, "a rule must be a CONSTRUCT query")
        found.append(Rule(file.stem, question.summary, question.summary_fr, question.text))
    return found


def infer(store: Store, rules: list[Rule], progress: Progress = silent) -> int:
    """How many statements the rules added to the store; each rule is run until no rule finds anything new.

    A statement that already stands somewhere is not derived again.
    """
    before, passes = len(store), 0
    while True:
        found = 0
        for number, rule in enumerate(rules):
            new = [triple for triple in store.query(rule.text, name=rule.name).triples if not store.holds(triple)]
            store.add(ox.Quad(*triple, ox.NamedNode(rule.graph)) for triple in new)
            found += len(new)
            progress(f"infer, pass {passes + 1}", number + 1, len(rules))
        passes += 1
        if not found:
            return len(store) - before


def derivations(store: Store, rule: Rule, statement: Statement, limit: int = 3) -> list[Derivation]:
    """Up to `limit` ways in which the rule gives the statement, each with the statements it used, sorted."""
    query = prepareQuery(rule.text, initNs=prefixes())
    patterns = list(_patterns(query.algebra))
    start, end = sparql.group(rule.text, "WHERE")
    found: dict[tuple[Statement, ...], None] = {}
    for template in query.algebra.template:
        bindings = _unify(template, statement)
        if bindings is None:
            continue
        for row in _solutions(store, rule.text[start:end], bindings, limit):
            premises = [_ground(pattern, bindings | row) for pattern in patterns]
            found[tuple(sorted({p for p in premises if p is not None and store.holds(p)}, key=by_text))] = None
    ways = sorted(found, key=lambda premises: [by_text(premise) for premise in premises])[:limit]
    return [Derivation(rule, tuple(Fact(p, tuple(store.statements(*p)[p])) for p in way)) for way in ways]


def _solutions(store: Store, body: str, bindings: Mapping[str, Term], limit: int) -> Iterator[dict[str, Term]]:
    names = " ".join(f"?{name}" for name in bindings)
    values = " ".join(str(term) for term in bindings.values())
    given = f"VALUES ({names}) {{ ({values}) }}" if bindings else ""
    for row in store.query(f"SELECT * WHERE {{ {given} {body} }} LIMIT {limit}").rows:
        yield {name: term for name, term in row.items() if term is not None}


def _patterns(part: object) -> Iterator[tuple[Node, Node, Node]]:
    """The triple patterns of a rule's algebra outside its FILTERs."""
    if not isinstance(part, CompValue):
        return
    if part.name == "BGP":
        yield from part.triples
    for key in ("p", "p1", "p2"):
        yield from _patterns(part.get(key))


def _unify(template: tuple[Node, Node, Node], statement: Statement) -> dict[str, Term] | None:
    bindings: dict[str, Term] = {}
    for part, term in zip(template, statement, strict=True):
        if isinstance(part, Variable):
            if bindings.setdefault(str(part), term) != term:
                return None
        elif part.n3() != str(term):
            return None
    return bindings


def _ground(pattern: tuple[Node, Node, Node], row: Mapping[str, Term]) -> Statement | None:
    terms = [row.get(str(part)) if isinstance(part, Variable) else _term(part) for part in pattern]
    subject, predicate, value = terms
    if isinstance(subject, ox.NamedNode | ox.BlankNode) and isinstance(predicate, ox.NamedNode) and value is not None:
        return subject, predicate, value
    return None


def _term(part: Node) -> Term:
    if isinstance(part, URIRef):
        return ox.NamedNode(str(part))
    if isinstance(part, rdflib.Literal):
        datatype = ox.NamedNode(str(part.datatype)) if part.datatype else None
        return ox.Literal(str(part), language=part.language, datatype=datatype)
    return ox.BlankNode(str(part))
