"""Values, names and sources as HTML: what stands on a page hundreds of times, where a macro would take too long."""

from collections.abc import Sequence
from functools import lru_cache
from html import escape

from flask import g
from flask_babel import gettext, ngettext  # type: ignore[import-untyped]
from markupsafe import Markup

from webapp import forms
from webapp.reading import Backing, Shown
from webapp.sentences import said

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


def sentence(text: str) -> Markup:
    """What an error says in English, in the reader's language or marked as English."""
    told = said(text, g.language)
    return _spoken(told.text, told.language)


def spoken(text: str, english: str) -> Markup:
    """A text in the reader's language, marked as English where it is only there in English."""
    return _spoken(text, "en" if text == english else g.language)


def day(text: str) -> str:
    """The day of a moment as machines write it, in the reader's form."""
    told = forms.dated(text[:10], g.language)
    return told.text if told else text[:10]


def tongue(value: Shown) -> Markup:
    """The attributes that say in which language and direction a value is written."""
    return Markup(_tongue(value))  # noqa: S704


def backing(one: Backing) -> Markup:
    """A source with its publisher and date, or a rule."""
    about = ", ".join(shown(value) for value in (one.publisher, one.date) if value)
    kind = escape(gettext("Rule:")) + " " if one.is_rule else ""
    return Markup(f"{kind}{shown(one.name)}" + (f' <span class="by">({about})</span>' if about else ""))  # noqa: S704


def behind(backings: Sequence[Backing]) -> str:
    """What stands behind a statement, in two words."""
    return _behind(0 if len(backings) == 1 and backings[0].is_rule else len(backings), g.language)


@lru_cache(maxsize=1000)
def _behind(sources: int, language: str) -> str:
    """So many sources, or a rule, in a language: that of the request, which is given to be remembered by."""
    return str(ngettext("%(num)d source", "%(num)d sources", sources) if sources else gettext("by rule"))


@lru_cache(maxsize=10)
def _in_language(language: str) -> str:
    return escape(gettext("in language"))


def _spoken(text: str, language: str) -> Markup:
    attributes = "" if language == g.language else f' lang="{language}" dir="ltr"'
    return Markup(f"<span{attributes}>{escape(text)}</span>" if attributes else escape(text))  # noqa: S704


def _tongue(value: Shown) -> str:
    return f' lang="{escape(value.language)}" dir="{value.direction}"' if value.language else ""


def _mark(value: Shown) -> str:
    if not value.mark:
        return ""
    words = _in_language(g.language)
    return f' <span class="tongue"><span class="quiet">{words} </span>{escape(value.mark)}</span>'


MACROS = {
    "html_of": shown,
    "tongue_of": tongue,
    "backing_of": backing,
    "behind_of": behind,
    "day_of": day,
    "sentence_of": sentence,
    "spoken_of": spoken,
}
"""The same under the names by which templates call them."""
