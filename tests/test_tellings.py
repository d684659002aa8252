"""How a path is told: in sentences, with its sources, and what is said of its times."""

import pytest
from fairs import CAMP, FAIR, Joined, lines, took_part

import kg


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


def test_a_project_goes_on_until_its_last_phase_ends(joined: Joined) -> None:
    project = """
        project:p a mg:Project ; rdfs:label "Plan"@en ;
          schema:startDate "2012"^^xsd:gYear ; schema:endDate "2014"^^xsd:gYear .
        phase:two a mg:Phase ; rdfs:label "Second"@en ; mg:phaseOf project:p ;
          schema:startDate "2015"^^xsd:gYear ; schema:endDate "2017"^^xsd:gYear .
        actor:delta a mg:Organisation ; rdfs:label "Delta"@en .
        participation:p-delta a mg:Participation ; mg:actor actor:delta ; mg:activity project:p ; mg:role role:partner .
        event:fair mg:partOfProject project:p .
    """
    [path] = lines(joined(gazette=FAIR + project), "Delta", "Alpha")
    assert path == [
        "Delta was a partner in “Plan” [1] (2012 to 2017, sources differ).",
        "“Plan” included “Fair” [1] (2016-05-04).",
        "“Fair” was hosted by Alpha [1] (2016-05-04).",
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
