"""Reads a SPARQL query into its parts.

Parsers give the meaning of a query but not the place of a pattern; this reader gives the place, in a fortieth of the
time, and leaves judging the syntax to the engine. A blank node becomes a variable of its own, which is what it means
in a pattern.
"""

import re
from collections.abc import Iterable, Iterator
from typing import Any

from kg.assistant.parts import Aggregate, Block, Bundle, Column, Group, Part, Query, Term, Triple, Verb, names_in
from kg.assistant.words import Cursor

AGGREGATES = {"COUNT", "SUM", "AVG", "MIN", "MAX", "SAMPLE", "GROUP_CONCAT"}
_FORMS = {"SELECT", "CONSTRUCT", "ASK", "DESCRIBE"}
_MODIFIERS = {"GROUP", "HAVING", "ORDER", "LIMIT", "OFFSET", "VALUES"}
_NESTS = {"(": ")", "[": "]", "{": "}"}


def read(text: str) -> Query:
    """The parts of a query that the engine accepts; UnreadableError for what this reader does not know."""
    return _Reader(text).query()


class _Reader(Cursor):
    """Reads a query from left to right; each method reads one thing and moves past it."""

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self.nested: list[tuple[Term, Verb, Term]] = []
        self.prefixes: dict[str, tuple[str, int, int]] = {}
        self.prologue = self.dataset = ""

    def query(self) -> Query:
        while self.here.upper in ("PREFIX", "BASE"):
            if self.take().upper == "PREFIX":
                name = self.take().text
                self.prefixes[name.rstrip(":")] = (self.here.text[1:-1], self.here.start, self.here.end)
            self.take()
        self.prologue = self.text[: self.here.start]
        return self.select()

    def select(self) -> Query:
        """A query from its form to its end, or to the brace that closes the group it stands in."""
        first = self.at
        form = self.take(*_FORMS)
        distinct = form.upper == "SELECT" and self.found("DISTINCT", "REDUCED")
        head_end, columns = self.past, tuple(self.columns(form.upper))
        star = form.upper in ("SELECT", "DESCRIBE") and not columns
        dataset = self.here.start
        while self.found("FROM"):
            self.found("NAMED")
            self.take()
        self.dataset = self.dataset or self.text[dataset : max(self.past, dataset)]
        self.found("WHERE")
        where = Group(self.past, self.past, ()) if self.here.text != "{" else self.group()
        tail, grouped, ordered = self.tail()
        return Query(
            *(self.text, form.upper, form.start, self.past, head_end, distinct, star, columns, grouped, ordered),
            *(tuple(self.aggregates(first, where)), self.dataset, where, tail, self.prefixes, self.prologue),
        )

    def columns(self, form: str) -> Iterator[Column]:
        if form == "CONSTRUCT" and self.here.text == "{":
            self.balanced()
        while form != "CONSTRUCT" and self.here.text not in ("{", "") and self.here.upper not in ("FROM", "WHERE"):
            word = self.here
            if word.text == "(":
                names, _, _ = self.balanced()
                target = self.words[self.at - 2].text[1:]
                yield Column(target, names - {target}, True, word.start, self.past)
            elif self.take().kind == "variable":
                yield Column(word.text[1:], frozenset({word.text[1:]}), False, word.start, word.end)

    def tail(self) -> tuple[dict[str, tuple[int, int]], frozenset[str], frozenset[str]]:
        """Place of each modifier, the variables of GROUP BY and those of ORDER BY."""
        places: dict[str, tuple[int, int]] = {}
        names: dict[str, set[str]] = {name: set() for name in _MODIFIERS}
        modifier = ""
        while self.here.kind != "end" and self.here.text != "}":
            start = self.here.start
            if self.here.text in ("(", "{"):
                names[modifier or self.fail()] |= self.balanced()[0]
            else:
                word = self.take()
                modifier = word.upper if word.upper in _MODIFIERS else modifier or self.fail()
                names[modifier] |= {word.text[1:]} if word.kind == "variable" else set()
            places[modifier] = (places.get(modifier, (start, 0))[0], self.past)
        return places, frozenset(names["GROUP"]), frozenset(names["ORDER"])

    def aggregates(self, first: int, where: Group) -> Iterator[Aggregate]:
        """The aggregates before and after the WHERE group, up to the current word."""
        for n in range(first, self.at - 2):
            name, opening = self.words[n], self.words[n + 1]
            if name.upper not in AGGREGATES or opening.text != "(" or where.start <= name.start < where.end:
                continue
            distinct = self.words[n + 2].upper == "DISTINCT"
            m = n + 2 + distinct
            alone = self.words[m + 1].text == ")"
            variable = self.words[m].text.lstrip("?$") if alone else None
            yield Aggregate(name.upper, distinct, variable, name.start, self.words[m + 1].end, self.words[m].start)

    def group(self) -> Group:
        start = self.take("{").start
        parts: list[Part] = []
        while self.here.text != "}":
            if self.here.text == ".":
                self.take()
            else:
                parts += self.part()
        return Group(start, self.take("}").end, tuple(parts))

    def part(self) -> Iterable[Part]:
        word = self.here
        match word.upper:
            case "SELECT":
                query = self.select()
                names = {c.name for c in query.columns} or names_in(query.where)
                return [self.made("select", word.start, frozenset(names), select=query)]
            case "{":
                groups = [self.group()]
                while self.found("UNION"):
                    groups.append(self.group())
                return [self.holding("union", word.start, tuple(groups))]
            case "OPTIONAL" | "MINUS":
                self.take()
                return [self.holding(word.text.lower(), word.start, (self.group(),))]
            case "GRAPH" | "SERVICE":
                self.take()
                self.found("SILENT")
                name = self.term()
                return [self.holding(word.text.lower(), word.start, (self.group(),), name)]
            case "FILTER":
                return [self.filter()]
            case "BIND":
                self.take()
                names, terms, inside = self.balanced()
                target = self.words[self.at - 2].text[1:]
                terms = tuple(term for term in terms if term.kind != "variable")
                return [self.made("bind", word.start, names - {target}, inside, target=target, terms=terms)]
            case "VALUES":
                return [self.values()]
        return self.block()

    def holding(self, kind: str, start: int, groups: tuple[Group, ...], name: Term | None = None) -> Part:
        """A part that holds groups; GRAPH and SERVICE have a name too."""
        names = frozenset().union(*(names_in(group) for group in groups))
        names |= {name.variable} if name and name.variable else frozenset()
        return self.made(kind, start, names, groups, terms=(name,) if name else ())

    def made(
        self, kind: str, start: int, names: frozenset[str] = frozenset(), groups: tuple[Group, ...] = (), **more: Any
    ) -> Part:
        """The part from `start` to the last word taken."""
        text = self.text[start : self.past]
        return Part(kind=kind, text=text, start=start, end=self.past, names=names, groups=groups, **more)

    def filter(self) -> Part:
        start, inner = self.take().start, self.here.start
        if self.here.upper in ("NOT", "EXISTS"):
            self.found("NOT")
            self.take("EXISTS")
            return self.made("filter", start, groups=(self.group(),), inner=inner)
        if self.here.text != "(":
            self.take()
        names, terms, groups = self.balanced()
        return self.made("filter", start, names, groups, terms=terms, inner=inner)

    def values(self) -> Part:
        start = self.take().start
        names: frozenset[str] = frozenset()
        if self.here.text == "(":
            names, _, _ = self.balanced()
        else:
            names = frozenset({self.take().text[1:]})
        _, terms, _ = self.balanced()
        return self.made("values", start, names, terms=terms)

    def balanced(self) -> tuple[frozenset[str], tuple[Term, ...], tuple[Group, ...]]:
        """Variables, terms that are no functions, and EXISTS groups between a bracket and the one that closes it."""
        closing = [_NESTS[self.take(*_NESTS).text]]
        names: set[str] = set()
        terms: list[Term] = []
        groups: list[Group] = []
        while closing:
            word = self.here
            if word.text == "{" and self.words[self.at - 1].upper == "EXISTS":
                groups.append(self.group())
            elif word.kind in ("variable", "string", "number", "iri", "name"):
                term = self.term()
                names |= {word.text[1:]} if word.kind == "variable" else set()
                terms += [term] if self.here.text != "(" else []
            elif self.take().text == closing[-1]:
                closing.pop()
            elif word.text in _NESTS:
                closing.append(_NESTS[word.text])
        return frozenset(names), tuple(terms), tuple(groups)

    def block(self) -> list[Part]:
        """The triples of one subject, those in brackets after the one they hang from."""
        start, self.nested = self.here.start, []
        subject = self.node()
        said = [] if self.here.text in (".", "}") and self.nested else list(self.bundles(subject))
        end = self.past
        if self.here.text == ".":
            end = self.take().end
        bundles = tuple(bundle for bundle, _ in said)
        block = Block(start, end, bundles)
        outer = [(subject, verb, thing, bundle) for bundle, verb in said for thing in bundle.objects]
        inner = [(*triple, None) for triple in self.nested]
        return [self.triple(*four, block) for four in [*outer, *inner]]

    def triple(self, subject: Term, verb: Verb, thing: Term, bundle: Bundle | None, block: Block) -> Triple:
        text = " ".join(self.text[term.start : term.end] for term in (subject, verb, thing))
        names = frozenset(name for name in (subject.variable, verb.variable, thing.variable) if name)
        place: dict[str, Any] = {"kind": "triple", "text": text, "start": verb.start, "end": thing.end, "names": names}
        return Triple(**place, subject=subject, verb=verb, object=thing, block=block, bundle=bundle)

    def bundles(self, subject: Term) -> Iterator[tuple[Bundle, Verb]]:
        semicolon = self.here.start
        while True:
            start, verb = self.here.start, self.verb()
            objects = [self.node()]
            while self.found(","):
                objects.append(self.node())
            yield Bundle(start, self.past, semicolon, tuple(objects)), verb
            if self.here.text != ";":
                return
            semicolon = self.here.start
            while self.found(";"):
                pass
            if self.here.kind not in ("iri", "name", "variable") and self.here.text not in ("a", "^", "!", "("):
                return

    def verb(self) -> Verb:
        start, iris = self.here.start, []
        if self.here.kind == "variable":
            word = self.take()
            return Verb(word.text, word.start, word.end, (), word.text[1:])
        while True:
            while self.found("^", "!", "("):
                pass
            if self.here.kind in ("iri", "name") or self.here.text == "a":
                word = self.take()
                iris.append(Term("iri", word.text, word.start, word.end))
            else:
                self.fail()
            while self.found(")", "*", "+") or (self.here.text == "?" and self.found("?")):
                pass
            if not self.found("/", "|"):
                return Verb(self.text[start : self.past], start, self.past, tuple(iris), None)

    def node(self) -> Term:
        word = self.here
        if word.text == "[":
            self.take()
            node = Term("blank", f"?blank_{word.start}", word.start, word.start)
            if self.here.text != "]":
                for bundle, verb in self.bundles(node):
                    self.nested += [(node, verb, thing) for thing in bundle.objects]
            return Term("blank", node.text, word.start, self.take("]").end)
        if word.text == "(":
            self.balanced()
            return Term("collection", self.text[word.start : self.past], word.start, self.past)
        return self.term()

    def term(self) -> Term:
        word = self.take()
        if word.text in ("+", "-") and self.here.kind == "number":
            return Term("literal", self.text[word.start : self.take().end], word.start, self.past)
        if word.kind == "string":
            if self.here.text == "^" and self.words[self.at + 1].text == "^":
                self.at += 3
            return Term("literal", self.text[word.start : self.past], word.start, self.past)
        if word.kind == "blank":
            return Term("blank", "?blank_" + re.sub(r"\W", "_", word.text[2:]), word.start, word.end)
        kinds = {"variable": "variable", "iri": "iri", "name": "iri", "number": "literal"}
        if word.upper in ("TRUE", "FALSE"):
            return Term("literal", word.text, word.start, word.end)
        if word.kind not in kinds:
            self.at -= 1
            self.fail()
        return Term(
            kinds[word.kind], "?" + word.text[1:] if word.kind == "variable" else word.text, word.start, word.end
        )
