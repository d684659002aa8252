"""Lenses on the evidence: a snapshot as it is when only what certain sources say is let through.

A lens is a SELECT in `queries/lenses/<lens>.rq`: the sources whose word counts (?source), who stands behind each
(?origin), and how many sources without a common origin it takes (?least). The ontology and the descriptions of sources
always come through, and of whatever is still spoken of its label, class, kind and position (queries/explorer/frame.rq).
The rules are run again over what comes through.
"""

import fcntl
import hashlib
import json
import shutil
import tempfile
import threading
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import Any
from weakref import WeakKeyDictionary

import pyoxigraph as ox

from kg import inference, names
from kg.errors import ParameterError, SnapshotError
from kg.queries import Question, get, read
from kg.snapshot import Snapshot, open_snapshot
from kg.store import Store
from kg.terms import BASE, ONTOLOGY, ROOT, Statement, Subject, Term

FOLDER = ROOT / "queries" / "lenses"

FRAME = "explorer/frame"
"""The question for the properties that no lens hides of what is still spoken of."""


@dataclass(frozen=True)
class Witnesses:
    """The sources whose word counts, each with those who stand behind it, and how many it takes."""

    origins: Mapping[str, frozenset[str]]
    least: int

    def support(self, graphs: Iterable[str]) -> bool:
        """True if enough of the sources, without common origin, are among the graphs."""
        return independent(graphs, self.origins, self.least) >= self.least


def known_lenses(folder: Path = FOLDER) -> dict[str, Question]:
    """The lenses by name: the summary of each says what is shown, its description what that means."""
    return {file.stem: read(file) for file in sorted(folder.glob("*.rq"))}


def witnesses(store: Store, lens: Question) -> Witnesses:
    """The sources that a lens counts in a store."""
    origins: dict[str, set[str]] = {}
    least = 1
    for row in store.query(lens.text, name=lens.name).rows:
        source, origin, number = (_text(row[name]) for name in ("source", "origin", "least"))
        origins.setdefault(source, set()).add(origin)
        least = int(number)
    return Witnesses({source: frozenset(behind) for source, behind in origins.items()}, least)


def independent(graphs: Iterable[str], origins: Mapping[str, frozenset[str]], enough: int = 0) -> int:
    """How many of the sources among the graphs have no origin in common with another one counted.

    Counting stops at `enough` where that is given. Of sources that share origins those with the fewest come first, so
    the figure is never too high.
    """
    seen: set[str] = set()
    found = 0
    for behind in sorted((origins[graph] for graph in graphs if graph in origins), key=lambda o: (len(o), sorted(o))):
        if not behind & seen:
            found += 1
            if found == enough:
                break
        seen |= behind
    return found


def through(snapshot: Snapshot, name: str) -> Snapshot:
    """The snapshot seen through a lens: a snapshot of its own, in a folder inside that of the whole.

    Made when it is first asked for and then kept; its manifest says which `lens` it is and how many of the statements
    that sources make pass (`passing`, `stated`). Raises ParameterError for an unknown lens, SnapshotError when the
    folder cannot be written.
    """
    known = known_lenses()
    if name not in known:
        raise ParameterError(f'evidence="{name}" is not one of {", ".join(known)}')
    with _lock:
        place = _seen.setdefault(snapshot, {}).setdefault(name, _Place(threading.Lock()))
    with place.lock:
        if place.snapshot is None:
            place.snapshot = _open(snapshot, known[name])
    return place.snapshot


def is_ready(snapshot: Snapshot, name: str) -> bool:
    """True if `through` answers at once."""
    place = _seen.get(snapshot, {}).get(name)
    return place is not None and place.snapshot is not None


@dataclass
class _Place:
    lock: threading.Lock
    snapshot: Snapshot | None = None


_seen: WeakKeyDictionary[Snapshot, dict[str, _Place]] = WeakKeyDictionary()
_lock = threading.Lock()


def _open(snapshot: Snapshot, lens: Question) -> Snapshot:
    home = snapshot.path / "lenses"
    key = f"{lens.path.stem}-{_digest(lens)}"
    target = home / "snapshots" / key
    try:
        if not target.is_dir():
            target.parent.mkdir(parents=True, exist_ok=True)
            with (home / f"{key}.lock").open("w") as lock:
                fcntl.flock(lock, fcntl.LOCK_EX)  # another process may be at it, or have done it meanwhile
                for left in home.glob(f"building-{key}-*"):
                    shutil.rmtree(left, ignore_errors=True)
                if not target.is_dir():
                    _write(snapshot, lens, target)
    except OSError as error:
        raise SnapshotError(f"{home}: cannot write what passes {lens.name}: {error.strerror or error}") from error
    return open_snapshot(home, key)


def open_seen(home: Path | str | None = None, id: str = "") -> Snapshot:
    """The snapshot with an id as manifests give it: `<id>`, or `<id>+<lens>` as seen through a lens.

    Without the `<id>` that is the current one. Raises SnapshotError when there is none, ParameterError for an unknown
    lens.
    """
    whole, _, lens = id.partition("+")
    snapshot = open_snapshot(home, whole or None)
    return through(snapshot, lens) if lens else snapshot


def _digest(lens: Question) -> str:
    """Of everything that decides what passes, so that a changed lens or rule is a new folder."""
    texts = [lens.text, get(FRAME).text, *(rule.text for rule in inference.rules())]
    return hashlib.sha256("\n".join(texts).encode()).hexdigest()[:8]


def _write(snapshot: Snapshot, lens: Question, target: Path) -> None:
    store, counts = _seen_by(snapshot, witnesses(snapshot, lens))
    derived = inference.infer(store, inference.rules())
    manifest = _manifest(snapshot, store, lens.path.stem) | counts | {"derived": derived}
    place = Path(tempfile.mkdtemp(prefix=f"building-{target.name}-", dir=target.parent.parent))
    try:
        store.save(place / "store")
        names.build(store, place / "search.sqlite").close()
        (place / "manifest.json").write_text(json.dumps(manifest, indent=1, sort_keys=True) + "\n", encoding="utf-8")
        place.rename(target)
    finally:
        shutil.rmtree(place, ignore_errors=True)


def _manifest(snapshot: Snapshot, store: Store, name: str) -> dict[str, Any]:
    counts = store.counts()
    return {
        **snapshot.manifest,
        "id": f"{snapshot.id}+{name}",
        "lens": name,
        "quads": len(store),
        "graphs": dict(sorted(counts.items())),
        "sources": sum(graph.startswith(BASE + "source/") for graph in counts),
    }


def _seen_by(snapshot: Snapshot, counted: Witnesses) -> tuple[Store, dict[str, int]]:
    """A new store with the quads that come through, and how many of the statements that sources make pass."""
    store = Store(files=snapshot.files)
    store.add(snapshot.quads(ONTOLOGY))
    sources = {ox.NamedNode(graph) for graph in snapshot.graphs()}
    always = {row["property"] for row in snapshot.query(get(FRAME).text).rows}
    spoken_of: set[Term] = set()
    silent: dict[Term, list[ox.Quad]] = {}
    passing = stated = 0
    for subject, held in _by_subject(snapshot):
        passed = {s for s, graphs in held.items() if counted.support(graphs)}
        passing, stated = passing + len(passed), stated + len(held)
        spoken_of.update(s[2] for s in passed)
        frame = {s for s in held if s[1] in always or subject in sources}
        if passed or subject in sources:
            store.add(_quads(held, passed | frame))
        else:
            silent[subject] = list(_quads(held, frame))
    store.add(quad for thing in spoken_of & silent.keys() for quad in silent[thing])
    return store, {"passing": passing, "stated": stated}


def _by_subject(snapshot: Snapshot) -> Iterator[tuple[Subject, dict[Statement, list[str]]]]:
    """What sources say of each thing; the graph is gone through once, so that it need not fit into memory."""
    for subject, _ in groupby(snapshot.merged(), key=lambda statement: statement[0]):
        if held := _stated(snapshot.statements(subject=subject)):
            yield subject, held


def _stated(held: Mapping[Statement, Collection[str]]) -> dict[Statement, list[str]]:
    """The statements that sources make, with the sources: no rules, no ontology."""
    found = {statement: [g for g in graphs if _is_source(g)] for statement, graphs in held.items()}
    return {statement: graphs for statement, graphs in found.items() if graphs}


def _is_source(graph: str) -> bool:
    return graph != ONTOLOGY and not graph.startswith(inference.RULES)


def _quads(held: Mapping[Statement, Collection[str]], some: Iterable[Statement]) -> Iterator[ox.Quad]:
    return (ox.Quad(*statement, ox.NamedNode(graph)) for statement in some for graph in held[statement])


def _text(term: Term | None) -> str:
    return str(getattr(term, "value", ""))
