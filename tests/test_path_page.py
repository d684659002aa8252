"""The page of paths, and its twins."""

import pytest
from flask.testing import FlaskClient

import kg


def test_the_page_without_a_question_is_a_form_with_examples(client: FlaskClient) -> None:
    page = client.get("/path").text
    assert 'name="from"' in page
    assert "How are two things connected?" in page


def test_the_page_tells_each_path_with_its_sources_and_ways_round(client: FlaskClient) -> None:
    page = client.get("/path?from=South+Haven&to=HL&lang=en").text
    assert page.count('<ol class="legs">') == 1
    assert '<a href="#source-1" aria-label="source 1">[1]</a>' in page
    assert '<li id="source-1"><a href="/sources/small?lang=en">Harbour bulletin</a>' in page.replace(
        ' lang="en" dir="ltr"', ""
    )
    assert "/path?from=South+Haven&amp;to=HL&amp;without=event:quay-workshop&amp;lang=en" in page.replace("%3A", ":")


def test_the_page_writes_times_as_readers_do(client: FlaskClient) -> None:
    address = "/path?from=Municipality+of+North+Haven&to=Sea+Fund"
    assert [
        time in client.get(address).text for time in ("4 May 2017", "March 2016 \u2013 30 June 2021, sources differ")
    ] == [
        True,
        True,
    ]
    assert "4 mai 2017" in client.get(f"{address}&lang=fr").text


def test_the_page_lets_in_again_what_was_left_out(client: FlaskClient) -> None:
    page = client.get("/path?from=South+Haven&to=HL&without=Open+Harbours&most_steps=4").text
    assert "Not connected within 4 steps." in page
    assert '<a href="/path?from=South+Haven&amp;to=HL&amp;most_steps=4">let in again' in page


@pytest.mark.parametrize(
    ("address", "status", "said"),
    [
        ("/path?from=South+Haven&to=South+Haven", 200, "Both are the same thing"),
        ("/path?from=Soth+Haven&to=HL", 300, "perhaps one of these is meant"),
        ("/path?from=zzzzzz&to=HL", 404, "Nothing is called “zzzzzz”"),
        ("/path?from=HL&to=South+Haven&most_steps=many", 400, "not a whole number"),
        ("/path?from=HL&to=South+Haven&most_steps=99", 400, "from 1 to 10"),
        ("/path?from=%3Cscript%3E&to=HL", 404, "&lt;script&gt;"),
    ],
)
def test_a_question_that_cannot_be_answered_says_what_to_do(
    client: FlaskClient, address: str, status: int, said: str
) -> None:
    reply = client.get(address, headers={"Accept": "text/html"})
    assert reply.status_code == status
    assert said in reply.text
    assert "<script>" not in reply.text


def test_the_twins_of_the_page_are_those_of_the_command(client: FlaskClient, run, small: kg.Snapshot) -> None:
    home = small.path.parent.parent
    for extension, form in (("json", "json"), ("txt", "text"), ("md", "md")):
        twin = client.get(f"/path.{extension}?from=South+Haven&to=HL").text
        assert twin == run("path", "South Haven", "HL", "--format", form, home=home).stdout


def test_a_twin_needs_both_ends_and_says_so_as_json(client: FlaskClient) -> None:
    reply = client.get("/path.json?from=HL")
    assert (reply.status_code, reply.json["detail"]) == (400, "say which two things: from=…&to=…")
    assert client.get("/path.json?from=HL&to=nobody").json["status"] == 404
