"""A query from outside and its answer as data, and what a worker does to get from one to the other."""

import re
from collections.abc import Collection
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path

import kg
from webapp.limits import NotAcceptableError, QueryTooComplexError, TooMuchError

_DEEPEST = 1000
"""How many brackets may be open at once; the engine's parser needs some kilobytes of stack for each."""

_CHANGING = ("RAND", "NOW", "UUID", "BNODE", "SERVICE")
_MAY_CHANGE = re.compile("|".join(_CHANGING) + r"|\\u", re.IGNORECASE)
_SHORT = 20_000
"""Characters of a query that is worth reading word by word to see whether its answer may be kept."""


@dataclass(frozen=True)
class Job:
    """A query, the snapshot it is for, and the dataset that the protocol names, if any."""

    snapshot: Path
    text: str
    default_graphs: tuple[str, ...] | None = None
    named_graphs: tuple[str, ...] | None = None

    @cached_property
    def steady(self) -> bool:
        """True if the answer is the same each time, since the snapshot is; when in doubt, False."""
        if not _MAY_CHANGE.search(self.text):
            return True
        if len(self.text) > _SHORT:
            return False
        return not any(name in word for word in kg.keywords(self.text) for name in _CHANGING)


@dataclass(frozen=True)
class Written:
    """An answer as bytes in a format, and the form of the query (select, ask, construct)."""

    kind: str
    format: str
    data: bytes


@dataclass(frozen=True)
class Rows:
    """Some rows of an answer, out of `total`; triples and a truth value come as rows too."""

    kind: str
    columns: tuple[str, ...]
    rows: tuple[tuple[kg.Term | None, ...], ...]
    total: int
    boolean: bool = False


@dataclass(frozen=True)
class Write:
    """To do: the whole answer in the format for its form, at most so many bytes."""

    job: Job
    rows_format: str | None
    triples_format: str | None
    most_bytes: int

    def run(self, services: Collection[str]) -> Written:
        """The answer; NotAcceptableError when there is no format for its form, TooMuchError when it is too long."""
        answer = _answer(self.job, services)
        syntax = self.triples_format if answer.kind == "construct" else self.rows_format
        if syntax is None:
            raise NotAcceptableError([])
        data = kg.write_answer(answer, syntax)
        if len(data) > self.most_bytes:
            raise TooMuchError(f"the answer is longer than {self.most_bytes >> 20} MB; add LIMIT, or load an export")
        return Written(answer.kind, syntax, data)


@dataclass(frozen=True)
class Page:
    """To do: `count` rows of the answer from the row numbered `start`."""

    job: Job
    start: int
    count: int

    def run(self, services: Collection[str]) -> Rows:
        """Those rows."""
        answer, end = _answer(self.job, services), self.start + self.count
        if answer.kind == "ask":
            return Rows("ask", (), (), 0, answer.boolean)
        if answer.kind == "construct":
            return Rows("construct", ("s", "p", "o"), tuple(answer.triples[self.start : end]), len(answer.triples))
        some = tuple(tuple(row[column] for column in answer.columns) for row in answer.rows[self.start : end])
        return Rows("select", tuple(answer.columns), some, len(answer.rows))


@dataclass(frozen=True)
class Advise:
    """To do: say what the query silently does to its answer, in the reader's language."""

    job: Job
    language: str

    def run(self, services: Collection[str]) -> kg.Advice:
        """The advice; it asks no service, whatever the query does."""
        return kg.advise(open_snapshot(self.job.snapshot), self.job.text, self.language)


@dataclass(frozen=True)
class Fingerprint:
    """To do: work out what names the whole answer, to cite it."""

    job: Job

    def run(self, services: Collection[str]) -> str:
        """The fingerprint of the answer."""
        return kg.fingerprint(_answer(self.job, services))


@dataclass(frozen=True)
class Verify:
    """To do: run a cited query again, and compare."""

    job: Job
    link: str

    def run(self, services: Collection[str]) -> kg.Verdict:
        """The verdict."""
        return kg.verify(self.link, self.job.snapshot.parent.parent, services)


Outcome = Written | Rows | kg.Advice | kg.Verdict | str
Task = Write | Page | Advise | Fingerprint | Verify


def run(task: Task, services: Collection[str]) -> Outcome:
    """What the task gives; SERVICE may ask these endpoints only, and a RemoteError says when one of them fails."""
    try:
        return task.run(services)
    except kg.QueryFailedError as error:
        if "SERVICE" in kg.keywords(task.job.text):
            raise kg.RemoteError(f"an endpoint that the query asks failed, or {error}") from error
        raise


def refuse_depth(text: str) -> None:
    """Raises QueryTooComplexError for a query with so many brackets in brackets that the engine could not read it."""
    if sum(map(text.count, "{([")) <= _DEEPEST:
        return
    depth = 0
    for character in text:
        if character in "{([":
            depth += 1
            if depth > _DEEPEST:
                raise QueryTooComplexError
        elif character in "})]":
            depth -= 1


@lru_cache(maxsize=1)
def open_snapshot(folder: Path) -> kg.Snapshot:
    """The snapshot in a folder, kept open until another is asked for."""
    return kg.open_snapshot(folder.parent.parent, folder.name)


def _answer(job: Job, services: Collection[str]) -> kg.Answer:
    snapshot = open_snapshot(job.snapshot)
    whole = job.default_graphs is None and job.named_graphs is None
    store = kg.description(snapshot) if whole and kg.speaks_of_description(job.text) else snapshot
    return store.query(job.text, default_graphs=job.default_graphs, named_graphs=job.named_graphs, services=services)
