"""What query files and terms are called in the reader's language: as they say in English and French, else a catalogue.

`translations/questions.<language>.po` holds what they say in English, with what that is in the language.
"""

from functools import lru_cache
from pathlib import Path

from babel.messages.pofile import read_po

import kg

_FOLDER = Path(__file__).parent / "translations"


class Worded(str):
    """A text for readers that knows which language it is in."""

    language: str

    def __new__(cls, text: str, language: str = "") -> "Worded":
        made = super().__new__(cls, text)
        made.language = language
        return made


def worded(one: kg.Question | kg.Pack | kg.Rule, what: str, language: str) -> Worded:
    """What a header says (`summary`, `description`, `caveats`, `title`) in a language, else in English."""
    own = one.own(what, language)
    return Worded(own, language) if own else translated(one.own(what, "en"), language)


def column(question: kg.Question, name: str, language: str) -> Worded:
    """The heading of a column, in a language or else in English; its variable where the header does not name it."""
    said = question.columns.get(name, name)
    if not isinstance(said, dict):
        return Worded(str(said), language)
    own = said.get(language)
    return Worded(str(own), language) if own else translated(str(said.get("en") or name), language)


def translated(english: str, language: str) -> Worded:
    """An English text in a language, or as it is where the catalogue does not have it."""
    text = _catalogue(language).get(english)
    return Worded(text, language) if text else Worded(english, "en")


@lru_cache
def _catalogue(language: str) -> dict[str, str]:
    file = _FOLDER / f"questions.{language}.po"
    if not file.exists():
        return {}
    with file.open("rb") as text:
        return {str(message.id): str(message.string) for message in read_po(text) if message.id and message.string}
