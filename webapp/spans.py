"""Stretches of time as they are drawn: from when to when a thing surely lasted, and where nobody can tell.

A date that a source gives is a day, a month or a year. One that says less than another does not contradict it; two that
exclude each other both stand, and the time between them is uncertain.
"""

import re
from calendar import monthrange
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

_DATE = re.compile(r"(\d{4})(?:-(\d\d)(?:-(\d\d))?)?(?:T.*)?")
_WITHOUT_YEAR = re.compile(r"--(\d\d)(?:-(\d\d))?")

Stretch = tuple[date, date]
"""The first and the last day, both included."""


@dataclass(frozen=True)
class Span:
    """From when to when, each end somewhere in its stretch; open when nobody says until when it goes on.

    It is `differing` when sources give dates that exclude each other.
    """

    start: Stretch
    end: Stretch
    differing: bool = False
    open: bool = False

    @property
    def first(self) -> date:
        """The earliest day it may have begun."""
        return self.start[0]

    @property
    def last(self) -> date:
        """The latest day it may have ended."""
        return max(self.end[1], self.start[1])

    @property
    def sure(self) -> Stretch | None:
        """The days on which it went on for certain, None where there is no such day."""
        sure = self.start[1], self.end[0]
        return sure if sure[0] <= sure[1] and not (self.start == self.end and self.start[0] < self.start[1]) else None

    @property
    def fuzzy(self) -> bool:
        """True if the day of its beginning or of its end is not known."""
        return self.open or self.differing or any(first < last for first, last in (self.start, self.end))

    def meets(self, first_year: int | None, last_year: int | None) -> bool:
        """True if it may have gone on in one of these years."""
        ended = date.max if self.open else self.last
        return (last_year is None or self.first.year <= last_year) and (first_year is None or ended.year >= first_year)


def span(
    starts: Iterable[str], ends: Iterable[str], bounds: tuple[str, str] | None = None, lasts: bool = False
) -> Span | None:
    """What the dates of several sources leave open, None where none of them has a year.

    `bounds` are the first and last day that a beginning in words ("end of spring") allows. Without an end, a thing that
    `lasts` is open and any other ended as it began.
    """
    start_texts, end_texts = list(starts), list(ends)
    begun, ended = _stretches(start_texts, end_texts), _stretches(end_texts, start_texts)
    if bounds and (worded := _between(*bounds)):
        begun.append(worded)
    if not begun and not ended:
        return None
    start, start_differs = _joined(begun or ended)
    end, end_differs = _joined(ended) if ended else (start, False)
    return Span(
        start, (max(end[0], start[0]), max(end[1], start[0])), start_differs or end_differs, lasts and not ended
    )


def stretch(text: str) -> Stretch | None:
    """The days of a year, a month or a day; None for anything else."""
    match = _DATE.fullmatch(text)
    if not match:
        return None
    year, month, day = int(match[1]), int(match[2] or 0), int(match[3] or 0)
    try:
        if day:
            return date(year, month, day), date(year, month, day)
        last = month or 12
        return date(year, month or 1, 1), date(year, last, monthrange(year, last)[1])
    except ValueError:
        return None


def telling(texts: Sequence[str]) -> list[str]:
    """The dates that say something: none that includes a narrower one, and of two that say the same the first."""
    known = {text: found for text in texts if (found := stretch(_with_year(text, _years(texts))))}
    return [text for n, text in enumerate(texts) if not any(_says_more(known, texts, n, m) for m in range(len(texts)))]


def _says_more(known: Mapping[str, Stretch], texts: Sequence[str], n: int, m: int) -> bool:
    """True if text m makes text n superfluous."""
    wide, narrow = known.get(texts[n]), known.get(texts[m])
    if n == m or wide is None or narrow is None:
        return n != m and wide is None and narrow is not None
    if wide == narrow:
        return (texts[m].startswith("-"), m) < (texts[n].startswith("-"), n)
    return wide[0] <= narrow[0] and narrow[1] <= wide[1]


def _stretches(texts: Sequence[str], others: Sequence[str]) -> list[Stretch]:
    """The dates with a year; one without takes the only year that the others of its kind, else of the other, have."""
    years = _years(texts) or _years(others)
    return [found for text in texts if (found := stretch(_with_year(text, years)))]


def _with_year(text: str, years: set[int]) -> str:
    """A day or month without a year in the only year there is; as it was when there is none or a choice."""
    match = _WITHOUT_YEAR.fullmatch(text)
    if match is None or len(years) != 1:
        return text
    return "-".join([f"{next(iter(years)):04}", *filter(None, match.groups())])


def _years(texts: Iterable[str]) -> set[int]:
    return {found[0].year for text in texts if (found := stretch(text))}


def _between(first: str, last: str) -> Stretch | None:
    one, other = stretch(first), stretch(last)
    return (one[0], other[1]) if one and other and one[0] <= other[1] else None


def _joined(stretches: list[Stretch]) -> tuple[Stretch, bool]:
    """The days that all of them allow; where there is none, all from the first to the last, and True."""
    common = max(first for first, _ in stretches), min(last for _, last in stretches)
    if common[0] <= common[1]:
        return common, False
    return (min(first for first, _ in stretches), max(last for _, last in stretches)), True


def year_of(day: date) -> float:
    """A day as a number of years: 1 July 2020 is 2020.5."""
    first = date(day.year, 1, 1)
    return day.year + (day - first) / timedelta(days=366 if monthrange(day.year, 2)[1] == 29 else 365)
