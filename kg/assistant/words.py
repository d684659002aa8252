"""The words of a query, with numbers, tagged texts and labels of blank nodes in one piece."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

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
