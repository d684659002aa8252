"""The page of a network: what is tied to what and when, in words, as a picture, and to take along."""

import json
import re
from html import unescape
from xml.etree import ElementTree

import pytest
from common import Make, Visit
from flask.testing import FlaskClient

import kg
from webapp.networks.drawings import palette

TOGETHER = "/network?name=co-participation"
LEAGUE, GOVERNMENT = "actor:harbour-league", "actor:gov-north-haven"


def read(client: FlaskClient, address: str, status: int = 200) -> str:
    """A page as a browser gets it, its text without marks, in one line."""
    answer = client.get(address, headers={"Accept": "text/html"})
    assert answer.status_code == status, answer.get_data(as_text=True)
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", answer.get_data(as_text=True))).split())


def drawn(client: FlaskClient, address: str) -> dict[str, object]:
    """What the script of a page draws."""
    answer = client.get(address.replace("/network?", "/network.drawing.json?"))
    assert answer.status_code == 200
    return dict(json.loads(answer.get_data()))


def test_every_file_of_networks_is_on_the_list_and_has_a_page(shipped_client: FlaskClient) -> None:
    listed = read(shipped_client, "/network")
    for question in kg.networks.known():
        assert question.summary in listed
        name = question.name.partition("/")[2]
        page = read(shipped_client, f"/network?name={name}")
        assert " ".join(question.description.split()) in page


def test_the_page_says_how_many_things_and_ties_there_are(client: FlaskClient) -> None:
    page = read(client, TOGETHER)
    assert "3 things" in page
    assert "1 tie" in page


def test_a_tie_says_through_what_when_and_how_many_independent_sources_say_so(client: FlaskClient) -> None:
    page = read(client, TOGETHER + "&list=ties")
    assert "Municipality of North Haven South Haven 1 Workshop on the quay 0 2017" in page


def test_the_thing_picked_is_told_with_what_ties_it_and_who_says_so(client: FlaskClient) -> None:
    page = read(client, f"{TOGETHER}&node={GOVERNMENT}")
    assert "Tied to 1 thing." in page
    assert "Workshop on the quay host, participant (4 May 2017) said by: Harbour bulletin" in page


def test_the_network_as_of_a_date_says_what_is_there_and_hides_nothing_without_saying_so(client: FlaskClient) -> None:
    assert "As of: 2017 3 things: 3 there 1 tie: 1 there" in read(client, TOGETHER + "&on=2017")
    page = read(client, TOGETHER + "&on=2017-05-05")
    assert "3 things: 1 there, 2 not there" in page
    assert "1 tie: 1 not there" in page
    # one source ends the project in 2020, one in June 2021
    assert "3 things: 1 perhaps there, 2 not there" in read(client, TOGETHER + "&on=2021")


def test_two_dates_are_compared_in_words(client: FlaskClient) -> None:
    page = read(client, TOGETHER + "&since=2016&until=2018")
    assert "Between 2016 and 2018 3 things: 1 still there, 2 came and went 1 tie: 1 came and went" in page
    assert "3 things: 1 joined, 2 not there" not in page
    assert "2 left" in read(client, TOGETHER + "&since=2017-05-04&until=2018")
    assert read(client, TOGETHER + "&since=2018&until=2016").count("Between 2016 and 2018") == 1


def test_what_has_no_date_is_shown_as_undated(shipped_client: FlaskClient) -> None:
    page = read(shipped_client, "/network?name=funding&since=2015&until=2022")
    assert "18 things: 2 joined, 3 left, 2 still there, 4 came and went, 1 uncertain, 5 undated, 1 not there" in page
    listed = read(shipped_client, "/network?name=funding&since=2015&until=2022&state=undated")
    assert "MC2CM-RUCP" in listed
    states = [
        thing["state"] for thing in drawn(shipped_client, "/network?name=funding&since=2015&until=2022")["things"]
    ]
    assert states.count("undated") == 5
    assert "absent" not in states


def test_things_that_are_there_only_before_a_date_are_listed_alone(client: FlaskClient) -> None:
    page = read(client, "/network?name=actors-and-activities&before=2019&state=only&kind=actor")
    assert "1 in all" in page
    table = page.partition("1 in all")[2]
    assert "Municipality of North Haven" in table
    assert "Harbour League" not in table


def test_years_say_what_they_leave_out_because_it_has_no_date(shipped_client: FlaskClient) -> None:
    page = read(shipped_client, "/network?name=funding&from_year=2021")
    assert re.search(r"\d+ pieces of evidence have no date and are left out by the years. Without the years", page)


def test_around_a_thing_each_thing_says_how_many_more_would_come(shipped_client: FlaskClient) -> None:
    address = "/network?name=event-attendance&around=city:lyon"
    things = {thing["short"]: thing for thing in drawn(shipped_client, address)["things"]}
    whole = {thing["short"]: thing for thing in drawn(shipped_client, "/network?name=event-attendance")["things"]}
    assert things["city:lyon"]["more"] == 0
    more = {short: thing["more"] for short, thing in things.items() if thing["more"]}
    short, number = max(more.items(), key=lambda pair: (pair[1], pair[0]))
    assert f"Show {number} more things" in read(shipped_client, f"{address}&node={short}")
    after = drawn(shipped_client, f"{address}&around={short}")["things"]
    assert len(after) == len(things) + number
    for thing in after:  # nothing has moved
        assert (thing["x"], thing["y"]) == (whole[thing["short"]]["x"], whole[thing["short"]]["y"])


def test_a_list_is_sorted_by_the_address(shipped_client: FlaskClient) -> None:
    rows = shipped_client.get("/network?name=cities-at-events&sort=name").get_data(as_text=True)
    names = re.findall(r'<td><span class="dot kind-city"><a [^>]*>([^<]*)', rows)
    assert names == sorted(names, key=kg.fold)
    assert 'aria-sort="ascending"' in rows


@pytest.mark.parametrize(
    ("address", "status", "sentence"),
    [
        ("/network?name=friends", 404, 'no network "friends"'),
        (TOGETHER + "&on=june", 400, "is not a date"),
        (TOGETHER + "&since=2018", 400, "two dates make a comparison"),
        (TOGETHER + "&from_year=2020&to_year=2010", 400, "from=2020 is later than to=2010"),
        (TOGETHER + "&weight=many", 400, "is not a whole number from 1"),
        (TOGETHER + "&size=wealth", 400, "is not one of degree, betweenness"),
        (TOGETHER + "&sort=wealth", 400, "is not one of name"),
        (TOGETHER + "&around=Atlantis-on-Sea", 404, "nothing in the graph is called"),
    ],
)
def test_what_makes_no_sense_is_one_sentence(client: FlaskClient, address: str, status: int, sentence: str) -> None:
    assert sentence in read(client, address, status)


def test_a_network_too_large_to_show_can_be_narrowed_on_its_page(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("kg.networks.ties.MOST_PAIRS", 0)
    page = read(client, TOGETHER + "&from_year=2001", 422)
    assert "choose a thing to look around" in page
    assert "Around" in page


@pytest.mark.parametrize("extension", [*kg.networks.FORMATS, "svg"])
def test_a_network_can_be_taken_along_with_its_method_and_snapshot(
    client: FlaskClient, small: kg.Snapshot, extension: str
) -> None:
    answer = client.get(TOGETHER.replace("?", f".{extension}?"))
    assert answer.status_code == 200
    if extension != "xlsx":
        assert small.id in answer.get_data(as_text=True)
        assert "co-participation" in answer.get_data(as_text=True)
    assert f'filename="co-participation.{extension}"' in answer.headers["Content-Disposition"]


def test_the_picture_of_the_server_names_things_and_draws_ties_by_their_state(client: FlaskClient) -> None:
    answer = client.get("/network.svg?name=co-participation&since=2016&until=2018").get_data()
    root = ElementTree.fromstring(answer)  # noqa: S314  (we wrote it)
    space = {"s": "http://www.w3.org/2000/svg"}
    assert {text.text for text in root.iterfind(".//s:text", space)} == {
        "Harbour League",
        "Municipality of North Haven",
        "South Haven",
    }
    (line,) = root.iterfind(".//s:line", space)
    assert (line.get("stroke"), line.get("stroke-dasharray")) == (palette(False)["visited"], "9 3 2 3")
    assert b"style=" not in answer


def test_the_picture_has_the_colours_of_the_pages_light_and_dark(client: FlaskClient) -> None:
    colours = [palette(dark) for dark in (False, True)]
    assert all(colour["kind-city"] and colour["paper"] for colour in colours)
    assert colours[0]["paper"] == "#ffffff"
    assert colours[1]["paper"] != "#ffffff"
    dark = client.get(TOGETHER.replace("?", ".svg?") + "&scheme=dark").get_data(as_text=True)
    assert colours[1]["kind-actor"] in dark


def test_a_page_speaks_french(client: FlaskClient) -> None:
    page = read(client, TOGETHER + "&since=2016&until=2018&lang=fr")
    assert "Entre 2016 et 2018 3 choses : 1 toujours en place, 2 de passage" in page
    assert "Qui travaille avec qui" in page


def test_a_name_cannot_bring_marks_into_the_page_or_the_picture(snapshot: Make, visit: Visit) -> None:
    marks = (
        'source:marks a mg:Source . actor:a a mg:Network ; rdfs:label "</script><script>alert(1)</script>"@en .\n'
        "actor:b a mg:Network . event:e a mg:Event .\n"
        "participation:a mg:actor actor:a ; mg:activity event:e ; mg:role role:participant .\n"
        "participation:b mg:actor actor:b ; mg:activity event:e ; mg:role role:participant .\n"
    )
    reader = visit(snapshot(marks=marks))
    for address in (TOGETHER + "&node=actor:b", TOGETHER + "&list=ties", TOGETHER.replace("?", ".svg?")):
        assert "<script>alert" not in reader.get(address).get_data(as_text=True)
