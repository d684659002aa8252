"""The few fixtures that several files of tests share."""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from common import CASES, Make, Run, Visit, written
from engine import Engine
from fairs import Joined
from flask import Flask
from flask.testing import FlaskClient
from listening import listening
from werkzeug.serving import make_server

import kg
import webapp


@pytest.fixture(scope="session")
def shipped(tmp_path_factory: pytest.TempPathFactory) -> kg.Snapshot:
    """A snapshot of everything the project ships, built once for all tests."""
    return kg.build(home=tmp_path_factory.mktemp("home"))


@pytest.fixture(scope="session")
def shipped_home(shipped: kg.Snapshot) -> Path:
    """The folder that holds the shipped snapshot."""
    return shipped.path.parent.parent


@pytest.fixture(scope="session")
def small(tmp_path_factory: pytest.TempPathFactory) -> kg.Snapshot:
    """A snapshot of the ontology and the little graph of cases/small.ttl."""
    return kg.build(only=(kg.ROOT / "ontology", CASES / "small.ttl"), home=tmp_path_factory.mktemp("small"))


@pytest.fixture(scope="session")
def app(small: kg.Snapshot) -> Iterator[Flask]:
    """The explorer over the little graph, with short limits for queries from outside."""
    explorer = webapp.create_app(lambda: small, webapp.Limits(seconds=1, answer_megabytes=1, wait_seconds=0.2))
    yield explorer
    explorer.extensions["workers"].close()


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """A reader of the explorer over the little graph."""
    return app.test_client()


@pytest.fixture(scope="module")
def visit() -> Iterator[Visit]:
    """A reader of the explorer over a snapshot: visit(snapshot)."""
    apps: list[Flask] = []

    def make(snapshot: kg.Snapshot) -> FlaskClient:
        apps.append(webapp.create_app(lambda: snapshot, webapp.Limits(at_once=1, quick_at_once=1)))
        return apps[-1].test_client()

    yield make
    for app in apps:
        app.extensions["workers"].close()


@pytest.fixture(scope="module")
def shipped_client(shipped: kg.Snapshot, visit: Visit) -> FlaskClient:
    """A reader of the explorer over what the project ships."""
    return visit(shipped)


@pytest.fixture(scope="session")
def elsewhere(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of another endpoint, on this machine, that has a few things in the form of Wikidata."""
    few = kg.build(only=(CASES / "wikidata.ttl",), home=tmp_path_factory.mktemp("elsewhere"))
    other = webapp.create_app(lambda: few, webapp.Limits(at_once=1, quick_at_once=1))
    server = make_server("127.0.0.1", 0, other, threaded=True)
    with listening(server) as address:
        yield address
    other.extensions["workers"].close()


@pytest.fixture
def engine() -> Iterator[Engine]:
    """An engine on this machine that takes updates, empty at first."""
    one = Engine()
    with listening(one):
        yield one


@pytest.fixture
def graph(tmp_path: Path) -> Callable[..., kg.Store]:
    """Turtle, one text per source, into a store in memory: graph(alpha="…", beta="…")."""

    def make(**sources: str) -> kg.Store:
        return kg.load(*written(tmp_path, **sources))

    return make


@pytest.fixture(scope="session")
def snapshot(tmp_path_factory: pytest.TempPathFactory) -> Make:
    """Turtle, one text per source, as a snapshot of its own with the ontology: snapshot(alpha="…", beta="…")."""

    def make(**sources: str) -> kg.Snapshot:
        folder = tmp_path_factory.mktemp("sources")
        return kg.build(only=(kg.ROOT / "ontology", *written(folder, **sources)), home=folder / "home")

    return make


@pytest.fixture
def joined(tmp_path: Path) -> Joined:
    """The ontology and Turtle, one text per source, in a store."""

    def make(**sources: str) -> kg.Store:
        about = 'source:{0} a mg:Source ; dcterms:title "The {0}"@en ; mg:publisherAsStated "Press" .\n'
        data = tmp_path / "data"
        data.mkdir(exist_ok=True)
        written(data, **{name: about.format(name) + text for name, text in sources.items()})
        return kg.load(kg.ROOT / "ontology", data)

    return make


@pytest.fixture
def run(tmp_path: Path) -> Run:
    """The `kg` command as a person runs it, with its own empty home unless one is given."""

    def call(
        *arguments: object, home: Path | None = None, input: str | None = None
    ) -> subprocess.CompletedProcess[str]:
        environment = os.environ | {"KG_HOME": str(home or tmp_path / "home"), "PYTHONWARNINGS": "error"}
        command = [sys.executable, "-m", "kg.cli", *map(str, arguments)]
        return subprocess.run(command, capture_output=True, text=True, env=environment, input=input, timeout=120)

    return call
