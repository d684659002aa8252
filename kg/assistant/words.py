"""The words of a query, with numbers, tagged texts and labels of blank nodes in one piece; and a way through them."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import NoReturn

from kg import sparql

_NUMBER = re.compile(r"(\d*\.\d+|\d+)([eE][+-]?\d+)?")
_TAG = re.compile(r"@[A-Za-z]+(-[A-Za-z0-9]+)*")
_BLANK = re.compile(r"_:\w[\w.-]*")


@dataclass(frozen=True, eq=False)
class Word:
    """One word of the query: a token without comments, numbers and tagged strings in one piece."""

    kind: str
    text: str
    start: int

    @property
    def end(self) -> int:
        """Where it ends."""
        return self.start + len(self.text)

    @property
    def upper(self) -> str:
        """Its text in capitals if it may be a keyword, else as it stands."""
        return self.text.upper() if self.kind == "word" else self.text


def words(text: str) -> Iterator[Word]:
    """The words of a query in order, without comments."""
    done = 0
    for token in sparql.tokens(text):
        if token.kind == "comment" or token.start < done:
            continue
        kind, word = token.kind, token.text
        number = _NUMBER.match(text, token.start) if token.text in ".0123456789" else None
        if number:
            kind, word = "number", number[0]
        elif kind == "string" and (tag := _TAG.match(text, token.start + len(word))):
            word += tag[0]
        elif word == "_" and (label := _BLANK.match(text, token.start)):
            kind, word = "blank", label[0].rstrip(".")
        elif kind == "name" and word.endswith(".") and not word.endswith("\\."):
            word = word.rstrip(".")
        done = token.start + len(word)
        yield Word(kind, word, token.start)
        if kind == "name":
            yield from (Word("mark", ".", n) for n in range(done, token.start + len(token.text)))
            done = token.start + len(token.text)


class UnreadableError(Exception):
    """The text holds something that its reader does not know."""


class Cursor:
    """A place among the words of a query, moved from left to right."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.words = [*words(text), Word("end", "", len(text))]
        self.at = 0

    @property
    def here(self) -> Word:
        """The word that comes next."""
        return self.words[self.at]

    @property
    def past(self) -> int:
        """Where the word before ends."""
        return self.words[self.at - 1].end if self.at else 0

    def take(self, *expected: str) -> Word:
        """The word that comes next, and past it; UnreadableError if it is none of those expected."""
        word = self.here
        if word.kind == "end" or (expected and word.upper not in expected):
            self.fail()
        self.at += 1
        return word

    def found(self, *expected: str) -> bool:
        """True, and past the next word, if it is one of those expected."""
        if self.here.kind in ("word", "mark") and self.here.upper in expected:
            self.at += 1
            return True
        return False

    def fail(self) -> NoReturn:
        """Raise UnreadableError that names the next word and its line."""
        raise UnreadableError(f"line {self.text.count(chr(10), 0, self.here.start) + 1}: {self.here.text}")
