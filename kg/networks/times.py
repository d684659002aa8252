"""What a network was at a time, and what changed between two; what no date is known of is said to be undated."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date

from kg.errors import ParameterError
from kg.networks.ties import Evidence
from kg.periods import ABSENT, PERHAPS, THERE, UNDATED, Period, Span

JOINED, LEFT, STAYED, BETWEEN, UNCERTAIN = "joined", "left", "stayed", "between", "uncertain"
STATES = (THERE, PERHAPS, UNDATED, ABSENT)
CHANGES = (JOINED, LEFT, STAYED, BETWEEN, UNCERTAIN, UNDATED, ABSENT)
ONLY, LATER = "only", "later"
BEFORE = (ONLY, PERHAPS, UNDATED, LATER)


def state(spans: Collection[Span], period: Period) -> str:
    """`there` in the period, `perhaps`, `undated` or `absent`, for what any of these stretches of time makes so.

    Undated is what is known of nothing else: a thing that was surely or perhaps there by another stretch is that.
    """
    found = {span.within(period) for span in spans}
    return next(one for one in STATES if one in found or one == ABSENT)


def change(spans: Collection[Span], since: Period, until: Period) -> str:
    """From one period to a later one: `joined`, `left`, `stayed`, or `between` when it came and went in the meantime.

    `uncertain` where the dates do not tell which, `undated` where there are none, `absent` when it was there at no time
    from the first to the second.
    """
    before, after = state(spans, since), state(spans, until)
    if before == after == ABSENT:
        meanwhile = state(spans, Period(since.first, until.last))
        return {THERE: BETWEEN, ABSENT: ABSENT}.get(meanwhile, UNCERTAIN)
    if before == after == UNDATED:
        return UNDATED
    known = {(ABSENT, THERE): JOINED, (THERE, ABSENT): LEFT, (THERE, THERE): STAYED}
    return known.get((before, after), UNCERTAIN)


def only_before(spans: Collection[Span], day: date) -> str:
    """`only` when all of it surely was over before the day, `later` when some of it surely was not, else `perhaps`.

    `undated` when nothing of it has a date; with some dates and an undated rest the answer is `perhaps`.
    """
    if any(span.reaches(day) for span in spans):
        return LATER
    if not any(span.dated for span in spans):
        return UNDATED
    over = all(span.dated and span.end.last < day for span in spans)
    earlier = any(span.dated and span.start.first < day for span in spans)
    return ONLY if over else PERHAPS if earlier else LATER


@dataclass(frozen=True)
class When:
    """The time at which a network is looked at: a period, two to compare, a day before which all must be over, or none.

    The first of these that is given counts.
    """

    on: Period | None = None
    since: Period | None = None
    until: Period | None = None
    before: date | None = None

    @property
    def words(self) -> tuple[str, ...]:
        """What can be said of a thing or tie at that time, in the order of a legend; nothing without a time."""
        if self.on:
            return STATES
        return CHANGES if self.since and self.until else BEFORE if self.before else ()

    def of(self, evidence: Iterable[Evidence]) -> str:
        """The word for a thing or a tie, by all that makes it; "" without a time."""
        spans = {piece.span for piece in evidence}
        if self.on:
            return state(spans, self.on)
        if self.since and self.until:
            return change(spans, self.since, self.until)
        return only_before(spans, self.before) if self.before else ""


def when(
    on: Period | None = None, since: Period | None = None, until: Period | None = None, before: Period | None = None
) -> When:
    """A time out of periods, the earlier of two to compare first; ParameterError for one of two alone."""
    if (since is None) != (until is None):
        raise ParameterError("two dates make a comparison: since=… and until=…")
    if since and until and since.first > until.first:
        since, until = until, since
    return When(on, since, until, before.first if before else None)
