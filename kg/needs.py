"""What has to be said of a thing for a question about it to have an answer.

To look for one statement takes a hundredth of the time that the engine needs to plan a query, and most questions that
could be asked about a thing have no answer.
"""

from collections.abc import Iterator

import pyoxigraph as ox

from kg.assistant.parts import Group, Part, Query, Triple
from kg.assistant.reading import read
from kg.store import Store
from kg.terms import expand

Need = frozenset[tuple[str, bool]]
"""Properties of which the thing needs one: each with True where the thing is the subject, False where the object."""


def needs_of(text: str, variable: str) -> list[Need]:
    """What must be said of the thing that the variable stands for; an answer needs all of these, and may need more."""
    return list(_of_query(read(text), variable))


def meets(store: Store, thing: str, needs: list[Need]) -> bool:
    """False if too little is said of the thing for an answer."""
    node = ox.NamedNode(thing)
    return all(any(_is_said(store, node, *one) for one in need) for need in needs)


def _is_said(store: Store, node: ox.NamedNode, name: str, forward: bool) -> bool:
    predicate = ox.NamedNode(name)
    return store.has(subject=node, predicate=predicate) if forward else store.has(predicate=predicate, object=node)


def _of_query(query: Query, variable: str) -> Iterator[Need]:
    if query.grouped or not query.aggregates:  # else there is a row in any case
        yield from _of_group(query.where, variable)


def _of_group(group: Group, variable: str) -> Iterator[Need]:
    for part in group.parts:
        yield from _of_part(part, variable)


def _of_part(part: Part, variable: str) -> Iterator[Need]:
    if isinstance(part, Triple):
        iri = expand(part.verb.text) if part.verb.simple else None
        if iri and variable in (part.subject.variable, part.object.variable):
            yield frozenset({(iri, part.subject.variable == variable)})
    elif part.kind == "graph":
        yield from _of_group(part.groups[0], variable)
    elif part.kind == "select" and part.select:
        yield from _of_query(part.select, variable)
    elif part.kind == "union":
        branches = [list(_of_group(group, variable)) for group in part.groups]
        if len(branches) == 1:
            yield from branches[0]
        elif all(branches):
            yield frozenset().union(*(branch[0] for branch in branches))
