"""Dates, numbers and amounts as readers of a language write them; what has no such form stays as it is."""

import re
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from functools import lru_cache

from babel import Locale
from babel.dates import format_date, format_datetime, format_interval, format_skeleton
from babel.numbers import format_currency, format_decimal, get_currency_symbol
from flask_babel import gettext

_XSD = "http://www.w3.org/2001/XMLSchema#"
_EDTF = "http://id.loc.gov/datatypes/edtf/"
_LOCALES = {"en": "en_GB"}
"""The forms of a language where those of its first country would mislead: 2 November 2021, not November 2, 2021."""

_WHOLE = {
    *("integer", "long", "int", "short", "byte", "nonNegativeInteger", "positiveInteger"),
    *("unsignedLong", "unsignedInt", "unsignedShort", "unsignedByte", "negativeInteger", "nonPositiveInteger"),
}
_NUMBERS = {_XSD + name for name in (*_WHOLE, "decimal", "double", "float")}
_DATED = {_XSD + name for name in ("date", "gYear", "gYearMonth", "gMonthDay", "dateTime")}
_DAY, _MONTH, _YEAR = re.compile(r"\d{4}-\d\d-\d\d"), re.compile(r"\d{4}-\d\d"), re.compile(r"-?\d{4,}")
_WITHOUT_YEAR = re.compile(r"--(\d\d-\d\d)")
_FIRST = {"fr": (re.compile(r"(?<!\d)1(?= [^\W\d]|–)"), "1er")}  # noqa: RUF001
"""The first day of a month, which some languages count in words."""
_SEASON = re.compile(r"(\d{4})-(2[1-4])")
_DECADE = re.compile(r"(\d{3})X")


@dataclass(frozen=True)
class Told:
    """A value as a reader writes it, and a date as machines write it (for `<time>`)."""

    text: str
    moment: str = ""


@lru_cache(maxsize=10_000)
def told(text: str, datatype: str, language: str) -> Told | None:
    """A literal in the form of a language; None for what is neither a date nor a number, or no valid one."""
    try:
        if datatype in _NUMBERS:
            return Told(_number(text, language))
        if datatype in _DATED:
            return _date(text, language)
        return _edtf(text, language) if datatype.startswith(_EDTF) else None
    except (ValueError, InvalidOperation):
        return None


@lru_cache(maxsize=1_000)
def amount(text: str, currency: str, language: str) -> str:
    """A sum of money with its currency (ISO 4217), whole units without decimals: €5,550,000; as it is if it is none."""
    try:
        return _sum(Decimal(text), currency, _locale(language))
    except InvalidOperation:
        return f"{text} {currency}".strip()


def _sum(number: Decimal, currency: str, locale: Locale) -> str:
    pattern = locale.currency_formats["standard"].pattern
    if number == number.to_integral_value():
        pattern = pattern.replace(".00", "")
    if get_currency_symbol(currency, locale)[-1:].isalpha():
        pattern = re.sub(r"^¤(?=[#0])", "¤\xa0", pattern)
    return format_currency(number, currency, pattern, locale, currency_digits=False)


def dated(text: str, language: str) -> Told | None:
    """A day, month or year in its plain written form, as queries compute them; None for other text."""
    for form, datatype in ((_DAY, "date"), (_MONTH, "gYearMonth"), (_YEAR, "gYear")):
        if form.fullmatch(text):
            return told(text, _XSD + datatype, language)
    return told(text, _EDTF + "EDTF", language)


def between(first: str, last: str, language: str) -> str:
    """Two dates in plain written form as one stretch: 2–3 Nov 2021, October 2021 – 3 November 2022."""  # noqa: RUF002
    one, other = (form.text if (form := dated(text, language)) else text for text in (first, last))
    skeleton = {10: "yMMMMd", 7: "yMMMM", 4: "y"}.get(len(first))
    if (
        one == other
        or skeleton is None
        or len(first) != len(last)
        or not (dated(first, language) and dated(last, language))
    ):
        return one if one == other else f"{one} – {other}"  # noqa: RUF001
    start, end = (date.fromisoformat(f"{text}-01-01"[:10]) for text in (first, last))
    return _counted(format_interval(start, end, skeleton, locale=_locale(language)), language)


def _number(text: str, language: str) -> str:
    number = Decimal(text)
    if not number.is_finite():
        raise InvalidOperation
    return format_decimal(number, locale=_locale(language), decimal_quantization=False)


def _date(text: str, language: str) -> Told:
    if without_year := _WITHOUT_YEAR.fullmatch(text):
        day = date.fromisoformat(f"2000-{without_year[1]}")
        return Told(_counted(format_skeleton("MMMMd", day, locale=_locale(language)), language), without_year[1])
    if _YEAR.fullmatch(text):
        return Told(text, text)
    if _MONTH.fullmatch(text):
        return Told(format_skeleton("yMMMM", date.fromisoformat(f"{text}-01"), locale=_locale(language)), text)
    if _DAY.fullmatch(text):
        return Told(_counted(format_date(date.fromisoformat(text), "long", locale=_locale(language)), language), text)
    moment = datetime.fromisoformat(text)
    said = format_datetime(moment, "long" if moment.tzinfo else "medium", locale=_locale(language))
    return Told(_counted(said, language), text)


def _counted(text: str, language: str) -> str:
    pattern, word = _FIRST.get(language, (None, ""))
    return pattern.sub(word, text) if pattern else text


def _edtf(text: str, language: str) -> Told:
    """The Extended Date/Time Format of the Library of Congress, levels 0 and 1, as far as a sentence says it better."""
    if "/" in text:
        ends = [_edtf(end, language).text if end not in ("", "..") else "" for end in text.split("/", 1)]
        if not ends[1]:
            return Told(gettext("from %(start)s on", start=ends[0]))
        return Told(gettext("until %(end)s", end=ends[1]) if not ends[0] else " – ".join(ends))  # noqa: RUF001
    bare = text.rstrip("~?%")
    said = _season(bare) or _date(bare, language).text
    if text.endswith(("~", "%")):
        said = gettext("about %(date)s", date=said)
    return Told(gettext("%(date)s (uncertain)", date=said) if text.endswith(("?", "%")) else said)


def _season(text: str) -> str:
    if decade := _DECADE.fullmatch(text):
        return str(gettext("the %(decade)s0s", decade=decade[1]))
    match = _SEASON.fullmatch(text)
    if match is None:
        return ""
    seasons = {
        "21": gettext("spring %(year)s", year=match[1]),
        "22": gettext("summer %(year)s", year=match[1]),
        "23": gettext("autumn %(year)s", year=match[1]),
        "24": gettext("winter %(year)s", year=match[1]),
    }
    return str(seasons[match[2]])


def _locale(language: str) -> Locale:
    return Locale.parse(_LOCALES.get(language, language))
