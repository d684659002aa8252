"""The pages of questions and of queries: their forms, answers, pictures, twins, advice and completion."""

import io
from html import unescape

import openpyxl
import pytest
from flask.testing import FlaskClient
from pages import BROWSER, Page

import kg


def test_a_question_shows_its_form_its_answer_and_its_query(client: FlaskClient) -> None:
    question = next(q for pack in kg.packs() for q in pack.questions if q.parameters)
    for language in ("en", "fr"):
        text = client.get(f"/query/{question.name}?lang={language}").text
        assert question.said("summary", language).replace("'", "&#39;").replace('"', "&#34;") in text
        assert "<form" in text
        assert "SELECT" in text


@pytest.mark.parametrize(
    "question", [q for pack in kg.packs() if pack.name != "federated" for q in pack.questions], ids=lambda q: q.name
)
def test_a_question_of_the_packs_has_a_page_and_twins(client: FlaskClient, question: kg.Question) -> None:
    assert client.get(f"/query/{question.name}").status_code == 200
    assert client.get(f"/query/{question.name}.json").json["head"]


def test_an_answer_is_the_same_in_every_twin(client: FlaskClient) -> None:
    address = "/query/cities/" + next(p for p in kg.packs() if p.name == "cities").questions[0].name.split("/")[1]
    rows = client.get(f"{address}.json").json["results"]["bindings"]
    assert len(client.get(f"{address}.csv").text.splitlines()) == len(rows) + 1
    assert len(client.get(f"{address}.tsv").text.splitlines()) == len(rows) + 1
    assert client.get(f"{address}.xml").text.count("<result>") == len(rows)
    assert len(client.get(f"{address}.md").text.splitlines()) == len(rows) + 2


def test_a_parameter_that_a_question_does_not_have_is_refused(client: FlaskClient) -> None:
    question = kg.packs()[0].questions[0].name
    answer = client.get(f"/query/{question}?nonsense=1")
    assert answer.status_code == 400
    assert 'has no parameter "nonsense"' in answer.json["detail"]


def test_an_unknown_question_is_not_found(client: FlaskClient) -> None:
    assert client.get("/query/cities/nonsense").status_code == 404
    assert client.get("/query/nonsense/").status_code == 404
    assert client.get("/query/explorer/classes").status_code == 404


def test_a_query_of_ones_own_is_answered_on_the_page(client: FlaskClient) -> None:
    text = client.get("/query/", query_string={"query": "SELECT ?city { ?city a mg:City } ORDER BY ?city"}).text
    assert "2 in all" in text
    assert '<a href="/page/city/north-haven" lang="en" dir="ltr">North Haven</a>' in text


def test_a_page_may_run_scripts_of_this_host_and_none_that_stands_in_it(client: FlaskClient) -> None:
    policy = client.get("/query/").headers["Content-Security-Policy"]
    assert policy.endswith("script-src 'self'; connect-src 'self'")
    assert "unsafe" not in policy
    assert "script-src" not in client.get("/data/city/north-haven.rdf").headers["Content-Security-Policy"]


@pytest.mark.parametrize("view", ["bar", "map", "timeline", "network"])
def test_a_picture_says_in_words_what_it_shows_and_has_a_table_beneath(client: FlaskClient, view: str) -> None:
    rows = """VALUES (?from ?to ?lat ?long ?start ?end ?events) {
      (city:north-haven city:south-haven 36.5 5.1 "2015" "2018-06" 4)
      (city:south-haven city:north-haven 40 -3.7 "2016-05-23" UNDEF 1)
    }"""
    text = client.get("/query/", query_string={"query": f"SELECT * {{ {rows} }}", "view": view}).text
    said = {
        "bar": "events: from 1 (South Haven · North Haven · 2016-05-23) to 4 (North Haven · South Haven · 2015",
        "map": "A map with 2 places: North Haven, South Haven.",
        "timeline": "2 things, from 2015 to 2018.",
        "network": "A network of 2 things with 2 links between them; most linked: North Haven (1), South Haven (1).",
    }
    assert said[view] in text
    assert "2 in all" in text
    shown = [a["href"] for a in Page(text).all("a") if a.get("aria-current") == "true"]
    assert [f"view={view}" in str(address) for address in shown] == [True]


@pytest.mark.parametrize("view", ["map", "network"])
def test_a_thing_in_a_picture_has_the_colour_of_its_kind(client: FlaskClient, view: str) -> None:
    rows = "VALUES (?from ?to ?lat ?long) { (city:north-haven event:quay-workshop 36.5 5.1) }"
    text = client.get("/query/", query_string={"query": f"SELECT * {{ {rows} }}", "view": view}).text
    shown = unescape(text)
    assert '"colour": "kind-city"' in shown
    assert ('"colour": "kind-event"' in shown) == (view == "network")


def test_a_picture_that_the_columns_do_not_allow_is_not_offered(client: FlaskClient) -> None:
    query = {"query": "SELECT ?city { ?city a mg:City }", "view": "map"}
    text = client.get("/query/", query_string=query).text
    assert "figcaption" not in text
    assert "view=" not in text.partition('id="answer"')[2]


def test_a_timeline_draws_days_months_and_years_to_scale(client: FlaskClient) -> None:
    dates = 'VALUES (?name ?start ?end) { ("a" "2010" "2013") ("b" "2014-07" UNDEF) ("c" "soon" UNDEF) }'
    page = Page(client.get("/query/", query_string={"query": f"SELECT * {{ {dates} }}", "view": "timeline"}).text)
    assert page.all("rect") == []  # one of the values is no date: the column is none of dates
    dates = dates.replace('"soon"', '"2012-01-01"')
    text = client.get("/query/", query_string={"query": f"SELECT * {{ {dates} }}", "view": "timeline"}).text
    bars = [(str(bar["x"]), str(bar["width"])) for bar in Page(text).all("rect")]
    assert bars == [("0.0%", "80.0%"), ("40.0%", "0.4%"), ("90.0%", "1.67%")]


def test_a_field_for_a_thing_completes_names_and_says_what_its_value_is_called(client: FlaskClient) -> None:
    text = client.get("/query/cities/in-city?city=city:north-haven").text
    (field,) = [one for one in Page(text).all("input") if one.get("name") == "city"]
    assert (field["value"], field["data-fill"]) == ("city:north-haven", "short")
    assert f'<p class="note" id="{field["aria-describedby"]}" dir="auto">North Haven</p>' in text


def test_a_timeline_draws_once_what_several_rows_say(client: FlaskClient) -> None:
    rows = """VALUES (?event ?start ?actor) {
      (event:a "2016" actor:x) (event:a "2016" actor:y) (event:a "2017" actor:y) (event:b "2017" actor:y)
    }"""
    text = client.get("/query/", query_string={"query": f"SELECT * {{ {rows} }}", "view": "timeline"}).text
    assert "2 things, from 2016 to 2017." in text
    assert len(Page(text).all("rect")) == 3
    assert "rows are drawn" not in text


def test_what_to_know_of_a_query_stands_before_its_rows(client: FlaskClient) -> None:
    text = client.get("/query/", query_string={"query": "SELECT ?city { ?city a mg:City }"}).text
    assert text.index("What does this query leave out?") < text.index('class="extent"')


def test_what_completes_a_query_comes_from_this_graph(client: FlaskClient) -> None:
    def texts(**asked: str) -> list[str]:
        return [item["text"] for item in client.get("/query/complete", query_string=asked).json["items"]]

    assert texts(q="mg:Cit", **{"as": "class"}) == ["mg:City"]
    assert "mg:country" in texts(q="mg:coun", **{"as": "property"})
    assert texts(q="city:sou") == ["city:south-haven"]
    assert "city:south-haven" in texts(q="الميناء")
    assert "prov:" in texts(q="pro")
    assert client.get("/query/complete?as=nonsense").status_code == 400


def test_a_label_completes_in_the_readers_language(client: FlaskClient) -> None:
    items = client.get("/query/complete?q=Ville&as=class&lang=fr").json["items"]
    assert {"text": "mg:City", "label": "Ville", "kind": "class"} in items


def test_a_question_comes_as_a_query_with_its_parameters_filled_in(client: FlaskClient) -> None:
    answer = client.get("/query/cities/hosts.rq?project=project:harbours")
    assert answer.mimetype == "application/sparql-query"
    assert "project/harbours>" in answer.text
    assert "#+" not in answer.text


def test_an_answer_comes_as_a_spreadsheet(client: FlaskClient) -> None:
    answer = client.get("/query/answer.xlsx", query_string={"query": "SELECT ?city { ?city a mg:City } ORDER BY ?city"})
    assert answer.mimetype.endswith("spreadsheetml.sheet")
    sheet = openpyxl.load_workbook(io.BytesIO(answer.data)).active
    assert [row[0] for row in sheet.iter_rows(values_only=True)][:2] == ["city", kg.BASE + "id/city/north-haven"]


def test_a_choice_among_things_shows_their_names(client: FlaskClient) -> None:
    question = next(
        q for p in kg.packs() for q in p.questions for one in q.parameters if one.type == "iri" and one.choices
    )
    text = client.get(f"/query/{question.name}").text
    choices = next(one for one in question.parameters if one.type == "iri" and one.choices).choices
    assert all(f'<option value="{choice}"' in text for choice in choices)
    assert not any(f">{choice}</option>" in text for choice in choices)


def test_what_a_query_leaves_out_is_said_with_a_way_to_mend_it(client: FlaskClient) -> None:
    query = {"query": "SELECT * { ?city a mg:Citi }"}
    found = client.get("/query/advice.json", query_string=query).json
    assert "mg:City" in found["empty"][0]["rewrite"]
    page = Page(client.get("/query/advice", query_string=query).text)
    assert [a for a in page.all("a") if a.get("class") == "rewrite" and "mg:City" in str(a["href"])]


def test_a_query_with_a_fault_is_a_sentence_with_its_place(client: FlaskClient) -> None:
    answer = client.get("/query/", query_string={"query": "SELECT * {\n ?s ?p }"}, headers=BROWSER)
    assert answer.status_code == 400
    assert "at line 2, column" in answer.text


def test_a_query_of_ones_own_is_stopped_at_its_deadline(client: FlaskClient) -> None:
    endless = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"
    assert client.get("/query/", query_string={"query": endless}).status_code == 504


def test_a_value_that_means_nothing_leaves_the_form_to_put_it_right(client: FlaskClient) -> None:
    answer = client.get("/query/cities/in-city?city=Atlantis&lang=en", headers={"Accept": "text/html"})
    assert answer.status_code == 404
    assert 'name="city" value="Atlantis"' in answer.text
    assert "nothing in the graph is called" in answer.text
