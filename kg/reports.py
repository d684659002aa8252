"""The report of the project's shapes on a snapshot, kept beside it: a snapshot never changes, nor does its report."""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import asdict
from functools import lru_cache
from importlib.metadata import version
from pathlib import Path
from typing import Any

from kg import validation
from kg.errors import FileError
from kg.exports import write_file
from kg.loading import Progress, silent
from kg.snapshot import Snapshot
from kg.validation import SHAPES, Report, Result

FORMAT = 2
"""Version of the file; one of another version is not read."""


def report_of(snapshot: Snapshot, progress: Progress = silent) -> Report:
    """The report of the project's shapes on a snapshot: the one kept with it, else one worked out now and kept.

    A folder that cannot be written to keeps nothing; the report is worked out all the same.
    """
    kept = find_report(snapshot)
    if kept is not None:
        return kept
    report = validation.validate(snapshot, progress=progress)
    content = {**asdict(report), "turtle": report.turtle.decode()}
    try:
        write_file(_file(snapshot.path), json.dumps(content, ensure_ascii=False).encode())
    except FileError:
        return report
    return report


def find_report(snapshot: Snapshot) -> Report | None:
    """The report kept with a snapshot, None where these shapes have not been tried on it yet."""
    try:
        return _read(json.loads(_file(snapshot.path).read_text(encoding="utf-8")))
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _read(content: dict[str, Any]) -> Report:
    results = tuple(_result(one) for one in content["results"])
    return Report(results, content["fails_on"], content["conforms"], content["turtle"].encode())


def _result(values: dict[str, Any]) -> Result:
    return Result(**{**values, "graphs": tuple(values["graphs"]), "files": tuple(values["files"])})


def _file(folder: Path) -> Path:
    return folder / f"report-{_shapes()}.json"


@lru_cache(maxsize=1)
def _shapes() -> str:
    """What a report depends on beside the snapshot: the shapes, byte by byte, and the versions of what reads them."""
    digest = hashlib.sha256(repr([FORMAT, *map(version, ("migration-governance", "pyshacl", "rdflib"))]).encode())
    for part in _parts():
        digest.update(hashlib.sha256(part).digest())
    return digest.hexdigest()[:16]


def _parts() -> Iterator[bytes]:
    for file in sorted(SHAPES.rglob("*.ttl")):
        yield file.name.encode()
        yield file.read_bytes()
