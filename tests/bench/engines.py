"""The engines that run in a process of Python, each in one of its own: what one holds in memory is its alone."""

import signal
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing import get_context
from multiprocessing.connection import Connection
from typing import Any, Protocol

import psutil
from bench.answers import Rows, rows_of_oxigraph, rows_of_rdflib
from bench.datasets import Dataset

Ask = Callable[[str], Callable[[], Rows]]
"""Runs a query to its last row, and gives what turns the rows into the common form; only the first is timed."""


class TooSlowError(Exception):
    """A query ran longer than it may."""


class FailedError(Exception):
    """An engine refused a query."""


@dataclass(frozen=True)
class Asked:
    """How long a query took, and its rows where they were wanted."""

    seconds: float
    rows: Rows | None = None


class Started(Protocol):
    """Something that holds the graph; `start` loads it and gives the seconds that took, `memory` the bytes it holds."""

    name: str

    def start(self) -> float: ...
    def memory(self) -> int: ...
    def close(self) -> None: ...


class Engine(Protocol):
    """Something that answers queries. Raises TooSlowError, or FailedError when it refuses one."""

    name: str

    def ask(self, text: str, limit_seconds: float, wanted: bool = False) -> Asked: ...
    def memory(self) -> int: ...


class InProcess:
    """An engine in a process of Python; `open_engine` runs there."""

    def __init__(self, name: str, open_engine: Callable[[Dataset], Ask], dataset: Dataset) -> None:
        self.name = name
        context = get_context("spawn")
        self._connection, theirs = context.Pipe()
        self._process = context.Process(target=_work, args=(theirs, open_engine, dataset), daemon=True)

    def start(self) -> float:
        self._process.start()
        return self._answer().seconds

    def ask(self, text: str, limit_seconds: float, wanted: bool = False) -> Asked:
        self._connection.send((text, limit_seconds, wanted))
        return self._answer()

    def memory(self) -> int:
        return held_bytes(self._process.pid or 0)

    def close(self) -> None:
        self._process.terminate()
        self._process.join()

    def _answer(self) -> Asked:
        answer = self._connection.recv()
        if isinstance(answer, Exception):
            raise answer
        return answer


def held_bytes(pid: int) -> int:
    """The memory of a process and those it started, what they share counted once."""
    return sum(process.memory_full_info().pss for process in _family(pid))


def used_seconds(pid: int) -> float:
    """The time that a process and those it started have spent on processors."""
    return sum(sum(process.cpu_times()[:2]) for process in _family(pid))


def _family(pid: int) -> list[psutil.Process]:
    process = psutil.Process(pid)
    return [process, *process.children(recursive=True)]


def open_kg_snapshot(dataset: Dataset) -> Ask:
    import kg

    return _ask_kg(kg.open_snapshot(dataset.home))


def open_kg_memory(dataset: Dataset) -> Ask:
    import kg

    return _ask_kg(kg.load(dataset.named))


def open_oxigraph_memory(dataset: Dataset) -> Ask:
    import pyoxigraph as ox

    store = ox.Store()
    store.bulk_load(path=str(dataset.both), format=ox.RdfFormat.N_QUADS)
    return _ask_oxigraph(store)


def open_oxigraph_disk(dataset: Dataset) -> Ask:
    import pyoxigraph as ox

    folder = dataset.folder / "oxigraph"
    writable = ox.Store(str(folder))
    writable.bulk_load(path=str(dataset.both), format=ox.RdfFormat.N_QUADS)
    writable.optimize()
    writable.flush()
    del writable
    return _ask_oxigraph(ox.Store.read_only(str(folder)))


def open_rdflib(dataset: Dataset) -> Ask:
    from rdflib import Dataset as Graphs

    graphs = Graphs()
    graphs.parse(dataset.both, format="nquads")

    def ask(text: str) -> Callable[[], Rows]:
        result = graphs.query(text)
        if result.type == "ASK":
            return lambda: [(str(result.askAnswer).lower(),)]
        rows = list(result)
        return lambda: rows_of_rdflib([str(name) for name in result.vars or ()], rows)

    return ask


def _ask_kg(store: Any) -> Ask:
    import kg

    def ask(text: str) -> Callable[[], Rows]:
        answer = kg.query(store, text)
        if answer.kind == "ask":
            return lambda: [(str(answer.boolean).lower(),)]
        rows = answer.rows
        return lambda: rows_of_oxigraph(answer.columns, ([row[name] for name in answer.columns] for row in rows))

    return ask


def _ask_oxigraph(store: Any) -> Ask:
    import pyoxigraph as ox

    def ask(text: str) -> Callable[[], Rows]:
        result = store.query(text)
        if isinstance(result, ox.QueryBoolean):
            return lambda: [(str(bool(result)).lower(),)]
        rows = [tuple(solution) for solution in result]
        return lambda: rows_of_oxigraph([variable.value for variable in result.variables], rows)

    return ask


def _work(connection: Connection, open_engine: Callable[[Dataset], Ask], dataset: Dataset) -> None:
    """The life of such a process: load, then answer until the other side is gone."""
    started = time.perf_counter()
    try:
        ask = open_engine(dataset)
    except Exception as error:  # whatever went wrong is the other side's to tell
        connection.send(FailedError(f"{type(error).__name__}: {error}"))
        return
    connection.send(Asked(time.perf_counter() - started))
    while True:
        try:
            connection.send(_answer(ask, *connection.recv()))
        except EOFError:
            return


def _answer(ask: Ask, text: str, limit_seconds: float, wanted: bool) -> Asked | Exception:
    try:
        with _limit(limit_seconds):
            started = time.perf_counter()
            rows = ask(text)
            seconds = time.perf_counter() - started
    except TooSlowError as error:
        return error
    except Exception as error:
        return FailedError(f"{type(error).__name__}: {error}")
    return Asked(seconds, rows() if wanted else None)


@contextmanager
def _limit(seconds: float) -> Iterator[None]:
    """TooSlowError after so long; an engine that is not Python notices at its end only."""

    def stop(*_: object) -> None:
        raise TooSlowError(f"more than {seconds:g} s")

    signal.signal(signal.SIGALRM, stop)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
