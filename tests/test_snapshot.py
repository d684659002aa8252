"""Snapshots: the same for the same files, whole or not at all."""

import json
import resource
import signal
import subprocess
import sys
from pathlib import Path

import pytest

import kg

ONE = "@prefix city: <https://w3id.org/migration-governance/id/city/> . city:tunis <http://p> 1 ."
TWO = ONE.replace("1 .", "2 .")


@pytest.fixture
def files(tmp_path: Path) -> Path:
    folder = tmp_path / "files"
    folder.mkdir()
    (folder / "alpha.ttl").write_text(ONE)
    return folder


def test_a_snapshot_answers_as_its_files_do(files: Path, tmp_path: Path) -> None:
    snapshot = kg.build(only=[files], home=tmp_path / "home")
    assert [row["o"].value for row in kg.query(snapshot, "SELECT ?o { city:tunis ?p ?o }").rows] == ["1"]
    assert kg.open_snapshot(tmp_path / "home").id == snapshot.id


def test_the_same_files_give_the_same_id_anywhere_and_other_files_another(files: Path, tmp_path: Path) -> None:
    first = kg.build(only=[files], home=tmp_path / "one").id
    elsewhere = tmp_path / "elsewhere"
    files.rename(elsewhere)
    assert kg.build(only=[elsewhere], home=tmp_path / "two").id == first
    (elsewhere / "alpha.ttl").write_text(TWO)
    assert kg.build(only=[elsewhere], home=tmp_path / "two").id != first


def test_blank_nodes_do_not_change_the_id(tmp_path: Path) -> None:
    for name, label in (("one", "_:a"), ("two", "_:z")):
        (tmp_path / name).mkdir()
        (tmp_path / name / "alpha.ttl").write_text(f"{label} <http://p> 1 . <http://s> <http://p> {label} .")
    ids = {kg.build(only=[tmp_path / name], home=tmp_path / "home").id for name in ("one", "two")}
    assert len(ids) == 1


def test_the_manifest_counts_what_the_store_holds(files: Path, tmp_path: Path) -> None:
    snapshot = kg.build(only=[files], home=tmp_path / "home")
    manifest = json.loads((snapshot.path / "manifest.json").read_text())
    assert manifest["quads"] == len(snapshot) == sum(manifest["graphs"].values())
    assert manifest["graphs"] == {kg.BASE + "source/alpha": 1}
    assert manifest["versions"]["migration-governance"] == kg.__version__
    assert len(manifest["rdfc10_sha256"]) == 64


def test_older_snapshots_stay_and_can_be_opened_by_the_beginning_of_their_id(files: Path, tmp_path: Path) -> None:
    first = kg.build(only=[files], home=tmp_path / "home")
    (files / "alpha.ttl").write_text(TWO)
    second = kg.build(only=[files], home=tmp_path / "home")
    assert kg.open_snapshot(tmp_path / "home", first.id[:6]).id == first.id
    assert kg.open_snapshot(tmp_path / "home").id == second.id


def test_a_build_that_fails_leaves_the_previous_snapshot_current(files: Path, tmp_path: Path) -> None:
    first = kg.build(only=[files], home=tmp_path / "home")
    (files / "broken.ttl").write_text("not turtle")
    with pytest.raises(kg.RDFSyntaxError):
        kg.build(only=[files], home=tmp_path / "home")
    assert kg.open_snapshot(tmp_path / "home").id == first.id
    assert not list((tmp_path / "home").glob("building-*"))


def test_a_full_disk_is_one_sentence_and_nothing_is_half_written(files: Path, tmp_path: Path) -> None:
    first = kg.build(only=[files], home=tmp_path / "home")
    (files / "beta.ttl").write_text("".join(f"<http://s{n}> <http://p> 'some words {n}' .\n" for n in range(20000)))
    previous = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    try:
        resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, limits[1]))
        with pytest.raises(kg.SnapshotError, match="cannot write"):
            kg.build(only=[files], home=tmp_path / "home")
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
        signal.signal(signal.SIGXFSZ, previous)
    assert kg.open_snapshot(tmp_path / "home").id == first.id
    assert len(kg.snapshots(tmp_path / "home")) == 1
    assert not list((tmp_path / "home").glob("building-*"))


@pytest.mark.parametrize("stage", ["load", "infer", "hash", "store", "index"])
def test_a_build_killed_at_any_stage_leaves_the_previous_snapshot_and_the_next_build_cleans_up(
    files: Path, tmp_path: Path, stage: str
) -> None:
    home = tmp_path / "home"
    first = kg.build(only=[files], home=home)
    (files / "beta.ttl").write_text(TWO)
    program = (
        "import os, signal, sys, kg\n"
        "def die(step, done, total):\n"
        "    if step.startswith(sys.argv[3]): os.kill(os.getpid(), signal.SIGKILL)\n"
        "kg.build(only=[sys.argv[1]], home=sys.argv[2], progress=die)\n"
    )
    killed = subprocess.run([sys.executable, "-c", program, files, home, stage], capture_output=True)
    assert killed.returncode == -signal.SIGKILL
    assert kg.open_snapshot(home).id == first.id
    second = kg.build(only=[files], home=home)
    assert second.id != first.id
    assert not list(home.glob("building-*"))


def test_two_builds_at_once_wait_for_each_other(files: Path, tmp_path: Path) -> None:
    program = "import sys, kg; print(kg.build(only=[sys.argv[1]], home=sys.argv[2]).id)"
    command = [sys.executable, "-c", program, str(files), str(tmp_path / "home")]
    both = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(2)]
    ids = {process.communicate(timeout=60)[0].strip() for process in both}
    assert ids == {kg.open_snapshot(tmp_path / "home").id}


def test_many_processes_may_hold_one_snapshot(files: Path, tmp_path: Path) -> None:
    snapshot = kg.build(only=[files], home=tmp_path / "home")
    program = "import sys, kg; print(len(kg.open_snapshot(sys.argv[1])))"
    command = [sys.executable, "-c", program, str(tmp_path / "home")]
    readers = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(3)]
    assert {reader.communicate(timeout=60)[0].strip() for reader in readers} == {str(len(snapshot))}


@pytest.mark.parametrize(
    ("damage", "says"),
    [
        (lambda path: (path / "manifest.json").unlink(), "damaged snapshot"),
        (lambda path: (path / "manifest.json").write_text("{"), "damaged snapshot"),
        (lambda path: (path / "manifest.json").write_text('{"format": 0}'), "another version"),
        (lambda path: (path / "store" / "CURRENT").unlink(), "cannot open the store"),
    ],
)
def test_a_damaged_snapshot_says_what_to_do_and_doing_it_helps(files: Path, tmp_path: Path, damage, says: str) -> None:
    damage(kg.build(only=[files], home=tmp_path / "home").path)
    with pytest.raises(kg.SnapshotError, match=f"{says}.*run `kg build` again"):
        kg.open_snapshot(tmp_path / "home")
    kg.build(only=[files], home=tmp_path / "home")
    assert len(kg.open_snapshot(tmp_path / "home")) == 1
    assert not list((tmp_path / "home").glob("building-*"))


def test_a_damaged_index_is_made_again(files: Path, tmp_path: Path) -> None:
    snapshot = kg.build(only=[files], home=tmp_path / "home")
    (snapshot.path / "search.sqlite").write_bytes(b"not a database" * 1000)
    with pytest.raises(kg.SnapshotError, match="cannot open the search index"):
        kg.search(kg.open_snapshot(tmp_path / "home"), "tunis")
    assert kg.search(kg.build(only=[files], home=tmp_path / "home"), "tunis") == []


def test_without_a_snapshot_the_sentence_says_to_build_one(tmp_path: Path) -> None:
    with pytest.raises(kg.SnapshotError, match="run `kg build` first"):
        kg.open_snapshot(tmp_path)
    kg.build(only=[_one(tmp_path)], home=tmp_path / "home")
    with pytest.raises(kg.SnapshotError, match='no snapshot "zzz"'):
        kg.open_snapshot(tmp_path / "home", "zzz")


def _one(folder: Path) -> Path:
    (folder / "alpha.ttl").write_text(ONE)
    return folder / "alpha.ttl"
