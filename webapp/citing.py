"""Answers to cite: a page for the link that fixes snapshot, query and result, and its entry for bibliographies."""

from flask import Blueprint, Response, current_app, g, request

import kg
from webapp import links
from webapp.questions import own
from webapp.replies import data, failed, led_on, show, wants_page
from webapp.workers import Job, Workers

views = Blueprint("citing", __name__)

BIBLIOGRAPHY = {
    "bib": "application/x-bibtex",
    "ris": "application/x-research-info-systems",
    "json": "application/vnd.citationstyles.csl+json",
}
MOST_ROWS = 100
"""Rows that came or went which are written out."""


@views.route("/answer", defaults={"extension": ""})
@views.route("/answer.<any(bib,ris,json):extension>")
def answer(extension: str) -> Response:
    """What has become of a cited answer, through the lens of the citation; a query alone leads to its link."""
    given = {name: request.args.get(name, "") for name in ("snapshot", "result", "query", "title")}
    if given["query"].strip() and not given["snapshot"] and not given["result"]:
        return _cited_now(given["query"], given["title"])
    snapshot, result, query = kg.read_link(request.url)
    lens = snapshot.partition("+")[2]
    if lens != g.evidence:
        return led_on(links.cited(**given, extension=extension, evidence=lens), 303)
    kept = _manifest(snapshot)
    address = links.absolute(links.answers())
    citation = kg.citation(kept, query, result, given["title"], address) if kept else None
    if extension:
        return _entry(citation, snapshot, extension)
    try:
        verdict = _pool().verify(Job(g.whole.path, query), request.url)
        answered = own(query)
    except kg.KGError as error:
        if not wants_page():
            raise
        return failed(show("cited.html", given=given, citation=citation, verdict=None, fault=str(error)), error)
    entries = {name: links.cited(extension=name, **given) for name in BIBLIOGRAPHY}
    return show(
        "cited.html",
        given=given,
        citation=citation,
        verdict=verdict,
        entries=entries,
        most=MOST_ROWS,
        answered=answered,
    )


def _cited_now(query: str, title: str) -> Response:
    """303 to the link that fixes the answer as the current snapshot gives it."""
    result = _pool().fingerprint(Job(g.store.path, query))
    return led_on(links.cited(g.store.id, result, query, title), 303)


def _entry(citation: kg.Citation | None, snapshot: str, extension: str) -> Response:
    if citation is None:
        raise kg.UnknownNameError(snapshot)
    text = {"bib": citation.bibtex, "ris": citation.ris, "json": citation.csl}[extension]()
    return data(text.encode(), BIBLIOGRAPHY[extension], f"{citation.key}.{extension}")


def _manifest(snapshot: str) -> dict[str, object] | None:
    """The manifest of a snapshot by its id, None if it is not kept here."""
    if snapshot == g.store.id:
        return dict(g.store.manifest)
    whole, *lens = snapshot.split("+", 1)
    try:
        kept = kg.open_snapshot(g.whole.path.parent.parent, whole)
        return dict(kept.manifest) | {"id": "+".join([kept.id, *lens])}
    except kg.SnapshotError:
        return None


def _pool() -> Workers:
    pool: Workers = current_app.extensions["workers"]
    return pool
