"""What the form over a map or a timeline offers: its layers, and the kinds, phases and years that they hold."""

from collections import Counter
from dataclasses import dataclass

import kg
from webapp.layers import Choice, Layer
from webapp.reading import Reader

MOST_OPTIONS = 100
"""Values that a filter offers; the others can be given in the address."""


@dataclass(frozen=True)
class Option:
    """A value that a filter offers: what it is called, how many things have it (a layer only when it is chosen)."""

    value: str
    text: str
    number: int | None
    chosen: bool
    kind: str = ""
    query: str = ""


@dataclass(frozen=True)
class Offer:
    """The values of one filter, and how many more there are that too few things have to be offered."""

    options: tuple[Option, ...]
    more: int


@dataclass(frozen=True)
class Filters:
    """What the form of a page offers."""

    layers: tuple[Option, ...]
    kinds: Offer
    phases: Offer
    first: int | None
    last: int | None
    narrowed: bool


def filters(reader: Reader, chosen: Choice) -> Filters:
    """What can be chosen, with how many things have each value."""
    held = [_held(reader, layer) for layer in chosen.layers]
    years = [year for one in held for year in one.years]
    return Filters(
        tuple(_offered(reader, layer, layer in chosen.layers) for layer in chosen.known),
        _offer(reader, sum((one.kinds for one in held), Counter()), chosen.kind),
        _offer(reader, sum((one.phases for one in held), Counter()), chosen.phase),
        min(years, default=None),
        max(years, default=None),
        bool(chosen.kind or chosen.phase or chosen.years != (None, None)),
    )


@dataclass(frozen=True)
class _Held:
    """How many things a layer has, its kinds and phases with how many have each, and the first and last year in it."""

    things: int
    kinds: Counter[str]
    phases: Counter[str]
    years: tuple[int, ...]


def _held(reader: Reader, layer: Layer) -> _Held:
    def count() -> _Held:
        entries = layer.entries(reader)
        things = {
            (one.thing, name, iri) for one in entries for name in ("kind", "phase") for iri in one.values.get(name, ())
        }
        kinds, phases = (Counter(iri for _, of, iri in things if of == name) for name in ("kind", "phase"))
        years = [year for entry in entries if entry.span for year in (entry.span.first.year, entry.span.last.year)]
        return _Held(len({one.thing for one in entries}), kinds, phases, (min(years), max(years)) if years else ())

    return reader.kept(("held", layer.question.text), count)


def _offered(reader: Reader, layer: Layer, chosen: bool) -> Option:
    number = _held(reader, layer).things if chosen else None
    return Option(layer.name, layer.title(reader), number, chosen, layer.kind, layer.query)


def _offer(reader: Reader, counts: Counter[str], value: str) -> Offer:
    offered = {iri for iri, _ in counts.most_common(MOST_OPTIONS)} | {value} - {""}
    found = [Option(kg.shorten(iri), reader.plain(iri), counts[iri], iri == value) for iri in offered]
    ordered = sorted(found, key=lambda option: (kg.fold(option.text), option.value))
    return Offer(tuple(ordered), len(counts.keys() - offered))
