"""Why an answer is empty: the smallest sets of patterns whose removal gives rows, and what is wrong with each."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from itertools import combinations, groupby

from kg.assistant import edits
from kg.assistant.advice import Finding, finding, short
from kg.assistant.desk import Desk
from kg.assistant.fixes import Fix, fixes
from kg.assistant.islands import falls_apart, islands, joins, left
from kg.assistant.parts import Group, Part, Query, Term, Triple, bindable, names_in, triples
from kg.assistant.probes import LateError
from kg.assistant.reading import read
from kg.assistant.spelling import respelt, unknown
from kg.errors import KGError

MOST = 8
"""Most sets of culprits that are looked into."""


def is_empty(desk: Desk) -> bool:
    """True if the query gives no row, or counts over none."""
    query = desk.query
    if not desk.probes.gives_rows():
        return True
    if query.form != "SELECT" or not query.tail.keys() & {"HAVING", "OFFSET", "LIMIT"}:
        return False
    return desk.probes.answers() == 0


def causes(desk: Desk) -> Iterator[Finding]:
    """Why a query is empty: names that no statement uses, else the sets of one pattern, else of two."""
    if desk.probes.gives_rows():
        yield from _modifiers(desk)
        return
    parts = [part for part in _removable(desk.query.where) if part.kind != "service"]
    cause = _respelt(desk)
    yield from [cause] if cause else _smallest(desk, parts)


def _smallest(desk: Desk, parts: Sequence[Part]) -> list[Finding]:
    """What is wrong with each of the smallest sets of parts without which there are rows."""
    sets = [(chosen, _dependent(desk.query, chosen)) for size in (1, 2) for chosen in combinations(parts, size)]
    for _, group in groupby(sorted(sets, key=_size), _size):
        culprits, unsure = _culprits(desk, group)
        if culprits:
            found = [_explained(desk, chosen) for chosen in culprits[:MOST]]
            mended = [cause for cause in found if cause.kind != "no-data"]
            return sorted(mended or found, key=lambda cause: cause.line)
        if unsure:
            raise LateError
    return [finding("no-set", desk.query.line(desk.query.where.start))]


Culprits = tuple[Sequence[Part], Sequence[Part]]
"""A set of culprits, and all that has to go with it."""


def _culprits(desk: Desk, sets: Iterable[Culprits]) -> tuple[list[Sequence[Part]], bool]:
    """The sets without which there are rows, and whether there was no time for some."""
    found: list[Sequence[Part]] = []
    unsure = False
    for chosen, gone in sets:
        try:
            found += [chosen] if desk.probes.gives_rows(gone) else []
        except LateError:
            unsure = True
    return found, unsure


def _size(chosen_and_gone: Culprits) -> int:
    """How many parts go with a set of culprits, the filters that depend on them included."""
    return len(chosen_and_gone[1])


def _respelt(desk: Desk) -> Finding | None:
    """The finding that all unknown names, put right at once, give rows."""
    wrong = [(term, near) for _, term, near in unknown(desk) if near]
    names = [(term.text, short(near, desk.query.prefixes)) for term, near in wrong]
    guess = [Fix("typo", ", ".join(a for a, _ in names), ", ".join(b for _, b in names), [])]
    changes = [change for term, near in wrong for change in respelt(desk.query, term, near)]
    culprits = [one for one in triples(desk.query.where) if any(one.start <= term.start < one.end for term, _ in wrong)]
    return _mended(desk, culprits or [term for term, _ in wrong], guess, changes) if wrong else None


def _removable(group: Group) -> Iterator[Part]:
    """The parts that can keep a query from having rows."""
    for part in group.parts:
        joined = part.kind == "bind" and joins(part, group.parts)
        if joined or isinstance(part, Triple) or part.kind in ("filter", "minus", "values"):
            yield part
        elif part.kind in ("union", "graph"):
            for inner in part.groups:
                yield from _removable(inner)
        elif part.select:
            yield from _removable(part.select.where)


def _dependent(query: Query, chosen: Sequence[Part]) -> list[Part]:
    """The chosen parts, and the filters that lose a variable with them."""
    lost = names_in(query.where).union(*(bindable(part) for part in chosen)) - left(query.where, chosen)
    filters = [part for part in _removable(query.where) if part.kind == "filter" and part.names & lost]
    return [*chosen, *(part for part in filters if part not in chosen)]


def _explained(desk: Desk, chosen: Sequence[Part]) -> Finding:
    """What is wrong with a set of culprits: a guess that gives rows, else that there is no such data."""
    gone = _dependent(desk.query, chosen)
    with suppress(LateError):
        guesses = [list(fixes(desk, part, gone)) for part in chosen]
        for guess in _together(guesses):
            changes = [change for fix in guess for change in fix.changes]
            cause = _mended(desk, chosen, guess, changes)
            if cause:
                return cause
    return _no_data(desk, chosen)


def _together(guesses: list[list[Fix]]) -> Iterator[tuple[Fix, ...]]:
    """One fix for every culprit, likeliest first."""
    if len(guesses) == 1:
        yield from ((fix,) for fix in guesses[0])
        return
    for first in guesses[0][:4]:
        for second in guesses[1][:4]:
            yield first, second


def _mended(
    desk: Desk, chosen: Sequence[Part | Term], guess: Sequence[Fix], changes: list[edits.Edit]
) -> Finding | None:
    """The finding for a guess, if it gives rows."""
    text = edits.apply(desk.query.text, changes)
    try:
        new = read(text)
        probes = desk.probes.of(new)
        if not probes.gives_rows():
            return None
        rows = probes.answers()
    except KGError:
        return None
    fix = guess[0]
    return finding(
        fix.kind,
        desk.query.line(chosen[0].start),
        tuple(part.text for part in chosen),
        pattern=" + ".join(_flat(part) for part in chosen),
        wrong=", ".join(fix.wrong for fix in guess),
        right=", ".join(fix.right for fix in guess),
        rows=(f"{rows} row{'s' * (rows != 1)}", f"{rows} ligne{'s' * (rows > 1)}"),
    ).with_rewrite(text, rows)


def _no_data(desk: Desk, chosen: Sequence[Part]) -> Finding:
    both = len(chosen) > 1
    said = (" and ", " et ")
    pattern = tuple(word.join(_flat(one) for one in chosen) for word in said)
    found = finding(
        "no-data",
        desk.query.line(chosen[0].start),
        tuple(one.text for one in chosen),
        pattern=pattern,
        alone=_alone(desk, chosen[0]) if not both else ("together leave nothing", "ne laissent ensemble rien"),
        it=("them", "eux") if both else ("it", "cela"),
    )
    parts = _dependent(desk.query, chosen)
    if falls_apart(desk.query.where, parts) or not islands(desk.query.where, parts):
        return found
    return desk.with_rewrite(found, edits.removed(desk.query, parts))


def _alone(desk: Desk, part: Part) -> tuple[str, str]:
    """What a culprit gives by itself."""
    if not isinstance(part, Triple):
        return "leaves nothing", "ne laisse rien"
    try:
        alone = desk.probes.count(
            part.names or ["nothing"], f"{{ {part.subject.text} {part.verb.text} {part.object.text} }}"
        )
    except LateError:
        return "leaves nothing", "ne laisse rien"
    if not alone:
        return "matches nothing in the whole graph", "ne correspond à rien dans tout le graphe"
    return (
        f"matches {alone} times by itself, but never together with the rest",
        f"correspond {alone} fois à lui seul, mais jamais avec le reste",
    )


def _flat(part: Part | Term) -> str:
    return " ".join(part.text.split())


def _modifiers(desk: Desk) -> Iterator[Finding]:
    """HAVING, LIMIT or OFFSET, when it is they that leave nothing."""
    query = desk.query
    for name in ("HAVING", "OFFSET", "LIMIT"):
        if name not in query.tail:
            continue
        start, end = query.tail[name]
        text = edits.apply(query.text, [(start, end, "")])
        rows = desk.probes.of(read(text)).answers()
        if rows:
            pattern = " ".join(query.modifier(name).split())
            yield finding("modifier", query.line(start), (pattern,), pattern=pattern).with_rewrite(text, rows)
