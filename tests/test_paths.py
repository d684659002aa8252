"""How two things are connected: which ways are found, in which order, and how they are told."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from flask.testing import FlaskClient

import kg

Joined = Callable[..., kg.Store]

FAIR = """
    actor:alpha a mg:Organisation ; rdfs:label "Alpha"@en .
    actor:beta a mg:Organisation ; rdfs:label "Beta"@en , "Bêta"@fr .
    event:fair a mg:Event ; rdfs:label "Fair"@en , "Foire"@fr ; schema:startDate "2016-05-04"^^xsd:date .
    participation:fair-alpha a mg:Participation ; mg:actor actor:alpha ; mg:activity event:fair ; mg:role role:host .
    participation:fair-beta a mg:Participation ; mg:actor actor:beta ;
      mg:activity event:fair ; mg:role role:participant .
"""
"""Alpha hosted the fair of 2016, in which Beta took part."""

CAMP = """
    actor:gamma a mg:Organisation ; rdfs:label "Gamma"@en .
    event:camp a mg:Event ; rdfs:label "Camp"@en ; schema:startDate "2022"^^xsd:gYear .
    participation:camp-beta a mg:Participation ; mg:actor actor:beta ; mg:activity event:camp ; mg:role role:organiser .
    participation:camp-gamma a mg:Participation ; mg:actor actor:gamma ; mg:activity event:camp ; mg:role role:speaker .
"""
"""Beta organised the camp of 2022, at which Gamma spoke."""


@pytest.fixture
def joined(tmp_path: Path) -> Joined:
    """The ontology and Turtle, one text per source, in a store."""

    def make(**sources: str) -> kg.Store:
        declared = "".join(f"@prefix {prefix}: <{space}> .\n" for prefix, space in kg.prefixes().items())
        for name, text in sources.items():
            file = tmp_path / "data" / f"{name}.ttl"
            file.parent.mkdir(exist_ok=True)
            about = f'source:{name} a mg:Source ; dcterms:title "The {name}"@en ; mg:publisherAsStated "Press" .\n'
            file.write_text(declared + about + text, encoding="utf-8")
        return kg.load(kg.ROOT / "ontology", tmp_path / "data")

    return make


def lines(store: kg.Store, one: str, other: str, language: str = "en", **limits: object) -> list[list[str]]:
    """The sentences of each path."""
    found = kg.find_paths(store, one, other, language, **limits)
    telling = kg.Telling(store, found, language)
    return [telling.lines(path) for path in found.paths]


def between(store: kg.Store, one: str, other: str, **limits: object) -> list[list[str]]:
    """The things between the two, path by path."""
    found = kg.find_paths(store, one, other, **limits)
    return [[kg.shorten(iri) for iri in path.stations[1:-1]] for path in found.paths]


def took_part(actor: str, activity: str) -> str:
    """A participation as Turtle."""
    name = f"participation:{activity}-{actor}".replace(":", "-").replace("participation-", "participation:", 1)
    return f"{name} a mg:Participation ; mg:actor {actor} ; mg:activity {activity} ; mg:role role:participant .\n"


# How a path is told


def test_each_step_is_told_from_where_the_path_comes(joined: Joined) -> None:
    store = joined(gazette=FAIR)
    assert lines(store, "Alpha", "Beta") == [
        ["Alpha hosted “Fair” [1] (2016-05-04).", "“Fair” counted Beta among its participants [1] (2016-05-04)."]
    ]
    assert lines(store, "Beta", "Alpha") == [
        ["Beta took part in “Fair” [1] (2016-05-04).", "“Fair” was hosted by Alpha [1] (2016-05-04)."]
    ]


def test_a_path_is_told_in_french_too(joined: Joined) -> None:
    assert lines(joined(gazette=FAIR), "Alpha", "Bêta", "fr") == [
        [
            "Alpha a reçu «\u00a0Foire\u00a0» [1] (2016-05-04).",
            "«\u00a0Foire\u00a0» a compté Bêta parmi ses participants [1] (2016-05-04).",
        ]
    ]


def test_every_source_that_states_a_step_has_its_number(joined: Joined) -> None:
    host = "participation:fair-alpha mg:actor actor:alpha ; mg:activity event:fair ; mg:role role:host ."
    store = joined(gazette=FAIR, herald=host)
    found = kg.find_paths(store, "Alpha", "Beta")
    assert [(s.number, s.title, s.publisher) for s in found.sources] == [
        (1, "The gazette", "Press"),
        (2, "The herald", "Press"),
    ]
    assert [line.split(" (")[0][-6:] for line in lines(store, "Alpha", "Beta")[0]] == ["[1][2]", "ts [1]"]


def test_a_source_that_names_only_one_end_does_not_state_the_link(joined: Joined) -> None:
    store = joined(gazette=FAIR, herald="participation:fair-alpha a mg:Participation ; mg:actor actor:alpha .")
    assert [source.title for source in kg.find_paths(store, "Alpha", "Beta").sources] == ["The gazette"]


def test_what_no_source_states_alone_names_the_sources_it_was_drawn_from(joined: Joined) -> None:
    drawn = """
        statement:s a rdf:Statement ; rdf:subject participation:fair-alpha ; rdf:predicate mg:actor ;
          rdf:object actor:alpha ; prov:wasDerivedFrom source:herald , source:times .
    """
    store = joined(gazette=FAIR + drawn, herald="", times="")
    assert lines(store, "Alpha", "Beta")[0][0] == "Alpha hosted “Fair” [1], drawn jointly from [2][3] (2016-05-04)."


def test_two_links_between_the_same_two_things_are_one_step(joined: Joined) -> None:
    also = (
        "participation:x a mg:Participation ; mg:actor actor:alpha ; mg:activity event:fair ; mg:role role:supporter ."
    )
    [path] = lines(joined(gazette=FAIR + also), "Alpha", "Fair")
    assert path == ["Alpha hosted “Fair” [1] (2016-05-04).", "Alpha supported “Fair” [1] (2016-05-04)."]


def test_an_amount_is_told_with_its_currency(joined: Joined) -> None:
    money = """
        funding:f a mg:Funding ; mg:funder actor:beta ; mg:fundedActivity event:fair ; mg:through actor:delta ;
          mg:amount 1500.5 ; mg:currency "EUR" .
        actor:delta a mg:Organisation ; rdfs:label "Delta"@en .
    """
    store = joined(gazette=FAIR + money)
    assert "Beta funded “Fair” [1] (1500.5 EUR, 2016-05-04)." in lines(store, "Beta", "Fair")[0]
    assert lines(store, "Delta", "Fair") == [["Delta passed on the money for “Fair” [1] (1500.5 EUR, 2016-05-04)."]]


def test_a_role_without_a_sentence_is_told_by_its_name(joined: Joined) -> None:
    cook = FAIR.replace("role:host", "role:cook") + 'role:cook skos:prefLabel "cook"@en .'
    assert lines(joined(gazette=cook), "Alpha", "Fair") == [["Alpha: cook, Fair [1] (2016-05-04)."]]


def test_quotation_marks_inside_others_become_those_of_second_rank(joined: Joined) -> None:
    fair = FAIR.replace('"Fair"@en', '"Fair “93”"@en').replace('"Foire"@fr', '"Foire « 93 »"@fr')
    store = joined(gazette=fair)
    assert lines(store, "actor:alpha", "event:fair") == [["Alpha hosted “Fair \u201893\u2019” [1] (2016-05-04)."]]
    assert "«\u00a0Foire “93”\u00a0»" in lines(store, "actor:alpha", "event:fair", "fr")[0][0]


def test_a_venue_is_in_a_city_and_an_activity_takes_place_there(joined: Joined) -> None:
    store = joined(
        gazette="""
        city:port a mg:City ; rdfs:label "Port"@en .
        venue:hall a mg:Venue ; rdfs:label "Hall"@en ; mg:inCity city:port .
        event:fair a mg:Activity , mg:Event ; rdfs:label "Fair"@en ; mg:inCity city:port ; mg:venue venue:hall .
        """
    )
    assert lines(store, "Fair", "Port") == [["“Fair” took place in Port [1] (undated)."]]
    assert lines(store, "Hall", "Port") == [["Hall is in Port [1] (undated)."]]


# Time


def test_steps_that_were_not_at_the_same_time_are_marked(joined: Joined) -> None:
    [path] = lines(joined(gazette=FAIR + CAMP), "Alpha", "Gamma")
    assert path[2:] == [
        "! These did not happen at the same time: 2016-05-04, then 2022.",
        "Beta organised “Camp” [1] (2022).",
        "“Camp” had Gamma as a speaker [1] (2022).",
    ]


def test_the_mark_names_the_earlier_time_first_whichever_way_the_path_goes(joined: Joined) -> None:
    [path] = lines(joined(gazette=FAIR + CAMP), "Gamma", "Alpha")
    assert path[2] == "! These did not happen at the same time: 2016-05-04, then 2022."


def test_dates_that_meet_are_not_marked_and_the_narrower_one_is_told(joined: Joined) -> None:
    project = """
        project:p a mg:Project ; rdfs:label "Plan"@en ;
          schema:startDate "2015"^^xsd:gYear ; schema:endDate "2016-05"^^xsd:gYearMonth .
        event:fair mg:partOfProject project:p .
    """
    assert lines(joined(gazette=FAIR + project), "Alpha", "Plan") == [
        ["Alpha hosted “Fair” [1] (2016-05-04).", "“Fair” was part of “Plan” [1] (2016-05-04)."]
    ]


def test_what_is_undated_is_called_so_and_hides_no_difference_between_its_neighbours(joined: Joined) -> None:
    unit = """
        actor:office a mg:Department ; rdfs:label "Office"@en ; org:unitOf actor:beta .
    """
    camp = CAMP.replace("actor:beta", "actor:office")
    [path] = lines(joined(gazette=FAIR + camp + unit), "Alpha", "Gamma")
    assert path[2] == "Beta has Office among its departments [1] (undated)."
    assert path[3] == "! These did not happen at the same time: 2016-05-04, then 2022."


def test_sources_that_differ_on_a_date_give_the_widest_period(joined: Joined) -> None:
    other = 'event:fair schema:startDate "2017"^^xsd:gYear .'
    assert lines(joined(gazette=FAIR, herald=other), "Alpha", "Fair") == [
        ["Alpha hosted “Fair” [1] (2016-05-04 to 2017, sources differ)."]
    ]


def test_a_less_exact_date_is_no_difference(joined: Joined) -> None:
    other = 'event:fair schema:startDate "2016"^^xsd:gYear .'
    assert lines(joined(gazette=FAIR, herald=other), "Alpha", "Fair") == [["Alpha hosted “Fair” [1] (2016-05-04)."]]


def test_what_lasts_has_no_end_until_a_source_gives_one(joined: Joined) -> None:
    project = """
        project:p a mg:Project ; rdfs:label "Plan"@en ; schema:startDate "2015"^^xsd:gYear .
        participation:p-gamma a mg:Participation ; mg:actor actor:beta ; mg:activity project:p ; mg:role role:lead ;
          mg:since "2018"^^xsd:gYear .
    """
    assert lines(joined(gazette=FAIR + project), "Beta", "Plan") == [["Beta led “Plan” [1] (since 2018)."]]


def test_a_session_without_a_date_was_when_the_whole_event_was(joined: Joined) -> None:
    session = 'event:talk a mg:Event ; rdfs:label "Talk"@en ; schema:superEvent event:fair .' + took_part(
        "actor:beta", "event:talk"
    )
    assert lines(joined(gazette=FAIR + session), "Beta", "Talk") == [["Beta took part in “Talk” [1] (2016-05-04)."]]


def test_what_was_only_considered_is_said_to_be(joined: Joined) -> None:
    considered = "event:fair mg:status eventstatus:under-consideration ."
    [path] = lines(joined(gazette=FAIR + considered), "Alpha", "Beta")
    assert path[0] == "Alpha hosted “Fair” [1] (2016-05-04, under consideration)."


# Which ways are found


def test_a_path_shows_what_a_derived_link_was_derived_from(joined: Joined) -> None:
    store = joined(gazette=FAIR)
    kg.infer(store, kg.rules())
    assert kg.query(store, "ASK { actor:alpha mg:workedWith actor:beta }").boolean
    assert between(store, "Alpha", "Beta") == [["event:fair"]]


def test_themes_do_not_connect(joined: Joined) -> None:
    about = "event:fair mg:theme theme:theme-housing . event:camp mg:theme theme:theme-housing ."
    store = joined(gazette=FAIR + CAMP.replace("actor:beta", "actor:gamma") + about)
    found = kg.find_paths(store, "Alpha", "Gamma")
    assert (found.paths, found.unlinked) == ((), ())
    assert kg.find_paths(store, "Alpha", "theme:theme-housing").unlinked == (kg.expand("theme:theme-housing"),)


ROUNDS = """
    actor:alpha a mg:Organisation ; rdfs:label "Alpha"@en . actor:beta a mg:Organisation ; rdfs:label "Beta"@en .
    event:quiet a mg:Event . event:busy a mg:Event . event:far a mg:Event . event:end a mg:Event .
    actor:go-between a mg:Organisation .
""" + "".join(
    took_part(actor, event)
    for event, actors in {
        "event:busy": ["actor:alpha", "actor:beta", "actor:c1", "actor:c2", "actor:c3", "actor:c4", "actor:c5"],
        "event:quiet": ["actor:alpha", "actor:beta"],
        "event:far": ["actor:alpha", "actor:go-between"],
        "event:end": ["actor:go-between", "actor:beta"],
    }.items()
    for actor in actors
)
"""Alpha and Beta meet at a quiet and at a busy event, and by way of a go-between at two more."""


def test_shorter_paths_come_first_then_those_through_fewer_hubs(joined: Joined) -> None:
    assert between(joined(gazette=ROUNDS), "Alpha", "Beta") == [
        ["event:quiet"],
        ["event:busy"],
        ["event:far", "actor:go-between", "event:end"],
    ]


def test_among_equals_what_more_sources_state_comes_first(joined: Joined) -> None:
    one = took_part("actor:alpha", "event:quiet") + took_part("actor:beta", "event:quiet")
    other = took_part("actor:alpha", "event:second") + took_part("actor:beta", "event:second")
    names = 'actor:alpha rdfs:label "Alpha"@en . actor:beta rdfs:label "Beta"@en .'
    assert between(joined(gazette=one + other + names), "Alpha", "Beta") == [["event:quiet"], ["event:second"]]
    assert between(joined(gazette=one + other + names, herald=other), "Alpha", "Beta") == [
        ["event:second"],
        ["event:quiet"],
    ]


def test_a_path_through_something_uncertain_comes_after_its_equals(joined: Joined) -> None:
    considered = "event:quiet mg:status eventstatus:under-consideration ."
    assert between(joined(gazette=ROUNDS + considered), "Alpha", "Beta", most_steps=2) == [
        ["event:busy"],
        ["event:quiet"],
    ]


def test_so_many_paths_and_steps_at_most(joined: Joined) -> None:
    store = joined(gazette=ROUNDS)
    assert between(store, "Alpha", "Beta", most_paths=1) == [["event:quiet"]]
    assert len(between(store, "Alpha", "Beta", most_steps=3)) == 2
    assert between(store, "Alpha", "Beta", most_steps=1) == []


def test_things_can_be_left_out_by_any_name(joined: Joined) -> None:
    store = joined(gazette=ROUNDS + 'event:quiet rdfs:label "Quiet hour"@en .')
    without = ["Quiet hour", "event:busy"]
    assert between(store, "Alpha", "Beta", without=without) == [["event:far", "actor:go-between", "event:end"]]


def test_hubs_can_be_left_out_but_the_ends_may_be_hubs(joined: Joined) -> None:
    store = joined(gazette=ROUNDS)
    assert between(store, "Alpha", "Beta", most_links=2, most_steps=2) == [["event:quiet"]]


def test_a_detour_on_the_way_of_another_path_is_no_path_of_its_own(joined: Joined) -> None:
    detour = took_part("actor:dee", "event:quiet") + took_part("actor:dee", "event:inner")
    inner = detour + "event:inner a mg:Event ; schema:superEvent event:quiet ." + took_part("actor:beta", "event:inner")
    names = 'actor:alpha rdfs:label "Alpha"@en . actor:beta rdfs:label "Beta"@en .'
    store = joined(
        gazette=took_part("actor:alpha", "event:quiet") + took_part("actor:beta", "event:quiet") + inner + names
    )
    assert between(store, "Alpha", "Beta") == [["event:quiet"]]


def test_who_stands_between_is_counted_over_all_paths(joined: Joined) -> None:
    store = joined(gazette=FAIR + CAMP)
    found = kg.find_paths(store, "Alpha", "Gamma")
    assert {kg.shorten(iri): times for iri, times in found.passed.items()} == {
        "actor:beta": 1,
        "event:camp": 1,
        "event:fair": 1,
    }


# Answers without a path, and requests that make no sense


def test_one_thing_has_no_path_to_itself(joined: Joined) -> None:
    store = joined(gazette=FAIR)
    found = kg.find_paths(store, "Alpha", "Alpha")
    assert kg.write_paths(store, found, "text").decode() == "Alpha is one thing: a path needs two\n"


def test_not_connected_is_an_answer_too(joined: Joined) -> None:
    store = joined(gazette=FAIR + CAMP)
    found = kg.find_paths(store, "Alpha", "Gamma", most_steps=3)
    assert kg.write_paths(store, found, "text").decode() == "Alpha and Gamma are not connected within 3 steps\n"
    assert json.loads(kg.write_paths(store, found, "json", "fr"))["heading"].endswith("ne sont pas reliés en 3 étapes")


@pytest.mark.parametrize("name", ["Allpha", "actor:allpha", "https://w3id.org/migration-governance/id/actor/allpha"])
def test_what_is_not_there_is_refused_with_the_nearest_names(joined: Joined, name: str) -> None:
    with pytest.raises(kg.UnknownNameError, match=r"nearest: .*Alpha"):
        kg.find_paths(joined(gazette=FAIR), name, "Beta")


def test_a_name_of_several_things_is_refused(joined: Joined) -> None:
    with pytest.raises(kg.AmbiguousNameError, match=r"actor:alpha.*actor:other"):
        kg.find_paths(joined(gazette=FAIR + 'actor:other rdfs:label "Alpha"@en .'), "Alpha", "Beta")


@pytest.mark.parametrize("limits", [{"most_steps": 0}, {"most_steps": 11}, {"most_paths": 0}, {"without": ["Alpha"]}])
def test_limits_out_of_range_and_an_end_left_out_are_refused(joined: Joined, limits: dict[str, object]) -> None:
    with pytest.raises(kg.ParameterError):
        kg.find_paths(joined(gazette=FAIR), "Alpha", "Beta", **limits)  # type: ignore[arg-type]


def test_an_unknown_format_is_refused(joined: Joined) -> None:
    store = joined(gazette=FAIR)
    with pytest.raises(kg.FormatError, match="choose text, md, json"):
        kg.write_paths(store, kg.find_paths(store, "Alpha", "Beta"), "docx")


# Sentences


WAYS = kg.load(kg.ROOT / "ontology")
SENTENCES = kg.query(
    WAYS, "SELECT ?way ?p ?text { ?way ?p ?text FILTER (?p IN (mg:sentence, mg:inverseSentence)) }"
).rows


@pytest.mark.parametrize("scheme", ["role", "funding-kind"])
def test_every_role_and_kind_of_funding_has_a_sentence(scheme: str) -> None:
    listed = f"SELECT ?way {{ ?way a skos:Concept ; skos:inScheme <{kg.BASE}vocab/{scheme}> }}"
    told = {row["way"] for row in SENTENCES}
    assert [kg.show(row["way"]) for row in kg.query(WAYS, listed).rows if row["way"] not in told] == []


@pytest.mark.parametrize(
    "row", SENTENCES, ids=lambda row: f"{kg.show(row['way'])} {row['p'].value[-8:]} {row['text'].language}"
)
def test_a_sentence_names_both_ends_once_and_first_the_one_it_is_told_from(row: dict[str, kg.Literal]) -> None:
    text, ends = row["text"].value, ["{subject}", "{object}"]
    if row["p"].value.endswith("inverseSentence"):
        ends.reverse()
    assert [text.count(end) for end in ends] == [1, 1]
    assert text.index(ends[0]) < text.index(ends[1])


def test_every_way_is_told_in_both_directions_and_languages() -> None:
    told: dict[str, set[tuple[str, str]]] = {}
    for row in SENTENCES:
        told.setdefault(kg.show(row["way"]), set()).add((row["p"].value, row["text"].language))
    assert {way: len(texts) for way, texts in told.items() if len(texts) != 4} == {}


# What is shipped


def test_vienna_and_afrisson_meet_at_the_exhibition(shipped: kg.Snapshot) -> None:
    first = lines(shipped, "actor:vienna-integration-service", "Afrisson")[0]
    assert first[-1].startswith(
        "“Exhibition \u2018Les musiciens africains racontent leur 93\u2019” was carried by Afrisson ["
    )
    assert len(first) == 5


def test_via_le_monde_connects_seine_saint_denis_to_andalusia(shipped: kg.Snapshot) -> None:
    found = kg.find_paths(shipped, "place:seine-saint-denis", "actor:famsi")
    assert kg.expand("actor:via-le-monde") in found.paths[0].stations


# The command


def test_the_command_tells_paths_and_their_sources(run, small: kg.Snapshot) -> None:
    told = run("path", "South Haven", "HL", "--lang", "fr", home=small.path.parent.parent)
    assert told.returncode == 0
    assert told.stdout.splitlines()[:4] == [
        "South Haven et Ligue des ports : 1 chemin, de 6 étapes au plus",
        "",
        "1. 3 étapes",
        "   South Haven a pris part à «\u00a0Atelier sur le quai\u00a0» [1] (2017-05-04).",
    ]
    assert told.stdout.endswith("[1] Harbour bulletin, Ligue des ports, https://example.org/bulletin\n")


def test_the_command_takes_limits_and_gives_json(run, small: kg.Snapshot) -> None:
    home = small.path.parent.parent
    found = json.loads(
        run("path", "South Haven", "HL", "--without", "Open Harbours", "--format", "json", home=home).stdout
    )
    assert (found["paths"], found["without"][0]["label"]) == ([], "Open Harbours")
    refused = run("path", "South Haven", "Nowhere", home=home)
    assert (refused.returncode, refused.stdout) == (2, "")
    assert refused.stderr.startswith('kg path: nothing in the graph is called "Nowhere"')


# The page


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
