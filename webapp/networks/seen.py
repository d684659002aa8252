"""A network as a reader sees it at a time: what it can be narrowed to, what is there, and in which states."""

from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from flask_babel import gettext, ngettext

import kg
from webapp.networks.asking import Asked
from webapp.networks.words import counted, kind_name, state_name, told
from webapp.reading import Reader

Network = kg.networks.Network
Ties = kg.networks.Ties
When = kg.networks.When
Changed = Callable[..., dict[str, object]]

HIDDEN = ("absent",)
"""What is not shown unless it is asked for; how many there are is always said."""


@dataclass(frozen=True)
class Choice:
    """One thing that a reader may choose: its value in an address, its name, how many it stands for, whether chosen."""

    value: str
    text: str
    count: int
    chosen: bool
    href: str = ""


@dataclass(frozen=True)
class Form:
    """What a network can be narrowed to: roles, themes, and the things that it is looked around."""

    roles: tuple[Choice, ...]
    themes: tuple[Choice, ...]
    around: tuple[Choice, ...]


@dataclass(frozen=True)
class Seen:
    """A network as a reader sees it at a time; `changed` gives the values of an address with some of them changed."""

    reader: Reader
    network: Network
    when: When
    changed: Changed

    @cached_property
    def things(self) -> Mapping[str, str]:
        """The state of each thing at the time."""
        return {iri: self.when.of(node.evidence) for iri, node in self.network.nodes.items()}

    @cached_property
    def ties(self) -> Sequence[str]:
        """The state of each tie."""
        return [self.when.of(tie.evidence) for tie in self.network.ties]

    def said(self) -> list[str]:
        """What is there, in one sentence for the things and one for the ties."""
        lines = (self._counted(self.things.values()), self._counted(self.ties))
        heads = (
            ngettext("%(num)d thing", "%(num)d things", len(self.things)),
            ngettext("%(num)d tie", "%(num)d ties", len(self.ties)),
        )
        return [
            gettext("%(what)s: %(states)s", what=head, states=line) if line else head
            for head, line in zip(heads, lines, strict=True)
        ]

    def time(self) -> str:
        """The time that is looked at, in words."""
        when, language = self.when, self.reader.language
        if when.on:
            return str(gettext("As of: %(date)s", date=told(when.on, language)))
        if when.since and when.until:
            dates = {"one": told(when.since, language), "other": told(when.until, language)}
            return str(gettext("Between %(one)s and %(other)s", **dates))
        if when.before:
            return str(
                gettext("Only before %(date)s", date=told(kg.periods.Period(when.before, when.before), language))
            )
        return ""

    def kinds(self) -> list[tuple[str, str]]:
        """The kinds of things there are, the most frequent first, and what they are called."""
        counts = Counter(node.kind for node in self.network.nodes.values())
        return [(kind, kind_name(kind)) for kind in sorted(counts, key=lambda kind: (-counts[kind], kind))]

    def legend(self) -> list[tuple[str, str]]:
        """The states that occur and what they are called, in their order."""
        there = {*self.things.values(), *self.ties}
        return [(word, state_name(word)) for word in self.when.words if word in there and word not in HIDDEN]

    def _counted(self, words: Collection[str]) -> str:
        counts = Counter(words)
        return ", ".join(counted(word, counts[word]) for word in self.when.words if counts[word])


def form(reader: Reader, ties: Ties, asked: Asked) -> Form:
    """The roles and themes of a network with how much evidence has each, and what it is looked around."""
    wanted = asked.wanted
    roles = Counter(role for record in ties.records for role in record.evidence.roles)
    themes = Counter(theme for record in ties.records for theme in record.evidence.themes)
    return Form(
        _choices(reader, roles, wanted.roles),
        _choices(reader, themes, wanted.themes),
        tuple(Choice(kg.shorten(iri), reader.plain(iri), 0, True) for iri in wanted.around),
    )


def _choices(reader: Reader, counts: Counter[str], chosen: Collection[str]) -> tuple[Choice, ...]:
    found = [Choice(kg.shorten(iri), reader.plain(iri), number, iri in chosen) for iri, number in counts.items()]
    return tuple(sorted(found, key=lambda choice: (kg.fold(choice.text), choice.value)))
