"""Immutable snapshots: store, search index and manifest in one folder named after what they hold.

`<home>/snapshots/<id>/` is written in a temporary folder beside it and appears by one rename; `<home>/current` names
the newest. A build that fails or is killed leaves both as they were. The id is the SHA-256 of the canonical dataset,
so the same files give the same id on any machine.
"""

import errno
import fcntl
import hashlib
import json
import os
import shutil
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

from kg import inference, loading, names
from kg.errors import SnapshotError
from kg.loading import Progress, silent
from kg.store import Store, open_folder
from kg.terms import BASE, ROOT
from kg.writing import canonical

HOME = ".kg"
FORMAT = 2
"""Version of the folder layout; a reader refuses another one."""


class Snapshot(Store):
    """A built graph on disk, read-only: a Store with an id and a manifest."""

    def __init__(self, path: Path, manifest: Mapping[str, Any]) -> None:
        super().__init__(open_folder(path / "store", manifest["files"]), manifest["files"])
        self.path = path
        self.index_file = path / "search.sqlite"
        self.manifest = dict(manifest)
        self.id: str = manifest["id"]


def home_folder(home: Path | str | None = None) -> Path:
    """The folder of the snapshots: the one given, else $KG_HOME, else `.kg` in the project."""
    return Path(home or os.environ.get("KG_HOME") or ROOT / HOME)


def build(
    data: tuple[Path | str, ...] = (),
    only: tuple[Path | str, ...] = (),
    home: Path | str | None = None,
    progress: Progress = silent,
) -> Snapshot:
    """A new snapshot of the project's graph, or of `only` the given files, plus `data`, made the current one.

    Raises KGError, and leaves the previous snapshot current, when a file does not parse or the disk is full.
    """
    started = time.monotonic()
    paths = (*(only or (ROOT / "ontology", ROOT / "data")), *data)
    store = loading.load(*paths, progress=progress)
    inference.infer(store, inference.rules(), progress)
    return keep(store, home, started, progress)


def keep(store: Store, home: Path | str | None, started: float, progress: Progress = silent, **about: Any) -> Snapshot:
    """A new snapshot of what a store holds, made the current one; `about` goes into its manifest.

    `started` is when, by the monotonic clock, the work on it began.
    """
    folder = home_folder(home)
    with _building(folder) as place:
        progress("hash", 0, 1)
        manifest = _manifest(store) | about
        progress("store", 0, 1)
        store.save(place / "store")
        progress("index", 0, 1)
        names.build(store, place / "search.sqlite").close()
        manifest["seconds"] = round(time.monotonic() - started, 2)
        (place / "manifest.json").write_text(json.dumps(manifest, indent=1, sort_keys=True) + "\n", encoding="utf-8")
        _publish(place, folder, manifest["id"])
    return open_snapshot(folder, manifest["id"])


def open_snapshot(home: Path | str | None = None, id: str | None = None) -> Snapshot:
    """The snapshot with that id (or the beginning of it), or the current one; SnapshotError when there is none."""
    folder = home_folder(home)
    name = id or current(folder)
    if name is None:
        raise SnapshotError(f"no snapshot in {folder}: run `kg build` first")
    found = [path for path in snapshots(folder) if path.name.startswith(name)]
    if len(found) != 1:
        raise SnapshotError(f'{"no" if not found else "more than one"} snapshot "{name}" in {folder}')
    return _open(found[0])


def current(folder: Path) -> str | None:
    """The id of the current snapshot, None before the first build."""
    try:
        return (folder / "current").read_text(encoding="utf-8").strip()
    except (FileNotFoundError, NotADirectoryError):
        return None


def snapshots(folder: Path) -> list[Path]:
    """The folders of all snapshots, sorted by name."""
    return sorted(path for path in (folder / "snapshots").glob("*") if path.is_dir())


def _open(path: Path) -> Snapshot:
    try:
        manifest = json.loads((path / "manifest.json").read_text(encoding="utf-8"))
        if manifest["format"] != FORMAT:
            raise SnapshotError(f"{path} was built by another version; run `kg build` again")
        return Snapshot(path, manifest)
    except (OSError, ValueError, KeyError) as error:
        raise SnapshotError(f"{path}: damaged snapshot ({error}); run `kg build` again") from error


def _manifest(store: Store) -> dict[str, Any]:
    digest = hashlib.sha256(canonical(store.quads())).hexdigest()
    counts = store.counts()
    return {
        "format": FORMAT,
        "id": digest[:16],
        "rdfc10_sha256": digest,
        "built": datetime.now(UTC).isoformat(timespec="seconds"),
        "quads": len(store),
        "derived": sum(number for graph, number in counts.items() if graph.startswith(inference.RULES)),
        "sources": sum(graph.startswith(BASE + "source/") for graph in counts),
        "graphs": dict(sorted(counts.items())),
        "files": dict(sorted(store.files.items())),
        "versions": {name: version(name) for name in ("migration-governance", "pyoxigraph", "rdflib", "pyshacl")},
    }


@contextmanager
def _building(folder: Path) -> Iterator[Path]:
    """A temporary folder inside `folder` under an exclusive lock; removed at the end, also what a killed build left."""
    try:
        (folder / "snapshots").mkdir(parents=True, exist_ok=True)
        with (folder / "lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            for left in folder.glob("building-*"):
                shutil.rmtree(left, ignore_errors=True)
            place = Path(tempfile.mkdtemp(prefix="building-", dir=folder))
            try:
                yield place
            finally:
                for left in folder.glob("building-*"):
                    shutil.rmtree(left, ignore_errors=True)
    except OSError as error:
        reason = "no space left on the disk" if error.errno == errno.ENOSPC else error.strerror or str(error)
        raise SnapshotError(f"{folder}: cannot write the snapshot: {reason}; the previous one stays") from error


def _publish(place: Path, folder: Path, id: str) -> None:
    """Give the finished folder its name, in the place of a damaged one of that name, and make it current."""
    target = folder / "snapshots" / id
    if target.exists() and not _is_sound(target):
        target.rename(place.with_name(f"{place.name}-damaged"))
    if not target.exists():
        _sync(place)
        place.rename(target)
    pointer = folder / "current.new"
    pointer.write_text(id + "\n", encoding="utf-8")
    pointer.replace(folder / "current")


def _is_sound(path: Path) -> bool:
    try:
        names.index_of(_open(path)).close()
    except SnapshotError:
        return False
    return True


def _sync(place: Path) -> None:
    for file in place.rglob("*"):
        if file.is_file():
            with file.open("rb") as handle:
                os.fsync(handle.fileno())
