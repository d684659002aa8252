"""Facets: members of a class by what files say of them, live counts, and the SPARQL that gives the same."""

from collections.abc import Callable
from itertools import combinations
from pathlib import Path

import pytest
import yaml

import kg

HEADER = "#+ summary: {name}\n#+ summary_fr: {name}\n#+ description: d\n#+ description_fr: d\n#+ tags: [facet]\n"
MG = "PREFIX mg: <https://w3id.org/migration-governance/ontology#>\n"
CLASSES = """
mg:City rdfs:subClassOf mg:Place . mg:Place rdfs:subClassOf schema:Place .
"""
COAST = """
city:a a mg:City ; mg:country "FR" ; mg:theme theme:housing , theme:work .
city:b a mg:City ; mg:country "FR" ; mg:theme theme:work .
city:c a mg:City ; mg:country "TN" ; mg:theme theme:housing .
city:d a mg:City ; mg:theme theme:work .
place:e a mg:Place ; mg:country "TN" .
"""
PACKS = Path(__file__).parent / "answers"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "facets"


@pytest.fixture
def declare(folder: Path) -> Callable[[str, str], None]:
    """A facet file: declare("place/20-country", "?member mg:country ?value")."""

    def write(path: str, pattern: str) -> None:
        file = folder / f"{path}.rq"
        file.parent.mkdir(parents=True, exist_ok=True)
        text = f"{HEADER.format(name=file.stem)}\n{MG}\nSELECT ?member ?value WHERE {{ {pattern} }}\n"
        file.write_text(text, encoding="utf-8")

    return write


@pytest.fixture
def cities(graph: Callable[..., kg.Store], declare: Callable[[str, str], None], folder: Path) -> kg.Members:
    declare("place/20-country", "?member mg:country ?value")
    declare("city/30-theme", "?member mg:theme ?value")
    return kg.members(graph(ontology=CLASSES, coast=COAST), "City", folder)


def names(choice: kg.Choice) -> list[str]:
    return [kg.readable_tail(iri) for iri in choice.members]


def test_without_a_choice_every_member_is_there_and_every_value_counted(cities: kg.Members) -> None:
    choice = cities.choose({})
    assert names(choice) == ["a", "b", "c", "d"]
    assert choice.counts["country"] == {"FR": 2, "TN": 1, "-": 1}
    assert choice.counts["theme"] == {"theme:work": 3, "theme:housing": 2}


def test_several_values_of_a_facet_mean_any_and_several_facets_mean_all(cities: kg.Members) -> None:
    assert names(cities.choose({"country": ["FR", "TN"]})) == ["a", "b", "c"]
    assert names(cities.choose({"country": ["FR", "TN"], "theme": ["theme:housing"]})) == ["a", "c"]


def test_every_value_can_be_asked_for(cities: kg.Members) -> None:
    assert names(cities.choose({"theme": ["theme:housing", "theme:work"]})) == ["a", "b", "c", "d"]
    assert names(cities.choose({"theme": ["theme:housing", "theme:work"]}, ["theme"])) == ["a"]


def test_what_is_not_known_is_a_value_of_its_own(cities: kg.Members) -> None:
    assert names(cities.choose({"country": [kg.NOT_KNOWN]})) == ["d"]
    assert names(cities.choose({"country": [kg.NOT_KNOWN, "TN"]})) == ["c", "d"]


def test_a_count_is_what_choosing_the_value_would_give(cities: kg.Members) -> None:
    counts = cities.choose({"country": ["FR"]}).counts
    assert counts["country"] == {"FR": 2, "TN": 1, "-": 1}
    assert counts["theme"] == {"theme:work": 2, "theme:housing": 1}
    assert cities.choose({"theme": ["theme:housing"]}, ["theme"]).counts["theme"] == {
        "theme:housing": 2,
        "theme:work": 1,
    }


def test_an_empty_choice_says_what_is_there_without_each_facet(cities: kg.Members) -> None:
    choice = cities.choose({"country": ["TN"], "theme": ["theme:work"]})
    assert (choice.members, choice.without) == ((), {"country": 3, "theme": 1})


def test_one_may_choose_from_a_part(cities: kg.Members) -> None:
    part = [kg.BASE + "id/city/a", kg.BASE + "id/city/d", kg.BASE + "id/city/nowhere"]
    choice = cities.choose({"country": ["FR"]}, among=part)
    assert (names(choice), choice.without) == (["a"], {"country": 2, "": 2})


def test_a_facet_for_a_class_is_one_for_the_classes_below_and_the_nearest_counts(
    graph: Callable[..., kg.Store], declare: Callable[[str, str], None], folder: Path
) -> None:
    declare("resource/90-any", "?member mg:theme ?value")
    declare("place/20-country", "?member mg:country ?value")
    declare("city/10-country", 'BIND ("XX" AS ?value) ?member mg:country ?any')
    store = graph(ontology=CLASSES, coast=COAST)
    assert list(kg.members(store, "City", folder).facets) == ["country", "any"]
    assert kg.members(store, "City", folder).facets["country"].counts == {"XX": 3, "-": 1}
    assert kg.members(store, "Place", folder).facets["country"].counts == {"TN": 1}
    assert list(kg.members(store, "Event", folder).facets) == ["any"]


def test_a_class_of_another_vocabulary_does_not_lend_its_name(
    graph: Callable[..., kg.Store], declare: Callable[[str, str], None], folder: Path
) -> None:
    declare("event/10-kind", "?member mg:kind ?value")
    store = graph(a="mg:Activity rdfs:subClassOf schema:Event . action:x a mg:Activity ; mg:kind theme:work .")
    assert list(kg.members(store, "Activity", folder).facets) == []
    assert list(kg.members(store, "schema:Event", folder).facets) == ["kind"]


@pytest.mark.parametrize(
    ("chosen", "every", "sentence"),
    [
        ({"colour": ["red"]}, [], 'mg:City have no facet "colour" .there are: country, theme'),
        ({"country": ["ZZ"]}, [], 'no member of mg:City has country="ZZ" .nearest and commonest: FR'),
        ({"theme": ["theme:worc"]}, [], "nearest and commonest: theme:work, "),
        ({}, ["colour"], 'no facet "colour"'),
    ],
)
def test_an_unknown_facet_or_value_is_one_sentence(
    cities: kg.Members, chosen: dict[str, list[str]], every: list[str], sentence: str
) -> None:
    with pytest.raises(kg.ParameterError, match=sentence):
        cities.choose(chosen, every)


def test_what_is_not_the_name_of_a_class_is_not_found(graph: Callable[..., kg.Store]) -> None:
    with pytest.raises(kg.UnknownNameError):
        kg.members(graph(a=COAST), 'a "b"')


def choices(found: kg.Members) -> list[tuple[dict[str, list[str]], list[str]]]:
    """Each facet alone (its first and last value, any and all, and with what is not known), and pairs of facets."""
    ends = {
        name: list(dict.fromkeys([*f.counts][:1] + [*f.counts][-1:])) for name, f in found.facets.items() if f.sorts
    }
    alone = [({name: values}, every) for name, values in ends.items() for every in ([], [name])]
    unknown = [({name: [values[0], kg.NOT_KNOWN]}, []) for name, values in ends.items()]
    pairs = [({one: ends[one], other: ends[other]}, []) for one, other in combinations(ends, 2)]
    return [({}, []), *alone, *unknown, *pairs[::3]]


@pytest.mark.parametrize(
    "cls", ["City", "LocalGovernment", "Event", "Publication", "Funding", "Source", "Disagreement"]
)
def test_the_sparql_gives_exactly_the_members(shipped: kg.Snapshot, cls: str) -> None:
    found = kg.members(shipped, cls)
    for chosen, every in choices(found):
        rows = kg.query(shipped, found.query(chosen, every)).rows
        assert tuple(row["member"].value for row in rows) == found.choose(chosen, every).members, (chosen, every)


def test_the_sparql_of_a_part_names_its_members(shipped: kg.Snapshot) -> None:
    found = kg.members(shipped, "City")
    part = [kg.BASE + "id/city/tunis", kg.BASE + "id/city/lyon"]
    rows = kg.query(shipped, found.query({"country": ["TN"]}, among=part)).rows
    assert [row["member"].value for row in rows] == part[:1]


def test_the_cities_of_both_phases_are_those_of_the_pack(shipped: kg.Snapshot) -> None:
    both = {"phase": ["phase:phase-1", "phase:phase-2"]}
    found = kg.members(shipped, "City").choose(both, ["phase"])
    known = yaml.safe_load((PACKS / "cities.yaml").read_text(encoding="utf-8"))["in-both-phases"]
    assert {kg.shorten(iri) for iri in found.members} == {row["city"] for row in known["contains"]}
    assert len(found.members) == known["rows"] == 9


def test_the_events_with_an_exhibition_have_those_of_the_pack(shipped: kg.Snapshot) -> None:
    found = kg.members(shipped, "Event").choose({"visit": ["mg:Exhibition"]})
    known = yaml.safe_load((PACKS / "exhibitions.yaml").read_text(encoding="utf-8"))["visited-during"]["contains"]
    visited = {row[name] for row in known for name in ("event", "larger")}
    shown = {row["event"].value for row in kg.query(shipped, SHOWN).rows}
    assert {kg.shorten(iri) for iri in found.members} == visited | {kg.shorten(iri) for iri in shown}
    visits = kg.members(shipped, "Event").choose({"visit": ["eventkind:field-visit", "eventkind:city-visit"]})
    assert {kg.shorten(iri) for iri in visits.members} == visited | {"event:ev-2020-01-grenoble"}


SHOWN = "SELECT ?event { ?exhibition a mg:Exhibition ; schema:superEvent ?event . ?event a mg:Event }"


@pytest.mark.parametrize(
    "file", sorted((kg.ROOT / "queries" / "facets").glob("*/*.rq")), ids=lambda f: f"{f.parent.name}/{f.stem}"
)
def test_a_facet_file_gives_members_and_values_and_its_name_is_no_other_word_of_an_address(
    shipped: kg.Snapshot, file: Path
) -> None:
    question = kg.read_question(file)
    answer = kg.query(shipped, question.text)
    assert answer.columns == ["member", "value"]
    assert question.parameters == ()
    assert file.stem[:2].isdigit()
    assert file.stem[3:] not in {"q", "sort", "page", "all", "more", "lang", "evidence"}


@pytest.mark.parametrize("file", sorted((kg.ROOT / "queries" / "lists").glob("*.rq")), ids=lambda file: file.stem)
def test_a_list_file_gives_members_and_columns_with_headings_in_both_languages(
    shipped: kg.Snapshot, file: Path
) -> None:
    question = kg.read_question(file)
    first, *columns = kg.query(shipped, question.text).columns
    assert first == "member"
    assert list(question.columns) == columns
    assert all({"en", "fr"} <= heading.keys() <= {"en", "fr", "codes"} for heading in question.columns.values())


def test_the_facts_of_a_thing_are_put_together(graph: Callable[..., kg.Store], tmp_path: Path) -> None:
    (tmp_path / "lists").mkdir()
    pattern = "{ ?member mg:country ?country } UNION { ?member mg:theme ?theme }"
    text = f"{HEADER.format(name='Places')}\n{MG}\nSELECT ?member ?country ?theme WHERE {{ {pattern} }}\n"
    (tmp_path / "lists" / "place.rq").write_text(text, encoding="utf-8")
    found = kg.listing(graph(ontology=CLASSES, coast=COAST), "City", tmp_path / "lists")
    assert found.columns == ("country", "theme")
    assert [[term.value for term in cell] for cell in found.of(kg.BASE + "id/city/a")] == [
        ["FR"],
        [kg.expand("theme:housing"), kg.expand("theme:work")],
    ]
    assert found.of(kg.BASE + "id/city/nowhere") == ((), ())
