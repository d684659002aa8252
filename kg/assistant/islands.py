"""The pieces of a group that share no variable: each can be asked by itself, all together they are a product."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from kg.assistant.parts import Group, Part, bindable, names_in


@dataclass(frozen=True)
class Island:
    """Parts that hang together, in the order of the query, and their variables."""

    parts: tuple[Part, ...]
    names: frozenset[str]


def islands(group: Group, gone: Collection[Part] = ()) -> list[Island]:
    """The pieces of a group without some parts, and without what only widens its rows and no filter looks at."""
    found: list[Island] = []
    for part in _deciding(group, gone):
        names = _ties(part, gone)
        touching = [island for island in found if island.names & names]
        found = [island for island in found if island not in touching]
        parts = (*(p for island in touching for p in island.parts), part)
        found.append(Island(parts, names.union(*(island.names for island in touching))))
    ordered = [Island(tuple(sorted(one.parts, key=lambda p: p.start)), one.names) for one in found]
    return sorted(ordered, key=lambda island: island.parts[0].start)


def falls_apart(group: Group, gone: Collection[Part]) -> bool:
    """True if a group, or one inside it, is in more pieces without some parts."""
    return len(islands(group, gone)) > max(1, len(islands(group))) or torn_inside(group, gone)


def torn_inside(group: Group, gone: Collection[Part]) -> bool:
    """True if a group inside this one is in more pieces without some parts."""
    inner = [one for part in group.parts for one in (*part.groups, *([part.select.where] if part.select else []))]
    return any(falls_apart(one, gone) for one in inner)


def left(group: Group, gone: Collection[Part]) -> frozenset[str]:
    """The variables that a group may bind without some parts."""
    return frozenset().union(*(_left(part, gone) for part in group.parts if part not in gone))


def _left(part: Part, gone: Collection[Part]) -> frozenset[str]:
    if part.kind in ("union", "graph", "optional"):
        names = frozenset().union(*(left(inner, gone) for inner in part.groups))
        return names | {term.variable for term in part.terms if term.variable and names}
    return bindable(part)


def _ties(part: Part, gone: Collection[Part]) -> frozenset[str]:
    """The variables through which a part hangs together with others."""
    if part.kind in ("filter", "minus", "bind"):
        return part.names.union(bindable(part), *(names_in(group) for group in part.groups))
    return _left(part, gone)


def _deciding(group: Group, gone: Collection[Part]) -> list[Part]:
    """The parts on which it depends whether there are rows."""
    there = [part for part in group.parts if part not in gone]
    hard = [part for part in there if part.kind not in ("optional", "bind") and not _emptied(part, gone)]
    hard += [part for part in there if part.kind == "bind" and joins(part, hard)]
    soft = [part for part in there if part.kind in ("optional", "bind") and part not in hard]
    bound = frozenset().union(*(_left(part, gone) for part in hard))
    kept = list(hard)
    while more := [part for part in soft if part not in kept and (bindable(part) - bound) & _used(kept)]:
        kept += more
    return kept


def joins(bind: Part, others: Iterable[Part]) -> bool:
    """True if the value of a BIND has to agree with what another part gives."""
    return any(bind.target in bindable(other) for other in others if other is not bind and other.kind != "optional")


def _emptied(part: Part, gone: Collection[Part]) -> bool:
    return part.kind in ("union", "graph") and not any(p not in gone for group in part.groups for p in group.parts)


def _used(parts: Iterable[Part]) -> frozenset[str]:
    return frozenset().union(*(part.names.union(*(names_in(group) for group in part.groups)) for part in parts))
