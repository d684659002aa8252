"""What takes long is made in a process of its own, once, and kept with the snapshot."""

from pathlib import Path

import pytest
from common import CASES
from processes import soon

import kg
import webapp
from webapp.preparing import Preparing
from webapp.replies import RDF


@pytest.fixture
def snapshot(tmp_path: Path) -> kg.Snapshot:
    return kg.build(only=(CASES / "small.ttl",), home=tmp_path / "home")


def test_report_and_files_are_made_beside_the_server(snapshot: kg.Snapshot) -> None:
    webapp.current_store(snapshot.path.parent.parent, Preparing().begin)()
    assert soon(lambda: kg.find_report(snapshot) is not None, 120)
    made = {file.name for file in (snapshot.path / "downloads").iterdir()}
    assert made == {f"graph.{name}" for name in RDF}
    assert (snapshot.path / "downloads" / "graph.nq").read_bytes().count(b"\n") == len(snapshot)


def test_the_gaps_are_found_when_asked_for_where_nothing_is_made_before(snapshot: kg.Snapshot) -> None:
    client = webapp.create_app(lambda: snapshot).test_client()
    client.get("/page/city/north-haven")
    assert kg.find_report(snapshot) is None
    assert client.get("/gaps.json").status_code == 200
