"""A snapshot into a remote engine."""

from pathlib import Path

import pyoxigraph as ox
import pytest
from common import CASES, Run
from engine import Engine

import kg
from kg import publishing


def publish(snapshot: kg.Snapshot, engine: Engine, merge: bool = False) -> int:
    endpoint = kg.Endpoint(engine.url)
    return kg.publish(snapshot, endpoint, endpoint, merge)


def test_the_engine_holds_what_the_snapshot_holds(
    small: kg.Snapshot, engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(publishing, "AT_ONCE", 100)  # so that a graph takes several updates
    assert publish(small, engine) == len(small)
    here, there = ox.Dataset(small.quads()), ox.Dataset(engine.quads())
    for one in (here, there):
        one.canonicalize(ox.CanonicalizationAlgorithm.RDFC_1_0)
    assert set(here) == set(there)


def test_publishing_again_changes_nothing_and_leaves_what_is_not_ours(small: kg.Snapshot, engine: Engine) -> None:
    foreign = ox.Quad(*[ox.NamedNode(f"http://a/{n}") for n in "spog"])
    stale = ox.Quad(*[ox.NamedNode(f"http://a/{n}") for n in "spo"], ox.NamedNode(kg.BASE + "source/gone"))
    engine.store.extend([foreign, stale])
    publish(small, engine)
    publish(small, engine)
    found = engine.quads()
    assert foreign in found
    assert stale not in found
    assert len(found) == len(small) + 1


def test_the_default_graph_can_be_made_the_merge(small: kg.Snapshot, engine: Engine) -> None:
    publish(small, engine)
    assert not list(engine.store.quads_for_pattern(None, None, None, ox.DefaultGraph()))
    publish(small, engine, merge=True)
    assert len(list(engine.store.quads_for_pattern(None, None, None, ox.DefaultGraph()))) == len(list(small.merged()))


def test_an_engine_that_lost_something_is_found_out(small: kg.Snapshot, engine: Engine) -> None:
    engine.loses = "INSERT {\nGRAPH <" + kg.BASE + "source/small"
    with pytest.raises(kg.RemoteError, match=r"holds 0 of the \d+ statements of <.*source/small>"):
        publish(small, engine)


def test_the_command_says_what_it_wrote_and_where(run: Run, engine: Engine, tmp_path: Path) -> None:
    run("build", "--only", CASES / "small.ttl", "--no-report")
    result = run("publish", engine.url)
    assert (result.returncode, result.stderr) == (0, "")
    assert f"{len(engine.quads())} statements in " in result.stdout
    refused = run("publish", "http://127.0.0.1:9/update")
    assert refused.returncode == 2
    assert "cannot be reached" in refused.stderr
