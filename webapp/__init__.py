"""The explorer and the SPARQL endpoint of the graph, as one web application."""

import os
import threading
from collections.abc import Callable
from functools import partial
from pathlib import Path

from flask import Flask, g
from flask_compress import Compress

import kg
from webapp import (
    browsing,
    citing,
    comparing,
    datasets,
    disagreements,
    entities,
    evidence,
    gaps,
    home,
    languages,
    limits,
    links,
    maps,
    marking,
    naming,
    networks,
    ontology,
    pages,
    paths,
    questions,
    reasons,
    replies,
    samples,
    searching,
    sitemaps,
    sources,
    sparql,
    timelines,
    vendor,
)
from webapp.preparing import Preparing
from webapp.renderers import Renderers
from webapp.serving import run
from webapp.shortcuts import WSGI, Shortcut
from webapp.workers import Limits, Workers

OpenStore = Callable[[], kg.Snapshot]
MOST_BODY_BYTES = 1_000_000
COMPRESSION = {
    "COMPRESS_ALGORITHM": ["gzip"],
    "COMPRESS_LEVEL": 4,
    "COMPRESS_MIMETYPES": [replies.HTML, "text/css", "text/javascript", "application/json", *replies.RDF.values()],
    "COMPRESS_EVALUATE_CONDITIONAL_REQUEST": True,
}
MODULES = (
    home,
    searching,
    browsing,
    pages,
    paths,
    maps,
    networks,
    timelines,
    ontology,
    questions,
    citing,
    sparql,
    reasons,
    sources,
    disagreements,
    naming,
    comparing,
    gaps,
    datasets,
    sitemaps,
    entities,
    vendor,
)
"""The parts of the site, each with its addresses."""


def create_app(open_store: OpenStore, limits: Limits | None = None, prepares: bool = False) -> Flask:
    """The application; `open_store` is asked at each request for the snapshot to answer from.

    `prepares` tells that what takes long is being made elsewhere; else it is made when it is asked for.
    """
    app = Flask(__name__)
    app.config.update(
        PREPARES=prepares, MAX_CONTENT_LENGTH=MOST_BODY_BYTES, MAX_FORM_MEMORY_SIZE=MOST_BODY_BYTES, **COMPRESSION
    )
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.jinja_env.globals.update(
        links=links, url_for=links.url_for, media=replies.RDF, languages=languages.LANGUAGES, version=kg.__version__
    )
    app.jinja_env.globals.update(marking.MACROS)
    app.extensions["workers"] = Workers(limits or Limits())
    Compress(app)  # before our own headers are set: what is set up first is done last
    languages.use_languages(app)
    replies.use_replies(app)
    samples.use_samples(app)
    evidence.use_lenses(app)

    @app.before_request
    def _open() -> None:
        evidence.look(open_store())

    @app.context_processor
    def _store() -> dict[str, object]:
        language, snapshot = g.get("language", "en"), g.get("store")
        ours = snapshot is not None and kg.ONTOLOGY in snapshot.manifest["graphs"]
        return {
            "snapshot": snapshot,
            "ours": ours,  # else who made the graph, and how it may be used, is not for us to say
            "language": language,
            "direction": languages.direction(language),
        }

    for module in MODULES:
        app.register_blueprint(module.views)
    app.extensions["shortcut"] = Shortcut(app.wsgi_app, open_store, app.extensions["workers"])
    app.wsgi_app = app.extensions["shortcut"]  # type: ignore[method-assign]
    return app


def current_store(home: Path | str | None = None, opened: Callable[[Path], object] = Path) -> OpenStore:
    """Gives the current snapshot of a folder, and the next as soon as there is one; readers keep the one they have.

    `opened` is told the folder of each.
    """
    folder = kg.home_folder(home)
    pointer = folder / "current"
    held: list[tuple[object, kg.Snapshot]] = []
    lock = threading.Lock()

    def open_store() -> kg.Snapshot:
        mark = _mark(pointer)
        if not held or held[0][0] != mark:
            with lock:
                if not held or held[0][1].id != kg.current(folder):
                    held[:] = [(mark, kg.open_snapshot(folder))]
                    opened(held[0][1].path)
                else:
                    held[:] = [(mark, held[0][1])]
        return held[0][1]

    return open_store


def _mark(file: Path) -> object:
    """Something that is another as soon as the file has been replaced; None when there is no file."""
    try:
        state = os.stat(file)  # noqa: PTH116 - a tenth of the time, and asked for at each request
    except FileNotFoundError:
        return None
    return state.st_ino, state.st_mtime_ns


def settings() -> str:
    """The settings of the environment, each with its default and what it means, as a table in Markdown."""
    return str(limits.__doc__).partition("\n\n")[2].strip()


def serve(home: Path | str | None = None, host: str = "127.0.0.1", port: int = 8000) -> None:
    """Serve the current snapshot of a folder until interrupted, moving to each new one as it comes."""
    given = Limits()
    open_store = current_store(home, Preparing().begin if given.prepare else Path)
    app = create_app(open_store, given, bool(given.prepare))
    app.extensions["workers"].warm(open_store().path)
    shortcut = app.extensions["shortcut"]
    shortcut.pages = Renderers(given.page_processes, partial(site, home, given), shortcut.pages)
    run(app, host, port)


def site(home: Path | str | None, limits: Limits) -> WSGI:
    """The site for a process that makes pages."""
    app = create_app(current_store(home), limits, bool(limits.prepare))
    return partial(Flask.wsgi_app, app)


__all__ = ["Limits", "create_app", "current_store", "serve", "settings", "site"]
