"""The files of `queries/networks/`: which there are, and what each says over a store.

A row is evidence: `?from ?to ?through` draws an arrow, `?member ?through` ties each two members of the same thing.
`?role`, `?theme`, `?start`, `?end` and `?source` may tell more; the dates and themes of what ties are those that
explorer/ties gives, and dates in the row itself narrow them.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import pyoxigraph as ox

from kg import queries
from kg.errors import HeaderError, UnknownNetworkError
from kg.lenses import known_lenses, witnesses
from kg.names import index_of
from kg.networks.ties import Evidence, Record, Ties
from kg.periods import NO_DATES, Span, span
from kg.queries import FOLDER, Question
from kg.store import Row, Store

INDEPENDENT = "two-sources"
"""The lens that says who stands behind a source."""


def known(folder: Path = FOLDER) -> list[Question]:
    """The files of `queries/networks/`, by name."""
    return [queries.read(file) for file in sorted((folder / "networks").glob("*.rq"))]


def read(store: Store, name: str, folder: Path = FOLDER) -> Ties:
    """What ties things in the network `queries/networks/<name>.rq`; UnknownNetworkError, HeaderError.

    Method: rows that say the same of the same are one piece of evidence, with all their roles and sources. Each two
    members of a thing are tied through it by the sources that state both, or else by all of both together, which
    counts as no independent one. Sources are independent as the lens on two sources has it.
    """
    files = {file.stem: file for file in (folder / "networks").glob("*.rq")}
    if name not in files:
        raise UnknownNetworkError(name, files)
    question = queries.read(files[name])
    index = index_of(store)
    answer = store.query(queries.fill(question, {}, index.resolve), name=question.name)
    ends = next((ends for ends in (("from", "to"), ("member",)) if {*ends, "through"} <= {*answer.columns}), None)
    if ends is None:
        raise HeaderError(question.path, "a network has the columns ?from ?to ?through, or ?member ?through")
    records = tuple(_records(store, answer.rows, ends))
    kinds = {_text(row, "class"): _text(row, "kind") for row in _rows(store, "explorer/kinds")}
    origins = witnesses(store, known_lenses()[INDEPENDENT]).origins
    return Ties(question, getattr(store, "id", ""), len(ends) == 2, records, origins, index, kinds)


def _records(store: Store, rows: Iterable[Row], ends: Sequence[str]) -> Iterator[Record]:
    about = _about(_rows(store, "explorer/ties"))
    grouped: dict[tuple[str, ...], list[Row]] = defaultdict(list)
    for row in rows:
        if all(isinstance(row[end], ox.NamedNode) for end in (*ends, "through")):
            grouped[tuple(_text(row, end) for end in (*ends, "through"))].append(row)
    for (*named, through), group in grouped.items():
        roles, themes, starts, closes, sources = (_texts(group, c) for c in ("role", "theme", "start", "end", "source"))
        said, dates = about.get(through, (frozenset[str](), NO_DATES))
        yield Record(
            tuple(named),
            Evidence(
                through,
                roles,
                themes | said,
                sources,
                True,
                dates.narrowed(starts, closes),
            ),
        )


def _about(rows: Iterable[Row]) -> dict[str, tuple[frozenset[str], Span]]:
    """The themes and the dates of each thing that ties."""
    grouped: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        grouped[_text(row, "through")].append(row)
    return {
        through: (_texts(group, "theme"), span(_texts(group, "start"), _texts(group, "end")))
        for through, group in grouped.items()
    }


def _rows(store: Store, name: str) -> list[Row]:
    return store.query(queries.get(name).text, name=name).rows


def _text(row: Row, column: str) -> str:
    return str(getattr(row.get(column), "value", "") or "")


def _texts(rows: Iterable[Row], column: str) -> frozenset[str]:
    return frozenset(text for row in rows if (text := _text(row, column)))
