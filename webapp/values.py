"""What a term of an answer is, as columns of pictures need it: a thing, a number, a stretch of time, or just text."""

import re
from datetime import timedelta

import kg

_XSD = "http://www.w3.org/2001/XMLSchema#"
_NUMBERS = {_XSD + name for name in ("integer", "decimal", "double", "float", "int", "long", "nonNegativeInteger")}


def is_thing(term: kg.Term) -> bool:
    """True for a thing that has an address."""
    return isinstance(term, kg.NamedNode)


def is_number(term: kg.Term) -> bool:
    """True for a number that can be drawn."""
    return isinstance(term, kg.Literal) and term.datatype.value in _NUMBERS and _finite(term.value)


def is_amount(term: kg.Term) -> bool:
    """True for a number that counts or measures something."""
    return is_number(term) and float(text_of(term)) >= 0


def is_dated(term: kg.Term) -> bool:
    """True for a text that begins with a year."""
    return isinstance(term, kg.Literal) and bool(re.match(r"\d{4}\b", term.value))


def text_of(term: kg.Term | None) -> str:
    """What a term says without its language and datatype, "" for none."""
    return str(getattr(term, "value", ""))


def years_of(term: kg.Term | None) -> tuple[float, float] | None:
    """A day, month or year as the stretch of time it is, in years."""
    days = kg.periods.days(text_of(term))
    if days is None or days.first == kg.periods.NEVER or days.last == kg.periods.FOREVER:
        return None
    return kg.periods.year_of(days.first), kg.periods.year_of(days.last + timedelta(days=1))


def _finite(text: str) -> bool:
    try:
        return abs(float(text)) < float("inf")
    except ValueError:
        return False
