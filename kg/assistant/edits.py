"""Rewrites of a query: the smallest change of its text that does what is promised, comments and layout kept."""

import re
from collections.abc import Collection, Iterable, Iterator

from kg import sparql
from kg.assistant.contexts import Context
from kg.assistant.parts import Aggregate, Block, Part, Query, Term, Triple, bindable, bound

Edit = tuple[int, int, str]
"""Start, end, and what stands there instead."""

_TOP = re.compile(r"[^\S\n]*\n")


def apply(text: str, edits: Iterable[Edit]) -> str:
    """The text with its edits made; a line that an edit leaves empty goes."""
    for start, end, new in sorted(edits, reverse=True):
        before, after = text[:start], text[end:]
        line = before.rpartition("\n")[2]
        if not new and not line.strip() and _TOP.match(after) and (start < end):
            before, after = before[: len(before) - len(line)], _TOP.sub("", after, count=1)
        elif not new and line.strip() and _TOP.match(after):
            before = before.rstrip(" \t")
        elif not new and start < end and before.endswith(" "):
            after = after.removeprefix(" ") if line.strip() else after.lstrip(" ")
        text = before + new + after
    return text


def replace(term: Term, new: str) -> Edit:
    """The edit that puts something else in the place of a term."""
    return term.start, term.end, new


def turned(triple: Triple) -> Edit | None:
    """The edit that makes a pattern ask the other way round; None where other objects share its verb."""
    verb = triple.verb
    if verb.variable or (triple.bundle and len(triple.bundle.objects) > 1):
        return None
    if verb.text.startswith("^") and len(verb.iris) == 1:
        return verb.start, verb.end, verb.text[1:].strip()
    name = "rdf:type" if verb.text == "a" else verb.text
    return verb.start, verb.end, f"^{name}" if verb.simple else f"^({name})"


def removed(query: Query, parts: Collection[Part]) -> list[Edit] | None:
    """The edits that take parts away; None if one of them stands inside brackets."""
    triples = [part for part in parts if isinstance(part, Triple)]
    if any(triple.bundle is None for triple in triples):
        return None
    edits = [_cut(query, part.start, part.end) for part in parts if not isinstance(part, Triple)]
    for block in dict.fromkeys(triple.block for triple in triples):
        gone = {id(triple.object) for triple in triples}
        edits += _thinned(query, block, gone)
    return edits


def optional(context: Context) -> list[Edit] | None:
    """The edits that wrap the pattern, and all that hangs from it, in OPTIONAL; None where that takes more thought."""
    place = context.place
    if place.inner and (place.query.star or any(column.name in context.hidden for column in place.query.columns)):
        return None  # what the rest of the query joins must not become unbound
    moved, home = {place.triple, *context.beyond, *context.language_filters}, len(place.groups) - 1
    if home and place.doors[-1].kind == "graph" and {p for p in place.groups[home].parts if bound(p)} <= moved:
        moved, home = {part for part in moved if part not in place.groups[home].parts} | {place.doors[-1]}, home - 1
    siblings = place.groups[home].parts
    outside = [part for part in place.others if part not in siblings and part.kind in ("optional", "minus")]
    if any(part.names & context.hidden for part in outside):
        return None
    moved |= _hanging(siblings, moved, context.hidden)
    anchor = next((p for p in siblings if p not in moved and context.near in bound(p)), None)
    if anchor is None or not moved <= set(siblings) or place.triple.bundle is None:
        return None
    at = max(map(_end, [*moved, anchor]))
    late = context.hidden.union(*(bindable(part) for part in moved)) - {context.near}
    if any(
        p.start < at and p not in moved and p.kind in ("optional", "bind", "minus") and p.names & late for p in siblings
    ):
        return None
    edits = removed(place.query, [part for part in moved if not isinstance(part, Triple) or part.bundle])
    if edits is None:
        return None
    inside = " ".join(_sentences([part for part in siblings if part in moved])).removesuffix(" .")
    return [*edits, inserted(place.query, at, f"OPTIONAL {{ {inside} }}"), *_tolerant(context)]


def inserted(query: Query, at: int, new: str) -> Edit:
    """The edit that puts something on a line of its own after a part that ends at `at`."""
    start = query.text.rfind("\n", 0, at) + 1
    indent = re.match(r"[ \t]*", query.text[start:at])
    first = next((part for part in _all_parts(query) if isinstance(part, Triple) and part.block.end == at), None)
    if first:
        start = query.text.rfind("\n", 0, first.block.start) + 1
        indent = re.match(r"[ \t]*", query.text[start : first.block.start])
    rest = query.text[at : query.text.find("\n", at) if "\n" in query.text[at:] else len(query.text)]
    if rest.strip() and not rest.strip().startswith("#"):
        return at, at, f" {new}"
    return at + len(rest), at + len(rest), f"\n{indent[0] if indent else ''}{new}"


def distinct(query: Query) -> Edit:
    """The edit that turns SELECT into SELECT DISTINCT."""
    return query.head_end, query.head_end, " DISTINCT"


def counted(aggregate: Aggregate, variable: str) -> Edit:
    """The edit that makes COUNT count each value of the variable once."""
    end = aggregate.argument + (1 if aggregate.variable == "*" else 0)
    return aggregate.argument, end, f"DISTINCT ?{variable}" if aggregate.variable == "*" else "DISTINCT "


def gathered(query: Query, variable: str) -> list[Edit] | None:
    """The edits that give one row per thing, with all values of the variable in one cell; None for other than names."""
    column = next((c for c in query.columns if c.name == variable and not c.expression), None)
    others = [c.name for c in query.columns if c.name != variable]
    if column is None or not others or any(c.expression for c in query.columns) or query.tail.get("GROUP"):
        return None
    new = f"{variable}All"
    edits = [(column.start, column.end, f'(GROUP_CONCAT(DISTINCT STR(?{variable}); separator=" | ") AS ?{new})')]
    edits.append((query.where.end, query.where.end, "\nGROUP BY " + " ".join(f"?{name}" for name in others)))
    start, end = query.tail.get("ORDER", (0, 0))
    edits += [
        (start + token.start, start + token.start + len(token.text), f"?{new}")
        for token in sparql.tokens(query.text[start:end])
        if token.kind == "variable" and token.text[1:] == variable
    ]
    return edits


def _hanging(siblings: Iterable[Part], moved: Collection[Part], hidden: frozenset[str]) -> set[Part]:
    """The OPTIONALs, BINDs and MINUS that only make sense beside what is moved."""
    found: set[Part] = set()
    names = hidden
    for part in siblings:
        if (part.kind in ("optional", "minus") and part.names & hidden) or (
            part.kind == "bind" and part.names and part.names <= names and part.names & hidden
        ):
            found.add(part)
        else:
            continue
        names |= bindable(part)
    return found - set(moved)


def _sentences(parts: Iterable[Part]) -> Iterator[str]:
    """Parts as they are written inside OPTIONAL, triples of brackets left to the pattern that holds the brackets."""
    for part in parts:
        if not isinstance(part, Triple):
            yield part.text
        elif part.bundle:
            yield f"{part.text} ."


def _tolerant(context: Context) -> Iterator[Edit]:
    """The edits that let filters on the far value pass where there is none."""
    for part in context.far_filters:
        name = context.far if context.far in part.names else min(part.names & context.hidden)
        yield part.inner, part.end, f"(!BOUND(?{name}) || {part.text[part.inner - part.start :]})"


def _end(part: Part) -> int:
    return part.block.end if isinstance(part, Triple) else part.end


def _thinned(query: Query, block: Block, gone: Collection[int]) -> list[Edit]:
    """The edits that take some objects, given by id, out of a block."""
    kept = [any(id(thing) not in gone for thing in bundle.objects) for bundle in block.bundles]
    if not any(kept):
        return [_cut(query, block.start, block.end)]
    last = len(kept) - 1 - kept[::-1].index(True)
    edits = []
    for n, (bundle, stays) in enumerate(zip(block.bundles, kept, strict=True)):
        if not stays and n < last:
            edits.append(_cut(query, bundle.start, block.bundles[n + 1].semicolon + 1))
        elif not stays and n == last + 1:
            dot = "." if query.text[block.end - 1] == "." else ""
            edits += [(bundle.semicolon, bundle.semicolon + 1, dot), _cut(query, bundle.start, block.end)]
        if not stays:
            continue
        remain = [m for m, thing in enumerate(bundle.objects) if id(thing) not in gone]
        if remain[0]:
            edits.append(_cut(query, bundle.objects[0].start, bundle.objects[remain[0]].start))
        for m in range(remain[0] + 1, len(bundle.objects)):
            if m not in remain:
                edits.append(_cut(query, bundle.objects[m - 1].end, bundle.objects[m].end))
    return edits


def _cut(query: Query, start: int, end: int) -> Edit:
    """The edit that removes a stretch of the query but keeps the comments in it."""
    comments = [token.text for token in sparql.tokens(query.text[start:end]) if token.kind == "comment"]
    return start, end, "".join(f"{comment}\n" for comment in comments)


def _all_parts(query: Query) -> Iterator[Part]:
    stack = list(query.where.parts)
    while stack:
        part = stack.pop()
        yield part
        stack += [inner for group in part.groups for inner in group.parts]
        stack += part.select.where.parts if part.select else ()
