"""The evidence lens: `?evidence=<lens>` on any page shows the graph as far as its sources satisfy that lens."""

import threading
from dataclasses import dataclass

from flask import Flask, Response, current_app, g, request

import kg
from webapp import links
from webapp.limits import BusyError
from webapp.reading import Reader
from webapp.replies import known_error, show, wants_page
from webapp.wording import worded

WAIT_SECONDS = 15.0
"""How long a page waits for a lens that is asked for the first time."""


class PreparingError(BusyError):
    """What passes a lens is still being worked out."""

    def __init__(self, seconds: float) -> None:
        super().__init__(seconds)
        self.args = (
            f"what passes this lens is being worked out for the first time; try again in {self.retry_after_seconds} s",
        )


class NothingLeftError(kg.KGError):
    """The graph knows of it, but nothing of that passes the lens."""

    status = 404

    def __init__(self, lens: str) -> None:
        super().__init__(f"nothing of this passes the lens; ask without evidence={lens}")


@dataclass(frozen=True)
class Choice:
    """A lens to look through: its name and what it lets pass in the reader's language, and this page through it."""

    name: str
    text: str
    description: str
    href: str
    current: bool


@dataclass(frozen=True)
class Seen:
    """What a reader sees of the statements that sources make: `passing` out of `stated`, by which lens."""

    choices: tuple[Choice, ...]
    chosen: Choice | None
    passing: int = 0
    stated: int = 0


def use_lenses(app: Flask) -> None:
    """Keep the lens of an address in the addresses of the page, and say when it leaves nothing of a thing."""
    app.url_defaults(_keep)
    for error in (kg.UnknownNameError, kg.ParameterError):
        app.register_error_handler(error, _unknown)
    app.context_processor(lambda: {"evidence": _seen() if "whole" in g else None})


def look(whole: kg.Snapshot) -> None:
    """Set `g.store` to the snapshot as the address asks to see it, and `g.whole` to all of it.

    Raises ParameterError for an unknown lens, PreparingError when the lens is not ready in time.
    """
    g.whole = g.store = whole
    g.evidence = ""
    name = request.args.get("evidence", "")
    if name:
        g.store = _through(whole, name)
        g.evidence = name


def hides(error: kg.KGError) -> bool:
    """True if a name is unknown only because the lens lets nothing pass of what is called so."""
    if not g.evidence or not isinstance(error, kg.UnknownNameError):
        return False
    try:
        return bool(g.whole.mentions(kg.NamedNode(kg.index_of(g.whole).resolve(error.name))))
    except kg.KGError:
        return False


def _through(whole: kg.Snapshot, name: str) -> kg.Snapshot:
    if name in kg.known_lenses() and not kg.lens_is_ready(whole, name):
        work = threading.Thread(target=kg.through, args=(whole, name), daemon=True)
        work.start()
        work.join(WAIT_SECONDS)
        if work.is_alive():
            raise PreparingError(2 * WAIT_SECONDS)
    return kg.through(whole, name)


def _keep(endpoint: str, values: dict[str, object]) -> None:
    if g.get("evidence") and endpoint != "static":
        values.setdefault("evidence", g.evidence)


def _seen() -> Seen:
    lenses = Reader(g.whole, g.get("language", "en")).kept("lenses", kg.known_lenses)
    choices = tuple(_choice(name, lens) for name, lens in lenses.items())
    chosen = next((choice for choice in choices if choice.current), None)
    about = g.store.manifest
    return Seen(choices, chosen, about.get("passing", 0), about.get("stated", 0))


def _choice(name: str, lens: kg.Question) -> Choice:
    tongue = g.get("language", "en")
    summary, description = worded(lens, "summary", tongue), worded(lens, "description", tongue)
    return Choice(name, summary, description, links.through(name), name == g.evidence)


def _unknown(error: kg.KGError) -> Response:
    """The error; but where the lens hides all there is, a page that says so and leads to the page without the lens."""
    if not g.get("evidence") or not _is_there_without():
        return known_error(error)
    if wants_page():
        return show("nothing-left.html", thing=_name(), without=links.through(""))
    return known_error(NothingLeftError(g.evidence))


def _name() -> str:
    """What the thing that the address stands for is called in the whole graph."""
    path = str((request.view_args or {}).get("path", ""))
    iris = [iri for iri in filter(kg.expand, links.candidates(path)) if g.whole.statements(kg.NamedNode(iri))]
    return Reader(g.whole, g.language).plain(iris[0]) if iris else ""


def _is_there_without() -> bool:
    """True if the same page exists for the whole graph; it is made and thrown away."""
    lens = g.evidence, g.store
    _turn("", g.whole)
    try:
        current_app.ensure_sync(current_app.view_functions[request.endpoint or ""])(**(request.view_args or {}))
    except kg.KGError:
        return False
    finally:
        _turn(*lens)
    return True


def _turn(name: str, store: kg.Snapshot) -> None:
    """Look through another lens from now on; what addresses have in common was found for the last one."""
    g.evidence, g.store = name, store
    g.pop("frames", None)
