"""Numbers that come out too high because rows are repeated."""

from collections.abc import Iterator

from kg.assistant import edits
from kg.assistant.advice import finding
from kg.assistant.contexts import places
from kg.assistant.desk import Desk, Proposal
from kg.assistant.parts import Aggregate, Query, Triple
from kg.assistant.probes import number, write


def counts(desk: Desk, aggregate: Aggregate) -> Iterator[Proposal]:
    """COUNT, SUM or AVG takes a thing into account as often as some other pattern repeats it."""
    query = desk.query
    if aggregate.function == "COUNT":
        variable = _subject(query) if aggregate.variable == "*" else aggregate.variable
        different = f"COUNT(DISTINCT ?{variable})"
    elif aggregate.function in ("SUM", "AVG"):
        variable, owner = aggregate.variable, _owner(query, str(aggregate.variable))
        different = f'COUNT(DISTINCT CONCAT(STR(?{owner}), " ", STR(?{variable})))' if owner else ""
    else:
        return
    if not variable or not different:
        return
    desk.probes.check_size()
    inner = f"SELECT (COUNT(?{variable}) AS ?plain_) ({different} AS ?different_) WHERE {write(query.where)}"
    wrong = "(SUM(IF(?plain_ != ?different_, 1, 0)) AS ?wrong_) (COUNT(*) AS ?groups_)"
    row = desk.probes.rows(
        f"(SUM(?plain_) AS ?all_) (SUM(?different_) AS ?unlike_) {wrong}",
        f"{{ {{ {inner} {query.modifier('GROUP')} }} }}",
    )[0]
    names = ("plain", "different", "wrong", "groups")
    values = dict(zip(names, map(int, map(number, row.values())), strict=True))
    if values["plain"] == values["different"]:
        return
    call = query.text[aggregate.start : aggregate.end]
    place = {"call": call, "variable": f"?{variable}", **values}
    line = query.line(aggregate.start)
    if aggregate.function != "COUNT":
        yield Proposal(finding("sum", line, (call,), owner=f"?{owner}", **place))
        return
    name = "count-groups" if query.tail.get("GROUP") else "count"
    yield desk.proposal(finding(name, line, (call,), **place), [edits.counted(aggregate, str(variable))])


def _subject(query: Query) -> str | None:
    """The variable that COUNT(*) is meant to count: the first with a class of its own that is no group."""
    typed = [part for part in query.where.parts if isinstance(part, Triple) and part.verb.types]
    names = (part.subject.variable for part in typed if part.subject.kind == "variable" and part.object.kind == "iri")
    return next((name for name in names if name and name not in query.grouped), None)


def _owner(query: Query, variable: str) -> str | None:
    """The variable whose value another one is."""
    return next(
        (
            place.triple.subject.variable
            for place in places(query)
            if place.triple.object.variable == variable and place.triple.subject.kind == "variable"
        ),
        None,
    )
