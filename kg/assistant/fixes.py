"""Guesses at what was meant by a pattern that keeps an answer empty; whoever uses one runs it first."""

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass

import pyoxigraph as ox

from kg.assistant import edits
from kg.assistant.advice import short
from kg.assistant.desk import Desk
from kg.assistant.islands import islands
from kg.assistant.parts import TYPE, Part, Term, Triple
from kg.assistant.spelling import LIKENESS, expand, known, likeness, nearest, respelt, vocabulary
from kg.terms import readable_tail

CANDIDATES = 2000
"""Most values of the graph that are compared with one in the query."""

_XSD = "http://www.w3.org/2001/XMLSchema#"
_YEAR = re.compile(r"\d{4}")


@dataclass(frozen=True)
class Fix:
    """One guess at what was meant: what is wrong, what is right, and the edits that make it so."""

    kind: str
    wrong: str
    right: str
    changes: list[edits.Edit]


def fixes(desk: Desk, part: Part, gone: Sequence[Part]) -> Iterator[Fix]:
    """What may have been meant instead of a culprit, likeliest first; `gone` is all that keeps the answer empty."""
    if isinstance(part, Triple):
        yield from _vocabulary_fixes(desk, part)
        yield from _direction_fixes(part)
        for term in (part.object, part.subject):
            yield from _term_fixes(desk, part, term, _around(desk, part.names, gone))
    elif part.kind == "filter":
        for name in sorted(part.names):
            values = _values(desk, name, _around(desk, {name}, gone))
            yield from _filter_fixes(desk, part, name, values)
    elif part.kind in ("values", "bind"):
        yield from _given_fixes(desk, part, gone)


def _around(desk: Desk, names: Collection[str], gone: Sequence[Part]) -> str:
    """The pieces of the rest of the query that know some variables."""
    pieces = [island for island in islands(desk.query.where, gone) if not island.names.isdisjoint(names)]
    return desk.probes.piece([part for island in pieces for part in island.parts], gone)


def _pattern(part: Triple, subject: str | None = None, thing: str | None = None) -> str:
    return f"{subject or part.subject.text} {part.verb.text} {thing or part.object.text} ."


def _vocabulary_fixes(desk: Desk, part: Triple) -> Iterator[Fix]:
    words = vocabulary(desk)
    named = [("unknown-predicate", term, words.predicates) for term in part.verb.iris]
    if part.verb.iris and expand(part.verb.iris[0], desk.query) == TYPE and part.object.kind == "iri":
        named.append(("unknown-class", part.object, words.classes))
    for kind, term, there in named:
        iri = expand(term, desk.query)
        near = None if known(desk, kind, iri) else nearest(iri, there)
        if near:
            right = short(near, desk.query.prefixes)
            yield Fix("typo", term.text, right, respelt(desk.query, term, near))


def _direction_fixes(part: Triple) -> Iterator[Fix]:
    change = edits.turned(part) if part.object.kind != "literal" else None
    if change:
        yield Fix("direction", part.verb.text, change[2], [change])


def _term_fixes(desk: Desk, part: Triple, term: Term, context: str) -> Iterator[Fix]:
    """Other constants that would give rows: the same text otherwise tagged, or a name almost the same."""
    if term.kind not in ("literal", "iri") or term.text in ("true", "false"):
        return
    subject, thing = ("?asked_", None) if term is part.subject else (None, "?asked_")
    relaxed = f"{{ {context} {_pattern(part, subject, thing)} }}"
    values = _values(desk, "asked_", relaxed)
    if term.kind == "literal":
        yield from _literal_fixes(desk, term, values)
    else:
        yield from _iri_fixes(desk, term, values)


def _values(desk: Desk, name: str, body: str) -> list[ox.NamedNode | ox.Literal]:
    """Different values of a variable in a group, as many as are compared, in the order of their text."""
    rows = desk.probes.rows(f"DISTINCT ?{name}", body, f"LIMIT {CANDIDATES}")
    found = [row[name] for row in rows]
    return sorted((v for v in found if isinstance(v, ox.NamedNode | ox.Literal)), key=str)


def _literal(desk: Desk, term: Term) -> ox.Literal | None:
    """The literal that a piece of the query stands for."""
    value = desk.probes.rows(f"({term.text} AS ?value_)", "{ }")[0]["value_"]
    return value if isinstance(value, ox.Literal) else None


def _literal_fixes(desk: Desk, term: Term, values: Iterable[ox.NamedNode | ox.Literal]) -> Iterator[Fix]:
    asked = _literal(desk, term)
    literals = [value for value in values if isinstance(value, ox.Literal)]
    if asked is None:
        return
    same = [value for value in literals if value.value == asked.value and value != asked]
    for value in sorted(same, key=lambda v: (v.language != asked.language, v.language != desk.language, str(v))):
        kind = "language-tag" if value.language != asked.language else "datatype"
        right = ", ".join(_shown(desk, other) for other in [value, *(v for v in same if v != value)])
        yield Fix(kind, _shown(desk, asked), right, [edits.replace(term, _shown(desk, value))])
    texts = [value for value in literals if _is_text(value) and value not in same] if _is_text(asked) else []
    scored = [(likeness(asked.value.lower(), [value.value.lower()]), value) for value in texts]
    tongues = (asked.language, desk.language)
    ranked = sorted(scored, key=lambda pair: (-pair[0], *(pair[1].language != one for one in tongues), str(pair[1])))
    for score, value in ranked[:3]:
        if score >= LIKENESS and value != asked:
            yield Fix("typo", _shown(desk, asked), _shown(desk, value), [edits.replace(term, _shown(desk, value))])


def _is_text(value: ox.Literal) -> bool:
    return bool(value.language) or value.datatype.value == _XSD + "string"


def _iri_fixes(desk: Desk, term: Term, values: Iterable[ox.NamedNode | ox.Literal]) -> Iterator[Fix]:
    """IRIs almost like an unknown one; for one that the graph knows only those with the same last part."""
    asked = expand(term, desk.query)
    least = 100 if _is_known(desk, asked) else LIKENESS
    wanted = readable_tail(asked).lower()
    scored = [
        (likeness(wanted, [readable_tail(value.value).lower()]), value.value)
        for value in values
        if isinstance(value, ox.NamedNode) and value.value != asked
    ]
    for score, iri in sorted(scored, key=lambda pair: (-pair[0], pair[1]))[:3]:
        if score >= least:
            right = short(iri, desk.query.prefixes)
            yield Fix("typo", term.text, right, [edits.replace(term, right)])


def _is_known(desk: Desk, iri: str) -> bool:
    return desk.probes.ask(f"{{ {{ <{iri}> ?p ?o }} UNION {{ ?s ?p <{iri}> }} }}")


def _given_fixes(desk: Desk, part: Part, gone: Sequence[Part]) -> Iterator[Fix]:
    """Other values for the one variable that VALUES or BIND gives: all of them put right at once, else one."""
    names = {part.target} if part.target else part.names
    if len(names) != 1 or (part.target and len(part.terms) != 1):
        return
    (name,) = names
    values = _values(desk, str(name), _around(desk, {str(name)}, gone))
    found: list[Fix] = []
    for term in part.terms:
        of_kind = _literal_fixes if term.kind == "literal" else _iri_fixes
        found += list(of_kind(desk, term, values))[:1]
    if len(found) > 1:
        wrong, right = (", ".join(words) for words in zip(*((fix.wrong, fix.right) for fix in found), strict=True))
        yield Fix(found[0].kind, wrong, right, [change for fix in found for change in fix.changes])
    yield from found


def _filter_fixes(desk: Desk, part: Part, name: str, values: Sequence[ox.NamedNode | ox.Literal]) -> Iterator[Fix]:
    literals = [value for value in values if isinstance(value, ox.Literal)]
    asked_language = re.search(rf"\bLANG\s*\(\s*[?$]{name}\s*\)", part.text, re.IGNORECASE)
    for term in part.terms:
        if term.kind == "literal" and asked_language:
            yield from _tag_fixes(desk, term, literals)
        elif term.kind == "literal":
            yield from _literal_fixes(desk, term, values)
            yield from _typed_fixes(desk, part, name, term, literals)
            yield from _case_fixes(desk, term)
        elif term.kind == "iri":
            yield from _iri_fixes(desk, term, values)


def _tag_fixes(desk: Desk, term: Term, values: Iterable[ox.Literal]) -> Iterator[Fix]:
    """The language tags that there are, the one of the reader first."""
    asked = _literal(desk, term)
    tags = sorted({value.language for value in values if value.language})
    alike = asked.value[:2].lower() if asked else ""
    for tag in sorted(tags, key=lambda tag: (not tag.startswith(alike), tag != desk.language)):
        there = ", ".join(f'"{one}"' for one in tags)
        yield Fix("language-tag", term.text, there if len(tags) > 1 else f'"{tag}"', [edits.replace(term, f'"{tag}"')])


def _typed_fixes(desk: Desk, part: Part, name: str, term: Term, values: Iterable[ox.Literal]) -> Iterator[Fix]:
    """The value of a comparison in the datatypes that there are; a year before dates as the beginning of their text."""
    asked = _literal(desk, term)
    types = sorted({value.datatype.value for value in values})
    if asked is None or asked.datatype.value in types:
        return
    if _YEAR.fullmatch(asked.value) and any(t.startswith((_XSD + "date", _XSD + "gYear")) for t in types):
        uses = [t for t in part.terms if t.kind == "variable" and t.variable == name]
        changes = [*(edits.replace(use, f"STR(?{name})") for use in uses), edits.replace(term, f'"{asked.value}"')]
        right = ", ".join(short(t, desk.query.prefixes) for t in types)
        yield Fix("datatype", f"{_shown(desk, asked)} ({_type(desk, asked)})", right, changes)
    for datatype in types:
        value = ox.Literal(asked.value, datatype=ox.NamedNode(datatype))
        wrong = f"{_shown(desk, asked)} ({_type(desk, asked)})"
        yield Fix("datatype", wrong, _shown(desk, value), [edits.replace(term, _shown(desk, value))])


def _case_fixes(desk: Desk, term: Term) -> Iterator[Fix]:
    """The text of CONTAINS and the like with other capitals."""
    asked = _literal(desk, term)
    for other in (
        (asked.value.lower(), asked.value.capitalize(), asked.value.title(), asked.value.upper()) if asked else ()
    ):
        if asked and other != asked.value:
            new = str(ox.Literal(other))
            yield Fix("typo", term.text, new, [edits.replace(term, new)])


def _type(desk: Desk, value: ox.Literal) -> str:
    return short(value.datatype.value, desk.query.prefixes)


def _shown(desk: Desk, value: ox.Literal) -> str:
    """A literal as a query writes it: numbers plain, datatypes by their short names."""
    plain = value.datatype.value
    if value.language or plain == _XSD + "string" or plain.endswith("#langString"):
        return str(value)
    if plain == _XSD + "integer" and re.fullmatch(r"[+-]?\d+", value.value):
        return value.value
    return f"{ox.Literal(value.value)}^^{short(plain, desk.query.prefixes)}"
