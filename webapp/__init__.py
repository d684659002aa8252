"""The explorer and the SPARQL endpoint of the graph, as one web application."""

import threading
from collections.abc import Callable
from pathlib import Path

from flask import Flask, g

import kg
from webapp import (
    citing,
    entities,
    languages,
    links,
    ontology,
    pages,
    questions,
    reasons,
    replies,
    samples,
    sparql,
    vendor,
)
from webapp.serving import run
from webapp.workers import Limits, Workers

OpenStore = Callable[[], kg.Snapshot]
MOST_BODY_BYTES = 1_000_000
MODULES = (
    pages,
    ontology,
    questions,
    citing,
    sparql,
    reasons,
    entities,
    vendor,
)
"""The parts of the site, each with its addresses."""


def create_app(open_store: OpenStore, limits: Limits | None = None) -> Flask:
    """The application; `open_store` is asked at each request for the snapshot to answer from."""
    app = Flask(__name__)
    app.config.update(MAX_CONTENT_LENGTH=MOST_BODY_BYTES, MAX_FORM_MEMORY_SIZE=MOST_BODY_BYTES)
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.jinja_env.globals.update(links=links, media=replies.RDF, languages=languages.LANGUAGES, version=kg.__version__)
    app.extensions["workers"] = Workers(limits or Limits())
    languages.use_languages(app)
    replies.use_replies(app)
    samples.use_samples(app)

    @app.before_request
    def _open() -> None:
        g.store = open_store()

    @app.context_processor
    def _store() -> dict[str, object]:
        return {"snapshot": g.get("store"), "language": g.get("language", "en")}

    for module in MODULES:
        app.register_blueprint(module.views)
    return app


def current_store(home: Path | str | None = None) -> OpenStore:
    """Gives the current snapshot of a folder, and the next as soon as there is one; readers keep the one they have."""
    folder = kg.home_folder(home)
    opened: list[kg.Snapshot] = []
    lock = threading.Lock()

    def open_store() -> kg.Snapshot:
        if not opened or opened[0].id != kg.current(folder):
            with lock:
                if not opened or opened[0].id != kg.current(folder):
                    opened[:] = [kg.open_snapshot(folder)]
        return opened[0]

    return open_store


def serve(home: Path | str | None = None, host: str = "127.0.0.1", port: int = 8000) -> None:
    """Serve the current snapshot of a folder until interrupted, moving to each new one as it comes."""
    open_store = current_store(home)
    app = create_app(open_store)
    app.extensions["workers"].warm(open_store().path)
    run(app, host, port)


__all__ = ["Limits", "create_app", "current_store", "serve"]
