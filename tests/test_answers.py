"""Answers that are kept, and readers who wait for the same one."""

import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from processes import outcomes

from webapp.answers import Answers
from webapp.limits import GoneError
from webapp.workers import Job, Limits, QueryTimeoutError


@pytest.mark.parametrize(
    ("query", "steady"),
    [
        ("ASK { ?s ?p 'known brand' }", True),
        ("ASK { ?now ?uuid sd:Service } # rand()", True),
        ("SELECT (NOW() AS ?x) {}", False),
        ("SELECT (struuid() AS ?x) {}", False),
        ("ASK { SERVICE <a:b> { } }", False),
        ("ASK { FILTER (\\u0052AND() > 0) }", False),
        ("ASK { FILTER (ex:b\\# < RAND()) }", False),
    ],
)
def test_what_may_change_is_not_kept(query: str, steady: bool) -> None:
    assert Job(Path(), query).steady is steady


def test_answers_are_kept_up_to_so_many_bytes_those_used_last() -> None:
    answers, runs = Answers(Limits(kept_megabytes=1)), list[str]()

    def run(key: str, length: int = 250_000) -> object:
        def work() -> tuple[str, int]:
            runs.append(key)
            return key, length

        return answers.once(key, 100, work, 1)

    for key in "abcdabcd":
        assert run(key) == key
    assert runs == list("abcd")
    run("a"), run("e"), run("a"), run("b")
    assert runs == list("abcdeb"), "b had not been used for the longest time"
    run("long", 500_000), run("long", 500_000)
    assert runs[-2:] == ["long", "long"]
    run("a")
    assert runs[-1] == "long", "what is too long to keep drives nothing out"
    for _ in range(2):
        answers.once("key", 300_000, lambda: (runs.append("key"), 1), 1)
    assert runs[-2:] == ["key", "key"], "a long query with a short answer is long too"


def test_readers_who_ask_the_same_at_once_wait_for_one_run() -> None:
    answers, runs = Answers(Limits(waiting=8)), []

    def work() -> tuple[str, int]:
        runs.append(1)
        time.sleep(0.3)
        return "found", 5

    assert outcomes([lambda: answers.once("key", 1, work, 5)] * 6) == ["found"] * 6
    assert len(runs) == 1


def test_readers_who_wait_for_a_slow_run_keep_their_own_deadlines() -> None:
    answers, begun = Answers(Limits(waiting=1, quick_seconds=0.1)), threading.Event()

    def slow() -> tuple[str, int]:
        begun.set()
        time.sleep(0.8)
        raise QueryTimeoutError(0.8, 0.8)

    def follow(seconds: float) -> Callable[[], object]:
        return lambda: (begun.wait(), answers.once("key", 1, lambda: ("mine", 4), seconds))[1]

    found = outcomes([lambda: answers.once("key", 1, slow, 0.8), follow(0.3), follow(5)])
    assert isinstance(found[0], QueryTimeoutError)
    assert isinstance(found[1], QueryTimeoutError)
    assert found[1].limit_seconds == 0.3
    assert found[2] == "mine", "who has more time tries again"


def test_others_who_wait_for_the_answer_get_it_when_the_first_hangs_up() -> None:
    answers, begun = Answers(Limits()), threading.Event()

    def hangs_up() -> tuple[str, int]:
        begun.set()
        time.sleep(0.2)
        raise GoneError

    follow = lambda: (begun.wait(), answers.once("key", 1, lambda: ("mine", 4), 5))[1]  # noqa: E731
    first, second = outcomes([lambda: answers.once("key", 1, hangs_up, 5), follow])
    assert (type(first), second) == (GoneError, "mine")
