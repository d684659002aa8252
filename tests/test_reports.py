"""The report of the shapes is worked out once for a snapshot and kept with it."""

import json
from pathlib import Path

import pytest
from common import CASES, Run

import kg


@pytest.fixture
def snapshot(tmp_path: Path) -> kg.Snapshot:
    (tmp_path / "port.ttl").write_text(
        "<https://w3id.org/migration-governance/id/city/port> a <https://w3id.org/migration-governance/ontology#City> ."
    )
    return kg.build(only=(tmp_path / "port.ttl",), home=tmp_path / "home")


def kept(snapshot: kg.Snapshot) -> list[Path]:
    return list(snapshot.path.glob("report-*.json"))


def test_a_report_is_kept_and_read_again_as_it_was(snapshot: kg.Snapshot) -> None:
    assert kg.find_report(snapshot) is None
    report = kg.report_of(snapshot)
    assert kg.find_report(snapshot) == report
    assert report.count("warning") == 1  # the country
    assert b"sh:ValidationReport" in report.turtle


def test_a_report_that_is_kept_is_not_worked_out_again(snapshot: kg.Snapshot) -> None:
    kg.report_of(snapshot)
    (file,) = kept(snapshot)
    changed = json.loads(file.read_text()) | {"results": []}
    file.write_text(json.dumps(changed))
    assert kg.report_of(snapshot).results == ()


@pytest.mark.parametrize("content", ["", "{}", '{"results": [{}]}', "[]"])
def test_a_damaged_report_is_worked_out_again(snapshot: kg.Snapshot, content: str) -> None:
    report = kg.report_of(snapshot)
    kept(snapshot)[0].write_text(content)
    assert kg.report_of(snapshot) == report == kg.find_report(snapshot)


def test_a_report_that_cannot_be_kept_is_given_all_the_same(snapshot: kg.Snapshot) -> None:
    report = kg.report_of(snapshot)
    (file,) = kept(snapshot)
    file.unlink()
    file.mkdir()  # in its way
    assert kg.report_of(snapshot) == report
    assert kg.find_report(snapshot) is None


def test_build_checks_the_snapshot_and_validate_says_the_same_from_what_is_kept(run: Run, tmp_path: Path) -> None:
    built = run("build", "--only", CASES / "small.ttl")
    counts = built.stdout.splitlines()[2].removeprefix("shapes: ")
    checked = run("validate")
    assert checked.stdout.splitlines()[-1].endswith(f": {counts}")
    (file,) = (tmp_path / "home" / "snapshots").glob("*/report-*.json")
    file.write_text(file.read_text().replace("Choose a kind", "Kept: choose a kind"))
    assert "Kept: choose a kind" in run("validate").stdout


def test_a_build_without_report_leaves_it_for_later(run: Run, tmp_path: Path) -> None:
    built = run("build", "--only", CASES / "small.ttl", "--no-report")
    assert len(built.stdout.splitlines()) == 2
    assert not list((tmp_path / "home" / "snapshots").glob("*/report-*.json"))
