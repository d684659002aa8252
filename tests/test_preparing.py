"""What takes long is made in a process of its own, once, and kept with the snapshot."""

from pathlib import Path

import pytest
from common import CASES
from processes import soon

import kg
from webapp.preparing import Preparing
from webapp.replies import RDF


@pytest.fixture
def snapshot(tmp_path: Path) -> kg.Snapshot:
    return kg.build(only=(CASES / "small.ttl",), home=tmp_path / "home")


def test_report_and_files_are_made_beside_the_server(snapshot: kg.Snapshot) -> None:
    Preparing(active=True).begin(snapshot.path)
    assert soon(lambda: kg.find_report(snapshot) is not None, 120)
    made = {file.name for file in (snapshot.path / "downloads").iterdir()}
    assert made == {f"graph.{name}" for name in RDF}
    assert (snapshot.path / "downloads" / "graph.nq").read_bytes().count(b"\n") == len(snapshot)


def test_nothing_is_made_unless_a_server_runs(snapshot: kg.Snapshot) -> None:
    Preparing().begin(snapshot.path)
    assert not soon(lambda: (snapshot.path / "downloads").exists(), 1)
