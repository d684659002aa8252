"""Values, names and sources as HTML: what stands on a page hundreds of times, where a macro would take too long."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from html import escape

from flask import g
from flask_babel import gettext, ngettext
from markupsafe import Markup

import kg
from webapp import forms
from webapp.facts import Line, Note, Other
from webapp.languages import direction
from webapp.reading import Backing, Shown
from webapp.sentences import said
from webapp.wording import Worded, worded

MOST_SAYING = 3
"""Who gives another value: so many are named."""
_NOTHING = Markup('<span class="none">–</span>')  # noqa: RUF001


def shown(value: Shown | None) -> Markup:
    """A value, linked if it leads anywhere, with its language where that is not the reader's."""
    if value is None:
        return _NOTHING
    text = escape(value.text)
    if value.href:
        outside = ' class="outside" rel="external"' if value.outside else ""
        html = f'<a href="{escape(value.href)}"{outside}{_tongue(value)}>{text}</a>'
    elif value.moment:
        html = f'<time class="unbroken" datetime="{escape(value.moment)}">{text}</time>'
    else:
        unbroken = ' class="unbroken"' if value.unbroken else ""
        html = f"<span{unbroken}{_tongue(value)}>{text}</span>"
    return Markup(html + _mark(value))  # noqa: S704


def several(values: Iterable[Shown]) -> Markup:
    """Values in a row."""
    return Markup(", ".join(map(shown, values)))  # noqa: S704


def long(value: Shown) -> Markup:
    """A value; one too long to be read at a glance, cut, with all of it to be opened."""
    if not value.whole:
        return shown(value)
    tongue, words = _tongue(value), _words(g.language).all
    summary = f'<summary{tongue}>{escape(value.text)} <span class="quiet">{words}</span></summary>'
    return Markup(f'<details class="long">{summary}<p{tongue}>{escape(value.whole)}</p></details>')  # noqa: S704


def headings(columns: Sequence[str], rows: Sequence[Sequence[Shown | None]]) -> Markup:
    """The headings of a table, each on the side on which its column stands."""
    first = [next((row[place] for row in rows if row[place]), None) for place in range(len(columns))]
    sides = [' class="right"' if value and value.number else "" for value in first]
    return Markup("").join(
        Markup(f'<th scope="col"{side}>{spoken(column)}</th>')  # noqa: S704
        for side, column in zip(sides, columns, strict=True)
    )


def cells(row: Iterable[Shown | None], named: bool = False) -> Markup:
    """The cells of a row of a table; with the prefixed names of things where they are asked for."""
    return Markup("".join(_cell(value, named) for value in row))  # noqa: S704


def _cell(value: Shown | None, named: bool) -> str:
    if value is None:
        return "<td></td>"
    right = ' class="right"' if value.number else ""
    short = value.prefixed if named and value.prefixed != value.text else ""
    return f"<td{right}>{shown(value)}" + (f' <code class="prefixed">{escape(short)}</code>' if short else "") + "</td>"


def sentence(text: str) -> Markup:
    """What an error says in English, in the reader's language or marked as English."""
    told = said(text, g.language)
    return _spoken(told.text, told.language)


def spoken(text: str | Shown) -> Markup:
    """A text or the text of a name, marked with its language where that is not the reader's."""
    return _spoken(str(text), text.language) if isinstance(text, Worded | Shown) else Markup.escape(text)


def said_of(one: kg.Question | kg.Pack, what: str) -> Worded:
    """What a header says, in the reader's language or else in English."""
    return worded(one, what, g.language)


def day(text: str) -> str:
    """The day of a moment as machines write it, in the reader's form."""
    told = forms.dated(text[:10], g.language)
    return told.text if told else text[:10]


def tongue(value: Shown) -> Markup:
    """The attributes that say in which language and direction a value is written."""
    return Markup(_tongue(value))  # noqa: S704


def backing(one: Backing) -> Markup:
    """A source with its publisher and date, or a rule."""
    return _backing(one, g.language)


@lru_cache(maxsize=5000)
def _backing(one: Backing, language: str) -> Markup:
    about = ", ".join(shown(value) for value in (one.publisher, one.date) if value)
    kind = _words(language).rule + " " if one.is_rule else ""
    return Markup(f"{kind}{shown(one.name)}" + (f' <span class="by">({about})</span>' if about else ""))  # noqa: S704


def behind(backings: Sequence[Backing]) -> str:
    """What stands behind a statement, in two words."""
    return sources(0 if len(backings) == 1 and backings[0].is_rule else len(backings))


def sources(number: int) -> str:
    """So many sources; where there are none, that a rule says so."""
    return _sources(number, g.language)


def evidence(line: Line) -> Markup:
    """What stands behind a statement and who says otherwise, to be opened."""
    words, others = _words(g.language), len(line.others)
    disputed = " disputed" if others else ""
    count = " · " + escape(ngettext("%(num)d other value", "%(num)d other values", others)) if others else ""
    summary = f"<summary>{escape(behind(line.backings))}{count}</summary>"
    told = [_other(other, words.otherwise if number == 0 else "") for number, other in enumerate(line.others)]
    notes = "".join(_note(note, words) for note in line.notes)
    why = f'<li><a href="{escape(line.why)}">{words.why}</a></li>'
    listed = f"<ul>{_list(line.backings)}\n{''.join(told)}{notes}{why}</ul>"
    return Markup(f'<details class="evidence{disputed}">{summary}\n{listed}</details>')  # noqa: S704


def _list(backings: Iterable[Backing]) -> str:
    return "".join(f"<li>{backing(one)}</li>" for one in backings)


def _other(other: Other, words: str) -> str:
    who = "; ".join(shown(one.name) for one in other.backings[:MOST_SAYING])
    more = " …" if len(other.backings) > MOST_SAYING else ""
    first = f"<b>{words}</b> " if words else ""
    return f'<li class="other">{first}{shown(other.value)} <span class="by">({who}{more})</span></li>\n'


def _note(note: Note, words: "Words") -> str:
    drawn = f"<li>{words.drawn} <ul>{_list(note.drawn_from)}</ul></li>" if note.drawn_from else ""
    certainty = "".join(f"<li>{words.certainty} {shown(one)}</li>" for one in note.certainty)
    return drawn + certainty + (f"<li>{words.reason} {shown(note.reason)}</li>" if note.reason else "")


@lru_cache(maxsize=1000)
def _sources(number: int, language: str) -> str:
    """So many sources, or a rule, in a language: that of the request, which is given to be remembered by."""
    return str(ngettext("%(num)d source", "%(num)d sources", number) if number else gettext("by rule"))


@dataclass(frozen=True)
class Words:
    """The words that stand beside values, in one language, as HTML."""

    rule: str
    tongue: str
    all: str
    why: str
    otherwise: str
    drawn: str
    certainty: str
    reason: str


@lru_cache(maxsize=10)
def _words(language: str) -> Words:
    """The same in a language: that of the request, which is given to be remembered by."""
    return Words(
        escape(gettext("Rule:")),
        escape(gettext("in language")),
        escape(gettext("All of this text")),
        escape(gettext("Why is this here?")),
        escape(gettext("Others say otherwise:")),
        escape(gettext("drawn together from")),
        escape(gettext("certainty:")),
        escape(gettext("reason:")),
    )


def _spoken(text: str, language: str) -> Markup:
    attributes = f' lang="{escape(language)}" dir="{direction(language)}"' if language not in ("", g.language) else ""
    return Markup(f"<span{attributes}>{escape(text)}</span>" if attributes else escape(text))  # noqa: S704


def _tongue(value: Shown) -> str:
    return f' lang="{escape(value.language)}" dir="{value.direction}"' if value.language else ""


def _mark(value: Shown) -> str:
    if not value.mark:
        return ""
    words = _words(g.language).tongue
    return f' <span class="tongue"><span class="quiet">{words} </span>{escape(value.mark)}</span>'


MACROS = {
    "html_of": shown,
    "several_of": several,
    "long_of": long,
    "cells_of": cells,
    "headings_of": headings,
    "evidence_of": evidence,
    "tongue_of": tongue,
    "backing_of": backing,
    "behind_of": behind,
    "day_of": day,
    "sentence_of": sentence,
    "spoken_of": spoken,
    "said_of": said_of,
}
"""The same under the names by which templates call them."""
