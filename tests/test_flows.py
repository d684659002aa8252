"""Sankey diagrams: where things stand, how wide bands are, and what is left out."""

from itertools import pairwise

import pytest
from flask.testing import FlaskClient

from webapp.flows import WIDTH, flows

MONEY = {("eu", "near"): 4.0, ("near", "project"): 4.0, ("sdc", "project"): 1.0}


def test_a_thing_stands_one_column_after_the_last_it_comes_from() -> None:
    x = {box.thing: box.x for box in flows(MONEY).boxes}
    assert x["eu"] == x["sdc"] == 0
    assert 0 < x["near"] < x["project"] < WIDTH


def test_what_flows_no_further_stands_in_the_last_column() -> None:
    x = {box.thing: box.x for box in flows({**MONEY, ("eu", "action"): 1.0}).boxes}
    assert x["action"] == x["project"]


def test_bands_are_as_wide_as_what_flows_and_things_as_high_as_all_of_it() -> None:
    drawn = flows(MONEY)
    width = {band.ends: band.width for band in drawn.bands}
    height = {box.thing: box.height for box in drawn.boxes}
    assert width["eu", "near"] == pytest.approx(4 * width["sdc", "project"])
    assert height["project"] == pytest.approx(width["near", "project"] + width["sdc", "project"])


def test_things_of_one_column_do_not_overlap() -> None:
    drawn = flows({("a", f"b{n}"): 1.0 + n for n in range(9)})
    places = sorted((box.y, box.y + box.height) for box in drawn.boxes if box.x > 0)
    assert all(before[1] < after[0] for before, after in pairwise(places))
    assert places[-1][1] < drawn.height


def test_what_flows_back_and_what_is_nothing_is_left_out() -> None:
    drawn = flows({("a", "b"): 1.0, ("b", "a"): 1.0, ("c", "c"): 1.0, ("b", "d"): 0.0})
    assert [band.ends for band in drawn.bands] == [("a", "b")]


def test_nothing_gives_an_empty_diagram() -> None:
    assert flows({}).boxes == ()


def test_rows_with_two_things_and_a_number_can_be_drawn_as_flows(client: FlaskClient) -> None:
    query = "SELECT ?a ?b (1 AS ?n) { VALUES (?a ?b) { (<x:1> <x:2>) (<x:2> <x:3>) } }"
    page = client.get("/query/", query_string={"query": query, "view": "sankey"}).text
    assert page.count('<path class="kind-other"') == 2
    assert "2 bands between 3 things" in page
