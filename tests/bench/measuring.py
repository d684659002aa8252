"""Medians of several runs, engine after engine in turn, of those queries that an engine answers rightly."""

import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from multiprocessing import get_context
from statistics import median

from bench.answers import Rows
from bench.engines import Asked, Engine, FailedError, TooSlowError
from bench.lookups import Lookups

Progress = Callable[[str, int, int], None]
"""Called with what is being done, how many are done and how many there are."""


@dataclass(frozen=True)
class Question:
    """A query to time, by name."""

    name: str
    text: str


@dataclass
class Table:
    """Question -> engine -> median seconds; and in `faults`, in words, why there is none."""

    engines: list[str]
    seconds: dict[str, dict[str, float]] = field(default_factory=dict)
    faults: dict[str, dict[str, str]] = field(default_factory=dict)
    rows: dict[str, int] = field(default_factory=dict)

    def shared(self, *engines: str) -> list[str]:
        """The questions that all these engines answered rightly and in time."""
        return [name for name, by_engine in self.seconds.items() if by_engine.keys() >= set(engines)]

    def total(self, engine: str, questions: Iterable[str]) -> float:
        """The sum of the medians, in seconds."""
        return sum(self.seconds[name][engine] for name in questions)

    def ratio(self, engine: str, other: str) -> float | None:
        """How many times longer `engine` takes than `other`, by the sums over what both answer; None without any."""
        both = self.shared(engine, other)
        return self.total(engine, both) / self.total(other, both) if both else None


@dataclass(frozen=True)
class Patience:
    """How often a query is timed at the most, how long it may take, and how long all its runs together.

    A slow one is timed as often as fits into the budget; one that does not fit at all, by its first answer.
    """

    rounds: int
    limit_seconds: float
    budget_seconds: float

    def runs(self, seconds: float) -> int:
        return min(self.rounds, int(self.budget_seconds / max(seconds, 1e-6)))


def measure(engines: Sequence[Engine], questions: Sequence[Question], patience: Patience, progress: Progress) -> Table:
    """Each question to each engine: once to compare the answer with that of the first engine, then timed."""
    table = Table([engine.name for engine in engines])
    first: dict[tuple[str, str], float] = {}
    for number, question in enumerate(questions):
        progress("comparing answers", number, len(questions))
        for engine_name, seconds in _check(engines, question, patience.limit_seconds, table).items():
            first[question.name, engine_name] = seconds
    runs = {key: patience.runs(seconds) for key, seconds in first.items()}
    times: dict[tuple[str, str], list[float]] = {key: [] for key in first}
    for number in range(patience.rounds):
        progress("timing", number, patience.rounds)
        for question in questions:
            for engine in engines:
                if number < runs.get((question.name, engine.name), 0):
                    _time(engine, question, patience.limit_seconds, times[question.name, engine.name])
    for (question_name, engine_name), measured in times.items():
        median_seconds = median(measured or [first[question_name, engine_name]])
        table.seconds.setdefault(question_name, {})[engine_name] = median_seconds
    return table


def difference(rows: Rows, expected: Rows) -> str:
    """What is wrong with an answer, in words; nothing when it is right."""
    if len(rows) != len(expected):
        return f"{len(rows)} rows instead of {len(expected)}"
    wrong = sum(row != other for row, other in zip(rows, expected, strict=True))
    return f"{wrong} of {len(rows)} rows differ" if wrong else ""


@dataclass(frozen=True)
class Pace:
    """Answers per second, and the seconds that one takes in the middle."""

    per_second: float
    median_seconds: float


def paced(server: Lookups, clients: int, seconds: float) -> Pace:
    """How fast so many clients are answered, each in a process of its own with one open connection."""
    context = get_context("spawn")
    with context.Pool(clients) as pool:
        found = pool.starmap(server.run, [(number, clients, time.time() + 2, seconds) for number in range(clients)])
    times = [one for times in found for one in times]
    return Pace(len(times) / seconds, median(times) if times else seconds)


def rate(server: Lookups, clients: int, seconds: float) -> float:
    """Answers per second that so many clients get."""
    return paced(server, clients, seconds).per_second


def _check(engines: Sequence[Engine], question: Question, limit_seconds: float, table: Table) -> Mapping[str, float]:
    """Seconds of each engine whose answer is that of the first; the faults of the others go into the table."""
    right: dict[str, float] = {}
    faults = table.faults.setdefault(question.name, {})
    expected: Rows | None = None
    for engine in engines:
        answer = _ask(engine, question, limit_seconds)
        if isinstance(answer, str):
            faults[engine.name] = answer
            continue
        rows = answer.rows or []
        expected = rows if expected is None else expected
        if fault := difference(rows, expected):
            faults[engine.name] = fault
        else:
            right[engine.name] = answer.seconds
            table.rows[question.name] = len(rows)
    return right


def _ask(engine: Engine, question: Question, limit_seconds: float) -> Asked | str:
    try:
        return engine.ask(question.text, limit_seconds, wanted=True)
    except TooSlowError as error:
        return str(error)
    except FailedError as error:
        return f"refused: {error}"


def _time(engine: Engine, question: Question, limit_seconds: float, times: list[float]) -> None:
    try:
        times.append(engine.ask(question.text, limit_seconds).seconds)
    except (TooSlowError, FailedError):
        times.append(limit_seconds)
