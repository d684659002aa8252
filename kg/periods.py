"""Stretches of time as sources give them: dates as exact as they are written, and what they leave sure or possible.

A date that says less than another does not contradict it; of those that exclude each other, each may be right.
"""

import re
from calendar import monthrange
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import lru_cache

from kg.errors import ParameterError

NEVER, FOREVER = date.min, date.max
THERE, PERHAPS, UNDATED, ABSENT = "there", "perhaps", "undated", "absent"

_DAY = re.compile(r"(\d{4})(?:-(\d\d)(?:-(\d\d))?)?")
_WITHOUT_YEAR = re.compile(r"--(\d\d)(?:-(\d\d))?")
_ZONE = re.compile(r"(?:T.*|Z|[+-]\d\d:\d\d)$")
_UNSPECIFIED = re.compile(r"(?=.{4}$)\d{1,3}X{1,3}")
_SEASONS = {"21": (3, 6), "22": (6, 9), "23": (9, 12), "24": (12, 3)}


@dataclass(frozen=True, order=True)
class Period:
    """From one day to another, both included.

    One that was read from dates has the `text` that sets its edge, and is `disputed` when they exclude each other.
    """

    first: date
    last: date
    text: str = field(default="", compare=False)
    disputed: bool = field(default=False, compare=False)


@dataclass(frozen=True, order=True)
class Span:
    """Something that starts and ends on some day of these periods; all of time where nothing is known."""

    start: Period
    end: Period

    @property
    def dated(self) -> bool:
        """True when anything at all is known."""
        return self.start.first > NEVER or self.end.last < FOREVER

    @property
    def open(self) -> bool:
        """True when nobody says until when it goes on."""
        return self.end.last == FOREVER

    @property
    def disputed(self) -> bool:
        """True if sources give dates that exclude each other for one of the ends."""
        return self.start.disputed or self.end.disputed

    @property
    def fuzzy(self) -> bool:
        """True if the day of its beginning or of its end is not known."""
        return self.disputed or any(end.first < end.last for end in (self.start, self.end))

    @property
    def first(self) -> date:
        """The earliest day it may have begun."""
        return self.start.first

    @property
    def last(self) -> date:
        """The latest day it may have ended, or, as long as it is open, begun."""
        return self.start.last if self.open else self.end.last

    @property
    def sure(self) -> Period | None:
        """The days on which it went on for certain, None where there is no such day."""
        first, last = min(self.start.last, self.end.last), max(self.end.first, self.start.first)
        return Period(first, last) if first <= last else None

    def within(self, period: Period) -> str:
        """`there` when it surely reaches into the period, `absent` when it surely does not, else `perhaps`.

        `undated` when nothing is known.
        """
        if not self.dated:
            return UNDATED
        if self.start.first > min(period.last, self.end.last) or self.end.last < period.first:
            return ABSENT
        surely = min(self.start.last, self.end.last) <= period.last
        return THERE if surely and self.reaches(period.first) else PERHAPS

    def reaches(self, day: date) -> bool:
        """True when it surely is not over before the day."""
        return self.dated and max(self.end.first, self.start.first) >= day

    def meets(self, other: "Span") -> bool:
        """True if there may have been a day on which both were."""
        return self.start.first <= other.end.last and other.start.first <= self.end.last

    def meet(self, other: "Span") -> "Span":
        """The time at which both are."""
        return Span(_later(self.start, other.start), _earlier(self.end, other.end))

    def narrowed(self, starts: Collection[str], ends: Collection[str]) -> "Span":
        """The part of it that begins and ends with these dates of its own, if there are any."""
        if not self.dated:
            return span(starts, ends)
        begun, ended = _read(starts, ends), _read(ends, starts)
        return Span(
            _later(self.start, _opening(begun)) if begun else self.start,
            _earlier(self.end, _closing(ended)) if ended else self.end,
        )


ALWAYS = Period(NEVER, FOREVER)
NO_DATES = Span(ALWAYS, ALWAYS)


def span(starts: Iterable[str], ends: Iterable[str], lasts: bool = True) -> Span:
    """What the dates of several sources leave open; texts that are no dates are left out.

    Without a start it may have begun at any time before its end. Without an end it may go on when it `lasts`, else it
    ended as it began. Where every start lies after every end, nothing is sure but the outermost days.
    """
    start_texts, end_texts = tuple(starts), tuple(ends)
    begun, ended = _read(start_texts, end_texts), _read(end_texts, start_texts)
    if not begun and not ended:
        return NO_DATES
    closing = ended or ([] if lasts else begun)
    end = _closing(closing) if closing else Period(min(one.first for one in begun), FOREVER)
    start = _opening(begun) if begun else Period(NEVER, end.last)
    if start.first > end.last:
        first, last = min(start.first, end.first), max(start.last, end.last)
        start, end = (Period(first, last, one.text, disputed=True) for one in (start, end))
    return Span(start, end)


def period(text: str) -> Period:
    """The days of a year, month or day; ParameterError for any other text."""
    found = days(text) if _DAY.fullmatch(text) else None
    if found is None:
        raise ParameterError(f'"{text}" is not a date: write 2019, 2019-06 or 2019-06-30')
    return found


def years(first: str, last: str) -> Period | None:
    """From the one date to the other, either of which may be "" for none; None without both."""
    if not first and not last:
        return None
    found = Period(period(first).first if first else NEVER, period(last).last if last else FOREVER)
    if found.first > found.last:
        raise ParameterError(f"from={first} is later than to={last}")
    return found


@lru_cache(maxsize=10_000)
def days(text: str) -> Period | None:
    """The days that a date may stand for: 2019, 2019-06, 2019-06-30, or EDTF (ISO 8601-2) such as 2022-21~, 201X, a/b.

    "About" and "uncertain" widen nothing. A season is that of the north, with the days that any calendar gives it.
    None for what has no year.
    """
    first, slash, last = text.strip().partition("/")
    if slash:
        return _interval(text.strip(), first, last)
    written = _ZONE.sub("", first)
    plain = re.sub(r"[~?%]", "", written)
    if _UNSPECIFIED.fullmatch(plain):
        found = _years(int(plain.replace("X", "0")), int(plain.replace("X", "9")))
    else:
        match = _DAY.fullmatch(re.sub(r"(-XX)+$", "", plain))
        found = _dated(int(match[1]), match[2], match[3]) if match else None
    return found and replace(found, text=written)


def telling(texts: Sequence[str]) -> list[str]:
    """The dates that say something: none that includes a narrower one, and of two that say the same the first."""
    known = {text: found for text in texts if (found := days(_with_year(text, _years_of(texts))))}
    return [text for n, text in enumerate(texts) if not any(_says_more(known, texts, n, m) for m in range(len(texts)))]


def year_of(day: date) -> float:
    """A day as a number of years, in which each month is a twelfth: 1 July 2020 is 2020.5."""
    return day.year + (day.month - 1 + (day.day - 1) / monthrange(day.year, day.month)[1]) / 12


def _interval(text: str, *ends: str) -> Period | None:
    """From the one to the other, either of which may be "" or "..": not known."""
    opening, closing = (days(end) for end in ends)
    if any(end not in ("", "..") and not days(end) for end in ends) or not (opening or closing):
        return None
    first, last = opening.first if opening else NEVER, closing.last if closing else FOREVER
    return Period(first, last, text) if first <= last else None


def _dated(year: int, month: str | None, day: str | None) -> Period | None:
    if month is None:
        return _years(year, year)
    if month in _SEASONS:
        opening, closing = _SEASONS[month]
        later = year + (closing < opening)
        return Period(date(year, opening, 1), date(later, closing, monthrange(later, closing)[1]))
    try:
        first = date(year, int(month), int(day or 1))
    except ValueError:
        return None
    return Period(first, first if day else first.replace(day=monthrange(year, first.month)[1]))


def _years(first: int, last: int) -> Period | None:
    return Period(date(max(first, 1), 1, 1), date(last, 12, 31)) if 0 < last < 9999 else None


def _read(texts: Collection[str], others: Collection[str]) -> list[Period]:
    """The dates with a year; one without takes the only year that the others of its kind, else of the other, have."""
    known = _years_of(texts) or _years_of(others)
    return [found for text in texts if (found := days(_with_year(text, known)))]


def _with_year(text: str, known: set[int]) -> str:
    """A day or month without a year in the only year there is; as it was when there is none or a choice."""
    match = _WITHOUT_YEAR.fullmatch(text)
    if match is None or len(known) != 1:
        return text
    return "-".join([f"{next(iter(known)):04}", *filter(None, match.groups())])


def _years_of(texts: Iterable[str]) -> set[int]:
    found = [days(text) for text in texts]
    return {one.first.year for one in found if one and one.first.year == one.last.year}


def _says_more(known: Mapping[str, Period], texts: Sequence[str], n: int, m: int) -> bool:
    """True if text m makes text n superfluous."""
    wide, narrow = known.get(texts[n]), known.get(texts[m])
    if n == m or wide is None or narrow is None:
        return n != m and wide is None and narrow is not None
    if wide == narrow:
        return (texts[m].startswith("-"), m) < (texts[n].startswith("-"), n)
    return wide.first <= narrow.first and narrow.last <= wide.last


def _joined(known: Sequence[Period]) -> Period:
    """The days that all of them allow; where there is none, all from the first to the last, and disputed."""
    firsts, lasts = [one.first for one in known], [one.last for one in known]
    if max(firsts) <= min(lasts):
        return Period(max(firsts), min(lasts))
    return Period(min(firsts), max(lasts), disputed=True)


def _opening(known: Sequence[Period]) -> Period:
    """When something began, by these dates: the text is that of the closest date with the first day of all."""
    found = _joined(known)
    edge = min((one for one in known if one.first == found.first), key=lambda one: (one.last, one.text))
    return replace(found, text=edge.text)


def _closing(known: Sequence[Period]) -> Period:
    """When something ended, by these dates: the text is that of the closest date with the last day of all."""
    found = _joined(known)
    edge = max((one for one in known if one.last == found.last), key=lambda one: (one.first, one.text))
    return replace(found, text=edge.text)


def _later(one: Period, other: Period) -> Period:
    edge = max(one, other, key=lambda period: (period.first, period.text))
    return replace(edge, last=max(one.last, other.last))


def _earlier(one: Period, other: Period) -> Period:
    edge = min(one, other, key=lambda period: (period.last, period.text))
    return replace(edge, first=min(one.first, other.first))
