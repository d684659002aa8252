"""What a query from outside may use, each a setting of the environment; and what it is told when it wants more.

| setting | default | means |
| --- | --- | --- |
| KG_QUERY_SECONDS | 30 | how long one query may run; `timeout=` in a request may ask for less |
| KG_QUERY_QUICK_SECONDS | 0.25 | how long it may work on a processor before it counts as slow; less while others wait |
| KG_QUERY_MEGABYTES | 1024 | memory of the process that runs it |
| KG_ANSWER_MEGABYTES | 64 | length of its answer |
| KG_KEPT_MEGABYTES | 64 | answers and pages kept, all together, to be given again |
| KG_QUICK_AT_ONCE | 4 to 8, twice as many as there are processors | quick queries that run at once |
| KG_QUERIES_AT_ONCE | 2 to 4, as there are processors | slow queries that run at once |
| KG_QUERIES_WAITING | 8 | slow queries that may wait for a place; more are told to come back |
| KG_QUERY_WAIT_SECONDS | 5 | how long they wait |
| KG_REQUEST_SECONDS | 30 | how long a client may take to send a request; one that sends byte by byte is hung up on |
| KG_PAGE_PROCESSES | 2 to 4, as there are processors | processes that make the pages of things; 0: the server itself |
| KG_PREPARE | 1 | with 0, what takes long (downloads, lenses, the report) is made when first asked for, not before |
| KG_SERVICE_ALLOWED | none | the IRIs that SERVICE may ask, separated by commas |
"""

import math
import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import kg

_PROCESSORS = max(2, min(4, os.cpu_count() or 2))


class SettingError(kg.KGError):
    """A setting of the environment is not a number of the kind it should be."""


class QueryTimeoutError(kg.KGError):
    """A query was stopped at its deadline."""

    def __init__(self, limit_seconds: float, elapsed_seconds: float) -> None:
        self.limit_seconds, self.elapsed_seconds = limit_seconds, round(elapsed_seconds, 3)
        self.hint = "ask for less: name the class or property, join on a shared variable, add LIMIT, or load an export"
        super().__init__(f"the query was stopped after {elapsed_seconds:.1f} s; it may run for {limit_seconds:g} s")


class QueryTooComplexError(kg.KGError):
    """A query is nested so deeply, or is so long a chain, that it cannot be read."""

    def __init__(self) -> None:
        super().__init__("the query is nested too deeply to be read; split it, or write long lists as VALUES")


class TooMuchError(kg.KGError):
    """A query wants more memory, or gives a longer answer, than this service has for one."""


class NotAcceptableError(kg.KGError):
    """None of the media types asked for fits; `available` lists those that do."""

    def __init__(self, available: Sequence[str]) -> None:
        self.available = list(dict.fromkeys(available))
        super().__init__(f"no media type in the Accept header fits; available: {', '.join(self.available)}")


class GoneError(kg.KGError):
    """The client has hung up; what it asked for is not worked out."""

    def __init__(self) -> None:
        super().__init__("the client has hung up")


class BusyError(kg.KGError):
    """Too many slow queries run at once."""

    def __init__(self, seconds: float) -> None:
        self.retry_after_seconds = max(1, math.ceil(seconds))
        super().__init__(f"too many queries are running; try again in {self.retry_after_seconds} s")


def _number(name: str, default: float, least: float = 0) -> Callable[[], float]:
    def read() -> float:
        given = os.environ.get(name, "")
        try:
            value = float(given or default)
        except ValueError:
            value = math.nan
        if not least <= value < math.inf:
            raise SettingError(f'the setting {name} is a number from {least:g}, not "{given}"')
        return value

    return read


def _whole(name: str, default: int, least: int = 1) -> Callable[[], int]:
    read = _number(name, default, least)
    return lambda: int(read())


def _iris(name: str) -> Callable[[], tuple[str, ...]]:
    return lambda: tuple(iri.strip() for iri in os.environ.get(name, "").split(",") if iri.strip())


@dataclass(frozen=True)
class Limits:
    """The settings above, as they are in the environment or as they are given."""

    seconds: float = field(default_factory=_number("KG_QUERY_SECONDS", 30, 0.01))
    quick_seconds: float = field(default_factory=_number("KG_QUERY_QUICK_SECONDS", 0.25, 0.01))
    megabytes: int = field(default_factory=_whole("KG_QUERY_MEGABYTES", 1024))
    answer_megabytes: int = field(default_factory=_whole("KG_ANSWER_MEGABYTES", 64))
    kept_megabytes: int = field(default_factory=_whole("KG_KEPT_MEGABYTES", 64, least=0))
    quick_at_once: int = field(default_factory=_whole("KG_QUICK_AT_ONCE", 2 * _PROCESSORS))
    at_once: int = field(default_factory=_whole("KG_QUERIES_AT_ONCE", _PROCESSORS))
    waiting: int = field(default_factory=_whole("KG_QUERIES_WAITING", 8, least=0))
    wait_seconds: float = field(default_factory=_number("KG_QUERY_WAIT_SECONDS", 5))
    request_seconds: float = field(default_factory=_number("KG_REQUEST_SECONDS", 30, 0.01))
    page_processes: int = field(default_factory=_whole("KG_PAGE_PROCESSES", _PROCESSORS, least=0))
    prepare: int = field(default_factory=_whole("KG_PREPARE", 1, least=0))
    services: tuple[str, ...] = field(default_factory=_iris("KG_SERVICE_ALLOWED"))
