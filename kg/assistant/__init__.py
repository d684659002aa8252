"""The query assistant: what a query silently loses or repeats, and why its answer is empty.

It knows no class or property: it reads the query, asks the graph small questions about its parts, and offers a rewrite
only after running it.
"""

from collections.abc import Callable, Iterable, Iterator
from functools import partial

from kg.assistant import counts, emptiness, fans, losses, spelling
from kg.assistant.advice import Advice, Finding, finding
from kg.assistant.contexts import Place, context, places
from kg.assistant.desk import Check, Desk, Proposal
from kg.assistant.probes import LateError, Probes, TimedStore
from kg.assistant.reading import read
from kg.assistant.words import UnreadableError
from kg.errors import QueryFailedError, QuerySyntaxError
from kg.sparql import service_targets
from kg.store import Store

__all__ = ["Advice", "Finding", "advise"]


def advise(store: Store, text: str, language: str = "en", budget_seconds: float = 2.0) -> Advice:
    """What a SPARQL query silently does to its answer, and why the answer is empty if it is.

    `language` is that of the reader, for rewrites that choose one. The answer comes when the budget is spent at the
    latest and says what was not checked; a probe that the engine was then busy with goes on in a thread of its own, so
    a service should ask from a process that it can end. What SERVICE asks of others is never run. Raises
    QuerySyntaxError, and QueryFailedError for what the engine cannot evaluate.
    """
    if service_targets(text):
        return Advice(unchecked=(finding("service", 1),))
    _check_syntax(store, text)
    try:
        query = read(text)
    except UnreadableError as error:
        return Advice(unchecked=(finding("unreadable", 1, name=error),))
    desk = Desk(query, Probes(TimedStore(store, budget_seconds), query), language)
    late: list[tuple[str, int]] = []
    empty = _run([("emptiness", 1, partial(_causes, desk))], late)
    checks = [*spelling.checks(desk), *([] if empty else _checks(desk))]
    proposals = {proposal.found.sentence: proposal for proposal in _run(checks, late)}
    warnings = sorted(map(_mended, proposals.values()), key=lambda found: (found.line, found.kind, found.patterns))
    return Advice(tuple(warnings), tuple(proposal.found for proposal in empty), _unchecked(late))


def _check_syntax(store: Store, text: str) -> None:
    """Nothing for a legal query, asked of no graph at all; raises QuerySyntaxError."""
    store.query(text, default_graphs=[], named_graphs=[])


def _checks(desk: Desk) -> Iterator[Check]:
    """Everything there is to check about the rows of a query, the cheapest and weightiest first."""
    seen = [(place, context(place)) for place in places(desk.query)]
    around = [(place, found) for place, found in seen if found and not place.triple.verb.variable]
    yield "product", 1, partial(fans.products, desk)
    for place, found in around:
        if not place.optional and (found.far or not found.hidden) and not found.shows_nothing_else:
            yield _check("row loss", desk, place, partial(losses.losses, desk, found))
    for aggregate in desk.query.aggregates:
        if not aggregate.distinct and aggregate.variable:
            yield aggregate.function, desk.query.line(aggregate.start), partial(counts.counts, desk, aggregate)
    several: list[fans.Fan] = []
    for place, found in around:
        if found.far and not (place.optional and found.language_tests):
            yield _check("fan-out", desk, place, partial(fans.languages, desk, found, several))
    yield "fan-out", 1, partial(fans.repeats, desk, several)


def _check(what: str, desk: Desk, place: Place, run: Callable[[], Iterator[Proposal]]) -> Check:
    return f"{what}, {place.triple.text}", desk.query.line(place.triple.start), run


def _causes(desk: Desk) -> Iterator[Proposal]:
    if emptiness.is_empty(desk):
        yield from map(Proposal, emptiness.causes(desk))


def _run(checks: Iterable[Check], late: list[tuple[str, int]]) -> list[Proposal]:
    """What the checks find; those there was no time for are noted in `late`."""
    found: list[Proposal] = []
    for what, line, check in checks:
        try:
            found += check()
        except (LateError, QueryFailedError, QuerySyntaxError):
            late.append((what, line))
    return found


def _unchecked(late: list[tuple[str, int]]) -> tuple[Finding, ...]:
    """One finding for all there was no time for."""
    names = "; ".join(f"{what} (line {line})" for what, line in late)
    return (finding("late", late[0][1], name=names),) if late else ()


def _mended(proposal: Proposal) -> Finding:
    try:
        return proposal.mend() if proposal.mend else proposal.found
    except (LateError, QueryFailedError, QuerySyntaxError):
        return proposal.found
