"""What errors say, in the reader's language: the sentences of `kg` are English, and found again by their patterns."""

import re
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from babel.messages.pofile import read_po

from webapp import forms

_FOLDER = Path(__file__).parent / "translations"
_PLACE = re.compile(r"\\{(\w+)\\}")
_XSD_DECIMAL = "http://www.w3.org/2001/XMLSchema#decimal"


@dataclass(frozen=True)
class Said:
    """A sentence, and the language it is in."""

    text: str
    language: str


def said(sentence: str, language: str) -> Said:
    """A sentence in a language, or in English when there is no translation of it.

    `translations/errors.<language>.po` holds patterns such as `no format "{name}"`; what stands in a place that is
    called `problem` is itself a sentence, what stands in `number` or `limit` a number.
    """
    for pattern, translation in _patterns(language):
        match = pattern.fullmatch(sentence)
        if match:
            found = {name: _put(name, text, language) for name, text in match.groupdict().items()}
            return Said(translation.format(**found), language)
    return Said(sentence, "en")


def _put(name: str, text: str, language: str) -> str:
    if name == "problem":
        return said(text, language).text
    if name in ("number", "limit"):
        told = forms.told(text.replace(",", ""), _XSD_DECIMAL, language)
        return told.text if told else text
    return text


@lru_cache
def _patterns(language: str) -> list[tuple[re.Pattern[str], str]]:
    """The patterns of a language, those with more words of their own first."""
    file = _FOLDER / f"errors.{language}.po"
    if not file.exists():
        return []
    with file.open("rb") as text:
        entries = [(str(message.id), str(message.string)) for message in read_po(text) if message.id and message.string]
    entries.sort(key=lambda entry: -len(re.sub(r"\{\w+\}", "", entry[0])))
    return [(_pattern(source), translation) for source, translation in entries]


def _pattern(source: str) -> re.Pattern[str]:
    return re.compile(_PLACE.sub(r"(?P<\1>.*?)", re.escape(source)), re.DOTALL)
