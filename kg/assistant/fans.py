"""Rows that a query repeats because a pattern has several matches for one thing, or ties it to nothing."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from kg import sparql
from kg.assistant import edits
from kg.assistant.advice import finding
from kg.assistant.contexts import Context
from kg.assistant.desk import Desk, Proposal
from kg.assistant.edits import Edit
from kg.assistant.islands import islands
from kg.assistant.parts import Part, Query, names_in
from kg.assistant.probes import Probes, number
from kg.assistant.reading import read

MULTIPLIES = 1.05
"""Rows for each thing, on average, from which a pattern is said to multiply them."""


@dataclass(frozen=True)
class Fan:
    """A pattern that gives several far values for each near thing: how many, and whether they are all literals."""

    around: Context
    ratio: float
    literal: bool


def languages(desk: Desk, around: Context, fans: list[Fan]) -> Iterator[Proposal]:
    """The pattern multiplies rows by the languages of a text; other fans are noted for `repeats`."""
    far, near = str(around.far), around.near
    probes = desk.probes.of(around.place.query)
    body = around.within([part for part in around.place.others if _about(part, far, around)])
    what = "(COUNT(DISTINCT ?{n}) AS ?things_) (SUM(IF(isLITERAL(?{f}), 1, 0)) AS ?literals_)"
    what += ' (COUNT(DISTINCT LANG(?{f})) AS ?tags_) (SUM(IF(LANG(?{f}) != "", 1, 0)) AS ?tagged_)'
    row = probes.numbers(what.format(n=near, f=far), [near, far], body)
    count, literals, tags, tagged, pairs = row
    if not count or pairs / count < MULTIPLIES:
        return
    fan = Fan(around, pairs / count, literals == pairs)
    shown_too = re.search(rf"\bLANG\s*\(\s*[?$]{far}\b", desk.query.text, re.IGNORECASE)
    if shown_too:
        return
    if tags < 2 or not tagged or not _visible(around.place.query, far):
        fans.append(fan)
        return
    yield _one_language(desk, probes, fan, body)


def _one_language(desk: Desk, probes: Probes, fan: Fan, body: str) -> Proposal:
    around, far = fan.around, str(fan.around.far)
    triple = around.place.triple
    inner = f"{{ SELECT DISTINCT ?{around.near} ?{far} WHERE {body} }}"
    what = f"?tag_ (COUNT(DISTINCT ?{around.near}) AS ?things_)"
    rows = probes.rows(what, f"{{ {inner} }}", f"GROUP BY (LANG(?{far}) AS ?tag_)")
    known = {str(getattr(row["tag_"], "value", "")): int(number(row["things_"])) for row in rows}
    tags = sorted(known, key=lambda tag: (-known[tag], tag))
    chosen = desk.language if desk.language in known else next(tag for tag in tags if tag)
    found = finding(
        "language",
        desk.query.line(triple.start),
        (triple.text,),
        property=triple.verb.text,
        number=len(tags),
        tags=", ".join(tag or "-" for tag in tags[:8]) + (", …" if len(tags) > 8 else ""),
        things=around.things,
        ratio=fan.ratio,
        tag=chosen,
        kept=known[chosen],
        total=probes.count([around.near], body),
    )
    new = f'FILTER (LANG(?{far}) = "{chosen}")'
    return desk.proposal(found, [edits.inserted(desk.query, triple.block.end, new)])


def repeats(desk: Desk, fans: list[Fan]) -> Iterator[Proposal]:
    """Patterns that repeat rows: unseen ones repeat them whole, seen ones repeat the other cells."""
    for query in dict.fromkeys(fan.around.place.query for fan in fans):
        own = sorted((fan for fan in fans if fan.around.place.query is query), key=lambda fan: -fan.ratio)
        if query.form != "SELECT" or query.aggregates or query.tail.get("GROUP"):
            continue
        if not query.distinct:
            yield from _unseen(desk, query, [fan for fan in own if not _visible(query, str(fan.around.far))])
        seen = [fan for fan in own if _visible(query, str(fan.around.far)) and not fan.around.inverse]
        for fan in seen:
            if fan.literal or sum(other.around.near == fan.around.near for other in seen) > 1:
                yield _spread(desk, fan)


def _unseen(desk: Desk, query: Query, fans: list[Fan]) -> Iterator[Proposal]:
    """Rows that differ in nothing that is shown."""
    names = [name for column in query.columns for name in column.names]
    if not fans or not names or query is not desk.query:
        return
    rows = desk.probes.of(_unlimited(query)).answers()
    different = desk.probes.of(_unlimited(query, [edits.distinct(query)])).answers()
    if not different or rows / different < MULTIPLIES:
        return
    triple = fans[0].around.place.triple
    found = finding(
        "repeated-rows",
        query.line(triple.start),
        (triple.text,),
        different=different,
        rows=rows,
        property=triple.verb.text,
        ratio=rows / different,
    )
    yield desk.proposal(found, [edits.distinct(query)])


def _unlimited(query: Query, changes: list[Edit] | None = None) -> Query:
    """The query, changed, without LIMIT and OFFSET."""
    cuts = [(*query.tail[name], "") for name in ("LIMIT", "OFFSET") if name in query.tail]
    return read(edits.apply(query.text, [*cuts, *(changes or [])]))


def _spread(desk: Desk, fan: Fan) -> Proposal:
    triple = fan.around.place.triple
    found = finding(
        "fan-out",
        desk.query.line(triple.start),
        (triple.text,),
        things=fan.around.things,
        ratio=fan.ratio,
        property=triple.verb.text,
    )
    query = fan.around.place.query
    return desk.proposal(found, edits.gathered(query, str(fan.around.far)) if query is desk.query else None)


def products(desk: Desk) -> Iterator[Proposal]:
    """Groups of patterns that share no variable, so that each solution of one meets each of the other."""
    pieces = [island for island in islands(desk.query.where) if island.names & names_in(desk.query.where)]
    sizes = [desk.probes.size(island) for island in pieces[:2]]
    if len(sizes) < 2 or min(sizes) < 2:
        return
    left, right = (f"?{min(one.names, key=lambda name: _place(desk.query, name))}" for one in pieces[:2])
    second = pieces[1].parts[0]
    found = finding(
        "product",
        desk.query.line(second.start),
        (second.text,),
        left=left,
        right=right,
        first=sizes[0],
        second=sizes[1],
    )
    yield Proposal(found)


def _place(query: Query, name: str) -> int:
    return next(token.start for token in sparql.tokens(query.text) if token.text[1:] == name)


def _about(part: Part, far: str, around: Context) -> bool:
    return part.kind == "filter" and part.names & around.hidden == {far}


def _visible(query: Query, name: str) -> bool:
    if query.star:
        return True
    plain = [c for c in query.columns if not any(c.start <= a.start < c.end for a in query.aggregates)]
    shown = query.grouped.union(*(column.names for column in plain))
    return name in shown | _made_from(query, shown)


def _made_from(query: Query, shown: frozenset[str]) -> frozenset[str]:
    """The variables from which BIND makes what is shown."""
    binds = [part for part in query.where.parts if part.kind == "bind" and part.target in shown]
    return frozenset().union(*(part.names for part in binds))
