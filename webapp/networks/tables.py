"""The things and the ties of a network as tables that can be sorted, filtered by kind and state, and paged."""

from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from flask_babel import format_decimal, gettext, ngettext

import kg
from webapp import links
from webapp.networks.asking import Asked
from webapp.networks.seen import HIDDEN, Changed, Choice, Seen
from webapp.networks.words import kind_name, outermost, state_name
from webapp.reading import Shown

Tie = kg.networks.Tie
Key = TypeVar("Key")
NONE = "\N{EN DASH}"


@dataclass(frozen=True)
class Heading:
    """A column: its name, the address that sorts by it, and how the table is sorted by it now."""

    text: str
    href: str = ""
    order: str = ""
    number: bool = False


@dataclass(frozen=True)
class Cell:
    """A value in a table: what it shows, where it leads, and what it is in one word (a kind, a state)."""

    shown: Shown
    look: str = ""
    aside: str = ""


@dataclass(frozen=True)
class Table:
    """A list: its columns, what its rows stand for in order, and how a part of it is made."""

    headings: tuple[Heading, ...]
    keys: Sequence[object]
    rows: Callable[[Sequence[object]], list[tuple[Cell, ...]]]
    kinds: tuple[Choice, ...] = ()
    states: tuple[Choice, ...] = ()


def table_of_things(seen: Seen, asked: Asked, hidden: Mapping[str, int]) -> Table:
    """The things of a network with their measures, and how many more each is tied to than are shown."""
    measures, nodes = kg.networks.measure(seen.network), seen.network.nodes
    sorts: dict[str, Callable[[str], object]] = {
        "name": lambda iri: kg.fold(nodes[iri].label),
        "kind": lambda iri: nodes[iri].kind,
        "ties": lambda iri: measures[iri].degree,
        "strength": lambda iri: measures[iri].strength,
        "betweenness": lambda iri: measures[iri].betweenness or 0,
        "community": lambda iri: measures[iri].community or len(nodes),
        **({"more": lambda iri: hidden.get(iri, 0)} if hidden else {}),
        **({"state": lambda iri: seen.when.words.index(seen.things[iri])} if seen.when.words else {}),
    }
    kinds = Counter(node.kind for node in nodes.values())
    kept = [iri for iri in nodes if asked.kind in ("", nodes[iri].kind) and _is_kept(seen.things[iri], asked.state)]
    keys = _sorted(kept, sorts, asked.sort or "-ties", lambda iri: (kg.fold(nodes[iri].label), iri))
    names = {**_thing_names(), "more": gettext("Not shown"), "state": gettext("At the time")}
    headings = _headings(
        {key: str(names[key]) for key in sorts}, asked.sort or "-ties", seen.changed, {"name", "kind", "state"}
    )

    def rows(part: Sequence[object]) -> list[tuple[Cell, ...]]:
        return [_thing_row(seen, str(iri), measures[str(iri)], hidden, asked) for iri in part]

    return Table(headings, keys, rows, _kinds(seen, kinds, asked), _states(seen, seen.things.values(), asked))


def _thing_names() -> dict[str, str]:
    return {
        "name": gettext("Name"),
        "kind": gettext("Kind"),
        "ties": gettext("Tied to"),
        "strength": gettext("Weight of ties"),
        "betweenness": gettext("Betweenness"),
        "community": gettext("Community"),
    }


def _thing_row(
    seen: Seen, iri: str, found: kg.networks.Measure, hidden: Mapping[str, int], asked: Asked
) -> tuple[Cell, ...]:
    node = seen.network.nodes[iri]
    short = kg.shorten(iri)
    cells = [
        Cell(seen.reader.name(iri), f"kind-{node.kind}"),
        Cell(Shown(kind_name(node.kind))),
        Cell(Shown(_number(found.degree), links.network(seen.changed(node=short)), number=True), "pick"),
        Cell(Shown(_number(found.strength), number=True)),
        Cell(Shown(NONE if found.betweenness is None else _number(found.betweenness), number=True)),
        Cell(Shown(_number(found.community) if found.community else NONE, number=True)),
    ]
    if hidden:
        more = hidden.get(iri, 0)
        href = links.network(seen.changed(around=[*map(kg.shorten, asked.wanted.around), short])) if more else ""
        cells.append(Cell(Shown(f"+{_number(more)}" if more else "0", href, number=True), "expand" if more else ""))
    if seen.when.words:
        cells.append(_state_cell(seen.things[iri]))
    return tuple(cells)


def table_of_ties(seen: Seen, asked: Asked) -> Table:
    """The ties of a network, each with what makes it, who says so, and when."""
    ties, nodes = seen.network.ties, seen.network.nodes
    sorts: dict[str, Callable[[int], object]] = {
        "from": lambda number: kg.fold(nodes[ties[number].one].label),
        "to": lambda number: kg.fold(nodes[ties[number].other].label),
        "weight": lambda number: ties[number].weight,
        "sources": lambda number: ties[number].backing,
        "when": lambda number: min(piece.span.start.first for piece in ties[number].evidence),
        **({"state": lambda number: seen.when.words.index(seen.ties[number])} if seen.when.words else {}),
    }
    kept = [number for number in range(len(ties)) if _is_kept(seen.ties[number], asked.state)]
    keys = _sorted(kept, sorts, asked.sort or "-weight", lambda number: (ties[number].one, ties[number].other))
    names = {**_tie_names(seen.network.of.directed), "state": gettext("At the time")}
    shown = {key: str(names[key]) for key in ("from", "to", "weight", "through", "sources", "when", "state")}
    headings = _headings(
        {key: name for key, name in shown.items() if key in sorts or key == "through"},
        asked.sort or "-weight",
        seen.changed,
        {"from", "to", "when", "through", "state"},
        {"through"},
    )

    def rows(part: Sequence[object]) -> list[tuple[Cell, ...]]:
        return [_tie_row(seen, ties[int(str(number))], seen.ties[int(str(number))]) for number in part]

    return Table(headings, keys, rows, (), _states(seen, seen.ties, asked))


def _tie_names(directed: bool) -> dict[str, str]:
    return {
        "from": gettext("From") if directed else gettext("One"),
        "to": gettext("To") if directed else gettext("Other"),
        "weight": gettext("Weight"),
        "through": gettext("Through"),
        "sources": gettext("Independent sources"),
        "when": gettext("When"),
    }


def _tie_row(seen: Seen, tie: Tie, state: str) -> tuple[Cell, ...]:
    nodes, reader = seen.network.nodes, seen.reader
    first, rest = tie.evidence[0], tie.weight - 1
    more = str(ngettext("and %(num)d more", "and %(num)d more", rest)) if rest else ""
    cells = [
        Cell(reader.name(tie.one), f"kind-{nodes[tie.one].kind}"),
        Cell(reader.name(tie.other), f"kind-{nodes[tie.other].kind}"),
        Cell(Shown(_number(tie.weight), links.network(seen.changed(node=kg.shorten(tie.one))), number=True)),
        Cell(reader.name(first.through), aside=more),
        Cell(Shown(_number(tie.backing), number=True)),
        Cell(Shown(outermost(tie.evidence), unbroken=True)),
    ]
    return (*cells, _state_cell(state)) if seen.when.words else tuple(cells)


def _is_kept(word: str, asked: str) -> bool:
    return word == asked if asked else word not in HIDDEN


def _sorted(
    keys: Sequence[Key], sorts: Mapping[str, Callable[[Key], Any]], by: str, tie: Callable[[Key], Any]
) -> list[Key]:
    """In the order of a column ("-" for from the largest down), what is alike in a fixed order."""
    column = by.removeprefix("-")
    if column not in sorts:
        raise kg.ParameterError(f'sort="{by}" is not one of {", ".join(sorts)}')
    return sorted(sorted(keys, key=tie), key=sorts[column], reverse=by.startswith("-"))


def _headings(
    names: Mapping[str, str], by: str, changed: Changed, words: Collection[str], fixed: Collection[str] = ()
) -> tuple[Heading, ...]:
    """The columns, each with the address that sorts by it: words from A, numbers from the largest, and then back."""

    def heading(key: str, name: str) -> Heading:
        number = key not in words
        if key in fixed:
            return Heading(name)
        first, second = (f"-{key}", key) if number else (key, f"-{key}")
        href = links.network(changed(sort=second if by == first else first))
        order = {key: "ascending", f"-{key}": "descending"}.get(by, "")
        return Heading(name, href, order, number)

    return tuple(heading(key, name) for key, name in names.items())


def _kinds(seen: Seen, counts: Counter[str], asked: Asked) -> tuple[Choice, ...]:
    """The kinds of things there are, each with the address that lists them alone; none when there is but one."""
    if len(counts) < 2:
        return ()
    every = Choice("", str(gettext("all kinds")), sum(counts.values()), not asked.kind, _listing(seen, kind=None))
    return every, *(
        Choice(f"kind-{kind}", kind_name(kind), number, kind == asked.kind, _listing(seen, kind=kind))
        for kind, number in sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))
    )


def _states(seen: Seen, words: Collection[str], asked: Asked) -> tuple[Choice, ...]:
    """The states there are at the time, each with the address that lists them alone."""
    counts = Counter(words)
    if not seen.when.words:
        return ()
    shown = sum(number for word, number in counts.items() if word not in HIDDEN)
    every = Choice("", str(gettext("all states")), shown, not asked.state, _listing(seen, state=None))
    return every, *(
        Choice(word, state_name(word), counts[word], word == asked.state, _listing(seen, state=word))
        for word in seen.when.words
        if counts[word]
    )


def _listing(seen: Seen, **values: object) -> str:
    return links.network(seen.changed(**values))


def _state_cell(word: str) -> Cell:
    return Cell(Shown(state_name(word)), f"state-{word}")


def _number(number: float) -> str:
    return str(format_decimal(number))
