"""Queries from outside have limits: of time, of memory, of how many run at once; and the endpoint survives them."""

import os
import re
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from endpoint import ASK, ENDLESS, SELECT, SMALL, get, is_problem, send
from flask import Flask
from flask.testing import FlaskClient
from processes import family, outcomes, soon
from werkzeug.test import TestResponse

import kg
import webapp
from webapp.limits import GoneError, SettingError
from webapp.workers import BusyError, Job, Lane, Limits, QueryTimeoutError, Rows, TooMuchError, Workers, gone


def test_a_query_is_stopped_at_its_deadline_and_the_next_is_answered(client: FlaskClient) -> None:
    get(client, ASK)
    answer = get(client, ENDLESS)
    assert is_problem(answer, 504)
    assert answer.json["limit_seconds"] == 1
    assert 0.9 <= answer.json["elapsed_seconds"] < 20
    assert "LIMIT" in answer.json["hint"]
    assert get(client, ASK).status_code == 200
    assert soon(lambda: "Z" not in family().values())


@pytest.mark.parametrize("way", ["get", "form", "direct"])
def test_a_request_may_ask_for_less_time(client: FlaskClient, way: str) -> None:
    answer = send(client, way, {"query": f"{ENDLESS} #{way}", "timeout": "0.1"}, None)
    assert is_problem(answer, 504)
    assert answer.json["limit_seconds"] == 0.1


def test_a_request_may_not_ask_for_more_time(client: FlaskClient) -> None:
    answer = get(client, ENDLESS, timeout="3000")
    assert is_problem(answer, 504)
    assert answer.json["limit_seconds"] == 1


@pytest.mark.parametrize("timeout", ["0", "-1", "soon", "nan", "inf", "1e999"])
def test_a_time_that_makes_no_sense_is_refused(client: FlaskClient, timeout: str) -> None:
    assert is_problem(get(client, ASK, timeout=timeout), 400)


def test_pages_are_served_while_queries_run(app: Flask) -> None:
    begun, ended = threading.Event(), list[TestResponse]()

    def ask() -> None:
        begun.set()
        ended.append(get(app.test_client(), ENDLESS))

    assert app.test_client().get("/page/city/north-haven").status_code == 200
    thread = threading.Thread(target=ask)
    thread.start()
    begun.wait()
    assert app.test_client().get("/page/city/north-haven").status_code == 200
    assert not ended
    thread.join()


@pytest.fixture
def workers(small: kg.Snapshot) -> Iterator[Callable[..., Workers]]:
    """Makes workers with the limits given, closed at the end."""
    made: list[Workers] = []

    def make(**limits: object) -> Workers:
        made.append(Workers(Limits(**{"quick_seconds": 0.1, **limits})))
        made[-1].warm(small.path)
        return made[-1]

    yield make
    for one in made:
        one.close()


def endless(small: kg.Snapshot, number: int = 0) -> Job:
    return Job(small.path, f"{ENDLESS} #{number}")


def test_small_queries_are_answered_while_more_endless_ones_come_than_can_run(
    small: kg.Snapshot, workers: Callable[..., Workers]
) -> None:
    pool = workers(seconds=6, at_once=1, quick_at_once=2, waiting=2, wait_seconds=1)
    found: list[object] = []
    flood = [lambda n=n: pool.write(endless(small, n), "json", None) for n in range(10)]
    thread = threading.Thread(target=lambda: found.extend(outcomes(flood)))
    thread.start()
    for number in range(30):
        assert pool.rows(Job(small.path, f"{ASK} #{number}"), 0, 1).boolean
    assert not found, "the endless ones have not ended"
    thread.join()
    assert {type(one) for one in found} == {QueryTimeoutError, BusyError}


def test_a_small_query_is_small_however_busy_the_machine(small: kg.Snapshot, workers: Callable[..., Workers]) -> None:
    pool = workers(seconds=30, quick_seconds=0.2, at_once=1, quick_at_once=1, waiting=0)
    busy = [subprocess.Popen([sys.executable, "-c", "while True: pass"]) for _ in range(3 * (os.cpu_count() or 1))]
    thread = threading.Thread(target=outcomes, args=([lambda: pool.write(endless(small), "csv", None, seconds=3)],))
    thread.start()
    found = outcomes([lambda n=n: pool.rows(Job(small.path, f"{SELECT} #{n}"), 0, 1) for n in range(20)])
    thread.join()
    for one in busy:
        one.kill()
        one.wait()
    assert {type(one) for one in found} == {Rows}


def test_a_query_whose_client_has_hung_up_is_stopped(small: kg.Snapshot, workers: Callable[..., Workers]) -> None:
    pool, hung_up = workers(seconds=60), threading.Event()

    def ask() -> object:
        gone.set(hung_up.is_set)
        return pool.write(endless(small), "json", None)

    found = outcomes([ask, lambda: time.sleep(0.5) or hung_up.set()])
    assert isinstance(found[0], GoneError)


def test_a_query_that_waited_for_a_place_is_run_from_its_start(
    small: kg.Snapshot, workers: Callable[..., Workers]
) -> None:
    pool = workers(seconds=120, quick_seconds=0.05, at_once=1, waiting=1, wait_seconds=60)
    many = "{ SELECT * { ?a ?b ?c } LIMIT 1000 } { SELECT * { ?d ?e ?f } LIMIT 1000 }"
    slow = f"SELECT (COUNT(*) AS ?n) {{ {many} FILTER (STRLEN(STR(?c)) + STRLEN(STR(?f)) >= 0) }}"
    first, second = outcomes(
        [
            lambda: pool.write(endless(small), "csv", None, seconds=1),
            lambda: time.sleep(0.3) or pool.write(Job(small.path, slow), "csv", None),
        ]
    )
    assert isinstance(first, QueryTimeoutError)
    assert second.data == b"n\r\n1000000\r\n"


def test_more_slow_queries_than_can_wait_are_asked_to_come_back(small: kg.Snapshot) -> None:
    limits = Limits(seconds=4, quick_seconds=0.05, at_once=1, waiting=0, wait_seconds=1.5)
    app = webapp.create_app(lambda: small, limits)
    get(app.test_client(), ASK)
    answers = outcomes([lambda n=n: get(app.test_client(), f"{ENDLESS} #{n}") for n in range(3)])
    app.extensions["workers"].close()
    assert sorted(answer.status_code for answer in answers) == [503, 503, 504]
    busy = next(answer for answer in answers if answer.status_code == 503)
    assert is_problem(busy, 503)
    assert int(busy.headers["Retry-After"]) == 2


def test_places_are_given_in_the_order_of_the_line() -> None:
    lane, came = Lane(1, longest=2), list[int]()
    assert lane.enter(0)
    threads = []
    for number in range(2):
        threads.append(threading.Thread(target=lambda n=number: came.append(n) if lane.enter(5) else None))
        threads[-1].start()
        assert soon(lambda n=number: lane.waiting == n + 1)
    assert not lane.enter(5), "the line is full"
    lane.leave()
    assert soon(lambda: came == [0])
    assert not lane.enter(0), "those who wait come first"
    lane.leave()
    for thread in threads:
        thread.join()
    assert came == [0, 1]
    lane.leave()
    assert lane.enter(0)


def test_processes_do_not_become_more_and_none_is_left(small: kg.Snapshot, workers: Callable[..., Workers]) -> None:
    before = family().keys()
    pool = workers(seconds=0.3, at_once=1, quick_at_once=1, waiting=2, wait_seconds=0.2)
    for turn in range(3):
        outcomes([lambda n=n: pool.write(endless(small, n), "json", None) for n in range(turn * 4, turn * 4 + 4)])
    assert soon(lambda: len(family().keys() - before) <= 3 + 2), "three workers, and what starts them"
    pool.close()
    assert soon(lambda: len(family().keys() - before) <= 2)
    with pytest.raises(BusyError):
        pool.rows(Job(small.path, "ASK { }"), 0, 1)


def test_an_answer_is_given_again_without_a_worker(small: kg.Snapshot, workers: Callable[..., Workers]) -> None:
    pool = workers()
    first = pool.write(Job(small.path, SELECT), "csv", None)
    changing = pool.write(Job(small.path, "SELECT (RAND() AS ?x) {}"), "csv", None)
    assert pool.write(Job(small.path, "SELECT (RAND() AS ?x) {}"), "csv", None) != changing
    pool.close()
    assert pool.write(Job(small.path, SELECT), "csv", None) is first
    with pytest.raises(BusyError):
        pool.write(Job(small.path, SELECT), "tsv", None)
    with pytest.raises(BusyError):
        pool.write(Job(small.path, SELECT, (SMALL,)), "csv", None)


def test_a_query_that_wants_too_much_memory_is_stopped(small: kg.Snapshot, workers: Callable[..., Workers]) -> None:
    pool = workers(seconds=60, megabytes=600)
    greedy = Job(small.path, "SELECT * { ?a ?b ?c . ?d ?e ?f } ORDER BY ?c ?f")
    with pytest.raises(TooMuchError, match="needs more than 600 MB of memory"):
        pool.write(greedy, "json", None)
    assert pool.rows(Job(small.path, ASK), 0, 1).boolean


def test_an_answer_that_is_too_long_is_refused_and_not_cut(client: FlaskClient) -> None:
    answer = get(client, "SELECT * { ?a ?b ?c . ?d ?e ?f } LIMIT 5000")
    assert is_problem(answer, 422)
    assert "longer than 1 MB" in answer.json["detail"]


def test_limits_are_settings_of_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KG_QUERY_SECONDS", "7.5")
    monkeypatch.setenv("KG_SERVICE_ALLOWED", "https://example.org/sparql, https://example.org/other,")
    assert Limits().seconds == 7.5
    assert Limits().services == ("https://example.org/sparql", "https://example.org/other")
    monkeypatch.delenv("KG_QUERY_SECONDS")
    monkeypatch.delenv("KG_SERVICE_ALLOWED")
    assert (Limits().seconds, Limits().megabytes, Limits().services) == (30, 1024, ())


@pytest.mark.parametrize("value", ["soon", "-1", "nan", "inf", "0"])
def test_a_setting_that_makes_no_sense_is_refused(monkeypatch: pytest.MonkeyPatch, value: str) -> None:
    monkeypatch.setenv("KG_QUERY_SECONDS", value)
    with pytest.raises(SettingError, match=r"KG_QUERY_SECONDS is a number from 0\.01, not"):
        Limits()


def test_every_setting_is_documented_with_its_default() -> None:
    rows = re.findall(r"^\| (KG_\w+) \| (\d to \d|none|[\d.]+)", webapp.limits.__doc__, re.MULTILINE)
    source = Path(webapp.limits.__file__).read_text(encoding="utf-8")
    assert [name for name, _ in rows] == re.findall(r'"(KG_\w+)"', source)
    for name, default in rows:
        assert default in ("none", "2 to 4", "4 to 8") or f'"{name}", {default}' in source


def test_an_error_keeps_its_words_and_values_between_processes(small: kg.Snapshot, app: Flask) -> None:
    with pytest.raises(kg.QuerySyntaxError, match="at line 1, column") as caught:
        app.extensions["workers"].rows(Job(small.path, "SELECT * {"), 0, 1)
    assert caught.value.line == 1
    assert str(BusyError(2)).endswith("try again in 2 s")
