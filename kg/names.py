"""Names: finding things by any name in any language, and showing the right name for a reader.

The index is one SQLite file beside the store: every name folded (no case, no accents, no Arabic vowel marks) and its
words in an FTS5 table, what is pointed to most first, so that the first matches are the ones to show: a search while
someone types never ranks a hundred thousand of them. Misspelt words are mended only when nothing matches as typed.
"""

import re
import sqlite3
import unicodedata
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from heapq import nsmallest
from itertools import product
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
"""Least likeness (0 to 100, ratio of rapidfuzz) at which a known word counts as what a misspelt one was to be."""
LEAST_LETTERS = 4
"""A shorter word is like too many others to be mended."""
SPELLINGS = 3
"""How many words are tried for each misspelt one."""

Found = tuple[str, str, str, int, str, float]
"""IRI, name, language, rank of the property, folded name, weight of the thing."""

_TYPE = ox.NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type")
_LABELS_OF_PROPERTIES = ox.NamedNode("http://www.w3.org/2000/01/rdf-schema#subPropertyOf")
_TABLES = """
CREATE TABLE name (id INTEGER PRIMARY KEY, iri TEXT, name TEXT, language TEXT, rank INTEGER, folded TEXT);
CREATE TABLE kind (iri TEXT, class TEXT);
CREATE TABLE weight (iri TEXT PRIMARY KEY, weight REAL) WITHOUT ROWID;
CREATE VIRTUAL TABLE word USING fts5 (folded, content='name', content_rowid='id', tokenize='unicode61', prefix='2 3');
"""
_WORDS = """
SELECT iri, name, language, name.rank, name.folded, COALESCE(weight, 0)
FROM word JOIN name ON id = word.rowid LEFT JOIN weight USING (iri)
WHERE word MATCH ? ORDER BY word.rowid LIMIT 1000
"""
_EXACT = """
SELECT iri, name, language, rank, folded, COALESCE(weight, 0)
FROM name LEFT JOIN weight USING (iri) WHERE folded = ? LIMIT 200
"""
_VOCABULARY = "CREATE VIRTUAL TABLE IF NOT EXISTS temp.vocabulary USING fts5vocab('main', 'word', 'row')"
_INDEXES = """
CREATE INDEX name_iri ON name (iri);
CREATE INDEX name_folded ON name (folded);
CREATE INDEX kind_iri ON kind (iri);
INSERT INTO word (word) VALUES ('rebuild');
"""
_WORD = re.compile(r"\w+")
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
        best = self._best({folded: 0.0}) or self._best(self._spellings(folded))
        ordered = sorted(best, key=lambda iri: (-best[iri][0], len(best[iri][1]), iri))[:limit]
        return [
            Hit(
                iri, best[iri][1], best[iri][2], self.label(iri, language)[0], self.classes(iri), round(best[iri][0], 3)
            )
            for iri in ordered
        ]

    def named_like(self, text: str) -> set[str]:
        """IRIs of all things with a name, in any language, that has words beginning with each word of `text`."""
        words = " ".join(f'"{word}" *' for word in fold(text).split())
        found = "SELECT DISTINCT iri FROM word JOIN name ON id = word.rowid WHERE word MATCH ?"
        return {row[0] for row in self._database.execute(found, (words,))} if words else set()

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
        for found in filter(None, self.called(text)):
            if len(found) == 1:
                return found[0]
            raise AmbiguousNameError(text, [f"{shorten(iri)} ({self.label(iri)[0]})" for iri in found])
        near = [f"{hit.label} ({shorten(hit.iri)})" for hit in self.search(text, limit=5)]
        raise UnknownNameError(text, near)

    def called(self, text: str) -> list[list[str]]:
        """IRIs of all things with exactly this name in any language: by label, by label or title, by any name."""
        exact = self._database.execute("SELECT DISTINCT iri, rank FROM name WHERE folded = ?", (fold(text),)).fetchall()
        return [sorted({str(iri) for iri, rank in exact if rank <= limit}) for limit in (0, 2, 9)]

    def _best(self, spellings: dict[str, float]) -> dict[str, tuple[float, str, str]]:
        """Thing -> the score of its best name, that name and its language; a spelling is folded, with what it costs."""
        best: dict[str, tuple[float, str, str]] = {}
        for folded, cost in spellings.items():
            for iri, name, tongue, rank, key, weight in self._named(folded):
                score = _score(folded, key, rank) + weight - cost
                if iri not in best or score > best[iri][0]:
                    best[iri] = (score, name, tongue)
        return best

    def _named(self, folded: str) -> list[Found]:
        """The names that have all these words, or words that begin so."""
        words = " ".join(f'"{word}" *' for word in folded.split())
        return [
            *self._database.execute(_EXACT, (folded,)),
            *self._database.execute(_WORDS, (words,)),
        ]

    def _spellings(self, folded: str) -> dict[str, float]:
        """What may have been meant: each unknown word replaced by known ones like it, with what that costs."""
        meant = [("", 0.0)]
        for word in folded.split():
            pairs = product(meant, self._near(word))
            longer = ((f"{before} {near}", cost + (100 - likeness) / 10) for (before, cost), (near, likeness) in pairs)
            meant = nsmallest(SPELLINGS * 2, longer, key=lambda one: one[1])
        return {spelling.strip(): cost for spelling, cost in meant}

    def _near(self, word: str) -> list[tuple[str, float]]:
        """The word itself if a name has one that begins so, else the known words most like it, with the likeness."""
        place = bisect_left(self._words, word)
        if place < len(self._words) and self._words[place].startswith(word):
            return [(word, 100)]
        if len(word) < LEAST_LETTERS:
            return []
        like = process.extract(word, self._words, scorer=fuzz.ratio, limit=SPELLINGS, score_cutoff=LIKENESS)
        return [(other, score) for other, score, _ in like]

    @cached_property
    def _words(self) -> list[str]:
        """Every word of every name, sorted."""
        self._database.execute(_VOCABULARY)
        return sorted(row[0] for row in self._database.execute("SELECT term FROM temp.vocabulary"))


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
        weights = _weights(store)
        names = sorted(_names(store), key=lambda name: (-weights.get(name[0], 0), len(name[4]), name))
        database.executemany("INSERT INTO name (iri, name, language, rank, folded) VALUES (?, ?, ?, ?, ?)", names)
        typed = store.statements(predicate=_TYPE)
        kinds = {(s.value, o.value) for s, _, o in typed if isinstance(s, ox.NamedNode) and isinstance(o, ox.NamedNode)}
        database.executemany("INSERT INTO kind (iri, class) VALUES (?, ?)", sorted(kinds))
        database.executemany("INSERT INTO weight (iri, weight) VALUES (?, ?)", sorted(weights.items()))
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
    if text.isascii():
        return " ".join(_WORD.findall(text.lower()))
    decomposed = unicodedata.normalize("NFKD", _ARABIC_MARKS.sub("", text).translate(_ARABIC_LETTERS))
    plain = "".join(c for c in decomposed if not unicodedata.combining(c)).casefold()
    return " ".join(_WORD.findall(plain))


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
