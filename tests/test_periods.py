"""Dates as exact as sources give them, and what several of them leave sure or possible."""

from datetime import date

import pytest

from kg.periods import Period, days, period, span, telling, year_of


def test_a_less_exact_date_does_not_contradict_an_exact_one() -> None:
    both = span(["2015", "2015-02"], ["2018"])
    assert both.start == Period(date(2015, 2, 1), date(2015, 2, 28))
    assert (both.start.text, both.disputed, both.fuzzy) == ("2015-02", False, True)
    assert both.sure == Period(date(2015, 2, 28), date(2018, 1, 1))


def test_dates_that_exclude_each_other_leave_all_the_time_between_them_uncertain() -> None:
    phase = span(["2018-07-01"], ["2020", "2021-03-31"])
    assert phase.disputed
    assert phase.end == Period(date(2020, 1, 1), date(2021, 3, 31))
    assert phase.end.text == "2021-03-31"
    assert phase.sure == Period(date(2018, 7, 1), date(2020, 1, 1))


def test_what_ends_before_it_began_is_disputed_and_nowhere_sure() -> None:
    reverse = span(["2019"], ["2018"])
    assert (reverse.first, reverse.last) == (date(2018, 1, 1), date(2019, 12, 31))
    assert (reverse.disputed, reverse.sure) == (True, None)


def test_a_day_without_a_year_takes_the_only_year_that_is_known() -> None:
    meeting = span(["--06-13", "2022-06-13"], ["--06-15"])
    assert (meeting.first, meeting.last, meeting.disputed) == (date(2022, 6, 13), date(2022, 6, 15), False)
    assert not span(["--06-13"], []).dated


def test_a_date_in_words_lies_within_its_bounds() -> None:
    spring = span(["2022-03-20/2022-06-21"], [], lasts=False)
    assert (spring.first, spring.last, spring.sure) == (date(2022, 3, 20), date(2022, 6, 21), None)


def test_what_lasts_and_has_no_end_stays_open() -> None:
    action = span(["2021-05-04"], [])
    assert action.open
    assert action.within(period("2030")) == "perhaps"
    assert action.within(period("2020")) == "absent"


def test_what_does_not_last_ends_as_it_began() -> None:
    meeting = span(["2021-05-04"], [], lasts=False)
    assert (meeting.start, meeting.end) == (period("2021-05-04"), period("2021-05-04"))
    assert not meeting.fuzzy


def test_two_meet_when_they_may_have_a_day_in_common() -> None:
    assert span(["2015"], ["2018"]).meets(span(["2018-12-31"], []))
    assert not span(["2015"], ["2018"]).meets(span(["2019"], []))


def test_only_dates_that_say_more_are_told() -> None:
    assert telling(["2021", "2020", "2021-03-31"]) == ["2020", "2021-03-31"]
    assert telling(["--06-13", "2022-06-13"]) == ["2022-06-13"]
    assert telling(["--12-18", "2025-12-12"]) == ["--12-18", "2025-12-12"]


def test_a_day_lies_on_a_scale_of_years() -> None:
    assert (year_of(date(2021, 1, 1)), year_of(date(2020, 7, 1))) == (2021, 2020.5)


@pytest.mark.parametrize(
    ("text", "allowed"),
    [
        ("2019", "2019-01-01 2019-12-31"),
        ("2020-02", "2020-02-01 2020-02-29"),
        ("2019-06-30", "2019-06-30 2019-06-30"),
        ("2019-06-30T10:00:00Z", "2019-06-30 2019-06-30"),
        ("2019+01:00", "2019-01-01 2019-12-31"),
        ("2022-21~", "2022-03-01 2022-06-30"),
        ("2022-24", "2022-12-01 2023-03-31"),
        ("201X", "2010-01-01 2019-12-31"),
        ("2019-XX", "2019-01-01 2019-12-31"),
        ("2020-02-28", "2020-02-28 2020-02-28"),
        ("2019-05/2020", "2019-05-01 2020-12-31"),
        ("2019/..", "2019-01-01 9999-12-31"),
        ("--05-04", None),
        ("2020/2019", None),
        ("2019-06-30/30", None),
        ("19X", None),
        ("2019-13", None),
        ("2019-02-30", None),
        ("soon", None),
    ],
)
def test_a_date_stands_for_the_days_that_it_may_mean(text: str, allowed: str | None) -> None:
    found = days(text)
    assert (f"{found.first} {found.last}" if found else None) == allowed


@pytest.mark.parametrize(
    ("starts", "ends", "when", "state"),
    [
        (["2016"], ["2020"], "2018", "there"),
        (["2016"], ["2020"], "2021", "absent"),
        (["2016"], ["2020"], "2016-06-30", "perhaps"),  # it began some day of 2016
        (["2016"], ["2020"], "2016", "there"),
        (["2016"], ["2020", "2022-03-31"], "2021", "perhaps"),  # sources differ about the end
        (["2016"], [], "2016", "there"),
        (["2016"], [], "2030", "perhaps"),
        (["2016"], [], "2015", "absent"),
        ([], ["2016"], "2016", "there"),
        ([], ["2016"], "2010", "perhaps"),
        ([], ["2016"], "2017", "absent"),
        (["2019"], ["2019"], "2019-06-30", "perhaps"),
        (["2019"], ["2018"], "2018", "perhaps"),  # what contradicts itself is never sure
        (["--05-04"], ["spring"], "2019", "undated"),
    ],
)
def test_something_is_there_perhaps_there_or_not(starts: list[str], ends: list[str], when: str, state: str) -> None:
    assert span(starts, ends).within(period(when)) == state
