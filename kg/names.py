"""Names: finding things by any name in any language, and showing the right name for a reader.

The index is one SQLite file beside the store: every name folded (no case, no accents, no Arabic vowel marks) and its
words in an FTS5 table. Spelling mistakes are looked for, by likeness, only when nothing matches as typed.
"""

import re
import sqlite3
import unicodedata
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from math import log10
from pathlib import Path
from weakref import WeakKeyDictionary

import pyoxigraph as ox
from rapidfuzz import fuzz, process

from kg.errors import AmbiguousNameError, SnapshotError, UnknownNameError
from kg.store import Store
from kg.terms import expand, readable_tail, shorten

NAMES = {
    "http://www.w3.org/2000/01/rdf-schema#label": 0,
    "http://www.w3.org/2004/02/skos/core#prefLabel": 1,
    "http://purl.org/dc/terms/title": 2,
    "https://schema.org/name": 3,
    "http://xmlns.com/foaf/0.1/name": 3,
    "http://www.w3.org/2004/02/skos/core#altLabel": 4,
    "https://schema.org/alternateName": 4,
}
"""Properties that name a thing, with their rank: the lowest gives the label shown."""

LIKENESS = 78
"""Least likeness (0 to 100, WRatio of rapidfuzz) at which another spelling counts as the same name."""

Found = tuple[str, str, str, int, str, float, float]
"""IRI, name, language, rank of the property, folded name, weight of the thing, what a misspelling costs."""

_TYPE = ox.NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type")
_LABELS_OF_PROPERTIES = ox.NamedNode("http://www.w3.org/2000/01/rdf-schema#subPropertyOf")
_TABLES = """
CREATE TABLE name (id INTEGER PRIMARY KEY, iri TEXT, name TEXT, language TEXT, rank INTEGER, folded TEXT);
CREATE TABLE kind (iri TEXT, class TEXT);
CREATE TABLE weight (iri TEXT PRIMARY KEY, weight REAL) WITHOUT ROWID;
CREATE VIRTUAL TABLE word USING fts5 (folded, content='name', content_rowid='id', tokenize='unicode61', prefix='2 3');
"""
_WORDS = """
SELECT iri, name, language, name.rank, name.folded, COALESCE(weight, 0), 0.0
FROM word JOIN name ON id = word.rowid LEFT JOIN weight USING (iri)
WHERE word MATCH ? ORDER BY word.rank LIMIT 2000
"""
_LIKE = """
SELECT iri, name, language, rank, folded, COALESCE(weight, 0) FROM name LEFT JOIN weight USING (iri) WHERE folded = ?
"""
_INDEXES = """
CREATE INDEX name_iri ON name (iri);
CREATE INDEX name_folded ON name (folded);
CREATE INDEX kind_iri ON kind (iri);
INSERT INTO word (word) VALUES ('rebuild');
"""
_ARABIC_MARKS = re.compile("[\u0640\u064b-\u065f\u0670]")
_ARABIC_LETTERS = str.maketrans("أإآٱىة", "اااايه")


@dataclass(frozen=True)
class Hit:
    """One thing found: the name that matched and its language, the label to show, its classes, best score first."""

    iri: str
    name: str
    language: str
    label: str
    classes: tuple[str, ...]
    score: float


class Index:
    """The names of a store. Many threads and processes may read one file; each call opens its own cursor."""

    def __init__(self, database: sqlite3.Connection) -> None:
        self._database = database

    def close(self) -> None:
        """Let go of the file."""
        self._database.close()

    def search(self, text: str, limit: int = 20, language: str = "en") -> list[Hit]:
        """Things with a name like `text`, best first: exact names, beginnings of words, else likely misspellings."""
        folded = fold(text)
        if not folded:
            return []
        rows = self._by_words(folded) or self._by_likeness(folded)
        best: dict[str, tuple[float, str, str]] = {}
        for iri, name, tongue, rank, key, weight, distance in rows:
            score = _score(folded, key, rank) + weight - distance
            if iri not in best or score > best[iri][0]:
                best[iri] = (score, name, tongue)
        ordered = sorted(best, key=lambda iri: (-best[iri][0], len(best[iri][1]), iri))[:limit]
        return [
            Hit(
                iri, best[iri][1], best[iri][2], self.label(iri, language)[0], self.classes(iri), round(best[iri][0], 3)
            )
            for iri in ordered
        ]

    def label(self, iri: str, language: str = "en") -> tuple[str, str]:
        """The name to show and its language: the one asked for, else English, French, any; else the end of the IRI."""
        rows = self._database.execute(
            "SELECT name, language, rank FROM name WHERE iri = ? AND rank < 5", (iri,)
        ).fetchall()
        wanted = [language, "en", "fr", ""]
        rows.sort(key=lambda r: (r[2] > 0, wanted.index(r[1]) if r[1] in wanted else 9, r[2], r[1], r[0]))
        return (rows[0][0], rows[0][1]) if rows else (readable_tail(iri), "")

    def names(self, iri: str) -> list[str]:
        """Every name of a thing, sorted."""
        return [
            row[0]
            for row in self._database.execute("SELECT DISTINCT name FROM name WHERE iri = ? ORDER BY name", (iri,))
        ]

    def classes(self, iri: str) -> tuple[str, ...]:
        """IRIs of the classes of a thing, sorted."""
        rows = self._database.execute("SELECT class FROM kind WHERE iri = ? ORDER BY class", (iri,))
        return tuple(row[0] for row in rows)

    def resolve(self, text: str) -> str:
        """The IRI that an IRI, a prefixed name or a name in any language stands for; an IRI need not be in the graph.

        Raises AmbiguousNameError or UnknownNameError, both with the nearest candidates.
        """
        iri = expand(text)
        if iri is not None:
            return iri
        exact = self._database.execute("SELECT DISTINCT iri, rank FROM name WHERE folded = ?", (fold(text),)).fetchall()
        for limit in (0, 2, 9):
            found = sorted({iri for iri, rank in exact if rank <= limit})
            if len(found) == 1:
                return str(found[0])
            if found:
                raise AmbiguousNameError(text, [f"{shorten(iri)} ({self.label(iri)[0]})" for iri in found])
        near = [f"{hit.label} ({shorten(hit.iri)})" for hit in self.search(text, limit=5)]
        raise UnknownNameError(text, near)

    def _by_words(self, folded: str) -> list[Found]:
        words = " ".join(f'"{word}" *' for word in folded.split())
        return self._database.execute(_WORDS, (words,)).fetchall()

    def _by_likeness(self, folded: str) -> list[Found]:
        names = self._database.execute("SELECT DISTINCT folded FROM name").fetchall()
        like = process.extract(folded, [n[0] for n in names], scorer=fuzz.WRatio, limit=50, score_cutoff=LIKENESS)
        return [(*row, (100 - score) / 10) for name, score, _ in like for row in self._database.execute(_LIKE, (name,))]


_indexes: WeakKeyDictionary[Store, Index] = WeakKeyDictionary()


def index_of(store: Store) -> Index:
    """The index of a store: the file of its snapshot, or one made in memory at the first call and kept."""
    if store not in _indexes:
        _indexes[store] = open_file(store.index_file) if store.index_file else build(store)
    return _indexes[store]


def build(store: Store, file: Path | str = ":memory:") -> Index:
    """A new index of every name in the store, in a file or in memory; SnapshotError when the file cannot be written."""
    try:
        database = sqlite3.connect(file, check_same_thread=False)
        database.executescript("PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF;" + _TABLES)
        database.executemany(
            "INSERT INTO name (iri, name, language, rank, folded) VALUES (?, ?, ?, ?, ?)", sorted(_names(store))
        )
        typed = store.statements(predicate=_TYPE)
        kinds = {(s.value, o.value) for s, _, o in typed if isinstance(s, ox.NamedNode) and isinstance(o, ox.NamedNode)}
        database.executemany("INSERT INTO kind (iri, class) VALUES (?, ?)", sorted(kinds))
        database.executemany("INSERT INTO weight (iri, weight) VALUES (?, ?)", sorted(_weights(store).items()))
        database.executescript(_INDEXES)
        database.commit()
    except (sqlite3.Error, OSError) as error:
        raise SnapshotError(f"{file}: cannot write the search index: {error}") from error
    return Index(database)


def open_file(file: Path) -> Index:
    """The index in a file, read-only; SnapshotError if it is missing or damaged."""
    try:
        database = sqlite3.connect(f"file:{file}?mode=ro&immutable=1", uri=True, check_same_thread=False)
        database.execute("SELECT iri FROM weight JOIN name USING (iri) JOIN kind USING (iri) LIMIT 1")
        return Index(database)
    except sqlite3.Error as error:
        raise SnapshotError(f"{file}: cannot open the search index: {error}; run `kg build` again") from error


def fold(text: str) -> str:
    """A name without case, accents, Arabic vowel marks, punctuation or repeated blanks, for comparing."""
    decomposed = unicodedata.normalize("NFKD", _ARABIC_MARKS.sub("", text).translate(_ARABIC_LETTERS))
    plain = "".join(c for c in decomposed if not unicodedata.combining(c)).casefold()
    return " ".join(re.findall(r"\w+", plain))


def _names(store: Store) -> Iterator[tuple[str, str, str, int, str]]:
    seen: set[tuple[str, str, str]] = set()
    for predicate, rank in _naming_properties(store):
        for subject, _, value in store.statements(predicate=predicate):
            if not isinstance(subject, ox.NamedNode) or not isinstance(value, ox.Literal):
                continue
            key = (subject.value, value.value, value.language or "")
            if key not in seen:
                seen.add(key)
                yield subject.value, value.value, value.language or "", rank, fold(value.value)


def _weights(store: Store) -> dict[str, float]:
    """What a thing gains by being pointed to, 1.4 at most: things come before the records about them."""
    pointed = Counter(o.value for _, _, o in store.merged() if isinstance(o, ox.NamedNode))
    return {iri: round(min(1.4, 1.2 * log10(1 + times)), 3) for iri, times in pointed.items()}


def _naming_properties(store: Store) -> list[tuple[ox.NamedNode, int]]:
    """The properties that name things, and those declared narrower than one of them, lowest rank first."""
    ranks = dict(NAMES)
    for subject, _, wider in store.statements(predicate=_LABELS_OF_PROPERTIES):
        if isinstance(subject, ox.NamedNode) and isinstance(wider, ox.NamedNode) and wider.value in NAMES:
            ranks.setdefault(subject.value, NAMES[wider.value] + 1)
    return [(ox.NamedNode(iri), rank) for iri, rank in sorted(ranks.items(), key=lambda item: (item[1], item[0]))]


def _score(wanted: str, folded: str, rank: int) -> float:
    exact = 4.0 if folded == wanted else 1.5 if folded.startswith(wanted) else 0.5
    return exact + 0.5 * len(wanted) / max(len(folded), len(wanted)) - 0.05 * rank
