"""Rows that a query loses because a pattern has no match for some of the things that the rest of it gives."""

from collections.abc import Iterator
from functools import partial

from kg.assistant import edits
from kg.assistant.advice import Finding, finding
from kg.assistant.contexts import Context
from kg.assistant.desk import Desk, Proposal
from kg.assistant.edits import Edit
from kg.assistant.probes import write
from kg.assistant.reading import read


def losses(desk: Desk, around: Context) -> Iterator[Proposal]:
    """The pattern drops things that the rest of its group gives."""
    triple, probes = around.place.triple, desk.probes.of(around.place.query)
    if triple.object.kind in ("literal", "iri") or triple.subject.kind in ("literal", "iri"):
        return
    total = probes.count([around.near], around.without())
    kept = probes.count([around.near], around.rescued(around.language_tests)) if total else 0
    if not 0 < kept < total:
        return
    name = "row-loss-join" if around.far is None else "row-loss-inverse" if around.inverse else "row-loss"
    name = "row-loss-union" if around.shared else name
    values = {
        "lost": total - kept,
        "kept": kept,
        "total": total,
        "things": around.things,
        "property": triple.verb.text if around.far else triple.text,
    }
    tagged = bool(around.language_tests)
    values["tag"] = (" in that language", " dans cette langue") if tagged else ""
    where = desk.query.line(triple.start), (triple.text,)
    plain = finding(name, *where, **values, hint="")
    hint = ("; wrap it in OPTIONAL to keep them", " ; mettez ce motif dans OPTIONAL pour les garder")
    changes = edits.optional(around) if around.far else None
    mended = finding(name, *where, **values, hint=hint)
    yield Proposal(plain, partial(_wrapped, desk, around, changes, plain, mended) if changes else None)


def _wrapped(desk: Desk, around: Context, changes: list[Edit], plain: Finding, mended: Finding) -> Finding:
    """The finding with the pattern wrapped in OPTIONAL, if that brings rows or things back."""
    better = desk.with_rewrite(mended, changes)
    rows = desk.probes.answers()
    if better.rewrite is None or better.rows is None or better.rows < rows:
        return plain
    if better.rows > rows or around.place.query is not desk.query:
        return better
    before = desk.probes.count([around.near], write(desk.query.where))
    after = desk.probes.count([around.near], write(read(better.rewrite).where))
    return better if after > before else plain
