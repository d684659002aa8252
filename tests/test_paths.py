"""How two things are connected: which ways are found, and in which order."""

import json

import pytest
from fairs import CAMP, FAIR, Joined, between, lines, took_part

import kg


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
