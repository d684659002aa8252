"""What a reader asks of a list, as its address says, and the filters, chips and remedies that lead to other lists."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any
from urllib.parse import urlencode

from babel import Locale
from flask import request
from flask_babel import gettext

import kg
from webapp import links
from webapp.reading import Reader
from webapp.wording import worded

FIRST, NEXT, MOST = 6, 40, 500
"""Values of a facet that are shown at once, those that unfold, and those that are ever on one page."""
OPEN = 4
"""How many filters stand open before anyone chose from them."""
LONGEST_WORDS = 200
_OTHERS = {"q", "sort", "page", "all", "more", "lang", "evidence"}


@dataclass(frozen=True)
class Asked:
    """The state of a list: values by facet, facets of which every value is asked for, words of names, order.

    `more` names the facets whose values are all shown.
    """

    chosen: dict[str, tuple[str, ...]]
    every: tuple[str, ...] = ()
    text: str = ""
    sort: str = ""
    more: tuple[str, ...] = ()

    def given(self) -> dict[str, Any]:
        """The values of the address."""
        values = {**self.chosen, "all": self.every, "q": self.text, "sort": self.sort, "more": self.more}
        return {key: value for key, value in values.items() if value}

    def without(self, facet: str, value: str = "") -> "Asked":
        """The same without a facet, or without one of its values; the facet "" stands for the words."""
        if not facet:
            return replace(self, text="")
        left = tuple(other for other in self.chosen[facet] if value and other != value)
        chosen = {name: values for name, values in {**self.chosen, facet: left}.items() if values}
        return replace(self, chosen=chosen, every=tuple(name for name in self.every if name in chosen))


@dataclass(frozen=True)
class Option:
    """A value to choose: how the address has it, how a reader reads it, and how many it would give."""

    value: str
    text: str
    count: int
    ticked: bool


@dataclass(frozen=True)
class Filter:
    """A facet on the page: some of its values at once, others that unfold, and where all of them are (`total`)."""

    name: str
    title: str
    description: str
    first: tuple[Option, ...]
    rest: tuple[Option, ...]
    total: int
    whole: str
    several: bool
    every: bool
    open: bool


@dataclass(frozen=True)
class Chip:
    """Something chosen, with the address of the list without it; and how many there are then, where that helps."""

    title: str
    text: str
    href: str
    count: int = 0


def meant(reader: Reader, found: kg.Members) -> str:
    """The address that was meant, where this one writes a value in another way (`fr`, `france` for `FR`); else ""."""
    given = list(request.args.items(multi=True))
    known = [(name, _value(reader, found, name, value) if name in found.facets else value) for name, value in given]
    return f"{links.this()}?{urlencode(known)}" if known != given else ""


def _value(reader: Reader, found: kg.Members, name: str, given: str) -> str:
    """The only value of a facet that is written or reads like the given one, case and accents apart; else that one."""
    facet, words = found.facets[name], kg.fold(given)
    if given in facet.terms or not words:
        return given
    like = [value for value, text in _ordered(reader, found.cls, facet) if words in (kg.fold(value), kg.fold(text))]
    return like[0] if len(like) == 1 else given


def asked(found: kg.Members, columns: Sequence[str]) -> Asked:
    """What the address asks for; ParameterError for a facet, value or column that is not there."""
    values = {key: tuple(dict.fromkeys(filter(None, many))) for key, many in request.args.lists()}
    chosen = {key: many for key, many in values.items() if key not in _OTHERS and many}
    every = tuple(name for name in values.get("all", ()) if name in chosen or name not in found.facets)
    found.check(chosen, every)
    sort = request.args.get("sort", "")
    if sort and sort.removeprefix("-") not in ("name", *columns):
        known = ", ".join(["name", *columns])
        raise kg.ParameterError(f'sort="{sort}" is not one of {known} (or with - before it)')
    text = request.args.get("q", "").strip()
    if len(text) > LONGEST_WORDS:
        raise kg.ParameterError(f"q is longer than {LONGEST_WORDS} characters")
    return Asked(chosen, every, text, sort, values.get("more", ()))


def filters(reader: Reader, found: kg.Members, ask: Asked, choice: kg.Choice) -> list[Filter]:
    """The facets of the class that sort anything, in their order; values that would give nothing come last."""
    facets = [facet for facet in found.facets.values() if facet.sorts or facet.name in ask.chosen]
    return [_filter(reader, found, facet, ask, choice, place < OPEN) for place, facet in enumerate(facets)]


def chips(reader: Reader, found: kg.Members, ask: Asked) -> list[Chip]:
    """Everything chosen, one by one."""
    to = partial(_address, found)
    words = [Chip(gettext("Name"), ask.text, to(ask.without("")))] if ask.text else []
    return words + [
        Chip(_title(reader, found.facets[name]), _says(reader, found.facets[name], value), to(ask.without(name, value)))
        for name, values in ask.chosen.items()
        for value in values
    ]


def remedies(reader: Reader, found: kg.Members, ask: Asked, choice: kg.Choice) -> list[Chip]:
    """What to take back when nothing is left, and how many there are then, the most first."""
    made = []
    for name, count in choice.without.items():
        title = _title(reader, found.facets[name]) if name else gettext("Name")
        values = [_says(reader, found.facets[name], value) for value in ask.chosen[name]] if name else [ask.text]
        made.append(Chip(title, ", ".join(values), _address(found, ask.without(name)), count))
    return sorted((chip for chip in made if chip.count), key=lambda chip: (-chip.count, chip.title))


def _filter(reader: Reader, found: kg.Members, facet: kg.Facet, ask: Asked, choice: kg.Choice, early: bool) -> Filter:
    chosen = ask.chosen.get(facet.name, ())
    counts = choice.counts[facet.name]
    ordered = sorted(_ordered(reader, found.cls, facet), key=lambda pair: not counts.get(pair[0]))
    most = MOST if facet.name in ask.more else NEXT
    ticked = [pair for pair in ordered if pair[0] in chosen and pair not in ordered[:FIRST]]
    rest = [pair for pair in ordered[FIRST:most] if pair not in ticked]
    make = partial(_option, counts, chosen)
    whole = replace(ask, more=(*ask.more, facet.name)) if len(ordered) > most and most < MOST else None
    return Filter(
        facet.name,
        _title(reader, facet),
        worded(facet.question, "description", reader.language),
        tuple(make(pair) for pair in [*ordered[:FIRST], *ticked]),
        tuple(make(pair) for pair in rest),
        len(ordered),
        _address(found, whole) if whole else "",
        facet.several,
        facet.name in ask.every,
        early or bool(chosen),
    )


def _option(counts: Mapping[str, int], chosen: Sequence[str], pair: tuple[str, str]) -> Option:
    return Option(pair[0], pair[1], counts.get(pair[0], 0), pair[0] in chosen)


def _ordered(reader: Reader, cls: str, facet: kg.Facet) -> list[tuple[str, str]]:
    """The values with how they read: the latest year first, all else the commonest first; what is not known last."""

    def make() -> list[tuple[str, str]]:
        known = [value for value in facet.counts if value != kg.NOT_KNOWN]
        pairs = [(value, _says(reader, facet, value)) for value in known]
        if known and all(value.isdecimal() for value in known):
            pairs.sort(key=lambda pair: -int(pair[0]))
        else:
            pairs.sort(key=lambda pair: (-facet.counts[pair[0]], kg.fold(pair[1])))
        return pairs + [(kg.NOT_KNOWN, gettext("not known"))] * (kg.NOT_KNOWN in facet.counts)

    return reader.kept(("values", cls, facet.name, reader.language), make)


def _says(reader: Reader, facet: kg.Facet, value: str) -> str:
    """A value in the language of the reader."""
    if value == kg.NOT_KNOWN:
        return str(gettext("not known"))
    term = facet.terms[value][0]
    if isinstance(term, kg.NamedNode):
        return reader.plain(term.value)
    return spelt(facet.question.codes, value, reader.language)


def spelt(codes: str, value: str, language: str) -> str:
    """A code in words (`country`: ISO 3166-1, `language`: BCP 47); any other value as it is."""
    locale = Locale.parse(language)
    if codes == "country":
        return str(locale.territories.get(value, value))
    return str(locale.languages.get(value.split("-")[0].lower(), value)) if codes == "language" else value


def _title(reader: Reader, facet: kg.Facet) -> str:
    return worded(facet.question, "summary", reader.language)


def _address(found: kg.Members, ask: Asked) -> str:
    return links.members(found.cls, **ask.given())
