"""Paths as text, Markdown or JSON, in English or French."""

import json
import re
from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import Any

from kg.errors import FormatError
from kg.names import index_of
from kg.paths import Path, Paths, Said, Step
from kg.periods import Span
from kg.store import Store

FORMATS = ("text", "md", "json")

_GUILLEMETS = re.compile(r"«\s?(.*?)\s?»")
_WORDS = {
    "en": {
        "found": "{start} and {end}: {count}, of at most {steps} steps",
        "paths": ("1 path", "{number} paths"),
        "steps": ("1 step", "{number} steps"),
        "none": "{start} and {end} are not connected within {steps} steps",
        "same": "{start} is one thing: a path needs two",
        "unlinked": "no link that paths follow leads to {name}",
        "without": "without {names}",
        "apart": "These did not happen at the same time: {first}, then {then}.",
        "sources": "Sources",
        "undated": "undated",
        "from": "{first} to {last}",
        "since": "since {first}",
        "until": "until {last}",
        "disputed": "sources differ",
        "jointly": "drawn jointly from {numbers}",
        "few": "not through things with more than {number} links",
    },
    "fr": {
        "found": "{start} et {end} : {count}, de {steps} étapes au plus",
        "paths": ("1 chemin", "{number} chemins"),
        "steps": ("1 étape", "{number} étapes"),
        "none": "{start} et {end} ne sont pas reliés en {steps} étapes",
        "same": "{start} est une seule chose : il en faut deux pour un chemin",
        "unlinked": "aucun lien que suivent les chemins ne mène à {name}",
        "without": "sans {names}",
        "apart": "Les dates ne se recoupent pas : {first}, puis {then}.",
        "sources": "Sources",
        "undated": "sans date",
        "from": "{first} à {last}",
        "since": "depuis {first}",
        "until": "fini en {last}",
        "disputed": "les sources divergent",
        "jointly": "tiré conjointement de {numbers}",
        "few": "sans passer par ce qui a plus de {number} liens",
    },
}


def write_paths(store: Store, found: Paths, format: str, language: str = "en") -> bytes:
    """Paths as text or md for reading, or json; FormatError for any other format."""
    telling = Telling(store, found, language)
    if format == "json":
        return (json.dumps(telling.data(), ensure_ascii=False, indent=1) + "\n").encode()
    if format not in FORMATS:
        raise FormatError(f'paths cannot be written as "{format}": choose {", ".join(FORMATS)}')
    return telling.text(marks=format == "md").encode()


class Telling:
    """Some paths in the words of one language."""

    def __init__(self, store: Store, found: Paths, language: str) -> None:
        self.found = found
        self.language = language
        self.words: dict[str, Any] = _WORDS.get(language, _WORDS["en"])
        index = index_of(store)
        self.name: Callable[[str], str] = lambda iri: index.label(iri, language)[0]

    def text(self, marks: bool = False) -> str:
        """Everything, a line per sentence; with `marks` as Markdown."""
        title = ("# " if marks else "") + self.heading()
        parts = ["\n".join([title, *self._limits(), *self._unlinked()])]
        for number, path in enumerate(self.found.paths, 1):
            title = f"{'## ' if marks else ''}{number}. {self.count('steps', len(path.steps))}"
            lines = [f"{'- ' if marks else '   '}{line}" for line in self.lines(path)]
            parts.append("\n".join([title, *([""] if marks else []), *lines]))
        if self.found.sources:
            sources = ["- " + line if marks else line for line in self._sources()]
            title = ("## " if marks else "") + self.words["sources"]
            parts.append("\n".join([title, *([""] if marks else []), *sources]))
        return "\n\n".join(parts) + "\n"

    def data(self) -> dict[str, Any]:
        """Everything, for programs."""
        found = self.found
        return {
            "from": self._thing(found.start),
            "to": self._thing(found.end),
            "language": self.language,
            "most_steps": found.most_steps,
            "most_links": found.most_links,
            "without": [self._thing(iri) for iri in found.without],
            "heading": self.heading(),
            "paths": [self._path(path) for path in found.paths],
            "sources": [
                {"number": s.number, "iri": s.iri, "title": s.title, "publisher": s.publisher, "url": s.url}
                for s in found.sources
            ],
        }

    def heading(self) -> str:
        """What was found, in one line."""
        found, steps = self.found, self.found.most_steps
        kind = "same" if found.start == found.end else "found" if found.paths else "none"
        count = self.count("paths", len(found.paths))
        said = self.words[kind].format(start=self.name(found.start), end=self.name(found.end), count=count, steps=steps)
        return str(said)

    def lines(self, path: Path) -> list[str]:
        """The sentences of a path, each with its sources and time, and what was not at the same time."""
        lines = []
        for number, step in enumerate(path.steps):
            lines += [self._apart(path, pair) for pair in path.apart if pair[1] == number]
            lines += [self.sentence(said, step) for said in step.said]
        return lines

    def sentence(self, said: Said, step: Step) -> str:
        """One sentence with its sources and time."""
        details = [*(" ".join(amount) for amount in said.amounts), self.when(step.when), *step.remarks]
        return f"{self.plain(said)} {self.marks(said)} ({', '.join(details)})."

    def plain(self, said: Said) -> str:
        """The bare sentence; quotation marks in a name that stands between such marks become single."""
        before, text = "", ""
        for words, iri in said.pieces():
            text += within_quotes(self.name(iri), before) if iri else words
            before = words
        return text

    def marks(self, said: Said) -> str:
        """The numbers of its sources in square brackets."""
        numbers = self._numbers(said.sources)
        if not said.jointly:
            return numbers
        return f"{numbers}, {self.words['jointly'].format(numbers=self._numbers(said.jointly))}"

    def when(self, span: Span | None) -> str:
        """A time in words."""
        if span is None:
            return str(self.words["undated"])
        first, last = span.start.text, span.end.text
        if not last:
            said = self.words["since"].format(first=first)
        elif not first:
            said = self.words["until"].format(last=last)
        else:
            said = first if first == last else self.words["from"].format(first=first, last=last)
        return f"{said}, {self.words['disputed']}" if span.disputed else str(said)

    def count(self, what: str, number: int) -> str:
        """So many paths or steps."""
        one, many = self.words[what]
        return str(one if number == 1 else many.format(number=number))

    def _numbers(self, sources: Sequence[str]) -> str:
        found = ranges([self.found.number(iri) for iri in sources])
        return "".join(f"[{first}]" if first == last else f"[{first}-{last}]" for first, last in found)

    def _apart(self, path: Path, pair: tuple[int, int]) -> str:
        first, then = together(path, pair)
        said = self.words["apart"].format(first=self.when(first), then=self.when(then))
        return f"! {said}"

    def _limits(self) -> list[str]:
        limits = []
        if self.found.without:
            limits.append(self.words["without"].format(names=", ".join(map(self.name, self.found.without))))
        if self.found.most_links is not None:
            limits.append(self.words["few"].format(number=self.found.most_links))
        return limits

    def _unlinked(self) -> list[str]:
        return [self.words["unlinked"].format(name=self.name(iri)) for iri in self.found.unlinked]

    def _sources(self) -> list[str]:
        return [
            f"[{s.number}] " + ", ".join(part for part in (s.title, s.publisher, s.url) if part)
            for s in self.found.sources
        ]

    def _thing(self, iri: str) -> dict[str, str]:
        return {"iri": iri, "label": self.name(iri)}

    def _path(self, path: Path) -> dict[str, Any]:
        return {
            "stations": [self._thing(iri) for iri in path.stations],
            "steps": [self._step(step) for step in path.steps],
            "apart": [
                {"steps": [one + 1, other + 1], "text": self._apart(path, (one, other))[2:]}
                for one, other in path.apart
            ],
            "text": " ".join(self.lines(path)),
        }

    def _step(self, step: Step) -> dict[str, Any]:
        when = step.when
        dates = {"start": when.start.text, "end": when.end.text, "disputed": when.disputed} if when else None
        sentences = [
            {
                "text": self.plain(said),
                "sources": [self.found.number(iri) for iri in said.sources],
                "jointly": [self.found.number(iri) for iri in said.jointly],
                "amounts": [{"amount": amount, "currency": currency} for amount, currency in said.amounts],
                "statement": dict(zip(("subject", "predicate", "object"), said.statement, strict=True)),
            }
            for said in step.said
        ]
        return {
            "from": step.start,
            "to": step.end,
            "sentences": sentences,
            "when": dates,
            "remarks": list(step.remarks),
        }


def together(path: Path, pair: tuple[int, int]) -> tuple[Span, Span]:
    """The times of two steps that were apart, the earlier first."""
    spans = [span for number in pair if (span := path.steps[number].when)]
    return min(spans), max(spans)


def ranges(numbers: Sequence[int]) -> list[tuple[int, int]]:
    """Numbers in order, three or more in a row as one range, from its first to its last."""
    ordered = sorted(set(numbers))
    gaps = [place for place, (one, other) in enumerate(pairwise(ordered), 1) if other > one + 1]
    runs = [ordered[start:end] for start, end in pairwise([0, *gaps, len(ordered)])]
    return [pair for run in runs if run for pair in ([(run[0], run[-1])] if len(run) > 2 else [(n, n) for n in run])]


def within_quotes(name: str, before: str) -> str:
    """A name as it stands after some words: marks of quotation inside others become those of second rank."""
    if before.endswith("“"):
        return name.replace("“", "\u2018").replace("”", "\u2019")
    return _GUILLEMETS.sub(r"“\1”", name) if before.endswith("«\u00a0") else name
