"""Why a statement stands in the graph: the sources that make it, the rules that derive it, and what else is said."""

from dataclasses import dataclass

from flask import Blueprint, Response, g, request

import kg
from webapp import links
from webapp.reading import Backing, Reader, Shown
from webapp.replies import show

views = Blueprint("reasons", __name__)

MOST = 20
"""Statements that are explained at once, and other values that are shown beside one."""


@dataclass(frozen=True)
class Sentence:
    """A statement in words, with the address of its own reasons and what stands behind it."""

    parts: tuple[Shown, Shown, Shown]
    why: str
    backings: tuple[Backing, ...] = ()


@dataclass(frozen=True)
class Remark:
    """What is recorded about the statement itself: where it was drawn from, and other remarks."""

    drawn_from: tuple[Shown, ...]
    said: tuple[tuple[Shown, Shown], ...]


@dataclass(frozen=True)
class Because:
    """Everything that stands behind one statement."""

    sentence: Sentence
    sources: tuple[Backing, ...]
    remarks: tuple[Remark, ...]
    derivations: tuple[tuple[Backing, tuple[Sentence, ...]], ...]
    others: tuple[Sentence, ...]


@views.route("/why")
def why() -> Response:
    subject, predicate, value = (request.args.get(name, "").strip() or None for name in ("s", "p", "o"))
    if subject is None:
        raise kg.ParameterError("say of which statement: /why?s=…&p=…&o=…")
    reader = Reader(g.store, g.language)
    found = kg.why(g.store, subject, predicate, value, MOST + 1)
    reasons = [_because(reader, reason) for reason in found[:MOST]]
    return show(
        "why.html",
        reasons=reasons,
        thing=reasons[0].sentence.parts[0],
        cut=any(len(some) > MOST for some in (found, *(reason.others for reason in found))),
        most=MOST,
        every=_every(found[0].statement, predicate),
    )


def _every(statement: kg.Statement, predicate: str | None) -> str:
    """Where all that is said of the thing stands, or all values of the property that was asked for."""
    iri = str(getattr(statement[0], "value", ""))
    return links.page(iri, kg.shorten(statement[1].value) if predicate else "") if links.has_page(iri) else ""


def _because(reader: Reader, reason: kg.Reason) -> Because:
    return Because(
        sentence=_sentence(reader, reason.statement),
        sources=tuple(reader.backing(graph) for graph in reason.sources),
        remarks=tuple(_remark(reader, note) for note in reason.annotations),
        derivations=tuple(
            (
                reader.backing(one.rule.graph),
                tuple(_sentence(reader, fact.statement, fact.graphs) for fact in one.premises),
            )
            for one in reason.derivations
        ),
        others=tuple(_sentence(reader, fact.statement, fact.graphs) for fact in reason.others[:MOST]),
    )


def _remark(reader: Reader, note: kg.Annotation) -> Remark:
    said = tuple((reader.name(iri), reader.value(term)) for iri, term in note.remarks)
    return Remark(tuple(reader.name(iri) for iri in note.drawn_from), said)


def _sentence(reader: Reader, statement: kg.Statement, graphs: tuple[str, ...] = ()) -> Sentence:
    """A statement in the reader's words."""
    subject, predicate, value = statement
    parts = (reader.value(subject), reader.name(predicate.value), reader.value(value))
    return Sentence(parts, links.why(statement), tuple(reader.backing(graph) for graph in graphs))
