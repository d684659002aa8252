"""What a snapshot says of itself, for editors of queries: its parts in VoID, and the questions of the packs in SHACL.

It is generated, so it stands in a store of its own, in a folder inside that of the snapshot: the graph, its counts and
its id stay what the sources make them. A query that names a term of these descriptions is asked of them.
"""

import hashlib
import shutil
import tempfile
from collections.abc import Iterable
from contextlib import suppress
from functools import lru_cache
from pathlib import Path

import pyoxigraph as ox

from kg import loading, queries, sparql
from kg.errors import SnapshotError
from kg.examples import examples
from kg.queries import Question
from kg.snapshot import Snapshot
from kg.store import Store, open_folder
from kg.terms import BASE, Statement, prefixes
from kg.writing import whole, write_statements

GRAPH = BASE + "dataset"
PARTS = ("void", "void-classes", "void-values", "void-words")
COUNTS = ("void", "void-classes", "void-properties", "void-linksets", "void-graphs")
_SPEAKING = (
    "http://rdfs.org/ns/void#",
    "http://ldf.fi/void-ext#",
    "https://purl.expasy.org/sparql-examples/ontology#",
    "http://www.w3.org/ns/shacl#SPARQL",
)
"""How the terms begin that descriptions are written in, and data is not."""


def description(snapshot: Snapshot) -> Store:
    """The description of a snapshot; made, which takes some seconds, when it is asked for the first time.

    A changed question is a new description.
    """
    parts = [queries.get(f"dataset/{part}") for part in PARTS]
    questions = [question for pack in queries.packs() for question in pack.questions]
    folder = snapshot.path / f"description-{_mark([*parts, *questions])}"
    if not folder.is_dir():
        _write(snapshot, parts, questions, folder)
    return _open(folder)


def void(snapshot: Snapshot) -> list[Statement]:
    """The counts of a snapshot in VoID; made, which takes some seconds, when they are asked for the first time."""
    parts = [queries.get(f"dataset/{part}") for part in COUNTS]
    file = snapshot.path / f"void-{_mark(parts)}.nt"
    if file.exists():
        return [(quad.subject, quad.predicate, quad.object) for quad in loading.parse(file, GRAPH)]
    statements = [triple for part in parts for triple in snapshot.query(part.text, name=part.name).triples]
    with suppress(OSError), whole(file) as new:
        new.write_bytes(write_statements(statements, "nt"))
    return statements


def _mark(questions: Iterable[Question]) -> str:
    """What is different when one of the questions is."""
    texts = "\n".join(one.path.read_text(encoding="utf-8") for one in questions)
    return hashlib.sha256(texts.encode()).hexdigest()[:8]


def speaks_of_description(query: str) -> bool:
    """True if a query asks for rows about the parts of the dataset or the examples, by the terms that it names."""
    if not any(hint in query for hint in ("void", "SPARQL", "sparql-examples", "spex:")):
        return False
    if sparql.has_keyword(query, "CONSTRUCT", "FROM"):
        return False
    return any(name.startswith(_SPEAKING) for name in sparql.named(query, prefixes()))


@lru_cache(maxsize=2)
def _open(folder: Path) -> Store:
    return Store(open_folder(folder, {}))


def _write(snapshot: Snapshot, parts: Iterable[Question], questions: Iterable[Question], folder: Path) -> None:
    store = Store()
    graph = ox.NamedNode(GRAPH)
    for part in parts:
        store.add(ox.Quad(*statement, graph) for statement in snapshot.query(part.text, name=part.name).triples)
    store.add(ox.Quad(*statement, graph) for statement in examples(questions))
    try:
        place = Path(tempfile.mkdtemp(dir=folder.parent, prefix=".writing-"))
        try:
            store.save(place / folder.name)
            (place / folder.name).rename(folder)
        finally:
            shutil.rmtree(place, ignore_errors=True)
    except OSError as error:
        if folder.is_dir():  # another process has been faster
            return
        raise SnapshotError(f"{folder}: cannot be written: {error.strerror}") from error
