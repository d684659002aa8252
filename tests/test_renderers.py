"""Pages of things are made by other processes just as the server itself would make them."""

import os
import signal
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import pytest
from common import Make
from flask.testing import FlaskClient
from processes import family, soon
from test_kept_pages import BROWSER, COAST, PAGE, said

import kg
import webapp
from webapp.renderers import Renderers

Sites = tuple[FlaskClient, FlaskClient]


def no_site(_: dict[str, object], start_response: Callable[..., object]) -> list[bytes]:
    """Stands in for the site of this process."""
    start_response("503 SERVICE UNAVAILABLE", [])
    return []


@pytest.fixture
def coast(snapshot: Make) -> kg.Snapshot:
    """A snapshot of a little graph."""
    return snapshot(coast=COAST)


@pytest.fixture
def both(coast: kg.Snapshot) -> Iterator[Sites]:
    """Readers of a site that makes pages itself, and of one that has another process make them, which is ready."""
    home, limits = coast.path.parent.parent, webapp.Limits(prepare=0)
    alone, helped = (webapp.create_app(webapp.current_store(home), limits) for _ in range(2))
    shortcut = helped.extensions["shortcut"]
    shortcut.pages = renderers = Renderers(1, partial(webapp.site, home, limits), no_site)
    assert soon(lambda: helped.test_client().get(PAGE).status_code == 200, 60)
    yield alone.test_client(), helped.test_client()
    renderers.close()
    for app in (alone, helped):
        app.extensions["workers"].close()


@pytest.mark.parametrize("address", ["", "?lang=fr", "?by=rdfs:label", "?evidence=stated", "?evidence=odd", "/", "-x"])
@pytest.mark.parametrize("encoding", ["gzip", "identity"])
def test_a_page_is_the_same_whoever_makes_it(both: Sites, address: str, encoding: str) -> None:
    headers = BROWSER | {"Accept-Encoding": encoding}
    mine, other = (client.get(PAGE + address, headers=headers) for client in both)
    assert said(mine) == said(other)


def test_a_page_that_another_process_has_made_is_kept(both: Sites) -> None:
    _, client = both
    made = client.get(PAGE, headers=BROWSER)
    client.application.extensions["shortcut"].pages = no_site
    assert said(client.get(PAGE, headers=BROWSER)) == said(made)
    assert client.get(f"{PAGE}?lang=fr", headers=BROWSER).status_code == 503


def test_a_page_is_of_the_newest_snapshot(both: Sites, coast: kg.Snapshot, tmp_path: Path) -> None:
    _, client = both
    file = tmp_path / "more.ttl"
    file.write_text(
        "<https://w3id.org/migration-governance/id/city/north-haven> "
        "<http://www.w3.org/2000/01/rdf-schema#comment> 'Newly said'@en .\n"
    )
    assert "Newly said" not in client.get(PAGE).text
    kg.build(only=(file,), home=coast.path.parent.parent)
    assert "Newly said" in client.get(PAGE).text


def test_a_process_that_has_ended_is_replaced(both: Sites) -> None:
    _, client = both
    shortcut = client.application.extensions["shortcut"]
    before = family().keys()
    renderer = shortcut.pages._free.queue[0]
    os.kill(renderer._process.pid, signal.SIGKILL)
    assert client.get(f"{PAGE}?lang=fr").status_code == 503  # the site of this process has answered
    assert soon(lambda: client.get(f"{PAGE}?lang=fr").status_code == 200, 60)
    assert len(family()) == len(before)
