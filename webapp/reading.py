"""How one snapshot reads in one language: names, values, sources. What is slow to find is kept with the snapshot."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any, TypeVar
from urllib.parse import quote
from weakref import WeakKeyDictionary

import kg
from webapp import forms, links
from webapp.languages import direction
from webapp.wording import Worded, column, translated, worded

Kept = TypeVar("Kept")

_TYPE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"
_XSD = "http://www.w3.org/2001/XMLSchema#"
_FIGURES = re.compile(r"[-+.:\dTZ]{1,25}")
_OVERRIDES = dict.fromkeys([*range(0x202A, 0x202F), *range(0x2066, 0x206A)])
"""The characters that turn the direction of the text after them; a page isolates each text instead."""
LONGEST_NAME, LONGEST_TEXT = 200, 600
"""Characters of a name or a text that are shown at once."""
MOST_REMEMBERED = 10_000
"""Names of things that are kept ready."""
_NUMBERS = {_XSD + name for name in ("integer", "decimal", "double", "float", "gYear", "nonNegativeInteger")}


@dataclass(frozen=True)
class Shown:
    """A name or value as a reader sees it; `mark` names its language when that is not the reader's.

    A number stands at the end of its column; what is unbroken, such as a date, is kept on one line. The prefixed name
    of a thing is what a query calls it. A text too long to be read at a glance has all of it in `whole`, and a date as
    machines write it is its `moment`.
    """

    text: str
    href: str = ""
    language: str = ""
    direction: str = ""
    mark: str = ""
    outside: bool = False
    number: bool = False
    unbroken: bool = False
    prefixed: str = ""
    whole: str = ""
    moment: str = ""

    def __str__(self) -> str:
        return self.text


@dataclass(frozen=True, eq=False)
class Backing:
    """What stands behind a statement: a source with its publisher and date, or a rule with what it says."""

    name: Shown
    publisher: Shown | None
    is_rule: bool
    date: Shown | None = None


class Reader:
    """A snapshot for readers of one language."""

    def __init__(self, store: kg.Snapshot, language: str) -> None:
        self.store = store
        self.language = language
        self.index = kg.index_of(store)
        self.view = (language, *links.stays())
        """All that a name and its link depend on besides the snapshot."""
        self._names: dict[str, Shown] = self.kept(("names", self.view), dict)
        self._backings: dict[str, Backing] = self.kept(("backings", self.view), dict)
        self._kinds: dict[str, str] = self.kept("kinds of things", dict)

    def name(self, iri: str) -> Shown:
        """The label of a thing, linked; a thing without a name of its own is described by what it joins."""
        return _remembered(self._names, iri, self._name)

    def _name(self, iri: str) -> Shown:
        text, language = self._label(iri)
        if not language and text == kg.readable_tail(iri):
            text = self._digest(iri) or text
        address = links.of(iri)
        prefixed = kg.shorten(iri)
        return Shown(
            shortened(text, LONGEST_NAME),
            address,
            outside=_outside(iri, address),
            prefixed="" if prefixed.startswith("<") else prefixed,
            **self._tongue(language),
        )

    def heading(self, iri: str) -> Shown:
        """The same without a link; a thing without a name also says what it is."""
        text, language = self._label(iri)
        if not language and text == kg.readable_tail(iri) and (digest := self._digest(iri)):
            text = ": ".join([*(self.name(kind).text for kind in self.stated_classes(iri)[:1]), digest])
        return Shown(shortened(text, LONGEST_NAME), **self._tongue(language))

    def value(self, term: kg.Term) -> Shown:
        """Any term: a linked name for an IRI, the text of a literal as the source gives it."""
        if isinstance(term, kg.NamedNode):
            return self.name(term.value)
        if not isinstance(term, kg.Literal):
            return Shown(untwisted(str(term)))
        kind = term.datatype.value
        address = term.value if kind == _XSD + "anyURI" and term.value.startswith(("http://", "https://")) else ""
        return Shown(
            untwisted(term.value),
            address,
            outside=bool(address),
            number=kind in _NUMBERS,
            unbroken=bool(_FIGURES.fullmatch(term.value)),
            **self._tongue(term.language or ""),
        )

    def told(self, term: kg.Term) -> Shown:
        """A term in the reader's form: a date or number as they write it, a long text cut (`whole` has all of it)."""
        shown = self.formed(term)
        if not isinstance(term, kg.Literal):
            return shown
        text = shortened(shown.text, LONGEST_TEXT)
        return replace(shown, text=text, whole="" if text == shown.text else shown.text)

    def formed(self, term: kg.Term) -> Shown:
        """The same, with all of a long text."""
        shown = self.value(term)
        told = forms.told(term.value, term.datatype.value, self.language) if isinstance(term, kg.Literal) else None
        return replace(shown, text=told.text, moment=told.moment, unbroken=True) if told else shown

    def linked(self, term: kg.Term, template: str | None) -> Shown:
        """The same, with the address where an identifier is looked up: a template with {value} in its place."""
        shown = self.told(term)
        if not template or not isinstance(term, kg.Literal):
            return shown
        return replace(shown, href=template.replace("{value}", quote(term.value, safe="")), outside=True)

    def cell(self, term: kg.Term | None) -> Shown | None:
        """A value in a table, None where there is none."""
        return None if term is None else self.value(term)

    def best(self, texts: Sequence[kg.Term]) -> Shown | None:
        """Of texts that say the same, the one in the reader's language, else in English, else the first."""
        order = {self.language: 0, "en": 1}
        ranked = sorted(texts, key=lambda text: order.get(getattr(text, "language", None) or "", 2))
        return self.value(ranked[0]) if ranked else None

    def column(self, question: kg.Question, name: str) -> Worded:
        """The heading of a column: what the header of the question calls it in this language, else its variable."""
        return column(question, name, self.language)

    def plain(self, iri: str, most: int = LONGEST_NAME) -> Worded:
        """The label of a thing in the reader's language or else in another, without more."""
        text, language = self._label(iri)
        return Worded(shortened(text, most), language or self.language)

    def kind(self, iri: str) -> str:
        """What sort of thing it is, in one word that has a colour: city, actor, event … (explorer/kinds), or other."""
        return _remembered(self._kinds, iri, self._kind)

    def _kind(self, iri: str) -> str:
        kinds = self.kept(
            "kinds", lambda: [(row["class"].value, row["kind"].value) for row in self.ask("explorer/kinds")]
        )
        classes = self.index.classes(iri)
        return next((kind for name, kind in kinds if name in classes), "other")

    def backing(self, graph: str) -> Backing:
        """The source or rule that a graph belongs to."""
        return _remembered(self._backings, graph, self._backing)

    def _backing(self, graph: str) -> Backing:
        rule = self.rules().get(graph)
        if rule is not None:
            text = worded(rule, "summary", self.language)
            return Backing(Shown(text, links.of(graph), **self._tongue(text.language)), None, True)
        row = self.sources().get(graph)
        publisher, date = (row.get(key) if row else None for key in ("publisher", "date"))
        return Backing(
            self.name(graph),
            None if publisher is None else self.value(publisher),
            False,
            None if date is None else self.told(date),
        )

    def rules(self) -> dict[str, kg.Rule]:
        """The rules by the graph of what they derive."""
        return self.kept("rules", lambda: {rule.graph: rule for rule in kg.rules()})

    def sources(self) -> dict[str, Any]:
        """What is known of each source (explorer/sources), by its IRI."""
        return self.kept("sources", lambda: {row["source"].value: row for row in self.ask("explorer/sources")})

    def stated_classes(self, iri: str) -> list[str]:
        """The classes that sources give a thing, or the ones derived when no source does."""
        held = self.store.statements(subject=kg.NamedNode(iri), predicate=kg.NamedNode(_TYPE))
        classes = {value.value: graphs for (_, _, value), graphs in held.items() if isinstance(value, kg.NamedNode)}
        return [one for one, graphs in classes.items() if not set(graphs) <= self.rules().keys()] or list(classes)

    def ask(self, question: str, **parameters: object) -> list[Any]:
        """The rows of one of the explorer's own questions."""
        return self.store.query(self.text(question, **parameters), name=question).rows

    def text(self, question: str, **parameters: object) -> str:
        """What one of these questions asks, as it is shown to be read, changed and asked again."""

        def find() -> kg.Question:
            found = kg.question(question)
            return replace(found, text=without_header(found.text))

        return kg.fill(self.kept(("question", question), find), parameters, self.index.resolve)

    def members(self, iri: str) -> list[str]:
        """The members of a class by their names, in the order of the alphabet."""

        def find() -> list[str]:
            iris = [row["member"].value for row in self.ask("explorer/members", **{"class": iri})]
            return sorted(iris, key=lambda iri: (kg.fold(self.name(iri).text), iri))

        return self.kept(("members", iri, self.language), find)

    def kept(self, key: object, make: Callable[[], Kept]) -> Kept:
        """What `make` gives, kept for as long as the snapshot is open."""
        shelf = _shelves.setdefault(self.store, {})
        if key not in shelf:
            shelf[key] = make()
        return shelf[key]  # type: ignore[no-any-return]

    def _label(self, iri: str) -> tuple[str, str]:
        text, language = self.index.label(iri, self.language)
        if language == "en" != self.language and _is_term(iri):
            said = translated(text, self.language)
            text, language = str(said), said.language
        if not language and text == kg.readable_tail(iri) and not iri.startswith(kg.BASE):
            short = kg.shorten(iri)
            text = (iri.partition("://")[2].rstrip("/") or iri) if short.startswith("<") else short
        return text, language

    def _tongue(self, language: str) -> dict[str, Any]:
        if not language:
            return {}
        mark = "" if language.split("-")[0] == self.language else language
        return {"language": language, "direction": direction(language), "mark": mark}

    def _digest(self, iri: str) -> str:
        """The names of the things that a nameless thing joins, as far as sources state them."""
        held = self.store.statements(subject=kg.NamedNode(iri))
        joined = [
            value.value
            for (_, relation, value), graphs in held.items()
            if isinstance(value, kg.NamedNode) and relation.value != _TYPE and not set(graphs) <= self.rules().keys()
        ]
        return " · ".join(dict.fromkeys(self.plain(other) for other in joined[:4]))


def untwisted(text: str) -> str:
    """A text without the characters that turn the direction of what stands beside it."""
    return text if text.isascii() else text.translate(_OVERRIDES)


def shortened(text: str, most: int) -> str:
    """A text, cut at a blank near the end where it is longer than so many characters."""
    text = untwisted(text)
    if len(text) <= most:
        return text
    head, blank, _ = text[:most].rpartition(" ")
    return (head if blank and len(head) > most // 2 else text[:most]) + " …"


def speaking(question: kg.Question, language: str) -> dict[str, str]:
    """The parameter `lang` of a question that has one: the reader's language, or its default if it lacks that one."""
    found = [parameter for parameter in question.parameters if parameter.name == "lang"]
    there = not found or not found[0].choices or language in found[0].choices
    return {"lang": language if there else found[0].default or found[0].choices[0]} if found else {}


def without_header(text: str) -> str:
    """The query of a file without its `#+` lines."""
    return "".join(line for line in text.splitlines(keepends=True) if not line.startswith("#+")).strip() + "\n"


def without_repeats(
    columns: Sequence[str], rows: Sequence[tuple[Shown | None, ...]]
) -> tuple[tuple[str, ...], tuple[tuple[Shown | None, ...], ...]]:
    """A table without the columns that repeat, in every row, the text of the column before: a thing and its name."""
    kept = [n for n in range(len(columns)) if n == 0 or not all(_same(row[n - 1], row[n]) for row in rows) or not rows]
    return tuple(columns[n] for n in kept), tuple(tuple(row[n] for n in kept) for row in rows)


def _same(one: Shown | None, other: Shown | None) -> bool:
    return one is not None and other is not None and bool(one.href) and one.text == other.text


def _remembered(found: dict[str, Kept], key: str, make: Callable[[str], Kept]) -> Kept:
    """What `make` gives for a key, remembered with as many others as there is room for."""
    value = found.get(key)
    if value is None:
        if len(found) >= MOST_REMEMBERED:
            found.clear()
        value = found[key] = make(key)
    return value


_shelves: WeakKeyDictionary[kg.Store, dict[object, Any]] = WeakKeyDictionary()


def _is_term(iri: str) -> bool:
    """True for what the ontology names: terms of ours and of the vocabularies that it uses."""
    return iri.startswith(kg.ONTOLOGY) or not iri.startswith(kg.BASE)


def _outside(iri: str, address: str) -> bool:
    return address == iri and bool(address)
