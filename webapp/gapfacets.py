"""The gaps sorted: by how much they matter, by rule and class, and by each file under `queries/gaps/facets/`."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import takewhile
from typing import Any

from babel import Locale
from flask_babel import gettext

import kg
from webapp import links
from webapp.reading import Reader
from webapp.wording import Worded, worded

FACETS = kg.ROOT / "queries" / "gaps" / "facets"
NONE = "-"
"""The value, in an address, of what has no value of a facet."""

Key = tuple[str, str, str]
"""What a gap is known by: the thing, the severity, the rule."""
Sorting = Mapping[str, Mapping[Key, tuple[str, ...]]]
"""Facet -> gap -> its values."""


@dataclass(frozen=True)
class Count:
    """One value of a facet: how many gaps it has among those chosen, and the address that chooses it."""

    value: str
    label: str
    number: int
    href: str
    chosen: bool


@dataclass(frozen=True)
class Facet:
    """One way of sorting the gaps."""

    name: str
    title: str
    counts: tuple[Count, ...]


def message(result: kg.Result, language: str) -> Worded:
    """What a result asks for, in French or in English."""
    return Worded(result.message_fr, "fr") if language == "fr" else Worded(result.message, "en")


def key(result: kg.Result) -> Key:
    """What a gap is known by."""
    return result.focus, result.severity, result.shape


def sort(reader: Reader, by_thing: Mapping[str, Sequence[kg.Result]]) -> Sorting:
    """How the gaps are sorted: as the report and the graph say, and by each file of facets."""

    def find() -> Sorting:
        values = {"class": {iri: tuple(map(links.class_name, reader.stated_classes(iri))) for iri in by_thing}}
        values |= {name: _values(reader, question, by_thing) for name, question in _questions().items()}
        keys = {key(result) for results in by_thing.values() for result in results}
        own = {"severity": {one: (one[1],) for one in keys}, "rule": {one: (one[2],) for one in keys}}
        return {**own, **{name: {one: some.get(one[0]) or (NONE,) for one in keys} for name, some in values.items()}}

    return reader.kept("gaps sorted", find)


def _questions() -> dict[str, kg.Question]:
    return {file.stem: kg.read_question(file) for file in sorted(FACETS.glob("*.rq"))}


def _values(reader: Reader, question: kg.Question, things: Mapping[str, object]) -> dict[str, tuple[str, ...]]:
    found: dict[str, set[str]] = {}
    for row in reader.store.query(question.text, name=question.name).rows:
        thing, value = row["thing"], row["value"]
        if isinstance(thing, kg.NamedNode) and thing.value in things and isinstance(value, kg.Literal | kg.NamedNode):
            found.setdefault(thing.value, set()).add(value.value)
    return {thing: tuple(sorted(values)) for thing, values in found.items()}


def facet(
    reader: Reader, name: str, results: Sequence[kg.Result], sorting: Sorting, chosen: Mapping[str, str]
) -> Facet:
    """A facet with its counts among what the other choices leave; the years from the newest, else the most first."""
    others = {one: value for one, value in chosen.items() if one != name}
    left = [one for one in results if all(value in sorting[other][key(one)] for other, value in others.items())]
    numbers = Counter(value for one in left for value in sorting[name][key(one)])
    labels = _labels(reader, name, numbers, left)
    ordered = sorted(numbers, key=_order(name, numbers, labels))
    counts = [
        Count(value, labels[value], numbers[value], links.gaps({**others, name: value}), chosen.get(name) == value)
        for value in ordered
    ]
    return Facet(name, _title(reader, name), tuple(counts))


def _order(name: str, numbers: Mapping[str, int], labels: Mapping[str, str]) -> Callable[[str], Any]:
    if name == "severity":
        return kg.SEVERITIES.index
    if "year" in (_questions()[name].tags if name in _questions() else ()):
        return lambda value: (value == NONE, [-ord(figure) for figure in value])
    return lambda value: (value == NONE, -numbers[value], kg.fold(labels[value]))


def _title(reader: Reader, name: str) -> str:
    own = {"severity": gettext("How much it matters"), "rule": gettext("What is missing"), "class": gettext("Kind")}
    return own.get(name) or worded(_questions()[name], "summary", reader.language)


def _labels(reader: Reader, name: str, values: Mapping[str, int], results: Sequence[kg.Result]) -> dict[str, str]:
    if name == "severity":
        said: dict[str, str] = {value: severities()[value] for value in values}
    elif name == "rule":
        said = _rules(results, reader.language)
    elif name == "class":
        said = {value: reader.plain(links.class_iri(value) or value) for value in values}
    else:
        said = {value: _called(value, _questions()[name].tags, reader) for value in values}
    return {**said, NONE: gettext("not known")}


def severities() -> dict[str, str]:
    """What each severity means to a reader."""
    return {
        "violation": gettext("wrong, has to be mended"),
        "warning": gettext("doubtful, should be checked"),
        "info": gettext("wanting, would be good to have"),
    }


def _called(value: str, tags: Sequence[str], reader: Reader) -> str:
    """A value in words: the name of a country or language by its code, of a thing by its IRI."""
    locale = Locale.parse(reader.language)
    for tag, names in (("territory", locale.territories), ("language", locale.languages)):
        if tag in tags:
            return str(names.get(value, value))
    return reader.plain(value) if "://" in value else value


def _rules(results: Sequence[kg.Result], language: str) -> dict[str, str]:
    """Each rule by what its messages have in common."""
    messages: dict[str, set[Worded]] = {}
    for result in results:
        messages.setdefault(result.shape, set()).add(message(result, language))
    return {rule: _common(sorted(said)) for rule, said in messages.items()}


def _common(messages: Sequence[Worded]) -> Worded:
    """What messages begin and end with alike, word by word."""
    if len(messages) == 1:
        return messages[0]
    split = [said.split() for said in messages]
    head = _alike(split)
    tail = _alike([words[len(head) :][::-1] for words in split])[::-1]
    return Worded(" ".join([*head, "…", *tail]), messages[0].language)


def _alike(rows: Sequence[Sequence[str]]) -> list[str]:
    return [words[0] for words in takewhile(lambda words: len(set(words)) == 1, zip(*rows, strict=False))]
