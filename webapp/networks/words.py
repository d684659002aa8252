"""The words for kinds, states and times of networks, in the reader's language."""

from collections.abc import Sequence
from datetime import date

from flask_babel import gettext, ngettext

import kg
from webapp import forms

Period = kg.periods.Period
Span = kg.periods.Span
Evidence = kg.networks.Evidence


def kind_name(kind: str) -> str:
    """What a kind of thing is called."""
    names = {
        "city": gettext("city or place"),
        "actor": gettext("actor"),
        "project": gettext("project, phase or action"),
        "event": gettext("event"),
        "exhibition": gettext("exhibition"),
        "publication": gettext("publication"),
        "funding": gettext("funding"),
        "theme": gettext("theme"),
        "source": gettext("source"),
    }
    return str(names.get(kind) or gettext("other"))


def state_name(word: str) -> str:
    """What a state is called."""
    names = {
        "there": gettext("there"),
        "perhaps": gettext("perhaps there"),
        "undated": gettext("undated"),
        "absent": gettext("not there"),
        "joined": gettext("joined"),
        "left": gettext("left"),
        "stayed": gettext("still there"),
        "between": gettext("came and went"),
        "uncertain": gettext("uncertain"),
        "only": gettext("only before"),
        "later": gettext("also later"),
    }
    return str(names[word])


def counted(word: str, number: int) -> str:
    """So many in a state."""
    said = {
        "there": ngettext("%(num)d there", "%(num)d there", number),
        "perhaps": ngettext("%(num)d perhaps there", "%(num)d perhaps there", number),
        "undated": ngettext("%(num)d undated", "%(num)d undated", number),
        "absent": ngettext("%(num)d not there", "%(num)d not there", number),
        "joined": ngettext("%(num)d joined", "%(num)d joined", number),
        "left": ngettext("%(num)d left", "%(num)d left", number),
        "stayed": ngettext("%(num)d still there", "%(num)d still there", number),
        "between": ngettext("%(num)d came and went", "%(num)d came and went", number),
        "uncertain": ngettext("%(num)d uncertain", "%(num)d uncertain", number),
        "only": ngettext("%(num)d only before", "%(num)d only before", number),
        "later": ngettext("%(num)d also later", "%(num)d also later", number),
    }
    return str(said[word])


def told(period: Period, language: str) -> str:
    """A day, month or year as readers write it, else from when to when; open ends are left open."""
    if period.first == date.min and period.last == date.max:
        return str(gettext("undated"))
    text = _plain(period)
    said = forms.dated(text, language)
    return said.text if said else text


def lasted(span: Span, language: str) -> str:
    """When something was, as closely as its sources say."""
    if not span.dated:
        return str(gettext("undated"))
    if span.start == span.end:
        return told(span.start, language)
    start, end = (_plain(Period(p.first, p.last)) if p.last < date.max else "" for p in (span.start, span.end))
    start = "" if span.start.first == date.min else start
    text = start if start == end else f"{start}/{end or '..'}"
    said = forms.dated(text, language)
    return said.text if said else text


def outermost(evidence: Sequence[Evidence]) -> str:
    """The years from the first to the last that any of it may have been in."""
    dated = [piece.span for piece in evidence if piece.span.dated]
    if not dated:
        return str(gettext("undated"))
    first, last = min(span.start.first for span in dated), max(span.end.last for span in dated)
    years = ["" if first == date.min else str(first.year), "" if last == date.max else str(last.year)]
    return years[0] if years[0] == years[1] else "–".join(years)  # noqa: RUF001


def _plain(period: Period) -> str:
    """The shortest text for these days: 2019, 2019-06, 2019-06-30, or the first and the last with a stroke."""
    first, last = period.first, period.last
    if first == last:
        return first.isoformat()
    for text in (f"{first.year:04}", f"{first.year:04}-{first.month:02}"):
        if kg.periods.days(text) == period:
            return text
    years = f"{first.year:04}", f"{last.year:04}"
    whole = (first.month, first.day, last.month, last.day) == (1, 1, 12, 31)
    return "/".join(years if whole else (first.isoformat(), last.isoformat()))
